//! Powers: who has been given what, and what was taken away again, as far as it counts.
//!
//! It holds results and answers questions about them at a past; it judges nothing. A right exists
//! at a past when the giving statement lies in it and no taking statement does; whether a later
//! cut excludes an entry is asked separately, by the entry's place in its log.

use std::collections::{BTreeMap, BTreeSet};

use super::cut::{Cut, Holder, Rank, assemble};
use super::graph::{Content, Graph, Ix};
use super::past::Past;
use super::quorum::Link;
use super::records::Records;
use crate::id::{EntryId, MemberId};
use crate::statement::{Act, MemberKind, Role};

/// The statements that count and give or take rights.
#[derive(Clone, Debug, Default)]
pub(super) struct Powers {
    /// Founding, admissions, promotions and added offices, by member.
    pub(super) admissions: BTreeMap<MemberId, Vec<Ix>>,
    /// Appointments, by member.
    pub(super) appointments: BTreeMap<MemberId, Vec<Ix>>,
    /// Those of `appointments` that make stewards.
    pub(super) stewards: Vec<Ix>,
    /// Cuts of a role, by its appointment.
    pub(super) role_cuts: BTreeMap<Ix, Vec<Cut>>,
    /// Removals, by member.
    pub(super) removals: BTreeMap<MemberId, Vec<Cut>>,
    /// Who acts for households without a device.
    pub(super) records: Records,
}

/// The facts and the quorum's chain against which powers are read.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) graph: &'a Graph,
    pub(super) chain: &'a [Link],
}

impl<'a> Ground<'a> {
    /// The act that a statement puts in force: an enactment's is that of its motion.
    pub(super) fn effect(&self, ix: Ix) -> Option<&'a Act> {
        match self.graph.node(ix).act()? {
            Act::Enact { motion, .. } => match self.motion(motion)?.1 {
                Act::Move { act, .. } => Some(act),
                _ => None,
            },
            act => Some(act),
        }
    }

    pub(super) fn motion(&self, id: &EntryId) -> Option<(Ix, &'a Act)> {
        let ix = self.graph.find(id)?;
        let act = self.graph.node(ix).act()?;
        matches!(act, Act::Move { .. }).then_some((ix, act))
    }

    /// The representative of enactments of one motion; any other statement is its own.
    pub(super) fn canonical(&self, ix: Ix) -> Ix {
        self.link(ix).map_or(ix, |link| link.standing)
    }

    pub(super) fn link(&self, ix: Ix) -> Option<&'a Link> {
        let Act::Enact { motion, .. } = self.graph.node(ix).act()? else {
            return None;
        };
        let Act::Move { number, .. } = self.motion(motion)?.1 else {
            return None;
        };
        let place = usize::try_from(number.checked_sub(1)?).ok()?;
        let link = self.chain.get(place)?;
        link.alike.contains(&ix).then_some(link)
    }

    /// Tells whether a counting statement lies in a past. Enactments of one motion are one.
    pub(super) fn seen(&self, ix: Ix, past: &Past) -> bool {
        match self.link(ix) {
            None => self.graph.lies_in(ix, past),
            Some(link) => link.alike.iter().any(|&ix| self.graph.lies_in(ix, past)),
        }
    }

    /// As what the statement admits the member.
    pub(super) fn admits(&self, ix: Ix, member: &MemberId) -> Option<MemberKind> {
        let (admitted, kind) = match self.effect(ix)? {
            Act::Found(founding) => (&founding.certificate.member, MemberKind::Household),
            Act::Admit(admission) => (&admission.certificate.member, admission.kind),
            Act::Promote { member } => (member, MemberKind::Household),
            Act::AddOffice { office, .. } => (office, MemberKind::Office),
            _ => return None,
        };
        (admitted == member).then_some(kind)
    }

    /// Whom the statement appoints to what.
    pub(super) fn appoints(&self, ix: Ix) -> Option<(&'a MemberId, &'a Role)> {
        match self.effect(ix)? {
            Act::Appoint { member, role } => Some((member, role)),
            _ => None,
        }
    }
}

impl Powers {
    /// Puts a statement that counts in force.
    pub(super) fn apply(&mut self, ground: Ground<'_>, ix: Ix, rank: Rank, spares_past: bool) {
        let Some(act) = ground.effect(ix) else {
            return;
        };
        match act {
            Act::Found(founding) => self.admit(founding.certificate.member, ix),
            Act::Admit(admission) => self.admit(admission.certificate.member, ix),
            Act::Promote { member } => self.admit(*member, ix),
            Act::AddOffice { office, .. } => self.admit(*office, ix),
            Act::Appoint { member, role } => {
                self.appointments.entry(*member).or_default().push(ix);
                if matches!(role, Role::Steward { .. }) {
                    self.stewards.push(ix);
                }
            }
            Act::CutRole {
                appointment, tips, ..
            } => {
                if let Some(appointment) = ground.graph.find(appointment)
                    && let Some(cut) = cut(ground, ix, rank, spares_past, tips)
                {
                    let appointment = ground.canonical(appointment);
                    self.role_cuts.entry(appointment).or_default().push(cut);
                }
            }
            Act::Remove { member, tips, .. } => {
                if let Some(cut) = cut(ground, ix, rank, spares_past, tips) {
                    self.removals.entry(*member).or_default().push(cut);
                }
            }
            Act::EndRecord { tips, .. } => {
                let cut = cut(ground, ix, rank, spares_past, tips);
                self.records.apply(ground, ix, act, cut);
            }
            act => self.records.apply(ground, ix, act, None),
        }
    }

    fn admit(&mut self, member: MemberId, ix: Ix) {
        self.admissions.entry(member).or_default().push(ix);
    }

    /// Removals of the member that end a right which `source` gave: those it had not seen.
    pub(super) fn removals_of<'b>(
        &'b self,
        ground: Ground<'b>,
        member: &MemberId,
        source: Option<Ix>,
    ) -> impl Iterator<Item = &'b Cut> {
        let removals = self.removals.get(member).map_or(&[][..], Vec::as_slice);
        removals.iter().filter(move |removal| {
            source
                .is_none_or(|source| !ground.seen(removal.node, &ground.graph.node(source).closure))
        })
    }

    /// Tells whether a right that `source` gave to the member stands at a past; `None` for a
    /// member now means that every statement held is seen.
    pub(super) fn stands(
        &self,
        ground: Ground<'_>,
        member: &MemberId,
        source: Ix,
        past: &Past,
    ) -> bool {
        let taken = |cut: &Cut| ground.seen(cut.node, past);
        ground.seen(source, past)
            && !self.removals_of(ground, member, Some(source)).any(taken)
            && !self
                .role_cuts
                .get(&ground.canonical(source))
                .is_some_and(|cuts| cuts.iter().any(taken))
    }

    /// Tells whether at a past the member had been removed and not admitted again since.
    pub(super) fn is_removed(&self, ground: Ground<'_>, member: &MemberId, past: &Past) -> bool {
        let admissions = self.admissions.get(member).map_or(&[][..], Vec::as_slice);
        self.removals_of(ground, member, None)
            .filter(|removal| ground.seen(removal.node, past))
            .any(|removal| {
                !admissions.iter().any(|&admission| {
                    ground.seen(admission, past)
                        && ground.seen(removal.node, &ground.graph.node(admission).closure)
                })
            })
    }

    /// Returns for which office each steward speaks at a past.
    ///
    /// A household speaks for one office only, by the appointment with the lowest name: otherwise
    /// one person with three appointments were a quorum.
    pub(super) fn seats(&self, ground: Ground<'_>, past: &Past) -> BTreeMap<MemberId, MemberId> {
        let mut seats: BTreeMap<MemberId, (EntryId, MemberId)> = BTreeMap::new();
        for &steward in &self.stewards {
            let Some((member, Role::Steward { office })) = ground.appoints(steward) else {
                continue;
            };
            if !self.stands(ground, member, steward, past) || !self.has_office(ground, office, past)
            {
                continue;
            }
            let seat = (ground.graph.node(steward).id, *office);
            let held = seats.entry(*member).or_insert(seat);
            *held = (*held).min(seat);
        }
        seats
            .into_iter()
            .map(|(member, (_, office))| (member, office))
            .collect()
    }

    /// Tells whether the office has been added, and not removed, at a past.
    pub(super) fn has_office(&self, ground: Ground<'_>, office: &MemberId, past: &Past) -> bool {
        self.admissions.get(office).is_some_and(|admissions| {
            admissions.iter().any(|&admission| {
                ground.admits(admission, office) == Some(MemberKind::Office)
                    && self.stands(ground, office, admission, past)
            })
        })
    }
}

/// Returns the offices that seats speak for.
pub(super) fn offices(seats: &BTreeMap<MemberId, MemberId>) -> BTreeSet<MemberId> {
    seats.values().copied().collect()
}

fn cut(
    ground: Ground<'_>,
    ix: Ix,
    rank: Rank,
    spares_past: bool,
    tips: &crate::statement::Tips,
) -> Option<Cut> {
    let node = ground.graph.node(ix);
    // The tips of an enactment are those of its motion, whose parts lie in the mover's log.
    let holder = match node.act() {
        Some(Act::Enact { motion, .. }) => ground.graph.node(ground.motion(motion)?.0),
        _ => node,
    };
    let holder = Holder {
        device: holder.device,
        past: &holder.closure,
        is_written: true,
    };
    let limits = assemble(ground.graph, holder, tips).ok()?;
    debug_assert!(matches!(node.content, Content::Known { .. }));
    Some(Cut {
        node: ix,
        id: node.id,
        rank,
        limits: std::sync::Arc::new(limits),
        spares_past,
    })
}
