//! Honest histories, made by Automerge's own transactions, and the entries that say the same.

use std::collections::{BTreeMap, BTreeSet};

use automerge::legacy;
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{
    ActorId, Automerge, Change, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, TextEncoding, Value,
};
use protocol::document::{Body, DocumentEntry};
use protocol::id::{DeviceId, EntryId};
use protocol::intent::{AtomRef, Content, EntryRef, Intent, Intents, ObjectType, Scalar};

use crate::random::Random;

const PIECES: [&str; 10] = [
    "a",
    "水",
    "停电",
    "é",
    "e\u{301}",
    "👨\u{200d}👩\u{200d}👧",
    "🇨🇳",
    "x1",
    "。",
    "\u{fffc}",
];

pub fn device(number: usize) -> DeviceId {
    DeviceId(*blake3::hash(&number.to_le_bytes()).as_bytes())
}

/// Returns the changes of a history by several devices, in one topological order.
pub fn honest_changes(seed: u64, devices: usize, changes: usize) -> Vec<Change> {
    let mut random = Random::new(seed);
    let mut base = Automerge::new_with_encoding(TextEncoding::UnicodeCodePoint)
        .with_actor(ActorId::from(device(0).0));
    let mut first = base.transaction();
    first.put(ROOT, "title", "t").unwrap();
    first.put(ROOT, "c0", ScalarValue::counter(0)).unwrap();
    first.put_object(ROOT, "list", ObjType::List).unwrap();
    let text = first.put_object(ROOT, "text", ObjType::Text).unwrap();
    first.splice_text(&text, 0, 0, "停电通知").unwrap();
    first.commit_with(CommitOptions::default().with_time(1));
    let mut replicas: Vec<Automerge> = (0..devices)
        .map(|number| base.clone().with_actor(ActorId::from(device(number).0)))
        .collect();
    let mut made = 1;
    let mut unique = 0;
    while made < changes {
        let writer = random.below(devices);
        if random.once_in(2) {
            let other = random.below(devices);
            if other != writer {
                let mut other = replicas[other].clone();
                replicas[writer].merge(&mut other).unwrap();
            }
        }
        let mut edits = Edits::new(&mut replicas[writer], &mut random, &mut unique);
        edits.make();
        if edits.commit(made) {
            made += 1;
        }
    }
    let mut all = replicas.remove(0);
    for mut other in replicas {
        all.merge(&mut other).unwrap();
    }
    all.get_changes(&[])
}

/// The edits of one transaction. Each cell is put to or deleted once at most, as our entries do.
struct Edits<'a> {
    transaction: automerge::transaction::Transaction<'a>,
    objects: Vec<(ObjId, ObjType)>,
    written: BTreeSet<(ObjId, String)>,
    random: &'a mut Random,
    unique: &'a mut i64,
}

impl<'a> Edits<'a> {
    fn new(replica: &'a mut Automerge, random: &'a mut Random, unique: &'a mut i64) -> Self {
        Self {
            objects: objects(replica),
            transaction: replica.transaction(),
            written: BTreeSet::new(),
            random,
            unique,
        }
    }

    fn make(&mut self) {
        for _ in 0..1 + self.random.below(4) {
            let (object, kind) = self.random.pick(&self.objects).clone();
            *self.unique += 1;
            // What cannot be done here (an increment of no counter, say) is left undone.
            match kind {
                ObjType::Text => self.edit_text(&object),
                ObjType::List => self.edit_list(&object),
                _ => self.edit_map(&object),
            }
        }
    }

    fn commit(self, time: usize) -> bool {
        let options = CommitOptions::default().with_time(time as i64);
        self.transaction.commit_with(options).0.is_some()
    }

    fn once(&mut self, object: &ObjId, key: &str) -> bool {
        self.written.insert((object.clone(), key.to_owned()))
    }

    fn kind(&mut self) -> ObjType {
        *self
            .random
            .pick(&[ObjType::Map, ObjType::List, ObjType::Text])
    }

    fn edit_text(&mut self, object: &ObjId) {
        let length = self.transaction.length(object);
        let at = self.random.below(length + 1);
        let most = (length - at).min(4);
        let delete = if self.random.once_in(3) {
            self.random.below(most + 1)
        } else {
            0
        };
        let pieces = self.random.below(4);
        let text: String = (0..pieces).map(|_| *self.random.pick(&PIECES)).collect();
        let delete = delete as isize;
        self.transaction
            .splice_text(object, at, delete, &text)
            .unwrap();
    }

    fn edit_list(&mut self, object: &ObjId) {
        let length = self.transaction.length(object);
        let at = self.random.below(length + 1);
        let value = *self.unique;
        let done = match self.random.below(8) {
            0 if self.objects.len() < 30 => {
                let kind = self.kind();
                self.transaction.insert_object(object, at, kind).is_ok()
            }
            1 => {
                let counter = ScalarValue::counter(value);
                self.transaction.insert(object, at, counter).is_ok()
            }
            2 | 3 if at < length => self
                .transaction
                .increment(object, at, value % 9 + 1)
                .is_ok(),
            // Positions move, so one write of an old element a transaction.
            4 if at < length && self.once(object, "") => {
                self.transaction.delete(object, at).is_ok()
            }
            5 if at < length && self.once(object, "") => {
                self.transaction.put(object, at, value).is_ok()
            }
            6 if at < length && self.objects.len() < 30 && self.once(object, "") => {
                let kind = self.kind();
                self.transaction.put_object(object, at, kind).is_ok()
            }
            _ => self.transaction.insert(object, at, value).is_ok(),
        };
        let _ = done;
    }

    fn edit_map(&mut self, object: &ObjId) {
        let value = *self.unique;
        let key = *self.random.pick(&["title", "c0", "c1", "k", "m"]);
        let done = match self.random.below(8) {
            0..=2 => {
                let key = *self.random.pick(&["c0", "c1"]);
                self.transaction
                    .increment(object, key, value % 9 - 4)
                    .is_ok()
            }
            _ if !self.once(object, key) => false,
            3 => self.transaction.delete(object, key).is_ok(),
            4 => {
                let counter = ScalarValue::counter(value);
                self.transaction.put(object, key, counter).is_ok()
            }
            5 if self.objects.len() < 30 => {
                let kind = self.kind();
                self.transaction.put_object(object, key, kind).is_ok()
            }
            _ => {
                let text = format!("v{value}");
                self.transaction.put(object, key, text).is_ok()
            }
        };
        let _ = done;
    }
}

/// Returns every object that a document shows, conflicting ones included.
fn objects(document: &Automerge) -> Vec<(ObjId, ObjType)> {
    let mut found = vec![(ROOT, ObjType::Map)];
    let mut next = 0;
    while let Some((object, kind)) = found.get(next).cloned() {
        next += 1;
        let values: Vec<(Value<'_>, ObjId)> = match kind {
            ObjType::Map => document
                .keys(&object)
                .flat_map(|key| document.get_all(&object, key).unwrap())
                .collect(),
            ObjType::List => (0..document.length(&object))
                .flat_map(|index| document.get_all(&object, index).unwrap())
                .collect(),
            _ => Vec::new(),
        };
        for (value, id) in values {
            if let Value::Object(kind) = value {
                found.push((id, kind));
            }
        }
    }
    found
}

/// Translates changes into entries: actor, seq, op counters and predecessors are dropped, text and
/// deletes packed into runs. An entry is named by its change's hash.
pub fn entries(changes: &[Change]) -> Vec<DocumentEntry> {
    let mut translation = Translation::default();
    changes
        .iter()
        .map(|change| translation.entry(change))
        .collect()
}

#[derive(Default)]
struct Translation {
    /// First and last op counter and entry, by actor.
    spans: BTreeMap<ActorId, Vec<(u64, u64, EntryId)>>,
    texts: BTreeSet<(u64, ActorId)>,
    previous: BTreeMap<ActorId, EntryId>,
    creating: Option<EntryId>,
}

impl Translation {
    fn entry(&mut self, change: &Change) -> DocumentEntry {
        let id = EntryId(change.hash().0);
        let start = change.start_op().get();
        let end = start + change.len() as u64;
        let actor = change.actor_id().clone();
        self.creating.get_or_insert(id);
        let spans = self.spans.entry(actor.clone()).or_default();
        spans.push((start, end, id));
        let expanded = change.decode();
        for (counter, op) in (start..).zip(&expanded.operations) {
            if op.action == legacy::OpType::Make(ObjType::Text) {
                self.texts.insert((counter, actor.clone()));
            }
        }
        let mut deps: Vec<EntryId> = change.deps().iter().map(|hash| EntryId(hash.0)).collect();
        deps.sort();
        let mut references = Vec::new();
        let mut intents: Vec<Intent> = Vec::new();
        let mut typed: Option<AtomRef> = None;
        for (atom, op) in (0u32..).zip(&expanded.operations) {
            let mut refer = |op: &legacy::OpId| self.refer(id, &deps, &mut references, op);
            let intent = intent(op, &self.texts, &mut refer);
            typed = push(&mut intents, intent, atom, typed);
        }
        DocumentEntry {
            id,
            device: DeviceId(actor.to_bytes().try_into().expect("actors are device keys")),
            previous: self.previous.insert(actor, id),
            deps,
            time_ms: change.timestamp() * 1_000 + 7,
            atoms: change.len() as u32,
            bytes: 300,
            body: Body::Intents(Intents {
                references,
                intents,
            }),
        }
    }

    fn refer(
        &self,
        own: EntryId,
        deps: &[EntryId],
        references: &mut Vec<EntryId>,
        op: &legacy::OpId,
    ) -> AtomRef {
        let mut spans = self.spans[op.actor()].iter();
        let within = |span: &&(u64, u64, EntryId)| span.0 <= op.counter() && op.counter() < span.1;
        let (start, _, entry) = *spans.find(within).expect("ops belong to changes");
        let place = if entry == own {
            0
        } else if Some(entry) == self.creating {
            1
        } else if let Some(dep) = deps.iter().position(|dep| *dep == entry) {
            2 + dep
        } else {
            let known = references.iter().position(|reference| *reference == entry);
            2 + deps.len()
                + known.unwrap_or_else(|| {
                    references.push(entry);
                    references.len() - 1
                })
        };
        AtomRef {
            entry: EntryRef(place as u32),
            atom: (op.counter() - start) as u32,
        }
    }
}

/// Adds an intent, or lengthens the run that it continues. Returns the last character typed.
fn push(
    intents: &mut Vec<Intent>,
    intent: Intent,
    atom: u32,
    typed: Option<AtomRef>,
) -> Option<AtomRef> {
    let own = Some(AtomRef {
        entry: EntryRef::SELF,
        atom,
    });
    match (intents.last_mut(), &intent) {
        (
            Some(Intent::Splice { object, text, .. }),
            Intent::Splice {
                object: same,
                after,
                text: more,
            },
        ) if object == same && after.is_some() && *after == typed => {
            text.push_str(more);
            own
        }
        (
            Some(Intent::DeleteRun {
                object,
                first,
                count,
            }),
            Intent::DeleteRun {
                object: same,
                first: next,
                ..
            },
        ) if object == same && first.entry == next.entry && first.atom + *count == next.atom => {
            *count += 1;
            None
        }
        _ => {
            let splice = matches!(intent, Intent::Splice { .. });
            intents.push(intent);
            own.filter(|_| splice)
        }
    }
}

fn intent(
    op: &legacy::Op,
    texts: &BTreeSet<(u64, ActorId)>,
    refer: &mut dyn FnMut(&legacy::OpId) -> AtomRef,
) -> Intent {
    let in_text = match &op.obj {
        legacy::ObjectId::Root => false,
        legacy::ObjectId::Id(id) => texts.contains(&(id.counter(), id.actor().clone())),
    };
    let object = match &op.obj {
        legacy::ObjectId::Root => None,
        legacy::ObjectId::Id(id) => Some(refer(id)),
    };
    let key = match &op.key {
        legacy::Key::Map(key) => key.to_string(),
        legacy::Key::Seq(_) => String::new(),
    };
    let seat = match &op.key {
        legacy::Key::Seq(legacy::ElementId::Id(id)) => Some(refer(id)),
        _ => None,
    };
    let element = || seat.expect("an op at an element names it");
    match (object, &op.key, &op.action) {
        (object, legacy::Key::Map(_), legacy::OpType::Delete) => Intent::Delete { object, key },
        (object, legacy::Key::Map(_), legacy::OpType::Increment(by)) => Intent::Increment {
            object,
            key,
            by: *by,
        },
        (object, legacy::Key::Map(_), action) => {
            let content = content(action);
            Intent::Put {
                object,
                key,
                content,
            }
        }
        (Some(object), _, action) if op.insert && in_text => match content(action) {
            Content::Scalar(Scalar::Text(text)) => Intent::Splice {
                object,
                after: seat,
                text,
            },
            other => panic!("a text holds {other:?}"),
        },
        (Some(object), _, action) if op.insert => {
            let content = content(action);
            Intent::Insert {
                object,
                after: seat,
                content,
            }
        }
        (Some(object), _, legacy::OpType::Delete) => Intent::DeleteRun {
            object,
            first: element(),
            count: 1,
        },
        (Some(object), _, legacy::OpType::Increment(by)) => Intent::IncrementElement {
            object,
            element: element(),
            by: *by,
        },
        (Some(object), _, action) => Intent::PutElement {
            object,
            element: element(),
            content: content(action),
        },
        (None, _, _) => panic!("the root is a map"),
    }
}

fn content(action: &legacy::OpType) -> Content {
    let scalar = match action {
        legacy::OpType::Make(kind) => {
            return Content::Object(match kind {
                ObjType::List => ObjectType::List,
                ObjType::Text => ObjectType::Text,
                _ => ObjectType::Map,
            });
        }
        legacy::OpType::Put(ScalarValue::Str(text)) => Scalar::Text(text.to_string()),
        legacy::OpType::Put(ScalarValue::Int(value)) => Scalar::Int(*value),
        legacy::OpType::Put(ScalarValue::Counter(value)) => Scalar::Counter(i64::from(value)),
        legacy::OpType::Put(ScalarValue::Boolean(value)) => Scalar::Bool(*value),
        legacy::OpType::Put(ScalarValue::Null) => Scalar::Null,
        other => panic!("the histories do not hold {other:?}"),
    };
    Content::Scalar(scalar)
}

/// Returns the entries in a random topological order: at random, chain by chain, or nearly as they
/// were made.
pub fn shuffled(entries: &[DocumentEntry], random: &mut Random) -> Vec<DocumentEntry> {
    let mut left: Vec<&DocumentEntry> = entries.iter().collect();
    let mut held = BTreeSet::new();
    let mut order = Vec::new();
    let manner = random.below(3);
    while !left.is_empty() {
        let ready: Vec<usize> = (0..left.len())
            .filter(|index| left[*index].deps.iter().all(|dep| held.contains(dep)))
            .collect();
        let next = match manner {
            0 => *random.pick(&ready),
            1 => ready[ready.len() - 1],
            _ => ready[random.below(1 + ready.len() / 2)],
        };
        let entry = left.remove(next);
        held.insert(entry.id);
        order.push(entry.clone());
    }
    order
}
