//! Logs, branches, documents and statements as a replica might hand them to its store: rightly
//! linked, of every shape, not signed by anybody.

use node::keystore::Seed;
use proptest::prelude::*;
use protocol::entry::{Entry, Header, Subject, VERSION};
use protocol::fork::{ForkProof, Side};
use protocol::id::{DeviceId, DocumentId, EntryId, MemberId, PayloadHash, SpaceId};
use protocol::key::Signature;
use protocol::receipt::Receipt;
use protocol::roster::Track;
use protocol::storage::{Base, Batch, LogNumber, StoredEntry, StoredLog, StoredReceipt};

pub const SPACE: SpaceId = SpaceId([7; 32]);

/// The key that all stores of the tests are sealed with.
pub fn key() -> Seed {
    Seed::take(&mut [9; 32])
}

/// One thing that happens in a batch. Numbers are taken modulo what there is to choose from.
#[derive(Clone, Debug)]
pub enum Step {
    Log { with_member: bool },
    Branch { log: usize, seq: u64 },
    Write(Write),
    Proof { log: usize },
    Erase { document: usize },
    Receipt { log: usize, device: u8 },
    DropReceipt { log: usize, device: u8 },
    Cursor { peer: u8, number: u64 },
}

#[derive(Clone, Debug)]
pub struct Write {
    pub log: usize,
    pub subject: u8,
    pub document: usize,
    pub payload: Vec<u8>,
    pub dropped: bool,
    pub signed: bool,
    /// None leaves the standpoint as it was; otherwise it becomes so many statements, and the
    /// header lists them or, for an odd number, others.
    pub seen: Option<usize>,
    pub deps: u8,
    pub time_ms: i64,
    /// How many numbers of arrival are left out before it.
    pub skipped: u64,
}

impl Step {
    pub fn log() -> Self {
        Self::Log { with_member: true }
    }

    pub fn write(log: usize) -> Self {
        Self::Write(Write {
            log,
            subject: 2,
            document: 0,
            payload: vec![1, 2, 3],
            dropped: false,
            signed: true,
            seen: None,
            deps: 0,
            time_ms: 1,
            skipped: 0,
        })
    }
}

fn write() -> impl Strategy<Value = Write> {
    let content = (
        any::<usize>(),
        0u8..5,
        any::<usize>(),
        prop_oneof![
            4 => prop::collection::vec(any::<u8>(), 0..60),
            1 => prop::collection::vec(any::<u8>(), 3_000..9_000),
        ],
    );
    let marks = (
        prop::bool::weighted(0.1),
        any::<bool>(),
        prop::option::weighted(0.3, 0usize..9),
        any::<u8>(),
        0..=protocol::limits::TIME_MS_MAX,
        prop_oneof![9 => Just(0u64), 1 => 0u64..1_000],
    );
    (content, marks).prop_map(|(content, marks)| {
        let (log, subject, document, payload) = content;
        let (dropped, signed, seen, deps, time_ms, skipped) = marks;
        Write {
            log,
            subject,
            document,
            payload,
            dropped,
            signed,
            seen,
            deps,
            time_ms,
            skipped,
        }
    })
}

/// Steps of one batch.
pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        2 => any::<bool>().prop_map(|with_member| Step::Log { with_member }),
        1 => (any::<usize>(), any::<u64>()).prop_map(|(log, seq)| Step::Branch { log, seq }),
        12 => write().prop_map(Step::Write),
        1 => any::<usize>().prop_map(|log| Step::Proof { log }),
        1 => any::<usize>().prop_map(|document| Step::Erase { document }),
        2 => (any::<usize>(), 0u8..4).prop_map(|(log, device)| Step::Receipt { log, device }),
        1 => (any::<usize>(), 0u8..4).prop_map(|(log, device)| Step::DropReceipt { log, device }),
        1 => (0u8..3, 0..1u64 << 63).prop_map(|(peer, number)| Step::Cursor { peer, number }),
    ];
    prop::collection::vec(step, 1..24)
}

/// Everything that was handed out so far.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub logs: Vec<StoredLog>,
    pub documents: Vec<DocumentId>,
    ids: Vec<Vec<EntryId>>,
    statements: Vec<EntryId>,
    arrival: u64,
    receipts: u64,
}

impl World {
    pub fn batch(&mut self, steps: &[Step]) -> Batch {
        let mut batch = Batch::default();
        for step in steps {
            match step {
                Step::Log { with_member } => self.start_log(&mut batch, *with_member),
                Step::Branch { log, seq } => self.start_branch(&mut batch, *log, *seq),
                Step::Write(write) => self.write(&mut batch, write),
                Step::Proof { log } => batch.fork_proofs.push(proof(*log as u64)),
                Step::Erase { document } => {
                    batch
                        .erased
                        .extend(choose(&self.documents, *document).copied());
                }
                Step::Receipt { log, device } => self.receipt(&mut batch, *log, *device),
                Step::DropReceipt { log, device } => {
                    let log = choose(&self.logs, *log).map(|log| log.device);
                    let place = log.map(|log| (log, DeviceId([*device; 32])));
                    batch.receipts_dropped.extend(place);
                }
                Step::Cursor { peer, number } => {
                    let cursor = (DeviceId([*peer; 32]), *number);
                    batch.receipt_cursors.push(cursor);
                }
            }
        }
        batch
    }

    fn receipt(&mut self, batch: &mut Batch, log: usize, device: u8) {
        let Some(log) = choose(&self.logs, log) else {
            return;
        };
        self.receipts += 1;
        batch.receipts.push(StoredReceipt {
            number: self.receipts,
            receipt: Receipt {
                device: DeviceId([device; 32]),
                member: log.member.filter(|_| device > 0),
                log: log.device,
                seq: log.head_seq,
                entry: log.head,
                signature: Signature([device; 64]),
            },
        });
    }

    fn start_log(&mut self, batch: &mut Batch, with_member: bool) {
        let number = self.logs.len();
        let tag = u8::try_from(number % 251).expect("fits");
        self.start(
            batch,
            StoredLog {
                number: LogNumber(u32::try_from(number).expect("few logs")),
                device: DeviceId([tag; 32]),
                member: with_member.then_some(MemberId([tag.wrapping_add(100); 32])),
                base: None,
                head_seq: 0,
                head: EntryId::default(),
                bytes: 0,
                track: Track::default(),
            },
        );
    }

    fn start_branch(&mut self, batch: &mut Batch, log: usize, seq: u64) {
        let Some(base) = choose(&self.logs, log).cloned() else {
            return;
        };
        let seq = seq % (base.head_seq + 1);
        self.start(
            batch,
            StoredLog {
                number: LogNumber(u32::try_from(self.logs.len()).expect("few logs")),
                base: Some(Base {
                    log: base.number,
                    seq,
                }),
                head_seq: seq,
                head: self.id_at(base.number, seq).unwrap_or_default(),
                ..base
            },
        );
    }

    fn start(&mut self, batch: &mut Batch, log: StoredLog) {
        batch.logs.push(log.clone());
        self.logs.push(log);
        self.ids.push(Vec::new());
    }

    /// Returns the name at a place of a log, whether it is its own or shared.
    fn id_at(&self, log: LogNumber, seq: u64) -> Option<EntryId> {
        let stored = &self.logs[log.0 as usize];
        let shared = stored.base.map_or(0, |base| base.seq);
        if seq <= shared {
            return stored.base.and_then(|base| self.id_at(base.log, seq));
        }
        let index = usize::try_from(seq - shared - 1).expect("fits");
        self.ids[log.0 as usize].get(index).copied()
    }

    fn write(&mut self, batch: &mut Batch, write: &Write) {
        let Some(mut log) = choose(&self.logs, write.log).cloned() else {
            return;
        };
        let seq = log.head_seq + 1;
        let header = self.header(&log, seq, write);
        let mut entry = Entry::new(header, write.payload.clone());
        if write.dropped {
            entry.payload = None;
        }
        if write.signed {
            entry.signature = Some(Signature(std::array::from_fn(|i| entry.id.0[i % 32])));
        }
        self.arrival += 1 + write.skipped;
        (log.head_seq, log.head) = (seq, entry.id);
        log.bytes += entry.header.entry_bytes() as u64;
        let entered = log.track.enter(entry.id, &entry.header);
        self.ids[log.number.0 as usize].push(entry.id);
        match entry.header.subject {
            Subject::Creation { .. } => self.documents.push(entry.id.into()),
            Subject::Roster => self.statements.push(entry.id),
            _ => {}
        }
        batch.entries.push(StoredEntry {
            log: log.number,
            arrival: self.arrival,
            entered,
            entry,
        });
        batch.logs.retain(|stored| stored.number != log.number);
        batch.logs.push(log.clone());
        let number = log.number.0 as usize;
        self.logs[number] = log;
    }

    fn header(&self, log: &StoredLog, seq: u64, write: &Write) -> Header {
        let backlink = self.id_at(log.number, seq - 1);
        let subject = match write.subject {
            0 => Subject::Nothing,
            1 => Subject::Roster,
            2 => Subject::Creation {
                kind: u16::try_from(write.document % 500).expect("fits"),
            },
            // One of a document that is not here.
            3 => Subject::Document {
                document: DocumentId([write.deps; 32]),
            },
            _ => match choose(&self.documents, write.document) {
                Some(document) => Subject::Document {
                    document: *document,
                },
                None => Subject::Nothing,
            },
        };
        let mut deps = Vec::new();
        if write.deps & 1 != 0 {
            deps.extend(backlink);
        }
        if let (2.., Subject::Document { document }) = (write.deps, subject) {
            deps.push(document.into());
        }
        deps.extend((0..write.deps % 7).map(|i| EntryId([i; 32])));
        let seen = write.seen.map(|count| {
            if count % 2 == 0 {
                let known = self.statements.iter().rev().take(count).copied();
                let mut known: Vec<EntryId> = known.collect();
                known.sort();
                known
            } else {
                vec![EntryId([count as u8; 32])]
            }
        });
        Header {
            version: if write.deps == 255 { 2 } else { VERSION },
            space: SPACE,
            device: log.device,
            member: log.member,
            seq,
            backlink,
            seen,
            time_ms: write.time_ms,
            subject,
            deps,
            atoms: u32::from(write.deps) * 5,
            payload_bytes: 0,
            payload: PayloadHash::default(),
        }
    }
}

fn proof(number: u64) -> ForkProof {
    let side = |atoms| Side {
        headers: vec![Header {
            version: VERSION,
            space: SPACE,
            device: DeviceId([(number % 3) as u8; 32]),
            member: None,
            seq: number.max(1),
            backlink: None,
            seen: None,
            time_ms: 5,
            subject: Subject::Nothing,
            deps: Vec::new(),
            atoms,
            payload_bytes: 0,
            payload: PayloadHash::default(),
        }],
        signature: Signature([9; 64]),
    };
    ForkProof::new(side(1), side(2))
}

fn choose<T>(from: &[T], number: usize) -> Option<&T> {
    from.get(number.checked_rem(from.len())?)
}
