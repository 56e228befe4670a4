//! More documents than a list reads at once.

use protocol::api::{Event, Language};
use serde_json::json;

use super::Session;
use super::stand_in::POSTED;

/// How many requests there are.
const COUNT: usize = 1_234;

/// A list of requests that are called by their numbers, the first one first.
fn session() -> Session {
    let mut session = Session::begin(Language::English, (80, 24));
    let like = session.node.documents.iter();
    let mut like = like.filter(|view| view.kind == "request");
    let like = like.next().expect("there is one").clone();
    session.node.documents.clear();
    for number in 1..=COUNT {
        let mut view = like.clone();
        view.id.0[..8].copy_from_slice(&number.to_be_bytes());
        view.fields
            .insert("title".to_owned(), json!(format!("Request {number}.")));
        view.unread = false;
        session.node.documents.push(view);
    }
    session
}

/// The line of the selected document.
fn selected(session: &mut Session) -> String {
    let screen = session.screen();
    let line = screen.lines().find(|line| line.contains('▸'));
    line.unwrap_or_else(|| panic!("{screen}")).to_owned()
}

#[test]
fn end_goes_to_the_very_last() {
    let mut session = session();
    session.press("3<End>");
    assert!(selected(&mut session).contains("Request 1234."));
    session.press("<Up>");
    assert!(selected(&mut session).contains("Request 1233."));
    session.press("<Home>");
    assert!(selected(&mut session).contains("Request 1."));
}

#[test]
fn what_is_selected_far_down_stays_selected_when_something_changes() {
    let mut session = session();
    session.press("3<End><Up>");
    let newest = session.node.documents[0].clone();
    session.node.documents.insert(0, newest);
    session.node.documents[0].id = POSTED;
    let documents = vec![POSTED];
    session.event(Event::Documents { documents });
    assert!(selected(&mut session).contains("Request 1233."));
    session.press("<Home>");
    assert!(selected(&mut session).contains("Request 1."));
    session.press("<End>");
    assert!(selected(&mut session).contains("Request 1234."));
}

#[test]
fn the_first_that_comes_into_an_empty_list_is_selected() {
    let mut session = session();
    let documents = std::mem::take(&mut session.node.documents);
    session.press("3");
    assert!(session.shows("Nothing here yet"), "{}", session.screen());
    session.node.documents = documents;
    let documents = vec![session.node.documents[0].id];
    session.event(Event::Documents { documents });
    assert!(selected(&mut session).contains("Request 1."));
    session.press("<Enter>");
    assert!(session.shows("Request 1."), "{}", session.screen());
    let heading = session.screen().lines().nth(1).map(str::to_owned);
    assert_eq!(heading.as_deref().map(str::trim), Some("Request 1."));
    // Of so many that ask for the same one is named, and a few can be chosen.
    assert_eq!(session.screen().matches("You ask for the same").count(), 1);
    session.press("a");
    assert_eq!(session.screen().matches("Close it").count(), 3);
}
