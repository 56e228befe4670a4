//! Standing offers: what a household is glad to do for neighbours, until it says otherwise.
//!
//! Nothing is matched here: who needs help asks in a request of its own, or in a comment.

use crate::api::{NextActor, NextStep, WaitingReason};
use crate::id::MemberId;
use crate::intent::Scalar;
use crate::limits::{BODY_CHARS_MAX, LINE_CHARS_MAX, REASON_CHARS_MAX, TITLE_CHARS_MAX};

use super::request::{CATEGORIES, DAY_MS, REMINDER_MS};
use super::{
    Constant, Course, Editor, Facts, Field, Kind, List, Marks, NewFact, Next, Puts, Shape, State,
    Untimely, Wait, Who, no_hiding, no_readers, no_rule,
};

/// How long an offer stands, and stands again each time it is renewed.
const LIFETIME_MS: i64 = 90 * DAY_MS;

pub(super) static STANDING_OFFER: Kind = Kind {
    code: 8,
    name: "standing-offer",
    plural: "standing-offers",
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
        Field::line("when", LINE_CHARS_MAX).set_by(Who::Creator),
        Field::line("building", LINE_CHARS_MAX).set_by(Who::Creator),
        Field::new("expires_ms", Shape::TimeMs)
            .required()
            .set_by(Who::Creator)
            .filled(expiry),
    ],
    lists: &[
        List {
            name: "renewals",
            item: "renewal",
            appenders: Who::Creator,
            fields: &[],
        },
        List {
            name: "withdrawals",
            item: "withdrawal",
            appenders: Who::Creator,
            fields: &[Field::line("reason", REASON_CHARS_MAX)],
        },
    ],
    rule: no_rule,
    state,
    waits,
    readers: no_readers,
    hides: no_hiding,
    states: &["standing", "expired", "withdrawn"],
    turns: &[("standing", "expired")],
    course: Some(&Course {
        next,
        marks,
        objection,
    }),
};

fn expiry(puts: &Puts<'_>) -> Option<Scalar> {
    Some(Scalar::Int(puts.editor.time_ms.saturating_add(LIFETIME_MS)))
}

/// Until when it stands; none once it is withdrawn.
fn stands_until_ms(facts: &Facts<'_>) -> Option<i64> {
    if facts.list("withdrawals").next().is_some() {
        return None;
    }
    let renewed = facts.list("renewals");
    let renewed = renewed.map(|item| item.time_ms.saturating_add(LIFETIME_MS));
    let said = facts.number("expires_ms").unwrap_or(i64::MAX);
    Some(renewed.fold(said, i64::max))
}

fn state(facts: &Facts<'_>) -> Option<State> {
    Some(match stands_until_ms(facts) {
        Some(until_ms) => State {
            name: "standing",
            until_ms: Some(until_ms),
        },
        None => State::lasting("withdrawn"),
    })
}

fn waits(facts: &Facts<'_>, member: MemberId) -> Vec<Wait> {
    let until_ms = stands_until_ms(facts).filter(|_| member == facts.creator);
    let waits = until_ms.map(|until_ms| {
        let from_ms = until_ms.saturating_sub(REMINDER_MS);
        let expires = Wait::new(WaitingReason::ExpiresSoon).from(Some(from_ms));
        expires.until(Some(until_ms))
    });
    waits.into_iter().collect()
}

fn next(facts: &Facts<'_>) -> Vec<Next> {
    let until_ms = stands_until_ms(facts);
    let next = until_ms.map(|until_ms| {
        let renew = Next::new(NextStep::Renew, NextActor::Requester).of([facts.creator]);
        renew.from(Some(until_ms))
    });
    next.into_iter().collect()
}

fn marks(_: &Facts<'_>) -> Marks {
    Marks::new()
}

fn objection(facts: &Facts<'_>, _: &Editor<'_>, _: &NewFact<'_>) -> Option<Untimely> {
    stands_until_ms(facts)
        .is_none()
        .then_some(Untimely::Withdrawn)
}
