//! Drafts: what a person has begun to write and not published. They never leave this node.

use protocol::id::DocumentId;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::Store;
use super::fault::StoreFault;

/// Something begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// A name that the front end chose.
    pub id: String,
    /// When it last changed, milliseconds since 1970.
    pub changed_ms: i64,
    /// What it says, as the front end wrote it.
    pub json: String,
}

impl Store {
    /// Saves a draft, in place of what was saved under its name.
    ///
    /// # Errors
    ///
    /// [`StoreFault`]; the same holds for every method here.
    pub fn put_draft(&mut self, draft: &Draft) -> Result<(), StoreFault> {
        self.write(|transaction, _, _| {
            transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO draft (id, changed_ms, json) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![draft.id, draft.changed_ms, draft.json])?;
            Ok(())
        })
    }

    /// Returns a draft.
    pub fn draft(&self, id: &str) -> Result<Option<Draft>, StoreFault> {
        Ok(self
            .connection
            .prepare_cached("SELECT id, changed_ms, json FROM draft WHERE id = ?1")?
            .query_row([id], read)
            .optional()?)
    }

    /// Returns all drafts, the one changed last first.
    pub fn drafts(&self) -> Result<Vec<Draft>, StoreFault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, changed_ms, json FROM draft ORDER BY changed_ms DESC, id",
        )?;
        let drafts = statement.query_map([], read)?.collect::<Result<_, _>>()?;
        Ok(drafts)
    }

    /// Returns how many drafts are kept.
    pub fn drafts_total(&self) -> Result<u64, StoreFault> {
        let total = self
            .connection
            .prepare_cached("SELECT count(*) FROM draft")?
            .query_row([], |row| row.get(0))?;
        super::unsigned(total)
    }

    /// Throws a draft away. Returns whether there was one.
    pub fn remove_draft(&mut self, id: &str) -> Result<bool, StoreFault> {
        self.write(|transaction, _, _| {
            let removed = transaction
                .prepare_cached("DELETE FROM draft WHERE id = ?1")?
                .execute([id])?;
            Ok(removed > 0)
        })
    }
}

/// Throws away the drafts that edit a document: they began with what it said.
pub(super) fn forget(connection: &Connection, document: DocumentId) -> Result<(), StoreFault> {
    connection
        .prepare_cached(
            "DELETE FROM draft
             WHERE CASE WHEN json_valid(json) THEN json_extract(json, '$.document') END = ?1",
        )?
        .execute([document.to_string()])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Draft> {
    Ok(Draft {
        id: row.get(0)?,
        changed_ms: row.get(1)?,
        json: row.get(2)?,
    })
}
