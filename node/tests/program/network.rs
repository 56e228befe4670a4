//! What a running node owes its neighbours and whoever runs it: that it stays reachable, and says
//! so when it does not.

use super::*;

const LISTEN: &str = "/ip4/127.0.0.1/tcp/0";

/// The arguments that run a home's node.
fn node_of<'a>(home: &'a str, listen: &'a str) -> [&'a str; 7] {
    [
        "--home",
        home,
        "node",
        "--listen",
        listen,
        "--no-mdns",
        "--json",
    ]
}

/// Resident memory of a process, in bytes.
#[cfg(target_os = "linux")]
fn resident_bytes(pid: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("its status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next());
    kib.expect("a size").parse::<usize>().expect("a number") * 1024
}

/// Beyond `PROCESS_BYTES_MAX` a node takes no connection.
#[cfg(target_os = "linux")]
#[test]
fn whoever_reads_the_description_leaves_the_node_its_memory() {
    use std::io::{Read, Write};
    use std::os::unix::net::UnixStream;

    let homes = Homes::new();
    homes.found("A");
    let node = homes.node(&node_of("A", LISTEN));
    let committed = include_str!("../../../docs/openapi.json");
    for _ in 0..2 {
        let socket = homes.0.path().join("A/run/api.sock");
        let mut stream = UnixStream::connect(socket).expect("the node");
        let request = "GET /v1/openapi.json HTTP/1.1\r\nhost: linli\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).expect("it listens");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        assert!(
            body == committed,
            "the served document is the committed one"
        );
    }
    let resident = resident_bytes(node.child.id());
    assert!(
        resident < node::limits::PROCESS_BYTES_MAX / 2,
        "{resident} bytes"
    );
    assert_eq!(node.stop(), 0);
}

/// The status of a home's node as a resident reads it.
fn status_lines(homes: &Homes, home: &str, language: &str) -> Vec<String> {
    let status = homes.run(&["--home", home, "--lang", language, "status"]);
    assert_eq!(code(&status), 0, "{}", stderr(&status));
    let text = String::from_utf8(status.stdout).expect("text");
    text.lines().map(str::to_owned).collect()
}

/// Adds the household that joins by an invitation, and says what it is called.
fn join(homes: &Homes, home: &str, address: &str) -> String {
    let invitation = homes.json(&["--home", "A", "invite", "--json"]);
    let invitation = invitation["invitation"].as_str().expect("text").to_owned();
    let joined = homes.json(&[
        "--home",
        home,
        "join",
        &invitation,
        "--household",
        "Chen",
        "--dial",
        address,
        "--json",
    ]);
    joined["member"].as_str().expect("a name").to_owned()
}

#[test]
fn a_household_that_was_removed_while_away_is_told_until_it_is_taken_back() {
    let homes = Homes::new();
    homes.found("A");
    let a = homes.node(&node_of("A", LISTEN));
    let member = join(&homes, "B", a.address());
    homes.json(&[
        "--home",
        "A",
        "motion",
        "remove-household",
        &member,
        "--reason",
        "x",
        "--json",
    ]);
    let dial = [&node_of("B", LISTEN)[..], &["--dial", a.address()]].concat();
    let b = homes.node(&dial);
    until("a neighbour refuses it", || {
        let status = homes.json(&["--home", "B", "status", "--json"]);
        status["join_refused"]["code"] == json!("not-allowed")
    });
    for (language, told) in [
        ("en", "what you write stays here"),
        ("zh", "您写的只留在本机"),
    ] {
        let lines = status_lines(&homes, "B", language);
        assert!(lines[0].contains(told), "{lines:?}");
        let post = [
            "--home",
            "B",
            "--lang",
            language,
            "post",
            "request",
            "--title",
            "a",
            "--category",
            "goods",
        ];
        let posted = homes.run(&post);
        let posted = String::from_utf8_lossy(&posted.stdout).into_owned();
        assert!(posted.contains(told), "{posted}");
    }
    homes.json(&["--home", "A", "motion", "readmit", &member, "--json"]);
    until("it is told so no more", || {
        let lines = status_lines(&homes, "B", "en");
        !lines[0].contains("what you write stays here")
    });
    let posted = homes.json(&[
        "--home",
        "B",
        "post",
        "request",
        "--title",
        "b",
        "--category",
        "goods",
        "--json",
    ]);
    assert_eq!(posted["warnings"], Value::Null);
    assert_eq!((a.stop(), b.stop()), (0, 0));
}

#[test]
fn a_relay_that_is_refused_says_so_and_names_nothing_that_it_does_not_know() {
    let homes = Homes::new();
    homes.found("A");
    let invite = ["--home", "A", "invite", "--relay", "--uses", "1", "--json"];
    let invitation = homes.json(&invite)["invitation"]
        .as_str()
        .expect("text")
        .to_owned();
    let a = homes.node(&node_of("A", LISTEN));
    let relay = |home: &'static str| {
        let joining = [
            "--home",
            home,
            "relay",
            "--join",
            &invitation,
            "--name",
            "R",
        ];
        let dialing = [
            "--dial",
            a.address(),
            "--listen",
            LISTEN,
            "--no-mdns",
            "--json",
        ];
        [&joining[..], &dialing].concat()
    };
    let first = homes.node(&relay("R"));
    let second = homes.command(&relay("S")).output().expect("the program");
    assert_eq!(code(&second), 9, "{}", stderr(&second));
    let log = homes.0.path().join("log");
    let waiting = homes
        .command(&[
            "--home",
            "S",
            "--lang",
            "en",
            "relay",
            "--dial",
            a.address(),
            "--listen",
            LISTEN,
            "--no-mdns",
        ])
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(&log).expect("a file"))
        .spawn()
        .expect("the program");
    let mut waiting = Node {
        child: waiting,
        said: Value::Null,
    };
    let mut line = String::new();
    let stdout = waiting.child.stdout.take().expect("its output");
    BufReader::new(stdout)
        .read_line(&mut line)
        .expect("its announcement");
    assert!(line.contains("waits") && !line.contains('“'), "{line}");
    until("it says why it is refused", || {
        status_lines(&homes, "S", "en")[0].contains("was used by all")
    });
    let lines = status_lines(&homes, "S", "en");
    assert!(
        !lines
            .iter()
            .any(|line| line.contains("waits for the inviter")),
        "{lines:?}"
    );
    let log = std::fs::read_to_string(&log).expect("text");
    assert!(log.contains("WARN") && log.contains("used-up"), "{log}");
    for node in [a, first, waiting] {
        assert_eq!(node.stop(), 0);
    }
}

#[test]
fn a_household_that_knows_it_was_removed_waits_for_no_inviter() {
    let homes = Homes::new();
    homes.found("A");
    let a = homes.node(&node_of("A", LISTEN));
    let member = join(&homes, "B", a.address());
    let b = homes.node(&[&node_of("B", LISTEN)[..], &["--dial", a.address()]].concat());
    until("they have met", || {
        homes.json(&["--home", "A", "status", "--json"])["peers"] == json!(1)
    });
    homes.json(&[
        "--home",
        "A",
        "motion",
        "remove-household",
        &member,
        "--reason",
        "x",
        "--json",
    ]);
    let removed = |lines: &[String]| lines[0].contains("removed from the neighbourhood");
    until("it knows", || removed(&status_lines(&homes, "B", "en")));
    let post = [
        "--home",
        "B",
        "post",
        "request",
        "--title",
        "b",
        "--category",
        "goods",
        "--json",
    ];
    assert_eq!(homes.failure(&post), (5, "not-allowed".to_owned()));
    assert_eq!(b.stop(), 0);
    // No node runs: the home itself knows.
    let lines = status_lines(&homes, "B", "en");
    assert!(removed(&lines), "{lines:?}");
    assert!(
        !lines.iter().any(|line| line.contains("inviter")),
        "{lines:?}"
    );
    assert_eq!(homes.failure(&post), (5, "not-allowed".to_owned()));
    // Nor does joining again say that it was let in.
    let invitation = homes.json(&["--home", "A", "invite", "--json"]);
    let invitation = invitation["invitation"].as_str().expect("text");
    let join = [
        "--home",
        "B",
        "join",
        invitation,
        "--household",
        "Chen",
        "--dial",
        a.address(),
        "--lang",
        "en",
    ];
    let again = homes.run(&join);
    let said = stderr(&again);
    assert_eq!(code(&again), 5, "{said}");
    assert!(said.contains("removed"), "{said}");
    homes.json(&["--home", "A", "motion", "readmit", &member, "--json"]);
    let b = homes.node(&[&node_of("B", LISTEN)[..], &["--dial", a.address()]].concat());
    until("it is in again", || {
        !removed(&status_lines(&homes, "B", "en"))
    });
    homes.json(&post);
    assert_eq!((a.stop(), b.stop()), (0, 0));
}
