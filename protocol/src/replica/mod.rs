//! The replica: one device's state of one space, without IO (rule R1).
//!
//! It takes verified segments, drafts and rosters' verdicts together: what arrives is attached to
//! logs and folded into the roster, and comes back as a [`Received`] for its owner to make durable
//! (rule R3); what is read is built from storage when asked for (rule R14). Documents are judged
//! when they are built, never when they arrive (rule R9).

mod append;
mod reading;
mod receive;

use std::collections::BTreeMap;

use crate::entry::Entry;
use crate::frontier::Frontier;
use crate::id::{DeviceId, EntryId, MemberId, SpaceId};
use crate::key::{PublicKey, Purpose, SecretKey, Signature};
use crate::kind::Kinds;
use crate::logs::Logs;
use crate::roster::Roster;
use crate::statement::Statement;
use crate::storage::{Storage, StorageError, StoredEntry};
use crate::switches::Switches;

pub use append::{AppendError, Appended, Body};
pub use reading::{BuiltDocument, ReadError};
pub use receive::{Gap, Received, Refused};

/// Who a replica writes as.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The device's key.
    pub key: SecretKey,
    /// The member that the device writes for; a relay writes for none.
    pub member: Option<MemberId>,
}

/// What a peer's device is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerStanding {
    /// A member's device or a relay, to be served.
    Admitted,
    /// Not known here: it shows its admission chain.
    Unknown,
    /// Removed or cut: not served.
    Removed,
}

/// One device's state of one space.
#[derive(Debug)]
pub struct Replica {
    space: SpaceId,
    identity: Identity,
    kinds: Kinds,
    switches: Switches,
    logs: Logs,
    roster: Roster,
    keys: BTreeMap<DeviceId, PublicKey>,
}

impl Replica {
    /// Opens a replica over what storage holds.
    ///
    /// # Errors
    ///
    /// [`StorageError`] when the storage cannot be read.
    pub fn open(
        space: SpaceId,
        identity: Identity,
        kinds: Kinds,
        switches: Switches,
        storage: &impl Storage,
    ) -> Result<Self, StorageError> {
        let mut replica = Self {
            space,
            identity,
            kinds,
            switches,
            logs: Logs::open(storage)?,
            roster: Roster::with_switches(space, switches),
            keys: BTreeMap::new(),
        };
        for stored in storage.statements()? {
            replica.fold(&stored, None);
        }
        let forks: Vec<(DeviceId, u64)> = replica
            .logs
            .iter()
            .filter_map(|log| Some((log.device, log.base?.seq + 1)))
            .collect();
        for (device, seq) in forks {
            replica.note_fork(device, seq);
        }
        for proof in storage.fork_proofs()? {
            if let (Some(device), Some(seq)) = (proof.device(), proof.seq()) {
                replica.note_fork(device, seq);
            }
        }
        Ok(replica)
    }

    /// Returns the space.
    pub fn space(&self) -> SpaceId {
        self.space
    }

    /// Returns the own device.
    pub fn device(&self) -> DeviceId {
        DeviceId(self.identity.key.public())
    }

    /// Returns the member that the own device writes for.
    pub fn member(&self) -> Option<MemberId> {
        self.identity.member
    }

    /// Signs a digest with the own device's key.
    pub fn sign(&self, purpose: Purpose, digest: &[u8; 32]) -> Signature {
        self.identity.key.sign(purpose, digest)
    }

    /// Returns the table of kinds.
    pub fn kinds(&self) -> &Kinds {
        &self.kinds
    }

    /// Returns the roster.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Returns the roster for questions that fold it first.
    pub fn roster_mut(&mut self) -> &mut Roster {
        &mut self.roster
    }

    /// Returns the logs.
    pub fn logs(&self) -> &Logs {
        &self.logs
    }

    /// Returns the frontier.
    pub fn frontier(&mut self) -> &mut Frontier {
        self.logs.frontier()
    }

    /// Returns the digest of frontier and fork proofs.
    pub fn frontier_digest(&mut self) -> [u8; 32] {
        self.logs.frontier().digest()
    }

    /// Returns the arrival number of the newest entry.
    pub fn last_arrival(&self) -> u64 {
        self.logs.last_arrival()
    }

    /// Returns the greatest seq held of a device's log; 0 when none is.
    pub fn head_seq(&self, device: &DeviceId) -> u64 {
        self.logs
            .of_device(device)
            .map(|log| log.head_seq)
            .max()
            .unwrap_or(0)
    }

    /// Returns how a peer's device stands here.
    pub fn peer_standing(&mut self, device: DeviceId, member: Option<MemberId>) -> PeerStanding {
        self.roster.peer_standing(device, member)
    }

    /// Returns the own admission chain: runs that together hold every statement from the founding
    /// to the one that certifies the own device.
    ///
    /// # Errors
    ///
    /// [`StorageError`] when the storage cannot be read.
    pub fn admission_chain(
        &mut self,
        storage: &impl Storage,
    ) -> Result<Vec<Vec<Entry>>, StorageError> {
        let device = self.device();
        let mut runs = Vec::new();
        for id in self.roster.admission_chain(device) {
            let Some(stored) = storage.entry(&id)? else {
                continue;
            };
            let seq = stored.entry.header.seq;
            let mut run = Vec::new();
            for row in storage.log_entries(stored.log, seq, crate::limits::SEGMENT_ENTRIES_MAX)? {
                let signed = row.entry.signature.is_some();
                run.push(row.entry);
                if signed {
                    break;
                }
            }
            runs.push(run);
        }
        Ok(runs)
    }

    /// Notes a proven fork in the frontier and the roster.
    fn note_fork(&mut self, device: DeviceId, seq: u64) {
        self.logs.frontier().note_fork(device, seq);
        if let Some(lowest) = self.logs.frontier().forked_at(&device) {
            self.roster.note_fork(device, lowest);
        }
    }

    /// Hands a statement entry to the roster.
    fn fold(&mut self, stored: &StoredEntry, statement: Option<Statement>) -> bool {
        let Some(payload) = &stored.entry.payload else {
            return false;
        };
        let statement = match statement {
            Some(statement) => statement,
            None => match Statement::from_bytes(payload) {
                Ok(statement) => statement,
                Err(_) => return false,
            },
        };
        self.roster.insert(crate::roster::StatementEntry {
            id: stored.entry.id,
            header: stored.entry.header.clone(),
            statement,
            standpoint: stored.standpoint.clone(),
        })
    }

    fn key(&mut self, device: DeviceId) -> Option<PublicKey> {
        if let Some(key) = self.keys.get(&device) {
            return Some(key.clone());
        }
        let key = PublicKey::parse_unenrolled(&device.0).ok()?;
        if self.keys.len() < crate::limits::DEVICES_MAX {
            self.keys.insert(device, key.clone());
        }
        Some(key)
    }

}
