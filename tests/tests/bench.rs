//! The benchmarks' machinery on a small corpus: it finds the same on both ends, counts what it
//! should, and reports peers that were not built as skipped. No time is asserted.

use std::collections::BTreeSet;

use serde_json::json;
use tempfile::TempDir;
use tests::bench::corpus::{self, Size};
use tests::bench::template::Template;
use tests::bench::wire::Counting;
use tests::bench::{Options, cold_sync, report};

const SMALL: Size = Size {
    documents: 20,
    records_each: 10,
    authors: 7,
};

#[test]
fn a_small_corpus_is_fetched_whole_and_the_summary_names_what_was_not_measured() {
    let folder = TempDir::new().expect("a folder");
    let options = Options {
        runs: 1,
        work: folder.path().to_owned(),
        peers: None,
        corpus: SMALL,
    };
    let rows = cold_sync::run(&options, Counting::None, |_| {}).expect("the benchmark runs");
    let own: Vec<_> = rows.iter().filter(|row| row["system"] == "linli").collect();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0]["error"], json!(null), "{}", own[0]);
    assert_eq!(own[0]["records"], json!(200));
    let skipped = rows.iter().filter(|row| {
        row["error"]
            .as_str()
            .is_some_and(|error| error.starts_with("skipped"))
    });
    assert_eq!(skipped.count(), rows.len() - 1, "peers are not built here");
    let summary = report::summary("cold-sync", &rows);
    for target in summary["targets"].as_array().expect("targets") {
        let alone = target["target"] == "receiver's peak memory, MB";
        assert_eq!(target["met"].is_null(), !alone, "{target}");
    }
}

#[test]
fn the_corpus_is_the_same_every_time_and_its_records_have_about_300_bytes() {
    let records = corpus::generate(SMALL);
    assert_eq!(records, corpus::generate(SMALL));
    assert_eq!(records.len(), SMALL.records());
    for record in &records {
        assert!((290..330).contains(&record.text.len()), "{}", record.text);
        assert!(record.document < SMALL.documents && record.author < SMALL.authors);
    }
}

#[test]
fn the_front_ends_corpus_has_requests_in_every_state() {
    let folder = TempDir::new().expect("a folder");
    let size = Size {
        documents: 48,
        records_each: 1,
        authors: 7,
    };
    let template = Template::of_front_end(folder.path(), size, 1).expect("a corpus");
    let mut home = template.copy("a", folder.path()).expect("a copy");
    home.start(&[]);
    let mut states = BTreeSet::new();
    for view in home.lines(&["list", "requests"]) {
        states.insert(view["state"].as_str().expect("a state").to_owned());
    }
    let expected = [
        "cancelled",
        "closed-unconfirmed",
        "confirmed",
        "done",
        "double-booked",
        "expired",
        "gone",
        "in-progress",
        "matched",
        "offered",
        "open",
    ];
    assert_eq!(states.iter().collect::<Vec<_>>(), expected);
    assert!(!home.lines(&["list", "notices"]).is_empty());
}
