//! Preparing a home to join a neighbourhood.

use std::path::Path;

use protocol::codec;
use protocol::id::{DeviceId, MemberId, SpaceId};
use protocol::invitation::Invitation;
use protocol::key::SecretKey;
use protocol::kind::Kinds;
use protocol::replica::{Identity, PeerStanding, Replica};
use protocol::switches::Switches;
use protocol::words::RecoveryWords;
use tui::language::Language;
use zeroize::Zeroizing;

use super::making::Making;
use super::plan::{JoinPlan, Plan};
use super::{
    HomeState, SetupError, Unlock, check_building, check_name, home_error, inspect, lock_error,
    open_store,
};
use crate::home::Home;
use crate::keystore::{Keystore, PendingJoin, Secrets, Seed};
use crate::store::{SavedPeer, Store};

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

/// A home that is ready to join: it is pending until a node that runs on it was admitted, unless
/// it was admitted already.
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
    /// Whether the home was admitted already: then nothing was changed.
    pub already_member: bool,
}

/// Prepares a home to join a neighbourhood. Blocking; the network is not touched.
///
/// A home that is pending already takes the new invitation and keeps its keys; one that was
/// admitted already stays as it is.
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
    let addresses = options.dial.iter().chain(&options.invitation.addresses);
    let addresses: Vec<String> = addresses.cloned().collect();
    if let HomeState::Present { .. } = inspect(home)? {
        return join_again(home, &options.unlock, pending, &addresses);
    }
    let making = Making::begin(home)?;
    let store_key = Seed::random()?;
    let mut store = making.store(&store_key)?;
    save_addresses(&mut store, &addresses)?;
    drop(store);
    let household = match relay {
        true => None,
        false => Some(super::household_key(options.key)?),
    };
    let mut secret = options.invitation.space_secret;
    let secrets = Secrets {
        household: household.clone(),
        relay_transport: if relay { Some(Seed::random()?) } else { None },
        space_secret: Some(Seed::take(&mut secret)),
        pending_joins: vec![pending],
        store: Some(store_key),
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
        already_member: false,
    })
}

/// Gives a pending home another invitation or code, unless it has been admitted.
pub(super) fn join_again(
    path: &Path,
    unlock: &Unlock,
    pending: PendingJoin,
    addresses: &[String],
) -> Result<Joined, SetupError> {
    let home = Home::open(path).map_err(home_error)?;
    let lock = home.lock().map_err(lock_error)?;
    let unlock = crate::running::keystore_unlock(&home, unlock);
    let (keystore, mut secrets) =
        Keystore::open(&home, &unlock).map_err(|error| SetupError::Keystore(Box::new(error)))?;
    let space = pending.space;
    let device_key = SecretKey::from_seed(secrets.device.expose());
    let device = DeviceId(device_key.public());
    let member = Plan::member_of(&secrets);
    let mut joined = Joined {
        space,
        member,
        device,
        words: None,
        already_member: false,
    };
    let key = crate::running::store_key(&lock, &keystore, &mut secrets)
        .map_err(|error| SetupError::Keystore(Box::new(error)))?;
    let mut store = open_store(&home, &key)?;
    let identity = Identity {
        key: device_key,
        member,
    };
    if is_admitted(&store, space, identity)? {
        joined.already_member = true;
        return Ok(joined);
    }
    // A home that belongs to a neighbourhood stays there, and one that waits for another
    // neighbourhood has a store that is not this one's.
    let former = secrets.pending_joins.first();
    let waits_for_this = former.is_some_and(|former| former.space == space);
    if !waits_for_this || !Plan::can_follow(&secrets, &pending) {
        return Err(SetupError::Exists {
            home: path.to_owned(),
        });
    }
    secrets.pending_joins = vec![pending];
    keystore
        .save(&lock, &secrets)
        .map_err(|error| SetupError::Keystore(Box::new(error)))?;
    save_addresses(&mut store, addresses)?;
    Ok(joined)
}

/// Tells whether the home belongs to the neighbourhood already.
fn is_admitted(store: &Store, space: SpaceId, identity: Identity) -> Result<bool, SetupError> {
    let stored = store
        .space()
        .map_err(|error| SetupError::Store(Box::new(error)))?;
    if stored != Some(space) {
        return Ok(false);
    }
    let (device, member) = (DeviceId(identity.key.public()), identity.member);
    let replica = Replica::open(space, identity, Kinds::standard(), Switches::NONE, store)
        .map_err(SetupError::Store)?;
    Ok(replica.peer_standing(device, member) == PeerStanding::Admitted)
}

pub(super) fn save_addresses(store: &mut Store, addresses: &[String]) -> Result<(), SetupError> {
    for address in addresses {
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
