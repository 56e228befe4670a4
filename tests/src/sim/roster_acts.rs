//! What honest people do to the roster: admit, appoint, take away, move, co-sign, enact, close,
//! retire. They may be wrong about their rights; the roster judges.

use std::collections::BTreeMap;

use protocol::id::{DeviceId, DocumentId, EntryId, MemberId};
use protocol::key::SecretKey;
use protocol::statement::{
    Act, Admission, Authority, Certificate, DeviceCut, MemberKind, Role, Statement, Tip, Tips,
};
use protocol::storage::Storage;

use super::fault::Fault;
use super::host::{Entrance, HostId};
use super::world::World;

/// What a steward sees of the quorum's chain in the own store.
#[derive(Default)]
struct Motions {
    moved: BTreeMap<EntryId, (u64, Option<EntryId>, MemberId)>,
    cosigned: BTreeMap<EntryId, Vec<(EntryId, MemberId)>>,
    enacted: BTreeMap<u64, EntryId>,
}

impl World {
    /// Has a host do something to the roster that its member has, or believes to have, a right to.
    pub fn act_on_roster(&mut self, host: HostId) {
        if self.act_on_records(host) {
            return;
        }
        let is_steward = self
            .grants(host)
            .iter()
            .any(|(_, role)| matches!(role, Role::Steward { .. }));
        if self.is_founder(host) {
            self.act_as_founder(host);
        } else if is_steward {
            match self.random.below(10) {
                0..6 => self.act_in_quorum(host),
                6 => self.appoint(host),
                7 => self.cut_role(host),
                _ => self.act_as_member(host),
            }
        } else {
            self.act_as_member(host);
        }
    }

    fn act_as_founder(&mut self, host: HostId) {
        let stewards = self.steward_count();
        let offices = self.records.offices.len();
        if offices > stewards && self.random.chance(700) {
            self.appoint_steward(host, stewards);
            return;
        }
        match self.random.below(12) {
            0..4 => self.appoint(host),
            4..6 => self.cut_role(host),
            6..8 => self.remove(host),
            8 => self.promote(host),
            _ => self.act_as_member(host),
        }
    }

    fn steward_count(&self) -> usize {
        let given = self.records.appointments.iter();
        given
            .filter(|given| matches!(given.role, Role::Steward { .. }))
            .count()
    }

    fn act_as_member(&mut self, host: HostId) {
        match self.random.below(10) {
            0..3 => self.describe(host),
            3..5 => self.close(host),
            5 => self.retire(host),
            6 => self.cut_own_device(host),
            7 => self.close_widely(host),
            _ => self.describe(host),
        }
    }

    fn describe(&mut self, host: HostId) {
        let Some(authority) = self.any_authority(host) else {
            return;
        };
        let act = Act::Describe {
            name: format!("household {host} {}", self.random.below(100)),
            building: Some(self.building()),
        };
        self.state(host, authority, act);
    }

    /// Picks one of the few buildings.
    pub fn building(&mut self) -> String {
        format!("{}", 1 + self.random.below(4))
    }

    /// Picks a member that the host has seen admitted.
    pub fn some_member(&mut self, host: HostId) -> Option<MemberId> {
        let memory = &self.hosts[host].memory;
        let seen: Vec<MemberId> = self
            .records
            .admissions
            .iter()
            .filter(|admitted| memory.holds(&admitted.id))
            .map(|admitted| admitted.member)
            .collect();
        self.random.pick(&seen).copied()
    }

    fn some_role(&mut self, host: HostId) -> Role {
        let grants = self.grants(host);
        let own_office = grants.iter().find_map(|(_, role)| match role {
            Role::Steward { office } => Some(*office),
            _ => None,
        });
        match (self.random.below(4), own_office) {
            (0, _) => Role::Moderator,
            (1, Some(office)) => Role::Spokesperson { office },
            (1, None) if !self.records.offices.is_empty() => {
                let office = self.random.index(self.records.offices.len());
                Role::Spokesperson {
                    office: self.records.offices[office].0,
                }
            }
            _ => Role::BuildingLead {
                building: self.building(),
            },
        }
    }

    /// Gives a member a role.
    pub fn appoint(&mut self, host: HostId) {
        let (Some(authority), Some(member)) = (self.seniority(host), self.some_member(host)) else {
            return;
        };
        let role = self.some_role(host);
        self.appoint_to(host, authority, member, role);
    }

    fn appoint_to(&mut self, host: HostId, authority: Authority, member: MemberId, role: Role) {
        let act = Act::Appoint {
            member,
            role: role.clone(),
        };
        if let Some(id) = self.state(host, authority, act) {
            self.records.appointments.push(super::records::Appointed {
                member,
                role,
                id,
                by: host,
            });
        }
    }

    fn appoint_steward(&mut self, host: HostId, nth: usize) {
        let Some(&(office, _)) = self.records.offices.get(nth) else {
            return;
        };
        if let Some(member) = self.some_member(host) {
            self.appoint_to(host, Authority::Founder, member, Role::Steward { office });
        }
    }

    /// Takes a role away that the host's member gave, or one further down.
    pub fn cut_role(&mut self, host: HostId) {
        let Some(authority) = self.seniority(host) else {
            return;
        };
        let memory = &self.hosts[host].memory;
        let given: Vec<(EntryId, MemberId)> = self
            .records
            .appointments
            .iter()
            .filter(|given| memory.holds(&given.id) && (given.by == host || given.by % 3 == 0))
            .map(|given| (given.id, given.member))
            .collect();
        let Some(&(appointment, member)) = self.random.pick(&given) else {
            return;
        };
        let tips = self.tips_of(host, &[member]);
        let act = Act::CutRole {
            appointment,
            tips,
            reason: "does not answer".to_owned(),
        };
        self.state(host, authority, act);
    }

    /// Removes a member by the founder's own right.
    pub fn remove(&mut self, host: HostId) {
        let Some(act) = self.removal(host) else {
            return;
        };
        self.state(host, Authority::Founder, act);
    }

    fn removal(&mut self, host: HostId) -> Option<Act> {
        let member = self.some_member(host)?;
        // Neighbours throw out who disturbs more often than who does not.
        let disturbs = self
            .hosts
            .iter()
            .any(|one| !one.is_honest() && one.member() == Some(member));
        if self.records.founder == Some(member) || (!disturbs && self.random.chance(850)) {
            return None;
        }
        let mut tips = self.tips_of(host, &[member]);
        if self.random.chance(300) {
            self.lower(host, &mut tips);
        }
        Some(Act::Remove {
            member,
            tips,
            reason: "broke the agreement".to_owned(),
        })
    }

    /// Cuts below what the cutter has seen.
    fn lower(&mut self, host: HostId, tips: &mut Tips) {
        let memory = &self.hosts[host].memory;
        for tip in &mut tips.named {
            let log = memory.find(&tip.entry).map(|stored| stored.log);
            let seq = tip.seq / 2;
            if let Some(log) = log
                && let Ok(Some(entry)) = memory.entry_at(log, seq)
            {
                *tip = Tip {
                    device: tip.device,
                    seq,
                    entry,
                };
            }
        }
    }

    fn promote(&mut self, host: HostId) {
        let guests: Vec<MemberId> = self
            .records
            .admissions
            .iter()
            .filter(|admitted| admitted.kind == MemberKind::Guest)
            .map(|admitted| admitted.member)
            .collect();
        let (Some(&member), Some(authority)) = (self.random.pick(&guests), self.seniority(host))
        else {
            return;
        };
        if let Some(id) = self.state(host, authority, Act::Promote { member }) {
            self.records.admitted(member, id, MemberKind::Household);
        }
    }

    fn some_document(&mut self, host: HostId) -> Option<DocumentId> {
        let memory = &self.hosts[host].memory;
        let held: Vec<DocumentId> = self
            .records
            .documents
            .iter()
            .filter(|posted| memory.holds(&posted.document.into()))
            .map(|posted| posted.document)
            .collect();
        self.random.pick(&held).copied()
    }

    /// Closes a document with the newest entries held of every log.
    fn close(&mut self, host: HostId) {
        let (Some(document), Some(authority)) =
            (self.some_document(host), self.any_authority(host))
        else {
            return;
        };
        let tips = self.all_tips(host);
        self.state(host, authority, Act::Close { document, tips });
    }

    /// Closes a document with a list of tips that spans statements.
    fn close_widely(&mut self, host: HostId) {
        let (Some(document), Some(authority)) =
            (self.some_document(host), self.any_authority(host))
        else {
            return;
        };
        let all = self.all_tips(host).named;
        let half = all.len() / 2;
        let part = Act::Tips {
            tips: all[..half].to_vec(),
        };
        let Some(part) = self.state(host, authority, part) else {
            return;
        };
        let tips = Tips {
            named: all[half..].to_vec(),
            parts: vec![part],
            digest: Some(Tips::digest(&all)),
        };
        self.state(host, authority, Act::Close { document, tips });
    }

    fn retire(&mut self, host: HostId) {
        let own: Vec<DocumentId> = self
            .records
            .documents
            .iter()
            .filter(|posted| posted.by == host)
            .map(|posted| posted.document)
            .collect();
        let (Some(&document), Some(authority)) = (self.random.pick(&own), self.any_authority(host))
        else {
            return;
        };
        let documents = vec![document];
        self.state(host, authority, Act::Retire { documents });
    }

    /// A household gives up one of its other devices.
    fn cut_own_device(&mut self, host: HostId) {
        let siblings: Vec<HostId> = (0..self.hosts.len())
            .filter(|other| {
                let other_host = &self.hosts[*other];
                *other != host
                    && other_host.member().is_some()
                    && other_host.member() == self.hosts[host].member()
                    && other_host.device_id() != self.hosts[host].device_id()
            })
            .collect();
        let Some(&sibling) = self.random.pick(&siblings) else {
            return;
        };
        if self.random.chance(600) {
            return;
        }
        let device = self.hosts[sibling].device_id();
        self.cut_device(host, device);
    }

    /// Cuts a device of the host's own household at the newest entry that the host holds of it.
    pub fn cut_device(&mut self, host: HostId, device: DeviceId) {
        let Some(member) = self.hosts[host].member() else {
            return;
        };
        let tips = self.tips_of(host, &[member]);
        let tip = tips.named.iter().find(|tip| tip.device == device).copied();
        let household = self.hosts[host].household.clone();
        let cut = DeviceCut::issue(&household, self.space, device, tip);
        if let Some(authority) = self.any_authority(host) {
            self.state(host, authority, Act::CutDevice(cut));
        }
    }

    /// Gives up a device whose key has been used elsewhere: the household certifies a new one over
    /// the same disk, which cuts the old one (rules R3, R8).
    pub fn replace_device(&mut self, host: HostId) {
        if self.hosts[host].entrance == Entrance::Relay {
            return;
        }
        let fresh = SecretKey::from_seed(&self.random.bytes());
        let one = &mut self.hosts[host];
        let spent = one.device_id();
        one.retired.insert(spent);
        one.device = fresh;
        one.key_is_spent = false;
        one.replica = None;
        one.boot += 1;
        one.syncing = false;
        one.settling = false;
        one.memory.sync();
        one.waiting.clear();
        one.unacknowledged.clear();
        for link in self.links_of(host) {
            self.hang_up(link);
        }
        self.start(host);
        self.tell(|| format!("host {host} replaces its device"));
        let one = &self.hosts[host];
        let certificate = Certificate::issue(&one.household, one.device_id());
        if let Some(authority) = self.any_authority(host) {
            self.state(host, authority, Act::Enrol { certificate });
            self.cut_device(host, spent);
        }
    }

    // ---- the quorum ----

    fn motions(&self, host: HostId) -> Motions {
        let mut motions = Motions::default();
        let statements = self.hosts[host]
            .memory
            .statements()
            .expect("memory can be read");
        for stored in statements {
            let header = &stored.entry.header;
            let (Some(payload), Some(member)) = (&stored.entry.payload, header.member) else {
                continue;
            };
            let Ok(Statement::Known { act, .. }) = Statement::from_bytes(payload) else {
                continue;
            };
            match act {
                Act::Move {
                    number, previous, ..
                } => {
                    motions
                        .moved
                        .insert(stored.entry.id, (number, previous, member));
                }
                Act::CoSign { motion } => {
                    let signers = motions.cosigned.entry(motion).or_default();
                    signers.push((stored.entry.id, member));
                }
                Act::Enact { motion, .. } => {
                    if let Some((number, ..)) = motions.moved.get(&motion) {
                        let standing = motions.enacted.entry(*number).or_insert(stored.entry.id);
                        *standing = (*standing).min(stored.entry.id);
                    }
                }
                _ => {}
            }
        }
        motions
    }

    /// Moves, co-signs or enacts, whichever the chain needs next.
    pub fn act_in_quorum(&mut self, host: HostId) {
        let (Some(authority), Some(member)) = (self.seniority(host), self.hosts[host].member())
        else {
            return;
        };
        let motions = self.motions(host);
        let last = motions.enacted.last_key_value();
        let (number, previous) = last.map_or((1, None), |(number, id)| (number + 1, Some(*id)));
        let open: Vec<(EntryId, MemberId)> = motions
            .moved
            .iter()
            .filter(|(_, (of, before, _))| *of == number && *before == previous)
            .map(|(id, (_, _, mover))| (*id, *mover))
            .collect();
        let Some(&(motion, mover)) = self.random.pick(&open) else {
            self.make_motion(host, authority, number, previous);
            return;
        };
        let signed = motions.cosigned.get(&motion).cloned().unwrap_or_default();
        let has_signed = mover == member || signed.iter().any(|(_, signer)| *signer == member);
        if !has_signed {
            self.state(host, authority, Act::CoSign { motion });
            return;
        }
        if signed.is_empty() {
            return;
        }
        let mut cosignatures: Vec<EntryId> = signed.iter().map(|(id, _)| *id).collect();
        cosignatures.sort_unstable();
        cosignatures.truncate(protocol::limits::COSIGNATURES_MAX);
        let founder = self.records.founder.unwrap_or_default();
        let founder_tips = (number == 1).then(|| self.tips_of(host, &[founder]));
        let act = Act::Enact {
            motion,
            cosignatures,
            founder_tips,
        };
        let stated = self.state(host, authority, act);
        if let Some(id) = stated {
            self.note_enactment(host, motion, id);
        }
    }

    fn make_motion(
        &mut self,
        host: HostId,
        authority: Authority,
        number: u64,
        previous: Option<EntryId>,
    ) {
        let Some(act) = self.dangerous_act(host) else {
            return;
        };
        let act = Act::Move {
            number,
            previous,
            act: Box::new(act),
        };
        self.state(host, authority, act);
    }

    fn dangerous_act(&mut self, host: HostId) -> Option<Act> {
        match self.random.below(6) {
            0..2 => self.removal(host),
            2 => {
                let member = self.some_member(host)?;
                let office = self.random.pick(&self.records.offices)?.0;
                let role = Role::Steward { office };
                Some(Act::Appoint { member, role })
            }
            3 => {
                let given: Vec<(EntryId, MemberId)> = self
                    .records
                    .appointments
                    .iter()
                    .map(|given| (given.id, given.member))
                    .collect();
                let &(appointment, member) = self.random.pick(&given)?;
                let mut tips = self.tips_of(host, &[member]);
                if self.random.chance(300) {
                    self.lower(host, &mut tips);
                }
                Some(Act::CutRole {
                    appointment,
                    tips,
                    reason: "by motion".to_owned(),
                })
            }
            4 => {
                let member = self.some_member(host)?;
                let role = self.some_role(host);
                Some(Act::Appoint { member, role })
            }
            _ => Some(Act::AddOffice {
                office: MemberId(SecretKey::from_seed(&self.random.bytes()).public()),
                name: "office".to_owned(),
            }),
        }
    }

    fn note_enactment(&mut self, host: HostId, motion: EntryId, id: EntryId) {
        let stored = self.hosts[host].memory.find(&motion);
        let payload = stored.and_then(|stored| stored.entry.payload.clone());
        let Some(payload) = payload else {
            return;
        };
        let Ok(Statement::Known {
            act: Act::Move { act, .. },
            ..
        }) = Statement::from_bytes(&payload)
        else {
            return;
        };
        match *act {
            Act::Appoint { member, role } => {
                self.records.appointments.push(super::records::Appointed {
                    member,
                    role,
                    id,
                    by: host,
                });
            }
            Act::AddOffice { office, .. } => self.records.offices.push((office, id)),
            Act::Admit(admission) => {
                self.records
                    .admitted(admission.certificate.member, id, admission.kind);
            }
            _ => {}
        }
    }

    /// Two who may give and take the same role at the same time.
    pub fn grant_and_remove(&mut self, host: HostId) {
        self.faults.count(Fault::GrantRemove);
        self.appoint(host);
        let others: Vec<HostId> = (0..self.hosts.len())
            .filter(|other| self.hosts[*other].is_up() && self.seniority(*other).is_some())
            .collect();
        if let Some(&other) = self.random.pick(&others) {
            self.cut_role(other);
        }
    }

    /// Makes the admission of a host's member.
    pub fn admission_of(&mut self, joiner: HostId, kind: MemberKind) -> Admission {
        let building = Some(self.building());
        let one = &self.hosts[joiner];
        Admission {
            kind,
            certificate: Certificate::issue(&one.household, one.device_id()),
            name: format!("household {joiner}"),
            building,
            invitation: None,
            successor_of: None,
        }
    }
}
