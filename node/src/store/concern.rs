//! What views are to the own household: unread, and waiting for it.
//!
//! Why something waits is decided where documents are projected; whether it waits at a time is
//! compared here, against a clock that the caller reads.

use std::collections::BTreeSet;

use protocol::api::WaitingReason;
use protocol::id::DocumentId;
use protocol::kind::Wait;
use rusqlite::{Connection, params};
use serde_json::Value;

use super::fault::StoreFault;
use super::view::{COLUMNS, ViewRow, read_view};
use super::{Store, row_limit};

/// How many views there are of one kind in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewCount {
    /// Code of the kind.
    pub kind: u16,
    /// The state, as far as no clock decides it.
    pub state: String,
    /// All that are shown.
    pub total: u64,
    /// Those among them whose time the clock has ended.
    pub ended: u64,
    /// Those that are unread.
    pub unread: u64,
    /// Those that the own household wrote in.
    pub mine: u64,
}

impl Store {
    /// Returns what waits for the own household at a time, milliseconds since 1970, what is most
    /// pressing first and what the clock ends first before the rest; at most `limit`.
    ///
    /// # Errors
    ///
    /// [`StoreFault`]; the same holds for every method here.
    pub fn waiting(&self, now_ms: i64, limit: usize) -> Result<Vec<(ViewRow, Wait)>, StoreFault> {
        let sql = format!(
            "SELECT {COLUMNS}, waiting.why, waiting.from_ms, waiting.until_ms,
                 waiting.while_unread
             FROM waiting CROSS JOIN view USING (document)
             WHERE (waiting.from_ms IS NULL OR waiting.from_ms <= ?1)
                 AND (waiting.until_ms IS NULL OR waiting.until_ms > ?1)
                 AND (waiting.while_unread = 0 OR view.unread = 1)
                 AND view.hidden <= 1
             ORDER BY waiting.rank, waiting.until_ms IS NULL, waiting.until_ms,
                 view.created_ms DESC, view.id LIMIT ?2"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params![now_ms, row_limit(limit)])?;
        let mut waiting = Vec::new();
        while let Some(row) = rows.next()? {
            // What a later version wrote here is left to it.
            let Some(why) = reason(row.get("why")?) else {
                continue;
            };
            let wait = Wait {
                why,
                from_ms: row.get("from_ms")?,
                until_ms: row.get(COLUMNS.split(',').count() + 2)?,
                while_unread: row.get("while_unread")?,
            };
            waiting.push((read_view(row)?, wait));
        }
        Ok(waiting)
    }

    /// Counts views by kind and state at a time, milliseconds since 1970, without those that are
    /// about another document.
    pub fn view_counts(&self, now_ms: i64) -> Result<Vec<ViewCount>, StoreFault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT kind, state, count(*), coalesce(sum(until_ms <= ?1), 0), sum(unread), sum(mine)
             FROM view INDEXED BY view_counts WHERE hidden = 0 AND about IS NULL
             GROUP BY kind, state ORDER BY kind, state",
        )?;
        let mut rows = statement.query([now_ms])?;
        let mut counts = Vec::new();
        while let Some(row) = rows.next()? {
            counts.push(ViewCount {
                kind: row.get(0)?,
                state: row.get(1)?,
                total: super::unsigned(row.get(2)?)?,
                ended: super::unsigned(row.get(3)?)?,
                unread: super::unsigned(row.get(4)?)?,
                mine: super::unsigned(row.get(5)?)?,
            });
        }
        Ok(counts)
    }
}

/// Writes what a document asks of the own household, in place of what it asked before.
pub(super) fn write_waits(
    connection: &Connection,
    number: i64,
    waits: &[Wait],
) -> Result<(), StoreFault> {
    connection
        .prepare_cached("DELETE FROM waiting WHERE document = ?1")?
        .execute([number])?;
    for wait in waits {
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO waiting
                     (document, why, rank, from_ms, until_ms, while_unread)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                number,
                word(wait.why),
                wait.why as i64,
                wait.from_ms,
                wait.until_ms,
                wait.while_unread
            ])?;
    }
    Ok(())
}

/// Works out anew whether documents are unread and when something was last written in or about
/// them; for a comment, a mark on the document that it is about counts as well.
pub(super) fn stir(
    connection: &Connection,
    documents: BTreeSet<DocumentId>,
) -> Result<(), StoreFault> {
    let mut update = connection.prepare_cached(
        "UPDATE view SET
             active_ms = max(changed_ms, coalesce(
                 (SELECT max(changed_ms) FROM view AS comment
                  WHERE comment.about = view.id AND comment.hidden <= 1), 0)),
             unread = heard > max(
                 coalesce((SELECT through FROM reading_mark WHERE document = view.id), 0),
                 coalesce((SELECT through FROM reading_mark WHERE document = view.about), 0))
             OR EXISTS (SELECT 1 FROM view AS comment
                 WHERE comment.about = view.id AND comment.unread = 1 AND comment.hidden = 0)
         WHERE id = ?1",
    )?;
    // The first round settles comments, the second what they are about.
    for _ in 0..2 {
        for document in &documents {
            update.execute([document.0])?;
        }
    }
    Ok(())
}

fn word(why: WaitingReason) -> Option<String> {
    match serde_json::to_value(why) {
        Ok(Value::String(word)) => Some(word),
        _ => None,
    }
}

fn reason(word: String) -> Option<WaitingReason> {
    serde_json::from_value(Value::String(word)).ok()
}
