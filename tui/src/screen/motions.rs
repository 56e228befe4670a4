//! Motions: dangerous acts that wait for co-signatures, and what became of those before them.

pub(crate) mod told;

use protocol::api::{Answer, Event, MotionView, Request, RosterView};
use protocol::id::EntryId;
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::acts::{self, Acts, Own, RosterAct};
use super::motion::Motion;
use super::{list_styles, message};
use crate::app::{Action, Binding, Canvas, Click, Context, Failure, Input, Key, Screen, Step};
use crate::text::styled::StyledText;
use crate::text::width::truncate;
use crate::widget::Paragraph;
use crate::widget::cells;
use crate::widget::list::{List, ListState};

const TAG_MOTIONS: u32 = 1;
const TAG_ROSTER: u32 = 2;

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
    Binding::new(&[Key::char('n')], Action::New, "do-move").hinted(),
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

/// The motions.
#[derive(Debug)]
pub struct Motions {
    motions: Option<Vec<MotionView>>,
    ids: Vec<EntryId>,
    roster: Option<RosterView>,
    state: ListState<EntryId>,
    failure: Option<String>,
    area: Rect,
}

impl Motions {
    /// Makes the screen.
    pub fn new() -> Self {
        Self {
            motions: None,
            ids: Vec::new(),
            roster: None,
            state: ListState::default(),
            failure: None,
            area: Rect::default(),
        }
    }

    fn read(&self) -> Step {
        Step::stay()
            .ask(TAG_MOTIONS, Request::Motions)
            .ask(TAG_ROSTER, Request::Roster)
    }

    fn take(&mut self, motions: &[MotionView]) {
        self.failure = None;
        self.ids = motions.iter().map(|motion| motion.id).collect();
        self.motions = Some(motions.to_vec());
        if self.state.selected().is_none() {
            self.state.select_first(&self.ids);
        }
    }

    fn open(&self) -> Step {
        let motions = self.motions.as_deref().unwrap_or_default();
        match self.state.selected() {
            Some(id) => Step::open(Motion::new(*id, motions.to_vec())),
            None => Step::stay(),
        }
    }

    /// Lets one choose what to move.
    fn begin(&self, context: &Context<'_>) -> Step {
        let roster = self.roster.as_ref();
        let acts = roster.map_or_else(Vec::new, |roster| to_make(roster, context));
        match acts.is_empty() {
            true => Step::stay().remark(context.words.text("may-not-move")),
            false => Step::open(Acts::of_roster("do-move", acts)),
        }
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Step {
        match action {
            Action::Up => self.state.select_by(&self.ids, -1),
            Action::Down => self.state.select_by(&self.ids, 1),
            Action::First => self.state.select_first(&self.ids),
            Action::Last => self.state.select_last(&self.ids),
            Action::PageUp | Action::PageDown => {
                let (area, look) = (self.area, context.look());
                let mut state = self.state.clone();
                let down = action == Action::PageDown;
                self.with_list(context, |list| list.page(&mut state, down, area, look));
                self.state = state;
            }
            Action::Left => return Step::stay().and_back(),
            Action::Open => return self.open(),
            Action::New => return self.begin(context),
            // It is open already.
            Action::Motions => {}
            _ => return Step::ignored(),
        }
        Step::stay()
    }

    fn with_list(&self, context: &Context<'_>, work: impl FnOnce(&List<'_, EntryId>)) {
        let motions = self.motions.as_deref().unwrap_or_default();
        let list = List {
            ids: &self.ids,
            rows: &|_, _| 2,
            draw_item: &|place, area, buffer, selected| {
                draw_row(&motions[place], area, buffer, selected, context);
            },
            is_unread: &|_| false,
            marker: &|_| String::new(),
            lines: &[],
            styles: list_styles(context),
        };
        work(&list);
    }

    /// Who decides, above the list.
    fn draw_governance(&self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) -> u16 {
        let Some(roster) = &self.roster else {
            return 0;
        };
        let said = told::governance(&roster.governance, context);
        let text = StyledText::new().with(&said, context.theme.dim);
        let place = Rect {
            x: area.x + 1,
            width: area.width - 2,
            ..area
        };
        let paragraph = Paragraph::new(&text);
        let rows = paragraph.rows(place.width, context.look());
        let rows = u16::try_from(rows).unwrap_or(u16::MAX).min(area.height / 3);
        let place = Rect {
            height: rows,
            ..place
        };
        paragraph.draw(place, canvas.buffer, context.look());
        rows
    }
}

/// What may be moved, or done by the founder while it decides alone.
pub(crate) fn to_make(roster: &RosterView, context: &Context<'_>) -> Vec<RosterAct> {
    match Own::of(roster, context) {
        Some(own) => acts::motions_to_make(&own),
        None => Vec::new(),
    }
}

/// A motion in two lines: what it asks, and how it stands or what the reader has to do.
pub(crate) fn draw_row(
    motion: &MotionView,
    area: Rect,
    buffer: &mut Buffer,
    selected: bool,
    context: &Context<'_>,
) {
    let (theme, look) = (context.theme, context.look());
    let ground = if selected { theme.selected } else { theme.text };
    cells::clear(buffer, area, ground);
    let next = told::next(motion, context);
    let (mark, style) = match (motion.state.as_str(), &next) {
        ("open", Some(_)) => (theme.marks.awaited, theme.awaited),
        ("open", None) => (theme.marks.waiting, theme.text),
        ("in-force", _) => (theme.marks.done, theme.good),
        _ => (theme.marks.failed, theme.over),
    };
    let style = if selected { ground } else { style };
    let lead = if selected { theme.marks.selected } else { " " };
    let text = format!("{lead}{mark} {}", told::asks(&motion.moved, context));
    let text = truncate(&text, usize::from(area.width), look.ambiguous);
    cells::write(buffer, Rect { height: 1, ..area }, &text, style, look);
    if area.height > 1 {
        let second = Rect {
            x: area.x + 3,
            y: area.y + 1,
            width: area.width.saturating_sub(4),
            height: 1,
        };
        let details = told::details(motion, context);
        let (text, style) = match next {
            Some(next) => {
                let between = theme.marks.between;
                (format!("{next} {between} {details}"), theme.awaited)
            }
            None => (details, theme.dim),
        };
        let style = if selected { ground } else { style };
        let text = truncate(&text, usize::from(second.width), look.ambiguous);
        cells::write(buffer, second, &text, style, look);
    }
}

impl Default for Motions {
    fn default() -> Self {
        Self::new()
    }
}

impl Screen for Motions {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text("motions-title")
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn shows_tabs(&self) -> bool {
        false
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        match input {
            Input::Shown | Input::Event(Event::Roster | Event::Missed) => self.read(),
            Input::Action(action) => self.act(action, context),
            Input::Clicked(place) => match self.ids.get(place as usize).copied() {
                Some(id) if self.state.selected() == Some(&id) => self.open(),
                Some(id) => {
                    self.state.select(&self.ids, &id);
                    Step::stay()
                }
                None => Step::stay(),
            },
            Input::Answered { outcome, .. } => {
                match outcome {
                    Ok(Answer::Motions { motions, .. }) => self.take(motions),
                    Ok(Answer::Roster(roster)) => self.roster = Some((**roster).clone()),
                    Err(Failure::Refused(refusal)) => self.failure = Some(refusal.message.clone()),
                    _ => {}
                }
                Step::stay()
            }
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        canvas.fill(area, context.theme.text);
        let used = self.draw_governance(canvas, area, context);
        let area = Rect {
            y: area.y + used,
            height: area.height - used,
            ..area
        };
        self.area = area;
        if self.ids.is_empty() {
            let text = match (&self.failure, &self.motions) {
                (Some(failure), _) => failure.clone(),
                (None, None) => context.words.text("loading"),
                (None, Some(_)) => context.words.text("motions-none"),
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
