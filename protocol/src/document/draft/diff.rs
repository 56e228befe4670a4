//! Differences: which edits turn one text into another, so that a whole edited text can be merged
//! with what others wrote meanwhile.
//!
//! E. W. Myers' greedy algorithm ("An O(ND) Difference Algorithm and Its Variations", 1986) between
//! the common ends. Texts that differ too much are replaced between their common ends. It knows
//! nothing about documents.

/// Edits beyond which the texts are taken to have nothing in common between their ends: bounds time
/// and memory by the square of this.
const DIFFERENCES_MAX: usize = 400;
/// Equal characters between two edits that are not worth keeping: a new sentence shares single
/// characters with the old one by chance only.
const ISLAND_CHARS_MAX: usize = 2;

/// Characters of the old text that give way to characters of the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    /// Position in the old text.
    pub(super) old: usize,
    /// How many characters leave.
    pub(super) removed: usize,
    /// Position in the new text.
    pub(super) new: usize,
    /// How many characters come.
    pub(super) added: usize,
}

/// Returns the edits that turn `old` into `new`, in order, with equal characters between them.
pub(super) fn edits(old: &[char], new: &[char]) -> Vec<Edit> {
    let prefix = common(old.iter(), new.iter());
    let (old, new) = (&old[prefix..], &new[prefix..]);
    let suffix = common(old.iter().rev(), new.iter().rev());
    let (old, new) = (&old[..old.len() - suffix], &new[..new.len() - suffix]);
    let found = if old.is_empty() || new.is_empty() {
        None
    } else {
        path(old, new)
    };
    let single = [Edit {
        old: 0,
        removed: old.len(),
        new: 0,
        added: new.len(),
    }];
    let found = found.unwrap_or_else(|| single.to_vec());
    let mut edits: Vec<Edit> = Vec::new();
    for mut edit in found {
        edit.old += prefix;
        edit.new += prefix;
        match edits.last_mut() {
            Some(last) if edit.old - (last.old + last.removed) <= ISLAND_CHARS_MAX => {
                last.removed = edit.old + edit.removed - last.old;
                last.added = edit.new + edit.added - last.new;
            }
            _ => edits.push(edit),
        }
    }
    edits.retain(|edit| edit.removed > 0 || edit.added > 0);
    edits
}

fn common<'a>(one: impl Iterator<Item = &'a char>, other: impl Iterator<Item = &'a char>) -> usize {
    one.zip(other)
        .take_while(|(one, other)| one == other)
        .count()
}

/// Finds a shortest way from one text to another as single-character edits; none when it is longer
/// than [`DIFFERENCES_MAX`].
fn path(old: &[char], new: &[char]) -> Option<Vec<Edit>> {
    let most = DIFFERENCES_MAX.min(old.len() + new.len());
    // For each diagonal (removed minus added, shifted by `most + 1`), how far the old text is used.
    let middle = most + 1;
    let mut reach = vec![0usize; 2 * most + 3];
    let mut history = Vec::new();
    for cost in 0..=most {
        for diagonal in (middle - cost..=middle + cost).step_by(2) {
            let down = diagonal == middle - cost
                || diagonal != middle + cost && reach[diagonal - 1] < reach[diagonal + 1];
            let mut x = match (cost, down) {
                (0, _) => 0,
                (_, true) => reach[diagonal + 1],
                (_, false) => reach[diagonal - 1] + 1,
            };
            let Some(mut y) = (x + middle).checked_sub(diagonal) else {
                continue;
            };
            if x > old.len() || y > new.len() {
                reach[diagonal] = x;
                continue;
            }
            let equal = common(old[x..].iter(), new[y..].iter());
            x += equal;
            y += equal;
            reach[diagonal] = x;
            if x == old.len() && y == new.len() {
                return Some(trace(&history, middle, x, y));
            }
        }
        history.push(reach[middle - cost..=middle + cost].to_vec());
    }
    None
}

/// Walks back through the reaches of every cost to the single edits, and returns them in order.
fn trace(history: &[Vec<usize>], middle: usize, mut x: usize, mut y: usize) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (cost, reach) in history.iter().enumerate().rev() {
        let diagonal = x + middle - y;
        let at = |diagonal: usize| {
            let index = (diagonal + cost).checked_sub(middle)?;
            reach.get(index).copied()
        };
        let (above, left) = (at(diagonal + 1), at(diagonal - 1));
        let down = match (above, left) {
            (Some(above), Some(left)) => left < above,
            (above, _) => above.is_some(),
        };
        if down {
            x = above.expect("the way came from a diagonal that was reached");
            y = x + middle - (diagonal + 1);
            edits.push(Edit {
                old: x,
                removed: 0,
                new: y,
                added: 1,
            });
        } else {
            x = left.expect("the way came from a diagonal that was reached");
            y = x + middle - (diagonal - 1);
            edits.push(Edit {
                old: x,
                removed: 1,
                new: y,
                added: 0,
            });
        }
    }
    edits.reverse();
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(old: &[char], new: &[char], edits: &[Edit]) -> String {
        let mut text = String::new();
        let mut at = 0;
        for edit in edits {
            text.extend(&old[at..edit.old]);
            text.extend(&new[edit.new..edit.new + edit.added]);
            at = edit.old + edit.removed;
        }
        text.extend(&old[at..]);
        text
    }

    #[track_caller]
    fn check(old: &str, new: &str, count: usize) {
        let old: Vec<char> = old.chars().collect();
        let chars: Vec<char> = new.chars().collect();
        let edits = edits(&old, &chars);
        assert_eq!(apply(&old, &chars, &edits), new);
        assert_eq!(edits.len(), count, "{edits:?}");
    }

    #[test]
    fn edits_turn_the_old_text_into_the_new_one() {
        check("", "", 0);
        check("中秋节", "中秋节", 0);
        check("", "中秋", 1);
        check("中秋", "", 1);
        check("aaa", "aaaa", 1);
        check(
            "周六上午十点集合，请带水杯",
            "周日上午十点集合，请带雨伞",
            2,
        );
        check("one two three four", "one 2 three 4our", 2);
        check("abcdef", "uvwxyz", 1);
        check("abab", "baba", 2);
    }

    #[test]
    fn texts_without_much_in_common_are_replaced() {
        let old: String = (0..2_000)
            .map(|i| if i % 2 == 0 { 'a' } else { 'b' })
            .collect();
        let new: String = (0..2_000)
            .map(|i| if i % 2 == 0 { 'c' } else { 'b' })
            .collect();
        check(&old, &new, 1);
    }

    #[test]
    fn random_texts_are_reached() {
        let mut state = 1u64;
        let mut next = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % below
        };
        for _ in 0..2_000 {
            let mut text = |length| -> Vec<char> {
                (0..next(length))
                    .map(|_| ['a', 'b', '水', '电'][next(4) as usize])
                    .collect()
            };
            let (old, new) = (text(30), text(30));
            let edits = edits(&old, &new);
            assert_eq!(apply(&old, &new, &edits), new.iter().collect::<String>());
        }
    }
}
