//! Who somebody is, and what can be done with it as numbers.

use protocol::api::{Answer, Request, RosterView};

use super::command::Command;
use super::doings::{Doings, Things};
use super::page::{Out, Page, Question};
use crate::app::{Context, Failure};
use crate::screen::person::{Who, page};

const TAG_ROSTER: u32 = 1;
const TAG_BLOCKS: u32 = 2;
const TAG_DOORS: u32 = 3;

/// The page.
#[derive(Debug)]
pub struct Person {
    who: Who,
    roster: RosterView,
    doings: Doings,
}

impl Person {
    /// Makes the page.
    pub fn new(who: Who, roster: RosterView) -> Self {
        Self {
            who,
            roster,
            doings: Doings::new(Things::Acts(Vec::new())),
        }
    }

    fn read(&self, out: &mut Out, context: &Context<'_>) {
        if self.who.is_own(context) {
            out.ask(TAG_DOORS, Request::Doors);
        }
        out.ask(TAG_ROSTER, Request::Roster);
    }

    fn say(&mut self, out: &mut Out, context: &Context<'_>) {
        for block in page::blocks(self.who, &self.roster, context) {
            if !block.text().is_empty() {
                out.say(block.text());
            }
        }
        let acts = self.who.acts(&self.roster, context);
        if !acts.is_empty() {
            out.say(context.words.text("acts-title"));
        }
        self.doings = Doings::new(Things::Acts(acts));
        self.doings.say(out, context);
    }
}

impl Page for Person {
    fn open(&mut self, out: &mut Out, context: &Context<'_>) {
        out.ask(TAG_BLOCKS, Request::Blocks);
        self.read(out, context);
    }

    fn question(&self, context: &Context<'_>) -> Question {
        let asked = self.doings.question(context);
        asked.unwrap_or_else(|| {
            let title = page::title(self.who, &self.roster, context);
            let values = [("title", title.into())];
            Question::choice(context.words.with("plain-ask-reader", &values))
        })
    }

    fn help(&self) -> &'static str {
        "plain-help-doings"
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, context: &Context<'_>) -> bool {
        self.doings.choose(command, out, context)
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
        if self.doings.answered(tag, outcome, out, context) {
            // A code changes nothing on the page, and stands best where it was said last.
            let is_code = matches!(outcome, Ok(Answer::EnrolmentCode { .. }));
            if outcome.is_ok() && !is_code {
                self.read(out, context);
            }
            return;
        }
        match outcome {
            Ok(Answer::Roster(roster)) => {
                self.roster = (**roster).clone();
                self.say(out, context);
            }
            Ok(_) => {}
            Err(failure) => out.fail(failure, context),
        }
    }
}
