//! Reading: a document is built from storage, judged as it is built, and held by nobody
//! (rule R14).

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{
    Body, Document, DocumentEntry, Status, Touch, Verdict as EntryVerdict, needed,
};
use crate::entry::{Payload, Subject};
use crate::frontier::Head;
use crate::id::{DeviceId, DocumentId, EntryId, MemberId};
use crate::kind;
use crate::limits::{DEPS_MAX, MEMBER_SHARE_BYTES_MAX, SHARE_BYTES_MAX};
use crate::logs::Logs;
use crate::roster::{Chains, Closing, DocumentAuthor, Reason, Verdict, is_roster_entry};
use crate::statement::Tip;
use crate::storage::{LogNumber, Storage, StorageError, StoredEntry};
use crate::switches::Rule;

use super::Replica;
use super::share::Shares;

/// Who wrote an entry, and when by its own account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Author {
    /// The device.
    pub device: DeviceId,
    /// The member; none for a relay, whose entries never count.
    pub member: Option<MemberId>,
    /// Claimed time, milliseconds since 1970.
    pub time_ms: i64,
}

/// A document as it stands here.
#[derive(Debug)]
pub struct ReadDocument {
    /// What the counting entries amount to.
    pub document: Document,
    /// Code of its kind.
    pub kind: u16,
    /// Who created it.
    pub creator: Author,
    /// The place of its creation in the log of its creator's device.
    pub created_seq: u64,
    /// Authors of all its entries.
    pub authors: BTreeMap<EntryId, Author>,
    /// Claimed time of its newest counting entry.
    pub updated_ms: i64,
    /// Entries that do not count and are not part of the document, since nothing depends on them.
    pub left_out: BTreeSet<EntryId>,
    /// Order of arrival here of the newest counting entry that each member wrote.
    pub heard: BTreeMap<MemberId, u64>,
    /// Members whose devices have together written as much as one may into one document: what they
    /// write next might not count.
    pub full: BTreeSet<MemberId>,
    /// Entries that are named and not held, or held without what they say, or statements without
    /// which entries cannot be judged.
    pub missing: BTreeSet<EntryId>,
    /// Whether its creation counts: if not, the document is not shown.
    pub counts: bool,
    /// Whether it was retired: nothing it said is shown, wherever its payloads are dropped already.
    pub erased: bool,
    /// Whether it holds what this version cannot read.
    pub unreadable: bool,
}

impl ReadDocument {
    /// Returns the last entry that a device wrote in the document: what its next entry there must
    /// have in its past.
    pub fn last_of(&self, device: &DeviceId) -> Option<EntryId> {
        let of = self
            .document
            .entries()
            .filter(|info| info.device == *device);
        of.last().map(|info| info.id)
    }

    /// Returns the member that wrote an entry.
    pub fn owner_of(&self, entry: EntryId) -> Option<MemberId> {
        self.authors.get(&entry)?.member
    }
}

impl Replica {
    /// Builds a document from what storage holds; `None` while its creation is not held.
    ///
    /// # Errors
    ///
    /// [`StorageError`] when the storage cannot be read.
    pub fn read_document<S: Storage>(
        &mut self,
        storage: &S,
        id: DocumentId,
    ) -> Result<Option<ReadDocument>, StorageError> {
        let mut read = Rows::of(storage, id)?;
        let rows = &read.rows;
        let creation = rows.iter().find(|row| row.entry.id == EntryId::from(id));
        let Some((creation, Subject::Creation { kind })) =
            creation.map(|row| (row, row.entry.header.subject))
        else {
            self.note_wanted([id.into()].into_iter().filter(|_| !rows.is_empty()));
            return Ok(None);
        };
        let creator = author_of(creation);
        let created_seq = creation.entry.header.seq;
        // Payloads are dropped at different times in different places; the retirement holds for all
        // at once.
        let erased = !self.roster.retirements(&id, creator.member).is_empty();
        let mut sorted = self.sort(storage, id, creator.member, rows)?;
        self.note_wanted(sorted.missing.iter().copied());
        let standing = rows.iter().filter(|row| sorted.stands(&row.entry.id));
        let shares = Shares::of(standing);
        sorted.excluded.extend(shares.beyond);
        read.complete(storage, id, &sorted.excluded)?;
        let Rows { rows, beyond, .. } = read;
        let lacking = rows.iter().filter(|row| row.entry.payload.is_none());
        for row in lacking.filter(|row| !beyond.contains(&row.entry.id)) {
            if erased {
                self.lacking.remove(&row.entry.id);
            } else {
                self.note_lacking(&row.entry);
                sorted.missing.insert(row.entry.id);
            }
        }
        let entries = entries_of(&self.logs, &rows, &sorted, erased);
        let built = self.assemble(
            storage,
            (id, kind),
            creator,
            &rows,
            entries,
            &sorted.excluded,
        )?;
        let mut missing = sorted.missing;
        missing.extend(built.held_back.wanted.iter().copied());
        self.note_wanted(built.held_back.wanted.iter().copied());
        let document = built.document;
        let status = |id: &EntryId| document.entry(id).map(|info| info.status);
        let updated_ms = document
            .entries()
            .filter(|info| info.status == Status::Counts)
            .map(|info| info.time_ms)
            .max()
            .unwrap_or(creator.time_ms);
        let counts = matches!(
            status(&id.into()),
            Some(Status::Counts | Status::Unreadable)
        );
        let unreadable = document
            .entries()
            .any(|info| info.status == Status::Unreadable);
        let mut left_out = sorted.excluded;
        left_out.retain(|entry| !document.holds(entry));
        let mut heard = BTreeMap::new();
        for row in &rows {
            if let (Some(Status::Counts), Some(member)) =
                (status(&row.entry.id), row.entry.header.member)
            {
                heard.insert(member, row.arrival);
            }
        }
        Ok(Some(ReadDocument {
            left_out,
            heard,
            full: shares.full,
            kind,
            creator,
            created_seq,
            authors: rows
                .iter()
                .map(|row| (row.entry.id, author_of(row)))
                .collect(),
            updated_ms,
            missing,
            counts,
            erased,
            unreadable,
            document,
        }))
    }

    /// Judges who wrote each entry, before anything is built.
    fn sort<S: Storage>(
        &mut self,
        storage: &S,
        id: DocumentId,
        creator: Option<MemberId>,
        rows: &[StoredEntry],
    ) -> Result<Sorted, StorageError> {
        let closings = self.roster.closings(&id, creator);
        let mut sorted = Sorted::default();
        for row in rows {
            let verdict = self.judge_author(storage, row, &closings)?;
            match verdict {
                Verdict::Counts => {}
                Verdict::Excluded(_) => {
                    sorted.excluded.insert(row.entry.id);
                }
                Verdict::Pending(missing) => {
                    sorted.pending.insert(row.entry.id);
                    sorted.missing.extend(missing);
                }
            }
        }
        Ok(sorted)
    }

    /// Judges who wrote one entry: the roster's verdict, then the document's closings.
    fn judge_author<S: Storage>(
        &mut self,
        storage: &S,
        row: &StoredEntry,
        closings: &[Closing],
    ) -> Result<Verdict, StorageError> {
        if self.is_unheard(row) {
            return Ok(Verdict::Excluded(Reason::Forked));
        }
        let header = &row.entry.header;
        let chains = HeldChains::of(&self.logs, storage, row.log);
        let track = self.logs.log(row.log).map(|log| &log.track);
        let author = DocumentAuthor {
            device: header.device,
            member: header.member,
            seq: header.seq,
            id: row.entry.id,
            standpoint: &row.entered.standpoint,
            forked_at: self.shown_fork(&header.device),
            retreated_at: track.and_then(crate::roster::Track::retreated_at),
        };
        let mut verdict = self.roster.verdict(&author, &chains);
        if verdict == Verdict::Counts
            && !closings.is_empty()
            && let Some(tip) = self.roster.closing_tip(closings, &header.device)
        {
            verdict = match tip {
                Some(tip) if header.seq <= tip.seq => {
                    match chains.on_chain(header.device, header.seq, row.entry.id, &tip) {
                        Some(true) => Verdict::Counts,
                        Some(false) => Verdict::Excluded(Reason::NoRight),
                        None => Verdict::Pending(vec![tip.entry]),
                    }
                }
                _ => Verdict::Excluded(Reason::NoRight),
            };
        }
        if let Some(error) = chains.failed.into_inner() {
            return Err(error);
        }
        // What is held and is no statement will never be one.
        if matches!(verdict, Verdict::Pending(_)) {
            for id in &row.entered.standpoint {
                let named = storage.entry(id)?;
                if named.is_some_and(|named| !is_roster_entry(&named.entry.header)) {
                    verdict = Verdict::Excluded(Reason::SeenNoStatement);
                }
            }
        }
        Ok(verdict)
    }

    /// Builds the document, asking the kind's policy about every entry.
    fn assemble<S: Storage>(
        &self,
        storage: &S,
        (id, kind): (DocumentId, u16),
        creator: Author,
        rows: &[StoredEntry],
        entries: Vec<DocumentEntry>,
        excluded: &BTreeSet<EntryId>,
    ) -> Result<crate::document::Built, StorageError> {
        let by_id: BTreeMap<EntryId, &StoredEntry> =
            rows.iter().map(|row| (row.entry.id, row)).collect();
        let owner = |entry: EntryId| by_id.get(&entry).and_then(|row| row.entry.header.member);
        let policy = self.switches.holds(Rule::R5);
        let entries = self.without_rules(rows, entries, excluded);
        let mut failed = None;
        let built = Document::build(id, entries, excluded, |_, entry, touches: &[Touch<'_>]| {
            let (Some(row), Some(creator)) = (by_id.get(&entry.id), creator.member) else {
                return EntryVerdict::Excluded;
            };
            let Some(member) = row.entry.header.member else {
                return EntryVerdict::Excluded;
            };
            if !policy {
                return EntryVerdict::Counts;
            }
            let device = row.entry.header.device;
            let author = DocumentAuthor {
                device,
                member: Some(member),
                seq: row.entry.header.seq,
                id: row.entry.id,
                standpoint: &row.entered.standpoint,
                forked_at: self.shown_fork(&device),
                // Whether the entry counts at all was judged before.
                retreated_at: None,
            };
            let chains = HeldChains::of(&self.logs, storage, row.log);
            let standing = self.roster.standing_of(&author, &chains);
            failed = failed.take().or(chains.failed.into_inner());
            let author = kind::Editor {
                member,
                standing: standing.as_ref(),
                time_ms: row.entry.header.time_ms,
                creates: entry.id == EntryId::from(id),
            };
            match kind::judge(&self.kinds, kind, creator, &author, touches, owner) {
                Ok(()) => EntryVerdict::Counts,
                Err(_) => EntryVerdict::Excluded,
            }
        });
        match failed {
            Some(error) => Err(error),
            None => Ok(built),
        }
    }
}

impl Replica {
    /// What rules R4 and R10 refute, for the simulator's own test: a past that is whatever arrived
    /// before, and excluded entries left out of the build.
    fn without_rules(
        &self,
        rows: &[StoredEntry],
        mut entries: Vec<DocumentEntry>,
        excluded: &BTreeSet<EntryId>,
    ) -> Vec<DocumentEntry> {
        if !self.switches.holds(Rule::R10) {
            entries.retain(|entry| !excluded.contains(&entry.id));
        }
        if !self.switches.holds(Rule::R4) {
            for entry in entries.iter_mut().filter(|entry| !entry.deps.is_empty()) {
                let rows = rows.iter().map(|row| row.entry.id);
                let before: BTreeSet<EntryId> = rows.take_while(|id| *id != entry.id).collect();
                entry.deps.extend(before.into_iter().take(DEPS_MAX - 1));
                entry.deps.sort_unstable();
                entry.deps.dedup();
                entry.deps.truncate(DEPS_MAX);
            }
        }
        entries
    }
}

/// A document's entries as they are read. A member may have filled its whole budget with one
/// document, so what has no effect there is not held.
#[derive(Default)]
struct Rows {
    rows: Vec<StoredEntry>,
    /// Entries that have no effect, for what their own log or their member wrote in the document
    /// beside them. They are held without what they say.
    beyond: BTreeSet<EntryId>,
    /// Entries that may have no effect: their member's logs wrote too much together.
    passed_over: BTreeSet<EntryId>,
}

impl Rows {
    fn of<S: Storage>(storage: &S, document: DocumentId) -> Result<Self, StorageError> {
        let mut read = Self::default();
        let mut by_log: BTreeMap<LogNumber, u64> = BTreeMap::new();
        let mut by_member: BTreeMap<Option<MemberId>, u64> = BTreeMap::new();
        storage.each_document_entry(document, &mut |mut row| {
            let entry = &mut row.entry;
            let bytes = entry.header.entry_bytes() as u64;
            let of_log = by_log.entry(row.log).or_default();
            *of_log += bytes;
            if *of_log > SHARE_BYTES_MAX {
                entry.payload = None;
                read.beyond.insert(entry.id);
            } else {
                let of_member = by_member.entry(entry.header.member).or_default();
                *of_member += bytes;
                if *of_member > MEMBER_SHARE_BYTES_MAX {
                    entry.payload = None;
                    read.passed_over.insert(entry.id);
                }
            }
            read.rows.push(row);
        })?;
        Ok(read)
    }

    /// Reads what was passed over and has an effect: which of a member's logs count is known when
    /// the headers of all are.
    fn complete<S: Storage>(
        &mut self,
        storage: &S,
        document: DocumentId,
        excluded: &BTreeSet<EntryId>,
    ) -> Result<(), StorageError> {
        if self.passed_over.is_empty() {
            return Ok(());
        }
        let entries = self.rows.iter().map(|row| &row.entry);
        let entries = entries.map(|entry| (entry.id, &*entry.header.deps));
        let needed = needed(entries, excluded);
        let passed_over = std::mem::take(&mut self.passed_over);
        let (wanted, beyond): (BTreeSet<_>, BTreeSet<_>) = passed_over
            .into_iter()
            .partition(|entry| needed.contains(entry));
        self.beyond.extend(beyond);
        let mut found = BTreeMap::new();
        storage.each_document_entry(document, &mut |row| {
            if wanted.contains(&row.entry.id) {
                found.insert(row.entry.id, row.entry.payload);
            }
        })?;
        for row in &mut self.rows {
            if let Some(payload) = found.remove(&row.entry.id) {
                row.entry.payload = payload;
            }
        }
        Ok(())
    }
}

#[derive(Default)]
struct Sorted {
    excluded: BTreeSet<EntryId>,
    pending: BTreeSet<EntryId>,
    missing: BTreeSet<EntryId>,
}

impl Sorted {
    fn stands(&self, entry: &EntryId) -> bool {
        !self.excluded.contains(entry) && !self.pending.contains(entry)
    }
}

fn author_of(row: &StoredEntry) -> Author {
    Author {
        device: row.entry.header.device,
        member: row.entry.header.member,
        time_ms: row.entry.header.time_ms,
    }
}

/// Makes a document's entries, those that cannot be judged yet left out with what follows them.
/// What an erased document said is not read even where it is held.
fn entries_of(
    logs: &Logs,
    rows: &[StoredEntry],
    sorted: &Sorted,
    erased: bool,
) -> Vec<DocumentEntry> {
    let mut places: BTreeMap<LogNumber, BTreeMap<u64, EntryId>> = BTreeMap::new();
    for row in rows {
        places
            .entry(row.log)
            .or_default()
            .insert(row.entry.header.seq, row.entry.id);
    }
    let previous = |log: LogNumber, seq: u64| {
        logs.way((log, seq.saturating_sub(1)))
            .into_iter()
            .rev()
            .find_map(|(log, first, last)| {
                let places = places.get(&log)?;
                places.range(first..=last).next_back().map(|(_, id)| *id)
            })
    };
    rows.iter()
        .filter(|row| !sorted.pending.contains(&row.entry.id))
        .map(|row| {
            let header = &row.entry.header;
            let payload = row.entry.payload.as_ref().filter(|_| !erased);
            let intents = payload.and_then(|bytes| match header.read_payload(bytes) {
                Ok(Payload::Intents(intents)) => Some(intents),
                _ => None,
            });
            DocumentEntry {
                id: row.entry.id,
                device: header.device,
                previous: previous(row.log, header.seq),
                deps: header.deps.clone(),
                time_ms: header.time_ms,
                atoms: header.atoms,
                bytes: u32::try_from(header.entry_bytes()).unwrap_or(u32::MAX),
                body: intents.map_or(Body::Unreadable, Body::Intents),
            }
        })
        .collect()
}

/// What the roster may ask about chains of logs.
struct HeldChains<'a, S> {
    logs: &'a Logs,
    storage: &'a S,
    log: LogNumber,
    failed: std::cell::RefCell<Option<StorageError>>,
}

impl<'a, S> HeldChains<'a, S> {
    fn of(logs: &'a Logs, storage: &'a S, log: LogNumber) -> Self {
        Self {
            logs,
            storage,
            log,
            failed: std::cell::RefCell::new(None),
        }
    }
}

impl<S: Storage> Chains for HeldChains<'_, S> {
    fn on_chain(&self, device: DeviceId, seq: u64, _: EntryId, tip: &Tip) -> Option<bool> {
        let head = Head {
            seq: tip.seq,
            entry: tip.entry,
        };
        match self.logs.locate(self.storage, &device, head) {
            Ok(place) => Some(self.logs.is_on_way((self.log, seq), place?)),
            Err(error) => {
                self.failed.replace(Some(error));
                None
            }
        }
    }
}
