//! The quorum's chain: which enactments stand, number by number (rule R6).
//!
//! Whether an enactment is valid is a function of its own past and of the chain before it, and of
//! nothing that arrives later. Otherwise one steward could bring down every act of the quorum by
//! cutting an own device below a co-signature. Only the choice between two valid enactments of one
//! number can change: the lower hash stands.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cut::{Cut, Holder, Limits, Rank, assemble, lies_below};
use super::graph::{Graph, Ix};
use super::judge::{Issuer, Judge, Judgement, Place};
use super::past::Past;
use super::powers::{Ground, Powers, offices};
use super::{OFFICES_FOR_QUORUM, Reason};
use crate::id::{EntryId, MemberId};
use crate::limits;
use crate::statement::{Act, Authority, Role};
use crate::switches::Switches;

/// One number of the chain.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) motion: Ix,
    /// The enactment that stands.
    pub(super) standing: Ix,
    /// It and other valid enactments of the same motion: two stewards who enact one motion at the
    /// same time do the same act, and a later motion may name either as the one before it.
    pub(super) alike: Vec<Ix>,
    /// With number 1, where the founder's own right ends.
    pub(super) founder_cut: Option<Cut>,
}

/// The chain, and why other enactments are not in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Chain {
    pub(super) links: Vec<Link>,
    pub(super) judgements: BTreeMap<Ix, Judgement>,
}

/// What an enactment says of its motion, before anything is judged.
struct Enactment<'a> {
    ix: Ix,
    motion: Ix,
    previous: Option<EntryId>,
    act: &'a Act,
}

/// Finds the chain: for each number the enactment with the lowest hash among those that are valid
/// on top of the numbers before.
pub(super) fn chain(graph: &Graph, switches: Switches, founder_acts: &[Ix]) -> Chain {
    let mut chain = Chain::default();
    let mut by_number: BTreeMap<u64, Vec<Enactment<'_>>> = BTreeMap::new();
    for &ix in &graph.enactments {
        match read(graph, ix) {
            Ok((number, enactment)) => by_number.entry(number).or_default().push(enactment),
            Err(reason) => {
                chain.judgements.insert(ix, Err(reason));
            }
        }
    }
    for (number, candidates) in by_number {
        let expected = chain.links.len() as u64 + 1;
        let mut valid = Vec::new();
        for candidate in &candidates {
            let judged = if number == expected {
                is_valid(graph, switches, founder_acts, &chain.links, candidate)
            } else {
                Err(Reason::ChainBroken)
            };
            match judged {
                Ok(founder_cut) => {
                    valid.push((graph.node(candidate.ix).id, candidate, founder_cut))
                }
                Err(reason) => {
                    chain.judgements.insert(candidate.ix, Err(reason));
                }
            }
        }
        valid.sort_by_key(|(id, ..)| *id);
        if !valid.is_empty() {
            extend(&mut chain, valid);
        }
    }
    chain
}

/// Adds a number: the first of the valid enactments stands, with those of the same motion.
fn extend(chain: &mut Chain, valid: Vec<(EntryId, &Enactment<'_>, Option<Cut>)>) {
    let (standing_id, standing) = (valid[0].0, valid[0].1);
    let mut alike = Vec::new();
    for (_, enactment, _) in &valid {
        let judgement = if enactment.motion == standing.motion {
            alike.push(enactment.ix);
            Ok(())
        } else {
            Err(Reason::Outdone { by: standing_id })
        };
        chain.judgements.insert(enactment.ix, judgement);
    }
    chain.links.push(Link {
        motion: standing.motion,
        standing: standing.ix,
        alike,
        founder_cut: valid[0].2.clone(),
    });
}

fn read(graph: &Graph, ix: Ix) -> Result<(u64, Enactment<'_>), Reason> {
    let node = graph.node(ix);
    let Some(Act::Enact { motion, .. }) = node.act() else {
        return Err(Reason::WrongTarget);
    };
    let wrong = graph.wrong_target(motion, &node.closure);
    let motion = graph
        .find(motion)
        .filter(|&motion| graph.lies_in(motion, &node.closure));
    let motion = motion.ok_or(wrong)?;
    match graph.node(motion).act() {
        Some(Act::Move {
            number,
            previous,
            act,
        }) => Ok((
            *number,
            Enactment {
                ix,
                motion,
                previous: *previous,
                act,
            },
        )),
        _ => Err(wrong),
    }
}

/// Judges an enactment from its own past, with the chain before it in force. Returns where the
/// founder's right ends, with number 1.
fn is_valid(
    graph: &Graph,
    switches: Switches,
    founder_acts: &[Ix],
    links: &[Link],
    enactment: &Enactment<'_>,
) -> Result<Option<Cut>, Reason> {
    let node = graph.node(enactment.ix);
    let past = &node.closure;
    match (links.last(), enactment.previous) {
        (None, None) => {}
        (Some(link), Some(previous)) => {
            let mut alike = link.alike.iter();
            let named = alike.find(|&&ix| graph.node(ix).id == previous);
            if !named.is_some_and(|&ix| graph.lies_in(ix, past)) {
                return Err(Reason::ChainBroken);
            }
        }
        _ => return Err(Reason::ChainBroken),
    }
    let ground = Ground {
        graph,
        chain: links,
    };
    let (powers, _) = foundation(ground, switches, founder_acts, Some(past));
    let judge = Judge {
        ground,
        switches,
        powers: &powers,
        judgements: &[],
        view: Some(past),
    };
    let founder_cut = judge.founder_cut_of(enactment.ix)?;
    judge.as_steward(enactment.ix)?;
    judge.majority(enactment)?;
    if !super::rights::can_be_moved(enactment.act) {
        return Err(Reason::WrongTarget);
    }
    // The motion's tips lie in its mover's log.
    let mover = graph.node(enactment.motion);
    let place = Place {
        device: mover.device,
        ..Place::of(enactment.ix, node)
    };
    judge.may(&place, Issuer::Quorum, enactment.act)?;
    Ok(founder_cut)
}

impl Judge<'_> {
    /// Judges whether stewards of more than half of the offices have signed, as the roster stands
    /// at the enactment. The mover signs by moving.
    fn majority(&self, enactment: &Enactment<'_>) -> Judgement {
        let graph = self.ground.graph;
        let past = &graph.node(enactment.ix).closure;
        let seats = self.powers.seats(self.ground, past);
        let all = offices(&seats);
        let mut signers: BTreeSet<MemberId> = BTreeSet::new();
        signers.insert(self.as_steward(enactment.motion)?);
        for signature in self.cosignatures(enactment)? {
            // One that does not count takes nothing from the others.
            signers.extend(self.as_steward(signature));
        }
        let signed: BTreeSet<MemberId> = signers
            .iter()
            .filter_map(|signer| seats.get(signer))
            .copied()
            .collect();
        let short = Reason::NotEnoughOffices {
            signed: signed.len(),
            of: all.len(),
        };
        let first = self.ground.chain.is_empty();
        if signed.len() * 2 <= all.len() || (first && all.len() < OFFICES_FOR_QUORUM) {
            return Err(short);
        }
        Ok(())
    }

    fn cosignatures(&self, enactment: &Enactment<'_>) -> Result<Vec<Ix>, Reason> {
        let graph = self.ground.graph;
        let node = graph.node(enactment.ix);
        let motion_id = graph.node(enactment.motion).id;
        let Some(Act::Enact { cosignatures, .. }) = node.act() else {
            return Err(Reason::WrongTarget);
        };
        if cosignatures.len() > limits::COSIGNATURES_MAX
            || !cosignatures.windows(2).all(|pair| pair[0] < pair[1])
        {
            return Err(Reason::Limit {
                what: "co-signatures",
            });
        }
        cosignatures
            .iter()
            .map(|id| {
                let ix = graph
                    .find(id)
                    .filter(|&ix| graph.lies_in(ix, &node.closure));
                let ix = ix.ok_or(Reason::WrongTarget)?;
                match graph.node(ix).act() {
                    Some(Act::CoSign { motion }) if *motion == motion_id => Ok(ix),
                    _ => Err(Reason::WrongTarget),
                }
            })
            .collect()
    }

    /// Reads where the first enactment ends the founder's right. Nobody co-signs these tips, so
    /// they may not lie lower than anything of the founder's that the enactment had seen.
    fn founder_cut_of(&self, ix: Ix) -> Result<Option<Cut>, Reason> {
        let graph = self.ground.graph;
        let node = graph.node(ix);
        let Some(Act::Enact { founder_tips, .. }) = node.act() else {
            return Err(Reason::WrongTarget);
        };
        let tips = match (founder_tips, self.ground.chain.is_empty()) {
            (None, false) => return Ok(None),
            (Some(tips), true) => tips,
            _ => return Err(Reason::TipsMalformed),
        };
        let holder = Holder {
            device: node.device,
            past: &node.closure,
            is_written: true,
        };
        let limits: Limits = assemble(graph, holder, tips)?;
        let low = graph.founder_acts.iter().any(|&act| {
            graph.node(act).member == graph.founder
                && graph.lies_in(act, &node.closure)
                && lies_below(graph, &limits, act)
        });
        if low {
            return Err(Reason::LowCut);
        }
        Ok(Some(Cut {
            node: ix,
            id: node.id,
            rank: Rank::Quorum,
            limits: Arc::new(limits),
            spares_past: true,
        }))
    }
}

/// Builds the powers that everything else stands on: the founding, the quorum's acts, and those of
/// the founder that make or unmake offices, stewards and members. With a view, from what lies in
/// it. Returns the judgements of the founder's acts too.
///
/// `founder_acts` are in causal order, so an act is judged when everything it had seen has been.
pub(super) fn foundation(
    ground: Ground<'_>,
    switches: Switches,
    founder_acts: &[Ix],
    view: Option<&Past>,
) -> (Powers, Vec<(Ix, Judgement)>) {
    let graph = ground.graph;
    let in_view = |ix: Ix| view.is_none_or(|view| graph.lies_in(ix, view));
    let mut powers = Powers::default();
    let mut judgements = Vec::new();
    for &ix in graph.founding.iter().filter(|&&ix| in_view(ix)) {
        powers.apply(ground, ix, Rank::Founder, false);
    }
    for link in ground.chain {
        powers.apply(ground, link.standing, Rank::Quorum, false);
    }
    for &ix in founder_acts.iter().filter(|&&ix| in_view(ix)) {
        let judge = Judge {
            ground,
            switches,
            powers: &powers,
            judgements: &[],
            view,
        };
        let judgement = judge.statement(ix);
        if judgement.is_ok() {
            let place = Place::of(ix, graph.node(ix));
            let spares_past = !judge.may_cut_low(&place, Issuer::Founder);
            powers.apply(ground, ix, Rank::Founder, spares_past);
        }
        judgements.push((ix, judgement));
    }
    (powers, judgements)
}

/// Returns the founder's acts that belong to the foundation, in causal order.
pub(super) fn foundation_acts(graph: &Graph) -> Vec<Ix> {
    let mut acts: Vec<Ix> = graph
        .founder_acts
        .iter()
        .copied()
        .filter(|&ix| belongs_to_foundation(graph, ix))
        .collect();
    acts.sort_by_key(|&ix| (graph.node(ix).generation, graph.node(ix).id));
    acts
}

pub(super) fn belongs_to_foundation(graph: &Graph, ix: Ix) -> bool {
    let node = graph.node(ix);
    if node.authority() != Some(&Authority::Founder) {
        return false;
    }
    match node.act() {
        Some(Act::AddOffice { .. } | Act::CutRole { .. } | Act::Remove { .. }) => true,
        Some(Act::Appoint { role, .. }) => matches!(role, Role::Steward { .. }),
        // An admission lifts a removal that it had seen.
        Some(Act::Admit(admission)) => {
            admission.successor_of.is_some()
                || graph.removals_of.contains(&admission.certificate.member)
        }
        Some(Act::Promote { member }) => graph.removals_of.contains(member),
        _ => false,
    }
}
