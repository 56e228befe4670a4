//! Likely duplicates: a new request beside earlier ones of the same household, of one category and
//! for the same time. They are suggested for merging; nobody is kept from asking twice.

use protocol::api::DocumentView;
use protocol::id::DocumentId;
use protocol::kind::Warning;
use serde_json::Value;

use crate::core::worker::{Worker, WorkerError};
use crate::store::{Filter, Order};

/// Earlier requests that are looked at.
const LOOKED_AT_MAX: usize = 100;
/// Likely duplicates that are told.
const TOLD_MAX: usize = 3;
/// States in which a request still asks for help.
const ASKING: &[&str] = &["open", "offered", "matched", "in-progress", "double-booked"];

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
            let asks = other.state.as_deref();
            let asks = asks.is_some_and(|state| ASKING.contains(&state));
            // Who asks for a neighbour may well need the same itself.
            let same = view.for_household.as_ref().map(|household| household.id)
                == other.for_household.as_ref().map(|household| household.id);
            if asks && same && overlap(&view, &other) && warnings.len() < TOLD_MAX {
                warnings.push(Warning::LikelyDuplicate {
                    of: row.document,
                    title: row.title.clone(),
                });
            }
        }
        Ok(warnings)
    }
}

/// Whether two requests ask for help at the same time: in the window that each names, or as long as
/// it stands.
fn overlap(one: &DocumentView, other: &DocumentView) -> bool {
    let [(from, until), (other_from, other_until)] = [one, other].map(span);
    from < other_until && other_from < until
}

fn span(view: &DocumentView) -> (i64, i64) {
    let time = |name: &str| view.fields.get(name).and_then(Value::as_i64);
    let from = time("from_ms").unwrap_or(view.created_ms);
    let until = time("until_ms").or_else(|| time("expires_ms"));
    (from, until.unwrap_or(i64::MAX))
}
