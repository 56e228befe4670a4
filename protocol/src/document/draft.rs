//! Drafts: from edits by key and index to intents.
//!
//! A draft reads the document that its author sees, and looks at nothing else: it asks Automerge
//! for nothing, takes no time and signs nothing. Whether the author may write is asked elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use crate::id::{DeviceId, DocumentId, EntryId};
use crate::intent::{AtomRef, Content, EntryRef, Intent, Intents, ObjectType, Scalar};
use crate::limits;

use super::atom::{AtomId, Spot};
use super::diff;
use super::resolve::Invalid;
use super::{Body, Document, DocumentEntry};

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

/// An element of a list, or a character of a text.
#[derive(Clone, Copy)]
struct Seat {
    atom: Seated,
    character: char,
}

#[derive(Clone, Copy)]
enum Seated {
    Held(AtomId),
    Drafted(u32),
}

/// A change being drafted.
pub struct Draft<'a> {
    document: Option<&'a Document>,
    /// Entries that intents refer to. While drafting, the entry of an [`AtomRef`] is 0 for the
    /// draft itself and otherwise one more than a position here.
    named: Vec<EntryId>,
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
            named: Vec::new(),
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

    /// Inserts a scalar into a list.
    ///
    /// # Errors
    ///
    /// [`DraftError::Object`] or [`DraftError::Index`].
    pub fn insert(
        &mut self,
        object: Handle,
        index: usize,
        scalar: Scalar,
    ) -> Result<(), DraftError> {
        self.insert_content(object, index, Content::Scalar(scalar))
    }

    /// Inserts a new object into a list.
    ///
    /// # Errors
    ///
    /// [`DraftError::Object`] or [`DraftError::Index`].
    pub fn insert_object(
        &mut self,
        object: Handle,
        index: usize,
        kind: ObjectType,
    ) -> Result<Handle, DraftError> {
        let made = Drafted(self.atoms);
        self.insert_content(object, index, Content::Object(kind))?;
        Ok(self.make(made, kind))
    }

    /// Appends a new object to a list.
    ///
    /// # Errors
    ///
    /// [`DraftError::Object`].
    pub fn append_object(
        &mut self,
        object: Handle,
        kind: ObjectType,
    ) -> Result<Handle, DraftError> {
        let end = self.length(object)?;
        self.insert_object(object, end, kind)
    }

    /// Returns how many elements or characters a list or text has, with the draft.
    ///
    /// # Errors
    ///
    /// [`DraftError::Object`].
    pub fn length(&mut self, object: Handle) -> Result<usize, DraftError> {
        self.target(object, &[ObjectType::List, ObjectType::Text])?;
        Ok(self.seats(object).len())
    }

    /// Overwrites an element of a list with a scalar.
    ///
    /// # Errors
    ///
    /// [`DraftError::Object`] or [`DraftError::Index`].
    pub fn put_element(
        &mut self,
        object: Handle,
        index: usize,
        scalar: Scalar,
    ) -> Result<(), DraftError> {
        let (list, element) = self.element(object, index)?;
        self.push(Intent::PutElement {
            object: list,
            element,
            content: Content::Scalar(scalar),
        });
        Ok(())
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
        let (list, element) = self.element(object, index)?;
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
    pub fn remove(&mut self, object: Handle, index: usize, count: usize) -> Result<(), DraftError> {
        self.target(object, &[ObjectType::List])?;
        self.delete_runs(object, index, count)
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
        let target = self.target(object, &[ObjectType::Text])?;
        let target = target.ok_or(DraftError::Object)?;
        self.delete_runs(object, index, delete)?;
        if text.is_empty() {
            return Ok(());
        }
        let after = self.before(object, index)?;
        let seats: Vec<Seat> = text
            .chars()
            .zip(self.atoms..)
            .map(|(character, atom)| Seat {
                atom: Seated::Drafted(atom),
                character,
            })
            .collect();
        let added = u32::try_from(seats.len()).unwrap_or(u32::MAX);
        self.seats(object).splice(index..index, seats);
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
        self.target(object, &[ObjectType::Text])?;
        let old: Vec<char> = self
            .seats(object)
            .iter()
            .map(|seat| seat.character)
            .collect();
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

    fn insert_content(
        &mut self,
        object: Handle,
        index: usize,
        content: Content,
    ) -> Result<(), DraftError> {
        let list = self.target(object, &[ObjectType::List])?;
        let after = self.before(object, index)?;
        let seat = Seat {
            atom: Seated::Drafted(self.atoms),
            character: '\0',
        };
        self.seats(object).insert(index, seat);
        self.push(Intent::Insert {
            object: list.ok_or(DraftError::Object)?,
            after,
            content,
        });
        Ok(())
    }

    fn make(&mut self, made: Drafted, kind: ObjectType) -> Handle {
        self.made.insert(made, kind);
        Handle::Drafted(made)
    }

    /// Drafts the removal of elements or characters, with runs packed.
    fn delete_runs(
        &mut self,
        object: Handle,
        index: usize,
        count: usize,
    ) -> Result<(), DraftError> {
        let target = self.target(object, &[ObjectType::List, ObjectType::Text])?;
        let target = target.ok_or(DraftError::Object)?;
        let seats = self.seats(object);
        let length = seats.len();
        let end = index.checked_add(count).filter(|end| *end <= length);
        let end = end.ok_or(DraftError::Index { index, length })?;
        let removed: Vec<Seat> = seats.drain(index..end).collect();
        for Seat { atom, .. } in removed {
            let atom = self.refer(atom);
            self.atoms = self.atoms.saturating_add(1);
            match self.intents.last_mut() {
                Some(Intent::DeleteRun {
                    object,
                    first,
                    count,
                }) if *object == target
                    && first.entry == atom.entry
                    && first.atom.checked_add(*count) == Some(atom.atom) =>
                {
                    *count += 1;
                }
                _ => self.intents.push(Intent::DeleteRun {
                    object: target,
                    first: atom,
                    count: 1,
                }),
            }
        }
        Ok(())
    }

    /// Finds the element after which something goes that is to stand at a position.
    fn before(&mut self, object: Handle, index: usize) -> Result<Option<AtomRef>, DraftError> {
        let seats = self.seats(object);
        let length = seats.len();
        match index.checked_sub(1) {
            None => Ok(None),
            Some(before) => match seats.get(before).map(|seat| seat.atom) {
                Some(seated) => Ok(Some(self.refer(seated))),
                None => Err(DraftError::Index { index, length }),
            },
        }
    }

    fn element(&mut self, object: Handle, index: usize) -> Result<(AtomRef, AtomRef), DraftError> {
        let list = self.target(object, &[ObjectType::List])?;
        let seats = self.seats(object);
        let length = seats.len();
        let seat = seats
            .get(index)
            .ok_or(DraftError::Index { index, length })?;
        let seated = seat.atom;
        Ok((list.ok_or(DraftError::Object)?, self.refer(seated)))
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
                (Some(kind), Some(self.name(atom)))
            }
        };
        match kind {
            Some(kind) if fitting.contains(&kind) => Ok(reference),
            _ => Err(DraftError::Object),
        }
    }

    /// Returns a list's elements or a text's characters, as they stand with the draft.
    fn seats(&mut self, object: Handle) -> &mut Vec<Seat> {
        if !self.edited.contains_key(&object) {
            let seats = self.held_seats(object);
            self.edited.insert(object, seats);
        }
        self.edited.entry(object).or_default()
    }

    fn held_seats(&mut self, object: Handle) -> Vec<Seat> {
        let (Handle::Held(atom), Some(document)) = (object, self.document) else {
            return Vec::new();
        };
        let Some(number) = document.object_number(atom) else {
            return Vec::new();
        };
        let spots: Vec<(Spot, char)> = match document.table.object(number).kind {
            ObjectType::Text => document.characters(number),
            _ => {
                let spots = document.element_order(number).into_iter();
                let filled =
                    spots.filter(|spot| !document.table.values_at_element(*spot).is_empty());
                filled.map(|spot| (spot, '\0')).collect()
            }
        };
        let seats = spots.into_iter().map(|(spot, character)| Seat {
            atom: Seated::Held(document.atom_id(spot)),
            character,
        });
        seats.collect()
    }

    /// Refers to an element.
    fn refer(&mut self, seated: Seated) -> AtomRef {
        match seated {
            Seated::Held(atom) => self.name(atom),
            Seated::Drafted(atom) => own_atom(atom),
        }
    }

    /// Refers to an atom of the document.
    fn name(&mut self, atom: AtomId) -> AtomRef {
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
}

fn own_atom(atom: u32) -> AtomRef {
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

/// Chooses deps whose past holds everything named: the document's heads, or as many as fit, the
/// newest first.
fn deps(
    document: &Document,
    named: &[EntryId],
    previous: Option<EntryId>,
) -> Result<Vec<EntryId>, DraftError> {
    let graph = &document.graph;
    let number = |id: &EntryId| graph.number(id);
    let mut heads: Vec<u32> = document.heads().iter().filter_map(number).collect();
    heads.sort_by_key(|head| std::cmp::Reverse(graph.node(*head).end()));
    let mut chosen: Vec<u32> = Vec::new();
    if heads.len() <= limits::DEPS_MAX {
        chosen.append(&mut heads);
    }
    for needed in named.iter().chain(&previous) {
        let needed = number(needed).ok_or(DraftError::Object)?;
        if graph.past_through(&chosen).contains(needed) {
            continue;
        }
        let covering = heads
            .iter()
            .find(|head| graph.past_through(&[**head]).contains(needed));
        chosen.push(covering.copied().unwrap_or(needed));
    }
    for head in heads {
        if chosen.len() < limits::DEPS_MAX && !graph.past_through(&chosen).contains(head) {
            chosen.push(head);
        }
    }
    if chosen.len() > limits::DEPS_MAX {
        return Err(DraftError::Deps);
    }
    let ids: BTreeSet<EntryId> = chosen.iter().map(|dep| graph.node(*dep).id).collect();
    Ok(ids.into_iter().collect())
}
