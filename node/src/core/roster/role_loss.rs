//! What a cut of a role would undo: what its holder did by it, which is not all that it wrote.

use std::collections::{BTreeMap, BTreeSet};

use protocol::api::{CutLoss, LogEnd};
use protocol::entry::{Entry, Payload, Subject};
use protocol::id::{DocumentId, EntryId, MemberId};
use protocol::intent::{Content, Intent, Scalar};
use protocol::statement::{Authority, Statement, Tip};
use protocol::storage::{LogNumber, Storage};

use super::loss::{FIRST_MAX, by_count, lost_document, tip_among};
use crate::core::worker::{Worker, WorkerError};

/// Entries that are read at once.
const ENTRIES_AT_ONCE: usize = 256;

/// The field, of a document or of what is said in one, that names the role in which somebody speaks.
const CAPACITY: &str = "capacity";

/// What an entry does by a role.
enum Deed {
    /// Changes the roster by it.
    Statement,
    /// Writes a document in it.
    Document(DocumentId),
    /// Says something in it in a document that was there.
    Word(DocumentId),
}

impl Worker {
    /// Counts what the holder of a role did by it beyond tips.
    pub(super) fn lost_of_role(
        &self,
        appointment: EntryId,
        member: MemberId,
        tips: &[Tip],
    ) -> Result<CutLoss, WorkerError> {
        let mut loss = CutLoss::default();
        let mut gone = BTreeSet::new();
        let mut spoken_in = BTreeSet::new();
        let devices = self.devices_ended_with(member);
        for &device in &devices {
            let tip = tip_among(tips, device);
            for (log, last) in self.kept(device, tip)? {
                for deed in self.deeds_beyond(log, last, appointment)? {
                    loss.entries += 1;
                    match deed {
                        Deed::Statement => loss.statements += 1,
                        Deed::Document(document) => _ = gone.insert(document),
                        Deed::Word(document) => _ = spoken_in.insert(document),
                    }
                }
            }
            loss.logs.push(LogEnd {
                device,
                held: self.parts.replica.head_seq(&device),
                counting: tip.map_or(0, |tip| tip.seq),
            });
        }
        let mut answers: BTreeMap<MemberId, u64> = BTreeMap::new();
        for document in &gone {
            let Some(row) = self.parts.store.view(*document)? else {
                continue;
            };
            loss.documents += 1;
            if loss.first.len() < FIRST_MAX {
                let lost = lost_document(row, self.parts.replica.kinds());
                loss.first.push(lost);
            }
            for (by, count) in self.parts.store.answers_in(*document, member)? {
                *answers.entry(by).or_default() += count;
            }
        }
        for document in spoken_in.difference(&gone) {
            loss.elsewhere += u64::from(self.parts.store.view(*document)?.is_some());
        }
        loss.answers = by_count(answers, |by| self.member_ref(by));
        loss.admitted = self.admitted_beyond(&devices, tips, Some(appointment))?;
        Ok(loss)
    }

    /// Returns what the entries of a log beyond a place do by a role, one after the other.
    fn deeds_beyond(
        &self,
        log: LogNumber,
        last: u64,
        appointment: EntryId,
    ) -> Result<Vec<Deed>, WorkerError> {
        let mut deeds = Vec::new();
        let mut next = last + 1;
        loop {
            let read = self.parts.store.log_entries(log, next, ENTRIES_AT_ONCE);
            let read = read.map_err(WorkerError::Storage)?;
            let entries = read.iter().map(|stored| &stored.entry);
            deeds.extend(entries.filter_map(|entry| deed(entry, appointment)));
            match read.last() {
                Some(stored) if read.len() == ENTRIES_AT_ONCE => {
                    next = stored.entry.header.seq + 1;
                }
                _ => return Ok(deeds),
            }
        }
    }
}

/// Tells what an entry does by a role. What was dropped says nothing any more.
fn deed(entry: &Entry, appointment: EntryId) -> Option<Deed> {
    let payload = entry.payload.as_ref()?;
    match entry.header.read_payload(payload).ok()? {
        Payload::Statement(statement) => {
            is_made_by(&statement, appointment).then_some(Deed::Statement)
        }
        Payload::Intents(intents) => {
            let mut intents = intents.intents.iter();
            let speaks = intents.any(|intent| names_capacity(intent, appointment));
            let deed = match entry.header.subject {
                Subject::Creation { .. } => Deed::Document(entry.id.into()),
                Subject::Document { document } => Deed::Word(document),
                Subject::Nothing | Subject::Roster => return None,
            };
            speaks.then_some(deed)
        }
        Payload::Nothing | Payload::Unknown => None,
    }
}

/// Whether an entry is a statement by the right of a role.
pub(super) fn is_by_role(entry: &Entry, appointment: EntryId) -> bool {
    matches!(deed(entry, appointment), Some(Deed::Statement))
}

fn is_made_by(statement: &Statement, appointment: EntryId) -> bool {
    let right = Authority::Grant { appointment };
    matches!(statement, Statement::Known { authority, .. } if *authority == right)
}

fn names_capacity(intent: &Intent, appointment: EntryId) -> bool {
    let Intent::Put { key, content, .. } = intent else {
        return false;
    };
    let Content::Scalar(Scalar::Bytes(bytes)) = content else {
        return false;
    };
    key == CAPACITY && bytes[..] == appointment.0
}
