//! What a store must answer: the same questions put to plain vectors.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use protocol::fork::ForkProof;
use protocol::id::{DeviceId, DocumentId, EntryId, MemberId};
use protocol::storage::{
    Batch, LogNumber, Place, Storage, StorageError, StoredEntry, StoredLog, StoredReceipt,
};

use node::store::{Extent, Store};

use crate::world::{Step, World, key, steps};

/// Storage in vectors.
#[derive(Clone, Debug, Default)]
pub struct Model {
    logs: Vec<StoredLog>,
    entries: Vec<StoredEntry>,
    proofs: Vec<ForkProof>,
    receipts: Vec<StoredReceipt>,
    cursors: BTreeMap<DeviceId, u64>,
}

impl Model {
    pub fn commit(&mut self, batch: &Batch) {
        for log in &batch.logs {
            self.logs.retain(|stored| stored.number != log.number);
            self.logs.push(log.clone());
        }
        self.logs.sort_by_key(|log| log.number);
        self.entries.extend(batch.entries.iter().cloned());
        self.entries.sort_by_key(|stored| stored.arrival);
        for proof in &batch.fork_proofs {
            let device = proof.device();
            let of_device = self.proofs.iter().find(|held| held.device() == device);
            if of_device.is_none_or(|held| held.seq() > proof.seq()) {
                self.proofs.retain(|held| held.device() != device);
                self.proofs.push(proof.clone());
            }
        }
        let place = |stored: &StoredReceipt| (stored.receipt.log, stored.receipt.device);
        for new in &batch.receipts {
            self.receipts.retain(|stored| place(stored) != place(new));
            self.receipts.push(*new);
        }
        self.receipts
            .retain(|stored| !batch.receipts_dropped.contains(&place(stored)));
        self.cursors.extend(batch.receipt_cursors.iter().copied());
        for stored in &mut self.entries {
            let document = stored.entry.document();
            if document.is_some_and(|document| batch.erased.contains(&document)) {
                stored.entry.payload = None;
            }
        }
    }

    fn newest_of_member(&self, document: DocumentId, member: MemberId) -> Option<(LogNumber, u64)> {
        let entries = self.select(|stored| {
            let header = &stored.entry.header;
            stored.entry.document() == Some(document) && header.member == Some(member)
        });
        let newest = entries.last()?;
        Some((newest.log, newest.entry.header.seq))
    }

    fn select(&self, keep: impl Fn(&StoredEntry) -> bool) -> Vec<StoredEntry> {
        let kept = self.entries.iter().filter(|stored| keep(stored));
        kept.cloned().collect()
    }
}

impl Storage for Model {
    fn last_arrival(&self) -> Result<u64, StorageError> {
        let arrivals = self
            .select(|_| true)
            .into_iter()
            .map(|stored| stored.arrival);
        Ok(arrivals.max().unwrap_or(0))
    }

    fn logs(&self) -> Result<Vec<StoredLog>, StorageError> {
        Ok(self.logs.clone())
    }

    fn log_entries(
        &self,
        log: LogNumber,
        from_seq: u64,
        count: usize,
    ) -> Result<Vec<StoredEntry>, StorageError> {
        let mut entries =
            self.select(|stored| stored.log == log && stored.entry.header.seq >= from_seq);
        entries.sort_by_key(|stored| stored.entry.header.seq);
        entries.truncate(count);
        Ok(entries)
    }

    fn entries_by_arrival(
        &self,
        from: u64,
        count: usize,
    ) -> Result<Vec<StoredEntry>, StorageError> {
        let mut entries = self.select(|stored| stored.arrival >= from);
        entries.truncate(count);
        Ok(entries)
    }

    fn places_by_arrival(&self, from: u64, count: usize) -> Result<Vec<Place>, StorageError> {
        let rows = self.entries_by_arrival(from, count)?;
        let place = |row: StoredEntry| Place {
            arrival: row.arrival,
            log: row.log,
            seq: row.entry.header.seq,
        };
        Ok(rows.into_iter().map(place).collect())
    }

    fn entry(&self, id: &EntryId) -> Result<Option<StoredEntry>, StorageError> {
        Ok(self.select(|stored| stored.entry.id == *id).pop())
    }

    fn entry_at(&self, log: LogNumber, seq: u64) -> Result<Option<EntryId>, StorageError> {
        let found = self.select(|stored| stored.log == log && stored.entry.header.seq == seq);
        Ok(found.first().map(|stored| stored.entry.id))
    }

    fn each_document_entry(
        &self,
        document: DocumentId,
        visit: &mut dyn FnMut(StoredEntry),
    ) -> Result<(), StorageError> {
        let entries = self.select(|stored| stored.entry.document() == Some(document));
        entries.into_iter().for_each(visit);
        Ok(())
    }

    fn documents_lacking_payloads(&self) -> Result<Vec<DocumentId>, StorageError> {
        let lacking = self
            .select(|stored| stored.entry.payload.is_none())
            .into_iter();
        let documents: BTreeSet<DocumentId> = lacking
            .filter_map(|stored| stored.entry.document())
            .collect();
        Ok(documents.into_iter().collect())
    }

    fn statements(&self) -> Result<Vec<StoredEntry>, StorageError> {
        Ok(self.select(|stored| protocol::roster::is_roster_entry(&stored.entry.header)))
    }

    fn fork_proofs(&self) -> Result<Vec<ForkProof>, StorageError> {
        Ok(self.proofs.clone())
    }

    fn receipts(&self) -> Result<Vec<StoredReceipt>, StorageError> {
        Ok(self.receipts.clone())
    }

    fn receipt_cursors(&self) -> Result<Vec<(DeviceId, u64)>, StorageError> {
        Ok(self.cursors.clone().into_iter().collect())
    }
}

/// Asks both everything that can be asked, and compares.
pub fn document_entries(
    storage: &impl Storage,
    document: DocumentId,
) -> Result<Vec<StoredEntry>, StorageError> {
    let mut entries = Vec::new();
    storage.each_document_entry(document, &mut |entry| entries.push(entry))?;
    Ok(entries)
}

pub fn same_answers(store: &Store, model: &Model) {
    compare(store, model).expect("a sound store answers");
}

/// As [`same_answers`], for a store that may refuse to answer. Every answer that it does give is
/// compared.
pub fn compare(store: &Store, model: &Model) -> Result<(), StorageError> {
    assert_eq!(store.logs()?, model.logs);
    assert_eq!(store.fork_proofs()?, model.proofs);
    assert_eq!(store.receipts()?, model.receipts);
    assert_eq!(store.receipt_cursors()?, model.receipt_cursors()?);
    assert_eq!(store.statements()?, model.statements()?);
    let lacking = model.documents_lacking_payloads()?;
    assert_eq!(store.documents_lacking_payloads()?, lacking);
    let total = model.entries.len();
    for (from, count) in [
        (0, usize::MAX),
        (1, 3),
        (total as u64 / 2, 5),
        (u64::MAX, 9),
    ] {
        let expected = model.entries_by_arrival(from, count)?;
        assert_eq!(store.entries_by_arrival(from, count)?, expected);
    }
    for log in &model.logs {
        let middle = log.head_seq / 2;
        for (from, count) in [
            (0, usize::MAX),
            (middle, 2),
            (log.head_seq, 1),
            (u64::MAX, 1),
        ] {
            let expected = model.log_entries(log.number, from, count)?;
            assert_eq!(store.log_entries(log.number, from, count)?, expected);
        }
        for seq in [0, 1, middle, log.head_seq, log.head_seq + 1, u64::MAX] {
            let expected = model.entry_at(log.number, seq)?;
            assert_eq!(store.entry_at(log.number, seq)?, expected);
        }
    }
    for stored in &model.entries {
        assert_eq!(store.entry(&stored.entry.id)?.as_ref(), Some(stored));
        if let Some(document) = stored.entry.document() {
            let expected = document_entries(model, document)?;
            assert_eq!(document_entries(store, document)?, expected);
            if let Some(member) = stored.entry.header.member {
                let expected = model.newest_of_member(document, member);
                assert_eq!(store.newest_of_member(document, member)?, expected);
            }
        }
    }
    let nowhere = std::array::from_fn(|i| u8::try_from(i).expect("fits"));
    assert_eq!(store.entry(&EntryId(nowhere))?, None);
    assert_eq!(document_entries(store, DocumentId(nowhere))?, Vec::new());
    assert_eq!(store.entries_total()?, total as u64);
    let last = model.entries.last().map_or(0, |stored| stored.arrival);
    assert_eq!(store.arrival_last()?, last);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_store_answers_like_the_model(batches in prop::collection::vec(steps(), 1..8)) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("store");
        let mut store = Store::open(&path, &key()).expect("a new store");
        let mut world = World::default();
        let mut model = Model::default();
        for steps in batches {
            let batch = world.batch(&steps);
            store.commit(&batch).expect("a sound batch");
            model.commit(&batch);
            same_answers(&store, &model);
        }
        // What was remembered in memory must not be what made the answers right.
        drop(store);
        let store = Store::open(&path, &key()).expect("the same store");
        same_answers(&store, &model);
        let report = store.integrity_check(Extent::Full).expect("a check");
        prop_assert!(report.problems.is_empty(), "{:?}", report.problems);
        prop_assert_eq!(report.entries_checked, model.entries.len() as u64);
    }

    #[test]
    fn a_refused_batch_leaves_nothing(batches in prop::collection::vec(steps(), 1..4), spoiled in steps()) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut store = Store::open(&folder.path().join("store"), &key()).expect("a new store");
        let mut world = World::default();
        let mut model = Model::default();
        for steps in batches {
            let batch = world.batch(&steps);
            store.commit(&batch).expect("a sound batch");
            model.commit(&batch);
        }
        // The last entry takes the place of an earlier one: everything before it is undone.
        let before = world.clone();
        let mut batch = world.batch(&spoiled);
        if let (Some(taken), Some(last)) = (model.entries.first(), batch.entries.last_mut()) {
            last.arrival = taken.arrival;
            store.commit(&batch).expect_err("a taken place");
            same_answers(&store, &model);
            // And the store goes on as if nothing had been.
            let mut world = before;
            let batch = world.batch(&spoiled);
            store.commit(&batch).expect("a sound batch");
            model.commit(&batch);
            same_answers(&store, &model);
        }
    }
}

#[test]
fn an_entry_under_a_foreign_log_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(&folder.path().join("store"), &key()).expect("a new store");
    let mut world = World::default();
    let sound = world.batch(&[Step::log(), Step::log(), Step::write(0), Step::write(1)]);
    for spoil in [
        |batch: &mut Batch| batch.entries[0].log = LogNumber(1),
        |batch: &mut Batch| batch.entries[0].log = LogNumber(7),
        |batch: &mut Batch| batch.entries[1].entry.header.member = None,
        |batch: &mut Batch| batch.entries[1].entry.header.space.0[0] ^= 1,
        |batch: &mut Batch| batch.entries[1].entry.header.payload_bytes += 1,
    ] {
        let mut batch = sound.clone();
        spoil(&mut batch);
        let refused = store.commit(&batch).expect_err("a misplaced entry");
        assert!(
            matches!(refused, node::store::CommitError::Misplaced { .. }),
            "{refused}"
        );
    }
    store
        .commit(&sound)
        .expect("the batch before it was spoiled");
    let mut renamed = Batch {
        logs: vec![sound.logs[0].clone()],
        ..Batch::default()
    };
    renamed.logs[0].device.0[0] ^= 1;
    let refused = store.commit(&renamed).expect_err("another device's log");
    assert!(matches!(
        refused,
        node::store::CommitError::LogChanged { log: LogNumber(0) }
    ));
}
