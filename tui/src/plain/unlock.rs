//! The door: a passphrase opens the home, and its node starts.

use protocol::api::Refusal;

use super::command::Command;
use super::page::{Go, Out, Page, Question};
use crate::app::Context;
use crate::host::{HostAnswer, HostOrder, Passphrase};

/// Asks for the passphrase.
#[derive(Debug)]
pub struct Unlock;

impl Page for Unlock {
    fn open(&mut self, out: &mut Out, context: &Context<'_>) {
        out.say(context.words.text("unlock-explained"));
    }

    fn question(&self, context: &Context<'_>) -> Question {
        Question::secret(context.words.text("plain-ask-passphrase"))
    }

    fn help(&self) -> &'static str {
        "plain-help-door"
    }

    fn choose(&mut self, _command: &Command<'_>, _out: &mut Out, _context: &Context<'_>) -> bool {
        false
    }

    fn text(&mut self, text: &str, out: &mut Out, context: &Context<'_>) {
        if text.is_empty() {
            return out.say(context.words.text("first-passphrase-missing"));
        }
        out.say(context.words.text("unlock-opening"));
        let typed = Passphrase::new(text.to_owned());
        out.orders.push((0, HostOrder::Unlock(typed)));
    }

    fn hosted(
        &mut self,
        _tag: u32,
        outcome: &Result<HostAnswer, Refusal>,
        out: &mut Out,
        _context: &Context<'_>,
    ) {
        match outcome {
            Ok(_) => out.go = Some(Go::Begin),
            Err(refusal) => out.say(&*refusal.message),
        }
    }
}
