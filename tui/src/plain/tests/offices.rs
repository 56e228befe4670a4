//! Who is who and motions in lines: what is said, and what the node is asked.

use insta::assert_snapshot;
use protocol::api::{CutTarget, Language, NewMotion, Request};
use protocol::id::{EntryId, MemberId};

use super::Dialogue;
use crate::app::tests::governing;

/// A dialogue of a household that is a steward.
fn steward(language: Language) -> Dialogue {
    let mut dialogue = Dialogue::begin(language);
    dialogue.node.status = governing::status();
    dialogue.answer([""]);
    dialogue
}

#[test]
fn a_motion_that_waits_is_signed_from_today() {
    for language in [Language::Chinese, Language::English] {
        let mut dialogue = steward(language);
        dialogue.answer("1\n4\n1\n2\n1\n1\nb".split('\n'));
        let motion = EntryId([0xb3; 32]);
        assert_eq!(dialogue.node.written, [Request::CoSign { motion }]);
        assert_snapshot!(format!("cosign-{}", language.code()), dialogue.text());
    }
}

#[test]
fn what_is_asked_first_is_not_done_before() {
    let mut dialogue = Dialogue::begin(Language::English);
    dialogue.answer("5\n1\n1\nb\n1\n2\n1\n\nq".split('\n'));
    assert_eq!(dialogue.node.written, []);
    assert!(dialogue.has_ended);
}

#[test]
fn a_role_is_given_and_taken_back() {
    let mut dialogue = Dialogue::begin(Language::English);
    dialogue.answer("5\n4\n1\nu".split('\n'));
    let given = Request::Appoint {
        member: MemberId([2; 32]),
        role: "moderator".to_owned(),
        office: None,
        building: None,
    };
    let taken = Request::Cut {
        target: CutTarget::Appointment(EntryId([9; 32])),
        reason: String::new(),
        from: None,
    };
    assert_eq!(dialogue.node.written, [given, taken]);
}

#[test]
fn a_removal_is_moved_with_its_reason_and_leads_back_to_the_motions() {
    let mut dialogue = Dialogue::begin(Language::English);
    dialogue.answer("9\nn\n4\n2\nflood\np".split('\n'));
    let moved = Request::Move(NewMotion::RemoveHousehold {
        member: MemberId([7; 32]),
        reason: "flood".to_owned(),
        from: None,
    });
    assert_eq!(dialogue.node.written, [moved]);
    let question = dialogue.plain.question().expect("something is asked");
    assert!(
        question.text.contains("n to move something"),
        "{question:?}"
    );
}

#[test]
fn nothing_but_text_is_said_whatever_they_are_called() {
    let hostile = "Mal\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\rlo\nry\u{202e}";
    for answers in [
        "5", "5\n1", "5\n5", "5\n6", "5\n9", "9", "9\n1", "9\nn\n4", "1",
    ] {
        let mut dialogue = steward(Language::English);
        for member in &mut dialogue.node.roster.members {
            member.name = hostile.to_owned();
            member.building = Some(hostile.to_owned());
        }
        for relay in &mut dialogue.node.roster.relays {
            relay.name = hostile.to_owned();
        }
        for motion in &mut dialogue.node.motions {
            motion.by.name = hostile.to_owned();
            motion.reason = Some(hostile.to_owned());
        }
        dialogue.answer(answers.split('\n'));
        assert!(dialogue.heard("Mal"), "{answers:?}: {}", dialogue.text());
        let text = dialogue.text();
        let obeyed = text
            .chars()
            .find(|sign| (sign.is_control() && *sign != '\n') || *sign == '\u{202e}');
        assert_eq!(obeyed, None, "{answers:?}: {text:?}");
    }
}
