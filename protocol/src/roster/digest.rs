//! The roster's digest: equal where two replicas show the same roster (rule R2).
//!
//! It covers what is shown and why statements do not count, never places in the graph.

use super::Roster;
use crate::codec;
use crate::key;
use crate::statement::Tip;

impl Roster {
    /// Hashes what the roster shows.
    pub fn digest(&self) -> [u8; 32] {
        let mut parts: Vec<Vec<u8>> = Vec::new();
        for member in self.members() {
            parts.push(codec::encode(&(
                (member.id, member.kind, member.name, member.building),
                (
                    member.admission,
                    member.admitted_by,
                    member.successor_of,
                    member.removed,
                ),
            )));
        }
        for device in self.devices() {
            let (cut, tip) = device.cut.unzip();
            let tip: Option<Tip> = tip.flatten();
            parts.push(codec::encode(&(
                device.id,
                device.member,
                device.certificate,
                cut,
                tip,
            )));
        }
        for held in self.roles() {
            parts.push(codec::encode(&(held.member, held.role, held.appointment)));
        }
        for relay in self.relays() {
            parts.push(codec::encode(&(
                relay.id,
                relay.name,
                relay.building,
                relay.certificate,
            )));
        }
        for motion in self.motions() {
            let signed: Vec<_> = motion.signed.iter().copied().collect();
            let state = format!("{:?}", motion.state);
            parts.push(codec::encode(&(
                motion.id,
                signed,
                motion.offices as u64,
                motion.cosignatures,
                state,
            )));
        }
        for (id, reason) in self.excluded() {
            parts.push(codec::encode(&(id, reason.to_string())));
        }
        parts.push(codec::encode(&self.shown_ids()));
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        key::hash(b"linli roster   1", &parts)
    }
}
