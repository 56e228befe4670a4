//! Proofs of forks in a session: which ones a peer is told (rule R8).

use crate::fork::ForkProof;
use crate::frontier::Row;
use crate::id::DeviceId;
use crate::replica::Replica;
use crate::storage::{Storage, StorageError};

use super::frame::Frame;
use super::{Output, Session};

impl Session {
    /// Returns the proofs that a round tells: of the logs that differ and forked here, and where
    /// nothing else keeps the two apart, of those that both hold alike or one takes no more of.
    /// `alike` are these, and `is_apart` says whether any log differs, as it goes on doing where one of them takes no more
    /// of it: then each proof is told once in a session.
    pub(super) fn proofs_to_tell<S: Storage>(
        &mut self,
        differing: Vec<DeviceId>,
        alike: &[DeviceId],
        is_apart: bool,
        replica: &Replica,
        storage: &S,
    ) -> Result<Vec<Output>, StorageError> {
        let mut devices = differing;
        for device in alike {
            let Some(fork) = replica.logs().known_fork(device) else {
                continue;
            };
            if !is_apart || self.proofs_told.insert(*device, fork) != Some(fork) {
                devices.push(*device);
            }
        }
        let proofs = replica.fork_proofs_of(storage, &devices)?.into_iter();
        Ok(proofs.map(told).collect())
    }
}

/// Returns the devices of which both hold the same heads.
pub(super) fn alike(mine: &[Row], theirs: &[Row]) -> Vec<DeviceId> {
    let is_held = |row: &&Row| {
        let found = theirs.binary_search_by_key(&row.device, |row| row.device);
        found.is_ok_and(|index| theirs[index].heads == row.heads)
    };
    let rows = mine.iter().filter(is_held);
    rows.map(|row| row.device).collect()
}

fn told(proof: ForkProof) -> Output {
    Output::Send(Frame::Proofs {
        proofs: vec![proof],
    })
}
