//! Things with numbers that can be done, for every page that has some: as what to invite somebody,
//! or what to do with the roster. What cannot be undone is asked about first.

use protocol::api::{Answer, Request};

use super::choose::Choose;
use super::command::Command;
use super::composer::Writing;
use super::page::{Out, Question};
use crate::app::{Context, Failure, LastThing, Undo};
use crate::screen::acts::{Confirmed, Doing, RosterAct, done};
use crate::screen::people::invite_as;

/// The number of the questions that these things ask the node.
const TAG_DONE: u32 = 100;

/// Answers to whether something that cannot be undone is meant.
const GO_ON: usize = 1;
const KEEP: usize = 2;

/// What there is to choose from.
#[derive(Clone, Debug)]
pub enum Things {
    /// As what to invite somebody: what is handed on, and what each is called.
    Invitations(Vec<(String, String)>),
    /// What can be done with the roster.
    Acts(Vec<RosterAct>),
}

impl Things {
    fn labels(&self, context: &Context<'_>) -> Vec<String> {
        match self {
            Self::Invitations(things) => things.iter().map(|(_, name)| name.clone()).collect(),
            Self::Acts(acts) => acts.iter().map(|act| act.label(context)).collect(),
        }
    }

    fn doing(&self, place: usize) -> Option<Doing> {
        match self {
            Self::Invitations(things) => invite_as(&things.get(place)?.0).map(Doing::Request),
            Self::Acts(acts) => acts.get(place).map(RosterAct::doing),
        }
    }

    /// What takes back what was done, and what is said then.
    fn undo(&self, place: usize, answer: &Answer) -> Option<(Request, &'static str)> {
        match self {
            Self::Invitations(_) => None,
            Self::Acts(acts) => {
                let act = acts.get(place)?;
                Some((act.undo(answer)?, act.done_undoable()))
            }
        }
    }
}

/// What can be done, and what is being done of it.
#[derive(Debug)]
pub struct Doings {
    things: Things,
    /// Which the node was asked to do last.
    chosen: usize,
    /// What cannot be undone, while it is asked about.
    asked: Option<Confirmed>,
}

impl Doings {
    /// Nothing is being done yet.
    pub fn new(things: Things) -> Self {
        Self {
            things,
            chosen: 0,
            asked: None,
        }
    }

    /// Says what can be done, each with its number.
    pub fn say(&self, out: &mut Out, context: &Context<'_>) {
        for (place, label) in self.things.labels(context).iter().enumerate() {
            out.say(format!("{}. {label}", place + 1));
        }
    }

    /// The question about what cannot be undone, while it is asked.
    pub fn question(&self, context: &Context<'_>) -> Option<Question> {
        let asked = self.asked.as_ref()?;
        let title = context.words.text(asked.asks.title);
        let values = [("label", title.into())];
        Some(Question::choice(
            context.words.with("plain-ask-choice", &values),
        ))
    }

    /// Takes an answer; tells whether there was a use for it.
    pub fn choose(&mut self, command: &Command<'_>, out: &mut Out, context: &Context<'_>) -> bool {
        if self.asked.is_some() {
            return self.take_confirmation(command, out, context);
        }
        let Command::Number(number @ 1..) = command else {
            return false;
        };
        let Some(doing) = self.things.doing(number - 1) else {
            return false;
        };
        match doing {
            Doing::Form(composer) => out.open(Writing::new(*composer)),
            Doing::Choice(title, acts) => out.open(Choose::new(title, Things::Acts(acts))),
            Doing::Request(request) => {
                self.chosen = number - 1;
                out.ask(TAG_DONE, request);
            }
            Doing::Confirmed(confirmed) => {
                let (words, asks) = (context.words, confirmed.asks);
                out.say(words.text(confirmed.question));
                out.say(format!("{GO_ON}. {}", words.text(asks.go_on)));
                out.say(format!("{KEEP}. {}", words.text(asks.keep)));
                self.chosen = number - 1;
                self.asked = Some(confirmed);
            }
        }
        true
    }

    fn take_confirmation(
        &mut self,
        command: &Command<'_>,
        out: &mut Out,
        context: &Context<'_>,
    ) -> bool {
        match command {
            Command::Number(GO_ON) => {
                if let Some(asked) = &self.asked {
                    out.ask(TAG_DONE, asked.request.clone());
                }
                true
            }
            Command::Number(KEEP) | Command::Nothing => self.back(out, context),
            _ => false,
        }
    }

    /// Leaves what is asked about as it is; tells whether something was.
    pub fn back(&mut self, out: &mut Out, context: &Context<'_>) -> bool {
        let asked = self.asked.take();
        if let Some(asked) = &asked {
            out.say(context.words.text(asked.asks.kept));
        }
        asked.is_some()
    }

    /// Takes the node's answer to what was done; tells whether it was one.
    pub fn answered(
        &mut self,
        tag: u32,
        outcome: &Result<Answer, Failure>,
        out: &mut Out,
        context: &Context<'_>,
    ) -> bool {
        if tag != TAG_DONE {
            return false;
        }
        let asked = self.asked.take();
        let words = context.words;
        match outcome {
            Ok(Answer::Invitation {
                invitation,
                expires_ms,
                ..
            }) => {
                out.say(words.text("invite-explained"));
                out.say(context.clock.deadline(words, *expires_ms));
                out.say(&**invitation);
            }
            Ok(Answer::EnrolmentCode {
                code, expires_ms, ..
            }) => {
                out.say(words.text("device-code-explained"));
                out.say(context.clock.deadline(words, *expires_ms));
                out.say(&**code);
            }
            Ok(answer) => {
                let otherwise = match (self.things.undo(self.chosen, answer), &asked) {
                    (Some((undo, done)), _) => {
                        out.undo = LastThing::Undoable(Undo::Request(undo));
                        done
                    }
                    (None, Some(asked)) => asked.asks.done,
                    (None, None) => "act-written",
                };
                out.say(done(answer, otherwise, context));
            }
            Err(failure) => out.fail(failure, context),
        }
        true
    }
}
