//! Documents as they are read: lists, one with its comments, searches.

use protocol::api::{Answer, DocumentView, ListOrder, ListQuery};
use protocol::id::DocumentId;
use protocol::replica::ReadDocument;

use super::{LIST_MAX, Outcome};
use crate::core::worker::{Worker, WorkerError};
use crate::refusal::Refusal;
use crate::store::{Cursor, Filter, InState, Order, SearchError, ViewRow};

/// Documents that one list holds when nothing is said.
const LIST_DEFAULT: usize = 200;
/// Characters of a name that are repeated in a refusal.
const NAME_CHARS_MAX: usize = 64;
/// Comments that are shown with a document.
const COMMENTS_MAX: usize = 1_000;

impl Worker {
    pub(in crate::core) fn read(
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
        let kind = match &query.kind {
            None => None,
            Some(name) => match self.parts.replica.kinds().by_name(name) {
                Some(kind) => Some(kind.code),
                None => {
                    let name = protocol::text::Text::line(name, NAME_CHARS_MAX).into_string();
                    return Ok(Err(Refusal::NoKind { name }));
                }
            },
        };
        let after = match &query.after {
            None => None,
            Some(text) => match read_cursor(text) {
                Some(cursor) => Some(cursor),
                None => return Ok(Err(Refusal::Cursor)),
            },
        };
        let names = match query.prefix.as_deref().map(names_beginning) {
            None => None,
            Some(Some(names)) => Some(names),
            Some(None) => {
                return Ok(Err(Refusal::Prefix));
            }
        };
        let order = match query.order {
            ListOrder::Newest => Order::NewestFirst,
            ListOrder::Changed => Order::ActiveFirst,
        };
        let filter = Filter {
            kind,
            about: query.about,
            names,
            building: query.building.clone(),
            category: query.category.clone(),
            states: self.in_states(&query.states),
            unread: query.unread,
            mine: query.mine,
            // Whoever names a document finds it, though it is out of view.
            kept_back: names.is_some(),
            about_nothing: kind.is_none() && query.about.is_none() && names.is_none(),
            ..Filter::default()
        };
        let limit = query
            .limit
            .map_or(LIST_DEFAULT, |limit| limit as usize)
            .clamp(1, LIST_MAX);
        let mut rows = self
            .parts
            .store
            .list(&filter, order, after.as_ref(), limit + 1)?;
        let next = (rows.len() > limit).then(|| {
            rows.truncate(limit);
            let last = rows.last().map(|row| write_cursor(Cursor::at(row, order)));
            last.unwrap_or_default()
        });
        let items = self.views(&rows)?;
        Ok(Ok(Answer::Documents {
            items,
            next,
            unprojected: self.parts.store.dirty_total()?,
        }))
    }

    /// Says states as readers see them in terms of facts and the clock (rule R11).
    fn in_states(&self, states: &[String]) -> Vec<InState> {
        let now_ms = crate::core::now_ms();
        let kinds = self.parts.replica.kinds().iter();
        let turns: Vec<(&str, &str)> = kinds.flat_map(|kind| kind.turns).copied().collect();
        let mut found = Vec::new();
        for state in states {
            let turning = turns.iter().any(|(from, _)| from == state);
            found.push(InState {
                state: state.clone(),
                ended: turning.then_some((false, now_ms)),
            });
            let into = turns.iter().filter(|(_, to)| to == state);
            found.extend(into.map(|(from, _)| InState {
                state: (*from).to_owned(),
                ended: Some((true, now_ms)),
            }));
        }
        found
    }

    /// Makes the answers of rows, as this household is shown them.
    pub(in crate::core) fn views(
        &mut self,
        rows: &[ViewRow],
    ) -> Result<Vec<DocumentView>, WorkerError> {
        let now_ms = crate::core::now_ms();
        let views = rows.iter().map(|row| {
            let mut view = self.view_of(row, now_ms)?;
            // A base is wanted where one document is opened only.
            view.heads.clear();
            Ok(view)
        });
        let mut views = views.collect::<Result<Vec<_>, WorkerError>>()?;
        self.add_delivery(&mut views)?;
        Ok(views)
    }

    /// Makes the answers of rows with all that they say, without what concerns this household alone.
    pub(super) fn shared_views(&self, rows: &[ViewRow]) -> Result<Vec<DocumentView>, WorkerError> {
        let now_ms = crate::core::now_ms();
        let views = rows.iter().map(|row| {
            let mut view = self.revealed_view_of(row, now_ms)?;
            // A base is wanted where one document is opened only.
            view.heads.clear();
            Ok(view)
        });
        views.collect()
    }

    /// Shows a document with its comments, and what moderation has taken out of view if that is
    /// `revealed`.
    pub(super) fn show(&mut self, document: DocumentId, revealed: bool) -> Outcome {
        let Some(row) = self.parts.store.view(document)? else {
            return Ok(Err(Refusal::NoDocument));
        };
        let about = Filter {
            about: Some(document),
            kept_back: true,
            ..Filter::default()
        };
        let mut comments = self
            .parts
            .store
            .list(&about, Order::OldestFirst, None, COMMENTS_MAX)?;
        comments.retain(|comment| !comment.blocked);
        let now_ms = crate::core::now_ms();
        let mut document = match revealed {
            true => self.revealed_view_of(&row, now_ms)?,
            false => self.view_of(&row, now_ms)?,
        };
        document.blocked = row.blocked;
        self.add_delivery(std::slice::from_mut(&mut document))?;
        Ok(Ok(Answer::Document {
            document: Box::new(document),
            comments: self.views(&comments)?,
        }))
    }

    pub(super) fn search(&mut self, words: &str, limit: u32) -> Outcome {
        let limit = (limit as usize).clamp(1, LIST_MAX);
        match self
            .parts
            .store
            .search(words, &Filter::default(), None, limit)
        {
            Ok(rows) => Ok(Ok(Answer::Documents {
                items: self.views(&rows)?,
                next: None,
                unprojected: self.parts.store.dirty_total()?,
            })),
            Err(SearchError::Fault(fault)) => Err(fault.into()),
            Err(SearchError::Query(error)) => Ok(Err(Refusal::Search(error))),
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

fn write_cursor(cursor: Cursor) -> String {
    format!("{}-{}", cursor.at_ms, cursor.document)
}

fn read_cursor(text: &str) -> Option<Cursor> {
    let (at_ms, document) = text.rsplit_once('-')?;
    Some(Cursor {
        at_ms: at_ms.parse().ok()?,
        document: document.parse().ok()?,
    })
}
