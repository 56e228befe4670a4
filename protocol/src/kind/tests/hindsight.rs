//! What is said apart from what others said, or put before it: nothing that both sides have settled
//! is undone by it.

use crate::document::Finished;
use crate::intent::{AtomRef, EntryRef, Intent};

use super::*;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

fn people() -> [Person; 2] {
    [1, 2].map(Person::household)
}

/// A request whose offer was accepted.
fn accepted() -> Desk {
    let [lin, chen] = people();
    let fields = json!({"title": "谁有梯子？"});
    let mut desk = Desk::create(&kinds(), "request", &lin, fields).expect("a request");
    say(&mut desk, &chen, NOW_MS, json!({"offers": {}}));
    let offer = desk.fact("offers", 0);
    say(
        &mut desk,
        &lin,
        NOW_MS,
        json!({"acceptances": {"offer": offer}}),
    );
    desk
}

/// The same, done and confirmed.
fn settle(desk: &mut Desk) {
    let [lin, chen] = people();
    let offer = desk.fact("offers", 0);
    let done = json!({"completions": {"offer": offer, "minutes": 30}});
    say(desk, &chen, NOW_MS, done);
    let confirmed = json!({"confirmations": {"minutes": 30}});
    say(desk, &lin, NOW_MS, confirmed);
    assert_eq!(desk.state(), Some("confirmed"));
}

fn say(desk: &mut Desk, who: &Person, time_ms: i64, fields: serde_json::Value) {
    desk.edit(who, time_ms, fields).expect("it can be drafted");
    assert_eq!(desk.judged, Ok(()));
}

fn drafted(desk: &Desk, who: &Person, fields: serde_json::Value) -> Finished {
    let drafted = desk.draft(who, NOW_MS, &fields_of(fields));
    drafted
        .expect("it can be drafted")
        .expect("it says something")
        .finished
}

fn missed_by_either(desk: &Desk) -> [(Person, serde_json::Value); 3] {
    let [lin, chen] = people();
    let offer = desk.fact("offers", 0);
    let missed = json!({"no_shows": {"offer": offer, "statement": "没有来"}});
    [
        (lin.clone(), missed.clone()),
        (chen, missed),
        (lin, json!({"withdrawals": {"offer": offer}})),
    ]
}

#[test]
fn where_in_the_list_a_fact_is_put_changes_nothing() {
    let mut desk = accepted();
    let acceptance: ItemId = desk.fact("acceptances", 0).parse().expect("a name");
    settle(&mut desk);
    for (who, fields) in missed_by_either(&desk) {
        let mut desk = desk.clone();
        let mut finished = drafted(&desk, &who, fields);
        let place = finished.deps.len() + finished.intents.references.len();
        finished.intents.references.push(acceptance.0.entry);
        let behind = AtomRef {
            entry: EntryRef(2 + u32::try_from(place).expect("few")),
            atom: acceptance.0.atom,
        };
        for intent in &mut finished.intents.intents {
            if let Intent::Insert { after, .. } = intent {
                *after = Some(behind);
            }
        }
        desk.write(&who, NOW_MS, finished);
        assert_eq!(desk.judged, Ok(()));
        assert_eq!(desk.state(), Some("confirmed"));
    }
}

#[test]
fn who_says_apart_that_somebody_did_not_come_does_not_undo_what_was_done() {
    let before = accepted();
    for (who, fields) in missed_by_either(&before) {
        for salt in [1, 250] {
            // A second device, which claims to have seen nothing after the acceptance.
            let mut desk = before.clone();
            let mut apart = drafted(&desk, &who, fields.clone());
            apart.deps.truncate(1);
            settle(&mut desk);
            desk.salt = salt;
            desk.write_apart(&who, NOW_MS, apart);
            assert_eq!(desk.judged, Ok(()));
            assert_eq!(desk.state(), Some("confirmed"));
            assert_eq!(desk.project().view.fields["offers"][0]["state"], "done");
        }
    }
}

#[test]
fn who_cancels_apart_from_its_own_confirmation_has_confirmed() {
    let [lin, chen] = people();
    let before = accepted();
    for salt in [1, 250] {
        let mut desk = before.clone();
        let offer = desk.fact("offers", 0);
        say(
            &mut desk,
            &chen,
            NOW_MS,
            json!({"completions": {"offer": offer}}),
        );
        let apart = drafted(&desk, &lin, json!({"cancellations": {}}));
        say(&mut desk, &lin, NOW_MS, json!({"confirmations": {}}));
        desk.salt = salt;
        desk.write_apart(&lin, NOW_MS, apart);
        assert_eq!(desk.state(), Some("confirmed"));
    }
}

#[test]
fn what_is_seen_to_have_been_left_is_not_done_afterwards() {
    let [_, chen] = people();
    let before = accepted();
    for (who, fields) in missed_by_either(&before) {
        let mut desk = before.clone();
        say(&mut desk, &who, NOW_MS, fields);
        let offer = desk.fact("offers", 0);
        say(
            &mut desk,
            &chen,
            NOW_MS,
            json!({"completions": {"offer": offer}}),
        );
        assert_ne!(desk.state(), Some("done"));
    }
}

#[test]
fn a_helper_that_claims_to_have_been_done_long_ago_takes_no_days_from_the_requester() {
    let [lin, chen] = people();
    let mut desk = accepted();
    let offer = desk.fact("offers", 0);
    say(
        &mut desk,
        &chen,
        0,
        json!({"completions": {"offer": offer}}),
    );
    assert_eq!(desk.state_at(NOW_MS + DAY_MS), "done");
    say(&mut desk, &lin, NOW_MS + DAY_MS, json!({"reopenings": {}}));
    assert_eq!(desk.state(), Some("offered"));
}

#[test]
fn places_that_were_given_twice_are_done_when_both_are() {
    let [lin, chen] = people();
    let wu = Person::household(3);
    let mut desk = accepted();
    say(&mut desk, &wu, NOW_MS, json!({"offers": {}}));
    let offers = [0, 1].map(|at| desk.fact("offers", at));
    say(
        &mut desk,
        &lin,
        NOW_MS,
        json!({"acceptances": {"offer": offers[1]}}),
    );
    assert_eq!(desk.state(), Some("double-booked"));
    for (who, offer) in [&chen, &wu].into_iter().zip(&offers) {
        say(
            &mut desk,
            who,
            NOW_MS,
            json!({"completions": {"offer": offer}}),
        );
    }
    assert_eq!(desk.state(), Some("done"));
    say(&mut desk, &lin, NOW_MS, json!({"confirmations": {}}));
    assert_eq!(desk.state(), Some("confirmed"));
}
