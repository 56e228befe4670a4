//! The state of a field of several lines: text, cursor, history, and merging with what others
//! wrote meanwhile. It deliberately draws nothing and sends nothing.

use std::ops::Range;

use super::edit::{Edit, Outcome};
use super::width::AmbiguousWidth;
use super::wrap::WrappedLine;

/// A text of several lines that is being written.
#[derive(Clone, Debug)]
pub struct Editor {
    text: String,
    base: String,
    fresh: Vec<Range<usize>>,
    cursor: usize,
    chars_max: usize,
    columns: u16,
    rows: u16,
    ambiguous: AmbiguousWidth,
}

/// The part of a text that fits into a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditorView {
    /// All lines of the text.
    pub lines: Vec<WrappedLine>,
    /// The first line that is shown.
    pub top: usize,
    /// Where the cursor stands in the field.
    pub cursor_column: u16,
    /// Where the cursor stands in the field.
    pub cursor_row: u16,
}

impl Editor {
    /// Makes a field that holds so many Unicode scalar values, with the newest text that is known
    /// of everybody's; the cursor is at the start.
    pub fn new(_text: &str, _chars_max: usize) -> Self {
        todo!()
    }

    /// Tells the size of the field; lines are broken one column earlier, so that the cursor fits
    /// behind a full line.
    pub fn resize(&mut self, _columns: u16, _rows: u16, _ambiguous: AmbiguousWidth) {
        todo!()
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the newest text of everybody's that the text is based on.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Tells whether the text differs from its base.
    pub fn is_changed(&self) -> bool {
        self.text != self.base
    }

    /// Returns the cursor's place in bytes.
    pub fn cursor(&self) -> usize {
        self.cursor
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

    /// Takes over a newer text of everybody's: what others changed since the base is changed here
    /// too, what was written here stays, and the cursor stays between the characters between
    /// which it stood. Returns the bytes that others wrote, for highlighting; they are also kept
    /// as [`Self::fresh`]. The text may come out longer than the field holds: then only what
    /// shortens it is accepted.
    pub fn merge_remote(&mut self, _newer: &str) -> Vec<Range<usize>> {
        todo!()
    }

    /// Tells that the text as it stands is published: it is the base of what comes.
    pub fn published(&mut self) {
        self.base.clone_from(&self.text);
    }

    /// Returns the bytes that others wrote and nobody has changed here since.
    pub fn fresh(&self) -> &[Range<usize>] {
        &self.fresh
    }

    /// Forgets what others wrote: it has been seen.
    pub fn forget_fresh(&mut self) {
        self.fresh.clear();
    }

    /// Returns what is shown in a field of this size: always with the cursor in it.
    pub fn view(&self, _columns: u16, _rows: u16, _ambiguous: AmbiguousWidth) -> EditorView {
        todo!()
    }
}
