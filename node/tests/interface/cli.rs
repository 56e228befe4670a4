//! The program `linli` against a fake core behind a real socket: which request a command line
//! becomes, what is printed, and how it ends.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use crate::fake::{FakeCore, Script};
use node::api::ApiServer;
use protocol::api::{
    Answer, CutTarget, Draft, ImportReport, ImportRowError, ListOrder, ListQuery, Refusal, Request,
    RosterDevice, RosterMember, RosterRole, RosterView,
};
use protocol::id::{DeviceId, DocumentId, EntryId, MemberId};
use protocol::invitation::InvitedAs;
use serde_json::{Value, json};
use tui::language::Language;

/// A home with a fake node on it.
struct Home {
    path: PathBuf,
    fake: FakeCore,
    _server: ApiServer,
    _runtime: tokio::runtime::Runtime,
}

impl Home {
    fn new(name: &str) -> Self {
        Self::with(name, Box::new(|_| None))
    }

    fn with(name: &str, script: Box<Script>) -> Self {
        let path = std::env::temp_dir().join(format!("linli-cli-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder for the test");
        let runtime = tokio::runtime::Runtime::new().expect("threads");
        let (fake, server) = runtime.block_on(async {
            let (core, fake) = FakeCore::start(script);
            (
                fake,
                ApiServer::open(&path, core, Language::English).expect("a socket"),
            )
        });
        Self {
            path,
            fake,
            _server: server,
            _runtime: runtime,
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
        command
            .arg("--home")
            .arg(&self.path)
            .args(arguments)
            .env_clear()
            .env("TZ", "UTC")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program")
    }

    fn run_with_input(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program");
        let mut stdin = child.stdin.take().expect("its input");
        // A program that has seen enough need not read the rest.
        let _seen_enough = stdin.write_all(input);
        drop(stdin);
        child.wait_with_output().expect("its output")
    }

    fn last_asked(&self) -> Option<Request> {
        self.fake.asked().pop()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.path);
    }
}

fn exit(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

fn lines(output: &Output) -> Vec<Value> {
    assert_eq!(exit(output), 0, "{}", stderr(output));
    let text = stdout(output);
    let lines = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"));
    lines.collect()
}

fn error_of(output: &Output) -> Value {
    let text = stderr(output);
    let value: Value = serde_json::from_str(text.trim()).unwrap_or_else(|_| panic!("{text}"));
    assert_eq!(value["error"]["exit"], json!(exit(output)));
    value["error"].clone()
}

fn id(byte: u8) -> String {
    format!("{byte:02x}").repeat(32)
}

fn post(kind: &str, fields: Value) -> Request {
    let fields = fields.as_object().expect("fields").clone();
    Request::Post(Draft {
        kind: kind.to_owned(),
        fields: fields.into_iter().collect(),
    })
}

fn list(change: impl FnOnce(&mut ListQuery)) -> Request {
    let mut query = ListQuery {
        limit: Some(500),
        ..ListQuery::default()
    };
    change(&mut query);
    Request::List(query)
}

/// Command lines and the request that each becomes.
fn documented() -> Vec<(Vec<String>, Request)> {
    let document = DocumentId([0xab; 32]);
    let cases: Vec<(&str, Request)> = vec![
        (
            "post request --title 谁有梯子？ --body 换灯泡，周六上午 --category goods --json",
            post(
                "request",
                json!({"title": "谁有梯子？", "body": "换灯泡，周六上午", "category": "goods"}),
            ),
        ),
        (
            "post notices --title 停水 --field level=urgent --field hours:=72",
            post(
                "notice",
                json!({"title": "停水", "level": "urgent", "hours": 72}),
            ),
        ),
        (
            "invite --uses 1 --expires 7d --json",
            Request::Invite {
                uses: 1,
                lifetime_ms: 604_800_000,
                invited_as: InvitedAs::Household,
                addresses: Vec::new(),
            },
        ),
        (
            "invite --guest --uses 30 --expires 12h --address /ip4/10.0.0.1/tcp/1 --address /dns4/a/tcp/2",
            Request::Invite {
                uses: 30,
                lifetime_ms: 43_200_000,
                invited_as: InvitedAs::Guest,
                addresses: vec!["/ip4/10.0.0.1/tcp/1".to_owned(), "/dns4/a/tcp/2".to_owned()],
            },
        ),
        (
            "invite --relay",
            Request::Invite {
                uses: 1,
                lifetime_ms: 604_800_000,
                invited_as: InvitedAs::Relay,
                addresses: Vec::new(),
            },
        ),
        (
            "list requests --json",
            list(|query| query.kind = Some("request".to_owned())),
        ),
        (
            "list notices",
            list(|query| query.kind = Some("notice".to_owned())),
        ),
        (
            "list plans",
            list(|query| query.kind = Some("plan".to_owned())),
        ),
        (
            "list comments --about abababababababababababababababababababababababababababababababab",
            list(|query| {
                query.kind = Some("comment".to_owned());
                query.about = Some(document);
            }),
        ),
        (
            "list --state open --limit 7",
            list(|query| {
                query.states = vec!["open".to_owned()];
                query.limit = Some(7);
            }),
        ),
        (
            "search 梯子 --json",
            Request::Search {
                words: "梯子".to_owned(),
                limit: 50,
            },
        ),
        (
            "search 停 水 --limit 3",
            Request::Search {
                words: "停 水".to_owned(),
                limit: 3,
            },
        ),
        (
            "comment abababababababababababababababababababababababababababababababab --body 我家有 --json",
            post("comment", json!({"about": id(0xab), "body": "我家有"})),
        ),
        (
            "show ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB",
            Request::Show { document },
        ),
        (
            "edit abababababababababababababababababababababababababababababababab --title 新 --json",
            Request::Edit {
                document,
                fields: [("title".to_owned(), json!("新"))].into(),
                base: Vec::new(),
            },
        ),
        (
            "history abababababababababababababababababababababababababababababababab --json",
            Request::History { document },
        ),
        (
            "mark-read abababababababababababababababababababababababababababababababab --json",
            Request::MarkRead {
                documents: vec![document],
                everything: false,
            },
        ),
        (
            "mark-read --all",
            Request::MarkRead {
                documents: Vec::new(),
                everything: true,
            },
        ),
        (
            "list requests --state open,offered --unread --mine --changed --json",
            Request::List(ListQuery {
                kind: Some("request".to_owned()),
                states: vec!["open".to_owned(), "offered".to_owned()],
                unread: true,
                mine: true,
                order: ListOrder::Changed,
                limit: Some(500),
                ..ListQuery::default()
            }),
        ),
        ("status --json", Request::Status),
        ("export --space --format json", Request::ExportSpace),
        (
            "export abababababababababababababababababababababababababababababababab --format automerge",
            Request::ExportAutomerge { document },
        ),
        (
            "export abababababababababababababababababababababababababababababababab --format markdown",
            Request::Show { document },
        ),
        (
            "export abababababababababababababababababababababababababababababababab --format json",
            Request::Show { document },
        ),
        ("roster --json", Request::Roster),
        ("device --json", Request::Roster),
        ("peers --json", Request::Peers),
        ("doctor --json", Request::Doctor),
        (
            "office add 业委会",
            Request::AddOffice {
                name: "业委会".to_owned(),
            },
        ),
        (
            "appoint 0202020202020202020202020202020202020202020202020202020202020202 building-lead --building 3",
            Request::Appoint {
                member: MemberId([2; 32]),
                role: "building-lead".to_owned(),
                office: None,
                building: Some("3".to_owned()),
            },
        ),
        (
            "cut device 0303030303030303030303030303030303030303030303030303030303030303 --reason lost",
            Request::Cut {
                target: CutTarget::Device(DeviceId([3; 32])),
                reason: "lost".to_owned(),
            },
        ),
        (
            "cut role 0404040404040404040404040404040404040404040404040404040404040404 --reason over",
            Request::Cut {
                target: CutTarget::Appointment(EntryId([4; 32])),
                reason: "over".to_owned(),
            },
        ),
        (
            "cut member 0505050505050505050505050505050505050505050505050505050505050505 --reason flood",
            Request::Cut {
                target: CutTarget::Member(MemberId([5; 32])),
                reason: "flood".to_owned(),
            },
        ),
        (
            "cut relay 0606060606060606060606060606060606060606060606060606060606060606 --reason gone",
            Request::Cut {
                target: CutTarget::Relay(DeviceId([6; 32])),
                reason: "gone".to_owned(),
            },
        ),
    ];
    let split = |line: &str| line.split(' ').map(str::to_owned).collect();
    // A search for several words is one request.
    cases
        .into_iter()
        .map(|(line, request)| (split(line), request))
        .collect()
}

#[test]
fn documented_lines_become_their_requests() {
    let home = Home::new("documented");
    for (line, request) in documented() {
        let arguments: Vec<&str> = line.iter().map(String::as_str).collect();
        let output = home.run(&arguments);
        assert_eq!(exit(&output), 0, "{line:?}: {}", stderr(&output));
        assert_eq!(home.last_asked(), Some(request), "{line:?}");
        // The fake's roster has no devices.
        assert_eq!(output.stdout.is_empty(), line[0] == "device", "{line:?}");
    }
}

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
        [json!({"ok": true, "checks": ["store"], "findings": []})]
    );
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
        &["cut", "everything", "abcd", "--reason", "x"],
        &["comment", "abcd"],
        &["init", "--household", "林家"],
        &["join", "--household", "Chen"],
        &["import", "notices", "file"],
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
    let cases: [(&[&str], &str); 4] = [
        (&["nonsense"], "没有命令 nonsense。"),
        (&["status", "--loud"], "不认识 --loud。"),
        (&["invite", "--uses", "0"], "--uses <NUMBER> 不能是“0”。"),
        (&["comment", "abcd"], "缺少 --body <TEXT>。"),
    ];
    for (arguments, expected) in cases {
        let mut with_language = vec!["--lang", "zh"];
        with_language.extend_from_slice(arguments);
        let output = home.run(&with_language);
        assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    }
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
        founder: byte == 2,
        removed: false,
        admitted_by: None,
        devices: vec![RosterDevice {
            id: DeviceId([byte + 0x80; 32]),
            cut: false,
            forked: false,
        }],
        roles: vec![RosterRole {
            role: "moderator".to_owned(),
            office: None,
            building: None,
            appointment: EntryId([byte + 0x40; 32]),
            appointed_by: None,
            cut: false,
        }],
    };
    let home = Home::with(
        "names",
        Box::new(move |request| match request {
            Request::Roster => Some(Ok(Answer::Roster(Box::new(RosterView {
                members: vec![member(2, "林家"), member(5, "业委会"), member(6, "林家二")],
                relays: Vec::new(),
                excluded: Vec::new(),
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
    assert_eq!(exit(&home.run(&["show", "abab"])), 0);
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
        assert_eq!(home.last_asked(), Some(Request::Cut { target, reason }));
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
