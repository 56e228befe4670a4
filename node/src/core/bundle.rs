//! Bundles in and out of the core: what a session does with a peer, with a file.

use protocol::api::Answer;
use protocol::bundle;
use protocol::session::{SessionError, pack};

use super::answer::Outcome;
use super::worker::{Worker, WorkerError};
use crate::refusal::Refusal;

impl Worker {
    /// Takes every segment of a bundle that verifies; what is held already is left out.
    pub(super) fn import_bundle(&mut self, file: &[u8]) -> Outcome {
        let space = self.parts.replica.space();
        let frames = match bundle::read(space, file) {
            Ok(frames) => frames,
            Err(error) => return Ok(Err(Refusal::Bundle(error))),
        };
        let before = self.parts.replica.last_arrival();
        for frame in frames {
            let segments = match frame {
                Ok(segments) => segments,
                Err(error) => return Ok(Err(Refusal::Bundle(error))),
            };
            match self.parts.replica.receive(&self.parts.store, segments) {
                Ok(mut received) => {
                    self.commit(&mut received)?;
                    self.hint_at(&received);
                }
                Err(SessionError::Storage(error)) => return Err(WorkerError::Storage(error)),
                Err(error) => return Ok(Err(Refusal::BundleEntries(error))),
            }
        }
        Ok(Ok(Answer::Taken {
            entries: self.parts.replica.last_arrival() - before,
        }))
    }

    /// Writes everything that is held into one bundle.
    pub(super) fn export_bundle(&mut self) -> Result<Vec<u8>, WorkerError> {
        let mut file = bundle::begin();
        let last = self.parts.replica.last_arrival();
        for runs in pack(&self.parts.store, 1, last) {
            bundle::append(&mut file, &runs.map_err(WorkerError::Storage)?);
        }
        Ok(file)
    }
}
