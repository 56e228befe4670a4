//! What was imported: the key of each record, and the document that it became, so that importing
//! a file again adds nothing. Rows are written together with the documents' entries (see
//! [`super::Alongside::imported`]).

use protocol::id::DocumentId;
use rusqlite::{Connection, params};

use super::Store;
use super::bytes_32;
use super::dictionary::blob;
use super::fault::StoreFault;

impl Store {
    /// Returns the document that a record became, if it was imported.
    ///
    /// # Errors
    ///
    /// [`StoreFault`] when the store cannot be read.
    pub fn imported(&self, record: &[u8; 32]) -> Result<Option<DocumentId>, StoreFault> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT document FROM imported WHERE key = ?1")?;
        let mut rows = statement.query([record.as_slice()])?;
        match rows.next()? {
            None => Ok(None),
            Some(row) => Ok(Some(DocumentId(bytes_32(
                blob(row, 0)?,
                "a document's name",
            )?))),
        }
    }
}

/// Notes that a record became a document.
pub(super) fn write(
    connection: &Connection,
    record: &[u8; 32],
    document: DocumentId,
) -> Result<(), StoreFault> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO imported (key, document) VALUES (?1, ?2)")?
        .execute(params![record, document.0])?;
    Ok(())
}
