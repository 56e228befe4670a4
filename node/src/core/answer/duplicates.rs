//! Likely duplicates: a new request beside earlier ones of the same household, of one category and
//! for the same time. They are suggested for merging; nobody is kept from asking twice.

use protocol::id::DocumentId;
use protocol::kind::Warning;

use crate::core::worker::{Worker, WorkerError};
use crate::store::{Filter, Order};

/// Earlier requests that are looked at.
const LOOKED_AT_MAX: usize = 100;
/// Likely duplicates that are told.
const TOLD_MAX: usize = 3;

impl Worker {
    /// Returns earlier requests of the own household that seem to ask for the same as a new one.
    pub(super) fn likely_duplicates(
        &mut self,
        new: DocumentId,
    ) -> Result<Vec<Warning>, WorkerError> {
        self.project_now(new)?;
        let now_ms = crate::core::now_ms();
        let Some(row) = self.parts.store.view(new)?.filter(|row| !row.hidden) else {
            return Ok(Vec::new());
        };
        let view = self.view_of(&row, now_ms)?;
        let filter = Filter {
            kind: Some(row.kind),
            author: row.author,
            category: row.category.clone(),
            ..Filter::default()
        };
        let order = Order::NewestFirst;
        let rows = self.parts.store.list(&filter, order, None, LOOKED_AT_MAX)?;
        let mut warnings = Vec::new();
        for row in rows.iter().filter(|row| row.document != new) {
            let other = self.view_of(row, now_ms)?;
            if view.seems_to_ask_the_same(&other) && warnings.len() < TOLD_MAX {
                warnings.push(Warning::LikelyDuplicate {
                    of: row.document,
                    title: row.title.clone(),
                });
            }
        }
        Ok(warnings)
    }
}
