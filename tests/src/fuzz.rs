//! What the fuzzers do with bytes: one function a target, shared with the test that replays the
//! committed corpus. Each must return; what it asserts must hold for any bytes.

use std::collections::BTreeMap;

use protocol::api;
use protocol::bundle;
use protocol::document::{Body, Document, DocumentEntry, Verdict};
use protocol::entry::Header;
use protocol::fork::ForkProof;
use protocol::id::{DeviceId, EntryId, MemberId, SpaceId};
use protocol::intent::{AtomRef, Content, EntryRef, Intent, Intents, ObjectType, Scalar};
use protocol::invitation::Invitation;
use protocol::joining;
use protocol::key::PublicKey;
use protocol::roster::Roster;
use protocol::segment;
use protocol::session::frame::Frame;
use protocol::statement::Statement;
use protocol::text::Text;

use crate::seeds;

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
}

/// Statements: whatever decodes is written as it was read.
pub fn statement(bytes: &[u8]) {
    if let Ok(statement) = Statement::from_bytes(bytes)
        && let Some(written) = statement.to_bytes()
    {
        assert_eq!(written, bytes);
    }
}

/// Admission chains and invitations.
pub fn chain(bytes: &[u8]) {
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
}

/// Bodies of the local interface.
pub fn body(bytes: &[u8]) {
    let _ = serde_json::from_slice::<api::Request>(bytes);
    let _ = serde_json::from_slice::<api::Draft>(bytes);
    let _ = serde_json::from_slice::<BTreeMap<String, serde_json::Value>>(bytes);
}

/// Text from others: neutralising is idempotent, and nothing a terminal obeys is left.
pub fn text(bytes: &[u8]) {
    let raw = String::from_utf8_lossy(bytes);
    let line = Text::line(&raw, 200).into_string();
    assert_eq!(Text::line(&line, 200).as_str(), line);
    assert!(!line.chars().any(char::is_control));
}

/// Intents and their derivation: a document of several entries made of the bytes. Every order of
/// arrival amounts to the same.
pub fn intent(bytes: &[u8]) {
    let mut source = Source(bytes);
    let entries = source.entries();
    let build = |entries: Vec<DocumentEntry>| {
        let id = EntryId([1; 32]).into();
        let excluded = std::collections::BTreeSet::new();
        let built = Document::build(id, entries, &excluded, |_, entry, _| {
            match entry.id.0[31] % 4 {
                0 => Verdict::Excluded,
                _ => Verdict::Counts,
            }
        });
        (built.document.heads(), built.document.value())
    };
    let mut reversed = entries.clone();
    reversed.reverse();
    assert_eq!(build(entries), build(reversed));
}

/// Bytes as a source of choices; zeros once they are used up.
struct Source<'a>(&'a [u8]);

impl Source<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *first
    }

    fn entries(&mut self) -> Vec<DocumentEntry> {
        let mut entries: Vec<DocumentEntry> = Vec::new();
        let count = 2 + self.byte() % 6;
        for number in 1..=count {
            let mut deps: Vec<EntryId> = Vec::new();
            if number > 1 {
                let named = self.byte();
                deps.extend(
                    entries
                        .iter()
                        .enumerate()
                        .filter(|(index, _)| named >> (index % 8) & 1 == 1 || *index == 0)
                        .map(|(_, entry)| entry.id),
                );
            }
            let intents = self.intents();
            let atoms = u32::try_from(intents.atoms()).unwrap_or(u32::MAX);
            // Now and then the header lies about the number of atoms.
            let lie = u32::from(self.byte() == 255);
            entries.push(DocumentEntry {
                id: EntryId([number; 32]),
                device: DeviceId([number % 3; 32]),
                previous: None,
                deps,
                time_ms: i64::from(number),
                atoms: atoms.saturating_add(lie),
                body: match self.byte() {
                    254 => Body::Unreadable,
                    _ => Body::Intents(intents),
                },
            });
        }
        entries
    }

    fn intents(&mut self) -> Intents {
        let count = 1 + self.byte() % 8;
        Intents {
            references: vec![EntryId([1 + self.byte() % 8; 32])],
            intents: (0..count).map(|_| self.intent()).collect(),
        }
    }

    fn intent(&mut self) -> Intent {
        match self.byte() % 8 {
            0 => Intent::Put {
                object: self.object(),
                key: self.key(),
                content: self.content(),
            },
            1 => Intent::Delete {
                object: self.object(),
                key: self.key(),
            },
            2 => Intent::Increment {
                object: self.object(),
                key: self.key(),
                by: self.number(),
            },
            3 => Intent::Insert {
                object: self.atom(),
                after: self.object(),
                content: self.content(),
            },
            4 => Intent::PutElement {
                object: self.atom(),
                element: self.atom(),
                content: self.content(),
            },
            5 => Intent::IncrementElement {
                object: self.atom(),
                element: self.atom(),
                by: self.number(),
            },
            6 => Intent::DeleteRun {
                object: self.atom(),
                first: self.atom(),
                count: u32::from(self.byte() % 20),
            },
            _ => Intent::Splice {
                object: self.atom(),
                after: self.object(),
                text: "水电👨‍👩‍👧e\u{301}"
                    .chars()
                    .take(usize::from(self.byte() % 8))
                    .collect(),
            },
        }
    }

    fn key(&mut self) -> String {
        ["a", "b", "c", "", "\u{0}void"][usize::from(self.byte() % 16).min(4)].to_owned()
    }

    fn number(&mut self) -> i64 {
        match self.byte() {
            255 => i64::MAX,
            254 => i64::MIN,
            small => i64::from(small) - 100,
        }
    }

    fn content(&mut self) -> Content {
        match self.byte() % 9 {
            0 => Content::Object(ObjectType::Map),
            1 => Content::Object(ObjectType::List),
            2 => Content::Object(ObjectType::Text),
            3 => Content::Scalar(Scalar::Counter(self.number())),
            4 => Content::Scalar(Scalar::Null),
            5 => Content::Scalar(Scalar::Bool(true)),
            6 => Content::Scalar(Scalar::Text("雨伞".to_owned())),
            7 => Content::Scalar(Scalar::Bytes(vec![1, 2])),
            _ => Content::Scalar(Scalar::Int(self.number())),
        }
    }

    fn object(&mut self) -> Option<AtomRef> {
        (!self.byte().is_multiple_of(3)).then(|| self.atom())
    }

    fn atom(&mut self) -> AtomRef {
        AtomRef {
            entry: EntryRef(u32::from(self.byte() % 6)),
            atom: u32::from(self.byte() % 12),
        }
    }
}
