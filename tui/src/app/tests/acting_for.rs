//! Households without a device: who acts for them is listed, a form asks for whom something is written,
//! and what was written for them says so.

use insta::assert_snapshot;
use protocol::api::{DocumentView, Language, Request, RosterRecorded, Waiting, WaitingReason};
use protocol::id::{EntryId, MemberId};
use protocol::kind::FOR_HOUSEHOLD;
use serde_json::{Value, json};

use super::fixtures::{id, member};
use super::stand_in::StandIn;
use super::{NOW_MS, Session};

const DAY: i64 = 24 * 60 * 60 * 1_000;
const WANG: EntryId = EntryId([0xb7; 32]);

/// Screens about households without a device, by what is to be selected among the people, and the
/// keys that lead on from there.
pub const OF_PROXIES: [(&str, &str, &str); 7] = [
    ("recorded-people", "王奶奶", ""),
    ("recorded-person", "王奶奶", "<Enter>"),
    ("recorded-acts", "王奶奶", "a"),
    ("recorded-composer", "", "3n<BackTab><BackTab><BackTab>"),
    ("recorded-reader", "", "3<Enter>"),
    ("recorded-today", "", "1"),
    ("recorded-acknowledgements", "", "2<Enter>w<End>"),
];

fn recorded() -> Vec<RosterRecorded> {
    let as_steward = json!({ "capacity": "steward", "office": member(4), "appointment": id(0xe3) });
    let by = |days: i64| {
        json!({ "id": id(0xf3), "by": id(1), "acted_as": as_steward,
            "time_ms": NOW_MS - days * DAY })
    };
    let mut ended = by(1);
    ended["reason"] = json!("搬走了");
    serde_json::from_value(json!([
        { "id": WANG, "name": "王奶奶", "building": "3", "consent": "12月3日的纸条，在楼长的夹子里",
          "recorded": by(9),
          "proxies": [
            { "member": member(1), "consent": "12月3日的纸条，在楼长的夹子里", "named": by(9) },
            { "member": member(2), "consent": "在门口说的", "named": by(5), "ended": ended }
          ] },
        { "id": id(0xb8), "name": "赵爷爷", "consent": "女儿打来的电话", "recorded": by(30),
          "proxies": [], "ended": ended }
    ]))
    .expect("fixtures have the interface's form")
}

/// Households without a device for which a notice was acknowledged, and for which it was not.
fn acknowledge(node: &mut StandIn) {
    let household = |byte: u8, name: &str| json!({ "id": id(byte), "name": name, "building": "3" });
    let told = &mut node.acknowledged;
    (told.households, told.without_device) = (9, 5);
    (told.acknowledged, told.on_paper, told.by_proxy) = (4, 2, 1);
    told.outstanding_recorded = serde_json::from_value(json!([
        { "household": household(0xb7, "王奶奶"), "proxies": [member(1)] },
        { "household": household(0xb9, "孙爷爷"), "proxies": [member(2), member(3)] },
        { "household": household(0xba, "周奶奶") }
    ]))
    .expect("fixtures have the interface's form");
    told.given_recorded = serde_json::from_value(json!([
        { "household": household(0xbb, "钱奶奶"), "way": "proxy", "by": member(2),
          "time_ms": NOW_MS - DAY },
        { "household": household(0xbc, "郑爷爷"), "way": "paper", "by": member(3),
          "time_ms": NOW_MS - DAY }
    ]))
    .expect("fixtures have the interface's form");
}

/// Makes a stand-in the node of a household that records such households and acts for one.
pub fn prepare(node: &mut StandIn) {
    node.roster.recorded = recorded();
    let own = &mut node.roster.members[0];
    own.may.push("record-households".to_owned());
    let wang = node.roster.recorded[0].shown();
    let me = node.status.me.as_mut().expect("a member");
    me.acts_for = vec![wang.clone()];
    let requests = node.documents.iter_mut();
    let mut requests = requests.filter(|view| view.kind == "request");
    let request = requests.next().expect("a request");
    request.for_household = Some(wang);
    acknowledge(node);
    let waits = |document: &DocumentView, why, for_household| Waiting {
        document: document.clone(),
        why,
        until_ms: Some(NOW_MS + DAY),
        for_household,
    };
    let documents = node.documents.iter();
    let asking = documents.clone().find(|view| view.for_household.is_some());
    let asking = asking.expect("a request");
    let notice = documents.clone().find(|view| view.kind == "notice");
    let notice = notice.expect("a notice");
    let wang = asking.for_household.clone();
    node.today.waiting = vec![
        waits(asking, WaitingReason::ChooseOffer, wang.clone()),
        waits(notice, WaitingReason::Acknowledge, None),
        waits(notice, WaitingReason::Acknowledge, wang),
    ];
}

/// A session of a household that records such households and acts for one.
pub fn proxy(language: Language, size: (u16, u16)) -> Session {
    let mut session = Session::begin(language, size);
    prepare(&mut session.node);
    session.press("1").wait(6_000);
    session
}

/// Selects somebody among the people, and goes on from there.
pub fn go(session: &mut Session, who: &str, keys: &str) {
    if !who.is_empty() {
        session.press("5");
        let is_selected = |screen: &str| {
            let mut lines = screen.lines();
            lines.any(|line| line.contains(&format!("▸ {who}")))
        };
        for _ in 0..12 {
            if is_selected(&session.screen()) {
                break;
            }
            session.press("<Down>");
        }
    }
    session.press(keys);
}

fn choose(session: &mut Session, act: &str) {
    for _ in 0..16 {
        let screen = session.screen();
        if screen
            .lines()
            .any(|line| line.contains(&format!("▸ {act}")))
        {
            session.press("<Enter>");
            return;
        }
        session.press("<Down>");
    }
    panic!("{act} is not offered:\n{}", session.screen());
}

fn written(session: &Session) -> Vec<Request> {
    let written = session.node.written.iter();
    let written = written.filter(|request| !matches!(request, Request::MarkRead { .. }));
    written.cloned().collect()
}

#[test]
fn a_steward_records_a_household_for_which_a_neighbour_acts_and_ends_that() {
    let mut session = proxy(Language::English, (80, 24));
    go(&mut session, "陈家", "a");
    choose(&mut session, "Record a household it acts for");
    session.press("赵奶奶<Tab>2<Tab>纸条<F5>");
    go(&mut session, "陈家", "a");
    choose(&mut session, "Act for a recorded household");
    choose(&mut session, "王奶奶");
    session.press("电话<F5>");
    go(&mut session, "王奶奶", "a");
    choose(&mut session, "林家");
    session.press("病了<F5>");
    go(&mut session, "王奶奶", "<Enter>a");
    choose(&mut session, "End the record");
    session.press("有手机了<F5>");
    let chen = MemberId([2; 32]);
    let expected = [
        Request::RecordHousehold {
            name: "赵奶奶".to_owned(),
            building: Some("2".to_owned()),
            proxies: vec![chen],
            consent: "纸条".to_owned(),
        },
        Request::AddProxies {
            record: WANG,
            proxies: vec![chen],
            consent: "电话".to_owned(),
        },
        Request::EndRecord {
            record: WANG,
            proxy: Some(MemberId([1; 32])),
            reason: "病了".to_owned(),
        },
        Request::EndRecord {
            record: WANG,
            proxy: None,
            reason: "有手机了".to_owned(),
        },
    ];
    assert_eq!(written(&session), expected, "{}", session.screen());
}

#[test]
fn whoever_may_not_record_is_offered_nothing_of_it() {
    let mut session = proxy(Language::English, (80, 24));
    session.node.roster.members[0].may.pop();
    go(&mut session, "王奶奶", "a");
    assert!(
        session.shows("nothing that you may do"),
        "{}",
        session.screen()
    );
    go(&mut session, "陈家", "a");
    assert!(!session.shows("recorded household"), "{}", session.screen());
}

#[test]
fn a_form_asks_for_whom_a_request_or_comment_is_where_one_acts_for_somebody() {
    for keys in [
        "3n擦窗户<BackTab><BackTab><BackTab><Right>",
        "3<Enter>c好<Tab><Right>",
    ] {
        let mut session = proxy(Language::English, (80, 24));
        session.press(keys);
        assert!(
            session.shows("Written for") && session.shows("王奶奶 (building 3)"),
            "{}",
            session.screen()
        );
        session.press("<F5>");
        let posted = written(&session);
        let household = posted.iter().find_map(|request| match request {
            Request::Post(draft) => draft.fields.get(FOR_HOUSEHOLD.name),
            _ => None,
        });
        assert_eq!(household, Some(&json!(WANG)), "{}", session.screen());
    }
    // Who acts for nobody is not asked.
    let mut session = Session::begin(Language::English, (120, 40));
    session.press("3n");
    assert!(!session.shows("Written for"), "{}", session.screen());
}

#[test]
fn a_notice_is_acknowledged_for_a_household_beside_the_own_word() {
    let mut session = proxy(Language::English, (80, 24));
    session.press("2<Enter>a");
    choose(&mut session, "Acknowledge for 王奶奶 (building 3)");
    let acknowledged = written(&session);
    let Some(Request::Edit { fields, .. }) = acknowledged.last() else {
        panic!("{acknowledged:?}");
    };
    let word = &fields["acknowledgements"];
    assert_eq!(word, &json!({ "for_household": WANG }));
    // Once it is there, the own word is still wanted and the other is not.
    let notice = &mut session.node.documents[0];
    let by = member(1);
    let given: Value = json!([{ "id": format!("{}.0", id(0x78)), "by": by, "time_ms": NOW_MS,
        "way": "proxy", "for_household": { "id": WANG, "name": "王奶奶", "building": "3" } }]);
    notice.fields.insert("acknowledgements".to_owned(), given);
    session.press("<Esc><Esc>2<Enter>");
    assert!(
        session.shows("recorded by 林家 (building 3) for 王奶奶 (building 3)"),
        "{}",
        session.screen()
    );
    session.press("a");
    assert!(
        session.shows("Acknowledge: I have read it"),
        "{}",
        session.screen()
    );
    assert!(!session.shows("Acknowledge for"), "{}", session.screen());
}

#[test]
fn today_says_for_whom_something_waits() {
    let mut session = proxy(Language::English, (120, 40));
    session.press("1");
    for said in [
        "for 王奶奶 (building 3): somebody offers help: choose",
        "please acknowledge ∙ for 王奶奶 (building 3): please acknowledge",
    ] {
        assert!(session.shows(said), "{said}:\n{}", session.screen());
    }
}

#[test]
fn who_has_not_acknowledged_a_notice_is_told_of_households_without_a_device_too() {
    let mut session = proxy(Language::English, (120, 40));
    session.press("2<Enter>w");
    for said in [
        "王奶奶 (building 3)",
        "no device ∙ acting for it: 林家 (building 3)",
        "no device ∙ nobody acts for it yet",
        "by 陈家 (building 5), who acts for it",
        "on paper ∙ noted by Grandma Wang (building 1)",
    ] {
        assert!(session.shows(said), "{said}:\n{}", session.screen());
    }
    // Whoever acts for it notes that it signed, or said so.
    for (down, way) in [("", "paper"), ("<Down>", "proxy")] {
        let mut session = proxy(Language::English, (80, 24));
        session.press("2<Enter>w<Down><Down><Enter>").press(down);
        session.press("<Enter>");
        let noted = written(&session);
        let Some(Request::Edit { fields, .. }) = noted.last() else {
            panic!("{noted:?}");
        };
        let word = json!({ "way": way, "for_household": WANG });
        assert_eq!(fields["acknowledgements"], word);
        assert!(session.shows("Noted."), "{}", session.screen());
    }
    // Of any other household it is said who does.
    let others = [
        (
            3,
            "acts for this household can note it: 陈家 (building 5), Grandma",
        ),
        (4, "Nobody acts for this household yet."),
    ];
    for (down, said) in others {
        let mut session = proxy(Language::English, (120, 40));
        session.press("2<Enter>w").press(&"<Down>".repeat(down));
        session.press("<Enter>");
        assert!(session.shows(said), "{said}:\n{}", session.screen());
        assert_eq!(written(&session), [], "nothing is noted");
    }
    let mut session = proxy(Language::English, (80, 24));
    session.press("2<Enter>w<End><Enter>");
    assert!(session.shows("has acknowledged it"), "{}", session.screen());
}

#[test]
fn what_proxies_see_at_every_size_in_both_languages() {
    for language in [Language::Chinese, Language::English] {
        for size in [(40, 15), (80, 24), (120, 40)] {
            for (name, who, keys) in OF_PROXIES {
                let mut session = proxy(language, size);
                go(&mut session, who, keys);
                let name = format!("{name}-{}-{}x{}", language.code(), size.0, size.1);
                assert_snapshot!(name, session.screen());
            }
        }
    }
}
