//! Which offer a command line means, of those that a request has.

use protocol::api::DocumentView;
use protocol::id::MemberId;
use serde_json::{Map, Value};

use crate::cli::error::CliError;
use crate::cli::{plain, resolve};

/// Returns the facts of a list.
pub fn facts<'v>(
    view: &'v DocumentView,
    list: &str,
) -> impl Iterator<Item = &'v Map<String, Value>> {
    let facts = view.fields.get(list).and_then(Value::as_array);
    facts.into_iter().flatten().filter_map(Value::as_object)
}

/// The offers that stand in one of these ways.
pub fn offers<'v>(
    view: &'v DocumentView,
    states: &'v [&'v str],
) -> impl Iterator<Item = &'v Map<String, Value>> {
    facts(view, "offers").filter(move |offer| states.contains(&text(offer, "state")))
}

/// Returns a word or text of a fact, empty where there is none.
pub fn text<'v>(fact: &'v Map<String, Value>, field: &str) -> &'v str {
    fact.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// Returns who wrote a fact.
pub fn by(fact: &Map<String, Value>) -> Option<MemberId> {
    fact.get("by")?.get("id")?.as_str()?.parse().ok()
}

/// Finds an offer by its id, the beginning of it, or its helper's name; the last that fits a helper.
pub fn named_offer(view: &DocumentView, name: &str) -> Result<String, CliError> {
    let all: Vec<_> = facts(view, "offers").collect();
    let called = |offer: &Map<String, Value>| offer.get("by").map(|by| by["name"] == name);
    let called = all.iter().rev().find(|offer| called(offer) == Some(true));
    if let Some(offer) = called {
        return Ok(text(offer, "id").to_owned());
    }
    let begins = |offer: &&&Map<String, Value>| {
        name.len() >= resolve::PREFIX_DIGITS_MIN && text(offer, "id").starts_with(name)
    };
    let ids = all.iter().filter(begins).map(|offer| text(offer, "id"));
    one_of(name, ids.collect())
}

/// Finds the offer that is meant: the named one, the own household's, or the only one that stands in
/// one of these ways. Where none does, the newest of the own household's is tried, and the node
/// says what is wrong with it.
pub fn offer_meant(
    view: &DocumentView,
    name: Option<&str>,
    me: MemberId,
    states: &[&str],
) -> Result<String, CliError> {
    if let Some(name) = name {
        return named_offer(view, name);
    }
    let is_requester = view.author.id == me;
    let mine = |offer: &&Map<String, Value>| is_requester || by(offer) == Some(me);
    let fits: Vec<&str> = offers(view, states)
        .filter(mine)
        .map(|offer| text(offer, "id"))
        .collect();
    match (fits.as_slice(), facts(view, "offers").filter(mine).last()) {
        ([], Some(newest)) => Ok(text(newest, "id").to_owned()),
        ([], None) => Err(CliError::NoOffer),
        _ => one_of("--offer", fits),
    }
}

fn one_of(name: &str, fits: Vec<&str>) -> Result<String, CliError> {
    match fits.as_slice() {
        [] => Err(CliError::Unknown {
            name: plain::line(name),
        }),
        [offer] => Ok((*offer).to_owned()),
        several => Err(CliError::Ambiguous {
            name: plain::line(name),
            candidates: several.iter().map(|offer| (*offer).to_owned()).collect(),
        }),
    }
}
