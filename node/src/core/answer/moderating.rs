//! Moderation: hiding, muting, appealing, deciding and taking back; the agreement; and whom the own
//! household blocks.
//!
//! What is refused here would not count anywhere: it is asked first so that a refusal says why.

use std::collections::BTreeMap;

use protocol::api::{Answer, Draft, ModerationOutcome, NewModeration};
use protocol::id::{DeviceId, DocumentId, EntryId, MemberId};
use protocol::kind::{self, Acting};
use protocol::limits::SPARED_LOGS_MAX;
use serde_json::{Value, json};
use tui::language::Language;

use super::Outcome;
use crate::core::details::digits;
use crate::core::moderation::{MODERATION, Said};
use crate::core::worker::{Worker, WorkerError};
use crate::refusal::{ModerationRefusal, Refusal};
use crate::store::ViewRow;

/// New values by field name.
type Fields = BTreeMap<String, Value>;

/// Something found, or why the request is refused.
type Found<T> = Result<Result<T, Refusal>, WorkerError>;

/// An act that somebody wants to do something about.
struct Act {
    row: ViewRow,
    /// Who wrote what it hides, or who is muted.
    subject: Option<MemberId>,
}

impl Worker {
    pub(super) fn moderations(&mut self) -> Outcome {
        let moderations = self.all_moderations()?;
        Ok(Ok(Answer::Moderations { moderations }))
    }

    /// Hides a document or mutes a member.
    pub(super) fn moderate(&mut self, act: NewModeration, language: Language) -> Outcome {
        let capacity = match self.acting(Acting::Moderator, ModerationRefusal::NotModerator) {
            Ok(capacity) => capacity,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let (subject, rule, reason) = match act {
            NewModeration::Hide {
                document,
                rule,
                reason,
            } => (self.hiding(document)?, rule, reason),
            NewModeration::Mute {
                member,
                rule,
                reason,
            } => (self.muting(member)?, rule, reason),
        };
        let mut fields = match subject {
            Ok(fields) => fields,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Some(agreement) = self.agreement_in_force()? {
            let clauses = Self::clauses_total(&agreement);
            if !(1..=clauses).contains(&(rule as usize)) {
                let refusal = ModerationRefusal::NoClause { clauses };
                return Ok(Err(Refusal::Moderation(refusal)));
            }
            fields.insert("agreement".to_owned(), json!(agreement.document));
        }
        let said = [
            ("rule", json!(rule)),
            ("reason", json!(reason)),
            ("capacity", json!(capacity)),
        ];
        fields.extend(said.map(|(name, value)| (name.to_owned(), value)));
        let draft = Draft {
            kind: MODERATION.to_owned(),
            fields,
        };
        let written = self.create(&draft, language)?;
        if let Ok(Answer::Written { id, .. }) = &written {
            self.project_now(DocumentId::from(*id))?;
        }
        Ok(written)
    }

    fn hiding(&mut self, document: DocumentId) -> Found<Fields> {
        self.project_now(document)?;
        let Some(row) = self.parts.store.view(document)? else {
            return Ok(Err(Refusal::NoDocument));
        };
        let kind = self.parts.replica.kinds().by_code(row.kind);
        let hideable = kind.is_some_and(|kind| kind.hideable);
        let (Some(author), true) = (row.author, hideable) else {
            return refused(ModerationRefusal::NotHideable);
        };
        if row.moderated {
            return refused(ModerationRefusal::HiddenAlready);
        }
        Ok(Ok(fields([
            ("act", json!("hide")),
            ("about", json!(document)),
            ("member", json!(author)),
        ])))
    }

    /// What this node holds of the member's logs is spared.
    fn muting(&mut self, member: MemberId) -> Found<Fields> {
        if self.parts.replica.roster().member(&member).is_none() {
            return Ok(Err(Refusal::NoMember));
        }
        let acts = self.all_moderations()?;
        let muted = |act: &protocol::api::ModerationView| {
            act.stands && act.act == "mute" && act.member.id == member
        };
        if acts.iter().any(muted) {
            return refused(ModerationRefusal::MutedAlready);
        }
        let mut spared: BTreeMap<DeviceId, u64> = BTreeMap::new();
        let logs = self.parts.replica.logs().iter();
        for log in logs.filter(|log| log.member == Some(member)) {
            let seq = spared.entry(log.device).or_default();
            *seq = log.head_seq.max(*seq);
        }
        while spared.len() > SPARED_LOGS_MAX {
            spared.pop_last();
        }
        Ok(Ok(fields([
            ("act", json!("mute")),
            ("member", json!(member)),
            ("spared", digits(&kind::places_bytes(&spared)).into()),
        ])))
    }

    pub(super) fn appeal(&mut self, moderation: DocumentId, body: &str) -> Outcome {
        let act = match self.act_named(moderation)? {
            Ok(act) => act,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if act.subject != self.parts.replica.member() {
            return refused(ModerationRefusal::NotSubject);
        }
        if !matches!(act.row.state.as_str(), "hidden" | "muted") {
            return refused(ModerationRefusal::NothingToAppeal);
        }
        self.say(moderation, "appeals", json!({ "body": body }))
    }

    pub(super) fn decide(
        &mut self,
        moderation: DocumentId,
        outcome: ModerationOutcome,
        reason: &str,
    ) -> Outcome {
        let act = match self.act_named(moderation)? {
            Ok(act) => act,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let capacity = match self.acting(Acting::Steward, ModerationRefusal::NotDecider) {
            Ok(capacity) => capacity,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let own = self.parts.replica.member();
        if act.subject == own {
            return refused(ModerationRefusal::OwnWords);
        }
        if act.row.author == own {
            return refused(ModerationRefusal::OwnAct);
        }
        match act.row.state.as_str() {
            "appealed" => {}
            // Another steward may still lift what was upheld.
            "upheld" if outcome == ModerationOutcome::Lifted => {}
            "lifted" => return refused(ModerationRefusal::LiftedAlready),
            _ => return refused(ModerationRefusal::NoAppeal),
        }
        let said = json!({ "outcome": outcome.word(), "reason": reason, "capacity": capacity });
        self.say(moderation, "decisions", said)
    }

    pub(super) fn lift_moderation(&mut self, moderation: DocumentId, reason: &str) -> Outcome {
        let act = match self.act_named(moderation)? {
            Ok(act) => act,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let capacity = match self.acting(Acting::Moderator, ModerationRefusal::NotModerator) {
            Ok(capacity) => capacity,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if act.subject == self.parts.replica.member() {
            return refused(ModerationRefusal::OwnWords);
        }
        match act.row.state.as_str() {
            "lifted" => return refused(ModerationRefusal::LiftedAlready),
            "upheld" => return refused(ModerationRefusal::Upheld),
            _ => {}
        }
        let said = json!({ "reason": reason, "capacity": capacity });
        self.say(moderation, "restorations", said)
    }

    pub(super) fn agreement(&mut self) -> Outcome {
        let row = self.agreement_in_force()?;
        let agreement = row.map(|row| self.agreement_of(&row)).transpose()?;
        let agreement = agreement.map(Box::new);
        Ok(Ok(Answer::Agreement { agreement }))
    }

    /// Signs the agreement in force, once.
    pub(super) fn sign_agreement(&mut self, agreement: DocumentId) -> Outcome {
        let Some(row) = self.agreement_in_force()? else {
            return refused(ModerationRefusal::NotInForce);
        };
        if row.document != agreement {
            return refused(ModerationRefusal::NotInForce);
        }
        let own = self.parts.replica.member().map(|own| own.0);
        let said = Said::of(&row);
        if said.facts("signings").any(|fact| fact.named("by") == own) {
            return Ok(Ok(Answer::written(agreement.into())));
        }
        self.say(agreement, "signings", json!({}))
    }

    pub(super) fn blocks(&mut self) -> Outcome {
        let members = self.parts.store.blocked()?;
        let members = members.into_iter().map(|member| self.member_ref(member));
        Ok(Ok(Answer::Blocks {
            members: members.collect(),
        }))
    }

    /// Blocks a member on this node, or no longer does. The answer is who is blocked.
    pub(super) fn block(&mut self, member: MemberId, blocked: bool) -> Outcome {
        if self.parts.replica.roster().member(&member).is_none() {
            return Ok(Err(Refusal::NoMember));
        }
        if Some(member) == self.parts.replica.member() {
            return refused(ModerationRefusal::BlocksItself);
        }
        if self.parts.store.put_blocked(member, blocked)? {
            self.parts.inbox.tell(protocol::api::Event::Roster);
        }
        self.blocks()
    }

    /// Finds an act.
    fn act_named(&mut self, moderation: DocumentId) -> Found<Act> {
        self.project_now(moderation)?;
        let row = self.parts.store.view(moderation)?;
        let Some(row) = row.filter(|row| Some(row.kind) == self.code_of(MODERATION)) else {
            return refused(ModerationRefusal::NoAct);
        };
        let subject = Said::of(&row).named("member").map(MemberId);
        Ok(Ok(Act { row, subject }))
    }

    /// Returns the capacity in which the own household acts.
    fn acting(&self, acting: Acting, otherwise: ModerationRefusal) -> Result<EntryId, Refusal> {
        let Some(member) = self.parts.replica.member() else {
            return Err(Refusal::RelayWrites);
        };
        let standing = self.parts.replica.roster().standing_now(&member);
        if standing.is_none() {
            return Err(Refusal::Pending);
        }
        let editor = kind::Editor {
            member,
            standing: standing.as_ref(),
            time_ms: 0,
            creates: true,
        };
        acting.of(&editor).ok_or(Refusal::Moderation(otherwise))
    }

    /// Adds a fact to a document.
    fn say(&mut self, document: DocumentId, list: &str, fact: Value) -> Outcome {
        let changes = fields([(list, fact)]);
        match self.change(document, &changes, &[], &[])? {
            Ok(changed) => {
                self.project_now(document)?;
                let id = changed.map_or(document.into(), |changed| changed.id);
                Ok(Ok(Answer::written(id)))
            }
            Err(refusal) => Ok(Err(refusal)),
        }
    }
}

fn fields<const N: usize>(said: [(&str, Value); N]) -> Fields {
    said.map(|(name, value)| (name.to_owned(), value)).into()
}

fn refused<T>(refusal: ModerationRefusal) -> Found<T> {
    Ok(Err(Refusal::Moderation(refusal)))
}
