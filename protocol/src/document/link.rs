//! Linking: finding each op's predecessors, and noting what it covers (rules R4 and R10).
//!
//! The predecessors of an op are the values at its cell that stand in its entry's past, or earlier
//! in its entry, and that nothing there covers. Excluded and void entries are never linked, so they
//! cover nothing and nothing covers them. What an op may refer to is checked in `resolve`.

use crate::intent::{Content, Intent, Scalar};

use super::atom::{ObjectNumber, Spot};
use super::contents::{Effect, Target};
use super::graph::Graph;
use super::past::Past;
use super::table::Table;

/// Up to so many values at a cell are looked at one by one.
const FEW_VALUES: usize = 8;
/// Up to so many concurrent values are looked for from the newest back.
const STEPS_MAX: usize = 64;

/// The entry being linked.
struct Linking<'a> {
    entry: u32,
    past: &'a Past,
    graph: &'a Graph,
}

impl Table {
    /// Finds the predecessors of an entry's atoms and registers what they cover. Entries are linked
    /// in the order of their local numbers.
    pub(super) fn link(&mut self, entry: u32, past: &Past, graph: &Graph) {
        let linking = Linking { entry, past, graph };
        let said = self.contents[entry as usize].said.clone();
        let mut predecessors = Vec::new();
        for (intent, step) in said.iter() {
            let atom = step.first_atom;
            let spot = Spot { entry, atom };
            let mut note = |found: Vec<Spot>| {
                predecessors.extend(found.into_iter().map(|found| (atom, found)));
            };
            match (intent, step.target) {
                (Intent::Put { key, .. }, _) => {
                    let found = self.at_key(step.object, key, &linking);
                    note(self.cover(found, entry));
                    let keys = &mut self.objects[step.object.0 as usize].keys;
                    match keys.get_mut(key) {
                        Some(values) => values.push(spot),
                        None => {
                            keys.insert(key.clone(), vec![spot]);
                        }
                    }
                }
                (Intent::Delete { key, .. }, _) => {
                    let found = self.at_key(step.object, key, &linking);
                    note(self.cover(found, entry));
                }
                (Intent::Increment { key, by, .. }, _) => {
                    let found = self.at_key(step.object, key, &linking);
                    note(self.increment(found, *by, entry));
                }
                (Intent::PutElement { .. }, Target::Element(element)) => {
                    let found = self.at_element(element, &linking);
                    note(self.cover(found, entry));
                    self.overwrites.entry(element).or_default().push(spot);
                }
                (Intent::IncrementElement { by, .. }, Target::Element(element)) => {
                    let found = self.at_element(element, &linking);
                    note(self.increment(found, *by, entry));
                }
                (Intent::DeleteRun { count, .. }, Target::Element(first)) => {
                    for offset in 0..*count {
                        let element = Spot {
                            atom: first.atom + offset,
                            ..first
                        };
                        let found = self.at_element(element, &linking);
                        let found = self.cover(found, entry).into_iter();
                        predecessors.extend(found.map(|found| (atom + offset, found)));
                    }
                }
                _ => {}
            }
        }
        self.contents[entry as usize].predecessors = predecessors;
    }

    fn at_key(&self, object: ObjectNumber, key: &str, linking: &Linking<'_>) -> Vec<Spot> {
        match self.object(object).keys.get(key) {
            Some(values) => self.standing(values, linking),
            None => Vec::new(),
        }
    }

    fn at_element(&self, element: Spot, linking: &Linking<'_>) -> Vec<Spot> {
        let mut found = Vec::new();
        let inserted = self.contents[element.entry as usize].effect == Effect::Counts;
        if inserted && self.stands_for(element, linking) {
            found.push(element);
        }
        if !self.overwrites.is_empty()
            && let Some(values) = self.overwrites.get(&element)
        {
            found.extend(self.standing(values, linking));
        }
        found
    }

    /// Tells whether nothing in the past, or earlier in the entry, covers a value.
    fn stands_for(&self, value: Spot, linking: &Linking<'_>) -> bool {
        let covered_by = &self.written(value).covered_by;
        covered_by.last() != Some(&linking.entry) && !linking.past.contains_any(covered_by)
    }

    /// Returns those of a cell's values, ascending by entry, that stand for the entry.
    ///
    /// Of many values, the newest in the past is looked at first, and what stands in its own past
    /// is skipped: it covers all of that. So a long row of overwrites costs no more than a short
    /// one, and values that others wrote apart cost one step each.
    fn standing(&self, values: &[Spot], linking: &Linking<'_>) -> Vec<Spot> {
        let earlier = values.partition_point(|value| value.entry < linking.entry);
        let (earlier, own) = values.split_at(earlier);
        let mut found = Vec::new();
        let own = own.iter().copied();
        found.extend(own.filter(|value| self.stands_for(*value, linking)));
        if earlier.len() <= FEW_VALUES {
            let inside = |value: &Spot| linking.past.contains(value.entry);
            let inside = earlier.iter().copied().filter(inside);
            found.extend(inside.filter(|value| self.stands_for(*value, linking)));
            return found;
        }
        let mut open = linking.past.clone();
        for _ in 0..STEPS_MAX {
            let Some(newest) = newest_in(earlier, &mut open) else {
                return found;
            };
            if self.stands_for(newest, linking) {
                found.push(newest);
            }
            open.cut_off(newest.entry);
            if let Some(past) = linking.graph.kept_past(newest.entry) {
                open.remove(past);
            }
        }
        for (start, end) in open.spans() {
            let from = earlier.partition_point(|value| value.entry < start);
            let inside = earlier[from..].iter().take_while(|value| value.entry < end);
            let inside = inside.copied();
            found.extend(inside.filter(|value| self.stands_for(*value, linking)));
        }
        found
    }

    fn cover(&mut self, values: Vec<Spot>, entry: u32) -> Vec<Spot> {
        for value in &values {
            let written = self.contents[value.entry as usize].written_mut(value.atom);
            let written = written.expect("cells and elements hold values");
            written.covered_by.push(entry);
        }
        values
    }

    /// Adds to the counters among some values. As in Automerge, an increment that reaches a
    /// counter covers the other values beside it; one that reaches none does nothing.
    fn increment(&mut self, values: Vec<Spot>, by: i64, entry: u32) -> Vec<Spot> {
        let is_counter = |value: &Spot| {
            let content = self.contents[value.entry as usize].content(value.atom);
            matches!(content, Some(Content::Scalar(Scalar::Counter(_))))
        };
        let (mut counters, others): (Vec<Spot>, Vec<Spot>) =
            values.into_iter().partition(is_counter);
        if counters.is_empty() {
            return Vec::new();
        }
        for counter in &counters {
            *self.sums.entry(*counter).or_insert(0) += by;
        }
        counters.extend(self.cover(others, entry));
        counters
    }
}

/// Finds the newest of some values that is in a past, whose end is cut off behind it.
fn newest_in(values: &[Spot], open: &mut Past) -> Option<Spot> {
    while let Some((start, end)) = open.last_span() {
        let before = values.partition_point(|value| value.entry < end);
        match before.checked_sub(1).map(|last| values[last]) {
            Some(value) if value.entry >= start => return Some(value),
            _ => open.cut_off(start),
        }
    }
    None
}
