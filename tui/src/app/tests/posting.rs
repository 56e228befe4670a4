//! What was just published is seen at once: listed, selected and on screen, wherever it was written.

use protocol::api::{Event, Language, Request};
use serde_json::json;

use super::offices::steward;
use super::stand_in::POSTED;
use super::{Session, fixtures};

/// The text of the selected line, without its marks.
fn selected(session: &mut Session) -> String {
    let screen = session.screen();
    let line = screen.lines().find(|line| line.contains('▸'));
    line.unwrap_or_default().to_owned()
}

#[test]
fn what_was_published_is_selected_wherever_it_was_written() {
    let cases = [
        // From the list, whatever was selected there.
        "3n",
        "3<Down><Down>n",
        "2n",
        "4n",
        // From a list that would not show it.
        "3fn",
        // From the page of today, which lists what waits for others.
        "1n",
    ];
    for keys in cases {
        let mut session = Session::begin(Language::English, (80, 24));
        session.press(keys).press("Borrow a drill<F5>");
        let line = selected(&mut session);
        assert!(
            line.contains("Borrow a drill"),
            "{keys}:\n{}",
            session.screen()
        );
    }
}

#[test]
fn what_was_published_is_scrolled_to() {
    let mut session = Session::begin(Language::English, (40, 15));
    for _ in 0..20 {
        let mut older = session.node.documents[3].clone();
        older.id.0[0] ^= u8::try_from(session.node.documents.len()).expect("few");
        session.node.documents.push(older);
    }
    session.press("3<End>").screen();
    session.press("nBorrow a drill<F5>");
    assert!(selected(&mut session).contains("Borrow a drill"));
}

#[test]
fn what_is_listed_late_is_selected_then_unless_the_reader_went_elsewhere() {
    for (keys, is_selected) in [("", true), ("<Down>", false)] {
        let mut session = Session::begin(Language::English, (80, 24));
        session.press("3nBorrow a drill<F5>");
        // A node that has not projected it yet.
        let mut late = Session::begin(Language::English, (80, 24));
        late.node.lists_posted = false;
        late.press("3nBorrow a drill<F5>").press(keys);
        assert!(!late.shows("Borrow a drill"), "{}", late.screen());
        late.node.lists_posted = true;
        let documents = vec![POSTED];
        late.event(Event::Documents { documents });
        let line = selected(&mut late);
        assert_eq!(line.contains("Borrow a drill"), is_selected, "{line}");
        assert!(late.shows("Borrow a drill"), "{}", late.screen());
    }
}

#[test]
fn a_comment_is_scrolled_to() {
    let mut session = Session::begin(Language::English, (40, 15));
    session.press("3<Enter>").screen();
    session.press("cTomorrow is fine<F5>");
    assert!(session.shows("Tomorrow is fine"), "{}", session.screen());
}

#[test]
fn who_has_several_capacities_chooses_one() {
    let chosen = [
        ("", "as a resident", None),
        ("<Right>", "spokesperson of 梧桐里物业", Some(0xe1)),
        ("<Right><Right>", "steward of 梧桐里物业", Some(0xe3)),
    ];
    for (keys, said, appointment) in chosen {
        let mut session = steward(Language::English, (80, 60));
        session.press("2nWater is off tonight");
        let mut fields = 0;
        while !session.shows("▸ In which capacity") {
            session.press("<Tab>");
            fields += 1;
            assert!(fields < 20, "{}", session.screen());
        }
        session.press(keys);
        assert!(session.shows(said), "{}", session.screen());
        session.press("<F5>");
        let posted = session
            .node
            .written
            .iter()
            .find_map(|request| match request {
                Request::Post(draft) => Some(draft.fields.get("capacity").cloned()),
                _ => None,
            });
        let expected = appointment.map(|byte| json!(fixtures::id(byte)));
        assert_eq!(posted, Some(expected), "{}", session.screen());
    }
}
