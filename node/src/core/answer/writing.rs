//! Documents as they are written: posting and editing.
//!
//! A long text goes out in several entries; whether a draft is acceptable is the kind's to say.

use std::collections::BTreeMap;

use protocol::api::{Answer, Draft};
use protocol::document::Document;
use protocol::id::{DeviceId, DocumentId, EntryId};
use protocol::kind::{self, DraftError, Drafted, Fault, Kinds, Shape, Warning};
use protocol::replica::{Body, ReadDocument};
use serde_json::Value;
use tui::language::Language;

use super::Outcome;
use crate::core::worker::{Worker, WorkerError};
use crate::refusal::{self, Refusal};
use crate::store::Alongside;

/// New values by field name.
pub(super) type Fields = BTreeMap<String, Value>;

/// Own entries since a base that are looked at for what an edit says already.
const OWN_SINCE_MAX: usize = 8;

/// One change that was written.
pub(in crate::core) struct Changed {
    /// The entry.
    pub(super) id: EntryId,
    warnings: Vec<Warning>,
    rest: Fields,
}

/// What a change is drafted from.
pub(super) struct Change<'a> {
    pub(super) kinds: &'a Kinds,
    pub(super) read: &'a ReadDocument,
    pub(super) editor: &'a kind::Editor<'a>,
    /// The own device, and its last entry in the document.
    pub(super) device: DeviceId,
    pub(super) previous: Option<EntryId>,
}

/// A drafted change, none when nothing is to be changed, or why there is none.
pub(super) type DraftedChange = Result<Result<Option<Drafted>, DraftError>, Refusal>;

impl Worker {
    pub(super) fn post(&mut self, draft: &Draft, language: Language) -> Outcome {
        // What stands aside is written by the node alone.
        let kinds = self.parts.replica.kinds();
        if kinds.by_name(&draft.kind).is_some_and(|kind| kind.aside) {
            let known = kinds.posted().map(|kind| kind.name).collect();
            return Ok(Err(Refusal::Draft(DraftError {
                field: "kind".to_owned(),
                fault: Fault::Kind { known },
            })));
        }
        let mut posted = self.create(draft, language)?;
        if let Ok(Answer::Written { id, warnings, .. }) = &mut posted
            && draft.kind == "request"
        {
            let likely = self.likely_duplicates((*id).into())?;
            warnings.extend(told(language, &likely));
        }
        Ok(posted)
    }

    /// Writes a new document, of whatever kind.
    pub(super) fn create(&mut self, draft: &Draft, language: Language) -> Outcome {
        let Some(member) = self.parts.replica.member() else {
            return Ok(Err(Refusal::RelayWrites));
        };
        let standing = self.parts.replica.roster().standing_now(&member);
        let editor = kind::Editor {
            member,
            standing: standing.as_ref(),
            time_ms: crate::core::now_ms(),
            creates: true,
        };
        if standing.is_none() {
            return Ok(Err(Refusal::Pending));
        }
        let drafted = match kind::create(self.parts.replica.kinds(), draft, &editor) {
            Ok(drafted) => drafted,
            Err(error) => return Ok(Err(Refusal::Draft(error))),
        };
        let body = Body::Creation {
            kind: drafted.kind,
            intents: drafted.finished.intents,
        };
        match self.append(&body, &Alongside::default())? {
            Ok(id) => {
                let written = Answer::Written {
                    id,
                    warnings: told(language, &drafted.warnings),
                    heads: Vec::new(),
                    texts: BTreeMap::new(),
                };
                self.write_rest(id.into(), drafted.rest, written)
            }
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// A long text goes out in several entries: whatever is left is written as further changes.
    pub(super) fn write_rest(
        &mut self,
        document: DocumentId,
        mut rest: Fields,
        answer: Answer,
    ) -> Outcome {
        while !rest.is_empty() {
            match self.change(document, &rest, &[], &[])? {
                Ok(Some(drafted)) => rest = drafted.rest,
                Ok(None) => break,
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        Ok(Ok(answer))
    }

    pub(super) fn edit(
        &mut self,
        document: DocumentId,
        fields: &Fields,
        base: &[EntryId],
        language: Language,
    ) -> Outcome {
        if let Some(refusal) = self.object_to_noting(document, fields)? {
            return Ok(Err(refusal));
        }
        let mut written = Vec::new();
        let mut warnings = Vec::new();
        let mut rest = fields.clone();
        while !rest.is_empty() {
            match self.change(document, &rest, base, &written)? {
                Ok(Some(changed)) => {
                    if written.is_empty() {
                        warnings = changed.warnings;
                    }
                    written.push(changed.id);
                    rest = changed.rest;
                }
                Ok(None) => break,
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        let id = written.first().copied().unwrap_or(document.into());
        let warnings = told(language, &warnings);
        self.edited(document, id, warnings, Some(fields))
    }

    /// Answers an edit with the document's heads, and its collaborative text as far as it was
    /// edited, or all of it.
    pub(super) fn edited(
        &mut self,
        document: DocumentId,
        id: EntryId,
        warnings: Vec<String>,
        edited: Option<&Fields>,
    ) -> Outcome {
        self.project_now(document)?;
        let mut heads = Vec::new();
        let mut texts = BTreeMap::new();
        if let Some(row) = self.parts.store.view(document)? {
            let view = self.whole_view_of(&row, crate::core::now_ms())?;
            let kind = self.parts.replica.kinds().by_code(row.kind);
            let fields = kind.map_or(&[][..], |kind| kind.fields);
            for field in fields.iter().filter(|field| field.shape == Shape::Markdown) {
                let asked = edited.is_none_or(|edited| edited.contains_key(field.name));
                let text = view.fields.get(field.name).filter(|_| asked);
                if let Some(text) = text.and_then(Value::as_str) {
                    texts.insert(field.name.to_owned(), text.to_owned());
                }
            }
            heads = view.heads;
        }
        Ok(Ok(Answer::Written {
            id,
            warnings,
            heads,
            texts,
        }))
    }

    /// Writes one change of a document; none when it would change nothing. `written` is what was
    /// written of the same edit before.
    pub(in crate::core) fn change(
        &mut self,
        document: DocumentId,
        fields: &Fields,
        base: &[EntryId],
        written: &[EntryId],
    ) -> Result<Result<Option<Changed>, Refusal>, WorkerError> {
        self.change_as(document, |change| {
            let draft = |document: &Document| {
                object(change, document, fields)?;
                kind::edit(
                    change.kinds,
                    change.read.kind,
                    document,
                    fields,
                    change.editor,
                    |entry| change.read.owner_of(entry),
                    change.previous,
                )
            };
            let held = &change.read.document;
            if base.is_empty() {
                return Ok(Ok(draft(held)));
            }
            let Ok(beyond) = held.beyond(base) else {
                return Ok(Err(Refusal::Base));
            };
            if written.is_empty() {
                // An answer may have been lost on its way: what the own device wrote since the
                // base is not written twice.
                let own = beyond.iter().filter(|info| info.device == change.device);
                let mut since = Vec::new();
                for info in own.take(OWN_SINCE_MAX) {
                    since.push(info.id);
                    if let Ok(stood) = held.as_of(base, &since)
                        && let Ok(None) = draft(&stood)
                    {
                        return Ok(Ok(Ok(None)));
                    }
                }
            }
            match held.as_of(base, written) {
                Ok(stood) => Ok(Ok(draft(&stood))),
                Err(_) => Ok(Err(Refusal::Base)),
            }
        })
    }

    /// Writes what is drafted of a document.
    pub(super) fn change_as(
        &mut self,
        document: DocumentId,
        draft: impl FnOnce(&Change<'_>) -> Result<DraftedChange, WorkerError>,
    ) -> Result<Result<Option<Changed>, Refusal>, WorkerError> {
        let Some(member) = self.parts.replica.member() else {
            return Ok(Err(Refusal::RelayWrites));
        };
        let Some(read) = self.read(document)? else {
            return Ok(Err(Refusal::NoDocument));
        };
        let standing = self.parts.replica.roster().standing_now(&member);
        let editor = kind::Editor {
            member,
            standing: standing.as_ref(),
            time_ms: crate::core::now_ms(),
            creates: false,
        };
        if standing.is_none() {
            return Ok(Err(Refusal::Pending));
        }
        if read.full.contains(&member) {
            let kind = self.parts.replica.kinds().by_code(read.kind);
            return Ok(Err(Refusal::Draft(DraftError {
                field: kind.map_or("kind", |kind| kind.name).to_owned(),
                fault: Fault::Full,
            })));
        }
        let device = self.parts.replica.device();
        let drafted = draft(&Change {
            kinds: self.parts.replica.kinds(),
            previous: read.last_of(&device),
            read: &read,
            editor: &editor,
            device,
        })?;
        let drafted = match drafted {
            Ok(Ok(Some(drafted))) => drafted,
            Ok(Ok(None)) => return Ok(Ok(None)),
            Ok(Err(error)) => return Ok(Err(Refusal::Draft(error))),
            Err(refusal) => return Ok(Err(refusal)),
        };
        let body = Body::Change {
            document,
            deps: drafted.finished.deps,
            intents: drafted.finished.intents,
        };
        Ok(self.append(&body, &Alongside::default())?.map(|id| {
            Some(Changed {
                id,
                warnings: drafted.warnings,
                rest: drafted.rest,
            })
        }))
    }
}

/// Keeps the author from facts that would change nothing as the document stands.
fn object(change: &Change<'_>, document: &Document, fields: &Fields) -> Result<(), DraftError> {
    let Some(kind) = change.kinds.by_code(change.read.kind) else {
        return Ok(());
    };
    let value = document.value();
    let facts = change.read.facts(kind, &value);
    kind::object(
        change.kinds,
        change.read.kind,
        &facts,
        fields,
        change.editor,
    )
}

fn told(language: Language, warnings: &[Warning]) -> Vec<String> {
    let told = |warning| refusal::warning(language, warning);
    warnings.iter().map(told).collect()
}
