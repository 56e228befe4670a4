//! Drafts: what a person has begun and not published, kept for the front end as it is given.

use protocol::api::{Answer, BegunDraft, SavedDraft};

use super::Outcome;
use crate::core::worker::{Worker, WorkerError};
use crate::refusal::Refusal;
use crate::store::Draft;

/// Drafts kept: more than anybody goes back to.
const DRAFTS_MAX: usize = 200;
/// Bytes of one draft: a long plan with every character escaped.
const DRAFT_BYTES_MAX: usize = 512 * 1024;
/// Characters of a draft's name.
const ID_CHARS_MAX: usize = 96;

impl Worker {
    pub(super) fn drafts(&mut self) -> Outcome {
        let drafts = self.saved_drafts()?;
        Ok(Ok(Answer::Drafts { drafts }))
    }

    /// Returns everything begun, what changed last first.
    pub(super) fn saved_drafts(&self) -> Result<Vec<SavedDraft>, WorkerError> {
        let drafts = self.parts.store.drafts()?.into_iter();
        // What a later version wrote stays where it is until that version runs again.
        let drafts = drafts.filter_map(|draft| {
            let begun = serde_json::from_str(&draft.json).ok()?;
            Some(SavedDraft {
                id: draft.id,
                changed_ms: draft.changed_ms,
                draft: begun,
            })
        });
        Ok(drafts.collect())
    }

    pub(super) fn put_draft(&mut self, id: String, draft: &BegunDraft) -> Outcome {
        if !is_name(&id) {
            return Ok(Err(Refusal::DraftName));
        }
        let json = serde_json::to_string(draft).expect("strings and numbers are JSON");
        if json.len() > DRAFT_BYTES_MAX {
            return Ok(Err(Refusal::DraftTooLarge {
                bytes_max: DRAFT_BYTES_MAX,
            }));
        }
        let is_new = self.parts.store.draft(&id)?.is_none();
        if is_new && self.parts.store.drafts_total()? >= DRAFTS_MAX as u64 {
            return Ok(Err(Refusal::Drafts { max: DRAFTS_MAX }));
        }
        self.parts.store.put_draft(&Draft {
            id,
            changed_ms: crate::core::now_ms(),
            json,
        })?;
        self.drafts()
    }

    pub(super) fn remove_draft(&mut self, id: &str) -> Outcome {
        if !is_name(id) {
            return Ok(Err(Refusal::DraftName));
        }
        // What is gone already is as it was wanted.
        let _was_there = self.parts.store.remove_draft(id)?;
        self.drafts()
    }
}

/// Tells whether a draft may have this name: it stands in a path.
fn is_name(id: &str) -> bool {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    (1..=ID_CHARS_MAX).contains(&id.len()) && id.chars().all(allowed)
}
