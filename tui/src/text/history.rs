//! What was changed here, in groups, to be taken back and done again.
//!
//! When others change the text, the groups are carried over to the new text. It deliberately
//! forgets, from there back, what others have written over: taking that back would change theirs.

use super::change::Change;
use super::writing::Done;

/// Groups that can be taken back.
const GROUPS_MAX: usize = 500;

/// How a change came about: typing goes on in one group, and so does deleting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    Typing,
    Deleting,
    Once,
}

/// Changes that are taken back together.
#[derive(Clone, Debug)]
struct Group {
    manner: Manner,
    /// In the order in which they were carried out.
    done: Vec<Done>,
    cursor_before: usize,
}

/// What can be taken back and done again.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    undo: Vec<Group>,
    redo: Vec<Group>,
    /// The next change starts a group.
    sealed: bool,
}

impl History {
    /// Notes a change.
    pub fn note(&mut self, done: Done, manner: Manner, cursor_before: usize) {
        self.redo.clear();
        let ends_word = done.inserted.ends_with(char::is_whitespace);
        match self.undo.last_mut() {
            Some(group) if !self.sealed && manner != Manner::Once && group.manner == manner => {
                group.done.push(done);
            }
            _ => {
                if self.undo.len() == GROUPS_MAX {
                    self.undo.remove(0);
                }
                self.undo.push(Group {
                    manner,
                    done: vec![done],
                    cursor_before,
                });
            }
        }
        // A word at a time.
        self.sealed = ends_word;
    }

    /// Lets the next change start a group: the cursor was moved.
    pub fn seal(&mut self) {
        self.sealed = true;
    }

    /// Returns the changes that take the latest group back, in order, and where the cursor was.
    pub fn take_back(&mut self) -> Option<(Vec<Change>, usize)> {
        let group = self.undo.pop()?;
        self.sealed = true;
        let changes = group.done.iter().rev().map(Done::inverse).collect();
        let cursor = group.cursor_before;
        self.redo.push(group);
        Some((changes, cursor))
    }

    /// Returns the changes that do again what was taken back last, in order.
    pub fn do_again(&mut self) -> Option<Vec<Change>> {
        let group = self.redo.pop()?;
        self.sealed = true;
        let changes = group.done.iter().map(Done::change).collect();
        self.undo.push(group);
        Some(changes)
    }

    /// Carries everything over to the text after others' changes.
    pub fn carry_over(&mut self, theirs: &[Change]) {
        self.sealed = true;
        carry_back(&mut self.undo, theirs.to_vec());
        carry_on(&mut self.redo, theirs.to_vec());
    }
}

/// From the newest change back, each of which stands in the text that it made.
fn carry_back(groups: &mut Vec<Group>, mut theirs: Vec<Change>) {
    for index in (0..groups.len()).rev() {
        let group = &mut groups[index];
        let cursor_place = group.done.first().map_or(0, |done| done.at);
        let cursor_offset = group.cursor_before as isize - cursor_place as isize;
        for done in group.done.iter_mut().rev() {
            let (removed, inserted) = (done.removed.len(), done.inserted.len());
            let Some(at) = carried(done.at, inserted, removed, &mut theirs) else {
                groups.drain(..=index);
                return;
            };
            done.at = at;
        }
        let place = group.done.first().map_or(0, |done| done.at);
        group.cursor_before = place.saturating_add_signed(cursor_offset);
    }
}

/// From the next change on, each of which stands in the text before it.
fn carry_on(groups: &mut Vec<Group>, mut theirs: Vec<Change>) {
    for index in (0..groups.len()).rev() {
        for done in &mut groups[index].done {
            let (removed, inserted) = (done.removed.len(), done.inserted.len());
            let Some(at) = carried(done.at, removed, inserted, &mut theirs) else {
                groups.drain(..=index);
                return;
            };
            done.at = at;
        }
    }
}

/// Returns where a stretch is after others' changes, unless they touched it, and turns these into
/// changes of the text in which the stretch has another length.
fn carried(at: usize, length: usize, length_other: usize, theirs: &mut [Change]) -> Option<usize> {
    let mut carried = at;
    for change in theirs {
        if change.range.end <= at {
            carried = carried + change.with.len() - change.range.len();
        } else if change.range.start >= at + length {
            change.range.start = change.range.start - length + length_other;
            change.range.end = change.range.end - length + length_other;
        } else {
            return None;
        }
    }
    Some(carried)
}
