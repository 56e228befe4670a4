//! What is read: standard input, files, names.

use super::*;

#[test]
fn standard_input_gives_texts_and_refuses_what_is_none() {
    let home = Home::new("input");
    let arguments = ["post", "request", "--title", "a", "--body", "-", "--json"];
    let output = home.run_with_input(&arguments, "多行\n正文".as_bytes());
    assert_eq!(exit(&output), 0, "{}", stderr(&output));
    let expected = post("request", json!({"title": "a", "body": "多行\n正文"}));
    assert_eq!(home.last_asked(), Some(expected));
    let asked = home.fake.asked().len();
    let binary: Vec<u8> = (0..=255).collect();
    let huge = vec![b'x'; 1_000_000];
    for (input, code) in [
        (&binary[..], "not-text"),
        (b"a\0b", "not-text"),
        (&huge, "too-large"),
    ] {
        let output = home.run_with_input(&arguments, input);
        assert_eq!(
            (exit(&output), &error_of(&output)["code"]),
            (3, &json!(code))
        );
    }
    assert_eq!(home.fake.asked().len(), asked, "nothing reached the node");
}

#[test]
fn an_import_sends_the_file_as_it_is_and_reports_rows() {
    let home = Home::with(
        "import",
        Box::new(|request| match request {
            Request::ImportRequests { file, .. } if file.starts_with(b"bad") => {
                Some(Ok(Answer::Import(ImportReport {
                    encoding: "UTF-8".to_owned(),
                    errors: vec![ImportRowError {
                        row: 3,
                        line: 5,
                        column: "标题".to_owned(),
                        what: "is empty".to_owned(),
                    }],
                    ..ImportReport::default()
                })))
            }
            _ => None,
        }),
    );
    let file = home.path.join("file.csv");
    let path = file.to_str().expect("text");
    let bytes: Vec<u8> = (0..=255).collect();
    std::fs::write(&file, &bytes).expect("a file");
    let report = lines(&home.run(&["import", "requests", path, "--json"]));
    assert_eq!(
        (&report[0]["imported"], &report[0]["skipped"]),
        (&json!(41), &json!(0))
    );
    let expected = Request::ImportRequests {
        file: bytes.clone(),
        preview: false,
    };
    assert_eq!(home.last_asked(), Some(expected));
    home.run_with_input(&["import", "requests", "-", "--preview"], &bytes);
    let expected = Request::ImportRequests {
        file: bytes,
        preview: true,
    };
    assert_eq!(home.last_asked(), Some(expected));
    let asked = home.fake.asked().len();
    std::fs::write(&file, b"bad").expect("a file");
    let output = home.run(&["import", "requests", path, "--json"]);
    assert_eq!(
        (exit(&output), &error_of(&output)["code"]),
        (3, &json!("import-errors"))
    );
    let report: Value = serde_json::from_str(&stdout(&output)).expect("the report");
    assert_eq!(report["errors"][0]["row"], json!(3));
    let output = home.run(&["--lang", "zh", "import", "requests", path]);
    assert!(
        stdout(&output).contains("第 3 行（文件第 5 行）“标题”栏"),
        "{}",
        stdout(&output)
    );
    // Too large: refused without being read whole, and missing ones are said to be.
    std::fs::File::create(&file)
        .and_then(|file| file.set_len(200 << 20))
        .expect("a file");
    let output = home.run(&["import", "requests", path, "--json"]);
    assert_eq!(
        (exit(&output), &error_of(&output)["code"]),
        (3, &json!("too-large"))
    );
    let output = home.run(&["import", "requests", "/nowhere.csv", "--json"]);
    assert_eq!(
        (exit(&output), &error_of(&output)["code"]),
        (3, &json!("invalid"))
    );
    assert_eq!(home.fake.asked().len(), asked + 2);
}

#[test]
fn short_names_and_names_of_members_are_found() {
    let member = |byte: u8, name: &str| RosterMember {
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
        devices: vec![RosterDevice {
            id: DeviceId([byte + 0x80; 32]),
            cut: false,
            forked: false,
            ended: None,
        }],
        roles: vec![RosterRole {
            role: "moderator".to_owned(),
            office: None,
            building: None,
            appointment: EntryId([byte + 0x40; 32]),
            appointed_by: None,
            appointed: None,
            cut: false,
        }],
    };
    let home = Home::with(
        "names",
        Box::new(move |request| match request {
            Request::Roster => Some(Ok(Answer::Roster(Box::new(RosterView {
                members: vec![member(2, "林家"), member(5, "业委会"), member(6, "林家二")],
                ..RosterView::default()
            })))),
            Request::List(query) => {
                let all = [
                    crate::fake::view(0xab, "梯子"),
                    crate::fake::view(0xac, "水"),
                ];
                let prefix = query.prefix.clone().unwrap_or_default();
                let fits = |id: DocumentId| id.to_string().starts_with(&prefix);
                let items = all.into_iter().filter(|item| fits(item.id)).collect();
                Some(Ok(Answer::Documents {
                    items,
                    next: None,
                    unprojected: 0,
                }))
            }
            _ => None,
        }),
    );
    assert_eq!(exit(&home.run(&["show", "abab", "--json"])), 0);
    let document = DocumentId([0xab; 32]);
    assert_eq!(home.last_asked(), Some(Request::Show { document }));
    for name in ["zz", "abc", "ffff", "梯子"] {
        let output = home.run(&["show", name, "--json"]);
        assert_eq!(
            (exit(&output), &error_of(&output)["code"]),
            (4, &json!("not-found")),
            "{name}"
        );
    }
    let output = home.run(&["appoint", "林家", "steward", "--office", "业委会"]);
    assert_eq!(exit(&output), 0, "{}", stderr(&output));
    let expected = Request::Appoint {
        member: MemberId([2; 32]),
        role: "steward".to_owned(),
        office: Some(MemberId([5; 32])),
        building: None,
    };
    assert_eq!(home.last_asked(), Some(expected));
    for (what, name, target) in [
        ("device", "8282", CutTarget::Device(DeviceId([0x82; 32]))),
        ("role", "4545", CutTarget::Appointment(EntryId([0x45; 32]))),
        ("member", "林家二", CutTarget::Member(MemberId([6; 32]))),
    ] {
        let output = home.run(&["cut", what, name, "--reason", "x"]);
        assert_eq!(exit(&output), 0, "{}", stderr(&output));
        let reason = "x".to_owned();
        assert_eq!(
            home.last_asked(),
            Some(Request::Cut {
                target,
                reason,
                from: None
            })
        );
    }
    let devices = lines(&home.run(&["device", "--json"]));
    let expected = json!({"id": id(0x82), "this": false, "cut": false, "forked": false});
    assert_eq!(devices, [expected]);
    let roster = stdout(&home.run(&["--lang", "zh", "roster"]));
    assert!(roster.contains("创建者, 版主（42424242）"), "{roster}");
}

#[test]
fn an_ambiguous_name_lists_what_it_may_mean() {
    let home = Home::with(
        "ambiguous",
        Box::new(|request| match request {
            Request::List(_) => {
                let mut other = crate::fake::view(0xab, "水\u{1b}[2J");
                other.id.0[31] = 0;
                let items = vec![crate::fake::view(0xab, "梯子"), other];
                Some(Ok(Answer::Documents {
                    items,
                    next: None,
                    unprojected: 0,
                }))
            }
            _ => None,
        }),
    );
    let output = home.run(&["show", "abab", "--json"]);
    let error = error_of(&output);
    assert_eq!((exit(&output), &error["code"]), (3, &json!("ambiguous")));
    let message = error["message"].as_str().expect("a sentence");
    assert!(
        message.contains(&id(0xab)) && message.contains("梯子"),
        "{message}"
    );
    assert!(!message.contains('\u{1b}'));
}

#[test]
fn recovery_words_are_checked_without_a_node() {
    let home = Home::new("words");
    let words = protocol::words::RecoveryWords::from_seed([7; 32]);
    let member = MemberId(words.key().public());
    for list in [
        protocol::words::WordList::Chinese,
        protocol::words::WordList::English,
    ] {
        let phrase = format!("{}\n", words.phrase(list).as_str());
        let output = home.run_with_input(&["words", "check", "--json"], phrase.as_bytes());
        assert_eq!(lines(&output), [json!({"ok": true, "member": member})]);
    }
    for wrong in ["abandon abandon", "\0\u{1}", ""] {
        let output = home.run_with_input(&["words", "check", "--json"], wrong.as_bytes());
        assert_eq!(
            (exit(&output), &error_of(&output)["code"]),
            (3, &json!("words")),
            "{wrong:?}"
        );
    }
    let output = home.run_with_input(&["words", "check", "--json"], &[0xff; 64]);
    assert_eq!(
        (exit(&output), &error_of(&output)["code"]),
        (3, &json!("not-text"))
    );
    assert_eq!(home.fake.asked(), Vec::new());
}
