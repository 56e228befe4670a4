//! Facts: what a document says, read through its kind's table, values of another shape left out.
//!
//! It is what states and projections are computed from. It deliberately holds no clock and no
//! names of members.

use crate::document::{AtomId, Cell, Document, MapValue, Value};
use crate::id::{EntryId, MemberId};
use crate::intent::Scalar;

use super::field::{Constant, FACTS_KEY, Field, ITEM_KEY, List, Presence};
use super::{ItemId, Kind};

/// What a document says.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The member that created the document.
    pub creator: MemberId,
    /// Claimed time of the creation, milliseconds since 1970.
    pub created_ms: i64,
    fields: &'static [Field],
    slots: Vec<Slot<'a>>,
    items: Vec<Item<'a>>,
    document: &'a Document,
}

/// A field that holds something.
#[derive(Clone, Copy, Debug)]
pub struct Slot<'a> {
    /// The field.
    pub field: &'static Field,
    cell: &'a Cell,
}

/// A fact: an element of one of the kind's lists.
#[derive(Debug)]
pub struct Item<'a> {
    /// Its name.
    pub id: ItemId,
    /// The list it belongs to.
    pub list: &'static List,
    /// The member it belongs to.
    pub by: MemberId,
    /// Claimed time, milliseconds since 1970.
    pub time_ms: i64,
    slots: Vec<Slot<'a>>,
}

/// Who wrote an entry, and when by its own account.
pub type Written = (MemberId, i64);

impl<'a> Facts<'a> {
    /// Reads a document, of which `value` is what it says. `written` tells who wrote an entry; facts
    /// of which it does not know are left out.
    pub fn gather(
        kind: &'static Kind,
        created: Written,
        (document, value): (&'a Document, &'a MapValue),
        written: impl Fn(EntryId) -> Option<Written>,
    ) -> Self {
        let mut items = Vec::new();
        if !kind.lists.is_empty()
            && let Some(Value::List(list)) = value.shown(FACTS_KEY)
        {
            let facts = list.elements.iter();
            items.extend(facts.filter_map(|fact| {
                let Value::Map(map) = &fact.cell.shown.value else {
                    return None;
                };
                item(kind, fact.id, map, &written)
            }));
        }
        // Where in the list a fact stands was for its author to choose.
        items.sort_by(|one: &Item<'_>, other| document.order_of_atoms(one.id.0, other.id.0));
        Self {
            creator: created.0,
            created_ms: created.1,
            fields: kind.fields,
            slots: slots(kind.fields, value),
            items,
            document,
        }
    }

    /// Tells whether whoever wrote one fact had seen another. Of facts apart, neither has.
    pub fn had_seen(&self, one: ItemId, other: ItemId) -> bool {
        let (one, other) = (one.0.entry, other.0.entry);
        one == other || self.document.precedes(&other, &one)
    }

    /// Returns the fields that hold something, in the table's order.
    pub fn slots(&self) -> &[Slot<'a>] {
        &self.slots
    }

    /// Returns all facts, causes before effects.
    pub fn items(&self) -> &[Item<'a>] {
        &self.items
    }

    /// Returns the facts of one list.
    pub fn list<'s>(&'s self, name: &'s str) -> impl DoubleEndedIterator<Item = &'s Item<'a>> {
        self.items.iter().filter(move |item| item.list.name == name)
    }

    /// Returns the scalar shown in a field.
    pub fn scalar(&self, name: &str) -> Option<&'a Scalar> {
        scalar(&self.slots, name)
    }

    /// Returns the text or word of a field, or what stands where it was left out.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        match (self.scalar(name), constant(self.fields, name)) {
            (Some(Scalar::Text(text)), _) => Some(text),
            (None, Some(Constant::Word(word))) => Some(word),
            _ => None,
        }
    }

    /// Returns the number or time of a field, or what stands where it was left out.
    pub fn number(&self, name: &str) -> Option<i64> {
        match (self.scalar(name), constant(self.fields, name)) {
            (Some(Scalar::Int(number)), _) => Some(*number),
            (None, Some(Constant::Number(number))) => Some(number),
            _ => None,
        }
    }

    /// Tells whether a field says yes.
    pub fn flag(&self, name: &str) -> bool {
        match self.scalar(name) {
            Some(scalar) => *scalar == Scalar::Bool(true),
            None => constant(self.fields, name) == Some(Constant::Flag(true)),
        }
    }
}

impl<'a> Item<'a> {
    /// Returns the fields that hold something, in the table's order.
    pub fn slots(&self) -> &[Slot<'a>] {
        &self.slots
    }

    /// Returns the scalar shown in a field.
    pub fn scalar(&self, name: &str) -> Option<&'a Scalar> {
        scalar(&self.slots, name)
    }

    /// Returns the text or word of a field.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        match self.scalar(name)? {
            Scalar::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the fact that a field names.
    pub fn item(&self, name: &str) -> Option<ItemId> {
        match self.scalar(name)? {
            Scalar::Bytes(bytes) => ItemId::from_bytes(bytes),
            _ => None,
        }
    }
}

impl<'a> Slot<'a> {
    /// Returns every scalar that stands in the field, the shown one first.
    pub fn scalars(&self) -> impl Iterator<Item = &'a Scalar> + use<'a> {
        let field = self.field;
        let values = self
            .cell
            .alternatives()
            .map(|alternative| &alternative.value);
        values.filter_map(move |value| match value {
            Value::Scalar(scalar) if field.check(scalar).is_ok() => Some(scalar),
            _ => None,
        })
    }

    /// Returns the collaborative text that stands in the field, and the atom that made it.
    pub fn markdown(&self) -> Option<(AtomId, &'a str)> {
        match (&self.cell.shown.value, self.field.shape) {
            (Value::Text(text), super::Shape::Markdown) => {
                Some((self.cell.shown.atom, text.text.as_str()))
            }
            _ => None,
        }
    }

    /// Tells whether several values stand in the field.
    pub fn is_contested(&self) -> bool {
        self.scalars().nth(1).is_some()
    }

    fn holds_something(&self) -> bool {
        self.scalars().next().is_some() || self.markdown().is_some()
    }
}

fn item<'a>(
    kind: &'static Kind,
    id: AtomId,
    map: &'a MapValue,
    written: &impl Fn(EntryId) -> Option<Written>,
) -> Option<Item<'a>> {
    let Some(Value::Scalar(Scalar::Text(name))) = map.shown(ITEM_KEY) else {
        return None;
    };
    let list = kind.list_of_item(name)?;
    let (by, time_ms) = written(id.entry)?;
    let slots = slots(list.fields, map);
    let complete = list.fields.iter().all(|field| {
        field.presence != Presence::Required
            || slots.iter().any(|slot| slot.field.name == field.name)
    });
    complete.then_some(Item {
        id: ItemId(id),
        list,
        by,
        time_ms,
        slots,
    })
}

fn slots<'a>(fields: &'static [Field], map: &'a MapValue) -> Vec<Slot<'a>> {
    let mut slots = Vec::with_capacity(fields.len().min(map.cells.len()));
    for field in fields {
        let slot = map.cells.get(field.name).map(|cell| Slot { field, cell });
        slots.extend(slot.filter(Slot::holds_something));
    }
    slots
}

fn scalar<'a>(slots: &[Slot<'a>], name: &str) -> Option<&'a Scalar> {
    let slot = slots.iter().find(|slot| slot.field.name == name)?;
    slot.scalars().next()
}

fn constant(fields: &[Field], name: &str) -> Option<Constant> {
    let field = fields.iter().find(|field| field.name == name)?;
    match field.presence {
        Presence::Otherwise(constant) => Some(constant),
        _ => None,
    }
}
