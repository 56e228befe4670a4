//! Documents made of choices: intents of every kind on references that may or may not hold, and
//! their derivation.
//!
//! Entries here have neither logs nor signatures: `village` gives them some.

use std::collections::BTreeSet;

use protocol::document::{Body, Document, DocumentEntry, Verdict};
use protocol::id::{DeviceId, EntryId};
use protocol::intent::{AtomRef, Content, EntryRef, Intent, Intents, ObjectType, Scalar};

use super::choices::Choices;

/// Builds a document of the chosen entries: every order of arrival amounts to the same, and an
/// entry that does not count amounts to as much as one that is known not to count beforehand.
pub fn derive(bytes: &[u8]) {
    let entries = Choices::new(bytes).entries();
    let mut reversed = entries.clone();
    reversed.reverse();
    let built = build(entries, &BTreeSet::new());
    assert_eq!(built, build(reversed, &BTreeSet::new()));
}

fn build(
    entries: Vec<DocumentEntry>,
    excluded: &BTreeSet<EntryId>,
) -> (Vec<EntryId>, protocol::document::MapValue) {
    let id = EntryId([1; 32]).into();
    let built = Document::build(id, entries, excluded, |_, entry, _| {
        match entry.id.0[31] % 4 {
            0 => Verdict::Excluded,
            _ => Verdict::Counts,
        }
    });
    (built.document.heads(), built.document.value())
}

impl Choices<'_> {
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
                bytes: 300,
                body: match self.byte() {
                    254 => Body::Unreadable,
                    _ => Body::Intents(intents),
                },
            });
        }
        entries
    }

    fn intents(&mut self) -> Intents {
        let reference = EntryId([1 + self.byte() % 8; 32]);
        self.intents_on(vec![reference])
    }

    /// Makes intents whose references go beside the deps.
    pub fn intents_on(&mut self, references: Vec<EntryId>) -> Intents {
        let count = 1 + self.byte() % 8;
        Intents {
            references,
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
