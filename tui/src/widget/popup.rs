//! An area over others: empties it and draws its border. It deliberately does not know what is in
//! it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::Look;

/// A box with a title.
#[derive(Clone, Copy, Debug, Default)]
pub struct Popup<'a> {
    /// Stands in the upper border.
    pub title: &'a str,
    /// Of the whole area.
    pub ground: Style,
    /// Of border and title.
    pub border: Style,
}

impl Popup<'_> {
    /// Draws the box and returns the area inside. An area with less than three rows or columns
    /// has no border.
    pub fn draw(&self, _area: Rect, _buffer: &mut Buffer, _look: Look) -> Rect {
        todo!()
    }
}

/// Returns an area of this size, or as much of it as fits, in the middle of another.
pub fn centred(_within: Rect, _columns: u16, _rows: u16) -> Rect {
    todo!()
}
