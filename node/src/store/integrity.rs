//! The store's check of itself, for `linli doctor`. It repairs nothing.

use protocol::storage::Storage;
use thiserror::Error;

use super::Store;
use super::fault::StoreFault;

/// Findings reported; more of them tell no more.
const PROBLEMS_MAX: usize = 20;
/// Entries read at a time.
const ENTRIES_AT_A_TIME: usize = 1_024;

/// How much to check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The form of the pages: about as long as reading the file takes.
    Quick,
    /// Every page against its seal, every index against its table, every reference, every entry against its name, every
    /// log's head against its entries, and the search index.
    Full,
}

/// One thing that is wrong with a store.
#[derive(Debug, Error)]
pub enum Problem {
    /// The database's own check found something.
    #[error("the database is not in order: {0}")]
    Page(String),
    /// A table cannot be read as a whole: a page of it or of its indexes was changed or moved.
    #[error("a part of the table {0} was changed, moved or lost")]
    Table(String),
    /// A row names one that is missing.
    #[error("a row of {table} names a row of {parent} that is missing")]
    Reference {
        /// Its table.
        table: String,
        /// The table of the missing row.
        parent: String,
    },
    /// The newest entry of a log is missing.
    #[error("the newest entry of log {log} is missing")]
    Head {
        /// The log's number in the store.
        log: u32,
    },
    /// The check met a fault and went no further there.
    #[error(transparent)]
    Fault(#[from] StoreFault),
}

/// What a check found.
#[derive(Debug, Default)]
pub struct IntegrityReport {
    /// What is wrong; empty when the store is sound.
    pub problems: Vec<Problem>,
    /// Entries whose names were recomputed.
    pub entries_checked: u64,
}

impl Store {
    /// Checks the store.
    ///
    /// # Errors
    ///
    /// [`StoreFault`] when the check itself could not be made; damage that it finds is reported.
    pub fn integrity_check(&self, extent: Extent) -> Result<IntegrityReport, StoreFault> {
        let mut report = IntegrityReport::default();
        match extent {
            Extent::Quick => self.check_pages("PRAGMA quick_check", &mut report)?,
            Extent::Full => {
                self.check_tables(&mut report)?;
                report.note(self.check_references());
                report.note(self.check_entries());
                report.note(self.check_heads());
                report.note(self.check_search());
            }
        }
        report.problems.truncate(PROBLEMS_MAX);
        Ok(report)
    }

    /// Checks every page, and names the tables in which something is wrong.
    pub(super) fn check_tables(&self, report: &mut IntegrityReport) -> Result<(), StoreFault> {
        self.check_pages("PRAGMA integrity_check", report)?;
        if !report.problems.is_empty() {
            let tables = self.damaged_tables()?;
            report.problems.splice(..0, tables);
            report.problems.truncate(PROBLEMS_MAX);
        }
        Ok(())
    }

    fn check_pages(&self, pragma: &str, report: &mut IntegrityReport) -> Result<(), StoreFault> {
        let mut statement = self.connection.prepare(pragma)?;
        let mut rows = statement.query([])?;
        loop {
            match rows.next() {
                Ok(None) => return Ok(()),
                Ok(Some(row)) => {
                    let line: String = row.get(0)?;
                    if line != "ok" {
                        report.problems.push(Problem::Page(line));
                    }
                }
                Err(error) => match StoreFault::from(error) {
                    damage @ StoreFault::Damaged { .. } => {
                        report.problems.push(damage.into());
                        return Ok(());
                    }
                    other => return Err(other),
                },
            }
        }
    }

    /// Finds out which tables the damage lies in.
    fn damaged_tables(&self) -> Result<Vec<Problem>, StoreFault> {
        let tables: Result<Vec<String>, _> = self
            .connection
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0")
            .and_then(|mut select| select.query_map([], |row| row.get(0))?.collect());
        let tables = match tables.map_err(StoreFault::from) {
            Err(StoreFault::Damaged { .. }) => return Ok(Vec::new()),
            tables => tables?,
        };
        let mut damaged = Vec::new();
        for table in tables {
            let mut report = IntegrityReport::default();
            self.check_pages(&format!("PRAGMA integrity_check({table})"), &mut report)?;
            if !report.problems.is_empty() {
                damaged.push(Problem::Table(table));
            }
        }
        Ok(damaged)
    }

    fn check_references(&self) -> Result<Found, StoreFault> {
        let mut statement = self.connection.prepare("PRAGMA foreign_key_check")?;
        let mut rows = statement.query([])?;
        let mut found = Found::default();
        while let Some(row) = rows.next()? {
            let table: String = row.get(0)?;
            let parent: String = row.get(2)?;
            found.problems.push(Problem::Reference { table, parent });
        }
        Ok(found)
    }

    fn check_entries(&self) -> Result<Found, StoreFault> {
        let mut found = Found::default();
        let mut from = 0;
        loop {
            let entries = self
                .entries_by_arrival(from, ENTRIES_AT_A_TIME)
                .map_err(fault)?;
            let Some(last) = entries.last() else {
                return Ok(found);
            };
            from = last.arrival + 1;
            found.entries += entries.len() as u64;
        }
    }

    fn check_heads(&self) -> Result<Found, StoreFault> {
        let mut found = Found::default();
        for log in self.logs().map_err(fault)? {
            let shared = log.base.map_or(0, |base| base.seq);
            if log.head_seq <= shared {
                continue;
            }
            let number = log.number;
            if self.entry_at(number, log.head_seq).map_err(fault)? != Some(log.head) {
                found.problems.push(Problem::Head { log: number.0 });
            }
        }
        Ok(found)
    }

    fn check_search(&self) -> Result<Found, StoreFault> {
        self.connection
            .execute("INSERT INTO search (search) VALUES ('integrity-check')", [])?;
        Ok(Found::default())
    }
}

#[derive(Default)]
struct Found {
    problems: Vec<Problem>,
    entries: u64,
}

impl IntegrityReport {
    /// Takes over what a part of the check found, or why it could not go on.
    fn note(&mut self, part: Result<Found, StoreFault>) {
        match part {
            Ok(found) => {
                self.problems.extend(found.problems);
                self.entries_checked += found.entries;
            }
            Err(fault) => self.problems.push(fault.into()),
        }
    }
}

/// Takes back the store's own error from the form in which a replica sees it.
fn fault(error: protocol::storage::StorageError) -> StoreFault {
    match error.downcast::<StoreFault>() {
        Ok(fault) => *fault,
        Err(other) => StoreFault::damaged(other.to_string()),
    }
}
