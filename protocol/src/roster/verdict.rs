//! The verdict on an entry of a document: does it count, given who wrote it and where its author
//! stood (rules R7 and R8)?
//!
//! It says who the author is, not whether the document's kind lets such an author do what the
//! entry does. Whether an excluded entry is stored and served is none of its business (rule R9).

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::cut::{Cut, Limit, deciding};
use super::graph::{Broken, Ix};
use super::judge::Judge;
use super::powers::Ground;
use super::{Reason, Roster};
use crate::id::{DeviceId, EntryId, MemberId};
use crate::limits;
use crate::statement::{MemberKind, Role, Tip};
use crate::switches::Rule;

/// An entry of a document, as far as the roster is concerned.
#[derive(Clone, Copy, Debug)]
pub struct DocumentAuthor<'a> {
    /// The author's device.
    pub device: DeviceId,
    /// The member for whom it writes.
    pub member: Option<MemberId>,
    /// The entry's place in its log.
    pub seq: u64,
    /// The entry's name.
    pub id: EntryId,
    /// The entry's standpoint: [`Entered::standpoint`](super::Entered::standpoint).
    pub standpoint: &'a [EntryId],
    /// The lowest seq at which the log is proven to fork.
    pub forked_at: Option<u64>,
    /// The lowest seq at which the log went backwards:
    /// [`Track::retreated_at`](super::Track::retreated_at).
    pub retreated_at: Option<u64>,
}

/// Whether an entry of a document counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It counts.
    Counts,
    /// It does not.
    Excluded(Reason),
    /// That is not known before these entries are held: statements, or tips of cuts with their
    /// chains.
    Pending(Vec<EntryId>),
}

/// Knowledge of logs that the roster does not keep.
pub trait Chains {
    /// Tells whether an entry is the tip's or comes before it in the same log and branch; `None`
    /// while the chain from the tip down to the entry is not held.
    fn on_chain(&self, device: DeviceId, seq: u64, id: EntryId, tip: &Tip) -> Option<bool>;
}

/// Notes the tips of which nothing is known yet.
struct Asked<'a, C> {
    chains: &'a C,
    unknown: RefCell<Vec<EntryId>>,
}

impl<C: Chains> Chains for Asked<'_, C> {
    fn on_chain(&self, device: DeviceId, seq: u64, id: EntryId, tip: &Tip) -> Option<bool> {
        let known = self.chains.on_chain(device, seq, id, tip);
        if known.is_none() {
            self.unknown.borrow_mut().push(tip.entry);
        }
        known
    }
}

/// What a member is at a standpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// As what it is admitted.
    pub kind: MemberKind,
    /// Its roles, each with its appointment.
    pub roles: Vec<(Role, EntryId)>,
    /// The founding statement, for the founder while it decides alone.
    pub founding: Option<EntryId>,
    /// Households without a device for which it acts, by their records, ascending.
    pub acts_for: Vec<EntryId>,
}

impl Roster {
    /// Judges an entry of a document.
    pub fn verdict(&self, author: &DocumentAuthor<'_>, chains: &impl Chains) -> Verdict {
        let Some(member) = author.member else {
            return Verdict::Excluded(Reason::Relay);
        };
        if author.retreated_at.is_some_and(|at| at <= author.seq) {
            return Verdict::Excluded(Reason::SeenBackwards);
        }
        let stands = match self.stands_on(author.standpoint) {
            Ok(stands) => stands,
            Err(verdict) => return verdict,
        };
        for &ix in &stands {
            let node = self.graph.node(ix);
            match node.broken {
                Some(Broken::Retreat) if node.device == author.device => {
                    return Verdict::Excluded(Reason::SeenBackwards);
                }
                Some(Broken::NoStatement) if node.device == author.device => {
                    return Verdict::Excluded(Reason::SeenNoStatement);
                }
                _ => {}
            }
        }
        let certificates = self.graph.certificates.get(&(author.device, member));
        if !certificates.is_some_and(|of| of.iter().any(|&ix| self.is_seen(ix, &stands))) {
            return Verdict::Excluded(self.unless_suspended(&stands, Reason::NotCertified));
        }
        let admissions = self.fold.powers.admissions.get(&member);
        let mut best = Verdict::Excluded(Reason::NotAdmitted);
        let mut admitted = false;
        for &admission in admissions.into_iter().flatten() {
            if !self.is_seen(admission, &stands) {
                continue;
            }
            admitted = true;
            match self.by_admission(author, &member, admission, chains) {
                Verdict::Counts => return Verdict::Counts,
                Verdict::Pending(missing) => best = Verdict::Pending(missing),
                excluded if !matches!(best, Verdict::Pending(_)) => best = excluded,
                _ => {}
            }
        }
        if best == Verdict::Counts && author.forked_at.is_some_and(|at| at <= author.seq) {
            let asked = Asked {
                chains,
                unknown: RefCell::default(),
            };
            let _of_which_only_the_questions_matter = self.standing_of(author, &asked);
            let unknown = asked.unknown.into_inner();
            if !unknown.is_empty() {
                return Verdict::Pending(unknown);
            }
        }
        if admitted {
            best
        } else {
            Verdict::Excluded(self.unless_suspended(&stands, Reason::NotAdmitted))
        }
    }

    /// Returns what a member is where somebody stands; `None` when it is no member there, or the
    /// standpoint is not wholly held.
    pub fn standing_at(&self, standpoint: &[EntryId], member: &MemberId) -> Option<Standing> {
        let stands = self.stands_on(standpoint).ok()?;
        if !self.switches.holds(Rule::R7) {
            return self.standing_now(member);
        }
        self.standing(member, &self.union(&stands))
    }

    /// Returns what the author of an entry of a document is where it stands: [`Roster::standing_at`]
    /// without the roles whose cuts end before the entry, and the households for which it ceased to
    /// act, whether the author has heard of it or not (rule R7). Of a log that forked a tip spares
    /// its own branch; where that is not known yet, [`Roster::verdict`] waits for it.
    pub fn standing_of(
        &self,
        author: &DocumentAuthor<'_>,
        chains: &impl Chains,
    ) -> Option<Standing> {
        let member = author.member?;
        let mut standing = self.standing_at(author.standpoint, &member)?;
        if !self.switches.holds(Rule::R7) {
            return Some(standing);
        }
        let spare = |cuts: &mut dyn Iterator<Item = &Cut>| {
            let limits = cuts.map(|cut| cut.limit(&author.device));
            deciding(self.switches, limits).is_none_or(|limit| self.spares(&limit, author, chains))
        };
        let (graph, ground) = (&self.graph, self.ground());
        standing.roles.retain(|(_, appointment)| {
            let appointment = graph.find(appointment).map(|ix| ground.canonical(ix));
            let cuts = appointment.and_then(|ix| self.fold.powers.role_cuts.get(&ix));
            spare(&mut cuts.into_iter().flatten())
        });
        if standing.founding.is_some() && !spare(&mut self.judge().founder_cut().into_iter()) {
            standing.founding = None;
        }
        let past = self.union(&self.stands_on(author.standpoint).ok()?);
        let powers = &self.fold.powers;
        standing.acts_for = powers.acts_for(ground, &member, &past, spare);
        Some(standing)
    }

    fn spares(&self, limit: &Limit, author: &DocumentAuthor<'_>, chains: &impl Chains) -> bool {
        let Some(tip) = limit.tip.filter(|tip| author.seq <= tip.seq) else {
            return false;
        };
        let is_forked = author.forked_at.is_some_and(|at| at <= author.seq);
        !is_forked
            || !self.switches.holds(Rule::R8)
            || tip.entry == author.id
            || chains.on_chain(author.device, author.seq, author.id, &tip) == Some(true)
    }

    /// Returns what a member is as the roster stands now; `None` when it is no member.
    pub fn standing_now(&self, member: &MemberId) -> Option<Standing> {
        self.standing(member, self.graph.everything())
    }

    fn standing(&self, member: &MemberId, past: &super::past::Past) -> Option<Standing> {
        let ground = self.ground();
        let powers = &self.fold.powers;
        let admissions = powers.admissions.get(member)?;
        let kinds = admissions
            .iter()
            .filter(|&&ix| powers.stands(ground, member, ix, past))
            .filter_map(|&ix| ground.admits(ix, member));
        // Whoever was made a household is one, even if admitted as a guest besides.
        let kind = kinds.min()?;
        let appointments = powers.appointments.get(member);
        let mut roles: Vec<(Role, EntryId)> = appointments
            .into_iter()
            .flatten()
            .filter(|&&ix| powers.stands(ground, member, ix, past))
            .filter_map(|&ix| Some((ground.appoints(ix)?.1.clone(), self.graph.node(ix).id)))
            .collect();
        roles.sort();
        Some(Standing {
            kind,
            roles,
            founding: self.founding_alone(member, past),
            acts_for: powers.acts_for(ground, member, past, |_| true),
        })
    }

    /// Returns the founding statement if the member founded the neighbourhood and decides alone at
    /// a past: no motion is in force there, and fewer offices have stewards than a quorum needs.
    fn founding_alone(&self, member: &MemberId, past: &super::past::Past) -> Option<EntryId> {
        if self.graph.founder != Some(*member) {
            return None;
        }
        let ground = self.ground();
        let succeeded = self.fold.chain.links.first();
        let succeeded = succeeded.is_some_and(|link| ground.seen(link.standing, past));
        let mut founding = self
            .graph
            .founding
            .iter()
            .filter(|&&ix| ground.seen(ix, past));
        let founding = founding.next()?;
        let alone = !succeeded && self.judge().founder_is_alone(past);
        alone.then(|| self.graph.node(*founding).id)
    }

    fn by_admission(
        &self,
        author: &DocumentAuthor<'_>,
        member: &MemberId,
        admission: Ix,
        chains: &impl Chains,
    ) -> Verdict {
        let Some(limit) = self.limit_of(author.device, member, admission) else {
            let forked = author.forked_at.is_some_and(|at| at <= author.seq);
            return if forked && self.switches.holds(Rule::R8) {
                Verdict::Excluded(Reason::Forked)
            } else {
                Verdict::Counts
            };
        };
        let beyond = Verdict::Excluded(Reason::BeyondCut { cut: limit.cut });
        match limit.tip {
            Some(tip) if self.switches.holds(Rule::R7) && author.seq <= tip.seq => {
                if tip.entry == author.id {
                    return Verdict::Counts;
                }
                match chains.on_chain(author.device, author.seq, author.id, &tip) {
                    Some(true) => Verdict::Counts,
                    Some(false) => beyond,
                    None => Verdict::Pending(vec![tip.entry]),
                }
            }
            _ => beyond,
        }
    }

    /// Finds the limit that decides about what a device writes as a member by an admission.
    pub(super) fn limit_of(
        &self,
        device: DeviceId,
        member: &MemberId,
        admission: Ix,
    ) -> Option<Limit> {
        let judge = self.judge();
        let removals = self
            .fold
            .powers
            .removals_of(judge.ground, member, Some(admission))
            .map(|cut| cut.limit(&device));
        deciding(
            self.switches,
            removals.chain(judge.device_cuts(device, member)),
        )
    }

    pub(super) fn ground(&self) -> Ground<'_> {
        Ground {
            graph: &self.graph,
            chain: &self.fold.chain.links,
        }
    }

    pub(super) fn judge(&self) -> Judge<'_> {
        Judge {
            ground: self.ground(),
            switches: self.switches,
            powers: &self.fold.powers,
            judgements: &self.fold.judgements,
            view: None,
        }
    }

    /// Finds the statements of a standpoint.
    fn stands_on(&self, standpoint: &[EntryId]) -> Result<Vec<Ix>, Verdict> {
        let mut stands = Vec::with_capacity(standpoint.len());
        let mut missing = BTreeSet::new();
        for id in standpoint {
            if self.graph.is_refused(id) {
                return Err(Verdict::Excluded(Reason::SeenNoStatement));
            }
            match self.graph.find(id) {
                Some(ix) => stands.push(ix),
                None => self
                    .graph
                    .missing_for(*id, &mut missing, limits::WANTED_MAX),
            }
        }
        if missing.is_empty() {
            Ok(stands)
        } else {
            Err(Verdict::Pending(missing.into_iter().collect()))
        }
    }

    fn is_seen(&self, ix: Ix, stands: &[Ix]) -> bool {
        let ground = self.ground();
        !self.switches.holds(Rule::R7)
            || stands
                .iter()
                .any(|&stand| ground.seen(ix, &self.graph.node(stand).closure))
    }

    pub(super) fn union(&self, stands: &[Ix]) -> super::past::Past {
        stands
            .iter()
            .fold(super::past::Past::default(), |past, &ix| {
                past.join(&self.graph.node(ix).closure)
            })
    }

    /// A right that is not found may come from a statement of a later version (rule R19).
    fn unless_suspended(&self, stands: &[Ix], reason: Reason) -> Reason {
        let unknown = self.graph.unknown.iter();
        if unknown.copied().any(|ix| self.is_seen(ix, stands)) {
            Reason::Suspended
        } else {
            reason
        }
    }
}
