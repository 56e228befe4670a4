//! Drafts: from named fields, as a person or a program gives them, to the intents of one entry.
//!
//! Text is neutralised, limits are named, and what is drafted passes policy. Nothing is signed or
//! stored here, and durations and dates in words are the caller's business.

use std::collections::BTreeMap;

use serde_json::Value;
use thiserror::Error;

use crate::api;
use crate::document::{Document, Draft, Finished, Handle, MapValue, Value as Held};
use crate::entry;
use crate::id::EntryId;
use crate::intent::{Content, ObjectType, Scalar};
use crate::limits;
use crate::text::looks_like_phone_number;

use super::field::{FACTS_KEY, Field, ITEM_KEY, List, Presence, Shape, Who};
use super::{Editor, ItemId, Kind, Kinds, Puts, RuleBreach};

mod parse;
mod refusal;

pub use refusal::{DraftError, Fault, Warning};

/// Fields by name, as the local interface carries them.
pub type Fields = BTreeMap<String, Value>;

/// What a draft comes to: one entry's worth of intents.
#[derive(Clone, Debug, PartialEq)]
pub struct Drafted {
    /// Code of the document's kind.
    pub kind: u16,
    /// What goes into the entry.
    pub finished: Finished,
    /// What its author should look at again.
    pub warnings: Vec<Warning>,
    /// What did not fit in one entry: another edit takes it, once this entry is written.
    pub rest: Fields,
}

/// Drafts a new document.
///
/// # Errors
///
/// [`DraftError`] names the field, what is wrong and what to do.
pub fn create(
    kinds: &Kinds,
    draft: &api::Draft,
    editor: &Editor<'_>,
) -> Result<Drafted, DraftError> {
    let kind = kinds.by_name(&draft.kind).ok_or_else(|| {
        let known = kinds.iter().map(|kind| kind.name).collect();
        DraftError::at("kind", Fault::Kind { known })
    })?;
    let editor = Editor {
        creates: true,
        ..*editor
    };
    if !kind.creators.includes(&editor, editor.member) {
        let who = kind.creators;
        return Err(DraftError::at(kind.name, Fault::NotAllowed { who }));
    }
    let mut filled = Filled::read(kind, &draft.fields, &editor)?;
    filled.complete(kind, &editor)?;
    let mut writing = Writing::new(kind, Draft::creation());
    writing.warnings = filled.warnings;
    for (field, scalar) in filled.scalars {
        writing.put(Handle::Root, field.name, scalar)?;
    }
    if !kind.lists.is_empty() {
        writing.make(FACTS_KEY, ObjectType::List)?;
    }
    for field in kind.fields {
        if field.shape == Shape::Markdown {
            let text = writing.make(field.name, ObjectType::Text)?;
            if let Some(new) = filled.texts.get(field.name) {
                writing.replace(field, text, new)?;
            }
        }
    }
    writing.finish(None)
}

/// Drafts a change of a document; none when the document says all of it already.
///
/// Text that many write is compared with what stands. An object given for a list adds a fact, or
/// changes the own fact that its `id` names; an array gives several. `null` empties a field.
/// `previous` is the author's own last entry in the document, which is to be part of the past.
///
/// # Errors
///
/// [`DraftError`] names the field, what is wrong and what to do.
pub fn edit(
    kinds: &Kinds,
    kind: u16,
    document: &Document,
    fields: &Fields,
    editor: &Editor<'_>,
    owner_of: impl Fn(EntryId) -> Option<crate::id::MemberId>,
    previous: Option<EntryId>,
) -> Result<Option<Drafted>, DraftError> {
    let Some(kind) = kinds.by_code(kind) else {
        return Err(DraftError::at("kind", Fault::ReadOnly));
    };
    let editor = Editor {
        creates: false,
        ..*editor
    };
    let Some(creator) = owner_of(document.id().into()) else {
        return Err(DraftError::at("kind", Fault::ReadOnly));
    };
    let held = document.value();
    let mut change = Change {
        kind,
        creator,
        editor: &editor,
        held: &held,
        writing: Writing::new(kind, Draft::change(document)),
        puts: Vec::new(),
        corrections: BTreeMap::new(),
    };
    for (name, value) in fields {
        match (kind.field(name), kind.list(name)) {
            (Some(field), _) => change.set(field, value)?,
            (None, Some(list)) => change.facts(list, value, &owner_of)?,
            (None, None) => return Err(unknown_field(name, kind.fields, kind.lists)),
        }
    }
    change.correct()?;
    change.obey()?;
    if change.writing.draft.is_empty() {
        return Ok(None);
    }
    change.writing.finish(previous).map(Some)
}

/// Values of a new document.
struct Filled {
    scalars: Vec<(&'static Field, Scalar)>,
    texts: BTreeMap<&'static str, String>,
    warnings: Vec<Warning>,
}

impl Filled {
    fn read(kind: &'static Kind, fields: &Fields, editor: &Editor<'_>) -> Result<Self, DraftError> {
        let mut filled = Self {
            scalars: Vec::new(),
            texts: BTreeMap::new(),
            warnings: Vec::new(),
        };
        for (name, value) in fields {
            let Some(field) = kind.field(name) else {
                return Err(unknown_field(name, kind.fields, &[]));
            };
            if field.shape == Shape::Markdown {
                let text = parse::markdown(field, value)?;
                filled.warnings.extend(warning(name, &text));
                filled.texts.insert(field.name, text);
            } else if let Some(scalar) = parse::scalar(field, value, editor)? {
                filled.warnings.extend(warning_of(name, field, &scalar));
                if !stands_anyway(field, &scalar) {
                    filled.scalars.push((field, scalar));
                }
            }
        }
        Ok(filled)
    }

    /// Fills in what the author left out, and holds all of it against the kind's rule.
    fn complete(&mut self, kind: &'static Kind, editor: &Editor<'_>) -> Result<(), DraftError> {
        for field in kind.fields {
            if self.scalars.iter().any(|(put, _)| put.name == field.name) {
                continue;
            }
            let scalar = field.fill.and_then(|fill| fill(&puts(editor, &self.scalars)));
            match scalar {
                Some(scalar) => self.scalars.push((field, scalar)),
                None if field.presence == Presence::Required => {
                    return Err(DraftError::at(field.name, Fault::Missing));
                }
                None => {}
            }
        }
        (kind.rule)(&puts(editor, &self.scalars)).map_err(DraftError::from)?;
        let place = |name: &str| kind.fields.iter().position(|field| field.name == name);
        self.scalars.sort_by_key(|(field, _)| place(field.name));
        Ok(())
    }
}

/// A change of a document, field by field.
struct Change<'a> {
    kind: &'static Kind,
    creator: crate::id::MemberId,
    editor: &'a Editor<'a>,
    held: &'a MapValue,
    writing: Writing<'a>,
    puts: Vec<(&'static Field, Scalar)>,
    /// New values of fields that are corrected, by the list that corrects them.
    corrections: BTreeMap<&'static str, Fields>,
}

impl Change<'_> {
    fn set(&mut self, field: &'static Field, value: &Value) -> Result<(), DraftError> {
        if let Some(list) = field.corrected_by {
            let correction = self.corrections.entry(list).or_default();
            correction.insert(field.name.to_owned(), value.clone());
            return Ok(());
        }
        if !field.setters.includes(self.editor, self.creator) {
            let who = field.setters;
            return Err(DraftError::at(field.name, Fault::NotAllowed { who }));
        }
        let cell = self.held.cells.get(field.name);
        if field.shape == Shape::Markdown {
            let text = parse::markdown(field, value)?;
            let Some(cell) = cell else {
                return Err(DraftError::at(field.name, Fault::ReadOnly));
            };
            self.writing.warnings.extend(warning(field.name, &text));
            return self.writing.replace(field, cell.shown.atom.into(), &text);
        }
        let Some(scalar) = parse::scalar(field, value, self.editor)? else {
            if field.presence == Presence::Required {
                return Err(DraftError::at(field.name, Fault::Missing));
            }
            return match cell {
                Some(_) => self.writing.delete(Handle::Root, field.name),
                None => Ok(()),
            };
        };
        let stands = match cell {
            Some(cell) => cell.others.is_empty() && is_held(&cell.shown.value, &scalar),
            None => stands_anyway(field, &scalar),
        };
        // A value that stands is looked at by the kind's rule all the same: what belongs to it may
        // be said again.
        self.puts.push((field, scalar.clone()));
        if stands {
            return Ok(());
        }
        let warning = warning_of(field.name, field, &scalar);
        self.writing.warnings.extend(warning);
        self.writing.put(Handle::Root, field.name, scalar)
    }

    fn facts(
        &mut self,
        list: &'static List,
        value: &Value,
        owner_of: &impl Fn(EntryId) -> Option<crate::id::MemberId>,
    ) -> Result<(), DraftError> {
        let one = std::slice::from_ref(value);
        let facts = value.as_array().map_or(one, Vec::as_slice);
        for fact in facts {
            let Some(fields) = fact.as_object() else {
                return Err(DraftError::at(list.name, Fault::Fact));
            };
            match fields.get("id") {
                Some(id) => self.change_fact(list, id, fields, owner_of)?,
                None => self.add_fact(list, fields)?,
            }
        }
        Ok(())
    }

    fn add_fact(
        &mut self,
        list: &'static List,
        fields: &serde_json::Map<String, Value>,
    ) -> Result<(), DraftError> {
        if !list.appenders.includes(self.editor, self.creator) {
            let who = list.appenders;
            return Err(DraftError::at(list.name, Fault::NotAllowed { who }));
        }
        if let Some(name) = fields.keys().find(|name| list.field(name).is_none()) {
            return Err(unknown_field(name, list.fields, &[]).within(list));
        }
        let mut scalars = Vec::new();
        for field in list.fields {
            let value = fields.get(field.name).unwrap_or(&Value::Null);
            let scalar = parse::scalar(field, value, self.editor);
            match scalar.map_err(|error| error.within(list))? {
                Some(scalar) => scalars.push((field, scalar)),
                None if field.presence == Presence::Required => {
                    return Err(DraftError::at(field.name, Fault::Missing).within(list));
                }
                None => {}
            }
        }
        scalars.retain(|(field, scalar)| !stands_anyway(field, scalar));
        let Some(facts) = self.held.cells.get(FACTS_KEY) else {
            return Err(DraftError::at(list.name, Fault::ReadOnly));
        };
        let map = Content::Object(ObjectType::Map);
        let item = self.writing.append(facts.shown.atom.into(), map)?;
        let name = Scalar::Text(list.item.to_owned());
        self.writing.put(item, ITEM_KEY, name)?;
        for (field, scalar) in scalars {
            let place = format!("{}.{}", list.name, field.name);
            let warning = warning_of(&place, field, &scalar);
            self.writing.warnings.extend(warning);
            self.writing.put(item, field.name, scalar)?;
        }
        Ok(())
    }

    fn change_fact(
        &mut self,
        list: &'static List,
        id: &Value,
        fields: &serde_json::Map<String, Value>,
        owner_of: &impl Fn(EntryId) -> Option<crate::id::MemberId>,
    ) -> Result<(), DraftError> {
        let id: Option<ItemId> = id.as_str().and_then(|id| id.parse().ok());
        let found = id.and_then(|id| Some((id, self.fact(list, id)?)));
        let Some((id, held)) = found else {
            return Err(DraftError::at("id", Fault::NoSuchFact).within(list));
        };
        let owned = owner_of(id.0.entry) == Some(self.editor.member);
        for (name, value) in fields.iter().filter(|(name, _)| *name != "id") {
            let Some(field) = list.field(name) else {
                return Err(unknown_field(name, list.fields, &[]).within(list));
            };
            if !owned || field.setters == Who::Nobody {
                let who = match owned {
                    true => Who::Nobody,
                    false => Who::Creator,
                };
                return Err(DraftError::at(name, Fault::NotAllowed { who }).within(list));
            }
            let scalar = parse::scalar(field, value, self.editor);
            let cell = held.cells.get(field.name);
            match (scalar.map_err(|error| error.within(list))?, cell) {
                (None, _) if field.presence == Presence::Required => {
                    return Err(DraftError::at(name, Fault::Missing).within(list));
                }
                (None, None) => {}
                (None, Some(_)) => self.writing.delete(id.0.into(), field.name)?,
                (Some(scalar), Some(cell))
                    if cell.others.is_empty() && is_held(&cell.shown.value, &scalar) => {}
                (Some(scalar), _) => {
                    let place = format!("{}.{name}", list.name);
                    let warning = warning_of(&place, field, &scalar);
                    self.writing.warnings.extend(warning);
                    self.writing.put(id.0.into(), field.name, scalar)?;
                }
            }
        }
        Ok(())
    }

    /// Finds a fact of a list as it stands.
    fn fact(&self, list: &List, id: ItemId) -> Option<&MapValue> {
        let Some(Held::List(facts)) = self.held.shown(FACTS_KEY) else {
            return None;
        };
        let element = facts.elements.iter().find(|element| element.id == id.0)?;
        match &element.cell.shown.value {
            Held::Map(map) => {
                let is = Scalar::Text(list.item.to_owned());
                is_held(map.shown(ITEM_KEY)?, &is).then_some(map)
            }
            _ => None,
        }
    }

    /// Adds the facts that correct what is never edited.
    fn correct(&mut self) -> Result<(), DraftError> {
        for (list, fields) in std::mem::take(&mut self.corrections) {
            let list = self.kind.list(list).expect("corrections name a list of the kind");
            let mut fields: serde_json::Map<String, Value> = fields.into_iter().collect();
            for name in fields.keys() {
                // What corrects cannot empty: an earlier correction would show through.
                if fields[name].is_null() {
                    return Err(DraftError::at(name, Fault::Missing));
                }
            }
            fields.retain(|_, value| !value.is_null());
            self.add_fact(list, &fields)?;
        }
        Ok(())
    }

    fn obey(&self) -> Result<(), DraftError> {
        (self.kind.rule)(&puts(self.editor, &self.puts)).map_err(DraftError::from)
    }
}

/// A draft with the names of its fields at hand.
struct Writing<'a> {
    kind: &'static Kind,
    draft: Draft<'a>,
    warnings: Vec<Warning>,
    rest: Fields,
    longest: Option<(usize, String)>,
}

impl<'a> Writing<'a> {
    fn new(kind: &'static Kind, draft: Draft<'a>) -> Self {
        Self {
            kind,
            draft,
            warnings: Vec::new(),
            rest: Fields::new(),
            longest: None,
        }
    }

    fn put(&mut self, object: Handle, key: &str, scalar: Scalar) -> Result<(), DraftError> {
        if let Scalar::Text(text) = &scalar
            && self.longest.as_ref().is_none_or(|(bytes, _)| *bytes < text.len())
        {
            self.longest = Some((text.len(), key.to_owned()));
        }
        let put = self.draft.put(object, key, Content::Scalar(scalar));
        put.map(|_| ()).map_err(|source| self.refused(key, source))
    }

    fn make(&mut self, key: &str, kind: ObjectType) -> Result<Handle, DraftError> {
        let made = self.draft.put(Handle::Root, key, Content::Object(kind));
        made.map_err(|source| self.refused(key, source))
    }

    fn delete(&mut self, object: Handle, key: &str) -> Result<(), DraftError> {
        let deleted = self.draft.delete(object, key);
        deleted.map_err(|source| self.refused(key, source))
    }

    fn append(&mut self, list: Handle, content: Content) -> Result<Handle, DraftError> {
        let appended = self.draft.append(list, content);
        appended.map_err(|source| self.refused(FACTS_KEY, source))
    }

    fn replace(&mut self, field: &Field, text: Handle, new: &str) -> Result<(), DraftError> {
        let replaced = self.draft.replace_text(text, new);
        if !replaced.map_err(|source| self.refused(field.name, source))? {
            self.rest.insert(field.name.to_owned(), new.into());
        }
        Ok(())
    }

    fn refused(&self, key: &str, source: crate::document::DraftError) -> DraftError {
        DraftError::at(key, Fault::Draft { source })
    }

    fn finish(self, previous: Option<EntryId>) -> Result<Drafted, DraftError> {
        let field = self.longest.map_or(self.kind.name.to_owned(), |(_, key)| key);
        let finished = self.draft.finish(previous);
        let finished =
            finished.map_err(|source| DraftError::at(&field, Fault::Draft { source }))?;
        let bytes = entry::write_intents(&finished.intents).len();
        if bytes > PAYLOAD_BYTES_MAX {
            return Err(DraftError::at(&field, Fault::Bytes { bytes, max: PAYLOAD_BYTES_MAX }));
        }
        Ok(Drafted {
            kind: self.kind.code,
            finished,
            warnings: self.warnings,
            rest: self.rest,
        })
    }
}

/// Bytes that a payload may have, whatever stands in the header beside it.
const PAYLOAD_BYTES_MAX: usize =
    limits::ENTRY_BYTES_MAX - (limits::DEPS_MAX + limits::SEEN_MAX) * 34 - 256;

fn puts<'a>(editor: &'a Editor<'a>, scalars: &'a [(&'static Field, Scalar)]) -> Puts<'a> {
    Puts {
        editor,
        values: scalars.iter().map(|(field, scalar)| (*field, scalar)).collect(),
    }
}

/// Tells whether a value stands where nothing is written.
fn stands_anyway(field: &Field, scalar: &Scalar) -> bool {
    matches!(field.presence, Presence::Otherwise(constant) if constant.is(scalar))
}

fn is_held(held: &Held, scalar: &Scalar) -> bool {
    matches!(held, Held::Scalar(held) if held == scalar)
}

fn warning_of(name: &str, field: &Field, scalar: &Scalar) -> Option<Warning> {
    match scalar {
        Scalar::Text(text) if field.shape.is_text() => warning(name, text),
        _ => None,
    }
}

fn warning(name: &str, text: &str) -> Option<Warning> {
    looks_like_phone_number(text).then(|| Warning::PhoneNumber {
        field: name.to_owned(),
    })
}

fn unknown_field(name: &str, fields: &[Field], lists: &[List]) -> DraftError {
    let fields = fields.iter().map(|field| field.name);
    let known = fields.chain(lists.iter().map(|list| list.name)).collect();
    DraftError::at(name, Fault::Unknown { known })
}

impl From<RuleBreach> for DraftError {
    fn from(breach: RuleBreach) -> Self {
        Self::at(breach.field, Fault::Rule { breach })
    }
}
