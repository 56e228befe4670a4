//! Writes glyphs into cells: the only place that does. It deliberately knows no layout.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::Look;
use crate::text::Alignment;

/// Writes a text on one row, cut to an area's first row, and returns the columns it takes.
pub fn write(_buffer: &mut Buffer, _area: Rect, _text: &str, _style: Style, _look: Look) -> u16 {
    todo!()
}

/// Writes a text on one row, cut with an ellipsis and aligned in an area's first row.
pub fn label(
    _buffer: &mut Buffer,
    _area: Rect,
    _text: &str,
    _alignment: Alignment,
    _style: Style,
    _look: Look,
) {
    todo!()
}

/// Empties an area; a wide sign that its edge cuts goes as a whole.
pub fn clear(_buffer: &mut Buffer, _area: Rect, _style: Style) {
    todo!()
}

/// Writes one glyph if there is room before `right` and returns the columns it takes.
pub(crate) fn glyph_at(
    _buffer: &mut Buffer,
    _position: Position,
    _right: u16,
    _glyph: &crate::text::Glyph<'_>,
    _style: Style,
) -> u16 {
    todo!()
}
