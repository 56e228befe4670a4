//! Help requests: somebody needs a hand or a thing, others offer, and it visibly closes.
//!
//! Offers, acceptances and all that follows are facts by those who say them; the state is what they
//! amount to. Phone numbers and door numbers have no place here (rule R17).

use std::collections::{BTreeMap, BTreeSet};

use crate::api::WaitingReason;
use crate::id::MemberId;
use crate::intent::Scalar;
use crate::limits::{BODY_CHARS_MAX, LINE_CHARS_MAX, REASON_CHARS_MAX, TITLE_CHARS_MAX};

use super::{
    Constant, Facts, Field, Item, ItemId, Kind, List, Puts, RuleBreach, Shape, State, Wait, Who,
    no_hiding,
};

const CATEGORIES: &[&str] = &["errand", "goods", "visit", "skill", "other"];
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
const URGENT_LIFETIME_MS: i64 = DAY_MS;
const LIFETIME_MS: i64 = 14 * DAY_MS;
/// How long the requester may take to confirm.
const CONFIRMATION_MS: i64 = 7 * DAY_MS;
/// More helpers than any request of one household needs.
const PLACES_MAX: i64 = 100;
/// How long before a request expires its author is reminded.
const REMINDER_MS: i64 = DAY_MS;

const REASON: Field = Field::line("reason", REASON_CHARS_MAX);
const OFFER: Field = Field::new("offer", Shape::Item);

pub(super) static REQUEST: Kind = Kind {
    code: 2,
    name: "request",
    plural: "requests",
    aside: false,
    hideable: true,
    creators: Who::Members,
    fields: &[
        Field::line("title", TITLE_CHARS_MAX)
            .required()
            .set_by(Who::Creator),
        Field::paragraphs("body", BODY_CHARS_MAX).set_by(Who::Creator),
        Field::choice("category", CATEGORIES)
            .otherwise(Constant::Word("other"))
            .set_by(Who::Creator),
        Field::flag("urgent").set_by(Who::Creator),
        Field::line("reason", REASON_CHARS_MAX).set_by(Who::Creator),
        Field::line("when", LINE_CHARS_MAX).set_by(Who::Creator),
        Field::new("from_ms", Shape::TimeMs).set_by(Who::Creator),
        Field::new("until_ms", Shape::TimeMs).set_by(Who::Creator),
        Field::line("building", LINE_CHARS_MAX).set_by(Who::Creator),
        Field::line("place", LINE_CHARS_MAX).set_by(Who::Creator),
        Field::new(
            "places",
            Shape::Number {
                min: 1,
                max: PLACES_MAX,
            },
        )
        .otherwise(Constant::Number(1))
        .set_by(Who::Creator),
        Field::new("expires_ms", Shape::TimeMs)
            .required()
            .set_by(Who::Creator)
            .filled(expiry),
    ],
    lists: &[
        list("offers", "offer", Who::Members, OFFER_FIELDS),
        list("acceptances", "acceptance", Who::Creator, NAMED_OFFER),
        // An offer by the one who made it, or an acceptance by the one who gave it.
        list(
            "withdrawals",
            "withdrawal",
            Who::Members,
            NAMED_OFFER_AND_REASON,
        ),
        // The helper confirms the time and is on it.
        list("check_ins", "check_in", Who::Members, NAMED_OFFER),
        list("completions", "completion", Who::Members, NAMED_OFFER),
        list("confirmations", "confirmation", Who::Creator, &[]),
        list("cancellations", "cancellation", Who::Creator, &[REASON]),
        list("reopenings", "reopening", Who::Creator, &[REASON]),
    ],
    rule,
    state,
    waits,
    readers,
    hides: no_hiding,
    states: &[
        "open",
        "offered",
        "matched",
        "double-booked",
        "in-progress",
        "done",
        "confirmed",
        "closed-unconfirmed",
        "expired",
        "cancelled",
    ],
    turns: &[
        ("open", "expired"),
        ("offered", "expired"),
        ("done", "closed-unconfirmed"),
    ],
};

const OFFER_FIELDS: &[Field] = &[
    Field::paragraphs("body", BODY_CHARS_MAX).set_by(Who::Creator),
    Field::line("when", LINE_CHARS_MAX).set_by(Who::Creator),
];
const NAMED_OFFER: &[Field] = &[OFFER.required()];
const NAMED_OFFER_AND_REASON: &[Field] = &[OFFER.required(), REASON];

const fn list(
    name: &'static str,
    item: &'static str,
    appenders: Who,
    fields: &'static [Field],
) -> List {
    List {
        name,
        item,
        appenders,
        fields,
    }
}

/// Urgency is said with its reason, in one breath.
fn rule(puts: &Puts<'_>) -> Result<(), RuleBreach> {
    if puts.flag("urgent") && puts.text("reason").is_none_or(str::is_empty) {
        return Err(RuleBreach {
            field: "reason",
            what: "an urgent request gives no reason",
            advice: "say in a few words why it cannot wait",
        });
    }
    Ok(())
}

fn expiry(puts: &Puts<'_>) -> Option<Scalar> {
    let lifetime_ms = match puts.flag("urgent") {
        true => URGENT_LIFETIME_MS,
        false => LIFETIME_MS,
    };
    Some(Scalar::Int(puts.editor.time_ms.saturating_add(lifetime_ms)))
}

fn state(facts: &Facts<'_>) -> Option<State> {
    Some(Course::of(facts).state(facts))
}

/// A contact is for whoever helps, and a helper's for the requester.
fn readers(facts: &Facts<'_>, author: MemberId) -> BTreeSet<MemberId> {
    let course = Course::of(facts);
    if course.cancelled || course.confirmed {
        return BTreeSet::new();
    }
    let helpers = course.accepted.iter();
    let helpers = helpers.filter_map(|offer| course.offered.get(offer).copied());
    let mut helpers: BTreeSet<MemberId> = helpers.collect();
    if author == facts.creator {
        return helpers;
    }
    match helpers.remove(&author) {
        true => [facts.creator].into(),
        false => BTreeSet::new(),
    }
}

fn waits(facts: &Facts<'_>, member: MemberId) -> Vec<Wait> {
    let course = Course::of(facts);
    let state = course.state(facts);
    let mut waits = Vec::new();
    if member == facts.creator {
        match state.name {
            "done" => waits.push(Wait::new(WaitingReason::ConfirmCompletion).until(state.until_ms)),
            "double-booked" => waits.push(Wait::new(WaitingReason::DoubleBooked)),
            "offered" | "open" => {
                if course
                    .offered
                    .keys()
                    .any(|offer| !course.accepted.contains(offer))
                {
                    waits.push(Wait::new(WaitingReason::ChooseOffer).until(state.until_ms));
                }
                let from_ms = state
                    .until_ms
                    .map(|until| until.saturating_sub(REMINDER_MS));
                let expires = Wait::new(WaitingReason::ExpiresSoon).from(from_ms);
                waits.push(expires.until(state.until_ms));
            }
            // A request with several places may be under way while others still offer.
            "in-progress" if course.is_open_to_offers(facts) => {
                waits.push(Wait::new(WaitingReason::ChooseOffer).until(facts.number("expires_ms")));
            }
            _ => {}
        }
    } else if matches!(
        state.name,
        "offered" | "matched" | "in-progress" | "double-booked"
    ) {
        let mut accepted = course.accepted.difference(&course.under_way);
        if accepted.any(|offer| course.offered.get(offer) == Some(&member)) {
            waits.push(Wait::new(WaitingReason::ConfirmTime));
        }
    }
    waits
}

/// How far a request has come, fact by fact, causes before effects.
#[derive(Default)]
struct Course {
    /// Offers that stand, with those who made them.
    offered: BTreeMap<ItemId, MemberId>,
    /// Offers that stand and were accepted.
    accepted: BTreeSet<ItemId>,
    /// Accepted offers whose helpers are on it.
    under_way: BTreeSet<ItemId>,
    done_ms: Option<i64>,
    confirmed: bool,
    cancelled: bool,
}

impl Course {
    fn of(facts: &Facts<'_>) -> Self {
        let mut course = Self::default();
        for item in facts.items() {
            course.take(item, facts);
        }
        course
    }

    fn is_open_to_offers(&self, facts: &Facts<'_>) -> bool {
        let accepted = i64::try_from(self.accepted.len()).unwrap_or(i64::MAX);
        accepted < facts.number("places").unwrap_or(1)
            && self
                .offered
                .keys()
                .any(|offer| !self.accepted.contains(offer))
    }

    fn take(&mut self, item: &Item<'_>, facts: &Facts<'_>) {
        if item.list.name == "offers" {
            self.offered.insert(item.id, item.by);
            return;
        }
        let named = item.item("offer");
        let helper = named.and_then(|offer| self.offered.get(&offer).copied());
        let named = named.filter(|_| helper.is_some());
        // A helper speaks for its own offer only, the requester for every one.
        let by_helper = helper == Some(item.by);
        let by_requester = item.by == facts.creator;
        let accepted = named.filter(|offer| self.accepted.contains(offer));
        match item.list.name {
            "acceptances" => self.accepted.extend(named),
            "withdrawals" => {
                if let Some(offer) = named.filter(|_| by_helper || by_requester) {
                    self.accepted.remove(&offer);
                    self.under_way.remove(&offer);
                    if by_helper {
                        self.offered.remove(&offer);
                    }
                }
            }
            "check_ins" => self.under_way.extend(accepted.filter(|_| by_helper)),
            "completions" if accepted.is_some() && (by_helper || by_requester) => {
                self.done_ms = self.done_ms.or(Some(item.time_ms));
            }
            "confirmations" => self.confirmed = true,
            "cancellations" => self.cancelled = true,
            "reopenings" => {
                *self = Self {
                    offered: std::mem::take(&mut self.offered),
                    ..Self::default()
                };
            }
            _ => {}
        }
    }

    fn state(&self, facts: &Facts<'_>) -> State {
        let places = facts.number("places").unwrap_or(1);
        let accepted = i64::try_from(self.accepted.len()).unwrap_or(i64::MAX);
        if self.cancelled {
            return State::lasting("cancelled");
        }
        if self.confirmed {
            return State::lasting("confirmed");
        }
        if let Some(done_ms) = self.done_ms {
            return State {
                name: "done",
                until_ms: Some(done_ms.saturating_add(CONFIRMATION_MS)),
            };
        }
        if accepted > places {
            return State::lasting("double-booked");
        }
        if !self.under_way.is_empty() {
            return State::lasting("in-progress");
        }
        if accepted == places {
            return State::lasting("matched");
        }
        State {
            name: match self.offered.is_empty() {
                true => "open",
                false => "offered",
            },
            until_ms: facts.number("expires_ms"),
        }
    }
}
