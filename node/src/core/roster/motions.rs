//! Dangerous acts: done at once while the founder decides alone, or else moved, co-signed and put in
//! force (rule R6).
//!
//! A household that signs last puts the motion in force by itself. Whether a motion is in force is
//! every replica's own verdict.

use std::collections::{BTreeMap, BTreeSet};

use protocol::api::{Answer, MotionStands, NewMotion};
use protocol::id::{EntryId, MemberId};
use protocol::key::SecretKey;
use protocol::limits;
use protocol::roster::{Motion, MotionState, Reason, Right};
use protocol::statement::{Act, Admission, Role};

use super::cutting::{Prepared, Preparing};
use super::viewing::count;
use super::{Acted, role_of};
use crate::core::answer::Outcome;
use crate::core::worker::Worker;
use crate::refusal::Refusal;
use crate::store::Alongside;

impl Worker {
    /// Does a dangerous act at once while the founder decides alone, or else moves it.
    pub(in crate::core) fn move_act(&mut self, motion: NewMotion) -> Outcome {
        let prepared = match self.prepare(motion)? {
            Ok(prepared) => prepared,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let governance = self.parts.replica.roster().governance();
        if governance.founder_alone {
            let word = prepared.act.word();
            let done = self.act_whole(prepared, |act| act)?;
            tracing::info!(
                act = word,
                done = done.is_ok(),
                "a dangerous act without a motion"
            );
            return Ok(done.map(stands_alone));
        }
        if let Err(refusal) = self.could_be_enacted(&prepared.act) {
            return Ok(Err(refusal));
        }
        let moved = self.act_whole(prepared, |act| Act::Move {
            number: governance.next_number,
            previous: governance.previous,
            act: Box::new(act),
        })?;
        match moved {
            Ok(id) => {
                tracing::info!(number = governance.next_number, "a dangerous act was moved");
                self.enact_if_complete(id)
            }
            Err(refusal) => Ok(Err(for_stewards(refusal))),
        }
    }

    /// Co-signs a motion, and puts it in force when enough offices have signed. What was done before
    /// is not done again, and what the founder decided alone needs nobody.
    pub(in crate::core) fn co_sign(&mut self, id: EntryId) -> Outcome {
        if self.is_decided_alone(id) {
            return Ok(Ok(stands_alone(id)));
        }
        let motion = match self.open_motion(id) {
            Ok(Some(motion)) => motion,
            Ok(None) => return Ok(self.stands(id)),
            Err(refusal) => return Ok(Err(refusal)),
        };
        let act = Act::CoSign { motion: id };
        if let Err(refusal) = self.authority(&act) {
            return Ok(Err(for_stewards(refusal)));
        }
        if !self.has_signed(&motion)
            && let Err(refusal) = self.act(&act, &Alongside::default())?
        {
            return Ok(Err(refusal));
        }
        self.enact_if_complete(id)
    }

    /// Puts a motion in force for which enough offices have signed.
    pub(in crate::core) fn enact(&mut self, id: EntryId) -> Outcome {
        if self.is_decided_alone(id) {
            return Ok(Ok(stands_alone(id)));
        }
        let motion = match self.open_motion(id) {
            Ok(Some(motion)) => motion,
            Ok(None) => return Ok(self.stands(id)),
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Err(refusal) = self.authority(&Act::CoSign { motion: id }) {
            return Ok(Err(for_stewards(refusal)));
        }
        if !motion.can_be_enacted() {
            return Ok(Err(Refusal::MotionIncomplete {
                signed: motion.signed.len(),
                needed: self.parts.replica.roster().governance().needed(),
            }));
        }
        match self.put_in_force(&motion)? {
            Ok(_) => Ok(self.stands(id)),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    fn enact_if_complete(&mut self, id: EntryId) -> Outcome {
        if let Some(motion) = self.motion(id).filter(Motion::can_be_enacted) {
            // Who signed has signed, even where the act has become impossible; `enact` says why.
            let _signed_all_the_same = self.put_in_force(&motion)?;
        }
        Ok(self.stands(id))
    }

    fn put_in_force(&mut self, motion: &Motion) -> Acted {
        let mover = self.parts.replica.roster().origin(&motion.id);
        let Some(mover) = mover else {
            return Ok(Err(Refusal::NoMotion));
        };
        if let Err(reason) = self
            .parts
            .replica
            .roster()
            .quorum_may(mover.device, &motion.act)
        {
            return Ok(Err(Refusal::MotionVoid(reason)));
        }
        let mut founder_tips = None;
        if motion.number == 1
            && let Some(founder) = self.founder()
        {
            let list = self.tips_of(founder);
            match self.write_parts(&list)? {
                Ok(tips) => founder_tips = Some(tips),
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        let act = Act::Enact {
            motion: motion.id,
            cosignatures: self.chosen(motion),
            founder_tips,
        };
        let enacted = self.act(&act, &Alongside::default())?;
        if enacted.is_ok() {
            tracing::info!(number = motion.number, "a motion was put in force");
        }
        Ok(enacted)
    }

    /// Picks the co-signatures that an enactment names: one of each member, of as many offices as
    /// there are.
    fn chosen(&self, motion: &Motion) -> Vec<EntryId> {
        let roster = self.parts.replica.roster();
        let mut members: BTreeMap<MemberId, (Option<MemberId>, EntryId)> = BTreeMap::new();
        for id in &motion.cosignatures {
            let Some(origin) = roster.origin(id) else {
                continue;
            };
            if let Some(member) = origin.member {
                let office = match origin.right {
                    Right::Role {
                        role: Role::Steward { office },
                        ..
                    } => Some(office),
                    _ => None,
                };
                members.entry(member).or_insert((office, *id));
            }
        }
        let mut offices = BTreeSet::new();
        let (first, further): (Vec<_>, Vec<_>) = members
            .into_values()
            .partition(|(office, _)| offices.insert(*office));
        let mut chosen: Vec<EntryId> = first.into_iter().chain(further).map(|(_, id)| id).collect();
        chosen.truncate(limits::COSIGNATURES_MAX);
        chosen.sort_unstable();
        chosen
    }

    fn has_signed(&self, motion: &Motion) -> bool {
        let own = self.parts.replica.member();
        let roster = self.parts.replica.roster();
        let mut signers = motion
            .cosignatures
            .iter()
            .filter_map(|id| roster.origin(id));
        own == Some(motion.mover) || signers.any(|signer| signer.member == own)
    }

    fn is_decided_alone(&self, id: EntryId) -> bool {
        self.parts.replica.roster().decided_alone().contains(&id)
    }

    fn motion(&self, id: EntryId) -> Option<Motion> {
        let motions = self.parts.replica.roster().motions();
        motions.into_iter().find(|motion| motion.id == id)
    }

    /// Finds a motion that is open; `None` when it is in force already.
    fn open_motion(&self, id: EntryId) -> Result<Option<Motion>, Refusal> {
        let motion = self.motion(id).ok_or(Refusal::NoMotion)?;
        match motion.state {
            MotionState::Open => Ok(Some(motion)),
            MotionState::InForce { .. } => Ok(None),
            MotionState::Lapsed => Err(Refusal::MotionLapsed),
        }
    }

    fn stands(&self, id: EntryId) -> Result<Answer, Refusal> {
        let motion = self.motion(id).ok_or(Refusal::NoMotion)?;
        let enactment = match motion.state {
            MotionState::InForce { enactment } => Some(enactment),
            MotionState::Open | MotionState::Lapsed => None,
        };
        Ok(Answer::Motion(MotionStands {
            id,
            alone: false,
            state: state_word(&motion.state).to_owned(),
            signed: count(motion.signed.len()),
            needed: count(self.parts.replica.roster().governance().needed()),
            enactment,
        }))
    }

    fn could_be_enacted(&self, act: &Act) -> Result<(), Refusal> {
        let roster = self.parts.replica.roster();
        let asked = roster.quorum_may(self.parts.replica.device(), act);
        asked.map_err(Refusal::MotionVoid)
    }

    /// Makes the act that is to be done of what was asked for.
    fn prepare(&self, motion: NewMotion) -> Preparing {
        match motion {
            NewMotion::RemoveHousehold {
                member,
                reason,
                from,
            } => {
                let known = self.parts.replica.roster().member(&member);
                // A further removal may end its logs lower.
                let is_removed = known.is_some_and(|member| member.removed.is_some());
                if is_removed && from.is_none() {
                    return Ok(Err(Refusal::RemovedAlready));
                }
                self.prepare_removal(member, reason, from)
            }
            NewMotion::Appoint {
                member,
                role,
                office,
                building,
            } => {
                let role = match role_of(&role, office, building) {
                    Ok(role) => role,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                if self.parts.replica.roster().member(&member).is_none() {
                    return Ok(Err(Refusal::NoMember));
                }
                Ok(Ok(Prepared::plain(Act::Appoint { member, role })))
            }
            NewMotion::CutRole {
                appointment,
                reason,
                from,
            } => self.prepare_cut(appointment, reason, from),
            NewMotion::Readmit {
                member,
                successor_of,
            } => Ok(self.prepare_readmission(member, successor_of)),
            NewMotion::AddOffice { name } => Ok(new_office().map(|office| {
                let act = Act::AddOffice { office, name };
                Prepared::plain(act)
            })),
        }
    }

    /// Prepares admitting a member that is known here: one that was removed, or one that has joined
    /// with new keys and takes the place of another.
    fn prepare_readmission(
        &self,
        id: MemberId,
        successor_of: Option<MemberId>,
    ) -> Result<Prepared, Refusal> {
        let roster = self.parts.replica.roster();
        let member = roster.member(&id).ok_or(Refusal::NoMember)?;
        if member.removed.is_none() && successor_of.is_none() {
            return Err(Refusal::NotRemoved);
        }
        if successor_of.is_some_and(|of| of == id || roster.member(&of).is_none()) {
            return Err(Refusal::NoMember);
        }
        let devices = roster.devices().into_iter();
        let certificate = devices
            .filter(|device| device.member == id)
            .find_map(|device| roster.certificate_of(device.id, &id).cloned());
        Ok(Prepared::plain(Act::Admit(Admission {
            kind: member.kind,
            certificate: certificate.ok_or(Refusal::MotionVoid(Reason::WrongTarget))?,
            name: member.name,
            building: member.building,
            invitation: None,
            successor_of,
        })))
    }
}

/// How an act stands that the founder decided alone.
fn stands_alone(id: EntryId) -> Answer {
    Answer::Motion(MotionStands {
        id,
        alone: true,
        state: "in-force".to_owned(),
        signed: 0,
        needed: 0,
        enactment: None,
    })
}

/// Makes the key by which an office is known. An office that has no device of its own acts through
/// households; nobody needs its key.
pub(super) fn new_office() -> Result<MemberId, Refusal> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|_| Refusal::Random)?;
    Ok(MemberId(SecretKey::from_seed(&seed).public()))
}

pub(super) fn state_word(state: &MotionState) -> &'static str {
    match state {
        MotionState::Open => "open",
        MotionState::InForce { .. } => "in-force",
        MotionState::Lapsed => "lapsed",
    }
}

/// Only stewards move and sign: that says more than that a right does not allow it.
fn for_stewards(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::NoRight(Reason::NoRight) => Refusal::NotSteward,
        refusal => refusal,
    }
}
