//! Cuts that lie lower than logs stand (rules R6, R7, R10 and R12) on real nodes: a flood is undone
//! by one cut, by the founder, by a motion or by the household whose device it was.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::process::{Home, address, neighbourhood, until, until_same};

const LISTENING: [&str; 2] = ["--listen", "/ip4/127.0.0.1/tcp/0"];
/// Requests that a flood has.
const FLOOD: usize = 300;

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn start_all(founder: &Home, homes: &mut [&mut Home]) {
    let dial = address(founder);
    for home in homes {
        home.start(&[&LISTENING[..], &["--dial", &dial]].concat());
    }
}

/// Lets a further household join by an invitation of another; the inviter's node runs.
fn join(folder: &Path, inviter: &Home, name: &str, invite: &[&str]) -> Home {
    let invitation = text(&inviter.json(invite)["invitation"]);
    let (home, dial) = (Home::new(folder, name), address(inviter));
    let who = ["--household", name, "--building", "5", "--lang", "en"];
    let joined = home.json(&[&["join", &invitation, "--dial", &dial][..], &who].concat());
    assert_eq!(joined["pending"], json!(false), "{joined}");
    home
}

fn post(home: &Home, title: &str) -> String {
    text(&home.json(&["post", "request", "--title", title, "--body", "请帮忙"])["id"])
}

/// Posts a flood from a file, and returns its requests in the order in which they were made.
fn flood(home: &Home, folder: &Path, before: &BTreeSet<String>) -> Vec<Value> {
    let mut table = "name,supplies,address,remark\n".to_owned();
    for number in 0..FLOOD {
        writeln!(table, "{number} 号,口罩,{number} 单元,不够了{number}").expect("memory");
    }
    let file = folder.join("flood.csv");
    std::fs::write(&file, table).expect("a file");
    let imported = home.json(&["import", "requests", file.to_str().expect("UTF-8")]);
    assert_eq!(imported["imported"], json!(FLOOD), "{imported}");
    let mut written = home.lines(&["list", "requests"]);
    written.retain(|view| !before.contains(&text(&view["id"])));
    assert_eq!(written.len(), FLOOD);
    written.sort_by_key(|view| (view["created_ms"].as_i64(), text(&view["id"])));
    written
}

/// Finds the first of a flood, with which that many documents go. All were made at the same time,
/// and names are in no order.
fn first_of(home: &Home, member: &Value, flood: &[Value], documents: usize) -> String {
    let whole = |view: &&Value| {
        let loss = loss(home, member, &json!({ "entry": view["id"] }));
        loss["documents"] == json!(documents)
    };
    text(&flood.iter().find(whole).expect("the first")["id"])
}

fn loss(home: &Home, member: &Value, from: &Value) -> Value {
    let asked = json!({"target": {"member": member}, "from": from});
    let answered = home.request("POST", "/v1/cuts/losses?settled=true", Some(&asked));
    let (code, loss) = answered.expect("a running node");
    assert_eq!(code, 200, "{loss}");
    loss
}

fn shown(home: &Home) -> BTreeSet<String> {
    let requests = home.lines(&["list", "requests"]);
    requests.iter().map(|view| text(&view["id"])).collect()
}

fn member(home: &Home, name: &str) -> Value {
    let roster = home.json(&["roster"]);
    let members = roster["members"].as_array().expect("members");
    let found = members.iter().find(|member| member["name"] == name);
    found.expect("a member").clone()
}

fn carry(from: &Home, to: &Home, folder: &Path) {
    let bundle = from.run(&["export", "--space", "--format", "bundle"]);
    assert!(bundle.status.success());
    let stick = folder.join("stick.linli");
    std::fs::write(&stick, bundle.stdout).expect("a stick");
    to.json(&["import", "bundle", stick.to_str().expect("a path")]);
}

fn refused(home: &Home, arguments: &[&str], language: &str) -> (Option<i32>, String) {
    let output = home.run(&[arguments, &["--json", "--lang", language]].concat());
    assert!(!output.status.success(), "{arguments:?} was done");
    let error: Value = serde_json::from_slice(&output.stderr).expect("JSON on stderr");
    (output.status.code(), text(&error["error"]["message"]))
}

fn entries(home: &Home) -> u64 {
    home.status()["entries"].as_u64().expect("a number")
}

#[test]
fn one_cut_since_before_a_flood_leaves_every_list_as_it_was() {
    let folder = TempDir::new().expect("a folder");
    let [a, mut b, mut c] = neighbourhood(folder.path());
    start_all(&a, &mut [&mut b, &mut c]);
    let by_b = post(&b, "谁有梯子？");
    let kept = post(&c, "修水管");
    until_same(&[&a, &b, &c]);
    let before = shown(&a);
    assert_eq!(before, BTreeSet::from([by_b.clone(), kept.clone()]));

    let flooded = flood(&c, folder.path(), &before);
    until_same(&[&a, &b, &c]);
    let answered = text(&flooded[FLOOD / 2]["id"]);
    let comment = text(&b.json(&["comment", &answered, "--body", "需要几个？"])["id"]);
    b.json(&["edit", &answered, "--field", r#"offers:={"body":"我有"}"#]);
    c.json(&["comment", &by_b, "--body", "我也要"]);
    until_same(&[&a, &b, &c]);

    // A look first, which changes nothing.
    let who = member(&a, "c");
    let since = flooded[0]["created_ms"].as_i64().expect("a time");
    let told = loss(&a, &who["id"], &json!({ "time": since }));
    assert_eq!(told["documents"], json!(FLOOD + 1), "{told}");
    let by = &told["answers"][0];
    assert_eq!((&by["by"]["name"], &by["count"]), (&json!("b"), &json!(2)));
    assert!(told["entries"].as_u64() > Some(FLOOD as u64));
    assert_eq!(told["first"].as_array().map(Vec::len), Some(20));
    assert_eq!(told.get("refused"), None, "the founder decides alone");
    let first = first_of(&a, &who["id"], &flooded, FLOOD + 1);
    let cut = ["cut", "member", "c", "--since-entry", &first];
    let looked = a.json(&[&cut[..], &["--dry-run"]].concat());
    assert_eq!(looked["documents"], told["documents"]);
    let whole = ["cut", "member", "c", "--nothing-counts", "--dry-run"];
    assert_eq!(a.json(&whole)["documents"], json!(FLOOD + 2));
    let plain = a.run(&[&cut[..], &["--dry-run", "--lang", "en"]].concat());
    let plain = String::from_utf8(plain.stdout).expect("UTF-8");
    assert!(plain.contains("301 documents and comments"), "{plain}");
    let now = ["cut", "member", "c", "--dry-run"];
    assert_eq!(a.json(&now)["entries"], json!(0), "nothing lies beyond now");
    assert_eq!(b.json(&now)["refused"]["code"], "not-allowed");
    assert_eq!(shown(&a).len(), FLOOD + 2, "a look changes nothing");
    let strange = [
        "cut",
        "member",
        "c",
        "--since-entry",
        &by_b,
        "--reason",
        "x",
    ];
    assert_eq!(refused(&a, &strange, "en").0, Some(3), "it is not of c");

    let held = entries(&a);
    a.json(&[&cut[..], &["--reason", "刷屏"]].concat());
    until("b has heard of it", || {
        member(&b, "c")["removed"] == json!(true)
    });
    carry(&a, &c, folder.path());
    until_same(&[&a, &b, &c]);
    for home in [&a, &b, &c] {
        assert_eq!(shown(home), before);
        // What others said of the flood breaks nothing: it stands alone, or is gone with it.
        assert_eq!(
            home.json(&["show", &comment])["document"]["kind"],
            "comment"
        );
        assert_eq!(refused(home, &["show", &answered], "en").0, Some(4));
        let comments = home.json(&["show", &by_b])["comments"].clone();
        assert_eq!(comments, json!([]));
        assert_eq!(home.json(&["doctor"])["ok"], json!(true));
        assert_eq!(
            home.request("GET", "/v1/today", None)
                .map(|(code, _)| code)
                .ok(),
            Some(200)
        );
        // The store keeps what it holds, for a cut may fall; it shows and searches it no longer.
        assert!(entries(home) > held);
        assert!(home.lines(&["search", "口罩"]).is_empty());
    }
    // Life goes on, also in the log that had depended on what went.
    let later = post(&b, "谢谢大家");
    until_same(&[&a, &b]);
    assert!(shown(&a).contains(&later));
}

#[test]
fn stewards_undo_a_flood_and_a_role_by_motion_and_nobody_alone() {
    let folder = TempDir::new().expect("a folder");
    let [a, mut b, mut c] = neighbourhood(folder.path());
    let mut d = join(folder.path(), &a, "d", &["invite"]);
    start_all(&a, &mut [&mut b, &mut c, &mut d]);
    let homes = |d| [&a, &b, &c, d];
    until_same(&homes(&d));
    for (office, household) in [("物业", "林家"), ("业委会", "b"), ("居委会", "c")] {
        let office = text(&a.json(&["office", "add", office])["id"]);
        a.json(&["appoint", household, "steward", "--office", &office]);
    }
    let kept = post(&d, "修水管");
    until_same(&homes(&d));
    let before = BTreeSet::from([kept]);
    let flooded = flood(&d, folder.path(), &before);
    until_same(&homes(&d));

    let who = member(&a, "d");
    let first = first_of(&a, &who["id"], &flooded, FLOOD);
    let since = ["--since-entry", &first, "--reason", "刷屏"];
    let alone = [&["cut", "member", "d"][..], &since].concat();
    for language in ["en", "zh"] {
        let (exit, message) = refused(&a, &alone, language);
        assert_eq!(exit, Some(5), "{message}");
        assert!(
            message.contains("linli motion remove-household"),
            "{message}"
        );
    }
    let asked = [&["motion", "remove-household", "d"][..], &since].concat();
    let looked = a.json(&[&asked[..], &["--dry-run"]].concat());
    assert_eq!(looked["documents"], json!(FLOOD));
    assert_eq!(looked.get("refused"), None);
    let moved = text(&a.json(&asked)["id"]);
    until("b has the motion", || {
        let motions = b.lines(&["motion", "list"]);
        motions.iter().any(|motion| {
            motion["id"] == json!(moved) && motion["undoes"].as_u64() >= Some(FLOOD as u64)
        })
    });
    assert_eq!(shown(&b).len(), FLOOD + 1, "a motion alone undoes nothing");
    assert_eq!(b.json(&["cosign", &moved])["state"], "in-force");
    until("everybody has heard", || {
        let heard = |home| member(home, "d")["removed"] == json!(true);
        [&a, &c].into_iter().all(heard)
    });
    until_same(&[&a, &b, &c]);
    carry(&a, &d, folder.path());
    for home in homes(&d) {
        assert_eq!(shown(home), before);
    }

    // A lead who is no steward lets somebody in. Who gave the role cannot take that back by itself.
    let mut e = join(folder.path(), &a, "e", &["invite"]);
    start_all(&a, &mut [&mut e]);
    until_same(&[&a, &b, &c, &e]);
    let lead = text(&b.json(&["appoint", "e", "building-lead", "--building", "5"])["id"]);
    until("e is a lead", || {
        let roles = member(&e, "e")["roles"].clone();
        let mut roles = roles.as_array().into_iter().flatten();
        roles.any(|role| role["appointment"] == json!(lead))
    });
    let _admitted = join(folder.path(), &e, "f", &["invite"]);
    let own = post(&e, "我家要一袋米");
    let notice = ["post", "notice", "--title", "5号楼停电", "--body", "今晚"];
    let spoken = text(&e.json(&[&notice[..], &["--as", "building-lead"]].concat())["id"]);
    until_same(&[&a, &b, &c, &e]);
    b.json(&["comment", &spoken, "--body", "几点？"]);
    until_same(&[&a, &b, &c, &e]);
    look_at_the_lead(&a, &b, &lead, &spoken);
    let low = ["cut", "role", &lead, "--nothing-counts", "--reason", "x"];
    for language in ["en", "zh"] {
        let (exit, message) = refused(&b, &low, language);
        assert_eq!(exit, Some(5), "{message}");
        assert!(message.contains("linli motion cut-role"), "{message}");
    }
    let asked = [
        "motion",
        "cut-role",
        &lead,
        "--nothing-counts",
        "--reason",
        "x",
    ];
    let moved = text(&b.json(&asked)["id"]);
    until("a has the motion", || {
        let motions = a.lines(&["motion", "list", "--open"]);
        motions.iter().any(|motion| motion["id"] == json!(moved))
    });
    assert_eq!(a.json(&["cosign", &moved])["state"], "in-force");
    until("everybody knows that f was never admitted", || {
        [&a, &b, &c, &e].into_iter().all(|home| {
            let roster = home.json(&["roster"]);
            let members = roster["members"].as_array().expect("members");
            members.iter().all(|member| member["name"] != "f")
        })
    });
    until("nobody is shown what was said as lead", || {
        [&a, &b, &c, &e].into_iter().all(|home| {
            let notices = home.lines(&["list", "notices"]);
            notices.iter().all(|view| view["id"] != json!(spoken))
        })
    });
    for home in [&a, &b, &c, &e] {
        assert!(shown(home).contains(&own), "what e asked as itself stays");
    }
}

/// Looks at what a cut of a lead's role would undo: what was done in that role alone.
fn look_at_the_lead(a: &Home, b: &Home, lead: &str, spoken: &str) {
    for look in ["cut role", "motion cut-role"] {
        let look = look.split(' ').chain([lead, "--dry-run"]);
        let look: Vec<&str> = look.collect();
        assert_eq!(
            a.json(&look)["entries"],
            json!(0),
            "nothing lies beyond now"
        );
        let whole = [&look[..], &["--nothing-counts"]].concat();
        let told = b.json(&whole);
        assert_eq!(told["admitted"][0]["name"], json!("f"), "{told}");
        assert_eq!(told["documents"], json!(1), "{told}");
        assert_eq!(told["first"][0]["id"], json!(spoken), "{told}");
        let by = &told["answers"][0];
        assert_eq!((&by["by"]["name"], &by["count"]), (&json!("b"), &json!(1)));
        let (entries, statements) = (told["entries"].as_u64(), told["statements"].as_u64());
        assert_eq!(
            entries,
            statements.map(|statements| statements + 1),
            "{told}"
        );
        for (language, said) in [("en", "made in this role"), ("zh", "以这个角色")] {
            let plain = b.run(&[&whole[..], &["--lang", language]].concat());
            let plain = String::from_utf8(plain.stdout).expect("UTF-8");
            assert!(plain.contains(said), "{plain}");
        }
    }
    let whole = ["cut", "role", lead, "--dry-run", "--nothing-counts"];
    assert_eq!(b.json(&whole)["refused"]["code"], "not-allowed");
    let roster = a.json(&["roster"]);
    let roles = roster["members"].as_array().into_iter().flatten();
    let mut roles = roles.flat_map(|member| member["roles"].as_array().into_iter().flatten());
    let role = roles.find(|role| role["appointment"] == json!(lead));
    assert_eq!(
        role.map(|role| &role["cut"]),
        Some(&json!(false)),
        "it only looks"
    );
}

#[test]
fn the_end_of_a_relay_undoes_nothing_that_homes_wrote() {
    let folder = TempDir::new().expect("a folder");
    let [a, ..] = neighbourhood(folder.path());
    let invitation = text(&a.json(&["invite", "--relay"])["invitation"]);
    let dial = address(&a);
    let mut relay = Home::new(folder.path(), "r");
    let joining = ["--join", &invitation, "--name", "中继", "--dial", &dial];
    relay.start_relay(&[&LISTENING[..], &joining].concat());
    let id = text(&relay.status()["device"]);
    until("the founder knows it", || {
        let relays = a.json(&["roster"])["relays"].clone();
        relays[0]["device"] == json!(id)
    });
    let look = ["cut", "relay", "中继", "--dry-run"];
    let told = a.json(&look);
    for count in ["entries", "statements", "documents", "elsewhere"] {
        assert_eq!(told[count], json!(0), "{told}");
    }
    assert_eq!(told.get("refused"), None, "the founder may end it");
    for (language, said) in [
        ("en", "nothing that homes wrote"),
        ("zh", "不会作废邻居写的"),
    ] {
        let plain = a.run(&[&look[..], &["--lang", language]].concat());
        let plain = String::from_utf8(plain.stdout).expect("UTF-8");
        assert!(plain.contains(said), "{plain}");
    }
    let low = [&look[..], &["--nothing-counts"]].concat();
    assert_eq!(refused(&a, &low, "en").0, Some(3));
    assert_eq!(a.json(&["roster"])["relays"][0]["cut"], json!(false));
}

#[test]
fn a_household_undoes_what_its_lost_device_wrote() {
    let folder = TempDir::new().expect("a folder");
    let [a, mut b, _] = neighbourhood(folder.path());
    start_all(&a, &mut [&mut b]);
    let kept = post(&a, "谁有梯子？");
    let code = text(&a.json(&["device", "add"])["code"]);
    let mut lost = Home::new(folder.path(), "a2");
    lost.json(&["join", &code, "--lang", "en"]);
    start_all(&a, &mut [&mut lost]);
    let by_lost = post(&lost, "写在丢失之前");
    until_same(&[&a, &b, &lost]);
    let before = BTreeSet::from([kept, by_lost]);
    assert_eq!(shown(&b), before);
    flood(&lost, folder.path(), &before);
    until_same(&[&a, &b, &lost]);
    let device = text(&lost.status()["device"]);
    let flooded = lost.lines(&["list", "requests"]);
    let mut flooded: Vec<&Value> = flooded
        .iter()
        .filter(|view| !before.contains(&text(&view["id"])))
        .collect();
    flooded.sort_by_key(|view| view["created_ms"].as_i64());
    let asked = json!({
        "target": {"device": device},
        "from": {"time": flooded[0]["created_ms"]},
    });
    let answered = a.request("POST", "/v1/cuts/losses?settled=true", Some(&asked));
    let (code, told) = answered.expect("a running node");
    assert_eq!((code, &told["documents"]), (200, &json!(FLOOD)), "{told}");
    let others = b.request("POST", "/v1/cuts/losses?settled=true", Some(&asked));
    assert_eq!(
        others.map(|(code, _)| code).ok(),
        Some(404),
        "it is not b's"
    );
    let cut = json!({
        "target": {"device": device},
        "from": {"time": flooded[0]["created_ms"]},
        "reason": "丢了",
    });
    let answered = a.request("POST", "/v1/cuts", Some(&cut));
    assert_eq!(answered.map(|(code, _)| code).ok(), Some(201));
    until("b has heard of it", || shown(&b) == before);
    until_same(&[&a, &b]);
    assert_eq!(shown(&a), before);
}
