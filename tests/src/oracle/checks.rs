//! The checks at the end of a run, and those in the middle of it.

use std::collections::BTreeSet;

use protocol::entry::Subject;
use protocol::id::{DeviceId, EntryId};
use protocol::kind::Kinds;
use protocol::replica::{Identity, Replica};
use protocol::statement::{Act, Statement};
use protocol::storage::StoredEntry;

use crate::sim::check::{Check, Failure};
use crate::sim::fault::Fault;
use crate::sim::host::HostId;
use crate::sim::memory::Memory;
use crate::sim::splintering::Level;
use crate::sim::world::World;

use super::compare::{Model, View, view_against_model};
use super::history::History;
use super::stores::{Signatures, bounded, nothing_unverified};

/// Of so many replicas, one is also opened anew: stores differ in the order of arrival alone.
const REOPENED_EACH: usize = 5;

/// What the checks found out beside failures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Acknowledged entries that count and are not shown.
    pub lost: u64,
    /// Replicas that show something else than others, or than the model.
    pub divergences: u64,
}

/// Reads the history of a store.
pub fn history_of(memory: &Memory) -> History {
    let proven = memory
        .proofs()
        .iter()
        .filter_map(|proof| Some((proof.device()?, proof.seq()?)));
    History::new(memory.entries().iter().map(|stored| &stored.entry), proven)
}

impl World {
    /// Holds one running replica against the model of what it has, in the middle of a run.
    pub fn check_in_passing(&mut self, host: HostId) {
        let space = self.space;
        let one = &mut self.hosts[host];
        let Some(replica) = one.replica.as_mut() else {
            return;
        };
        let history = history_of(&one.memory);
        let model = Model::new(&history, space);
        let view = View::read(replica, &one.memory);
        let mut found = Vec::new();
        view_against_model(replica, &view, &model, &mut found);
        self.check_holders(host);
        found.extend(self.check_reopening(host, &view));
        for failure in &mut found {
            failure.detail = format!("host {host} in passing: {}", failure.detail);
        }
        self.failures.extend(found);
    }

    /// Checks everything once healing is over.
    pub fn check_at_the_end(&mut self) -> Findings {
        let hosts = self.healing_hosts();
        let mut findings = Findings::default();
        let mut signatures = Signatures::default();
        for host in 0..self.hosts.len() {
            if self.hosts[host].is_honest() {
                let memory = &self.hosts[host].memory;
                nothing_unverified(host, memory, &mut signatures, &mut self.failures);
                bounded(host, memory, &mut self.failures);
            }
        }
        let Some(&first) = hosts.first() else {
            return findings;
        };
        if self.exchange_receipts() {
            self.check_delivery(&hosts);
        }
        self.check_frontiers(&hosts, &mut findings);
        let views: Vec<(HostId, View)> = hosts
            .iter()
            .filter_map(|host| {
                let one = &mut self.hosts[*host];
                Some((*host, View::read(one.replica.as_mut()?, &one.memory)))
            })
            .collect();
        self.check_views(&views, &mut findings);
        for (host, view) in views.iter().step_by(REOPENED_EACH) {
            let found = self.check_reopening(*host, view);
            findings.divergences += u64::from(found.is_some());
            self.failures.extend(found);
        }
        let history = history_of(&self.hosts[first].memory);
        let model = Model::new(&history, self.space);
        if let (Some(replica), Some((_, view))) = (&self.hosts[first].replica, views.first()) {
            let mut found = Vec::new();
            view_against_model(replica, view, &model, &mut found);
            findings.divergences += u64::from(!found.is_empty());
            self.failures.extend(found);
            self.check_forks(first, view);
        }
        self.check_forgotten(&hosts, &model);
        self.check_confidence(&hosts);
        self.count_findings(&model);
        if let Some((_, view)) = views.first() {
            self.check_acknowledged(&hosts, view, &model, &mut findings);
        }
        findings
    }

    fn check_frontiers(&mut self, hosts: &[HostId], findings: &mut Findings) {
        // Of what devices have splintered into, each may hold other parts.
        let ids = |memory: &Memory, level: Option<&Level>| -> BTreeSet<EntryId> {
            let counts = |stored: &&StoredEntry| {
                let device = &stored.entry.header.device;
                level.is_none_or(|level| !level.splintered.contains(device))
            };
            let entries = memory.entries().iter().filter(counts);
            entries.map(|stored| stored.entry.id).collect()
        };
        let expected = self.level_of(hosts[0]);
        let first = ids(&self.hosts[hosts[0]].memory, expected.as_ref());
        for &host in &hosts[1..] {
            let level = self.level_of(host);
            let held = ids(&self.hosts[host].memory, level.as_ref());
            let more = held.difference(&first).count();
            let fewer = first.difference(&held).count();
            if level != expected || more + fewer > 0 {
                findings.divergences += 1;
                self.failures.push(Failure::new(
                    Check::SameFrontier,
                    format!(
                        "host {host} holds {more} entries more and {fewer} fewer than host {}",
                        hosts[0]
                    ),
                ));
            }
        }
    }

    fn check_views(&mut self, views: &[(HostId, View)], findings: &mut Findings) {
        let Some(((first, expected), others)) = views.split_first() else {
            return;
        };
        for (host, view) in others {
            if self.level_of(*host) != self.level_of(*first) {
                continue;
            }
            if let Some(what) = view.difference(expected) {
                findings.divergences += 1;
                let about = view.counting.iter().find_map(|(id, counting)| {
                    let other = expected.counting.get(id)?;
                    counting.symmetric_difference(other).next().copied()
                });
                let about = about.or_else(|| self.judged_apart(*first, *host));
                let told = about.map(|id| {
                    let [one, other] = [*first, *host].map(|host| self.told_of(host, &id));
                    format!("; {} is {one} and {other}", id.short())
                });
                self.failures.push(Failure::new(
                    Check::SameView,
                    format!(
                        "hosts {first} and {host} show {what} differently{}",
                        told.unwrap_or_default()
                    ),
                ));
            }
        }
    }

    /// Finds a statement about which two hosts judge differently.
    fn judged_apart(&self, one: HostId, other: HostId) -> Option<EntryId> {
        let rosters = [one, other].map(|host| self.hosts[host].replica.as_ref());
        let [Some(one_roster), Some(other_roster)] = rosters else {
            return None;
        };
        let memories = [one, other].map(|host| self.hosts[host].memory.entries().iter());
        let mut ids = memories.into_iter().flatten().map(|stored| stored.entry.id);
        ids.find(|id| one_roster.roster().judgement(id) != other_roster.roster().judgement(id))
    }

    /// Opens a replica anew over what a host has stored: it stands where the running one stands.
    fn check_reopening(&mut self, host: HostId, view: &View) -> Option<Failure> {
        let (space, switches) = (self.space, self.options.switches());
        let one = &mut self.hosts[host];
        let identity = Identity {
            key: one.device.clone(),
            member: one.member(),
        };
        let kinds = Kinds::standard();
        let opened = Replica::open(space, identity, kinds, switches, &one.memory);
        let mut opened = opened.expect("memory can be read");
        let digest = one.replica.as_mut()?.frontier_digest();
        let difference = match opened.frontier_digest() == digest {
            true => View::read(&mut opened, &one.memory).difference(view)?,
            false => "the frontier".to_owned(),
        };
        Some(Failure::new(
            Check::ReopensAlike,
            format!("host {host}, opened anew, shows {difference} differently"),
        ))
    }

    /// Describes how a host sees the place of an entry.
    fn told_of(&mut self, host: HostId, id: &EntryId) -> String {
        let one = &mut self.hosts[host];
        let Some(stored) = one.memory.find(id) else {
            return "not held".to_owned();
        };
        let header = &stored.entry.header;
        let Some(replica) = one.replica.as_mut() else {
            return "not running".to_owned();
        };
        let fork = replica.forked_at(&header.device);
        let track = replica.logs().log(stored.log).map(|log| &log.track);
        let retreat = track.and_then(protocol::roster::Track::retreated_at);
        format!(
            "seq {} of {} (log {}, fork {fork:?}, retreat {retreat:?}, stands on {:?}, judged {:?})",
            header.seq,
            header.device.short(),
            stored.log.0,
            stored.entered.standpoint,
            replica.roster().judgement(id),
        )
    }

    /// From a fork on nothing of a device shows, unless somebody has cut it or its member.
    fn check_forks(&mut self, host: HostId, view: &View) {
        let memory = &self.hosts[host].memory;
        let mut cut: BTreeSet<DeviceId> = BTreeSet::new();
        let mut members = BTreeSet::new();
        for stored in memory.entries() {
            if stored.entry.header.subject != Subject::Roster {
                continue;
            }
            let payload = stored.entry.payload.as_deref().unwrap_or_default();
            let Ok(Statement::Known { act, .. }) = Statement::from_bytes(payload) else {
                continue;
            };
            let act = match act {
                Act::Move { act, .. } => *act,
                act => act,
            };
            match act {
                Act::CutDevice(device_cut) => {
                    cut.insert(device_cut.device);
                }
                Act::Remove { member, .. } => {
                    members.insert(member);
                }
                _ => {}
            }
        }
        let mut places = std::collections::BTreeMap::new();
        let mut forks: std::collections::BTreeMap<DeviceId, u64> = Default::default();
        for stored in memory.entries() {
            let header = &stored.entry.header;
            let other = places.insert((header.device, header.seq), stored.entry.id);
            if other.is_some() {
                let lowest = forks.entry(header.device).or_insert(header.seq);
                *lowest = header.seq.min(*lowest);
            }
        }
        let mut shown = Vec::new();
        for id in view.counting.values().flatten() {
            let Some(stored) = memory.find(id) else {
                continue;
            };
            let header = &stored.entry.header;
            let suspended = forks
                .get(&header.device)
                .is_some_and(|seq| *seq <= header.seq)
                && !cut.contains(&header.device)
                && !header
                    .member
                    .is_some_and(|member| members.contains(&member));
            if suspended {
                shown.push(Failure::new(
                    Check::SuspendedForks,
                    format!(
                        "entry {} of a forked device counts at host {host}",
                        id.short()
                    ),
                ));
            }
        }
        self.failures.extend(shown);
    }

    fn count_findings(&mut self, model: &Model<'_>) {
        self.faults
            .add(Fault::Fork, model.history.forks().count() as u64);
        self.faults.add(Fault::Cut, model.roster.cuts() as u64);
        let mut excluded = 0;
        for shown in model.documents.values() {
            excluded += shown
                .statuses
                .keys()
                .filter(|id| {
                    let number = model.history.find(id);
                    number.is_some_and(|number| {
                        use super::roster::{Verdict, Why};
                        matches!(
                            model.roster.author_verdict(number),
                            Verdict::Excluded(Why::Cut | Why::Forked | Why::Closed)
                        )
                    })
                })
                .count() as u64;
        }
        self.faults.add(Fault::Exclusion, excluded);
    }

    /// Tells whether an entry was lost with its author's disk, and is held by an honest host alone
    /// that was removed since: nobody asks that one any more.
    fn burnt_but_for_whom_nobody_serves(
        &self,
        author: HostId,
        served: &[HostId],
        id: &EntryId,
    ) -> bool {
        let mut others = self.hosts.iter().enumerate();
        self.hosts[author].was_restored
            && others.any(|(host, one)| {
                one.is_honest() && !served.contains(&host) && one.memory.holds_durably(id)
            })
    }

    /// What honest hosts told their users is saved has to be there, and to count unless a cut, a
    /// fork or a closing says otherwise.
    fn check_acknowledged(
        &mut self,
        hosts: &[HostId],
        view: &View,
        model: &Model<'_>,
        findings: &mut Findings,
    ) {
        let mut found = Vec::new();
        for &host in hosts {
            for id in &self.hosts[host].acknowledged {
                let Some(number) = model.history.find(id) else {
                    if self.burnt_but_for_whom_nobody_serves(host, hosts, id) {
                        continue;
                    }
                    findings.lost += 1;
                    found.push(Failure::new(
                        Check::NothingLost,
                        format!("entry {} of host {host} is held by nobody", id.short()),
                    ));
                    continue;
                };
                let fact = &model.history.facts[number];
                if fact.broken {
                    found.push(Failure::new(
                        Check::HonestEntriesStand,
                        format!("host {host} broke its own log at {}", id.short()),
                    ));
                }
                let Some(document) = fact.document() else {
                    continue;
                };
                let shown = view
                    .counting
                    .get(&document)
                    .is_some_and(|ids| ids.contains(id));
                if model.counts(id) == Some(true) && !shown {
                    findings.lost += 1;
                    found.push(Failure::new(
                        Check::NothingLost,
                        format!(
                            "entry {} of host {host} counts and is not shown",
                            id.short()
                        ),
                    ));
                }
                let status = model
                    .documents
                    .get(&document)
                    .and_then(|shown| shown.statuses.get(id));
                if status == Some(&super::document::Status::Invalid) {
                    found.push(Failure::new(
                        Check::HonestEntriesStand,
                        format!("host {host} wrote entry {}, which is invalid", id.short()),
                    ));
                }
            }
        }
        self.failures.extend(found);
    }
}
