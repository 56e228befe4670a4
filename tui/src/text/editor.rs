//! The state of a field of several lines: text, cursor, history, and merging with what others
//! wrote meanwhile. It deliberately draws nothing and sends nothing.

mod lines;

use std::ops::Range;

use super::change::{self, Change};
use super::edit::{Edit, Outcome, Refusal};
use super::history::Manner;
use super::manuscript::Manuscript;
use super::merge;
use super::motion;
use super::width::AmbiguousWidth;
use super::wrap::WrappedLine;
use super::writing::Form;
use lines::{Lines, Spot};

/// A text of several lines that is being written.
#[derive(Clone)]
pub struct Editor {
    manuscript: Manuscript,
    base: String,
    fresh: Vec<Range<usize>>,
    /// The cursor stands at the end of a full line, not at the start of the next one, which is the
    /// same place in the text.
    at_line_end: bool,
    /// The column that going up and down tries to keep.
    column_goal: Option<usize>,
    /// A place in the first line that is shown.
    top: usize,
    size: Size,
}

/// The room that a text is shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Size {
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
    pub fn new(text: &str, chars_max: usize) -> Self {
        let mut manuscript = Manuscript::new(chars_max, Form::Lines);
        manuscript.writing.text.push_str(text);
        Self {
            manuscript,
            base: text.to_owned(),
            fresh: Vec::new(),
            at_line_end: false,
            column_goal: None,
            top: 0,
            size: Size {
                columns: 80,
                rows: 24,
                ambiguous: AmbiguousWidth::Narrow,
            },
        }
    }

    /// Puts a text that was begun earlier in place of the newest one of everybody's: writing goes on
    /// from there, and taking back goes no further.
    #[must_use]
    pub fn with_begun(mut self, text: String) -> Self {
        self.apply(Edit::Clear);
        self.apply(Edit::Paste(text));
        self.manuscript.forget_history();
        self
    }

    /// Tells the size of the field; lines are broken one column earlier, so that the cursor fits
    /// behind a full line.
    pub fn resize(&mut self, columns: u16, rows: u16, ambiguous: AmbiguousWidth) {
        self.size = Size {
            columns,
            rows,
            ambiguous,
        };
        self.column_goal = None;
        self.follow();
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.manuscript.writing.text
    }

    /// Returns the newest text of everybody's that the text is based on.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Tells whether the text differs from its base.
    pub fn is_changed(&self) -> bool {
        self.manuscript.writing.text != self.base
    }

    /// Returns the cursor's place in bytes.
    pub fn cursor(&self) -> usize {
        self.manuscript.writing.cursor
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
        let outcome = self.carry_out(edit);
        if outcome == Outcome::Changed || outcome == Outcome::Moved {
            self.follow();
        }
        outcome
    }

    fn carry_out(&mut self, edit: Edit) -> Outcome {
        let (text, cursor) = (
            &self.manuscript.writing.text,
            self.manuscript.writing.cursor,
        );
        let end = text.len();
        match edit {
            Edit::Insert(character) => {
                let character = if character == '\r' { '\n' } else { character };
                let written = self.manuscript.type_char(character);
                self.written(written)
            }
            Edit::Paste(pasted) => {
                let written = self.manuscript.paste(&pasted);
                self.written(written)
            }
            Edit::Backspace => {
                let place = motion::before(text, cursor).unwrap_or(0);
                self.delete_to(place, Manner::Deleting)
            }
            Edit::Delete => {
                let place = motion::after(text, cursor).unwrap_or(end);
                self.delete_to(place, Manner::Deleting)
            }
            Edit::DeleteWordBefore => {
                self.delete_to(motion::word_start(text, cursor), Manner::Once)
            }
            Edit::DeleteWordAfter => self.delete_to(motion::word_end(text, cursor), Manner::Once),
            Edit::KillToStart => {
                let start = text[..cursor].rfind('\n').map_or(0, |place| place + 1);
                self.delete_to(start, Manner::Once)
            }
            Edit::KillToEnd => {
                let line = text[cursor..]
                    .find('\n')
                    .map_or(end, |place| cursor + place);
                let place = if line == cursor {
                    motion::after(text, cursor).unwrap_or(end)
                } else {
                    line
                };
                self.delete_to(place, Manner::Once)
            }
            Edit::Clear => {
                self.manuscript.writing.cursor = end;
                self.delete_to(0, Manner::Once)
            }
            Edit::Left => self.move_to(motion::before(text, cursor).unwrap_or(0)),
            Edit::Right => self.move_to(motion::after(text, cursor).unwrap_or(end)),
            Edit::WordLeft => self.move_to(motion::word_start(text, cursor)),
            Edit::WordRight => self.move_to(motion::word_end(text, cursor)),
            Edit::Start => self.move_to(0),
            Edit::Finish => self.move_to(end),
            Edit::Home => self.move_in_line(|lines, line| lines.start_of(line)),
            Edit::End => self.move_in_line(|lines, line| lines.end_of(line)),
            Edit::Up => self.move_lines(-1),
            Edit::Down => self.move_lines(1),
            Edit::PageUp => self.move_lines(-self.page_lines()),
            Edit::PageDown => self.move_lines(self.page_lines()),
            Edit::Undo => self.undo(),
            Edit::Redo => self.redo(),
        }
    }

    fn written(&mut self, written: Result<Change, Refusal>) -> Outcome {
        match written {
            Ok(change) => self.changed(&[change]),
            Err(refusal) => Outcome::Refused(refusal),
        }
    }

    /// Moves along with the text what stands beside it.
    fn changed(&mut self, changes: &[Change]) -> Outcome {
        for change in changes {
            let change = std::slice::from_ref(change);
            self.fresh = change::ranges_moved(&self.fresh, change);
            self.top = change::moved(self.top, change);
        }
        self.forget_goal();
        Outcome::Changed
    }

    fn delete_to(&mut self, place: usize, manner: Manner) -> Outcome {
        match self.manuscript.delete_to(place, manner) {
            Some(change) => self.changed(&[change]),
            None => Outcome::Unchanged,
        }
    }

    fn undo(&mut self) -> Outcome {
        match self.manuscript.undo() {
            Some(changes) => self.changed(&changes),
            None => Outcome::Unchanged,
        }
    }

    fn redo(&mut self) -> Outcome {
        match self.manuscript.redo() {
            Some(changes) => self.changed(&changes),
            None => Outcome::Unchanged,
        }
    }

    fn move_to(&mut self, place: usize) -> Outcome {
        let moved = place != self.manuscript.writing.cursor || self.at_line_end;
        self.manuscript.move_to(place);
        self.forget_goal();
        if moved {
            Outcome::Moved
        } else {
            Outcome::Unchanged
        }
    }

    fn forget_goal(&mut self) {
        self.at_line_end = false;
        self.column_goal = None;
    }

    fn move_in_line(&mut self, target: impl Fn(&Lines<'_>, usize) -> Spot) -> Outcome {
        let lines = self.lines();
        let here = self.spot();
        let there = target(&lines, lines.line_of(here));
        self.column_goal = None;
        self.go(there, here)
    }

    fn move_lines(&mut self, count: isize) -> Outcome {
        let lines = self.lines();
        let here = self.spot();
        let line = lines.line_of(here);
        let column = self.column_goal.unwrap_or_else(|| lines.column_of(here));
        let target = line.saturating_add_signed(count).min(lines.last());
        if target == line {
            return Outcome::Unchanged;
        }
        let there = lines.spot_at(target, column);
        self.column_goal = Some(column);
        self.go(there, here)
    }

    fn go(&mut self, there: Spot, here: Spot) -> Outcome {
        self.manuscript.move_to(there.place);
        self.at_line_end = there.at_line_end;
        if there == here {
            Outcome::Unchanged
        } else {
            Outcome::Moved
        }
    }

    fn spot(&self) -> Spot {
        Spot {
            place: self.manuscript.writing.cursor,
            at_line_end: self.at_line_end,
        }
    }

    fn page_lines(&self) -> isize {
        isize::try_from(self.size.rows.saturating_sub(1).max(1)).unwrap_or(1)
    }

    fn lines(&self) -> Lines<'_> {
        Lines::new(
            &self.manuscript.writing.text,
            self.size.columns,
            self.size.ambiguous,
        )
    }

    /// Keeps the cursor among the lines that are shown.
    fn follow(&mut self) {
        let lines = self.lines();
        let top = lines.top(self.top, self.spot(), self.size.rows);
        self.top = lines.start_of(top).place;
    }

    /// Takes over a newer text of everybody's: what others changed since the base is changed here
    /// too, what was written here stays, and the cursor stays between the characters between
    /// which it stood. Returns the bytes that others wrote, for highlighting; they are also kept
    /// as [`Self::fresh`]. The text may come out longer than the field holds: then only what
    /// shortens it is accepted.
    pub fn merge_remote(&mut self, newer: &str) -> Vec<Range<usize>> {
        let local = merge::difference(&self.base, &self.manuscript.writing.text);
        let remote = merge::difference(&self.base, newer);
        let changes = merge::onto(&local, &remote);
        newer.clone_into(&mut self.base);
        if changes.is_empty() {
            return Vec::new();
        }
        let written = change::written(&changes);
        let writing = &mut self.manuscript.writing;
        let text = change::apply(&writing.text, &changes);
        let cursor = change::moved(writing.cursor, &changes);
        writing.cursor = motion::snap(&text, cursor);
        writing.text = text;
        self.top = change::moved(self.top, &changes);
        self.fresh = change::ranges_moved(&self.fresh, &changes);
        self.fresh.extend(written.iter().cloned());
        self.fresh.sort_by_key(|range| range.start);
        self.manuscript.carry_over(&changes);
        self.forget_goal();
        self.follow();
        written
    }

    /// Tells that the text as it stands is published: it is the base of what comes.
    pub fn published(&mut self) {
        self.base.clone_from(&self.manuscript.writing.text);
    }

    /// Returns the bytes that others wrote and nobody has changed here since, in order.
    pub fn fresh(&self) -> &[Range<usize>] {
        &self.fresh
    }

    /// Forgets what others wrote: it has been seen.
    pub fn forget_fresh(&mut self) {
        self.fresh.clear();
    }

    /// Returns what is shown in a field of this size: always with the cursor in it.
    pub fn view(&self, columns: u16, rows: u16, ambiguous: AmbiguousWidth) -> EditorView {
        let lines = Lines::new(&self.manuscript.writing.text, columns, ambiguous);
        let spot = self.spot();
        let top = lines.top(self.top, spot, rows);
        let cursor_row = lines.line_of(spot) - top;
        EditorView {
            top,
            cursor_column: u16::try_from(lines.column_of(spot)).unwrap_or(u16::MAX),
            cursor_row: u16::try_from(cursor_row).unwrap_or(u16::MAX),
            lines: lines.into_lines(),
        }
    }
}

impl std::fmt::Debug for Editor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Editor")
            .field("text", &self.text())
            .field("cursor", &self.cursor())
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
