//! Entries: the immutable units of a log, their header, their payload and their name.
//!
//! A header is signed (through its hash); the payload is named by the header and may be dropped
//! later (rule R18) without breaking a chain. Whether an entry may do what it does is not decided
//! here (see `roster` and `kind`).

use minicbor::{Decode, Encode};
use thiserror::Error;

use crate::codec;
use crate::id::{DeviceId, DocumentId, EntryId, MemberId, PayloadHash, SpaceId};
use crate::intent::{Intent, Intents};
use crate::key::{self, Purpose, SecretKey, Signature};
use crate::limits;
use crate::statement::Statement;

/// The version that headers of this protocol carry.
pub const VERSION: u8 = 1;

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(flat)]
pub enum Subject {
    /// Nothing: the entry only joins statements that its author has seen.
    #[n(0)]
    Nothing,
    /// The roster: the payload is a statement.
    #[n(1)]
    Roster,
    /// A new document of a kind; the document's name is the entry's.
    #[n(2)]
    Creation {
        /// Code of the kind.
        #[n(0)]
        kind: u16,
    },
    /// A document that exists.
    #[n(3)]
    Document {
        /// The document.
        #[n(0)]
        document: DocumentId,
    },
}

/// The signed part of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Header {
    /// Version of the format, [`VERSION`].
    #[n(0)]
    pub version: u8,
    /// The neighbourhood.
    #[n(1)]
    pub space: SpaceId,
    /// The author's device, whose log the entry belongs to.
    #[n(2)]
    pub device: DeviceId,
    /// The member for whom the device writes; a relay writes for none.
    #[n(3)]
    pub member: Option<MemberId>,
    /// Position in the log, from 1.
    #[n(4)]
    pub seq: u64,
    /// Name of the entry before it; none for the first.
    #[n(5)]
    pub backlink: Option<EntryId>,
    /// The maximal statements that the author had seen, ascending; none when unchanged since the
    /// entry before.
    #[n(6)]
    pub seen: Option<Vec<EntryId>>,
    /// Claimed time of writing, milliseconds since 1970. It decides nothing (rule R11).
    #[n(7)]
    pub time_ms: i64,
    /// What the entry is about.
    #[n(8)]
    pub subject: Subject,
    /// The document's heads that the author had, ascending.
    #[n(9)]
    pub deps: Vec<EntryId>,
    /// How many atoms the payload stands for.
    #[n(10)]
    pub atoms: u32,
    /// Length of the payload in bytes.
    #[n(11)]
    pub payload_bytes: u32,
    /// Hash of the payload.
    #[n(12)]
    pub payload: PayloadHash,
}

/// Why a header or payload can be nobody's entry, whatever else is known.
#[derive(Debug, Error)]
pub enum InvalidEntry {
    /// The header is no canonical CBOR of its shape.
    #[error("the header cannot be read")]
    Header(#[source] codec::DecodeError),
    /// The payload is no canonical CBOR of its shape.
    #[error("the payload cannot be read")]
    Payload(#[source] codec::DecodeError),
    /// Another version of the format.
    #[error("version {found} of the entry format is not known here")]
    Version {
        /// The version found.
        found: u8,
    },
    /// Seq 0, or a backlink missing or too many.
    #[error("seq and backlink do not fit together")]
    Backlink,
    /// Deps, statements seen, atoms or subject do not fit together or break a limit.
    #[error("{what} breaks the limits of an entry")]
    Limit {
        /// The field.
        what: &'static str,
    },
    /// The payload is not the one that the header names.
    #[error("the payload is not the one the header names")]
    PayloadHash,
    /// The payload of a statement was left out. Only payloads of documents are ever dropped
    /// (rule R18): without the statement the entry is not there.
    #[error("the payload of a statement is left out")]
    PayloadMissing,
}

impl Header {
    /// Encodes the header; these bytes are hashed, and through the hash signed.
    pub fn to_bytes(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// Decodes a header and checks it by itself.
    ///
    /// # Errors
    ///
    /// [`InvalidEntry`] when the bytes are not canonical or the header breaks a limit.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvalidEntry> {
        let header: Self = codec::decode(bytes).map_err(InvalidEntry::Header)?;
        header.check()?;
        Ok(header)
    }

    /// Returns the entry's name.
    pub fn id(&self) -> EntryId {
        EntryId(key::hash(b"linli entry id 1", &[&self.to_bytes()]))
    }

    /// Returns the document that the entry belongs to, given the entry's name.
    pub fn document(&self, id: EntryId) -> Option<DocumentId> {
        match self.subject {
            Subject::Nothing | Subject::Roster => None,
            Subject::Creation { .. } => Some(id.into()),
            Subject::Document { document } => Some(document),
        }
    }

    /// Returns how many bytes the entry counts for, its payload included wherever that is: 34 for
    /// each name in its lists and 256 for everything else in the header. It takes no more in any
    /// frame, whatever stands there as a name or as a reference.
    pub fn entry_bytes(&self) -> usize {
        let lists = self.deps.len() + self.seen.as_ref().map_or(0, Vec::len);
        self.payload_bytes as usize + lists * 34 + 256
    }

    /// Checks everything about the header that needs nothing else.
    ///
    /// # Errors
    ///
    /// The first [`InvalidEntry`] found.
    pub fn check(&self) -> Result<(), InvalidEntry> {
        let limit = |what| Err(InvalidEntry::Limit { what });
        if self.version != VERSION {
            return Err(InvalidEntry::Version {
                found: self.version,
            });
        }
        if self.seq == 0 || (self.seq == 1) != self.backlink.is_none() {
            return Err(InvalidEntry::Backlink);
        }
        if let Some(seen) = &self.seen
            && (seen.len() > limits::SEEN_MAX || !ascending(seen))
        {
            return limit("seen");
        }
        if self.deps.len() > limits::DEPS_MAX || !ascending(&self.deps) {
            return limit("deps");
        }
        if self.time_ms < 0 || self.time_ms > limits::TIME_MS_MAX {
            return limit("time");
        }
        if self.atoms > limits::ATOMS_MAX {
            return limit("atoms");
        }
        let shape = match self.subject {
            Subject::Nothing => self.deps.is_empty() && self.atoms == 0 && self.payload_bytes == 0,
            Subject::Roster => self.deps.is_empty() && self.atoms == 0 && self.payload_bytes > 0,
            Subject::Creation { .. } => self.deps.is_empty() && self.atoms > 0,
            Subject::Document { .. } => !self.deps.is_empty() && self.atoms > 0,
        };
        if !shape {
            return limit("subject");
        }
        if self.payload_bytes as usize > limits::ENTRY_BYTES_MAX {
            return limit("payload length");
        }
        Ok(())
    }

    /// Checks a payload against the header and reads it.
    ///
    /// # Errors
    ///
    /// [`InvalidEntry`] when hash, length, shape, atom count or a limit does not hold.
    pub fn read_payload(&self, bytes: &[u8]) -> Result<Payload, InvalidEntry> {
        let limit = |what| Err(InvalidEntry::Limit { what });
        if bytes.len() != self.payload_bytes as usize || payload_hash(bytes) != self.payload {
            return Err(InvalidEntry::PayloadHash);
        }
        if self.entry_bytes() > limits::ENTRY_BYTES_MAX {
            return limit("entry length");
        }
        match self.subject {
            Subject::Nothing => Ok(Payload::Nothing),
            Subject::Roster => Statement::from_bytes(bytes)
                .map(|statement| Payload::Statement(Box::new(statement)))
                .map_err(InvalidEntry::Payload),
            Subject::Creation { .. } | Subject::Document { .. } => {
                match read_intents(bytes).map_err(InvalidEntry::Payload)? {
                    None => Ok(Payload::Unknown),
                    Some(intents) => {
                        if intents.intents.len() > limits::INTENTS_MAX {
                            return limit("intents");
                        }
                        if intents.references.len() > limits::REFERENCES_MAX {
                            return limit("references");
                        }
                        if intents.atoms() != u64::from(self.atoms) {
                            return limit("atom count");
                        }
                        Ok(Payload::Intents(intents))
                    }
                }
            }
        }
    }
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// Nothing.
    Nothing,
    /// A change of the roster.
    Statement(Box<Statement>),
    /// A change of a document.
    Intents(Intents),
    /// A change of a document with an op that this version does not know (rule R19).
    Unknown,
}

/// An entry whose name has been computed from its header, not yet verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The entry's name.
    pub id: EntryId,
    /// The signed part.
    pub header: Header,
    /// The payload's bytes; none when they were dropped (rule R18).
    pub payload: Option<Vec<u8>>,
    /// The head's signature, where it was made or kept.
    pub signature: Option<Signature>,
}

impl Entry {
    /// Builds an entry and names it; [`Entry::sign`] makes it a head.
    pub fn new(mut header: Header, payload: Vec<u8>) -> Self {
        header.payload = payload_hash(&payload);
        header.payload_bytes =
            u32::try_from(payload.len()).expect("a payload is bounded by ENTRY_BYTES_MAX");
        Self {
            id: header.id(),
            header,
            payload: Some(payload),
            signature: None,
        }
    }

    /// Signs the entry as the head of its log.
    pub fn sign(&mut self, device: &SecretKey) {
        self.signature = Some(device.sign(Purpose::Head, &self.id.0));
    }

    /// Returns the document that the entry belongs to.
    pub fn document(&self) -> Option<DocumentId> {
        self.header.document(self.id)
    }

    /// Tells whether the entry is a statement whose payload was left out.
    pub fn lacks_statement(&self) -> bool {
        self.header.subject == Subject::Roster && self.payload.is_none()
    }
}

/// Hashes a payload's bytes.
pub fn payload_hash(bytes: &[u8]) -> PayloadHash {
    PayloadHash(key::hash(b"linli payload  1", &[bytes]))
}

/// Encodes intents as a payload.
pub fn write_intents(intents: &Intents) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = minicbor::Encoder::new(&mut bytes);
    let written = encoder
        .array(2)
        .and_then(|encoder| encoder.encode(&intents.references))
        .and_then(|encoder| encoder.encode(&intents.intents));
    written.expect("writing to a vector cannot fail");
    bytes
}

/// Decodes a payload of intents; `None` when it holds an op, or a value, of a later version.
fn read_intents(bytes: &[u8]) -> Result<Option<Intents>, codec::DecodeError> {
    let intents = match decode_intents(bytes) {
        Err(error) if error.is_later_version(bytes) => return Ok(None),
        read => read?,
    };
    if write_intents(&intents) != bytes {
        return Err(codec::DecodeError::NotCanonical);
    }
    Ok(Some(intents))
}

fn decode_intents(bytes: &[u8]) -> Result<Intents, codec::DecodeError> {
    let mut decoder = minicbor::Decoder::new(bytes);
    if decoder.array()? != Some(2) {
        return Err(codec::DecodeError::NotCanonical);
    }
    let references: Vec<EntryId> = decoder.decode()?;
    if references.len() > limits::REFERENCES_MAX {
        return Err(codec::DecodeError::NotCanonical);
    }
    let count = decoder.array()?.unwrap_or(u64::MAX);
    if count > limits::INTENTS_MAX as u64 {
        return Err(codec::DecodeError::NotCanonical);
    }
    let mut intents: Vec<Intent> = Vec::new();
    for _ in 0..count {
        intents.push(decoder.decode()?);
    }
    Ok(Intents {
        references,
        intents,
    })
}

fn ascending(ids: &[EntryId]) -> bool {
    ids.windows(2).all(|pair| pair[0] < pair[1])
}
