//! Draws a field that is being written in: label, counter, text, error. It deliberately returns
//! the cursor instead of setting it: input methods draw at the terminal's own cursor, so the
//! program sets that in every frame.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::Look;
use crate::text::{Editor, LineInput};

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
/// only the text is drawn; with two, the error takes the label's place.
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

impl Field<'_> {
    /// Returns where the text is drawn: the size that an [`Editor`] is told.
    pub fn text_area(&self, _area: Rect) -> Rect {
        todo!()
    }

    /// Draws the field and returns where the terminal's cursor belongs, if the field has the
    /// focus.
    pub fn draw(&self, _area: Rect, _buffer: &mut Buffer, _look: Look) -> Option<Position> {
        todo!()
    }
}
