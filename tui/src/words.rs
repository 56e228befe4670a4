//! What the front end says, in the resident's language: messages by key from the catalogues in
//! `i18n/`, which the program carries in itself.
//!
//! It chooses no language, asks no clock, and knows nothing of screens. A key that is missing is
//! shown as it is: a test finds it, a resident is never stopped by it.

mod catalogue;
pub mod moment;
mod moved;
mod names;
mod pseudo;
mod value;
mod vocabulary;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use fluent_bundle::{FluentArgs, FluentValue};

pub use moment::Clock;
pub use names::{Capacity, Names};
pub use value::Values;
pub use vocabulary::Part;

use crate::language::Language;
use catalogue::Catalogue;

/// The messages of one language. Cheap to clone; another language is another value.
#[derive(Clone)]
pub struct Words {
    catalogue: Arc<Catalogue>,
    language: Language,
    is_pseudo: bool,
}

/// A value that a message names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Text, shown as it is: it must have been neutralised.
    Text(Cow<'a, str>),
    /// A whole number, by which a message may choose its plural.
    Number(i64),
}

impl Words {
    /// Opens the catalogue of a language.
    pub fn new(language: Language) -> Self {
        Self {
            catalogue: Arc::new(Catalogue::of(language)),
            language,
            is_pseudo: false,
        }
    }

    /// Opens a language for tests of screens: English with every letter dotted, ⟦ḷịḳẹ ṭḥịṣ⟧, so
    /// that words which come from no catalogue can be seen.
    pub fn pseudo() -> Self {
        Self {
            catalogue: Arc::new(Catalogue::of(Language::English).transformed(pseudo::dotted)),
            language: Language::English,
            is_pseudo: true,
        }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Returns a message without values. `key` is `message` or `message.attribute`.
    pub fn text(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// Returns a message with the values that it names: `words.with("new-above", &[("count",
    /// 3.into())])`.
    pub fn with(&self, key: &str, values: &[(&str, Value<'_>)]) -> String {
        let mut arguments = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            arguments.set(*name, FluentValue::from(value));
        }
        match self.catalogue.format(key, &arguments) {
            Some(message) if self.is_pseudo => pseudo::framed(&message),
            Some(message) => message.into_owned(),
            None => key.to_owned(),
        }
    }

    /// Tells whether there is a message.
    pub fn has(&self, key: &str) -> bool {
        self.catalogue.has(key)
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Words")
            .field("language", &self.language)
            .field("is_pseudo", &self.is_pseudo)
            .finish_non_exhaustive()
    }
}

impl<'a> From<&'a Value<'_>> for FluentValue<'a> {
    fn from(value: &'a Value<'_>) -> Self {
        match value {
            Value::Text(text) => FluentValue::String(Cow::Borrowed(text)),
            Value::Number(number) => FluentValue::from(*number),
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Value<'_> {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Value<'_> {
    /// What no resident can count to is shown as the greatest number.
    fn from(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Value<'_> {
    /// What no resident can count to is shown as the greatest number.
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests;
