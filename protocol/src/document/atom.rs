//! Atoms: the single ops that a document is made of, named everywhere and known here.
//!
//! It deliberately holds no rule: what an atom may do is decided in `resolve`, what it covers in
//! `table`.

use serde::{Deserialize, Serialize};

use crate::id::EntryId;

/// An atom's name, the same on every replica: an entry and a position in it. It also names the
/// value, the list element or the object that the atom made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AtomId {
    /// The entry.
    pub entry: EntryId,
    /// The atom's position in it, from 0.
    pub atom: u32,
}

/// An atom as it is known here: a local entry number and the position in the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    pub(super) entry: u32,
    pub(super) atom: u32,
}

/// An object's number in its document, in the order of adding; 0 is the root map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ObjectNumber(pub(super) u32);

impl ObjectNumber {
    pub(super) const ROOT: Self = Self(0);
}
