//! Appending: own statements and drafts become signed entries of the own log.

use thiserror::Error;

use crate::entry::{self, Entry, Header, Subject};
use crate::id::{DocumentId, EntryId, PayloadHash};
use crate::intent::Intents;
use crate::limits;
use crate::roster::{NextSeen, Track};
use crate::segment::{InvalidSegment, Segment, VerifiedSegment};
use crate::statement::Statement;
use crate::storage::{Storage, StorageError};

use super::{Received, Replica};

/// What a new entry says.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a body is made, appended and dropped, one at a time"
)]
pub enum Body {
    /// A change of the roster.
    Statement(Statement),
    /// A new document.
    Creation {
        /// Code of its kind.
        kind: u16,
        /// Its first intents.
        intents: Intents,
    },
    /// A change of a document.
    Change {
        /// The document.
        document: DocumentId,
        /// Its heads that the draft was made on, ascending.
        deps: Vec<EntryId>,
        /// The intents.
        intents: Intents,
    },
}

/// Own entries, signed and attached: the owner makes them durable, then tells others.
#[derive(Debug)]
pub struct Appended {
    /// The entry with the given body.
    pub id: EntryId,
    /// What must become durable.
    pub received: Received,
}

/// Why nothing was appended.
#[derive(Debug, Error)]
pub enum AppendError {
    /// The own device forked: its key was copied or restored, and it never continues (rule R8).
    #[error("this device's key has been used elsewhere")]
    Forked,
    /// The entry breaks a limit.
    #[error("the entry is invalid")]
    Invalid(#[source] entry::InvalidEntry),
    /// The own log has seen statements that are not held here, and there is more to name than an
    /// entry may: it goes on once they have come.
    #[error("what this device's own log had seen is not all held here")]
    Waiting,
    /// The own log does not take the entry: it is another member's, so the key was used for both.
    #[error("this device's own log does not take the entry: {reason}")]
    Refused {
        /// Why, as [`Refused`](super::Refused) says it.
        reason: &'static str,
    },
    /// An unknown statement cannot be written.
    #[error("a statement of a later version cannot be written here")]
    UnknownStatement,
    /// Storage could not answer.
    #[error("the store cannot be read")]
    Storage(#[source] StorageError),
}

impl Replica {
    /// Appends one body to the own log, signed: one flush.
    ///
    /// Statements that count and were not seen by an own entry yet are named; where there are more
    /// than a header may name, joining statements are appended first.
    ///
    /// # Errors
    ///
    /// [`AppendError`]; then the body was not appended. After [`AppendError::Storage`] this replica
    /// must be given up and opened anew.
    pub fn append<S: Storage>(
        &mut self,
        storage: &S,
        now_ms: i64,
        body: &Body,
    ) -> Result<Appended, AppendError> {
        let (ids, received) = self.append_all(storage, now_ms, std::slice::from_ref(body))?;
        let id = ids[0];
        Ok(Appended { id, received })
    }

    /// Appends bodies to the own log, to be made durable together: all or none.
    ///
    /// # Errors
    ///
    /// As [`Replica::append`].
    pub fn append_all<S: Storage>(
        &mut self,
        storage: &S,
        now_ms: i64,
        bodies: &[Body],
    ) -> Result<(Vec<EntryId>, Received), AppendError> {
        if self.logs.forked_at(&self.device()).is_some() {
            return Err(AppendError::Forked);
        }
        for body in bodies {
            self.check(now_ms, body)?;
        }
        let mut received = Received::default();
        let mut ids = Vec::new();
        for body in bodies {
            ids.push(self.append_body(storage, now_ms, body, &mut received)?);
        }
        Ok((ids, received))
    }

    /// Refuses a body that fits in no entry before anything is attached to the log.
    fn check(&self, now_ms: i64, body: &Body) -> Result<(), AppendError> {
        let seen = (0..limits::SEEN_MAX)
            .map(|number| {
                let mut id = EntryId::default();
                id.0[0] = u8::try_from(number).expect("SEEN_MAX is small");
                id
            })
            .collect();
        let entry = self.entry(now_ms, 1, None, Some(seen), Some(body))?;
        self.verify_own(entry).map(|_| ())
    }

    /// Appends one body, after whatever joins are needed first.
    fn append_body<S: Storage>(
        &mut self,
        storage: &S,
        now_ms: i64,
        body: &Body,
        received: &mut Received,
    ) -> Result<EntryId, AppendError> {
        loop {
            match self.roster.next_seen(&self.own_track()) {
                NextSeen::JoinFirst(seen) => {
                    self.append_one(storage, now_ms, seen, None, received)?;
                }
                NextSeen::Seen(seen) => {
                    return self.append_one(storage, now_ms, Some(seen), Some(body), received);
                }
                NextSeen::Waiting => return Err(AppendError::Waiting),
                NextSeen::Unchanged => {
                    return self.append_one(storage, now_ms, None, Some(body), received);
                }
            }
        }
    }

    fn own_track(&self) -> Track {
        let log = self.logs.of_device(&self.device()).next();
        log.map(|log| log.track.clone()).unwrap_or_default()
    }

    fn append_one<S: Storage>(
        &mut self,
        storage: &S,
        now_ms: i64,
        seen: Option<Vec<EntryId>>,
        body: Option<&Body>,
        received: &mut Received,
    ) -> Result<EntryId, AppendError> {
        let log = self.logs.of_device(&self.device()).next();
        let (seq, backlink) = log.map_or((0, None), |log| (log.head_seq, Some(log.head)));
        let mut entry = self.entry(now_ms, seq + 1, backlink, seen, body)?;
        entry.sign(&self.identity.key);
        let id = entry.id;
        let segment = self.verify_own(entry)?;
        let refused = received.refused.len();
        self.attach(storage, segment, received)
            .map_err(AppendError::Storage)?;
        if let Some(refused) = received.refused.get(refused) {
            let reason = refused.reason;
            return Err(AppendError::Refused { reason });
        }
        received.own_log_ahead = false;
        Ok(id)
    }

    /// Checks an own entry as others will.
    fn verify_own(&self, entry: Entry) -> Result<VerifiedSegment, AppendError> {
        let segment = Segment {
            entries: vec![entry],
        };
        segment
            .verify_chain_only(self.space)
            .map_err(|error| match error {
                InvalidSegment::Entry { source, .. } => AppendError::Invalid(source),
                _ => AppendError::Invalid(entry::InvalidEntry::Limit { what: "chain" }),
            })
    }

    fn entry(
        &self,
        now_ms: i64,
        seq: u64,
        backlink: Option<EntryId>,
        seen: Option<Vec<EntryId>>,
        body: Option<&Body>,
    ) -> Result<Entry, AppendError> {
        let (subject, deps, atoms, payload) = match body {
            None => (Subject::Nothing, Vec::new(), 0, Vec::new()),
            Some(Body::Statement(statement)) => {
                let bytes = statement.to_bytes().ok_or(AppendError::UnknownStatement)?;
                (Subject::Roster, Vec::new(), 0, bytes)
            }
            Some(Body::Creation { kind, intents }) => (
                Subject::Creation { kind: *kind },
                Vec::new(),
                intents.atoms(),
                entry::write_intents(intents),
            ),
            Some(Body::Change {
                document,
                deps,
                intents,
            }) => (
                Subject::Document {
                    document: *document,
                },
                deps.clone(),
                intents.atoms(),
                entry::write_intents(intents),
            ),
        };
        let limit = |what| AppendError::Invalid(entry::InvalidEntry::Limit { what });
        if payload.len() > limits::ENTRY_BYTES_MAX {
            return Err(limit("entry length"));
        }
        let header = Header {
            version: entry::VERSION,
            space: self.space,
            device: self.device(),
            member: self.identity.member,
            seq,
            backlink,
            seen,
            time_ms: now_ms.clamp(0, limits::TIME_MS_MAX),
            subject,
            deps,
            atoms: u32::try_from(atoms).map_err(|_| limit("atom count"))?,
            payload_bytes: 0,
            payload: PayloadHash::default(),
        };
        Ok(Entry::new(header, payload))
    }
}
