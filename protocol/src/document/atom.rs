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

/// What an intent changes, with its references looked up. The intent itself holds the rest.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// The object.
    pub(super) object: ObjectNumber,
    /// Where in the object.
    pub(super) target: Target,
    /// The intent's first atom.
    pub(super) first_atom: u32,
    /// The characters of a splice, one an atom.
    pub(super) characters: Box<[char]>,
}

/// Where in an object a step goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// The map key that the intent names.
    Key,
    /// Behind an element, or to the front.
    After(Option<Spot>),
    /// An element, or the first of a run.
    Element(Spot),
}

/// What is known of one atom beside its intent.
#[derive(Clone, Debug)]
pub(super) struct Atom {
    /// The intent's position in the entry.
    pub(super) intent: u32,
    /// The object that the atom makes.
    pub(super) made: Option<ObjectNumber>,
    /// For inserting atoms, the element's position among its object's elements, by arrival.
    pub(super) element: u32,
    /// Local numbers of the counting entries that cover the value, ascending.
    pub(super) covered_by: Vec<u32>,
}
