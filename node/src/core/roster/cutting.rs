//! Cuts: taking a device, a relay, a role or a membership away.
//!
//! Every cut names where the logs that it ends stand here; a long list is written in parts first.

use protocol::api::CutTarget;
use protocol::id::{DeviceId, MemberId};
use protocol::limits;
use protocol::roster::TipsList;
use protocol::statement::{Act, DeviceCut, Tip};

use crate::core::answer::Outcome;
use crate::core::worker::Worker;
use crate::refusal::Refusal;
use crate::store::Alongside;

impl Worker {
    pub(in crate::core) fn cut(&mut self, target: CutTarget, reason: String) -> Outcome {
        if reason.len() > limits::REASON_BYTES_MAX {
            return Ok(Err(Refusal::ReasonTooLong {
                bytes_max: limits::REASON_BYTES_MAX,
            }));
        }
        match target {
            CutTarget::Device(device) => self.cut_device(device),
            CutTarget::Relay(device) => self.written(&Act::CutRelay { device, reason }),
            CutTarget::Appointment(appointment) => {
                let roles = self.parts.replica.roster().roles();
                let Some(held) = roles.iter().find(|held| held.appointment == appointment) else {
                    return Ok(Err(Refusal::NoAppointment));
                };
                let tips = self.tips_of(held.member);
                self.with_tips(tips, |tips| Act::CutRole {
                    appointment,
                    tips,
                    reason,
                })
            }
            CutTarget::Member(member) => {
                if self.parts.replica.roster().member(&member).is_none() {
                    return Ok(Err(Refusal::NoMember));
                }
                let tips = self.tips_of(member);
                self.with_tips(tips, |tips| Act::Remove {
                    member,
                    tips,
                    reason,
                })
            }
        }
    }

    /// The household's own key cuts one of its devices where its log stands here.
    pub(in crate::core) fn cut_device(&mut self, device: DeviceId) -> Outcome {
        let Some(household) = self.parts.household.clone() else {
            return Ok(Err(Refusal::NoHouseholdKey));
        };
        let member = MemberId(household.public());
        if self
            .parts
            .replica
            .roster()
            .device(device, &member)
            .is_none()
        {
            return Ok(Err(Refusal::NoDevice));
        }
        let tip = self.tip_of(device);
        let cut = DeviceCut::issue(&household, self.parts.replica.space(), device, tip);
        self.written(&Act::CutDevice(cut))
    }

    pub(in crate::core) fn tip_of(&self, device: DeviceId) -> Option<Tip> {
        let logs = self.parts.replica.logs().of_device(&device);
        let head = logs.max_by_key(|log| log.head_seq)?;
        Some(Tip {
            device,
            seq: head.head_seq,
            entry: head.head,
        })
    }

    pub(in crate::core) fn tips_of(&self, member: MemberId) -> TipsList {
        let devices = self.parts.replica.roster().devices();
        TipsList::new(
            devices
                .iter()
                .filter(|device| device.member == member)
                .filter_map(|device| self.tip_of(device.id)),
        )
    }

    pub(in crate::core) fn with_tips(
        &mut self,
        list: TipsList,
        act: impl FnOnce(protocol::statement::Tips) -> Act,
    ) -> Outcome {
        let probe = act(list.whole());
        if let Err(refusal) = self.authority(&probe) {
            return Ok(Err(refusal));
        }
        let mut parts = Vec::new();
        for tips in list.parts() {
            match self.act(&Act::Tips { tips }, &Alongside::default())? {
                Ok(id) => parts.push(id),
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        let whole = list.finish(parts);
        let act = match probe {
            Act::CutRole {
                appointment,
                reason,
                ..
            } => Act::CutRole {
                appointment,
                tips: whole,
                reason,
            },
            Act::Remove { member, reason, .. } => Act::Remove {
                member,
                tips: whole,
                reason,
            },
            other => other,
        };
        self.written(&act)
    }
}
