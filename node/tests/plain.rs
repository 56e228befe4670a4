//! The line mode end to end: the program itself on a pipe, with a node of its own on loopback.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// How long anything may take before it counts as a hang.
const PATIENCE: Duration = Duration::from_secs(60);

const ARGUMENTS: [&str; 6] = [
    "--lang",
    "en",
    "--plain",
    "--no-mdns",
    "--listen",
    "/ip4/127.0.0.1/tcp/0",
];

/// A program that speaks in lines.
struct Dialogue {
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
    heard: Vec<String>,
}

impl Dialogue {
    fn begin(home: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_linli"))
            .args(arguments)
            .env_clear()
            .env("LINLI_HOME", home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the program");
        let output = child.stdout.take().expect("its output");
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines() {
                if sender.send(line.expect("text")).is_err() {
                    return;
                }
            }
        });
        Self {
            input: child.stdin.take(),
            child,
            lines,
            heard: Vec::new(),
        }
    }

    /// Waits for a line that holds a text, and returns it.
    fn hear(&mut self, text: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("{text:?} never came:\n{}", self.text()));
            self.heard.push(line.clone());
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Waits for a question, and answers it.
    fn answer(&mut self, question: &str, answer: &str) -> &mut Self {
        self.hear(question);
        let input = self.input.as_mut().expect("it is open");
        writeln!(input, "{answer}").expect("it listens");
        self
    }

    fn text(&self) -> String {
        self.heard.join("\n")
    }

    /// Closes the input and waits for the end: everything that was said, and the exit code.
    fn end(mut self) -> (String, i32) {
        drop(self.input.take());
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            self.heard.push(line);
        }
        let ended = self.child.wait().expect("its end");
        (self.text(), ended.code().expect("a code"))
    }
}

impl Drop for Dialogue {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// Founds a neighbourhood with a key file, and waits for the menu's question.
fn found(home: &Path) -> Dialogue {
    let mut dialogue = Dialogue::begin(home, &ARGUMENTS);
    dialogue
        .answer("Which number?", "2")
        .answer("Which number?", "1")
        .answer("Name of the neighbourhood", "Plane Tree Lane")
        .answer("Household", "The Lins")
        .answer("Building", "3")
        .answer("Which number?", "2");
    dialogue.hear("Write these 24 words");
    let words: Vec<String> = (1..=24)
        .map(|number| {
            let line = dialogue.hear(&format!("{number}. "));
            line.split_once(". ").expect("a word").1.to_owned()
        })
        .collect();
    dialogue.answer("Have you written them down", "");
    for _ in 0..2 {
        let question = dialogue.hear("Word ");
        let number = question.split_whitespace().nth(1).expect("a number");
        let number: usize = number.parse().expect("a number");
        let input = dialogue.input.as_mut().expect("it is open");
        writeln!(input, "{}", words[number - 1]).expect("it listens");
    }
    dialogue.hear("Welcome! The neighbourhood is founded");
    dialogue
}

#[test]
fn a_pipe_founds_posts_comments_searches_and_leaves() {
    let folder = TempDir::new().expect("a folder");
    let home = folder.path().join("home");
    let mut dialogue = found(&home);
    dialogue
        .answer("What would you like to do?", "n")
        .answer("Title?", "Who has a ladder?")
        .answer("line 1?", "For a light bulb,")
        .answer("line 2?", "on Saturday.")
        .answer("line 3?", ".")
        .answer("How to reach you, line 1?", "Door 3-502")
        .answer("How to reach you, line 2?", ".")
        .answer("Which number to fill in", "p");
    dialogue.hear("Published");
    dialogue
        .answer("What would you like to do?", "/ladder")
        .answer("Which number, or other words?", "1");
    dialogue.hear("on Saturday.");
    dialogue.hear("How to reach you: sealed, no other household can read it yet");
    dialogue.hear("Door 3-502");
    dialogue
        .answer("what would you like to do?", "c")
        .answer("line 1?", "In the morning")
        .answer("line 2?", ".")
        .answer("Which number to fill in", "p");
    dialogue.hear("1 comment");
    let line = dialogue.hear("Erase how to reach me");
    let (number, _) = line.split_once('.').expect("a number");
    dialogue
        .answer("what would you like to do?", number)
        .answer("Erase it: which number?", "1");
    dialogue.hear("Erased here");
    dialogue.hear("Tell how to reach me");
    dialogue.answer("what would you like to do?", "q");
    let (said, code) = dialogue.end();
    assert_eq!(code, 0, "{said}");
    assert!(said.ends_with("Goodbye."), "{said}");
    assert!(!said.contains('\u{1b}') && !said.contains('\r'), "{said:?}");
    // Everything is there the next time, and no question about the first run.
    let mut again = Dialogue::begin(&home, &ARGUMENTS);
    again.answer("What would you like to do?", "3");
    again.hear("Who has a ladder?");
    assert_eq!(again.end().1, 0);
}

#[test]
fn the_end_of_input_and_a_hang_up_keep_what_is_begun() {
    let folder = TempDir::new().expect("a folder");
    let home = folder.path().join("home");
    let mut dialogue = found(&home);
    dialogue
        .answer("What would you like to do?", "n")
        .answer("Title?", "Lost cat")
        .answer("line 1?", "Grey, with a white");
    dialogue.hear("line 2?");
    let (said, code) = dialogue.end();
    assert_eq!(code, 0, "{said}");
    assert!(
        said.ends_with("Your draft is kept: you find it under Today."),
        "{said}"
    );

    let mut hung_up = Dialogue::begin(&home, &ARGUMENTS);
    hung_up.answer("What would you like to do?", "1");
    assert!(hung_up.hear("Lost cat").starts_with("1. help request"));
    hung_up
        .answer("Today: which number?", "1")
        .answer("Which number to fill in", "2")
        .answer("which line?", "a")
        .answer("line 2?", "paw");
    hung_up.hear("line 3?");
    let pid = Pid::from_child(&hung_up.child);
    kill_process(pid, Signal::HUP).expect("it lives");
    let ended = hung_up.child.wait().expect("its end");
    assert_eq!(ended.code(), Some(0), "it ends in good order");

    let mut again = Dialogue::begin(&home, &ARGUMENTS);
    again
        .answer("What would you like to do?", "1")
        .answer("Today: which number?", "1");
    again.hear("Grey, with a white (2 lines)");
}

#[test]
fn a_passphrase_opens_the_home_and_a_wrong_one_is_told() {
    let folder = TempDir::new().expect("a folder");
    let home = folder.path().join("home");
    let made = Command::new(env!("CARGO_BIN_EXE_linli"))
        .args(["init", "--household", "x", "--found", "y"])
        .env_clear()
        .env("LINLI_HOME", &home)
        .env("LINLI_PASSPHRASE", "a plane tree")
        .output()
        .expect("the program");
    assert!(made.status.success());
    let mut dialogue = Dialogue::begin(&home, &ARGUMENTS);
    dialogue
        .answer("Passphrase?", "a pine tree")
        .answer("Passphrase?", "a plane tree")
        .answer("What would you like to do?", "q");
    let (said, code) = dialogue.end();
    assert_eq!(code, 0, "{said}");
    assert!(!said.contains("plane tree"), "{said}");
}

#[test]
fn options_of_the_front_end_are_refused_before_a_command() {
    for (language, word) in [("en", "--plain"), ("zh", "不能和")] {
        let output = Command::new(env!("CARGO_BIN_EXE_linli"))
            .args(["--lang", language, "--plain", "list"])
            .env_clear()
            .env("LINLI_HOME", "/nowhere")
            .output()
            .expect("the program");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(word), "{said}");
    }
}

/// Asks the own household's page for a code.
fn ask_for_a_code(dialogue: &mut Dialogue) {
    dialogue
        .answer("What would you like to do?", "5")
        .answer("Which number, i to invite", "1");
    let act = dialogue.hear("Add a device");
    let (number, _) = act.split_once(". ").expect("a number");
    dialogue.answer("what would you like to do?", number);
}

/// Goes to the question for an invitation or a code.
fn join(home: &Path) -> Dialogue {
    let mut dialogue = Dialogue::begin(home, &ARGUMENTS);
    dialogue
        .answer("Which number?", "2")
        .answer("Which number?", "2");
    dialogue
}

#[test]
fn a_code_makes_one_further_device_and_leaves_nothing_where_it_is_refused() {
    const ASKED: &str = "Invitation, code or file";
    let folder = TempDir::new().expect("a folder");
    let mut first = found(&folder.path().join("first"));
    ask_for_a_code(&mut first);
    first.hear("until today");
    let code = first.hear("linlidev1");

    let mut second = join(&folder.path().join("second"));
    let (start, last) = code.split_at(code.len() - 1);
    let other = if last == "q" { "p" } else { "q" };
    second.answer(ASKED, &format!("{start}{other}"));
    second.hear(&format!("Character {} of the code is wrong.", code.len()));
    second.answer(ASKED, &code);
    second.hear("in Plane Tree Lane, until today");
    second.answer("Which number?", "2");
    second.hear("Welcome!");
    second.hear("Plane Tree Lane - The Lins");
    // Only the first device has the household's key.
    ask_for_a_code(&mut second);
    second.hear("does not hold the household's key");
    let told = second.text();
    for device in ["this one", "in use"] {
        assert!(told.contains(device), "{device}:\n{told}");
    }

    let home = folder.path().join("third");
    let mut third = join(&home);
    third.answer(ASKED, &code).answer("Which number?", "2");
    third.hear("The code has been used.");
    assert!(!home.exists(), "{}", third.text());
    // Back to where another code is asked for.
    third
        .answer("Which number?", "b")
        .answer(ASKED, "")
        .answer("Which number?", "q");
    assert_eq!(third.end().1, 0);
    for device in [first, second] {
        assert_eq!(device.end().1, 0);
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).expect("the folder");
    let names = files.map(|file| file.expect("a file").file_name());
    let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into()).collect();
    names.sort();
    names
}

#[test]
fn a_backup_and_a_sheet_are_written_whole_or_not_at_all() {
    let folder = TempDir::new().expect("a folder");
    let home = folder.path().join("home");
    let stick = folder.path().join("stick");
    std::fs::create_dir(&stick).expect("a folder");
    std::fs::write(stick.join("letter"), "dear").expect("a file");
    let at = |name: &str| stick.join(name).to_string_lossy().into_owned();
    let mut dialogue = found(&home);
    dialogue
        .answer("What would you like to do?", "7")
        .answer("Which number to change?", "8");
    for (place, refusal) in [
        (at("none/backup"), "there is no such folder"),
        (at("letter/backup"), "no folder"),
        (at("letter"), "Something else stands there"),
    ] {
        dialogue
            .answer("File, such as", &place)
            .answer("Which number?", "2");
        dialogue.hear(refusal);
        assert_eq!(names_in(&stick), ["letter"], "{}", dialogue.text());
    }
    dialogue
        .answer("File, such as", &at("backup"))
        .answer("Which number?", "2");
    dialogue.hear("no reading marks and no open invitations");
    dialogue.answer("Which number?", "1");
    dialogue.hear("Every byte, hash and signature holds");
    assert_eq!(names_in(&stick), ["backup", "backup.key", "letter"]);
    assert_eq!(
        std::fs::read(stick.join("letter")).expect("a file"),
        b"dear"
    );
    dialogue
        .answer("Which number?", "1")
        .answer("Which number to change?", "9")
        .answer("File, such as", &at("sheet.pdf"));
    dialogue.hear(".svg, .html or .txt");
    dialogue.answer("File, such as", &at("sheet.html"));
    dialogue.hear("then remove the file");
    let sheet = std::fs::read_to_string(stick.join("sheet.html")).expect("a sheet");
    assert!(sheet.contains("Plane Tree Lane"));
    dialogue.answer("Which number?", "1");
    let (text, code) = dialogue.end();
    assert_eq!(code, 0, "{text}");
}

#[test]
fn a_household_moves_out_once_everything_is_exported_and_its_name_is_typed() {
    let folder = TempDir::new().expect("a folder");
    let home = folder.path().join("home");
    let all = folder.path().join("all");
    let all_text = all.to_string_lossy();
    let mut dialogue = found(&home);
    dialogue
        .answer("What would you like to do?", "7")
        .answer("Which number to change?", "10")
        .answer("Folder, such as", &folder.path().to_string_lossy());
    dialogue.hear("Something else stands there");
    dialogue.answer("Folder, such as", &all_text);
    dialogue.hear("type the name The Lins");
    dialogue.hear("stays with your neighbours");
    dialogue.answer("Your household's name", "yes");
    dialogue.hear("not your household's name");
    assert!(home.exists());
    assert!(all.join("space.json").exists());
    dialogue.answer("Your household's name", "The Lins");
    dialogue.hear("no neighbour was reached");
    dialogue.answer("Which number?", "1");
    let (text, code) = dialogue.end();
    assert_eq!(code, 0, "{text}");
    assert!(!home.exists(), "{text}");
    assert!(all.join("space.bundle").exists());
}
