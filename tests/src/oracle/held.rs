//! What a real node holds, read from the bundle that it exports, held against the model: the bundle
//! is the only thing that the two share.

use std::collections::{BTreeMap, BTreeSet};

use protocol::bundle;
use protocol::id::{DocumentId, SpaceId};
use protocol::key::SecretKey;
use protocol::kind::Kinds;
use protocol::replica::{Identity, Replica};
use protocol::switches::Switches;

use crate::sim::check::Failure;
use crate::sim::memory::Memory;

use super::checks::history_of;
use super::compare::{Model, View, view_against_model};
use super::course::Course;
use super::document::Value;

/// The entries of a bundle, and what a replica makes of them.
pub struct Held {
    space: SpaceId,
    memory: Memory,
    replica: Replica,
}

/// A document by the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The names of its facts, as a node prints them.
    pub facts: BTreeSet<String>,
    /// What the facts of a request or notice come to.
    pub course: Option<Course>,
}

impl Held {
    /// Reads a bundle as a stranger does who only knows the space.
    ///
    /// # Panics
    ///
    /// When the bundle is not one of the space, or an entry in it does not verify.
    pub fn read(space: SpaceId, bytes: &[u8]) -> Self {
        let identity = Identity {
            key: SecretKey::from_seed(&[9; 32]),
            member: None,
        };
        let mut memory = Memory::default();
        let kinds = Kinds::standard();
        let replica = Replica::open(space, identity, kinds, Switches::NONE, &memory);
        let mut replica = replica.expect("memory can be read");
        for segments in bundle::read(space, bytes).expect("a bundle of the space") {
            let segments = segments.expect("a frame of a bundle");
            let received = replica.receive(&memory, segments);
            let mut received = received.expect("entries that verify");
            memory.apply(&received.batch);
            let looked = replica.committed(&memory, &mut received);
            looked.expect("memory can be read");
        }
        memory.sync();
        Self {
            space,
            memory,
            replica,
        }
    }

    /// Holds what the replica shows against the model.
    pub fn failures(&mut self) -> Vec<Failure> {
        let history = history_of(&self.memory);
        let model = Model::new(&history, self.space);
        let view = View::read(&mut self.replica, &self.memory);
        let mut failures = Vec::new();
        view_against_model(&self.replica, &view, &model, &mut failures);
        failures
    }

    /// Returns what the model makes of each document.
    pub fn told(&self) -> BTreeMap<DocumentId, Told> {
        let history = history_of(&self.memory);
        let model = Model::new(&history, self.space);
        let documents = model.documents.iter().map(|(id, shown)| {
            let told = Told {
                facts: facts_of(&shown.value),
                course: Course::of(&model, *id),
            };
            (*id, told)
        });
        documents.collect()
    }
}

fn facts_of(value: &Value) -> BTreeSet<String> {
    let Value::Map(root) = value else {
        return BTreeSet::new();
    };
    match root.get("facts").and_then(|cell| cell.first()) {
        Some((_, Value::List(facts))) => facts
            .iter()
            .map(|((entry, atom), _)| format!("{entry}.{atom}"))
            .collect(),
        _ => BTreeSet::new(),
    }
}
