//! Saved documents load in Automerge with the same content, whatever was void or excluded.

use std::collections::BTreeSet;

use automerge::{Automerge, ROOT, ReadDoc};
use protocol::document::{Body, Document};
use protocol::id::{DocumentId, EntryId};

use crate::history::{entries, honest_changes};
use crate::mirror;
use crate::random::{Random, seeds};
use crate::writing::*;

#[test]
fn saved_documents_load_with_the_same_content() {
    for seed in seeds(20) {
        let mut entries = entries(&honest_changes(seed + 80_000, 4, 30));
        let mut random = Random::new(seed);
        for entry in entries.iter_mut().skip(1) {
            if random.once_in(12) {
                entry.body = Body::Unreadable;
            }
        }
        let chosen = entries.iter().skip(1).filter(|_| random.once_in(5));
        let excluded: BTreeSet<EntryId> = chosen.map(|entry| entry.id).collect();
        let id = DocumentId(entries[0].id.0);
        let document = Document::build(id, entries, &excluded, everyone).document;
        let loaded = Automerge::load(&document.save()).unwrap();
        let value = mirror::named_by_values(document.value());
        assert_eq!(
            mirror::read_automerge(&loaded, &document),
            value,
            "seed {seed}"
        );
        let mut heads = loaded.get_heads();
        heads.sort();
        assert_eq!(heads, document.change_heads(), "seed {seed}");
        assert!(
            loaded.keys(ROOT).all(|key| !key.starts_with('\0')),
            "seed {seed}"
        );
    }
}

#[test]
fn voids_are_loaded_and_shown_nowhere() {
    let all = vec![
        creation("doc"),
        entry(
            "idle",
            &["doc"],
            vec![
                delete(None, "nothing"),
                increment(None, "title", 4),
                put(None, "k", int(1)),
            ],
        ),
        entry(
            "bad",
            &["idle"],
            vec![delete(None, "title"), put(None, "k", int(2))],
        ),
        entry("good", &["bad"], vec![put(None, "end", int(1))]),
    ];
    let excluded = [entry_id("bad")].into();
    let document = Document::build(document_id("doc"), all, &excluded, everyone).document;
    let loaded = Automerge::load(&document.save()).unwrap();
    let keys: Vec<String> = loaded.keys(ROOT).collect();
    assert_eq!(keys, ["count", "end", "k", "list", "map", "text", "title"]);
    let value = mirror::read_automerge(&loaded, &document);
    assert_eq!(value, mirror::named_by_values(document.value()));
}
