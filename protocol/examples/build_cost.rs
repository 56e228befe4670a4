//! What it costs to build and read documents: `cargo run --release -p protocol --example
//! build_cost`.
//!
//! Prints entries a second for many small documents read from the op table and through Automerge,
//! and time and size of documents of 20 and 2,000 entries with either kind of actor. It asserts
//! nothing.

use std::collections::BTreeSet;
use std::hint::black_box;
#[expect(clippy::disallowed_types, reason = "an example may look at the clock")]
use std::time::Instant;

use protocol::document::{
    ActorMode, AtomId, Body, Document, DocumentEntry, Draft, Handle, MapValue, Touch, Value,
    Verdict,
};
use protocol::id::{DeviceId, DocumentId, EntryId};
use protocol::intent::{ObjectType, Scalar};

const DOCUMENTS: usize = 2_000;
const ENTRIES: usize = 10;

fn main() {
    let sentence = "换灯泡，周六上午十点在三号楼门口集合，请带梯子和手套。";
    let body: String = sentence.chars().cycle().take(100).collect();
    let records = |draft: &mut Draft<'_>, place, list, _| record(draft, place, list, &body);
    let documents: Vec<Vec<DocumentEntry>> = (0..DOCUMENTS)
        .map(|number| history(number, ENTRIES, records))
        .collect();
    for _ in 0..5 {
        let copy = documents.clone();
        let seconds = timed(|| {
            for entries in copy {
                let value = build(entries, ActorMode::Entry).value();
                black_box(count(&value));
            }
        });
        report("op table", DOCUMENTS * ENTRIES, seconds);
    }
    let copy = documents.clone();
    let seconds = timed(|| {
        for entries in copy {
            black_box(build(entries, ActorMode::Entry).changes());
        }
    });
    report("changes derived", DOCUMENTS * ENTRIES, seconds);
    let copy = documents;
    let seconds = timed(|| {
        for entries in copy {
            let automerge = build(entries, ActorMode::Entry).to_automerge();
            black_box(automerge.hydrate(None));
        }
    });
    report("through Automerge", DOCUMENTS * ENTRIES, seconds);
    for entries in [20, 2_000] {
        let listed = history(0, entries, records);
        let typed = history(0, entries, |draft, place, _, text| {
            typing(draft, place, text)
        });
        for mode in [ActorMode::Entry, ActorMode::Device] {
            actors("list of records", &listed, mode);
            actors("text", &typed, mode);
        }
    }
}

fn report(what: &str, entries: usize, seconds: f64) {
    let rate = entries as f64 / seconds;
    println!("{what}: {entries} entries in {seconds:.3} s, {rate:.0} a second");
}

#[expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "an example may look at the clock"
)]
fn timed(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

fn everyone(_: &Document, _: &DocumentEntry, _: &[Touch<'_>]) -> Verdict {
    Verdict::Counts
}

fn build(entries: Vec<DocumentEntry>, mode: ActorMode) -> Document {
    let mut document = Document::with_actors(DocumentId(entries[0].id.0), mode);
    let held_back = document.add_all(entries, &BTreeSet::new(), everyone);
    assert!(held_back.waiting.is_empty());
    document
}

fn count(value: &MapValue) -> usize {
    match value.shown("list") {
        Some(Value::List(list)) => list.elements.len(),
        _ => 0,
    }
}

fn id(document: usize, entry: usize) -> EntryId {
    let name = [document.to_le_bytes(), entry.to_le_bytes()].concat();
    EntryId(*blake3::hash(&name).as_bytes())
}

/// Writes a document, entry by entry, by ten devices in turn. The creating entry makes a list and a
/// text as its first two atoms.
fn history(
    number: usize,
    entries: usize,
    edit: impl Fn(&mut Draft<'_>, usize, Handle, Handle),
) -> Vec<DocumentEntry> {
    let mut document = Document::new(DocumentId(id(number, 0).0));
    let mut log: Vec<DocumentEntry> = Vec::new();
    let mut last = [None; 10];
    for place in 0..entries {
        let (mut draft, list, text);
        if place == 0 {
            draft = Draft::creation();
            list = draft
                .put_object(Handle::Root, "list", ObjectType::List)
                .unwrap();
            text = draft
                .put_object(Handle::Root, "text", ObjectType::Text)
                .unwrap();
        } else {
            draft = Draft::change(&document);
            let made = |atom| {
                Handle::Held(AtomId {
                    entry: log[0].id,
                    atom,
                })
            };
            (list, text) = (made(0), made(1));
        }
        edit(&mut draft, place, list, text);
        let writer = place % 10;
        let finished = draft.finish(last[writer]).unwrap();
        let entry = DocumentEntry {
            id: id(number, place),
            device: DeviceId([writer as u8; 32]),
            previous: last[writer],
            deps: finished.deps,
            time_ms: 1_700_000_000_000,
            atoms: finished.atoms,
            bytes: 300,
            body: Body::Intents(finished.intents),
        };
        last[writer] = Some(entry.id);
        log.push(entry.clone());
        document.add(entry, everyone).unwrap();
    }
    log
}

/// Appends a map with a body to the list.
fn record(draft: &mut Draft<'_>, place: usize, list: Handle, body: &str) {
    let map = draft.append_object(list, ObjectType::Map).unwrap();
    draft
        .put(map, "body", Scalar::Text(body.to_owned()))
        .unwrap();
    draft.put(map, "number", Scalar::Int(place as i64)).unwrap();
}

/// Types a few characters in the middle of the text, and now and then deletes some.
fn typing(draft: &mut Draft<'_>, place: usize, text: Handle) {
    let length = draft.length(text).unwrap();
    let at = place * 7_919 % (length + 1);
    let delete = if place % 5 == 4 {
        (length - at).min(3)
    } else {
        0
    };
    draft.splice_text(text, at, delete, "周六上午十点").unwrap();
}

/// Prints what a document costs in Automerge with either kind of actor.
fn actors(what: &str, log: &[DocumentEntry], mode: ActorMode) {
    let document = build(log.to_vec(), mode);
    let automerge = document.to_automerge();
    let bytes = automerge.save();
    let derive = best(|| drop(black_box(document.changes())));
    let apply = best(|| drop(black_box(document.to_automerge()))) - derive;
    let load = best(|| drop(black_box(automerge::Automerge::load(&bytes))));
    let read = best(|| drop(black_box(automerge.hydrate(None))));
    let own = best(|| drop(black_box(document.value())));
    let rebuild = best(|| drop(black_box(build(log.to_vec(), mode))));
    println!(
        "{what}, {} entries, {mode:?}: Automerge derive {derive:.2}, apply {apply:.2}, \
         read {read:.2}, load {load:.2} ms, {} bytes saved; op table build {rebuild:.2}, \
         read {own:.2} ms",
        log.len(),
        bytes.len(),
    );
}

/// Returns the milliseconds of the fastest of several runs.
fn best(mut work: impl FnMut()) -> f64 {
    let runs = (0..9).map(|_| timed(&mut work) * 1e3);
    runs.fold(f64::INFINITY, f64::min)
}
