//! What honest people do to documents: post, edit, offer, comment, splice text.

use protocol::document::{Document, Draft, DraftError, Handle, Value};
use protocol::id::{DocumentId, EntryId};
use protocol::intent::{ObjectType, Scalar};
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
    draft.put(Handle::Root, "title", Scalar::Text(title.to_owned()))?;
    let text = draft.put_object(Handle::Root, "body", ObjectType::Text)?;
    draft.splice_text(text, 0, 0, title)?;
    draft.put(Handle::Root, "count", Scalar::Counter(1))?;
    draft.put_object(Handle::Root, "facts", ObjectType::List)?;
    Ok(())
}

fn edit_somewhere(
    draft: &mut Draft<'_>,
    document: &Document,
    text: &str,
    dice: [u64; 2],
) -> Result<(), DraftError> {
    let value = document.value();
    let keys: Vec<&String> = value.cells.keys().collect();
    let scalar = Scalar::Text(text.to_owned());
    let Some(&key) = keys.get(small(dice[0], keys.len())) else {
        return draft.put(Handle::Root, "title", scalar);
    };
    let shown = &value.cells[key].shown;
    let handle: Handle = shown.atom.into();
    match &shown.value {
        Value::Text(held) => {
            let length = held.text.chars().count();
            let index = small(dice[1], length + 1);
            let delete = (length - index).min(small(dice[1] >> 20, 3));
            draft.splice_text(handle, index, delete, text)
        }
        Value::List(held) => {
            let length = held.elements.len();
            let index = small(dice[1], length + 1);
            match dice[1] >> 20 & 7 {
                0 if index < length => draft.remove(handle, index, 1),
                1 => draft.insert(handle, index, Scalar::Counter(2)),
                2 if index < length => draft.put_element(handle, index, scalar),
                3 if index < length => draft.increment_element(handle, index, 5),
                4 => draft.insert(handle, index, scalar),
                _ => {
                    let fact = draft.append_object(handle, ObjectType::Map)?;
                    draft.put(fact, "is", scalar)
                }
            }
        }
        Value::Scalar(Scalar::Counter(_)) => match dice[1] & 7 {
            0 => draft.delete(Handle::Root, key),
            1 => draft.put(Handle::Root, key, Scalar::Counter(7)),
            _ => draft.increment(Handle::Root, key, 3),
        },
        _ => match dice[1] & 7 {
            0 => draft.delete(Handle::Root, key),
            1 => draft.increment(Handle::Root, key, 1),
            2 => draft.put(Handle::Root, "extra", Scalar::Counter(3)),
            _ => draft.put(Handle::Root, key, scalar),
        },
    }
}

fn small(dice: u64, bound: usize) -> usize {
    usize::try_from(dice % 1_000_003).expect("small") % bound.max(1)
}
