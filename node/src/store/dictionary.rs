//! Short numbers for what is named by many bytes and repeated in many rows: documents,
//! standpoints and the fixed part of logs.
//!
//! The tables are the truth; what is kept in memory is bounded and may be forgotten at any time.

use std::collections::HashMap;

use protocol::id::{DeviceId, DocumentId, EntryId, MemberId};
use protocol::key;
use protocol::storage::Base;
use rusqlite::{Connection, OptionalExtension, params};

use super::fault::StoreFault;
use super::{bytes_32, prefix, signed, unsigned};

/// Rows of each kind kept in memory: at most about 1 MB together.
const ROWS_KEPT: usize = 4_096;

/// The part of a log that never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LogIdentity {
    pub device: DeviceId,
    pub member: Option<MemberId>,
    pub base: Option<Base>,
}

/// See the module's description.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    document_numbers: HashMap<DocumentId, i64>,
    documents: HashMap<i64, DocumentId>,
    standpoint_numbers: HashMap<Vec<EntryId>, i64>,
    standpoints: HashMap<i64, Vec<EntryId>>,
    logs: HashMap<u32, LogIdentity>,
    heads: HashMap<u32, (u64, EntryId)>,
}

impl Dictionary {
    /// Forgets what is kept in memory.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Remembers the newest own entry of a log.
    pub fn note_head(&mut self, log: u32, seq: u64, id: EntryId) {
        keep(&mut self.heads, log, (seq, id));
    }

    /// Returns the newest own entry of a log, where it is remembered.
    pub fn head(&self, log: u32) -> Option<(u64, EntryId)> {
        self.heads.get(&log).copied()
    }

    /// Returns the number of a document, if it has one.
    pub fn document_number(
        &mut self,
        connection: &Connection,
        document: DocumentId,
    ) -> Result<Option<i64>, StoreFault> {
        if let Some(number) = self.document_numbers.get(&document) {
            return Ok(Some(*number));
        }
        let number = connection
            .prepare_cached("SELECT number FROM document WHERE id = ?1")?
            .query_row([document.0.as_slice()], |row| row.get(0))
            .optional()?;
        if let Some(number) = number {
            keep(&mut self.document_numbers, document, number);
        }
        Ok(number)
    }

    /// Returns the number of a document, giving it one if it has none.
    pub fn intern_document(
        &mut self,
        connection: &Connection,
        document: DocumentId,
    ) -> Result<i64, StoreFault> {
        if let Some(number) = self.document_number(connection, document)? {
            return Ok(number);
        }
        connection
            .prepare_cached("INSERT INTO document (id) VALUES (?1)")?
            .execute([document.0.as_slice()])?;
        let number = connection.last_insert_rowid();
        keep(&mut self.document_numbers, document, number);
        Ok(number)
    }

    /// Returns the document with a number.
    pub fn document(
        &mut self,
        connection: &Connection,
        number: i64,
    ) -> Result<DocumentId, StoreFault> {
        if let Some(document) = self.documents.get(&number) {
            return Ok(*document);
        }
        let mut statement =
            connection.prepare_cached("SELECT id FROM document WHERE number = ?1")?;
        let mut rows = statement.query([number])?;
        let row = rows
            .next()?
            .ok_or_else(|| StoreFault::damaged("an entry's document is missing"))?;
        let document = DocumentId(bytes_32(blob(row, 0)?, "a document's name")?);
        keep(&mut self.documents, number, document);
        Ok(document)
    }

    /// Returns the number of a standpoint, giving it one if it has none; none for the empty one.
    pub fn intern_standpoint(
        &mut self,
        connection: &Connection,
        standpoint: &[EntryId],
    ) -> Result<Option<i64>, StoreFault> {
        if standpoint.is_empty() {
            return Ok(None);
        }
        if let Some(number) = self.standpoint_numbers.get(standpoint) {
            return Ok(Some(*number));
        }
        let ids: Vec<u8> = standpoint.iter().flat_map(|id| id.0).collect();
        let digest = standpoint_digest(&ids);
        let found: Option<i64> = connection
            .prepare_cached("SELECT number FROM standpoint WHERE digest = ?1 AND ids = ?2")?
            .query_row(params![digest, ids], |row| row.get(0))
            .optional()?;
        let number = match found {
            Some(number) => number,
            None => {
                connection
                    .prepare_cached("INSERT INTO standpoint (digest, ids) VALUES (?1, ?2)")?
                    .execute(params![digest, ids])?;
                connection.last_insert_rowid()
            }
        };
        keep(&mut self.standpoint_numbers, standpoint.to_vec(), number);
        Ok(Some(number))
    }

    /// Returns the standpoint with a number.
    pub fn standpoint(
        &mut self,
        connection: &Connection,
        number: Option<i64>,
    ) -> Result<Vec<EntryId>, StoreFault> {
        let Some(number) = number else {
            return Ok(Vec::new());
        };
        if let Some(standpoint) = self.standpoints.get(&number) {
            return Ok(standpoint.clone());
        }
        let damaged = || StoreFault::damaged(format!("standpoint {number}"));
        let mut statement =
            connection.prepare_cached("SELECT digest, ids FROM standpoint WHERE number = ?1")?;
        let mut rows = statement.query([number])?;
        let row = rows.next()?.ok_or_else(damaged)?;
        let ids = blob(row, 1)?;
        if standpoint_digest(ids) != row.get::<_, i64>(0)? || ids.is_empty() || ids.len() % 32 != 0
        {
            return Err(damaged());
        }
        let standpoint = ids
            .chunks_exact(32)
            .map(|id| bytes_32(id, "a statement's name").map(EntryId))
            .collect::<Result<Vec<_>, _>>()?;
        keep(&mut self.standpoints, number, standpoint.clone());
        Ok(standpoint)
    }

    /// Returns the fixed part of a log, if the log is stored.
    pub fn log(
        &mut self,
        connection: &Connection,
        number: u32,
    ) -> Result<Option<LogIdentity>, StoreFault> {
        if let Some(identity) = self.logs.get(&number) {
            return Ok(Some(*identity));
        }
        let mut statement = connection.prepare_cached(
            "SELECT device, member, base_log, base_seq FROM log WHERE number = ?1",
        )?;
        let mut rows = statement.query([number])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let identity = log_identity(row, 0)?;
        keep(&mut self.logs, number, identity);
        Ok(Some(identity))
    }
}

/// Reads device, member, base log and base seq from four columns.
pub(super) fn log_identity(
    row: &rusqlite::Row<'_>,
    first: usize,
) -> Result<LogIdentity, StoreFault> {
    let device = DeviceId(bytes_32(blob(row, first)?, "a device's name")?);
    let member = match row
        .get_ref(first + 1)?
        .as_blob_or_null()
        .map_err(wrong_type)?
    {
        Some(bytes) => Some(MemberId(bytes_32(bytes, "a member's name")?)),
        None => None,
    };
    let base_log: Option<u32> = row.get(first + 2)?;
    let base_seq: Option<i64> = row.get(first + 3)?;
    let base = match (base_log, base_seq) {
        (None, None) => None,
        (Some(log), Some(seq)) => Some(Base {
            log: protocol::storage::LogNumber(log),
            seq: unsigned(seq)?,
        }),
        _ => return Err(StoreFault::damaged("a branch has half a base")),
    };
    Ok(LogIdentity {
        device,
        member,
        base,
    })
}

/// Returns what a base is written as.
pub(super) fn base_columns(base: Option<Base>) -> Option<(Option<u32>, Option<i64>)> {
    match base {
        None => Some((None, None)),
        Some(base) => Some((Some(base.log.0), Some(signed(base.seq)?))),
    }
}

/// Borrows a column of bytes.
pub(super) fn blob<'row>(
    row: &'row rusqlite::Row<'_>,
    column: usize,
) -> Result<&'row [u8], StoreFault> {
    row.get_ref(column)?.as_blob().map_err(wrong_type)
}

/// Reports a column of another type than was written.
pub(super) fn wrong_type(_: rusqlite::types::FromSqlError) -> StoreFault {
    StoreFault::damaged("a column has another type than was written")
}

fn standpoint_digest(ids: &[u8]) -> i64 {
    prefix(&key::hash(b"linli stand sum1", &[ids]))
}

fn keep<K: std::hash::Hash + Eq, V>(rows: &mut HashMap<K, V>, key: K, value: V) {
    if rows.len() >= ROWS_KEPT {
        rows.clear();
    }
    rows.insert(key, value);
}
