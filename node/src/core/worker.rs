//! The worker: the one thread that owns store, replica and sessions by value.
//!
//! Inputs come from the local interface and the network; whatever a replica returns is made
//! durable before anyone else hears of it (rule R3). When nothing waits, it projects documents,
//! indexes texts and checkpoints the store, a slice at a time (rule R14).

use std::collections::BTreeSet;
use std::time::Duration;

use protocol::api::{Event, PeerView};
use protocol::id::{DeviceId, DocumentId, EntryId, MemberId};
use protocol::joining::JoinRequest;
use protocol::key::SecretKey;
use protocol::replica::{Received, Replica};
use protocol::session::frame::RefusedReason;
use protocol::session::{Output, Purpose, Session, SessionError, Side};
use protocol::storage::Storage;
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};

use super::device::Keys;
use super::handle::CoreInbox;
use super::hint;
use super::meetings::{Meetings, Slot};
use super::network::{Input, Order, StreamId};
use crate::store::{Alongside, CommitError, Store, StoreFault};

/// How often sessions ask whether the peer still holds the same (rule R16: a lost hint delays,
/// never loses).
const CHECK_INTERVAL: Duration = Duration::from_secs(60);
/// Documents that one idle slice projects.
const PROJECT_SLICE: usize = 64;
/// Documents up to which a change is projected before anything else is done.
const PROJECT_AT_ONCE: usize = 16;
/// Entries read at a time when a member's documents are looked for.
const READ_ROWS: usize = 256;
/// Texts that one idle slice indexes for search.
const INDEX_SLICE: usize = 64;

/// Why the worker ended by itself. What was acknowledged is durable.
#[derive(Debug, Error)]
pub enum WorkerError {
    /// A batch could not be made durable.
    #[error("entries could not be stored")]
    Commit(#[from] CommitError),
    /// The store cannot be read or written.
    #[error("the store failed")]
    Store(#[from] StoreFault),
    /// The store failed under the replica.
    #[error("the store cannot be read")]
    Storage(#[source] protocol::storage::StorageError),
}

/// How a pending home joins.
#[derive(Debug)]
pub struct Joining {
    /// What is asked of the inviter's node.
    pub request: JoinRequest,
    /// The statements up to which everything has to be verified (rule R21).
    pub heads: Vec<EntryId>,
}

/// What a worker is started with.
#[derive(Debug)]
pub struct Parts {
    /// The store.
    pub store: Store,
    /// The replica over it.
    pub replica: Replica,
    /// The keystore, and the home's lock with it.
    pub keys: Keys,
    /// The household's key, where it is kept on this device.
    pub household: Option<SecretKey>,
    /// The space's secret.
    pub secret: [u8; 32],
    /// How the home joins, while it is pending.
    pub joining: Option<Joining>,
    /// Whether this is a relay.
    pub relay: bool,
    /// Requests of the local interface.
    pub inbox: CoreInbox,
    /// What the network tells.
    pub inputs: mpsc::Receiver<Input>,
    /// What the network is told.
    pub orders: mpsc::Sender<Order>,
    /// This node's own transport name; empty without a network.
    pub transport_name: Vec<u8>,
}

/// The worker's state.
#[derive(Debug)]
pub struct Worker {
    pub(super) parts: Parts,
    pub(super) meetings: Meetings,
    pub(super) listening: BTreeSet<String>,
    /// Own entries up to this seq are held by some peer.
    pub(super) held_seq: u64,
    /// What became of a request to join, for those who ask.
    pub(super) refused: Option<RefusedReason>,
    /// Own log was found to continue elsewhere: the device's key is to be retired.
    pub(super) retire: bool,
    /// Documents with entries that wait for statements or other entries.
    pub(super) waiting: BTreeSet<DocumentId>,
    idle: Idle,
}

/// What is left to do when nothing waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Idle {
    Project,
    Index,
    Checkpoint,
    Nothing,
}

impl Worker {
    /// Makes a worker.
    pub fn new(parts: Parts) -> Self {
        Self {
            parts,
            meetings: Meetings::default(),
            listening: BTreeSet::new(),
            held_seq: 0,
            refused: None,
            retire: false,
            waiting: BTreeSet::new(),
            idle: Idle::Project,
        }
    }

    /// Runs until it is told to stop, or every handle to the core is gone.
    ///
    /// # Errors
    ///
    /// [`WorkerError`] when the store fails; the owner opens everything anew.
    pub async fn run(mut self, mut stop: oneshot::Receiver<()>) -> Result<(), WorkerError> {
        let mut check = tokio::time::interval(CHECK_INTERVAL);
        check.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            if self.retire {
                self.replace_device()?;
            }
            self.pump()?;
            tokio::select! {
                biased;
                call = self.parts.inbox.next() => match call {
                    Some(call) => {
                        let (request, reply) = call.split();
                        let answer = self.answer(request)?;
                        reply.answer(answer);
                    }
                    None => break,
                },
                Some(input) = self.parts.inputs.recv() => self.take(input)?,
                _ = &mut stop => break,
                _ = check.tick() => self.check(),
                () = std::future::ready(()), if self.idle != Idle::Nothing => self.idle_slice()?,
            }
        }
        self.parts.store.checkpoint()?;
        Ok(())
    }

    /// Makes what was received durable, then tells everyone who should know.
    pub(super) fn commit(&mut self, received: &mut Received) -> Result<(), WorkerError> {
        self.commit_with(received, &Alongside::default())
    }

    /// As [`Worker::commit`], with what belongs to the same transaction.
    pub(super) fn commit_with(
        &mut self,
        received: &mut Received,
        alongside: &Alongside<'_>,
    ) -> Result<(), WorkerError> {
        if received.own_log_ahead {
            self.retire = true;
        }
        if received.batch.is_empty() {
            return Ok(());
        }
        self.parts.store.commit_with(&received.batch, alongside)?;
        self.parts
            .replica
            .committed(&self.parts.store, received)
            .map_err(WorkerError::Storage)?;
        if received.roster_changed {
            self.roster_changed(received)?;
        }
        self.idle = Idle::Project;
        if received.documents.len() <= PROJECT_AT_ONCE {
            self.project_slice(PROJECT_AT_ONCE)?;
        }
        for log in &received.batch.logs {
            let hint = hint::write(log.device, log.head_seq);
            let _hints_may_be_lost = self.parts.orders.try_send(Order::Hint(hint));
        }
        Ok(())
    }

    /// Verdicts may have changed: documents that they concern are projected again.
    fn roster_changed(&mut self, received: &Received) -> Result<(), WorkerError> {
        let mut documents = received.changed_documents.clone();
        if received.statements_arrived {
            documents.extend(std::mem::take(&mut self.waiting));
        }
        if !received.changed_members.is_empty() && self.parts.store.entries_total()? > 0 {
            let members = &received.changed_members;
            documents.extend(self.documents_of(members)?);
        }
        if !documents.is_empty() {
            self.parts.store.mark_dirty(documents)?;
        }
        self.parts.inbox.tell(Event::Roster);
        Ok(())
    }

    /// Returns every document in which a member has written.
    fn documents_of(
        &self,
        members: &BTreeSet<MemberId>,
    ) -> Result<BTreeSet<DocumentId>, WorkerError> {
        let mut documents = BTreeSet::new();
        let logs: Vec<_> = self
            .parts
            .replica
            .logs()
            .iter()
            .filter(|log| log.member.is_some_and(|member| members.contains(&member)))
            .map(|log| (log.number, log.base.map_or(1, |base| base.seq + 1)))
            .collect();
        for (log, mut from) in logs {
            loop {
                let rows = self
                    .parts
                    .store
                    .log_entries(log, from, READ_ROWS)
                    .map_err(WorkerError::Storage)?;
                let Some(last) = rows.last() else { break };
                from = last.entry.header.seq + 1;
                documents.extend(rows.iter().filter_map(|row| row.entry.document()));
            }
        }
        Ok(documents)
    }

    /// Projects documents that wait for it.
    pub(super) fn project_slice(&mut self, limit: usize) -> Result<usize, WorkerError> {
        let dirty = self.parts.store.dirty(limit)?;
        if dirty.is_empty() {
            return Ok(0);
        }
        let mut rows = Vec::new();
        for one in &dirty {
            if let Some(row) = self.view_row(one.document)? {
                rows.push(row);
            }
        }
        self.parts.store.put_views(&rows, &dirty)?;
        self.parts.inbox.tell(Event::Documents {
            documents: dirty.iter().map(|one| one.document).collect(),
        });
        Ok(dirty.len())
    }

    fn idle_slice(&mut self) -> Result<(), WorkerError> {
        self.idle = match self.idle {
            Idle::Project => match self.project_slice(PROJECT_SLICE)? {
                0 => Idle::Index,
                _ => Idle::Project,
            },
            Idle::Index => match self.parts.store.index_pending(INDEX_SLICE)? {
                0 => Idle::Checkpoint,
                _ => Idle::Index,
            },
            Idle::Checkpoint => {
                self.parts.store.checkpoint()?;
                Idle::Nothing
            }
            Idle::Nothing => Idle::Nothing,
        };
        Ok(())
    }

    fn take(&mut self, input: Input) -> Result<(), WorkerError> {
        match input {
            Input::Opened {
                stream,
                opener,
                peer,
                address,
                frames,
            } => self.opened(stream, opener, peer, address, frames),
            Input::Frame { stream, bytes } => self.frame(stream, &bytes),
            Input::Drained { .. } => Ok(()),
            Input::Closed { stream } => {
                self.end(stream);
                Ok(())
            }
            Input::Hint { bytes } => {
                self.hinted(&bytes);
                Ok(())
            }
            Input::Listening { address, up } => {
                if up {
                    self.listening.insert(address);
                } else {
                    self.listening.remove(&address);
                }
                Ok(())
            }
            Input::DialFailed { address } => {
                tracing::debug!(address, "a dial came to nothing");
                Ok(())
            }
        }
    }

    fn opened(
        &mut self,
        stream: StreamId,
        opener: bool,
        peer: Vec<u8>,
        address: String,
        frames: mpsc::Sender<Vec<u8>>,
    ) -> Result<(), WorkerError> {
        let side = if opener { Side::Opener } else { Side::Answerer };
        let purpose = match &self.parts.joining {
            Some(joining) if opener => Purpose::Join(Box::new(joining.request.clone())),
            _ => Purpose::Meet,
        };
        let mut session = Session::new(
            side,
            purpose,
            &self.parts.secret,
            &self.parts.transport_name,
            &peer,
        );
        let outputs = session.open();
        self.meetings
            .insert(stream, Slot::new(session, side, peer, address, frames));
        self.carry_out(stream, outputs)
    }

    fn frame(&mut self, stream: StreamId, bytes: &[u8]) -> Result<(), WorkerError> {
        let Some(slot) = self.meetings.slot(stream) else {
            return Ok(());
        };
        let handled = slot
            .session
            .handle(bytes, &mut self.parts.replica, &self.parts.store);
        match handled {
            Ok(outputs) => self.carry_out(stream, outputs),
            Err(SessionError::Storage(error)) => Err(WorkerError::Storage(error)),
            Err(error) => {
                tracing::info!(%error, "a session ended");
                self.end(stream);
                Ok(())
            }
        }
    }

    pub(super) fn carry_out(
        &mut self,
        stream: StreamId,
        outputs: Vec<Output>,
    ) -> Result<(), WorkerError> {
        for output in outputs {
            match output {
                Output::Send(frame) => {
                    let sent = self
                        .meetings
                        .slot(stream)
                        .is_some_and(|slot| slot.send(&frame));
                    if !sent {
                        self.end(stream);
                        return Ok(());
                    }
                }
                Output::Commit(mut received) => self.commit(&mut received)?,
                Output::JoinRequested(request) => self.judge_join(stream, &request)?,
                Output::Met { device, member } => self.met(stream, device, member),
                Output::InStep => {
                    self.held_seq = self.parts.replica.head_seq(&self.parts.replica.device());
                    self.joined();
                    self.tell_peer(stream, true);
                }
                Output::Held { seq } => self.held_seq = self.held_seq.max(seq),
                Output::Refused(reason) => {
                    self.refused = Some(reason);
                    self.end(stream);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn met(&mut self, stream: StreamId, device: DeviceId, member: Option<MemberId>) {
        let own = self.parts.replica.device();
        if let Some(slot) = self.meetings.slot(stream) {
            slot.met = Some((device, member));
            let _gone = self.parts.orders.try_send(Order::Admit(slot.peer.clone()));
        }
        if let Some(stream) = self.meetings.superfluous(own, stream) {
            self.end(stream);
        }
        self.tell_peer(stream, true);
    }

    /// A request to join is over once the roster names the own device, and holds all that the
    /// inviter had seen.
    fn joined(&mut self) {
        let Some(joining) = &self.parts.joining else {
            return;
        };
        if self.parts.replica.is_admitted_after(&joining.heads) {
            self.parts.joining = None;
            self.refused = None;
        }
    }

    fn judge_join(&mut self, stream: StreamId, request: &JoinRequest) -> Result<(), WorkerError> {
        let outputs = match self.admit(request)? {
            Ok(()) => match self.meetings.slot(stream) {
                Some(slot) => slot.session.admit(&mut self.parts.replica),
                None => Vec::new(),
            },
            Err(reason) => match self.meetings.slot(stream) {
                Some(slot) => slot.session.refuse(reason),
                None => Vec::new(),
            },
        };
        self.carry_out(stream, outputs)
    }

    fn hinted(&mut self, bytes: &[u8]) {
        let Some((device, seq)) = hint::read(bytes) else {
            return;
        };
        if self.parts.replica.head_seq(&device) < seq {
            self.check();
        }
    }

    /// Asks every peer whether it holds the same.
    fn check(&mut self) {
        for stream in self.meetings.streams() {
            if let Some(slot) = self.meetings.slot(stream) {
                let outputs = slot.session.check(&mut self.parts.replica);
                let sent = outputs.iter().all(|output| match output {
                    Output::Send(frame) => slot.send(frame),
                    _ => true,
                });
                if !sent {
                    self.end(stream);
                }
            }
        }
    }

    /// Sends what sessions have to send, as far as their streams take it.
    fn pump(&mut self) -> Result<(), WorkerError> {
        for stream in self.meetings.streams() {
            while let Some(slot) = self.meetings.slot(stream) {
                if !slot.has_room() {
                    break;
                }
                let polled = slot
                    .session
                    .poll(&mut self.parts.replica, &self.parts.store);
                match polled {
                    Ok(Some(frame)) => {
                        if !slot.send(&frame) {
                            self.end(stream);
                        }
                    }
                    Ok(None) => break,
                    Err(SessionError::Storage(error)) => return Err(WorkerError::Storage(error)),
                    Err(_) => self.end(stream),
                }
            }
        }
        Ok(())
    }

    fn end(&mut self, stream: StreamId) {
        self.tell_peer(stream, false);
        self.meetings.remove(stream);
    }

    fn tell_peer(&mut self, stream: StreamId, connected: bool) {
        let Some(slot) = self.meetings.slot(stream) else {
            return;
        };
        let Some((device, _)) = slot.met else {
            return;
        };
        let view = PeerView {
            device: Some(device),
            member: None,
            address: slot.address.clone(),
            connected,
            in_step: connected && slot.session.is_in_step(),
            seen_ms: Some(super::now_ms()),
        };
        self.parts.inbox.tell(Event::Peer(Box::new(view)));
    }
}
