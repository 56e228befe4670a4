//! Courses: what the facts of a kind come to beyond its state. How each single fact stands, who acts
//! next, and what would be written in vain.
//!
//! All of it is for showing and for advice to the author: no right depends on it, policy never asks
//! it, and nothing here reads a clock (rules R5 and R11).

use std::collections::{BTreeMap, BTreeSet};

use crate::api::{NextActor, NextStep};
use crate::id::MemberId;

use super::drafting::Untimely;
use super::{Editor, Facts, ItemId};

/// What a kind says about the course of its documents.
#[derive(Debug)]
pub struct Course {
    /// Says who acts next, and by when.
    pub next: fn(&Facts<'_>) -> Vec<Next>,
    /// Says how single facts stand.
    pub marks: fn(&Facts<'_>) -> Marks,
    /// Says which new fact its author would write in vain as the document stands. Entries of others
    /// are never held against it.
    pub objection: fn(&Facts<'_>, &Editor<'_>, &NewFact<'_>) -> Option<Untimely>,
}

/// A fact that somebody is about to write.
#[derive(Clone, Copy, Debug)]
pub struct NewFact<'a> {
    /// The name of its list.
    pub list: &'a str,
    /// The fact that it names.
    pub named: Option<ItemId>,
}

/// Who is to do what, for as long as it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// What is to be done.
    pub step: NextStep,
    /// Who is to do it.
    pub who: NextActor,
    /// The members that are meant, where they are known.
    pub members: BTreeSet<MemberId>,
    /// By when it should be done, milliseconds since 1970.
    pub by_ms: Option<i64>,
    /// From when on it is their turn; none for always.
    pub from_ms: Option<i64>,
    /// Until when it is their turn; none for as long as the facts say so.
    pub until_ms: Option<i64>,
}

impl Next {
    /// A step that is to be done until facts say that it was.
    pub fn new(step: NextStep, who: NextActor) -> Self {
        Self {
            step,
            who,
            members: BTreeSet::new(),
            by_ms: None,
            from_ms: None,
            until_ms: None,
        }
    }

    /// Names the members that are meant.
    #[must_use]
    pub fn of(mut self, members: impl IntoIterator<Item = MemberId>) -> Self {
        self.members = members.into_iter().collect();
        self
    }

    /// Says by when it should be done.
    #[must_use]
    pub const fn by(mut self, by_ms: Option<i64>) -> Self {
        self.by_ms = by_ms;
        self
    }

    /// Says from when on it is their turn.
    #[must_use]
    pub const fn from(mut self, from_ms: Option<i64>) -> Self {
        self.from_ms = from_ms;
        self
    }

    /// Says until when it is their turn.
    #[must_use]
    pub const fn until(mut self, until_ms: Option<i64>) -> Self {
        self.until_ms = until_ms;
        self
    }
}

/// How single facts stand.
pub type Marks = BTreeMap<ItemId, Mark>;

/// How one fact stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// A word for it.
    pub state: Option<&'static str>,
    /// Minutes that both sides agree on.
    pub agreed_minutes: Option<i64>,
    /// Who is shown the fact; everybody when none.
    pub sight: Option<Sight>,
}

/// Who is shown a fact on screens and in answers. The document that holds it is everybody's: this
/// keeps something from being paraded, not from being known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// These members.
    pub members: BTreeSet<MemberId>,
    /// Whether stewards are too.
    pub stewards: bool,
    /// From when on they are, milliseconds since 1970: a claim that lies ahead would never lapse.
    pub since_ms: Option<i64>,
    /// From when on nobody is, milliseconds since 1970.
    pub lapses_ms: Option<i64>,
}

impl Sight {
    /// Tells whether a reader is shown the fact at a time.
    pub fn includes(&self, reader: Reader, now_ms: i64) -> bool {
        let meant = reader
            .member
            .is_some_and(|member| self.members.contains(&member))
            || self.stewards && reader.is_steward;
        let about_now = now_ms.saturating_add(CLOCK_DIFFERENCE_MS);
        meant
            && self.since_ms.is_none_or(|since| since <= about_now)
            && self.lapses_ms.is_none_or(|lapses| now_ms < lapses)
    }
}

/// How far clocks of neighbours may honestly lie apart, in milliseconds.
pub const CLOCK_DIFFERENCE_MS: i64 = 2 * 60 * 1_000;

/// Who reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reader {
    /// The member; none for a relay.
    pub member: Option<MemberId>,
    /// Whether it is a steward, or the founder while it decides alone.
    pub is_steward: bool,
}
