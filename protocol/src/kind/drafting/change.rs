//! A change of a document that exists: fields set, facts added, own facts changed.
//!
//! It reads the document as its author sees it. Whether others see it so decides nothing: policy
//! judges the entry by itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::document::{Handle, MapValue, Value as Held};
use crate::id::{EntryId, MemberId};
use crate::intent::Scalar;

use super::super::field::{FACTS_KEY, Field, ITEM_KEY, List, Presence, Shape, Who};
use super::super::{Editor, ItemId, Kind};
use super::{
    DraftError, Fault, Writing, is_held, parse, puts, stands_anyway, unknown_field, warning,
    warning_of,
};

/// A change being drafted.
pub struct Change<'a> {
    pub kind: &'static Kind,
    pub creator: MemberId,
    pub editor: &'a Editor<'a>,
    pub held: &'a MapValue,
    /// Who wrote what cannot be read here.
    pub unread: BTreeSet<Option<MemberId>>,
    pub owner_of: &'a dyn Fn(EntryId) -> Option<MemberId>,
    pub writing: Writing<'a>,
    /// Values that fields get.
    pub writes: Vec<(&'static Field, Scalar)>,
    /// New values of fields that are corrected, by the list that corrects them.
    pub corrections: BTreeMap<&'static str, Map<String, Value>>,
}

impl<'a> Change<'a> {
    /// Sets a field of the document.
    pub fn set(&mut self, field: &'static Field, value: &Value) -> Result<(), DraftError> {
        if let Some(list) = field.corrected_by {
            if value.is_null() {
                // An empty correction would let an earlier text show through.
                return Err(DraftError::at(field.name, Fault::Missing));
            }
            let correction = self.corrections.entry(list).or_default();
            correction.insert(field.name.to_owned(), value.clone());
            return Ok(());
        }
        if !field.setters.includes(self.editor, self.creator) {
            let who = field.setters;
            return Err(DraftError::at(field.name, Fault::NotAllowed { who }));
        }
        let may_be_unread = self.unread.iter().any(|by| match field.setters {
            Who::Nobody => false,
            Who::Creator => by.is_none_or(|by| by == self.creator),
            Who::Others => by.is_none_or(|by| by != self.creator),
            Who::Members | Who::Everyone => true,
        });
        if may_be_unread {
            return Err(DraftError::at(field.name, Fault::ReadOnly));
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
        if !stands {
            let warning = warning_of(field.name, field, &scalar);
            self.writing.warnings.extend(warning);
            self.writes.push((field, scalar));
        }
        Ok(())
    }

    /// Adds facts to a list, or changes own ones that are named.
    pub fn facts(&mut self, list: &'static List, value: &Value) -> Result<(), DraftError> {
        let one = std::slice::from_ref(value);
        let facts = value.as_array().map_or(one, Vec::as_slice);
        for fact in facts {
            let Some(fields) = fact.as_object() else {
                return Err(DraftError::at(list.name, Fault::Fact));
            };
            let done = match fields.get("id") {
                Some(id) => self.change_fact(list, id, fields),
                None => self.add_fact(list, fields),
            };
            done.map_err(|error| error.within(list))?;
        }
        Ok(())
    }

    /// Writes what was collected.
    pub fn write(mut self) -> Result<Writing<'a>, DraftError> {
        for (list, fields) in std::mem::take(&mut self.corrections) {
            let list = self.kind.list(list);
            let list = list.expect("a field is corrected by a list of its kind");
            self.add_fact(list, &fields)?;
        }
        self.obey()?;
        let place = |name: &str| self.kind.fields.iter().position(|field| field.name == name);
        self.writes.sort_by_key(|(field, _)| place(field.name));
        for (field, scalar) in self.writes {
            self.writing.put(Handle::Root, field.name, scalar)?;
        }
        Ok(self.writing)
    }

    /// Holds the entry against the kind's rule, which sees nothing but the entry: where it asks for
    /// a field that stands already, the field is said again.
    fn obey(&mut self) -> Result<(), DraftError> {
        while let Err(breach) = (self.kind.rule)(&puts(self.editor, &self.writes)) {
            let again = self.kind.field(breach.field).filter(|field| {
                let written = self.writes.iter().any(|(put, _)| put.name == field.name);
                !written && field.setters.includes(self.editor, self.creator)
            });
            let held = again.and_then(|field| match self.held.shown(field.name)? {
                Held::Scalar(scalar) => Some((field, scalar.clone())),
                _ => None,
            });
            match held {
                Some(write) => self.writes.push(write),
                None => return Err(breach.into()),
            }
        }
        Ok(())
    }

    fn add_fact(
        &mut self,
        list: &'static List,
        fields: &Map<String, Value>,
    ) -> Result<(), DraftError> {
        if !list.appenders.includes(self.editor, self.creator) {
            let who = list.appenders;
            return Err(DraftError::at(list.item, Fault::NotAllowed { who }));
        }
        if let Some(name) = fields.keys().find(|name| list.field(name).is_none()) {
            return Err(unknown_field(name, list.fields, &[]));
        }
        let mut scalars = Vec::new();
        for field in list.fields {
            let value = fields.get(field.name).unwrap_or(&Value::Null);
            let said = parse::scalar(field, value, self.editor)?;
            match said.or_else(|| self.newest_of(field.newest_of?)) {
                Some(scalar) => scalars.push((field, scalar)),
                None if field.presence == Presence::Required => {
                    return Err(DraftError::at(field.name, Fault::Missing));
                }
                None => {}
            }
        }
        scalars.retain(|(field, scalar)| !stands_anyway(field, scalar));
        let Some(facts) = self.held.cells.get(FACTS_KEY) else {
            return Err(DraftError::at(list.item, Fault::ReadOnly));
        };
        let item = self.writing.append(facts.shown.atom.into())?;
        let name = Scalar::Text(list.item.to_owned());
        self.writing.put(item, ITEM_KEY, name)?;
        for (field, scalar) in scalars {
            self.put_in_fact(item, list, field, scalar)?;
        }
        Ok(())
    }

    /// Returns the name of the newest fact of a list, as other facts store it.
    fn newest_of(&self, list: &str) -> Option<Scalar> {
        let list = self.kind.list(list)?;
        let Held::List(facts) = self.held.shown(FACTS_KEY)? else {
            return None;
        };
        let mut ids = facts.elements.iter().rev().map(|one| ItemId(one.id));
        let newest = ids.find(|id| fact(self.held, list, *id).is_some())?;
        Some(Scalar::Bytes(newest.to_bytes()))
    }

    fn change_fact(
        &mut self,
        list: &'static List,
        id: &Value,
        fields: &Map<String, Value>,
    ) -> Result<(), DraftError> {
        let id: Option<ItemId> = id.as_str().and_then(|id| id.parse().ok());
        let found = id.and_then(|id| Some((id, fact(self.held, list, id)?)));
        let Some((id, held)) = found else {
            return Err(DraftError::at("id", Fault::NoSuchFact));
        };
        let owned = (self.owner_of)(id.0.entry) == Some(self.editor.member);
        if owned && self.unread.contains(&Some(self.editor.member)) {
            return Err(DraftError::at("id", Fault::ReadOnly));
        }
        for (name, value) in fields.iter().filter(|(name, _)| *name != "id") {
            let Some(field) = list.field(name) else {
                return Err(unknown_field(name, list.fields, &[]));
            };
            if !owned || field.setters == Who::Nobody {
                let who = match owned {
                    true => Who::Nobody,
                    false => Who::Creator,
                };
                return Err(DraftError::at(name, Fault::NotAllowed { who }));
            }
            match (
                parse::scalar(field, value, self.editor)?,
                held.cells.get(name),
            ) {
                (None, _) if field.presence == Presence::Required => {
                    return Err(DraftError::at(name, Fault::Missing));
                }
                (None, None) => {}
                (None, Some(_)) => self.writing.delete(id.0.into(), field.name)?,
                (Some(scalar), Some(cell))
                    if cell.others.is_empty() && is_held(&cell.shown.value, &scalar) => {}
                (Some(scalar), _) => self.put_in_fact(id.0.into(), list, field, scalar)?,
            }
        }
        Ok(())
    }

    fn put_in_fact(
        &mut self,
        item: Handle,
        list: &List,
        field: &Field,
        scalar: Scalar,
    ) -> Result<(), DraftError> {
        let place = format!("{}.{}", list.name, field.name);
        let warning = warning_of(&place, field, &scalar);
        self.writing.warnings.extend(warning);
        self.writing.put(item, field.name, scalar)
    }
}

/// Finds a fact of a list as it stands.
fn fact<'h>(held: &'h MapValue, list: &List, id: ItemId) -> Option<&'h MapValue> {
    let Some(Held::List(facts)) = held.shown(FACTS_KEY) else {
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
