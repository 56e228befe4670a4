//! A text that is being written together with what was changed in it, to be taken back and done
//! again: what fields of one and of several lines have in common. A passphrase leaves no trace in
//! it. It deliberately knows no lines.

use super::change::Change;
use super::edit::Refusal;
use super::history::{History, Manner};
use super::motion;
use super::writing::{Done, Form, Writing};

/// A text, and how it came about.
#[derive(Clone)]
pub(super) struct Manuscript {
    pub writing: Writing,
    history: History,
}

impl Manuscript {
    /// Begins an empty one that holds so many Unicode scalar values.
    pub fn new(chars_max: usize, form: Form) -> Self {
        Self {
            writing: Writing::new(chars_max, form),
            history: History::default(),
        }
    }

    /// Inserts a character that was typed.
    pub fn type_char(&mut self, character: char) -> Result<Change, Refusal> {
        let cursor = self.writing.cursor;
        let done = self.writing.type_char(character)?;
        Ok(self.noted(done, Manner::Typing, cursor))
    }

    /// Inserts text of any origin.
    pub fn paste(&mut self, raw: &str) -> Result<Change, Refusal> {
        let cursor = self.writing.cursor;
        let done = self.writing.paste(raw)?;
        Ok(self.noted(done, Manner::Once, cursor))
    }

    /// Deletes from the cursor to another place.
    pub fn delete_to(&mut self, place: usize, manner: Manner) -> Option<Change> {
        let cursor = self.writing.cursor;
        let done = self.writing.delete_to(place)?;
        Some(self.noted(done, manner, cursor))
    }

    fn noted(&mut self, done: Done, manner: Manner, cursor_before: usize) -> Change {
        let change = done.change();
        if self.writing.form != Form::Secret {
            self.history.note(done, manner, cursor_before);
        }
        change
    }

    /// Puts the cursor elsewhere: what is written next is taken back by itself.
    pub fn move_to(&mut self, place: usize) {
        self.writing.cursor = place;
        self.history.seal();
    }

    /// Takes the latest group of changes back, and returns what that changed, in order.
    pub fn undo(&mut self) -> Option<Vec<Change>> {
        let (changes, cursor) = self.history.take_back()?;
        self.carry_out(&changes);
        self.writing.cursor = motion::snap(&self.writing.text, cursor);
        Some(changes)
    }

    /// Does again what was taken back last, and returns what that changed, in order.
    pub fn redo(&mut self) -> Option<Vec<Change>> {
        let changes = self.history.do_again()?;
        self.carry_out(&changes);
        Some(changes)
    }

    /// Carries changes out one after the other, beyond the limit if it was so before.
    fn carry_out(&mut self, changes: &[Change]) {
        let writing = &mut self.writing;
        for change in changes {
            let end = change.range.start + change.with.len();
            writing
                .text
                .replace_range(change.range.clone(), &change.with);
            writing.cursor = motion::snap(&writing.text, end);
        }
    }

    /// Carries what can be taken back over to the text after others' changes.
    pub fn carry_over(&mut self, theirs: &[Change]) {
        self.history.carry_over(theirs);
    }

    /// Lets what is there be where writing begins: taking back goes no further.
    pub fn forget_history(&mut self) {
        self.history = History::default();
    }
}
