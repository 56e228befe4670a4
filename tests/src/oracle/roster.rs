//! The roster by the reference model: which statements count, who stands where, and which entries
//! of documents count as far as their authors go (rules R6, R7, R8).

use std::cell::{Cell, RefCell};

use protocol::id::{DeviceId, DocumentId, EntryId, MemberId, SpaceId};
use protocol::statement::{Act, Authority, MemberKind, Role};

use super::cuts::{Limit, Seniority, Side, assemble};
use super::history::History;
use super::powers::{Facts, Link, Powers};
use super::quorum::{chain, foundation};
use super::rights::{Capacity, Stand};
use super::set::Set;

/// Whether an entry of a document counts, as far as its author goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It counts.
    Counts,
    /// It does not, and here is why.
    Excluded(Why),
    /// That is not known before more entries are held.
    Pending,
}

/// Why an entry of a document does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its log had gone wrong in what it had seen.
    Broken,
    /// Its author was no member, or its device not certified, where it stood.
    Stranger,
    /// It lies beyond a cut.
    Cut,
    /// Its device's log had forked.
    Forked,
    /// It lies beyond a closing.
    Closed,
}

/// What a member is at a standpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// As what it is admitted.
    pub kind: MemberKind,
    /// Its roles, each with its appointment.
    pub roles: Vec<(Role, EntryId)>,
    /// The founding, for the founder as long as it decides alone.
    pub founding: Option<EntryId>,
    /// Households without a device for which it acts.
    pub acts_for: Vec<EntryId>,
}

/// The model's roster.
pub struct Roster<'a> {
    /// The entries.
    pub history: &'a History,
    facts: Facts,
    chain: Vec<Link>,
    base: Vec<usize>,
    force: Vec<usize>,
    judged: RefCell<Vec<Option<bool>>>,
}

impl<'a> Roster<'a> {
    /// Judges every statement of a history.
    pub fn new(history: &'a History, space: SpaceId) -> Self {
        let facts = Facts::new(history, space);
        let chain = chain(history, &facts);
        let base = foundation(history, &facts, &chain, None);
        let mut judged = vec![None; history.facts.len()];
        for &number in &facts.founding {
            judged[number] = Some(true);
        }
        for (number, counts) in base.judged {
            judged[number] = Some(counts);
        }
        let mut roster = Self {
            history,
            facts,
            chain,
            base: base.force.clone(),
            force: base.force,
            judged: RefCell::new(judged),
        };
        for number in history.everything().iter() {
            let counts = roster.counts(number);
            if counts && !roster.force.contains(&number) && roster.is_own_act(number) {
                roster.force.push(number);
            }
        }
        roster
    }

    /// Returns the facts.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Returns what is in force in the end.
    pub fn powers(&self) -> Powers<'_> {
        self.over(&self.force)
    }

    fn over<'b>(&'b self, force: &'b [usize]) -> Powers<'b> {
        Powers {
            history: self.history,
            facts: &self.facts,
            chain: &self.chain,
            force,
        }
    }

    /// Enactments are put in force by the chain alone.
    fn is_own_act(&self, number: usize) -> bool {
        !matches!(
            self.history.facts[number].act(),
            Some(Act::Enact { .. }) | None
        )
    }

    /// Returns whether a statement or join counts; none while its past is not held.
    pub fn judgement(&self, id: &EntryId) -> Option<bool> {
        self.history.statement(id).map(|number| self.counts(number))
    }

    fn counts(&self, number: usize) -> bool {
        if let Some(known) = self.judged.borrow()[number] {
            return known;
        }
        let counts = self.judge(number);
        self.judged.borrow_mut()[number] = Some(counts);
        counts
    }

    fn judge(&self, number: usize) -> bool {
        let fact = &self.history.facts[number];
        let is_whole = !fact.broken && self.facts.sound.holds(number);
        let (Some(act), Some(authority)) = (fact.act(), fact.authority()) else {
            return is_whole && !fact.is_unknown();
        };
        match act {
            // Signed with a member's own key, whoever carries them.
            Act::Enrol { .. } | Act::CutDevice(_) => return self.facts.sound.holds(number),
            Act::Found(_) => return is_whole,
            Act::Enact { .. } => return self.over(&self.base).link(number).is_some(),
            _ => {}
        }
        let Some(member) = fact.header.member.filter(|_| is_whole) else {
            return false;
        };
        let past = self.history.through(number);
        let powers = self.over(&self.base);
        let Some(capacity) = self.capacity(number, authority, member, &past) else {
            return false;
        };
        let stand = Stand {
            number,
            device: fact.header.device,
            past: &past,
        };
        powers.is_certified(fact.header.device, member, &past)
            && powers.may(stand, capacity, act)
            && self.is_within(number, capacity, authority, member)
    }

    /// Finds the capacity that an authority gives, if the statement which gave it counts.
    fn capacity(
        &self,
        number: usize,
        authority: Authority,
        member: MemberId,
        past: &Set,
    ) -> Option<Capacity<'_>> {
        let powers = self.over(&self.base);
        let source = |id: &EntryId| {
            let source = self.history.statement(id)?;
            (powers.is_in(source, past) && source != number && self.counts(source))
                .then_some(source)
        };
        match authority {
            Authority::Founder => {
                let mut founding = self.facts.founding.iter();
                let founded = founding.any(|founding| past.holds(*founding));
                (founded && self.facts.founder == Some(member)).then_some(Capacity::Founder)
            }
            Authority::Member { admission } => {
                let kind = powers.admits(source(&admission)?, &member)?;
                Some(Capacity::Member(kind))
            }
            Authority::Grant { appointment } => {
                let source = source(&appointment)?;
                let act = powers.effect(source)?;
                let Act::Appoint {
                    member: holder,
                    role,
                } = act
                else {
                    return None;
                };
                (*holder == member).then_some(Capacity::Role(source, role))
            }
        }
    }

    fn is_within(
        &self,
        number: usize,
        capacity: Capacity<'_>,
        authority: Authority,
        member: MemberId,
    ) -> bool {
        let powers = self.over(&self.base);
        let device = self.history.facts[number].header.device;
        let source = match authority {
            Authority::Founder => return powers.is_within_founders_end(number, None),
            Authority::Member { admission } => self.history.statement(&admission),
            Authority::Grant { appointment } => self.history.statement(&appointment),
        };
        let Some(source) = source else {
            return false;
        };
        let mut limits = powers.own_limits(device, member, None);
        for removal in powers.removals_after(member, source) {
            limits.extend(powers.foundation_limit(removal, device));
        }
        if let Capacity::Role(appointment, _) = capacity {
            limits.extend(self.role_limits(appointment, device));
        }
        powers.is_within(number, limits.into_iter().min().as_ref())
    }

    /// Returns where cuts of a role end a log: those of the quorum and the founder, and those of
    /// whoever gave the role by the right of another.
    fn role_limits(&self, appointment: usize, device: DeviceId) -> Vec<Limit> {
        let powers = self.over(&self.base);
        let mut limits: Vec<Limit> = powers
            .role_cuts(appointment)
            .into_iter()
            .filter_map(|cut| powers.foundation_limit(cut, device))
            .collect();
        let target = powers.one(appointment);
        for number in self.history.everything().iter() {
            let fact = &self.history.facts[number];
            let (Some(Act::CutRole { appointment, .. }), Some(Authority::Grant { .. })) =
                (fact.act(), fact.authority())
            else {
                continue;
            };
            let cuts = self.history.statement(appointment);
            if cuts.map(|cuts| powers.one(cuts)) != Some(target) || !self.ranks_over(number, target)
            {
                continue;
            }
            if self.counts(number) {
                let seniority = Seniority::Holder(powers.depth(number));
                limits.extend(powers.limit(number, seniority, true, device));
            }
        }
        limits
    }

    /// Tells whether a cut is made by a right from which its target descends. Only then does it
    /// take part in judging what the target allowed.
    fn ranks_over(&self, cut: usize, target: usize) -> bool {
        let powers = self.over(&self.base);
        powers
            .right_of(cut)
            .is_some_and(|right| powers.descends(target, Some(powers.one(right))))
    }

    // ---- documents ----

    /// Judges the author of an entry of a document, closings left aside.
    pub fn author_verdict(&self, number: usize) -> Verdict {
        let fact = &self.history.facts[number];
        if self.history.is_unheard(number) {
            return Verdict::Excluded(Why::Forked);
        }
        let Some(member) = fact.header.member else {
            return Verdict::Excluded(Why::Stranger);
        };
        if fact.broken {
            return Verdict::Excluded(Why::Broken);
        }
        let Some(past) = &fact.seen else {
            return Verdict::Pending;
        };
        let powers = self.powers();
        if !powers.is_certified(fact.header.device, member, past) {
            return Verdict::Excluded(Why::Stranger);
        }
        let mut best = Verdict::Excluded(Why::Stranger);
        for &admission in &self.force {
            if powers.admits(admission, &member).is_none() || !powers.is_in(admission, past) {
                continue;
            }
            match self.by_admission(number, member, admission) {
                Verdict::Counts if self.awaits_a_branch(number, member, past) => {
                    return Verdict::Pending;
                }
                Verdict::Counts => return Verdict::Counts,
                Verdict::Pending => best = Verdict::Pending,
                excluded if best != Verdict::Pending => best = excluded,
                Verdict::Excluded(_) => {}
            }
        }
        best
    }

    fn by_admission(&self, number: usize, member: MemberId, admission: usize) -> Verdict {
        let header = &self.history.facts[number].header;
        let powers = self.powers();
        let mut limits = powers.own_limits(header.device, member, None);
        for removal in powers.removals_after(member, admission) {
            limits.extend(powers.foundation_limit(removal, header.device));
        }
        let Some(limit) = limits.into_iter().min() else {
            let forked = self.history.forked_at(&header.device);
            return if forked.is_some_and(|seq| seq <= header.seq) {
                Verdict::Excluded(Why::Forked)
            } else {
                Verdict::Counts
            };
        };
        match limit.side(self.history, number) {
            Side::Within => Verdict::Counts,
            Side::Beyond => Verdict::Excluded(Why::Cut),
            Side::Unknown => Verdict::Pending,
        }
    }

    /// Judges an entry of a document, closings included. `creator` is who made the document.
    pub fn verdict(
        &self,
        number: usize,
        document: DocumentId,
        creator: Option<MemberId>,
    ) -> Verdict {
        let author = self.author_verdict(number);
        if author != Verdict::Counts {
            return author;
        }
        let device = self.history.facts[number].header.device;
        match self.closing(document, creator, device) {
            None => Verdict::Counts,
            Some(limit) => match limit.side(self.history, number) {
                Side::Within => Verdict::Counts,
                Side::Beyond => Verdict::Excluded(Why::Closed),
                Side::Unknown => Verdict::Pending,
            },
        }
    }

    /// Returns where closings end a log in a document.
    fn closing(
        &self,
        document: DocumentId,
        creator: Option<MemberId>,
        device: DeviceId,
    ) -> Option<Limit> {
        let mut limits = Vec::new();
        for number in self.history.everything().iter() {
            let fact = &self.history.facts[number];
            let Some(Act::Close {
                document: closed,
                tips,
            }) = fact.act()
            else {
                continue;
            };
            if *closed != document || !self.counts(number) {
                continue;
            }
            let Some(seniority) = self.right_over(number, creator) else {
                continue;
            };
            let past = self.history.through(number);
            let named = assemble(self.history, fact.header.device, &past, tips);
            if let Some(named) = named {
                limits.push(Limit {
                    seniority,
                    place: named.get(&device).map(|tip| (tip.seq, tip.entry)),
                    cut: fact.id,
                    number,
                    device,
                    spares_seen: false,
                });
            }
        }
        limits.into_iter().min()
    }

    /// Tells whether somebody who may do so has retired a document.
    pub fn is_retired(&self, document: DocumentId, creator: Option<MemberId>) -> bool {
        self.history.everything().iter().any(|number| {
            let names = match self.history.facts[number].act() {
                Some(Act::Retire { documents }) => documents.contains(&document),
                _ => false,
            };
            names && self.counts(number) && self.right_over(number, creator).is_some()
        })
    }

    /// Closings and retirements are for the document's creator, stewards and the founder.
    pub fn right_over(&self, number: usize, creator: Option<MemberId>) -> Option<Seniority> {
        let fact = &self.history.facts[number];
        let powers = self.powers();
        let own = fact.header.member.is_some() && fact.header.member == creator;
        match fact.authority()? {
            Authority::Founder => Some(Seniority::Founder),
            Authority::Member { .. } => own.then_some(Seniority::Own),
            Authority::Grant { .. } => match powers.appoints(powers.right_of(number)?)?.1 {
                Role::Steward { .. } => Some(Seniority::Holder(powers.depth(number))),
                _ => own.then_some(Seniority::Own),
            },
        }
    }

    // ---- standings ----

    /// Returns what a member is at a past.
    pub fn standing(&self, member: MemberId, past: &Set) -> Option<Standing> {
        let powers = self.powers();
        let mut kind: Option<MemberKind> = None;
        let mut roles = Vec::new();
        for &number in &self.force {
            if !powers.stands(member, number, past) {
                continue;
            }
            if let Some(as_what) = powers.admits(number, &member) {
                kind = Some(kind.map_or(as_what, |kind| kind.min(as_what)));
            }
            if let Some((holder, role)) = powers.appoints(number)
                && holder == member
            {
                roles.push((role.clone(), self.history.facts[number].id));
            }
        }
        roles.sort();
        let founding = (self.facts.founder == Some(member))
            .then(|| {
                self.facts
                    .founding
                    .iter()
                    .find(|founding| past.holds(**founding))
            })
            .flatten()
            .filter(|_| powers.founder_is_alone(past))
            .filter(|_| {
                let first = self.chain.first();
                !first.is_some_and(|link| powers.is_in(link.standing, past))
            })
            .map(|founding| self.history.facts[*founding].id);
        kind.map(|kind| Standing {
            kind,
            roles,
            founding,
            acts_for: self.acts_for(member, past, |ends| {
                ends.iter().all(|end| !powers.is_in(*end, past))
            }),
        })
    }

    /// Returns the households without a device for which a member acts at a past by naming that
    /// stands there, and whose ends are as asked.
    fn acts_for(
        &self,
        member: MemberId,
        past: &Set,
        are_harmless: impl Fn(&[usize]) -> bool,
    ) -> Vec<EntryId> {
        let powers = self.powers();
        let mut households = std::collections::BTreeSet::new();
        for &naming in &self.force {
            let (record, proxies) = match powers.effect(naming) {
                Some(Act::RecordHousehold { proxies, .. }) => (Some(naming), proxies),
                Some(Act::AddProxies {
                    record, proxies, ..
                }) => (self.history.statement(record), proxies),
                _ => continue,
            };
            let Some(record) = record.filter(|record| self.force.contains(record)) else {
                continue;
            };
            if proxies.contains(&member)
                && powers.stands(member, naming, past)
                && are_harmless(&self.ends_of(record, naming, member))
            {
                households.insert(self.history.facts[record].id);
            }
        }
        households.into_iter().collect()
    }

    /// Returns what ends acting by a naming: ends of the whole record, and those of the member of
    /// which whoever named it had not heard.
    fn ends_of(&self, record: usize, naming: usize, member: MemberId) -> Vec<usize> {
        let powers = self.powers();
        let ends = self.force.iter().copied().filter(|end| {
            let Some(Act::EndRecord {
                record: ended,
                proxy,
                ..
            }) = powers.effect(*end)
            else {
                return false;
            };
            self.history.statement(ended) == Some(record)
                && match proxy {
                    None => true,
                    Some(proxy) => *proxy == member && !powers.had_seen(naming, *end),
                }
        });
        ends.collect()
    }

    /// Returns where an end leaves a log.
    fn end_limit(&self, end: usize, device: DeviceId) -> Option<Limit> {
        let powers = self.powers();
        let fact = &self.history.facts[end];
        let Some(Act::EndRecord { tips, .. }) = fact.act() else {
            return None;
        };
        let past = self.history.through(end);
        let named = assemble(self.history, fact.header.device, &past, tips)?;
        Some(Limit {
            seniority: match fact.authority()? {
                Authority::Founder => Seniority::Founder,
                _ => Seniority::Holder(powers.depth(end)),
            },
            place: named.get(&device).map(|tip| (tip.seq, tip.entry)),
            cut: fact.id,
            number: end,
            device,
            spares_seen: true,
        })
    }

    /// Tells whether it is not known yet on which branch of its log an entry lies, as far as what its
    /// author may say depends on it.
    fn awaits_a_branch(&self, number: usize, member: MemberId, past: &Set) -> bool {
        let unknown = Cell::new(false);
        if let Some(standing) = self.standing(member, past) {
            self.spared_of(standing, number, &unknown);
        }
        unknown.get()
    }

    /// Leaves of a standing what no cut ends before an entry of a document, whatever its author has
    /// seen.
    pub fn as_far_as_spared(&self, standing: Standing, number: usize) -> Standing {
        self.spared_of(standing, number, &Cell::default())
    }

    fn spared_of(&self, mut standing: Standing, number: usize, unknown: &Cell<bool>) -> Standing {
        let header = &self.history.facts[number].header;
        let forked = self.history.forked_at(&header.device);
        let forked = forked.is_some_and(|seq| seq <= header.seq);
        // Of a log that forked, a tip spares its own branch.
        let spares = |limit: Limit| {
            let side = match forked {
                true => limit.side(self.history, number),
                false if limit.place.is_some_and(|(seq, _)| header.seq <= seq) => Side::Within,
                false => Side::Beyond,
            };
            unknown.set(unknown.get() || side == Side::Unknown);
            side == Side::Within
        };
        standing.roles.retain(|(_, appointment)| {
            let appointment = self.history.statement(appointment);
            let limits = appointment.map(|number| self.role_limits(number, header.device));
            limits.into_iter().flatten().min().is_none_or(spares)
        });
        let first = self.chain.first();
        if standing.founding.is_some()
            && let Some(link) = first
            && let Some(end) = &link.founder_end
        {
            let limit = Limit {
                seniority: Seniority::Founder,
                place: end.get(&header.device).map(|tip| (tip.seq, tip.entry)),
                cut: self.history.facts[link.standing].id,
                number: link.standing,
                device: header.device,
                spares_seen: false,
            };
            if !spares(limit) {
                standing.founding = None;
            }
        }
        if let (Some(member), Some(past)) = (header.member, &self.history.facts[number].seen) {
            let powers = self.powers();
            standing.acts_for = self.acts_for(member, past, |ends| {
                let limits = ends
                    .iter()
                    .filter_map(|end| self.end_limit(*end, header.device));
                let unheard = ends.iter().all(|end| !powers.is_in(*end, past));
                unheard && limits.min().is_none_or(spares)
            });
        }
        standing
    }

    /// Returns the members that anything in force ever admitted.
    pub fn members(&self) -> std::collections::BTreeSet<MemberId> {
        let powers = self.powers();
        self.force
            .iter()
            .filter_map(|number| match powers.effect(*number)? {
                Act::Found(founding) => Some(founding.certificate.member),
                Act::Admit(admission) => Some(admission.certificate.member),
                Act::Promote { member } => Some(*member),
                Act::AddOffice { office, .. } => Some(*office),
                _ => None,
            })
            .collect()
    }

    /// Returns how many cuts of any kind count.
    pub fn cuts(&self) -> usize {
        let powers = self.powers();
        let by_right = self.force.iter().filter(|number| {
            matches!(
                powers.effect(**number),
                Some(Act::CutRole { .. } | Act::Remove { .. })
            )
        });
        let own: usize = self.facts.device_cuts.values().map(Vec::len).sum();
        by_right.count() + own
    }
}
