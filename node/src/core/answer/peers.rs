//! Peers: who is met, who was, and whom to reach.

use std::collections::BTreeSet;

use protocol::api::{Answer, PeerView};
use protocol::id::{DeviceId, MemberId};
use protocol::limits;
use protocol::text::Text;

use super::Outcome;
use crate::core::network::is_same_place;
use crate::core::worker::Worker;
use crate::refusal::Refusal;
use crate::store::{SavedPeer, StoreFault};

impl Worker {
    pub(super) fn peers(&mut self) -> Outcome {
        let mut peers: Vec<PeerView> = self
            .meetings
            .slots()
            .filter_map(|slot| {
                let in_step = slot.session.is_in_step();
                let address = slot.reached.as_ref().unwrap_or(&slot.address);
                Some(self.met_view(slot.met?, address.clone(), true, in_step))
            })
            .collect();
        for saved in self.parts.store.peers()? {
            // A peer that is met is listed once, whichever of both called the other.
            let is_met = peers.iter().any(|peer| {
                is_same_place(&peer.address, &saved.address)
                    || peer.connected && saved.device.is_some() && peer.device == saved.device
            });
            if is_met {
                continue;
            }
            let seen_ms = saved
                .device
                .and_then(|device| self.seen.get(&device).copied());
            let seen_ms = seen_ms.or((saved.seen_ms > 0).then_some(saved.seen_ms));
            let mut peer = away(saved.device, saved.address, seen_ms);
            self.describe(&mut peer);
            peers.push(peer);
        }
        peers.extend(self.met_before(&peers)?);
        for peer in &mut peers {
            if let (Some(device), None) = (peer.device, peer.synced_ms) {
                peer.synced_ms = self.parts.store.synced_ms(device)?;
            }
        }
        Ok(Ok(Answer::Peers { peers }))
    }

    /// Those who were met and are away, and of whom no address is known: they called this node. Who
    /// has no place in the roster any more is not waited for.
    fn met_before(&self, listed: &[PeerView]) -> Result<Vec<PeerView>, StoreFault> {
        let seen = self
            .seen
            .iter()
            .map(|(device, seen_ms)| (*device, *seen_ms));
        let own = self.parts.replica.device();
        let mut known = BTreeSet::from([own]);
        known.extend(listed.iter().filter_map(|peer| peer.device));
        let mut before = Vec::new();
        for (device, seen_ms) in seen.chain(self.parts.store.synced()?) {
            if !known.insert(device) || !self.is_in_service(device) {
                continue;
            }
            let mut peer = away(Some(device), String::new(), Some(seen_ms));
            self.describe(&mut peer);
            before.push(peer);
        }
        before.sort_by_key(|peer| std::cmp::Reverse(peer.seen_ms));
        Ok(before)
    }

    /// Tells whether a device is a relay's or a member's, and was not cut.
    fn is_in_service(&self, device: DeviceId) -> bool {
        let roster = self.parts.replica.roster();
        let members = roster.members_of(device);
        let devices = members.iter().filter_map(|of| roster.device(device, of));
        let serves = devices.into_iter().any(|device| device.cut.is_none());
        serves || roster.relays().iter().any(|relay| relay.id == device)
    }

    /// Describes a peer whose device is proven.
    pub(in crate::core) fn met_view(
        &self,
        (device, member): (DeviceId, Option<MemberId>),
        address: String,
        connected: bool,
        in_step: bool,
    ) -> PeerView {
        let now_ms = crate::core::now_ms();
        let mut peer = PeerView {
            device: Some(device),
            member: member.map(|member| self.member_ref(member)),
            address,
            connected,
            in_step: connected && in_step,
            seen_ms: Some(now_ms),
            kind: None,
            name: None,
            building: None,
            synced_ms: (connected && in_step).then_some(now_ms),
        };
        self.describe(&mut peer);
        peer
    }

    /// Adds what the roster knows of a peer's device.
    fn describe(&self, peer: &mut PeerView) {
        let Some(device) = peer.device else {
            return;
        };
        let roster = self.parts.replica.roster();
        let relay = roster.relays().into_iter().find(|relay| relay.id == device);
        if let Some(relay) = relay {
            peer.kind = Some("relay".to_owned());
            peer.name = Some(line(&relay.name));
            peer.building = relay.building.as_deref().map(line);
            return;
        }
        if peer.member.is_none() {
            let members = roster.members_of(device);
            peer.member = members.first().map(|member| self.member_ref(*member));
        }
        if let Some(member) = &peer.member {
            peer.kind = Some("home".to_owned());
            peer.building = member.building.as_deref().map(line);
        }
    }

    /// Dials an address. Whoever asks for it wants to be up to date, so peers that are connected
    /// already are asked whether they hold the same.
    pub(super) fn dial(&mut self, address: String) -> Outcome {
        let Ok(parsed) = address.parse() else {
            return Ok(Err(Refusal::Address));
        };
        let is_saved = |peer: &SavedPeer| is_same_place(&peer.address, &address);
        // Who answered there before is not forgotten.
        if !self.parts.store.peers()?.iter().any(is_saved) {
            self.parts.store.put_peer(&SavedPeer {
                address,
                device: None,
                seen_ms: 0,
                failures: 0,
            })?;
        }
        let _full = self
            .parts
            .orders
            .try_send(crate::core::network::Order::Dial(parsed));
        self.check();
        self.peers()
    }
}

/// A peer that is away, before anything else is known of it.
fn away(device: Option<DeviceId>, address: String, seen_ms: Option<i64>) -> PeerView {
    PeerView {
        device,
        member: None,
        address,
        connected: false,
        in_step: false,
        seen_ms,
        kind: None,
        name: None,
        building: None,
        synced_ms: None,
    }
}

/// Neutralises what somebody else called something.
fn line(text: &str) -> String {
    Text::line(text, limits::NAME_BYTES_MAX).into_string()
}
