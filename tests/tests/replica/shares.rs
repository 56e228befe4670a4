//! What one household writes into one document: as much as four devices may, however many it has.

use std::collections::{BTreeMap, BTreeSet};

use protocol::document;
use protocol::entry::Entry;
use protocol::id::{DeviceId, DocumentId, EntryId};
use protocol::intent::{Content, Intent, Intents, Scalar};
use protocol::limits;
use protocol::replica::{Body, ReadDocument};
use protocol::statement::{Act, Authority, DeviceCut};
use tests::oracle::compare::Model;
use tests::oracle::document::Status;
use tests::oracle::history::History;

use crate::forgetting::village;
use crate::home::Home;

/// Edits of 12 kB that fill a device's share.
const EDITS: usize = limits::SHARE_BYTES_MAX as usize / 12_500;

#[test]
fn a_household_with_many_devices_fills_as_much_as_four_may_and_all_see_the_same() {
    let mut founder = Home::found();
    let (mut bo, mut carol) = village(&mut founder);
    let space = founder.replica.space();
    let own = Authority::Member {
        admission: founder.memory.entries()[1].entry.id,
    };
    let mut further: Vec<Home> = (70..74)
        .map(|seed| Home::of_household(2, seed, space))
        .collect();
    for home in &further {
        let certificate = home.certificate();
        bo.state(own, Act::Enrol { certificate });
    }
    let document = bo.document("hello");
    let start = bo.runs();
    let mut logs = vec![fill(&mut bo, document)];
    for home in &mut further {
        home.take(&start).expect("honest");
        logs.push(fill(home, document));
    }
    for home in [&mut founder, &mut carol] {
        home.take(&start).expect("honest");
    }
    for log in &logs {
        take(&mut founder, log);
    }
    for log in logs.iter().rev() {
        take(&mut carol, log);
    }
    let mut devices: Vec<DeviceId> = further.iter().map(Home::id).chain([bo.id()]).collect();
    devices.sort();
    assert_ne!(
        devices[4],
        bo.id(),
        "or the document itself would not count"
    );
    let seen = by_device(&read(&mut founder, document));
    assert_eq!(seen, by_device(&read(&mut carol, document)));
    let counting: Vec<DeviceId> = seen.keys().copied().collect();
    assert_eq!(counting, devices[..4], "the fifth finds no room");
    assert!(seen.values().all(|entries| entries.len() >= EDITS));
    let shown = read(&mut founder, document);
    assert!(shown.missing.is_empty(), "{:?}", shown.missing);
    assert_eq!(shown.left_out.len(), EDITS);
    assert!(shown.full.contains(&bo.member()));
    agrees_with_the_model(&founder, &shown, document);

    // Once one of them is ended with all that it wrote, there is room for the fifth.
    let ended = devices.iter().find(|device| **device != bo.id());
    let ended = *ended.expect("there are five");
    let cut = DeviceCut::issue(&bo.household, space, ended, None);
    bo.state(own, Act::CutDevice(cut));
    for home in [&mut founder, &mut carol] {
        home.take(&[vec![last(&bo)]]).expect("honest");
        let shown = read(home, document);
        let counting: Vec<DeviceId> = by_device(&shown).into_keys().collect();
        let rest: Vec<DeviceId> = devices.iter().copied().filter(|it| *it != ended).collect();
        assert_eq!(counting, rest);
        assert!(shown.missing.is_empty(), "{:?}", shown.missing);
    }
}

/// Fills a device's share of a document, and returns what it wrote.
fn fill(home: &mut Home, document: DocumentId) -> Vec<Entry> {
    let mut before = EntryId::from(document);
    let text = "\u{20000}".repeat(limits::BODY_CHARS_MAX);
    for _ in 0..EDITS {
        let put = Intent::Put {
            object: None,
            key: "body".into(),
            content: Content::Scalar(Scalar::Text(text.clone())),
        };
        before = home.append(&Body::Change {
            document,
            deps: vec![before],
            intents: Intents {
                references: Vec::new(),
                intents: vec![put],
            },
        });
    }
    let device = home.id();
    let entries = home.memory.entries().iter().map(|stored| &stored.entry);
    let own = entries.filter(|entry| entry.header.device == device);
    own.cloned().collect()
}

fn take(home: &mut Home, log: &[Entry]) {
    let held: BTreeSet<EntryId> = home.memory.entries().iter().map(|it| it.entry.id).collect();
    let new: Vec<Entry> = log
        .iter()
        .filter(|it| !held.contains(&it.id))
        .cloned()
        .collect();
    for run in new.chunks(16) {
        home.take(&[run.to_vec()]).expect("honest");
    }
}

fn last(home: &Home) -> Entry {
    let entries = home.memory.entries();
    entries.last().expect("it wrote").entry.clone()
}

fn read(home: &mut Home, document: DocumentId) -> ReadDocument {
    let read = home.replica.read_document(&home.memory, document);
    read.expect("memory can be read").expect("it is held")
}

/// The counting entries, by device.
fn by_device(read: &ReadDocument) -> BTreeMap<DeviceId, BTreeSet<EntryId>> {
    let mut found: BTreeMap<DeviceId, BTreeSet<EntryId>> = BTreeMap::new();
    let entries = read.document.entries();
    for info in entries.filter(|info| info.status == document::Status::Counts) {
        found.entry(info.device).or_default().insert(info.id);
    }
    found
}

fn agrees_with_the_model(home: &Home, read: &ReadDocument, document: DocumentId) {
    let entries = home.memory.entries().iter().map(|stored| &stored.entry);
    let history = History::new(entries, std::iter::empty());
    let model = Model::new(&history, home.replica.space());
    let statuses = &model.documents[&document].statuses;
    let counting = statuses
        .iter()
        .filter(|(_, status)| **status == Status::Counts);
    let counting: BTreeSet<EntryId> = counting.map(|(id, _)| *id).collect();
    let shown: BTreeSet<EntryId> = by_device(read).into_values().flatten().collect();
    assert_eq!(counting, shown);
}
