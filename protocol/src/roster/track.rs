//! Tracks: what one log has seen of the roster, entry by entry (rule R7).
//!
//! A track follows one branch of one log. It keeps only what the next entry inherits and what the
//! roster has to compare; it judges nothing, because statements it names may still be missing.

use minicbor::{Decode, Encode};

use crate::entry::{Header, Subject};
use crate::id::EntryId;

/// What an entry of a log brings to the roster, besides its header.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Entered {
    /// The entry's standpoint: the last `seen` written in its log, with the log's own last
    /// statement or join before it. Ascending.
    #[n(0)]
    pub standpoint: Vec<EntryId>,
    /// The log's last statement or join before the entry.
    #[n(1)]
    pub previous: Option<EntryId>,
    /// The standpoints that the log went through since `previous`, in order, the entry's own last.
    #[n(2)]
    pub steps: Vec<Vec<EntryId>>,
}

/// What one branch of one log has seen so far. Cloned where a log forks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Track {
    /// The log's last statement or join.
    #[n(0)]
    pub(super) previous: Option<EntryId>,
    /// The `seen` written since then, each with its seq; the first may be one that the roster has
    /// compared already.
    #[n(1)]
    pub(super) steps: Vec<Step>,
    /// Where the log went backwards, as far as the roster has compared.
    #[n(2)]
    pub(super) retreated_at: Option<u64>,
    /// What was written between earlier statements and is not compared wholly: a statement does not
    /// make up for entries before it that went backwards.
    #[n(3)]
    pub(super) unsettled: Vec<Stretch>,
}

/// What a log wrote as seen between two of its statements.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(super) struct Stretch {
    /// The log's statement or join before it.
    #[n(0)]
    pub(super) previous: Option<EntryId>,
    /// The `seen` written, each with its seq, that of the statement which ends it included.
    #[n(1)]
    pub(super) steps: Vec<Step>,
}

/// One change of what a log has seen.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(super) struct Step {
    #[n(0)]
    pub(super) seq: u64,
    #[n(1)]
    pub(super) seen: Vec<EntryId>,
}

impl Track {
    /// Moves over the log's next entry and returns what it brings.
    pub fn enter(&mut self, id: EntryId, header: &Header) -> Entered {
        if let Some(seen) = &header.seen {
            self.steps.push(Step {
                seq: header.seq,
                seen: seen.clone(),
            });
        }
        let mut entered = Entered {
            standpoint: self.standpoint(),
            previous: self.previous,
            steps: Vec::new(),
        };
        if is_roster_entry(header) {
            let steps = std::mem::take(&mut self.steps);
            entered.steps = steps
                .iter()
                .map(|step| with(self.previous, &step.seen))
                .collect();
            if steps.len() > 1 {
                let previous = self.previous;
                self.unsettled.push(Stretch { previous, steps });
            }
            if entered.steps.is_empty() {
                entered.steps.push(entered.standpoint.clone());
            }
            self.previous = Some(id);
        }
        entered
    }

    /// Returns the standpoint of the log's newest entry, which the next one inherits: an entry that
    /// is a statement or join is part of it.
    pub fn standpoint(&self) -> Vec<EntryId> {
        let seen = self.steps.last().map_or(&[][..], |step| &step.seen);
        with(self.previous, seen)
    }

    /// Returns the log's last statement or join: what resolves a tip that names its newest entry.
    pub fn previous(&self) -> Option<EntryId> {
        self.previous
    }

    /// Returns what the log names as seen and no later entry of it is known to have seen as well.
    pub(crate) fn named(&self) -> impl Iterator<Item = EntryId> {
        let unsettled = self.unsettled.iter().flat_map(|stretch| &stretch.steps);
        let steps = unsettled.chain(&self.steps);
        steps.flat_map(|step| &step.seen).copied()
    }

    /// Returns the first seq at which the log went backwards, as far as
    /// [`Roster::settle`](super::Roster::settle) has found out. Nothing from there on counts.
    pub fn retreated_at(&self) -> Option<u64> {
        self.retreated_at
    }
}

/// Tells whether an entry is part of the roster: a statement, or a join of statements.
pub fn is_roster_entry(header: &Header) -> bool {
    matches!(header.subject, Subject::Nothing | Subject::Roster)
}

pub(super) fn with(previous: Option<EntryId>, seen: &[EntryId]) -> Vec<EntryId> {
    let mut standpoint = seen.to_vec();
    if let Some(previous) = previous
        && let Err(place) = standpoint.binary_search(&previous)
    {
        standpoint.insert(place, previous);
    }
    standpoint
}
