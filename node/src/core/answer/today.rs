//! Today: what waits for the own household, and what is new.
//!
//! What documents ask of the household was found out when they were projected; here the clock and
//! the roster have their say.

use protocol::api::{Answer, Today, Waiting, WaitingReason};
use protocol::kind::Wait;
use protocol::roster::Standing;
use protocol::statement::MemberKind;

use super::Outcome;
use crate::core::views::is_steward;
use crate::core::worker::{Worker, WorkerError};
use crate::store::{Filter, Order, ViewRow};

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
            let mut holds = concerns(&row, &wait, building.as_deref(), standing.as_ref());
            holds &= match wait.why {
                WaitingReason::SignAgreement => Some(row.document) == in_force,
                // What hides nothing, because it names another author, is nothing to appeal.
                WaitingReason::HiddenOwn => self.takes_effect(&row)?,
                _ => true,
            };
            if holds {
                let mut document = self.view_of(&row, now_ms)?;
                document.heads.clear();
                waiting.push(Waiting {
                    document,
                    why: wait.why,
                    until_ms: wait.until_ms,
                });
            }
        }
        Ok(waiting)
    }
}

/// Tells whether what a document asks is asked of this household: a notice to one building asks
/// nothing of another, an urgent request asks its own building first and stewards next, and a guest
/// acknowledges nothing and offers no help.
fn concerns(
    row: &ViewRow,
    wait: &Wait,
    building: Option<&str>,
    standing: Option<&Standing>,
) -> bool {
    let notice = matches!(
        wait.why,
        WaitingReason::UrgentNotice | WaitingReason::ImportantNotice | WaitingReason::Acknowledge
    );
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
    let meant_for_building = notice || wait.why == WaitingReason::UrgentNearby;
    !(powerless || meant_for_building && elsewhere)
}
