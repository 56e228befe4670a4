//! What a screen tells about itself: only hints that work, what a list is narrowed to, and under
//! which name something begun is listed.

use protocol::api::{BegunDraft, Language, SavedDraft};
use serde_json::json;

use super::{NOW_MS, Session, fixtures, settings};
use crate::host::HomeState;

fn session() -> Session {
    Session::begin(Language::English, (120, 30))
}

fn hints(session: &mut Session) -> String {
    let screen = session.screen();
    screen.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn only_what_works_is_hinted() {
    let cases = [
        // A notice of somebody else's, that asks to be acknowledged.
        ("2<Enter>", "w who acknowledged", "e edit"),
        // One's own, that does not.
        ("2<Down><Enter>", "e edit", "w who acknowledged"),
        ("3<Down><Down><Enter>", "c comment", "e edit"),
        ("3<Down><Down><Enter>", "c comment", "R renew"),
        ("3<Enter>", "R renew", "w who acknowledged"),
        ("3<Down><Down>", "n new", "R renew"),
        // Everybody may write a plan's text.
        ("4<Enter>", "e edit", "R renew"),
    ];
    for (keys, hinted, not_hinted) in cases {
        let mut session = session();
        session.press(keys);
        let hints = hints(&mut session);
        assert!(hints.contains(hinted), "{keys}: {hints}");
        assert!(!hints.contains(not_hinted), "{keys}: {hints}");
    }
}

#[test]
fn what_a_list_is_narrowed_to_stays_in_sight() {
    for (keys, wanted) in [
        ("2f", "Only: unread"),
        ("2ff", "Only: mine"),
        ("2fff", "Also what is over"),
    ] {
        let mut session = session();
        session.press(keys).wait(10_000);
        let screen = session.screen();
        let second = screen.lines().nth(1).unwrap_or_default();
        assert!(second.contains(wanted), "{keys}:\n{screen}");
    }
    let mut session = session();
    session.press("3f<Up><Up><Up><Home><PageUp>");
    // The row above the first document is never selected.
    let screen = session.screen();
    let selected = screen.lines().position(|line| line.contains('▸'));
    assert!(selected.is_some_and(|row| row > 1), "{screen}");
    session.press("ff").press("f").wait(10_000);
    assert!(!session.shows("Only:"), "{}", session.screen());
    assert!(!session.shows("Also what is over"));
    let mut empty = self::session();
    for view in &mut empty.node.documents {
        view.unread = false;
    }
    empty.press("4f").wait(10_000);
    assert!(empty.shows("Only: unread"), "{}", empty.screen());
    assert!(empty.shows("You have read everything"));
}

#[test]
fn a_begun_edit_is_listed_under_the_title_of_what_it_edits() {
    let mut session = session();
    let plan = session.node.documents.last().expect("a plan").id;
    let fields = json!({ "text": "安排\n\n- 合唱" });
    session.node.drafts.push(SavedDraft {
        id: format!("edit-{plan}"),
        changed_ms: NOW_MS,
        draft: BegunDraft {
            kind: "plan".to_owned(),
            about: None,
            document: Some(plan),
            fields: serde_json::from_value(fields).expect("fields"),
            base: Vec::new(),
        },
    });
    session.press("1");
    assert!(session.shows("元宵灯会"), "{}", session.screen());
    assert!(!session.shows("安排"), "{}", session.screen());
}

#[test]
fn the_ends_of_the_settings_are_reached_by_the_keys_of_every_list() {
    for (keys, selected) in [
        ("7<End>", "Move out"),
        ("7G", "Move out"),
        ("7G<Home>", "Language"),
        ("7Gg", "Language"),
        ("7<Down><Home><Down>", "Colours"),
    ] {
        let mut session = Session::begin(Language::English, (80, 24));
        session.press(keys);
        let screen = session.screen();
        let line = screen.lines().find(|line| line.contains('▸'));
        assert!(
            line.is_some_and(|line| line.contains(selected)),
            "{keys}:\n{screen}"
        );
    }
}

#[test]
fn no_explanation_of_a_setting_is_cut_on_a_usual_terminal() {
    for language in [Language::English, Language::Chinese] {
        let mut session = Session::begin(language, (80, 24));
        session.press("7");
        let screen = session.screen();
        assert!(!screen.lines().any(|line| line.ends_with('…')), "{screen}");
    }
}

#[test]
fn the_first_run_hints_how_to_choose_and_cuts_nothing() {
    let mut session = Session::begin_with(settings(Language::English), HomeState::Absent, (40, 15));
    let hinted = hints(&mut session);
    for hint in ["Enter choose", "↑ up", "↓ down", "Esc back"] {
        assert!(hinted.contains(hint), "{hinted}");
    }
    session.press("<Enter><Enter>Plane Tree Lane<Enter>The Lins<Enter><Enter>");
    assert!(
        session.shows("By a key file on this machine"),
        "{}",
        session.screen()
    );
}

#[test]
fn moderation_and_standing_offers_say_what_they_are() {
    for (keys, title) in [
        ("28", "Agreement and moderation"),
        ("29", "Standing offers"),
    ] {
        let mut session = Session::begin(Language::English, (80, 24));
        session.press(keys);
        let screen = session.screen();
        let first = screen.lines().next().unwrap_or_default();
        assert_eq!(first, format!(" {title}"), "{screen}");
    }
    let mut session = Session::begin(Language::English, (40, 15));
    session.node.moderations = (0..9).map(|_| fixtures::moderation("hidden")).collect();
    session.press("8");
    assert!(session.shows("more below"), "{}", session.screen());
    session.press("<PageDown><PageDown>");
    let screen = session.screen();
    assert!(!screen.contains("and moderation\n Agreement"), "{screen}");
}
