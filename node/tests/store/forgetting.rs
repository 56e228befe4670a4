//! Forgetting (rule R18): what was dropped is not left behind in the file.

use std::path::Path;

use node::store::{Draft, Projection, Store, ViewRow, opened_bytes};
use protocol::api::BegunDraft;
use protocol::storage::Storage;

use crate::views::view;
use crate::world::{Step, World, Write, key};

/// Tells whether a store's file or its write-ahead log holds words beneath its seal.
fn file_holds(path: &Path, words: &str) -> bool {
    let bytes = opened_bytes(path, &key()).expect("a file");
    bytes
        .windows(words.len())
        .any(|part| part == words.as_bytes())
}

#[test]
fn an_erased_payload_leaves_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let mut world = World::default();
    let write = |payload: String| {
        let Step::Write(write) = Step::write(0) else {
            unreachable!("a step that writes")
        };
        Step::Write(Write {
            payload: payload.into_bytes(),
            ..write
        })
    };
    // One that fits its row, one that spills into pages of its own, and one that stays.
    let long = "a long secret ".repeat(900);
    let steps = ["a short secret", &long, "no secret"].map(|text| write(text.to_owned()));
    let mut store = Store::open(&path, &key()).expect("a new store");
    store
        .commit(&world.batch(&[Step::log()]))
        .expect("a sound batch");
    store.commit(&world.batch(&steps)).expect("a sound batch");
    drop(store);
    assert!(file_holds(&path, "a short secret") && file_holds(&path, "a long secret"));

    let mut store = Store::open(&path, &key()).expect("the same store");
    let before = store.entries_by_arrival(0, 9).expect("entries");
    let erase = [Step::Erase { document: 0 }, Step::Erase { document: 1 }];
    store.commit(&world.batch(&erase)).expect("a sound batch");
    let after = store.entries_by_arrival(0, 9).expect("entries");
    assert_eq!(after.len(), 3);
    for (before, after) in before.iter().zip(&after).take(2) {
        assert_eq!(before.entry.header, after.entry.header);
        assert_eq!(after.entry.payload, None);
    }
    assert_eq!(before[2], after[2]);
    // Closing moves the write-ahead log into the file and removes it.
    drop(store);
    assert!(!folder.path().join("store-wal").exists());
    assert!(!file_holds(&path, "a short secret") && !file_holds(&path, "a long secret"));
    assert!(file_holds(&path, "no secret"));
}

#[test]
fn drafts_that_edit_an_erased_document_go_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut world = World::default();
    let mut store = Store::open(&folder.path().join("store"), &key()).expect("a new store");
    let steps = [Step::log(), Step::write(0), Step::write(0)];
    store.commit(&world.batch(&steps)).expect("a sound batch");
    let entries = store.entries_by_arrival(0, 9).expect("entries");
    let documents = entries.iter().filter_map(|stored| stored.entry.document());
    let documents: Vec<_> = documents.collect();
    let begun = |document| {
        let draft = BegunDraft {
            kind: "notice".into(),
            about: None,
            document,
            fields: Default::default(),
            base: Vec::new(),
        };
        serde_json::to_string(&draft).expect("JSON")
    };
    let jsons = [
        ("erased", begun(Some(documents[0]))),
        ("other", begun(Some(documents[1]))),
        ("new", begun(None)),
        ("later", "of a later version".to_owned()),
    ];
    for (id, json) in jsons {
        let (id, changed_ms) = (id.to_owned(), 1);
        let draft = Draft {
            id,
            changed_ms,
            json,
        };
        store.put_draft(&draft).expect("kept");
    }
    let erase = [Step::Erase { document: 0 }];
    store.commit(&world.batch(&erase)).expect("a sound batch");
    let left = store.drafts().expect("drafts").into_iter();
    let left: Vec<String> = left.map(|draft| draft.id).collect();
    assert_eq!(left, ["later", "new", "other"]);
}

#[test]
fn an_erased_views_words_leave_the_index() {
    // What becomes of the view, and whether its words were in the index by then.
    for (removed, indexed) in [(true, true), (false, true), (true, false), (false, false)] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("store");
        let mut store = Store::open(&path, &key()).expect("a new store");
        let rows: Vec<Projection> = (1..9)
            .map(|number| (view(number), "zzsecretzz".repeat(usize::from(number == 3))).into())
            .collect();
        // In several pieces, so that words lie in several parts of the index.
        for rows in rows.chunks(3) {
            store.put_views(rows, &[]).expect("views");
            while indexed && store.index_pending(2).expect("an index") > 0 {}
        }
        drop(store);
        assert!(
            file_holds(&path, "zzsecretzz"),
            "the words are not held at all"
        );

        let mut store = Store::open(&path, &key()).expect("the same store");
        store.mark_dirty([view(3).document]).expect("marked");
        let done = store.dirty(9).expect("documents");
        let erased = ViewRow {
            title: String::new(),
            ..view(3)
        };
        let rows = [(erased, String::new()).into()];
        let rows = if removed { &rows[..0] } else { &rows[..] };
        store.put_views(rows, &done).expect("erased");
        // A crash does not make it forget that words are to be purged.
        drop(store);
        let mut store = Store::open(&path, &key()).expect("the same store");
        while store.index_pending(2).expect("an index") > 0 {}
        while !store.purge_words(1).expect("a cleaner index") {}
        assert!(!file_holds(&path, "zzsecretzz"));
        let others = store.search("title", &node::store::Filter::default(), None, 99);
        assert_eq!(others.expect("a search").len(), 7);
        drop(store);
        assert!(!file_holds(&path, "zzsecretzz"));
    }
}

#[test]
fn a_removed_views_words_leave_the_index_when_it_is_compacted() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let mut store = Store::open(&path, &key()).expect("a new store");
    let rows: Vec<Projection> = (1..9)
        .map(|number| (view(number), "zzsecretzz".repeat(usize::from(number == 3))).into())
        .collect();
    store.put_views(&rows, &[]).expect("views");
    while store.index_pending(3).expect("an index") > 0 {}
    store.compact().expect("a smaller store");
    assert!(
        file_holds(&path, "zzsecretzz"),
        "the index does not hold words in full"
    );

    store.mark_dirty([view(3).document]).expect("marked");
    let done = store.dirty(9).expect("documents");
    store.put_views(&[], &done).expect("removed");
    store.compact().expect("a smaller store");
    assert!(!file_holds(&path, "zzsecretzz"));
}
