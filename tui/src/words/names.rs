//! Names behind the identities that fields of documents hold: households for whom somebody acted,
//! and the capacities in which somebody spoke.
//!
//! The roster knows them. It is read when a document first names somebody whom nothing has named
//! yet, and never for its own sake: it may be long.

use std::collections::{BTreeMap, BTreeSet};

use protocol::api::{Answer, DocumentView, History, MemberRef, RecordedRef, RosterView, Status};
use protocol::id::MemberId;
use protocol::kind::{Field, Kinds, Shape};
use serde_json::Value;

/// A role, and of which office or building.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// `steward`, `moderator`, `building-lead` or `spokesperson`.
    pub role: String,
    /// The office's name.
    pub office: Option<String>,
    /// The building.
    pub building: Option<String>,
}

/// What is known, by the 64 digits that stand in a document.
#[derive(Clone, Debug, Default)]
pub struct Names {
    members: BTreeMap<String, MemberRef>,
    capacities: BTreeMap<String, Capacity>,
    /// Households without a device.
    recorded: BTreeMap<String, RecordedRef>,
    /// What members are: `household`, `guest` or `office`.
    kinds: BTreeMap<MemberId, String>,
    /// For whom the roster was read; it may not know them either.
    asked: BTreeSet<String>,
}

impl Names {
    /// Returns the member with this name in digits.
    pub fn member(&self, digits: &str) -> Option<&MemberRef> {
        self.members.get(digits)
    }

    /// Returns the household without a device with this name in digits.
    pub fn recorded(&self, digits: &str) -> Option<&RecordedRef> {
        self.recorded.get(digits)
    }

    /// Returns the capacity that the statement with this name in digits gave.
    pub fn capacity(&self, digits: &str) -> Option<&Capacity> {
        self.capacities.get(digits)
    }

    /// Returns what a member is: `household`, `guest` or `office`.
    pub fn kind(&self, member: MemberId) -> Option<&str> {
        self.kinds.get(&member).map(String::as_str)
    }

    /// Learns what an answer says, and tells whether it names somebody for whom the roster is to be
    /// read.
    pub fn learn(&mut self, answer: &Answer) -> bool {
        match answer {
            Answer::Roster(roster) => self.learn_roster(roster),
            Answer::Status(status) => self.learn_status(status),
            Answer::Document { document, .. } => {
                let authors = [document.author.id];
                return self.want(named_in(document)) | self.want_kinds(authors);
            }
            Answer::History(history) => {
                let authors = history.changes.iter().map(|change| change.by.id);
                return self.want(named_in_changes(history)) | self.want_kinds(authors);
            }
            _ => {}
        }
        false
    }

    /// The roster changed: who was not known to it may be.
    pub fn changed(&mut self) {
        self.asked.clear();
    }

    fn want(&mut self, named: Vec<String>) -> bool {
        let mut wants = false;
        for digits in named {
            let known = self.members.contains_key(&digits)
                || self.capacities.contains_key(&digits)
                || self.recorded.contains_key(&digits);
            wants |= !known && self.asked.insert(digits);
        }
        wants
    }

    /// Wants to know what authors are: in which capacity something was written where it names none.
    fn want_kinds(&mut self, authors: impl IntoIterator<Item = MemberId>) -> bool {
        let mut wants = false;
        for author in authors {
            wants |= !self.kinds.contains_key(&author) && self.asked.insert(author.to_string());
        }
        wants
    }

    fn learn_status(&mut self, status: &Status) {
        if let Some(member) = &status.member {
            self.members.insert(member.id.to_string(), member.clone());
        }
        for own in status.me.iter().flat_map(|me| &me.capacities) {
            let capacity = Capacity {
                role: own.role.clone(),
                office: own.office.as_ref().map(|office| office.name.clone()),
                building: own.building.clone(),
            };
            self.capacities
                .insert(own.appointment.to_string(), capacity);
        }
    }

    fn learn_roster(&mut self, roster: &RosterView) {
        for member in &roster.members {
            let named = MemberRef {
                id: member.id,
                name: member.shown_name(),
                building: member.building.clone(),
            };
            self.members.insert(member.id.to_string(), named);
            self.kinds.insert(member.id, member.kind.clone());
        }
        for recorded in &roster.recorded {
            let named = recorded.shown();
            self.recorded.insert(recorded.id.to_string(), named);
        }
        for role in roster.members.iter().flat_map(|member| &member.roles) {
            let office = role.office.map(|office| office.to_string());
            let office = office.and_then(|office| self.members.get(&office));
            let capacity = Capacity {
                role: role.role.clone(),
                office: office.map(|office| office.name.clone()),
                building: role.building.clone(),
            };
            self.capacities
                .insert(role.appointment.to_string(), capacity);
        }
    }
}

/// Values of a field whose shape is a name in digits.
fn digits(field: &Field, value: &Value) -> Option<String> {
    let is_name = matches!(
        field.shape,
        Shape::Member | Shape::Capacity | Shape::Recorded
    );
    value.as_str().filter(|_| is_name).map(str::to_owned)
}

fn named_in(view: &DocumentView) -> Vec<String> {
    let Some(kind) = Kinds::standard().by_name(&view.kind) else {
        return Vec::new();
    };
    let own = kind.fields.iter().filter_map(|field| {
        let value = view.fields.get(field.name)?;
        digits(field, value)
    });
    let mut named: Vec<String> = own.collect();
    for list in kind.lists {
        let facts = view.fields.get(list.name).and_then(Value::as_array);
        for fact in facts.into_iter().flatten() {
            let fields = list.fields.iter();
            named.extend(fields.filter_map(|field| digits(field, fact.get(field.name)?)));
        }
    }
    named
}

/// A history does not say of which kind the document is: a field's name is enough here.
fn named_in_changes(history: &History) -> Vec<String> {
    let kinds = Kinds::standard();
    let shaped = |list: Option<&str>, name: &str, value: &Value| {
        let mut found = kinds.iter().filter_map(|kind| match list {
            Some(list) => kind
                .list(list)?
                .fields
                .iter()
                .find(|field| field.name == name),
            None => kind.field(name),
        });
        found.find_map(|field| digits(field, value))
    };
    let mut named = Vec::new();
    for change in &history.changes {
        for field in &change.fields {
            let values = field.old.iter().chain(&field.new);
            named.extend(values.filter_map(|value| shaped(None, &field.field, value)));
        }
        for fact in &change.facts {
            let fields = fact.fields.iter();
            named.extend(fields.filter_map(|(name, value)| shaped(Some(&fact.list), name, value)));
        }
    }
    named
}
