//! Further devices of a household, backups and moving out (rules R3, R17, R21), on real nodes.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::process::{Home, address, neighbourhood, program, until, until_same};

const LISTENING: [&str; 2] = ["--listen", "/ip4/127.0.0.1/tcp/0"];

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn posted(home: &Home, title: &str) -> String {
    text(&home.json(&["post", "request", "--title", title])["id"])
}

fn code(home: &Home) -> String {
    text(&home.json(&["device", "add"])["code"])
}

fn member(home: &Home, name: &str) -> Value {
    let roster = home.json(&["roster"]);
    let members = roster["members"].as_array().expect("members");
    let found = members.iter().find(|member| member["name"] == name);
    found.expect("a member").clone()
}

fn devices(home: &Home, name: &str) -> Vec<Value> {
    let member = member(home, name);
    member["devices"].as_array().expect("devices").clone()
}

/// The error that a command tells a script, and how it ended.
fn refused(output: &Output) -> (Option<i32>, Value) {
    assert!(!output.status.success(), "{output:?}");
    let line = String::from_utf8_lossy(&output.stderr);
    let line = line.lines().last().expect("an error").to_owned();
    let error: Value = serde_json::from_str(&line).expect("JSON on stderr");
    (output.status.code(), error["error"].clone())
}

/// Runs a command that is given words on standard input.
fn with_input(home: &Home, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(program())
        .arg("--home")
        .arg(home.path())
        .args(arguments)
        .env("LINLI_PASSPHRASE", "")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input.as_bytes()).expect("it reads");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

/// The recovery words of a home, from the sheet that it writes.
fn words_of(home: &Home, folder: &Path) -> String {
    let sheet = folder.join("sheet.txt");
    let file = sheet.to_str().expect("a path");
    home.json(&["backup", "sheet", file]);
    let page = std::fs::read_to_string(&sheet).expect("a sheet");
    let words = page.split_whitespace().skip_while(|part| *part != "1.");
    // The Chinese list comes first, then the English one.
    let words = words.filter(|part| !part.ends_with('.')).skip(24).take(24);
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_second_device_writes_as_the_same_household_until_it_is_revoked() {
    let folder = TempDir::new().expect("a folder");
    let [a, mut b, _] = neighbourhood(folder.path());
    b.start(&["--dial", &address(&a)]);
    let sealed = "门牌 3-502";
    let asked = a.json(&["post", "request", "--title", "帮取药", "--contact", sealed]);
    let asked = text(&asked["id"]);

    let code = code(&a);
    assert_eq!(a.lines(&["device", "codes"]).len(), 1);
    let mut second = Home::new(folder.path(), "a2");
    let joined = second.json(&["join", &code, "--lang", "en"]);
    assert_eq!(
        (&joined["pending"], &joined["words"]),
        (&json!(false), &json!(null))
    );
    assert_eq!(joined["member"], a.status()["member"]["id"]);
    assert!(a.lines(&["device", "codes"]).is_empty());

    // It knows the space's secret from the founding: it meets a neighbour that it was not told of.
    b.kill();
    b.start(&[&LISTENING[..], &["--dial", &address(&a)]].concat());
    second.start(&["--dial", &address(&b)]);
    let by_second = posted(&second, "谁有梯子？");
    until_same(&[&a, &b, &second]);
    let shown = b.json(&["show", &by_second]);
    assert_eq!(shown["document"]["author"]["name"], "林家");
    // What was sealed before the device was added is sealed to it as well.
    until("the second device reads the contact", || {
        let told = second.json(&["details", &asked]);
        told["details"][0]["text"] == sealed
    });
    let third_party = b.json(&["details", &asked]);
    assert_eq!(third_party["details"][0]["text"], json!(null));

    // Two devices are one home.
    let by_b = posted(&b, "求助");
    until("the founder's home holds it", || {
        b.json(&["show", &by_b])["document"]["delivery"]["homes"] == json!(1)
    });
    until_same(&[&a, &b, &second]);
    assert_eq!(b.json(&["show", &by_b])["document"]["delivery"]["homes"], 1);

    // It cannot cut: the household's key stayed where it was.
    let device = text(&second.status()["device"]);
    let other = text(&a.status()["device"]);
    let lost = ["--reason", "lost", "--json"];
    let cut = [&["device", "revoke", &other][..], &lost].concat();
    assert_eq!(refused(&second.run(&cut)).0, Some(5));
    let own = [&["device", "revoke", &other][..], &lost].concat();
    let (exit, error) = refused(&a.run(&own));
    assert_eq!((exit, &error["code"]), (Some(3), &json!("own-device")));

    a.json(&["device", "revoke", &device, "--reason", "lost"]);
    until("the neighbour knows", || {
        let devices = devices(&b, "林家");
        devices
            .iter()
            .any(|one| one["id"] == device && one["ended"]["reason"] == "lost")
    });
    let after = second.run(&["post", "request", "--title", "还在吗", "--json"]);
    if after.status.success() {
        let id: Value = serde_json::from_slice(&after.stdout).expect("JSON");
        until_same(&[&a, &b]);
        let found = b.run(&["show", &text(&id["id"]), "--json"]);
        assert!(
            !found.status.success(),
            "what a revoked device writes counts"
        );
    }
    let shown = b.json(&["show", &by_second]);
    assert_eq!(shown["document"]["author"]["name"], "林家");
}

#[test]
fn a_code_is_good_once_in_time_and_whole() {
    let folder = TempDir::new().expect("a folder");
    let [a, _, _] = neighbourhood(folder.path());
    let join = |name: &str, code: &str| {
        Home::new(folder.path(), name).run(&["join", code, "--lang", "en", "--json"])
    };
    let used = code(&a);
    assert!(join("first", &used).status.success());
    // The same home may ask again: it is a device already.
    assert!(join("first", &used).status.success());
    let (exit, error) = refused(&join("second", &used));
    assert_eq!((exit, &error["code"]), (Some(9), &json!("used-up")));
    // A home whose code was used takes another and keeps its key.
    let again = join("second", &code(&a));
    assert!(again.status.success(), "{again:?}");

    let cancelled = a.json(&["device", "add"]);
    a.json(&["device", "cancel", &text(&cancelled["id"])[..8]]);
    let (exit, error) = refused(&join("third", &text(&cancelled["code"])));
    assert_eq!((exit, &error["code"]), (Some(9), &json!("expired")));

    let right = code(&a);
    let last = right.len() - 1;
    let wrong = if right.ends_with('q') { "p" } else { "q" };
    let changed = format!("{}{wrong}", &right[..last]);
    let (exit, error) = refused(&join("fourth", &changed));
    assert_eq!((exit, &error["code"]), (Some(3), &json!("code")));
    let place = format!("Character {}", right.len());
    let message = error["message"].as_str().expect("words");
    assert!(message.contains(&place), "{message}");
    assert!(!folder.path().join("fourth").exists(), "something was left");
    // Capitals, as a QR code has them, are the same code.
    assert!(join("fifth", &right.to_uppercase()).status.success());
    assert_eq!(devices(&a, "林家").len(), 4);
}

#[test]
fn words_bring_a_household_back_whose_devices_are_all_lost() {
    let folder = TempDir::new().expect("a folder");
    let [a, mut b, mut c] = neighbourhood(folder.path());
    b.start(&["--dial", &address(&a)]);
    let own = posted(&b, "我家的求助");
    until_same(&[&a, &b]);
    let words = words_of(&b, folder.path());
    let lost = text(&b.status()["device"]);
    b.kill();
    std::fs::remove_dir_all(b.path()).expect("it is lost");

    // By an address alone.
    let dial = address(&a);
    let mut found = Home::new(folder.path(), "b2");
    let asked = [
        "join", "--words", "-", "--dial", &dial, "--lang", "en", "--json",
    ];
    let nobody = "abandon ".repeat(23) + "art";
    let (exit, error) = refused(&with_input(&found, &asked, &nobody));
    assert_eq!(
        (exit, &error["code"]),
        (Some(9), &json!("unknown-household"))
    );
    assert!(!found.path().exists(), "something was left");
    let joined = with_input(&found, &asked, &words);
    assert!(joined.status.success(), "{joined:?}");
    found.start(&["--dial", &dial]);
    assert_eq!(found.status()["member"]["name"], "b");
    found.json(&["device", "revoke", &lost, "--reason", "lost"]);
    found.json(&["edit", &own, "--title", "还是我家的求助"]);
    until_same(&[&a, &found]);
    let shown = a.json(&["show", &own]);
    assert_eq!(shown["document"]["fields"]["title"], "还是我家的求助");

    // By an invitation of a neighbour who is not the founder's: it is not used up.
    c.start(&[&LISTENING[..], &["--dial", &dial]].concat());
    until_same(&[&a, &c]);
    let invitation = text(&c.json(&["invite", "--guest"])["invitation"]);
    let third = Home::new(folder.path(), "b3");
    let asked = ["join", &invitation, "--words", "-", "--json"];
    let joined = with_input(&third, &asked, &words);
    assert!(joined.status.success(), "{joined:?}");

    // By a relay, which has no household of its own.
    let relays = text(&a.json(&["invite", "--relay"])["invitation"]);
    let mut relay = Home::new(folder.path(), "relay");
    let join = ["--join", &relays, "--name", "3号楼中继", "--building", "3"];
    relay.start_relay(&[&LISTENING[..], &join, &["--dial", &dial]].concat());
    // While it joins, another node answers for it, which listens nowhere.
    until("the relay runs", || {
        let status = relay.request("GET", "/v1/status", None);
        status.is_ok_and(|(_, status)| status["listening"][0].is_string())
    });
    until_same(&[&a, &c, &relay]);
    let dial = address(&relay);
    let fourth = Home::new(folder.path(), "b4");
    let asked = ["join", "--words", "-", "--dial", &dial, "--json"];
    let joined = with_input(&fourth, &asked, &words);
    assert!(joined.status.success(), "{joined:?}");
    until_same(&[&a, &c, &relay]);
    let own = devices(&c, "b");
    let alive = own.iter().filter(|device| device["cut"] == false);
    assert_eq!((own.len(), alive.count()), (4, 3), "{own:?}");
}

#[test]
fn a_backup_is_checked_to_the_byte_and_restored_as_another_device() {
    let folder = TempDir::new().expect("a folder");
    let [a, mut b, _] = neighbourhood(folder.path());
    b.start(&["--dial", &address(&a)]);
    let before = posted(&b, "before the backup");
    let draft = json!({"kind": "request", "fields": {"title": "begun"}});
    let put = b.request("PUT", "/v1/drafts/one", Some(&draft));
    assert_eq!(put.expect("the node answers").0, 200);
    until_same(&[&a, &b]);
    let file = folder.path().join("b.linlibak");
    let name = file.to_str().expect("a path");
    let made = b.json(&["backup", "create", name]);
    assert_eq!(made["locked_with"], "key-file");
    let after = posted(&b, "after the backup");
    until_same(&[&a, &b]);

    let nowhere = Home::new(folder.path(), "nowhere");
    let told = nowhere.json(&["backup", "verify", name]);
    assert_eq!(
        (&told["ok"], &told["neighbourhood"], &told["drafts"]),
        (&json!(true), &json!("梧桐里"), &json!(1))
    );
    let whole = std::fs::read(&file).expect("a backup");
    for at in [20, 300, whole.len() / 2, whole.len() - 1] {
        let mut changed = whole.clone();
        changed[at] ^= 0x10;
        std::fs::write(&file, &changed).expect("written");
        let (exit, error) = refused(&nowhere.run(&["backup", "verify", name, "--json"]));
        assert_eq!((exit, &error["code"]), (Some(7), &json!("damaged")), "{at}");
        let message = error["message"].as_str().expect("words");
        assert!(
            message.contains("0 to 105") || message.contains("105 to"),
            "{message}"
        );
    }
    std::fs::write(&file, &whole).expect("written");

    let mut restored = Home::new(folder.path(), "b2");
    let told = restored.json(&["backup", "restore", name, "--dry-run"]);
    assert_eq!(told["dry_run"], true);
    assert!(!restored.path().exists(), "a dry run changes nothing");
    let used = b.run(&["backup", "restore", name, "--json"]);
    assert_eq!(refused(&used).1["code"], "exists");
    let told = restored.json(&["backup", "restore", name]);
    assert_ne!(told["device"], b.status()["device"]);
    restored.start(&["--dial", &address(&a)]);
    // Both go on, each with its own log: nothing is signed twice.
    let later = [
        posted(&restored, "by the new one"),
        posted(&b, "by the old one"),
    ];
    until_same(&[&a, &b, &restored]);
    for id in [&before, &after, &later[0], &later[1]] {
        assert!(restored.run(&["show", id, "--json"]).status.success());
        let shown = a.json(&["show", id]);
        assert_eq!(shown["document"]["author"]["name"], "b");
    }
    let (_, drafts) = restored
        .request("GET", "/v1/drafts", None)
        .expect("it answers");
    assert_eq!(drafts["drafts"][0]["draft"]["fields"]["title"], "begun");
    for device in devices(&a, "b") {
        assert_eq!(
            (&device["forked"], &device["cut"]),
            (&json!(false), &json!(false))
        );
    }
}

#[test]
fn who_leaves_takes_everything_along_and_shows_as_moved_out() {
    let folder = TempDir::new().expect("a folder");
    let [a, b, _] = neighbourhood(folder.path());
    let id = posted(&b, "我家的求助");
    let export = folder.path().join("export");
    let into = export.to_str().expect("a path");
    let dial = address(&a);
    let leave = ["leave", "--export", into, "--dial", &dial, "--no-mdns"];
    // What is left of a fault of the program goes with the home.
    std::fs::write(b.path().join("faults.log"), "somewhere\n").expect("a file");
    let left = b.json(&leave);
    assert_eq!(
        (&left["held"], &left["removed"]),
        (&json!(true), &json!(true))
    );
    assert!(!b.path().exists(), "the home is gone");
    for name in [
        "space.json",
        "space.bundle",
        "drafts.json",
        "details.json",
        "doors.json",
    ] {
        assert!(export.join(name).is_file(), "{name}");
    }
    for form in ["md", "automerge"] {
        let document = export.join("documents").join(format!("{id}.{form}"));
        assert!(document.is_file(), "{document:?}");
    }
    until("the roster shows it", || {
        member(&a, "b")["moved_out"] == true
    });
    let of_b = member(&a, "b");
    assert_eq!(of_b["removed"], json!(false));
    assert_eq!(of_b["devices"][0]["cut"], true);
    assert_eq!(member(&a, "林家")["moved_out"], json!(null));
    assert_eq!(a.json(&["show", &id])["document"]["author"]["name"], "b");
}

#[test]
fn a_successor_takes_the_place_of_the_household_before_it() {
    let folder = TempDir::new().expect("a folder");
    let [a, _, _] = neighbourhood(folder.path());
    let former = text(&member(&a, "b")["id"]);
    let two = ["invite", "--successor-of", "b", "--uses", "2", "--json"];
    assert_eq!(refused(&a.run(&two)).0, Some(3));
    let invitation = text(&a.json(&["invite", "--successor-of", "b"])["invitation"]);
    let next = Home::new(folder.path(), "next");
    let named = ["--household", "新住户", "--building", "5", "--lang", "en"];
    let joined = next.json(&[&["join", &invitation][..], &named].concat());
    assert_eq!(joined["pending"], json!(false), "{joined}");
    assert_eq!(member(&a, "新住户")["successor_of"], json!(former));
    let page = String::from_utf8(a.run(&["roster", "--lang", "en"]).stdout).expect("text");
    assert!(page.contains("in the place of b"), "{page}");
}
