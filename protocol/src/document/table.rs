//! The op table: every cell of a document, the values written to it, and what covers them (rules
//! R4 and R10).
//!
//! An op's predecessors are the values at its cell that stand in its entry's past, or earlier in
//! its entry, and that nothing there covers. Excluded and void entries cover nothing and are
//! covered by nothing. Whether an entry may write at all is not decided here.

use std::collections::BTreeMap;

use crate::intent::{Content, Intent, Intents, ObjectType, Scalar};

use super::atom::{Atom, ObjectNumber, Spot, Step, Target};
use super::past::Past;

/// What an entry's atoms amount to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// They count.
    Counts,
    /// They can be referred to, and show and cover nothing.
    Excluded,
    /// They are void: the entry is invalid, and nothing can refer to them.
    Void,
    /// They are void here, because the entry cannot be read here.
    Unread,
}

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

/// What one entry holds.
#[derive(Clone, Debug)]
pub(super) struct Contents {
    /// What its atoms amount to.
    pub(super) effect: Effect,
    /// The intents; none when void.
    pub(super) intents: Intents,
    /// The intents' references, looked up; as many as intents.
    pub(super) steps: Vec<Step>,
    /// The atoms; none when void.
    pub(super) atoms: Vec<Atom>,
    /// Predecessors by atom, ascending by atom.
    pub(super) predecessors: Vec<(u32, Spot)>,
}

impl Contents {
    /// Returns the predecessors of one atom.
    pub(super) fn predecessors_of(&self, atom: u32) -> impl Iterator<Item = Spot> + '_ {
        let from = self.predecessors.partition_point(|(of, _)| *of < atom);
        let these = self.predecessors[from..].iter();
        these
            .take_while(move |(of, _)| *of == atom)
            .map(|(_, spot)| *spot)
    }

    /// Returns the intent and step of one atom.
    pub(super) fn step_of(&self, atom: u32) -> (&Intent, &Step) {
        let intent = self.atoms[atom as usize].intent as usize;
        (&self.intents.intents[intent], &self.steps[intent])
    }

    /// Returns what an atom puts or inserts, unless it is a character.
    pub(super) fn content(&self, atom: u32) -> Option<&Content> {
        let intent = self.atoms[atom as usize].intent as usize;
        content_of(&self.intents.intents[intent])
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
    overwrites: BTreeMap<Spot, Vec<Spot>>,
    /// Sums of the increments that reached each counter.
    sums: BTreeMap<Spot, i64>,
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

    /// Returns one atom.
    pub(super) fn atom(&self, spot: Spot) -> &Atom {
        &self.contents[spot.entry as usize].atoms[spot.atom as usize]
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
    pub(super) fn add(&mut self, mut contents: Contents, made: Vec<Object>, past: &Past) {
        let entry = u32::try_from(self.contents.len()).expect("entries have 32-bit numbers");
        self.objects.extend(made);
        for step in &contents.steps {
            let Target::After(_) = step.target else {
                continue;
            };
            let elements = &mut self.objects[step.object.0 as usize].elements;
            let count = step.characters.len().max(1);
            let inserted = &mut contents.atoms[step.first_atom as usize..][..count];
            for (atom, known) in (step.first_atom..).zip(inserted) {
                known.element =
                    u32::try_from(elements.len()).expect("a document's atoms are bounded");
                elements.push(Spot { entry, atom });
            }
        }
        let counts = contents.effect == Effect::Counts;
        self.contents.push(contents);
        if counts {
            self.link(entry, past);
        }
    }

    /// Forgets every cell and covering, and links anew the entries that count.
    pub(super) fn link_all(&mut self, mut past_of: impl FnMut(u32) -> Past) {
        self.overwrites.clear();
        self.sums.clear();
        for object in &mut self.objects {
            object.keys.clear();
        }
        for contents in &mut self.contents {
            contents.predecessors.clear();
            for atom in &mut contents.atoms {
                atom.covered_by.clear();
            }
        }
        for entry in (0u32..).take(self.contents.len()) {
            if self.contents[entry as usize].effect == Effect::Counts {
                self.link(entry, &past_of(entry));
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
        self.atom(value).covered_by.is_empty()
    }

    /// Finds the predecessors of an entry's atoms and registers what they cover.
    fn link(&mut self, entry: u32, past: &Past) {
        let contents = &mut self.contents[entry as usize];
        let intents = std::mem::take(&mut contents.intents);
        let steps = std::mem::take(&mut contents.steps);
        let mut predecessors = std::mem::take(&mut contents.predecessors);
        for (intent, step) in intents.intents.iter().zip(&steps) {
            let atom = step.first_atom;
            let spot = Spot { entry, atom };
            let mut note = |atom, found: Vec<Spot>| {
                predecessors.extend(found.into_iter().map(|found| (atom, found)));
            };
            match (intent, step.target) {
                (Intent::Put { key, .. }, _) => {
                    let found = self.values_before(step.object, key, entry, past);
                    self.cover(&found, entry);
                    note(atom, found);
                    let keys = &mut self.objects[step.object.0 as usize].keys;
                    match keys.get_mut(key) {
                        Some(values) => values.push(spot),
                        None => {
                            keys.insert(key.clone(), vec![spot]);
                        }
                    }
                }
                (Intent::Delete { key, .. }, _) => {
                    let found = self.values_before(step.object, key, entry, past);
                    self.cover(&found, entry);
                    note(atom, found);
                }
                (Intent::Increment { key, by, .. }, _) => {
                    let found = self.values_before(step.object, key, entry, past);
                    note(atom, self.increment(found, *by, entry, &intents));
                }
                (Intent::PutElement { .. }, Target::Element(element)) => {
                    let found = self.element_values_before(element, entry, past);
                    self.cover(&found, entry);
                    note(atom, found);
                    self.overwrites.entry(element).or_default().push(spot);
                }
                (Intent::IncrementElement { by, .. }, Target::Element(element)) => {
                    let found = self.element_values_before(element, entry, past);
                    note(atom, self.increment(found, *by, entry, &intents));
                }
                (Intent::DeleteRun { count, .. }, Target::Element(first)) => {
                    for offset in 0..*count {
                        let element = Spot {
                            entry: first.entry,
                            atom: first.atom + offset,
                        };
                        let found = self.element_values_before(element, entry, past);
                        self.cover(&found, entry);
                        note(atom + offset, found);
                    }
                }
                _ => {}
            }
        }
        let contents = &mut self.contents[entry as usize];
        contents.intents = intents;
        contents.steps = steps;
        contents.predecessors = predecessors;
    }

    fn values_before(&self, object: ObjectNumber, key: &str, entry: u32, past: &Past) -> Vec<Spot> {
        let values = self.object(object).keys.get(key);
        self.standing_before(values.map_or(&[], Vec::as_slice), entry, past)
    }

    fn element_values_before(&self, element: Spot, entry: u32, past: &Past) -> Vec<Spot> {
        let later = self.overwrites.get(&element);
        let later = later.map_or(&[][..], Vec::as_slice);
        if self.contents[element.entry as usize].effect != Effect::Counts {
            return self.standing_before(later, entry, past);
        }
        let mut found = self.standing_before(&[element], entry, past);
        found.extend(self.standing_before(later, entry, past));
        found
    }

    /// Returns those of some values, ascending by entry, that stand just before an atom of an
    /// entry. Both values and coverings are searched by spans of the past, because an attacker can
    /// pile up concurrent ones at one cell.
    fn standing_before(&self, values: &[Spot], entry: u32, past: &Past) -> Vec<Spot> {
        let mut found = Vec::new();
        for (start, end) in past.spans().chain([(entry, entry + 1)]) {
            let from = values.partition_point(|value| value.entry < start);
            let values = values[from..].iter().take_while(|value| value.entry < end);
            found.extend(values.copied().filter(|value| {
                let covered_by = &self.atom(*value).covered_by;
                covered_by.last() != Some(&entry) && !past.contains_any(covered_by)
            }));
        }
        found
    }

    fn cover(&mut self, values: &[Spot], entry: u32) {
        for value in values {
            let contents = &mut self.contents[value.entry as usize];
            contents.atoms[value.atom as usize].covered_by.push(entry);
        }
    }

    /// Adds to the counters among some values. As in Automerge, an increment that reaches a
    /// counter covers the other values beside it; one that reaches none does nothing.
    fn increment(&mut self, values: Vec<Spot>, by: i64, entry: u32, own: &Intents) -> Vec<Spot> {
        let is_counter = |value: &Spot| {
            let contents = &self.contents[value.entry as usize];
            let content = if value.entry == entry {
                // The entry's own intents are taken out of the table while it is linked.
                content_of(&own.intents[contents.atoms[value.atom as usize].intent as usize])
            } else {
                contents.content(value.atom)
            };
            matches!(content, Some(Content::Scalar(Scalar::Counter(_))))
        };
        let (counters, others): (Vec<Spot>, Vec<Spot>) = values.iter().partition(|v| is_counter(v));
        if counters.is_empty() {
            return Vec::new();
        }
        self.cover(&others, entry);
        for counter in counters {
            *self.sums.entry(counter).or_insert(0) += by;
        }
        values
    }
}

fn content_of(intent: &Intent) -> Option<&Content> {
    match intent {
        Intent::Put { content, .. }
        | Intent::Insert { content, .. }
        | Intent::PutElement { content, .. } => Some(content),
        _ => None,
    }
}
