//! A log that says it has seen less than before is noticed by whoever receives it, whether a
//! statement follows or not.

use protocol::api::Draft;
use protocol::entry::{self, Entry, Header, Subject, VERSION};
use protocol::id::{EntryId, PayloadHash};
use protocol::intent::Intents;
use protocol::kind::{self, Editor, Kinds};
use protocol::roster::Standing;
use protocol::segment::Segment;
use protocol::statement::MemberKind;
use tests::fuzz::delivery::Place;
use tests::fuzz::village::{self, Village};
use tests::oracle::compare::View;
use tests::seeds;
use tests::sim::mischief::one_put;

/// Drafts a request as the program does.
fn request() -> Intents {
    let text = |text: &str| serde_json::Value::from(text);
    let draft = Draft {
        kind: "request".to_owned(),
        fields: [("title", text("梯子")), ("body", text("周六"))]
            .map(|(name, value)| (name.to_owned(), value))
            .into(),
    };
    let editor = Editor {
        member: seeds::member(village::HOUSEHOLD.0),
        standing: Some(&Standing {
            kind: MemberKind::Household,
            roles: Vec::new(),
            founding: None,
            acts_for: Vec::new(),
        }),
        time_ms: 1_780_000_000_000,
        creates: true,
    };
    let drafted = kind::create(&Kinds::standard(), &draft, &editor);
    drafted.expect("a sound draft").finished.intents
}

/// Writes the household's next entry: a change of its document, or the document's creation.
fn write(before: Option<&Entry>, document: Option<EntryId>, seen: Vec<EntryId>) -> Entry {
    let (member, device) = village::HOUSEHOLD;
    let intents = match document {
        Some(_) => one_put("title", "两把梯子"),
        None => request(),
    };
    let header = Header {
        version: VERSION,
        space: village::space(),
        device: seeds::device(device),
        member: Some(seeds::member(member)),
        seq: before.map_or(1, |before| before.header.seq + 1),
        backlink: before.map(|before| before.id),
        seen: Some(seen),
        time_ms: 1_780_000_000_000,
        subject: match document {
            Some(document) => Subject::Document {
                document: document.into(),
            },
            None => Subject::Creation { kind: 2 },
        },
        deps: before.map(|before| before.id).into_iter().collect(),
        atoms: u32::try_from(intents.atoms()).expect("few atoms"),
        payload_bytes: 0,
        payload: PayloadHash::default(),
    };
    let mut entry = Entry::new(header, entry::write_intents(&intents));
    entry.sign(&village::key(device));
    entry
}

#[test]
fn a_document_entry_that_has_seen_less_ends_its_log_at_once() {
    let founding = Village::founded().runs[0].clone();
    let (earlier, last) = (founding[2].id, founding[founding.len() - 1].id);
    let creation = write(None, None, vec![last]);
    let backwards = write(Some(&creation), Some(creation.id), vec![earlier]);
    let mut place = Place::empty((1, 2));
    for entries in [founding, vec![creation.clone()], vec![backwards.clone()]] {
        place.take(vec![Segment { entries }]);
    }
    assert_eq!(place.memory.entries().len(), 8);
    let view = View::read(&mut place.replica, &place.memory);
    let counting = &view.counting[&creation.id.into()];
    assert!(counting.contains(&creation.id));
    assert!(!counting.contains(&backwards.id));
}
