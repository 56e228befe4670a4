//! Moderation: one act that takes a document, or what a member writes from then on, out of view,
//! with the rule, the reason and what became of it.
//!
//! Nothing is deleted. The act names whose document it hides, so that the appeal is that member's;
//! an act that names another hides nothing. Policy sees who acts in which capacity; whether a fact
//! comes in its turn is found out where facts are read (rule R5).

use std::collections::BTreeMap;

use crate::api::WaitingReason;
use crate::id::{DeviceId, DocumentId, MemberId};
use crate::intent::Scalar;
use crate::limits::{BODY_CHARS_MAX, CLAUSES_MAX, REASON_CHARS_MAX, SPARED_LOGS_MAX};

use super::{
    Acting, Facts, Field, Item, Kind, List, Puts, RuleBreach, Shape, State, Wait, Who, document_of,
    member_of, no_readers, places_of,
};

const ACTS: &[&str] = &["hide", "mute"];
const OUTCOMES: &[&str] = &["upheld", "lifted"];
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// How long whoever wrote what was hidden is told so.
const TOLD_MS: i64 = 14 * DAY_MS;
/// How long whoever appealed is told what was decided.
const DECISION_TOLD_MS: i64 = 7 * DAY_MS;

const REASON: Field = Field::line("reason", REASON_CHARS_MAX).required();

pub(super) static MODERATION: Kind = Kind {
    code: 7,
    name: "moderation",
    plural: "moderations",
    aside: true,
    hideable: false,
    creators: Who::Members,
    fields: &[
        Field::choice("act", ACTS).required(),
        Field::new("about", Shape::Document),
        // Who wrote what is hidden, or who is muted.
        Field::new("member", Shape::Member).required(),
        Field::new(
            "rule",
            Shape::Number {
                min: 1,
                max: CLAUSES_MAX,
            },
        )
        .required(),
        Field::new("agreement", Shape::Document),
        REASON,
        Field::capacity("capacity", Acting::Moderator).filled(capacity),
        // How far the logs of a muted member are spared.
        Field::new(
            "spared",
            Shape::Places {
                logs_max: SPARED_LOGS_MAX,
            },
        ),
    ],
    lists: &[
        // Only the member's own counts.
        List {
            name: "appeals",
            item: "appeal",
            appenders: Who::Everyone,
            fields: &[Field::paragraphs("body", BODY_CHARS_MAX).required()],
        },
        List {
            name: "decisions",
            item: "decision",
            appenders: Who::Others,
            fields: &[
                Field::choice("outcome", OUTCOMES).required(),
                REASON,
                Field::capacity("capacity", Acting::Steward),
            ],
        },
        List {
            name: "restorations",
            item: "restoration",
            appenders: Who::Members,
            fields: &[REASON, Field::capacity("capacity", Acting::Moderator)],
        },
    ],
    rule,
    state,
    waits,
    readers: no_readers,
    hides,
    states: &["hidden", "muted", "appealed", "upheld", "lifted"],
    turns: &[],
    course: None,
};

/// What an act that stands takes out of view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hiding {
    /// The document; none for what the member wrote beyond what is spared.
    pub about: Option<DocumentId>,
    /// The member that wrote it.
    pub member: MemberId,
    /// Up to which place in each of the member's logs documents are spared by a mute; those of a
    /// log that is not named are not.
    pub spared: BTreeMap<DeviceId, u64>,
}

impl Hiding {
    /// Tells whether a document is taken out of view that a member created at a place in the log of
    /// a device.
    pub fn covers(&self, document: DocumentId, member: MemberId, at: (DeviceId, u64)) -> bool {
        let beyond = || self.spared.get(&at.0).is_none_or(|spared| at.1 > *spared);
        self.member == member && self.about.map_or_else(beyond, |about| about == document)
    }
}

/// For kinds that hide nothing.
pub fn no_hiding(_: &Facts<'_>) -> Option<Hiding> {
    None
}

fn capacity(puts: &Puts<'_>) -> Option<Scalar> {
    let capacity = Acting::Moderator.of(puts.editor)?;
    Some(Scalar::Bytes(capacity.0.to_vec()))
}

/// A document is hidden, a member is muted.
fn rule(puts: &Puts<'_>) -> Result<(), RuleBreach> {
    let hides = puts.text("act") == Some("hide");
    let (about, spared) = (puts.scalar("about"), puts.scalar("spared"));
    let breach = |field, what, advice| {
        Err(RuleBreach {
            field,
            what,
            advice,
        })
    };
    match (puts.editor.creates, hides) {
        (true, true) if about.is_none() => breach(
            "about",
            "nothing is named that is to be hidden",
            "name the document",
        ),
        (true, true) if spared.is_some() => breach(
            "spared",
            "a document is hidden as a whole",
            "leave out what is spared",
        ),
        (true, false) if about.is_some() => breach(
            "about",
            "a member is muted, not a document",
            "leave the document out, or hide it",
        ),
        _ => Ok(()),
    }
}

/// How far an act has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Stands,
    Appealed,
    Upheld {
        decided_ms: i64,
    },
    /// For good; with the time of the decision, or taken back without one.
    Lifted {
        decided_ms: Option<i64>,
    },
}

fn stage(facts: &Facts<'_>, subject: MemberId) -> Stage {
    let mut stage = Stage::Stands;
    for item in facts.items() {
        stage = next(stage, item, subject);
    }
    stage
}

/// Nobody takes back or decides what hides the own words.
fn next(stage: Stage, item: &Item<'_>, subject: MemberId) -> Stage {
    let own = item.by == subject;
    let decided_ms = item.time_ms;
    match (item.list.name, stage, own) {
        ("appeals", Stage::Stands, true) => Stage::Appealed,
        ("restorations", Stage::Stands | Stage::Appealed, false) => {
            Stage::Lifted { decided_ms: None }
        }
        ("decisions", Stage::Appealed | Stage::Upheld { .. }, false) => {
            match item.text("outcome") {
                Some("lifted") => Stage::Lifted {
                    decided_ms: Some(decided_ms),
                },
                Some("upheld") if stage == Stage::Appealed => Stage::Upheld { decided_ms },
                _ => stage,
            }
        }
        _ => stage,
    }
}

fn subject(facts: &Facts<'_>) -> Option<MemberId> {
    facts.scalar("member").and_then(member_of)
}

fn state(facts: &Facts<'_>) -> Option<State> {
    Some(State::lasting(match stage(facts, subject(facts)?) {
        Stage::Stands if facts.text("act") == Some("mute") => "muted",
        Stage::Stands => "hidden",
        Stage::Appealed => "appealed",
        Stage::Upheld { .. } => "upheld",
        Stage::Lifted { .. } => "lifted",
    }))
}

fn hides(facts: &Facts<'_>) -> Option<Hiding> {
    let member = subject(facts)?;
    if matches!(stage(facts, member), Stage::Lifted { .. }) {
        return None;
    }
    let mutes = facts.text("act") == Some("mute");
    let about = facts.scalar("about").and_then(document_of);
    if mutes == about.is_some() {
        return None;
    }
    Some(Hiding {
        about,
        member,
        spared: facts
            .scalar("spared")
            .and_then(places_of)
            .unwrap_or_default(),
    })
}

/// Who is a steward is known to whoever reads the roster.
fn waits(facts: &Facts<'_>, member: MemberId) -> Vec<Wait> {
    let Some(subject) = subject(facts) else {
        return Vec::new();
    };
    let until = |from_ms: i64, lasts_ms| Some(from_ms.saturating_add(lasts_ms));
    let wait = match (stage(facts, subject), member == subject) {
        (Stage::Stands, true) => {
            let until_ms = until(facts.created_ms, TOLD_MS);
            Wait::new(WaitingReason::HiddenOwn).until(until_ms)
        }
        (
            Stage::Upheld { decided_ms }
            | Stage::Lifted {
                decided_ms: Some(decided_ms),
            },
            true,
        ) => {
            let until_ms = until(decided_ms, DECISION_TOLD_MS);
            Wait::new(WaitingReason::AppealDecided).until(until_ms)
        }
        (Stage::Appealed, false) if member != facts.creator => {
            Wait::new(WaitingReason::DecideAppeal)
        }
        _ => return Vec::new(),
    };
    vec![wait]
}
