//! Who has acknowledged a notice, and who has not: totals for everybody, names for those who go and
//! knock. Here it is also noted that a household signed on paper, or said so through somebody.

mod told;

use protocol::api::{self, Answer, Event, Request};
use protocol::id::DocumentId;
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

pub(crate) use told::{Household, Row, hindrance, noted, rows, way_said, ways};
use told::{choices, chosen};

use super::choose::Choose;
use super::keeping::Keep;
use super::keeping::course::Keeping;
use super::{list_styles, message, scrolled};
use crate::app::{Action, Binding, Canvas, Click, Context, Failure, Input, Key, Screen, Step};
use crate::host::Printed;
use crate::text::styled::StyledText;
use crate::text::width::truncate;
use crate::widget::Paragraph;
use crate::widget::cells;
use crate::widget::list::{List, ListState};

const TAG_READ: u32 = 1;
const TAG_NOTED: u32 = 2;

const KEYS: &[Binding] = &[
    Binding::new(
        &[Key::code(KeyCode::Enter), Key::char('a')],
        Action::Open,
        "do-note-acknowledgement",
    )
    .hinted(),
    Binding::new(&[Key::char('p')], Action::Print, "do-print").hinted(),
    scrolled::KEYS[0],
    scrolled::KEYS[1],
    scrolled::KEYS[2],
    scrolled::KEYS[3],
    scrolled::KEYS[4],
    scrolled::KEYS[5],
    scrolled::KEYS[6],
];

/// What an item of the list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item {
    /// A line above a part; the name of its words.
    Heading(&'static str),
    /// A household that has not acknowledged the notice.
    Outstanding(Household),
    /// One that has.
    Given(Household),
}

/// The page.
#[derive(Debug)]
pub struct Acknowledgements {
    notice: DocumentId,
    told: Option<Box<api::Acknowledgements>>,
    rows: Vec<Row>,
    items: Vec<Item>,
    state: ListState<Item>,
    /// For whom something is to be noted.
    noting: Option<Household>,
    failure: Option<String>,
    area: Rect,
}

impl Acknowledgements {
    /// Makes the page of a notice.
    pub fn new(notice: DocumentId) -> Self {
        Self {
            notice,
            told: None,
            rows: Vec::new(),
            items: Vec::new(),
            state: ListState::default(),
            noting: None,
            failure: None,
            area: Rect::default(),
        }
    }

    fn read(&self) -> Step {
        let document = self.notice;
        Step::stay().ask(TAG_READ, Request::Acknowledgements { document })
    }

    fn take(&mut self, told: &api::Acknowledgements, context: &Context<'_>) {
        self.failure = None;
        self.told = Some(Box::new(told.clone()));
        self.rows = rows(told, context);
        let mut items = Vec::new();
        for (has_acknowledged, heading) in [
            (false, "acknowledgements-outstanding"),
            (true, "acknowledgements-given"),
        ] {
            let rows = self.rows.iter();
            let rows = rows.filter(|row| row.has_acknowledged == has_acknowledged);
            let mut households = rows.map(|row| match has_acknowledged {
                true => Item::Given(row.household),
                false => Item::Outstanding(row.household),
            });
            if let Some(first) = households.next() {
                items.extend([Item::Heading(heading), first]);
            }
            items.extend(households);
        }
        self.items = items;
        if self.state.selected().is_none() {
            self.state.select_first(&self.items);
        }
        // A household that has just acknowledged it stands elsewhere: its neighbour is selected.
        self.step_by(0);
    }

    fn row(&self, item: Item) -> Option<&Row> {
        let (Item::Outstanding(household) | Item::Given(household)) = item else {
            return None;
        };
        self.rows.iter().find(|row| row.household == household)
    }

    fn step_by(&mut self, places: isize) {
        let is_heading = |item: &Item| matches!(item, Item::Heading(_));
        self.state.select_over(&self.items, places, is_heading);
    }

    /// Asks in which way the selected household acknowledged the notice.
    fn note(&mut self, context: &Context<'_>) -> Step {
        match self.state.selected() {
            Some(Item::Outstanding(household)) => {
                let Some(told) = &self.told else {
                    return Step::stay();
                };
                if let Some(hindrance) = hindrance(told, *household, context) {
                    return Step::stay().remark(hindrance);
                }
                self.noting = Some(*household);
                let words = context.words;
                let row = self.rows.iter().find(|row| row.household == *household);
                let name = row.map_or_else(String::new, |row| row.name.clone());
                let title = words.with("note-title", &[("name", name.into())]);
                Step::open(Choose::new(title, choices(told, context)))
            }
            Some(Item::Given(_)) => Step::stay().remark(context.words.text("note-given")),
            Some(Item::Heading(_)) | None => Step::stay(),
        }
    }

    fn chosen(&mut self, way: &str, context: &Context<'_>) -> Step {
        let household = self.noting.take();
        let Some((told, household)) = self.told.as_ref().zip(household) else {
            return Step::stay();
        };
        let Some(way) = chosen(told, way) else {
            return Step::stay();
        };
        match noted(told, self.notice, household, way, context) {
            Ok(request) => Step::stay().ask(TAG_NOTED, request),
            Err(remark) => Step::stay().remark(remark),
        }
    }

    fn print(&self) -> Step {
        match self.told.as_ref().is_some_and(|told| told.named) {
            true => Step::open(Keep::new(Keeping::Print(Printed::Outstanding(self.notice)))),
            false => Step::stay(),
        }
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Step {
        match action {
            Action::Open => return self.note(context),
            Action::Print => return self.print(),
            Action::Left => return Step::stay().and_back(),
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
        let list = List {
            ids: &self.items,
            rows: &|place, _| match self.items[place] {
                Item::Heading(_) | Item::Outstanding(Household::Member(_)) => 1,
                Item::Outstanding(Household::Recorded(_)) | Item::Given(_) => 2,
            },
            draw_item: &|place, area, buffer, selected| {
                self.draw_item(self.items[place], area, buffer, selected, context);
            },
            is_unread: &|_| false,
            marker: &|count| context.words.new_above(count),
            lines: &[],
            styles: list_styles(context),
        };
        work(&list);
    }

    fn draw_item(
        &self,
        item: Item,
        area: Rect,
        buffer: &mut Buffer,
        selected: bool,
        context: &Context<'_>,
    ) {
        let (words, theme, look) = (context.words, context.theme, context.look());
        let (mark, said, below, style) = match item {
            Item::Heading(key) => (" ", words.text(key), "", theme.heading),
            Item::Outstanding(_) | Item::Given(_) => {
                let Some(row) = self.row(item) else {
                    return;
                };
                let mark = match row.has_acknowledged {
                    true => theme.marks.done,
                    false => theme.marks.waiting,
                };
                (mark, row.name.clone(), row.more.as_str(), theme.text)
            }
        };
        let (lead, style) = match (selected, item) {
            (true, _) => (theme.marks.selected, theme.selected),
            (false, _) => (" ", style),
        };
        cells::clear(buffer, area, style);
        let text = match item {
            Item::Heading(_) => format!(" {said}"),
            _ => format!("{lead}{mark} {said}"),
        };
        let below = format!("   {below}");
        let lines = [
            (text, style),
            (below, if selected { style } else { theme.dim }),
        ];
        for (y, (text, style)) in (area.y..area.bottom()).zip(lines) {
            let line = Rect {
                y,
                height: 1,
                ..area
            };
            let text = truncate(&text, usize::from(area.width), look.ambiguous);
            cells::write(buffer, line, &text, style, look);
        }
    }
}

impl Screen for Acknowledgements {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text("acknowledgements-title")
    }

    fn keys(&self) -> &'static [Binding] {
        // Who is told no names has nothing to note and no list to print.
        match self.told.as_ref().is_none_or(|told| told.named) {
            true => KEYS,
            false => &scrolled::KEYS,
        }
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        match input {
            Input::Shown
            | Input::Event(Event::Documents { .. } | Event::Roster | Event::Missed) => self.read(),
            Input::Action(action) => self.act(action, context),
            Input::Chosen(way) => self.chosen(way, context),
            Input::Clicked(place) => match self.items.get(place as usize).copied() {
                Some(Item::Heading(_)) | None => Step::stay(),
                Some(item) if self.state.selected() == Some(&item) => self.note(context),
                Some(item) => {
                    self.state.select(&self.items, &item);
                    Step::stay()
                }
            },
            Input::Answered { tag, outcome } => match outcome {
                Ok(Answer::Acknowledgements(told)) => {
                    self.take(told, context);
                    Step::stay()
                }
                Ok(_) if tag == TAG_NOTED => self.read().remark(context.words.text("noted")),
                Err(Failure::Refused(refusal)) if tag == TAG_NOTED => {
                    Step::stay().remark(refusal.message.clone())
                }
                Err(Failure::Refused(refusal)) => {
                    self.failure = Some(refusal.message.clone());
                    Step::stay()
                }
                _ => Step::stay(),
            },
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        let (words, theme, look) = (context.words, context.theme, context.look());
        canvas.fill(area, theme.text);
        let Some(told) = &self.told else {
            let failure = self.failure.clone();
            let text = failure.unwrap_or_else(|| words.text("loading"));
            return message::draw(canvas, area, &text, context);
        };
        let mut said = StyledText::new().with(&words.acknowledged(told), theme.text);
        if let Some(beside) = words.acknowledged_beside(told) {
            said = said.with(&format!("\n{beside}"), theme.dim);
        }
        let above = Rect {
            x: area.x + 1,
            width: area.width.saturating_sub(2),
            ..area
        };
        let rows = Paragraph::new(&said).rows(above.width, look);
        let rows = u16::try_from(rows).unwrap_or(u16::MAX).min(area.height / 2);
        Paragraph::new(&said).draw(
            Rect {
                height: rows,
                ..above
            },
            canvas.buffer,
            look,
        );
        self.area = Rect {
            y: area.y + rows,
            height: area.height - rows,
            ..area
        };
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
