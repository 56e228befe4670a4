//! Relay chains: what a relay shows to somebody who does not know it yet (rule R21).

use super::Roster;
use crate::id::{DeviceId, EntryId};

impl Roster {
    /// Returns the statements that introduce a relay: the chain of whoever certified it, the right
    /// by which that was done, and the relay's certificate. `None` when it is not in service.
    pub fn relay_chain(&self, device: DeviceId) -> Option<Vec<EntryId>> {
        let relay = self.relays().into_iter().find(|relay| relay.id == device)?;
        let node = self.graph.node(self.graph.find(&relay.certificate)?);
        let mut chain = self.admission_chain(&node.member?, node.device)?;
        if let Some(right) = self.graph.right_of(node) {
            let right = self.graph.node(right);
            let shown = right
                .member
                .and_then(|member| self.admission_chain(&member, right.device));
            for id in shown.into_iter().flatten().chain([right.id]) {
                if !chain.contains(&id) {
                    chain.push(id);
                }
            }
        }
        chain.push(relay.certificate);
        Some(chain)
    }
}
