//! The program itself, with its own nodes, on homes of its own: the lines that scripts use, and
//! what they hear when something is wrong.

#[path = "program/network.rs"]
mod network;

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// How long anything may take before it counts as a hang.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder of homes.
struct Homes(TempDir);

impl Homes {
    fn new() -> Self {
        Self(TempDir::new().expect("a folder"))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
        command
            .current_dir(self.0.path())
            .args(arguments)
            .env_clear()
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program")
    }

    /// Runs a command that must succeed and print one object.
    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(arguments);
        assert_eq!(code(&output), 0, "{arguments:?}: {}", stderr(&output));
        let lines = lines(&output);
        assert_eq!(lines.len(), 1, "{arguments:?}");
        lines[0].clone()
    }

    /// Runs a command that must fail, and returns its exit code and the error's own code.
    fn failure(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(arguments);
        let text = stderr(&output);
        let value: Value = serde_json::from_str(text.trim()).unwrap_or_else(|_| panic!("{text}"));
        let code_word = value["error"]["code"].as_str().expect("a code").to_owned();
        assert!(
            value["error"]["message"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        );
        (code(&output), code_word)
    }

    /// Starts a node and waits until it says where it listens.
    fn node(&self, arguments: &[&str]) -> Node {
        let mut child = self
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("its output");
        let read = BufReader::new(stdout).read_line(&mut line);
        read.expect("its announcement");
        let said: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line:?}"));
        Node { child, said }
    }

    fn found(&self, home: &str) {
        let init = [
            "--home",
            home,
            "init",
            "--household",
            "林家",
            "--found",
            "梧桐里",
            "--json",
        ];
        self.json(&init);
    }
}

/// A node that is stopped when the test is done with it.
struct Node {
    child: Child,
    said: Value,
}

impl Node {
    fn address(&self) -> &str {
        self.said["listening"][0].as_str().expect("an address")
    }

    fn stop(mut self) -> i32 {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("it lives");
        self.child.wait().expect("its end").code().expect("a code")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).expect("text");
    let lines = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"));
    lines.collect()
}

/// Waits until something holds.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

const CSV: &str = "\u{feff}标题,内容\r\n口罩,\"多行\n内容\"\r\n手套,急\r\n";

#[test]
fn the_lines_that_scripts_use() {
    let homes = Homes::new();
    let init = [
        "--home",
        "A",
        "init",
        "--lang",
        "zh",
        "--household",
        "林家",
        "--building",
        "3",
        "--found",
        "梧桐里",
        "--json",
    ];
    let founded = homes.json(&init);
    assert_eq!(founded["words"].as_array().map(Vec::len), Some(24));
    assert_eq!(founded["keystore"], json!("key-file"));
    let post = [
        "--home",
        "A",
        "post",
        "request",
        "--title",
        "谁有梯子？",
        "--body",
        "换灯泡，周六上午",
        "--category",
        "goods",
        "--json",
    ];
    let id = homes.json(&post)["id"].as_str().expect("a name").to_owned();
    std::fs::write(homes.0.path().join("requests.csv"), CSV).expect("a file");
    let import = [
        "--home",
        "A",
        "import",
        "requests",
        "requests.csv",
        "--json",
    ];
    let (first, again) = (homes.json(&import), homes.json(&import));
    assert_eq!(
        (&first["imported"], &first["skipped"]),
        (&json!(2), &json!(0)),
        "{first}"
    );
    assert_eq!(
        (&again["imported"], &again["skipped"]),
        (&json!(0), &json!(2)),
        "{again}"
    );
    let invite = [
        "--home",
        "A",
        "invite",
        "--uses",
        "1",
        "--expires",
        "7d",
        "--json",
    ];
    let invitation = homes.json(&invite)["invitation"]
        .as_str()
        .expect("text")
        .to_owned();
    let listen = "/ip4/127.0.0.1/tcp/0";
    let a = homes.node(&[
        "--home",
        "A",
        "node",
        "--listen",
        listen,
        "--no-mdns",
        "--json",
    ]);
    let join = [
        "--home",
        "B",
        "join",
        &invitation,
        "--lang",
        "en",
        "--household",
        "Chen",
        "--building",
        "5",
        "--dial",
        a.address(),
        "--json",
    ];
    assert_eq!(homes.json(&join)["pending"], json!(false));
    let b = homes.node(&[
        "--home",
        "B",
        "node",
        "--listen",
        listen,
        "--dial",
        a.address(),
        "--no-mdns",
        "--json",
    ]);
    until("every request arrives", || {
        lines(&homes.run(&["--home", "B", "list", "requests", "--json"])).len() == 3
    });
    let found = lines(&homes.run(&["--home", "B", "search", "梯子", "--json"]));
    assert_eq!(found[0]["id"], json!(id));
    homes.json(&[
        "--home",
        "B",
        "comment",
        &id[..8],
        "--body",
        "我家有",
        "--json",
    ]);
    let status = |home| homes.json(&["--home", home, "status", "--json"]);
    until("both show the same", || {
        let (a, b) = (status("A"), status("B"));
        a["frontier_digest"] == b["frontier_digest"]
            && a["view_digest"] == b["view_digest"]
            && a["unsent"] == json!(0)
    });
    let shown = homes.json(&["--home", "A", "show", &id[..6], "--json"]);
    assert_eq!(shown["comments"][0]["fields"]["body"], json!("我家有"));
    let space = homes.json(&["--home", "A", "export", "--space", "--format", "json"]);
    assert_eq!(space["documents"].as_array().map(Vec::len), Some(4));
    let automerge = homes.run(&["--home", "A", "export", &id, "--format", "automerge"]);
    assert_eq!(automerge.stdout[..4], [0x85, 0x6f, 0x4a, 0x83]);
    assert_eq!((a.stop(), b.stop()), (0, 0));
}

#[test]
fn one_home_has_one_program_and_a_killed_one_leaves_nothing_in_the_way() {
    let homes = Homes::new();
    homes.found("A");
    let listen = ["--listen", "/ip4/127.0.0.1/tcp/0", "--no-mdns", "--json"];
    let node: Vec<&str> = ["--home", "A", "node"].into_iter().chain(listen).collect();
    let mut running = homes.node(&node);
    assert_eq!(homes.failure(&node), (6, "locked".to_owned()));
    // Commands go through it.
    homes.json(&["--home", "A", "post", "request", "--title", "a", "--json"]);
    running.child.kill().expect("it lives");
    running.child.wait().expect("its end");
    assert!(
        homes.0.path().join("A/run/api.sock").exists(),
        "a socket is left behind"
    );
    let listed = homes.run(&["--home", "A", "list", "--json"]);
    assert_eq!((code(&listed), lines(&listed).len()), (0, 1));
    assert_eq!(homes.node(&node).stop(), 0);
}

#[test]
fn a_home_is_founded_once_and_found_again() {
    let homes = Homes::new();
    let status = ["--home", "A", "status", "--json"];
    assert_eq!(homes.failure(&status), (4, "not-found".to_owned()));
    homes.found("A");
    let before = homes.json(&status);
    let init = [
        "--home",
        "A",
        "init",
        "--household",
        "x",
        "--found",
        "y",
        "--json",
    ];
    assert_eq!(homes.failure(&init), (3, "exists".to_owned()));
    assert_eq!(homes.json(&status)["device"], before["device"]);
    // The language that was chosen is remembered; without a command there is a page.
    let init = [
        "--home",
        "Z",
        "--lang",
        "zh",
        "init",
        "--household",
        "x",
        "--found",
        "y",
    ];
    let output = homes.run(&init);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    for (home, expected) in [
        ("Z", "接下来可以"),
        ("A", "Next:"),
        ("N", "Found a neighbourhood"),
    ] {
        let page = homes.run(&["--home", home]);
        let text = String::from_utf8_lossy(&page.stdout).into_owned();
        assert!(text.contains(expected), "{text}");
    }
    assert!(!homes.0.path().join("N").exists());
}

#[test]
fn a_passphrase_locks_the_home_and_is_asked_for_by_name() {
    let homes = Homes::new();
    let with = |passphrase: &str, arguments: &[&str]| {
        let mut command = homes.command(arguments);
        let output = command.env("LINLI_PASSPHRASE", passphrase).output();
        output.expect("the program")
    };
    let init = [
        "--home",
        "A",
        "init",
        "--household",
        "x",
        "--found",
        "y",
        "--json",
    ];
    assert_eq!(code(&with("梧桐", &init)), 0);
    let status = ["--home", "A", "status", "--json"];
    assert_eq!(code(&with("梧桐", &status)), 0);
    assert_eq!(code(&with("梧", &status)), 10);
    assert_eq!(homes.failure(&status), (10, "keystore".to_owned()));
    // No key file lies beside a store that a passphrase locks.
    assert!(!homes.0.path().join("A/device.key").exists());
    // A key file of the operator's own.
    let key = homes.0.path().join("own.key");
    std::fs::write(&key, [7; 32]).expect("a file");
    std::fs::set_permissions(&key, PermissionsExt::from_mode(0o600)).expect("a mode");
    let own = ["--key-file", "own.key", "--home", "K"];
    let init: Vec<&str> = own.iter().chain(&init[2..]).copied().collect();
    homes.json(&init);
    let status: Vec<&str> = own.iter().chain(&status[2..]).copied().collect();
    homes.json(&status);
    std::fs::write(&key, [8; 32]).expect("a file");
    assert_eq!(homes.failure(&status), (10, "keystore".to_owned()));
}

#[test]
fn a_joiner_waits_is_refused_and_tries_another_invitation() {
    let homes = Homes::new();
    homes.found("A");
    let invite = ["--home", "A", "invite", "--json"];
    let invitation = || {
        homes.json(&invite)["invitation"]
            .as_str()
            .expect("text")
            .to_owned()
    };
    let first = invitation();
    let join = |home: &str, invitation: &str, address: &str| {
        homes.run(&[
            "--home",
            home,
            "join",
            invitation,
            "--household",
            "Chen",
            "--dial",
            address,
            "--wait",
            "20",
            "--json",
        ])
    };
    // Nobody is there.
    let alone = homes.run(&[
        "--home",
        "B",
        "join",
        &first,
        "--household",
        "Chen",
        "--wait",
        "0",
        "--json",
    ]);
    assert_eq!(code(&alone), 9);
    let told = &lines(&alone)[0];
    assert_eq!(
        (&told["pending"], told["words"].as_array().map(Vec::len)),
        (&json!(true), Some(24))
    );
    let post = ["--home", "B", "post", "request", "--title", "a", "--json"];
    assert_eq!(homes.failure(&post), (9, "pending".to_owned()));
    // Somebody else is quicker.
    let node = [
        "--home",
        "A",
        "node",
        "--listen",
        "/ip4/127.0.0.1/tcp/0",
        "--no-mdns",
        "--json",
    ];
    let a = homes.node(&node);
    assert_eq!(code(&join("C", &first, a.address())), 0);
    let refused = join("B", &first, a.address());
    assert_eq!(code(&refused), 9, "{}", stderr(&refused));
    assert!(
        stderr(&refused).contains("\"used-up\""),
        "{}",
        stderr(&refused)
    );
    // Another invitation, the same keys.
    let again = join("B", &invitation(), a.address());
    assert_eq!(code(&again), 0, "{}", stderr(&again));
    let again = &lines(&again)[0];
    assert_eq!(
        (&again["member"], &again["words"]),
        (&told["member"], &Value::Null)
    );
    // Who is in already stays who it is; the founder's home joins nothing; and a relay's
    // invitation makes no household.
    let keys = homes.0.path().join("B/linli.keys");
    let kept = std::fs::read(&keys).expect("the keystore");
    let third = join("B", &invitation(), a.address());
    let said = &lines(&third)[0];
    assert_eq!(
        (code(&third), &said["member"], &said["already_member"]),
        (0, &told["member"], &json!(true))
    );
    assert_eq!(
        (&again["already_member"], &said["pending"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(
        std::fs::read(&keys).expect("it"),
        kept,
        "nothing was changed"
    );
    let member = invitation();
    let member = [
        "--home",
        "B",
        "--lang",
        "zh",
        "join",
        &member,
        "--household",
        "Chen",
    ];
    let member = homes.run(&member);
    let words = String::from_utf8_lossy(&member.stdout).into_owned();
    assert!(
        code(&member) == 0 && words.contains("已经是“梧桐里”的成员"),
        "{words}"
    );
    let members = homes.json(&["--home", "A", "roster", "--json"]);
    assert_eq!(members["members"].as_array().map(Vec::len), Some(3));
    homes.found("F");
    assert_eq!(code(&join("F", &invitation(), a.address())), 3);
    let relays = homes.json(&["--home", "A", "invite", "--relay", "--json"]);
    let relays = relays["invitation"].as_str().expect("text");
    assert_eq!(code(&join("D", relays, a.address())), 3);
    assert!(!homes.0.path().join("D").exists());
    assert_eq!(a.stop(), 0);
}

#[test]
fn a_relay_joins_and_runs() {
    let homes = Homes::new();
    homes.found("A");
    homes.json(&["--home", "A", "post", "request", "--title", "a", "--json"]);
    let relays = homes.json(&["--home", "A", "invite", "--relay", "--json"]);
    let invitation = relays["invitation"].as_str().expect("text");
    let listen = ["--listen", "/ip4/127.0.0.1/tcp/0", "--no-mdns", "--json"];
    let node: Vec<&str> = ["--home", "A", "node"].into_iter().chain(listen).collect();
    let a = homes.node(&node);
    let relay = [
        "--home", "R", "relay", "--join", invitation, "--name", "中继", "--dial",
    ];
    let relay: Vec<&str> = relay
        .into_iter()
        .chain([a.address()])
        .chain(listen)
        .collect();
    // Its first line tells of joining.
    let joined = homes.node(&relay);
    assert_eq!(
        (&joined.said["pending"], &joined.said["member"]),
        (&json!(false), &Value::Null)
    );
    until("the relay holds what the founder wrote", || {
        let status = homes.json(&["--home", "R", "status", "--json"]);
        status["mode"] == json!("relay") && status["documents"] == json!(1)
    });
    let roster = homes.json(&["--home", "A", "roster", "--json"]);
    assert_eq!(roster["relays"][0]["name"], json!("中继"));
    assert_eq!(joined.stop(), 0);
    let as_home: Vec<&str> = ["--home", "R", "node"].into_iter().chain(listen).collect();
    assert_eq!(homes.failure(&as_home), (3, "wrong-mode".to_owned()));
    let as_relay: Vec<&str> = ["--home", "R", "relay"].into_iter().chain(listen).collect();
    assert_eq!(homes.node(&as_relay).stop(), 0);
    assert_eq!(a.stop(), 0);
}

#[test]
fn a_log_has_neither_colours_nor_what_residents_write() {
    let homes = Homes::new();
    homes.found("A");
    let node = [
        "--home",
        "A",
        "node",
        "--listen",
        "/ip4/127.0.0.1/tcp/0",
        "--no-mdns",
        "--log",
        "trace",
    ];
    let log = homes.0.path().join("log");
    let mut node = homes
        .command(&node)
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(&log).expect("a file"))
        .spawn()
        .map(|child| Node {
            child,
            said: Value::Null,
        })
        .expect("the program");
    let mut line = String::new();
    let stdout = node.child.stdout.take().expect("its output");
    BufReader::new(stdout)
        .read_line(&mut line)
        .expect("its announcement");
    let title = "小王的电话13912345678";
    homes.json(&["--home", "A", "post", "request", "--title", title, "--json"]);
    assert_eq!(node.stop(), 0);
    let log = std::fs::read_to_string(&log).expect("text");
    assert!(log.contains("INFO"), "{log}");
    for absent in ["\u{1b}", "小王", "13912345678", "林家", "梧桐里"] {
        assert!(!log.contains(absent), "{log}");
    }
}

#[test]
fn what_is_wrong_with_the_home_is_said_and_left_alone() {
    let homes = Homes::new();
    homes.found("A");
    let status = ["--home", "A", "status", "--json"];
    let home = homes.0.path().join("A");
    let mode = |mode| {
        std::fs::set_permissions(&home, PermissionsExt::from_mode(mode)).expect("a mode");
    };
    mode(0o755);
    assert_eq!(homes.failure(&status).0, 7);
    mode(0o700);
    homes.json(&status);
    // A database that is none.
    let database = home.join("linli.db");
    let kept = std::fs::read(&database).expect("the store");
    let remove = |name: &str| {
        let _none = std::fs::remove_file(home.join(name));
    };
    remove("linli.db-wal");
    remove("linli.db-shm");
    std::fs::write(&database, vec![0x55; kept.len()]).expect("a file");
    assert_eq!(homes.failure(&status).0, 7);
    assert_eq!(homes.failure(&["--home", "A", "doctor", "--json"]).0, 7);
    assert_eq!(std::fs::read(&database).expect("it").len(), kept.len());
    // Addresses that are none.
    homes.found("B");
    let node = ["--home", "B", "node", "--listen", "nonsense", "--json"];
    assert_eq!(homes.failure(&node), (8, "unreachable".to_owned()));
    assert!(Path::new(&homes.0.path().join("B/linli.db")).exists());
}

/// What the founder decides alone is no motion: nobody is asked to sign it, whichever name of it is
/// given.
#[test]
fn what_the_founder_decides_alone_waits_for_no_signature() {
    let homes = Homes::new();
    homes.found("A");
    let linli = |command: &[&str]| {
        let command = [&["--home", "A", "--lang", "en"], command].concat();
        homes.run(&command)
    };
    let moved = linli(&["motion", "add-office", "老年食堂", "--json"]);
    let moved = lines(&moved)[0].clone();
    let id = moved["id"].as_str().expect("a name");
    assert_eq!(
        (&moved["alone"], &moved["state"]),
        (&json!(true), &json!("in-force"))
    );
    for name in [id, &id[..8]] {
        for command in [
            &["motion", "show", name][..],
            &["cosign", name],
            &["motion", "enact", name],
        ] {
            let told = linli(&[command, &["--json"]].concat());
            assert_eq!(code(&told), 0, "{command:?}: {}", stderr(&told));
            assert_eq!(lines(&told), std::slice::from_ref(&moved), "{command:?}");
            let said = linli(command);
            let said = String::from_utf8_lossy(&said.stdout).into_owned();
            let expected = "in force already, and nobody needs to sign it";
            assert!(said.contains(expected), "{command:?}: {said}");
        }
    }
    let other = "ab".repeat(32);
    for command in [&["motion", "show", &*other][..], &["cosign", &other]] {
        assert_eq!(code(&linli(command)), 4, "{command:?}");
    }
}

/// The line as the guide has it: an export that is whole is net enough for a script.
#[test]
fn a_script_moves_out_once_everything_is_exported() {
    let homes = Homes::new();
    homes.found("A");
    let export = homes.0.path().join("things");
    std::fs::create_dir(&export).expect("a folder");
    std::fs::write(export.join("photo"), "…").expect("a file");
    let leave = [
        "--home",
        "A",
        "leave",
        "--export",
        "things",
        "--no-mdns",
        "--wait",
        "0",
        "--json",
    ];
    assert_eq!(homes.failure(&leave), (3, "exists".to_owned()));
    homes.json(&["--home", "A", "status", "--json"]);
    std::fs::remove_file(export.join("photo")).expect("removed");
    let left = homes.json(&leave);
    assert_eq!(
        (&left["removed"], &left["held"]),
        (&json!(true), &json!(false))
    );
    assert!(!homes.0.path().join("A").exists());
    let space = std::fs::read(export.join("space.json")).expect("the export");
    let space: Value = serde_json::from_slice(&space).expect("JSON");
    assert_eq!(space["neighbourhood"], "梧桐里");
    assert!(export.join("space.bundle").is_file());
}
