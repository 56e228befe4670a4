//! Doors, line by line.

use insta::assert_snapshot;
use protocol::api::{Confidential, Language, Request};

use super::Dialogue;
use crate::app::tests::doors::{doors, let_chen_lead};

/// From the menu to the own household, tells its door, changes it, withdraws it; then those that it
/// may read.
const TOLD: &str = "5\n1\n3\n3-502\n.\np\n3\n1\n3-503\nb\np\n4\n?\n2\n4\n1\nb\nd\n?\n";

fn begin(language: Language) -> Dialogue {
    let mut dialogue = Dialogue::begin(language);
    let_chen_lead(&mut dialogue.node);
    dialogue
}

#[test]
fn a_door_is_told_changed_and_withdrawn() {
    let mut dialogue = begin(Language::English);
    dialogue.answer(TOLD.split('\n'));
    assert!(dialogue.heard("only your household and 陈家"));
    assert!(dialogue.heard("No door is told"));
    let written = dialogue.node.written.iter();
    let written: Vec<&Request> = written
        .filter(|request| !matches!(request, Request::MarkRead { .. }))
        .collect();
    let [
        Request::PutDoor { text: first },
        Request::PutDoor { text: second },
        Request::EraseDoor,
    ] = written[..]
    else {
        panic!("{written:?}\n{}", dialogue.text());
    };
    assert_eq!(first.expose(), "3-502");
    assert_eq!(second.expose(), "3-503");
}

#[test]
fn a_lead_hears_doors_and_none_of_their_lines_looks_like_the_programs() {
    let mut dialogue = begin(Language::English);
    dialogue.node.doors = doors();
    let text = "102\u{1b}]0;owned\u{7}\u{202e}\n1. Revoke a device";
    dialogue.node.doors[0].door = Confidential::new(text.to_owned());
    dialogue.answer("5\nd".split('\n'));
    assert!(dialogue.heard("Grandma Wang") && dialogue.heard("3-502"));
    let said = dialogue.text();
    let obeyed = said
        .chars()
        .find(|sign| (sign.is_control() && *sign != '\n') || *sign == '\u{202e}');
    assert_eq!(obeyed, None, "{said}");
    assert!(
        said.contains("  1. Revoke") && !said.contains("\n1. Revoke"),
        "{said}"
    );
}

#[test]
fn doors_in_both_languages() {
    for language in [Language::Chinese, Language::English] {
        let mut dialogue = begin(language);
        dialogue.answer(TOLD.split('\n'));
        dialogue.node.doors = doors();
        dialogue.answer("".split('\n'));
        assert_snapshot!(format!("doors-{}", language.code()), dialogue.text());
    }
}
