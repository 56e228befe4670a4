//! The front end as a machine without input or output: messages in, tasks out, and a picture of
//! what is.
//!
//! [`App`] owns a stack of screens, routes inputs to the one on top, and carries out where a screen
//! wants to go. It knows no screen but the main ones, and nothing of nodes but their answers.

mod action;
mod canvas;
pub(crate) mod chrome;
mod fault;
mod global;
mod key;
mod known;
mod message;
mod routing;
mod screen;
mod step;
mod tabs;
mod typing;
mod undo;
mod urgent;

#[cfg(test)]
pub mod tests;

use protocol::api::Settings;
use ratatui::Frame;
use ratatui::layout::Rect;

pub use action::Action;
pub use canvas::{Canvas, Click};
pub use global::GLOBAL_KEYS;
pub use key::{Binding, Key, resolve, working};
pub use known::Known;
pub use message::{Failure, Message, Task, Ticket};
pub use screen::{Context, Input, Layer, Screen, ScreenId};
pub use step::{Go, LastThing, Step};
pub use typing::{EDIT_KEYS, FieldSort, edit_of};
pub use undo::Undo;

use urgent::Urgent;

use crate::host::{HomeState, Stage};
use crate::screen::{MAIN, first_run, unlock};
use crate::theme::{Hints, Theme};
use crate::words::{Clock, Words};

/// Columns below which nothing useful can be drawn.
pub const WIDTH_MIN: u16 = 40;
/// Lines below which nothing useful can be drawn.
pub const HEIGHT_MIN: u16 = 15;

/// How long a remark stands in the status line.
const REMARK_MS: i64 = 8_000;

/// Screens above each other, the one on top last.
type Stack = Vec<(ScreenId, Box<dyn Screen>)>;

/// The whole state of the front end.
#[derive(Debug)]
pub struct App {
    words: Words,
    theme: Theme,
    settings: Settings,
    clock: Clock,
    width: u16,
    height: u16,
    known: Known,
    stage: Option<Stage>,
    stack: Stack,
    next_screen: u64,
    tab: Option<usize>,
    remark: Option<Remark>,
    /// What takes the last thing back.
    undo: Option<Undo>,
    places: Vec<(Rect, Click)>,
    asked_status_ms: i64,
    urgent: Urgent,
}

#[derive(Debug)]
struct Remark {
    text: String,
    until_ms: i64,
}

/// What the front end begins with.
#[derive(Debug)]
pub struct Beginning {
    /// What the person has chosen, where it is known.
    pub settings: Settings,
    /// What the home is like.
    pub home: HomeState,
    /// The demonstration's households.
    pub stage: Option<Stage>,
    /// The reader's clock and time zone.
    pub clock: Clock,
    /// What the environment says about the terminal.
    pub hints: Hints,
    /// The terminal's columns and lines.
    pub size: (u16, u16),
}

impl App {
    /// Begins, with the first tasks.
    pub fn begin(beginning: Beginning) -> (Self, Vec<Task>) {
        let mut settings = beginning.settings;
        // Nobody has chosen a language yet, and a question must be readable to be answered.
        if beginning.home == HomeState::Absent && beginning.hints.without_chinese {
            settings.language = crate::language::Language::English;
        }
        let words = Words::new(settings.language);
        let theme = chrome::theme_of(&settings, beginning.hints);
        let mut app = Self {
            words,
            theme,
            settings,
            clock: beginning.clock,
            width: beginning.size.0,
            height: beginning.size.1,
            known: Known::new(beginning.hints),
            stage: beginning.stage,
            stack: Vec::new(),
            next_screen: 0,
            tab: None,
            remark: None,
            undo: None,
            places: Vec::new(),
            asked_status_ms: 0,
            urgent: Urgent::default(),
        };
        let tasks = match beginning.home {
            HomeState::Absent => app.open(Box::new(first_run::FirstRun::new())),
            HomeState::Locked => app.open(Box::new(unlock::Unlock::new())),
            HomeState::Running(_) => app.open_main(0),
        };
        (app, tasks)
    }

    /// Takes a message and returns what is to be done.
    pub fn update(&mut self, message: Message) -> Vec<Task> {
        match message {
            Message::Key(event) => self.on_key(&event),
            Message::Mouse(event) => self.on_mouse(&event),
            Message::Paste(text) => self.tell_top(Input::Paste(&text)),
            Message::Resized { width, height } => {
                (self.width, self.height) = (width, height);
                Vec::new()
            }
            Message::Tick(now_ms) => self.on_tick(now_ms),
            Message::Event(event) => self.on_event(&event),
            Message::Answered { ticket, outcome } => self.on_answer(ticket, &outcome),
            Message::Hosted { ticket, outcome } => self.on_hosted(ticket, &outcome),
            Message::Reachable(reachable) => self.on_reachable(reachable),
            Message::Fault { file } => self.on_fault(file.as_deref()),
            Message::HangUp => self.tell_all(Input::HangUp),
        }
    }

    /// Draws everything.
    pub fn draw(&mut self, frame: &mut Frame<'_>) {
        let area = frame.area();
        let mut places = std::mem::take(&mut self.places);
        let mut canvas = Canvas::new(frame.buffer_mut(), &mut places);
        self.draw_on(&mut canvas, area);
        let cursor = canvas.cursor;
        self.places = places;
        if let Some(cursor) = cursor {
            frame.set_cursor_position(cursor);
        }
    }

    /// Tells which language is spoken.
    pub fn language(&self) -> crate::language::Language {
        self.words.language()
    }

    /// Splits the stack from what screens may look at.
    fn parts(&mut self) -> (&mut Stack, Context<'_>) {
        let context = Context {
            words: &self.words,
            theme: &self.theme,
            settings: &self.settings,
            clock: &self.clock,
            known: &self.known,
            stage: self.stage.as_ref(),
            width: self.width,
            height: self.height,
        };
        (&mut self.stack, context)
    }

    fn is_open(&self) -> bool {
        self.tab.is_some()
    }

    /// Opens one of the main screens, with everything else closed.
    fn open_main(&mut self, tab: usize) -> Vec<Task> {
        self.stack.clear();
        self.tab = Some(tab);
        let mut tasks = self.open((MAIN[tab].make)());
        tasks.extend(self.ask_status());
        tasks.extend(self.ask_what_is_urgent());
        tasks
    }

    fn open(&mut self, screen: Box<dyn Screen>) -> Vec<Task> {
        let id = ScreenId(self.next_screen);
        self.next_screen += 1;
        self.stack.push((id, screen));
        self.tell_top(Input::Shown)
    }
}
