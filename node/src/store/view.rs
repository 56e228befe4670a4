//! The read model: one row for each document that is shown, the marks of those that must be
//! projected again, and the digest over all of them.
//!
//! What a row says is decided where documents are projected; all of it can be thrown away and
//! rebuilt.

use std::collections::{BTreeMap, BTreeSet};

use protocol::id::{DeviceId, DocumentId, MemberId};
use protocol::key;
use protocol::kind::Hiding;
use protocol::projection::Concern;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::dictionary::{Dictionary, blob, wrong_type};
use super::fault::StoreFault;
use super::{Store, bytes_32, concern, hiding, reading, row_limit, search, tokens};

/// The columns of a view, in the order in which [`read_view`] expects them.
pub(super) const COLUMNS: &str = "view.id, view.kind, view.created_ms, view.updated_ms, \
    view.until_ms, view.author, view.about, view.building, view.category, view.state, \
    view.hidden, view.title, view.digest, view.json, view.active_ms, view.mine, view.unread";

/// A document as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewRow {
    /// The document.
    pub document: DocumentId,
    /// Code of its kind.
    pub kind: u16,
    /// Claimed time of its creation, milliseconds since 1970.
    pub created_ms: i64,
    /// Claimed time of its last change, milliseconds since 1970.
    pub updated_ms: i64,
    /// Until when lists of what is alive show it, milliseconds since 1970; none for ever.
    pub until_ms: Option<i64>,
    /// The member that created it.
    pub author: Option<MemberId>,
    /// The document that it is about, for a comment.
    pub about: Option<DocumentId>,
    /// The building that it belongs to or is meant for.
    pub building: Option<String>,
    /// Its category.
    pub category: Option<String>,
    /// Its state, as far as no clock decides it.
    pub state: String,
    /// Whether lists leave it out unless they ask for it.
    pub hidden: bool,
    /// Whether an act of moderation takes it out of view; worked out by the store, whatever is put.
    pub moderated: bool,
    /// Whether the own household blocks its author; worked out by the store, whatever is put.
    pub blocked: bool,
    /// Its title.
    pub title: String,
    /// Hash of what is shown of it.
    pub digest: [u8; 32],
    /// The API's rendering.
    pub json: String,
    /// When it or a comment about it changed last, as far as the clock here allows; worked out by
    /// the store, whatever is put.
    pub active_ms: i64,
    /// Whether the own household wrote in it; taken from the concern, whatever is put.
    pub mine: bool,
    /// Whether others wrote in it or about it since it was read; worked out by the store, whatever
    /// is put.
    pub unread: bool,
}

/// A view to be stored, with what is not read back with it.
#[derive(Clone, Debug)]
pub struct Projection {
    /// The view.
    pub row: ViewRow,
    /// The text by which it is found.
    pub text: String,
    /// When it changed last, milliseconds since 1970, not ahead of the clock here.
    pub changed_ms: i64,
    /// What it is to the own household.
    pub concern: Concern,
    /// Whether moderation and blocks may take it out of view.
    pub hideable: bool,
    /// The device in whose log it was created, and the place there.
    pub place: (DeviceId, u64),
    /// What it takes out of view itself.
    pub hides: Option<Hiding>,
}

impl From<(ViewRow, String)> for Projection {
    /// A view that concerns nobody in particular.
    fn from((row, text): (ViewRow, String)) -> Self {
        Self {
            changed_ms: row.updated_ms,
            concern: Concern::default(),
            hideable: true,
            place: (DeviceId::default(), 1),
            hides: None,
            row,
            text,
        }
    }
}

/// A document to project again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dirty {
    /// The document.
    pub document: DocumentId,
    /// Which change marked it; a later change has a greater mark.
    mark: i64,
}

/// Digests of the 256 buckets of views, as far as they are known.
#[derive(Debug)]
pub(super) struct Buckets([Option<[u8; 32]>; 256]);

impl Default for Buckets {
    fn default() -> Self {
        Self([None; 256])
    }
}

impl Store {
    /// Marks documents to be projected again, for changes that no commit made: a verdict, an
    /// upgrade.
    ///
    /// # Errors
    ///
    /// [`StoreFault`]; the same holds for every method here.
    pub fn mark_dirty(
        &mut self,
        documents: impl IntoIterator<Item = DocumentId>,
    ) -> Result<(), StoreFault> {
        self.write(|transaction, dictionary, mark| {
            mark_dirty(transaction, dictionary, mark, documents)
        })
    }

    /// Returns documents to project again, those marked first first, at most `limit`.
    pub fn dirty(&self, limit: usize) -> Result<Vec<Dirty>, StoreFault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT dirty.mark, document.id FROM dirty
             JOIN document ON document.number = dirty.document ORDER BY mark LIMIT ?1",
        )?;
        let mut rows = statement.query([row_limit(limit)])?;
        let mut dirty = Vec::new();
        while let Some(row) = rows.next()? {
            dirty.push(Dirty {
                mark: row.get(0)?,
                document: DocumentId(bytes_32(blob(row, 1)?, "a document's name")?),
            });
        }
        Ok(dirty)
    }

    /// Returns those of some documents that are to be projected again.
    pub fn dirty_among(
        &self,
        documents: impl IntoIterator<Item = DocumentId>,
    ) -> Result<Vec<Dirty>, StoreFault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT dirty.mark FROM document
             JOIN dirty ON dirty.document = document.number WHERE document.id = ?1",
        )?;
        let mut dirty = Vec::new();
        for document in documents {
            let mark = statement
                .query_row([document.0.as_slice()], |row| row.get(0))
                .optional()?;
            dirty.extend(mark.map(|mark| Dirty { document, mark }));
        }
        Ok(dirty)
    }

    /// Returns how many documents are to be projected again.
    pub fn dirty_total(&self) -> Result<u64, StoreFault> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT count(*) FROM dirty")?;
        let total: i64 = statement.query_row([], |row| row.get(0))?;
        Ok(u64::try_from(total).unwrap_or(0))
    }

    /// Stores projected views in one transaction.
    ///
    /// Documents in `done` are no longer dirty, unless they were marked again since; those of
    /// them that have no row in `put` are no longer shown. Returns other documents that are out of
    /// view by this, or in view again.
    pub fn put_views(
        &mut self,
        put: &[Projection],
        done: &[Dirty],
    ) -> Result<Vec<DocumentId>, StoreFault> {
        let buckets = self.buckets.get_mut();
        let shown: BTreeSet<DocumentId> = put.iter().map(|put| put.row.document).collect();
        let touched = put.iter().map(|put| put.row.document);
        for document in touched.chain(done.iter().map(|dirty| dirty.document)) {
            buckets.0[usize::from(document.0[0])] = None;
        }
        let settled = self.derive(|transaction, dictionary, _| {
            let mut stirred = BTreeSet::new();
            let mut settled = Vec::new();
            for put in put {
                let number = dictionary.intern_document(transaction, put.row.document)?;
                write_view(transaction, number, put)?;
                concern::write_waits(transaction, number, &put.concern.waits)?;
                settled.extend(hiding::write(transaction, number, put.hides.as_ref())?);
                stirred.insert(put.row.document);
                stirred.extend(put.row.about);
            }
            for dirty in done {
                let number = dictionary.intern_document(transaction, dirty.document)?;
                transaction
                    .prepare_cached("DELETE FROM dirty WHERE document = ?1 AND mark = ?2")?
                    .execute(params![number, dirty.mark])?;
                if !shown.contains(&dirty.document) {
                    stirred.extend(remove_view(transaction, number)?);
                    settled.extend(hiding::write(transaction, number, None)?);
                }
            }
            hiding::settle(transaction, stirred.iter().chain(&settled))?;
            stirred.extend(reading::about(transaction, &settled)?);
            concern::stir(transaction, stirred)?;
            Ok::<_, StoreFault>(settled)
        })?;
        let buckets = self.buckets.get_mut();
        for document in &settled {
            buckets.0[usize::from(document.0[0])] = None;
        }
        Ok(settled)
    }

    /// Returns one document's view.
    pub fn view(&self, document: DocumentId) -> Result<Option<ViewRow>, StoreFault> {
        let sql = format!("SELECT {COLUMNS} FROM view WHERE id = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([document.0.as_slice()])?;
        rows.next()?.map(read_view).transpose()
    }

    /// Throws all views away and marks every stored document dirty.
    pub fn clear_views(&mut self) -> Result<(), StoreFault> {
        *self.buckets.get_mut() = Buckets::default();
        self.write(|transaction, _, mark| clear_views(transaction, mark))
    }

    /// Throws all views away when they were made by another version of the projection, and
    /// remembers the version. Returns whether they were.
    pub fn require_projection(&mut self, version: u32) -> Result<bool, StoreFault> {
        let stored: Option<Vec<u8>> = self
            .connection
            .prepare_cached("SELECT value FROM property WHERE key = 'projection'")?
            .query_row([], |row| row.get(0))
            .optional()?;
        if stored.as_deref() == Some(version.to_be_bytes().as_slice()) {
            return Ok(false);
        }
        *self.buckets.get_mut() = Buckets::default();
        self.write(|transaction, _, mark| {
            clear_views(transaction, mark)?;
            transaction
                .prepare_cached(
                    "INSERT OR REPLACE INTO property (key, value) VALUES ('projection', ?1)",
                )?
                .execute([version.to_be_bytes().as_slice()])?;
            Ok::<_, StoreFault>(())
        })?;
        Ok(true)
    }

    /// Returns the names and digests of all views, by name.
    pub fn view_digests(&self) -> Result<Vec<(DocumentId, [u8; 32])>, StoreFault> {
        read_digests(&self.connection, &[0; 32], &[0xff; 32])
    }

    /// Returns the digest over all views, as [`view_digest_of`] defines it. Only the buckets that
    /// changed since the last call are read.
    pub fn view_digest(&self) -> Result<[u8; 32], StoreFault> {
        let mut buckets = self.buckets.borrow_mut();
        for (first, bucket) in (0..=u8::MAX).zip(&mut buckets.0) {
            if bucket.is_none() {
                let mut range = ([0; 32], [0xff; 32]);
                range.0[0] = first;
                range.1[0] = first;
                let rows = read_digests(&self.connection, &range.0, &range.1)?;
                *bucket = Some(bucket_digest(rows));
            }
        }
        let known = buckets.0.iter().flatten();
        Ok(buckets_digest(known))
    }
}

/// Returns the digest over views: BLAKE3 over 256 buckets, one for each first byte of a document's
/// name, each of them BLAKE3 over its rows of name and digest, ascending.
pub fn view_digest_of(rows: &BTreeMap<DocumentId, [u8; 32]>) -> [u8; 32] {
    let mut buckets: Vec<Vec<(DocumentId, [u8; 32])>> = vec![Vec::new(); 256];
    for (document, digest) in rows {
        buckets[usize::from(document.0[0])].push((*document, *digest));
    }
    let buckets: Vec<[u8; 32]> = buckets.into_iter().map(bucket_digest).collect();
    buckets_digest(&buckets)
}

/// Marks documents dirty inside a transaction.
pub(super) fn mark_dirty(
    connection: &Connection,
    dictionary: &mut Dictionary,
    mark: &mut i64,
    documents: impl IntoIterator<Item = DocumentId>,
) -> Result<(), StoreFault> {
    let mut insert = connection
        .prepare_cached("INSERT OR REPLACE INTO dirty (mark, document) VALUES (?1, ?2)")?;
    for document in documents {
        let number = dictionary.intern_document(connection, document)?;
        *mark += 1;
        insert.execute([*mark, number])?;
    }
    Ok(())
}

/// Reads a view from the columns [`COLUMNS`].
pub(super) fn read_view(row: &Row<'_>) -> Result<ViewRow, StoreFault> {
    let hidden: i64 = row.get(10)?;
    let optional_id = |column, what| -> Result<Option<[u8; 32]>, StoreFault> {
        row.get_ref(column)?
            .as_blob_or_null()
            .map_err(wrong_type)?
            .map(|bytes| bytes_32(bytes, what))
            .transpose()
    };
    Ok(ViewRow {
        document: DocumentId(bytes_32(blob(row, 0)?, "a document's name")?),
        kind: row.get(1)?,
        created_ms: row.get(2)?,
        updated_ms: row.get(3)?,
        until_ms: row.get(4)?,
        author: optional_id(5, "a member's name")?.map(MemberId),
        about: optional_id(6, "a document's name")?.map(DocumentId),
        building: row.get(7)?,
        category: row.get(8)?,
        state: row.get(9)?,
        hidden: hidden & hiding::ASIDE != 0,
        moderated: hidden & hiding::MODERATED != 0,
        blocked: hidden & hiding::BLOCKED != 0,
        title: row.get(11)?,
        digest: bytes_32(blob(row, 12)?, "a view's digest")?,
        json: row.get(13)?,
        active_ms: row.get(14)?,
        mine: row.get(15)?,
        unread: row.get(16)?,
    })
}

fn write_view(connection: &Connection, number: i64, put: &Projection) -> Result<(), StoreFault> {
    let row = &put.row;
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO view (document, id, kind, created_ms, updated_ms, until_ms,
                 author, about, building, category, state, hidden, title, digest, json, heard,
                 changed_ms, mine, hideable, device, seq)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                 ?18, ?19, ?20, ?21)",
        )?
        .execute(params![
            number,
            row.document.0,
            row.kind,
            row.created_ms,
            row.updated_ms,
            row.until_ms,
            row.author.map(|author| author.0),
            row.about.map(|about| about.0),
            row.building,
            row.category,
            row.state,
            row.hidden,
            row.title,
            row.digest,
            row.json,
            i64::try_from(put.concern.heard).unwrap_or(i64::MAX),
            put.changed_ms,
            put.concern.mine,
            put.hideable,
            put.place.0.0,
            i64::try_from(put.place.1).unwrap_or(i64::MAX)
        ])?;
    if row.title.is_empty() && put.text.is_empty() {
        // What was erased shall not be found by what it said.
        return search::forget(connection, number);
    }
    connection
        .prepare_cached("INSERT OR REPLACE INTO unindexed (document, tokens) VALUES (?1, ?2)")?
        .execute(params![number, tokens::searchable(&row.title, &put.text)])?;
    Ok(())
}

/// Removes a view. Returns the document that it was about.
fn remove_view(connection: &Connection, number: i64) -> Result<Option<DocumentId>, StoreFault> {
    let about = connection
        .prepare_cached("SELECT about FROM view WHERE document = ?1")?
        .query_row([number], |row| row.get::<_, Option<Vec<u8>>>(0))
        .optional()?
        .flatten();
    let about = about
        .map(|about| bytes_32(&about, "a document's name"))
        .transpose()?;
    concern::write_waits(connection, number, &[])?;
    connection
        .prepare_cached("DELETE FROM view WHERE document = ?1")?
        .execute([number])?;
    search::forget(connection, number)?;
    Ok(about.map(DocumentId))
}

fn clear_views(connection: &Connection, mark: &mut i64) -> Result<(), StoreFault> {
    connection.execute("DELETE FROM view", [])?;
    connection.execute("DELETE FROM waiting", [])?;
    connection.execute("DELETE FROM hiding", [])?;
    connection.execute("DELETE FROM spared", [])?;
    connection.execute("DELETE FROM unindexed", [])?;
    connection.execute("INSERT INTO search (search) VALUES ('delete-all')", [])?;
    connection.execute("DELETE FROM dirty", [])?;
    let marked = connection.execute(
        "INSERT INTO dirty (mark, document)
         SELECT ?1 + row_number() OVER (ORDER BY document), document FROM (
             SELECT DISTINCT document FROM entry WHERE document IS NOT NULL)",
        [*mark],
    )?;
    *mark += i64::try_from(marked).unwrap_or(i64::MAX);
    Ok(())
}

fn read_digests(
    connection: &Connection,
    from: &[u8; 32],
    to: &[u8; 32],
) -> Result<Vec<(DocumentId, [u8; 32])>, StoreFault> {
    let mut statement = connection.prepare_cached(
        "SELECT id, digest, hidden FROM view WHERE id >= ?1 AND id <= ?2 ORDER BY id",
    )?;
    let mut rows = statement.query(params![from, to])?;
    let mut digests = Vec::new();
    while let Some(row) = rows.next()? {
        let digest = bytes_32(blob(row, 1)?, "a view's digest")?;
        let moderated = row.get::<_, i64>(2)? & hiding::MODERATED != 0;
        digests.push((
            DocumentId(bytes_32(blob(row, 0)?, "a document's name")?),
            match moderated {
                true => key::hash(b"linli view hid 1", &[&digest]),
                false => digest,
            },
        ));
    }
    Ok(digests)
}

fn bucket_digest(rows: Vec<(DocumentId, [u8; 32])>) -> [u8; 32] {
    let bytes: Vec<u8> = rows
        .into_iter()
        .flat_map(|(document, digest)| document.0.into_iter().chain(digest))
        .collect();
    key::hash(b"linli view bckt1", &[&bytes])
}

fn buckets_digest<'a>(buckets: impl IntoIterator<Item = &'a [u8; 32]>) -> [u8; 32] {
    let bytes: Vec<u8> = buckets.into_iter().flatten().copied().collect();
    key::hash(b"linli view all 1", &[&bytes])
}
