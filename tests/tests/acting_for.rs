//! Acting for a household without a device, on real nodes: recorded by whom it was asked, in whose
//! name, and what the household is handed on paper.

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::process::{Home, address, neighbourhood, until, until_same};

const WANG: &str = "王奶奶";
const CONSENT: &str = "12月3日的纸条，在楼长的夹子里";

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// What a home shows of a document.
fn shown(home: &Home, id: &str) -> Value {
    home.json(&["show", id])["document"].clone()
}

fn state(home: &Home, id: &str) -> Value {
    shown(home, id)["state"].clone()
}

fn lines(home: &Home, arguments: &[&str]) -> String {
    let output = home.run(arguments);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

/// Runs a command that is refused, and returns its exit and what is said in a language.
#[track_caller]
fn refused(home: &Home, arguments: &[&str], language: &str) -> (Option<i32>, String) {
    let output = home.run(&[arguments, &["--json", "--lang", language]].concat());
    assert!(!output.status.success(), "{arguments:?} was done");
    let error: Value = serde_json::from_slice(&output.stderr).expect("JSON on stderr");
    (output.status.code(), text(&error["error"]["message"]))
}

fn recorded(home: &Home) -> Value {
    let recorded = home.lines(&["household", "list"]);
    recorded.into_iter().next().unwrap_or(Value::Null)
}

/// Three nodes: the founder, b who acts for 王奶奶 once the founder has recorded it, and c.
fn stairwell(folder: &TempDir) -> ([Home; 3], String) {
    let [a, mut b, mut c] = neighbourhood(folder.path());
    let dial = address(&a);
    b.start(&["--dial", &dial]);
    c.start(&["--dial", &dial]);
    until_same(&[&a, &b, &c]);
    let written = a.json(&[
        "household",
        "record",
        WANG,
        "--building",
        "3",
        "--proxy",
        "b",
        "--consent",
        CONSENT,
    ]);
    let id = text(&written["id"]);
    until_same(&[&a, &b, &c]);
    ([a, b, c], id)
}

/// Which notices wait for an acknowledgement, and of which household without a device.
fn to_acknowledge(home: &Home) -> Vec<(String, Value)> {
    let digest = home.json(&["digest"]);
    let waiting = digest["waiting"].as_array().cloned().unwrap_or_default();
    let waiting = waiting.iter().filter(|one| one["why"] == "acknowledge");
    let waiting = waiting.map(|one| {
        let household = one["for_household"]["id"].clone();
        (text(&one["document"]["id"]), household)
    });
    waiting.collect()
}

#[test]
fn a_request_for_a_household_without_a_device_runs_to_its_end_and_stands_on_its_sheet() {
    let folder = TempDir::new().expect("a folder");
    let ([a, b, c], wang) = stairwell(&folder);
    for home in [&a, &b, &c] {
        let told = recorded(home);
        assert_eq!(told["id"], json!(wang));
        assert_eq!(told["consent"], json!(CONSENT));
        assert_eq!(told["proxies"][0]["member"]["name"], json!("b"));
        // It is in the roster, and no member of it.
        let roster = home.json(&["roster"]);
        assert_eq!(roster["recorded"][0]["name"], json!(WANG));
        assert_eq!(roster["members"].as_array().map(Vec::len), Some(3));
    }
    let roster = lines(&c, &["roster", "--lang", "zh"]);
    let line = roster.lines().find(|line| line.contains(WANG));
    let line = line.expect("the roster lists it");
    assert!(
        line.contains("没有设备") && line.contains("代办：b"),
        "{line}"
    );

    let posted = b.json(&[
        "post",
        "request",
        "--title",
        "换灯泡",
        "--category",
        "skill",
        "--for",
        WANG,
    ]);
    let id = text(&posted["id"]);
    until_same(&[&a, &b, &c]);
    let view = shown(&c, &id);
    assert_eq!(
        view["author"]["name"],
        json!("b"),
        "who signed is the author"
    );
    assert_eq!(view["for_household"]["id"], json!(wang));
    assert_eq!(view["for_household"]["name"], json!(WANG));
    let told = lines(&c, &["show", &id, "--lang", "zh"]);
    assert!(told.contains("代王奶奶（3号楼）记录"), "{told}");
    let told = lines(&c, &["list", "requests", "--lang", "en"]);
    assert!(
        told.contains("recorded by b") && told.contains("for 王奶奶"),
        "{told}"
    );

    let offer = text(&c.json(&["offer", &id, "--body", "我去"])["id"]);
    until_same(&[&a, &b, &c]);
    // What is to be done about it is said to be for the household; who offers does so for itself.
    let mine = b.lines(&["mine"]);
    assert_eq!(mine[0]["why"], json!("choose-offer"));
    assert_eq!(mine[0]["for_household"]["name"], json!(WANG));
    let told = lines(&b, &["mine", "--lang", "zh"]);
    assert!(told.contains("代王奶奶（3号楼）：有人响应"), "{told}");
    let mine = c.lines(&["mine"]);
    assert_eq!(mine[0]["document"]["id"], json!(id));
    assert_eq!(mine[0]["for_household"], Value::Null);
    b.json(&["accept", &id, &offer]);
    until_same(&[&a, &b, &c]);
    c.json(&["check-in", &id]);
    c.json(&["done", &id]);
    until_same(&[&a, &b, &c]);
    b.json(&["confirm", &id]);
    let said = b.json(&["comment", &id, "--body", "灯亮了，谢谢", "--for", WANG]);
    until_same(&[&a, &b, &c]);
    for home in [&a, &b, &c] {
        assert_eq!(state(home, &id), json!("confirmed"));
        let comment = home.json(&["show", &id])["comments"][0].clone();
        assert_eq!(comment["id"], said["id"]);
        assert_eq!(comment["for_household"]["name"], json!(WANG));
    }

    let notice = a.json(&[
        "post",
        "notice",
        "--title",
        "周五停水",
        "--field",
        "ack:=true",
    ]);
    let notice = text(&notice["id"]);
    until_same(&[&a, &b, &c]);
    let for_itself = (notice.clone(), Value::Null);
    let for_wang = (notice.clone(), json!(wang));
    assert_eq!(to_acknowledge(&b), [for_itself.clone(), for_wang]);
    assert_eq!(to_acknowledge(&c), std::slice::from_ref(&for_itself));
    let sheet = lines(&b, &["digest", "--lang", "en", "--format", "md"]);
    assert!(sheet.contains("for 王奶奶"), "{sheet}");
    b.json(&["ack", &notice, "--for", WANG]);
    assert_eq!(
        to_acknowledge(&b),
        [for_itself],
        "b said nothing for itself"
    );
    until_same(&[&a, &b, &c]);
    let told = a.run(&["outstanding", &notice, "--json"]);
    let told: Value = serde_json::from_slice(&told.stdout).expect("JSON");
    assert_eq!(told["households"], json!(3), "b, c, and 王奶奶");
    assert_eq!(told["without_device"], json!(1));
    assert_eq!(
        (&told["acknowledged"], &told["by_proxy"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(told["given_recorded"][0]["household"]["name"], json!(WANG));
    assert_eq!(told["given_recorded"][0]["way"], json!("proxy"));
    assert_eq!(told["given_recorded"][0]["by"]["name"], json!("b"));
    // Neighbours are told how many did; the issuer is told who.
    for (home, names) in [(&a, true), (&c, false)] {
        for command in ["show", "history"] {
            let said = lines(home, &[command, &notice, "--lang", "en"]);
            assert_eq!(said.contains(WANG), names, "{command}: {said}");
        }
        let said = lines(home, &["show", &notice, "--lang", "en"]);
        assert!(said.contains("1 of 3 households have"), "{said}");
    }
    let outstanding = told["outstanding"].as_array().map(Vec::len);
    assert_eq!(outstanding, Some(2), "b said nothing for itself");

    for language in ["zh", "en"] {
        let sheet = lines(&a, &["print", "household", WANG, "--lang", language]);
        for said in [
            WANG,
            CONSENT,
            "换灯泡",
            "周五停水",
            "灯亮了，谢谢",
            "household end",
            "120",
        ] {
            assert!(sheet.contains(said), "{said} in {language}: {sheet}");
        }
    }
    let pdf = a
        .run(&["print", "household", WANG, "--format", "pdf"])
        .stdout;
    assert!(pdf.starts_with(b"%PDF"));
}

#[test]
fn a_stranger_is_refused_and_so_is_who_acted_once_the_consent_has_ended() {
    let folder = TempDir::new().expect("a folder");
    let ([a, b, c], wang) = stairwell(&folder);
    let notice = a.json(&[
        "post",
        "notice",
        "--title",
        "周五停水",
        "--field",
        "ack:=true",
    ]);
    let notice = text(&notice["id"]);
    until_same(&[&a, &b, &c]);
    let post = ["post", "request", "--title", "换灯泡", "--for", WANG];
    let ack = ["ack", notice.as_str(), "--for", WANG];
    let comment = ["comment", notice.as_str(), "--body", "好", "--for", WANG];
    for command in [&post[..], &ack, &comment] {
        let (exit, said) = refused(&c, command, "zh");
        assert_eq!(exit, Some(3), "{said}");
        assert!(said.contains("不是您家可以代办的"), "{said}");
        let (_, said) = refused(&c, command, "en");
        assert!(said.contains("for which you act"), "{said}");
    }
    // Only stewards record, and the founder as long as there are none.
    let record = [
        "household",
        "record",
        "赵爷爷",
        "--proxy",
        "c",
        "--consent",
        "x",
    ];
    assert_eq!(refused(&c, &record, "en").0, Some(5));
    let end = ["household", "end", WANG, "--reason", "x"];
    assert_eq!(refused(&b, &end, "en").0, Some(5));
    let silent = ["household", "record", "赵爷爷", "--consent", " "];
    let (_, said) = refused(&a, &silent, "zh");
    assert!(said.contains("怎么同意"), "{said}");
    let (_, said) = refused(
        &a,
        &["household", "end", WANG, "--proxy", "c", "--reason", "x"],
        "zh",
    );
    assert!(said.contains("没有代这户办事"), "{said}");

    let waits = |home: &Home| {
        let waiting = to_acknowledge(home).into_iter();
        let of_wang: Vec<String> = waiting
            .filter(|(_, household)| *household == json!(wang))
            .map(|(notice, _)| notice)
            .collect();
        of_wang
    };
    // A notice to another building asks nothing of it; a material correction asks anew.
    let elsewhere = [
        "post",
        "notice",
        "--title",
        "修电梯",
        "--field",
        "ack:=true",
        "--field",
        "audience=building",
        "--field",
        "building=5",
    ];
    a.json(&elsewhere);
    until_same(&[&a, &b, &c]);
    assert_eq!(waits(&b), std::slice::from_ref(&notice));
    b.json(&ack);
    assert_eq!(waits(&b), Vec::<String>::new());
    a.json(&[
        "edit",
        &notice,
        "--field",
        r#"corrections:={"title":"周六停水","material":true}"#,
    ]);
    until_same(&[&a, &b, &c]);
    assert_eq!(waits(&b), std::slice::from_ref(&notice));
    let early = text(&b.json(&post)["id"]);
    until_same(&[&a, &b, &c]);
    a.json(&[
        "household",
        "end",
        WANG,
        "--proxy",
        "b",
        "--reason",
        "搬走了",
    ]);
    until_same(&[&a, &b, &c]);
    for command in [&post[..], &ack, &comment] {
        let (exit, said) = refused(&b, command, "zh");
        assert_eq!(exit, Some(3), "{said}");
        assert!(said.contains("不是您家可以代办的"), "{said}");
    }
    assert_eq!(waits(&b), Vec::<String>::new(), "it is another's to do");
    // What was done before stays, and whoever did it goes on with it.
    for home in [&a, &b, &c] {
        let view = shown(home, &early);
        assert_eq!(view["for_household"]["name"], json!(WANG));
        let told = recorded(home);
        assert_eq!(told["proxies"][0]["ended"]["reason"], json!("搬走了"));
        assert_eq!(told.get("ended"), None);
    }
    // What a neighbour needs is no duplicate of what it asks for somebody else.
    let own = b.json(&["post", "request", "--title", "换灯泡"]);
    assert_eq!(own.get("warnings"), None, "{own}");
    b.json(&["cancel", &early]);
    // The household consents to another.
    a.json(&[
        "household",
        "add",
        WANG,
        "--proxy",
        "c",
        "--consent",
        "在门口说的",
    ]);
    until("c acts for it", || {
        let me = c.status()["me"]["acts_for"].clone();
        me[0]["id"] == json!(wang)
    });
    let late = text(&c.json(&post)["id"]);
    a.json(&["household", "end", WANG, "--reason", "有手机了"]);
    until_same(&[&a, &b, &c]);
    let views: Vec<Value> = [&a, &b, &c].map(|home| shown(home, &late)).into();
    for view in &views {
        assert_eq!(view["for_household"]["name"], json!(WANG), "{view}");
    }
    assert_eq!(refused(&c, &post, "en").0, Some(3));
    let (_, said) = refused(
        &a,
        &["household", "add", WANG, "--proxy", "b", "--consent", "x"],
        "zh",
    );
    assert!(said.contains("已经结束"), "{said}");
    let sheet = lines(&a, &["print", "household", WANG, "--lang", "zh"]);
    assert!(
        sheet.contains("登记已结束") && sheet.contains("有手机了"),
        "{sheet}"
    );
}

/// What `outstanding` tells of a notice.
fn told(home: &Home, notice: &str) -> Value {
    let told = home.run(&["outstanding", notice, "--json"]);
    serde_json::from_slice(&told.stdout).expect("JSON")
}

fn outstanding(home: &Home, notice: &str) -> Vec<String> {
    let told = told(home, notice);
    let names = told["outstanding"].as_array().cloned().unwrap_or_default();
    names.iter().map(|one| text(&one["name"])).collect()
}

#[test]
fn for_a_household_with_a_device_count_its_own_word_the_issuers_and_who_knocks_there() {
    let folder = TempDir::new().expect("a folder");
    let [a, mut b, mut c] = neighbourhood(folder.path());
    let dial = address(&a);
    b.start(&["--dial", &dial]);
    c.start(&["--dial", &dial]);
    until_same(&[&a, &b, &c]);
    let post = [
        "post",
        "notice",
        "--title",
        "周五停水",
        "--field",
        "ack:=true",
    ];
    // That it names a building is no reason to leave others out, as long as it is for all.
    let names = [&post[..], &["--field", "building=3"]].concat();
    let notice = text(&b.json(&names)["id"]);
    until_same(&[&a, &b, &c]);
    assert_eq!(told(&b, &notice)["households"], json!(2), "a and c");
    assert_eq!(to_acknowledge(&a), [(notice.clone(), Value::Null)]);
    assert_eq!(to_acknowledge(&c), [(notice.clone(), Value::Null)]);
    let ack = ["ack", notice.as_str(), "--for", "林家", "--paper"];
    for (language, advice) in [("zh", "楼长"), ("en", "the building's lead")] {
        let (exit, said) = refused(&c, &ack, language);
        assert_eq!(exit, Some(5), "{said}");
        assert!(said.contains(advice), "{said}");
    }
    assert_eq!(outstanding(&b, &notice), ["林家", "c"]);
    // The lead of another building is refused as well; that of its own is not.
    let lead = |building: &str| {
        let role = ["appoint", "c", "building-lead", "--building", building];
        let id = text(&a.json(&role)["id"]);
        until_same(&[&a, &b, &c]);
        id
    };
    lead("5");
    assert_eq!(refused(&c, &ack, "en").0, Some(5));
    let role = lead("3");
    c.json(&ack);
    until_same(&[&a, &b, &c]);
    assert_eq!(outstanding(&b, &notice), ["c"]);
    let noted = told(&b, &notice);
    assert_eq!(noted["given"][0]["by"]["name"], json!("c"), "{noted}");
    assert_eq!(noted["on_paper"], json!(1));
    assert_eq!(
        to_acknowledge(&a),
        [(notice.clone(), Value::Null)],
        "it is asked all the same"
    );
    // What stands by somebody who does not knock there any more is a neighbour's word, and does not
    // keep that of the issuer from counting.
    a.json(&["cut", "role", &role, "--reason", "x"]);
    until_same(&[&a, &b, &c]);
    assert_eq!(outstanding(&b, &notice), ["林家", "c"]);
    b.json(&ack);
    assert_eq!(outstanding(&b, &notice), ["c"]);
    until_same(&[&a, &b, &c]);
    assert_eq!(to_acknowledge(&a), []);
}

#[test]
fn what_was_signed_on_paper_is_noted_for_the_edition_that_the_sheet_names() {
    let folder = TempDir::new().expect("a folder");
    let [a, mut b, c] = neighbourhood(folder.path());
    b.start(&["--dial", &address(&a)]);
    until("c has been heard of", || {
        b.json(&["roster"])["members"].as_array().map(Vec::len) == Some(3)
    });
    drop((a, c));
    let ack = ["--field", "ack:=true"];
    let post = ["post", "notice", "--title", "周五停水"];
    let notice = text(&b.json(&[&post[..], &ack].concat())["id"]);
    let correct = |title: &str, material: bool| {
        let correction = json!({ "title": title, "material": material });
        let correction = format!("corrections:={correction}");
        b.json(&["edit", &notice, "--field", &correction]);
    };
    let edition = |outstanding: &[&str]| {
        let print = ["print", &notice, "--format", "text", "--lang", "en"];
        let print = [&print[..], outstanding].concat();
        let sheet = lines(&b, &print);
        let mut lines = sheet.lines().map(str::trim);
        let line = lines.find(|line| line.starts_with("Edition"));
        let line = line.unwrap_or_else(|| panic!("no edition:\n{sheet}"));
        line.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let note = |household: &'static str, edition: &'static str| {
        let ack = ["ack", &notice, "--for", household, "--paper"];
        [&ack[..], &["--edition", edition]]
            .map(<[&str]>::to_vec)
            .concat()
    };
    assert_eq!(edition(&[]), "1");
    correct("周五停水！", false);
    assert_eq!(edition(&[]), "2");
    // What was signed before a slip of the pen was mended counts.
    b.json(&note("林家", "1"));
    assert_eq!(outstanding(&b, &notice), ["c"]);
    // A correction in what matters voids that; so is an older sheet that comes in late.
    correct("周六停水", true);
    assert_eq!(outstanding(&b, &notice), ["林家", "c"]);
    for (edition, advice) in [("2", "edition 3"), ("4", "newest is 3"), ("0", "edition 3")] {
        let (exit, said) = refused(&b, &note("c", edition), "en");
        assert_eq!(exit, Some(3), "{said}");
        assert!(said.contains(advice), "{said}");
    }
    assert_eq!(outstanding(&b, &notice), ["林家", "c"]);
    b.json(&note("c", "3"));
    assert_eq!(outstanding(&b, &notice), ["林家"]);
    // The list for whoever knocks names the edition, too.
    assert_eq!(edition(&["--outstanding"]), "3");
}
