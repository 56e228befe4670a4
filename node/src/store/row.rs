//! How an entry stands in its row: what can be recomputed is left out.
//!
//! `fields` is a byte of flags and a sequence of CBOR items; docs/STORE.md has the table. Reading
//! recomputes the entry's name from what was found and compares, so a damaged row is reported,
//! never believed.

use minicbor::data::Type;
use minicbor::{Decoder, Encoder};
use protocol::entry::{Entry, Header, Subject, VERSION, payload_hash};
use protocol::id::{DeviceId, DocumentId, EntryId, MemberId, PayloadHash, SpaceId};
use protocol::key::{self, Signature};
use protocol::limits;
use protocol::roster::Entered;

use super::prefix;

const SEEN_LISTED: u8 = 1;
const SEEN_STANDPOINT: u8 = 2;
const BACKLINK_LISTED: u8 = 4;
const PAYLOAD_DROPPED: u8 = 8;
const VERSION_LISTED: u8 = 16;
const FLAGS: u8 = 31;

const STEP_STANDPOINT: u8 = 0;

const DEP_BACKLINK: u8 = 0;
const DEP_DOCUMENT: u8 = 1;

/// What the columns beside `fields` say, and what follows from them.
pub(super) struct Surroundings<'a> {
    pub space: SpaceId,
    pub device: DeviceId,
    pub member: Option<MemberId>,
    pub seq: u64,
    pub time_ms: i64,
    pub id: EntryId,
    pub subject: u8,
    pub document: Option<DocumentId>,
    pub standpoint: &'a [EntryId],
}

/// A row whose `fields` were not written here.
#[derive(Debug)]
pub(super) struct DamagedRow;

impl From<minicbor::decode::Error> for DamagedRow {
    fn from(_: minicbor::decode::Error) -> Self {
        Self
    }
}

/// Returns the code of a subject.
pub(super) fn subject_code(subject: &Subject) -> u8 {
    match subject {
        Subject::Nothing => 0,
        Subject::Roster => 1,
        Subject::Creation { .. } => 2,
        Subject::Document { .. } => 3,
    }
}

/// Writes an entry's `fields` after what `out` holds. `before` is the name that reading will
/// find in the row before, if there is one.
pub(super) fn write_fields(
    out: &mut Vec<u8>,
    entry: &Entry,
    standpoint: &[EntryId],
    before: Option<EntryId>,
) {
    let header = &entry.header;
    let document = header.document(entry.id).map(EntryId::from);
    let mut flags = match &header.seen {
        None => 0,
        Some(seen) if seen == standpoint => SEEN_STANDPOINT,
        Some(_) => SEEN_LISTED,
    };
    if header.backlink != before {
        flags |= BACKLINK_LISTED;
    }
    if entry.payload.is_none() {
        flags |= PAYLOAD_DROPPED;
    }
    if header.version != VERSION {
        flags |= VERSION_LISTED;
    }
    out.push(flags);
    let mut encoder = Encoder::new(out);
    let written = (|| {
        if flags & VERSION_LISTED != 0 {
            encoder.u8(header.version)?;
        }
        if flags & BACKLINK_LISTED != 0 {
            encoder.encode(header.backlink)?;
        }
        if flags & SEEN_LISTED != 0 {
            encoder.encode(&header.seen)?;
        }
        if let Subject::Creation { kind } = header.subject {
            encoder.u16(kind)?;
        }
        encoder.array(header.deps.len() as u64)?;
        for dep in &header.deps {
            if Some(*dep) == header.backlink {
                encoder.u8(DEP_BACKLINK)?;
            } else if Some(*dep) == document {
                encoder.u8(DEP_DOCUMENT)?;
            } else {
                encoder.encode(dep)?;
            }
        }
        encoder.u32(header.atoms)?;
        if entry.payload.is_none() {
            encoder.u32(header.payload_bytes)?;
            encoder.encode(header.payload)?;
        }
        Ok::<(), minicbor::encode::Error<std::convert::Infallible>>(())
    })();
    written.expect("writing to a vector cannot fail");
}

/// Returns the `fields` that an entry has once its payload is dropped.
pub(super) fn drop_payload(fields: &[u8], payload: &[u8]) -> Result<Vec<u8>, DamagedRow> {
    let (flags, rest) = fields.split_first().ok_or(DamagedRow)?;
    if flags & PAYLOAD_DROPPED != 0 {
        return Err(DamagedRow);
    }
    let length = u32::try_from(payload.len()).map_err(|_| DamagedRow)?;
    let mut dropped = Vec::with_capacity(fields.len() + 40);
    dropped.push(flags | PAYLOAD_DROPPED);
    dropped.extend_from_slice(rest);
    let written = Encoder::new(&mut dropped)
        .u32(length)
        .and_then(|encoder| encoder.encode(payload_hash(payload)))
        .map(drop);
    written.expect("writing to a vector cannot fail");
    Ok(dropped)
}

/// Returns the `fields` that an entry has once its dropped payload is there again.
pub(super) fn fill_payload(fields: &[u8], payload: &[u8]) -> Result<Vec<u8>, DamagedRow> {
    let (flags, rest) = fields.split_first().ok_or(DamagedRow)?;
    let whole: Vec<u8> = std::iter::once(flags & !PAYLOAD_DROPPED)
        .chain(rest.iter().copied())
        .collect();
    // What dropping it would have added to the end is what has to be there.
    let added = drop_payload(&[0], payload)?;
    let kept = whole.strip_suffix(&added[1..]).ok_or(DamagedRow)?;
    match flags & PAYLOAD_DROPPED {
        0 => Err(DamagedRow),
        _ => Ok(kept.to_vec()),
    }
}

/// Tells whether `fields` leave the backlink to the row before.
pub(super) fn needs_row_before(fields: &[u8]) -> bool {
    fields
        .first()
        .is_some_and(|flags| flags & BACKLINK_LISTED == 0)
}

/// Puts an entry together and checks its name.
pub(super) fn read_entry(
    around: &Surroundings<'_>,
    fields: &[u8],
    before: Option<EntryId>,
    payload: Option<&[u8]>,
    signature: Option<Signature>,
) -> Result<Entry, DamagedRow> {
    let (flags, rest) = fields.split_first().ok_or(DamagedRow)?;
    let flags = *flags;
    if flags & !FLAGS != 0 || (flags & PAYLOAD_DROPPED != 0) != payload.is_none() {
        return Err(DamagedRow);
    }
    let mut decoder = Decoder::new(rest);
    let version = if flags & VERSION_LISTED != 0 {
        decoder.u8()?
    } else {
        VERSION
    };
    let backlink: Option<EntryId> = if flags & BACKLINK_LISTED != 0 {
        decoder.decode()?
    } else {
        before
    };
    let seen = match flags & (SEEN_LISTED | SEEN_STANDPOINT) {
        0 => None,
        SEEN_STANDPOINT => Some(around.standpoint.to_vec()),
        SEEN_LISTED => Some(read_list(&mut decoder, |decoder| Ok(decoder.decode()?))?),
        _ => return Err(DamagedRow),
    };
    let subject = match (around.subject, around.document) {
        (0, None) => Subject::Nothing,
        (1, None) => Subject::Roster,
        (2, Some(document)) if EntryId::from(document) == around.id => Subject::Creation {
            kind: decoder.u16()?,
        },
        (3, Some(document)) => Subject::Document { document },
        _ => return Err(DamagedRow),
    };
    let deps = read_list(&mut decoder, |decoder| {
        if decoder.datatype()? == Type::Bytes {
            return Ok(decoder.decode()?);
        }
        match decoder.u8()? {
            DEP_BACKLINK => backlink.ok_or(DamagedRow),
            DEP_DOCUMENT => around.document.map(EntryId::from).ok_or(DamagedRow),
            _ => Err(DamagedRow),
        }
    })?;
    let atoms = decoder.u32()?;
    let (payload_bytes, hash): (u32, PayloadHash) = match payload {
        None => (decoder.u32()?, decoder.decode()?),
        Some(bytes) => (
            u32::try_from(bytes.len()).map_err(|_| DamagedRow)?,
            payload_hash(bytes),
        ),
    };
    if decoder.position() != rest.len() {
        return Err(DamagedRow);
    }
    let header = Header {
        version,
        space: around.space,
        device: around.device,
        member: around.member,
        seq: around.seq,
        backlink,
        seen,
        time_ms: around.time_ms,
        subject,
        deps,
        atoms,
        payload_bytes,
        payload: hash,
    };
    if header.id() != around.id {
        return Err(DamagedRow);
    }
    Ok(Entry {
        id: around.id,
        header,
        payload: payload.map(<[u8]>::to_vec),
        signature,
    })
}

/// Writes what an entry brings to the roster besides its standpoint: nothing when that is all. The
/// log's last statement stands in the standpoint, and so does the last step.
pub(super) fn write_entered(entered: &Entered) -> Option<Vec<u8>> {
    if entered.previous.is_none() && entered.steps.is_empty() {
        return None;
    }
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out);
    let written = (|| {
        let place = |id: &EntryId| entered.standpoint.iter().position(|seen| seen == id);
        match entered.previous {
            None => encoder.null()?,
            Some(previous) => match place(&previous) {
                Some(place) => encoder.u64(place as u64)?,
                None => encoder.encode(previous)?,
            },
        };
        encoder.array(entered.steps.len() as u64)?;
        for step in &entered.steps {
            if *step == entered.standpoint {
                encoder.u8(STEP_STANDPOINT)?;
            } else {
                encoder.encode(step)?;
            }
        }
        Ok::<(), minicbor::encode::Error<std::convert::Infallible>>(())
    })();
    written.expect("writing to a vector cannot fail");
    Some(out)
}

/// Reads what [`write_entered`] wrote.
pub(super) fn read_entered(
    bytes: Option<&[u8]>,
    standpoint: Vec<EntryId>,
) -> Result<Entered, DamagedRow> {
    let Some(bytes) = bytes else {
        return Ok(Entered {
            standpoint,
            previous: None,
            steps: Vec::new(),
        });
    };
    let mut decoder = Decoder::new(bytes);
    let previous = match decoder.datatype()? {
        Type::Null | Type::Bytes => decoder.decode()?,
        _ => {
            let place = usize::try_from(decoder.u64()?).map_err(|_| DamagedRow)?;
            Some(*standpoint.get(place).ok_or(DamagedRow)?)
        }
    };
    let mut steps = Vec::new();
    for _ in 0..decoder.array()?.ok_or(DamagedRow)? {
        if decoder.datatype()? == Type::Array {
            steps.push(read_list(&mut decoder, |decoder| Ok(decoder.decode()?))?);
        } else if decoder.u8()? == STEP_STANDPOINT {
            steps.push(standpoint.clone());
        } else {
            return Err(DamagedRow);
        }
    }
    if decoder.position() != bytes.len() {
        return Err(DamagedRow);
    }
    Ok(Entered {
        standpoint,
        previous,
        steps,
    })
}

/// Sums up the columns of a row that the entry's name does not cover.
pub(super) fn entry_sum(
    id: &EntryId,
    arrival: i64,
    log: u32,
    standpoint: Option<i64>,
    signature: Option<&[u8]>,
    entered: Option<&[u8]>,
) -> i64 {
    let standpoint = standpoint.unwrap_or(0).to_be_bytes();
    let parts: [&[u8]; 6] = [
        &id.0,
        &arrival.to_be_bytes(),
        &log.to_be_bytes(),
        &standpoint,
        signature.unwrap_or(&[]),
        entered.unwrap_or(&[]),
    ];
    prefix(&key::hash(b"linli row sum  1", &parts))
}

fn read_list(
    decoder: &mut Decoder<'_>,
    mut read: impl FnMut(&mut Decoder<'_>) -> Result<EntryId, DamagedRow>,
) -> Result<Vec<EntryId>, DamagedRow> {
    // Far above what a header may list, and far below what an allocation would notice.
    const LIST_MAX: u64 = limits::ENTRY_BYTES_MAX as u64;
    let count = decoder.array()?.filter(|count| *count <= LIST_MAX);
    let mut ids = Vec::new();
    for _ in 0..count.ok_or(DamagedRow)? {
        ids.push(read(decoder)?);
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STANDPOINT: [EntryId; 2] = [EntryId([1; 32]), EntryId([2; 32])];

    fn header() -> Header {
        Header {
            version: VERSION,
            space: SpaceId([7; 32]),
            device: DeviceId([8; 32]),
            member: None,
            seq: 5,
            backlink: Some(EntryId([4; 32])),
            seen: Some(STANDPOINT.to_vec()),
            time_ms: 1_000,
            subject: Subject::Document {
                document: DocumentId([5; 32]),
            },
            deps: vec![EntryId([4; 32]), EntryId([5; 32]), EntryId([6; 32])],
            atoms: 300,
            payload_bytes: 0,
            payload: PayloadHash::default(),
        }
    }

    fn around(entry: &Entry) -> Surroundings<'static> {
        Surroundings {
            space: entry.header.space,
            device: entry.header.device,
            member: entry.header.member,
            seq: entry.header.seq,
            time_ms: entry.header.time_ms,
            id: entry.id,
            subject: subject_code(&entry.header.subject),
            document: entry.document(),
            standpoint: &STANDPOINT,
        }
    }

    fn fields(entry: &Entry) -> Vec<u8> {
        let mut fields = Vec::new();
        write_fields(&mut fields, entry, &STANDPOINT, Some(EntryId([4; 32])));
        fields
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The bytes of docs/STORE.md: stores that exist hold them.
    #[test]
    fn fields_have_the_documented_bytes() {
        let entry = Entry::new(header(), b"hello".to_vec());
        let listed = format!("5820{}", "06".repeat(32));
        assert_eq!(hex(&fields(&entry)), format!("02830001{listed}19012c"));
        let dropped = drop_payload(&fields(&entry), b"hello").expect("a payload");
        let hash = hex(&entry.header.payload.0);
        assert_eq!(hex(&dropped), format!("0a830001{listed}19012c055820{hash}"));
        let filled = fill_payload(&dropped, b"hello").expect("its payload");
        assert_eq!(filled, fields(&entry));
        assert!(fill_payload(&dropped, b"other").is_err());
        assert!(fill_payload(&filled, b"hello").is_err());
    }

    #[test]
    fn what_an_entry_brings_has_the_documented_bytes() {
        let (one, two, other) = (STANDPOINT[0], STANDPOINT[1], EntryId([9; 32]));
        let listed = |id: EntryId| format!("5820{}", hex(&id.0));
        let cases = [
            (None, vec![], None),
            (Some(two), vec![], Some("0180".to_owned())),
            (None, vec![STANDPOINT.to_vec()], Some("f68100".to_owned())),
            (
                Some(other),
                vec![vec![one], vec![], STANDPOINT.to_vec()],
                Some(format!("{}8381{}8000", listed(other), listed(one))),
            ),
        ];
        for (previous, steps, bytes) in cases {
            let entered = Entered {
                standpoint: STANDPOINT.to_vec(),
                previous,
                steps,
            };
            let written = write_entered(&entered);
            assert_eq!(written.as_deref().map(hex), bytes);
            let read = read_entered(written.as_deref(), STANDPOINT.to_vec());
            assert_eq!(read.expect("own bytes"), entered);
            let bytes = written.unwrap_or_default();
            for length in 0..bytes.len() {
                let cut = read_entered(Some(&bytes[..length]), STANDPOINT.to_vec());
                assert!(cut.is_err(), "cut at {length} and believed");
            }
        }
        // A place outside the standpoint, and a list longer than its bytes.
        for bytes in [
            &[0x02, 0x80][..],
            &[0xf6, 0x9b, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0],
        ] {
            assert!(read_entered(Some(bytes), STANDPOINT.to_vec()).is_err());
        }
    }

    #[test]
    fn no_damage_to_fields_passes() {
        let mut listed = header();
        listed.seen = Some(vec![EntryId([9; 32])]);
        listed.version = 3;
        listed.backlink = Some(EntryId([3; 32]));
        for header in [header(), listed] {
            let mut entry = Entry::new(header, b"hello".to_vec());
            for dropped in [false, true] {
                if dropped {
                    entry.payload = None;
                }
                let fields = fields(&entry);
                let before = Some(EntryId([4; 32]));
                let read = |fields: &[u8]| {
                    read_entry(
                        &around(&entry),
                        fields,
                        before,
                        entry.payload.as_deref(),
                        None,
                    )
                };
                assert_eq!(read(&fields).expect("own fields"), entry);
                for bit in 0..fields.len() * 8 {
                    let mut damaged = fields.clone();
                    damaged[bit / 8] ^= 1 << (bit % 8);
                    assert!(read(&damaged).is_err(), "bit {bit} flipped and believed");
                }
                for length in 0..fields.len() {
                    assert!(
                        read(&fields[..length]).is_err(),
                        "cut at {length} and believed"
                    );
                }
            }
        }
    }
}
