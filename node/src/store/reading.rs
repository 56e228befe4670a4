//! Reading marks: how much of a document, and of the comments about it, a person has read. They
//! never leave this node and decide nothing that others see.
//!
//! What was read is told by order of arrival, not by time: what was written long ago and arrives
//! after the mark is unread.

use std::collections::BTreeSet;

use protocol::id::DocumentId;
use rusqlite::{Connection, OptionalExtension, params};

use super::dictionary::blob;
use super::fault::StoreFault;
use super::{Store, bytes_32, concern};

impl Store {
    /// Notes that documents, as they are shown, and the comments about them were read at a time,
    /// milliseconds since 1970. It never moves a mark back.
    ///
    /// # Errors
    ///
    /// [`StoreFault`]; the same holds for every method here.
    pub fn put_reading_marks(
        &mut self,
        documents: &[DocumentId],
        read_ms: i64,
    ) -> Result<(), StoreFault> {
        self.write(|transaction, _, _| {
            let mut insert = transaction.prepare_cached(
                "INSERT INTO reading_mark (document, read_ms, through) VALUES (?1, ?2, max(
                     coalesce((SELECT heard FROM view WHERE id = ?1), 0),
                     coalesce((SELECT max(heard) FROM view WHERE about = ?1), 0)))
                 ON CONFLICT (document) DO UPDATE SET
                     read_ms = max(read_ms, excluded.read_ms),
                     through = max(through, excluded.through)",
            )?;
            let mut comments = transaction
                .prepare_cached("UPDATE view SET unread = 0 WHERE about = ?1 AND unread = 1")?;
            for document in documents {
                insert.execute(params![document.0, read_ms])?;
                comments.execute([document.0])?;
            }
            let stirred = about(transaction, documents)?;
            concern::stir(transaction, stirred)
        })
    }

    /// Notes that everything that is shown was read at a time, milliseconds since 1970.
    pub fn put_all_read(&mut self, read_ms: i64) -> Result<(), StoreFault> {
        self.write(|transaction, _, _| {
            transaction.execute(
                "INSERT INTO reading_mark (document, read_ms, through)
                 SELECT id, ?1, max(heard, coalesce(
                     (SELECT max(heard) FROM view AS comment WHERE comment.about = view.id), 0))
                 FROM view WHERE unread = 1
                 ON CONFLICT (document) DO UPDATE SET
                     read_ms = max(read_ms, excluded.read_ms),
                     through = max(through, excluded.through)",
                [read_ms],
            )?;
            transaction.execute("UPDATE view SET unread = 0 WHERE unread = 1", [])?;
            Ok(())
        })
    }

    /// Notes that documents are unread again: what came last in or about each of them, whatever the
    /// rest. Nothing that this household wrote itself becomes unread. A comment stands for what it is
    /// about.
    pub fn put_unread_again(&mut self, documents: &[DocumentId]) -> Result<(), StoreFault> {
        self.write(|transaction, _, _| {
            let mut select = transaction.prepare_cached(
                "SELECT coalesce(named.about, named.id), newest.id, newest.heard
                 FROM view AS named JOIN view AS newest
                     ON newest.id = coalesce(named.about, named.id)
                     OR newest.about = coalesce(named.about, named.id)
                 WHERE named.id = ?1 AND newest.heard > 0 AND newest.hidden = 0
                 ORDER BY newest.heard DESC LIMIT 1",
            )?;
            let mut update = transaction.prepare_cached(
                "UPDATE reading_mark SET through = min(through, ?3 - 1)
                 WHERE document IN (?1, ?2)",
            )?;
            let mut stirred = BTreeSet::new();
            for document in documents {
                let mut rows = select.query([document.0])?;
                let Some(row) = rows.next()? else {
                    continue;
                };
                let (whole, newest) = (blob(row, 0)?, blob(row, 1)?);
                update.execute(params![whole, newest, row.get::<_, i64>(2)?])?;
                for id in [whole, newest] {
                    stirred.insert(DocumentId(bytes_32(id, "a document's name")?));
                }
            }
            concern::stir(transaction, stirred)
        })
    }

    /// Returns when something was last marked as read, milliseconds since 1970.
    pub fn last_read_ms(&self) -> Result<Option<i64>, StoreFault> {
        Ok(self
            .connection
            .prepare_cached("SELECT max(read_ms) FROM reading_mark")?
            .query_row([], |row| row.get(0))?)
    }

    /// Returns all reading marks, by document.
    pub fn reading_marks(&self) -> Result<Vec<(DocumentId, i64)>, StoreFault> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT document, read_ms FROM reading_mark ORDER BY document")?;
        let mut rows = statement.query([])?;
        let mut marks = Vec::new();
        while let Some(row) = rows.next()? {
            let document = DocumentId(bytes_32(blob(row, 0)?, "a document's name")?);
            marks.push((document, row.get(1)?));
        }
        Ok(marks)
    }
}

/// Returns documents with those that they are about: a comment that was read is no longer news of
/// the document, unless something else is.
pub(super) fn about(
    connection: &Connection,
    documents: &[DocumentId],
) -> Result<BTreeSet<DocumentId>, StoreFault> {
    let mut found: BTreeSet<DocumentId> = documents.iter().copied().collect();
    let mut select = connection.prepare_cached("SELECT about FROM view WHERE id = ?1")?;
    for document in documents {
        let about = select
            .query_row([document.0], |row| row.get::<_, Option<Vec<u8>>>(0))
            .optional()?;
        if let Some(about) = about.flatten() {
            found.insert(DocumentId(bytes_32(&about, "a document's name")?));
        }
    }
    Ok(found)
}
