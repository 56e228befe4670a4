//! Homes of which a part is lost, and homes that were half made or half removed when the power
//! failed: what a resident is told, and that no store is ever replaced.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder of homes.
struct Homes(TempDir);

impl Homes {
    fn new() -> Self {
        Self(TempDir::new().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_linli"))
            .current_dir(self.0.path())
            .args(arguments)
            .env_clear()
            .stdin(Stdio::null())
            .output()
            .expect("the program")
    }

    /// Runs a command that must succeed and print one object.
    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(arguments);
        assert_eq!(code(&output), 0, "{arguments:?}: {}", stderr(&output));
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{arguments:?}"))
    }

    /// Runs a command that must fail: its exit code, the error's own code, and what it says.
    fn failure(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = self.run(arguments);
        let text = stderr(&output);
        let line = text.lines().last().unwrap_or_default();
        let value: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{text}"));
        let said = |name: &str| value["error"][name].as_str().expect("text").to_owned();
        (code(&output), said("code"), said("message"))
    }

    fn found(&self, home: &str) {
        self.json(&init(home));
    }

    fn device(&self, home: &str) -> Value {
        self.json(&["--home", home, "status", "--json"])["device"].clone()
    }
}

fn init(home: &str) -> [&str; 8] {
    [
        "--home",
        home,
        "init",
        "--household",
        "林家",
        "--found",
        "梧桐里",
        "--json",
    ]
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Every file of a home but its lock, with what it holds.
fn contents(home: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(home)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file() && !path.ends_with("lock"))
        .map(|path| (path.clone(), fs::read(path).expect("a file")))
        .collect();
    files.sort();
    files
}

/// The ways to set a home up, by what makes it: a founding, an invitation, a device's code, a backup.
fn ways_in(homes: &Homes) -> [Vec<String>; 4] {
    homes.found("N");
    let address = ["--address", "/ip4/127.0.0.1/tcp/1"];
    let made = |command: &[&str]| {
        let command = [&["--home", "N"], command, &address, &["--json"]].concat();
        homes.json(&command)
    };
    let invitation = made(&["invite"])["invitation"].clone();
    let device = made(&["device", "add"])["code"].clone();
    homes.json(&["--home", "N", "backup", "create", "N.linli", "--json"]);
    let owned = |command: &[&str]| command.iter().map(|&word| word.to_owned()).collect();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let (invitation, device) = (text(&invitation), text(&device));
    [
        owned(&init("A")[2..]),
        owned(&[
            "join",
            &invitation,
            "--household",
            "王家",
            "--wait",
            "0",
            "--json",
        ]),
        owned(&["join", &device, "--wait", "0", "--json"]),
        owned(&["backup", "restore", "N.linli", "--json"]),
    ]
}

fn at<'a>(home: &'a str, command: &'a [String]) -> Vec<&'a str> {
    let command = command.iter().map(String::as_str);
    ["--home", home].into_iter().chain(command).collect()
}

#[test]
fn a_store_without_its_keystore_is_never_replaced() {
    let homes = Homes::new();
    homes.found("A");
    let device = homes.device("A");
    let (keystore, away) = (homes.path("A/linli.keys"), homes.path("linli.keys"));
    fs::rename(&keystore, &away).expect("moved");
    let before = contents(&homes.path("A"));
    let mut commands: Vec<Vec<String>> = ways_in(&homes).to_vec();
    for command in ["status", "list", "doctor", "node", "relay", "invite"] {
        commands.push(vec![command.to_owned(), "--json".to_owned()]);
    }
    commands.push(vec!["--json".to_owned()]);
    for command in &commands {
        let (exit, code, said) = homes.failure(&at("A", command));
        assert_eq!((exit, &*code), (10, "keystore-missing"), "{command:?}");
        assert!(
            said.contains("linli.keys is missing"),
            "{command:?}: {said}"
        );
        assert!(said.contains("--home"), "{command:?}: {said}");
        assert_eq!(contents(&homes.path("A")), before, "{command:?}");
    }
    fs::rename(&away, &keystore).expect("put back");
    assert_eq!(homes.device("A"), device);
}

#[test]
fn a_keystore_without_its_store_says_so_and_names_the_ways_out() {
    let homes = Homes::new();
    homes.found("A");
    let device = homes.device("A");
    let (store, away) = (homes.path("A/linli.db"), homes.path("linli.db"));
    fs::rename(&store, &away).expect("moved");
    let mut commands: Vec<Vec<String>> = ways_in(&homes).to_vec();
    for command in ["status", "doctor", "node"] {
        commands.push(vec![command.to_owned(), "--json".to_owned()]);
    }
    for emptied in [false, true] {
        if emptied {
            fs::write(&store, "").expect("an empty file");
        }
        let before = contents(&homes.path("A"));
        for command in &commands {
            let (exit, code, said) = homes.failure(&at("A", command));
            assert_eq!((exit, &*code), (7, "store-missing"), "{command:?}");
            for way in ["backup restore FILE", "join --words -", "device add"] {
                assert!(said.contains(way), "{command:?}: {said}");
            }
            assert_eq!(contents(&homes.path("A")), before, "{command:?}");
        }
    }
    fs::rename(&away, &store).expect("put back");
    assert_eq!(homes.device("A"), device);
}

/// What a set-up puts into a home, in that order. The keystore is written into the mark first.
const BEGUN: [&str; 5] = [
    "linli.unfinished",
    "linli.db",
    "settings.toml",
    "device.key",
    "linli.keys",
];

/// Leaves a home as a power cut would, when so many files of a whole one had been written.
fn cut_off(whole: &Path, home: &Path, written: usize) {
    let _none = fs::remove_dir_all(home);
    fs::create_dir(home).expect("a folder");
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    fs::set_permissions(home, private).expect("a mode");
    fs::write(home.join("linli.unfinished"), "").expect("the mark");
    for name in &BEGUN[1..written] {
        let to = match *name {
            "linli.keys" => "linli.unfinished",
            name => name,
        };
        fs::copy(whole.join(name), home.join(to)).expect("copied");
    }
}

#[test]
fn a_set_up_that_was_cut_off_is_finished_by_the_next() {
    let homes = Homes::new();
    homes.found("W");
    let whole = homes.path("W");
    let former = homes.device("W");
    for command in &ways_in(&homes) {
        for written in 1..=BEGUN.len() {
            cut_off(&whole, &homes.path("A"), written);
            let status = homes.failure(&["--home", "A", "status", "--json"]);
            assert_eq!((status.0, &*status.1), (4, "not-found"), "{written}");
            let output = homes.run(&at("A", command));
            // Nobody is there to let a joiner in, but its home is made.
            let exit = if command[0] == "join" { 9 } else { 0 };
            assert_eq!(code(&output), exit, "{command:?}: {}", stderr(&output));
            assert!(!homes.path("A/linli.unfinished").exists(), "{command:?}");
            assert_ne!(homes.device("A"), former, "{command:?}");
        }
    }
    // The mark becomes the keystore at one moment: before it there is nothing, after it a home.
    cut_off(&whole, &homes.path("A"), BEGUN.len());
    let place = homes.path("A/linli.keys");
    fs::rename(homes.path("A/linli.unfinished"), place).expect("moved");
    assert_eq!(homes.device("A"), former);
}

/// A whole home that is put where another was left unfinished loses the mark, so that its store is
/// as safe as any.
#[test]
fn a_whole_home_is_rid_of_a_mark() {
    let homes = Homes::new();
    homes.found("A");
    fs::write(homes.path("A/linli.unfinished"), "").expect("a mark");
    assert_eq!(homes.failure(&init("A")).1, "exists");
    let device = homes.device("A");
    let (keystore, away) = (homes.path("A/linli.keys"), homes.path("linli.keys"));
    fs::rename(&keystore, &away).expect("moved");
    assert_eq!(homes.failure(&init("A")).1, "keystore-missing");
    fs::rename(&away, &keystore).expect("put back");
    assert_eq!(homes.device("A"), device);
}

/// A set-up that fails takes away what it has put there, and nothing else.
#[test]
fn a_set_up_that_fails_keeps_what_was_there() {
    let homes = Homes::new();
    homes.found("W");
    let home = homes.path("A");
    fs::create_dir(&home).expect("a folder");
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    fs::set_permissions(&home, private).expect("a mode");
    for name in ["device.key", "settings.toml"] {
        fs::copy(homes.path("W").join(name), home.join(name)).expect("copied");
    }
    let before = contents(&home);
    let missing = [&["--key-file", "none"], &init("A")[..]].concat();
    assert_eq!(homes.failure(&missing).0, 10);
    assert_eq!(contents(&home), before);
}

/// Damages one page of a home's store.
fn damage(home: &Path, sound: &[u8], page: usize) {
    let mut bytes = sound.to_vec();
    bytes[page * 4_096 + 2_000] ^= 1;
    fs::write(home.join("linli.db"), &bytes).expect("a file");
    let _none = fs::remove_file(home.join("linli.db-wal"));
}

/// Wherever the damage lies, the doctor says what is damaged, what is left and what to do, and
/// never only to ask the doctor.
#[test]
fn the_doctor_names_the_damage_of_a_store_that_does_not_open() {
    let homes = Homes::new();
    homes.found("A");
    for number in 0..20 {
        let title = format!("谁有梯子 {number}");
        let body = "梯".repeat(300);
        let post = [
            "--home", "A", "post", "request", "--title", &title, "--body", &body, "--json",
        ];
        homes.json(&post);
    }
    homes.json(&["--home", "A", "backup", "create", "A.linli", "--json"]);
    let home = homes.path("A");
    let sound = fs::read(home.join("linli.db")).expect("the store");
    let pages = sound.len() / 4_096;
    let (mut unopened, mut with_tables) = (0, 0);
    for page in 0..pages {
        damage(&home, &sound, page);
        let opens = code(&homes.run(&["--home", "A", "status", "--json"])) == 0;
        damage(&home, &sound, page);
        let before = fs::read(home.join("linli.db")).expect("the store");
        let output = homes.run(&["--home", "A", "--lang", "en", "doctor", "--json"]);
        let told: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("page {page}: {}", stderr(&output)));
        if opens && told["ok"] == true {
            continue; // Nothing stands on that page.
        }
        assert_eq!(
            (code(&output), &told["ok"]),
            (7, &Value::Bool(false)),
            "page {page}"
        );
        let said = told.to_string();
        assert!(!said.contains("linli doctor"), "page {page}: {said}");
        for way in ["backup restore FILE", "join --words -", "device add"] {
            assert!(
                told["advice"].to_string().contains(way),
                "page {page}: {said}"
            );
        }
        let table = told["findings"]
            .to_string()
            .contains("a part of the table ");
        if told["checks"].to_string().contains("pages are whole") {
            unopened += 1;
            with_tables += usize::from(table);
            let whole = format!("{} of {pages} pages", pages - 1);
            assert!(said.contains(&whole), "page {page}: {said}");
            let after = fs::read(home.join("linli.db")).expect("the store");
            assert!(after == before, "page {page}: the store was changed");
        }
    }
    // Only what names the tables is needed to name a table.
    assert!(
        unopened > 5 && with_tables * 2 > unopened,
        "{with_tables} of {unopened}"
    );
    // Lines for people are whole, and the way that they name works.
    damage(&home, &sound, 0);
    let output = homes.run(&["--home", "A", "--lang", "en", "doctor"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.contains("✗ ") && text.contains("(a neighbour's or a relay's;"),
        "{text}"
    );
    assert!(
        text.lines().all(|line| line.ends_with(['.', 'd'])),
        "{text}"
    );
    homes.json(&["--home", "N", "backup", "restore", "A.linli", "--json"]);
    let listed = homes.run(&["--home", "N", "list", "--json"]);
    assert_eq!(String::from_utf8_lossy(&listed.stdout).lines().count(), 20);
}

/// A store with the wrong key is not taken for a damaged one.
#[test]
fn the_doctor_tells_another_homes_store_from_a_damaged_one() {
    let homes = Homes::new();
    for home in ["A", "B"] {
        homes.found(home);
    }
    fs::copy(homes.path("B/linli.db"), homes.path("A/linli.db")).expect("copied");
    let doctor = homes.failure(&["--home", "A", "doctor", "--json"]);
    assert_eq!((doctor.0, &*doctor.1), (7, "other-key"));
}
