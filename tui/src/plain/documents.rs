//! The list of one kind's documents: notices, help requests or festival plans.

use protocol::api::{Answer, DocumentView, Request};
use protocol::text::Text;

use super::command::Command;
use super::composer::Writing;
use super::listing::Listing;
use super::page::{Out, Page, Question};
use super::reader::Reader;
use crate::app::{Context, Failure};
use crate::screen::document_row::{details, title};
use crate::screen::documents::Narrowed;

/// Documents that are asked for at once.
const PAGE: u32 = 100;
/// Documents that the node lists at most at once.
const LIST_MAX: u32 = 500;

const TAG_FIRST: u32 = 1;
const TAG_MORE: u32 = 2;
const TAG_MARKED: u32 = 3;

/// The list.
#[derive(Debug)]
pub struct Documents {
    kind: &'static str,
    narrowed: Narrowed,
    items: Vec<DocumentView>,
    next: Option<String>,
    listing: Listing,
}

impl Documents {
    /// Makes the list of a kind.
    pub fn new(kind: &'static str) -> Self {
        Self {
            kind,
            narrowed: Narrowed::Current,
            items: Vec::new(),
            next: None,
            listing: Listing::default(),
        }
    }

    /// Reads the list from its beginning.
    fn read(&mut self, out: &mut Out) {
        self.listing.restart();
        self.items.clear();
        out.ask(TAG_FIRST, self.narrowed.query(self.kind, PAGE, None));
    }

    /// Reads as much anew as there was, for what was opened may have changed.
    fn read_again(&mut self, out: &mut Out) {
        let limit = u32::try_from(self.items.len()).unwrap_or(LIST_MAX);
        let limit = limit.clamp(PAGE, LIST_MAX);
        out.ask(TAG_FIRST, self.narrowed.query(self.kind, limit, None));
    }

    fn say(&mut self, out: &mut Out, context: &Context<'_>) {
        if self.items.is_empty() {
            return out.say(context.words.text(self.narrowed.nothing()));
        }
        let items = &self.items;
        self.listing.say(items.len(), out, context, |place, _| {
            document_line(&items[place], context)
        });
    }

    fn mark_read(&self, out: &mut Out, context: &Context<'_>) {
        let unread = self.items.iter().filter(|view| view.unread);
        let documents: Vec<_> = unread.map(|view| view.id).collect();
        if documents.is_empty() {
            return out.say(context.words.text("nothing-unread"));
        }
        let request = Request::MarkRead {
            documents,
            everything: false,
        };
        out.ask(TAG_MARKED, request);
    }
}

impl Page for Documents {
    fn open(&mut self, out: &mut Out, context: &Context<'_>) {
        if self.listing.comes_back() {
            return self.read_again(out);
        }
        match (self.listing.has_more(self.items.len()), self.next.take()) {
            (true, next) => {
                self.next = next;
                self.say(out, context);
            }
            (false, Some(next)) => {
                out.ask(TAG_MORE, self.narrowed.query(self.kind, PAGE, Some(next)));
            }
            (false, None) => self.read(out),
        }
    }

    fn question(&self, context: &Context<'_>) -> Question {
        let title = context.words.kinds(self.kind);
        let values = [("title", title.into())];
        Question::choice(context.words.with("plain-ask-list", &values))
    }

    fn help(&self) -> &'static str {
        "plain-help-documents"
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, context: &Context<'_>) -> bool {
        match command {
            Command::Number(number @ 1..) => match self.items.get(number - 1) {
                Some(view) => {
                    out.open(Reader::new(view.id));
                    self.listing.leave();
                }
                None => return false,
            },
            Command::Letter('n', None) => {
                self.listing.restart();
                self.listing.leave();
                out.open(Writing::create(self.kind));
            }
            Command::Letter('f', None) => {
                self.narrowed = self.narrowed.next();
                out.say(context.words.text(self.narrowed.label()));
                self.read(out);
            }
            Command::Letter('m', None) => self.mark_read(out, context),
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
            Ok(Answer::Documents { items, next, .. }) => {
                match tag {
                    TAG_FIRST => self.items.clone_from(items),
                    _ => self.items.extend(items.iter().cloned()),
                }
                self.next.clone_from(next);
                self.say(out, context);
            }
            Ok(_) if tag == TAG_MARKED => {
                out.say(context.words.text("all-marked-read"));
                self.read(out);
            }
            Ok(_) => {}
            Err(failure) => out.fail(failure, context),
        }
    }
}

/// One document as a line: unread or urgent first, the title, how it stands, when.
pub fn document_line(view: &DocumentView, context: &Context<'_>) -> String {
    let words = context.words;
    let is_urgent = view.fields.get("urgent") == Some(&serde_json::Value::Bool(true));
    let mut parts = Vec::new();
    if view.unread {
        parts.push(words.text("plain-unread"));
    }
    if is_urgent {
        parts.push(words.choice("level", "urgent"));
    }
    parts.push(title(view, context));
    parts.push(details(view, context));
    parts.push(
        context
            .clock
            .past(words, view.updated_ms.max(view.created_ms)),
    );
    parts.retain(|part| !part.is_empty());
    // A title of several lines would pass for several items.
    Text::line(&parts.join(" - "), usize::MAX).into_string()
}
