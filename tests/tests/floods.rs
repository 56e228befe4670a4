//! Floods (rule R12) on real nodes: a member writes far more than it may, and its neighbours go on
//! as if it did not. They have little memory and little room for each household.

use std::fmt::Write as _;
use std::fs;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tests::process::{Home, address, neighbourhood, until};

/// Memory that a flooded node may have, in KiB.
const MEMORY_KIB: u64 = 256 * 1024;
/// Requests that the flooder writes, of about 2 KiB each.
const REQUESTS: usize = 2_000;

/// Leaves room of 1 MiB for each other household.
fn give_little_room(home: &Home) {
    let path = home.path().join("settings.toml");
    let settings = fs::read_to_string(&path).expect("settings");
    let changed = settings.replace("household_mib = 256", "household_mib = 1");
    assert_ne!(changed, settings, "{settings}");
    fs::write(&path, changed).expect("settings can be written");
}

fn names(declined: &Value) -> Vec<&str> {
    let members = declined.as_array().into_iter().flatten();
    members
        .filter_map(|member| member["name"].as_str())
        .collect()
}

fn holds(home: &Home, id: &Value) -> bool {
    let path = format!("/v1/documents/{}", id.as_str().expect("an id"));
    matches!(home.request("GET", &path, None), Ok((200, _)))
}

#[test]
fn a_member_that_floods_fills_no_disk_and_delays_no_urgent_notice() {
    let folder = tempfile::tempdir().expect("a folder");
    let [mut founder, mut neighbour, mut flooder] = neighbourhood(folder.path());
    founder.kill();
    for home in [&founder, &neighbour] {
        give_little_room(home);
    }
    let mut table = "name,supplies,address,remark\n".to_owned();
    let remark = "口罩和退烧药都不够了，".repeat(50);
    for number in 0..REQUESTS {
        writeln!(table, "{number} 号,口罩,{number} 单元,{remark}{number}").expect("memory");
    }
    let file = folder.path().join("flood.csv");
    fs::write(&file, table).expect("a file");
    let imported = flooder.json(&["import", "requests", file.to_str().expect("UTF-8")]);
    assert_eq!(imported["imported"], json!(REQUESTS), "{imported}");

    let listening = ["--listen", "/ip4/127.0.0.1/tcp/0"];
    founder.start_within(MEMORY_KIB, &listening);
    let dial = address(&founder);
    let dialling = [&listening[..], &["--dial", &dial]].concat();
    neighbour.start_within(MEMORY_KIB, &dialling);
    flooder.start(&dialling);
    let entries = flooder.status()["entries"].as_u64().expect("a number");
    let before = founder.status()["entries"].as_u64().expect("a number");
    until("the flood has begun", || {
        founder.status()["entries"].as_u64() > Some(before)
    });

    let own = founder.status()["member"]["id"].clone();
    let own = own.as_str().expect("an id");
    founder.json(&["appoint", own, "building-lead", "--building", "3"]);
    let since = Instant::now();
    let in_an_hour = SystemTime::now() + Duration::from_secs(3_600);
    let in_an_hour = in_an_hour
        .duration_since(UNIX_EPOCH)
        .expect("it is past 1970");
    let expires = format!("expires_ms:={}", in_an_hour.as_millis());
    let notice = founder.json(&[
        "post",
        "notice",
        "--title",
        "停水",
        "--body",
        "马上停水，请接水备用",
        "--field",
        "level=urgent",
        "--field",
        &expires,
    ]);
    until("the notice has arrived", || {
        holds(&neighbour, &notice["id"])
    });
    // Told, and not asserted: how long it takes is a matter of the machine.
    println!("an urgent notice in a flood took {:?}", since.elapsed());

    until("both take no more of the flood", || {
        let homes = [&founder, &neighbour];
        homes
            .iter()
            .all(|home| names(&home.status()["declined"]) == ["c"])
    });
    for home in [&founder, &neighbour] {
        let status = home.status();
        let held = status["entries"].as_u64().expect("a number");
        assert!(held > before && held < entries / 2, "{held} of {entries}");
        let bytes = status["store_bytes"].as_u64().expect("a number");
        let full = flooder.status()["store_bytes"].as_u64().expect("a number");
        assert!(bytes < full, "{bytes} of {full} bytes");
    }

    // The others go on: what they write comes and goes, also to the flooder.
    let posted = neighbour.json(&["post", "request", "--title", "谁有梯子？"]);
    until("everybody has the neighbour's request", || {
        [&founder, &flooder]
            .iter()
            .all(|home| holds(home, &posted["id"]))
    });
}
