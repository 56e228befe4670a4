//! Checks of what stores hold, whatever is shown: signatures, chains and limits.

use std::collections::{BTreeMap, BTreeSet};

use protocol::entry;
use protocol::id::{DeviceId, EntryId};
use protocol::key::{PublicKey, Purpose, Signature};
use protocol::limits;
use protocol::storage::{LogNumber, StoredEntry};

use crate::sim::check::{Check, Failure};
use crate::sim::memory::Memory;

/// Signatures that were found to hold, so that thirty stores cost as much as one.
#[derive(Default)]
pub struct Signatures {
    held: BTreeSet<(EntryId, Signature)>,
}

impl Signatures {
    fn holds(&mut self, stored: &StoredEntry) -> bool {
        let Some(signature) = stored.entry.signature else {
            return false;
        };
        let of = (stored.entry.id, signature);
        if self.held.contains(&of) {
            return true;
        }
        let holds = PublicKey::parse_unenrolled(&stored.entry.header.device.0)
            .is_ok_and(|key| key.verifies(Purpose::Head, &stored.entry.id.0, &signature));
        if holds {
            self.held.insert(of);
        }
        holds
    }
}

/// Checks that every entry is named by its header, follows the one before, and is covered by a
/// valid signature at or after it in its branch.
pub fn nothing_unverified(
    host: usize,
    memory: &Memory,
    signatures: &mut Signatures,
    failures: &mut Vec<Failure>,
) {
    let mut fail = |stored: &StoredEntry, what: &str| {
        failures.push(Failure::new(
            Check::NothingUnverified,
            format!("host {host}: entry {} {what}", stored.entry.id.short()),
        ));
    };
    let mut newest: BTreeMap<LogNumber, &StoredEntry> = BTreeMap::new();
    for stored in memory.entries() {
        let header = &stored.entry.header;
        if header.id() != stored.entry.id {
            fail(stored, "is not named by its header");
        }
        let payload = stored.entry.payload.as_deref();
        if payload.is_some_and(|bytes| entry::payload_hash(bytes) != header.payload) {
            fail(stored, "has another payload than its header names");
        }
        let before = header.backlink.map(|id| memory.find(&id));
        let follows = match before {
            None => header.seq == 1,
            Some(None) => false,
            Some(Some(before)) => {
                before.entry.header.seq + 1 == header.seq
                    && before.entry.header.device == header.device
            }
        };
        if !follows {
            fail(stored, "does not follow an entry that is held");
        }
        newest
            .entry(stored.log)
            .and_modify(|newest| {
                if newest.entry.header.seq < header.seq {
                    *newest = stored;
                }
            })
            .or_insert(stored);
    }
    for head in newest.values() {
        if !signatures.holds(head) {
            fail(head, "is a head without a valid signature");
        }
    }
}

/// Checks the protocol's limits.
pub fn bounded(host: usize, memory: &Memory, failures: &mut Vec<Failure>) {
    let mut fail = |detail: String| failures.push(Failure::new(Check::Bounded, detail));
    let mut branches: BTreeMap<DeviceId, BTreeSet<LogNumber>> = BTreeMap::new();
    for stored in memory.entries() {
        let header = &stored.entry.header;
        branches
            .entry(header.device)
            .or_default()
            .insert(stored.log);
        if let Err(error) = header.check() {
            fail(format!(
                "host {host}: entry {}: {error}",
                stored.entry.id.short()
            ));
        }
        if let Some(payload) = &stored.entry.payload
            && let Err(error) = header.read_payload(payload)
        {
            fail(format!(
                "host {host}: entry {}: {error}",
                stored.entry.id.short()
            ));
        }
    }
    if branches.len() > limits::DEVICES_MAX {
        fail(format!("host {host}: {} devices", branches.len()));
    }
    for (device, of) in branches {
        if of.len() > limits::BRANCHES_MAX + 1 {
            fail(format!(
                "host {host}: {} branches of {}",
                of.len(),
                device.short()
            ));
        }
    }
}
