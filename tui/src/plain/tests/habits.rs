//! Habits that every page keeps.

use protocol::api::{Event, Language, Request};
use protocol::id::DocumentId;

use super::Dialogue;
use crate::app::Message;
use crate::app::tests::acting_for;
use crate::host::{HomeState, HostOrder};

fn dialogue() -> Dialogue {
    Dialogue::begin(Language::English)
}

/// Answers that lead to every page.
const PAGES: [&str; 23] = [
    "1",
    "2",
    "3",
    "4",
    "5",
    "5\ni",
    "5\n1",
    "5\n1\n1",
    "5\n1\n3",
    "5\nd",
    "9",
    "9\n1",
    "9\nn\n4",
    "6",
    "7",
    "8",
    "2\n1",
    "4\n1\nv",
    "3\nn",
    "3\nn\nx\n.\n.\n3",
    "4\n1\ne\n6",
    "3\n1\nc",
    "/梯",
];

#[test]
fn every_question_is_one_line_that_ends_as_a_question() {
    for language in [Language::Chinese, Language::English] {
        for answers in PAGES {
            let mut dialogue = Dialogue::begin(language);
            dialogue.answer(answers.split('\n'));
            let question = dialogue.plain.question().expect("something is asked");
            assert!(
                question.text.ends_with(['?', '？']) && !question.text.contains('\n'),
                "{answers:?}: {}",
                question.text
            );
        }
    }
}

#[test]
fn nothing_but_text_is_said_whatever_others_wrote() {
    for answers in ["1", "2", "3", "4", "2\n1", "3\n1", "/hostile"] {
        let mut dialogue = dialogue();
        for view in &mut dialogue.node.documents {
            view.author.name = "Mallory\u{1b}[2J\u{202e}".to_owned();
            for field in ["title", "body", "text"] {
                let text = "hostile\u{1b}]0;owned\u{7}\u{9b}31m\rline\u{202e}";
                view.fields.insert(field.to_owned(), text.into());
            }
        }
        dialogue
            .node
            .today
            .news
            .clone_from(&dialogue.node.documents);
        dialogue.answer(answers.split('\n'));
        assert!(dialogue.heard("hostile"), "{answers:?}");
        let text = dialogue.text();
        let obeyed = text
            .chars()
            .find(|sign| (sign.is_control() && *sign != '\n') || *sign == '\u{202e}');
        assert_eq!(obeyed, None, "{answers:?}: {text:?}");
    }
}

#[test]
fn b_backs_out_of_everything_and_q_leaves_from_everywhere() {
    for answers in PAGES {
        let mut dialogue = dialogue();
        dialogue.answer(answers.split('\n'));
        for _ in 0..6 {
            let question = dialogue.plain.question().expect("a question");
            let answer = match (question.is_text, question.text.contains("an empty line")) {
                (false, _) => "b",
                (true, true) => "",
                (true, false) => ".",
            };
            dialogue.answer([answer]);
        }
        assert!(dialogue.heard("This is where it begins"), "{answers:?}");
        assert!(!dialogue.has_ended, "{answers:?}");
        dialogue.answer(["q"]);
        assert!(dialogue.has_ended && dialogue.plain.question().is_none());
    }
}

#[test]
fn letters_are_text_where_text_is_asked_for() {
    let mut dialogue = dialogue();
    dialogue.answer(["n", "q", "b", "?", "0", ".", ".", "p"]);
    let posted = dialogue
        .node
        .written
        .iter()
        .find_map(|request| match request {
            Request::Post(draft) => Some(draft.fields.clone()),
            _ => None,
        });
    let fields = posted.expect("it was posted");
    assert_eq!(
        (&fields["title"], &fields["body"]),
        (&"q".into(), &"b\n?\n0".into())
    );
    assert!(dialogue.node.drafts.is_empty());
}

#[test]
fn what_comes_meanwhile_is_told_in_one_line_before_the_next_question() {
    let mut dialogue = dialogue();
    // The first page that is read tells what is known.
    dialogue.event(Event::Missed).answer([""]);
    let before = dialogue.text();
    let mut newer = dialogue.node.documents[3].clone();
    newer.id = DocumentId([0x90; 32]);
    newer.fields.insert("title".to_owned(), "Lost cat".into());
    dialogue.node.today.news.insert(0, newer.clone());
    dialogue.event(Event::Documents {
        documents: vec![newer.id],
    });
    assert_eq!(dialogue.text(), before, "nobody is interrupted");
    dialogue.answer(["2"]);
    let text = dialogue.text();
    let mut said = text.lines().rev();
    assert!(said.next().expect("the question").ends_with('?'));
    assert_eq!(
        said.next(),
        Some("New meanwhile: help request: Lost cat, by Grandma Wang (building 1).")
    );
    dialogue.event(Event::Missed).answer(["b"]);
    assert_eq!(dialogue.text().matches("New meanwhile").count(), 1);
}

#[test]
fn an_answer_that_comes_late_delays_the_question() {
    let mut dialogue = dialogue();
    let tasks = dialogue.plain.line("2");
    assert!(!tasks.is_empty());
    assert_eq!(dialogue.plain.question(), None);
    assert_eq!(dialogue.plain.line("typed ahead"), Vec::new());
    dialogue.carry_out(tasks);
    assert!(dialogue.plain.question().is_some());
}

#[test]
fn a_draft_survives_the_end_of_input_in_the_middle_of_a_text() {
    let mut first = dialogue();
    first.answer(["n", "Ladder", "Two lines of", "text"]).end();
    assert!(first.has_ended && first.heard("Your draft is kept"));
    let drafts = first.node.drafts.clone();
    assert_eq!(drafts[0].draft.fields["body"], "Two lines of\ntext");
    let mut again = dialogue();
    again.node.drafts = drafts;
    again.answer(["1", "4"]);
    assert!(again.heard("1. Title - Ladder"), "{}", again.text());
    // A hang-up comes as a message.
    let mut hung_up = dialogue();
    hung_up.answer(["3", "1", "c", "one line"]);
    let tasks = hung_up.plain.update(Message::HangUp);
    hung_up.carry_out(tasks);
    assert_eq!(hung_up.node.drafts.len(), 1);
}

#[test]
fn a_refusal_stands_at_its_field_and_nothing_is_lost() {
    let mut dialogue = dialogue();
    dialogue.answer(["n", "Ladder", ".", "."]);
    let refusal = crate::app::tests::fixtures::refusal("invalid", Some("title"));
    dialogue.node.refuses = Some(refusal);
    dialogue.answer(["p"]);
    assert!(
        dialogue.heard("1. Title - Ladder - ! The node says invalid."),
        "{}",
        dialogue.text()
    );
    dialogue.answer(["p"]);
    assert!(dialogue.heard("Published"), "{}", dialogue.text());
    let text = dialogue.text();
    let asked = text.lines().last().unwrap_or_default();
    assert!(!asked.contains("fill in"), "the form is closed: {asked}");
}

#[test]
fn a_phone_number_in_public_is_asked_about_once() {
    let mut dialogue = dialogue();
    dialogue.answer(["n", "Call 13812345678", ".", ".", "p"]);
    assert!(dialogue.heard("Phone number?"));
    let posted = |dialogue: &Dialogue| {
        let mut written = dialogue.node.written.iter();
        written.any(|request| matches!(request, Request::Post(_)))
    };
    assert!(!posted(&dialogue));
    dialogue.answer(["p"]);
    assert!(posted(&dialogue));
}

#[test]
fn without_a_node_pages_say_so_and_what_is_written_stays() {
    let mut dialogue = dialogue();
    dialogue.answer(["n", "Ladder", ".", "."]);
    dialogue.node.reachable = false;
    dialogue.answer(["p"]);
    assert!(dialogue.heard("does not answer"), "{}", dialogue.text());
    dialogue.node.reachable = true;
    dialogue.answer(["p"]);
    assert!(dialogue.heard("Published"), "{}", dialogue.text());
}

#[test]
fn long_lists_are_said_in_parts_and_come_back_to_where_they_were() {
    let mut dialogue = dialogue();
    let sample = dialogue.node.documents[1].clone();
    for number in 0..25_u8 {
        let mut view = sample.clone();
        view.id = DocumentId([0xa0 + number; 32]);
        let title = format!("Notice {number}");
        view.fields.insert("title".to_owned(), title.into());
        dialogue.node.documents.push(view);
    }
    dialogue.answer(["2"]);
    assert!(dialogue.heard("10 of 27 so far"), "{}", dialogue.text());
    dialogue.answer(["", ""]);
    assert!(dialogue.heard("27. Notice 24"), "{}", dialogue.text());
    dialogue.transcript.clear();
    dialogue.answer(["25", "b"]);
    assert!(dialogue.heard("21. Notice 18") && !dialogue.heard("1. Keys found"));
}

#[test]
fn who_was_accepted_confirms_the_time_once_also_when_others_were_accepted() {
    for state in ["matched", "double-booked", "in-progress"] {
        let mut dialogue = dialogue();
        let view = &mut dialogue.node.documents[4];
        view.state = Some(state.to_owned());
        let me = dialogue.node.status.member.clone().expect("a member");
        dialogue.answer(["3", "2"]);
        assert!(
            dialogue.heard("Confirm the time"),
            "{state}: {}",
            dialogue.text()
        );
        let offer = format!("{}.0", "33".repeat(32));
        let fact = serde_json::json!([{ "id": "88.0", "by": me, "time_ms": 0, "offer": offer }]);
        let fields = &mut dialogue.node.documents[4].fields;
        fields.insert("check_ins".to_owned(), fact);
        // As a node tells it then.
        fields.get_mut("offers").expect("offers")[0]["state"] = "under-way".into();
        dialogue.transcript.clear();
        dialogue.answer([""]);
        assert!(!dialogue.heard("Confirm the time"), "{state}");
        assert!(dialogue.heard("Say that it is done"), "{state}");
    }
}

#[test]
fn who_acknowledged_for_another_may_still_acknowledge_for_itself() {
    let offers_it = |household: Option<&str>| {
        let mut dialogue = dialogue();
        let me = dialogue.node.status.member.clone().expect("a member");
        let mut fact = serde_json::json!({ "id": "77.0", "by": me, "time_ms": 0, "way": "paper" });
        if let Some(household) = household {
            fact["household"] = household.into();
        }
        let fields = &mut dialogue.node.documents[0].fields;
        fields.insert("acknowledgements".to_owned(), serde_json::json!([fact]));
        dialogue.answer(["2", "1"]);
        dialogue.heard("Acknowledge: I have read it")
    };
    assert!(offers_it(Some(&"02".repeat(32))));
    assert!(!offers_it(Some(&"01".repeat(32))));
    assert!(!offers_it(None));
}

#[test]
fn what_a_household_without_a_device_acknowledged_is_noted_by_whoever_acts_for_it() {
    let mut dialogue = dialogue();
    acting_for::prepare(&mut dialogue.node);
    // The menu asks anew who one is.
    dialogue.answer(["1", "b", "2", "1", "w", "4", "5", "3", "1"]);
    for said in [
        "for 王奶奶 (building 3): please acknowledge",
        "3. 王奶奶 (building 3) - no device - acting for it: 林家 (building 3)",
        "8. 钱奶奶 (building 3) - by 陈家 (building 5), who acts for it",
        "acts for this household can note it: 陈家 (building 5), Grandma",
        "Nobody acts for this household yet.",
        "王奶奶 (building 3): how did they acknowledge it?",
        "Noted.",
    ] {
        assert!(dialogue.heard(said), "{said}:\n{}", dialogue.text());
    }
    let edits = dialogue.node.written.iter();
    let mut words = edits.filter_map(|request| match request {
        Request::Edit { fields, .. } => fields.get("acknowledgements"),
        _ => None,
    });
    let wang = serde_json::json!({ "way": "paper", "for_household": "b7".repeat(32) });
    assert_eq!(words.next(), Some(&wang));
    assert_eq!(words.next(), None);
}

#[test]
fn a_passphrase_is_asked_for_in_secret_and_never_said() {
    let mut dialogue = Dialogue::begin_in(Language::English, HomeState::Locked);
    assert!(
        dialogue
            .plain
            .question()
            .is_some_and(|question| question.is_secret)
    );
    dialogue.answer(["hunter2"]);
    assert!(!dialogue.heard("hunter2"));
    assert!(matches!(dialogue.node.ordered[0], HostOrder::Unlock(_)));
}

#[test]
fn who_is_told_no_names_is_asked_for_no_number() {
    let mut dialogue = dialogue();
    dialogue.node.acknowledged.named = false;
    dialogue.node.acknowledged.given.clear();
    dialogue.node.acknowledged.outstanding.clear();
    dialogue.answer(["2", "1", "w"]);
    let question = dialogue.plain.question().expect("something is asked");
    assert_eq!(question.text, "b for back?");
}

#[test]
fn the_menu_counts_what_today_shows() {
    let mut dialogue = dialogue();
    let today = &mut dialogue.node.today;
    // A document that waits for two reasons is one, and one that waits is not new beside that.
    let twice = today.waiting[0].clone();
    let waiting = today.waiting.len();
    today.news = vec![twice.document.clone()];
    today.news_total = 1;
    today.waiting.push(twice);
    dialogue.answer(["1", "b"]);
    let said = format!("1. Today - {waiting} waiting for you, 0 new");
    assert!(dialogue.heard(&said), "{said}:\n{}", dialogue.text());
}

#[test]
fn a_guest_is_told_why_it_writes_nothing() {
    let mut dialogue = dialogue();
    let me = dialogue.node.status.me.as_mut().expect("a member");
    (me.kind, me.creates) = ("guest".to_owned(), vec!["comment".to_owned()]);
    // The menu asks anew who one is.
    dialogue.answer(["1", "b", "3", "n"]);
    assert!(
        dialogue.heard("Guests read and comment."),
        "{}",
        dialogue.text()
    );
    assert!(!dialogue.heard("Title?"), "{}", dialogue.text());
}

#[test]
fn a_request_that_seems_to_stand_twice_names_the_number_that_closes_it() {
    for (language, said, act) in [
        (Language::Chinese, "选下面第 ", "关闭"),
        (Language::English, "Number ", "Close it"),
    ] {
        let mut dialogue = Dialogue::begin(language);
        let mut twin = dialogue.node.documents[2].clone();
        twin.id = DocumentId([0x99; 32]);
        twin.fields
            .insert("title".to_owned(), "周六借个梯子".into());
        dialogue.node.documents.push(twin.clone());
        dialogue.answer(["3", "1"]);
        let text = dialogue.text();
        let (_, rest) = text.split_once(said).unwrap_or_else(|| panic!("{text}"));
        let number = rest.split(' ').next().expect("a number");
        let named = text
            .lines()
            .find(|line| line.starts_with(&format!("{number}. ")));
        let last = text
            .lines()
            .rev()
            .find(|line| line.starts_with(&format!("{number}. ")));
        assert!(
            named.is_some() && last.is_some_and(|line| line.contains(act)),
            "{text}"
        );
        dialogue.answer([number]);
        let merged = dialogue.node.written.iter().any(|request| {
            matches!(request, Request::Edit { fields, .. } if fields.contains_key("merges"))
        });
        assert!(merged, "{}", dialogue.text());
    }
}
