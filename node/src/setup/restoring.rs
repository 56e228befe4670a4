//! Making a home of a backup, and removing one whose household has moved out.
//!
//! A restored home is another device: its log begins anew, so that nothing is ever signed twice
//! (rule R3). What was written since the backup comes from the neighbours.

use std::path::Path;

use protocol::bundle;
use protocol::id::{DeviceId, MemberId};
use protocol::key::SecretKey;
use protocol::kind::Kinds;
use protocol::replica::{Body, Identity, Received, Replica};
use protocol::statement::{Act, Authority, Certificate, Founding, Statement};
use protocol::switches::Switches;

use super::joining::save_addresses;
use super::making::{Making, unmake};
use super::{SetupError, Unlock, file_error, home_error, lock_error};
use crate::backup::Contents;
use crate::durable_file;
use crate::home::Home;
use crate::keystore::{Secrets, Seed};
use crate::settings::Settings;
use crate::store::{self, Store};

/// A home that was restored.
#[derive(Debug)]
pub struct Restored {
    /// The household.
    pub member: MemberId,
    /// Its new device.
    pub device: DeviceId,
}

/// Makes a home of a backup whose contents were checked: a new device of the same household.
/// Blocking; the network is not touched.
///
/// # Errors
///
/// [`SetupError`], of which [`SetupError::Exists`] says that the home is in use; nothing is left
/// behind.
pub fn restore(
    home: &Path,
    contents: &Contents,
    founding: &Founding,
    unlock: &Unlock,
) -> Result<Restored, SetupError> {
    let making = Making::begin(home)?;
    let household = SecretKey::from_seed(contents.household.expose());
    let seed = Seed::random()?;
    let key = SecretKey::from_seed(seed.expose());
    let (member, device) = (MemberId(household.public()), DeviceId(key.public()));
    let store_key = Seed::random()?;
    let mut store = making.store(&store_key)?;
    let certificate = Certificate::issue(&household, device);
    let identity = Identity {
        key,
        member: Some(member),
    };
    fill(&mut store, contents, identity, certificate)?;
    for draft in &contents.drafts {
        let draft = store::Draft {
            id: draft.id.clone(),
            changed_ms: draft.changed_ms,
            json: draft.json.clone(),
        };
        store.put_draft(&draft).map_err(failed)?;
    }
    save_addresses(&mut store, &contents.peers)?;
    drop(store);
    let mut secret = founding.secret();
    let secrets = Secrets {
        household: Some(contents.household.clone()),
        space_secret: Some(Seed::take(&mut secret)),
        store: Some(store_key),
        ..Secrets::of_device(seed)
    };
    let mut settings = Settings::default();
    // Settings of another version are not worth a backup that cannot be used.
    if let Ok(front_end) = serde_json::from_str(&contents.settings) {
        settings.front_end = front_end;
    }
    making.finish_with(unlock, &secrets, &settings)?;
    Ok(Restored { member, device })
}

/// Takes the entries of a backup, and has the new device say whose it is.
fn fill(
    store: &mut Store,
    contents: &Contents,
    identity: Identity,
    certificate: Certificate,
) -> Result<(), SetupError> {
    let kinds = Kinds::standard();
    let mut replica = Replica::open(contents.space, identity, kinds, Switches::NONE, store)
        .map_err(SetupError::Store)?;
    for frame in bundle::read(contents.space, &contents.bundle).map_err(failed)? {
        let segments = frame.map_err(failed)?;
        let mut received = replica.receive(store, segments).map_err(failed)?;
        keep(store, &mut replica, &mut received)?;
    }
    let act = Act::Enrol { certificate };
    let body = Body::Statement(Statement::new(Authority::Founder, act));
    let appended = replica.append(store, crate::core::now_ms(), &body);
    let mut appended = appended.map_err(failed)?;
    keep(store, &mut replica, &mut appended.received)
}

fn keep(
    store: &mut Store,
    replica: &mut Replica,
    received: &mut Received,
) -> Result<(), SetupError> {
    store.commit(&received.batch).map_err(failed)?;
    replica
        .committed(store, received)
        .map_err(SetupError::Store)
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> SetupError {
    SetupError::Store(Box::new(error))
}

/// Removes everything that the program put into a home, its keys first. What a resident put there
/// stays, and so does the folder then.
///
/// # Errors
///
/// [`SetupError`]; what is left can be removed by hand, and does not keep another home from being
/// made there.
pub fn remove(path: &Path) -> Result<(), SetupError> {
    let home = Home::open(path).map_err(home_error)?;
    let lock = home.lock().map_err(lock_error)?;
    unmake(&home, &[])?;
    for file in [home.faults(), home.unfinished_mark()] {
        durable_file::remove(&file).map_err(|source| file_error(file, source))?;
    }
    let _left_by_nobody = lock.clear_socket();
    let _not_empty = std::fs::remove_dir(home.run_folder());
    drop(lock);
    let _not_there = std::fs::remove_file(home.lock_file());
    let _not_empty = std::fs::remove_dir(home.path());
    Ok(())
}
