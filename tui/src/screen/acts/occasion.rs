//! When an act is worth offering: by whom, in which states, about what.

use protocol::api::{Completeness, DetailView, DocumentView};
use protocol::kind::Kinds;
use serde_json::{Map, Value};

use super::act::{Act, Fact, facts, is_own, name_of};
use super::moderating;
use crate::app::Context;

/// Who may be offered an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// Who wrote the document.
    Creator,
    /// Who has an offer that stands.
    Helper,
    /// Everybody else.
    Other,
}

/// What an act is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    /// The document.
    Document,
    /// Each offer that stands and was not accepted.
    OpenOffers,
    /// Each offer that was accepted.
    AcceptedOffers,
    /// The own offer.
    OwnOffer,
}

/// When an act is worth offering.
struct Occasion {
    kind: &'static str,
    list: &'static str,
    by: By,
    states: &'static [&'static str],
    about: About,
}

const fn occasion(
    kind: &'static str,
    list: &'static str,
    by: By,
    states: &'static [&'static str],
    about: About,
) -> Occasion {
    Occasion {
        kind,
        list,
        by,
        states,
        about,
    }
}

const ASKING: &[&str] = &["open", "offered"];
const HELPING: &[&str] = &["matched", "in-progress", "double-booked"];

/// What is worth offering, the likeliest first.
const OCCASIONS: &[Occasion] = &[
    occasion(
        "request",
        "acceptances",
        By::Creator,
        ASKING,
        About::OpenOffers,
    ),
    occasion(
        "request",
        "confirmations",
        By::Creator,
        &["done", "closed-unconfirmed"],
        About::Document,
    ),
    occasion("request", "offers", By::Other, ASKING, About::Document),
    occasion("request", "check_ins", By::Helper, HELPING, About::OwnOffer),
    occasion(
        "request",
        "completions",
        By::Helper,
        HELPING,
        About::OwnOffer,
    ),
    occasion(
        "request",
        "completions",
        By::Creator,
        HELPING,
        About::AcceptedOffers,
    ),
    occasion(
        "request",
        "withdrawals",
        By::Creator,
        HELPING,
        About::AcceptedOffers,
    ),
    occasion(
        "request",
        "withdrawals",
        By::Helper,
        &["offered", "matched", "in-progress", "double-booked"],
        About::OwnOffer,
    ),
    occasion(
        "request",
        "reopenings",
        By::Creator,
        &[
            "done",
            "confirmed",
            "closed-unconfirmed",
            "expired",
            "cancelled",
        ],
        About::Document,
    ),
    occasion(
        "request",
        "cancellations",
        By::Creator,
        ASKING,
        About::Document,
    ),
    occasion(
        "notice",
        "acknowledgements",
        By::Other,
        &["published", "corrected"],
        About::Document,
    ),
    occasion(
        "notice",
        "withdrawals",
        By::Creator,
        &["published", "corrected"],
        About::Document,
    ),
    occasion(
        "plan",
        "steps",
        By::Creator,
        &["proposed", "planning", "published", "running", "postponed"],
        About::Document,
    ),
];

/// Returns what the reader may do with a document of which this was told in confidence, the
/// likeliest first.
pub fn possible(view: &DocumentView, details: &[DetailView], context: &Context<'_>) -> Vec<Act> {
    let mut acts = facts_to_write(view, context);
    acts.extend(moderating::possible(view, context));
    // The log of moderation is everybody's.
    if context.known.me() == Some(view.author.id)
        && view.completeness != Completeness::Erased
        && view.kind != "moderation"
    {
        acts.extend(for_the_author(view, details));
    }
    acts
}

/// What an author may do beside writing facts.
fn for_the_author(view: &DocumentView, details: &[DetailView]) -> Vec<Act> {
    let own = details.iter().find(|detail| detail.by.id == view.author.id);
    let state = view.state.as_deref().unwrap_or_default();
    let is_asking = view.kind == "request" && (ASKING.contains(&state) || HELPING.contains(&state));
    let mut acts = Vec::new();
    if own.is_some() || is_asking {
        acts.push(Act::TellContact(own.and_then(|own| own.text.clone())));
    }
    if own.is_some() {
        acts.push(Act::EraseContact);
    }
    acts.push(Act::Erase);
    acts
}

fn facts_to_write(view: &DocumentView, context: &Context<'_>) -> Vec<Act> {
    let Some(kind) = Kinds::standard().by_name(&view.kind) else {
        return Vec::new();
    };
    let Some(state) = view.state.as_deref() else {
        return Vec::new();
    };
    let offers = Offers::of(view, context);
    let by = offers.reader(view, context);
    let mut acts = Vec::new();
    for occasion in OCCASIONS {
        let fits = occasion.kind == view.kind
            && occasion.states.contains(&state)
            && (occasion.by == by
                || occasion.list == "offers" && by == By::Helper && offers.own_withdrawn());
        let Some(list) = kind.list(occasion.list).filter(|_| fits) else {
            continue;
        };
        if occasion.list == "acknowledgements" && !wants_acknowledgement(view, context) {
            continue;
        }
        let named: Vec<&Offer> = match occasion.about {
            About::Document => {
                acts.push(Act::Fact(Fact {
                    list,
                    offer: None,
                    offered_by: None,
                }));
                continue;
            }
            About::OpenOffers => offers.all.iter().filter(|offer| !offer.accepted).collect(),
            About::AcceptedOffers => offers.all.iter().filter(|offer| offer.accepted).collect(),
            About::OwnOffer => {
                let own = offers.all.iter().filter(|offer| offer.own);
                // Who was not accepted has nothing to confirm or to finish.
                own.filter(|offer| match occasion.list {
                    "check_ins" => offer.accepted && !offer.under_way,
                    "completions" => offer.accepted,
                    _ => true,
                })
                .collect()
            }
        };
        acts.extend(named.into_iter().map(|offer| {
            Act::Fact(Fact {
                list,
                offer: Some(offer.id.clone()),
                offered_by: (!offer.own).then(|| offer.by.clone()),
            })
        }));
    }
    acts
}

fn wants_acknowledgement(view: &DocumentView, context: &Context<'_>) -> bool {
    let asked = view.fields.get("ack") == Some(&Value::Bool(true));
    // One may acknowledge for a household without a device; that says nothing for one's own.
    let me = context.known.me().map(|me| me.to_string());
    let time_of = |fact: &Map<String, Value>| fact.get("time_ms").and_then(Value::as_i64);
    let material = facts(view, "corrections");
    let material = material.filter(|fact| fact.get("material") == Some(&Value::Bool(true)));
    // A material correction voids what was said before it.
    let voided_ms = material.filter_map(time_of).max();
    let given = facts(view, "acknowledgements").any(|fact| {
        let stands = time_of(fact) >= voided_ms;
        stands
            && match fact.get("household") {
                Some(household) => household.as_str().map(str::to_owned) == me,
                None => is_own(fact, context),
            }
    });
    asked && !given
}

/// An offer that stands.
struct Offer {
    id: String,
    by: String,
    own: bool,
    accepted: bool,
    /// Whether its helper has confirmed the time.
    under_way: bool,
}

/// The offers of a request that stand.
struct Offers {
    all: Vec<Offer>,
}

impl Offers {
    fn of(view: &DocumentView, context: &Context<'_>) -> Self {
        let named = |list: &str, id: &str| {
            let mut of_offer = facts(view, list);
            of_offer.any(|fact| fact.get("offer").and_then(Value::as_str) == Some(id))
        };
        let mut all = Vec::new();
        for fact in facts(view, "offers") {
            let Some(id) = fact.get("id").and_then(Value::as_str) else {
                continue;
            };
            let own = is_own(fact, context);
            let withdrawn = facts(view, "withdrawals").any(|withdrawal| {
                withdrawal.get("offer").and_then(Value::as_str) == Some(id)
                    && withdrawal.get("by") == fact.get("by")
            });
            if withdrawn {
                continue;
            }
            all.push(Offer {
                id: id.to_owned(),
                by: name_of(fact, context),
                own,
                accepted: named("acceptances", id) && !named("withdrawals", id),
                under_way: named("check_ins", id),
            });
        }
        Self { all }
    }

    fn reader(&self, view: &DocumentView, context: &Context<'_>) -> By {
        if context.known.me() == Some(view.author.id) {
            By::Creator
        } else if self.all.iter().any(|offer| offer.own) {
            By::Helper
        } else {
            By::Other
        }
    }

    fn own_withdrawn(&self) -> bool {
        !self.all.iter().any(|offer| offer.own)
    }
}
