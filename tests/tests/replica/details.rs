//! What is told in confidence, against members who are in the way of it (rule R17).

use std::collections::BTreeMap;

use protocol::api::Draft;
use protocol::id::{DeviceId, DocumentId};
use protocol::key::SecretKey;
use protocol::kind::{self, Editor, Kinds};
use protocol::replica::Body;
use protocol::sealing::{Binding, ContentKey};
use protocol::statement::{Act, Authority, Certificate};
use serde_json::{Value, json};

use crate::home::Home;
use crate::meeting::meet_as_members;

const TEXT: &str = "门牌 3-502";

type Fields = BTreeMap<String, Value>;

/// A founder that told something, its second device, and a neighbour who reads along.
fn told() -> (Home, Home, Home, DocumentId) {
    let mut founder = Home::found();
    founder.admit(2, Authority::Founder);
    let second = SecretKey::from_seed(&[150; 32]);
    let certificate = Certificate::issue(&founder.household, DeviceId(second.public()));
    let member = founder.member();
    founder.state(Authority::Founder, Act::Enrol { certificate });
    let mut bo = Home::new(2, founder.replica.space());
    let mut sibling = Home::of_household(1, 150, founder.replica.space());
    let about = founder.document("about this");
    let binding = Binding {
        space: founder.replica.space(),
        about,
        author: member,
    };
    let key = ContentKey::from_random([3; 32]);
    let sealed = key.seal(&binding, TEXT).expect("a short text");
    let share = key.share(&binding, &sealed, &founder.id(), &[4; 32]);
    let fields = [
        ("about", json!(about)),
        ("sealed", digits(&sealed)),
        ("shares", digits(&share.expect("an honest key"))),
    ];
    let draft = Draft {
        kind: "detail".to_owned(),
        fields: fields.map(|(name, value)| (name.to_owned(), value)).into(),
    };
    let standing = founder.replica.roster().standing_now(&member);
    let editor = Editor {
        member,
        standing: standing.as_ref(),
        time_ms: 1_000,
        creates: true,
    };
    let drafted = kind::create(&Kinds::standard(), &draft, &editor).expect("a sound draft");
    let body = Body::Creation {
        kind: drafted.kind,
        intents: drafted.finished.intents,
    };
    let detail: DocumentId = founder.append(&body).into();
    for other in [&mut bo, &mut sibling] {
        other.take(&founder.runs()).expect("honest");
    }
    (founder, sibling, bo, detail)
}

fn text(home: &mut Home, detail: DocumentId) -> Option<String> {
    let detail = home.replica.detail(&home.memory, detail);
    let detail = detail.expect("memory can be read")?;
    detail.text().map(|text| text.to_string())
}

/// Adds shares to a detail, whatever they are.
fn share(home: &mut Home, detail: DocumentId, shares: &[u8]) {
    let read = home.replica.read_document(&home.memory, detail);
    let read = read.expect("memory can be read").expect("it is held");
    let standing = home.replica.roster().standing_now(&home.member());
    let editor = Editor {
        member: home.member(),
        standing: standing.as_ref(),
        time_ms: 2_000,
        creates: false,
    };
    let sharing = json!({ "shares": digits(shares) });
    let drafted = kind::edit(
        &Kinds::standard(),
        read.kind,
        &read.document,
        &Fields::from([("sharings".to_owned(), sharing)]),
        &editor,
        |entry| read.owner_of(entry),
        read.last_of(&home.id()),
    );
    let drafted = drafted.expect("a sound draft").expect("a change");
    home.append(&Body::Change {
        document: detail,
        deps: drafted.finished.deps,
        intents: drafted.finished.intents,
    });
}

fn digits(bytes: &[u8]) -> Value {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat().into()
}

#[test]
fn shares_by_others_neither_open_nor_close_anything() {
    let (mut founder, mut sibling, mut bo, detail) = told();
    assert_eq!(text(&mut founder, detail).as_deref(), Some(TEXT));
    assert_eq!(text(&mut sibling, detail), None);

    // A neighbour gives the sibling a key that opens nothing, sealed as it ought to be.
    let read = bo.replica.read_document(&bo.memory, detail);
    let read = read.expect("memory can be read").expect("it is held");
    let kinds = Kinds::standard();
    let kind = kinds.by_code(read.kind).expect("it is known");
    let value = read.document.value();
    let facts = read.facts(kind, &value);
    let about = facts.scalar("about").and_then(kind::document_of);
    let Some(protocol::intent::Scalar::Bytes(sealed)) = facts.scalar("sealed") else {
        panic!("it is sealed");
    };
    let binding = Binding {
        space: bo.replica.space(),
        about: about.expect("a document"),
        author: founder.member(),
    };
    let wrong = ContentKey::from_random([6; 32]);
    let wrong = wrong.share(&binding, sealed, &sibling.id(), &[7; 32]);
    share(&mut bo, detail, &wrong.expect("an honest key"));
    meet_as_members(&mut founder, &mut bo).expect("both are honest");
    assert_eq!(text(&mut founder, detail).as_deref(), Some(TEXT));

    // So the founder still sees that its sibling cannot read, and lets it.
    let known = founder.replica.detail(&founder.memory, detail);
    let known = known.expect("memory can be read").expect("it is held");
    assert!(!known.shared_with.contains(&sibling.id()));
    let right = known.share(&sibling.id(), &[8; 32]).expect("its own");
    share(&mut founder, detail, &right);
    sibling.take(&bo.runs()).expect("honest");
    sibling.take(&founder.runs()).expect("honest");
    assert_eq!(text(&mut sibling, detail).as_deref(), Some(TEXT));
    let known = sibling.replica.detail(&sibling.memory, detail);
    let known = known.expect("memory can be read").expect("it is held");
    assert!(known.shared_with.contains(&founder.id()));
    assert_eq!(text(&mut bo, detail), None);
}

#[test]
fn a_detail_that_somebody_else_retires_stays_and_its_author_erases_it() {
    let (mut founder, _, mut bo, detail) = told();
    let documents = vec![detail];
    let admission = bo.replica.roster().member(&bo.member()).expect("a member");
    let admission = admission.admission;
    let act = Act::Retire { documents };
    bo.state(Authority::Member { admission }, act.clone());
    meet_as_members(&mut founder, &mut bo).expect("both are honest");
    founder.forget();
    assert_eq!(text(&mut founder, detail).as_deref(), Some(TEXT));
    founder.state(Authority::Founder, act);
    founder.forget();
    assert_eq!(text(&mut founder, detail), None);
    founder.reopen();
    assert_eq!(text(&mut founder, detail), None);
}
