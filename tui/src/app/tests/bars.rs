//! The bars around every screen: which main screens there are, and who one is.

use protocol::api::Language;

use super::Session;
use crate::screen::MAIN;
use crate::words::Words;

/// The documents of a kind are unread so many times.
fn with_unread(session: &mut Session, count: usize) {
    for kind in ["notice", "request", "plan"] {
        let mut of_kind = session.node.documents.iter();
        let mut one = of_kind
            .rfind(|view| view.kind == kind)
            .expect("one of each kind")
            .clone();
        session.node.documents.retain(|view| view.kind != kind);
        one.unread = true;
        for number in 0..count {
            one.id.0[..2].copy_from_slice(&u16::try_from(number).expect("few").to_be_bytes());
            session.node.documents.push(one.clone());
        }
    }
}

#[test]
fn every_main_screen_stands_in_the_bar_and_no_name_is_cut() {
    for language in [Language::Chinese, Language::English] {
        let words = Words::new(language);
        for (columns, unread) in [(40, 1), (40, 999), (80, 1), (80, 12), (80, 999), (120, 12)] {
            for (open, main) in MAIN.iter().enumerate() {
                let mut session = Session::begin(language, (columns, 24));
                with_unread(&mut session, unread);
                session.press(&(open + 1).to_string()).wait(6_000);
                let screen = session.screen();
                let bar = screen.lines().next().unwrap_or_default();
                let name = words.text(main.title);
                let label = format!("{} {name}", open + 1);
                assert!(bar.contains(&label), "{columns}: {label:?} in {bar:?}");
                for number in 1..=MAIN.len() {
                    let stands = bar.contains(&format!(" {number}"));
                    assert!(stands, "{columns}: {number} in {bar:?}");
                }
                let names: Vec<String> = MAIN.iter().map(|main| words.text(main.title)).collect();
                let cut = bar
                    .split(|sign: char| !sign.is_alphabetic())
                    .filter(|word| !word.is_empty() && !["梧桐里", "林家"].contains(word))
                    .find(|word| !names.iter().any(|name| name == word));
                assert_eq!(cut, None, "{columns}: {bar:?}");
            }
        }
    }
}

#[test]
fn every_name_stands_in_the_bar_at_80_columns_whatever_is_unread() {
    for language in [Language::Chinese, Language::English] {
        let words = Words::new(language);
        for unread in [0, 1, 12, 99, 999] {
            for open in 1..=MAIN.len() {
                let mut session = Session::begin(language, (80, 24));
                with_unread(&mut session, unread);
                session.press(&open.to_string()).wait(6_000);
                let screen = session.screen();
                let bar = screen.lines().next().unwrap_or_default();
                for (index, main) in MAIN.iter().enumerate() {
                    let label = format!("{} {}", index + 1, words.text(main.title));
                    assert!(bar.contains(&label), "{unread}: {label:?} in {bar:?}");
                    let unread_here = main.kind.is_some() && unread > 0;
                    let marked = [format!("{label}("), format!("{label}◉")];
                    let is_marked = marked.iter().any(|marked| bar.contains(marked));
                    assert_eq!(is_marked, unread_here, "{unread}: {label:?} in {bar:?}");
                }
            }
        }
    }
}

#[test]
fn the_demonstration_always_says_as_whom_one_acts() {
    for size in [(40, 15), (80, 24), (120, 40)] {
        for (language, acting) in [(Language::Chinese, "您是"), (Language::English, "You are")] {
            for keys in ["1", "3", "3<Enter>", "3n", "7", "3?", ":"] {
                let mut session = Session::begin_on_stage(language, size);
                session.press(keys);
                let says = |household: &str, session: &mut Session| {
                    let wanted = format!("{acting}{household}");
                    assert!(session.shows(&wanted), "{wanted}:\n{}", session.screen());
                };
                says("林家", &mut session);
                session.press("<F2>");
                says("Grandma Wang", &mut session);
            }
            // A remark does not hide it.
            let mut session = Session::begin_on_stage(language, size);
            session.press("1u");
            assert!(session.shows(&format!("{acting}林家")));
        }
    }
}

#[test]
fn outside_the_demonstration_nobody_acts_as_anybody() {
    let mut session = Session::begin(Language::English, (80, 24));
    session.press("1");
    assert!(!session.shows("You are"), "{}", session.screen());
}

#[test]
fn what_was_said_to_one_household_is_not_said_to_the_next() {
    let mut session = Session::begin_on_stage(Language::English, (80, 24));
    session.press("3nLadder<F5>");
    assert!(session.shows("Published"), "{}", session.screen());
    session.press("<F2>");
    assert!(!session.shows("Published"), "{}", session.screen());
}
