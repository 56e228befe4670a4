//! The reader: what a page says and how, and where it stands after one has written.

use protocol::api::{Language, Waiting, WaitingReason};
use serde_json::{Value, json};

use super::{NOW_MS, Session, fixtures};

const MARKED_UP: &str = "# What is missing\n\n- **Two** for the pots\n- [x] A *long* table, `3 m`\n\n> Mind the [timetable](http://a.example/b).\n\n1. Soup\n2. Cake\n\n---\n\nend";

#[test]
fn marked_up_text_is_read_without_its_signs() {
    let mut session = Session::begin(Language::English, (80, 40));
    let mut documents = session.node.documents.iter_mut();
    let view = documents.find(|view| view.kind == "plan").expect("one");
    view.fields.insert("text".to_owned(), MARKED_UP.into());
    session.press("4<Enter>");
    let screen = session.screen();
    for line in [
        "What is missing",
        "- Two for the pots",
        "- [x] A long table, 3 m",
        "> Mind the timetable (http://a.example/b).",
        "1. Soup",
        "2. Cake",
        "------",
        "end",
    ] {
        let is_there = screen.lines().any(|shown| shown.trim().starts_with(line));
        assert!(is_there, "{line}\n{screen}");
    }
    for sign in ["# ", "**", "*long", "`", "]("] {
        assert!(!screen.contains(sign), "{sign}\n{screen}");
    }
}

#[test]
fn the_editor_keeps_the_signs() {
    let mut session = Session::begin(Language::English, (80, 40));
    session.press("4<Enter>e<Tab><Tab><Tab><Tab><Tab>");
    assert!(session.shows("# 节目"), "{}", session.screen());
}

#[test]
fn that_there_is_more_is_said_whole_beside_what_it_covers() {
    for before in ["", "a"] {
        let mut session = Session::begin(Language::Chinese, (40, 15));
        let body = format!("{before}{}", "中文没有空格".repeat(80));
        session.node.documents[2]
            .fields
            .insert("body".to_owned(), body.into());
        session.press("3<Enter>");
        let screen = session.screen();
        let is_apart = |line: &str| line.trim_end().ends_with(" 下面还有");
        assert!(screen.lines().any(is_apart), "{screen}");
    }
}

#[test]
fn a_setting_shows_its_value_whole_however_long_its_name_is() {
    for language in [Language::English, Language::Chinese] {
        let mut session = Session::begin(language, (40, 15));
        session.press("7");
        let screen = session.screen();
        assert_eq!(screen.matches('<').count(), 5, "{screen}");
        assert_eq!(screen.matches(" >").count(), 5, "{screen}");
    }
}

#[test]
fn what_was_not_marked_up_stays_as_it_was_written() {
    for (keys, kind) in [("2<Enter>", "notice"), ("3<Enter>", "request")] {
        let mut session = Session::begin(Language::English, (80, 24));
        let mut documents = session.node.documents.iter_mut();
        let view = documents.find(|view| view.kind == kind).expect("one");
        let text = "# not a heading, *2* and [x](y)";
        view.fields.insert("body".to_owned(), text.into());
        session.press(keys);
        assert!(session.shows(text), "{kind}:\n{}", session.screen());
    }
}

/// Fills the page of the first request with comments, some by clocks that are ahead.
fn with_comments(session: &mut Session, ahead_ms: i64) {
    let mut comment = session.node.comments[1].clone();
    for number in 0..12_u8 {
        comment.id.0[0] = 0xA0 + number;
        comment.created_ms = NOW_MS + if number < 6 { -1_000 } else { ahead_ms };
        let body =
            format!("Said {number}, at some length, so that the page is a long one. ").repeat(3);
        comment.fields.insert("body".to_owned(), body.into());
        session.node.comments.push(comment.clone());
    }
}

#[test]
fn ones_own_new_comment_is_on_screen_wherever_it_stands() {
    for ahead_ms in [-500, 60_000] {
        for size in [(40, 15), (80, 24)] {
            let mut session = Session::begin(Language::English, size);
            with_comments(&mut session, ahead_ms);
            session.press("3<Enter>").screen();
            session.press("cTomorrow is fine<F5>");
            assert!(session.shows("Tomorrow is fine"), "{}", session.screen());
        }
    }
}

#[test]
fn a_comment_longer_than_the_screen_is_shown_from_its_beginning() {
    let mut session = Session::begin(Language::English, (40, 15));
    with_comments(&mut session, 60_000);
    session.press("3<Enter>").screen();
    let long = "and so on ".repeat(60);
    session.press(&format!("cBegins here {long}<F5>"));
    assert!(session.shows("Begins here"), "{}", session.screen());
}

/// Nobody reads 64 digits; a household is called by its name.
fn shows_no_identity(session: &mut Session) {
    let screen = session.screen();
    let longest = screen
        .split(|sign: char| !sign.is_ascii_hexdigit())
        .map(str::len)
        .max();
    assert!(longest.unwrap_or(0) <= 8, "{screen}");
}

#[test]
fn an_acknowledgement_for_another_household_says_whose() {
    let digits = |byte: u8| format!("{byte:02x}").repeat(32);
    for (household, shown) in [
        (digits(3), "Grandma Wang (building 1)"),
        (digits(0x9a), "household 9a9a9a9a"),
    ] {
        let mut session = Session::begin(Language::English, (80, 40));
        let notice = &mut session.node.documents[0];
        notice.fields.insert(
            "acknowledgements".to_owned(),
            json!([{ "id": format!("{}.0", digits(0x61)), "by": { "id": digits(1), "name": "林家" },
                "time_ms": NOW_MS - 60_000, "way": "proxy", "household": household }]),
        );
        notice
            .fields
            .insert("a_later_field".to_owned(), digits(0x77).into());
        notice.conflicts.insert(
            format!("acknowledgements.{}.0.household", digits(0x61)),
            vec![digits(3).into(), digits(0x9b).into()],
        );
        session.press("2<Enter>");
        assert!(session.shows(shown), "{}", session.screen());
        assert!(session.shows("household 9b9b9b9b"), "{}", session.screen());
        shows_no_identity(&mut session);
    }
}

#[test]
fn a_notice_says_in_which_capacity_it_speaks() {
    let mut session = Session::begin(Language::English, (80, 24));
    session.press("2<Enter>");
    assert!(
        session.shows("as spokesperson of 梧桐里物业"),
        "{}",
        session.screen()
    );
}

#[test]
fn history_names_households_too() {
    let digits = |byte: u8| format!("{byte:02x}").repeat(32);
    let mut session = Session::begin(Language::English, (80, 40));
    let mut history = super::fixtures::history(session.node.documents[0].id);
    let mut added: protocol::api::ChangeView = history.changes[0].clone();
    added.facts = vec![
        serde_json::from_value(json!({ "id": format!("{}.0", digits(0x61)), "list": "acknowledgements",
            "fields": { "household": digits(3), "way": "proxy", "correction": format!("{}.3", digits(0x71)) } }))
        .expect("a fact"),
    ];
    history.changes.insert(0, added);
    session.node.history = Some(history);
    session.press("2<Enter>v");
    assert!(session.shows("Grandma Wang"), "{}", session.screen());
    shows_no_identity(&mut session);
}

#[test]
fn today_lists_a_document_once_with_its_most_important_reason_first() {
    let mut session = Session::begin(Language::English, (80, 40));
    let notice = session.node.documents[0].clone();
    let waiting = |why| Waiting {
        document: notice.clone(),
        why,
        until_ms: None,
        for_household: None,
    };
    session.node.today.waiting = vec![
        waiting(WaitingReason::UrgentNotice),
        waiting(WaitingReason::Acknowledge),
    ];
    session.node.today.news.push(notice.clone());
    session.press("1");
    let screen = session.screen();
    assert_eq!(screen.matches("今晚停水").count(), 1, "{screen}");
    let urgent = screen.find("urgent: please read now").expect("a reason");
    let acknowledge = screen.find("please acknowledge").expect("the other");
    assert!(urgent < acknowledge, "{screen}");
}

#[test]
fn a_correction_shows_the_capacity_of_its_notice_and_an_acknowledgement_does_not() {
    let mut session = Session::begin(Language::English, (100, 40));
    let notice = &mut session.node.documents[0];
    let by = |byte| fixtures::member(byte);
    let fact = |byte: u8, by: Value, rest: Value| {
        let mut fact = json!({ "id": format!("{}.0", fixtures::id(byte)), "by": by,
            "time_ms": NOW_MS });
        let rest = rest.as_object().expect("an object").clone();
        fact.as_object_mut().expect("an object").extend(rest);
        fact
    };
    let corrections = json!([fact(
        0x71,
        by(4),
        json!({ "body": "Until 7", "material": true })
    )]);
    let seen = json!([fact(0x72, by(4), json!({ "way": "self" }))]);
    notice.fields.insert("corrections".to_owned(), corrections);
    notice.fields.insert("acknowledgements".to_owned(), seen);
    session.press("2<Enter>");
    let lines = session.screen();
    let of_office = "梧桐里物业 as spokesperson of 梧桐里物业";
    let corrected = lines.lines().find(|line| line.contains("Until 7"));
    assert!(
        corrected.is_some_and(|line| line.contains(of_office)),
        "{lines}"
    );
    let said = lines.matches(of_office).count();
    assert_eq!(said, 2, "the notice and its correction:\n{lines}");
}

#[test]
fn what_was_read_before_begins_below_the_last_unread() {
    let line = "read before";
    let shown = |unread: &[bool]| {
        let mut session = Session::begin(Language::English, (80, 40));
        session.node.today.waiting.clear();
        let like = session.node.documents[2].clone();
        session.node.documents.clear();
        for (place, unread) in (1_u8..).zip(unread) {
            let mut view = like.clone();
            view.id.0[0] = place;
            view.fields
                .insert("title".to_owned(), json!(format!("Request {place}.")));
            // What one wrote oneself is never unread.
            (view.unread, view.mine) = (*unread, !*unread);
            session.node.documents.push(view);
        }
        session.press("3");
        let screen = session.screen();
        let found = screen.lines().filter_map(|shown| {
            let number = shown
                .split_once("Request ")
                .map(|(_, rest)| rest[..1].to_owned());
            number.or_else(|| shown.contains(line).then(|| "-".to_owned()))
        });
        found.collect::<String>()
    };
    assert_eq!(shown(&[true, false, true, false, false]), "123-45");
    assert_eq!(shown(&[false, true, false]), "12-3");
    assert_eq!(shown(&[false, false]), "12", "nothing is unread");
    assert_eq!(shown(&[true, true]), "12", "all is unread");
}
