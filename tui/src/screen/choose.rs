//! A popup that lets one choose one of several things and hands its name to the screen below.

use ratatui::layout::Rect;

use super::choices::{self, Choices, Chose};
use crate::app::{Binding, Canvas, Context, Go, Input, Layer, Screen, Step};

/// The popup.
#[derive(Debug)]
pub struct Choose {
    title: String,
    /// What is handed on, and what it is called.
    things: Vec<(String, String)>,
    choices: Choices,
}

impl Choose {
    /// Lets one choose one of things under a title, each with what is handed on and what it is called.
    pub fn new(title: String, things: Vec<(String, String)>) -> Self {
        Self {
            title,
            things,
            choices: Choices::default(),
        }
    }
}

impl Screen for Choose {
    fn title(&self, _context: &Context<'_>) -> String {
        self.title.clone()
    }

    fn keys(&self) -> &'static [Binding] {
        choices::KEYS
    }

    fn layer(&self) -> Layer {
        let rows = u16::try_from(self.things.len()).unwrap_or(u16::MAX);
        Layer::Popup {
            width: 56,
            height: rows.saturating_add(2),
        }
    }

    fn update(&mut self, input: Input<'_>, _context: &Context<'_>) -> Step {
        match self.choices.update(input, self.things.len()) {
            Chose::Nothing => Step::ignored(),
            Chose::Moved => Step::stay(),
            Chose::One(place) => Step::go(Go::BackWith(self.things[place].0.clone())),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        let names: Vec<String> = self.things.iter().map(|(_, name)| name.clone()).collect();
        self.choices.draw(canvas, area, &names, context);
    }
}
