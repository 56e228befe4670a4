//! A popup that lets one choose one of several things and hands its name to the screen below.

use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use crate::app::{Action, Binding, Canvas, Click, Context, Go, Input, Key, Layer, Screen, Step};
use crate::text::width::truncate;

const KEYS: &[Binding] = &[
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
];

/// The popup.
#[derive(Debug)]
pub struct Choose {
    title: &'static str,
    /// What is handed on, and what it is called.
    things: Vec<(String, String)>,
    selected: usize,
}

impl Choose {
    /// Lets one choose one of things, each with what is handed on and what it is called.
    pub fn new(title: &'static str, things: Vec<(String, String)>) -> Self {
        Self {
            title,
            things,
            selected: 0,
        }
    }

    fn chosen(&self) -> Step {
        match self.things.get(self.selected) {
            Some((thing, _)) => Step::go(Go::BackWith(thing.clone())),
            None => Step::go(Go::Back),
        }
    }
}

impl Screen for Choose {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text(self.title)
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn layer(&self) -> Layer {
        let rows = u16::try_from(self.things.len()).unwrap_or(u16::MAX);
        Layer::Popup {
            width: 56,
            height: rows.saturating_add(2),
        }
    }

    fn update(&mut self, input: Input<'_>, _context: &Context<'_>) -> Step {
        let last = self.things.len().saturating_sub(1);
        match input {
            Input::Action(Action::Up) => self.selected = self.selected.saturating_sub(1),
            Input::Action(Action::Down) => self.selected = (self.selected + 1).min(last),
            Input::Action(Action::Open) => return self.chosen(),
            Input::Clicked(place) => {
                self.selected = (place as usize).min(last);
                return self.chosen();
            }
            _ => return Step::ignored(),
        }
        Step::stay()
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        let (theme, look) = (context.theme, context.look());
        let shown = usize::from(area.height.max(1));
        let first = (self.selected + 1).saturating_sub(shown);
        let things = self.things.iter().enumerate().skip(first);
        for (row, (place, (_, name))) in (area.y..area.bottom()).zip(things) {
            let line = Rect {
                y: row,
                height: 1,
                ..area
            };
            let is_selected = place == self.selected;
            let style = if is_selected {
                theme.selected
            } else {
                theme.text
            };
            canvas.fill(line, style);
            let lead = if is_selected {
                theme.marks.selected
            } else {
                " "
            };
            let text = format!("{lead} {name}");
            let text = truncate(&text, usize::from(line.width), look.ambiguous);
            canvas.line(line, &text, style, look);
            canvas.click(line, Click::Place(u32::try_from(place).unwrap_or(u32::MAX)));
        }
    }
}
