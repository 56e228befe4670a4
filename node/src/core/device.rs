//! Replacing this device's key when it was used elsewhere: a copy of the home was started, or an
//! old one brought back (rules R3 and R8).
//!
//! The old log ends where it stands here, the household's key certifies a new device, and the new
//! key is on disk before anything is signed with it.

use protocol::id::{DeviceId, MemberId};
use protocol::key::SecretKey;
use protocol::replica::{Body, Identity};
use protocol::statement::{Act, Authority, Certificate, DeviceCut, Statement};

use super::worker::{Worker, WorkerError};
use crate::home::HomeLock;
use crate::keystore::{Keystore, SaveError, Secrets, Seed};
use crate::store::Alongside;

/// The keystore of a running node, with what is in it.
#[derive(Debug)]
pub struct Keys {
    /// The home's lock: whoever holds it may write the keystore.
    pub lock: HomeLock,
    /// The keystore.
    pub keystore: Keystore,
    /// What is in it.
    pub secrets: Secrets,
}

impl Keys {
    fn replace_device(&mut self, device: Seed) -> Result<(), SaveError> {
        let former = std::mem::replace(&mut self.secrets.device, device);
        let saved = self.keystore.save(&self.lock, &self.secrets);
        if saved.is_err() {
            self.secrets.device = former;
        }
        saved
    }
}

impl Worker {
    /// Retires this device's key and goes on with a new one under the same household. Without the
    /// household's key here, the node goes on reading and writes nothing more.
    pub(super) fn replace_device(&mut self) -> Result<(), WorkerError> {
        let Some(household) = self.parts.household.clone() else {
            return Ok(());
        };
        let Ok(seed) = Seed::random() else {
            return Ok(());
        };
        let key = SecretKey::from_seed(seed.expose());
        let former = self.parts.replica.device();
        if let Err(error) = self.parts.keys.replace_device(seed) {
            tracing::warn!(%error, "this device's key could not be replaced");
            return Ok(());
        }
        let member = MemberId(household.public());
        let certificate = Certificate::issue(&household, DeviceId(key.public()));
        self.parts.replica.identify(Identity {
            key,
            member: Some(member),
        });
        self.retire = false;
        self.held_seq = 0;
        let authority = Authority::Founder;
        let enrol = Act::Enrol { certificate };
        let cut = DeviceCut::issue(
            &household,
            self.parts.replica.space(),
            former,
            self.tip_of(former),
        );
        for act in [enrol, Act::CutDevice(cut)] {
            let body = Body::Statement(Statement::new(authority, act));
            if let Err(refusal) = self.append(&body, &Alongside::default())? {
                tracing::error!(code = refusal.code(), "a new device was not enrolled");
            }
        }
        // Peers know this connection by the former device's name.
        for stream in self.meetings.streams() {
            self.meetings.remove(stream);
        }
        Ok(())
    }
}
