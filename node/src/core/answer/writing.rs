//! Documents as they are written: posting and editing.
//!
//! A long text goes out in several entries; whether a draft is acceptable is the kind's to say.

use std::collections::BTreeMap;

use protocol::api::{Answer, Draft, Refusal};
use protocol::id::{DocumentId, EntryId};
use protocol::kind::{self, DraftError};
use protocol::replica::Body;
use serde_json::Value;

use super::{Outcome, invalid, not_allowed, not_found, pending};
use crate::core::worker::{Worker, WorkerError};
use crate::store::Alongside;

/// New values by field name.
type Fields = BTreeMap<String, Value>;

/// One change that was written.
struct Changed {
    id: EntryId,
    warnings: Vec<String>,
    rest: Fields,
}

impl Worker {
    pub(super) fn post(&mut self, draft: &Draft) -> Outcome {
        let Some(member) = self.parts.replica.member() else {
            return Ok(Err(not_allowed("A relay writes no documents.")));
        };
        let standing = self.parts.replica.roster().standing_now(&member);
        let editor = kind::Editor {
            member,
            standing: standing.as_ref(),
            time_ms: crate::core::now_ms(),
            creates: true,
        };
        if standing.is_none() {
            return Ok(Err(pending()));
        }
        let drafted = match kind::create(self.parts.replica.kinds(), draft, &editor) {
            Ok(drafted) => drafted,
            Err(error) => return Ok(Err(draft_refusal(&error))),
        };
        let warnings = drafted.warnings.iter().map(ToString::to_string).collect();
        let body = Body::Creation {
            kind: drafted.kind,
            intents: drafted.finished.intents,
        };
        match self.append(&body, &Alongside::default())? {
            Ok(id) => {
                let written = Answer::Written { id, warnings };
                self.write_rest(id.into(), drafted.rest, written)
            }
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// A long text goes out in several entries: whatever is left is written as further changes.
    fn write_rest(&mut self, document: DocumentId, mut rest: Fields, written: Answer) -> Outcome {
        while !rest.is_empty() {
            match self.change(document, &rest)? {
                Ok(Some(drafted)) => rest = drafted.rest,
                Ok(None) => break,
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        Ok(Ok(written))
    }

    pub(super) fn edit(&mut self, document: DocumentId, fields: &Fields) -> Outcome {
        match self.change(document, fields)? {
            Ok(Some(changed)) => {
                let written = Answer::Written {
                    id: changed.id,
                    warnings: changed.warnings,
                };
                self.write_rest(document, changed.rest, written)
            }
            Ok(None) => Ok(Ok(Answer::Written {
                id: document.into(),
                warnings: Vec::new(),
            })),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Writes one change of a document; none when it would change nothing.
    fn change(
        &mut self,
        document: DocumentId,
        fields: &Fields,
    ) -> Result<Result<Option<Changed>, Refusal>, WorkerError> {
        let Some(member) = self.parts.replica.member() else {
            return Ok(Err(not_allowed("A relay writes no documents.")));
        };
        let Some(read) = self.read(document)? else {
            return Ok(Err(not_found()));
        };
        let standing = self.parts.replica.roster().standing_now(&member);
        let editor = kind::Editor {
            member,
            standing: standing.as_ref(),
            time_ms: crate::core::now_ms(),
            creates: false,
        };
        if standing.is_none() {
            return Ok(Err(pending()));
        }
        let own = self.parts.replica.device();
        let owner = |entry: EntryId| read.authors.get(&entry).and_then(|author| author.member);
        let drafted = kind::edit(
            self.parts.replica.kinds(),
            read.kind,
            &read.document,
            fields,
            &editor,
            owner,
            read.last_of(&own),
        );
        let drafted = match drafted {
            Ok(Some(drafted)) => drafted,
            Ok(None) => return Ok(Ok(None)),
            Err(error) => return Ok(Err(draft_refusal(&error))),
        };
        let warnings = drafted.warnings.iter().map(ToString::to_string).collect();
        let body = Body::Change {
            document,
            deps: drafted.finished.deps,
            intents: drafted.finished.intents,
        };
        Ok(self.append(&body, &Alongside::default())?.map(|id| {
            Some(Changed {
                id,
                warnings,
                rest: drafted.rest,
            })
        }))
    }
}

fn draft_refusal(error: &DraftError) -> Refusal {
    invalid(&error.field, error.to_string())
}
