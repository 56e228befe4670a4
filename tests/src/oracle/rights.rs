//! The table of rights: which capacity may do which act (rules R5, R6, R21). Whether the author
//! holds the capacity, and whether a cut lies before the statement, is asked in `roster`.

use protocol::id::{DeviceId, EntryId, MemberId};
use protocol::limits;
use protocol::statement::{Act, Admission, InvitationUse, MemberKind, Role, Tips};

use super::cuts::{Named, assemble, lies_below};
use super::powers::Powers;
use super::set::Set;

/// In which capacity a statement is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capacity<'a> {
    /// As the quorum.
    Quorum,
    /// As the founder.
    Founder,
    /// As a member of a kind.
    Member(MemberKind),
    /// As the holder of a role, by an appointment.
    Role(usize, &'a Role),
}

/// Where a statement stands.
#[derive(Clone, Copy, Debug)]
pub struct Stand<'a> {
    /// The statement.
    pub number: usize,
    /// The device in whose log its tips lie.
    pub device: DeviceId,
    /// The statements that its author had seen, itself included.
    pub past: &'a Set,
}

impl Powers<'_> {
    /// Tells whether a capacity may do an act.
    pub fn may(&self, stand: Stand<'_>, capacity: Capacity<'_>, act: &Act) -> bool {
        match act {
            Act::Admit(admission) => self.may_admit(stand, capacity, admission),
            Act::Promote { member } => self.may_promote(stand, capacity, *member),
            Act::Appoint { member, role } => self.may_appoint(stand, capacity, *member, role),
            Act::CutRole {
                appointment,
                tips,
                reason,
            } => fits_reason(reason) && self.may_cut_role(stand, capacity, appointment, tips),
            Act::Remove {
                member,
                tips,
                reason,
            } => {
                let own = capacity == Capacity::Founder && self.facts.founder == Some(*member);
                fits_reason(reason)
                    && self.may_be_dangerous(stand, capacity)
                    && !own
                    && self.named(stand, tips).is_some()
            }
            Act::AddOffice { name, .. } => {
                fits(name, None) && self.may_be_dangerous(stand, capacity)
            }
            Act::CertifyRelay { name, building, .. } => {
                fits(name, building.as_deref()) && may_keep_relays(capacity, building.as_deref())
            }
            Act::CutRelay { device, reason } => {
                fits_reason(reason) && self.may_cut_relay(stand, capacity, *device)
            }
            Act::Move {
                number,
                previous,
                act,
            } => {
                is_steward(capacity)
                    && *number > 0
                    && (*number == 1) == previous.is_none()
                    && can_be_moved(act)
            }
            Act::CoSign { motion } => is_steward(capacity) && self.is_motion(motion, stand.past),
            Act::Close { tips, .. } => {
                capacity != Capacity::Quorum && self.named(stand, tips).is_some()
            }
            Act::Retire { documents } => {
                capacity != Capacity::Quorum && documents.windows(2).all(|two| two[0] < two[1])
            }
            Act::Tips { tips } => {
                capacity != Capacity::Quorum
                    && tips.len() <= limits::TIPS_MAX
                    && tips.windows(2).all(|two| two[0] < two[1])
            }
            Act::Describe { name, building } => {
                capacity != Capacity::Quorum && fits(name, building.as_deref())
            }
            Act::RecordHousehold {
                name,
                building,
                proxies,
                consent,
            } => {
                fits(name, building.as_deref())
                    && may_record(capacity)
                    && are_named(proxies, consent)
            }
            Act::AddProxies {
                record,
                proxies,
                consent,
            } => {
                may_record(capacity)
                    && self.is_record(record, stand.past)
                    && are_named(proxies, consent)
            }
            Act::EndRecord {
                record,
                tips,
                reason,
                ..
            } => {
                fits_reason(reason)
                    && may_record(capacity)
                    && self.is_record(record, stand.past)
                    && self.named(stand, tips).is_some()
            }
            Act::Found(_) | Act::Enact { .. } | Act::Enrol { .. } | Act::CutDevice(_) => false,
        }
    }

    /// Dangerous acts are the quorum's, and the founder's while it acts alone.
    pub fn may_be_dangerous(&self, stand: Stand<'_>, capacity: Capacity<'_>) -> bool {
        match capacity {
            Capacity::Quorum => true,
            Capacity::Founder => self.founder_is_alone(stand.past),
            _ => false,
        }
    }

    fn is_motion(&self, id: &EntryId, past: &Set) -> bool {
        self.history.statement(id).is_some_and(|motion| {
            past.holds(motion) && matches!(self.history.facts[motion].act(), Some(Act::Move { .. }))
        })
    }

    fn is_record(&self, id: &EntryId, past: &Set) -> bool {
        self.history.statement(id).is_some_and(|record| {
            let act = self.history.facts[record].act();
            past.holds(record) && matches!(act, Some(Act::RecordHousehold { .. }))
        })
    }

    fn named(&self, stand: Stand<'_>, tips: &Tips) -> Option<Named> {
        assemble(self.history, stand.device, stand.past, tips)
    }

    fn may_admit(&self, stand: Stand<'_>, capacity: Capacity<'_>, admission: &Admission) -> bool {
        let building = admission.building.as_deref();
        if !fits(&admission.name, building) || admission.kind == MemberKind::Office {
            return false;
        }
        let returns = self.is_removed(admission.certificate.member, stand.past);
        let dangerous = admission.successor_of.is_some() || returns;
        if dangerous && !self.may_be_dangerous(stand, capacity) {
            return false;
        }
        let by_right = match capacity {
            // The quorum judges an invitation itself.
            Capacity::Quorum => return true,
            Capacity::Founder | Capacity::Role(_, Role::Steward { .. }) => true,
            Capacity::Role(_, Role::BuildingLead { building: own }) => {
                building == Some(own.as_str())
            }
            Capacity::Member(MemberKind::Household) => {
                admission.kind == MemberKind::Guest && admission.invitation.is_some()
            }
            _ => false,
        };
        let used = admission.invitation.as_ref();
        by_right && used.is_none_or(|used| self.is_next_use(stand, used))
    }

    /// Uses of an invitation that the inviter's household has made rise along its logs, and all
    /// claim one number of uses.
    fn is_next_use(&self, stand: Stand<'_>, used: &InvitationUse) -> bool {
        if used.uses == 0
            || used.uses > limits::INVITATION_USES_MAX
            || used.number == 0
            || used.number > used.uses
        {
            return false;
        }
        let inviter = self.history.facts[stand.number].header.member;
        let earlier = stand.past.iter().filter(|number| *number != stand.number);
        let mut uses: Vec<&InvitationUse> = Vec::new();
        for number in earlier.filter(|number| self.facts.sound.holds(*number)) {
            let fact = &self.history.facts[number];
            if let Some(Act::Admit(Admission {
                invitation: Some(other),
                ..
            })) = fact.act()
                && fact.header.member == inviter
                && other.invitation == used.invitation
            {
                uses.push(other);
            }
        }
        uses.iter()
            .all(|other| other.number < used.number && other.uses == used.uses)
    }

    fn may_promote(&self, stand: Stand<'_>, capacity: Capacity<'_>, member: MemberId) -> bool {
        if self.is_removed(member, stand.past) && !self.may_be_dangerous(stand, capacity) {
            return false;
        }
        let known = self.stated_admissions(member, stand.past);
        if known.is_empty() {
            return false;
        }
        match capacity {
            Capacity::Quorum | Capacity::Founder | Capacity::Role(_, Role::Steward { .. }) => true,
            Capacity::Role(_, Role::BuildingLead { building }) => known
                .iter()
                .any(|admission| admission.building.as_ref() == Some(building)),
            _ => false,
        }
    }

    fn may_appoint(
        &self,
        stand: Stand<'_>,
        capacity: Capacity<'_>,
        member: MemberId,
        role: &Role,
    ) -> bool {
        let by_right = match (capacity, role) {
            (_, Role::Steward { .. }) => self.may_be_dangerous(stand, capacity),
            (Capacity::Quorum | Capacity::Founder, _) => true,
            (Capacity::Role(_, Role::Steward { office: own }), Role::Spokesperson { office }) => {
                own == office
            }
            (Capacity::Role(_, Role::Steward { .. }), _) => true,
            _ => false,
        };
        let has_place = match role {
            Role::Steward { office } | Role::Spokesperson { office } => {
                self.has_office(*office, stand.past)
            }
            Role::BuildingLead { building } => fits(building, None),
            Role::Moderator => true,
        };
        by_right && has_place && !self.is_removed(member, stand.past)
    }

    fn may_cut_role(
        &self,
        stand: Stand<'_>,
        capacity: Capacity<'_>,
        appointment: &EntryId,
        tips: &Tips,
    ) -> bool {
        let target = self.history.statement(appointment);
        let Some(target) = target.filter(|target| self.is_in(*target, stand.past)) else {
            return false;
        };
        let Some((_, role)) = self.appoints(target) else {
            return false;
        };
        let may_be_dangerous = self.may_be_dangerous(stand, capacity);
        if matches!(role, Role::Steward { .. }) && !may_be_dangerous {
            return false;
        }
        let is_senior = match capacity {
            Capacity::Quorum => true,
            Capacity::Founder => self.descends(target, None),
            Capacity::Role(own, _) => self.descends(target, Some(self.one(own))),
            Capacity::Member(_) => false,
        };
        let Some(named) = self.named(stand, tips).filter(|_| is_senior) else {
            return false;
        };
        // Who cuts below what it has seen does a dangerous act.
        may_be_dangerous
            || !stand.past.iter().any(|number| {
                self.right_of(number) == Some(target) && lies_below(self.history, &named, number)
            })
    }

    fn may_cut_relay(&self, stand: Stand<'_>, capacity: Capacity<'_>, relay: DeviceId) -> bool {
        match capacity {
            Capacity::Quorum | Capacity::Founder | Capacity::Role(_, Role::Steward { .. }) => true,
            Capacity::Role(own, role) => {
                let certified = stand.past.iter().filter(|number| {
                    matches!(self.history.facts[*number].act(),
                        Some(Act::CertifyRelay { device, .. }) if *device == relay)
                        && self.facts.sound.holds(*number)
                });
                let own = Some(self.one(own));
                matches!(
                    role,
                    Role::BuildingLead { .. } | Role::Moderator | Role::Spokesperson { .. }
                ) && certified
                    .into_iter()
                    .any(|number| self.descends(number, own))
            }
            Capacity::Member(_) => false,
        }
    }
}

/// Tells whether an act can be moved.
pub fn can_be_moved(act: &Act) -> bool {
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

fn is_steward(capacity: Capacity<'_>) -> bool {
    matches!(capacity, Capacity::Role(_, Role::Steward { .. }))
}

/// Households without a device are recorded by the founder and by stewards, never by motion.
fn may_record(capacity: Capacity<'_>) -> bool {
    capacity == Capacity::Founder || is_steward(capacity)
}

/// A few members, each once, and a word about the consent.
fn are_named(proxies: &[MemberId], consent: &str) -> bool {
    proxies.len() <= 8
        && proxies.windows(2).all(|two| two[0] < two[1])
        && !consent.is_empty()
        && fits_reason(consent)
}

fn may_keep_relays(capacity: Capacity<'_>, building: Option<&str>) -> bool {
    match capacity {
        Capacity::Quorum | Capacity::Founder | Capacity::Role(_, Role::Steward { .. }) => true,
        Capacity::Role(_, Role::BuildingLead { building: own }) => building == Some(own.as_str()),
        _ => false,
    }
}

fn fits(name: &str, building: Option<&str>) -> bool {
    name.len() <= limits::NAME_BYTES_MAX
        && building.is_none_or(|building| building.len() <= limits::NAME_BYTES_MAX)
}

fn fits_reason(reason: &str) -> bool {
    reason.len() <= limits::REASON_BYTES_MAX
}
