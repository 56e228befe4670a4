//! The front end's shell: terminal events, answers and time become messages of
//! [`App`], and its tasks are carried out. It decides nothing.

mod faults;
pub(crate) mod outside;
mod terminal;
#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures::{FutureExt, StreamExt};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use protocol::api::Settings;
use ratatui::crossterm::event::Event;
use thiserror::Error;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::Receiver;
use tokio::time::{Instant, interval};

use crate::app::{App, Beginning, Message, Task};
use crate::host::{HomeState, Host};
use crate::theme::Hints;
use crate::words::{Clock, Words};
use faults::Faults;
use outside::{Numbered, Outside};
use terminal::Screen;

/// How often time goes on for the screens.
const TICK: Duration = Duration::from_secs(1);
/// Time in which what was begun may still be saved when the front end ends.
pub(crate) const ENDING_MAX: Duration = Duration::from_secs(3);
/// Messages that are taken before a frame is drawn.
const BURST_MAX: usize = 64;

/// Why the front end did not work.
#[derive(Debug, Error)]
pub enum RunError {
    /// The terminal cannot be used.
    #[error("the terminal cannot be used")]
    Terminal(#[source] io::Error),
}

/// What the front end is opened with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The home's settings, or the defaults.
    pub settings: Settings,
    /// The file that faults beside the drawing are recorded in. Without one they are shown when
    /// the person leaves.
    pub faults: Option<PathBuf>,
}

/// Opens the front end on the terminal and returns when the person leaves.
///
/// # Errors
///
/// [`RunError::Terminal`] when the terminal cannot be read or drawn on. It is restored in any case.
pub async fn run(host: Arc<dyn Host>, options: Options) -> Result<(), RunError> {
    run_by(now_ms, host, options).await
}

/// Opens the front end, which reads the time from a clock.
async fn run_by(
    clock_ms: fn() -> i64,
    host: Arc<dyn Host>,
    options: Options,
) -> Result<(), RunError> {
    let home = host.home();
    let faults = Faults::watch(options.faults);
    let screen = Screen::enter().map_err(RunError::Terminal)?;
    let (mut outside, messages) = Outside::new(host.clone());
    if let HomeState::Running(socket) = &home {
        outside.connect(socket.clone());
    }
    let (mut app, tasks) = App::begin(Beginning {
        settings: options.settings,
        home,
        stage: host.stage(),
        clock: Clock {
            now_ms: clock_ms(),
            zone: TimeZone::system(),
        },
        hints: Hints::of(|name| std::env::var(name).ok()),
        size: screen.size().map_err(RunError::Terminal)?,
    });
    let mut shell = Shell {
        clock_ms,
        screen,
        outside,
        messages,
        faults,
    };
    let drives = shell.drive(&mut app, tasks);
    let driven = AssertUnwindSafe(drives).catch_unwind().await;
    if driven.is_err() {
        // A fault of the program is no reason to lose what was begun.
        let hang_up = AssertUnwindSafe(|| app.update(Message::HangUp));
        if let Ok(tasks) = catch_unwind(hang_up) {
            let _ending = shell.carry_out(tasks, &app);
        }
    }
    let Shell {
        screen,
        outside,
        faults,
        ..
    } = shell;
    drop(screen);
    outside.finish(Instant::now() + ENDING_MAX).await;
    // Who has lost the terminal reads nothing.
    let _gone = faults.tell(&mut io::stderr(), app.language());
    if driven.is_err() {
        let advice = Words::new(app.language()).text("program-failed");
        let _gone = writeln!(io::stderr(), "{advice}");
    }
    driven.unwrap_or_else(|panic| resume_unwind(panic))
}

/// What the front end works with.
struct Shell {
    /// Milliseconds since 1970.
    clock_ms: fn() -> i64,
    screen: Screen,
    outside: Outside,
    messages: Receiver<Numbered>,
    faults: Faults,
}

impl Shell {
    /// Turns what happens into messages and draws what comes of them, until the person leaves.
    async fn drive(&mut self, app: &mut App, tasks: Vec<Task>) -> Result<(), RunError> {
        let mut ending = self.carry_out(tasks, app)?;
        let mut ticks = interval(TICK);
        let mut hang_up = Signals::new().map_err(RunError::Terminal)?;
        while !ending {
            if let Err(error) = self.screen.draw(app) {
                // The terminal has gone; what was begun is kept all the same.
                self.carry_out(app.update(Message::HangUp), app)?;
                return Err(RunError::Terminal(error));
            }
            let first = tokio::select! {
                event = self.screen.events().next() => match event {
                    Some(Ok(event)) => message_of(event),
                    // The terminal has gone.
                    Some(Err(_)) | None => Some(Message::HangUp),
                },
                message = self.messages.recv() => {
                    message.and_then(|message| self.outside.take(message))
                }
                _ = ticks.tick() => Some(Message::Tick((self.clock_ms)())),
                file = self.faults.happened() => Some(Message::Fault { file }),
                () = hang_up.received() => Some(Message::HangUp),
            };
            let Some(first) = first else { continue };
            ending = matches!(first, Message::HangUp);
            ending |= self.carry_out(app.update(first), app)?;
            // Whatever has come meanwhile is drawn in one frame.
            for _ in 0..BURST_MAX {
                let Ok(message) = self.messages.try_recv() else {
                    break;
                };
                if let Some(message) = self.outside.take(message) {
                    ending |= self.carry_out(app.update(message), app)?;
                }
            }
        }
        Ok(())
    }

    /// Carries tasks out and tells whether the front end ends.
    fn carry_out(&mut self, tasks: Vec<Task>, app: &App) -> Result<bool, RunError> {
        let mut ends = false;
        for task in tasks {
            match task {
                Task::Ask { ticket, request } => {
                    self.outside.ask(ticket, request, app.language());
                }
                Task::Host { ticket, order } => self.outside.order(ticket, order, app.language()),
                Task::Bell => self.screen.bell().map_err(RunError::Terminal)?,
                Task::Suspend => self.screen.suspend().map_err(RunError::Terminal)?,
                Task::Quit => ends = true,
            }
        }
        Ok(ends)
    }
}

fn message_of(event: Event) -> Option<Message> {
    match event {
        Event::Key(key) => Some(Message::Key(key)),
        Event::Mouse(mouse) => Some(Message::Mouse(mouse)),
        Event::Paste(text) => Some(Message::Paste(text)),
        Event::Resize(width, height) => Some(Message::Resized { width, height }),
        Event::FocusGained | Event::FocusLost => None,
    }
}

pub(crate) fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

/// Signals that end the front end.
pub(crate) struct Signals {
    hang_up: Signal,
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            hang_up: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for one.
    pub(crate) async fn received(&mut self) {
        tokio::select! {
            _ = self.hang_up.recv() => (),
            _ = self.terminate.recv() => (),
            _ = self.interrupt.recv() => (),
        }
    }
}
