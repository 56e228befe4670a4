//! What a session still has to send: a plan made of the difference of two frontiers, or the
//! entries that arrived since, packed into frames of whole segments.
//!
//! Entries go out window by window in order of arrival here, which is nearly the order of their
//! dependencies, so a receiver can show documents while it receives. Within a window they go log by
//! log, so that one signature and one beginning serve many entries. Correctness does not depend on
//! that order.

use std::collections::{BTreeMap, VecDeque};

use crate::entry::Entry;
use crate::limits;
use crate::segment;
use crate::storage::{LogNumber, Storage, StorageError, StoredEntry};

/// Bytes of entries that one frame is filled with.
const FRAME_FILL_BYTES: usize = 192 * 1024;
/// Entries that one frame is filled with.
const FRAME_FILL_ENTRIES: usize = 1_024;
/// Entries of the first window; the peer gets its first frame soon.
const WINDOW_ENTRIES_MIN: usize = 512;
/// Entries of the largest window: runs of 40 entries where 200 devices write by turns.
const WINDOW_ENTRIES_MAX: usize = 8_192;
/// Bytes at which a window is full: what a session holds of entries.
const WINDOW_BYTES: usize = 4 * 1024 * 1024;
/// Rows read from storage at a time.
const READ_ROWS: usize = 256;
/// Entries up to which a plan is collected log by log; above, storage is read in order of arrival.
const COLLECT_MAX: u64 = 2_048;

/// A plan of what the peer lacks.
#[derive(Debug, Default)]
pub struct Outgoing {
    /// Whether only planned logs are sent.
    planned: bool,
    /// From which seq on each log or branch is lacking; without a plan, from which it was not
    /// sent ahead.
    lacking: BTreeMap<LogNumber, u64>,
    /// Collected entries, in order of arrival, when there are few.
    collected: Option<std::vec::IntoIter<StoredEntry>>,
    /// The next arrival to read, and the last.
    next: u64,
    until: u64,
    /// Entries that were read and not sent, log by log.
    window: VecDeque<StoredEntry>,
    /// Entries that the next window is filled with.
    window_entries: usize,
}

/// A log or branch of which the peer lacks something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lacking {
    /// The log or branch.
    pub log: LogNumber,
    /// The first seq that the peer lacks.
    pub from_seq: u64,
    /// The newest seq held here.
    pub head_seq: u64,
}

impl Outgoing {
    /// Plans to send what is lacking, as far as it has arrived until `last_arrival`.
    ///
    /// # Errors
    ///
    /// [`StorageError`] when the storage cannot be read.
    pub fn plan(
        storage: &impl Storage,
        lacking: &[Lacking],
        last_arrival: u64,
    ) -> Result<Self, StorageError> {
        let total: u64 = lacking
            .iter()
            .map(|one| one.head_seq.saturating_sub(one.from_seq) + 1)
            .sum();
        let mut outgoing = Self {
            planned: true,
            lacking: lacking.iter().map(|one| (one.log, one.from_seq)).collect(),
            collected: None,
            next: 1,
            until: if total == 0 { 0 } else { last_arrival },
            window: VecDeque::new(),
            window_entries: WINDOW_ENTRIES_MIN,
        };
        if total > 0 && total <= COLLECT_MAX {
            outgoing.collect(storage, lacking)?;
        }
        Ok(outgoing)
    }

    /// Plans to send the entries of every log that arrived in a range.
    pub fn arrived(from: u64, until: u64) -> Self {
        Self {
            planned: false,
            lacking: BTreeMap::new(),
            collected: None,
            next: from,
            until,
            window: VecDeque::new(),
            window_entries: WINDOW_ENTRIES_MIN,
        }
    }

    /// Returns the next frame of segments, or none when all was sent. `skip` tells of entries
    /// that the peer itself sent.
    ///
    /// # Errors
    ///
    /// [`StorageError`] when the storage cannot be read.
    pub fn next_frame(
        &mut self,
        storage: &impl Storage,
        skip: impl Fn(u64) -> bool,
    ) -> Result<Option<Vec<u8>>, StorageError> {
        let runs = self.next_runs(storage, skip)?;
        Ok(runs.map(|runs| segment::write_segments(&runs)))
    }

    fn next_runs(
        &mut self,
        storage: &impl Storage,
        skip: impl Fn(u64) -> bool,
    ) -> Result<Option<Vec<Vec<Entry>>>, StorageError> {
        let mut rows = Vec::new();
        let mut bytes = 0;
        while bytes < FRAME_FILL_BYTES && rows.len() < FRAME_FILL_ENTRIES {
            if self.window.is_empty() {
                self.fill_window(storage, &skip)?;
            }
            let Some(row) = self.window.pop_front() else {
                break;
            };
            // It may have been sent ahead, with the signed head of an earlier run.
            if self.takes(&row) {
                bytes += size(&row.entry);
                rows.push(row);
            }
        }
        if rows.is_empty() {
            return Ok(None);
        }
        Ok(Some(self.pack(storage, rows)?))
    }

    fn collect(&mut self, storage: &impl Storage, lacking: &[Lacking]) -> Result<(), StorageError> {
        let mut rows = Vec::new();
        for one in lacking {
            let count = usize::try_from(one.head_seq.saturating_sub(one.from_seq) + 1)
                .expect("bounded by COLLECT_MAX");
            rows.extend(storage.log_entries(one.log, one.from_seq, count)?);
        }
        rows.sort_by_key(|row| row.arrival);
        self.collected = Some(rows.into_iter());
        Ok(())
    }

    /// Reads the next window and orders it by log; logs stand in the order of their first entries.
    fn fill_window(
        &mut self,
        storage: &impl Storage,
        skip: &impl Fn(u64) -> bool,
    ) -> Result<(), StorageError> {
        let mut rows: Vec<StoredEntry> = Vec::new();
        let mut bytes = 0;
        while bytes < WINDOW_BYTES && rows.len() < self.window_entries {
            let read = self.read(storage)?;
            if read.is_empty() {
                break;
            }
            for row in read {
                if !skip(row.arrival) && self.takes(&row) {
                    bytes += size(&row.entry);
                    rows.push(row);
                }
            }
        }
        let mut ranks: BTreeMap<LogNumber, u64> = BTreeMap::new();
        for row in &rows {
            ranks.entry(row.log).or_insert(row.arrival);
        }
        rows.sort_by_key(|row| (ranks.get(&row.log).copied(), row.arrival));
        self.window = rows.into();
        self.window_entries = WINDOW_ENTRIES_MAX.min(self.window_entries * 2);
        Ok(())
    }

    fn read(&mut self, storage: &impl Storage) -> Result<Vec<StoredEntry>, StorageError> {
        if let Some(collected) = &mut self.collected {
            return Ok(collected.by_ref().take(64).collect());
        }
        if self.next > self.until {
            return Ok(Vec::new());
        }
        let mut rows = storage.entries_by_arrival(self.next, READ_ROWS)?;
        rows.retain(|row| row.arrival <= self.until);
        self.next = rows.last().map_or(self.until, |row| row.arrival) + 1;
        Ok(rows)
    }

    fn takes(&self, row: &StoredEntry) -> bool {
        let seq = row.entry.header.seq;
        match self.lacking.get(&row.log) {
            Some(from) => seq >= *from,
            None => !self.planned,
        }
    }

    /// Groups rows by log into runs that end in signed heads, reading ahead where a run does not.
    fn pack(
        &mut self,
        storage: &impl Storage,
        rows: Vec<StoredEntry>,
    ) -> Result<Vec<Vec<Entry>>, StorageError> {
        let mut order: Vec<LogNumber> = Vec::new();
        let mut groups: BTreeMap<LogNumber, Vec<Entry>> = BTreeMap::new();
        for row in rows {
            let group = groups.entry(row.log).or_default();
            if group.is_empty() {
                order.push(row.log);
            }
            group.push(row.entry);
        }
        let mut runs = Vec::new();
        for log in order {
            let group = groups.remove(&log).expect("every ordered log has a group");
            self.pack_log(storage, log, group, &mut runs)?;
        }
        Ok(runs)
    }

    fn pack_log(
        &mut self,
        storage: &impl Storage,
        log: LogNumber,
        group: Vec<Entry>,
        runs: &mut Vec<Vec<Entry>>,
    ) -> Result<(), StorageError> {
        let mut run: Vec<Entry> = Vec::new();
        let mut ahead = 0;
        for entry in group {
            let seq = entry.header.seq;
            if seq < ahead {
                continue;
            }
            if run.last().is_some_and(|last| last.header.seq + 1 != seq) {
                read_to_signed_head(storage, log, &mut run)?;
                ahead = run.last().map_or(0, |last| last.header.seq + 1);
                split(std::mem::take(&mut run), runs);
                if seq < ahead {
                    continue;
                }
            }
            run.push(entry);
        }
        read_to_signed_head(storage, log, &mut run)?;
        ahead = run.last().map_or(ahead, |last| last.header.seq + 1);
        split(run, runs);
        self.lacking.insert(log, ahead);
        Ok(())
    }
}

/// Returns everything that arrived in a range as runs that end in signed heads, frame by frame.
pub fn pack<S: Storage>(
    storage: &S,
    from: u64,
    until: u64,
) -> impl Iterator<Item = Result<Vec<Vec<Entry>>, StorageError>> + '_ {
    let mut outgoing = Outgoing::arrived(from, until);
    std::iter::from_fn(move || outgoing.next_runs(storage, |_| false).transpose())
}

/// Returns runs that hold the entries `from_seq..=to_seq` of a log and go on to a signed head.
///
/// # Errors
///
/// [`StorageError`] when the storage cannot be read.
pub fn runs(
    storage: &impl Storage,
    log: LogNumber,
    from_seq: u64,
    to_seq: u64,
) -> Result<Vec<Vec<Entry>>, StorageError> {
    let count = usize::try_from(to_seq.saturating_sub(from_seq) + 1).unwrap_or(usize::MAX);
    let mut group: Vec<Entry> = storage
        .log_entries(log, from_seq, count)?
        .into_iter()
        .map(|row| row.entry)
        .collect();
    read_to_signed_head(storage, log, &mut group)?;
    let mut runs = Vec::new();
    split(group, &mut runs);
    Ok(runs)
}

fn read_to_signed_head(
    storage: &impl Storage,
    log: LogNumber,
    group: &mut Vec<Entry>,
) -> Result<(), StorageError> {
    let unsigned = |group: &Vec<Entry>| group.last().is_some_and(|last| last.signature.is_none());
    if !unsigned(group) {
        return Ok(());
    }
    let next = group.last().map_or(1, |last| last.header.seq + 1);
    for row in storage.log_entries(log, next, limits::SEGMENT_ENTRIES_MAX)? {
        group.push(row.entry);
        if !unsigned(group) {
            break;
        }
    }
    Ok(())
}

/// Cuts a run into segments within the limits, each ending in a signed head.
fn split(group: Vec<Entry>, runs: &mut Vec<Vec<Entry>>) {
    let mut run: Vec<Entry> = Vec::new();
    let mut signed = 0;
    let mut bytes = 0;
    for entry in group {
        let entry_bytes = size(&entry);
        let full = run.len() >= limits::SEGMENT_ENTRIES_MAX
            || bytes + entry_bytes > limits::SEGMENT_BYTES_MAX;
        if full && signed > 0 {
            let rest = run.split_off(signed);
            runs.push(std::mem::replace(&mut run, rest));
            bytes = run.iter().map(size).sum();
            signed = 0;
        }
        bytes += entry_bytes;
        let is_signed = entry.signature.is_some();
        run.push(entry);
        if is_signed {
            signed = run.len();
        }
    }
    run.truncate(signed);
    if !run.is_empty() {
        runs.push(run);
    }
}

fn size(entry: &Entry) -> usize {
    160 + entry.payload.as_ref().map_or(0, Vec::len)
}
