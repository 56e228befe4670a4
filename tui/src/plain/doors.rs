//! Doors that the household may read, in lines.

use protocol::api::{Answer, Request};

use super::command::Command;
use super::page::{Out, Page, Question};
use crate::app::{Context, Failure};
use crate::screen::doors::blocks;

const TAG_READ: u32 = 1;

/// The page.
#[derive(Debug, Default)]
pub struct Doors;

impl Page for Doors {
    fn open(&mut self, out: &mut Out, _context: &Context<'_>) {
        out.ask(TAG_READ, Request::Doors);
    }

    fn question(&self, context: &Context<'_>) -> Question {
        Question::choice(context.words.text("plain-ask-doors"))
    }

    fn help(&self) -> &'static str {
        "doors-explained"
    }

    fn choose(&mut self, _command: &Command<'_>, _out: &mut Out, _context: &Context<'_>) -> bool {
        false
    }

    fn answered(
        &mut self,
        _tag: u32,
        outcome: &Result<Answer, Failure>,
        out: &mut Out,
        context: &Context<'_>,
    ) {
        match outcome {
            Ok(Answer::Doors { doors }) if doors.is_empty() => {
                out.say(context.words.text("doors-none"));
            }
            Ok(Answer::Doors { doors }) => {
                for block in blocks(doors, context) {
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
