//! Opening the store: who made the file, which version it is, and how SQLite is set up.
//!
//! A file of another program or of a later version is left as it is; a store that an earlier
//! version left in the clear is sealed first. What the tables mean is
//! described in docs/STORE.md; nothing here reads them.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, TransactionBehavior};
use thiserror::Error;

use super::fault::StoreFault;
use super::sealed::{self, Sealed};
use crate::keystore::Seed;

/// Marks the file as a store of Linli: "LNLI".
pub const APPLICATION_ID: i32 = 0x4c4e_4c49;

/// The migrations, in order; the store's version is how many of them it has been through.
const MIGRATIONS: [&str; 8] = [
    include_str!("migrations/0001.sql"),
    include_str!("migrations/0002.sql"),
    include_str!("migrations/0003.sql"),
    include_str!("migrations/0004.sql"),
    include_str!("migrations/0005.sql"),
    include_str!("migrations/0006.sql"),
    include_str!("migrations/0007.sql"),
    include_str!("migrations/0008.sql"),
];

/// How long another process may take to close the store, in milliseconds: a node that was told to
/// stop needs less.
const BUSY_MS: u64 = 1_000;
/// Page cache, in KiB: the upper levels of all indexes at 100,000 entries fit, and a node stays
/// small.
const CACHE_KIB: i32 = 6 * 1024;
/// Pages in the write-ahead log at which a commit checkpoints by itself: a safety net of 64 MiB
/// for an owner that is never idle.
const WAL_PAGES_MAX: i32 = 16 * 1024;
/// Bytes to which the write-ahead log shrinks after a checkpoint.
const WAL_KEPT_BYTES: i32 = 4 * 1024 * 1024;
/// Prepared statements kept: all that the store has.
const STATEMENTS_KEPT: usize = 160;

/// Bytes that a file has at least unless it is empty: a page.
const FILE_BYTES_MIN: u64 = 4096;

/// What a commit waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// The disk has it: what every node uses.
    Full,
    /// The operating system has it: a power cut loses commits. It exists as the control of the
    /// power-cut test, which must fail with it.
    UnsafeControl,
}

impl Durability {
    /// Returns SQLite's word for it.
    pub(super) const fn synchronous(self) -> &'static str {
        match self {
            Self::Full => "FULL",
            Self::UnsafeControl => NO_WAITING,
        }
    }
}

/// SQLite's word for commits that stand in order and whole, but wait for no disk.
pub(super) const NO_WAITING: &str = "NORMAL";

/// Why the store was not opened. The file is as it was before, save for [`OpenError::Fault`].
#[derive(Debug, Error)]
pub enum OpenError {
    /// The store was written by a later version of the program.
    #[error(
        "this store is of version {found}, and this program knows versions up to {known}: install \
         the later program again. Nothing was changed"
    )]
    Newer {
        /// The store's version.
        found: i64,
        /// The latest version known here.
        known: i64,
    },
    /// The file is a database of another program.
    #[error("the file is a database of another program, not a store. Nothing was changed")]
    Foreign,
    /// The store was sealed with another key.
    #[error(
        "the store was sealed with another key than the one in this home's keystore: put the \
         store and the keystore that belong together back into one home. Nothing was changed"
    )]
    OtherKey,
    /// The file could not be created.
    #[error("the store file cannot be created: check its folder")]
    Create(#[source] std::io::Error),
    /// The database could not be read or written.
    #[error(transparent)]
    Fault(#[from] StoreFault),
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// Returns the version that stores have after opening.
pub fn version_known() -> i64 {
    i64::try_from(MIGRATIONS.len()).expect("there are few migrations")
}

/// Opens or creates the file and brings it to the current version.
pub(super) fn open(path: &Path, key: &Seed, durability: Durability) -> Result<Sealed, OpenError> {
    create(path)?;
    sealed::take_over(path, key)?;
    open_sealed(path, key, durability)
}

/// Opens a file that is sealed, or empty, and brings it to the current version.
pub(super) fn open_sealed(
    path: &Path,
    key: &Seed,
    durability: Durability,
) -> Result<Sealed, OpenError> {
    let mut sealed = Sealed::open(path, key)?;
    bring_up(&mut sealed.connection, durability)?;
    Ok(sealed)
}

/// Opens a sealed file that may be damaged, to read what can be read: nothing is written, and
/// closing it moves nothing inside it.
pub(super) fn open_as_it_is(path: &Path, key: &Seed) -> Result<Sealed, OpenError> {
    let sealed = Sealed::open(path, key)?;
    let connection = &sealed.connection;
    connection.busy_timeout(Duration::from_millis(BUSY_MS))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.pragma_update(None, "query_only", true)?;
    recognise(connection)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(sealed)
}

/// Sets a connection up and brings its file to the current version, if it is a store.
pub(super) fn bring_up(
    connection: &mut Connection,
    durability: Durability,
) -> Result<(), OpenError> {
    connection.busy_timeout(Duration::from_millis(BUSY_MS))?;
    // Until the file is known to be ours, closing it must not move anything inside it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // One process to a store; it also keeps the index of the write-ahead log out of a file.
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    let version = recognise(connection)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    if version == 0 {
        // There is nothing to bring back yet, and a journal in a file would lie in the clear.
        connection.pragma_update(None, "journal_mode", "MEMORY")?;
    }
    configure(connection, durability)?;
    migrate(connection, version)
}

/// Makes the file, for its owner alone, where there is none.
pub(super) fn create(path: &Path) -> Result<(), OpenError> {
    let is_new = !path.exists();
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
        .map_err(OpenError::Create)?;
    if is_new
        && let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
    {
        // Otherwise a power cut could leave the write-ahead log without its file.
        let folder = File::open(folder).map_err(OpenError::Create)?;
        folder.sync_all().map_err(OpenError::Create)?;
    }
    let length = file.metadata().map_err(OpenError::Create)?.len();
    if (1..FILE_BYTES_MIN).contains(&length) {
        // It would be taken for an empty one, and written over.
        return Err(StoreFault::damaged("the file is cut off").into());
    }
    Ok(())
}

/// Returns the version of the file, 0 for an empty one.
fn recognise(connection: &Connection) -> Result<usize, OpenError> {
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let application = number("PRAGMA application_id")?;
    let version = number("PRAGMA user_version")?;
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    if tables == 0 && application == 0 && version == 0 {
        return Ok(0);
    }
    if application != i64::from(APPLICATION_ID) {
        return Err(OpenError::Foreign);
    }
    let known = version_known();
    if version > known {
        return Err(OpenError::Newer {
            found: version,
            known,
        });
    }
    usize::try_from(version)
        .map_err(|_| OpenError::Fault(StoreFault::damaged("its version is below 0")))
}

fn configure(connection: &Connection, durability: Durability) -> Result<(), OpenError> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", durability.synchronous())?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // What is erased shall not lie about in free space (rule R18).
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "wal_autocheckpoint", WAL_PAGES_MAX)?;
    connection.pragma_update(None, "journal_size_limit", WAL_KEPT_BYTES)?;
    // Otherwise statements whose plan might depend on a value are planned anew for each value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(())
}

fn migrate(connection: &mut Connection, version: usize) -> Result<(), OpenError> {
    if version == MIGRATIONS.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for migration in &MIGRATIONS[version..] {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", version_known())?;
    transaction.commit()?;
    // The tables belong into the file itself before anything relies on them.
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}
