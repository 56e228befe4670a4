//! Settings: a number changes one, and the change counts at once, or goes to what else is done for the
//! household alone.

use protocol::api::{Answer, Request};

use super::blocked::Blocked;
use super::command::Command;
use super::keeping::Keep;
use super::page::{Out, Page, Question};
use crate::app::{Context, Failure};
use crate::screen::settings::{DOORS, Door, ITEMS};

const TAG_SETTINGS: u32 = 1;
const TAG_PUT: u32 = 2;

/// The settings.
#[derive(Debug)]
pub struct Settings {
    /// The one that was changed last.
    changed: Option<usize>,
}

impl Settings {
    /// Makes the page.
    pub fn new() -> Self {
        Self { changed: None }
    }
}

fn say(out: &mut Out, context: &Context<'_>) {
    let words = context.words;
    for (place, item) in ITEMS.iter().enumerate() {
        let explained = words.text(item.explanation());
        out.say(format!("{} - {explained}", line(place, context)));
    }
    for (place, door) in (ITEMS.len() + 1..).zip(DOORS) {
        let (label, explained) = (words.text(door.label()), words.text(door.explanation()));
        out.say(format!("{place}. {label} - {explained}"));
    }
}

fn line(place: usize, context: &Context<'_>) -> String {
    let item = ITEMS[place];
    let (label, value) = (context.words.text(item.label()), item.value(context));
    format!("{}. {label} - {value}", place + 1)
}

fn open(place: usize, out: &mut Out, context: &Context<'_>) -> bool {
    let Some(door) = DOORS.get(place) else {
        return false;
    };
    match (door.closed(context), door) {
        (Some(why), _) => out.say(why),
        (None, Door::Blocked) => out.open(Blocked::new()),
        (None, Door::Keeping(keeping)) => out.open(Keep::new(*keeping)),
    }
    true
}

impl Page for Settings {
    fn open(&mut self, out: &mut Out, _context: &Context<'_>) {
        out.ask(TAG_SETTINGS, Request::Settings);
    }

    fn question(&self, context: &Context<'_>) -> Question {
        Question::choice(context.words.text("plain-ask-settings"))
    }

    fn help(&self) -> &'static str {
        "plain-help-settings"
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, context: &Context<'_>) -> bool {
        let Command::Number(number @ 1..) = command else {
            return false;
        };
        let Some(item) = ITEMS.get(number - 1) else {
            return open(number - 1 - ITEMS.len(), out, context);
        };
        let settings = item.turned(*context.settings, 1);
        self.changed = Some(number - 1);
        out.settings = Some(settings);
        out.ask(TAG_PUT, Request::PutSettings(settings));
        true
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
