//! What a screen draws on: cells, the hardware cursor, and places that can be clicked.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use ratatui::style::Style;

use super::Action;
use crate::widget::{Look, cells};

/// What a click on a place means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Click {
    /// The same as a key.
    Action(Action),
    /// A place that the screen on top numbered itself.
    Place(u32),
}

/// One frame under way.
#[derive(Debug)]
pub struct Canvas<'a> {
    /// The cells.
    pub buffer: &'a mut Buffer,
    /// Where the hardware cursor stands: in the field that has the focus, nowhere else.
    pub cursor: Option<Position>,
    places: &'a mut Vec<(Rect, Click)>,
}

impl<'a> Canvas<'a> {
    /// Begins a frame. Places of the frame before are forgotten.
    pub fn new(buffer: &'a mut Buffer, places: &'a mut Vec<(Rect, Click)>) -> Self {
        places.clear();
        Self {
            buffer,
            cursor: None,
            places,
        }
    }

    /// Empties an area.
    pub fn fill(&mut self, area: Rect, style: Style) {
        cells::clear(self.buffer, area, style);
    }

    /// Writes a text on the first row of an area and returns the columns it takes.
    pub fn line(&mut self, area: Rect, text: &str, style: Style, look: Look) -> u16 {
        cells::write(self.buffer, area, text, style, look)
    }

    /// Makes a place clickable. Of two that overlap, the one named last counts.
    pub fn click(&mut self, area: Rect, click: Click) {
        self.places.push((area, click));
    }

    /// Hides what lies under a popup from clicks and takes its cursor away.
    pub fn cover(&mut self) {
        self.places.clear();
        self.cursor = None;
    }
}

/// Finds what a click at a position means.
pub fn clicked(places: &[(Rect, Click)], position: Position) -> Option<Click> {
    let hit = places
        .iter()
        .rev()
        .find(|(area, _)| area.contains(position));
    hit.map(|(_, click)| *click)
}
