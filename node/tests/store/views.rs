//! The read model: what is dirty, what is listed in which order, and the digest over all of it.

use std::collections::BTreeMap;

use node::store::{
    Cursor, Dirty, Filter, InState, Order, Projection, Store, ViewRow, view_digest_of,
};
use proptest::prelude::*;
use protocol::id::{DocumentId, MemberId};

use crate::world::{Step, World, key};

/// A view of the document with this number.
pub fn view(number: u8) -> ViewRow {
    ViewRow {
        document: DocumentId(std::array::from_fn(|i| {
            number.wrapping_mul(i as u8 * 2 + 1)
        })),
        kind: 2,
        created_ms: 1_000 + i64::from(number),
        updated_ms: 2_000,
        until_ms: None,
        author: None,
        about: None,
        building: None,
        category: None,
        state: "open".to_owned(),
        hidden: false,
        moderated: false,
        blocked: false,
        title: format!("title {number}"),
        digest: [number; 32],
        json: format!("{{\"number\":{number}}}"),
        active_ms: 2_000,
        mine: false,
        unread: false,
    }
}

fn new_store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("store"), &key()).expect("a new store");
    (folder, store)
}

fn put(store: &mut Store, rows: &[ViewRow], done: &[Dirty]) {
    let rows: Vec<Projection> = rows
        .iter()
        .map(|row| (row.clone(), String::new()).into())
        .collect();
    store.put_views(&rows, done).expect("views");
}

fn dirty(store: &Store) -> Vec<DocumentId> {
    let dirty = store.dirty(usize::MAX).expect("documents");
    dirty.into_iter().map(|dirty| dirty.document).collect()
}

#[test]
fn a_commit_makes_its_documents_dirty_until_they_are_projected() {
    let (folder, mut store) = new_store();
    let mut world = World::default();
    let batch = world.batch(&[Step::log(), Step::write(0), Step::write(0)]);
    store.commit(&batch).expect("a sound batch");
    let documents = world.documents.clone();
    let mut sorted = documents.clone();
    sorted.sort();
    assert_eq!(dirty(&store), sorted);
    assert_eq!(store.dirty(1).expect("one").len(), 1);

    // While the first round is projected, a document changes again.
    let round = store.dirty(9).expect("documents");
    store.mark_dirty([documents[0]]).expect("marked");
    let row = |document| ViewRow {
        document,
        ..view(1)
    };
    put(&mut store, &[row(documents[0]), row(documents[1])], &round);
    assert_eq!(dirty(&store), [documents[0]]);
    drop(store);
    let mut store = Store::open(&folder.path().join("store"), &key()).expect("the same store");
    assert_eq!(dirty(&store), [documents[0]]);

    // What was projected without a row is shown no more.
    assert!(store.view(documents[0]).expect("a view").is_some());
    let round = store.dirty(9).expect("documents");
    put(&mut store, &[], &round);
    assert_eq!(dirty(&store), []);
    assert_eq!(store.view(documents[0]).expect("no view"), None);
    assert_eq!(
        store.view(documents[1]).expect("a view"),
        Some(row(documents[1]))
    );

    // Erasing is a change like others.
    let erase = world.batch(&[Step::Erase { document: 1 }]);
    store.commit(&erase).expect("a sound batch");
    assert_eq!(dirty(&store), [documents[1]]);
}

#[test]
fn another_projection_begins_anew() {
    let (_folder, mut store) = new_store();
    let mut world = World::default();
    let batch = world.batch(&[Step::log(), Step::write(0), Step::write(0)]);
    store.commit(&batch).expect("a sound batch");
    assert!(store.require_projection(1).expect("an answer"));
    let round = store.dirty(9).expect("documents");
    assert_eq!(round.len(), 2);
    let rows: Vec<ViewRow> = world
        .documents
        .iter()
        .map(|document| ViewRow {
            document: *document,
            ..view(1)
        })
        .collect();
    put(&mut store, &rows, &round);
    store.index_pending(9).expect("indexed");
    let digest = store.view_digest().expect("a digest");
    assert!(!store.require_projection(1).expect("an answer"));
    assert_eq!(store.view_digest().expect("a digest"), digest);
    assert_eq!(dirty(&store), []);

    assert!(store.require_projection(2).expect("an answer"));
    assert_eq!(store.count(&Filter::default()).expect("a number"), 0);
    assert_eq!(
        store
            .search("title", &Filter::default(), None, 9)
            .expect("none"),
        []
    );
    assert_eq!(
        store.view_digest().expect("a digest"),
        view_digest_of(&BTreeMap::new())
    );
    let mut sorted = world.documents.clone();
    sorted.sort();
    let mut again = dirty(&store);
    again.sort();
    assert_eq!(again, sorted);
    // Marks from before mean nothing any more.
    put(&mut store, &rows, &round);
    assert_eq!(dirty(&store).len(), 2);
}

fn rows() -> impl Strategy<Value = Vec<ViewRow>> {
    let row = (
        any::<u8>(),
        0u16..3,
        0i64..6,
        prop::option::of(0i64..9),
        any::<u8>(),
    );
    let row = row.prop_map(|(number, kind, created_ms, until_ms, bits)| ViewRow {
        kind,
        created_ms,
        until_ms,
        author: (bits & 1 != 0).then_some(MemberId([bits & 6; 32])),
        about: (bits & 8 != 0).then_some(DocumentId([bits & 16; 32])),
        building: (bits & 32 != 0).then(|| "3".to_owned()),
        category: (bits & 64 != 0).then(|| "goods' OR 1".to_owned()),
        state: if bits & 4 != 0 { "open" } else { "done" }.to_owned(),
        hidden: bits & 128 != 0,
        ..view(number)
    });
    prop::collection::vec(row, 0..40)
}

fn filters() -> impl Strategy<Value = Filter> {
    let first = (
        prop::option::of(0u16..3),
        prop::option::of(any::<bool>()),
        prop::option::of(0u8..4),
        any::<bool>(),
    );
    let second = (
        any::<bool>(),
        prop::option::of((any::<bool>(), prop::option::of(any::<bool>()), 0i64..9)),
        prop::option::of(0i64..9),
        any::<bool>(),
    );
    let names = prop::option::of((any::<u8>(), any::<u8>()));
    (first, second, names, any::<bool>()).prop_map(
        |((kind, about, author, building), (category, open, alive, hidden), names, top)| Filter {
            about_nothing: top,
            unread: false,
            mine: false,
            kind,
            about: about.map(|bit| DocumentId([u8::from(bit) * 16; 32])),
            author: author.map(|author| MemberId([author * 2; 32])),
            building: building.then(|| "3".to_owned()),
            category: category.then(|| "goods' OR 1".to_owned()),
            states: match open {
                None => Vec::new(),
                Some((state, ended, at_ms)) => vec![
                    InState::at_any_time("closed"),
                    InState {
                        state: if state { "open" } else { "done" }.to_owned(),
                        ended: ended.map(|ended| (ended, at_ms)),
                    },
                ],
            },
            alive_at_ms: alive,
            hidden,
            kept_back: false,
            names: names.map(|(least, greatest)| (view(least).document, view(greatest).document)),
        },
    )
}

fn is_in(row: &ViewRow, one: &InState) -> bool {
    let ended = |at_ms| row.until_ms.is_some_and(|until| until <= at_ms);
    row.state == one.state
        && one
            .ended
            .is_none_or(|(wanted, at_ms)| ended(at_ms) == wanted)
}

fn passes(row: &ViewRow, filter: &Filter) -> bool {
    filter.kind.is_none_or(|kind| row.kind == kind)
        && filter
            .names
            .is_none_or(|(least, greatest)| (least..=greatest).contains(&row.document))
        && filter.about.is_none_or(|about| row.about == Some(about))
        && filter
            .author
            .is_none_or(|author| row.author == Some(author))
        && (filter.building.is_none() || row.building == filter.building)
        && (filter.category.is_none() || row.category == filter.category)
        && (filter.states.is_empty() || filter.states.iter().any(|one| is_in(row, one)))
        && (!filter.about_nothing || row.about.is_none())
        && filter
            .alive_at_ms
            .is_none_or(|at| row.until_ms.is_none_or(|until| until > at))
        && (filter.hidden || !row.hidden)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn pages_hold_what_passes_in_order(
        rows in rows(),
        filter in filters(),
        newest in any::<bool>(),
        page in 1usize..7,
    ) {
        let (_folder, mut store) = new_store();
        put(&mut store, &rows, &[]);
        let rows: BTreeMap<DocumentId, ViewRow> =
            rows.into_iter().map(|row| (row.document, row)).collect();
        let mut expected: Vec<&ViewRow> =
            rows.values().filter(|row| passes(row, &filter)).collect();
        expected.sort_by_key(|row| (row.created_ms, row.document));
        let order = if newest { Order::NewestFirst } else { Order::OldestFirst };
        if newest {
            expected.reverse();
        }
        let mut listed: Vec<ViewRow> = Vec::new();
        loop {
            let after = listed.last().map(Cursor::from);
            let part = store.list(&filter, order, after.as_ref(), page).expect("a page");
            if part.is_empty() {
                break;
            }
            prop_assert!(part.len() <= page);
            listed.extend(part);
        }
        prop_assert_eq!(listed.iter().collect::<Vec<_>>(), expected);
        prop_assert_eq!(store.count(&filter).expect("a number"), listed.len() as u64);
    }

    #[test]
    fn the_digest_is_that_of_the_rows(
        rounds in prop::collection::vec((rows(), prop::collection::vec(any::<u8>(), 0..5)), 1..6),
    ) {
        let (folder, mut store) = new_store();
        let mut shown = BTreeMap::new();
        for (rows, removed) in rounds {
            let removed: Vec<DocumentId> =
                removed.into_iter().map(|number| view(number).document).collect();
            store.mark_dirty(removed.iter().copied()).expect("marked");
            let done = store.dirty(usize::MAX).expect("documents");
            for document in &removed {
                shown.remove(document);
            }
            shown.extend(rows.iter().map(|row| (row.document, row.digest)));
            put(&mut store, &rows, &done);
            prop_assert_eq!(store.view_digest().expect("a digest"), view_digest_of(&shown));
            let rows: Vec<_> = shown.iter().map(|(document, digest)| (*document, *digest)).collect();
            prop_assert_eq!(store.view_digests().expect("digests"), rows);
        }
        let before = store.view_digest().expect("a digest");
        drop(store);
        let store = Store::open(&folder.path().join("store"), &key()).expect("the same store");
        prop_assert_eq!(store.view_digest().expect("a digest"), before);
    }
}

#[test]
fn one_changed_view_changes_the_digest() {
    let (_folder, mut store) = new_store();
    put(&mut store, &[view(1), view(2), view(3)], &[]);
    let before = store.view_digest().expect("a digest");
    put(
        &mut store,
        &[ViewRow {
            digest: [77; 32],
            ..view(2)
        }],
        &[],
    );
    let changed = store.view_digest().expect("a digest");
    assert_ne!(before, changed);
    put(&mut store, &[view(2)], &[]);
    assert_eq!(store.view_digest().expect("a digest"), before);
}
