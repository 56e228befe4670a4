//! Answers: what the core does for each request of the local interface.
//!
//! A refusal says what happened, what was kept and what to do next. Everything that was written is
//! durable before the answer is given.

mod documents;
mod exporting;
mod importing;
mod peers;
mod status;
mod writing;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use protocol::api::{Answer, Refusal, Request};
use protocol::id::EntryId;

use super::worker::{Worker, WorkerError};

/// Documents that one list holds at most.
const LIST_MAX: usize = 500;

/// An answer, or why there is none.
pub(super) type Outcome = Result<Result<Answer, Refusal>, WorkerError>;

impl Worker {
    /// Answers one request.
    pub(super) fn answer(&mut self, request: Request) -> Outcome {
        match request {
            Request::Status => self.status(),
            Request::Post(draft) => self.post(&draft),
            Request::Edit { document, fields } => self.edit(document, &fields),
            Request::List(query) => self.list(&query),
            Request::Show { document } => self.show(document),
            Request::Search { words, limit } => self.search(&words, limit),
            Request::Roster => Ok(Ok(Answer::Roster(Box::new(self.roster_view())))),
            Request::Invite {
                uses,
                lifetime_ms,
                invited_as,
                addresses,
            } => self.invite(uses, lifetime_ms, invited_as, addresses),
            Request::Appoint {
                member,
                role,
                office,
                building,
            } => self.appoint(member, &role, office, building),
            Request::AddOffice { name } => self.add_office(name),
            Request::Cut { target, reason } => self.cut(target, reason),
            Request::Peers => self.peers(),
            Request::Dial { address } => self.dial(address),
            Request::ImportRequests { file, preview } => self.import(&file, preview),
            Request::ImportBundle { file } => self.import_bundle(&file),
            Request::ExportBundle => {
                let base64 = BASE64.encode(self.export_bundle()?);
                Ok(Ok(Answer::Bundle { base64 }))
            }
            Request::ExportSpace => self.export_space(),
            Request::ExportAutomerge { document } => self.export_automerge(document),
            Request::Doctor => self.doctor(),
        }
    }
}

/// Makes a refusal.
pub(super) fn refusal(code: &str, message: &str) -> Refusal {
    Refusal {
        code: code.to_owned(),
        message: message.to_owned(),
        field: None,
    }
}

/// Refuses a value.
pub(super) fn invalid(field: &str, message: String) -> Refusal {
    Refusal {
        code: "invalid".to_owned(),
        message,
        field: Some(field.to_owned()),
    }
}

/// Refuses an act without a right.
pub(super) fn not_allowed(message: &str) -> Refusal {
    refusal("not-allowed", message)
}

fn not_found() -> Refusal {
    refusal(
        "not-found",
        "There is no such document here. It may not have arrived yet.",
    )
}

fn pending() -> Refusal {
    refusal(
        "pending",
        "Your household has not been admitted yet. Nothing was written; keep this node connected \
         to the neighbour who invited you.",
    )
}

fn hex(bytes: &[u8; 32]) -> String {
    EntryId(*bytes).to_string()
}
