//! Taking back while one writes, and the help of a field.

use protocol::api::Language;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{Session, settings};
use crate::app::Message;
use crate::host::HomeState;

fn session() -> Session {
    Session::begin(Language::English, (80, 24))
}

#[test]
fn what_was_typed_is_taken_back_and_typed_again() {
    // A field of one line, one of several lines, and a search: by a key without Ctrl or Alt.
    for keys in ["3n", "3n<Tab>", "/", ":", "6n"] {
        let mut session = session();
        session.press(keys).press("ladder please<C-u>");
        assert!(!session.shows("ladder"), "{keys}: {}", session.screen());
        session.press("<F6>");
        assert!(
            session.shows("ladder please"),
            "{keys}: {}",
            session.screen()
        );
        session.press("<F7>");
        assert!(!session.shows("ladder"), "{keys}: {}", session.screen());
    }
}

#[test]
fn what_terminals_send_for_ctrl_and_a_slash_takes_back() {
    // The byte 0x1F, which terminals send for Ctrl-_ and Ctrl-/, is read as Ctrl-7.
    for character in ['7', '_', '/'] {
        let mut session = session();
        session.press("3nladder");
        let key = KeyEvent::new(KeyCode::Char(character), KeyModifiers::CONTROL);
        session.send(Message::Key(key));
        assert!(!session.shows("ladder"), "{character}");
        session.press("<C-y>");
        assert!(session.shows("ladder"), "{character}");
    }
}

#[test]
fn the_palette_takes_back_what_was_typed() {
    let mut session = session();
    session.press("3nladder<C-p>undo<Enter>");
    assert!(session.shows("New: help request"), "{}", session.screen());
    assert!(!session.shows("ladder"), "{}", session.screen());
    assert!(!session.shows("Nothing to take back"));
}

#[test]
fn taking_back_never_goes_behind_a_draft_that_is_gone_on_with() {
    let mut session = session();
    session.press("3nLadder<Tab>For the roof").wait(1_000);
    session.press("<Esc>1<Home><Down><Down><Down><Enter>");
    session.press("<F6><Tab><F6>");
    assert!(session.shows("Ladder"), "{}", session.screen());
    assert!(session.shows("For the roof"), "{}", session.screen());
}

#[test]
fn a_passphrase_is_not_taken_back() {
    let settings = settings(Language::English);
    let mut session = Session::begin_with(settings, HomeState::Locked, (80, 24));
    session.press("secret<C-u><F6>");
    assert!(!session.shows("***"), "{}", session.screen());
}

#[test]
fn help_in_a_field_lists_what_works_there_and_nothing_else() {
    let lists = |keys: &str, wanted: &[&str], unwanted: &[&str]| {
        let mut session = Session::begin(Language::English, (80, 50));
        session.press(keys).press("<F1>");
        for wanted in wanted {
            assert!(
                session.shows(wanted),
                "{keys}: {wanted}\n{}",
                session.screen()
            );
        }
        for unwanted in unwanted {
            assert!(
                !session.shows(unwanted),
                "{keys}: {unwanted}\n{}",
                session.screen()
            );
        }
    };
    let text_keys = ["go to today", "take the last thing back", "search", "leave"];
    lists(
        "3n",
        &[
            "F6 Ctrl-_ Ctrl-/ Ctrl-7 take back what was typed",
            "F7 Ctrl-Y type it again",
            "Tab Enter ↓ next field",
            "Ctrl-U delete to the start",
            "Backspace delete the character before",
        ],
        &text_keys[..3],
    );
    lists("3n", &["Ctrl-P everything"], &["new line", "next value"]);
    lists("3n<Tab>", &["Enter new line", "F6"], &["Tab Enter"]);
    lists(
        "3n<Tab><Tab>",
        &["→ Space next value"],
        &["F6", "delete the"],
    );
    lists("2", &["go to today", "u take the last thing back"], &["F6"]);
}
