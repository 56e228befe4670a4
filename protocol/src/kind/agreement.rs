//! The agreement (公约): what members have signed to keep, in numbered clauses.
//!
//! It is never edited. A newer version is a document of its own, and which one is in force follows
//! from all that are held. Nothing is allowed or refused for having signed.

use crate::api::WaitingReason;
use crate::id::{DocumentId, MemberId};
use crate::intent::Scalar;
use crate::limits::{AGREEMENT_VERSION_MAX, BODY_CHARS_MAX, CLAUSES_MAX, TITLE_CHARS_MAX};

use super::{
    Acting, Facts, Field, Kind, List, Puts, RuleBreach, Shape, Wait, Who, no_hiding, no_readers,
    no_state,
};

pub(super) static AGREEMENT: Kind = Kind {
    code: 6,
    name: "agreement",
    plural: "agreements",
    aside: false,
    hideable: false,
    creators: Who::Members,
    fields: &[
        Field::line("title", TITLE_CHARS_MAX).required(),
        Field::new(
            "version",
            Shape::Number {
                min: 1,
                max: AGREEMENT_VERSION_MAX,
            },
        )
        .required(),
        Field::paragraphs("body", BODY_CHARS_MAX),
        Field::paragraphs("clauses", BODY_CHARS_MAX).required(),
        Field::new("replaces", Shape::Document),
        Field::capacity("capacity", Acting::Steward).filled(capacity),
    ],
    lists: &[List {
        name: "signings",
        item: "signing",
        appenders: Who::Everyone,
        fields: &[],
    }],
    rule,
    state: no_state,
    waits,
    readers: no_readers,
    hides: no_hiding,
    states: &[],
    turns: &[],
    course: None,
};

/// Returns the clauses of an agreement, the first of them number 1: the lines that are not blank.
pub fn clauses(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// Returns the agreement that is in force, of all whose version can be read: the one with the
/// highest version, and of several the one with the lowest name.
pub fn in_force(agreements: impl IntoIterator<Item = (DocumentId, i64)>) -> Option<DocumentId> {
    let highest = agreements
        .into_iter()
        .min_by_key(|(document, version)| (std::cmp::Reverse(*version), *document));
    highest.map(|(document, _)| document)
}

fn capacity(puts: &Puts<'_>) -> Option<Scalar> {
    let capacity = Acting::Steward.of(puts.editor)?;
    Some(Scalar::Bytes(capacity.0.to_vec()))
}

fn rule(puts: &Puts<'_>) -> Result<(), RuleBreach> {
    let total = puts.text("clauses").map_or(0, |text| clauses(text).count());
    if i64::try_from(total).is_ok_and(|total| total <= CLAUSES_MAX) {
        return Ok(());
    }
    Err(RuleBreach {
        field: "clauses",
        what: "an agreement has at most 999 clauses",
        advice: "write fewer of them",
    })
}

/// Whether it is in force is known to whoever holds the others as well.
fn waits(facts: &Facts<'_>, member: MemberId) -> Vec<Wait> {
    let mut signings = facts.list("signings");
    match signings.any(|signing| signing.by == member) {
        true => Vec::new(),
        false => vec![Wait::new(WaitingReason::SignAgreement)],
    }
}
