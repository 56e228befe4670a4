//! Making a backup of what this node keeps, and the household's moving out.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use protocol::api::{Answer, BackupLock};
use protocol::statement::{Act, DeviceCut};
use secrecy::SecretString;

use super::answer::Outcome;
use super::worker::Worker;
use crate::backup::{self, Contents, Draft, Lock};
use crate::keystore::Seed;
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::store::Alongside;

impl Worker {
    /// Makes a backup of everything but this device's key.
    pub(super) fn back_up(&mut self, lock: &BackupLock) -> Outcome {
        let Some(household) = self.parts.keys.secrets.household.clone() else {
            return Ok(Err(Refusal::NoHouseholdKey));
        };
        if self.parts.joining.is_some() {
            return Ok(Err(Refusal::Pending));
        }
        let Some(lock) = lock_of(lock) else {
            return Ok(Err(Refusal::BackupLock));
        };
        let settings = match Settings::read(self.parts.keys.lock.home()) {
            Ok(settings) => settings.front_end,
            Err(error) => return Ok(Err(Refusal::SettingsUnreadable(error))),
        };
        let drafts = self.parts.store.drafts()?.into_iter();
        let peers = self.parts.store.peers()?.into_iter();
        let contents = Contents {
            version: Contents::VERSION,
            made_ms: super::now_ms(),
            household,
            space: self.parts.replica.space(),
            device: self.parts.replica.device(),
            drafts: drafts
                .map(|draft| Draft {
                    id: draft.id,
                    changed_ms: draft.changed_ms,
                    json: draft.json,
                })
                .collect(),
            settings: serde_json::to_string(&settings).expect("settings are JSON"),
            peers: peers.map(|peer| peer.address).collect(),
            bundle: self.export_bundle()?,
        };
        let file = match backup::seal(&lock, &contents.to_bytes()) {
            Ok(file) => file,
            Err(backup::SealError::Random(_)) => return Ok(Err(Refusal::Random)),
            Err(backup::SealError::Key(_)) => return Ok(Err(Refusal::Memory)),
        };
        if file.len() > backup::FILE_BYTES_MAX {
            return Ok(Err(Refusal::BackupTooLarge {
                bytes_max: backup::FILE_BYTES_MAX,
            }));
        }
        tracing::info!(bytes = file.len(), "a backup was made");
        let base64 = BASE64.encode(file);
        Ok(Ok(Answer::Backup { base64 }))
    }

    /// Cuts every device of the own household where its log stands here, this one last: without a
    /// device the household has moved out. Who holds its words can bring it back.
    pub(super) fn leave(&mut self) -> Outcome {
        let Some(household) = self.parts.household.clone() else {
            return Ok(Err(Refusal::NoHouseholdKey));
        };
        let (own, space) = (self.parts.replica.device(), self.parts.replica.space());
        let devices = self.parts.replica.roster().devices().into_iter();
        let mut left: Vec<_> = devices
            .filter(|device| Some(device.member) == self.parts.replica.member())
            .filter(|device| device.cut.is_none())
            .map(|device| device.id)
            .collect();
        left.sort_by_key(|device| *device == own);
        let mut written = None;
        for device in left {
            let cut = DeviceCut::issue(&household, space, device, self.tip_of(device));
            match self.act(&Act::CutDevice(cut), &Alongside::default())? {
                Ok(id) => written = Some(id),
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        match written {
            Some(id) => {
                tracing::info!("the household has moved out");
                Ok(Ok(Answer::written(id)))
            }
            // It was said before, by somebody who could not finish.
            None => Ok(match self.parts.replica.logs().of_device(&own).last() {
                Some(log) => Ok(Answer::written(log.head)),
                None => Err(Refusal::NoDevice),
            }),
        }
    }
}

fn lock_of(lock: &BackupLock) -> Option<Lock> {
    match lock {
        BackupLock::Passphrase(passphrase) => {
            let passphrase = passphrase.expose();
            (!passphrase.is_empty()).then(|| Lock::Passphrase(SecretString::from(passphrase)))
        }
        BackupLock::Key(digits) => {
            let mut key = [0; 32];
            for (byte, two) in key.iter_mut().zip(digits.expose().as_bytes().chunks(2)) {
                *byte = u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok()?;
            }
            (digits.expose().len() == 64).then(|| Lock::Key(Seed::take(&mut key)))
        }
    }
}
