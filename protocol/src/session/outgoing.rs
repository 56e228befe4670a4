//! What a session still has to send: a plan made of the difference of two frontiers, or the
//! entries that arrived since, packed into frames of whole segments.
//!
//! Entries go out in order of arrival here, which is nearly the order of their dependencies, so a
//! receiver can show documents while it receives. Correctness does not depend on that order.

use std::collections::{BTreeMap, VecDeque};

use crate::entry::Entry;
use crate::limits;
use crate::segment;
use crate::storage::{LogNumber, Storage, StorageError, StoredEntry};

/// Bytes of entries that are read for one frame; what turns out to be more goes into further ones.
const FRAME_FILL_BYTES: usize = 384 * 1024;
/// Entries that are read for one frame.
const FRAME_FILL_ENTRIES: usize = 1_024;
/// Bytes that a run takes beside its entries, and a frame beside its runs, at most.
const RUN_BYTES: usize = 256;
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
    /// Runs that were read and did not fit in the frame before.
    ready: VecDeque<Vec<Entry>>,
    /// The next arrival to read, and the last.
    next: u64,
    until: u64,
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
            ready: VecDeque::new(),
            next: 1,
            until: if total == 0 { 0 } else { last_arrival },
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
            ready: VecDeque::new(),
            next: from,
            until,
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

    /// Returns the runs of the next frame.
    fn next_runs(
        &mut self,
        storage: &impl Storage,
        skip: impl Fn(u64) -> bool,
    ) -> Result<Option<Vec<Vec<Entry>>>, StorageError> {
        while self.ready.is_empty() {
            let rows = self.next_rows(storage, &skip)?;
            if rows.is_empty() {
                return Ok(None);
            }
            let runs = self.pack(storage, rows)?;
            self.ready.extend(runs);
        }
        let mut runs = Vec::new();
        let mut bytes = RUN_BYTES;
        while let Some(run) = self.ready.front() {
            bytes += RUN_BYTES + run.iter().map(size).sum::<usize>();
            if bytes > limits::FRAME_BYTES_MAX && !runs.is_empty() {
                break;
            }
            runs.extend(self.ready.pop_front());
        }
        Ok(Some(runs))
    }

    fn next_rows(
        &mut self,
        storage: &impl Storage,
        skip: impl Fn(u64) -> bool,
    ) -> Result<Vec<StoredEntry>, StorageError> {
        let mut rows = Vec::new();
        let mut bytes = 0;
        while bytes < FRAME_FILL_BYTES && rows.len() < FRAME_FILL_ENTRIES {
            let read = self.read(storage)?;
            if read.is_empty() {
                break;
            }
            for row in read {
                if skip(row.arrival) || !self.takes(&row) {
                    continue;
                }
                bytes += size(&row.entry);
                rows.push(row);
            }
        }
        Ok(rows)
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
    entry.header.entry_bytes()
}
