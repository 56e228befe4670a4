//! What is out of view: by acts of moderation in any order of arrival, and by the own household's
//! blocks, which no digest knows.

use protocol::id::{DeviceId, DocumentId, MemberId};
use protocol::kind::Hiding;

use node::store::{Filter, Order, Projection, Store, ViewRow};

use crate::views::view;
use crate::world::key;

const AUTHOR: MemberId = MemberId([7; 32]);
const DEVICE: DeviceId = DeviceId([1; 32]);

fn new_store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("store"), &key()).expect("a new store");
    (folder, store)
}

/// A document that the author created at a place in the log of its device.
fn written(number: u8, seq: u64) -> Projection {
    let row = ViewRow {
        author: Some(AUTHOR),
        ..view(number)
    };
    Projection {
        place: (DEVICE, seq),
        ..(row, format!("word{number}")).into()
    }
}

/// An act by somebody else, and what it hides; nothing once it is lifted.
fn act(number: u8, hides: Option<Hiding>) -> Projection {
    let row = ViewRow {
        author: Some(MemberId([9; 32])),
        kind: 7,
        hidden: true,
        ..view(number)
    };
    Projection {
        hideable: false,
        hides,
        ..(row, String::new()).into()
    }
}

fn hide(number: u8, member: MemberId) -> Option<Hiding> {
    Some(Hiding {
        about: Some(view(number).document),
        member,
        spared: Default::default(),
    })
}

fn mute(spared: u64) -> Option<Hiding> {
    Some(Hiding {
        about: None,
        member: AUTHOR,
        spared: [(DEVICE, spared)].into(),
    })
}

fn put(store: &mut Store, projections: &[Projection]) {
    store.put_views(projections, &[]).expect("views");
}

fn listed(store: &Store) -> Vec<DocumentId> {
    let rows = store.list(&Filter::default(), Order::OldestFirst, None, 99);
    rows.expect("a page")
        .iter()
        .map(|row| row.document)
        .collect()
}

fn found(store: &Store, word: &str) -> usize {
    let found = store.search(word, &Filter::default(), None, 99);
    found.expect("an answer").len()
}

fn names(numbers: &[u8]) -> Vec<DocumentId> {
    numbers
        .iter()
        .map(|number| view(*number).document)
        .collect()
}

#[test]
fn acts_and_documents_come_in_any_order() {
    let all = [
        written(1, 1),
        written(2, 5),
        written(3, 6),
        act(11, hide(1, AUTHOR)),
        act(12, mute(5)),
        // Whoever names another author hides nothing.
        act(13, hide(2, MemberId([8; 32]))),
    ];
    let mut digests = Vec::new();
    for turn in 0..all.len() {
        let (_folder, mut store) = new_store();
        for place in 0..all.len() {
            put(&mut store, &all[(place + turn) % all.len()..][..1]);
        }
        assert_eq!(listed(&store), names(&[2]), "from {turn}");
        assert_eq!(found(&store, "word1") + found(&store, "word3"), 0);
        assert_eq!(found(&store, "word2"), 1);
        let acts = store.hidden_by(view(3).document).expect("acts");
        assert_eq!(acts, names(&[12]));
        digests.push(store.view_digest().expect("a digest"));
        // Lifted, both are back, and the digest is that of what is shown.
        put(&mut store, &[act(11, None), act(12, None)]);
        assert_eq!(listed(&store), names(&[1, 2, 3]));
        assert_eq!(found(&store, "word3"), 1);
        assert_ne!(store.view_digest().expect("a digest"), digests[turn]);
    }
    assert!(digests.windows(2).all(|two| two[0] == two[1]));
}

#[test]
fn an_act_that_counts_no_longer_hides_nothing() {
    let (_folder, mut store) = new_store();
    put(&mut store, &[written(1, 1), act(11, hide(1, AUTHOR))]);
    let hidden = store.view_digest().expect("a digest");
    assert_eq!(listed(&store), []);
    store.mark_dirty(names(&[11])).expect("marked");
    let done = store.dirty(9).expect("documents");
    let changed = store.put_views(&[], &done).expect("removed");
    assert_eq!(changed, names(&[1]), "it is in view again");
    assert_eq!(listed(&store), names(&[1]));
    assert_ne!(store.view_digest().expect("a digest"), hidden);
}

#[test]
fn what_governs_stays_in_view() {
    let (_folder, mut store) = new_store();
    let agreement = Projection {
        hideable: false,
        ..written(1, 9)
    };
    put(
        &mut store,
        &[agreement, act(11, hide(1, AUTHOR)), act(12, mute(0))],
    );
    store.put_blocked(AUTHOR, true).expect("blocked");
    assert_eq!(listed(&store), names(&[1]));
}

#[test]
fn a_block_hides_here_and_changes_no_digest() {
    let (_folder, mut store) = new_store();
    let comment = Projection {
        row: ViewRow {
            about: Some(view(1).document),
            ..written(3, 2).row
        },
        ..written(3, 2)
    };
    let open = Projection::from((view(1), String::new()));
    put(&mut store, &[open, written(2, 1), comment]);
    let before = store.view_digest().expect("a digest");
    assert!(store.put_blocked(AUTHOR, true).expect("blocked"));
    assert!(!store.put_blocked(AUTHOR, true).expect("blocked"), "twice");
    assert_eq!(listed(&store), names(&[1]));
    assert_eq!(store.view_digest().expect("a digest"), before);
    // What comes later is left out too, and views that are made anew.
    put(&mut store, &[written(4, 3), written(2, 1)]);
    assert_eq!(listed(&store), names(&[1]));
    assert!(store.put_blocked(AUTHOR, false).expect("unblocked"));
    assert_eq!(listed(&store), names(&[1, 2, 3, 4]));
    assert!(store.blocked().expect("nobody").is_empty());
}
