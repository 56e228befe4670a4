//! Where the fuzzers begin: small real values of everything that enters from outside, the same in
//! each run. It writes no file; the program `corpus` does.

mod frames;
mod people;
mod roster;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use protocol::api::{Draft, Request};
use protocol::bundle;
use protocol::enrolment::{Enrolment, EnrolmentCode, EnrolmentSecret};
use protocol::entry::{self, Entry, Header, Subject, VERSION};
use protocol::fork::{ForkProof, Side};
use protocol::frontier::{Head, Row};
use protocol::id::{DeviceId, EntryId, InvitationId, MemberId, PayloadHash, SpaceId};
use protocol::intent::{AtomRef, Content, EntryRef, Intent, Intents, ObjectType, Scalar};
use protocol::invitation::{Invitation, InvitationSecret, InvitedAs};
use protocol::joining::{JoinRequest, Joiner};
use protocol::key::{Purpose, SecretKey, Signature};
use protocol::receipt::Receipt;
use protocol::segment;
use protocol::session::frame::{DeviceProof, Frame, RefusedReason, Whereabouts};
use protocol::statement::{
    Act, Admission, Authority, Certificate, DeviceCut, Founding, InvitationUse, MemberKind, Role,
    Statement, Tip, Tips,
};
use serde_json::json;

use frames::frames;
use people::{bodies, imports, intents, texts};
use roster::{chains, statements};

/// The space of everything but the admission chains: what the targets expect.
pub const SPACE: SpaceId = SpaceId([1; 32]);

const NAME: &str = "林家";
const TIME_MS: i64 = 1_780_000_000_000;

/// A file of the corpus: its name and its bytes.
pub type Seed = (String, Vec<u8>);

/// Returns the seeds of every target, by the name of its folder.
pub fn all() -> BTreeMap<&'static str, Vec<Seed>> {
    BTreeMap::from([
        ("frame", frames()),
        ("entry", entries()),
        ("statement", statements()),
        ("intent", intents()),
        ("chain", chains()),
        ("body", bodies()),
        ("text", texts()),
        ("import", imports()),
    ])
}

/// Returns the space that the seeds' admission chains belong to.
pub fn founded_space() -> SpaceId {
    static FOUNDED: OnceLock<SpaceId> = OnceLock::new();
    *FOUNDED.get_or_init(|| founding().space())
}

/// Returns the device and the member that the whole admission chain admits.
pub fn admitted() -> (DeviceId, MemberId) {
    static ADMITTED: OnceLock<(DeviceId, MemberId)> = OnceLock::new();
    *ADMITTED.get_or_init(|| (device(4), member(3)))
}

/// Returns a key by its number.
pub fn key(number: u8) -> SecretKey {
    SecretKey::from_seed(&[number; 32])
}

/// Returns the device of a key.
pub fn device(number: u8) -> DeviceId {
    DeviceId(key(number).public())
}

/// Returns the member of a key.
pub fn member(number: u8) -> MemberId {
    MemberId(key(number).public())
}

fn id(number: u8) -> EntryId {
    EntryId([number; 32])
}

/// Returns a member's word for a device, both by the numbers of their keys.
pub fn certificate(of: u8, with: u8) -> Certificate {
    Certificate::issue(&key(of), device(with))
}

/// Returns the founding of the seeds' neighbourhood.
pub fn founding() -> Founding {
    Founding {
        neighbourhood: "梧桐里".to_owned(),
        nonce: [9; 32],
        certificate: certificate(1, 2),
        name: NAME.to_owned(),
        building: Some("3".to_owned()),
    }
}

fn admission(invitation: Option<InvitationUse>) -> Act {
    Act::Admit(Admission {
        kind: MemberKind::Household,
        certificate: certificate(3, 4),
        name: "Chen".to_owned(),
        building: Some("5".to_owned()),
        invitation,
        successor_of: None,
    })
}

fn invitation_use(space: SpaceId) -> InvitationUse {
    let digest = InvitationUse::digest(space, member(3), device(4));
    InvitationUse {
        invitation: InvitationId(key(5).public()),
        number: 1,
        uses: 2,
        signature: key(5).sign(Purpose::InvitationUse, &digest),
    }
}

/// What an entry of a log consists of beside its place.
type Written = (Subject, Vec<EntryId>, u32, Vec<u8>);

/// Writes a log of one device, each entry after the other, and signs its last.
fn log(
    space: SpaceId,
    author: (u8, Option<u8>),
    contents: impl IntoIterator<Item = Written>,
) -> Vec<Entry> {
    let mut log: Vec<Entry> = Vec::new();
    for (subject, mut deps, atoms, payload) in contents {
        // A change names the entry before it, which no one can know in advance.
        if deps == [EntryId::default()] {
            deps = log.last().map(|entry| entry.id).into_iter().collect();
        }
        let subject = match (subject, log.first()) {
            (Subject::Document { .. }, Some(first)) => Subject::Document {
                document: first.id.into(),
            },
            (subject, _) => subject,
        };
        let seq = log.len() as u64 + 1;
        let header = Header {
            version: VERSION,
            space,
            device: device(author.0),
            member: author.1.map(member),
            seq,
            backlink: log.last().map(|entry| entry.id),
            seen: (seq == 1).then(|| vec![id(7), id(8)]),
            time_ms: TIME_MS + i64::try_from(seq).expect("a short log"),
            subject,
            deps,
            atoms,
            payload_bytes: 0,
            payload: PayloadHash::default(),
        };
        log.push(Entry::new(header, payload));
    }
    if let Some(head) = log.last_mut() {
        head.sign(&key(author.0));
    }
    log
}

fn statement(authority: Authority, act: Act) -> Vec<u8> {
    let statement = Statement::new(authority, act);
    statement.to_bytes().expect("a known statement")
}

fn roster_entry(authority: Authority, act: Act) -> Written {
    (Subject::Roster, vec![], 0, statement(authority, act))
}

/// Intents of every kind, on one document.
fn written_intents() -> [Intents; 2] {
    let own = |atom| AtomRef {
        entry: EntryRef::SELF,
        atom,
    };
    let first = |atom| AtomRef {
        entry: EntryRef::DOCUMENT,
        atom,
    };
    let put = |key: &str, content| Intent::Put {
        object: None,
        key: key.to_owned(),
        content,
    };
    let text = |text: &str| Content::Scalar(Scalar::Text(text.to_owned()));
    let creation = vec![
        put("title", text("谁有梯子")),
        put("body", Content::Object(ObjectType::Text)),
        put("votes", Content::Scalar(Scalar::Counter(1))),
        put("list", Content::Object(ObjectType::List)),
        Intent::Splice {
            object: own(1),
            after: None,
            text: "周六👨‍👩‍👧e\u{301}".to_owned(),
        },
        Intent::Insert {
            object: own(3),
            after: None,
            content: Content::Scalar(Scalar::Counter(i64::MAX)),
        },
    ];
    let change = vec![
        Intent::Increment {
            object: None,
            key: "votes".to_owned(),
            by: -3,
        },
        Intent::Delete {
            object: None,
            key: "title".to_owned(),
        },
        Intent::IncrementElement {
            object: first(3),
            element: first(13),
            by: 1,
        },
        Intent::PutElement {
            object: first(3),
            element: first(13),
            content: Content::Scalar(Scalar::Bytes(vec![0, 255])),
        },
        Intent::DeleteRun {
            object: first(1),
            first: first(4),
            count: 2,
        },
    ];
    [
        Intents {
            references: vec![],
            intents: creation,
        },
        Intents {
            references: vec![id(6)],
            intents: change,
        },
    ]
}

/// A log with one document: created, changed, and an entry about nothing.
fn document_log() -> Vec<Entry> {
    let [creation, change] = written_intents();
    let content = |subject, deps, intents: &Intents| {
        let atoms = u32::try_from(intents.atoms()).expect("few atoms");
        (subject, deps, atoms, entry::write_intents(intents))
    };
    let exists = Subject::Document {
        document: id(0).into(),
    };
    log(
        SPACE,
        (2, Some(1)),
        [
            content(Subject::Creation { kind: 1 }, vec![], &creation),
            content(exists, vec![EntryId::default()], &change),
            (Subject::Nothing, vec![], 0, vec![]),
        ],
    )
}

/// Returns the header of an entry that creates a document.
pub fn creation_header() -> Header {
    static HEADER: OnceLock<Header> = OnceLock::new();
    let header = HEADER.get_or_init(|| document_log()[0].header.clone());
    header.clone()
}

fn roster_log(space: SpaceId) -> Vec<Entry> {
    let acts = [
        Act::Found(founding()),
        admission(Some(invitation_use(space))),
    ];
    let contents = acts
        .into_iter()
        .map(|act| roster_entry(Authority::Founder, act));
    log(space, (2, Some(1)), contents)
}

fn entries() -> Vec<Seed> {
    let log = document_log();
    let roster = roster_log(SPACE);
    let mut dropped = log.clone();
    dropped[0].payload = None;
    let mut bundle = bundle::begin();
    bundle::append(&mut bundle, std::slice::from_ref(&roster));
    bundle::append(&mut bundle, std::slice::from_ref(&log));
    named([
        ("header-creation", log[0].header.to_bytes()),
        ("header-change", log[1].header.to_bytes()),
        ("header-roster", roster[0].header.to_bytes()),
        ("segment-document", segment::write_segments(&[log])),
        ("segment-dropped", segment::write_segments(&[dropped])),
        ("segment-roster", segment::write_segments(&[roster])),
        ("bundle", bundle),
    ])
}

fn named<const N: usize>(seeds: [(&str, Vec<u8>); N]) -> Vec<Seed> {
    seeds.map(|(name, bytes)| (name.to_owned(), bytes)).into()
}

#[cfg(test)]
mod tests {
    use protocol::joining;
    use protocol::key::PublicKey;

    use super::*;

    /// Seeds that are refused at their first byte would leave most of a target untouched.
    #[test]
    fn the_seeds_are_what_honest_nodes_write() {
        for (name, bytes) in frames() {
            let reads = match name.as_str() {
                "fork-proof" => {
                    ForkProof::from_bytes(&bytes).is_ok_and(|proof| proof.verify(SPACE).is_ok())
                }
                _ => Frame::from_bytes(&bytes).is_ok(),
            };
            assert!(reads, "frame {name}");
        }
        for (name, bytes) in statements() {
            assert!(Statement::from_bytes(&bytes).is_ok(), "statement {name}");
        }
        for (name, bytes) in entries() {
            if name.starts_with("header") {
                assert!(Header::from_bytes(&bytes).is_ok(), "{name}");
            } else if name.starts_with("segment") {
                for segment in segment::read_segments(SPACE, &bytes).expect(&name) {
                    let key = PublicKey::parse(&segment.entries[0].header.device.0).expect(&name);
                    segment.verify(SPACE, &key).expect(&name);
                }
            } else {
                let frames = bundle::read(SPACE, &bytes).expect("a bundle");
                assert_eq!(frames.filter_map(Result::ok).count(), 2);
            }
        }
        let (device, member) = admitted();
        let (_, whole) = &chains()[0];
        let founded = protocol::roster::Roster::new(founded_space());
        joining::verify_chain(&founded, whole, device, Some(member)).expect("admitted");
    }

    #[test]
    fn every_seed_is_small() {
        for (target, seeds) in all() {
            assert!(seeds.len() >= 3, "{target}");
            for (name, bytes) in seeds {
                assert!(
                    bytes.len() < 2 * 1024,
                    "{target}/{name} has {}",
                    bytes.len()
                );
            }
        }
    }
}
