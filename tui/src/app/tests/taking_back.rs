//! Taking back what was done: by one key, and only what really can be.

use protocol::api::{Language, Request};
use protocol::id::DocumentId;
use serde_json::{Value, json};

use super::Session;
use super::fixtures::id;

fn session() -> Session {
    Session::begin(Language::English, (80, 30))
}

/// What was last written into documents.
fn last_edit(session: &Session) -> Value {
    let mut written = session.node.written.iter().rev();
    let edit = written.find_map(|request| match request {
        Request::Edit { fields, .. } => Some(json!(fields)),
        _ => None,
    });
    edit.expect("something was written")
}

fn offer(byte: u8) -> String {
    format!("{}.0", id(byte))
}

#[test]
fn an_acceptance_is_taken_back_by_withdrawing_it() {
    let mut session = session();
    session.press("3<Enter>a<Enter>");
    assert_eq!(
        last_edit(&session),
        json!({"acceptances": {"offer": offer(0x31)}})
    );
    assert!(session.shows("u takes it back"), "{}", session.screen());
    session.press("u");
    assert_eq!(
        last_edit(&session),
        json!({"withdrawals": {"offer": offer(0x31)}})
    );
    assert!(session.shows("Taken back."), "{}", session.screen());
}

#[test]
fn a_cancelled_request_is_opened_again() {
    let mut session = session();
    session.press("3<Enter>a<Down><Down><Down><Down><Down><Enter>");
    assert!(session.shows("Reason"), "{}", session.screen());
    session.press("<F5>");
    assert_eq!(last_edit(&session), json!({"cancellations": {}}));
    assert!(session.shows("u opens it again"), "{}", session.screen());
    session.press("u");
    assert_eq!(last_edit(&session), json!({"reopenings": {}}));
}

#[test]
fn an_own_offer_is_withdrawn_once_the_node_tells_what_it_is_called() {
    let mut session = session();
    session.press("3<Down><Down><Enter>a<Enter>I can go<F5>");
    assert!(session.shows("u takes it back"), "{}", session.screen());
    let me = json!(session.node.documents[2].author);
    session.node.documents[3].fields.insert(
        "offers".to_owned(),
        json!([
            { "id": offer(0x36), "by": me, "time_ms": 0, "state": "withdrawn" },
            { "id": offer(0x37), "by": me, "time_ms": 1, "state": "offered" },
        ]),
    );
    session.press("u");
    assert_eq!(
        last_edit(&session),
        json!({"withdrawals": {"offer": offer(0x37)}})
    );
    assert!(session.shows("Taken back."), "{}", session.screen());
}

#[test]
fn what_was_marked_as_read_is_unread_again() {
    for keys in ["3", "1"] {
        let mut session = session();
        session.press(keys).press("m");
        let unread = |session: &Session| {
            let request = DocumentId([0x22; 32]);
            let mut views = session.node.documents.iter();
            views.any(|view| view.id == request && view.unread)
        };
        assert!(!unread(&session), "{keys}");
        assert!(session.shows("u makes it unread"), "{}", session.screen());
        session.press("u");
        assert!(unread(&session), "{keys}");
        assert!(session.shows("Taken back."), "{}", session.screen());
    }
}

#[test]
fn a_block_beside_a_document_is_taken_back() {
    let mut session = session();
    session.press("3<Down><Down><Enter>a<Down><Enter>");
    assert_eq!(session.node.blocked.len(), 1, "{}", session.screen());
    session.press("u");
    assert_eq!(session.node.blocked, []);
}

/// A renewal stays. The key takes back nothing that was done before it.
#[test]
fn what_cannot_be_taken_back_leaves_nothing_older_to_be_taken_back() {
    let mut session = session();
    session.press("3<Enter>a<Enter>R");
    assert_eq!(last_edit(&session), json!({"renewals": {}}));
    session.press("u");
    assert_eq!(last_edit(&session), json!({"renewals": {}}));
    assert!(
        session.shows("nothing to take back"),
        "{}",
        session.screen()
    );
}
