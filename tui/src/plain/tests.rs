//! The line mode driven as a person drives it: lines in, a transcript out. The stand-in of the full
//! screens answers what is asked of the node.

mod contact;
mod doors;
mod habits;
mod offices;
mod transcripts;

use std::collections::VecDeque;

use jiff::tz::TimeZone;
use protocol::api::{Event, Language};

use super::{Beginning, Plain};
use crate::app::tests::stand_in::StandIn;
use crate::app::tests::{NOW_MS, settings};
use crate::app::{Message, Task};
use crate::host::HomeState;
use crate::words::Clock;

/// Plays one session.
pub struct Dialogue {
    pub plain: Plain,
    pub node: StandIn,
    /// Everything that was said, asked and answered, line by line.
    pub transcript: Vec<String>,
    pub has_ended: bool,
}

impl Dialogue {
    /// Begins in a home with a node.
    pub fn begin(language: Language) -> Self {
        Self::begin_in(language, HomeState::Running("/nowhere".into()))
    }

    /// Begins in a home.
    pub fn begin_in(language: Language, home: HomeState) -> Self {
        let (plain, tasks) = Plain::begin(Beginning {
            settings: settings(language),
            home,
            stage: None,
            clock: Clock {
                now_ms: NOW_MS,
                zone: TimeZone::fixed(jiff::tz::offset(8)),
            },
        });
        let mut dialogue = Self {
            plain,
            node: StandIn::new(settings(language)),
            transcript: Vec::new(),
            has_ended: false,
        };
        dialogue.carry_out(tasks);
        dialogue
    }

    /// Answers questions, one a line.
    pub fn answer<'l>(&mut self, lines: impl IntoIterator<Item = &'l str>) -> &mut Self {
        for line in lines {
            let question = self.plain.question();
            let question = question.unwrap_or_else(|| panic!("{line:?} answers no question"));
            let typed = match question.is_secret {
                true => "(not shown)",
                false => line,
            };
            let asked = format!("{} {typed}", question.text);
            self.transcript.push(asked);
            let tasks = self.plain.line(line);
            self.carry_out(tasks);
        }
        self
    }

    /// Tells of an event.
    pub fn event(&mut self, event: Event) -> &mut Self {
        let tasks = self.plain.update(Message::Event(event));
        self.carry_out(tasks);
        self
    }

    /// Ends the input.
    pub fn end(&mut self) -> &mut Self {
        let tasks = self.plain.end();
        self.carry_out(tasks);
        self
    }

    fn carry_out(&mut self, tasks: Vec<Task>) {
        let mut waiting: VecDeque<Task> = tasks.into();
        self.transcript.extend(self.plain.take_said());
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
                Task::Quit => {
                    self.has_ended = true;
                    continue;
                }
                other => panic!("a line mode wants no {other:?}"),
            };
            waiting.extend(self.plain.update(message));
            self.transcript.extend(self.plain.take_said());
        }
    }

    /// Everything so far, with the question that waits.
    pub fn text(&self) -> String {
        let mut lines = self.transcript.clone();
        lines.extend(self.plain.question().map(|question| question.text.clone()));
        lines.join("\n")
    }

    /// Tells whether something was said or asked.
    pub fn heard(&self, text: &str) -> bool {
        self.text().contains(text)
    }
}
