//! What is refused: by the node, by the command line, by the program itself.

use super::*;

#[test]
fn refusals_end_with_their_exit_code_and_a_sentence() {
    let home = Home::with(
        "refusals",
        Box::new(|request| match request {
            Request::Search { words, .. } => Some(Err(Refusal {
                code: words.clone(),
                message: "It was so.".to_owned(),
                field: Some("title".to_owned()),
            })),
            _ => None,
        }),
    );
    let cases = [
        ("invalid", 3),
        ("not-found", 4),
        ("not-allowed", 5),
        ("pending", 9),
        ("storage", 7),
        ("disk-full", 7),
        ("unreachable", 8),
        ("busy", 1),
        ("internal", 1),
        ("never-heard-of", 1),
    ];
    for (code, expected) in cases {
        let output = home.run(&["search", code, "--json", "--lang", "en"]);
        assert_eq!(exit(&output), expected, "{code}");
        let error = error_of(&output);
        assert_eq!(error["code"], json!(code));
        assert_eq!(error["field"], json!("title"));
        assert_eq!(error["message"], json!("It was so. (field: title)"));
        assert!(output.stdout.is_empty());
        let output = home.run(&["search", code, "--lang", "zh"]);
        assert!(stderr(&output).starts_with("linli: "));
        assert!(
            stderr(&output).contains("It was so.（字段：title）"),
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn a_wrong_command_line_ends_with_2_before_anything_is_asked() {
    let home = Home::new("usage");
    let cases: &[&[&str]] = &[
        &["nonsense"],
        &["post"],
        &["list", "--limit", "many"],
        &["invite", "--uses", "0"],
        &["invite", "--uses", "513"],
        &["invite", "--expires", "soon"],
        &["invite", "--guest", "--relay"],
        &["export"],
        &["export", "abcd", "--space"],
        &["export", "--space", "--format", "markdown"],
        &["export", "abcd", "--format", "bundle"],
        &["export", "abcd", "--format", "pdf"],
        &["appoint", "林家", "king"],
        &["appoint", "林家", "steward"],
        &["appoint", "林家", "building-lead"],
        &["cut", "device", "abcd"],
        &["device", "revoke", "abcd"],
        &["device", "add", "--expires", "soon"],
        &["device", "cancel"],
        &["invite", "--successor-of", "林家", "--guest"],
        &["join"],
        &["join", "--words", "abandon"],
        &["backup"],
        &["backup", "create"],
        &["leave"],
        &["motion"],
        &["motion", "remove-household", "abcd"],
        &["motion", "appoint", "林家", "steward"],
        &["cosign"],
        &["cut", "everything", "abcd", "--reason", "x"],
        &["comment", "abcd"],
        &["init", "--household", "林家"],
        &["join", "--household", "Chen"],
        &["import", "poems", "file"],
        &["export", "abcd", "--format", "csv"],
        &["export", "abcd", "--unread"],
        &["export", "--space", "--limit", "3"],
        &["export", "requests", "--format", "automerge"],
        &["--lang", "fr", "status"],
        &["relay", "--join", "linli1x"],
        &["words"],
    ];
    for arguments in cases {
        let output = home.run(arguments);
        assert_eq!(exit(&output), 2, "{arguments:?}: {}", stderr(&output));
        let mut with_json = vec!["--json"];
        with_json.extend_from_slice(arguments);
        let error = error_of(&home.run(&with_json));
        assert_eq!(error["code"], json!("usage"), "{arguments:?}");
    }
    assert_eq!(home.fake.asked(), Vec::new());
}

#[test]
fn a_wrong_command_line_is_explained_in_chinese() {
    let home = Home::new("usage-zh");
    let cases: [(&[&str], &str); 6] = [
        (&["nonsense"], "没有命令 nonsense。"),
        (&["status", "--loud"], "不认识 --loud。"),
        (&["invite", "--uses", "0"], "--uses <NUMBER> 不能是“0”。"),
        (&["comment", "abcd"], "缺少 --body <TEXT>。"),
        (
            &["export", "--space", "--format", "markdown"],
            "--format markdown 不能和 --space 一起用。",
        ),
        (
            &["export", "abcd", "--format", "bundle"],
            "--format bundle 不能和 ID 一起用。",
        ),
    ];
    for (arguments, expected) in cases {
        let mut with_language = vec!["--lang", "zh"];
        with_language.extend_from_slice(arguments);
        let output = home.run(&with_language);
        assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    }
}

#[test]
fn a_wrong_invitation_is_refused_before_anything_is_made() {
    let home = std::env::temp_dir().join(format!("linli-cli-join-{}", std::process::id()));
    for text in ["linli1qqqqqqqq", "hello", "", "linli1"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
        let output = command
            .arg("--home")
            .arg(&home)
            .args(["join", text, "--household", "Chen", "--json"])
            .stdin(Stdio::null())
            .output()
            .expect("the program");
        assert_eq!(
            (exit(&output), &error_of(&output)["code"]),
            (3, &json!("invitation")),
            "{text}"
        );
    }
    assert!(!home.exists());
}

#[test]
fn names_made_of_escapes_are_refused() {
    let home = std::env::temp_dir().join(format!("linli-cli-init-{}", std::process::id()));
    let long = "长".repeat(40);
    for name in ["\u{1b}[2J", "", "  ", "a\u{202e}b", "a\nb", &long] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
        let output = command
            .arg("--home")
            .arg(&home)
            .args(["init", "--found", "梧桐里", "--json", "--household", name])
            .stdin(Stdio::null())
            .output()
            .expect("the program");
        assert_eq!(exit(&output), 3, "{name:?}");
        assert_eq!(error_of(&output)["field"], json!("household"));
    }
    assert!(!home.exists());
}
