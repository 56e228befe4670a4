//! A home whose disk somebody else holds, and a home of an earlier version, whose store lay in the
//! clear: the program itself, on homes of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use node::home::Home;
use node::keystore::{Keystore, Seed, Unlock};
use node::store::opened_bytes;
use serde_json::Value;
use tempfile::TempDir;

fn command(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
    command
        .args(["--home", home.to_str().expect("a text"), "--lang", "en"])
        .args(arguments)
        .env_clear()
        .stdin(Stdio::null());
    command
}

fn output(home: &Path, arguments: &[&str]) -> Output {
    command(home, arguments).output().expect("the program")
}

/// Runs a command that must succeed and returns the objects that it prints.
fn run(home: &Path, arguments: &[&str]) -> Vec<Value> {
    let output = output(home, arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {said}");
    let lines = String::from_utf8(output.stdout).expect("a text");
    let lines = lines.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().expect("objects")
}

/// A node that runs until the test is done with it.
struct Node(Child);

impl Node {
    fn start(home: &Path) -> Self {
        let listen = ["--listen", "/ip4/127.0.0.1/tcp/0", "--no-mdns", "--json"];
        let mut child = command(home, &[&["node"], &listen[..]].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program");
        let stdout = child.stdout.take().expect("its output");
        let mut line = String::new();
        BufReader::new(stdout)
            .read_line(&mut line)
            .expect("its announcement");
        Self(child)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let pid = rustix::process::Pid::from_child(&self.0);
        let _ended = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        let _reaped = self.0.wait();
    }
}

fn put_draft(home: &Path, title: &str) {
    let body = format!("{{\"kind\":\"notice\",\"fields\":{{\"title\":\"{title}\"}}}}");
    let request = format!(
        "PUT /v1/drafts/one HTTP/1.1\r\nHost: linli\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = UnixStream::connect(home.join("run/api.sock")).expect("its socket");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// All bytes of all files in a home.
fn bytes_in(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let kind = path.symlink_metadata().expect("a file").file_type();
        if kind.is_dir() {
            bytes.extend(bytes_in(&path));
        } else if kind.is_file() {
            bytes.extend(std::fs::read(path).expect("a file"));
        }
    }
    bytes
}

/// Tells whether bytes hold a word as it is, as the search index cuts it, or in UTF-16.
fn holds(bytes: &[u8], word: &str) -> bool {
    let cut: String = word
        .chars()
        .flat_map(|character| [character, ' '])
        .collect();
    let wide =
        |unit: fn(u16) -> [u8; 2]| -> Vec<u8> { word.encode_utf16().flat_map(unit).collect() };
    [
        word.as_bytes().to_vec(),
        cut.trim().as_bytes().to_vec(),
        wide(u16::to_le_bytes),
        wide(u16::to_be_bytes),
    ]
    .iter()
    // Sealed bytes are random, and a few of them are soon met by chance.
    .filter(|form| form.len() > 5)
    .any(|form| bytes.windows(form.len()).any(|part| part == form))
}

fn store_key(home: &Path) -> Seed {
    let home = Home::open(home).expect("a home");
    let (_, secrets) = Keystore::open(&home, &Unlock::KeyBesideStore).expect("its keystore");
    secrets.store.expect("the key of the store")
}

#[test]
fn nothing_that_was_written_or_named_is_in_the_clear_in_any_file_of_a_home() {
    let folder = TempDir::new().expect("a folder");
    let home = folder.path().join("A");
    let init = [
        "init",
        "--household",
        "namezebra",
        "--found",
        "spacequokka",
        "--json",
    ];
    let building = ["--building", "buildingwalrus"];
    run(&home, &[&init[..], &building].concat());
    let node = Node::start(&home);
    let post = [
        "post",
        "request",
        "--title",
        "titlenarwhal 借梯子",
        "--body",
        "bodytapir 换灯泡",
        "--contact",
        "detailibex",
        "--json",
    ];
    let posted = run(&home, &post);
    let id = posted[0]["id"].as_str().expect("a name");
    run(&home, &["comment", id, "--body", "commentokapi", "--json"]);
    put_draft(&home, "draftaxolotl");
    let address = "/ip4/127.0.0.1/tcp/61999";
    run(&home, &["peers", "--dial", address, "--json"]);
    let invited = run(&home, &["invite", "--json"]);
    let invitation = invited[0]["invitation"].as_str().expect("a text");
    for found in ["titlenarwhal", "梯子", "bodytapir"] {
        assert_eq!(run(&home, &["search", found, "--json"]).len(), 1, "{found}");
    }
    let words = [
        "namezebra",
        "spacequokka",
        "buildingwalrus",
        "titlenarwhal",
        "bodytapir",
        "commentokapi",
        "draftaxolotl",
        "借梯子",
        "换灯泡",
        "梯子",
    ];
    let secret = [
        "detailibex",
        &invitation[..40],
        &invitation[200..240],
        "SQLite format",
    ];
    let database = home.join("linli.db");
    let look = |when: &str| {
        let sealed = bytes_in(&home);
        let opened = opened_bytes(&database, &store_key(&home)).expect("the store");
        for word in words.iter().chain(&secret).chain([&address]) {
            assert!(!holds(&sealed, word), "{when}: {word} is in the clear");
        }
        for word in words {
            assert!(holds(&opened, word), "{when}: {word} is nowhere");
        }
    };
    // While the node runs, when it has ended, and when it was killed.
    look("running");
    drop(node);
    look("ended");
    let mut node = Node::start(&home);
    run(&home, &["comment", id, "--body", "another", "--json"]);
    node.0.kill().expect("killed");
    node.0.wait().expect("its end");
    look("killed");
    assert_eq!(run(&home, &["search", "bodytapir", "--json"]).len(), 1);
}

#[test]
fn the_doctor_says_where_the_key_lies() {
    let folder = TempDir::new().expect("a folder");
    let home = folder.path().join("A");
    let init = ["init", "--household", "x", "--found", "y", "--json"];
    run(&home, &init);
    let said = run(&home, &["doctor", "--json"])[0]["checks"].to_string();
    assert!(said.contains("its key lies in the home folder"), "{said}");
    let key = folder.path().join("key");
    std::fs::write(&key, [7; 32]).expect("a file");
    std::fs::set_permissions(&key, PermissionsExt::from_mode(0o600)).expect("a mode");
    let home = folder.path().join("B");
    let key = ["--key-file", key.to_str().expect("a text")];
    run(&home, &[&init[..], &key].concat());
    let said = run(&home, &[&["doctor", "--json"], &key[..]].concat())[0]["checks"].to_string();
    assert!(said.contains("without passphrase or key file"), "{said}");
}

#[test]
fn a_store_from_another_home_is_refused_in_words() {
    let folder = TempDir::new().expect("a folder");
    let [one, other] = ["A", "B"].map(|name| folder.path().join(name));
    for home in [&one, &other] {
        run(
            home,
            &["init", "--household", "x", "--found", "y", "--json"],
        );
    }
    std::fs::copy(one.join("linli.db"), other.join("linli.db")).expect("copied");
    let before = bytes_in(&other);
    let refused = output(&other, &["list", "--json"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("\"other-key\""), "{said}");
    assert!(said.contains("belong together"), "{said}");
    assert!(bytes_in(&other) == before, "something was changed");
}

/// A home as the program of 25 November 2026 left it: keystore of version 1, store of version 5.
fn earlier_home(folder: &Path) -> PathBuf {
    let home = folder.join("A");
    std::fs::create_dir(&home).expect("a folder");
    std::fs::set_permissions(&home, PermissionsExt::from_mode(0o700)).expect("a mode");
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/home-5");
    for name in ["linli.db.zst", "linli.keys", "device.key", "settings.toml"] {
        let mut bytes = std::fs::read(fixtures.join(name)).expect("a file");
        let mut name = name.to_owned();
        if let Some(unpacked) = name.strip_suffix(".zst") {
            name = unpacked.to_owned();
            bytes = zstd::decode_all(&*bytes).expect("its content");
        }
        let path = home.join(name);
        std::fs::write(&path, bytes).expect("a file");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).expect("a mode");
    }
    home
}

#[test]
fn a_home_of_an_earlier_version_is_sealed_at_its_first_start_and_loses_nothing() {
    let folder = TempDir::new().expect("a folder");
    let home = earlier_home(folder.path());
    let words = [
        "zebraladder",
        "quokkabulb",
        "walruswater",
        "narwhalcomment",
        "axolotldraft",
        "林家",
        "梧桐里",
        "七号楼",
        "停水",
    ];
    let before = bytes_in(&home);
    for word in words {
        assert!(holds(&before, word), "{word} is not in the clear");
    }
    let listed = run(&home, &["list", "--json"]);
    assert_eq!(listed.len(), 2);
    let after = bytes_in(&home);
    for word in words.iter().chain(&["13800138000", "SQLite format"]) {
        assert!(!holds(&after, word), "{word} is in the clear");
    }
    let opened = opened_bytes(&home.join("linli.db"), &store_key(&home)).expect("the store");
    for word in words {
        assert!(holds(&opened, word), "{word} is nowhere");
    }
    for found in ["zebraladder", "梯子", "walruswater"] {
        assert_eq!(run(&home, &["search", found, "--json"]).len(), 1, "{found}");
    }
    let request = listed.iter().find(|one| one["kind"] == "request");
    let id = request.expect("the request")["id"]
        .as_str()
        .expect("a name");
    let shown = output(&home, &["show", id]);
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.contains("narwhalcomment"), "{shown}");
    let details = output(&home, &["details", id]);
    let details = String::from_utf8_lossy(&details.stdout).into_owned();
    assert!(details.contains("13800138000"), "{details}");
    let doctor = run(&home, &["doctor", "--json"]);
    assert_eq!(doctor[0]["ok"], true, "{doctor:?}");
    // The key is the keystore's from now on: the next start changes neither.
    let keys = std::fs::read(home.join("linli.keys")).expect("the keystore");
    run(&home, &["list", "--json"]);
    assert!(keys == std::fs::read(home.join("linli.keys")).expect("the keystore"));
}
