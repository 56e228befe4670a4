//! What takes the last thing back: a request to the node, or one that is known only once the node has
//! told how a document stands.

use protocol::api::{Answer, Request};
use protocol::id::DocumentId;

use super::routing::{TAG_UNDO, TAG_UNDO_OFFER, ask};
use super::{App, Task};
use crate::screen::acts;

/// What takes something back.
#[derive(Clone, Debug)]
pub enum Undo {
    /// The node is asked at once.
    Request(Request),
    /// The own offer in a document is withdrawn: the node tells what it is called.
    OwnOffer(DocumentId),
}

impl App {
    /// Takes the last thing back.
    pub(super) fn undo(&mut self) -> Vec<Task> {
        match self.undo.take() {
            Some(Undo::Request(request)) => vec![ask(TAG_UNDO, request)],
            Some(Undo::OwnOffer(document)) => {
                vec![ask(TAG_UNDO_OFFER, Request::Show { document })]
            }
            None => self.nothing_to_undo(),
        }
    }

    fn nothing_to_undo(&mut self) -> Vec<Task> {
        self.say(self.words.text("nothing-to-undo"));
        Vec::new()
    }

    /// Withdraws the own offer, which the node has told.
    pub(super) fn undo_offer(&mut self, answer: &Answer) -> Vec<Task> {
        let (_, context) = self.parts();
        let withdrawal = match answer {
            Answer::Document { document, .. } => acts::own_withdrawal(document, &context),
            _ => None,
        };
        match withdrawal {
            Some(request) => vec![ask(TAG_UNDO, request)],
            None => self.nothing_to_undo(),
        }
    }
}
