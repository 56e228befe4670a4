//! Receipts held against what machines really hold: nobody is counted who does not hold the entry,
//! and once everything has healed everybody who does is counted.

use std::collections::BTreeSet;

use protocol::receipt::Holder;
use protocol::session::Purpose;
use protocol::storage::{LogNumber, Storage};

use crate::sim::check::{Check, Failure};
use crate::sim::host::{Conduct, Host, HostId};
use crate::sim::world::World;

/// Hosts up to which everybody meets everybody where no relay gives receipts on.
const PAIRS_HOSTS_MAX: usize = 24;

impl World {
    /// Lets receipts reach those whose logs they are of, once all hold the same. False when there is
    /// nobody who could give them on.
    pub fn exchange_receipts(&mut self) -> bool {
        let hosts = self.healing_hosts();
        let relay = hosts
            .iter()
            .copied()
            .find(|host| self.hosts[*host].member().is_none());
        match relay {
            Some(relay) => {
                for _ in 0..2 {
                    for &host in &hosts {
                        self.call(host, relay, Purpose::Meet);
                    }
                    self.drain_and_part();
                }
            }
            None if hosts.len() <= PAIRS_HOSTS_MAX => {
                for (position, &host) in hosts.iter().enumerate() {
                    for &other in &hosts[position + 1..] {
                        self.call(host, other, Purpose::Meet);
                    }
                }
                self.drain_and_part();
            }
            None => return false,
        }
        true
    }

    /// Holds the counts of everybody's newest entry against who holds it, in the end.
    pub fn check_delivery(&mut self, hosts: &[HostId]) {
        for &host in hosts {
            let Some((place, counted)) = self.newest_and_holders(host) else {
                continue;
            };
            let own = holder_of(&self.hosts[host]);
            let expected: BTreeSet<Holder> = hosts
                .iter()
                .map(|other| holder_of(&self.hosts[*other]))
                .filter(|holder| *holder != own)
                .collect();
            if let Some(missing) = expected.difference(&counted).next() {
                let machines: Vec<String> = hosts
                    .iter()
                    .filter(|other| holder_of(&self.hosts[**other]) == *missing)
                    .map(|other| self.describe_machine(*other))
                    .collect();
                self.failures.push(Failure::new(
                    Check::DeliveryCounted,
                    format!(
                        "host {host} counts {} of {} holders of its entry {}; {missing:?} is missing: {}",
                        expected.intersection(&counted).count(),
                        expected.len(),
                        place.1,
                        machines.join(", "),
                    ),
                ));
            }
            self.check_holders(host);
        }
    }

    /// Says what may explain why a host's receipts do not arrive.
    fn describe_machine(&self, host: HostId) -> String {
        let one = &self.hosts[host];
        let restored = if one.was_restored { ", restored" } else { "" };
        format!("host {host}{restored}, clock off by {} ms", one.skew_ms)
    }

    /// Looks whether those whom a host counts hold its newest entry durably.
    pub fn check_holders(&mut self, host: HostId) {
        let Some((place, counted)) = self.newest_and_holders(host) else {
            return;
        };
        let entry = self.hosts[host].memory.entry_at(place.0, place.1);
        let Some(entry) = entry.expect("memory can be read") else {
            return;
        };
        for holder in counted {
            let machines: Vec<&Host> = self
                .hosts
                .iter()
                .filter(|one| holder_of(one) == holder)
                .collect();
            // A hostile member lies about itself, and whoever was restored from a copy has lost what
            // it held.
            let answers = machines
                .iter()
                .all(|one| one.conduct == Conduct::Honest && !one.was_restored);
            let holds = machines.iter().any(|one| one.memory.holds_durably(&entry));
            if machines.is_empty() || answers && !holds {
                self.failures.push(Failure::new(
                    Check::ReceiptsHonest,
                    format!("host {host} counts {holder:?}, which does not hold its entry"),
                ));
            }
        }
    }

    /// Returns the place of the newest entry of a host's own log, and who is counted as holding it.
    /// Whoever forked does not know which of its branches others hold, and writes nothing more.
    fn newest_and_holders(&self, host: HostId) -> Option<((LogNumber, u64), BTreeSet<Holder>)> {
        let one = &self.hosts[host];
        let replica = one.replica.as_ref()?;
        one.member()?;
        if replica.logs().forked_at(&one.device_id()).is_some() {
            return None;
        }
        let log = replica.logs().of_device(&one.device_id()).next()?;
        let place = (log.number, log.head_seq);
        let deliveries = replica.deliveries(&one.memory);
        let deliveries = deliveries.expect("memory can be read");
        Some((place, deliveries.holders(replica.logs(), place).collect()))
    }
}

fn holder_of(host: &Host) -> Holder {
    match host.member() {
        Some(member) => Holder::Home(member),
        None => Holder::Relay(host.device_id()),
    }
}
