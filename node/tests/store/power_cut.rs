//! A store whose disk loses power while it writes. A store that waits for its disk loses nothing
//! that it called durable; the control, which does not wait, must lose something, or this test
//! could see no loss.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use node::store::{Durability, Extent, Store};

use crate::disk::Disk;
use crate::world::{Step, World, key};

const LOGS: usize = 3;
/// Entries that a batch adds to each log.
const RUN: usize = 7;

#[test]
fn a_power_cut_takes_nothing_that_was_durable() {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = Disk::new(folder.path());
    for cut in 0..10 {
        let durable = write_until_cut(&disk, Durability::Full, cut);
        let stored = stored_batches(&disk.path().join("store"));
        assert!(
            stored >= durable,
            "cut {cut}: {durable} batches durable, {stored} stored"
        );
    }
}

#[test]
fn a_store_that_does_not_wait_for_its_disk_loses_batches() {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = Disk::new(folder.path());
    // What it has when it is made is on the disk; only what follows is at stake.
    drop(Store::open(&disk.path().join("store"), &key()).expect("a store"));
    let durable = write_until_cut(&disk, Durability::UnsafeControl, 4);
    let stored = stored_batches(&disk.path().join("store"));
    assert!(
        stored < durable,
        "all {durable} batches are there: the cut of power takes nothing, so the test shows nothing"
    );
}

/// Lets a store be written until the power is cut; returns the last batch that it called durable
/// before that.
fn write_until_cut(disk: &Disk, durability: Durability, cut: u64) -> u64 {
    let path = disk.path().join("store");
    let durable = AtomicU64::new(0);
    let before_cut = std::thread::scope(|scope| {
        let writer = scope.spawn(|| write(&path, durability, &durable));
        // Another number of batches and another point inside the next one for each cut.
        let mut first = None;
        loop {
            let now = durable.load(Ordering::Acquire);
            let begun = *first.get_or_insert(now);
            if now > begun.max(1) + cut {
                break;
            }
            assert!(!writer.is_finished(), "the writer ended by itself");
            std::thread::yield_now();
        }
        std::thread::sleep(Duration::from_micros(cut * cut * 97 % 4_001));
        // A commit that is under way while the kernel shuts the file system down may return as if
        // nothing were wrong; with the power really gone, nobody would hear of it.
        let before_cut = durable.load(Ordering::Acquire);
        disk.cut_power();
        before_cut
    });
    disk.restore_power();
    before_cut
}

/// Writes batches until one fails.
fn write(path: &Path, durability: Durability, durable: &AtomicU64) {
    let mut store =
        Store::open_with(path, &key(), durability).expect("the store opens after every cut");
    let mut world = World::default();
    // The world is a function of the steps, so it can be brought to where the store is.
    let stored = store.entries_total().expect("a number") / (LOGS * RUN) as u64;
    for number in 0.. {
        let mut steps = Vec::new();
        if number == 0 {
            steps.extend((0..LOGS).map(|_| Step::log()));
        }
        steps.extend((0..LOGS * RUN).map(|entry| Step::write(entry % LOGS)));
        let batch = world.batch(&steps);
        if number < stored {
            continue;
        }
        if store.commit(&batch).is_err() {
            return;
        }
        durable.store(number + 1, Ordering::Release);
    }
}

/// Opens the store, checks that it holds whole batches only, and returns how many.
fn stored_batches(path: &Path) -> u64 {
    let store = Store::open(path, &key()).expect("the store opens after every cut");
    let total = store.entries_total().expect("a number");
    assert_eq!(total % (LOGS * RUN) as u64, 0, "a batch is there by half");
    let report = store.integrity_check(Extent::Full).expect("a check");
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    total / (LOGS * RUN) as u64
}
