//! Help that the own household gave and got, in lines.

use protocol::api::Answer;

use super::command::Command;
use super::page::{Out, Page, Question};
use crate::app::{Context, Failure};
use crate::screen::help_given::{Reading, blocks};

const TAG_READ: u32 = 1;

/// The page.
#[derive(Debug, Default)]
pub struct HelpGiven {
    read: Reading,
}

impl HelpGiven {
    /// Makes the page.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Page for HelpGiven {
    fn open(&mut self, out: &mut Out, _context: &Context<'_>) {
        out.ask(TAG_READ, self.read.begin());
    }

    fn question(&self, context: &Context<'_>) -> Question {
        Question::choice(context.words.text("plain-ask-help-given"))
    }

    fn help(&self) -> &'static str {
        "plain-help-help-given"
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, _context: &Context<'_>) -> bool {
        let again = *command == Command::Nothing;
        if again {
            out.ask(TAG_READ, self.read.begin());
        }
        again
    }

    fn answered(
        &mut self,
        _tag: u32,
        outcome: &Result<Answer, Failure>,
        out: &mut Out,
        context: &Context<'_>,
    ) {
        match outcome {
            Ok(Answer::Documents { items, next, .. }) => {
                if let Some(question) = self.read.take(items, next.as_ref()) {
                    return out.ask(TAG_READ, question);
                }
                let helped = self.read.helped(context).unwrap_or_default();
                for block in blocks(&helped, context) {
                    if !block.text().is_empty() {
                        out.say(block.text());
                    }
                }
            }
            Ok(_) => {}
            Err(failure) => out.fail(failure, context),
        }
    }
}
