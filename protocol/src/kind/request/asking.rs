//! Whom a request asks for what: who acts next, and what waits for one member.

use crate::api::{NextActor, NextStep, WaitingReason};
use crate::id::MemberId;
use crate::kind::{Facts, Next, Wait};

use super::course::{Matching, Stands};
use super::{
    DAY_MS, OTHER_BUILDINGS_AFTER_MS, REMINDER_MS, REOPENING_MS, STEWARDS_AFTER_MS,
    URGENT_REMINDER_MS,
};

/// When an urgent request asks whom.
struct Widening {
    stewards_ms: i64,
    other_buildings_ms: i64,
}

impl Widening {
    const fn of(matching: &Matching) -> Self {
        let since_ms = matching.asks_since_ms;
        Self {
            stewards_ms: since_ms.saturating_add(STEWARDS_AFTER_MS),
            other_buildings_ms: since_ms.saturating_add(OTHER_BUILDINGS_AFTER_MS),
        }
    }
}

/// Says who acts next.
pub fn next(facts: &Facts<'_>) -> Vec<Next> {
    let matching = Matching::of(facts);
    let requester = |step| Next::new(step, NextActor::Requester).of([facts.creator]);
    let expires_ms = Some(matching.expires_ms);
    let mut next = Vec::new();
    match matching.state().name {
        "open" => {
            next.extend(offers_wanted(facts, &matching));
            next.push(requester(NextStep::Renew).from(expires_ms));
        }
        "offered" => {
            let choose = requester(NextStep::Choose).by(expires_ms).until(expires_ms);
            if matching.has_choice() {
                next.push(choose);
            } else {
                next.extend(offers_wanted(facts, &matching));
            }
            next.extend(of_helpers(facts, &matching));
            next.push(requester(NextStep::Renew).from(expires_ms));
        }
        "double-booked" => next.push(requester(NextStep::ChooseOne)),
        "matched" => next.extend(of_helpers(facts, &matching)),
        "in-progress" => {
            next.extend(of_helpers(facts, &matching));
            if matching.has_room() && matching.has_choice() {
                next.push(requester(NextStep::Choose));
            }
        }
        "done" => {
            let until_ms = matching.state().until_ms;
            next.push(requester(NextStep::Confirm).by(until_ms).until(until_ms));
        }
        _ => {}
    }
    next
}

/// Who may offer: everybody, or for an urgent request first the building, then the stewards, then
/// the other buildings.
fn offers_wanted(facts: &Facts<'_>, matching: &Matching) -> Vec<Next> {
    let expires_ms = Some(matching.expires_ms);
    let offer = |who| Next::new(NextStep::Offer, who).by(expires_ms);
    if !facts.flag("urgent") {
        return vec![offer(NextActor::Anyone).until(expires_ms)];
    }
    let widening = Widening::of(matching);
    let before = |time_ms: i64| Some(time_ms.min(matching.expires_ms));
    vec![
        offer(NextActor::Building).until(before(widening.stewards_ms)),
        offer(NextActor::Stewards)
            .from(Some(widening.stewards_ms))
            .until(before(widening.other_buildings_ms)),
        offer(NextActor::Anyone)
            .from(Some(widening.other_buildings_ms))
            .until(expires_ms),
    ]
}

fn of_helpers(facts: &Facts<'_>, matching: &Matching) -> Vec<Next> {
    let standing = |stands: Stands| -> Vec<MemberId> {
        let offers = matching.offers.values();
        let offers = offers.filter(|offer| offer.stands == stands);
        offers.map(|offer| offer.by).collect()
    };
    let mut next = Vec::new();
    for (stands, step, by) in [
        (Stands::Accepted, NextStep::ConfirmTime, "from_ms"),
        (Stands::UnderWay, NextStep::SayDone, "until_ms"),
    ] {
        let members = standing(stands);
        if !members.is_empty() {
            let by_ms = facts.number(by);
            next.push(Next::new(step, NextActor::Helpers).of(members).by(by_ms));
        }
    }
    next
}

/// Says what waits for a member.
pub fn waits(facts: &Facts<'_>, member: MemberId) -> Vec<Wait> {
    let matching = Matching::of(facts);
    let mut waits = match member == facts.creator {
        true => of_requester(facts, &matching),
        false => of_neighbour(facts, &matching, member),
    };
    let about = matching.no_shows.values();
    let about = about.filter(|said| said.about == member && !said.replied);
    for said in about {
        let wait = Wait::new(WaitingReason::AnswerNoShow).from(Some(said.since_ms));
        waits.push(wait.until(Some(said.lapses_ms())));
    }
    if matching.awaits_assent_of(member)
        && let Some((_, over_ms)) = matching.over
    {
        let until_ms = over_ms.saturating_add(REOPENING_MS);
        waits.push(Wait::new(WaitingReason::Assent).until(Some(until_ms)));
    }
    waits
}

fn of_requester(facts: &Facts<'_>, matching: &Matching) -> Vec<Wait> {
    let state = matching.state();
    let mut waits = Vec::new();
    match state.name {
        "done" => waits.push(Wait::new(WaitingReason::ConfirmCompletion).until(state.until_ms)),
        "double-booked" => waits.push(Wait::new(WaitingReason::DoubleBooked)),
        "offered" | "open" => {
            if matching.has_choice() {
                waits.push(Wait::new(WaitingReason::ChooseOffer).until(state.until_ms));
            }
            let before_ms = match facts.flag("urgent") {
                true => URGENT_REMINDER_MS,
                false => REMINDER_MS,
            };
            let from_ms = state.until_ms.map(|until| until.saturating_sub(before_ms));
            let expires = Wait::new(WaitingReason::ExpiresSoon).from(from_ms);
            waits.push(expires.until(state.until_ms));
        }
        // A request with several places may be under way while others still offer.
        "in-progress" if matching.has_room() && matching.has_choice() => {
            let until_ms = Some(matching.expires_ms);
            waits.push(Wait::new(WaitingReason::ChooseOffer).until(until_ms));
        }
        _ => {}
    }
    let mut offers = matching.offers.values();
    if !matching.is_over()
        && offers.any(|offer| offer.stands == Stands::Accepted)
        && let Some(from_ms) = facts.number("from_ms")
    {
        waits.push(Wait::new(WaitingReason::CheckInMissed).from(Some(from_ms)));
    }
    waits
}

fn of_neighbour(facts: &Facts<'_>, matching: &Matching, member: MemberId) -> Vec<Wait> {
    if matching.is_over() {
        return Vec::new();
    }
    let mut waits = Vec::new();
    let is = |stands| {
        let mut own = matching.offers_of(member);
        own.any(|offer| offer.stands == stands)
    };
    if is(Stands::Accepted) {
        waits.push(Wait::new(WaitingReason::ConfirmTime));
    }
    let under_way = matching.offers_of(member);
    let under_way = under_way.filter(|offer| offer.stands == Stands::UnderWay);
    if let Some(since_ms) = under_way.filter_map(|offer| offer.under_way_ms).max() {
        let from_ms = facts.number("until_ms");
        let from_ms = from_ms.unwrap_or(since_ms.saturating_add(DAY_MS));
        waits.push(Wait::new(WaitingReason::SayDone).from(Some(from_ms)));
    }
    let mut own = matching.offers_of(member);
    if matching.has_room() && own.any(|offer| offer.stands == Stands::Offered && offer.again) {
        let again = Wait::new(WaitingReason::StandbyAgain).while_unread();
        waits.push(again.until(Some(matching.expires_ms)));
    }
    if facts.flag("urgent") && matching.state().name == "open" {
        let widening = Widening::of(matching);
        let expires_ms = Some(matching.expires_ms);
        for (why, from_ms) in [
            (WaitingReason::UrgentNearby, None),
            (WaitingReason::UrgentUnanswered, Some(widening.stewards_ms)),
            (
                WaitingReason::UrgentWidened,
                Some(widening.other_buildings_ms),
            ),
        ] {
            waits.push(Wait::new(why).from(from_ms).until(expires_ms));
        }
    }
    waits
}
