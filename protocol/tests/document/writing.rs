//! Short words for tests that write entries by hand.

use protocol::document::{Body, Document, DocumentEntry, Touch, Verdict};
use protocol::id::{DocumentId, EntryId};
use protocol::intent::{AtomRef, Content, EntryRef, Intent, Intents, ObjectType, Scalar};

use crate::history::device;

pub fn entry_id(name: &str) -> EntryId {
    EntryId(*blake3::hash(name.as_bytes()).as_bytes())
}

pub fn document_id(name: &str) -> DocumentId {
    entry_id(name).into()
}

/// An entry of the first device, without a previous one.
pub fn entry(name: &str, deps: &[&str], intents: Vec<Intent>) -> DocumentEntry {
    let mut deps: Vec<EntryId> = deps.iter().map(|dep| entry_id(dep)).collect();
    deps.sort();
    let intents = Intents {
        references: Vec::new(),
        intents,
    };
    DocumentEntry {
        id: entry_id(name),
        device: device(0),
        previous: None,
        deps,
        time_ms: 1_700_000_000_000,
        atoms: u32::try_from(intents.atoms()).unwrap_or(u32::MAX),
        bytes: 300,
        body: Body::Intents(intents),
    }
}

pub fn own(atom: u32) -> AtomRef {
    AtomRef {
        entry: EntryRef::SELF,
        atom,
    }
}

pub fn creating(atom: u32) -> AtomRef {
    AtomRef {
        entry: EntryRef::DOCUMENT,
        atom,
    }
}

/// An atom of the entry's i-th dep.
pub fn dep(index: u32, atom: u32) -> AtomRef {
    AtomRef {
        entry: EntryRef(2 + index),
        atom,
    }
}

pub fn text(text: &str) -> Content {
    Content::Scalar(Scalar::Text(text.to_owned()))
}

pub fn int(value: i64) -> Content {
    Content::Scalar(Scalar::Int(value))
}

pub fn counter(value: i64) -> Content {
    Content::Scalar(Scalar::Counter(value))
}

pub fn new(kind: ObjectType) -> Content {
    Content::Object(kind)
}

pub fn put(object: Option<AtomRef>, key: &str, content: Content) -> Intent {
    Intent::Put {
        object,
        key: key.to_owned(),
        content,
    }
}

pub fn delete(object: Option<AtomRef>, key: &str) -> Intent {
    let key = key.to_owned();
    Intent::Delete { object, key }
}

pub fn increment(object: Option<AtomRef>, key: &str, by: i64) -> Intent {
    let key = key.to_owned();
    Intent::Increment { object, key, by }
}

pub fn insert(object: AtomRef, after: Option<AtomRef>, content: Content) -> Intent {
    Intent::Insert {
        object,
        after,
        content,
    }
}

pub fn splice(object: AtomRef, after: Option<AtomRef>, text: &str) -> Intent {
    let text = text.to_owned();
    Intent::Splice {
        object,
        after,
        text,
    }
}

pub fn delete_run(object: AtomRef, first: AtomRef, count: u32) -> Intent {
    Intent::DeleteRun {
        object,
        first,
        count,
    }
}

/// The judge that lets everything count.
pub fn everyone(_: &Document, _: &DocumentEntry, _: &[Touch<'_>]) -> Verdict {
    Verdict::Counts
}

/// The usual creating entry: 0 a list, 1 a text, 2 a counter, 3 a title, 4 a map.
pub fn creation(name: &str) -> DocumentEntry {
    entry(
        name,
        &[],
        vec![
            put(None, "list", new(ObjectType::List)),
            put(None, "text", new(ObjectType::Text)),
            put(None, "count", counter(0)),
            put(None, "title", text("停电通知")),
            put(None, "map", new(ObjectType::Map)),
        ],
    )
}
