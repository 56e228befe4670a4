//! Restoring: characters that an entry deleted from a text, inserted anew where they stood.
//!
//! A character that is gone stays an anchor, so what is put back stands exactly there, whatever was
//! written around it since. Who may do so is asked elsewhere.

use crate::id::EntryId;
use crate::intent::Intent;
use crate::limits;

use super::{Draft, DraftError, Handle};
use crate::document::Document;
use crate::document::atom::{ObjectNumber, Spot};

/// Characters that stood beside each other with nothing visible between them.
#[derive(Default)]
struct Gap {
    anchor: Option<Spot>,
    text: String,
}

impl Draft<'_> {
    /// Puts back what an entry deleted from texts, unless it was put back already and stands.
    ///
    /// Returns whether all of it fits in this entry. If not, once that is written, another draft
    /// takes the next part.
    ///
    /// # Errors
    ///
    /// [`DraftError::Object`] when the document does not hold the entry.
    pub fn restore(&mut self, entry: EntryId) -> Result<bool, DraftError> {
        let document = self.document.ok_or(DraftError::Object)?;
        let number = document.graph.number(&entry).ok_or(DraftError::Object)?;
        for (text, deleted) in document.deleted_by(entry) {
            let made = document.table.object(text).made.ok_or(DraftError::Object)?;
            let made = document.atom_id(made);
            for gap in document.gaps(text, number, |element| deleted.contains(&element)) {
                let Some(anchor) = gap.anchor else {
                    continue;
                };
                let atoms = gap.text.chars().count();
                let names = self.names.entries().len();
                let full = self.intents.len() >= limits::INTENTS_MAX
                    || names + 2 > limits::REFERENCES_MAX
                    || self.atoms as usize + atoms > limits::ATOMS_MAX as usize;
                if full {
                    return Ok(false);
                }
                let object = self.target(Handle::Held(made), &[crate::intent::ObjectType::Text])?;
                let after = self.names.refer(document.atom_id(anchor));
                self.push(Intent::Splice {
                    object: object.ok_or(DraftError::Object)?,
                    after: Some(after),
                    text: gap.text,
                });
            }
        }
        Ok(true)
    }
}

impl Document {
    /// Returns the gaps that were left in a text by what an entry deleted, without those that were
    /// filled again.
    fn gaps(&self, text: ObjectNumber, by: u32, deleted: impl Fn(Spot) -> bool) -> Vec<Gap> {
        let order = self.element_order(text);
        let mut gaps = Vec::new();
        let mut gap = Gap::default();
        for (place, element) in order.iter().enumerate() {
            if self.table.shows(*element) {
                let whole = std::mem::take(&mut gap);
                if !self.is_filled(&whole, by, &order[place..]) {
                    gaps.push(whole);
                }
            } else if deleted(*element)
                && let Some(character) = self.character(*element)
            {
                gap.anchor = Some(*element);
                gap.text.push(character);
            }
        }
        gaps.push(gap);
        gaps
    }

    /// Tells whether what follows a gap is what stood there, written anew by somebody who knew
    /// that it was gone.
    fn is_filled(&self, gap: &Gap, by: u32, rest: &[Spot]) -> bool {
        let Some(first) = rest.first() else {
            return false;
        };
        let mut standing = rest.iter().filter(|element| self.table.shows(**element));
        self.anchor(*first) == gap.anchor
            && gap.text.chars().all(|character| {
                standing.next().is_some_and(|element| {
                    self.character(*element) == Some(character)
                        && self.graph.precedes(by, element.entry)
                })
            })
    }
}
