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
use protocol::entry::Header;
use protocol::fork::ForkProof;
use protocol::id::{DeviceId, MemberId, SpaceId};
use protocol::invitation::Invitation;
use protocol::joining;
use protocol::key::PublicKey;
use protocol::segment;
use protocol::session::frame::Frame;
use protocol::statement::Statement;
use protocol::text::Text;

use crate::seeds;
use choices::Choices;
use village::Emphasis;

/// A target's name, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// Every target that needs nothing but the protocol, by the name of its corpus folder.
pub const TARGETS: [Target; 7] = [
    ("frame", frame),
    ("entry", entry_bytes),
    ("statement", statement),
    ("intent", intent),
    ("chain", chain),
    ("body", body),
    ("text", text),
];

/// A session's frame: whatever decodes is written as it was read.
pub fn frame(bytes: &[u8]) {
    if let Ok(frame) = Frame::from_bytes(bytes) {
        assert_eq!(frame.to_bytes(), bytes);
    }
    let _ = ForkProof::from_bytes(bytes).map(|proof| proof.verify(SpaceId([1; 32])));
    meeting::meet(bytes);
}

/// Headers and segments: whatever decodes is written as it was read, and nothing unsigned verifies.
pub fn entry_bytes(bytes: &[u8]) {
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
    delivery::deliver(bytes, Emphasis::Documents);
}

/// Statements: whatever decodes is written as it was read.
pub fn statement(bytes: &[u8]) {
    if let Ok(statement) = Statement::from_bytes(bytes)
        && let Some(written) = statement.to_bytes()
    {
        assert_eq!(written, bytes);
    }
    delivery::deliver(bytes, Emphasis::Roster);
}

/// Admission chains and invitations.
pub fn chain(bytes: &[u8]) {
    let device = DeviceId([2; 32]);
    let member = Some(MemberId([3; 32]));
    assert!(joining::verify_chain(SpaceId([1; 32]), bytes, device, member).is_err());
    // In the seeds' own space the seeds hold: what is near them gets further in.
    let (device, member) = seeds::admitted();
    let _ = joining::verify_chain(seeds::founded_space(), bytes, device, Some(member));
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(invitation) = Invitation::parse(text)
    {
        let written = invitation.to_text().expect("what was read can be written");
        assert_eq!(written, text.trim().to_lowercase());
    }
    meeting::introduce(bytes);
}

/// Bodies of the local interface.
pub fn body(bytes: &[u8]) {
    let _ = serde_json::from_slice::<api::Request>(bytes);
    let _ = serde_json::from_slice::<api::Draft>(bytes);
    let _ = serde_json::from_slice::<BTreeMap<String, serde_json::Value>>(bytes);
    drafts::write(bytes);
}

/// Text from others: neutralising is idempotent, and nothing a terminal obeys is left.
pub fn text(bytes: &[u8]) {
    neutralise(&String::from_utf8_lossy(bytes));
    neutralise(&odd_text(&mut Choices::new(bytes)));
}

fn neutralise(raw: &str) {
    let line = Text::line(raw, 200).into_string();
    assert_eq!(Text::line(&line, 200).as_str(), line);
    assert!(!line.chars().any(char::is_control));
    let paragraphs = Text::paragraphs(raw, 2_000).into_string();
    assert_eq!(Text::paragraphs(&paragraphs, 2_000).as_str(), paragraphs);
    let obeyed = |one: char| one.is_control() && one != '\n';
    assert!(!paragraphs.chars().any(obeyed));
}

/// Text of the code points that matter: those that are obeyed, joined, invisible or turned around.
fn odd_text(choices: &mut Choices<'_>) -> String {
    let mut text = String::new();
    while !choices.is_over() && text.len() < 4_096 {
        let block: [u32; 14] = [
            0x00, 0x20, 0x80, 0x300, 0x600, 0x1100, 0x180b, 0x2000, 0x2060, 0x3000, 0xfe00,
            0xfff0, 0x1_f3f0, 0xe_0000,
        ];
        let code = choices.one_of(block) + u32::from(choices.byte() % 48);
        text.extend(char::from_u32(code));
    }
    text
}


/// Intents and their derivation.
pub fn intent(bytes: &[u8]) {
    documents::derive(bytes);
}
