//! Heads: the newest statements held, which the next entry of a log names as seen (rule R7).
//!
//! What lies beyond a cut for good is left out, or a removed member could go on filling the list.

use super::graph::{Content, Ix};
use super::track::{Step, Track, with};
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
    /// More than fit, and no entry of the log can join them: it has seen what is not held here.
    Waiting,
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
        let is_held = |id: &EntryId| self.graph.find(id).is_some();
        // What the log has named before is named again, even if its author is cut by now: a log
        // may not go backwards.
        let last = track.steps.last().map_or(&[][..], |step| &step.seen);
        let last: Vec<Ix> = last.iter().filter_map(|id| self.graph.find(id)).collect();
        let heads = self.maximal();
        let covers =
            |by: Ix, ix: Ix| by != ix && self.graph.lies_in(ix, &self.graph.node(by).closure);
        let kept = last.iter().copied().filter(|&ix| {
            let newer = heads.iter().chain(&last).copied().chain(own);
            !heads.contains(&ix) && !newer.into_iter().any(|by| covers(by, ix))
        });
        let new = heads
            .iter()
            .copied()
            .filter(|&ix| own != Some(ix) && !own.is_some_and(|own| covers(own, ix)));
        let mut needed: Vec<EntryId> = kept.chain(new).map(|ix| self.graph.node(ix).id).collect();
        needed.sort_unstable();
        if self.graph.covers(&track.standpoint(), &needed) == Some(true) {
            NextSeen::Unchanged
        } else if needed.len() <= limits::SEEN_MAX {
            NextSeen::Seen(needed)
        } else if !track.standpoint().iter().all(is_held) {
            NextSeen::Waiting
        } else if track.steps.is_empty() {
            needed.truncate(limits::SEEN_MAX);
            NextSeen::JoinFirst(Some(needed))
        } else {
            NextSeen::JoinFirst(None)
        }
    }

    /// Compares what a log has seen step by step, as far as statements are held, and forgets what
    /// is compared. Afterwards [`Track::retreated_at`] tells whether the log went backwards.
    ///
    /// The result depends on what is held, not on when it is asked for: where the log went
    /// backwards is looked for again until everything before that place is held.
    pub fn settle(&self, track: &mut Track) {
        let mut unsettled = std::mem::take(&mut track.unsettled);
        let mut retreats = Vec::new();
        unsettled.retain_mut(|stretch| {
            retreats.extend(self.retreat(stretch.previous, &mut stretch.steps));
            stretch.steps.len() > 1
        });
        retreats.extend(self.retreat(track.previous, &mut track.steps));
        track.unsettled = unsettled;
        track.retreated_at = retreats.into_iter().chain(track.retreated_at).min();
    }

    /// Finds the first step, of those whose statements are held, that had not seen all that an
    /// earlier one had; forgets the steps that need no comparing any more.
    ///
    /// Comparing neighbours is enough: a step that is held and covers the one before it shows that
    /// one to be held too, so that it has been compared itself.
    fn retreat(&self, previous: Option<EntryId>, steps: &mut Vec<Step>) -> Option<u64> {
        let standpoint = |step: &Step| with(previous, &step.seen);
        let covers = |pair: &[Step]| {
            self.graph
                .covers(&standpoint(&pair[1]), &standpoint(&pair[0]))
        };
        let compared = steps
            .windows(2)
            .take_while(|pair| covers(pair) == Some(true));
        let compared = compared.count();
        steps.drain(..compared);
        let mut pairs = steps.windows(2);
        let backwards = pairs.find(|pair| covers(pair) == Some(false))?;
        Some(backwards[1].seq)
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
