//! The line mode's shell: lines that are typed become lines of [`Plain`], its questions are written
//! and its tasks carried out. It decides nothing, and needs no terminal.

use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::os::fd::AsFd;
use std::sync::Arc;

use jiff::tz::TimeZone;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::sync::mpsc;
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::{Beginning, Plain, Question};
use crate::app::{Message, Task};
use crate::host::{HomeState, Host};
use crate::run::outside::Outside;
use crate::run::{ENDING_MAX, Options, RunError, Signals, now_ms};
use crate::words::Clock;

/// Bytes of one line at most; the rest of a longer one is the next line.
const LINE_BYTES_MAX: u64 = 64 * 1024;

/// Speaks in lines over standard input and output until the person leaves or there are no more
/// lines.
///
/// # Errors
///
/// [`RunError::Terminal`] when nothing can be written; a reader that went away is none.
pub async fn run(host: Arc<dyn Host>, options: Options) -> Result<(), RunError> {
    let home = host.home();
    let (mut outside, mut messages) = Outside::new(host.clone());
    if let HomeState::Running(socket) = &home {
        outside.connect(socket.clone());
    }
    let (mut plain, tasks) = Plain::begin(Beginning {
        settings: options.settings,
        home,
        stage: host.stage(),
        clock: Clock {
            now_ms: now_ms(),
            zone: TimeZone::system(),
        },
    });
    let mut lines = Lines::new();
    let mut hang_up = Signals::new().map_err(RunError::Terminal)?;
    let mut written = Ok(());
    let mut ending = carry_out(tasks, &mut outside, &plain);
    while !ending {
        written = write_said(&mut plain).and_then(|()| lines.ask(plain.question()));
        let tasks = if written.is_err() {
            plain.end()
        } else {
            tokio::select! {
                line = lines.next(), if lines.is_asking => {
                    plain.update(Message::Tick(now_ms()));
                    match line {
                        Some(line) => plain.line(&line),
                        None => plain.end(),
                    }
                }
                message = messages.recv() => {
                    match message.and_then(|message| outside.take(message)) {
                        Some(message) => plain.update(message),
                        None => continue,
                    }
                }
                () = hang_up.received() => plain.end(),
            }
        };
        ending = carry_out(tasks, &mut outside, &plain);
    }
    if lines
        .end_line()
        .and_then(|()| write_said(&mut plain))
        .is_err()
    {
        // Whoever listened is gone; what was begun is kept all the same.
    }
    outside.finish(Instant::now() + ENDING_MAX).await;
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(RunError::Terminal(error)),
        _ => Ok(()),
    }
}

/// Carries tasks out and tells whether the line mode ends.
fn carry_out(tasks: Vec<Task>, outside: &mut Outside, plain: &Plain) -> bool {
    let mut ends = false;
    for task in tasks {
        match task {
            Task::Ask { ticket, request } => outside.ask(ticket, request, plain.language()),
            Task::Host { ticket, order } => outside.order(ticket, order, plain.language()),
            Task::Bell | Task::Suspend => {}
            Task::Quit => ends = true,
        }
    }
    ends
}

fn write_said(plain: &mut Plain) -> io::Result<()> {
    for line in plain.take_said() {
        write_line(&line)?;
    }
    Ok(())
}

fn write_line(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// A line as it was typed; one that holds a passphrase leaves nothing in memory.
type Line = Zeroizing<String>;

/// Lines of standard input, read by a thread of their own, each only after it was asked for.
struct Lines {
    wanted: std::sync::mpsc::Sender<()>,
    read: mpsc::Receiver<Option<Line>>,
    is_asking: bool,
    /// Whether what is typed is echoed by a terminal, which also ends the question's line.
    is_terminal: bool,
    /// While a secret is typed. Dropping it lets the terminal show again what is typed.
    hush: Option<Hush>,
}

impl Lines {
    fn new() -> Self {
        let (wanted, orders) = std::sync::mpsc::channel();
        let (sender, read) = mpsc::channel(1);
        std::thread::spawn(move || {
            while orders.recv().is_ok() {
                let line = read_line();
                let is_last = line.is_none();
                if sender.blocking_send(line).is_err() || is_last {
                    return;
                }
            }
        });
        Self {
            wanted,
            read,
            is_asking: false,
            is_terminal: io::stdin().is_terminal(),
            hush: None,
        }
    }

    /// Writes a question and asks for the line that answers it; does nothing while one is awaited.
    fn ask(&mut self, question: Option<&Question>) -> io::Result<()> {
        let Some(question) = question.filter(|_| !self.is_asking) else {
            return Ok(());
        };
        self.hush = Hush::begin(question.is_secret && self.is_terminal);
        match self.is_terminal {
            true => {
                let mut out = io::stdout().lock();
                write!(out, "{} ", question.text)?;
                out.flush()?;
            }
            false => write_line(&question.text)?,
        }
        self.is_asking = true;
        // A thread that has ended has closed its other end, which is noticed there.
        let _ended = self.wanted.send(());
        Ok(())
    }

    /// Waits for the line; none when there are no more.
    async fn next(&mut self) -> Option<Line> {
        let line = self.read.recv().await.flatten();
        if line.is_some() {
            self.is_asking = false;
            if self.hush.take().is_some() {
                let _unheard = write_line("");
            }
        }
        line
    }

    /// Ends the line of a question that stays without an answer.
    fn end_line(&mut self) -> io::Result<()> {
        self.hush = None;
        match self.is_asking && self.is_terminal {
            true => write_line(""),
            false => Ok(()),
        }
    }
}

/// Reads a line without its end; none at the end of the input. What is no UTF-8 is replaced.
fn read_line() -> Option<Line> {
    let mut bytes = Zeroizing::new(Vec::new());
    let mut input = io::stdin().lock().take(LINE_BYTES_MAX);
    match input.read_until(b'\n', &mut bytes) {
        Ok(0) | Err(_) => None,
        Ok(_) => {
            let line = String::from_utf8_lossy(&bytes);
            let line = line.trim_end_matches(['\n', '\r']);
            Some(Zeroizing::new(line.to_owned()))
        }
    }
}

/// A terminal that does not show what is typed, until it is dropped.
struct Hush(Termios);

impl Hush {
    /// Begins where there is something to hide.
    fn begin(is_secret: bool) -> Option<Self> {
        if !is_secret {
            return None;
        }
        let stdin = io::stdin();
        let before = tcgetattr(stdin.as_fd()).ok()?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(stdin.as_fd(), OptionalActions::Flush, &silent).ok()?;
        Some(Self(before))
    }
}

impl Drop for Hush {
    fn drop(&mut self) {
        let stdin = io::stdin();
        let _unrestored = tcsetattr(stdin.as_fd(), OptionalActions::Now, &self.0);
    }
}
