//! Faults of the program beside the drawing: a node in the same process, a question under way. They
//! are recorded instead of written over the screen, and told of where there is room.
//!
//! A record says when and where, and words that stand in the program. Words made while it ran may
//! quote what somebody wrote, which is nowhere on the disk in the clear: they are kept in memory,
//! and shown in the shell at the end.
//!
//! A fault of the drawing itself is none of these: it gives the terminal back and speaks there.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::thread::ThreadId;

use jiff::Timestamp;
use protocol::text::Text;
use tokio::sync::Notify;

use super::terminal;
use crate::language::Language;
use crate::words::Words;

/// Mode of the file.
const MODE: u32 = 0o600;
/// Bytes of the file, and of what is kept without one: who fails again and again fills no disk.
const BYTES_MAX: usize = 256 * 1024;

/// What is watched while the terminal is drawn on.
static WATCHED: Mutex<Option<Watched>> = Mutex::new(None);
/// Tells the drawing that there was a fault.
static HAPPENED: Notify = Notify::const_new();

struct Watched {
    drawing: ThreadId,
    file: Option<PathBuf>,
    /// What stands in no file.
    kept: String,
    happened: bool,
    /// Whether every fault stands in the file.
    recorded: bool,
}

/// The watch over the threads that do not draw. One is kept at a time, by the thread that draws.
pub struct Faults(());

impl Faults {
    /// Begins to watch, for the thread that calls it. Faults are added to the file; where there is
    /// none they are kept until [`Faults::tell`].
    pub fn watch(file: Option<PathBuf>) -> Self {
        on_panic();
        *watched() = Some(Watched {
            drawing: std::thread::current().id(),
            file,
            kept: String::new(),
            happened: false,
            recorded: true,
        });
        Self(())
    }

    /// Waits for a fault, and returns the file that it is recorded in; none when it is kept.
    pub async fn happened(&self) -> Option<PathBuf> {
        HAPPENED.notified().await;
        let watched = watched();
        let recorded = watched.as_ref().filter(|watched| watched.recorded);
        recorded.and_then(|watched| watched.file.clone())
    }

    /// Ends the watch, and says in the shell what happened, if anything did.
    ///
    /// # Errors
    ///
    /// Whatever is written to refuses.
    pub fn tell(self, out: &mut impl Write, language: Language) -> io::Result<()> {
        let watched = watched().take();
        let Some(watched) = watched.filter(|watched| watched.happened) else {
            return Ok(());
        };
        out.write_all(watched.kept.as_bytes())?;
        let words = Words::new(language);
        let told = match watched.file {
            Some(file) if watched.recorded => {
                let file = file.display().to_string();
                words.with("faults-recorded", &[("file", file.into())])
            }
            _ => words.text("faults-shown"),
        };
        writeln!(out, "{told}")
    }
}

impl Drop for Faults {
    fn drop(&mut self) {
        *watched() = None;
    }
}

fn watched() -> MutexGuard<'static, Option<Watched>> {
    WATCHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sees to it that a fault of the drawing is readable and the shell usable, and that any other one
/// leaves the screen as it is.
fn on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !record(panic) {
                terminal::give_back();
                before(panic);
            }
        }));
    });
}

/// Records a fault of a thread that does not draw, and tells whether it was one.
fn record(panic: &PanicHookInfo<'_>) -> bool {
    let mut watched = watched();
    let thread = std::thread::current();
    let beside = watched
        .as_mut()
        .filter(|watched| watched.drawing != thread.id());
    let Some(watched) = beside else {
        return false;
    };
    let fault = Fault::of(panic, thread.name().unwrap_or("-"));
    let file = watched.file.as_deref();
    let is_recorded = file.is_some_and(|file| add(file, &fault.record()).is_ok());
    if !(is_recorded && fault.is_of_the_program) && watched.kept.len() < BYTES_MAX {
        watched.kept.push_str(&fault.text());
    }
    watched.recorded &= is_recorded;
    watched.happened = true;
    HAPPENED.notify_one();
    true
}

/// A fault.
struct Fault {
    place: String,
    words: String,
    /// Whether the words stand in the program, and quote nobody.
    is_of_the_program: bool,
    trace: String,
}

impl Fault {
    fn of(panic: &PanicHookInfo<'_>, thread: &str) -> Self {
        let at = panic.location().map(ToString::to_string);
        let trace = Backtrace::capture();
        Self {
            place: format!("{} [{thread}] {}", Timestamp::now(), at.unwrap_or_default()),
            words: panic.payload_as_str().unwrap_or_default().to_owned(),
            is_of_the_program: panic.payload().is::<&'static str>(),
            trace: match trace.status() {
                BacktraceStatus::Captured => trace.to_string(),
                _ => String::new(),
            },
        }
    }

    /// What is put on the disk.
    fn record(&self) -> String {
        let words = match self.is_of_the_program {
            true => self.words.as_str(),
            false => "…",
        };
        lines(&[&self.place, words, &self.trace])
    }

    /// All of it.
    fn text(&self) -> String {
        lines(&[&self.place, &self.words, &self.trace])
    }
}

/// What comes from anybody must not be obeyed by a terminal (rule R20).
fn lines(parts: &[&str]) -> String {
    let text = Text::paragraphs(&parts.join("\n"), BYTES_MAX);
    format!("{}\n", text.as_str().trim_end())
}

fn add(file: &Path, text: &str) -> io::Result<()> {
    let mut opening = File::options();
    let mut file = opening.append(true).create(true).mode(MODE).open(file)?;
    match file.metadata()?.len() < BYTES_MAX as u64 {
        true => file.write_all(text.as_bytes()),
        false => Err(io::ErrorKind::FileTooLarge.into()),
    }
}
