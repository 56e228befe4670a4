//! What can be done with a request besides offering and accepting: choosing among too many helpers,
//! renewing, saying that somebody did not come, answering, agreeing, giving thanks.

use protocol::api::{Language, Request};
use serde_json::{Value, json};

use super::Session;

/// Opens a request of the own household, as the node tells it.
fn own(state: &str, offers: &[&str], more: &[(&str, Value)]) -> Session {
    opened(2, state, offers, more)
}

/// Opens a request of a neighbour's; the first offer is the own household's.
fn helped(state: &str, offers: &[&str], more: &[(&str, Value)]) -> Session {
    opened(4, state, offers, more)
}

fn opened(place: usize, state: &str, offers: &[&str], more: &[(&str, Value)]) -> Session {
    let mut session = Session::begin(Language::English, (80, 40));
    let view = &mut session.node.documents[place];
    view.state = Some(state.to_owned());
    view.fields.remove("acceptances");
    let told = view.fields.get_mut("offers").expect("offers");
    for (offer, state) in told.as_array_mut().expect("a list").iter_mut().zip(offers) {
        offer["state"] = json!(state);
    }
    for (name, value) in more {
        view.fields.insert((*name).to_owned(), value.clone());
    }
    // The household's own request and the one that it helps with wait for it, so they stand first.
    let down = "<Down>".repeat(usize::from(place == 4));
    session.press(&format!("3fff{down}<Enter>a"));
    session
}

/// What was asked of the node when an act was chosen.
fn chosen(session: &mut Session, act: &str) -> Value {
    assert!(session.shows(act), "{act}:\n{}", session.screen());
    for _ in 0..12 {
        let screen = session.screen();
        let selected = screen
            .lines()
            .find(|line| line.contains(act) && line.contains('▸'));
        if selected.is_some() {
            break;
        }
        session.press("<Down>");
    }
    session.press("<Enter>");
    let written = session.node.written.iter().rev();
    let edit = written
        .filter_map(|request| match request {
            Request::Edit { fields, .. } => Some(json!(fields)),
            _ => None,
        })
        .next();
    edit.unwrap_or_else(|| panic!("{act} asked nothing:\n{}", session.screen()))
}

fn offer(byte: &str) -> String {
    format!("{}.0", byte.repeat(32))
}

#[test]
fn one_of_too_many_helpers_is_kept_in_one_act() {
    let mut session = own("double-booked", &["accepted", "under-way"], &[]);
    let edit = chosen(&mut session, "Keep Grandma Wang");
    assert_eq!(edit, json!({"withdrawals": [{"offer": offer("31")}]}));
}

#[test]
fn a_request_is_renewed_by_one_key_in_the_list_of_acts() {
    for state in ["open", "offered", "expired"] {
        let mut session = own(state, &["withdrawn", "withdrawn"], &[]);
        let edit = chosen(&mut session, "Renew");
        assert_eq!(edit, json!({"renewals": {}}), "{state}");
    }
}

#[test]
fn a_thing_is_had_from_whoever_offered_it() {
    let mut session = own("offered", &["offered", "withdrawn"], &[]);
    assert!(!session.shows("I have it from Grandma Wang"));
    let edit = chosen(&mut session, "I have it from 陈家");
    assert_eq!(edit, json!({"handovers": {"offer": offer("31")}}));
    let errand = [("category", json!("errand"))];
    let mut session = own("offered", &["offered", "offered"], &errand);
    assert!(!session.shows("I have it from"), "{}", session.screen());
}

#[test]
fn only_who_was_accepted_can_be_said_not_to_have_come() {
    let mut session = own("matched", &["accepted", "standby"], &[]);
    assert!(session.shows("Say that 陈家"), "{}", session.screen());
    assert!(!session.shows("Say that Grandma Wang"));
    let mut session = helped("matched", &["accepted"], &[]);
    assert!(session.shows("Say that the requester was not there"));
    let mut session = helped("matched", &["standby"], &[]);
    assert!(!session.shows("Say that the requester was not there"));
}

#[test]
fn what_is_said_about_oneself_is_answered_once() {
    let by = |session: &Session| json!(session.node.documents[4].author);
    let session = helped("open", &["missed"], &[]);
    let said = json!([{ "id": offer("51"), "by": by(&session), "time_ms": 0,
        "offer": offer("33"), "statement": "did not come" }]);
    let mut session = helped("open", &["missed"], &[("no_shows", said.clone())]);
    assert!(session.shows("Reply to 陈家"), "{}", session.screen());
    let me = json!(session.node.documents[2].author);
    let reply = json!([{ "id": offer("52"), "by": me, "time_ms": 0,
        "no_show": offer("51"), "answer": "I did" }]);
    let more = [("no_shows", said), ("replies", reply)];
    let mut session = helped("open", &["missed"], &more);
    assert!(!session.shows("Reply to"), "{}", session.screen());
}

#[test]
fn hours_and_public_thanks_are_agreed_to_and_nothing_else_is() {
    let session = helped("confirmed", &["done"], &[]);
    let by = json!(session.node.documents[4].author);
    let said = |more: Value| {
        let mut fact = json!({ "id": offer("61"), "by": by, "time_ms": 0 });
        for (name, value) in more.as_object().expect("an object") {
            fact[name] = value.clone();
        }
        json!([fact])
    };
    let hours = [("confirmations", said(json!({"minutes": 60})))];
    let mut session = helped("confirmed", &["done"], &hours);
    let edit = chosen(&mut session, "Agree with 陈家");
    assert_eq!(edit, json!({"assents": {"to": offer("61")}}));
    for (list, fact) in [
        ("confirmations", json!({})),
        ("thanks", json!({"offer": offer("33"), "words": "x"})),
    ] {
        let mut session = helped("confirmed", &["done"], &[(list, said(fact))]);
        assert!(!session.shows("Agree"), "{list}:\n{}", session.screen());
    }
    let public = json!({"offer": offer("33"), "words": "x", "public": true});
    let mut session = helped("confirmed", &["done"], &[("thanks", said(public))]);
    assert!(session.shows("Agree with"), "{}", session.screen());
}

#[test]
fn an_urgent_request_says_first_whom_to_call() {
    for (language, call) in [
        (Language::English, "In an emergency call 110, 119, 120"),
        (Language::Chinese, "请打 110、119、120"),
    ] {
        let mut session = Session::begin(language, (80, 24));
        session.press("3<Down><Down><Enter>");
        assert!(session.shows(call), "{}", session.screen());
        let mut session = Session::begin(language, (80, 60));
        session.press("3n");
        assert!(session.shows(call), "{}", session.screen());
    }
}

#[test]
fn one_key_renews_what_is_ones_own() {
    let mut session = Session::begin(Language::English, (80, 24));
    session.press("3<Enter>R");
    let renewed = session.node.written.iter().any(|request| {
        matches!(request, Request::Edit { fields, .. } if fields.contains_key("renewals"))
    });
    assert!(renewed && session.shows("Renewed"), "{}", session.screen());
    let mut session = Session::begin(Language::English, (80, 24));
    session.press("3<Down><Down><Enter>R");
    assert!(session.shows("nothing here for you to renew"));
}

#[test]
fn a_list_says_by_when_whoever_acts_next_should() {
    let mut session = Session::begin(Language::English, (120, 24));
    let until = json!({ "step": "choose", "who": "requester", "by_ms": super::NOW_MS + 3_600_000 });
    let next = serde_json::from_value(until).expect("a next act");
    session.node.documents[2].next = vec![next];
    session.press("3");
    assert!(
        session.shows("somebody offers help: choose"),
        "{}",
        session.screen()
    );
    assert!(session.shows("11:00"), "{}", session.screen());
}

#[test]
fn standing_offers_have_a_list_of_their_own() {
    let mut session = Session::begin(Language::English, (80, 24));
    let offer = &mut session.node.documents[2];
    offer.kind = "standing-offer".to_owned();
    offer.state = Some("standing".to_owned());
    session.node.today.waiting.clear();
    session.press("3");
    assert!(!session.shows("谁有梯子？"), "{}", session.screen());
    session.press("9");
    assert!(session.shows("谁有梯子？"), "{}", session.screen());
    assert!(session.shows("neighbours can ask you"));
    session.press("<Enter>R");
    assert!(session.shows("Renewed"), "{}", session.screen());
}
