//! Splintered devices: whose logs have more branches than are taken as they come, so that two
//! neighbours may hold different ones (rules R8, R12).
//!
//! What such a device states from its fork on counts as far as somebody else builds on it, and no
//! further: what others name everybody fetches (rule R9), so the roster does not depend on which
//! branches came first. The rest is held and served, and not heard; nor are its changes of documents,
//! unless a cut has them count.

use std::collections::{BTreeMap, BTreeSet};

use crate::entry::Header;
use crate::frontier::Head;
use crate::id::{DeviceId, EntryId};
use crate::limits;
use crate::roster::{Changes, Roster, is_roster_entry};
use crate::statement::Tip;
use crate::storage::{LogNumber, Storage, StorageError, StoredEntry};

use super::Replica;

/// Entries read at a time when a log is followed.
const ROWS: usize = 256;

/// The splintered devices, and what is not heard of them.
#[derive(Debug, Default)]
pub(super) struct Splintered {
    devices: BTreeMap<DeviceId, Device>,
    /// Statements and joins that are held and that nobody has named.
    unheard: BTreeSet<EntryId>,
    /// Tips of such devices that cuts name, where they are held.
    tips: BTreeMap<Tip, Within>,
    /// What is named as seen, is held and is no statement.
    no_statements: BTreeSet<EntryId>,
    /// Whether a device has splintered, or is known to have forked earlier, since the last look.
    is_stale: bool,
}

#[derive(Debug)]
struct Device {
    /// From which seq on it is heard only as far as others name it.
    from: u64,
    /// What its entries before that name.
    named: BTreeSet<EntryId>,
}

/// What leads to a tip.
#[derive(Debug)]
struct Within {
    place: (LogNumber, u64),
    /// The statements on the way, and what entries there name.
    named: BTreeSet<EntryId>,
}

/// From which seq on a splintered device is heard only as far as others name it: the power of two
/// at or below its lowest fork. A fork that is found still earlier makes neighbours fold everything
/// again, so that it may not be found earlier as often as the log has entries.
fn heard_below(fork: u64) -> u64 {
    1 << fork.max(1).ilog2()
}

impl Replica {
    /// Tells whether a device has splintered: at least one of its branches may be missing here
    /// while neighbours hold it.
    pub fn is_splintered(&self, device: &DeviceId) -> bool {
        self.logs.of_device(device).count() > limits::BRANCHES_UNNAMED_MAX
    }

    /// Tells whether any device has splintered: others may hold of it what was refused here.
    pub(super) fn has_splintered(&self) -> bool {
        !self.splintered.devices.is_empty()
    }

    /// Returns from which seq on a device is known to have forked, as far as that is shown.
    pub(super) fn shown_fork(&self, device: &DeviceId) -> Option<u64> {
        let fork = self.logs.known_fork(device)?;
        let has_splintered = self.splintered.devices.contains_key(device);
        Some(if has_splintered {
            heard_below(fork)
        } else {
            fork
        })
    }

    /// Tells whether a change of a document is not heard: a splintered device made it from its fork
    /// on, and no cut is held that may have it count.
    pub(super) fn is_unheard(&self, row: &StoredEntry) -> bool {
        let header = &row.entry.header;
        if !self.splintered.sets_aside(header) {
            return false;
        }
        let lowest = Tip {
            device: header.device,
            seq: header.seq,
            entry: EntryId::default(),
        };
        let tips = self.splintered.tips.range(lowest..);
        let mut tips = tips.take_while(|(tip, _)| tip.device == header.device);
        let place = (row.log, header.seq);
        !tips.any(|(_, within)| self.logs.is_on_way(place, within.place))
    }

    fn splinters_from(&self, device: &DeviceId) -> Option<u64> {
        let fork = self.logs.known_fork(device)?;
        self.is_splintered(device).then(|| heard_below(fork))
    }

    /// Looks whether a device that forked is to be heard less than before.
    pub(super) fn look_for_splinters(&mut self, device: &DeviceId) {
        let known = self.splintered.devices.get(device).map(|of| of.from);
        self.splintered.is_stale |= self.splinters_from(device) != known;
    }

    /// Tells whether a device has splintered, or is known to have forked earlier, since everything
    /// was folded.
    pub(super) fn hears_less(&self) -> bool {
        self.splintered.is_stale
    }

    /// Leaves out statements that are not heard, at first.
    pub(super) fn set_aside(&mut self, rows: &mut Vec<StoredEntry>) {
        let splintered = &mut self.splintered;
        if splintered.devices.is_empty() {
            return;
        }
        rows.retain(|row| {
            let is_aside = splintered.sets_aside(&row.entry.header);
            if is_aside {
                splintered.unheard.insert(row.entry.id);
            }
            !is_aside
        });
    }

    /// Finds out which devices have splintered, before anything is folded.
    pub(super) fn find_splintered<S: Storage>(&mut self, storage: &S) -> Result<(), StorageError> {
        let devices: BTreeSet<DeviceId> = self.logs.iter().map(|log| log.device).collect();
        self.splintered = Splintered::default();
        for device in devices {
            if let Some(from) = self.splinters_from(&device) {
                let named = self.named_before(storage, &device, from)?;
                let device = (device, Device { from, named });
                self.splintered.devices.extend([device]);
            }
        }
        Ok(())
    }

    /// Folds what is heard by now: everything again where a device has splintered since, and what
    /// others have named.
    pub(super) fn hear<S: Storage>(
        &mut self,
        storage: &S,
        changes: &mut Vec<Changes>,
    ) -> Result<(), StorageError> {
        if self.splintered.is_stale {
            let empty = Roster::with_switches(self.space, self.switches);
            let before = std::mem::replace(&mut self.roster, empty);
            self.absent.clear();
            self.absent_tips.clear();
            self.find_splintered(storage)?;
            let rows = storage.statements()?;
            changes.extend(self.fold(storage, rows, BTreeMap::new())?);
            changes.extend([before.everything(), self.roster.everything()]);
        }
        while !self.splintered.devices.is_empty() {
            let named = self.named_by_heard(storage, changes)?;
            let unheard = &mut self.splintered.unheard;
            let heard: Vec<EntryId> = unheard.intersection(&named).copied().collect();
            unheard.retain(|id| !named.contains(id));
            if heard.is_empty() {
                return self.want(storage, named);
            }
            let mut rows = Vec::new();
            for id in heard {
                rows.extend(storage.entry(&id)?);
            }
            changes.extend(self.fold_heard(storage, rows, BTreeMap::new())?);
        }
        Ok(())
    }

    /// Returns the statements that entries which are heard name: the roster's own, other devices'
    /// changes of documents, and what leads to tips of the splintered devices themselves.
    fn named_by_heard<S: Storage>(
        &mut self,
        storage: &S,
        changes: &mut Vec<Changes>,
    ) -> Result<BTreeSet<EntryId>, StorageError> {
        let mut named: BTreeSet<EntryId> = self.roster.missing().into_iter().collect();
        for log in self.logs.iter() {
            if !self.splintered.devices.contains_key(&log.device) {
                named.extend(log.track.named());
            }
        }
        let devices = self.splintered.devices.iter();
        let devices: Vec<(DeviceId, u64)> = devices.map(|(id, of)| (*id, of.from)).collect();
        for (device, from) in devices {
            named.extend(&self.splintered.devices[&device].named);
            self.find_tips(storage, device, from, changes)?;
        }
        let tips = self.splintered.tips.values();
        named.extend(tips.flat_map(|within| &within.named));
        Ok(named)
    }

    /// Looks for the tips of a splintered device that are not known to lie here: its member's changes
    /// of documents may count by them.
    fn find_tips<S: Storage>(
        &mut self,
        storage: &S,
        device: DeviceId,
        from: u64,
        changes: &mut Vec<Changes>,
    ) -> Result<(), StorageError> {
        let tips = self.roster.named_tips(device);
        let news = tips.filter(|tip| {
            let is_known = self.splintered.tips.contains_key(tip);
            !is_known && !self.is_absent(tip)
        });
        let news: Vec<Tip> = news.collect();
        for tip in news {
            let Some(within) = self.within(storage, &tip, from)? else {
                continue;
            };
            let owner = self.logs.log(within.place.0).and_then(|log| log.member);
            changes.push(Changes {
                members: owner.into_iter().collect(),
                ..Changes::default()
            });
            self.splintered.tips.insert(tip, within);
        }
        Ok(())
    }

    /// Has what is named be asked for: a branch that was refused may hold it.
    fn want<S: Storage>(
        &mut self,
        storage: &S,
        named: BTreeSet<EntryId>,
    ) -> Result<(), StorageError> {
        for id in named {
            let is_known = self.roster.holds(&id) || self.splintered.no_statements.contains(&id);
            if is_known || self.wants(&id) {
                continue;
            }
            match storage.entry(&id)? {
                Some(_) => {
                    self.splintered.no_statements.insert(id);
                }
                None => self.note_wanted([id].into_iter()),
            }
        }
        Ok(())
    }

    /// Returns what leads to a tip from a seq on; none while the tip is not held.
    fn within<S: Storage>(
        &self,
        storage: &S,
        tip: &Tip,
        from: u64,
    ) -> Result<Option<Within>, StorageError> {
        let head = Head {
            seq: tip.seq,
            entry: tip.entry,
        };
        let Some(place) = self.logs.locate(storage, &tip.device, head)? else {
            return Ok(None);
        };
        let mut named = BTreeSet::new();
        for (log, first, last) in self.logs.way(place) {
            each_of(storage, log, first.max(from), last, |row| {
                if is_roster_entry(&row.entry.header) {
                    named.insert(row.entry.id);
                }
                named.extend(row.entry.header.seen.into_iter().flatten());
            })?;
        }
        Ok(Some(Within { place, named }))
    }

    /// Returns what a device's entries before a seq name that all its branches share.
    fn named_before<S: Storage>(
        &self,
        storage: &S,
        device: &DeviceId,
        seq: u64,
    ) -> Result<BTreeSet<EntryId>, StorageError> {
        let mut named = BTreeSet::new();
        let Some(log) = self.logs.of_device(device).next() else {
            return Ok(named);
        };
        for (log, first, last) in self.logs.way((log.number, log.head_seq)) {
            each_of(storage, log, first, last.min(seq - 1), |row| {
                named.extend(row.entry.header.seen.into_iter().flatten());
            })?;
        }
        Ok(named)
    }
}

impl Splintered {
    fn sets_aside(&self, header: &Header) -> bool {
        let device = self.devices.get(&header.device);
        device.is_some_and(|device| device.from <= header.seq)
    }
}

/// Visits the entries of a log or branch from one seq to another.
fn each_of<S: Storage>(
    storage: &S,
    log: LogNumber,
    first: u64,
    last: u64,
    mut visit: impl FnMut(StoredEntry),
) -> Result<(), StorageError> {
    let mut from = first;
    while from <= last {
        let rows = storage.log_entries(log, from, ROWS)?;
        let Some(newest) = rows.last().map(|row| row.entry.header.seq) else {
            break;
        };
        for row in rows
            .into_iter()
            .take_while(|row| row.entry.header.seq <= last)
        {
            visit(row);
        }
        from = newest + 1;
    }
    Ok(())
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
