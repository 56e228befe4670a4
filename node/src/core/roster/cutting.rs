//! Cuts: taking a device, a relay, a role or a membership away.
//!
//! Every cut names where the logs that it ends stand here, or a lower place, from where on what was
//! written does not count. A long list is written in parts first.

use protocol::api::{CutFrom, CutTarget};
use protocol::id::{DeviceId, EntryId, MemberId};
use protocol::limits;
use protocol::roster::TipsList;
use protocol::statement::{Act, DeviceCut, Tip, Tips};

use super::Acted;
use super::ending::Ending;
use crate::core::answer::Outcome;
use crate::core::worker::{Worker, WorkerError};
use crate::refusal::Refusal;
use crate::store::Alongside;

/// What came of preparing an act: it, or why it is not done.
pub(super) type Preparing = Result<Result<Prepared, Refusal>, WorkerError>;

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
    pub(in crate::core) fn cut(
        &mut self,
        target: CutTarget,
        reason: String,
        from: Option<CutFrom>,
    ) -> Outcome {
        match self.prepare_target(target, reason, from)? {
            Ok(prepared) => self.written_whole(prepared),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Prepares a cut of whatever is to be cut.
    pub(super) fn prepare_target(
        &self,
        target: CutTarget,
        reason: String,
        from: Option<CutFrom>,
    ) -> Preparing {
        match target {
            CutTarget::Device(device) => self.prepare_revocation(device, reason, from),
            CutTarget::Relay(_) if from.is_some() => Ok(Err(Refusal::NothingOfRelay)),
            CutTarget::Relay(device) => {
                let act = Act::CutRelay { device, reason };
                Ok(Ok(Prepared::plain(act)))
            }
            CutTarget::Appointment(appointment) => self.prepare_cut(appointment, reason, from),
            CutTarget::Member(member) => self.prepare_removal(member, reason, from),
        }
    }

    /// Prepares taking a role away.
    pub(super) fn prepare_cut(
        &self,
        appointment: EntryId,
        reason: String,
        from: Option<CutFrom>,
    ) -> Preparing {
        if let Err(refusal) = within_limit(&reason) {
            return Ok(Err(refusal));
        }
        let roles = self.parts.replica.roster().roles();
        let held = roles.iter().find(|held| held.appointment == appointment);
        let Some(held) = held else {
            return Ok(Err(Refusal::NoAppointment));
        };
        let tips = match self.tips_from(held.member, from)? {
            Ok(tips) => tips,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let act = Act::CutRole {
            appointment,
            tips: tips.whole(),
            reason,
        };
        Ok(Ok(Prepared {
            act,
            tips: Some(tips),
        }))
    }

    /// Prepares removing a member.
    pub(super) fn prepare_removal(
        &self,
        member: MemberId,
        reason: String,
        from: Option<CutFrom>,
    ) -> Preparing {
        if let Err(refusal) = within_limit(&reason) {
            return Ok(Err(refusal));
        }
        if self.parts.replica.roster().member(&member).is_none() {
            return Ok(Err(Refusal::NoMember));
        }
        let tips = match self.tips_from(member, from)? {
            Ok(tips) => tips,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let act = Act::Remove {
            member,
            tips: tips.whole(),
            reason,
        };
        Ok(Ok(Prepared {
            act,
            tips: Some(tips),
        }))
    }

    /// Prepares a cut of one of the household's devices by its own key.
    fn prepare_revocation(
        &self,
        device: DeviceId,
        reason: String,
        from: Option<CutFrom>,
    ) -> Preparing {
        if let Err(refusal) = within_limit(&reason) {
            return Ok(Err(refusal));
        }
        let Some(household) = &self.parts.household else {
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
        let ending = match self.ending(from, &|of| of == device)? {
            Ok(ending) => ending,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let tip = self.tip_before(device, &ending)?;
        let space = self.parts.replica.space();
        let reason = (!reason.is_empty()).then_some(reason);
        let cut = DeviceCut::issue_because(household, space, device, tip, reason);
        Ok(Ok(Prepared::plain(Act::CutDevice(cut))))
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
        let devices = self.devices_ended_with(member);
        TipsList::new(devices.into_iter().filter_map(|device| self.tip_of(device)))
    }

    /// Names the last counting entries of a member's logs, where what was written from somewhere on
    /// does not count.
    fn tips_from(
        &self,
        member: MemberId,
        from: Option<CutFrom>,
    ) -> Result<Result<TipsList, Refusal>, WorkerError> {
        let devices = self.devices_ended_with(member);
        let ending = match self.ending(from, &|device| devices.contains(&device))? {
            Ok(ending) => ending,
            Err(refusal) => return Ok(Err(refusal)),
        };
        Ok(Ok(self.tips_before(&devices, &ending)?))
    }

    fn tips_before(&self, devices: &[DeviceId], ending: &Ending) -> Result<TipsList, WorkerError> {
        let mut tips = Vec::new();
        for device in devices {
            tips.extend(self.tip_before(*device, ending)?);
        }
        Ok(TipsList::new(tips))
    }

    pub(super) fn devices_ended_with(&self, member: MemberId) -> Vec<DeviceId> {
        let devices = self.parts.replica.roster().devices().into_iter();
        let own = devices.filter(|device| device.member == member);
        own.map(|device| device.id).collect()
    }

    pub(super) fn written_whole(&mut self, prepared: Prepared) -> Outcome {
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
    if let Act::CutRole { tips, .. } | Act::Remove { tips, .. } | Act::EndRecord { tips, .. } = act
    {
        *tips = whole;
    }
}

pub(super) fn within_limit(reason: &str) -> Result<(), Refusal> {
    match reason.len() > limits::REASON_BYTES_MAX {
        true => Err(Refusal::ReasonTooLong {
            bytes_max: limits::REASON_BYTES_MAX,
        }),
        false => Ok(()),
    }
}
