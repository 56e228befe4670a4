//! Powers: what statements in force have given and taken, as seen from some past.

use std::collections::{BTreeMap, BTreeSet};

use protocol::id::{DeviceId, EntryId, MemberId};
use protocol::key::PublicKey;
use protocol::limits;
use protocol::statement::{Act, Admission, Authority, MemberKind, Role, Tip};

use super::cuts::{Limit, Named, Seniority, assemble};
use super::history::History;
use super::set::Set;

/// Offices that need stewards before a quorum succeeds the founder.
pub const OFFICES_FOR_QUORUM: usize = 3;

/// One number of the quorum's chain.
#[derive(Clone, Debug)]
pub struct Link {
    /// The motion that is in force.
    pub motion: usize,
    /// The enactment that stands.
    pub standing: usize,
    /// It and all other valid enactments of the same motion: they are one act.
    pub alike: Vec<usize>,
    /// With the first number, where the founder's own right ends.
    pub founder_end: Option<Named>,
}

/// Where a cut leaves a device's log, and the entry that carries the cut.
pub type DeviceCutAt = (Option<Tip>, usize);

/// Facts that need no judgement.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Statements whose signatures and keys hold.
    pub sound: Set,
    /// Founding statements.
    pub founding: Vec<usize>,
    /// The founder.
    pub founder: Option<MemberId>,
    /// Who certified which device, and where.
    pub certificates: BTreeMap<(DeviceId, MemberId), Vec<usize>>,
    /// Which device a member has cut, and where.
    pub device_cuts: BTreeMap<(DeviceId, MemberId), Vec<DeviceCutAt>>,
}

/// What is in force and the chain that put it there.
#[derive(Clone, Copy)]
pub struct Powers<'a> {
    /// The entries.
    pub history: &'a History,
    /// The facts.
    pub facts: &'a Facts,
    /// The quorum's chain.
    pub chain: &'a [Link],
    /// The statements in force that give or take rights.
    pub force: &'a [usize],
}

impl Facts {
    /// Reads the facts of a history.
    pub fn new(history: &History, space: protocol::id::SpaceId) -> Self {
        let mut facts = Self::default();
        for number in history.everything().iter() {
            if is_sound(history, number, space) {
                facts.sound.insert(number);
                facts.note(history, number);
            }
        }
        facts
    }

    fn note(&mut self, history: &History, number: usize) {
        let certificate = match history.facts[number].act() {
            Some(Act::Found(founding)) => {
                self.founding.push(number);
                self.founder = Some(founding.certificate.member);
                &founding.certificate
            }
            Some(Act::Admit(admission)) => &admission.certificate,
            Some(Act::Enrol { certificate }) => certificate,
            Some(Act::Move { act, .. }) => match &**act {
                Act::Admit(admission) => &admission.certificate,
                _ => return,
            },
            Some(Act::CutDevice(cut)) => {
                let cuts = self
                    .device_cuts
                    .entry((cut.device, cut.member))
                    .or_default();
                cuts.push((cut.tip, number));
                return;
            }
            _ => return,
        };
        let of = (certificate.device, certificate.member);
        self.certificates.entry(of).or_default().push(number);
    }
}

impl<'a> Powers<'a> {
    /// Returns the act that a statement puts in force: an enactment's is that of its motion.
    pub fn effect(&self, number: usize) -> Option<&'a Act> {
        match self.history.facts[number].act()? {
            Act::Enact { motion, .. } => {
                let motion = self.history.statement(motion)?;
                match self.history.facts[motion].act()? {
                    Act::Move { act, .. } => Some(act),
                    _ => None,
                }
            }
            act => Some(act),
        }
    }

    /// Returns as what a statement admits a member.
    pub fn admits(&self, number: usize, member: &MemberId) -> Option<MemberKind> {
        let (whom, kind) = match self.effect(number)? {
            Act::Found(founding) => (founding.certificate.member, MemberKind::Household),
            Act::Admit(admission) => (admission.certificate.member, admission.kind),
            Act::Promote { member } => (*member, MemberKind::Household),
            Act::AddOffice { office, .. } => (*office, MemberKind::Office),
            _ => return None,
        };
        (whom == *member).then_some(kind)
    }

    /// Returns whom a statement appoints to what.
    pub fn appoints(&self, number: usize) -> Option<(MemberId, &'a Role)> {
        match self.effect(number)? {
            Act::Appoint { member, role } => Some((*member, role)),
            _ => None,
        }
    }

    /// Returns the link of which a statement is an enactment.
    pub fn link(&self, number: usize) -> Option<&'a Link> {
        self.chain.iter().find(|link| link.alike.contains(&number))
    }

    /// Returns the one that stands for all enactments of a motion; any other is its own.
    pub fn one(&self, number: usize) -> usize {
        self.link(number).map_or(number, |link| link.standing)
    }

    /// Tells whether a statement, or one that is the same act, lies in a past.
    pub fn is_in(&self, number: usize, past: &Set) -> bool {
        match self.link(number) {
            Some(link) => link.alike.iter().any(|alike| past.holds(*alike)),
            None => past.holds(number),
        }
    }

    /// Returns the removals of a member in force.
    pub fn removals(&self, member: MemberId) -> impl Iterator<Item = usize> + '_ {
        self.force.iter().copied().filter(move |number| {
            matches!(self.effect(*number), Some(Act::Remove { member: removed, .. })
                if *removed == member)
        })
    }

    /// Tells whether the author of a statement had seen another.
    pub fn had_seen(&self, number: usize, other: usize) -> bool {
        self.is_in(other, &self.history.through(number))
    }

    /// Returns removals of a member that end a right which `source` gave: those that it had not
    /// seen.
    pub fn removals_after(&self, member: MemberId, source: usize) -> Vec<usize> {
        let removals = self.removals(member);
        removals
            .filter(|removal| !self.had_seen(source, *removal))
            .collect()
    }

    /// Returns the cuts of a role in force.
    pub fn role_cuts(&self, appointment: usize) -> Vec<usize> {
        let of = self.one(appointment);
        let targets = self.force.iter().copied().filter(|number| {
            let Some(Act::CutRole { appointment, .. }) = self.effect(*number) else {
                return false;
            };
            let target = self.history.statement(appointment);
            target.is_some_and(|target| self.one(target) == of)
        });
        targets.collect()
    }

    /// Tells whether what `source` gave to a member stands at a past.
    pub fn stands(&self, member: MemberId, source: usize, past: &Set) -> bool {
        let removals = self.removals_after(member, source);
        let taken = removals.into_iter().chain(self.role_cuts(source));
        self.is_in(source, past) && !taken.into_iter().any(|taken| self.is_in(taken, past))
    }

    /// Tells whether at a past the member was removed and not admitted again since.
    pub fn is_removed(&self, member: MemberId, past: &Set) -> bool {
        self.removals(member).any(|removal| {
            self.is_in(removal, past)
                && !self.force.iter().any(|admission| {
                    self.admits(*admission, &member).is_some()
                        && self.is_in(*admission, past)
                        && self.had_seen(*admission, removal)
                })
        })
    }

    /// Tells whether an office stands at a past.
    pub fn has_office(&self, office: MemberId, past: &Set) -> bool {
        self.force.iter().any(|added| {
            self.admits(*added, &office) == Some(MemberKind::Office)
                && self.stands(office, *added, past)
        })
    }

    /// Returns for which office each steward speaks at a past: one only, that of the appointment
    /// with the lowest name.
    pub fn seats(&self, past: &Set) -> BTreeMap<MemberId, MemberId> {
        let mut seats: BTreeMap<MemberId, (EntryId, MemberId)> = BTreeMap::new();
        for &number in self.force {
            let Some((member, Role::Steward { office })) = self.appoints(number) else {
                continue;
            };
            if self.stands(member, number, past) && self.has_office(*office, past) {
                let seat = (self.history.facts[number].id, *office);
                let held = seats.entry(member).or_insert(seat);
                *held = seat.min(*held);
            }
        }
        seats
            .into_iter()
            .map(|(member, (_, office))| (member, office))
            .collect()
    }

    /// Tells whether the founder still acts alone at a past.
    pub fn founder_is_alone(&self, past: &Set) -> bool {
        let offices: BTreeSet<MemberId> = self.seats(past).into_values().collect();
        offices.len() < OFFICES_FOR_QUORUM
    }

    /// Returns where a cut ends a log. None when its tips are malformed.
    pub fn limit(
        &self,
        cut: usize,
        seniority: Seniority,
        spares_seen: bool,
        device: DeviceId,
    ) -> Option<Limit> {
        let (Act::CutRole { tips, .. } | Act::Remove { tips, .. }) = self.effect(cut)? else {
            return None;
        };
        // Tips of a motion lie in its mover's log.
        let holder = match self.history.facts[cut].act()? {
            Act::Enact { motion, .. } => self.history.statement(motion)?,
            _ => cut,
        };
        let by = self.history.facts[holder].header.device;
        let named = assemble(self.history, by, &self.history.through(holder), tips)?;
        let tip = named.get(&device);
        Some(Limit {
            seniority,
            place: tip.map(|tip| (tip.seq, tip.entry)),
            cut: self.history.facts[cut].id,
            number: cut,
            device,
            spares_seen,
        })
    }

    /// Returns the limits that a member itself has set to a device, as far as they lie in a view.
    pub fn own_limits(&self, device: DeviceId, member: MemberId, view: Option<&Set>) -> Vec<Limit> {
        let cuts = self.facts.device_cuts.get(&(device, member));
        let cuts = cuts.into_iter().flatten();
        cuts.filter(|(_, carrier)| view.is_none_or(|view| view.holds(*carrier)))
            .map(|(tip, carrier)| Limit {
                seniority: Seniority::Own,
                place: tip.map(|tip| (tip.seq, tip.entry)),
                cut: self.history.facts[*carrier].id,
                number: *carrier,
                device,
                spares_seen: false,
            })
            .collect()
    }

    /// Tells whether a device was certified by a member at a past.
    pub fn is_certified(&self, device: DeviceId, member: MemberId, past: &Set) -> bool {
        let certificates = self.facts.certificates.get(&(device, member));
        certificates
            .into_iter()
            .flatten()
            .any(|certificate| self.is_in(*certificate, past))
    }

    /// Returns the statement that gave the right which a statement claims, if its author had seen
    /// it.
    pub fn right_of(&self, number: usize) -> Option<usize> {
        let id = match self.history.facts[number].authority()? {
            Authority::Founder => return None,
            Authority::Member { admission } => admission,
            Authority::Grant { appointment } => appointment,
        };
        let right = self.history.statement(&id)?;
        self.history.through(number).holds(right).then_some(right)
    }

    /// Returns how many rights lie between a statement and the founding. It needs no judgement.
    pub fn depth(&self, number: usize) -> u32 {
        let fact = &self.history.facts[number];
        match (fact.act(), fact.authority()) {
            (Some(Act::Found(_) | Act::Enrol { .. } | Act::CutDevice(_)) | None, _) => 0,
            (Some(Act::Enact { .. }), _) | (_, Some(Authority::Founder)) => 1,
            _ => match self.right_of(number) {
                Some(right) => self.depth(right).saturating_add(1),
                None => u32::MAX,
            },
        }
    }

    /// Tells whether an appointment was made, at any remove, by the right of another, or of the
    /// founder when `senior` is none.
    pub fn descends(&self, number: usize, senior: Option<usize>) -> bool {
        let fact = &self.history.facts[number];
        if matches!(fact.act(), Some(Act::Enact { .. })) {
            return false;
        }
        if fact.authority() == Some(Authority::Founder) {
            return senior.is_none();
        }
        match self.right_of(number) {
            None => false,
            Some(right) => Some(self.one(right)) == senior || self.descends(right, senior),
        }
    }

    /// Returns admissions of a member that anybody has stated or moved, in a past.
    pub fn stated_admissions(&self, member: MemberId, past: &Set) -> Vec<&'a Admission> {
        let mut found = Vec::new();
        for number in past.iter().filter(|number| self.facts.sound.holds(*number)) {
            let admission = match self.history.facts[number].act() {
                Some(Act::Admit(admission)) => admission,
                Some(Act::Move { act, .. }) => match &**act {
                    Act::Admit(admission) => admission,
                    _ => continue,
                },
                _ => continue,
            };
            if admission.certificate.member == member {
                found.push(admission);
            }
        }
        found
    }
}

/// Checks signatures and keys inside a statement, and that a founding is its founder's first word.
fn is_sound(history: &History, number: usize, space: protocol::id::SpaceId) -> bool {
    let fact = &history.facts[number];
    let Some(act) = fact.act() else {
        return true;
    };
    if let Act::Found(founding) = act {
        let header = &fact.header;
        let names = [
            Some(&founding.neighbourhood),
            Some(&founding.name),
            founding.building.as_ref(),
        ];
        let bounded = names
            .into_iter()
            .flatten()
            .all(|name| name.len() <= limits::NAME_BYTES_MAX);
        let first = header.seq == 1 && fact.standpoint.is_empty();
        let own = header.device == founding.certificate.device
            && header.member == Some(founding.certificate.member)
            && fact.authority() == Some(Authority::Founder);
        if !bounded || !first || !own {
            return false;
        }
    }
    keys_hold(act, space)
}

fn keys_hold(act: &Act, space: protocol::id::SpaceId) -> bool {
    match act {
        Act::Found(founding) => founding.space() == space && founding.certificate.verifies(),
        Act::Admit(admission) => {
            let certificate = &admission.certificate;
            let invited = admission.invitation.as_ref();
            certificate.verifies()
                && invited
                    .is_none_or(|used| used.verifies(space, certificate.member, certificate.device))
        }
        Act::Enrol { certificate } => certificate.verifies(),
        Act::CutDevice(cut) => {
            cut.space == space
                && cut.tip.is_none_or(|tip| tip.device == cut.device)
                && cut.verifies()
        }
        Act::AddOffice { office, .. } => PublicKey::parse(&office.0).is_ok(),
        Act::CertifyRelay { device, .. } => PublicKey::parse(&device.0).is_ok(),
        Act::Move { act, .. } => keys_hold(act, space),
        _ => true,
    }
}
