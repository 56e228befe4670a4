//! The core's acts on the roster: roles, offices, invitations, admissions and cuts.
//!
//! By which right an act may be done is asked of the roster before anything is written, so that a
//! refusal says why; whether it counts is every replica's own verdict.

mod cutting;
mod inviting;
mod viewing;

use protocol::api::Answer;
use protocol::id::{EntryId, MemberId};
use protocol::key::SecretKey;
use protocol::replica::{AppendError, Body};
use protocol::statement::{Act, Authority, Role, Statement};

use super::answer::Outcome;
use super::worker::{Worker, WorkerError};
use crate::refusal::Refusal;
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
                return Ok(Err(Refusal::NoOffice {
                    role: role.to_owned(),
                }));
            }
            ("moderator", _, _) => Role::Moderator,
            ("building-lead", _, Some(building)) => Role::BuildingLead { building },
            ("building-lead", _, None) => {
                return Ok(Err(Refusal::NoBuilding));
            }
            _ => {
                return Ok(Err(Refusal::NoRole));
            }
        };
        if self.parts.replica.roster().member(&member).is_none() {
            return Ok(Err(Refusal::NoMember));
        }
        self.written(&Act::Appoint { member, role })
    }

    pub(super) fn add_office(&mut self, name: String) -> Outcome {
        let mut seed = [0; 32];
        if getrandom::fill(&mut seed).is_err() {
            return Ok(Err(Refusal::Random));
        }
        // An office that has no device of its own acts through households; nobody needs its key.
        let office = MemberId(SecretKey::from_seed(&seed).public());
        match self.act(&Act::AddOffice { office, name }, &Alongside::default())? {
            Ok(_) => Ok(Ok(Answer::written(EntryId(office.0)))),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    fn written(&mut self, act: &Act) -> Outcome {
        Ok(self.act(act, &Alongside::default())?.map(Answer::written))
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

    pub(super) fn authority(&mut self, act: &Act) -> Result<Authority, Refusal> {
        self.authority_over(act, None)
    }

    /// Returns by which right the own household may make a statement, about a document that a
    /// member created if it is about one.
    pub(super) fn authority_over(
        &mut self,
        act: &Act,
        creator: Option<MemberId>,
    ) -> Result<Authority, Refusal> {
        let Some(member) = self.parts.replica.member() else {
            return Err(Refusal::RelayRoster);
        };
        let device = self.parts.replica.device();
        self.parts
            .replica
            .roster()
            .authority_for(&member, device, act, creator)
            .map_err(Refusal::from)
    }

    /// Appends to the own log and makes it durable.
    pub(super) fn append(&mut self, body: &Body, alongside: &Alongside<'_>) -> Acted {
        if self.retire {
            return Ok(Err(Refusal::KeyReused));
        }
        let appended = self
            .parts
            .replica
            .append(&self.parts.store, super::now_ms(), body);
        match appended {
            Ok(mut appended) => {
                self.commit_own(&mut appended.received, alongside)?;
                Ok(Ok(appended.id))
            }
            Err(AppendError::Storage(error)) => Err(WorkerError::Storage(error)),
            Err(AppendError::Forked) => Ok(Err(Refusal::KeyReused)),
            Err(error) => Ok(Err(Refusal::Entry(error))),
        }
    }
}
