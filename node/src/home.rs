//! The home of a node: one private folder with everything a node keeps, and the lock that gives it
//! to one process at a time.
//!
//! It names the files and owns the folders, but knows nothing of what is in the files: the store,
//! the keystore and the settings do. Where the home lies is given by the caller, who reads the
//! command line and the environment.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use etcetera::{AppStrategy, AppStrategyArgs};
use rustix::fs::FlockOperation;
use rustix::io::Errno;
use thiserror::Error;

use crate::access::{AccessError, verify_private};
use crate::durable_file;

/// Mode of the home and of the folders in it.
const FOLDER_MODE: u32 = 0o700;
/// Bytes of a socket's path that every system takes: macOS has 104 with the final zero, Linux 108.
#[cfg(target_os = "linux")]
pub const SOCKET_PATH_BYTES_MAX: usize = 107;
/// Bytes of a socket's path that every system takes: macOS has 104 with the final zero, Linux 108.
#[cfg(not(target_os = "linux"))]
pub const SOCKET_PATH_BYTES_MAX: usize = 103;
/// Bytes of the lock file that are read: a process number has at most ten digits.
const PID_BYTES_MAX: u64 = 16;

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
        file.set_len(0)
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .and_then(|()| durable_file::remove_unfinished(&self.path))
            .map_err(refused)?;
        create_private_folder(&self.run_folder())?;
        verify_private_folder(&self.run_folder())?;
        Ok(HomeLock {
            home: self.clone(),
            file,
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

    /// The settings.
    pub fn settings(&self) -> PathBuf {
        self.path.join("settings.toml")
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

#[cfg(test)]
mod tests {
    use std::os::unix::net::{UnixListener, UnixStream};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).expect("metadata").mode() & 0o777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).expect("mode set");
    }

    #[test]
    fn a_new_home_is_private_down_to_the_socket_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("above/home");
        let home = Home::create(&path).expect("created");
        assert_eq!(mode(&path), 0o700);
        assert_eq!(mode(&folder.path().join("above")), 0o700);
        let lock = home.lock().expect("locked");
        assert_eq!(mode(&home.run_folder()), 0o700);
        assert_eq!(mode(&home.lock_file()), 0o600);
        drop(lock);
        assert_eq!(Home::create(&path).expect("again"), home);
    }

    #[test]
    fn an_open_folder_is_closed_only_while_it_is_empty() {
        let folder = tempfile::tempdir().expect("a folder");
        set_mode(folder.path(), 0o755);
        Home::create(folder.path()).expect("an empty folder serves");
        assert_eq!(mode(folder.path()), 0o700);

        set_mode(folder.path(), 0o755);
        fs::write(folder.path().join("holiday.jpg"), "…").expect("written");
        let error = Home::create(folder.path()).expect_err("others may have looked in");
        assert!(
            matches!(
                error,
                HomeError::Access(AccessError::TooPermissive {
                    mode: 0o755,
                    wanted: 0o700,
                    ..
                })
            ),
            "{error}"
        );
        assert!(error.to_string().contains("chmod 700"), "{error}");
        assert_eq!(mode(folder.path()), 0o755, "nothing was changed");
    }

    #[test]
    fn what_is_no_home_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("home");
        assert!(matches!(Home::open(&path), Err(HomeError::Missing { .. })));
        fs::write(&path, "").expect("written");
        for error in [
            Home::open(&path),
            Home::create(&path),
            Home::create(&path.join("inside")),
        ] {
            assert!(
                matches!(error, Err(HomeError::NotAFolder { .. })),
                "{error:?}"
            );
        }
    }

    #[test]
    fn one_lock_at_a_time_and_the_error_names_its_holder() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::create(&folder.path().join("home")).expect("created");
        let lock = home.lock().expect("free");
        let error = home.lock().expect_err("held");
        let own = std::process::id();
        assert!(
            matches!(error, LockError::Held { pid: Some(pid), .. } if pid == own),
            "{error}"
        );
        assert!(
            error.to_string().contains(&format!("process {own}")),
            "{error}"
        );
        drop(lock);
        drop(home.lock().expect("free again"));
    }

    #[test]
    fn a_lock_file_that_a_crash_left_holds_nobody_up() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::create(&folder.path().join("home")).expect("created");
        fs::write(home.lock_file(), "4194304999 and more than a number").expect("written");
        let lock = home.lock().expect("nobody has it");
        let text = fs::read_to_string(home.lock_file()).expect("read");
        assert_eq!(text, format!("{}\n", std::process::id()));
        drop(lock);
    }

    #[test]
    fn locking_sweeps_up_after_crashes_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::create(&folder.path().join("home")).expect("created");
        let left = home.path().join(".linli.keys.0123456789abcdef.unfinished");
        fs::write(&left, "half").expect("written");
        fs::write(home.keystore(), "whole").expect("written");
        let _lock = home.lock().expect("free");
        assert!(!left.exists());
        assert!(home.keystore().exists());
    }

    #[test]
    fn a_socket_left_behind_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::create(&folder.path().join("home")).expect("created");
        let lock = home.lock().expect("free");
        let socket = home.socket().expect("short enough");
        assert!(!lock.clear_socket().expect("nothing there"));

        drop(UnixListener::bind(&socket).expect("bound"));
        UnixStream::connect(&socket).expect_err("nobody listens");
        assert!(lock.clear_socket().expect("removed"));
        UnixListener::bind(&socket).expect("the place is free");
        fs::remove_file(&socket).expect("removed");

        fs::write(&socket, "mine").expect("written");
        assert!(matches!(
            lock.clear_socket(),
            Err(SocketError::NotASocket { .. })
        ));
        assert_eq!(fs::read(&socket).expect("kept"), b"mine");
    }

    #[test]
    fn a_path_too_long_for_a_socket_is_said_so() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::create(&folder.path().join("长".repeat(40))).expect("created");
        let error = home.socket().expect_err("too long");
        assert!(error.to_string().contains("shorter path"), "{error}");
    }

    #[test]
    fn an_open_socket_folder_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::create(&folder.path().join("home")).expect("created");
        fs::create_dir(home.run_folder()).expect("made");
        set_mode(&home.run_folder(), 0o777);
        let error = home.lock().expect_err("others could put a socket there");
        assert!(
            matches!(error, LockError::Home(HomeError::Access(_))),
            "{error}"
        );
        set_mode(&home.run_folder(), 0o700);
        home.lock().expect("a lock that failed is given up");
    }

    #[test]
    fn a_named_folder_goes_before_the_users_own() {
        let named = Home::locate(Some(PathBuf::from("A"))).expect("named");
        assert_eq!(named, Path::new("A"));
        let own = Home::locate(None).expect("this system has one");
        assert!(own.ends_with("linli"), "{}", own.display());
    }
}
