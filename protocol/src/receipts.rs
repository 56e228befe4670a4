//! The receipts that a replica keeps, the newest of each device for each log, and how far those of
//! each peer were taken. All of them stand in memory; `storage` holds the same.
//!
//! Nothing here verifies a receipt or decides whether its device counts.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::{DeviceId, MemberId};
use crate::limits;
use crate::logs::Logs;
use crate::receipt::Receipt;
use crate::storage::{Batch, Storage, StorageError, StoredReceipt};

/// A log, and the device that holds it.
type Key = (DeviceId, DeviceId);

/// Receipts and how far those of each peer were taken.
#[derive(Clone, Debug, Default)]
pub struct Receipts {
    kept: BTreeMap<Key, Kept>,
    by_number: BTreeMap<u64, Key>,
    /// The same by the member whose log it is: what a home at the other end is to be given.
    by_owner: BTreeSet<(MemberId, u64)>,
    cursors: BTreeMap<DeviceId, u64>,
    last: u64,
}

#[derive(Clone, Copy, Debug)]
struct Kept {
    number: u64,
    receipt: Receipt,
    owner: Option<MemberId>,
    /// Who gave it; not known again after a restart, which costs a repetition.
    from: Option<DeviceId>,
}

/// A receipt that is kept, as it is given on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// Its number here.
    pub number: u64,
    /// The receipt.
    pub receipt: Receipt,
    /// Who gave it to this replica; none for an own one.
    pub from: Option<DeviceId>,
}

impl Receipts {
    /// Reads the receipts from storage.
    ///
    /// # Errors
    ///
    /// [`StorageError`] when the storage cannot be read.
    pub fn open(storage: &impl Storage, logs: &Logs) -> Result<Self, StorageError> {
        let mut receipts = Self {
            cursors: storage.receipt_cursors()?.into_iter().collect(),
            ..Self::default()
        };
        for StoredReceipt { number, receipt } in storage.receipts()? {
            receipts.last = receipts.last.max(number);
            receipts.insert(Kept {
                number,
                receipt,
                owner: owner_of(logs, &receipt.log),
                from: None,
            });
        }
        Ok(receipts)
    }

    /// Returns a number that no receipt kept here exceeds.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Numbers what comes next beyond a time, in milliseconds since 1970. Whoever was restored from
    /// a copy thereby numbers beyond what it gave before, and nobody takes its receipts for known.
    pub fn number_beyond(&mut self, now_ms: i64) {
        self.last = self.last.max(u64::try_from(now_ms).unwrap_or(0));
    }

    /// Returns a device's receipt for a log.
    pub fn newest(&self, log: &DeviceId, device: &DeviceId) -> Option<&Receipt> {
        self.kept.get(&(*log, *device)).map(|kept| &kept.receipt)
    }

    /// Returns all receipts for a log.
    pub fn of_log(&self, log: &DeviceId) -> impl Iterator<Item = &Receipt> {
        self.kept_of_log(log).map(|kept| &kept.receipt)
    }

    /// Returns the receipts with a greater number, ascending.
    pub fn after(&self, number: u64) -> impl Iterator<Item = Given> {
        let keys = self.by_number.range(number.saturating_add(1)..);
        keys.filter_map(|(_, key)| self.given(key))
    }

    /// Returns the receipts for the logs of a member with a greater number, ascending.
    pub fn after_of(&self, owner: MemberId, number: u64) -> impl Iterator<Item = Given> {
        let range = (owner, number.saturating_add(1))..=(owner, u64::MAX);
        let numbers = self.by_owner.range(range);
        numbers.filter_map(|(_, number)| self.given(self.by_number.get(number)?))
    }

    /// Returns up to which of its own numbers a peer's receipts were taken.
    pub fn cursor(&self, peer: &DeviceId) -> u64 {
        self.cursors.get(peer).copied().unwrap_or(0)
    }

    /// Notes up to which of its own numbers a peer's receipts were taken.
    pub fn advance(&mut self, peer: DeviceId, number: u64, batch: &mut Batch) {
        self.cursors.insert(peer, number);
        batch.receipt_cursors.push((peer, number));
    }

    /// Keeps a receipt in place of the device's older one. What is one too many goes: that of the
    /// same member which reaches least far, of several the oldest; or the oldest of another device
    /// than `own`.
    pub fn keep(
        &mut self,
        receipt: Receipt,
        owner: Option<MemberId>,
        from: Option<DeviceId>,
        own: &DeviceId,
        batch: &mut Batch,
    ) {
        let is_further_device = !self.kept.contains_key(&(receipt.log, receipt.device));
        self.last += 1;
        let number = self.last;
        self.insert(Kept {
            number,
            receipt,
            owner,
            from,
        });
        batch.receipts.push(StoredReceipt { number, receipt });
        if is_further_device && let Some(key) = self.superfluous_device(&receipt) {
            self.remove(key, batch);
        }
        if self.kept.len() > limits::RECEIPTS_MAX
            && let Some(key) = self.oldest_of_others(own)
        {
            self.remove(key, batch);
        }
    }

    fn kept_of_log(&self, log: &DeviceId) -> impl Iterator<Item = &Kept> {
        let all = (*log, DeviceId([0; 32]))..=(*log, DeviceId([0xff; 32]));
        self.kept.range(all).map(|(_, kept)| kept)
    }

    fn given(&self, key: &Key) -> Option<Given> {
        let kept = self.kept.get(key)?;
        Some(Given {
            number: kept.number,
            receipt: kept.receipt,
            from: kept.from,
        })
    }

    fn insert(&mut self, kept: Kept) {
        let key = (kept.receipt.log, kept.receipt.device);
        self.forget(&key);
        self.by_number.insert(kept.number, key);
        if let Some(owner) = kept.owner {
            self.by_owner.insert((owner, kept.number));
        }
        self.kept.insert(key, kept);
    }

    fn remove(&mut self, key: Key, batch: &mut Batch) {
        self.forget(&key);
        batch.receipts_dropped.push(key);
    }

    fn forget(&mut self, key: &Key) {
        if let Some(before) = self.kept.remove(key) {
            self.by_number.remove(&before.number);
            if let Some(owner) = before.owner {
                self.by_owner.remove(&(owner, before.number));
            }
        }
    }

    fn superfluous_device(&self, newest: &Receipt) -> Option<Key> {
        let member = newest.member?;
        let of_member: Vec<&Kept> = self
            .kept_of_log(&newest.log)
            .filter(|kept| kept.receipt.member == Some(member))
            .collect();
        if of_member.len() <= limits::RECEIPT_DEVICES_MAX {
            return None;
        }
        // Of those that reach equally far the oldest goes: its device may have been given up.
        let least = of_member
            .iter()
            .min_by_key(|kept| (kept.receipt.seq, kept.number))?;
        Some((least.receipt.log, least.receipt.device))
    }

    fn oldest_of_others(&self, own: &DeviceId) -> Option<Key> {
        let mut keys = self.by_number.values();
        keys.find(|(_, device)| device != own).copied()
    }
}

/// Returns the member whose log it is.
pub fn owner_of(logs: &Logs, log: &DeviceId) -> Option<MemberId> {
    logs.of_device(log).next()?.member
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::EntryId;
    use crate::key::Signature;

    const OWN: DeviceId = DeviceId([0xee; 32]);

    fn name(number: usize) -> [u8; 32] {
        let mut name = [0; 32];
        name[24..].copy_from_slice(&(number as u64).to_be_bytes());
        name
    }

    fn receipt(log: usize, device: DeviceId, member: Option<usize>, seq: u64) -> Receipt {
        Receipt {
            device,
            member: member.map(|member| MemberId(name(member))),
            log: DeviceId(name(log)),
            seq,
            entry: EntryId([1; 32]),
            signature: Signature([2; 64]),
        }
    }

    fn keep(receipts: &mut Receipts, receipt: Receipt) -> Batch {
        let mut batch = Batch::default();
        let owner = Some(MemberId([5; 32]));
        receipts.keep(receipt, owner, None, &OWN, &mut batch);
        batch
    }

    #[test]
    fn the_oldest_of_others_goes_when_there_are_too_many() {
        let mut receipts = Receipts::default();
        keep(&mut receipts, receipt(0, OWN, None, 1));
        for log in 1..limits::RECEIPTS_MAX {
            let device = DeviceId(name(log % 7));
            let batch = keep(&mut receipts, receipt(log, device, None, 1));
            assert_eq!(batch.receipts_dropped, []);
        }
        // One that is renewed is not the oldest any more.
        let first = receipt(1, DeviceId(name(1)), None, 2);
        keep(&mut receipts, first);
        let more = receipt(limits::RECEIPTS_MAX, DeviceId(name(3)), None, 1);
        let batch = keep(&mut receipts, more);
        let gone = (DeviceId(name(2)), DeviceId(name(2)));
        assert_eq!(batch.receipts_dropped, [gone]);
        assert_eq!(receipts.after(0).count(), limits::RECEIPTS_MAX);
        assert_eq!(
            receipts.newest(&DeviceId(name(1)), &first.device),
            Some(&first)
        );
        assert!(receipts.newest(&DeviceId(name(0)), &OWN).is_some());
        assert_eq!(receipts.newest(&gone.0, &gone.1), None);
    }

    #[test]
    fn of_a_members_many_devices_those_that_reach_furthest_stay() {
        let mut receipts = Receipts::default();
        let devices = limits::RECEIPT_DEVICES_MAX + 3;
        for device in 0..devices {
            let seq = 10 + device as u64;
            keep(
                &mut receipts,
                receipt(1, DeviceId(name(device)), Some(9), seq),
            );
            // Another member's and another log's are not touched.
            keep(
                &mut receipts,
                receipt(2, DeviceId(name(device)), Some(device), 1),
            );
        }
        let kept: Vec<u64> = receipts
            .of_log(&DeviceId(name(1)))
            .map(|receipt| receipt.seq)
            .collect();
        assert_eq!(kept, [13, 14, 15, 16]);
        assert_eq!(receipts.of_log(&DeviceId(name(2))).count(), devices);
    }

    #[test]
    fn of_a_members_devices_that_reach_equally_far_the_newest_stays() {
        let mut receipts = Receipts::default();
        // A household that gave up one device after another: the names do not rise with time.
        for device in (1..=limits::RECEIPT_DEVICES_MAX + 2).rev() {
            let newest = DeviceId(name(device));
            keep(&mut receipts, receipt(1, newest, Some(9), 48));
            assert!(receipts.newest(&DeviceId(name(1)), &newest).is_some());
        }
    }

    #[test]
    fn numbers_rise_and_a_renewed_receipt_is_given_once() {
        let mut receipts = Receipts::default();
        let device = DeviceId(name(4));
        keep(&mut receipts, receipt(1, device, None, 1));
        receipts.number_beyond(1_000);
        receipts.number_beyond(500);
        let batch = keep(&mut receipts, receipt(1, device, None, 2));
        assert_eq!(batch.receipts[0].number, 1_001);
        let owner = MemberId([5; 32]);
        let given: Vec<u64> = receipts
            .after_of(owner, 0)
            .map(|one| one.receipt.seq)
            .collect();
        assert_eq!(given, [2]);
        assert_eq!(receipts.after_of(owner, 1_001).count(), 0);
        assert_eq!(receipts.after_of(MemberId([6; 32]), 0).count(), 0);
        assert_eq!(receipts.after(u64::MAX).count(), 0);
    }
}
