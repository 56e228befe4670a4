//! Writes glyphs into cells: the only place that does. It deliberately knows no layout.

use std::num::NonZeroU16;

use ratatui::buffer::{Buffer, CellDiffOption, CellWidth};
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::Look;
use crate::text::{Alignment, Glyph, columns, glyphs, truncate};

/// How far left of an edge the sign may start that the edge cuts.
const GLYPH_COLUMNS_MAX: u16 = 8;

/// Writes a text on an area's first row, as much as fits, and returns the columns it takes.
pub fn write(buffer: &mut Buffer, area: Rect, text: &str, style: Style, look: Look) -> u16 {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return 0;
    }
    let mut position = area.as_position();
    for glyph in glyphs(text, look.ambiguous) {
        if glyph.columns > area.right() - position.x {
            break;
        }
        position.x += write_glyph(buffer, position, area.right(), &glyph, style);
    }
    position.x - area.x
}

/// Writes a text on an area's first row, cut with an ellipsis and aligned.
pub fn label(
    buffer: &mut Buffer,
    area: Rect,
    text: &str,
    alignment: Alignment,
    style: Style,
    look: Look,
) {
    let text = truncate(text, usize::from(area.width), look.ambiguous);
    let used = columns(&text, look.ambiguous);
    let used = u16::try_from(used).unwrap_or(u16::MAX);
    let free = area.width.saturating_sub(used);
    let before = match alignment {
        Alignment::Left => 0,
        Alignment::Centre => free / 2,
        Alignment::Right => free,
    };
    let area = Rect {
        x: area.x.saturating_add(before),
        width: area.width - before,
        ..area
    };
    write(buffer, area, &text, style, look);
}

/// Empties an area. A wide sign that its left edge cuts goes as a whole: else the terminal would
/// draw the rest of it over the area's first column. One that the right edge cuts goes as a whole
/// because its cells are.
pub fn clear(buffer: &mut Buffer, area: Rect, style: Style) {
    let area = area.intersection(buffer.area);
    for y in area.top()..area.bottom() {
        blank_cut(buffer, area.left(), y);
        blank_cut(buffer, area.right(), y);
        for x in area.left()..area.right() {
            buffer[(x, y)].reset();
            buffer[(x, y)].set_style(style);
        }
    }
}

/// Blanks the sign that an edge before column `x` cuts, and keeps its colours.
fn blank_cut(buffer: &mut Buffer, x: u16, y: u16) {
    let first = x.saturating_sub(GLYPH_COLUMNS_MAX).max(buffer.area.left());
    let cut = (first..x)
        .rev()
        .find(|start| buffer[(*start, y)].cell_width() > x - start);
    let Some(start) = cut else {
        return;
    };
    let right = start.saturating_add(buffer[(start, y)].cell_width());
    let style = buffer[(start, y)].style();
    for x in start..right.min(buffer.area.right()) {
        buffer[(x, y)].reset();
        buffer[(x, y)].set_style(style);
    }
}

/// Writes one glyph and returns the columns it takes. One that has no room before `right` leaves
/// blanks.
pub(crate) fn write_glyph(
    buffer: &mut Buffer,
    position: Position,
    right: u16,
    glyph: &Glyph<'_>,
    style: Style,
) -> u16 {
    let Position { x, y } = position;
    let room = right.saturating_sub(x);
    let columns = glyph.columns.min(room);
    for x in x..x + columns {
        let cell = &mut buffer[(x, y)];
        cell.reset();
        cell.set_style(style);
    }
    if columns == 0 || columns < glyph.columns || glyph.symbol == " " {
        return columns;
    }
    let cell = &mut buffer[(x, y)];
    cell.set_symbol(&glyph.symbol);
    // Ratatui takes ambiguous signs for narrow ones; where the terminal does not, it has to skip
    // the cell behind them.
    if cell.cell_width() != columns
        && let Some(columns) = NonZeroU16::new(columns)
    {
        cell.set_diff_option(CellDiffOption::ForcedWidth(columns));
    }
    columns
}

#[cfg(test)]
mod tests;
