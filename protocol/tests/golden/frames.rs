//! Frames of a session, of each code: a frame is one line here.

use protocol::enrolment::{Enrolment, EnrolmentCode, EnrolmentSecret};
use protocol::entry::Subject;
use protocol::frontier::{BucketSet, Head, Row};
use protocol::joining::{JoinRequest, Joiner};
use protocol::key::Purpose;
use protocol::receipt::Receipt;
use protocol::segment::write_segments;
use protocol::session::frame::{DeviceProof, Frame, RefusedReason, VERSION, Whereabouts};
use protocol::session::{Side, binding, proof_digest, tag};

use crate::vector::{Vector, assert_whole};
use crate::{entries, given};

#[rustfmt::skip]
pub fn vectors() -> Vec<Vector> {
    let (version, tag, segments) = (VERSION, opener_tag(), segments());
    let vectors = vec![
        frame("greet", Frame::Greet { version, tag }),
        frame("answer", Frame::Answer { tag, proof: proof() }),
        frame("introduce", Frame::Introduce { proof: proof() }),
        frame("introduce-relay", Frame::Introduce { proof: relays_proof() }),
        frame("join", Frame::Join { request: request(Joiner::Member(given::certificate(3))), proof: proof() }),
        frame("join-relay", Frame::Join { request: request(Joiner::Relay(given::device(6))), proof: relays_proof() }),
        frame("chain-wanted", Frame::ChainWanted),
        frame("chain", Frame::Chain { segments: segments.clone() }),
        frame("welcome", Frame::Welcome),
        frame("refused-version", Frame::Refused { reason: RefusedReason::Version }),
        frame("refused-removed", Frame::Refused { reason: RefusedReason::Removed }),
        frame("refused-not-admitted", Frame::Refused { reason: RefusedReason::NotAdmitted }),
        frame("refused-expired", Frame::Refused { reason: RefusedReason::InvitationExpired }),
        frame("refused-used-up", Frame::Refused { reason: RefusedReason::InvitationUsedUp }),
        frame("refused-unknown", Frame::Refused { reason: RefusedReason::InvitationUnknown }),
        frame("refused-request", Frame::Refused { reason: RefusedReason::InvalidRequest }),
        frame("refused-unable", Frame::Refused { reason: RefusedReason::Unable }),
        frame("summary", Frame::Summary { digest: [8; 32], yours: 300 }),
        frame("buckets", Frame::Buckets { hashes: (0..=255).cycle().take(256 * 16).collect() }),
        frame("rows", Frame::Rows { buckets: BucketSet::ALL.0, rows: rows(), more: false, reply: true }),
        frame("rows-none", Frame::Rows { buckets: one_bucket(), rows: Vec::new(), more: true, reply: false }),
        frame("entries", Frame::Entries { segments }),
        frame("fetch", Frame::Fetch { device: given::device(2), entry: given::entry(9), count: 256 }),
        frame("proofs", Frame::Proofs { proofs: vec![entries::fork_proof()] }),
        frame("held", Frame::Held { yours: 70_000 }),
        frame("receipts", Frame::Receipts { kept: 5, after: 290, number: 300, receipts: vec![receipt()] }),
        frame("enrol-by-code", Frame::Enrol { enrolment: by_code(), proof: proof() }),
        frame("enrol-by-key", Frame::Enrol { enrolment: Enrolment::ByKey(given::certificate(3)), proof: proof() }),
        frame("found", Frame::Found(whereabouts())),
        frame("receipts-none", Frame::Receipts { kept: 0, after: 0, number: 0, receipts: Vec::new() }),
    ];
    assert_whole::<Frame>("frame", &vectors, 0);
    vectors
}

fn frame(name: &str, frame: Frame) -> Vector {
    Vector::of(&format!("frame/{name}"), frame, Frame::to_bytes, |bytes| {
        Frame::from_bytes(bytes).map_err(|error| error.to_string())
    })
}

fn meeting() -> [u8; 32] {
    let secret = given::founding().secret();
    binding(Side::Opener, &secret, b"opener's name", b"answerer")
}

fn opener_tag() -> [u8; 32] {
    tag(&meeting(), Side::Opener)
}

fn proof() -> DeviceProof {
    let (device, member) = (given::device(2), Some(given::member(1)));
    let digest = proof_digest(&meeting(), Side::Opener, device, member);
    DeviceProof {
        device,
        member,
        signature: given::key(2).sign(Purpose::Handshake, &digest),
    }
}

fn relays_proof() -> DeviceProof {
    let device = given::device(6);
    let digest = proof_digest(&meeting(), Side::Opener, device, None);
    DeviceProof {
        device,
        member: None,
        signature: given::key(6).sign(Purpose::Handshake, &digest),
    }
}

fn receipt() -> Receipt {
    let head = Head {
        seq: 70_000,
        entry: given::entry(5),
    };
    let receipt = Receipt::issue(given::space(), &given::key(6), None, given::device(2), head);
    assert!(receipt.verifies(given::space()));
    receipt
}

fn request(joiner: Joiner) -> JoinRequest {
    let (name, building) = ("王家 Wang".into(), Some("5号楼".into()));
    let request = JoinRequest::new(given::space(), &given::key(20), joiner, name, building);
    assert!(request.verifies(given::space()));
    request
}

fn by_code() -> Enrolment {
    let code = EnrolmentCode {
        space: given::space(),
        member: given::member(1),
        device: given::device(2),
        secret: EnrolmentSecret([5; 16]),
        heads: vec![given::entry(3)],
        expires_s: 1_800_000_000,
        neighbourhood: "梧桐里".to_owned(),
        addresses: Vec::new(),
    };
    let enrolment = Enrolment::by_code(&code, given::device(4));
    assert!(enrolment.verifies(given::space()));
    enrolment
}

fn whereabouts() -> Whereabouts {
    Whereabouts {
        space: given::space(),
        secret: given::founding().secret(),
        heads: vec![given::entry(3)],
        neighbourhood: "梧桐里".to_owned(),
    }
}

fn segments() -> Vec<u8> {
    let mut header = given::header(Subject::Nothing);
    header.seen = Some(vec![given::entry(3)]);
    write_segments(&[given::log(vec![(header, Vec::new())])])
}

fn rows() -> Vec<Row> {
    let head = |seq, byte| Head {
        seq,
        entry: given::entry(byte),
    };
    vec![
        Row {
            device: given::device(2),
            heads: vec![head(4, 1), head(6, 2)],
        },
        Row {
            device: given::device(4),
            heads: vec![head(1, 3)],
        },
    ]
}

fn one_bucket() -> [u8; 32] {
    let mut set = BucketSet::NONE;
    set.insert(77);
    set.0
}
