//! Motions as they are shown: what is moved, by whom, who has signed, and what became of it.

use std::collections::BTreeMap;

use protocol::api::{Answer, MotionSignature, MotionView, MovedAct};
use protocol::id::{EntryId, MemberId};
use protocol::limits;
use protocol::roster::{Motion, MotionState, Reason, Right};
use protocol::statement::Act;
use protocol::storage::Storage;
use protocol::text::Text;

use super::motions::state_word;
use super::viewing::count;
use crate::core::answer::Outcome;
use crate::core::worker::{Worker, WorkerError};

/// Motions that one answer tells: more than a neighbourhood decides in years. What is open, and then
/// what is newest, comes first.
const MOTIONS_MAX: usize = 1_000;

impl Worker {
    pub(in crate::core) fn motions(&mut self) -> Outcome {
        let roster = self.parts.replica.roster();
        let needed = count(roster.governance().needed());
        let counting = roster.motions();
        let in_force: BTreeMap<u64, EntryId> = counting
            .iter()
            .filter(|motion| matches!(motion.state, MotionState::InForce { .. }))
            .map(|motion| (motion.number, motion.id))
            .collect();
        let void = roster.excluded().into_iter().filter_map(|(id, reason)| {
            let Some(Act::Move {
                number,
                previous,
                act,
            }) = roster.act(&id)
            else {
                return None;
            };
            let motion = Motion {
                id,
                mover: roster.origin(&id)?.member?,
                number: *number,
                previous: *previous,
                act: (**act).clone(),
                signed: Default::default(),
                offices: 0,
                cosignatures: Vec::new(),
                state: MotionState::Lapsed,
            };
            Some((motion, Some(reason)))
        });
        let mut all: Vec<(Motion, Option<Reason>)> = counting
            .into_iter()
            .map(|motion| (motion, None))
            .chain(void)
            .collect();
        all.sort_by_key(|(motion, void)| {
            let open = motion.state == MotionState::Open;
            (
                void.is_some(),
                !open,
                std::cmp::Reverse(motion.number),
                motion.id,
            )
        });
        all.truncate(MOTIONS_MAX);
        let motions: Result<Vec<MotionView>, WorkerError> = all
            .into_iter()
            .map(|(motion, void)| self.motion_told(&motion, void, needed, &in_force))
            .collect();
        Ok(Ok(Answer::Motions {
            motions: motions?,
            alone: self.parts.replica.roster().decided_alone(),
        }))
    }

    fn motion_told(
        &self,
        motion: &Motion,
        void: Option<Reason>,
        needed: u32,
        in_force: &BTreeMap<u64, EntryId>,
    ) -> Result<MotionView, WorkerError> {
        let mover = self.signature(motion.id, motion.mover)?;
        let lapsed = motion.state == MotionState::Lapsed && void.is_none();
        let overtaken_by = in_force.get(&motion.number).copied().filter(|_| lapsed);
        let why = match (void, lapsed, overtaken_by) {
            (Some(reason), ..) => Some(reason.word()),
            (None, true, Some(_)) => Some("overtaken"),
            (None, true, None) => Some("not-next"),
            (None, false, _) => None,
        };
        let mut cosignatures = Vec::new();
        for id in &motion.cosignatures {
            let origin = self.parts.replica.roster().origin(id);
            if let Some(member) = origin.and_then(|origin| origin.member) {
                cosignatures.push(self.signature(*id, member)?);
            }
        }
        cosignatures.sort_by_key(|signature| (signature.time_ms, signature.id));
        let signed = motion.signed.iter();
        Ok(MotionView {
            id: motion.id,
            number: motion.number,
            moved: self.moved(&motion.act),
            reason: self.reason_of(motion.id),
            by: mover.by,
            acted_as: mover.acted_as,
            time_ms: mover.time_ms,
            cosignatures,
            signed: signed.map(|office| self.member_ref(*office)).collect(),
            offices: count(motion.offices),
            needed,
            undoes: self.undone_by(&motion.act)?,
            complete: motion.can_be_enacted(),
            state: match void {
                Some(_) => "excluded",
                None => state_word(&motion.state),
            }
            .to_owned(),
            why: why.map(str::to_owned),
            enactment: match motion.state {
                MotionState::InForce { enactment } => Some(enactment),
                MotionState::Open | MotionState::Lapsed => None,
            },
            overtaken_by,
        })
    }

    /// Counts what of those whom an act ends would count no longer: whoever signs should know. A list
    /// of tips in parts, of more devices than any household has, is not counted.
    fn undone_by(&self, act: &Act) -> Result<Option<u64>, WorkerError> {
        match act {
            Act::Remove { member, tips, .. } if tips.parts.is_empty() => {
                self.entries_beyond(*member, &tips.named).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn signature(&self, id: EntryId, by: MemberId) -> Result<MotionSignature, WorkerError> {
        let stored = self.parts.store.entry(&id).map_err(WorkerError::Storage)?;
        let origin = self.parts.replica.roster().origin(&id);
        let right = origin.map_or(Right::Unknown, |origin| origin.right);
        Ok(MotionSignature {
            id,
            by: self.member_ref(by),
            acted_as: self.acted_as(&right),
            time_ms: stored.map_or(0, |stored| stored.entry.header.time_ms),
        })
    }

    /// Tells what a motion would do.
    fn moved(&self, act: &Act) -> MovedAct {
        let roster = self.parts.replica.roster();
        let named = |name: &str| Text::line(name, limits::NAME_BYTES_MAX).into_string();
        match act {
            Act::Remove { member, .. } => MovedAct::RemoveHousehold {
                member: self.member_ref(*member),
            },
            Act::Appoint { member, role } => MovedAct::Appoint {
                member: self.member_ref(*member),
                role: self.role_told(role),
            },
            Act::CutRole { appointment, .. } => {
                let given = appointed_by(roster.act(appointment), |id| roster.act(id));
                MovedAct::CutRole {
                    member: given.map(|(member, _)| self.member_ref(*member)),
                    role: given.map(|(_, role)| self.role_told(role)),
                    appointment: *appointment,
                }
            }
            Act::Admit(admission) => {
                let member = self.member_ref(admission.certificate.member);
                MovedAct::Readmit {
                    member: match member.name.is_empty() {
                        true => protocol::api::MemberRef {
                            name: named(&admission.name),
                            building: admission.building.as_deref().map(named),
                            ..member
                        },
                        false => member,
                    },
                    successor_of: admission.successor_of.map(|of| self.member_ref(of)),
                }
            }
            Act::Promote { member } => MovedAct::Promote {
                member: self.member_ref(*member),
            },
            Act::AddOffice { office, name } => MovedAct::AddOffice {
                office: *office,
                name: named(name),
            },
            Act::CertifyRelay {
                device,
                name,
                building,
            } => MovedAct::CertifyRelay {
                device: *device,
                name: named(name),
                building: building.as_deref().map(named),
            },
            Act::CutRelay { device, .. } => MovedAct::CutRelay { device: *device },
            _ => MovedAct::Other,
        }
    }
}

/// Finds whom an appointment gave what, where it may be the enactment of a motion.
fn appointed_by<'a>(
    act: Option<&'a Act>,
    find: impl Fn(&EntryId) -> Option<&'a Act>,
) -> Option<(&'a MemberId, &'a protocol::statement::Role)> {
    match act? {
        Act::Appoint { member, role } => Some((member, role)),
        Act::Enact { motion, .. } => match find(motion)? {
            Act::Move { act, .. } => match &**act {
                Act::Appoint { member, role } => Some((member, role)),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}
