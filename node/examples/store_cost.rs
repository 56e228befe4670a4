//! Prints what the store costs: rows a second, milliseconds, bytes and memory.
//!
//! `cargo run --release -p node --example store_cost [folder]`; the folder decides which disk is
//! measured. It asserts nothing.

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use node::keystore::Seed;
use node::store::{Cursor, Extent, Filter, InState, Order, Projection, Store, ViewRow};
use protocol::api::WaitingReason;
use protocol::entry::{Entry, Header, Subject, VERSION};
use protocol::id::{DeviceId, DocumentId, EntryId, MemberId, PayloadHash, SpaceId};
use protocol::key::Signature;
use protocol::kind::Wait;
use protocol::roster::Track;
use protocol::storage::{Batch, LogNumber, Storage, StoredEntry, StoredLog};

/// The key that the measured stores are sealed with.
fn key() -> Seed {
    Seed::take(&mut [7; 32])
}

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

const LOGS: usize = 200;
const RUN: usize = 100;
const PAYLOAD_BYTES: usize = 320;

fn main() -> Outcome {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let folder = tempfile::tempdir_in(folder)?;
    // First, while the process has no other memory that it might keep.
    views(&folder.path().join("views"))?;
    for batch in [1_000, 4_000] {
        bulk(&folder.path().join(format!("bulk-{batch}")), 20_000, batch)?;
    }
    let path = folder.path().join("large");
    bulk(&path, 100_000, 2_000)?;
    start(&path)?;
    lookups(&path)?;
    small_commits(&path)?;
    Ok(())
}

fn bulk(path: &Path, total: usize, batch: usize) -> Outcome {
    let mut world = World::default();
    forget_peak()?;
    let memory = resident_kib("VmRSS");
    let mut store = Store::open(path, &key())?;
    let (mut cpu, mut took) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..total / batch {
        let batch = world.batch(batch);
        let (before, begun) = (cpu_time()?, Instant::now());
        store.commit(&batch)?;
        took += begun.elapsed();
        cpu += cpu_time()? - before;
    }
    report(
        &format!("insert {total} entries, {batch} a batch"),
        total,
        took,
    );
    println!(
        "    on the processor {:.0} ms, {} MB stored",
        ms(cpu),
        store.store_bytes() >> 20
    );
    let begun = Instant::now();
    store.checkpoint()?;
    println!("    checkpoint {:.1} ms", ms(begun.elapsed()));
    let cpu = cpu_time()?;
    let begun = Instant::now();
    let (mut from, mut read) = (0, 0);
    loop {
        let entries = store.entries_by_arrival(from, 1_024)?;
        let Some(last) = entries.last() else { break };
        from = last.arrival + 1;
        read += entries.len();
    }
    report("read by arrival", read, begun.elapsed());
    println!("    on the processor {:.0} ms", ms(cpu_time()? - cpu));
    let peak = resident_kib("VmHWM");
    println!("    resident at most {peak} KiB, {} before", memory);
    Ok(())
}

fn start(path: &Path) -> Outcome {
    let begun = Instant::now();
    let store = Store::open(path, &key())?;
    let opened = begun.elapsed();
    let logs = store.logs()?.len();
    let listed = begun.elapsed();
    let statements = store.statements()?.len();
    let read = begun.elapsed();
    println!(
        "start with {} entries: open {:.2} ms, {logs} logs {:.2} ms, {statements} statements {:.2} ms",
        store.entries_total()?,
        ms(opened),
        ms(listed - opened),
        ms(read - listed)
    );
    let begun = Instant::now();
    let report = store.integrity_check(Extent::Quick)?;
    println!(
        "    quick check {:.0} ms {:?}",
        ms(begun.elapsed()),
        report.problems
    );
    let begun = Instant::now();
    let report = store.integrity_check(Extent::Full)?;
    println!(
        "    full check {:.0} ms {:?}",
        ms(begun.elapsed()),
        report.problems
    );
    Ok(())
}

fn lookups(path: &Path) -> Outcome {
    let store = Store::open(path, &key())?;
    let entries = store.entries_by_arrival(1, 100_000)?;
    let some: Vec<&StoredEntry> = entries.iter().step_by(7).collect();
    let begun = Instant::now();
    for stored in &some {
        store
            .entry(&stored.entry.id)?
            .ok_or("an entry is missing")?;
    }
    report("read by name", some.len(), begun.elapsed());
    let begun = Instant::now();
    for stored in &some {
        let seq = stored.entry.header.seq;
        store
            .entry_at(stored.log, seq)?
            .ok_or("an entry is missing")?;
    }
    report("name at a place", some.len(), begun.elapsed());
    let mut documents: Vec<DocumentId> =
        entries.iter().filter_map(|s| s.entry.document()).collect();
    documents.sort();
    documents.dedup();
    let begun = Instant::now();
    let mut read = 0;
    for document in &documents {
        store.each_document_entry(*document, &mut |_| read += 1)?;
    }
    report("read by document", read, begun.elapsed());
    Ok(())
}

fn small_commits(path: &Path) -> Outcome {
    let mut store = Store::open(path, &key())?;
    let mut world = World::after(&store)?;
    let mut took = Vec::new();
    let mut checkpoints = Vec::new();
    for round in 0..1_000 {
        let batch = world.batch(1);
        let begun = Instant::now();
        store.commit(&batch)?;
        took.push(begun.elapsed());
        if round % 100 == 99 {
            let begun = Instant::now();
            store.checkpoint()?;
            checkpoints.push(begun.elapsed());
        }
    }
    println!(
        "commit of one entry {}, checkpoint after 100 {}",
        spread(took),
        spread(checkpoints)
    );
    Ok(())
}

fn views(path: &Path) -> Outcome {
    let total = 20_000;
    let mut store = Store::open(path, &key())?;
    forget_peak()?;
    let mut took = Duration::ZERO;
    for part in 0..total / 1_000 {
        let views: Vec<_> = (part * 1_000..(part + 1) * 1_000).map(view).collect();
        let begun = Instant::now();
        store.put_views(&views, &[])?;
        took += begun.elapsed();
    }
    report("put views, 1,000 a transaction", total, took);
    store.checkpoint()?;
    time("search 停水 before the index, 20 wanted", || {
        Ok(store.search("停水", &Filter::default(), None, 20)?.len())
    })?;
    let mut slices = Vec::new();
    loop {
        let slice = Instant::now();
        if store.index_pending(100)? == 0 {
            break;
        }
        slices.push(slice.elapsed());
        if slices.len() % 20 == 0 {
            store.checkpoint()?;
        }
    }
    report("index, 100 a slice", total, slices.iter().sum());
    println!("    a slice {}", spread(slices));
    store.checkpoint()?;
    println!("    {} MB stored", store.store_bytes() >> 20);
    for (query, limit) in [
        ("停水", 20),
        ("伞", 20),
        ("ladder", 20),
        ("停水", usize::MAX),
    ] {
        time(&format!("search {query}, {limit} wanted"), || {
            Ok(store.search(query, &Filter::default(), None, limit)?.len())
        })?;
    }
    let filter = Filter {
        kind: Some(1),
        ..Filter::default()
    };
    time("list 50", || {
        Ok(store.list(&filter, Order::NewestFirst, None, 50)?.len())
    })?;
    time("list all, 500 a page", || {
        let (mut after, mut listed) = (None, 0);
        loop {
            let page = store.list(&filter, Order::NewestFirst, after.as_ref(), 500)?;
            let Some(last) = page.last() else {
                return Ok(listed);
            };
            after = Some(Cursor::from(last));
            listed += page.len();
        }
    })?;
    front_end(&store)?;
    time("view digest, nothing known", || {
        Ok(store.view_digest()?.len())
    })?;
    store.put_views(&[view(0)], &[])?;
    time("view digest after one change", || {
        Ok(store.view_digest()?.len())
    })?;
    println!(
        "resident {} KiB, at most {} KiB",
        resident_kib("VmRSS"),
        resident_kib("VmHWM")
    );
    Ok(())
}

/// What a front end asks at every key press.
fn front_end(store: &Store) -> Outcome {
    let now_ms = 1_700_000_000_000;
    let requests = Filter {
        kind: Some(1),
        ..Filter::default()
    };
    let in_states = |states: &[&str]| Filter {
        states: states
            .iter()
            .map(|state| InState {
                state: (*state).to_owned(),
                ended: Some((false, now_ms)),
            })
            .collect(),
        ..requests.clone()
    };
    let asked = [
        ("all", requests.clone()),
        ("open or offered", in_states(&["open", "offered"])),
        ("in a state that few have", in_states(&["double-booked"])),
        (
            "unread",
            Filter {
                unread: true,
                ..requests.clone()
            },
        ),
        (
            "one's own, one in 1,000",
            Filter {
                mine: true,
                ..requests.clone()
            },
        ),
        (
            "of no building",
            Filter {
                building: Some("99".to_owned()),
                ..requests.clone()
            },
        ),
    ];
    for order in [Order::NewestFirst, Order::ActiveFirst] {
        for (what, filter) in &asked {
            time(&format!("list 50 {what}, {order:?}"), || {
                Ok(store.list(filter, order, None, 50)?.len())
            })?;
        }
    }
    let news = Filter {
        unread: true,
        about_nothing: true,
        ..Filter::default()
    };
    time("100 news", || {
        Ok(store.list(&news, Order::ActiveFirst, None, 100)?.len())
    })?;
    time("count news", || {
        Ok(usize::try_from(store.count(&news)?).unwrap_or(0))
    })?;
    time("counts by kind and state", || {
        Ok(store.view_counts(now_ms)?.len())
    })?;
    time("what waits", || Ok(store.waiting(now_ms, 200)?.len()))
}

fn time(what: &str, work: impl FnOnce() -> Result<usize, Box<dyn Error + Send + Sync>>) -> Outcome {
    let begun = Instant::now();
    let found = work()?;
    let took = ms(begun.elapsed());
    let resident = resident_kib("VmRSS");
    println!("{what}: {took:.2} ms ({found}), resident {resident} KiB");
    Ok(())
}

fn view(number: usize) -> Projection {
    let id: Vec<u8> = (0..4u64)
        .flat_map(|i| random(number as u64 * 4 + i).to_be_bytes())
        .collect();
    let topic = ["停水", "雨伞", "梯子 ladder", "换灯泡"][number % 4];
    let text: String = (0..300u64)
        .filter_map(|i| {
            let common = random(number as u64 * 1_000 + i) % 3_000;
            char::from_u32(0x4e00 + u32::try_from(common).unwrap_or(0))
        })
        .collect();
    let row = ViewRow {
        document: DocumentId(id.try_into().expect("32 bytes")),
        kind: 1,
        created_ms: 1_700_000_000_000 + number as i64,
        updated_ms: 1_700_000_000_000,
        until_ms: None,
        author: Some(MemberId([1; 32])),
        about: None,
        building: Some("3".to_owned()),
        category: Some("goods".to_owned()),
        state: if number.is_multiple_of(2_000) {
            "double-booked"
        } else {
            ["open", "offered", "matched", "confirmed"][number / 4 % 4]
        }
        .to_owned(),
        hidden: false,
        moderated: false,
        blocked: false,
        title: format!("谁有{topic}？"),
        digest: [2; 32],
        json: format!("{{\"title\":\"谁有{topic}？\",\"body\":\"{text}\"}}"),
        active_ms: 0,
        mine: false,
        unread: false,
    };
    let mut put = Projection::from((row, text));
    put.concern.heard = number as u64;
    put.concern.mine = number.is_multiple_of(1_000);
    if number.is_multiple_of(100) {
        put.concern.waits = vec![Wait::new(WaitingReason::ChooseOffer)];
    }
    put
}

/// Logs that grow in runs, as segments bring them.
#[derive(Default)]
struct World {
    logs: Vec<StoredLog>,
    documents: Vec<DocumentId>,
    arrival: u64,
    written: usize,
}

impl World {
    fn after(store: &Store) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self {
            logs: store.logs()?,
            documents: Vec::new(),
            arrival: store.arrival_last()?,
            written: 0,
        })
    }

    fn batch(&mut self, entries: usize) -> Batch {
        let mut batch = Batch::default();
        for _ in 0..entries {
            let stored = self.entry();
            batch.entries.push(stored);
        }
        let mut touched: Vec<LogNumber> = batch.entries.iter().map(|stored| stored.log).collect();
        touched.sort();
        touched.dedup();
        batch.logs = touched
            .iter()
            .map(|log| self.logs[log.0 as usize].clone())
            .collect();
        batch
    }

    fn entry(&mut self) -> StoredEntry {
        let number = (self.written / RUN) % LOGS;
        if number == self.logs.len() {
            let seed = random(number as u64).to_be_bytes();
            self.logs.push(StoredLog {
                number: LogNumber(u32::try_from(number).expect("few logs")),
                device: DeviceId(std::array::from_fn(|i| seed[i % 8])),
                member: Some(MemberId(std::array::from_fn(|i| seed[i % 8] ^ 1))),
                base: None,
                head_seq: 0,
                head: EntryId::default(),
                bytes: 0,
                track: Track::default(),
            });
        }
        let log = &mut self.logs[number];
        let subject = match self.written % 10 {
            _ if self.written % 100 == 50 => Subject::Roster,
            0 => Subject::Creation { kind: 1 },
            _ => match self.documents.len() {
                0 => Subject::Creation { kind: 1 },
                count => Subject::Document {
                    document: self.documents
                        [usize::try_from(random(self.arrival)).expect("64 bits") % count],
                },
            },
        };
        let deps = match subject {
            Subject::Document { .. } => vec![EntryId(std::array::from_fn(|i| {
                (self.arrival >> (i % 8)) as u8
            }))],
            _ => Vec::new(),
        };
        let header = Header {
            version: VERSION,
            space: SpaceId([7; 32]),
            device: log.device,
            member: log.member,
            seq: log.head_seq + 1,
            backlink: (log.head_seq > 0).then_some(log.head),
            seen: (log.head_seq == 0).then(|| vec![EntryId([9; 32])]),
            time_ms: 1_700_000_000_000 + self.arrival as i64,
            subject,
            deps,
            atoms: 100,
            payload_bytes: 0,
            payload: PayloadHash::default(),
        };
        let payload = vec![u8::try_from(self.arrival % 251).expect("fits"); PAYLOAD_BYTES];
        let mut entry = Entry::new(header, payload);
        entry.signature = (self.written % RUN == RUN - 1).then_some(Signature([3; 64]));
        if let Subject::Creation { .. } = subject {
            self.documents.push(entry.id.into());
        }
        let entered = log.track.enter(entry.id, &entry.header);
        log.head_seq += 1;
        log.head = entry.id;
        self.arrival += 1;
        self.written += 1;
        StoredEntry {
            log: log.number,
            arrival: self.arrival,
            entered,
            entry,
        }
    }
}

/// SplitMix64.
fn random(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn report(what: &str, count: usize, took: Duration) {
    println!(
        "{what}: {:.0}/s ({:.1} ms)",
        count as f64 / took.as_secs_f64(),
        ms(took)
    );
}

fn spread(mut times: Vec<Duration>) -> String {
    times.sort();
    let at = |part: usize| ms(times[(times.len() - 1) * part / 100]);
    format!(
        "p50 {:.2} ms, p99 {:.2} ms, longest {:.2} ms",
        at(50),
        at(99),
        at(100)
    )
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Time on a processor, which other processes do not lengthen.
fn cpu_time() -> Result<Duration, Box<dyn Error + Send + Sync>> {
    let schedule = std::fs::read_to_string("/proc/self/schedstat")?;
    let running = schedule.split_whitespace().next().ok_or("no time")?;
    Ok(Duration::from_nanos(running.parse()?))
}

/// Makes the peak of memory begin anew.
fn forget_peak() -> Outcome {
    Ok(std::fs::write("/proc/self/clear_refs", "5")?)
}

fn resident_kib(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with(field))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|kib| kib.parse().ok())
        .unwrap_or(0)
}
