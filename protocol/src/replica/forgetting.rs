//! Forgetting: payloads of retired documents are dropped, and those that a retirement dropped
//! wrongly are asked for again (rule R18).
//!
//! What a retired document said is dropped here as soon as its retirement counts, and is not kept
//! where it arrives later. Headers stay. Whether a retirement counts is the roster's to say; what
//! a document shows never depends on whether its payloads were dropped already.

use std::collections::{BTreeMap, BTreeSet};

use crate::entry::Subject;
use crate::id::{DocumentId, EntryId, MemberId};
use crate::storage::{Storage, StorageError, StoredEntry};
use crate::switches::Rule;

use super::{Received, Replica};

/// Documents that are looked at for one batch: as many as one transaction should hold.
const DOCUMENTS_AT_ONCE: usize = 64;

/// What is left to forget.
#[derive(Debug, Default)]
pub(super) struct Forgetting {
    /// Documents whose retirements may have begun or ceased to count.
    due: BTreeSet<DocumentId>,
    /// Who created documents that were retired, as far as their creations are held.
    creators: BTreeMap<DocumentId, Option<MemberId>>,
}

impl Forgetting {
    pub(super) fn look_at(&mut self, documents: impl IntoIterator<Item = DocumentId>) {
        self.due.extend(documents);
    }
}

impl Replica {
    /// Tells whether [`Replica::forget`] has something to look at.
    pub fn has_to_forget(&self) -> bool {
        !self.forgetting.due.is_empty()
    }

    /// Looks at some of the documents whose retirements may have begun or ceased to count: the
    /// batch drops what those said that are retired. What others lack is asked for again.
    ///
    /// The owner calls it after a batch was committed and after [`Replica::open`], as long as
    /// [`Replica::has_to_forget`] says so. A crash forgets nothing: everything is looked at again
    /// after the next start.
    ///
    /// # Errors
    ///
    /// [`StorageError`] when the storage cannot be read; then this replica must be given up and
    /// opened anew.
    pub fn forget<S: Storage>(&mut self, storage: &S) -> Result<Received, StorageError> {
        let mut received = Received::default();
        for _ in 0..DOCUMENTS_AT_ONCE {
            let Some(document) = self.forgetting.due.pop_first() else {
                break;
            };
            let mut lacking = Vec::new();
            let mut says_something = false;
            storage.each_document_entry(document, &mut |row| match row.entry.payload {
                None => lacking.push(row.entry),
                Some(_) => says_something = true,
            })?;
            if !self.is_retired(storage, document, &[])? {
                for entry in &lacking {
                    self.note_lacking(entry);
                }
                continue;
            }
            for entry in &lacking {
                self.lacking.remove(&entry.id);
            }
            if says_something {
                received.batch.erased.push(document);
                received.documents.insert(document);
            }
        }
        Ok(received)
    }

    /// Takes back what [`Replica::forget`] returned and could not be made durable yet.
    pub fn forget_later(&mut self, forgotten: &Received) {
        let documents = forgotten.batch.erased.iter().copied();
        self.forgetting.look_at(documents);
    }

    /// Drops what newly attached entries of retired documents say, before it is stored. Of an entry
    /// that came without and whose document is not retired, somebody else has to be asked.
    pub(super) fn forget_arrivals<S: Storage>(
        &mut self,
        storage: &S,
        arrived: &mut [StoredEntry],
    ) -> Result<(), StorageError> {
        for number in 0..arrived.len() {
            let entry = &arrived[number].entry;
            let Some(document) = entry.document() else {
                continue;
            };
            if self.is_retired(storage, document, arrived)? {
                arrived[number].entry.payload = None;
            } else if entry.payload.is_none() {
                self.note_lacking(&arrived[number].entry);
            }
            let entry = &arrived[number].entry;
            // Its author may have retired it, which nobody could tell without the creation.
            if matches!(entry.header.subject, Subject::Creation { .. })
                && self.roster.names_retired(&document)
            {
                self.forgetting.due.insert(document);
            }
        }
        Ok(())
    }

    /// Tells whether a document is retired, as far as it is known who created it. Nothing is read
    /// for one that nobody retired.
    fn is_retired<S: Storage>(
        &mut self,
        storage: &S,
        document: DocumentId,
        arrived: &[StoredEntry],
    ) -> Result<bool, StorageError> {
        if !self.roster.names_retired(&document) || !self.holds(Rule::R18) {
            return Ok(false);
        }
        let creator = self.creator_of(storage, document, arrived)?;
        Ok(!self.roster.retirements(&document, creator).is_empty())
    }

    fn creator_of<S: Storage>(
        &mut self,
        storage: &S,
        document: DocumentId,
        arrived: &[StoredEntry],
    ) -> Result<Option<MemberId>, StorageError> {
        if let Some(creator) = self.forgetting.creators.get(&document) {
            return Ok(*creator);
        }
        let id = EntryId::from(document);
        let held = match arrived.iter().find(|row| row.entry.id == id) {
            Some(row) => Some(row.entry.header.clone()),
            None => storage.entry(&id)?.map(|row| row.entry.header),
        };
        match held {
            Some(header) if matches!(header.subject, Subject::Creation { .. }) => {
                self.forgetting.creators.insert(document, header.member);
                Ok(header.member)
            }
            _ => Ok(None),
        }
    }
}
