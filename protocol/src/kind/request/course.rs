//! How far a request has come, fact by fact, causes before effects.
//!
//! Facts by those who may not say them change nothing here, and neither do facts that come too late;
//! they stay readable. Nothing here reads a clock.

mod fold;
mod marks;

use std::collections::{BTreeMap, BTreeSet};

use crate::id::{DocumentId, MemberId};
use crate::kind::{Facts, ItemId, State};

use super::{CONFIRMATION_MS, NO_SHOW_MS, REOPENING_MS};

/// How an offer stands by what was said about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// It was made.
    Offered,
    /// It was accepted.
    Accepted,
    /// Its helper has confirmed the time.
    UnderWay,
    /// What it offered is done.
    Done,
    /// Its helper has withdrawn it.
    Withdrawn,
    /// Somebody did not come.
    Missed,
}

impl Stands {
    /// Whether its helper has a place.
    pub const fn has_place(self) -> bool {
        matches!(self, Self::Accepted | Self::UnderWay | Self::Done)
    }
}

/// One offer.
#[derive(Debug)]
pub struct Offer {
    pub by: MemberId,
    pub stands: Stands,
    /// When its helper confirmed the time.
    pub under_way_ms: Option<i64>,
    /// Whether it stood by when a place became free again.
    pub again: bool,
    accepted_ms: i64,
    done_ms: i64,
    /// By which fact its helper lost its place.
    lost_by: Option<ItemId>,
    /// Minutes as the requester and as the helper say it.
    minutes: [Option<i64>; 2],
}

/// What somebody said about a missed appointment.
#[derive(Debug)]
pub struct NoShow {
    pub about: MemberId,
    /// When it was said, by its author's claim.
    pub since_ms: i64,
    pub replied: bool,
    helper: MemberId,
}

impl NoShow {
    /// From when on nobody is shown it.
    pub const fn lapses_ms(&self) -> i64 {
        self.since_ms.saturating_add(NO_SHOW_MS)
    }
}

/// Words of thanks.
#[derive(Debug)]
struct Thanks {
    helper: MemberId,
    public: bool,
    agreed: bool,
}

/// Why a request is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    Gone,
    Confirmed,
    Cancelled,
    Merged(DocumentId),
}

/// How far a request has come.
#[derive(Debug)]
pub struct Matching {
    pub requester: MemberId,
    /// How many helpers are wanted.
    pub places: usize,
    pub offers: BTreeMap<ItemId, Offer>,
    pub no_shows: BTreeMap<ItemId, NoShow>,
    /// Why it is over, and since when.
    pub over: Option<(Over, i64)>,
    /// The fact that says so.
    over_by: Option<ItemId>,
    taken: usize,
    /// Whose thing changed hands.
    pub gone: Option<ItemId>,
    /// Until when it asks.
    pub expires_ms: i64,
    /// Since when it asks without an answer.
    pub asks_since_ms: i64,
    /// What either side said about how long it took, by the fact that says it: of which offers, and
    /// for how many minutes.
    proposals: BTreeMap<ItemId, (Vec<ItemId>, i64, bool)>,
    thanks: BTreeMap<ItemId, Thanks>,
    /// What was said about others by those who may not, by who said it.
    unfounded: BTreeMap<ItemId, MemberId>,
    replies: BTreeMap<ItemId, ItemId>,
    urgent: bool,
}

const REQUESTER: usize = 0;
const HELPER: usize = 1;

impl Matching {
    /// Folds the facts.
    pub fn of(facts: &Facts<'_>) -> Self {
        let mut matching = Self {
            requester: facts.creator,
            places: facts
                .number("places")
                .and_then(|places| usize::try_from(places).ok())
                .unwrap_or(1),
            offers: BTreeMap::new(),
            no_shows: BTreeMap::new(),
            over: None,
            over_by: None,
            taken: 0,
            gone: None,
            expires_ms: facts.number("expires_ms").unwrap_or(i64::MAX),
            asks_since_ms: facts.created_ms,
            proposals: BTreeMap::new(),
            thanks: BTreeMap::new(),
            unfounded: BTreeMap::new(),
            replies: BTreeMap::new(),
            urgent: facts.flag("urgent"),
        };
        for item in facts.items() {
            matching.take(item, facts);
        }
        matching
    }

    /// Whether nothing more is awaited from helpers.
    pub const fn is_over(&self) -> bool {
        self.over.is_some()
    }

    /// How many helpers have a place.
    pub const fn taken(&self) -> usize {
        self.taken
    }

    /// Whether more helpers can be accepted.
    pub fn has_room(&self) -> bool {
        !self.is_over() && self.taken() < self.places
    }

    /// Whether there are offers to choose from.
    pub fn has_choice(&self) -> bool {
        let mut offers = self.offers.values();
        offers.any(|offer| offer.stands == Stands::Offered)
    }

    /// Whether every helper that was accepted has done it.
    pub fn is_done(&self) -> bool {
        let mut taken = self.offers.values();
        self.taken() > 0
            && taken.all(|offer| !offer.stands.has_place() || offer.stands == Stands::Done)
    }

    /// When the last of it was done.
    pub fn done_ms(&self) -> Option<i64> {
        let done = self.offers.values();
        let done = done.filter(|offer| offer.stands == Stands::Done);
        done.map(|offer| offer.done_ms)
            .max()
            .filter(|_| self.is_done())
    }

    /// Until when it can be opened again, once it is done or over.
    pub fn reopens_until_ms(&self) -> Option<i64> {
        let closed_ms = self.over.map(|(_, time_ms)| time_ms).or(self.done_ms())?;
        Some(closed_ms.saturating_add(REOPENING_MS))
    }

    /// The members whose offers were accepted.
    pub fn helpers(&self) -> BTreeSet<MemberId> {
        let offers = self.offers.values();
        let taken = offers.filter(|offer| offer.stands.has_place());
        taken.map(|offer| offer.by).collect()
    }

    /// The offers of a member that stand so.
    pub fn offers_of(&self, member: MemberId) -> impl Iterator<Item = &Offer> {
        let offers = self.offers.values();
        offers.filter(move |offer| offer.by == member)
    }

    /// What the other side of a fact has yet to agree to: who, and whether it is about minutes.
    pub fn awaits_assent_of(&self, member: MemberId) -> bool {
        let minutes = self.proposals.values().any(|(offers, minutes, by_helper)| {
            let mut offers = offers.iter().filter_map(|offer| self.offers.get(offer));
            offers.any(|offer| {
                let other = match by_helper {
                    true => self.requester,
                    false => offer.by,
                };
                let side = usize::from(!by_helper);
                let proposed = offer.minutes[usize::from(*by_helper)] == Some(*minutes);
                other == member && proposed && offer.minutes[side] != Some(*minutes)
            })
        });
        let mut thanks = self.thanks.values();
        minutes || thanks.any(|thanks| thanks.helper == member && thanks.public && !thanks.agreed)
    }

    /// Whether a fact is one to which a member can agree.
    pub fn can_assent(&self, to: ItemId, member: MemberId) -> bool {
        if let Some((offers, _, by_helper)) = self.proposals.get(&to) {
            let mut offers = offers.iter().filter_map(|offer| self.offers.get(offer));
            return match by_helper {
                true => member == self.requester,
                false => offers.any(|offer| offer.by == member),
            };
        }
        let thanks = self.thanks.get(&to);
        thanks.is_some_and(|thanks| thanks.helper == member && thanks.public)
    }

    /// The state, without a clock.
    pub fn state(&self) -> State {
        if let Some((over, _)) = self.over {
            return State::lasting(match over {
                Over::Gone => "gone",
                Over::Confirmed => "confirmed",
                Over::Cancelled => "cancelled",
                Over::Merged(_) => "merged",
            });
        }
        if let Some(done_ms) = self.done_ms() {
            return State {
                name: "done",
                until_ms: Some(done_ms.saturating_add(CONFIRMATION_MS)),
            };
        }
        if self.taken() > self.places {
            return State::lasting("double-booked");
        }
        let mut offers = self.offers.values();
        if offers.any(|offer| matches!(offer.stands, Stands::UnderWay | Stands::Done)) {
            return State::lasting("in-progress");
        }
        if self.taken() == self.places {
            return State::lasting("matched");
        }
        State {
            name: match self.has_choice() || self.taken() > 0 {
                true => "offered",
                false => "open",
            },
            until_ms: Some(self.expires_ms),
        }
    }
}
