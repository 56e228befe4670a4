//! Introducing the own device to those who do not know it (rule R21). What a stranger's chain is
//! worth is judged in `joining` and `roster`.

use std::collections::BTreeSet;

use crate::entry::Entry;
use crate::id::EntryId;
use crate::limits;
use crate::storage::{Storage, StorageError};

use super::Replica;

impl Replica {
    /// Returns the own admission chain: runs that together hold every statement from the founding
    /// to the one that certifies the own device, each shown before it is used.
    ///
    /// Payloads of other entries are left out, for a run goes on to the next signature that is
    /// held, which may be 255 entries away. A run is sent again where one of its later statements
    /// rests on another log's.
    ///
    /// # Errors
    ///
    /// [`StorageError`] when the storage cannot be read.
    pub fn admission_chain(
        &mut self,
        storage: &impl Storage,
    ) -> Result<Vec<Vec<Entry>>, StorageError> {
        let needed = self.own_chain();
        let mut runs = Vec::new();
        let mut next = 0;
        while let Some(id) = needed.get(next) {
            let mut run = run_from(storage, id)?;
            let places: BTreeSet<EntryId> = run.iter().map(|entry| entry.id).collect();
            let rest = needed[next..].iter();
            let shown: BTreeSet<EntryId> =
                rest.take_while(|id| places.contains(id)).copied().collect();
            for entry in &mut run {
                if !shown.contains(&entry.id) && entry.header.payload_bytes > 0 {
                    entry.payload = None;
                }
            }
            next += shown.len().max(1);
            runs.push(run);
        }
        Ok(runs)
    }

    /// Returns the statements that show the own device to a stranger, the founding first.
    fn own_chain(&self) -> Vec<EntryId> {
        let device = self.device();
        match self.identity.member {
            Some(member) => self
                .roster
                .admission_chain(&member, device)
                .unwrap_or_default(),
            None => self.roster.relay_chain(device).unwrap_or_default(),
        }
    }
}

/// Returns an entry with what follows it up to a signature that is held.
fn run_from(storage: &impl Storage, id: &EntryId) -> Result<Vec<Entry>, StorageError> {
    let mut run = Vec::new();
    let Some(stored) = storage.entry(id)? else {
        return Ok(run);
    };
    let seq = stored.entry.header.seq;
    for row in storage.log_entries(stored.log, seq, limits::SEGMENT_ENTRIES_MAX)? {
        let signed = row.entry.signature.is_some();
        run.push(row.entry);
        if signed {
            break;
        }
    }
    Ok(run)
}
