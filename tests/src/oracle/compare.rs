//! Comparing what a replica shows with what the model makes of the same entries.

use std::collections::{BTreeMap, BTreeSet};

use protocol::document::{self, AtomId, MapValue, TextValue};
use protocol::entry::Subject;
use protocol::id::{DocumentId, EntryId, SpaceId};
use protocol::kind::Hiding;
use protocol::projection;
use protocol::replica::Replica;

use crate::sim::check::{Check, Failure};
use crate::sim::memory::Memory;

use super::course::Course;
use super::document::{Document, Name, Status, Value};
use super::hiding;
use super::history::History;
use super::policy;
use super::roster::{Roster, Verdict};
use super::share;

/// The model of one set of entries.
pub struct Model<'a> {
    /// The entries.
    pub history: &'a History,
    /// The roster.
    pub roster: Roster<'a>,
    /// Documents: kind, how entries stand, and the value.
    pub documents: BTreeMap<DocumentId, Shown>,
}

/// One document as the model shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// How each entry stands.
    pub statuses: BTreeMap<EntryId, Status>,
    /// What its counting entries amount to.
    pub value: Value,
}

impl<'a> Model<'a> {
    /// Makes the model of a history.
    pub fn new(history: &'a History, space: SpaceId) -> Self {
        let roster = Roster::new(history, space);
        let mut of: BTreeMap<DocumentId, Vec<usize>> = BTreeMap::new();
        for (number, fact) in history.facts.iter().enumerate() {
            if let Some(document) = fact.document() {
                of.entry(document).or_default().push(number);
            }
        }
        let documents = of
            .into_iter()
            .filter_map(|(id, entries)| Some((id, show(history, &roster, id, &entries)?)))
            .collect();
        Self {
            history,
            roster,
            documents,
        }
    }

    /// Tells whether an entry counts: in the roster, or in its document.
    pub fn counts(&self, id: &EntryId) -> Option<bool> {
        let number = self.history.find(id)?;
        let fact = &self.history.facts[number];
        match fact.document() {
            None => self.roster.judgement(id),
            Some(document) => {
                let shown = self.documents.get(&document)?;
                let status = shown.statuses.get(id)?;
                Some(matches!(status, Status::Counts | Status::Unreadable))
            }
        }
    }
}

fn show(
    history: &History,
    roster: &Roster<'_>,
    id: DocumentId,
    entries: &[usize],
) -> Option<Shown> {
    let creation = history.find(&id.into())?;
    let creation = &history.facts[creation].header;
    let Subject::Creation { kind } = creation.subject else {
        return None;
    };
    let creator = creation.member;
    let mut judged: Vec<(usize, bool)> = entries
        .iter()
        .filter_map(|number| match roster.verdict(*number, id, creator) {
            Verdict::Counts => Some((*number, true)),
            Verdict::Excluded(_) => Some((*number, false)),
            Verdict::Pending => None,
        })
        .collect();
    share::narrow(history, &mut judged);
    let retired = roster.is_retired(id, creator);
    let document = Document::new(history, retired, &judged, |number, touches| {
        policy::allows(roster, kind, id, creator, number, touches)
    });
    Some(Shown {
        statuses: document.statuses(),
        value: document.value(),
    })
}

/// Everything a replica shows, as plain values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Which entries of which document count.
    pub counting: BTreeMap<DocumentId, BTreeSet<EntryId>>,
    /// The documents' values.
    pub values: BTreeMap<DocumentId, Value>,
    /// What the facts of requests and notices come to.
    pub courses: BTreeMap<DocumentId, Course>,
    /// Documents that moderation takes out of view.
    pub hidden: BTreeSet<DocumentId>,
    /// Digest of the roster.
    pub roster: [u8; 32],
}

impl View {
    /// Reads all documents of a replica.
    pub fn read(replica: &mut Replica, memory: &Memory) -> Self {
        let mut view = Self {
            counting: BTreeMap::new(),
            values: BTreeMap::new(),
            courses: BTreeMap::new(),
            hidden: BTreeSet::new(),
            roster: replica.roster().digest(),
        };
        let (mut acts, mut hideable) = (Vec::new(), Vec::new());
        for id in memory.documents() {
            let read = replica
                .read_document(memory, id)
                .expect("memory can be read");
            let Some(read) = read else {
                continue;
            };
            let counting = read.document.entries().filter(|entry| {
                matches!(
                    entry.status,
                    document::Status::Counts | document::Status::Unreadable
                )
            });
            view.counting
                .insert(id, counting.map(|entry| entry.id).collect());
            view.values.insert(id, map_of(&read.document.value()));
            let course = Course::read(replica.kinds(), &read);
            view.courses.extend(course.map(|course| (id, course)));
            let kind = replica.kinds().by_code(read.kind);
            if read.counts && kind.is_some_and(|kind| kind.name == "moderation") {
                acts.extend(projection::project(replica.kinds(), &read).hides);
            }
            if let Some(member) = read.creator.member.filter(|_| read.counts)
                && kind.is_none_or(|kind| kind.hideable)
            {
                hideable.push((id, member, (read.creator.device, read.created_seq)));
            }
        }
        let hidden = hideable.into_iter().filter(|(id, member, at)| {
            let mut acts = acts.iter();
            acts.any(|act: &Hiding| act.covers(*id, *member, *at))
        });
        view.hidden = hidden.map(|(id, ..)| id).collect();
        view
    }

    /// Tells the first document in which two views differ.
    pub fn difference(&self, other: &Self) -> Option<String> {
        if self.roster != other.roster {
            return Some("the roster".to_owned());
        }
        if self.hidden != other.hidden {
            return Some("what moderation hides".to_owned());
        }
        let ids: BTreeSet<&DocumentId> = self.values.keys().chain(other.values.keys()).collect();
        // What nobody shows may be held by one of them alone.
        let shows = |view: &Self, id: &DocumentId| {
            let counting = view.counting.get(id);
            counting.is_some_and(|counting| !counting.is_empty())
        };
        ids.into_iter()
            .filter(|id| shows(self, id) || shows(other, id))
            .find(|id| {
                self.counting.get(*id) != other.counting.get(*id)
                    || self.values.get(*id) != other.values.get(*id)
                    || self.courses.get(*id) != other.courses.get(*id)
            })
            .map(|id| {
                let none = BTreeSet::new();
                let mine = self.counting.get(id).unwrap_or(&none);
                let theirs = other.counting.get(id).unwrap_or(&none);
                let differing: Vec<String> = mine
                    .symmetric_difference(theirs)
                    .map(EntryId::short)
                    .collect();
                format!("document {} ({})", id.short(), differing.join(" "))
            })
    }
}

/// Holds a replica's view against the model of the same entries.
pub fn view_against_model(
    replica: &Replica,
    view: &View,
    model: &Model<'_>,
    failures: &mut Vec<Failure>,
) {
    let mut fail = |detail: String| {
        failures.push(Failure::new(Check::ViewMatchesModel, detail));
    };
    for fact in model.history.facts.iter().filter(|fact| fact.is_roster()) {
        let shown = replica.roster().judgement(&fact.id);
        let expected = model.roster.judgement(&fact.id);
        if shown.map(|judged| judged.is_ok()) != expected {
            fail(format!(
                "statement {} ({}): replica {shown:?}, model {expected:?}",
                fact.id.short(),
                act_name(fact.act()),
            ));
        }
    }
    standings_against_model(replica, model, &mut fail);
    let expected = hiding::hidden(model);
    if view.hidden != expected {
        fail(format!(
            "moderation hides {:?}, in the model {expected:?}",
            view.hidden
        ));
    }
    for (id, shown) in &model.documents {
        let expected: BTreeSet<EntryId> = shown
            .statuses
            .iter()
            .filter(|(_, status)| matches!(status, Status::Counts | Status::Unreadable))
            .map(|(id, _)| *id)
            .collect();
        let counting = view.counting.get(id).cloned().unwrap_or_default();
        if counting != expected {
            let differing: Vec<String> = counting
                .symmetric_difference(&expected)
                .map(|entry| {
                    let number = model.history.find(entry);
                    let verdict = number.map(|number| model.roster.author_verdict(number));
                    format!(
                        "{} model {:?} {verdict:?}",
                        entry.short(),
                        shown.statuses.get(entry)
                    )
                })
                .collect();
            fail(format!(
                "document {}: replica counts {}, model {}; differing {}",
                id.short(),
                counting.len(),
                expected.len(),
                differing.join(", ")
            ));
        } else if view
            .values
            .get(id)
            .is_some_and(|value| *value != shown.value)
        {
            fail(format!(
                "document {}: another value than the model's",
                id.short()
            ));
        } else if let Some(course) = Course::of(model, *id)
            && view.courses.get(id) != Some(&course)
        {
            let shown = view.courses.get(id);
            fail(format!(
                "document {}: its facts come to {shown:?}, in the model {course:?}",
                id.short()
            ));
        }
    }
}

fn standings_against_model(replica: &Replica, model: &Model<'_>, fail: &mut impl FnMut(String)) {
    let now = model.history.everything();
    for member in model.roster.members() {
        let expected = model.roster.standing(member, &now);
        let shown = replica.roster().standing_now(&member);
        let same = match (&shown, &expected) {
            (None, None) => true,
            (Some(shown), Some(expected)) => {
                shown.kind == expected.kind
                    && shown.roles == expected.roles
                    && shown.founding == expected.founding
                    && shown.acts_for == expected.acts_for
            }
            _ => false,
        };
        if !same {
            fail(format!(
                "member {}: replica {shown:?}, model {expected:?}",
                member.short()
            ));
        }
    }
}

fn act_name(act: Option<&protocol::statement::Act>) -> String {
    let told = act.map_or_else(|| "no act".to_owned(), |act| format!("{act:?}"));
    told.split([' ', '(', '{'])
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn name_of(atom: AtomId) -> Name {
    (atom.entry, atom.atom)
}

fn map_of(map: &MapValue) -> Value {
    let cells = map.cells.iter();
    Value::Map(
        cells
            .map(|(key, cell)| (key.clone(), cell_of(cell)))
            .collect(),
    )
}

fn cell_of(cell: &document::Cell) -> Vec<(Name, Value)> {
    cell.alternatives()
        .map(|alternative| (name_of(alternative.atom), value_of(&alternative.value)))
        .collect()
}

fn value_of(value: &document::Value) -> Value {
    match value {
        document::Value::Scalar(scalar) => Value::Scalar(scalar.clone()),
        document::Value::Map(map) => map_of(map),
        document::Value::List(list) => Value::List(
            list.elements
                .iter()
                .map(|element| (name_of(element.id), cell_of(&element.cell)))
                .collect(),
        ),
        document::Value::Text(text) => Value::Text(characters_of(text)),
    }
}

fn characters_of(text: &TextValue) -> Vec<(Name, char)> {
    let mut characters = text.text.chars();
    let mut named = Vec::new();
    for run in &text.runs {
        for offset in 0..run.count {
            if let Some(character) = characters.next() {
                named.push(((run.first.entry, run.first.atom + offset), character));
            }
        }
    }
    named
}
