//! Receiving: segments from a peer become a batch; forks are noticed and proven (rules R8, R9).

use std::collections::{BTreeMap, BTreeSet};

use crate::budget::Amount;
use crate::entry::InvalidEntry;
use crate::fork::{ForkProof, Side};
use crate::id::{DeviceId, DocumentId, EntryId, MemberId};
use crate::key::Signature;
use crate::limits;
use crate::logs::{AttachError, Attached};
use crate::roster::{Changes, is_roster_entry};
use crate::segment::{InvalidSegment, Segment, VerifiedSegment};
use crate::session::SessionError;
use crate::statement::Statement;
use crate::storage::{Batch, Filled, LogNumber, Storage, StorageError, StoredEntry};
use crate::switches::Rule;

use super::Replica;

/// What came of segments or proofs: the owner makes `batch` durable, then tells others.
#[derive(Debug, Default)]
pub struct Received {
    /// What must become durable.
    pub batch: Batch,
    /// Documents with new entries.
    pub documents: BTreeSet<DocumentId>,
    /// Whether the roster or the set of forks changed.
    pub roster_changed: bool,
    /// Members about whom earlier verdicts may have changed.
    pub changed_members: BTreeSet<MemberId>,
    /// Documents whose closings or retirements changed.
    pub changed_documents: BTreeSet<DocumentId>,
    /// Whether statements arrived for which entries may have waited.
    pub statements_arrived: bool,
    /// Segments that could not be attached yet.
    pub gaps: Vec<Gap>,
    /// Segments that were not added, though they verify.
    pub refused: Vec<Refused>,
    /// Whether the own device's key has written entries that this replica does not know: it was
    /// copied or restored, and must be retired.
    pub own_log_ahead: bool,
    /// Logs of the own member that somebody holds further than was known, and up to where that was
    /// known.
    pub delivered: BTreeMap<DeviceId, u64>,
    /// Whether receipts came before what they speak of.
    pub receipts_early: bool,
}

/// A segment whose log is not held up to its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The log.
    pub device: DeviceId,
    /// The segment's last entry.
    pub head: EntryId,
    /// How many entries the segment has.
    pub length: u64,
}

/// Why a segment was not added: enough of its member's is held.
pub const BUDGET: &str = "budget";

/// A verified segment that was not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The log.
    pub device: DeviceId,
    /// Why.
    pub reason: &'static str,
}

impl Received {
    pub(super) fn note(&mut self, changes: Changes) {
        self.roster_changed = true;
        self.changed_members.extend(changes.members);
        self.changed_documents.extend(changes.documents);
        self.statements_arrived |= !changes.arrived.is_empty();
    }
}

impl Replica {
    /// Takes segments from a peer, but for those of which enough is held (rule R12).
    ///
    /// # Errors
    ///
    /// [`SessionError::Segment`] when one does not verify; then none was added.
    /// [`SessionError::Storage`] when the storage cannot be read; then this replica must be given
    /// up and opened anew.
    pub fn receive<S: Storage>(
        &mut self,
        storage: &S,
        segments: Vec<Segment>,
    ) -> Result<Received, SessionError> {
        let mut received = Received::default();
        let mut verified = Vec::new();
        let mut statements = self.roster.held() + self.unheard();
        for segment in segments {
            if self.refuses(&segment.entries, &mut statements) {
                let device = segment.entries[0].header.device;
                let reason = BUDGET;
                self.note_refusal();
                received.refused.push(Refused { device, reason });
                continue;
            }
            verified.push(self.verify(segment)?);
        }
        for segment in verified {
            self.fill(&segment, &mut received);
            self.attach(storage, segment, &mut received)
                .map_err(SessionError::Storage)?;
        }
        Ok(received)
    }

    /// Takes the payloads of entries that are held without.
    fn fill(&mut self, segment: &VerifiedSegment, received: &mut Received) {
        if self.lacking.is_empty() {
            return;
        }
        for entry in segment.entries() {
            if let (Some(document), Some(payload)) = (entry.document(), &entry.payload)
                && self.lacking.remove(&entry.id).is_some()
            {
                received.documents.insert(document);
                received.batch.filled.push(Filled {
                    entry: entry.id,
                    document,
                    payload: payload.clone(),
                });
            }
        }
    }

    /// Takes fork proofs from a peer. Those that prove nothing, or nothing new, are left out, and
    /// those about devices of which nothing is held: anybody can make up a key that forked.
    pub fn receive_proofs(&mut self, proofs: Vec<ForkProof>) -> Received {
        let mut received = Received::default();
        for proof in proofs {
            let (Some(device), Some(seq)) = (proof.device(), proof.seq()) else {
                continue;
            };
            let known = self.logs.frontier().forked_at(&device);
            if self.head_seq(&device) == 0 {
                continue;
            }
            if known.is_none_or(|known| seq < known) && proof.verify(self.space).is_ok() {
                self.note_fork(device, seq);
                let sides = proof.sides.iter();
                let members = sides.filter_map(|side| side.headers.first()?.member);
                received.changed_members.extend(members);
                received.batch.fork_proofs.push(proof);
                received.roster_changed = true;
            }
        }
        received
    }

    /// Returns the fork proofs held of some devices.
    ///
    /// # Errors
    ///
    /// [`StorageError`] when the storage cannot be read.
    pub fn fork_proofs_of<S: Storage>(
        &self,
        storage: &S,
        devices: &[DeviceId],
    ) -> Result<Vec<ForkProof>, StorageError> {
        if devices.is_empty() {
            return Ok(Vec::new());
        }
        let mut proofs = storage.fork_proofs()?;
        proofs.retain(|proof| {
            proof
                .device()
                .is_some_and(|device| devices.contains(&device))
        });
        Ok(proofs)
    }

    fn verify(&mut self, segment: Segment) -> Result<VerifiedSegment, InvalidSegment> {
        let device = segment
            .entries
            .first()
            .ok_or(InvalidSegment::Length)?
            .header
            .device;
        let key = self.key(device).ok_or(InvalidSegment::Signature)?;
        // Kept without its payload it would pass for held, and nobody would be asked for it again.
        if let Some(entry) = segment.entries.iter().find(|entry| entry.lacks_statement()) {
            return Err(InvalidSegment::Entry {
                seq: entry.header.seq,
                source: InvalidEntry::PayloadMissing,
            });
        }
        if !self.switches.holds(Rule::R13) {
            return segment.verify_chain_only(self.space);
        }
        segment.verify(self.space, &key)
    }

    pub(super) fn attach<S: Storage>(
        &mut self,
        storage: &S,
        segment: VerifiedSegment,
        received: &mut Received,
    ) -> Result<(), StorageError> {
        let device = segment.device();
        let entries = segment.entries();
        let member = entries[0].header.member;
        let gap = Gap {
            device,
            head: entries[entries.len() - 1].id,
            length: entries.len() as u64,
        };
        // What rule R9 refutes: what does not count is not kept.
        if !self.holds(Rule::R9)
            && self.peer_standing(device, member) == super::PeerStanding::Removed
        {
            let reason = "removed";
            received.refused.push(Refused { device, reason });
            return Ok(());
        }
        let statements = segment.statements().clone();
        let staged = received.batch.entries.len();
        let branches_max = self.branches_max(segment.entries());
        let batch = &mut received.batch;
        let attached = match self.logs.attach(storage, segment, branches_max, batch) {
            Ok(attached) => attached,
            Err(AttachError::Storage(error)) => return Err(error),
            Err(error) => {
                let reason = match error {
                    AttachError::Member => "member",
                    AttachError::Branches => "branches",
                    AttachError::Devices => "devices",
                    AttachError::Storage(_) => "storage",
                };
                self.note_refusal();
                received.refused.push(Refused { device, reason });
                return Ok(());
            }
        };
        match attached {
            Attached::Known => return Ok(()),
            Attached::Gap { .. } => {
                received.gaps.push(gap);
                return Ok(());
            }
            Attached::Forked { log, seq, .. } => {
                self.note_fork(device, seq);
                if let Some(proof) = self.prove(storage, log, seq, &received.batch)? {
                    received.batch.fork_proofs.push(proof);
                }
                received.roster_changed = true;
                let logs = self.logs.of_device(&device);
                let members = logs.filter_map(|log| log.member);
                received.changed_members.extend(members);
            }
            Attached::Extended { .. } => {}
        }
        if device == self.device() {
            received.own_log_ahead = true;
        }
        let mut amount = match attached {
            Attached::Forked { .. } => Amount::BRANCH,
            _ => Amount::default(),
        };
        for stored in &received.batch.entries[staged..] {
            amount = amount.plus(Amount::of(&stored.entry.header));
            self.note_held(&stored.entry.id);
        }
        self.charge(device, member, amount);
        self.take_in(storage, staged, statements, received)
    }

    /// Notes the documents and folds the statements of newly attached entries.
    fn take_in<S: Storage>(
        &mut self,
        storage: &S,
        staged: usize,
        statements: BTreeMap<EntryId, Statement>,
        received: &mut Received,
    ) -> Result<(), StorageError> {
        self.forget_arrivals(storage, &mut received.batch.entries[staged..])?;
        let mut folded = Vec::new();
        for stored in &received.batch.entries[staged..] {
            received.documents.extend(stored.entry.document());
            if is_roster_entry(&stored.entry.header) {
                folded.push(stored.clone());
            }
        }
        if folded.is_empty() {
            // A change of a document may say what its author has seen, and go backwards in it.
            let staged = &received.batch.entries[staged..];
            let stepping = staged.iter().filter(|row| row.entry.header.seen.is_some());
            let stepping: BTreeSet<LogNumber> = stepping.map(|row| row.log).collect();
            for log in stepping {
                self.logs.settle_log(log, &self.roster);
            }
            return Ok(());
        }
        received.roster_changed = true;
        for changes in self.fold(storage, folded, statements)? {
            received.note(changes);
        }
        Ok(())
    }

    /// Puts the proof of a fork together from what is held and what has just come.
    fn prove<S: Storage>(
        &mut self,
        storage: &S,
        branch: LogNumber,
        seq: u64,
        batch: &Batch,
    ) -> Result<Option<ForkProof>, StorageError> {
        let Some(base) = self.logs.log(branch).and_then(|log| log.base) else {
            return Ok(None);
        };
        let side = |log: LogNumber| -> Result<Option<Side>, StorageError> {
            let mut rows = storage.log_entries(log, seq, limits::SEGMENT_ENTRIES_MAX)?;
            let staged = batch
                .entries
                .iter()
                .filter(|stored| stored.log == log && stored.entry.header.seq >= seq);
            rows.extend(staged.cloned());
            Ok(side_of(rows))
        };
        let (Some(held), Some(new)) = (side(base.log)?, side(branch)?) else {
            return Ok(None);
        };
        let proof = ForkProof::new(held, new);
        Ok(proof.verify(self.space).is_ok().then_some(proof))
    }
}

fn side_of(rows: Vec<StoredEntry>) -> Option<Side> {
    let mut headers = Vec::new();
    for row in rows {
        headers.push(row.entry.header);
        if let Some(signature) = row.entry.signature {
            return Some(side(headers, signature));
        }
    }
    None
}

fn side(headers: Vec<crate::entry::Header>, signature: Signature) -> Side {
    Side { headers, signature }
}
