//! Reading logs and entries back: the node's implementation of [`Storage`].
//!
//! Every entry is checked against its name on the way. Completeness is not: an index that lost a
//! row is found by the store's integrity check.

use std::collections::HashMap;

use protocol::fork::ForkProof;
use protocol::id::{DeviceId, DocumentId, EntryId, MemberId, SpaceId};
use protocol::key::Signature;
use protocol::storage::{
    Base, LogNumber, Place, Storage, StorageError, StoredEntry, StoredLog, StoredReceipt,
};
use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use super::commit::{log_sum, read_track, space_property};
use super::dictionary::{Dictionary, blob, log_identity, wrong_type};
use super::fault::StoreFault;
use super::fork_proof;
use super::row::{self, Surroundings};
use super::{Store, bytes_32, prefix, row_limit, signed, unsigned};

/// Steps from branch to base after which the rows must be damaged: every step leads to another
/// branch of one device's log.
const BASE_STEPS_MAX: usize = 1_024;

macro_rules! select_entries {
    ($rest:literal) => {
        concat!(
            "SELECT arrival, log, seq, name, name_rest, time_ms, subject, document, standpoint, ",
            "sum, fields, entered, signature, payload FROM entry ",
            $rest
        )
    };
}

impl Store {
    /// Returns the space whose entries the store holds; none before the first entry.
    ///
    /// # Errors
    ///
    /// [`StoreFault`] when the store cannot be read; the same holds for every method that reads.
    pub fn space(&self) -> Result<Option<SpaceId>, StoreFault> {
        space(&self.connection)
    }

    /// Returns how many entries are stored.
    pub fn entries_total(&self) -> Result<u64, StoreFault> {
        let total = self
            .connection
            .prepare_cached("SELECT count(*) FROM entry")?
            .query_row([], |row| row.get(0))?;
        unsigned(total)
    }

    /// Returns the greatest order of arrival; 0 when there is no entry.
    pub fn arrival_last(&self) -> Result<u64, StoreFault> {
        let last: Option<i64> = self
            .connection
            .prepare_cached("SELECT max(arrival) FROM entry")?
            .query_row([], |row| row.get(0))?;
        unsigned(last.unwrap_or(0))
    }

    fn read_entries(&self, sql: &str, bind: impl Params) -> Result<Vec<StoredEntry>, StoreFault> {
        let mut entries = Vec::new();
        self.each_entry(sql, bind, &mut |entry| entries.push(entry))?;
        Ok(entries)
    }

    fn each_entry(
        &self,
        sql: &str,
        bind: impl Params,
        visit: &mut dyn FnMut(StoredEntry),
    ) -> Result<(), StoreFault> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(bind)?;
        let mut reader = EntryReader::new(self)?;
        while let Some(row) = rows.next()? {
            visit(reader.read(row)?);
        }
        Ok(())
    }

    fn read_places(&self, from: i64, count: usize) -> Result<Vec<Place>, StoreFault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT arrival, log, seq FROM entry WHERE arrival >= ?1 ORDER BY arrival LIMIT ?2",
        )?;
        let mut rows = statement.query(params![from, row_limit(count)])?;
        let mut places = Vec::new();
        while let Some(row) = rows.next()? {
            places.push(Place {
                arrival: unsigned(row.get(0)?)?,
                log: LogNumber(row.get(1)?),
                seq: unsigned(row.get(2)?)?,
            });
        }
        Ok(places)
    }

    fn read_logs(&self) -> Result<Vec<StoredLog>, StoreFault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT number, device, member, base_log, base_seq, head_seq, head, track, sum
             FROM log ORDER BY number",
        )?;
        let mut rows = statement.query([])?;
        let mut logs = Vec::new();
        while let Some(row) = rows.next()? {
            let identity = log_identity(row, 1)?;
            let seen = blob(row, 7)?;
            let (track, bytes) = read_track(seen)?;
            let log = StoredLog {
                number: LogNumber(row.get(0)?),
                device: identity.device,
                member: identity.member,
                base: identity.base,
                head_seq: unsigned(row.get(5)?)?,
                head: EntryId(bytes_32(blob(row, 6)?, "a head's name")?),
                bytes,
                track,
            };
            if log_sum(&log, seen) != row.get::<_, i64>(8)? {
                return Err(StoreFault::damaged(format!("log {}", log.number.0)));
            }
            logs.push(log);
        }
        Ok(logs)
    }

    fn read_documents_lacking_payloads(&self) -> Result<Vec<DocumentId>, StoreFault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id FROM document WHERE number IN
                 (SELECT document FROM entry INDEXED BY entry_lacking
                  WHERE payload IS NULL AND document IS NOT NULL)
             ORDER BY id",
        )?;
        let mut rows = statement.query([])?;
        let mut documents = Vec::new();
        while let Some(row) = rows.next()? {
            documents.push(DocumentId(bytes_32(blob(row, 0)?, "a document's name")?));
        }
        Ok(documents)
    }

    fn document_number(&self, document: DocumentId) -> Result<Option<i64>, StoreFault> {
        self.dictionary
            .borrow_mut()
            .document_number(&self.connection, document)
    }
}

impl Storage for Store {
    fn last_arrival(&self) -> Result<u64, StorageError> {
        Ok(self.arrival_last()?)
    }

    fn logs(&self) -> Result<Vec<StoredLog>, StorageError> {
        Ok(self.read_logs()?)
    }

    fn log_entries(
        &self,
        log: LogNumber,
        from_seq: u64,
        count: usize,
    ) -> Result<Vec<StoredEntry>, StorageError> {
        let Some(from_seq) = signed(from_seq) else {
            return Ok(Vec::new());
        };
        Ok(self.read_entries(
            select_entries!("WHERE log = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3"),
            params![log.0, from_seq, row_limit(count)],
        )?)
    }

    fn entries_by_arrival(
        &self,
        from: u64,
        count: usize,
    ) -> Result<Vec<StoredEntry>, StorageError> {
        let Some(from) = signed(from) else {
            return Ok(Vec::new());
        };
        Ok(self.read_entries(
            select_entries!("WHERE arrival >= ?1 ORDER BY arrival LIMIT ?2"),
            params![from, row_limit(count)],
        )?)
    }

    fn places_by_arrival(&self, from: u64, count: usize) -> Result<Vec<Place>, StorageError> {
        let Some(from) = signed(from) else {
            return Ok(Vec::new());
        };
        Ok(self.read_places(from, count)?)
    }

    fn entry(&self, id: &EntryId) -> Result<Option<StoredEntry>, StorageError> {
        let entries = self.read_entries(
            select_entries!("WHERE name = ?1 AND name_rest = ?2 ORDER BY arrival LIMIT 1"),
            params![prefix(&id.0), &id.0[8..]],
        )?;
        Ok(entries.into_iter().next())
    }

    fn entry_at(&self, log: LogNumber, seq: u64) -> Result<Option<EntryId>, StorageError> {
        Ok(name_at(&self.connection, log.0, seq)?)
    }

    fn each_document_entry(
        &self,
        document: DocumentId,
        visit: &mut dyn FnMut(StoredEntry),
    ) -> Result<(), StorageError> {
        let Some(number) = self.document_number(document)? else {
            return Ok(());
        };
        let by_arrival = select_entries!("WHERE document = ?1 ORDER BY arrival");
        Ok(self.each_entry(by_arrival, [number], visit)?)
    }

    fn documents_lacking_payloads(&self) -> Result<Vec<DocumentId>, StorageError> {
        Ok(self.read_documents_lacking_payloads()?)
    }

    fn statements(&self) -> Result<Vec<StoredEntry>, StorageError> {
        // Without the index the planner reads all entries, which are in that order already.
        Ok(self.read_entries(
            select_entries!("INDEXED BY entry_roster WHERE subject <= 1 ORDER BY arrival"),
            [],
        )?)
    }

    fn fork_proofs(&self) -> Result<Vec<ForkProof>, StorageError> {
        Ok(fork_proof::read(&self.connection)?)
    }

    fn receipts(&self) -> Result<Vec<StoredReceipt>, StorageError> {
        Ok(self.read_receipts()?)
    }

    fn receipt_cursors(&self) -> Result<Vec<(DeviceId, u64)>, StorageError> {
        Ok(self.read_receipt_cursors()?)
    }
}

/// Returns the store's space.
pub(super) fn space(connection: &Connection) -> Result<Option<SpaceId>, StoreFault> {
    connection
        .prepare_cached("SELECT value FROM property WHERE key = 'space'")?
        .query_row([], |row| row.get::<_, Vec<u8>>(0))
        .optional()?
        .map(|bytes| space_property(&bytes))
        .transpose()
}

/// Returns the name of the entry before a place, whether the log itself or a base holds it; none
/// at the beginning and where it is not stored.
pub(super) fn row_before(
    connection: &Connection,
    dictionary: &mut Dictionary,
    log: u32,
    seq: u64,
) -> Result<Option<EntryId>, StoreFault> {
    let Some(seq) = seq.checked_sub(1).filter(|seq| *seq > 0) else {
        return Ok(None);
    };
    let mut log = log;
    for _ in 0..BASE_STEPS_MAX {
        match dictionary.head(log) {
            Some((head, id)) if head == seq => return Ok(Some(id)),
            _ => {}
        }
        match dictionary.log(connection, log)?.and_then(|log| log.base) {
            Some(Base {
                log: base,
                seq: shared,
            }) if seq <= shared => log = base.0,
            _ => return name_at(connection, log, seq),
        }
    }
    Err(StoreFault::damaged(format!("log {log} has no first base")))
}

fn name_at(connection: &Connection, log: u32, seq: u64) -> Result<Option<EntryId>, StoreFault> {
    let Some(seq) = signed(seq) else {
        return Ok(None);
    };
    let mut statement = connection
        .prepare_cached("SELECT name, name_rest FROM entry WHERE log = ?1 AND seq = ?2")?;
    let mut rows = statement.query(params![log, seq])?;
    match rows.next()? {
        None => Ok(None),
        Some(row) => Ok(Some(EntryId(name(row.get(0)?, blob(row, 1)?)?))),
    }
}

fn name(first: i64, rest: &[u8]) -> Result<[u8; 32], StoreFault> {
    if rest.len() != 24 {
        return Err(StoreFault::damaged("an entry's name"));
    }
    let mut name = [0; 32];
    name[..8].copy_from_slice(&first.to_be_bytes());
    name[8..].copy_from_slice(rest);
    Ok(name)
}

/// Reads rows of entries, remembering what stands before the next row of each log.
pub(super) struct EntryReader<'s> {
    store: &'s Store,
    space: Option<SpaceId>,
    last: HashMap<u32, (u64, EntryId)>,
    log: Option<(u32, DeviceId, Option<MemberId>)>,
}

impl<'s> EntryReader<'s> {
    pub fn new(store: &'s Store) -> Result<Self, StoreFault> {
        Ok(Self {
            store,
            space: store.space()?,
            last: HashMap::new(),
            log: None,
        })
    }

    pub fn read(&mut self, row: &Row<'_>) -> Result<StoredEntry, StoreFault> {
        let connection = &self.store.connection;
        let dictionary = &mut *self.store.dictionary.borrow_mut();
        let arrival: i64 = row.get(0)?;
        let damaged = || StoreFault::damaged(format!("entry {arrival}"));
        let log: u32 = row.get(1)?;
        let seq = unsigned(row.get(2)?)?;
        let id = EntryId(name(row.get(3)?, blob(row, 4)?)?);
        let standpoint_number: Option<i64> = row.get(8)?;
        let optional = |column| row.get_ref(column)?.as_blob_or_null().map_err(wrong_type);
        let fields = blob(row, 10)?;
        let entered: Option<&[u8]> = optional(11)?;
        let signature: Option<&[u8]> = optional(12)?;
        let sum = row::entry_sum(&id, arrival, log, standpoint_number, signature, entered);
        if sum != row.get::<_, i64>(9)? {
            return Err(damaged());
        }
        let (device, member) = match self.log {
            Some((number, device, member)) if number == log => (device, member),
            _ => {
                let identity = dictionary.log(connection, log)?.ok_or_else(damaged)?;
                self.log = Some((log, identity.device, identity.member));
                (identity.device, identity.member)
            }
        };
        let document = match row.get::<_, Option<i64>>(7)? {
            None => None,
            Some(number) => Some(dictionary.document(connection, number)?),
        };
        let before = match self.last.get(&log) {
            Some((last, id)) if *last + 1 == seq => Some(*id),
            _ if row::needs_row_before(fields) => row_before(connection, dictionary, log, seq)?,
            _ => None,
        };
        let standpoint = dictionary.standpoint(connection, standpoint_number)?;
        let around = Surroundings {
            space: self.space.ok_or_else(damaged)?,
            device,
            member,
            seq,
            time_ms: row.get(5)?,
            id,
            subject: row.get(6)?,
            document,
            standpoint: &standpoint,
        };
        let signature = signature
            .map(|bytes| <[u8; 64]>::try_from(bytes).map(Signature))
            .transpose()
            .map_err(|_| damaged())?;
        let entry = row::read_entry(&around, fields, before, optional(13)?, signature)
            .map_err(|_| damaged())?;
        self.last.insert(log, (seq, id));
        Ok(StoredEntry {
            log: LogNumber(log),
            arrival: unsigned(arrival)?,
            entered: row::read_entered(entered, standpoint).map_err(|_| damaged())?,
            entry,
        })
    }
}
