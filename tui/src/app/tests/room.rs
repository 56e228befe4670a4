//! What is said where there is little room, and what gives way first.

use std::path::PathBuf;

use protocol::api::Language;

use super::{Message, Session, settings};
use crate::host::HomeState;

const SMALLEST: (u16, u16) = (40, 15);
const FOUNDS: &str = "<Enter><Enter>梧桐里<Enter>林家<Enter><Enter><Down><Enter>";

/// The status line.
fn status(session: &mut Session) -> String {
    let screen = session.screen();
    let lines: Vec<&str> = screen.lines().collect();
    lines[lines.len() - 2].trim().to_owned()
}

/// The status line of a node that reaches so many and has so much unsent.
fn said(language: Language, columns: u16, peers: usize, unsent: u64) -> String {
    let mut session = Session::begin(language, (columns, 15));
    session.node.status.peers = peers.try_into().expect("a few");
    session.node.status.unsent = unsent;
    status(session.wait(5_000))
}

#[test]
fn what_is_unsent_is_the_last_thing_to_go_from_the_status_line() {
    use Language::{Chinese, English};
    for (language, columns, peers, unsent, expected) in [
        (Chinese, 40, 0, 1, "连不上 ∙ 1 条还没送出"),
        (English, 40, 0, 1, "offline ∙ 1 change unsent"),
        (English, 40, 2, 12, "2 neighbours in reach ∙ 12 unsent"),
        (Chinese, 40, 2, 0, "连着 2 家 ∙ 全部已送出"),
        (English, 40, 0, 0, "offline ∙ everything sent"),
        (
            English,
            80,
            0,
            0,
            "No neighbour in reach. What you write is saved and goes out later.",
        ),
        (
            English,
            80,
            0,
            3,
            "No neighbour in reach. What you write is saved and goes out later. ∙ 3 unsent",
        ),
    ] {
        assert_eq!(said(language, columns, peers, unsent), expected);
    }
}

#[test]
fn a_long_name_beside_the_status_leaves_what_is_unsent() {
    for (language, expected) in [
        (Language::Chinese, "连不上 ∙ 1 条未送"),
        (Language::English, "1 unsent "),
    ] {
        let mut session = Session::begin_on_stage(language, SMALLEST);
        session.app.stage.as_mut().expect("there is one").households[0] =
            "The Household with the Longest Name of All".to_owned();
        session.node.status.peers = 0;
        session.node.status.unsent = 1;
        let status = status(session.wait(5_000));
        assert!(status.starts_with(expected), "{status}");
    }
}

#[test]
fn a_terminal_that_is_too_small_says_whole_how_large_it_must_be() {
    for language in [Language::Chinese, Language::English] {
        for size in [(39, 15), (20, 4), (14, 6)] {
            let mut session = Session::begin(language, size);
            assert!(session.shows("40x15"), "{size:?}: {}", session.screen());
        }
    }
}

#[test]
fn no_recovery_word_is_passed_that_was_never_on_the_screen() {
    for language in [Language::Chinese, Language::English] {
        let mut session = Session::begin_with(settings(language), HomeState::Absent, SMALLEST);
        session.press(FOUNDS);
        let more = match language {
            Language::Chinese => "下面还有",
            Language::English => "more below",
        };
        assert!(session.shows("word1 "), "{}", session.screen());
        assert!(session.shows(more), "{}", session.screen());
        assert!(!session.shows("word24"), "{}", session.screen());
        // Enter shows the rest before it goes on.
        session.press("<Enter>");
        assert!(session.shows("word24"), "{}", session.screen());
        assert!(!session.shows(more), "{}", session.screen());
        session.press("<PageUp>");
        assert!(session.shows("word1 "), "{}", session.screen());
        session.press("<PageDown>");
        assert!(session.shows("word24"), "{}", session.screen());
        session.press("<PageUp><Enter>");
        assert!(!session.shows("word2 "), "{}", session.screen());
        assert!(!session.shows("word1 "), "it goes on: {}", session.screen());
    }
}

#[test]
fn a_fault_beside_the_front_end_is_told_with_its_file() {
    let file = PathBuf::from("/home/lin/.local/share/linli/faults.log");
    for (language, columns, file, expected) in [
        (
            Language::English,
            80,
            Some(&file),
            "A part of Linli failed: see /home/lin/.local/share/linli/faults.log",
        ),
        (
            Language::English,
            40,
            Some(&file),
            "A part of Linli failed: see faults.log",
        ),
        (
            Language::English,
            40,
            None,
            "A part of Linli failed: more at the end",
        ),
        (
            Language::Chinese,
            80,
            Some(&file),
            "后台出了错，详见 /home/lin/.local/share/linli/faults.log",
        ),
        (
            Language::Chinese,
            40,
            Some(&file),
            "后台出了错，详见 faults.log",
        ),
        (Language::Chinese, 40, None, "后台出了错，退出时会显示详情"),
    ] {
        let mut session = Session::begin(language, (columns, 15));
        session.send(Message::Fault {
            file: file.cloned(),
        });
        assert_eq!(status(&mut session), expected);
    }
}
