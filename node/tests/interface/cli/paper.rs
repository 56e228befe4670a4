//! What goes on paper: nothing that stands is written over, and past days tell what changed on them.

use protocol::api::{DocumentView, Today, Waiting, WaitingReason};

use super::*;

#[test]
fn a_file_that_is_there_is_left_as_it_is_unless_it_is_to_be_replaced() {
    let home = Home::new("paper");
    let file = home.path.join("sheet.txt");
    let path = file.to_str().expect("text").to_owned();
    let written = || std::fs::read_to_string(&file).expect("a file");
    for line in [
        &["print", "requests"][..],
        &["print", &id(0xab)],
        &["digest"],
    ] {
        std::fs::write(&file, "ours").expect("a file");
        let to_file = |more: &[&str]| home.run(&[line, &["-o", &path], more].concat());
        let refused = to_file(&[]);
        let said = stderr(&refused);
        assert_eq!(exit(&refused), 3, "{line:?}: {said}");
        assert!(
            said.contains("--force") && said.contains("sheet.txt"),
            "{said}"
        );
        assert_eq!(written(), "ours", "{line:?}");
        let replaced = to_file(&["--force"]);
        assert_eq!(exit(&replaced), 0, "{}", stderr(&replaced));
        assert_ne!(written(), "ours", "{line:?}");
        std::fs::remove_file(&file).expect("it is removed");
        let made = to_file(&[]);
        assert_eq!(exit(&made), 0, "{}", stderr(&made));
    }
    // A link that leads nowhere is something that stands there, too.
    std::fs::remove_file(&file).expect("it is removed");
    std::os::unix::fs::symlink("/nowhere/at-all", &file).expect("a link");
    let refused = home.run(&["print", "requests", "-o", &path, "--json"]);
    assert_eq!(
        (exit(&refused), &error_of(&refused)["code"]),
        (3, &json!("exists"))
    );
    let lonely = home.run(&["print", "requests", "--force"]);
    assert_eq!(exit(&lonely), 2, "there is nothing to replace");
}

#[test]
fn a_day_that_is_over_asks_nothing_of_anybody() {
    let waits = crate::fake::view(0x0b, "waits");
    let home = Home::with("day", Box::new(move |request| asked_today(request, &waits)));
    let [today] = &lines(&home.run(&["digest", "--json"]))[..] else {
        panic!("one object");
    };
    assert!(!today["waiting"].as_array().expect("a list").is_empty());
    let [past] = &lines(&home.run(&["digest", "--day", "2020-01-01", "--json"]))[..] else {
        panic!("one object");
    };
    assert_eq!(past["day"], json!("2020-01-01"));
    for list in ["waiting", "notices", "requests", "plans"] {
        assert_eq!(past[list], json!([]), "{list}");
    }
    assert_eq!(past.get("is_past"), None, "it is for the sheet");
    // Of such a day nobody knows what waited: its sheet says that nothing changed on it.
    for (language, said, now) in [
        ("zh", "没有哪条内容是这一天", "没有新的"),
        (
            "en",
            "Nothing was written or changed last on this day.",
            "waits",
        ),
    ] {
        let day = ["--lang", language, "digest", "--day", "2020-01-01"];
        let sheet = stdout(&home.run(&day));
        assert!(sheet.contains(said) && !sheet.contains(now), "{sheet}");
    }
}

#[test]
fn what_waits_for_the_household_is_listed_first() {
    let view = |byte: u8, title: &str| {
        let mut view = crate::fake::view(byte, title);
        view.state = Some("open".to_owned());
        view
    };
    let listed = [
        view(0x0a, "newest"),
        view(0x0b, "waits"),
        view(0x0c, "oldest"),
    ];
    let waits = listed[1].clone();
    let home = Home::with(
        "waits",
        Box::new(move |request| match request {
            Request::Today => asked_today(request, &waits),
            Request::List(_) => Some(Ok(Answer::Documents {
                items: listed.to_vec(),
                next: None,
                unprojected: 0,
            })),
            _ => None,
        }),
    );
    let titles = |line: &[&str]| -> Vec<String> {
        let listed = lines(&home.run(line)).into_iter();
        let titles = listed.map(|view| view["fields"]["title"].as_str().expect("text").to_owned());
        titles.collect()
    };
    let first = ["waits", "newest", "oldest"];
    assert_eq!(titles(&["list", "requests", "--json"]), first);
    assert_eq!(
        titles(&["list", "requests", "--limit", "2", "--json"]),
        first[..2]
    );
    let as_listed = ["newest", "waits", "oldest"];
    assert_eq!(
        titles(&["list", "requests", "--changed", "--json"]),
        as_listed
    );
    assert_eq!(titles(&["list", "notices", "--json"]), as_listed);
}

#[test]
fn the_homes_own_emergency_numbers_are_said() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new("numbers");
    let urgent = [
        "post", "request", "--title", "x", "--urgent", "--reason", "y",
    ];
    let said = stderr(&home.run(&urgent));
    assert!(
        said.contains("In an emergency call 110, 119, 120."),
        "{said}"
    );
    let settings = home.path.join("settings.toml");
    std::fs::write(
        &settings,
        "language = \"zh\"\nemergency_numbers = \"112 021-110\"\n",
    )
    .expect("settings");
    let private = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(&settings, private).expect("a mode");
    let private = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(&home.path, private).expect("a mode");
    let said = stderr(&home.run(&urgent));
    assert!(said.contains("请打 112、021-110"), "{said}");
    let sheet = stdout(&home.run(&["print", "requests"]));
    assert!(sheet.contains("112、021-110"), "{sheet}");
}

/// Answers what today is like: one document waits.
fn asked_today(request: &Request, waits: &DocumentView) -> Option<Result<Answer, Refusal>> {
    let waiting = Waiting {
        document: waits.clone(),
        why: WaitingReason::ChooseOffer,
        until_ms: None,
        for_household: None,
    };
    let today = Today {
        waiting: vec![waiting],
        news: Vec::new(),
        news_total: 0,
        drafts: Vec::new(),
        since_ms: None,
    };
    matches!(request, Request::Today).then(|| Ok(Answer::Today(Box::new(today))))
}
