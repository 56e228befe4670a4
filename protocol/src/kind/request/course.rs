//! How far a request has come, fact by fact, causes before effects.
//!
//! Facts by those who may not say them change nothing here, and neither do facts that come too late;
//! they stay readable. Nothing here reads a clock.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::{DocumentId, MemberId};
use crate::kind::{Facts, Item, ItemId, Mark, Marks, Sight, State, document_of};

use super::{CONFIRMATION_MS, NO_SHOW_MS, REOPENING_MS, lifetime_ms};

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
    done_ms: i64,
    /// Minutes as the requester and as the helper say it.
    minutes: [Option<i64>; 2],
}

/// What somebody said about a missed appointment.
#[derive(Debug)]
pub struct NoShow {
    pub about: MemberId,
    pub lapses_ms: i64,
    pub replied: bool,
    helper: MemberId,
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
    pub fn taken(&self) -> usize {
        let offers = self.offers.values();
        offers.filter(|offer| offer.stands.has_place()).count()
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
        if self.taken() > self.places {
            return State::lasting("double-booked");
        }
        if let Some(done_ms) = self.done_ms() {
            return State {
                name: "done",
                until_ms: Some(done_ms.saturating_add(CONFIRMATION_MS)),
            };
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

    fn take(&mut self, item: &Item<'_>, facts: &Facts<'_>) {
        let by_requester = item.by == facts.creator;
        match item.list.name {
            "offers" if !by_requester => self.offer(item),
            "acceptances" => self.accept(item),
            "withdrawals" => self.withdraw(item),
            "check_ins" => {
                if let Some(offer) = self.named(item, "offer")
                    && offer.by == item.by
                    && offer.stands == Stands::Accepted
                {
                    offer.stands = Stands::UnderWay;
                    offer.under_way_ms = Some(item.time_ms);
                }
            }
            "completions" => self.complete(item),
            "handovers" => self.hand_over(item, facts),
            "confirmations" => self.confirm(item),
            "thanks" => self.thank(item),
            "assents" => self.assent(item),
            "no_shows" => self.miss(item),
            "replies" => self.reply(item),
            "renewals" => self.ask_until(item.time_ms),
            "cancellations" => self.end(Over::Cancelled, item.time_ms),
            "merges" => {
                if let Some(into) = item.scalar("into").and_then(document_of) {
                    self.end(Over::Merged(into), item.time_ms);
                }
            }
            "reopenings" => self.reopen(item),
            _ => {}
        }
    }

    fn named(&mut self, item: &Item<'_>, field: &str) -> Option<&mut Offer> {
        self.offers.get_mut(&item.item(field)?)
    }

    fn end(&mut self, over: Over, time_ms: i64) {
        self.over.get_or_insert((over, time_ms));
    }

    fn ask_until(&mut self, time_ms: i64) {
        let until_ms = time_ms.saturating_add(lifetime_ms(self.urgent));
        self.expires_ms = self.expires_ms.max(until_ms);
        self.asks_since_ms = self.asks_since_ms.max(time_ms);
    }

    fn offer(&mut self, item: &Item<'_>) {
        self.offers.entry(item.id).or_insert(Offer {
            by: item.by,
            stands: Stands::Offered,
            under_way_ms: None,
            again: false,
            done_ms: 0,
            minutes: [None, None],
        });
    }

    fn accept(&mut self, item: &Item<'_>) {
        if let Some(offer) = self.named(item, "offer")
            && offer.stands == Stands::Offered
        {
            offer.stands = Stands::Accepted;
        }
    }

    /// A helper speaks for its own offer only, the requester for every one. What is done stays so.
    fn withdraw(&mut self, item: &Item<'_>) {
        let requester = self.requester;
        let was_full = self.taken() >= self.places;
        let Some(offer) = self.named(item, "offer") else {
            return;
        };
        if offer.stands == Stands::Done || offer.stands == Stands::Missed {
            return;
        }
        if offer.by == item.by {
            offer.stands = Stands::Withdrawn;
        } else if item.by == requester && offer.stands.has_place() {
            offer.stands = Stands::Offered;
        }
        self.tell_standby(was_full, item.item("offer"));
    }

    fn miss(&mut self, item: &Item<'_>) {
        let requester = self.requester;
        let was_full = self.taken() >= self.places;
        let named = self.named(item, "offer");
        let founded = named.filter(|offer| {
            let speaks = item.by == requester || item.by == offer.by;
            speaks && matches!(offer.stands, Stands::Accepted | Stands::UnderWay)
        });
        let Some(offer) = founded else {
            self.unfounded.insert(item.id, item.by);
            return;
        };
        offer.stands = Stands::Missed;
        let helper = offer.by;
        let about = match item.by == requester {
            true => helper,
            false => requester,
        };
        let said = NoShow {
            about,
            lapses_ms: item.time_ms.saturating_add(NO_SHOW_MS),
            replied: false,
            helper,
        };
        self.no_shows.insert(item.id, said);
        self.tell_standby(was_full, item.item("offer"));
    }

    /// A place that becomes free again is news to those who stood by, but not to whoever left it.
    fn tell_standby(&mut self, was_full: bool, left: Option<ItemId>) {
        if !was_full || self.taken() >= self.places {
            return;
        }
        for (id, offer) in &mut self.offers {
            offer.again |= offer.stands == Stands::Offered && Some(*id) != left;
        }
    }

    fn complete(&mut self, item: &Item<'_>) {
        let requester = self.requester;
        let minutes = minutes_of(item);
        let Some(id) = item.item("offer") else {
            return;
        };
        let Some(offer) = self.offers.get_mut(&id) else {
            return;
        };
        let by_helper = item.by == offer.by;
        if !offer.stands.has_place() || !by_helper && item.by != requester {
            return;
        }
        if offer.stands != Stands::Done {
            offer.stands = Stands::Done;
            offer.done_ms = item.time_ms;
        }
        if let Some(minutes) = minutes {
            offer.minutes[usize::from(by_helper)] = Some(minutes);
            self.proposals
                .insert(item.id, (vec![id], minutes, by_helper));
        }
    }

    fn hand_over(&mut self, item: &Item<'_>, facts: &Facts<'_>) {
        let goods = facts.text("category") == Some("goods");
        if let Some(id) = item.item("offer").filter(|_| goods)
            && self
                .offers
                .get(&id)
                .is_some_and(|offer| !matches!(offer.stands, Stands::Withdrawn | Stands::Missed))
        {
            if !self.is_over() {
                self.gone = Some(id);
            }
            self.end(Over::Gone, item.time_ms);
        }
    }

    fn confirm(&mut self, item: &Item<'_>) {
        let is_gone = matches!(self.over, Some((Over::Gone, _)));
        if !is_gone && (self.is_over() || !self.is_done()) {
            return;
        }
        self.over = Some((Over::Confirmed, item.time_ms));
        if let Some(minutes) = minutes_of(item) {
            let done = self.offers.iter_mut();
            let done = done.filter(|(_, offer)| offer.stands == Stands::Done);
            let mut named = Vec::new();
            for (id, offer) in done {
                offer.minutes[REQUESTER] = Some(minutes);
                named.push(*id);
            }
            self.proposals.insert(item.id, (named, minutes, false));
        }
    }

    /// Thanks go to who helped or gave something.
    fn thank(&mut self, item: &Item<'_>) {
        let id = item.item("offer");
        let offer = id.and_then(|id| self.offers.get(&id));
        match offer.filter(|offer| offer.stands == Stands::Done || self.gone == id) {
            Some(offer) => {
                let thanks = Thanks {
                    helper: offer.by,
                    public: item.scalar("public") == Some(&crate::intent::Scalar::Bool(true)),
                    agreed: false,
                };
                self.thanks.insert(item.id, thanks);
            }
            None => {
                self.unfounded.insert(item.id, item.by);
            }
        }
    }

    fn assent(&mut self, item: &Item<'_>) {
        let Some(to) = item.item("to").filter(|to| self.can_assent(*to, item.by)) else {
            return;
        };
        if let Some(thanks) = self.thanks.get_mut(&to) {
            thanks.agreed = true;
        }
        let Some((offers, minutes, by_helper)) = self.proposals.get(&to) else {
            return;
        };
        let side = match by_helper {
            true => REQUESTER,
            false => HELPER,
        };
        for id in offers {
            if let Some(offer) = self.offers.get_mut(id)
                && (*by_helper || offer.by == item.by)
            {
                offer.minutes[side] = Some(*minutes);
            }
        }
    }

    fn reply(&mut self, item: &Item<'_>) {
        let no_show = item.item("no_show");
        let said = no_show.and_then(|id| Some((id, self.no_shows.get_mut(&id)?)));
        match said.filter(|(_, said)| said.about == item.by) {
            Some((id, said)) => {
                said.replied = true;
                self.replies.insert(item.id, id);
            }
            None => {
                self.unfounded.insert(item.id, item.by);
            }
        }
    }

    fn reopen(&mut self, item: &Item<'_>) {
        if self
            .reopens_until_ms()
            .is_none_or(|until_ms| item.time_ms > until_ms)
        {
            return;
        }
        self.over = None;
        self.gone = None;
        self.ask_until(item.time_ms);
        for offer in self.offers.values_mut() {
            offer.again |= offer.stands == Stands::Offered;
            if offer.stands.has_place() {
                offer.stands = Stands::Offered;
            }
        }
    }

    /// Says how offers stand, and who is shown what was said about somebody.
    pub fn marks(&self, facts: &Facts<'_>) -> Marks {
        let mut marks = Marks::new();
        for (id, offer) in &self.offers {
            let mark = Mark {
                state: Some(self.word(*id, offer)),
                agreed_minutes: offer.minutes[REQUESTER]
                    .filter(|minutes| offer.minutes[HELPER] == Some(*minutes)),
                sight: None,
            };
            marks.insert(*id, mark);
        }
        let mut see = |id: ItemId, sight: Sight| {
            let sight = Some(sight);
            marks.insert(
                id,
                Mark {
                    sight,
                    ..Mark::default()
                },
            );
        };
        let between = |said: &NoShow| Sight {
            members: [facts.creator, said.helper].into(),
            stewards: true,
            lapses_ms: Some(said.lapses_ms),
        };
        for (id, said) in &self.no_shows {
            see(*id, between(said));
        }
        for (id, no_show) in &self.replies {
            see(*id, between(&self.no_shows[no_show]));
        }
        for (id, thanks) in &self.thanks {
            if !thanks.public || !thanks.agreed {
                let members = [facts.creator, thanks.helper].into();
                let sight = Sight {
                    members,
                    ..Sight::default()
                };
                see(*id, sight);
            }
        }
        for (id, by) in &self.unfounded {
            let members = [*by].into();
            let sight = Sight {
                members,
                ..Sight::default()
            };
            see(*id, sight);
        }
        marks
    }

    fn word(&self, id: ItemId, offer: &Offer) -> &'static str {
        match offer.stands {
            Stands::Accepted => "accepted",
            Stands::UnderWay => "under-way",
            Stands::Done => "done",
            Stands::Withdrawn => "withdrawn",
            Stands::Missed => "missed",
            Stands::Offered if self.gone == Some(id) => "gone",
            Stands::Offered if !self.has_room() => "standby",
            Stands::Offered => "offered",
        }
    }
}

fn minutes_of(item: &Item<'_>) -> Option<i64> {
    match item.scalar("minutes")? {
        crate::intent::Scalar::Int(minutes) => Some(*minutes),
        _ => None,
    }
}
