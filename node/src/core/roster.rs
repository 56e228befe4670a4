//! The core's acts on the roster: roles, offices, invitations, admissions and cuts.
//!
//! By which right an act may be done is asked of the roster before anything is written, so that a
//! refusal says why; whether it counts is every replica's own verdict.

mod cutting;
mod ending;
mod enrolling;
mod inviting;
mod loss;
mod motions;
mod motions_told;
mod recording;
mod role_loss;
mod telling;
pub(super) mod viewing;

use protocol::api::Answer;
use protocol::id::{EntryId, MemberId};
use protocol::replica::{AppendError, Body};
use protocol::roster::Denied;
use protocol::session::frame::RefusedReason;
use protocol::statement::{Act, Authority, MemberKind, Role, Statement};

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
        let role = match role_of(role, office, building) {
            Ok(role) => role,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if self.parts.replica.roster().member(&member).is_none() {
            return Ok(Err(Refusal::NoMember));
        }
        self.written(&Act::Appoint { member, role })
    }

    /// Makes a guest a household.
    pub(super) fn promote(&mut self, member: MemberId) -> Outcome {
        let known = self.parts.replica.roster().member(&member);
        match known.map(|member| member.kind) {
            None => Ok(Err(Refusal::NoMember)),
            Some(MemberKind::Household | MemberKind::Office) => Ok(Err(Refusal::NotGuest)),
            Some(MemberKind::Guest) => self.written(&Act::Promote { member }),
        }
    }

    /// Adds an office, and appoints those who are to speak for it.
    pub(super) fn add_office(&mut self, name: String, spokespeople: &[MemberId]) -> Outcome {
        let office = match motions::new_office() {
            Ok(office) => office,
            Err(refusal) => return Ok(Err(refusal)),
        };
        for member in spokespeople {
            match self.parts.replica.roster().member(member) {
                None => return Ok(Err(Refusal::NoMember)),
                Some(member) if member.removed.is_some() => {
                    return Ok(Err(Refusal::RemovedAlready));
                }
                Some(_) => {}
            }
        }
        if let Err(refusal) = self.act(&Act::AddOffice { office, name }, &Alongside::default())? {
            return Ok(Err(refusal));
        }
        for member in spokespeople {
            let (member, role) = (*member, Role::Spokesperson { office });
            let appointed = self.act(&Act::Appoint { member, role }, &Alongside::default())?;
            if let Err(refusal) = appointed {
                return Ok(Err(refusal));
            }
        }
        Ok(Ok(Answer::written(EntryId(office.0))))
    }

    /// The founding household.
    fn founder(&self) -> Option<MemberId> {
        let founding = self.parts.replica.roster().founding()?;
        Some(founding.certificate.member)
    }

    fn written(&mut self, act: &Act) -> Outcome {
        Ok(self.act(act, &Alongside::default())?.map(Answer::written))
    }

    /// Writes a statement by the right that the roster gives.
    pub(super) fn act(&mut self, act: &Act, alongside: &Alongside<'_>) -> Acted {
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
        let roster = self.parts.replica.roster();
        let asked = roster.authority_for(&member, device, act, creator);
        asked.map_err(|denied| match denied {
            Denied::NeedsMotion if roster.governance().founder_alone => Refusal::FounderDecides {
                founder: self
                    .founder()
                    .map(|founder| self.member_ref(founder).name)
                    .unwrap_or_default(),
            },
            Denied::NeedsMotion => Refusal::NeedsMotion {
                command: command_of(act),
            },
            Denied::NotAdmitted if roster.member(&member).is_some() => {
                Refusal::Join(RefusedReason::Removed)
            }
            Denied::NotAdmitted => Refusal::Pending,
            Denied::NotCertified => Refusal::NotCertified,
            Denied::NoRight(reason) => Refusal::NoRight(reason),
        })
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
            Err(AppendError::Forked | AppendError::Refused { .. }) => Ok(Err(Refusal::KeyReused)),
            Err(AppendError::Waiting) => Ok(Err(Refusal::Pending)),
            Err(error) => Ok(Err(Refusal::Entry(error))),
        }
    }
}

/// Reads a role from words.
fn role_of(
    role: &str,
    office: Option<MemberId>,
    building: Option<String>,
) -> Result<Role, Refusal> {
    match (role, office, building) {
        ("steward", Some(office), _) => Ok(Role::Steward { office }),
        ("spokesperson", Some(office), _) => Ok(Role::Spokesperson { office }),
        ("steward" | "spokesperson", None, _) => Err(Refusal::NoOffice {
            role: role.to_owned(),
        }),
        ("moderator", _, _) => Ok(Role::Moderator),
        ("building-lead", _, Some(building)) => Ok(Role::BuildingLead { building }),
        ("building-lead", _, None) => Err(Refusal::NoBuilding),
        _ => Err(Refusal::NoRole),
    }
}

/// The command that moves an act which needs a motion.
fn command_of(act: &Act) -> &'static str {
    match act {
        Act::Remove { .. } => "linli motion remove-household",
        Act::Appoint { .. } => "linli motion appoint",
        Act::CutRole { .. } => "linli motion cut-role",
        Act::Admit(_) | Act::Promote { .. } => "linli motion readmit",
        Act::AddOffice { .. } => "linli motion add-office",
        _ => "linli motion",
    }
}
