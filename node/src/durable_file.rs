//! Small private files that are either wholly old or wholly new, whatever moment the power fails.
//!
//! A file is written beside its place, flushed, moved over the old one, and the folder is flushed.
//! It deliberately knows nothing of what it writes, and it is not for large files: everything is in
//! memory at once.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::access::{AccessError, verify_private};

/// How the name of a file ends that has not been moved to its place yet.
const UNFINISHED: &str = ".unfinished";
/// Mode of every file written here.
const MODE: u32 = 0o600;

/// The content of a file, erased when it is dropped.
pub type SecretBytes = Zeroizing<Vec<u8>>;

/// Why a file was not written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// Nothing was changed: whatever the file held before, it still holds.
    #[error(
        "could not write {}; what it held before is unchanged. Check the free space and the permissions of its folder",
        .path.display()
    )]
    Unchanged {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The new content stands in its place, but could not be made durable.
    #[error(
        "{} was written, but the disk did not confirm it: a power cut could bring the old content back. Check the disk",
        .path.display()
    )]
    NotDurable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Why a file was not read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// There is no such file.
    #[error("there is no file {}", .path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// Its place is taken by a folder, a device or something else that is no file.
    #[error("{} is not an ordinary file", .path.display())]
    NotAFile {
        /// The place.
        path: PathBuf,
    },
    /// It is larger than such a file can be.
    #[error("{} is larger than {bytes_max} bytes and so is not what it should be", .path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit.
        bytes_max: usize,
    },
    /// Others may read it, or it belongs to somebody else.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The system refused.
    #[error("could not read {}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Replaces a file's content, durably and at once. The file has mode 0600 afterwards.
///
/// # Errors
///
/// [`WriteError`], which says whether the old content still stands.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    StagedFile::stage(path, bytes)?.publish()
}

/// Removes a file, durably. A file that is not there is as good as removed.
///
/// # Errors
///
/// What the system says.
pub fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Ok(()) => sync_folder(folder_of(path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Gives a file another name in its folder, durably; a file that had the name is replaced.
///
/// # Errors
///
/// What the system says.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    sync_folder(folder_of(to))
}

/// Reads a file that belongs to the user who runs the program and that nobody else may read.
///
/// # Errors
///
/// [`ReadError`].
pub fn read_private(path: &Path, bytes_max: usize) -> Result<SecretBytes, ReadError> {
    let (file, metadata) = open_file(path)?;
    verify_private(path, &metadata)?;
    read_bounded(file, path, bytes_max)
}

/// Reads a file whose owner and mode are somebody else's care.
///
/// # Errors
///
/// [`ReadError`], never its `Access`.
pub fn read_shared(path: &Path, bytes_max: usize) -> Result<SecretBytes, ReadError> {
    let (file, _) = open_file(path)?;
    read_bounded(file, path, bytes_max)
}

/// Removes what writes that a crash ended have left in a folder. Only for who holds the lock of
/// the folder's home: a write that is under way would lose its file.
///
/// # Errors
///
/// What the system says.
pub fn remove_unfinished(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.as_encoded_bytes();
        if name.starts_with(b".") && name.ends_with(UNFINISHED.as_bytes()) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Makes a folder's list of names durable.
///
/// # Errors
///
/// What the system says.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// The folder that holds a path: the current one for a bare name.
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) => Path::new("."),
        None => path,
    }
}

/// New content that is durable beside its place, but not in it.
pub(crate) struct StagedFile<'p> {
    place: &'p Path,
    staged: PathBuf,
}

impl<'p> StagedFile<'p> {
    pub(crate) fn stage(place: &'p Path, bytes: &[u8]) -> Result<Self, WriteError> {
        let unchanged = |source| WriteError::Unchanged {
            path: place.to_owned(),
            source,
        };
        let staged = unfinished_path(place).map_err(unchanged)?;
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(MODE)
            .open(&staged)
            .map_err(unchanged)?;
        let this = Self { place, staged };
        // The umask narrows the mode given at creation, perhaps to one that its owner cannot read.
        file.set_permissions(Permissions::from_mode(MODE))
            .and_then(|()| file.write_all(bytes))
            .and_then(|()| file.sync_all())
            .map_err(|source| {
                this.discard();
                unchanged(source)
            })?;
        Ok(this)
    }

    fn publish(self) -> Result<(), WriteError> {
        fs::rename(&self.staged, self.place).map_err(|source| {
            self.discard();
            WriteError::Unchanged {
                path: self.place.to_owned(),
                source,
            }
        })?;
        sync_folder(folder_of(self.place)).map_err(|source| WriteError::NotDurable {
            path: self.place.to_owned(),
            source,
        })
    }

    fn discard(&self) {
        // The write has failed already; what stays behind goes when the home is next locked.
        let _ = fs::remove_file(&self.staged);
    }
}

fn unfinished_path(place: &Path) -> io::Result<PathBuf> {
    let name = place.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut unfinished = OsString::from(".");
    unfinished.push(name);
    let unique = getrandom::u64().map_err(io::Error::other)?;
    unfinished.push(format!(".{unique:016x}{UNFINISHED}"));
    Ok(place.with_file_name(unfinished))
}

fn open_file(path: &Path) -> Result<(File, fs::Metadata), ReadError> {
    let refused = |source: io::Error| {
        let path = path.to_owned();
        if source.kind() == io::ErrorKind::NotFound {
            ReadError::Missing { path }
        } else {
            ReadError::Io { path, source }
        }
    };
    // A pipe in the file's place must not hold the program up until somebody writes to it.
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
        .open(path)
        .map_err(refused)?;
    let metadata = file.metadata().map_err(refused)?;
    if !metadata.is_file() {
        return Err(ReadError::NotAFile {
            path: path.to_owned(),
        });
    }
    Ok((file, metadata))
}

fn read_bounded(file: File, path: &Path, bytes_max: usize) -> Result<SecretBytes, ReadError> {
    // Reserved at once: a vector that grows leaves copies of secrets behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(bytes_max + 1));
    file.take(bytes_max as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|source| ReadError::Io {
            path: path.to_owned(),
            source,
        })?;
    if bytes.len() > bytes_max {
        return Err(ReadError::TooLarge {
            path: path.to_owned(),
            bytes_max,
        });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;

    fn names(folder: &Path) -> Vec<OsString> {
        fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name())
            .collect()
    }

    #[test]
    fn writing_replaces_the_content_and_the_mode() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("note");
        fs::write(&path, "old").expect("written");
        fs::set_permissions(&path, Permissions::from_mode(0o644)).expect("mode");
        write(&path, b"new").expect("written");
        assert_eq!(fs::read(&path).expect("read"), b"new");
        let mode = fs::metadata(&path).expect("metadata").mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(names(folder.path()), ["note"]);
    }

    #[test]
    fn a_crash_before_the_move_leaves_the_old_content() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("note");
        write(&path, b"old").expect("written");
        // Nothing is undone when the process ends here, as nothing is in a crash.
        let staged = StagedFile::stage(&path, b"new").expect("staged");
        assert_eq!(fs::read(&staged.staged).expect("read"), b"new");
        drop(staged);
        assert_eq!(fs::read(&path).expect("read"), b"old");
        assert_eq!(names(folder.path()).len(), 2);
        remove_unfinished(folder.path()).expect("removed");
        assert_eq!(names(folder.path()), ["note"]);
        assert_eq!(fs::read(&path).expect("read"), b"old");
    }

    #[test]
    fn a_write_that_fails_leaves_the_old_content_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("note");
        fs::create_dir(&path).expect("a folder where the file should be");
        fs::write(path.join("inside"), "old").expect("written");
        let error = write(&path, b"new").expect_err("a folder cannot be replaced");
        assert!(matches!(error, WriteError::Unchanged { .. }), "{error}");
        assert_eq!(names(folder.path()), ["note"]);
        let error = write(&folder.path().join("no/such"), b"new").expect_err("no folder");
        assert!(matches!(error, WriteError::Unchanged { .. }), "{error}");
    }

    #[test]
    fn reading_is_bounded_and_private() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("note");
        write(&path, b"12345").expect("written");
        assert_eq!(**read_private(&path, 5).expect("read"), *b"12345");
        assert!(matches!(
            read_private(&path, 4),
            Err(ReadError::TooLarge { bytes_max: 4, .. })
        ));
        fs::set_permissions(&path, Permissions::from_mode(0o640)).expect("mode");
        assert!(matches!(
            read_private(&path, 5),
            Err(ReadError::Access(AccessError::TooPermissive {
                mode: 0o640,
                wanted: 0o600,
                ..
            }))
        ));
        assert_eq!(**read_shared(&path, 5).expect("read"), *b"12345");
        assert!(matches!(
            read_private(&folder.path().join("none"), 5),
            Err(ReadError::Missing { .. })
        ));
        assert!(matches!(
            read_private(folder.path(), 5),
            Err(ReadError::NotAFile { .. })
        ));
        assert!(matches!(
            read_shared(Path::new("/dev/zero"), 5),
            Err(ReadError::NotAFile { .. })
        ));
    }

    #[test]
    fn removing_twice_is_fine() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("note");
        write(&path, b"old").expect("written");
        remove(&path).expect("removed");
        remove(&path).expect("not there");
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn every_path_lies_in_a_folder() {
        assert_eq!(folder_of(Path::new("note")), Path::new("."));
        assert_eq!(folder_of(Path::new("a/note")), Path::new("a"));
        assert_eq!(folder_of(Path::new("/note")), Path::new("/"));
        assert_eq!(folder_of(Path::new("/")), Path::new("/"));
    }
}
