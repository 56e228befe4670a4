//! Where the fuzzers begin: small real values of everything that enters from outside, the same in
//! each run. It writes no file; the program `corpus` does.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use protocol::api::{Draft, Request};
use protocol::bundle;
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
use protocol::session::frame::{DeviceProof, Frame, RefusedReason};
use protocol::statement::{
    Act, Admission, Authority, Certificate, DeviceCut, Founding, InvitationUse, MemberKind, Role,
    Statement, Tip, Tips,
};
use serde_json::json;

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

fn frames() -> Vec<Seed> {
    let proof = DeviceProof {
        device: device(2),
        member: Some(member(1)),
        signature: Signature([3; 64]),
    };
    let request = JoinRequest::new(
        SPACE,
        &key(5),
        Joiner::Member(certificate(3, 4)),
        NAME.to_owned(),
        Some("5".to_owned()),
    );
    let head = |seq| Head {
        seq,
        entry: id(u8::try_from(seq).expect("a small number")),
    };
    let all = [
        (
            "greet",
            Frame::Greet {
                version: 1,
                tag: [4; 32],
            },
        ),
        (
            "answer",
            Frame::Answer {
                tag: [5; 32],
                proof: proof.clone(),
            },
        ),
        (
            "introduce",
            Frame::Introduce {
                proof: proof.clone(),
            },
        ),
        ("join", Frame::Join { request, proof }),
        ("chain-wanted", Frame::ChainWanted),
        (
            "chain",
            Frame::Chain {
                segments: segment::write_segments(&[roster_log(SPACE)]),
            },
        ),
        ("welcome", Frame::Welcome),
        (
            "refused",
            Frame::Refused {
                reason: RefusedReason::Unable,
            },
        ),
        (
            "summary",
            Frame::Summary {
                digest: [6; 32],
                yours: 300,
            },
        ),
        // All 256 buckets would make a file of 4 KiB; a session refuses fewer, a decoder does not.
        (
            "buckets",
            Frame::Buckets {
                hashes: vec![7; 64],
            },
        ),
        (
            "rows",
            Frame::Rows {
                buckets: [255; 32],
                rows: vec![Row {
                    device: device(2),
                    heads: vec![head(1), head(2)],
                }],
                more: true,
                reply: false,
            },
        ),
        (
            "entries",
            Frame::Entries {
                segments: segment::write_segments(&[document_log()]),
            },
        ),
        (
            "fetch",
            Frame::Fetch {
                device: device(2),
                entry: id(9),
                count: 70_000,
            },
        ),
        (
            "held",
            Frame::Held {
                yours: 4_000_000_000,
            },
        ),
        (
            "receipts",
            Frame::Receipts {
                kept: 1_780_000_000_000,
                number: 7,
                receipts: [Some(3), None]
                    .map(|of| {
                        let member = of.map(member);
                        Receipt::issue(SPACE, &key(2), member, device(9), head(3))
                    })
                    .to_vec(),
            },
        ),
        (
            "proofs",
            Frame::Proofs {
                proofs: vec![fork_proof()],
            },
        ),
    ];
    let mut seeds: Vec<Seed> = all
        .map(|(name, frame)| (name.to_owned(), frame.to_bytes()))
        .into();
    seeds.push(("fork-proof".to_owned(), fork_proof().to_bytes()));
    seeds
}

/// Two continuations of one log.
fn fork_proof() -> ForkProof {
    let side = |text: &str| {
        let act = Act::Describe {
            name: text.to_owned(),
            building: None,
        };
        let admission = id(1);
        let log = log(
            SPACE,
            (2, Some(1)),
            [roster_entry(Authority::Member { admission }, act)],
        );
        Side {
            headers: log.iter().map(|entry| entry.header.clone()).collect(),
            signature: log[0].signature.expect("a signed head"),
        }
    };
    ForkProof::new(side("甲"), side("乙"))
}

fn statements() -> Vec<Seed> {
    let tip = |number| Tip {
        device: device(number),
        seq: 3,
        entry: id(number),
    };
    let tips = Tips {
        named: vec![tip(2)],
        parts: vec![id(4)],
        digest: Some(Tips::digest(&[tip(2), tip(4)])),
    };
    let remove = Act::Remove {
        member: member(3),
        tips: tips.clone(),
        reason: "搬走了".to_owned(),
    };
    let name = || NAME.to_owned();
    let acts = vec![
        ("found", Act::Found(founding())),
        ("admit", admission(Some(invitation_use(SPACE)))),
        ("promote", Act::Promote { member: member(3) }),
        (
            "enrol",
            Act::Enrol {
                certificate: certificate(3, 6),
            },
        ),
        (
            "cut-device",
            Act::CutDevice(DeviceCut::issue(&key(3), SPACE, device(4), Some(tip(4)))),
        ),
        (
            "appoint",
            Act::Appoint {
                member: member(3),
                role: Role::Steward { office: member(7) },
            },
        ),
        (
            "appoint-lead",
            Act::Appoint {
                member: member(3),
                role: Role::BuildingLead {
                    building: "5".to_owned(),
                },
            },
        ),
        (
            "cut-role",
            Act::CutRole {
                appointment: id(3),
                tips: tips.clone(),
                reason: String::new(),
            },
        ),
        ("remove", remove.clone()),
        (
            "add-office",
            Act::AddOffice {
                office: member(7),
                name: name(),
            },
        ),
        (
            "certify-relay",
            Act::CertifyRelay {
                device: device(8),
                name: name(),
                building: None,
            },
        ),
        (
            "cut-relay",
            Act::CutRelay {
                device: device(8),
                reason: name(),
            },
        ),
        (
            "move",
            Act::Move {
                number: 2,
                previous: Some(id(5)),
                act: Box::new(remove),
            },
        ),
        ("co-sign", Act::CoSign { motion: id(5) }),
        (
            "enact",
            Act::Enact {
                motion: id(5),
                cosignatures: vec![id(6), id(7)],
                founder_tips: Some(tips.clone()),
            },
        ),
        (
            "close",
            Act::Close {
                document: id(6).into(),
                tips,
            },
        ),
        (
            "retire",
            Act::Retire {
                documents: vec![id(6).into(), id(7).into()],
            },
        ),
        (
            "tips",
            Act::Tips {
                tips: vec![tip(2), tip(4)],
            },
        ),
        (
            "describe",
            Act::Describe {
                name: name(),
                building: Some("3".to_owned()),
            },
        ),
    ];
    let authorities = [
        Authority::Founder,
        Authority::Member { admission: id(1) },
        Authority::Grant { appointment: id(2) },
    ];
    let mut seeds: Vec<Seed> = acts
        .into_iter()
        .zip(authorities.into_iter().cycle())
        .map(|((name, act), authority)| (name.to_owned(), statement(authority, act)))
        .collect();
    // A statement of a later version: [authority, [99, 1]].
    seeds.push((
        "unknown".to_owned(),
        vec![0x82, 0x81, 0x00, 0x82, 0x18, 0x63, 0x01],
    ));
    seeds
}

/// Choices for the target, which makes its documents of them.
fn intents() -> Vec<Seed> {
    let mut mixed = Vec::new();
    let mut state: u32 = 20_011;
    for _ in 0..400 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        mixed.push((state >> 24) as u8);
    }
    named([
        ("zeros", vec![0; 120]),
        ("ones", vec![255; 300]),
        ("ascending", (0..=255).collect()),
        ("sevens", [7, 1, 2, 3].repeat(60)),
        ("mixed", mixed),
    ])
}

fn chains() -> Vec<Seed> {
    let space = founded_space();
    let founder = roster_log(space);
    let enrolled = log(
        space,
        (4, Some(3)),
        [roster_entry(
            Authority::Member {
                admission: founder[1].id,
            },
            Act::Enrol {
                certificate: certificate(3, 6),
            },
        )],
    );
    let invitation = Invitation {
        space,
        space_secret: founding().secret(),
        inviter: member(1),
        device: device(2),
        secret: InvitationSecret([5; 16]),
        heads: vec![founder[1].id],
        expires_s: 1_780_000_000,
        invited_as: InvitedAs::Household,
        neighbourhood: "梧桐里".to_owned(),
        addresses: vec!["/ip4/127.0.0.1/tcp/4101".to_owned()],
    };
    let text = invitation.to_text().expect("a short invitation");
    let capitals = format!(" {}\n", text.to_uppercase());
    named([
        (
            "founding-and-admission",
            segment::write_segments(std::slice::from_ref(&founder)),
        ),
        (
            "two-logs",
            segment::write_segments(&[founder.clone(), enrolled.clone()]),
        ),
        ("wrong-order", segment::write_segments(&[enrolled, founder])),
        ("other-space", segment::write_segments(&[roster_log(SPACE)])),
        ("empty", segment::write_segments(&[])),
        ("invitation", text.into_bytes()),
        ("invitation-capitals", capitals.into_bytes()),
    ])
}

fn bodies() -> Vec<Seed> {
    let document = id(3).into();
    let fields = BTreeMap::from([
        ("title".to_owned(), json!("谁有梯子？")),
        ("urgent".to_owned(), json!(true)),
        ("expires".to_owned(), json!(TIME_MS)),
    ]);
    let draft = Draft {
        kind: "request".to_owned(),
        fields: fields.clone(),
    };
    let write = |request: &Request| serde_json::to_vec(request).expect("a request is JSON");
    named([
        (
            "draft",
            serde_json::to_vec(&draft).expect("a draft is JSON"),
        ),
        ("post", write(&Request::Post(draft))),
        (
            "edit",
            write(&Request::Edit {
                document,
                fields,
                base: Vec::new(),
            }),
        ),
        (
            "invite",
            write(&Request::Invite {
                uses: 2,
                lifetime_ms: 604_800_000,
                invited_as: InvitedAs::Guest,
                addresses: vec!["/ip4/127.0.0.1/tcp/1".to_owned()],
            }),
        ),
        (
            "import",
            write(&Request::ImportRequests {
                file: b"title\nLadder\n".to_vec(),
                preview: true,
            }),
        ),
        ("nested", [b"[".repeat(300), b"]".repeat(300)].concat()),
        (
            "fields",
            br#"{"fields":{"a":[1e400,-0,"\ud83d\ude00"]}}"#.to_vec(),
        ),
    ])
}

fn texts() -> Vec<Seed> {
    named([
        (
            "escapes",
            b"\x1b]0;title\x07\x1b[31mred\x1b[2J\x9b5n\r\n\x00\x7f".to_vec(),
        ),
        (
            "directions",
            "abc\u{202e}\u{2066}def\u{2069}\u{200f}\u{61c}".into(),
        ),
        (
            "joined",
            "👨\u{200d}👩\u{200d}👧🏽🇨🇳e\u{301}\u{fe0f}\u{20e3}".into(),
        ),
        (
            "invisible",
            "a\u{200b}\u{feff}\u{ad}\u{34f}\u{e0041}\u{3164}b\u{115f}".into(),
        ),
        (
            "marks",
            format!("z{}", "\u{301}\u{489}".repeat(60)).into_bytes(),
        ),
        (
            "hanzi",
            "水电通知：周六上午９点停水，请备水。「梯子」　谁有？".into(),
        ),
        (
            "no-utf-8",
            b"\xff\xfe\xed\xa0\x80\xc0\xaf\xf4\x90\x80\x80ok".to_vec(),
        ),
        ("long", "一二三四五六七八九十".repeat(30).into_bytes()),
    ])
}

fn imports() -> Vec<Seed> {
    let plain = "标题,内容,类别,紧急,楼栋,截止\n谁有梯子？,周六上午,物品,是,3,2026-03-01\n";
    let sixteen: Vec<u8> = [0xfeff_u16]
        .into_iter()
        .chain("title\tbody\r\nLadder\tSaturday\r\n".encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    named([
        ("plain", plain.into()),
        ("with-mark", format!("\u{feff}{plain}").into_bytes()),
        // 标题,内容 and 梯子,借 as spreadsheets in China save them.
        (
            "gb18030",
            b"\xb1\xea\xcc\xe2,\xc4\xda\xc8\xdd\r\n\xcc\xdd\xd7\xd3,\xbd\xe8\r\n".to_vec(),
        ),
        ("utf-16", sixteen),
        (
            "semicolons",
            b"title;body;category;urgent\nLadder;\"a;b\";goods;no\n".to_vec(),
        ),
        (
            "quotes",
            b"title,body\n\"a \"\"b\"\"\nc\",\"=1+1\"\n,,\n\"open".to_vec(),
        ),
        (
            "faults",
            b"title,expires,urgent,x\n,soon,perhaps\na,2026-13-45,yes,1,2\n\"a\"b,,,\n".to_vec(),
        ),
        ("hostile", b"\x1b[2Jtitle,name\n\x00\xff\n".to_vec()),
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
