//! How the fields and facts of a document are told: with the words of the screens, a line for each.

use jiff::tz::TimeZone;
use protocol::api::{Acknowledgements, Answer, ChangeView, DocumentView, MemberRef, Request};
use protocol::id::MemberId;
use protocol::kind::{FOR_HOUSEHOLD, Kinds};
use serde_json::{Map, Value};
use tui::words::{Clock, Names, Values, Words};

use super::error::CliError;
use super::print::acknowledgements;
use super::say::{self, Message};
use super::session::Session;
use super::{Context, fields, plain};

/// Fields of a fact that are told in places of their own, or that only programs need.
const TOLD_ELSEWHERE: &[&str] = &[
    "id",
    "by",
    "time_ms",
    "offer",
    "correction",
    FOR_HOUSEHOLD.name,
];

/// The list of facts of which neighbours are told how many there are, and not by whom.
const ACKNOWLEDGEMENTS: &str = "acknowledgements";

/// What it takes to tell of documents of one kind.
pub struct Telling<'a> {
    context: &'a Context,
    kind: &'a str,
    words: &'static Words,
    names: Names,
    clock: Clock,
    /// The own household.
    me: Option<MemberId>,
    /// How far a notice was acknowledged; none of other kinds.
    acknowledged: Option<Box<Acknowledgements>>,
}

impl<'a> Telling<'a> {
    /// Gets ready to tell of an answer; the roster is asked for the names of those in it.
    ///
    /// # Errors
    ///
    /// [`CliError`] when the node does not answer.
    pub async fn of(
        answer: &Answer,
        kind: &'a str,
        session: &Session,
        context: &'a Context,
    ) -> Result<Self, CliError> {
        let mut names = Names::default();
        if names.learn(answer) {
            names.learn(&session.call(Request::Roster).await?);
        }
        let notice = match answer {
            Answer::Document { document, .. } => Some(document.id),
            Answer::History(history) => Some(history.document),
            _ => None,
        };
        let acknowledged = match notice.filter(|_| kind == "notice") {
            Some(notice) => Some(acknowledgements(session, notice).await?),
            None => None,
        };
        let me = match acknowledged {
            Some(_) => own(session).await?,
            None => None,
        };
        Ok(Self {
            context,
            kind,
            me,
            acknowledged,
            words: say::words(context.language),
            names,
            clock: Clock {
                now_ms: crate::core::now_ms(),
                zone: TimeZone::system(),
            },
        })
    }

    fn values(&self) -> Values<'_> {
        Values {
            words: self.words,
            names: &self.names,
            clock: &self.clock,
        }
    }

    /// Tells what a field of the document, or of a fact of one of its lists, says.
    pub fn value(&self, list: Option<&str>, name: &str, value: &Value) -> String {
        plain::paragraphs(&self.values().said(self.kind, list, name, value))
    }

    /// Names a field and tells what it says; nothing where it says nothing.
    pub fn field(&self, name: &str, value: &Value) -> Option<String> {
        if matches!(value, Value::Null | Value::Bool(false)) {
            return None;
        }
        let value = self.value(None, name, value);
        let name = self.name(None, name);
        (!value.is_empty()).then(|| self.labelled(&name, &value))
    }

    /// Names a field of the document, or of a fact of one of its lists.
    pub fn name(&self, list: Option<&str>, name: &str) -> String {
        let named = match list {
            Some(list) => self.words.field(self.kind, &format!("{list}.{name}")),
            None => self.words.field(self.kind, name),
        };
        plain::line(&named)
    }

    /// Names a list of facts.
    pub fn list(&self, name: &str) -> String {
        plain::line(&self.words.list(self.kind, name))
    }

    /// Puts a name before what it names.
    pub fn labelled(&self, name: &str, value: &str) -> String {
        self.context.text(Message::Labelled { name, value })
    }

    /// Tells of the fields and lists of a document, but for its title and its text.
    pub fn document(&self, document: &DocumentView) -> Vec<String> {
        let own = ["title", fields::text_field(self.kind), FOR_HOUSEHOLD.name];
        let kind = Kinds::standard().by_name(self.kind);
        let lists = kind.map_or(&[][..], |kind| kind.lists);
        let known = kind.map_or(&[][..], |kind| kind.fields).iter();
        let mut names: Vec<&str> = known.map(|field| field.name).collect();
        for name in document.fields.keys() {
            let is_list = lists.iter().any(|list| list.name == name);
            if !is_list && !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names.retain(|name| !own.contains(name));
        let told = names.into_iter().filter_map(|name| {
            let value = document.fields.get(name)?;
            self.field(name, value)
        });
        let mut lines: Vec<String> = told.collect();
        for list in lists {
            let facts = document.fields.get(list.name).and_then(Value::as_array);
            let facts: Vec<_> = facts.into_iter().flatten().collect();
            let totals = self.totals(document, list.name);
            if !facts.is_empty() || totals.is_some() {
                lines.push(self.labelled(&self.list(list.name), ""));
            }
            lines.extend(totals.map(|totals| format!("  {totals}")));
            let facts = facts.into_iter().filter_map(Value::as_object);
            let facts = facts.filter(|fact| {
                let by = fact.get("by").and_then(|by| by.get("id"));
                let by = by.and_then(Value::as_str).and_then(|by| by.parse().ok());
                self.names(list.name, by)
            });
            lines.extend(facts.map(|fact| format!("  {}", self.fact(list.name, fact))));
        }
        for (name, values) in &document.conflicts {
            let values = values
                .iter()
                .map(|value| plain::line(&self.values().said_apart(self.kind, name, value)));
            let values: Vec<String> = values.collect();
            let field = plain::line(&self.words.contested(self.kind, name));
            lines.push(self.context.text(Message::Conflict {
                field: &field,
                values: &values,
            }));
        }
        lines
    }

    /// Tells whether it is said who added a fact: of acknowledgements only to those who go and knock,
    /// as [`Acknowledgements::named`] says, and to whoever gave one. Others are told how many there are.
    /// That is no secret: everybody's node holds them, and `--json` shows them.
    fn names(&self, list: &str, by: Option<MemberId>) -> bool {
        let is_open = match &self.acknowledged {
            Some(told) => told.names_all() || list != ACKNOWLEDGEMENTS,
            None => true,
        };
        is_open || by.is_some() && by == self.me
    }

    /// Tells whether it is said who made a change.
    pub fn names_author_of(&self, change: &ChangeView) -> bool {
        let mut facts = change.facts.iter();
        facts.all(|fact| self.names(&fact.list, Some(change.by.id)))
    }

    /// How many households have acknowledged a notice that asks for it.
    fn totals(&self, document: &DocumentView, list: &str) -> Option<String> {
        let told = self.acknowledged.as_ref()?;
        let is_told = list == ACKNOWLEDGEMENTS && document.moderation.is_none();
        (is_told && told.asked).then(|| self.words.acknowledged(told))
    }

    /// Names the fields of a document and tells what they say, but for those that are told elsewhere
    /// and for what only says no.
    pub fn said(&self, document: &DocumentView, elsewhere: &[&str]) -> Vec<(String, String)> {
        let kind = Kinds::standard().by_name(self.kind);
        let known = kind.map_or(&[][..], |kind| kind.fields).iter();
        let known = known.filter(|field| field.name != FOR_HOUSEHOLD.name);
        let known = known.filter(|field| !elsewhere.contains(&field.name));
        let said = known.filter_map(|field| {
            let value = document.fields.get(field.name)?;
            if matches!(value, Value::Null | Value::Bool(false)) {
                return None;
            }
            let said = self.value(None, field.name, value);
            (!said.is_empty()).then(|| (self.name(None, field.name), said))
        });
        said.collect()
    }

    /// Tells who added a fact, when, and what it says.
    fn fact(&self, list: &str, fact: &Map<String, Value>) -> String {
        let by = fact.get("by").cloned().unwrap_or_default();
        let by = serde_json::from_value::<MemberRef>(by);
        let by = by.map_or_else(
            |_| self.words.text("somebody-unknown"),
            |by| self.words.member(&by),
        );
        let household = fact.get(FOR_HOUSEHOLD.name).cloned();
        let household = household.and_then(|household| serde_json::from_value(household).ok());
        let by = match household {
            Some(household) => self.words.recorded_by(&by, &household),
            None => by,
        };
        let mut parts = vec![plain::line(&by)];
        let time = fact.get("time_ms").and_then(Value::as_i64);
        parts.extend(time.map(|time_ms| self.clock.exact(self.words, time_ms)));
        let said = fact.iter().filter_map(|(name, value)| {
            let told = !TOLD_ELSEWHERE.contains(&name.as_str());
            let values = self.values();
            told.then(|| plain::line(&values.said_of_fact(self.kind, list, name, value)))
        });
        parts.extend(said.filter(|said| !said.is_empty()));
        parts.join("  ")
    }
}

/// Asks which household this is.
pub async fn own(session: &Session) -> Result<Option<MemberId>, CliError> {
    match session.call(Request::Status).await? {
        Answer::Status(status) => Ok(status.member.map(|member| member.id)),
        _ => Err(CliError::OtherAnswer),
    }
}
