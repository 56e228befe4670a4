//! What the worker does when nothing waits: it projects documents, indexes texts and checkpoints
//! the store, a slice at a time (rule R14).

use protocol::api::Event;

use super::{Worker, WorkerError};

/// Documents that one idle slice projects.
const PROJECT_SLICE: usize = 64;
/// Texts that one idle slice indexes for search.
const INDEX_SLICE: usize = 64;

/// What is left to do when nothing waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Idle {
    Project,
    Index,
    Checkpoint,
    Nothing,
}

impl Worker {
    /// Projects documents that wait for it.
    pub(in crate::core) fn project_slice(&mut self, limit: usize) -> Result<usize, WorkerError> {
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

    pub(super) fn idle_slice(&mut self) -> Result<(), WorkerError> {
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
}
