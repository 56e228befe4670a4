//! A real node whose disk loses power while it writes: whatever it has acknowledged is there
//! afterwards. That the test can see a loss at all is shown in the store's tests, by a store that
//! does not wait for its disk.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use tests::disk::Disk;
use tests::process::{Home, until};

const CUTS: u64 = 5;

#[test]
fn a_node_whose_power_is_cut_keeps_what_it_acknowledged() {
    let folder = TempDir::new().expect("a folder");
    let disk = Disk::new(folder.path());
    let mut home = Home::new(disk.path(), "a");
    home.json(&[
        "init",
        "--lang",
        "zh",
        "--household",
        "林家",
        "--building",
        "3",
        "--found",
        "梧桐里",
    ]);
    let acknowledged = Mutex::new(BTreeSet::new());
    let mut must_be_there = BTreeSet::new();
    let count = || acknowledged.lock().expect("no writer panics").len();
    for round in 0..CUTS {
        home.start(&[]);
        let before = count();
        let writer = Home::new(disk.path(), "a");
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for number in 0.. {
                    match post(&writer, &format!("{round} {number}")) {
                        Some(id) => acknowledged.lock().expect("no writer panics").insert(id),
                        // Without power nothing may be acknowledged any more.
                        None => break,
                    };
                }
            });
            until("something was written", || count() > before + 3);
            // Another moment in each round, the same in each run.
            std::thread::sleep(Duration::from_millis(round * 37 % 60));
            // What is under way while the kernel shuts the file system down may still be called
            // written; with the power really gone, nobody would hear of it.
            must_be_there.clone_from(&*acknowledged.lock().expect("no writer panics"));
            disk.cut_power();
        });
        home.kill();
        disk.restore_power();
    }
    home.start(&[]);
    for id in &must_be_there {
        let (code, _) = home
            .request("GET", &format!("/v1/documents/{id}"), None)
            .expect("the node answers");
        assert_eq!(code, 200, "{id} of {} was lost", must_be_there.len());
    }
    let report = home.json(&["doctor"]);
    assert_eq!(report["findings"], json!([]), "{report}");
    home.kill();
}

fn post(home: &Home, title: &str) -> Option<String> {
    let draft = json!({"kind": "request", "fields": {"title": title, "body": "请帮忙"}});
    match home.request("POST", "/v1/documents", Some(&draft)) {
        Ok((201, written)) => Some(written["id"].as_str()?.to_owned()),
        _ => None,
    }
}
