//! Who could have seen what in a document, by the reference model.

use std::collections::{BTreeMap, BTreeSet};

use protocol::id::{DocumentId, EntryId};
use protocol::limits;

use super::compare::Model;
use super::document::Name;

/// Who could have seen what, by what entries of a document name before them.
pub(super) struct Past {
    deps: BTreeMap<EntryId, Vec<EntryId>>,
    /// Where each entry's atoms begin to be counted: behind those of all that it names.
    starts: BTreeMap<EntryId, u64>,
}

impl Past {
    /// Reads a document's entries.
    pub(super) fn of(model: &Model<'_>, document: DocumentId) -> Self {
        let facts = model.history.facts.iter();
        let facts = facts.filter(|fact| fact.document() == Some(document));
        let mut deps = BTreeMap::new();
        let mut atoms = BTreeMap::new();
        for fact in facts {
            deps.insert(fact.id, fact.header.deps.clone());
            atoms.insert(fact.id, u64::from(fact.header.atoms.min(limits::ATOMS_MAX)));
        }
        let mut starts: BTreeMap<EntryId, u64> = BTreeMap::new();
        let mut open: Vec<EntryId> = deps.keys().copied().collect();
        while let Some(entry) = open.last().copied() {
            let before = deps[&entry].iter().filter(|dep| deps.contains_key(dep));
            let missing = before.clone().find(|dep| !starts.contains_key(dep));
            if let Some(dep) = missing {
                open.push(*dep);
                continue;
            }
            let start = before.map(|dep| starts[dep] + atoms[dep]).max();
            starts.insert(entry, start.unwrap_or(1));
            open.pop();
        }
        Self { deps, starts }
    }

    /// In the order of what could have been seen, wherever in the list it was put.
    pub(super) fn place(&self, (entry, atom): Name) -> (u64, EntryId) {
        let start = self.starts.get(&entry).copied().unwrap_or(0);
        (start + u64::from(atom), entry)
    }

    /// Whether whoever said the one had seen the other.
    pub(super) fn had_seen(&self, one: Name, other: Name) -> bool {
        let mut open = vec![one.0];
        let mut reached = BTreeSet::new();
        while let Some(entry) = open.pop() {
            if entry == other.0 {
                return true;
            }
            if reached.insert(entry) {
                open.extend(self.deps.get(&entry).into_iter().flatten());
            }
        }
        false
    }
}
