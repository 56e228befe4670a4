//! A page of things with numbers, of which one is done before it goes away.

use protocol::api::Answer;

use super::command::Command;
use super::doings::{Doings, Things};
use super::page::{Go, Out, Page, Question};
use crate::app::{Context, Failure};

/// The page.
#[derive(Debug)]
pub struct Choose {
    /// The name of the words that ask, or that say what is chosen.
    question: &'static str,
    doings: Doings,
    /// Whether something was opened from it: on the way back it goes away, too.
    is_left: bool,
}

impl Choose {
    /// Lets one choose.
    pub fn new(question: &'static str, things: Things) -> Self {
        Self {
            question,
            doings: Doings::new(things),
            is_left: false,
        }
    }
}

impl Page for Choose {
    fn open(&mut self, out: &mut Out, context: &Context<'_>) {
        match self.is_left {
            true => out.go = Some(Go::Back),
            false => self.doings.say(out, context),
        }
    }

    fn question(&self, context: &Context<'_>) -> Question {
        let asked = self.doings.question(context);
        asked.unwrap_or_else(|| {
            let label = context.words.text(self.question);
            let values = [("label", label.into())];
            Question::choice(context.words.with("plain-ask-choice", &values))
        })
    }

    fn help(&self) -> &'static str {
        "plain-help-choose"
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, context: &Context<'_>) -> bool {
        let taken = self.doings.choose(command, out, context);
        self.is_left = out.go.is_some();
        taken
    }

    fn back(&mut self, out: &mut Out, context: &Context<'_>) -> bool {
        self.doings.back(out, context)
    }

    fn answered(
        &mut self,
        tag: u32,
        outcome: &Result<Answer, Failure>,
        out: &mut Out,
        context: &Context<'_>,
    ) {
        self.doings.answered(tag, outcome, out, context);
        out.go = Some(Go::Back);
    }
}
