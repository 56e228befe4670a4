//! How one can be reached: asked for with a new request, sealed behind it, read by whom it is for,
//! changed and erased.

use protocol::api::{Confidential, Event, Language, Request};
use protocol::id::DocumentId;

use super::stand_in::POSTED;
use super::{NOW_MS, Session, fixtures};
use crate::app::{Message, Task};

const LABEL: &str = "How to reach you";
/// From the first field of a new request to the contact, around the end of the form.
const TO_CONTACT: &str = "<BackTab><BackTab>";
/// From a request of one's own to its last act, which erases it, and to the two before.
const CHANGE: &str = "3<Enter>a<Down><Down><Down><Down><Down><Down><Enter>";
const ERASE_CONTACT: &str = "3<Enter>a<Down><Down><Down><Down><Down><Down><Down><Enter>";
const ERASE: &str = "3<Enter>a<Down><Down><Down><Down><Down><Down><Down><Down><Enter>";

/// A terminal on which a whole form has room.
fn session() -> Session {
    Session::begin(Language::English, (80, 60))
}

/// A new request with a contact, about to be published.
fn begun() -> Session {
    let mut session = session();
    let keys = format!("3nBorrow a drill{TO_CONTACT}Door 3-502");
    session.press(&keys);
    session
}

/// What was to be written, reading marks and drafts left out.
fn written(session: &Session) -> Vec<Request> {
    let written = session.node.written.iter().filter(|request| {
        !matches!(
            request,
            Request::MarkRead { .. } | Request::PutDraft { .. } | Request::RemoveDraft { .. }
        )
    });
    written.cloned().collect()
}

fn sealed(document: DocumentId, text: &str) -> Request {
    Request::PutDetails {
        document,
        text: Confidential::new(text.to_owned()),
    }
}

#[test]
fn only_a_new_request_asks_for_it() {
    let cases = [
        ("3n", true),
        ("1n", true),
        ("2n", false),
        ("4n", false),
        ("3<Enter>e", false),
        ("3<Enter>c", false),
        ("3<Down><Down><Enter>a<Enter>", false),
    ];
    for (keys, asks) in cases {
        let mut session = session();
        session.press(keys);
        assert_eq!(session.shows(LABEL), asks, "{keys}:\n{}", session.screen());
        assert_eq!(session.shows("What was read cannot be taken back"), asks);
    }
}

#[test]
fn the_request_is_published_first_and_then_its_contact_is_sealed() {
    let mut session = begun();
    session.press("<F5>");
    let written = written(&session);
    let [Request::Post(draft), contact] = &written[..] else {
        panic!("{written:?}");
    };
    let public = serde_json::to_string(draft).expect("a draft is JSON");
    assert!(!public.contains("502"), "{public}");
    assert_eq!(*contact, sealed(POSTED, "Door 3-502"));
    assert!(session.shows("Published"), "{}", session.screen());
    assert!(session.shows("Borrow a drill"), "{}", session.screen());
    session.press("<Enter>");
    assert!(session.shows("Door 3-502"), "{}", session.screen());
}

#[test]
fn without_a_contact_nothing_is_sealed() {
    for keys in [
        "3nBorrow a drill<F5>",
        "3nBorrow a drill<BackTab><BackTab>  <F5>",
    ] {
        let mut session = session();
        session.press(keys);
        let written = written(&session);
        assert!(matches!(&written[..], [Request::Post(_)]), "{written:?}");
        assert!(session.shows("Published"), "{}", session.screen());
    }
}

#[test]
fn nothing_that_is_stored_holds_a_contact_and_coming_back_still_finds_it() {
    let mut session = begun();
    session.wait(1_000).press("<Esc>");
    let stored = serde_json::to_string(&session.node.drafts).expect("drafts are JSON");
    assert!(stored.contains("Borrow a drill") && !stored.contains("502"));
    let resume = "1<Home><Down><Down><Down><Enter>";
    session.press(resume);
    assert!(session.shows("Borrow a drill"), "{}", session.screen());
    assert!(session.shows("Door 3-502"), "{}", session.screen());
    session.press("<F5>");
    let written = written(&session);
    assert_eq!(written.last(), Some(&sealed(POSTED, "Door 3-502")));
    // Another start of the program knows of the draft alone.
    let mut again = self::session();
    let mut before = begun();
    before.press("<Esc>");
    again.node.drafts.clone_from(&before.node.drafts);
    again.press(resume);
    assert!(again.shows("Borrow a drill"), "{}", again.screen());
    assert!(
        again.shows(LABEL) && !again.shows("502"),
        "{}",
        again.screen()
    );
}

#[test]
fn a_contact_that_was_not_sealed_stays_and_is_tried_again_alone() {
    for is_refused in [true, false] {
        let mut session = begun();
        let tasks = session.app.update(Message::Key(
            ratatui::crossterm::event::KeyCode::F(5).into(),
        ));
        match is_refused {
            true => {
                session.node.refuses_details = Some(fixtures::refusal("pending", None));
                session.carry_out(tasks);
                assert!(
                    session.shows("The node says pending."),
                    "{}",
                    session.screen()
                );
            }
            false => {
                // The node goes away between both.
                let answered = answer_the_post(&mut session, tasks);
                session.node.reachable = false;
                session.carry_out(answered);
                session.node.reachable = true;
            }
        }
        assert!(
            session.shows("Published, but not how to reach you"),
            "{}",
            session.screen()
        );
        assert!(session.shows("Door 3-502"), "{}", session.screen());
        assert!(session.node.drafts.is_empty());
        session.press("<F5>");
        let written = written(&session);
        let [Request::Post(_), contact] = &written[..] else {
            panic!("it is posted once: {written:?}");
        };
        assert_eq!(*contact, sealed(POSTED, "Door 3-502"));
        assert!(session.shows("Published"), "{}", session.screen());
        assert!(!session.shows(LABEL), "{}", session.screen());
    }
}

/// Answers the request to post alone, and returns what is asked then.
fn answer_the_post(session: &mut Session, tasks: Vec<Task>) -> Vec<Task> {
    let mut then = Vec::new();
    for task in tasks {
        let Task::Ask { ticket, request } = task else {
            panic!("the node is asked: {task:?}");
        };
        let outcome = session.node.answer(request);
        then.extend(session.app.update(Message::Answered { ticket, outcome }));
    }
    then
}

#[test]
fn leaving_without_the_contact_says_so_and_shows_the_request() {
    for key in ["<Esc>", "<F8>"] {
        let mut session = begun();
        session.node.refuses_details = Some(fixtures::refusal("pending", None));
        session.press("<F5>").press(key);
        assert!(
            session.shows("Published without how to reach you"),
            "{}",
            session.screen()
        );
        assert!(session.shows("Borrow a drill"), "{}", session.screen());
        assert_eq!(written(&session).len(), 1);
    }
}

#[test]
fn nobody_leaves_between_publishing_and_sealing() {
    let mut session = begun();
    let tasks = session.app.update(Message::Key(
        ratatui::crossterm::event::KeyCode::F(5).into(),
    ));
    session.press("<Esc>");
    session.carry_out(tasks);
    assert_eq!(written(&session).len(), 2, "{:?}", written(&session));
}

#[test]
fn a_phone_number_in_public_is_to_be_moved_there() {
    let mut session = session();
    session.press("3nCall 13812345678<F5>");
    assert!(
        session.shows("Use “How to reach you”, or publish again."),
        "{}",
        session.screen()
    );
    // Where it is sealed it is in its place.
    let mut moved = self::session();
    moved.press(&format!("3nCall me{TO_CONTACT}13812345678<F5>"));
    assert_eq!(written(&moved).len(), 2, "{}", moved.screen());
    // What asks for no contact can only warn.
    let mut notice = self::session();
    notice.press("2nCall 13812345678<F5>");
    assert!(notice.shows("Publish again if you mean it."));
    assert!(!notice.shows("How to reach you"), "{}", notice.screen());
}

#[test]
fn a_reader_sees_the_text_or_that_it_is_sealed_and_for_whom() {
    let cases = [
        (
            "3<Enter>",
            "How to reach you: sealed, no other household can read it yet 3-502，按门铃两下",
        ),
        (
            "3<Down><Down><Enter>",
            "How to reach Grandma Wang (building 1): sealed, only for whose help is accepted",
        ),
        (
            "3<Down><Enter>",
            "How to reach 陈家 (building 5): sealed, only your household can read it \
             138 1234 5678 晚上八点前",
        ),
    ];
    for (keys, expected) in cases {
        let mut session = session();
        session.press(keys);
        assert!(session.shows(expected), "{keys}:\n{}", session.screen());
        session.node.details.clear();
        session.press("<Esc>").press(keys);
        assert!(!session.shows("sealed"), "{keys}:\n{}", session.screen());
    }
}

#[test]
fn what_others_tell_each_other_is_not_shown_and_what_a_helper_tells_the_reader_is() {
    let mut session = session();
    let request = session.node.documents[2].id;
    let mut helper = session.node.details[&session.node.documents[4].id][0].clone();
    helper.text = None;
    session.node.details.insert(request, vec![helper.clone()]);
    session.press("3<Enter>");
    assert!(!session.shows("sealed"), "{}", session.screen());
    helper.text = Some(Confidential::new("Ring twice".to_owned()));
    session.node.details.insert(request, vec![helper]);
    let documents = vec![request];
    session.event(Event::Documents { documents });
    assert!(session.shows("How to reach 陈家"), "{}", session.screen());
    assert!(session.shows("Ring twice"), "{}", session.screen());
}

#[test]
fn it_is_read_anew_when_the_node_tells_of_the_document() {
    let mut session = session();
    session.press("3<Down><Down><Enter>");
    assert!(!session.shows("Door 1-101"));
    let request = session.node.documents[3].id;
    let own = session.node.status.member.clone().expect("a member");
    let detail = &mut session.node.details.get_mut(&request).expect("one")[0];
    detail.text = Some(Confidential::new("Door 1-101".to_owned()));
    detail.readers = vec![own];
    let documents = vec![request];
    session.event(Event::Documents { documents });
    assert!(session.shows("Door 1-101"), "{}", session.screen());
}

#[test]
fn the_author_changes_it() {
    let mut session = session();
    session.press(CHANGE);
    assert!(session.shows("3-502，按门铃两下"), "{}", session.screen());
    session.press("Now: <F5>");
    let request = session.node.documents[2].id;
    let expected = sealed(request, "Now: 3-502，按门铃两下");
    assert_eq!(written(&session), [expected]);
    assert!(session.shows("Now: 3-502"), "{}", session.screen());
    // Nothing is no other text.
    session.press("<Esc>").press(CHANGE).press("<C-u>");
    session.press("<End><C-u><F5>");
    assert_eq!(written(&session).len(), 1);
    assert!(session.shows("Please fill this in"), "{}", session.screen());
}

#[test]
fn who_told_nothing_may_tell_it_later() {
    let mut session = session();
    session.node.details.clear();
    session.press(CHANGE).press("Door 3-502<F5>");
    let request = session.node.documents[2].id;
    assert_eq!(written(&session), [sealed(request, "Door 3-502")]);
}

#[test]
fn erasing_asks_first() {
    for (keys, question) in [
        (ERASE_CONTACT, "How to reach you goes away here"),
        (ERASE, "What it says goes away here"),
    ] {
        let mut session = session();
        session.press(keys);
        assert!(session.shows(question), "{}", session.screen());
        assert!(session.shows("cannot be undone"), "{}", session.screen());
        // To keep it is what Enter alone does.
        session.press("<Enter>");
        assert_eq!(written(&session), []);
        session.press("<Esc><Esc>").press(keys).press("<Esc>");
        assert_eq!(written(&session), []);
        let document = session.node.documents[2].id;
        session.press("<Esc>").press(keys).press("<Down><Enter>");
        let expected = match keys {
            ERASE => Request::Erase { document },
            _ => Request::EraseDetails { document },
        };
        assert_eq!(written(&session), [expected]);
        assert!(session.shows("Other homes drop it"), "{}", session.screen());
        assert!(!session.shows("3-502"), "{}", session.screen());
    }
}

#[test]
fn a_refusal_to_erase_is_shown_and_nothing_is_lost() {
    let mut session = session();
    session.node.refuses = Some(fixtures::refusal("read-only", None));
    // Opening it marks it as read; that is not what is to be refused.
    session.node.documents[2].unread = false;
    session.node.comments.clear();
    session.press(ERASE).press("<Down><Enter>");
    assert!(
        session.shows("The node says read-only."),
        "{}",
        session.screen()
    );
    session.press("<Enter>");
    assert_eq!(written(&session).len(), 1);
}

#[test]
fn others_documents_are_not_the_readers_to_erase() {
    for keys in ["3<Down><Enter>a", "3<Down><Down><Enter>a", "2<Enter>a"] {
        let mut session = session();
        session.press(keys);
        assert!(session.shows("What I can do"), "{}", session.screen());
        assert!(!session.shows("Erase"), "{keys}:\n{}", session.screen());
        assert!(!session.shows("reach me"), "{keys}:\n{}", session.screen());
    }
    for keys in ["2<Down><Enter>a", "4<Enter>a"] {
        let mut session = session();
        session.press(keys);
        assert!(session.shows("Erase this document"), "{}", session.screen());
    }
}

#[test]
fn a_hostile_contact_commands_nothing() {
    let mut session = session();
    let request = session.node.documents[4].id;
    let detail = &mut session.node.details.get_mut(&request).expect("one")[0];
    let text = "call\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\rme\u{202e}now";
    detail.text = Some(Confidential::new(text.to_owned()));
    detail.by.name = "Mallory\u{1b}[2J\u{202e}".to_owned();
    detail.readers[0].name = "You\u{1b}c\u{2066}".to_owned();
    session.press("3<Down><Enter>");
    assert!(session.shows("call"), "{}", session.screen());
    let screen = session.screen();
    let obeyed = screen
        .chars()
        .find(|sign| sign.is_control() && *sign != '\n' || ['\u{202e}', '\u{2066}'].contains(sign));
    assert_eq!(obeyed, None, "{screen:?}");
}

#[test]
fn nothing_that_is_printed_to_find_faults_holds_a_contact() {
    let mut session = begun();
    session.wait(1_000);
    let printed = |session: &Session| format!("{:?}", session.app);
    assert!(printed(&session).contains("Borrow a drill"));
    assert!(!printed(&session).contains("502"));
    let tasks = session.app.update(Message::Key(
        ratatui::crossterm::event::KeyCode::F(5).into(),
    ));
    let then = answer_the_post(&mut session, tasks);
    let asks = |task: &Task| {
        matches!(
            task,
            Task::Ask {
                request: Request::PutDetails { .. },
                ..
            }
        )
    };
    assert!(then.iter().any(asks), "{then:?}");
    assert!(!format!("{then:?}").contains("502"), "{then:?}");
    let mut reading = self::session();
    for keys in ["3<Enter>", "a", "<Down><Down><Down><Enter>"] {
        reading.press(keys);
        assert!(!printed(&reading).contains("3-502"), "{keys}");
    }
    let details = reading.node.answer(Request::Details {
        document: reading.node.documents[2].id,
    });
    assert!(!format!("{details:?}").contains("3-502"));
    assert_eq!(reading.node.now_ms, NOW_MS);
}
