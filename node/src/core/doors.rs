//! Doors: what a household tells the leads of its building, so that somebody can knock (rule R17).
//!
//! They are details about the household itself, under its own name in place of a document's: nobody
//! else's details of that name are looked at. Who leads a building is the roster's to say, whenever
//! this household's node shares; what a lead has read cannot be taken back.

use std::collections::BTreeSet;

use protocol::api::{Answer, Confidential, DoorView, MemberRef};
use protocol::id::{DocumentId, MemberId};
use protocol::statement::Role;

use super::answer::Outcome;
use super::details::shown;
use super::worker::{Worker, WorkerError};
use crate::refusal::Refusal;

impl Worker {
    /// Lists doors that the own household may read now: its own, and those of the buildings that it
    /// leads.
    pub(super) fn doors(&mut self) -> Outcome {
        let Some(own) = self.parts.replica.member() else {
            return Ok(Err(Refusal::RelayWrites));
        };
        let mut doors = Vec::new();
        for about in self.documents_with_details()? {
            let Some(household) = self.household_of_door(about) else {
                continue;
            };
            if household != own && !self.leads_of(household).contains(&own) {
                continue;
            }
            // The newest: a former one stands until its retirement is known.
            let details = self.details_by(about, Some(household))?;
            let newest = details.into_iter().max_by_key(|one| (one.time_ms, one.id));
            let Some((text, door)) = newest.and_then(|one| Some((shown(&one)?, one))) else {
                continue;
            };
            let readers = self.readers_of(&door).into_iter();
            doors.push(DoorView {
                household: self.member_ref(household),
                door: text,
                since_ms: door.time_ms,
                readers: readers.map(|id| self.member_ref(id)).collect(),
            });
        }
        doors.sort_by_key(|door| {
            let MemberRef { id, name, building } = door.household.clone();
            (building, name, id)
        });
        Ok(Ok(Answer::Doors { doors }))
    }

    /// Tells the leads of the own building where to knock, in place of what was told before.
    pub(super) fn put_door(&mut self, text: &Confidential) -> Outcome {
        let Some(own) = self.parts.replica.member() else {
            return Ok(Err(Refusal::RelayWrites));
        };
        let leads = self.leads_of(own);
        self.put_sealed(DocumentId(own.0), own, text, leads)
    }

    /// Erases what the own household told the leads of its building.
    pub(super) fn erase_door(&mut self) -> Outcome {
        let Some(own) = self.parts.replica.member() else {
            return Ok(Err(Refusal::RelayWrites));
        };
        self.erase_details(DocumentId(own.0))
    }

    /// Returns whose door details of a name tell: those that are named like a member.
    pub(super) fn household_of_door(&self, about: DocumentId) -> Option<MemberId> {
        let member = self.parts.replica.roster().member(&MemberId(about.0))?;
        member.removed.is_none().then_some(member.id)
    }

    /// Lets those read a household's door who are to read it and cannot yet.
    pub(super) fn share_door(
        &mut self,
        household: MemberId,
        own: MemberId,
    ) -> Result<(), WorkerError> {
        let leads = self.leads_of(household);
        for detail in self.details_by(DocumentId(household.0), Some(household))? {
            self.share(leads.clone(), &detail, own)?;
        }
        Ok(())
    }

    /// Returns who leads the building of a household, as the roster stands.
    fn leads_of(&self, household: MemberId) -> BTreeSet<MemberId> {
        let roster = self.parts.replica.roster();
        let building = roster.member(&household).and_then(|member| member.building);
        let Some(of) = building else {
            return BTreeSet::new();
        };
        let roles = roster.roles().into_iter();
        let leads = roles.filter(
            |held| matches!(&held.role, Role::BuildingLead { building } if *building == of),
        );
        leads.map(|held| held.member).collect()
    }
}
