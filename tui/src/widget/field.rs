//! Draws a field that is being written in: label, counter, text, error. It deliberately returns
//! the cursor instead of setting it: input methods draw at the terminal's own cursor, so the
//! program sets that in every frame.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::paragraph::draw_line;
use super::{Look, cells};
use crate::text::{Alignment, Editor, LineInput, StyledText};

/// What is written in.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// One line.
    Line(&'a LineInput),
    /// Several lines.
    Text(&'a Editor),
}

/// How the parts of a field look.
#[derive(Clone, Copy, Debug, Default)]
pub struct FieldStyles {
    /// Of the label.
    pub label: Style,
    /// Of the text.
    pub text: Style,
    /// Of what stands in an empty field.
    pub placeholder: Style,
    /// Of the counter.
    pub counter: Style,
    /// Of the error, and of the counter of a full field.
    pub error: Style,
    /// Of what others wrote meanwhile, over the text's style.
    pub fresh: Style,
}

/// A field to draw. Rows: label and counter; the text; the error when there is one. With one row
/// only the text is drawn; with two, the error takes the label's place. In large type an empty row
/// stands above the text, where there is room for all, and between the lines of the text.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// What is asked for.
    pub label: &'a str,
    /// What is written in.
    pub input: Input<'a>,
    /// What stands in an empty field.
    pub placeholder: &'a str,
    /// What is wrong.
    pub error: Option<&'a str>,
    /// Whether keys go to this field.
    pub focused: bool,
    /// Colours.
    pub styles: FieldStyles,
}

/// Where the parts of a field are.
struct Parts {
    label: Option<Rect>,
    text: Rect,
    error: Option<Rect>,
}

impl Field<'_> {
    /// Returns how many columns and lines of the text are shown: the size that an [`Editor`] is
    /// told.
    pub fn text_size(&self, area: Rect, look: Look) -> (u16, u16) {
        let text = self.parts(area, look).text;
        (text.width, lines_in(text.height, look))
    }

    /// Returns the rows that a field of one line wants.
    pub fn rows_of_line(has_error: bool, look: Look) -> u16 {
        2 + u16::from(look.large) + u16::from(has_error)
    }

    fn parts(&self, area: Rect, look: Look) -> Parts {
        let row = |y| Rect {
            y,
            height: 1,
            ..area
        };
        let has_error = self.error.is_some();
        if area.height < 2 {
            return Parts {
                label: None,
                text: area,
                error: None,
            };
        }
        if area.height == 2 {
            let head = Some(row(area.y));
            return Parts {
                label: head.filter(|_| !has_error),
                text: row(area.y + 1),
                error: head.filter(|_| has_error),
            };
        }
        let rows_below = u16::from(has_error);
        let rows_free = area.height - 2 - rows_below;
        let gap = u16::from(look.large).min(rows_free);
        let rows = match self.input {
            Input::Line(_) => 1,
            Input::Text(_) => 1 + rows_free - gap,
        };
        let text = Rect {
            y: area.y + 1 + gap,
            height: rows,
            ..area
        };
        Parts {
            label: Some(row(area.y)),
            text,
            error: has_error.then(|| row(text.bottom())),
        }
    }

    /// Draws the field and returns where the terminal's cursor belongs, if the field has the
    /// focus.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer, look: Look) -> Option<Position> {
        let area = area.intersection(buffer.area);
        if area.is_empty() {
            return None;
        }
        let parts = self.parts(area, look);
        if let Some(area) = parts.label {
            self.draw_head(area, buffer, look);
        }
        if let (Some(area), Some(error)) = (parts.error, self.error) {
            let style = self.styles.error;
            cells::label(buffer, area, error, Alignment::Left, style, look);
        }
        buffer.set_style(parts.text, self.styles.text);
        let cursor = match self.input {
            Input::Line(line) => self.draw_line(line, parts.text, buffer, look),
            Input::Text(editor) => self.draw_text(editor, parts.text, buffer, look),
        };
        let is_empty = match self.input {
            Input::Line(line) => line.is_empty(),
            Input::Text(editor) => editor.text().is_empty(),
        };
        if is_empty {
            let style = self.styles.text.patch(self.styles.placeholder);
            let text = self.placeholder;
            cells::label(buffer, parts.text, text, Alignment::Left, style, look);
        }
        self.focused.then_some(cursor)
    }

    /// The counter of a passphrase would tell its length.
    fn draw_head(&self, area: Rect, buffer: &mut Buffer, look: Look) {
        let (chars, chars_max) = match self.input {
            Input::Line(line) => (line.chars(), line.chars_max()),
            Input::Text(editor) => (editor.chars(), editor.chars_max()),
        };
        let is_masked = matches!(self.input, Input::Line(line) if line.is_masked());
        let counter = format!("{chars}/{chars_max}");
        let counter_columns = u16::try_from(counter.len()).unwrap_or(u16::MAX);
        // The label comes first where there is no room for both.
        let has_counter = !is_masked && area.width >= counter_columns.saturating_add(4);
        let mut label_area = area;
        if has_counter {
            let style = if chars >= chars_max {
                self.styles.error
            } else {
                self.styles.counter
            };
            cells::label(buffer, area, &counter, Alignment::Right, style, look);
            label_area.width = area.width - counter_columns - 1;
        }
        let style = self.styles.label;
        cells::label(buffer, label_area, self.label, Alignment::Left, style, look);
    }

    fn draw_line(&self, line: &LineInput, area: Rect, buffer: &mut Buffer, look: Look) -> Position {
        let view = line.view(area.width, look.ambiguous);
        cells::write(buffer, area, &view.text, self.styles.text, look);
        Position {
            x: area.x + view.cursor_column,
            y: area.y,
        }
    }

    fn draw_text(&self, editor: &Editor, area: Rect, buffer: &mut Buffer, look: Look) -> Position {
        let lines = lines_in(area.height, look);
        let view = editor.view(area.width, lines, look.ambiguous);
        let mut text = StyledText::plain(editor.text());
        for range in editor.fresh() {
            text.highlight(range.clone(), self.styles.fresh);
        }
        for (line, y) in view
            .lines
            .iter()
            .skip(view.top)
            .zip((area.top()..area.bottom()).step_by(usize::from(step(look))))
        {
            let row = Rect {
                y,
                height: 1,
                ..area
            };
            let range = line.range.clone();
            draw_line(&text, range, self.styles.text, row, buffer, look);
        }
        Position {
            x: area.x + view.cursor_column,
            y: area.y + view.cursor_row * step(look),
        }
    }
}

/// Rows from one line of the text to the next.
fn step(look: Look) -> u16 {
    1 + u16::from(look.large)
}

fn lines_in(rows: u16, look: Look) -> u16 {
    rows.div_ceil(step(look))
}

#[cfg(test)]
mod tests;
