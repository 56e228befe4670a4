//! What a member's devices write into one document together (rule R12).
//!
//! A device's own share follows from its log alone and is checked where a document is built. How
//! many devices a member has, none of its logs tells; so which of them have a share left follows
//! from all entries that are held and whose authors stand, as exclusion does, and is the same on
//! every replica that holds the same.

use std::collections::{BTreeMap, BTreeSet};

use crate::entry::Header;
use crate::id::{DeviceId, EntryId, MemberId};
use crate::limits::{
    ATOMS_MAX, ENTRY_BYTES_MAX, MEMBER_SHARE_ATOMS_MAX, MEMBER_SHARE_BYTES_MAX, SHARE_ATOMS_MAX,
    SHARE_BYTES_MAX,
};
use crate::storage::StoredEntry;

/// What entries claim in their headers, together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Claims {
    atoms: u64,
    bytes: u64,
}

impl Claims {
    const MEMBER_MAX: Self = Self {
        atoms: MEMBER_SHARE_ATOMS_MAX,
        bytes: MEMBER_SHARE_BYTES_MAX,
    };
    /// The most that one entry comes to.
    const ENTRY_MAX: Self = Self {
        atoms: ATOMS_MAX as u64,
        bytes: ENTRY_BYTES_MAX as u64,
    };

    fn of(header: &Header) -> Self {
        Self {
            atoms: header.atoms.into(),
            bytes: header.entry_bytes() as u64,
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            atoms: self.atoms.saturating_add(other.atoms),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }

    /// What can have an effect of what one device claims: what lies beyond its own share has none.
    fn within_the_device(self) -> Self {
        Self {
            atoms: self.atoms.min(SHARE_ATOMS_MAX),
            bytes: self.bytes.min(SHARE_BYTES_MAX),
        }
    }

    fn fits(self) -> bool {
        self.atoms <= Self::MEMBER_MAX.atoms && self.bytes <= Self::MEMBER_MAX.bytes
    }
}

/// How members stand with what they may write into a document.
#[derive(Debug, Default)]
pub(super) struct Shares {
    /// Entries of devices for which their member has no share left.
    pub(super) beyond: BTreeSet<EntryId>,
    /// Members whose next entry might be beyond it.
    pub(super) full: BTreeSet<MemberId>,
}

impl Shares {
    /// Counts the entries that stand. Of one member's devices, in ascending order of their keys, as
    /// many count as stay within its share together.
    pub(super) fn of<'a>(standing: impl Iterator<Item = &'a StoredEntry> + Clone) -> Self {
        let mut claims: BTreeMap<(MemberId, DeviceId), Claims> = BTreeMap::new();
        for row in standing.clone() {
            if let Some(writer) = writer_of(row) {
                let claims = claims.entry(writer).or_default();
                *claims = claims.plus(Claims::of(&row.entry.header));
            }
        }
        let mut totals: BTreeMap<MemberId, Claims> = BTreeMap::new();
        let mut beyond = BTreeSet::new();
        let mut full = BTreeSet::new();
        for (writer, claims) in claims {
            let total = totals.entry(writer.0).or_default();
            let with = total.plus(claims.within_the_device());
            if with.fits() {
                *total = with;
            } else {
                beyond.insert(writer);
                full.insert(writer.0);
            }
        }
        let totals = totals.iter();
        let nearly = totals.filter(|(_, total)| !total.plus(Claims::ENTRY_MAX).fits());
        full.extend(nearly.map(|(member, _)| *member));
        let beyond = standing
            .filter(|row| writer_of(row).is_some_and(|writer| beyond.contains(&writer)))
            .map(|row| row.entry.id);
        Self {
            beyond: beyond.collect(),
            full,
        }
    }
}

fn writer_of(row: &StoredEntry) -> Option<(MemberId, DeviceId)> {
    let header = &row.entry.header;
    header.member.map(|member| (member, header.device))
}
