//! The core's acts on the roster: roles, offices, invitations, admissions and cuts.
//!
//! By which right an act may be done is asked of the roster before anything is written, so that a
//! refusal says why; whether it counts is every replica's own verdict.

mod cutting;
mod inviting;
mod viewing;

use protocol::api::{Answer, Refusal};
use protocol::id::{EntryId, MemberId};
use protocol::key::SecretKey;
use protocol::replica::{AppendError, Body};
use protocol::roster::Denied;
use protocol::statement::{Act, Authority, Role, Statement};

use super::answer::{Outcome, invalid, not_allowed, refusal};
use super::worker::{Worker, WorkerError};
use crate::store::Alongside;

/// What came of an act: the statement, or why there is none.
type Acted = Result<Result<EntryId, Refusal>, WorkerError>;

impl Worker {
    pub(super) fn neighbourhood(&self) -> String {
        self.parts
            .replica
            .roster()
            .founding()
            .map(|founding| founding.neighbourhood.clone())
            .unwrap_or_default()
    }

    pub(super) fn appoint(
        &mut self,
        member: MemberId,
        role: &str,
        office: Option<MemberId>,
        building: Option<String>,
    ) -> Outcome {
        let role = match (role, office, building) {
            ("steward", Some(office), _) => Role::Steward { office },
            ("spokesperson", Some(office), _) => Role::Spokesperson { office },
            ("steward" | "spokesperson", None, _) => {
                return Ok(Err(invalid(
                    "office",
                    format!("A {role} belongs to an office: name it with --office."),
                )));
            }
            ("moderator", _, _) => Role::Moderator,
            ("building-lead", _, Some(building)) => Role::BuildingLead { building },
            ("building-lead", _, None) => {
                return Ok(Err(invalid(
                    "building",
                    "A building lead has a building: name it with --building.".to_owned(),
                )));
            }
            _ => {
                return Ok(Err(invalid(
                    "role",
                    "Roles are steward, moderator, building-lead and spokesperson.".to_owned(),
                )));
            }
        };
        if self.parts.replica.roster().member(&member).is_none() {
            return Ok(Err(refusal(
                "not-found",
                "The roster has no such member. See `linli roster`.",
            )));
        }
        self.written(&Act::Appoint { member, role })
    }

    pub(super) fn add_office(&mut self, name: String) -> Outcome {
        let mut seed = [0; 32];
        if getrandom::fill(&mut seed).is_err() {
            return Ok(Err(refusal(
                "internal",
                "The system gave no random bytes. Nothing was changed; try again.",
            )));
        }
        // An office that has no device of its own acts through households; nobody needs its key.
        let office = MemberId(SecretKey::from_seed(&seed).public());
        match self.act(&Act::AddOffice { office, name }, &Alongside::default())? {
            Ok(_) => Ok(Ok(Answer::Written {
                id: EntryId(office.0),
                warnings: Vec::new(),
            })),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    fn written(&mut self, act: &Act) -> Outcome {
        Ok(self
            .act(act, &Alongside::default())?
            .map(|id| Answer::Written {
                id,
                warnings: Vec::new(),
            }))
    }

    /// Writes a statement by the right that the roster gives.
    fn act(&mut self, act: &Act, alongside: &Alongside<'_>) -> Acted {
        let authority = match self.authority(act) {
            Ok(authority) => authority,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let body = Body::Statement(Statement::new(authority, act.clone()));
        self.append(&body, alongside)
    }

    fn authority(&mut self, act: &Act) -> Result<Authority, Refusal> {
        let Some(member) = self.parts.replica.member() else {
            return Err(not_allowed("A relay changes nothing in the roster."));
        };
        let device = self.parts.replica.device();
        self.parts
            .replica
            .roster()
            .authority_for(&member, device, act, None)
            .map_err(|denied| denial(&denied))
    }

    /// Appends to the own log and makes it durable.
    pub(super) fn append(&mut self, body: &Body, alongside: &Alongside<'_>) -> Acted {
        if self.retire {
            return Ok(Err(refusal(
                "not-allowed",
                "This device's key was used elsewhere, and must be replaced. Nothing was written.",
            )));
        }
        let appended = self
            .parts
            .replica
            .append(&self.parts.store, super::now_ms(), body);
        match appended {
            Ok(mut appended) => {
                self.commit_with(&mut appended.received, alongside)?;
                Ok(Ok(appended.id))
            }
            Err(AppendError::Storage(error)) => Err(WorkerError::Storage(error)),
            Err(AppendError::Forked) => Ok(Err(refusal(
                "not-allowed",
                "This device's key was used elsewhere, and must be replaced. Nothing was written.",
            ))),
            Err(error) => Ok(Err(refusal(
                "invalid",
                &format!(
                    "This does not fit into one entry: {error}. Nothing was written; shorten it."
                ),
            ))),
        }
    }
}

fn denial(denied: &Denied) -> Refusal {
    match denied {
        Denied::NotAdmitted => refusal(
            "pending",
            "Your household has not been admitted yet. Nothing was written; keep this node \
             connected to the neighbour who invited you.",
        ),
        Denied::NotCertified => not_allowed(
            "This device does not belong to your household any more. Nothing was written.",
        ),
        Denied::NeedsMotion => not_allowed(
            "This needs a motion that stewards of different offices co-sign. Nothing was written.",
        ),
        Denied::NoRight(reason) => not_allowed(&format!(
            "Your household may not do this: {reason}. Nothing was written."
        )),
    }
}
