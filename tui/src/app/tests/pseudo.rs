//! Every screen in a language that nobody speaks: what stands there in plain letters was written by
//! a resident, or by nobody who translates.

use std::collections::BTreeSet;

use protocol::api::Language;
use serde_json::Value;

use super::acting_for::{OF_PROXIES, go, proxy};
use super::doors::{OF_DOORS, lead};
use super::fixtures::{self, DEVICE_CODE, INVITATION};
use super::governing;
use super::keeping::OF_KEEPING;
use super::moderating::{OF_MODERATION, moderator};
use super::offices::{OF_STEWARDS, steward};
use super::paper::OF_PAPER;
use super::snapshots::{DOOR, FIRST_RUN, SCREENS};
use super::{Session, settings};
use crate::host::HomeState;
use crate::words::Words;

/// What stands on screens as it is in every language: what is printed on keys, and parts of
/// addresses.
const SAME_EVERYWHERE: &[&str] = &[
    "Enter",
    "Esc",
    "Tab",
    "Shift",
    "Backspace",
    "Space",
    "Del",
    "Home",
    "End",
    "PgUp",
    "PgDn",
    "Ctrl",
    "ip",
    "tcp",
];

/// Words that the tests type, and those that the stand-in for the host makes.
const TYPED: &[&str] = &["linli", "linlidev", "abc", "word"];

/// Parts of the names of files that are written, which are the same in every language.
const OF_FILES: &[&str] = &[
    "home", "key", "linlibak", "requests", "recovery", "pdf", "html",
];

/// Names of values that residents write.
const WRITTEN_BY_RESIDENTS: &[&str] = &[
    "title",
    "body",
    "text",
    "when",
    "place",
    "date",
    "reason",
    "name",
    "office",
    "address",
    "neighbourhood",
];

#[test]
fn every_word_of_every_screen_comes_from_a_catalogue() {
    let known = known_words();
    let mut untranslated = BTreeSet::new();
    for size in [(80, 24), (120, 40)] {
        for (name, keys) in SCREENS {
            let session = Session::begin(Language::English, size);
            untranslated.extend(plain_words(session, name, keys, &known));
            let on_stage = Session::begin_on_stage(Language::English, size);
            untranslated.extend(plain_words(on_stage, name, keys, &known));
        }
        for (name, keys) in OF_STEWARDS {
            let session = steward(Language::English, size);
            untranslated.extend(plain_words(session, name, keys, &known));
        }
        for (name, who, keys) in OF_PROXIES {
            let mut session = proxy(Language::English, size);
            go(&mut session, who, "");
            untranslated.extend(plain_words(session, name, keys, &known));
        }
        for (name, keys) in OF_DOORS {
            let session = lead(Language::English, size);
            untranslated.extend(plain_words(session, name, keys, &known));
        }
        for (name, keys) in OF_MODERATION {
            let session = moderator(Language::English, size);
            untranslated.extend(plain_words(session, name, keys, &known));
        }
        for (name, way, keys) in OF_KEEPING {
            let session = Session::begin(Language::English, size);
            let keys = format!("{way}{keys}");
            untranslated.extend(plain_words(session, name, &keys, &known));
        }
        for (name, keys) in OF_PAPER {
            let session = Session::begin(Language::English, size);
            untranslated.extend(plain_words(session, name, keys, &known));
        }
        for (name, keys) in FIRST_RUN {
            let settings = settings(Language::English);
            let session = Session::begin_with(settings, HomeState::Absent, size);
            untranslated.extend(plain_words(session, name, keys, &known));
        }
        // What the node says is in the language that it was started in.
        for (name, keys) in DOOR.iter().filter(|(name, _)| *name != "unlock-wrong") {
            let settings = settings(Language::English);
            let door = Session::begin_with(settings, HomeState::Locked, size);
            untranslated.extend(plain_words(door, name, keys, &known));
        }
    }
    assert_eq!(untranslated, BTreeSet::new());
}

/// The words of a screen that come from no catalogue and from no resident.
fn plain_words(
    mut session: Session,
    name: &str,
    keys: &str,
    known: &BTreeSet<String>,
) -> Vec<(String, String)> {
    session.app.words = Words::pseudo();
    session.press(keys);
    let screen = session.screen();
    // A popup or the edge of a line may cut what stands there.
    let is_known = |word: &str, before: &str, after: &str| {
        let is_cut_behind = after.starts_with(['…', '│', '┌', '└']);
        let is_cut_before = before.ends_with(['│', '┐', '┘']);
        known.contains(word)
            || INVITATION.contains(word)
            || DEVICE_CODE.contains(word)
            || is_cut_behind && known.iter().any(|known| known.starts_with(word))
            || is_cut_before && known.iter().any(|known| known.ends_with(word))
    };
    let mut found = Vec::new();
    for line in screen.lines() {
        let mut rest = line;
        while let Some(start) = rest.find(|sign: char| sign.is_ascii_alphabetic()) {
            let (before, tail) = rest.split_at(start);
            let end = tail
                .find(|sign: char| !sign.is_ascii_alphabetic())
                .unwrap_or(tail.len());
            let (word, after) = tail.split_at(end);
            // One letter is the name of a key.
            if word.len() > 1 && !is_known(word, before, after) {
                found.push((name.to_owned(), word.to_owned()));
            }
            rest = after;
        }
    }
    found
}

/// The words that residents have written, and those that are the same everywhere.
fn known_words() -> BTreeSet<String> {
    let documents = fixtures::documents();
    let mut texts = Vec::new();
    let comments = fixtures::comments(&documents);
    let value = serde_json::json!({
        "documents": documents, "comments": comments, "status": fixtures::status(),
        "roster": governing::roster(), "motions": governing::motions(), "peers": fixtures::peers(),
        "agreement": fixtures::agreement(), "moderation": fixtures::moderation("hidden"),
    });
    gather(&value, &mut texts);
    texts.extend(
        SAME_EVERYWHERE
            .iter()
            .chain(TYPED)
            .chain(OF_FILES)
            .map(ToString::to_string),
    );
    let words = texts
        .iter()
        .flat_map(|text| text.split(|sign: char| !sign.is_ascii_alphabetic()));
    words.map(str::to_owned).collect()
}

fn gather(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                match value {
                    Value::String(text) if WRITTEN_BY_RESIDENTS.contains(&name.as_str()) => {
                        texts.push(text.clone());
                    }
                    value => gather(value, texts),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| gather(value, texts)),
        _ => {}
    }
}
