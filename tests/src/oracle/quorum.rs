//! The quorum's chain (rule R6): number by number, of the valid enactments the one with the lowest
//! name stands. An enactment is judged from its own past and the chain before it.

use std::collections::BTreeSet;

use protocol::id::{EntryId, MemberId};
use protocol::limits;
use protocol::statement::{Act, Authority, Role};

use super::cuts::{Limit, Named, Seniority, Side, assemble, lies_below};
use super::history::History;
use super::powers::{Facts, Link, OFFICES_FOR_QUORUM, Powers};
use super::rights::{Capacity, Stand, can_be_moved};
use super::set::Set;

/// The foundation: what the founding, the quorum and the founder have put in force.
#[derive(Clone, Debug, Default)]
pub struct Foundation {
    /// The statements in force.
    pub force: Vec<usize>,
    /// The founder's acts that were judged, and whether they count.
    pub judged: Vec<(usize, bool)>,
}

/// Builds the foundation, from what lies in a view if there is one.
pub fn foundation(
    history: &History,
    facts: &Facts,
    chain: &[Link],
    view: Option<&Set>,
) -> Foundation {
    let in_view = |number: usize| view.is_none_or(|view| view.holds(number));
    let mut foundation = Foundation::default();
    foundation.force.extend(
        facts
            .founding
            .iter()
            .copied()
            .filter(|number| in_view(*number)),
    );
    foundation
        .force
        .extend(chain.iter().map(|link| link.standing));
    let mut acts: Vec<usize> = history
        .everything()
        .iter()
        .filter(|number| is_foundation_act(history, *number) && in_view(*number))
        .collect();
    // Whoever had seen another's act had seen more.
    acts.sort_by_key(|number| (history.through(*number).len(), history.facts[*number].id));
    for number in acts {
        let force = std::mem::take(&mut foundation.force);
        let powers = Powers {
            history,
            facts,
            chain,
            force: &force,
        };
        let counts = powers.founder_act_counts(number, view);
        foundation.force = force;
        if counts {
            foundation.force.push(number);
        }
        foundation.judged.push((number, counts));
    }
    foundation
}

/// The founder's acts that make or unmake offices, stewards and members.
fn is_foundation_act(history: &History, number: usize) -> bool {
    let fact = &history.facts[number];
    fact.authority() == Some(Authority::Founder)
        && match fact.act() {
            Some(Act::Appoint { role, .. }) => matches!(role, Role::Steward { .. }),
            Some(
                Act::AddOffice { .. }
                | Act::CutRole { .. }
                | Act::Remove { .. }
                | Act::Admit(_)
                | Act::Promote { .. },
            ) => true,
            _ => false,
        }
}

/// Finds the chain.
pub fn chain(history: &History, facts: &Facts) -> Vec<Link> {
    let mut chain: Vec<Link> = Vec::new();
    let enactments: Vec<usize> = history
        .everything()
        .iter()
        .filter(|number| matches!(history.facts[*number].act(), Some(Act::Enact { .. })))
        .collect();
    loop {
        let mut valid: Vec<(EntryId, usize, usize, Option<Named>)> = Vec::new();
        for &number in &enactments {
            if let Some((motion, founder_end)) = judge(history, facts, &chain, number) {
                valid.push((history.facts[number].id, number, motion, founder_end));
            }
        }
        valid.sort_by_key(|(id, ..)| *id);
        let Some((_, standing, motion, founder_end)) = valid.first().cloned() else {
            return chain;
        };
        let alike = valid.iter().filter(|(_, _, of, _)| *of == motion);
        chain.push(Link {
            motion,
            standing,
            alike: alike.map(|(_, number, ..)| *number).collect(),
            founder_end,
        });
    }
}

/// Judges an enactment as the next number of the chain. Returns its motion, and with the first
/// number where the founder's right ends.
fn judge(
    history: &History,
    facts: &Facts,
    chain: &[Link],
    number: usize,
) -> Option<(usize, Option<Named>)> {
    let past = history.through(number);
    let Some(Act::Enact {
        motion: motion_id,
        cosignatures,
        founder_tips,
    }) = history.facts[number].act()
    else {
        return None;
    };
    let motion = history
        .statement(motion_id)
        .filter(|motion| past.holds(*motion))?;
    let Some(Act::Move {
        number: place,
        previous,
        act,
    }) = history.facts[motion].act()
    else {
        return None;
    };
    if *place != chain.len() as u64 + 1 {
        return None;
    }
    let follows = match (chain.last(), previous) {
        (None, None) => true,
        (Some(link), Some(previous)) => link
            .alike
            .iter()
            .any(|alike| history.facts[*alike].id == *previous && past.holds(*alike)),
        _ => false,
    };
    let foundation = foundation(history, facts, chain, Some(&past));
    let powers = Powers {
        history,
        facts,
        chain,
        force: &foundation.force,
    };
    let founder_end = match (founder_tips, chain.is_empty()) {
        (None, false) => None,
        (Some(tips), true) => {
            let device = history.facts[number].header.device;
            let named = assemble(history, device, &past, tips)?;
            Some(powers.spares_founder(&past, &named).then_some(named)?)
        }
        _ => return None,
    };
    powers.steward(number, &past)?;
    let signers = powers.signers(motion, *motion_id, cosignatures, &past)?;
    let stand = Stand {
        number,
        device: history.facts[motion].header.device,
        past: &past,
    };
    let valid = follows
        && powers.is_majority(&signers, &past)
        && can_be_moved(act)
        && powers.may(stand, Capacity::Quorum, act);
    valid.then_some((motion, founder_end))
}

impl Powers<'_> {
    /// Judges an act of the founder.
    fn founder_act_counts(&self, number: usize, view: Option<&Set>) -> bool {
        let fact = &self.history.facts[number];
        let past = self.history.through(number);
        let Some(member) = fact.header.member else {
            return false;
        };
        let founded = self
            .facts
            .founding
            .iter()
            .any(|founding| past.holds(*founding));
        let stand = Stand {
            number,
            device: fact.header.device,
            past: &past,
        };
        let Some(act) = fact.act() else {
            return false;
        };
        !fact.broken
            && self.facts.sound.holds(number)
            && founded
            && self.facts.founder == Some(member)
            && self.is_certified(fact.header.device, member, &past)
            && self.may(stand, Capacity::Founder, act)
            && self.is_within_founders_end(number, view)
    }

    /// Tells whether an act lies before the end of the founder's own right.
    pub fn is_within_founders_end(&self, number: usize, view: Option<&Set>) -> bool {
        let header = &self.history.facts[number].header;
        let Some(member) = header.member else {
            return false;
        };
        let limit = match self.founders_end(header.device) {
            Some(limit) => Some(limit),
            None => self
                .own_limits(header.device, member, view)
                .into_iter()
                .min(),
        };
        self.is_within(number, limit.as_ref())
    }

    /// Returns where the quorum's first enactment ended the founder's right in a log.
    pub fn founders_end(&self, device: protocol::id::DeviceId) -> Option<Limit> {
        let first = self.chain.first()?;
        let named = first.founder_end.as_ref()?;
        Some(Limit {
            seniority: Seniority::Quorum,
            place: named.get(&device).map(|tip| (tip.seq, tip.entry)),
            cut: self.history.facts[first.standing].id,
            number: first.standing,
            device,
            spares_seen: true,
        })
    }

    /// Tells whether a statement lies within a limit.
    pub fn is_within(&self, number: usize, limit: Option<&Limit>) -> bool {
        let Some(limit) = limit else {
            return true;
        };
        match limit.side(self.history, number) {
            Side::Within => true,
            Side::Beyond => false,
            // What the cutter had seen and had to leave lies within, whatever the chain is.
            Side::Unknown => limit.spares_seen && self.history.through(limit.number).holds(number),
        }
    }

    fn spares_founder(&self, past: &Set, named: &Named) -> bool {
        !past.iter().any(|number| {
            let fact = &self.history.facts[number];
            fact.authority() == Some(Authority::Founder)
                && !matches!(fact.act(), Some(Act::Found(_)))
                && fact.header.member == self.facts.founder
                && lies_below(self.history, named, number)
        })
    }

    /// Returns the steward who made a statement in a view.
    fn steward(&self, number: usize, view: &Set) -> Option<MemberId> {
        let fact = &self.history.facts[number];
        let past = self.history.through(number);
        let member = fact.header.member?;
        let Authority::Grant { appointment } = fact.authority()? else {
            return None;
        };
        let source = self.history.statement(&appointment)?;
        let (holder, role) = self.appoints(source)?;
        let in_force = self.force.contains(&self.one(source));
        let limits = self
            .removals_after(member, source)
            .into_iter()
            .chain(self.role_cuts(source))
            .filter_map(|cut| self.foundation_limit(cut, fact.header.device))
            .chain(self.own_limits(fact.header.device, member, Some(view)));
        let speaks = !fact.broken
            && self.facts.sound.holds(number)
            && self.is_in(source, &past)
            && in_force
            && matches!(role, Role::Steward { .. })
            && holder == member
            && self.is_certified(fact.header.device, member, &past)
            && self.is_within(number, limits.min().as_ref());
        speaks.then_some(member)
    }

    /// Returns the limit that a cut by the quorum or the founder sets.
    pub fn foundation_limit(&self, cut: usize, device: protocol::id::DeviceId) -> Option<Limit> {
        if self.link(cut).is_some() {
            return self.limit(cut, Seniority::Quorum, false, device);
        }
        let past = self.history.through(cut);
        let alone = self.founder_is_alone(&past);
        self.limit(cut, Seniority::Founder, !alone, device)
    }

    /// Returns who has signed: the mover, and those whose co-signatures count. None when the list
    /// is malformed.
    fn signers(
        &self,
        motion: usize,
        motion_id: EntryId,
        cosignatures: &[EntryId],
        past: &Set,
    ) -> Option<BTreeSet<MemberId>> {
        let ordered = cosignatures.windows(2).all(|two| two[0] < two[1]);
        if cosignatures.len() > limits::COSIGNATURES_MAX || !ordered {
            return None;
        }
        let mut signers = BTreeSet::from([self.steward(motion, past)?]);
        for id in cosignatures {
            let signature = self
                .history
                .statement(id)
                .filter(|number| past.holds(*number))?;
            match self.history.facts[signature].act() {
                Some(Act::CoSign { motion }) if *motion == motion_id => {
                    signers.extend(self.steward(signature, past));
                }
                _ => return None,
            }
        }
        Some(signers)
    }

    /// Tells whether stewards of more than half of the offices have signed.
    fn is_majority(&self, signers: &BTreeSet<MemberId>, past: &Set) -> bool {
        let seats = self.seats(past);
        let all: BTreeSet<MemberId> = seats.values().copied().collect();
        let signed: BTreeSet<MemberId> = signers
            .iter()
            .filter_map(|signer| seats.get(signer))
            .copied()
            .collect();
        let enough = signed.len() * 2 > all.len();
        enough && (!self.chain.is_empty() || all.len() >= OFFICES_FOR_QUORUM)
    }
}
