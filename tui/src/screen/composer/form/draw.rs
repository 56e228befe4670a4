//! The form on screen.

use ratatui::layout::Rect;

use super::super::super::field_styles;
use super::super::entry::{Content, Entry};
use super::{Form, choice_text, field_label, placeholder};
use crate::app::{Canvas, Click, Context};
use crate::text::styled::StyledText;
use crate::text::width::{columns, truncate};
use crate::widget::Paragraph;
use crate::widget::field::{Field, Input as FieldInput};

/// Lines of a text of several lines at least, label and error left out.
const TEXT_LINES_MIN: u16 = 4;
/// Lines of how the author can be reached.
const CONTACT_LINES: u16 = 3;

impl Form {
    /// Lines of a field: label, content, error, and one free.
    fn height(entry: &Entry, area: Rect, only_text: bool, context: &Context<'_>) -> u16 {
        let (large, text_rows) = match context.look().large {
            true => (1, 2 * TEXT_LINES_MIN),
            false => (0, TEXT_LINES_MIN),
        };
        let content = match &entry.content {
            Content::Line(_) => 1 + large,
            Content::Choice { .. } => 0,
            Content::Text(_) if entry.is_confidential() => {
                let explanation = explanation(entry, context);
                CONTACT_LINES * (1 + large) + rows(explanation.as_ref(), area.width, context)
            }
            Content::Text(_) if only_text => area.height.saturating_sub(5).max(text_rows),
            Content::Text(_) => (area.height / 3).max(text_rows),
        };
        1 + content + u16::from(entry.error.is_some()) + large.max(u16::from(area.height > 18))
    }

    /// Draws the form; the field that has the focus is always on screen.
    pub fn draw(
        &mut self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        kind: &str,
        button: &str,
        failure: Option<&str>,
        context: &Context<'_>,
    ) {
        let margin = u16::from(area.width > 60) + 1;
        let area = Rect {
            x: area.x + margin,
            width: area.width - 2 * margin,
            ..area
        };
        let texts = self
            .entries
            .iter()
            .filter(|entry| matches!(entry.content, Content::Text(_)));
        let only_text = texts.count() == 1 && self.entries.len() <= 2;
        let heights: Vec<u16> = self
            .entries
            .iter()
            .map(|entry| Self::height(entry, area, only_text, context))
            .chain([2])
            .collect();
        let tops: Vec<u16> = heights
            .iter()
            .scan(0_u16, |top, height| {
                let own = *top;
                *top += height;
                Some(own)
            })
            .collect();
        let bottom = tops[self.focus] + heights[self.focus];
        self.scroll = self
            .scroll
            .min(tops[self.focus])
            .max(bottom.saturating_sub(area.height));
        for place in 0..heights.len() {
            let (top, height) = (tops[place], heights[place]);
            // A field that is cut at the top is left out; one at the bottom is cut.
            if top < self.scroll || top - self.scroll >= area.height {
                continue;
            }
            let y = area.y + top - self.scroll;
            let row = Rect {
                y,
                height: height.min(area.bottom() - y),
                ..area
            };
            canvas.click(row, Click::Place(u32::try_from(place).unwrap_or(u32::MAX)));
            let focused = place == self.focus;
            match self.entries.get_mut(place) {
                Some(entry) => draw_entry(canvas, row, kind, entry, focused, context),
                None => draw_button(canvas, row, button, failure, focused, context),
            }
        }
    }
}

fn draw_entry(
    canvas: &mut Canvas<'_>,
    area: Rect,
    kind: &str,
    entry: &mut Entry,
    focused: bool,
    context: &Context<'_>,
) {
    let (theme, look) = (context.theme, context.look());
    let own_name = field_label(kind, entry, context);
    let lead = if focused { theme.marks.selected } else { " " };
    let label = format!("{lead} {own_name}");
    let mut styles = field_styles(context);
    if focused {
        styles.label = theme.focus;
    }
    let explanation = explanation(entry, context);
    match &mut entry.content {
        Content::Choice { values, chosen } => {
            let label_style = styles.label;
            let shown = choice_text(entry.field.name, &values[*chosen], context);
            let used = canvas.line(area, &format!("{label}  "), label_style, look);
            let rest = Rect {
                x: area.x + used,
                width: area.width - used,
                height: 1,
                ..area
            };
            let text = match focused {
                true => format!("< {shown} >"),
                false => format!("  {shown}"),
            };
            let style = if focused { theme.selected } else { theme.text };
            canvas.line(rest, &text, style, look);
            if let Some(error) = &entry.error
                && area.height > 1
            {
                let line = Rect {
                    y: area.y + 1,
                    height: 1,
                    ..area
                };
                canvas.line(line, error, theme.bad, look);
            }
        }
        Content::Line(line) => {
            let field = Field {
                label: &label,
                input: FieldInput::Line(line),
                placeholder: placeholder(entry.field.name),
                error: entry.error.as_deref(),
                focused,
                styles,
            };
            let rows = Field::rows_of_line(entry.error.is_some(), look);
            let place = Rect {
                height: rows.min(area.height),
                ..area
            };
            let cursor = field.draw(place, canvas.buffer, look);
            canvas.cursor = cursor.or(canvas.cursor);
        }
        Content::Text(editor) => {
            let error_rows = u16::from(entry.error.is_some());
            let free = u16::from(look.large).max(u16::from(context.height > 21));
            let rows_below = rows(explanation.as_ref(), area.width, context);
            let place = Rect {
                height: area
                    .height
                    .saturating_sub(free + rows_below)
                    .max(2 + error_rows)
                    .min(area.height),
                ..area
            };
            let (columns, lines) = Field {
                label: &label,
                input: FieldInput::Text(editor),
                placeholder: "",
                error: entry.error.as_deref(),
                focused,
                styles,
            }
            .text_size(place, look);
            editor.resize(columns, lines, look.ambiguous);
            let field = Field {
                label: &label,
                input: FieldInput::Text(editor),
                placeholder: "",
                error: entry.error.as_deref(),
                focused,
                styles,
            };
            let cursor = field.draw(place, canvas.buffer, look);
            canvas.cursor = cursor.or(canvas.cursor);
            if let Some(explanation) = &explanation {
                let below = Rect {
                    y: place.bottom(),
                    height: rows_below.min(area.bottom() - place.bottom()),
                    ..area
                };
                Paragraph::new(explanation).draw(below, canvas.buffer, look);
            }
        }
    }
}

/// What is said under a field: who will read it, where that is not everyone. Only who asks for help
/// is asked such a thing, and hears there whom to call in an emergency.
fn explanation(entry: &Entry, context: &Context<'_>) -> Option<StyledText> {
    let (_, explained) = entry.confidence()?;
    let (words, theme) = (context.words, context.theme);
    let mut text = StyledText::new().with(&words.text(explained), theme.dim);
    if context.height > 21 && !entry.is_door() {
        let emergency = format!("\n{}", words.emergency(&context.settings.emergency_numbers));
        text = text.with(&emergency, theme.warning);
    }
    Some(text)
}

fn rows(text: Option<&StyledText>, columns: u16, context: &Context<'_>) -> u16 {
    let rows = text.map_or(0, |text| Paragraph::new(text).rows(columns, context.look()));
    u16::try_from(rows).unwrap_or(u16::MAX)
}

fn draw_button(
    canvas: &mut Canvas<'_>,
    area: Rect,
    label: &str,
    failure: Option<&str>,
    focused: bool,
    context: &Context<'_>,
) {
    let (theme, look) = (context.theme, context.look());
    let style = if focused { theme.selected } else { theme.focus };
    let line = Rect { height: 1, ..area };
    canvas.line(line, &format!("[ {label} ]"), style, look);
    if let Some(failure) = failure {
        let used = u16::try_from(columns(label, look.ambiguous) + 6).unwrap_or(area.width);
        let rest = match area.height > 1 {
            true => Rect {
                y: area.y + 1,
                height: 1,
                ..area
            },
            false => Rect {
                x: area.x + used.min(area.width),
                width: area.width.saturating_sub(used),
                height: 1,
                ..area
            },
        };
        let text = truncate(failure, usize::from(rest.width), look.ambiguous);
        canvas.line(rest, &text, theme.bad, look);
    }
}
