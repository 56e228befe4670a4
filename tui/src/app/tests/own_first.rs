//! Lists of requests: what waits for the own household stands first, says why, and moves nothing.

use protocol::api::{Event, Language, Request, Waiting, WaitingReason};
use serde_json::json;

use super::stand_in::POSTED;
use super::{NOW_MS, Session};

const HOUR: i64 = 60 * 60 * 1_000;

/// The places of some words on the screen, from top to bottom.
fn places(session: &mut Session, words: &[&str]) -> Vec<usize> {
    let screen = session.screen();
    let place = |word: &&str| {
        screen
            .find(*word)
            .unwrap_or_else(|| panic!("{word}:\n{screen}"))
    };
    words.iter().map(place).collect()
}

fn selected(session: &mut Session) -> String {
    let screen = session.screen();
    let line = screen.lines().find(|line| line.contains('▸'));
    line.unwrap_or_else(|| panic!("{screen}")).to_owned()
}

#[test]
fn what_waits_stands_first_under_words_of_its_own_and_says_why_and_until_when() {
    for (language, own, others, why) in [
        (
            Language::English,
            "Waiting for you",
            "Everything else",
            "choose ∙ until today 13:00",
        ),
        (
            Language::Chinese,
            "等着您的",
            "其余的",
            "请您选一位 ∙ 到今天 13:00截止",
        ),
    ] {
        let mut session = Session::begin(language, (80, 24));
        session.node.today.waiting[2].until_ms = Some(NOW_MS + 3 * HOUR);
        session.press("3");
        let words = [
            own,
            "谁有梯子？",
            "帮忙搬一个书柜",
            others,
            "Fetch medicine",
        ];
        let places = places(&mut session, &words);
        assert!(places.is_sorted(), "{}", session.screen());
        assert!(session.shows(why), "{why}:\n{}", session.screen());
        assert!(selected(&mut session).contains("谁有梯子？"));
    }
}

#[test]
fn nothing_that_arrives_moves_the_selection_whichever_part_it_belongs_to() {
    for waits in [false, true] {
        let mut session = Session::begin(Language::English, (80, 24));
        session.press("3<Down><Down>").screen();
        assert!(selected(&mut session).contains("Fetch medicine"));
        let mut arrived = session.node.documents[3].clone();
        arrived.id = POSTED;
        arrived.created_ms = NOW_MS;
        arrived
            .fields
            .insert("title".to_owned(), json!("Walk the dog"));
        session.node.documents.insert(2, arrived.clone());
        if waits {
            session.node.today.waiting.push(Waiting {
                document: arrived,
                why: WaitingReason::UrgentNearby,
                until_ms: None,
                for_household: None,
            });
        }
        let documents = vec![POSTED];
        session.event(Event::Documents { documents });
        assert!(selected(&mut session).contains("Fetch medicine"), "{waits}");
        session.press("<Home>");
        let first = if waits {
            "Walk the dog"
        } else {
            "谁有梯子？"
        };
        assert!(
            selected(&mut session).contains(first),
            "{}",
            session.screen()
        );
        assert_eq!(session.screen().matches("Walk the dog").count(), 1);
    }
}

#[test]
fn what_waits_stands_there_also_where_the_list_has_not_come_to_it_or_leaves_it_out() {
    let mut session = Session::begin(Language::English, (80, 24));
    // Hours to agree to: the request itself is over, and no list of current ones has it.
    session.node.documents[4].state = Some("confirmed".to_owned());
    session.node.today.waiting[1].why = WaitingReason::Assent;
    session.press("3");
    assert!(session.shows("do you agree?"), "{}", session.screen());
    // Unread: what waits and was read stands no longer there.
    session.press("f");
    assert!(!session.shows("do you agree?"), "{}", session.screen());
    assert!(session.shows("choose"), "{}", session.screen());
}

#[test]
fn the_other_lists_and_a_node_that_does_not_say_stay_as_they_are() {
    let mut session = Session::begin(Language::English, (80, 24));
    session.press("2");
    assert!(!session.shows("Waiting for you"), "{}", session.screen());
    let mut session = Session::begin(Language::English, (80, 24));
    session.node.today.waiting.clear();
    session.press("3");
    assert!(!session.shows("Waiting for you"), "{}", session.screen());
    assert!(!session.shows("Everything else"), "{}", session.screen());
    assert!(session.shows("谁有梯子？"), "{}", session.screen());
}

#[test]
fn one_key_renews_from_the_lists_and_from_today() {
    for keys in ["3R", "1<Down><Down>R"] {
        let mut session = Session::begin(Language::English, (80, 24));
        session.press(keys);
        let renewed = session.node.written.iter().any(|request| {
            matches!(request, Request::Edit { document, fields, .. }
                if fields.contains_key("renewals") && *document == session.node.documents[2].id)
        });
        assert!(
            renewed && session.shows("Renewed"),
            "{keys}:\n{}",
            session.screen()
        );
    }
    let mut session = Session::begin(Language::English, (80, 24));
    session.press("3<Down><Down>R");
    assert!(session.shows("nothing here for you to renew"));
}
