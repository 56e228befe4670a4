//! Every screen at three sizes, in both languages; in a second theme for its styles; and in a
//! language that shows every word that comes from no catalogue.

use insta::assert_snapshot;
use protocol::api::{Language, Settings, Theme};

use super::{Session, settings};
use crate::host::HomeState;

/// The narrowest, the usual and a large terminal.
const SIZES: [(u16, u16); 3] = [(40, 15), (80, 24), (120, 40)];

/// Screens by the keys that lead there.
const SCREENS: [(&str, &str); 20] = [
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
];

/// Steps of the first run by the keys that lead there.
const FIRST_RUN: [(&str, &str); 6] = [
    ("language", ""),
    ("way", "<Enter>"),
    ("neighbourhood", "<Enter><Enter>"),
    ("household", "<Enter><Down><Enter>linli1abc<Enter>"),
    (
        "protection",
        "<Enter><Enter>梧桐里<Enter>林家<Enter><Enter>",
    ),
    (
        "words",
        "<Enter><Enter>梧桐里<Enter>林家<Enter><Enter><Down><Enter>",
    ),
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
