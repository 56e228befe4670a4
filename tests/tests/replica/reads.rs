//! What others can make a replica read: as much as it sends or takes, not as much as they name.

use protocol::entry::{Entry, Header, Subject, VERSION};
use protocol::frontier::{BucketSet, Head, Row};
use protocol::id::{EntryId, PayloadHash};
use protocol::session::frame::Frame;
use protocol::session::{Output, Purpose, Session, Side};
use protocol::statement::Authority;

use crate::home::{Home, SECRET};

#[test]
fn names_of_what_does_not_exist_are_looked_for_once() {
    let mut founder = Home::found();
    let joins = 500;
    let run: Vec<Entry> = joins_of_nothing(&founder, 0, joins);
    for run in run.chunks(100) {
        founder.take(&[run.to_vec()]).expect("it fits");
    }
    let before = founder.memory.reads();
    for number in 0..20 {
        founder.document(&format!("{number}"));
    }
    let reads = founder.memory.reads() - before;
    assert!(
        reads < 20 * 10,
        "{reads} entries were read for 20 documents"
    );
}

/// A branch of a stranger's log: entries that name statements which nobody has made, each signed.
fn joins_of_nothing(home: &Home, branch: u8, count: u32) -> Vec<Entry> {
    let device = protocol::key::SecretKey::from_seed(&[77; 32]);
    let mut entries: Vec<Entry> = Vec::new();
    for number in 0..count {
        let names = (0..8u8).map(|place| {
            let mut name = EntryId([place; 32]);
            name.0[27] = branch;
            name.0[28..].copy_from_slice(&number.to_be_bytes());
            name
        });
        let mut seen: Vec<EntryId> = names.collect();
        seen.sort_unstable();
        let header = Header {
            version: VERSION,
            space: home.replica.space(),
            device: protocol::id::DeviceId(device.public()),
            member: Some(home.member()),
            seq: u64::from(number) + 1,
            backlink: entries.last().map(|before| before.id),
            seen: Some(seen),
            time_ms: 2_000,
            subject: Subject::Nothing,
            deps: Vec::new(),
            atoms: 0,
            payload_bytes: 0,
            payload: PayloadHash::default(),
        };
        let mut entry = Entry::new(header, Vec::new());
        entry.sign(&device);
        entries.push(entry);
    }
    entries
}

#[test]
fn a_short_question_for_a_long_log_reads_what_is_answered() {
    let mut founder = Home::found();
    founder.admit(2, Authority::Founder);
    let mut bo = Home::new(2, founder.replica.space());
    bo.take(&founder.runs()).expect("honest");
    let long = 20_000;
    let mut last = EntryId([0; 32]);
    for number in 0..long {
        last = founder.document(&format!("{number}")).into();
    }
    let mut session = welcomed(&mut founder, &mut bo);
    let fetch = Frame::Fetch {
        device: founder.id(),
        entry: last,
        count: 1 << 20,
    };
    let before = founder.memory.reads();
    let outputs = session.handle(&fetch.to_bytes(), &mut founder.replica, &founder.memory);
    let outputs = outputs.expect("it is answered");
    let frames = outputs
        .iter()
        .filter(|output| matches!(output, Output::Send(_)));
    assert!((1..=64).contains(&frames.count()));
    let reads = founder.memory.reads() - before;
    assert!(reads < long - 1_000, "{reads} entries were read");
}

#[test]
fn a_made_up_head_is_looked_for_once_however_many_branches_its_log_has() {
    let mut founder = Home::found();
    founder.admit(2, Authority::Founder);
    let mut bo = Home::new(2, founder.replica.space());
    bo.take(&founder.runs()).expect("honest");
    let (branches, length) = (30, 4);
    for branch in 0..branches {
        let run = joins_of_nothing(&founder, branch, length);
        founder.take(&[run]).expect("it fits");
    }
    let stranger = founder.memory.entries().last().expect("just taken");
    let device = stranger.entry.header.device;
    assert_eq!(
        founder.replica.logs().of_device(&device).count(),
        usize::from(branches)
    );
    let mut session = welcomed(&mut founder, &mut bo);
    let made_up = 3_000_u64;
    let mut heads: Vec<Head> = (0..made_up)
        .map(|number| {
            let mut entry = EntryId([9; 32]);
            entry.0[..8].copy_from_slice(&number.to_be_bytes());
            let seq = 1 + number % u64::from(length - 1);
            Head { seq, entry }
        })
        .collect();
    heads.sort_unstable();
    let rows = Frame::Rows {
        buckets: BucketSet::ALL.0,
        rows: vec![Row { device, heads }],
        more: false,
        reply: false,
    };
    let before = founder.memory.reads();
    let outputs = session.handle(&rows.to_bytes(), &mut founder.replica, &founder.memory);
    outputs.expect("what a peer says that it holds may be unknown here");
    let reads = (founder.memory.reads() - before) as u64;
    assert!(reads < made_up + 1_000, "{reads} reads");
}

/// Returns the answering side of a session after both have welcomed each other.
fn welcomed(answerer: &mut Home, opener: &mut Home) -> Session {
    let mut near = Session::new(Side::Opener, Purpose::Meet, &SECRET, b"one", b"other");
    let mut far = Session::new(Side::Answerer, Purpose::Meet, &SECRET, b"other", b"one");
    let mut to_far: Vec<Output> = near.open();
    for _ in 0..8 {
        let mut to_near = Vec::new();
        for output in to_far.drain(..) {
            if let Output::Send(frame) = output {
                let bytes = frame.to_bytes();
                let done = far.handle(&bytes, &mut answerer.replica, &answerer.memory);
                to_near.extend(done.expect("honest"));
            }
        }
        for output in to_near {
            if let Output::Send(frame) = output {
                let bytes = frame.to_bytes();
                let done = near.handle(&bytes, &mut opener.replica, &opener.memory);
                to_far.extend(done.expect("honest"));
            }
        }
    }
    far
}
