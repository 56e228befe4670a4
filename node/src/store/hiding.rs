//! What is left out of view: by acts of moderation, which hold for everybody alike, and by the own
//! household's list of those it blocks, which never leaves this node.
//!
//! Whether an act stands is decided where it is projected. Whatever order acts and documents come
//! in, each of them is settled anew when either changes.

use std::collections::BTreeSet;

use protocol::id::{DocumentId, MemberId};
use protocol::kind::Hiding;
use rusqlite::{Connection, OptionalExtension, params};

use super::dictionary::blob;
use super::fault::StoreFault;
use super::{Store, bytes_32, concern, reading};

/// Bits of the column `hidden`; 0 is in view.
pub(super) const ASIDE: i64 = 1;
pub(super) const MODERATED: i64 = 2;
pub(super) const BLOCKED: i64 = 4;

/// Whether the act of a row of `hiding` covers a row of `view`: [`Hiding::covers`].
const COVERS: &str = "view.hideable AND hiding.member = view.author AND (hiding.about = view.id
    OR hiding.about IS NULL AND view.seq > coalesce(
        (SELECT spared.seq FROM spared
         WHERE spared.document = hiding.document AND spared.device = view.device), 0))";

impl Store {
    /// Returns the acts of moderation that take a document out of view, those about it before
    /// mutes.
    ///
    /// # Errors
    ///
    /// [`StoreFault`]; the same holds for every method here.
    pub fn hidden_by(&self, document: DocumentId) -> Result<Vec<DocumentId>, StoreFault> {
        let sql = format!(
            "SELECT document.id FROM view
             JOIN hiding ON hiding.member = view.author
             JOIN document ON document.number = hiding.document
             WHERE view.id = ?1 AND {COVERS} ORDER BY hiding.about IS NULL, document.id"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        documents(&mut statement, params![document.0])
    }

    /// Blocks a member, or no longer does. Returns whether that changed anything.
    pub fn put_blocked(&mut self, member: MemberId, blocked: bool) -> Result<bool, StoreFault> {
        self.write(|transaction, _, _| {
            let sql = match blocked {
                true => "INSERT OR IGNORE INTO blocked (member) VALUES (?1)",
                false => "DELETE FROM blocked WHERE member = ?1",
            };
            let changed = transaction.prepare_cached(sql)?.execute([member.0])? > 0;
            let written = written_by(transaction, &member)?;
            settle(transaction, &written)?;
            let stirred = reading::about(transaction, &written)?;
            concern::stir(transaction, stirred)?;
            Ok(changed)
        })
    }

    /// Returns the members that the own household blocks.
    pub fn blocked(&self) -> Result<BTreeSet<MemberId>, StoreFault> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT member FROM blocked")?;
        let mut rows = statement.query([])?;
        let mut blocked = BTreeSet::new();
        while let Some(row) = rows.next()? {
            blocked.insert(MemberId(bytes_32(blob(row, 0)?, "a member's name")?));
        }
        Ok(blocked)
    }
}

/// Writes what a document hides, in place of what it hid before. Returns the documents that this
/// may bring out of view or back.
pub(super) fn write(
    connection: &Connection,
    number: i64,
    hides: Option<&Hiding>,
) -> Result<Vec<DocumentId>, StoreFault> {
    let before = read(connection, number)?;
    let after = hides.map(|hiding| (hiding.about, hiding.member));
    if before == after {
        // What an act names never changes, only whether it stands.
        return Ok(Vec::new());
    }
    for sql in [
        "DELETE FROM hiding WHERE document = ?1",
        "DELETE FROM spared WHERE document = ?1",
    ] {
        connection.prepare_cached(sql)?.execute([number])?;
    }
    if let Some(hiding) = hides {
        connection
            .prepare_cached("INSERT INTO hiding (document, about, member) VALUES (?1, ?2, ?3)")?
            .execute(params![
                number,
                hiding.about.map(|about| about.0),
                hiding.member.0
            ])?;
        let mut insert = connection
            .prepare_cached("INSERT INTO spared (document, device, seq) VALUES (?1, ?2, ?3)")?;
        for (device, seq) in &hiding.spared {
            let seq = i64::try_from(*seq).unwrap_or(i64::MAX);
            insert.execute(params![number, device.0, seq])?;
        }
    }
    let mut concerned = Vec::new();
    for (about, member) in before.into_iter().chain(after) {
        match about {
            Some(about) => concerned.push(about),
            None => concerned.extend(written_by(connection, &member)?),
        }
    }
    Ok(concerned)
}

/// Works out anew whether documents are in view.
pub(super) fn settle<'a>(
    connection: &Connection,
    documents: impl IntoIterator<Item = &'a DocumentId>,
) -> Result<(), StoreFault> {
    let sql = format!(
        "UPDATE view SET hidden = (hidden & {ASIDE})
             | CASE WHEN EXISTS (SELECT 1 FROM hiding WHERE {COVERS})
                 THEN {MODERATED} ELSE 0 END
             | CASE WHEN view.hideable AND EXISTS (
                     SELECT 1 FROM blocked WHERE blocked.member = view.author)
                 THEN {BLOCKED} ELSE 0 END
         WHERE id = ?1"
    );
    let mut update = connection.prepare_cached(&sql)?;
    for document in documents {
        update.execute([document.0])?;
    }
    Ok(())
}

fn read(
    connection: &Connection,
    number: i64,
) -> Result<Option<(Option<DocumentId>, MemberId)>, StoreFault> {
    let row = connection
        .prepare_cached("SELECT about, member FROM hiding WHERE document = ?1")?
        .query_row([number], |row| {
            Ok((row.get::<_, Option<Vec<u8>>>(0)?, row.get::<_, Vec<u8>>(1)?))
        })
        .optional()?;
    let Some((about, member)) = row else {
        return Ok(None);
    };
    let about = about
        .map(|about| bytes_32(&about, "a document's name"))
        .transpose()?;
    let member = MemberId(bytes_32(&member, "a member's name")?);
    Ok(Some((about.map(DocumentId), member)))
}

fn written_by(connection: &Connection, member: &MemberId) -> Result<Vec<DocumentId>, StoreFault> {
    let mut statement = connection
        .prepare_cached("SELECT id FROM view INDEXED BY view_author WHERE author = ?1")?;
    documents(&mut statement, params![member.0])
}

fn documents(
    statement: &mut rusqlite::Statement<'_>,
    bound: impl rusqlite::Params,
) -> Result<Vec<DocumentId>, StoreFault> {
    let mut rows = statement.query(bound)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(DocumentId(bytes_32(blob(row, 0)?, "a document's name")?));
    }
    Ok(found)
}
