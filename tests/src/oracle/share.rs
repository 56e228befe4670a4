//! What a member's devices may write into one document together, by the reference model (rule R12).

use std::collections::BTreeSet;

use protocol::id::{DeviceId, MemberId};
use protocol::limits;

use super::history::History;

/// Lets the entries of those devices count no longer for which their member has no share left in the
/// document. `judged` are its entries, and whether each counts by its author.
pub fn narrow(history: &History, judged: &mut [(usize, bool)]) {
    let of = |number: usize| {
        let header = &history.facts[number].header;
        (header.member, header.device)
    };
    let written = |member: MemberId, device: DeviceId| {
        let mut sums = (0, 0);
        for (number, _) in judged.iter().filter(|(_, counts)| *counts) {
            if of(*number) == (Some(member), device) {
                let header = &history.facts[*number].header;
                sums.0 += u64::from(header.atoms);
                sums.1 += header.entry_bytes() as u64;
            }
        }
        let (atoms, bytes) = sums;
        (
            atoms.min(limits::SHARE_ATOMS_MAX),
            bytes.min(limits::SHARE_BYTES_MAX),
        )
    };
    let standing = judged.iter().filter(|(_, counts)| *counts);
    let writers: BTreeSet<_> = standing.map(|(number, _)| of(*number)).collect();
    let mut without = BTreeSet::new();
    let mut now: Option<MemberId> = None;
    let mut left = (0, 0);
    for (member, device) in writers {
        let Some(member) = member else { continue };
        if now != Some(member) {
            now = Some(member);
            left = (
                limits::MEMBER_SHARE_ATOMS_MAX,
                limits::MEMBER_SHARE_BYTES_MAX,
            );
        }
        let (atoms, bytes) = written(member, device);
        if atoms <= left.0 && bytes <= left.1 {
            left = (left.0 - atoms, left.1 - bytes);
        } else {
            without.insert((Some(member), device));
        }
    }
    for (number, counts) in judged {
        *counts &= !without.contains(&of(*number));
    }
}
