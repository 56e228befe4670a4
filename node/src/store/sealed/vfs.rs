//! The door between the database and its files: a file system for SQLite that hands sealed bytes
//! to the system's own and opens what comes back.
//!
//! It opens a main file and a write-ahead log and nothing else, so no other file can hold anything
//! in the clear. This is the only unsafe code of the program; what it decides stands in `file`.

use std::ffi::{CStr, CString, OsStr, c_char, c_int, c_void};
use std::fmt;
use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::ptr;
use std::slice;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::{Connection, ffi};

use super::cipher::{Cipher, SPARE_BYTES};
use super::file::{Disk, Outcome, SealedFile};

/// Numbers of the file systems that were registered: no two have one name.
static REGISTERED: AtomicU64 = AtomicU64::new(0);

/// A file system that is registered with SQLite until this is dropped; the connection that uses it
/// must be dropped before.
pub(in crate::store) struct Vfs {
    name: CString,
    vfs: *mut ffi::sqlite3_vfs,
    below: *mut Below,
}

/// What the file system stands on.
struct Below {
    vfs: *mut ffi::sqlite3_vfs,
    cipher: Cipher,
}

/// A file that SQLite has opened. The system's own file follows it in the same allocation, which
/// SQLite made and frees.
#[repr(C)]
struct OpenFile {
    base: ffi::sqlite3_file,
    /// Owned; taken back when the file is closed.
    state: *mut State,
}

struct State {
    below: *const Below,
    file: SealedFile,
}

// SAFETY: what the pointers lead to is owned by the value, never changes while it is registered,
// and is used by whichever thread uses the one connection.
unsafe impl Send for Vfs {}

impl Vfs {
    /// Registers a file system that seals with a cipher. None when SQLite has no memory for it or
    /// knows no file system of the system's own.
    pub(super) fn register(cipher: Cipher) -> Option<Self> {
        let number = REGISTERED.fetch_add(1, Ordering::Relaxed);
        let name = CString::new(format!("linli-sealed-{number}")).expect("a name without zeros");
        // SAFETY: null asks for the file system that is used when nobody names one; it is never
        // unregistered.
        let system = unsafe { ffi::sqlite3_vfs_find(ptr::null()) };
        if system.is_null() {
            return None;
        }
        let below = Box::into_raw(Box::new(Below {
            vfs: system,
            cipher,
        }));
        // SAFETY: SQLite keeps a valid structure there.
        let template = unsafe { *system };
        let file_bytes = size_of::<OpenFile>() + usize::try_from(template.szOsFile).unwrap_or(0);
        let vfs = Box::into_raw(Box::new(ffi::sqlite3_vfs {
            iVersion: 2,
            szOsFile: c_int::try_from(file_bytes).expect("a few hundred bytes"),
            pNext: ptr::null_mut(),
            zName: name.as_ptr(),
            pAppData: below.cast(),
            xOpen: Some(open),
            xDelete: Some(delete),
            xAccess: Some(access),
            xFullPathname: Some(full_pathname),
            xRandomness: Some(randomness),
            xSleep: Some(sleep),
            xCurrentTime: Some(current_time),
            xGetLastError: Some(last_error),
            xCurrentTimeInt64: Some(current_time_int64),
            ..template
        }));
        let registered = Self { name, vfs, below };
        // SAFETY: the structure and its name stay where they are until they are unregistered.
        let code = unsafe { ffi::sqlite3_vfs_register(vfs, 0) };
        (code == ffi::SQLITE_OK).then_some(registered)
    }

    /// The name by which a connection asks for it.
    pub fn name(&self) -> &CStr {
        &self.name
    }
}

/// Leaves room in each page for what sealing it adds, in a file that is empty so far.
pub(super) fn reserve(connection: &Connection) -> Outcome {
    let mut bytes = c_int::try_from(SPARE_BYTES).expect("forty");
    // SAFETY: the connection is open, and the operation takes an integer for an argument.
    outcome(unsafe {
        ffi::sqlite3_file_control(
            connection.handle(),
            c"main".as_ptr(),
            ffi::SQLITE_FCNTL_RESERVE_BYTES,
            (&raw mut bytes).cast(),
        )
    })
}

impl Drop for Vfs {
    fn drop(&mut self) {
        // SAFETY: both were made by `register` and are given up here alone; no connection is left
        // that uses them, as the type demands.
        unsafe {
            ffi::sqlite3_vfs_unregister(self.vfs);
            drop(Box::from_raw(self.vfs));
            drop(Box::from_raw(self.below));
        }
    }
}

impl fmt::Debug for Vfs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Vfs").field(&self.name).finish()
    }
}

/// The system's own file behind one that SQLite has opened.
struct SystemFile(*mut ffi::sqlite3_file);

impl SystemFile {
    /// # Safety
    ///
    /// The file was allocated by SQLite for this file system.
    unsafe fn behind(file: *mut ffi::sqlite3_file) -> Self {
        // SAFETY: the allocation has room for both (`szOsFile`), and the first part has a length
        // that keeps the second one aligned.
        Self(unsafe { file.cast::<OpenFile>().add(1).cast() })
    }

    fn methods(&self) -> &ffi::sqlite3_io_methods {
        // SAFETY: whoever holds this has opened the system's file, which has methods then.
        unsafe { &*(*self.0).pMethods }
    }
}

/// Calls a method of the system's file, which has all that are called here. Unsafe: the file must
/// be open, and the arguments what SQLite asks for.
macro_rules! below {
    ($file:expr, $method:ident $(, $argument:expr)*) => {{
        let file = &$file;
        match file.methods().$method {
            Some(method) => method(file.0 $(, $argument)*),
            None => ffi::SQLITE_NOTFOUND,
        }
    }};
}

fn outcome(code: c_int) -> Outcome {
    match code {
        ffi::SQLITE_OK => Ok(()),
        code => Err(code),
    }
}

fn code(outcome: Outcome) -> c_int {
    outcome.err().unwrap_or(ffi::SQLITE_OK)
}

/// Turns a place or length into SQLite's form; no file is so long that it does not fit.
fn signed(number: u64) -> Outcome<i64> {
    i64::try_from(number).map_err(|_| ffi::SQLITE_IOERR)
}

impl Disk for SystemFile {
    fn read(&self, buffer: &mut [u8], place: u64) -> Outcome {
        let amount = c_int::try_from(buffer.len()).map_err(|_| ffi::SQLITE_IOERR)?;
        let place = signed(place)?;
        let buffer = buffer.as_mut_ptr().cast();
        // SAFETY: the file is open, and the pointers are those of what is borrowed.
        outcome(unsafe { below!(*self, xRead, buffer, amount, place) })
    }

    fn write(&self, bytes: &[u8], place: u64) -> Outcome {
        let amount = c_int::try_from(bytes.len()).map_err(|_| ffi::SQLITE_IOERR)?;
        let place = signed(place)?;
        // SAFETY: the file is open, and the pointers are those of what is borrowed.
        outcome(unsafe { below!(*self, xWrite, bytes.as_ptr().cast(), amount, place) })
    }

    fn truncate(&self, bytes: u64) -> Outcome {
        let bytes = signed(bytes)?;
        // SAFETY: the file is open, and the pointers are those of what is borrowed.
        outcome(unsafe { below!(*self, xTruncate, bytes) })
    }

    fn size(&self) -> Outcome<u64> {
        let mut bytes = 0;
        // SAFETY: the file is open, and the pointers are those of what is borrowed.
        outcome(unsafe { below!(*self, xFileSize, &mut bytes) })?;
        u64::try_from(bytes).map_err(|_| ffi::SQLITE_IOERR)
    }
}

/// Runs something with an open file, its cipher and the system's file behind it.
///
/// # Safety
///
/// SQLite opened the file through this file system, has not closed it, and calls from one thread
/// at a time.
unsafe fn with<T>(
    file: *mut ffi::sqlite3_file,
    work: impl FnOnce(&mut SealedFile, &Cipher, &SystemFile) -> T,
) -> T {
    // SAFETY: as demanded above, the state is there and nobody else uses it now; what it stands on
    // outlives the connection.
    let (system, state) = unsafe {
        let state = &mut *(*file.cast::<OpenFile>()).state;
        (SystemFile::behind(file), state)
    };
    // SAFETY: as above.
    let below = unsafe { &*state.below };
    work(&mut state.file, &below.cipher, &system)
}

/// The methods of open files. The database holds its store alone (`locking_mode = EXCLUSIVE`), so
/// no memory is shared with other processes; nor is a file read by mapping it.
static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

/// Tells whether the disk has no room for a file, not even an empty one. SQLite then says no more
/// than that it cannot be opened, and by then the system's own word is lost.
fn has_no_room_for(name: &CStr) -> bool {
    let path = Path::new(OsStr::from_bytes(name.to_bytes()));
    let mut file = OpenOptions::new();
    let made = file.write(true).create(true).mode(0o600).open(path);
    made.is_err_and(|error| {
        matches!(
            error.kind(),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded
        )
    })
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    let opened = file.cast::<OpenFile>();
    // SAFETY: SQLite gives room for a file of this file system. Without methods it does not close
    // what could not be opened.
    unsafe { (*opened).base.pMethods = ptr::null() };
    let sealed = if flags & ffi::SQLITE_OPEN_MAIN_DB != 0 {
        SealedFile::pages()
    } else if flags & ffi::SQLITE_OPEN_WAL != 0 {
        SealedFile::log()
    } else {
        return ffi::SQLITE_CANTOPEN;
    };
    // SAFETY: `register` put it there, and SQLite passes on its own arguments.
    unsafe {
        let below = (*vfs).pAppData.cast::<Below>();
        let system = SystemFile::behind(file);
        (*system.0).pMethods = ptr::null();
        let Some(open) = (*(*below).vfs).xOpen else {
            return ffi::SQLITE_CANTOPEN;
        };
        let code = open((*below).vfs, name, system.0, flags, out_flags);
        if code != ffi::SQLITE_OK {
            if !(*system.0).pMethods.is_null() {
                below!(system, xClose);
            }
            let is_full = code == ffi::SQLITE_CANTOPEN
                && flags & ffi::SQLITE_OPEN_CREATE != 0
                && !name.is_null()
                && has_no_room_for(CStr::from_ptr(name));
            return if is_full { ffi::SQLITE_FULL } else { code };
        }
        let state = State {
            below,
            file: sealed,
        };
        (*opened).state = Box::into_raw(Box::new(state));
        (*opened).base.pMethods = &METHODS;
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: SQLite closes a file once and uses it no more.
    unsafe {
        let flushed = with(file, |sealed, cipher, disk| sealed.flush(cipher, disk));
        drop(Box::from_raw((*file.cast::<OpenFile>()).state));
        let closed = below!(SystemFile::behind(file), xClose);
        (*file).pMethods = ptr::null();
        code(flushed.and(outcome(closed)))
    }
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    buffer: *mut c_void,
    amount: c_int,
    place: ffi::sqlite3_int64,
) -> c_int {
    let (Ok(amount), Ok(place)) = (usize::try_from(amount), u64::try_from(place)) else {
        return ffi::SQLITE_IOERR_READ;
    };
    // SAFETY: SQLite gives a buffer of that length, which nobody else uses meanwhile.
    let buffer = unsafe { slice::from_raw_parts_mut(buffer.cast::<u8>(), amount) };
    // SAFETY: SQLite calls with a file that it opened here.
    code(unsafe {
        with(file, |sealed, cipher, disk| {
            sealed.read(cipher, disk, buffer, place)
        })
    })
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    amount: c_int,
    place: ffi::sqlite3_int64,
) -> c_int {
    let (Ok(amount), Ok(place)) = (usize::try_from(amount), u64::try_from(place)) else {
        return ffi::SQLITE_IOERR_WRITE;
    };
    // SAFETY: SQLite gives that many bytes, which nobody changes meanwhile.
    let bytes = unsafe { slice::from_raw_parts(bytes.cast::<u8>(), amount) };
    // SAFETY: SQLite calls with a file that it opened here.
    code(unsafe {
        with(file, |sealed, cipher, disk| {
            sealed.write(cipher, disk, bytes, place)
        })
    })
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    let Ok(size) = u64::try_from(size) else {
        return ffi::SQLITE_IOERR_TRUNCATE;
    };
    // SAFETY: SQLite calls with a file that it opened here.
    code(unsafe {
        with(file, |sealed, cipher, disk| {
            sealed.truncate(cipher, disk, size)
        })
    })
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: SQLite calls with a file that it opened here.
    code(unsafe {
        with(file, |sealed, cipher, disk| {
            sealed.flush(cipher, disk)?;
            outcome(below!(*disk, xSync, flags))
        })
    })
}

unsafe extern "C" fn file_size(
    file: *mut ffi::sqlite3_file,
    size: *mut ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite calls with a file that it opened here, and with room for the answer.
    code(unsafe {
        with(file, |sealed, cipher, disk| {
            *size = signed(sealed.size(cipher, disk)?)?;
            Ok(())
        })
    })
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: SQLite calls with a file that it opened here.
    unsafe { with(file, |_, _, disk| below!(*disk, xLock, level)) }
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: SQLite calls with a file that it opened here.
    unsafe { with(file, |_, _, disk| below!(*disk, xUnlock, level)) }
}

unsafe extern "C" fn check_reserved_lock(
    file: *mut ffi::sqlite3_file,
    locked: *mut c_int,
) -> c_int {
    // SAFETY: SQLite calls with a file that it opened here.
    unsafe { with(file, |_, _, disk| below!(*disk, xCheckReservedLock, locked)) }
}

unsafe extern "C" fn file_control(
    file: *mut ffi::sqlite3_file,
    operation: c_int,
    argument: *mut c_void,
) -> c_int {
    // SAFETY: SQLite calls with a file that it opened here.
    unsafe {
        with(file, |_, _, disk| {
            below!(*disk, xFileControl, operation, argument)
        })
    }
}

unsafe extern "C" fn sector_size(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: SQLite calls with a file that it opened here.
    unsafe { with(file, |_, _, disk| below!(*disk, xSectorSize)) }
}

unsafe extern "C" fn device_characteristics(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: SQLite calls with a file that it opened here.
    let all = unsafe { with(file, |_, _, disk| below!(*disk, xDeviceCharacteristics)) };
    // Of what a disk may promise only this holds for a sealed file: a write spoils nothing beside
    // its own bytes. Parts of pages, for one, cannot be read.
    all & ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

/// Passes a call on to the system's own file system.
macro_rules! pass_on {
    ($name:ident, $method:ident, $refused:expr $(, $argument:ident: $type:ty)*) => {
        unsafe extern "C" fn $name(vfs: *mut ffi::sqlite3_vfs $(, $argument: $type)*) -> c_int {
            // SAFETY: `register` put it there, it outlives every call, and SQLite passes on its
            // own arguments.
            unsafe {
                let system = (*(*vfs).pAppData.cast::<Below>()).vfs;
                match (*system).$method {
                    Some(method) => method(system $(, $argument)*),
                    None => $refused,
                }
            }
        }
    };
}

pass_on!(delete, xDelete, ffi::SQLITE_IOERR_DELETE, name: *const c_char, sync: c_int);
pass_on!(access, xAccess, ffi::SQLITE_IOERR_ACCESS, name: *const c_char, flags: c_int, out: *mut c_int);
pass_on!(full_pathname, xFullPathname, ffi::SQLITE_CANTOPEN, name: *const c_char, room: c_int, out: *mut c_char);
pass_on!(randomness, xRandomness, 0, bytes: c_int, out: *mut c_char);
pass_on!(sleep, xSleep, 0, microseconds: c_int);
pass_on!(current_time, xCurrentTime, ffi::SQLITE_ERROR, out: *mut f64);
pass_on!(last_error, xGetLastError, 0, room: c_int, out: *mut c_char);
pass_on!(current_time_int64, xCurrentTimeInt64, ffi::SQLITE_ERROR, out: *mut ffi::sqlite3_int64);
