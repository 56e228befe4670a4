//! Who has acknowledged a notice, and who has not.

use protocol::api::{
    Acknowledged, AcknowledgedFor, Acknowledgements, Answer, MemberRef, OutstandingRecorded,
    RecordedRef,
};
use protocol::id::{DocumentId, MemberId};
use protocol::kind::{Acknowledgement, Facts, acknowledgements, acknowledgements_for};
use protocol::roster::{Member, Recorded};
use protocol::statement::{MemberKind, Role};

use super::Outcome;
use crate::core::worker::Worker;
use crate::refusal::Refusal;

/// The kind that is acknowledged.
pub(super) const NOTICE: &str = "notice";

impl Worker {
    /// Counts the households that a notice is meant for; names go to those who may knock.
    pub(super) fn acknowledgements(&mut self, document: DocumentId) -> Outcome {
        let Some(read) = self.read(document)? else {
            return Ok(Err(Refusal::NoDocument));
        };
        let kind = self.parts.replica.kinds().by_name(NOTICE);
        let Some(kind) = kind.filter(|kind| kind.code == read.kind && !read.erased) else {
            return Ok(Err(Refusal::NoNotice));
        };
        let value = read.document.value();
        let facts = read.facts(kind, &value);
        let building = match facts.text("audience") {
            Some("building") => facts.text("building"),
            _ => None,
        };
        let mut told = Acknowledgements {
            asked: facts.flag("ack"),
            named: self.may_knock(facts.creator),
            ..Acknowledgements::default()
        };
        self.tell_members(&facts, building, &mut told);
        self.tell_recorded(&facts, building, &mut told);
        if !told.named {
            told.given.clear();
            told.outstanding.clear();
            told.given_recorded.clear();
            told.outstanding_recorded.clear();
        }
        Ok(Ok(Answer::Acknowledgements(Box::new(told))))
    }

    /// Tells of the households with a device that a notice is meant for: those of its building where
    /// it names one, without its issuer.
    fn tell_members(&self, facts: &Facts<'_>, building: Option<&str>, told: &mut Acknowledgements) {
        let given = acknowledgements(facts);
        let meant = |member: &Member| {
            member.kind == MemberKind::Household
                && member.removed.is_none()
                && member.id != facts.creator
                && building.is_none_or(|building| member.building.as_deref() == Some(building))
        };
        let members = self.parts.replica.roster().members().into_iter();
        for member in members.filter(meant) {
            let household = self.member_ref(member.id);
            let word = given.get(&member.id);
            count(told, word);
            match word {
                None => told.outstanding.push(household),
                Some(word) => told.given.push(Acknowledged {
                    household,
                    way: word.way.to_owned(),
                    by: (word.by != member.id).then(|| self.member_ref(word.by)),
                    time_ms: word.time_ms,
                }),
            }
        }
        let place = |member: &MemberRef| (member.building.clone(), member.name.clone(), member.id);
        told.outstanding.sort_by_key(place);
        told.given.sort_by_key(|given| place(&given.household));
    }

    /// Tells of the households without a device in the same way.
    fn tell_recorded(
        &self,
        facts: &Facts<'_>,
        building: Option<&str>,
        told: &mut Acknowledgements,
    ) {
        let given = acknowledgements_for(facts);
        let meant = |recorded: &Recorded| {
            recorded.ended.is_none()
                && building.is_none_or(|building| recorded.building.as_deref() == Some(building))
        };
        let recorded = self.parts.replica.roster().recorded().into_iter();
        for recorded in recorded.filter(meant) {
            let household = self.recorded_ref(recorded.id);
            let word = given.get(&recorded.id);
            count(told, word);
            told.without_device += 1;
            match word {
                None => told.outstanding_recorded.push(OutstandingRecorded {
                    household,
                    proxies: self.acting_for(&recorded),
                }),
                Some(word) => told.given_recorded.push(AcknowledgedFor {
                    household,
                    way: word.way.to_owned(),
                    by: self.member_ref(word.by),
                    time_ms: word.time_ms,
                }),
            }
        }
        let place = |one: &RecordedRef| (one.building.clone(), one.name.clone(), one.id);
        let outstanding = &mut told.outstanding_recorded;
        outstanding.sort_by_key(|outstanding| place(&outstanding.household));
        told.given_recorded
            .sort_by_key(|given| place(&given.household));
    }

    fn acting_for(&self, recorded: &Recorded) -> Vec<MemberRef> {
        let acting = recorded.acting();
        acting.map(|proxy| self.member_ref(proxy.member)).collect()
    }

    /// Tells whether the own household is told names: it issued the notice, or holds a role whose
    /// holder goes and knocks.
    fn may_knock(&self, issuer: MemberId) -> bool {
        let Some(own) = self.parts.replica.member() else {
            return false;
        };
        let standing = self.parts.replica.roster().standing_now(&own);
        let knocks = |role: &Role| matches!(role, Role::Steward { .. } | Role::BuildingLead { .. });
        own == issuer
            || standing.is_some_and(|standing| {
                standing.founding.is_some() || standing.roles.iter().any(|(role, _)| knocks(role))
            })
    }
}

/// Counts a household that a notice is meant for, and in which way it acknowledged it.
fn count(told: &mut Acknowledgements, word: Option<&Acknowledgement<'_>>) {
    told.households += 1;
    let Some(word) = word else {
        return;
    };
    told.acknowledged += 1;
    told.on_paper += u32::from(word.way == "paper");
    told.by_proxy += u32::from(word.way == "proxy");
}
