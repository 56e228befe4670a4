//! What facts ask of whom.

use crate::api::WaitingReason::{self, *};
use crate::projection::concern;

use super::*;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// What a document asks of somebody at a time, unread or not.
fn asks(desk: &Desk, who: &Person, now_ms: i64, unread: bool) -> Vec<WaitingReason> {
    let concern = concern(&desk.kinds, &desk.read(), Some(who.member));
    let waits = concern.waits.iter();
    let waits = waits.filter(|wait| wait.holds(now_ms, unread));
    waits.map(|wait| wait.why).collect()
}

fn edit(desk: &mut Desk, who: &Person, fields: serde_json::Value) {
    let fields = match fields.to_string().contains("$0") {
        true => fields.to_string().replace("$0", &desk.fact("offers", 0)),
        false => fields.to_string(),
    };
    let fields = match fields.contains("$1") {
        true => fields.replace("$1", &desk.fact("offers", 1)),
        false => fields,
    };
    let fields = serde_json::from_str(&fields).expect("still JSON");
    desk.edit(who, NOW_MS, fields).expect("it can be drafted");
    assert_eq!(desk.judged, Ok(()));
}

#[test]
fn a_request_tells_each_side_who_acts_next() {
    let [lin, chen, wu] = [1, 2, 3].map(Person::household);
    let fields = json!({"title": "谁有梯子？"});
    let mut desk = Desk::create(&kinds(), "request", &lin, fields).expect("a request");
    let now = |desk: &Desk| -> [Vec<WaitingReason>; 3] {
        [&lin, &chen, &wu].map(|who| asks(desk, who, NOW_MS, true))
    };
    assert_eq!(now(&desk), [vec![], vec![], vec![]]);
    edit(&mut desk, &chen, json!({"offers": {}}));
    assert_eq!(now(&desk), [vec![ChooseOffer], vec![], vec![]]);
    edit(&mut desk, &wu, json!({"offers": {}}));
    edit(&mut desk, &lin, json!({"acceptances": {"offer": "$0"}}));
    assert_eq!(now(&desk), [vec![], vec![ConfirmTime], vec![]]);
    edit(&mut desk, &lin, json!({"acceptances": {"offer": "$1"}}));
    assert_eq!(
        now(&desk),
        [vec![DoubleBooked], vec![ConfirmTime], vec![ConfirmTime]]
    );
    edit(&mut desk, &lin, json!({"withdrawals": {"offer": "$1"}}));
    edit(&mut desk, &chen, json!({"check_ins": {"offer": "$0"}}));
    assert_eq!(now(&desk), [vec![], vec![], vec![]]);
    edit(&mut desk, &chen, json!({"completions": {"offer": "$0"}}));
    assert_eq!(now(&desk), [vec![ConfirmCompletion], vec![], vec![]]);
    assert_eq!(asks(&desk, &lin, NOW_MS + 8 * DAY_MS, true), []);
    edit(&mut desk, &lin, json!({"confirmations": {}}));
    assert_eq!(now(&desk), [vec![], vec![], vec![]]);
}

#[test]
fn an_acknowledgement_says_who_gave_it_and_in_which_way() {
    let [chen, wu, zhao] = [2, 3, 4].map(Person::household);
    let author = steward();
    let fields = json!({"title": "停水", "ack": true});
    let mut desk = Desk::create(&kinds(), "notice", &author, fields).expect("a notice");
    let given = |desk: &Desk| -> Vec<(MemberId, MemberId, String)> {
        let read = desk.read();
        let value = read.document.value();
        let facts = read.facts(desk.kinds.by_name("notice").expect("a kind"), &value);
        let given = crate::kind::acknowledgements(&facts).into_iter();
        given
            .map(|(household, word)| (household, word.by, word.way.to_owned()))
            .collect()
    };
    let mut expected = Vec::new();
    let household = |who: &Person| who.member.to_string();
    // Nobody speaks as somebody else, whatever the way is said to be.
    let hostile = json!({"acknowledgements": {"way": "self", "household": household(&wu)}});
    edit(&mut desk, &chen, hostile);
    expected.push((wu.member, chen.member, "proxy".to_owned()));
    let on_paper = json!({"acknowledgements": {"way": "paper", "household": household(&zhao)}});
    edit(&mut desk, &author, on_paper);
    expected.push((zhao.member, author.member, "paper".to_owned()));
    edit(&mut desk, &chen, json!({"acknowledgements": {}}));
    expected.push((chen.member, chen.member, "self".to_owned()));
    let sorted = |mut given: Vec<(MemberId, MemberId, String)>| {
        given.sort();
        given
    };
    assert_eq!(sorted(given(&desk)), sorted(expected.clone()));
    // A household's own word stands before what somebody wrote for it.
    edit(&mut desk, &wu, json!({"acknowledgements": {}}));
    expected[0] = (wu.member, wu.member, "self".to_owned());
    assert_eq!(sorted(given(&desk)), sorted(expected));
    edit(&mut desk, &author, json!({"corrections": {"body": "x"}}));
    assert_eq!(
        given(&desk).len(),
        3,
        "an immaterial correction voids nothing"
    );
    let material = json!({"corrections": {"title": "明天停水", "material": true}});
    edit(&mut desk, &author, material);
    assert_eq!(given(&desk), []);
}

#[test]
fn a_request_reminds_its_author_a_day_before_it_expires() {
    let [lin, chen] = [1, 2].map(Person::household);
    let fields = json!({"title": "x", "expires_ms": NOW_MS + 3 * DAY_MS});
    let mut desk = Desk::create(&kinds(), "request", &lin, fields).expect("a request");
    for (after_ms, expected) in [
        (2 * DAY_MS - 1, vec![]),
        (2 * DAY_MS, vec![ExpiresSoon]),
        (3 * DAY_MS, vec![]),
    ] {
        assert_eq!(asks(&desk, &lin, NOW_MS + after_ms, false), expected);
        assert_eq!(asks(&desk, &chen, NOW_MS + after_ms, false), []);
    }
    edit(&mut desk, &chen, json!({"offers": {}}));
    let last_day = NOW_MS + 2 * DAY_MS;
    assert_eq!(
        asks(&desk, &lin, last_day, false),
        [ChooseOffer, ExpiresSoon]
    );
}

#[test]
fn a_request_with_places_left_goes_on_asking() {
    let [lin, chen, wu] = [1, 2, 3].map(Person::household);
    let fields = json!({"title": "搬花盆", "places": 2});
    let mut desk = Desk::create(&kinds(), "request", &lin, fields).expect("a request");
    edit(&mut desk, &chen, json!({"offers": {}}));
    edit(&mut desk, &lin, json!({"acceptances": {"offer": "$0"}}));
    edit(&mut desk, &chen, json!({"check_ins": {"offer": "$0"}}));
    assert_eq!(asks(&desk, &lin, NOW_MS, false), []);
    edit(&mut desk, &wu, json!({"offers": {}}));
    assert_eq!(asks(&desk, &lin, NOW_MS, false), [ChooseOffer]);
}

#[test]
fn notices_wait_until_they_are_read_and_acknowledged() {
    let [chen, wu] = [2, 3].map(Person::household);
    let author = steward();
    let notice = |level: &str, ack: bool| {
        let fields = json!({"title": "停水", "level": level, "ack": ack});
        Desk::create(&kinds(), "notice", &author, fields).expect("a notice")
    };
    for (level, expected) in [
        ("ordinary", vec![]),
        ("important", vec![ImportantNotice]),
        ("urgent", vec![UrgentNotice]),
    ] {
        let desk = notice(level, false);
        assert_eq!(asks(&desk, &chen, NOW_MS, true), expected, "{level}");
        assert_eq!(asks(&desk, &chen, NOW_MS, false), [], "{level}, read");
        assert_eq!(
            asks(&desk, &chen, NOW_MS + 90 * DAY_MS, true),
            [],
            "{level}, over"
        );
        assert_eq!(asks(&desk, &author, NOW_MS, true), [], "{level}, one's own");
    }
    let mut desk = notice("ordinary", true);
    assert_eq!(asks(&desk, &chen, NOW_MS, false), [Acknowledge]);
    edit(&mut desk, &chen, json!({"acknowledgements": {}}));
    assert_eq!(asks(&desk, &chen, NOW_MS, false), []);
    assert_eq!(asks(&desk, &wu, NOW_MS, false), [Acknowledge]);
    // Somebody knocked, and wrote down what was said at the door.
    let household = wu.member.to_string();
    let on_paper = json!({"acknowledgements": {"way": "proxy", "household": household}});
    edit(&mut desk, &author, on_paper);
    assert_eq!(asks(&desk, &wu, NOW_MS, false), []);
    let correction = json!({"corrections": {"title": "明天停水", "material": true}});
    edit(&mut desk, &author, correction);
    assert_eq!(asks(&desk, &chen, NOW_MS, false), [Acknowledge]);
    edit(&mut desk, &author, json!({"withdrawals": {}}));
    assert_eq!(asks(&desk, &chen, NOW_MS, false), []);
}
