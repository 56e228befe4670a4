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
    // Who had seen only the correction before acknowledged another text.
    let seen = desk.fact("corrections", 0);
    let elsewhere = json!({"acknowledgements": {"correction": seen}});
    edit(&mut desk, &wu, elsewhere);
    assert_eq!(given(&desk), []);
    edit(&mut desk, &chen, json!({"acknowledgements": {}}));
    let by_chen = vec![(chen.member, chen.member, "self".to_owned())];
    assert_eq!(given(&desk), by_chen);
    let immaterial = json!({"corrections": {"body": "y"}});
    edit(&mut desk, &author, immaterial);
    assert_eq!(given(&desk), by_chen);
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
fn who_stood_by_hears_that_a_place_is_free_again() {
    let [lin, chen, wu] = [1, 2, 3].map(Person::household);
    let mut desk = ask(json!({"title": "取药"}), &lin);
    edit(&mut desk, &chen, json!({"offers": {}}));
    edit(&mut desk, &wu, json!({"offers": {}}));
    edit(&mut desk, &lin, json!({"acceptances": {"offer": "$0"}}));
    assert_eq!(asks(&desk, &wu, NOW_MS, true), []);
    edit(&mut desk, &chen, json!({"withdrawals": {"offer": "$0"}}));
    assert_eq!(asks(&desk, &wu, NOW_MS, true), [StandbyAgain]);
    assert_eq!(asks(&desk, &wu, NOW_MS, false), [], "read");
    assert_eq!(asks(&desk, &chen, NOW_MS, true), []);
    assert_eq!(asks(&desk, &lin, NOW_MS, true), [ChooseOffer]);
    edit(&mut desk, &lin, json!({"acceptances": {"offer": "$1"}}));
    assert_eq!(asks(&desk, &wu, NOW_MS, true), [ConfirmTime]);
}

#[test]
fn a_request_asks_for_what_its_hour_brings() {
    let [lin, chen] = [1, 2].map(Person::household);
    let (from_ms, until_ms) = (NOW_MS + 1_000, NOW_MS + 2_000);
    let fields = json!({"title": "取药", "from_ms": from_ms, "until_ms": until_ms});
    let mut desk = ask(fields, &lin);
    edit(&mut desk, &chen, json!({"offers": {}}));
    edit(&mut desk, &lin, json!({"acceptances": {"offer": "$0"}}));
    assert_eq!(asks(&desk, &lin, from_ms - 1, true), []);
    assert_eq!(asks(&desk, &lin, from_ms, true), [CheckInMissed]);
    let mut missed = desk.clone();
    edit(&mut desk, &chen, json!({"check_ins": {"offer": "$0"}}));
    assert_eq!(asks(&desk, &lin, from_ms, true), []);
    assert_eq!(asks(&desk, &chen, until_ms - 1, true), []);
    assert_eq!(asks(&desk, &chen, until_ms, true), [SayDone]);
    let statement = json!({"no_shows": {"offer": "$0", "statement": "没有来"}});
    edit(&mut missed, &lin, statement);
    assert_eq!(asks(&missed, &chen, NOW_MS, true), [AnswerNoShow]);
    let lapsed = NOW_MS + 90 * DAY_MS;
    assert_eq!(asks(&missed, &chen, lapsed, true), []);
    let no_show = missed.fact("no_shows", 0);
    let reply = json!({"replies": {"no_show": no_show, "answer": "来了"}});
    edit(&mut missed, &chen, reply);
    assert_eq!(asks(&missed, &chen, NOW_MS, true), []);
}

#[test]
fn hours_and_thanks_wait_for_the_other_side() {
    let [lin, chen] = [1, 2].map(Person::household);
    let mut desk = ask(json!({"title": "取药"}), &lin);
    edit(&mut desk, &chen, json!({"offers": {}}));
    edit(&mut desk, &lin, json!({"acceptances": {"offer": "$0"}}));
    edit(&mut desk, &chen, json!({"completions": {"offer": "$0"}}));
    edit(&mut desk, &lin, json!({"confirmations": {"minutes": 60}}));
    assert_eq!(asks(&desk, &chen, NOW_MS, true), [Assent]);
    assert_eq!(asks(&desk, &chen, NOW_MS + 14 * DAY_MS, true), []);
    let to = desk.fact("confirmations", 0);
    edit(&mut desk, &chen, json!({"assents": {"to": to}}));
    assert_eq!(asks(&desk, &chen, NOW_MS, true), []);
    let thanks = json!({"offer": "$0", "words": "谢谢", "public": true});
    edit(&mut desk, &lin, json!({"thanks": thanks}));
    assert_eq!(asks(&desk, &chen, NOW_MS, true), [Assent]);
    let projected = desk.read();
    let kind = desk.kinds.by_code(desk.kind).expect("a kind");
    let value = projected.document.value();
    let id = projected
        .facts(kind, &value)
        .list("thanks")
        .next()
        .map(|item| item.id);
    let to = id.expect("thanks").to_string();
    edit(&mut desk, &chen, json!({"assents": {"to": to}}));
    assert_eq!(asks(&desk, &chen, NOW_MS, true), []);
}

#[test]
fn an_urgent_request_waits_for_more_and_more_neighbours() {
    let [lin, chen, wu] = [1, 2, 3].map(Person::household);
    let mut desk = ask(
        json!({"title": "发烧", "urgent": true, "reason": "x"}),
        &lin,
    );
    let minutes = |minutes: i64| NOW_MS + minutes * 60_000;
    let all = [UrgentNearby, UrgentUnanswered, UrgentWidened];
    for (after, expected) in [(0, 1), (29, 1), (30, 2), (119, 2), (120, 3), (24 * 60, 0)] {
        let found = asks(&desk, &chen, minutes(after), true);
        assert_eq!(found, all[..expected], "after {after} minutes");
    }
    assert_eq!(asks(&desk, &lin, minutes(200), true), []);
    edit(&mut desk, &wu, json!({"offers": {}}));
    assert_eq!(asks(&desk, &chen, minutes(200), true), []);
}

#[test]
fn a_standing_offer_is_renewed_by_one_fact_and_withdrawn() {
    let [lin, chen] = [1, 2].map(Person::household);
    let fields = json!({"title": "周六可以帮忙跑腿", "category": "errand"});
    let mut desk = Desk::create(&kinds(), "standing-offer", &lin, fields).expect("an offer");
    let end = NOW_MS + 90 * DAY_MS;
    assert_eq!(asks(&desk, &lin, end - DAY_MS - 1, true), []);
    assert_eq!(asks(&desk, &lin, end - DAY_MS, true), [ExpiresSoon]);
    assert_eq!(asks(&desk, &chen, end - DAY_MS, true), []);
    assert_eq!(desk.state_at(end), "expired");
    desk.edit(&lin, end, json!({"renewals": {}}))
        .expect("renewed");
    assert_eq!(desk.state_at(end + 90 * DAY_MS - 1), "standing");
    let others = desk.edit(&chen, end, json!({"withdrawals": {}}));
    assert!(others.is_err());
    desk.edit(&lin, end, json!({"withdrawals": {}}))
        .expect("withdrawn");
    assert_eq!(desk.state_at(end), "withdrawn");
}

fn ask(fields: serde_json::Value, who: &Person) -> Desk {
    Desk::create(&kinds(), "request", who, fields).expect("a request")
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
    let household = wu.member.to_string();
    let on_paper = json!({"acknowledgements": {"way": "proxy", "household": household}});
    edit(&mut desk, &chen, on_paper.clone());
    let asked = asks(&desk, &wu, NOW_MS, false);
    assert_eq!(asked, [Acknowledge], "a neighbour has no say in that");
    // The issuer knocked, and wrote down what was said at the door.
    edit(&mut desk, &author, on_paper);
    assert_eq!(asks(&desk, &wu, NOW_MS, false), []);
    let correction = json!({"corrections": {"title": "明天停水", "material": true}});
    edit(&mut desk, &author, correction);
    assert_eq!(asks(&desk, &chen, NOW_MS, false), [Acknowledge]);
    edit(&mut desk, &author, json!({"withdrawals": {}}));
    assert_eq!(asks(&desk, &chen, NOW_MS, false), []);
}

#[test]
fn the_issuer_is_reminded_before_a_notice_expires_unless_it_was_withdrawn() {
    const HOUR_MS: i64 = 60 * 60 * 1_000;
    let author = steward();
    let chen = Person::household(2);
    for (level, reminder_ms) in [("ordinary", DAY_MS), ("urgent", 4 * HOUR_MS)] {
        let expires_ms = NOW_MS + 2 * DAY_MS;
        let fields = json!({"title": "停水", "level": level, "expires_ms": expires_ms});
        let mut desk = Desk::create(&kinds(), "notice", &author, fields).expect("a notice");
        let reminded = |desk: &Desk, now_ms| asks(desk, &author, now_ms, false);
        assert_eq!(reminded(&desk, expires_ms - reminder_ms - 1), [], "{level}");
        assert_eq!(reminded(&desk, expires_ms - reminder_ms), [ExpiresSoon]);
        assert_eq!(reminded(&desk, expires_ms), []);
        let others = asks(&desk, &chen, expires_ms - 1, false);
        assert!(!others.contains(&ExpiresSoon), "{level}");
        edit(&mut desk, &author, json!({"withdrawals": {}}));
        assert_eq!(reminded(&desk, expires_ms - 1), []);
    }
}
