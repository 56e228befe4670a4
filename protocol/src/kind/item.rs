//! Names of facts: the atom that added one to its document.

use std::fmt;
use std::str::FromStr;

use crate::document::AtomId;
use crate::id::EntryId;

/// The name of a fact, as facts refer to each other and readers to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemId(pub AtomId);

impl ItemId {
    /// Number of bytes of the name.
    pub const BYTES: usize = EntryId::BYTES + 4;

    /// Returns the form in which another fact stores it: the entry, then the atom, big-endian.
    pub fn to_bytes(self) -> Vec<u8> {
        let mut bytes = self.0.entry.0.to_vec();
        bytes.extend(self.0.atom.to_be_bytes());
        bytes
    }

    /// Reads the stored form.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (entry, atom) = bytes.split_first_chunk()?;
        Some(Self(AtomId {
            entry: EntryId(*entry),
            atom: u32::from_be_bytes(atom.try_into().ok()?),
        }))
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.0.entry, self.0.atom)
    }
}

/// The text is the name of no fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnItem;

impl FromStr for ItemId {
    type Err = NotAnItem;

    fn from_str(text: &str) -> Result<Self, NotAnItem> {
        let (entry, atom) = text.split_once('.').ok_or(NotAnItem)?;
        // Parsing a number takes signs and leading zeros; a name has one form.
        let number: u32 = atom.parse().map_err(|_| NotAnItem)?;
        if number.to_string() != atom {
            return Err(NotAnItem);
        }
        Ok(Self(AtomId {
            entry: entry.parse().map_err(|_| NotAnItem)?,
            atom: number,
        }))
    }
}
