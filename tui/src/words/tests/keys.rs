//! The keys that sources and the protocol's tables name, against the catalogues.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use protocol::kind::{Field, Kinds, Shape};
use protocol::roster::{Power, Reason};

use super::catalogues::{chinese, english};

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
/// The sheets of paper, which the command line makes with the same words.
const SHEETS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../node/src/cli/sheets");
const REFUSALS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../node/src/api/refusal.rs");

/// What stands before the key in sources. Of messages, `self` is one of [`super::super::Words`] in
/// its own folder only.
const CALLS: &[&str] = &["words.text(", "words.with(", "of_message("];
const OWN_CALLS: &[&str] = &["self.text(", "self.with("];

#[test]
fn every_key_in_the_sources_has_a_message() {
    let messages = english();
    let mut found = 0;
    for (path, source) in sources() {
        let own = path.starts_with(format!("{SOURCES}/words"));
        let calls = CALLS.iter().chain(OWN_CALLS.iter().filter(|_| own));
        for key in calls.flat_map(|call| first_literals(&source, call)) {
            found += 1;
            assert!(
                messages.contains_key(key),
                "{}: {key} has no message",
                path.display()
            );
        }
    }
    assert!(found > 0, "no key was found in the sources");
}

#[test]
fn no_message_is_unused() {
    let mut used = keys_of_the_protocol();
    // Screens build keys too: `format!("waiting-{reason}")` uses all that begin so.
    let mut beginnings = BTreeSet::new();
    for (path, source) in sources() {
        let own = path.starts_with(format!("{SOURCES}/words"));
        for literal in literals(&source) {
            match literal.split_once('{') {
                None => used.extend([literal.to_owned()]),
                Some((beginning, _)) if !own && beginning.ends_with('-') => {
                    beginnings.insert(beginning.to_owned());
                }
                Some(_) => {}
            }
        }
    }
    let is_used = |key: &String| {
        let (message, _) = key.split_once('.').unwrap_or((key, ""));
        let is_built = || {
            beginnings
                .iter()
                .any(|beginning| key.starts_with(beginning))
        };
        used.contains(key) || used.contains(message) || is_built()
    };
    let unused: Vec<String> = chinese().into_keys().filter(|key| !is_used(key)).collect();
    assert_eq!(unused, Vec::<String>::new());
}

#[test]
fn the_protocols_names_have_messages() {
    let messages = chinese();
    let missing: Vec<String> = keys_of_the_protocol()
        .into_iter()
        .filter(|key| !messages.contains_key(key) && !may_be_missing(key))
        .collect();
    assert_eq!(missing, Vec::<String>::new());
    for kind in Kinds::standard().iter() {
        for field in kind.fields {
            let key = key_of_field(kind.name, None, field.name);
            assert!(messages.contains_key(&key), "{key}");
        }
        for list in kind.lists {
            for field in list.fields {
                let key = key_of_field(kind.name, Some(list.name), field.name);
                assert!(messages.contains_key(&key), "{key}");
            }
        }
    }
}

/// Fields and facts have a message for all kinds, or one of their own; states in which nobody acts
/// have none about who acts next.
fn may_be_missing(key: &str) -> bool {
    ["field-", "list-", "fact-", "next-"]
        .iter()
        .any(|family| key.starts_with(family))
}

/// Builds every key that the vocabulary and the calendar may ask for, as they do.
fn keys_of_the_protocol() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut add = |key: String| {
        keys.insert(key.replace('_', "-"));
    };
    for name in Kinds::standard()
        .iter()
        .map(|kind| kind.name)
        .chain(["unknown"])
    {
        for form in ["", ".several", ".counted"] {
            add(format!("kind-{name}{form}"));
        }
    }
    for kind in Kinds::standard().iter() {
        for field in kind.fields {
            add(key_of_field(kind.name, None, field.name));
            choices(field).for_each(&mut add);
        }
        for list in kind.lists {
            for (family, name) in [("list", list.name), ("fact", list.item)] {
                add(format!("{family}-{}-{name}", kind.name));
                add(format!("{family}-{name}"));
            }
            for field in list.fields {
                add(key_of_field(kind.name, Some(list.name), field.name));
                choices(field).for_each(&mut add);
            }
        }
        for state in kind.states {
            add(format!("state-{}-{state}", kind.name));
            add(format!("next-{}-{state}", kind.name));
        }
    }
    for state in [
        "offered",
        "accepted",
        "standby",
        "under-way",
        "done",
        "gone",
        "withdrawn",
        "missed",
    ] {
        add(format!("choice-offers-state-{state}"));
    }
    add("field-state".to_owned());
    add("field-agreed-minutes".to_owned());
    for kind in ["household", "guest", "office"] {
        add(format!("member-{kind}"));
    }
    for role in ["steward", "moderator", "building-lead", "spokesperson"] {
        add(format!("role-{role}"));
    }
    for role in ["steward", "building-lead", "spokesperson"] {
        add(format!("capacity-{role}"));
    }
    for capacity in ["founder", "quorum", "unknown"] {
        add(format!("capacity-{capacity}"));
    }
    for power in Power::ALL {
        add(format!("power-{}", power.word()));
    }
    for act in ACTS {
        add(format!("act-{act}"));
    }
    for state in ["open", "in-force", "lapsed", "excluded"] {
        add(format!("motion-state-{state}"));
    }
    for why in Reason::WORDS.iter().chain(&["overtaken", "not-next"]) {
        add(format!("why-{why}"));
    }
    let refusals = fs::read_to_string(REFUSALS).expect("the node's refusals are there");
    for code in first_literals(&refusals, "    (") {
        add(format!("refusal-{code}"));
    }
    for key in KEYS_OF_THE_KEYBOARD {
        add(format!("key-{key}"));
    }
    for month in 1..=12 {
        add(format!("month-{month}"));
    }
    for weekday in 1..=7 {
        add(format!("weekday-{weekday}"));
    }
    for scheme in crate::theme::Scheme::ALL {
        add(format!("scheme-{}", scheme.name()));
    }
    add("state-unknown".to_owned());
    keys
}

/// Words of [`protocol::statement::Act::word`] and of [`protocol::api::MovedAct`].
const ACTS: &[&str] = &[
    "found",
    "admit",
    "promote",
    "enrol",
    "cut-device",
    "appoint",
    "cut-role",
    "remove-household",
    "readmit",
    "add-office",
    "certify-relay",
    "cut-relay",
    "move",
    "co-sign",
    "enact",
    "close",
    "erase",
    "tips",
    "describe",
    "record-household",
    "add-proxies",
    "end-record",
    "other",
];

const KEYS_OF_THE_KEYBOARD: &[&str] = &[
    "enter",
    "esc",
    "tab",
    "backtab",
    "space",
    "backspace",
    "delete",
    "up",
    "down",
    "left",
    "right",
    "page-up",
    "page-down",
    "home",
    "end",
];

/// The key under which a field's name is found: the kind's own message, or the one of all kinds.
fn key_of_field(kind: &str, list: Option<&str>, field: &str) -> String {
    let field = field.replace('_', "-");
    let own = match list {
        Some(list) => format!("field-{kind}-{}-{field}", list.replace('_', "-")),
        None => format!("field-{kind}-{field}"),
    };
    match english().contains_key(&own) {
        true => own,
        false => format!("field-{field}"),
    }
}

fn choices(field: &'static Field) -> impl Iterator<Item = String> {
    let words = match field.shape {
        Shape::Choice(words) => words,
        _ => &[],
    };
    words
        .iter()
        .map(|word| format!("choice-{}-{word}", field.name))
}

/// The crate's sources without tests.
fn sources() -> Vec<(PathBuf, String)> {
    let mut sources = Vec::new();
    gather(Path::new(SOURCES), &mut sources);
    gather(Path::new(SHEETS), &mut sources);
    sources
}

fn gather(folder: &Path, sources: &mut Vec<(PathBuf, String)>) {
    for file in fs::read_dir(folder).expect("the sources are there") {
        let path = file.expect("it can be read").path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "tests") {
                gather(&path, sources);
            }
        } else if path
            .file_name()
            .is_some_and(|name| name != "tests.rs" && name.to_string_lossy().ends_with(".rs"))
        {
            let source = fs::read_to_string(&path).expect("it is text");
            let code = source
                .split("#[cfg(test)]\nmod tests {")
                .next()
                .unwrap_or("");
            let lines = code
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            sources.push((path, lines.collect::<Vec<_>>().join("\n")));
        }
    }
}

/// String literals that directly follow a call's opening.
fn first_literals<'s>(source: &'s str, call: &'s str) -> impl Iterator<Item = &'s str> {
    source.split(call).skip(1).filter_map(|after| {
        let (literal, _) = after.trim_start().strip_prefix('"')?.split_once('"')?;
        Some(literal)
    })
}

/// All string literals; those with escaped quotes are read wrongly, and no key is one.
fn literals(source: &str) -> impl Iterator<Item = &str> {
    source
        .lines()
        .flat_map(|line| line.split('"').skip(1).step_by(2))
}
