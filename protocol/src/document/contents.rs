//! The contents of one entry, with references looked up, and what became of the values in it.
//!
//! It deliberately knows no other entry: which values cover which is found in `link`.

use std::sync::Arc;

use crate::intent::{Content, Intent, Intents};

use super::atom::{ObjectNumber, Spot};

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

/// What an intent changes, with its references looked up. The intent itself holds the rest.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// The object.
    pub(super) object: ObjectNumber,
    /// Where in the object.
    pub(super) target: Target,
    /// The intent's first atom.
    pub(super) first_atom: u32,
    /// How many atoms it has.
    pub(super) atoms: u32,
    /// Position of its first value among the entry's values, where it writes values.
    pub(super) first_value: Option<u32>,
    /// The characters of a splice, one an atom.
    pub(super) characters: Box<[char]>,
}

impl Step {
    /// Returns the atom after the step's last.
    pub(super) fn end(&self) -> u32 {
        self.first_atom + self.atoms
    }
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

/// What an entry says.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// The intents; none when void.
    pub(super) intents: Intents,
    /// The intents' references, looked up; as many as intents.
    pub(super) steps: Vec<Step>,
}

impl Said {
    /// Returns intents and steps together, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Intent, &Step)> {
        self.intents.intents.iter().zip(&self.steps)
    }
}

/// Finds the step of an atom.
pub(super) fn step_of(steps: &[Step], atom: u32) -> Option<usize> {
    let before = steps.partition_point(|step| step.first_atom <= atom);
    let index = before.checked_sub(1)?;
    let step = &steps[index];
    (atom - step.first_atom < step.atoms).then_some(index)
}

/// Finds the position of an atom's value among the entry's values.
pub(super) fn value_of(steps: &[Step], atom: u32) -> Option<usize> {
    let step = &steps[step_of(steps, atom)?];
    let first = step.first_value?;
    Some((first + atom - step.first_atom) as usize)
}

/// What is known of a value that an atom writes: a scalar, an object or a character.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    /// The object that the atom makes.
    pub(super) made: Option<ObjectNumber>,
    /// For an inserted value, the element's position among its object's elements, by arrival.
    pub(super) element: u32,
    /// Local numbers of the counting entries that cover the value, ascending.
    pub(super) covered_by: Vec<u32>,
}

/// What one entry holds.
#[derive(Clone, Debug)]
pub(super) struct Contents {
    /// What its atoms amount to.
    pub(super) effect: Effect,
    /// What it says; nothing when void.
    pub(super) said: Arc<Said>,
    /// The values that it writes, in order.
    pub(super) written: Vec<Written>,
    /// Predecessors by atom, ascending by atom.
    pub(super) predecessors: Vec<(u32, Spot)>,
}

impl Contents {
    /// Returns the predecessors of one atom.
    pub(super) fn predecessors_of(&self, atom: u32) -> impl Iterator<Item = Spot> + '_ {
        let from = self.predecessors.partition_point(|(of, _)| *of < atom);
        let these = self.predecessors[from..].iter();
        let these = these.take_while(move |(of, _)| *of == atom);
        these.map(|(_, spot)| *spot)
    }

    /// Returns the intent and step of one of the entry's atoms.
    pub(super) fn step_of(&self, atom: u32) -> (&Intent, &Step) {
        let index = step_of(&self.said.steps, atom).expect("the atom is one of the entry's");
        (&self.said.intents.intents[index], &self.said.steps[index])
    }

    /// Returns the value that an atom writes.
    pub(super) fn written(&self, atom: u32) -> Option<&Written> {
        let value = value_of(&self.said.steps, atom)?;
        self.written.get(value)
    }

    /// Does what `written` does, to change it.
    pub(super) fn written_mut(&mut self, atom: u32) -> Option<&mut Written> {
        let value = value_of(&self.said.steps, atom)?;
        self.written.get_mut(value)
    }

    /// Returns what an atom puts or inserts, unless it is a character.
    pub(super) fn content(&self, atom: u32) -> Option<&Content> {
        match self.step_of(atom).0 {
            Intent::Put { content, .. }
            | Intent::Insert { content, .. }
            | Intent::PutElement { content, .. } => Some(content),
            _ => None,
        }
    }
}
