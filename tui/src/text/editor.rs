//! The state of a field of several lines: text, cursor, history, and merging with what others
//! wrote meanwhile. It deliberately draws nothing and sends nothing.

mod lines;

use std::ops::Range;

use super::change::{self, Change};
use super::edit::{Edit, Outcome, Refusal};
use super::history::{History, Manner};
use super::merge;
use super::motion;
use super::width::AmbiguousWidth;
use super::wrap::WrappedLine;
use super::writing::{Done, Form, Writing};
use lines::{Lines, Spot};

/// A text of several lines that is being written.
#[derive(Clone)]
pub struct Editor {
    writing: Writing,
    base: String,
    fresh: Vec<Range<usize>>,
    history: History,
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
        let mut writing = Writing::new(chars_max, Form::Lines);
        writing.text.push_str(text);
        Self {
            writing,
            base: text.to_owned(),
            fresh: Vec::new(),
            history: History::default(),
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
        &self.writing.text
    }

    /// Returns the newest text of everybody's that the text is based on.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Tells whether the text differs from its base.
    pub fn is_changed(&self) -> bool {
        self.writing.text != self.base
    }

    /// Returns the cursor's place in bytes.
    pub fn cursor(&self) -> usize {
        self.writing.cursor
    }

    /// Returns how many Unicode scalar values the text has.
    pub fn chars(&self) -> usize {
        self.writing.chars()
    }

    /// Returns how many Unicode scalar values the field holds.
    pub fn chars_max(&self) -> usize {
        self.writing.chars_max
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
        let (text, cursor) = (&self.writing.text, self.writing.cursor);
        let end = text.len();
        match edit {
            Edit::Insert(character) => {
                let character = if character == '\r' { '\n' } else { character };
                let done = self.writing.type_char(character);
                self.noted(done, Manner::Typing, cursor)
            }
            Edit::Paste(pasted) => {
                let done = self.writing.paste(&pasted);
                self.noted(done, Manner::Once, cursor)
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
                self.writing.cursor = end;
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

    fn noted(
        &mut self,
        done: Result<Done, Refusal>,
        manner: Manner,
        cursor_before: usize,
    ) -> Outcome {
        let done = match done {
            Ok(done) => done,
            Err(refusal) => return Outcome::Refused(refusal),
        };
        self.fresh = change::ranges_moved(&self.fresh, &[done.change()]);
        self.top = change::moved(self.top, &[done.change()]);
        self.history.note(done, manner, cursor_before);
        self.forget_goal();
        Outcome::Changed
    }

    fn delete_to(&mut self, place: usize, manner: Manner) -> Outcome {
        let cursor = self.writing.cursor;
        match self.writing.delete_to(place) {
            Some(done) => self.noted(Ok(done), manner, cursor),
            None => Outcome::Unchanged,
        }
    }

    fn undo(&mut self) -> Outcome {
        let Some((changes, cursor)) = self.history.take_back() else {
            return Outcome::Unchanged;
        };
        self.carry_out_all(&changes);
        self.writing.cursor = motion::snap(&self.writing.text, cursor);
        Outcome::Changed
    }

    fn redo(&mut self) -> Outcome {
        let Some(changes) = self.history.do_again() else {
            return Outcome::Unchanged;
        };
        self.carry_out_all(&changes);
        Outcome::Changed
    }

    /// Carries changes out one after the other, beyond the limit if it was so before.
    fn carry_out_all(&mut self, changes: &[Change]) {
        for change in changes {
            let writing = &mut self.writing;
            let end = change.range.start + change.with.len();
            writing
                .text
                .replace_range(change.range.clone(), &change.with);
            writing.cursor = motion::snap(&writing.text, end);
            let change = std::slice::from_ref(change);
            self.fresh = change::ranges_moved(&self.fresh, change);
            self.top = change::moved(self.top, change);
        }
        self.forget_goal();
    }

    fn move_to(&mut self, place: usize) -> Outcome {
        let moved = place != self.writing.cursor || self.at_line_end;
        self.writing.cursor = place;
        self.history.seal();
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
        self.history.seal();
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
        self.history.seal();
        self.column_goal = Some(column);
        self.go(there, here)
    }

    fn go(&mut self, there: Spot, here: Spot) -> Outcome {
        self.writing.cursor = there.place;
        self.at_line_end = there.at_line_end;
        if there == here {
            Outcome::Unchanged
        } else {
            Outcome::Moved
        }
    }

    fn spot(&self) -> Spot {
        Spot {
            place: self.writing.cursor,
            at_line_end: self.at_line_end,
        }
    }

    fn page_lines(&self) -> isize {
        isize::try_from(self.size.rows.saturating_sub(1).max(1)).unwrap_or(1)
    }

    fn lines(&self) -> Lines<'_> {
        Lines::new(&self.writing.text, self.size.columns, self.size.ambiguous)
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
        let local = merge::difference(&self.base, &self.writing.text);
        let remote = merge::difference(&self.base, newer);
        let changes = merge::onto(&local, &remote);
        newer.clone_into(&mut self.base);
        if changes.is_empty() {
            return Vec::new();
        }
        let written = change::written(&changes);
        let writing = &mut self.writing;
        let text = change::apply(&writing.text, &changes);
        let cursor = change::moved(writing.cursor, &changes);
        writing.cursor = motion::snap(&text, cursor);
        writing.text = text;
        self.top = change::moved(self.top, &changes);
        self.fresh = change::ranges_moved(&self.fresh, &changes);
        self.fresh.extend(written.iter().cloned());
        self.fresh.sort_by_key(|range| range.start);
        self.history.carry_over(&changes);
        self.forget_goal();
        self.follow();
        written
    }

    /// Tells that the text as it stands is published: it is the base of what comes.
    pub fn published(&mut self) {
        self.base.clone_from(&self.writing.text);
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
        let lines = Lines::new(&self.writing.text, columns, ambiguous);
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
