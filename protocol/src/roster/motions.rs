//! Motions: dangerous acts that wait for co-signatures, and what became of them.

use std::collections::BTreeSet;

use super::graph::Ix;
use super::powers::offices;
use super::rights::can_be_moved;
use super::{OFFICES_FOR_QUORUM, Reason, Roster};
use crate::id::{EntryId, MemberId};
use crate::statement::{Act, Authority};

/// What became of a motion.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MotionState {
    /// It waits for co-signatures, or for its enactment.
    Open,
    /// It is in force.
    InForce {
        /// The enactment that stands.
        enactment: EntryId,
    },
    /// Another act took its number, or the one before it is not the one that it follows.
    Lapsed,
}

/// A motion that a steward has moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Motion {
    /// The statement that moves it.
    pub id: EntryId,
    /// Who moves it.
    pub mover: MemberId,
    /// Its number in the quorum's chain.
    pub number: u64,
    /// The enactment that it follows.
    pub previous: Option<EntryId>,
    /// What it would do.
    pub act: Act,
    /// Offices whose stewards have signed, the mover's included, as the roster stands.
    pub signed: BTreeSet<MemberId>,
    /// How many offices have stewards.
    pub offices: usize,
    /// The co-signing statements that count, ascending.
    pub cosignatures: Vec<EntryId>,
    /// What became of it.
    pub state: MotionState,
}

impl Motion {
    /// Tells whether enough offices have signed for an enactment.
    pub fn can_be_enacted(&self) -> bool {
        let enough = self.signed.len() * 2 > self.offices;
        let quorum = self.number > 1 || self.offices >= OFFICES_FOR_QUORUM;
        self.state == MotionState::Open && enough && quorum
    }
}

impl Roster {
    /// Returns the motions that stewards have moved, by number, then by name.
    pub fn motions(&self) -> Vec<Motion> {
        let motions = self.fold.shown.motions.iter();
        let mut motions: Vec<Motion> = motions.filter_map(|&ix| self.motion_at(ix)).collect();
        motions.sort_by_key(|motion| (motion.number, motion.id));
        motions
    }

    /// Returns the acts of the founder that count and that a motion could have been about, by name:
    /// what it decided alone.
    pub fn decided_alone(&self) -> Vec<EntryId> {
        let judgements = self.fold.judgements.iter().enumerate();
        let counting = judgements.filter(|(_, judgement)| matches!(judgement, Some(Ok(_))));
        let mut decided: Vec<EntryId> = counting
            .map(|(ix, _)| self.graph.node(ix))
            .filter(|node| {
                let is_movable = node.act().is_some_and(can_be_moved);
                is_movable && matches!(node.authority(), Some(Authority::Founder))
            })
            .map(|node| node.id)
            .collect();
        decided.sort_unstable();
        decided
    }

    /// Returns the enactment of a number that stands in the quorum's chain.
    pub fn enactment(&self, number: u64) -> Option<EntryId> {
        let place = usize::try_from(number.checked_sub(1)?).ok()?;
        let link = self.fold.chain.links.get(place)?;
        Some(self.graph.node(link.standing).id)
    }

    fn motion_at(&self, ix: Ix) -> Option<Motion> {
        let node = self.graph.node(ix);
        let Some(Act::Move {
            number,
            previous,
            act,
        }) = node.act()
        else {
            return None;
        };
        let mover = node.member?;
        let seats = self.fold.powers.seats(self.ground(), self.now());
        let cosigned = self.fold.shown.cosignatures.get(&ix);
        let cosigned = cosigned.map_or(&[][..], Vec::as_slice);
        let signers = cosigned.iter().filter_map(|&ix| self.graph.node(ix).member);
        let mut cosignatures: Vec<EntryId> =
            cosigned.iter().map(|&ix| self.graph.node(ix).id).collect();
        cosignatures.sort_unstable();
        Some(Motion {
            id: node.id,
            mover,
            number: *number,
            previous: *previous,
            act: (**act).clone(),
            signed: signers
                .chain([mover])
                .filter_map(|signer| seats.get(&signer).copied())
                .collect(),
            offices: offices(&seats).len(),
            cosignatures,
            state: self.motion_state(ix, *number, *previous),
        })
    }

    fn motion_state(&self, ix: Ix, number: u64, previous: Option<EntryId>) -> MotionState {
        let links = &self.fold.chain.links;
        if let Some(link) = links.iter().find(|link| link.motion == ix) {
            return MotionState::InForce {
                enactment: self.graph.node(link.standing).id,
            };
        }
        let follows = match (previous, links.last()) {
            (None, None) => true,
            (Some(previous), Some(link)) => {
                let mut alike = link.alike.iter();
                alike.any(|&ix| self.graph.node(ix).id == previous)
            }
            _ => false,
        };
        if follows && number == links.len() as u64 + 1 {
            MotionState::Open
        } else {
            MotionState::Lapsed
        }
    }

    /// Returns the statements that do not count, with the reason, by name.
    pub fn excluded(&self) -> Vec<(EntryId, Reason)> {
        let judgements = self.fold.judgements.iter().enumerate();
        let mut excluded: Vec<(EntryId, Reason)> = judgements
            .filter_map(|(ix, judgement)| match judgement {
                Some(Err(reason)) => Some((self.graph.node(ix).id, *reason)),
                _ => None,
            })
            .collect();
        excluded.sort_unstable();
        excluded
    }
}
