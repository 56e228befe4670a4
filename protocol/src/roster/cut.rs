//! Cuts: where the rights of a log end, and which of several cuts decides (rules R6 and R7).
//!
//! A cut is judged before it comes here. Nothing here knows who may cut whom.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Reason;
use super::graph::{Graph, Ix};
use crate::id::{DeviceId, EntryId};
use crate::limits;
use crate::statement::{Act, Tip, Tips};
use crate::switches::{Rule, Switches};

/// Who ends a right, most senior first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// The quorum.
    Quorum,
    /// The founder.
    Founder,
    /// The log's own household, office or guest.
    Own,
    /// The holder of a role, by distance from the founding statement.
    Holder(u32),
}

/// Last counting entries by log. A log that is not named counts nothing.
pub(super) type Limits = BTreeMap<DeviceId, Tip>;

/// A counting cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) node: Ix,
    pub(super) id: EntryId,
    pub(super) rank: Rank,
    pub(super) limits: Arc<Limits>,
    /// Whether it was held to what its author had seen, so that nothing of that can lie beyond.
    pub(super) spares_past: bool,
}

/// What one cut says about one log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Limit {
    pub(super) rank: Rank,
    pub(super) cut: EntryId,
    pub(super) node: Ix,
    /// `None` when nothing of the log counts.
    pub(super) tip: Option<Tip>,
    pub(super) spares_past: bool,
}

impl Cut {
    pub(super) fn limit(&self, device: &DeviceId) -> Limit {
        Limit {
            rank: self.rank,
            cut: self.id,
            node: self.node,
            tip: self.limits.get(device).copied(),
            spares_past: self.spares_past,
        }
    }
}

/// Picks the limit that decides: the most senior issuer's, then the lowest seq, then the lowest
/// hash.
pub(super) fn deciding(switches: Switches, limits: impl Iterator<Item = Limit>) -> Option<Limit> {
    let place = |limit: &Limit| limit.tip.map(|tip| (tip.seq, tip.entry));
    if switches.holds(Rule::R6) {
        limits.min_by_key(|limit| (limit.rank, place(limit), limit.cut))
    } else {
        limits.max_by_key(|limit| limit.cut)
    }
}

/// Where a statement lies in relation to a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Within,
    Beyond,
    /// The chain of the tip is not known, and the statement is not later than it.
    ChainMissing(EntryId),
}

/// Tells on which side of a limit of its own log an entry lies. `node` is `None` for one that is
/// not written yet.
pub(super) fn side(graph: &Graph, limit: &Limit, node: Option<Ix>, seq: u64) -> Side {
    let Some(tip) = limit.tip else {
        return Side::Beyond;
    };
    let (Some(node), true) = (node, seq <= tip.seq) else {
        return Side::Beyond;
    };
    match graph.last_before(&tip) {
        Some(Some(last)) if graph.leads_to(node, last) => Side::Within,
        Some(_) => Side::Beyond,
        // What the cutter had seen is within, or the cut would not stand once the chain is known.
        None if limit.spares_past && graph.lies_in(node, &graph.node(limit.node).closure) => {
            Side::Within
        }
        None => Side::ChainMissing(tip.entry),
    }
}

/// Tells whether a cut lies lower than a statement that its author had seen: beyond the tip on the
/// tip's own branch. Another branch of a forked log is no obstacle, or nobody could cut a forked
/// device any more.
pub(super) fn lies_below(graph: &Graph, limits: &Limits, seen: Ix) -> bool {
    let node = graph.node(seen);
    let Some(tip) = limits.get(&node.device) else {
        return true;
    };
    match graph.last_before(tip) {
        None | Some(None) => node.seq > tip.seq,
        Some(Some(last)) => node.seq > tip.seq && graph.leads_to(last, seen),
    }
}

/// Puts a list of tips together.
///
/// `of` is the statement that holds them; parts are earlier statements of the same device.
pub(super) fn assemble(graph: &Graph, of: Holder<'_>, tips: &Tips) -> Result<Limits, Reason> {
    // A statement that is not written yet names its whole list: who may write it is asked before
    // its parts are written.
    let named_max = match of.is_written {
        true => limits::TIPS_MAX,
        false => limits::TIPS_LIST_MAX,
    };
    if tips.named.len() > named_max || tips.parts.len() > limits::TIPS_PARTS_MAX {
        return Err(Reason::Limit { what: "tips" });
    }
    let mut all = tips.named.clone();
    for part in &tips.parts {
        all.extend(part_of(graph, &of, part)?);
    }
    all.sort_unstable();
    let expected = (!tips.parts.is_empty()).then(|| Tips::digest(&all));
    if tips.digest != expected {
        return Err(Reason::TipsMalformed);
    }
    let count = all.len();
    let limits: Limits = all
        .into_iter()
        .filter(|tip| tip.seq > 0)
        .map(|tip| (tip.device, tip))
        .collect();
    if limits.len() == count {
        Ok(limits)
    } else {
        Err(Reason::TipsMalformed)
    }
}

/// The statement that holds a list of tips.
pub(super) struct Holder<'a> {
    pub(super) device: DeviceId,
    pub(super) past: &'a super::past::Past,
    pub(super) is_written: bool,
}

fn part_of<'a>(graph: &'a Graph, of: &Holder<'_>, part: &EntryId) -> Result<&'a [Tip], Reason> {
    let node = graph
        .find(part)
        .filter(|&ix| graph.lies_in(ix, of.past))
        .map(|ix| graph.node(ix))
        .filter(|node| node.device == of.device)
        .ok_or(Reason::TipsMalformed)?;
    match node.act() {
        Some(Act::Tips { tips }) if tips.len() <= limits::TIPS_MAX => Ok(tips),
        _ => Err(Reason::TipsMalformed),
    }
}
