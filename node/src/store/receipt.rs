//! Receipts: who holds which log, and how far those of each peer were taken.
//!
//! What a receipt is worth is not judged here. They are kept because nobody sends one twice.

use protocol::codec;
use protocol::id::{DeviceId, DocumentId, MemberId};
use protocol::key;
use protocol::storage::{Batch, LogNumber, StoredReceipt};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::commit::CommitError;
use super::dictionary::blob;
use super::fault::StoreFault;
use super::{Store, bytes_32, prefix, signed, unsigned};

/// Writes what a batch says of receipts.
pub(super) fn write(connection: &Connection, batch: &Batch) -> Result<(), CommitError> {
    let number = |value| signed(value).ok_or(CommitError::Number);
    for stored in &batch.receipts {
        let receipt = &stored.receipt;
        let bytes = codec::encode(receipt);
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO receipt (number, log, device, sum, receipt)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                number(stored.number)?,
                receipt.log.0,
                receipt.device.0,
                sum(stored.number, &bytes),
                bytes
            ])?;
    }
    for (log, device) in &batch.receipts_dropped {
        connection
            .prepare_cached("DELETE FROM receipt WHERE log = ?1 AND device = ?2")?
            .execute(params![log.0, device.0])?;
    }
    for (peer, cursor) in &batch.receipt_cursors {
        connection
            .prepare_cached("INSERT OR REPLACE INTO receipt_cursor (peer, number) VALUES (?1, ?2)")?
            .execute(params![peer.0, number(*cursor)?])?;
    }
    Ok(())
}

impl Store {
    pub(super) fn read_receipts(&self) -> Result<Vec<StoredReceipt>, StoreFault> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT number, sum, receipt FROM receipt ORDER BY number")?;
        let mut rows = statement.query([])?;
        let mut receipts = Vec::new();
        while let Some(row) = rows.next()? {
            receipts.push(read(row)?);
        }
        Ok(receipts)
    }

    pub(super) fn read_receipt_cursors(&self) -> Result<Vec<(DeviceId, u64)>, StoreFault> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT peer, number FROM receipt_cursor ORDER BY peer")?;
        let mut rows = statement.query([])?;
        let mut cursors = Vec::new();
        while let Some(row) = rows.next()? {
            let peer = DeviceId(bytes_32(blob(row, 0)?, "a peer's device")?);
            cursors.push((peer, unsigned(row.get(1)?)?));
        }
        Ok(cursors)
    }

    /// Returns the place of the newest entry that a member wrote in a document, by order of arrival;
    /// none when it wrote nothing in it.
    ///
    /// # Errors
    ///
    /// [`StoreFault`] when the database refuses.
    pub fn newest_of_member(
        &self,
        document: DocumentId,
        member: MemberId,
    ) -> Result<Option<(LogNumber, u64)>, StoreFault> {
        let place: Option<(u32, i64)> = self
            .connection
            .prepare_cached(
                "SELECT entry.log, entry.seq FROM document
                 JOIN entry ON entry.document = document.number
                 JOIN log ON log.number = entry.log
                 WHERE document.id = ?1 AND log.member = ?2
                 ORDER BY entry.arrival DESC LIMIT 1",
            )?
            .query_row(params![document.0, member.0], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        place
            .map(|(log, seq)| Ok((LogNumber(log), unsigned(seq)?)))
            .transpose()
    }
}

fn read(row: &Row<'_>) -> Result<StoredReceipt, StoreFault> {
    let number = unsigned(row.get(0)?)?;
    let bytes = blob(row, 2)?;
    let damaged = || StoreFault::damaged(format!("receipt {number}"));
    if sum(number, bytes) != row.get::<_, i64>(1)? {
        return Err(damaged());
    }
    let receipt = codec::decode(bytes).map_err(|_| damaged())?;
    Ok(StoredReceipt { number, receipt })
}

/// Sums up a receipt's row.
fn sum(number: u64, bytes: &[u8]) -> i64 {
    let hash = key::hash(b"linli rcpt sum 1", &[&number.to_be_bytes(), bytes]);
    prefix(&hash)
}
