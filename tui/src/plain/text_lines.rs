//! A text of several lines, written and changed line by line.

use std::fmt;

use super::command::Command;
use super::page::{Out, Question};
use crate::app::Context;

/// What ends a text that is being written: a line of its own.
const END: [&str; 2] = [".", "。"];

/// What the next line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// What to do with which line.
    Choosing,
    /// One more line at the end.
    Adding,
    /// A line in place of this one.
    Changing(usize),
}

/// The text while it is written.
#[derive(Clone)]
pub struct TextLines {
    lines: Vec<String>,
    at: At,
    /// Whether nothing stood in it at first: then its end is the end of writing.
    was_empty: bool,
    is_done: bool,
}

impl TextLines {
    /// Begins with what stands; an empty text is written at once.
    pub fn of(text: &str) -> Self {
        let was_empty = text.trim().is_empty();
        Self {
            lines: match was_empty {
                true => Vec::new(),
                false => text.split('\n').map(str::to_owned).collect(),
            },
            at: match was_empty {
                true => At::Adding,
                false => At::Choosing,
            },
            was_empty,
            is_done: false,
        }
    }

    /// The text.
    pub fn text(&self) -> String {
        self.lines.join("\n")
    }

    /// Whether the writer is done with it.
    pub fn is_done(&self) -> bool {
        self.is_done
    }

    /// Says what is to be done next, and what stands.
    pub fn say(&self, out: &mut Out, context: &Context<'_>) {
        match self.at {
            At::Adding => out.say(context.words.text("plain-text-adding")),
            At::Changing(_) => {}
            At::Choosing => {
                for (place, line) in self.lines.iter().enumerate() {
                    out.say(format!("{}. {line}", place + 1));
                }
                out.say(context.words.text("plain-text-choosing"));
            }
        }
    }

    /// The question for the next line.
    pub fn question(&self, label: &str, context: &Context<'_>) -> Question {
        let words = context.words;
        match self.at {
            At::Adding => {
                let number = self.lines.len() + 1;
                let values = [("label", label.into()), ("number", number.into())];
                Question::text(words.with("plain-ask-line", &values))
            }
            At::Changing(place) => {
                let values = [("label", label.into()), ("number", (place + 1).into())];
                Question::text(words.with("plain-ask-line", &values))
            }
            At::Choosing => {
                let values = [("label", label.into())];
                Question::choice(words.with("plain-ask-which-line", &values))
            }
        }
    }

    /// Takes a choice; tells whether there was a use for it.
    pub fn choose(&mut self, command: &Command<'_>, out: &mut Out, context: &Context<'_>) -> bool {
        match command {
            Command::Number(number @ 1..) if *number <= self.lines.len() => {
                self.at = At::Changing(number - 1);
                out.say(self.lines[number - 1].clone());
            }
            Command::Letter('+' | 'a', None) => {
                self.at = At::Adding;
                self.say(out, context);
            }
            Command::Letter('w', None) => {
                self.lines.clear();
                self.at = At::Adding;
                self.say(out, context);
            }
            Command::Letter('d', Some(number @ 1..)) if *number <= self.lines.len() => {
                self.lines.remove(number - 1);
                self.say(out, context);
            }
            Command::Nothing => self.say(out, context),
            Command::Number(0) | Command::Letter('b', None) => self.is_done = true,
            _ => return false,
        }
        true
    }

    /// Takes a line of text.
    pub fn take(&mut self, line: &str, out: &mut Out) {
        match self.at {
            At::Adding if END.contains(&line.trim()) => {
                self.at = At::Choosing;
                self.is_done = self.was_empty;
            }
            At::Adding => self.lines.push(line.to_owned()),
            At::Changing(place) => {
                if let Some(old) = self.lines.get_mut(place).filter(|_| !line.is_empty()) {
                    line.clone_into(old);
                }
                self.at = At::Choosing;
                let stands = self.lines.get(place).map_or("", String::as_str);
                out.say(format!("{}. {stands}", place + 1));
            }
            At::Choosing => {}
        }
    }
}

impl fmt::Debug for TextLines {
    /// Some texts are not for everyone.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("TextLines");
        shown.field("lines", &self.lines.len());
        shown.field("at", &self.at).finish_non_exhaustive()
    }
}
