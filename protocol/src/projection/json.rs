//! Values as JSON.

use std::fmt::Write;

use serde_json::{Map, Value};

use crate::api::{MemberRef, RecordedRef};
use crate::id::{EntryId, MemberId};
use crate::intent::Scalar;
use crate::kind::{Constant, ItemId, Shape};
use crate::text::Text;

/// Keys that every fact has beside its own fields.
pub const ID: &str = "id";
/// The member that a fact belongs to: its name in 64 digits, and more of it for a reader.
pub const BY: &str = "by";
/// The claimed time of a fact.
pub const TIME: &str = "time_ms";
/// How a fact stands, by what others say of it.
pub const STATE: &str = "state";
/// The minutes that both sides say a help took.
pub const AGREED_MINUTES: &str = "agreed_minutes";

/// Room for the point and the atom behind the name of a fact's entry.
const ATOM_CHARS: usize = 4;

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
    write!(text, ".{}", id.0.atom).expect("writing to a string cannot fail");
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

/// Shows a household without a device.
pub fn recorded(recorded: &RecordedRef) -> Value {
    let mut fields = Map::new();
    fields.insert("id".to_owned(), hex(&recorded.id.0).into());
    fields.insert("name".to_owned(), recorded.name.as_str().into());
    if let Some(building) = &recorded.building {
        fields.insert("building".to_owned(), building.as_str().into());
    }
    Value::Object(fields)
}

/// Reads the household without a device for which a fact was written, named or not.
pub fn recorded_of(value: &Value) -> Option<EntryId> {
    let id = value.get("id").unwrap_or(value);
    id.as_str()?.parse().ok()
}

/// Reads the member that a fact belongs to, named or not.
pub fn member_of(by: &Value) -> Option<MemberId> {
    let id = by.get("id").unwrap_or(by);
    id.as_str()?.parse().ok()
}

/// Shows bytes as they are named elsewhere. Projection writes many names, and formatting them byte
/// by byte would be most of its work.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut digits = Vec::with_capacity(bytes.len() * 2 + ATOM_CHARS);
    for byte in bytes {
        digits.push(DIGITS[usize::from(byte >> 4)]);
        digits.push(DIGITS[usize::from(byte & 15)]);
    }
    String::from_utf8(digits).expect("digits are ASCII")
}
