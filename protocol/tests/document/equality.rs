//! With the device as actor, derived changes are those that Automerge itself makes.

use std::collections::BTreeSet;

use automerge::{Automerge, Change, ChangeHash, TextEncoding};
use protocol::document::{ActorMode, Document};
use protocol::id::DocumentId;

use crate::history::{entries, honest_changes, shuffled};
use crate::random::{Random, seeds};
use crate::writing::{counter, creation, delete, entry, everyone, increment, int, put};
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

#[test]
fn cells_written_often_and_apart_read_as_the_model_says() {
    for seed in seeds(5) {
        let mut random = Random::new(seed);
        let mut all = vec![creation("doc")];
        let mut excluded = BTreeSet::new();
        for number in 0..150 {
            // Now long rows, now many at once, now a merge of several.
            let recent = if random.once_in(8) {
                all.len()
            } else {
                all.len().min(3)
            };
            let mut deps = BTreeSet::new();
            for _ in 0..1 + random.below(3) {
                deps.insert(all[all.len() - 1 - random.below(recent)].id);
            }
            let intent = match random.below(5) {
                0 => delete(None, "title"),
                1 => increment(None, "title", 3),
                2 => put(None, "title", counter(number)),
                _ => put(None, "title", int(number)),
            };
            let mut next = entry(&format!("{seed}/{number}"), &[], vec![intent]);
            next.deps = deps.into_iter().collect();
            if random.once_in(9) {
                excluded.insert(next.id);
            }
            all.push(next);
        }
        for excluded in [BTreeSet::new(), excluded] {
            let id = DocumentId(all[0].id.0);
            let built = Document::build(id, all.clone(), &excluded, everyone).document;
            let value = built.value();
            assert_eq!(
                value,
                model::Model::new(&all, &excluded).value(),
                "seed {seed}"
            );
            assert_eq!(
                mirror::named_by_values(value),
                mirror::read(&built),
                "seed {seed}"
            );
        }
    }
}
