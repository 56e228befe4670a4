//! Making a home: founding a neighbourhood, or preparing to join one.
//!
//! Either everything is on disk and durable when a function here returns, or nothing is: what a
//! failure has begun is taken away again, and a home that existed stays as it was. Nothing here
//! asks the resident or prints; the command line does.

use std::path::{Path, PathBuf};

use minicbor::{Decode, Encode};
use protocol::codec;
use protocol::id::{DeviceId, MemberId, SpaceId};
use protocol::invitation::Invitation;
use protocol::joining::JoinRequest;
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
use zeroize::Zeroizing;

use crate::home::{Home, HomeError, HomeLock, LockError};
use crate::keystore::{self, Keystore, OpenError, PendingJoin, Protection, Secrets, Seed};
use crate::settings::Settings;
use crate::store::{self, SavedPeer, Store, StoreFault};

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
    /// The household's key, where its words were shown before; otherwise a new one. A relay has
    /// none, and a home that waits already keeps its own.
    pub key: Option<Seed>,
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

/// Looks at a home without opening or locking it.
///
/// # Errors
///
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
        Err(OpenError::Missing { .. }) => return Ok(HomeState::Absent),
        Err(error) => return Err(SetupError::Keystore(Box::new(error))),
    };
    let relay = Settings::read(&opened)
        .map_err(|error| SetupError::Store(Box::new(error)))?
        .relay;
    Ok(HomeState::Present { lock, relay })
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
    let mut store = making.store()?;
    write_founding(&mut store, space, device_key, founding)?;
    drop(store);
    let secrets = Secrets {
        household: Some(household.clone()),
        space_secret: Some(Seed::take(&mut secret)),
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

/// Prepares a home to join a neighbourhood. Blocking; the network is not touched.
///
/// A home that is pending already takes the new invitation and keeps its keys.
///
/// # Errors
///
/// [`SetupError`]; nothing is left behind, and a pending home stays as it was.
pub fn join(home: &Path, options: JoinOptions) -> Result<Joined, SetupError> {
    let (name, building, relay) = match &options.joiner {
        Joiner::Household { name, building } => (name, building, false),
        Joiner::Relay { name, building } => (name, building, true),
    };
    check_name("household", name)?;
    check_building(building.as_deref())?;
    let plan = JoinPlan {
        invitation: options.invitation.clone(),
        name: name.clone(),
        building: building.clone(),
        relay,
    };
    let space = options.invitation.space;
    let pending = PendingJoin {
        space,
        invitation: Zeroizing::new(codec::encode(&plan)),
    };
    if let HomeState::Present { .. } = inspect(home)? {
        return join_again(home, &options, pending);
    }
    let making = Making::begin(home)?;
    let mut store = making.store()?;
    save_addresses(&mut store, &options)?;
    drop(store);
    let household = match relay {
        true => None,
        false => Some(household_key(options.key)?),
    };
    let mut secret = options.invitation.space_secret;
    let secrets = Secrets {
        household: household.clone(),
        relay_transport: if relay { Some(Seed::random()?) } else { None },
        space_secret: Some(Seed::take(&mut secret)),
        pending_joins: vec![pending],
        ..Secrets::of_device(Seed::random()?)
    };
    let device = DeviceId(SecretKey::from_seed(secrets.device.expose()).public());
    making.finish(&options.unlock, &secrets, options.language, relay)?;
    let member = household
        .as_ref()
        .map(|seed| MemberId(SecretKey::from_seed(seed.expose()).public()));
    Ok(Joined {
        space,
        member,
        device,
        words: household.map(|seed| RecoveryWords::from_seed(*seed.expose())),
    })
}

/// What a pending home remembers of how it joins.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(crate) struct JoinPlan {
    /// The invitation.
    #[n(0)]
    pub invitation: Invitation,
    /// The name under which it joins.
    #[n(1)]
    pub name: String,
    /// Its building.
    #[n(2)]
    pub building: Option<String>,
    /// Whether it is a relay.
    #[n(3)]
    pub relay: bool,
}

impl JoinPlan {
    /// Reads the plan of a pending home.
    pub(crate) fn of(secrets: &Secrets) -> Option<Self> {
        let pending = secrets.pending_joins.first()?;
        codec::decode(&pending.invitation).ok()
    }

    /// Makes the request that the home's device sends.
    pub(crate) fn request(&self, secrets: &Secrets) -> Option<JoinRequest> {
        let device = DeviceId(SecretKey::from_seed(secrets.device.expose()).public());
        let joiner = match (&secrets.household, self.relay) {
            (Some(household), false) => {
                let member = SecretKey::from_seed(household.expose());
                protocol::joining::Joiner::Member(Certificate::issue(&member, device))
            }
            (None, true) => protocol::joining::Joiner::Relay(device),
            _ => return None,
        };
        Some(JoinRequest::new(
            self.invitation.space,
            &self.invitation.secret.key(),
            joiner,
            self.name.clone(),
            self.building.clone(),
        ))
    }
}

/// A home under way: what is there is taken away again unless it is finished.
struct Making {
    home: Home,
    lock: HomeLock,
    made_folder: bool,
    finished: bool,
}

impl Making {
    fn begin(path: &Path) -> Result<Self, SetupError> {
        let made_folder = !path.exists();
        let home = Home::create(path).map_err(home_error)?;
        let lock = home.lock().map_err(lock_error)?;
        if home.keystore().exists() {
            return Err(SetupError::Exists {
                home: path.to_owned(),
            });
        }
        // A store without keys is what a power cut left of an earlier attempt: nobody holds the
        // keys of anything in it.
        let making = Self {
            home,
            lock,
            made_folder,
            finished: false,
        };
        making.remove_store();
        Ok(making)
    }

    fn store(&self) -> Result<Store, SetupError> {
        Store::open(&self.home.database()).map_err(|error| match error {
            store::OpenError::Fault(StoreFault::Full) => SetupError::DiskFull {
                home: self.home.path().to_owned(),
            },
            error => SetupError::Store(Box::new(error)),
        })
    }

    fn finish(
        mut self,
        unlock: &Unlock,
        secrets: &Secrets,
        language: Language,
        relay: bool,
    ) -> Result<(), SetupError> {
        let settings = Settings { language, relay };
        settings
            .write(&self.home)
            .map_err(|error| SetupError::Store(Box::new(error)))?;
        Keystore::create(&self.lock, &unlock.for_new_keystore(), secrets)
            .map_err(|error| SetupError::Keystore(Box::new(error)))?;
        self.finished = true;
        Ok(())
    }

    fn remove_store(&self) {
        let database = self.home.database();
        for suffix in ["", "-wal", "-shm", "-journal"] {
            let mut path = database.clone().into_os_string();
            path.push(suffix);
            let _not_there = std::fs::remove_file(path);
        }
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        self.remove_store();
        for path in [
            self.home.settings(),
            self.home.device_key(),
            self.home.lock_file(),
        ] {
            let _not_there = std::fs::remove_file(path);
        }
        let _not_empty = std::fs::remove_dir(self.home.run_folder());
        if self.made_folder {
            let _not_empty = std::fs::remove_dir(self.home.path());
        }
    }
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

/// Gives a pending home another invitation.
fn join_again(
    path: &Path,
    options: &JoinOptions,
    pending: PendingJoin,
) -> Result<Joined, SetupError> {
    let home = Home::open(path).map_err(home_error)?;
    let lock = home.lock().map_err(lock_error)?;
    let unlock = crate::running::keystore_unlock(&home, &options.unlock);
    let (keystore, mut secrets) =
        Keystore::open(&home, &unlock).map_err(|error| SetupError::Keystore(Box::new(error)))?;
    let space = pending.space;
    // A home that belongs to a neighbourhood stays there, and one that waits for another
    // neighbourhood has a store that is not this one's.
    let waits_for_this = secrets
        .pending_joins
        .first()
        .is_some_and(|former| former.space == space);
    if !waits_for_this {
        return Err(SetupError::Exists {
            home: path.to_owned(),
        });
    }
    secrets.pending_joins = vec![pending];
    keystore
        .save(&lock, &secrets)
        .map_err(|error| SetupError::Keystore(Box::new(error)))?;
    let mut store =
        Store::open(&home.database()).map_err(|error| SetupError::Store(Box::new(error)))?;
    save_addresses(&mut store, options)?;
    let member = secrets
        .household
        .as_ref()
        .map(|seed| MemberId(SecretKey::from_seed(seed.expose()).public()));
    Ok(Joined {
        space,
        member,
        device: DeviceId(SecretKey::from_seed(secrets.device.expose()).public()),
        words: None,
    })
}

fn save_addresses(store: &mut Store, options: &JoinOptions) -> Result<(), SetupError> {
    for address in options.dial.iter().chain(&options.invitation.addresses) {
        let peer = SavedPeer {
            address: address.clone(),
            device: None,
            seen_ms: 0,
            failures: 0,
        };
        store
            .put_peer(&peer)
            .map_err(|error| SetupError::Store(Box::new(error)))?;
    }
    Ok(())
}

fn household_key(shown: Option<Seed>) -> Result<Seed, SetupError> {
    match shown {
        Some(key) => Ok(key),
        None => Ok(Seed::random()?),
    }
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
        HomeError::Io { path, source } => SetupError::File { path, source },
        error => SetupError::Store(Box::new(error)),
    }
}

fn lock_error(error: LockError) -> SetupError {
    match error {
        LockError::Held { home, pid } => SetupError::Locked { home, pid },
        LockError::Io { path, source } => SetupError::File { path, source },
        LockError::Home(error) => home_error(error),
    }
}
