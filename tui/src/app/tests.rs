//! The front end driven as a person drives it: keys in, a screen out. A stand-in answers what the
//! front end asks the node; no terminal and no node take part.

pub mod acting_for;
mod bars;
mod blocking;
mod contact;
mod devices;
pub mod doors;
pub mod fixtures;
pub mod governing;
mod habits;
mod helping;
mod hints;
mod keeping;
mod looks;
mod many;
mod moderating;
mod mouse;
mod offices;
mod own_first;
mod paper;
mod pasting;
mod posting;
mod pseudo;
mod reading;
mod room;
mod snapshots;
pub mod stand_in;
mod taking_back;
mod writing;

use std::fmt::Write as _;

use jiff::tz::TimeZone;
use protocol::api::{Event, Language, Settings};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{App, Beginning, Message, Task};
use crate::host::{HomeState, Stage};
use crate::theme::Hints;
use crate::words::Clock;
use stand_in::StandIn;

/// The clock of every test: Saturday, 14 February 2026, 10:00 in Shanghai.
pub const NOW_MS: i64 = 1_771_034_400_000;

/// Plays one session.
pub struct Session {
    pub app: App,
    pub node: StandIn,
    /// Tasks that nobody answers here: the bell, leaving, suspending.
    pub others: Vec<Task>,
    size: (u16, u16),
}

impl Session {
    /// Begins in a home with a node.
    pub fn begin(language: Language, size: (u16, u16)) -> Self {
        let home = HomeState::Running("/nowhere".into());
        Self::begin_with(settings(language), home, size)
    }

    /// Begins with settings in a home.
    pub fn begin_with(settings: Settings, home: HomeState, size: (u16, u16)) -> Self {
        Self::begin_from(beginning(settings, home, size))
    }

    /// Begins in the demonstration.
    pub fn begin_on_stage(language: Language, size: (u16, u16)) -> Self {
        let stage = Stage {
            households: vec!["林家".to_owned(), "Grandma Wang".to_owned()],
            acting: 0,
        };
        let home = HomeState::Running("/nowhere".into());
        Self::begin_from(Beginning {
            stage: Some(stage),
            ..beginning(settings(language), home, size)
        })
    }

    /// Begins with whatever a test wants.
    pub fn begin_from(beginning: Beginning) -> Self {
        let (settings, size) = (beginning.settings, beginning.size);
        let (app, tasks) = App::begin(beginning);
        let mut session = Self {
            app,
            node: StandIn::new(settings),
            others: Vec::new(),
            size,
        };
        session.carry_out(tasks);
        session
    }

    /// Presses keys: characters as they are, others in angle brackets: `jj<Enter>`.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for key in parse(keys) {
            let tasks = self.app.update(Message::Key(key));
            self.carry_out(tasks);
        }
        self
    }

    /// Tells of an event.
    pub fn event(&mut self, event: Event) -> &mut Self {
        let tasks = self.app.update(Message::Event(event));
        self.carry_out(tasks);
        self
    }

    /// Lets time go on.
    pub fn wait(&mut self, milliseconds: i64) -> &mut Self {
        self.node.now_ms += milliseconds;
        let tasks = self.app.update(Message::Tick(self.node.now_ms));
        self.carry_out(tasks);
        self
    }

    /// Sends any other message.
    pub fn send(&mut self, message: Message) -> &mut Self {
        let tasks = self.app.update(message);
        self.carry_out(tasks);
        self
    }

    fn carry_out(&mut self, tasks: Vec<Task>) {
        let mut waiting: std::collections::VecDeque<Task> = tasks.into();
        while let Some(task) = waiting.pop_front() {
            let message = match task {
                Task::Ask { ticket, request } => Message::Answered {
                    ticket,
                    outcome: self.node.answer(request),
                },
                Task::Host { ticket, order } => Message::Hosted {
                    ticket,
                    outcome: self.node.carry_out(order),
                },
                other => {
                    self.others.push(other);
                    continue;
                }
            };
            waiting.extend(self.app.update(message));
        }
    }

    /// Draws.
    pub fn buffer(&mut self) -> Buffer {
        let backend = TestBackend::new(self.size.0, self.size.1);
        let mut terminal = Terminal::new(backend).expect("a test backend has no faults");
        let frame = terminal
            .draw(|frame| self.app.draw(frame))
            .expect("likewise");
        frame.buffer.clone()
    }

    /// Draws, and returns the text of every line, spaces at the ends left out.
    pub fn screen(&mut self) -> String {
        let buffer = self.buffer();
        let mut text = String::new();
        for y in 0..buffer.area.height {
            let line: String = symbols(&buffer, y).map(|(_, symbol)| symbol).collect();
            writeln!(text, "{}", line.trim_end()).expect("a string takes everything");
        }
        text
    }

    /// Tells whether something stands on the screen.
    pub fn shows(&mut self, text: &str) -> bool {
        // Lines are broken anywhere between Chinese characters.
        let plain: String = self.screen().split_whitespace().collect();
        let wanted: String = text.split_whitespace().collect();
        plain.contains(&wanted)
    }
}

/// What the front end begins with in a home, outside the demonstration.
pub fn beginning(settings: Settings, home: HomeState, size: (u16, u16)) -> Beginning {
    Beginning {
        settings,
        home,
        stage: None,
        clock: Clock {
            now_ms: NOW_MS,
            zone: TimeZone::fixed(jiff::tz::offset(8)),
        },
        hints: Hints::default(),
        size,
    }
}

/// The symbols of a row with their columns, without the cells that wide ones cover.
pub fn symbols(buffer: &Buffer, y: u16) -> impl Iterator<Item = (u16, &str)> {
    let mut x = 0;
    std::iter::from_fn(move || {
        let column = x;
        let symbol = (column < buffer.area.width).then(|| buffer[(column, y)].symbol())?;
        x += u16::try_from(unicode_width::UnicodeWidthStr::width(symbol).max(1))
            .expect("a cell is narrow");
        Some((column, symbol))
    })
}

/// The settings of a language, everything else as usual.
pub fn settings(language: Language) -> Settings {
    Settings {
        language,
        theme: protocol::api::Theme::default(),
        ambiguous_width: protocol::api::AmbiguousWidth::default(),
        ascii_borders: false,
        large_type: false,
        emergency_numbers: protocol::api::EmergencyNumbers::default(),
    }
}

/// Reads keys as a test writes them.
fn parse(keys: &str) -> Vec<KeyEvent> {
    let mut events = Vec::new();
    let mut rest = keys;
    while let Some(first) = rest.chars().next() {
        let named = rest.strip_prefix('<').and_then(|tail| tail.split_once('>'));
        if let Some((name, tail)) = named {
            events.push(named_key(name));
            rest = tail;
        } else {
            events.push(KeyEvent::new(KeyCode::Char(first), KeyModifiers::NONE));
            rest = &rest[first.len_utf8()..];
        }
    }
    events
}

fn named_key(name: &str) -> KeyEvent {
    if let Some(letter) = name.strip_prefix("C-") {
        let letter = letter.chars().next().expect("a letter follows");
        return KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL);
    }
    let code = match name {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "BackTab" => KeyCode::BackTab,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "PageUp" => KeyCode::PageUp,
        "PageDown" => KeyCode::PageDown,
        "Backspace" => KeyCode::Backspace,
        "Delete" => KeyCode::Delete,
        name => KeyCode::F(name[1..].parse().expect("F and a number")),
    };
    KeyEvent::new(code, KeyModifiers::NONE)
}
