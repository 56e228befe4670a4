//! What a replica asks of its storage, and what it hands over to be made durable (rule R3).
//!
//! A replica reads through [`Storage`] and never writes: it returns a [`Batch`], its owner makes
//! the batch durable in one transaction, and only then gives it back to be applied. Two
//! implementations exist: the node's SQLite store and the simulator's memory.

use crate::entry::Entry;
use crate::fork::ForkProof;
use crate::id::{DeviceId, DocumentId, EntryId, MemberId};
use crate::receipt::Receipt;
use crate::roster::{Entered, Track};

/// Local number of a log, or of one branch of a forked log: dense, given in order of first
/// arrival, never sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogNumber(pub u32);

/// A log, or one branch of a forked log, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLog {
    /// Its local number.
    pub number: LogNumber,
    /// The device.
    pub device: DeviceId,
    /// The member that every entry of the log names.
    pub member: Option<MemberId>,
    /// Where a branch leaves the log it forks from: that log, and the last entry they share
    /// (none when they differ from seq 1 on). None for a first log.
    pub base: Option<Base>,
    /// The newest entry's position; the last shared one when the branch is still empty.
    pub head_seq: u64,
    /// The newest entry.
    pub head: EntryId,
    /// Bytes that its own entries count for, dropped payloads included (rule R12).
    pub bytes: u64,
    /// What the log has seen of the roster up to its head.
    pub track: Track,
}

/// Where a branch begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Base {
    /// The log or branch that it leaves.
    pub log: LogNumber,
    /// The last shared seq; 0 when nothing is shared.
    pub seq: u64,
}

/// An entry as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// The log or branch that it stands in.
    pub log: LogNumber,
    /// Order of arrival here, from 1, rising; it decides nothing and is never sent.
    pub arrival: u64,
    /// Where its author stood, and for a statement or join what its log had seen before it.
    pub entered: Entered,
    /// The entry. Inner signatures may be absent.
    pub entry: Entry,
}

/// A receipt as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredReceipt {
    /// Order in which receipts were kept here, rising with gaps; a newer one of the same device and
    /// log takes the place of the older and gets a number of its own.
    pub number: u64,
    /// The receipt.
    pub receipt: Receipt,
}

/// Where an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its order of arrival here.
    pub arrival: u64,
    /// The log or branch.
    pub log: LogNumber,
    /// Its seq.
    pub seq: u64,
}

/// Why storage could not answer. The owner of the storage decides what to do; a replica only
/// passes it on.
pub type StorageError = Box<dyn std::error::Error + Send + Sync>;

/// What a replica reads. Answers reflect every batch made durable before.
pub trait Storage {
    /// Returns every log and branch, by number.
    ///
    /// # Errors
    ///
    /// [`StorageError`] when the storage cannot be read; the same holds for every method here.
    fn logs(&self) -> Result<Vec<StoredLog>, StorageError>;

    /// Returns the arrival number of the newest entry; 0 when there is none.
    fn last_arrival(&self) -> Result<u64, StorageError>;

    /// Returns the entries of one log or branch with `from_seq <= seq`, ascending, at most
    /// `count`. A branch's own entries only, not those that it shares.
    fn log_entries(
        &self,
        log: LogNumber,
        from_seq: u64,
        count: usize,
    ) -> Result<Vec<StoredEntry>, StorageError>;

    /// Returns entries in order of arrival, from `from` on, at most `count`.
    fn entries_by_arrival(&self, from: u64, count: usize)
    -> Result<Vec<StoredEntry>, StorageError>;

    /// Returns where entries stand, in order of arrival, from `from` on, at most `count`.
    fn places_by_arrival(&self, from: u64, count: usize) -> Result<Vec<Place>, StorageError>;

    /// Returns one entry by name.
    fn entry(&self, id: &EntryId) -> Result<Option<StoredEntry>, StorageError>;

    /// Returns the name of the entry at a place of a log's or branch's own entries.
    fn entry_at(&self, log: LogNumber, seq: u64) -> Result<Option<EntryId>, StorageError>;

    /// Shows a document's entries one by one in order of arrival, its creation among them: they
    /// may be more than whoever reads them wants to hold.
    fn each_document_entry(
        &self,
        document: DocumentId,
        visit: &mut dyn FnMut(StoredEntry),
    ) -> Result<(), StorageError>;

    /// Returns the documents of which some entry is held without its payload.
    fn documents_lacking_payloads(&self) -> Result<Vec<DocumentId>, StorageError>;

    /// Returns all entries that are part of the roster, statements and joins, in order of arrival.
    fn statements(&self) -> Result<Vec<StoredEntry>, StorageError>;

    /// Returns the fork proofs held, one of each device that is known to fork.
    fn fork_proofs(&self) -> Result<Vec<ForkProof>, StorageError>;

    /// Returns the receipts held, by number.
    fn receipts(&self) -> Result<Vec<StoredReceipt>, StorageError>;

    /// Returns up to which of its own numbers each peer's receipts were taken.
    fn receipt_cursors(&self) -> Result<Vec<(DeviceId, u64)>, StorageError>;
}

/// The payload of an entry that was held without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The entry.
    pub entry: EntryId,
    /// Its document.
    pub document: DocumentId,
    /// What it says, checked against its header.
    pub payload: Vec<u8>,
}

/// What must become durable together. Entries come in an order in which each log is ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Logs and branches that are new or whose head moved, as they stand after the batch.
    pub logs: Vec<StoredLog>,
    /// New entries.
    pub entries: Vec<StoredEntry>,
    /// New fork proofs. Of each device that which lies lowest is kept, the first of several.
    pub fork_proofs: Vec<ForkProof>,
    /// Payloads of entries that were held without, stored before or in this batch.
    pub filled: Vec<Filled>,
    /// Documents whose payloads are dropped (rule R18).
    pub erased: Vec<DocumentId>,
    /// New receipts; each takes the place of that of the same device for the same log.
    pub receipts: Vec<StoredReceipt>,
    /// Receipts that are let go, after the new ones came: log and device.
    pub receipts_dropped: Vec<(DeviceId, DeviceId)>,
    /// Up to which of its own numbers a peer's receipts were taken.
    pub receipt_cursors: Vec<(DeviceId, u64)>,
}

impl Batch {
    /// Tells whether there is nothing to make durable.
    pub fn is_empty(&self) -> bool {
        self.logs.is_empty()
            && self.entries.is_empty()
            && self.fork_proofs.is_empty()
            && self.filled.is_empty()
            && self.erased.is_empty()
            && self.receipts.is_empty()
            && self.receipts_dropped.is_empty()
            && self.receipt_cursors.is_empty()
    }
}
