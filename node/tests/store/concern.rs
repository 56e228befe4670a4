//! What views are to the own household: unread until they are read, waiting while the clock and
//! the mark allow it, counted without being read.

use node::store::{Filter, Order, Projection, Store, ViewRow};
use protocol::api::WaitingReason;
use protocol::id::DocumentId;
use protocol::kind::Wait;
use protocol::projection::Concern;

use crate::views::view;
use crate::world::key;

fn new_store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("store"), &key()).expect("a new store");
    (folder, store)
}

/// A view of which somebody else's newest entry arrived as number `heard`.
fn heard(number: u8, about: Option<u8>, heard: u64) -> Projection {
    let row = ViewRow {
        about: about.map(|about| view(about).document),
        ..view(number)
    };
    Projection {
        changed_ms: 1_000 * i64::from(number),
        concern: Concern {
            heard,
            ..Concern::default()
        },
        ..(row, String::new()).into()
    }
}

fn unread(store: &Store) -> Vec<DocumentId> {
    let filter = Filter {
        unread: true,
        ..Filter::default()
    };
    let rows = store.list(&filter, Order::OldestFirst, None, 99);
    let rows = rows.expect("a page");
    assert!(rows.iter().all(|row| row.unread));
    let count = store.count(&filter).expect("a number");
    assert_eq!(count, rows.len() as u64);
    rows.into_iter().map(|row| row.document).collect()
}

fn ids(numbers: &[u8]) -> Vec<DocumentId> {
    numbers
        .iter()
        .map(|number| view(*number).document)
        .collect()
}

#[test]
fn what_others_write_is_unread_until_it_is_marked() {
    let (_folder, mut store) = new_store();
    let put = [heard(1, None, 5), heard(2, None, 0), heard(3, None, 9)];
    store.put_views(&put, &[]).expect("views");
    assert_eq!(unread(&store), ids(&[1, 3]), "one's own writing is read");

    store.put_reading_marks(&ids(&[1, 2]), 50).expect("marks");
    assert_eq!(unread(&store), ids(&[3]));
    // The same again, as after another projection, changes nothing.
    store.put_views(&put, &[]).expect("views");
    assert_eq!(unread(&store), ids(&[3]));
    // What was written long ago and arrives after the mark is unread.
    store.put_views(&[heard(1, None, 10)], &[]).expect("views");
    assert_eq!(unread(&store), ids(&[1, 3]));

    store.put_all_read(60).expect("marks");
    assert_eq!(unread(&store), ids(&[]));
    assert_eq!(store.last_read_ms().expect("a time"), Some(60));
    store.put_views(&[heard(3, None, 11)], &[]).expect("views");
    assert_eq!(unread(&store), ids(&[3]));
}

#[test]
fn what_was_marked_as_read_is_unread_again_by_what_came_last() {
    let (_folder, mut store) = new_store();
    let put = [
        heard(1, None, 5),
        heard(2, None, 0),
        heard(3, None, 4),
        heard(7, Some(3), 6),
        heard(8, Some(3), 8),
        heard(9, Some(3), 0),
    ];
    store.put_views(&put, &[]).expect("views");
    store.put_all_read(50).expect("marks");
    assert_eq!(unread(&store), ids(&[]));
    store.put_unread_again(&ids(&[1, 2])).expect("marks");
    assert_eq!(unread(&store), ids(&[1]), "one's own writing stays read");
    // What came last about it is unread, the rest is not; one's own comment counts for nothing.
    store.put_unread_again(&ids(&[3])).expect("marks");
    assert_eq!(unread(&store), ids(&[1, 3, 8]));
    store.put_reading_marks(&ids(&[1, 3]), 60).expect("marks");
    assert_eq!(unread(&store), ids(&[]));
    // A comment stands for what it is about.
    store.put_unread_again(&ids(&[7])).expect("marks");
    assert_eq!(unread(&store), ids(&[3, 8]));
}

#[test]
fn a_comment_makes_unread_what_it_is_about() {
    let (_folder, mut store) = new_store();
    // A comment may arrive before what it is about.
    store
        .put_views(&[heard(7, Some(1), 3)], &[])
        .expect("views");
    store.put_views(&[heard(1, None, 0)], &[]).expect("views");
    assert_eq!(unread(&store), ids(&[1, 7]));
    store.put_reading_marks(&ids(&[1]), 10).expect("marks");
    assert_eq!(unread(&store), ids(&[]), "a mark covers the comments");

    store
        .put_views(&[heard(8, Some(1), 4)], &[])
        .expect("views");
    assert_eq!(unread(&store), ids(&[1, 8]));
    store.put_reading_marks(&ids(&[8]), 20).expect("marks");
    assert_eq!(unread(&store), ids(&[]), "nothing else was new");

    // The comment is what happened last.
    let row = store.view(view(1).document).expect("a view").expect("it");
    assert_eq!(row.active_ms, 8_000);
    store.put_views(&[heard(2, None, 0)], &[]).expect("views");
    let listed = store.list(&Filter::default(), Order::ActiveFirst, None, 9);
    let listed = listed.expect("a page").into_iter();
    let listed: Vec<DocumentId> = listed
        .filter(|row| row.about.is_none())
        .map(|row| row.document)
        .collect();
    assert_eq!(listed, ids(&[1, 2]));

    // A comment that is shown no more is no news.
    store
        .put_views(&[heard(9, Some(1), 5)], &[])
        .expect("views");
    assert_eq!(unread(&store), ids(&[1, 9]));
    store.mark_dirty(ids(&[9])).expect("marked");
    let done = store.dirty(9).expect("documents");
    store.put_views(&[], &done).expect("removed");
    assert_eq!(unread(&store), ids(&[]));
}

#[test]
fn what_waits_is_told_while_clock_and_mark_allow_it() {
    let (_folder, mut store) = new_store();
    let waits = vec![
        Wait::new(WaitingReason::ChooseOffer).until(Some(100)),
        Wait::new(WaitingReason::ExpiresSoon)
            .from(Some(50))
            .until(Some(100)),
    ];
    let mut request = heard(1, None, 0);
    request.concern.mine = true;
    request.concern.waits = waits;
    let mut notice = heard(2, None, 6);
    notice.concern.waits = vec![Wait::new(WaitingReason::UrgentNotice).while_unread()];
    store
        .put_views(&[request.clone(), notice], &[])
        .expect("views");
    let told = |store: &Store, now_ms| -> Vec<(DocumentId, WaitingReason)> {
        let waiting = store.waiting(now_ms, 9).expect("what waits");
        let told = waiting.into_iter();
        told.map(|(row, wait)| (row.document, wait.why)).collect()
    };
    let (one, two) = (view(1).document, view(2).document);
    let urgent = (two, WaitingReason::UrgentNotice);
    let choose = (one, WaitingReason::ChooseOffer);
    let expires = (one, WaitingReason::ExpiresSoon);
    assert_eq!(told(&store, 10), [urgent, choose]);
    assert_eq!(told(&store, 50), [urgent, choose, expires]);
    assert_eq!(told(&store, 100), [urgent]);
    let waiting = store.waiting(60, 9).expect("what waits");
    assert_eq!(waiting[2].1.until_ms, Some(100));
    assert!(waiting[2].0.mine && !waiting[0].0.mine);

    store.put_reading_marks(&[two], 10).expect("marks");
    assert_eq!(told(&store, 10), [choose]);
    request.concern.waits.clear();
    store.put_views(&[request], &[]).expect("views");
    assert_eq!(told(&store, 10), []);
}

#[test]
fn counts_are_by_kind_state_and_clock() {
    let (_folder, mut store) = new_store();
    let mut put: Vec<Projection> = (1..=4).map(|number| heard(number, None, 1)).collect();
    put[0].row.until_ms = Some(10);
    put[1].row.state = "done".to_owned();
    put[1].concern.mine = true;
    put[2].row.hidden = true;
    put.push(heard(9, Some(4), 2));
    store.put_views(&put, &[]).expect("views");
    store.put_reading_marks(&ids(&[2]), 1).expect("marks");
    let counts = store.view_counts(10).expect("numbers");
    let counts: Vec<_> = counts
        .iter()
        .map(|count| {
            (
                &*count.state,
                count.ended,
                count.total,
                count.unread,
                count.mine,
            )
        })
        .collect();
    let expected = [("done", 0, 1, 0, 1), ("open", 1, 2, 2, 0)];
    assert_eq!(counts, expected);
}

#[test]
fn devices_are_remembered_by_when_they_were_in_step() {
    let (_folder, mut store) = new_store();
    let device = protocol::id::DeviceId([5; 32]);
    assert_eq!(store.synced_ms(device).expect("nothing"), None);
    store.put_synced(device, 7).expect("saved");
    store.put_synced(device, 9).expect("saved");
    assert_eq!(store.synced_ms(device).expect("a time"), Some(9));
}
