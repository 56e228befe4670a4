//! Pasted text: normalised, and text wherever it goes, never keys.

use protocol::api::{Language, Request};
use ratatui::crossterm::event::KeyCode;

use super::{Session, settings};
use crate::app::{Message, Task};
use crate::host::{HomeState, HostOrder};

fn session() -> Session {
    Session::begin(Language::English, (80, 24))
}

fn paste(session: &mut Session, text: &str) {
    session.send(Message::Paste(text.to_owned()));
}

/// The values of what was posted.
fn posted(session: &Session) -> Option<&std::collections::BTreeMap<String, serde_json::Value>> {
    let mut written = session.node.written.iter();
    written.find_map(|request| match request {
        Request::Post(draft) => Some(&draft.fields),
        _ => None,
    })
}

#[test]
fn byte_order_marks_and_line_ends_of_other_systems_are_normalised() {
    let mut session = session();
    session.press("3nLadder<Tab>");
    paste(
        &mut session,
        "\u{FEFF}one\r\ntwo\rthree\n\tfour\u{202E}\u{1B}[31m",
    );
    session.press("<F5>");
    let fields = posted(&session).expect("it was posted");
    assert_eq!(fields["body"], "one\ntwo\nthree\n\tfour");
}

#[test]
fn several_lines_pasted_into_a_field_of_one_become_one_and_publish_nothing() {
    let mut session = session();
    session.press("3n");
    paste(&mut session, "\u{FEFF}Who has\r\na ladder?\r\n");
    assert!(posted(&session).is_none());
    assert!(session.shows("Who has a ladder?"), "{}", session.screen());
    session.press("<F5>");
    let fields = posted(&session).expect("it was posted");
    assert_eq!(fields["title"], "Who has a ladder?");
}

#[test]
fn every_field_takes_what_is_pasted() {
    let cases = [
        ("/", "梯", "谁有梯子"),
        (":", "help", "▸ ask for help"),
        ("3?", "help", "F1"),
        ("6n", "/ip4/10.0.0.7/tcp/4101", "/ip4/10.0.0.7/tcp/4101"),
        ("3<Enter>c", "Fine", "5/3000"),
    ];
    for (keys, text, expected) in cases {
        let mut session = session();
        session.press(keys);
        paste(&mut session, &format!("{text}\r\n"));
        assert!(session.shows(expected), "{keys}:\n{}", session.screen());
    }
    let mut help = session();
    help.press("3?");
    paste(&mut help, "to the first\n");
    assert!(!help.shows("a page up"), "{}", help.screen());
}

#[test]
fn what_is_pasted_before_the_form_is_there_is_in_it() {
    let mut session = session();
    session.press("3<Enter>");
    let tasks = session.app.update(Message::Key(KeyCode::Char('c').into()));
    session.press("Fine, ");
    paste(&mut session, "on Saturday");
    session.press("!");
    session.carry_out(tasks);
    assert!(session.shows("Fine, on Saturday!"), "{}", session.screen());
}

#[test]
fn a_pasted_passphrase_is_taken_without_what_editors_add() {
    let settings = settings(Language::English);
    let mut session = Session::begin_with(settings, HomeState::Locked, (80, 24));
    paste(&mut session, "\u{FEFF}right\r\n");
    assert!(session.node.ordered.is_empty(), "pasting opens nothing");
    session.press("<Enter>");
    let opened = session.node.ordered.iter().any(
        |order| matches!(order, HostOrder::Unlock(passphrase) if passphrase.expose() == "right"),
    );
    assert!(opened, "{}", session.screen());
}

#[test]
fn what_is_pasted_where_nothing_is_written_does_nothing() {
    for keys in ["1", "3", "3<Enter>", "5", "6", "7", "3<Enter>a"] {
        let mut session = session();
        session.press(keys);
        let before = session.screen();
        let written = session.node.written.len();
        paste(&mut session, "q\nn7L\u{1B}\n");
        assert_eq!(session.screen(), before, "{keys}");
        assert_eq!(session.node.written.len(), written, "{keys}");
        assert!(!session.others.contains(&Task::Quit), "{keys}");
    }
}
