//! Peers: who is met, who was, and whom to reach.

use protocol::api::{Answer, PeerView};
use protocol::id::{DeviceId, MemberId};
use protocol::limits;
use protocol::text::Text;

use super::Outcome;
use crate::core::network::is_same_place;
use crate::core::worker::Worker;
use crate::refusal::Refusal;
use crate::store::SavedPeer;

impl Worker {
    pub(super) fn peers(&mut self) -> Outcome {
        let mut peers: Vec<PeerView> = self
            .meetings
            .slots()
            .filter_map(|slot| {
                let in_step = slot.session.is_in_step();
                Some(self.met_view(slot.met?, slot.address.clone(), true, in_step))
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
            let mut peer = PeerView {
                device: saved.device,
                member: None,
                address: saved.address,
                connected: false,
                in_step: false,
                seen_ms: (saved.seen_ms > 0).then_some(saved.seen_ms),
                kind: None,
                name: None,
                building: None,
                synced_ms: None,
            };
            self.describe(&mut peer);
            peers.push(peer);
        }
        for peer in &mut peers {
            if let (Some(device), None) = (peer.device, peer.synced_ms) {
                peer.synced_ms = self.parts.store.synced_ms(device)?;
            }
        }
        Ok(Ok(Answer::Peers { peers }))
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

/// Neutralises what somebody else called something.
fn line(text: &str) -> String {
    Text::line(text, limits::NAME_BYTES_MAX).into_string()
}
