//! Making a batch durable: entries, logs, fork proofs, erasures and receipts in one transaction, and with
//! them what must not be lost or doubled if the power goes in between.
//!
//! It does not verify entries; it refuses what it could not give back unchanged.

use std::collections::BTreeSet;

use protocol::codec;
use protocol::id::{DocumentId, EntryId, InvitationId, SpaceId};
use protocol::key;
use protocol::roster::Track;
use protocol::storage::{Batch, Filled, LogNumber, StoredEntry, StoredLog};
use rusqlite::{Connection, ErrorCode, OptionalExtension, params};
use thiserror::Error;

use super::dictionary::{Dictionary, LogIdentity, base_columns, blob};
use super::fault::StoreFault;
use super::{
    Store, bytes_32, draft, fork_proof, imported, invitation, prefix, read, receipt, row, search,
    signed, view,
};

/// What becomes durable together with a batch.
#[derive(Clone, Debug, Default)]
pub struct Alongside<'a> {
    /// Documents to project again beside those that the batch itself touches.
    pub dirty: &'a [DocumentId],
    /// Invitations with the number of uses that are used up after the batch.
    pub invitations_used: &'a [(InvitationId, u32)],
    /// What was imported: keys of records, and the documents that they became.
    pub imported: &'a [([u8; 32], DocumentId)],
}

/// Why a batch was not made durable. Nothing of it was.
#[derive(Debug, Error)]
pub enum CommitError {
    /// The disk or the file; the caller may try again when it is [`StoreFault::Full`], and must
    /// stop otherwise.
    #[error(transparent)]
    Fault(#[from] StoreFault),
    /// An entry does not belong where the batch puts it.
    #[error("entry {entry} is not of the {what} that it is stored under")]
    Misplaced {
        /// The entry.
        entry: EntryId,
        /// What differs.
        what: &'static str,
    },
    /// An entry's place or order of arrival is taken.
    #[error("the place of entry {entry} is taken")]
    Taken {
        /// The entry.
        entry: EntryId,
    },
    /// A log's device, member or base is not what it was, or its base is not stored.
    #[error("log {} is not the log that was stored under this number", log.0)]
    LogChanged {
        /// The log.
        log: LogNumber,
    },
    /// A number has more than 63 bits.
    #[error("a number is too large to be stored")]
    Number,
}

impl From<rusqlite::Error> for CommitError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl Store {
    /// Makes a batch durable; when it returns, a power cut does not undo it. The documents that
    /// the batch touches become dirty.
    ///
    /// # Errors
    ///
    /// [`CommitError`]; then nothing of the batch is stored.
    pub fn commit(&mut self, batch: &Batch) -> Result<(), CommitError> {
        self.commit_with(batch, &Alongside::default())
    }

    /// Makes a batch durable together with what belongs to it.
    ///
    /// # Errors
    ///
    /// [`CommitError`]; then nothing of it is stored.
    pub fn commit_with(
        &mut self,
        batch: &Batch,
        alongside: &Alongside<'_>,
    ) -> Result<(), CommitError> {
        self.write(|transaction, dictionary, mark| {
            let mut dirty: BTreeSet<DocumentId> = alongside.dirty.iter().copied().collect();
            for log in &batch.logs {
                write_log(transaction, dictionary, log)?;
            }
            for log in &batch.logs {
                check_base(transaction, dictionary, log)?;
            }
            write_entries(transaction, dictionary, &batch.entries, &mut dirty)?;
            for proof in &batch.fork_proofs {
                fork_proof::write(transaction, proof)?;
            }
            for filled in &batch.filled {
                fill(transaction, filled)?;
                dirty.insert(filled.document);
            }
            for document in &batch.erased {
                erase(transaction, dictionary, *document)?;
                dirty.insert(*document);
            }
            receipt::write(transaction, batch)?;
            view::mark_dirty(transaction, dictionary, mark, dirty)?;
            for (invitation, used) in alongside.invitations_used {
                invitation::write_used(transaction, *invitation, *used)?;
            }
            for (record, document) in alongside.imported {
                imported::write(transaction, record, *document)?;
            }
            Ok(())
        })
    }
}

/// Writes what stands in a log's column `track`: what the log has seen, and how much it counts for.
fn write_track(log: &StoredLog) -> Vec<u8> {
    let mut track = codec::encode(&log.track);
    track.extend(codec::encode(&log.bytes));
    track
}

/// Reads a log's column `track`. What was written before logs were counted counts for nothing.
pub(super) fn read_track(bytes: &[u8]) -> Result<(Track, u64), StoreFault> {
    let damaged = || StoreFault::damaged("a log's track");
    let mut decoder = minicbor::Decoder::new(bytes);
    decoder.skip().map_err(|_| damaged())?;
    let (track, counted) = bytes.split_at(decoder.position());
    let track = codec::decode(track).map_err(|_| damaged())?;
    if counted.is_empty() {
        return Ok((track, 0));
    }
    let counted = codec::decode(counted).map_err(|_| damaged())?;
    Ok((track, counted))
}

/// Sums up a log's row with its column `track`.
pub(super) fn log_sum(log: &StoredLog, track: &[u8]) -> i64 {
    let (base_log, base_seq) = log
        .base
        .map_or((u32::MAX, u64::MAX), |base| (base.log.0, base.seq));
    let parts: [&[u8]; 9] = [
        &log.number.0.to_be_bytes(),
        &log.device.0,
        &[u8::from(log.member.is_some())],
        log.member.as_ref().map_or(&[], |member| &member.0),
        &base_log.to_be_bytes(),
        &base_seq.to_be_bytes(),
        &log.head_seq.to_be_bytes(),
        &log.head.0,
        track,
    ];
    prefix(&key::hash(b"linli log sum  1", &parts))
}

fn write_log(
    connection: &Connection,
    dictionary: &mut Dictionary,
    log: &StoredLog,
) -> Result<(), CommitError> {
    let identity = LogIdentity {
        device: log.device,
        member: log.member,
        base: log.base,
    };
    let head_seq = signed(log.head_seq).ok_or(CommitError::Number)?;
    let (base_log, base_seq) = base_columns(log.base).ok_or(CommitError::Number)?;
    let track = write_track(log);
    let sum = log_sum(log, &track);
    match dictionary.log(connection, log.number.0)? {
        Some(stored) if stored != identity => Err(CommitError::LogChanged { log: log.number }),
        Some(_) => {
            connection
                .prepare_cached(
                    "UPDATE log SET head_seq = ?2, head = ?3, track = ?4, sum = ?5
                     WHERE number = ?1",
                )?
                .execute(params![log.number.0, head_seq, log.head.0, track, sum])?;
            Ok(())
        }
        None => {
            connection
                .prepare_cached(
                    "INSERT INTO log (number, device, member, base_log, base_seq, head_seq, head,
                                      track, sum)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                )?
                .execute(params![
                    log.number.0,
                    log.device.0,
                    log.member.map(|member| member.0),
                    base_log,
                    base_seq,
                    head_seq,
                    log.head.0,
                    track,
                    sum
                ])?;
            Ok(())
        }
    }
}

/// Refuses a branch whose base is not there: its backlinks could not be read later.
fn check_base(
    connection: &Connection,
    dictionary: &mut Dictionary,
    log: &StoredLog,
) -> Result<(), CommitError> {
    let sound = match log.base {
        None => true,
        Some(base) => base.log != log.number && dictionary.log(connection, base.log.0)?.is_some(),
    };
    if sound {
        Ok(())
    } else {
        Err(CommitError::LogChanged { log: log.number })
    }
}

fn write_entries(
    connection: &Connection,
    dictionary: &mut Dictionary,
    entries: &[StoredEntry],
    dirty: &mut BTreeSet<DocumentId>,
) -> Result<(), CommitError> {
    let Some(first) = entries.first() else {
        return Ok(());
    };
    let space = space_of(connection, first.entry.header.space)?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO entry (arrival, log, seq, name, name_rest, time_ms, subject, document,
                            standpoint, sum, fields, entered, signature, payload)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?;
    let mut fields = Vec::new();
    for stored in entries {
        let entry = &stored.entry;
        let header = &entry.header;
        check_place(connection, dictionary, stored, space)?;
        let number = |value| signed(value).ok_or(CommitError::Number);
        let (arrival, seq) = (number(stored.arrival)?, number(header.seq)?);
        let document = match entry.document() {
            None => None,
            Some(document) => {
                dirty.insert(document);
                Some(dictionary.intern_document(connection, document)?)
            }
        };
        let standpoint = dictionary.intern_standpoint(connection, &stored.entered.standpoint)?;
        let before = read::row_before(connection, dictionary, stored.log.0, header.seq)?;
        fields.clear();
        row::write_fields(&mut fields, entry, &stored.entered.standpoint, before);
        let signature = entry.signature.as_ref().map(|signature| &signature.0[..]);
        let entered = row::write_entered(&stored.entered);
        let sum = row::entry_sum(
            &entry.id,
            arrival,
            stored.log.0,
            standpoint,
            signature,
            entered.as_deref(),
        );
        let inserted = insert.execute(params![
            arrival,
            stored.log.0,
            seq,
            prefix(&entry.id.0),
            &entry.id.0[8..],
            header.time_ms,
            row::subject_code(&header.subject),
            document,
            standpoint,
            sum,
            fields,
            entered,
            signature,
            entry.payload
        ]);
        match inserted {
            Ok(_) => {}
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                return Err(CommitError::Taken { entry: entry.id });
            }
            Err(error) => return Err(error.into()),
        }
        dictionary.note_head(stored.log.0, header.seq, entry.id);
    }
    Ok(())
}

/// Refuses an entry whose header says otherwise than the rows that it would be read back from.
fn check_place(
    connection: &Connection,
    dictionary: &mut Dictionary,
    stored: &StoredEntry,
    space: SpaceId,
) -> Result<(), CommitError> {
    let header = &stored.entry.header;
    let misplaced = |what| {
        Err(CommitError::Misplaced {
            entry: stored.entry.id,
            what,
        })
    };
    if header.space != space {
        return misplaced("neighbourhood");
    }
    let Some(log) = dictionary.log(connection, stored.log.0)? else {
        return misplaced("log");
    };
    if header.device != log.device {
        return misplaced("device");
    }
    if header.member != log.member {
        return misplaced("member");
    }
    match &stored.entry.payload {
        Some(payload) if payload.len() != header.payload_bytes as usize => {
            misplaced("payload's length")
        }
        _ => Ok(()),
    }
}

/// Returns the store's space; the first entry decides it.
fn space_of(connection: &Connection, first: SpaceId) -> Result<SpaceId, CommitError> {
    if let Some(space) = read::space(connection)? {
        return Ok(space);
    }
    connection
        .prepare_cached("INSERT INTO property (key, value) VALUES ('space', ?1)")?
        .execute([first.0.as_slice()])?;
    Ok(first)
}

fn erase(
    connection: &Connection,
    dictionary: &mut Dictionary,
    document: DocumentId,
) -> Result<(), CommitError> {
    let Some(number) = dictionary.document_number(connection, document)? else {
        return Ok(());
    };
    search::forget(connection, number)?;
    draft::forget(connection, document)?;
    let mut next = connection.prepare_cached(
        "SELECT arrival, fields, payload FROM entry
         WHERE document = ?1 AND arrival > ?2 AND payload IS NOT NULL ORDER BY arrival LIMIT 1",
    )?;
    let mut update = connection
        .prepare_cached("UPDATE entry SET fields = ?2, payload = NULL WHERE arrival = ?1")?;
    let mut after = i64::MIN;
    loop {
        let found = next
            .query_row(params![number, after], |row| {
                let arrival: i64 = row.get(0)?;
                Ok((arrival, dropped(row)))
            })
            .optional()?;
        let Some((arrival, fields)) = found else {
            return Ok(());
        };
        update.execute(params![arrival, fields?])?;
        after = arrival;
    }
}

/// Stores the payload of an entry that is held without.
fn fill(connection: &Connection, filled: &Filled) -> Result<(), CommitError> {
    let (name, rest) = (prefix(&filled.entry.0), &filled.entry.0[8..]);
    let found = connection
        .prepare_cached(
            "SELECT arrival, fields FROM entry
             WHERE name = ?1 AND name_rest = ?2 AND payload IS NULL LIMIT 1",
        )?
        .query_row(params![name, rest], |row| {
            let fields = blob(row, 1).map(|fields| row::fill_payload(fields, &filled.payload));
            Ok((row.get::<_, i64>(0)?, fields))
        })
        .optional()?;
    let Some((arrival, fields)) = found else {
        return Ok(());
    };
    let fields = fields?.map_err(|_| StoreFault::damaged("an entry's fields"))?;
    connection
        .prepare_cached("UPDATE entry SET fields = ?2, payload = ?3 WHERE arrival = ?1")?
        .execute(params![arrival, fields, filled.payload])?;
    Ok(())
}

fn dropped(row: &rusqlite::Row<'_>) -> Result<Vec<u8>, StoreFault> {
    row::drop_payload(blob(row, 1)?, blob(row, 2)?)
        .map_err(|_| StoreFault::damaged("an entry's fields"))
}

/// Reads the space from its property.
pub(super) fn space_property(bytes: &[u8]) -> Result<SpaceId, StoreFault> {
    bytes_32(bytes, "the neighbourhood's name").map(SpaceId)
}
