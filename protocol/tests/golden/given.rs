//! Fixed values that vectors are made of.

use protocol::entry::{Entry, Header, Subject, VERSION};
use protocol::id::{DeviceId, DocumentId, EntryId, MemberId, PayloadHash, SpaceId};
use protocol::key::SecretKey;
use protocol::statement::{Certificate, Founding, Tip};

/// Claimed time of most entries: 20 November 2025.
pub const TIME_MS: i64 = 1_763_600_000_000;

pub fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed(&[seed; 32])
}

pub fn member(seed: u8) -> MemberId {
    MemberId(key(seed).public())
}

pub fn device(seed: u8) -> DeviceId {
    DeviceId(key(seed).public())
}

pub fn entry(byte: u8) -> EntryId {
    EntryId([byte; 32])
}

pub fn document(byte: u8) -> DocumentId {
    DocumentId([byte; 32])
}

pub fn tip(seed: u8, seq: u64) -> Tip {
    Tip {
        device: device(seed),
        seq,
        entry: entry(seed),
    }
}

/// The certificate of a household's first device: seeds 1 and 2, or others alike.
pub fn certificate(seed: u8) -> Certificate {
    Certificate::issue(&key(seed), device(seed + 1))
}

pub fn founding() -> Founding {
    Founding {
        neighbourhood: "梧桐里 Parasol Court".into(),
        nonce: [7; 32],
        certificate: certificate(1),
        name: "林家 Lin".into(),
        building: Some("3号楼".into()),
    }
}

pub fn space() -> SpaceId {
    founding().space()
}

/// The header of the founder's first entry, with another subject.
pub fn header(subject: Subject) -> Header {
    Header {
        version: VERSION,
        space: space(),
        device: device(2),
        member: Some(member(1)),
        seq: 1,
        backlink: None,
        seen: None,
        time_ms: TIME_MS,
        subject,
        deps: Vec::new(),
        atoms: 0,
        payload_bytes: 0,
        payload: PayloadHash::default(),
    }
}

/// Appends entries to a log, each after the one before, and signs the last.
pub fn log(headers: Vec<(Header, Vec<u8>)>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for (mut header, payload) in headers {
        if let Some(before) = entries.last() {
            header.seq = before.header.seq + 1;
            header.backlink = Some(before.id);
        }
        entries.push(Entry::new(header, payload));
    }
    if let Some(head) = entries.last_mut() {
        head.sign(&key(2));
    }
    entries
}
