//! The roster as it is shown.

use protocol::api::{
    ExcludedStatement, RosterDevice, RosterMember, RosterRelay, RosterRole, RosterView,
};
use protocol::statement::{MemberKind, Role};

use crate::core::worker::Worker;

impl Worker {
    pub(in crate::core) fn roster_view(&mut self) -> RosterView {
        let roster = self.parts.replica.roster();
        let devices = roster.devices();
        let roles = roster.roles();
        let founder = roster
            .founding()
            .map(|founding| founding.certificate.member);
        let members = roster
            .members()
            .into_iter()
            .map(|member| RosterMember {
                founder: founder == Some(member.id),
                removed: member.removed.is_some(),
                admitted_by: member.admitted_by,
                kind: match member.kind {
                    MemberKind::Household => "household",
                    MemberKind::Guest => "guest",
                    MemberKind::Office => "office",
                }
                .to_owned(),
                devices: devices
                    .iter()
                    .filter(|device| device.member == member.id)
                    .map(|device| RosterDevice {
                        id: device.id,
                        cut: device.cut.is_some(),
                        forked: self.parts.replica.logs().known_fork(&device.id).is_some(),
                    })
                    .collect(),
                roles: roles
                    .iter()
                    .filter(|held| held.member == member.id)
                    .map(role_view)
                    .collect(),
                id: member.id,
                name: member.name,
                building: member.building,
            })
            .collect();
        RosterView {
            members,
            relays: roster
                .relays()
                .into_iter()
                .map(|relay| RosterRelay {
                    device: relay.id,
                    name: relay.name,
                    building: relay.building,
                    cut: false,
                })
                .collect(),
            excluded: roster
                .excluded()
                .into_iter()
                .map(|(id, reason)| ExcludedStatement {
                    id,
                    member: None,
                    reason: reason.to_string(),
                })
                .collect(),
        }
    }
}

fn role_view(held: &protocol::roster::RoleHeld) -> RosterRole {
    let (role, office, building) = match &held.role {
        Role::Steward { office } => ("steward", Some(*office), None),
        Role::Moderator => ("moderator", None, None),
        Role::BuildingLead { building } => ("building-lead", None, Some(building.clone())),
        Role::Spokesperson { office } => ("spokesperson", Some(*office), None),
    };
    RosterRole {
        role: role.to_owned(),
        office,
        building,
        appointment: held.appointment,
        appointed_by: None,
        cut: false,
    }
}
