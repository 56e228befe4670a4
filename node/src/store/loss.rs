//! What a cut would undo: what lies beyond a place of a log, and what others wrote there.

use std::collections::BTreeMap;

use protocol::id::{DeviceId, DocumentId, MemberId};
use protocol::storage::LogNumber;
use rusqlite::{ToSql, params};

use super::dictionary::wrong_type;
use super::fault::StoreFault;
use super::view::{COLUMNS, ViewRow, read_view};
use super::{Store, bytes_32, row_limit, signed, unsigned};

/// Documents that a member created in a log beyond a place of it.
const GONE: &str = "WITH gone AS (
    SELECT document, id FROM view WHERE author = ?1 AND device = ?2 AND seq > ?3)";

/// One document.
const GONE_ONE: &str = "WITH gone AS (SELECT document, id FROM view WHERE id = ?2)";

/// Where a log would end.
#[derive(Clone, Copy, Debug)]
pub struct Beyond {
    /// Whose log it is.
    pub member: MemberId,
    /// Its device.
    pub device: DeviceId,
    /// The last seq that would count.
    pub seq: u64,
}

impl Store {
    /// Returns the first place among a log's or branch's own entries, from `first` to `last`, whose
    /// entry claims a time or a later one; milliseconds since 1970.
    ///
    /// # Errors
    ///
    /// [`StoreFault`]; the same holds for every method here.
    pub fn first_since(
        &self,
        log: LogNumber,
        (first, last): (u64, u64),
        time_ms: i64,
    ) -> Result<Option<u64>, StoreFault> {
        let found: Option<i64> = self
            .connection
            .prepare_cached(
                "SELECT min(seq) FROM entry
                 WHERE log = ?1 AND seq BETWEEN ?2 AND ?3 AND time_ms >= ?4",
            )?
            .query_row(params![log.0, place(first), place(last), time_ms], |row| {
                row.get(0)
            })?;
        found.map(unsigned).transpose()
    }

    /// Counts entries of a log or branch beyond a place, and the statements among them.
    pub fn count_beyond(&self, log: LogNumber, seq: u64) -> Result<(u64, u64), StoreFault> {
        let (entries, statements) = self
            .connection
            .prepare_cached(
                "SELECT count(*), coalesce(sum(subject = 1), 0) FROM entry
                 WHERE log = ?1 AND seq > ?2",
            )?
            .query_row(params![log.0, place(seq)], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        Ok((unsigned(entries)?, unsigned(statements)?))
    }

    /// Counts documents that are shown and were created beyond a place, and returns the first.
    pub fn views_beyond(
        &self,
        beyond: Beyond,
        limit: usize,
    ) -> Result<(u64, Vec<ViewRow>), StoreFault> {
        let (member, device, seq) = bound(beyond);
        let total = self
            .connection
            .prepare_cached(&format!("{GONE} SELECT count(*) FROM gone"))?
            .query_row(params![member, device, seq], |row| row.get(0))?;
        let sql = format!(
            "{GONE} SELECT {COLUMNS} FROM gone JOIN view USING (document)
             ORDER BY view.seq LIMIT ?4"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params![member, device, seq, row_limit(limit)])?;
        let mut first = Vec::new();
        while let Some(row) = rows.next()? {
            first.push(read_view(row)?);
        }
        Ok((unsigned(total)?, first))
    }

    /// Counts what each other member wrote in documents created beyond a place, and about them.
    pub fn answers_beyond(&self, beyond: Beyond) -> Result<BTreeMap<MemberId, u64>, StoreFault> {
        let (member, device, seq) = bound(beyond);
        self.answers(GONE, &[&member, &device, &seq])
    }

    /// Counts what others than a member wrote in a document and about it.
    pub fn answers_in(
        &self,
        document: DocumentId,
        member: MemberId,
    ) -> Result<BTreeMap<MemberId, u64>, StoreFault> {
        self.answers(GONE_ONE, &[&member.0, &document.0])
    }

    /// Counts what others than the first parameter names wrote in documents that go, and about them.
    fn answers(
        &self,
        gone: &str,
        parameters: &[&dyn ToSql],
    ) -> Result<BTreeMap<MemberId, u64>, StoreFault> {
        let sql = format!(
            "{gone}
             SELECT log.member, count(*) FROM gone
                 CROSS JOIN entry ON entry.document = gone.document
                 JOIN log ON log.number = entry.log
                 WHERE log.member IS NOT ?1 GROUP BY log.member
             UNION ALL
             SELECT said.author, count(*) FROM gone
                 CROSS JOIN view AS said ON said.about = gone.id
                 WHERE said.author IS NOT ?1 GROUP BY said.author"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(parameters)?;
        let mut answers = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let by = row.get_ref(0)?.as_blob_or_null().map_err(wrong_type)?;
            let Some(by) = by else {
                continue;
            };
            let by = MemberId(bytes_32(by, "a member's name")?);
            *answers.entry(by).or_default() += unsigned(row.get(1)?)?;
        }
        Ok(answers)
    }

    /// Counts documents that others created and in which entries of a log lie beyond a place.
    pub fn others_beyond(
        &self,
        log: LogNumber,
        seq: u64,
        member: MemberId,
    ) -> Result<u64, StoreFault> {
        let total = self
            .connection
            .prepare_cached(
                "SELECT count(DISTINCT view.document) FROM entry JOIN view USING (document)
                 WHERE entry.log = ?1 AND entry.seq > ?2 AND view.author IS NOT ?3",
            )?
            .query_row(params![log.0, place(seq), member.0], |row| row.get(0))?;
        unsigned(total)
    }
}

fn bound(beyond: Beyond) -> ([u8; 32], [u8; 32], i64) {
    (beyond.member.0, beyond.device.0, place(beyond.seq))
}

fn place(seq: u64) -> i64 {
    signed(seq).unwrap_or(i64::MAX)
}
