//! Hostile entries: whatever they hold, nothing panics, and every order gives the same document.

use std::collections::{BTreeMap, BTreeSet};

use protocol::document::{
    Body, Document, DocumentEntry, InspectError, Invalid, MapValue, Status, Value, Verdict,
};
use protocol::id::{DocumentId, EntryId};
use protocol::intent::{AtomRef, Content, EntryRef, Intent, Intents, ObjectType, Scalar};
use protocol::limits;

use crate::history::{device, entries, honest_changes, shuffled};
use crate::mirror;
use crate::model::Model;
use crate::random::{Random, seeds};
use crate::writing::*;

const KEYS: [&str; 6] = ["title", "c0", "c1", "k", "m", "\u{202e}x"];
const BAD_KEYS: [&str; 4] = ["list", "text", "", "\0"];
const NUMBERS: [i64; 9] = [
    0,
    1,
    -1,
    1 << 31,
    -(1 << 31),
    (1 << 31) + 1,
    i64::MAX,
    i64::MIN,
    7,
];

/// Makes entries that refer to anything and everything, and sensible ones among them.
struct Attacker<'a> {
    random: &'a mut Random,
    held: Vec<DocumentEntry>,
    last: BTreeMap<usize, EntryId>,
    pasts: BTreeMap<EntryId, BTreeSet<EntryId>>,
    /// What was inserted into the first list and the first text.
    elements: [Vec<(EntryId, u32)>; 2],
}

/// The creating entry's list and text.
const LIST: u32 = 2;
const TEXT: u32 = 3;

impl<'a> Attacker<'a> {
    fn new(random: &'a mut Random, held: Vec<DocumentEntry>) -> Self {
        let mut attacker = Self {
            random,
            held: Vec::new(),
            last: BTreeMap::new(),
            pasts: BTreeMap::new(),
            elements: [Vec::new(), Vec::new()],
        };
        for entry in held {
            attacker.hold(entry);
        }
        attacker
    }

    fn hold(&mut self, entry: DocumentEntry) {
        let writer = (0..6).find(|number| device(*number) == entry.device);
        self.last.insert(writer.expect("a known device"), entry.id);
        let mut past: BTreeSet<EntryId> = entry.deps.iter().copied().collect();
        for dep in &entry.deps {
            past.extend(&self.pasts[dep]);
        }
        self.pasts.insert(entry.id, past);
        if let Body::Intents(intents) = &entry.body {
            let mut atom = 0;
            for intent in &intents.intents {
                match intent {
                    Intent::Insert { object, .. } if *object == creating(LIST) => {
                        self.elements[0].push((entry.id, atom));
                    }
                    Intent::Splice { object, .. } if *object == creating(TEXT) => {
                        self.elements[1].push((entry.id, atom));
                    }
                    _ => {}
                }
                atom += intent.atoms().min(5_000) as u32;
            }
        }
        self.held.push(entry);
    }

    fn entry(&mut self, name: String) -> DocumentEntry {
        let writer = self.random.below(6);
        let previous = self.last.get(&writer).copied();
        let all = self.held.len();
        let recent = if self.random.once_in(4) {
            all
        } else {
            all.min(4)
        };
        let mut deps: Vec<EntryId> = (0..1 + self.random.below(3))
            .map(|_| self.held[all - 1 - self.random.below(recent)].id)
            .collect();
        if !self.random.once_in(10) {
            deps.extend(previous);
        }
        deps.sort();
        deps.dedup();
        if self.random.once_in(30) {
            deps.push(deps[0]);
        }
        let intents = if self.random.once_in(4) {
            self.wild(&deps)
        } else {
            self.sensible(&deps)
        };
        let atoms = u32::try_from(intents.atoms()).unwrap_or(u32::MAX);
        let lies = self.random.once_in(30);
        DocumentEntry {
            id: entry_id(&name),
            device: device(writer),
            previous: previous.filter(|_| !self.random.once_in(20)),
            deps,
            time_ms: *self.random.pick(&NUMBERS),
            atoms: atoms.wrapping_add(u32::from(lies)),
            bytes: 300,
            body: if self.random.once_in(25) {
                Body::Unreadable
            } else {
                Body::Intents(intents)
            },
        }
    }

    /// Intents that refer to things of the right type in the past, most of them.
    fn sensible(&mut self, deps: &[EntryId]) -> Intents {
        let mut past: BTreeSet<EntryId> = deps.iter().copied().collect();
        for dep in deps {
            past.extend(&self.pasts[dep]);
        }
        let mut references = Vec::new();
        let mut intents = Vec::new();
        for _ in 0..1 + self.random.below(3) {
            let mut intent = self.intent(2);
            let (object, seat) = match &mut intent {
                Intent::Put { object, .. }
                | Intent::Delete { object, .. }
                | Intent::Increment { object, .. } => {
                    *object = None;
                    intents.push(intent);
                    continue;
                }
                Intent::Insert { object, after, .. } | Intent::Splice { object, after, .. } => {
                    (object, after.as_mut())
                }
                Intent::PutElement {
                    object, element, ..
                }
                | Intent::IncrementElement {
                    object, element, ..
                } => (object, Some(element)),
                Intent::DeleteRun { object, first, .. } => (object, Some(first)),
            };
            *object = creating(LIST);
            if let Some(seat) = seat {
                let inside = |(entry, _): &&(EntryId, u32)| past.contains(entry);
                let elements: Vec<_> = self.elements[0].iter().filter(inside).copied().collect();
                if elements.is_empty() {
                    continue;
                }
                let (entry, atom) = *self.random.pick(&elements);
                *seat = refer(deps, &mut references, entry, atom);
            }
            if let Intent::Splice { object, after, .. } = &mut intent {
                *object = creating(TEXT);
                let inside = |(entry, _): &&(EntryId, u32)| past.contains(entry);
                let elements: Vec<_> = self.elements[1].iter().filter(inside).copied().collect();
                *after = None;
                if !elements.is_empty() {
                    let (entry, atom) = *self.random.pick(&elements);
                    *after = Some(refer(deps, &mut references, entry, atom));
                }
            }
            intents.push(intent);
        }
        Intents {
            references,
            intents,
        }
    }

    fn wild(&mut self, deps: &[EntryId]) -> Intents {
        let references: Vec<EntryId> = (0..self.random.below(3))
            .map(|_| self.random.pick(&self.held).id)
            .collect();
        let places = 2 + deps.len() + references.len();
        let intents = 0..1 + self.random.below(3);
        Intents {
            intents: intents.map(|_| self.intent(places)).collect(),
            references,
        }
    }

    fn reference(&mut self, places: usize) -> AtomRef {
        if self.random.once_in(2) {
            return creating(LIST + self.random.below(2) as u32);
        }
        let entry = match self.random.below(20) {
            0 => EntryRef(u32::MAX),
            1 => EntryRef(places as u32),
            _ => EntryRef(self.random.below(places) as u32),
        };
        let atom = match self.random.below(20) {
            0 => u32::MAX,
            1 => u32::MAX - 2,
            _ => self.random.below(6) as u32,
        };
        AtomRef { entry, atom }
    }

    fn content(&mut self) -> Content {
        match self.random.below(8) {
            0 => new(*self
                .random
                .pick(&[ObjectType::Map, ObjectType::List, ObjectType::Text])),
            1 | 2 => counter(*self.random.pick(&NUMBERS)),
            3 => Content::Scalar(Scalar::Null),
            4 => Content::Scalar(Scalar::Bytes(vec![0, 255])),
            5 => Content::Scalar(Scalar::Bool(true)),
            6 => int(*self.random.pick(&NUMBERS)),
            _ => text("w"),
        }
    }

    fn intent(&mut self, places: usize) -> Intent {
        let key = if self.random.once_in(8) {
            self.random.pick(&BAD_KEYS)
        } else {
            self.random.pick(&KEYS)
        };
        let key = (*key).to_owned();
        let object = self.reference(places);
        let map = Some(object).filter(|_| self.random.once_in(4));
        let seat = self.reference(places);
        let after = Some(seat).filter(|_| !self.random.once_in(2));
        let content = self.content();
        let by = *self.random.pick(&NUMBERS);
        match self.random.below(9) {
            0 | 1 => Intent::Put {
                object: map,
                key,
                content,
            },
            2 => Intent::Delete { object: map, key },
            3 => Intent::Increment {
                object: map,
                key,
                by,
            },
            4 => Intent::Insert {
                object,
                after,
                content,
            },
            5 => Intent::PutElement {
                object,
                element: seat,
                content,
            },
            6 => Intent::IncrementElement {
                object,
                element: seat,
                by,
            },
            7 => {
                let count = *self.random.pick(&[1, 1, 1, 2, 3, 0, 2_000, u32::MAX]);
                Intent::DeleteRun {
                    object,
                    first: seat,
                    count,
                }
            }
            _ => {
                let text = self
                    .random
                    .pick(&["水\u{200d}", "e\u{301}", "ab", "\u{fffc}\0", ""]);
                Intent::Splice {
                    object,
                    after,
                    text: (*text).to_owned(),
                }
            }
        }
    }
}

fn refer(deps: &[EntryId], references: &mut Vec<EntryId>, entry: EntryId, atom: u32) -> AtomRef {
    let place = match deps.iter().position(|dep| *dep == entry) {
        Some(dep) => 2 + dep,
        None => {
            references.push(entry);
            1 + deps.len() + references.len()
        }
    };
    let entry = EntryRef(place as u32);
    AtomRef { entry, atom }
}

/// A roster that no order can change: some entries never count, some are against the kind's rules.
fn judge(_: &Document, entry: &DocumentEntry, _: &[protocol::document::Touch<'_>]) -> Verdict {
    match entry.id.0[0] {
        0..40 => Verdict::Excluded,
        40..50 => Verdict::Invalid,
        _ => Verdict::Counts,
    }
}

/// What a document comes to for a reader.
fn outcome(document: &Document) -> (MapValue, Vec<EntryId>, BTreeMap<EntryId, String>) {
    let statuses = document
        .entries()
        .map(|entry| (entry.id, format!("{:?}", entry.status)));
    (document.value(), document.heads(), statuses.collect())
}

#[test]
fn hostile_entries_leave_every_order_agreed() {
    let (mut counted, mut refused) = (0, 0);
    for seed in seeds(6) {
        let mut random = Random::new(seed);
        let honest = entries(&honest_changes(seed + 60_000, 4, 10));
        let id = DocumentId(honest[0].id.0);
        let mut document = Document::new(id);
        for entry in honest.clone() {
            document.add(entry, judge).unwrap();
        }
        let mut attacker = Attacker::new(&mut random, honest);
        for number in 0..150 {
            let entry = attacker.entry(format!("{seed}/{number}"));
            let status = document.add(entry.clone(), judge).unwrap();
            match status {
                Status::Invalid(_) => refused += 1,
                _ => counted += 1,
            }
            attacker.hold(entry);
        }
        let all = attacker.held;
        let expected = outcome(&document);
        assert_eq!(
            mirror::named_by_values(expected.0.clone()),
            mirror::read(&document)
        );
        let heads = document.change_heads();
        for round in 0..3 {
            let mut other = Document::new(id);
            for entry in shuffled(&all, &mut random) {
                other.add(entry, judge).unwrap();
            }
            assert!(outcome(&other) == expected, "seed {seed}, round {round}");
            assert_eq!(other.change_heads(), heads, "seed {seed}, round {round}");
        }
        let built = Document::build(id, all.clone(), &BTreeSet::new(), judge);
        assert!(outcome(&built.document) == expected, "seed {seed}, built");

        // What is invalid or unreadable says nothing, whatever it says, excluded or not.
        document.set_excluded(&BTreeSet::new());
        let lifted = outcome(&document);
        let silent = |status: Status| matches!(status, Status::Invalid(_) | Status::Unreadable);
        let mut plain = all;
        let mut excluded = BTreeSet::new();
        for entry in &mut plain {
            let status = document.entry(&entry.id).unwrap().status;
            if silent(status) {
                entry.body = Body::Unreadable;
            }
            // The header's number is what counts, up to the limit.
            entry.atoms = entry.atoms.min(limits::ATOMS_MAX);
            if judge(&document, entry, &[]) == Verdict::Excluded {
                excluded.insert(entry.id);
            }
        }
        assert_eq!(
            Model::new(&plain, &excluded).value(),
            expected.0,
            "seed {seed}"
        );
        let lifted_model = Model::new(&plain, &BTreeSet::new());
        assert_eq!(lifted_model.value(), lifted.0, "seed {seed}, lifted");
        document.set_excluded(&excluded);
        assert!(
            outcome(&document) == expected,
            "seed {seed}, excluded again"
        );
    }
    assert!(
        counted > refused / 20 && refused > counted / 20,
        "{counted} and {refused}"
    );
}

/// Adds the usual creating entry and one more, and tells what became of the second.
#[track_caller]
fn judged(entry: DocumentEntry) -> Status {
    let mut document = Document::new(document_id("doc"));
    document.add(creation("doc"), everyone).unwrap();
    let inspected = match document.inspect(&entry) {
        Ok(_) => Status::Counts,
        Err(InspectError::Invalid(invalid)) => Status::Invalid(invalid),
        Err(InspectError::Unreadable) => Status::Unreadable,
        Err(InspectError::Add(error)) => panic!("{error}"),
    };
    let follower = entry.id;
    let status = document.add(entry, everyone).unwrap();
    assert_eq!(inspected, status, "inspecting and adding agree");
    // Whatever it was, the document goes on and still makes an Automerge document that loads.
    let mut last = self::entry("last", &[], vec![put(None, "after", int(1))]);
    last.deps = vec![follower];
    assert_eq!(document.add(last, everyone), Ok(Status::Counts));
    let loaded = automerge::Automerge::load(&document.save()).unwrap();
    assert_eq!(
        mirror::read_automerge(&loaded, &document),
        mirror::named_by_values(document.value())
    );
    status
}

#[track_caller]
fn check(intents: Vec<Intent>, expected: Result<(), Invalid>) {
    let status = judged(entry("bad", &["doc"], intents));
    assert_eq!(
        status,
        expected.map_or_else(Status::Invalid, |()| Status::Counts)
    );
}

#[test]
fn references_must_lead_to_what_they_are_used_as() {
    let map = new(ObjectType::Map);
    check(vec![put(Some(creating(4)), "k", int(1))], Ok(()));
    check(
        vec![put(Some(creating(3)), "k", int(1))],
        Err(Invalid::Object { intent: 0 }),
    );
    check(
        vec![put(Some(creating(0)), "k", int(1))],
        Err(Invalid::Object { intent: 0 }),
    );
    check(
        vec![put(Some(creating(5)), "k", int(1))],
        Err(Invalid::Reference { intent: 0 }),
    );
    check(
        vec![put(Some(own(0)), "k", int(1))],
        Err(Invalid::Reference { intent: 0 }),
    );
    check(
        vec![put(Some(dep(1, 0)), "k", int(1))],
        Err(Invalid::Reference { intent: 0 }),
    );
    check(
        vec![insert(creating(1), None, int(1))],
        Err(Invalid::Object { intent: 0 }),
    );
    check(
        vec![splice(creating(0), None, "x")],
        Err(Invalid::Object { intent: 0 }),
    );
    check(
        vec![insert(creating(0), Some(creating(3)), int(1))],
        Err(Invalid::Element { intent: 0 }),
    );
    check(
        vec![
            insert(creating(0), None, int(1)),
            splice(creating(1), Some(own(0)), "x"),
        ],
        Err(Invalid::Element { intent: 1 }),
    );
    check(
        vec![
            insert(creating(0), None, map),
            put(Some(own(0)), "k", int(1)),
        ],
        Ok(()),
    );
    check(
        vec![
            splice(creating(1), None, "ab"),
            delete_run(creating(1), own(0), 3),
        ],
        Err(Invalid::Reference { intent: 1 }),
    );
    check(
        vec![
            splice(creating(1), None, "ab"),
            delete_run(creating(1), own(1), u32::MAX),
        ],
        // Nobody counts as far as the run claims to reach.
        Err(Invalid::Limit { what: "atoms" }),
    );
    check(
        vec![
            splice(creating(1), None, "ab"),
            delete_run(creating(1), own(0), 2),
        ],
        Ok(()),
    );
}

#[test]
fn keys_counters_and_repetitions_are_bounded() {
    let long = "k".repeat(limits::KEY_BYTES_MAX);
    check(vec![put(None, &long, int(i64::MIN))], Ok(()));
    check(
        vec![put(None, &format!("{long}k"), int(1))],
        Err(Invalid::Key { intent: 0 }),
    );
    check(vec![put(None, "", int(1))], Err(Invalid::Key { intent: 0 }));
    check(
        vec![put(None, "\0", int(1))],
        Err(Invalid::Key { intent: 0 }),
    );
    check(vec![delete(None, "\0x")], Err(Invalid::Key { intent: 0 }));
    check(
        vec![increment(None, "", 1)],
        Err(Invalid::Key { intent: 0 }),
    );
    let most = limits::COUNTER_ABS_MAX;
    check(
        vec![put(None, "c", counter(most)), increment(None, "c", -most)],
        Ok(()),
    );
    check(
        vec![put(None, "c", counter(most + 1))],
        Err(Invalid::Counter { intent: 0 }),
    );
    check(
        vec![put(None, "c", counter(i64::MIN))],
        Err(Invalid::Counter { intent: 0 }),
    );
    check(
        vec![increment(None, "count", i64::MIN)],
        Err(Invalid::Counter { intent: 0 }),
    );
    check(
        vec![increment(None, "count", -most - 1)],
        Err(Invalid::Counter { intent: 0 }),
    );
    check(
        vec![increment(None, "nothing", 1), delete(None, "nothing")],
        Ok(()),
    );
    check(
        vec![put(None, "k", int(1)), put(None, "k", int(2))],
        Err(Invalid::Twice { intent: 1 }),
    );
    check(
        vec![put(None, "k", int(1)), delete(None, "k")],
        Err(Invalid::Twice { intent: 1 }),
    );
    check(
        vec![
            splice(creating(1), None, "abc"),
            delete_run(creating(1), own(0), 2),
            delete_run(creating(1), own(1), 1),
        ],
        Err(Invalid::Twice { intent: 2 }),
    );
    check(
        vec![splice(creating(1), None, "")],
        Err(Invalid::Limit { what: "atoms" }),
    );
    check(
        vec![put(None, "k", int(1)), splice(creating(1), None, "")],
        Err(Invalid::Empty { intent: 1 }),
    );
}

#[test]
fn sizes_are_bounded() {
    let puts = |count: usize| {
        (0..count)
            .map(|n| put(None, &format!("k{n}"), int(1)))
            .collect()
    };
    check(puts(limits::INTENTS_MAX), Ok(()));
    check(
        puts(limits::INTENTS_MAX + 1),
        Err(Invalid::Limit { what: "intents" }),
    );
    let most = limits::ATOMS_MAX as usize;
    check(vec![splice(creating(1), None, &"水".repeat(most))], Ok(()));
    check(
        vec![splice(creating(1), None, &"水".repeat(most + 1))],
        Err(Invalid::Limit { what: "atoms" }),
    );
    let nested = |depth: u32| {
        let mut intents = vec![put(None, "deep", new(ObjectType::Map))];
        for atom in 1..depth {
            intents.push(put(Some(own(atom - 1)), "deep", new(ObjectType::Map)));
        }
        intents
    };
    let deepest = u32::from(limits::DEPTH_MAX);
    check(nested(deepest), Ok(()));
    check(
        nested(deepest + 1),
        Err(Invalid::Depth {
            intent: deepest as usize,
        }),
    );
    check(
        nested(64),
        Err(Invalid::Depth {
            intent: deepest as usize,
        }),
    );
}

#[test]
fn headers_that_lie_are_invalid() {
    let mut short = entry("bad", &["doc"], vec![put(None, "k", int(1))]);
    short.atoms = 2;
    let lie = Invalid::AtomCount {
        header: 2,
        payload: 1,
    };
    assert_eq!(judged(short), Status::Invalid(lie));
    let mut twice = entry("bad", &["doc"], vec![put(None, "k", int(1))]);
    twice.deps.push(twice.deps[0]);
    assert_eq!(judged(twice), Status::Invalid(Invalid::Deps));
    let mut forgetful = entry("bad", &["doc"], vec![put(None, "k", int(1))]);
    forgetful.previous = Some(entry_id("elsewhere"));
    assert_eq!(judged(forgetful), Status::Invalid(Invalid::Previous));
    let mut idle = entry("bad", &["doc"], vec![]);
    idle.body = Body::Unreadable;
    assert_eq!(
        judged(idle.clone()),
        Status::Invalid(Invalid::Limit { what: "atoms" })
    );
    idle.atoms = u32::MAX;
    assert_eq!(
        judged(idle.clone()),
        Status::Invalid(Invalid::Limit { what: "atoms" })
    );
    idle.atoms = 3;
    assert_eq!(judged(idle), Status::Unreadable);
    let mut many = entry("bad", &["doc"], vec![put(None, "k", int(1))]);
    if let Body::Intents(intents) = &mut many.body {
        intents.references = vec![entry_id("doc"); limits::REFERENCES_MAX + 1];
    }
    assert_eq!(
        judged(many),
        Status::Invalid(Invalid::Limit { what: "references" })
    );
    let mut foreign = entry("bad", &["doc"], vec![put(None, "k", int(1))]);
    if let Body::Intents(intents) = &mut foreign.body {
        intents.references = vec![entry_id("elsewhere")];
    }
    assert_eq!(
        judged(foreign),
        Status::Invalid(Invalid::Limit { what: "references" })
    );
}

#[test]
fn nothing_refers_to_atoms_outside_its_past_or_of_invalid_entries() {
    let mut document = Document::new(document_id("doc"));
    document.add(creation("doc"), everyone).unwrap();
    let list = |name, deps: &[&str]| {
        entry(
            name,
            deps,
            vec![insert(creating(0), None, new(ObjectType::Map))],
        )
    };
    document.add(list("one", &["doc"]), everyone).unwrap();
    document
        .add(list("invalid", &["doc"]), |_, _, _| Verdict::Invalid)
        .unwrap();
    document
        .add(list("excluded", &["doc"]), |_, _, _| Verdict::Excluded)
        .unwrap();
    let mut unreadable = list("unreadable", &["doc"]);
    unreadable.body = Body::Unreadable;
    document.add(unreadable, everyone).unwrap();
    let mut beside = entry("beside", &["doc"], vec![put(Some(dep(1, 0)), "k", int(1))]);
    if let Body::Intents(intents) = &mut beside.body {
        intents.references = vec![entry_id("one")];
    }
    let outside = Invalid::Limit { what: "references" };
    assert_eq!(document.add(beside, everyone), Ok(Status::Invalid(outside)));
    let inside = |name, of| entry(name, &[of], vec![put(Some(dep(0, 0)), "k", int(1))]);
    assert_eq!(
        document.add(inside("a", "one"), everyone),
        Ok(Status::Counts)
    );
    assert_eq!(
        document.add(inside("b", "excluded"), everyone),
        Ok(Status::Counts)
    );
    assert_eq!(
        document.add(inside("c", "unreadable"), everyone),
        Ok(Status::Unreadable)
    );
    let nothing = Invalid::Reference { intent: 0 };
    assert_eq!(
        document.add(inside("d", "invalid"), everyone),
        Ok(Status::Invalid(nothing))
    );
    // An exclusion changes nothing about who may refer to what.
    document.set_excluded(&[entry_id("unreadable"), entry_id("c")].into());
    assert_eq!(
        document.add(inside("e", "unreadable"), everyone),
        Ok(Status::Unreadable)
    );
    match document.value().shown("list") {
        // What was excluded counts, and is there beside the first.
        Some(Value::List(list)) => assert_eq!(list.elements.len(), 2),
        other => panic!("{other:?}"),
    }
}

/// A device that writes one entry behind the other.
struct Filler {
    last: String,
    written: u64,
}

impl Filler {
    fn follow(&mut self, document: &mut Document, mut page: DocumentEntry, name: String) -> Status {
        page.previous = Some(entry_id(&self.last));
        self.last = name;
        document.add(page, everyone).expect("its deps are there")
    }
}

#[test]
fn a_device_writes_a_bounded_number_of_atoms_into_a_document() {
    let mut document = Document::new(document_id("doc"));
    document.add(creation("doc"), everyone).unwrap();
    let line = "雨".repeat(limits::ATOMS_MAX as usize);
    let mut filler = Filler {
        last: String::from("doc"),
        written: 5,
    };
    for number in 0.. {
        let name = format!("page {number}");
        let full = filler.written + u64::from(limits::ATOMS_MAX) > limits::SHARE_ATOMS_MAX;
        let page = splice(creating(1), None, &line);
        let page = entry(&name, &[&filler.last], vec![page]);
        let status = filler.follow(&mut document, page, name);
        if full {
            assert_eq!(status, Status::Invalid(Invalid::Share));
            break;
        }
        assert_eq!(status, Status::Counts);
        filler.written += u64::from(limits::ATOMS_MAX);
    }
    others_still_write_behind(&mut document, &filler.last);
}

#[test]
fn a_device_writes_a_bounded_number_of_bytes_into_a_document() {
    let mut document = Document::new(document_id("doc"));
    document.add(creation("doc"), everyone).unwrap();
    let mut filler = Filler {
        last: String::from("doc"),
        written: 300,
    };
    let bytes = limits::ENTRY_BYTES_MAX as u32;
    let fitting = limits::SHARE_BYTES_MAX / u64::from(bytes) - 1;
    for number in 0..=fitting {
        let name = format!("page {number}");
        let mut page = entry(&name, &[&filler.last], vec![put(None, "title", text("长"))]);
        page.bytes = bytes;
        let expected = if number < fitting {
            Status::Counts
        } else {
            Status::Invalid(Invalid::Share)
        };
        let status = filler.follow(&mut document, page, name);
        assert_eq!(status, expected, "{number}");
    }
    others_still_write_behind(&mut document, &filler.last);
}

/// Who fills its own share takes nothing of anybody else's, even where others have seen it all.
fn others_still_write_behind(document: &mut Document, last: &str) {
    let mut behind = entry("behind", &[last], vec![put(None, "title", text("短"))]);
    behind.device = device(1);
    assert_eq!(document.add(behind, everyone), Ok(Status::Counts));
}

#[test]
fn who_leaves_an_own_entry_out_of_the_past_does_not_count_from_nothing_again() {
    let mut document = Document::new(document_id("doc"));
    document.add(creation("doc"), everyone).unwrap();
    let mut after = |name: &str, deps: &[&str], previous: &str| {
        let mut page = entry(name, deps, vec![put(None, "title", text(name))]);
        page.previous = Some(entry_id(previous));
        document.add(page, everyone).expect("its deps are there")
    };
    assert_eq!(after("first", &["doc"], "doc"), Status::Counts);
    let skipping = after("skipping", &["doc"], "first");
    assert_eq!(skipping, Status::Invalid(Invalid::Previous));
    let going_on = after("going on", &["first", "skipping"], "skipping");
    assert_eq!(going_on, Status::Invalid(Invalid::Share));
}

#[test]
fn a_hundred_thousand_deletes_of_the_same_characters_agree() {
    let mut all = vec![creation("doc")];
    all.push(entry(
        "text",
        &["doc"],
        vec![splice(creating(1), None, &"水".repeat(1_000))],
    ));
    for number in 0..100 {
        let run = delete_run(creating(1), dep(0, number % 10), 990);
        all.push(entry(&format!("delete {number}"), &["text"], vec![run]));
    }
    let document = Document::build(document_id("doc"), all.clone(), &BTreeSet::new(), everyone);
    all.reverse();
    let other = Document::build(document_id("doc"), all, &BTreeSet::new(), everyone);
    match document.document.value().shown("text") {
        Some(Value::Text(text)) => assert_eq!(text.text, "水"),
        other => panic!("{other:?}"),
    }
    assert_eq!(document.document.value(), other.document.value());
    assert_eq!(
        mirror::read(&document.document),
        mirror::named_by_values(document.document.value())
    );
}
