//! What honest people do to documents: post, edit, offer, comment, splice text.

use protocol::document::{Document, Draft, DraftError, Handle, Value};
use protocol::id::{DocumentId, EntryId};
use protocol::intent::{Content, ObjectType, Scalar};
use protocol::replica::Body;
use protocol::storage::Storage;

use super::host::HostId;
use super::records::Posted;
use super::world::World;

const WORDS: [&str; 8] = ["停水", "梯子", "ladder", "雨伞", "中秋", "soup", "快递", "🏮"];

impl World {
    /// Has a host post or change something.
    pub fn act_on_documents(&mut self, host: HostId) {
        if self.records.documents.is_empty() || self.random.chance(280) {
            self.post(host);
        } else {
            self.change(host);
        }
    }

    fn words(&mut self) -> String {
        let count = 1 + self.random.index(3);
        (0..count).map(|_| WORDS[self.random.index(WORDS.len())]).collect()
    }

    fn post(&mut self, host: HostId) {
        let kind = 1 + u16::try_from(self.random.below(4)).expect("small");
        let mut draft = Draft::creation();
        let title = self.words();
        let drafted = draft_root(&mut draft, &title);
        drafted.expect("a small draft fits");
        let finished = draft.finish(None).expect("a small draft fits");
        let body = Body::Creation {
            kind,
            intents: finished.intents,
        };
        if let Some(id) = self.write(host, &body) {
            self.records.documents.push(Posted {
                document: id.into(),
                kind,
                by: host,
            });
        }
    }

    fn change(&mut self, host: HostId) {
        let Some(document) = self.held_document(host) else {
            return;
        };
        let one = &mut self.hosts[host];
        let Some(replica) = one.replica.as_mut() else {
            return;
        };
        let read = replica.read_document(&one.memory, document).expect("memory can be read");
        let Some(read) = read else {
            return;
        };
        let previous = self.previous_entry(host, document);
        let text = self.words();
        let dice = [self.random.bits(), self.random.bits(), self.random.bits()];
        let mut draft = Draft::change(&read.document);
        let edits = 1 + dice[2] % 2;
        for edit in 0..edits {
            let dice = [dice[0] >> (8 * edit), dice[1] >> (8 * edit)];
            // A second edit of one cell is refused when the draft ends.
            let _ = edit_somewhere(&mut draft, &read.document, &text, dice);
        }
        if draft.is_empty() {
            return;
        }
        if let Ok(finished) = draft.finish(previous) {
            let body = Body::Change {
                document,
                deps: finished.deps,
                intents: finished.intents,
            };
            self.write(host, &body);
        }
    }

    fn held_document(&mut self, host: HostId) -> Option<DocumentId> {
        let memory = &self.hosts[host].memory;
        // People answer what is new more often than what is old.
        let newest = self.records.documents.iter().rev().take(40);
        let held: Vec<DocumentId> = newest
            .map(|posted| posted.document)
            .filter(|document| memory.holds(&(*document).into()))
            .collect();
        let index = self.random.index(held.len()).min(self.random.index(held.len()));
        held.get(index).copied()
    }

    /// Returns the newest entry of the host's own log in a document.
    fn previous_entry(&self, host: HostId, document: DocumentId) -> Option<EntryId> {
        let one = &self.hosts[host];
        let device = one.device_id();
        let entries = one.memory.document_entries(document).expect("memory can be read");
        entries
            .into_iter()
            .filter(|stored| stored.entry.header.device == device)
            .max_by_key(|stored| stored.entry.header.seq)
            .map(|stored| stored.entry.id)
    }
}

fn draft_root(draft: &mut Draft<'_>, title: &str) -> Result<(), DraftError> {
    draft.put(Handle::Root, "title", Scalar::Text(title.to_owned()))
}

fn edit_somewhere(
    draft: &mut Draft<'_>,
    document: &Document,
    text: &str,
    dice: [u64; 2],
) -> Result<(), DraftError> {
    let value = document.value();
    let cells: Vec<(&String, &protocol::document::Alternative)> =
        value.cells.iter().map(|(key, cell)| (key, &cell.shown)).collect();
    let at = usize::try_from(dice[0] % 97).expect("small") % cells.len().max(1);
    match cells.get(at) {
        Some((_, shown)) => match &shown.value {
            Value::Text(held) => {
                let length = held.text.chars().count();
                let index = usize::try_from(dice[1] % 1_009).expect("small") % (length + 1);
                let delete = (length - index).min(usize::try_from(dice[1] % 3).expect("small"));
                draft.splice_text(shown.atom.into(), index, delete, text)
            }
            Value::List(held) => {
                let length = held.elements.len();
                let index = usize::try_from(dice[1] % 1_009).expect("small") % (length + 1);
                match dice[1] % 4 {
                    0 if index < length => draft.remove(shown.atom.into(), index, 1),
                    _ => draft
                        .insert(
                            shown.atom.into(),
                            index,
                            Content::Scalar(Scalar::Text(text.to_owned())),
                        )
                        .map(|_| ()),
                }
            }
            _ => draft.put(Handle::Root, "title", Scalar::Text(text.to_owned())),
        },
        None => draft.put(Handle::Root, "title", Scalar::Text(text.to_owned())),
    }
}

/// Content of a new, empty object.
pub fn object(kind: ObjectType) -> Content {
    Content::Object(kind)
}
