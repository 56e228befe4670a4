//! A neighbourhood's devices in memory: they are admitted by the founding household and write, each
//! entry a flush of its own, signed by the device that writes it.
//!
//! One replica plays all of them in turn, so every author has seen everything that was written
//! before. Nothing here knows files or processes: entries come and go as a bundle.

use std::collections::BTreeMap;

use protocol::api;
use protocol::bundle;
use protocol::id::{DeviceId, DocumentId, MemberId, SpaceId};
use protocol::key::SecretKey;
use protocol::kind::{self, Drafted, Editor, Kinds};
use protocol::replica::{Body, Identity, ReadDocument, Received, Replica};
use protocol::statement::{Act, Admission, Authority, Certificate, MemberKind, Statement};
use protocol::storage::StoredEntry;
use protocol::switches::Switches;
use serde_json::{Value, json};

use super::corpus::Record;
use super::course::{self, Step};
use crate::sim::memory::Memory;
use crate::sim::random::Random;

/// Claimed time between two entries.
const PACE_MS: i64 = 1_700;
const SEED: u64 = 77;
/// Runs of one frame of a bundle.
const FRAME_RUNS: usize = 256;
/// Characters of a record's text that become a request's title.
const TITLE_CHARS: usize = 20;
/// One notice for so many requests.
const NOTICE_EACH: usize = 20;
/// How long some requests go on asking: so long that no benchmark sees their end.
const LONG_MS: i64 = 90 * 24 * 60 * 60 * 1_000;

/// The devices, and what they have written.
pub struct Community {
    memory: Memory,
    replica: Replica,
    writers: Vec<Writer>,
    now_ms: i64,
    taken_until: u64,
}

struct Writer {
    device: SecretKey,
    member: MemberId,
}

impl Community {
    /// Begins with what the founder's home holds, and has the founding household certify the
    /// first device here.
    ///
    /// # Panics
    ///
    /// When the bundle is not one of the space.
    pub fn join(space: SpaceId, founder: &SecretKey, held: &[u8], now_ms: i64) -> Self {
        let mut random = Random::new(SEED);
        let device = SecretKey::from_seed(&random.bytes());
        let member = MemberId(founder.public());
        let certificate = Certificate::issue(founder, DeviceId(device.public()));
        let memory = Memory::default();
        let identity = Identity {
            key: device.clone(),
            member: Some(member),
        };
        let replica = Replica::open(
            space,
            identity,
            Kinds::standard(),
            Switches::default(),
            &memory,
        )
        .expect("memory can be read");
        let mut community = Self {
            memory,
            replica,
            writers: vec![Writer { device, member }],
            now_ms,
            taken_until: 0,
        };
        for segments in bundle::read(space, held).expect("a home exports a bundle") {
            let segments = segments.expect("a bundle's frames can be read");
            let received = community
                .replica
                .receive(&community.memory, segments)
                .expect("a home's own entries verify");
            community.keep(received);
        }
        community.taken_until = community.replica.last_arrival();
        community.say(Authority::Founder, Act::Enrol { certificate });
        community
    }

    /// Admits households until so many devices write.
    pub fn admit_until(&mut self, writers: usize) {
        let mut random = Random::new(SEED + 1);
        self.play(0);
        while self.writers.len() < writers {
            let number = self.writers.len();
            let household = SecretKey::from_seed(&random.bytes());
            let device = SecretKey::from_seed(&random.bytes());
            let admission = Admission {
                kind: MemberKind::Household,
                certificate: Certificate::issue(&household, DeviceId(device.public())),
                name: format!("{}单元 {number}", number % 6 + 1),
                building: Some(format!("{}", number % 20 + 1)),
                invitation: None,
                successor_of: None,
            };
            self.say(Authority::Founder, Act::Admit(admission));
            self.writers.push(Writer {
                device,
                member: MemberId(household.public()),
            });
        }
    }

    /// Writes the corpus: a document's first record is a request, the others are offers to it.
    pub fn write(&mut self, records: &[Record]) {
        let mut documents: BTreeMap<usize, DocumentId> = BTreeMap::new();
        for record in records {
            self.play(record.author);
            match documents.get(&record.document) {
                None => {
                    let document = self.post(record);
                    documents.insert(record.document, document);
                }
                Some(document) => self.offer(*document, record),
            }
        }
    }

    /// Writes the front end's corpus: requests that have come as far as requests can, and notices that
    /// ask for acknowledgements. Half of it was written when this began, half of it at a later time;
    /// of the first half, every other request asks for a long time.
    pub fn live(&mut self, records: &[Record], later_ms: i64) {
        let titles = course::real_titles();
        let long_ms = later_ms.saturating_add(LONG_MS);
        for (number, record) in records.iter().enumerate() {
            if number == records.len() / 2 {
                self.now_ms = self.now_ms.max(later_ms);
            }
            self.play(record.author);
            if number % NOTICE_EACH == 0 {
                let document = self.notify(record);
                self.play((record.author + 1) % self.writers.len());
                self.say_fact(document, "acknowledgements", &json!({"way": "self"}));
            }
            self.play(record.author);
            let title = match titles.is_empty() {
                true => record.text.chars().take(TITLE_CHARS).collect(),
                false => titles[number % titles.len()].clone(),
            };
            let mut said = fields([
                ("title", json!(title)),
                ("body", json!(record.text)),
                ("category", json!("goods")),
            ]);
            if number % 2 == 1 {
                said.insert("expires_ms".to_owned(), json!(long_ms));
            }
            if number % 5 == 0 {
                said.insert("urgent".to_owned(), json!(true));
                said.insert("reason".to_owned(), json!("老人一个人在家"));
            }
            let document = self.create("request", said);
            for step in course::COURSES[number % course::COURSES.len()] {
                self.take(*step, document, record.author);
            }
        }
    }

    /// Has who says a step say it.
    fn take(&mut self, step: Step, document: DocumentId, requester: usize) {
        let helper = |number: usize| (requester + 1 + number) % self.writers.len();
        let (first, second) = (helper(0), helper(1));
        let members = [first, second].map(|writer| self.writers[writer].member);
        self.play(match step.helper() {
            None => requester,
            Some(0) => first,
            Some(_) => second,
        });
        let read = self.read(document);
        let kind = self.replica.kinds().by_code(read.kind);
        let value = read.document.value();
        let facts = read.facts(kind.expect("a known kind"), &value);
        let (list, fact) = step.said(|list, helper| {
            let mut of_list = facts
                .list(list)
                .filter(|item| list != "offers" || item.by == members[helper]);
            let item = of_list
                .next_back()
                .expect("what a step names was said before");
            item.id.to_string()
        });
        drop(facts);
        self.say_fact(document, list, &fact);
    }

    fn notify(&mut self, record: &Record) -> DocumentId {
        let title: String = record.text.chars().take(TITLE_CHARS).collect();
        self.create(
            "notice",
            fields([
                ("title", json!(title)),
                ("body", json!(record.text)),
                ("ack", json!(true)),
            ]),
        )
    }

    /// Appends a body as a device: one flush.
    ///
    /// # Panics
    ///
    /// When it is no valid entry.
    pub fn append(&mut self, writer: usize, time_ms: i64, body: &Body) -> DocumentId {
        self.play(writer);
        self.now_ms = time_ms;
        self.flush(body)
    }

    /// Returns everything that is held from an arrival on, in bundles of so many entries each.
    /// Every entry is a run of its own, so whoever imports it holds every signature, as if each
    /// flush had arrived when it was made.
    pub fn bundles(&self, from: u64, entries_each: usize) -> Vec<Vec<u8>> {
        let first = usize::try_from(from.saturating_sub(1)).expect("arrivals fit");
        let entries = &self.memory.entries()[first..];
        let bundle = |entries: &[StoredEntry]| {
            let mut bytes = bundle::begin();
            for chunk in entries.chunks(FRAME_RUNS) {
                let runs: Vec<_> = chunk.iter().map(|one| vec![one.entry.clone()]).collect();
                bundle::append(&mut bytes, &runs);
            }
            bytes
        };
        entries.chunks(entries_each).map(bundle).collect()
    }

    /// Returns the number of the last entry that came from the founder's home.
    pub fn taken_until(&self) -> u64 {
        self.taken_until
    }

    /// Returns the number of the newest entry.
    pub fn last_arrival(&self) -> u64 {
        self.replica.last_arrival()
    }

    fn play(&mut self, writer: usize) {
        let writer = &self.writers[writer];
        self.replica.identify(Identity {
            key: writer.device.clone(),
            member: Some(writer.member),
        });
    }

    fn say(&mut self, authority: Authority, act: Act) {
        self.flush(&Body::Statement(Statement::new(authority, act)));
    }

    fn post(&mut self, record: &Record) -> DocumentId {
        let title: String = record.text.chars().take(TITLE_CHARS).collect();
        let body: String = record.text.chars().skip(TITLE_CHARS).collect();
        self.create(
            "request",
            fields([("title", json!(title)), ("body", json!(body))]),
        )
    }

    fn create(&mut self, kind: &str, fields: BTreeMap<String, Value>) -> DocumentId {
        let draft = api::Draft {
            kind: kind.to_owned(),
            fields,
        };
        let standing = self.standing();
        let editor = self.editor(standing.as_ref(), true);
        let drafted = kind::create(self.replica.kinds(), &draft, &editor);
        let drafted = drafted.expect("a resident may post it");
        self.flush(&Body::Creation {
            kind: drafted.kind,
            intents: drafted.finished.intents,
        })
    }

    fn offer(&mut self, document: DocumentId, record: &Record) {
        self.say_fact(document, "offers", &json!({ "body": record.text }));
    }

    fn say_fact(&mut self, document: DocumentId, list: &str, fact: &Value) {
        let drafted = self.draft(document, list, fact);
        self.flush(&Body::Change {
            document,
            deps: drafted.finished.deps,
            intents: drafted.finished.intents,
        });
    }

    fn read(&mut self, document: DocumentId) -> ReadDocument {
        let read = self.replica.read_document(&self.memory, document);
        read.expect("memory can be read")
            .expect("the document was written")
    }

    fn draft(&mut self, document: DocumentId, list: &str, fact: &Value) -> Drafted {
        let read = self.read(document);
        let standing = self.standing();
        let editor = self.editor(standing.as_ref(), false);
        let owner = |entry| read.authors.get(&entry).and_then(|author| author.member);
        kind::edit(
            self.replica.kinds(),
            read.kind,
            &read.document,
            &fields([(list, fact.clone())]),
            &editor,
            owner,
            read.last_of(&self.replica.device()),
        )
        .expect("a resident may say it")
        .expect("a fact is a change")
    }

    fn standing(&mut self) -> Option<protocol::roster::Standing> {
        let member = self.replica.member()?;
        self.replica.roster().standing_now(&member)
    }

    fn editor<'a>(
        &self,
        standing: Option<&'a protocol::roster::Standing>,
        creates: bool,
    ) -> Editor<'a> {
        Editor {
            member: self.replica.member().expect("a writer is a member"),
            standing,
            time_ms: self.now_ms,
            creates,
        }
    }

    fn flush(&mut self, body: &Body) -> DocumentId {
        let appended = self.replica.append(&self.memory, self.now_ms, body);
        let appended = appended.expect("what is drafted is valid");
        self.now_ms += PACE_MS;
        self.keep(appended.received);
        appended.id.into()
    }

    fn keep(&mut self, mut received: Received) {
        self.memory.apply(&received.batch);
        self.replica
            .committed(&self.memory, &mut received)
            .expect("memory can be read");
    }
}

fn fields<const N: usize>(fields: [(&str, Value); N]) -> BTreeMap<String, Value> {
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
