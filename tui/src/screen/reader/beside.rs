//! What the node is asked beside a document: how far a notice was acknowledged, and whether another
//! request of the own household seems to ask for the same.

use std::cmp::Reverse;

use protocol::api::{Answer, DocumentView, ListQuery, Request};
use serde_json::Value;

use super::page::Beside;
use crate::app::Context;

/// Requests of the own household that are compared.
const COMPARED_MAX: u32 = 100;
/// Of those, how many that seem to ask for the same can be closed for: the page names the likest.
const TOLD_MAX: usize = 3;
/// States in which a request still asks for help.
const ASKING: [&str; 5] = ["open", "offered", "matched", "in-progress", "double-booked"];

/// What to ask.
pub(crate) fn questions(view: &DocumentView, context: &Context<'_>) -> Vec<Request> {
    let mut questions = Vec::new();
    if view.asks_for_acknowledgement() {
        let document = view.id;
        questions.push(Request::Acknowledgements { document });
    }
    let state = view.state.as_deref().unwrap_or_default();
    let is_own = context.known.me() == Some(view.author.id);
    if is_own && view.kind == "request" && ASKING.contains(&state) {
        let category = view.fields.get("category").and_then(Value::as_str);
        questions.push(Request::List(ListQuery {
            kind: Some(view.kind.clone()),
            states: ASKING.map(str::to_owned).to_vec(),
            category: category.map(str::to_owned),
            mine: true,
            limit: Some(COMPARED_MAX),
            ..ListQuery::default()
        }));
    }
    questions
}

/// Forgets those that no longer seem to ask for the same, since it is asked anew only while the
/// document itself asks.
pub(crate) fn keep_similar(beside: &mut Beside, view: &DocumentView) {
    let is_similar = |other: &DocumentView| view.seems_to_ask_the_same(other);
    beside.similar.retain(is_similar);
}

/// Takes an answer.
pub(crate) fn take(beside: &mut Beside, view: &DocumentView, answer: &Answer) {
    match answer {
        Answer::Acknowledgements(told) => beside.acknowledged = Some(told.clone()),
        Answer::Documents { items, .. } => {
            let similar = items.iter();
            let similar = similar.filter(|other| view.seems_to_ask_the_same(other));
            let mut similar: Vec<_> = similar.cloned().collect();
            // The likest first; of those that are equally so, the newest.
            similar.sort_by_key(|other| Reverse(view.words_shared_with(other)));
            similar.truncate(TOLD_MAX);
            beside.similar = similar;
        }
        _ => {}
    }
}
