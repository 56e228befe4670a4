//! Draws wrapped text with styles. It deliberately does not scroll by itself: the first line that
//! is shown is given.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Look, cells};
use crate::text::{Alignment, StyledText, glyphs, wrap};

/// A text to draw.
#[derive(Clone, Copy, Debug)]
pub struct Paragraph<'a> {
    /// What is drawn.
    pub text: &'a StyledText,
    /// Under the text's own styles.
    pub style: Style,
    /// How many rows are left out at the top.
    pub scroll_rows: usize,
    /// Where each line stands.
    pub alignment: Alignment,
}

impl<'a> Paragraph<'a> {
    /// Makes a paragraph at the left, from its first line.
    pub fn new(text: &'a StyledText) -> Self {
        Self {
            text,
            style: Style::new(),
            scroll_rows: 0,
            alignment: Alignment::Left,
        }
    }

    /// Returns how many rows the whole text takes in so many columns.
    pub fn rows(&self, columns: u16, look: Look) -> usize {
        let lines = wrap(self.text.text(), columns, look.ambiguous).len();
        if look.large { lines * 2 - 1 } else { lines }
    }

    /// Draws the lines that fit and returns how many the text has.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer, look: Look) -> usize {
        let lines = wrap(self.text.text(), area.width, look.ambiguous);
        let area = area.intersection(buffer.area);
        let step = if look.large { 2 } else { 1 };
        // In large type the first row may be the empty one below a line that is left out.
        let lines_left_out = self.scroll_rows.div_ceil(step);
        let rows_left_out = lines_left_out * step - self.scroll_rows;
        let rows = (area.top()..area.bottom())
            .skip(rows_left_out)
            .step_by(step);
        for (line, y) in lines.iter().skip(lines_left_out).zip(rows) {
            let row = Rect {
                y,
                height: 1,
                ..area
            };
            let free = usize::from(area.width).saturating_sub(line.columns);
            let free = u16::try_from(free).unwrap_or(0);
            let before = match self.alignment {
                Alignment::Left => 0,
                Alignment::Centre => free / 2,
                Alignment::Right => free,
            };
            let row = Rect {
                x: row.x + before.min(row.width),
                width: row.width.saturating_sub(before),
                ..row
            };
            draw_line(self.text, line.range.clone(), self.style, row, buffer, look);
        }
        lines.len()
    }
}

/// Draws a part of a text on an area's first row. A sign that is too wide for the whole row leaves
/// blanks.
pub(super) fn draw_line(
    text: &StyledText,
    range: Range<usize>,
    ground: Style,
    area: Rect,
    buffer: &mut Buffer,
    look: Look,
) {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    let mut position = area.as_position();
    for glyph in glyphs(&text.text()[range.clone()], look.ambiguous) {
        let style = text.style_at(range.start + glyph.range.start, ground);
        position.x += cells::write_glyph(buffer, position, area.right(), &glyph, style);
        if position.x == area.right() {
            break;
        }
    }
}

#[cfg(test)]
mod tests;
