//! Festival plans: a text that many write at once, and the steps from proposal to close.
//!
//! Programme, tasks, shifts and budget are facts of later lists; none of them is here.

use crate::limits::{LINE_CHARS_MAX, REASON_CHARS_MAX, TITLE_CHARS_MAX};

use super::{
    Facts, Field, Kind, List, Puts, RuleBreach, Shape, State, Who, no_hiding, no_readers, no_waits,
};

/// States that a plan's creator takes it to.
const STEPS: &[&str] = &[
    "proposed",
    "planning",
    "published",
    "running",
    "closed",
    "cancelled",
    "postponed",
];

pub(super) static PLAN: Kind = Kind {
    code: 3,
    name: "plan",
    plural: "plans",
    aside: false,
    hideable: true,
    creators: Who::Members,
    fields: &[
        Field::line("title", TITLE_CHARS_MAX)
            .required()
            .set_by(Who::Creator),
        Field::line("date", LINE_CHARS_MAX).set_by(Who::Creator),
        Field::new("starts_ms", Shape::TimeMs).set_by(Who::Creator),
        Field::new("ends_ms", Shape::TimeMs).set_by(Who::Creator),
        Field::line("place", LINE_CHARS_MAX).set_by(Who::Creator),
        Field::new("text", Shape::Markdown).set_by(Who::Members),
    ],
    lists: &[List {
        name: "steps",
        item: "step",
        appenders: Who::Creator,
        fields: &[
            Field::choice("to", STEPS).required(),
            Field::line("reason", REASON_CHARS_MAX),
        ],
    }],
    rule,
    state,
    waits: no_waits,
    readers: no_readers,
    hides: no_hiding,
    states: STEPS,
    turns: &[],
    course: None,
};

fn rule(puts: &Puts<'_>) -> Result<(), RuleBreach> {
    match (puts.number("starts_ms"), puts.number("ends_ms")) {
        (Some(starts), Some(ends)) if ends < starts => Err(RuleBreach {
            field: "ends_ms",
            what: "the end lies before the start",
            advice: "choose a later end",
        }),
        _ => Ok(()),
    }
}

fn state(facts: &Facts<'_>) -> Option<State> {
    let last = facts.list("steps").next_back();
    let to = last.and_then(|step| step.text("to")).unwrap_or("proposed");
    STEPS
        .iter()
        .find(|step| **step == to)
        .copied()
        .map(State::lasting)
}
