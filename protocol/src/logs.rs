//! Logs: the heads of every device's log and its branches, and where a segment attaches.
//!
//! Entries themselves stay in storage. Nothing here decides whether an entry counts: an excluded
//! entry advances the frontier like any other (rule R9).

use std::collections::BTreeMap;

use thiserror::Error;

use crate::entry::Entry;
use crate::frontier::{Frontier, Head};
use crate::id::{DeviceId, EntryId};
use crate::limits;
use crate::roster::{Roster, Track};
use crate::segment::VerifiedSegment;
use crate::storage::{Base, Batch, LogNumber, Storage, StorageError, StoredEntry, StoredLog};

/// Entries read at a time when a log is followed from its beginning.
const TRACK_ROWS: usize = 256;

/// From which seq on a device with very many branches is heard only as far as others name it: the
/// power of two at or below its lowest fork. A fork that is found still earlier makes neighbours fold
/// everything again, so that it may not be found earlier as often as the log has entries.
pub(crate) fn heard_below(fork: u64) -> u64 {
    1 << fork.max(1).ilog2()
}

/// Every log and branch that a replica holds.
#[derive(Clone, Debug, Default)]
pub struct Logs {
    logs: Vec<StoredLog>,
    by_device: BTreeMap<DeviceId, Vec<LogNumber>>,
    frontier: Frontier,
    last_arrival: u64,
}

/// What came of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attached {
    /// Everything was held already.
    Known,
    /// `new` entries were added to a log or branch.
    Extended {
        /// The log.
        log: LogNumber,
        /// How many entries were new.
        new: usize,
    },
    /// The segment contradicts what is held: a branch begins with its first new entry.
    Forked {
        /// The branch.
        log: LogNumber,
        /// Position of the first differing entry.
        seq: u64,
        /// How many entries were new.
        new: usize,
    },
    /// The entry before the segment is not held; nothing was added.
    Gap {
        /// That entry.
        before: EntryId,
    },
}

/// Why a verified segment was not added.
#[derive(Debug, Error)]
pub enum AttachError {
    /// Its entries name another member than the log does.
    #[error("the log belongs to another member")]
    Member,
    /// The device has forked more often than is taken at present.
    #[error("as many branches of the log are held as are taken at present")]
    Branches,
    /// There are more devices than a space may have.
    #[error("the space has more than {} devices", limits::DEVICES_MAX)]
    Devices,
    /// Storage could not answer.
    #[error("the store cannot be read")]
    Storage(#[source] StorageError),
}

/// A place in a device's tree of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    log: LogNumber,
    seq: u64,
}

impl Logs {
    /// Reads the heads from storage.
    ///
    /// # Errors
    ///
    /// [`StorageError`] when the storage cannot be read.
    pub fn open(storage: &impl Storage) -> Result<Self, StorageError> {
        let mut logs = Self {
            last_arrival: storage.last_arrival()?,
            ..Self::default()
        };
        for log in storage.logs()? {
            logs.by_device
                .entry(log.device)
                .or_default()
                .push(log.number);
            logs.frontier.advance(log.device, None, head_of(&log));
            logs.logs.push(log);
        }
        Ok(logs)
    }

    /// Returns the frontier.
    pub fn frontier(&mut self) -> &mut Frontier {
        &mut self.frontier
    }

    /// Returns the arrival number of the newest entry.
    pub fn last_arrival(&self) -> u64 {
        self.last_arrival
    }

    /// Returns a log or branch by number.
    pub fn log(&self, number: LogNumber) -> Option<&StoredLog> {
        self.logs.get(number.0 as usize)
    }

    /// Returns every log and branch.
    pub fn iter(&self) -> impl Iterator<Item = &StoredLog> {
        self.logs.iter()
    }

    /// Returns a device's log and branches.
    pub fn of_device(&self, device: &DeviceId) -> impl Iterator<Item = &StoredLog> {
        self.by_device
            .get(device)
            .into_iter()
            .flatten()
            .filter_map(|number| self.log(*number))
    }

    /// Returns the lowest seq at which the device's branches differ; `None` when it has not forked.
    pub fn forked_at(&self, device: &DeviceId) -> Option<u64> {
        self.of_device(device)
            .filter_map(|log| log.base.map(|base| base.seq + 1))
            .min()
    }

    /// Returns the lowest seq from which a fork of the device is known, by its branches or by a
    /// proof.
    pub fn known_fork(&self, device: &DeviceId) -> Option<u64> {
        self.frontier.forked_at(device)
    }

    /// Adds a verified segment: the new entries and moved heads go into `batch`.
    ///
    /// The change is visible here at once; the owner makes the batch durable before anyone else
    /// can see it, or gives this replica up (rule R3). A segment that begins a branch beyond
    /// `branches_max` is not added, unless it shows that less of the device is heard.
    ///
    /// # Errors
    ///
    /// [`AttachError`]; then nothing was changed.
    pub fn attach(
        &mut self,
        storage: &impl Storage,
        segment: VerifiedSegment,
        branches_max: usize,
        batch: &mut Batch,
    ) -> Result<Attached, AttachError> {
        let device = segment.device();
        let member = segment.entries()[0].header.member;
        let Some(start) = self.start(storage, &segment, batch)? else {
            let before = segment.entries()[0].header.backlink;
            return Ok(Attached::Gap {
                before: before.expect("a first entry has a place"),
            });
        };
        let (place, known) = self.walk(storage, start, segment.entries(), batch)?;
        let (entries, _) = segment.into_parts();
        let new = entries.len() - known;
        if new == 0 {
            return Ok(Attached::Known);
        }
        let entries = entries.into_iter().skip(known);
        let Some(place) = place else {
            if self.by_device.len() >= limits::DEVICES_MAX {
                return Err(AttachError::Devices);
            }
            let log = self.begin(device, member, None, Track::default(), EntryId::default());
            self.extend(log, entries, batch);
            return Ok(Attached::Extended { log, new });
        };
        let (head_seq, owner) = {
            let log = self.log(place.log).expect("a place names a held log");
            (log.head_seq, log.member)
        };
        // Two first entries may name two members; from there on a log's member never changes.
        if place.seq > 0 && owner != member {
            return Err(AttachError::Member);
        }
        if head_seq == place.seq {
            self.extend(place.log, entries, batch);
            return Ok(Attached::Extended {
                log: place.log,
                new,
            });
        }
        let fork = self.known_fork(&device);
        let is_known = fork.is_some_and(|fork| heard_below(fork) <= heard_below(place.seq + 1));
        if is_known && self.of_device(&device).count() > branches_max {
            return Err(AttachError::Branches);
        }
        let (base_entry, track) = self.track_at(storage, place, batch)?;
        let base = Base {
            log: place.log,
            seq: place.seq,
        };
        let log = self.begin(device, member, Some(base), track, base_entry);
        self.extend(log, entries, batch);
        Ok(Attached::Forked {
            log,
            seq: place.seq + 1,
            new,
        })
    }

    /// Compares what logs have seen step by step, as far as the roster holds it (rule R7).
    pub fn settle(&mut self, roster: &Roster) {
        for log in &mut self.logs {
            roster.settle(&mut log.track);
        }
    }

    /// Compares what one log has seen step by step, as far as the roster holds it.
    pub fn settle_log(&mut self, number: LogNumber, roster: &Roster) {
        if let Some(log) = self.logs.get_mut(number.0 as usize) {
            roster.settle(&mut log.track);
        }
    }

    /// Finds the place of a named entry in a device's tree.
    ///
    /// # Errors
    ///
    /// [`StorageError`] when the storage cannot be read.
    pub fn locate(
        &self,
        storage: &impl Storage,
        device: &DeviceId,
        head: Head,
    ) -> Result<Option<(LogNumber, u64)>, StorageError> {
        let found = self.find(storage, device, head.seq, head.entry, &Batch::default())?;
        Ok(found.map(|place| (place.log, place.seq)))
    }

    /// Tells whether a place lies on the way from the root to another place of the same device.
    pub fn is_on_way(&self, place: (LogNumber, u64), to: (LogNumber, u64)) -> bool {
        let (mut log, mut seq) = to;
        loop {
            if log == place.0 {
                return place.1 <= seq;
            }
            match self.log(log).and_then(|log| log.base) {
                Some(base) => (log, seq) = (base.log, base.seq),
                None => return false,
            }
        }
    }

    /// Returns, root first, the runs (log, first seq, last seq) on the way to a place.
    pub fn way(&self, to: (LogNumber, u64)) -> Vec<(LogNumber, u64, u64)> {
        let mut runs = Vec::new();
        let (mut log, mut seq) = to;
        loop {
            let base = self.log(log).and_then(|log| log.base);
            let first = base.map_or(1, |base| base.seq + 1);
            if first <= seq {
                runs.push((log, first, seq));
            }
            match base {
                Some(base) => (log, seq) = (base.log, base.seq),
                None => break,
            }
        }
        runs.reverse();
        runs
    }

    /// Where the entry before the segment stands. `Some(None)`: before the root.
    fn start(
        &self,
        storage: &impl Storage,
        segment: &VerifiedSegment,
        batch: &Batch,
    ) -> Result<Option<Option<Place>>, AttachError> {
        let first = &segment.entries()[0].header;
        match first.backlink {
            None => Ok(Some(None)),
            Some(backlink) => Ok(self
                .find(storage, &first.device, first.seq - 1, backlink, batch)
                .map_err(AttachError::Storage)?
                .map(Some)),
        }
    }

    fn find(
        &self,
        storage: &impl Storage,
        device: &DeviceId,
        seq: u64,
        id: EntryId,
        batch: &Batch,
    ) -> Result<Option<Place>, StorageError> {
        let covers = |log: &&StoredLog| {
            let first = log.base.map_or(1, |base| base.seq + 1);
            (first..=log.head_seq).contains(&seq)
        };
        let mut covering = self.of_device(device).filter(covers);
        let log = match (covering.next(), covering.next()) {
            (None, _) => return Ok(None),
            (Some(log), None) => {
                let stands_there = self.entry_at(storage, log, seq, batch)? == Some(id);
                stands_there.then_some(log.number)
            }
            // By its name, and not branch by branch: whoever made it up asks once.
            _ => Self::log_of(storage, device, seq, id, batch)?,
        };
        Ok(log.map(|log| Place { log, seq }))
    }

    fn log_of(
        storage: &impl Storage,
        device: &DeviceId,
        seq: u64,
        id: EntryId,
        batch: &Batch,
    ) -> Result<Option<LogNumber>, StorageError> {
        let staged = batch.entries.iter().find(|stored| stored.entry.id == id);
        let stored = match staged {
            Some(stored) => Some(stored.clone()),
            None => storage.entry(&id)?,
        };
        let stands_there = |stored: &StoredEntry| {
            let header = &stored.entry.header;
            header.device == *device && header.seq == seq
        };
        Ok(stored.filter(stands_there).map(|stored| stored.log))
    }

    fn entry_at(
        &self,
        storage: &impl Storage,
        log: &StoredLog,
        seq: u64,
        batch: &Batch,
    ) -> Result<Option<EntryId>, StorageError> {
        if seq == log.head_seq {
            return Ok(Some(log.head));
        }
        let staged = batch
            .entries
            .iter()
            .find(|stored| stored.log == log.number && stored.entry.header.seq == seq);
        match staged {
            Some(stored) => Ok(Some(stored.entry.id)),
            None => storage.entry_at(log.number, seq),
        }
    }

    /// Follows the entries as far as they are held: the last held place and how many are held.
    fn walk(
        &self,
        storage: &impl Storage,
        start: Option<Place>,
        entries: &[Entry],
        batch: &Batch,
    ) -> Result<(Option<Place>, usize), AttachError> {
        let mut place = start;
        if let Some(place) = place
            && self
                .log(place.log)
                .is_some_and(|log| log.head_seq == place.seq)
        {
            return Ok((Some(place), 0));
        }
        for (known, entry) in entries.iter().enumerate() {
            let header = &entry.header;
            let next = self
                .find(storage, &header.device, header.seq, entry.id, batch)
                .map_err(AttachError::Storage)?;
            match next {
                Some(next) => place = Some(next),
                None if place.is_some() => return Ok((place, known)),
                // Nothing is shared with what is held from seq 1 on.
                None => {
                    let first = self.of_device(&header.device).next();
                    let root = first.map(|log| Place {
                        log: log.number,
                        seq: 0,
                    });
                    return Ok((root, known));
                }
            }
        }
        Ok((place, entries.len()))
    }

    /// Follows a device's entries from the first to a place: what had been seen there, and the
    /// entry's name.
    fn track_at(
        &self,
        storage: &impl Storage,
        place: Place,
        batch: &Batch,
    ) -> Result<(EntryId, Track), AttachError> {
        let mut track = Track::default();
        let mut last = EntryId::default();
        for (log, first, to) in self.way((place.log, place.seq)) {
            let mut from = first;
            while from <= to {
                let mut rows = storage
                    .log_entries(log, from, TRACK_ROWS)
                    .map_err(AttachError::Storage)?;
                if rows.is_empty() {
                    let staged = batch.entries.iter().filter(|stored| {
                        stored.log == log && (from..=to).contains(&stored.entry.header.seq)
                    });
                    rows.extend(staged.cloned());
                }
                if rows.is_empty() {
                    break;
                }
                for row in rows {
                    let seq = row.entry.header.seq;
                    if seq > to {
                        break;
                    }
                    track.enter(row.entry.id, &row.entry.header);
                    last = row.entry.id;
                    from = seq + 1;
                }
                if from > to {
                    break;
                }
            }
        }
        Ok((last, track))
    }

    fn begin(
        &mut self,
        device: DeviceId,
        member: Option<crate::id::MemberId>,
        base: Option<Base>,
        track: Track,
        head: EntryId,
    ) -> LogNumber {
        let number = LogNumber(u32::try_from(self.logs.len()).expect("logs are bounded"));
        self.logs.push(StoredLog {
            number,
            device,
            member,
            base,
            head_seq: base.map_or(0, |base| base.seq),
            head,
            bytes: 0,
            track,
        });
        self.by_device.entry(device).or_default().push(number);
        number
    }

    fn extend(
        &mut self,
        number: LogNumber,
        entries: impl Iterator<Item = Entry>,
        batch: &mut Batch,
    ) {
        let log = &mut self.logs[number.0 as usize];
        let own = log.base.map_or(0, |base| base.seq);
        let before = (log.head_seq > own).then(|| head_of(log));
        for entry in entries {
            let entered = log.track.enter(entry.id, &entry.header);
            self.last_arrival += 1;
            log.head_seq = entry.header.seq;
            log.head = entry.id;
            log.bytes += entry.header.entry_bytes() as u64;
            batch.entries.push(StoredEntry {
                log: number,
                arrival: self.last_arrival,
                entered,
                entry,
            });
        }
        self.frontier.advance(log.device, before, head_of(log));
        match batch.logs.iter_mut().find(|moved| moved.number == number) {
            Some(moved) => moved.clone_from(log),
            None => batch.logs.push(log.clone()),
        }
    }
}

fn head_of(log: &StoredLog) -> Head {
    Head {
        seq: log.head_seq,
        entry: log.head,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::heard_below;

    #[test]
    fn a_fork_that_is_found_ever_earlier_has_things_folded_anew_a_few_times() {
        let from: BTreeSet<u64> = (1..100_000).map(heard_below).collect();
        assert_eq!(from.len(), 17);
        for fork in 1..100_000 {
            assert!((heard_below(fork)..2 * heard_below(fork)).contains(&fork));
        }
    }
}
