//! Drafts made of choices: fields of every kind with fitting and unfitting values, through the
//! program's own drafting.

use std::collections::BTreeMap;

use protocol::api;
use protocol::id::{DocumentId, EntryId, MemberId};
use protocol::intent::Intents;
use protocol::kind::{self, Editor, Kind, Kinds};
use protocol::replica::{AppendError, Body, ReadDocument};
use serde_json::{Value, json};

use super::choices::Choices;
use super::delivery::Place;
use super::village::{self, Village};
use crate::seeds;

/// Documents and changes that one run of choices makes.
const DRAFTS_MAX: usize = 12;
const TIME_MS: i64 = 1_780_000_100_000;

type Fields = BTreeMap<String, Value>;

/// Drafts documents and changes as the household that stewards an office: what a draft lets
/// through can be appended, and counts.
pub fn write(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let mut place = Place::empty(village::HOUSEHOLD);
    for run in Village::founded().runs {
        place.take(vec![protocol::segment::Segment { entries: run }]);
    }
    let mut documents = Vec::new();
    for _ in 0..DRAFTS_MAX {
        if choices.is_over() {
            break;
        }
        let document = choices.pick(&documents);
        match (document, choices.rarely(90)) {
            (Some(document), false) => change(&mut place, document, &mut choices),
            _ => documents.extend(create(&mut place, &documents, &mut choices)),
        }
    }
    place.check_store();
}

fn create(
    place: &mut Place,
    documents: &[DocumentId],
    choices: &mut Choices<'_>,
) -> Option<DocumentId> {
    let kinds = Kinds::standard();
    let kind = choices.pick(&kinds.iter().collect::<Vec<_>>())?;
    let draft = api::Draft {
        kind: kind.name.to_owned(),
        fields: fields_of(kind, documents, None, choices),
    };
    let member = place.replica.member()?;
    let standing = place.replica.roster().standing_now(&member);
    let editor = Editor {
        member,
        standing: standing.as_ref(),
        time_ms: TIME_MS,
        creates: true,
    };
    let drafted = kind::create(&kinds, &draft, &editor).ok()?;
    let body = Body::Creation {
        kind: drafted.kind,
        intents: drafted.finished.intents,
    };
    let id = append(place, &body);
    let read = read(place, id.into());
    assert!(read.counts, "a draft of a {} does not count", kind.name);
    Some(id.into())
}

fn change(place: &mut Place, document: DocumentId, choices: &mut Choices<'_>) {
    let kinds = Kinds::standard();
    let read = read(place, document);
    let kind = kinds.by_code(read.kind).expect("a kind that was drafted");
    let item = first_item(&read);
    let fields = fields_of(kind, &[document], item, choices);
    let member = place.replica.member().expect("a member's device");
    let standing = place.replica.roster().standing_now(&member);
    let editor = Editor {
        member,
        standing: standing.as_ref(),
        time_ms: TIME_MS,
        creates: false,
    };
    let owner = |entry: EntryId| read.authors.get(&entry).and_then(|author| author.member);
    let previous = read.document.entries().last().map(|entry| entry.id);
    let drafted = kind::edit(
        &kinds,
        read.kind,
        &read.document,
        &fields,
        &editor,
        owner,
        previous,
    );
    let Ok(Some(drafted)) = drafted else {
        return;
    };
    let body = Body::Change {
        document,
        deps: drafted.finished.deps,
        intents: drafted.finished.intents,
    };
    let id = append(place, &body);
    let read = self::read(place, document);
    let status = read.document.entries().find(|entry| entry.id == id);
    let status = status.map(|entry| entry.status);
    let counts = Some(protocol::document::Status::Counts);
    assert_eq!(status, counts, "a change of a {} does not count", kind.name);
}

fn append(place: &mut Place, body: &Body) -> EntryId {
    let appended = place.replica.append(&place.memory, TIME_MS, body);
    match appended {
        Ok(appended) => {
            place.commit(appended.received);
            appended.id
        }
        Err(AppendError::Invalid(error)) => panic!("a draft breaks a limit: {error}"),
        Err(error) => panic!("a draft cannot be appended: {error}"),
    }
}

fn read(place: &mut Place, document: DocumentId) -> ReadDocument {
    let read = place.replica.read_document(&place.memory, document);
    read.expect("memory can be read")
        .expect("a document that was written")
}

fn first_item(read: &ReadDocument) -> Option<String> {
    match read.document.value().shown(kind::FACTS_KEY) {
        Some(protocol::document::Value::List(facts)) => facts
            .elements
            .first()
            .map(|fact| format!("{}.{}", fact.id.entry, fact.id.atom)),
        _ => None,
    }
}

/// Returns the intents of a creation that a draft lets through; none of sense when it does not.
pub fn creation(member: MemberId, choices: &mut Choices<'_>) -> Intents {
    let kinds = Kinds::standard();
    let editor = Editor {
        member,
        standing: Some(&protocol::roster::Standing {
            kind: protocol::statement::MemberKind::Household,
            roles: Vec::new(),
            founding: None,
            acts_for: Vec::new(),
        }),
        time_ms: TIME_MS,
        creates: true,
    };
    let all: Vec<&Kind> = kinds.iter().collect();
    let drafted = choices.pick(&all).and_then(|kind| {
        let draft = api::Draft {
            kind: kind.name.to_owned(),
            fields: fields_of(kind, &[], None, choices),
        };
        kind::create(&kinds, &draft, &editor).ok()
    });
    drafted.map_or_else(
        || choices.intents_on(Vec::new()),
        |drafted| drafted.finished.intents,
    )
}

/// Fields that mostly fit the kind.
fn fields_of(
    kind: &Kind,
    documents: &[DocumentId],
    item: Option<String>,
    choices: &mut Choices<'_>,
) -> Fields {
    let mut fields = Fields::new();
    let text = |choices: &mut Choices<'_>| {
        choices.one_of([
            "谁有梯子？",
            "a\n\n# b",
            "13800138000",
            "\u{202e}x",
            "",
            "e\u{301}👨‍👩‍👧",
        ])
    };
    // Nearly every kind wants a title and a body.
    for name in ["title", "body", "text"] {
        if kind.field(name).is_some() && !choices.rarely(40) {
            let text = text(choices).repeat(1 + choices.below(3));
            fields.insert(name.to_owned(), json!(text));
        }
    }
    for _ in 0..choices.below(4) {
        if let Some(field) = choices.pick(kind.fields) {
            fields.insert(field.name.to_owned(), value(documents, choices));
        }
    }
    if item.is_some() || choices.rarely(30) {
        for _ in 0..choices.below(3) {
            if let Some(list) = choices.pick(kind.lists) {
                let mut fact = Fields::new();
                for _ in 0..choices.below(4) {
                    if let Some(field) = choices.pick(list.fields) {
                        let value = match (&item, choices.rarely(128)) {
                            (Some(item), true) => json!(item),
                            _ => value(documents, choices),
                        };
                        fact.insert(field.name.to_owned(), value);
                    }
                }
                if let (Some(item), true) = (&item, choices.rarely(60)) {
                    fact.insert("id".to_owned(), json!(item));
                }
                fields.insert(list.name.to_owned(), json!(fact));
            }
        }
    }
    if choices.rarely(6) {
        fields.insert("unknown".to_owned(), json!([1, null]));
    }
    fields
}

fn value(documents: &[DocumentId], choices: &mut Choices<'_>) -> Value {
    match choices.below(12) {
        0 => json!(true),
        1 => json!(choices.number()),
        2 => json!(choices.byte()),
        3 => json!(TIME_MS + i64::from(choices.byte()) * 3_600_000),
        4 => json!("水".repeat(choices.below(256))),
        5 => Value::Null,
        6 => json!({"title": "x", "body": choices.number()}),
        7 => json!(["甲", "乙"]),
        8 => json!(choices.number() as f64 / 3.0),
        9 => json!(seeds::member(village::HOUSEHOLD.0).to_string()),
        10 => json!(choices.pick(documents).map(|document| document.to_string())),
        _ => json!(choices.one_of([
            "yes",
            "urgent",
            "planning",
            "open",
            "5",
            "paper",
            "2026-03-01"
        ])),
    }
}
