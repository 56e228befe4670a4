//! Who has acknowledged a notice, and who has not.

use protocol::api::{
    Acknowledged, AcknowledgedFor, Acknowledgements, Answer, Edition, MemberRef,
    OutstandingRecorded, RecordedRef,
};
use protocol::id::{DocumentId, MemberId};
use protocol::intent::Scalar;
use protocol::kind::{
    Acknowledgement, FOR_HOUSEHOLD, Facts, acknowledgements, acknowledgements_for, editions,
    member_of, of_the_text_that_stands,
};
use protocol::roster::{Member, Recorded};
use protocol::statement::{MemberKind, Role};
use serde_json::Value;

use super::Outcome;
use super::writing::Fields;
use crate::core::roster::viewing::has_moved_out;
use crate::core::worker::{Worker, WorkerError};
use crate::refusal::Refusal;

/// The kind that is acknowledged.
pub(super) const NOTICE: &str = "notice";

impl Worker {
    /// Counts the households that a notice is meant for; names go to those who may knock there.
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
        let mut told = Acknowledgements {
            asked: facts.flag("ack"),
            editions: editions_of(document, &facts),
            named: self.may_knock(facts.creator),
            ..Acknowledgements::default()
        };
        self.tell_members(&facts, &mut told);
        self.tell_recorded(&facts, &mut told);
        Ok(Ok(Answer::Acknowledgements(Box::new(told))))
    }

    /// Tells of the households with a device that a notice is meant for, without its issuer and
    /// without those that moved out.
    fn tell_members(&self, facts: &Facts<'_>, told: &mut Acknowledgements) {
        let given = acknowledgements(facts);
        let mut devices = self.devices_by_member();
        let mut meant = |member: &Member| {
            let devices = devices.remove(&member.id).unwrap_or_default();
            member.kind == MemberKind::Household
                && member.removed.is_none()
                && !has_moved_out(member, &devices)
                && member.id != facts.creator
                && is_meant(facts, member.building.as_deref())
        };
        let members = self.parts.replica.roster().members().into_iter();
        for member in members.filter(|member| meant(member)) {
            let household = self.member_ref(member.id);
            let word = given.get(&member.id).copied();
            let word = word.filter(|word| self.word_counts(word.by, &member, facts));
            let word = word.or_else(|| self.word_of_a_caller(&member, facts));
            count(told, word.as_ref());
            if !self.may_be_told(facts.creator, member.building.as_deref()) {
                continue;
            }
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
    fn tell_recorded(&self, facts: &Facts<'_>, told: &mut Acknowledgements) {
        let given = acknowledgements_for(facts);
        let meant = |recorded: &Recorded| {
            recorded.ended.is_none() && is_meant(facts, recorded.building.as_deref())
        };
        let recorded = self.parts.replica.roster().recorded().into_iter();
        for recorded in recorded.filter(meant) {
            let household = self.recorded_ref(recorded.id);
            let word = given.get(&recorded.id);
            count(told, word);
            told.without_device += 1;
            if !self.may_be_told(facts.creator, recorded.building.as_deref()) {
                continue;
            }
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

    /// Tells whether what somebody wrote down for a household counts: what it says itself does, and
    /// what those say who issued the notice or may knock at its door. Else a neighbour could end
    /// that anybody knocks.
    fn word_counts(&self, by: MemberId, member: &Member, facts: &Facts<'_>) -> bool {
        by == member.id || self.may_note(by, facts.creator, member.building.as_deref())
    }

    /// Returns the first word for a household by somebody whose word counts. A neighbour's may stand
    /// before it.
    fn word_of_a_caller<'a>(
        &self,
        member: &Member,
        facts: &'a Facts<'_>,
    ) -> Option<Acknowledgement<'a>> {
        let is_for_it = |household: &Scalar| member_of(household) == Some(member.id);
        let mut words = of_the_text_that_stands(facts);
        let word = words.find(|word| {
            word.scalar(FOR_HOUSEHOLD.name).is_none()
                && word.scalar("household").is_some_and(is_for_it)
                && self.word_counts(word.by, member, facts)
        })?;
        Some(Acknowledgement {
            by: word.by,
            way: match word.text("way") {
                Some("paper") => "paper",
                _ => "proxy",
            },
            time_ms: word.time_ms,
        })
    }

    /// Tells whether the own household is told names: it issued the notice, or holds a role whose
    /// holder goes and knocks.
    fn may_knock(&self, issuer: MemberId) -> bool {
        let own = self.parts.replica.member();
        own.is_some_and(|own| own == issuer || self.knocks(own, |_| true))
    }

    /// Tells whether the own household is told how a household of a building stands.
    fn may_be_told(&self, issuer: MemberId, building: Option<&str>) -> bool {
        let own = self.parts.replica.member();
        own.is_some_and(|own| self.may_note(own, issuer, building))
    }

    /// Tells whether a member may note what a household of a building signed: it issued the notice,
    /// or goes and knocks there.
    fn may_note(&self, member: MemberId, issuer: MemberId, building: Option<&str>) -> bool {
        member == issuer || self.knocks(member, |led| Some(led) == building)
    }

    /// Tells whether a member holds a role now whose holder goes and knocks: a steward anywhere, a
    /// lead in its building.
    fn knocks(&self, member: MemberId, leads: impl Fn(&str) -> bool) -> bool {
        let standing = self.parts.replica.roster().standing_now(&member);
        standing.is_some_and(|standing| {
            let mut roles = standing.roles.iter();
            standing.founding.is_some()
                || roles.any(|(role, _)| match role {
                    Role::Steward { .. } => true,
                    Role::BuildingLead { building } => leads(building),
                    _ => false,
                })
        })
    }

    /// Refuses what would not count: a word for another household by somebody who neither issued the
    /// notice nor knocks there.
    pub(super) fn object_to_noting(
        &mut self,
        document: DocumentId,
        fields: &Fields,
    ) -> Result<Option<Refusal>, WorkerError> {
        let said = fields.get("acknowledgements");
        let one = said.map_or(&[][..], std::slice::from_ref);
        let facts = said.and_then(Value::as_array).map_or(one, Vec::as_slice);
        let households = facts
            .iter()
            .filter_map(|fact| fact.get("household")?.as_str());
        // What is no name is the draft's to object to.
        let households: Vec<MemberId> = households.filter_map(|name| name.parse().ok()).collect();
        let own = self.parts.replica.member();
        let mut others = households.into_iter().filter(|one| Some(*one) != own);
        let Some((own, first)) = own.zip(others.next()) else {
            return Ok(None);
        };
        let notice = self.parts.replica.kinds().by_name(NOTICE);
        let Some(read) = self.read(document)? else {
            return Ok(None);
        };
        if notice.is_none_or(|notice| notice.code != read.kind) {
            return Ok(None);
        }
        let issuer = read.creator.member.unwrap_or_default();
        let roster = self.parts.replica.roster();
        let allowed = [first].into_iter().chain(others).all(|household| {
            let building = roster.member(&household).and_then(|one| one.building);
            self.may_note(own, issuer, building.as_deref())
        });
        Ok((!allowed).then_some(Refusal::NotKnocking))
    }
}

/// Tells of a notice's editions, and by which entries they came to be.
fn editions_of(notice: DocumentId, facts: &Facts<'_>) -> Vec<Edition> {
    let editions = editions(facts).into_iter();
    editions
        .map(|(correction, counts)| Edition {
            entry: correction.map_or(notice.into(), |correction| correction.0.entry),
            counts,
        })
        .collect()
}

/// Tells whether a notice is meant for a household of a building: who is asked is counted.
fn is_meant(facts: &Facts<'_>, building: Option<&str>) -> bool {
    protocol::api::is_meant(facts.text("audience"), facts.text("building"), building)
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
