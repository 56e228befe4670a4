//! Motions: dangerous acts that wait for co-signatures, and what became of those before them; and one
//! of them with everything about it.

use protocol::api::{Answer, MotionView, Request, RosterView};
use protocol::id::EntryId;

use super::choose::Choose;
use super::command::Command;
use super::doings::{Doings, Things};
use super::listing::Listing;
use super::page::{Out, Page, Question};
use crate::app::{Context, Failure};
use crate::screen::acts::for_motion;
use crate::screen::motions::{to_make, told};

const TAG_ROSTER: u32 = 1;
const TAG_MOTIONS: u32 = 2;

/// The motions.
#[derive(Debug)]
pub struct Motions {
    roster: Option<RosterView>,
    motions: Vec<MotionView>,
    listing: Listing,
}

impl Motions {
    /// Makes the page.
    pub fn new() -> Self {
        Self {
            roster: None,
            motions: Vec::new(),
            listing: Listing::default(),
        }
    }

    fn say(&mut self, out: &mut Out, context: &Context<'_>) {
        if self.motions.is_empty() {
            return out.say(context.words.text("motions-none"));
        }
        let motions = &self.motions;
        self.listing.say(motions.len(), out, context, |place, _| {
            line(&motions[place], context)
        });
    }
}

/// A motion in one line: what it asks, what the reader has to do, how it stands.
pub fn line(motion: &MotionView, context: &Context<'_>) -> String {
    let asks = told::asks(&motion.moved, context);
    let details = told::details(motion, context);
    match told::next(motion, context) {
        Some(next) => format!("{asks} - {next} - {details}"),
        None => format!("{asks} - {details}"),
    }
}

impl Page for Motions {
    fn open(&mut self, out: &mut Out, context: &Context<'_>) {
        match self.listing.goes_on(self.motions.len()) {
            true => self.say(out, context),
            false => {
                out.ask(TAG_ROSTER, Request::Roster);
                out.ask(TAG_MOTIONS, Request::Motions);
            }
        }
    }

    fn question(&self, context: &Context<'_>) -> Question {
        Question::choice(context.words.text("plain-ask-motions"))
    }

    fn help(&self) -> &'static str {
        "plain-help-motions"
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, context: &Context<'_>) -> bool {
        match command {
            Command::Number(number @ 1..) => {
                let Some(motion) = self.motions.get(number - 1) else {
                    return false;
                };
                out.open(Motion::new(motion.id));
            }
            Command::Letter('n', None) => {
                let roster = self.roster.as_ref();
                let acts = roster.map_or_else(Vec::new, |roster| to_make(roster, context));
                match acts.is_empty() {
                    true => out.say(context.words.text("may-not-move")),
                    false => out.open(Choose::new("do-move", Things::Acts(acts))),
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
                if self.roster.is_none() {
                    out.say(told::governance(&roster.governance, context));
                }
                self.roster = Some((**roster).clone());
            }
            Ok(Answer::Motions { motions, .. }) => {
                self.motions.clone_from(motions);
                self.say(out, context);
            }
            Ok(_) => {}
            Err(failure) => out.fail(failure, context),
        }
    }
}

/// One motion.
#[derive(Debug)]
pub struct Motion {
    id: EntryId,
    motions: Vec<MotionView>,
    doings: Doings,
}

impl Motion {
    /// Makes the page of a motion.
    pub fn new(id: EntryId) -> Self {
        Self {
            id,
            motions: Vec::new(),
            doings: Doings::new(Things::Acts(Vec::new())),
        }
    }

    fn say(&mut self, out: &mut Out, context: &Context<'_>) {
        let Some(motion) = told::find(&self.motions, self.id) else {
            return;
        };
        for block in told::blocks(motion, &self.motions, context) {
            if !block.text().is_empty() {
                out.say(block.text());
            }
        }
        self.doings = Doings::new(Things::Acts(for_motion(motion, context)));
        self.doings.say(out, context);
    }
}

impl Page for Motion {
    fn open(&mut self, out: &mut Out, _context: &Context<'_>) {
        out.ask(TAG_MOTIONS, Request::Motions);
    }

    fn question(&self, context: &Context<'_>) -> Question {
        let asked = self.doings.question(context);
        asked.unwrap_or_else(|| {
            let motion = told::find(&self.motions, self.id);
            let title = motion.map(|motion| told::asks(&motion.moved, context));
            let values = [("title", title.unwrap_or_default().into())];
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
            if outcome.is_ok() {
                out.ask(TAG_MOTIONS, Request::Motions);
            }
            return;
        }
        match outcome {
            Ok(Answer::Motions { motions, .. }) => {
                self.motions.clone_from(motions);
                self.say(out, context);
            }
            Ok(_) => {}
            Err(failure) => out.fail(failure, context),
        }
    }
}
