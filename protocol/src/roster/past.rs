//! Pasts: which statements an entry had seen, as a version vector over lanes.
//!
//! A lane is one branch of one device's statements, numbered from 0 as they become known here; a
//! past maps each lane to how many of its statements lie in it. Thousands of pasts differ in few
//! lanes, so they are persistent trees that share what is equal. Lane numbers are local: nothing
//! here may reach a digest.

use std::sync::Arc;

/// Children of one branch of the tree: a leaf of 16 counts fills one cache line.
const WIDTH: usize = 16;
const BITS: u32 = 4;

#[derive(Debug)]
enum Tree {
    Counts([u32; WIDTH]),
    Branch([Option<Arc<Tree>>; WIDTH]),
}

/// A set of statements closed under causality.
#[derive(Clone, Debug, Default)]
pub(super) struct Past {
    /// `None` is the empty past.
    root: Option<Arc<Tree>>,
    /// Number of branch levels above the leaves.
    height: u32,
}

impl Past {
    /// Returns how many statements of the lane lie in the past.
    pub(super) fn count(&self, lane: u32) -> u32 {
        if lane >> (self.height * BITS) >= 16 {
            return 0;
        }
        let Some(mut tree) = self.root.as_deref() else {
            return 0;
        };
        let mut height = self.height;
        loop {
            let slot = slot(lane, height);
            match tree {
                Tree::Counts(counts) => return counts[slot],
                Tree::Branch(children) => match children[slot].as_deref() {
                    None => return 0,
                    Some(child) => tree = child,
                },
            }
            height -= 1;
        }
    }

    /// Returns the past with at least so many statements of the lane.
    pub(super) fn with(&self, lane: u32, count: u32) -> Self {
        let mut height = self.height;
        let mut root = self.root.clone();
        while lane >> (height * BITS) >= 16 {
            root = root.map(|root| Arc::new(Tree::Branch(first_child(root))));
            height += 1;
        }
        Self {
            root: Some(raised(root.as_ref(), height, lane, count)),
            height,
        }
    }

    /// Returns the union of two pasts.
    pub(super) fn join(&self, other: &Self) -> Self {
        let (low, high) = if self.height <= other.height {
            (self, other)
        } else {
            (other, self)
        };
        let Some(mut low_root) = low.root.clone() else {
            return high.clone();
        };
        let Some(high_root) = &high.root else {
            return low.clone();
        };
        for _ in low.height..high.height {
            low_root = Arc::new(Tree::Branch(first_child(low_root)));
        }
        Self {
            root: Some(joined(high_root, &low_root)),
            height: high.height,
        }
    }
}

fn slot(lane: u32, height: u32) -> usize {
    (lane >> (height * BITS)) as usize % WIDTH
}

fn first_child(tree: Arc<Tree>) -> [Option<Arc<Tree>>; WIDTH] {
    let mut children = [const { None }; WIDTH];
    children[0] = Some(tree);
    children
}

fn raised(tree: Option<&Arc<Tree>>, height: u32, lane: u32, count: u32) -> Arc<Tree> {
    let slot = slot(lane, height);
    match tree.map(AsRef::as_ref) {
        Some(Tree::Counts(counts)) => {
            let mut counts = *counts;
            counts[slot] = counts[slot].max(count);
            Arc::new(Tree::Counts(counts))
        }
        Some(Tree::Branch(children)) => {
            let mut children = children.clone();
            children[slot] = Some(raised(children[slot].as_ref(), height - 1, lane, count));
            Arc::new(Tree::Branch(children))
        }
        None if height == 0 => {
            let mut counts = [0; WIDTH];
            counts[slot] = count;
            Arc::new(Tree::Counts(counts))
        }
        None => {
            let mut children = [const { None }; WIDTH];
            children[slot] = Some(raised(None, height - 1, lane, count));
            Arc::new(Tree::Branch(children))
        }
    }
}

/// Joins two trees of one height, sharing with the first where it covers the second.
fn joined(one: &Arc<Tree>, other: &Arc<Tree>) -> Arc<Tree> {
    if Arc::ptr_eq(one, other) {
        return one.clone();
    }
    match (one.as_ref(), other.as_ref()) {
        (Tree::Counts(a), Tree::Counts(b)) => {
            let counts = std::array::from_fn(|i| a[i].max(b[i]));
            if counts == *a {
                one.clone()
            } else if counts == *b {
                other.clone()
            } else {
                Arc::new(Tree::Counts(counts))
            }
        }
        (Tree::Branch(a), Tree::Branch(b)) => {
            let children: [Option<Arc<Tree>>; WIDTH] =
                std::array::from_fn(|i| match (&a[i], &b[i]) {
                    (Some(a), Some(b)) => Some(joined(a, b)),
                    (Some(only), None) | (None, Some(only)) => Some(only.clone()),
                    (None, None) => None,
                });
            if same(&children, a) {
                one.clone()
            } else if same(&children, b) {
                other.clone()
            } else {
                Arc::new(Tree::Branch(children))
            }
        }
        _ => unreachable!("trees of one height have leaves at one depth"),
    }
}

fn same(one: &[Option<Arc<Tree>>; WIDTH], other: &[Option<Arc<Tree>>; WIDTH]) -> bool {
    one.iter()
        .zip(other)
        .all(|(one, other)| match (one, other) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn past(counts: &BTreeMap<u32, u32>) -> Past {
        counts
            .iter()
            .fold(Past::default(), |past, (&lane, &count)| {
                past.with(lane, count)
            })
    }

    proptest! {
        #[test]
        fn a_join_counts_the_greater_of_both(
            one in proptest::collection::btree_map(0u32..70_000, 1u32..9, 0..12),
            other in proptest::collection::btree_map(0u32..300, 1u32..9, 0..12),
        ) {
            let joined = past(&one).join(&past(&other));
            let reversed = past(&other).join(&past(&one));
            for lane in one.keys().chain(other.keys()).copied().chain([0, 15, 16, 69_999, u32::MAX]) {
                let expected = one.get(&lane).max(other.get(&lane)).copied().unwrap_or(0);
                prop_assert_eq!(joined.count(lane), expected);
                prop_assert_eq!(reversed.count(lane), expected);
            }
        }
    }

    #[test]
    fn joining_what_is_covered_copies_nothing() {
        let small = Past::default().with(3, 1).with(400, 2);
        let large = small.with(401, 7);
        let joined = large.join(&small);
        assert!(Arc::ptr_eq(
            joined.root.as_ref().expect("not empty"),
            large.root.as_ref().expect("not empty")
        ));
    }
}
