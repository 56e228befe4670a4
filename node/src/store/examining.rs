//! Looking into a store that does not open as it should, for `linli doctor`: which tables are
//! damaged, and how much can still be read. It changes nothing and repairs nothing.

use std::cell::RefCell;
use std::io;
use std::path::Path;

use protocol::storage::Storage;

use super::Store;
use super::fault::StoreFault;
use super::integrity::{IntegrityReport, Problem};
use super::open::{self, OpenError};
use super::sealed::{self, WholePages};
use crate::keystore::Seed;

/// Entries read at a time, as long as all of them can be.
const ENTRIES_AT_A_TIME: usize = 1_024;
/// Entries in a row that cannot be read, after which there are no more.
const UNREADABLE_MAX: u64 = 4_096;

/// What was found in a store that does not open as it should.
#[derive(Debug)]
pub struct Examined {
    /// What is wrong; empty when nothing was found.
    pub problems: Vec<Problem>,
    /// Entries that can be read as they were written.
    pub entries_readable: u64,
    /// Pages of the file that are as they were sealed.
    pub pages_whole: u64,
    /// Pages of the file.
    pub pages: u64,
}

/// Examines the store at a path.
///
/// # Errors
///
/// [`OpenError`] when the file is no store of this key, a later version's, in use or out of reach.
pub fn examine(path: &Path, key: &Seed) -> Result<Examined, OpenError> {
    let WholePages { whole, pages } = sealed::whole_pages(path, key).map_err(unread)?;
    let mut examined = Examined {
        problems: Vec::new(),
        entries_readable: 0,
        pages_whole: whole,
        pages,
    };
    let store = match open_as_it_is(path, key) {
        Ok(store) => store,
        // The first page says with which key the others were sealed, and they say it too.
        Err(OpenError::OtherKey | OpenError::Newer { .. }) if whole > 0 => {
            let fault = StoreFault::damaged("the first page was changed");
            examined.problems.push(fault.into());
            return Ok(examined);
        }
        Err(OpenError::Fault(fault @ StoreFault::Damaged { .. })) => {
            examined.problems.push(fault.into());
            return Ok(examined);
        }
        Err(error) => return Err(error),
    };
    let report = store.tables_report();
    examined.problems = match report {
        Ok(report) => report.problems,
        Err(fault @ StoreFault::Damaged { .. }) => vec![fault.into()],
        Err(fault) => return Err(fault.into()),
    };
    examined.entries_readable = store.entries_readable();
    Ok(examined)
}

fn unread(error: io::Error) -> OpenError {
    OpenError::Create(error)
}

/// Opens a store without bringing it up or moving anything inside it.
fn open_as_it_is(path: &Path, key: &Seed) -> Result<Store, OpenError> {
    let (connection, vfs) = open::open_as_it_is(path, key)?.into_parts();
    Ok(Store {
        connection,
        dictionary: RefCell::default(),
        buckets: RefCell::default(),
        mark: 0,
        path: path.to_owned(),
        synchronous: open::NO_WAITING,
        _vfs: vfs,
    })
}

impl Store {
    fn tables_report(&self) -> Result<IntegrityReport, StoreFault> {
        let mut report = IntegrityReport::default();
        self.check_tables(&mut report)?;
        Ok(report)
    }

    /// Counts the entries that can be read, past those that cannot.
    fn entries_readable(&self) -> u64 {
        let (mut from, mut readable, mut unreadable) = (0, 0, 0);
        let mut at_a_time = ENTRIES_AT_A_TIME;
        while unreadable < UNREADABLE_MAX {
            match self.entries_by_arrival(from, at_a_time) {
                Ok(entries) => {
                    let Some(last) = entries.last() else {
                        break;
                    };
                    from = last.arrival + 1;
                    readable += entries.len() as u64;
                    unreadable = 0;
                }
                Err(_) if at_a_time > 1 => at_a_time = 1,
                Err(_) => {
                    from += 1;
                    unreadable += 1;
                }
            }
        }
        readable
    }
}
