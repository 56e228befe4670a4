//! What would be written in vain about a request as it stands. It is advice to the author alone:
//! what others write is never held against it (rule R5).

use crate::kind::drafting::Untimely;
use crate::kind::{Editor, Facts, NewFact};

use super::course::{Matching, Offer, Over, Stands};

/// Objects to a new fact that would change nothing, or that its author should think about first.
pub fn objection(facts: &Facts<'_>, editor: &Editor<'_>, new: &NewFact<'_>) -> Option<Untimely> {
    let matching = Matching::of(facts);
    let is_requester = editor.member == matching.requester;
    let expired = matching.state().until_ms;
    let expired = expired.is_some_and(|until_ms| until_ms <= editor.time_ms) && !matching.is_done();
    let offer = new.named.and_then(|named| matching.offers.get(&named));
    let needs_offer = matches!(
        new.list,
        "acceptances"
            | "withdrawals"
            | "check_ins"
            | "completions"
            | "handovers"
            | "no_shows"
            | "thanks"
    );
    if needs_offer && offer.is_none() {
        return Some(Untimely::NoSuchOffer);
    }
    let stands = offer.map(|offer| offer.stands);
    let speaks_for = |offer: &Offer| is_requester || offer.by == editor.member;
    if needs_offer && !offer.is_some_and(speaks_for) {
        return Some(Untimely::NotYourOffer);
    }
    if matching.is_over() {
        return over(&matching, editor, new);
    }
    match new.list {
        "offers" if is_requester => Some(Untimely::OwnRequest),
        "offers" | "acceptances" if expired => Some(Untimely::Expired),
        "offers" if matching.is_done() && !matching.has_room() => Some(Untimely::Over),
        "acceptances" => accepting(&matching, stands?),
        "withdrawals" => match stands? {
            Stands::Done => Some(Untimely::Done),
            Stands::Withdrawn | Stands::Missed => Some(Untimely::Withdrawn),
            Stands::Offered if is_requester => Some(Untimely::NotAccepted),
            _ => None,
        },
        "check_ins" if offer?.by != editor.member => Some(Untimely::NotYourOffer),
        "check_ins" => match stands? {
            Stands::Accepted => None,
            Stands::UnderWay => Some(Untimely::UnderWay),
            stands => not_helping(stands),
        },
        "completions" => match stands? {
            Stands::Accepted | Stands::UnderWay => None,
            stands => not_helping(stands),
        },
        "no_shows" => match stands? {
            Stands::Accepted | Stands::UnderWay => None,
            stands => not_helping(stands),
        },
        "handovers" if facts.text("category") != Some("goods") => Some(Untimely::NoGoods),
        "handovers" => match stands? {
            Stands::Withdrawn | Stands::Missed => Some(Untimely::Withdrawn),
            _ => None,
        },
        "confirmations" if !matching.is_done() => Some(Untimely::NotDone),
        "thanks" if stands? != Stands::Done => Some(Untimely::NotDone),
        "reopenings" => reopening(&matching, editor, expired),
        "replies" | "assents" => answering(&matching, editor, new),
        _ => None,
    }
}

fn accepting(matching: &Matching, stands: Stands) -> Option<Untimely> {
    match stands {
        Stands::Offered if !matching.has_room() => Some(Untimely::Full),
        Stands::Offered => None,
        Stands::Withdrawn | Stands::Missed => Some(Untimely::Withdrawn),
        Stands::Done => Some(Untimely::Done),
        Stands::Accepted | Stands::UnderWay => Some(Untimely::Accepted),
    }
}

const fn not_helping(stands: Stands) -> Option<Untimely> {
    match stands {
        Stands::Offered => Some(Untimely::NotAccepted),
        Stands::Withdrawn | Stands::Missed => Some(Untimely::Withdrawn),
        Stands::Done => Some(Untimely::Done),
        Stands::Accepted | Stands::UnderWay => None,
    }
}

/// What can still be said about a request that is over.
fn over(matching: &Matching, editor: &Editor<'_>, new: &NewFact<'_>) -> Option<Untimely> {
    match new.list {
        "confirmations" if matches!(matching.over, Some((Over::Gone, _))) => None,
        "thanks" => {
            let offer = matching.offers.get(&new.named?)?;
            let helped = offer.stands == Stands::Done || matching.gone == new.named;
            (!helped).then_some(Untimely::NotDone)
        }
        "reopenings" => reopening(matching, editor, false),
        "replies" | "assents" => answering(matching, editor, new),
        _ => Some(Untimely::Over),
    }
}

fn reopening(matching: &Matching, editor: &Editor<'_>, expired: bool) -> Option<Untimely> {
    match matching.reopens_until_ms() {
        Some(until_ms) if editor.time_ms <= until_ms => None,
        Some(_) => Some(Untimely::TooLateToReopen),
        None if expired => Some(Untimely::Expired),
        None => Some(Untimely::StillOpen),
    }
}

fn answering(matching: &Matching, editor: &Editor<'_>, new: &NewFact<'_>) -> Option<Untimely> {
    let named = new.named?;
    let fits = match new.list {
        "replies" => {
            let said = matching.no_shows.get(&named);
            said.is_some_and(|said| said.about == editor.member)
        }
        _ => matching.can_assent(named, editor.member),
    };
    (!fits).then_some(Untimely::NothingToAnswer)
}
