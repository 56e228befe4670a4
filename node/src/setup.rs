//! Making a home: founding a neighbourhood, or preparing to join one.
//!
//! Either everything is on disk and durable when a function here returns, or nothing is: what a
//! failure has begun is taken away again, and a home that existed stays as it was. Nothing here
//! asks the resident or prints; the command line does.

use std::path::{Path, PathBuf};

use protocol::id::{DeviceId, MemberId, SpaceId};
use protocol::invitation::Invitation;
use protocol::words::RecoveryWords;
use secrecy::SecretString;
use thiserror::Error;
use tui::language::Language;

/// What opens, or is to open, the keystore of a home.
#[derive(Clone, Debug)]
pub enum Unlock {
    /// A passphrase, through argon2id.
    Passphrase(SecretString),
    /// A key file, for machines that must come back by themselves. `None` means the systemd
    /// credential when there is one, or else the file in its own place in the home.
    KeyFile(Option<PathBuf>),
}

/// What opens the keystore of a home that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// A passphrase.
    Passphrase,
    /// A key file or a systemd credential.
    KeyFile,
}

/// What is known of a home without opening it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HomeState {
    /// Nothing has been set up there.
    Absent,
    /// A household's home, or a relay's.
    Present {
        /// What opens its keystore.
        lock: Lock,
        /// Whether it belongs to a relay.
        relay: bool,
    },
}

/// How a neighbourhood is to be founded.
#[derive(Clone, Debug)]
pub struct FoundOptions {
    /// The neighbourhood's name, neutralised and within its limit.
    pub neighbourhood: String,
    /// The founding household's name, neutralised and within its limit.
    pub household: String,
    /// Its building.
    pub building: Option<String>,
    /// The language that the home's settings begin with.
    pub language: Language,
    /// What is to open the keystore.
    pub unlock: Unlock,
}

/// A neighbourhood that has been founded.
#[derive(Debug)]
pub struct Founded {
    /// The neighbourhood.
    pub space: SpaceId,
    /// The founding household.
    pub member: MemberId,
    /// Its first device.
    pub device: DeviceId,
    /// The household key's words: shown once, kept nowhere.
    pub words: RecoveryWords,
}

/// Who joins.
#[derive(Clone, Debug)]
pub enum Joiner {
    /// A household or guest, with a new household key.
    Household {
        /// Its name, neutralised and within its limit.
        name: String,
        /// Its building.
        building: Option<String>,
    },
    /// A relay: a device without a household.
    Relay {
        /// Its name, neutralised and within its limit.
        name: String,
        /// The building it serves.
        building: Option<String>,
    },
}

/// How a home is to join a neighbourhood.
#[derive(Clone, Debug)]
pub struct JoinOptions {
    /// The invitation, parsed; only the inviter judges its expiry.
    pub invitation: Invitation,
    /// Who joins.
    pub joiner: Joiner,
    /// Addresses to dial beside those of the invitation.
    pub dial: Vec<String>,
    /// The language that the home's settings begin with.
    pub language: Language,
    /// What is to open the keystore.
    pub unlock: Unlock,
}

/// A home that is ready to join: it is pending until a node that runs on it was admitted.
#[derive(Debug)]
pub struct Joined {
    /// The neighbourhood.
    pub space: SpaceId,
    /// The joining household; none for a relay.
    pub member: Option<MemberId>,
    /// The home's device.
    pub device: DeviceId,
    /// The household key's words: shown once, kept nowhere. None for a relay, and none when the
    /// home was pending already and keeps its keys.
    pub words: Option<RecoveryWords>,
}

/// Why a home could not be set up. Nothing was left behind.
#[derive(Debug, Error)]
pub enum SetupError {
    /// The home holds a household already. For [`join`]: one that is not pending.
    #[error("{home} holds a household already")]
    Exists {
        /// The home.
        home: PathBuf,
    },
    /// Another process works on the home.
    #[error("another process works on {home}")]
    Locked {
        /// The home.
        home: PathBuf,
        /// Its process id, where it is known.
        pid: Option<u32>,
    },
    /// A name or building breaks a limit of the protocol.
    #[error("{what} is not acceptable")]
    Invalid {
        /// `neighbourhood`, `household` or `building`.
        what: &'static str,
    },
    /// The key file or passphrase does not serve.
    #[error("the keystore could not be made or opened")]
    Keystore(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The store could not be made.
    #[error("the store could not be made")]
    Store(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The disk is full.
    #[error("the disk that holds {home} is full")]
    DiskFull {
        /// The home.
        home: PathBuf,
    },
    /// The system gave no random bytes.
    #[error("the system gave no random bytes")]
    Random(#[source] getrandom::Error),
    /// A file could not be read or written.
    #[error("{path} could not be read or written")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// Looks at a home without opening or locking it.
///
/// # Errors
///
/// [`SetupError::File`] when the folder cannot be read.
pub fn inspect(home: &Path) -> Result<HomeState, SetupError> {
    let _ = home;
    todo!("filled by the core's author")
}

/// Founds a neighbourhood in a home that does not exist or is empty. Blocking.
///
/// # Errors
///
/// [`SetupError`]; nothing is left behind.
pub fn found(home: &Path, options: FoundOptions) -> Result<Founded, SetupError> {
    let _ = (home, options);
    todo!("filled by the core's author")
}

/// Prepares a home to join a neighbourhood. Blocking; the network is not touched.
///
/// A home that is pending already takes the new invitation and keeps its keys.
///
/// # Errors
///
/// [`SetupError`]; nothing is left behind, and a pending home stays as it was.
pub fn join(home: &Path, options: JoinOptions) -> Result<Joined, SetupError> {
    let _ = (home, options);
    todo!("filled by the core's author")
}
