//! What makes an entry invalid, and the checks that need nothing but the entry and its place.
//!
//! References are checked where they are looked up, in `resolve`. Nothing here reads what stands in
//! the document.

use std::collections::BTreeSet;

use thiserror::Error;

use crate::intent::Intents;
use crate::limits;

use super::graph::Place;
use super::{Document, DocumentEntry};

/// Why an entry is invalid, now and for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Invalid {
    /// The same dep twice, or too many.
    #[error("deps are named twice or are too many")]
    Deps,
    /// The author's previous entry in the document is not in the past.
    #[error("the author's previous entry is not in the past")]
    Previous,
    /// Atoms, intents or references beyond the limits, or none.
    #[error("{what} break the limits of an entry")]
    Limit {
        /// What breaks them.
        what: &'static str,
    },
    /// The header names another number of atoms than the payload holds.
    #[error("the header names {header} atoms, the payload holds {payload}")]
    AtomCount {
        /// The header's number.
        header: u32,
        /// The payload's.
        payload: u64,
    },
    /// Its author has written too many atoms or bytes into the document before it, or left an own
    /// entry out of a past.
    #[error("this device has written as much as one may into one document")]
    Share,
    /// A reference leads out of the causal past, or to no atom.
    #[error("intent {intent} refers to nothing in the past")]
    Reference {
        /// Position of the intent.
        intent: usize,
    },
    /// A reference leads to an atom that is no object, or to one of the wrong type.
    #[error("intent {intent} does not fit the object that it names")]
    Object {
        /// Position of the intent.
        intent: usize,
    },
    /// A reference leads to an atom that is no element of the list or text.
    #[error("intent {intent} names an element of another object")]
    Element {
        /// Position of the intent.
        intent: usize,
    },
    /// An empty key, one that begins with NUL, or one too long.
    #[error("intent {intent} has a key that cannot be")]
    Key {
        /// Position of the intent.
        intent: usize,
    },
    /// A second put or delete of one cell.
    #[error("intent {intent} writes a cell again")]
    Twice {
        /// Position of the intent.
        intent: usize,
    },
    /// A counter or an increment too large.
    #[error("intent {intent} counts too far")]
    Counter {
        /// Position of the intent.
        intent: usize,
    },
    /// An object too deep.
    #[error("intent {intent} nests too deep")]
    Depth {
        /// Position of the intent.
        intent: usize,
    },
    /// An empty run or an empty splice.
    #[error("intent {intent} does nothing")]
    Empty {
        /// Position of the intent.
        intent: usize,
    },
    /// A judge found that the document's kind does not allow it.
    #[error("the document's kind does not allow it")]
    Judged,
}

/// Checks what stands in the header, and so holds for unreadable entries too.
pub(super) fn check_header(
    document: &Document,
    entry: &DocumentEntry,
    place: &Place,
) -> Result<(), Invalid> {
    let distinct: BTreeSet<u32> = place.deps.iter().copied().collect();
    if distinct.len() != entry.deps.len() || entry.deps.len() > limits::DEPS_MAX {
        return Err(Invalid::Deps);
    }
    if let Some(previous) = &entry.previous {
        let number = document.graph.number(previous);
        if !number.is_some_and(|number| place.past.contains(number)) {
            return Err(Invalid::Previous);
        }
    }
    if entry.atoms == 0 || entry.atoms > limits::ATOMS_MAX {
        return Err(Invalid::Limit { what: "atoms" });
    }
    let own = place.before.with(entry.atoms, entry.bytes);
    if own.atoms > limits::SHARE_ATOMS_MAX || own.bytes > limits::SHARE_BYTES_MAX {
        return Err(Invalid::Share);
    }
    Ok(())
}

pub(super) fn check_size(entry: &DocumentEntry, intents: &Intents) -> Result<(), Invalid> {
    if intents.intents.len() > limits::INTENTS_MAX {
        return Err(Invalid::Limit { what: "intents" });
    }
    if intents.references.len() > limits::REFERENCES_MAX {
        return Err(Invalid::Limit { what: "references" });
    }
    let payload = intents.atoms();
    if payload != u64::from(entry.atoms) {
        return Err(Invalid::AtomCount {
            header: entry.atoms,
            payload,
        });
    }
    Ok(())
}

pub(super) fn check_key(at: usize, key: &str) -> Result<(), Invalid> {
    if key.is_empty() || key.starts_with('\0') || key.len() > limits::KEY_BYTES_MAX {
        return Err(Invalid::Key { intent: at });
    }
    Ok(())
}

pub(super) fn check_counter(at: usize, value: i64) -> Result<(), Invalid> {
    if (-limits::COUNTER_ABS_MAX..=limits::COUNTER_ABS_MAX).contains(&value) {
        Ok(())
    } else {
        Err(Invalid::Counter { intent: at })
    }
}
