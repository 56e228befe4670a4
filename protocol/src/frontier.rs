//! Frontiers: which entries a replica holds, as rows of (device, seq, head), and how two replicas
//! find out what the other lacks (rule R15).
//!
//! Comparison goes from one digest over 256 buckets to the rows of those that differ. Buckets are
//! BLAKE3 over sorted rows: sums or XOR could be solved for collisions. Nothing here reads a log.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};

use crate::id::{DeviceId, EntryId};
use crate::key;

/// Number of buckets: devices fall into them by the first byte of their names.
pub const BUCKETS: usize = 256;
/// Bytes of a bucket's hash on the wire: 128 bits, far beyond what can be made to collide in the
/// time of a session.
pub const BUCKET_BYTES: usize = 16;

/// The head of a log or of one of its branches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(array)]
pub struct Head {
    /// Its position.
    #[n(0)]
    pub seq: u64,
    /// Its name.
    #[n(1)]
    pub entry: EntryId,
}

impl Head {
    /// Stands alone in a row and says that the sender takes nothing more of the log at present.
    pub const ENOUGH: Self = Self {
        seq: u64::MAX,
        entry: EntryId([0; 32]),
    };
}

/// One device's row on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Row {
    /// The device.
    #[n(0)]
    pub device: DeviceId,
    /// Its heads, ascending; one unless it forked.
    #[n(1)]
    pub heads: Vec<Head>,
}

/// Which buckets: a set of 256 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BucketSet(pub [u8; 32]);

impl BucketSet {
    /// All buckets.
    pub const ALL: Self = Self([0xff; 32]);
    /// No bucket.
    pub const NONE: Self = Self([0; 32]);

    /// Adds a bucket.
    pub fn insert(&mut self, bucket: u8) {
        self.0[usize::from(bucket / 8)] |= 1 << (bucket % 8);
    }

    /// Tells whether a bucket is in the set.
    pub fn contains(&self, bucket: u8) -> bool {
        self.0[usize::from(bucket / 8)] >> (bucket % 8) & 1 == 1
    }
}

/// What a replica holds.
#[derive(Clone, Debug)]
pub struct Frontier {
    rows: BTreeMap<DeviceId, BTreeSet<Head>>,
    buckets: Vec<[u8; 32]>,
    stale: BTreeSet<u8>,
    proofs: BTreeMap<DeviceId, u64>,
    is_blind: bool,
}

impl Default for Frontier {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            buckets: vec![[0; 32]; BUCKETS],
            stale: BTreeSet::new(),
            proofs: BTreeMap::new(),
            is_blind: false,
        }
    }
}

impl Frontier {
    /// Replaces one head of a device by another; `before` is none for a new log or branch.
    pub fn advance(&mut self, device: DeviceId, before: Option<Head>, after: Head) {
        let heads = self.rows.entry(device).or_default();
        if let Some(before) = before {
            heads.remove(&before);
        }
        heads.insert(after);
        self.stale.insert(device.0[0]);
    }

    /// Notes that a fork of the device from a seq on is proven; the lowest seq stands.
    pub fn note_fork(&mut self, device: DeviceId, seq: u64) {
        let lowest = self.proofs.entry(device).or_insert(seq);
        *lowest = seq.min(*lowest);
    }

    /// Returns the lowest seq from which a fork of the device is proven.
    pub fn forked_at(&self, device: &DeviceId) -> Option<u64> {
        self.proofs.get(device).copied()
    }

    /// Returns a device's heads.
    pub fn heads(&self, device: &DeviceId) -> impl Iterator<Item = Head> + '_ {
        self.rows.get(device).into_iter().flatten().copied()
    }

    /// Returns how many devices have a row.
    pub fn devices(&self) -> usize {
        self.rows.len()
    }

    /// Returns one digest of all rows and fork proofs: replicas with equal digests hold the same.
    pub fn digest(&mut self) -> [u8; 32] {
        self.refresh();
        let mut proofs = Vec::new();
        for (device, seq) in self.proofs.iter().filter(|_| !self.is_blind) {
            proofs.extend(device.0);
            proofs.extend(seq.to_le_bytes());
        }
        key::hash(b"linli frontier 1", &[self.buckets.as_flattened(), &proofs])
    }

    /// Tells and compares only the longest branch of each log, which rule R15 refutes: for the
    /// simulator's own test.
    pub(crate) fn blind(&mut self) {
        self.is_blind = true;
        self.stale.extend(0..=u8::MAX);
    }

    /// Returns the wire form of all buckets: 256 hashes of [`BUCKET_BYTES`].
    pub fn bucket_hashes(&mut self) -> Vec<u8> {
        self.refresh();
        self.buckets
            .iter()
            .flat_map(|hash| hash[..BUCKET_BYTES].iter().copied())
            .collect()
    }

    /// Compares with a peer's bucket hashes; `None` when those have another length.
    pub fn differing(&mut self, theirs: &[u8]) -> Option<BucketSet> {
        if theirs.len() != BUCKETS * BUCKET_BYTES {
            return None;
        }
        self.refresh();
        let mut set = BucketSet::NONE;
        for (bucket, hash) in (0..=u8::MAX).zip(theirs.chunks_exact(BUCKET_BYTES)) {
            if self.buckets[usize::from(bucket)][..BUCKET_BYTES] != *hash {
                set.insert(bucket);
            }
        }
        Some(set)
    }

    /// Returns the rows of some buckets, by device.
    pub fn rows(&self, buckets: &BucketSet) -> Vec<Row> {
        self.rows
            .iter()
            .filter(|(device, _)| buckets.contains(device.0[0]))
            .map(|(device, heads)| Row {
                device: *device,
                heads: self.shown(heads).copied().collect(),
            })
            .collect()
    }

    /// The heads of a device that peers are told of: all, but in the simulator's own test.
    fn shown<'a>(&self, heads: &'a BTreeSet<Head>) -> impl Iterator<Item = &'a Head> + use<'a> {
        let longest = heads.len().saturating_sub(1);
        let passed_over = if self.is_blind { longest } else { 0 };
        heads.iter().skip(passed_over)
    }

    fn refresh(&mut self) {
        for bucket in std::mem::take(&mut self.stale) {
            let mut first = [0; 32];
            let mut last = [0xff; 32];
            first[0] = bucket;
            last[0] = bucket;
            let mut bytes = Vec::new();
            for (device, heads) in self.rows.range(DeviceId(first)..=DeviceId(last)) {
                for head in self.shown(heads) {
                    bytes.extend(device.0);
                    bytes.extend(head.seq.to_le_bytes());
                    bytes.extend(head.entry.0);
                }
            }
            self.buckets[usize::from(bucket)] = if bytes.is_empty() {
                [0; 32]
            } else {
                key::hash(b"linli bucket   1", &[&bytes])
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(first: u8, second: u8) -> DeviceId {
        let mut id = [0; 32];
        id[0] = first;
        id[1] = second;
        DeviceId(id)
    }

    fn head(seq: u64, name: u8) -> Head {
        Head {
            seq,
            entry: EntryId([name; 32]),
        }
    }

    #[test]
    fn order_of_arrival_does_not_show_in_the_digest() {
        let mut one = Frontier::default();
        let mut other = Frontier::default();
        one.advance(device(1, 1), None, head(1, 7));
        one.advance(device(1, 2), None, head(3, 8));
        one.advance(device(1, 1), Some(head(1, 7)), head(2, 9));
        other.advance(device(1, 2), None, head(3, 8));
        other.advance(device(1, 1), None, head(2, 9));
        assert_eq!(one.digest(), other.digest());
        other.advance(device(9, 1), None, head(1, 1));
        assert_ne!(one.digest(), other.digest());
    }

    #[test]
    fn a_difference_is_found_in_its_bucket_alone() {
        let mut one = Frontier::default();
        let mut other = Frontier::default();
        for frontier in [&mut one, &mut other] {
            for first in 0..=u8::MAX {
                frontier.advance(device(first, 0), None, head(1, first));
            }
        }
        other.advance(device(77, 0), Some(head(1, 77)), head(2, 1));
        let set = one
            .differing(&other.bucket_hashes())
            .expect("256 hashes compare");
        let found: Vec<u8> = (0..=u8::MAX)
            .filter(|bucket| set.contains(*bucket))
            .collect();
        assert_eq!(found, [77]);
        assert_eq!(one.rows(&set).len(), 1);
        assert!(one.differing(&[0; 5]).is_none());
    }

    #[test]
    fn two_heads_of_a_fork_and_its_proof_show_in_the_digest() {
        let mut one = Frontier::default();
        one.advance(device(1, 1), None, head(2, 7));
        let before = one.digest();
        one.advance(device(1, 1), None, head(2, 8));
        let forked = one.digest();
        assert_ne!(before, forked);
        one.note_fork(device(1, 1), 2);
        assert_ne!(forked, one.digest());
    }
}
