//! What can be said of the catalogues alone.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;
use unicode_width::UnicodeWidthChar;

use super::super::catalogue::FILES;

/// Messages and attributes, as `message` and `message.attribute`, with the variables that they name.
pub(super) type Messages = BTreeMap<String, BTreeSet<String>>;

/// Reads one language's messages from the files, every fault a failure.
fn read(language: &str, sources: impl Iterator<Item = &'static str>) -> Messages {
    let mut messages = Messages::new();
    for source in sources {
        let resource = parser::parse(source);
        let resource = resource.unwrap_or_else(|(_, errors)| panic!("{language}: {errors:?}"));
        for entry in resource.body {
            let Entry::Message(message) = entry else {
                assert!(
                    !matches!(entry, Entry::Term(_) | Entry::Junk { .. }),
                    "{language}: neither a message nor a comment"
                );
                continue;
            };
            let key = message.id.name.to_owned();
            let mut add = |key: String, pattern: &Pattern<&str>| {
                let mut variables = BTreeSet::new();
                gather(pattern, &mut variables);
                let twice = messages.insert(key.clone(), variables).is_some();
                assert!(!twice, "{language}: {key} stands twice");
            };
            let value = message.value.as_ref();
            let value = value.unwrap_or_else(|| panic!("{language}: {key} says nothing"));
            add(key.clone(), value);
            for attribute in &message.attributes {
                add(format!("{key}.{}", attribute.id.name), &attribute.value);
            }
        }
    }
    messages
}

fn gather(pattern: &Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else {
            continue;
        };
        match expression {
            Expression::Inline(inline) => gather_inline(inline, variables),
            Expression::Select { selector, variants } => {
                gather_inline(selector, variables);
                for variant in variants {
                    gather(&variant.value, variables);
                }
            }
        }
    }
}

fn gather_inline(inline: &InlineExpression<&str>, variables: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            variables.insert(id.name.to_owned());
        }
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        other => panic!("not used in these catalogues: {other:?}"),
    }
}

pub(super) fn chinese() -> Messages {
    read("zh", FILES.iter().map(|(_, chinese, _)| *chinese))
}

pub(super) fn english() -> Messages {
    read("en", FILES.iter().map(|(_, _, english)| *english))
}

#[test]
fn both_languages_have_the_same_messages_with_the_same_variables() {
    let (chinese, english) = (chinese(), english());
    let keys = |messages: &Messages| messages.keys().cloned().collect::<BTreeSet<_>>();
    let (in_chinese, in_english) = (keys(&chinese), keys(&english));
    let without_keywords = |keys: BTreeSet<String>| -> Vec<String> {
        let keys = keys.into_iter();
        // Keywords are words that one language has more than the other.
        keys.filter(|key| !key.ends_with(".keywords")).collect()
    };
    let only_chinese = without_keywords(&in_chinese - &in_english);
    let only_english = without_keywords(&in_english - &in_chinese);
    assert_eq!(
        (only_chinese, only_english),
        (Vec::new(), Vec::new()),
        "only in zh, only in en"
    );
    for (key, variables) in &chinese {
        if let Some(others) = english.get(key) {
            assert_eq!(variables, others, "{key}");
        }
    }
}

#[test]
fn each_area_has_its_messages_in_the_same_file_of_both_languages() {
    for (name, chinese, english) in FILES {
        let of = |language, source| {
            let messages = read(language, std::iter::once(source));
            let keys = messages.into_keys();
            keys.filter(|key| !key.ends_with(".keywords")).collect()
        };
        let (chinese, english): (Vec<String>, Vec<String>) = (of("zh", chinese), of("en", english));
        assert_eq!(chinese, english, "{name}");
    }
}

#[test]
fn every_file_is_in_the_program() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/i18n");
    for language in ["zh", "en"] {
        let files = std::fs::read_dir(format!("{folder}/{language}")).expect("the folder is there");
        for file in files {
            let path = file.expect("it can be read").path();
            let name = path.file_stem().expect("it has a name").to_string_lossy();
            assert!(
                FILES.iter().any(|(known, _, _)| *known == name),
                "{}",
                path.display()
            );
        }
    }
}

/// What Chinese cannot do without, though its width is ambiguous: residents' own texts are full of it.
const PUNCTUATION: &[char] = &['“', '”', '‘', '’', '…', '—'];

/// Terminals draw some characters one or two columns wide, as their owner has set it: ●, ▲, ↑, · and ×
/// are among them. A message with one would be laid out wrongly for some.
#[test]
fn every_character_has_one_width_everywhere() {
    for (name, chinese, english) in FILES {
        for source in [chinese, english] {
            let lines = source.lines().filter(|line| !line.starts_with('#'));
            let characters = lines.flat_map(str::chars);
            for character in characters.filter(|one| !PUNCTUATION.contains(one)) {
                assert_eq!(
                    character.width(),
                    character.width_cjk(),
                    "{name}: {character}"
                );
            }
        }
    }
}

#[test]
fn chinese_messages_use_chinese_punctuation() {
    for (name, chinese, _) in FILES {
        for line in chinese.lines().filter(|line| !line.starts_with('#')) {
            let characters: Vec<char> = line.chars().collect();
            for pair in characters.windows(2) {
                let is_chinese = ('\u{4e00}'..='\u{9fff}').contains(&pair[0]);
                let is_western = matches!(pair[1], ',' | '.' | ':' | ';' | '?' | '!' | '(' | ')');
                assert!(!(is_chinese && is_western), "{name}: {line}");
            }
        }
    }
}
