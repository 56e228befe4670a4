//! Cuts: taking a device, a relay, a role or a membership away.
//!
//! Every cut names where the logs that it ends stand here; a long list is written in parts first.

use protocol::api::CutTarget;
use protocol::id::{DeviceId, EntryId, MemberId};
use protocol::limits;
use protocol::roster::TipsList;
use protocol::statement::{Act, DeviceCut, Tip, Tips};

use super::Acted;
use crate::core::answer::Outcome;
use crate::core::worker::Worker;
use crate::refusal::Refusal;
use crate::store::Alongside;

/// An act, and the tips that it is to name, of which the parts are not written yet.
pub(super) struct Prepared {
    /// The act, with its list of tips whole, for asking who may do it.
    pub(super) act: Act,
    /// The tips; none where it names none.
    pub(super) tips: Option<TipsList>,
}

impl Prepared {
    /// An act that names no tips.
    pub(super) fn plain(act: Act) -> Self {
        Self { act, tips: None }
    }
}

impl Worker {
    pub(in crate::core) fn cut(&mut self, target: CutTarget, reason: String) -> Outcome {
        if let Err(refusal) = within_limit(&reason) {
            return Ok(Err(refusal));
        }
        let prepared = match target {
            CutTarget::Device(device) => return self.cut_device(device, reason),
            CutTarget::Relay(device) => return self.written(&Act::CutRelay { device, reason }),
            CutTarget::Appointment(appointment) => self.prepare_cut(appointment, reason),
            CutTarget::Member(member) => self.prepare_removal(member, reason),
        };
        match prepared {
            Ok(prepared) => self.written_whole(prepared),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Prepares taking a role away.
    pub(super) fn prepare_cut(
        &self,
        appointment: EntryId,
        reason: String,
    ) -> Result<Prepared, Refusal> {
        within_limit(&reason)?;
        let roles = self.parts.replica.roster().roles();
        let held = roles.iter().find(|held| held.appointment == appointment);
        let held = held.ok_or(Refusal::NoAppointment)?;
        let tips = self.tips_of(held.member);
        let act = Act::CutRole {
            appointment,
            tips: tips.whole(),
            reason,
        };
        Ok(Prepared {
            act,
            tips: Some(tips),
        })
    }

    /// Prepares removing a member.
    pub(super) fn prepare_removal(
        &self,
        member: MemberId,
        reason: String,
    ) -> Result<Prepared, Refusal> {
        within_limit(&reason)?;
        if self.parts.replica.roster().member(&member).is_none() {
            return Err(Refusal::NoMember);
        }
        let tips = self.tips_of(member);
        let act = Act::Remove {
            member,
            tips: tips.whole(),
            reason,
        };
        Ok(Prepared {
            act,
            tips: Some(tips),
        })
    }

    /// The household's own key cuts one of its devices where its log stands here.
    pub(in crate::core) fn cut_device(&mut self, device: DeviceId, reason: String) -> Outcome {
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
        let space = self.parts.replica.space();
        let reason = (!reason.is_empty()).then_some(reason);
        let cut = DeviceCut::issue_because(&household, space, device, tip, reason);
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

    fn written_whole(&mut self, prepared: Prepared) -> Outcome {
        Ok(self
            .act_whole(prepared, |act| act)?
            .map(protocol::api::Answer::written))
    }

    /// Writes an act, wrapped in what becomes of it, after the parts of its list of tips. Nothing is
    /// written when the whole may not be.
    pub(super) fn act_whole(&mut self, prepared: Prepared, wrap: impl Fn(Act) -> Act) -> Acted {
        let Prepared { mut act, tips } = prepared;
        if let Err(refusal) = self.authority(&wrap(act.clone())) {
            return Ok(Err(refusal));
        }
        if let Some(list) = tips {
            match self.write_parts(&list)? {
                Ok(whole) => set_tips(&mut act, whole),
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        self.act(&wrap(act), &Alongside::default())
    }

    /// Writes the parts of a list of tips, and returns the list as a statement holds it.
    pub(super) fn write_parts(
        &mut self,
        list: &TipsList,
    ) -> Result<Result<Tips, Refusal>, crate::core::worker::WorkerError> {
        let mut parts = Vec::new();
        for tips in list.parts() {
            match self.act(&Act::Tips { tips }, &Alongside::default())? {
                Ok(id) => parts.push(id),
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        Ok(Ok(list.finish(parts)))
    }
}

fn set_tips(act: &mut Act, whole: Tips) {
    if let Act::CutRole { tips, .. } | Act::Remove { tips, .. } = act {
        *tips = whole;
    }
}

fn within_limit(reason: &str) -> Result<(), Refusal> {
    match reason.len() > limits::REASON_BYTES_MAX {
        true => Err(Refusal::ReasonTooLong {
            bytes_max: limits::REASON_BYTES_MAX,
        }),
        false => Ok(()),
    }
}
