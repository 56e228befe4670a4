//! The state of a field of one line: text and cursor. It deliberately draws nothing and knows no
//! keys; how it is shown is [`crate::widget::field`]'s.

use std::fmt;

use super::edit::{Edit, Outcome};
use super::width::AmbiguousWidth;

/// A line that is being written.
#[derive(Clone)]
pub struct LineInput {
    text: String,
    cursor: usize,
    chars_max: usize,
    masked: bool,
}

/// The part of a line that fits into a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineView {
    /// What is drawn: stars for a passphrase.
    pub text: String,
    /// The column of the cursor in the field.
    pub cursor_column: u16,
    /// Whether there is more text at the left.
    pub more_left: bool,
    /// Whether there is more text at the right.
    pub more_right: bool,
}

impl LineInput {
    /// Makes an empty field that holds so many Unicode scalar values.
    pub fn new(chars_max: usize) -> Self {
        Self {
            text: String::new(),
            cursor: 0,
            chars_max,
            masked: false,
        }
    }

    /// Makes a field for a passphrase: it is never shown nor printed, kept as it is typed, and
    /// wiped from memory in the end.
    pub fn masked(chars_max: usize) -> Self {
        Self {
            text: String::with_capacity(chars_max.saturating_mul(4)),
            masked: true,
            ..Self::new(chars_max)
        }
    }

    /// Fills the field, cut to its length, with the cursor at the end.
    #[must_use]
    pub fn with_text(self, _text: &str) -> Self {
        todo!()
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Takes the text out and leaves the field empty. The caller wipes a passphrase.
    pub fn take(&mut self) -> String {
        self.cursor = 0;
        std::mem::take(&mut self.text)
    }

    /// Returns the cursor's place in bytes.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Tells whether the field is empty.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Tells whether this is a passphrase.
    pub fn is_masked(&self) -> bool {
        self.masked
    }

    /// Returns how many Unicode scalar values the text has.
    pub fn chars(&self) -> usize {
        self.text.chars().count()
    }

    /// Returns how many Unicode scalar values the field holds.
    pub fn chars_max(&self) -> usize {
        self.chars_max
    }

    /// Carries an edit out.
    pub fn apply(&mut self, _edit: Edit) -> Outcome {
        todo!()
    }

    /// Returns what is shown in a field of so many columns: always with the cursor in it.
    pub fn view(&self, _columns: u16, _ambiguous: AmbiguousWidth) -> LineView {
        todo!()
    }
}

impl fmt::Debug for LineInput {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = if self.masked { "(masked)" } else { &self.text };
        formatter
            .debug_struct("LineInput")
            .field("text", &text)
            .field("cursor", &self.cursor)
            .field("chars_max", &self.chars_max)
            .finish()
    }
}
