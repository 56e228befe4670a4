//! Drafts say what was edited, and merge with what others wrote meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use protocol::document::{
    AtomId, Body, Document, DocumentEntry, Draft, DraftError, Finished, Handle, Invalid, Status,
    Value,
};
use protocol::id::EntryId;
use protocol::intent::{Content, EntryRef, Intent, ObjectType, Scalar};
use protocol::limits;

use crate::history::device;
use crate::mirror;
use crate::random::{Random, seeds};
use crate::writing::*;

/// Makes the entry of a finished draft.
fn written(name: &str, writer: usize, previous: Option<EntryId>, draft: Finished) -> DocumentEntry {
    DocumentEntry {
        id: entry_id(name),
        device: device(writer),
        previous,
        deps: draft.deps,
        time_ms: 1_700_000_000_000,
        atoms: draft.atoms,
        bytes: 300,
        body: Body::Intents(draft.intents),
    }
}

fn add(document: &mut Document, entry: DocumentEntry) {
    assert_eq!(document.add(entry, everyone), Ok(Status::Counts));
}

/// A document with a list and a text.
fn begun() -> Document {
    let mut draft = Draft::creation();
    draft
        .put_object(Handle::Root, "list", ObjectType::List)
        .unwrap();
    draft
        .put_object(Handle::Root, "text", ObjectType::Text)
        .unwrap();
    let mut document = Document::new(document_id("doc"));
    add(
        &mut document,
        written("doc", 0, None, draft.finish(None).unwrap()),
    );
    document
}

fn held(atom: u32) -> Handle {
    let entry = entry_id("doc");
    AtomId { entry, atom }.into()
}

fn shown(document: &Document) -> String {
    match document.value().shown("text") {
        Some(Value::Text(text)) => text.text.clone(),
        other => panic!("{other:?}"),
    }
}

const PIECES: [&str; 6] = [
    "a",
    "停水",
    "👨\u{200d}👩\u{200d}👧",
    "e\u{301}",
    "\n",
    "周六上午十点",
];

#[test]
fn random_text_edits_read_as_a_string_does() {
    for seed in seeds(20) {
        let mut random = Random::new(seed);
        let mut document = begun();
        let mut expected: Vec<char> = Vec::new();
        let mut previous = Some(entry_id("doc"));
        for number in 0..25 {
            let mut draft = Draft::change(&document);
            for _ in 0..1 + random.below(4) {
                let at = random.below(expected.len() + 1);
                let delete = random.below((expected.len() - at).min(5) + 1);
                let text: String = (0..random.below(4))
                    .map(|_| *random.pick(&PIECES))
                    .collect();
                draft.splice_text(held(1), at, delete, &text).unwrap();
                expected.splice(at..at + delete, text.chars());
            }
            if draft.is_empty() {
                continue;
            }
            let name = format!("{seed}/{number}");
            let finished = draft.finish(previous).unwrap();
            add(&mut document, written(&name, 0, previous, finished));
            previous = Some(entry_id(&name));
            assert_eq!(
                shown(&document),
                expected.iter().collect::<String>(),
                "seed {seed}"
            );
        }
        assert_eq!(
            mirror::read(&document),
            mirror::named_by_values(document.value())
        );
    }
}

#[test]
fn concurrent_drafts_converge_and_lose_nothing() {
    for seed in seeds(15) {
        let mut random = Random::new(seed);
        let mut replicas = vec![begun(); 3];
        let mut log: Vec<DocumentEntry> = Vec::new();
        let mut previous: BTreeMap<usize, EntryId> = BTreeMap::new();
        let mut typed: BTreeSet<char> = BTreeSet::new();
        for number in 0..40u32 {
            let writer = random.below(3);
            if random.once_in(3) {
                let known: Vec<DocumentEntry> = log
                    .iter()
                    .filter(|entry| !replicas[writer].holds(&entry.id))
                    .cloned()
                    .collect();
                replicas[writer].add_all(known, &BTreeSet::new(), everyone);
            }
            let document = &mut replicas[writer];
            let mark = char::from_u32(0x4e00 + number).unwrap();
            let mut text: Vec<char> = shown(document).chars().collect();
            let at = random.below(text.len() + 1);
            text.insert(at, mark);
            typed.insert(mark);
            let mut draft = Draft::change(document);
            let text: String = text.into_iter().collect();
            assert!(draft.replace_text(held(1), &text).unwrap());
            let index = draft.length(held(0)).unwrap();
            draft
                .insert(held(0), random.below(index + 1), Scalar::Int(number.into()))
                .unwrap();
            let finished = draft.finish(previous.get(&writer).copied()).unwrap();
            let name = format!("{seed}/{number}");
            let entry = written(&name, writer, previous.get(&writer).copied(), finished);
            previous.insert(writer, entry.id);
            log.push(entry.clone());
            add(document, entry);
            assert_eq!(
                shown(document),
                text,
                "seed {seed}: the writer sees what it wrote"
            );
        }
        for replica in &mut replicas {
            let rest = log
                .iter()
                .filter(|entry| !replica.holds(&entry.id))
                .cloned()
                .collect();
            replica.add_all(rest, &BTreeSet::new(), everyone);
        }
        assert_eq!(replicas[0].value(), replicas[1].value(), "seed {seed}");
        assert_eq!(replicas[0].value(), replicas[2].value(), "seed {seed}");
        assert_eq!(
            replicas[0].change_heads(),
            replicas[1].change_heads(),
            "seed {seed}"
        );
        assert_eq!(
            shown(&replicas[0]).chars().collect::<BTreeSet<_>>(),
            typed,
            "seed {seed}"
        );
    }
}

#[test]
fn lists_are_edited_by_position() {
    let mut document = begun();
    let mut draft = Draft::change(&document);
    for number in 0..4 {
        draft
            .insert(held(0), number, Scalar::Int(number as i64))
            .unwrap();
    }
    let task = draft.append_object(held(0), ObjectType::Map).unwrap();
    draft
        .put(task, "title", Scalar::Text("挂灯笼".into()))
        .unwrap();
    let steps = draft.put_object(task, "steps", ObjectType::List).unwrap();
    draft.insert(steps, 0, Scalar::Counter(1)).unwrap();
    draft.increment_element(steps, 0, 4).unwrap();
    let finished = draft.finish(None).unwrap();
    add(&mut document, written("one", 0, None, finished));
    let mut draft = Draft::change(&document);
    draft.remove(held(0), 1, 2).unwrap();
    draft
        .put_element(held(0), 0, Scalar::Text("零".into()))
        .unwrap();
    draft.insert(held(0), 1, Scalar::Bool(true)).unwrap();
    let Some(Value::List(list)) = document.value().shown("list").cloned() else {
        panic!("there is a list");
    };
    draft
        .delete(list.elements[4].cell.shown.atom.into(), "title")
        .unwrap();
    assert_eq!(draft.length(held(0)), Ok(4));
    let finished = draft.finish(Some(entry_id("one"))).unwrap();
    assert!(
        finished.intents.references.is_empty(),
        "the deps name what is referred to"
    );
    add(
        &mut document,
        written("two", 0, Some(entry_id("one")), finished),
    );
    let Some(Value::List(list)) = document.value().shown("list").cloned() else {
        panic!("there is a list");
    };
    let values: Vec<&Value> = list
        .elements
        .iter()
        .map(|element| &element.cell.shown.value)
        .collect();
    assert_eq!(values[0], &Value::Scalar(Scalar::Text("零".into())));
    assert_eq!(values[1], &Value::Scalar(Scalar::Bool(true)));
    assert_eq!(values[2], &Value::Scalar(Scalar::Int(3)));
    let Value::Map(task) = values[3] else {
        panic!("{:?}", values[3]);
    };
    assert_eq!(task.shown("title"), None);
    match task.shown("steps") {
        Some(Value::List(steps)) => {
            let value = &steps.elements[0].cell.shown.value;
            assert_eq!(value, &Value::Scalar(Scalar::Counter(5)));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(list.elements.len(), 4);
}

#[test]
fn text_runs_are_packed() {
    let mut document = begun();
    let mut draft = Draft::change(&document);
    for (at, piece) in ["周六", "上午", "十点"].iter().enumerate() {
        draft.splice_text(held(1), at * 2, 0, piece).unwrap();
    }
    let finished = draft.finish(None).unwrap();
    assert_eq!(
        finished.intents.intents,
        [splice(creating(1), None, "周六上午十点")]
    );
    add(&mut document, written("one", 0, None, finished));
    let mut draft = Draft::change(&document);
    draft.splice_text(held(1), 1, 3, "").unwrap();
    draft.splice_text(held(1), 1, 1, "").unwrap();
    let finished = draft.finish(None).unwrap();
    assert_eq!(
        finished.intents.intents,
        [delete_run(creating(1), dep(0, 1), 4)]
    );
    assert_eq!(finished.atoms, 4);
}

#[test]
fn long_texts_take_several_entries() {
    let mut document = begun();
    let wanted: String = (0..3_000)
        .map(|n| char::from_u32(0x4e00 + n % 900).unwrap())
        .collect();
    let mut entries = 0;
    loop {
        let mut draft = Draft::change(&document);
        let whole = draft.replace_text(held(1), &wanted).unwrap();
        let finished = draft.finish(None).unwrap();
        assert!(finished.atoms <= limits::ATOMS_MAX);
        add(
            &mut document,
            written(&format!("part {entries}"), 0, None, finished),
        );
        entries += 1;
        if whole {
            break;
        }
    }
    assert_eq!(entries, 3);
    assert_eq!(shown(&document), wanted);
}

#[test]
fn more_heads_than_fit_are_named_as_far_as_needed() {
    let mut document = begun();
    for number in 0..40 {
        let mine = insert(creating(0), None, int(number));
        add(
            &mut document,
            entry(&format!("vote {number}"), &["doc"], vec![mine]),
        );
    }
    assert_eq!(document.heads().len(), 40);
    let Some(Value::List(list)) = document.value().shown("list").cloned() else {
        panic!("there is a list");
    };
    let mut draft = Draft::change(&document);
    draft.put_element(held(0), 39, Scalar::Null).unwrap();
    let previous = list.elements[20].id.entry;
    let finished = draft.finish(Some(previous)).unwrap();
    assert_eq!(finished.deps.len(), limits::DEPS_MAX);
    assert!(finished.deps.contains(&previous));
    assert!(finished.deps.contains(&list.elements[39].id.entry));
    add(
        &mut document,
        written("answer", 1, Some(previous), finished),
    );
    let mut draft = Draft::change(&document);
    draft.remove(held(0), 0, 30).unwrap();
    assert_eq!(draft.finish(None), Err(DraftError::Deps));
}

#[test]
fn a_text_with_more_concurrent_authors_than_deps_is_replaced_in_steps() {
    let mut document = begun();
    for number in 0..60 {
        let mine = splice(creating(1), None, "我说");
        add(
            &mut document,
            entry(&format!("line {number}"), &["doc"], vec![mine]),
        );
    }
    let mut previous = None;
    let mut steps = 0;
    while shown(&document) != "清空" {
        let mut draft = Draft::change(&document);
        draft.replace_text(held(1), "清空").unwrap();
        let finished = draft.finish(previous).unwrap();
        let name = format!("step {steps}");
        add(&mut document, written(&name, 1, previous, finished));
        previous = Some(entry_id(&name));
        steps += 1;
        assert!(steps < 10, "every step takes some authors in");
    }
    assert!(steps > 1);
}

#[test]
fn drafts_that_do_not_fit_say_so() {
    let document = begun();
    let mut draft = Draft::change(&document);
    assert_eq!(
        draft.put(held(0), "k", Scalar::Null),
        Err(DraftError::Object)
    );
    assert_eq!(
        draft.splice_text(held(0), 0, 0, "x"),
        Err(DraftError::Object)
    );
    assert_eq!(
        draft.put(held(7), "k", Scalar::Null),
        Err(DraftError::Object)
    );
    let behind = Err(DraftError::Index {
        index: 1,
        length: 0,
    });
    assert_eq!(draft.insert(held(0), 1, Scalar::Null), behind);
    assert_eq!(draft.splice_text(held(1), 1, 0, "x"), behind);
    assert!(draft.is_empty(), "what was refused leaves nothing behind");
    draft.put(Handle::Root, "k", Scalar::Null).unwrap();
    draft.put(Handle::Root, "k", Scalar::Null).unwrap();
    let twice = Err(DraftError::Invalid(Invalid::Twice { intent: 1 }));
    assert_eq!(draft.finish(None), twice);
    let mut draft = Draft::creation();
    draft.put(Handle::Root, "\0", Scalar::Null).unwrap();
    let key = Err(DraftError::Invalid(Invalid::Key { intent: 0 }));
    assert_eq!(draft.finish(None), key);
}

#[test]
fn references_reach_entries_that_no_dep_names() {
    let mut document = begun();
    let mut last = String::from("doc");
    for number in 0..5 {
        let name = format!("line {number}");
        let after = if number == 0 { None } else { Some(dep(0, 0)) };
        add(
            &mut document,
            entry(&name, &[&last], vec![splice(creating(1), after, "行")]),
        );
        last = name;
    }
    let mut draft = Draft::change(&document);
    draft.splice_text(held(1), 2, 0, "新").unwrap();
    let finished = draft.finish(None).unwrap();
    assert_eq!(finished.deps, [entry_id("line 4")]);
    assert_eq!(finished.intents.references, [entry_id("line 1")]);
    match &finished.intents.intents[..] {
        [
            Intent::Splice {
                object,
                after: Some(after),
                ..
            },
        ] => {
            assert_eq!(
                (object.entry, after.entry),
                (EntryRef::DOCUMENT, EntryRef(3))
            );
        }
        other => panic!("{other:?}"),
    }
    add(&mut document, written("new", 1, None, finished));
    assert_eq!(shown(&document), "行行新行行行");
    assert!(matches!(int(1), Content::Scalar(_)));
}
