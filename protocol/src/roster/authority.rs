//! By which right a member may make a statement, as the roster stands now: what a node asks before
//! it writes one.

use thiserror::Error;

use super::graph::Ix;
use super::judge::{Issuer, Place};
use super::powers::offices;
use super::rights::can_be_moved;
use super::{OFFICES_FOR_QUORUM, Reason, Roster};
use crate::id::{DeviceId, EntryId, MemberId};
use crate::statement::{Act, Authority, Role};

/// Why a member may not make a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Denied {
    /// The member is not admitted, or has been removed.
    #[error("this household is not a member")]
    NotAdmitted,
    /// The device is not certified by the member.
    #[error("this device is not certified by its household")]
    NotCertified,
    /// The act needs co-signatures: move it.
    #[error("this needs a motion that stewards of different offices co-sign")]
    NeedsMotion,
    /// None of the member's rights allows it.
    #[error("none of this household's rights allows this: {0}")]
    NoRight(#[source] Reason),
}

/// Who decides about dangerous acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Governance {
    /// Whether the founder still acts alone.
    pub founder_alone: bool,
    /// Offices with stewards, of which more than half have to sign.
    pub offices: Vec<MemberId>,
    /// The number of the next motion.
    pub next_number: u64,
    /// The enactment that the next motion follows.
    pub previous: Option<EntryId>,
}

impl Governance {
    /// Returns how many offices have to sign a motion: more than half, and of three at least for
    /// the first.
    pub fn needed(&self) -> usize {
        let of = match self.next_number {
            1 => self.offices.len().max(OFFICES_FOR_QUORUM),
            _ => self.offices.len(),
        };
        of / 2 + 1
    }
}

impl Roster {
    /// Returns by which right a member's device may make a statement. `creator` is the household
    /// that made the document which a closing or retirement is about. A long list of tips is asked
    /// about whole: [`TipsList::whole`](super::TipsList::whole).
    ///
    /// # Errors
    ///
    /// [`Denied`] says why there is none.
    pub fn authority_for(
        &self,
        member: &MemberId,
        device: DeviceId,
        act: &Act,
        creator: Option<MemberId>,
    ) -> Result<Authority, Denied> {
        let place = Place {
            node: None,
            device,
            member: Some(*member),
            seq: u64::MAX,
            lane: None,
            past: self.now(),
        };
        let judge = self.judge();
        let mut denied = Denied::NotAdmitted;
        for (authority, source) in self.authorities(member) {
            let judged = match act {
                Act::Close { .. } | Act::Retire { .. }
                    if !self.may_end(member, &authority, source, creator) =>
                {
                    Err(Reason::NoRight)
                }
                // Whoever may co-sign may enact.
                Act::Enact { motion, .. } => {
                    judge.act(&place, &authority, &Act::CoSign { motion: *motion })
                }
                _ => judge.act(&place, &authority, act),
            };
            match judged {
                Ok(()) => return Ok(authority),
                Err(reason) => denied = worse(denied, reason),
            }
        }
        Err(denied)
    }

    /// Returns who decides about dangerous acts.
    pub fn governance(&self) -> Governance {
        let seats = self.fold.powers.seats(self.ground(), self.now());
        let offices: Vec<MemberId> = offices(&seats).into_iter().collect();
        let links = &self.fold.chain.links;
        Governance {
            founder_alone: links.is_empty() && offices.len() < OFFICES_FOR_QUORUM,
            offices,
            next_number: links.len() as u64 + 1,
            previous: links.last().map(|link| self.graph.node(link.standing).id),
        }
    }

    /// Tells whether the quorum could do an act as the roster stands: what a steward's node asks
    /// before it moves or enacts one. Parts of a list of tips lie in the log of `device`, the
    /// mover's; a list whose parts are not written yet is asked about whole.
    ///
    /// # Errors
    ///
    /// [`Reason`] says why the motion would be void.
    pub fn quorum_may(&self, device: DeviceId, act: &Act) -> Result<(), Reason> {
        if !can_be_moved(act) {
            return Err(Reason::WrongTarget);
        }
        let place = Place {
            node: None,
            device,
            member: None,
            seq: u64::MAX,
            lane: None,
            past: self.now(),
        };
        self.judge().may(&place, Issuer::Quorum, act)
    }

    /// Rights that the member has now: being a member, then the founder's, then roles, most senior
    /// first. A member's own affairs should not hang on a role that somebody may take away.
    fn authorities(&self, member: &MemberId) -> Vec<(Authority, Option<Ix>)> {
        let (ground, powers) = (self.ground(), &self.fold.powers);
        let standing = |of: Option<&Vec<Ix>>| -> Vec<Ix> {
            let mut standing: Vec<Ix> = of
                .into_iter()
                .flatten()
                .copied()
                .filter(|&ix| powers.stands(ground, member, ix, self.now()))
                .collect();
            standing.sort_by_key(|&ix| (ground.admits(ix, member), self.order(ix)));
            standing
        };
        let admissions = standing(powers.admissions.get(member));
        let appointments = standing(powers.appointments.get(member));
        let mut authorities: Vec<(Authority, Option<Ix>)> = Vec::new();
        for ix in admissions {
            let admission = self.graph.node(ix).id;
            authorities.push((Authority::Member { admission }, Some(ix)));
        }
        if self.graph.founder == Some(*member) {
            authorities.push((Authority::Founder, None));
        }
        for ix in appointments {
            let appointment = self.graph.node(ix).id;
            authorities.push((Authority::Grant { appointment }, Some(ix)));
        }
        authorities
    }

    fn may_end(
        &self,
        member: &MemberId,
        authority: &Authority,
        source: Option<Ix>,
        creator: Option<MemberId>,
    ) -> bool {
        let steward = source
            .and_then(|source| self.ground().appoints(source))
            .is_some_and(|(_, role)| matches!(role, Role::Steward { .. }));
        creator == Some(*member) || steward || *authority == Authority::Founder
    }
}

/// Keeps the reason that tells its reader most about what to do next.
fn worse(one: Denied, reason: Reason) -> Denied {
    let other = match reason {
        // Cutting low is a dangerous act as well (rule R6).
        Reason::NeedsQuorum | Reason::LowCut => Denied::NeedsMotion,
        Reason::NotCertified => Denied::NotCertified,
        reason => Denied::NoRight(reason),
    };
    let weight = |denied: &Denied| match denied {
        Denied::NotAdmitted => 0,
        Denied::NoRight(Reason::NoRight) => 1,
        Denied::NoRight(_) => 2,
        Denied::NotCertified => 3,
        Denied::NeedsMotion => 4,
    };
    if weight(&other) > weight(&one) {
        other
    } else {
        one
    }
}
