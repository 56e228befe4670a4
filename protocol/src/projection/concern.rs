//! Concern: what a document is to one household. It is for that household's own screens, and part
//! of no digest.

use crate::id::MemberId;
use crate::kind::{Kinds, Wait};
use crate::replica::ReadDocument;

/// What a document is to one household.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Concern {
    /// Whether the household wrote it or made a fact in it.
    pub mine: bool,
    /// Order of arrival here of the newest counting entry by somebody else; 0 for none.
    pub heard: u64,
    /// What it asks of the household.
    pub waits: Vec<Wait>,
}

/// Tells what a document is to a household; for a relay, which reads nothing, to nobody.
pub fn concern(kinds: &Kinds, read: &ReadDocument, household: Option<MemberId>) -> Concern {
    let Some(household) = household.filter(|_| read.counts) else {
        return Concern::default();
    };
    if kinds.by_code(read.kind).is_some_and(|kind| kind.aside) {
        // What stands aside is no news to anybody, though it may ask something of somebody.
        return Concern {
            waits: waits(kinds, read, household),
            ..Concern::default()
        };
    }
    let others = read
        .heard
        .iter()
        .filter(|(member, _)| **member != household);
    Concern {
        mine: read.heard.contains_key(&household),
        heard: others.map(|(_, arrival)| *arrival).max().unwrap_or(0),
        waits: waits(kinds, read, household),
    }
}

fn waits(kinds: &Kinds, read: &ReadDocument, household: MemberId) -> Vec<Wait> {
    let kind = kinds.by_code(read.kind).filter(|_| !read.erased);
    let Some(kind) = kind.filter(|_| read.creator.member.is_some()) else {
        return Vec::new();
    };
    let value = read.document.value();
    let facts = read.facts(kind, &value);
    (kind.waits)(&facts, household)
}
