//! People: who belongs to the neighbourhood, in which roles; inviting, adding an office, and the page
//! of each.

use protocol::api::{Answer, Request, RosterView};

use super::choose::Choose;
use super::command::Command;
use super::composer::Writing;
use super::doings::Things;
use super::doors::Doors;
use super::listing::Listing;
use super::motions::Motions;
use super::page::{Out, Page, Question};
use super::person::Person;
use crate::app::{Context, Failure};
use crate::screen::acts::{Doing, Own};
use crate::screen::people::{Row, invitations_to_make, lines, list};
use crate::screen::person::Who;

const TAG_ROSTER: u32 = 1;

/// The people.
#[derive(Debug)]
pub struct People {
    roster: Option<RosterView>,
    /// Who is listed, each with the name of the heading that stands before it.
    rows: Vec<(Row, Option<&'static str>)>,
    listing: Listing,
}

impl People {
    /// Makes the page.
    pub fn new() -> Self {
        Self {
            roster: None,
            rows: Vec::new(),
            listing: Listing::default(),
        }
    }

    fn take(&mut self, roster: &RosterView, context: &Context<'_>) {
        let mut heading = None;
        self.rows.clear();
        for row in list(roster, context.known.me()) {
            match row {
                Row::Heading(key) => heading = Some(key),
                row => self.rows.push((row, heading.take())),
            }
        }
        self.roster = Some(roster.clone());
    }

    fn say(&mut self, out: &mut Out, context: &Context<'_>) {
        let Some(roster) = &self.roster else {
            return;
        };
        let rows = &self.rows;
        self.listing.say(rows.len(), out, context, |place, out| {
            let (row, heading) = rows[place];
            if let Some(heading) = heading {
                out.say(context.words.text(heading));
            }
            match lines(row, roster, context) {
                Some((name, details, _)) => format!("{name} - {details}"),
                None => context.words.text("somebody-unknown"),
            }
        });
    }

    fn add_office(&self, out: &mut Out, context: &Context<'_>) {
        let roster = self.roster.as_ref();
        let own = roster.and_then(|roster| Own::of(roster, context));
        match own.and_then(|own| own.office()).map(|act| act.doing()) {
            Some(Doing::Form(composer)) => out.open(Writing::new(*composer)),
            _ => out.say(context.words.text("may-not-add-office")),
        }
    }

    fn open_person(&self, number: usize, out: &mut Out) -> bool {
        let (Some((row, _)), Some(roster)) = (self.rows.get(number - 1), &self.roster) else {
            return false;
        };
        let who = match row {
            Row::Heading(_) => return false,
            Row::Member(id) => Who::Member(*id),
            Row::Recorded(id) => Who::Recorded(*id),
            Row::Relay(device) => Who::Relay(*device),
        };
        out.open(Person::new(who, roster.clone()));
        true
    }
}

impl Page for People {
    fn open(&mut self, out: &mut Out, context: &Context<'_>) {
        match self.listing.goes_on(self.rows.len()) {
            true => self.say(out, context),
            false => {
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
                    false => out.open(Choose::new(
                        "plain-invite-whom",
                        Things::Invitations(things),
                    )),
                }
            }
            Command::Letter('o', None) => self.add_office(out, context),
            Command::Letter('m', None) => out.open(Motions::new()),
            Command::Letter('d', None) => out.open(Doors),
            Command::Number(number @ 1..) => {
                if !self.open_person(*number, out) {
                    return false;
                }
            }
            _ => return false,
        }
        if out.go.is_some() {
            self.listing.leave();
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
                self.take(roster, context);
                self.say(out, context);
            }
            Ok(_) => {}
            Err(failure) => out.fail(failure, context),
        }
    }
}
