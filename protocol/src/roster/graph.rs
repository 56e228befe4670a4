//! The graph of statements: who had seen what when, and which facts need no judging.
//!
//! A statement enters the graph once its whole past is held; until then it waits. Everything here
//! is an immutable fact about what entered: places, pasts, depths, signatures. Whether a statement
//! counts is decided in `fold`.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{DeviceLimit, InvitationCount, is_sound};
use super::past::Past;
use super::{Reason, StatementEntry};
use crate::entry::Header;
use crate::id::{DeviceId, EntryId, InvitationId, MemberId, SpaceId};
use crate::statement::{Act, Authority, Statement, Tip};
use crate::switches::Switches;

/// Position of a statement in the graph. Local: it follows the order of arrival.
pub(super) type Ix = usize;

/// Why nothing in a log counts from an entry on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// An entry had seen less than the one before it.
    Retreat,
    /// An entry claimed to have seen what is no statement.
    NoStatement,
}

/// What an entry in the graph says.
#[derive(Clone, Debug)]
pub(super) enum Content {
    /// Nothing: it joins statements.
    Join,
    /// Something of a later version.
    Unknown,
    /// A statement.
    Known { authority: Authority, act: Box<Act> },
}

/// One statement or join whose whole past is held.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) id: EntryId,
    pub(super) device: DeviceId,
    pub(super) member: Option<MemberId>,
    pub(super) seq: u64,
    pub(super) lane: u32,
    /// Position in the lane, from 1.
    pub(super) index: u32,
    /// Length of the longest chain of statements behind it.
    pub(super) generation: u32,
    /// Distance from the founding statement by authority; see [`Graph::depth`].
    pub(super) depth: u32,
    pub(super) previous: Option<Ix>,
    pub(super) parents: Vec<Ix>,
    /// Its past and itself.
    pub(super) closure: Past,
    pub(super) broken: Option<Broken>,
    /// Whether every signature and key inside the statement is sound.
    pub(super) sound: bool,
    pub(super) content: Content,
}

impl Node {
    pub(super) fn act(&self) -> Option<&Act> {
        match &self.content {
            Content::Known { act, .. } => Some(act),
            _ => None,
        }
    }

    pub(super) fn authority(&self) -> Option<&Authority> {
        match &self.content {
            Content::Known { authority, .. } => Some(authority),
            _ => None,
        }
    }
}

#[derive(Clone, Debug)]
struct Lane {
    /// The statement after which the branch leaves another lane of the same device.
    fork: Option<Ix>,
    nodes: Vec<Ix>,
}

/// All statements and joins held.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    space: SpaceId,
    switches: Switches,
    pub(super) nodes: Vec<Node>,
    by_id: BTreeMap<EntryId, Ix>,
    lanes: Vec<Lane>,
    everything: Past,
    waiting: BTreeMap<EntryId, Waiting>,
    /// What is missing → who waits for it.
    wanted: BTreeMap<EntryId, Vec<EntryId>>,
    refused: BTreeSet<EntryId>,
    /// Tips that cuts name, counting or not.
    pub(super) tips: BTreeSet<Tip>,
    resolved: BTreeMap<Tip, Option<EntryId>>,
    /// Statements whose arrival places a tip.
    pub(super) placing: BTreeSet<EntryId>,
    pub(super) founding: Vec<Ix>,
    pub(super) founder: Option<MemberId>,
    pub(super) certificates: BTreeMap<(DeviceId, MemberId), Vec<Ix>>,
    pub(super) device_cuts: BTreeMap<(DeviceId, MemberId), Vec<DeviceLimit>>,
    /// Statements by the statement whose right they claim.
    pub(super) acting_under: BTreeMap<Ix, Vec<Ix>>,
    pub(super) founder_acts: Vec<Ix>,
    pub(super) enactments: Vec<Ix>,
    pub(super) unknown: Vec<Ix>,
    /// Admissions of a member, counting or not.
    pub(super) admissions_of: BTreeMap<MemberId, Vec<Ix>>,
    /// Members whose removal somebody stated, counting or not.
    pub(super) removals_of: BTreeSet<MemberId>,
    /// Certifications of a relay, counting or not.
    pub(super) relays: BTreeMap<DeviceId, Vec<Ix>>,
    /// Uses of an invitation by an inviter, by lane.
    pub(super) invitations: BTreeMap<(MemberId, InvitationId), BTreeMap<u32, Vec<InvitationCount>>>,
}

#[derive(Clone, Debug)]
struct Waiting {
    entry: StatementEntry,
    lacking: usize,
}

impl Graph {
    pub(super) fn new(space: SpaceId, switches: Switches) -> Self {
        Self {
            space,
            switches,
            nodes: Vec::new(),
            by_id: BTreeMap::new(),
            lanes: Vec::new(),
            everything: Past::default(),
            waiting: BTreeMap::new(),
            wanted: BTreeMap::new(),
            refused: BTreeSet::new(),
            tips: BTreeSet::new(),
            resolved: BTreeMap::new(),
            placing: BTreeSet::new(),
            founding: Vec::new(),
            founder: None,
            certificates: BTreeMap::new(),
            device_cuts: BTreeMap::new(),
            acting_under: BTreeMap::new(),
            founder_acts: Vec::new(),
            enactments: Vec::new(),
            unknown: Vec::new(),
            admissions_of: BTreeMap::new(),
            removals_of: BTreeSet::new(),
            relays: BTreeMap::new(),
            invitations: BTreeMap::new(),
        }
    }

    pub(super) fn space(&self) -> SpaceId {
        self.space
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(super) fn node(&self, ix: Ix) -> &Node {
        &self.nodes[ix]
    }

    pub(super) fn find(&self, id: &EntryId) -> Option<Ix> {
        self.by_id.get(id).copied()
    }

    /// The past of an entry that has seen all of the graph.
    pub(super) fn everything(&self) -> &Past {
        &self.everything
    }

    /// Number of statements held, waiting ones included.
    pub(super) fn held(&self) -> usize {
        self.nodes.len() + self.waiting.len()
    }

    pub(super) fn holds(&self, id: &EntryId) -> bool {
        self.by_id.contains_key(id) || self.waiting.contains_key(id)
    }

    pub(super) fn is_refused(&self, id: &EntryId) -> bool {
        self.refused.contains(id)
    }

    /// Says what is wrong with a target in a past that is not what it should be: a statement of a
    /// later version may well be (rule R19).
    pub(super) fn wrong_target(&self, id: &EntryId, past: &Past) -> Reason {
        let target = self.find(id).filter(|&ix| self.lies_in(ix, past));
        match target.map(|ix| &self.nodes[ix].content) {
            Some(Content::Unknown) => Reason::Suspended,
            _ => Reason::WrongTarget,
        }
    }

    /// Tells whether the statement lies in a past.
    pub(super) fn lies_in(&self, ix: Ix, past: &Past) -> bool {
        let node = &self.nodes[ix];
        past.count(node.lane) >= node.index
    }

    /// Tells whether one statement is the other or comes before it in the same log and branch.
    pub(super) fn leads_to(&self, earlier: Ix, later: Ix) -> bool {
        let earlier = &self.nodes[earlier];
        let mut later = &self.nodes[later];
        loop {
            if later.lane == earlier.lane {
                return earlier.index <= later.index;
            }
            match self.lanes[later.lane as usize].fork {
                Some(fork) => later = &self.nodes[fork],
                None => return false,
            }
        }
    }

    /// Returns the last statement at or before a tip in its log; `None` while the tip's chain is
    /// not known, `Some(None)` when there is none before it.
    pub(super) fn last_before(&self, tip: &Tip) -> Option<Option<Ix>> {
        if let Some(ix) = self.find(&tip.entry) {
            let node = &self.nodes[ix];
            return (node.device == tip.device && node.seq == tip.seq).then_some(Some(ix));
        }
        match self.resolved.get(tip)? {
            None => Some(None),
            Some(last) => {
                let ix = self.find(last)?;
                let node = &self.nodes[ix];
                (node.device == tip.device && node.seq <= tip.seq).then_some(Some(ix))
            }
        }
    }

    /// Records which statement comes last at or before a tip. Returns whether that is news.
    pub(super) fn resolve(&mut self, tip: Tip, last: Option<EntryId>) -> bool {
        self.placing.extend(last);
        self.resolved.insert(tip, last) != Some(last)
    }

    /// Tells whether the statement's arrival may place a tip that could not be placed before.
    pub(super) fn places_tips(&self, ix: Ix) -> bool {
        self.placing.contains(&self.nodes[ix].id)
    }

    /// Tips that cuts name and that cannot be placed yet.
    pub(super) fn unresolved(&self) -> impl Iterator<Item = Tip> {
        let tips = self.tips.iter().copied();
        tips.filter(|tip| self.last_before(tip).is_none())
    }

    /// Returns names that statements held here need and that are not held.
    pub(super) fn missing(&self) -> impl Iterator<Item = EntryId> {
        self.wanted
            .keys()
            .filter(|id| !self.waiting.contains_key(id))
            .copied()
    }

    /// Adds to `missing` what has to arrive before the statement enters the graph.
    pub(super) fn missing_for(&self, id: EntryId, missing: &mut BTreeSet<EntryId>, max: usize) {
        let mut queue = vec![id];
        let mut met = BTreeSet::new();
        while let Some(id) = queue.pop() {
            if missing.len() >= max || self.by_id.contains_key(&id) || !met.insert(id) {
                continue;
            }
            match self.waiting.get(&id) {
                None => {
                    missing.insert(id);
                }
                Some(waiting) => queue.extend(needs(&waiting.entry)),
            }
        }
    }

    /// Takes a statement or join; returns those that enter the graph now, in order.
    pub(super) fn insert(&mut self, entry: StatementEntry) -> Vec<Ix> {
        let id = entry.id;
        if self.holds(&id) {
            return Vec::new();
        }
        let lacking: BTreeSet<EntryId> = needs(&entry)
            .filter(|need| !self.by_id.contains_key(need) && !self.refused.contains(need))
            .collect();
        for &need in &lacking {
            self.wanted.entry(need).or_default().push(id);
        }
        let waiting = Waiting {
            entry,
            lacking: lacking.len(),
        };
        if lacking.is_empty() {
            self.enter_all(waiting.entry)
        } else {
            self.waiting.insert(id, waiting);
            Vec::new()
        }
    }

    /// Notes that a name belongs to no statement; returns those that enter the graph now.
    pub(super) fn refuse(&mut self, id: EntryId) -> Vec<Ix> {
        if self.holds(&id) || !self.refused.insert(id) {
            return Vec::new();
        }
        let mut entered = Vec::new();
        for entry in self.released(id) {
            entered.extend(self.enter_all(entry));
        }
        entered
    }

    fn enter_all(&mut self, entry: StatementEntry) -> Vec<Ix> {
        let mut entered = Vec::new();
        let mut queue = vec![entry];
        while let Some(entry) = queue.pop() {
            let id = entry.id;
            entered.push(self.enter(entry));
            queue.extend(self.released(id));
        }
        entered
    }

    /// Returns those that wait for nothing any more once the name is settled.
    fn released(&mut self, id: EntryId) -> Vec<StatementEntry> {
        let mut released = Vec::new();
        for waiter in self.wanted.remove(&id).unwrap_or_default() {
            let waiting = self
                .waiting
                .get_mut(&waiter)
                .expect("whoever wants a name is waiting");
            waiting.lacking -= 1;
            if waiting.lacking == 0 {
                let waiting = self.waiting.remove(&waiter).expect("it was just found");
                released.push(waiting.entry);
            }
        }
        released
    }

    fn enter(&mut self, entry: StatementEntry) -> Ix {
        let ix = self.nodes.len();
        let previous = entry.previous.and_then(|previous| self.find(&previous));
        let own = entry.steps.last().map_or(&[][..], Vec::as_slice);
        let parents: Vec<Ix> = own.iter().filter_map(|id| self.find(id)).collect();
        let past = self.union(parents.iter().copied().chain(previous));
        let broken = self.find_break(&entry, previous);
        let (lane, index) = self.take_place(ix, previous);
        let generation = parents
            .iter()
            .chain(&previous)
            .map(|&parent| self.nodes[parent].generation + 1)
            .max();
        let sound = entry
            .sound
            .unwrap_or_else(|| is_sound(self.space, self.switches, &entry));
        let content = match entry.statement {
            None => Content::Join,
            Some(Statement::Unknown) => Content::Unknown,
            Some(Statement::Known { authority, act }) => Content::Known {
                authority,
                act: Box::new(act),
            },
        };
        let Header {
            device,
            member,
            seq,
            ..
        } = entry.header;
        let mut node = Node {
            id: entry.id,
            device,
            member,
            seq,
            lane,
            index,
            generation: generation.unwrap_or(0),
            depth: 0,
            previous,
            parents,
            closure: past.with(lane, index),
            broken,
            sound,
            content,
        };
        let right = self.right_of(&node);
        node.depth = depth(&node, right.map(|right| self.nodes[right].depth));
        self.everything = self.everything.with(lane, index);
        self.by_id.insert(node.id, ix);
        self.nodes.push(node);
        self.note_facts(ix, right);
        ix
    }

    fn union(&self, of: impl Iterator<Item = Ix>) -> Past {
        of.fold(Past::default(), |past, ix| {
            past.join(&self.nodes[ix].closure)
        })
    }

    fn take_place(&mut self, ix: Ix, previous: Option<Ix>) -> (u32, u32) {
        if let Some(previous) = previous {
            let (lane, index) = (self.nodes[previous].lane, self.nodes[previous].index);
            let nodes = &mut self.lanes[lane as usize].nodes;
            if nodes.last() == Some(&previous) {
                nodes.push(ix);
                return (lane, index + 1);
            }
        }
        let lane = u32::try_from(self.lanes.len()).expect("bounded by STATEMENTS_MAX");
        self.lanes.push(Lane {
            fork: previous,
            nodes: vec![ix],
        });
        (lane, 1)
    }

    /// Finds out whether the log broke the rules of `seen` at or before the entry. An honest log
    /// never does, so everything after the first break is lost with it.
    fn find_break(&self, entry: &StatementEntry, previous: Option<Ix>) -> Option<Broken> {
        if let Some(broken) = previous.and_then(|previous| self.nodes[previous].broken) {
            return Some(broken);
        }
        if needs(entry).any(|need| self.refused.contains(&need)) {
            return Some(Broken::NoStatement);
        }
        // The last step is held, so whatever cannot be compared before it went backwards later.
        let mut steps = entry.steps.windows(2);
        let retreats = steps.any(|pair| self.covers(&pair[1], &pair[0]) != Some(true));
        retreats.then_some(Broken::Retreat)
    }

    /// Tells whether whoever has seen `new` has seen `old`; `None` while `new` is not wholly held.
    /// Nobody has seen what is no statement, so that it does not matter when that was found out.
    pub(super) fn covers(&self, new: &[EntryId], old: &[EntryId]) -> Option<bool> {
        let new: Vec<Ix> = new
            .iter()
            .filter(|id| !self.refused.contains(id))
            .map(|id| self.find(id))
            .collect::<Option<_>>()?;
        Some(old.iter().all(|id| {
            self.find(id).is_some_and(|old| {
                let mut new = new.iter();
                new.any(|&new| self.lies_in(old, &self.nodes[new].closure))
            })
        }))
    }

    /// Returns the statement that gave the right which this one claims, if its author had seen it.
    pub(super) fn right_of(&self, node: &Node) -> Option<Ix> {
        let id = match node.authority()? {
            Authority::Founder => return None,
            Authority::Member { admission } => admission,
            Authority::Grant { appointment } => appointment,
        };
        let ix = self.find(id)?;
        self.lies_in(ix, &node.closure).then_some(ix)
    }
}

/// Names that have to be in the graph, or refused, before the entry can enter it.
fn needs(entry: &StatementEntry) -> impl Iterator<Item = EntryId> {
    let own = entry.steps.last().map_or(&[][..], Vec::as_slice);
    own.iter().copied().chain(entry.previous)
}

/// Distance from the founding statement by authority. It is an immutable fact: acts that speak
/// for themselves are 0, the founder's and the quorum's 1, others one more than what gave the
/// right. A statement whose right its author had not seen counts nowhere; it comes last.
fn depth(node: &Node, right: Option<u32>) -> u32 {
    match &node.content {
        Content::Join | Content::Unknown => 0,
        Content::Known { authority, act } => match (&**act, authority) {
            (Act::Found(_) | Act::Enrol { .. } | Act::CutDevice(_), _) => 0,
            (Act::Enact { .. }, _) | (_, Authority::Founder) => 1,
            _ => right.map_or(u32::MAX, |right| right.saturating_add(1)),
        },
    }
}
