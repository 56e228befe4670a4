//! What the protocol's names are called: the front end's own words, so that a kind, a state or a
//! role has one name wherever it is read. A name that is not known is shown as it is.

use std::sync::LazyLock;

use protocol::api::ActedAs;
use tui::words::Words;

use crate::cli::language::Language;
use crate::cli::plain;

static CHINESE: LazyLock<Words> = LazyLock::new(|| Words::new(Language::Chinese));
static ENGLISH: LazyLock<Words> = LazyLock::new(|| Words::new(Language::English));

/// The front end's words in a language.
pub fn words(language: Language) -> &'static Words {
    match language {
        Language::Chinese => &CHINESE,
        Language::English => &ENGLISH,
    }
}

/// Names a kind of document.
pub fn kind(language: Language, name: &str) -> String {
    known(language, &format!("kind-{name}"), name)
}

/// Names a state of a kind of document.
pub fn state(language: Language, kind: &str, name: &str) -> String {
    known(language, &format!("state-{kind}-{name}"), name)
}

/// Names what a member is.
pub fn member(language: Language, name: &str) -> String {
    known(language, &format!("member-{name}"), name)
}

/// Names a role.
pub fn role(language: Language, name: &str) -> String {
    known(language, &format!("role-{name}"), name)
}

/// Names the right by which something was done.
pub fn acted_as(language: Language, acted_as: &ActedAs) -> String {
    plain::line(&words(language).acted_as(acted_as))
}

/// Says what may be done.
pub fn power(language: Language, name: &str) -> String {
    plain::line(&words(language).power(name))
}

/// Says what a statement does.
pub fn act(language: Language, name: &str) -> String {
    plain::line(&words(language).act(name))
}

/// Says how a motion stands.
pub fn motion_state(language: Language, name: &str) -> String {
    plain::line(&words(language).motion_state(name))
}

/// Says why a statement or motion does not count.
pub fn why(language: Language, name: &str) -> String {
    plain::line(&words(language).why(name))
}

/// Says how a peer stands.
pub fn peer(language: Language, connected: bool, in_step: bool) -> String {
    let key = match (connected, in_step) {
        (true, true) => "peer-in-step",
        (true, false) => "peer-receiving",
        (false, _) => "peer-away",
    };
    words(language).text(key)
}

fn known(language: Language, key: &str, name: &str) -> String {
    let words = words(language);
    match words.has(key) {
        true => words.text(key),
        false => plain::line(name),
    }
}
