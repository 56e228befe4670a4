//! Cuts: where a right ends in each log, and which of several cuts decides (rules R6, R7).

use std::collections::BTreeMap;

use protocol::id::{DeviceId, EntryId};
use protocol::limits;
use protocol::statement::{Act, Tip, Tips};

use super::history::History;
use super::set::Set;

/// Who ends a right, most senior first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Seniority {
    /// The quorum.
    Quorum,
    /// The founder.
    Founder,
    /// The log's own member.
    Own,
    /// The holder of a role, by the number of appointments between it and the founding.
    Holder(u32),
}

/// The last counting entries that a statement names, by log.
pub type Named = BTreeMap<DeviceId, Tip>;

/// What one cut says about one log. Cuts are compared by seniority, then by the lowest tip, of
/// which "nothing counts" is the lowest, then by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Limit {
    /// Who cut.
    pub seniority: Seniority,
    /// Where: seq and name of the last counting entry.
    pub place: Option<(u64, EntryId)>,
    /// The cutting statement.
    pub cut: EntryId,
    /// The same, by number.
    pub number: usize,
    /// The device.
    pub device: DeviceId,
    /// Whether the cut was held to leave what its author had seen.
    pub spares_seen: bool,
}

/// On which side of a limit an entry lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// It counts, as far as the limit goes.
    Within,
    /// It does not.
    Beyond,
    /// The tip's chain is not held.
    Unknown,
}

impl Limit {
    /// Returns the tip.
    pub fn tip(&self) -> Option<Tip> {
        self.place.map(|(seq, entry)| Tip {
            device: self.device,
            seq,
            entry,
        })
    }

    /// Tells on which side an entry of the same device lies.
    pub fn side(&self, history: &History, entry: usize) -> Side {
        let Some(tip) = self.tip() else {
            return Side::Beyond;
        };
        if history.facts[entry].header.seq > tip.seq {
            return Side::Beyond;
        }
        match history.tip(&tip) {
            Some(last) if history.leads_to(entry, last) => Side::Within,
            Some(_) => Side::Beyond,
            None => Side::Unknown,
        }
    }
}

/// Puts a list of tips together. `device` and `seen` are those of the statement that holds it.
/// None when it is malformed.
pub fn assemble(history: &History, device: DeviceId, seen: &Set, tips: &Tips) -> Option<Named> {
    if tips.named.len() > limits::TIPS_MAX || tips.parts.len() > limits::TIPS_PARTS_MAX {
        return None;
    }
    let mut all = tips.named.clone();
    for part in &tips.parts {
        let number = history.statement(part)?;
        let fact = &history.facts[number];
        match fact.act() {
            Some(Act::Tips { tips })
                if seen.holds(number)
                    && fact.header.device == device
                    && tips.len() <= limits::TIPS_MAX =>
            {
                all.extend(tips);
            }
            _ => return None,
        }
    }
    all.sort_unstable();
    let expected = (!tips.parts.is_empty()).then(|| Tips::digest(&all));
    let mut named = Named::new();
    for tip in &all {
        if tip.seq == 0 || named.insert(tip.device, *tip).is_some() {
            return None;
        }
    }
    (tips.digest == expected).then_some(named)
}

/// Tells whether tips lie lower than a statement: it stands beyond them, and not on another branch
/// than theirs.
pub fn lies_below(history: &History, named: &Named, statement: usize) -> bool {
    let header = &history.facts[statement].header;
    let Some(tip) = named.get(&header.device) else {
        return true;
    };
    if header.seq <= tip.seq {
        return false;
    }
    match history.tip(tip) {
        Some(last) => history.leads_to(last, statement),
        None => true,
    }
}
