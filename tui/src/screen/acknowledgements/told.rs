//! What is told of the households that a notice is meant for, and what is noted of one of them.

use std::collections::BTreeMap;

use protocol::api::{Acknowledged, Acknowledgements, MemberRef, Request};
use protocol::id::{DocumentId, EntryId, MemberId};
use protocol::kind::FOR_HOUSEHOLD;
use serde_json::json;

use super::super::composer::acted_for;
use crate::app::Context;

/// Editions of a notice that are offered as signed on paper.
const EDITIONS_MAX: usize = 4;

/// A way in which somebody else's acknowledgement is noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Signed on paper, on this edition.
    Paper(usize),
    /// Told to somebody.
    Proxy,
}

impl Way {
    /// Its name among those that are offered.
    fn name(self) -> String {
        match self {
            Self::Paper(edition) => format!("paper {edition}"),
            Self::Proxy => "proxy".to_owned(),
        }
    }
}

/// The ways in which an acknowledgement can be noted: sheets of the newest edition first.
pub(crate) fn ways(told: &Acknowledgements) -> Vec<Way> {
    let newest = told.editions.len().max(1);
    let editions = (1..=newest).rev().take(EDITIONS_MAX);
    editions.map(Way::Paper).chain([Way::Proxy]).collect()
}

/// What a way is called.
pub(crate) fn way_said(told: &Acknowledgements, way: Way, context: &Context<'_>) -> String {
    let words = context.words;
    let newest = told.editions.len();
    match way {
        Way::Paper(_) if newest < 2 => words.text("note-paper"),
        Way::Paper(edition) => {
            let key = match edition == newest {
                true => "note-paper-newest",
                false => "note-paper-edition",
            };
            words.with(key, &[("number", edition.into())])
        }
        Way::Proxy => words.text("note-proxy"),
    }
}

/// The ways as they are offered: names and what they are called.
pub(crate) fn choices(told: &Acknowledgements, context: &Context<'_>) -> Vec<(String, String)> {
    let ways = ways(told).into_iter();
    ways.map(|way| (way.name(), way_said(told, way, context)))
        .collect()
}

/// Finds the way that was chosen.
pub(crate) fn chosen(told: &Acknowledgements, name: &str) -> Option<Way> {
    ways(told).into_iter().find(|way| way.name() == name)
}

/// A household that a notice is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Household {
    /// One with a device.
    Member(MemberId),
    /// One without.
    Recorded(EntryId),
}

/// What is told of a household.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) household: Household,
    /// Whether it has acknowledged the notice, in whatever way.
    pub(crate) has_acknowledged: bool,
    pub(crate) name: String,
    /// How it did, or who could do it for a household without a device; mostly nothing of those that
    /// are outstanding.
    pub(crate) more: String,
}

/// Tells of every household: of those that have not acknowledged the notice first, and in either part
/// of those without a device last, as on paper.
pub(crate) fn rows(told: &Acknowledgements, context: &Context<'_>) -> Vec<Row> {
    let words = context.words;
    let outstanding = told.outstanding.iter().map(|member| Row {
        household: Household::Member(member.id),
        has_acknowledged: false,
        name: words.member(member),
        more: String::new(),
    });
    let outstanding_recorded = told.outstanding_recorded.iter().map(|outstanding| {
        let no_device = words.text("recorded-no-device");
        let acting = words.acting(&names(&outstanding.proxies, context));
        Row {
            household: Household::Recorded(outstanding.household.id),
            has_acknowledged: false,
            name: words.recorded(&outstanding.household),
            more: joined(vec![no_device, acting], context),
        }
    });
    let given = told.given.iter().map(|given| Row {
        household: Household::Member(given.household.id),
        has_acknowledged: true,
        name: words.member(&given.household),
        more: way_of(given, context),
    });
    let given_recorded = told.given_recorded.iter().map(|given| {
        let by = words.member(&given.by);
        // Whoever wrote it acts for the household: nobody else counts.
        let way = match given.way.as_str() {
            "paper" => vec![words.choice("way", "paper"), noted_by(&by, context)],
            _ => vec![words.with("acknowledged-by-proxy", &[("name", by.into())])],
        };
        let time = context.clock.past(words, given.time_ms);
        Row {
            household: Household::Recorded(given.household.id),
            has_acknowledged: true,
            name: words.recorded(&given.household),
            more: joined(way.into_iter().chain([time]).collect(), context),
        }
    });
    outstanding
        .chain(outstanding_recorded)
        .chain(given)
        .chain(given_recorded)
        .collect()
}

/// Why the reader's household may not note anything of a household; none where it may. For one without
/// a device only those do who act for it, on paper too (decision 0015).
pub(crate) fn hindrance(
    told: &Acknowledgements,
    household: Household,
    context: &Context<'_>,
) -> Option<String> {
    let words = context.words;
    let Household::Recorded(id) = household else {
        return None;
    };
    if acted_for(context).iter().any(|recorded| recorded.id == id) {
        return None;
    }
    let mut outstanding = told.outstanding_recorded.iter();
    let outstanding = outstanding.find(|outstanding| outstanding.household.id == id);
    let acting =
        outstanding.map_or_else(Vec::new, |outstanding| names(&outstanding.proxies, context));
    Some(match acting.is_empty() {
        true => words.text("note-nobody-acts"),
        false => {
            let names = acting.join(&words.text("between-names"));
            words.with("note-not-acting", &[("names", names.into())])
        }
    })
}

/// Notes that a household acknowledged a notice on paper, or through somebody; or why that would not
/// count. It names the edition that the household has seen, not what this home holds besides.
pub(crate) fn noted(
    told: &Acknowledgements,
    notice: DocumentId,
    household: Household,
    way: Way,
    context: &Context<'_>,
) -> Result<Request, String> {
    let (name, edition) = match way {
        Way::Paper(edition) => ("paper", edition),
        Way::Proxy => ("proxy", told.editions.len()),
    };
    let edition_seen = told.edition(edition);
    if edition_seen.is_some_and(|seen| !seen.counts) {
        let number = [("number", edition.into())];
        return Err(context.words.with("note-edition-corrected", &number));
    }
    let mut word = json!({ "way": name });
    match household {
        Household::Member(id) => word["household"] = json!(id),
        Household::Recorded(id) => word[FOR_HOUSEHOLD.name] = json!(id),
    }
    Ok(Request::Edit {
        document: notice,
        fields: BTreeMap::from([("acknowledgements".to_owned(), word)]),
        base: edition_seen.into_iter().map(|seen| seen.entry).collect(),
    })
}

/// In which way a household has acknowledged a notice, noted by whom and when.
fn way_of(given: &Acknowledged, context: &Context<'_>) -> String {
    let words = context.words;
    let mut parts = vec![words.choice("way", &given.way)];
    let by = given.by.as_ref();
    parts.extend(by.map(|by| noted_by(&words.member(by), context)));
    parts.push(context.clock.past(words, given.time_ms));
    joined(parts, context)
}

fn noted_by(name: &str, context: &Context<'_>) -> String {
    context.words.with("noted-by", &[("name", name.into())])
}

fn names(members: &[MemberRef], context: &Context<'_>) -> Vec<String> {
    let members = members.iter();
    members.map(|member| context.words.member(member)).collect()
}

fn joined(parts: Vec<String>, context: &Context<'_>) -> String {
    parts.join(&format!(" {} ", context.theme.marks.between))
}
