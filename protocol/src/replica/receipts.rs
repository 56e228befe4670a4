//! Receipts: which ones this replica issues, takes and gives on, and who holds an entry by them.
//!
//! A receipt is taken only about what is held here, from a device that counts; so a hostile member
//! can lie about itself and nothing else.

use std::collections::BTreeMap;

use crate::api::Delivery;
use crate::frontier::Head;
use crate::id::{DeviceId, MemberId};
use crate::logs::Logs;
use crate::receipt::{Holder, Receipt};
use crate::receipts::{self, Given};
use crate::session::SessionError;
use crate::storage::{LogNumber, Storage, StorageError};

use super::{PeerStanding, Received, Replica};

/// What becomes of a receipt that came.
enum Judged {
    /// It is kept.
    Kept { owner: Option<MemberId> },
    /// It tells nothing that is wanted here.
    Needless,
    /// What it speaks of, or its device, is not known here yet.
    Early,
    /// Its device did not sign it.
    Forged,
}

impl Replica {
    /// Signs for everything that some of the peers want to know of and that was not signed for yet:
    /// relays for every member's log, homes for those of their member. The caller sees to it that
    /// what this replica holds is durable (rule R3). The clock only makes numbers greater.
    pub fn issue_receipts(
        &mut self,
        now_ms: i64,
        peers: &[(DeviceId, Option<MemberId>)],
    ) -> Received {
        let mut received = Received::default();
        self.receipts.number_beyond(now_ms);
        let has_relay = peers.iter().any(|(_, member)| member.is_none());
        let (own, own_member) = (self.device(), self.member());
        let mut heads: BTreeMap<DeviceId, (Head, Option<MemberId>)> = BTreeMap::new();
        for log in self.logs.iter() {
            let wanted = log.member.is_some()
                && log.member != own_member
                && (has_relay || peers.iter().any(|(_, member)| *member == log.member));
            let known = heads.get(&log.device);
            if wanted && known.is_none_or(|(head, _)| head.seq < log.head_seq) {
                let head = Head {
                    seq: log.head_seq,
                    entry: log.head,
                };
                heads.insert(log.device, (head, log.member));
            }
        }
        for (log, (head, owner)) in heads {
            let signed = self.receipts.newest(&log, &own);
            if signed.is_some_and(|receipt| receipt.seq >= head.seq)
                || self.peer_standing(log, owner) != PeerStanding::Admitted
            {
                continue;
            }
            let key = &self.identity.key;
            let receipt = Receipt::issue(self.space, key, own_member, log, head);
            self.receipts
                .keep(receipt, owner, None, &own, &mut received.batch);
        }
        received
    }

    /// Takes receipts from a peer, who numbers the last of them `number`; none when it is to give
    /// them again in the next session.
    ///
    /// # Errors
    ///
    /// [`SessionError::Receipt`] when one is not signed by the device that it names; then none was
    /// taken. [`SessionError::Storage`] when the storage cannot be read.
    pub fn take_receipts<S: Storage>(
        &mut self,
        storage: &S,
        from: DeviceId,
        number: Option<u64>,
        receipts: &[Receipt],
    ) -> Result<Received, SessionError> {
        let mut received = Received::default();
        let mut kept = Vec::new();
        for receipt in receipts {
            match self
                .judge_receipt(storage, receipt)
                .map_err(SessionError::Storage)?
            {
                Judged::Kept { owner } => kept.push((*receipt, owner)),
                Judged::Needless => {}
                Judged::Early => received.receipts_early = true,
                Judged::Forged => return Err(SessionError::Receipt),
            }
        }
        let (own, own_member) = (self.device(), self.member());
        for (receipt, owner) in kept {
            let before = self.receipts.newest(&receipt.log, &receipt.device);
            let before = before.map_or(0, |receipt| receipt.seq);
            if before >= receipt.seq {
                continue;
            }
            if owner.is_some() && owner == own_member {
                let lowest = received.delivered.entry(receipt.log).or_insert(before);
                *lowest = before.min(*lowest);
            }
            self.receipts
                .keep(receipt, owner, Some(from), &own, &mut received.batch);
        }
        // A peer whose clock was set back and that was restored from a copy numbers lower again.
        if let Some(number) = number.filter(|_| !received.receipts_early)
            && number != self.receipts.cursor(&from)
        {
            self.receipts.advance(from, number, &mut received.batch);
        }
        Ok(received)
    }

    fn judge_receipt<S: Storage>(
        &self,
        storage: &S,
        receipt: &Receipt,
    ) -> Result<Judged, StorageError> {
        let owner = receipts::owner_of(&self.logs, &receipt.log);
        let own_member = self.member();
        let is_wanted = match owner {
            // A relay keeps what it gives on; everybody else what tells of the own household's.
            Some(owner) => own_member.is_none_or(|own| own == owner),
            None => own_member.is_none(),
        };
        let newest = self.receipts.newest(&receipt.log, &receipt.device);
        let is_news = newest.is_none_or(|newest| newest.seq < receipt.seq);
        let of_itself = receipt.device == receipt.log
            || receipt.device == self.device()
            || owner.is_some() && receipt.member == owner;
        if !is_wanted || !is_news || of_itself {
            return Ok(Judged::Needless);
        }
        // Who counts is decided when it is counted: what ended a device may be undone again.
        let was_relay = receipt.member.is_none() && self.roster.has_certified(&receipt.device);
        if !was_relay && self.peer_standing(receipt.device, receipt.member) == PeerStanding::Unknown
            || self
                .logs
                .locate(storage, &receipt.log, receipt.head())?
                .is_none()
        {
            return Ok(Judged::Early);
        }
        Ok(if receipt.verifies(self.space) {
            Judged::Kept { owner }
        } else {
            Judged::Forged
        })
    }

    /// Returns a number that no receipt kept here exceeds.
    pub fn last_receipt(&self) -> u64 {
        self.receipts.last()
    }

    /// Returns up to which of its own numbers a peer's receipts were taken.
    pub fn receipt_cursor(&self, peer: &DeviceId) -> u64 {
        self.receipts.cursor(peer)
    }

    /// Returns receipts with a greater number that a peer wants, ascending, at most `count`: a relay
    /// wants all, a home those for the logs of its member. A home gives its own only.
    pub fn receipts_for(
        &self,
        peer: (DeviceId, Option<MemberId>),
        after: u64,
        count: usize,
    ) -> Vec<Given> {
        let is_relay = self.member().is_none();
        let own = self.device();
        let gives = |given: &Given| {
            let by = given.receipt.device;
            (is_relay || by == own) && by != peer.0 && given.from != Some(peer.0)
        };
        match peer.1 {
            Some(member) => {
                let of_member = self.receipts.after_of(member, after);
                of_member.filter(gives).take(count).collect()
            }
            None => self
                .receipts
                .after(after)
                .filter(gives)
                .take(count)
                .collect(),
        }
    }

    /// Reads who holds the own member's logs, by the receipts of those who count as the roster
    /// stands.
    ///
    /// # Errors
    ///
    /// [`StorageError`] when the storage cannot be read.
    pub fn deliveries<S: Storage>(&self, storage: &S) -> Result<Deliveries, StorageError> {
        let mut deliveries = Deliveries::default();
        let Some(member) = self.member() else {
            return Ok(deliveries);
        };
        let mut counts: BTreeMap<(DeviceId, Option<MemberId>), bool> = BTreeMap::new();
        let own = self.logs.iter().filter(|log| log.member == Some(member));
        for log in own.filter(|log| log.base.is_none()) {
            let has_branches = self.logs.forked_at(&log.device).is_some();
            let holders = deliveries.logs.entry(log.device).or_default();
            for receipt in self.receipts.of_log(&log.device) {
                let by = (receipt.device, receipt.member);
                let counts = counts
                    .entry(by)
                    .or_insert_with(|| self.peer_standing(by.0, by.1) == PeerStanding::Admitted);
                if !*counts || receipt.member == Some(member) {
                    continue;
                }
                // Without branches a receipt that was once located lies in the one log.
                let place = if has_branches {
                    self.logs.locate(storage, &log.device, receipt.head())?
                } else {
                    Some((log.number, receipt.seq))
                };
                holders.entry(receipt.holder()).or_default().extend(place);
            }
        }
        Ok(deliveries)
    }
}

/// Who holds the own member's logs, and how far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deliveries {
    logs: BTreeMap<DeviceId, BTreeMap<Holder, Vec<(LogNumber, u64)>>>,
}

impl Deliveries {
    /// Returns who holds the entry at a place of a log.
    pub fn holders<'a>(
        &'a self,
        logs: &'a Logs,
        place: (LogNumber, u64),
    ) -> impl Iterator<Item = Holder> + 'a {
        let device = logs.log(place.0).map(|log| log.device);
        let holders = device.and_then(|device| self.logs.get(&device));
        let holding = holders.into_iter().flatten().filter(move |(_, places)| {
            let mut places = places.iter();
            places.any(|held| logs.is_on_way(place, *held))
        });
        holding.map(|(holder, _)| *holder)
    }

    /// Returns the logs that others hold here than there, however far.
    pub fn logs_with_other_holders(&self, other: &Self) -> Vec<DeviceId> {
        let holders = |of: &Self, log: &DeviceId| -> Vec<Holder> {
            let holders = of.logs.get(log).into_iter().flatten();
            holders.map(|(holder, _)| *holder).collect()
        };
        let logs = self.logs.keys().chain(other.logs.keys());
        let differing = logs.filter(|log| holders(self, log) != holders(other, log));
        let differing: std::collections::BTreeSet<DeviceId> = differing.copied().collect();
        differing.into_iter().collect()
    }

    /// Counts who holds the entry at a place of a log.
    pub fn of(&self, logs: &Logs, place: (LogNumber, u64)) -> Delivery {
        let mut delivery = Delivery::default();
        for holder in self.holders(logs, place) {
            match holder {
                Holder::Relay(_) => delivery.relays += 1,
                Holder::Home(_) => delivery.homes += 1,
            }
        }
        delivery
    }
}
