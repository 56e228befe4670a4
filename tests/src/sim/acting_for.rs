//! What people do about households without a device: they record them, name and dismiss who acts for
//! them, and write in their name. Hostile hosts write for whom they like.

use protocol::id::{EntryId, MemberId};
use protocol::roster::Standing;
use protocol::statement::{Act, Tips};
use serde_json::json;

use super::documents::Fields;
use super::fault::Fault;
use super::host::HostId;
use super::records::Recorded;
use super::world::World;

impl World {
    /// Has somebody do something about a household without a device, where people do: mostly whoever
    /// may, or the host, which may not.
    pub fn act_on_records(&mut self, host: HostId) -> bool {
        if !self.options.acts_for_others || !self.random.chance(500) {
            return false;
        }
        let seniors: Vec<HostId> = (0..self.hosts.len())
            .filter(|other| self.hosts[*other].is_up() && self.seniority(*other).is_some())
            .collect();
        let host = match self.random.pick(&seniors) {
            Some(&senior) if self.random.chance(900) => senior,
            _ => host,
        };
        let Some(authority) = self.seniority(host).or_else(|| self.any_authority(host)) else {
            return false;
        };
        let known = self.known_record(host);
        let (act, record) = match (self.random.below(6), known) {
            (2 | 3, Some(record)) => (self.add_proxies(host, record), Some(record)),
            (4 | 5, Some(record)) => (self.end_record(host, record), None),
            _ => (self.record_household(host), None),
        };
        let proxies = match &act {
            Act::RecordHousehold { proxies, .. } | Act::AddProxies { proxies, .. } => {
                proxies.clone()
            }
            _ => Vec::new(),
        };
        let is_new = matches!(act, Act::RecordHousehold { .. });
        let Some(id) = self.state(host, authority, act) else {
            return true;
        };
        if is_new {
            self.records.recorded.push(Recorded { proxies, id });
        } else if let Some(record) = record {
            let mut recorded = self.records.recorded.iter_mut();
            if let Some(recorded) = recorded.find(|recorded| recorded.id == record) {
                recorded.proxies.extend(proxies);
            }
        }
        true
    }

    fn known_record(&mut self, host: HostId) -> Option<EntryId> {
        let memory = &self.hosts[host].memory;
        let held = self.records.recorded.iter().map(|recorded| recorded.id);
        let held: Vec<EntryId> = held.filter(|id| memory.holds(id)).collect();
        self.random.pick(&held).copied()
    }

    fn record_household(&mut self, host: HostId) -> Act {
        Act::RecordHousehold {
            name: format!("without a device {}", self.random.below(100)),
            building: Some(self.building()),
            proxies: self.some_proxies(host),
            consent: "on paper".to_owned(),
        }
    }

    fn add_proxies(&mut self, host: HostId, record: EntryId) -> Act {
        Act::AddProxies {
            record,
            proxies: self.some_proxies(host),
            consent: "at the door".to_owned(),
        }
    }

    fn end_record(&mut self, host: HostId, record: EntryId) -> Act {
        let mut recorded = self.records.recorded.iter();
        let recorded = recorded.find(|recorded| recorded.id == record);
        let proxies = recorded.map_or_else(Vec::new, |recorded| recorded.proxies.clone());
        let proxy = match self.random.chance(600) {
            true => self.random.pick(&proxies).copied(),
            false => None,
        };
        let tips = match self.random.chance(850) {
            true => self.tips_of(host, &proxies),
            false => Tips::default(),
        };
        Act::EndRecord {
            record,
            proxy,
            tips,
            reason: "has a device now".to_owned(),
        }
    }

    fn some_proxies(&mut self, host: HostId) -> Vec<MemberId> {
        let count = 1 + self.random.index(3);
        let mut proxies: Vec<MemberId> =
            (0..count).filter_map(|_| self.some_member(host)).collect();
        proxies.sort();
        proxies.dedup();
        proxies
    }

    /// Says of what a host is about to write that it is for a household, if it acts for one. A
    /// hostile host claims to act for any that it has heard of.
    pub fn say_for_whom(&mut self, host: HostId, standing: &mut Standing, fields: &mut Fields) {
        if !self.options.acts_for_others {
            return;
        }
        if !self.hosts[host].is_honest()
            && self.random.chance(600)
            && let Some(record) = self.known_record(host)
            && !standing.acts_for.contains(&record)
        {
            self.faults.count(Fault::WithoutRight);
            standing.acts_for = vec![record];
        }
        let Some(household) = self.random.pick(&standing.acts_for).copied() else {
            return;
        };
        let household = json!(household.to_string());
        match fields.get_mut("acknowledgements") {
            Some(word) => word["for_household"] = household,
            None => {
                fields.insert("for_household".to_owned(), household);
            }
        }
    }
}
