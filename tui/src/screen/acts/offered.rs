//! Which acts on the roster are worth offering to the reader's household, by the powers that the
//! roster tells of it.

use std::collections::BTreeSet;

use protocol::api::{
    ActedAs, Confidential, MemberRef, MotionView, RosterMember, RosterRecorded, RosterRelay,
    RosterRole, RosterView,
};
use protocol::id::{DeviceId, MemberId};

use super::roster_act::{Does, RosterAct};
use crate::app::Context;
use crate::digest;
use crate::screen::people::rows::ordered;

/// The own household in the roster.
#[derive(Debug)]
pub(crate) struct Own<'r> {
    roster: &'r RosterView,
    me: &'r RosterMember,
    device: DeviceId,
    /// Whom it blocks.
    blocked: BTreeSet<MemberId>,
    /// What it tells the leads of its building.
    door: Option<Confidential>,
}

impl<'r> Own<'r> {
    /// Finds it; none for a relay and before its admission.
    pub(crate) fn of(roster: &'r RosterView, context: &Context<'_>) -> Option<Self> {
        let status = context.known.status.as_ref()?;
        let me = context.known.me()?;
        Some(Self {
            roster,
            me: roster.members.iter().find(|member| member.id == me)?,
            device: status.device,
            blocked: context.known.blocked.clone(),
            door: context.known.door().map(|door| door.door.clone()),
        })
    }

    /// Everybody, as residents look for them.
    fn members(&self) -> Vec<&'r RosterMember> {
        ordered(self.roster, Some(self.me.id))
    }

    fn may(&self, power: &str) -> bool {
        self.me.may.iter().any(|may| may == power)
    }

    /// Whether it moves dangerous acts.
    fn moves(&self) -> bool {
        self.may("move") && !self.roster.governance.founder_alone
    }

    /// How it does a dangerous act: by itself, moved, or not at all.
    fn way(&self, power: &str) -> Option<bool> {
        match (self.may(power), self.moves()) {
            (true, _) => Some(false),
            (false, true) => Some(true),
            (false, false) => None,
        }
    }

    /// Whether the founder's right still stands behind what it does.
    fn acts_as_founder(&self) -> bool {
        self.me.founder && self.roster.governance.next_number <= 1
    }

    fn is_steward_of(&self, office: MemberId) -> bool {
        let roles = self.me.roles.iter();
        let mut roles = roles.filter(|role| !role.cut && role.role == "steward");
        roles.any(|role| role.office == Some(office))
    }

    /// How it takes a role away.
    fn way_to_cut(&self, role: &RosterRole) -> Option<bool> {
        if role.role == "steward" {
            return self.way("appoint-stewards");
        }
        let given_as = role.appointed.as_ref().map(|appointed| &appointed.acted_as);
        let by_own_right = given_as.is_some_and(|given_as| {
            given_as.appointment.is_some_and(|appointment| {
                let mut own = self.me.roles.iter();
                own.any(|role| role.appointment == appointment)
            })
        });
        match self.may("cut-roles") && (by_own_right || self.acts_as_founder()) {
            true => Some(false),
            false => self.moves().then_some(true),
        }
    }

    fn appoint(&self, member: &RosterMember, role: ActedAs, is_moved: bool) -> RosterAct {
        RosterAct::new(Does::Appoint {
            member: named(member),
            role,
        })
        .moved(is_moved)
    }

    /// The roles that it gives to a household.
    fn roles_to_give(&self, member: &RosterMember) -> Vec<RosterAct> {
        let mut acts = Vec::new();
        if self.may("appoint-moderators") {
            acts.push(self.appoint(member, plainly("moderator"), false));
        }
        if let Some(building) = &member.building
            && self.may("appoint-building-leads")
        {
            let role = ActedAs {
                building: Some(building.clone()),
                ..plainly("building-lead")
            };
            acts.push(self.appoint(member, role, false));
        }
        for office in offices(self.roster) {
            acts.extend(self.roles_of_office(member, office));
        }
        let has = |role: &ActedAs| {
            let mut held = member.roles.iter().filter(|held| !held.cut);
            held.any(|held| {
                held.role == role.capacity
                    && held.office == role.office.as_ref().map(|office| office.id)
                    && held.building == role.building
            })
        };
        acts.retain(|act| !act.role().is_some_and(has));
        acts
    }

    fn roles_of_office(&self, member: &RosterMember, office: &RosterMember) -> Vec<RosterAct> {
        let of = |role: &str| ActedAs {
            office: Some(named(office)),
            ..plainly(role)
        };
        let mut acts = Vec::new();
        let speaks = self.acts_as_founder() || self.is_steward_of(office.id);
        if self.may("appoint-spokespeople") && speaks {
            acts.push(self.appoint(member, of("spokesperson"), false));
        }
        if let Some(is_moved) = self.way("appoint-stewards") {
            acts.push(self.appoint(member, of("steward"), is_moved));
        }
        acts
    }

    fn cuts_of_roles(&self, member: &RosterMember) -> Vec<RosterAct> {
        let roles = member.roles.iter().filter(|role| !role.cut);
        roles
            .filter_map(|role| {
                let is_moved = self.way_to_cut(role)?;
                let does = Does::CutRole {
                    member: named(member),
                    role: acted_as(role, self.roster),
                    appointment: role.appointment,
                };
                Some(RosterAct::new(does).moved(is_moved))
            })
            .collect()
    }

    fn removal(&self, member: &RosterMember) -> Option<RosterAct> {
        let is_moved = self.way("remove-households")?;
        let does = Does::Remove(named(member));
        // Nobody removes itself: what moves the removal would be cut off by it.
        let is_other = member.id != self.me.id;
        (is_other && !member.removed).then(|| RosterAct::new(does).moved(is_moved))
    }

    fn readmission(&self, member: &RosterMember) -> Option<RosterAct> {
        let is_moved = self.way("readmit")?;
        let does = Does::Readmit {
            member: named(member),
            successor_of: None,
        };
        member.removed.then(|| RosterAct::new(does).moved(is_moved))
    }

    /// Whose place a household may take: of those who were removed.
    fn successions(&self, member: &RosterMember) -> Option<RosterAct> {
        let is_moved = self.way("readmit")?;
        let gone = self.roster.members.iter().filter(|one| one.removed);
        let acts: Vec<RosterAct> = gone
            .filter(|gone| gone.kind == member.kind && member.successor_of != Some(gone.id))
            .map(|gone| {
                let does = Does::Readmit {
                    member: named(member),
                    successor_of: Some(named(gone)),
                };
                RosterAct::new(does).moved(is_moved)
            })
            .collect();
        chosen("roster-succession", acts)
    }

    /// Telling the leads of the building where to knock, and withdrawing that.
    fn doors(&self) -> Vec<RosterAct> {
        let mut acts = Vec::new();
        if self.me.building.is_some() || self.door.is_some() {
            acts.push(RosterAct::new(Does::TellDoor(self.door.clone())));
        }
        if self.door.is_some() {
            acts.push(RosterAct::new(Does::WithdrawDoor));
        }
        acts
    }

    /// Blocking somebody else's household on this node, or no longer.
    fn block(&self, member: &RosterMember) -> Option<RosterAct> {
        let is_blocked = self.blocked.contains(&member.id);
        let may_be = member.id != self.me.id && member.kind != "office" && !member.removed;
        (may_be || is_blocked).then(|| RosterAct::new(Does::Block(member.id, !is_blocked)))
    }

    /// Recording a household without a device for which a member acts, and having it act for those
    /// that are recorded.
    fn proxies(&self, member: &RosterMember) -> Vec<RosterAct> {
        if !self.may("record-households") {
            return Vec::new();
        }
        let is_free = |recorded: &&RosterRecorded| {
            let mut acting = recorded.acting();
            recorded.ended.is_none() && !acting.any(|proxy| proxy.member.id == member.id)
        };
        let recorded = self.roster.recorded.iter().filter(is_free);
        let acts = recorded.map(|recorded| {
            RosterAct::new(Does::AddProxy {
                household: recorded.shown(),
                proxy: named(member),
            })
        });
        let others = chosen("roster-add-proxy", acts.collect());
        let records = RosterAct::new(Does::RecordHousehold(named(member)));
        others.into_iter().chain([records]).collect()
    }

    /// Adding an office.
    pub(crate) fn office(&self) -> Option<RosterAct> {
        let is_moved = self.way("add-offices")?;
        Some(RosterAct::new(Does::AddOffice).moved(is_moved))
    }
}

/// What may be done with a household, a guest or an office.
pub(crate) fn for_member(member: &RosterMember, own: &Own<'_>) -> Vec<RosterAct> {
    let mut acts = Vec::new();
    if member.removed {
        acts.extend(own.readmission(member));
        acts.extend(own.block(member));
        return acts;
    }
    if member.kind == "office" {
        return for_office(member, own);
    }
    if member.id == own.me.id {
        let devices = member.devices.iter();
        let others = devices.filter(|device| !device.cut && device.id != own.device);
        acts.extend(others.map(|device| RosterAct::new(Does::RevokeDevice(device.id))));
        if own.may("keep-own-devices") {
            acts.push(RosterAct::new(Does::AddDevice));
        }
        acts.extend(own.doors());
    }
    if member.kind == "guest" && own.may("admit-households") {
        acts.push(RosterAct::new(Does::Promote(member.id)));
    }
    if member.kind == "household" {
        acts.extend(own.roles_to_give(member));
    }
    acts.extend(own.cuts_of_roles(member));
    if member.kind == "household" {
        acts.extend(own.proxies(member));
        acts.extend(own.successions(member));
    }
    acts.extend(own.block(member));
    acts.extend(own.removal(member));
    acts
}

fn for_office(office: &RosterMember, own: &Own<'_>) -> Vec<RosterAct> {
    let mut acts = Vec::new();
    for role in ["spokesperson", "steward"] {
        let households = own.members().into_iter();
        let households = households.filter(|one| one.kind == "household" && !one.removed);
        let named: Vec<RosterAct> = households
            .flat_map(|one| own.roles_to_give(one))
            .filter(|act| {
                act.role().is_some_and(|given| {
                    let of = given.office.as_ref().map(|office| office.id);
                    given.capacity == role && of == Some(office.id)
                })
            })
            .map(RosterAct::listed)
            .collect();
        let title = match (role, named.iter().any(RosterAct::is_moved)) {
            ("steward", true) => "roster-steward-moved",
            ("steward", false) => "roster-steward",
            _ => "roster-spokesperson",
        };
        acts.extend(chosen(title, named));
    }
    let holders = own.members().into_iter().filter(|one| !one.removed);
    let cuts: Vec<RosterAct> = holders
        .flat_map(|one| own.cuts_of_roles(one))
        .filter(|act| act.role().is_some_and(|role| is_of(role, office.id)))
        .map(RosterAct::listed)
        .collect();
    acts.extend(chosen("roster-dismissal", cuts));
    acts.extend(own.removal(office));
    acts
}

fn is_of(role: &ActedAs, office: MemberId) -> bool {
    role.office.as_ref().map(|office| office.id) == Some(office)
}

/// What may be done with a relay.
pub(crate) fn for_relay(relay: &RosterRelay, own: &Own<'_>) -> Vec<RosterAct> {
    match own.may("keep-relays") && !relay.cut {
        true => vec![RosterAct::new(Does::EndRelay(relay.device))],
        false => Vec::new(),
    }
}

/// What may be done with a household without a device.
pub(crate) fn for_recorded(recorded: &RosterRecorded, own: &Own<'_>) -> Vec<RosterAct> {
    if recorded.ended.is_some() || !own.may("record-households") {
        return Vec::new();
    }
    let end = |proxy| {
        RosterAct::new(Does::EndRecord {
            household: recorded.shown(),
            proxy,
        })
    };
    let proxies = recorded.acting();
    let proxies = proxies.map(|proxy| end(Some(proxy.member.clone())));
    proxies.chain([end(None)]).collect()
}

/// What may be done with a motion.
pub(crate) fn for_motion(motion: &MotionView, context: &Context<'_>) -> Vec<RosterAct> {
    let mut acts = Vec::new();
    if awaits_me(motion, context) {
        acts.push(RosterAct::new(match motion.complete {
            true => Does::Enact(motion.id),
            false => Does::CoSign(motion.id),
        }));
    }
    acts
}

/// What may be moved, or done by the founder while it decides alone: first what, then to whom.
pub(crate) fn motions_to_make(own: &Own<'_>) -> Vec<RosterAct> {
    let members = || own.members().into_iter();
    let held = || members().filter(|member| !member.removed);
    let removals = held().filter_map(|member| own.removal(member));
    let stewards = held().filter(|member| member.kind == "household");
    let stewards = stewards.flat_map(|member| own.roles_to_give(member));
    let is_steward = |act: &RosterAct| act.role().is_some_and(|role| role.capacity == "steward");
    let cuts = held().flat_map(|member| own.cuts_of_roles(member));
    let returns = members().filter_map(|member| own.readmission(member));
    let mut acts: Vec<RosterAct> = own.office().into_iter().collect();
    for (title, of_title) in [
        ("move-steward", stewards.filter(is_steward).collect()),
        ("move-dismissal", cuts.filter(is_steward).collect()),
        ("move-removal", removals.collect()),
        ("move-return", returns.collect::<Vec<_>>()),
    ] {
        let listed = of_title.into_iter().map(RosterAct::listed);
        acts.extend(chosen(title, listed.collect()));
    }
    acts
}

/// Tells whether a motion waits for the reader's household to sign it or to put it in force.
pub(crate) fn awaits_me(motion: &MotionView, context: &Context<'_>) -> bool {
    let status = context.known.status.as_ref();
    status.is_some_and(|status| digest::awaits(motion, status))
}

/// Something to choose under a title; none where there is nothing to choose.
fn chosen(title: &'static str, acts: Vec<RosterAct>) -> Option<RosterAct> {
    (!acts.is_empty()).then(|| RosterAct::new(Does::Choose(title, acts)))
}

/// The offices that were not removed.
fn offices(roster: &RosterView) -> impl Iterator<Item = &RosterMember> {
    let members = roster.members.iter();
    members.filter(|member| member.kind == "office" && !member.removed)
}

fn named(member: &RosterMember) -> MemberRef {
    MemberRef {
        id: member.id,
        name: member.shown_name(),
        building: member.building.clone(),
    }
}

fn plainly(capacity: &str) -> ActedAs {
    ActedAs {
        capacity: capacity.to_owned(),
        office: None,
        building: None,
        appointment: None,
        motion: None,
    }
}

/// A role with the name of its office or building.
pub(crate) fn acted_as(role: &RosterRole, roster: &RosterView) -> ActedAs {
    let office = role.office.and_then(|id| {
        let mut members = roster.members.iter();
        members.find(|member| member.id == id).map(named)
    });
    ActedAs {
        office,
        building: role.building.clone(),
        ..plainly(&role.role)
    }
}
