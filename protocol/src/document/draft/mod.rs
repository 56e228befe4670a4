//! Drafts: from edits by key and index to intents.
//!
//! A draft reads the document that its author sees, and looks at nothing else: it asks Automerge
//! for nothing, takes no time and signs nothing. Whether the author may write is asked elsewhere.

mod diff;
mod names;
mod restore;
mod sequence;

use std::collections::BTreeMap;

use thiserror::Error;

use crate::id::{DeviceId, DocumentId, EntryId};
use crate::intent::{AtomRef, Content, Intent, Intents, ObjectType, Scalar};
use crate::limits;

use super::atom::AtomId;
use super::invalid::Invalid;
use super::{Body, Document, DocumentEntry};
use names::{Names, own_atom};
use sequence::Seat;

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

/// A change being drafted.
pub struct Draft<'a> {
    document: Option<&'a Document>,
    /// Whether the document has more heads than one entry can name.
    crowded: bool,
    names: Names,
    intents: Vec<Intent>,
    atoms: u32,
    /// Types of the objects made here.
    made: BTreeMap<Drafted, ObjectType>,
    /// Lists and texts that were edited, as they stand with the draft.
    edited: BTreeMap<Handle, Vec<Seat>>,
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
            crowded: document.is_some_and(|document| document.heads().len() > limits::DEPS_MAX),
            names: Names::default(),
            intents: Vec::new(),
            atoms: 0,
            made: BTreeMap::new(),
            edited: BTreeMap::new(),
        }
    }

    /// Tells whether nothing was drafted.
    pub fn is_empty(&self) -> bool {
        self.intents.is_empty()
    }

    /// Puts a scalar under a map key.
    ///
    /// # Errors
    ///
    /// [`DraftError::Object`] when the object is no map of the document.
    pub fn put(&mut self, object: Handle, key: &str, scalar: Scalar) -> Result<(), DraftError> {
        self.put_content(object, key, Content::Scalar(scalar))
    }

    /// Puts a new object under a map key.
    ///
    /// # Errors
    ///
    /// [`DraftError::Object`] when the object is no map of the document.
    pub fn put_object(
        &mut self,
        object: Handle,
        key: &str,
        kind: ObjectType,
    ) -> Result<Handle, DraftError> {
        let made = Drafted(self.atoms);
        self.put_content(object, key, Content::Object(kind))?;
        Ok(self.make(made, kind))
    }

    /// Removes a map key.
    ///
    /// # Errors
    ///
    /// [`DraftError::Object`].
    pub fn delete(&mut self, object: Handle, key: &str) -> Result<(), DraftError> {
        let object = self.target(object, &[ObjectType::Map])?;
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
        let object = self.target(object, &[ObjectType::Map])?;
        let key = key.to_owned();
        self.push(Intent::Increment { object, key, by });
        Ok(())
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
            Some(document) => {
                let needed = self.names.entries().iter().chain(&previous);
                deps(document, needed, limits::DEPS_MAX)?
            }
            None => Vec::new(),
        };
        let creating = EntryId::from(document.id());
        let intents = self.names.settle(self.intents, creating, &deps);
        let entry = DocumentEntry {
            id: creating,
            device: DeviceId::default(),
            previous,
            deps,
            time_ms: 0,
            atoms: self.atoms,
            // How many they are is known when it is signed; never more than these.
            bytes: limits::ENTRY_BYTES_MAX as u32,
            body: Body::Intents(intents),
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

    fn push(&mut self, intent: Intent) {
        let atoms = u32::try_from(intent.atoms()).unwrap_or(u32::MAX);
        self.atoms = self.atoms.saturating_add(atoms);
        self.intents.push(intent);
    }

    fn put_content(
        &mut self,
        object: Handle,
        key: &str,
        content: Content,
    ) -> Result<(), DraftError> {
        let object = self.target(object, &[ObjectType::Map])?;
        self.push(Intent::Put {
            object,
            key: key.to_owned(),
            content,
        });
        Ok(())
    }

    fn make(&mut self, made: Drafted, kind: ObjectType) -> Handle {
        self.made.insert(made, kind);
        Handle::Drafted(made)
    }

    /// Finds an object of a fitting type; none is the root.
    fn target(
        &mut self,
        object: Handle,
        fitting: &[ObjectType],
    ) -> Result<Option<AtomRef>, DraftError> {
        let (kind, reference) = match object {
            Handle::Root => (Some(ObjectType::Map), None),
            Handle::Drafted(made) => (self.made.get(&made).copied(), Some(own_atom(made.0))),
            Handle::Held(atom) => {
                let document = self.document.ok_or(DraftError::Object)?;
                let number = document.object_number(atom).ok_or(DraftError::Object)?;
                let kind = document.table.object(number).kind;
                (Some(kind), Some(self.names.refer(atom)))
            }
        };
        match kind {
            Some(kind) if fitting.contains(&kind) => Ok(reference),
            _ => Err(DraftError::Object),
        }
    }
}

/// Chooses deps whose past holds everything needed, ascending.
fn deps<'a>(
    document: &Document,
    needed: impl Iterator<Item = &'a EntryId>,
    most: usize,
) -> Result<Vec<EntryId>, DraftError> {
    let graph = &document.graph;
    let number = |id: &EntryId| graph.number(id);
    let heads = document.heads().iter().filter_map(number).collect();
    let needed: Option<Vec<u32>> = needed.map(number).collect();
    let chosen = graph.choose_deps(heads, &needed.ok_or(DraftError::Deps)?, most);
    let chosen = chosen.ok_or(DraftError::Deps)?;
    let ids = chosen.into_iter().map(|dep| graph.node(dep).id);
    let mut deps: Vec<EntryId> = ids.collect();
    deps.sort();
    Ok(deps)
}
