//! What is printed, and in which language.

use protocol::api::{Acknowledgements, ChangeStatus, ChangeView, FactAdded, History, MemberRef};

use super::*;

#[test]
fn json_is_one_object_and_lists_are_one_a_line() {
    let home = Home::with(
        "json",
        Box::new(|request| match request {
            Request::List(query) => {
                let begin = query
                    .after
                    .as_deref()
                    .map_or(0, |after| after.parse().expect("it"));
                let items = (begin..begin + 20).map(|byte| crate::fake::view(byte, "梯子"));
                Some(Ok(Answer::Documents {
                    items: items.collect(),
                    next: (begin < 40).then(|| (begin + 20).to_string()),
                    unprojected: 0,
                }))
            }
            _ => None,
        }),
    );
    let written = lines(&home.run(&["post", "request", "--title", "a", "--json"]));
    assert_eq!(written, [json!({"id": id(9)})]);
    let invitation = lines(&home.run(&["--json", "invite", "--uses", "2"]));
    let expected =
        json!({"invitation": "linli1example", "uses": 2, "expires_ms": 1_700_600_000_000_i64});
    assert_eq!(invitation, [expected]);
    let status = lines(&home.run(&["status", "--json"]));
    assert_eq!(
        status,
        [serde_json::to_value(crate::fake::status()).expect("JSON")]
    );
    for field in [
        "peers",
        "device",
        "frontier_digest",
        "view_digest",
        "entries",
        "unsent",
        "store_bytes",
    ] {
        assert!(status[0].get(field).is_some(), "{field}");
    }
    // Three pages.
    let listed = lines(&home.run(&["list", "requests", "--json"]));
    assert_eq!(listed.len(), 60);
    assert_eq!(listed[59]["id"], json!(id(59)));
    assert_eq!(listed[0]["fields"]["title"], json!("梯子"));
    assert_eq!(
        lines(&home.run(&["list", "--limit", "25", "--json"])).len(),
        25
    );
    let shown = lines(&home.run(&["show", &id(7), "--json"]));
    assert_eq!(shown[0]["document"]["id"], json!(id(7)));
    assert_eq!(shown[0]["comments"].as_array().map(Vec::len), Some(1));
    let space = lines(&home.run(&["export", "--space", "--format", "json"]));
    assert_eq!(space[0]["format"], json!("linli-space-1"));
    let doctor = lines(&home.run(&["doctor", "--json"]));
    assert_eq!(
        doctor,
        [json!({"ok": true, "checks": ["store"], "findings": [], "advice": []})]
    );
}

/// A notice with everything that only a program could read, and a roster that knows one of two.
fn home_with_a_notice(name: &str) -> Home {
    Home::with(
        name,
        Box::new(|request| match request {
            Request::Show { document } => {
                let mut view = crate::fake::view(5, "今晚停水");
                view.id = *document;
                view.kind = "notice".to_owned();
                view.state = Some("published".to_owned());
                let fields = json!({
                    "level": "urgent", "ack": true, "expires_ms": 1_700_006_400_000_i64,
                    "capacity": id(0x71), "a_later_field": id(0x72),
                    "acknowledgements": [
                        { "id": format!("{}.0", id(0x61)), "by": { "id": id(2), "name": "林家" },
                          "time_ms": 1_700_000_000_000_i64, "way": "paper", "household": id(3) },
                        { "id": format!("{}.0", id(0x62)), "by": { "id": id(2), "name": "林家" },
                          "time_ms": 1_700_000_000_000_i64, "way": "proxy", "household": id(0x9a) },
                    ],
                });
                view.fields
                    .extend(fields.as_object().expect("fields").clone());
                Some(Ok(Answer::Document {
                    document: Box::new(view),
                    comments: Vec::new(),
                }))
            }
            Request::Roster => Some(Ok(Answer::Roster(Box::new(RosterView {
                members: vec![RosterMember {
                    id: MemberId([3; 32]),
                    name: "王奶奶".to_owned(),
                    kind: "household".to_owned(),
                    building: Some("1".to_owned()),
                    resembles: Vec::new(),
                    founder: false,
                    removed: false,
                    moved_out: false,
                    admitted_by: None,
                    admission: None,
                    removal: None,
                    successor_of: None,
                    may: Vec::new(),
                    devices: Vec::new(),
                    roles: Vec::new(),
                }],
                ..RosterView::default()
            })))),
            _ => None,
        }),
    )
}

#[test]
fn a_document_is_told_in_the_readers_words() {
    let home = home_with_a_notice("show");
    let cases: [(&str, &[&str]); 2] = [
        (
            "zh",
            &[
                "轻重缓急：紧急",
                "有效期到：2023年11月15日 周三 00:00",
                "确认收到：",
                "  林家  2023年11月14日 周二 22:13  替王奶奶（1号楼）  纸上签字",
                "  林家  2023年11月14日 周二 22:13  替住户 9a9a9a9a  请人代办",
            ],
        ),
        (
            "en",
            &[
                "How pressing: urgent",
                "Stands until: Wed 15 Nov 2023 00:00",
                "Acknowledgements:",
                "  林家  Tue 14 Nov 2023 22:13  for 王奶奶 (building 1)  on paper",
                "  林家  Tue 14 Nov 2023 22:13  for household 9a9a9a9a  through somebody else",
            ],
        ),
    ];
    for (language, expected) in cases {
        let told = stdout(&home.run(&["--lang", language, "show", &id(7)]));
        for line in expected {
            assert!(told.lines().any(|told| told == *line), "{line}\n{told}");
        }
        // The document's own name is there to be copied; of all others nobody reads 64 digits.
        let longest = |line: &str| {
            let runs = line.split(|sign: char| !sign.is_ascii_hexdigit());
            runs.map(str::len).max().unwrap_or(0)
        };
        let long: Vec<&str> = told.lines().filter(|line| longest(line) > 8).collect();
        assert_eq!(long, [id(7)], "{told}");
        for raw in ["_ms", "ack:", "a_way", "{", "null"] {
            assert!(!told.contains(raw), "{raw}\n{told}");
        }
    }
}

/// A home whose neighbours, 陈家 and a household without a device, acknowledged a notice; who did so
/// is told to it or not.
fn home_beside_acknowledgements(name: &str, named: bool) -> Home {
    let chen = || MemberRef {
        id: MemberId([9; 32]),
        name: "陈家".to_owned(),
        building: None,
    };
    Home::with(
        name,
        Box::new(move |request| match request {
            Request::Show { document } => {
                let mut view = crate::fake::view(5, "今晚停水");
                view.id = *document;
                view.kind = "notice".to_owned();
                let given = json!([
                    { "id": format!("{}.0", id(0x61)), "by": chen(), "way": "self",
                      "time_ms": 1_700_000_000_000_i64 },
                    { "id": format!("{}.0", id(0x62)), "by": chen(), "way": "proxy",
                      "time_ms": 1_700_000_000_000_i64,
                      "for_household": { "id": id(0x77), "name": "王奶奶" } },
                    { "id": format!("{}.0", id(0x63)), "by": { "id": id(2), "name": "林家" },
                      "way": "self", "time_ms": 1_700_000_000_000_i64 },
                ]);
                view.fields.insert("ack".to_owned(), json!(true));
                view.fields.insert("acknowledgements".to_owned(), given);
                Some(Ok(Answer::Document {
                    document: Box::new(view),
                    comments: Vec::new(),
                }))
            }
            Request::Acknowledgements { .. } => {
                Some(Ok(Answer::Acknowledgements(Box::new(Acknowledgements {
                    asked: true,
                    households: 9,
                    acknowledged: 3,
                    named,
                    outstanding: vec![chen(); if named { 9 } else { 0 }],
                    ..Acknowledgements::default()
                }))))
            }
            Request::History { document } => {
                let change = |by: MemberRef, fields| ChangeView {
                    entry: EntryId([9; 32]),
                    by,
                    time_ms: 1_700_000_000_000,
                    status: ChangeStatus::Counts,
                    fields: Vec::new(),
                    facts: vec![FactAdded {
                        id: format!("{}.0", id(0x61)),
                        list: "acknowledgements".to_owned(),
                        fields,
                    }],
                    texts: Vec::new(),
                };
                let way = ("way".to_owned(), json!("paper"));
                let of = ("household".to_owned(), json!(id(9)));
                Some(Ok(Answer::History(Box::new(History {
                    document: *document,
                    changes: vec![
                        change(chen(), [way.clone(), of].into()),
                        change(crate::fake::member(), [way].into()),
                    ],
                    omitted: 0,
                    texts: [].into(),
                }))))
            }
            Request::Roster => {
                let mut roster = RosterView::default();
                let chen = json!({ "id": id(9), "name": "陈家", "kind": "household" });
                roster
                    .members
                    .extend(serde_json::from_value::<RosterMember>(chen));
                Some(Ok(Answer::Roster(Box::new(roster))))
            }
            _ => None,
        }),
    )
}

#[test]
fn neighbours_are_told_how_many_acknowledged_a_notice_and_who_goes_and_knocks_is_told_who() {
    let named = home_beside_acknowledgements("named", true);
    let unnamed = home_beside_acknowledgements("unnamed", false);
    for (command, own) in [("show", "  林家  "), ("history", "林家")] {
        for home in [&named, &unnamed] {
            let told = stdout(&home.run(&["--lang", "zh", command, &id(7)]));
            assert!(told.contains(own), "one's own is told: {told}");
            let names = told.contains("陈家") || told.contains("王奶奶");
            assert_eq!(names, std::ptr::eq(home, &named), "{command}: {told}");
            if command == "show" {
                assert!(told.contains("9 户里已有 3 户确认收到"), "{told}");
            } else {
                assert_eq!(told.matches("纸上签字").count(), 2, "{told}");
            }
        }
    }
    let told = stdout(&unnamed.run(&["--lang", "en", "history", &id(7)]));
    assert!(told.contains("09090909  a household"), "{told}");
    // It is no secret: what the node holds is told to programs.
    let shown = lines(&unnamed.run(&["show", &id(7), "--json"]));
    let by = &shown[0]["document"]["fields"]["acknowledgements"][0]["by"];
    assert_eq!(by["name"], json!("陈家"));
}

#[test]
fn a_history_is_told_in_the_readers_words() {
    let home = Home::with(
        "history-words",
        Box::new(|request| match request {
            Request::Show { document } => {
                let mut view = crate::fake::view(5, "元宵");
                view.id = *document;
                view.kind = "plan".to_owned();
                Some(Ok(Answer::Document {
                    document: Box::new(view),
                    comments: Vec::new(),
                }))
            }
            _ => None,
        }),
    );
    for (language, title, step) in [
        ("zh", "  标题：中秋 → 元宵", "    进到哪一步：开始筹备"),
        (
            "en",
            "  Title: 中秋 → 元宵",
            "    Next step: start planning",
        ),
    ] {
        let told = stdout(&home.run(&["--lang", language, "history", &id(7)]));
        for line in [title, step] {
            assert!(told.lines().any(|told| told == line), "{line}\n{told}");
        }
    }
}

#[test]
fn automerge_bytes_are_written_as_they_are_and_markdown_as_a_page() {
    let home = Home::new("formats");
    let bytes = home.run(&["export", &id(7), "--format", "automerge"]);
    assert_eq!(bytes.stdout, [0x85, 0x6f, 0x4a, 0x83]);
    let page = stdout(&home.run(&["--lang", "zh", "export", &id(7), "--format", "markdown"]));
    assert!(page.starts_with("# 谁有梯子？\n"), "{page}");
    assert!(
        page.contains("\n换灯泡\n") && page.contains("\n## 评论\n"),
        "{page}"
    );
}

#[test]
fn people_read_aligned_columns_in_their_language() {
    let home = Home::with(
        "people",
        Box::new(|request| match request {
            Request::List(_) => Some(Ok(Answer::Documents {
                items: vec![
                    crate::fake::view(1, "谁有梯子？"),
                    crate::fake::view(2, "A \u{1b}[31mred\u{1b}[0m\u{202e} name"),
                ],
                next: None,
                unprojected: 0,
            })),
            _ => None,
        }),
    );
    let chinese = stdout(&home.run(&["--lang", "zh", "list"]));
    let english = stdout(&home.run(&["--lang", "en", "list"]));
    assert!(
        chinese.contains("01010101  2023-11-14 22:13  求助·等人帮忙"),
        "{chinese}"
    );
    assert!(chinese.contains("林家 (3)  谁有梯子？"), "{chinese}");
    assert!(english.contains("help request, needs help"), "{english}");
    for text in [chinese, english] {
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
    }
}

#[test]
fn the_language_is_the_options_then_the_homes_then_the_environments() {
    let home = Home::new("language");
    let run = |arguments: &[&str], locale: &str| {
        let mut command = home.command(arguments);
        let output = command.env("LANG", locale).output().expect("the program");
        stdout(&output).contains("住户")
    };
    assert!(run(&["status"], "zh_CN.UTF-8"));
    assert!(!run(&["status"], "C.UTF-8"));
    std::fs::write(home.path.join("settings.toml"), "language = \"zh\"\n").expect("settings");
    assert!(run(&["status"], "en_GB.UTF-8"));
    assert!(!run(&["--lang", "en", "status"], "zh_CN.UTF-8"));
}

#[test]
fn help_is_in_the_asked_language_and_no_error() {
    let home = Home::new("help");
    for (arguments, expected) in [
        (["--lang", "zh", "--help"], "用法："),
        (["--lang", "en", "--help"], "Usage:"),
        (["--lang", "zh", "--version"], "linli 0."),
    ] {
        let output = home.run(&arguments);
        assert_eq!(exit(&output), 0);
        assert!(stdout(&output).contains(expected), "{}", stdout(&output));
    }
    let init = stdout(&home.run(&["--lang=zh", "init", "--help"]));
    assert!(init.contains("小区的名称"), "{init}");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let home = Home::with(
        "pipe",
        Box::new(|request| match request {
            Request::List(_) => Some(Ok(Answer::Documents {
                items: (0..=255)
                    .map(|byte| crate::fake::view(byte, &"长".repeat(2_000)))
                    .collect(),
                next: None,
                unprojected: 0,
            })),
            _ => None,
        }),
    );
    let mut child = home
        .command(&["list", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    // Far more than a pipe holds is on its way when the reader goes.
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("its end");
    assert_eq!((exit(&output), stderr(&output)), (0, String::new()));
}

#[test]
fn completions_and_the_description_need_no_node() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
    let output = command
        .args(["--home", "/nowhere", "completions", "bash"])
        .output()
        .expect("it");
    assert!(stdout(&output).contains("_linli()"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
    let output = command
        .args(["--home", "/nowhere", "openapi"])
        .output()
        .expect("it");
    assert_eq!(stdout(&output), node::api::document());
}

#[test]
fn a_motion_says_what_is_moved_by_whom_in_which_capacity_and_what_is_to_be_done() {
    let home = Home::new("motions");
    let english = stdout(&home.run(&["--lang", "en", "motion", "list"]));
    for said in [
        "51515151  remove: 陈家 (3)  [open]",
        "moved by 林家 (3), steward of 业委会, 2023-11-14 22:13",
        "co-signed by 林家 (3), steward of 业委会, 2023-11-14 22:13",
        "1 of 2 offices that it takes have signed. Next: linli cosign 51515151",
        "61616161  remove: 陈家 (3)  [lapsed: another motion took its place]",
    ] {
        assert!(english.contains(said), "{said}: {english}");
    }
    let chinese = stdout(&home.run(&["--lang", "zh", "motion", "list", "--open"]));
    for said in [
        "51515151  移出：陈家 (3)  [待联署]",
        "林家 (3)（业委会的管理员） 提出，2023-11-14 22:13",
        "需要 2 个机构署名，现在有 1 个。接下来：linli cosign 51515151",
    ] {
        assert!(chinese.contains(said), "{said}: {chinese}");
    }
    assert!(!chinese.contains("61616161") && !chinese.contains('\u{1b}'));
    let shown = lines(&home.run(&["motion", "show", "6161", "--json"]));
    assert_eq!(shown.len(), 1);
    assert_eq!(
        (&shown[0]["state"], &shown[0]["why"]),
        (&json!("lapsed"), &json!("overtaken"))
    );
    let output = home.run(&["cosign", "abab", "--json"]);
    assert_eq!(
        (exit(&output), &error_of(&output)["code"]),
        (4, &json!("not-found"))
    );
    let stands = stdout(&home.run(&["--lang", "en", "cosign", "5151"]));
    assert!(
        stands.contains("Stewards of other offices run: linli cosign 51515151"),
        "{stands}"
    );
}

#[test]
fn the_roster_says_who_may_do_what_who_granted_it_and_what_does_not_count() {
    let acted_as = |capacity: &str| ActedAs {
        capacity: capacity.to_owned(),
        office: None,
        building: None,
        appointment: None,
        motion: None,
    };
    let given = |capacity: &str, by: Option<u8>| StatementRef {
        id: EntryId([4; 32]),
        by: by.map(|byte| MemberId([byte; 32])),
        acted_as: acted_as(capacity),
        time_ms: None,
        reason: None,
    };
    let member = |byte: u8, name: &str, roles: Vec<RosterRole>| RosterMember {
        id: MemberId([byte; 32]),
        name: name.to_owned(),
        kind: "household".to_owned(),
        building: None,
        resembles: Vec::new(),
        founder: byte == 2,
        removed: false,
        moved_out: false,
        admitted_by: None,
        admission: None,
        removal: None,
        successor_of: None,
        may: Vec::new(),
        devices: Vec::new(),
        roles,
    };
    let role = |by: StatementRef| RosterRole {
        role: "moderator".to_owned(),
        office: None,
        building: None,
        appointment: EntryId([4; 32]),
        appointed_by: by.by,
        appointed: Some(by),
        cut: false,
    };
    let roster = RosterView {
        members: vec![
            member(2, "林家", vec![role(given("quorum", None))]),
            member(3, "陈家", vec![role(given("founder", Some(2)))]),
        ],
        recorded: Vec::new(),
        offices: vec![RosterOffice {
            id: MemberId([5; 32]),
            name: "物业".to_owned(),
            added: given("founder", Some(2)),
            stewards: vec![MemberId([3; 32])],
            spokespeople: Vec::new(),
        }],
        powers: vec![CapacityPowers {
            capacity: "building-lead".to_owned(),
            may: vec!["admit-households".to_owned(), "keep-relays".to_owned()],
        }],
        governance: GovernanceView {
            founder_alone: false,
            offices: vec![MemberId([5; 32]); 3],
            needed: 2,
            next_number: 1,
        },
        excluded: vec![ExcludedStatement {
            id: EntryId([6; 32]),
            member: Some(MemberId([3; 32])),
            acted_as: Some(acted_as("household")),
            act: Some("remove-household".to_owned()),
            reason: "needs-quorum".to_owned(),
        }],
        relays: Vec::new(),
    };
    let home = Home::with(
        "governing",
        Box::new(move |request| match request {
            Request::Roster => Some(Ok(Answer::Roster(Box::new(roster.clone())))),
            _ => None,
        }),
    );
    let english = stdout(&home.run(&["--lang", "en", "roster"]));
    for said in [
        "moderator (04040404), given by stewards, by motion",
        "moderator (04040404), given by 林家, founder",
        "05050505  物业  stewards: 陈家  spokespeople: –  added by: founder",
        "Dangerous acts are motions: 2 of 3 offices with stewards have to sign",
        "building lead: admit households, certify and end relays",
        "06060606  陈家, household  remove: it needs a motion",
    ] {
        assert!(english.contains(said), "{said}: {english}");
    }
    let chinese = stdout(&home.run(&["--lang", "zh", "roster"]));
    for said in [
        "版主（04040404），任命：管理员联署的动议",
        "物业  管理员：陈家  发言人：–  添加：创建者",
        "楼长：接纳住户、认可和终止中继",
        "06060606  陈家（住户）  移出：需要动议",
    ] {
        assert!(chinese.contains(said), "{said}: {chinese}");
    }
}
