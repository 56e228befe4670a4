//! The roster as it is shown: who may do what, who granted it, and what does not count.

use std::collections::{BTreeMap, BTreeSet};

use protocol::api::{
    CapacityPowers, ExcludedStatement, GovernanceView, RosterDevice, RosterMember, RosterOffice,
    RosterRelay, RosterRole, RosterView,
};
use protocol::id::{EntryId, MemberId};
use protocol::roster::{Capacity, Device, Governance, Member, Power, Reason, RoleHeld};
use protocol::statement::{Act, MemberKind, Role};

use crate::core::worker::Worker;

impl Worker {
    pub(in crate::core) fn roster_view(&mut self) -> RosterView {
        let roster = self.parts.replica.roster();
        let governance = roster.governance();
        let mut devices = self.devices_by_member();
        let mut roles: BTreeMap<MemberId, Vec<RoleHeld>> = BTreeMap::new();
        for held in roster.roles() {
            roles.entry(held.member).or_default().push(held);
        }
        let members = roster.members().into_iter().map(|member| {
            let devices = devices.remove(&member.id).unwrap_or_default();
            let roles = roles.remove(&member.id).unwrap_or_default();
            self.member_told(member, &devices, &roles, &governance)
        });
        RosterView {
            members: members.collect(),
            offices: self.offices_told(),
            recorded: self.recorded_told(),
            relays: self.relays_told(),
            powers: Capacity::ALL
                .iter()
                .map(|capacity| CapacityPowers {
                    capacity: capacity.word().to_owned(),
                    may: words(capacity.powers(&governance).iter().copied()),
                })
                .collect(),
            governance: governance_told(&governance),
            excluded: roster
                .excluded()
                .into_iter()
                .map(|(id, reason)| self.excluded_told(id, reason))
                .collect(),
        }
    }

    /// Returns the devices of each member.
    pub(in crate::core) fn devices_by_member(&self) -> BTreeMap<MemberId, Vec<Device>> {
        let mut devices: BTreeMap<MemberId, Vec<Device>> = BTreeMap::new();
        for device in self.parts.replica.roster().devices() {
            devices.entry(device.member).or_default().push(device);
        }
        devices
    }

    fn member_told(
        &self,
        member: Member,
        devices: &[Device],
        roles: &[RoleHeld],
        governance: &Governance,
    ) -> RosterMember {
        let roster = self.parts.replica.roster();
        let founder = roster
            .founding()
            .is_some_and(|founding| founding.certificate.member == member.id);
        let mut may: BTreeSet<Power> = BTreeSet::new();
        if member.removed.is_none() {
            let own = Capacity::of_member(member.kind);
            let as_founder = founder.then_some(Capacity::Founder);
            let by_roles = roles.iter().map(|held| Capacity::of_role(&held.role));
            for capacity in [own].into_iter().chain(as_founder).chain(by_roles) {
                may.extend(capacity.powers(governance));
            }
        }
        RosterMember {
            founder,
            removed: member.removed.is_some(),
            moved_out: has_moved_out(&member, devices),
            admitted_by: member.admitted_by,
            admission: Some(self.statement_ref(member.admission)),
            removal: member.removed.map(|id| self.dated_ref(id)),
            successor_of: member.successor_of,
            may: words(may),
            kind: match member.kind {
                MemberKind::Household => "household",
                MemberKind::Guest => "guest",
                MemberKind::Office => "office",
            }
            .to_owned(),
            devices: devices
                .iter()
                .map(|device| RosterDevice {
                    id: device.id,
                    cut: device.cut.is_some(),
                    forked: self.parts.replica.logs().known_fork(&device.id).is_some(),
                    ended: device.cut.map(|(cut, _)| self.dated_ref(cut)),
                })
                .collect(),
            roles: roles.iter().map(|held| self.role_held(held)).collect(),
            resembles: self.lookalikes().of(&member.id).to_vec(),
            id: member.id,
            name: member.name,
            building: member.building,
        }
    }

    fn role_held(&self, held: &RoleHeld) -> RosterRole {
        let (office, building) = match &held.role {
            Role::Steward { office } | Role::Spokesperson { office } => (Some(*office), None),
            Role::BuildingLead { building } => (None, Some(building.clone())),
            Role::Moderator => (None, None),
        };
        let appointed = self.dated_ref(held.appointment);
        RosterRole {
            role: Capacity::of_role(&held.role).word().to_owned(),
            office,
            building,
            appointment: held.appointment,
            appointed_by: appointed.by,
            appointed: Some(appointed),
            cut: false,
        }
    }

    fn offices_told(&self) -> Vec<RosterOffice> {
        let offices = self.parts.replica.roster().offices().into_iter();
        offices
            .map(|office| RosterOffice {
                id: office.id,
                name: office.name,
                added: self.dated_ref(office.added),
                stewards: office.stewards,
                spokespeople: office.spokespeople,
            })
            .collect()
    }

    fn relays_told(&self) -> Vec<RosterRelay> {
        let relays = self.parts.replica.roster().relays().into_iter();
        relays
            .map(|relay| RosterRelay {
                device: relay.id,
                name: relay.name,
                building: relay.building,
                certified: Some(self.dated_ref(relay.certificate)),
                cut: false,
            })
            .collect()
    }

    fn excluded_told(&self, id: EntryId, reason: Reason) -> ExcludedStatement {
        let roster = self.parts.replica.roster();
        let origin = roster.origin(&id);
        ExcludedStatement {
            id,
            member: origin.as_ref().and_then(|origin| origin.member),
            acted_as: origin.map(|origin| self.acted_as(&origin.right)),
            act: roster.act(&id).map(Act::word).map(str::to_owned),
            reason: reason.word().to_owned(),
        }
    }
}

/// Tells whether a member of these devices moved out: only it can cut them without being removed.
pub(in crate::core) fn has_moved_out(member: &Member, devices: &[Device]) -> bool {
    member.removed.is_none()
        && !devices.is_empty()
        && devices.iter().all(|device| device.cut.is_some())
}

fn governance_told(governance: &Governance) -> GovernanceView {
    GovernanceView {
        founder_alone: governance.founder_alone,
        offices: governance.offices.clone(),
        needed: count(governance.needed()),
        next_number: governance.next_number,
    }
}

fn words(powers: impl IntoIterator<Item = Power>) -> Vec<String> {
    let powers = powers.into_iter();
    powers.map(|power| power.word().to_owned()).collect()
}

pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
