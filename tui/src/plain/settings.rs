//! Settings: a number changes one, and the change counts at once, or goes to what else is done for the
//! household alone.

use protocol::api::{Answer, Request};

use super::blocked::Blocked;
use super::command::Command;
use super::keeping::Keep;
use super::page::{Out, Page, Question};
use crate::app::{Context, Failure};
use crate::screen::settings::{DOORS, Door, EMERGENCY_CHARS_MAX, ITEMS, with_emergency_numbers};

const TAG_SETTINGS: u32 = 1;
const TAG_PUT: u32 = 2;

/// The settings.
#[derive(Debug)]
pub struct Settings {
    /// The one that was changed last.
    changed: Option<usize>,
    /// Whether emergency numbers are asked for.
    asks_numbers: bool,
}

impl Settings {
    /// Makes the page.
    pub fn new() -> Self {
        Self {
            changed: None,
            asks_numbers: false,
        }
    }
}

fn say(out: &mut Out, context: &Context<'_>) {
    let words = context.words;
    for (place, item) in ITEMS.iter().enumerate() {
        let explained = words.text(item.explanation());
        out.say(format!("{} - {explained}", line(place, context)));
    }
    for (place, door) in (ITEMS.len() + 1..).zip(DOORS) {
        let mut parts = vec![words.text(door.label())];
        parts.extend(door.value(context));
        parts.push(words.text(door.explanation()));
        out.say(format!("{place}. {}", parts.join(" - ")));
    }
}

fn line(place: usize, context: &Context<'_>) -> String {
    let item = ITEMS[place];
    let (label, value) = (context.words.text(item.label()), item.value(context));
    format!("{}. {label} - {value}", place + 1)
}

impl Settings {
    fn enter(&mut self, place: usize, out: &mut Out, context: &Context<'_>) -> bool {
        let Some(door) = DOORS.get(place) else {
            return false;
        };
        match (door.closed(context), door.keeping(), door) {
            (Some(why), ..) => out.say(why),
            (None, Some(keeping), _) => out.open(Keep::new(keeping)),
            (None, None, Door::Emergency) => self.asks_numbers = true,
            (None, None, _) => out.open(Blocked::new()),
        }
        true
    }
}

impl Page for Settings {
    fn open(&mut self, out: &mut Out, _context: &Context<'_>) {
        out.ask(TAG_SETTINGS, Request::Settings);
    }

    fn question(&self, context: &Context<'_>) -> Question {
        let words = context.words;
        match self.asks_numbers {
            true => {
                let label = words.text("setting-emergency-label");
                let values = [("label", label.into())];
                Question::text(words.with("plain-ask-or-back", &values))
            }
            false => Question::choice(words.text("plain-ask-settings")),
        }
    }

    fn help(&self) -> &'static str {
        "plain-help-settings"
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, context: &Context<'_>) -> bool {
        let Command::Number(number @ 1..) = command else {
            return false;
        };
        let Some(item) = ITEMS.get(number - 1) else {
            return self.enter(number - 1 - ITEMS.len(), out, context);
        };
        let settings = item.turned(*context.settings, 1);
        self.changed = Some(number - 1);
        out.settings = Some(settings);
        out.ask(TAG_PUT, Request::PutSettings(settings));
        true
    }

    fn text(&mut self, text: &str, out: &mut Out, context: &Context<'_>) {
        self.asks_numbers = false;
        let typed: String = text.chars().take(EMERGENCY_CHARS_MAX).collect();
        if typed.trim().is_empty() {
            return;
        }
        match with_emergency_numbers(*context.settings, &typed) {
            Some(settings) => {
                self.changed = None;
                out.settings = Some(settings);
                out.say(context.words.text("saved-here"));
                out.ask(TAG_PUT, Request::PutSettings(settings));
            }
            None => out.say(context.words.text("setting-emergency-wrong")),
        }
    }

    fn back(&mut self, _out: &mut Out, _context: &Context<'_>) -> bool {
        std::mem::take(&mut self.asks_numbers)
    }

    fn answered(
        &mut self,
        tag: u32,
        outcome: &Result<Answer, Failure>,
        out: &mut Out,
        context: &Context<'_>,
    ) {
        match outcome {
            Ok(Answer::Settings(settings)) if settings == context.settings => say(out, context),
            Ok(Answer::Settings(settings)) => {
                // They count from here on, and are said in their own language.
                out.settings = Some(*settings);
                out.ask(TAG_SETTINGS, Request::Settings);
            }
            Ok(_) => {
                if let Some(place) = self.changed.filter(|_| tag == TAG_PUT) {
                    out.say(line(place, context));
                }
            }
            Err(failure) => out.fail(failure, context),
        }
    }
}
