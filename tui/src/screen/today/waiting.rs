//! What waits, why and until when, and what is new beside it: the same on every page that tells of it.

use std::collections::{BTreeMap, BTreeSet};

use protocol::api::{self, DocumentView, MotionView, Request, SavedDraft, Waiting};
use protocol::id::DocumentId;

use crate::app::Context;
use crate::digest::why;
use crate::screen::acts::awaits_me;
use crate::screen::document_row::title;

/// What waits, each document once, where its most important reason puts it: the node tells of those
/// first.
pub(crate) fn waiting(today: &api::Today) -> Vec<&Waiting> {
    let mut documents = BTreeSet::new();
    let waiting = today.waiting.iter();
    waiting
        .filter(|waiting| documents.insert(waiting.document.id))
        .collect()
}

/// The motions that wait for the own household.
pub(crate) fn waiting_motions<'m>(
    motions: &'m [MotionView],
    context: &Context<'_>,
) -> Vec<&'m MotionView> {
    let motions = motions.iter();
    motions
        .filter(|motion| awaits_me(motion, context))
        .collect()
}

/// What is new and does not stand among what waits already.
pub(crate) fn news(today: &api::Today) -> Vec<&api::DocumentView> {
    let waits = |id: DocumentId| today.waiting.iter().any(|one| one.document.id == id);
    let news = today.news.iter();
    news.filter(|view| !waits(view.id)).collect()
}

/// How much is new beside what waits, told or not: the node tells the first of it only.
pub(crate) fn news_count(today: &api::Today) -> usize {
    let total = usize::try_from(today.news_total).unwrap_or(usize::MAX);
    total.saturating_sub(today.news.len() - news(today).len())
}

/// Says why a document waits, the most important reason first, and until when.
pub(crate) fn reasons(waiting: &[Waiting], document: DocumentId, context: &Context<'_>) -> String {
    let words = context.words;
    let waiting = waiting.iter();
    let waiting: Vec<&Waiting> = waiting.filter(|one| one.document.id == document).collect();
    let reasons = waiting.iter();
    let mut reasons: Vec<String> = reasons
        .map(|waiting| why(waiting.why, waiting.for_household.as_ref(), words))
        .collect();
    let until_ms = waiting.iter().filter_map(|waiting| waiting.until_ms).min();
    let document = waiting.first().map(|waiting| &waiting.document);
    let next = document.iter().flat_map(|document| &document.next);
    let until_ms = until_ms.or(next.filter_map(|next| next.by_ms).min());
    reasons.extend(until_ms.map(|until_ms| context.clock.deadline(words, until_ms)));
    reasons.join(&format!(" {} ", context.theme.marks.between))
}

/// What the documents are called of which somebody began an edit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edited {
    titles: BTreeMap<DocumentId, String>,
}

impl Edited {
    /// Asks the node for what a draft alone does not say: the document that is edited, where its
    /// title is not among what is changed.
    pub(crate) fn questions(drafts: &[SavedDraft]) -> impl Iterator<Item = Request> {
        let drafts = drafts.iter().map(|saved| &saved.draft);
        let drafts = drafts.filter(|draft| !draft.fields.contains_key("title"));
        let edited: BTreeSet<DocumentId> = drafts.filter_map(|draft| draft.document).collect();
        edited
            .into_iter()
            .map(|document| Request::Show { document })
    }

    /// Takes a document over.
    pub(crate) fn take(&mut self, view: &DocumentView, context: &Context<'_>) {
        self.titles.insert(view.id, title(view, context));
    }

    /// The title of what a draft edits, or the first words of what was begun.
    pub(crate) fn title<'d>(&'d self, draft: &'d SavedDraft) -> &'d str {
        let edited = draft.draft.document.as_ref();
        let known = edited.and_then(|document| self.titles.get(document));
        match known {
            Some(title) if !draft.draft.fields.contains_key("title") => title,
            _ => first_words(draft),
        }
    }
}

/// The first words of something begun.
fn first_words(draft: &SavedDraft) -> &str {
    let text = ["title", "body", "text"]
        .iter()
        .filter_map(|field| draft.draft.fields.get(*field)?.as_str())
        .find(|text| !text.trim().is_empty())
        .unwrap_or_default();
    text.lines().next().unwrap_or_default()
}
