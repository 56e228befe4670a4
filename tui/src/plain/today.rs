//! Today: what waits for the own household, what was begun, and what is new.

use protocol::api::{self, Answer, MotionView, Request};
use protocol::id::DocumentId;
use protocol::text::Text;

use super::command::Command;
use super::composer::Writing;
use super::digest::Digest;
use super::documents::document_line;
use super::listing::Listing;
use super::motions;
use super::page::{Out, Page, Question};
use super::reader::Reader;
use crate::app::{Context, Failure, LastThing, Undo};
use crate::screen::document_row::title;
use crate::screen::today::{Edited, news, reasons, waiting, waiting_motions};

const TAG_TODAY: u32 = 1;
const TAG_MARKED: u32 = 2;
const TAG_MOTIONS: u32 = 3;
const TAG_EDITED: u32 = 4;

/// The page.
#[derive(Debug)]
pub struct Today {
    today: Option<Box<api::Today>>,
    /// Motions that wait for the own household.
    motions: Vec<MotionView>,
    edited: Edited,
    /// What is being marked as read.
    marked: Vec<DocumentId>,
    /// How many documents are still to be told of which an edit was begun.
    awaited: usize,
    listing: Listing,
}

impl Today {
    /// Makes the page.
    pub fn new() -> Self {
        Self {
            today: None,
            motions: Vec::new(),
            edited: Edited::default(),
            marked: Vec::new(),
            awaited: 0,
            listing: Listing::default(),
        }
    }

    fn count(&self) -> usize {
        self.today.as_ref().map_or(0, |today| {
            waiting(today).len() + self.motions.len() + today.drafts.len() + news(today).len()
        })
    }

    fn say(&mut self, out: &mut Out, context: &Context<'_>) {
        let count = self.count();
        let words = context.words;
        let Some(today) = &self.today else {
            return;
        };
        if count == 0 {
            return out.say(words.text("plain-today-nothing"));
        }
        let (all_waiting, all_news) = (waiting(today), news(today));
        let motions = &self.motions;
        let (waiting, drafts) = (all_waiting.len() + motions.len(), today.drafts.len());
        self.listing.say(count, out, context, |place, out| {
            let heading = match place {
                0 if waiting > 0 => Some("today-waiting"),
                _ if place == waiting && drafts > 0 => Some("today-drafts"),
                _ if place == waiting + drafts => Some("today-news"),
                _ => None,
            };
            if let Some(heading) = heading {
                out.say(words.text(heading));
            }
            if let Some(one) = all_waiting.get(place) {
                let why = reasons(&today.waiting, one.document.id, context);
                let line = format!("{} - {why}", title(&one.document, context));
                return Text::line(&line, usize::MAX).into_string();
            }
            if place < waiting {
                return motions::line(&motions[place - all_waiting.len()], context);
            }
            if let Some(draft) = today.drafts.get(place - waiting) {
                let kind = words.kind(&draft.draft.kind);
                let moment = context.clock.past(words, draft.changed_ms);
                return format!("{kind} - {} - {moment}", self.edited.title(draft));
            }
            document_line(all_news[place - waiting - drafts], None, context)
        });
    }

    /// What is said stays said, so it waits for what everything is called.
    fn say_once_known(&mut self, out: &mut Out, context: &Context<'_>) {
        if self.awaited == 0 {
            self.say(out, context);
        }
    }

    fn choose_place(&mut self, place: usize, out: &mut Out) -> bool {
        let Some(today) = &self.today else {
            return false;
        };
        let (all_waiting, all_news) = (waiting(today), news(today));
        let waiting = all_waiting.len() + self.motions.len();
        let drafts = today.drafts.len();
        if let Some(one) = all_waiting.get(place) {
            out.open(Reader::new(one.document.id));
        } else if place < waiting {
            let motion = &self.motions[place - all_waiting.len()];
            out.open(motions::Motion::new(motion.id));
        } else if let Some(draft) = today.drafts.get(place - waiting) {
            out.open(Writing::resume(draft.clone()));
        } else if let Some(view) = all_news.get(place - waiting - drafts) {
            out.open(Reader::new(view.id));
        } else {
            return false;
        }
        self.listing.leave();
        true
    }

    fn read(&mut self, out: &mut Out) {
        self.listing.restart();
        out.ask(TAG_MOTIONS, Request::Motions);
    }
}

impl Page for Today {
    fn open(&mut self, out: &mut Out, context: &Context<'_>) {
        if self.listing.comes_back() {
            return out.ask(TAG_MOTIONS, Request::Motions);
        }
        match self.today.is_some() && self.listing.has_more(self.count()) {
            true => self.say(out, context),
            false => self.read(out),
        }
    }

    fn question(&self, context: &Context<'_>) -> Question {
        let title = context.words.text("tab-today");
        let values = [("title", title.into())];
        Question::choice(context.words.with("plain-ask-list", &values))
    }

    fn help(&self) -> &'static str {
        "plain-help-today"
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, context: &Context<'_>) -> bool {
        match command {
            Command::Number(number @ 1..) => return self.choose_place(number - 1, out),
            Command::Letter('n', None) if !context.known.may_create("request") => {
                out.say(context.words.text("guests-comment"));
            }
            Command::Letter('n', None) => {
                self.listing.leave();
                out.open(Writing::create("request"));
            }
            Command::Letter('d', None) => {
                self.listing.leave();
                out.open(Digest::new());
            }
            Command::Letter('m', None) => {
                let news = self.today.iter().flat_map(|today| news(today));
                let documents: Vec<_> = news.map(|view| view.id).collect();
                self.marked.clone_from(&documents);
                match documents.is_empty() {
                    true => out.say(context.words.text("nothing-unread")),
                    false => out.ask(
                        TAG_MARKED,
                        Request::MarkRead {
                            documents,
                            everything: false,
                        },
                    ),
                }
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
            Ok(Answer::Today(today)) => {
                self.today = Some(today.clone());
                let questions: Vec<Request> = Edited::questions(&today.drafts).collect();
                self.awaited = questions.len();
                for question in questions {
                    out.ask(TAG_EDITED, question);
                }
                self.say_once_known(out, context);
            }
            told if tag == TAG_EDITED => {
                if let Ok(Answer::Document { document, .. }) = told {
                    self.edited.take(document, context);
                }
                self.awaited = self.awaited.saturating_sub(1);
                self.say_once_known(out, context);
            }
            // What is said stays said, so the motions come first.
            Ok(Answer::Motions { motions, .. }) => {
                let waiting = waiting_motions(motions, context).into_iter();
                self.motions = waiting.cloned().collect();
                out.ask(TAG_TODAY, Request::Today);
            }
            Err(_) if tag == TAG_MOTIONS => out.ask(TAG_TODAY, Request::Today),
            Ok(_) if tag == TAG_MARKED => {
                let documents = std::mem::take(&mut self.marked);
                let undo = Undo::Request(Request::MarkUnread { documents });
                out.undo = LastThing::Undoable(undo);
                out.say(context.words.text("all-marked-read"));
                self.read(out);
            }
            Ok(_) => {}
            Err(failure) => out.fail(failure, context),
        }
    }
}
