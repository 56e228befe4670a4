//! What a cut would undo, told before it is made and of motions that wait for signatures.

use std::collections::{BTreeMap, BTreeSet};

use protocol::api::{
    Answer, CutFrom, CutLoss, CutTarget, LogEnd, LostAnswers, LostDocument, MemberRef,
};
use protocol::frontier::Head;
use protocol::id::{DeviceId, EntryId, MemberId};
use protocol::kind::Kinds;
use protocol::statement::{Act, Tip};
use protocol::storage::{LogNumber, Storage};
use tui::language::Language;

use super::role_loss::is_by_role;
use crate::core::answer::Outcome;
use crate::core::worker::{Worker, WorkerError};
use crate::refusal::Refusal;
use crate::store::{Beyond, ViewRow};

/// Documents that are named of those that would be lost.
pub(super) const FIRST_MAX: usize = 20;

impl Worker {
    /// Tells what a cut would undo, as far as it is held here.
    pub(in crate::core) fn cut_loss(
        &mut self,
        target: CutTarget,
        from: Option<CutFrom>,
        language: Language,
    ) -> Outcome {
        let own = self.parts.replica.member();
        if matches!(target, CutTarget::Device(_)) && own.is_none() {
            return Ok(Err(Refusal::RelayRoster));
        }
        let prepared = match self.prepare_target(target.clone(), String::new(), from)? {
            Ok(prepared) => prepared,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let tips = prepared.tips.as_ref().map(|tips| tips.whole().named);
        let tips = tips.unwrap_or_default();
        let mut loss = match (&prepared.act, target) {
            (Act::CutDevice(cut), CutTarget::Device(device)) => {
                let tips: Vec<Tip> = cut.tip.into_iter().collect();
                self.lost(own.unwrap_or_default(), &[device], &tips)?
            }
            (_, CutTarget::Appointment(appointment)) => {
                let roles = self.parts.replica.roster().roles();
                let mut roles = roles.iter();
                let Some(held) = roles.find(|held| held.appointment == appointment) else {
                    return Ok(Err(Refusal::NoAppointment));
                };
                self.lost_of_role(appointment, held.member, &tips)?
            }
            (_, CutTarget::Member(member)) => {
                self.lost(member, &self.devices_ended_with(member), &tips)?
            }
            // A relay writes nothing but joins, which count for nothing.
            (_, CutTarget::Relay(_) | CutTarget::Device(_)) => CutLoss::default(),
        };
        let refused = self.authority(&prepared.act).err();
        loss.refused = refused.map(|refusal| refusal.told(language));
        Ok(Ok(Answer::CutLoss(loss)))
    }

    /// Counts entries of a member beyond tips, whatever else ends them.
    pub(super) fn entries_beyond(
        &self,
        member: MemberId,
        tips: &[Tip],
    ) -> Result<u64, WorkerError> {
        let mut entries = 0;
        for device in self.devices_ended_with(member) {
            for (log, last) in self.kept(device, tip_among(tips, device))? {
                entries += self.parts.store.count_beyond(log, last)?.0;
            }
        }
        Ok(entries)
    }

    fn lost(
        &self,
        member: MemberId,
        devices: &[DeviceId],
        tips: &[Tip],
    ) -> Result<CutLoss, WorkerError> {
        let store = &self.parts.store;
        let mut loss = CutLoss::default();
        let mut answers: BTreeMap<MemberId, u64> = BTreeMap::new();
        for &device in devices {
            let tip = tip_among(tips, device);
            let counting = tip.map_or(0, |tip| tip.seq);
            for (log, last) in self.kept(device, tip)? {
                let (entries, statements) = store.count_beyond(log, last)?;
                loss.entries += entries;
                loss.statements += statements;
                loss.elsewhere += store.others_beyond(log, last, member)?;
            }
            let beyond = Beyond {
                member,
                device,
                seq: counting,
            };
            let room = FIRST_MAX - loss.first.len();
            let (documents, first) = store.views_beyond(beyond, room)?;
            loss.documents += documents;
            let kinds = self.parts.replica.kinds();
            let first = first.into_iter().map(|row| lost_document(row, kinds));
            loss.first.extend(first);
            for (by, count) in store.answers_beyond(beyond)? {
                *answers.entry(by).or_default() += count;
            }
            loss.logs.push(LogEnd {
                device,
                held: self.parts.replica.head_seq(&device),
                counting,
            });
        }
        loss.answers = by_count(answers, |by| self.member_ref(by));
        loss.admitted = self.admitted_beyond(devices, tips, None)?;
        Ok(loss)
    }

    /// Returns members whose admission stands in one of the logs, beyond its tip; by the right of a
    /// role where one is named.
    pub(super) fn admitted_beyond(
        &self,
        devices: &[DeviceId],
        tips: &[Tip],
        appointment: Option<EntryId>,
    ) -> Result<Vec<MemberRef>, WorkerError> {
        let roster = self.parts.replica.roster();
        let devices: BTreeSet<DeviceId> = devices.iter().copied().collect();
        let mut admitted = Vec::new();
        for member in roster.members() {
            let Some(origin) = roster.origin(&member.admission) else {
                continue;
            };
            if !devices.contains(&origin.device) {
                continue;
            }
            let stored = self.parts.store.entry(&member.admission);
            let stored = stored.map_err(WorkerError::Storage)?;
            let last = tip_among(tips, origin.device).map_or(0, |tip| tip.seq);
            let Some(entry) = stored.map(|stored| stored.entry) else {
                continue;
            };
            let by_right = appointment.is_none_or(|role| is_by_role(&entry, role));
            if entry.header.seq > last && by_right {
                admitted.push(self.member_ref(member.id));
            }
        }
        Ok(admitted)
    }

    /// Returns each log and branch of a device with the last of its own seqs that counts.
    pub(super) fn kept(
        &self,
        device: DeviceId,
        tip: Option<Tip>,
    ) -> Result<Vec<(LogNumber, u64)>, WorkerError> {
        let logs = self.parts.replica.logs();
        let place = match tip {
            Some(Tip { seq, entry, .. }) => logs
                .locate(&self.parts.store, &device, Head { seq, entry })
                .map_err(WorkerError::Storage)?,
            None => None,
        };
        let way = place.map(|place| logs.way(place)).unwrap_or_default();
        let last_on_way = |log| {
            way.iter()
                .find(|(of, ..)| *of == log)
                .map(|(.., last)| *last)
        };
        Ok(logs
            .of_device(&device)
            .map(|log| (log.number, last_on_way(log.number).unwrap_or(0)))
            .collect())
    }
}

/// Who wrote how much, who wrote most first.
pub(super) fn by_count(
    answers: BTreeMap<MemberId, u64>,
    called: impl Fn(MemberId) -> MemberRef,
) -> Vec<LostAnswers> {
    let answers = answers.into_iter().map(|(by, count)| LostAnswers {
        by: called(by),
        count,
    });
    let mut answers: Vec<LostAnswers> = answers.collect();
    answers.sort_by_key(|answers| std::cmp::Reverse(answers.count));
    answers
}

pub(super) fn lost_document(row: ViewRow, kinds: &Kinds) -> LostDocument {
    LostDocument {
        id: row.document,
        kind: kinds.name(row.kind).into_owned(),
        title: row.title,
        created_ms: row.created_ms,
    }
}

pub(super) fn tip_among(tips: &[Tip], device: DeviceId) -> Option<Tip> {
    tips.iter().find(|tip| tip.device == device).copied()
}
