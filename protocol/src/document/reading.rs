//! Reading: values straight from the op table.
//!
//! Automerge is not asked: that a value stands where nothing counting covers it, and that elements
//! follow their anchor, the later op first, is all there is to know, and tests hold it against
//! Automerge's own reading (decision 0003). It deliberately changes nothing.

use std::collections::BTreeMap;

use crate::intent::{Content, Intent, ObjectType, Scalar};

use super::Document;
use super::atom::{AtomId, ObjectNumber, Spot};
use super::contents::Target;
use super::value::{Alternative, Cell, Element, ListValue, MapValue, Run, TextValue, Value};

impl Document {
    /// Reads the whole document.
    pub fn value(&self) -> MapValue {
        self.map(ObjectNumber::ROOT)
    }

    /// Reads one object of the document, also one that nothing shows any more.
    pub fn object(&self, made: AtomId) -> Option<Value> {
        self.object_number(made).map(|number| self.read(number))
    }

    /// Finds an object by the atom that made it.
    pub(super) fn object_number(&self, made: AtomId) -> Option<ObjectNumber> {
        let entry = self.graph.number(&made.entry)?;
        let contents = &self.table.contents[entry as usize];
        contents.written(made.atom)?.made
    }

    fn read(&self, number: ObjectNumber) -> Value {
        match self.table.object(number).kind {
            ObjectType::Map => Value::Map(self.map(number)),
            ObjectType::List => Value::List(self.list(number)),
            ObjectType::Text => Value::Text(self.text(number)),
        }
    }

    fn map(&self, number: ObjectNumber) -> MapValue {
        let mut cells = BTreeMap::new();
        for key in self.table.object(number).keys.keys() {
            if let Some(cell) = self.cell(self.table.values_at_key(number, key)) {
                cells.insert(key.clone(), cell);
            }
        }
        MapValue { cells }
    }

    fn list(&self, number: ObjectNumber) -> ListValue {
        let mut elements = Vec::new();
        for spot in self.element_order(number) {
            if let Some(cell) = self.cell(self.table.values_at_element(spot)) {
                let id = self.atom_id(spot);
                elements.push(Element { id, cell });
            }
        }
        ListValue { elements }
    }

    fn text(&self, number: ObjectNumber) -> TextValue {
        let mut value = TextValue::default();
        let mut last: Option<Spot> = None;
        for (spot, character) in self.characters(number) {
            value.text.push(character);
            let follows = |last: Spot| last.entry == spot.entry && last.atom + 1 == spot.atom;
            match value.runs.last_mut() {
                Some(run) if last.is_some_and(follows) => run.count += 1,
                _ => value.runs.push(Run {
                    first: self.atom_id(spot),
                    count: 1,
                }),
            }
            last = Some(spot);
        }
        value
    }

    /// Returns a text's visible characters in order.
    pub(super) fn characters(&self, number: ObjectNumber) -> Vec<(Spot, char)> {
        let mut characters = Vec::new();
        for spot in self.element_order(number) {
            if !self.table.shows(spot) {
                continue;
            }
            let (_, step) = self.table.contents[spot.entry as usize].step_of(spot.atom);
            let offset = (spot.atom - step.first_atom) as usize;
            characters.push((spot, step.characters[offset]));
        }
        characters
    }

    fn cell(&self, mut values: Vec<Spot>) -> Option<Cell> {
        values.sort_unstable_by(|one, other| self.op_order(*other, *one));
        let mut alternatives = values.into_iter().map(|value| Alternative {
            atom: self.atom_id(value),
            value: self.content_value(value),
        });
        let shown = alternatives.next()?;
        Some(Cell {
            shown,
            others: alternatives.collect(),
        })
    }

    fn content_value(&self, spot: Spot) -> Value {
        if let Some(made) = self.table.written(spot).made {
            return self.read(made);
        }
        match self.table.contents[spot.entry as usize].content(spot.atom) {
            Some(Content::Scalar(Scalar::Counter(start))) => {
                Value::Scalar(Scalar::Counter(start + self.table.sum(spot)))
            }
            Some(Content::Scalar(scalar)) => Value::Scalar(scalar.clone()),
            _ => unreachable!("only puts and inserts of lists stand at cells that are read"),
        }
    }

    /// Returns every element ever inserted into a list or text, in order: each directly behind its
    /// anchor, and of several at one anchor the later op first.
    pub(super) fn element_order(&self, number: ObjectNumber) -> Vec<Spot> {
        const NONE: u32 = u32::MAX;
        let elements = &self.table.object(number).elements;
        let mut by_op: Vec<u32> = (0..).take(elements.len()).collect();
        by_op.sort_by(|one, other| {
            self.op_order(elements[*one as usize], elements[*other as usize])
        });
        // Siblings form a chain from the latest op to the earliest; the front's comes last.
        let front = elements.len();
        let mut first_behind = vec![NONE; elements.len() + 1];
        let mut next_sibling = vec![NONE; elements.len()];
        for element in by_op {
            let anchor = match self.anchor(elements[element as usize]) {
                Some(anchor) => self.table.written(anchor).element as usize,
                None => front,
            };
            next_sibling[element as usize] = first_behind[anchor];
            first_behind[anchor] = element;
        }
        let mut order = Vec::with_capacity(elements.len());
        let mut open = vec![first_behind[front]];
        while let Some(element) = open.pop() {
            if element == NONE {
                continue;
            }
            order.push(elements[element as usize]);
            open.push(next_sibling[element as usize]);
            open.push(first_behind[element as usize]);
        }
        order
    }

    /// Returns the element behind which an element was inserted.
    pub(super) fn anchor(&self, element: Spot) -> Option<Spot> {
        let (intent, step) = self.table.contents[element.entry as usize].step_of(element.atom);
        if element.atom > step.first_atom {
            debug_assert!(matches!(intent, Intent::Splice { .. }));
            return Some(Spot {
                entry: element.entry,
                atom: element.atom - 1,
            });
        }
        match step.target {
            Target::After(after) => after,
            _ => unreachable!("elements are made by insertions"),
        }
    }
}
