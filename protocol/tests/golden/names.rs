//! Names, hashes, tags and signatures that stand in no structure of their own.

use protocol::frontier::{BucketSet, Frontier, Head, Row};
use protocol::id::EntryId;
use protocol::invitation::InvitationSecret;
use protocol::key::Purpose;
use protocol::session::{Side, binding, proof_digest, tag};
use protocol::statement::Tips;
use protocol::{codec, entry};

use crate::given;
use crate::vector::Vector;

pub fn vectors() -> Vec<Vector> {
    let founding = given::founding();
    let all = [given::tip(2, 4), given::tip(4, 9)];
    let mut vectors = vec![
        Vector::computed("name/space", &founding.space().0),
        Vector::computed("name/space-secret", &founding.secret()),
        Vector::computed("name/member", &given::member(1).0),
        Vector::computed("name/invitation", &InvitationSecret([5; 16]).id().0),
        Vector::computed("name/payload", &entry::payload_hash(b"payload").0),
        Vector::computed("name/tips", &Tips::digest(&all)),
    ];
    vectors.extend(frontier());
    vectors.extend(handshake());
    vectors
}

/// A frontier of three devices in two buckets, one of them forked.
fn frontier() -> Vec<Vector> {
    let head = |seq, byte| Head {
        seq,
        entry: EntryId([byte; 32]),
    };
    let mut rows = vec![
        Row {
            device: given::device(2),
            heads: vec![head(4, 1), head(6, 2)],
        },
        Row {
            device: given::device(4),
            heads: vec![head(1, 3)],
        },
    ];
    let mut beside = given::device(2);
    beside.0[31] ^= 1;
    rows.push(Row {
        device: beside,
        heads: vec![head(258, 4)],
    });
    rows.sort_by_key(|row| row.device);
    let mut frontier = Frontier::default();
    for row in &rows {
        for head in &row.heads {
            frontier.advance(row.device, None, *head);
        }
    }
    let unforked = frontier.digest();
    frontier.note_fork(given::device(2), 4);
    assert_eq!(frontier.rows(&BucketSet::ALL), rows);
    let read = |bytes: &[u8]| codec::decode(bytes).map_err(|error| error.to_string());
    vec![
        Vector::of("frontier/rows", rows, codec::encode, read),
        Vector::computed("frontier/empty", &Frontier::default().digest()),
        Vector::computed("frontier/digest-unforked", &unforked),
        Vector::computed("frontier/digest", &frontier.digest()),
        Vector::computed("frontier/buckets", &frontier.bucket_hashes()),
    ]
}

/// What the two ends of a meeting show each other.
fn handshake() -> Vec<Vector> {
    let secret = given::founding().secret();
    let binding = binding(Side::Opener, &secret, b"opener's name", b"answerer");
    let proof = |side, member| proof_digest(&binding, side, given::device(2), member);
    let signed = |digest| given::key(2).sign(Purpose::Handshake, &digest).0;
    let member = Some(given::member(1));
    vec![
        Vector::computed("handshake/binding", &binding),
        Vector::computed("handshake/opener-tag", &tag(&binding, Side::Opener)),
        Vector::computed("handshake/answerer-tag", &tag(&binding, Side::Answerer)),
        Vector::computed("handshake/opener-digest", &proof(Side::Opener, member)),
        Vector::computed("handshake/answerer-digest", &proof(Side::Answerer, member)),
        Vector::computed("handshake/relay-digest", &proof(Side::Opener, None)),
        Vector::computed("handshake/signature", &signed(proof(Side::Opener, member))),
    ]
}

#[test]
fn both_ends_bind_the_same_meeting() {
    let opener = binding(Side::Opener, &[1; 32], b"a", b"bc");
    assert_eq!(binding(Side::Answerer, &[1; 32], b"bc", b"a"), opener);
    assert_ne!(binding(Side::Opener, &[1; 32], b"ab", b"c"), opener);
}
