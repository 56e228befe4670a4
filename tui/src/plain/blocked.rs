//! Whom the household blocks, as numbers: a number shows somebody again.

use protocol::api::{Answer, MemberRef, Request};
use protocol::id::MemberId;

use super::command::Command;
use super::page::{Out, Page, Question};
use crate::app::{Context, Failure, LastThing, Undo};
use crate::screen::acts::blocking;

const TAG_READ: u32 = 1;
const TAG_UNBLOCKED: u32 = 2;

/// The page.
#[derive(Debug, Default)]
pub struct Blocked {
    members: Vec<MemberRef>,
    /// Who is shown again, until the node has answered.
    unblocked: Option<MemberId>,
}

impl Blocked {
    /// Makes the page.
    pub fn new() -> Self {
        Self::default()
    }

    fn say(&self, out: &mut Out, context: &Context<'_>) {
        let words = context.words;
        out.say(words.text(match self.members.is_empty() {
            true => "blocked-none",
            false => "blocked-explained",
        }));
        for (number, member) in (1..).zip(&self.members) {
            out.say(format!("{number}. {}", words.member(member)));
        }
    }
}

impl Page for Blocked {
    fn open(&mut self, out: &mut Out, _context: &Context<'_>) {
        out.ask(TAG_READ, Request::Blocks);
    }

    fn question(&self, context: &Context<'_>) -> Question {
        let title = context.words.text("setting-blocked");
        let values = [("title", title.into())];
        Question::choice(context.words.with("plain-ask-list", &values))
    }

    fn help(&self) -> &'static str {
        "blocked-explained"
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, _context: &Context<'_>) -> bool {
        let Command::Number(number @ 1..) = command else {
            return false;
        };
        match self.members.get(number - 1) {
            Some(member) => {
                self.unblocked = Some(member.id);
                out.ask(TAG_UNBLOCKED, blocking(member.id, false));
                true
            }
            None => false,
        }
    }

    fn answered(
        &mut self,
        tag: u32,
        outcome: &Result<Answer, Failure>,
        out: &mut Out,
        context: &Context<'_>,
    ) {
        match outcome {
            Ok(Answer::Blocks { members }) => {
                self.members.clone_from(members);
                if let Some(member) = self.unblocked.take().filter(|_| tag == TAG_UNBLOCKED) {
                    out.undo = LastThing::Undoable(Undo::Request(blocking(member, true)));
                    out.say(context.words.text("unblocked-here"));
                }
                self.say(out, context);
            }
            Ok(_) => {}
            Err(failure) => out.fail(failure, context),
        }
    }
}
