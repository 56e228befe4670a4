//! Notices: what somebody makes known, in a declared capacity, until a day.
//!
//! A notice is never edited: its creator corrects it, and the earlier text stays readable. Who was
//! reached is not counted here.

use std::collections::BTreeMap;

use crate::api::WaitingReason;
use crate::id::{EntryId, MemberId};
use crate::intent::Scalar;
use crate::limits::{
    BODY_CHARS_MAX, LINE_CHARS_MAX, REASON_CHARS_MAX, TITLE_CHARS_MAX, URGENT_NOTICE_MS_MAX,
};
use crate::statement::Role;

use super::{
    Constant, FOR_HOUSEHOLD, Facts, Field, Item, ItemId, Kind, List, Puts, RuleBreach, Shape,
    State, Wait, Who, capacity_of, member_of, no_hiding, no_readers, recorded_of,
};

const LEVELS: &[&str] = &["ordinary", "important", "urgent"];
const AUDIENCES: &[&str] = &["neighbourhood", "building"];
const WAYS: &[&str] = &["self", "paper", "proxy"];
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// How long before a notice expires its issuer is reminded.
const REMINDER_MS: i64 = DAY_MS;
/// The same for an urgent one, which stands for 72 hours at most.
const URGENT_REMINDER_MS: i64 = DAY_MS / 6;
/// How long a notice that is not urgent stands when its author does not say.
const LIFETIME_MS: i64 = 14 * DAY_MS;

pub(super) static NOTICE: Kind = Kind {
    code: 1,
    name: "notice",
    plural: "notices",
    aside: false,
    hideable: true,
    creators: Who::Members,
    fields: &[
        Field::line("title", TITLE_CHARS_MAX)
            .required()
            .corrected_by("corrections"),
        Field::paragraphs("body", BODY_CHARS_MAX).corrected_by("corrections"),
        Field::choice("level", LEVELS).otherwise(Constant::Word("ordinary")),
        Field::new("capacity", Shape::Capacity).filled(urgent_capacity),
        Field::choice("audience", AUDIENCES).otherwise(Constant::Word("neighbourhood")),
        Field::line("building", LINE_CHARS_MAX),
        Field::flag("ack"),
        Field::new("expires_ms", Shape::TimeMs)
            .required()
            .filled(expiry),
    ],
    lists: &[
        List {
            name: "corrections",
            item: "correction",
            appenders: Who::Creator,
            fields: &[
                Field::line("title", TITLE_CHARS_MAX),
                Field::paragraphs("body", BODY_CHARS_MAX),
                Field::flag("material"),
            ],
        },
        List {
            name: "acknowledgements",
            item: "acknowledgement",
            appenders: Who::Members,
            fields: &[
                Field::choice("way", WAYS).otherwise(Constant::Word("self")),
                Field::new("household", Shape::Member),
                Field::new("correction", Shape::Item).newest_of("corrections"),
                FOR_HOUSEHOLD,
            ],
        },
        List {
            name: "withdrawals",
            item: "withdrawal",
            appenders: Who::Creator,
            fields: &[Field::line("reason", REASON_CHARS_MAX)],
        },
    ],
    rule,
    state,
    waits,
    readers: no_readers,
    hides: no_hiding,
    states: &["published", "corrected", "expired", "withdrawn"],
    turns: &[("published", "expired"), ("corrected", "expired")],
    course: None,
};

/// An urgent notice interrupts everybody: it needs a role, and it ends.
fn rule(puts: &Puts<'_>) -> Result<(), RuleBreach> {
    if puts.editor.creates
        && puts.text("audience") == Some("building")
        && puts.text("building").is_none_or(str::is_empty)
    {
        return Err(RuleBreach {
            field: "building",
            what: "a notice to one building names no building",
            advice: "name the building, or address the neighbourhood",
        });
    }
    if puts.text("level") != Some("urgent") {
        return Ok(());
    }
    let capacity = puts.scalar("capacity").and_then(capacity_of);
    let role = capacity.and_then(|capacity| puts.editor.role(capacity));
    if !role.is_some_and(may_be_urgent) {
        return Err(RuleBreach {
            field: "level",
            what: "only stewards, building leads and spokespeople may be urgent",
            advice: "choose the level important, or ask one of them",
        });
    }
    let latest_ms = puts.editor.time_ms.saturating_add(URGENT_NOTICE_MS_MAX);
    if puts
        .number("expires_ms")
        .is_none_or(|expires| expires > latest_ms)
    {
        return Err(RuleBreach {
            field: "expires_ms",
            what: "an urgent notice stands for 72 hours at most",
            advice: "choose an earlier expiry, or the level important",
        });
    }
    Ok(())
}

/// Tells whether a role lets a notice be urgent.
pub fn may_be_urgent(role: &Role) -> bool {
    matches!(
        role,
        Role::Steward { .. } | Role::BuildingLead { .. } | Role::Spokesperson { .. }
    )
}

fn urgent_capacity(puts: &Puts<'_>) -> Option<Scalar> {
    if puts.text("level") != Some("urgent") {
        return None;
    }
    let mut roles = puts.editor.standing?.roles.iter();
    let (_, appointment) = roles.find(|(role, _)| may_be_urgent(role))?;
    Some(Scalar::Bytes(appointment.0.to_vec()))
}

fn expiry(puts: &Puts<'_>) -> Option<Scalar> {
    let lifetime_ms = match puts.text("level") {
        Some("urgent") => URGENT_NOTICE_MS_MAX,
        _ => LIFETIME_MS,
    };
    Some(Scalar::Int(puts.editor.time_ms.saturating_add(lifetime_ms)))
}

fn state(facts: &Facts<'_>) -> Option<State> {
    if facts.list("withdrawals").next().is_some() {
        return Some(State::lasting("withdrawn"));
    }
    let corrected = facts.list("corrections").next().is_some();
    Some(State {
        name: if corrected { "corrected" } else { "published" },
        until_ms: facts.number("expires_ms"),
    })
}

fn waits(facts: &Facts<'_>, member: MemberId) -> Vec<Wait> {
    if facts.list("withdrawals").next().is_some() {
        return Vec::new();
    }
    let until_ms = facts.number("expires_ms");
    if member == facts.creator {
        let before_ms = match facts.text("level") {
            Some("urgent") => URGENT_REMINDER_MS,
            _ => REMINDER_MS,
        };
        let from_ms = until_ms.map(|until_ms| until_ms.saturating_sub(before_ms));
        let expires = Wait::new(WaitingReason::ExpiresSoon).from(from_ms);
        return vec![expires.until(until_ms)];
    }
    let mut waits = Vec::new();
    let unread = match facts.text("level") {
        Some("urgent") => Some(WaitingReason::UrgentNotice),
        Some("important") => Some(WaitingReason::ImportantNotice),
        _ => None,
    };
    waits.extend(unread.map(|why| Wait::new(why).until(until_ms).while_unread()));
    // What neighbours write down for a household ends nothing that it is asked itself.
    let is_told = |word: &Acknowledgement<'_>| word.by == member || word.by == facts.creator;
    if facts.flag("ack") && !acknowledgements(facts).get(&member).is_some_and(is_told) {
        waits.push(Wait::new(WaitingReason::Acknowledge).until(until_ms));
    }
    waits
}

/// A household's word that it has taken note of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acknowledgement<'a> {
    /// Who wrote it down: the household, or somebody for it.
    pub by: MemberId,
    /// In which way it was given: `self`, `paper` or `proxy`.
    pub way: &'a str,
    /// Claimed time, milliseconds since 1970.
    pub time_ms: i64,
}

/// Returns which members have acknowledged a notice as it was last corrected: a material
/// correction voids what was acknowledged by those who had not seen it. Of several words the first
/// one stands, but a household's own before what the issuer wrote for it, and that before what
/// others wrote.
pub fn acknowledgements<'a>(facts: &'a Facts<'_>) -> BTreeMap<MemberId, Acknowledgement<'a>> {
    let mut given: BTreeMap<MemberId, Acknowledgement<'_>> = BTreeMap::new();
    for item in of_the_text_that_stands(facts) {
        if item.scalar(FOR_HOUSEHOLD.name).is_some() {
            continue;
        }
        // One may acknowledge for a household that cannot reach its device.
        let household = item.scalar("household").and_then(member_of);
        let household = household.unwrap_or(item.by);
        let own = household == item.by;
        let weight = |by: MemberId| (by == household, by == facts.creator);
        let before = given.get(&household);
        if before.is_none_or(|before| weight(item.by) > weight(before.by)) {
            let way = match (item.text("way"), own) {
                (Some(way), false) if way != WAYS[0] => way,
                (Some("paper"), true) => "paper",
                (_, true) => WAYS[0],
                // Nobody speaks as somebody else.
                (_, false) => "proxy",
            };
            given.insert(
                household,
                Acknowledgement {
                    by: item.by,
                    way,
                    time_ms: item.time_ms,
                },
            );
        }
    }
    given
}

/// Returns for which households without a device a notice was acknowledged as it was last corrected.
/// Policy has judged that the author acts for them. Of several words the first one stands.
pub fn acknowledgements_for<'a>(facts: &'a Facts<'_>) -> BTreeMap<EntryId, Acknowledgement<'a>> {
    let mut given: BTreeMap<EntryId, Acknowledgement<'_>> = BTreeMap::new();
    for item in of_the_text_that_stands(facts) {
        let Some(recorded) = item.scalar(FOR_HOUSEHOLD.name).and_then(recorded_of) else {
            continue;
        };
        let way = match item.text("way") {
            Some("paper") => "paper",
            _ => "proxy",
        };
        given.entry(recorded).or_insert(Acknowledgement {
            by: item.by,
            way,
            time_ms: item.time_ms,
        });
    }
    given
}

/// Returns the acknowledgements by those who had seen the last material correction, or a later one.
/// Which one somebody had seen stands in the acknowledgement: apart from each other, an issuer may
/// correct what a household is acknowledging.
pub fn of_the_text_that_stands<'s, 'a>(facts: &'s Facts<'a>) -> impl Iterator<Item = &'s Item<'a>> {
    let places: BTreeMap<ItemId, usize> = facts
        .list("corrections")
        .enumerate()
        .map(|(place, one)| (one.id, place))
        .collect();
    let material = facts.list("corrections").enumerate();
    let material = material.filter(|(_, one)| is_material(one)).last();
    let material = material.map(|(place, _)| place);
    facts.list("acknowledgements").filter(move |item| {
        let seen = item.item("correction");
        seen.and_then(|seen| places.get(&seen).copied()) >= material
    })
}

/// Returns the editions of a notice, the first as it was issued: by which correction each came to be,
/// and whether it counts that somebody acknowledged it.
pub fn editions(facts: &Facts<'_>) -> Vec<(Option<ItemId>, bool)> {
    let corrections: Vec<_> = facts.list("corrections").collect();
    let material = corrections.iter().rposition(|one| is_material(one));
    let first_that_counts = material.map_or(0, |place| place + 1);
    let ids = corrections.iter().map(|one| Some(one.id));
    let ids = std::iter::once(None).chain(ids).enumerate();
    ids.map(|(place, id)| (id, place >= first_that_counts))
        .collect()
}

fn is_material(item: &Item<'_>) -> bool {
    item.scalar("material") == Some(&Scalar::Bool(true))
}
