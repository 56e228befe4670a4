//! What Automerge reads from a document, in our own words.

use std::collections::BTreeMap;

use automerge::{ActorId, Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValue};
use protocol::document::{
    Alternative, AtomId, Cell, Document, Element, ListValue, MapValue, Run, TextValue, Value,
};
use protocol::id::EntryId;
use protocol::intent::Scalar;

/// Reads a document through Automerge, with the entries of its values, for documents with
/// production's actors.
pub fn read(document: &Document) -> MapValue {
    read_automerge(&document.to_automerge(), document)
}

/// Reads another Automerge document of the same changes.
pub fn read_automerge(automerge: &Automerge, document: &Document) -> MapValue {
    let changes = document.changes();
    let starts = changes
        .iter()
        .map(|change| (change.actor_id().clone(), change.start_op().get()));
    Mirror {
        automerge,
        starts: starts.collect(),
    }
    .map(&ROOT)
}

/// Names list elements by the value shown there, as [`read`] does: Automerge does not tell which op
/// inserted an element that was overwritten.
pub fn named_by_values(mut value: MapValue) -> MapValue {
    fn cells(these: &mut dyn Iterator<Item = &mut Cell>) {
        for cell in these {
            let alternatives = std::iter::once(&mut cell.shown).chain(&mut cell.others);
            for alternative in alternatives {
                match &mut alternative.value {
                    Value::Map(map) => cells(&mut map.cells.values_mut()),
                    Value::List(list) => {
                        for element in &mut list.elements {
                            element.id = element.cell.shown.atom;
                        }
                        cells(&mut list.elements.iter_mut().map(|element| &mut element.cell));
                    }
                    Value::Text(_) | Value::Scalar(_) => {}
                }
            }
        }
    }
    cells(&mut value.cells.values_mut());
    value
}

struct Mirror<'a> {
    automerge: &'a Automerge,
    starts: BTreeMap<ActorId, u64>,
}

impl Mirror<'_> {
    fn map(&self, object: &ObjId) -> MapValue {
        let keys = self.automerge.keys(object);
        let cells = keys.map(|key| {
            let values = self.automerge.get_all(object, key.as_str()).unwrap();
            (key, self.cell(values))
        });
        MapValue {
            cells: cells.collect(),
        }
    }

    fn list(&self, object: &ObjId) -> ListValue {
        let elements = (0..self.automerge.length(object)).map(|index| {
            let cell = self.cell(self.automerge.get_all(object, index).unwrap());
            Element {
                id: cell.shown.atom,
                cell,
            }
        });
        ListValue {
            elements: elements.collect(),
        }
    }

    fn text(&self, object: &ObjId) -> TextValue {
        let mut value = TextValue {
            text: self.automerge.text(object).unwrap(),
            runs: Vec::new(),
        };
        for index in 0..self.automerge.length(object) {
            let atom = self.character(object, index);
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

    /// Finds the op that inserted a character, which a cursor names.
    fn character(&self, object: &ObjId, index: usize) -> AtomId {
        let cursor = self.automerge.get_cursor(object, index, None).unwrap();
        let text = cursor.to_string();
        let (counter, actor) = text.split_once('@').expect("a cursor is an op");
        let digits = |character: &char| character.is_ascii_digit();
        let counter: String = counter.chars().filter(digits).collect();
        let actor = ActorId::try_from(actor).expect("a cursor names an actor");
        self.atom(counter.parse().unwrap(), &actor)
    }

    fn atom(&self, counter: u64, actor: &ActorId) -> AtomId {
        AtomId {
            entry: EntryId(actor.to_bytes().try_into().expect("actors are entries")),
            atom: (counter - self.starts[actor]) as u32,
        }
    }

    fn cell(&self, values: Vec<(automerge::Value<'_>, ObjId)>) -> Cell {
        let mut alternatives = values.into_iter().rev().map(|(value, id)| {
            let ObjId::Id(counter, actor, _) = &id else {
                panic!("the root is no value");
            };
            Alternative {
                atom: self.atom(*counter, actor),
                value: self.value(&value, &id),
            }
        });
        Cell {
            shown: alternatives
                .next()
                .expect("keys and elements hold something"),
            others: alternatives.collect(),
        }
    }

    fn value(&self, value: &automerge::Value<'_>, id: &ObjId) -> Value {
        let scalar = match value {
            automerge::Value::Object(ObjType::List) => return Value::List(self.list(id)),
            automerge::Value::Object(ObjType::Text) => return Value::Text(self.text(id)),
            automerge::Value::Object(_) => return Value::Map(self.map(id)),
            automerge::Value::Scalar(scalar) => scalar.as_ref(),
        };
        Value::Scalar(match scalar {
            ScalarValue::Null => Scalar::Null,
            ScalarValue::Boolean(value) => Scalar::Bool(*value),
            ScalarValue::Int(value) => Scalar::Int(*value),
            ScalarValue::Str(text) => Scalar::Text(text.to_string()),
            ScalarValue::Bytes(bytes) => Scalar::Bytes(bytes.clone()),
            ScalarValue::Counter(value) => Scalar::Counter(i64::from(value)),
            other => panic!("intents cannot make {other:?}"),
        })
    }
}
