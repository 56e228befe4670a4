//! Values as JSON.

use serde_json::{Map, Value};

use crate::api::MemberRef;
use crate::intent::Scalar;
use crate::kind::{Constant, ItemId, Shape};
use crate::text::Text;

/// Keys that every fact has beside its own fields.
pub const ID: &str = "id";
/// The member that a fact belongs to.
pub const BY: &str = "by";
/// The claimed time of a fact.
pub const TIME: &str = "time_ms";

/// Shows a scalar of a shape; text is neutralised.
pub fn scalar(shape: Shape, scalar: &Scalar) -> Value {
    match (scalar, shape) {
        (Scalar::Text(text), Shape::Line { chars_max }) => {
            Text::line(text, chars_max).into_string().into()
        }
        (Scalar::Text(text), Shape::Paragraphs { chars_max }) => {
            Text::paragraphs(text, chars_max).into_string().into()
        }
        (Scalar::Text(word), _) => word.as_str().into(),
        (Scalar::Int(number) | Scalar::Counter(number), _) => (*number).into(),
        (Scalar::Bool(flag), _) => (*flag).into(),
        (Scalar::Bytes(bytes), Shape::Item) => match ItemId::from_bytes(bytes) {
            Some(id) => item(id).into(),
            None => Value::Null,
        },
        (Scalar::Bytes(bytes), _) => hex(bytes).into(),
        (Scalar::Null, _) => Value::Null,
    }
}

/// Shows what stands where nothing was written.
pub fn constant(constant: Constant) -> Value {
    match constant {
        Constant::Word(word) => word.into(),
        Constant::Number(number) => number.into(),
        Constant::Flag(flag) => flag.into(),
    }
}

/// Shows the name of a fact.
pub fn item(id: ItemId) -> String {
    let mut text = hex(&id.0.entry.0);
    text.push('.');
    text.push_str(&id.0.atom.to_string());
    text
}

/// Shows a member.
pub fn member(member: &MemberRef) -> Value {
    let mut fields = Map::new();
    fields.insert("id".to_owned(), hex(&member.id.0).into());
    fields.insert("name".to_owned(), member.name.as_str().into());
    if let Some(building) = &member.building {
        fields.insert("building".to_owned(), building.as_str().into());
    }
    Value::Object(fields)
}

/// Projection writes many names, and formatting them byte by byte would be most of its work.
fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value)]);
    let mut text = String::with_capacity(bytes.len() * 2 + 4);
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text
}
