//! History: what each entry changed, with what stood there before.
//!
//! It is read from the op table: what an entry covers is known of every counting entry. Entries
//! that do not count covered nothing, so of them only what they say is told. Names of fields and
//! members are the reader's business.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use crate::id::EntryId;
use crate::intent::{Content, Intent};

use super::atom::{AtomId, ObjectNumber, Spot};
use super::contents::{Effect, Step, Target};
use super::past::Past;
use super::{Document, EntryInfo, Status};

/// Characters that nobody saw between two of one piece, up to which they are looked at.
const BETWEEN_MAX: usize = 64;

/// What one entry changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Deed<'a> {
    /// The entry.
    pub entry: EntryInfo,
    /// Map keys that it set or emptied, as it says them.
    pub cells: Vec<CellEdit<'a>>,
    /// Objects that it appended to lists, by the atoms that made them, with the lists' root keys.
    pub appended: Vec<(AtomId, &'a str)>,
    /// Texts that it wrote into, in order of first use.
    pub texts: Vec<TextEdit<'a>>,
}

/// A map key that was set or emptied.
#[derive(Clone, Debug, PartialEq)]
pub struct CellEdit<'a> {
    /// The map; none for the root.
    pub object: Option<AtomId>,
    /// The key.
    pub key: &'a str,
    /// What stood there for the author, where it counts.
    pub old: Option<&'a Content>,
    /// What is put there; none when it is emptied.
    pub new: Option<&'a Content>,
}

/// What was done to a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit<'a> {
    /// The root key under which the text lies.
    pub root_key: &'a str,
    /// The pieces, in the order of the text.
    pub pieces: Vec<PieceEdit>,
}

/// A piece of a text that was inserted or deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PieceEdit {
    /// The text.
    pub text: String,
    /// For a deleted piece, the entry that had inserted it.
    pub deleted_of: Option<EntryId>,
}

impl Document {
    /// Tells what every entry changed that is not invalid: causes before effects, and otherwise by
    /// claimed time.
    pub fn history(&self) -> Vec<Deed<'_>> {
        let mut orders = Orders::new();
        let entries = self.told().into_iter();
        entries.map(|entry| self.deed(entry, &mut orders)).collect()
    }

    /// Returns the entries in the order in which a history tells them.
    fn told(&self) -> Vec<u32> {
        let nodes = self.graph.nodes();
        let mut open: Vec<usize> = nodes.iter().map(|node| node.deps.len()).collect();
        let mut followers = vec![Vec::new(); nodes.len()];
        for (entry, node) in (0u32..).zip(nodes) {
            for dep in &node.deps {
                followers[*dep as usize].push(entry);
            }
        }
        let key = |entry: u32| {
            let facts = &self.facts[entry as usize];
            Reverse((facts.time_ms, self.graph.node(entry).id, entry))
        };
        let first = (0u32..).zip(&open).filter(|(_, deps)| **deps == 0);
        let mut ready: BinaryHeap<_> = first.map(|(entry, _)| key(entry)).collect();
        let mut told = Vec::with_capacity(nodes.len());
        while let Some(Reverse((_, _, entry))) = ready.pop() {
            told.push(entry);
            for follower in &followers[entry as usize] {
                open[*follower as usize] -= 1;
                if open[*follower as usize] == 0 {
                    ready.push(key(*follower));
                }
            }
        }
        told.retain(|entry| !matches!(self.statuses[*entry as usize], Status::Invalid(_)));
        told
    }

    fn deed<'a>(&'a self, entry: u32, orders: &mut Orders) -> Deed<'a> {
        let contents = &self.table.contents[entry as usize];
        let mut cells = Vec::new();
        let mut appended = Vec::new();
        let mut marks: BTreeMap<ObjectNumber, Vec<Mark>> = BTreeMap::new();
        for (intent, step) in contents.said.iter() {
            let spot = Spot {
                entry,
                atom: step.first_atom,
            };
            match intent {
                Intent::Put { key, content, .. } => {
                    cells.push(self.cell_edit(spot, step, key, Some(content)));
                }
                Intent::Delete { key, .. } => cells.push(self.cell_edit(spot, step, key, None)),
                Intent::Insert { .. } => {
                    let root_key = self.table.object(step.object).root_key.as_str();
                    appended.push((self.atom_id(spot), root_key));
                }
                Intent::Splice { .. } | Intent::DeleteRun { .. } => {
                    let of_text = marks.entry(step.object).or_default();
                    self.mark(entry, intent, step, of_text);
                }
                _ => {}
            }
        }
        let texts = marks.into_iter().filter_map(|(object, marks)| {
            let pieces = self.pieces(entry, marks, self.order(object, orders));
            let root_key = self.table.object(object).root_key.as_str();
            (!pieces.is_empty()).then_some(TextEdit { root_key, pieces })
        });
        Deed {
            entry: self.info(entry),
            texts: texts.collect(),
            cells,
            appended,
        }
    }

    fn cell_edit<'a>(
        &'a self,
        spot: Spot,
        step: &Step,
        key: &'a str,
        new: Option<&'a Content>,
    ) -> CellEdit<'a> {
        let contents = &self.table.contents[spot.entry as usize];
        let before = contents.predecessors_of(spot.atom);
        let shown = before.max_by(|one, other| self.op_order(*one, *other));
        let made = self.table.object(step.object).made;
        CellEdit {
            object: made.map(|made| self.atom_id(made)),
            key,
            old: shown.and_then(|old| self.table.contents[old.entry as usize].content(old.atom)),
            new,
        }
    }

    /// Notes the characters that a step inserts or deletes.
    fn mark(&self, entry: u32, intent: &Intent, step: &Step, marks: &mut Vec<Mark>) {
        let contents = &self.table.contents[entry as usize];
        for offset in 0..step.atoms {
            let atom = step.first_atom + offset;
            match (intent, step.target) {
                (Intent::Splice { .. }, _) => marks.push(Mark {
                    element: Spot { entry, atom },
                    deletes: false,
                }),
                (Intent::DeleteRun { .. }, Target::Element(first)) => {
                    let element = Spot {
                        atom: first.atom + offset,
                        ..first
                    };
                    // What was gone already was not deleted by this entry.
                    let excluded = self.statuses[entry as usize] == Status::Excluded;
                    if excluded || contents.predecessors_of(atom).next().is_some() {
                        marks.push(Mark {
                            element,
                            deletes: true,
                        });
                    }
                }
                _ => {}
            }
        }
    }

    fn pieces(&self, entry: u32, mut marks: Vec<Mark>, order: &Order) -> Vec<PieceEdit> {
        let past = self.graph.past_of(entry);
        let rank = |mark: &Mark| order.ranks.get(&mark.element).copied();
        marks.sort_by_key(rank);
        let mut pieces: Vec<PieceEdit> = Vec::new();
        let mut last: Option<Mark> = None;
        for mark in marks {
            let Some(character) = self.character(mark.element) else {
                continue;
            };
            let joins = last.is_some_and(|last| {
                last.deletes == mark.deletes
                    && (!mark.deletes || last.element.entry == mark.element.entry)
                    && rank(&last).zip(rank(&mark)).is_some_and(|(from, to)| {
                        let between = &order.elements[from + 1..to];
                        between.len() <= BETWEEN_MAX
                            && !between.iter().any(|element| self.stood(*element, &past))
                    })
            });
            match pieces.last_mut().filter(|_| joins) {
                Some(piece) => piece.text.push(character),
                None => pieces.push(PieceEdit {
                    text: character.to_string(),
                    deleted_of: mark.deletes.then(|| self.graph.node(mark.element.entry).id),
                }),
            }
            last = Some(mark);
        }
        pieces
    }

    /// Tells whether a character stood for somebody with a past.
    fn stood(&self, element: Spot, past: &Past) -> bool {
        let covered_by = &self.table.written(element).covered_by;
        self.table.contents[element.entry as usize].effect == Effect::Counts
            && past.contains(element.entry)
            && !past.contains_any(covered_by)
    }

    fn order<'o>(&self, text: ObjectNumber, orders: &'o mut Orders) -> &'o Order {
        orders.entry(text).or_insert_with(|| {
            let elements = self.element_order(text);
            Order {
                ranks: elements.iter().copied().zip(0..).collect(),
                elements,
            }
        })
    }

    /// Returns the character that an atom inserted into a text.
    pub(super) fn character(&self, element: Spot) -> Option<char> {
        let (_, step) = self.table.contents[element.entry as usize].step_of(element.atom);
        let offset = (element.atom - step.first_atom) as usize;
        step.characters.get(offset).copied()
    }

    /// Returns, by text, the characters that an entry deleted and that counted before it.
    pub(super) fn deleted_by(&self, entry: EntryId) -> BTreeMap<ObjectNumber, BTreeSet<Spot>> {
        let mut deleted: BTreeMap<ObjectNumber, BTreeSet<Spot>> = BTreeMap::new();
        let Some(number) = self.graph.number(&entry) else {
            return deleted;
        };
        let contents = &self.table.contents[number as usize];
        for (intent, step) in contents.said.iter() {
            if !matches!(intent, Intent::DeleteRun { .. }) {
                continue;
            }
            for atom in step.first_atom..step.end() {
                let found = contents.predecessors_of(atom);
                let found = found.filter(|element| self.character(*element).is_some());
                deleted.entry(step.object).or_default().extend(found);
            }
        }
        deleted.retain(|_, elements| !elements.is_empty());
        deleted
    }
}

/// A character that an entry inserted or deleted.
#[derive(Clone, Copy)]
struct Mark {
    element: Spot,
    deletes: bool,
}

/// A text's characters in order, those gone included.
struct Order {
    elements: Vec<Spot>,
    ranks: BTreeMap<Spot, usize>,
}

/// Orders of the texts that were asked for.
type Orders = BTreeMap<ObjectNumber, Order>;
