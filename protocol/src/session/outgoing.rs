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
use crate::storage::{LogNumber, Place, Storage, StorageError};

/// Bytes of entries that one frame is filled with.
const FRAME_FILL_BYTES: usize = 192 * 1024;
/// Bytes of entries that a frame has at most, unless one run alone has more: below what a receiver
/// takes.
const FRAME_BYTES_MAX: usize = limits::FRAME_BYTES_MAX - 64 * 1024;
/// Entries that one frame is filled with.
const FRAME_FILL_ENTRIES: usize = 1_024;
/// Places of the first window; the peer gets its first frame soon.
const WINDOW_ENTRIES_MIN: usize = 512;
/// Places of the largest window: runs of 40 entries where 200 devices write by turns. A place is a
/// few numbers, so a stalled session holds little.
const WINDOW_ENTRIES_MAX: usize = 8_192;
/// Places read from storage at a time.
const READ_PLACES: usize = 512;
/// Entries of one log read at a time.
const READ_ENTRIES: usize = 32;
/// Bytes at which no more entries of a log are taken at a time.
const READ_BYTES: usize = 64 * 1024;
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
    /// The next arrival to read, and the last.
    next: u64,
    until: u64,
    /// Entries that were found and not sent, log by log.
    window: VecDeque<Place>,
    /// Places that the next window is filled with.
    window_entries: usize,
    /// A run that was read and did not fit into the frame before.
    held: Option<Vec<Entry>>,
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
            ..Self::arrived(1, last_arrival)
        };
        if total <= COLLECT_MAX {
            outgoing.collect(storage, lacking)?;
        }
        Ok(outgoing)
    }

    /// Plans to send the entries of every log that arrived in a range.
    pub fn arrived(from: u64, until: u64) -> Self {
        Self {
            next: from,
            until,
            window_entries: WINDOW_ENTRIES_MIN,
            ..Self::default()
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
        skip: impl Fn(&Place) -> bool,
    ) -> Result<Option<Vec<u8>>, StorageError> {
        let runs = self.next_runs(storage, skip)?;
        Ok(runs.map(|runs| segment::write_segments(&runs)))
    }

    fn next_runs(
        &mut self,
        storage: &impl Storage,
        skip: impl Fn(&Place) -> bool,
    ) -> Result<Option<Vec<Vec<Entry>>>, StorageError> {
        let mut groups: Vec<Vec<Entry>> = Vec::new();
        let (mut bytes, mut entries) = (0, 0);
        while bytes < FRAME_FILL_BYTES && entries < FRAME_FILL_ENTRIES {
            let run = match self.held.take() {
                Some(run) => run,
                None => match self.next_run(storage, &skip)? {
                    Some(run) => run,
                    None => break,
                },
            };
            let run_bytes: usize = run.iter().map(size).sum();
            if bytes > 0 && bytes + run_bytes > FRAME_BYTES_MAX {
                self.held = Some(run);
                break;
            }
            bytes += run_bytes;
            entries += run.len();
            match groups.last_mut() {
                Some(before) if follows(before, &run) => before.extend(run),
                _ => groups.push(run),
            }
        }
        let mut runs = Vec::new();
        for group in groups {
            split(group, &mut runs);
        }
        Ok((!runs.is_empty()).then_some(runs))
    }

    /// Reads the next entries of one log, up to a signed head.
    fn next_run(
        &mut self,
        storage: &impl Storage,
        skip: &impl Fn(&Place) -> bool,
    ) -> Result<Option<Vec<Entry>>, StorageError> {
        loop {
            if self.window.is_empty() {
                self.fill_window(storage, skip)?;
            }
            let Some(first) = self.window.pop_front() else {
                return Ok(None);
            };
            // It may have been sent with the places before it.
            if !self.takes(&first) {
                continue;
            }
            let following = (first.seq + 1..).zip(&self.window);
            let count = 1 + following
                .take(READ_ENTRIES - 1)
                .take_while(|(seq, place)| place.log == first.log && place.seq == *seq)
                .count();
            let mut run = Vec::new();
            let mut bytes = 0;
            for row in storage.log_entries(first.log, first.seq, count)? {
                bytes += size(&row.entry);
                run.push(row.entry);
                if bytes > READ_BYTES {
                    break;
                }
            }
            read_to_signed_head(storage, first.log, &mut run)?;
            if let Some(last) = run.last() {
                self.lacking.insert(first.log, last.header.seq + 1);
                return Ok(Some(run));
            }
        }
    }

    /// Finds what few logs lack; nothing is read in order of arrival then.
    fn collect(&mut self, storage: &impl Storage, lacking: &[Lacking]) -> Result<(), StorageError> {
        let mut places = Vec::new();
        for one in lacking {
            let mut seq = one.from_seq;
            while seq <= one.head_seq {
                let rows = storage.log_entries(one.log, seq, READ_ENTRIES)?;
                let Some(last) = rows.last() else { break };
                seq = last.entry.header.seq + 1;
                places.extend(rows.iter().map(|row| Place {
                    arrival: row.arrival,
                    log: row.log,
                    seq: row.entry.header.seq,
                }));
            }
        }
        places.retain(|place| place.arrival <= self.until);
        self.window = by_log(places);
        self.next = self.until + 1;
        Ok(())
    }

    /// Finds the next window.
    fn fill_window(
        &mut self,
        storage: &impl Storage,
        skip: &impl Fn(&Place) -> bool,
    ) -> Result<(), StorageError> {
        let mut places = Vec::new();
        while self.next <= self.until && places.len() < self.window_entries {
            let read = storage.places_by_arrival(self.next, READ_PLACES)?;
            self.next = read.last().map_or(self.until, |place| place.arrival) + 1;
            places.extend(
                read.into_iter().filter(|place| {
                    place.arrival <= self.until && !skip(place) && self.takes(place)
                }),
            );
        }
        self.window = by_log(places);
        self.window_entries = WINDOW_ENTRIES_MAX.min(self.window_entries * 2);
        Ok(())
    }

    fn takes(&self, place: &Place) -> bool {
        match self.lacking.get(&place.log) {
            Some(from) => place.seq >= *from,
            None => !self.planned,
        }
    }
}

/// Orders places by log; logs stand in the order of their first entries.
fn by_log(mut places: Vec<Place>) -> VecDeque<Place> {
    let mut first: BTreeMap<LogNumber, u64> = BTreeMap::new();
    for place in &places {
        let arrival = first.entry(place.log).or_insert(place.arrival);
        *arrival = place.arrival.min(*arrival);
    }
    places.sort_by_key(|place| (first.get(&place.log).copied(), place.arrival));
    places.into()
}

/// Tells whether a run goes on where another ends.
fn follows(before: &[Entry], run: &[Entry]) -> bool {
    let (Some(last), Some(first)) = (before.last(), run.first()) else {
        return false;
    };
    last.header.device == first.header.device && first.header.backlink == Some(last.id)
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

/// Returns runs that hold the entries `from_seq..=to_seq` of a log and go on to a signed head, or
/// the first of them: as many as were asked for. No more is read than they take.
///
/// # Errors
///
/// [`StorageError`] when the storage cannot be read.
pub fn runs(
    storage: &impl Storage,
    log: LogNumber,
    mut from_seq: u64,
    to_seq: u64,
    runs_max: usize,
) -> Result<Vec<Vec<Entry>>, StorageError> {
    let mut runs = Vec::new();
    while from_seq <= to_seq && runs.len() < runs_max {
        let count = usize::try_from(to_seq - from_seq + 1).unwrap_or(usize::MAX);
        let mut group: Vec<Entry> = storage
            .log_entries(log, from_seq, count.min(limits::SEGMENT_ENTRIES_MAX))?
            .into_iter()
            .map(|row| row.entry)
            .collect();
        read_to_signed_head(storage, log, &mut group)?;
        let Some(last) = group.last() else { break };
        from_seq = last.header.seq + 1;
        split(group, &mut runs);
    }
    runs.truncate(runs_max);
    Ok(runs)
}

fn read_to_signed_head(
    storage: &impl Storage,
    log: LogNumber,
    group: &mut Vec<Entry>,
) -> Result<(), StorageError> {
    while let Some(last) = group.last().filter(|last| last.signature.is_none()) {
        let rows = storage.log_entries(log, last.header.seq + 1, READ_ENTRIES)?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            let is_signed = row.entry.signature.is_some();
            group.push(row.entry);
            if is_signed {
                return Ok(());
            }
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
