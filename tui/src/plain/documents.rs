//! The list of one kind's documents: notices, help requests or festival plans.

use protocol::api::{Answer, DocumentView, Request};
use protocol::id::DocumentId;
use protocol::text::Text;

use super::command::Command;
use super::composer::Writing;
use super::help_given::HelpGiven;
use super::keeping::Keep;
use super::listing::Listing;
use super::page::{Out, Page, Question};
use super::reader::Reader;
use crate::app::{Context, Failure, LastThing, Undo};
use crate::host::Printed;
use crate::screen::document_row::{details, title};
use crate::screen::documents::Narrowed;
use crate::screen::keeping::course::Keeping;
use crate::screen::own_first::{self, OwnFirst};

/// Documents that are asked for at once.
const PAGE: u32 = 100;
/// Documents that the node lists at most at once.
const LIST_MAX: u32 = 500;

/// The kind that is printed as a list, and that tells of help.
const REQUEST: &str = "request";

const TAG_FIRST: u32 = 1;
const TAG_MORE: u32 = 2;
const TAG_MARKED: u32 = 3;
const TAG_WAITING: u32 = 4;

/// The list.
#[derive(Debug)]
pub struct Documents {
    kind: &'static str,
    narrowed: Narrowed,
    /// What waits for the own household.
    own_first: OwnFirst,
    /// What the node has listed, in its order.
    listed: Vec<DocumentView>,
    /// What is said, and how many of it wait.
    items: Vec<DocumentView>,
    own: usize,
    /// The question that is asked once it is known what waits.
    then: Option<(u32, Request)>,
    next: Option<String>,
    /// What is being marked as read.
    marked: Vec<DocumentId>,
    listing: Listing,
}

impl Documents {
    /// Makes the list of a kind.
    pub fn new(kind: &'static str) -> Self {
        Self {
            kind,
            narrowed: Narrowed::Current,
            own_first: OwnFirst::new(kind),
            listed: Vec::new(),
            items: Vec::new(),
            own: 0,
            then: None,
            next: None,
            marked: Vec::new(),
            listing: Listing::default(),
        }
    }

    /// Reads the list from its beginning.
    fn read(&mut self, out: &mut Out) {
        self.listing.restart();
        self.listed.clear();
        self.items.clear();
        self.ask_first(PAGE, out);
    }

    /// Asks for the beginning of the list. What is said stays said, so it is known first what waits.
    fn ask_first(&mut self, limit: u32, out: &mut Out) {
        let request = self.narrowed.query(self.kind, limit, None);
        match self.own_first.question() {
            Some(question) => {
                self.then = Some((TAG_FIRST, request));
                out.ask(TAG_WAITING, question);
            }
            None => out.ask(TAG_FIRST, request),
        }
    }

    fn go_on(&mut self, out: &mut Out) {
        if let Some((tag, request)) = self.then.take() {
            out.ask(tag, request);
        }
    }

    /// Reads as much anew as there was, for what was opened may have changed.
    fn read_again(&mut self, out: &mut Out) {
        let limit = u32::try_from(self.listed.len()).unwrap_or(LIST_MAX);
        self.ask_first(limit.clamp(PAGE, LIST_MAX), out);
    }

    fn say(&mut self, out: &mut Out, context: &Context<'_>) {
        if self.items.is_empty() {
            return out.say(context.words.text(self.narrowed.nothing()));
        }
        let (items, own, own_first) = (&self.items, self.own, &self.own_first);
        self.listing.say(items.len(), out, context, |place, out| {
            match place {
                0 if own > 0 => out.say(context.words.text(own_first::OWN)),
                _ if place == own && own > 0 => out.say(context.words.text(own_first::OTHERS)),
                _ => {}
            }
            let reason = own_first.reason(items[place].id, context);
            document_line(&items[place], reason, context)
        });
    }

    fn mark_read(&mut self, out: &mut Out, context: &Context<'_>) {
        let unread = self.items.iter().filter(|view| view.unread);
        let documents: Vec<_> = unread.map(|view| view.id).collect();
        if documents.is_empty() {
            return out.say(context.words.text("nothing-unread"));
        }
        self.marked.clone_from(&documents);
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
        match self.kind {
            REQUEST => "plain-help-requests",
            _ => "plain-help-documents",
        }
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
            Command::Letter('n', None) if !context.known.may_create(self.kind) => {
                out.say(context.words.text("guests-comment"));
            }
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
            Command::Letter('p', None) if self.kind == REQUEST => {
                self.listing.leave();
                out.open(Keep::new(Keeping::Print(Printed::Requests)));
            }
            Command::Letter('t', None) if self.kind == REQUEST => {
                self.listing.leave();
                out.open(HelpGiven::new());
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
            Ok(Answer::Documents { items, next, .. }) => {
                match tag {
                    TAG_FIRST => self.listed.clone_from(items),
                    _ => self.listed.extend(items.iter().cloned()),
                }
                self.next.clone_from(next);
                (self.items, self.own) = self.own_first.arrange(&self.listed, self.narrowed);
                self.say(out, context);
            }
            Ok(_) if tag == TAG_MARKED => {
                let documents = std::mem::take(&mut self.marked);
                let undo = Undo::Request(Request::MarkUnread { documents });
                out.undo = LastThing::Undoable(undo);
                out.say(context.words.text("all-marked-read"));
                self.read(out);
            }
            Ok(Answer::Today(today)) => {
                self.own_first.take(Some(today));
                self.go_on(out);
            }
            Err(Failure::Refused(_)) if tag == TAG_WAITING => {
                self.own_first.take(None);
                self.go_on(out);
            }
            Ok(_) => {}
            Err(failure) => out.fail(failure, context),
        }
    }
}

/// One document as a line: unread or urgent first, the title, why it waits or how it stands, when.
pub fn document_line(view: &DocumentView, reason: Option<String>, context: &Context<'_>) -> String {
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
    parts.push(reason.unwrap_or_else(|| details(view, context)));
    parts.push(
        context
            .clock
            .past(words, view.updated_ms.max(view.created_ms)),
    );
    parts.retain(|part| !part.is_empty());
    // A title of several lines would pass for several items.
    Text::line(&parts.join(" - "), usize::MAX).into_string()
}
