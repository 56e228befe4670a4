//! What a person does to a text that is being written, and what comes of it. It deliberately
//! knows no keys: the key map turns them into edits.

/// One step of writing. A field of one line ignores what only makes sense on several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A character that was typed; a line feed starts a line.
    Insert(char),
    /// Text from the clipboard or an input method, of any origin.
    Paste(String),
    /// Deletes the grapheme cluster before the cursor.
    Backspace,
    /// Deletes the grapheme cluster after the cursor.
    Delete,
    /// Deletes from the cursor back to the start of a word.
    DeleteWordBefore,
    /// Deletes from the cursor to the end of a word.
    DeleteWordAfter,
    /// Deletes from the start of the line to the cursor.
    KillToStart,
    /// Deletes from the cursor to the end of the line, or the line end itself.
    KillToEnd,
    /// Deletes everything.
    Clear,
    /// One grapheme cluster back.
    Left,
    /// One grapheme cluster on.
    Right,
    /// To the start of this or the previous word.
    WordLeft,
    /// To the end of this or the next word.
    WordRight,
    /// To the start of the line on screen.
    Home,
    /// To the end of the line on screen.
    End,
    /// To the start of the text.
    Start,
    /// To the end of the text.
    Finish,
    /// One line on screen up.
    Up,
    /// One line on screen down.
    Down,
    /// One screen up.
    PageUp,
    /// One screen down.
    PageDown,
    /// Takes the latest group of changes back.
    Undo,
    /// Does again what was taken back.
    Redo,
}

/// What came of an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The text is another one.
    Changed,
    /// The cursor stands elsewhere.
    Moved,
    /// Everything is as before: nothing to delete, no way to go.
    Unchanged,
    /// The field has no use for this edit; others may have.
    Ignored,
    /// Everything is as before, because a limit forbids the edit.
    Refused(Refusal),
}

/// Why an edit was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The text would be too long.
    TooLong {
        /// Unicode scalar values that the field holds at most.
        chars_max: usize,
        /// How many there would have been too many.
        chars_over: usize,
    },
    /// Nothing that can be shown was in what was pasted.
    NothingToInsert,
}
