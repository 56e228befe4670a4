//! Budgets: how much of whose logs a replica takes, so that a flood fills nobody's disk (rule R12).
//!
//! A budget is local and never a verdict: what is not taken today is taken later, or from the
//! moment on that somebody names it. All devices of a household share one. Whose a log is decides
//! `replica`; here is only counted.

use std::collections::BTreeMap;

use crate::entry::Header;
use crate::id::{DeviceId, MemberId};
use crate::limits;
use crate::roster::is_roster_entry;

/// One hour in milliseconds: budgets grow by the hour.
const HOUR_MS: i64 = 60 * 60 * 1_000;
/// Hours that a budget grows by at most at once: a clock that was set ahead must not open it.
const HOURS_AT_ONCE_MAX: i64 = 24;

/// An amount of entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Bytes that they count for ([`Header::entry_bytes`]), dropped payloads included.
    pub bytes: u64,
    /// How many.
    pub entries: u64,
    /// How many of them are statements or joins.
    pub statements: u64,
}

impl Amount {
    /// What a branch counts for, beside its entries.
    pub const BRANCH: Self = Self {
        bytes: 0,
        entries: 0,
        statements: limits::BRANCH_STATEMENTS,
    };

    /// Returns what one entry counts for.
    pub fn of(header: &Header) -> Self {
        Self {
            bytes: header.entry_bytes() as u64,
            entries: 1,
            statements: u64::from(is_roster_entry(header)),
        }
    }

    /// Returns both together.
    pub fn plus(self, other: Self) -> Self {
        self.each(other, u64::saturating_add)
    }

    fn less(self, other: Self) -> Self {
        self.each(other, u64::saturating_sub)
    }

    fn each(self, other: Self, of: impl Fn(u64, u64) -> u64) -> Self {
        Self {
            bytes: of(self.bytes, other.bytes),
            entries: of(self.entries, other.entries),
            statements: of(self.statements, other.statements),
        }
    }

    /// Tells whether one of the numbers is as great as the other's.
    fn reaches(self, other: Self) -> bool {
        self.bytes >= other.bytes
            || self.entries >= other.entries
            || self.statements >= other.statements
    }
}

/// How much is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Of one member, as it comes.
    pub member: Amount,
    /// Of one relay, as it comes.
    pub relay: Amount,
    /// Of all logs together whose devices nobody known here has certified, as it comes.
    pub unknown: Amount,
    /// Of each beyond that, in an hour.
    pub hourly: Amount,
    /// Devices of one member.
    pub devices: usize,
    /// Devices that nobody known here has certified.
    pub devices_unknown: usize,
}

impl Budget {
    /// What a node takes.
    pub const STANDARD: Self = Self {
        member: Amount {
            bytes: limits::MEMBER_BYTES_MAX,
            entries: limits::MEMBER_ENTRIES_MAX,
            statements: limits::MEMBER_STATEMENTS_MAX,
        },
        relay: limits::RELAY_AMOUNT_MAX,
        unknown: limits::UNKNOWN_AMOUNT_MAX,
        hourly: limits::HOURLY_AMOUNT_MAX,
        devices: limits::MEMBER_DEVICES_MAX,
        devices_unknown: limits::UNKNOWN_DEVICES_MAX,
    };

    /// What a node takes that has other room for each member than [`limits::MEMBER_BYTES_MAX`].
    #[must_use]
    pub const fn with_member_bytes(mut self, bytes: u64) -> Self {
        self.member.bytes = bytes;
        self
    }
}

/// Whose budget a log counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Payer {
    /// The own household, which has no limit at home.
    Own,
    /// A member with all its devices and guests.
    Member(MemberId),
    /// A relay.
    Relay(DeviceId),
    /// Everybody whom nobody known here has certified.
    Unknown,
}

#[derive(Clone, Copy, Debug, Default)]
struct Account {
    spent: Amount,
    devices: usize,
    /// The stored amount up to which entries are taken, where it is more than at first.
    ceiling: Option<Amount>,
}

/// What is held of whom.
#[derive(Clone, Debug)]
pub struct Budgets {
    budget: Budget,
    devices: BTreeMap<DeviceId, (Payer, Amount)>,
    accounts: BTreeMap<Payer, Account>,
    grown_ms: Option<i64>,
    /// How often budgets have grown: whoever was refused something may ask again.
    growths: u64,
}

impl Budgets {
    /// Makes budgets of which nothing is spent.
    pub fn new(budget: Budget) -> Self {
        Self {
            budget,
            devices: BTreeMap::new(),
            accounts: BTreeMap::new(),
            grown_ms: None,
            growths: 0,
        }
    }

    /// Goes on with other limits. What is overdrawn by them grows from there.
    pub fn limit(&mut self, budget: Budget) {
        self.budget = budget;
        self.open();
    }

    /// Lets budgets that are overdrawn at the start grow from there.
    pub fn open(&mut self) {
        for payer in self.payers() {
            let first = self.first(payer);
            if let Some(account) = self.accounts.get_mut(&payer)
                && account.spent.reaches(first)
            {
                account.ceiling = Some(first.each(account.spent, u64::max));
            }
        }
    }

    /// Returns in whose budget a device's log counts.
    pub fn payer(&self, device: &DeviceId) -> Option<Payer> {
        self.devices.get(device).map(|(payer, _)| *payer)
    }

    /// Returns the devices that nobody known here had certified.
    pub fn unknown(&self) -> Vec<DeviceId> {
        let devices = self.devices.iter();
        devices
            .filter(|(_, (payer, _))| *payer == Payer::Unknown)
            .map(|(device, _)| *device)
            .collect()
    }

    /// Counts entries of a device that are held.
    pub fn charge(&mut self, device: DeviceId, payer: Payer, amount: Amount) {
        let known = self.devices.entry(device).or_insert_with(|| {
            self.accounts.entry(payer).or_default().devices += 1;
            (payer, Amount::default())
        });
        known.1 = known.1.plus(amount);
        let account = self.accounts.entry(known.0).or_default();
        account.spent = account.spent.plus(amount);
    }

    /// Counts a device's entries in another budget from now on.
    pub fn transfer(&mut self, device: DeviceId, to: Payer) {
        let Some((from, amount)) = self.devices.remove(&device) else {
            return;
        };
        let account = self.accounts.entry(from).or_default();
        account.spent = account.spent.less(amount);
        account.devices = account.devices.saturating_sub(1);
        self.charge(device, to, amount);
        self.growths += 1;
    }

    /// Tells whether nothing more is taken at present.
    pub fn is_spent(&self, payer: Payer) -> bool {
        self.exceeds(payer, Amount::default())
    }

    /// Tells whether not even what somebody else names is taken at present: as much again as is
    /// taken as it comes.
    pub fn is_overdrawn(&self, payer: Payer) -> bool {
        self.exceeds(payer, self.first(payer))
    }

    /// Tells whether one more device may count in a budget.
    pub fn takes_device(&self, payer: Payer) -> bool {
        let held = self
            .accounts
            .get(&payer)
            .map_or(0, |account| account.devices);
        match payer {
            Payer::Own | Payer::Relay(_) => true,
            Payer::Member(_) => held < self.budget.devices,
            Payer::Unknown => held < self.budget.devices_unknown,
        }
    }

    /// Returns the members of whom nothing more is taken at present.
    pub fn spent_members(&self) -> Vec<MemberId> {
        let spent = self.accounts.keys().filter(|payer| self.is_spent(**payer));
        let members = spent.filter_map(|payer| match payer {
            Payer::Member(member) => Some(*member),
            _ => None,
        });
        members.collect()
    }

    /// Tells whether any budget is spent.
    pub fn is_any_spent(&self) -> bool {
        self.accounts.keys().any(|payer| self.is_spent(*payer))
    }

    /// Returns how often budgets have grown.
    pub fn growths(&self) -> u64 {
        self.growths
    }

    /// Lets budgets grow with time, milliseconds since 1970. What was not used is kept for a day.
    pub fn pass_time(&mut self, now_ms: i64) {
        let since = self.grown_ms.filter(|since| *since <= now_ms);
        let Some(since) = since else {
            self.grown_ms = Some(now_ms);
            return;
        };
        let hours = (now_ms - since) / HOUR_MS;
        if hours == 0 {
            return;
        }
        self.grown_ms = Some(since + hours * HOUR_MS);
        let hours = u64::try_from(hours.min(HOURS_AT_ONCE_MAX)).unwrap_or(0);
        let grown = times(self.budget.hourly, hours);
        let kept = times(self.budget.hourly, HOURS_AT_ONCE_MAX.unsigned_abs());
        for payer in self.payers() {
            let first = self.first(payer);
            let Some(account) = self.accounts.get_mut(&payer) else {
                continue;
            };
            if account.spent.reaches(first) {
                let ceiling = account.ceiling.unwrap_or(first);
                let most = account.spent.plus(kept).each(ceiling, u64::max);
                account.ceiling = Some(ceiling.plus(grown).each(most, u64::min));
                self.growths += 1;
            }
        }
    }

    fn payers(&self) -> Vec<Payer> {
        self.accounts.keys().copied().collect()
    }

    fn exceeds(&self, payer: Payer, further: Amount) -> bool {
        if payer == Payer::Own {
            return false;
        }
        let account = self.accounts.get(&payer).copied().unwrap_or_default();
        let ceiling = account.ceiling.unwrap_or_else(|| self.first(payer));
        account.spent.reaches(ceiling.plus(further))
    }

    fn first(&self, payer: Payer) -> Amount {
        match payer {
            Payer::Own | Payer::Member(_) => self.budget.member,
            Payer::Relay(_) => self.budget.relay,
            Payer::Unknown => self.budget.unknown,
        }
    }
}

fn times(amount: Amount, count: u64) -> Amount {
    amount.each(
        Amount {
            bytes: count,
            entries: count,
            statements: count,
        },
        u64::saturating_mul,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Payer = Payer::Member(MemberId([1; 32]));

    fn amount(entries: u64) -> Amount {
        Amount {
            bytes: 100 * entries,
            entries,
            statements: 0,
        }
    }

    fn budgets() -> Budgets {
        let all = |number| Amount {
            bytes: 100 * number,
            entries: number,
            statements: number,
        };
        Budgets::new(Budget {
            member: all(10),
            relay: all(2),
            unknown: all(5),
            hourly: all(1),
            devices: 2,
            devices_unknown: 1,
        })
    }

    #[test]
    fn all_devices_of_a_member_share_one_budget_that_grows_by_the_hour() {
        let mut budgets = budgets();
        budgets.charge(DeviceId([1; 32]), A, amount(6));
        budgets.charge(DeviceId([2; 32]), A, amount(3));
        assert!(!budgets.is_spent(A) && !budgets.takes_device(A));
        budgets.charge(DeviceId([2; 32]), A, amount(2));
        assert!(budgets.is_spent(A) && !budgets.is_overdrawn(A));
        budgets.pass_time(0);
        budgets.pass_time(HOUR_MS);
        assert!(budgets.is_spent(A), "eleven of eleven");
        budgets.pass_time(3 * HOUR_MS - 1);
        assert!(!budgets.is_spent(A), "eleven of twelve");
        assert_eq!(budgets.growths(), 2);
    }

    #[test]
    fn a_clock_that_is_set_ahead_or_back_opens_no_budget_for_good() {
        let mut budgets = budgets();
        budgets.charge(DeviceId([1; 32]), A, amount(10));
        for now_ms in [0, i64::MAX / 2, 0, i64::MAX / 2, 0, HOUR_MS] {
            budgets.pass_time(now_ms);
        }
        budgets.charge(DeviceId([1; 32]), A, amount(24));
        assert!(budgets.is_spent(A));
    }

    #[test]
    fn who_is_certified_pays_no_longer_with_the_unknown() {
        let mut budgets = budgets();
        let device = DeviceId([1; 32]);
        budgets.charge(device, Payer::Unknown, amount(5));
        assert!(budgets.is_spent(Payer::Unknown) && !budgets.takes_device(Payer::Unknown));
        budgets.transfer(device, A);
        assert!(!budgets.is_spent(Payer::Unknown) && budgets.takes_device(Payer::Unknown));
        assert_eq!(
            (budgets.payer(&device), budgets.is_spent(A)),
            (Some(A), false)
        );
    }
}
