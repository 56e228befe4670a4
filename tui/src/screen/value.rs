//! What the value of a field says, by the field's shape. An identity is said by its name, or by a
//! word and its first digits: nobody reads 64.

use protocol::kind::{Kinds, Shape};
use serde_json::Value;

use super::document_row::{building, member};
use crate::app::Context;

/// Digits that are shown of an identity.
const DIGITS_SHOWN: usize = 8;
/// Digits of a whole identity.
const DIGITS: usize = 64;

/// Returns the shape of a field of a kind, or of a fact of one of its lists.
pub fn shape(kind: &str, list: Option<&str>, field: &str) -> Option<Shape> {
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

/// Says the value of a field of a kind, or of a fact of one of its lists; nothing where only a
/// program could use it.
pub fn said(
    kind: &str,
    list: Option<&str>,
    field: &str,
    value: &Value,
    context: &Context<'_>,
) -> String {
    let words = context.words;
    let shape = shape(kind, list, field);
    // Fields of a later version are named after their unit, too.
    let is_time = shape == Some(Shape::TimeMs) || shape.is_none() && field.ends_with("_ms");
    match (shape, value) {
        (_, Value::Number(time)) if is_time => {
            let time_ms = time.as_i64().unwrap_or_default();
            context.clock.exact(words, time_ms)
        }
        (Some(Shape::Member), Value::String(digits)) => match context.known.names.member(digits) {
            Some(named) => member(named, context),
            None => short("short-household", digits, context),
        },
        (Some(Shape::Capacity), Value::String(digits)) => {
            capacity(digits, context).unwrap_or_else(|| short("short-capacity", digits, context))
        }
        (Some(Shape::Item | Shape::Document), Value::String(digits)) => {
            short("short-document", digits, context)
        }
        (None, Value::String(digits)) if is_identity(digits) => {
            short("short-document", digits, context)
        }
        (_, Value::String(word)) => choice(list, field, word, context),
        (_, Value::Bool(flag)) => words.flag(*flag),
        (_, Value::Number(number)) => number.to_string(),
        (_, Value::Object(object)) => {
            let name = object.get("name").and_then(Value::as_str);
            name.unwrap_or_default().to_owned()
        }
        (_, Value::Array(_) | Value::Null) => String::new(),
    }
}

/// Names the capacity that a statement gave, where it is known.
pub fn capacity(digits: &str, context: &Context<'_>) -> Option<String> {
    let known = context.known.names.capacity(digits)?;
    let of_building = known.building.as_ref().map(|of| building(of, context));
    let of = known.office.as_deref().or(of_building.as_deref());
    Some(context.words.capacity(&known.role, of))
}

/// A word to choose may have a name of its own in a list.
fn choice(list: Option<&str>, field: &str, word: &str, context: &Context<'_>) -> String {
    let in_list = list.map(|list| context.words.choice(&format!("{list}-{field}"), word));
    match in_list.filter(|said| said != word) {
        Some(said) => said,
        None => context.words.choice(field, word),
    }
}

fn short(key: &str, digits: &str, context: &Context<'_>) -> String {
    let digits: String = digits.chars().take(DIGITS_SHOWN).collect();
    context.words.with(key, &[("digits", digits.into())])
}

/// A field of a later version may hold an identity, too.
fn is_identity(text: &str) -> bool {
    text.len() >= DIGITS
        && text
            .bytes()
            .take(DIGITS)
            .all(|byte| byte.is_ascii_hexdigit())
}
