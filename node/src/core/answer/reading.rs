//! Reading: what was read, and how much there is of each kind.

use std::collections::BTreeMap;

use protocol::api::{Answer, Counts, KindCount};
use protocol::id::DocumentId;

use super::Outcome;
use crate::core::worker::{Worker, WorkerError};
use crate::refusal::Refusal;

/// Documents that are marked at once: what a list shows at most.
const MARKED_MAX: usize = 1_000;

impl Worker {
    /// Notes what was read. The answer is what is left.
    pub(super) fn mark_read(&mut self, documents: &[DocumentId], everything: bool) -> Outcome {
        if documents.len() > MARKED_MAX {
            return Ok(Err(Refusal::Marks { max: MARKED_MAX }));
        }
        let now_ms = crate::core::now_ms();
        if everything {
            self.parts.store.put_all_read(now_ms)?;
        }
        let mut shown = Vec::new();
        for document in documents {
            if self.parts.store.view(*document)?.is_some() {
                shown.push(*document);
            }
        }
        if !shown.is_empty() {
            self.parts.store.put_reading_marks(&shown, now_ms)?;
        }
        self.counts()
    }

    /// Notes what is unread again. The answer is what there is to read.
    pub(super) fn mark_unread(&mut self, documents: &[DocumentId]) -> Outcome {
        if documents.len() > MARKED_MAX {
            return Ok(Err(Refusal::Marks { max: MARKED_MAX }));
        }
        self.parts.store.put_unread_again(documents)?;
        self.counts()
    }

    pub(super) fn counts(&mut self) -> Outcome {
        Ok(Ok(Answer::Counts(self.counted()?)))
    }

    fn counted(&self) -> Result<Counts, WorkerError> {
        let kinds = self.parts.replica.kinds();
        let mut by_kind: BTreeMap<u16, KindCount> = BTreeMap::new();
        for kind in kinds.iter().filter(|kind| kind.field("about").is_none()) {
            by_kind.insert(kind.code, none_of(kind.name));
        }
        for count in self.parts.store.view_counts(crate::core::now_ms())? {
            let of_kind = by_kind
                .entry(count.kind)
                .or_insert_with(|| none_of(&kinds.name(count.kind)));
            of_kind.total += count.total;
            of_kind.unread += count.unread;
            of_kind.mine += count.mine;
            let turned = match kinds.by_code(count.kind) {
                Some(kind) => kind.state_at(&count.state, Some(0), 0),
                None => &count.state,
            };
            let standing = (count.state.as_str(), count.total - count.ended);
            for (state, total) in [standing, (turned, count.ended)] {
                if total > 0 && !state.is_empty() {
                    *of_kind.states.entry(state.to_owned()).or_default() += total;
                }
            }
        }
        Ok(Counts {
            kinds: by_kind.into_values().collect(),
            drafts: self.parts.store.drafts_total()?,
        })
    }
}

fn none_of(kind: &str) -> KindCount {
    KindCount {
        kind: kind.to_owned(),
        total: 0,
        unread: 0,
        mine: 0,
        states: BTreeMap::new(),
    }
}
