//! The daily digest in lines, by the reader's calendar, with the days before it.

use protocol::api::{Answer, DocumentView, MotionView};
use protocol::text::Text;

use super::command::Command;
use super::documents::document_line;
use super::keeping::Keep;
use super::listing::Listing;
use super::motions;
use super::page::{Out, Page, Question};
use super::reader::Reader;
use crate::app::{Context, Failure};
use crate::digest::Digest as Day;
use crate::host::Printed;
use crate::screen::digest::{DAYS_MAX, Reading, WAITING, date, parts, title};
use crate::screen::document_row;
use crate::screen::keeping::course::Keeping;
use crate::screen::today::reasons;

/// What an item of the page is.
#[derive(Clone, Copy, Debug)]
enum Told<'a> {
    Document(&'a DocumentView),
    /// A motion that waits for the own household.
    Motion(&'a MotionView),
}

/// The page.
#[derive(Debug, Default)]
pub struct Digest {
    read: Reading,
    /// How many days ago.
    back: u32,
    day: Option<Day>,
    listing: Listing,
}

impl Digest {
    /// Makes the page of the present day.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is told, part by part.
    fn told(day: &Day) -> Vec<(&'static str, Told<'_>)> {
        let mut told = Vec::new();
        for (key, views) in parts(day) {
            told.extend(views.into_iter().map(|view| (key, Told::Document(view))));
            if key == WAITING {
                let motions = day.motions.iter();
                told.extend(motions.map(|motion| (key, Told::Motion(motion))));
            }
        }
        told
    }

    fn say(&mut self, out: &mut Out, context: &Context<'_>) {
        let words = context.words;
        let Some(day) = &self.day else {
            return;
        };
        let told = Self::told(day);
        out.say(title(self.back, context));
        if told.is_empty() {
            return out.say(words.text(match self.back {
                0 => "paper-nothing-new",
                _ => "digest-nothing",
            }));
        }
        self.listing.say(told.len(), out, context, |place, out| {
            let (key, one) = told[place];
            if place == 0 || told[place - 1].0 != key {
                out.say(words.text(key));
            }
            let view = match one {
                Told::Document(view) => view,
                Told::Motion(motion) => return motions::line(motion, context),
            };
            if key == WAITING {
                let why = reasons(&day.waiting, view.id, context);
                let line = format!("{} - {why}", document_row::title(view, context));
                return Text::line(&line, usize::MAX).into_string();
            }
            document_line(view, None, context)
        });
    }

    fn go(&mut self, back: Option<u32>, out: &mut Out, context: &Context<'_>) {
        let Some(back) = back.filter(|back| *back <= DAYS_MAX) else {
            return out.say(context.words.text("digest-no-further"));
        };
        self.back = back;
        self.listing.restart();
        self.day = self.read.day(back, context);
        self.say(out, context);
    }

    fn count(&self) -> usize {
        self.day.as_ref().map_or(0, |day| Self::told(day).len())
    }
}

impl Page for Digest {
    fn open(&mut self, out: &mut Out, context: &Context<'_>) {
        if self.day.is_some() && self.listing.goes_on(self.count()) {
            return self.say(out, context);
        }
        for (tag, request) in self.read.begin() {
            out.ask(tag, request);
        }
    }

    fn question(&self, context: &Context<'_>) -> Question {
        Question::choice(context.words.text("plain-ask-digest"))
    }

    fn help(&self) -> &'static str {
        "plain-help-digest"
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, context: &Context<'_>) -> bool {
        match command {
            Command::Number(number @ 1..) => {
                let told = self.day.as_ref().map(Self::told).unwrap_or_default();
                let Some((_, one)) = told.get(number - 1) else {
                    return false;
                };
                match one {
                    Told::Document(view) => out.open(Reader::new(view.id)),
                    Told::Motion(motion) => out.open(motions::Motion::new(motion.id)),
                }
                self.listing.leave();
            }
            Command::Letter('e', None) => self.go(self.back.checked_add(1), out, context),
            Command::Letter('n', None) => self.go(self.back.checked_sub(1), out, context),
            Command::Letter('p', None) => {
                let what = Printed::Digest(date(self.back, context));
                out.open(Keep::new(Keeping::Print(what)));
                self.listing.leave();
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
            Ok(answer) => match self.read.take(tag, answer) {
                Some((tag, request)) => out.ask(tag, request),
                None => {
                    if let Some(day) = self.read.day(self.back, context) {
                        self.day = Some(day);
                        self.say(out, context);
                    }
                }
            },
            Err(failure) => out.fail(failure, context),
        }
    }
}
