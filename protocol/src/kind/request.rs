//! Help requests: somebody needs a hand or a thing, others offer, and it visibly closes.
//!
//! Offers, acceptances and all that follows are facts by those who say them; the state is what they
//! amount to. Phone numbers and door numbers have no place here (rule R17).

mod asking;
mod course;
mod objecting;

use std::collections::BTreeSet;

use crate::id::MemberId;
use crate::intent::Scalar;
use crate::limits::{BODY_CHARS_MAX, LINE_CHARS_MAX, REASON_CHARS_MAX, TITLE_CHARS_MAX};

use super::{
    Constant, Course, FOR_HOUSEHOLD, Facts, Field, Kind, List, Puts, RuleBreach, Shape, State, Who,
    no_hiding,
};

use course::Matching;

/// What requests and standing offers are about.
pub(super) const CATEGORIES: &[&str] = &["errand", "goods", "visit", "skill", "other"];
const MINUTE_MS: i64 = 60 * 1_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
pub(super) const DAY_MS: i64 = 24 * HOUR_MS;
const URGENT_LIFETIME_MS: i64 = DAY_MS;
const LIFETIME_MS: i64 = 14 * DAY_MS;
/// How long the requester may take to confirm.
const CONFIRMATION_MS: i64 = 7 * DAY_MS;
/// How long what is over can be opened again. Both times are claimed by their authors: a wrong clock
/// gains nothing, for a new request can always be posted (decision 0014).
const REOPENING_MS: i64 = 14 * DAY_MS;
/// How long what is said about a missed appointment is shown.
const NO_SHOW_MS: i64 = 90 * DAY_MS;
/// After how long without an offer an urgent request also asks the stewards.
const STEWARDS_AFTER_MS: i64 = 30 * MINUTE_MS;
/// After how long without an offer an urgent request also asks the other buildings.
const OTHER_BUILDINGS_AFTER_MS: i64 = 2 * HOUR_MS;
/// More helpers than any request of one household needs.
const PLACES_MAX: i64 = 100;
/// The longest help that is told as one: a week.
const MINUTES_MAX: i64 = 7 * 24 * 60;
/// How long before a request expires its author is reminded.
pub(super) const REMINDER_MS: i64 = DAY_MS;
/// The same for an urgent one, which stands for a day only.
const URGENT_REMINDER_MS: i64 = 4 * HOUR_MS;

const REASON: Field = Field::line("reason", REASON_CHARS_MAX);
const OFFER: Field = Field::new("offer", Shape::Item);
/// How long the help took, as one side proposes it.
const MINUTES: Field = Field::new(
    "minutes",
    Shape::Number {
        min: 1,
        max: MINUTES_MAX,
    },
);

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
        FOR_HOUSEHOLD,
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
        list(
            "completions",
            "completion",
            Who::Members,
            &[OFFER.required(), MINUTES],
        ),
        // Goods go without matching: the requester says whose thing it got.
        list("handovers", "handover", Who::Creator, NAMED_OFFER),
        list("confirmations", "confirmation", Who::Creator, &[MINUTES]),
        list(
            "thanks",
            "thank",
            Who::Creator,
            &[
                OFFER.required(),
                Field::paragraphs("words", BODY_CHARS_MAX).required(),
                Field::flag("public"),
            ],
        ),
        // The other side agrees to the minutes of a completion or confirmation, or that thanks are
        // shown to everybody.
        list(
            "assents",
            "assent",
            Who::Members,
            &[Field::new("to", Shape::Item).required()],
        ),
        // Either side says that the other did not come.
        list(
            "no_shows",
            "no_show",
            Who::Members,
            &[
                OFFER.required(),
                Field::line("statement", REASON_CHARS_MAX).required(),
            ],
        ),
        list(
            "replies",
            "reply",
            Who::Members,
            &[
                Field::new("no_show", Shape::Item).required(),
                Field::paragraphs("answer", BODY_CHARS_MAX).required(),
            ],
        ),
        list("renewals", "renewal", Who::Creator, &[]),
        list("cancellations", "cancellation", Who::Creator, &[REASON]),
        list("reopenings", "reopening", Who::Creator, &[REASON]),
        // The same is asked for elsewhere; both stay readable.
        list(
            "merges",
            "merge",
            Who::Creator,
            &[Field::new("into", Shape::Document).required()],
        ),
    ],
    rule,
    state,
    waits: asking::waits,
    readers,
    hides: no_hiding,
    states: &[
        "open",
        "offered",
        "matched",
        "double-booked",
        "in-progress",
        "done",
        "gone",
        "confirmed",
        "closed-unconfirmed",
        "expired",
        "cancelled",
        "merged",
    ],
    turns: &[
        ("open", "expired"),
        ("offered", "expired"),
        ("done", "closed-unconfirmed"),
    ],
    course: Some(&Course {
        next: asking::next,
        marks,
        objection: objecting::objection,
    }),
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
    let lifetime_ms = lifetime_ms(puts.flag("urgent"));
    Some(Scalar::Int(puts.editor.time_ms.saturating_add(lifetime_ms)))
}

const fn lifetime_ms(urgent: bool) -> i64 {
    match urgent {
        true => URGENT_LIFETIME_MS,
        false => LIFETIME_MS,
    }
}

fn state(facts: &Facts<'_>) -> Option<State> {
    Some(Matching::of(facts).state())
}

fn marks(facts: &Facts<'_>) -> super::Marks {
    Matching::of(facts).marks(facts)
}

/// A contact is for whoever helps, and a helper's for the requester.
fn readers(facts: &Facts<'_>, author: MemberId) -> BTreeSet<MemberId> {
    let matching = Matching::of(facts);
    if matching.is_over() {
        return BTreeSet::new();
    }
    let mut helpers = matching.helpers();
    if author == facts.creator {
        return helpers;
    }
    match helpers.remove(&author) {
        true => [facts.creator].into(),
        false => BTreeSet::new(),
    }
}
