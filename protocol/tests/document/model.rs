//! A reference model: what a document must show, from the definition alone.
//!
//! It shares types with the protocol and no code: neither an op table, nor predecessors, nor
//! Automerge. A value shows when it counts and no later counting write at its cell covers it. It is
//! slow, and as plain as could be.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValue};
use protocol::document::{
    Alternative, AtomId, Body, Cell, DocumentEntry, Element, ListValue, MapValue, Run, TextValue,
    Value,
};
use protocol::id::EntryId;
use protocol::intent::{AtomRef, Content, EntryRef, Intent, Intents, ObjectType, Scalar};

/// What is written at a cell.
#[derive(Clone)]
enum Act {
    Value(Content),
    Delete,
    Increment(i64),
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Named(String),
    Element(AtomId),
}

struct Write {
    atom: AtomId,
    act: Act,
}

pub struct Model {
    pasts: BTreeMap<EntryId, BTreeSet<EntryId>>,
    starts: BTreeMap<EntryId, u64>,
    silent: BTreeSet<EntryId>,
    /// Increments looked at before, and whether they find a counter.
    counting: RefCell<BTreeMap<AtomId, bool>>,
    /// Writes by object and cell; the root is none.
    cells: BTreeMap<Option<AtomId>, BTreeMap<Key, Vec<Write>>>,
    /// Elements by object, with their anchors.
    elements: BTreeMap<AtomId, Vec<(AtomId, Option<AtomId>)>>,
}

impl Model {
    /// Makes the model of valid entries, in a topological order, of which some are excluded.
    pub fn new(entries: &[DocumentEntry], excluded: &BTreeSet<EntryId>) -> Self {
        let mut model = Self {
            pasts: BTreeMap::new(),
            starts: BTreeMap::new(),
            silent: excluded.clone(),
            counting: RefCell::default(),
            cells: BTreeMap::new(),
            elements: BTreeMap::new(),
        };
        let creating = entries[0].id;
        let mut ends: BTreeMap<EntryId, u64> = BTreeMap::new();
        for entry in entries {
            let mut past = BTreeSet::new();
            for dep in &entry.deps {
                past.insert(*dep);
                past.extend(model.pasts[dep].iter().copied());
            }
            let start = entry.deps.iter().map(|dep| ends[dep]).max().unwrap_or(1);
            ends.insert(entry.id, start + u64::from(entry.atoms));
            model.starts.insert(entry.id, start);
            model.pasts.insert(entry.id, past);
            if let Body::Intents(intents) = &entry.body {
                model.write(entry, intents, creating);
            }
        }
        model
    }

    fn write(&mut self, entry: &DocumentEntry, intents: &Intents, creating: EntryId) {
        let find = |reference: &AtomRef, offset: u32| AtomId {
            entry: match reference.entry {
                EntryRef::SELF => entry.id,
                EntryRef::DOCUMENT => creating,
                EntryRef(place) => {
                    let rest = place as usize - 2;
                    let far = rest.checked_sub(entry.deps.len());
                    far.map_or_else(|| entry.deps[rest], |far| intents.references[far])
                }
            },
            atom: reference.atom + offset,
        };
        let mut next = 0;
        for intent in &intents.intents {
            let atom = AtomId {
                entry: entry.id,
                atom: next,
            };
            next += intent.atoms() as u32;
            match intent {
                Intent::Put {
                    object,
                    key,
                    content,
                } => {
                    let object = object.as_ref().map(|object| find(object, 0));
                    let act = Act::Value(content.clone());
                    self.note(object, Key::Named(key.clone()), atom, act);
                }
                Intent::Delete { object, key } => {
                    let object = object.as_ref().map(|object| find(object, 0));
                    self.note(object, Key::Named(key.clone()), atom, Act::Delete);
                }
                Intent::Increment { object, key, by } => {
                    let object = object.as_ref().map(|object| find(object, 0));
                    self.note(object, Key::Named(key.clone()), atom, Act::Increment(*by));
                }
                Intent::Insert {
                    object,
                    after,
                    content,
                } => {
                    let after = after.as_ref().map(|after| find(after, 0));
                    self.insert(find(object, 0), after, atom, content.clone());
                }
                Intent::PutElement {
                    object,
                    element,
                    content,
                } => {
                    let key = Key::Element(find(element, 0));
                    let act = Act::Value(content.clone());
                    self.note(Some(find(object, 0)), key, atom, act);
                }
                Intent::IncrementElement {
                    object,
                    element,
                    by,
                } => {
                    let key = Key::Element(find(element, 0));
                    self.note(Some(find(object, 0)), key, atom, Act::Increment(*by));
                }
                Intent::DeleteRun {
                    object,
                    first,
                    count,
                } => {
                    for offset in 0..*count {
                        let key = Key::Element(find(first, offset));
                        let atom = AtomId {
                            atom: atom.atom + offset,
                            ..atom
                        };
                        self.note(Some(find(object, 0)), key, atom, Act::Delete);
                    }
                }
                Intent::Splice {
                    object,
                    after,
                    text,
                } => {
                    let mut after = after.as_ref().map(|after| find(after, 0));
                    for (character, number) in text.chars().zip(atom.atom..) {
                        let atom = AtomId {
                            atom: number,
                            ..atom
                        };
                        let content = Content::Scalar(Scalar::Text(character.to_string()));
                        self.insert(find(object, 0), after, atom, content);
                        after = Some(atom);
                    }
                }
            }
        }
    }

    fn insert(&mut self, object: AtomId, after: Option<AtomId>, atom: AtomId, content: Content) {
        self.elements.entry(object).or_default().push((atom, after));
        self.note(Some(object), Key::Element(atom), atom, Act::Value(content));
    }

    fn note(&mut self, object: Option<AtomId>, key: Key, atom: AtomId, act: Act) {
        let cells = self.cells.entry(object).or_default();
        cells.entry(key).or_default().push(Write { atom, act });
    }

    fn before(&self, one: AtomId, other: AtomId) -> bool {
        match one.entry == other.entry {
            true => one.atom < other.atom,
            false => self.pasts[&other.entry].contains(&one.entry),
        }
    }

    /// Tells whether an increment finds a counter.
    fn counts_up(&self, writes: &[Write], increment: AtomId) -> bool {
        let known = self.counting.borrow().get(&increment).copied();
        known.unwrap_or_else(|| {
            let found = self.showing(writes, Some(increment));
            let found = found.into_iter().any(is_counter);
            self.counting.borrow_mut().insert(increment, found);
            found
        })
    }

    /// Returns the values at a cell that show just before an atom, or at the end.
    fn showing<'a>(&self, writes: &'a [Write], before: Option<AtomId>) -> Vec<&'a Write> {
        let known = |write: &&Write| {
            !self.silent.contains(&write.atom.entry)
                && before.is_none_or(|atom| self.before(write.atom, atom))
        };
        let known: Vec<&Write> = writes.iter().filter(known).collect();
        let values = known.iter().copied();
        let values = values.filter(|write| matches!(write.act, Act::Value(_)));
        let shows = |value: &&Write| {
            let mut later = known
                .iter()
                .filter(|other| self.before(value.atom, other.atom));
            !later.any(|other| match other.act {
                Act::Value(_) | Act::Delete => true,
                Act::Increment(_) => !is_counter(value) && self.counts_up(writes, other.atom),
            })
        };
        values.filter(shows).collect()
    }

    /// Returns what the document shows.
    pub fn value(&self) -> MapValue {
        self.map(None)
    }

    fn map(&self, object: Option<AtomId>) -> MapValue {
        let mut value = MapValue::default();
        for (key, writes) in self.cells.get(&object).into_iter().flatten() {
            if let (Key::Named(key), Some(cell)) = (key, self.cell(writes)) {
                value.cells.insert(key.clone(), cell);
            }
        }
        value
    }

    fn cell(&self, writes: &[Write]) -> Option<Cell> {
        let mut showing = self.showing(writes, None);
        showing.sort_by_key(|write| std::cmp::Reverse(self.op(write.atom)));
        let mut alternatives = showing.into_iter().map(|write| Alternative {
            atom: write.atom,
            value: self.read(write, writes),
        });
        Some(Cell {
            shown: alternatives.next()?,
            others: alternatives.collect(),
        })
    }

    fn read(&self, write: &Write, writes: &[Write]) -> Value {
        let Act::Value(content) = &write.act else {
            panic!("only values show");
        };
        match content {
            Content::Object(ObjectType::Map) => Value::Map(self.map(Some(write.atom))),
            Content::Object(ObjectType::List) => Value::List(self.list(write.atom)),
            Content::Object(ObjectType::Text) => Value::Text(self.text(write.atom)),
            Content::Scalar(Scalar::Counter(start)) => {
                let mut sum = *start;
                for other in writes {
                    if let Act::Increment(by) = other.act
                        && !self.silent.contains(&other.atom.entry)
                        && self
                            .showing(writes, Some(other.atom))
                            .iter()
                            .any(|reached| reached.atom == write.atom)
                    {
                        sum += by;
                    }
                }
                Value::Scalar(Scalar::Counter(sum))
            }
            Content::Scalar(scalar) => Value::Scalar(scalar.clone()),
        }
    }

    fn list(&self, object: AtomId) -> ListValue {
        let mut value = ListValue::default();
        for id in self.order(object) {
            if let Some(cell) = self.cell(&self.cells[&Some(object)][&Key::Element(id)]) {
                value.elements.push(Element { id, cell });
            }
        }
        value
    }

    fn text(&self, object: AtomId) -> TextValue {
        let mut value = TextValue::default();
        for atom in self.order(object) {
            let cell = self.cell(&self.cells[&Some(object)][&Key::Element(atom)]);
            let Some(Value::Scalar(Scalar::Text(character))) = cell.map(|cell| cell.shown.value)
            else {
                continue;
            };
            value.text.push_str(&character);
            match value.runs.last_mut() {
                Some(run)
                    if run.first.entry == atom.entry && run.first.atom + run.count == atom.atom =>
                {
                    run.count += 1;
                }
                _ => value.runs.push(Run {
                    first: atom,
                    count: 1,
                }),
            }
        }
        value
    }

    /// Lists elements: each behind its anchor, of several the one with the later op first.
    fn order(&self, object: AtomId) -> Vec<AtomId> {
        let none = Vec::new();
        let elements = self.elements.get(&object).unwrap_or(&none);
        let mut behind: BTreeMap<Option<AtomId>, Vec<AtomId>> = BTreeMap::new();
        for (atom, after) in elements {
            behind.entry(*after).or_default().push(*atom);
        }
        for siblings in behind.values_mut() {
            siblings.sort_by_key(|atom| self.op(*atom));
        }
        let mut order = Vec::new();
        let mut open = behind.remove(&None).unwrap_or_default();
        while let Some(atom) = open.pop() {
            order.push(atom);
            open.append(&mut behind.remove(&Some(atom)).unwrap_or_default());
        }
        order
    }

    fn op(&self, atom: AtomId) -> (u64, EntryId) {
        (self.starts[&atom.entry] + u64::from(atom.atom), atom.entry)
    }
}

fn is_counter(write: &Write) -> bool {
    matches!(&write.act, Act::Value(Content::Scalar(Scalar::Counter(_))))
}

/// Writes a value without names, to compare documents whose ops carry other actors.
pub fn plain(value: &MapValue) -> String {
    let mut text = String::from("{");
    for (key, cell) in &value.cells {
        text += &format!("{key}: {}; ", plain_cell(cell));
    }
    text + "}"
}

fn plain_cell(cell: &Cell) -> String {
    let values = cell
        .alternatives()
        .map(|alternative| match &alternative.value {
            Value::Scalar(scalar) => format!("{scalar:?}"),
            Value::Map(map) => plain(map),
            Value::List(list) => {
                let cells = list
                    .elements
                    .iter()
                    .map(|element| plain_cell(&element.cell));
                format!("[{}]", cells.collect::<Vec<_>>().join(", "))
            }
            Value::Text(text) => format!("<{}>", text.text),
        });
    let mut values: Vec<String> = values.collect();
    // Which of several is shown first is for the actors to say.
    values.sort();
    values.join(" | ")
}

/// Writes what Automerge reads in the same way.
pub fn plain_automerge(document: &Automerge) -> String {
    plain_object(document, &ROOT, ObjType::Map)
}

fn plain_object(document: &Automerge, object: &ObjId, kind: ObjType) -> String {
    let cell = |values: Vec<(automerge::Value<'_>, ObjId)>| {
        let values = values.into_iter().map(|(value, id)| match value {
            automerge::Value::Object(kind) => plain_object(document, &id, kind),
            automerge::Value::Scalar(scalar) => {
                let scalar = match scalar.as_ref() {
                    ScalarValue::Null => Scalar::Null,
                    ScalarValue::Boolean(value) => Scalar::Bool(*value),
                    ScalarValue::Int(value) => Scalar::Int(*value),
                    ScalarValue::Str(text) => Scalar::Text(text.to_string()),
                    ScalarValue::Bytes(bytes) => Scalar::Bytes(bytes.clone()),
                    ScalarValue::Counter(value) => Scalar::Counter(i64::from(value)),
                    other => panic!("intents cannot make {other:?}"),
                };
                format!("{scalar:?}")
            }
        });
        let mut values: Vec<String> = values.collect();
        values.sort();
        values.join(" | ")
    };
    match kind {
        ObjType::Text => format!("<{}>", document.text(object).unwrap()),
        ObjType::List => {
            let indexes = 0..document.length(object);
            let cells = indexes.map(|index| cell(document.get_all(object, index).unwrap()));
            format!("[{}]", cells.collect::<Vec<_>>().join(", "))
        }
        _ => {
            let mut text = String::from("{");
            for key in document.keys(object) {
                let values = document.get_all(object, key.as_str()).unwrap();
                text += &format!("{key}: {}; ", cell(values));
            }
            text + "}"
        }
    }
}
