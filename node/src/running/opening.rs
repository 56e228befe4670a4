//! Opening a home for a node: everything that is read before anything runs.

use std::io;
use std::path::{Path, PathBuf};

use protocol::budget::Budget;
use protocol::key::SecretKey;
use protocol::kind::Kinds;
use protocol::replica::{Identity, PeerStanding, Replica};
use protocol::switches::Switches;
use tokio::sync::mpsc;
use tui::language::Language;
use zeroize::Zeroizing;

use super::StartError;
use crate::core::{self, CoreInbox, Input, Joining, Keys, Order, Parts};
use crate::durable_file;
use crate::home::{Home, HomeError, HomeLock, LockError};
use crate::keystore::{self, Keystore, Protection, SaveError, Secrets, Seed};
use crate::settings::Settings;
use crate::setup::{Plan, Unlock, credential, is_abandoned};
use crate::store::{self, Examined, Store, StoreFault};
use crate::transport::Multiaddr;

/// What is read from a home before anything runs.
pub(super) struct Opened {
    pub keys: Keys,
    pub store: Store,
    pub replica: Replica,
    pub household: Option<SecretKey>,
    pub secret: [u8; 32],
    pub joining: Option<Joining>,
    pub relay: bool,
    pub transport_seed: Option<Zeroizing<[u8; 32]>>,
    pub saved: Vec<Multiaddr>,
    pub language: Language,
}

impl Opened {
    /// Returns what a worker is started with.
    pub fn parts(
        self,
        inbox: CoreInbox,
        inputs: mpsc::Receiver<Input>,
        orders: mpsc::Sender<Order>,
        transport_name: Vec<u8>,
    ) -> Parts {
        Parts {
            keys: self.keys,
            store: self.store,
            replica: self.replica,
            household: self.household,
            secret: self.secret,
            joining: self.joining,
            relay: self.relay,
            inbox,
            inputs,
            orders,
            transport_name,
        }
    }
}

/// Opens a home: lock, keystore, settings, store and replica, in that order. Blocking.
pub(super) fn open(path: &Path, unlock: &Unlock) -> Result<Opened, StartError> {
    let KeysOf {
        home,
        lock,
        keystore,
        mut secrets,
    } = open_keys(path, unlock)?;
    // A whole home was put where another was left unfinished.
    let mark = home.unfinished_mark();
    durable_file::remove(&mark).map_err(|source| file_error(mark, source))?;
    let store_missing = || StartError::StoreMissing {
        home: path.to_owned(),
    };
    if !home.holds_store() {
        return Err(store_missing());
    }
    let settings = Settings::read(&home).map_err(StartError::Settings)?;
    let language = settings.front_end.language;
    let key = store_key(&lock, &keystore, &mut secrets)
        .map_err(|error| StartError::Keystore(Box::new(error)))?;
    let mut store =
        Store::open(&home.database(), &key).map_err(|error| store_error(path, error))?;
    let failed = |fault| fault_error(path, fault);
    store
        .require_projection(core::PROJECTION_VERSION)
        .map_err(failed)?;
    let plan = Plan::of(&secrets);
    let space = match (store.space().map_err(failed)?, &plan) {
        (Some(space), _) => space,
        (None, Some(plan)) => plan.space(),
        (None, None) => return Err(store_missing()),
    };
    let household = secrets
        .household
        .as_ref()
        .map(|seed| SecretKey::from_seed(seed.expose()));
    let identity = Identity {
        key: SecretKey::from_seed(secrets.device.expose()),
        member: Plan::member_of(&secrets),
    };
    let mut replica = Replica::open(space, identity, Kinds::standard(), Switches::NONE, &store)
        .map_err(|error| match error.downcast() {
            Ok(fault) => failed(*fault),
            Err(error) => StartError::Store(error),
        })?;
    replica.limit(Budget::STANDARD.with_member_bytes(settings.member_bytes()));
    // Who holds the founding knows the space's secret; a device that was enrolled by a code keeps
    // no other.
    let secret = match replica.roster().founding() {
        Some(founding) => Some(founding.secret()),
        None => plan.as_ref().and_then(Plan::greeting),
    };
    let secret = secret.or_else(|| Some(*secrets.space_secret.as_ref()?.expose()));
    // Who was in and was removed waits for no inviter: it may only be taken back.
    let own = replica.peer_standing(replica.device(), replica.member());
    let pending = plan
        .filter(|plan| own != PeerStanding::Removed && !replica.is_admitted_after(plan.heads()));
    let joining = pending.and_then(|plan| {
        Some(Joining {
            purpose: plan.purpose(&secrets)?,
            heads: plan.heads().to_vec(),
        })
    });
    let saved = store
        .peers()
        .map_err(failed)?
        .into_iter()
        .filter_map(|peer| peer.address.parse().ok())
        .collect();
    let relay = secrets.relay_transport.is_some();
    let transport_seed = secrets
        .relay_transport
        .as_ref()
        .map(|seed| Zeroizing::new(*seed.expose()));
    Ok(Opened {
        keys: Keys {
            lock,
            keystore,
            secrets,
        },
        store,
        replica,
        household,
        secret: secret.unwrap_or_default(),
        joining,
        relay,
        transport_seed,
        saved,
        language,
    })
}

/// A home that is locked, with its keys.
struct KeysOf {
    home: Home,
    lock: HomeLock,
    keystore: Keystore,
    secrets: Secrets,
}

/// Locks a home and opens its keystore.
fn open_keys(path: &Path, unlock: &Unlock) -> Result<KeysOf, StartError> {
    let home = Home::open(path).map_err(|error| home_error(path, error))?;
    let lock = home.lock().map_err(|error| lock_error(path, error))?;
    let unlock = keystore_unlock(&home, unlock);
    let (keystore, secrets) = Keystore::open(&home, &unlock).map_err(|error| match error {
        keystore::OpenError::Missing { home: path } if is_abandoned(&home) => {
            StartError::KeystoreMissing { home: path }
        }
        keystore::OpenError::Missing { home } => StartError::Absent { home },
        keystore::OpenError::WrongPassphrase | keystore::OpenError::WrongKey => {
            StartError::WrongKey
        }
        error => StartError::Keystore(Box::new(error)),
    })?;
    Ok(KeysOf {
        home,
        lock,
        keystore,
        secrets,
    })
}

/// Examines the store of a home whose node does not start, or does not go on. Blocking.
///
/// # Errors
///
/// [`StartError`] when not even that can be done.
pub(crate) fn examine(path: &Path, unlock: &Unlock) -> Result<Examined, StartError> {
    let keys = open_keys(path, unlock)?;
    let Some(key) = &keys.secrets.store else {
        return Err(StartError::StoreOtherKey);
    };
    let database = keys.home.database();
    store::examine(&database, key).map_err(|error| store_error(path, error))
}

/// Returns what opens the keystore of a home that exists.
pub(crate) fn keystore_unlock(home: &Home, unlock: &Unlock) -> keystore::Unlock {
    match (unlock, Keystore::recorded_protection(home)) {
        (Unlock::Passphrase(passphrase), Ok(Protection::Passphrase)) => {
            keystore::Unlock::Passphrase(passphrase.clone())
        }
        // A passphrase in the environment does not keep a home with a key file from opening.
        (Unlock::Passphrase(passphrase), Err(_)) => {
            keystore::Unlock::Passphrase(passphrase.clone())
        }
        (Unlock::KeyFile(Some(path)), _) => keystore::Unlock::KeyFile(path.clone()),
        _ => credential().unwrap_or(keystore::Unlock::KeyBesideStore),
    }
}

/// Returns the key of a home's store. A home of an earlier version has none: one is made, and on
/// the disk before anything is sealed with it.
pub(crate) fn store_key(
    lock: &HomeLock,
    keystore: &Keystore,
    secrets: &mut Secrets,
) -> Result<Seed, SaveError> {
    if let Some(key) = &secrets.store {
        return Ok(key.clone());
    }
    let key = Seed::random()?;
    secrets.store = Some(key.clone());
    keystore.save(lock, secrets)?;
    Ok(key)
}

fn home_error(path: &Path, error: HomeError) -> StartError {
    match error {
        HomeError::Missing { path } => StartError::Absent { home: path },
        HomeError::Io { path, source } => file_error(path, source),
        error => StartError::File {
            path: path.to_owned(),
            source: std::io::Error::other(error),
        },
    }
}

fn lock_error(path: &Path, error: LockError) -> StartError {
    match error {
        LockError::Held { home, pid } => StartError::Locked { home, pid },
        LockError::Io { path, source } => file_error(path, source),
        LockError::Home(error) => home_error(path, error),
    }
}

fn file_error(path: PathBuf, source: io::Error) -> StartError {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            StartError::DiskFull { home: path }
        }
        _ => StartError::File { path, source },
    }
}

fn store_error(path: &Path, error: store::OpenError) -> StartError {
    match error {
        store::OpenError::Newer { found, known } => StartError::StoreNewer {
            found: u32::try_from(found).unwrap_or(u32::MAX),
            known: u32::try_from(known).unwrap_or(u32::MAX),
        },
        store::OpenError::OtherKey => StartError::StoreOtherKey,
        store::OpenError::Create(source) => file_error(path.to_owned(), source),
        store::OpenError::Fault(fault) => fault_error(path, fault),
        error => StartError::Store(Box::new(error)),
    }
}

fn fault_error(path: &Path, fault: StoreFault) -> StartError {
    match fault {
        StoreFault::Full => StartError::DiskFull {
            home: path.to_owned(),
        },
        fault @ StoreFault::Damaged { .. } => StartError::StoreDamaged(Box::new(fault)),
        fault => StartError::Store(Box::new(fault)),
    }
}
