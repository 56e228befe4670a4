//! The reader: one document of any kind with its comments, and everything that can be done with it.
//!
//! Opening it marks it as read. It reads the document anew when the node tells that it changed; the
//! place that is being read stays.

pub(crate) mod beside;
pub(crate) mod contact;
pub(crate) mod moderated;
pub(crate) mod page;

use std::ops::Range;

use protocol::api::{Answer, DocumentView, Event, Request};
use protocol::id::DocumentId;
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::acknowledgements::Acknowledgements;
use super::acts::{self, Act, Acts};
use super::composer::Composer;
use super::document_row::title;
use super::history::History;
use super::keeping::Keep;
use super::keeping::course::Keeping;
use super::{message, scrolled};
use crate::app::{Action, Binding, Canvas, Context, Failure, Input, Key, Screen, Step};
use crate::host::Printed;
use crate::text::styled::StyledText;
use crate::widget::Paragraph;
use page::Beside;

const TAG_SHOW: u32 = 1;
const TAG_MARK: u32 = 2;
const TAG_DETAILS: u32 = 3;
const TAG_ABOUT: u32 = 4;
const TAG_RENEWED: u32 = 5;
const TAG_BESIDE: u32 = 6;

const KEYS: &[Binding] = &[
    Binding::new(
        &[Key::char('a'), Key::code(KeyCode::Enter)],
        Action::Open,
        "do-act",
    )
    .hinted(),
    Binding::new(&[Key::char('c')], Action::Comment, "do-comment").hinted(),
    Binding::new(&[Key::char('e')], Action::Edit, "do-edit").hinted(),
    Binding::new(&[Key::char('v')], Action::History, "do-history").hinted(),
    Binding::new(&[Key::char('p')], Action::Print, "do-print").hinted_last(),
    Binding::new(
        &[Key::char('w')],
        Action::Acknowledgements,
        "do-acknowledgements",
    )
    .hinted_last(),
    Binding::new(&[Key::char('R')], Action::Renew, "do-renew").hinted_last(),
    Binding::new(&[Key::char('x')], Action::Reveal, "do-reveal"),
    Binding::new(&[Key::code(KeyCode::Tab)], Action::Next, "do-next-comment"),
    Binding::new(
        &[Key::code(KeyCode::BackTab)],
        Action::Previous,
        "do-previous-comment",
    ),
    Binding::new(
        &[Key::code(KeyCode::Left), Key::char('h')],
        Action::Left,
        "do-back",
    ),
    Binding::new(
        &[Key::code(KeyCode::Up), Key::char('k')],
        Action::Up,
        "do-up",
    ),
    Binding::new(
        &[Key::code(KeyCode::Down), Key::char('j')],
        Action::Down,
        "do-down",
    ),
    Binding::new(&[Key::code(KeyCode::PageUp)], Action::PageUp, "do-page-up"),
    Binding::new(
        &[Key::code(KeyCode::PageDown), Key::char(' ')],
        Action::PageDown,
        "do-page-down",
    ),
    Binding::new(
        &[Key::code(KeyCode::Home), Key::char('g')],
        Action::First,
        "do-first",
    ),
    Binding::new(
        &[Key::code(KeyCode::End), Key::char('G')],
        Action::Last,
        "do-last",
    ),
];

/// The reader.
#[derive(Debug)]
pub struct Reader {
    view: DocumentView,
    /// What is known beside it.
    beside: Beside,
    comments: Vec<DocumentView>,
    scroll: usize,
    rows: usize,
    shown: usize,
    reading: bool,
    stale: bool,
    failure: Option<String>,
    /// The comment that was just published from here or selected: scrolled to as soon as it is there.
    sought: Option<DocumentId>,
    /// The comment that acts are about; the document itself when none.
    selected: Option<DocumentId>,
    /// Whether what moderation has taken out of view is shown.
    reveals: bool,
}

impl Reader {
    /// Makes the reader of a document, with what a list knew of it until the node answers.
    pub fn new(view: DocumentView) -> Self {
        Self {
            view,
            beside: Beside::default(),
            comments: Vec::new(),
            scroll: 0,
            rows: 0,
            shown: 0,
            reading: false,
            stale: false,
            failure: None,
            sought: None,
            selected: None,
            reveals: false,
        }
    }

    /// The comment that is selected.
    fn comment(&self) -> Option<&DocumentView> {
        let selected = self.selected?;
        self.comments.iter().find(|comment| comment.id == selected)
    }

    /// What acts are about: the selected comment, or the document.
    fn subject(&self) -> &DocumentView {
        self.comment().unwrap_or(&self.view)
    }

    /// Selects the comment so many places on; before the first one stands the document.
    fn select(&mut self, forwards: bool, context: &Context<'_>) -> Step {
        let selected = self.selected;
        let place = self
            .comments
            .iter()
            .position(|one| Some(one.id) == selected);
        let next = match (place, forwards) {
            (None, true) => Some(0),
            (None, false) => self.comments.len().checked_sub(1),
            (Some(place), true) => Some(place + 1),
            (Some(place), false) => place.checked_sub(1),
        };
        let next = next.and_then(|place| self.comments.get(place));
        self.selected = next.map(|comment| comment.id);
        self.sought = self.selected;
        match (self.comments.is_empty(), self.selected) {
            (true, _) => return Step::stay().remark(context.words.text("no-comments")),
            (false, None) => self.scroll = 0,
            (false, Some(_)) => {}
        }
        Step::stay()
    }

    /// What the reader may do.
    fn acts(&self, context: &Context<'_>) -> Vec<Act> {
        // Nothing is told in confidence about a comment.
        match self.comment() {
            Some(comment) => acts::possible(comment, &[], context),
            None => {
                let acts = acts::possible(&self.view, &self.beside.details, context);
                acts::with_merges(acts, &self.beside.similar, context)
            }
        }
    }

    fn choose_act(&self, context: &Context<'_>) -> Step {
        let acts = self.acts(context);
        match acts.is_empty() {
            true => Step::stay().remark(context.words.text("nothing-to-do")),
            false => Step::open(Acts::new(self.subject().clone(), acts)),
        }
    }

    /// Shows what moderation has taken out of view; of an act, what it hides.
    fn reveal(&mut self, context: &Context<'_>) -> Step {
        if let Some(comment) = self.comment().filter(|one| one.moderation.is_some()) {
            let document = comment.id;
            return Step::stay().ask(TAG_ABOUT, Request::ShowHidden { document });
        }
        if self.view.moderation.is_some() {
            self.reveals = true;
            return self.read();
        }
        match self.view.about.filter(|_| self.view.kind == "moderation") {
            Some(document) => Step::stay().ask(TAG_ABOUT, Request::ShowHidden { document }),
            None => Step::stay().remark(context.words.text("nothing-hidden")),
        }
    }

    fn read(&mut self) -> Step {
        if self.reading {
            self.stale = true;
            return Step::stay();
        }
        self.reading = true;
        let document = self.view.id;
        let request = match self.reveals {
            true => Request::ShowHidden { document },
            false => Request::Show { document },
        };
        let step = Step::stay().ask(TAG_SHOW, request);
        match contact::is_told_about(&self.view.kind) {
            true => step.ask(TAG_DETAILS, Request::Details { document }),
            false => step,
        }
    }

    fn print(&self) -> Step {
        let what = Printed::Document(self.view.id);
        Step::open(Keep::new(Keeping::Print(what)))
    }

    /// Goes to who has acknowledged it.
    fn acknowledgements(&self, context: &Context<'_>) -> Step {
        match self.view.asks_for_acknowledgement() {
            true => Step::open(Acknowledgements::new(self.view.id)),
            false => Step::stay().remark(context.words.text("acknowledgements-not-asked")),
        }
    }

    fn take(
        &mut self,
        view: &DocumentView,
        comments: &[DocumentView],
        context: &Context<'_>,
    ) -> Step {
        self.reading = false;
        self.failure = None;
        let unread = view.unread || comments.iter().any(|comment| comment.unread);
        self.view = view.clone();
        beside::keep_similar(&mut self.beside, &self.view);
        self.comments = comments.to_vec();
        let mut step = match std::mem::take(&mut self.stale) {
            true => self.read(),
            false => Step::stay(),
        };
        for question in beside::questions(&self.view, context) {
            step = step.ask(TAG_BESIDE, question);
        }
        if unread {
            let documents = vec![self.view.id];
            step = step.ask(
                TAG_MARK,
                Request::MarkRead {
                    documents,
                    everything: false,
                },
            );
        }
        step
    }

    fn scroll_to(&mut self, line: usize) {
        self.scroll = line.min(self.rows.saturating_sub(self.shown));
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Step {
        let page = self.shown.saturating_sub(1).max(1);
        match action {
            Action::Up => self.scroll_to(self.scroll.saturating_sub(1)),
            Action::Down => self.scroll_to(self.scroll + 1),
            Action::PageUp => self.scroll_to(self.scroll.saturating_sub(page)),
            Action::PageDown => self.scroll_to(self.scroll + page),
            Action::First => self.scroll_to(0),
            Action::Last => self.scroll_to(usize::MAX),
            Action::Left | Action::Back if self.selected.is_some() => self.selected = None,
            Action::Left => return Step::stay().and_back(),
            Action::Next => return self.select(true, context),
            Action::Previous => return self.select(false, context),
            Action::Open => return self.choose_act(context),
            Action::Comment => return Step::open(Composer::comment(&self.view)),
            Action::Edit => {
                return match Composer::edit(self.subject(), context) {
                    Some(composer) => Step::open(composer),
                    None => Step::stay().remark(context.words.text("not-yours-to-edit")),
                };
            }
            Action::Reveal => return self.reveal(context),
            Action::Renew => {
                let details = &self.beside.details;
                return acts::renew(&self.view, details, TAG_RENEWED, context);
            }
            Action::Print => return self.print(),
            Action::Acknowledgements => return self.acknowledgements(context),
            Action::History => {
                let subject = self.subject();
                return Step::open(History::new(subject.id, &subject.kind));
            }
            _ => return Step::ignored(),
        }
        Step::stay()
    }
}

impl Screen for Reader {
    fn title(&self, context: &Context<'_>) -> String {
        title(&self.view, context)
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn avails(&self, action: Action, context: &Context<'_>) -> bool {
        match action {
            Action::Open => !self.acts(context).is_empty(),
            Action::Edit => Composer::may_edit(self.subject(), context),
            Action::Renew => acts::may_renew(&self.view, context),
            Action::Acknowledgements => self.view.asks_for_acknowledgement(),
            _ => true,
        }
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        match input {
            Input::Shown => self.read(),
            Input::Posted(comment) => {
                self.sought = Some(comment);
                self.read()
            }
            Input::Action(action) => self.act(action, context),
            Input::Event(Event::Documents { documents }) => {
                let about = self.comments.iter().map(|comment| comment.id);
                let concerned = std::iter::once(self.view.id).chain(about);
                // A new comment names itself, not what it is about.
                let known = concerned.into_iter().any(|id| documents.contains(&id));
                match known || !documents.is_empty() {
                    true => self.read(),
                    false => Step::stay(),
                }
            }
            Input::Event(Event::Missed | Event::Delivery { .. }) => self.read(),
            Input::Answered { tag, outcome } => match outcome {
                Ok(Answer::Document { document, comments }) if tag == TAG_SHOW => {
                    self.take(document, comments, context)
                }
                Ok(Answer::Document { document, .. }) if tag == TAG_ABOUT => {
                    let mut reader = Self::new((**document).clone());
                    reader.reveals = true;
                    Step::open(reader)
                }
                Ok(answer) if tag == TAG_BESIDE => {
                    beside::take(&mut self.beside, &self.view, answer);
                    Step::stay()
                }
                Ok(_) if tag == TAG_RENEWED => Step::stay()
                    .remark(context.words.text("renewed"))
                    .done_for_good(),
                Err(Failure::Refused(refusal)) if tag == TAG_ABOUT || tag == TAG_RENEWED => {
                    Step::stay().remark(refusal.message.clone())
                }
                Ok(Answer::Details { details }) if tag == TAG_DETAILS => {
                    self.beside.details.clone_from(details);
                    Step::stay()
                }
                Err(Failure::Refused(refusal)) if tag == TAG_SHOW => {
                    self.reading = false;
                    self.failure = Some(refusal.message.clone());
                    Step::stay()
                }
                _ => {
                    self.reading = self.reading && tag != TAG_SHOW;
                    Step::stay()
                }
            },
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        canvas.fill(area, context.theme.text);
        if let Some(failure) = &self.failure {
            return message::draw(canvas, area, failure, context);
        }
        let margin = u16::from(area.width > 60) * 2 + 1;
        let place = Rect {
            x: area.x + margin,
            width: area.width - 2 * margin,
            ..area
        };
        let blocks = page::blocks(
            &self.view,
            &self.beside,
            &self.comments,
            self.selected,
            place.width,
            context,
        );
        self.shown = usize::from(area.height);
        let sought = self.sought.and_then(|sought| {
            let place = self.comments.iter().position(|one| one.id == sought)?;
            // Another's clock may put what it wrote behind one's own.
            Some(page::blocks_of_comment(&blocks, self.comments.len(), place))
        });
        if let Some(wanted) = sought {
            self.sought = None;
            self.scroll = scroll_to_blocks(&blocks, wanted, place, self.scroll, context);
        }
        self.rows = draw_blocks(canvas, place, &blocks, &mut self.scroll, context);
        if self.rows > self.scroll + self.shown {
            scrolled::say_more(canvas, area, context);
        }
    }
}

/// Returns the first line that is to be shown so that these blocks are seen, from their beginning on
/// where they are longer than the area.
fn scroll_to_blocks(
    blocks: &[StyledText],
    wanted: Range<usize>,
    area: Rect,
    scroll: usize,
    context: &Context<'_>,
) -> usize {
    let rows = |blocks: &[StyledText]| -> usize {
        let blocks = blocks.iter().map(Paragraph::new);
        let rows = blocks.map(|block| block.rows(area.width, context.look()).max(1));
        rows.sum()
    };
    let first = rows(&blocks[..wanted.start]);
    let end = first + rows(&blocks[wanted]);
    scroll
        .max(end.saturating_sub(usize::from(area.height)))
        .min(first)
}

/// Draws blocks from a line on, and returns how many lines all of them have. The first line that is
/// shown is moved where it lies beyond the last useful one.
pub fn draw_blocks(
    canvas: &mut Canvas<'_>,
    area: Rect,
    blocks: &[StyledText],
    scroll: &mut usize,
    context: &Context<'_>,
) -> usize {
    let look = context.look();
    let paragraphs: Vec<Paragraph<'_>> = blocks
        .iter()
        .map(|block| Paragraph {
            style: context.theme.text,
            ..Paragraph::new(block)
        })
        .collect();
    let heights: Vec<usize> = paragraphs
        .iter()
        .map(|paragraph| paragraph.rows(area.width, look).max(1))
        .collect();
    let rows: usize = heights.iter().sum();
    *scroll = (*scroll).min(rows.saturating_sub(usize::from(area.height)));
    let mut skipped = *scroll;
    let mut y = area.y;
    for (mut paragraph, height) in paragraphs.into_iter().zip(heights) {
        if skipped >= height {
            skipped -= height;
            continue;
        }
        let left = area.bottom() - y;
        if left == 0 {
            break;
        }
        paragraph.scroll_rows = skipped;
        let wanted = u16::try_from(height - skipped).unwrap_or(u16::MAX);
        let place = Rect {
            y,
            height: wanted.min(left),
            ..area
        };
        paragraph.draw(place, canvas.buffer, look);
        y += place.height;
        skipped = 0;
    }
    rows
}
