//! The state of a field of one line: text and cursor. It deliberately draws nothing and knows no
//! keys; how it is shown is [`crate::widget::field`]'s.

use std::fmt;

use super::change::Change;
use super::edit::{Edit, Outcome, Refusal};
use super::glyph::glyphs;
use super::history::Manner;
use super::manuscript::Manuscript;
use super::motion;
use super::width::AmbiguousWidth;
use super::writing::Form;

/// Stands for each grapheme cluster of a passphrase.
const MASK: &str = "*";

/// A line that is being written.
#[derive(Clone)]
pub struct LineInput {
    manuscript: Manuscript,
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
            manuscript: Manuscript::new(chars_max, Form::Line),
        }
    }

    /// Makes a field for a passphrase: it is never shown nor printed, kept as it is typed, and
    /// wiped from memory in the end.
    pub fn masked(chars_max: usize) -> Self {
        Self {
            manuscript: Manuscript::new(chars_max, Form::Secret),
        }
    }

    /// Fills the field, cut to its length, with the cursor at the end.
    #[must_use]
    pub fn with_text(mut self, text: &str) -> Self {
        let writing = &mut self.manuscript.writing;
        writing.text.clear();
        writing.cursor = 0;
        if let Err(Refusal::TooLong { .. }) = writing.paste(text) {
            let clean = protocol::text::Text::line(text, writing.chars_max);
            // It fits: cutting it is what made it.
            let _ = writing.paste(clean.as_str());
        }
        self.manuscript.forget_history();
        self
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.manuscript.writing.text
    }

    /// Takes the text out and leaves the field empty. The caller wipes a passphrase.
    pub fn take(&mut self) -> String {
        let empty = Manuscript::new(self.chars_max(), self.manuscript.writing.form);
        let mut full = std::mem::replace(&mut self.manuscript, empty);
        std::mem::take(&mut full.writing.text)
    }

    /// Returns the cursor's place in bytes.
    pub fn cursor(&self) -> usize {
        self.manuscript.writing.cursor
    }

    /// Tells whether the field is empty.
    pub fn is_empty(&self) -> bool {
        self.manuscript.writing.text.is_empty()
    }

    /// Tells whether this is a passphrase.
    pub fn is_masked(&self) -> bool {
        self.manuscript.writing.form == Form::Secret
    }

    /// Returns how many Unicode scalar values the text has.
    pub fn chars(&self) -> usize {
        self.manuscript.writing.chars()
    }

    /// Returns how many Unicode scalar values the field holds.
    pub fn chars_max(&self) -> usize {
        self.manuscript.writing.chars_max
    }

    /// Carries an edit out.
    pub fn apply(&mut self, edit: Edit) -> Outcome {
        let (text, cursor) = (
            &self.manuscript.writing.text,
            self.manuscript.writing.cursor,
        );
        let end = text.len();
        match edit {
            Edit::Insert('\n' | '\r') => Outcome::Ignored,
            Edit::Insert(character) => outcome(self.manuscript.type_char(character)),
            Edit::Paste(pasted) => outcome(self.manuscript.paste(&pasted)),
            Edit::Backspace => {
                self.delete_to(motion::before(text, cursor).unwrap_or(0), Manner::Deleting)
            }
            Edit::Delete => {
                self.delete_to(motion::after(text, cursor).unwrap_or(end), Manner::Deleting)
            }
            Edit::DeleteWordBefore => self.delete_to(self.word_start(), Manner::Once),
            Edit::DeleteWordAfter => self.delete_to(self.word_end(), Manner::Once),
            Edit::KillToStart => self.delete_to(0, Manner::Once),
            Edit::KillToEnd => self.delete_to(end, Manner::Once),
            Edit::Clear => {
                self.manuscript.writing.cursor = end;
                self.delete_to(0, Manner::Once)
            }
            Edit::Left => self.move_to(motion::before(text, cursor).unwrap_or(0)),
            Edit::Right => self.move_to(motion::after(text, cursor).unwrap_or(end)),
            Edit::WordLeft => self.move_to(self.word_start()),
            Edit::WordRight => self.move_to(self.word_end()),
            Edit::Home | Edit::Start => self.move_to(0),
            Edit::End | Edit::Finish => self.move_to(end),
            Edit::Undo => changed(self.manuscript.undo()),
            Edit::Redo => changed(self.manuscript.redo()),
            Edit::Up | Edit::Down | Edit::PageUp | Edit::PageDown => Outcome::Ignored,
        }
    }

    /// A passphrase is one word: where its words end is nobody's to see.
    fn word_start(&self) -> usize {
        if self.is_masked() {
            0
        } else {
            motion::word_start(
                &self.manuscript.writing.text,
                self.manuscript.writing.cursor,
            )
        }
    }

    fn word_end(&self) -> usize {
        if self.is_masked() {
            self.manuscript.writing.text.len()
        } else {
            motion::word_end(
                &self.manuscript.writing.text,
                self.manuscript.writing.cursor,
            )
        }
    }

    fn move_to(&mut self, place: usize) -> Outcome {
        let moved = self.cursor() != place;
        self.manuscript.move_to(place);
        if moved {
            Outcome::Moved
        } else {
            Outcome::Unchanged
        }
    }

    fn delete_to(&mut self, place: usize, manner: Manner) -> Outcome {
        changed(self.manuscript.delete_to(place, manner))
    }

    /// Returns what is shown in a field of so many columns: always with the cursor in it.
    ///
    /// A text that is too long is shown from a place that depends on the cursor alone and moves by
    /// half a field, so that drawing needs no memory.
    pub fn view(&self, columns: u16, ambiguous: AmbiguousWidth) -> LineView {
        let columns_max = usize::from(columns.max(1));
        let glyphs: Vec<(String, usize, usize)> = glyphs(&self.manuscript.writing.text, ambiguous)
            .map(|glyph| {
                if self.is_masked() {
                    (MASK.to_owned(), 1, glyph.range.end)
                } else {
                    let blank = glyph.symbol == " ";
                    let width = usize::from(glyph.columns);
                    let symbol = if blank {
                        " ".repeat(width)
                    } else {
                        glyph.symbol.into_owned()
                    };
                    (symbol, width, glyph.range.end)
                }
            })
            .collect();
        let cursor_column: usize = glyphs
            .iter()
            .take_while(|(_, _, end)| *end <= self.manuscript.writing.cursor)
            .map(|(_, width, _)| width)
            .sum();
        let half = (columns_max / 2).max(1);
        let start_column = if cursor_column < columns_max {
            0
        } else {
            ((cursor_column - columns_max) / half + 1) * half
        };
        let mut view = LineView {
            text: String::new(),
            cursor_column: 0,
            more_left: false,
            more_right: false,
        };
        let (mut column, mut drawn_from) = (0, None);
        for (symbol, width, _) in &glyphs {
            let from = *drawn_from.get_or_insert(column);
            if column < start_column {
                view.more_left = true;
                drawn_from = None;
            } else if column + width - from > columns_max {
                view.more_right = true;
                break;
            } else {
                view.text.push_str(symbol);
            }
            column += width;
        }
        let from = drawn_from.unwrap_or(column);
        let in_field = cursor_column.saturating_sub(from).min(columns_max - 1);
        view.cursor_column = u16::try_from(in_field).unwrap_or(u16::MAX);
        view
    }
}

fn outcome(result: Result<Change, Refusal>) -> Outcome {
    match result {
        Ok(_) => Outcome::Changed,
        Err(refusal) => Outcome::Refused(refusal),
    }
}

fn changed<T>(change: Option<T>) -> Outcome {
    match change {
        Some(_) => Outcome::Changed,
        None => Outcome::Unchanged,
    }
}

impl fmt::Debug for LineInput {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = if self.is_masked() {
            "(masked)"
        } else {
            self.text()
        };
        formatter
            .debug_struct("LineInput")
            .field("text", &text)
            .field("cursor", &self.cursor())
            .field("chars_max", &self.chars_max())
            .finish()
    }
}

#[cfg(test)]
pub(super) mod tests;
