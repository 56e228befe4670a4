//! What the facts of a request come to: how each offer stands, who acts next, who is shown what, and
//! which facts would be written in vain.

use proptest::prelude::*;

use crate::api::{NextActor, NextStep};
use crate::id::DocumentId;
use crate::projection::for_reader;

use super::*;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

fn people() -> [Person; 4] {
    [1, 2, 3, 4].map(Person::household)
}

/// Replaces `$0`, `$1` … by offers, and `%LIST` by the last fact of a list.
fn resolved(desk: &Desk, fields: &serde_json::Value) -> serde_json::Value {
    let mut text = fields.to_string();
    for offer in 0..9 {
        let name = format!("${offer}");
        if text.contains(&name) {
            text = text.replace(&name, &desk.fact("offers", offer));
        }
    }
    for list in ["no_shows", "confirmations", "completions", "thanks"] {
        let name = format!("%{list}");
        if text.contains(&name) {
            let facts = desk.project().view.fields[list].clone();
            let last = facts.as_array().expect("a list").len() - 1;
            text = text.replace(&name, &desk.fact(list, last));
        }
    }
    serde_json::from_str(&text).expect("still JSON")
}

#[track_caller]
fn say(desk: &mut Desk, who: &Person, time_ms: i64, fields: &serde_json::Value) {
    let fields = resolved(desk, fields);
    desk.edit(who, time_ms, fields).expect("it can be drafted");
    assert_eq!(desk.judged, Ok(()));
}

fn ask(fields: serde_json::Value) -> Desk {
    let [lin, ..] = people();
    Desk::create(&kinds(), "request", &lin, fields).expect("a request")
}

fn view(desk: &Desk, reader: Reader, now_ms: i64) -> crate::api::DocumentView {
    let projected = desk.project();
    let mut view = projected.view;
    let until_ms = projected.until_ms;
    let recorded = |id| crate::api::RecordedRef {
        id,
        name: String::new(),
        building: None,
    };
    let kinds = &desk.kinds;
    for_reader(
        kinds, &mut view, until_ms, reader, now_ms, unnamed, recorded,
    );
    view
}

fn unnamed(id: crate::id::MemberId) -> crate::api::MemberRef {
    crate::api::MemberRef {
        id,
        name: String::new(),
        building: None,
    }
}

fn by(who: &Person) -> Reader {
    Reader {
        member: Some(who.member),
        is_steward: false,
    }
}

/// How the offers stand, in their order.
fn offers(desk: &Desk) -> Vec<String> {
    let view = view(desk, Reader::default(), NOW_MS);
    let offers = view.fields.get("offers").cloned().unwrap_or_default();
    let offers = offers.as_array().cloned().unwrap_or_default();
    let stands = offers.iter().map(|offer| offer["state"].as_str());
    stands
        .map(|state| state.expect("a word").to_owned())
        .collect()
}

/// Who acts next at a time: the step, who, and of which households.
fn next(desk: &Desk, now_ms: i64) -> Vec<(NextStep, NextActor, Vec<u8>)> {
    let view = view(desk, Reader::default(), now_ms);
    let next = view.next.into_iter();
    next.map(|next| {
        let members = next.members.iter().map(|member| member.id.0[0]).collect();
        (next.step, next.who, members)
    })
    .collect()
}

/// One step: who says what, then the state, how the offers stand, and who acts next.
type Step<'a> = (
    &'a Person,
    serde_json::Value,
    &'static str,
    &'a [&'static str],
    &'a [(NextStep, NextActor, &'a [u8])],
);

#[track_caller]
fn check(fields: serde_json::Value, steps: &[Step<'_>]) -> Desk {
    let mut desk = ask(fields);
    for (number, (who, fields, state, stand, acts)) in steps.iter().enumerate() {
        let time_ms = NOW_MS + i64::try_from(number).expect("few");
        say(&mut desk, who, time_ms, fields);
        assert_eq!(desk.state(), Some(*state), "after step {number}");
        assert_eq!(offers(&desk), *stand, "after step {number}");
        let found = next(&desk, NOW_MS + 100);
        let acts: Vec<_> = acts
            .iter()
            .map(|(step, who, members)| (*step, *who, members.to_vec()))
            .collect();
        assert_eq!(found, acts, "after step {number}");
    }
    desk
}

use NextActor::{Anyone, Building, Helpers, Requester, Stewards};
use NextStep::{Choose, ChooseOne, Confirm, ConfirmTime, Offer, Renew, SayDone};

#[test]
fn every_step_says_how_offers_stand_and_who_acts_next() {
    let [lin, chen, wu, zhao] = &people();
    check(
        json!({"title": "谁能帮我取药？", "category": "errand"}),
        &[
            (
                lin,
                json!({"body": "三单元"}),
                "open",
                &[],
                &[(Offer, Anyone, &[])],
            ),
            (
                chen,
                json!({"offers": {}}),
                "offered",
                &["offered"],
                &[(Choose, Requester, &[1])],
            ),
            (
                wu,
                json!({"offers": {}}),
                "offered",
                &["offered", "offered"],
                &[(Choose, Requester, &[1])],
            ),
            (
                lin,
                json!({"acceptances": {"offer": "$0"}}),
                "matched",
                &["accepted", "standby"],
                &[(ConfirmTime, Helpers, &[2])],
            ),
            (
                zhao,
                json!({"offers": {}}),
                "matched",
                &["accepted", "standby", "standby"],
                &[(ConfirmTime, Helpers, &[2])],
            ),
            (
                chen,
                json!({"check_ins": {"offer": "$0"}}),
                "in-progress",
                &["under-way", "standby", "standby"],
                &[(SayDone, Helpers, &[2])],
            ),
            (
                chen,
                json!({"withdrawals": {"offer": "$0", "reason": "病了"}}),
                "offered",
                &["withdrawn", "offered", "offered"],
                &[(Choose, Requester, &[1])],
            ),
            (
                lin,
                json!({"acceptances": {"offer": "$1"}}),
                "matched",
                &["withdrawn", "accepted", "standby"],
                &[(ConfirmTime, Helpers, &[3])],
            ),
            (
                lin,
                json!({"no_shows": {"offer": "$1", "statement": "没有来"}}),
                "offered",
                &["withdrawn", "missed", "offered"],
                &[(Choose, Requester, &[1])],
            ),
            (
                lin,
                json!({"acceptances": {"offer": "$2"}}),
                "matched",
                &["withdrawn", "missed", "accepted"],
                &[(ConfirmTime, Helpers, &[4])],
            ),
            (
                zhao,
                json!({"completions": {"offer": "$2"}}),
                "done",
                &["withdrawn", "missed", "done"],
                &[(Confirm, Requester, &[1])],
            ),
            (
                lin,
                json!({"confirmations": {}}),
                "confirmed",
                &["withdrawn", "missed", "done"],
                &[],
            ),
            (
                lin,
                json!({"reopenings": {"reason": "药不对"}}),
                "offered",
                &["withdrawn", "missed", "offered"],
                &[(Choose, Requester, &[1])],
            ),
        ],
    );
}

#[test]
fn places_are_filled_and_double_bookings_are_chosen_from_in_one_act() {
    let [lin, chen, wu, zhao] = &people();
    check(
        json!({"title": "搬桌子", "places": 2}),
        &[
            (
                chen,
                json!({"offers": {}}),
                "offered",
                &["offered"],
                &[(Choose, Requester, &[1])],
            ),
            (
                lin,
                json!({"acceptances": {"offer": "$0"}}),
                "offered",
                &["accepted"],
                &[(Offer, Anyone, &[]), (ConfirmTime, Helpers, &[2])],
            ),
            (
                wu,
                json!({"offers": {}}),
                "offered",
                &["accepted", "offered"],
                &[(Choose, Requester, &[1]), (ConfirmTime, Helpers, &[2])],
            ),
            (
                zhao,
                json!({"offers": {}}),
                "offered",
                &["accepted", "offered", "offered"],
                &[(Choose, Requester, &[1]), (ConfirmTime, Helpers, &[2])],
            ),
            (
                lin,
                json!({"acceptances": [{"offer": "$1"}, {"offer": "$2"}]}),
                "double-booked",
                &["accepted", "accepted", "accepted"],
                &[(ChooseOne, Requester, &[1])],
            ),
            (
                lin,
                json!({"places": 1, "withdrawals": [{"offer": "$0"}, {"offer": "$1"}]}),
                "matched",
                &["standby", "standby", "accepted"],
                &[(ConfirmTime, Helpers, &[4])],
            ),
        ],
    );
}

#[test]
fn goods_go_without_matching_and_nothing_else_does() {
    let [lin, chen, wu, _] = &people();
    check(
        json!({"title": "谁有梯子？", "category": "goods"}),
        &[
            (
                chen,
                json!({"offers": {}}),
                "offered",
                &["offered"],
                &[(Choose, Requester, &[1])],
            ),
            (
                wu,
                json!({"offers": {}}),
                "offered",
                &["offered", "offered"],
                &[(Choose, Requester, &[1])],
            ),
            (
                lin,
                json!({"handovers": {"offer": "$0"}}),
                "gone",
                &["gone", "standby"],
                &[],
            ),
            (
                lin,
                json!({"confirmations": {}}),
                "confirmed",
                &["gone", "standby"],
                &[],
            ),
        ],
    );
    check(
        json!({"title": "取药", "category": "errand"}),
        &[
            (
                chen,
                json!({"offers": {}}),
                "offered",
                &["offered"],
                &[(Choose, Requester, &[1])],
            ),
            (
                lin,
                json!({"handovers": {"offer": "$0"}}),
                "offered",
                &["offered"],
                &[(Choose, Requester, &[1])],
            ),
        ],
    );
}

#[test]
fn an_urgent_request_asks_more_and_more_neighbours() {
    let desk = ask(json!({"title": "发烧", "urgent": true, "reason": "三十九度"}));
    for (after_ms, expected) in [
        (0, (Offer, Building)),
        (30 * MINUTE_MS - 1, (Offer, Building)),
        (30 * MINUTE_MS, (Offer, Stewards)),
        (120 * MINUTE_MS - 1, (Offer, Stewards)),
        (120 * MINUTE_MS, (Offer, Anyone)),
        (DAY_MS - 1, (Offer, Anyone)),
        (DAY_MS, (Renew, Requester)),
    ] {
        let next = next(&desk, NOW_MS + after_ms);
        let next: Vec<_> = next.iter().map(|(step, who, _)| (*step, *who)).collect();
        assert_eq!(next, [expected], "after {after_ms} ms");
    }
}

#[test]
fn one_fact_renews_a_request() {
    let [lin, chen, ..] = &people();
    let mut desk = ask(json!({"title": "取药"}));
    let after = NOW_MS + 20 * DAY_MS;
    assert_eq!(desk.state_at(after), "expired");
    say(&mut desk, lin, after, &json!({"renewals": {}}));
    assert_eq!(desk.state_at(after + 14 * DAY_MS - 1), "open");
    assert_eq!(desk.state_at(after + 14 * DAY_MS), "expired");
    let refused = desk.edit(chen, after, json!({"renewals": {}}));
    assert!(refused.is_err(), "it is the requester's to renew");
    let mut urgent = ask(json!({"title": "发烧", "urgent": true, "reason": "x"}));
    say(
        &mut urgent,
        lin,
        NOW_MS + 2 * DAY_MS,
        &json!({"renewals": {}}),
    );
    assert_eq!(urgent.state_at(NOW_MS + 3 * DAY_MS - 1), "open");
    assert_eq!(urgent.state_at(NOW_MS + 3 * DAY_MS), "expired");
}

#[test]
fn a_request_is_opened_again_for_fourteen_days() {
    let [lin, chen, ..] = &people();
    for (after_ms, state) in [(14 * DAY_MS, "offered"), (14 * DAY_MS + 1, "confirmed")] {
        let mut desk = ask(json!({"title": "修灯"}));
        say(&mut desk, chen, NOW_MS, &json!({"offers": {}}));
        say(
            &mut desk,
            lin,
            NOW_MS,
            &json!({"acceptances": {"offer": "$0"}}),
        );
        say(
            &mut desk,
            chen,
            NOW_MS,
            &json!({"completions": {"offer": "$0"}}),
        );
        say(&mut desk, lin, NOW_MS, &json!({"confirmations": {}}));
        let time_ms = NOW_MS + after_ms;
        say(
            &mut desk,
            lin,
            time_ms,
            &json!({"reopenings": {"reason": "又坏了"}}),
        );
        assert_eq!(desk.state(), Some(state), "{after_ms}");
        // Opened again, it asks for as long as a new one.
        assert_eq!(desk.state_at(time_ms + DAY_MS), state);
    }
}

#[test]
fn requests_merge_and_both_stay() {
    let [lin, ..] = &people();
    let mut desk = ask(json!({"title": "取药"}));
    let into = DocumentId([7; 32]).to_string();
    say(&mut desk, lin, NOW_MS, &json!({"merges": {"into": into}}));
    assert_eq!(desk.state(), Some("merged"));
    let view = view(&desk, Reader::default(), NOW_MS);
    assert_eq!(view.fields["merges"][0]["into"], json!(into));
    assert_eq!(view.fields["title"], json!("取药"));
    say(&mut desk, lin, NOW_MS, &json!({"reopenings": {}}));
    assert_eq!(desk.state(), Some("open"));
}

#[test]
fn a_missed_appointment_is_between_both_sides_and_stewards_for_ninety_days() {
    let [lin, chen, wu, _] = &people();
    let mut desk = ask(json!({"title": "取药"}));
    say(&mut desk, chen, NOW_MS, &json!({"offers": {}}));
    say(
        &mut desk,
        lin,
        NOW_MS,
        &json!({"acceptances": {"offer": "$0"}}),
    );
    let statement = json!({"no_shows": {"offer": "$0", "statement": "没有来"}});
    say(&mut desk, lin, NOW_MS, &statement);
    let reply = json!({"replies": {"no_show": "%no_shows", "answer": "电梯坏了"}});
    say(&mut desk, chen, NOW_MS, &reply);
    // Nobody replies for another, and nobody accuses from aside.
    say(&mut desk, wu, NOW_MS, &reply);
    say(&mut desk, wu, NOW_MS, &statement);
    let told = |reader: Reader, now_ms: i64| {
        let view = view(&desk, reader, now_ms);
        let count = |list: &str| {
            view.fields
                .get(list)
                .map_or(0, |facts| facts.as_array().expect("a list").len())
        };
        (count("no_shows"), count("replies"))
    };
    let steward = Reader {
        member: Some(crate::id::MemberId([8; 32])),
        is_steward: true,
    };
    assert_eq!(told(by(lin), NOW_MS), (1, 1));
    assert_eq!(told(by(chen), NOW_MS), (1, 1));
    assert_eq!(told(steward, NOW_MS), (1, 1));
    assert_eq!(told(Reader::default(), NOW_MS), (0, 0));
    assert_eq!(told(by(wu), NOW_MS), (1, 1), "what it wrote itself");
    let last = NOW_MS + 90 * DAY_MS;
    assert_eq!(told(by(chen), last - 1), (1, 1));
    for reader in [by(lin), by(chen), steward] {
        assert_eq!(told(reader, last), (0, 0));
    }
    let found = desk.project().search_text;
    assert!(
        !found.contains("没有来") && !found.contains("电梯"),
        "{found}"
    );
    let history = |reader| {
        let read = desk.read();
        let told = crate::projection::history(&desk.kinds, &read, 99, reader, NOW_MS, unnamed);
        serde_json::to_string(&told)
            .expect("JSON")
            .contains("没有来")
    };
    assert!(history(by(chen)) && !history(Reader::default()));
}

#[test]
fn a_statement_from_the_future_is_shown_when_its_time_has_come_and_lapses_like_others() {
    let [lin, chen, ..] = &people();
    let mut desk = ask(json!({"title": "取药"}));
    say(&mut desk, chen, NOW_MS, &json!({"offers": {}}));
    let accepted = json!({"acceptances": {"offer": "$0"}});
    say(&mut desk, lin, NOW_MS, &accepted);
    let said_ms = NOW_MS + 400 * DAY_MS;
    let statement = json!({"no_shows": {"offer": "$0", "statement": "没有来"}});
    say(&mut desk, lin, said_ms, &statement);
    for (now_ms, shown) in [
        (NOW_MS, false),
        (said_ms - MINUTE_MS, true),
        (said_ms + 90 * DAY_MS, false),
    ] {
        let fields = view(&desk, by(chen), now_ms).fields;
        assert_eq!(fields.contains_key("no_shows"), shown, "{now_ms}");
    }
}

#[test]
fn hours_count_when_both_sides_say_them() {
    let [lin, chen, wu, _] = &people();
    let done = |minutes: Option<i64>, confirmed: Option<i64>| {
        let mut desk = ask(json!({"title": "修灯"}));
        say(&mut desk, chen, NOW_MS, &json!({"offers": {}}));
        say(
            &mut desk,
            lin,
            NOW_MS,
            &json!({"acceptances": {"offer": "$0"}}),
        );
        let completion = json!({"completions": {"offer": "$0", "minutes": minutes}});
        say(&mut desk, chen, NOW_MS, &completion);
        say(
            &mut desk,
            lin,
            NOW_MS,
            &json!({"confirmations": {"minutes": confirmed}}),
        );
        desk
    };
    let agreed = |desk: &Desk| {
        let offer = view(desk, Reader::default(), NOW_MS).fields["offers"][0].clone();
        offer
            .get("agreed_minutes")
            .and_then(serde_json::Value::as_i64)
    };
    assert_eq!(agreed(&done(Some(60), Some(60))), Some(60));
    for (one, other) in [
        (None, None),
        (Some(60), None),
        (None, Some(60)),
        (Some(60), Some(90)),
    ] {
        assert_eq!(agreed(&done(one, other)), None, "{one:?} {other:?}");
    }
    let mut desk = done(None, Some(90));
    say(
        &mut desk,
        wu,
        NOW_MS,
        &json!({"assents": {"to": "%confirmations"}}),
    );
    say(
        &mut desk,
        lin,
        NOW_MS,
        &json!({"assents": {"to": "%confirmations"}}),
    );
    assert_eq!(
        agreed(&desk),
        None,
        "neither a neighbour nor oneself agrees"
    );
    say(
        &mut desk,
        chen,
        NOW_MS,
        &json!({"assents": {"to": "%confirmations"}}),
    );
    assert_eq!(agreed(&desk), Some(90));
    let mut desk = done(Some(45), None);
    say(
        &mut desk,
        lin,
        NOW_MS,
        &json!({"assents": {"to": "%completions"}}),
    );
    assert_eq!(agreed(&desk), Some(45));
}

#[test]
fn thanks_are_public_when_both_sides_agree() {
    let [lin, chen, wu, _] = &people();
    let thanked = |public: bool| {
        let mut desk = ask(json!({"title": "修灯"}));
        say(&mut desk, chen, NOW_MS, &json!({"offers": {}}));
        say(
            &mut desk,
            lin,
            NOW_MS,
            &json!({"acceptances": {"offer": "$0"}}),
        );
        say(
            &mut desk,
            chen,
            NOW_MS,
            &json!({"completions": {"offer": "$0"}}),
        );
        let thanks = json!({"offer": "$0", "words": "谢谢你", "public": public});
        say(
            &mut desk,
            lin,
            NOW_MS,
            &json!({"confirmations": {}, "thanks": thanks}),
        );
        desk
    };
    let sees = |desk: &Desk, reader| view(desk, reader, NOW_MS).fields.contains_key("thanks");
    for public in [false, true] {
        let mut desk = thanked(public);
        say(
            &mut desk,
            wu,
            NOW_MS,
            &json!({"assents": {"to": "%thanks"}}),
        );
        assert!(sees(&desk, by(lin)) && sees(&desk, by(chen)));
        assert!(!sees(&desk, by(wu)), "one side alone, {public}");
        assert!(!desk.project().search_text.contains("谢谢"));
        say(
            &mut desk,
            chen,
            NOW_MS,
            &json!({"assents": {"to": "%thanks"}}),
        );
        assert_eq!(sees(&desk, by(wu)), public, "the helper agreed, {public}");
        assert_eq!(desk.project().search_text.contains("谢谢"), public);
    }
}

/// What the desk objects to in a fact that somebody is about to write.
fn objection(
    desk: &Desk,
    who: &Person,
    time_ms: i64,
    fields: &serde_json::Value,
) -> Option<Untimely> {
    let fields = fields_of(resolved(desk, fields));
    let read = desk.read();
    let kind = desk.kinds.by_code(desk.kind).expect("a kind");
    let value = read.document.value();
    let facts = read.facts(kind, &value);
    let objected = object(
        &desk.kinds,
        desk.kind,
        &facts,
        &fields,
        &who.editor(time_ms, false),
    );
    match objected.err()?.fault {
        Fault::Untimely { why } => Some(why),
        fault => panic!("{fault:?}"),
    }
}

#[test]
fn what_would_be_said_in_vain_is_refused_with_the_next_step() {
    use Untimely::*;
    let [lin, chen, wu, _] = &people();
    let mut desk = ask(json!({"title": "取药"}));
    let no_offer = json!({"acceptances": {"offer": format!("{}.1", DocumentId([9; 32]))}});
    assert_eq!(objection(&desk, lin, NOW_MS, &no_offer), Some(NoSuchOffer));
    assert_eq!(
        objection(&desk, lin, NOW_MS, &json!({"offers": {}})),
        Some(OwnRequest)
    );
    assert_eq!(objection(&desk, chen, NOW_MS, &json!({"offers": {}})), None);
    let late = NOW_MS + 15 * DAY_MS;
    assert_eq!(
        objection(&desk, chen, late, &json!({"offers": {}})),
        Some(Expired)
    );
    assert_eq!(
        objection(&desk, lin, late, &json!({"reopenings": {}})),
        Some(Expired)
    );
    assert_eq!(
        objection(&desk, lin, NOW_MS, &json!({"confirmations": {}})),
        Some(NotDone)
    );
    assert_eq!(
        objection(&desk, lin, NOW_MS, &json!({"reopenings": {}})),
        Some(StillOpen)
    );
    say(&mut desk, chen, NOW_MS, &json!({"offers": {}}));
    say(&mut desk, wu, NOW_MS, &json!({"offers": {}}));
    let cases = [
        (
            wu,
            json!({"withdrawals": {"offer": "$0"}}),
            Some(NotYourOffer),
        ),
        (
            chen,
            json!({"check_ins": {"offer": "$0"}}),
            Some(NotAccepted),
        ),
        (
            lin,
            json!({"completions": {"offer": "$0"}}),
            Some(NotAccepted),
        ),
        (
            lin,
            json!({"withdrawals": {"offer": "$0"}}),
            Some(NotAccepted),
        ),
        (lin, json!({"handovers": {"offer": "$0"}}), Some(NoGoods)),
        (
            lin,
            json!({"no_shows": {"offer": "$0", "statement": "x"}}),
            Some(NotAccepted),
        ),
        (lin, json!({"acceptances": {"offer": "$0"}}), None),
        (chen, json!({"withdrawals": {"offer": "$0"}}), None),
    ];
    for (who, fields, expected) in cases {
        assert_eq!(objection(&desk, who, NOW_MS, &fields), expected, "{fields}");
    }
    say(
        &mut desk,
        lin,
        NOW_MS,
        &json!({"acceptances": {"offer": "$0"}}),
    );
    let cases = [
        (lin, json!({"acceptances": {"offer": "$1"}}), Some(Full)),
        (lin, json!({"acceptances": {"offer": "$0"}}), Some(Accepted)),
        (
            lin,
            json!({"check_ins": {"offer": "$0"}}),
            Some(NotYourOffer),
        ),
        (
            lin,
            json!({"thanks": {"offer": "$0", "words": "x"}}),
            Some(NotDone),
        ),
        (chen, json!({"check_ins": {"offer": "$0"}}), None),
        (
            lin,
            json!({"no_shows": {"offer": "$0", "statement": "x"}}),
            None,
        ),
    ];
    for (who, fields, expected) in cases {
        assert_eq!(objection(&desk, who, NOW_MS, &fields), expected, "{fields}");
    }
    say(
        &mut desk,
        chen,
        NOW_MS,
        &json!({"completions": {"offer": "$0"}}),
    );
    let missed = json!({"no_shows": {"offer": "$0", "statement": "x"}});
    assert_eq!(objection(&desk, lin, NOW_MS, &missed), Some(Done));
    assert_eq!(
        objection(&desk, wu, NOW_MS, &json!({"offers": {}})),
        Some(Over)
    );
    say(
        &mut desk,
        lin,
        NOW_MS,
        &json!({"confirmations": {"minutes": 30}}),
    );
    assert_eq!(
        objection(&desk, lin, NOW_MS, &json!({"cancellations": {}})),
        Some(Over)
    );
    let assent = json!({"assents": {"to": "%confirmations"}});
    assert_eq!(objection(&desk, wu, NOW_MS, &assent), Some(NothingToAnswer));
    assert_eq!(objection(&desk, chen, NOW_MS, &assent), None);
    let reopen = json!({"reopenings": {}});
    assert_eq!(objection(&desk, lin, NOW_MS + 14 * DAY_MS, &reopen), None);
    let late = NOW_MS + 14 * DAY_MS + 1;
    assert_eq!(objection(&desk, lin, late, &reopen), Some(TooLateToReopen));
}

/// Somebody and what it says, by numbers.
fn acts() -> impl Strategy<Value = Vec<(usize, usize, usize)>> {
    prop::collection::vec((0..4_usize, 0..13_usize, 0..3_usize), 0..9)
}

/// Says something, if what it names exists already. Most of it is out of turn.
fn act(desk: &mut Desk, (who, what, which): (usize, usize, usize)) {
    let people = people();
    let view = desk.project().view;
    let named = |list: &str| {
        let facts = view.fields.get(list)?.as_array()?;
        facts.get(which)?["id"].as_str().map(str::to_owned)
    };
    let (list, on) = [
        ("offers", None),
        ("acceptances", Some("offers")),
        ("withdrawals", Some("offers")),
        ("check_ins", Some("offers")),
        ("completions", Some("offers")),
        ("handovers", Some("offers")),
        ("confirmations", None),
        ("thanks", Some("offers")),
        ("no_shows", Some("offers")),
        ("replies", Some("no_shows")),
        ("renewals", None),
        ("cancellations", None),
        ("reopenings", None),
    ][what];
    let mut fact = serde_json::Map::new();
    if let Some(on) = on {
        let Some(named) = named(on) else { return };
        let key = if on == "offers" { "offer" } else { "no_show" };
        fact.insert(key.to_owned(), named.into());
    }
    match list {
        "thanks" => drop(fact.insert("words".to_owned(), "谢谢".into())),
        "no_shows" => drop(fact.insert("statement".to_owned(), "没有来".into())),
        "replies" => drop(fact.insert("answer".to_owned(), "来了".into())),
        "completions" => drop(fact.insert("minutes".to_owned(), 30.into())),
        _ => {}
    }
    // Drafts by those who may not are refused; what they could send is judged elsewhere.
    let time_ms = NOW_MS + i64::try_from(desk.log.len()).expect("few");
    let _refused = desk.edit(&people[who], time_ms, json!({list: fact}));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Two parts of a broken network act apart. Whatever arrives first, both sides come to one state.
    #[test]
    fn every_order_of_arrival_gives_one_state(
        before in acts(), one in acts(), other in acts(), turns in prop::collection::vec(any::<bool>(), 20)
    ) {
        let mut desk = ask(json!({"title": "谁有梯子？", "category": "goods"}));
        for step in before {
            act(&mut desk, step);
        }
        let known = desk.log.len();
        let part = |salt: u8, steps: Vec<(usize, usize, usize)>| {
            let mut part = desk.clone();
            part.salt = salt;
            for step in steps {
                act(&mut part, step);
            }
            part.log.split_off(known)
        };
        let (one, other) = (part(1, one), part(2, other));
        let merged = |first_turns: &dyn Fn(usize) -> bool| {
            let mut merged = desk.clone();
            let (mut one, mut other) = (one.iter(), other.iter());
            for turn in 0.. {
                let (first, second) = match first_turns(turn) {
                    true => (&mut one, &mut other),
                    false => (&mut other, &mut one),
                };
                let Some((who, entry)) = first.next().or_else(|| second.next()) else {
                    break;
                };
                merged.add(who, entry.clone());
            }
            merged
        };
        let expected = merged(&|_| true).project();
        for found in [merged(&|_| false), merged(&|turn| turns.get(turn) == Some(&true))] {
            let found = found.project();
            prop_assert_eq!(found.state, expected.state);
            prop_assert_eq!(found.digest, expected.digest);
            prop_assert_eq!(&found.view.fields, &expected.view.fields);
            prop_assert_eq!(&found.view.next, &expected.view.next);
        }
    }
}
