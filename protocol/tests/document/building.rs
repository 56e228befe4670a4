//! Building: any order in, what misses its deps held back and named.

use std::collections::BTreeSet;

use protocol::document::{Action, AddError, Document, DocumentEntry, Touch, Verdict};
use protocol::id::{DocumentId, EntryId};
use protocol::intent::ObjectType;

use crate::history::{entries, honest_changes};
use crate::random::{Random, seeds};
use crate::writing::*;

#[test]
fn entries_without_their_deps_wait_and_come_in_when_those_do() {
    for seed in seeds(15) {
        let entries = entries(&honest_changes(seed + 70_000, 4, 30));
        let id = DocumentId(entries[0].id.0);
        let whole = Document::build(id, entries.clone(), &BTreeSet::new(), everyone);
        assert!(whole.held_back.waiting.is_empty() && whole.held_back.wanted.is_empty());
        let mut random = Random::new(seed);
        let (late, early): (Vec<DocumentEntry>, Vec<DocumentEntry>) =
            entries.iter().cloned().partition(|_| random.once_in(5));
        let here: BTreeSet<EntryId> = early.iter().map(|entry| entry.id).collect();
        let part = Document::build(id, early.clone(), &BTreeSet::new(), everyone);
        let mut document = part.document;
        let wanted = early.iter().flat_map(|entry| &entry.deps);
        let wanted: BTreeSet<EntryId> = wanted.filter(|dep| !here.contains(dep)).copied().collect();
        assert_eq!(part.held_back.wanted, wanted, "seed {seed}");
        assert_eq!(
            document.entries().count() + part.held_back.waiting.len(),
            early.len()
        );
        for entry in document.entries() {
            assert!(!part.held_back.waiting.contains(&entry.id));
        }
        let waiting = early
            .into_iter()
            .filter(|entry| part.held_back.waiting.contains(&entry.id));
        let rest = waiting.chain(late).collect();
        let held_back = document.add_all(rest, &BTreeSet::new(), everyone);
        assert_eq!(held_back, Default::default(), "seed {seed}");
        assert_eq!(document.value(), whole.document.value(), "seed {seed}");
        assert_eq!(
            document.change_heads(),
            whole.document.change_heads(),
            "seed {seed}"
        );
    }
}

#[test]
fn entries_of_other_documents_and_repetitions_are_refused() {
    let mut document = Document::new(document_id("doc"));
    let other = creation("other");
    assert_eq!(
        document.add(other.clone(), everyone),
        Err(AddError::Foreign)
    );
    document.add(creation("doc"), everyone).unwrap();
    assert_eq!(document.add(creation("doc"), everyone), Err(AddError::Held));
    assert_eq!(document.add(other, everyone), Err(AddError::Foreign));
    let stray = entry("stray", &["other"], vec![put(None, "k", int(1))]);
    let missing = vec![entry_id("other")];
    assert_eq!(
        document.add(stray.clone(), everyone),
        Err(AddError::Missing { missing })
    );
    let built = Document::build(
        document_id("doc"),
        vec![creation("doc"), creation("other"), stray, creation("doc")],
        &BTreeSet::new(),
        everyone,
    );
    assert_eq!(built.document.entries().count(), 1);
    assert_eq!(
        built.held_back.waiting,
        [entry_id("other"), entry_id("stray")].into()
    );
    assert!(built.held_back.wanted.is_empty());
}

#[test]
fn a_judge_sees_what_is_touched_and_who_made_it() {
    let offer = entry(
        "offer",
        &["doc"],
        vec![
            insert(creating(0), None, new(ObjectType::Map)),
            put(Some(own(0)), "note", text("我家有")),
        ],
    );
    let reply = entry(
        "reply",
        &["offer"],
        vec![
            put(Some(dep(0, 0)), "note", text("谢谢")),
            insert(creating(0), Some(dep(0, 0)), text("也有")),
            put(None, "title", text("新")),
            put(Some(creating(4)), "street", text("三号")),
            splice(creating(1), None, "水"),
            increment(None, "count", 3),
            delete_run(creating(0), dep(0, 0), 1),
        ],
    );
    let mut document = Document::new(document_id("doc"));
    document.add(creation("doc"), everyone).unwrap();
    document.add(offer.clone(), everyone).unwrap();
    let (doc, offer, own) = (entry_id("doc"), entry_id("offer"), entry_id("reply"));
    let place = |touch: &Touch<'_>| {
        (
            touch.root_key.to_owned(),
            touch.depth,
            touch.key.map(str::to_owned),
            touch.object,
            touch.object_made.map_or(entry_id("doc"), |made| made.entry),
            touch.element,
        )
    };
    let key = |key: &str| Some(key.to_owned());
    let expected = vec![
        (
            "list".into(),
            2,
            key("note"),
            ObjectType::Map,
            offer,
            Some(offer),
        ),
        ("list".into(), 1, None, ObjectType::List, doc, Some(own)),
        ("title".into(), 0, key("title"), ObjectType::Map, doc, None),
        ("map".into(), 1, key("street"), ObjectType::Map, doc, None),
        ("text".into(), 1, None, ObjectType::Text, doc, Some(own)),
        ("count".into(), 0, key("count"), ObjectType::Map, doc, None),
        ("list".into(), 1, None, ObjectType::List, doc, Some(offer)),
    ];
    let touches = document.inspect(&reply).unwrap();
    assert_eq!(touches.iter().map(place).collect::<Vec<_>>(), expected);
    assert_eq!(touches[0].action, Action::Put(&text("谢谢")));
    assert_eq!(touches[1].action, Action::Insert(&text("也有")));
    assert_eq!(touches[4].action, Action::Splice("水"));
    assert_eq!(touches[5].action, Action::Increment(3));
    assert_eq!(touches[6].action, Action::DeleteRun(1));
    // Adding asks the judge about the same.
    let mut seen = Vec::new();
    let judge = |_: &Document, _: &DocumentEntry, touches: &[Touch<'_>]| {
        seen.extend(touches.iter().map(place));
        Verdict::Excluded
    };
    document.add(reply.clone(), judge).unwrap();
    assert_eq!(seen, expected);
}

#[test]
fn nested_drafts_inherit_the_outermost_element() {
    let mut document = Document::new(document_id("doc"));
    document.add(creation("doc"), everyone).unwrap();
    let task = entry(
        "task",
        &["doc"],
        vec![
            insert(creating(0), None, new(ObjectType::Map)),
            put(Some(own(0)), "steps", new(ObjectType::List)),
            insert(own(1), None, text("买灯笼")),
        ],
    );
    let touches = document.inspect(&task).unwrap();
    assert_eq!(touches[2].root_key, "list");
    assert_eq!(touches[2].depth, 3);
    assert_eq!(
        touches[2].object_made.map(|made| made.entry),
        Some(entry_id("task"))
    );
    document.add(task.clone(), everyone).unwrap();
    let step = entry(
        "step",
        &["task"],
        vec![
            insert(dep(0, 1), Some(dep(0, 2)), new(ObjectType::Map)),
            put(Some(own(0)), "what", text("挂灯笼")),
        ],
    );
    let touches = document.inspect(&step).unwrap();
    let task = Some(entry_id("task"));
    assert_eq!(
        touches[0].element, task,
        "the task's author, not the step's"
    );
    assert_eq!(touches[1].element, task);
    assert_eq!(
        touches[1].object_made.map(|made| made.entry),
        Some(entry_id("step"))
    );
}
