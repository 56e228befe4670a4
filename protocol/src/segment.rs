//! Segments: runs of entries of one log that end in a signed head, and their form on the wire
//! (rule R13).
//!
//! A frame carries segments without anything that can be recomputed: space, device, member, seq,
//! backlink, names and payload hashes. One signature covers a segment, and nothing of a segment is
//! handed on before all of it is verified. Whether the entries count is not decided here.

use std::collections::BTreeMap;

use minicbor::data::Type;
use minicbor::{Decoder, Encoder};
use thiserror::Error;

use crate::entry::{self, Entry, Header, InvalidEntry, Payload, Subject};
use crate::id::{DeviceId, DocumentId, EntryId, MemberId, PayloadHash, SpaceId};
use crate::key::{PublicKey, Purpose, Signature};
use crate::limits;
use crate::statement::Statement;

const SEEN: u8 = 1;
const SUBJECT_SHIFT: u8 = 1;
const SUBJECT_MASK: u8 = 3;
const DEPS_BACKLINK: u8 = 8;
const SAME_DOCUMENT: u8 = 16;
const PAYLOAD_DROPPED: u8 = 32;
const FLAGS: u8 = 63;

/// A run of one log's entries, not yet verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The entries, ascending. The last one carries the signature.
    pub entries: Vec<Entry>,
}

/// A segment whose chain, payloads and head signature hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedSegment {
    entries: Vec<Entry>,
    statements: BTreeMap<EntryId, Statement>,
}

/// Why a segment is refused as a whole.
#[derive(Debug, Error)]
pub enum InvalidSegment {
    /// It has no entries, too many, or too many bytes.
    #[error(
        "a segment has 1 to {} entries of together at most {} bytes",
        limits::SEGMENT_ENTRIES_MAX,
        limits::SEGMENT_BYTES_MAX
    )]
    Length,
    /// An entry does not follow the one before it.
    #[error("entry {seq} does not follow the one before it")]
    Chain {
        /// Its seq.
        seq: u64,
    },
    /// An entry is invalid by itself.
    #[error("entry {seq} is invalid")]
    Entry {
        /// Its seq.
        seq: u64,
        /// Why.
        #[source]
        source: InvalidEntry,
    },
    /// It belongs to another space.
    #[error("the segment belongs to another neighbourhood")]
    Space,
    /// The device's key is no key, or the head's signature is missing or not the device's.
    #[error("the head's signature does not hold")]
    Signature,
}

/// Why the bytes of a frame are no segments.
#[derive(Debug, Error)]
pub enum InvalidFrame {
    /// The bytes have another shape.
    #[error("the frame cannot be read")]
    Shape(#[from] minicbor::decode::Error),
    /// A list is longer than its limit, or a reference points nowhere.
    #[error("{what} in a frame breaks its limits")]
    Limit {
        /// The field.
        what: &'static str,
    },
}

impl Segment {
    /// Verifies the segment: names, chain, payloads, limits and the head's signature.
    ///
    /// # Errors
    ///
    /// [`InvalidSegment`]; then nothing of the segment may be used.
    pub fn verify(
        self,
        space: SpaceId,
        key: &PublicKey,
    ) -> Result<VerifiedSegment, InvalidSegment> {
        let signed = self.entries.last().is_some_and(|head| {
            head.signature
                .is_some_and(|signature| key.verifies(Purpose::Head, &head.id.0, &signature))
        });
        let verified = self.verify_chain_only(space)?;
        if signed {
            Ok(verified)
        } else {
            Err(InvalidSegment::Signature)
        }
    }

    /// Verifies everything but the head's signature. Own entries need no more; for others it
    /// exists only so that the simulator can see what an unsigned tail would do.
    pub(crate) fn verify_chain_only(
        self,
        space: SpaceId,
    ) -> Result<VerifiedSegment, InvalidSegment> {
        // Whoever keeps a run has to be able to send it on, and cannot always end it earlier.
        let bytes: usize = self
            .entries
            .iter()
            .map(|one| one.header.entry_bytes())
            .sum();
        if self.entries.is_empty()
            || self.entries.len() > limits::SEGMENT_ENTRIES_MAX
            || bytes > limits::SEGMENT_BYTES_MAX
        {
            return Err(InvalidSegment::Length);
        }
        let mut statements = BTreeMap::new();
        let mut before: Option<&Entry> = None;
        for entry in &self.entries {
            let header = &entry.header;
            let seq = header.seq;
            let invalid = |source| InvalidSegment::Entry { seq, source };
            if header.space != space {
                return Err(InvalidSegment::Space);
            }
            if let Some(earlier) = before
                && (header.backlink != Some(earlier.id)
                    || header.seq != earlier.header.seq + 1
                    || header.device != earlier.header.device
                    || header.member != earlier.header.member)
            {
                return Err(InvalidSegment::Chain { seq });
            }
            header.check().map_err(invalid)?;
            if let Some(bytes) = &entry.payload
                && let Payload::Statement(statement) =
                    header.read_payload(bytes).map_err(invalid)?
            {
                statements.insert(entry.id, *statement);
            }
            before = Some(entry);
        }
        Ok(VerifiedSegment {
            entries: self.entries,
            statements,
        })
    }
}

impl VerifiedSegment {
    /// Returns the log's device.
    pub fn device(&self) -> DeviceId {
        self.entries[0].header.device
    }

    /// Returns the entries, ascending.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Returns the statements among the entries.
    pub fn statements(&self) -> &BTreeMap<EntryId, Statement> {
        &self.statements
    }

    /// Takes the segment apart into entries and the statements among them.
    pub fn into_parts(self) -> (Vec<Entry>, BTreeMap<EntryId, Statement>) {
        (self.entries, self.statements)
    }
}

/// Writes segments into one frame.
///
/// Each run must be entries of one log in order, the last with its signature.
pub fn write_segments(runs: &[Vec<Entry>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = Writer {
        ordinals: BTreeMap::new(),
        written: 0,
        time_ms: 0,
    };
    let mut encoder = Encoder::new(&mut bytes);
    let _ = encoder.array(runs.len() as u64);
    for run in runs {
        writer.run(&mut encoder, run);
    }
    bytes
}

/// Reads the segments of one frame; none is verified yet.
///
/// # Errors
///
/// [`InvalidFrame`] when the bytes are something else. Nothing larger than the bytes themselves
/// is allocated.
pub fn read_segments(space: SpaceId, bytes: &[u8]) -> Result<Vec<Segment>, InvalidFrame> {
    if bytes.len() > limits::FRAME_BYTES_MAX {
        return Err(InvalidFrame::Limit { what: "length" });
    }
    let mut decoder = Decoder::new(bytes);
    let count = list(&mut decoder, limits::FRAME_BYTES_MAX)?;
    let mut reader = Reader {
        space,
        ids: Vec::new(),
        time_ms: 0,
    };
    let mut segments = Vec::new();
    for _ in 0..count {
        segments.push(reader.run(&mut decoder)?);
    }
    if decoder.position() != bytes.len() {
        return Err(InvalidFrame::Limit { what: "length" });
    }
    Ok(segments)
}

struct Writer {
    ordinals: BTreeMap<EntryId, u32>,
    /// Entries written so far. An entry that stands in the frame twice counts twice.
    written: u32,
    time_ms: i64,
}

type Out<'a> = Encoder<&'a mut Vec<u8>>;

impl Writer {
    fn run(&mut self, encoder: &mut Out<'_>, run: &[Entry]) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else {
            return;
        };
        let header = &first.header;
        let _ = encoder.encode(header.device);
        let _ = encoder.encode(header.member);
        let _ = encoder.u64(header.seq);
        let _ = encoder.encode(header.backlink);
        let _ = encoder.array(run.len() as u64);
        let mut document = None;
        for entry in run {
            self.record(encoder, entry, document);
            document = entry.document();
            self.ordinals.insert(entry.id, self.written);
            self.written += 1;
        }
        let signature = last.signature.map_or([0; 64], |signature| signature.0);
        let _ = encoder.bytes(&signature);
    }

    fn record(&mut self, encoder: &mut Out<'_>, entry: &Entry, before: Option<DocumentId>) {
        let header = &entry.header;
        let (code, document) = match header.subject {
            Subject::Nothing => (0, None),
            Subject::Roster => (1, None),
            Subject::Creation { .. } => (2, None),
            Subject::Document { document } => (3, Some(document)),
        };
        let deps_backlink = code == 3 && header.backlink.is_some_and(|link| header.deps == [link]);
        let same_document = document.is_some() && document == before;
        let mut flags = code << SUBJECT_SHIFT;
        flags |= if header.seen.is_some() { SEEN } else { 0 };
        flags |= if deps_backlink { DEPS_BACKLINK } else { 0 };
        flags |= if same_document { SAME_DOCUMENT } else { 0 };
        flags |= if entry.payload.is_none() {
            PAYLOAD_DROPPED
        } else {
            0
        };
        let _ = encoder.u8(flags);
        let _ = encoder.i64(header.time_ms.wrapping_sub(self.time_ms));
        self.time_ms = header.time_ms;
        if let Some(seen) = &header.seen {
            self.names(encoder, seen);
        }
        if let Subject::Creation { kind } = header.subject {
            let _ = encoder.u16(kind);
        }
        if let Some(document) = document
            && !same_document
        {
            self.name(encoder, document.into());
        }
        if code == 3 && !deps_backlink {
            self.names(encoder, &header.deps);
        }
        if code >= 2 {
            let _ = encoder.u32(header.atoms);
        }
        if code >= 1 {
            match &entry.payload {
                Some(payload) => {
                    let _ = encoder.bytes(payload);
                }
                None => {
                    let _ = encoder.u32(header.payload_bytes);
                    let _ = encoder.encode(header.payload);
                }
            }
        }
    }

    fn names(&self, encoder: &mut Out<'_>, ids: &[EntryId]) {
        let _ = encoder.array(ids.len() as u64);
        for id in ids {
            self.name(encoder, *id);
        }
    }

    fn name(&self, encoder: &mut Out<'_>, id: EntryId) {
        let _ = match self.ordinals.get(&id) {
            Some(ordinal) => encoder.u32(*ordinal),
            None => encoder.bytes(&id.0),
        };
    }
}

struct Reader {
    space: SpaceId,
    ids: Vec<EntryId>,
    time_ms: i64,
}

impl Reader {
    fn run(&mut self, decoder: &mut Decoder<'_>) -> Result<Segment, InvalidFrame> {
        let device: DeviceId = decoder.decode()?;
        let member: Option<MemberId> = decoder.decode()?;
        let mut seq = decoder.u64()?;
        let mut backlink: Option<EntryId> = decoder.decode()?;
        let count = list(decoder, limits::SEGMENT_ENTRIES_MAX)?;
        let mut entries: Vec<Entry> = Vec::new();
        let mut document = None;
        for _ in 0..count {
            let place = Place {
                device,
                member,
                seq,
                backlink,
                document,
            };
            let entry = self.record(decoder, &place)?;
            document = entry.document();
            backlink = Some(entry.id);
            seq = seq
                .checked_add(1)
                .ok_or(InvalidFrame::Limit { what: "seq" })?;
            self.ids.push(entry.id);
            entries.push(entry);
        }
        let signature = <[u8; 64]>::try_from(decoder.bytes()?)
            .map_err(|_| InvalidFrame::Limit { what: "signature" })?;
        if let Some(head) = entries.last_mut() {
            head.signature = Some(Signature(signature));
        }
        Ok(Segment { entries })
    }

    fn record(&mut self, decoder: &mut Decoder<'_>, place: &Place) -> Result<Entry, InvalidFrame> {
        let flags = decoder.u8()?;
        if flags & !FLAGS != 0 {
            return Err(InvalidFrame::Limit { what: "flags" });
        }
        let code = flags >> SUBJECT_SHIFT & SUBJECT_MASK;
        let out_of_place = (code != 3 && flags & (DEPS_BACKLINK | SAME_DOCUMENT) != 0)
            || (code == 0 && flags & PAYLOAD_DROPPED != 0);
        if out_of_place {
            return Err(InvalidFrame::Limit { what: "flags" });
        }
        self.time_ms = self.time_ms.wrapping_add(decoder.i64()?);
        let seen = if flags & SEEN != 0 {
            Some(self.names(decoder, limits::SEEN_MAX)?)
        } else {
            None
        };
        let subject = self.subject(decoder, code, flags, place)?;
        let deps = match (code, flags & DEPS_BACKLINK != 0) {
            (3, true) => vec![place.backlink.ok_or(InvalidFrame::Limit { what: "deps" })?],
            (3, false) => self.names(decoder, limits::DEPS_MAX)?,
            _ => Vec::new(),
        };
        let atoms = if code >= 2 { decoder.u32()? } else { 0 };
        let (payload, payload_bytes, payload_hash) = if code == 0 {
            (Some(Vec::new()), 0, entry::payload_hash(&[]))
        } else if flags & PAYLOAD_DROPPED != 0 {
            let length = decoder.u32()?;
            let hash: PayloadHash = decoder.decode()?;
            (None, length, hash)
        } else {
            let bytes = decoder.bytes()?;
            if bytes.len() > limits::ENTRY_BYTES_MAX {
                return Err(InvalidFrame::Limit { what: "payload" });
            }
            let length = u32::try_from(bytes.len()).expect("bounded by ENTRY_BYTES_MAX");
            (Some(bytes.to_vec()), length, entry::payload_hash(bytes))
        };
        let header = Header {
            version: entry::VERSION,
            space: self.space,
            device: place.device,
            member: place.member,
            seq: place.seq,
            backlink: place.backlink,
            seen,
            time_ms: self.time_ms,
            subject,
            deps,
            atoms,
            payload_bytes,
            payload: payload_hash,
        };
        Ok(Entry {
            id: header.id(),
            header,
            payload,
            signature: None,
        })
    }

    fn subject(
        &self,
        decoder: &mut Decoder<'_>,
        code: u8,
        flags: u8,
        place: &Place,
    ) -> Result<Subject, InvalidFrame> {
        Ok(match code {
            0 => Subject::Nothing,
            1 => Subject::Roster,
            2 => Subject::Creation {
                kind: decoder.u16()?,
            },
            _ if flags & SAME_DOCUMENT != 0 => Subject::Document {
                document: place
                    .document
                    .ok_or(InvalidFrame::Limit { what: "document" })?,
            },
            _ => Subject::Document {
                document: self.name(decoder)?.into(),
            },
        })
    }

    fn names(&self, decoder: &mut Decoder<'_>, max: usize) -> Result<Vec<EntryId>, InvalidFrame> {
        let count = list(decoder, max)?;
        (0..count).map(|_| self.name(decoder)).collect()
    }

    fn name(&self, decoder: &mut Decoder<'_>) -> Result<EntryId, InvalidFrame> {
        match decoder.datatype()? {
            Type::Bytes => Ok(decoder.decode()?),
            _ => {
                let ordinal = decoder.u32()? as usize;
                self.ids
                    .get(ordinal)
                    .copied()
                    .ok_or(InvalidFrame::Limit { what: "reference" })
            }
        }
    }
}

/// Where the next record of a run stands.
struct Place {
    device: DeviceId,
    member: Option<MemberId>,
    seq: u64,
    backlink: Option<EntryId>,
    document: Option<DocumentId>,
}

fn list(decoder: &mut Decoder<'_>, max: usize) -> Result<usize, InvalidFrame> {
    let count = decoder
        .array()?
        .ok_or(InvalidFrame::Limit { what: "list" })?;
    usize::try_from(count)
        .ok()
        .filter(|count| *count <= max)
        .ok_or(InvalidFrame::Limit { what: "list" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SecretKey;

    fn log(device: &SecretKey, count: u64) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for seq in 1..=count {
            let backlink = entries.last().map(|entry| entry.id);
            let header = Header {
                version: entry::VERSION,
                space: SpaceId([1; 32]),
                device: DeviceId(device.public()),
                member: Some(MemberId([2; 32])),
                seq,
                backlink,
                seen: (seq == 1).then(|| vec![EntryId([3; 32])]),
                time_ms: 1_000 + i64::try_from(seq).expect("small"),
                subject: match seq {
                    1 => Subject::Creation { kind: 1 },
                    _ => Subject::Document {
                        document: entries[0].id.into(),
                    },
                },
                deps: backlink.into_iter().collect(),
                atoms: 1,
                payload_bytes: 0,
                payload: PayloadHash::default(),
            };
            let intents = crate::intent::Intents {
                references: Vec::new(),
                intents: vec![crate::intent::Intent::Delete {
                    object: None,
                    key: format!("key {seq}"),
                }],
            };
            entries.push(Entry::new(header, entry::write_intents(&intents)));
        }
        if let Some(head) = entries.last_mut() {
            head.sign(device);
        }
        entries
    }

    #[test]
    fn a_segment_survives_the_wire_and_verifies() {
        let device = SecretKey::from_seed(&[5; 32]);
        let entries = log(&device, 20);
        let bytes = write_segments(&[entries[..7].to_vec(), entries.clone()]);
        let segments = read_segments(SpaceId([1; 32]), &bytes).expect("own bytes");
        assert_eq!(segments[1].entries, entries);
        let key = PublicKey::parse(&device.public()).expect("an honest key");
        let verified = segments[1].clone().verify(SpaceId([1; 32]), &key);
        assert_eq!(verified.expect("honest").entries(), entries);
        assert!(matches!(
            segments[0].clone().verify(SpaceId([1; 32]), &key),
            Err(InvalidSegment::Signature)
        ));
    }

    #[test]
    fn an_entry_that_stands_in_a_frame_twice_does_not_mislead_later_references() {
        let device = SecretKey::from_seed(&[5; 32]);
        let entries = log(&device, 6);
        let runs = [
            entries.clone(),
            entries[2..].to_vec(),
            entries[4..].to_vec(),
        ];
        let segments = read_segments(SpaceId([1; 32]), &write_segments(&runs)).expect("own bytes");
        let read: Vec<Vec<EntryId>> = segments
            .iter()
            .map(|segment| segment.entries.iter().map(|entry| entry.id).collect())
            .collect();
        let written: Vec<Vec<EntryId>> = runs
            .iter()
            .map(|run| run.iter().map(|entry| entry.id).collect())
            .collect();
        assert_eq!(read, written);
    }

    #[test]
    fn any_flipped_bit_is_refused() {
        let device = SecretKey::from_seed(&[5; 32]);
        let key = PublicKey::parse(&device.public()).expect("an honest key");
        let bytes = write_segments(&[log(&device, 3)]);
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let accepted = read_segments(SpaceId([1; 32]), &flipped)
                .map(|segments| {
                    segments
                        .into_iter()
                        .any(|segment| segment.verify(SpaceId([1; 32]), &key).is_ok())
                })
                .unwrap_or(false);
            assert!(!accepted, "bit {bit} flipped and accepted");
        }
    }

    #[test]
    fn a_member_or_device_cannot_change_inside_a_run() {
        let device = SecretKey::from_seed(&[5; 32]);
        let key = PublicKey::parse(&device.public()).expect("an honest key");
        let mut entries = log(&device, 2);
        entries[1].header.member = None;
        entries[1].id = entries[1].header.id();
        entries[1].sign(&device);
        let segment = Segment { entries };
        assert!(matches!(
            segment.verify(SpaceId([1; 32]), &key),
            Err(InvalidSegment::Chain { seq: 2 })
        ));
    }
}
