//! Today: what waits for the own household, what was begun, and what is new. One page, read in five
//! minutes.

mod waiting;

use protocol::api::{self, Answer, Event, MotionView, Request, SavedDraft};
use protocol::id::{DocumentId, EntryId};
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

pub(crate) use waiting::{Edited, news, news_count, reasons, waiting, waiting_motions};

use super::acts;
use super::composer::Composer;
use super::digest::Digest;
use super::motion::Motion;
use super::motions::{draw_row, told};
use super::reader::Reader;
use super::{document_row, list_styles, message};
use crate::app::{Action, Binding, Canvas, Click, Context, Failure, Input, Key, Screen, Step};
use crate::text::width::truncate;
use crate::widget::cells;
use crate::widget::list::{List, ListState};

const TAG_TODAY: u32 = 1;
const TAG_MARKED: u32 = 2;
const TAG_MOTIONS: u32 = 3;
const TAG_RENEWED: u32 = 4;
const TAG_EDITED: u32 = 5;

const KEYS: &[Binding] = &[
    Binding::new(
        &[
            Key::code(KeyCode::Enter),
            Key::code(KeyCode::Right),
            Key::char('l'),
        ],
        Action::Open,
        "do-open",
    )
    .hinted(),
    Binding::new(&[Key::char('n')], Action::New, "do-new-request").hinted(),
    Binding::new(&[Key::char('m')], Action::MarkRead, "do-mark-read").hinted(),
    Binding::new(&[Key::char('d')], Action::Digest, "do-digest").hinted(),
    Binding::new(&[Key::char('R')], Action::Renew, "do-renew").hinted_last(),
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

/// What an item of the page is; its name outlasts a reading anew.
#[derive(Clone, Debug, PartialEq)]
enum Item {
    /// A line above a section; the name of its words.
    Heading(&'static str),
    /// A document that waits, for whatever reasons.
    Waiting(DocumentId),
    /// A motion that waits for the own household's signature.
    Motion(EntryId),
    Draft(String),
    News(DocumentId),
}

/// The page.
#[derive(Debug)]
pub struct Today {
    today: Option<api::Today>,
    motions: Vec<MotionView>,
    edited: Edited,
    /// What is being marked as read.
    marked: Vec<DocumentId>,
    items: Vec<Item>,
    state: ListState<Item>,
    reading: bool,
    stale: bool,
    failure: Option<String>,
    area: Rect,
}

impl Today {
    /// Makes the page.
    pub fn new() -> Self {
        Self {
            today: None,
            motions: Vec::new(),
            edited: Edited::default(),
            marked: Vec::new(),
            items: Vec::new(),
            state: ListState::default(),
            reading: false,
            stale: false,
            failure: None,
            area: Rect::default(),
        }
    }

    fn read(&mut self) -> Step {
        if self.reading {
            self.stale = true;
            return Step::stay();
        }
        self.reading = true;
        Step::stay().ask(TAG_TODAY, Request::Today)
    }

    fn take(&mut self, today: &api::Today, context: &Context<'_>) -> Step {
        self.reading = false;
        self.failure = None;
        self.today = Some(today.clone());
        self.arrange(context);
        let step = match std::mem::take(&mut self.stale) {
            true => self.read(),
            false => Step::stay(),
        };
        let questions = Edited::questions(&today.drafts);
        questions.fold(step, |step, question| step.ask(TAG_EDITED, question))
    }

    /// Puts in order what is known by now.
    fn arrange(&mut self, context: &Context<'_>) {
        let Some(today) = &self.today else {
            return;
        };
        let mut items = Vec::new();
        let motions = waiting_motions(&self.motions, context);
        if !today.waiting.is_empty() || !motions.is_empty() {
            items.push(Item::Heading("today-waiting"));
        }
        let waiting = waiting(today).into_iter();
        items.extend(waiting.map(|waiting| Item::Waiting(waiting.document.id)));
        items.extend(motions.iter().map(|motion| Item::Motion(motion.id)));
        if !today.drafts.is_empty() {
            items.push(Item::Heading("today-drafts"));
        }
        items.extend(
            today
                .drafts
                .iter()
                .map(|draft| Item::Draft(draft.id.clone())),
        );
        let news = news(today);
        if !news.is_empty() {
            items.push(Item::Heading("today-news"));
        }
        items.extend(news.iter().map(|view| Item::News(view.id)));
        self.items = items;
        if self
            .state
            .selected()
            .is_none_or(|item| !self.items.contains(item))
        {
            self.select_first();
        }
    }

    fn select_first(&mut self) {
        let first = self
            .items
            .iter()
            .find(|item| !matches!(item, Item::Heading(_)));
        if let Some(first) = first.cloned() {
            self.state.select(&self.items, &first);
        }
    }

    /// Moves the selection, over headings.
    fn step_by(&mut self, places: isize) {
        let is_heading = |item: &Item| matches!(item, Item::Heading(_));
        self.state.select_over(&self.items, places, is_heading);
    }

    fn view(&self, item: &Item) -> Option<&api::DocumentView> {
        let today = self.today.as_ref()?;
        match item {
            Item::Waiting(id) => {
                let waiting = today.waiting.iter();
                let mut views = waiting.map(|waiting| &waiting.document);
                views.find(|view| view.id == *id)
            }
            Item::News(id) => today.news.iter().find(|view| view.id == *id),
            Item::Heading(_) | Item::Motion(_) | Item::Draft(_) => None,
        }
    }

    fn draft(&self, id: &str) -> Option<&SavedDraft> {
        self.today
            .as_ref()?
            .drafts
            .iter()
            .find(|draft| draft.id == id)
    }

    fn open(&self) -> Step {
        match self.state.selected() {
            Some(Item::Draft(id)) => match self.draft(id) {
                Some(draft) => Step::open(Composer::resume(draft.clone())),
                None => Step::stay(),
            },
            Some(Item::Motion(id)) => Step::open(Motion::new(*id, self.motions.clone())),
            Some(item) => match self.view(item) {
                Some(view) => Step::open(Reader::new(view.clone())),
                None => Step::stay(),
            },
            None => Step::stay(),
        }
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Step {
        match action {
            Action::Up => self.step_by(-1),
            Action::Down => self.step_by(1),
            Action::First => self.select_first(),
            Action::Last => self.state.select_last(&self.items),
            Action::PageUp | Action::PageDown => {
                let (area, look) = (self.area, context.look());
                let mut state = self.state.clone();
                let down = action == Action::PageDown;
                self.with_list(context, |list| list.page(&mut state, down, area, look));
                self.state = state;
                if matches!(self.state.selected(), Some(Item::Heading(_))) {
                    self.step_by(1);
                }
            }
            Action::Open => return self.open(),
            Action::New if context.known.may_create("request") => {
                return Step::open(Composer::create("request"));
            }
            Action::New => return Step::stay().remark(context.words.text("guests-comment")),
            Action::Digest => return Step::open(Digest::new()),
            Action::Renew => {
                let selected = self.state.selected();
                return match selected.and_then(|item| self.view(item)) {
                    Some(view) => acts::renew(view, &[], TAG_RENEWED, context),
                    None => Step::stay().remark(context.words.text("nothing-to-renew")),
                };
            }
            Action::MarkRead => {
                let Some(today) = &self.today else {
                    return Step::stay();
                };
                let documents: Vec<_> = news(today).iter().map(|view| view.id).collect();
                return match documents.is_empty() {
                    true => Step::stay().remark(context.words.text("nothing-unread")),
                    false => {
                        self.marked.clone_from(&documents);
                        let everything = false;
                        let request = Request::MarkRead {
                            documents,
                            everything,
                        };
                        Step::stay().ask(TAG_MARKED, request)
                    }
                };
            }
            _ => return Step::ignored(),
        }
        Step::stay()
    }

    fn with_list(&self, context: &Context<'_>, work: impl FnOnce(&List<'_, Item>)) {
        let list = List {
            ids: &self.items,
            rows: &|place, _| match self.items[place] {
                Item::Heading(_) => 1,
                _ => document_row::ROWS,
            },
            draw_item: &|place, area, buffer, selected| {
                self.draw_item(&self.items[place], area, buffer, selected, context);
            },
            is_unread: &|place| matches!(self.items[place], Item::News(_)),
            marker: &|count| context.words.new_above(count),
            lines: &[],
            styles: list_styles(context),
        };
        work(&list);
    }

    fn draw_item(
        &self,
        item: &Item,
        area: Rect,
        buffer: &mut Buffer,
        selected: bool,
        context: &Context<'_>,
    ) {
        let (theme, look) = (context.theme, context.look());
        match item {
            Item::Heading(key) => {
                let text = format!(" {}", context.words.text(key));
                cells::write(buffer, area, &text, theme.heading, look);
            }
            Item::Draft(id) => {
                if let Some(draft) = self.draft(id) {
                    let title = self.edited.title(draft);
                    draw_draft(draft, title, area, buffer, selected, context);
                }
            }
            Item::Motion(id) => {
                if let Some(motion) = told::find(&self.motions, *id) {
                    draw_row(motion, area, buffer, selected, context);
                }
            }
            Item::Waiting(id) => {
                if let (Some(today), Some(view)) = (&self.today, self.view(item)) {
                    let reason = reasons(&today.waiting, *id, context);
                    document_row::draw(view, Some(&reason), area, buffer, selected, context);
                }
            }
            Item::News(_) => {
                if let Some(view) = self.view(item) {
                    document_row::draw(view, None, area, buffer, selected, context);
                }
            }
        }
    }
}

fn draw_draft(
    draft: &SavedDraft,
    title: &str,
    area: Rect,
    buffer: &mut Buffer,
    selected: bool,
    context: &Context<'_>,
) {
    let (theme, look) = (context.theme, context.look());
    let ground = if selected { theme.selected } else { theme.text };
    cells::clear(buffer, area, ground);
    let lead = if selected { theme.marks.selected } else { " " };
    let text = format!("{lead}{} {title}", theme.marks.own);
    let text = truncate(&text, usize::from(area.width), look.ambiguous);
    cells::write(buffer, Rect { height: 1, ..area }, &text, ground, look);
    if area.height > 1 {
        let moment = context.clock.past(context.words, draft.changed_ms);
        let kind = context.words.kind(&draft.draft.kind);
        let text = format!("   {kind} {} {moment}", theme.marks.between);
        let style = if selected { ground } else { theme.dim };
        let line = Rect {
            y: area.y + 1,
            height: 1,
            ..area
        };
        cells::write(buffer, line, &text, style, look);
    }
}

impl Default for Today {
    fn default() -> Self {
        Self::new()
    }
}

impl Screen for Today {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text("tab-today")
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn avails(&self, action: Action, context: &Context<'_>) -> bool {
        match action {
            Action::New => context.known.may_create("request"),
            Action::Renew => {
                let selected = self.state.selected();
                let view = selected.and_then(|item| self.view(item));
                view.is_some_and(|view| acts::may_renew(view, context))
            }
            _ => true,
        }
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        match input {
            Input::Shown | Input::Event(Event::Missed) => {
                self.read().ask(TAG_MOTIONS, Request::Motions)
            }
            Input::Event(Event::Roster) => Step::stay().ask(TAG_MOTIONS, Request::Motions),
            // In which capacities one may sign is known only after the node was asked how it is.
            Input::Tick => {
                self.arrange(context);
                Step::stay()
            }
            Input::Action(action) => self.act(action, context),
            Input::Event(Event::Documents { .. }) => self.read(),
            Input::Clicked(place) => match self.items.get(place as usize).cloned() {
                Some(Item::Heading(_)) | None => Step::stay(),
                Some(item) if self.state.selected() == Some(&item) => self.open(),
                Some(item) => {
                    self.state.select(&self.items, &item);
                    Step::stay()
                }
            },
            Input::Answered { tag, outcome } => match outcome {
                Ok(Answer::Today(today)) => self.take(today, context),
                Ok(Answer::Motions { motions, .. }) => {
                    self.motions.clone_from(motions);
                    self.arrange(context);
                    Step::stay()
                }
                Ok(Answer::Document { document, .. }) if tag == TAG_EDITED => {
                    self.edited.take(document, context);
                    Step::stay()
                }
                Err(_) if tag == TAG_MOTIONS || tag == TAG_EDITED => Step::stay(),
                Ok(_) if tag == TAG_RENEWED => self
                    .read()
                    .remark(context.words.text("renewed"))
                    .done_for_good(),
                Err(Failure::Refused(refusal)) if tag == TAG_RENEWED => {
                    Step::stay().remark(refusal.message.clone())
                }
                Ok(_) if tag == TAG_MARKED => {
                    let documents = std::mem::take(&mut self.marked);
                    self.read()
                        .remark(context.words.text("all-marked-read"))
                        .undo(Request::MarkUnread { documents })
                }
                Err(Failure::Refused(refusal)) => {
                    self.reading = false;
                    self.failure = Some(refusal.message.clone());
                    Step::stay()
                }
                _ => {
                    self.reading = false;
                    Step::stay()
                }
            },
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        self.area = area;
        canvas.fill(area, context.theme.text);
        if self.items.is_empty() {
            let text = match (&self.failure, &self.today) {
                (Some(failure), _) => failure.clone(),
                (None, None) => context.words.text("loading"),
                (None, Some(_)) => context.words.text("today-nothing"),
            };
            return message::draw(canvas, area, &text, context);
        }
        let look = context.look();
        let mut state = self.state.clone();
        let mut places = Vec::new();
        self.with_list(context, |list| {
            list.follow(&mut state, area, look);
            list.draw(&state, area, canvas.buffer, look);
            places = list.places(&state, area, look);
        });
        self.state = state;
        for (place, item) in places {
            let number = u32::try_from(place).unwrap_or(u32::MAX);
            canvas.click(item, Click::Place(number));
        }
    }
}
