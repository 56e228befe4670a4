//! An area over others: empties it and draws its border. It deliberately does not know what is in
//! it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Look, cells};
use crate::text::Alignment;

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
    pub fn draw(&self, area: Rect, buffer: &mut Buffer, look: Look) -> Rect {
        let area = area.intersection(buffer.area);
        cells::clear(buffer, area, self.ground);
        if area.width < 3 || area.height < 3 {
            return area;
        }
        self.draw_border(area, buffer, look);
        let title_area = Rect {
            x: area.x + 1,
            width: area.width - 2,
            height: 1,
            ..area
        };
        if !self.title.is_empty() && title_area.width >= 4 {
            let title = format!(" {} ", self.title);
            let style = self.ground.patch(self.border);
            cells::label(buffer, title_area, &title, Alignment::Left, style, look);
        }
        Rect {
            x: area.x + 1,
            y: area.y + 1,
            width: area.width - 2,
            height: area.height - 2,
        }
    }

    fn draw_border(&self, area: Rect, buffer: &mut Buffer, look: Look) {
        let [
            horizontal,
            vertical,
            upper_left,
            upper_right,
            lower_left,
            lower_right,
        ] = if look.draws_ascii() {
            ["-", "|", "+", "+", "+", "+"]
        } else {
            ["─", "│", "┌", "┐", "└", "┘"]
        };
        let style = self.ground.patch(self.border);
        let (left, right) = (area.left(), area.right() - 1);
        let (top, bottom) = (area.top(), area.bottom() - 1);
        let mut draw = |x, y, symbol| {
            let cell = Rect::new(x, y, 1, 1);
            cells::write(buffer, cell, symbol, style, look);
        };
        for x in left..=right {
            draw(x, top, horizontal);
            draw(x, bottom, horizontal);
        }
        for y in top..=bottom {
            draw(left, y, vertical);
            draw(right, y, vertical);
        }
        draw(left, top, upper_left);
        draw(right, top, upper_right);
        draw(left, bottom, lower_left);
        draw(right, bottom, lower_right);
    }
}

/// Returns an area of this size, or as much of it as fits, in the middle of another.
pub fn centred(within: Rect, columns: u16, rows: u16) -> Rect {
    let width = columns.min(within.width);
    let height = rows.min(within.height);
    Rect {
        x: within.x + (within.width - width) / 2,
        y: within.y + (within.height - height) / 2,
        width,
        height,
    }
}

#[cfg(test)]
mod tests;
