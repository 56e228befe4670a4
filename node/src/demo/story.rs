//! The stories: who lives in the demonstration's neighbourhood and what they write, as data. Both
//! languages have the same structure and each its own words.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use tui::language::Language;

const CHINESE: &str = include_str!("stories/zh.toml");
const ENGLISH: &str = include_str!("stories/en.toml");

/// Values by field name.
pub type Fields = BTreeMap<String, Value>;

/// A neighbourhood and what is written in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// The neighbourhood's name.
    pub neighbourhood: String,
    /// The round after which every household has read everything.
    pub read_after: u32,
    /// The relay.
    pub relay: Relay,
    /// The households, the founder first.
    pub households: Vec<Household>,
    /// The offices.
    pub offices: Vec<Office>,
    /// The roles, in the order in which the founder gives them.
    pub roles: Vec<Role>,
    /// The households without a device, which are recorded when the roles are given.
    pub recorded: Vec<Recorded>,
    /// The documents, in the order in which those of one round are written.
    pub documents: Vec<Document>,
    /// The motions, each of which adds an office.
    pub motions: Vec<Motion>,
}

/// A relay.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relay {
    /// Its name.
    pub name: String,
    /// The building it serves.
    pub building: String,
}

/// A household.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Household {
    /// What the story calls it.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its building.
    pub building: String,
}

/// An office.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// What the story calls it.
    pub key: String,
    /// Its name.
    pub name: String,
}

/// A role that is given to a household.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Who gets it.
    pub household: String,
    /// Which.
    pub role: String,
    /// The office of a steward or spokesperson.
    #[serde(default)]
    pub office: Option<String>,
    /// The building of a building lead.
    #[serde(default)]
    pub building: Option<String>,
}

/// A household without a device.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// What the story calls it.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its building.
    pub building: String,
    /// The household that records it.
    pub by: String,
    /// The households that act for it.
    pub proxies: Vec<String>,
    /// How it consented, and where that is kept.
    pub consent: String,
}

/// A motion that an office be added; it waits for others to sign it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Motion {
    /// The household that moves it.
    pub by: String,
    /// The round in which it does.
    pub round: u32,
    /// The office's name.
    pub name: String,
}

/// A document with what is done to it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// What the story calls it.
    pub key: String,
    /// Its kind.
    pub kind: String,
    /// The household that writes it.
    pub by: String,
    /// The round in which it is written.
    pub round: u32,
    /// The office for which it is written.
    #[serde(default)]
    pub capacity: Option<String>,
    /// The household without a device for which it is written.
    #[serde(default)]
    pub for_household: Option<String>,
    /// Fields that hold a time, in hours from when it is written.
    #[serde(default)]
    pub hours: BTreeMap<String, i64>,
    /// How its author can be reached, told in confidence.
    #[serde(default)]
    pub contact: Option<String>,
    /// Its other fields.
    pub fields: Fields,
    /// What is done to it, one act in each round that follows.
    pub acts: Vec<Act>,
}

/// Something that is done to a document.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// The household that does it.
    pub by: String,
    /// A comment.
    #[serde(default)]
    pub comment: Option<String>,
    /// A fact: `list` names the list, the rest are its fields. `offer` names the household whose
    /// last offer is meant, `household` a household, `for_household` one without a device.
    #[serde(default)]
    pub fact: Option<Fields>,
    /// A change of the text that many write.
    #[serde(default)]
    pub edit: Option<Edit>,
    /// New values of fields.
    #[serde(default)]
    pub set: Option<Fields>,
    /// A signature under an agreement.
    #[serde(default)]
    pub sign: Option<bool>,
    /// A moderator or steward takes it out of view.
    #[serde(default)]
    pub hide: Option<Hide>,
    /// Its author appeals against that.
    #[serde(default)]
    pub appeal: Option<String>,
}

/// Why something is taken out of view.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hide {
    /// The number of the agreement's clause.
    pub rule: u32,
    /// Why.
    pub reason: String,
}

/// A change of a text.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// What stands there.
    pub find: String,
    /// What is put in its place.
    pub put: String,
}

impl Story {
    /// Returns the story of a language.
    pub fn of(language: Language) -> Self {
        let text = match language {
            Language::Chinese => CHINESE,
            Language::English => ENGLISH,
        };
        toml::from_str(text).expect("a test reads both stories")
    }

    /// Returns how many rounds it takes.
    pub fn rounds(&self) -> u32 {
        let ends = self.documents.iter().map(|document| {
            let acts = u32::try_from(document.acts.len()).unwrap_or(u32::MAX);
            document.round.saturating_add(acts).saturating_add(1)
        });
        let moved = self.motions.iter().map(|motion| motion.round + 1);
        ends.chain(moved).max().unwrap_or(0)
    }

    /// Returns a household's number.
    pub fn household(&self, key: &str) -> Option<usize> {
        self.households
            .iter()
            .position(|household| household.key == key)
    }
}

impl Document {
    /// Returns the act of a round.
    pub fn act(&self, round: u32) -> Option<&Act> {
        let number = round.checked_sub(self.round)?.checked_sub(1)?;
        self.acts.get(usize::try_from(number).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys whose values are words of the program, not of a person.
    const STRUCTURE: [&str; 27] = [
        "key",
        "kind",
        "by",
        "round",
        "read_after",
        "household",
        "for_household",
        "proxies",
        "role",
        "office",
        "capacity",
        "hours",
        "expires_ms",
        "list",
        "offer",
        "to",
        "way",
        "material",
        "level",
        "category",
        "audience",
        "ack",
        "urgent",
        "places",
        "rule",
        "sign",
        "version",
    ];

    /// What two stories have in common: everything but the words of people.
    fn structure(value: &Value, is_word: bool) -> Value {
        match value {
            Value::Object(map) => map
                .iter()
                .map(|(key, value)| {
                    let is_word = STRUCTURE.contains(&key.as_str());
                    (key.clone(), structure(value, is_word))
                })
                .collect(),
            Value::Array(items) => items.iter().map(|item| structure(item, is_word)).collect(),
            value if is_word => value.clone(),
            _ => Value::Null,
        }
    }

    fn texts(value: &Value, is_word: bool, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    texts(value, STRUCTURE.contains(&key.as_str()), found);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| texts(item, is_word, found)),
            Value::String(text) if !is_word => found.push(text.clone()),
            _ => {}
        }
    }

    fn read(text: &str) -> Value {
        toml::from_str(text).expect("TOML")
    }

    #[test]
    fn both_languages_tell_stories_of_the_same_structure() {
        assert_eq!(
            structure(&read(CHINESE), false),
            structure(&read(ENGLISH), false)
        );
    }

    #[test]
    fn each_language_has_words_of_its_own() {
        let (mut chinese, mut english) = (Vec::new(), Vec::new());
        texts(&read(CHINESE), false, &mut chinese);
        texts(&read(ENGLISH), false, &mut english);
        let is_chinese = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
        for text in chinese {
            assert!(text.chars().any(is_chinese), "{text}");
        }
        for text in english {
            assert!(!text.chars().any(is_chinese), "{text}");
        }
    }

    #[test]
    fn every_household_and_office_that_is_named_exists() {
        for language in [Language::Chinese, Language::English] {
            let story = Story::of(language);
            let knows = |key: &str| assert!(story.household(key).is_some(), "{key}");
            for role in &story.roles {
                knows(&role.household);
            }
            let proxies = story.recorded.iter().flat_map(|one| &one.proxies);
            let recorders = story.recorded.iter().map(|one| &one.by);
            proxies.chain(recorders).for_each(|key| knows(key));
            for document in &story.documents {
                knows(&document.by);
                for act in &document.acts {
                    knows(&act.by);
                    let ways = [
                        act.comment.is_some(),
                        act.fact.is_some(),
                        act.edit.is_some(),
                        act.set.is_some(),
                        act.sign.is_some(),
                        act.hide.is_some(),
                        act.appeal.is_some(),
                    ];
                    let done = ways.iter().filter(|way| **way).count();
                    assert_eq!(done, 1, "{}: an act does one thing", document.key);
                }
            }
            for motion in &story.motions {
                knows(&motion.by);
            }
            assert!(story.read_after < story.rounds());
        }
    }
}
