//! Heads: the newest statements held, which the next entry of a log names as seen (rule R7).
//!
//! What lies beyond a cut for good is left out, or a removed member could go on filling the list.

use std::collections::BTreeSet;

use super::graph::{Content, Ix};
use super::track::Track;
use super::{Reason, Roster};
use crate::id::EntryId;
use crate::limits;

/// What the next entry of a log names as seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextSeen {
    /// Nothing: it has seen what the entry before it had.
    Unchanged,
    /// These statements.
    Seen(Vec<EntryId>),
    /// More than fit: an entry about nothing that names these, or nothing, comes first; then ask
    /// again.
    JoinFirst(Option<Vec<EntryId>>),
}

impl Roster {
    /// Returns the newest statements held: those that no other statement had seen.
    pub fn heads(&self) -> Vec<EntryId> {
        let mut heads: Vec<EntryId> = self
            .maximal()
            .into_iter()
            .map(|ix| self.graph.node(ix).id)
            .collect();
        heads.sort_unstable();
        heads
    }

    /// Returns what the next entry of a log has to name so that it has seen all that is held.
    pub fn next_seen(&self, track: &Track) -> NextSeen {
        let own = track.previous.and_then(|own| self.graph.find(&own));
        // What the log has named before is named again, even if its author is cut by now: a log
        // may not go backwards.
        let last = track.steps.last().map_or(&[][..], |step| &step.seen);
        let mut seen: BTreeSet<Ix> = last.iter().filter_map(|id| self.graph.find(id)).collect();
        seen.extend(self.maximal());
        let covered = |ix: Ix| {
            let others = seen.iter().copied().filter(|&other| other != ix).chain(own);
            others
                .into_iter()
                .any(|other| self.graph.lies_in(ix, &self.graph.node(other).closure))
        };
        let mut needed: Vec<EntryId> = seen
            .iter()
            .filter(|&&ix| !covered(ix))
            .map(|&ix| self.graph.node(ix).id)
            .collect();
        needed.sort_unstable();
        if self.graph.covers(&track.standpoint(), &needed) == Some(true) {
            NextSeen::Unchanged
        } else if needed.len() <= limits::SEEN_MAX {
            NextSeen::Seen(needed)
        } else if track.steps.is_empty() {
            needed.truncate(limits::SEEN_MAX);
            NextSeen::JoinFirst(Some(needed))
        } else {
            NextSeen::JoinFirst(None)
        }
    }

    /// Compares what a log has seen step by step, as far as statements are held, and forgets what
    /// is compared. Afterwards [`Track::retreated_at`] tells whether the log went backwards.
    pub fn settle(&self, track: &mut Track) {
        while track.retreated_at.is_none() && track.steps.len() > 1 {
            let old = super::track::with(track.previous, &track.steps[0].seen);
            let new = super::track::with(track.previous, &track.steps[1].seen);
            match self.graph.covers(&new, &old) {
                None => return,
                Some(true) => {
                    track.steps.remove(0);
                }
                Some(false) => track.retreated_at = Some(track.steps[1].seq),
            }
        }
    }

    fn maximal(&self) -> Vec<Ix> {
        let nodes = self.graph.nodes();
        let mut covered = vec![false; nodes.len()];
        // A statement enters the graph after everything it had seen.
        for (ix, node) in nodes.iter().enumerate().rev() {
            let is_statement = !matches!(node.content, Content::Join);
            if covered[ix] || (is_statement && !self.is_dead(ix)) {
                for &parent in node.parents.iter().chain(&node.previous) {
                    covered[parent] = true;
                }
            }
        }
        (0..nodes.len())
            .filter(|&ix| {
                let is_statement = !matches!(nodes[ix].content, Content::Join);
                is_statement && !covered[ix] && !self.is_dead(ix)
            })
            .collect()
    }

    /// Whether the statement's log has ended before it.
    fn is_dead(&self, ix: Ix) -> bool {
        matches!(
            self.fold.judgements.get(ix),
            Some(Some(Err(Reason::BeyondCut { .. }
                | Reason::SeenBackwards
                | Reason::SeenNoStatement)))
        )
    }
}
