//! The op table: the objects and cells of a document, and the values written to them (rule R4).
//!
//! What covers what is found in `link`; whether an entry may write at all, and what it refers to,
//! in `resolve`.

use std::collections::BTreeMap;

use crate::intent::ObjectType;

use super::atom::{ObjectNumber, Spot};
use super::contents::{Contents, Effect, Target, Written};
use super::graph::Graph;
use super::past::Past;

/// One object.
#[derive(Clone, Debug)]
pub(super) struct Object {
    /// Its type.
    pub(super) kind: ObjectType,
    /// The atom that made it; none for the root.
    pub(super) made: Option<Spot>,
    /// Objects between it and the root, itself counted; 0 for the root.
    pub(super) depth: u8,
    /// The root's key under which it lies; empty for the root.
    pub(super) root_key: String,
    /// The entry that inserted the outermost list element around it.
    pub(super) element: Option<u32>,
    /// For a map, the counting values ever put under each key.
    pub(super) keys: BTreeMap<String, Vec<Spot>>,
    /// For a list or text, the elements ever inserted, by arrival.
    pub(super) elements: Vec<Spot>,
}

impl Object {
    fn root() -> Self {
        Self {
            kind: ObjectType::Map,
            made: None,
            depth: 0,
            root_key: String::new(),
            element: None,
            keys: BTreeMap::new(),
            elements: Vec::new(),
        }
    }
}

/// The cells of a document.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// Entries by local number.
    pub(super) contents: Vec<Contents>,
    /// Objects by number.
    pub(super) objects: Vec<Object>,
    /// Counting values put over list elements.
    pub(super) overwrites: BTreeMap<Spot, Vec<Spot>>,
    /// Sums of the increments that reached each counter.
    pub(super) sums: BTreeMap<Spot, i64>,
}

impl Table {
    /// Makes the table of a document without entries.
    pub(super) fn new() -> Self {
        Self {
            contents: Vec::new(),
            objects: vec![Object::root()],
            overwrites: BTreeMap::new(),
            sums: BTreeMap::new(),
        }
    }

    /// Returns one value.
    pub(super) fn written(&self, value: Spot) -> &Written {
        let written = self.contents[value.entry as usize].written(value.atom);
        written.expect("cells and elements hold values")
    }

    /// Returns one object.
    pub(super) fn object(&self, number: ObjectNumber) -> &Object {
        &self.objects[number.0 as usize]
    }

    /// Returns what the increments of a counter add up to.
    pub(super) fn sum(&self, counter: Spot) -> i64 {
        self.sums.get(&counter).copied().unwrap_or(0)
    }

    /// Adds an entry's contents and the objects that it makes.
    pub(super) fn add(
        &mut self,
        mut contents: Contents,
        made: Vec<Object>,
        past: &Past,
        graph: &Graph,
    ) {
        let entry = u32::try_from(self.contents.len()).expect("entries have 32-bit numbers");
        self.objects.extend(made);
        for step in &contents.said.steps {
            let (Target::After(_), Some(first)) = (step.target, step.first_value) else {
                continue;
            };
            let elements = &mut self.objects[step.object.0 as usize].elements;
            let inserted = &mut contents.written[first as usize..][..step.atoms as usize];
            for (atom, written) in (step.first_atom..).zip(inserted) {
                let place = u32::try_from(elements.len());
                written.element = place.expect("a document's atoms are bounded");
                elements.push(Spot { entry, atom });
            }
        }
        let counts = contents.effect == Effect::Counts;
        self.contents.push(contents);
        if counts {
            self.link(entry, past, graph);
        }
    }

    /// Forgets every cell and covering, and links anew the entries that count.
    pub(super) fn link_all(&mut self, graph: &Graph) {
        self.overwrites.clear();
        self.sums.clear();
        for object in &mut self.objects {
            object.keys.clear();
        }
        for contents in &mut self.contents {
            contents.predecessors.clear();
            for written in &mut contents.written {
                written.covered_by.clear();
            }
        }
        for entry in (0u32..).take(self.contents.len()) {
            if self.contents[entry as usize].effect == Effect::Counts {
                self.link(entry, &graph.past_of(entry), graph);
            }
        }
    }

    /// Returns the counting values at a key that nothing covers.
    pub(super) fn values_at_key(&self, object: ObjectNumber, key: &str) -> Vec<Spot> {
        let values = self.object(object).keys.get(key);
        let values = values.into_iter().flatten().copied();
        values.filter(|value| self.stands(*value)).collect()
    }

    /// Returns the counting values at a list element that nothing covers.
    pub(super) fn values_at_element(&self, element: Spot) -> Vec<Spot> {
        let first = Some(element).filter(|element| self.shows(*element));
        let later = self.overwrites.get(&element).into_iter().flatten().copied();
        let later = later.filter(|value| self.stands(*value));
        first.into_iter().chain(later).collect()
    }

    /// Tells whether an inserted value counts and is not covered.
    pub(super) fn shows(&self, element: Spot) -> bool {
        let counts = self.contents[element.entry as usize].effect == Effect::Counts;
        counts && self.stands(element)
    }

    fn stands(&self, value: Spot) -> bool {
        self.written(value).covered_by.is_empty()
    }
}
