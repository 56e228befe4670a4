//! Entries of each subject, frames of segments, bundles and fork proofs.

use protocol::entry::{Entry, Header, Subject, write_intents};
use protocol::fork::{ForkProof, Side};
use protocol::intent::{AtomRef, EntryRef, Intents};
use protocol::key::PublicKey;
use protocol::segment::{read_segments, write_segments};
use protocol::statement::{Act, Authority, Statement};
use protocol::{bundle, codec};

use crate::vector::{Fault, Vector};
use crate::{given, intents};

pub fn vectors() -> Vec<Vector> {
    let mut vectors = Vec::new();
    for (name, header, payload) in subjects() {
        let entry = Entry::new(header, payload.clone());
        let read = |bytes: &[u8]| Header::from_bytes(bytes).map_err(told);
        let header = entry.header.clone();
        vectors.extend([
            Vector::of(
                &format!("entry/{name}-header"),
                header,
                Header::to_bytes,
                read,
            ),
            Vector::computed(&format!("entry/{name}-payload"), &payload),
            Vector::computed(&format!("entry/{name}-name"), &entry.id.0),
        ]);
        entry
            .header
            .read_payload(&payload)
            .unwrap_or_else(|error| panic!("entry {name}: {error}"));
    }
    let mut signed = Entry::new(given::header(Subject::Nothing), Vec::new());
    signed.sign(&given::key(2));
    let signature = signed.signature.expect("just signed");
    vectors.push(Vector::computed("entry/head-signature", &signature.0));
    let runs = vec![whole_log(), vec![whole_log().remove(0)], relays_log()];
    vectors.push(segments("segment/frame", runs.clone()));
    vectors.push(segments("segment/dropped-payload", vec![robbed_log()]));
    vectors.push(bundled("segment/bundle", runs));
    vectors.push(proof());
    vectors
}

fn told(error: impl std::error::Error) -> Fault {
    error.to_string()
}

fn payload(intents: Vec<protocol::intent::Intent>) -> Vec<u8> {
    write_intents(&Intents {
        references: Vec::new(),
        intents,
    })
}

/// One header and payload of each subject.
fn subjects() -> Vec<(&'static str, Header, Vec<u8>)> {
    let found = Statement::new(Authority::Founder, Act::Found(given::founding()));
    let found = found.to_bytes().expect("it is known");
    let mut join = given::header(Subject::Nothing);
    join.seq = 2;
    join.backlink = Some(given::entry(9));
    join.seen = Some(vec![given::entry(3), given::entry(4)]);
    let mut creation = given::header(Subject::Creation { kind: 300 });
    creation.atoms = 1;
    creation.member = None;
    let document = given::document(5);
    let mut change = given::header(Subject::Document { document });
    change.seq = 70_000;
    change.backlink = Some(given::entry(9));
    change.seen = Some(Vec::new());
    change.deps = vec![given::entry(5), given::entry(6)];
    change.atoms = 3;
    let referring = Intents {
        references: vec![given::entry(8)],
        intents: vec![intents::delete_run(AtomRef {
            entry: EntryRef(4),
            atom: 0,
        })],
    };
    vec![
        ("nothing", join, Vec::new()),
        ("roster", given::header(Subject::Roster), found),
        ("creation", creation, payload(vec![intents::put()])),
        ("document", change, write_intents(&referring)),
    ]
}

/// A log with everything that a record may hold: statements seen, a creation, changes of the same
/// and of another document, deps that are the backlink and others.
fn whole_log() -> Vec<Entry> {
    let found = Statement::new(Authority::Founder, Act::Found(given::founding()));
    let found = found.to_bytes().expect("it is known");
    let one = |subject, time_ms: i64| {
        let mut header = given::header(subject);
        header.time_ms += time_ms;
        header.atoms = 1;
        (header, payload(vec![intents::put()]))
    };
    let mut entries = given::log(vec![
        (given::header(Subject::Roster), found),
        one(Subject::Creation { kind: 2 }, 5),
    ]);
    let (founding, creation) = (entries[0].id, entries[1].id);
    let document = creation.into();
    let mut follow = |change: &dyn Fn(&mut Header)| {
        let before = entries.last().expect("the log has begun");
        let (mut header, payload) = one(Subject::Document { document }, 9);
        header.seq = before.header.seq + 1;
        header.backlink = Some(before.id);
        header.deps = vec![before.id];
        change(&mut header);
        entries.push(Entry::new(header, payload));
    };
    follow(&|header| header.seen = Some(vec![founding]));
    follow(&|header| {
        let mut deps = vec![creation, given::entry(6)];
        deps.sort_unstable();
        header.deps = deps;
        header.time_ms -= 100;
    });
    follow(&|header| {
        header.subject = Subject::Document {
            document: given::document(5),
        };
        header.deps = vec![given::entry(5)];
    });
    follow(&|header| {
        header.subject = Subject::Creation { kind: 70 };
        header.deps = Vec::new();
    });
    sign_last(entries)
}

fn sign_last(mut entries: Vec<Entry>) -> Vec<Entry> {
    for entry in &mut entries {
        entry.signature = None;
    }
    entries
        .last_mut()
        .expect("a log has entries")
        .sign(&given::key(2));
    entries
}

/// The log of a relay, which writes for no member and joins what it has seen.
fn relays_log() -> Vec<Entry> {
    let mut header = given::header(Subject::Nothing);
    header.member = None;
    header.seen = Some(vec![whole_log()[0].id, given::entry(200)]);
    header.seen.as_mut().expect("just set").sort_unstable();
    given::log(vec![(header, Vec::new())])
}

fn robbed_log() -> Vec<Entry> {
    let mut entries = whole_log();
    for entry in &mut entries[1..4] {
        entry.payload = None;
    }
    entries
}

fn segments(name: &str, runs: Vec<Vec<Entry>>) -> Vector {
    let key = PublicKey::parse(&given::device(2).0).expect("an honest key");
    for segment in read_segments(given::space(), &write_segments(&runs)).expect("own bytes") {
        if segment.entries.len() > 1 {
            segment.verify(given::space(), &key).expect("it is honest");
        }
    }
    let runs = signatures_as_sent(runs);
    let write = |runs: &Vec<Vec<Entry>>| write_segments(runs);
    Vector::of(name, runs, write, |bytes| {
        let segments = read_segments(given::space(), bytes).map_err(told)?;
        Ok(segments
            .into_iter()
            .map(|segment| segment.entries)
            .collect())
    })
}

/// A run whose last entry is not signed goes out with a signature of zeros.
fn signatures_as_sent(mut runs: Vec<Vec<Entry>>) -> Vec<Vec<Entry>> {
    for run in &mut runs {
        let last = run.last_mut().expect("a run has entries");
        last.signature
            .get_or_insert(protocol::key::Signature([0; 64]));
    }
    runs
}

fn bundled(name: &str, runs: Vec<Vec<Entry>>) -> Vector {
    let runs = signatures_as_sent(runs);
    let frames = vec![runs.clone(), Vec::new(), vec![runs[0].clone()]];
    let write = |frames: &Vec<Vec<Vec<Entry>>>| {
        let mut bytes = bundle::begin();
        for runs in frames {
            bundle::append(&mut bytes, runs);
        }
        bytes
    };
    Vector::of(name, frames, write, |bytes| {
        let frames = bundle::read(given::space(), bytes).map_err(told)?;
        let frames = frames.map(|frame| {
            let segments = frame.map_err(told)?.into_iter();
            Ok(segments.map(|segment| segment.entries).collect())
        });
        frames.collect()
    })
}

/// A proof of the fork that two continuations of one log show.
pub fn fork_proof() -> ForkProof {
    let side = |kind, length: usize| {
        let mut entries: Vec<Entry> = Vec::new();
        for _ in 0..length {
            let mut header = given::header(Subject::Creation { kind });
            header.atoms = 1;
            header.seq = entries.last().map_or(2, |before| before.header.seq + 1);
            header.backlink = Some(entries.last().map_or(given::entry(9), |before| before.id));
            entries.push(Entry::new(header, payload(vec![intents::put()])));
        }
        let entries = sign_last(entries);
        Side {
            signature: entries[length - 1].signature.expect("just signed"),
            headers: entries.into_iter().map(|entry| entry.header).collect(),
        }
    };
    ForkProof::new(side(1, 1), side(2, 2))
}

fn proof() -> Vector {
    let proof = fork_proof();
    proof.verify(given::space()).expect("it proves a fork");
    let read = |bytes: &[u8]| codec::decode(bytes).map_err(told);
    Vector::of("segment/fork-proof", proof, ForkProof::to_bytes, read)
}
