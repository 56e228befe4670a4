//! What the fuzzers do with bytes: one function a target, shared with the test that replays the
//! committed corpus. Each must return; what it asserts must hold for any bytes.
//!
//! Each target takes the bytes twice: as what enters from outside, and as choices from which valid,
//! signed structures are made and bent, so that what lies behind a signature is reached too.

pub mod choices;
pub mod delivery;
pub mod documents;
pub mod drafts;
pub mod meeting;
pub mod table;
pub mod village;

use std::collections::BTreeMap;

use protocol::api;
use protocol::bundle;
use protocol::enrolment::EnrolmentCode;
use protocol::entry::{self, Header, Payload};
use protocol::fork::ForkProof;
use protocol::id::{DeviceId, MemberId, SpaceId};
use protocol::invitation::Invitation;
use protocol::joining;
use protocol::key::PublicKey;
use protocol::roster::Roster;
use protocol::segment;
use protocol::session::frame::Frame;
use protocol::statement::Statement;
use protocol::text::Text;

use crate::seeds;
use choices::Choices;
use village::Emphasis;

/// Numbers of atoms that a payload may turn out to have.
const ATOMS_TRIED: u32 = 6;

/// A target: what it does with its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, and that of its corpus folder.
    pub name: &'static str,
    /// Takes the bytes as what enters from outside.
    pub outside: fn(&[u8]),
    /// Takes the bytes as choices.
    pub choices: fn(&[u8]),
}

impl Target {
    const fn new(name: &'static str, outside: fn(&[u8]), choices: fn(&[u8])) -> Self {
        Self {
            name,
            outside,
            choices,
        }
    }

    /// Takes the bytes both ways.
    pub fn run(&self, bytes: &[u8]) {
        (self.outside)(bytes);
        (self.choices)(bytes);
    }
}

/// A session's frame.
pub const FRAME: Target = Target::new("frame", frame, meeting::meet);
/// Headers, segments and bundles.
pub const ENTRY: Target = Target::new("entry", entries, |bytes| {
    delivery::deliver(bytes, Emphasis::Documents);
});
/// Statements.
pub const STATEMENT: Target = Target::new("statement", statement, |bytes| {
    delivery::deliver(bytes, Emphasis::Roster);
});
/// Intents and their derivation.
pub const INTENT: Target = Target::new("intent", intents, documents::derive);
/// Admission chains, invitations and codes of further devices.
pub const CHAIN: Target = Target::new("chain", chain, meeting::introduce);
/// Bodies of the local interface.
pub const BODY: Target = Target::new("body", body, drafts::write);
/// Text from others.
pub const TEXT: Target = Target::new("text", text, |bytes| {
    neutralise(&odd_text(&mut Choices::new(bytes)));
});

/// Every target that needs nothing but the protocol.
pub const TARGETS: [Target; 7] = [FRAME, ENTRY, STATEMENT, INTENT, CHAIN, BODY, TEXT];

/// A session's frame: whatever decodes is written as it was read.
fn frame(bytes: &[u8]) {
    if let Ok(frame) = Frame::from_bytes(bytes) {
        assert_eq!(frame.to_bytes(), bytes);
    }
    let _ = ForkProof::from_bytes(bytes).map(|proof| proof.verify(SpaceId([1; 32])));
}

/// Headers and segments: whatever decodes is written as it was read, and nothing unsigned verifies.
fn entries(bytes: &[u8]) {
    if let Ok(header) = Header::from_bytes(bytes) {
        assert_eq!(header.to_bytes(), bytes);
        let _ = header.read_payload(bytes);
    }
    let space = SpaceId([1; 32]);
    if let Ok(segments) = segment::read_segments(space, bytes) {
        for segment in segments {
            let Some(first) = segment.entries.first() else {
                continue;
            };
            if let Ok(key) = PublicKey::parse_unenrolled(&first.header.device.0) {
                let _ = segment.verify(space, &key);
            }
        }
    }
    if let Ok(frames) = bundle::read(space, bytes) {
        for frame in frames {
            let _ = frame;
        }
    }
}

/// Statements: whatever decodes is written as it was read.
fn statement(bytes: &[u8]) {
    if let Ok(statement) = Statement::from_bytes(bytes)
        && let Some(written) = statement.to_bytes()
    {
        assert_eq!(written, bytes);
    }
}

/// Admission chains and invitations.
fn chain(bytes: &[u8]) {
    let device = DeviceId([2; 32]);
    let member = Some(MemberId([3; 32]));
    let strange = Roster::new(SpaceId([1; 32]));
    assert!(joining::verify_chain(&strange, bytes, device, member).is_err());
    // In the seeds' own space the seeds hold: what is near them gets further in.
    let (device, member) = seeds::admitted();
    let founded = Roster::new(seeds::founded_space());
    let _ = joining::verify_chain(&founded, bytes, device, Some(member));
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(invitation) = Invitation::parse(text)
    {
        let written = invitation.to_text().expect("what was read can be written");
        assert_eq!(written, text.trim().to_lowercase());
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(code) = EnrolmentCode::parse(text)
    {
        let written = code.to_text().expect("what was read can be written");
        assert_eq!(written, text.trim().to_lowercase());
    }
}

/// Bodies of the local interface.
fn body(bytes: &[u8]) {
    let _ = serde_json::from_slice::<api::Request>(bytes);
    let _ = serde_json::from_slice::<api::Draft>(bytes);
    let _ = serde_json::from_slice::<BTreeMap<String, serde_json::Value>>(bytes);
}

/// Text from others: neutralising is idempotent, and nothing a terminal obeys is left.
fn text(bytes: &[u8]) {
    neutralise(&String::from_utf8_lossy(bytes));
}

fn neutralise(raw: &str) {
    let line = Text::line(raw, 200).into_string();
    assert_eq!(Text::line(&line, 200).as_str(), line);
    assert!(!line.chars().any(char::is_control));
    let paragraphs = Text::paragraphs(raw, 2_000).into_string();
    assert_eq!(Text::paragraphs(&paragraphs, 2_000).as_str(), paragraphs);
    let obeyed = |one: char| one.is_control() && !matches!(one, '\n' | '\t');
    assert!(!paragraphs.chars().any(obeyed));
}

/// Text of the code points that matter: those that are obeyed, joined, invisible or turned around.
fn odd_text(choices: &mut Choices<'_>) -> String {
    let mut text = String::new();
    while !choices.is_over() && text.len() < 4_096 {
        let block: [u32; 14] = [
            0x00, 0x20, 0x80, 0x300, 0x600, 0x1100, 0x180b, 0x2000, 0x2060, 0x3000, 0xfe00, 0xfff0,
            0x1_f3f0, 0xe_0000,
        ];
        let code = choices.one_of(block) + u32::from(choices.byte() % 48);
        text.extend(char::from_u32(code));
    }
    text
}

/// Payloads of documents: what is read once is read again after it was written.
fn intents(bytes: &[u8]) {
    let creation = seeds::creation_header();
    // The header has to name the number of atoms, which the payload alone knows.
    for atoms in 1..=ATOMS_TRIED {
        let mut header = creation.clone();
        header.atoms = atoms;
        header.payload_bytes = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        header.payload = entry::payload_hash(bytes);
        if let Ok(Payload::Intents(intents)) = header.read_payload(bytes) {
            assert_eq!(entry::write_intents(&intents), bytes);
        }
    }
}
