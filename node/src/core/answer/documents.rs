//! Documents as they are read: lists, one with its comments, searches.

use protocol::api::{Answer, DocumentView, ListQuery};
use protocol::id::DocumentId;
use protocol::replica::ReadDocument;

use super::{LIST_MAX, Outcome, invalid, not_found};
use crate::core::worker::{Worker, WorkerError};
use crate::store::{Cursor, Filter, Order, SearchError, ViewRow};

/// Documents that one list holds when nothing is said.
const LIST_DEFAULT: usize = 200;
/// Comments that are shown with a document.
const COMMENTS_MAX: usize = 1_000;

impl Worker {
    /// Projects what waits, so that an answer shows everything that is held.
    pub(super) fn project_all(&mut self) -> Result<(), WorkerError> {
        while self.project_slice(LIST_MAX)? > 0 {}
        Ok(())
    }

    pub(super) fn read(
        &mut self,
        document: DocumentId,
    ) -> Result<Option<ReadDocument>, WorkerError> {
        let read = self
            .parts
            .replica
            .read_document(&self.parts.store, document)
            .map_err(WorkerError::Storage)?;
        Ok(read.filter(|read| read.counts))
    }

    pub(super) fn list(&mut self, query: &ListQuery) -> Outcome {
        self.project_all()?;
        let kind = match &query.kind {
            None => None,
            Some(name) => match self.parts.replica.kinds().by_name(name) {
                Some(kind) => Some(kind.code),
                None => {
                    return Ok(Err(invalid(
                        "kind",
                        format!("There is no kind of document called {name:?}."),
                    )));
                }
            },
        };
        let after = match &query.after {
            None => None,
            Some(text) => match read_cursor(text) {
                Some(cursor) => Some(cursor),
                None => return Ok(Err(invalid("after", "This is no place in a list.".into()))),
            },
        };
        let names = match query.prefix.as_deref().map(names_beginning) {
            None => None,
            Some(Some(names)) => Some(names),
            Some(None) => {
                let what = "A name begins with up to 64 hexadecimal digits.";
                return Ok(Err(invalid("prefix", what.to_owned())));
            }
        };
        let filter = Filter {
            kind,
            about: query.about,
            names,
            ..Filter::default()
        };
        let limit = query
            .limit
            .map_or(LIST_DEFAULT, |limit| limit as usize)
            .clamp(1, LIST_MAX);
        let mut rows =
            self.parts
                .store
                .list(&filter, Order::NewestFirst, after.as_ref(), limit + 1)?;
        let next = (rows.len() > limit).then(|| {
            rows.truncate(limit);
            rows.last().map(write_cursor).unwrap_or_default()
        });
        let mut items = self.views(&rows)?;
        // A state may depend on the reader's clock, so it is compared when it is read (rule R11).
        if let Some(state) = &query.state {
            items.retain(|view| view.state.as_ref() == Some(state));
        }
        Ok(Ok(Answer::Documents { items, next }))
    }

    pub(super) fn views(&self, rows: &[ViewRow]) -> Result<Vec<DocumentView>, WorkerError> {
        let now_ms = crate::core::now_ms();
        rows.iter().map(|row| self.view_of(row, now_ms)).collect()
    }

    pub(super) fn show(&mut self, document: DocumentId) -> Outcome {
        self.project_all()?;
        let Some(row) = self.parts.store.view(document)? else {
            return Ok(Err(not_found()));
        };
        let about = Filter {
            about: Some(document),
            ..Filter::default()
        };
        let comments = self
            .parts
            .store
            .list(&about, Order::OldestFirst, None, COMMENTS_MAX)?;
        Ok(Ok(Answer::Document {
            document: Box::new(self.view_of(&row, crate::core::now_ms())?),
            comments: self.views(&comments)?,
        }))
    }

    pub(super) fn search(&mut self, words: &str, limit: u32) -> Outcome {
        self.project_all()?;
        let limit = (limit as usize).clamp(1, LIST_MAX);
        match self
            .parts
            .store
            .search(words, &Filter::default(), None, limit)
        {
            Ok(rows) => Ok(Ok(Answer::Documents {
                items: self.views(&rows)?,
                next: None,
            })),
            Err(SearchError::Fault(fault)) => Err(fault.into()),
            Err(error) => Ok(Err(invalid("words", error.to_string()))),
        }
    }
}

/// The least and the greatest name that begin with these hexadecimal digits.
fn names_beginning(digits: &str) -> Option<(DocumentId, DocumentId)> {
    if digits.len() > 64 || !digits.is_ascii() {
        return None;
    }
    let least = format!("{digits:0<64}").parse().ok()?;
    let greatest = format!("{digits:f<64}").parse().ok()?;
    Some((least, greatest))
}

fn write_cursor(row: &ViewRow) -> String {
    format!("{}-{}", row.created_ms, row.document)
}

fn read_cursor(text: &str) -> Option<Cursor> {
    let (created_ms, document) = text.rsplit_once('-')?;
    Some(Cursor {
        created_ms: created_ms.parse().ok()?,
        document: document.parse().ok()?,
    })
}
