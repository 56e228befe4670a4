//! What the value of a field says, by the field's shape. An identity is said by its name, or by a
//! word and its first digits: nobody reads 64.

use protocol::kind::{Kinds, Shape};
use serde_json::Value;

use super::{Clock, Names, Words};

/// Digits that are shown of an identity.
const DIGITS_SHOWN: usize = 8;
/// Digits of a whole identity.
const DIGITS: usize = 64;

/// What it takes to say values.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    /// The texts of the language.
    pub words: &'a Words,
    /// Who is behind identities.
    pub names: &'a Names,
    /// The reader's clock and time zone.
    pub clock: &'a Clock,
}

impl Values<'_> {
    /// Says the value of a field of a kind, or of a fact of one of its lists; nothing where only a
    /// program could use it.
    pub fn said(&self, kind: &str, list: Option<&str>, field: &str, value: &Value) -> String {
        let words = self.words;
        let shape = shape(kind, list, field);
        // Fields of a later version are named after their unit, too.
        let is_time = shape == Some(Shape::TimeMs) || shape.is_none() && field.ends_with("_ms");
        match (shape, value) {
            (_, Value::Number(time)) if is_time => {
                self.clock.exact(words, time.as_i64().unwrap_or_default())
            }
            (Some(Shape::Member), Value::String(digits)) => match self.names.member(digits) {
                Some(member) => words.member(member),
                None => self.short("short-household", digits),
            },
            (Some(Shape::Recorded), Value::String(digits)) => match self.names.recorded(digits) {
                Some(household) => words.recorded(household),
                None => self.short("short-household", digits),
            },
            (Some(Shape::Capacity), Value::String(digits)) => self
                .capacity(digits)
                .unwrap_or_else(|| self.short("short-capacity", digits)),
            (Some(Shape::Item | Shape::Document), Value::String(digits)) => {
                self.short("short-document", digits)
            }
            (None, Value::String(digits)) if is_identity(digits) => {
                self.short("short-document", digits)
            }
            (_, Value::String(word)) => self.choice(list, field, word),
            (_, Value::Bool(flag)) => words.flag(*flag),
            (_, Value::Number(number)) => number.to_string(),
            (_, Value::Object(object)) => {
                let name = object.get("name").and_then(Value::as_str);
                name.unwrap_or_default().to_owned()
            }
            (_, Value::Array(_) | Value::Null) => String::new(),
        }
    }

    /// Says the value of a field of a fact where no name stands before it.
    pub fn said_of_fact(&self, kind: &str, list: &str, field: &str, value: &Value) -> String {
        if let (Some(key), Some(minutes)) = (minutes_key(field), value.as_i64()) {
            return self.words.with(key, &[("count", minutes.into())]);
        }
        // A bare yes or no would not say to what.
        if let Value::Bool(flag) = value {
            return match flag {
                true => self.words.flag_of_fact(kind, list, field),
                false => String::new(),
            };
        }
        let said = self.said(kind, Some(list), field, value);
        match shape(kind, Some(list), field) {
            Some(Shape::Member | Shape::Recorded) => self
                .words
                .with("for-household", &[("name", (&said).into())]),
            _ => said,
        }
    }

    /// Says a value of a field that several set apart, by the name that such a field has.
    pub fn said_apart(&self, kind: &str, name: &str, value: &Value) -> String {
        let (list, field) = contested(name);
        self.said(kind, list, field, value)
    }

    /// Names the capacity that a statement gave, where it is known.
    pub fn capacity(&self, digits: &str) -> Option<String> {
        let known = self.names.capacity(digits)?;
        let of_building = known.building.as_ref().map(|of| self.words.building(of));
        let of = known.office.as_deref().or(of_building.as_deref());
        Some(self.words.capacity(&known.role, of))
    }

    /// A word to choose may have a name of its own in a list.
    fn choice(&self, list: Option<&str>, field: &str, word: &str) -> String {
        let in_list = list.map(|list| self.words.choice(&format!("{list}-{field}"), word));
        match in_list.filter(|said| said != word) {
            Some(said) => said,
            None => self.words.choice(field, word),
        }
    }

    fn short(&self, key: &str, digits: &str) -> String {
        let digits: String = digits.chars().take(DIGITS_SHOWN).collect();
        self.words.with(key, &[("digits", digits.into())])
    }
}

/// How minutes are said: those of one side, or of both.
fn minutes_key(field: &str) -> Option<&'static str> {
    match field {
        "minutes" => Some("minutes-said"),
        "agreed_minutes" => Some("minutes-agreed"),
        _ => None,
    }
}

/// Takes the name of a contested field apart, into list and field: of a fact it is list, the fact's
/// name and field, with full stops between.
pub(super) fn contested(name: &str) -> (Option<&str>, &str) {
    match (name.split_once('.'), name.rsplit_once('.')) {
        (Some((list, _)), Some((_, field))) => (Some(list), field),
        _ => (None, name),
    }
}

/// The shape of a field of a kind, or of a fact of one of its lists.
fn shape(kind: &str, list: Option<&str>, field: &str) -> Option<Shape> {
    let kind = Kinds::standard().by_name(kind)?;
    let field = match list {
        Some(list) => {
            let mut fields = kind.list(list)?.fields.iter();
            fields.find(|known| known.name == field)?
        }
        None => kind.field(field)?,
    };
    Some(field.shape)
}

/// A field of a later version may hold an identity, too.
fn is_identity(text: &str) -> bool {
    text.len() >= DIGITS
        && text
            .bytes()
            .take(DIGITS)
            .all(|byte| byte.is_ascii_hexdigit())
}
