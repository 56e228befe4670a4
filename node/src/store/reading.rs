//! Reading marks: up to when a person has read a document. They never leave this node and decide
//! nothing that others see.

use protocol::id::DocumentId;
use rusqlite::params;

use super::Store;
use super::bytes_32;
use super::dictionary::blob;
use super::fault::StoreFault;

impl Store {
    /// Notes that documents were read at a time, milliseconds since 1970. A mark never goes back.
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
                "INSERT INTO reading_mark (document, read_ms) VALUES (?1, ?2)
                 ON CONFLICT (document) DO UPDATE SET read_ms = max(read_ms, excluded.read_ms)",
            )?;
            for document in documents {
                insert.execute(params![document.0, read_ms])?;
            }
            Ok(())
        })
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
