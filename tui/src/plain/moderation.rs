//! The agreement in force, every act of moderation, and whom this household blocks, as numbers.

use protocol::api::Answer;

use super::command::Command;
use super::page::{Out, Page, Question};
use super::reader::Reader;
use crate::app::{Context, Failure};
use crate::screen::moderation;
use crate::screen::reader::moderated;

const TAG_READ: u32 = 1;

/// The page.
#[derive(Debug, Default)]
pub struct Moderation {
    screen: moderation::Moderation,
    /// Answers that are still to come before it is said.
    missing: usize,
}

impl Moderation {
    /// Makes the page.
    pub fn new() -> Self {
        Self::default()
    }

    fn say(&self, out: &mut Out, context: &Context<'_>) {
        let words = context.words;
        out.say(words.text("agreement-heading"));
        let first = match self.screen.agreement() {
            Some(_) => "1. ",
            None => "",
        };
        for (place, line) in self.screen.agreement_lines(context).iter().enumerate() {
            let lead = if place == 0 { first } else { "" };
            out.say(format!("{lead}{}", line.text()));
        }
        out.say(words.text("moderation-heading"));
        let acts = self.screen.acts();
        if acts.is_empty() {
            out.say(words.text("moderation-none"));
        }
        for (place, act) in acts.iter().enumerate() {
            for (line, block) in moderated::lines(act, context).iter().enumerate() {
                match line {
                    0 => out.say(format!("{}. {}", place + 2, block.text())),
                    _ => out.say(block.text()),
                }
            }
        }
        if let Some(line) = self.screen.blocked_line(context) {
            out.say(line);
        }
    }
}

impl Page for Moderation {
    fn open(&mut self, out: &mut Out, _context: &Context<'_>) {
        for request in moderation::Moderation::questions() {
            self.missing += 1;
            out.ask(TAG_READ, request);
        }
    }

    fn question(&self, context: &Context<'_>) -> Question {
        let title = context.words.text("moderation-title");
        let values = [("title", title.into())];
        Question::choice(context.words.with("plain-ask-list", &values))
    }

    fn help(&self) -> &'static str {
        "plain-help-moderation"
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, _context: &Context<'_>) -> bool {
        let document = match command {
            Command::Number(1) => self.screen.agreement().map(|found| found.document.id),
            Command::Number(number @ 2..) => {
                let act = self.screen.acts().get(number - 2);
                act.map(|act| act.id)
            }
            _ => None,
        };
        match document {
            Some(document) => {
                out.open(Reader::new(document));
                true
            }
            None => false,
        }
    }

    fn answered(
        &mut self,
        _tag: u32,
        outcome: &Result<Answer, Failure>,
        out: &mut Out,
        context: &Context<'_>,
    ) {
        match outcome {
            Ok(answer) => self.screen.take(answer),
            Err(failure) => out.fail(failure, context),
        }
        self.missing = self.missing.saturating_sub(1);
        if self.missing == 0 {
            self.say(out, context);
        }
    }
}
