//! Splintered devices: whose logs have as many branches as are taken as they come, so that two
//! neighbours may hold different ones (rules R8, R12).
//!
//! What such a device states from its fork on counts as far as somebody else builds on it, and no
//! further: what others name everybody fetches (rule R9), so the roster does not depend on which
//! branches came first. The rest is held and served, and not heard; nor are its changes of documents,
//! unless a cut may have them count.
//!
//! What is heard is found by names alone, before anything of it is folded: a name is followed once,
//! and an entry is read once for what it names.

use std::collections::{BTreeMap, BTreeSet};

use crate::entry::Header;
use crate::frontier::Head;
use crate::id::{DeviceId, EntryId, MemberId};
use crate::limits;
use crate::logs::heard_below;
use crate::roster::{Changes, Roster, is_roster_entry, tips_of};
use crate::statement::{Statement, Tip};
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
    /// What heard entries name as seen and the roster does not hold.
    named: BTreeSet<EntryId>,
    /// Of these, what was not held when it was named, by who named it.
    unheld: BTreeMap<DeviceId, BTreeSet<EntryId>>,
    /// Tips of splintered devices that are not held.
    unplaced: BTreeMap<EntryId, BTreeSet<Tip>>,
    /// Whether a device has splintered, or is known to have forked earlier, since the last look.
    is_stale: bool,
}

#[derive(Debug, Default)]
struct Device {
    /// From which seq on it is heard only as far as others name it.
    from: u64,
    /// Up to where its logs and branches lead to tips that cuts name.
    heard_up_to: BTreeMap<LogNumber, u64>,
}

/// What is still to be followed.
#[derive(Debug, Default)]
struct Leads {
    /// Names that heard entries give, and the devices that give them.
    names: Vec<(DeviceId, EntryId)>,
    /// Tips that heard statements name.
    tips: Vec<Tip>,
}

impl Leads {
    fn name(&mut self, by: DeviceId, names: &[EntryId]) {
        self.names.extend(names.iter().map(|id| (by, *id)));
    }

    /// Notes what an entry names that is heard. A statement has seen what the last entry before it
    /// names, and follows the last statement before it.
    fn add(&mut self, row: &StoredEntry) {
        let header = &row.entry.header;
        if !is_roster_entry(header) {
            self.name(header.device, header.seen.as_deref().unwrap_or_default());
            return;
        }
        let needed = row.entered.steps.last().map_or(&[][..], Vec::as_slice);
        self.name(header.device, needed);
        self.name(header.device, row.entered.previous.as_slice());
        let payload = row.entry.payload.as_deref();
        let statement = payload.and_then(|bytes| Statement::from_bytes(bytes).ok());
        if let Some(Statement::Known { act, .. }) = &statement {
            self.tips.extend(tips_of(act));
        }
    }
}

impl Replica {
    /// Tells whether a device has splintered: a branch of it may be missing here while neighbours
    /// hold it.
    pub fn is_splintered(&self, device: &DeviceId) -> bool {
        self.logs.of_device(device).count() > limits::BRANCHES_UNNAMED_MAX
    }

    /// Tells whether any device has splintered: others may hold of it what was refused here.
    pub(super) fn has_splintered(&self) -> bool {
        !self.splintered.devices.is_empty()
    }

    /// Returns how many statements and joins are held and not heard.
    pub(super) fn unheard(&self) -> usize {
        self.splintered.unheard.len()
    }

    /// Tells whether a statement or join is held and not heard.
    pub(super) fn is_held_unheard(&self, id: &EntryId) -> bool {
        self.splintered.unheard.contains(id)
    }

    /// Returns what heard entries name and is not held: of what one device names a few, and one
    /// device after the other, so that nobody keeps others from what they need.
    pub(super) fn unheld(&self) -> Vec<(EntryId, Option<DeviceId>)> {
        let splintered = &self.splintered;
        let tips = splintered.unplaced.values().flatten();
        let tips = tips.map(|tip| (tip.entry, Some(tip.device)));
        let mut unheld: Vec<_> = tips.take(limits::WANTED_MAX).collect();
        let mut of_each: Vec<_> = splintered.unheld.values().map(BTreeSet::iter).collect();
        while !of_each.is_empty() && unheld.len() < 2 * limits::WANTED_MAX {
            of_each.retain_mut(|of_one| {
                let next = of_one.next();
                unheld.extend(next.map(|id| (*id, None)));
                next.is_some()
            });
        }
        unheld
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
        let device = self.splintered.devices.get(&header.device);
        device.is_some_and(|device| {
            let heard_up_to = device.heard_up_to.get(&row.log).copied();
            device.from <= header.seq && heard_up_to.is_none_or(|seq| seq < header.seq)
        })
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

    /// Finds out which devices have splintered, and folds everything that is heard.
    pub(super) fn fold_everything<S: Storage>(
        &mut self,
        storage: &S,
    ) -> Result<Vec<Changes>, StorageError> {
        let devices: BTreeSet<DeviceId> = self.logs.iter().map(|log| log.device).collect();
        let splinters = devices.into_iter().filter_map(|device| {
            let from = self.splinters_from(&device)?;
            let of = Device {
                from,
                ..Device::default()
            };
            Some((device, of))
        });
        self.splintered = Splintered {
            devices: splinters.collect(),
            ..Splintered::default()
        };
        let rows = storage.statements()?;
        let mut leads = Leads::default();
        if self.has_splintered() {
            let heard = rows.iter();
            let heard = heard.filter(|row| !self.splintered.sets_aside(&row.entry.header));
            heard.for_each(|row| leads.add(row));
            self.lead_from_documents(storage, &mut leads)?;
        }
        let mut changes = self.fold(storage, rows, BTreeMap::new())?;
        self.follow(storage, leads, &mut changes)?;
        Ok(changes)
    }

    /// Notes what entries name that are heard, statements aside: of other devices, and of the
    /// splintered ones before they forked.
    fn lead_from_documents<S: Storage>(
        &self,
        storage: &S,
        leads: &mut Leads,
    ) -> Result<(), StorageError> {
        for log in self.logs.iter() {
            if !self.splintered.devices.contains_key(&log.device) {
                let named = log.track.named();
                leads.names.extend(named.map(|id| (log.device, id)));
            }
        }
        for (id, device) in &self.splintered.devices {
            let Some(log) = self.logs.of_device(id).next() else {
                continue;
            };
            // All branches share what comes before the fork.
            for (log, first, last) in self.logs.way((log.number, log.head_seq)) {
                each_of(storage, log, first, last.min(device.from - 1), |row| {
                    leads.add(&row);
                })?;
            }
        }
        Ok(())
    }

    /// Hears what has arrived, once it is durable: what it names, or what had been named; everything
    /// anew where a device has splintered.
    pub(super) fn hear<S: Storage>(
        &mut self,
        storage: &S,
        arrived: &[StoredEntry],
        changes: &mut Vec<Changes>,
    ) -> Result<(), StorageError> {
        if self.splintered.is_stale {
            let empty = Roster::with_switches(self.space, self.switches);
            let before = std::mem::replace(&mut self.roster, empty);
            let members = self.splintered_members();
            self.absent.clear();
            self.absent_tips.clear();
            let arrivals = self.fold_everything(storage)?.into_iter();
            let mut all = self.roster.compared_with(&before);
            all.arrived = arrivals.flat_map(|changes| changes.arrived).collect();
            all.members.extend(members);
            all.members.extend(self.splintered_members());
            changes.push(all);
            return Ok(());
        }
        if !self.has_splintered() {
            return Ok(());
        }
        let mut leads = Leads::default();
        for row in arrived {
            let (id, header) = (row.entry.id, &row.entry.header);
            let tips = self.splintered.unplaced.remove(&id);
            leads.tips.extend(tips.into_iter().flatten());
            for of_one in self.splintered.unheld.values_mut() {
                of_one.remove(&id);
            }
            if !self.splintered.sets_aside(header) {
                leads.add(row);
            } else if self.splintered.named.contains(&id) {
                leads.names.push((header.device, id));
            }
        }
        self.splintered
            .unheld
            .retain(|_, of_one| !of_one.is_empty());
        self.follow(storage, leads, changes)
    }

    /// Whose changes of documents count otherwise since their devices have splintered.
    fn splintered_members(&self) -> BTreeSet<MemberId> {
        let devices = self.splintered.devices.keys();
        let logs = devices.flat_map(|device| self.logs.of_device(device));
        logs.filter_map(|log| log.member).collect()
    }

    /// Follows what heard entries name, and folds what is heard by that.
    fn follow<S: Storage>(
        &mut self,
        storage: &S,
        mut leads: Leads,
        changes: &mut Vec<Changes>,
    ) -> Result<(), StorageError> {
        let mut heard = Vec::new();
        loop {
            if let Some((by, id)) = leads.names.pop() {
                self.follow_name(storage, by, id, &mut heard, &mut leads)?;
            } else if let Some(tip) = leads.tips.pop() {
                changes.extend(self.follow_tip(storage, &tip, &mut leads)?);
            } else {
                break;
            }
        }
        if !heard.is_empty() {
            changes.extend(self.fold_heard(storage, heard, BTreeMap::new())?);
        }
        Ok(())
    }

    fn follow_name<S: Storage>(
        &mut self,
        storage: &S,
        by: DeviceId,
        id: EntryId,
        heard: &mut Vec<StoredEntry>,
        leads: &mut Leads,
    ) -> Result<(), StorageError> {
        if self.splintered.unheard.remove(&id) {
            self.splintered.named.remove(&id);
            if let Some(row) = storage.entry(&id)? {
                leads.add(&row);
                heard.push(row);
            }
            return Ok(());
        }
        if self.roster.holds(&id) || !self.splintered.named.insert(id) {
            return Ok(());
        }
        let of_one = self.splintered.unheld.entry(by).or_default();
        if of_one.len() < limits::UNHELD_NAMES_MAX && storage.entry(&id)?.is_none() {
            of_one.insert(id);
        }
        Ok(())
    }

    /// Hears what leads to a tip of a splintered device. Its member's changes of documents may count
    /// by it.
    fn follow_tip<S: Storage>(
        &mut self,
        storage: &S,
        tip: &Tip,
        leads: &mut Leads,
    ) -> Result<Option<Changes>, StorageError> {
        let Some(device) = self.splintered.devices.get_mut(&tip.device) else {
            return Ok(None);
        };
        let head = Head {
            seq: tip.seq,
            entry: tip.entry,
        };
        let Some(place) = self.logs.locate(storage, &tip.device, head)? else {
            let tips = self.splintered.unplaced.entry(tip.entry).or_default();
            tips.insert(*tip);
            return Ok(None);
        };
        for (log, first, last) in self.logs.way(place) {
            let heard = device.heard_up_to.entry(log).or_default();
            let first = first.max(device.from).max(*heard + 1);
            *heard = last.max(*heard);
            each_of(storage, log, first, last, |row| {
                if is_roster_entry(&row.entry.header) {
                    leads.names.push((tip.device, row.entry.id));
                } else {
                    leads.add(&row);
                }
            })?;
        }
        let owner = self.logs.log(place.0).and_then(|log| log.member);
        Ok(Some(Changes {
            members: owner.into_iter().collect(),
            ..Changes::default()
        }))
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
        let rows = rows.into_iter();
        rows.take_while(|row| row.entry.header.seq <= last)
            .for_each(&mut visit);
        from = newest + 1;
    }
    Ok(())
}
