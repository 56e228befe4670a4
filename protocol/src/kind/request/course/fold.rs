//! What each fact does to the course of a request. Who may not say something, or says it too late,
//! changes nothing.

use crate::intent::Scalar;
use crate::kind::{Facts, Item, ItemId, document_of};

use super::super::lifetime_ms;
use super::{HELPER, Matching, NoShow, Offer, Over, REQUESTER, Stands, Thanks};

impl Matching {
    pub(super) fn take(&mut self, item: &Item<'_>, facts: &Facts<'_>) {
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
            "completions" => self.complete(item, facts),
            "handovers" => self.hand_over(item, facts),
            "confirmations" => self.confirm(item, facts),
            "thanks" => self.thank(item),
            "assents" => self.assent(item),
            "no_shows" => self.miss(item),
            "replies" => self.reply(item),
            "renewals" => self.ask_until(item.time_ms),
            "cancellations" => self.end(Over::Cancelled, item),
            "merges" => {
                if let Some(into) = item.scalar("into").and_then(document_of) {
                    self.end(Over::Merged(into), item);
                }
            }
            "reopenings" => self.reopen(item),
            _ => {}
        }
    }

    fn named(&mut self, item: &Item<'_>, field: &str) -> Option<&mut Offer> {
        self.offers.get_mut(&item.item(field)?)
    }

    fn end(&mut self, over: Over, item: &Item<'_>) {
        if self.over.is_none() {
            self.over = Some((over, item.time_ms));
            self.over_by = Some(item.id);
        }
    }

    /// Moves an offer, and says whether a place became free.
    fn move_to(&mut self, id: ItemId, stands: Stands) -> bool {
        let was_full = self.taken >= self.places;
        if let Some(offer) = self.offers.get_mut(&id) {
            self.taken -= usize::from(offer.stands.has_place());
            self.taken += usize::from(stands.has_place());
            offer.stands = stands;
        }
        was_full && self.taken < self.places
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
            accepted_ms: 0,
            done_ms: 0,
            lost_by: None,
            minutes: [None, None],
        });
    }

    fn accept(&mut self, item: &Item<'_>) {
        if let Some(offer) = self.named(item, "offer")
            && offer.stands == Stands::Offered
        {
            offer.accepted_ms = item.time_ms;
            offer.lost_by = None;
            self.move_to_named(item, Stands::Accepted);
        }
    }

    /// A helper speaks for its own offer only, the requester for every one. What is done stays so.
    fn withdraw(&mut self, item: &Item<'_>) {
        let requester = self.requester;
        let Some(offer) = self.named(item, "offer") else {
            return;
        };
        if offer.stands == Stands::Done || offer.stands == Stands::Missed {
            return;
        }
        let becomes = if offer.by == item.by {
            Stands::Withdrawn
        } else if item.by == requester && offer.stands.has_place() {
            Stands::Offered
        } else {
            return;
        };
        if offer.stands.has_place() {
            offer.lost_by = Some(item.id);
        }
        self.move_to_named(item, becomes);
    }

    fn miss(&mut self, item: &Item<'_>) {
        let requester = self.requester;
        let named = self.named(item, "offer");
        let founded = named.filter(|offer| {
            let speaks = item.by == requester || item.by == offer.by;
            speaks && matches!(offer.stands, Stands::Accepted | Stands::UnderWay)
        });
        let Some(offer) = founded else {
            self.unfounded.insert(item.id, item.by);
            return;
        };
        offer.lost_by = Some(item.id);
        let helper = offer.by;
        let about = match item.by == requester {
            true => helper,
            false => requester,
        };
        let said = NoShow {
            about,
            since_ms: item.time_ms,
            replied: false,
            helper,
        };
        self.no_shows.insert(item.id, said);
        self.move_to_named(item, Stands::Missed);
    }

    /// Moves the offer that a fact names. A place that becomes free again is news to those who stood
    /// by, but not to whoever left it.
    fn move_to_named(&mut self, item: &Item<'_>, stands: Stands) {
        let Some(named) = item.item("offer") else {
            return;
        };
        if self.move_to(named, stands) {
            for (id, offer) in &mut self.offers {
                offer.again |= offer.stands == Stands::Offered && *id != named;
            }
        }
    }

    /// What was done is not undone by whoever said apart from it that somebody left or did not come:
    /// a second device of theirs could say so at any time.
    fn complete(&mut self, item: &Item<'_>, facts: &Facts<'_>) {
        let requester = self.requester;
        let minutes = minutes_of(item);
        let Some(id) = item.item("offer") else {
            return;
        };
        let Some(offer) = self.offers.get_mut(&id) else {
            return;
        };
        let by_helper = item.by == offer.by;
        let apart = |lost_by: ItemId| !facts.had_seen(item.id, lost_by);
        let is_placed = offer.stands.has_place() || offer.lost_by.is_some_and(apart);
        if !is_placed || !by_helper && item.by != requester {
            return;
        }
        if offer.stands != Stands::Done {
            offer.done_ms = item.time_ms.max(offer.accepted_ms);
            self.move_to(id, Stands::Done);
        }
        if let Some(minutes) = minutes
            && let Some(offer) = self.offers.get_mut(&id)
        {
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
            self.end(Over::Gone, item);
        }
    }

    /// Who cancelled apart from its own confirmation has confirmed.
    fn confirm(&mut self, item: &Item<'_>, facts: &Facts<'_>) {
        let apart = |over_by: ItemId| !facts.had_seen(item.id, over_by);
        let stands = match self.over {
            None => self.is_done(),
            Some((Over::Gone, _)) => true,
            Some((Over::Cancelled | Over::Merged(_), _)) => {
                self.is_done() && self.over_by.is_some_and(apart)
            }
            Some((Over::Confirmed, _)) => false,
        };
        if !stands {
            return;
        }
        self.over = Some((Over::Confirmed, item.time_ms));
        self.over_by = Some(item.id);
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
                    public: item.scalar("public") == Some(&Scalar::Bool(true)),
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
        self.over_by = None;
        self.gone = None;
        self.ask_until(item.time_ms);
        for offer in self.offers.values_mut() {
            offer.again |= offer.stands == Stands::Offered;
            offer.lost_by = None;
            if offer.stands.has_place() {
                offer.stands = Stands::Offered;
            }
        }
        self.taken = 0;
    }
}

fn minutes_of(item: &Item<'_>) -> Option<i64> {
    match item.scalar("minutes")? {
        Scalar::Int(minutes) => Some(*minutes),
        _ => None,
    }
}
