//! A stretch of a text that gives way to another one, and what that does to places in the text.

use std::ops::Range;

/// Replaces a range of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// What goes, in bytes of the text before.
    pub range: Range<usize>,
    /// What comes.
    pub with: String,
}

impl Change {
    pub fn is_insertion(&self) -> bool {
        self.range.is_empty()
    }
}

/// Carries out changes that do not overlap and are in order; all speak of the text before.
pub(super) fn apply(text: &str, changes: &[Change]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for change in changes {
        result.push_str(&text[done..change.range.start]);
        result.push_str(&change.with);
        done = change.range.end;
    }
    result.push_str(&text[done..]);
    result
}

/// Returns where a place is after changes. One that is in what goes is at the start of what comes;
/// an insertion at the very place comes after it.
pub(super) fn moved(place: usize, changes: &[Change]) -> usize {
    let mut moved = place;
    for change in changes {
        let before =
            change.range.end < place || (change.range.end == place && !change.is_insertion());
        if before {
            moved = moved + change.with.len() - change.range.len();
        } else if change.range.start < place {
            return moved - (place - change.range.start);
        }
    }
    moved
}

/// Returns where what came stands in the text after the changes.
pub(super) fn written(changes: &[Change]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let (mut came, mut went) = (0, 0);
    for change in changes {
        let start = change.range.start + came - went;
        let end = start + change.with.len();
        came += change.with.len();
        went += change.range.len();
        match ranges.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ if start < end => ranges.push(start..end),
            _ => {}
        }
    }
    ranges
}

/// Returns what is left of ranges after changes, without what came.
pub(super) fn ranges_moved(ranges: &[Range<usize>], changes: &[Change]) -> Vec<Range<usize>> {
    let mut left = ranges.to_vec();
    // From the last to the first, so that the places of those still to come stay good.
    for change in changes.iter().rev() {
        left = left
            .iter()
            .flat_map(|range| {
                let before = range.start..range.end.min(change.range.start);
                let after = range.start.max(change.range.end)..range.end;
                let shift = |place: usize| place - change.range.len() + change.with.len();
                let after = (!after.is_empty()).then(|| shift(after.start)..shift(after.end));
                let before = (!before.is_empty()).then_some(before);
                before.into_iter().chain(after)
            })
            .collect();
    }
    left
}
