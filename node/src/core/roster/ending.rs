//! Where cuts end logs that are to end lower than they stand here.
//!
//! A time is compared with what entries claim. It decides nothing: a cut names places, and whoever
//! makes it sees beforehand what that undoes.

use protocol::api::CutFrom;
use protocol::id::{DeviceId, EntryId};
use protocol::statement::Tip;
use protocol::storage::{LogNumber, Storage};

use crate::core::worker::{Worker, WorkerError};
use crate::refusal::Refusal;

/// Where logs are to end, once what names it was looked up.
pub(super) enum Ending {
    /// Where they stand here.
    Held,
    /// Before the first entry that claims this time or a later one.
    Time(i64),
    /// Before an entry, with its log, its seq and the entry before it; other logs end at its time.
    Entry {
        device: DeviceId,
        seq: u64,
        before: Option<EntryId>,
        time_ms: i64,
    },
    /// Before the first entry.
    Beginning,
}

impl Worker {
    /// Looks up where logs are to end. An entry has to be in one of those that are ended.
    pub(super) fn ending(
        &self,
        from: Option<CutFrom>,
        is_ended: &dyn Fn(DeviceId) -> bool,
    ) -> Result<Result<Ending, Refusal>, WorkerError> {
        let entry = match from {
            None => return Ok(Ok(Ending::Held)),
            Some(CutFrom::Time(time_ms)) => return Ok(Ok(Ending::Time(time_ms))),
            Some(CutFrom::Beginning) => return Ok(Ok(Ending::Beginning)),
            Some(CutFrom::Entry(entry)) => entry,
        };
        let stored = self
            .parts
            .store
            .entry(&entry)
            .map_err(WorkerError::Storage)?;
        let header = stored.map(|stored| stored.entry.header);
        Ok(match header.filter(|header| is_ended(header.device)) {
            Some(header) => Ok(Ending::Entry {
                device: header.device,
                seq: header.seq,
                before: header.backlink,
                time_ms: header.time_ms,
            }),
            None => Err(Refusal::NotOfIt),
        })
    }

    /// Names the last entry of a log that counts; none when nothing does.
    pub(super) fn tip_before(
        &self,
        device: DeviceId,
        ending: &Ending,
    ) -> Result<Option<Tip>, WorkerError> {
        let time_ms = match ending {
            Ending::Held => return Ok(self.tip_of(device)),
            Ending::Beginning => return Ok(None),
            Ending::Entry {
                device: of,
                seq,
                before,
                ..
            } if *of == device => {
                return Ok(before.map(|entry| Tip {
                    device,
                    seq: seq - 1,
                    entry,
                }));
            }
            Ending::Time(time_ms) | Ending::Entry { time_ms, .. } => *time_ms,
        };
        let logs = self.parts.replica.logs();
        let Some(head) = logs.of_device(&device).max_by_key(|log| log.head_seq) else {
            return Ok(None);
        };
        for (log, first, last) in logs.way((head.number, head.head_seq)) {
            let store = &self.parts.store;
            if let Some(seq) = store.first_since(log, (first, last), time_ms)? {
                return self.tip_at(device, log, seq);
            }
        }
        Ok(self.tip_of(device))
    }

    /// Names the entry before a place of a log.
    fn tip_at(
        &self,
        device: DeviceId,
        log: LogNumber,
        seq: u64,
    ) -> Result<Option<Tip>, WorkerError> {
        let found = self.parts.store.log_entries(log, seq, 1);
        let found = found.map_err(WorkerError::Storage)?.into_iter().next();
        let before = found.and_then(|stored| stored.entry.header.backlink);
        Ok(before.map(|entry| Tip {
            device,
            seq: seq - 1,
            entry,
        }))
    }
}
