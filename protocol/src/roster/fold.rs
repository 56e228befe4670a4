//! The fold: every statement judged, strongest rights first, and what follows put in force.
//!
//! The result is a function of the set of statements (and of the chains of tips that cuts name),
//! never of the order in which they came. One full fold goes in strata:
//!
//! 0. Facts that speak for themselves: certificates and cuts signed with a member's own key.
//! 1. The quorum's chain, number by number, each enactment judged from its own past.
//! 2. The founder's acts that make or unmake offices, stewards and members, in causal order.
//! 3. Everything else by depth (distance from the founding statement by authority), within a
//!    depth in causal order.
//!
//! It ends, and no judgement is needed before it is made, because each looks at stronger strata
//! only, or at the author's own past within the same one:
//!
//! - the right that a statement names has a lower depth, for depth counts those steps;
//! - a cut of a role is made by a right from which that role descends, so it lies no deeper than
//!   the appointment, and strictly less deep than what is done by the appointment;
//! - removals come from the quorum or the founder and end no right of the founder's own;
//! - what limits the founder's own acts is a cut of the quorum or a fact;
//! - the quorum looks at the past of the enactment, where there is no enactment of that number;
//! - the other questions (has the member been removed? are there stewards of three offices?) are
//!   about founder's and quorum's acts in the author's past.

use std::collections::BTreeMap;

use super::Reason;
use super::cut::Rank;
use super::graph::{Content, Graph, Ix, Node};
use super::judge::{Judge, Judgement, Place};
use super::powers::{Ground, Powers};
use super::quorum::{self, Chain};
use crate::id::{DeviceId, DocumentId, MemberId};
use crate::statement::{Act, Authority};
use crate::switches::{Rule, Switches};

/// Statements that count and change what is shown, without giving or taking rights.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) descriptions: BTreeMap<MemberId, Vec<Ix>>,
    pub(super) relays: BTreeMap<DeviceId, Vec<Ix>>,
    pub(super) relay_cuts: BTreeMap<DeviceId, Vec<Ix>>,
    pub(super) closings: BTreeMap<DocumentId, Vec<Ix>>,
    pub(super) retirements: BTreeMap<DocumentId, Vec<Ix>>,
    pub(super) motions: Vec<Ix>,
    pub(super) cosignatures: BTreeMap<Ix, Vec<Ix>>,
}

/// The result of folding.
#[derive(Clone, Debug, Default)]
pub(super) struct Fold {
    pub(super) judgements: Vec<Option<Judgement>>,
    pub(super) chain: Chain,
    pub(super) powers: Powers,
    pub(super) shown: Shown,
}

impl Fold {
    /// Folds everything.
    pub(super) fn full(graph: &Graph, switches: Switches) -> Self {
        let mut fold = Self {
            judgements: vec![None; graph.nodes().len()],
            ..Self::default()
        };
        let founder_acts = quorum::foundation_acts(graph);
        fold.chain = quorum::chain(graph, switches, &founder_acts);
        let ground = Ground {
            graph,
            chain: &fold.chain.links,
        };
        let (powers, judged) = quorum::foundation(ground, switches, &founder_acts, None);
        fold.powers = powers;
        for &ix in &graph.founding {
            fold.judgements[ix] = Some(Ok(()));
        }
        for (ix, judgement) in judged {
            fold.judgements[ix] = Some(judgement);
        }
        for (&ix, judgement) in &fold.chain.judgements {
            fold.judgements[ix] = Some(*judgement);
        }
        for link in &fold.chain.links {
            fold.shown.apply(ground, link.standing);
        }
        let mut order: Vec<Ix> = (0..graph.nodes().len()).collect();
        order.sort_by_key(|&ix| {
            let node = graph.node(ix);
            (node.depth, node.generation, node.id)
        });
        for ix in order {
            if fold.judgements[ix].is_none() {
                fold.judge(graph, switches, ix);
            }
        }
        fold
    }

    /// Folds an admission chain: what `held` has judged is believed, what it has not is judged by
    /// the chain alone.
    pub(super) fn believing(
        graph: &Graph,
        switches: Switches,
        held: impl Fn(&Node) -> Option<Judgement>,
    ) -> Self {
        let mut fold = Self::default();
        for (ix, node) in graph.nodes().iter().enumerate() {
            fold.judgements.push(None);
            let believed = held(node).or_else(|| fold.enacted(graph, switches, ix));
            match believed {
                None => fold.judge(graph, switches, ix),
                Some(judgement) => {
                    if judgement.is_ok() {
                        let ground = Ground { graph, chain: &[] };
                        fold.powers.apply(ground, ix, Rank::Quorum, true);
                        fold.shown.apply(ground, ix);
                    }
                    fold.judgements[ix] = Some(judgement);
                }
            }
        }
        fold
    }

    /// Judges an enactment in an admission chain: its motion and itself have to be a steward's.
    ///
    /// Whether enough offices signed cannot be told, for a chain may leave offices out. But a
    /// steward who pretended that could as well have admitted the device without any quorum.
    fn enacted(&self, graph: &Graph, switches: Switches, ix: Ix) -> Option<Judgement> {
        let Some(Act::Enact { motion, .. }) = graph.node(ix).act() else {
            return None;
        };
        let judge = self.judge_of(graph, switches);
        let moved = graph.find(motion).filter(|&motion| {
            matches!(graph.node(motion).act(), Some(Act::Move { .. }))
                && self.judgements.get(motion) == Some(&Some(Ok(())))
        });
        Some(match moved {
            Some(_) => judge.as_steward(ix).map(|_| ()),
            None => Err(Reason::WrongTarget),
        })
    }

    /// Judges one statement that entered the graph after all others were folded. Returns whether
    /// everything has to be folded again, because the statement may end a right that others use.
    ///
    /// Nothing else can change what was judged: a judgement looks at rights in its statement's
    /// past, where a newcomer is not, and at cuts and the places of their tips.
    pub(super) fn add(&mut self, graph: &Graph, switches: Switches, ix: Ix) -> bool {
        debug_assert_eq!(self.judgements.len(), ix);
        self.judgements.push(None);
        let node = graph.node(ix);
        if graph.places_tips(ix) {
            return true;
        }
        match node.act() {
            // Without rule R7 a judgement looks at more than its statement's past.
            _ if !switches.holds(Rule::R7) => return true,
            Some(Act::CutDevice(cut)) if graph.is_new_cut(ix, cut) => return true,
            Some(Act::Enact { .. }) => return true,
            _ => {}
        }
        if matches!(node.act(), Some(Act::CutRole { .. } | Act::Remove { .. })) {
            let judgement = self.judge_of(graph, switches).statement(ix);
            self.judgements[ix] = Some(judgement);
            return judgement.is_ok();
        }
        self.judge(graph, switches, ix);
        false
    }

    fn judge_of<'a>(&'a self, graph: &'a Graph, switches: Switches) -> Judge<'a> {
        Judge {
            ground: Ground {
                graph,
                chain: &self.chain.links,
            },
            switches,
            powers: &self.powers,
            judgements: &self.judgements,
            view: None,
        }
    }

    fn judge(&mut self, graph: &Graph, switches: Switches, ix: Ix) {
        let judge = self.judge_of(graph, switches);
        let judgement = judge.statement(ix);
        if judgement.is_ok() && !matches!(graph.node(ix).content, Content::Join) {
            let ground = Ground {
                graph,
                chain: &self.chain.links,
            };
            let (rank, spares_past) = rank(&judge, ix);
            self.powers.apply(ground, ix, rank, spares_past);
            self.shown.apply(ground, ix);
        }
        self.judgements[ix] = Some(judgement);
    }
}

/// Returns how senior the issuer of a statement is, and whether its cuts spare what it had seen.
fn rank(judge: &Judge<'_>, ix: Ix) -> (Rank, bool) {
    let node = judge.ground.graph.node(ix);
    match node.authority() {
        Some(Authority::Founder) => {
            let place = Place::of(ix, node);
            let is_cut = matches!(node.act(), Some(Act::CutRole { .. } | Act::Remove { .. }));
            let alone = is_cut && judge.may_cut_low(&place, super::judge::Issuer::Founder);
            (Rank::Founder, !alone)
        }
        _ => (Rank::Holder(node.depth), true),
    }
}

impl Shown {
    fn apply(&mut self, ground: Ground<'_>, ix: Ix) {
        let node = ground.graph.node(ix);
        match ground.effect(ix) {
            Some(Act::Describe { .. }) => {
                if let Some(member) = node.member {
                    self.descriptions.entry(member).or_default().push(ix);
                }
            }
            Some(Act::CertifyRelay { device, .. }) => {
                self.relays.entry(*device).or_default().push(ix);
            }
            Some(Act::CutRelay { device, .. }) => {
                self.relay_cuts.entry(*device).or_default().push(ix);
            }
            Some(Act::Close { document, .. }) => {
                self.closings.entry(*document).or_default().push(ix);
            }
            Some(Act::Retire { documents }) => {
                for document in documents {
                    self.retirements.entry(*document).or_default().push(ix);
                }
            }
            Some(Act::Move { .. }) => self.motions.push(ix),
            Some(Act::CoSign { motion }) => {
                if let Some((motion, _)) = ground.motion(motion) {
                    self.cosignatures.entry(motion).or_default().push(ix);
                }
            }
            _ => {}
        }
    }
}
