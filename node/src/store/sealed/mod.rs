//! The store at rest: every page that reaches the disk is sealed under the store's key, and so is
//! every frame of the write-ahead log (docs/decisions/0013-at-rest.md).
//!
//! It knows nothing of tables; the rest of the store knows nothing of it, save for opening.

mod cipher;
mod earlier;
mod file;
mod vfs;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use rusqlite::{Connection, OpenFlags, ffi};

use self::cipher::{Cipher, FRAME_BYTES, MARK_BYTES, Mark, PAGE_BYTES, SEALED_FRAME_BYTES};
pub(super) use self::earlier::take_over;
pub(super) use self::vfs::Vfs;
use super::fault::StoreFault;
use super::open::OpenError;
use crate::keystore::Seed;

/// A connection to a sealed file, with what it needs to reach the disk.
#[derive(Debug)]
pub(super) struct Sealed {
    /// Before the file system: fields are dropped in order.
    pub connection: Connection,
    vfs: Vfs,
}

impl Sealed {
    /// Opens the sealed file at a path. It must exist, and may be empty.
    ///
    /// # Errors
    ///
    /// [`OpenError`] when it has another form or another key, or cannot be opened.
    pub fn open(path: &Path, key: &Seed) -> Result<Self, OpenError> {
        let cipher = Cipher::new(key);
        let found = mark(path).map_err(OpenError::Create)?;
        match found {
            None => {}
            Some(mark) if cipher.made(mark) => {}
            Some(Mark::Sealed { version, .. }) if version == Cipher::version() => {
                return Err(OpenError::OtherKey);
            }
            Some(Mark::Sealed { version, .. }) => {
                return Err(OpenError::Newer {
                    found: version.into(),
                    known: Cipher::version().into(),
                });
            }
            Some(Mark::Plain | Mark::Other) => {
                return Err(StoreFault::damaged("the file is not a store").into());
            }
        }
        let vfs = Vfs::register(cipher).ok_or_else(|| refused(ffi::SQLITE_NOMEM))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags_and_vfs(path, flags, vfs.name())?;
        let sealed = Self { connection, vfs };
        if found.is_none() {
            vfs::reserve(&sealed.connection).map_err(refused)?;
        }
        Ok(sealed)
    }

    /// Returns the connection, and what must be dropped after it.
    pub fn into_parts(self) -> (Connection, Vfs) {
        (self.connection, self.vfs)
    }
}

fn refused(code: std::ffi::c_int) -> StoreFault {
    rusqlite::Error::SqliteFailure(ffi::Error::new(code), None).into()
}

/// Tells whether the file at a path is a sealed store.
pub fn is_sealed(path: &Path) -> io::Result<bool> {
    Ok(matches!(mark(path)?, Some(Mark::Sealed { .. })))
}

/// Reads what the first bytes of a file say; nothing when it has none.
fn mark(path: &Path) -> io::Result<Option<Mark>> {
    let mut bytes = [0; MARK_BYTES];
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    match file.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(Mark::read(&bytes))),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// How many pages of a file open in their places.
pub(super) struct WholePages {
    /// Those that open.
    pub whole: u64,
    /// All of them; a last one that is cut off is one.
    pub pages: u64,
}

/// Counts the pages of the file at a path that open with a key.
///
/// # Errors
///
/// What the system says.
pub(super) fn whole_pages(path: &Path, key: &Seed) -> io::Result<WholePages> {
    let cipher = Cipher::new(key);
    let mut file = io::BufReader::new(File::open(path)?);
    let mut count = WholePages { whole: 0, pages: 0 };
    loop {
        let mut page = Vec::with_capacity(PAGE_BYTES);
        io::Read::by_ref(&mut file)
            .take(PAGE_BYTES as u64)
            .read_to_end(&mut page)?;
        if page.is_empty() {
            return Ok(count);
        }
        let opens = page.len() == PAGE_BYTES && cipher.open_page(count.pages, &mut page).is_ok();
        count.whole += u64::from(opens);
        count.pages += 1;
    }
}

/// Returns the bytes of a store's file and of its write-ahead log with all that can be opened
/// opened: what a database would hold without the seal. For tests, and for whoever must rescue
/// what is left of a damaged store.
///
/// # Errors
///
/// What the system says.
pub fn opened_bytes(path: &Path, key: &Seed) -> io::Result<Vec<u8>> {
    let cipher = Cipher::new(key);
    let mut bytes = std::fs::read(path)?;
    for (number, page) in (0..).zip(bytes.chunks_exact_mut(PAGE_BYTES)) {
        let _stays_sealed = cipher.open_page(number, page);
    }
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let log = match std::fs::read(log) {
        Ok(log) => log,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    for (number, frame) in (0..).zip(
        log.get(32..)
            .unwrap_or_default()
            .chunks_exact(SEALED_FRAME_BYTES),
    ) {
        let mut frame = frame.to_vec();
        let _stays_sealed = cipher.open_frame(number, &mut frame);
        bytes.extend_from_slice(&frame[..FRAME_BYTES]);
    }
    Ok(bytes)
}
