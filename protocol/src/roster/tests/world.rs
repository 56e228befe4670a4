//! A small neighbourhood for tests: people with keys, devices with logs, and entries that know
//! what their authors had seen. It judges nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::entry::{Entry, Header, Subject, VERSION};
use crate::id::{DeviceId, EntryId, InvitationId, MemberId, PayloadHash, SpaceId};
use crate::key::{Purpose, SecretKey};
use crate::limits;
use crate::roster::{Chains, DocumentAuthor, Reason, Roster, StatementEntry, Track, Verdict};
use crate::statement::{
    Act, Admission, Authority, Certificate, Founding, InvitationUse, MemberKind, Role, Statement,
    Tip, Tips,
};

/// A log: one branch of one device.
#[derive(Clone)]
pub struct Log {
    pub key: SecretKey,
    pub member: Option<MemberId>,
    pub seq: u64,
    pub head: Option<EntryId>,
    pub track: Track,
    /// Statements and joins that the device has received.
    pub known: BTreeSet<EntryId>,
    pub forked_at: Option<u64>,
}

impl Log {
    pub fn device(&self) -> DeviceId {
        DeviceId(self.key.public())
    }

    pub fn tip(&self) -> Tip {
        Tip {
            device: self.device(),
            seq: self.seq,
            entry: self.head.expect("the log has entries"),
        }
    }
}

/// What is kept of every entry.
#[derive(Clone)]
pub struct Kept {
    pub device: DeviceId,
    pub seq: u64,
    pub backlink: Option<EntryId>,
    /// What resolves a tip that names it.
    pub last: Option<EntryId>,
}

#[derive(Clone)]
pub struct Document {
    pub device: DeviceId,
    pub member: Option<MemberId>,
    pub seq: u64,
    pub id: EntryId,
    pub standpoint: Vec<EntryId>,
    pub retreated_at: Option<u64>,
}

#[derive(Clone)]
pub struct World {
    pub space: SpaceId,
    pub founding: EntryId,
    pub keys: BTreeMap<MemberId, SecretKey>,
    pub logs: Vec<Log>,
    pub statements: Vec<StatementEntry>,
    pub pasts: BTreeMap<EntryId, BTreeSet<EntryId>>,
    pub kept: BTreeMap<EntryId, Kept>,
    next_key: u64,
}

impl Chains for World {
    fn on_chain(&self, _: DeviceId, _: u64, id: EntryId, tip: &Tip) -> Option<bool> {
        let mut at = Some(tip.entry);
        while let Some(entry) = at {
            if entry == id {
                return Some(true);
            }
            at = self.kept.get(&entry)?.backlink;
        }
        Some(false)
    }
}

pub const FOUNDER: usize = 0;

impl World {
    /// Founds a neighbourhood: log 0 is the founder's.
    pub fn new() -> Self {
        let mut world = Self {
            space: SpaceId([0; 32]),
            founding: EntryId([0; 32]),
            keys: BTreeMap::new(),
            logs: Vec::new(),
            statements: Vec::new(),
            pasts: BTreeMap::new(),
            kept: BTreeMap::new(),
            next_key: 1,
        };
        let founder = world.person();
        let key = world.key();
        let founding = Founding {
            neighbourhood: "Parasol Court".into(),
            nonce: [7; 32],
            certificate: Certificate::issue(&world.keys[&founder], DeviceId(key.public())),
            name: "Lin".into(),
            building: Some("3".into()),
        };
        world.space = founding.space();
        world.log(key, Some(founder));
        world.founding = world.state(FOUNDER, Authority::Founder, Act::Found(founding));
        world
    }

    fn key(&mut self) -> SecretKey {
        let seed = crate::key::hash(b"linli test key 1", &[&self.next_key.to_be_bytes()]);
        self.next_key += 1;
        SecretKey::from_seed(&seed)
    }

    /// Makes a person's (or office's) key.
    pub fn person(&mut self) -> MemberId {
        let key = self.key();
        let id = MemberId(key.public());
        self.keys.insert(id, key);
        id
    }

    fn log(&mut self, key: SecretKey, member: Option<MemberId>) -> usize {
        self.logs.push(Log {
            key,
            member,
            seq: 0,
            head: None,
            track: Track::default(),
            known: BTreeSet::new(),
            forked_at: None,
        });
        self.logs.len() - 1
    }

    /// Adds a device that nobody has certified yet.
    pub fn device(&mut self, member: MemberId) -> usize {
        let key = self.key();
        self.log(key, Some(member))
    }

    /// Adds a relay's device.
    pub fn relay(&mut self) -> usize {
        let key = self.key();
        self.log(key, None)
    }

    pub fn member(&self, log: usize) -> MemberId {
        self.logs[log].member.expect("the log is a member's")
    }

    pub fn id(&self, log: usize) -> DeviceId {
        self.logs[log].device()
    }

    /// Makes a person with one device.
    pub fn stranger(&mut self) -> usize {
        let member = self.person();
        self.device(member)
    }

    pub fn certificate(&self, log: usize) -> Certificate {
        Certificate::issue(&self.keys[&self.member(log)], self.id(log))
    }

    pub fn admission(&self, log: usize, kind: MemberKind) -> Admission {
        Admission {
            kind,
            certificate: self.certificate(log),
            name: format!("household {log}"),
            building: Some("3".into()),
            invitation: None,
            successor_of: None,
        }
    }

    pub fn invitation(&self, seed: u8, number: u32, uses: u32, log: usize) -> InvitationUse {
        let key = SecretKey::from_seed(&[seed; 32]);
        let digest = InvitationUse::digest(self.space, self.member(log), self.id(log));
        InvitationUse {
            invitation: InvitationId(key.public()),
            number,
            uses,
            signature: key.sign(Purpose::InvitationUse, &digest),
        }
    }

    /// The founder admits a new household, which receives everything that the founder knows.
    pub fn household(&mut self) -> usize {
        let log = self.stranger();
        self.admit(FOUNDER, Authority::Founder, log, MemberKind::Household);
        log
    }

    pub fn admit(
        &mut self,
        by: usize,
        authority: Authority,
        log: usize,
        kind: MemberKind,
    ) -> EntryId {
        let admission = self.admission(log, kind);
        let id = self.state(by, authority, Act::Admit(admission));
        self.receive(log, by);
        id
    }

    pub fn appoint(
        &mut self,
        by: usize,
        authority: Authority,
        log: usize,
        role: Role,
    ) -> (EntryId, Authority) {
        let member = self.member(log);
        let appointment = self.state(by, authority, Act::Appoint { member, role });
        self.receive(log, by);
        (appointment, Authority::Grant { appointment })
    }

    pub fn office(&mut self) -> MemberId {
        let office = self.person();
        let act = Act::AddOffice {
            office,
            name: "office".into(),
        };
        self.state(FOUNDER, Authority::Founder, act);
        office
    }

    /// The founder makes a household a steward of a new office.
    pub fn steward(&mut self) -> (usize, Authority, MemberId) {
        let office = self.office();
        let log = self.household();
        let role = Role::Steward { office };
        let (_, authority) = self.appoint(FOUNDER, Authority::Founder, log, role);
        (log, authority, office)
    }

    /// Adds a second device to a log's member, certified in the member's first log.
    pub fn second_device(&mut self, log: usize) -> usize {
        let second = self.device(self.member(log));
        let certificate = self.certificate(second);
        self.state(log, Authority::Founder, Act::Enrol { certificate });
        self.receive(second, log);
        second
    }

    /// Lets a device receive what another has.
    pub fn receive(&mut self, to: usize, from: usize) {
        let known = self.logs[from].known.clone();
        self.logs[to].known.extend(known);
    }

    /// Lets every device receive everything.
    pub fn meet(&mut self) {
        let known: BTreeSet<EntryId> = self.statements.iter().map(|entry| entry.id).collect();
        for log in &mut self.logs {
            log.known.extend(&known);
        }
    }

    /// The newest statements that the device has received and its own log does not imply.
    pub fn heads(&self, log: usize) -> Vec<EntryId> {
        let log = &self.logs[log];
        let own = log.track.previous();
        let covered = |id: &EntryId| {
            let others = log.known.iter().copied().filter(|other| other != id);
            others
                .chain(own)
                .any(|other| &other == id || self.pasts[&other].contains(id))
        };
        log.known
            .iter()
            .copied()
            .filter(|id| Some(*id) != own && !covered(id))
            .collect()
    }

    pub fn state(&mut self, log: usize, authority: Authority, act: Act) -> EntryId {
        self.write(log, Some(Statement::new(authority, act)))
    }

    /// Writes a statement that has seen everything its device has received.
    pub fn write(&mut self, log: usize, statement: Option<Statement>) -> EntryId {
        loop {
            let heads = self.heads(log);
            if heads.len() <= limits::SEEN_MAX {
                let seen = (!heads.is_empty()).then_some(heads);
                return self.write_seeing(log, statement, seen);
            }
            let some = heads[..limits::SEEN_MAX].to_vec();
            self.write_seeing(log, None, Some(some));
        }
    }

    /// Writes a statement with any `seen`.
    pub fn write_seeing(
        &mut self,
        log: usize,
        statement: Option<Statement>,
        seen: Option<Vec<EntryId>>,
    ) -> EntryId {
        let payload = match &statement {
            None => Vec::new(),
            Some(statement) => statement
                .to_bytes()
                .unwrap_or_else(|| b"a later version".to_vec()),
        };
        let subject = match &statement {
            None => Subject::Nothing,
            Some(_) => Subject::Roster,
        };
        let header = self.header(log, subject, seen, 0);
        let entry = Entry::new(header, payload);
        let entered = self.logs[log].track.enter(entry.id, &entry.header);
        let mut past: BTreeSet<EntryId> = BTreeSet::new();
        let own = entered.steps.last().into_iter().flatten().copied();
        for id in own.chain(entered.previous) {
            past.insert(id);
            past.extend(self.pasts.get(&id).into_iter().flatten());
        }
        self.pasts.insert(entry.id, past);
        self.logs[log].known.insert(entry.id);
        self.keep(log, entry.id, entry.header.backlink);
        self.statements.push(StatementEntry::new(
            entry.id,
            entry.header,
            statement,
            entered,
        ));
        entry.id
    }

    /// Writes an entry that creates a document.
    pub fn document(&mut self, log: usize) -> Document {
        let heads = self.heads(log);
        let seen = (!heads.is_empty()).then_some(heads);
        self.document_seeing(log, seen)
    }

    pub fn document_seeing(&mut self, log: usize, seen: Option<Vec<EntryId>>) -> Document {
        let subject = Subject::Creation { kind: 1 };
        let header = self.header(log, subject, seen, 1);
        let entry = Entry::new(header, b"intents".to_vec());
        let entered = self.logs[log].track.enter(entry.id, &entry.header);
        self.keep(log, entry.id, entry.header.backlink);
        Document {
            device: entry.header.device,
            member: entry.header.member,
            seq: entry.header.seq,
            id: entry.id,
            standpoint: entered.standpoint,
            retreated_at: None,
        }
    }

    fn header(
        &mut self,
        log: usize,
        subject: Subject,
        seen: Option<Vec<EntryId>>,
        atoms: u32,
    ) -> Header {
        let space = self.space;
        let time_ms = i64::try_from(self.kept.len()).expect("few entries");
        let log = &mut self.logs[log];
        log.seq += 1;
        Header {
            version: VERSION,
            space,
            device: log.device(),
            member: log.member,
            seq: log.seq,
            backlink: log.head,
            seen,
            time_ms,
            subject,
            deps: Vec::new(),
            atoms,
            payload_bytes: 0,
            payload: PayloadHash([0; 32]),
        }
    }

    fn keep(&mut self, log: usize, id: EntryId, backlink: Option<EntryId>) {
        let log = &mut self.logs[log];
        log.head = Some(id);
        self.kept.insert(
            id,
            Kept {
                device: log.device(),
                seq: log.seq,
                backlink,
                last: log.track.previous(),
            },
        );
    }

    /// Forks a log: the copy goes on from the same entry.
    pub fn fork(&mut self, log: usize) -> usize {
        let forked_at = Some(self.logs[log].seq + 1);
        self.logs[log].forked_at = forked_at;
        self.logs.push(self.logs[log].clone());
        self.logs.len() - 1
    }

    /// The tips of logs.
    pub fn tips(&self, logs: &[usize]) -> Tips {
        let written = logs.iter().filter(|&&log| self.logs[log].seq > 0);
        let list = crate::roster::TipsList::new(written.map(|&log| self.logs[log].tip()));
        list.finish(Vec::new())
    }

    /// Folds everything, and resolves the tips that it asks for.
    pub fn roster(&self) -> Roster {
        let mut roster = Roster::new(self.space);
        roster.insert(self.statements.iter().cloned());
        self.resolve(&mut roster);
        roster
    }

    pub fn resolve(&self, roster: &mut Roster) {
        let tips = roster.unresolved().into_iter();
        let known = tips.filter_map(|tip| {
            let kept = self.kept.get(&tip.entry)?;
            let fits = kept.device == tip.device && kept.seq == tip.seq;
            fits.then_some((tip, kept.last))
        });
        let known: Vec<_> = known.collect();
        roster.resolve(known);
    }

    fn forked_at(&self, device: &DeviceId) -> Option<u64> {
        let mut of_device = self.logs.iter().filter(|log| log.device() == *device);
        of_device.find_map(|log| log.forked_at)
    }

    /// The roles of a document's author where it stood.
    pub fn roles_of(&self, roster: &Roster, document: &Document) -> Vec<Role> {
        let author = DocumentAuthor {
            device: document.device,
            member: document.member,
            seq: document.seq,
            id: document.id,
            standpoint: &document.standpoint,
            forked_at: self.forked_at(&document.device),
            retreated_at: document.retreated_at,
        };
        let standing = roster.standing_of(&author, self).expect("a member");
        standing.roles.into_iter().map(|(role, _)| role).collect()
    }

    /// The households for which a document's author acted where it stood.
    pub fn acted_for(&self, roster: &Roster, document: &Document) -> Vec<EntryId> {
        let author = DocumentAuthor {
            device: document.device,
            member: document.member,
            seq: document.seq,
            id: document.id,
            standpoint: &document.standpoint,
            forked_at: self.forked_at(&document.device),
            retreated_at: document.retreated_at,
        };
        let standing = roster.standing_of(&author, self);
        standing.map_or_else(Vec::new, |standing| standing.acts_for)
    }

    pub fn verdict(&self, roster: &Roster, document: &Document) -> Verdict {
        let forked_at = self.forked_at(&document.device);
        let author = DocumentAuthor {
            device: document.device,
            member: document.member,
            seq: document.seq,
            id: document.id,
            standpoint: &document.standpoint,
            forked_at,
            retreated_at: document.retreated_at,
        };
        roster.verdict(&author, self)
    }

    #[track_caller]
    pub fn check(&self, statement: EntryId, expected: Result<(), Reason>) {
        assert_eq!(self.roster().judgement(&statement), Some(expected));
    }

    #[track_caller]
    pub fn counts(&self, statement: EntryId) {
        self.check(statement, Ok(()));
    }

    #[track_caller]
    pub fn fails(&self, statement: EntryId, reason: Reason) {
        self.check(statement, Err(reason));
    }
}
