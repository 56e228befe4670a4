//! Offices, powers and motions (rules R6 and R7) on real nodes: the founder alone, the stewards who
//! succeed it, a removal by motion, a return, and two motions on both sides of a partition.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::process::{Home, address, neighbourhood, until, until_same};

const LISTENING: [&str; 2] = ["--listen", "/ip4/127.0.0.1/tcp/0"];

/// Lets a further household join; the founder's node runs.
fn join(folder: &Path, founder: &Home, name: &str) -> Home {
    join_by(folder, founder, name, &["invite"])
}

/// Lets somebody join by an invitation that a command makes.
fn join_by(folder: &Path, founder: &Home, name: &str, invite: &[&str]) -> Home {
    let invitation = founder.json(invite);
    let invitation = invitation["invitation"].as_str().expect("an invitation");
    let (home, dial) = (Home::new(folder, name), address(founder));
    let household = ["--household", name, "--building", "5"];
    let arguments = [
        &["join", invitation, "--lang", "en", "--dial", &dial][..],
        &household,
    ];
    let joined = home.json(&arguments.concat());
    assert_eq!(joined["pending"], json!(false), "{joined}");
    home
}

fn start_all(founder: &Home, homes: &mut [&mut Home]) {
    let dial = address(founder);
    for home in homes {
        home.start(&[&LISTENING[..], &["--dial", &dial]].concat());
    }
}

fn add_office(home: &Home, name: &str) -> String {
    text(&home.json(&["office", "add", name])["id"])
}

fn appoint(home: &Home, household: &str, office: &str) {
    home.json(&["appoint", household, "steward", "--office", office]);
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn member(home: &Home, name: &str) -> Value {
    let roster = home.json(&["roster"]);
    let members = roster["members"].as_array().expect("members");
    let found = members.iter().find(|member| member["name"] == name);
    found.expect("a member").clone()
}

fn motion(home: &Home, id: &str) -> Option<Value> {
    let motions = home.lines(&["motion", "list"]);
    motions.into_iter().find(|motion| motion["id"] == id)
}

fn is_in_force(home: &Home, id: &str) -> bool {
    motion(home, id).is_some_and(|motion| motion["state"] == "in-force")
}

fn until_known(homes: &[&Home], id: &str) {
    until("the motion has come", || {
        homes.iter().all(|home| motion(home, id).is_some())
    });
}

fn post(home: &Home, title: &str) -> String {
    text(&home.json(&["post", "request", "--title", title, "--body", "请帮忙"])["id"])
}

fn shown(home: &Home) -> BTreeSet<String> {
    let requests = home.lines(&["list", "requests"]);
    requests.iter().map(|view| text(&view["id"])).collect()
}

/// Gives one home everything that another holds, on a stick.
fn carry(from: &Home, to: &Home, folder: &Path) {
    let bundle = from.run(&["export", "--space", "--format", "bundle"]);
    assert!(bundle.status.success());
    let stick = folder.join("stick.linli");
    std::fs::write(&stick, bundle.stdout).expect("a stick");
    to.json(&["import", "bundle", stick.to_str().expect("a path")]);
}

/// Runs a command that must be refused, and returns the exit code and what is said in a language.
fn refused(home: &Home, arguments: &[&str], language: &str) -> (Option<i32>, String) {
    let output = home.run(&[arguments, &["--json", "--lang", language]].concat());
    assert!(!output.status.success(), "{arguments:?} was done");
    let error: Value = serde_json::from_slice(&output.stderr).expect("JSON on stderr");
    (output.status.code(), text(&error["error"]["message"]))
}

#[test]
fn while_the_founder_decides_alone_a_motion_is_done_at_once_and_nobody_else_makes_one() {
    let folder = TempDir::new().expect("a folder");
    let [a, mut b, _] = neighbourhood(folder.path());
    start_all(&a, &mut [&mut b]);
    until_same(&[&a, &b]);
    let asked = ["motion", "remove-household", "c", "--reason", "flood"];
    for (language, said) in [("en", "founder (林家)"), ("zh", "创建者（林家）")] {
        let (exit, message) = refused(&b, &asked, language);
        assert_eq!(exit, Some(5), "{message}");
        assert!(message.contains(said), "{message}");
    }
    let done = a.json(&asked);
    assert_eq!(
        (&done["alone"], &done["state"]),
        (&json!(true), &json!("in-force"))
    );
    until("B knows", || member(&b, "c")["removed"] == true);
    let removal = member(&b, "c")["removal"].clone();
    assert_eq!(removal["id"], done["id"]);
    assert_eq!(removal["by"], member(&a, "林家")["id"]);
    assert_eq!(removal["acted_as"], json!({"capacity": "founder"}));
    assert_eq!(removal["reason"], "flood");
    assert_eq!(refused(&a, &asked, "en").0, Some(3), "it is done already");
    assert!(a.lines(&["motion", "list"]).is_empty());

    // An office with those who speak for it, and a device that was lost.
    let office = text(&a.json(&["office", "add", "物业", "--spokesperson", "b"])["id"]);
    until("B speaks", || {
        member(&b, "b")["roles"][0]["office"] == json!(office)
    });
    let (own, founder) = (member(&b, "b"), member(&b, "林家"));
    assert_eq!(own["roles"][0]["appointed_by"], founder["id"]);
    assert_eq!(
        own["roles"][0]["appointed"]["acted_as"]["capacity"],
        "founder"
    );
    assert!(
        !own["may"]
            .as_array()
            .expect("powers")
            .contains(&json!("co-sign"))
    );
    assert!(
        founder["may"]
            .as_array()
            .expect("powers")
            .contains(&json!("add-offices"))
    );
    let device = text(&own["devices"][0]["id"]);
    assert_eq!(
        refused(&a, &["device", "revoke", &device, "--reason", "x"], "en").0,
        Some(4)
    );
    b.json(&["device", "revoke", &device, "--reason", "lost", "--force"]);
    until("A knows", || member(&a, "b")["devices"][0]["cut"] == true);
    let ended = member(&a, "b")["devices"][0]["ended"].clone();
    assert_eq!(ended["by"], own["id"]);
    for dated in [&ended, &removal, &own["roles"][0]["appointed"]] {
        assert!(dated["time_ms"].is_i64(), "{dated}");
    }
}

#[test]
fn a_guest_is_made_a_household_by_who_admits_households() {
    let folder = TempDir::new().expect("a folder");
    let [a, mut b, _] = neighbourhood(folder.path());
    let _guest = join_by(folder.path(), &a, "guest", &["invite", "--guest"]);
    start_all(&a, &mut [&mut b]);
    until("B knows the guest", || {
        b.json(&["roster"])["members"]
            .as_array()
            .is_some_and(|members| members.iter().any(|member| member["name"] == "guest"))
    });
    assert_eq!(member(&a, "guest")["kind"], "guest");
    assert_eq!(refused(&b, &["promote", "guest"], "en").0, Some(5));
    a.json(&["promote", "guest"]);
    until("B knows", || member(&b, "guest")["kind"] == "household");
    for (language, said) in [("en", "is no guest"), ("zh", "不是访客")] {
        let (exit, message) = refused(&a, &["promote", "guest"], language);
        assert_eq!(exit, Some(3), "{message}");
        assert!(message.contains(said), "{message}");
    }
}

#[test]
fn stewards_succeed_the_founder_remove_a_household_everywhere_and_take_it_back() {
    let folder = TempDir::new().expect("a folder");
    let [a, mut b, mut c] = neighbourhood(folder.path());
    let mut d = join(folder.path(), &a, "d");
    start_all(&a, &mut [&mut b, &mut c, &mut d]);
    until_same(&[&a, &b, &c, &d]);
    for (office, household) in [("物业", "林家"), ("业委会", "b"), ("居委会", "c")] {
        add_office(&a, office);
        appoint(&a, household, office);
    }
    let before = post(&d, "before");
    until_same(&[&a, &b, &c, &d]);
    let governance = d.json(&["roster"])["governance"].clone();
    assert_eq!(
        (&governance["founder_alone"], &governance["needed"]),
        (&json!(false), &json!(2))
    );

    // Not even the founder removes anybody by itself any more, and only stewards move.
    let direct = ["cut", "member", "d", "--reason", "刷屏"];
    for language in ["en", "zh"] {
        let (exit, message) = refused(&a, &direct, language);
        assert_eq!(exit, Some(5));
        assert!(
            message.contains("linli motion remove-household"),
            "{message}"
        );
    }
    let by_motion = ["motion", "remove-household", "d", "--reason", "刷屏"];
    assert_eq!(refused(&d, &by_motion, "en").0, Some(5));
    let moved = a.json(&by_motion);
    assert_eq!(
        (&moved["state"], &moved["signed"], &moved["needed"]),
        (&json!("open"), &json!(1), &json!(2))
    );
    let id = text(&moved["id"]);
    until_known(&[&b, &d], &id);
    assert_eq!(
        member(&c, "d")["removed"],
        json!(false),
        "a motion alone does nothing"
    );
    assert_eq!(refused(&a, &["motion", "enact", &id], "en").0, Some(3));
    assert_eq!(refused(&d, &["cosign", &id], "en").0, Some(5));
    assert_eq!(
        a.json(&["cosign", &id])["state"],
        "open",
        "who moved has signed"
    );
    d.kill();
    assert_eq!(b.json(&["cosign", &id])["state"], "in-force");
    for home in [&a, &b, &c] {
        until("it is in force everywhere", || is_in_force(home, &id));
        let removal = member(home, "d")["removal"].clone();
        assert_eq!(removal["by"], Value::Null);
        assert_eq!(
            removal["acted_as"],
            json!({"capacity": "quorum", "motion": id})
        );
        assert_eq!(removal["reason"], "刷屏");
        let told = motion(home, &id).expect("the motion");
        assert_eq!(told["moved"]["act"], "remove-household");
        assert_eq!(told["acted_as"]["office"]["name"], "物业");
        assert_eq!(told["cosignatures"][0]["by"]["name"], "b");
        assert_eq!(
            told["cosignatures"][0]["acted_as"]["office"]["name"],
            "业委会"
        );
    }
    assert_eq!(
        c.json(&["cosign", &id])["state"],
        "in-force",
        "nothing is left to do"
    );

    // What D writes later is shown nowhere, even where it comes on a stick, nor at D's own.
    let after = post(&d, "after");
    carry(&d, &a, folder.path());
    carry(&a, &d, folder.path());
    until_same(&[&a, &b, &c]);
    for home in [&a, &b, &c, &d] {
        let shown = shown(home);
        assert!(shown.contains(&before), "what was written before stays");
        assert!(!shown.contains(&after), "nothing later is shown");
    }

    // The founder's own right is over; stewards of two offices take D back.
    let (exit, message) = refused(&a, &["office", "add", "志愿者"], "en");
    assert_eq!(exit, Some(5));
    assert!(message.contains("linli motion add-office"), "{message}");
    let id = text(&b.json(&["motion", "readmit", "d"])["id"]);
    until_known(&[&c], &id);
    assert_eq!(c.json(&["cosign", &id])["state"], "in-force");
    until("A knows", || is_in_force(&a, &id));
    d.start(&["--dial", &address(&a)]);
    until_same(&[&a, &b, &c, &d]);
    assert_eq!(member(&d, "d")["removed"], json!(false));
    assert_eq!(
        member(&d, "d")["admission"]["acted_as"]["capacity"],
        "quorum"
    );
    let back = post(&d, "back");
    until_same(&[&a, &b, &c, &d]);
    assert!(shown(&a).contains(&back) && !shown(&a).contains(&after));

    // Stewards are dismissed and made in the same way.
    let appointment = text(&member(&a, "c")["roles"][0]["appointment"]);
    let dismissal = ["motion", "cut-role", &appointment, "--reason", "has left"];
    let id = text(&a.json(&dismissal)["id"]);
    until_known(&[&b], &id);
    assert_eq!(b.json(&["cosign", &id])["state"], "in-force");
    until("C knows", || member(&c, "c")["roles"] == json!([]));
    let (exit, message) = refused(&c, &by_motion, "en");
    assert_eq!(exit, Some(5), "{message}");
    until("A knows", || is_in_force(&a, &id));
    let office = ["--office", "居委会"];
    let asked = [&["motion", "appoint", "d", "steward"][..], &office].concat();
    let id = text(&a.json(&asked)["id"]);
    until_known(&[&b], &id);
    assert_eq!(b.json(&["cosign", &id])["state"], "in-force");
    until("D knows", || is_in_force(&d, &id));
    let role = member(&d, "d")["roles"][0].clone();
    assert_eq!(role["appointed_by"], Value::Null);
    assert_eq!(role["appointed"]["acted_as"]["motion"], json!(id));
    let offices = d.json(&["roster"])["governance"]["offices"].clone();
    assert_eq!(offices.as_array().map(Vec::len), Some(3));
}

#[test]
fn of_two_motions_in_force_on_both_sides_of_a_partition_one_stands_everywhere() {
    let folder = TempDir::new().expect("a folder");
    let [mut a, mut b, mut c] = neighbourhood(folder.path());
    let mut d = join(folder.path(), &a, "d");
    let mut e = join(folder.path(), &a, "e");
    for (office, households) in [
        ("物业", &["林家", "d"][..]),
        ("业委会", &["b", "e"]),
        ("居委会", &["c"]),
    ] {
        add_office(&a, office);
        for household in households {
            appoint(&a, household, office);
        }
    }
    start_all(&a, &mut [&mut b, &mut c, &mut d, &mut e]);
    until_same(&[&a, &b, &c, &d, &e]);
    for home in [&mut a, &mut b, &mut c, &mut d, &mut e] {
        home.kill();
    }

    // One side after the other: each believes that it decided.
    let removal = [
        "motion",
        "remove-household",
        "c",
        "--reason",
        "does not answer",
    ];
    let office = ["motion", "add-office", "志愿者协会"];
    let mut decided = Vec::new();
    for (mover, signer, asked) in [(&mut a, &mut b, &removal[..]), (&mut d, &mut e, &office)] {
        mover.start(&LISTENING);
        signer.start(&["--dial", &address(mover)]);
        let id = text(&mover.json(asked)["id"]);
        until_known(&[signer], &id);
        assert_eq!(signer.json(&["cosign", &id])["state"], "in-force");
        until("the mover knows", || is_in_force(mover, &id));
        decided.push(id);
        mover.kill();
        signer.kill();
    }

    a.start(&LISTENING);
    start_all(&a, &mut [&mut b, &mut d, &mut e]);
    until_same(&[&a, &b, &d, &e]);
    let told = a.lines(&["motion", "list"]);
    let stands: Vec<&Value> = told
        .iter()
        .filter(|motion| motion["state"] == "in-force")
        .collect();
    assert_eq!((told.len(), stands.len()), (2, 1), "{told:?}");
    let fell = told.iter().find(|motion| motion["state"] == "lapsed");
    let fell = fell.expect("the other lapsed");
    assert_eq!(
        (&fell["why"], &fell["overtaken_by"]),
        (&json!("overtaken"), &stands[0]["id"])
    );
    let removed = stands[0]["id"] == json!(decided[0]);
    for home in [&a, &b, &d, &e] {
        assert_eq!(home.lines(&["motion", "list"]), told);
        let roster = home.json(&["roster"]);
        let offices = roster["offices"].as_array().expect("offices");
        let added = offices.iter().any(|office| office["name"] == "志愿者协会");
        assert_eq!(
            (member(home, "c")["removed"] == true, added),
            (removed, !removed)
        );
        let excluded = roster["excluded"].as_array().expect("statements");
        let outdone = excluded.iter().find(|one| one["reason"] == "outdone");
        let outdone = outdone.expect("an enactment that does not count");
        let signer = if removed { "e" } else { "b" };
        assert_eq!(outdone["member"], member(home, signer)["id"]);
        assert_eq!(outdone["act"], "enact");
        assert_eq!(outdone["acted_as"]["capacity"], "quorum");
    }

    // What fell is moved again, and follows.
    assert_eq!(
        refused(&b, &["cosign", &text(&fell["id"])], "en").0,
        Some(3)
    );
    let again = if removed { &office[..] } else { &removal };
    let id = text(&d.json(again)["id"]);
    until_known(&[&b], &id);
    assert_eq!(b.json(&["cosign", &id])["state"], "in-force");
    for home in [&a, &d, &e] {
        until("both are in force", || is_in_force(home, &id));
        assert_eq!(member(home, "c")["removed"], json!(true));
    }
}
