//! History of a document, and putting back what somebody deleted.

use protocol::api::Answer;
use protocol::id::{DocumentId, EntryId};
use protocol::{kind, projection};

use super::Outcome;
use crate::core::worker::Worker;
use crate::refusal::Refusal;

/// Changes that one history tells: the newest.
const CHANGES_MAX: usize = 2_000;
/// Entries that one restoration is written in: what one entry deleted fits in one, unless others
/// wrote in the midst of it.
const RESTORING_ENTRIES_MAX: usize = 32;

impl Worker {
    pub(super) fn history(&mut self, document: DocumentId) -> Outcome {
        let Some(read) = self.read(document)? else {
            return Ok(Err(Refusal::NoDocument));
        };
        let kinds = self.parts.replica.kinds();
        let history = projection::history(
            kinds,
            &read,
            CHANGES_MAX,
            self.reader(),
            crate::core::now_ms(),
            |member| self.member_ref(member),
        );
        Ok(Ok(Answer::History(Box::new(history))))
    }

    pub(super) fn restore(&mut self, document: DocumentId, entry: EntryId) -> Outcome {
        let mut written = None;
        for _ in 0..RESTORING_ENTRIES_MAX {
            let changed = self.change_as(document, |change| {
                if change.read.document.entry(&entry).is_none() {
                    return Ok(Err(Refusal::NoEntry));
                }
                Ok(Ok(kind::restore(
                    change.kinds,
                    change.read.kind,
                    &change.read.document,
                    entry,
                    change.editor,
                    |entry| change.read.owner_of(entry),
                    change.previous,
                )))
            })?;
            match changed {
                Ok(Some(changed)) => {
                    written.get_or_insert(changed.id);
                }
                Ok(None) => break,
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        let id = written.unwrap_or(document.into());
        self.edited(document, id, Vec::new(), None)
    }
}
