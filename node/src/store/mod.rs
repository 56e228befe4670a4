//! The store: one SQLite file that holds a space's entries, what is shown of them, and what
//! belongs to this node alone.
//!
//! It implements the storage that a replica reads ([`protocol::storage::Storage`]) and makes
//! batches durable. It judges nothing: entries come to it verified. It starts no thread and reads
//! no clock; every call blocks, and one owner holds the store by value. docs/STORE.md describes
//! the file.

mod commit;
mod concern;
mod dictionary;
mod draft;
mod examining;
mod fault;
mod fork_proof;
mod hiding;
mod imported;
mod integrity;
mod invitation;
mod list;
mod loss;
mod open;
mod peer;
mod read;
mod reading;
mod receipt;
mod row;
mod sealed;
mod search;
mod setting;
mod tokens;
mod view;

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use self::commit::{Alongside, CommitError};
pub use self::concern::ViewCount;
pub use self::draft::Draft;
pub use self::examining::{Examined, examine};
pub use self::fault::{StoreFault, UNSEALABLE};
pub use self::integrity::{Extent, IntegrityReport, Problem};
pub use self::invitation::{IssuedInvitation, UseError};
pub use self::list::{Cursor, Filter, InState, Order};
pub use self::loss::Beyond;
pub use self::open::{APPLICATION_ID, Durability, OpenError, version_known};
pub use self::peer::{PEERS_MAX, SavedPeer};
pub use self::sealed::{is_sealed, opened_bytes};
pub use self::search::SearchError;
pub use self::tokens::{QUERY_CHARS_MAX, Query, QueryError};
pub use self::view::{Dirty, Projection, ViewRow, view_digest_of};

use self::dictionary::Dictionary;
use self::view::Buckets;
use crate::keystore::Seed;

/// A space's store. See the module's description.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    dictionary: RefCell<Dictionary>,
    buckets: RefCell<Buckets>,
    /// The last mark given to a dirty document; marks of one run never repeat.
    mark: i64,
    path: PathBuf,
    /// What commits of entries wait for, in SQLite's word.
    synchronous: &'static str,
    /// Behind the connection: fields are dropped in order.
    _vfs: sealed::Vfs,
}

/// What a checkpoint found and did, in pages of the write-ahead log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Pages in the write-ahead log.
    pub pages: u64,
    /// Pages among them that are in the main file by now.
    pub moved: u64,
}

impl Store {
    /// Opens the store at a path with the key that seals it, or creates it. A store that an
    /// earlier version left in the clear is sealed; that takes seconds, and as much free disk
    /// space as the store has bytes.
    ///
    /// # Errors
    ///
    /// [`OpenError`] says whether the file is a later version's, another program's, sealed with
    /// another key, damaged, in use or out of reach.
    pub fn open(path: &Path, key: &Seed) -> Result<Self, OpenError> {
        Self::open_with(path, key, Durability::Full)
    }

    /// Opens the store with less durability than a node may have; for the control of the
    /// power-cut test only.
    ///
    /// # Errors
    ///
    /// As [`Store::open`].
    pub fn open_with(path: &Path, key: &Seed, durability: Durability) -> Result<Self, OpenError> {
        let (connection, vfs) = open::open(path, key, durability)?.into_parts();
        let mark = connection
            .query_row("SELECT max(mark) FROM dirty", [], |row| {
                row.get::<_, Option<i64>>(0)
            })?
            .unwrap_or(0);
        Ok(Self {
            connection,
            dictionary: RefCell::default(),
            buckets: RefCell::default(),
            mark,
            path: path.to_owned(),
            synchronous: durability.synchronous(),
            _vfs: vfs,
        })
    }

    /// The connection behind the store, for tests that must age or damage what is in it.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Moves what the write-ahead log holds into the main file. Commits do not do it, because it
    /// takes milliseconds: the owner calls it when it is idle.
    ///
    /// # Errors
    ///
    /// [`StoreFault`] when the disk fails or is full; nothing is lost then.
    pub fn checkpoint(&mut self) -> Result<Checkpoint, StoreFault> {
        let (pages, moved) =
            self.connection
                .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
                    Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
                })?;
        let pages_of = |count| u64::try_from(count).unwrap_or(0);
        Ok(Checkpoint {
            pages: pages_of(pages),
            moved: pages_of(moved),
        })
    }

    /// Rewrites the file without free space and purges erased words from the search index. It
    /// takes seconds, and as much free disk space as the store has bytes.
    ///
    /// # Errors
    ///
    /// [`StoreFault`]; the store is as it was then.
    pub fn compact(&mut self) -> Result<(), StoreFault> {
        self.connection
            .execute("INSERT INTO search (search) VALUES ('optimize')", [])?;
        self.connection.execute_batch("VACUUM")?;
        self.connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// Returns the bytes that the store takes on the disk: the file and its write-ahead log.
    pub fn store_bytes(&self) -> u64 {
        let mut wal = self.path.clone().into_os_string();
        wal.push("-wal");
        [self.path.as_path(), Path::new(&wal)]
            .iter()
            .filter_map(|path| path.metadata().ok())
            .map(|metadata| metadata.len())
            .sum()
    }

    /// Bounds the file, in pages of 4 KiB, so that a test meets a full disk.
    ///
    /// # Errors
    ///
    /// [`StoreFault`] when the database refuses.
    pub fn bound_pages(&mut self, pages: u32) -> Result<(), StoreFault> {
        // The pragma answers with a row, which `pragma_update` does not expect.
        self.connection
            .query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
        Ok(())
    }

    /// As [`Store::write`], for what is worked out from entries: it does not wait for the disk. A
    /// power cut may undo the last such transactions, and with each the fact that it was done, so
    /// it is done again; the next durable transaction makes all before it durable too.
    fn derive<T, E>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>, &mut Dictionary, &mut i64) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<StoreFault>,
    {
        self.set_synchronous(open::NO_WAITING)?;
        let outcome = self.write(work);
        self.set_synchronous(self.synchronous)?;
        outcome
    }

    fn set_synchronous(&self, mode: &str) -> Result<(), StoreFault> {
        Ok(self.connection.pragma_update(None, "synchronous", mode)?)
    }

    /// Runs one transaction: all of it becomes durable, or nothing.
    fn write<T, E>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>, &mut Dictionary, &mut i64) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<StoreFault>,
    {
        let dictionary = self.dictionary.get_mut();
        let mut mark = self.mark;
        let outcome = run(&mut self.connection, |transaction| {
            work(transaction, dictionary, &mut mark)
        });
        match outcome {
            Ok(value) => {
                self.mark = mark;
                Ok(value)
            }
            Err(error) => {
                // Numbers given inside the transaction are gone with it.
                self.dictionary.get_mut().forget();
                Err(error)
            }
        }
    }
}

fn run<T, E>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
) -> Result<T, E>
where
    E: From<StoreFault>,
{
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(StoreFault::from)?;
    let value = work(&transaction)?;
    transaction.commit().map_err(StoreFault::from)?;
    Ok(value)
}

/// Turns a number of the protocol into one of SQLite, which has no more than 63 bits.
fn signed(number: u64) -> Option<i64> {
    i64::try_from(number).ok()
}

/// Turns a number of SQLite back; a negative one was not written here.
fn unsigned(number: i64) -> Result<u64, StoreFault> {
    u64::try_from(number).map_err(|_| StoreFault::damaged("a number is below 0"))
}

/// Turns a bound on a number of rows into one of SQLite.
fn row_limit(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Reads a name, key or hash of 32 bytes.
fn bytes_32(bytes: &[u8], what: &str) -> Result<[u8; 32], StoreFault> {
    <[u8; 32]>::try_from(bytes)
        .map_err(|_| StoreFault::damaged(format!("{what} does not have 32 bytes")))
}

/// Returns the first eight bytes of a hash as SQLite's integer.
fn prefix(hash: &[u8; 32]) -> i64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hash[..8]);
    i64::from_be_bytes(bytes)
}
