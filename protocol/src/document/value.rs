//! Values: a document's state as a reader gets it, every conflicting value included.
//!
//! The first of several conflicting values is the one that Automerge would show. Every value names
//! the atom that wrote it, and so its author's entry.

use std::collections::BTreeMap;

use crate::intent::Scalar;

use super::atom::AtomId;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A scalar; a counter with all that was added to it.
    Scalar(Scalar),
    /// A map.
    Map(MapValue),
    /// A list.
    List(ListValue),
    /// A collaborative text.
    Text(TextValue),
}

/// One of the values at a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// The atom that wrote it; it also names the object, where the value is one.
    pub atom: AtomId,
    /// The value.
    pub value: Value,
}

/// What stands at a map key or list element: several values when they were written apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The value that is shown.
    pub shown: Alternative,
    /// Values written apart from it, the one that comes next in line first.
    pub others: Vec<Alternative>,
}

impl Cell {
    /// Returns all values, the shown one first.
    pub fn alternatives(&self) -> impl Iterator<Item = &Alternative> {
        std::iter::once(&self.shown).chain(&self.others)
    }
}

/// A map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapValue {
    /// The keys that hold something.
    pub cells: BTreeMap<String, Cell>,
}

impl MapValue {
    /// Returns the value shown under a key.
    pub fn shown(&self, key: &str) -> Option<&Value> {
        self.cells.get(key).map(|cell| &cell.shown.value)
    }
}

/// A list element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// The atom that inserted it. It stays when the value is overwritten.
    pub id: AtomId,
    /// What stands there.
    pub cell: Cell,
}

/// A list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListValue {
    /// The elements that hold something, in order.
    pub elements: Vec<Element>,
}

/// A collaborative text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextValue {
    /// The characters.
    pub text: String,
    /// Who inserted them: runs that cover the text's characters in order.
    pub runs: Vec<Run>,
}

impl TextValue {
    /// Returns the entry that inserted the character at a position, counted in Unicode scalar
    /// values from 0.
    pub fn inserted_by(&self, position: usize) -> Option<AtomId> {
        let mut before = 0;
        for run in &self.runs {
            let length = run.count as usize;
            if position < before + length {
                let offset = u32::try_from(position - before).ok()?;
                return Some(AtomId {
                    entry: run.first.entry,
                    atom: run.first.atom + offset,
                });
            }
            before += length;
        }
        None
    }
}

/// Characters beside each other that one entry inserted with consecutive atoms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The atom of the first character.
    pub first: AtomId,
    /// How many characters, at least 1.
    pub count: u32,
}
