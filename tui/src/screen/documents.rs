//! The list of one kind's documents: notices, help requests or festival plans.
//!
//! Of requests and standing offers, what waits for the own household stands first. The list reads
//! pages as the selection comes near their end, all of them when the last document is asked for, and
//! reads anew what is listed when the node tells of changes; what is selected stays selected.

mod narrowed;

use std::collections::BTreeSet;

use protocol::api::{Answer, DocumentView, Event, Request, Today};
use protocol::id::DocumentId;
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

pub(crate) use narrowed::Narrowed;

use super::acts;
use super::composer::Composer;
use super::help_given::HelpGiven;
use super::keeping::Keep;
use super::keeping::course::Keeping;
use super::own_first::{self, OwnFirst};
use super::reader::Reader;
use super::{document_row, list_styles, message};
use crate::app::{Action, Binding, Canvas, Click, Context, Failure, Input, Key, Screen, Step};
use crate::host::Printed;
use crate::widget::list::{List, ListState};

/// Documents of one page.
const PAGE: u32 = 100;
/// Documents that the node lists at most at once.
const LIST_MAX: u32 = 500;
/// Documents that a list holds at most; older ones are found by searching.
const HELD_MAX: usize = 20_000;
/// How near to the end the selection comes before the next page is read.
const NEAR_END: usize = 30;

const TAG_FIRST: u32 = 1;
const TAG_MORE: u32 = 2;
const TAG_MARKED: u32 = 3;
const TAG_WAITING: u32 = 4;
const TAG_RENEWED: u32 = 5;

/// The keys of every list, then those of what can be renewed, then those of requests alone.
static KEYS: [Binding; 13] = [
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
    Binding::new(&[Key::char('n')], Action::New, "do-new").hinted(),
    Binding::new(&[Key::char('f')], Action::Filter, "do-filter").hinted(),
    Binding::new(&[Key::char('m')], Action::MarkRead, "do-mark-read"),
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
    Binding::new(&[Key::char('R')], Action::Renew, "do-renew").hinted_last(),
    Binding::new(&[Key::char('p')], Action::Print, "do-print-list").hinted_last(),
    Binding::new(&[Key::char('t')], Action::HelpGiven, "do-help-given").hinted_last(),
];
/// How many keys every list has, and how many one of what can be renewed.
const KEYS_OF_ALL: usize = 10;
const KEYS_OF_RENEWABLE: usize = 11;

/// The list.
#[derive(Debug)]
pub struct Documents {
    kind: &'static str,
    narrowed: Narrowed,
    /// What waits for the own household.
    own_first: OwnFirst,
    /// What the node has listed, in its order.
    listed: Vec<DocumentView>,
    /// What is shown, and how many of it wait.
    items: Vec<DocumentView>,
    own: usize,
    ids: Vec<DocumentId>,
    next: Option<String>,
    /// What was read anew so far; it takes the items' place once it is as much.
    anew: Vec<DocumentView>,
    /// Whether all pages are being read, so that the last document is selected.
    seeks_last: bool,
    state: ListState<DocumentId>,
    /// Whether a page is being read.
    reading: bool,
    /// Whether something changed while a page was being read.
    stale: bool,
    /// Whether the node has listed anything, and whether it was shown.
    has_listed: bool,
    loaded: bool,
    failure: Option<String>,
    area: Rect,
    /// The newest document that had been read when the list was opened.
    unread_from: Option<DocumentId>,
    /// What is being marked as read.
    marked: Vec<DocumentId>,
    /// What was just published from here: selected as soon as it is listed, unless the reader has
    /// gone elsewhere meanwhile.
    posted: Option<DocumentId>,
}

impl Documents {
    /// Makes the list of a kind.
    pub fn new(kind: &'static str) -> Self {
        Self {
            kind,
            narrowed: Narrowed::Current,
            own_first: OwnFirst::new(kind),
            listed: Vec::new(),
            items: Vec::new(),
            own: 0,
            ids: Vec::new(),
            next: None,
            anew: Vec::new(),
            seeks_last: false,
            state: ListState::default(),
            reading: false,
            stale: false,
            has_listed: false,
            loaded: false,
            failure: None,
            area: Rect::default(),
            unread_from: None,
            marked: Vec::new(),
            posted: None,
        }
    }

    fn query(&self, limit: u32, after: Option<String>) -> Request {
        self.narrowed.query(self.kind, limit, after)
    }

    /// Reads what is shown anew, as much of it as there was.
    fn read_first(&mut self) -> Step {
        if self.reading {
            self.stale = true;
            return Step::stay();
        }
        self.reading = true;
        self.anew.clear();
        let step = self.read_anew(None);
        match self.own_first.question() {
            Some(question) => step.ask(TAG_WAITING, question),
            None => step,
        }
    }

    fn read_anew(&mut self, after: Option<String>) -> Step {
        let left = self.listed.len().saturating_sub(self.anew.len());
        let left = u32::try_from(left).unwrap_or(LIST_MAX).min(LIST_MAX);
        let limit = left.next_multiple_of(PAGE).max(PAGE);
        Step::stay().ask(TAG_FIRST, self.query(limit, after))
    }

    fn read_more_if_near(&mut self) -> Step {
        let place = self.selected_place().unwrap_or(0);
        if self.reading || place + NEAR_END < self.items.len() || !self.has_more() {
            return Step::stay();
        }
        self.reading = true;
        let limit = match self.seeks_last {
            true => LIST_MAX,
            false => PAGE,
        };
        Step::stay().ask(TAG_MORE, self.query(limit, self.next.clone()))
    }

    fn has_more(&self) -> bool {
        self.next.is_some() && self.listed.len() < HELD_MAX
    }

    fn selected_place(&self) -> Option<usize> {
        let selected = self.state.selected()?;
        self.ids.iter().position(|id| id == selected)
    }

    fn selected(&self) -> Option<&DocumentView> {
        self.items.get(self.selected_place()?)
    }

    /// Sees to it that what was just published is listed and selected.
    fn show_posted(&mut self, document: DocumentId) -> Step {
        self.posted = Some(document);
        // One's own is never unread.
        if self.narrowed == Narrowed::Unread {
            self.narrow(Narrowed::Current);
        }
        self.read_first()
    }

    fn narrow(&mut self, narrowed: Narrowed) {
        self.narrowed = narrowed;
        self.listed.clear();
        self.items.clear();
        self.own = 0;
        self.ids.clear();
        self.next = None;
        self.seeks_last = false;
        self.has_listed = false;
        self.loaded = false;
        self.reading = false;
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Step {
        self.posted = None;
        self.seeks_last = false;
        match action {
            Action::Up => self.state.select_by(&self.ids, -1),
            Action::Down => self.state.select_by(&self.ids, 1),
            Action::First => self.state.select_first(&self.ids),
            Action::Last => {
                self.state.select_last(&self.ids);
                self.seeks_last = self.has_more();
            }
            Action::PageUp | Action::PageDown => self.page(action == Action::PageDown, context),
            Action::Open => {
                return match self.selected() {
                    Some(view) => Step::open(Reader::new(view.clone())),
                    None => Step::stay(),
                };
            }
            Action::New if context.known.may_create(self.kind) => {
                return Step::open(Composer::create(self.kind));
            }
            Action::New => return Step::stay().remark(context.words.text("guests-comment")),
            Action::Renew => {
                return match self.selected() {
                    Some(view) => acts::renew(view, &[], TAG_RENEWED, context),
                    None => Step::stay(),
                };
            }
            Action::Print if self.kind == "request" => {
                return Step::open(Keep::new(Keeping::Print(Printed::Requests)));
            }
            Action::HelpGiven => return Step::open(HelpGiven::new()),
            Action::Filter => {
                self.narrow(self.narrowed.next());
                return self
                    .read_first()
                    .remark(context.words.text(self.narrowed.label()));
            }
            Action::MarkRead => {
                let unread = self.items.iter().filter(|view| view.unread);
                let documents: Vec<DocumentId> = unread.map(|view| view.id).collect();
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
        self.read_more_if_near()
    }

    fn page(&mut self, down: bool, context: &Context<'_>) {
        let (area, look) = (self.area, context.look());
        let mut state = self.state.clone();
        self.with_list(context, |list| list.page(&mut state, down, area, look));
        self.state = state;
    }

    fn take(&mut self, tag: u32, items: &[DocumentView], next: Option<&String>) -> Step {
        self.failure = None;
        if tag == TAG_FIRST {
            self.anew.extend_from_slice(items);
            if self.anew.len() < self.listed.len() && next.is_some() {
                return self.read_anew(next.cloned());
            }
            self.listed = std::mem::take(&mut self.anew);
        } else {
            let listed: BTreeSet<_> = self.listed.iter().map(|view| view.id).collect();
            let new = items.iter().filter(|view| !listed.contains(&view.id));
            self.listed.extend(new.cloned());
        }
        self.reading = false;
        self.next = next.cloned();
        self.has_listed = true;
        self.arrange();
        if self.seeks_last {
            self.state.select_last(&self.ids);
            self.seeks_last = self.has_more();
        }
        if self.seeks_last {
            return self.read_more_if_near();
        }
        match std::mem::take(&mut self.stale) {
            true => self.read_first(),
            false => Step::stay(),
        }
    }

    /// Takes over what waits for the own household.
    fn take_waiting(&mut self, today: Option<&Today>) -> Step {
        self.own_first.take(today);
        self.arrange();
        Step::stay()
    }

    /// Puts in order what is known by now. Nothing is shown before it is known what stands first.
    fn arrange(&mut self) {
        if !self.has_listed || !self.own_first.is_known() {
            return;
        }
        (self.items, self.own) = self.own_first.arrange(&self.listed, self.narrowed);
        self.ids = self.items.iter().map(|view| view.id).collect();
        if !self.loaded {
            self.loaded = true;
            self.unread_from = self.first_read_below_unread();
            self.state.select_first(&self.ids);
        }
        // A list in which there was nothing.
        if self.state.selected().is_none() {
            self.state.select_first(&self.ids);
        }
        if let Some(posted) = self.posted.take_if(|posted| self.ids.contains(posted)) {
            self.state.select(&self.ids, &posted);
        }
    }

    /// The place of the unread line: below the last of the list that is unread, or of its second
    /// part. What the household wrote itself is never unread, and may stand anywhere above.
    fn first_read_below_unread(&self) -> Option<DocumentId> {
        let others = &self.items[self.own..];
        let last = others.iter().rposition(|view| view.unread)?;
        others.get(last + 1).map(|view| view.id)
    }

    /// The lines between the parts of the list.
    fn lines<'w>(&self, words: &'w [String; 3]) -> Vec<(DocumentId, &'w str)> {
        let [own, others, read_below] = words;
        let mut lines = Vec::new();
        if self.own > 0 {
            lines.push((self.ids[0], own.as_str()));
            let first = self.ids.get(self.own);
            lines.extend(first.map(|first| (*first, others.as_str())));
        }
        lines.extend(self.unread_from.map(|id| (id, read_below.as_str())));
        lines
    }

    fn with_list<T>(
        &self,
        context: &Context<'_>,
        work: impl FnOnce(&List<'_, DocumentId>) -> T,
    ) -> T {
        let words = context.words;
        let said = [own_first::OWN, own_first::OTHERS, "read-below"].map(|key| words.text(key));
        let list = List {
            ids: &self.ids,
            rows: &|_, _| document_row::ROWS,
            draw_item: &|place, area, buffer, selected| {
                let view = &self.items[place];
                let reason = self.own_first.reason(view.id, context);
                document_row::draw(view, reason.as_deref(), area, buffer, selected, context);
            },
            is_unread: &|place| self.items[place].unread,
            marker: &|count| words.new_above(count),
            lines: &self.lines(&said),
            styles: list_styles(context),
        };
        work(&list)
    }
}

impl Screen for Documents {
    fn title(&self, context: &Context<'_>) -> String {
        match self.kind {
            "standing-offer" => context.words.text("standing-offers-title"),
            kind => context.words.kinds(kind),
        }
    }

    fn keys(&self) -> &'static [Binding] {
        match self.kind {
            "request" => &KEYS,
            "standing-offer" | "notice" => &KEYS[..KEYS_OF_RENEWABLE],
            _ => &KEYS[..KEYS_OF_ALL],
        }
    }

    /// Standing offers are no main screen.
    fn shows_tabs(&self) -> bool {
        self.kind != "standing-offer"
    }

    fn avails(&self, action: Action, context: &Context<'_>) -> bool {
        match action {
            Action::New => context.known.may_create(self.kind),
            Action::Renew => {
                let selected = self.selected();
                selected.is_some_and(|view| acts::may_renew(view, context))
            }
            _ => true,
        }
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        match input {
            Input::Shown => self.read_first(),
            Input::Posted(document) => self.show_posted(document),
            Input::Action(action) => self.act(action, context),
            Input::Clicked(place) => {
                let Some(id) = self.ids.get(place as usize).copied() else {
                    return Step::stay();
                };
                // A click on what is selected opens it.
                if self.state.selected() == Some(&id) {
                    return self.act(Action::Open, context);
                }
                self.state.select(&self.ids, &id);
                Step::stay()
            }
            Input::Event(Event::Documents { .. } | Event::Missed | Event::Delivery { .. }) => {
                self.read_first()
            }
            Input::Answered { tag, outcome } => match outcome {
                Ok(Answer::Documents { items, next, .. }) => self.take(tag, items, next.as_ref()),
                Ok(Answer::Today(today)) => self.take_waiting(Some(today)),
                Err(_) if tag == TAG_WAITING => self.take_waiting(None),
                Ok(_) if tag == TAG_MARKED => {
                    self.unread_from = None;
                    let documents = std::mem::take(&mut self.marked);
                    self.read_first()
                        .remark(context.words.text("all-marked-read"))
                        .undo(Request::MarkUnread { documents })
                }
                Ok(_) if tag == TAG_RENEWED => self
                    .read_first()
                    .remark(context.words.text("renewed"))
                    .done_for_good(),
                Ok(_) => Step::stay(),
                Err(Failure::Refused(refusal)) if tag == TAG_RENEWED => {
                    Step::stay().remark(refusal.message.clone())
                }
                Err(Failure::Refused(refusal)) => {
                    self.reading = false;
                    self.failure = Some(refusal.message.clone());
                    Step::stay()
                }
                Err(Failure::Unreachable) => {
                    self.reading = false;
                    Step::stay()
                }
            },
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        canvas.fill(area, context.theme.text);
        let area = self.narrowed.draw(canvas, area, context);
        self.area = area;
        if self.items.is_empty() {
            let text = match (&self.failure, self.loaded) {
                (Some(failure), _) => failure.clone(),
                (None, false) => context.words.text("loading"),
                (None, true) => context.words.text(self.narrowed.nothing()),
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
