//! Damaged files and full disks: a typed error or the right answer, never a wrong answer, never a
//! panic.

use std::collections::BTreeMap;
use std::path::Path;

use node::store::examine as examine_store;
use node::store::{CommitError, Extent, Filter, Order, Problem, Store, StoreFault};
use protocol::id::EntryId;
use protocol::storage::{Batch, Storage, StoredEntry};

use crate::model::{Model, compare, same_answers};
use crate::world::{Step, World, Write, key};

fn batches(count: u64) -> Vec<Batch> {
    let mut world = World::default();
    let mut steps: Vec<Step> = (0..5).map(|_| Step::log()).collect();
    let mut batches = Vec::new();
    for batch in 0..count {
        for entry in 0..40u64 {
            let number = batch * 40 + entry;
            steps.push(Step::Write(Write {
                log: usize::try_from(number * 7 % 5).expect("fits"),
                subject: u8::try_from(number % 5).expect("fits"),
                document: usize::try_from(number * 13).expect("fits"),
                payload: vec![u8::try_from(number % 256).expect("fits"); 150],
                dropped: number % 17 == 0,
                signed: number % 8 == 0,
                seen: (number % 6 == 0).then_some(2),
                deps: u8::try_from(number % 4).expect("fits"),
                time_ms: 1_000_000 + i64::try_from(number).expect("fits"),
                skipped: 0,
            }));
        }
        steps.push(Step::Branch { log: 1, seq: batch });
        steps.push(Step::Proof { log: 3 });
        batches.push(world.batch(&steps));
        steps.clear();
    }
    batches
}

fn fill(path: &Path) -> Model {
    let mut store = Store::open(path, &key()).expect("a new store");
    let mut model = Model::default();
    for batch in batches(6) {
        store.commit(&batch).expect("a sound batch");
        model.commit(&batch);
    }
    model
}

/// SplitMix64.
fn random(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// What came of a damaged file.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// An error was returned, or the check reported it.
    Noticed,
    /// Everything that can be asked was answered as before.
    Intact,
}

/// Opens a damaged file and asks it everything. An answer that is wrong fails the test inside
/// [`compare`], unless the check tells that rows are missing.
fn examine(path: &Path, model: &Model) -> Outcome {
    let Ok(mut store) = Store::open(path, &key()) else {
        return Outcome::Noticed;
    };
    let report = store.integrity_check(Extent::Full);
    let noticed = !report.is_ok_and(|report| report.problems.is_empty());
    // Whatever comes back must come back without a panic.
    let _ = store.list(&Filter::default(), Order::NewestFirst, None, 99);
    let _ = store.search("停水", &Filter::default(), None, 99);
    let _ = store.view_digest();
    let _ = store.dirty(99);
    let _ = store.checkpoint();
    if noticed {
        every_entry_is_true(&store, model);
        return Outcome::Noticed;
    }
    match compare(&store, model) {
        Ok(()) => Outcome::Intact,
        Err(_) => Outcome::Noticed,
    }
}

/// What a damaged store still gives back is what was put in, though some of it may be missing.
fn every_entry_is_true(store: &Store, model: &Model) {
    let true_ones = model
        .entries_by_arrival(0, usize::MAX)
        .expect("a model answers");
    let by_name: BTreeMap<EntryId, &StoredEntry> = true_ones
        .iter()
        .map(|stored| (stored.entry.id, stored))
        .collect();
    let mut given = store.statements().unwrap_or_default();
    given.extend(store.entries_by_arrival(0, usize::MAX).unwrap_or_default());
    for stored in &true_ones {
        given.extend(store.entry(&stored.entry.id).unwrap_or_default());
        given.extend(store.log_entries(stored.log, 0, 99).unwrap_or_default());
        if let Some(document) = stored.entry.document() {
            let _damaged = store.each_document_entry(document, &mut |stored| given.push(stored));
        }
    }
    for stored in given {
        let put_in = by_name.get(&stored.entry.id);
        assert_eq!(put_in, Some(&&stored), "an entry came back changed");
    }
}

#[test]
fn flipped_bytes_are_noticed_or_harmless() {
    let folder = tempfile::tempdir().expect("a folder");
    let sound = folder.path().join("sound");
    let model = fill(&sound);
    let bytes = std::fs::read(&sound).expect("a file");
    let path = folder.path().join("damaged");
    let (mut noticed, mut intact) = (0, 0);
    for round in 0..100 {
        let mut damaged = bytes.clone();
        // Half of the rounds hit one byte, the others a run of them.
        let length = if round % 2 == 0 { 1 } else { 64 };
        let place = usize::try_from(random(round)).expect("64 bits") % (bytes.len() - length);
        for byte in &mut damaged[place..place + length] {
            *byte ^= u8::try_from(random(round + 999) % 255 + 1).expect("fits");
        }
        std::fs::write(&path, &damaged).expect("a file");
        let _ = std::fs::remove_file(folder.path().join("damaged-wal"));
        match examine(&path, &model) {
            Outcome::Noticed => noticed += 1,
            Outcome::Intact => intact += 1,
        }
    }
    // No byte of a page that is in use can change and its seal still open.
    assert!(noticed > 95, "{noticed} noticed, {intact} intact");
}

/// What does not open is looked into all the same, and left as it is.
#[test]
fn examining_names_the_tables_and_counts_what_is_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let sound = folder.path().join("sound");
    let model = fill(&sound);
    let all = model.entries_by_arrival(0, usize::MAX).expect("entries");
    let all = all.len() as u64;
    let bytes = std::fs::read(&sound).expect("a file");
    let whole = examine_store(&sound, &key()).expect("a look");
    assert!(whole.problems.is_empty(), "{:?}", whole.problems);
    assert_eq!(
        (whole.entries_readable, whole.pages_whole),
        (all, whole.pages)
    );
    let path = folder.path().join("damaged");
    let (mut with_tables, mut some_left) = (0, 0);
    let pages = bytes.len() / 4_096;
    for page in 0..pages {
        let mut damaged = bytes.clone();
        damaged[page * 4_096 + 2_000] ^= 1;
        std::fs::write(&path, &damaged).expect("a file");
        let _none = std::fs::remove_file(folder.path().join("damaged-wal"));
        let found = examine_store(&path, &key()).expect("a look");
        assert_eq!(found.pages_whole + 1, found.pages, "page {page}");
        assert!(
            std::fs::read(&path).expect("a file") == damaged,
            "page {page}"
        );
        let tables = found.problems.iter();
        let tables = tables.filter(|problem| matches!(problem, Problem::Table(_)));
        with_tables += usize::from(tables.count() > 0);
        some_left += usize::from((1..all).contains(&found.entries_readable));
    }
    assert!(with_tables * 10 > pages * 8, "{with_tables} of {pages}");
    assert!(some_left > 10, "{some_left} of {pages}");
}

/// An entry's name does not cover its signature: the row's sum must.
#[test]
fn a_changed_signature_is_noticed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let model = fill(&path);
    let entries = model.entries_by_arrival(0, usize::MAX).expect("entries");
    let signed = entries
        .iter()
        .find(|stored| stored.entry.signature.is_some());
    let entry = &signed.expect("a signed entry").entry;
    let mut signature = entry.signature.expect("a signature").0;
    let before = signature;
    signature[40] ^= 1;
    let store = Store::open(&path, &key()).expect("a store");
    let changed = store.connection().execute(
        "UPDATE entry SET signature = ?2 WHERE signature = ?1",
        [before, signature],
    );
    assert_eq!(changed.expect("an update"), 1);
    let refused = store.entry(&entry.id).expect_err("a changed signature");
    assert!(matches!(
        refused.downcast_ref(),
        Some(StoreFault::Damaged { .. })
    ));
    let report = store.integrity_check(Extent::Full).expect("a check");
    assert_eq!(report.problems.len(), 1, "{:?}", report.problems);
}

#[test]
fn a_cut_file_is_noticed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let model = fill(&path);
    let bytes = std::fs::read(&path).expect("a file");
    for keep in [1, 50, 100, 4_096, bytes.len() / 2, bytes.len() - 1] {
        std::fs::write(&path, &bytes[..keep]).expect("a file");
        assert_eq!(
            examine(&path, &model),
            Outcome::Noticed,
            "{keep} bytes of {}",
            bytes.len()
        );
        let _ = std::fs::remove_file(folder.path().join("store-wal"));
    }
}

#[test]
fn damage_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    std::fs::write(&path, [0x55; 5_000]).expect("a file");
    let said = Store::open(&path, &key())
        .expect_err("no database")
        .to_string();
    assert!(
        said.contains("Restore a backup") && said.contains("neighbours"),
        "{said}"
    );
}

/// Fills a store until it has no more room, and checks that it lost nothing and goes on once
/// there is room.
fn run_full(mut store: Store, make_room: impl FnOnce(&mut Store)) {
    let mut model = Model::default();
    let mut batches = batches(400).into_iter();
    let refused = loop {
        let batch = batches.next().expect("the disk is smaller than this");
        match store.commit(&batch) {
            Ok(()) => model.commit(&batch),
            Err(CommitError::Fault(StoreFault::Full)) => break batch,
            Err(other) => panic!("a full disk was taken for something else: {other}"),
        }
    };
    same_answers(&store, &model);
    make_room(&mut store);
    store.commit(&refused).expect("there is room again");
    model.commit(&refused);
    same_answers(&store, &model);
    let report = store.integrity_check(Extent::Full).expect("a check");
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}

#[test]
fn a_store_without_room_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(&folder.path().join("store"), &key()).expect("a new store");
    store.bound_pages(120).expect("a bound");
    run_full(store, |store| {
        store.bound_pages(1_000_000).expect("a bound")
    });
}

/// With a file system that takes two files and no third: the store's, and none for its log.
#[cfg(feature = "foreign-tests")]
#[test]
fn a_disk_that_takes_no_more_files_is_full() {
    use std::process::Command;
    let folder = tempfile::tempdir().expect("a folder");
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=2m,nr_inodes=2", "linli-test"])
        .arg(folder.path())
        .status()
        .expect("the program mount");
    assert!(mounted.success(), "the right to mount a file system");
    let opened = Store::open(&folder.path().join("store"), &key());
    let unmounted = Command::new("umount").arg(folder.path()).status();
    assert!(unmounted.expect("the program umount").success());
    assert!(
        matches!(opened, Err(node::store::OpenError::Fault(StoreFault::Full))),
        "{opened:?}"
    );
}

/// With the real thing: a file system of 2 MiB. It needs the right to mount one.
#[cfg(feature = "foreign-tests")]
#[test]
fn a_full_disk_loses_nothing() {
    use std::process::Command;
    let folder = tempfile::tempdir().expect("a folder");
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=2m", "linli-test"])
        .arg(folder.path())
        .status()
        .expect("the program mount");
    assert!(mounted.success(), "the right to mount a file system");
    let ballast = folder.path().join("ballast");
    let outcome = std::panic::catch_unwind(|| {
        std::fs::write(&ballast, vec![0; 1 << 20]).expect("a file");
        let store = Store::open(&folder.path().join("store"), &key()).expect("a new store");
        run_full(store, |store| {
            // A checkpoint needs room as well; that it fails loses nothing either.
            assert!(matches!(store.checkpoint(), Ok(_) | Err(StoreFault::Full)));
            std::fs::remove_file(&ballast).expect("room");
        });
    });
    let unmounted = Command::new("umount").arg(folder.path()).status();
    assert!(unmounted.expect("the program umount").success());
    outcome.expect("what happened on the small disk");
}
