//! Exclusion is exact: it matters neither when it becomes known nor in which order entries come.

use std::collections::BTreeSet;

use protocol::document::{Document, DocumentEntry, MapValue, Status, Value, Verdict};
use protocol::id::{DocumentId, EntryId};
use protocol::intent::{ObjectType, Scalar};

use crate::history::{device, entries, honest_changes, shuffled};
use crate::mirror;
use crate::model::Model;
use crate::random::{Random, seeds};
use crate::writing::*;

/// Chooses what is excluded: single entries at random, or the ends of one or two logs.
fn chosen(entries: &[DocumentEntry], random: &mut Random) -> BTreeSet<EntryId> {
    if random.once_in(2) {
        let later = entries.iter().skip(1);
        return later
            .filter(|_| random.once_in(4))
            .map(|entry| entry.id)
            .collect();
    }
    let mut excluded = BTreeSet::new();
    for _ in 0..1 + random.below(2) {
        let writer = device(random.below(4));
        let log: Vec<&DocumentEntry> = entries
            .iter()
            .skip(1)
            .filter(|entry| entry.device == writer)
            .collect();
        if !log.is_empty() {
            let cut = random.below(log.len());
            excluded.extend(log[cut..].iter().map(|entry| entry.id));
        }
    }
    excluded
}

#[test]
fn exclusion_gives_one_document_whenever_and_in_whatever_order_it_is_known() {
    let (mut changed, mut dependent) = (0, 0);
    for seed in seeds(25) {
        let entries = entries(&honest_changes(seed + 30_000, 4, 40));
        let id = DocumentId(entries[0].id.0);
        let mut random = Random::new(seed);
        let excluded = chosen(&entries, &mut random);
        let expected = Model::new(&entries, &excluded).value();
        let honest = Model::new(&entries, &BTreeSet::new()).value();
        changed += usize::from(expected != honest);
        dependent += entries
            .iter()
            .filter(|entry| !excluded.contains(&entry.id))
            .filter(|entry| entry.deps.iter().any(|dep| excluded.contains(dep)))
            .count();
        let mut heads = BTreeSet::new();
        for known_after in [0, 1, entries.len() / 4, entries.len() / 2, entries.len()] {
            let mut document = Document::new(id);
            for (count, entry) in shuffled(&entries, &mut random).into_iter().enumerate() {
                let known = count >= known_after;
                if count == known_after {
                    document.set_excluded(&excluded);
                }
                let out = known && excluded.contains(&entry.id);
                let verdict = if out {
                    Verdict::Excluded
                } else {
                    Verdict::Counts
                };
                document.add(entry, |_, _, _| verdict).unwrap();
            }
            document.set_excluded(&excluded);
            assert_eq!(
                document.value(),
                expected,
                "seed {seed}, known after {known_after}"
            );
            heads.insert((document.heads(), document.change_heads()));
            let value = mirror::named_by_values(document.value());
            assert_eq!(value, mirror::read(&document), "seed {seed}");
        }
        assert_eq!(heads.len(), 1, "seed {seed}");
    }
    assert!(
        changed > 0 && dependent > 0,
        "the histories must exclude something that matters"
    );
}

#[test]
fn lifting_an_exclusion_restores_the_document() {
    for seed in seeds(15) {
        let entries = entries(&honest_changes(seed + 40_000, 4, 30));
        let id = DocumentId(entries[0].id.0);
        let mut random = Random::new(seed);
        let excluded = chosen(&entries, &mut random);
        let mut document =
            Document::build(id, entries.clone(), &BTreeSet::new(), everyone).document;
        let (value, heads) = (document.value(), document.change_heads());
        document.set_excluded(&excluded);
        document.set_excluded(&BTreeSet::new());
        assert_eq!(document.value(), value, "seed {seed}");
        assert_eq!(document.change_heads(), heads, "seed {seed}");
        assert!(
            document
                .entries()
                .all(|entry| entry.status == Status::Counts)
        );
    }
}

#[test]
fn what_no_counting_entry_depends_on_is_left_out() {
    for seed in seeds(15) {
        let entries = entries(&honest_changes(seed + 50_000, 4, 40));
        let id = DocumentId(entries[0].id.0);
        let excluded = chosen(&entries, &mut Random::new(seed));
        let all =
            Document::build(
                id,
                entries.clone(),
                &BTreeSet::new(),
                |_, entry, _| match excluded.contains(&entry.id) {
                    true => Verdict::Excluded,
                    false => Verdict::Counts,
                },
            );
        let mut asked = 0;
        let cut = Document::build(id, entries.clone(), &excluded, |_, entry, _| {
            assert!(!excluded.contains(&entry.id), "nobody judges what is cut");
            asked += 1;
            Verdict::Counts
        });
        assert_eq!(asked, entries.len() - excluded.len());
        assert_eq!(cut.document.value(), all.document.value(), "seed {seed}");
        assert_eq!(cut.document.heads(), all.document.heads(), "seed {seed}");
        assert_eq!(
            cut.document.change_heads(),
            all.document.change_heads(),
            "seed {seed}"
        );
        let needed = entries.iter().filter(|entry| {
            let counts = |other: &&DocumentEntry| !excluded.contains(&other.id);
            let mut counting = entries.iter().filter(counts);
            !excluded.contains(&entry.id)
                || counting.any(|other| reaches(&entries, other, entry.id))
        });
        assert_eq!(
            cut.document.entries().count(),
            needed.count(),
            "seed {seed}"
        );
    }
}

fn reaches(entries: &[DocumentEntry], from: &DocumentEntry, to: EntryId) -> bool {
    let mut open = from.deps.clone();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if id == to {
            return true;
        }
        if seen.insert(id) {
            let entry = entries.iter().find(|entry| entry.id == id);
            open.extend(&entry.expect("deps are held").deps);
        }
    }
    false
}

/// Builds hand-written entries with some of them excluded, and checks the value against the model
/// and Automerge.
#[track_caller]
fn built(entries: Vec<DocumentEntry>, excluded: &[&str]) -> MapValue {
    let excluded: BTreeSet<EntryId> = excluded.iter().map(|name| entry_id(name)).collect();
    let expected = Model::new(&entries, &excluded).value();
    let id = DocumentId(entries[0].id.0);
    let built = Document::build(id, entries, &excluded, everyone);
    for entry in built.document.entries() {
        assert!(
            matches!(entry.status, Status::Counts | Status::Excluded),
            "{entry:?}"
        );
    }
    assert_eq!(built.document.value(), expected);
    let value = mirror::named_by_values(built.document.value());
    assert_eq!(value, mirror::read(&built.document));
    expected
}

fn shown_text(value: &MapValue, key: &str) -> Option<String> {
    match value.shown(key)? {
        Value::Scalar(Scalar::Text(text)) => Some(text.clone()),
        Value::Text(text) => Some(text.text.clone()),
        other => panic!("{key} shows {other:?}"),
    }
}

#[test]
fn an_excluded_overwrite_brings_the_old_value_back() {
    let value = built(
        vec![
            creation("doc"),
            entry("bad", &["doc"], vec![put(None, "title", text("没事"))]),
            entry("good", &["bad"], vec![put(None, "note", text("x"))]),
        ],
        &["bad"],
    );
    assert_eq!(shown_text(&value, "title").as_deref(), Some("停电通知"));
}

#[test]
fn an_honest_overwrite_of_an_excluded_one_covers_the_value_below() {
    let value = built(
        vec![
            creation("doc"),
            entry("bad", &["doc"], vec![put(None, "title", text("没事"))]),
            entry("good", &["bad"], vec![put(None, "title", text("停水通知"))]),
        ],
        &["bad"],
    );
    assert_eq!(shown_text(&value, "title").as_deref(), Some("停水通知"));
    assert!(value.cells["title"].others.is_empty());
}

#[test]
fn an_excluded_delete_deletes_nothing() {
    let value = built(
        vec![
            creation("doc"),
            entry(
                "said",
                &["doc"],
                vec![splice(creating(1), None, "周六停电")],
            ),
            entry(
                "bad",
                &["said"],
                vec![
                    delete(None, "title"),
                    delete_run(creating(1), dep(0, 0), 4),
                    increment(None, "count", 7),
                ],
            ),
            entry("good", &["bad"], vec![increment(None, "count", 1)]),
        ],
        &["bad"],
    );
    assert_eq!(shown_text(&value, "title").as_deref(), Some("停电通知"));
    assert_eq!(shown_text(&value, "text").as_deref(), Some("周六停电"));
    assert_eq!(
        value.shown("count"),
        Some(&Value::Scalar(Scalar::Counter(1)))
    );
}

#[test]
fn honest_text_stays_in_its_place_between_excluded_characters() {
    let value = built(
        vec![
            creation("doc"),
            entry("first", &["doc"], vec![splice(creating(1), None, "停电")]),
            entry(
                "bad",
                &["first"],
                vec![splice(creating(1), Some(dep(0, 0)), "xyz")],
            ),
            entry(
                "good",
                &["bad"],
                vec![splice(creating(1), Some(dep(0, 1)), "水停")],
            ),
        ],
        &["bad"],
    );
    assert_eq!(shown_text(&value, "text").as_deref(), Some("停水停电"));
}

#[test]
fn writes_inside_an_excluded_object_return_with_it() {
    let entries = || {
        vec![
            creation("doc"),
            entry(
                "bad",
                &["doc"],
                vec![insert(creating(0), None, new(ObjectType::Map))],
            ),
            entry(
                "good",
                &["bad"],
                vec![put(Some(dep(0, 0)), "note", text("谢谢"))],
            ),
            entry(
                "other",
                &["bad"],
                vec![insert(creating(0), Some(dep(0, 0)), text("我家有"))],
            ),
        ]
    };
    let elements = |value: &MapValue| match value.shown("list") {
        Some(Value::List(list)) => list.elements.clone(),
        other => panic!("{other:?}"),
    };
    let without = elements(&built(entries(), &["bad"]));
    assert_eq!(
        without.len(),
        1,
        "the element behind the excluded one stays"
    );
    assert_eq!(without[0].id.entry, entry_id("other"));
    let with = elements(&built(entries(), &[]));
    assert_eq!(with.len(), 2);
    match &with[0].cell.shown.value {
        Value::Map(map) => assert_eq!(shown_text(map, "note").as_deref(), Some("谢谢")),
        other => panic!("{other:?}"),
    }
}
