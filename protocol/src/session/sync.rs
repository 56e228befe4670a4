//! Sync: rounds that compare frontiers and the segments that flow from the difference, then live
//! push over the same stream (rules R9, R13, R15).
//!
//! A round: summary → rows (or bucket hashes → rows, in large spaces) → rows → entries both ways.

use std::collections::BTreeMap;

use crate::frontier::{BucketSet, Head, Row};
use crate::id::{DeviceId, EntryId};
use crate::limits;
use crate::replica::{BUDGET, Received, Replica};
use crate::segment::{self, Segment};
use crate::storage::{LogNumber, Place, Storage, StorageError};

use super::frame::Frame;
use super::outgoing::{self, Lacking, Outgoing};
use super::proofs;
use super::receipts::Numbers;
use super::{Output, Session, SessionError};

/// Devices up to which rows are sent at once, without bucket hashes first.
const DIRECT_ROWS: usize = 64;
/// Heads and devices in the rows of one frame, each at most 48 bytes.
const FRAME_HEADS: usize = 6_144;
/// Entries that a first fetch asks for before the one that did not attach.
const FETCH_ENTRIES: u64 = 256;
/// Entries that a fetch may ask for; twice as many as any device should have.
const FETCH_ENTRIES_MAX: u64 = 1 << 20;
/// Logs that are fetched in one session after segments that did not attach; more than fork at a
/// time.
const FETCHED_LOGS_MAX: usize = 1_024;
/// Logs of which it is remembered in one session that something was refused.
const DECLINED_MAX: usize = 1_024;
/// Entries that are asked for by name in one session, and named ones at a time.
const ASKED_MAX: usize = 16 * limits::WANTED_MAX;
const NAMED_ASKED: usize = 64;
/// Payloads that are asked for at a time: each may come in a frame of its own.
const PAYLOADS_ASKED: usize = 64;
/// Runs that one answer to a fetch may hold.
const FETCH_RUNS_MAX: usize = 64;

/// What is known of the round under way.
#[derive(Debug, Default)]
pub struct Round {
    /// The digest last told to the peer.
    told: Option<[u8; 32]>,
    /// The pair of digests of the last round that was opened, and how often budgets had grown: the
    /// same again would only repeat it.
    differing: Option<([u8; 32], [u8; 32], u64)>,
    /// Rows received so far of a list that goes on.
    rows: Vec<Row>,
}

impl Session {
    pub(super) fn summary(&mut self, replica: &mut Replica) -> Frame {
        let digest = replica.frontier_digest();
        self.round.told = Some(digest);
        Frame::Summary {
            digest,
            yours: self.held_of_peer(replica),
        }
    }

    fn held_of_peer(&self, replica: &Replica) -> u64 {
        self.peer.map_or(0, |(device, _)| replica.head_seq(&device))
    }

    pub(super) fn handle_sync<S: Storage>(
        &mut self,
        frame: Frame,
        replica: &mut Replica,
        storage: &S,
    ) -> Result<Vec<Output>, SessionError> {
        match frame {
            Frame::Summary { digest, yours } => {
                let mut outputs = vec![Output::Held { seq: yours }];
                outputs.extend(self.summarised(digest, replica));
                Ok(outputs)
            }
            Frame::Receipts {
                kept,
                after,
                number,
                receipts,
            } => {
                let numbers = Numbers {
                    kept,
                    after,
                    number,
                };
                self.receipts_came(numbers, &receipts, replica, storage)
            }
            Frame::Held { yours } => Ok(vec![Output::Held { seq: yours }]),
            Frame::Buckets { hashes } => {
                let differing =
                    replica
                        .frontier()
                        .differing(&hashes)
                        .ok_or(SessionError::OutOfTurn {
                            frame: "bucket list",
                        })?;
                Ok(self.rows(replica, differing, true))
            }
            Frame::Rows {
                buckets,
                rows,
                more,
                reply,
            } => {
                let branches = |row: &Row| row.heads.len() > limits::BRANCHES_MAX + 1;
                let all = self.round.rows.iter().chain(&rows);
                if self.round.rows.len() + rows.len() > limits::DEVICES_MAX
                    || all.map(|row| row.heads.len()).sum::<usize>() > limits::HEADS_MAX
                    || rows.iter().any(branches)
                {
                    return Err(SessionError::OutOfTurn { frame: "row list" });
                }
                self.round.rows.extend(rows);
                if more {
                    return Ok(Vec::new());
                }
                let buckets = BucketSet(buckets);
                let rows = std::mem::take(&mut self.round.rows);
                self.compared(buckets, &rows, reply, replica, storage)
                    .map_err(SessionError::Storage)
            }
            Frame::Entries { segments } => self.received(&segments, replica, storage),
            Frame::Fetch {
                device,
                entry,
                count,
            } => self
                .fetched(device, entry, count, replica, storage)
                .map_err(SessionError::Storage),
            Frame::Proofs { proofs } => {
                let received = replica.receive_proofs(proofs);
                Ok(vec![Output::Commit(Box::new(received))])
            }
            Frame::Welcome => Ok(Vec::new()),
            _ => Err(SessionError::OutOfTurn { frame: "handshake" }),
        }
    }

    fn summarised(&mut self, theirs: [u8; 32], replica: &mut Replica) -> Vec<Output> {
        let mine = replica.frontier_digest();
        if mine == theirs {
            self.in_step = true;
            self.round.differing = None;
            self.covered_to = Some(replica.last_arrival());
            self.from_peer.clear();
            self.outgoing = None;
            let mut outputs = vec![Output::InStep];
            outputs.extend(self.ask_for_payloads(replica, PAYLOADS_ASKED));
            if self.round.told != Some(mine) {
                outputs.push(Output::Send(self.summary(replica)));
            }
            return outputs;
        }
        if self.outgoing.is_some() {
            // The peer speaks of what it held before what is under way: a round now would send that
            // again. Once all is sent, it is told where things stand here, and answers anew.
            self.in_step = false;
            self.round.told = None;
            return Vec::new();
        }
        let round = (mine, theirs, replica.budget_growths());
        if self.round.differing == Some(round) {
            return Vec::new();
        }
        self.in_step = false;
        self.round.differing = Some(round);
        if replica.frontier().devices() <= DIRECT_ROWS {
            return self.rows(replica, BucketSet::ALL, true);
        }
        let hashes = replica.frontier().bucket_hashes();
        vec![Output::Send(Frame::Buckets { hashes })]
    }

    /// Asks for payloads that are not held here; once in a session, for the peer may not have them.
    fn ask_for_payloads(&mut self, replica: &Replica, count: usize) -> Vec<Output> {
        let lacking = replica.lacking_payloads();
        let news: Vec<_> = lacking
            .filter(|(entry, _)| !self.asked.contains(entry))
            .take(count.min(ASKED_MAX.saturating_sub(self.asked.len())))
            .collect();
        self.asked.extend(news.iter().map(|(entry, _)| *entry));
        self.open_questions
            .extend(news.iter().map(|(entry, _)| *entry));
        let fetch = |(entry, device)| {
            Output::Send(Frame::Fetch {
                device,
                entry,
                count: 1,
            })
        };
        news.into_iter().map(fetch).collect()
    }

    /// Returns how many questions for payloads were answered, be it by entries that lack them there
    /// too.
    fn answered(&mut self, segments: &[Segment]) -> usize {
        if self.open_questions.is_empty() {
            return 0;
        }
        let entries = segments.iter().flat_map(|segment| &segment.entries);
        entries
            .filter(|entry| self.open_questions.remove(&entry.id))
            .count()
    }

    fn rows(&mut self, replica: &mut Replica, buckets: BucketSet, reply: bool) -> Vec<Output> {
        let mut chunks: Vec<Vec<Row>> = vec![Vec::new()];
        let mut heads = 0;
        for row in self.told_rows(replica, &buckets) {
            heads += 1 + row.heads.len();
            if heads > FRAME_HEADS {
                heads = 1 + row.heads.len();
                chunks.push(Vec::new());
            }
            let chunk = chunks.last_mut().expect("there is a chunk");
            chunk.push(row);
        }
        let last = chunks.len() - 1;
        chunks
            .into_iter()
            .enumerate()
            .map(|(index, rows)| {
                Output::Send(Frame::Rows {
                    buckets: buckets.0,
                    rows,
                    more: index < last,
                    reply,
                })
            })
            .collect()
    }

    /// Returns the rows that the peer is told: nothing more is to come of logs that are declined.
    fn told_rows(&self, replica: &mut Replica, buckets: &BucketSet) -> Vec<Row> {
        let mut rows = replica.frontier().rows(buckets);
        for row in &mut rows {
            if replica.declines(&row.device) {
                row.heads = vec![Head::ENOUGH];
            }
        }
        let room = limits::DEVICES_MAX.saturating_sub(rows.len());
        let declined = self.declined.iter().filter(|device| {
            let is_new = replica.head_seq(device) == 0;
            buckets.contains(device.0[0]) && is_new && replica.declines_new(device)
        });
        let enough = |device: &DeviceId| Row {
            device: *device,
            heads: vec![Head::ENOUGH],
        };
        let declined: Vec<Row> = declined.take(room).map(enough).collect();
        rows.extend(declined);
        rows.sort_unstable_by_key(|row| row.device);
        rows
    }

    /// Asks by name for what others name and was not taken with its log.
    fn ask_for_named(&mut self, replica: &Replica) -> Vec<Output> {
        let named = replica.named().into_iter();
        let news: Vec<_> = named
            .filter(|(entry, _)| !self.asked.contains(entry))
            .take(NAMED_ASKED.min(ASKED_MAX.saturating_sub(self.asked.len())))
            .collect();
        self.asked.extend(news.iter().map(|(entry, _)| *entry));
        let fetch = |(entry, device): (EntryId, Option<DeviceId>)| {
            Output::Send(Frame::Fetch {
                device: device.unwrap_or_default(),
                entry,
                count: 1,
            })
        };
        news.into_iter().map(fetch).collect()
    }

    /// Notes of which logs something was refused; the peer is told when they have doubled.
    fn note_refused(&mut self, received: &Received, replica: &mut Replica) -> Vec<Output> {
        let before = self.declined.len();
        for refused in &received.refused {
            if self.declined.len() < DECLINED_MAX && refused.reason == BUDGET {
                self.declined.insert(refused.device);
            }
        }
        let after = self.declined.len();
        if after > before && (before == 0 || after.ilog2() > before.ilog2()) {
            return self.rows(replica, BucketSet::ALL, false);
        }
        Vec::new()
    }

    /// Both rows are known: plans what the peer lacks.
    fn compared<S: Storage>(
        &mut self,
        buckets: BucketSet,
        theirs: &[Row],
        reply: bool,
        replica: &mut Replica,
        storage: &S,
    ) -> Result<Vec<Output>, StorageError> {
        let mut outputs = if reply {
            self.rows(replica, buckets, false)
        } else {
            Vec::new()
        };
        let mut lacking = Vec::new();
        let mut forked = Vec::new();
        let mut differing = 0;
        let mut is_open = theirs.iter().any(|row| {
            let is_held = replica.head_seq(&row.device) > 0;
            let is_declined =
                || self.declined.contains(&row.device) && replica.declines_new(&row.device);
            !is_held && !is_enough(&row.heads) && !is_declined()
        });
        let mine = replica.frontier().rows(&buckets);
        let mut alike = proofs::alike(&mine, theirs);
        for row in mine {
            let heads = theirs
                .binary_search_by_key(&row.device, |row| row.device)
                .map_or(&[][..], |index| &theirs[index].heads[..]);
            self.unwanted.remove(&row.device);
            if heads == row.heads {
                continue;
            }
            differing += 1;
            if is_enough(heads) {
                alike.push(row.device);
                self.unwanted.insert(row.device);
                is_open |= row.device == replica.device();
                continue;
            }
            is_open |= !replica.declines(&row.device) && !replica.is_splintered(&row.device);
            lacking_of(&row, heads, replica, storage, &mut lacking)?;
            if replica.logs().forked_at(&row.device).is_some() {
                forked.push(row.device);
            }
        }
        // Where both hold the same entries and differ all the same, they differ in proofs.
        let alike = if is_open { &[][..] } else { &alike };
        outputs.extend(self.proofs_to_tell(forked, alike, differing > 0, replica, storage)?);
        let last_arrival = replica.last_arrival();
        self.outgoing = Some(Outgoing::plan(storage, &lacking, last_arrival)?);
        self.covered_to = Some(last_arrival);
        self.from_peer = self.from_peer.split_off(&(last_arrival + 1));
        outputs.extend(self.ask_for_named(replica));
        // What one of them takes no more of at present keeps them apart for nothing else.
        if differing > 0 && !is_open {
            self.in_step = true;
            outputs.push(Output::InStep);
            outputs.extend(self.ask_for_payloads(replica, PAYLOADS_ASKED));
        }
        Ok(outputs)
    }

    fn received<S: Storage>(
        &mut self,
        bytes: &[u8],
        replica: &mut Replica,
        storage: &S,
    ) -> Result<Vec<Output>, SessionError> {
        let segments = segment::read_segments(replica.space(), bytes)?;
        let before = replica.last_arrival();
        let answered = self.answered(&segments);
        let received = replica.receive(storage, segments)?;
        let after = replica.last_arrival();
        if after > before {
            self.came_from_peer(before + 1, after);
            self.in_step = false;
        }
        let mut outputs = Vec::new();
        for gap in &received.gaps {
            let is_known = self.fetches.contains_key(&gap.device);
            if !is_known && self.fetches.len() >= FETCHED_LOGS_MAX {
                continue;
            }
            let count = self.fetches.entry(gap.device).or_insert(FETCH_ENTRIES);
            let wanted = *count + gap.length;
            *count = count.saturating_mul(2);
            if wanted <= FETCH_ENTRIES_MAX {
                outputs.push(Output::Send(Frame::Fetch {
                    device: gap.device,
                    entry: gap.head,
                    count: wanted,
                }));
            }
        }
        outputs.extend(self.note_refused(&received, replica));
        // Each answer makes room for another question.
        outputs.extend(self.ask_for_payloads(replica, answered));
        outputs.insert(0, Output::Commit(Box::new(received)));
        let held = self.held_of_peer(replica);
        if held > self.held_told {
            self.held_told = held;
            outputs.push(Output::Send(Frame::Held { yours: held }));
        }
        Ok(outputs)
    }

    /// Answers a fetch with the run that ends in an entry; whoever does not know whose it is names
    /// no device.
    fn fetched<S: Storage>(
        &mut self,
        device: DeviceId,
        entry: EntryId,
        count: u64,
        replica: &mut Replica,
        storage: &S,
    ) -> Result<Vec<Output>, StorageError> {
        let Some(stored) = storage.entry(&entry)? else {
            return Ok(Vec::new());
        };
        if device != DeviceId::default() && stored.entry.header.device != device {
            return Ok(Vec::new());
        }
        let to = stored.entry.header.seq;
        let from = to.saturating_sub(count.min(FETCH_ENTRIES_MAX)) + 1;
        let mut outputs = Vec::new();
        for (log, first, last) in replica.logs().way((stored.log, to)) {
            if last < from {
                continue;
            }
            // A run that ends where a branch leaves is sent up to the next signed head; what lies
            // beyond is the other branch's and attaches there.
            let room = FETCH_RUNS_MAX.saturating_sub(outputs.len());
            for run in outgoing::runs(storage, log, first.max(from), last, room)? {
                outputs.push(Output::Send(Frame::Entries {
                    segments: segment::write_segments(&[run]),
                }));
            }
        }
        Ok(outputs)
    }

    pub(super) fn next_entries<S: Storage>(
        &mut self,
        replica: &mut Replica,
        storage: &S,
    ) -> Result<Option<Frame>, StorageError> {
        loop {
            if let Some(outgoing) = &mut self.outgoing {
                let (from_peer, unwanted) = (&self.from_peer, &self.unwanted);
                let logs = replica.logs();
                let skip = |place: &Place| {
                    let log = logs.log(place.log).filter(|_| !unwanted.is_empty());
                    let before = from_peer.range(..=place.arrival).next_back();
                    log.is_some_and(|log| unwanted.contains(&log.device))
                        || before.is_some_and(|(_, last)| place.arrival <= *last)
                };
                if let Some(segments) = outgoing.next_frame(storage, skip)? {
                    self.in_step = false;
                    return Ok(Some(Frame::Entries { segments }));
                }
                self.outgoing = None;
            }
            let last_arrival = replica.last_arrival();
            self.cover_what_the_peer_sent();
            match self.covered_to {
                Some(covered) if covered < last_arrival => {
                    self.outgoing = Some(Outgoing::arrived(covered + 1, last_arrival));
                    self.covered_to = Some(last_arrival);
                }
                _ => return Ok(self.summary_when_done(replica)),
            }
        }
    }

    /// Notes arrivals that the peer sent, next to those noted before where they follow on them.
    fn came_from_peer(&mut self, first: u64, last: u64) {
        let before = self.from_peer.range_mut(..first).next_back();
        match before {
            Some((_, until)) if *until + 1 == first => *until = last,
            _ => {
                self.from_peer.insert(first, last);
            }
        }
    }

    /// What the peer itself sent needs neither be sent back nor be read from storage to find out.
    fn cover_what_the_peer_sent(&mut self) {
        let Some(covered) = self.covered_to else {
            return;
        };
        let held = self.from_peer.range(..=covered + 1).next_back();
        if let Some((_, last)) = held
            && *last > covered
        {
            self.covered_to = Some(*last);
        }
    }

    /// Tells the peer where things stand once everything was sent and what is held has changed.
    fn summary_when_done(&mut self, replica: &mut Replica) -> Option<Frame> {
        self.covered_to?;
        let digest = replica.frontier_digest();
        if self.round.told == Some(digest) {
            return None;
        }
        Some(self.summary(replica))
    }
}

/// Tells whether a peer takes nothing more of a log at present.
fn is_enough(heads: &[Head]) -> bool {
    heads.contains(&Head::ENOUGH)
}

/// Finds what a peer with the given heads of a device lacks.
fn lacking_of<S: Storage>(
    row: &Row,
    theirs: &[Head],
    replica: &Replica,
    storage: &S,
    lacking: &mut Vec<Lacking>,
) -> Result<(), StorageError> {
    let logs = replica.logs();
    let mut shared: BTreeMap<LogNumber, u64> = BTreeMap::new();
    let mut unknown_below: Option<u64> = None;
    for head in theirs {
        match logs.locate(storage, &row.device, *head)? {
            Some(place) => {
                for (log, _, last) in logs.way(place) {
                    let shared = shared.entry(log).or_default();
                    *shared = last.max(*shared);
                }
            }
            None => unknown_below = Some(unknown_below.map_or(head.seq, |seq| seq.min(head.seq))),
        }
    }
    for log in logs.of_device(&row.device) {
        let first = log.base.map_or(1, |base| base.seq + 1);
        let from_seq = match (shared.get(&log.number), unknown_below) {
            (Some(last), _) => last + 1,
            // Nothing of theirs is known here: they are ahead, or on a branch unknown here, which
            // shows when a segment does not attach. Another head at the same place is a branch, and
            // shows only when it is sent.
            (None, Some(seq)) if shared.is_empty() => {
                first.max(seq.saturating_add(1)).min(seq.max(log.head_seq))
            }
            (None, _) => first,
        };
        if from_seq <= log.head_seq {
            lacking.push(Lacking {
                log: log.number,
                from_seq,
                head_seq: log.head_seq,
            });
        }
    }
    Ok(())
}
