//! The roster's digest: equal where two replicas show the same roster (rule R2).
//!
//! It covers what is shown and why statements do not count, never places in the graph.

use super::{InvitationFault, MotionState, Reason, Roster};
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
            let (state, enactment) = match motion.state {
                MotionState::Open => (0_u64, None),
                MotionState::InForce { enactment } => (1, Some(enactment)),
                MotionState::Lapsed => (2, None),
            };
            parts.push(codec::encode(&(
                (motion.id, signed, motion.offices as u64),
                (motion.cosignatures, state, enactment),
            )));
        }
        for recorded in self.recorded() {
            let proxies = recorded.proxies.iter();
            let proxies: Vec<_> = proxies
                .map(|proxy| (proxy.member, proxy.grant, proxy.ended))
                .collect();
            parts.push(codec::encode(&(recorded.id, proxies, recorded.ended)));
        }
        for (id, reason) in self.excluded() {
            parts.push(codec::encode(&(id, reason_number(reason))));
        }
        parts.push(codec::encode(&self.shown_ids()));
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        key::hash(b"linli roster   1", &parts)
    }
}

/// Numbers the reasons, so that neither their wording nor their order in the program is hashed. What
/// a reason names follows from the statement that it excludes.
const fn reason_number(reason: Reason) -> u64 {
    match reason {
        Reason::SeenBackwards => 1,
        Reason::SeenNoStatement => 2,
        Reason::Unsound => 3,
        Reason::Limit { .. } => 4,
        Reason::NoMember => 5,
        Reason::NotCertified => 6,
        Reason::NotAdmitted => 7,
        Reason::RightUnknown => 8,
        Reason::RightExcluded { .. } => 9,
        Reason::NoRight => 10,
        Reason::NeedsQuorum => 11,
        Reason::NotSenior => 12,
        Reason::WrongTarget => 13,
        Reason::Removed => 14,
        Reason::Suspended => 15,
        Reason::BeyondCut { .. } => 16,
        Reason::ChainMissing { .. } => 17,
        Reason::LowCut => 18,
        Reason::TipsMalformed => 19,
        Reason::Invitation(InvitationFault::None) => 20,
        Reason::Invitation(InvitationFault::Uses) => 21,
        Reason::Invitation(InvitationFault::Overused) => 22,
        Reason::Invitation(InvitationFault::Repeated) => 23,
        Reason::Outdone { .. } => 24,
        Reason::ChainBroken => 25,
        Reason::NotEnoughOffices { .. } => 26,
        Reason::Forked => 27,
        Reason::Relay => 28,
    }
}
