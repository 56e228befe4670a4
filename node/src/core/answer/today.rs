//! Today: what waits for the own household, and what is new.
//!
//! What documents ask of the household was found out when they were projected; here the clock and
//! the roster have their say.

use protocol::api::{Answer, RecordedRef, Today, Waiting, WaitingReason};
use protocol::id::EntryId;
use protocol::kind::Wait;
use protocol::roster::Standing;
use protocol::statement::MemberKind;

use super::Outcome;
use super::acknowledging::NOTICE;
use crate::core::views::is_steward;
use crate::core::worker::{Worker, WorkerError};
use crate::store::{Filter, InState, Order, ViewRow};

/// Documents that wait, and that are told at once.
const WAITING_MAX: usize = 200;
/// News that are told at once; a list has the rest.
const NEWS_MAX: usize = 100;

impl Worker {
    pub(super) fn today(&mut self) -> Outcome {
        let unread = Filter {
            unread: true,
            about_nothing: true,
            ..Filter::default()
        };
        let news = self
            .parts
            .store
            .list(&unread, Order::ActiveFirst, None, NEWS_MAX)?;
        Ok(Ok(Answer::Today(Box::new(Today {
            waiting: self.all_waiting()?,
            news: self.views(&news)?,
            news_total: self.parts.store.count(&unread)?,
            drafts: self.saved_drafts()?,
            since_ms: self.parts.store.last_read_ms()?,
        }))))
    }

    fn all_waiting(&mut self) -> Result<Vec<Waiting>, WorkerError> {
        let now_ms = crate::core::now_ms();
        let building = self.own_building();
        let member = self.parts.replica.member();
        let standing = member.and_then(|member| self.parts.replica.roster().standing_now(&member));
        let in_force = self.agreement_in_force()?.map(|row| row.document);
        let found = self.parts.store.waiting(now_ms, WAITING_MAX)?;
        let mut waiting = Vec::new();
        for (row, wait) in found {
            let mut document = self.view_of(&row, now_ms)?;
            let place = building.as_deref();
            let mut holds = concerns(&row, &wait, place, standing.as_ref());
            holds &= !is_of_notice(&wait) || document.is_meant_for(place);
            holds &= match wait.why {
                WaitingReason::SignAgreement => Some(row.document) == in_force,
                // What hides nothing, because it names another author, is nothing to appeal.
                WaitingReason::HiddenOwn => self.takes_effect(&row)?,
                _ => true,
            };
            if holds {
                document.heads.clear();
                // Whoever asked for a household goes on doing so (decision 0015).
                let is_own = Some(document.author.id) == member;
                let for_household = document.for_household.clone().filter(|_| is_own);
                waiting.push(Waiting {
                    document,
                    why: wait.why,
                    until_ms: wait.until_ms,
                    for_household,
                });
            }
        }
        let acts_for = standing.map_or_else(Vec::new, |standing| standing.acts_for);
        waiting.extend(self.lacking_acknowledgements(&acts_for, now_ms)?);
        waiting.sort_by_key(|waiting| {
            let until_ms = waiting.until_ms;
            (waiting.why, until_ms.is_none(), until_ms)
        });
        waiting.truncate(WAITING_MAX);
        Ok(waiting)
    }

    /// Returns the notices that ask households without a device for an acknowledgement, for which
    /// the own household could give it: for whom it acts is the roster's to say, now.
    fn lacking_acknowledgements(
        &self,
        acts_for: &[EntryId],
        now_ms: i64,
    ) -> Result<Vec<Waiting>, WorkerError> {
        let kind = self.parts.replica.kinds().by_name(NOTICE);
        let Some(kind) = kind.filter(|_| !acts_for.is_empty()) else {
            return Ok(Vec::new());
        };
        let standing = Filter {
            kind: Some(kind.code),
            states: ["published", "corrected"].map(InState::at_any_time).into(),
            alive_at_ms: Some(now_ms),
            ..Filter::default()
        };
        let order = Order::NewestFirst;
        let rows = self.parts.store.list(&standing, order, None, WAITING_MAX)?;
        let households = acts_for.iter().map(|id| self.recorded_ref(*id));
        let households: Vec<RecordedRef> = households.collect();
        let mut waiting = Vec::new();
        for row in rows {
            let mut document = self.view_of(&row, now_ms)?;
            document.heads.clear();
            let lacking = households.iter();
            let lacking = lacking.filter(|one| document.lacks_acknowledgement_for(one));
            waiting.extend(lacking.map(|household| Waiting {
                document: document.clone(),
                why: WaitingReason::Acknowledge,
                until_ms: row.until_ms,
                for_household: Some(household.clone()),
            }));
        }
        Ok(waiting)
    }
}

/// Tells whether it is asked of those for whom a notice is meant.
fn is_of_notice(wait: &Wait) -> bool {
    matches!(
        wait.why,
        WaitingReason::UrgentNotice | WaitingReason::ImportantNotice | WaitingReason::Acknowledge
    )
}

/// Tells whether what a document asks is asked of this household: an urgent request asks its own
/// building first and stewards next, and a guest acknowledges nothing and offers no help.
fn concerns(
    row: &ViewRow,
    wait: &Wait,
    building: Option<&str>,
    standing: Option<&Standing>,
) -> bool {
    let elsewhere = match (row.building.as_deref(), building) {
        (Some(meant), Some(own)) => meant != own,
        _ => false,
    };
    let is_guest = standing.is_none_or(|standing| standing.kind == MemberKind::Guest);
    let decides = standing.is_some_and(is_steward);
    let powerless = match wait.why {
        WaitingReason::Acknowledge => is_guest,
        WaitingReason::DecideAppeal | WaitingReason::UrgentUnanswered => !decides || is_guest,
        WaitingReason::UrgentNearby | WaitingReason::UrgentWidened => is_guest,
        _ => false,
    };
    !(powerless || wait.why == WaitingReason::UrgentNearby && elsewhere)
}
