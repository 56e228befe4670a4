//! Every screen at three sizes, in both languages; in large type with plain signs; and in two themes
//! for its styles.

use insta::assert_snapshot;
use protocol::api::{Language, Settings, Theme};

use super::{Session, looks, settings};
use crate::host::HomeState;

/// The narrowest, the usual and a large terminal.
const SIZES: [(u16, u16); 3] = [(40, 15), (80, 24), (120, 40)];

/// Screens by the keys that lead there.
pub const SCREENS: [(&str, &str); 51] = [
    ("today", "1"),
    ("notices", "2"),
    ("requests", "3"),
    ("plans", "4"),
    ("people", "5"),
    ("network", "6"),
    ("settings", "7"),
    ("reader-notice", "2<Enter>"),
    ("reader-request", "3<Enter>"),
    ("reader-plan", "4<Enter>"),
    ("reader-erased", "3f<Down><Down><Down><Enter>"),
    ("acts", "3<Enter>a"),
    ("history", "4<Enter>v"),
    ("composer-request", "3n"),
    ("composer-notice", "2n<Tab><Tab>"),
    ("composer-plan", "4<Enter>e<Tab><Tab><Tab><Tab><Tab>"),
    ("search", "/梯"),
    ("palette", ":"),
    ("help", "3?"),
    ("invitation", "5i<Enter>"),
    ("choose-invitation", "5i"),
    ("ask-address", "6n"),
    ("composer-comment", "3<Enter>c"),
    ("composer-offer", "3<Down><Down><Enter>a<Enter>"),
    ("history-request", "3<Enter>v"),
    ("composer-contact", "3n<BackTab><BackTab>"),
    ("reader-contact", "3<Down><Enter>"),
    (
        "acts-erase",
        "3<Enter>a<Down><Down><Down><Down><Down><Down><Down><Down><Enter>",
    ),
    ("person-own", "5<Enter>"),
    ("person-household", "5<Down><Down><Down><Enter>"),
    ("person-guest", "5<Down><Down><Enter>"),
    ("person-removed", "5<Down><Down><Down><Down><Enter>"),
    (
        "person-office",
        "5<Down><Down><Down><Down><Down><Down><Down><Enter>",
    ),
    ("person-relay", "5<End><Enter>"),
    ("acts-own", "5a"),
    ("acts-household", "5<Down><Down><Down>a"),
    ("acts-revoke", "5a<Enter>"),
    ("device-code", "5a<Down><Enter>"),
    (
        "acts-office",
        "5<Down><Down><Down><Down><Down><Down><Down>a",
    ),
    ("composer-office", "5o"),
    ("motions", "M"),
    ("motion", "M<Enter>"),
    ("motion-lapsed", "M<End><Enter>"),
    ("choose-motion", "Mn"),
    ("acknowledgements", "2<Enter>w"),
    ("note", "2<Enter>w<Enter>"),
    ("print-format", "2<Enter>p"),
    ("digest", "1d"),
    ("digest-earlier", "1d<Left><Left>"),
    ("help-given", "3t"),
    ("composer-removal", "Mn<Down><Down><Down><Enter><Enter>"),
];

/// Steps of the first run by the keys that lead there.
pub const FIRST_RUN: [(&str, &str); 10] = [
    ("language", ""),
    ("way", "<Enter>"),
    ("neighbourhood", "<Enter><Enter>"),
    ("invitation", "<Enter><Down><Enter>"),
    ("household", "<Enter><Down><Enter>linli1abc<Enter>"),
    ("device", "<Enter><Down><Enter>linlidev1abc<Enter>"),
    (
        "protection",
        "<Enter><Enter>梧桐里<Enter>林家<Enter><Enter>",
    ),
    (
        "passphrase",
        "<Enter><Enter>梧桐里<Enter>林家<Enter><Enter><Enter>",
    ),
    (
        "words",
        "<Enter><Enter>梧桐里<Enter>林家<Enter><Enter><Down><Enter>",
    ),
    (
        "words-asked",
        "<Enter><Enter>梧桐里<Enter>林家<Enter><Enter><Down><Enter><Enter>",
    ),
];

/// The door of a home with a passphrase by the keys that lead there.
pub const DOOR: [(&str, &str); 3] = [
    ("unlock", ""),
    ("unlock-wrong", "wrong<Enter>"),
    ("unlock-help", "<F1>"),
];

#[test]
fn every_screen_at_every_size_in_both_languages() {
    for language in [Language::Chinese, Language::English] {
        for size in SIZES {
            for (name, keys) in SCREENS {
                let mut session = Session::begin(language, size);
                session.press(keys);
                let name = format!("{name}-{}-{}x{}", language.code(), size.0, size.1);
                assert_snapshot!(name, session.screen());
            }
        }
    }
}

#[test]
fn the_first_run_at_every_size_in_both_languages() {
    for language in [Language::Chinese, Language::English] {
        for size in SIZES {
            for (name, keys) in FIRST_RUN {
                let mut session = Session::begin_with(settings(language), HomeState::Absent, size);
                session.press(keys);
                let name = format!("first-{name}-{}-{}x{}", language.code(), size.0, size.1);
                assert_snapshot!(name, session.screen());
            }
        }
    }
}

#[test]
fn the_door_at_every_size_in_both_languages() {
    for language in [Language::Chinese, Language::English] {
        for size in SIZES {
            for (name, keys) in DOOR {
                let mut session = Session::begin_with(settings(language), HomeState::Locked, size);
                session.press(keys);
                let name = format!("{name}-{}-{}x{}", language.code(), size.0, size.1);
                assert_snapshot!(name, session.screen());
            }
        }
    }
}

#[test]
fn plain_signs_and_large_type() {
    for language in [Language::Chinese, Language::English] {
        let plain = Settings {
            ascii_borders: true,
            large_type: true,
            theme: Theme::Monochrome,
            ..settings(language)
        };
        for (name, keys) in SCREENS {
            let home = HomeState::Running("/nowhere".into());
            let mut session = Session::begin_with(plain, home, (80, 24));
            session.press(keys);
            let name = format!("{name}-{}-large-plain", language.code());
            assert_snapshot!(name, session.screen());
        }
    }
}

/// The styles of every screen, in the terminal's own colours and in a scheme with a ground.
#[test]
fn styles_in_two_themes() {
    for (language, suffix) in [(Language::English, ""), (Language::Chinese, "-zh")] {
        for (name, keys) in SCREENS {
            let mut text = String::new();
            for theme in [Theme::Terminal, Theme::Dark] {
                let settings = Settings {
                    theme,
                    ..settings(language)
                };
                let home = HomeState::Running("/nowhere".into());
                let mut session = Session::begin_with(settings, home, (80, 24));
                session.press(keys);
                text.push_str(&format!("{theme:?}\n{}", looks::styles(&session.buffer())));
            }
            assert_snapshot!(format!("styles-{name}{suffix}"), text);
        }
    }
}
