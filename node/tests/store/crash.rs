//! A process that is killed while it writes: everything that it was told is durable is there, and
//! no batch is there by half.
//!
//! The test starts its own program again as the writer; a test that is not asked to be the writer
//! is the reader.

use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use node::store::{Extent, Store};
use protocol::storage::Storage;

use crate::world::{Step, World, key};

const STORE: &str = "LINLI_TEST_CRASH_STORE";
const KILLS: u64 = 20;
const LOGS: usize = 3;
/// Entries that a batch adds to each log.
const RUN: usize = 7;

#[test]
fn a_killed_writer_loses_nothing_that_was_durable() {
    if let Ok(path) = std::env::var(STORE) {
        write_until_killed(Path::new(&path));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("store");
    let mut durable_before = 0;
    for kill in 0..KILLS {
        let durable = run_and_kill(&path, kill);
        let stored = stored_batches(&path);
        assert!(
            stored >= durable,
            "kill {kill}: {durable} batches durable, {stored} stored"
        );
        assert!(
            durable >= durable_before,
            "kill {kill}: the writer did not go on"
        );
        durable_before = stored;
    }
    assert!(
        durable_before > KILLS,
        "the writer hardly wrote: {durable_before} batches"
    );
}

/// Lets a writer work for a while, kills it, and returns the last batch that it called durable.
fn run_and_kill(path: &Path, kill: u64) -> u64 {
    let program = std::env::current_exe().expect("this program");
    let mut child = Command::new(program)
        .args([
            "--exact",
            "crash::a_killed_writer_loses_nothing_that_was_durable",
            "--nocapture",
        ])
        .env(STORE, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a writer");
    let output = BufReader::new(child.stdout.take().expect("its output"));
    let mut numbers = output
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| line.strip_prefix("durable ")?.parse::<u64>().ok());
    // A different number of batches and a different point inside the next one for each kill.
    let mut last = 0;
    for _ in 0..=kill % 5 {
        last = numbers.next().expect("the writer says what is durable");
    }
    std::thread::sleep(Duration::from_micros(kill * kill * 97 % 4_001));
    child.kill().expect("the writer runs until it is killed");
    child.wait().expect("its end");
    numbers.last().unwrap_or(last)
}

/// Opens the store, checks that it holds whole batches only, and returns how many.
fn stored_batches(path: &Path) -> u64 {
    let store = Store::open(path, &key()).expect("the store opens after every kill");
    let entries = store.entries_by_arrival(0, usize::MAX).expect("entries");
    let logs = store.logs().expect("logs");
    let batches = entries.len() / (LOGS * RUN);
    assert_eq!(entries.len() % (LOGS * RUN), 0, "a batch is there by half");
    for log in &logs {
        let own = store
            .log_entries(log.number, 0, usize::MAX)
            .expect("entries");
        assert_eq!(own.len(), batches * RUN);
        assert_eq!(own.last().map(|stored| stored.entry.id), Some(log.head));
    }
    let report = store.integrity_check(Extent::Full).expect("a check");
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    batches as u64
}

fn write_until_killed(path: &Path) -> ! {
    let mut store = Store::open(path, &key()).expect("the store opens after every kill");
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
        store.commit(&batch).expect("a sound batch");
        println!("durable {}", number + 1);
        std::io::stdout().flush().expect("the reader listens");
        if number % 16 == 0 {
            store.checkpoint().expect("a checkpoint");
        }
    }
    unreachable!("the writer is killed long before 2^64 batches")
}
