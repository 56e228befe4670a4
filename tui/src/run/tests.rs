//! The shell on a real terminal: each test starts itself once more, as a program on one.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

use super::*;
use crate::host::{HostFuture, HostOrder, Stage};
use crate::language::Language;

/// Names the folder of a test that runs as a program.
const FOLDER: &str = "LINLI_TEST_ON_A_TERMINAL";
const PANIC: &str = "what-the-panic-says";
const WRITTEN: &str = "lantern-riddles";
/// More than any test needs.
const PATIENCE: Duration = Duration::from_secs(60);

const GIVEN_BACK: &str = "\x1b[?1049l";

/// A program on a terminal, and what it has written so far.
struct OnTerminal {
    child: Child,
    terminal: Option<File>,
    before: LocalModes,
    keys: File,
    pieces: Receiver<String>,
    written: String,
}

impl OnTerminal {
    /// Starts a test of this program.
    fn start(test: &str, folder: &Path) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&master).expect("it is ours");
        unlockpt(&master).expect("it is ours");
        let name = ptsname(&master, Vec::new()).expect("it has a name");
        let slave = || {
            let path = name.to_str().expect("ASCII");
            let opened = File::options().read(true).write(true).open(path);
            opened.expect("it is unlocked")
        };
        let terminal = slave();
        let size = Winsize {
            ws_row: 24,
            ws_col: 80,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&terminal, size).expect("a terminal has a size");
        let before = tcgetattr(&terminal).expect("a terminal").local_modes;
        assert!(before.contains(LocalModes::ICANON | LocalModes::ECHO));
        let test = format!("run::tests::{test}");
        let child = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "--nocapture", &test])
            .env(FOLDER, folder)
            .stdin(Stdio::from(slave()))
            .stdout(Stdio::from(slave()))
            .stderr(Stdio::from(slave()))
            .spawn()
            .expect("this test runs");
        let keys = File::from(master);
        let mut read = keys.try_clone().expect("a descriptor");
        let (sender, pieces) = channel();
        std::thread::spawn(move || {
            let mut bytes = vec![0; 64 * 1024];
            // The end of a terminal is an error.
            while let Ok(length @ 1..) = read.read(&mut bytes) {
                let piece = String::from_utf8_lossy(&bytes[..length]).into_owned();
                if sender.send(piece).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            terminal: Some(terminal),
            before,
            keys,
            pieces,
            written: String::new(),
        }
    }

    fn press(&mut self, keys: &str) {
        let pressed = self.keys.write_all(keys.as_bytes());
        pressed.expect("somebody listens");
    }

    /// Waits until a text is on the terminal.
    fn wait_for(&mut self, text: &str) {
        let deadline = std::time::Instant::now() + PATIENCE;
        while !without_moves(&self.written).contains(text) {
            let left = deadline.saturating_duration_since(std::time::Instant::now());
            match self.pieces.recv_timeout(left) {
                Ok(piece) => self.written.push_str(&piece),
                Err(_) => panic!("{text:?} never came: {:?}", self.written),
            }
        }
    }

    /// Waits for the end. The terminal must be as it was found.
    fn end(mut self) -> (ExitStatus, String) {
        let ended = self.child.wait().expect("it is ours");
        let after = tcgetattr(self.terminal.as_ref().expect("it is open"));
        let after = after.expect("a terminal").local_modes;
        // The reader comes to an end once nobody has the terminal open.
        self.terminal = None;
        while let Ok(piece) = self.pieces.recv_timeout(PATIENCE) {
            self.written.push_str(&piece);
        }
        assert_eq!(
            after, self.before,
            "what is typed is seen and edited again: {:?}",
            self.written
        );
        (ended, std::mem::take(&mut self.written))
    }
}

impl Drop for OnTerminal {
    /// A test that fails leaves no program behind.
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// What is written without what moves the cursor, which is done after every wide sign.
fn without_moves(written: &str) -> String {
    let mut pieces = written.split("\x1b[");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let is_end = |sign: char| ('@'..='~').contains(&sign);
        let rest = piece.split_once(is_end).map(|(_, rest)| rest);
        text.push_str(rest.unwrap_or_default());
    }
    text
}

fn place(written: &str, text: &str) -> usize {
    let found = written.find(text);
    found.unwrap_or_else(|| panic!("{text:?} is missing: {written:?}"))
}

/// A folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("linli-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// The folder, where this test runs as a program.
fn as_a_program() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

/// A host that knows a home and carries nothing out.
struct Home(HomeState);

impl Host for Home {
    fn home(&self) -> HomeState {
        self.0.clone()
    }

    fn stage(&self) -> Option<Stage> {
        None
    }

    fn carry_out(&self, _: HostOrder, _: Language) -> HostFuture {
        Box::pin(std::future::pending())
    }
}

/// Opens the front end as the program does, on several threads.
fn open(
    clock_ms: fn() -> i64,
    home: HomeState,
    faults: Option<PathBuf>,
) -> std::thread::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let settings = crate::app::tests::settings(Language::Chinese);
    let options = Options { settings, faults };
    let opened = run_by(clock_ms, Arc::new(Home(home)), options);
    let opened = runtime.block_on(AssertUnwindSafe(opened).catch_unwind());
    opened.map(|opened| opened.expect("there is a terminal"))
}

#[test]
fn panics_on_a_terminal() {
    if as_a_program().is_none() {
        return;
    }
    let _faults = Faults::watch(None);
    let _screen = Screen::enter().expect("it has a terminal");
    panic!("{PANIC}");
}

#[test]
fn a_panic_gives_the_terminal_back_before_it_speaks() {
    let folder = folder("panics");
    let (ended, written) = OnTerminal::start("panics_on_a_terminal", &folder).end();
    assert!(!ended.success(), "{written}");
    assert!(place(&written, "\x1b[?1049h") < place(&written, GIVEN_BACK));
    assert!(place(&written, GIVEN_BACK) < place(&written, PANIC));
    assert!(place(&written, "\x1b[?25h") < place(&written, PANIC));
    std::fs::remove_dir_all(folder).expect("it is ours");
}

/// A clock at whose first look something fails in other threads: with words of the program, and
/// with words that quote somebody.
fn fails_beside() -> i64 {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let beside = std::thread::spawn(|| std::panic::panic_any(PANIC));
        assert!(beside.join().is_err());
        let beside = std::thread::spawn(|| panic!("it was working on {}", quoted()));
        assert!(beside.join().is_err());
    });
    now_ms()
}

fn quoted() -> String {
    WRITTEN.to_owned()
}

#[test]
fn fails_beside_the_drawing() {
    if let Some(folder) = as_a_program() {
        let opened = open(
            fails_beside,
            HomeState::Absent,
            Some(folder.join("faults.log")),
        );
        assert!(opened.is_ok());
    }
}

#[test]
fn a_fault_beside_the_drawing_is_recorded_and_leaves_the_screen() {
    let folder = folder("fails-beside");
    let mut program = OnTerminal::start("fails_beside_the_drawing", &folder);
    program.wait_for("后台出了错");
    program.wait_for("faults.log");
    let during = tcgetattr(program.terminal.as_ref().expect("it is open"));
    let during = during.expect("a terminal");
    assert!(
        !during
            .local_modes
            .intersects(LocalModes::ICANON | LocalModes::ECHO)
    );
    let pid = Pid::from_child(&program.child);
    kill_process(pid, Signal::TERM).expect("it is ours");
    let (ended, written) = program.end();
    assert!(ended.success(), "{written:?}");
    assert_eq!(written.matches(GIVEN_BACK).count(), 1, "{written:?}");
    assert!(!written.contains(PANIC), "{written:?}");
    assert!(place(&written, GIVEN_BACK) < place(&written, WRITTEN));
    let after = &written[place(&written, GIVEN_BACK)..];
    let file = folder.join("faults.log");
    assert!(after.contains(&file.display().to_string()), "{after:?}");
    let recorded = std::fs::read_to_string(&file).expect("it is recorded");
    assert!(recorded.contains(PANIC), "{recorded}");
    let here = format!(" [-] {}:", file!());
    assert_eq!(recorded.matches(&here).count(), 2, "{recorded}");
    assert!(
        !recorded.contains(WRITTEN),
        "nothing that was written is on the disk: {recorded}"
    );
    std::fs::remove_dir_all(folder).expect("it is ours");
}

#[test]
fn fails_beside_the_drawing_of_no_home() {
    if as_a_program().is_some() {
        assert!(open(fails_beside, HomeState::Absent, None).is_ok());
    }
}

#[test]
fn a_fault_without_a_file_is_shown_when_the_person_leaves() {
    let folder = folder("fails-without");
    let mut program = OnTerminal::start("fails_beside_the_drawing_of_no_home", &folder);
    program.wait_for("后台出了错");
    kill_process(Pid::from_child(&program.child), Signal::TERM).expect("it is ours");
    let (ended, written) = program.end();
    assert!(ended.success(), "{written:?}");
    assert!(place(&written, GIVEN_BACK) < place(&written, PANIC));
    std::fs::remove_dir_all(folder).expect("it is ours");
}

/// A clock that stands, so that no pause in writing saves a draft, until it breaks.
fn breaks() -> i64 {
    let folder = as_a_program().expect("it runs as a program");
    assert!(!folder.join("break").exists(), "{PANIC}");
    1_770_000_000_000
}

/// A node that knows nothing and remembers every draft that it is given.
fn keeps_drafts(socket: &Path) -> Arc<Mutex<String>> {
    let listener = UnixListener::bind(socket).expect("a socket");
    let kept = Arc::new(Mutex::new(String::new()));
    let keeps = kept.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // Who only looks whether somebody listens asks nothing.
            let Some(asked) = asked(&stream) else {
                continue;
            };
            if asked.starts_with("PUT /v1/drafts/") {
                keeps.lock().expect("it is whole").push_str(&asked);
            }
            let answer = "HTTP/1.1 500 -\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
            let _gone = (&stream).write_all(answer.as_bytes());
        }
    });
    kept
}

/// Reads one request.
fn asked(mut stream: &UnixStream) -> Option<String> {
    let mut asked = Vec::new();
    let mut bytes = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&asked);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                let is_length = name.eq_ignore_ascii_case("content-length");
                is_length.then(|| value.trim().parse::<usize>().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                return Some(text.into_owned());
            }
        }
        match stream.read(&mut bytes) {
            Ok(length @ 1..) => asked.extend_from_slice(&bytes[..length]),
            _ => return None,
        }
    }
}

#[test]
fn breaks_with_something_begun() {
    let Some(folder) = as_a_program() else {
        return;
    };
    let socket = folder.join("api.sock");
    let kept = keeps_drafts(&socket);
    let opened = open(breaks, HomeState::Running(socket), None);
    assert!(opened.is_err(), "it broke");
    println!("kept: {}", kept.lock().expect("it is whole"));
}

#[test]
fn a_panic_of_the_front_end_keeps_what_was_begun() {
    let folder = folder("breaks");
    let mut program = OnTerminal::start("breaks_with_something_begun", &folder);
    program.wait_for("求助");
    // The requests, a new one, and its first field.
    program.press("3n");
    program.press(&format!("\x1b[200~{WRITTEN}\x1b[201~"));
    program.wait_for(WRITTEN);
    std::fs::write(folder.join("break"), b"").expect("a folder of ours");
    let (ended, written) = program.end();
    assert!(ended.success(), "{written:?}");
    let after = &written[place(&written, GIVEN_BACK)..];
    assert!(place(after, PANIC) < place(after, "邻里程序出了错"));
    let kept = &after[place(after, "kept: ")..];
    assert!(kept.contains(WRITTEN), "{after:?}");
    std::fs::remove_dir_all(folder).expect("it is ours");
}
