//! Projection: from a document as it stands to what a reader sees of it.
//!
//! A projection depends on the document alone, so it can be stored and compared. Names of members,
//! the reader's clock and counts of comments are put in when it is read, by [`for_reader`]. Text is
//! neutralised here; the digest is taken before, for it must not depend on how text is shown.

mod concern;
mod digest;
mod history;
mod json;
mod markdown;
mod sight;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::api::{Completeness, DocumentView, MemberRef, NextAct, RecordedRef};
use crate::id::{DocumentId, EntryId, MemberId};
use crate::intent::Scalar;
use crate::kind::{
    CLOCK_DIFFERENCE_MS, FOR_HOUSEHOLD, Facts, Hiding, Item, Kind, Kinds, Marks, Next, Presence,
    Reader, Slot, document_of, recorded_of,
};
use crate::limits;
use crate::replica::ReadDocument;
use crate::text::Text;

pub use concern::{Concern, concern};
pub use history::history;
pub use markdown::to_markdown;

/// Characters of the title that a document without one gets.
const TITLE_CHARS_MAX: usize = 60;
/// Different values of one field that are shown beside each other: nobody chooses among more.
const CONFLICTS_MAX: usize = 32;
/// The field that holds what corrected fields said first.
const ORIGINAL: &str = "original";

/// What is shown of a document, and by what it is found.
#[derive(Clone, Debug, PartialEq)]
pub struct Projected {
    /// What is shown, before [`for_reader`].
    pub view: DocumentView,
    /// Equal wherever the same entries are held (rule R2).
    pub digest: [u8; 32],
    /// A line for lists.
    pub title: String,
    /// Everything else that a search finds.
    pub search_text: String,
    /// The state without a clock, and until when it lasts.
    pub state: Option<&'static str>,
    /// When the state turns into another, by the reader's clock.
    pub until_ms: Option<i64>,
    /// The building it is about.
    pub building: Option<String>,
    /// Its category.
    pub category: Option<String>,
    /// The document it is about.
    pub about: Option<DocumentId>,
    /// Whether it is left out of lists: its creation does not count, or it belongs to another.
    pub hidden: bool,
    /// Whether moderation may take it out of view.
    pub hideable: bool,
    /// What it takes out of view itself.
    pub hides: Option<Hiding>,
}

/// Projects a document.
pub fn project(kinds: &Kinds, read: &ReadDocument) -> Projected {
    let kind = kinds.by_code(read.kind);
    let completeness = completeness(kind, read);
    let creator = read.creator.member.unwrap_or_default();
    // An erased document may have been dropped in part only, here and elsewhere differently.
    let readable = kind.filter(|_| completeness != Completeness::Erased && read.counts);
    let value = readable.map(|_| read.document.value());
    let facts = readable
        .zip(value.as_ref())
        .map(|(kind, value)| read.facts(kind, value));
    let digest = digest::digest(read, creator, completeness, facts.as_ref());
    let mut projected = Projected {
        digest,
        title: String::new(),
        search_text: String::new(),
        state: None,
        until_ms: None,
        building: None,
        category: None,
        about: None,
        hidden: !read.counts || kind.is_some_and(|kind| kind.aside),
        hideable: kind.is_none_or(|kind| kind.hideable),
        hides: None,
        view: DocumentView {
            id: read.document.id(),
            kind: kinds.name(read.kind).into_owned(),
            author: unnamed(creator),
            for_household: None,
            created_ms: read.creator.time_ms,
            updated_ms: read.updated_ms,
            fields: BTreeMap::new(),
            conflicts: BTreeMap::new(),
            state: None,
            next: Vec::new(),
            about: None,
            comments: 0,
            completeness,
            unread: false,
            mine: false,
            heads: Vec::new(),
            time_ahead: false,
            delivery: None,
            moderation: None,
            blocked: false,
        },
    };
    if let (Some(kind), Some(facts)) = (readable, &facts) {
        projected.fill(kind, facts);
    }
    projected
}

impl Projected {
    fn fill(&mut self, kind: &Kind, facts: &Facts<'_>) {
        let course = kind.course;
        let marks = course.map_or_else(Marks::new, |course| (course.marks)(facts));
        show(kind, facts, &marks, &mut self.view);
        let next = course.map_or_else(Vec::new, |course| (course.next)(facts));
        self.view.next = next.into_iter().map(next_act).collect();
        let state = (kind.state)(facts);
        self.state = state.map(|state| state.name);
        self.until_ms = state.and_then(|state| state.until_ms);
        self.view.state = self.state.map(str::to_owned);
        self.hides = (kind.hides)(facts);
        let recorded = facts.scalar(FOR_HOUSEHOLD.name).and_then(recorded_of);
        self.view.for_household = recorded.map(unrecorded);
        self.about = facts.scalar("about").and_then(document_of);
        self.view.about = self.about;
        self.building = text_of(&self.view, "building");
        self.category = text_of(&self.view, "category");
        (self.title, self.search_text) = words(kind, &self.view);
    }
}

fn next_act(next: Next) -> NextAct {
    NextAct {
        step: next.step,
        who: next.who,
        members: next.members.into_iter().map(unnamed).collect(),
        by_ms: next.by_ms,
        from_ms: next.from_ms,
        until_ms: next.until_ms,
    }
}

/// Puts into a view what depends on its reader: names of members and households, neutralised, what the clock does
/// to it, and only those facts that the reader is shown.
pub fn for_reader(
    kinds: &Kinds,
    view: &mut DocumentView,
    until_ms: Option<i64>,
    reader: Reader,
    now_ms: i64,
    names: impl Fn(MemberId) -> MemberRef,
    recorded: impl Fn(EntryId) -> RecordedRef,
) {
    let names = |member| neutral(names(member));
    let recorded = |id| harmless(recorded(id));
    if let Some(household) = &mut view.for_household {
        *household = recorded(household.id);
    }
    view.author = names(view.author.id);
    view.time_ahead = view.created_ms > now_ms.saturating_add(CLOCK_DIFFERENCE_MS);
    if let (Some(kind), Some(state)) = (kinds.by_name(&view.kind), &mut view.state) {
        let turned = kind.state_at(state, until_ms, now_ms);
        if turned != state {
            *state = turned.to_owned();
        }
    }
    view.next.retain(|next| {
        let begun = next.from_ms.is_none_or(|from| from <= now_ms);
        begun && next.until_ms.is_none_or(|until| now_ms < until)
    });
    for member in view.next.iter_mut().flat_map(|next| &mut next.members) {
        *member = names(member.id);
    }
    sight::withhold(view, reader, now_ms);
    let facts = view.fields.values_mut().filter_map(Value::as_array_mut);
    for fact in facts.flatten().filter_map(Value::as_object_mut) {
        if let Some(by) = fact.get_mut(json::BY)
            && let Some(member) = json::member_of(by)
        {
            *by = json::member(&names(member));
        }
        if let Some(household) = fact.get_mut(FOR_HOUSEHOLD.name)
            && let Some(id) = json::recorded_of(household)
        {
            *household = json::recorded(&recorded(id));
        }
    }
}

fn completeness(kind: Option<&Kind>, read: &ReadDocument) -> Completeness {
    if kind.is_none() {
        Completeness::ReadOnly
    } else if read.erased {
        Completeness::Erased
    } else if !read.missing.is_empty() {
        Completeness::Incomplete
    } else if read.unreadable {
        Completeness::ReadOnly
    } else {
        Completeness::Complete
    }
}

fn neutral(member: MemberRef) -> MemberRef {
    let line = |text: &str| Text::line(text, limits::NAME_BYTES_MAX).into_string();
    MemberRef {
        id: member.id,
        name: line(&member.name),
        building: member.building.as_deref().map(line),
    }
}

fn harmless(recorded: RecordedRef) -> RecordedRef {
    let line = |text: &str| Text::line(text, limits::NAME_BYTES_MAX).into_string();
    RecordedRef {
        id: recorded.id,
        name: line(&recorded.name),
        building: recorded.building.as_deref().map(line),
    }
}

fn unrecorded(id: EntryId) -> RecordedRef {
    RecordedRef {
        id,
        name: String::new(),
        building: None,
    }
}

fn unnamed(member: MemberId) -> MemberRef {
    MemberRef {
        id: member,
        name: String::new(),
        building: None,
    }
}

/// Fills fields, lists and conflicts.
fn show(kind: &Kind, facts: &Facts<'_>, marks: &Marks, view: &mut DocumentView) {
    for slot in facts.slots() {
        let name = slot.field.name;
        if let Some(value) = shown(slot) {
            view.fields.insert(name.to_owned(), value);
        }
        contest(slot, name.to_owned(), &mut view.conflicts);
    }
    for field in kind.fields {
        if let Presence::Otherwise(constant) = field.presence
            && !view.fields.contains_key(field.name)
        {
            view.fields
                .insert(field.name.to_owned(), json::constant(constant));
        }
    }
    let mut lists: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for item in facts.items() {
        let of_list = lists.entry(item.list.name).or_default();
        of_list.push(fact(item, marks, &mut view.conflicts));
    }
    correct(kind, facts, view);
    for (name, items) in lists {
        view.fields.insert(name.to_owned(), Value::Array(items));
    }
}

fn shown(slot: &Slot<'_>) -> Option<Value> {
    match slot.markdown() {
        Some((_, text)) => Some(Text::paragraphs(text, usize::MAX).into_string().into()),
        None => {
            let scalar = slot.scalars().next()?;
            Some(json::scalar(slot.field.shape, scalar))
        }
    }
}

/// Notes a field in which different values were set apart.
fn contest(slot: &Slot<'_>, name: String, conflicts: &mut BTreeMap<String, Vec<Value>>) {
    if !slot.is_contested() {
        return;
    }
    let mut distinct: Vec<&Scalar> = Vec::new();
    for scalar in slot.scalars() {
        if distinct.len() < CONFLICTS_MAX && !distinct.contains(&scalar) {
            distinct.push(scalar);
        }
    }
    if distinct.len() > 1 {
        let shape = slot.field.shape;
        let values = distinct
            .into_iter()
            .map(|scalar| json::scalar(shape, scalar));
        conflicts.insert(name, values.collect());
    }
}

fn fact(item: &Item<'_>, marks: &Marks, conflicts: &mut BTreeMap<String, Vec<Value>>) -> Value {
    let mut fields = Map::new();
    let id = json::item(item.id);
    for slot in item.slots() {
        if let Some(value) = shown(slot) {
            fields.insert(slot.field.name.to_owned(), value);
        }
        if slot.is_contested() {
            let name = format!("{}.{id}.{}", item.list.name, slot.field.name);
            contest(slot, name, conflicts);
        }
    }
    for field in item.list.fields {
        if let Presence::Otherwise(constant) = field.presence
            && !fields.contains_key(field.name)
        {
            fields.insert(field.name.to_owned(), json::constant(constant));
        }
    }
    fields.insert(json::ID.to_owned(), id.into());
    fields.insert(json::BY.to_owned(), json::hex(&item.by.0).into());
    fields.insert(json::TIME.to_owned(), item.time_ms.into());
    if let Some(mark) = marks.get(&item.id) {
        let state = mark.state.map(|state| (json::STATE, state.into()));
        let agreed = mark.agreed_minutes;
        let agreed = agreed.map(|minutes| (json::AGREED_MINUTES, minutes.into()));
        let computed = state.into_iter().chain(agreed);
        fields.extend(computed.map(|(name, value): (&str, Value)| (name.to_owned(), value)));
        if let Some(sight) = &mark.sight {
            fields.insert(sight::KEY.to_owned(), sight::written(sight));
        }
    }
    Value::Object(fields)
}

/// Shows corrected fields as they were last corrected, and keeps what they said first.
fn correct(kind: &Kind, facts: &Facts<'_>, view: &mut DocumentView) {
    let mut original = Map::new();
    for field in kind.fields {
        let Some(list) = field.corrected_by else {
            continue;
        };
        let slots = |item: &'_ Item<'_>| {
            let slot = item
                .slots()
                .iter()
                .find(|slot| slot.field.name == field.name);
            slot.and_then(shown)
        };
        let Some(latest) = facts.list(list).rev().find_map(slots) else {
            continue;
        };
        if let Some(first) = view.fields.insert(field.name.to_owned(), latest) {
            original.insert(field.name.to_owned(), first);
        }
    }
    if !original.is_empty() {
        view.fields
            .insert(ORIGINAL.to_owned(), Value::Object(original));
    }
}

fn text_of(view: &DocumentView, name: &str) -> Option<String> {
    let text = view.fields.get(name)?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

/// Returns a line for lists, and everything else that a search finds.
fn words(kind: &Kind, view: &DocumentView) -> (String, String) {
    let title = text_of(view, "title");
    let beginning = || {
        let body = text_of(view, "body").unwrap_or_default();
        Text::line(&body, TITLE_CHARS_MAX).into_string()
    };
    let mut rest = String::new();
    let mut add = |text: &str| {
        if !rest.is_empty() {
            rest.push('\n');
        }
        rest.push_str(text);
    };
    for field in kind.fields.iter().filter(|field| field.shape.is_text()) {
        if field.name != "title"
            && let Some(Value::String(text)) = view.fields.get(field.name)
        {
            add(text);
        }
    }
    for list in kind.lists {
        let items = view.fields.get(list.name).and_then(Value::as_array);
        // What only some are shown is found by nobody.
        let items = items.into_iter().flatten();
        for item in items.filter(|item| item.get(sight::KEY).is_none()) {
            for field in list.fields.iter().filter(|field| field.shape.is_text()) {
                if let Some(Value::String(text)) = item.get(field.name) {
                    add(text);
                }
            }
        }
    }
    (title.unwrap_or_else(beginning), rest)
}

#[cfg(test)]
mod tests;
