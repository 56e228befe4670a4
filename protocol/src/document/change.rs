//! Changes: the document as Automerge's own changes, for export and for comparison (rules R4 and
//! R10).
//!
//! Every entry becomes one change, with predecessors from the op table. What an excluded entry
//! wrote is hidden by deletes in a second, synthetic change. Atoms that do nothing become puts of
//! null at a reserved key of the root, hidden in the same way: a delete without predecessors, the
//! obvious form, makes documents that Automerge saves but cannot load. Automerge is never asked
//! anything on the way, and no bytes from another machine reach its decoder.

use std::num::NonZeroU64;

use automerge::legacy;
use automerge::{ActorId, Automerge, Change, ChangeHash, ObjType, ScalarValue, TextEncoding};

use crate::intent::{Content, Intent, ObjectType, Scalar};
use crate::key;

use super::Document;
use super::atom::{ObjectNumber, Spot};
use super::contents::{Contents, Effect, Target};

/// The root key of atoms that do nothing. Intents cannot name it, and nothing ever shows there.
const VOID_KEY: &str = "\0";

impl Document {
    /// Derives the document's changes, deps before those that name them.
    pub fn changes(&self) -> Vec<Change> {
        let mut derivation = Derivation {
            document: self,
            actors: self
                .facts
                .iter()
                .map(|facts| ActorId::from(facts.actor))
                .collect(),
            hashes: vec![None; self.facts.len()],
            changes: Vec::with_capacity(self.facts.len()),
        };
        for (entry, _) in (0u32..).zip(self.kept()).filter(|(_, kept)| *kept) {
            derivation.derive(entry);
        }
        derivation.changes
    }

    /// Builds the Automerge document, in one batch.
    ///
    /// # Panics
    ///
    /// With [`super::ActorMode::Device`] and a forked log, which production does not have.
    pub fn to_automerge(&self) -> Automerge {
        let mut automerge = Automerge::new_with_encoding(TextEncoding::UnicodeCodePoint);
        automerge
            .apply_changes(self.changes())
            .expect("derived changes apply: tests hold them against hostile entries");
        automerge
    }

    /// Returns the document in Automerge's own file format.
    ///
    /// The bytes depend on the order of arrival: never hash or compare them.
    pub fn save(&self) -> Vec<u8> {
        self.to_automerge().save()
    }

    /// Returns the hashes of the newest changes, ascending: equal on replicas that hold the same
    /// entries and let the same ones count.
    pub fn change_heads(&self) -> Vec<ChangeHash> {
        let mut heads = self.to_automerge().get_heads();
        heads.sort();
        heads
    }
}

struct Derivation<'a> {
    document: &'a Document,
    actors: Vec<ActorId>,
    hashes: Vec<Option<ChangeHash>>,
    changes: Vec<Change>,
}

impl Derivation<'_> {
    fn derive(&mut self, entry: u32) {
        let node = self.document.graph.node(entry);
        let facts = &self.document.facts[entry as usize];
        let contents = &self.document.table.contents[entry as usize];
        let ops = match contents.effect {
            Effect::Counts | Effect::Excluded => self.ops(entry, contents),
            Effect::Void | Effect::Unread => (0..node.atoms).map(|_| void()).collect(),
        };
        let hidden = self.hidden(entry, contents, &ops);
        let deps = node.deps.iter().map(|dep| {
            self.hashes[*dep as usize].expect("deps are kept and derived before what names them")
        });
        // Automerge counts seconds.
        let time = facts.time_ms.div_euclid(1000);
        let change = change(legacy::Change {
            operations: ops,
            actor_id: self.actors[entry as usize].clone(),
            hash: None,
            seq: facts.seq,
            start_op: op_counter(node.start),
            time,
            message: None,
            deps: sorted(deps.collect()),
            extra_bytes: Vec::new(),
            author: None,
        });
        let hash = change.hash();
        self.hashes[entry as usize] = Some(hash);
        self.changes.push(change);
        if !hidden.is_empty() {
            self.changes.push(self::change(legacy::Change {
                operations: hidden,
                actor_id: hiding_actor(&node.id.0),
                hash: None,
                seq: 1,
                start_op: op_counter(node.end()),
                time,
                message: None,
                deps: vec![hash],
                extra_bytes: Vec::new(),
                author: None,
            }));
        }
    }

    fn ops(&self, entry: u32, contents: &Contents) -> Vec<legacy::Op> {
        let mut ops = Vec::new();
        for (intent, step) in contents.said.iter() {
            let object = self.object(step.object);
            for offset in 0..step.atoms {
                let atom = step.first_atom + offset;
                let predecessors = contents.predecessors_of(atom);
                let pred: legacy::SortedVec<_> =
                    predecessors.map(|spot| self.op_id(spot)).collect();
                let action = action(intent, step.characters.get(offset as usize));
                let idle = matches!(
                    action,
                    legacy::OpType::Delete | legacy::OpType::Increment(_)
                );
                if idle && pred.is_empty() {
                    ops.push(void());
                    continue;
                }
                ops.push(legacy::Op {
                    action,
                    obj: object.clone(),
                    key: self.key(entry, atom, intent, step.target, offset),
                    pred,
                    insert: matches!(step.target, Target::After(_)),
                });
            }
        }
        ops
    }

    fn key(
        &self,
        entry: u32,
        atom: u32,
        intent: &Intent,
        target: Target,
        offset: u32,
    ) -> legacy::Key {
        match (intent, target) {
            (
                Intent::Put { key, .. }
                | Intent::Delete { key, .. }
                | Intent::Increment { key, .. },
                _,
            ) => legacy::Key::Map(key.as_str().into()),
            (_, Target::After(_)) if offset > 0 => self.element(Spot {
                entry,
                atom: atom - 1,
            }),
            (_, Target::After(Some(after))) => self.element(after),
            (_, Target::After(None)) => legacy::Key::head(),
            (_, Target::Element(first)) => self.element(Spot {
                entry: first.entry,
                atom: first.atom + offset,
            }),
            (_, Target::Key) => unreachable!("only intents that name a key go to one"),
        }
    }

    /// Returns the deletes that hide what an entry must not show.
    fn hidden(&self, entry: u32, contents: &Contents, ops: &[legacy::Op]) -> Vec<legacy::Op> {
        let mut hidden = Vec::new();
        let mut voids = Vec::new();
        for (atom, op) in (0u32..).zip(ops) {
            let id = self.op_id(Spot { entry, atom });
            if is_void(op) {
                voids.push(id);
            } else if contents.effect == Effect::Excluded {
                let key = match op.insert {
                    true => legacy::Key::Seq(legacy::ElementId::Id(id.clone())),
                    false => op.key.clone(),
                };
                hidden.push(delete(op.obj.clone(), key, vec![id]));
            }
        }
        if !voids.is_empty() {
            let key = legacy::Key::Map(VOID_KEY.into());
            hidden.push(delete(legacy::ObjectId::Root, key, voids));
        }
        hidden
    }

    fn op_id(&self, spot: Spot) -> legacy::OpId {
        let start = self.document.graph.node(spot.entry).start;
        let counter = start + u64::from(spot.atom);
        legacy::OpId::new(counter, &self.actors[spot.entry as usize])
    }

    fn element(&self, spot: Spot) -> legacy::Key {
        legacy::Key::Seq(legacy::ElementId::Id(self.op_id(spot)))
    }

    fn object(&self, number: ObjectNumber) -> legacy::ObjectId {
        match self.document.table.object(number).made {
            None => legacy::ObjectId::Root,
            Some(made) => legacy::ObjectId::Id(self.op_id(made)),
        }
    }
}

fn change(change: legacy::Change) -> Change {
    Change::from(change)
}

fn sorted(mut hashes: Vec<ChangeHash>) -> Vec<ChangeHash> {
    hashes.sort();
    hashes
}

fn op_counter(counter: u64) -> NonZeroU64 {
    NonZeroU64::new(counter).expect("op counters begin at 1")
}

/// The actor of the synthetic change behind an entry.
fn hiding_actor(entry: &[u8; 32]) -> ActorId {
    ActorId::from(key::hash(b"linli hiding   1", &[entry]))
}

fn void() -> legacy::Op {
    legacy::Op {
        action: legacy::OpType::Put(ScalarValue::Null),
        obj: legacy::ObjectId::Root,
        key: legacy::Key::Map(VOID_KEY.into()),
        pred: legacy::SortedVec::new(),
        insert: false,
    }
}

fn is_void(op: &legacy::Op) -> bool {
    matches!(&op.key, legacy::Key::Map(key) if key == VOID_KEY)
}

fn delete(obj: legacy::ObjectId, key: legacy::Key, pred: Vec<legacy::OpId>) -> legacy::Op {
    legacy::Op {
        action: legacy::OpType::Delete,
        obj,
        key,
        pred: pred.into(),
        insert: false,
    }
}

fn action(intent: &Intent, character: Option<&char>) -> legacy::OpType {
    match intent {
        Intent::Put { content, .. }
        | Intent::Insert { content, .. }
        | Intent::PutElement { content, .. } => match content {
            Content::Object(kind) => legacy::OpType::Make(match kind {
                ObjectType::Map => ObjType::Map,
                ObjectType::List => ObjType::List,
                ObjectType::Text => ObjType::Text,
            }),
            Content::Scalar(scalar) => legacy::OpType::Put(scalar_value(scalar)),
        },
        Intent::Delete { .. } | Intent::DeleteRun { .. } => legacy::OpType::Delete,
        Intent::Increment { by, .. } | Intent::IncrementElement { by, .. } => {
            legacy::OpType::Increment(*by)
        }
        Intent::Splice { .. } => {
            let character = character.expect("a splice has an atom for each character");
            let mut buffer = [0; 4];
            let text: &str = character.encode_utf8(&mut buffer);
            legacy::OpType::Put(ScalarValue::Str(text.into()))
        }
    }
}

fn scalar_value(scalar: &Scalar) -> ScalarValue {
    match scalar {
        Scalar::Null => ScalarValue::Null,
        Scalar::Bool(value) => ScalarValue::Boolean(*value),
        Scalar::Int(value) => ScalarValue::Int(*value),
        Scalar::Text(text) => ScalarValue::Str(text.as_str().into()),
        Scalar::Bytes(bytes) => ScalarValue::Bytes(bytes.clone()),
        Scalar::Counter(value) => ScalarValue::counter(*value),
    }
}
