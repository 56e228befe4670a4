//! The home of a node: one private folder with everything a node keeps, and the lock that gives it
//! to one process at a time.
//!
//! It names the files and owns the folders, but knows nothing of what is in the files: the store,
//! the keystore and the settings do. Where the home lies is given by the caller, who reads the
//! command line and the environment.

mod lock;
#[cfg(test)]
mod tests;

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use etcetera::{AppStrategy, AppStrategyArgs};
use thiserror::Error;

use crate::access::{AccessError, verify_private};
use crate::durable_file;

pub use lock::{HomeLock, LockError, SocketError};

/// Mode of the home and of the folders in it.
const FOLDER_MODE: u32 = 0o700;
/// Bytes of a socket's path that every system takes: macOS has 104 with the final zero, Linux 108.
#[cfg(target_os = "linux")]
pub const SOCKET_PATH_BYTES_MAX: usize = 107;
/// Bytes of a socket's path that every system takes: macOS has 104 with the final zero, Linux 108.
#[cfg(not(target_os = "linux"))]
pub const SOCKET_PATH_BYTES_MAX: usize = 103;

/// Why a folder cannot serve as a home.
#[derive(Debug, Error)]
pub enum HomeError {
    /// The system does not say where a user's data lies.
    #[error("this system does not say where your data folder is; name one with --home FOLDER")]
    NoDataFolder(#[source] etcetera::HomeDirError),
    /// There is no such folder.
    #[error(
        "nothing has been set up in {}; run `linli init` or `linli join` first, or name another folder with --home",
        .path.display()
    )]
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// Its place is taken by something else.
    #[error("{} is not a folder; name another one with --home", .path.display())]
    NotAFolder {
        /// The place.
        path: PathBuf,
    },
    /// Others may enter it, or it belongs to somebody else.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The system refused.
    #[error("could not use {} as a home", .path.display())]
    Io {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A folder that exists, belongs to the user who runs the program, and is closed to all others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    path: PathBuf,
}

impl Home {
    /// Returns the folder that was named, or else the user's own data folder for Linli. It need
    /// not exist.
    ///
    /// # Errors
    ///
    /// [`HomeError::NoDataFolder`].
    pub fn locate(named: Option<PathBuf>) -> Result<PathBuf, HomeError> {
        match named {
            Some(path) => Ok(path),
            None => etcetera::app_strategy::choose_native_strategy(AppStrategyArgs {
                app_name: "linli".to_owned(),
                ..AppStrategyArgs::default()
            })
            .map(|strategy| strategy.data_dir())
            .map_err(HomeError::NoDataFolder),
        }
    }

    /// Makes a home, durably, with mode 0700. A folder that exists serves if it is empty (it is
    /// then closed to others) or closed to others already.
    ///
    /// # Errors
    ///
    /// [`HomeError`], never its `Missing`.
    pub fn create(path: &Path) -> Result<Self, HomeError> {
        create_private_folder(path)?;
        close_if_empty(path)?;
        Self::open(path)
    }

    /// Opens a home that exists, after a look at its owner and mode.
    ///
    /// # Errors
    ///
    /// [`HomeError`].
    pub fn open(path: &Path) -> Result<Self, HomeError> {
        verify_private_folder(path)?;
        Ok(Self {
            path: path.to_owned(),
        })
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The store's database.
    pub fn database(&self) -> PathBuf {
        self.path.join("linli.db")
    }

    /// The keystore.
    pub fn keystore(&self) -> PathBuf {
        self.path.join("linli.keys")
    }

    /// The key file that opens the keystore when there is neither passphrase nor other key file.
    pub fn device_key(&self) -> PathBuf {
        self.path.join("device.key")
    }

    /// The mark of a home that is half made or half removed: without a keystore, nobody holds the
    /// keys of what lies beside it.
    pub fn unfinished_mark(&self) -> PathBuf {
        self.path.join("linli.unfinished")
    }

    /// The files that a store may consist of.
    pub fn store_files(&self) -> impl Iterator<Item = PathBuf> {
        let database = self.database().into_os_string();
        ["", "-wal", "-shm", "-journal"]
            .into_iter()
            .map(move |suffix| {
                let mut path = database.clone();
                path.push(suffix);
                path.into()
            })
    }

    /// Whether there is a store that holds anything.
    pub fn holds_store(&self) -> bool {
        self.store_files()
            .any(|path| fs::metadata(path).is_ok_and(|metadata| metadata.len() > 0))
    }

    /// The settings.
    pub fn settings(&self) -> PathBuf {
        self.path.join("settings.toml")
    }

    /// What is known of faults of the program that happened while the screen was drawn on.
    pub fn faults(&self) -> PathBuf {
        self.path.join("faults.log")
    }

    /// The lock file.
    pub fn lock_file(&self) -> PathBuf {
        self.path.join("lock")
    }

    /// The folder of the socket; it exists once the home has been locked.
    pub fn run_folder(&self) -> PathBuf {
        self.path.join("run")
    }

    /// The socket of the local interface.
    ///
    /// # Errors
    ///
    /// [`SocketError::PathTooLong`]: no socket can be made or reached there.
    pub fn socket(&self) -> Result<PathBuf, SocketError> {
        let path = self.run_folder().join("api.sock");
        let bytes = path.as_os_str().len();
        if bytes > SOCKET_PATH_BYTES_MAX {
            return Err(SocketError::PathTooLong { path, bytes });
        }
        Ok(path)
    }
}

fn refused(path: &Path, source: io::Error) -> HomeError {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::NotFound => HomeError::Missing { path },
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            HomeError::NotAFolder { path }
        }
        _ => HomeError::Io { path, source },
    }
}

/// Makes a folder and those above it that are missing, each with mode 0700 and durably.
fn create_private_folder(path: &Path) -> Result<(), HomeError> {
    let missing: Vec<&Path> = path
        .ancestors()
        .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
        .collect();
    DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(path)
        .map_err(|source| refused(path, source))?;
    for folder in missing {
        durable_file::sync_folder(durable_file::folder_of(folder))
            .map_err(|source| refused(folder, source))?;
    }
    Ok(())
}

/// Closes a folder of the user's own to others while it still holds nothing they could have read.
fn close_if_empty(path: &Path) -> Result<(), HomeError> {
    let io = |source| refused(path, source);
    let own = fs::metadata(path).map_err(io)?.uid() == rustix::process::geteuid().as_raw();
    if own && fs::read_dir(path).map_err(io)?.next().is_none() {
        fs::set_permissions(path, Permissions::from_mode(FOLDER_MODE)).map_err(io)?;
    }
    Ok(())
}

fn verify_private_folder(path: &Path) -> Result<(), HomeError> {
    let metadata = fs::metadata(path).map_err(|source| refused(path, source))?;
    if !metadata.is_dir() {
        return Err(HomeError::NotAFolder {
            path: path.to_owned(),
        });
    }
    Ok(verify_private(path, &metadata)?)
}
