//! Names of entries in a draft: collected while drafting, and put as the wire wants them at the end.
//!
//! While drafting, the entry of an [`AtomRef`] is 0 for the draft itself and otherwise one more than
//! a position among the names. It deliberately knows no document.

use std::collections::BTreeSet;

use crate::id::EntryId;
use crate::intent::{AtomRef, EntryRef, Intent, Intents};

use crate::document::AtomId;

/// The entries that a draft refers to, in the order of first use.
#[derive(Default)]
pub(super) struct Names {
    named: Vec<EntryId>,
}

impl Names {
    /// Returns the entries.
    pub(super) fn entries(&self) -> &[EntryId] {
        &self.named
    }

    /// Refers to an atom of the document.
    pub(super) fn refer(&mut self, atom: AtomId) -> AtomRef {
        let known = self.named.iter().position(|named| *named == atom.entry);
        let place = known.unwrap_or_else(|| {
            self.named.push(atom.entry);
            self.named.len() - 1
        });
        let place = u32::try_from(place + 1).expect("a draft names far fewer entries");
        AtomRef {
            entry: EntryRef(place),
            atom: atom.atom,
        }
    }

    /// Turns drafted intents into a payload for an entry with these deps, ascending.
    pub(super) fn settle(
        self,
        mut intents: Vec<Intent>,
        creating: EntryId,
        deps: &[EntryId],
    ) -> Intents {
        let distinct: BTreeSet<EntryId> = self.named.iter().copied().collect();
        let far = |id: &EntryId| *id != creating && deps.binary_search(id).is_err();
        let references: Vec<EntryId> = distinct.into_iter().filter(far).collect();
        let place = |id: &EntryId| match (deps.binary_search(id), references.binary_search(id)) {
            _ if *id == creating => 1,
            (Ok(dep), _) => 2 + dep,
            (_, Ok(reference) | Err(reference)) => 2 + deps.len() + reference,
        };
        let places: Vec<usize> = self.named.iter().map(place).collect();
        for reference in intents.iter_mut().flat_map(references_of) {
            if let Some(named) = reference.entry.0.checked_sub(1) {
                let place = u32::try_from(places[named as usize]);
                reference.entry = EntryRef(place.expect("a draft names far fewer entries"));
            }
        }
        Intents {
            references,
            intents,
        }
    }
}

/// Refers to an atom of the draft itself.
pub(super) fn own_atom(atom: u32) -> AtomRef {
    AtomRef {
        entry: EntryRef::SELF,
        atom,
    }
}

fn references_of(intent: &mut Intent) -> Vec<&mut AtomRef> {
    match intent {
        Intent::Put { object, .. }
        | Intent::Delete { object, .. }
        | Intent::Increment { object, .. } => object.iter_mut().collect(),
        Intent::Insert { object, after, .. } | Intent::Splice { object, after, .. } => {
            std::iter::once(object).chain(after).collect()
        }
        Intent::PutElement {
            object, element, ..
        }
        | Intent::IncrementElement {
            object, element, ..
        } => vec![object, element],
        Intent::DeleteRun { object, first, .. } => vec![object, first],
    }
}
