//! The table of rights: which capacity may do which act, and to whom.
//!
//! Whether the author holds the capacity has been judged before. What a statement says is bounded
//! here as well, for a name without end is nobody's right.

use super::cut::{Holder, Limits, assemble, lies_below};
use super::graph::Ix;
use super::judge::{Issuer, Judge, Judgement, Place};
use super::{InvitationFault, Reason};
use crate::id::{DeviceId, EntryId, MemberId};
use crate::limits;
use crate::statement::{Act, Admission, Authority, InvitationUse, MemberKind, Role, Tips};
use crate::switches::Rule;

impl Judge<'_> {
    /// Judges whether somebody in a capacity may do an act at a place.
    pub(super) fn may(&self, place: &Place<'_>, issuer: Issuer<'_>, act: &Act) -> Judgement {
        match act {
            Act::Admit(admission) => self.may_admit(place, issuer, admission),
            Act::Promote { member } => self.may_promote(place, issuer, member),
            Act::Appoint { member, role } => self.may_appoint(place, issuer, member, role),
            Act::CutRole {
                appointment,
                tips,
                reason,
            } => {
                reason_is_bounded(reason)?;
                self.may_cut_role(place, issuer, appointment, tips)
            }
            Act::Remove {
                member,
                tips,
                reason,
            } => {
                reason_is_bounded(reason)?;
                self.may_remove(place, issuer, member, tips)
            }
            Act::AddOffice { name, .. } => {
                names(name, None)?;
                self.dangerous(place, issuer)
            }
            Act::CertifyRelay { name, building, .. } => {
                names(name, building.as_deref())?;
                may_keep_relays(issuer, building.as_deref())
            }
            Act::CutRelay { device, reason } => {
                reason_is_bounded(reason)?;
                self.may_cut_relay(place, issuer, device)
            }
            Act::Move {
                number,
                previous,
                act,
            } => {
                steward(issuer)?;
                if *number == 0 || (*number == 1) != previous.is_none() || !can_be_moved(act) {
                    return Err(Reason::WrongTarget);
                }
                Ok(())
            }
            Act::CoSign { motion: id } => {
                steward(issuer)?;
                let motion = self.ground.motion(id);
                let seen = motion.is_some_and(|(ix, _)| self.seen(ix, place.past));
                let wrong = || self.ground.graph.wrong_target(id, place.past);
                seen.then_some(()).ok_or_else(wrong)
            }
            Act::Close { tips, .. } => {
                not_by_quorum(issuer)?;
                self.tips(place, tips).map(|_| ())
            }
            Act::Retire { documents } => {
                not_by_quorum(issuer)?;
                ascending(documents)
            }
            Act::Tips { tips } => {
                not_by_quorum(issuer)?;
                if tips.len() > limits::TIPS_MAX {
                    return Err(Reason::Limit { what: "tips" });
                }
                ascending(tips)
            }
            Act::Describe { name, building } => {
                not_by_quorum(issuer)?;
                names(name, building.as_deref())
            }
            Act::RecordHousehold {
                name,
                building,
                proxies,
                consent,
            } => {
                names(name, building.as_deref())?;
                consents(proxies, consent)?;
                may_record(issuer)
            }
            Act::AddProxies {
                record,
                proxies,
                consent,
            } => {
                consents(proxies, consent)?;
                may_record(issuer)?;
                self.is_record(place, record)
            }
            Act::EndRecord {
                record,
                tips,
                reason,
                ..
            } => {
                reason_is_bounded(reason)?;
                may_record(issuer)?;
                self.is_record(place, record)?;
                self.tips(place, tips).map(|_| ())
            }
            // An enactment is judged with the quorum's chain, the others speak for themselves.
            Act::Found(_) | Act::Enact { .. } | Act::Enrol { .. } | Act::CutDevice(_) => {
                Err(Reason::NoRight)
            }
        }
    }

    /// A dangerous act is the quorum's, or the founder's while it acts alone.
    fn dangerous(&self, place: &Place<'_>, issuer: Issuer<'_>) -> Judgement {
        match issuer {
            Issuer::Quorum => Ok(()),
            Issuer::Founder if self.founder_is_alone(place.past) => Ok(()),
            _ => Err(Reason::NeedsQuorum),
        }
    }

    fn may_admit(&self, place: &Place<'_>, issuer: Issuer<'_>, admission: &Admission) -> Judgement {
        names(&admission.name, admission.building.as_deref())?;
        if admission.kind == MemberKind::Office {
            return Err(Reason::WrongTarget);
        }
        if admission.successor_of.is_some() || self.is_removed(&admission.certificate.member, place)
        {
            self.dangerous(place, issuer)?;
        }
        match issuer {
            Issuer::Quorum => return Ok(()),
            Issuer::Founder => {}
            Issuer::Holder { role, .. } => match role {
                Role::Steward { .. } => {}
                Role::BuildingLead { building } => {
                    is_own_building(building, admission.building.as_deref())?;
                }
                Role::Moderator | Role::Spokesperson { .. } => return Err(Reason::NoRight),
            },
            Issuer::Member(MemberKind::Household) => {
                if admission.kind != MemberKind::Guest {
                    return Err(Reason::NoRight);
                }
                if admission.invitation.is_none() {
                    return Err(Reason::Invitation(InvitationFault::None));
                }
            }
            Issuer::Member(MemberKind::Guest | MemberKind::Office) => return Err(Reason::NoRight),
        }
        match &admission.invitation {
            Some(used) if self.switches.holds(Rule::R21) => {
                self.use_is_next(place, used).map_err(Reason::Invitation)
            }
            _ => Ok(()),
        }
    }

    /// Uses of one invitation rise in the inviter's log, up to the number it claims: an over-use
    /// needs a fork. On a fork both uses stand, because an inviter who could undo one by making
    /// another could throw out whom it admitted.
    fn use_is_next(&self, place: &Place<'_>, used: &InvitationUse) -> Result<(), InvitationFault> {
        if used.uses == 0 || used.uses > limits::INVITATION_USES_MAX {
            return Err(InvitationFault::Uses);
        }
        if used.number == 0 || used.number > used.uses {
            return Err(InvitationFault::Overused);
        }
        let Some(inviter) = place.member else {
            return Ok(());
        };
        let Some(lanes) = self
            .ground
            .graph
            .invitations
            .get(&(inviter, used.invitation))
        else {
            return Ok(());
        };
        for (&lane, uses) in lanes {
            // A statement of the graph lies in its own past; it is not its own predecessor.
            let own = place.node.is_some() && place.lane == Some(lane);
            let seen = place.past.count(lane).saturating_sub(u32::from(own));
            let before = uses.partition_point(|earlier| earlier.index <= seen);
            let Some(last) = before.checked_sub(1).map(|at| &uses[at]) else {
                continue;
            };
            if last.greatest >= used.number {
                return Err(InvitationFault::Repeated);
            }
            if (last.least_uses, last.most_uses) != (used.uses, used.uses) {
                return Err(InvitationFault::Uses);
            }
        }
        Ok(())
    }

    /// Makes a household of a guest. It is an admission by a senior, which stands when the guest's
    /// own admission falls.
    fn may_promote(&self, place: &Place<'_>, issuer: Issuer<'_>, member: &MemberId) -> Judgement {
        if self.is_removed(member, place) {
            self.dangerous(place, issuer)?;
        }
        let graph = self.ground.graph;
        let known = graph.admissions_of.get(member);
        let mut known = known
            .into_iter()
            .flatten()
            .filter(|&&ix| self.seen(ix, place.past))
            .filter_map(|&ix| match graph.node(ix).act()? {
                Act::Admit(admission) => Some(admission),
                Act::Move { act, .. } => match &**act {
                    Act::Admit(admission) => Some(admission),
                    _ => None,
                },
                _ => None,
            })
            .peekable();
        if known.peek().is_none() {
            return Err(Reason::WrongTarget);
        }
        match issuer {
            Issuer::Quorum | Issuer::Founder => Ok(()),
            Issuer::Holder { role, .. } => match role {
                Role::Steward { .. } => Ok(()),
                Role::BuildingLead { building } => known
                    .any(|admission| admission.building.as_ref() == Some(building))
                    .then_some(())
                    .ok_or(Reason::NoRight),
                Role::Moderator | Role::Spokesperson { .. } => Err(Reason::NoRight),
            },
            Issuer::Member(_) => Err(Reason::NoRight),
        }
    }

    fn may_appoint(
        &self,
        place: &Place<'_>,
        issuer: Issuer<'_>,
        member: &MemberId,
        role: &Role,
    ) -> Judgement {
        if let Role::BuildingLead { building } = role {
            names(building, None)?;
        }
        match (issuer, role) {
            (_, Role::Steward { .. }) => self.dangerous(place, issuer)?,
            (Issuer::Quorum | Issuer::Founder, _) => {}
            (Issuer::Holder { role: own, .. }, _) => match (own, role) {
                (Role::Steward { .. }, Role::Moderator | Role::BuildingLead { .. }) => {}
                (Role::Steward { office: own }, Role::Spokesperson { office }) if own == office => {
                }
                _ => return Err(Reason::NoRight),
            },
            (Issuer::Member(_), _) => return Err(Reason::NoRight),
        }
        // Whoever was removed comes back by motion only, not by a role.
        if self.is_removed(member, place) {
            return Err(Reason::Removed);
        }
        match role {
            Role::Steward { office } | Role::Spokesperson { office } => self
                .powers
                .has_office(self.ground, office, place.past)
                .then_some(())
                .ok_or(Reason::WrongTarget),
            Role::Moderator | Role::BuildingLead { .. } => Ok(()),
        }
    }

    fn may_cut_role(
        &self,
        place: &Place<'_>,
        issuer: Issuer<'_>,
        appointment: &EntryId,
        tips: &Tips,
    ) -> Judgement {
        let graph = self.ground.graph;
        let target = graph.find(appointment);
        let target = target.filter(|&ix| self.seen(ix, place.past));
        let target = target.ok_or(Reason::WrongTarget)?;
        let wrong = || graph.wrong_target(appointment, place.past);
        let (_, role) = self.ground.appoints(target).ok_or_else(wrong)?;
        if matches!(role, Role::Steward { .. }) {
            self.dangerous(place, issuer)?;
        }
        let ranks_over = match issuer {
            Issuer::Quorum => true,
            Issuer::Founder => self.descends_from(target, None),
            Issuer::Holder { appointment, .. } => {
                self.descends_from(target, Some(self.ground.canonical(appointment)))
            }
            Issuer::Member(_) => false,
        };
        // With seniority switched off, any holder of a role ranks over any other.
        let ranks_over = ranks_over
            || (!self.switches.holds(Rule::R6) && matches!(issuer, Issuer::Holder { .. }));
        if !ranks_over {
            return Err(Reason::NotSenior);
        }
        let limits = self.tips(place, tips)?;
        if self.may_cut_low(place, issuer) {
            return Ok(());
        }
        let acting = graph.acting_under.get(&target);
        let low = acting
            .into_iter()
            .flatten()
            .any(|&ix| graph.lies_in(ix, place.past) && lies_below(graph, &limits, ix));
        if low { Err(Reason::LowCut) } else { Ok(()) }
    }

    fn may_remove(
        &self,
        place: &Place<'_>,
        issuer: Issuer<'_>,
        member: &MemberId,
        tips: &Tips,
    ) -> Judgement {
        self.dangerous(place, issuer)?;
        // The founder's household stands above its own acts; the quorum may remove it.
        if matches!(issuer, Issuer::Founder) && self.ground.graph.founder == Some(*member) {
            return Err(Reason::NotSenior);
        }
        self.tips(place, tips).map(|_| ())
    }

    /// Cutting below what the cutter had seen is itself a dangerous act.
    pub(super) fn may_cut_low(&self, place: &Place<'_>, issuer: Issuer<'_>) -> bool {
        self.dangerous(place, issuer).is_ok()
    }

    /// Tells whether an appointment was made, at any remove, by a right of the appointment
    /// `senior`, or of the founder when that is `None`.
    pub(super) fn descends_from(&self, mut from: Ix, senior: Option<Ix>) -> bool {
        let graph = self.ground.graph;
        loop {
            let node = graph.node(from);
            match (node.act(), node.authority()) {
                // The quorum is nobody's junior.
                (Some(Act::Enact { .. }), _) => return false,
                (_, Some(Authority::Founder)) => return senior.is_none(),
                _ => {}
            }
            let Some(right) = graph.right_of(node) else {
                return false;
            };
            if senior == Some(self.ground.canonical(right)) {
                return true;
            }
            from = right;
        }
    }

    fn may_cut_relay(&self, place: &Place<'_>, issuer: Issuer<'_>, relay: &DeviceId) -> Judgement {
        let Issuer::Holder { appointment, role } = issuer else {
            return may_keep_relays(issuer, None);
        };
        if matches!(role, Role::Steward { .. }) {
            return Ok(());
        }
        let senior = self.ground.canonical(appointment);
        let graph = self.ground.graph;
        let certified = graph.relays.get(relay).into_iter().flatten();
        let mut certified = certified.filter(|&&ix| self.seen(ix, place.past));
        certified
            .any(|&ix| self.descends_from(ix, Some(senior)))
            .then_some(())
            .ok_or(Reason::NotSenior)
    }

    /// Tells whether a name is that of a record which the author had seen. Whether the record counts
    /// is asked where somebody acts by it, for it may be made by a lesser right than what it is
    /// named in.
    fn is_record(&self, place: &Place<'_>, record: &EntryId) -> Judgement {
        let graph = self.ground.graph;
        let seen = graph.find(record).is_some_and(|ix| {
            let act = graph.node(ix).act();
            matches!(act, Some(Act::RecordHousehold { .. })) && self.seen(ix, place.past)
        });
        let wrong = || graph.wrong_target(record, place.past);
        seen.then_some(()).ok_or_else(wrong)
    }

    fn is_removed(&self, member: &MemberId, place: &Place<'_>) -> bool {
        self.powers.is_removed(self.ground, member, place.past)
    }

    pub(super) fn tips(&self, place: &Place<'_>, tips: &Tips) -> Result<Limits, Reason> {
        let holder = Holder {
            device: place.device,
            past: place.past,
            is_written: place.node.is_some(),
        };
        assemble(self.ground.graph, holder, tips)
    }
}

/// Tells whether an act can be the object of a motion.
pub(super) fn can_be_moved(act: &Act) -> bool {
    matches!(
        act,
        Act::Admit(_)
            | Act::Promote { .. }
            | Act::Appoint { .. }
            | Act::CutRole { .. }
            | Act::Remove { .. }
            | Act::AddOffice { .. }
            | Act::CertifyRelay { .. }
            | Act::CutRelay { .. }
    )
}

/// Bounds a name and a building.
pub(super) fn names(name: &str, building: Option<&str>) -> Judgement {
    let fits = |text: &str| text.len() <= limits::NAME_BYTES_MAX;
    if fits(name) && building.is_none_or(fits) {
        Ok(())
    } else {
        Err(Reason::Limit { what: "name" })
    }
}

fn reason_is_bounded(reason: &str) -> Judgement {
    if reason.len() <= limits::REASON_BYTES_MAX {
        Ok(())
    } else {
        Err(Reason::Limit { what: "reason" })
    }
}

/// Bounds who acts for a household without a device, and has somebody say on what consent.
fn consents(proxies: &[MemberId], consent: &str) -> Judgement {
    if proxies.len() > limits::PROXIES_MAX {
        return Err(Reason::Limit { what: "proxies" });
    }
    if consent.is_empty() || consent.len() > limits::REASON_BYTES_MAX {
        return Err(Reason::Limit { what: "consent" });
    }
    ascending(proxies)
}

/// Households without a device are recorded by stewards, and by the founder.
fn may_record(issuer: Issuer<'_>) -> Judgement {
    match issuer {
        Issuer::Founder => Ok(()),
        _ => steward(issuer),
    }
}

fn ascending<T: Ord>(list: &[T]) -> Judgement {
    if list.windows(2).all(|pair| pair[0] < pair[1]) {
        Ok(())
    } else {
        Err(Reason::Limit { what: "order" })
    }
}

fn steward(issuer: Issuer<'_>) -> Judgement {
    match issuer {
        Issuer::Holder {
            role: Role::Steward { .. },
            ..
        } => Ok(()),
        _ => Err(Reason::NoRight),
    }
}

fn not_by_quorum(issuer: Issuer<'_>) -> Judgement {
    match issuer {
        Issuer::Quorum => Err(Reason::WrongTarget),
        _ => Ok(()),
    }
}

fn may_keep_relays(issuer: Issuer<'_>, building: Option<&str>) -> Judgement {
    match issuer {
        Issuer::Quorum | Issuer::Founder => Ok(()),
        Issuer::Holder { role, .. } => match role {
            Role::Steward { .. } => Ok(()),
            Role::BuildingLead { building: own } => is_own_building(own, building),
            Role::Moderator | Role::Spokesperson { .. } => Err(Reason::NoRight),
        },
        Issuer::Member(_) => Err(Reason::NoRight),
    }
}

fn is_own_building(own: &str, building: Option<&str>) -> Judgement {
    if building == Some(own) {
        Ok(())
    } else {
        Err(Reason::NoRight)
    }
}
