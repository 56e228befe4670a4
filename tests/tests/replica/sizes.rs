//! Whatever honest and hostile devices write, what is held can be sent on: frames, runs and proofs
//! stay within their limits.

use protocol::document::{Invalid, Status};
use protocol::entry::{Entry, Header, Subject, write_intents};
use protocol::frontier::{Head, Row};
use protocol::id::{DeviceId, EntryId};
use protocol::intent::{Content, Intent, Intents, Scalar};
use protocol::key::SecretKey;
use protocol::limits;
use protocol::replica::Body;
use protocol::segment::InvalidSegment;
use protocol::session::SessionError;
use protocol::session::frame::Frame;
use protocol::session::pack;

use crate::home::Home;
use crate::meeting::meet_as_members;

#[test]
fn long_texts_in_a_row_come_over() {
    let mut founder = Home::found();
    founder.admit(2, protocol::statement::Authority::Founder);
    let mut bo = Home::new(2, founder.replica.space());
    bo.take(&founder.runs()).expect("honest");
    for _ in 0..200 {
        founder.document(&"停".repeat(limits::BODY_CHARS_MAX));
    }
    meet_as_members(&mut founder, &mut bo).expect("every frame is taken");
    let held = |home: &Home| home.memory.entries().len();
    assert_eq!(held(&bo), held(&founder));
    let last = founder.replica.last_arrival();
    for runs in pack(&founder.memory, 1, last) {
        let frame = protocol::segment::write_segments(&runs.expect("memory can be read"));
        assert!(frame.len() <= limits::FRAME_BYTES_MAX);
    }
}

/// Entries with all the names that a header holds, of which only the last is signed.
pub fn heavy(home: &Home, device: &SecretKey, count: u64, payload_chars: usize) -> Vec<Entry> {
    let names = |first: u8, count: usize| -> Vec<EntryId> {
        let names = (0..count).map(|number| {
            let mut id = EntryId([first; 32]);
            id.0[1] = u8::try_from(number).expect("few");
            id
        });
        names.collect()
    };
    let intents = vec![Intent::Put {
        object: None,
        key: "body".into(),
        content: Content::Scalar(Scalar::Text("x".repeat(payload_chars))),
    }];
    let references = Vec::new();
    let payload = write_intents(&Intents {
        references,
        intents,
    });
    let mut entries: Vec<Entry> = Vec::new();
    for seq in 1..=count {
        let header = Header {
            version: protocol::entry::VERSION,
            space: home.replica.space(),
            device: DeviceId(device.public()),
            member: Some(home.member()),
            seq,
            backlink: entries.last().map(|before| before.id),
            seen: Some(names(1, limits::SEEN_MAX)),
            time_ms: limits::TIME_MS_MAX,
            subject: Subject::Document {
                document: EntryId([9; 32]).into(),
            },
            deps: names(2, limits::DEPS_MAX),
            atoms: 1,
            payload_bytes: 0,
            payload: Default::default(),
        };
        entries.push(Entry::new(header, payload.clone()));
    }
    entries.last_mut().expect("some").sign(device);
    entries
}

#[test]
fn what_one_log_writes_beyond_its_share_is_invalid_and_not_lacking() {
    let mut home = Home::found();
    let document = home.document("first");
    let long = "停".repeat(limits::BODY_CHARS_MAX);
    let intents = |text: &str| Intents {
        references: Vec::new(),
        intents: vec![Intent::Put {
            object: None,
            key: "body".into(),
            content: Content::Scalar(Scalar::Text(text.into())),
        }],
    };
    let mut last = EntryId::from(document);
    let mut number = 0;
    let mut written = 0;
    let mut edit = |home: &mut Home| {
        number += 1;
        last = home.append(&Body::Change {
            document,
            deps: vec![last],
            intents: intents(&format!("{number} {}", &long[..long.len() - 60])),
        });
        let held = home.memory.find(&last).expect("just written");
        written += held.entry.header.entry_bytes() as u64;
        (last, written)
    };
    let mut within = EntryId::from(document);
    let beyond = loop {
        let (entry, written) = edit(&mut home);
        if written > limits::SHARE_BYTES_MAX {
            break entry;
        }
        within = entry;
    };
    let (after, _) = edit(&mut home);
    let read = home.replica.read_document(&home.memory, document);
    let read = read.expect("memory can be read").expect("it is held");
    let status = |entry| read.document.entry(&entry).map(|info| info.status);
    assert_eq!(status(within), Some(Status::Counts));
    for entry in [beyond, after] {
        assert_eq!(status(entry), Some(Status::Invalid(Invalid::Share)));
    }
    assert!(read.missing.is_empty() && read.counts && !read.unreadable);
}

#[test]
fn a_run_that_could_not_be_sent_on_is_refused() {
    let mut home = Home::found();
    let device = SecretKey::from_seed(&[50; 32]);
    let mut bytes = 0;
    let fitting = heavy(&home, &device, 256, 1)
        .iter()
        .take_while(|entry| {
            bytes += entry.header.entry_bytes();
            bytes <= limits::SEGMENT_BYTES_MAX
        })
        .count() as u64;
    let outcome = home
        .take(&[heavy(&home, &device, fitting + 1, 1)])
        .map(drop);
    assert!(
        matches!(outcome, Err(SessionError::Segment(InvalidSegment::Length))),
        "{outcome:?}"
    );
    home.take(&[heavy(&home, &device, fitting, 1)])
        .expect("it fits");
}

#[test]
fn logs_full_of_names_come_over() {
    let mut founder = Home::found();
    founder.admit(2, protocol::statement::Authority::Founder);
    let mut bo = Home::new(2, founder.replica.space());
    bo.take(&founder.runs()).expect("honest");
    for seed in 50..60 {
        let device = SecretKey::from_seed(&[seed; 32]);
        let run = heavy(&founder, &device, 200, 1);
        founder.take(&[run]).expect("it fits");
    }
    meet_as_members(&mut founder, &mut bo).expect("every frame is taken");
    let held = |home: &Home| home.memory.entries().len();
    assert_eq!(held(&bo), held(&founder));
}

#[test]
fn a_fork_with_long_sides_does_not_end_sessions() {
    let mut founder = Home::found();
    founder.admit(2, protocol::statement::Authority::Founder);
    let mut bo = Home::new(2, founder.replica.space());
    bo.take(&founder.runs()).expect("honest");
    let device = SecretKey::from_seed(&[50; 32]);
    let sides = [1, 2].map(|chars| heavy(&founder, &device, 230, chars));
    bo.take(&sides[..1]).expect("it fits");
    for side in &sides {
        founder.take(std::slice::from_ref(side)).expect("it fits");
    }
    meet_as_members(&mut founder, &mut bo).expect("every frame is taken");
    let id = DeviceId(device.public());
    assert_eq!(bo.replica.forked_at(&id), Some(1));
    assert_eq!(
        bo.replica.frontier_digest(),
        founder.replica.frontier_digest()
    );
}

#[test]
fn rows_of_many_branches_fit_in_frames() {
    let mut founder = Home::found();
    founder.admit(2, protocol::statement::Authority::Founder);
    let mut bo = Home::new(2, founder.replica.space());
    bo.take(&founder.runs()).expect("honest");
    for number in 0..300_u16 {
        let head = |seq: u64| Head {
            seq,
            entry: EntryId([7; 32]),
        };
        let mut device = DeviceId([1; 32]);
        device.0[..2].copy_from_slice(&number.to_be_bytes());
        let branches = if number == 7 {
            limits::BRANCHES_MAX
        } else {
            64
        };
        for seq in 1..=branches as u64 {
            founder.replica.frontier().advance(device, None, head(seq));
        }
    }
    let mut frames = 0;
    let _ = crate::meeting::meet(
        &mut bo,
        &mut founder,
        protocol::session::Purpose::Meet,
        |frame| {
            if let Frame::Rows { rows, .. } = &frame {
                frames += usize::from(!rows.is_empty());
                let heads: usize = rows.iter().map(|row: &Row| row.heads.len()).sum();
                assert!(heads > 0 && frame.to_bytes().len() <= limits::FRAME_BYTES_MAX);
            }
            frame
        },
    );
    assert!(frames > 1, "{frames} frames of rows");
}
