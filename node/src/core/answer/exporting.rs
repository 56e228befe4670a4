//! Exporting: the whole space for people's own programs, and one document for Automerge's.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use protocol::api::{Answer, SpaceExport};
use protocol::id::DocumentId;

use super::{LIST_MAX, Outcome, hex};
use crate::core::worker::Worker;
use crate::refusal::Refusal;
use crate::store::{Cursor, Filter, Order};

impl Worker {
    pub(super) fn export_space(&mut self) -> Outcome {
        let mut documents = Vec::new();
        let mut after: Option<Cursor> = None;
        let filter = Filter {
            hidden: true,
            ..Filter::default()
        };
        loop {
            let rows =
                self.parts
                    .store
                    .list(&filter, Order::OldestFirst, after.as_ref(), LIST_MAX)?;
            let Some(last) = rows.last() else { break };
            after = Some(Cursor::from(last));
            documents.extend(self.shared_views(&rows)?);
        }
        Ok(Ok(Answer::Space(Box::new(SpaceExport {
            format: "linli-space-1".to_owned(),
            space: self.parts.replica.space(),
            neighbourhood: self.neighbourhood(),
            frontier_digest: hex(&self.parts.replica.frontier_digest()),
            view_digest: hex(&self.view_digest()?),
            roster: self.roster_view(),
            documents,
        }))))
    }

    pub(super) fn export_automerge(&mut self, document: DocumentId) -> Outcome {
        match self.read(document)? {
            Some(read) => Ok(Ok(Answer::Automerge {
                base64: BASE64.encode(read.document.save()),
            })),
            None => Ok(Err(Refusal::NoDocument)),
        }
    }
}
