//! A few words where nothing else is: what is empty, what failed, what is being read.

use ratatui::layout::Rect;

use crate::app::{Canvas, Context};
use crate::text::styled::StyledText;
use crate::text::width::Alignment;
use crate::widget::Paragraph;

/// Draws a text in the upper half of an area.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, text: &str, context: &Context<'_>) {
    let styled = StyledText::plain(text);
    let paragraph = Paragraph {
        style: context.theme.dim,
        alignment: Alignment::Centre,
        ..Paragraph::new(&styled)
    };
    let margin_x = (area.width / 10).min(4);
    let margin_y = area.height / 4;
    let place = Rect {
        x: area.x + margin_x,
        y: area.y + margin_y,
        width: area.width - 2 * margin_x,
        height: area.height - margin_y,
    };
    paragraph.draw(place, canvas.buffer, context.look());
}
