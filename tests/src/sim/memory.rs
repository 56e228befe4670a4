//! Storage in memory with a durable and a volatile layer: a crash loses what was not made durable,
//! and a backup taken earlier can be restored (rule R3).
//!
//! It indexes what a replica asks for and judges nothing.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use protocol::entry::Subject;
use protocol::fork::ForkProof;
use protocol::id::{DeviceId, DocumentId, EntryId};
use protocol::storage::{
    Batch, LogNumber, Place, Storage, StorageError, StoredEntry, StoredLog, StoredReceipt,
};

/// One replica's disk and page cache.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    entries: Vec<StoredEntry>,
    proofs: Vec<ForkProof>,
    logs: Vec<StoredLog>,
    by_id: BTreeMap<EntryId, usize>,
    by_place: BTreeMap<(LogNumber, u64), usize>,
    by_document: BTreeMap<DocumentId, Vec<usize>>,
    statements: Vec<usize>,
    durable: Snapshot,
    backups: Vec<Snapshot>,
    /// Payloads dropped since the last sync: a crash brings them back.
    dropped: Vec<(usize, Vec<u8>)>,
    receipts: BTreeMap<(DeviceId, DeviceId), StoredReceipt>,
    cursors: BTreeMap<DeviceId, u64>,
    /// What stood in the place of receipts and cursors before the last sync: a crash brings it back.
    receipts_before: BTreeMap<(DeviceId, DeviceId), Option<StoredReceipt>>,
    cursors_before: BTreeMap<DeviceId, Option<u64>>,
    /// Payloads filled in since the last sync: a crash takes them away.
    filled: Vec<usize>,
    /// Entries that were asked for, by name or by place.
    reads: Cell<usize>,
}

/// What a disk holds at one moment. Entries only ever grow, so their number says which they are.
#[derive(Clone, Debug, Default)]
struct Snapshot {
    entries: usize,
    proofs: usize,
    logs: Vec<StoredLog>,
}

impl Memory {
    /// Returns how many entries were asked for, by name or by place.
    pub fn reads(&self) -> usize {
        self.reads.get()
    }

    /// Takes a batch into the volatile layer, where it is visible at once.
    pub fn apply(&mut self, batch: &Batch) {
        for log in &batch.logs {
            let index = log.number.0 as usize;
            if index < self.logs.len() {
                self.logs[index].clone_from(log);
            } else {
                assert_eq!(index, self.logs.len(), "log numbers are dense");
                self.logs.push(log.clone());
            }
        }
        for stored in &batch.entries {
            assert_eq!(
                stored.arrival,
                self.entries.len() as u64 + 1,
                "arrivals are dense"
            );
            self.index(self.entries.len(), stored);
            self.entries.push(stored.clone());
        }
        for proof in &batch.fork_proofs {
            if !self.proofs.iter().any(|held| held.covers(proof)) {
                self.proofs.retain(|held| !proof.covers(held));
                self.proofs.push(proof.clone());
            }
        }
        for filled in &batch.filled {
            let row = self.by_id[&filled.entry];
            self.entries[row].entry.payload = Some(filled.payload.clone());
            self.filled.push(row);
        }
        for document in &batch.erased {
            for &row in self.by_document.get(document).into_iter().flatten() {
                if let Some(payload) = self.entries[row].entry.payload.take() {
                    self.dropped.push((row, payload));
                }
            }
        }
        self.apply_receipts(batch);
    }

    fn apply_receipts(&mut self, batch: &Batch) {
        for stored in &batch.receipts {
            let place = (stored.receipt.log, stored.receipt.device);
            let before = self.receipts.insert(place, *stored);
            self.receipts_before.entry(place).or_insert(before);
        }
        for place in &batch.receipts_dropped {
            let before = self.receipts.remove(place);
            self.receipts_before.entry(*place).or_insert(before);
        }
        for (peer, number) in &batch.receipt_cursors {
            let before = self.cursors.insert(*peer, *number);
            self.cursors_before.entry(*peer).or_insert(before);
        }
    }

    /// Makes everything durable.
    pub fn sync(&mut self) {
        self.durable = self.snapshot();
        self.dropped.clear();
        self.receipts_before.clear();
        self.cursors_before.clear();
        self.filled.clear();
    }

    /// Tells whether something would be lost by a crash.
    pub fn is_volatile(&self) -> bool {
        self.durable.entries < self.entries.len()
            || self.durable.proofs < self.proofs.len()
            || !self.dropped.is_empty()
            || !self.receipts_before.is_empty()
            || !self.cursors_before.is_empty()
            || !self.filled.is_empty()
    }

    /// Loses what was not durable.
    pub fn crash(&mut self) {
        for (row, payload) in std::mem::take(&mut self.dropped) {
            self.entries[row].entry.payload = Some(payload);
        }
        for (place, before) in std::mem::take(&mut self.receipts_before) {
            match before {
                Some(before) => self.receipts.insert(place, before),
                None => self.receipts.remove(&place),
            };
        }
        for (peer, before) in std::mem::take(&mut self.cursors_before) {
            match before {
                Some(before) => self.cursors.insert(peer, before),
                None => self.cursors.remove(&peer),
            };
        }
        for row in std::mem::take(&mut self.filled) {
            self.entries[row].entry.payload = None;
        }
        let durable = self.durable.clone();
        self.rewind(durable);
    }

    /// Keeps a copy of what is durable.
    pub fn back_up(&mut self) {
        self.backups.push(self.durable.clone());
    }

    /// Goes back to the oldest copy that is older than what is durable, if there is one.
    pub fn restore(&mut self) -> bool {
        self.crash();
        let older = self
            .backups
            .iter()
            .position(|one| one.entries < self.durable.entries);
        match older {
            Some(index) => {
                let backup = self.backups.remove(index);
                self.durable = backup.clone();
                self.rewind(backup);
                // The copy is from before the first receipt.
                self.receipts.clear();
                self.cursors.clear();
                true
            }
            None => false,
        }
    }

    /// Returns every entry in order of arrival.
    pub fn entries(&self) -> &[StoredEntry] {
        &self.entries
    }

    /// Returns the entries that are durable.
    pub fn durable_entries(&self) -> &[StoredEntry] {
        &self.entries[..self.durable.entries]
    }

    /// Returns an entry without copying it.
    pub fn find(&self, id: &EntryId) -> Option<&StoredEntry> {
        self.by_id.get(id).map(|row| &self.entries[*row])
    }

    /// Tells whether an entry is held.
    pub fn holds(&self, id: &EntryId) -> bool {
        self.by_id.contains_key(id)
    }

    /// Tells whether an entry would outlast a crash.
    pub fn holds_durably(&self, id: &EntryId) -> bool {
        let row = self.by_id.get(id);
        row.is_some_and(|row| *row < self.durable.entries)
    }

    /// Tells whether what an entry says is held, or would be after a crash.
    pub fn remembers(&self, id: &EntryId) -> bool {
        self.by_id.get(id).is_some_and(|row| {
            let is_dropped = self.dropped.iter().any(|(dropped, _)| dropped == row);
            is_dropped || self.entries[*row].entry.payload.is_some()
        })
    }

    /// Returns the documents of which an entry is held.
    pub fn documents(&self) -> Vec<DocumentId> {
        self.by_document.keys().copied().collect()
    }

    /// Returns the fork proofs.
    pub fn proofs(&self) -> &[ForkProof] {
        &self.proofs
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot {
            entries: self.entries.len(),
            proofs: self.proofs.len(),
            logs: self.logs.clone(),
        }
    }

    fn rewind(&mut self, to: Snapshot) {
        self.backups
            .retain(|backup| backup.entries <= to.entries && backup.proofs <= to.proofs);
        self.entries.truncate(to.entries);
        self.proofs.truncate(to.proofs);
        self.logs = to.logs;
        self.by_id.clear();
        self.by_place.clear();
        self.by_document.clear();
        self.statements.clear();
        let entries = std::mem::take(&mut self.entries);
        for (row, stored) in entries.iter().enumerate() {
            self.index(row, stored);
        }
        self.entries = entries;
    }

    fn index(&mut self, row: usize, stored: &StoredEntry) {
        let before = self.by_id.insert(stored.entry.id, row);
        assert!(before.is_none(), "an entry is stored once");
        let place = (stored.log, stored.entry.header.seq);
        let before = self.by_place.insert(place, row);
        assert!(before.is_none(), "a place is taken once");
        if let Some(document) = stored.entry.document() {
            self.by_document.entry(document).or_default().push(row);
        }
        if matches!(
            stored.entry.header.subject,
            Subject::Roster | Subject::Nothing
        ) {
            self.statements.push(row);
        }
    }

    fn rows(&self, rows: &[usize]) -> Vec<StoredEntry> {
        rows.iter().map(|row| self.entries[*row].clone()).collect()
    }
}

impl Storage for Memory {
    fn logs(&self) -> Result<Vec<StoredLog>, StorageError> {
        Ok(self.logs.clone())
    }

    fn last_arrival(&self) -> Result<u64, StorageError> {
        Ok(self.entries.len() as u64)
    }

    fn log_entries(
        &self,
        log: LogNumber,
        from_seq: u64,
        count: usize,
    ) -> Result<Vec<StoredEntry>, StorageError> {
        let range = self.by_place.range((log, from_seq)..=(log, u64::MAX));
        let rows: Vec<StoredEntry> = range
            .take(count)
            .map(|(_, row)| self.entries[*row].clone())
            .collect();
        self.reads.set(self.reads.get() + rows.len());
        Ok(rows)
    }

    fn entries_by_arrival(
        &self,
        from: u64,
        count: usize,
    ) -> Result<Vec<StoredEntry>, StorageError> {
        let first = usize::try_from(from.saturating_sub(1)).expect("arrivals fit");
        Ok(self
            .entries
            .iter()
            .skip(first)
            .take(count)
            .cloned()
            .collect())
    }

    fn places_by_arrival(&self, from: u64, count: usize) -> Result<Vec<Place>, StorageError> {
        let first = usize::try_from(from.saturating_sub(1)).expect("arrivals fit");
        let rows = self.entries.iter().skip(first).take(count);
        let place = |row: &StoredEntry| Place {
            arrival: row.arrival,
            log: row.log,
            seq: row.entry.header.seq,
        };
        Ok(rows.map(place).collect())
    }

    fn entry(&self, id: &EntryId) -> Result<Option<StoredEntry>, StorageError> {
        self.reads.set(self.reads.get() + 1);
        Ok(self.find(id).cloned())
    }

    fn entry_at(&self, log: LogNumber, seq: u64) -> Result<Option<EntryId>, StorageError> {
        self.reads.set(self.reads.get() + 1);
        let row = self.by_place.get(&(log, seq));
        Ok(row.map(|row| self.entries[*row].entry.id))
    }

    fn each_document_entry(
        &self,
        document: DocumentId,
        visit: &mut dyn FnMut(StoredEntry),
    ) -> Result<(), StorageError> {
        let rows = self.by_document.get(&document);
        for row in rows.into_iter().flatten() {
            visit(self.entries[*row].clone());
        }
        Ok(())
    }

    fn documents_lacking_payloads(&self) -> Result<Vec<DocumentId>, StorageError> {
        let lacking = self
            .entries
            .iter()
            .filter(|stored| stored.entry.payload.is_none());
        let documents: BTreeSet<DocumentId> = lacking
            .filter_map(|stored| stored.entry.document())
            .collect();
        Ok(documents.into_iter().collect())
    }

    fn statements(&self) -> Result<Vec<StoredEntry>, StorageError> {
        Ok(self.rows(&self.statements))
    }

    fn fork_proofs(&self) -> Result<Vec<ForkProof>, StorageError> {
        Ok(self.proofs.clone())
    }

    fn receipts(&self) -> Result<Vec<StoredReceipt>, StorageError> {
        let mut receipts: Vec<StoredReceipt> = self.receipts.values().copied().collect();
        receipts.sort_by_key(|stored| stored.number);
        Ok(receipts)
    }

    fn receipt_cursors(&self) -> Result<Vec<(DeviceId, u64)>, StorageError> {
        Ok(self.cursors.clone().into_iter().collect())
    }
}
