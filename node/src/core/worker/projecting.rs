//! Projecting, a slice at a time: when nothing else waits, and for calls that wait until what they
//! would show is projected (rule R14). Texts are indexed and the store is checkpointed after it.

use std::collections::BTreeSet;
use std::time::Duration;

use protocol::api::{Event, Request};
use protocol::id::DocumentId;
use tokio::time::Instant;

use super::{Worker, WorkerError};
use crate::core::handle::Call;
use crate::refusal::Refusal;
use crate::store::{CommitError, StoreFault};

/// Documents that one slice projects.
const PROJECT_SLICE: usize = 64;
/// How long nothing must have come in a sync before what can wait is done.
const GAP: Duration = Duration::from_millis(50);
/// How long nothing must have become durable before the write-ahead log is emptied.
const CHECKPOINT_QUIET: Duration = Duration::from_secs(1);
/// How long that waits at most between two slices.
const GAP_AWAITED_MAX: Duration = Duration::from_secs(2);
/// Texts that one idle slice indexes for search.
const INDEX_SLICE: usize = 64;
/// Pages of the search index that one idle slice purges of erased words.
const PURGE_SLICE_PAGES: u32 = 256;
/// Calls that wait for projecting at most: as many as there are connections.
const SETTLING_MAX: usize = 64;

/// What is left to do when nothing waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Idle {
    Project,
    Share,
    Index,
    Purge,
    Checkpoint,
    Nothing,
}

impl Worker {
    /// Answers a call, or keeps it until what it would show is projected.
    pub(super) fn take_call(&mut self, call: Call) -> Result<(), WorkerError> {
        if !shows_views(&call.request) {
            return self.reply(call);
        }
        if let Request::Show { document } | Request::ShowHidden { document } = &call.request {
            self.wanted.insert(*document);
        }
        // One slice at once: mostly nothing waits after it.
        self.project_slice(PROJECT_SLICE)?;
        if self.is_settled_for(&call)? {
            return self.reply(call);
        }
        if self.settling.len() >= SETTLING_MAX {
            call.answer_refused(&Refusal::Busy);
            return Ok(());
        }
        self.idle = Idle::Project;
        self.settling.push(call);
        Ok(())
    }

    /// Goes on for calls that wait: projects a slice, and answers those that need wait no longer.
    pub(super) fn settle(&mut self) -> Result<(), WorkerError> {
        if self.settling.is_empty() {
            return Ok(());
        }
        self.project_slice(PROJECT_SLICE)?;
        for call in std::mem::take(&mut self.settling) {
            if call.is_abandoned() {
                continue;
            }
            if self.is_settled_for(&call)? {
                self.reply(call)?;
            } else {
                self.settling.push(call);
            }
        }
        Ok(())
    }

    /// What was written here must be shown in every answer that shows documents; all the rest only
    /// in those that ask for it. On a full disk nobody waits for what cannot be done.
    fn is_settled_for(&self, call: &Call) -> Result<bool, WorkerError> {
        if self.disk_is_full {
            return Ok(true);
        }
        let needs_all = call.manner.settled || matches!(call.request, Request::ExportSpace);
        if !needs_all && matches!(call.request, Request::Status) {
            return Ok(true);
        }
        Ok(self.wanted.is_empty() && (!needs_all || self.parts.store.dirty_total()? == 0))
    }

    fn reply(&mut self, call: Call) -> Result<(), WorkerError> {
        let language = call.manner.language;
        let (request, reply) = call.split();
        match self.answer(request, language) {
            Ok(answer) => {
                reply.answer(answer.map_err(|refusal| refusal.told(language)));
                Ok(())
            }
            // Whoever asked learns why before the core ends.
            Err(error) => {
                reply.answer(Err(error.refusal().told(language)));
                Err(error)
            }
        }
    }

    /// Projects documents that wait for it: those that are wanted first.
    pub(in crate::core) fn project_slice(&mut self, limit: usize) -> Result<usize, WorkerError> {
        let wanted: Vec<_> = self.wanted.iter().take(limit).copied().collect();
        let mut dirty = self.parts.store.dirty_among(wanted.iter().copied())?;
        let first: BTreeSet<_> = dirty.iter().map(|dirty| dirty.document).collect();
        let others = self.parts.store.dirty(limit)?;
        dirty.extend(
            others
                .into_iter()
                .filter(|dirty| !first.contains(&dirty.document)),
        );
        dirty.truncate(limit);
        if !dirty.is_empty() {
            let mut rows = Vec::new();
            for one in &dirty {
                if let Some(row) = self.view_row(one.document)? {
                    self.sharing.note(row.row.about.unwrap_or(one.document));
                    rows.push(row);
                }
            }
            let put = self.parts.store.put_views(&rows, &dirty);
            let Some(settled) = self.spared(put)? else {
                self.wanted.clear();
                return Ok(0);
            };
            let projected = dirty.iter().map(|one| one.document);
            self.parts.inbox.tell(Event::Documents {
                documents: projected.chain(settled).collect(),
            });
        }
        for document in &wanted {
            self.wanted.remove(document);
        }
        Ok(dirty.len())
    }

    /// Projects one document, if it waits for it.
    pub(in crate::core) fn project_now(&mut self, document: DocumentId) -> Result<(), WorkerError> {
        self.wanted.insert(document);
        self.project_slice(1 + self.wanted.len())?;
        Ok(())
    }

    /// Returns when the next idle slice is due. While a peer sends much it waits for a gap: what is
    /// projected in between would be projected again, and would hold up receiving.
    pub(super) fn idle_due(&self) -> Option<Instant> {
        match (self.idle, self.received) {
            (Idle::Nothing, _) => return None,
            // It waits for the disk, and whoever writes next would wait with it.
            (Idle::Checkpoint, Some(received)) => return Some(received + CHECKPOINT_QUIET),
            _ => {}
        }
        let is_between_frames = self.meetings.is_any_under_way();
        let received = self.received.filter(|_| is_between_frames);
        Some(received.map_or(self.worked, |received| {
            (received + GAP).min(self.worked + GAP_AWAITED_MAX)
        }))
    }

    /// Drops what some of the retired documents said (rule R18). Where the disk has no space left
    /// for that, they wait.
    pub(super) fn forget_slice(&mut self) -> Result<(), WorkerError> {
        let store = &self.parts.store;
        let forgotten = self.parts.replica.forget(store);
        let forgotten = forgotten.map_err(WorkerError::Storage)?;
        if forgotten.batch.is_empty() {
            return Ok(());
        }
        let stored = match self.parts.store.commit(&forgotten.batch) {
            Err(CommitError::Fault(fault)) => self.spared(Err(fault))?,
            stored => Some(stored?),
        };
        if stored.is_none() {
            self.parts.replica.forget_later(&forgotten);
        }
        self.idle = Idle::Project;
        Ok(())
    }

    pub(super) fn idle_slice(&mut self) -> Result<(), WorkerError> {
        self.worked = Instant::now();
        if self.parts.replica.has_to_forget() && !self.disk_is_full {
            return self.forget_slice();
        }
        let (done, next) = match self.idle {
            Idle::Project => (self.project_slice(PROJECT_SLICE)? == 0, Idle::Share),
            Idle::Share => (self.share_slice()?, Idle::Index),
            Idle::Index => {
                let indexed = self.parts.store.index_pending(INDEX_SLICE);
                (
                    self.spared(indexed)?.is_none_or(|indexed| indexed == 0),
                    Idle::Purge,
                )
            }
            Idle::Purge => {
                let purged = self.parts.store.purge_words(PURGE_SLICE_PAGES);
                (self.spared(purged)?.unwrap_or(true), Idle::Checkpoint)
            }
            Idle::Checkpoint => {
                let moved = self.parts.store.checkpoint();
                self.spared(moved)?;
                (true, Idle::Nothing)
            }
            Idle::Nothing => return Ok(()),
        };
        if self.disk_is_full {
            self.idle = Idle::Nothing;
        } else if done {
            self.idle = next;
        }
        Ok(())
    }

    /// Tries again what a full disk put off.
    pub(super) fn retry(&mut self) {
        if self.disk_is_full {
            self.disk_is_full = false;
            self.idle = Idle::Project;
        }
    }

    /// Puts off what can be done later when the disk is full: entries are safe, and what is
    /// projected can be read.
    fn spared<T>(&mut self, outcome: Result<T, StoreFault>) -> Result<Option<T>, WorkerError> {
        match outcome {
            Ok(value) => Ok(Some(value)),
            Err(StoreFault::Full) => {
                if !self.disk_is_full {
                    tracing::warn!(
                        "the disk is full: nothing more is projected until there is space"
                    );
                }
                self.disk_is_full = true;
                Ok(None)
            }
            Err(fault) => Err(fault.into()),
        }
    }
}

/// Tells whether an answer shows what was projected.
fn shows_views(request: &Request) -> bool {
    matches!(
        request,
        Request::Status
            | Request::List(_)
            | Request::Show { .. }
            | Request::ShowHidden { .. }
            | Request::Acknowledgements { .. }
            | Request::Moderations
            | Request::Moderate(_)
            | Request::Appeal { .. }
            | Request::Decide { .. }
            | Request::LiftModeration { .. }
            | Request::Agreement
            | Request::SignAgreement { .. }
            | Request::Search { .. }
            | Request::MarkRead { .. }
            | Request::MarkUnread { .. }
            | Request::Counts
            | Request::CutLoss { .. }
            | Request::Details { .. }
            | Request::PutDetails { .. }
            | Request::EraseDetails { .. }
            | Request::Erase { .. }
            | Request::Today
            | Request::ExportSpace
    )
}
