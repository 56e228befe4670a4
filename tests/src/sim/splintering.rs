//! Splintering: devices that sign more branches than are taken as they come, and what replicas hold
//! alike all the same.

use std::collections::BTreeSet;

use protocol::frontier::{BucketSet, Row};
use protocol::id::DeviceId;

use super::fault::Fault;
use super::forge::Forgery;
use super::host::HostId;
use super::world::World;

/// What two honest hosts hold alike in the end: everything, but for branches of devices that have
/// splintered.
#[derive(Debug, PartialEq, Eq)]
pub struct Level {
    /// The devices that have splintered.
    pub splintered: BTreeSet<DeviceId>,
    rows: Vec<Row>,
    forks: Vec<Option<u64>>,
}

impl World {
    /// Signs many entries under one number, and tells everybody of others.
    pub fn splinter(&mut self, host: HostId) {
        let middle = match self.random.chance(500) {
            true => self.own_middle(host),
            false => None,
        };
        let place = middle.unwrap_or_else(|| self.own_end(host));
        self.faults.count(Fault::Equivocate);
        for _ in 0..10 + self.random.index(30) {
            let count = 1 + self.random.index(2);
            let mut forgeries: Vec<Forgery> = (0..count).map(|_| self.plausible(host)).collect();
            if self.random.chance(300) {
                let seen = self.some_statement(host).map(|id| vec![id]);
                forgeries[0].seen = seen;
            }
            let entries = self.forge(host, &place, &forgeries);
            for _ in 0..self.random.index(3) {
                self.push(host, std::slice::from_ref(&entries));
            }
            if self.random.chance(400) {
                self.plant(host, entries);
            }
        }
    }

    /// Returns what a host has to hold like others; none while it is down.
    pub fn level_of(&mut self, host: HostId) -> Option<Level> {
        let replica = self.hosts[host].replica.as_mut()?;
        let mut rows = replica.frontier().rows(&BucketSet::ALL);
        let devices = rows.iter().map(|row| row.device);
        let splintered: BTreeSet<DeviceId> = devices
            .clone()
            .filter(|device| replica.is_splintered(device))
            .collect();
        let forks = devices.map(|device| replica.logs().known_fork(&device));
        let forks = forks.collect();
        rows.retain(|row| !splintered.contains(&row.device));
        Some(Level {
            splintered,
            rows,
            forks,
        })
    }
}
