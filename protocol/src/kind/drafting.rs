//! Drafts: from named fields, as a person or a program gives them, to the intents of one entry.
//!
//! Text is neutralised, limits are named, and what is drafted passes policy. Nothing is signed or
//! stored here, and durations and dates in words are the caller's business.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::api;
use crate::document::{Document, Draft, EntryInfo, Finished, Handle, Status, Value as Held};
use crate::entry;
use crate::id::{EntryId, MemberId};
use crate::intent::{ObjectType, Scalar};
use crate::limits;
use crate::text::looks_like_phone_number;

use super::field::{FACTS_KEY, Field, List, Presence, Shape};
use super::{Editor, Facts, Kind, Kinds, NewFact, Puts, RuleBreach};

mod change;
mod parse;
mod refusal;

use change::Change;
pub use refusal::{DraftError, Fault, Untimely, Warning};

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
        let known = kinds.posted().map(|kind| kind.name).collect();
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
    owner_of: impl Fn(EntryId) -> Option<MemberId>,
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
    // Nobody can tell here what the draft would overwrite of theirs (rule R19). An entry that
    // cannot be read holds up nothing that its author may not set: anybody can write one.
    let is_unread = |info: &EntryInfo| info.status == Status::Unreadable;
    let unread = document.entries().filter(is_unread);
    let unread = unread.map(|info| owner_of(info.id)).collect();
    let held = document.value();
    let mut change = Change {
        kind,
        creator,
        editor: &editor,
        held: &held,
        unread,
        owner_of: &owner_of,
        writing: Writing::new(kind, Draft::change(document)),
        writes: Vec::new(),
        corrections: BTreeMap::new(),
    };
    for (name, value) in fields {
        match (kind.field(name), kind.list(name)) {
            (Some(field), _) => change.set(field, value)?,
            (None, Some(list)) => change.facts(list, value)?,
            (None, None) => return Err(unknown_field(name, kind.fields, kind.lists)),
        }
    }
    let writing = change.write()?;
    if writing.draft.is_empty() {
        return Ok(None);
    }
    writing.finish(previous).map(Some)
}

/// Objects to new facts that would change nothing as the document stands. An author is kept from
/// writing them in vain; what others write is never held against it (rule R5).
///
/// # Errors
///
/// [`Fault::Untimely`] at the list.
pub fn object(
    kinds: &Kinds,
    kind: u16,
    facts: &Facts<'_>,
    fields: &Fields,
    editor: &Editor<'_>,
) -> Result<(), DraftError> {
    let Some(kind) = kinds.by_code(kind) else {
        return Ok(());
    };
    let Some(course) = kind.course else {
        return Ok(());
    };
    for (name, value) in fields {
        let Some(list) = kind.list(name) else {
            continue;
        };
        let one = std::slice::from_ref(value);
        let new = value.as_array().map_or(one, Vec::as_slice);
        for fact in new.iter().filter(|fact| fact.get("id").is_none()) {
            let named = list.fields.iter().find(|field| field.shape == Shape::Item);
            let named = named.and_then(|field| fact.get(field.name)?.as_str()?.parse().ok());
            let list = list.name;
            if let Some(why) = (course.objection)(facts, editor, &NewFact { list, named }) {
                return Err(DraftError::at(list, Fault::Untimely { why }));
            }
        }
    }
    Ok(())
}

/// Drafts the restoration of what an entry deleted from text that many write; none when all of it
/// stands again. While [`Drafted::finished`] leaves something out, another draft takes it.
///
/// # Errors
///
/// [`DraftError`] when the author may not write there, or the document does not hold the entry.
pub fn restore(
    kinds: &Kinds,
    kind: u16,
    document: &Document,
    entry: EntryId,
    editor: &Editor<'_>,
    owner_of: impl Fn(EntryId) -> Option<MemberId>,
    previous: Option<EntryId>,
) -> Result<Option<Drafted>, DraftError> {
    let kind = kinds.by_code(kind);
    let creator = owner_of(document.id().into());
    let Some((kind, creator)) = kind.zip(creator) else {
        return Err(DraftError::at("kind", Fault::ReadOnly));
    };
    let editor = Editor {
        creates: false,
        ..*editor
    };
    let mut writing = Writing::new(kind, Draft::change(document));
    for field in kind
        .fields
        .iter()
        .filter(|field| field.shape == Shape::Markdown)
    {
        if !field.setters.includes(&editor, creator) {
            let who = field.setters;
            return Err(DraftError::at(field.name, Fault::NotAllowed { who }));
        }
    }
    let restored = writing.draft.restore(entry);
    restored.map_err(|source| writing.refused("entry", source))?;
    if writing.draft.is_empty() {
        return Ok(None);
    }
    writing.finish(previous).map(Some)
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
            let scalar = field
                .fill
                .and_then(|fill| fill(&puts(editor, &self.scalars)));
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
            && self
                .longest
                .as_ref()
                .is_none_or(|(bytes, _)| *bytes < text.len())
        {
            self.longest = Some((text.len(), key.to_owned()));
        }
        let put = self.draft.put(object, key, scalar);
        put.map_err(|source| self.refused(key, source))
    }

    fn make(&mut self, key: &str, kind: ObjectType) -> Result<Handle, DraftError> {
        let made = self.draft.put_object(Handle::Root, key, kind);
        made.map_err(|source| self.refused(key, source))
    }

    fn delete(&mut self, object: Handle, key: &str) -> Result<(), DraftError> {
        let deleted = self.draft.delete(object, key);
        deleted.map_err(|source| self.refused(key, source))
    }

    fn append(&mut self, list: Handle) -> Result<Handle, DraftError> {
        let appended = self.draft.append_object(list, ObjectType::Map);
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
        DraftError::at(key, source.into())
    }

    fn finish(self, previous: Option<EntryId>) -> Result<Drafted, DraftError> {
        let field = self
            .longest
            .map_or(self.kind.name.to_owned(), |(_, key)| key);
        let finished = self.draft.finish(previous);
        let finished = finished.map_err(|source| DraftError::at(&field, source.into()))?;
        let bytes = entry::write_intents(&finished.intents).len();
        if bytes > PAYLOAD_BYTES_MAX {
            return Err(DraftError::at(
                &field,
                Fault::Bytes {
                    bytes,
                    max: PAYLOAD_BYTES_MAX,
                },
            ));
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
        values: scalars
            .iter()
            .map(|(field, scalar)| (*field, scalar))
            .collect(),
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
