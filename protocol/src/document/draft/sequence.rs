//! Drafting into lists and texts: by position, as they stand with what was drafted before.
//!
//! Positions become anchors and runs here. What a position means to a reader is decided in
//! `reading`.

use crate::intent::{AtomRef, Content, Intent, ObjectType, Scalar};
use crate::limits;

use super::names::own_atom;
use super::{Draft, DraftError, Drafted, Handle, deps, diff};
use crate::document::atom::{AtomId, Spot};

/// An element of a list, or a character of a text.
#[derive(Clone, Copy)]
pub(super) struct Seat {
    atom: Seated,
    character: char,
}

#[derive(Clone, Copy)]
enum Seated {
    Held(AtomId),
    Drafted(u32),
}

impl Draft<'_> {
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
                if self.room_at(object, at) == 0 {
                    return Ok(false);
                }
                self.splice_text(object, at, 1, "")?;
                length -= 1;
            }
            if edit.added == 0 {
                continue;
            }
            let room = match at.checked_sub(1) {
                Some(before) => self.room_at(object, before),
                None => self.room(),
            };
            let fitting = edit.added.min(room);
            let text: String = new[edit.new..][..fitting].iter().collect();
            self.splice_text(object, at, 0, &text)?;
            length += fitting;
            if fitting < edit.added {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Returns how many more atoms fit, as far as that can be told before the draft ends.
    fn room(&self) -> usize {
        let names = self.names.entries().len();
        if self.intents.len() >= limits::INTENTS_MAX || names >= limits::REFERENCES_MAX {
            return 0;
        }
        limits::ATOMS_MAX.saturating_sub(self.atoms) as usize
    }

    /// Returns how many more atoms fit when an element or character is referred to; none when the
    /// entry could not name enough deps for that.
    fn room_at(&mut self, object: Handle, index: usize) -> usize {
        let seat = self.seats(object).get(index).map(|seat| seat.atom);
        if let (true, Some(Seated::Held(atom)), Some(document)) =
            (self.crowded, seat, self.document)
        {
            let needed = self.names.entries().iter().chain([&atom.entry]);
            // One is kept free for the author's previous entry.
            if deps(document, needed, limits::DEPS_MAX - 1).is_err() {
                return 0;
            }
        }
        self.room()
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
            Seated::Held(atom) => self.names.refer(atom),
            Seated::Drafted(atom) => own_atom(atom),
        }
    }
}
