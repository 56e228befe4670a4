//! Delivery: receipts go out once things are quiet, and own documents are told how far they have
//! come. Receipts themselves are judged in `protocol`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use protocol::api::{DocumentView, Event};
use protocol::id::{DeviceId, DocumentId, MemberId};
use protocol::replica::{Deliveries, Received};
use protocol::storage::Storage;
use tokio::time::Instant;

use super::worker::{Worker, WorkerError};

/// How long nothing must have become durable before receipts go out: one receipt then stands for a
/// whole burst of entries.
const QUIET: Duration = Duration::from_secs(1);
/// How long receipts wait at most when it is never quiet.
const QUIET_AWAITED_MAX: Duration = Duration::from_secs(10);
/// Entries of one log whose documents are named in one event; beyond it listeners are told to read
/// anew.
const NAMED_ENTRIES_MAX: usize = 1_024;

/// When receipts are due, and what is known of how far own documents have come.
#[derive(Debug, Default)]
pub(super) struct Delivering {
    /// Since when something waits, and until when.
    waiting: Option<(Instant, Instant)>,
    /// Who holds the own member's logs; none when it has to be read again.
    deliveries: Option<Deliveries>,
    /// What was so when listeners were last told; none before the first time.
    told: Option<Deliveries>,
    /// Own logs that somebody holds further than listeners know, and from where on.
    moved: BTreeMap<DeviceId, u64>,
    /// Whether rights changed, and with them perhaps who counts.
    is_roster_moved: bool,
}

impl Delivering {
    /// Returns when receipts are due.
    pub fn due(&self) -> Option<Instant> {
        self.waiting.map(|(_, until)| until)
    }

    /// Notes that something happened of which receipts may have to tell, when it is quiet again.
    pub fn stir(&mut self) {
        let now = Instant::now();
        let since = self.waiting.map_or(now, |(since, _)| since);
        self.waiting = Some((since, (now + QUIET).min(since + QUIET_AWAITED_MAX)));
    }

    /// Notes what became durable.
    pub fn note(&mut self, received: &Received) {
        if received.roster_changed || !received.delivered.is_empty() {
            self.deliveries = None;
            self.is_roster_moved |= received.roster_changed;
        }
        for (log, from) in &received.delivered {
            let lowest = self.moved.entry(*log).or_insert(*from);
            *lowest = (*lowest).min(*from);
        }
        self.stir();
    }
}

impl Worker {
    /// Signs for what is held, lets sessions give receipts, and tells listeners how far own
    /// documents have come.
    pub(super) fn settle_delivery(&mut self) -> Result<(), WorkerError> {
        let peers: Vec<(DeviceId, Option<MemberId>)> =
            self.meetings.slots().filter_map(|slot| slot.met).collect();
        let mut issued = self.parts.replica.issue_receipts(super::now_ms(), &peers);
        self.commit(&mut issued)?;
        self.delivering.waiting = None;
        for stream in self.meetings.streams() {
            if let Some(slot) = self.meetings.slot(stream) {
                slot.session.settle();
            }
        }
        self.tell_delivery()
    }

    fn tell_delivery(&mut self) -> Result<(), WorkerError> {
        let mut moved = std::mem::take(&mut self.delivering.moved);
        if std::mem::take(&mut self.delivering.is_roster_moved) {
            let told = self.delivering.told.take();
            let now = self.deliveries()?;
            let changed = told.map(|told| now.logs_with_other_holders(&told));
            moved.extend(changed.into_iter().flatten().map(|log| (log, 0)));
        }
        self.delivering.told = Some(self.deliveries()?.clone());
        if moved.is_empty() {
            return Ok(());
        }
        match self.documents_after(&moved)? {
            Some(documents) if documents.is_empty() => {}
            Some(documents) => self.parts.inbox.tell(Event::Delivery {
                documents: documents.into_iter().collect(),
            }),
            None => self.parts.inbox.tell(Event::Missed),
        }
        Ok(())
    }

    /// Returns the documents of entries beyond places of logs; none when they are too many.
    fn documents_after(
        &self,
        places: &BTreeMap<DeviceId, u64>,
    ) -> Result<Option<BTreeSet<DocumentId>>, WorkerError> {
        let mut documents = BTreeSet::new();
        for (device, after) in places {
            for log in self.parts.replica.logs().of_device(device) {
                let rows = self
                    .parts
                    .store
                    .log_entries(log.number, after + 1, NAMED_ENTRIES_MAX + 1)
                    .map_err(WorkerError::Storage)?;
                if rows.len() > NAMED_ENTRIES_MAX {
                    return Ok(None);
                }
                documents.extend(rows.iter().filter_map(|row| row.entry.document()));
            }
        }
        Ok(Some(documents))
    }

    fn deliveries(&mut self) -> Result<&Deliveries, WorkerError> {
        let known = match self.delivering.deliveries.take() {
            Some(known) => known,
            None => self
                .parts
                .replica
                .deliveries(&self.parts.store)
                .map_err(WorkerError::Storage)?,
        };
        Ok(self.delivering.deliveries.insert(known))
    }

    /// Adds how far the own household's newest entry in each document has come.
    pub(super) fn add_delivery(&mut self, views: &mut [DocumentView]) -> Result<(), WorkerError> {
        let Some(member) = self.parts.replica.member() else {
            return Ok(());
        };
        self.deliveries()?;
        let deliveries = self.delivering.deliveries.as_ref();
        for view in views {
            let newest = self.parts.store.newest_of_member(view.id, member)?;
            let logs = self.parts.replica.logs();
            view.delivery = newest
                .zip(deliveries)
                .map(|(place, deliveries)| deliveries.of(logs, place));
        }
        Ok(())
    }
}
