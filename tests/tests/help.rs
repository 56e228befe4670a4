//! A help request from asking to thanks, by the command lines of a script, on real nodes.

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::process::{Home, address, neighbourhood, until_same};

/// What a home shows of a request.
fn shown(home: &Home, id: &str) -> Value {
    home.json(&["show", id])["document"].clone()
}

fn state(home: &Home, id: &str) -> Value {
    shown(home, id)["state"].clone()
}

/// How the offers stand, in their order.
fn offers(home: &Home, id: &str) -> Vec<Value> {
    let offers = shown(home, id)["fields"]["offers"].clone();
    let offers = offers.as_array().expect("offers").iter();
    offers.map(|offer| offer["state"].clone()).collect()
}

/// Runs a command that is refused, and returns the refusal.
#[track_caller]
fn refused(home: &Home, arguments: &[&str], exit: i32) -> Value {
    let output = home.run(&[arguments, &["--json"]].concat());
    assert_eq!(output.status.code(), Some(exit), "{output:?}");
    let text = String::from_utf8_lossy(&output.stderr);
    let error: Value = serde_json::from_str(text.trim()).expect("JSON");
    error["error"].clone()
}

/// What is the household's to do about a request, in a word.
fn mine(home: &Home, id: &str) -> Vec<Value> {
    let lines = home.lines(&["mine"]);
    let lines = lines.iter();
    let about = lines.filter(|line| line["document"]["id"] == *id);
    about.map(|line| line["why"].clone()).collect()
}

#[test]
fn a_request_runs_from_asking_to_thanks() {
    let folder = TempDir::new().expect("a folder");
    let [a, mut b, mut c] = neighbourhood(folder.path());
    let dial = address(&a);
    b.start(&["--dial", &dial]);
    c.start(&["--dial", &dial]);
    let posted = a.json(&[
        "post",
        "request",
        "--title",
        "帮取药",
        "--category",
        "errand",
        "--urgent",
        "--reason",
        "发烧",
        "--contact",
        "门牌 3-502",
        "--when",
        "2096-12-01 18:00/20:00",
    ]);
    let id = posted["id"].as_str().expect("an id").to_owned();
    until_same(&[&a, &b, &c]);
    let view = shown(&b, &id);
    let (from, until) = (&view["fields"]["from_ms"], &view["fields"]["until_ms"]);
    let hours = until.as_i64().expect("a time") - from.as_i64().expect("a time");
    assert_eq!(hours, 2 * 3_600_000);
    assert_eq!(view["next"][0]["step"], json!("offer"));
    assert_eq!(view["next"][0]["who"], json!("building"));
    assert_eq!(mine(&b, &id), [json!("urgent-nearby")]);

    let of_b = b.json(&["offer", &id, "--body", "我去"])["id"].clone();
    let of_b = of_b.as_str().expect("an id");
    c.json(&["offer", &id]);
    until_same(&[&a, &b, &c]);
    assert_eq!(mine(&a, &id), [json!("choose-offer")]);
    assert_eq!(refused(&b, &["check-in", &id], 3)["code"], json!("invalid"));
    assert_eq!(
        refused(&a, &["confirm", &id], 3)["field"],
        json!("confirmations")
    );
    a.json(&["accept", &id, of_b]);
    until_same(&[&a, &b, &c]);
    assert_eq!(state(&c, &id), json!("matched"));
    let mut stand = offers(&c, &id);
    stand.sort_by_key(ToString::to_string);
    assert_eq!(stand, [json!("accepted"), json!("standby")]);
    assert_eq!(mine(&b, &id), [json!("confirm-time")]);
    let told = b.json(&["details", &id]);
    assert_eq!(told["details"][0]["text"], json!("门牌 3-502"));
    let next = shown(&c, &id)["next"][0].clone();
    assert_eq!(next["step"], json!("confirm-time"));
    assert_eq!(next["by_ms"], *from, "by when it is to be done");
    assert_eq!(
        refused(&a, &["accept", &id, "ffff"], 4)["code"],
        json!("not-found")
    );

    b.json(&["check-in", &id]);
    b.json(&["done", &id, "--hours", "1"]);
    until_same(&[&a, &b, &c]);
    assert_eq!(mine(&a, &id), [json!("confirm-completion")]);
    a.json(&[
        "confirm", &id, "--hours", "1", "--thanks", "谢谢", "--public",
    ]);
    until_same(&[&a, &b, &c]);
    assert_eq!(state(&c, &id), json!("confirmed"));
    assert_eq!(
        shown(&c, &id)["fields"].get("thanks"),
        None,
        "not yet agreed"
    );
    assert_eq!(
        shown(&b, &id)["fields"]["thanks"][0]["words"],
        json!("谢谢")
    );
    assert_eq!(mine(&b, &id), [json!("assent")]);
    b.json(&["agree", &id]);
    assert_eq!(refused(&b, &["agree", &id], 4)["exit"], json!(4));
    until_same(&[&a, &b, &c]);
    assert_eq!(
        shown(&c, &id)["fields"]["thanks"][0]["words"],
        json!("谢谢")
    );

    let given = b.json(&["help-given"]);
    assert_eq!(given["given"][0]["request"], json!(id));
    assert_eq!(given["given"][0]["minutes"], json!(60));
    assert_eq!(given["received"], json!([]));
    let got = a.json(&["help-given"]);
    assert_eq!(got["received"][0]["minutes"], json!(60));
    assert_eq!(got["neighbourhood"], json!({"helps": 1, "minutes": 60}));
    a.json(&["reopen", &id, "--reason", "药不对"]);
    assert_eq!(state(&a, &id), json!("offered"));
}

#[test]
fn two_bookings_a_missed_appointment_and_what_ends_otherwise() {
    let folder = TempDir::new().expect("a folder");
    let [a, mut b, mut c] = neighbourhood(folder.path());
    let dial = address(&a);
    b.start(&["--dial", &dial]);
    c.start(&["--dial", &dial]);
    let post = |title: &str, category: &str| {
        let posted = a.json(&["post", "request", "--title", title, "--category", category]);
        posted["id"].as_str().expect("an id").to_owned()
    };
    let id = post("修灯", "skill");
    until_same(&[&a, &b, &c]);
    let of_b = b.json(&["offer", &id])["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let of_c = c.json(&["offer", &id])["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    until_same(&[&a, &b, &c]);
    a.json(&["edit", &id, "--field", "places:=2"]);
    a.json(&["accept", &id, &of_b]);
    a.json(&["accept", &id, &of_c]);
    a.json(&["edit", &id, "--field", "places:=1"]);
    until_same(&[&a, &b, &c]);
    assert_eq!(state(&c, &id), json!("double-booked"));
    assert_eq!(mine(&a, &id), [json!("double-booked")]);
    // One act keeps one helper and releases the other.
    let before = a.status()["entries"].as_u64().expect("a number");
    a.json(&["accept", &id, &of_b]);
    assert_eq!(a.status()["entries"].as_u64(), Some(before + 1));
    until_same(&[&a, &b, &c]);
    assert_eq!(state(&c, &id), json!("matched"));

    a.json(&["no-show", &id, "--body", "等了一小时"]);
    until_same(&[&a, &b, &c]);
    assert_eq!(mine(&b, &id), [json!("answer-no-show")]);
    assert_eq!(mine(&c, &id), [json!("standby-again")]);
    b.json(&["reply", &id, "--body", "电梯坏了"]);
    assert_eq!(
        refused(&c, &["reply", &id, "--body", "x"], 4)["code"],
        json!("not-found")
    );
    until_same(&[&a, &b, &c]);
    // A is a steward's founder and the requester; C is neither side.
    for home in [&a, &b] {
        let view = shown(home, &id);
        assert_eq!(
            view["fields"]["no_shows"][0]["statement"],
            json!("等了一小时")
        );
        assert_eq!(view["fields"]["replies"][0]["answer"], json!("电梯坏了"));
    }
    let told = c.run(&["show", &id, "--json"]).stdout;
    let told = String::from_utf8(told).expect("text");
    assert!(
        !told.contains("等了一小时") && !told.contains("电梯坏了"),
        "{told}"
    );
    let history = c.run(&["history", &id, "--json"]).stdout;
    assert!(!String::from_utf8_lossy(&history).contains("等了一小时"));
    assert_eq!(c.lines(&["search", "等了一小时"]), Vec::<Value>::new());

    let goods = post("谁有梯子？", "goods");
    until_same(&[&a, &b, &c]);
    c.json(&["offer", &goods]);
    until_same(&[&a, &b, &c]);
    let offer = shown(&a, &goods)["fields"]["offers"][0]["by"]["name"].clone();
    a.json(&["gone", &goods, offer.as_str().expect("a name")]);
    assert_eq!(state(&a, &goods), json!("gone"));

    let other = post("修灯泡", "skill");
    a.json(&["renew", &other]);
    a.json(&["merge", &other, &id]);
    assert_eq!(state(&a, &other), json!("merged"));
    assert_eq!(shown(&a, &other)["fields"]["title"], json!("修灯泡"));
    a.json(&["reopen", &other]);
    a.json(&["cancel", &other]);
    assert_eq!(state(&a, &other), json!("cancelled"));
    let said = refused(&a, &["cancel", &other], 3)["message"].clone();
    assert!(!said.as_str().unwrap_or_default().is_empty());

    let posted = b.json(&["post", "standing-offer", "--title", "周六可以帮忙跑腿"]);
    let standing = posted["id"].as_str().expect("an id");
    assert_eq!(state(&b, standing), json!("standing"));
    b.json(&["renew", standing]);
    b.json(&["withdraw", standing]);
    assert_eq!(state(&b, standing), json!("withdrawn"));
    refused(&b, &["renew", standing], 3);
}

#[test]
fn likely_duplicates_are_suggested_for_merging() {
    let folder = TempDir::new().expect("a folder");
    let [a, ..] = neighbourhood(folder.path());
    let post = |title: &str, category: &str, when: &str| {
        let line = [
            "post",
            "request",
            "--title",
            title,
            "--category",
            category,
            "--when",
            when,
        ];
        let posted = a.json(&line);
        posted["warnings"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(post("取药", "errand", "2096-12-01 18:00/20:00"), 0);
    assert_eq!(post("去药房", "errand", "2096-12-01 19:00/21:00"), 1);
    assert_eq!(post("寄包裹", "errand", "2096-12-02 09:00/10:00"), 0);
    assert_eq!(post("修灯", "skill", "2096-12-01 18:00/20:00"), 0);
    assert_eq!(post("陪聊天", "visit", "有空的时候"), 0);
    assert_eq!(post("陪散步", "visit", "随便"), 1, "as long as both stand");
}
