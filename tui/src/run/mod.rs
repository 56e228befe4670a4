//! The front end's shell: terminal events, answers and time become messages of
//! [`App`], and its tasks are carried out. It decides nothing.

pub(crate) mod outside;
mod terminal;

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
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
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The home's settings, or the defaults.
    pub settings: Settings,
}

/// Opens the front end on the terminal and returns when the person leaves.
///
/// # Errors
///
/// [`RunError::Terminal`] when the terminal cannot be read or drawn on. It is restored in any case.
pub async fn run(host: Arc<dyn Host>, options: Options) -> Result<(), RunError> {
    let home = host.home();
    let mut screen = Screen::enter().map_err(RunError::Terminal)?;
    let (mut outside, mut messages) = Outside::new(host.clone());
    if let HomeState::Running(socket) = &home {
        outside.connect(socket.clone());
    }
    let (mut app, tasks) = App::begin(Beginning {
        settings: options.settings,
        home,
        stage: host.stage(),
        clock: Clock {
            now_ms: now_ms(),
            zone: TimeZone::system(),
        },
        hints: Hints::of(|name| std::env::var(name).ok()),
        size: screen.size().map_err(RunError::Terminal)?,
    });
    let drives = drive(&mut app, tasks, &mut outside, &mut messages, &mut screen);
    let driven = AssertUnwindSafe(drives).catch_unwind().await;
    if driven.is_err() {
        // A fault of the program is no reason to lose what was begun.
        let hang_up = AssertUnwindSafe(|| app.update(Message::HangUp));
        if let Ok(tasks) = catch_unwind(hang_up) {
            let _ending = carry_out(tasks, &mut outside, &mut screen, &app);
        }
    }
    drop(screen);
    outside.finish(Instant::now() + ENDING_MAX).await;
    if driven.is_err() {
        let advice = Words::new(app.language()).text("program-failed");
        // Who has lost the terminal reads nothing.
        let _gone = writeln!(io::stderr(), "{advice}");
    }
    driven.unwrap_or_else(|panic| resume_unwind(panic))
}

/// Turns what happens into messages and draws what comes of them, until the person leaves.
async fn drive(
    app: &mut App,
    tasks: Vec<Task>,
    outside: &mut Outside,
    messages: &mut Receiver<Numbered>,
    screen: &mut Screen,
) -> Result<(), RunError> {
    let mut ending = carry_out(tasks, outside, screen, app)?;
    let mut ticks = interval(TICK);
    let mut hang_up = Signals::new().map_err(RunError::Terminal)?;
    while !ending {
        if let Err(error) = screen.draw(app) {
            // The terminal has gone; what was begun is kept all the same.
            carry_out(app.update(Message::HangUp), outside, screen, app)?;
            return Err(RunError::Terminal(error));
        }
        let first = tokio::select! {
            event = screen.events().next() => match event {
                Some(Ok(event)) => message_of(event),
                // The terminal has gone.
                Some(Err(_)) | None => Some(Message::HangUp),
            },
            message = messages.recv() => message.and_then(|message| outside.take(message)),
            _ = ticks.tick() => Some(Message::Tick(now_ms())),
            () = hang_up.received() => Some(Message::HangUp),
        };
        let Some(first) = first else { continue };
        ending = matches!(first, Message::HangUp);
        ending |= carry_out(app.update(first), outside, screen, app)?;
        // Whatever has come meanwhile is drawn in one frame.
        for _ in 0..BURST_MAX {
            let Ok(message) = messages.try_recv() else {
                break;
            };
            if let Some(message) = outside.take(message) {
                ending |= carry_out(app.update(message), outside, screen, app)?;
            }
        }
    }
    Ok(())
}

/// Carries tasks out and tells whether the front end ends.
fn carry_out(
    tasks: Vec<Task>,
    outside: &mut Outside,
    screen: &mut Screen,
    app: &App,
) -> Result<bool, RunError> {
    let mut ends = false;
    for task in tasks {
        match task {
            Task::Ask { ticket, request } => outside.ask(ticket, request, app.language()),
            Task::Host { ticket, order } => outside.order(ticket, order, app.language()),
            Task::Bell => screen.bell().map_err(RunError::Terminal)?,
            Task::Suspend => screen.suspend().map_err(RunError::Terminal)?,
            Task::Quit => ends = true,
        }
    }
    Ok(ends)
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
