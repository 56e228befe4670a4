//! Bases: the document as it stood for somebody who had seen less of it.
//!
//! Entries beyond the base stay in the graph, so that drafts may name them, and show and cover
//! nothing. Whether the base was ever on a screen is not asked.

use std::collections::BTreeSet;

use thiserror::Error;

use crate::id::EntryId;

use super::{Document, EntryInfo, Status};

/// The base names an entry that the document does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the base names an entry that is not part of the document")]
pub struct UnknownBase;

impl Document {
    /// Returns the counting entries that lie beyond a base, deps before those that name them.
    ///
    /// # Errors
    ///
    /// [`UnknownBase`]
    pub fn beyond(&self, base: &[EntryId]) -> Result<Vec<EntryInfo>, UnknownBase> {
        let seen = self.graph.past_through(&self.numbers(base)?);
        let beyond = (0..self.graph.len()).filter(|entry| !seen.contains(*entry));
        let beyond = beyond.map(|entry| self.info(entry));
        Ok(beyond
            .filter(|info| info.status == Status::Counts)
            .collect())
    }

    fn numbers(&self, ids: &[EntryId]) -> Result<Vec<u32>, UnknownBase> {
        let numbers = ids.iter().map(|id| self.graph.number(id));
        numbers.collect::<Option<_>>().ok_or(UnknownBase)
    }

    /// Returns the document as it stood where these entries were its heads, with some further
    /// entries but not what these depend on.
    ///
    /// A draft of the result changes what stood there: its deps are the base's heads, and what
    /// others wrote since is concurrent to it.
    ///
    /// # Errors
    ///
    /// [`UnknownBase`]
    pub fn as_of(&self, base: &[EntryId], with: &[EntryId]) -> Result<Self, UnknownBase> {
        let mut seen = self.graph.past_through(&self.numbers(base)?);
        for entry in self.numbers(with)? {
            seen.insert(entry);
        }
        let beyond = (0..self.graph.len()).filter(|entry| {
            !seen.contains(*entry) || self.statuses[*entry as usize] == Status::Excluded
        });
        let beyond: BTreeSet<EntryId> = beyond.map(|entry| self.graph.node(entry).id).collect();
        let mut earlier = self.clone();
        earlier.set_excluded(&beyond);
        Ok(earlier)
    }
}
