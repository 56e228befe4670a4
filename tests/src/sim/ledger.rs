//! The ledger: what an all-seeing bystander notes while a run goes on, to check it later.
//!
//! Replicas never read it.

use std::collections::{BTreeMap, BTreeSet};

use protocol::entry::Entry;
use protocol::id::{DeviceId, EntryId};

use super::check::{Check, Failure};
use super::host::HostId;

/// What was signed, by whom, and what of it was durable when.
#[derive(Debug, Default)]
pub struct Ledger {
    authors: BTreeMap<DeviceId, HostId>,
    exempt: BTreeSet<DeviceId>,
    durable: BTreeSet<EntryId>,
    places: BTreeMap<(DeviceId, u64), EntryId>,
    known: BTreeSet<EntryId>,
}

impl Ledger {
    /// Notes that an honest host writes with a device.
    pub fn enrol(&mut self, device: DeviceId, host: HostId) {
        self.authors.insert(device, host);
    }

    /// Notes that a device's disk was restored from a copy: that it signs a seq twice is then the
    /// fault that was injected.
    pub fn exempt(&mut self, device: DeviceId) {
        self.exempt.insert(device);
    }

    /// Returns the honest host that writes with a device.
    pub fn author(&self, device: &DeviceId) -> Option<HostId> {
        self.authors.get(device).copied()
    }

    /// Tells whether a device's disk was restored.
    pub fn is_exempt(&self, device: &DeviceId) -> bool {
        self.exempt.contains(device)
    }

    /// Notes that an entry became durable at its author.
    pub fn became_durable(&mut self, entry: &Entry, failures: &mut Vec<Failure>) {
        self.durable.insert(entry.id);
        self.place(entry, failures);
    }

    /// Notes that a host other than its author has an entry.
    pub fn observed(&mut self, entry: &Entry, by: HostId, failures: &mut Vec<Failure>) {
        if !self.known.insert(entry.id) {
            return;
        }
        let device = entry.header.device;
        let Some(author) = self.author(&device) else {
            return;
        };
        if author != by && !self.durable.contains(&entry.id) {
            failures.push(Failure::new(
                Check::StoredBeforeSent,
                format!(
                    "host {by} holds entry {} of host {author}, seq {}, which is not durable there",
                    entry.id.short(),
                    entry.header.seq
                ),
            ));
        }
        self.place(entry, failures);
    }

    /// Returns how many different entries anybody has seen.
    pub fn known(&self) -> usize {
        self.known.len()
    }

    fn place(&mut self, entry: &Entry, failures: &mut Vec<Failure>) {
        let header = &entry.header;
        let Some(author) = self.author(&header.device) else {
            return;
        };
        let place = (header.device, header.seq);
        let held = *self.places.entry(place).or_insert(entry.id);
        if held != entry.id && !self.is_exempt(&header.device) {
            failures.push(Failure::new(
                Check::NoSeqSignedTwice,
                format!(
                    "host {author} signed seq {} as {} and as {}",
                    header.seq,
                    held.short(),
                    entry.id.short()
                ),
            ));
        }
    }
}
