//! How one can be reached, line by line.

use protocol::api::{Confidential, Language, Request};
use protocol::id::DocumentId;

use super::Dialogue;
use crate::app::tests::fixtures;
use crate::app::tests::stand_in::POSTED;

fn dialogue() -> Dialogue {
    Dialogue::begin(Language::English)
}

/// A new request with a contact, about to be published.
fn begun() -> Dialogue {
    let mut dialogue = dialogue();
    dialogue.answer(["n", "Borrow a drill", ".", "Door 3-502", "."]);
    dialogue
}

fn sealed(document: DocumentId, text: &str) -> Request {
    Request::PutDetails {
        document,
        text: Confidential::new(text.to_owned()),
    }
}

/// What was to be written, reading marks and drafts left out.
fn written(dialogue: &Dialogue) -> Vec<Request> {
    let written = dialogue.node.written.iter().filter(|request| {
        !matches!(
            request,
            Request::MarkRead { .. } | Request::PutDraft { .. } | Request::RemoveDraft { .. }
        )
    });
    written.cloned().collect()
}

#[test]
fn the_request_is_published_first_and_then_its_contact_is_sealed() {
    let mut dialogue = begun();
    assert!(dialogue.heard("What was read cannot be taken back"));
    let stored = serde_json::to_string(&dialogue.node.drafts).expect("drafts are JSON");
    assert!(stored.contains("Borrow a drill") && !stored.contains("502"));
    dialogue.answer(["p"]);
    let written = written(&dialogue);
    let [Request::Post(draft), contact] = &written[..] else {
        panic!("{written:?}");
    };
    let public = serde_json::to_string(draft).expect("a draft is JSON");
    assert!(!public.contains("502"), "{public}");
    assert_eq!(*contact, sealed(POSTED, "Door 3-502"));
    assert!(dialogue.heard("Published and saved here"));
}

#[test]
fn a_notice_does_not_ask_for_it() {
    let mut dialogue = dialogue();
    dialogue.answer(["2", "n", "Keys", "Found", ".", "p"]);
    assert!(dialogue.heard("Published"), "{}", dialogue.text());
    assert!(!dialogue.heard("How to reach you"), "{}", dialogue.text());
}

#[test]
fn a_contact_that_was_not_sealed_stays_and_is_tried_again_alone() {
    let mut dialogue = begun();
    dialogue.node.refuses_details = Some(fixtures::refusal("pending", None));
    dialogue.answer(["p"]);
    assert!(
        dialogue.heard("Published, but not how to reach you. Publish again to try that once more."),
        "{}",
        dialogue.text()
    );
    assert!(
        dialogue.heard("How to reach you - Door 3-502 - ! The node says pending."),
        "{}",
        dialogue.text()
    );
    dialogue.answer(["p"]);
    let written = written(&dialogue);
    let [Request::Post(_), contact] = &written[..] else {
        panic!("it is posted once: {written:?}");
    };
    assert_eq!(*contact, sealed(POSTED, "Door 3-502"));
}

#[test]
fn leaving_without_the_contact_says_so() {
    let mut dialogue = begun();
    dialogue.node.refuses_details = Some(fixtures::refusal("pending", None));
    dialogue.answer(["p", "b"]);
    assert!(dialogue.heard("Published without how to reach you"));
    assert!(!dialogue.heard("Your draft is kept"), "{}", dialogue.text());
    assert!(dialogue.heard("This is where it begins") || dialogue.plain.question().is_some());
    assert_eq!(written(&dialogue).len(), 1);
}

#[test]
fn what_was_begun_is_found_again_with_its_draft() {
    let mut dialogue = begun();
    dialogue.answer(["b", "1", "4"]);
    assert!(
        dialogue.heard("How to reach you - Door 3-502"),
        "{}",
        dialogue.text()
    );
    dialogue.answer(["p"]);
    let written = written(&dialogue);
    assert_eq!(written.last(), Some(&sealed(POSTED, "Door 3-502")));
}

#[test]
fn erasing_asks_first() {
    for (number, question) in [
        ("8", "How to reach you goes away here"),
        ("9", "What it says goes away here"),
    ] {
        for kept in ["2", "b", "", "0"] {
            let mut dialogue = dialogue();
            dialogue.answer(["3", "1", number, kept]);
            assert!(dialogue.heard(question), "{}", dialogue.text());
            assert!(dialogue.heard("Kept."), "{}", dialogue.text());
            assert_eq!(written(&dialogue), [], "{kept}");
        }
        let mut dialogue = dialogue();
        let document = dialogue.node.documents[2].id;
        // What is no answer asks again.
        dialogue.answer(["3", "1", number, "yes", "1"]);
        let expected = match number {
            "9" => Request::Erase { document },
            _ => Request::EraseDetails { document },
        };
        assert_eq!(written(&dialogue), [expected]);
        assert!(dialogue.heard("Other homes drop it"), "{}", dialogue.text());
    }
}

#[test]
fn nothing_but_text_is_said_whatever_a_contact_holds() {
    let mut dialogue = dialogue();
    let request = dialogue.node.documents[4].id;
    let detail = &mut dialogue.node.details.get_mut(&request).expect("one")[0];
    let text = "call\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\rme\u{202e}now";
    detail.text = Some(Confidential::new(text.to_owned()));
    detail.by.name = "Mallory\u{1b}[2J\u{202e}".to_owned();
    dialogue.answer(["3", "2"]);
    assert!(dialogue.heard("call"), "{}", dialogue.text());
    let text = dialogue.text();
    let obeyed = text
        .chars()
        .find(|sign| (sign.is_control() && *sign != '\n') || *sign == '\u{202e}');
    assert_eq!(obeyed, None, "{text:?}");
}

#[test]
fn nothing_that_is_printed_to_find_faults_holds_a_contact() {
    let mut dialogue = dialogue();
    dialogue.answer(["n", "Borrow a drill", ".", "Door 3-502"]);
    assert!(!format!("{:?}", dialogue.plain).contains("502"));
    dialogue.answer(["."]);
    assert!(!format!("{:?}", dialogue.plain).contains("502"));
    let mut reading = self::dialogue();
    reading.answer(["3", "1"]);
    assert!(!format!("{:?}", reading.plain).contains("3-502"));
}
