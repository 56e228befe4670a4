//! A home for tests: one replica over memory, with its keys. It judges nothing.

use protocol::entry::{Entry, Header, Subject, VERSION};
use protocol::id::{DeviceId, DocumentId, EntryId, MemberId, PayloadHash, SpaceId};
use protocol::intent::{Content, Intent, Intents, ObjectType, Scalar};
use protocol::key::SecretKey;
use protocol::kind::Kinds;
use protocol::replica::{Body, Identity, Received, Replica};
use protocol::segment::{Segment, read_segments, write_segments};
use protocol::session::SessionError;
use protocol::statement::{
    Act, Admission, Authority, Certificate, Founding, MemberKind, Role, Statement,
};
use protocol::storage::Storage;
use protocol::switches::Switches;
use tests::sim::memory::Memory;

pub const SECRET: [u8; 32] = [9; 32];

pub struct Home {
    pub household: SecretKey,
    pub device: SecretKey,
    pub memory: Memory,
    pub replica: Replica,
}

/// The code of comments, which need nothing but a text and what they are about.
pub const COMMENT: u16 = 4;

impl Home {
    /// Founds a neighbourhood.
    pub fn found() -> Self {
        let certificate = certificate(1);
        let founding = Founding {
            neighbourhood: "Parasol Court".into(),
            nonce: [7; 32],
            certificate,
            name: "Lin".into(),
            building: Some("3".into()),
        };
        let mut home = Self::new(1, founding.space());
        home.state(Authority::Founder, Act::Found(founding));
        home
    }

    /// Makes the home of a household that nobody has admitted yet.
    pub fn new(seed: u8, space: SpaceId) -> Self {
        Self::of_household(seed, seed + 100, space)
    }

    /// Makes the home of a device of a household.
    pub fn of_household(household: u8, device: u8, space: SpaceId) -> Self {
        let household = SecretKey::from_seed(&[household; 32]);
        let device = SecretKey::from_seed(&[device; 32]);
        let identity = Identity {
            key: device.clone(),
            member: Some(MemberId(household.public())),
        };
        let memory = Memory::default();
        let kinds = Kinds::standard();
        let replica = Replica::open(space, identity, kinds, Switches::NONE, &memory)
            .expect("memory can be read");
        Self {
            household,
            device,
            memory,
            replica,
        }
    }

    /// Opens the replica anew over what is stored.
    pub fn reopen(&mut self) {
        let identity = Identity {
            key: self.device.clone(),
            member: Some(self.member()),
        };
        let (space, kinds) = (self.replica.space(), Kinds::standard());
        self.replica = Replica::open(space, identity, kinds, Switches::NONE, &self.memory)
            .expect("memory can be read");
    }

    pub fn member(&self) -> MemberId {
        MemberId(self.household.public())
    }

    pub fn certificate(&self) -> Certificate {
        Certificate::issue(&self.household, self.id())
    }

    /// Drops what retired documents said, as a node does after each batch.
    pub fn forget(&mut self) {
        while self.replica.has_to_forget() {
            let forgotten = self.replica.forget(&self.memory);
            let forgotten = forgotten.expect("memory can be read");
            self.memory.apply(&forgotten.batch);
        }
    }

    pub fn id(&self) -> DeviceId {
        DeviceId(self.device.public())
    }

    pub fn append(&mut self, body: &Body) -> EntryId {
        let appended = self.replica.append(&self.memory, 1_000, body);
        let mut appended = appended.expect("the body fits");
        self.commit(&mut appended.received);
        appended.id
    }

    pub fn state(&mut self, authority: Authority, act: Act) -> EntryId {
        self.append(&Body::Statement(Statement::new(authority, act)))
    }

    /// Admits a household by the founder's right, or by that of a role.
    pub fn admit(&mut self, seed: u8, authority: Authority) -> EntryId {
        let admission = Admission {
            kind: MemberKind::Household,
            certificate: certificate(seed),
            name: format!("household {seed}"),
            building: Some("3".into()),
            invitation: None,
            successor_of: None,
        };
        self.state(authority, Act::Admit(admission))
    }

    /// Makes a household lead of building 3.
    pub fn appoint_lead(&mut self, member: MemberId) -> Authority {
        let building = "3".into();
        let role = Role::BuildingLead { building };
        let appointment = self.state(Authority::Founder, Act::Appoint { member, role });
        Authority::Grant { appointment }
    }

    /// Writes a document that any reader can show: a comment.
    pub fn document(&mut self, text: &str) -> DocumentId {
        let put = |key: &str, scalar| Intent::Put {
            object: None,
            key: key.into(),
            content: Content::Scalar(scalar),
        };
        let intents = vec![
            put("about", Scalar::Bytes(vec![5; 32])),
            put("body", Scalar::Text(text.into())),
        ];
        let references = Vec::new();
        let kind = COMMENT;
        let intents = Intents {
            references,
            intents,
        };
        self.append(&Body::Creation { kind, intents }).into()
    }

    /// Writes a document that the kind does not allow, since it makes an object.
    pub fn misshapen_document(&mut self) -> DocumentId {
        let intents = vec![Intent::Put {
            object: None,
            key: "body".into(),
            content: Content::Object(ObjectType::List),
        }];
        let references = Vec::new();
        let kind = COMMENT;
        let intents = Intents {
            references,
            intents,
        };
        self.append(&Body::Creation { kind, intents }).into()
    }

    /// Makes an entry that follows the own log, with any payload.
    pub fn forge(&self, subject: Subject, atoms: u32, payload: Vec<u8>) -> Entry {
        let logs = self.memory.logs().expect("memory can be read");
        let log = logs.iter().find(|log| log.device == self.id());
        let header = Header {
            version: VERSION,
            space: self.replica.space(),
            device: self.id(),
            member: Some(self.member()),
            seq: log.map_or(0, |log| log.head_seq) + 1,
            backlink: log.map(|log| log.head),
            seen: None,
            time_ms: 2_000,
            subject,
            deps: Vec::new(),
            atoms,
            payload_bytes: 0,
            payload: PayloadHash::default(),
        };
        let mut entry = Entry::new(header, payload);
        entry.sign(&self.device);
        entry
    }

    /// Takes runs as a peer sends them.
    pub fn take(&mut self, runs: &[Vec<Entry>]) -> Result<Received, SessionError> {
        let segments = read_segments(self.replica.space(), &write_segments(runs))?;
        self.receive(segments)
    }

    fn receive(&mut self, segments: Vec<Segment>) -> Result<Received, SessionError> {
        let mut received = self.replica.receive(&self.memory, segments)?;
        self.commit(&mut received);
        Ok(received)
    }

    pub fn commit(&mut self, received: &mut Received) {
        self.memory.apply(&received.batch);
        let committed = self.replica.committed(&self.memory, received);
        committed.expect("memory can be read");
    }

    /// Returns all that is held, a run for each log.
    pub fn runs(&self) -> Vec<Vec<Entry>> {
        let logs = self.memory.logs().expect("memory can be read");
        let run = |log: &protocol::storage::StoredLog| {
            let rows = self.memory.log_entries(log.number, 1, 256);
            let rows = rows.expect("memory can be read").into_iter();
            rows.map(|row| row.entry).collect()
        };
        logs.iter().map(run).collect()
    }
}

pub fn certificate(seed: u8) -> Certificate {
    let device = SecretKey::from_seed(&[seed + 100; 32]);
    Certificate::issue(
        &SecretKey::from_seed(&[seed; 32]),
        DeviceId(device.public()),
    )
}
