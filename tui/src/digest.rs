//! A day of the neighbourhood: what is told of it on the screen, in the command line and on paper.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use protocol::api::{DocumentView, MotionView, RecordedRef, Status, Today, Waiting, WaitingReason};
use serde::Serialize;
use serde_json::Value;

use crate::words::Words;

/// What a digest tells.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Digest {
    /// The day, as in `2026-11-26`.
    pub day: String,
    /// Notices in force that are urgent or important, urgent ones first.
    pub notices: Vec<DocumentView>,
    /// What waits for the household, what is most pressing first.
    pub waiting: Vec<Waiting>,
    /// Motions that wait for the household to sign them or to put them in force.
    pub motions: Vec<MotionView>,
    /// What was written or changed on that day and stands in no other list of documents.
    pub news: Vec<DocumentView>,
    /// Requests that somebody may still answer.
    pub requests: Vec<DocumentView>,
    /// Plans that are under way.
    pub plans: Vec<DocumentView>,
    /// Whether the day is over: it is not said what stands and waits.
    #[serde(skip)]
    pub is_past: bool,
}

impl Digest {
    /// Puts together what the present day brought; `from_ms` is its beginning, `until_ms` its end,
    /// in milliseconds since 1970.
    pub fn of(
        day: String,
        (from_ms, until_ms): (i64, i64),
        today: Today,
        motions: Vec<MotionView>,
        documents: &[DocumentView],
    ) -> Self {
        let of_kind = |kind: &'static str, states: &'static [&'static str]| {
            let shown = move |view: &&DocumentView| {
                let state = view.state.as_deref().unwrap_or_default();
                view.kind == kind && view.moderation.is_none() && states.contains(&state)
            };
            documents.iter().filter(shown)
        };
        let pressing = of_kind("notice", &["published", "corrected"]);
        let mut notices: Vec<DocumentView> = pressing
            .filter(|view| matches!(level(view), "urgent" | "important"))
            .cloned()
            .collect();
        notices.sort_by_key(|view| level(view) != "urgent");
        let requests: Vec<DocumentView> =
            of_kind("request", &["open", "offered"]).cloned().collect();
        let plans = of_kind("plan", &["planning", "published", "running"]);
        let plans: Vec<DocumentView> = plans.cloned().collect();
        let told = notices.iter().chain(&requests).chain(&plans);
        let told: BTreeSet<_> = told.map(|view| view.id).collect();
        let mut news = changed(documents, from_ms, until_ms);
        news.retain(|view| !told.contains(&view.id));
        Self {
            day,
            waiting: today.waiting,
            motions,
            news,
            requests,
            plans,
            notices,
            is_past: false,
        }
    }

    /// Puts together what a day before the present one brought: what was written or changed last on
    /// it. What stood and waited then is not kept.
    pub fn of_past(
        day: String,
        (from_ms, until_ms): (i64, i64),
        documents: &[DocumentView],
    ) -> Self {
        Self {
            day,
            news: changed(documents, from_ms, until_ms),
            is_past: true,
            ..Self::default()
        }
    }

    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        let lists = [&self.notices, &self.news, &self.requests, &self.plans];
        self.waiting.is_empty()
            && self.motions.is_empty()
            && lists.iter().all(|list| list.is_empty())
    }
}

/// Tells whether a motion waits for a household, which is the node's that said how it stands, to sign
/// it or to put it in force.
pub fn awaits(motion: &MotionView, status: &Status) -> bool {
    let (Some(me), Some(standing)) = (&status.member, &status.me) else {
        return false;
    };
    let capacities = standing.capacities.iter();
    let mut stewards = capacities.filter(|capacity| capacity.role == "steward");
    if motion.state != "open" {
        return false;
    }
    if motion.complete {
        return stewards.next().is_some();
    }
    let mut signed = motion.cosignatures.iter();
    let has_signed = motion.by.id == me.id || signed.any(|signed| signed.by.id == me.id);
    // A second signature of one office adds nothing.
    let adds = stewards.any(|steward| {
        let office = steward.office.as_ref().map(|office| office.id);
        !motion.signed.iter().any(|signed| Some(signed.id) == office)
    });
    adds && !has_signed
}

/// Says what a household is to do about a motion that waits for it.
pub fn to_do(motion: &MotionView, words: &Words) -> String {
    words.text(match motion.complete {
        true => "motion-enact-now",
        false => "motion-sign-now",
    })
}

/// Says why something waits, and for which household without a device where it is for one.
pub fn why(waits: WaitingReason, household: Option<&RecordedRef>, words: &Words) -> String {
    let why = match serde_json::to_value(waits) {
        Ok(Value::String(word)) => words.text(&format!("waiting-{word}")),
        _ => String::new(),
    };
    words.done_for(&why, household)
}

/// Returns which day it is in a zone at a moment, in milliseconds since 1970.
pub fn day(now_ms: i64, zone: &TimeZone) -> Date {
    let now = Timestamp::from_millisecond(now_ms).unwrap_or_default();
    zone.to_datetime(now).date()
}

/// Returns when a day begins and ends in a zone, in milliseconds since 1970.
pub fn bounds(day: Date, zone: &TimeZone) -> (i64, i64) {
    let begins = |day: Date| {
        let begins = day.to_zoned_datetime(zone.clone());
        begins.map_or(i64::MAX, |begins| begins.timestamp().as_millisecond())
    };
    let next = day.checked_add(1.day());
    (begins(day), next.map_or(i64::MAX, begins))
}

/// What is in view and was changed last between two moments.
fn changed(documents: &[DocumentView], from_ms: i64, until_ms: i64) -> Vec<DocumentView> {
    let documents = documents.iter().filter(|view| {
        let changed_ms = view.updated_ms.max(view.created_ms);
        view.moderation.is_none() && (from_ms..until_ms).contains(&changed_ms)
    });
    documents.cloned().collect()
}

fn level(view: &DocumentView) -> &str {
    let level = view.fields.get("level");
    level.and_then(Value::as_str).unwrap_or_default()
}
