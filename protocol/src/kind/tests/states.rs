//! What states facts amount to.

use super::*;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// One step of a script: who, fields, and the state afterwards. `$0` stands for the first offer.
type Step<'a> = (&'a Person, serde_json::Value, &'static str);

#[track_caller]
fn check(kind: &str, creator: &Person, fields: serde_json::Value, steps: &[Step<'_>]) -> Desk {
    let mut desk = Desk::create(&kinds(), kind, creator, fields).expect("it can be created");
    for (number, (who, fields, state)) in steps.iter().enumerate() {
        let mut text = fields.to_string();
        for offer in 0..9 {
            let name = format!("${offer}");
            if text.contains(&name) {
                text = text.replace(&name, &desk.fact("offers", offer));
            }
        }
        let fields = serde_json::from_str(&text).expect("still JSON");
        let time_ms = NOW_MS + i64::try_from(number).expect("few");
        desk.edit(who, time_ms, fields)
            .expect("the step can be drafted");
        assert_eq!(desk.judged, Ok(()), "step {number}");
        assert_eq!(desk.state(), Some(*state), "after step {number}");
    }
    desk
}

fn request() -> serde_json::Value {
    json!({"title": "谁有梯子？", "category": "goods"})
}

#[test]
fn a_request_runs_its_course() {
    let (lin, chen, wu) = (
        Person::household(1),
        Person::household(2),
        Person::household(3),
    );
    let desk = check(
        "request",
        &lin,
        request(),
        &[
            (&chen, json!({"offers": {"body": "我家有"}}), "offered"),
            (&wu, json!({"offers": {"body": "我也有"}}), "offered"),
            (&lin, json!({"acceptances": {"offer": "$0"}}), "matched"),
            (&chen, json!({"check_ins": {"offer": "$0"}}), "in-progress"),
            (&chen, json!({"completions": {"offer": "$0"}}), "done"),
            (&lin, json!({"confirmations": {}}), "confirmed"),
            (&lin, json!({"reopenings": {"reason": "又坏了"}}), "offered"),
            (&lin, json!({"acceptances": {"offer": "$1"}}), "matched"),
            (&lin, json!({"cancellations": {}}), "cancelled"),
        ],
    );
    assert_eq!(desk.state_at(NOW_MS + 900 * DAY_MS), "cancelled");
}

#[test]
fn withdrawing_reopens_a_request() {
    let (lin, chen, wu) = (
        Person::household(1),
        Person::household(2),
        Person::household(3),
    );
    check(
        "request",
        &lin,
        request(),
        &[
            (&chen, json!({"offers": {}}), "offered"),
            (&lin, json!({"acceptances": {"offer": "$0"}}), "matched"),
            (&chen, json!({"withdrawals": {"offer": "$0"}}), "open"),
            (&lin, json!({"acceptances": {"offer": "$0"}}), "open"),
            (&wu, json!({"offers": {}}), "offered"),
            (&lin, json!({"acceptances": {"offer": "$1"}}), "matched"),
            (
                &lin,
                json!({"withdrawals": {"offer": "$1", "reason": "不用了"}}),
                "offered",
            ),
        ],
    );
}

#[test]
fn nobody_speaks_for_another_helper() {
    let (lin, chen, wu) = (
        Person::household(1),
        Person::household(2),
        Person::household(3),
    );
    check(
        "request",
        &lin,
        request(),
        &[
            (&chen, json!({"offers": {}}), "offered"),
            (&wu, json!({"withdrawals": {"offer": "$0"}}), "offered"),
            (&chen, json!({"completions": {"offer": "$0"}}), "offered"),
            (&lin, json!({"acceptances": {"offer": "$0"}}), "matched"),
            (&wu, json!({"check_ins": {"offer": "$0"}}), "matched"),
            (&wu, json!({"completions": {"offer": "$0"}}), "matched"),
            (&lin, json!({"completions": {"offer": "$0"}}), "done"),
        ],
    );
}

#[test]
fn places_are_filled_one_by_one_and_never_silently_beyond() {
    let (lin, chen) = (Person::household(1), Person::household(2));
    check(
        "request",
        &lin,
        json!({"title": "搬桌子", "places": 2}),
        &[
            (&chen, json!({"offers": [{}, {}, {}]}), "offered"),
            (&lin, json!({"acceptances": {"offer": "$0"}}), "offered"),
            (&lin, json!({"acceptances": {"offer": "$1"}}), "matched"),
            (
                &lin,
                json!({"acceptances": {"offer": "$2"}}),
                "double-booked",
            ),
            (&lin, json!({"withdrawals": {"offer": "$1"}}), "matched"),
            (&lin, json!({"places": 3}), "offered"),
        ],
    );
}

#[test]
fn the_clock_ends_what_nobody_answers() {
    let (lin, chen) = (Person::household(1), Person::household(2));
    let desk = check(
        "request",
        &lin,
        request(),
        &[(&chen, json!({"offers": {}}), "offered")],
    );
    assert_eq!(desk.state_at(NOW_MS + 14 * DAY_MS - 1), "offered");
    assert_eq!(desk.state_at(NOW_MS + 14 * DAY_MS), "expired");
    let desk = check(
        "request",
        &lin,
        json!({"title": "停水", "urgent": true, "reason": "有婴儿"}),
        &[],
    );
    assert_eq!(desk.state_at(NOW_MS + DAY_MS - 1), "open");
    assert_eq!(desk.state_at(NOW_MS + DAY_MS), "expired");
    let desk = check(
        "request",
        &lin,
        request(),
        &[
            (&chen, json!({"offers": {}}), "offered"),
            (&lin, json!({"acceptances": {"offer": "$0"}}), "matched"),
            (&lin, json!({"completions": {"offer": "$0"}}), "done"),
        ],
    );
    assert_eq!(desk.state_at(NOW_MS + 7 * DAY_MS), "done");
    assert_eq!(desk.state_at(NOW_MS + 7 * DAY_MS + 2), "closed-unconfirmed");
}

#[test]
fn a_renewed_request_stands_longer() {
    let lin = Person::household(1);
    let later = NOW_MS + 30 * DAY_MS;
    let desk = check(
        "request",
        &lin,
        request(),
        &[(&lin, json!({"expires_ms": later}), "open")],
    );
    assert_eq!(desk.state_at(later - 1), "open");
    assert_eq!(desk.state_at(later), "expired");
}

#[test]
fn a_notice_is_corrected_withdrawn_or_expires() {
    let (lin, chen) = (Person::household(1), Person::household(2));
    let notice = json!({"title": "停水", "body": "周三停水", "ack": true});
    let desk = check(
        "notice",
        &lin,
        notice.clone(),
        &[
            (&chen, json!({"acknowledgements": {}}), "published"),
            (&lin, json!({"body": "周四停水"}), "corrected"),
        ],
    );
    assert_eq!(desk.state_at(NOW_MS + 14 * DAY_MS - 1), "corrected");
    assert_eq!(desk.state_at(NOW_MS + 14 * DAY_MS), "expired");
    let withdrawal = json!({"withdrawals": {"reason": "误报"}});
    let desk = check("notice", &lin, notice, &[(&lin, withdrawal, "withdrawn")]);
    assert_eq!(desk.state_at(NOW_MS + 900 * DAY_MS), "withdrawn");
}

#[test]
fn a_plan_takes_the_steps_its_creator_takes() {
    let lin = Person::household(1);
    check(
        "plan",
        &lin,
        json!({"title": "中秋"}),
        &[
            (&lin, json!({"place": "花园"}), "proposed"),
            (&lin, json!({"steps": {"to": "planning"}}), "planning"),
            (&lin, json!({"steps": {"to": "published"}}), "published"),
            (
                &lin,
                json!({"steps": {"to": "postponed", "reason": "下雨"}}),
                "postponed",
            ),
        ],
    );
}

#[test]
fn acceptances_made_apart_are_both_kept() {
    let (lin, chen, wu) = (
        Person::household(1),
        Person::household(2),
        Person::household(3),
    );
    let mut desk = check(
        "request",
        &lin,
        request(),
        &[
            (&chen, json!({"offers": {}}), "offered"),
            (&wu, json!({"offers": {}}), "offered"),
        ],
    );
    // Two devices of the requester, each without the other's entry.
    let accept = |at| {
        let fields = fields_of(json!({"acceptances": {"offer": desk.fact("offers", at)}}));
        let drafted = desk
            .draft(&lin, NOW_MS, &fields)
            .expect("it can be drafted");
        drafted.expect("it is new").finished
    };
    let (one, other) = (accept(0), accept(1));
    desk.write_apart(&lin, NOW_MS, one);
    desk.write_apart(&lin, NOW_MS, other);
    assert_eq!(desk.state(), Some("double-booked"));
    let first = desk.fact("offers", 0);
    desk.edit(&lin, NOW_MS, json!({"withdrawals": {"offer": first}}))
        .expect("the requester chooses");
    assert_eq!(desk.state(), Some("matched"));
}
