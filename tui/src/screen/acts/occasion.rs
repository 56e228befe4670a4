//! When an act is worth offering: by whom, in which states, about what.

use protocol::api::{Completeness, DetailView, DocumentView};
use protocol::kind::{FOR_HOUSEHOLD, Kinds, List, Who};
use serde_json::{Map, Value};

use super::super::composer::acted_for;
use super::super::document_row::title;
use super::act::{Act, Fact, facts, is_own, name_of};
use super::moderating;
use crate::app::Context;

/// Who may be offered an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// Who wrote the document.
    Creator,
    /// Who has offered.
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
    /// Each helper of more than are wanted.
    WhomToKeep,
    /// Each offer by which something was done or changed hands.
    Helped,
    /// What the other side says, as far as it waits for the own household.
    Said,
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
const HELPING: &[&str] = &["offered", "matched", "in-progress", "double-booked"];
const CLOSED: &[&str] = &["done", "gone", "confirmed", "closed-unconfirmed"];
/// States in which the other side may still be answered.
const AFTERWARDS: &[&str] = &[
    "open",
    "offered",
    "matched",
    "in-progress",
    "double-booked",
    "done",
    "gone",
    "confirmed",
    "closed-unconfirmed",
    "expired",
    "cancelled",
    "merged",
];

/// What is worth offering, the likeliest first.
const OCCASIONS: &[Occasion] = &[
    occasion(
        "request",
        "withdrawals",
        By::Creator,
        &["double-booked"],
        About::WhomToKeep,
    ),
    occasion(
        "request",
        "acceptances",
        By::Creator,
        &["open", "offered", "in-progress"],
        About::OpenOffers,
    ),
    occasion(
        "request",
        "handovers",
        By::Creator,
        ASKING,
        About::OpenOffers,
    ),
    occasion(
        "request",
        "confirmations",
        By::Creator,
        &["done", "closed-unconfirmed", "gone"],
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
        HELPING,
        About::OwnOffer,
    ),
    occasion(
        "request",
        "no_shows",
        By::Creator,
        HELPING,
        About::AcceptedOffers,
    ),
    occasion("request", "no_shows", By::Helper, HELPING, About::OwnOffer),
    occasion("request", "thanks", By::Creator, CLOSED, About::Helped),
    occasion("request", "replies", By::Creator, AFTERWARDS, About::Said),
    occasion("request", "replies", By::Helper, AFTERWARDS, About::Said),
    occasion("request", "assents", By::Creator, CLOSED, About::Said),
    occasion("request", "assents", By::Helper, CLOSED, About::Said),
    occasion(
        "request",
        "renewals",
        By::Creator,
        &["open", "offered", "expired"],
        About::Document,
    ),
    occasion(
        "request",
        "reopenings",
        By::Creator,
        &[
            "done",
            "gone",
            "confirmed",
            "closed-unconfirmed",
            "cancelled",
            "merged",
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
        "standing-offer",
        "renewals",
        By::Creator,
        &["standing", "expired"],
        About::Document,
    ),
    occasion(
        "standing-offer",
        "withdrawals",
        By::Creator,
        &["standing", "expired"],
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
    acts.extend(acknowledgements_for_others(view, context));
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

/// Adds that a request can be closed for others that ask for the same: before what is about words in
/// confidence, and before erasing.
pub(crate) fn with_merges(
    mut acts: Vec<Act>,
    similar: &[DocumentView],
    context: &Context<'_>,
) -> Vec<Act> {
    let place = acts.iter().position(|act| !matches!(act, Act::Fact(_)));
    let merges = similar.iter().map(|other| Act::Merge {
        into: other.id,
        title: title(other, context),
    });
    let place = place.unwrap_or(acts.len());
    acts.splice(place..place, merges);
    acts
}

/// What an author may do beside writing facts.
fn for_the_author(view: &DocumentView, details: &[DetailView]) -> Vec<Act> {
    let own = details.iter().find(|detail| detail.by.id == view.author.id);
    let state = view.state.as_deref().unwrap_or_default();
    let is_asking = view.kind == "request" && (ASKING.contains(&state) || HELPING.contains(&state));
    let mut acts = Vec::new();
    if view.kind == "notice" && ["published", "corrected", "expired"].contains(&state) {
        acts.push(Act::Again {
            is_acknowledged: view.asks_for_acknowledgement(),
        });
    }
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
        // What the node would refuse a guest is not offered.
        if context.known.is_guest() && matches!(list.appenders, Who::Members | Who::Others) {
            continue;
        }
        if occasion.list == "acknowledgements" && !wants_acknowledgement(view, context) {
            continue;
        }
        let named: Vec<&Offer> = match occasion.about {
            About::Document => {
                acts.push(Act::Fact(Fact {
                    list,
                    names: None,
                    of: None,
                    for_household: None,
                }));
                continue;
            }
            // Of several places, who leaves is released one by one.
            About::WhomToKeep if view.fields.get("places") != Some(&Value::from(1)) => continue,
            About::WhomToKeep => {
                acts.extend(offers.whom_to_keep());
                continue;
            }
            About::Said => {
                acts.extend(said(view, list, context));
                continue;
            }
            About::OpenOffers if list.name == "handovers" && !is_about_goods(view) => continue,
            About::OpenOffers => offers.of_state(&["offered"]),
            About::AcceptedOffers => match list.name {
                "no_shows" | "completions" => offers.of_state(&["accepted", "under-way"]),
                _ => offers.of_state(TAKEN),
            },
            About::Helped => offers.of_state(&["done", "gone"]),
            About::OwnOffer => {
                // Who was not accepted has nothing to confirm or to finish.
                let mut own = match list.name {
                    "check_ins" => offers.of_state(&["accepted"]),
                    "completions" | "no_shows" => offers.of_state(&["accepted", "under-way"]),
                    _ => offers.of_state(&["offered", "standby", "accepted", "under-way"]),
                };
                own.retain(|offer| offer.own);
                own
            }
        };
        acts.extend(named.into_iter().map(|offer| {
            Act::Fact(Fact {
                list,
                names: Some(offer.id.clone()),
                of: (!offer.own).then(|| offer.by.clone()),
                for_household: None,
            })
        }));
    }
    acts
}

fn wants_acknowledgement(view: &DocumentView, context: &Context<'_>) -> bool {
    // One may acknowledge for another household; that says nothing for one's own. What a neighbour
    // wrote down ends nothing; the own word does, and the issuer's.
    let me = context.known.me().map(|me| me.to_string());
    let issuer = view.author.id.to_string();
    let is_issuers = |fact: &Map<String, Value>| {
        let by = fact.get("by").and_then(|by| by.get("id"));
        by.and_then(Value::as_str) == Some(issuer.as_str())
    };
    view.asks_for_acknowledgement()
        && !view.standing_acknowledgements().any(|fact| {
            !fact.contains_key(FOR_HOUSEHOLD.name)
                && match fact.get("household") {
                    Some(household) => {
                        household.as_str().map(str::to_owned) == me
                            && (is_own(fact, context) || is_issuers(fact))
                    }
                    None => is_own(fact, context),
                }
        })
}

/// Acknowledgements for households without a device for which one acts, where they lack.
fn acknowledgements_for_others(view: &DocumentView, context: &Context<'_>) -> Vec<Act> {
    let list = Kinds::standard()
        .by_name(&view.kind)
        .and_then(|kind| kind.list("acknowledgements"));
    let stands = matches!(view.state.as_deref(), Some("published" | "corrected"));
    let Some(list) = list.filter(|_| stands) else {
        return Vec::new();
    };
    let lacking = acted_for(context).iter();
    let lacking = lacking.filter(|household| view.lacks_acknowledgement_for(household));
    lacking
        .map(|household| {
            Act::Fact(Fact {
                list,
                names: None,
                of: Some(context.words.recorded(household)),
                for_household: Some(household.id),
            })
        })
        .collect()
}

/// Offers whose helpers have a place.
const TAKEN: &[&str] = &["accepted", "under-way"];

fn is_about_goods(view: &DocumentView) -> bool {
    view.fields.get("category").and_then(Value::as_str) == Some("goods")
}

fn text<'v>(fact: &'v Map<String, Value>, field: &str) -> Option<&'v str> {
    fact.get(field).and_then(Value::as_str)
}

/// What the other side said and the own household may answer: a missed appointment, minutes, or
/// thanks that everybody may see.
fn said(view: &DocumentView, list: &'static List, context: &Context<'_>) -> Vec<Act> {
    let lists: &[&str] = match list.name {
        "replies" => &["no_shows"],
        _ => &["completions", "confirmations", "thanks"],
    };
    let naming = list.fields.first().map_or("", |field| field.name);
    let own_offer = |id: &str| {
        let mut offers = facts(view, "offers");
        offers.any(|offer| text(offer, "id") == Some(id) && is_own(offer, context))
    };
    let mut acts = Vec::new();
    for fact in lists.iter().flat_map(|list| facts(view, list)) {
        let Some(id) = text(fact, "id").filter(|_| !is_own(fact, context)) else {
            continue;
        };
        let to_me = match text(fact, "offer") {
            Some(offer) => own_offer(offer) || context.known.me() == Some(view.author.id),
            None => true,
        };
        let asks = list.name == "replies"
            || fact.contains_key("minutes")
            || fact.get("public") == Some(&Value::Bool(true));
        let mut answers = facts(view, list.name);
        let answered =
            answers.any(|answer| text(answer, naming) == Some(id) && is_own(answer, context));
        if to_me && asks && !answered {
            acts.push(Act::Fact(Fact {
                list,
                names: Some(id.to_owned()),
                of: Some(name_of(fact, context)),
                for_household: None,
            }));
        }
    }
    acts
}

/// An offer.
struct Offer {
    id: String,
    by: String,
    own: bool,
    /// How it stands, in the node's word.
    state: String,
}

/// The offers of a request.
struct Offers {
    all: Vec<Offer>,
}

impl Offers {
    fn of(view: &DocumentView, context: &Context<'_>) -> Self {
        let offers = facts(view, "offers").filter_map(|fact| {
            Some(Offer {
                id: text(fact, "id")?.to_owned(),
                by: name_of(fact, context),
                own: is_own(fact, context),
                state: text(fact, "state")?.to_owned(),
            })
        });
        Self {
            all: offers.collect(),
        }
    }

    fn of_state(&self, states: &[&str]) -> Vec<&Offer> {
        let offers = self.all.iter();
        offers
            .filter(|offer| states.contains(&offer.state.as_str()))
            .collect()
    }

    fn whom_to_keep(&self) -> Vec<Act> {
        let taken = self.of_state(TAKEN);
        let keep = |kept: &&Offer| Act::Keep {
            name: kept.by.clone(),
            others: taken
                .iter()
                .filter(|offer| offer.id != kept.id)
                .map(|offer| offer.id.clone())
                .collect(),
        };
        taken.iter().map(keep).collect()
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

    /// Whether nothing stands of what the own household offered.
    fn own_withdrawn(&self) -> bool {
        let mut own = self.all.iter().filter(|offer| offer.own);
        own.all(|offer| matches!(offer.state.as_str(), "withdrawn" | "missed"))
    }
}
