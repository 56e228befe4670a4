//! What of a list waits for the own household: it stands first and says why, the rest stands below.
//! Only kinds that run a course of help have such a part.

use std::collections::BTreeSet;

use protocol::api::{DocumentView, Request, Today, Waiting};
use protocol::id::DocumentId;
use protocol::kind::Kinds;

use super::documents::Narrowed;
use super::today::reasons;
use crate::app::Context;

/// The name of the words above what waits for the own household.
pub(crate) const OWN: &str = "today-waiting";
/// The name of the words above the rest.
pub(crate) const OTHERS: &str = "list-others";

/// What waits.
#[derive(Debug)]
pub(crate) struct OwnFirst {
    kind: &'static str,
    /// Whether documents of the kind run a course, so that something in it may wait.
    has_course: bool,
    /// None until the node has answered.
    waiting: Option<Vec<Waiting>>,
}

impl OwnFirst {
    /// Nothing is known yet of what waits among documents of a kind.
    pub(crate) fn new(kind: &'static str) -> Self {
        let known = Kinds::standard().by_name(kind);
        let has_course = known.is_some_and(|known| known.course.is_some());
        Self {
            kind,
            has_course,
            waiting: (!has_course).then(Vec::new),
        }
    }

    /// What the node is to be asked; nothing where nothing can wait.
    pub(crate) fn question(&self) -> Option<Request> {
        self.has_course.then_some(Request::Today)
    }

    /// Whether it is known what waits.
    pub(crate) fn is_known(&self) -> bool {
        self.waiting.is_some()
    }

    /// Takes over what waits; nothing when the node did not say.
    pub(crate) fn take(&mut self, today: Option<&Today>) {
        let waiting = today.iter().flat_map(|today| &today.waiting);
        let of_kind = waiting.filter(|waiting| waiting.document.kind == self.kind);
        self.waiting = Some(of_kind.cloned().collect());
    }

    /// Why a document waits; nothing where it does not.
    pub(crate) fn reason(&self, document: DocumentId, context: &Context<'_>) -> Option<String> {
        let waiting = self.waiting.as_deref().unwrap_or_default();
        let waits = waiting.iter().any(|one| one.document.id == document);
        waits.then(|| reasons(waiting, document, context))
    }

    /// Puts a list in order: what waits first, both parts the newest first. Returns how many of them
    /// wait. What waits stands there whether the list has come to it or not.
    pub(crate) fn arrange(
        &self,
        listed: &[DocumentView],
        narrowed: Narrowed,
    ) -> (Vec<DocumentView>, usize) {
        let mut ids = BTreeSet::new();
        let waiting = self.waiting.iter().flatten();
        let waiting = waiting.map(|waiting| &waiting.document);
        let waiting = waiting.filter(|view| narrowed.holds(view) && ids.insert(view.id));
        let mut items: Vec<DocumentView> = waiting.cloned().collect();
        items.sort_by_key(|view| std::cmp::Reverse(view.created_ms));
        let own = items.len();
        let rest = listed.iter().filter(|view| !ids.contains(&view.id));
        items.extend(rest.cloned());
        (items, own)
    }
}
