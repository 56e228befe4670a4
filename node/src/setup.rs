//! Making a home: founding a neighbourhood, or preparing to join one.
//!
//! Either everything is on disk and durable when a function here returns, or nothing is: what a
//! failure has begun is taken away again, and a home that existed stays as it was. Nothing here
//! asks the resident or prints; the command line does.

mod enrolling;
mod finding;
mod joining;
mod making;
mod plan;
mod restoring;

use std::io;
use std::path::{Path, PathBuf};

use protocol::id::{DeviceId, MemberId, SpaceId};
use protocol::key::SecretKey;
use protocol::kind::Kinds;
use protocol::limits;
use protocol::replica::{Body, Identity, Replica};
use protocol::statement::{Act, Authority, Certificate, Founding, Statement};
use protocol::switches::Switches;
use protocol::words::RecoveryWords;
use secrecy::SecretString;
use thiserror::Error;
use tui::language::Language;

pub use enrolling::{EnrolOptions, EnrolledBy, enrol};
pub use finding::{FindError, find};
pub use joining::{JoinOptions, Joined, Joiner, join};
use making::Making;
pub(crate) use plan::Plan;
pub use restoring::{Restored, remove, restore};

use crate::home::{Home, HomeError, LockError};
use crate::keystore::{self, Keystore, OpenError, Protection, Secrets, Seed};
use crate::settings::Settings;
use crate::store::{self, Store, StoreFault};

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
    /// The household's key, where its words were shown before; otherwise a new one.
    pub key: Option<Seed>,
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

/// Why a home could not be set up. Nothing was left behind.
#[derive(Debug, Error)]
pub enum SetupError {
    /// The home holds a household already. For [`join`]: one that is not pending.
    #[error("{home} holds a household already")]
    Exists {
        /// The home.
        home: PathBuf,
    },
    /// A store lies in the home whose keystore is not there.
    #[error("the store in {home} has no keystore")]
    KeystoreMissing {
        /// The home.
        home: PathBuf,
    },
    /// A keystore lies in the home whose store is not there, or empty.
    #[error("the keystore in {home} has no store")]
    StoreMissing {
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
    Random(#[from] getrandom::Error),
    /// A file could not be read or written.
    #[error("{path} could not be read or written")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// Looks at a home without opening or locking it. One that is half made or half removed counts as
/// absent.
///
/// # Errors
///
/// [`SetupError::KeystoreMissing`] and [`SetupError::StoreMissing`] when half of a home is gone;
/// [`SetupError::File`] when the folder cannot be read.
pub fn inspect(home: &Path) -> Result<HomeState, SetupError> {
    let opened = match Home::open(home) {
        Ok(opened) => opened,
        Err(HomeError::Missing { .. }) => return Ok(HomeState::Absent),
        Err(error) => return Err(home_error(error)),
    };
    let lock = match Keystore::recorded_protection(&opened) {
        Ok(Protection::Passphrase) => Lock::Passphrase,
        Ok(_) => Lock::KeyFile,
        Err(OpenError::Missing { home }) if is_abandoned(&opened) => {
            return Err(SetupError::KeystoreMissing { home });
        }
        Err(OpenError::Missing { .. }) => return Ok(HomeState::Absent),
        Err(error) => return Err(SetupError::Keystore(Box::new(error))),
    };
    if !opened.holds_store() {
        return Err(SetupError::StoreMissing {
            home: home.to_owned(),
        });
    }
    let relay = Settings::read(&opened)
        .map_err(|error| SetupError::Store(Box::new(error)))?
        .relay;
    Ok(HomeState::Present { lock, relay })
}

/// Tells whether the store of a home without a keystore was a whole home's.
pub(crate) fn is_abandoned(home: &Home) -> bool {
    home.holds_store() && !home.unfinished_mark().exists()
}

/// Founds a neighbourhood in a home that does not exist or is empty. Blocking.
///
/// # Errors
///
/// [`SetupError`]; nothing is left behind.
pub fn found(home: &Path, options: FoundOptions) -> Result<Founded, SetupError> {
    check_name("neighbourhood", &options.neighbourhood)?;
    check_name("household", &options.household)?;
    check_building(options.building.as_deref())?;
    let making = Making::begin(home)?;
    let (household, device) = (household_key(options.key)?, Seed::random()?);
    let member_key = SecretKey::from_seed(household.expose());
    let device_key = SecretKey::from_seed(device.expose());
    let mut nonce = [0; 32];
    getrandom::fill(&mut nonce)?;
    let certificate = Certificate::issue(&member_key, DeviceId(device_key.public()));
    let (member, device_id) = (certificate.member, certificate.device);
    let founding = Founding {
        neighbourhood: options.neighbourhood,
        nonce,
        certificate,
        name: options.household,
        building: options.building,
    };
    let space = founding.space();
    let mut secret = founding.secret();
    let store_key = Seed::random()?;
    let mut store = making.store(&store_key)?;
    write_founding(&mut store, space, device_key, founding)?;
    drop(store);
    let secrets = Secrets {
        household: Some(household.clone()),
        space_secret: Some(Seed::take(&mut secret)),
        store: Some(store_key),
        ..Secrets::of_device(device)
    };
    making.finish(&options.unlock, &secrets, options.language, false)?;
    Ok(Founded {
        space,
        member,
        device: device_id,
        words: RecoveryWords::from_seed(*household.expose()),
    })
}

impl Unlock {
    /// Returns what a new keystore is made with: a key file that nobody named lies beside it.
    pub(crate) fn for_new_keystore(&self) -> keystore::Unlock {
        match self {
            Self::Passphrase(passphrase) => keystore::Unlock::from_answer(passphrase.clone()),
            Self::KeyFile(Some(path)) => keystore::Unlock::KeyFile(path.clone()),
            Self::KeyFile(None) => credential().unwrap_or(keystore::Unlock::KeyBesideStore),
        }
    }
}

/// Returns the systemd credential, where the service manager passed one.
pub(crate) fn credential() -> Option<keystore::Unlock> {
    let folder = PathBuf::from(std::env::var_os("CREDENTIALS_DIRECTORY")?);
    folder
        .join(keystore::CREDENTIAL_NAME)
        .exists()
        .then_some(keystore::Unlock::Credential { folder })
}

/// Writes the founding statement as the first entry of the space.
fn write_founding(
    store: &mut Store,
    space: SpaceId,
    device: SecretKey,
    founding: Founding,
) -> Result<(), SetupError> {
    let identity = Identity {
        key: device,
        member: Some(founding.certificate.member),
    };
    let kinds = Kinds::standard();
    let mut replica =
        Replica::open(space, identity, kinds, Switches::NONE, store).map_err(SetupError::Store)?;
    let body = Body::Statement(Statement::new(Authority::Founder, Act::Found(founding)));
    let appended = replica
        .append(store, crate::core::now_ms(), &body)
        .map_err(|error| SetupError::Store(Box::new(error)))?;
    store
        .commit(&appended.received.batch)
        .map_err(|error| SetupError::Store(Box::new(error)))
}

fn household_key(shown: Option<Seed>) -> Result<Seed, SetupError> {
    match shown {
        Some(key) => Ok(key),
        None => Ok(Seed::random()?),
    }
}

fn open_store(home: &Home, key: &Seed) -> Result<Store, SetupError> {
    Store::open(&home.database(), key).map_err(|error| match error {
        store::OpenError::Fault(StoreFault::Full) => SetupError::DiskFull {
            home: home.path().to_owned(),
        },
        store::OpenError::Create(source) => file_error(home.database(), source),
        error => SetupError::Store(Box::new(error)),
    })
}

fn check_name(what: &'static str, name: &str) -> Result<(), SetupError> {
    if name.is_empty() || name.len() > limits::NAME_BYTES_MAX {
        return Err(SetupError::Invalid { what });
    }
    Ok(())
}

fn check_building(building: Option<&str>) -> Result<(), SetupError> {
    match building {
        Some(building) => check_name("building", building),
        None => Ok(()),
    }
}

fn home_error(error: HomeError) -> SetupError {
    match error {
        HomeError::Io { path, source } => file_error(path, source),
        error => SetupError::Store(Box::new(error)),
    }
}

fn lock_error(error: LockError) -> SetupError {
    match error {
        LockError::Held { home, pid } => SetupError::Locked { home, pid },
        LockError::Io { path, source } => file_error(path, source),
        LockError::Home(error) => home_error(error),
    }
}

fn file_error(path: PathBuf, source: io::Error) -> SetupError {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            SetupError::DiskFull { home: path }
        }
        _ => SetupError::File { path, source },
    }
}
