//! Drafts from fields: what they say, what they refuse, and that policy lets them pass.

use proptest::prelude::*;
use serde_json::Value;

use crate::intent::{Content, Intent};

use super::*;

#[track_caller]
fn refused(kind: &str, who: &Person, fields: Value, expect: &str) {
    let error = Desk::create(&kinds(), kind, who, fields).expect_err("it is refused");
    assert_eq!(error.to_string(), expect);
}

#[test]
fn refusals_name_the_field_and_what_to_do() {
    let lin = Person::household(1);
    let guest = Person::guest(2);
    for (kind, fields, expect) in [
        (
            "gossip",
            json!({}),
            "kind: there is no such kind of document; use one of: notice, request, plan, comment, agreement, standing-offer, swap",
        ),
        ("request", json!({}), "title: it is missing; give it"),
        (
            "request",
            json!({"title": "\u{1B}[2J \u{202E}"}),
            "title: it is missing; give it",
        ),
        (
            "request",
            json!({"title": 7}),
            "title: it is no text; give text",
        ),
        (
            "request",
            json!({"title": "长".repeat(121)}),
            "title: it has 121 characters and may have 120; shorten it, or move a part into a comment",
        ),
        (
            "request",
            json!({"title": "x", "category": "gold"}),
            "category: it is none of the words that may stand here; use one of: errand, goods, visit, skill, other",
        ),
        (
            "request",
            json!({"title": "x", "places": 0}),
            "places: it is no number from 1 to 100; give a whole number from 1 to 100",
        ),
        (
            "request",
            json!({"title": "x", "places": 1.5}),
            "places: it is no number from 1 to 100; give a whole number from 1 to 100",
        ),
        (
            "request",
            json!({"title": "x", "urgent": "yes"}),
            "urgent: it is neither true nor false; give true or false",
        ),
        (
            "request",
            json!({"title": "x", "urgent": true}),
            "reason: an urgent request gives no reason; say in a few words why it cannot wait",
        ),
        (
            "request",
            json!({"title": "x", "offers": {}}),
            "offers: there is no such field; use one of: title, body, category, urgent, reason, when, from_ms, until_ms, building, place, places, expires_ms, for_household",
        ),
        (
            "comment",
            json!({"body": "好", "about": "12"}),
            "about: it is not the name of anything; copy the name as the program shows it",
        ),
        (
            "notice",
            json!({"title": "x", "level": "urgent"}),
            "level: only stewards, building leads and spokespeople may be urgent; choose the level important, or ask one of them",
        ),
        (
            "notice",
            json!({"title": "x", "capacity": "5b".repeat(32)}),
            "capacity: it is no role that you hold; name the appointment of one of your own roles, or leave it out",
        ),
        (
            "notice",
            json!({"title": "x", "audience": "building"}),
            "building: a notice to one building names no building; name the building, or address the neighbourhood",
        ),
        (
            "plan",
            json!({"title": "x", "starts_ms": 2, "ends_ms": 1}),
            "ends_ms: the end lies before the start; choose a later end",
        ),
    ] {
        refused(kind, &lin, fields, expect);
    }
    refused(
        "request",
        &guest,
        json!({"title": "x"}),
        "request: only households and offices may do it; ask a household or an office to do it",
    );
    refused(
        "notice",
        &steward(),
        json!({"title": "x", "level": "urgent", "expires_ms": NOW_MS + 72 * 3_600_000 + 1}),
        "expires_ms: an urgent notice stands for 72 hours at most; choose an earlier expiry, or the level important",
    );
}

#[test]
fn edits_are_refused_with_the_same_care() {
    let (lin, chen) = (Person::household(1), Person::household(2));
    let guest = Person::guest(3);
    let mut desk = Desk::create(&kinds(), "request", &lin, json!({"title": "梯子"})).expect("fine");
    desk.edit(&chen, NOW_MS, json!({"offers": {"body": "有"}}))
        .expect("fine");
    let offer = desk.fact("offers", 0);
    for (who, fields, expect) in [
        (
            &chen,
            json!({"title": "x"}),
            "title: only the member it belongs to may do it; ask its author, or write a comment",
        ),
        (
            &chen,
            json!({"acceptances": {"offer": offer}}),
            "acceptances.acceptance: only the member it belongs to may do it; ask its author, or write a comment",
        ),
        (
            &guest,
            json!({"offers": {"body": "我"}}),
            "offers.offer: only households and offices may do it; ask a household or an office to do it",
        ),
        (
            &lin,
            json!({"offers": {"id": offer, "body": "我"}}),
            "offers.body: only the member it belongs to may do it; ask its author, or write a comment",
        ),
        (
            &lin,
            json!({"acceptances": {"id": offer, "offer": offer}}),
            "acceptances.id: the document has no such fact; look at the document again and copy the fact's id",
        ),
        (
            &lin,
            json!({"acceptances": {}}),
            "acceptances.offer: it is missing; give it",
        ),
        (
            &lin,
            json!({"acceptances": {"offer": "梯子"}}),
            "acceptances.offer: it is not the name of anything; copy the name as the program shows it",
        ),
        (
            &lin,
            json!({"offers": "我"}),
            "offers: it is no fact of the list; give an object of fields, or a list of such objects",
        ),
        (
            &lin,
            json!({"offers": {"phone": "1"}}),
            "offers.phone: there is no such field; use one of: body, when",
        ),
        (
            &lin,
            json!({"title": null}),
            "title: it is missing; give it",
        ),
        (
            &lin,
            json!({"urgent": true}),
            "reason: an urgent request gives no reason; say in a few words why it cannot wait",
        ),
    ] {
        let error = desk.edit(who, NOW_MS, fields).expect_err("it is refused");
        assert_eq!(error.to_string(), expect);
    }
}

#[test]
fn a_rule_hears_again_what_stands_already() {
    let lin = Person::household(1);
    let fields = json!({"title": "x", "reason": "有婴儿"});
    let mut desk = Desk::create(&kinds(), "request", &lin, fields).expect("fine");
    let written = desk
        .edit(&lin, NOW_MS, json!({"urgent": true}))
        .expect("the reason stands");
    assert!(written);
    assert_eq!(desk.judged, Ok(()));
    assert_eq!(desk.project().view.fields["urgent"], true);
}

#[test]
fn nothing_is_written_when_nothing_changes() {
    let lin = Person::household(1);
    let fields = json!({"title": "梯子", "category": "other", "urgent": false});
    let mut desk = Desk::create(&kinds(), "request", &lin, fields.clone()).expect("fine");
    assert_eq!(desk.edit(&lin, NOW_MS, fields), Ok(false));
    assert_eq!(
        desk.edit(&lin, NOW_MS, json!({"body": null, "places": 1})),
        Ok(false)
    );
    assert_eq!(desk.edit(&lin, NOW_MS, json!({"body": "高的"})), Ok(true));
    assert_eq!(desk.edit(&lin, NOW_MS, json!({"body": null})), Ok(true));
    assert!(!desk.project().view.fields.contains_key("body"));
}

#[test]
fn drafts_are_neutral_and_notice_phone_numbers() {
    let lin = Person::household(1);
    let draft = crate::api::Draft {
        kind: "request".to_owned(),
        fields: fields_of(json!({
            "title": "\u{1B}]0;x\u{7}打 138 1234 5678\u{202E}",
            "body": "a\u{200B}b\r\nc",
        })),
    };
    let drafted = create(&kinds(), &draft, &lin.editor(NOW_MS, true)).expect("fine");
    let warnings: Vec<String> = drafted.warnings.iter().map(Warning::to_string).collect();
    assert_eq!(
        warnings,
        [
            "title: this looks like a phone number, and everyone can read it; take it out and give \
          it to your helper only"
        ]
    );
    let intents = drafted.finished.intents.intents.iter();
    let texts: Vec<&str> = intents
        .filter_map(|intent| match intent {
            Intent::Put {
                content: Content::Scalar(Scalar::Text(text)),
                ..
            } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(texts, ["打 138 1234 5678", "ab\nc"]);

    let mut desk = Desk::create(&kinds(), "request", &lin, json!({"title": "梯子"})).expect("fine");
    let offer = fields_of(json!({"offers": {"body": "微信13812345678"}}));
    let drafted = desk
        .draft(&lin, NOW_MS, &offer)
        .expect("fine")
        .expect("new");
    assert_eq!(
        drafted.warnings,
        [Warning::PhoneNumber {
            field: "offers.body".to_owned()
        }]
    );
    desk.write(&lin, NOW_MS, drafted.finished);
}

#[test]
fn long_text_spans_entries() {
    let (lin, chen) = (Person::household(1), Person::household(2));
    let text: String = (0..1_500).map(|n| format!("第{n}行\n")).collect();
    let fields = json!({"title": "中秋", "text": text});
    let mut desk = Desk::create(&kinds(), "plan", &lin, fields).expect("fine");
    assert_eq!(desk.judged, Ok(()));
    assert_eq!(desk.project().view.fields["text"], text.as_str());
    let entries = desk.document.entries().count();
    assert!(entries > 8, "{entries} entries");

    let shorter = text.replace("第7行\n", "第七行：带水\n");
    desk.edit(&chen, NOW_MS, json!({"text": shorter}))
        .expect("any household may");
    assert_eq!(desk.document.entries().count(), entries + 1);
    assert_eq!(desk.project().view.fields["text"], shorter.as_str());
    desk.edit(&chen, NOW_MS, json!({"text": null}))
        .expect("any household may");
    assert_eq!(desk.project().view.fields["text"], "");
}

#[test]
fn text_written_apart_is_merged() {
    let (lin, chen) = (Person::household(1), Person::household(2));
    let fields = json!({"title": "中秋", "text": "月饼\n灯笼\n"});
    let mut desk = Desk::create(&kinds(), "plan", &lin, fields).expect("fine");
    let one = fields_of(json!({"text": "月饼和茶\n灯笼\n"}));
    let other = fields_of(json!({"text": "月饼\n灯笼\n猜谜\n"}));
    let one = desk
        .draft(&lin, NOW_MS, &one)
        .expect("fine")
        .expect("new")
        .finished;
    let other = desk
        .draft(&chen, NOW_MS, &other)
        .expect("fine")
        .expect("new")
        .finished;
    desk.write(&lin, NOW_MS, one);
    desk.write(&chen, NOW_MS, other);
    assert_eq!(desk.project().view.fields["text"], "月饼和茶\n灯笼\n猜谜\n");
}

#[test]
fn an_urgent_notice_declares_its_capacity_by_itself() {
    let fields = json!({"title": "停电", "level": "urgent"});
    let desk = Desk::create(&kinds(), "notice", &steward(), fields).expect("a steward may");
    assert_eq!(desk.judged, Ok(()));
    let view = desk.project().view;
    assert_eq!(view.fields["capacity"], EntryId([91; 32]).to_string());
    assert_eq!(view.fields["expires_ms"], NOW_MS + 72 * 3_600_000);
}

/// A value for a field: fitting, or not.
fn value(field: &'static Field) -> BoxedStrategy<Value> {
    let fitting = match field.shape {
        Shape::Line { chars_max } => text(chars_max.min(200)),
        Shape::Paragraphs { .. } => text(400),
        Shape::Markdown => text(2_500),
        Shape::Choice(words) => prop::sample::select(words).prop_map(Value::from).boxed(),
        Shape::TimeMs => (NOW_MS..NOW_MS + 200_000_000).prop_map(Value::from).boxed(),
        Shape::Number { min, max } => (min..=max).prop_map(Value::from).boxed(),
        Shape::Flag => any::<bool>().prop_map(Value::from).boxed(),
        Shape::Document | Shape::Member => any::<[u8; 32]>()
            .prop_map(|id| EntryId(id).to_string().into())
            .boxed(),
        Shape::Capacity => Just(Value::from(EntryId([91; 32]).to_string())).boxed(),
        Shape::Recorded => Just(Value::from(WANG.to_string())).boxed(),
        Shape::Sealed { .. } => "([0-9a-f]{2}){0,40}".prop_map(Value::from).boxed(),
        Shape::Places { .. } => "([0-9a-f]{80})?".prop_map(Value::from).boxed(),
        Shape::Item => any::<([u8; 32], u32)>()
            .prop_map(|(entry, atom)| {
                let entry = EntryId(entry);
                ItemId(crate::document::AtomId { entry, atom })
                    .to_string()
                    .into()
            })
            .boxed(),
    };
    prop_oneof![
        60 => fitting,
        1 => prop_oneof![
            Just(Value::Null),
            Just(json!({"x": 1})),
            any::<i64>().prop_map(Value::from),
            ".{0,300}".prop_map(Value::from),
        ],
    ]
    .boxed()
}

fn text(chars: usize) -> BoxedStrategy<Value> {
    let character = prop_oneof![
        any::<char>(),
        prop::sample::select(vec!['林', '水', 'a', ' ', '\n', '\u{202E}', '\u{1B}', '🎑']),
    ];
    prop::collection::vec(character, 1..=chars)
        .prop_map(|characters| characters.into_iter().collect::<String>().into())
        .boxed()
}

/// Values for some of a table's fields.
fn values(fields: &'static [Field]) -> BoxedStrategy<Value> {
    let one = |field: &'static Field| {
        let often = if field.presence == Presence::Required {
            0.98
        } else {
            0.4
        };
        prop::option::weighted(often, value(field)).prop_map(|value| (field.name, value))
    };
    let all: Vec<_> = fields.iter().map(one).collect();
    all.prop_map(|values| {
        let given = values.into_iter();
        let given = given.filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Value::Object(given.collect())
    })
    .boxed()
}

/// A change: one field, or facts for one list.
fn change(kind: &'static Kind) -> BoxedStrategy<Value> {
    let field = (0..kind.fields.len())
        .prop_flat_map(move |at| {
            let field = &kind.fields[at];
            value(field).prop_map(move |value| json!({ field.name: value }))
        })
        .boxed();
    if kind.lists.is_empty() {
        return field;
    }
    let facts = prop::sample::select(kind.lists).prop_flat_map(|list| {
        prop::collection::vec(values(list.fields), 1..4)
            .prop_map(move |facts| json!({ list.name: facts }))
    });
    prop_oneof![field, facts].boxed()
}

fn people() -> Vec<Person> {
    vec![
        Person::household(1).acting_for(WANG),
        steward(),
        Person::guest(3).acting_for(WANG),
        Person::new(4, MemberKind::Office),
    ]
}

type Changes = (usize, Value, Vec<(usize, Value)>);

fn script() -> impl Strategy<Value = (&'static Kind, Changes)> {
    let kinds: Vec<&'static Kind> = kinds().iter().collect();
    prop::sample::select(kinds).prop_flat_map(|kind| {
        let changes = prop::collection::vec((0..4usize, change(kind)), 0..5);
        (Just(kind), (0..4usize, values(kind.fields), changes))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever `create` and `edit` draft, policy lets pass; whatever they show is neutral.
    #[test]
    fn what_is_drafted_counts((kind, (who, fields, changes)) in script()) {
        let people = people();
        let Ok(mut desk) = Desk::create(&kinds(), kind.name, &people[who], fields) else {
            return Ok(());
        };
        prop_assert_eq!(&desk.judged, &Ok(()));
        for (number, (who, fields)) in changes.into_iter().enumerate() {
            let time_ms = NOW_MS + i64::try_from(number).expect("few");
            if desk.edit(&people[who], time_ms, fields).is_ok() {
                prop_assert_eq!(&desk.judged, &Ok(()));
            }
        }
        let projected = desk.project();
        prop_assert_eq!(projected.digest, desk.project().digest);
        let shown = serde_json::to_string(&projected.view).expect("JSON");
        prop_assert!(!shown.contains(['\u{1B}', '\u{202E}', '\u{9B}']), "{}", shown);
    }

    /// What its creator may write alone, nobody else may.
    #[test]
    fn edits_by_others_do_not_count((kind, (who, fields, changes)) in script(), thief in 0..4usize) {
        let people = people();
        let mut thief = people[thief].clone();
        thief.member = crate::id::MemberId([77; 32]);
        let Ok(desk) = Desk::create(&kinds(), kind.name, &people[who], fields) else {
            return Ok(());
        };
        for (_, fields) in changes {
            let fields = fields_of(fields);
            let by_creator = desk.draft(&people[who], NOW_MS, &fields);
            let Ok(Some(drafted)) = by_creator else { continue };let may = desk.draft(&thief, NOW_MS, &fields).is_ok();
            let mut forged = desk.clone();
            forged.write(&thief, NOW_MS, drafted.finished);
            // The thief may hold other roles than those that are named in the draft.
            let capacity = matches!(
                forged.judged,
                Err(PolicyBreach::Capacity { .. } | PolicyBreach::Proxy { .. })
            );
            prop_assert!(forged.judged.is_ok() == may || capacity, "{:?}", forged.judged);
            if forged.judged.is_err() {
                let mut before = desk.project();
                before.view.updated_ms = forged.project().view.updated_ms;
                prop_assert_eq!(before.view, forged.project().view);
            }
        }
    }
}
