//! Three real nodes over loopback: they agree, they work apart and meet again, and one of them is
//! killed in the middle of writing again and again.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::process::{Home, address, neighbourhood, until, until_same};

fn post(home: &Home, title: &str) -> Option<String> {
    let draft = json!({"kind": "request", "fields": {"title": title, "body": "请帮忙"}});
    match home.request("POST", "/v1/documents", Some(&draft)) {
        Ok((201, written)) => Some(written["id"].as_str().expect("an id").to_owned()),
        _ => None,
    }
}

fn shown(home: &Home) -> BTreeSet<String> {
    home.lines(&["list", "requests", "--limit", "500"])
        .into_iter()
        .map(|view| view["id"].as_str().expect("an id").to_owned())
        .collect()
}

#[test]
fn three_nodes_agree_work_apart_and_agree_again() {
    let folder = TempDir::new().expect("a folder");
    let [mut a, mut b, mut c] = neighbourhood(folder.path());
    let dial = address(&a);
    b.start(&["--listen", "/ip4/127.0.0.1/tcp/0", "--dial", &dial]);
    c.start(&["--listen", "/ip4/127.0.0.1/tcp/0", "--dial", &address(&b)]);
    let plan = json!({"kind": "plan", "fields": {"title": "家园日", "text": "一\n\n二\n"}});
    let (code, plan) = a
        .request("POST", "/v1/documents", Some(&plan))
        .expect("the node answers");
    assert_eq!(code, 201, "{plan}");
    let plan = plan["id"].as_str().expect("an id").to_owned();
    until_same(&[&a, &b, &c]);

    // Apart: B and C write one after the other, each while no other node runs. (They remember where
    // they met: with A up they would find it by themselves.)
    for home in [&mut a, &mut b, &mut c] {
        home.kill();
    }
    let mut written = Vec::new();
    for (home, title, text) in [
        (&mut b, "b", "一\n\n甲\n\n二\n"),
        (&mut c, "c", "一\n\n二\n\n乙\n"),
    ] {
        home.start(&[]);
        let path = format!("/v1/documents/{plan}");
        let (code, answer) = home
            .request("PATCH", &path, Some(&json!({"fields": {"text": text}})))
            .expect("the node answers");
        assert_eq!(code, 200, "{answer}");
        written.push(post(home, title).expect("durable"));
        home.kill();
    }
    a.start(&["--listen", "/ip4/127.0.0.1/tcp/0"]);
    for home in [&mut b, &mut c] {
        home.start(&["--dial", &address(&a)]);
    }
    until_same(&[&a, &b, &c]);
    let all = shown(&c);
    assert!(written.iter().all(|id| all.contains(id)));
    let plan = a.json(&["show", &plan]);
    assert_eq!(
        plan["document"]["fields"]["text"],
        json!("一\n\n甲\n\n二\n\n乙\n")
    );
}

/// Times that a node is killed; `LINLI_KILLS` asks for more.
fn kills() -> usize {
    std::env::var("LINLI_KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(50)
}

#[test]
fn a_node_killed_while_it_writes_loses_nothing_and_signs_no_number_twice() {
    let folder = TempDir::new().expect("a folder");
    let [a, mut b, mut c] = neighbourhood(folder.path());
    let dial = address(&a);
    c.start(&["--listen", "/ip4/127.0.0.1/tcp/0", "--dial", &dial]);
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
    for round in 0..kills() {
        b.start(&["--dial", &dial]);
        let socket = Home::new(folder.path(), "b");
        let stop = AtomicBool::new(false);
        let before = acknowledged.lock().expect("no writer panics").len();
        std::thread::scope(|scope| {
            for writer in 0..2 {
                let (acknowledged, stop, socket) = (&acknowledged, &stop, &socket);
                scope.spawn(move || {
                    let mut number = 0;
                    while !stop.load(Ordering::Relaxed) {
                        number += 1;
                        if let Some(id) = post(socket, &format!("{round} {writer} {number}")) {
                            acknowledged.lock().expect("no writer panics").insert(id);
                        }
                    }
                });
            }
            until("something was written", || {
                acknowledged.lock().expect("no writer panics").len() > before
            });
            // Other moments in each round, the same in each run.
            std::thread::sleep(Duration::from_millis((round as u64 * 37) % 60));
            b.kill();
            stop.store(true, Ordering::Relaxed);
        });
    }
    b.start(&["--dial", &dial]);
    until_same(&[&a, &b, &c]);
    let acknowledged = acknowledged.lock().expect("no writer panics").clone();
    for home in [&a, &b, &c] {
        let held = all_requests(home);
        let lost: Vec<&String> = acknowledged.difference(&held).collect();
        assert!(lost.is_empty(), "lost of {}: {lost:?}", acknowledged.len());
    }
    let (_, roster) = a
        .request("GET", "/v1/roster", None)
        .expect("the node answers");
    let devices = roster["members"]
        .as_array()
        .expect("members")
        .iter()
        .flat_map(|member| member["devices"].as_array().cloned().unwrap_or_default());
    for device in devices {
        assert_eq!(device["forked"], json!(false), "a number was signed twice");
    }
    let report = b.json(&["doctor"]);
    assert_eq!(report["findings"], json!([]), "{report}");
}

fn all_requests(home: &Home) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut after = String::new();
    loop {
        let path = format!("/v1/documents?kind=request&limit=500{after}");
        let (code, page) = home.request("GET", &path, None).expect("the node answers");
        assert_eq!(code, 200, "{page}");
        for view in page["items"].as_array().expect("items") {
            all.insert(view["id"].as_str().expect("an id").to_owned());
        }
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return all,
        }
    }
}

#[test]
fn a_home_brought_back_from_a_backup_replaces_its_device_and_loses_nothing() {
    let folder = TempDir::new().expect("a folder");
    let [a, mut b, _] = neighbourhood(folder.path());
    let dial = address(&a);
    let backup = folder.path().join("backup");
    copy(b.path(), &backup);
    b.start(&["--dial", &dial]);
    let former = b.status()["device"].clone();
    let after_backup = post(&b, "after the backup").expect("durable");
    until_same(&[&a, &b]);
    b.kill();
    std::fs::remove_dir_all(b.path()).expect("the home can be removed");
    copy(&backup, b.path());

    b.start(&["--dial", &dial]);
    until("the device was replaced", || b.status()["device"] != former);
    let later = post(&b, "later").expect("durable");
    until_same(&[&a, &b]);
    for home in [&a, &b] {
        let held = all_requests(home);
        assert!(held.contains(&after_backup) && held.contains(&later));
    }
    let (_, roster) = a
        .request("GET", "/v1/roster", None)
        .expect("the node answers");
    let devices = roster["members"]
        .as_array()
        .expect("members")
        .iter()
        .flat_map(|member| member["devices"].as_array().cloned().unwrap_or_default());
    let former = devices
        .filter(|device| device["id"] == former)
        .collect::<Vec<_>>();
    assert_eq!(former[0]["cut"], json!(true));
    assert_eq!(former[0]["forked"], json!(false));
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    let copied = std::process::Command::new("cp")
        .arg("-a")
        .arg(from)
        .arg(to)
        .status()
        .expect("cp runs");
    assert!(copied.success());
}

#[test]
fn a_used_up_or_unknown_invitation_is_refused_and_nothing_is_lost() {
    let folder = TempDir::new().expect("a folder");
    let [a, _, _] = neighbourhood(folder.path());
    let dial = address(&a);
    let used = a.json(&["invite", "--uses", "1", "--expires", "7d"]);
    let used = used["invitation"].as_str().expect("an invitation");
    let join = |name: &str, invitation: &str| {
        Home::new(folder.path(), name).run(&[
            "join",
            invitation,
            "--lang",
            "en",
            "--household",
            name,
            "--building",
            "5",
            "--dial",
            &dial,
            "--json",
        ])
    };
    assert!(join("first", used).status.success());
    let second = join("second", used);
    assert_eq!(second.status.code(), Some(9), "{second:?}");
    let refusal: Value = serde_json::from_slice(&second.stderr).expect("JSON on stderr");
    assert_eq!(refusal["error"]["code"], json!("used-up"));
    let cut_off = join("third", &used[..used.len() - 3]);
    assert_eq!(cut_off.status.code(), Some(3), "{cut_off:?}");
    assert!(!folder.path().join("third").exists(), "something was left");
}

#[test]
fn a_post_says_how_far_it_has_come_through_a_relay() {
    let folder = TempDir::new().expect("a folder");
    let [mut a, mut b, mut c] = neighbourhood(folder.path());
    let invitation = a.json(&["invite", "--relay"]);
    let invitation = invitation["invitation"].as_str().expect("an invitation");
    let mut relay = Home::new(folder.path(), "r");
    let joining = ["--join", invitation, "--name", "3号楼中继"];
    let listening = ["--listen", "/ip4/127.0.0.1/tcp/0", "--dial", &address(&a)];
    relay.start_relay(&[&joining[..], &listening[..]].concat());
    until("the relay is certified", || {
        a.json(&["roster"])["relays"] != json!([])
    });
    // It joins with a node of its own, which makes way for the relay: here by force.
    relay.kill();
    relay.start_relay(&listening);
    until_same(&[&a, &relay]);
    let dial = address(&relay);

    // At another port and dialling nobody, A is alone.
    a.kill();
    a.start(&[]);
    let id = post(&a, "谁有梯子？").expect("durable");
    let delivery = |home: &Home| home.json(&["show", &id])["document"]["delivery"].clone();
    assert_eq!(delivery(&a), json!({"relays": 0, "homes": 0}));

    a.kill();
    a.start(&["--dial", &dial]);
    until("the relay has signed", || {
        delivery(&a) == json!({"relays": 1, "homes": 0})
    });
    let told = a.listen();
    b.start(&["--dial", &dial]);
    // The first event may still be about the relay.
    let event = told
        .filter(|line| line.contains("\"delivery\"") && line.contains(&id))
        .find(|_| delivery(&a) == json!({"relays": 1, "homes": 1}));
    assert!(event.is_some(), "A's listeners are told");
    assert!(delivery(&b).is_null(), "B wrote nothing in it");
    c.start(&["--dial", &dial]);
    until("C has signed", || {
        delivery(&a) == json!({"relays": 1, "homes": 2})
    });
    assert_eq!(a.status()["unsent"], json!(0));

    // Receipts are kept.
    for home in [&mut a, &mut b, &mut c, &mut relay] {
        home.kill();
    }
    a.start(&[]);
    for (language, said) in [
        ("en", "saved here · at 1 relay · in 2 homes"),
        ("zh", "已存本机 · 已到 1 个中继、2 户"),
    ] {
        for command in [vec!["show", &id], vec!["list", "requests"]] {
            let output = a.run(&[&command[..], &["--lang", language]].concat());
            let text = String::from_utf8(output.stdout).expect("UTF-8");
            assert!(text.contains(said), "{command:?}: {text}");
        }
    }
}
