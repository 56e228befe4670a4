//! What one text has become, and bringing two people's changes of one text together.
//!
//! It deliberately works on text alone: the document merges characters by who wrote them; this
//! only carries what has not been published yet over to the newest text.

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

use super::change::Change;

/// Grapheme clusters of both texts that are compared one by one; beyond, whole lines are.
const CLUSTERS_MAX: usize = 4_000;

/// Returns the changes that make one text the other.
pub(super) fn difference(old: &str, new: &str) -> Vec<Change> {
    let old_clusters: Vec<&str> = old.graphemes(true).collect();
    let new_clusters: Vec<&str> = new.graphemes(true).collect();
    let pairs = || old_clusters.iter().zip(&new_clusters);
    let prefix = pairs().take_while(|(old, new)| old == new).count();
    let shorter = old_clusters.len().min(new_clusters.len());
    let suffix = old_clusters
        .iter()
        .rev()
        .zip(new_clusters.iter().rev())
        .take(shorter - prefix)
        .take_while(|(old, new)| old == new)
        .count();
    let old_middle = &old_clusters[prefix..old_clusters.len() - suffix];
    let new_middle = &new_clusters[prefix..new_clusters.len() - suffix];
    let start = old_clusters[..prefix].iter().map(|c| c.len()).sum();
    let mut changes = Vec::new();
    if old_middle.len() + new_middle.len() <= CLUSTERS_MAX {
        compare(old_middle, new_middle, start, &mut changes);
    } else {
        compare_lines(
            &old_middle.concat(),
            &new_middle.concat(),
            start,
            &mut changes,
        );
    }
    changes
}

fn compare_lines(old: &str, new: &str, start: usize, changes: &mut Vec<Change>) {
    let old_lines: Vec<&str> = old.split_inclusive('\n').collect();
    let new_lines: Vec<&str> = new.split_inclusive('\n').collect();
    let mut coarse = Vec::new();
    compare(&old_lines, &new_lines, start, &mut coarse);
    for change in coarse {
        let gone = &old[change.range.start - start..change.range.end - start];
        let old_clusters: Vec<&str> = gone.graphemes(true).collect();
        let new_clusters: Vec<&str> = change.with.graphemes(true).collect();
        if old_clusters.len() + new_clusters.len() <= CLUSTERS_MAX {
            compare(&old_clusters, &new_clusters, change.range.start, changes);
        } else {
            changes.push(change);
        }
    }
}

fn compare(old: &[&str], new: &[&str], start: usize, changes: &mut Vec<Change>) {
    let mut at = start;
    for operation in capture_diff_slices(Algorithm::Myers, old, new) {
        let old_pieces = &old[operation.old_range()];
        let length: usize = old_pieces.iter().map(|piece| piece.len()).sum();
        if !matches!(operation, DiffOp::Equal { .. }) {
            changes.push(Change {
                range: at..at + length,
                with: new[operation.new_range()].concat(),
            });
        }
        at += length;
    }
}

/// Turns changes that others made to the base into changes of the local text, which is the base
/// with `local` done to it. What both did is done once; what was written here stays.
pub(super) fn onto(local: &[Change], remote: &[Change]) -> Vec<Change> {
    let mut changes = Vec::new();
    for theirs in remote {
        match local.iter().find(|ours| ours.range == theirs.range) {
            Some(ours) => changes.extend(beside(ours, theirs, local)),
            None => carry_over(theirs, local, &mut changes),
        }
    }
    changes
}

/// Both changed the same stretch: what theirs has more than ours.
fn beside(ours: &Change, theirs: &Change, local: &[Change]) -> Option<Change> {
    let start = place_before(ours.range.start, local);
    let (at, with) = if let Some(more) = theirs.with.strip_prefix(ours.with.as_str()) {
        (start + ours.with.len(), more)
    } else if let Some(more) = theirs.with.strip_suffix(ours.with.as_str()) {
        (start, more)
    } else if ours.with.starts_with(&theirs.with) || ours.with.ends_with(&theirs.with) {
        return None;
    } else {
        (start, theirs.with.as_str())
    };
    (!with.is_empty()).then(|| Change {
        range: at..at,
        with: with.to_owned(),
    })
}

/// Changes of different stretches: deletes what of theirs is still there and inserts before what
/// was written here at the same place.
fn carry_over(theirs: &Change, local: &[Change], changes: &mut Vec<Change>) {
    let mut with = theirs.with.clone();
    let at = place_before(theirs.range.start, local);
    let mut pieces = Vec::new();
    let mut from = theirs.range.start;
    for ours in local {
        if ours.range.start >= theirs.range.end {
            break;
        }
        if ours.range.start > from {
            pieces.push(from..ours.range.start);
        }
        from = from.max(ours.range.end);
    }
    if from < theirs.range.end {
        pieces.push(from..theirs.range.end);
    }
    let pieces = pieces.into_iter().map(|piece| {
        let start = place_after(piece.start, local);
        start..start + piece.len()
    });
    for (number, range) in pieces.enumerate() {
        if number == 0 && range.start != at && !with.is_empty() {
            changes.push(Change {
                range: at..at,
                with: std::mem::take(&mut with),
            });
        }
        changes.push(Change {
            range,
            with: std::mem::take(&mut with),
        });
    }
    if !with.is_empty() {
        changes.push(Change {
            range: at..at,
            with,
        });
    }
}

/// Where a place of the base is in the local text, before what was inserted there.
fn place_before(place: usize, local: &[Change]) -> usize {
    let mut came = 0;
    let mut went = 0;
    for ours in local {
        if ours.range.start < place && place < ours.range.end {
            return ours.range.start + came - went + ours.with.len();
        }
        if ours.range.end > place || (ours.is_insertion() && ours.range.end == place) {
            break;
        }
        came += ours.with.len();
        went += ours.range.len();
    }
    place + came - went
}

/// Where a place of the base that is kept is in the local text, after what was inserted there.
fn place_after(place: usize, local: &[Change]) -> usize {
    let earlier = || local.iter().take_while(|ours| ours.range.end <= place);
    let came: usize = earlier().map(|ours| ours.with.len()).sum();
    let went: usize = earlier().map(|ours| ours.range.len()).sum();
    place + came - went
}

#[cfg(test)]
mod tests;
