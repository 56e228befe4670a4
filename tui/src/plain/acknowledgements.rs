//! Who has acknowledged a notice, and who has not: a number notes that a household signed on paper, or
//! said so through somebody.

use protocol::api::{self, Answer, Request};
use protocol::id::DocumentId;
use protocol::text::Text;

use super::command::Command;
use super::keeping::Keep;
use super::listing::Listing;
use super::page::{Out, Page, Question};
use crate::app::{Context, Failure};
use crate::host::Printed;
use crate::screen::acknowledgements::{Household, Row, hindrance, noted, rows, way_said, ways};
use crate::screen::keeping::course::Keeping;

const TAG_READ: u32 = 1;
const TAG_NOTED: u32 = 2;

/// The page.
#[derive(Debug)]
pub struct Acknowledgements {
    notice: DocumentId,
    told: Option<Box<api::Acknowledgements>>,
    /// Those that have not acknowledged it come first: they are chosen by their numbers.
    rows: Vec<Row>,
    listing: Listing,
    /// For whom something is to be noted.
    noting: Option<Household>,
}

impl Acknowledgements {
    /// Makes the page of a notice.
    pub fn new(notice: DocumentId) -> Self {
        Self {
            notice,
            told: None,
            rows: Vec::new(),
            listing: Listing::default(),
            noting: None,
        }
    }

    fn read(&self, out: &mut Out) {
        let document = self.notice;
        out.ask(TAG_READ, Request::Acknowledgements { document });
    }

    /// Whether names are told: without them there is nothing to note and no list to print.
    fn is_named(&self) -> bool {
        self.told.as_ref().is_none_or(|told| told.named)
    }

    fn say(&mut self, out: &mut Out, context: &Context<'_>) {
        let words = context.words;
        let Some(told) = &self.told else {
            return;
        };
        out.say(words.acknowledged(told));
        if let Some(beside) = words.acknowledged_beside(told) {
            out.say(beside);
        }
        let rows = &self.rows;
        let outstanding = rows.iter().filter(|row| !row.has_acknowledged).count();
        self.listing.say(rows.len(), out, context, |place, out| {
            match place {
                0 if outstanding > 0 => out.say(words.text("acknowledgements-outstanding")),
                _ if place == outstanding => out.say(words.text("acknowledgements-given")),
                _ => {}
            }
            let Row { name, more, .. } = &rows[place];
            let line = match more.is_empty() {
                true => name.clone(),
                false => format!("{name} - {more}"),
            };
            Text::line(&line, usize::MAX).into_string()
        });
    }
}

impl Page for Acknowledgements {
    fn open(&mut self, out: &mut Out, context: &Context<'_>) {
        match self.listing.goes_on(self.rows.len()) && self.told.is_some() {
            true => self.say(out, context),
            false => self.read(out),
        }
    }

    fn question(&self, context: &Context<'_>) -> Question {
        let key = match self.noting {
            Some(_) => "plain-ask-number",
            None if self.is_named() => "plain-ask-acknowledgements",
            None => "plain-ask-help-given",
        };
        Question::choice(context.words.text(key))
    }

    fn help(&self) -> &'static str {
        match self.is_named() {
            true => "plain-help-acknowledgements",
            false => "plain-help-help-given",
        }
    }

    fn back(&mut self, _out: &mut Out, _context: &Context<'_>) -> bool {
        self.noting.take().is_some()
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, context: &Context<'_>) -> bool {
        let words = context.words;
        let Some(told) = &self.told else {
            return false;
        };
        match (command, self.noting) {
            (Command::Number(number @ 1..), Some(household)) => {
                let Some(way) = ways(told).get(number - 1).copied() else {
                    return false;
                };
                match noted(told, self.notice, household, way, context) {
                    Ok(request) => out.ask(TAG_NOTED, request),
                    Err(remark) => out.say(remark),
                }
                self.noting = None;
            }
            (Command::Number(number @ 1..), None) => {
                let Some(row) = self.rows.get(number - 1) else {
                    return false;
                };
                if row.has_acknowledged {
                    out.say(words.text("note-given"));
                } else if let Some(hindrance) = hindrance(told, row.household, context) {
                    out.say(hindrance);
                } else {
                    self.noting = Some(row.household);
                    let name = row.name.clone();
                    out.say(words.with("note-title", &[("name", name.into())]));
                    for (number, way) in (1..).zip(ways(told)) {
                        out.say(format!("{number}. {}", way_said(told, way, context)));
                    }
                }
            }
            (Command::Letter('p', None), None) if told.named => {
                out.open(Keep::new(Keeping::Print(Printed::Outstanding(self.notice))));
            }
            _ => return false,
        }
        true
    }

    fn answered(
        &mut self,
        tag: u32,
        outcome: &Result<Answer, Failure>,
        out: &mut Out,
        context: &Context<'_>,
    ) {
        match outcome {
            Ok(Answer::Acknowledgements(told)) => {
                self.rows = rows(told, context);
                self.told = Some(told.clone());
                self.listing.restart();
                self.say(out, context);
            }
            Ok(_) if tag == TAG_NOTED => {
                out.say(context.words.text("noted"));
                self.read(out);
            }
            Ok(_) => {}
            Err(failure) => out.fail(failure, context),
        }
    }
}
