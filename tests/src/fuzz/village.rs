//! A village made of choices: a founded neighbourhood whose devices sign what an honest program
//! would write, and now and then what none would.
//!
//! Everything that is signed is really signed, so that what is wrong with an entry is looked at
//! only once its segment verifies. Nothing here judges.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use protocol::entry::{self, Entry, Header, Subject, VERSION};
use protocol::id::{DocumentId, EntryId, InvitationId, MemberId, PayloadHash, SpaceId};
use protocol::intent::Intents;
use protocol::key::{Purpose, SecretKey};
use protocol::statement::{
    Act, Admission, Authority, DeviceCut, InvitationUse, MemberKind, Role, Statement, Tip, Tips,
};

use super::choices::Choices;
use crate::seeds;

/// What the founder's first device writes before any choice is made.
const FOUNDER: (u8, u8) = (1, 2);
/// A household that is admitted from the start, with its device.
pub const HOUSEHOLD: (u8, u8) = (3, 4);
/// A guest that is admitted from the start, with its device.
const GUEST: (u8, u8) = (5, 6);
/// An office whose device is enrolled, and whose steward is the household.
const OFFICE: (u8, u8) = (7, 8);
/// A device that nobody has certified, which says it is a household's.
pub const STRANGER: (u8, u8) = (9, 10);
/// A second device of the household, which nobody has enrolled yet.
const SECOND: (u8, u8) = (3, 12);
/// Everybody who writes.
const AUTHORS: [(u8, u8); 6] = [FOUNDER, HOUSEHOLD, GUEST, OFFICE, SECOND, STRANGER];
/// Entries of a village beside those of its foundation.
const ENTRIES_MAX: usize = 40;
/// The time of the first entry.
const TIME_MS: i64 = 1_780_000_000_000;

/// A run of entries of one log, as a peer sends it.
pub type Run = Vec<Entry>;

/// What the choices are mostly about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emphasis {
    /// Documents.
    Documents,
    /// The roster.
    Roster,
}

/// Logs that grow by choices.
#[derive(Clone, Debug)]
pub struct Village {
    /// What was written, in an order in which everything comes after what it follows.
    pub runs: Vec<Run>,
    entries: Vec<Entry>,
    documents: Vec<DocumentId>,
    authorities: Vec<Authority>,
    motions: Vec<EntryId>,
    cosignatures: Vec<EntryId>,
}

/// Returns a key by its number; making one costs more than using it.
pub fn key(number: u8) -> SecretKey {
    static KEYS: OnceLock<Vec<SecretKey>> = OnceLock::new();
    KEYS.get_or_init(|| (0..16).map(seeds::key).collect())[usize::from(number)].clone()
}

/// Returns the village's space.
pub fn space() -> SpaceId {
    seeds::founded_space()
}

impl Village {
    /// Returns the village as it stands before any choice.
    pub fn founded() -> Self {
        static FOUNDED: OnceLock<Village> = OnceLock::new();
        FOUNDED.get_or_init(Self::found).clone()
    }

    fn found() -> Self {
        let mut village = Self {
            runs: Vec::new(),
            entries: Vec::new(),
            documents: Vec::new(),
            authorities: vec![Authority::Founder],
            motions: Vec::new(),
            cosignatures: Vec::new(),
        };
        let admit = |(member, device): (u8, u8), kind| {
            Act::Admit(Admission {
                kind,
                certificate: seeds::certificate(member, device),
                name: format!("{member}"),
                building: (kind != MemberKind::Office).then(|| "5".to_owned()),
                invitation: None,
                successor_of: None,
            })
        };
        let office = MemberId(key(OFFICE.0).public());
        let acts = [
            Act::Found(seeds::founding()),
            admit(HOUSEHOLD, MemberKind::Household),
            admit(GUEST, MemberKind::Guest),
            Act::AddOffice {
                office,
                name: "居委会".to_owned(),
            },
            Act::Enrol {
                certificate: seeds::certificate(OFFICE.0, OFFICE.1),
            },
            Act::Appoint {
                member: MemberId(key(HOUSEHOLD.0).public()),
                role: Role::Steward { office },
            },
        ];
        let mut run = Run::new();
        for act in acts {
            let entry = village.entry(FOUNDER, run.last(), |header| {
                header.subject = Subject::Roster;
                statement(Authority::Founder, act)
            });
            run.push(entry.clone());
            village.keep(&entry);
        }
        village.sign_off(FOUNDER, run);
        village
    }

    /// Lets the village write by choices until they are over.
    pub fn live(&mut self, choices: &mut Choices<'_>, emphasis: Emphasis) {
        let founded = self.entries.len();
        while !choices.is_over() && self.entries.len() < founded + ENTRIES_MAX {
            let author = AUTHORS[choices.below(AUTHORS.len())];
            let mut run = Run::new();
            let mut before = self.place(author, choices);
            for _ in 0..=choices.below(3) {
                let entry = self.chosen_entry(author, before.as_ref(), choices, emphasis);
                before = Some(entry.clone());
                self.keep(&entry);
                run.push(entry);
            }
            self.sign_off(author, run);
            if choices.rarely(4) {
                self.missign(choices);
            }
        }
    }

    /// Returns the entry that the author's next one follows: the end of its log, or one before.
    fn place(&self, (_, device): (u8, u8), choices: &mut Choices<'_>) -> Option<Entry> {
        let device = seeds::device(device);
        let own = self
            .entries
            .iter()
            .filter(|one| one.header.device == device);
        let own: Vec<&Entry> = own.collect();
        if choices.rarely(12) {
            return own.get(choices.below(own.len() + 1)).copied().cloned();
        }
        own.last().copied().cloned()
    }

    fn entry(
        &self,
        (member, device): (u8, u8),
        before: Option<&Entry>,
        fill: impl FnOnce(&mut Header) -> Vec<u8>,
    ) -> Entry {
        let seq = before.map_or(1, |before| before.header.seq + 1);
        let mut header = Header {
            version: VERSION,
            space: space(),
            device: seeds::device(device),
            member: Some(seeds::member(member)),
            seq,
            backlink: before.map(|before| before.id),
            seen: (seq == 1).then(|| self.foundation()),
            time_ms: TIME_MS + i64::try_from(self.entries.len()).expect("a small village"),
            subject: Subject::Nothing,
            deps: Vec::new(),
            atoms: 0,
            payload_bytes: 0,
            payload: PayloadHash::default(),
        };
        let payload = fill(&mut header);
        Entry::new(header, payload)
    }

    /// What everybody had seen from the start: the last statement of the foundation.
    fn foundation(&self) -> Vec<EntryId> {
        let founded = self.runs.first().and_then(|run| run.last());
        founded.map(|entry| entry.id).into_iter().collect()
    }

    fn keep(&mut self, entry: &Entry) {
        match entry.header.subject {
            Subject::Creation { .. } => self.documents.push(entry.id.into()),
            Subject::Roster => self.keep_statement(entry),
            Subject::Document { .. } | Subject::Nothing => {}
        }
        self.entries.push(entry.clone());
    }

    fn keep_statement(&mut self, entry: &Entry) {
        let payload = entry.payload.as_deref().unwrap_or_default();
        let Ok(Statement::Known { act, .. }) = Statement::from_bytes(payload) else {
            return;
        };
        let (admission, appointment) = (entry.id, entry.id);
        match act {
            Act::Found(_) | Act::Admit(_) | Act::Promote { .. } | Act::AddOffice { .. } => {
                self.authorities.push(Authority::Member { admission });
            }
            Act::Appoint { .. } => self.authorities.push(Authority::Grant { appointment }),
            Act::Move { .. } => self.motions.push(entry.id),
            Act::CoSign { .. } => self.cosignatures.push(entry.id),
            _ => {}
        }
    }

    fn sign_off(&mut self, (_, device): (u8, u8), mut run: Run) {
        if let Some(head) = run.last_mut() {
            head.sign(&key(device));
            self.runs.push(run);
        }
    }

    /// Has the last run signed by another, or leaves an unsigned tail behind its signature.
    fn missign(&mut self, choices: &mut Choices<'_>) {
        let Some(run) = self.runs.last_mut() else {
            return;
        };
        let (head, others) = run.split_last_mut().expect("a run has entries");
        match (choices.below(3), others.last_mut()) {
            (0, _) => head.sign(&key(STRANGER.1)),
            (1, Some(before)) => before.signature = head.signature.take(),
            _ => {
                if let Some(signature) = &mut head.signature {
                    signature.0[choices.below(64)] ^= 1 << choices.below(8);
                }
            }
        }
    }

    // ---- what entries say ----

    fn chosen_entry(
        &self,
        author: (u8, u8),
        before: Option<&Entry>,
        choices: &mut Choices<'_>,
        emphasis: Emphasis,
    ) -> Entry {
        let about_roster = match emphasis {
            Emphasis::Documents => 24,
            Emphasis::Roster => 224,
        };
        let about_roster = choices.byte() < about_roster;
        let mut entry = self.entry(author, before, |header| {
            self.look_around(header, choices);
            if about_roster {
                header.subject = Subject::Roster;
                let authority = self.authority(author, choices);
                return statement(authority, self.act(author, choices));
            }
            let intents = self.content(author, header, choices);
            header.atoms = u32::try_from(intents.atoms()).unwrap_or(u32::MAX);
            match header.subject {
                Subject::Nothing => Vec::new(),
                _ => entry::write_intents(&intents),
            }
        });
        if choices.rarely(8) {
            self.twist(&mut entry, choices);
        }
        entry
    }

    /// What the author says it had seen.
    fn look_around(&self, header: &mut Header, choices: &mut Choices<'_>) {
        if !choices.rarely(110) {
            return;
        }
        let mut seen: Vec<EntryId> = Vec::new();
        for _ in 0..=choices.below(3) {
            // The newest of all, or any.
            let newest = self.entries.len().saturating_sub(1 + choices.below(4));
            let statement = match choices.rarely(40) {
                true => choices.pick(&self.entries),
                false => self.entries.get(newest).cloned(),
            };
            seen.extend(statement.map(|entry| entry.id));
        }
        seen.sort_unstable();
        seen.dedup();
        header.seen = Some(seen);
    }

    fn content(&self, author: (u8, u8), header: &mut Header, choices: &mut Choices<'_>) -> Intents {
        if choices.rarely(10) {
            return Intents {
                references: Vec::new(),
                intents: Vec::new(),
            };
        }
        let document = choices.pick(&self.documents);
        let (Some(document), false) = (document, choices.rarely(70)) else {
            let kind = u16::try_from(choices.below(9)).expect("a small number");
            header.subject = Subject::Creation { kind };
            return match choices.rarely(100) {
                true => choices.intents_on(Vec::new()),
                false => super::drafts::creation(seeds::member(author.0), choices),
            };
        };
        header.subject = Subject::Document { document };
        let of: Vec<EntryId> = self
            .entries
            .iter()
            .filter(|entry| entry.document() == Some(document) || choices.clone().rarely(2))
            .map(|entry| entry.id)
            .collect();
        let mut deps: Vec<EntryId> = of.last().copied().into_iter().collect();
        for _ in 0..choices.below(3) {
            deps.extend(choices.pick(&of));
        }
        deps.sort_unstable();
        deps.dedup();
        let references = match choices.rarely(60) {
            true => choices.pick(&of).into_iter().collect(),
            false => Vec::new(),
        };
        let references = references
            .into_iter()
            .filter(|id| !deps.contains(id))
            .collect();
        header.deps = deps;
        choices.intents_on(references)
    }

    fn authority(&self, (member, _): (u8, u8), choices: &mut Choices<'_>) -> Authority {
        let any = choices.pick(&self.authorities);
        match (member, choices.rarely(60), any) {
            (_, true, Some(any)) => any,
            (member, false, _) if member == FOUNDER.0 => Authority::Founder,
            (_, _, Some(any)) => any,
            (_, _, None) => Authority::Founder,
        }
    }

    fn someone(&self, choices: &mut Choices<'_>) -> (u8, u8) {
        let (member, device) = AUTHORS[choices.below(AUTHORS.len())];
        match choices.rarely(60) {
            true => (11, 13),
            false => (member, device),
        }
    }

    fn some_statement(&self, choices: &mut Choices<'_>) -> EntryId {
        let id = choices.pick(&self.entries).map(|entry| entry.id);
        id.unwrap_or_default()
    }

    fn tips(&self, choices: &mut Choices<'_>) -> Tips {
        let mut tips = BTreeMap::new();
        for _ in 0..choices.below(5) {
            if let Some(entry) = choices.pick(&self.entries) {
                let tip = Tip {
                    device: entry.header.device,
                    seq: entry.header.seq + u64::from(choices.rarely(10)),
                    entry: entry.id,
                };
                tips.insert(tip.device, tip);
            }
        }
        let named: Vec<Tip> = tips.into_values().collect();
        let (parts, digest) = match choices.rarely(20) {
            true => (
                vec![self.some_statement(choices)],
                Some(Tips::digest(&named)),
            ),
            false => (Vec::new(), None),
        };
        Tips {
            named,
            parts,
            digest,
        }
    }

    fn role(&self, choices: &mut Choices<'_>) -> Role {
        let office = seeds::member(choices.one_of([OFFICE.0, OFFICE.0, STRANGER.0]));
        match choices.below(4) {
            0 => Role::Steward { office },
            1 => Role::Moderator,
            2 => Role::BuildingLead {
                building: choices.one_of(["5", "3", ""]).to_owned(),
            },
            _ => Role::Spokesperson { office },
        }
    }

    fn act(&self, author: (u8, u8), choices: &mut Choices<'_>) -> Act {
        let (member, device) = self.someone(choices);
        let reason = || "搬走了".to_owned();
        match choices.below(18) {
            0 => self.admission(choices),
            1 => Act::Promote {
                member: seeds::member(member),
            },
            2 => Act::Enrol {
                certificate: seeds::certificate(member, choices.one_of([device, 12, 14])),
            },
            3 => {
                let tip = self.tips(choices).named.into_iter().next();
                let device = seeds::device(device);
                Act::CutDevice(DeviceCut::issue(&key(member), space(), device, tip))
            }
            4 | 5 => Act::Appoint {
                member: seeds::member(member),
                role: self.role(choices),
            },
            6 => Act::CutRole {
                appointment: self.some_statement(choices),
                tips: self.tips(choices),
                reason: reason(),
            },
            7 | 8 => Act::Remove {
                member: seeds::member(member),
                tips: self.tips(choices),
                reason: reason(),
            },
            9 => Act::AddOffice {
                office: seeds::member(choices.one_of([9, 11, 13])),
                name: reason(),
            },
            10 => Act::CertifyRelay {
                device: seeds::device(device),
                name: reason(),
                building: None,
            },
            11 => Act::CutRelay {
                device: seeds::device(device),
                reason: reason(),
            },
            12 => self.motion(author, choices),
            13 => Act::CoSign {
                motion: choices.pick(&self.motions).unwrap_or_default(),
            },
            14 => self.enactment(choices),
            15 => Act::Close {
                document: choices.pick(&self.documents).unwrap_or_default(),
                tips: self.tips(choices),
            },
            16 => Act::Tips {
                tips: self.tips(choices).named,
            },
            _ => self.quiet_act(choices),
        }
    }

    fn quiet_act(&self, choices: &mut Choices<'_>) -> Act {
        let proxies = || {
            let mut proxies = vec![seeds::member(HOUSEHOLD.0), seeds::member(STRANGER.0)];
            proxies.sort();
            proxies
        };
        match choices.below(5) {
            0 => Act::RecordHousehold {
                name: "王奶奶".to_owned(),
                building: Some("3".to_owned()),
                proxies: proxies(),
                consent: choices.one_of(["纸条", ""]).to_owned(),
            },
            1 => Act::AddProxies {
                record: self.some_statement(choices),
                proxies: proxies(),
                consent: "纸条".to_owned(),
            },
            2 => Act::EndRecord {
                record: self.some_statement(choices),
                proxy: choices.rarely(128).then(|| seeds::member(HOUSEHOLD.0)),
                tips: self.tips(choices),
                reason: "有手机了".to_owned(),
            },
            3 => Act::Retire {
                documents: choices.pick(&self.documents).into_iter().collect(),
            },
            _ => Act::Describe {
                name: choices.one_of(["甲", "", "\u{202e}"]).to_owned(),
                building: Some("3".to_owned()),
            },
        }
    }

    fn admission(&self, choices: &mut Choices<'_>) -> Act {
        let (member, device) = self.someone(choices);
        let certificate = seeds::certificate(member, device);
        let uses = u32::from(choices.byte() % 3) + 1;
        let invitation = choices.rarely(80).then(|| InvitationUse {
            invitation: InvitationId(key(15).public()),
            number: u32::from(choices.byte() % 4),
            uses,
            signature: key(15).sign(
                Purpose::InvitationUse,
                &InvitationUse::digest(space(), certificate.member, certificate.device),
            ),
        });
        let successor_of = choices.rarely(20).then(|| seeds::member(HOUSEHOLD.0));
        Act::Admit(Admission {
            kind: choices.one_of([MemberKind::Household, MemberKind::Guest, MemberKind::Office]),
            certificate,
            name: "新".to_owned(),
            building: choices
                .one_of([Some("5"), Some("3"), None])
                .map(str::to_owned),
            invitation,
            successor_of,
        })
    }

    fn motion(&self, author: (u8, u8), choices: &mut Choices<'_>) -> Act {
        let inner = match choices.below(4) {
            0 => self.admission(choices),
            1 => Act::AddOffice {
                office: seeds::member(9),
                name: "业委会".to_owned(),
            },
            2 => Act::Appoint {
                member: seeds::member(author.0),
                role: self.role(choices),
            },
            _ => Act::Remove {
                member: seeds::member(GUEST.0),
                tips: self.tips(choices),
                reason: String::new(),
            },
        };
        Act::Move {
            number: 1 + u64::from(choices.byte() % 3),
            previous: choices.rarely(80).then(|| self.some_statement(choices)),
            act: Box::new(inner),
        }
    }

    fn enactment(&self, choices: &mut Choices<'_>) -> Act {
        let mut cosignatures: Vec<EntryId> = (0..choices.below(4))
            .filter_map(|_| choices.pick(&self.cosignatures))
            .collect();
        cosignatures.sort_unstable();
        cosignatures.dedup();
        Act::Enact {
            motion: choices.pick(&self.motions).unwrap_or_default(),
            cosignatures,
            founder_tips: choices.rarely(128).then(|| self.tips(choices)),
        }
    }

    /// Makes an entry say what no honest program would, and names it anew, so that it is signed.
    fn twist(&self, entry: &mut Entry, choices: &mut Choices<'_>) {
        let id = self.some_statement(choices);
        let header = &mut entry.header;
        match choices.below(12) {
            0 => header.seq = header.seq.wrapping_add(choices.byte().into()),
            1 => header.backlink = Some(id),
            2 => header.member = Some(seeds::member(HOUSEHOLD.0)),
            3 => header.member = None,
            4 => header.time_ms = choices.number(),
            5 => header.atoms = header.atoms.wrapping_add(u32::from(choices.byte())),
            6 => header.deps.push(id),
            7 => header.version = choices.byte(),
            8 => header.seen = Some(vec![id]),
            9 => header.space = SpaceId([1; 32]),
            10 => {
                if let Some(payload) = &mut entry.payload {
                    choices.damage(payload);
                    header.payload_bytes = u32::try_from(payload.len()).expect("a small payload");
                    header.payload = entry::payload_hash(payload);
                }
            }
            // The payload was dropped; its hash stays.
            _ => entry.payload = None,
        }
        entry.id = entry.header.id();
    }
}

fn statement(authority: Authority, act: Act) -> Vec<u8> {
    let statement = Statement::new(authority, act);
    statement.to_bytes().expect("a known statement")
}
