//! One value, from JSON to the scalar that a field stores.

use serde_json::Value;

use crate::id::{DocumentId, EntryId, MemberId};
use crate::intent::Scalar;
use crate::limits;
use crate::text::Text;

use super::super::field::{Field, Shape};
use super::super::{Editor, ItemId};
use super::{DraftError, Fault};

/// Characters of a collaborative text that one draft may ask for: all that a document can hold.
const MARKDOWN_CHARS_MAX: usize = limits::SHARE_ATOMS_MAX as usize;

/// Reads a value for a field; none when it is `null` or blank text.
pub fn scalar(
    field: &Field,
    value: &Value,
    editor: &Editor<'_>,
) -> Result<Option<Scalar>, DraftError> {
    if value.is_null() {
        return Ok(None);
    }
    let scalar = match field.shape {
        Shape::Line { chars_max } => return text(field, value, chars_max, Text::line),
        Shape::Paragraphs { chars_max } => return text(field, value, chars_max, Text::paragraphs),
        Shape::Markdown => unreachable!("collaborative text is no scalar"),
        Shape::Choice(words) => {
            let word = value.as_str().filter(|word| words.contains(word));
            let word = word.ok_or_else(|| fault(field, Fault::Choice { words }))?;
            Scalar::Text(word.to_owned())
        }
        Shape::TimeMs => Scalar::Int(number(field, value, 0, limits::TIME_MS_MAX)?),
        Shape::Number { min, max } => Scalar::Int(number(field, value, min, max)?),
        Shape::Flag => {
            let flag = value.as_bool().ok_or_else(|| fault(field, Fault::Flag))?;
            Scalar::Bool(flag)
        }
        Shape::Document => name(field, value, |text| {
            Some(text.parse::<DocumentId>().ok()?.0)
        })?,
        Shape::Member => name(field, value, |text| Some(text.parse::<MemberId>().ok()?.0))?,
        Shape::Capacity => {
            let held = |text: &str| {
                let appointment: EntryId = text.parse().ok()?;
                let holds = field.acting.includes(editor, appointment);
                holds.then_some(appointment.0)
            };
            name(field, value, held).map_err(|_| fault(field, Fault::Capacity))?
        }
        Shape::Recorded => {
            let held = |text: &str| {
                let recorded: EntryId = text.parse().ok()?;
                editor.acts_for(recorded).then_some(recorded.0)
            };
            name(field, value, held).map_err(|_| fault(field, Fault::Proxy))?
        }
        Shape::Item => {
            let item: Option<ItemId> = value.as_str().and_then(|text| text.parse().ok());
            let item = item.ok_or_else(|| fault(field, Fault::Name))?;
            Scalar::Bytes(item.to_bytes())
        }
        Shape::Sealed { bytes_max } => bytes(field, value, bytes_max)?,
        Shape::Places { .. } => {
            let places = bytes(field, value, usize::MAX)?;
            let fits = field.shape.check(&places).is_ok();
            fits.then_some(places)
                .ok_or_else(|| fault(field, Fault::Name))?
        }
    };
    Ok(Some(scalar))
}

/// Reads bytes, two digits each.
fn bytes(field: &Field, value: &Value, bytes_max: usize) -> Result<Scalar, DraftError> {
    let digits = value.as_str().ok_or_else(|| fault(field, Fault::Text))?;
    let bytes = bytes_of(digits).ok_or_else(|| fault(field, Fault::Text))?;
    if bytes.len() > bytes_max {
        let (bytes, max) = (bytes.len(), bytes_max);
        return Err(fault(field, Fault::Bytes { bytes, max }));
    }
    Ok(Scalar::Bytes(bytes))
}

fn bytes_of(digits: &str) -> Option<Vec<u8>> {
    let digit = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let read = |[high, low]: &[u8; 2]| Some((digit(*high)? << 4) | digit(*low)?);
    pairs.iter().map(read).collect()
}

/// Reads collaborative text.
pub fn markdown(field: &Field, value: &Value) -> Result<String, DraftError> {
    let text = text(field, value, MARKDOWN_CHARS_MAX, Text::paragraphs)?;
    match text {
        Some(Scalar::Text(text)) => Ok(text),
        _ => Ok(String::new()),
    }
}

fn text(
    field: &Field,
    value: &Value,
    chars_max: usize,
    clean: fn(&str, usize) -> Text,
) -> Result<Option<Scalar>, DraftError> {
    if value.is_null() {
        return Ok(None);
    }
    let raw = value.as_str().ok_or_else(|| fault(field, Fault::Text))?;
    let text = clean(raw, usize::MAX);
    let chars = text.chars();
    if chars > chars_max {
        return Err(fault(field, Fault::Chars { chars, chars_max }));
    }
    Ok((!text.is_blank()).then(|| Scalar::Text(text.into_string())))
}

fn number(field: &Field, value: &Value, min: i64, max: i64) -> Result<i64, DraftError> {
    let number = value.as_i64().filter(|number| (min..=max).contains(number));
    number.ok_or_else(|| fault(field, Fault::Number { min, max }))
}

fn name(
    field: &Field,
    value: &Value,
    parse: impl Fn(&str) -> Option<[u8; 32]>,
) -> Result<Scalar, DraftError> {
    let bytes = value.as_str().and_then(parse);
    let bytes = bytes.ok_or_else(|| fault(field, Fault::Name))?;
    Ok(Scalar::Bytes(bytes.to_vec()))
}

fn fault(field: &Field, fault: Fault) -> DraftError {
    DraftError::at(field.name, fault)
}
