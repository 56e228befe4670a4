//! People: who belongs to the neighbourhood, in which roles; inviting and giving roles.

use protocol::api::{Answer, Request, RosterView};
use protocol::id::MemberId;

use super::command::Command;
use super::listing::Listing;
use super::page::{Go, Out, Page, Question};
use crate::app::{Context, Failure};
use crate::screen::people::{
    self, appoint_to, invitations_to_make, invite_as, member_lines, relay_lines,
};

const TAG_ROSTER: u32 = 1;
const TAG_DONE: u32 = 2;

/// The people.
#[derive(Debug)]
pub struct People {
    roster: Option<RosterView>,
    listing: Listing,
}

impl People {
    /// Makes the page.
    pub fn new() -> Self {
        Self {
            roster: None,
            listing: Listing::default(),
        }
    }

    fn count(&self) -> usize {
        let roster = self.roster.as_ref();
        roster.map_or(0, |roster| roster.members.len() + roster.relays.len())
    }

    fn say(&mut self, out: &mut Out, context: &Context<'_>) {
        let count = self.count();
        let Some(roster) = &self.roster else {
            return;
        };
        self.listing.say(count, out, context, |place, _| {
            let (name, details, _) = match roster.members.get(place) {
                Some(member) => member_lines(member, roster, context),
                None => relay_lines(&roster.relays[place - roster.members.len()], context),
            };
            format!("{name} - {details}")
        });
    }
}

impl Page for People {
    fn open(&mut self, out: &mut Out, context: &Context<'_>) {
        match !self.listing.comes_back() && self.listing.has_more(self.count()) {
            true => self.say(out, context),
            false => {
                if !self.listing.has_more(self.count()) {
                    self.listing.restart();
                }
                out.ask(TAG_ROSTER, Request::Roster);
            }
        }
    }

    fn question(&self, context: &Context<'_>) -> Question {
        Question::choice(context.words.text("plain-ask-people"))
    }

    fn help(&self) -> &'static str {
        "plain-help-people"
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, context: &Context<'_>) -> bool {
        match command {
            Command::Letter('i', None) => {
                let things = invitations_to_make(context);
                match things.is_empty() {
                    true => out.say(context.words.text("may-not-invite")),
                    false => {
                        self.listing.leave();
                        out.open(Choose::new(What::Invitation, things));
                    }
                }
            }
            Command::Number(number @ 1..) => {
                let Some(roster) = &self.roster else {
                    return false;
                };
                let Some(member) = roster.members.get(number - 1) else {
                    return false;
                };
                let mut screen = people::People::new();
                screen.take(roster);
                let things = screen.roles_to_give(member.id, context);
                match things.is_empty() {
                    true => out.say(context.words.text("may-not-appoint")),
                    false => {
                        self.listing.leave();
                        out.open(Choose::new(What::Role(member.id), things));
                    }
                }
            }
            _ => return false,
        }
        true
    }

    fn answered(
        &mut self,
        _tag: u32,
        outcome: &Result<Answer, Failure>,
        out: &mut Out,
        context: &Context<'_>,
    ) {
        match outcome {
            Ok(Answer::Roster(roster)) => {
                self.roster = Some((**roster).clone());
                self.say(out, context);
            }
            Ok(_) => {}
            Err(failure) => out.fail(failure, context),
        }
    }
}

/// What is chosen.
#[derive(Clone, Copy, Debug)]
enum What {
    /// As what to invite somebody.
    Invitation,
    /// Which role to give to somebody.
    Role(MemberId),
}

/// Lets one choose as what to invite somebody, or which role to give.
#[derive(Debug)]
struct Choose {
    what: What,
    /// What is handed on, and what it is called.
    things: Vec<(String, String)>,
}

impl Choose {
    fn new(what: What, things: Vec<(String, String)>) -> Self {
        Self { what, things }
    }
}

impl Page for Choose {
    fn open(&mut self, out: &mut Out, _context: &Context<'_>) {
        for (place, (_, name)) in self.things.iter().enumerate() {
            out.say(format!("{}. {name}", place + 1));
        }
    }

    fn question(&self, context: &Context<'_>) -> Question {
        Question::choice(context.words.text(match self.what {
            What::Invitation => "plain-ask-whom",
            What::Role(_) => "appoint-title",
        }))
    }

    fn help(&self) -> &'static str {
        "plain-help-choose"
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, _context: &Context<'_>) -> bool {
        let Command::Number(number @ 1..) = command else {
            return false;
        };
        let Some((chosen, _)) = self.things.get(number - 1) else {
            return false;
        };
        match self.what {
            What::Invitation => {
                let Some(request) = invite_as(chosen) else {
                    return false;
                };
                out.ask(TAG_DONE, request);
            }
            What::Role(member) => out.ask(TAG_DONE, appoint_to(member, chosen)),
        }
        true
    }

    fn answered(
        &mut self,
        _tag: u32,
        outcome: &Result<Answer, Failure>,
        out: &mut Out,
        context: &Context<'_>,
    ) {
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
            Ok(_) => out.say(words.text("appointed")),
            Err(failure) => out.fail(failure, context),
        }
        out.go = Some(Go::Back);
    }
}
