//! The history of a document: who changed what and when, oldest first; what somebody deleted from a
//! collaborative text can be put back.

use protocol::api::{self, Answer, PieceKind, Request};
use protocol::id::DocumentId;

use super::command::Command;
use super::listing::Listing;
use super::page::{Out, Page, Question};
use crate::app::{Context, Failure};
use crate::screen::history::change_text;

const TAG_HISTORY: u32 = 1;
const TAG_RESTORED: u32 = 2;
const TAG_NAMED: u32 = 3;

/// The history.
#[derive(Debug)]
pub struct History {
    document: DocumentId,
    kind: String,
    history: Option<Box<api::History>>,
    /// Whether it is told who acknowledged a notice.
    is_named: bool,
    listing: Listing,
}

impl History {
    /// Makes the history of a document of a kind.
    pub fn new(document: DocumentId, kind: &str) -> Self {
        Self {
            document,
            kind: kind.to_owned(),
            history: None,
            is_named: false,
            listing: Listing::default(),
        }
    }

    fn count(&self) -> usize {
        self.history
            .as_ref()
            .map_or(0, |history| history.changes.len())
    }

    fn say(&mut self, out: &mut Out, context: &Context<'_>) {
        let (count, kind, is_named) = (self.count(), &self.kind, self.is_named);
        if let Some(history) = &self.history {
            self.listing.say(count, out, context, |place, _| {
                let text = change_text(kind, &history.changes[place], is_named, context);
                text.text().to_owned()
            });
        }
    }

    fn restore(&self, number: usize, out: &mut Out, context: &Context<'_>) -> bool {
        let history = self.history.as_ref();
        let change = number
            .checked_sub(1)
            .and_then(|place| history?.changes.get(place));
        let Some(change) = change else {
            return false;
        };
        let mut pieces = change.texts.iter().flat_map(|text| &text.pieces);
        match pieces.any(|piece| piece.kind == PieceKind::Deleted) {
            true => out.ask(
                TAG_RESTORED,
                Request::Restore {
                    document: self.document,
                    entry: change.entry,
                },
            ),
            false => out.say(context.words.text("nothing-to-restore")),
        }
        true
    }
}

impl Page for History {
    fn open(&mut self, out: &mut Out, context: &Context<'_>) {
        match self.listing.has_more(self.count()) {
            true => self.say(out, context),
            false => {
                self.listing.restart();
                let document = self.document;
                // What is told of acknowledgements is known before the history is said.
                match self.kind == "notice" {
                    true => out.ask(TAG_NAMED, Request::Acknowledgements { document }),
                    false => out.ask(TAG_HISTORY, Request::History { document }),
                }
            }
        }
    }

    fn question(&self, context: &Context<'_>) -> Question {
        Question::choice(context.words.text("plain-ask-history"))
    }

    fn help(&self) -> &'static str {
        "plain-help-history"
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, context: &Context<'_>) -> bool {
        match command {
            Command::Letter('r', Some(number)) => self.restore(*number, out, context),
            _ => false,
        }
    }

    fn answered(
        &mut self,
        tag: u32,
        outcome: &Result<Answer, Failure>,
        out: &mut Out,
        context: &Context<'_>,
    ) {
        if tag == TAG_NAMED {
            let document = self.document;
            self.is_named = match outcome {
                Ok(Answer::Acknowledgements(told)) => told.names_all(),
                _ => false,
            };
            return out.ask(TAG_HISTORY, Request::History { document });
        }
        match outcome {
            Ok(Answer::History(history)) => {
                self.history = Some(history.clone());
                self.say(out, context);
            }
            Ok(_) if tag == TAG_RESTORED => out.say(context.words.text("restored")),
            Ok(_) => {}
            Err(failure) => out.fail(failure, context),
        }
    }
}
