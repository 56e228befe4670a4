//! Flooding: whose logs are not taken any further at present (rule R12). Nothing of it is a verdict:
//! what was refused is taken later, and at once where somebody else names it (rule R9), up to as
//! much again.

use std::collections::{BTreeMap, BTreeSet};

use crate::budget::{Amount, Budget, Budgets, Payer};
use crate::entry::Entry;
use crate::id::{DeviceId, EntryId, MemberId};
use crate::limits;
use crate::roster::is_roster_entry;
use crate::statement::MemberKind;
use crate::storage::StoredLog;

use super::Replica;

/// What is taken of whom, and what is taken beyond.
#[derive(Debug)]
pub(super) struct Flooding {
    budgets: Budgets,
    /// Whether the roster changed since it was asked who is certified.
    is_stale: bool,
    /// Entries that documents need and that are not held.
    wanted: BTreeSet<EntryId>,
    /// Up to which seq a device's log is taken since somebody names what stands there.
    named_up_to: BTreeMap<DeviceId, u64>,
    /// Whether anything was refused since the start.
    has_refused: bool,
}

impl Default for Flooding {
    fn default() -> Self {
        Self {
            budgets: Budgets::new(Budget::STANDARD),
            is_stale: true,
            wanted: BTreeSet::new(),
            named_up_to: BTreeMap::new(),
            has_refused: false,
        }
    }
}

impl Replica {
    /// Goes on with other budgets than [`Budget::STANDARD`].
    pub fn limit(&mut self, budget: Budget) {
        self.flooding.budgets.limit(budget);
    }

    /// Lets budgets grow with time. The owner tells it now and then, by its clock, in milliseconds
    /// since 1970.
    pub fn pass_time(&mut self, now_ms: i64) {
        self.flooding.budgets.pass_time(now_ms);
    }

    /// Returns how often budgets have grown: whoever was refused something may offer it again.
    pub fn budget_growths(&self) -> u64 {
        self.flooding.budgets.growths()
    }

    /// Returns the members of whom nothing more is taken at present.
    pub fn declined_members(&self) -> Vec<MemberId> {
        self.flooding.budgets.spent_members()
    }

    /// Tells whether nothing more of a log is taken at present, unless somebody else names it.
    pub fn declines(&self, device: &DeviceId) -> bool {
        let budgets = &self.flooding.budgets;
        budgets
            .payer(device)
            .is_some_and(|payer| budgets.is_spent(payer))
    }

    /// Tells whether nothing is taken at present of a log of which nothing is held.
    pub fn declines_new(&self, device: &DeviceId) -> bool {
        let members = self.roster.members_of(*device).into_iter().map(Some);
        let payers = members.chain([None]);
        let known = payers
            .map(|member| self.judge_payer(*device, member))
            .find(|payer| *payer != Payer::Unknown);
        let payer = known.unwrap_or(Payer::Unknown);
        let budgets = &self.flooding.budgets;
        budgets.is_spent(payer) || !budgets.takes_device(payer)
    }

    /// Returns what others name and is not held, as far as it may have been refused: the log is
    /// known of the last entries that cuts name.
    pub fn named(&self) -> Vec<(EntryId, Option<DeviceId>)> {
        let has_refused = self.flooding.has_refused || self.has_splintered();
        if !has_refused && !self.flooding.budgets.is_any_spent() {
            return Vec::new();
        }
        let tips = self.roster.unresolved().into_iter();
        let tips = tips.map(|tip| (tip.entry, Some(tip.device)));
        let statements = self.roster.missing().into_iter().map(|id| (id, None));
        let wanted = self.flooding.wanted.iter().map(|id| (*id, None));
        in_turn([
            tips.collect(),
            statements.collect(),
            wanted.collect(),
            self.unheld(),
        ])
    }

    /// Notes what a document needs and is not held.
    pub(super) fn note_wanted(&mut self, missing: impl Iterator<Item = EntryId>) {
        for id in missing {
            if self.flooding.wanted.len() >= limits::WANTED_MAX {
                self.flooding.wanted.pop_first();
            }
            self.flooding.wanted.insert(id);
        }
    }

    pub(super) fn note_refusal(&mut self) {
        self.flooding.has_refused = true;
    }

    pub(super) fn roster_moved(&mut self) {
        self.flooding.is_stale = true;
    }

    /// Counts what storage holds.
    pub(super) fn open_budgets(&mut self) {
        let logs: Vec<StoredLog> = self.logs.iter().cloned().collect();
        for log in logs {
            let first = log.base.map_or(0, |base| base.seq);
            let statements = self.places.get(&log.number).map_or(0, BTreeMap::len);
            let amount = Amount {
                bytes: log.bytes,
                entries: log.head_seq - first,
                statements: statements as u64,
            };
            let amount = match log.base {
                Some(_) => amount.plus(Amount::BRANCH),
                None => amount,
            };
            self.charge(log.device, log.member, amount);
        }
        self.flooding.budgets.open();
    }

    /// Counts newly held entries of a log.
    pub(super) fn charge(&mut self, device: DeviceId, member: Option<MemberId>, amount: Amount) {
        let payer = self.payer(device, member);
        self.flooding.budgets.charge(device, payer, amount);
    }

    /// Notes that entries are held which documents wanted.
    pub(super) fn note_held(&mut self, id: &EntryId) {
        if !self.flooding.wanted.is_empty() {
            self.flooding.wanted.remove(id);
        }
    }

    /// Tells whether a segment is not taken at present, before it is verified. `statements` is how
    /// many the roster holds or is about to.
    pub(super) fn refuses(&mut self, entries: &[Entry], statements: &mut usize) -> bool {
        let Some(first) = entries.first().map(|entry| &entry.header) else {
            return false;
        };
        let (device, member, seq) = (first.device, first.member, first.seq);
        let payer = self.payer(device, member);
        let is_new = self.flooding.budgets.payer(&device).is_none();
        let headers = entries.iter().map(|entry| &entry.header);
        let stated = headers.filter(|header| is_roster_entry(header)).count();
        let room = limits::STATEMENTS_MAX - limits::STATEMENTS_RESERVED;
        let is_roster_full = stated > 0 && *statements + stated > room;
        *statements += stated;
        if is_roster_full {
            return true;
        }
        let budgets = &self.flooding.budgets;
        if !budgets.is_spent(payer) && (!is_new || budgets.takes_device(payer)) {
            return false;
        }
        if budgets.is_overdrawn(payer) {
            return true;
        }
        if let Some(named) = self.named_in(entries) {
            let up_to = self.flooding.named_up_to.entry(device).or_default();
            *up_to = named.max(*up_to);
            return false;
        }
        !self.leads_to_named(&device, seq)
    }

    /// Returns how many branches a log may have so that this segment may begin another.
    pub(super) fn branches_max(&mut self, entries: &[Entry]) -> usize {
        let first = &entries[0].header;
        let (device, seq) = (first.device, first.seq);
        if !self.is_splintered(&device) {
            return limits::BRANCHES_UNNAMED_MAX;
        }
        if let Some(named) = self.named_in(entries) {
            let up_to = self.flooding.named_up_to.entry(device).or_default();
            *up_to = named.max(*up_to);
            return limits::BRANCHES_MAX;
        }
        match self.leads_to_named(&device, seq) {
            true => limits::BRANCHES_LEADING_MAX,
            false => limits::BRANCHES_UNNAMED_MAX,
        }
    }

    fn leads_to_named(&self, device: &DeviceId, seq: u64) -> bool {
        let up_to = self.flooding.named_up_to.get(device);
        up_to.is_some_and(|up_to| seq <= *up_to)
    }

    /// Returns the seq of the last entry of a segment that somebody names.
    fn named_in(&mut self, entries: &[Entry]) -> Option<u64> {
        self.note_refusal();
        let named: BTreeSet<EntryId> = self.named().into_iter().map(|(id, _)| id).collect();
        let entries = entries.iter().rev();
        let mut held = entries.filter(|entry| named.contains(&entry.id));
        held.next().map(|entry| entry.header.seq)
    }

    /// Says in whose budget a log counts. Who was certified once pays for itself until the next
    /// start, whatever becomes of it.
    fn payer(&mut self, device: DeviceId, member: Option<MemberId>) -> Payer {
        if std::mem::take(&mut self.flooding.is_stale) {
            for device in self.flooding.budgets.unknown() {
                let member = self
                    .logs
                    .of_device(&device)
                    .next()
                    .and_then(|log| log.member);
                let payer = self.judge_payer(device, member);
                if payer != Payer::Unknown {
                    self.flooding.budgets.transfer(device, payer);
                }
            }
        }
        let known = self.flooding.budgets.payer(&device);
        known.unwrap_or_else(|| self.judge_payer(device, member))
    }

    fn judge_payer(&self, device: DeviceId, member: Option<MemberId>) -> Payer {
        if device == self.device() {
            return Payer::Own;
        }
        let Some(member) = member else {
            let relays = self.roster.relays();
            return match relays.iter().any(|relay| relay.id == device) {
                true => Payer::Relay(device),
                false => Payer::Unknown,
            };
        };
        if self.roster.device(device, &member).is_none() {
            return Payer::Unknown;
        }
        match self.roster.member(&member) {
            None => Payer::Unknown,
            Some(_) if self.member() == Some(member) => Payer::Own,
            // Guests are many and easily made.
            Some(of) if of.kind == MemberKind::Guest => {
                let host = of.admitted_by.filter(|by| self.member() != Some(*by));
                Payer::Member(host.unwrap_or(member))
            }
            Some(_) => Payer::Member(member),
        }
    }
}

/// Puts lists together, one item of each in turn: those who fill one list do not keep others from
/// being asked for.
fn in_turn<T>(lists: [Vec<T>; 4]) -> Vec<T> {
    let mut lists = lists.map(Vec::into_iter);
    let mut all = Vec::new();
    loop {
        let before = all.len();
        all.extend(lists.iter_mut().filter_map(Iterator::next));
        if all.len() == before {
            return all;
        }
    }
}
