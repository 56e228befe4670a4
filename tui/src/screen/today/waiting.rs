//! What waits, why and until when, and what is new beside it: the same on every page that tells of it.

use std::collections::BTreeSet;

use protocol::api::{self, MotionView, SavedDraft, Waiting};
use protocol::id::DocumentId;

use crate::app::Context;
use crate::digest::why;
use crate::screen::acts::awaits_me;

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

/// The first words of something begun.
pub(crate) fn draft_title(draft: &SavedDraft) -> &str {
    let text = ["title", "body", "text"]
        .iter()
        .filter_map(|field| draft.draft.fields.get(*field)?.as_str())
        .find(|text| !text.trim().is_empty())
        .unwrap_or_default();
    text.lines().next().unwrap_or_default()
}
