//! Acts of moderation and the agreement as readers see them: rows made into answers, with names,
//! capacities and the clause that an act names.
//!
//! Which act takes what out of view is the store's to say; whether one stands was found out when it
//! was projected.

use protocol::api::{AgreementView, AppealView, Clause, DecisionView, MemberRef, ModerationView};
use protocol::id::{DocumentId, EntryId, MemberId};
use protocol::kind;
use protocol::roster::Right;
use serde_json::{Map, Value};

use super::worker::{Worker, WorkerError};
use crate::store::{Filter, Order, ViewRow};

/// The kinds that govern.
const AGREEMENT: &str = "agreement";
pub(super) const MODERATION: &str = "moderation";
/// Rows in one page when all are gone through.
const PAGE: usize = 256;

impl Worker {
    /// Returns the first of the acts that take a document out of view.
    pub(super) fn hiding_act(
        &self,
        document: DocumentId,
    ) -> Result<Option<ModerationView>, WorkerError> {
        let acts = self.parts.store.hidden_by(document)?;
        let Some(act) = acts.first() else {
            return Ok(None);
        };
        let row = self.parts.store.view(*act)?;
        row.map_or(Ok(None), |row| self.moderation_of(&row))
    }

    /// Makes the answer of an act's row; none when the row is of another kind, or erased.
    pub(super) fn moderation_of(
        &self,
        row: &ViewRow,
    ) -> Result<Option<ModerationView>, WorkerError> {
        if Some(row.kind) != self.code_of(MODERATION) {
            return Ok(None);
        }
        let said = Said::of(row);
        let (Some(act), Some(member), Some(by)) =
            (said.text("act"), said.named("member"), row.author)
        else {
            return Ok(None);
        };
        let member = MemberId(member);
        let rule = said.number("rule");
        let agreement = said.named("agreement").map(DocumentId);
        let appeal = said.facts("appeals").find(|fact| fact.by() == member);
        let decided = said.facts("decisions").chain(said.facts("restorations"));
        let mut decisions: Vec<DecisionView> = decided
            .filter(|fact| fact.by() != member)
            .map(|fact| self.decision(&fact))
            .collect();
        decisions.sort_by_key(|decision| decision.time_ms);
        Ok(Some(ModerationView {
            id: row.document,
            about: row.about,
            member: self.member_ref(member),
            by: self.member_ref(by),
            acted_as: self.capacity_of(&said),
            time_ms: row.created_ms,
            rule,
            clause: self.clause(agreement, rule)?,
            agreement,
            reason: said.text("reason").unwrap_or_default(),
            stands: row.state != "lifted",
            state: row.state.clone(),
            appeal: appeal.map(|fact| AppealView {
                by: self.member_ref(fact.by()),
                time_ms: fact.signed("time_ms"),
                body: fact.text("body").unwrap_or_default(),
            }),
            decisions,
            act,
        }))
    }

    fn decision(&self, fact: &Said) -> DecisionView {
        DecisionView {
            by: self.member_ref(fact.by()),
            acted_as: self.capacity_of(fact),
            time_ms: fact.signed("time_ms"),
            outcome: fact
                .text("outcome")
                .unwrap_or_else(|| "restored".to_owned()),
            reason: fact.text("reason").unwrap_or_default(),
        }
    }

    fn capacity_of(&self, said: &Said) -> protocol::api::ActedAs {
        let capacity = said.named("capacity").map(EntryId);
        let roster = self.parts.replica.roster();
        let right = capacity.map_or(Right::Unknown, |capacity| roster.capacity_named(&capacity));
        self.acted_as(&right)
    }

    fn clause(
        &self,
        agreement: Option<DocumentId>,
        rule: u32,
    ) -> Result<Option<String>, WorkerError> {
        let Some(agreement) = agreement else {
            return Ok(None);
        };
        let row = self.parts.store.view(agreement)?;
        let row = row.filter(|row| Some(row.kind) == self.code_of(AGREEMENT));
        let clauses = row
            .map(|row| clauses_of(&Said::of(&row)))
            .unwrap_or_default();
        let found = clauses.into_iter().find(|clause| clause.rule == rule);
        Ok(found.map(|clause| clause.text))
    }

    /// Returns all acts of moderation, the newest first.
    pub(super) fn all_moderations(&self) -> Result<Vec<ModerationView>, WorkerError> {
        let mut moderations = Vec::new();
        for row in self.all_of(MODERATION)? {
            moderations.extend(self.moderation_of(&row)?);
        }
        Ok(moderations)
    }

    /// Returns the row of the agreement in force.
    pub(super) fn agreement_in_force(&self) -> Result<Option<ViewRow>, WorkerError> {
        let agreements = self.all_of(AGREEMENT)?;
        // One that was erased has no version.
        let versions = agreements.iter().filter_map(|row| {
            let version = Said::of(row).signed("version");
            (version > 0).then_some((row.document, version))
        });
        let in_force = kind::in_force(versions);
        Ok(agreements
            .into_iter()
            .find(|row| Some(row.document) == in_force))
    }

    /// Returns how many clauses the agreement of a row has.
    pub(super) fn clauses_total(row: &ViewRow) -> usize {
        clauses_of(&Said::of(row)).len()
    }

    /// Makes the answer of the agreement in force.
    pub(super) fn agreement_of(&self, row: &ViewRow) -> Result<AgreementView, WorkerError> {
        let said = Said::of(row);
        let roster = self.parts.replica.roster();
        let has_signed =
            |member: &MemberId| said.facts("signings").any(|fact| fact.by() == *member);
        let (mut signed, mut unsigned) = (Vec::new(), Vec::new());
        for member in roster.members() {
            let is_office = member.kind == protocol::statement::MemberKind::Office;
            match has_signed(&member.id) {
                true => signed.push(self.member_ref(member.id)),
                false if member.removed.is_some() || is_office => {}
                false => unsigned.push(self.member_ref(member.id)),
            }
        }
        for members in [&mut signed, &mut unsigned] {
            members.sort_by(|a: &MemberRef, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        }
        let own = self.parts.replica.member();
        Ok(AgreementView {
            document: self.view_of(row, super::now_ms())?,
            acted_as: self.capacity_of(&said),
            version: said.number("version"),
            clauses: clauses_of(&said),
            is_signed: own.is_some_and(|own| has_signed(&own)),
            signed,
            unsigned,
        })
    }

    /// Tells whether the document that an act hides was written by the member it names; a mute
    /// always is about that member.
    pub(super) fn takes_effect(&self, act: &ViewRow) -> Result<bool, WorkerError> {
        let Some(about) = act.about else {
            return Ok(true);
        };
        let author = self.parts.store.view(about)?.and_then(|row| row.author);
        Ok(author.map(|author| author.0) == Said::of(act).named("member"))
    }

    fn all_of(&self, kind: &str) -> Result<Vec<ViewRow>, WorkerError> {
        let filter = Filter {
            kind: self.code_of(kind),
            hidden: true,
            ..Filter::default()
        };
        let (mut all, order): (Vec<ViewRow>, _) = (Vec::new(), Order::NewestFirst);
        loop {
            let after = all.last().map(Into::into);
            let rows = self
                .parts
                .store
                .list(&filter, order, after.as_ref(), PAGE)?;
            let ended = rows.len() < PAGE;
            all.extend(rows);
            if ended {
                return Ok(all);
            }
        }
    }

    pub(super) fn code_of(&self, kind: &str) -> Option<u16> {
        let kind = self.parts.replica.kinds().by_name(kind);
        kind.map(|kind| kind.code)
    }
}

/// What a document or a fact says, by field.
pub(super) struct Said(Map<String, Value>);

impl Said {
    /// Reads a row.
    pub fn of(row: &ViewRow) -> Self {
        let view: Value = serde_json::from_str(&row.json).unwrap_or_default();
        Self(view["fields"].as_object().cloned().unwrap_or_default())
    }

    pub fn text(&self, field: &str) -> Option<String> {
        Some(self.0.get(field)?.as_str()?.to_owned())
    }

    pub fn named(&self, field: &str) -> Option<[u8; 32]> {
        let id: EntryId = self.0.get(field)?.as_str()?.parse().ok()?;
        Some(id.0)
    }

    fn signed(&self, field: &str) -> i64 {
        self.0.get(field).and_then(Value::as_i64).unwrap_or(0)
    }

    fn number(&self, field: &str) -> u32 {
        u32::try_from(self.signed(field)).unwrap_or(0)
    }

    fn by(&self) -> MemberId {
        self.named("by").map(MemberId).unwrap_or_default()
    }

    pub fn facts(&self, list: &str) -> impl Iterator<Item = Self> {
        let facts = self.0.get(list).and_then(Value::as_array);
        let facts = facts.into_iter().flatten().filter_map(Value::as_object);
        facts.map(|fact| Self(fact.clone()))
    }
}

fn clauses_of(said: &Said) -> Vec<Clause> {
    let text = said.text("clauses").unwrap_or_default();
    let clauses = (1..).zip(kind::clauses(&text));
    let clause = |(rule, text): (u32, &str)| Clause {
        rule,
        text: text.to_owned(),
    };
    clauses.map(clause).collect()
}
