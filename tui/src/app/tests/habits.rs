//! Habits that every screen keeps: tables of keys and what they come to.

use protocol::api::{Event, Language, Request};
use protocol::id::DocumentId;

use super::{Session, fixtures};
use crate::app::{Message, Task};
use crate::host::{HomeState, HostOrder, Protection, Way};

fn session() -> Session {
    Session::begin(Language::English, (80, 24))
}

#[test]
fn keys_lead_to_screens() {
    let cases = [
        ("1", "Waiting for you"),
        ("2", "Keys found by the gate"),
        ("3", "Fetch medicine"),
        ("4", "元宵灯会"),
        ("5", "Grandma Wang"),
        ("6", "3号楼中继"),
        ("7", "Large type"),
        ("/", "Look for"),
        ("?", "Keys of this place"),
        (":", "What would you like to do?"),
        ("<C-p>", "What would you like to do?"),
        ("3n", "New: help request"),
        ("3<Enter>", "周六上午"),
        ("3<Enter>v", "History"),
        ("3<Enter>c", "New: comment"),
        ("4<Enter>e", "Edit: festival plan"),
        ("5i<Enter>", "Give this text"),
        ("6n", "Add an address"),
        ("2<Enter>w", "2 of 4 households"),
        ("2<Enter>w<Enter>", ": how did they"),
        ("2<Enter>p", "Pages of A4"),
        ("3p<Enter>", "linli-requests-2026-02-14.pdf"),
        ("3t", "Help that your household gave"),
        ("1d", "The neighbourhood on Sat 14 Feb 2026"),
        ("1d<Left>", "The neighbourhood on Fri 13 Feb 2026"),
        ("2<Down><Enter>R", "New: notice"),
        (
            "7<Down><Down><Down><Down><Down><Enter>",
            "Numbers with commas",
        ),
        (":digest<Enter>", "The neighbourhood on Sat 14 Feb 2026"),
    ];
    for (keys, expected) in cases {
        let mut session = session();
        session.press(keys);
        assert!(
            session.shows(expected),
            "{keys} should show {expected:?}:\n{}",
            session.screen()
        );
    }
}

#[test]
fn a_guest_is_offered_only_what_the_node_takes() {
    let offered = |session: &mut Session| {
        let plans = session.node.documents.iter_mut();
        for plan in plans.filter(|view| view.kind == "plan") {
            plan.author = fixtures::named(3);
        }
        let mut offered = Vec::new();
        session.press("3n");
        offered.push(("a form", session.shows("New: help request")));
        session.press("<Esc>").press("3<Down><Down><Enter>a");
        offered.push(("to help", session.shows("Offer to help")));
        session.press("<Esc><Esc>").press("4<Enter>e");
        offered.push(("to edit", session.shows("Edit: festival plan")));
        offered
    };
    let mut session = session();
    assert_eq!(
        offered(&mut session),
        [("a form", true), ("to help", true), ("to edit", true)]
    );
    let mut session = self::session();
    let me = session.node.status.me.as_mut().expect("a member");
    (me.kind, me.creates) = ("guest".to_owned(), vec!["comment".to_owned()]);
    session.press("1").wait(6_000);
    assert_eq!(
        offered(&mut session),
        [("a form", false), ("to help", false), ("to edit", false)]
    );
    session.press("3n");
    assert!(
        session.shows("Guests read and comment."),
        "{}",
        session.screen()
    );
    session.press("<Enter>c");
    assert!(session.shows("New: comment"), "{}", session.screen());
}

#[test]
fn escape_backs_out_of_everything_and_never_leaves() {
    for keys in [
        "3<Enter>c",
        "3<Enter>v",
        "3n",
        "/",
        "?",
        ":",
        "5i",
        "6n",
        "4<Enter>e",
        "2<Enter>w<Enter>",
        "3p<Enter>",
        "3t",
        "1d",
    ] {
        let mut session = session();
        session.press(keys).press("<Esc><Esc><Esc><Esc>");
        assert!(session.shows("Today"), "{keys}:\n{}", session.screen());
        assert!(!session.others.contains(&Task::Quit), "{keys}");
    }
}

#[test]
fn q_leaves_where_nothing_is_written_and_is_text_where_something_is() {
    let mut reading = session();
    reading.press("3q");
    assert!(reading.others.contains(&Task::Quit));
    let mut writing = session();
    writing.press("3nq");
    assert!(!writing.others.contains(&Task::Quit));
    assert!(writing.shows("q"), "{}", writing.screen());
}

#[test]
fn no_shortcut_works_while_a_field_has_the_focus() {
    let mut session = session();
    session.press("3n");
    session.press("?:/u1L");
    assert!(session.shows("?:/u1L"), "{}", session.screen());
}

#[test]
fn the_language_changes_everywhere_at_once_and_is_kept() {
    let mut session = session();
    session.press("3L");
    assert!(session.shows("求助"), "{}", session.screen());
    let kept = session.node.written.iter().any(|request| {
        matches!(request, Request::PutSettings(settings) if settings.language == Language::Chinese)
    });
    assert!(kept);
}

#[test]
fn new_documents_never_move_the_selection() {
    let mut session = session();
    session.press("3<Down>");
    let before = session.screen();
    let selected = line_with(&before, "▸");
    let mut newer = session.node.documents[3].clone();
    for number in 0..3_u8 {
        newer.id = DocumentId([0x90 + number; 32]);
        newer
            .fields
            .insert("title".to_owned(), format!("Newer {number}").into());
        session.node.documents.insert(2, newer.clone());
    }
    let documents = vec![newer.id];
    session.event(Event::Documents { documents });
    let after = session.screen();
    assert_eq!(line_with(&after, "▸"), selected, "{after}");
}

fn line_with(screen: &str, mark: &str) -> String {
    let mut lines = screen.lines();
    let line = lines.find(|line| line.contains(mark)).unwrap_or_default();
    line.split_whitespace()
        .take(3)
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn a_request_is_published_and_its_draft_is_gone() {
    let mut session = session();
    session.press("3nWho has a drill?").wait(1_000);
    assert_eq!(session.node.drafts.len(), 1, "a pause saves the draft");
    session.press("<F5>");
    let posted = session
        .node
        .written
        .iter()
        .find_map(|request| match request {
            Request::Post(draft) => Some(draft.clone()),
            _ => None,
        });
    let posted = posted.expect("it was posted");
    assert_eq!(posted.kind, "request");
    assert_eq!(posted.fields["title"], "Who has a drill?");
    assert!(session.node.drafts.is_empty());
    assert!(session.shows("Published"), "{}", session.screen());
}

#[test]
fn a_draft_survives_leaving_hanging_up_and_coming_back() {
    let mut left = session();
    left.press("3nLadder<Esc>1");
    assert!(left.shows("Begun and not published"), "{}", left.screen());
    let mut hung_up = session();
    hung_up.press("3nLadder").send(Message::HangUp);
    assert_eq!(hung_up.node.drafts.len(), 1);
    let mut again = session();
    again.node.drafts.clone_from(&hung_up.node.drafts);
    again.press("1").press("<End><Enter>");
    // The draft stands behind what waits and before what is new.
    again.press("<Esc>1<Home><Down><Down><Down><Enter>");
    assert!(again.shows("Ladder"), "{}", again.screen());
}

#[test]
fn a_phone_number_in_public_is_asked_about_once() {
    let mut session = session();
    session.press("3nCall 13812345678<F5>");
    let posted = |session: &Session| {
        let mut written = session.node.written.iter();
        written.any(|request| matches!(request, Request::Post(_)))
    };
    assert!(!posted(&session));
    assert!(session.shows("Phone number?"), "{}", session.screen());
    session.press("<F5>");
    assert!(posted(&session));
}

#[test]
fn a_refusal_stands_at_its_field_and_nothing_is_lost() {
    let mut session = session();
    session.press("3nLadder");
    session.node.refuses = Some(super::fixtures::refusal("invalid", Some("title")));
    session.press("<F5>");
    assert!(
        session.shows("The node says invalid."),
        "{}",
        session.screen()
    );
    assert!(session.shows("Ladder"));
}

#[test]
fn without_a_node_the_screens_say_so_and_keep_what_is_written() {
    let mut session = session();
    session.press("3nLadder");
    session.node.reachable = false;
    session.press("<F5>");
    assert!(session.shows("does not answer"), "{}", session.screen());
    assert!(session.shows("Ladder"));
    session.node.reachable = true;
    session
        .send(Message::Reachable(false))
        .send(Message::Reachable(true));
    session.press("<F5>");
    assert!(session.shows("Published"), "{}", session.screen());
}

#[test]
fn an_offer_is_accepted_by_who_asked() {
    let mut session = session();
    session.press("3");
    session.press("<Enter>a");
    assert!(session.shows("Accept 陈家"), "{}", session.screen());
    session.press("<Enter>");
    let edit = session
        .node
        .written
        .iter()
        .find_map(|request| match request {
            Request::Edit { fields, .. } => Some(fields.clone()),
            _ => None,
        });
    let fields = edit.expect("it was written");
    assert!(
        fields["acceptances"]["offer"]
            .as_str()
            .is_some_and(|offer| offer.starts_with("31"))
    );
}

#[test]
fn opening_a_document_marks_it_as_read() {
    let mut session = session();
    session.press("3<Enter>");
    let marked = session.node.written.iter().any(|request| {
        matches!(request, Request::MarkRead { documents, .. } if documents[0] == DocumentId([0x21; 32]))
    });
    assert!(marked);
}

#[test]
fn an_urgent_notice_interrupts_once_wherever_one_is() {
    for keys in ["1", "3", "3<Enter>", "3n", "1<Enter>", "/", "7"] {
        let mut session = session();
        session.press(keys);
        let bells = |session: &Session| {
            let bells = session.others.iter().filter(|task| **task == Task::Bell);
            bells.count()
        };
        assert_eq!(
            bells(&session),
            0,
            "{keys}: what was there before is no news"
        );
        let mut notice = session.node.documents[0].clone();
        notice.id = DocumentId([0x66; 32]);
        notice.unread = true;
        notice.fields.insert("title".into(), "Gas leak".into());
        session.node.documents.insert(0, notice);
        session.event(Event::Missed);
        assert_eq!(bells(&session), 1, "{keys}");
        assert!(session.shows("Urgent: Gas leak"), "{}", session.screen());
        session.event(Event::Missed).press("<Esc><Esc>1231");
        session.event(Event::Documents { documents: vec![] });
        assert_eq!(bells(&session), 1, "{keys}: it rings once");
    }
}

#[test]
fn what_is_not_urgent_never_rings() {
    let mut session = session();
    for (level, number) in [("ordinary", 0x67), ("important", 0x68)] {
        let mut notice = session.node.documents[0].clone();
        notice.id = DocumentId([number; 32]);
        notice.fields.insert("level".into(), level.into());
        session.node.documents.insert(0, notice);
        session.event(Event::Missed);
    }
    assert!(!session.others.contains(&Task::Bell));
}

#[test]
fn the_first_run_founds_a_neighbourhood_and_can_go_back() {
    let settings = super::settings(Language::English);
    let mut session = Session::begin_with(settings, HomeState::Absent, (80, 24));
    session.press("<Enter><Enter>Plane Tree Lane<Enter>");
    // One step back, and the same way again.
    session.press("<Esc><Enter>");
    session.press("The Lins<Enter>3<Enter><Enter>secret<Enter>secret<Enter>");
    assert!(session.shows("word24"), "{}", session.screen());
    assert!(
        !session
            .node
            .ordered
            .iter()
            .any(|order| matches!(order, HostOrder::Make(_)))
    );
    session.press("<Enter>wrong<Enter>wrong<Enter>");
    assert!(session.shows("is another one"), "{}", session.screen());
    let [first, second] = asked(&mut session);
    session
        .press("<C-u>")
        .press(&first)
        .press("<Down><C-u>")
        .press(&second);
    session.press("<Enter>");
    let made = session.node.ordered.iter().find_map(|order| match order {
        HostOrder::Make(home) => Some(home.clone()),
        _ => None,
    });
    let made = made.unwrap_or_else(|| panic!("it was made:\n{}", session.screen()));
    assert_eq!(
        made.way,
        Way::Found {
            neighbourhood: "Plane Tree Lane".to_owned()
        }
    );
    assert_eq!(made.household, "The Lins");
    assert_eq!(made.building.as_deref(), Some("3"));
    assert!(matches!(made.protection, Protection::Passphrase(_)));
    assert!(session.shows("Waiting for you"), "{}", session.screen());
}

/// The two words that the screen asks for.
fn asked(session: &mut Session) -> [String; 2] {
    let screen = session.screen();
    let numbers: Vec<String> = screen
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Word "))
        .filter_map(|rest| rest.split_whitespace().next())
        .filter(|number| number.parse::<u8>().is_ok())
        .map(|number| format!("word{number}"))
        .collect();
    numbers[..2].to_vec().try_into().expect("two words")
}

#[test]
fn a_wrong_passphrase_says_so_and_the_right_one_opens() {
    let settings = super::settings(Language::English);
    let mut session = Session::begin_with(settings, HomeState::Locked, (80, 24));
    session.press("wrong<Enter>");
    assert!(
        session.shows("The node says keystore."),
        "{}",
        session.screen()
    );
    assert!(!session.shows("wrong"), "a passphrase is never shown");
    session.press("right<Enter>");
    assert!(session.shows("Waiting for you"), "{}", session.screen());
}

#[test]
fn collaborative_text_takes_in_what_others_write_and_the_cursor_stays() {
    let mut session = session();
    session.press("4<Enter>e<Tab><Tab><Tab><Tab><Tab>");
    session.press("<End> mine");
    let plan = session
        .node
        .documents
        .iter_mut()
        .find(|view| view.kind == "plan");
    let plan = plan.expect("there is a plan");
    let text = plan.fields["text"]
        .as_str()
        .expect("it has a text")
        .to_owned();
    plan.fields
        .insert("text".to_owned(), format!("{text}\ntheirs").into());
    let documents = vec![plan.id];
    session.event(Event::Documents { documents });
    session.press("!");
    assert!(session.shows("mine!"), "{}", session.screen());
    session.press("<F5>");
    let edit = session
        .node
        .written
        .iter()
        .rev()
        .find_map(|request| match request {
            Request::Edit { fields, base, .. } => Some((fields.clone(), base.clone())),
            _ => None,
        });
    let (fields, base) = edit.expect("it was saved");
    let saved = fields["text"].as_str().expect("text");
    assert!(
        saved.contains("mine!") && saved.contains("theirs"),
        "{saved}"
    );
    assert!(!base.is_empty());
}

#[test]
fn what_others_write_while_an_answer_is_awaited_is_taken_in_as_well() {
    let mut session = session();
    session.press("4<Enter>e");
    let add = |session: &mut Session, text: &str| {
        let plans = session.node.documents.iter_mut();
        let mut plans = plans.filter(|view| view.kind == "plan");
        let plan = plans.next().expect("there is a plan");
        let stands = plan.fields["text"].as_str().expect("it has a text");
        let longer = format!("{text}\n{stands}");
        plan.fields.insert("text".to_owned(), longer.into());
        let documents = vec![plan.id];
        Event::Documents { documents }
    };
    let first = add(&mut session, "The first");
    let asked = session.app.update(Message::Event(first));
    let mut answers = Vec::new();
    for task in asked {
        if let Task::Ask { ticket, request } = task {
            let outcome = session.node.answer(request);
            answers.push(Message::Answered { ticket, outcome });
        }
    }
    // Written after the answer was given, and told before it has come.
    let second = add(&mut session, "The second");
    session.event(second);
    for answer in answers {
        session.send(answer);
    }
    assert!(session.shows("The first"), "{}", session.screen());
    assert!(session.shows("The second"), "{}", session.screen());
}
