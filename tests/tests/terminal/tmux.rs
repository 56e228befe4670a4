//! Terminals as residents have them: a tmux of its own for each test, with nobody's settings, and
//! in it windows in which the program or a shell runs. Tests press keys and read the screen.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tests::process::{PATIENCE, program, until};

/// Pause between two looks at the screen.
const LOOK_PAUSE: Duration = Duration::from_millis(30);
/// Lets the program reach nothing but what a test names, and be found by nobody.
const LOOPBACK: [&str; 3] = ["--no-mdns", "--listen", "/ip4/127.0.0.1/tcp/0"];
/// Becomes a program, and writes its process id beside a file's name first.
const BECOME: &str = r#"echo $$ >"$0.pid"; exec "$@""#;
/// Runs a program so, and writes its exit code. That tmux learns of its children's ends cannot be
/// relied on: some are lost when several end at once.
const RUN: &str = r#"sh -c "$BECOME" "$0" "$@"; echo $? >"$0.code""#;

/// Columns and lines.
pub type Size = (u16, u16);

/// A tmux server. Dropping it ends everything that runs in it.
#[derive(Debug)]
pub struct Tmux {
    name: String,
    folder: TempDir,
}

impl Tmux {
    /// Starts a server that reads no settings.
    ///
    /// # Panics
    ///
    /// When there is no tmux, as in every method here when it fails.
    pub fn start() -> Self {
        let tmux = Self {
            name: format!("linli-test-{}-{}", std::process::id(), count()),
            folder: TempDir::new().expect("a folder"),
        };
        // The first window keeps the server alive. A window whose program has ended stays.
        tmux.run(&[
            "new-session",
            "-d",
            "-s",
            "tmux",
            "cat",
            ";",
            "set",
            "-g",
            "status",
            "off",
            ";",
            "set",
            "-g",
            "remain-on-exit",
            "on",
        ]);
        tmux
    }

    /// Opens a window in which a program runs with these variables in its environment.
    pub fn window(&self, size: Size, environment: &[(&str, &str)], command: &[&str]) -> Window<'_> {
        let (width, height) = (size.0.to_string(), size.1.to_string());
        let notes = self.folder.path().join(count().to_string());
        let mut arguments = vec!["new-session", "-d", "-P", "-F", "#{pane_id}"];
        arguments.extend(["-x", &width, "-y", &height]);
        let notes_text = notes.to_str().expect("UTF-8");
        let own = [("BECOME", BECOME), ("NOTES", notes_text)];
        let variables: Vec<String> = own
            .iter()
            .chain(environment)
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        arguments.extend(variables.iter().flat_map(|variable| ["-e", variable]));
        arguments.extend(["--", "sh", "-c", RUN, notes_text]);
        arguments.extend(command);
        Window {
            tmux: self,
            pane: self.run(&arguments).trim().to_owned(),
            notes,
        }
    }

    /// Opens a window in which the front end runs on a home, with further arguments.
    pub fn front_end(&self, home: &Path, size: Size, arguments: &[&str]) -> Window<'_> {
        self.front_end_by(&[], home, size, arguments)
    }

    /// Opens such a window by way of another program.
    pub fn front_end_by(
        &self,
        by: &[&str],
        home: &Path,
        size: Size,
        arguments: &[&str],
    ) -> Window<'_> {
        let program = program().to_str().expect("UTF-8");
        let home = home.to_str().expect("UTF-8");
        let command = [by, &[program], &LOOPBACK, arguments].concat();
        self.window(size, &[("LINLI_HOME", home)], &command)
    }

    /// Opens a window with a shell in which `linli` opens the front end on a home; that is the
    /// program of the window.
    pub fn shell(&self, home: &Path, size: Size) -> Window<'_> {
        let linli = format!(
            "linli() {{ sh -c \"$BECOME\" \"$NOTES\" '{}' {}; }}",
            program().display(),
            LOOPBACK.join(" ")
        );
        let home = home.to_str().expect("UTF-8");
        let environment = [("LINLI_HOME", home), ("PS1", "prompt> ")];
        let window = self.window(size, &environment, &["sh", "-i"]);
        window.shows("prompt>");
        window.write(&format!("{linli}; clear")).press(&["Enter"]);
        window.until("a clear screen", |screen| screen.trim() == "prompt>");
        window
    }

    fn run(&self, arguments: &[&str]) -> String {
        let output = self.call(arguments, b"");
        assert!(
            output.status.success(),
            "tmux {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("the locale is UTF-8")
    }

    fn call(&self, arguments: &[&str], input: &[u8]) -> Output {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut child = Command::new("tmux")
            .args(["-L", &self.name, "-f", "/dev/null"])
            .args(arguments)
            .env_clear()
            .env("PATH", path)
            .env("LC_ALL", "C.UTF-8")
            .env("TZ", "UTC")
            .env("HOME", self.folder.path())
            .env("TMPDIR", self.folder.path())
            .env("TMUX_TMPDIR", self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("tmux is installed");
        let mut stdin = child.stdin.take().expect("its input");
        stdin.write_all(input).expect("tmux reads");
        drop(stdin);
        child.wait_with_output().expect("tmux ends")
    }
}

impl Tmux {
    /// Whether a program of a window has not ended.
    fn has_running(&self) -> bool {
        let files = fs::read_dir(self.folder.path()).into_iter().flatten();
        let mut files = files.flatten().map(|file| file.path());
        files.any(|file| {
            let is_pid = file.extension().is_some_and(|extension| extension == "pid");
            is_pid && fs::read_to_string(file).is_ok_and(|pid| is_running(&pid))
        })
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        let _gone_already = self.call(&["kill-server"], b"");
        // A program notices that its terminal goes and ends by itself: its home is in a folder that
        // is removed next.
        let since = Instant::now();
        while self.has_running() && since.elapsed() < PATIENCE {
            std::thread::sleep(LOOK_PAUSE);
        }
    }
}

/// A number that no other part of this process has.
fn count() -> u32 {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    COUNT.fetch_add(1, Ordering::Relaxed)
}

/// A window of one pane.
#[derive(Debug)]
pub struct Window<'t> {
    tmux: &'t Tmux,
    pane: String,
    /// Beside this name stands what is known of the program: its process id and its exit code.
    notes: PathBuf,
}

impl Window<'_> {
    /// Presses keys by their names in tmux, such as `Enter`, `F5`, `C-z` or `n`.
    pub fn press(&self, keys: &[&str]) -> &Self {
        let arguments = ["send-keys", "-t", &self.pane, "--"];
        self.tmux.run(&[&arguments[..], keys].concat());
        self
    }

    /// Types a text.
    pub fn write(&self, text: &str) -> &Self {
        self.tmux
            .run(&["send-keys", "-t", &self.pane, "-l", "--", text]);
        self
    }

    /// Pastes a text, which reaches the program in brackets if it asked for them.
    pub fn paste(&self, text: &str) -> &Self {
        let loaded = self.tmux.call(&["load-buffer", "-"], text.as_bytes());
        assert!(loaded.status.success(), "{loaded:?}");
        self.tmux
            .run(&["paste-buffer", "-p", "-d", "-t", &self.pane]);
        self
    }

    /// What is on the screen now.
    pub fn screen(&self) -> String {
        self.tmux.run(&["capture-pane", "-p", "-t", &self.pane])
    }

    /// Waits until a text is on the screen, and returns the screen.
    pub fn shows(&self, text: &str) -> String {
        self.until(text, |screen| screen.contains(text))
    }

    /// Waits until the screen is as it should be, and returns it.
    ///
    /// # Panics
    ///
    /// When it is not within [`PATIENCE`]; the screen is shown.
    pub fn until(&self, what: &str, holds: impl FnMut(&str) -> bool) -> String {
        self.until_within(PATIENCE, what, holds)
    }

    /// Waits for a text until a demonstration has set up its five nodes, which takes long on a busy
    /// machine.
    pub fn shows_once_set_up(&self, text: &str) -> String {
        self.until_within(3 * PATIENCE, text, |screen| screen.contains(text))
    }

    fn until_within(
        &self,
        patience: Duration,
        what: &str,
        mut holds: impl FnMut(&str) -> bool,
    ) -> String {
        let since = Instant::now();
        loop {
            let screen = self.screen();
            if holds(&screen) {
                return screen;
            }
            assert!(
                since.elapsed() < patience,
                "waited in vain for {what:?}; the screen:\n{screen}"
            );
            std::thread::sleep(LOOK_PAUSE);
        }
    }

    /// Column and line of the cursor, from 0; none while it is hidden.
    pub fn cursor(&self) -> Option<Size> {
        let told = self.tell("#{cursor_flag} #{cursor_x} #{cursor_y}");
        let mut numbers = told
            .split(' ')
            .map(|number| number.parse().expect("a number"));
        let is_shown = numbers.next() == Some(1);
        let (x, y) = (numbers.next()?, numbers.next()?);
        is_shown.then_some((x, y))
    }

    /// Waits until the text left of the cursor ends with a text: what was typed last.
    pub fn cursor_after(&self, text: &str) {
        self.until(&format!("the cursor after {text}"), |screen| {
            let Some((x, y)) = self.cursor() else {
                return false;
            };
            let line = screen.lines().nth(usize::from(y)).unwrap_or_default();
            let mut used = 0;
            // Blanks at the end of a line are not captured.
            let line = line.chars().chain(std::iter::repeat(' '));
            let left = line.take_while(|character| {
                used += if character.is_ascii() { 1 } else { 2 };
                used <= usize::from(x)
            });
            left.collect::<String>().ends_with(text)
        });
    }

    /// Writes everything that is written to the terminal from here on into a file, too.
    pub fn record(&self, file: &Path) {
        let command = format!("cat >>'{}'", file.display());
        self.tmux.run(&["pipe-pane", "-t", &self.pane, &command]);
    }

    /// Gives the window another size.
    pub fn resize(&self, (width, height): Size) {
        let (width, height) = (width.to_string(), height.to_string());
        let size = ["-x", &width, "-y", &height];
        let resize = ["resize-window", "-t", &self.pane];
        self.tmux.run(&[&resize[..], &size].concat());
    }

    /// Takes the terminal away from the program, as closing a terminal's window does.
    pub fn close(&self) {
        self.tmux.run(&["kill-pane", "-t", &self.pane]);
    }

    /// Waits until the program has ended without its terminal.
    pub fn ended_without_it(&self) {
        until("the program's end", || !self.is_running());
    }

    /// Sends the program a signal.
    pub fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.pid());
        let sent = Command::new("sh").args(["-c", &kill]).status();
        assert!(sent.expect("a shell").success(), "{kill}");
    }

    /// Whether the program that was started last is there and has not ended.
    pub fn is_running(&self) -> bool {
        is_running(&self.pid())
    }

    /// Waits until the program has ended, and returns its exit code.
    pub fn ended(&self) -> i32 {
        let mut code = None;
        self.until("the program's end", |_| {
            let written = fs::read_to_string(self.notes.with_extension("code"));
            code = written.ok().and_then(|code| code.trim().parse().ok());
            code.is_some()
        });
        code.expect("it was read")
    }

    fn pid(&self) -> String {
        let pid = fs::read_to_string(self.notes.with_extension("pid"));
        pid.expect("the program was started")
    }

    /// Whether the screen is the one that programs take over, with the mouse.
    pub fn is_taken_over(&self) -> bool {
        match self.tell("#{alternate_on}#{mouse_any_flag}").as_str() {
            "11" => true,
            "00" => false,
            other => panic!("half taken over: {other}"),
        }
    }

    fn tell(&self, format: &str) -> String {
        let told = self
            .tmux
            .run(&["display-message", "-p", "-t", &self.pane, format]);
        told.trim_end().to_owned()
    }
}

/// Whether a process is there and does more than wait for its parent to note its end.
fn is_running(pid: &str) -> bool {
    let state = fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
    state.is_ok_and(|state| !state.contains(") Z "))
}
