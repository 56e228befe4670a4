//! The lock that gives a home to one process at a time, and the socket's place that goes with it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::PathBuf;

use rustix::fs::FlockOperation;
use rustix::io::Errno;
use thiserror::Error;

use super::{Home, HomeError, SOCKET_PATH_BYTES_MAX, create_private_folder, verify_private_folder};
use crate::durable_file;

/// Bytes of the lock file that are read: a process number has at most ten digits.
const PID_BYTES_MAX: u64 = 16;

/// Why a home cannot be worked on now.
#[derive(Debug, Error)]
pub enum LockError {
    /// Another process works on it.
    #[error(
        "{} is in use by {}; let it finish or stop it, or name another folder with --home",
        .home.display(), holder(*.pid)
    )]
    Held {
        /// The home.
        home: PathBuf,
        /// The process that has it; none when it has only just begun.
        pid: Option<u32>,
    },
    /// A folder of the home cannot be used.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The system refused.
    #[error("could not lock {}", .path.display())]
    Io {
        /// The lock file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Why the place of the socket could not be cleared.
#[derive(Debug, Error)]
pub enum SocketError {
    /// The path is longer than a socket's can be.
    #[error(
        "the path of the socket {} has {bytes} bytes and can have {SOCKET_PATH_BYTES_MAX}; choose a home with a shorter path, or give --home relative to the current folder",
        .path.display()
    )]
    PathTooLong {
        /// The path.
        path: PathBuf,
        /// Its length.
        bytes: usize,
    },
    /// Something that is no socket is in its place.
    #[error("{} is in the socket's place but is no socket; move it away", .path.display())]
    NotASocket {
        /// The place.
        path: PathBuf,
    },
    /// The system refused.
    #[error("could not clear {}", .path.display())]
    Io {
        /// The socket.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Home {
    /// Takes the home for this process, until the lock is dropped or the process ends in whatever
    /// way. What crashes have left half written is removed.
    ///
    /// # Errors
    ///
    /// [`LockError::Held`] names the process that has it.
    pub fn lock(&self) -> Result<HomeLock, LockError> {
        let path = self.lock_file();
        let refused = |source| LockError::Io {
            path: path.clone(),
            source,
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(refused)?;
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::WOULDBLOCK) => {
                return Err(LockError::Held {
                    home: self.path.clone(),
                    pid: read_pid(&mut file),
                });
            }
            Err(errno) => return Err(refused(errno.into())),
        }
        // The number only tells others who has the lock: a full disk keeps nobody out.
        let _nobody_is_told = file
            .set_len(0)
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        durable_file::remove_unfinished(&self.path).map_err(refused)?;
        create_private_folder(&self.run_folder())?;
        verify_private_folder(&self.run_folder())?;
        Ok(HomeLock {
            home: self.clone(),
            file,
        })
    }
}

/// The right to change a home: one process has it.
#[derive(Debug)]
pub struct HomeLock {
    home: Home,
    file: File,
}

impl HomeLock {
    /// The home.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// Removes a socket that an earlier process left behind, and says whether there was one. As
    /// this process has the lock, nobody listens there.
    ///
    /// # Errors
    ///
    /// [`SocketError`].
    pub fn clear_socket(&self) -> Result<bool, SocketError> {
        let path = self.home.socket()?;
        match fs::symlink_metadata(&path) {
            Ok(metadata) if !metadata.file_type().is_socket() => {
                Err(SocketError::NotASocket { path })
            }
            Ok(_) => match fs::remove_file(&path) {
                Ok(()) => Ok(true),
                Err(source) => Err(SocketError::Io { path, source }),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(source) => Err(SocketError::Io { path, source }),
        }
    }
}

impl Drop for HomeLock {
    fn drop(&mut self) {
        // Closing the file gives the lock up. The number is only taken away so that nobody reads
        // it between another process's lock and that process's own number.
        let _ = self.file.set_len(0);
    }
}

fn holder(pid: Option<u32>) -> String {
    match pid {
        Some(pid) => format!("process {pid}"),
        None => "another process".to_owned(),
    }
}

fn read_pid(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(PID_BYTES_MAX).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
