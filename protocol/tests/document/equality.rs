//! With the device as actor, derived changes are those that Automerge itself makes.

use automerge::{Automerge, Change, ChangeHash, TextEncoding};
use protocol::document::{ActorMode, Document};
use protocol::id::DocumentId;

use crate::history::{entries, honest_changes, shuffled};
use crate::random::{Random, seeds};
use crate::writing::everyone;
use crate::{mirror, model};

#[test]
fn derived_changes_equal_automerges_own_in_every_order() {
    for seed in seeds(12) {
        let honest = honest_changes(seed, 4, 40);
        let entries = entries(&honest);
        let mut expected: Vec<ChangeHash> = honest.iter().map(Change::hash).collect();
        expected.sort();
        let mut random = Random::new(seed);
        for _ in 0..4 {
            let id = DocumentId(entries[0].id.0);
            let mut document = Document::with_actors(id, ActorMode::Device);
            for entry in shuffled(&entries, &mut random) {
                let status = document.add(entry, everyone).unwrap();
                assert_eq!(status, protocol::document::Status::Counts, "seed {seed}");
            }
            let mut derived: Vec<ChangeHash> =
                document.changes().iter().map(Change::hash).collect();
            derived.sort();
            assert_eq!(derived, expected, "seed {seed}");
        }
    }
}

#[test]
fn documents_read_as_automerge_reads_them() {
    for seed in seeds(25) {
        let honest = honest_changes(seed + 10_000, 4, 40);
        let entries = entries(&honest);
        let id = DocumentId(entries[0].id.0);
        let built = Document::build(id, entries.clone(), &Default::default(), everyone);
        let value = built.document.value();
        let model = model::Model::new(&entries, &Default::default());
        assert_eq!(value, model.value(), "seed {seed}");
        let value = mirror::named_by_values(value);
        assert_eq!(value, mirror::read(&built.document), "seed {seed}");
    }
}

#[test]
fn device_actors_read_as_the_history_that_automerge_wrote() {
    for seed in seeds(12) {
        let honest = honest_changes(seed + 20_000, 3, 30);
        let entries = entries(&honest);
        let mut document = Document::with_actors(DocumentId(entries[0].id.0), ActorMode::Device);
        let held_back = document.add_all(entries, &Default::default(), everyone);
        assert_eq!(held_back, Default::default());
        let mut own = Automerge::new_with_encoding(TextEncoding::UnicodeCodePoint);
        own.apply_changes(honest).unwrap();
        assert_eq!(
            model::plain(&document.value()),
            model::plain_automerge(&own),
            "seed {seed}"
        );
    }
}
