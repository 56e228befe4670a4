//! The history of a document as a reader sees it: fields and facts by their names in the kind's
//! table, text neutralised, and who wrote what of the text that stands.
//!
//! Names of members are put in by the caller's function; nothing is left out but what the table
//! does not know.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::json;
use crate::api::{
    ChangeStatus, ChangeView, FactAdded, FieldChange, History, MemberRef, Piece, PieceKind, Run,
    TextChange,
};
use crate::document::{AtomId, CellEdit, Deed, PieceEdit, Status, Value as Held};
use crate::id::{EntryId, MemberId};
use crate::intent::{Content, Scalar};
use crate::kind::{FACTS_KEY, Field, ITEM_KEY, ItemId, Kind, Kinds, List, Reader, Shape};
use crate::replica::ReadDocument;
use crate::text::Text;

/// Returns a document's history as a reader is shown it, at most `changes_max` changes of it, and
/// who wrote its text.
pub fn history(
    kinds: &Kinds,
    read: &ReadDocument,
    changes_max: usize,
    reader: Reader,
    now_ms: i64,
    names: impl Fn(MemberId) -> MemberRef,
) -> History {
    let told = Telling {
        kind: kinds.by_code(read.kind),
        read,
        names: &|member| super::neutral(names(member)),
    };
    let mut facts = BTreeMap::new();
    let mut changes: Vec<ChangeView> = read
        .document
        .history()
        .iter()
        .map(|deed| told.change(deed, &mut facts))
        .collect();
    changes.extend(
        read.left_out
            .iter()
            .filter_map(|entry| told.left_out(*entry)),
    );
    let withheld = withheld(kinds, read, reader, now_ms);
    for change in &mut changes {
        change.facts.retain(|fact| !withheld.contains(&fact.id));
        change.fields.retain(|change| {
            let fact = change.fact.as_ref();
            fact.is_none_or(|fact| !withheld.contains(fact))
        });
    }
    let omitted = changes.len().saturating_sub(changes_max);
    changes.drain(..omitted);
    History {
        document: read.document.id(),
        changes,
        omitted: u64::try_from(omitted).unwrap_or(u64::MAX),
        texts: told.texts(),
    }
}

/// Facts that a reader is not shown.
fn withheld(kinds: &Kinds, read: &ReadDocument, reader: Reader, now_ms: i64) -> BTreeSet<String> {
    let kind = kinds.by_code(read.kind);
    let Some((kind, course)) = kind.and_then(|kind| Some((kind, kind.course?))) else {
        return BTreeSet::new();
    };
    let value = read.document.value();
    let marks = (course.marks)(&read.facts(kind, &value));
    let marks = marks.into_iter();
    let hidden = marks.filter(|(_, mark)| {
        let sight = mark.sight.as_ref();
        sight.is_some_and(|sight| !sight.includes(reader, now_ms))
    });
    hidden.map(|(id, _)| json::item(id)).collect()
}

/// Lists of the facts that were met, by the atoms that made them.
type Lists = BTreeMap<AtomId, &'static List>;

struct Telling<'a> {
    kind: Option<&'static Kind>,
    read: &'a ReadDocument,
    names: &'a dyn Fn(MemberId) -> MemberRef,
}

impl Telling<'_> {
    fn by(&self, entry: EntryId) -> MemberRef {
        let author = self.read.authors.get(&entry);
        let member = author.and_then(|author| author.member);
        (self.names)(member.unwrap_or_default())
    }

    fn change(&self, deed: &Deed<'_>, lists: &mut Lists) -> ChangeView {
        let made: BTreeSet<AtomId> = deed
            .appended
            .iter()
            .filter(|(_, root_key)| *root_key == FACTS_KEY)
            .map(|(atom, _)| *atom)
            .collect();
        let mut facts: BTreeMap<AtomId, FactAdded> = BTreeMap::new();
        for cell in deed.cells.iter().filter(|cell| cell.key == ITEM_KEY) {
            let Some(atom) = cell.object.filter(|atom| made.contains(atom)) else {
                continue;
            };
            let Some(list) = self.list_of(cell) else {
                continue;
            };
            lists.insert(atom, list);
            let added = FactAdded {
                id: json::item(ItemId(atom)),
                list: list.name.to_owned(),
                fields: BTreeMap::new(),
            };
            facts.insert(atom, added);
        }
        let mut fields = Vec::new();
        for cell in &deed.cells {
            let Some(field) = self.field_of(cell, lists) else {
                continue;
            };
            let new = cell.new.and_then(|new| shown(field, new));
            match cell.object.and_then(|atom| facts.get_mut(&atom)) {
                Some(fact) => {
                    fact.fields
                        .extend(new.map(|new| (field.name.to_owned(), new)));
                }
                None => fields.push(FieldChange {
                    field: field.name.to_owned(),
                    fact: cell.object.map(|atom| json::item(ItemId(atom))),
                    old: cell.old.and_then(|old| shown(field, old)),
                    new,
                }),
            }
        }
        fields.retain(|change| change.old.is_some() || change.new.is_some());
        let texts = deed.texts.iter().filter_map(|text| {
            let field = self.kind?.field(text.root_key)?;
            Some(TextChange {
                field: field.name.to_owned(),
                pieces: text.pieces.iter().map(|piece| self.piece(piece)).collect(),
            })
        });
        ChangeView {
            entry: deed.entry.id,
            by: self.by(deed.entry.id),
            time_ms: deed.entry.time_ms,
            status: match deed.entry.status {
                Status::Counts => ChangeStatus::Counts,
                Status::Excluded | Status::Invalid(_) => ChangeStatus::Excluded,
                Status::Unreadable => ChangeStatus::Unreadable,
            },
            texts: texts.collect(),
            facts: facts.into_values().collect(),
            fields,
        }
    }

    /// Tells of an entry that does not count and that nothing depends on: it is not looked into.
    fn left_out(&self, entry: EntryId) -> Option<ChangeView> {
        let author = self.read.authors.get(&entry)?;
        Some(ChangeView {
            entry,
            by: self.by(entry),
            time_ms: author.time_ms,
            status: ChangeStatus::Excluded,
            fields: Vec::new(),
            facts: Vec::new(),
            texts: Vec::new(),
        })
    }

    fn list_of(&self, cell: &CellEdit<'_>) -> Option<&'static List> {
        match cell.new? {
            Content::Scalar(Scalar::Text(item)) => self.kind?.list_of_item(item),
            _ => None,
        }
    }

    fn field_of(&self, cell: &CellEdit<'_>, lists: &Lists) -> Option<&'static Field> {
        match cell.object {
            None => self.kind?.field(cell.key),
            Some(atom) => lists.get(&atom)?.field(cell.key),
        }
    }

    fn piece(&self, piece: &PieceEdit) -> Piece {
        Piece {
            kind: match piece.deleted_of {
                Some(_) => PieceKind::Deleted,
                None => PieceKind::Inserted,
            },
            text: neutral(&piece.text),
            of: piece.deleted_of.map(|entry| self.by(entry)),
        }
    }

    /// Returns who wrote what of the text that stands.
    fn texts(&self) -> BTreeMap<String, Vec<Run>> {
        let value = self.read.document.value();
        let fields = self.kind.map_or(&[][..], |kind| kind.fields);
        let markdown = fields.iter().filter(|field| field.shape == Shape::Markdown);
        let texts = markdown.filter_map(|field| match value.shown(field.name)? {
            Held::Text(text) => Some((field.name.to_owned(), self.runs(text))),
            _ => None,
        });
        texts.collect()
    }

    fn runs(&self, text: &crate::document::TextValue) -> Vec<Run> {
        let mut characters = text.text.chars();
        let mut runs: Vec<(EntryId, String)> = Vec::new();
        for run in &text.runs {
            let part = characters.by_ref().take(run.count as usize);
            match runs.last_mut() {
                Some((entry, written)) if *entry == run.first.entry => written.extend(part),
                _ => runs.push((run.first.entry, part.collect())),
            }
        }
        let runs = runs.into_iter().map(|(entry, written)| Run {
            text: neutral(&written),
            by: self.by(entry),
            entry,
        });
        runs.collect()
    }
}

fn neutral(text: &str) -> String {
    Text::paragraphs(text, usize::MAX).into_string()
}

/// Shows what an entry says a field is; nothing for what has another shape.
fn shown(field: &Field, content: &Content) -> Option<Value> {
    match content {
        Content::Scalar(scalar) if field.shape.check(scalar).is_ok() => {
            Some(json::scalar(field.shape, scalar))
        }
        _ => None,
    }
}
