//! Stores of earlier versions, which lay in the clear: everything in one is copied into a sealed
//! file, which then takes its place.
//!
//! A power cut at any moment leaves either the old store in its place, to begin again with, or the
//! sealed one. The old file keeps a second name until it was overwritten, so that this is made up
//! for at the next start. What the file system had given up earlier is out of reach.

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::{Mark, mark};
use crate::durable_file::{folder_of, sync_folder};
use crate::keystore::Seed;
use crate::store::fault::StoreFault;
use crate::store::open::{self, Durability, OpenError};

/// Bytes overwritten at a time.
const ZEROS: usize = 64 * 1024;

/// Seals the store at a path if it lies in the clear, and clears away what an earlier attempt left.
///
/// # Errors
///
/// [`OpenError`]; the store is as it was then, and a file of another program untouched.
pub fn take_over(path: &Path, key: &Seed) -> Result<(), OpenError> {
    let found = mark(path).map_err(OpenError::Create)?;
    let (clear, sealing) = (beside(path, "-clear"), beside(path, "-sealing"));
    if clear.exists() {
        match found {
            Some(Mark::Sealed { .. }) => shred(&clear),
            // Both names lead to the same file still.
            _ => fs::remove_file(&clear),
        }
        .map_err(OpenError::Create)?;
    }
    if found != Some(Mark::Plain) {
        return Ok(());
    }
    tracing::info!("the store lies in the clear; it is being sealed");
    settle(path)?;
    for left in [beside(&sealing, "-wal"), sealing.clone()] {
        remove(&left).map_err(OpenError::Create)?;
    }
    copy(path, &sealing, key)?;
    replace(path, &sealing, &clear).map_err(|error| match error.kind() {
        io::ErrorKind::StorageFull => StoreFault::Full.into(),
        _ => OpenError::Create(error),
    })
}

/// Brings a store in the clear to the current version and into one file.
fn settle(path: &Path) -> Result<(), OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    open::bring_up(&mut connection, Durability::Full)?;
    connection.pragma_update(None, "journal_mode", "DELETE")?;
    Ok(())
}

/// Copies all rows of a store in the clear into a new, sealed one.
fn copy(from: &Path, to: &Path, key: &Seed) -> Result<(), OpenError> {
    open::create(to)?;
    let sealed = open::open_sealed(to, key, Durability::Full)?;
    let connection = &sealed.connection;
    connection.pragma_update(None, "foreign_keys", false)?;
    connection.execute("ATTACH ?1 AS clear", [address(from)])?;
    let tables: Vec<String> = connection
        .prepare(
            "SELECT name FROM main.sqlite_schema
             WHERE type = 'table' AND rootpage > 0 AND substr(name, 1, 7) <> 'sqlite_'",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for table in &tables {
        // A new store has rows in the tables of the search index already.
        connection.execute_batch(&format!(
            "BEGIN IMMEDIATE;
             DELETE FROM main.{table};
             INSERT INTO main.{table} SELECT * FROM clear.{table};
             COMMIT"
        ))?;
        let count = |database| {
            let sql = format!("SELECT count(*) FROM {database}.{table}");
            connection.query_row(&sql, [], |row| row.get::<_, i64>(0))
        };
        if count("main")? != count("clear")? {
            return Err(StoreFault::damaged(format!("not all of {table} can be read")).into());
        }
        connection.query_row("PRAGMA main.wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    }
    connection.execute("DETACH clear", [])?;
    Ok(())
}

/// Puts the sealed file into the place of the one in the clear, and overwrites that.
fn replace(path: &Path, sealing: &Path, clear: &Path) -> io::Result<()> {
    File::open(sealing)?.sync_all()?;
    let old = OpenOptions::new().write(true).open(path)?;
    // Not every file system knows second names; then only the open file leads to the old bytes.
    let named = fs::hard_link(path, clear).is_ok();
    fs::rename(sealing, path)?;
    sync_folder(folder_of(path))?;
    if named {
        return shred(clear);
    }
    overwrite(old)
}

/// Overwrites a file and removes it.
fn shred(path: &Path) -> io::Result<()> {
    overwrite(OpenOptions::new().write(true).open(path)?)?;
    remove(path)?;
    sync_folder(folder_of(path))
}

fn overwrite(mut file: File) -> io::Result<()> {
    let zeros = vec![0; ZEROS];
    let mut left = file.metadata()?.len();
    while left > 0 {
        let part = left.min(ZEROS as u64);
        file.write_all(&zeros[..part as usize])?;
        left -= part;
    }
    file.sync_all()
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Writes a path as the address that names the system's own files, whatever is sealed beside.
fn address(path: &Path) -> String {
    let mut address = String::from("file:");
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                address.push(char::from(*byte));
            }
            _ => write!(address, "%{byte:02x}").expect("a string takes all"),
        }
    }
    address.push_str("?vfs=unix");
    address
}
