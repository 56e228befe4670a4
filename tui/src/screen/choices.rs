//! Lines of which one is chosen: what every popup with a list shares. It knows nothing of what the
//! lines stand for.

use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use crate::app::{Action, Binding, Canvas, Click, Context, Input, Key};
use crate::text::width::truncate;

/// The keys of a list to choose from.
pub(super) const KEYS: &[Binding] = &[
    Binding::new(
        &[
            Key::code(KeyCode::Enter),
            Key::code(KeyCode::Right),
            Key::char('l'),
        ],
        Action::Open,
        "do-choose",
    )
    .hinted(),
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

/// What an input came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chose {
    /// It is none of a list's.
    Nothing,
    /// Another line may be selected.
    Moved,
    /// The line at this place was chosen.
    One(usize),
}

/// Which line is selected.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Choices {
    selected: usize,
    /// Lines that were shown last.
    shown: usize,
}

impl Choices {
    /// Takes an input for a list of so many lines.
    pub(super) fn update(&mut self, input: Input<'_>, count: usize) -> Chose {
        let last = count.saturating_sub(1);
        let page = self.shown.saturating_sub(1).max(1);
        self.selected = match input {
            Input::Action(Action::Up) => self.selected.saturating_sub(1),
            Input::Action(Action::Down) => self.selected + 1,
            Input::Action(Action::PageUp) => self.selected.saturating_sub(page),
            Input::Action(Action::PageDown) => self.selected + page,
            Input::Action(Action::First) => 0,
            Input::Action(Action::Last) => last,
            Input::Action(Action::Open) if count > 0 => return Chose::One(self.selected.min(last)),
            Input::Clicked(place) if count > 0 => {
                self.selected = (place as usize).min(last);
                return Chose::One(self.selected);
            }
            _ => return Chose::Nothing,
        }
        .min(last);
        Chose::Moved
    }

    /// Draws the lines from the first one that is needed to have the selected one on screen.
    pub(super) fn draw(
        &mut self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        names: &[String],
        context: &Context<'_>,
    ) {
        let (theme, look) = (context.theme, context.look());
        self.shown = usize::from(area.height.max(1));
        let first = (self.selected + 1).saturating_sub(self.shown);
        let names = names.iter().enumerate().skip(first);
        for (row, (place, name)) in (area.y..area.bottom()).zip(names) {
            let line = Rect {
                y: row,
                height: 1,
                ..area
            };
            let (style, lead) = match place == self.selected {
                true => (theme.selected, theme.marks.selected),
                false => (theme.text, " "),
            };
            canvas.fill(line, style);
            let text = format!("{lead} {name}");
            let text = truncate(&text, usize::from(line.width), look.ambiguous);
            canvas.line(line, &text, style, look);
            canvas.click(line, Click::Place(u32::try_from(place).unwrap_or(u32::MAX)));
        }
    }
}
