//! What was retired is gone from every honest disk, and nothing else is (rule R18).

use std::collections::BTreeSet;

use protocol::entry::{Header, Subject};
use protocol::id::{DocumentId, EntryId};
use protocol::statement::Act;

use crate::sim::check::{Check, Failure};
use crate::sim::host::HostId;
use crate::sim::world::World;

use super::compare::Model;

impl World {
    /// Tells whether an honest host asks for a payload that another one could give it.
    pub fn payloads_are_under_way(&self, hosts: &[HostId]) -> bool {
        hosts.iter().any(|host| {
            let lacking = self.hosts[*host].replica.iter();
            lacking
                .flat_map(|replica| replica.lacking_payloads())
                .any(|(id, _)| self.holder_of_payload(hosts, &id).is_some())
        })
    }

    /// Holds what honest hosts have of payloads against what the model says is retired.
    pub fn check_forgotten(&mut self, hosts: &[HostId], model: &Model<'_>) {
        let retired = retired_documents(model);
        let named: BTreeSet<DocumentId> = model
            .history
            .facts
            .iter()
            .filter_map(|fact| match fact.act() {
                Some(Act::Retire { documents }) => Some(documents),
                _ => None,
            })
            .flatten()
            .copied()
            .collect();
        let honest = self.honest_devices();
        let mut found = Vec::new();
        for &host in hosts {
            let memory = &self.hosts[host].memory;
            for stored in memory.entries() {
                let Some(document) = stored.entry.document() else {
                    continue;
                };
                let id = stored.entry.id;
                let mut fail = |what: String| {
                    let detail = format!("host {host} {what} of entry {}", id.short());
                    found.push(Failure::new(Check::Forgotten, detail));
                };
                let remembers = memory.remembers(&id);
                if retired.contains(&document) {
                    if remembers {
                        fail("keeps the retired payload".to_owned());
                    }
                } else if !remembers {
                    let from_honest = honest.contains(&stored.entry.header.device);
                    if let Some(other) = self.holder_of_payload(hosts, &id) {
                        fail(format!("lacks what host {other} holds, the payload"));
                    } else if from_honest && !named.contains(&document) {
                        fail("has lost the payload".to_owned());
                    }
                }
            }
        }
        self.failures.extend(found);
    }

    fn holder_of_payload(&self, hosts: &[HostId], id: &EntryId) -> Option<HostId> {
        let holds = |host: &HostId| {
            let held = self.hosts[*host].memory.find(id);
            held.is_some_and(|stored| stored.entry.payload.is_some())
        };
        hosts.iter().copied().find(holds)
    }
}

/// The documents that somebody retired who may, those without a creation included.
fn retired_documents(model: &Model<'_>) -> BTreeSet<DocumentId> {
    let facts = model.history.facts.iter();
    let documents: BTreeSet<DocumentId> = facts.filter_map(|fact| fact.document()).collect();
    let is_retired = |id: &DocumentId| {
        let creation = model.history.find(&EntryId::from(*id));
        let creation = creation.map(|number| &model.history.facts[number].header);
        let creates = |header: &&Header| matches!(header.subject, Subject::Creation { .. });
        let creator = creation.filter(creates).and_then(|header| header.member);
        model.roster.is_retired(*id, creator)
    };
    documents.into_iter().filter(is_retired).collect()
}
