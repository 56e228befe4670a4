//! What honest people tell in confidence (rule R17): they seal it to some devices, and whoever can
//! read it lets others read it, too.

use std::collections::BTreeSet;

use protocol::id::{DeviceId, DocumentId};
use protocol::sealing::{Binding, ContentKey};
use serde_json::{Value, json};

use super::documents::Fields;
use super::host::HostId;
use super::records::Told;
use super::world::World;

/// Devices with which something is shared at once.
const DEVICES_AT_ONCE: usize = 4;

impl World {
    /// Seals something about a document to some devices that the host knows of.
    pub fn told_fields(&mut self, host: HostId, about: DocumentId) -> Option<(Fields, Told)> {
        let devices = self.some_devices(host)?;
        let one = &self.hosts[host];
        let binding = Binding {
            space: self.space,
            about,
            author: one.member()?,
        };
        let text = format!("门牌 {}-{}", self.random.below(20), self.random.below(900));
        let key = ContentKey::from_random(self.random.bytes());
        let sealed = key.seal(&binding, &text).ok()?;
        let mut shares = Vec::new();
        for device in &devices {
            let random = self.random.bytes();
            shares.extend(key.share(&binding, &sealed, device, &random).ok()?);
        }
        let fields = [
            ("about", json!(about)),
            ("sealed", digits(&sealed)),
            ("shares", digits(&shares)),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), value)).into();
        let told = Told {
            document: about,
            text,
            first: devices.clone(),
            devices,
        };
        Some((fields, told))
    }

    /// Lets other devices read what the host can read itself.
    pub fn shared_fields(&mut self, host: HostId, document: DocumentId) -> Option<Fields> {
        let devices = self.some_devices(host)?;
        let one = &mut self.hosts[host];
        let replica = one.replica.as_mut()?;
        let detail = replica.detail(&one.memory, document);
        let detail = detail.expect("memory can be read")?;
        let mut shares = Vec::new();
        for device in &devices {
            shares.extend(detail.share(device, &self.random.bytes())?);
        }
        let told = &mut self.records.told;
        if let Some(told) = told.iter_mut().find(|told| told.document == document) {
            told.devices.extend(devices);
        }
        let sharing = json!({ "shares": digits(&shares) });
        Some(Fields::from([("sharings".to_owned(), sharing)]))
    }

    fn some_devices(&mut self, host: HostId) -> Option<BTreeSet<DeviceId>> {
        let replica = self.hosts[host].replica.as_ref()?;
        let known: Vec<DeviceId> = replica
            .roster()
            .devices()
            .into_iter()
            .map(|device| device.id)
            .collect();
        let count = 1 + self.random.index(DEVICES_AT_ONCE);
        let devices: BTreeSet<DeviceId> = (0..count)
            .filter_map(|_| self.random.pick(&known).copied())
            .collect();
        Some(devices).filter(|devices| !devices.is_empty())
    }
}

fn digits(bytes: &[u8]) -> Value {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat().into()
}
