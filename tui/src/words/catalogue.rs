//! The catalogues of both languages, and messages looked up in one.
//!
//! One file for each area of the screen, the same names in both languages: a new area is a pair of
//! files and a line in [`FILES`]. Tests compare the two languages; nothing is checked at run time.

use std::borrow::Cow;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use crate::language::Language;

/// One area's messages: its name, then Chinese, then English.
pub(super) type File = (&'static str, &'static str, &'static str);

macro_rules! file {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!("../../i18n/zh/", $name, ".ftl")),
            include_str!(concat!("../../i18n/en/", $name, ".ftl")),
        )
    };
}

/// All areas. A key stands in one of them only.
pub(super) const FILES: &[File] = &[
    file!("app"),
    file!("common"),
    file!("composer"),
    file!("first-run"),
    file!("governing"),
    file!("keeping"),
    file!("lists"),
    file!("moderation"),
    file!("moment"),
    file!("paper"),
    file!("people"),
    file!("plain"),
    file!("reader"),
    file!("roster"),
    file!("settings"),
    file!("vocabulary"),
];

/// The messages of one language.
pub(super) struct Catalogue {
    bundle: FluentBundle<FluentResource>,
}

impl Catalogue {
    /// Opens a language's files.
    pub(super) fn of(language: Language) -> Self {
        let identifier = language.code().parse();
        let identifier = identifier.expect("zh and en are names of languages");
        let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
        // Marks around values would be visible in terminals, and the values are neutralised.
        bundle.set_use_isolating(false);
        for (_, chinese, english) in FILES {
            let source = match language {
                Language::Chinese => chinese,
                Language::English => english,
            };
            // What cannot be parsed is left out; a test finds it.
            let resource = match FluentResource::try_new((*source).to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
        }
        Self { bundle }
    }

    /// Changes all text that stands in messages, but not the values.
    pub(super) fn transformed(mut self, transform: fn(&str) -> Cow<'_, str>) -> Self {
        self.bundle.set_transform(Some(transform));
        self
    }

    /// Formats a message or, as `message.attribute`, an attribute of one.
    pub(super) fn format(&self, key: &str, arguments: &FluentArgs<'_>) -> Option<Cow<'_, str>> {
        let (message, attribute) = split(key);
        let message = self.bundle.get_message(message)?;
        let pattern = match attribute {
            None => message.value()?,
            Some(attribute) => message.get_attribute(attribute)?.value(),
        };
        // A value that was not given is shown as its name; a test compares them.
        let mut errors = Vec::new();
        let formatted = self
            .bundle
            .format_pattern(pattern, Some(arguments), &mut errors);
        Some(Cow::Owned(formatted.into_owned()))
    }

    /// Tells whether there is a message.
    pub(super) fn has(&self, key: &str) -> bool {
        let (message, attribute) = split(key);
        let message = self.bundle.get_message(message);
        message.is_some_and(|message| match attribute {
            None => message.value().is_some(),
            Some(attribute) => message.get_attribute(attribute).is_some(),
        })
    }
}

fn split(key: &str) -> (&str, Option<&str>) {
    match key.split_once('.') {
        None => (key, None),
        Some((message, attribute)) => (message, Some(attribute)),
    }
}
