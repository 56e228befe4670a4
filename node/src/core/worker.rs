//! The worker: the one thread that owns store, replica and sessions by value.
//!
//! Inputs come from the local interface and the network; whatever a replica returns is made
//! durable before anyone else hears of it (rule R3). When nothing waits, it projects documents,
//! indexes texts and checkpoints the store, a slice at a time (rule R14).

mod meeting;
mod projecting;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use protocol::api::{Event, Standing};
use protocol::id::{DeviceId, DocumentId, EntryId, MemberId};
use protocol::key::SecretKey;
use protocol::replica::{Received, Replica};
use protocol::session::Purpose;
use protocol::session::frame::RefusedReason;
use protocol::storage::Storage;
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::delivery::Delivering;
use super::details::Sharing;
use super::device::Keys;
use super::handle::{Call, CoreInbox};
use super::hint;
use super::lookalikes::Lookalikes;
use super::meetings::Meetings;
use super::network::{Input, Order};
use crate::refusal::Refusal;
use crate::store::{Alongside, CommitError, Store, StoreFault};
use projecting::Idle;

/// How often sessions ask whether the peer still holds the same (rule R16: a lost hint delays,
/// never loses).
const CHECK_INTERVAL: Duration = Duration::from_secs(60);
/// Documents up to which a change is projected before anything else is done.
const PROJECT_AT_ONCE: usize = 16;
/// How long what has changed a little waits at most while more keeps coming.
const SHOWN_AFTER: Duration = Duration::from_millis(20);
/// How long what is done in pauses waits at most when there is none.
const IDLE_OVERDUE: Duration = Duration::from_secs(2);
/// Logs up to which a change is told to peers by hints.
const HINTS_AT_ONCE: usize = 8;
/// Entries read at a time when a member's documents are looked for.
const READ_ROWS: usize = 256;

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

impl WorkerError {
    /// Tells whether the disk is full.
    pub fn is_full_disk(&self) -> bool {
        match self {
            Self::Commit(CommitError::Fault(fault)) | Self::Store(fault) => {
                matches!(fault, StoreFault::Full)
            }
            Self::Commit(_) => false,
            Self::Storage(error) => {
                matches!(error.downcast_ref(), Some(StoreFault::Full))
            }
        }
    }

    /// What those hear whose request the core could not carry out.
    pub(super) fn refusal(&self) -> Refusal {
        if self.is_full_disk() {
            Refusal::DiskFull
        } else {
            Refusal::Storage
        }
    }
}

/// How a pending home joins.
#[derive(Debug)]
pub struct Joining {
    /// What is asked of whom this node meets.
    pub purpose: Purpose,
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

/// What has changed since the worker last looked whether it can be shown at once.
#[derive(Debug)]
struct Changed {
    documents: usize,
    since: Instant,
}

impl Changed {
    fn now() -> Self {
        Self {
            documents: 0,
            since: Instant::now(),
        }
    }
}

/// The worker's state.
#[derive(Debug)]
pub struct Worker {
    pub(super) parts: Parts,
    pub(super) meetings: Meetings,
    pub(super) listening: BTreeSet<String>,
    /// Whether the transport takes no connections of others for want of memory.
    pub(super) memory_is_short: bool,
    /// Own entries up to this seq are held by some peer.
    pub(super) held_seq: u64,
    /// Why peers refuse to serve this node, for those who ask: what became of its request to join,
    /// or that it was removed.
    pub(super) refused: Option<RefusedReason>,
    /// Own log was found to continue elsewhere: the device's key is to be retired.
    pub(super) retire: bool,
    /// Documents with entries that wait for statements or other entries.
    pub(super) waiting: BTreeSet<DocumentId>,
    /// Documents to project before all others: those written here, and one that is asked for.
    wanted: BTreeSet<DocumentId>,
    /// What may be little enough to be shown at once.
    changed: Option<Changed>,
    /// Calls that wait until what they would show is projected.
    settling: Vec<Call>,
    /// Nothing can be projected before there is space again.
    disk_is_full: bool,
    /// What the own household may do, where it was asked since the roster changed.
    pub(super) standing: Option<Standing>,
    /// Whose names can be mistaken, where it was asked since the roster changed.
    pub(super) lookalikes: OnceCell<Lookalikes>,
    /// When a device that was met in this run was last seen, milliseconds since 1970.
    pub(super) seen: BTreeMap<DeviceId, i64>,
    /// When it was last noted that a device is in step, milliseconds since 1970.
    pub(super) synced: BTreeMap<DeviceId, i64>,
    /// Receipts that are due, and how far own documents have come.
    pub(super) delivering: Delivering,
    /// What may have to be shared with others now.
    pub(super) sharing: Sharing,
    idle: Idle,
    /// When something last became durable, and when something was last done that can wait for its end.
    received: Option<Instant>,
    worked: Instant,
}

impl Worker {
    /// Makes a worker.
    pub fn new(parts: Parts) -> Self {
        Self {
            parts,
            meetings: Meetings::default(),
            listening: BTreeSet::new(),
            memory_is_short: false,
            held_seq: 0,
            refused: None,
            retire: false,
            waiting: BTreeSet::new(),
            wanted: BTreeSet::new(),
            changed: None,
            settling: Vec::new(),
            disk_is_full: false,
            standing: None,
            lookalikes: OnceCell::new(),
            seen: BTreeMap::new(),
            synced: BTreeMap::new(),
            delivering: Delivering::default(),
            sharing: Sharing::default(),
            idle: Idle::Project,
            received: None,
            worked: Instant::now(),
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
            self.settle()?;
            self.do_what_is_overdue()?;
            let idle_due = self.idle_due();
            tokio::select! {
                biased;
                call = self.parts.inbox.next() => match call {
                    Some(call) => self.take_call(call)?,
                    None => break,
                },
                () = super::network::sleep_until(self.delivering.due()) => self.settle_delivery()?,
                Some(input) = self.parts.inputs.recv() => self.take(input)?,
                _ = &mut stop => break,
                _ = check.tick() => {
                    self.parts.replica.pass_time(super::now_ms());
                    self.check();
                    self.retry();
                }
                // What came together is taken together, and what is durable goes out before it is
                // projected here.
                () = std::future::ready(()), if self.changed.is_some() => self.show_at_once()?,
                () = super::network::sleep_until(idle_due) => self.idle_slice()?,
            }
        }
        match self.parts.store.checkpoint() {
            // What was not moved stays in the write-ahead log.
            Ok(_) | Err(StoreFault::Full) => Ok(()),
            Err(fault) => Err(fault.into()),
        }
    }

    /// Makes what was written here durable, with what belongs to the same transaction. It is
    /// projected before anything else, so that whoever wrote finds it in the next list.
    pub(super) fn commit_own(
        &mut self,
        received: &mut Received,
        alongside: &Alongside<'_>,
    ) -> Result<(), WorkerError> {
        self.wanted.extend(received.documents.iter().copied());
        self.make_durable(received, alongside)?;
        self.hint_at(received);
        Ok(())
    }

    /// Makes what was received durable. Sessions give it on, and it is projected, once what came
    /// with it is dealt with.
    pub(super) fn commit(&mut self, received: &mut Received) -> Result<(), WorkerError> {
        self.make_durable(received, &Alongside::default())
    }

    fn make_durable(
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
        self.delivering.note(received);
        if received.roster_changed {
            self.roster_changed(received)?;
        }
        self.idle = Idle::Project;
        self.changed.get_or_insert_with(Changed::now).documents += received.documents.len();
        self.received = Some(Instant::now());
        if self.parts.replica.has_to_forget() {
            self.forget_slice()?;
        }
        Ok(())
    }

    /// Projects at once what little has changed.
    fn show_at_once(&mut self) -> Result<(), WorkerError> {
        let changed = self.changed.take();
        if changed.is_some_and(|changed| changed.documents <= PROJECT_AT_ONCE) {
            self.project_slice(PROJECT_AT_ONCE)?;
        }
        Ok(())
    }

    /// However much keeps coming, what can wait for a pause does not wait for ever.
    fn do_what_is_overdue(&mut self) -> Result<(), WorkerError> {
        let since = self.changed.as_ref().map(|changed| changed.since);
        if since.is_some_and(|since| since.elapsed() >= SHOWN_AFTER) {
            self.show_at_once()?;
        }
        if self
            .idle_due()
            .is_some_and(|due| due.elapsed() >= IDLE_OVERDUE)
        {
            self.idle_slice()?;
        }
        Ok(())
    }

    /// Tells peers by gossip of what began here. What came in a session is not told of again: who
    /// wrote it has told, gossip passes that on, and every open session carries the rest; so hints
    /// grow with what is written and not with how many hold it.
    pub(super) fn hint_at(&self, received: &Received) {
        let logs = &received.batch.logs;
        for log in logs.iter().filter(|_| logs.len() <= HINTS_AT_ONCE) {
            let hint = hint::write(log.device, log.head_seq);
            let _hints_may_be_lost = self.parts.orders.try_send(Order::Hint(hint));
        }
    }

    /// Verdicts may have changed: documents that they concern are projected again.
    fn roster_changed(&mut self, received: &Received) -> Result<(), WorkerError> {
        self.standing = None;
        self.lookalikes.take();
        self.sharing.note_all();
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
}
