//! How many hints each peer has brought in the current window.
//!
//! Counts only: it does not know what a hint says, and the transport's task acts on the verdict.

use std::collections::BTreeMap;
use std::time::Instant;

use libp2p::PeerId;

use crate::limits::{HINT_WINDOW, HINTS_PER_WINDOW_MAX};

/// Counts hints by the peer that brought them.
#[derive(Debug, Default)]
pub(super) struct HintBudget {
    windows: BTreeMap<PeerId, Window>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    begun: Instant,
    hints: u32,
}

impl HintBudget {
    /// Counts a hint from `peer` and says whether the peer is within its budget.
    pub(super) fn count(&mut self, peer: PeerId, now: Instant) -> bool {
        let fresh = Window {
            begun: now,
            hints: 0,
        };
        let window = self.windows.entry(peer).or_insert(fresh);
        if now.duration_since(window.begun) >= HINT_WINDOW {
            *window = fresh;
        }
        window.hints = window.hints.saturating_add(1);
        window.hints <= HINTS_PER_WINDOW_MAX
    }

    /// Forgets the windows that are over, and names the peers that had exceeded theirs.
    pub(super) fn expire(&mut self, now: Instant) -> Vec<PeerId> {
        let mut pardoned = Vec::new();
        self.windows.retain(|peer, window| {
            let over = now.duration_since(window.begun) >= HINT_WINDOW;
            if over && window.hints > HINTS_PER_WINDOW_MAX {
                pardoned.push(*peer);
            }
            !over
        });
        pardoned
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_flood_ends_at_the_budget_and_is_pardoned_after_the_window() {
        let mut budget = HintBudget::default();
        let (flooder, neighbour) = (PeerId::random(), PeerId::random());
        let start = Instant::now();
        let within = (0..HINTS_PER_WINDOW_MAX + 50)
            .filter(|_| budget.count(flooder, start))
            .count();
        assert_eq!(within, HINTS_PER_WINDOW_MAX as usize);
        assert!(budget.count(neighbour, start), "budgets are by peer");

        let almost = start + HINT_WINDOW - Duration::from_millis(1);
        assert_eq!(budget.expire(almost), vec![]);
        assert!(!budget.count(flooder, almost));
        assert_eq!(budget.expire(start + HINT_WINDOW), vec![flooder]);
        assert!(budget.count(flooder, start + HINT_WINDOW));
        assert_eq!(budget.expire(start + 3 * HINT_WINDOW), vec![]);
        assert!(
            budget.windows.is_empty(),
            "a window that is over is forgotten"
        );
    }
}
