//! Search: words, then what they found.

use protocol::api::{Answer, DocumentView, Request};

use super::command::Command;
use super::documents::document_line;
use super::listing::Listing;
use super::page::{Go, Out, Page, Question};
use super::reader::Reader;
use crate::app::{Context, Failure};

/// Documents that are found at most.
const FOUND_MAX: u32 = 100;

const TAG_FOUND: u32 = 1;

/// The search.
#[derive(Debug)]
pub struct Search {
    words: String,
    found: Option<Vec<DocumentView>>,
    listing: Listing,
}

impl Search {
    /// Makes an empty search.
    pub fn new() -> Self {
        Self::of("")
    }

    /// Searches for words at once.
    pub fn of(words: &str) -> Self {
        Self {
            words: words.to_owned(),
            found: None,
            listing: Listing::default(),
        }
    }

    fn ask(&mut self, words: &str, out: &mut Out) {
        words.clone_into(&mut self.words);
        let request = Request::Search {
            words: words.to_owned(),
            limit: FOUND_MAX,
        };
        out.ask(TAG_FOUND, request);
    }

    fn say(&mut self, out: &mut Out, context: &Context<'_>) {
        let found = self.found.as_deref().unwrap_or_default();
        self.listing.say(found.len(), out, context, |place, _| {
            document_line(&found[place], None, context)
        });
    }
}

impl Page for Search {
    fn open(&mut self, out: &mut Out, context: &Context<'_>) {
        match &self.found {
            None if !self.words.is_empty() => {
                let words = self.words.clone();
                self.ask(&words, out);
            }
            None => {}
            Some(found) => {
                if !self.listing.comes_back() && !self.listing.has_more(found.len()) {
                    self.listing.restart();
                }
                self.say(out, context);
            }
        }
    }

    fn question(&self, context: &Context<'_>) -> Question {
        match &self.found {
            None => Question::text(context.words.text("plain-ask-search")),
            Some(_) => Question::choice(context.words.text("plain-ask-found")),
        }
    }

    fn help(&self) -> &'static str {
        "plain-help-search"
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, _context: &Context<'_>) -> bool {
        match command {
            Command::Number(number @ 1..) => {
                let found = self.found.as_deref().unwrap_or_default();
                match found.get(number - 1) {
                    Some(view) => {
                        out.open(Reader::new(view.id));
                        self.listing.leave();
                    }
                    None => return false,
                }
            }
            Command::Letter('/', None) => self.found = None,
            Command::Other(words) => {
                let words = words.trim_start_matches(['/', '／']).trim().to_owned();
                self.ask(&words, out);
            }
            _ => return false,
        }
        true
    }

    fn text(&mut self, text: &str, out: &mut Out, _context: &Context<'_>) {
        match text.trim() {
            "" => out.go = Some(Go::Back),
            words => self.ask(words, out),
        }
    }

    fn answered(
        &mut self,
        _tag: u32,
        outcome: &Result<Answer, Failure>,
        out: &mut Out,
        context: &Context<'_>,
    ) {
        match outcome {
            Ok(Answer::Documents { items, .. }) if items.is_empty() => {
                self.found = None;
                self.words.clear();
                out.say(context.words.text("search-nothing"));
            }
            Ok(Answer::Documents { items, .. }) => {
                self.found = Some(items.clone());
                self.listing.restart();
                self.say(out, context);
            }
            Ok(_) => {}
            Err(failure) => {
                self.words.clear();
                out.fail(failure, context);
            }
        }
    }
}
