//! What is printed and what is told in a digest, as sheets of paper: documents and lists said in the
//! resident's words. A sheet asks the node nothing; the commands do.

mod digest;
mod household;
mod notice;
mod requests;

pub use digest::{digest, list};
pub use household::{InItsName, household};
pub use notice::{document, outstanding};
pub use requests::requests;

use protocol::api::{DocumentView, EmergencyNumbers, MemberRef};
use protocol::id::DocumentId;
use serde_json::Value;
use tui::qr::Squares;
use tui::words::{Clock, Names, Values, Words};

use crate::paper::Block;

/// What every sheet is written with.
pub struct Pen {
    /// The words of the resident's language.
    pub words: &'static Words,
    /// The clock and the zone.
    pub clock: Clock,
    /// What the neighbourhood is called.
    pub neighbourhood: String,
    /// Whom to call in an emergency.
    pub emergency_numbers: EmergencyNumbers,
    /// The capacities in which somebody spoke.
    pub names: Names,
}

impl Pen {
    fn member(&self, member: &MemberRef) -> String {
        self.words.member(member)
    }

    /// Who wrote a document, and for whom where it was not for itself.
    fn author(&self, view: &DocumentView) -> String {
        let author = self.member(&view.author);
        match &view.for_household {
            Some(household) => self.words.recorded_by(&author, household),
            None => author,
        }
    }

    /// Who wrote a document, and in which capacity where it names one.
    fn speaker(&self, view: &DocumentView) -> String {
        let values = Values {
            words: self.words,
            names: &self.names,
            clock: &self.clock,
        };
        let author = self.author(view);
        match values.capacity(text(view, "capacity")) {
            Some(capacity) => {
                let named = [("name", author.into()), ("capacity", capacity.into())];
                self.words.with("name-in-capacity", &named)
            }
            None => author,
        }
    }

    /// What a document is called on paper: its title, or its short name where that is out of view.
    fn called(view: &DocumentView) -> String {
        match text(view, "title") {
            "" => view.id.short(),
            title => title.to_owned(),
        }
    }

    fn time(&self, time_ms: i64) -> String {
        self.clock.exact(self.words, time_ms)
    }

    /// Names a state as the screens do.
    fn state(&self, view: &DocumentView) -> Option<String> {
        let state = view.state.as_deref()?;
        Some(self.words.state(&view.kind, state))
    }

    /// That this is no emergency service, and whom to call.
    fn emergency(&self) -> Block {
        Block::Note(self.words.emergency(&self.emergency_numbers))
    }

    fn foot(&self) -> String {
        let time = self.time(self.clock.now_ms);
        let values = [
            ("neighbourhood", self.neighbourhood.as_str().into()),
            ("time", (&time).into()),
        ];
        self.words.with("paper-foot", &values)
    }

    /// A code that leads back to a document, and how.
    fn code(&self, id: DocumentId) -> Option<Block> {
        let squares = Squares::of(&format!("linli:{id}"))?;
        let caption = self
            .words
            .with("paper-code", &[("id", (&id.short()).into())]);
        Some(Block::Code(squares, caption))
    }
}

/// Returns the text of a field.
fn text<'a>(view: &'a DocumentView, field: &str) -> &'a str {
    view.fields.get(field).and_then(Value::as_str).unwrap_or("")
}

/// Returns the number of a field.
fn number(view: &DocumentView, field: &str) -> Option<i64> {
    view.fields.get(field).and_then(Value::as_i64)
}

/// Whether a field says yes.
fn flag(view: &DocumentView, field: &str) -> bool {
    view.fields.get(field) == Some(&Value::Bool(true))
}

#[cfg(test)]
mod tests;
