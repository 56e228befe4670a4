//! Moderation and the agreement: who may do what, what an act hides, and what it asks of whom.

use std::collections::BTreeMap;

use crate::api::WaitingReason::{self, *};
use crate::id::{DeviceId, DocumentId, MemberId};
use crate::projection::concern;

use super::*;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
const HIDDEN: DocumentId = DocumentId([0xAB; 32]);

fn moderator() -> Person {
    Person::household(5).with_role(Role::Moderator, 50)
}

fn other_steward(number: u8) -> Person {
    let office = MemberId([number; 32]);
    Person::household(number).with_role(Role::Steward { office }, number)
}

fn founder() -> Person {
    let mut founder = Person::household(7);
    founder.standing.founding = Some(EntryId([70; 32]));
    founder
}

fn author() -> Person {
    Person::household(1)
}

fn hiding() -> serde_json::Value {
    json!({
        "act": "hide", "about": HIDDEN, "member": author().member, "rule": 3, "reason": "骂人",
    })
}

fn hidden_by(who: &Person) -> Desk {
    let desk = Desk::create(&kinds(), "moderation", who, hiding()).expect("it may");
    assert_eq!(desk.judged, Ok(()));
    desk
}

#[track_caller]
fn write(desk: &mut Desk, who: &Person, fields: serde_json::Value) {
    desk.edit(who, NOW_MS, fields).expect("it can be drafted");
    assert_eq!(desk.judged, Ok(()));
}

fn appeal() -> serde_json::Value {
    json!({"appeals": {"body": "不是骂人"}})
}

fn decision(who: &Person, outcome: &str) -> serde_json::Value {
    let capacity = who.standing.roles[0].1;
    json!({"decisions": {"outcome": outcome, "reason": "看过了", "capacity": capacity}})
}

fn restoration(capacity: EntryId) -> serde_json::Value {
    json!({"restorations": {"reason": "弄错了", "capacity": capacity}})
}

fn hides(desk: &Desk) -> bool {
    let at = (DeviceId([1; 32]), 1);
    let hides = desk.project().hides;
    hides.is_some_and(|hiding| hiding.covers(HIDDEN, author().member, at))
}

fn asks(desk: &Desk, who: &Person, now_ms: i64) -> Vec<WaitingReason> {
    let concern = concern(&desk.kinds, &desk.read(), Some(who.member));
    let waits = concern
        .waits
        .iter()
        .filter(|wait| wait.holds(now_ms, false));
    waits.map(|wait| wait.why).collect()
}

#[test]
fn moderators_stewards_and_the_founder_alone_hide_and_nobody_else() {
    for who in [moderator(), steward(), founder()] {
        let desk = hidden_by(&who);
        assert_eq!(desk.state(), Some("hidden"));
        assert!(hides(&desk) && desk.project().hidden);
    }
    let office = MemberId([90; 32]);
    let building = "3".to_owned();
    let others = [
        Person::household(5),
        Person::guest(5),
        Person::household(5).with_role(Role::Spokesperson { office }, 50),
        Person::household(5).with_role(Role::BuildingLead { building }, 50),
    ];
    for who in others {
        let fault = Desk::create(&kinds(), "moderation", &who, hiding()).expect_err("no right");
        assert!(
            matches!(fault.fault, Fault::Missing | Fault::NotAllowed { .. }),
            "{fault:?}"
        );
        // A program that does not ask itself is judged by all others.
        let drafted = hidden_by(&moderator());
        let creation = creation_of(&drafted);
        let mut desk = Desk::empty(&kinds(), 7);
        desk.write(&who, NOW_MS, creation);
        assert!(desk.judged.is_err());
        assert!(!hides(&desk));
        if who.standing.kind == MemberKind::Household {
            assert!(matches!(
                desk.judged,
                Err(PolicyBreach::Capacity { field: "capacity" })
            ));
        }
    }
    // The founder's own capacity is nobody else's.
    let mut named = hiding();
    named["capacity"] = json!(EntryId([70; 32]));
    let error = Desk::create(&kinds(), "moderation", &moderator(), named).expect_err("not its");
    assert_eq!(error.fault, Fault::Capacity);
}

/// The intents by which a moderator hides, for others to write.
fn creation_of(_: &Desk) -> crate::document::Finished {
    let draft = crate::api::Draft {
        kind: "moderation".to_owned(),
        fields: fields_of(hiding()),
    };
    let moderator = moderator();
    let editor = moderator.editor(NOW_MS, true);
    create(&kinds(), &draft, &editor).expect("fine").finished
}

#[test]
fn an_act_hides_a_document_or_mutes_a_member_and_gives_rule_and_reason() {
    let without = |key: &str| {
        let mut fields = hiding();
        fields.as_object_mut().expect("fields").remove(key);
        Desk::create(&kinds(), "moderation", &moderator(), fields).map(|_| ())
    };
    for key in ["act", "about", "member", "rule", "reason"] {
        assert_eq!(without(key).expect_err("it is needed").field, key);
    }
    let with = |key: &str, value: serde_json::Value| {
        let mut fields = hiding();
        fields[key] = value;
        Desk::create(&kinds(), "moderation", &moderator(), fields)
    };
    for (key, value) in [
        ("rule", json!(0)),
        ("rule", json!(1_000)),
        ("act", json!("mute")),
        ("act", json!("delete")),
        ("spared", json!("00".repeat(40))),
        ("reason", json!("长".repeat(301))),
    ] {
        assert!(with(key, value.clone()).is_err(), "{key} {value}");
    }
}

#[test]
fn an_appeal_is_the_authors_and_is_decided_by_another_steward() {
    let (wu, other) = (steward(), other_steward(8));
    let mut desk = hidden_by(&wu);
    assert_eq!(asks(&desk, &author(), NOW_MS), [HiddenOwn]);
    assert_eq!(asks(&desk, &author(), NOW_MS + 15 * DAY_MS), []);

    // Nobody decides before there is an appeal, and nobody else's appeal counts.
    write(&mut desk, &other, decision(&other, "upheld"));
    write(&mut desk, &Person::household(2), appeal());
    assert_eq!(desk.state(), Some("hidden"));
    write(&mut desk, &author(), appeal());
    assert_eq!(desk.state(), Some("appealed"));
    assert!(hides(&desk), "an appeal lifts nothing");
    assert_eq!(asks(&desk, &other, NOW_MS), [DecideAppeal]);
    assert_eq!(asks(&desk, &author(), NOW_MS), []);
    assert_eq!(asks(&desk, &wu, NOW_MS), [], "who acted does not decide");

    let own = desk.edit(&wu, NOW_MS, decision(&wu, "upheld"));
    let fault = own.expect_err("the own act").fault;
    assert_eq!(fault, Fault::NotAllowed { who: Who::Others });
    write(&mut desk, &other, decision(&other, "upheld"));
    assert_eq!(desk.state(), Some("upheld"));
    assert!(hides(&desk));
    assert_eq!(asks(&desk, &author(), NOW_MS), [AppealDecided]);
    assert_eq!(asks(&desk, &other, NOW_MS), []);
    // A moderator does not undo what a steward decided; another steward may.
    write(&mut desk, &moderator(), restoration(EntryId([50; 32])));
    write(&mut desk, &author(), appeal());
    assert_eq!(desk.state(), Some("upheld"));
    let third = other_steward(6);
    write(&mut desk, &third, decision(&third, "lifted"));
    assert_eq!(desk.state(), Some("lifted"));
    assert!(!hides(&desk));
    write(&mut desk, &other, decision(&other, "upheld"));
    assert_eq!(desk.state(), Some("lifted"), "that is for good");
}

#[test]
fn only_stewards_decide_and_nobody_about_the_own_words() {
    let mut desk = hidden_by(&steward());
    write(&mut desk, &author(), appeal());
    let said = |capacity: u8| {
        let capacity = EntryId([capacity; 32]);
        json!({"decisions": {"outcome": "lifted", "reason": "x", "capacity": capacity}})
    };
    let refused = desk.edit(&moderator(), NOW_MS, said(50));
    assert_eq!(refused.expect_err("no steward").fault, Fault::Capacity);
    let refused = desk.edit(&Person::household(2), NOW_MS, said(91));
    assert_eq!(refused.expect_err("no role").fault, Fault::Capacity);
    let refused = desk.edit(&Person::guest(2), NOW_MS, said(91));
    assert!(refused.is_err());
    // The author may be a steward.
    let author = author().with_role(
        Role::Steward {
            office: MemberId([3; 32]),
        },
        33,
    );
    write(&mut desk, &author, said(33));
    write(&mut desk, &author, restoration(EntryId([33; 32])));
    assert_eq!(desk.state(), Some("appealed"));
    assert!(hides(&desk));
}

#[test]
fn moderators_take_an_act_back_until_it_is_decided() {
    let mut desk = hidden_by(&moderator());
    let household = Person::household(2);
    let refused = desk.edit(&household, NOW_MS, restoration(EntryId([50; 32])));
    assert_eq!(refused.expect_err("no role").fault, Fault::Capacity);
    write(&mut desk, &moderator(), restoration(EntryId([50; 32])));
    assert_eq!(desk.state(), Some("lifted"));
    assert!(!hides(&desk));
    write(&mut desk, &author(), appeal());
    assert_eq!(desk.state(), Some("lifted"));
}

#[test]
fn a_mute_hides_what_lies_beyond_the_places_it_names() {
    let (one, two, three) = (DeviceId([1; 32]), DeviceId([2; 32]), DeviceId([3; 32]));
    let places = BTreeMap::from([(one, 5), (two, 0)]);
    let bytes = places_bytes(&places);
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let fields = json!({
        "act": "mute", "member": author().member, "rule": 3, "reason": "刷屏", "spared": digits,
    });
    let mut desk = Desk::create(&kinds(), "moderation", &moderator(), fields).expect("it may");
    assert_eq!(desk.state(), Some("muted"));
    let covers = |desk: &Desk, member: MemberId, at| {
        let hides = desk.project().hides;
        hides.is_some_and(|hiding| hiding.covers(HIDDEN, member, at))
    };
    let own = author().member;
    for (at, covered) in [
        ((one, 5), false),
        ((one, 6), true),
        ((two, 1), true),
        ((three, 1), true),
    ] {
        assert_eq!(covers(&desk, own, at), covered, "{at:?}");
        assert!(!covers(&desk, MemberId([9; 32]), at));
    }
    write(&mut desk, &author(), appeal());
    let other = other_steward(8);
    write(&mut desk, &other, decision(&other, "lifted"));
    assert!(!covers(&desk, own, (one, 6)));
    // Places have one form.
    for digits in ["00".repeat(39), "01".repeat(32) + "0000000000000001"].map(|one| one.repeat(2)) {
        let fields = json!({
            "act": "mute", "member": own, "rule": 3, "reason": "x", "spared": digits,
        });
        assert!(Desk::create(&kinds(), "moderation", &moderator(), fields).is_err());
    }
}

#[test]
fn stewards_publish_an_agreement_that_everybody_signs_once() {
    let fields = json!({"title": "邻里公约", "version": 1, "clauses": "不骂人\n\n 不占道 \n"});
    for who in [Person::household(2), moderator(), Person::guest(3)] {
        assert!(Desk::create(&kinds(), "agreement", &who, fields.clone()).is_err());
    }
    for who in [steward(), founder()] {
        let desk = Desk::create(&kinds(), "agreement", &who, fields.clone()).expect("it may");
        assert_eq!(desk.judged, Ok(()));
    }
    let mut desk = Desk::create(&kinds(), "agreement", &steward(), fields).expect("it may");
    let text = desk.project().view.fields["clauses"].clone();
    let found: Vec<&str> = clauses(text.as_str().expect("text")).collect();
    assert_eq!(found, ["不骂人", "不占道"]);
    assert!(!desk.project().hideable);
    for who in [Person::guest(3), author(), steward()] {
        assert_eq!(asks(&desk, &who, NOW_MS), [SignAgreement]);
        write(&mut desk, &who, json!({"signings": {}}));
        assert_eq!(asks(&desk, &who, NOW_MS), []);
    }
    let changed = desk.edit(&steward(), NOW_MS, json!({"clauses": "x"}));
    assert!(changed.is_err(), "what was signed stays as it is");
}

#[test]
fn the_agreement_in_force_does_not_depend_on_order() {
    let [one, two, three] = [1, 2, 3].map(|number| DocumentId([number; 32]));
    let all = [(one, 1), (three, 2), (two, 2)];
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
        assert_eq!(in_force(order.map(|at| all[at])), Some(two));
    }
    assert_eq!(in_force([]), None);
}
