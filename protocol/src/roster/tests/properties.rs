//! Random rosters by honest and hostile authors: every order and batching of arrival folds to one
//! result, and adding one by one to the same as folding all at once.
//!
//! A seed alone replays a run: `check(seed)`.

use std::collections::BTreeMap;

use super::governance::remove;
use super::records::{add, end, record};
use super::world::{Document, FOUNDER, World};
use crate::id::{DocumentId, EntryId, MemberId};
use crate::roster::{Reason, Roster, StatementEntry, Verdict};
use crate::statement::{Act, Authority, DeviceCut, MemberKind, Role, Statement, Tip, Tips};

const SEEDS: u64 = 40;
const STEPS: usize = 45;
const ORDERS: usize = 6;

/// A small generator of random numbers (splitmix64, by Sebastiano Vigna, public domain algorithm).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.roll() % bound as u64).expect("below a usize")
    }

    fn one_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }
}

/// A neighbourhood in which anything happens.
struct Chaos {
    world: World,
    /// What somebody who holds everything knows.
    live: Roster,
    dice: Dice,
    documents: Vec<Document>,
    offices: Vec<MemberId>,
    relays: Vec<usize>,
    /// Statements by what they can be the target of.
    appointments: Vec<(EntryId, MemberId)>,
    admissions: Vec<(EntryId, MemberId)>,
    motions: Vec<(EntryId, u64, Vec<EntryId>)>,
    enactments: Vec<EntryId>,
    /// Records of households without a device.
    records: Vec<EntryId>,
}

impl Chaos {
    fn new(seed: u64) -> Self {
        let world = World::new();
        let mut chaos = Self {
            live: Roster::new(world.space),
            world,
            dice: Dice(seed),
            documents: Vec::new(),
            offices: Vec::new(),
            relays: Vec::new(),
            appointments: Vec::new(),
            admissions: Vec::new(),
            motions: Vec::new(),
            enactments: Vec::new(),
            records: Vec::new(),
        };
        let founder = chaos.world.member(FOUNDER);
        chaos.admissions.push((chaos.world.founding, founder));
        for _ in 0..3 {
            let office = chaos.world.office();
            chaos.offices.push(office);
        }
        chaos.world.second_device(FOUNDER);
        for number in 0..6 {
            let log = chaos.world.household();
            let Authority::Member { admission } = chaos.world.membership(log) else {
                unreachable!("a membership is an admission");
            };
            chaos.admissions.push((admission, chaos.world.member(log)));
            if number % 2 == 0 {
                chaos.world.second_device(log);
                chaos.world.receive(FOUNDER, log);
            }
        }
        let relay = chaos.world.relay();
        chaos.relays.push(relay);
        let stewards = chaos.dice.below(4);
        for number in 0..stewards {
            let role = Role::Steward {
                office: chaos.offices[number],
            };
            let log = chaos.log_of(chaos.admissions[number + 1].1);
            chaos.give(FOUNDER, Authority::Founder, log, role);
        }
        if chaos.dice.one_in(2) {
            chaos.world.meet();
        }
        chaos
    }

    /// A log of the member; a new device's, that nobody certified, if it has none.
    fn log_of(&mut self, member: MemberId) -> usize {
        let mut logs = self.world.logs.iter();
        let log = logs.position(|log| log.member == Some(member));
        log.unwrap_or_else(|| self.world.device(member))
    }

    fn give(&mut self, by: usize, right: Authority, log: usize, role: Role) {
        let member = self.world.member(log);
        let (appointment, _) = self.world.appoint(by, right, log, role);
        self.appointments.push((appointment, member));
    }

    fn any_member(&mut self) -> MemberId {
        let members: Vec<MemberId> = self.world.keys.keys().copied().collect();
        *self.dice.pick(&members)
    }

    fn any_log(&mut self) -> usize {
        self.dice.below(self.world.logs.len())
    }

    fn any_role(&mut self) -> Role {
        let office = *self.dice.pick(&self.offices);
        let building = ["3", "4"][self.dice.below(2)].to_owned();
        match self.dice.below(5) {
            0 | 1 => Role::Steward { office },
            2 => Role::BuildingLead { building },
            3 => Role::Moderator,
            _ => Role::Spokesperson { office },
        }
    }

    /// Mostly the right by which the author may do this, if it has any.
    fn fitting_right(&mut self, log: usize, act: &Act) -> Authority {
        let (Some(member), false) = (self.world.logs[log].member, self.dice.one_in(4)) else {
            return self.any_right(log);
        };
        self.catch_up();
        let device = self.world.id(log);
        match self.live.authority_for(&member, device, act, Some(member)) {
            Ok(right) => {
                if !self.dice.one_in(3) {
                    let all = self.world.pasts.keys().copied();
                    self.world.logs[log].known.extend(all);
                }
                right
            }
            Err(_) => self.any_right(log),
        }
    }

    fn catch_up(&mut self) {
        let statements = self.world.statements.iter();
        let new = statements.filter(|entry| !self.live.holds(&entry.id));
        let new: Vec<StatementEntry> = new.cloned().collect();
        self.live.insert(new);
        self.world.resolve(&mut self.live);
    }

    /// A right that the author mostly has.
    fn any_right(&mut self, log: usize) -> Authority {
        let member = self.world.logs[log].member;
        let own = |list: &[(EntryId, MemberId)]| -> Vec<EntryId> {
            let own = list.iter().filter(|(_, of)| Some(*of) == member);
            own.map(|(id, _)| *id).collect()
        };
        let (appointments, admissions) = (own(&self.appointments), own(&self.admissions));
        let founder = Some(self.world.member(FOUNDER)) == member;
        match self.dice.below(8) {
            0 => Authority::Founder,
            1 | 2 if founder => Authority::Founder,
            1..=5 if !appointments.is_empty() => Authority::Grant {
                appointment: *self.dice.pick(&appointments),
            },
            6 => Authority::Member {
                admission: self.dice.pick(&self.admissions).0,
            },
            7 if !self.appointments.is_empty() => Authority::Grant {
                appointment: self.dice.pick(&self.appointments).0,
            },
            _ if !admissions.is_empty() => Authority::Member {
                admission: *self.dice.pick(&admissions),
            },
            _ => Authority::Founder,
        }
    }

    /// Last entries of some of a member's logs, at any height, on any branch.
    fn any_tips(&mut self, member: MemberId) -> Tips {
        let mut tips: BTreeMap<_, Tip> = BTreeMap::new();
        for log in 0..self.world.logs.len() {
            let of = &self.world.logs[log];
            if of.member != Some(member) || of.seq == 0 {
                continue;
            }
            if !self.dice.one_in(5) {
                let tip = self.any_tip(log);
                tips.insert(tip.device, tip);
            }
        }
        super::super::TipsList::new(tips.into_values()).finish(Vec::new())
    }

    fn any_tip(&mut self, log: usize) -> Tip {
        let mut tip = self.world.logs[log].tip();
        let back = match self.dice.below(3) {
            0 => self.dice.below(6),
            _ => 0,
        };
        for _ in 0..back {
            let kept = &self.world.kept[&tip.entry];
            let Some(backlink) = kept.backlink else {
                break;
            };
            tip.entry = backlink;
            tip.seq -= 1;
        }
        tip
    }

    fn step(&mut self) {
        let log = self.any_log();
        if self.dice.one_in(2) {
            let from = self.any_log();
            self.world.receive(log, from);
        }
        if self.dice.one_in(20) && self.world.logs[log].seq > 0 {
            self.world.fork(log);
        }
        if self.dice.one_in(5) {
            self.council();
            return;
        }
        if self.dice.one_in(5) {
            let document = self.world.document(log);
            self.documents.push(document);
            return;
        }
        // Who may do much does much.
        let log = match self.dice.below(3) {
            0 => self.dice.below(2),
            _ => log,
        };
        let act = self.any_act(log);
        let right = self.fitting_right(log, &act);
        let statement = match self.dice.below(40) {
            0 => Some(Statement::Unknown),
            1 => None,
            _ => Some(Statement::new(right, act.clone())),
        };
        let is_known = matches!(statement, Some(Statement::Known { .. }));
        let id = if self.dice.one_in(12) {
            let seen = self.old_seen(log);
            self.world.write_seeing(log, statement, Some(seen))
        } else {
            self.world.write(log, statement)
        };
        if is_known {
            self.note(id, &act);
        }
    }

    /// A `seen` that is too old, too new, or nonsense.
    fn old_seen(&mut self, log: usize) -> Vec<EntryId> {
        let known: Vec<EntryId> = self.world.logs[log].known.iter().copied().collect();
        let mut seen = Vec::new();
        for _ in 0..self.dice.below(4) {
            if !known.is_empty() {
                seen.push(*self.dice.pick(&known));
            }
        }
        if self.dice.one_in(8)
            && let Some(document) = self.documents.first()
        {
            seen.push(document.id);
        }
        seen.sort();
        seen.dedup();
        seen
    }

    fn note(&mut self, id: EntryId, act: &Act) {
        match act {
            Act::Admit(admission) => self.admissions.push((id, admission.certificate.member)),
            Act::Promote { member } => self.admissions.push((id, *member)),
            Act::RecordHousehold { .. } => self.records.push(id),
            Act::Appoint { member, .. } => self.appointments.push((id, *member)),
            Act::Move { number, .. } => self.motions.push((id, *number, Vec::new())),
            Act::CoSign { motion } => {
                if let Some(moved) = self.motions.iter_mut().find(|moved| moved.0 == *motion) {
                    moved.2.push(id);
                }
            }
            Act::Enact { motion, .. } => {
                self.enactments.push(id);
                self.note_enacted(id, *motion);
            }
            _ => {}
        }
    }

    fn note_enacted(&mut self, id: EntryId, motion: EntryId) {
        let moved = self
            .world
            .statements
            .iter()
            .find(|entry| entry.id == motion);
        if let Some(StatementEntry {
            statement: Some(Statement::Known { act, .. }),
            ..
        }) = moved
            && let Act::Move { act, .. } = act
        {
            match &**act {
                Act::Appoint { member, .. } => self.appointments.push((id, *member)),
                Act::Admit(admission) => {
                    self.admissions.push((id, admission.certificate.member));
                }
                _ => {}
            }
        }
    }

    fn any_act(&mut self, log: usize) -> Act {
        match self.dice.below(19) {
            0..=2 => self.any_admission(),
            3 => Act::Promote {
                member: self.any_member(),
            },
            4 => {
                let of = self.any_log();
                match self.world.logs[of].member {
                    Some(member) => {
                        let device = self.world.device(member);
                        let certificate = self.world.certificate(device);
                        Act::Enrol { certificate }
                    }
                    None => self.any_admission(),
                }
            }
            5 if self.dice.one_in(3) => self.any_device_cut(),
            6 | 7 => Act::Appoint {
                member: self.any_member(),
                role: self.any_role(),
            },
            8 | 9 if !self.appointments.is_empty() => self.any_role_cut(),
            10 => {
                let member = self.any_member();
                Act::Remove {
                    member,
                    tips: self.any_tips(member),
                    reason: "x".into(),
                }
            }
            11 => {
                let relay = *self.dice.pick(&self.relays);
                let device = self.world.id(relay);
                match self.dice.below(3) {
                    0 => Act::CutRelay {
                        device,
                        reason: "x".into(),
                    },
                    _ => Act::CertifyRelay {
                        device,
                        name: "relay".into(),
                        building: Some("3".into()),
                    },
                }
            }
            12 => self.any_motion(),
            13 if !self.motions.is_empty() => Act::CoSign {
                motion: self.dice.pick(&self.motions).0,
            },
            14 if !self.motions.is_empty() => self.any_enactment(),
            15 if !self.documents.is_empty() => {
                let document = DocumentId::from(self.dice.pick(&self.documents).id);
                let member = self.any_member();
                let tips = self.any_tips(member);
                match self.dice.below(3) {
                    0 => Act::Retire {
                        documents: vec![document],
                    },
                    _ => Act::Close { document, tips },
                }
            }
            16 | 17 => self.any_record(),
            _ => Act::Describe {
                name: format!("name {log}"),
                building: None,
            },
        }
    }

    /// Something about a household without a device.
    fn any_record(&mut self) -> Act {
        let mut proxies = vec![self.any_member(), self.any_member(), self.any_member()];
        proxies.sort();
        proxies.dedup();
        if self.records.is_empty() || self.dice.one_in(4) {
            return record(&proxies);
        }
        let record = *self.dice.pick(&self.records);
        if self.dice.one_in(2) {
            return add(record, &proxies);
        }
        let proxy = self.any_member();
        let of = (!self.dice.one_in(3)).then_some(proxy);
        end(record, of, self.any_tips(proxy))
    }

    fn any_admission(&mut self) -> Act {
        let log = if self.dice.one_in(3) {
            self.any_log()
        } else {
            self.world.stranger()
        };
        let log = match self.world.logs[log].member {
            Some(_) => log,
            None => self.world.stranger(),
        };
        let kind = match self.dice.below(3) {
            0 => MemberKind::Household,
            _ => MemberKind::Guest,
        };
        let mut admission = self.world.admission(log, kind);
        if !self.dice.one_in(4) {
            let (seed, number) = (self.dice.below(3), self.dice.below(4));
            let seed = u8::try_from(seed + 1).expect("small");
            let number = u32::try_from(number).expect("small");
            let uses = if self.dice.one_in(6) { 3 } else { 2 };
            admission.invitation = Some(self.world.invitation(seed, number, uses, log));
        }
        if self.dice.one_in(8) {
            admission.successor_of = Some(self.any_member());
        }
        Act::Admit(admission)
    }

    fn any_device_cut(&mut self) -> Act {
        let log = self.any_log();
        let Some(member) = self.world.logs[log].member else {
            return self.any_admission();
        };
        let tip = (self.world.logs[log].seq > 0 && !self.dice.one_in(4)).then(|| self.any_tip(log));
        let key = &self.world.keys[&member];
        let cut = DeviceCut::issue(key, self.world.space, self.world.id(log), tip);
        Act::CutDevice(cut)
    }

    fn any_role_cut(&mut self) -> Act {
        let (appointment, member) = *self.dice.pick(&self.appointments);
        Act::CutRole {
            appointment,
            tips: self.any_tips(member),
            reason: "x".into(),
        }
    }

    fn any_motion(&mut self) -> Act {
        let number = self.dice.below(3) as u64 + 1;
        let previous =
            (number > 1 && !self.enactments.is_empty()).then(|| *self.dice.pick(&self.enactments));
        let act = match self.dice.below(4) {
            0 if !self.appointments.is_empty() => self.any_role_cut(),
            1 => Act::Appoint {
                member: self.any_member(),
                role: self.any_role(),
            },
            2 => self.any_admission(),
            _ => {
                let log = self.any_log();
                match self.world.logs[log].member {
                    Some(member) => {
                        let tips = self.any_tips(member);
                        remove(&self.world, log, tips)
                    }
                    None => self.any_admission(),
                }
            }
        };
        Act::Move {
            number,
            previous,
            act: Box::new(act),
        }
    }

    fn any_enactment(&mut self) -> Act {
        let (motion, number, mut cosignatures) = self.dice.pick(&self.motions).clone();
        cosignatures.sort();
        let founder = self.world.member(FOUNDER);
        let founder_tips = (number == 1).then(|| self.any_tips(founder));
        Act::Enact {
            motion,
            cosignatures,
            founder_tips,
        }
    }

    /// Stewards meet and pass a motion properly, as far as they can.
    fn council(&mut self) {
        self.catch_up();
        let governance = self.live.governance();
        let mut stewards: Vec<(usize, Authority)> = Vec::new();
        for held in self.live.roles() {
            let log = self.log_of(held.member);
            if matches!(held.role, Role::Steward { .. }) {
                let appointment = held.appointment;
                stewards.push((log, Authority::Grant { appointment }));
            }
        }
        if stewards.is_empty() {
            let member = self.dice.pick(&self.admissions).1;
            let (log, role) = (self.log_of(member), self.any_role());
            self.give(FOUNDER, Authority::Founder, log, role);
            return;
        }
        for &(log, _) in &stewards {
            let known = self.world.logs[stewards[0].0].known.clone();
            self.world.logs[log].known.extend(known);
            self.world.receive(log, FOUNDER);
            self.world.receive(stewards[0].0, log);
        }
        let (number, previous) = (governance.next_number, governance.previous);
        self.pass(&stewards, number, previous);
        if self.dice.one_in(3) {
            // A rival with the same number, from the other side of a partition.
            stewards.rotate_left(1);
            self.pass(&stewards, number, previous);
        }
    }

    /// The first steward moves something, the others sign, some enact it.
    fn pass(&mut self, stewards: &[(usize, Authority)], number: u64, previous: Option<EntryId>) {
        let Act::Move { act, .. } = self.any_motion() else {
            unreachable!("a motion is made");
        };
        let motion = Act::Move {
            number,
            previous,
            act,
        };
        let id = self
            .world
            .state(stewards[0].0, stewards[0].1, motion.clone());
        self.note(id, &motion);
        for &(log, right) in &stewards[1..] {
            self.world.receive(log, stewards[0].0);
            let act = Act::CoSign { motion: id };
            let signed = self.world.state(log, right, act.clone());
            self.note(signed, &act);
            self.world.receive(stewards[0].0, log);
        }
        let (motion, _, mut cosignatures) = self.motions.last().expect("just moved").clone();
        cosignatures.sort();
        let founder = Some(self.world.member(FOUNDER));
        let mut founders: BTreeMap<_, usize> = BTreeMap::new();
        for (log, of) in self.world.logs.iter().enumerate() {
            if of.member == founder {
                founders.insert(of.device(), log);
            }
        }
        let founders: Vec<usize> = founders.into_values().collect();
        let founder_tips = (number == 1).then(|| self.world.tips(&founders));
        let enact = Act::Enact {
            motion,
            cosignatures,
            founder_tips,
        };
        let times = if self.dice.one_in(4) { 2 } else { 1 };
        for &(log, right) in stewards.iter().take(times) {
            let id = self.world.state(log, right, enact.clone());
            self.note(id, &enact);
        }
    }
}

/// Everything that two replicas must agree on.
#[derive(Debug, PartialEq)]
struct Outcome {
    digest: [u8; 32],
    judgements: Vec<Option<std::result::Result<(), Reason>>>,
    verdicts: Vec<Verdict>,
    acted_for: Vec<Vec<EntryId>>,
    heads: Vec<EntryId>,
    missing: Vec<EntryId>,
}

fn results(chaos: &Chaos, roster: &Roster) -> Outcome {
    let statements = chaos.world.statements.iter();
    let documents = chaos.documents.iter();
    Outcome {
        digest: roster.digest(),
        judgements: statements
            .map(|entry| roster.judgement(&entry.id))
            .collect(),
        verdicts: documents
            .map(|document| chaos.world.verdict(roster, document))
            .collect(),
        acted_for: chaos
            .documents
            .iter()
            .map(|document| chaos.world.acted_for(roster, document))
            .collect(),
        heads: roster.heads(),
        missing: roster.missing(),
    }
}

/// Inserts everything in one random order, in random batches, some of it twice.
fn in_some_order(chaos: &mut Chaos, batch: usize, sound: &Roster) -> Roster {
    let mut entries = chaos.world.statements.clone();
    for entry in &mut entries {
        entry.sound = sound.is_sound(&entry.id);
    }
    chaos.dice.shuffle(&mut entries);
    let mut roster = Roster::new(chaos.world.space);
    let mut rest = &entries[..];
    while !rest.is_empty() {
        let size = (1 + chaos.dice.below(batch)).min(rest.len());
        let (now, later) = rest.split_at(size);
        roster.insert(now.iter().cloned());
        if chaos.dice.one_in(4) {
            roster.insert(now.iter().cloned());
        }
        if chaos.dice.one_in(3) {
            chaos.world.resolve(&mut roster);
        }
        rest = later;
    }
    chaos.world.resolve(&mut roster);
    refuse_documents(chaos, &mut roster);
    roster
}

fn refuse_documents(chaos: &Chaos, roster: &mut Roster) {
    let names: Vec<EntryId> = roster
        .missing()
        .into_iter()
        .filter(|id| chaos.documents.iter().any(|document| document.id == *id))
        .collect();
    roster.refuse(names);
    chaos.world.resolve(roster);
}

fn run(seed: u64) -> Chaos {
    let mut chaos = Chaos::new(seed);
    for _ in 0..STEPS {
        chaos.step();
    }
    chaos
}

fn check(seed: u64) -> (Chaos, Roster) {
    let mut chaos = run(seed);
    let mut at_once = chaos.world.roster();
    refuse_documents(&chaos, &mut at_once);
    let expected = results(&chaos, &at_once);
    for order in 0..ORDERS {
        let batch = [1, 1, 4, 16, 64, 400][order % 6];
        let roster = in_some_order(&mut chaos, batch, &at_once);
        assert_eq!(
            results(&chaos, &roster),
            expected,
            "seed {seed}, order {order}, batches of up to {batch}"
        );
    }
    (chaos, at_once)
}

#[test]
fn every_order_and_batching_of_arrival_folds_to_one_result() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..SEEDS {
        let (chaos, roster) = check(seed);
        tally(&chaos, &roster, &mut seen);
    }
    // A property over runs in which nothing happens shows nothing.
    let expected = [
        "Counts CutRole",
        "Counts Remove",
        "Counts CutDevice",
        "Counts Enact",
        "Counts Close",
        "Counts RecordHousehold",
        "Counts AddProxies",
        "Counts EndRecord",
        "BeyondCut",
        "RightExcluded",
        "LowCut",
        "NotSenior",
        "NeedsQuorum",
        "SeenBackwards",
        "SeenNoStatement",
        "Suspended",
        "Outdone",
        "ChainBroken",
        "NotEnoughOffices",
        "Invitation",
        "Removed",
        "NotCertified",
        "RightUnknown",
        "document Counts",
        "document for somebody",
        "document Forked",
        "document BeyondCut",
        "document NotAdmitted",
    ];
    for kind in expected {
        assert!(seen.contains_key(kind), "no run had {kind}: {seen:#?}");
    }
}

fn tally(chaos: &Chaos, roster: &Roster, seen: &mut BTreeMap<String, usize>) {
    let word = |text: String| -> String {
        let end = text.find([' ', '(', '{']).unwrap_or(text.len());
        text[..end].to_owned()
    };
    let mut count = |kind: String| *seen.entry(kind).or_default() += 1;
    for entry in &chaos.world.statements {
        match roster.judgement(&entry.id) {
            Some(Ok(())) => {
                if let Some(Statement::Known { act, .. }) = &entry.statement {
                    count(format!("Counts {}", word(format!("{act:?}"))));
                }
            }
            Some(Err(reason)) => count(word(format!("{reason:?}"))),
            None => count("waits".into()),
        }
    }
    for document in &chaos.documents {
        if !chaos.world.acted_for(roster, document).is_empty() {
            count("document for somebody".into());
        }
        match chaos.world.verdict(roster, document) {
            Verdict::Counts => count("document Counts".into()),
            Verdict::Excluded(reason) => {
                count(format!("document {}", word(format!("{reason:?}"))));
            }
            Verdict::Pending(_) => count("document Pending".into()),
        }
    }
}

/// What held before a statement came holds after it, unless it ends rights: the way statements are
/// added without folding everything again.
#[test]
fn judgements_made_on_arrival_are_those_of_a_full_fold() {
    for seed in 1_000..1_000 + SEEDS / 3 {
        let chaos = run(seed);
        let mut one_by_one = Roster::new(chaos.world.space);
        for (count, entry) in chaos.world.statements.iter().enumerate() {
            one_by_one.insert([entry.clone()]);
            if count % 7 == 0 || count + 1 == chaos.world.statements.len() {
                let mut at_once = Roster::new(chaos.world.space);
                let held = chaos.world.statements[..=count].iter().cloned();
                at_once.insert(held.map(|entry| StatementEntry {
                    sound: one_by_one.is_sound(&entry.id),
                    ..entry
                }));
                assert_eq!(
                    results(&chaos, &one_by_one),
                    results(&chaos, &at_once),
                    "seed {seed} after {} statements",
                    count + 1
                );
            }
        }
    }
}

/// Pasts by version vectors are those by sets.
#[test]
fn an_entry_has_seen_what_its_header_and_log_say() {
    for seed in 2_000..2_006 {
        let chaos = run(seed);
        let roster = chaos.world.roster();
        for (later, past) in &chaos.world.pasts {
            let Some(ix) = roster.graph.find(later) else {
                continue;
            };
            for earlier in chaos.world.pasts.keys().filter(|id| *id != later) {
                let Some(of) = roster.graph.find(earlier) else {
                    continue;
                };
                assert_eq!(
                    roster.graph.lies_in(of, &roster.graph.node(ix).closure),
                    past.contains(earlier),
                    "seed {seed}"
                );
            }
        }
    }
}
