//! What the roster shows: members, devices, offices, roles, relays, closings and retirements.
//!
//! Everything here is read from the fold; nothing decides whether a statement counts. The one
//! right judged here is that to close or retire a document, because only the asker knows who made
//! the document.

use std::collections::{BTreeMap, BTreeSet};

use super::Roster;
use super::cut::{Limit, Rank, deciding};
use super::graph::Ix;
use super::past::Past;
use crate::id::{DeviceId, DocumentId, EntryId, MemberId};
use crate::statement::{Act, Admission, Authority, MemberKind, Role, Tip, Tips};

/// A member, present or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The member.
    pub id: MemberId,
    /// As what it is admitted.
    pub kind: MemberKind,
    /// Its name, as it last described itself or was admitted.
    pub name: String,
    /// Its building.
    pub building: Option<String>,
    /// The statement that admitted it, the most senior if several.
    pub admission: EntryId,
    /// Who made that statement.
    pub admitted_by: Option<MemberId>,
    /// The household whose place it takes.
    pub successor_of: Option<MemberId>,
    /// The statement that removed it, unless it was admitted again since.
    pub removed: Option<EntryId>,
}

/// A device of a member.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Device {
    /// The device.
    pub id: DeviceId,
    /// Its member.
    pub member: MemberId,
    /// A statement that carries its certificate.
    pub certificate: EntryId,
    /// The statement that ended it and its last counting entry, which is none when nothing of it
    /// counts.
    pub cut: Option<(EntryId, Option<Tip>)>,
}

/// An office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// The office.
    pub id: MemberId,
    /// Its name.
    pub name: String,
    /// The statement that added it.
    pub added: EntryId,
    /// Households that act for it as stewards.
    pub stewards: Vec<MemberId>,
    /// Members that speak for it.
    pub spokespeople: Vec<MemberId>,
}

/// A role that a member holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoleHeld {
    /// The holder.
    pub member: MemberId,
    /// The role.
    pub role: Role,
    /// The statement that gave it.
    pub appointment: EntryId,
}

/// A relay in service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relay {
    /// The relay's device.
    pub id: DeviceId,
    /// Its name.
    pub name: String,
    /// The building it serves.
    pub building: Option<String>,
    /// The statement that certified it.
    pub certificate: EntryId,
}

/// A closing of a document by somebody who may close it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// The statement.
    pub id: EntryId,
    /// Who closed.
    pub member: MemberId,
    /// The last counting entries by log.
    pub tips: BTreeMap<DeviceId, Tip>,
    rank: Rank,
    node: Ix,
}

/// A retirement of a document by somebody who may retire it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Retirement {
    /// The statement.
    pub id: EntryId,
    /// Who retired.
    pub member: MemberId,
}

impl Roster {
    /// Returns all members, removed ones included, by name.
    pub fn members(&self) -> Vec<Member> {
        let admissions = self.fold.powers.admissions.keys();
        admissions.filter_map(|id| self.member(id)).collect()
    }

    /// Returns the names of all members, removed ones included.
    pub fn member_ids(&self) -> impl Iterator<Item = MemberId> + '_ {
        self.fold.powers.admissions.keys().copied()
    }

    /// Returns a member, present or removed.
    pub fn member(&self, id: &MemberId) -> Option<Member> {
        let (ground, powers) = (self.ground(), &self.fold.powers);
        let now = self.graph.everything();
        let admissions = powers.admissions.get(id)?;
        let standing: Vec<Ix> = admissions
            .iter()
            .copied()
            .filter(|&ix| powers.stands(ground, id, ix, now))
            .collect();
        let of = if standing.is_empty() {
            admissions
        } else {
            &standing
        };
        let first = of.iter().copied().min_by_key(|&ix| self.order(ix))?;
        let kind = of.iter().filter_map(|&ix| ground.admits(ix, id)).min()?;
        let (name, building) = self.shown_name(id, first);
        Some(Member {
            id: *id,
            kind,
            name,
            building,
            admission: self.graph.node(first).id,
            admitted_by: self.graph.node(first).member.filter(|by| by != id),
            successor_of: of.iter().find_map(|&ix| match ground.effect(ix)? {
                Act::Admit(admission) => admission.successor_of,
                _ => None,
            }),
            removed: standing
                .is_empty()
                .then(|| {
                    let removals = powers.removals_of(ground, id, Some(first));
                    let limits = removals.map(|cut| cut.limit(&DeviceId::default()));
                    deciding(self.switches, limits).map(|limit| limit.cut)
                })
                .flatten(),
        })
    }

    /// Returns the devices that members have certified.
    pub fn devices(&self) -> Vec<Device> {
        let certificates = self.graph.certificates.keys();
        certificates
            .filter_map(|&(device, member)| self.device(device, &member))
            .collect()
    }

    /// Returns a device of a member.
    pub fn device(&self, id: DeviceId, member: &MemberId) -> Option<Device> {
        let carriers = self.graph.certificates.get(&(id, *member))?;
        let carrier = carriers.iter().copied().min_by_key(|&ix| self.order(ix))?;
        let powers = &self.fold.powers;
        let admissions = powers.admissions.get(member)?.iter().copied();
        let limits: Vec<Option<Limit>> = admissions
            .map(|admission| self.limit_of(id, member, admission))
            .collect();
        // An admission without a limit lets the device go on.
        let limit = limits
            .into_iter()
            .collect::<Option<Vec<Limit>>>()
            .and_then(|limits| {
                limits
                    .into_iter()
                    .max_by_key(|limit| (limit.tip.map(|tip| tip.seq), limit.cut))
            });
        Some(Device {
            id,
            member: *member,
            certificate: self.graph.node(carrier).id,
            cut: limit.map(|limit| (limit.cut, limit.tip)),
        })
    }

    /// Returns the members that have certified a device.
    pub fn members_of(&self, device: DeviceId) -> Vec<MemberId> {
        let all = (device, MemberId([0; 32]))..=(device, MemberId([0xff; 32]));
        let certified = self.graph.certificates.range(all).map(|(&(_, of), _)| of);
        certified
            .filter(|member| self.fold.powers.admissions.contains_key(member))
            .collect()
    }

    /// Returns the roles that are held.
    pub fn roles(&self) -> Vec<RoleHeld> {
        let (ground, powers) = (self.ground(), &self.fold.powers);
        let now = self.graph.everything();
        let mut roles = Vec::new();
        for (member, appointments) in &powers.appointments {
            for &ix in appointments {
                if let Some((_, role)) = ground.appoints(ix)
                    && powers.stands(ground, member, ix, now)
                {
                    roles.push(RoleHeld {
                        member: *member,
                        role: role.clone(),
                        appointment: self.graph.node(ix).id,
                    });
                }
            }
        }
        roles.sort();
        roles
    }

    /// Returns the offices, with those who act and speak for them.
    pub fn offices(&self) -> Vec<Office> {
        let roles = self.roles();
        let of = |wanted: &dyn Fn(&Role) -> bool| -> Vec<MemberId> {
            let mut members: Vec<MemberId> = roles
                .iter()
                .filter(|held| wanted(&held.role))
                .map(|held| held.member)
                .collect();
            members.dedup();
            members
        };
        let members = self.members().into_iter();
        members
            .filter(|member| member.kind == MemberKind::Office && member.removed.is_none())
            .map(|member| Office {
                id: member.id,
                name: member.name,
                added: member.admission,
                stewards: of(&|role| *role == Role::Steward { office: member.id }),
                spokespeople: of(&|role| *role == Role::Spokesperson { office: member.id }),
            })
            .collect()
    }

    /// Returns the relays in service: certified, and not ended by somebody who had seen that.
    pub fn relays(&self) -> Vec<Relay> {
        let shown = &self.fold.shown;
        let relays = shown.relays.iter().filter_map(|(&id, certified)| {
            let cuts = shown.relay_cuts.get(&id).map_or(&[][..], Vec::as_slice);
            let stands =
                |certificate: Ix| !cuts.iter().any(|&cut| self.ends_relay(cut, certificate));
            let certificate = certified
                .iter()
                .copied()
                .filter(|&ix| stands(ix))
                .min_by_key(|&ix| self.order(ix))?;
            match self.ground().effect(certificate)? {
                Act::CertifyRelay { name, building, .. } => Some(Relay {
                    id,
                    name: name.clone(),
                    building: building.clone(),
                    certificate: self.graph.node(certificate).id,
                }),
                _ => None,
            }
        });
        relays.collect()
    }

    /// Returns whether a device was certified as a relay, in service or not.
    pub fn has_certified(&self, device: &DeviceId) -> bool {
        self.fold.shown.relays.contains_key(device)
    }

    /// Whether a cut of a relay ends a certificate: one that its author had seen, and ranks over.
    fn ends_relay(&self, cut: Ix, certificate: Ix) -> bool {
        let ground = self.ground();
        let node = self.graph.node(cut);
        let senior = self
            .graph
            .right_of(node)
            .filter(|_| !matches!(node.act(), Some(Act::Enact { .. })));
        let steward = |right: Ix| matches!(ground.appoints(right), Some((_, Role::Steward { .. })));
        ground.seen(certificate, &node.closure)
            && senior.is_none_or(|right| {
                let right = ground.canonical(right);
                steward(right) || self.judge().descends_from(certificate, Some(right))
            })
    }

    /// Returns the closings of a document by its creator's household, a steward or the founder.
    pub fn closings(&self, document: &DocumentId, creator: Option<MemberId>) -> Vec<Closing> {
        let closings = self.fold.shown.closings.get(document);
        let mut closings: Vec<Closing> = closings
            .into_iter()
            .flatten()
            .filter_map(|&ix| {
                let (member, rank) = self.right_over(ix, creator)?;
                let Some(Act::Close { tips, .. }) = self.graph.node(ix).act() else {
                    return None;
                };
                Some(Closing {
                    id: self.graph.node(ix).id,
                    member,
                    tips: self.tips_of(ix, tips)?,
                    rank,
                    node: ix,
                })
            })
            .collect();
        closings.sort_by_key(|closing| closing.id);
        closings
    }

    /// Returns where closings end a log in a document: `None` when there is no closing,
    /// `Some(None)` when nothing of the log counts.
    pub fn closing_tip(&self, closings: &[Closing], device: &DeviceId) -> Option<Option<Tip>> {
        let limits = closings.iter().map(|closing| Limit {
            rank: closing.rank,
            cut: closing.id,
            node: closing.node,
            tip: closing.tips.get(device).copied(),
            spares_past: false,
        });
        deciding(self.switches, limits).map(|limit| limit.tip)
    }

    /// Returns the retirements of a document by its creator's household, a steward or the founder.
    pub fn retirements(&self, document: &DocumentId, creator: Option<MemberId>) -> Vec<Retirement> {
        let retirements = self.fold.shown.retirements.get(document);
        let mut retirements: Vec<Retirement> = retirements
            .into_iter()
            .flatten()
            .filter_map(|&ix| {
                let (member, _) = self.right_over(ix, creator)?;
                let id = self.graph.node(ix).id;
                Some(Retirement { id, member })
            })
            .collect();
        retirements.sort_unstable();
        retirements
    }

    /// Tells whether a counting statement retires a document, by somebody who may or may not.
    pub fn names_retired(&self, document: &DocumentId) -> bool {
        self.fold.shown.retirements.contains_key(document)
    }

    /// Returns the documents that any statement retires, counting or not.
    pub fn retired_once(&self) -> BTreeSet<DocumentId> {
        let acts = self.graph.nodes().iter().filter_map(|node| node.act());
        acts.filter_map(|act| match act {
            Act::Retire { documents } => Some(documents),
            _ => None,
        })
        .flatten()
        .copied()
        .collect()
    }

    /// Returns the documents that somebody has closed or retired, with or without the right.
    pub fn closed_or_retired(&self) -> impl Iterator<Item = DocumentId> {
        let shown = &self.fold.shown;
        let documents: BTreeSet<DocumentId> = shown
            .closings
            .keys()
            .chain(shown.retirements.keys())
            .copied()
            .collect();
        documents.into_iter()
    }

    /// Who made a statement about a document, and how senior, if it had the right to.
    fn right_over(&self, ix: Ix, creator: Option<MemberId>) -> Option<(MemberId, Rank)> {
        let node = self.graph.node(ix);
        let member = node.member?;
        match node.authority()? {
            Authority::Founder => Some((member, Rank::Founder)),
            Authority::Member { .. } if creator == Some(member) => Some((member, Rank::Own)),
            Authority::Member { .. } => None,
            Authority::Grant { .. } => {
                let source = self.graph.right_of(node)?;
                match self.ground().appoints(source)? {
                    (_, Role::Steward { .. }) => Some((member, Rank::Holder(node.depth))),
                    _ if creator == Some(member) => Some((member, Rank::Own)),
                    _ => None,
                }
            }
        }
    }

    fn tips_of(&self, ix: Ix, tips: &Tips) -> Option<BTreeMap<DeviceId, Tip>> {
        let place = super::judge::Place::of(ix, self.graph.node(ix));
        self.judge().tips(&place, tips).ok()
    }

    /// A name and building as the member last gave them, or as it was admitted.
    fn shown_name(&self, id: &MemberId, admission: Ix) -> (String, Option<String>) {
        let descriptions = self.fold.shown.descriptions.get(id);
        let latest = descriptions
            .into_iter()
            .flatten()
            .copied()
            .max_by_key(|&ix| {
                let node = self.graph.node(ix);
                (node.generation, std::cmp::Reverse(node.id))
            });
        if let Some(Act::Describe { name, building }) =
            latest.and_then(|ix| self.graph.node(ix).act())
        {
            return (name.clone(), building.clone());
        }
        match self.ground().effect(admission) {
            Some(Act::Found(founding)) => (founding.name.clone(), founding.building.clone()),
            Some(Act::Admit(admission)) => (admission.name.clone(), admission.building.clone()),
            Some(Act::AddOffice { name, .. }) => (name.clone(), None),
            _ => self
                .first_admission(id)
                .map(|admission| (admission.name.clone(), admission.building.clone()))
                .unwrap_or_default(),
        }
    }

    /// The words with which a promoted guest was first admitted.
    fn first_admission(&self, id: &MemberId) -> Option<&Admission> {
        let admissions = self.graph.admissions_of.get(id)?.iter().copied();
        let first = admissions.min_by_key(|&ix| self.order(ix))?;
        match self.graph.node(first).act()? {
            Act::Admit(admission) => Some(admission),
            Act::Move { act, .. } => match &**act {
                Act::Admit(admission) => Some(admission),
                _ => None,
            },
            _ => None,
        }
    }

    /// Names of the counting statements that show something, for the digest.
    pub(super) fn shown_ids(&self) -> Vec<EntryId> {
        let shown = &self.fold.shown;
        let documents = shown.closings.values().chain(shown.retirements.values());
        let mut ids: Vec<EntryId> = documents
            .flatten()
            .map(|&ix| self.graph.node(ix).id)
            .collect();
        ids.sort_unstable();
        ids
    }

    /// The order in which statements are shown first: most senior, earliest, lowest hash.
    pub(super) fn order(&self, ix: Ix) -> (u32, u32, EntryId) {
        let node = self.graph.node(ix);
        (node.depth, node.generation, node.id)
    }

    pub(super) fn now(&self) -> &Past {
        self.graph.everything()
    }
}
