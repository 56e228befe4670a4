//! A household's telephone that wrote hours ago where there was no network: what it wrote comes on a
//! stick. It claims the time at which it wrote, so nobody has to wait for hours.

use std::collections::BTreeMap;

use protocol::api::Draft;
use protocol::bundle;
use protocol::id::{DeviceId, DocumentId, MemberId, SpaceId};
use protocol::key::SecretKey;
use protocol::kind::{self, Editor, Kinds};
use protocol::replica::{Body, Identity, Received, Replica};
use protocol::session::pack;
use protocol::statement::{Act, Authority, Certificate, Statement};
use protocol::switches::Switches;
use serde_json::Value;
use tests::sim::memory::Memory;

pub struct Phone {
    replica: Replica,
    memory: Memory,
    member: MemberId,
}

impl Phone {
    /// Takes what a node of the household exported, and is certified by the household's key.
    pub fn new(space: SpaceId, household: &SecretKey, held: &[u8], time_ms: i64) -> Self {
        let (key, member) = (
            SecretKey::from_seed(&[77; 32]),
            MemberId(household.public()),
        );
        let certificate = Certificate::issue(household, DeviceId(key.public()));
        let identity = Identity {
            key,
            member: Some(member),
        };
        let memory = Memory::default();
        let kinds = Kinds::standard();
        let replica = Replica::open(space, identity, kinds, Switches::NONE, &memory);
        let mut phone = Self {
            replica: replica.expect("memory can be read"),
            memory,
            member,
        };
        for segments in bundle::read(space, held).expect("a bundle") {
            let segments = segments.expect("a frame");
            let received = phone.replica.receive(&phone.memory, segments);
            phone.keep(received.expect("entries that verify"));
        }
        let roster = phone.replica.roster();
        let of_household = roster.members().into_iter().find(|one| one.id == member);
        let authority = Authority::Member {
            admission: of_household.expect("a member").admission,
        };
        let enrolment = Statement::new(authority, Act::Enrol { certificate });
        phone.append(time_ms, &Body::Statement(enrolment));
        phone
    }

    /// Posts a document at a time.
    pub fn post(
        &mut self,
        time_ms: i64,
        kind: &str,
        fields: BTreeMap<String, Value>,
    ) -> DocumentId {
        let standing = self.replica.roster().standing_now(&self.member);
        let editor = Editor {
            member: self.member,
            standing: standing.as_ref(),
            time_ms,
            creates: true,
        };
        let draft = Draft {
            kind: kind.to_owned(),
            fields,
        };
        let drafted = kind::create(self.replica.kinds(), &draft, &editor);
        let drafted = drafted.expect("a resident may ask for help");
        self.append(
            time_ms,
            &Body::Creation {
                kind: drafted.kind,
                intents: drafted.finished.intents,
            },
        )
    }

    /// Returns everything that it holds, for a stick.
    pub fn bundle(&self) -> Vec<u8> {
        let mut file = bundle::begin();
        for runs in pack(&self.memory, 1, self.replica.last_arrival()) {
            bundle::append(&mut file, &runs.expect("memory can be read"));
        }
        file
    }

    fn append(&mut self, time_ms: i64, body: &Body) -> DocumentId {
        let appended = self.replica.append(&self.memory, time_ms, body);
        let appended = appended.expect("what is drafted is valid");
        self.keep(appended.received);
        appended.id.into()
    }

    fn keep(&mut self, mut received: Received) {
        self.memory.apply(&received.batch);
        let looked = self.replica.committed(&self.memory, &mut received);
        looked.expect("memory can be read");
    }
}
