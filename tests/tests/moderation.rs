//! Moderation and the agreement on real nodes: a moderator hides, every node shows the same, the
//! author appeals, another steward lifts; a mute and its end; and a block that nobody learns of.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::process::{Home, address, neighbourhood, until_same};

const LISTENING: [&str; 2] = ["--listen", "/ip4/127.0.0.1/tcp/0"];

/// What a household wrote that breaks the rules.
const WORDS: &str = "隔壁全是傻瓜";

/// Three nodes: the founder, b that moderates, c that writes; b and c know the agreement.
fn village(folder: &Path) -> [Home; 3] {
    let [a, mut b, mut c] = neighbourhood(folder);
    let dial = address(&a);
    for home in [&mut b, &mut c] {
        home.start(&[&LISTENING[..], &["--dial", &dial]].concat());
    }
    until_same(&[&a, &b, &c]);
    a.json(&["appoint", "b", "moderator"]);
    let file = folder.join("agreement.txt");
    std::fs::write(
        &file,
        "邻里公约\n\n1. 晚上安静。\n2. 不占道。\n3. 不骂人。\n",
    )
    .expect("a file");
    a.json(&["agreement", "publish", file.to_str().expect("a path")]);
    until_same(&[&a, &b, &c]);
    [a, b, c]
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn view_digest(home: &Home) -> String {
    text(&home.json(&["status"])["view_digest"])
}

/// Waits until all nodes hold the same, and checks that they show the same.
fn until_equal(homes: &[&Home]) {
    until_same(homes);
    let digests: Vec<String> = homes.iter().map(|home| view_digest(home)).collect();
    assert!(
        digests.windows(2).all(|two| two[0] == two[1]),
        "{digests:?}"
    );
}

fn listed(home: &Home, id: &str) -> bool {
    let requests = home.lines(&["list", "requests"]);
    requests.iter().any(|view| view["id"] == id)
}

fn found(home: &Home, words: &str) -> usize {
    home.lines(&["search", words]).len()
}

fn waiting(home: &Home, why: &str) -> bool {
    let (code, today) = home.request("GET", "/v1/today", None).expect("a node");
    assert_eq!(code, 200, "{today}");
    let waiting = today["waiting"].as_array().expect("what waits");
    waiting.iter().any(|one| one["why"] == why)
}

/// Runs a command that must be refused, and returns the exit code.
fn refused(home: &Home, arguments: &[&str]) -> Option<i32> {
    let output = home.run(&[arguments, &["--json"]].concat());
    assert!(!output.status.success(), "{arguments:?} was done");
    output.status.code()
}

fn post(home: &Home, title: &str) -> String {
    text(&home.json(&["post", "request", "--title", title, "--body", WORDS])["id"])
}

#[test]
fn a_hidden_document_is_out_of_view_everywhere_until_another_steward_lifts() {
    let folder = TempDir::new().expect("a folder");
    let [a, b, c] = village(folder.path());
    let all = [&a, &b, &c];
    let id = post(&c, "出气");
    until_equal(&all);
    let before = view_digest(&a);
    for home in all {
        assert!(listed(home, &id));
        assert_eq!(found(home, "傻瓜"), 1);
    }
    let hide = ["hide", &id, "--rule", "3", "--reason", "骂人"];
    assert_eq!(refused(&c, &hide), Some(5), "a household does not hide");
    let no_rule = ["hide", &id, "--rule", "4", "--reason", "骂人"];
    assert_eq!(refused(&b, &no_rule), Some(3), "there is no rule 4");
    let act = text(&b.json(&hide)["id"]);
    until_equal(&all);
    assert_ne!(view_digest(&a), before);
    for home in all {
        assert!(!listed(home, &id), "out of the list");
        assert_eq!(found(home, "傻瓜"), 0);
        assert_eq!(found(home, "出气"), 0);
        let shown = home.json(&["show", &id])["document"].clone();
        assert_eq!(shown["fields"], json!({}), "the words are one step away");
        let told = &shown["moderation"];
        assert_eq!(
            (&told["id"], &told["rule"], &told["reason"], &told["clause"]),
            (&json!(act), &json!(3), &json!("骂人"), &json!("不骂人。"))
        );
        assert_eq!(told["by"]["name"], "b");
        assert_eq!(told["acted_as"]["capacity"], "moderator");
        let revealed = home.json(&["show", &id, "--hidden"])["document"].clone();
        assert_eq!(revealed["fields"]["body"], WORDS);
        let log = home.lines(&["moderation"]);
        assert_eq!(log.len(), 1);
        assert_eq!(log[0]["state"], "hidden");
    }
    assert_eq!(refused(&b, &hide), Some(3), "it is hidden already");
    assert!(waiting(&c, "hidden-own"));
    assert!(!waiting(&a, "hidden-own"));

    // Only the author appeals; who acted does not decide, and is no steward either.
    let appeal = ["appeal", &id, "--body", "说的是我家的猫"];
    assert_eq!(refused(&a, &appeal), Some(5));
    let lifted = ["decide", &id, "lifted", "--reason", "猫"];
    assert_eq!(refused(&a, &lifted), Some(3), "there is no appeal yet");
    c.json(&appeal);
    assert_eq!(refused(&c, &appeal), Some(3), "once");
    until_equal(&all);
    assert!(waiting(&a, "decide-appeal"));
    assert!(!waiting(&b, "decide-appeal"));
    assert!(!listed(&a, &id), "an appeal lifts nothing");
    assert_eq!(refused(&b, &lifted), Some(5));
    assert_eq!(refused(&c, &lifted), Some(5));
    a.json(&lifted);
    until_equal(&all);
    for home in all {
        assert!(listed(home, &id));
        assert_eq!(found(home, "傻瓜"), 1);
        let shown = home.json(&["show", &id])["document"].clone();
        assert_eq!(shown["fields"]["body"], WORDS);
        assert_eq!(shown["moderation"], Value::Null);
        let log = home.lines(&["moderation"]);
        assert_eq!(log[0]["state"], "lifted");
        assert_eq!(log[0]["appeal"]["body"], "说的是我家的猫");
        assert_eq!(log[0]["decisions"][0]["acted_as"]["capacity"], "founder");
        assert_eq!(log[0]["decisions"][0]["reason"], "猫");
    }
    assert!(waiting(&c, "appeal-decided"));
}

#[test]
fn whoever_hides_does_not_decide_even_as_a_steward_and_moderators_take_back() {
    let folder = TempDir::new().expect("a folder");
    let [a, b, c] = village(folder.path());
    let id = post(&c, "出气");
    until_same(&[&a, &b, &c]);
    a.json(&["hide", &id, "--rule", "3", "--reason", "骂人"]);
    until_same(&[&a, &b, &c]);
    c.json(&["appeal", &id, "--body", "不是"]);
    until_same(&[&a, &b, &c]);
    let decide = ["decide", &id, "upheld", "--reason", "就是"];
    assert_eq!(refused(&a, &decide), Some(5), "the own act");
    let restore = ["restore", &id, "--reason", "弄错了"];
    assert_eq!(refused(&c, &restore), Some(5));
    b.json(&restore);
    until_equal(&[&a, &b, &c]);
    assert!(listed(&a, &id) && listed(&c, &id));
    let log = c.lines(&["moderation"]);
    assert_eq!(log[0]["state"], "lifted");
    assert_eq!(log[0]["decisions"][0]["outcome"], "restored");
}

#[test]
fn a_mute_hides_what_is_written_after_it_and_its_end_shows_it() {
    let folder = TempDir::new().expect("a folder");
    let [a, b, c] = village(folder.path());
    let all = [&a, &b, &c];
    let earlier = post(&c, "以前");
    let open = post(&a, "谁有梯子");
    until_equal(&all);
    b.json(&["mute", "c", "--rule", "3", "--reason", "刷屏"]);
    assert_eq!(
        refused(&b, &["mute", "c", "--rule", "3", "--reason", "x"]),
        Some(3)
    );
    until_equal(&all);
    let later = post(&c, "以后");
    c.json(&["comment", &open, "--body", "刷刷刷"]);
    until_equal(&all);
    for home in all {
        assert!(listed(home, &earlier), "what came before stays");
        assert!(!listed(home, &later));
        assert_eq!(found(home, "刷刷刷"), 0);
        let shown = home.json(&["show", &open]);
        assert_eq!(shown["document"]["comments"], 0);
        assert_eq!(shown["comments"][0]["fields"], json!({}));
        assert_eq!(shown["comments"][0]["moderation"]["act"], "mute");
    }
    b.json(&["unmute", "c", "--reason", "够了"]);
    until_equal(&all);
    for home in all {
        assert!(listed(home, &later));
        assert_eq!(found(home, "刷刷刷"), 1);
    }
}

#[test]
fn the_agreement_waits_for_everybody_and_each_signs_what_is_in_force() {
    let folder = TempDir::new().expect("a folder");
    let [a, b, c] = village(folder.path());
    let all = [&a, &b, &c];
    assert!(all.iter().all(|home| waiting(home, "sign-agreement")));
    c.json(&["agreement", "sign"]);
    assert!(!waiting(&c, "sign-agreement"));
    until_equal(&all);
    let signed = a.json(&["agreement", "show"])["agreement"].clone();
    assert_eq!(
        (&signed["version"], &signed["is_signed"]),
        (&json!(1), &json!(false))
    );
    assert_eq!(signed["signed"][0]["name"], "c");
    assert_eq!(signed["clauses"][2]["text"], "不骂人。");
    let second = folder.path().join("second.txt");
    std::fs::write(&second, "邻里公约\n1. 只有一条。\n").expect("a file");
    let publish = ["agreement", "publish", second.to_str().expect("a path")];
    assert_eq!(refused(&b, &publish), Some(3), "a moderator publishes none");
    a.json(&publish);
    until_equal(&all);
    assert!(waiting(&c, "sign-agreement"), "another is in force");
    for home in all {
        let shown = home.json(&["agreement", "show"])["agreement"].clone();
        assert_eq!(
            (&shown["version"], &shown["signed"]),
            (&json!(2), &json!([]))
        );
    }
}

#[test]
fn a_block_is_known_to_the_own_node_alone() {
    let folder = TempDir::new().expect("a folder");
    let [a, b, c] = village(folder.path());
    let all = [&a, &b, &c];
    let id = post(&c, "出气");
    let open = text(&a.json(&["post", "request", "--title", "谁有梯子"])["id"]);
    until_equal(&all);
    c.json(&["comment", &open, "--body", "刷刷刷"]);
    until_equal(&all);
    let frontier = |home: &Home| text(&home.json(&["status"])["frontier_digest"]);
    let (before, shown) = (frontier(&b), view_digest(&b));
    let blocked = b.lines(&["block", "c"]);
    assert_eq!(blocked[0]["name"], "c");
    assert_eq!(refused(&b, &["block", "b"]), Some(3), "not itself");
    assert!(!listed(&b, &id));
    assert_eq!(found(&b, "傻瓜") + found(&b, "刷刷刷"), 0);
    let with_comments = b.json(&["show", &open]);
    assert_eq!(with_comments["comments"], json!([]));
    assert_eq!(with_comments["document"]["comments"], 0);
    assert_eq!(b.json(&["show", &id])["document"]["blocked"], true);
    // Nobody else sees anything of it.
    assert_eq!((frontier(&b), view_digest(&b)), (before, shown));
    until_equal(&all);
    assert!(listed(&a, &id));
    let export = b.run(&["export", "--space", "--format", "json"]);
    let export = String::from_utf8(export.stdout).expect("text");
    assert!(export.contains(WORDS) && !export.contains("blocked"));
    for other in [&a, &c] {
        assert!(other.lines(&["blocks"]).is_empty());
    }
    assert!(b.lines(&["unblock", "c"]).is_empty());
    assert!(listed(&b, &id));
    assert_eq!(found(&b, "傻瓜"), 1);
}
