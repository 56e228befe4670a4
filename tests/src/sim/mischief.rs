//! Mischief: what hostile hosts do beside what honest ones do.
//!
//! Each function injects one fault and counts it. Nothing here knows what replicas make of it.

use protocol::entry::{Entry, Subject};
use protocol::id::{DeviceId, DocumentId, EntryId, InvitationId, MemberId};
use protocol::intent::{AtomRef, Content, EntryRef, Intent, Intents, ObjectType, Scalar};
use protocol::key::{Purpose, SecretKey, Signature};
use protocol::session::frame::Frame;
use protocol::statement::{
    Act, Admission, Authority, Certificate, DeviceCut, Founding, InvitationUse, MemberKind, Role,
    Tip, Tips,
};

use super::fault::Fault;
use super::forge::Forgery;
use super::host::HostId;
use super::world::World;

impl World {
    /// Has a hostile host do something.
    pub fn act_with_malice(&mut self, host: HostId) {
        if self.options.helps && self.random.chance(150) {
            self.speak_as_another(host);
            return;
        }
        if self.options.splinters && self.random.chance(150) {
            self.splinter(host);
            return;
        }
        match self.random.below(100) {
            0..30 => self.act_on_documents(host),
            30..45 => self.act_on_roster(host),
            45..50 => self.equivocate(host),
            50..52 => self.tell_two_stories(host),
            52..57 => self.backdate(host),
            57..60 => self.fall_silent(host),
            60..63 => self.fill_pocket(host),
            63..65 => self.show_pocket(host),
            65..68 => self.replay(host),
            68..72 => self.name_foreign_deps(host),
            72..75 => self.squat(host),
            75..79 => self.overflow(host),
            79 => self.flood(host),
            80..83 => self.overuse_invitation(host),
            83..85 => self.grant_and_remove(host),
            85..88 => self.send_nonsense(host),
            88..92 => self.invent_intents(host),
            92..95 => self.claim_rights(host),
            95..97 => self.lie_about_holding(host),
            _ => self.speak_of_the_future(host),
        }
    }

    fn now_of(&self, host: HostId) -> i64 {
        self.clock(host)
    }

    /// Goes on in the own log with what no honest program would write.
    pub fn plant_at_end(&mut self, host: HostId, forgeries: &[Forgery]) -> bool {
        let place = self.own_end(host);
        let entries = self.forge(host, &place, forgeries);
        self.plant(host, entries)
    }

    /// Something that looks like an ordinary entry.
    pub fn plausible(&mut self, host: HostId) -> Forgery {
        let now_ms = self.now_of(host);
        if self.random.chance(350)
            && let Some(authority) = self.any_authority(host)
        {
            let act = match self.random.below(3) {
                0 => Act::Describe {
                    name: format!("twofold {}", self.random.below(1_000)),
                    building: None,
                },
                1 => match self.some_member(host) {
                    Some(member) => Act::Appoint {
                        member,
                        role: Role::Moderator,
                    },
                    None => Act::Tips { tips: Vec::new() },
                },
                _ => Act::Tips { tips: Vec::new() },
            };
            let authority = self.seniority(host).unwrap_or(authority);
            return Forgery::statement(authority, act, now_ms);
        }
        match self.document_and_entries(host) {
            Some((document, entries)) => {
                let heads = vec![entries[self.random.index(entries.len())]];
                let intents = self.wild_intents(&entries, &heads);
                Forgery::change(document, heads, &intents, now_ms)
            }
            None => Forgery::creation(1, &one_put("title", "squatted"), now_ms),
        }
    }

    // ---- logs ----

    fn equivocate(&mut self, host: HostId) {
        let Some(place) = self.own_middle(host) else {
            return;
        };
        let count = 1 + self.random.index(3);
        let forgeries: Vec<Forgery> = (0..count).map(|_| self.plausible(host)).collect();
        let entries = self.forge(host, &place, &forgeries);
        self.faults.count(Fault::Equivocate);
        // Some see one side first, others the other.
        if self.random.chance(500) {
            self.push(host, std::slice::from_ref(&entries));
        }
        self.plant(host, entries);
    }

    /// Tells two neighbours different things under one number, and keeps neither.
    fn tell_two_stories(&mut self, host: HostId) {
        let place = self.own_end(host);
        self.faults.count(Fault::Equivocate);
        for _ in 0..2 {
            let forgery = self.plausible(host);
            let entries = self.forge(host, &place, &[forgery]);
            self.push(host, &[entries]);
        }
    }

    fn backdate(&mut self, host: HostId) {
        let mut forgery = self.plausible(host);
        forgery.time_ms = i64::try_from(self.random.below(1_000_000)).expect("small");
        forgery.seen = match self.random.below(4) {
            0 => Some(Vec::new()),
            1 => self
                .records
                .admissions
                .first()
                .map(|founding| vec![founding.id]),
            2 => self.some_statement(host).map(|id| vec![id]),
            _ => self.some_entry(host).map(|id| vec![id]),
        };
        self.faults.count(Fault::Backdate);
        self.plant_at_end(host, &[forgery]);
    }

    fn fall_silent(&mut self, host: HostId) {
        let is_silent = !self.hosts[host].is_silent;
        self.hosts[host].is_silent = is_silent;
        self.faults.count(Fault::Withhold);
    }

    /// Signs entries now that others see much later.
    fn fill_pocket(&mut self, host: HostId) {
        if !self.hosts[host].pocket.is_empty() {
            return;
        }
        let place = self.own_end(host);
        let count = 1 + self.random.index(4);
        let forgeries: Vec<Forgery> = (0..count).map(|_| self.plausible(host)).collect();
        self.hosts[host].pocket = self.forge(host, &place, &forgeries);
        self.faults.count(Fault::Withhold);
    }

    /// Shows what was kept back.
    pub fn show_pocket(&mut self, host: HostId) {
        let entries = std::mem::take(&mut self.hosts[host].pocket);
        if !entries.is_empty() {
            self.faults.count(Fault::Backdate);
            self.plant(host, entries);
        }
    }

    fn flood(&mut self, host: HostId) {
        if self.faults.of(Fault::Flood) >= 2 {
            return;
        }
        self.faults.count(Fault::Flood);
        let forgeries: Vec<Forgery> = (0..40).map(|_| self.plausible(host)).collect();
        self.plant_at_end(host, &forgeries);
    }

    // ---- documents ----

    fn some_entry(&mut self, host: HostId) -> Option<EntryId> {
        let entries = self.hosts[host].memory.entries();
        if entries.is_empty() {
            return None;
        }
        let index = self.random.index(entries.len());
        Some(self.hosts[host].memory.entries()[index].entry.id)
    }

    pub fn some_statement(&mut self, host: HostId) -> Option<EntryId> {
        for _ in 0..8 {
            let id = self.some_entry(host)?;
            let stored = self.hosts[host].memory.find(&id)?;
            if stored.entry.header.subject == Subject::Roster {
                return Some(id);
            }
        }
        None
    }

    /// Returns some document and its entries as the host holds them.
    pub fn document_and_entries(&mut self, host: HostId) -> Option<(DocumentId, Vec<EntryId>)> {
        use protocol::storage::Storage;
        let posted = self.random.pick(&self.records.documents)?;
        let document = posted.document;
        let memory = &self.hosts[host].memory;
        let mut entries = Vec::new();
        memory
            .each_document_entry(document, &mut |stored| entries.push(stored))
            .expect("memory can be read");
        if entries.is_empty() {
            return None;
        }
        Some((
            document,
            entries.into_iter().map(|stored| stored.entry.id).collect(),
        ))
    }

    fn name_foreign_deps(&mut self, host: HostId) {
        let (Some((document, entries)), Some((_, others))) = (
            self.document_and_entries(host),
            self.document_and_entries(host),
        ) else {
            return;
        };
        let mut deps = vec![others[self.random.index(others.len())]];
        if self.random.chance(500) {
            deps.push(entries[self.random.index(entries.len())]);
        }
        if self.random.chance(200)
            && let Some(statement) = self.some_statement(host)
        {
            deps.push(statement);
        }
        let intents = self.wild_intents(&entries, &deps);
        let forgery = Forgery::change(document, deps, &intents, self.now_of(host));
        self.faults.count(Fault::ForeignDep);
        self.plant_at_end(host, &[forgery]);
    }

    fn squat(&mut self, host: HostId) {
        let nowhere = EntryId(self.random.bytes());
        let now_ms = self.now_of(host);
        let intents = one_put("title", "mine");
        let forgery = match (self.random.below(3), self.document_and_entries(host)) {
            (0, _) => Forgery::change(nowhere.into(), vec![nowhere], &intents, now_ms),
            (1, Some((document, entries))) => {
                let deps = vec![nowhere, entries[0]];
                Forgery::change(document, deps, &intents, now_ms)
            }
            (_, Some((document, entries))) => {
                let intents = Intents {
                    references: vec![nowhere],
                    intents: vec![Intent::Put {
                        object: Some(AtomRef {
                            entry: EntryRef(3),
                            atom: 0,
                        }),
                        key: "title".to_owned(),
                        content: Content::Scalar(Scalar::Null),
                    }],
                };
                Forgery::change(document, vec![entries[0]], &intents, now_ms)
            }
            (_, None) => return,
        };
        self.faults.count(Fault::Squat);
        self.plant_at_end(host, &[forgery]);
    }

    /// Intents that may or may not make sense, on entries of one document.
    pub fn wild_intents(&mut self, entries: &[EntryId], deps: &[EntryId]) -> Intents {
        let mut references: Vec<EntryId> = Vec::new();
        for _ in 0..self.random.below(3) {
            if let Some(id) = self.random.pick(entries)
                && !references.contains(id)
                && !deps.contains(id)
            {
                references.push(*id);
            }
        }
        let count = 1 + self.random.index(4);
        let bound = 2 + deps.len() + references.len();
        let intents = (0..count).map(|_| self.wild_intent(bound)).collect();
        Intents {
            references,
            intents,
        }
    }

    fn wild_ref(&mut self, bound: usize) -> AtomRef {
        let entry = u32::try_from(self.random.index(bound + 1)).expect("small");
        let atom = u32::try_from(self.random.below(6)).expect("small");
        AtomRef {
            entry: EntryRef(entry),
            atom,
        }
    }

    fn wild_content(&mut self) -> Content {
        match self.random.below(8) {
            0 => Content::Object(ObjectType::Map),
            1 => Content::Object(ObjectType::List),
            2 => Content::Object(ObjectType::Text),
            3 => Content::Scalar(Scalar::Counter(
                i64::try_from(self.random.below(9)).expect("small"),
            )),
            4 => Content::Scalar(Scalar::Null),
            5 => Content::Scalar(Scalar::Int(i64::MIN)),
            _ => Content::Scalar(Scalar::Text("\u{202e}wild\u{0}".to_owned())),
        }
    }

    fn wild_intent(&mut self, bound: usize) -> Intent {
        const KEYS: [&str; 8] = [
            "title", "body", "text", "offers", "status", "tasks", "about", "k",
        ];
        let key = KEYS[self.random.index(KEYS.len())].to_owned();
        let object = self.wild_ref(bound);
        let root = self.random.chance(600);
        let target = (!root).then_some(object);
        let element = self.wild_ref(bound);
        let after = self.random.chance(600).then_some(element);
        match self.random.below(9) {
            0 | 1 => Intent::Put {
                object: target,
                key,
                content: self.wild_content(),
            },
            2 => Intent::Delete {
                object: target,
                key,
            },
            3 => Intent::Increment {
                object: target,
                key,
                by: 3,
            },
            4 => Intent::Insert {
                object,
                after,
                content: self.wild_content(),
            },
            5 => Intent::PutElement {
                object,
                element,
                content: self.wild_content(),
            },
            6 => Intent::IncrementElement {
                object,
                element,
                by: -2,
            },
            7 => Intent::DeleteRun {
                object,
                first: element,
                count: u32::try_from(1 + self.random.below(4)).expect("small"),
            },
            _ => Intent::Splice {
                object,
                after,
                text: "坏👩\u{200d}🌾".to_owned(),
            },
        }
    }

    fn invent_intents(&mut self, host: HostId) {
        let now_ms = self.now_of(host);
        let forgery = match self.document_and_entries(host) {
            Some((document, entries)) if self.random.chance(850) => {
                let deps: Vec<EntryId> = (0..=self.random.index(2))
                    .map(|_| entries[self.random.index(entries.len())])
                    .collect();
                let intents = self.wild_intents(&entries, &deps);
                Forgery::change(document, deps, &intents, now_ms)
            }
            _ => {
                let intents = self.wild_intents(&[], &[]);
                let kind = u16::try_from(self.random.below(6)).expect("small");
                Forgery::creation(kind, &intents, now_ms)
            }
        };
        self.faults.count(Fault::InvalidIntent);
        self.plant_at_end(host, &[forgery]);
    }

    fn overflow(&mut self, host: HostId) {
        let now_ms = self.now_of(host);
        self.faults.count(Fault::Overflow);
        let Some((document, entries)) = self.document_and_entries(host) else {
            return;
        };
        let deps = vec![entries[0]];
        let change = |intents: &Intents| Forgery::change(document, deps.clone(), intents, now_ms);
        let put = |key: String, content: Content| Intent::Put {
            object: None,
            key,
            content,
        };
        let text = Content::Scalar(Scalar::Text("x".to_owned()));
        let mut forgery = match self.random.below(12) {
            0 => change(&Intents {
                references: Vec::new(),
                intents: (0..65)
                    .map(|n| put(format!("k{n}"), text.clone()))
                    .collect(),
            }),
            1 => change(&Intents {
                references: (0..65).map(|_| EntryId(self.random.bytes())).collect(),
                intents: vec![put("k".to_owned(), text)],
            }),
            2 => change(&one_put(&"k".repeat(65), "x")),
            3 => change(&one_put("", "x")),
            4 => change(&one_put("\u{0}reserved", "x")),
            5 => change(&one_put("k", &"x".repeat(17_000))),
            6 => change(&Intents {
                references: Vec::new(),
                intents: vec![put(
                    "k".to_owned(),
                    Content::Scalar(Scalar::Counter(1 << 40)),
                )],
            }),
            7 => change(&deep(10)),
            8 => change(&Intents {
                references: Vec::new(),
                intents: vec![Intent::Increment {
                    object: None,
                    key: "k".to_owned(),
                    by: i64::MAX,
                }],
            }),
            9 => change(&Intents {
                references: Vec::new(),
                intents: vec![put("k".to_owned(), text.clone()), put("k".to_owned(), text)],
            }),
            10 => {
                let mut forgery = change(&one_put("k", "x"));
                forgery.atoms = 1_025;
                forgery
            }
            _ => {
                let mut forgery = change(&one_put("k", "x"));
                forgery.deps = (0..17).map(|_| EntryId(self.random.bytes())).collect();
                forgery.deps.sort_unstable();
                forgery
            }
        };
        if self.random.chance(150) {
            let mut seen: Vec<EntryId> = (0..9).map(|_| EntryId(self.random.bytes())).collect();
            seen.sort_unstable();
            forgery.seen = Some(seen);
        }
        let place = self.own_end(host);
        let entries = self.forge(host, &place, &[forgery]);
        // What the own replica refuses is sent to others as it is.
        if !self.plant(host, entries.clone()) {
            self.push(host, &[entries]);
        }
    }

    // ---- the roster ----

    fn overuse_invitation(&mut self, host: HostId) {
        let Some(authority) = self.seniority(host).or_else(|| self.membership(host)) else {
            return;
        };
        let one_time = SecretKey::from_seed(&self.random.bytes());
        let now_ms = self.now_of(host);
        let numbers = match self.random.below(4) {
            0 => [(1, 1), (1, 1)],
            1 => [(1, 1), (2, 1)],
            2 => [(2, 2), (1, 2)],
            _ => [(1, 2), (2, 3)],
        };
        let mut forgeries = Vec::new();
        for (number, uses) in numbers {
            let member = SecretKey::from_seed(&self.random.bytes());
            let device = SecretKey::from_seed(&self.random.bytes());
            let certificate = Certificate::issue(&member, DeviceId(device.public()));
            let digest = InvitationUse::digest(self.space, certificate.member, certificate.device);
            let kind = if self.seniority(host).is_some() {
                MemberKind::Household
            } else {
                MemberKind::Guest
            };
            let admission = Admission {
                kind,
                certificate,
                name: "ghost".to_owned(),
                building: None,
                invitation: Some(InvitationUse {
                    invitation: InvitationId(one_time.public()),
                    number,
                    uses,
                    signature: one_time.sign(Purpose::InvitationUse, &digest),
                }),
                successor_of: None,
            };
            forgeries.push(Forgery::statement(authority, Act::Admit(admission), now_ms));
        }
        self.faults.count(Fault::OverusedInvitation);
        if self.random.chance(300)
            && let Some(place) = self.own_middle(host)
        {
            // One use on each side of a fork.
            let first = self.forge(host, &place, &forgeries[..1]);
            let second = self.forge(host, &place, &forgeries[1..]);
            self.plant(host, first);
            self.plant(host, second);
            self.faults.count(Fault::Equivocate);
            return;
        }
        self.plant_at_end(host, &forgeries);
    }

    /// States what it has no right to, by whatever right it names.
    fn claim_rights(&mut self, host: HostId) {
        self.faults.count(Fault::WithoutRight);
        let now_ms = self.now_of(host);
        let authority = self.some_authority(host);
        let Some(act) = self.presumptuous_act(host) else {
            return;
        };
        let forgery = Forgery::statement(authority, act, now_ms);
        if self.random.chance(100) {
            // In another member's name.
            let mut place = self.own_end(host);
            place.member = self.some_member(host);
            let entries = self.forge(host, &place, &[forgery]);
            if !self.plant(host, entries.clone()) {
                self.push(host, &[entries]);
            }
            return;
        }
        self.plant_at_end(host, &[forgery]);
    }

    fn some_authority(&mut self, host: HostId) -> Authority {
        let given = self.records.appointments.len();
        match self.random.below(5) {
            0 => Authority::Founder,
            1 if given > 0 => Authority::Grant {
                appointment: self.records.appointments[self.random.index(given)].id,
            },
            2 => match self.some_statement(host) {
                Some(appointment) => Authority::Grant { appointment },
                None => Authority::Founder,
            },
            3 => match self.some_statement(host) {
                Some(admission) => Authority::Member { admission },
                None => Authority::Founder,
            },
            _ => self
                .seniority(host)
                .or_else(|| self.membership(host))
                .unwrap_or(Authority::Founder),
        }
    }

    fn wild_tips(&mut self, host: HostId, members: &[MemberId]) -> Tips {
        let mut tips = self.tips_of(host, members);
        match self.random.below(5) {
            0 => tips.named.reverse(),
            1 => tips.named.clear(),
            2 => {
                for tip in &mut tips.named {
                    tip.seq = tip.seq.saturating_sub(self.random.below(4));
                }
            }
            3 => tips.named.push(Tip {
                device: self.hosts[host].device_id(),
                seq: 1 + self.random.below(50),
                entry: EntryId(self.random.bytes()),
            }),
            _ => tips.digest = Some(self.random.bytes()),
        }
        tips
    }

    fn presumptuous_act(&mut self, host: HostId) -> Option<Act> {
        let me = self.hosts[host].member()?;
        let member = self.some_member(host)?;
        let given = self.records.appointments.len();
        Some(match self.random.below(14) {
            0 => Act::Appoint {
                member: me,
                role: Role::Moderator,
            },
            1 => Act::Appoint {
                member: me,
                role: Role::Steward {
                    office: self.random.pick(&self.records.offices)?.0,
                },
            },
            2 => Act::Remove {
                member: self.records.founder?,
                tips: self.wild_tips(host, &[member]),
                reason: "mine now".to_owned(),
            },
            3 => Act::Remove {
                member,
                tips: self.wild_tips(host, &[member]),
                reason: String::new(),
            },
            4 => Act::AddOffice {
                office: me,
                name: "me".to_owned(),
            },
            5 if given > 0 => {
                let index = self.random.index(given);
                let appointment = self.records.appointments[index].id;
                let holder = self.records.appointments[index].member;
                Act::CutRole {
                    appointment,
                    tips: self.wild_tips(host, &[holder]),
                    reason: "because".to_owned(),
                }
            }
            6 => Act::Promote { member: me },
            7 => Act::Admit(self.ghost_admission()),
            8 => {
                let document = self.random.pick(&self.records.documents)?.document;
                Act::Close {
                    document,
                    tips: self.wild_tips(host, &[member]),
                }
            }
            9 => {
                let document = self.random.pick(&self.records.documents)?.document;
                Act::Retire {
                    documents: vec![document],
                }
            }
            10 => Act::Describe {
                name: "n".repeat(97),
                building: None,
            },
            11 => self.false_enactment(host)?,
            12 => self.false_device_cut(host),
            _ => Act::Found(Founding {
                neighbourhood: "another".to_owned(),
                nonce: self.random.bytes(),
                certificate: Certificate::issue(
                    &self.hosts[host].household,
                    self.hosts[host].device_id(),
                ),
                name: "me".to_owned(),
                building: None,
            }),
        })
    }

    fn ghost_admission(&mut self) -> Admission {
        let member = SecretKey::from_seed(&self.random.bytes());
        let device = SecretKey::from_seed(&self.random.bytes());
        let mut certificate = Certificate::issue(&member, DeviceId(device.public()));
        if self.random.chance(300) {
            certificate.signature = Signature([7; 64]);
        }
        Admission {
            kind: if self.random.chance(200) {
                MemberKind::Office
            } else {
                MemberKind::Household
            },
            certificate,
            name: "ghost".to_owned(),
            building: Some("1".to_owned()),
            invitation: None,
            successor_of: self.records.founder.filter(|_| self.random.chance(300)),
        }
    }

    fn false_enactment(&mut self, host: HostId) -> Option<Act> {
        let motion = self.some_statement(host)?;
        let founder = self.records.founder?;
        Some(Act::Enact {
            motion,
            cosignatures: Vec::new(),
            founder_tips: Some(self.tips_of(host, &[founder])),
        })
    }

    /// Cuts a device in a name whose key it does not have.
    fn false_device_cut(&mut self, host: HostId) -> Act {
        let victim = self.random.index(self.hosts.len());
        let device = self.hosts[victim].device_id();
        let household = self.hosts[host].household.clone();
        let mut cut = DeviceCut::issue(&household, self.space, device, None);
        if self.random.chance(500) {
            cut.member = MemberId(self.hosts[victim].household.public());
        }
        Act::CutDevice(cut)
    }

    /// Statements, intents and kinds of a later version.
    fn speak_of_the_future(&mut self, host: HostId) {
        self.faults.count(Fault::Unknown);
        let now_ms = self.now_of(host);
        let forgery = match (self.random.below(3), self.document_and_entries(host)) {
            (0, _) => Forgery::roster(unknown_statement(), now_ms),
            (1, Some((document, entries))) => Forgery {
                subject: Subject::Document { document },
                deps: vec![entries[self.random.index(entries.len())]],
                atoms: 3,
                payload: unknown_intents(),
                seen: None,
                time_ms: now_ms,
            },
            _ => Forgery::creation(4_000, &one_put("title", "later"), now_ms),
        };
        self.plant_at_end(host, &[forgery]);
    }

    // ---- frames ----

    fn replay(&mut self, host: HostId) {
        let links = self.links_of(host);
        let Some(&link) = self.random.pick(&links) else {
            return;
        };
        let heard = self.hosts[host].heard.clone();
        if let Some(bytes) = self.random.pick(&heard) {
            self.faults.count(Fault::Replay);
            self.send_bytes(link, host, bytes.clone());
        }
    }

    fn send_nonsense(&mut self, host: HostId) {
        match self.random.below(5) {
            0 => {
                let links = self.links_of(host);
                if let Some(&link) = self.random.pick(&links) {
                    self.faults.count(Fault::Garbage);
                    let bytes = self.random.bytes().to_vec();
                    self.send_bytes(link, host, bytes);
                }
            }
            1 => {
                let links = self.links_of(host);
                if let Some(&link) = self.random.pick(&links) {
                    self.faults.count(Fault::HalfFrame);
                    let mut bytes = Frame::ChainWanted.to_bytes();
                    bytes.truncate(bytes.len() / 2);
                    self.send_bytes(link, host, bytes);
                }
            }
            2 => self.send_unsigned_tail(host),
            3 => self.send_wrongly_signed(host),
            _ => self.impersonate(host),
        }
    }

    fn send_unsigned_tail(&mut self, host: HostId) {
        let place = self.own_end(host);
        let forgeries = [self.plausible(host), self.plausible(host)];
        let mut entries = self.forge(host, &place, &forgeries);
        if let Some(last) = entries.last_mut() {
            last.signature = None;
        }
        self.faults.count(Fault::UnsignedTail);
        self.push(host, &[entries]);
    }

    fn send_wrongly_signed(&mut self, host: HostId) {
        let place = self.own_end(host);
        let forgeries = [self.plausible(host)];
        let mut entries = self.forge(host, &place, &forgeries);
        if let Some(signature) = entries.last_mut().and_then(|last| last.signature.as_mut()) {
            signature.0[5] ^= 1;
        }
        self.faults.count(Fault::WrongSignature);
        self.push(host, &[entries]);
    }

    /// Goes on in somebody else's log, without the key.
    fn impersonate(&mut self, host: HostId) {
        use protocol::storage::Storage;
        let victim = self.random.index(self.hosts.len());
        let device = self.hosts[victim].device_id();
        let logs = self.hosts[host].memory.logs().expect("memory can be read");
        let Some(log) = logs.into_iter().find(|log| log.device == device) else {
            return;
        };
        let forgery = self.plausible(host);
        let place = super::forge::Place {
            seq: log.head_seq + 1,
            backlink: Some(log.head),
            member: log.member,
        };
        let entries: Vec<Entry> = self
            .forge(host, &place, &[forgery])
            .into_iter()
            .map(|mut entry| {
                entry.header.device = device;
                entry.id = entry.header.id();
                let key = &self.hosts[host].device;
                entry.signature = Some(key.sign(Purpose::Head, &entry.id.0));
                entry
            })
            .collect();
        self.faults.count(Fault::WrongSignature);
        self.push(host, &[entries]);
    }
}

/// A payload that puts one text under a key of the root.
pub fn one_put(key: &str, text: &str) -> Intents {
    Intents {
        references: Vec::new(),
        intents: vec![Intent::Put {
            object: None,
            key: key.to_owned(),
            content: Content::Scalar(Scalar::Text(text.to_owned())),
        }],
    }
}

/// Maps inside maps.
fn deep(depth: u32) -> Intents {
    let intents = (0..depth)
        .map(|level| Intent::Put {
            object: level.checked_sub(1).map(|atom| AtomRef {
                entry: EntryRef::SELF,
                atom,
            }),
            key: "k".to_owned(),
            content: Content::Object(ObjectType::Map),
        })
        .collect();
    Intents {
        references: Vec::new(),
        intents,
    }
}

/// A statement whose code is not known yet: `[[0], [99]]`.
fn unknown_statement() -> Vec<u8> {
    vec![0x82, 0x81, 0x00, 0x81, 0x18, 0x63]
}

/// A payload with an intent whose code is not known yet: `[[], [[99]]]`.
fn unknown_intents() -> Vec<u8> {
    vec![0x82, 0x80, 0x81, 0x81, 0x18, 0x63]
}
