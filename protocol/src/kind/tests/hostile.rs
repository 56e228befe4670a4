//! Random intents by somebody else: whatever policy lets pass changes nothing of what belongs to
//! others.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::Value;

use crate::document::{Draft, DraftError as Unfit, Handle, MapValue, Value as Held};
use crate::intent::{ObjectType, Scalar};

use super::*;

fn scalar() -> impl Strategy<Value = Scalar> {
    let words = vec![
        "offer",
        "acceptance",
        "confirmation",
        "errand",
        "step",
        "x",
        "",
    ];
    prop_oneof![
        prop::sample::select(words).prop_map(|word| Scalar::Text(word.to_owned())),
        (0..200i64).prop_map(Scalar::Int),
        any::<bool>().prop_map(Scalar::Bool),
        prop::sample::select(vec![32usize, 36]).prop_map(|bytes| Scalar::Bytes(vec![0; bytes])),
        Just(Scalar::Null),
        Just(Scalar::Counter(1)),
    ]
}

fn key() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "title", "body", "facts", "is", "offer", "text", "reason", "urgent", "places", "when",
        "to", "note", "take", "zzz",
    ])
}

/// One thing that an entry does.
#[derive(Clone, Debug)]
enum Deed {
    Put(&'static str, Scalar),
    PutObject(&'static str, ObjectType),
    Delete(&'static str),
    Increment(&'static str),
    /// A fact as the list with this number wants it, and perhaps one value that it does not.
    AddFact(usize, Option<(&'static str, Scalar)>),
    AddElement(Scalar),
    PutInFact(usize, &'static str, Scalar),
    PutObjectInFact(usize, &'static str, ObjectType),
    DeleteInFact(usize, &'static str),
    Overwrite(usize, Scalar),
    Remove(usize),
    Write(&'static str, usize),
    Erase(&'static str, usize),
}

fn deed() -> impl Strategy<Value = Deed> {
    let object = prop::sample::select(vec![ObjectType::Map, ObjectType::List, ObjectType::Text]);
    let more = prop::option::weighted(0.3, (key(), scalar()));
    let at = 0..4usize;
    prop_oneof![
        2 => (key(), scalar()).prop_map(|(key, scalar)| Deed::Put(key, scalar)),
        1 => (key(), object.clone()).prop_map(|(key, object)| Deed::PutObject(key, object)),
        1 => key().prop_map(Deed::Delete),
        1 => key().prop_map(Deed::Increment),
        9 => (0..9usize, more).prop_map(|(list, more)| Deed::AddFact(list, more)),
        1 => scalar().prop_map(Deed::AddElement),
        3 => (at.clone(), key(), scalar())
            .prop_map(|(at, key, scalar)| Deed::PutInFact(at, key, scalar)),
        1 => (at.clone(), key(), object)
            .prop_map(|(at, key, object)| Deed::PutObjectInFact(at, key, object)),
        1 => (at.clone(), key()).prop_map(|(at, key)| Deed::DeleteInFact(at, key)),
        1 => (at.clone(), scalar()).prop_map(|(at, scalar)| Deed::Overwrite(at, scalar)),
        1 => at.clone().prop_map(Deed::Remove),
        3 => (key(), at.clone()).prop_map(|(key, at)| Deed::Write(key, at)),
        1 => (key(), at).prop_map(|(key, at)| Deed::Erase(key, at)),
    ]
}

fn fitting(shape: Shape) -> Scalar {
    match shape {
        Shape::Choice(words) => Scalar::Text(words[0].to_owned()),
        Shape::Item => Scalar::Bytes(vec![0; ItemId::BYTES]),
        Shape::Sealed { .. } => Scalar::Bytes(vec![0; 3]),
        Shape::Places { .. } => Scalar::Bytes(vec![0; 40]),
        Shape::Document | Shape::Member => Scalar::Bytes(vec![0; EntryId::BYTES]),
        _ => Scalar::Text("词".to_owned()),
    }
}

/// Does one deed, if the document has the place for it.
fn perform(kind: &Kind, draft: &mut Draft<'_>, held: &MapValue, deed: &Deed) -> Result<(), Unfit> {
    let object = |key: &str| -> Handle {
        held.cells
            .get(key)
            .map_or(Handle::Root, |cell| cell.shown.atom.into())
    };
    let facts = object(FACTS_KEY);
    let fact = |at: usize| -> Handle {
        match held.shown(FACTS_KEY) {
            Some(Held::List(list)) => {
                let element = list.elements.get(at);
                element.map_or(Handle::Root, |element| element.id.into())
            }
            _ => Handle::Root,
        }
    };
    match deed {
        Deed::Put(key, scalar) => draft.put(Handle::Root, key, scalar.clone()),
        Deed::PutObject(key, kind) => draft.put_object(Handle::Root, key, *kind).map(|_| ()),
        Deed::Delete(key) => draft.delete(Handle::Root, key),
        Deed::Increment(key) => draft.increment(Handle::Root, key, 1),
        Deed::AddFact(list, more) => {
            let Some(list) = kind.lists.get(*list % kind.lists.len().max(1)) else {
                return Ok(());
            };
            let item = draft.append_object(facts, ObjectType::Map)?;
            draft.put(item, ITEM_KEY, Scalar::Text(list.item.to_owned()))?;
            let required = |field: &&Field| field.presence == Presence::Required;
            for field in list.fields.iter().filter(required) {
                draft.put(item, field.name, fitting(field.shape))?;
            }
            match more {
                Some((key, scalar)) => draft.put(item, key, scalar.clone()),
                None => Ok(()),
            }
        }
        Deed::AddElement(scalar) => draft.insert(facts, 0, scalar.clone()),
        Deed::PutInFact(at, key, scalar) => draft.put(fact(*at), key, scalar.clone()),
        Deed::PutObjectInFact(at, key, kind) => draft.put_object(fact(*at), key, *kind).map(|_| ()),
        Deed::DeleteInFact(at, key) => draft.delete(fact(*at), key),
        Deed::Overwrite(at, scalar) => draft.put_element(facts, *at, scalar.clone()),
        Deed::Remove(at) => draft.remove(facts, *at, 1),
        Deed::Write(key, at) => draft.splice_text(object(key), *at, 0, "词"),
        Deed::Erase(key, at) => draft.splice_text(object(key), *at, 1, ""),
    }
}

/// What of a view belongs to others than `thief`.
fn of_others(desk: &Desk, thief: &Person) -> BTreeMap<String, Value> {
    let kind = desk.kinds.by_code(desk.kind).expect("known");
    let thief = thief.member.to_string();
    let mut fields = desk.project().view.fields;
    fields.retain(|name, value| {
        if let Value::Array(facts) = value {
            facts.retain(|fact| fact["by"] != thief.as_str());
            return !facts.is_empty();
        }
        kind.field(name)
            .is_none_or(|field| field.shape != Shape::Markdown)
    });
    fields
}

fn documents() -> Vec<Desk> {
    let (lin, chen) = (Person::household(1), Person::household(2));
    let create = |kind, fields| Desk::create(&kinds(), kind, &lin, fields).expect("fine");
    let mut request = create("request", json!({"title": "梯子"}));
    request
        .edit(&chen, NOW_MS, json!({"offers": {"body": "有"}}))
        .expect("fine");
    let mut plan = create("plan", json!({"title": "中秋", "text": "月饼"}));
    plan.edit(&lin, NOW_MS, json!({"steps": {"to": "planning"}}))
        .expect("fine");
    let mut notice = create("notice", json!({"title": "停水"}));
    notice
        .edit(&chen, NOW_MS, json!({"acknowledgements": {}}))
        .expect("fine");
    let mut swap = create("swap", json!({"give": "伞"}));
    swap.edit(&chen, NOW_MS, json!({"takers": {"note": "我"}}))
        .expect("fine");
    let about = EntryId([3; 32]).to_string();
    let comment = create("comment", json!({"about": about, "body": "好"}));
    vec![request, plan, notice, swap, comment]
}

/// Performs deeds as one entry, and tells whether it counts; none when it is no entry.
fn commit(desk: &mut Desk, thief: &Person, deeds: &[Deed]) -> Option<bool> {
    let held = desk.document.value();
    let mut draft = Draft::change(&desk.document);
    let kind = desk.kinds.by_code(desk.kind).expect("known");
    for deed in deeds {
        perform(kind, &mut draft, &held, deed).ok()?;
    }
    let finished = draft.finish(None).ok()?;
    desk.write(thief, NOW_MS, finished);
    Some(desk.judged.is_ok())
}

#[test]
fn what_passes_leaves_others_alone() {
    let documents = documents();
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 6_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let passed = std::cell::Cell::new(0);
    let entry = (
        0..documents.len(),
        any::<bool>(),
        prop::collection::vec(deed(), 1..3),
    );
    let run = runner.run(&entry, |(document, guest, deeds)| {
        let mut desk = documents[document].clone();
        let thief = match guest {
            true => Person::guest(3),
            false => Person::household(3),
        };
        let before = of_others(&desk, &thief);
        if commit(&mut desk, &thief, &deeds) == Some(true) {
            passed.set(passed.get() + 1);
            // A guest may add nothing but what the swap of these tests allows everyone.
            prop_assert!(!guest || desk.kind == 900);
        }
        prop_assert_eq!(before, of_others(&desk, &thief));
        Ok(())
    });
    run.unwrap_or_else(|error| panic!("{error}"));
    // A policy that lets nothing pass would be of no use.
    assert!(passed.get() > 100, "{} passed", passed.get());
}
