//! Peers: who is met, who was, and whom to reach.

use protocol::api::{Answer, PeerView};

use super::{Outcome, invalid};
use crate::core::worker::Worker;
use crate::store::SavedPeer;

impl Worker {
    pub(super) fn peers(&mut self) -> Outcome {
        let mut peers: Vec<PeerView> = self
            .meetings
            .slots()
            .filter_map(|slot| {
                let (device, member) = slot.met?;
                Some(PeerView {
                    device: Some(device),
                    member: member.map(|member| self.member_ref(member)),
                    address: slot.address.clone(),
                    connected: true,
                    in_step: slot.session.is_in_step(),
                    seen_ms: Some(crate::core::now_ms()),
                })
            })
            .collect();
        for saved in self.parts.store.peers()? {
            if peers.iter().any(|peer| peer.address == saved.address) {
                continue;
            }
            peers.push(PeerView {
                device: saved.device,
                member: None,
                address: saved.address,
                connected: false,
                in_step: false,
                seen_ms: (saved.seen_ms > 0).then_some(saved.seen_ms),
            });
        }
        Ok(Ok(Answer::Peers { peers }))
    }

    /// Dials an address. Whoever asks for it wants to be up to date, so peers that are connected
    /// already are asked whether they hold the same.
    pub(super) fn dial(&mut self, address: String) -> Outcome {
        let Ok(parsed) = address.parse() else {
            return Ok(Err(invalid(
                "address",
                "This is no address; one looks like /ip4/192.168.1.5/tcp/4101.".to_owned(),
            )));
        };
        self.parts.store.put_peer(&SavedPeer {
            address,
            device: None,
            seen_ms: 0,
            failures: 0,
        })?;
        let _full = self
            .parts
            .orders
            .try_send(crate::core::network::Order::Dial(parsed));
        self.check();
        self.peers()
    }
}
