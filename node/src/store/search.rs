//! Full-text search over views, and its index.
//!
//! The index is built in slices after views are shown, because it is slow; a search also looks at
//! the views that wait for it, so nothing is missing meanwhile. Results are in order of creation,
//! as in lists; nothing is ranked.

use std::cmp::Reverse;

use protocol::id::DocumentId;
use rusqlite::{Connection, params};
use thiserror::Error;

use super::dictionary::{blob, wrong_type};
use super::fault::StoreFault;
use super::list::{Conditions, Cursor, Filter, Order};
use super::tokens::{self, Query, QueryError};
use super::view::{COLUMNS, ViewRow, read_view};
use super::{Store, bytes_32, row_limit};

/// Found views of which the rows are not all read.
const MANY: i64 = 500;

/// Why a search has no answer.
#[derive(Debug, Error)]
pub enum SearchError {
    /// The query is refused.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The store cannot be read.
    #[error(transparent)]
    Fault(#[from] StoreFault),
}

impl From<rusqlite::Error> for SearchError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl Store {
    /// Finds views by words in title or text, the newest first. An empty query finds nothing.
    ///
    /// Parts between spaces must all be found, each as a phrase; the end of a part may be the
    /// beginning of a longer word.
    ///
    /// # Errors
    ///
    /// [`SearchError`] when the query is too long or the store cannot be read.
    pub fn search(
        &self,
        query: &str,
        filter: &Filter,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<ViewRow>, SearchError> {
        let query = Query::parse(query)?;
        if query.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = self.search_index(&query, filter, after, limit)?;
        found.extend(self.search_pending(&query, filter, after, limit)?);
        found.sort_by_key(|row| Reverse((row.created_ms, row.document)));
        found.truncate(limit);
        Ok(found)
    }

    /// Indexes views that wait for it, at most `limit`, in one transaction. Returns how many; 0
    /// means that all are indexed.
    ///
    /// # Errors
    ///
    /// [`StoreFault`]; then they still wait.
    pub fn index_pending(&mut self, limit: usize) -> Result<usize, StoreFault> {
        self.derive(|transaction, _, _| {
            let pending: Vec<(i64, String)> = transaction
                .prepare_cached(
                    "SELECT document, tokens FROM unindexed ORDER BY document LIMIT ?1",
                )?
                .query_map([row_limit(limit)], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<_, _>>()?;
            let mut index = transaction.prepare_cached(
                "INSERT OR REPLACE INTO search (rowid, title, body) VALUES (?1, ?2, ?3)",
            )?;
            let mut done =
                transaction.prepare_cached("DELETE FROM unindexed WHERE document = ?1")?;
            for (document, searchable) in &pending {
                let (title, body) = tokens::title_and_body(searchable);
                index.execute(params![document, title, body])?;
                done.execute([document])?;
            }
            Ok(pending.len())
        })
    }

    /// Takes the words of erased views out of the index, where merely hiding them is not enough
    /// (rule R18), about `pages` of it at a time. Returns whether all is done.
    ///
    /// # Errors
    ///
    /// [`StoreFault`]; then the rest still waits.
    pub fn purge_words(&mut self, pages: u32) -> Result<bool, StoreFault> {
        let waits = self
            .connection
            .prepare_cached("SELECT 1 FROM property WHERE key = 'purge'")?
            .exists([])?;
        if !waits {
            return Ok(true);
        }
        let merged = self.write(|transaction, _, _| {
            let before = total_changes(transaction)?;
            // A negative number merges whatever still holds a deleted row.
            transaction
                .prepare_cached("INSERT INTO search (search, rank) VALUES ('merge', ?1)")?
                .execute([-i64::from(pages)])?;
            // The statement itself is one change; more of them are pages that were merged.
            let merged = total_changes(transaction)? - before > 1;
            if !merged {
                transaction.execute("DELETE FROM property WHERE key = 'purge'", [])?;
            }
            Ok::<_, StoreFault>(merged)
        })?;
        if !merged {
            // The log of writes holds the pages as they were.
            self.connection
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        }
        Ok(!merged)
    }

    fn search_index(
        &self,
        query: &Query,
        filter: &Filter,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<ViewRow>, StoreFault> {
        let mut conditions = Conditions::default();
        let source = match self.finds_many(query)? {
            false => {
                conditions.add("search MATCH :match", ":match", query.to_match());
                "search CROSS JOIN view ON view.document = search.rowid"
            }
            true => {
                // The plus sign keeps the planner from reading the row of each that is found.
                conditions.add(
                    "+view.document IN (SELECT rowid FROM search WHERE search MATCH :match)",
                    ":match",
                    query.to_match(),
                );
                "view INDEXED BY view_newest"
            }
        };
        // What waits for the index may stand in it with its former text.
        conditions.add_fixed("+view.document NOT IN (SELECT document FROM unindexed)");
        conditions.filter(filter);
        conditions.after(Order::NewestFirst, after);
        let order = Order::NewestFirst.sql();
        let sql = format!(
            "SELECT {COLUMNS} FROM view WHERE document IN (
                 SELECT view.document FROM {source} WHERE {} ORDER BY {order} LIMIT {})
             ORDER BY {order}",
            conditions.sql(),
            row_limit(limit)
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(conditions.bound().as_slice())?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(read_view(row)?);
        }
        Ok(found)
    }

    /// Tells whether so much is found that it is better looked for in order of creation, which ends
    /// as soon as a page is full, than sorted.
    fn finds_many(&self, query: &Query) -> Result<bool, StoreFault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ?1 LIMIT ?2)",
        )?;
        let found: i64 = statement.query_row(params![query.to_match(), MANY], |row| row.get(0))?;
        Ok(found >= MANY)
    }

    /// Looks through what waits for the index. Only places are kept while looking, for all views
    /// may wait.
    fn search_pending(
        &self,
        query: &Query,
        filter: &Filter,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<ViewRow>, StoreFault> {
        let mut conditions = Conditions::default();
        conditions.filter(filter);
        conditions.after(Order::NewestFirst, after);
        let sql = format!(
            "SELECT view.created_ms, view.id, unindexed.tokens
             FROM unindexed CROSS JOIN view USING (document) WHERE {}",
            conditions.sql()
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(conditions.bound().as_slice())?;
        let mut places = Vec::new();
        while let Some(row) = rows.next()? {
            let searchable = row.get_ref(2)?.as_str().map_err(wrong_type)?;
            if query.finds(searchable) {
                let document = DocumentId(bytes_32(blob(row, 1)?, "a document's name")?);
                places.push((row.get::<_, i64>(0)?, document));
            }
        }
        places.sort_unstable_by(|a, b| b.cmp(a));
        places.truncate(limit);
        let views = places.into_iter().map(|(_, document)| self.view(document));
        views.filter_map(Result::transpose).collect()
    }
}

/// Forgets the words of a view that is not shown any more. The index keeps them, though they are
/// not found, until they are purged.
pub(super) fn forget(connection: &Connection, number: i64) -> Result<(), StoreFault> {
    let waiting = connection
        .prepare_cached("DELETE FROM unindexed WHERE document = ?1")?
        .execute([number])?;
    let indexed = connection
        .prepare_cached("DELETE FROM search WHERE rowid = ?1")?
        .execute([number])?;
    if waiting + indexed > 0 {
        connection
            .prepare_cached("INSERT OR REPLACE INTO property (key, value) VALUES ('purge', x'01')")?
            .execute([])?;
    }
    Ok(())
}

fn total_changes(connection: &Connection) -> Result<i64, StoreFault> {
    let mut statement = connection.prepare_cached("SELECT total_changes()")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}
