//! How screens look: themes, plain signs, signs of ambiguous width, and no colours.

use std::fmt::Write as _;

use protocol::api::{AmbiguousWidth, Language, Settings, Theme};
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

use super::snapshots::{FIRST_RUN, SCREENS};
use super::{Session, beginning, settings, symbols};
use crate::app::Beginning;
use crate::host::HomeState;
use crate::theme::Hints;

/// States in which nothing is urgent any more.
const OVER: &[&str] = &["expired", "withdrawn", "cancelled", "closed-unconfirmed"];

fn home() -> HomeState {
    HomeState::Running("/nowhere".into())
}

/// The styles of a screen: a letter for each, and the runs of every row that is not all ground.
pub fn styles(buffer: &Buffer) -> String {
    let mut known: Vec<Style> = Vec::new();
    let mut rows = String::new();
    for y in 0..buffer.area.height {
        let mut runs: Vec<(usize, u16)> = Vec::new();
        for x in 0..buffer.area.width {
            let style = buffer[(x, y)].style();
            let place = known.iter().position(|known| *known == style);
            let place = place.unwrap_or_else(|| {
                known.push(style);
                known.len() - 1
            });
            match runs.last_mut() {
                Some((last, length)) if *last == place => *length += 1,
                _ => runs.push((place, 1)),
            }
        }
        let runs: Vec<String> = runs
            .iter()
            .map(|(place, length)| format!("{}{length}", letter(*place)))
            .collect();
        writeln!(rows, "{y:>3} {}", runs.join(" ")).expect("a string takes everything");
    }
    let mut text = String::new();
    for (place, style) in known.iter().enumerate() {
        writeln!(text, "  {} {}", letter(place), described(*style)).expect("likewise");
    }
    text + &rows
}

fn letter(place: usize) -> char {
    char::from(b'a' + u8::try_from(place % 26).expect("a letter's place is small"))
}

fn described(style: Style) -> String {
    let colour = |colour: Option<Color>| match colour {
        None | Some(Color::Reset) => "-".to_owned(),
        Some(Color::Indexed(index)) => index.to_string(),
        Some(colour) => format!("{colour:?}").to_lowercase(),
    };
    let modifiers: Vec<String> = style
        .add_modifier
        .iter_names()
        .map(|(name, _)| name.to_lowercase())
        .collect();
    let text = format!("{} on {}", colour(style.fg), colour(style.bg));
    format!("{text} {}", modifiers.join(" "))
        .trim_end()
        .to_owned()
}

#[test]
fn every_screen_says_the_same_in_every_theme() {
    let themes = [
        Theme::Terminal,
        Theme::Dark,
        Theme::Light,
        Theme::HighContrast,
    ];
    for language in [Language::Chinese, Language::English] {
        // The settings say which theme it is.
        for (name, keys) in SCREENS.iter().filter(|(name, _)| *name != "settings") {
            let text_in = |theme| {
                let settings = Settings {
                    theme,
                    ..settings(language)
                };
                let mut session = Session::begin_with(settings, home(), (80, 24));
                session.press(keys);
                session.screen()
            };
            let plain = text_in(Theme::Monochrome);
            for theme in themes {
                assert_eq!(text_in(theme), plain, "{name} {theme:?}");
            }
        }
    }
}

#[test]
fn a_theme_with_a_ground_covers_every_cell() {
    for size in [(40, 15), (80, 24), (120, 40)] {
        let screens = SCREENS.iter().map(|screen| (home(), screen));
        let first_run = FIRST_RUN.iter().map(|step| (HomeState::Absent, step));
        for (home, (name, keys)) in screens.chain(first_run) {
            let dark = Settings {
                theme: Theme::Dark,
                ..settings(Language::English)
            };
            let mut session = Session::begin_with(dark, home, size);
            session.press(keys);
            let buffer = session.buffer();
            let mut cells = buffer.content().iter();
            let bare = cells.position(|cell| cell.bg == Color::Reset);
            let bare = bare.map(|place| buffer.pos_of(place));
            assert_eq!(bare, None, "{name} {size:?}");
        }
    }
}

/// What differs in colour differs in a sign or a word: a row of a list tells each state from every
/// other without any style.
#[test]
fn no_state_is_told_by_colour_alone() {
    let states: [(&str, &[&str]); 3] = [
        (
            "notice",
            &["published", "corrected", "expired", "withdrawn"],
        ),
        (
            "request",
            &[
                "open",
                "offered",
                "matched",
                "double-booked",
                "in-progress",
                "done",
                "confirmed",
                "closed-unconfirmed",
                "expired",
                "cancelled",
            ],
        ),
        (
            "plan",
            &[
                "proposed",
                "planning",
                "published",
                "running",
                "closed",
                "cancelled",
                "postponed",
            ],
        ),
    ];
    for language in [Language::Chinese, Language::English] {
        for (kind, states) in states {
            let mut seen: Vec<(String, String)> = Vec::new();
            for state in states {
                for (unread, urgent) in [(false, false), (true, false), (false, true), (true, true)]
                {
                    // Plans are never urgent, and what is over no longer is.
                    if urgent && (kind == "plan" || OVER.contains(state)) {
                        continue;
                    }
                    let what = format!("{state} unread:{unread} urgent:{urgent}");
                    let row = row(language, kind, state, unread, urgent);
                    seen.push((what, row));
                }
            }
            for (place, (what, row)) in seen.iter().enumerate() {
                let same = seen[..place].iter().find(|(_, other)| other == row);
                let same = same.map(|(other, _)| other);
                assert_eq!(same, None, "{what} looks the same:\n{row}");
            }
        }
    }
}

/// The two lines of a list in which a document stands, without styles.
fn row(language: Language, kind: &str, state: &str, unread: bool, urgent: bool) -> String {
    let mut session = Session::begin(language, (80, 24));
    let documents = &mut session.node.documents;
    let mut view = documents
        .iter()
        .rfind(|view| view.kind == kind && view.state.is_some())
        .expect("there is one of each kind")
        .clone();
    view.state = Some(state.to_owned());
    view.unread = unread;
    let (field, value) = match kind {
        "notice" if urgent => ("level", "urgent".into()),
        "notice" => ("level", "ordinary".into()),
        _ => ("urgent", urgent.into()),
    };
    view.fields.insert(field.to_owned(), value);
    documents.retain(|one| one.kind != kind);
    documents.push(view);
    // What waits for the household would stand under a line of its own.
    session.node.today.waiting.clear();
    let tab = match kind {
        "notice" => "2",
        "request" => "3",
        _ => "4",
    };
    // A list of all states, which says in its first row that it is.
    session.press(tab).press("fff");
    session
        .screen()
        .lines()
        .skip(2)
        .take(2)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn no_color_takes_colours_away_unless_a_theme_was_chosen() {
    for (theme, has_colours) in [(Theme::Terminal, false), (Theme::Dark, true)] {
        for (name, keys) in SCREENS {
            let settings = Settings {
                theme,
                ..settings(Language::English)
            };
            let mut session = Session::begin_from(Beginning {
                hints: Hints {
                    no_colour: true,
                    ..Hints::default()
                },
                ..beginning(settings, home(), (80, 24))
            });
            session.press(keys);
            let buffer = session.buffer();
            let coloured = buffer
                .content()
                .iter()
                .any(|cell| cell.fg != Color::Reset || cell.bg != Color::Reset);
            assert_eq!(coloured, has_colours, "{name} {theme:?}");
            // What matters is still stressed.
            let stressed = buffer.content().iter().any(|cell| {
                cell.modifier
                    .intersects(Modifier::BOLD | Modifier::REVERSED)
            });
            assert!(stressed, "{name} {theme:?}");
        }
    }
}

#[test]
fn a_console_that_draws_no_chinese_is_asked_in_english_and_told_why() {
    let begun = |hints| {
        let settings = settings(Language::Chinese);
        let begun = beginning(settings, HomeState::Absent, (80, 24));
        Session::begin_from(Beginning { hints, ..begun }).screen()
    };
    let console = begun(Hints {
        ascii: true,
        without_chinese: true,
        ..Hints::default()
    });
    assert!(console.contains("Which language do you read?"), "{console}");
    assert!(console.contains("no Chinese characters"), "{console}");
    let terminal = begun(Hints::default());
    assert!(terminal.contains("您看哪种文字"), "{terminal}");
    assert!(!terminal.contains("控制台"), "{terminal}");
}

#[test]
fn plain_borders_and_signs_need_nothing_but_ascii() {
    let plain = Settings {
        ascii_borders: true,
        ..settings(Language::English)
    };
    let signs = "─│┌┐└┘█▐◉▴✓◔➤✗✎▸▹▿⋯∙·←→↑↓";
    let screens = SCREENS.iter().map(|screen| (home(), screen));
    let first_run = FIRST_RUN.iter().map(|step| (HomeState::Absent, step));
    for (home, (name, keys)) in screens.chain(first_run) {
        let mut session = Session::begin_with(plain, home, (80, 24));
        session.press(keys);
        let screen = session.screen();
        let found: String = screen
            .chars()
            .filter(|sign| signs.contains(*sign))
            .collect();
        assert_eq!(found, "", "{name}:\n{screen}");
    }
}

#[test]
fn signs_of_ambiguous_width_take_the_columns_that_were_chosen() {
    // The row of “a” up to the mark that stands behind it: where that mark stands.
    let column_behind = |width| {
        let chosen = Settings {
            ambiguous_width: width,
            ..settings(Language::English)
        };
        let mut session = Session::begin_with(chosen, home(), (80, 24));
        let title = "“a”…—#";
        session.node.documents[3]
            .fields
            .insert("title".to_owned(), title.into());
        session.press("3");
        let buffer = session.buffer();
        let mut rows = (0..buffer.area.height).map(|y| symbols(&buffer, y).collect::<Vec<_>>());
        let found = rows.find_map(|row| row.iter().position(|(_, symbol)| *symbol == "#"));
        let row = (0..buffer.area.height).find(|y| buffer[(3, *y)].symbol() == "“");
        let y = row.expect("the title stands there");
        assert!(found.is_some());
        (0..buffer.area.width).find(|x| buffer[(*x, y)].symbol() == "#")
    };
    assert_eq!(column_behind(AmbiguousWidth::Narrow), Some(3 + 5));
    // Four of the five signs before it are ambiguous.
    assert_eq!(column_behind(AmbiguousWidth::Wide), Some(3 + 5 + 4));
    // Frames are drawn with what is one column wide everywhere.
    for (width, corner) in [(AmbiguousWidth::Narrow, "┌"), (AmbiguousWidth::Wide, "+")] {
        let chosen = Settings {
            ambiguous_width: width,
            ..settings(Language::English)
        };
        let mut session = Session::begin_with(chosen, home(), (80, 24));
        session.press(":");
        assert!(session.screen().contains(corner), "{}", session.screen());
    }
}

#[test]
fn settings_count_at_once_and_are_kept() {
    let cases = [
        ("7<Down><Down><Down><Right>", "> Plain borders"),
        ("7<Down><Down><Down><Right>:", "+--"),
        ("7<Down><Down><Down><Down><Right><Right>:", "+--"),
    ];
    for (keys, expected) in cases {
        let mut session = Session::begin(Language::English, (80, 24));
        session.press(keys);
        assert!(
            session.screen().contains(expected),
            "{keys}:\n{}",
            session.screen()
        );
        assert_eq!(session.node.settings, session.app.settings, "{keys}");
    }
}
