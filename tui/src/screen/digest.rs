//! The daily digest: what is urgent, what waits, what is new, who needs a hand. Earlier days, by the
//! reader's calendar, lie to the left.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use protocol::api::{
    Answer, DocumentView, Event, ListOrder, ListQuery, MotionView, Request, Today,
};
use protocol::id::{DocumentId, EntryId};
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::keeping::Keep;
use super::keeping::course::Keeping;
use super::motion::Motion;
use super::motions::{draw_row, told};
use super::reader::Reader;
use super::today::{reasons, waiting_motions};
use super::{document_row, list_styles, message};
use crate::app::{Action, Binding, Canvas, Click, Context, Failure, Input, Key, Screen, Step};
use crate::digest::{self, Digest as Day};
use crate::host::Printed;
use crate::text::width::truncate;
use crate::widget::cells;
use crate::widget::list::{List, ListState};

/// Documents that are asked for at once.
const PAGE: u32 = 500;
/// Documents that are read at most.
const READ_MAX: usize = 20_000;
/// The part of what waits for the own household.
pub(crate) const WAITING: &str = "today-waiting";
/// Days that can be gone back: more than any notice stands.
pub(crate) const DAYS_MAX: u32 = 366;

const KEYS: &[Binding] = &[
    Binding::new(&[Key::code(KeyCode::Enter)], Action::Open, "do-open").hinted(),
    Binding::new(
        &[Key::code(KeyCode::Left), Key::char('h')],
        Action::Left,
        "do-day-before",
    )
    .hinted(),
    Binding::new(
        &[Key::code(KeyCode::Right), Key::char('l')],
        Action::Right,
        "do-day-after",
    )
    .hinted(),
    Binding::new(&[Key::char('p')], Action::Print, "do-print").hinted(),
    super::scrolled::KEYS[1],
    super::scrolled::KEYS[2],
    super::scrolled::KEYS[3],
    super::scrolled::KEYS[4],
    super::scrolled::KEYS[5],
    super::scrolled::KEYS[6],
];

/// What a digest is made of, as it is read page by page.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    today: Option<Today>,
    motions: Option<Vec<MotionView>>,
    documents: Vec<DocumentView>,
    is_whole: bool,
    /// Which reading it is: answers to an earlier one mean nothing.
    tag: u32,
}

impl Reading {
    /// Begins anew: what to ask.
    pub(crate) fn begin(&mut self) -> [(u32, Request); 3] {
        *self = Self {
            tag: self.tag.wrapping_add(1),
            ..Self::default()
        };
        let requests = [Request::Today, Request::Motions, question(None)];
        requests.map(|request| (self.tag, request))
    }

    /// Takes an answer, and returns what to ask next.
    pub(crate) fn take(&mut self, tag: u32, answer: &Answer) -> Option<(u32, Request)> {
        match answer {
            _ if tag != self.tag => None,
            Answer::Today(today) => {
                self.today = Some((**today).clone());
                None
            }
            Answer::Motions { motions, .. } => {
                self.motions = Some(motions.clone());
                None
            }
            Answer::Documents { items, next, .. } => {
                self.documents.extend_from_slice(items);
                let next = next.as_ref().filter(|_| self.documents.len() < READ_MAX);
                self.is_whole = next.is_none();
                next.map(|next| (tag, question(Some(next.clone()))))
            }
            _ => None,
        }
    }

    /// The digest of the day so many days ago, once all of it was read.
    pub(crate) fn day(&self, back: u32, context: &Context<'_>) -> Option<Day> {
        let today = self.today.as_ref().filter(|_| self.is_whole)?;
        let motions = waiting_motions(self.motions.as_ref()?, context).into_iter();
        let date = date(back, context);
        let bounds = digest::bounds(date, &context.clock.zone);
        Some(match back {
            0 => {
                let motions = motions.cloned().collect();
                let (day, documents) = (date.to_string(), &self.documents);
                Day::of(day, bounds, today.clone(), motions, documents)
            }
            _ => Day::of_past(date.to_string(), bounds, &self.documents),
        })
    }
}

fn question(after: Option<String>) -> Request {
    Request::List(ListQuery {
        order: ListOrder::Changed,
        limit: Some(PAGE),
        after,
        ..ListQuery::default()
    })
}

/// The day so many days ago.
pub(crate) fn date(back: u32, context: &Context<'_>) -> Date {
    let today = digest::day(context.clock.now_ms, &context.clock.zone);
    today.checked_sub(i64::from(back).days()).unwrap_or(today)
}

/// What the day is called.
pub(crate) fn title(back: u32, context: &Context<'_>) -> String {
    let (words, clock) = (context.words, context.clock);
    let (from_ms, _) = digest::bounds(date(back, context), &clock.zone);
    let day = clock.exact_day(words, from_ms);
    words.with("paper-digest", &[("day", day.into())])
}

/// The parts of a digest in their order, each with the name of its words. A document stands in the
/// first that it belongs to.
pub(crate) fn parts(day: &Day) -> Vec<(&'static str, Vec<&DocumentView>)> {
    let waiting = day.waiting.iter().map(|waiting| &waiting.document);
    let parts: [(&str, Vec<&DocumentView>); 5] = [
        (WAITING, waiting.collect()),
        ("digest-notices", day.notices.iter().collect()),
        ("paper-news", day.news.iter().collect()),
        ("paper-requests", day.requests.iter().collect()),
        ("tab-plans", day.plans.iter().collect()),
    ];
    let mut told = BTreeSet::new();
    let parts = parts.into_iter().map(|(key, mut views)| {
        views.retain(|view| told.insert(view.id));
        (key, views)
    });
    parts.collect()
}

/// What an item of the page is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Item {
    /// A line above a part; the name of its words.
    Heading(&'static str),
    /// A document of a part.
    Document(&'static str, DocumentId),
    /// A motion that waits for the own household.
    Motion(EntryId),
}

/// The page.
#[derive(Debug, Default)]
pub struct Digest {
    read: Reading,
    /// How many days ago.
    back: u32,
    day: Option<Day>,
    items: Vec<Item>,
    state: ListState<Item>,
    failure: Option<String>,
    area: Rect,
}

impl Digest {
    /// Makes the page of the present day.
    pub fn new() -> Self {
        Self::default()
    }

    fn read(&mut self) -> Step {
        let questions = self.read.begin().into_iter();
        questions.fold(Step::stay(), |step, (tag, request)| step.ask(tag, request))
    }

    /// Puts the day together, once it was read.
    fn arrange(&mut self, context: &Context<'_>) {
        let Some(day) = self.read.day(self.back, context) else {
            return;
        };
        self.failure = None;
        self.items.clear();
        for (key, views) in parts(&day) {
            let motions = match key {
                WAITING => &day.motions[..],
                _ => &[],
            };
            if !views.is_empty() || !motions.is_empty() {
                self.items.push(Item::Heading(key));
            }
            let views = views.into_iter();
            self.items
                .extend(views.map(|view| Item::Document(key, view.id)));
            self.items
                .extend(motions.iter().map(|motion| Item::Motion(motion.id)));
        }
        self.day = Some(day);
        let stands = self
            .state
            .selected()
            .is_some_and(|item| self.items.contains(item));
        if !stands {
            self.state.select_first(&self.items);
        }
        self.step_by(0);
    }

    /// Goes so many days back, or on.
    fn go(&mut self, back: Option<u32>, context: &Context<'_>) -> Step {
        match back.filter(|back| *back <= DAYS_MAX) {
            Some(back) => {
                self.back = back;
                self.state = ListState::default();
                self.arrange(context);
                Step::stay()
            }
            None => Step::stay().remark(context.words.text("digest-no-further")),
        }
    }

    fn step_by(&mut self, places: isize) {
        let is_heading = |item: &Item| matches!(item, Item::Heading(_));
        self.state.select_over(&self.items, places, is_heading);
    }

    fn view(&self, item: Item) -> Option<&DocumentView> {
        let Item::Document(part, id) = item else {
            return None;
        };
        let parts = parts(self.day.as_ref()?);
        let (_, views) = parts.into_iter().find(|(key, _)| *key == part)?;
        views.into_iter().find(|view| view.id == id)
    }

    fn motions(&self) -> &[MotionView] {
        self.day.as_ref().map_or(&[], |day| &day.motions)
    }

    fn open(&self) -> Step {
        let selected = self.state.selected().copied();
        if let Some(Item::Motion(id)) = selected {
            return Step::open(Motion::new(id, self.motions().to_vec()));
        }
        match selected.and_then(|item| self.view(item)) {
            Some(view) => Step::open(Reader::new(view.clone())),
            None => Step::stay(),
        }
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Step {
        match action {
            Action::Open => return self.open(),
            Action::Left => return self.go(self.back.checked_add(1), context),
            Action::Right => return self.go(self.back.checked_sub(1), context),
            Action::Print => {
                let what = Printed::Digest(date(self.back, context));
                return Step::open(Keep::new(Keeping::Print(what)));
            }
            Action::Up => self.step_by(-1),
            Action::Down => self.step_by(1),
            Action::First => {
                self.state.select_first(&self.items);
                self.step_by(0);
            }
            Action::Last => self.state.select_last(&self.items),
            Action::PageUp | Action::PageDown => {
                let (area, look) = (self.area, context.look());
                let mut state = self.state.clone();
                let down = action == Action::PageDown;
                self.with_list(context, |list| list.page(&mut state, down, area, look));
                self.state = state;
                self.step_by(0);
            }
            _ => return Step::ignored(),
        }
        Step::stay()
    }

    fn with_list(&self, context: &Context<'_>, work: impl FnOnce(&List<'_, Item>)) {
        let (words, theme, look) = (context.words, context.theme, context.look());
        let waiting = self.day.as_ref().map_or(&[][..], |day| &day.waiting);
        let list = List {
            ids: &self.items,
            rows: &|place, _| match self.items[place] {
                Item::Heading(_) => 1,
                Item::Document(..) | Item::Motion(_) => document_row::ROWS,
            },
            draw_item: &|place, area, buffer, selected| match self.items[place] {
                Item::Heading(key) => {
                    let text = format!(" {}", words.text(key));
                    cells::write(buffer, area, &text, theme.heading, look);
                }
                Item::Motion(id) => {
                    if let Some(motion) = told::find(self.motions(), id) {
                        draw_row(motion, area, buffer, selected, context);
                    }
                }
                item @ Item::Document(part, id) => {
                    if let Some(view) = self.view(item) {
                        let waits = part == WAITING;
                        let reason = waits.then(|| reasons(waiting, id, context));
                        document_row::draw(
                            view,
                            reason.as_deref(),
                            area,
                            buffer,
                            selected,
                            context,
                        );
                    }
                }
            },
            is_unread: &|_| false,
            marker: &|count| words.new_above(count),
            lines: &[],
            styles: list_styles(context),
        };
        work(&list);
    }
}

impl Screen for Digest {
    fn title(&self, context: &Context<'_>) -> String {
        title(self.back, context)
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        match input {
            Input::Shown
            | Input::Event(Event::Documents { .. } | Event::Roster | Event::Missed) => self.read(),
            Input::Action(action) => self.act(action, context),
            Input::Clicked(place) => match self.items.get(place as usize).copied() {
                Some(Item::Heading(_)) | None => Step::stay(),
                Some(item) if self.state.selected() == Some(&item) => self.open(),
                Some(item) => {
                    self.state.select(&self.items, &item);
                    Step::stay()
                }
            },
            Input::Answered { tag, outcome } => match outcome {
                Ok(answer) => match self.read.take(tag, answer) {
                    Some((tag, request)) => Step::stay().ask(tag, request),
                    None => {
                        self.arrange(context);
                        Step::stay()
                    }
                },
                Err(Failure::Refused(refusal)) => {
                    self.failure = Some(refusal.message.clone());
                    Step::stay()
                }
                Err(Failure::Unreachable) => Step::stay(),
            },
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        let (words, theme, look) = (context.words, context.theme, context.look());
        canvas.fill(area, theme.text);
        let line = Rect { height: 1, ..area };
        let title = format!(" {}", title(self.back, context));
        let title = truncate(&title, usize::from(line.width), look.ambiguous);
        canvas.line(line, &title, theme.important, look);
        self.area = Rect {
            y: area.y + 1,
            height: area.height - 1,
            ..area
        };
        if self.items.is_empty() {
            let text = match (&self.failure, &self.day) {
                (Some(failure), _) => failure.clone(),
                (None, None) => words.text("loading"),
                (None, Some(_)) if self.back > 0 => words.text("digest-nothing"),
                (None, Some(_)) => words.text("paper-nothing-new"),
            };
            return message::draw(canvas, self.area, &text, context);
        }
        let mut state = self.state.clone();
        let mut places = Vec::new();
        self.with_list(context, |list| {
            list.follow(&mut state, self.area, look);
            list.draw(&state, self.area, canvas.buffer, look);
            places = list.places(&state, self.area, look);
        });
        self.state = state;
        for (place, item) in places {
            let number = u32::try_from(place).unwrap_or(u32::MAX);
            canvas.click(item, Click::Place(number));
        }
    }
}
