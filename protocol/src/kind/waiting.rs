//! Waiting: what a document asks of one member, by its facts.
//!
//! It is for showing: no right depends on it, and nothing here reads a clock. What the clock has a
//! say in carries its times, and the reader compares them (rule R11).

use crate::api::WaitingReason;
use crate::id::MemberId;

use super::Facts;

/// Something that a document asks of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// What it is.
    pub why: WaitingReason,
    /// From when on it waits, milliseconds since 1970; none for always.
    pub from_ms: Option<i64>,
    /// When the clock ends it; none for never.
    pub until_ms: Option<i64>,
    /// Whether it waits only while the document is unread.
    pub while_unread: bool,
}

impl Wait {
    /// Something that waits until facts end it.
    pub const fn new(why: WaitingReason) -> Self {
        Self {
            why,
            from_ms: None,
            until_ms: None,
            while_unread: false,
        }
    }

    /// Says from when on it waits.
    #[must_use]
    pub const fn from(mut self, from_ms: Option<i64>) -> Self {
        self.from_ms = from_ms;
        self
    }

    /// Says when the clock ends it.
    #[must_use]
    pub const fn until(mut self, until_ms: Option<i64>) -> Self {
        self.until_ms = until_ms;
        self
    }

    /// Makes it wait only while the document is unread.
    #[must_use]
    pub const fn while_unread(mut self) -> Self {
        self.while_unread = true;
        self
    }

    /// Tells whether it waits at a time for somebody who has read the document, or not.
    pub fn holds(&self, now_ms: i64, unread: bool) -> bool {
        self.from_ms.is_none_or(|from| from <= now_ms)
            && self.until_ms.is_none_or(|until| now_ms < until)
            && (unread || !self.while_unread)
    }
}

/// For kinds that ask nothing of anybody.
pub fn no_waits(_: &Facts<'_>, _: MemberId) -> Vec<Wait> {
    Vec::new()
}
