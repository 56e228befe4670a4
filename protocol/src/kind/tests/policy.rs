//! Hostile entries, one by one, and the breach that each is.

use crate::document::{Draft, DraftError as Unfit, Finished, Handle, Value as Held};
use crate::intent::{ObjectType, Scalar};

use super::*;

/// What an entry does, written by hand.
type Hand = fn(&mut Draft<'_>, &Desk) -> Result<(), Unfit>;

fn text(text: &str) -> Scalar {
    Scalar::Text(text.to_owned())
}

/// The atom that made the object under a root key.
fn object(desk: &Desk, key: &str) -> Handle {
    desk.document.value().cells[key].shown.atom.into()
}

fn fact(draft: &mut Draft<'_>, desk: &Desk, is: &str) -> Result<Handle, Unfit> {
    let item = draft.append_object(object(desk, FACTS_KEY), ObjectType::Map)?;
    draft.put(item, ITEM_KEY, text(is))?;
    Ok(item)
}

fn first_fact(desk: &Desk) -> Handle {
    match desk.document.value().shown(FACTS_KEY) {
        Some(Held::List(list)) => list.elements[0].id.into(),
        other => panic!("{other:?}"),
    }
}

fn finish(desk: &Desk, hand: Hand) -> Finished {
    let mut draft = Draft::change(&desk.document);
    hand(&mut draft, desk).expect("the document takes it");
    draft.finish(None).expect("it is valid")
}

#[track_caller]
fn check(desk: &Desk, who: &Person, hand: Hand, expect: &PolicyBreach) {
    let mut desk = desk.clone();
    let before = desk.project();
    let finished = finish(&desk, hand);
    desk.write(who, NOW_MS, finished);
    assert_eq!(desk.judged.as_ref(), Err(expect));
    assert_eq!(desk.project(), before);
}

fn request() -> Desk {
    let (lin, chen) = (Person::household(1), Person::household(2));
    let mut desk = Desk::create(&kinds(), "request", &lin, json!({"title": "梯子"})).expect("fine");
    desk.edit(&chen, NOW_MS, json!({"offers": {"body": "有"}}))
        .expect("fine");
    desk
}

#[test]
fn hostile_changes_of_a_request_are_breaches() {
    use PolicyBreach as Breach;
    let (lin, chen, wu) = (
        Person::household(1),
        Person::household(2),
        Person::household(3),
    );
    let guest = Person::guest(4);
    let desk = request();
    let unknown = |key: &str| Breach::UnknownKey {
        key: key.to_owned(),
    };
    let cases: Vec<(&Person, Hand, Breach)> = vec![
        // Fields of the root.
        (
            &lin,
            |d, _| d.put(Handle::Root, "phone", text("x")),
            unknown("phone"),
        ),
        (
            &lin,
            |d, _| d.put(Handle::Root, "title", text("")),
            Breach::Limit { field: "title" },
        ),
        (
            &lin,
            |d, _| d.put(Handle::Root, "title", text(&"长".repeat(121))),
            Breach::Limit { field: "title" },
        ),
        (
            &lin,
            |d, _| d.put(Handle::Root, "title", Scalar::Null),
            Breach::Shape { field: "title" },
        ),
        (
            &lin,
            |d, _| d.put(Handle::Root, "title", Scalar::Bytes(vec![1])),
            Breach::Shape { field: "title" },
        ),
        (
            &lin,
            |d, _| d.put(Handle::Root, "places", Scalar::Counter(1)),
            Breach::Shape { field: "places" },
        ),
        (
            &lin,
            |d, _| d.put(Handle::Root, "places", Scalar::Int(101)),
            Breach::Limit { field: "places" },
        ),
        (
            &lin,
            |d, _| d.put(Handle::Root, "expires_ms", Scalar::Int(-1)),
            Breach::Limit {
                field: "expires_ms",
            },
        ),
        (
            &lin,
            |d, _| d.put(Handle::Root, "category", text("gold")),
            Breach::Limit { field: "category" },
        ),
        (
            &lin,
            |d, _| d.delete(Handle::Root, "title"),
            Breach::Missing { field: "title" },
        ),
        (
            &lin,
            |d, _| d.increment(Handle::Root, "places", 1),
            Breach::Shape { field: "places" },
        ),
        (
            &lin,
            |d, _| d.put(Handle::Root, "urgent", Scalar::Bool(true)),
            Breach::Rule {
                field: "reason",
                what: "an urgent request gives no reason",
            },
        ),
        (
            &wu,
            |d, _| d.put(Handle::Root, "title", text("x")),
            Breach::NotAllowed { field: "title" },
        ),
        (
            &wu,
            |d, _| d.delete(Handle::Root, "body"),
            Breach::NotAllowed { field: "body" },
        ),
        // New objects.
        (
            &lin,
            |d, _| {
                d.put_object(Handle::Root, FACTS_KEY, ObjectType::List)
                    .map(|_| ())
            },
            Breach::Object,
        ),
        (
            &lin,
            |d, _| {
                d.put_object(Handle::Root, FACTS_KEY, ObjectType::Map)
                    .map(|_| ())
            },
            Breach::Shape { field: FACTS_KEY },
        ),
        (
            &lin,
            |d, _| {
                d.put_object(Handle::Root, "title", ObjectType::Text)
                    .map(|_| ())
            },
            Breach::Shape { field: "title" },
        ),
        (
            &lin,
            |d, _| {
                d.put_object(Handle::Root, "more", ObjectType::Map)
                    .map(|_| ())
            },
            unknown("more"),
        ),
        (
            &lin,
            |d, _| d.delete(Handle::Root, FACTS_KEY),
            Breach::Shape { field: FACTS_KEY },
        ),
        // Facts.
        (
            &lin,
            |d, desk| d.insert(object(desk, FACTS_KEY), 0, text("x")),
            Breach::Shape { field: FACTS_KEY },
        ),
        (
            &lin,
            |d, desk| {
                d.insert_object(object(desk, FACTS_KEY), 0, ObjectType::List)
                    .map(|_| ())
            },
            Breach::Shape { field: FACTS_KEY },
        ),
        (
            &chen,
            |d, desk| d.remove(object(desk, FACTS_KEY), 0, 1),
            Breach::Shape { field: FACTS_KEY },
        ),
        (
            &chen,
            |d, desk| d.put_element(object(desk, FACTS_KEY), 0, text("x")),
            Breach::Shape { field: FACTS_KEY },
        ),
        (
            &chen,
            |d, desk| {
                d.append_object(object(desk, FACTS_KEY), ObjectType::Map)
                    .map(|_| ())
            },
            Breach::Missing { field: ITEM_KEY },
        ),
        (
            &chen,
            |d, desk| fact(d, desk, "prize").map(|_| ()),
            Breach::Missing { field: ITEM_KEY },
        ),
        (
            &chen,
            |d, desk| {
                let item = fact(d, desk, "offer")?;
                d.put(item, "phone", text("1"))
            },
            unknown("phone"),
        ),
        (
            &chen,
            |d, desk| {
                let item = fact(d, desk, "offer")?;
                d.put(item, "body", text(&"长".repeat(3_001)))
            },
            Breach::Limit { field: "body" },
        ),
        (
            &chen,
            |d, desk| {
                let item = fact(d, desk, "offer")?;
                d.put_object(item, "body", ObjectType::Text).map(|_| ())
            },
            Breach::Shape { field: FACTS_KEY },
        ),
        (
            &chen,
            |d, desk| fact(d, desk, "check_in").map(|_| ()),
            Breach::Missing { field: "offer" },
        ),
        (
            &chen,
            |d, desk| {
                let item = fact(d, desk, "check_in")?;
                d.put(item, "offer", Scalar::Bytes(vec![0; 32]))
            },
            Breach::Limit { field: "offer" },
        ),
        (
            &chen,
            |d, desk| fact(d, desk, "confirmation").map(|_| ()),
            Breach::NotAllowed {
                field: "confirmations",
            },
        ),
        (
            &guest,
            |d, desk| fact(d, desk, "offer").map(|_| ()),
            Breach::NotAllowed { field: "offers" },
        ),
        // One good fact does not carry another.
        (
            &chen,
            |d, desk| {
                fact(d, desk, "offer")?;
                fact(d, desk, "confirmation").map(|_| ())
            },
            Breach::NotAllowed {
                field: "confirmations",
            },
        ),
        (
            &chen,
            |d, desk| {
                let one = fact(d, desk, "offer")?;
                fact(d, desk, "check_in")?;
                d.put(one, "offer", Scalar::Bytes(vec![0; 36]))
            },
            unknown("offer"),
        ),
        // Facts that stand.
        (
            &lin,
            |d, desk| d.put(first_fact(desk), "body", text("x")),
            Breach::NotAllowed { field: FACTS_KEY },
        ),
        (
            &lin,
            |d, desk| d.delete(first_fact(desk), "body"),
            Breach::NotAllowed { field: FACTS_KEY },
        ),
        (
            &chen,
            |d, desk| d.put(first_fact(desk), ITEM_KEY, text("confirmation")),
            unknown(ITEM_KEY),
        ),
        (
            &chen,
            |d, desk| d.delete(first_fact(desk), ITEM_KEY),
            unknown(ITEM_KEY),
        ),
        (
            &chen,
            |d, desk| d.put(first_fact(desk), "offer", Scalar::Bytes(vec![0; 36])),
            Breach::NotAllowed { field: "offer" },
        ),
        (
            &chen,
            |d, desk| d.put(first_fact(desk), "body", Scalar::Int(1)),
            Breach::NotAllowed { field: "body" },
        ),
        (
            &chen,
            |d, desk| {
                d.put_object(first_fact(desk), "body", ObjectType::Text)
                    .map(|_| ())
            },
            Breach::NotAllowed { field: "body" },
        ),
        // A good change does not carry a bad one.
        (
            &chen,
            |d, desk| {
                fact(d, desk, "offer")?;
                d.put(Handle::Root, "title", text("x"))
            },
            Breach::NotAllowed { field: "title" },
        ),
    ];
    for (who, hand, expect) in &cases {
        check(&desk, who, *hand, expect);
    }
}

#[test]
fn strangers_write_nothing() {
    let desk = request();
    let kinds = kinds();
    let stranger = Editor {
        member: desk.creator(),
        standing: None,
        time_ms: NOW_MS,
        creates: false,
    };
    let fields = json!({"body": "x"});
    let drafted = desk.draft(&Person::household(1), NOW_MS, &fields_of(fields));
    let finished = drafted.expect("fine").expect("new").finished;
    let entry = crate::document::DocumentEntry {
        id: EntryId([1; 32]),
        device: crate::id::DeviceId([1; 32]),
        previous: None,
        deps: finished.deps,
        time_ms: NOW_MS,
        atoms: finished.atoms,
        bytes: 300,
        body: crate::document::Body::Intents(finished.intents),
    };
    let touches = desk.document.inspect(&entry).expect("it is valid");
    let judged = judge(&kinds, 2, desk.creator(), &stranger, &touches, |_| None);
    assert_eq!(judged, Err(PolicyBreach::NotAllowed { field: "body" }));
}

#[test]
fn an_entry_that_cannot_be_read_passes() {
    let stranger = Editor {
        standing: None,
        ..Person::household(1).editor(NOW_MS, true)
    };
    let creator = stranger.member;
    assert_eq!(
        judge(&kinds(), 2, creator, &stranger, &[], |_| None),
        Ok(())
    );
}

#[test]
fn hostile_changes_of_text_are_breaches() {
    use PolicyBreach as Breach;
    let lin = Person::household(1);
    let guest = Person::guest(4);
    let fields = json!({"title": "中秋", "text": "月饼"});
    let desk = Desk::create(&kinds(), "plan", &lin, fields).expect("fine");
    let not_allowed = Breach::NotAllowed { field: "text" };
    let cases: Vec<(&Person, Hand, Breach)> = vec![
        (
            &guest,
            |d, desk| d.splice_text(object(desk, "text"), 0, 0, "x"),
            not_allowed.clone(),
        ),
        (
            &guest,
            |d, desk| d.splice_text(object(desk, "text"), 0, 1, ""),
            not_allowed,
        ),
        (
            &lin,
            |d, _| {
                d.put_object(Handle::Root, "text", ObjectType::Text)
                    .map(|_| ())
            },
            Breach::Object,
        ),
        (
            &lin,
            |d, _| d.delete(Handle::Root, "text"),
            Breach::Shape { field: "text" },
        ),
        (
            &lin,
            |d, _| d.put(Handle::Root, "text", text("x")),
            Breach::Shape { field: "text" },
        ),
    ];
    for (who, hand, expect) in &cases {
        check(&desk, who, *hand, expect);
    }
}

/// Judges an entry that creates a document.
#[track_caller]
fn check_creation(
    kind: u16,
    who: &Person,
    hand: fn(&mut Draft<'_>) -> Result<(), Unfit>,
    expect: Result<(), PolicyBreach>,
) {
    let mut draft = Draft::creation();
    hand(&mut draft).expect("it can be drafted");
    let mut desk = Desk::empty(&kinds(), kind);
    desk.write(who, NOW_MS, draft.finish(None).expect("it is valid"));
    assert_eq!(desk.judged, expect);
    assert_eq!(desk.project().hidden, expect.is_err());
}

#[test]
fn hostile_creations_are_breaches() {
    use PolicyBreach as Breach;
    let lin = Person::household(1);
    let whole = |d: &mut Draft<'_>| {
        d.put(Handle::Root, "title", text("x"))?;
        d.put(Handle::Root, "expires_ms", Scalar::Int(NOW_MS))?;
        d.put_object(Handle::Root, FACTS_KEY, ObjectType::List)
            .map(|_| ())
    };
    check_creation(2, &lin, whole, Ok(()));
    check_creation(
        2,
        &Person::guest(3),
        whole,
        Err(Breach::Creation { kind: "request" }),
    );
    check_creation(
        2,
        &lin,
        |d| d.put(Handle::Root, "title", text("x")),
        Err(Breach::Missing {
            field: "expires_ms",
        }),
    );
    check_creation(
        2,
        &lin,
        |d| {
            d.put(Handle::Root, "title", text("x"))?;
            d.put(Handle::Root, "expires_ms", Scalar::Int(NOW_MS))
        },
        Err(Breach::Missing { field: FACTS_KEY }),
    );
    check_creation(
        3,
        &lin,
        |d| {
            d.put(Handle::Root, "title", text("x"))?;
            d.put_object(Handle::Root, FACTS_KEY, ObjectType::List)
                .map(|_| ())
        },
        Err(Breach::Missing { field: "text" }),
    );
    // A comment has no facts.
    check_creation(
        4,
        &lin,
        |d| {
            d.put(Handle::Root, "about", Scalar::Bytes(vec![0; 32]))?;
            d.put(Handle::Root, "body", text("x"))?;
            d.put_object(Handle::Root, FACTS_KEY, ObjectType::List)
                .map(|_| ())
        },
        Err(Breach::UnknownKey {
            key: FACTS_KEY.to_owned(),
        }),
    );
    check_creation(
        4,
        &Person::guest(3),
        |d| {
            d.put(Handle::Root, "about", Scalar::Bytes(vec![0; 32]))?;
            d.put(Handle::Root, "body", text("x"))
        },
        Ok(()),
    );
}

#[test]
fn urgent_notices_need_a_role_and_an_end() {
    use PolicyBreach as Breach;
    let put = |d: &mut Draft<'_>, hours: i64, capacity: Option<u8>| {
        d.put(Handle::Root, "title", text("x"))?;
        d.put(Handle::Root, "level", text("urgent"))?;
        let expires_ms = NOW_MS + hours * 3_600_000;
        d.put(Handle::Root, "expires_ms", Scalar::Int(expires_ms))?;
        if let Some(capacity) = capacity {
            d.put(Handle::Root, "capacity", Scalar::Bytes(vec![capacity; 32]))?;
        }
        d.put_object(Handle::Root, FACTS_KEY, ObjectType::List)
            .map(|_| ())
    };
    let judged = |who: &Person, hours, capacity| {
        let mut draft = Draft::creation();
        put(&mut draft, hours, capacity).expect("it can be drafted");
        let mut desk = Desk::empty(&kinds(), 1);
        desk.write(who, NOW_MS, draft.finish(None).expect("it is valid"));
        desk.judged
    };
    let no_role = Err(Breach::Rule {
        field: "level",
        what: "only stewards, building leads and spokespeople may be urgent",
    });
    let office = crate::id::MemberId([90; 32]);
    let building = "3".to_owned();
    for role in [
        Role::Steward { office },
        Role::BuildingLead { building },
        Role::Spokesperson { office },
    ] {
        let who = Person::household(5).with_role(role, 7);
        assert_eq!(judged(&who, 72, Some(7)), Ok(()));
        assert_eq!(judged(&who, 72, None), no_role);
        assert!(matches!(
            judged(&who, 73, Some(7)),
            Err(Breach::Rule {
                field: "expires_ms",
                ..
            })
        ));
        assert_eq!(
            judged(&who, 72, Some(8)),
            Err(Breach::Capacity { field: "capacity" })
        );
    }
    let moderator = Person::household(5).with_role(Role::Moderator, 7);
    assert_eq!(judged(&moderator, 72, Some(7)), no_role);
    assert_eq!(judged(&Person::household(5), 72, None), no_role);
}

#[test]
fn entries_of_unknown_kinds_are_kept_and_nothing_of_them_is_shown() {
    let lin = Person::household(1);
    let mut desk = Desk::empty(&kinds(), 4_242);
    let mut draft = Draft::creation();
    draft
        .put(Handle::Root, "anything", text("x"))
        .expect("fine");
    desk.write(&lin, NOW_MS, draft.finish(None).expect("it is valid"));
    assert_eq!(desk.judged, Ok(()));
    let projected = desk.project();
    assert_eq!(projected.view.kind, "unknown-4242");
    assert_eq!(
        projected.view.completeness,
        crate::api::Completeness::ReadOnly
    );
    assert!(projected.view.fields.is_empty());
    assert!(!projected.hidden);
    let error = desk.draft(&lin, NOW_MS, &fields_of(json!({"anything": "y"})));
    assert_eq!(error.expect_err("read-only").fault, Fault::ReadOnly);
}
