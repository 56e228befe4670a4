//! Drafts: from edits by key and index to intents.
//!
//! A draft reads the document that its author sees, and looks at nothing else: it asks Automerge
//! for nothing, takes no time and signs nothing. Whether the author may write is asked elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use crate::id::{DeviceId, DocumentId, EntryId};
use crate::intent::{AtomRef, Content, EntryRef, Intent, Intents, ObjectType};
use crate::limits;

use super::atom::AtomId;
use super::diff;
use super::resolve::Invalid;
use super::{Body, Document, DocumentEntry, InspectError};

/// An object to draft into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Handle {
    /// The document's root map.
    Root,
    /// An object that the document holds, by the atom that made it.
    Held(AtomId),
    /// An object that the draft itself makes.
    Drafted(Drafted),
}

impl From<AtomId> for Handle {
    fn from(atom: AtomId) -> Self {
        Self::Held(atom)
    }
}

/// An object that a draft makes; it means nothing to any other draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Drafted(u32);

/// Why something could not be drafted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DraftError {
    /// The document holds no such object, or it is of another type.
    #[error("there is no such object, or it has another type")]
    Object,
    /// A position lies behind the end.
    #[error("position {index} lies behind the end, which is at {length}")]
    Index {
        /// The position.
        index: usize,
        /// The length of the list or text.
        length: usize,
    },
    /// More concurrent writing than one entry can name.
    #[error("the draft refers to more entries than one entry can name")]
    Deps,
    /// What was drafted breaks a limit, or writes a cell twice.
    #[error("what was drafted does not fit in an entry")]
    Invalid(#[from] Invalid),
}

/// What a draft comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// For the header: the document's heads that the author has, ascending.
    pub deps: Vec<EntryId>,
    /// For the header: the number of atoms.
    pub atoms: u32,
    /// The payload.
    pub intents: Intents,
}

/// An element of a list or a character, held or drafted. While drafting, the entry of an
/// [`AtomRef`] is 0 for the draft itself and otherwise one more than a position in `named`.
#[derive(Clone, Copy)]
struct Seat {
    atom: AtomRef,
    character: char,
}

/// A change being drafted.
pub struct Draft<'a> {
    document: Option<&'a Document>,
    named: Vec<EntryId>,
    intents: Vec<Intent>,
    atoms: u32,
    /// Types of the objects made here.
    made: BTreeMap<Drafted, ObjectType>,
    /// Lists and texts that were edited, as they stand with the draft.
    seats: BTreeMap<Handle, Vec<Seat>>,
}

impl<'a> Draft<'a> {
    /// Begins a draft that creates a document.
    pub fn creation() -> Self {
        Self::begin(None)
    }

    /// Begins a draft that changes a document.
    pub fn change(document: &'a Document) -> Self {
        Self::begin(Some(document))
    }

    fn begin(document: Option<&'a Document>) -> Self {
        Self {
            document,
            named: Vec::new(),
            intents: Vec::new(),
            atoms: 0,
            made: BTreeMap::new(),
            seats: BTreeMap::new(),
        }
    }

    /// Tells whether nothing was drafted.
    pub fn is_empty(&self) -> bool {
        self.intents.is_empty()
    }

    /// Sets a map key. For a new object the handle comes back.
    ///
    /// # Errors
    ///
    /// [`DraftError::Object`] when the object is no map of the document; so in all that follows.
    pub fn put(&mut self, object: Handle, key: &str, scalar: Scalar) -> Result<(), DraftError> {
        let object = self.target(object, &[ObjectType::Map])?;
        let (key, content) = (key.to_owned(), Content::Scalar(scalar));
        self.push(Intent::Put { object, key, content });
        Ok(())
    }

    /// Removes a map key.
    ///
    /// # Errors
    ///
    /// [`DraftError::Object`].
    pub fn delete(&mut self, object: Handle, key: &str) -> Result<(), DraftError> {
        let object = self.expect(object, &[ObjectType::Map])?;
        let key = key.to_owned();
        self.push(Intent::Delete { object, key });
        Ok(())
    }

    /// Adds to a counter under a map key.
    ///
    /// # Errors
    ///
    /// [`DraftError::Object`].
    pub fn increment(&mut self, object: Handle, key: &str, by: i64) -> Result<(), DraftError> {
        let object = self.expect(object, &[ObjectType::Map])?;
        let key = key.to_owned();
        self.push(Intent::Increment { object, key, by });
        Ok(())
    }

    /// Inserts an element into a list. For a new object its handle comes back.
    ///
    /// # Errors
    ///
    /// [`DraftError::Object`] or [`DraftError::Index`].
    pub fn insert(
        &mut self,
        object: Handle,
        index: usize,
        content: Content,
    ) -> Result<Handle, DraftError> {
        let list = self.expect_sequence(object, &[ObjectType::List])?;
        let after = self.before(object, index)?;
        let made = self.handle(&content);
        let seat = self.own_seat(self.atoms, '\0');
        self.seats_of(object).insert(index, seat);
        self.push(Intent::Insert {
            object: list,
            after,
            content,
        });
        Ok(made)
    }

    /// Appends an element to a list. For a new object its handle comes back.
    ///
    /// # Errors
    ///
    /// [`DraftError::Object`].
    pub fn append(&mut self, object: Handle, content: Content) -> Result<Handle, DraftError> {
        self.expect_sequence(object, &[ObjectType::List])?;
        let end = self.seats_of(object).len();
        self.insert(object, end, content)
    }

    /// Overwrites an element of a list. For a new object its handle comes back.
    ///
    /// # Errors
    ///
    /// [`DraftError::Object`] or [`DraftError::Index`].
    pub fn put_element(
        &mut self,
        object: Handle,
        index: usize,
        content: Content,
    ) -> Result<Handle, DraftError> {
        let list = self.expect_sequence(object, &[ObjectType::List])?;
        let element = self.seat(object, index)?;
        let made = self.handle(&content);
        self.push(Intent::PutElement {
            object: list,
            element,
            content,
        });
        Ok(made)
    }

    /// Adds to a counter in a list.
    ///
    /// # Errors
    ///
    /// [`DraftError::Object`] or [`DraftError::Index`].
    pub fn increment_element(
        &mut self,
        object: Handle,
        index: usize,
        by: i64,
    ) -> Result<(), DraftError> {
        let list = self.expect_sequence(object, &[ObjectType::List])?;
        let element = self.seat(object, index)?;
        self.push(Intent::IncrementElement {
            object: list,
            element,
            by,
        });
        Ok(())
    }

    /// Removes elements of a list.
    ///
    /// # Errors
    ///
    /// [`DraftError::Object`] or [`DraftError::Index`].
    pub fn remove(
        &mut self,
        object: Handle,
        index: usize,
        count: usize,
    ) -> Result<(), DraftError> {
        let list = self.expect_sequence(object, &[ObjectType::List])?;
        self.delete_runs(object, list, index, count)
    }

    /// Replaces characters of a text; positions and counts are in Unicode scalar values.
    ///
    /// # Errors
    ///
    /// [`DraftError::Object`] or [`DraftError::Index`].
    pub fn splice_text(
        &mut self,
        object: Handle,
        index: usize,
        delete: usize,
        text: &str,
    ) -> Result<(), DraftError> {
        let target = self.expect_sequence(object, &[ObjectType::Text])?;
        self.delete_runs(object, target, index, delete)?;
        if text.is_empty() {
            return Ok(());
        }
        let after = self.before(object, index)?;
        let mut seats = Vec::new();
        for (character, atom) in text.chars().zip(self.atoms..) {
            seats.push(self.own_seat(atom, character));
        }
        let added = u32::try_from(seats.len()).unwrap_or(u32::MAX);
        self.seats_of(object).splice(index..index, seats);
        if let Some(Intent::Splice {
            object: last_object,
            text: last_text,
            ..
        }) = self.intents.last_mut()
            && *last_object == target
            && after == self.atoms.checked_sub(1).map(own_atom)
        {
            last_text.push_str(text);
            self.atoms = self.atoms.saturating_add(added);
        } else {
            self.push(Intent::Splice {
                object: target,
                after,
                text: text.to_owned(),
            });
        }
        Ok(())
    }

    /// Makes a text read as `new`, by a few edits that merge well with what others write.
    ///
    /// Returns whether all of it fits in this entry. If not, as much as fits is drafted; once that
    /// is written, another draft takes the next part.
    ///
    /// # Errors
    ///
    /// [`DraftError::Object`].
    pub fn replace_text(&mut self, object: Handle, new: &str) -> Result<bool, DraftError> {
        self.expect_sequence(object, &[ObjectType::Text])?;
        let old: Vec<char> = self.seats_of(object).iter().map(|seat| seat.character).collect();
        let new: Vec<char> = new.chars().collect();
        let mut length = old.len();
        for edit in diff::edits(&old, &new) {
            // Edits before this one moved its place.
            let at = edit.old + length - old.len();
            for _ in 0..edit.removed {
                if self.room() == 0 {
                    return Ok(false);
                }
                self.splice_text(object, at, 1, "")?;
                length -= 1;
            }
            let fitting = edit.added.min(self.room());
            let text: String = new[edit.new..][..fitting].iter().collect();
            self.splice_text(object, at, 0, &text)?;
            length += fitting;
            if fitting < edit.added {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Ends the draft. `previous` is the author's previous entry in the document; it becomes part
    /// of the past in any case.
    ///
    /// # Errors
    ///
    /// [`DraftError::Deps`] when more entries are named than fit, [`DraftError::Invalid`] when
    /// something else breaks a limit.
    pub fn finish(self, previous: Option<EntryId>) -> Result<Finished, DraftError> {
        let none = Document::new(DocumentId::default());
        let document = self.document.unwrap_or(&none);
        let deps = match self.document {
            Some(document) => deps(document, &self.named, previous)?,
            None => Vec::new(),
        };
        let creating = EntryId::from(document.id());
        let indirect = self.named.iter().copied().collect::<BTreeSet<EntryId>>();
        let references: Vec<EntryId> = indirect
            .into_iter()
            .filter(|id| *id != creating && deps.binary_search(id).is_err())
            .collect();
        let place = |id: &EntryId| -> usize {
            match (deps.binary_search(id), references.binary_search(id)) {
                _ if *id == creating => 1,
                (Ok(dep), _) => 2 + dep,
                (_, Ok(reference) | Err(reference)) => 2 + deps.len() + reference,
            }
        };
        let places: Vec<usize> = self.named.iter().map(place).collect();
        let mut intents = self.intents;
        for reference in intents.iter_mut().flat_map(references_of) {
            if let Some(named) = reference.entry.0.checked_sub(1) {
                let place = places[named as usize];
                reference.entry =
                    EntryRef(u32::try_from(place).expect("drafted references are bounded"));
            }
        }
        let entry = DocumentEntry {
            id: creating,
            device: DeviceId::default(),
            previous,
            deps,
            time_ms: 0,
            atoms: self.atoms,
            body: Body::Intents(Intents {
                references,
                intents,
            }),
        };
        document.check(&entry)?;
        let Body::Intents(intents) = entry.body else {
            unreachable!("the body was made of intents");
        };
        Ok(Finished {
            deps: entry.deps,
            atoms: entry.atoms,
            intents,
        })
    }

    /// Returns how many more atoms fit, as far as that can be told before the draft ends.
    fn room(&self) -> usize {
        if self.intents.len() >= limits::INTENTS_MAX || self.named.len() >= limits::REFERENCES_MAX {
            return 0;
        }
        limits::ATOMS_MAX.saturating_sub(self.atoms) as usize
    }

    fn push(&mut self, intent: Intent) {
        let atoms = u32::try_from(intent.atoms()).unwrap_or(u32::MAX);
        self.atoms = self.atoms.saturating_add(atoms);
        self.intents.push(intent);
    }

    /// Returns the handle of an object that the next atom makes; the root's for a scalar, under
    /// which nobody looks.
    fn handle(&mut self, content: &Content) -> Handle {
        match content {
            Content::Scalar(_) => Handle::Root,
            Content::Object(kind) => {
                let made = Drafted(self.atoms);
                self.made.insert(made, *kind);
                Handle::Drafted(made)
            }
        }
    }
}
