//! One document as a page of Markdown. A page that was exported carries the document in its last
//! line, in a comment that nobody sees; a page that somebody writes has a few lines before the text:
//!
//! ```text
//! ---
//! kind: notice
//! title: 今晚停水
//! level: important
//! ---
//! 21:00 至次日 6:00。
//! ```

use protocol::api::DocumentView;
use protocol::kind::{Field, Kind, Kinds, Shape};
use serde_json::{Map, Value, json};

use super::{Place, ReadOne, json as lines, kind_named, own_fields};
use crate::import::requests::{RowError, RowFault};

/// What stands around the document in a page's last line.
const RECORD_BEGINS: &str = "<!-- linli-document-1 ";
const RECORD_ENDS: &str = " -->";
/// What stands before and behind the lines that say what a page is.
const FENCE: &str = "---";

/// Puts the document into the last line of its page: what it says of itself, and nothing of what
/// others said or what is shown to a few.
pub fn with_record(page: &str, view: &DocumentView) -> String {
    let own = Kinds::standard().by_name(&view.kind).map(|kind| {
        let held = own_fields(kind).filter_map(|field| {
            let value = view.fields.get(field.name)?;
            Some((field.name.to_owned(), value.clone()))
        });
        held.collect::<Map<String, Value>>()
    });
    let record = json!({
        "id": view.id, "kind": view.kind, "fields": own.unwrap_or_default(),
    });
    let mut safe = String::new();
    for sign in record.to_string().chars() {
        match sign {
            // Nothing ends the comment, and nothing in it is a mark-up of its own.
            '-' | '<' | '>' | '&' => safe.push_str(&format!("\\u{:04x}", u32::from(sign))),
            sign => safe.push(sign),
        }
    }
    format!("{page}\n{RECORD_BEGINS}{safe}{RECORD_ENDS}\n")
}

/// Tells whether a text begins as a page does.
pub(super) fn is_page(text: &str) -> bool {
    text.starts_with("# ") || text.lines().next() == Some(FENCE)
}

/// Reads a page.
pub(super) fn read(text: &str, asked: Option<&'static Kind>) -> Vec<ReadOne> {
    let mut lines_from_the_end = text.trim_end().lines().zip(1_u64..).collect::<Vec<_>>();
    let last = lines_from_the_end.pop();
    let record = last.and_then(|(text, line)| {
        let record = text.strip_prefix(RECORD_BEGINS)?;
        Some((record.strip_suffix(RECORD_ENDS)?, line))
    });
    vec![match record {
        Some((record, line)) => lines::record(record, Place { row: line, line }, asked),
        None => written(text, asked),
    }]
}

/// Reads a page that somebody wrote.
fn written(text: &str, asked: Option<&'static Kind>) -> ReadOne {
    let mut rest = text.trim_start_matches(['\u{feff}', '\n', ' ']);
    let first = 1 + text[..text.len() - rest.len()].matches('\n').count() as u64;
    let place = |line| Place { row: line, line };
    let Some(said) = rest.strip_prefix("---\n") else {
        return Err(vec![place(first).fault("", RowFault::NoFrontMatter)]);
    };
    rest = said;
    let mut values: Vec<(&str, &str, u64)> = Vec::new();
    let mut errors: Vec<RowError> = Vec::new();
    for line in first + 1.. {
        let Some((said, behind)) = rest.split_once('\n') else {
            return Err(vec![place(first).fault(FENCE, RowFault::NoFrontMatter)]);
        };
        rest = behind;
        if said.trim_end() == FENCE {
            break;
        }
        match said.split_once(':') {
            Some((name, value)) => values.push((name.trim(), value.trim(), line)),
            None if said.trim().is_empty() => {}
            None => errors.push(place(line).fault(said.trim(), RowFault::NoFrontMatter)),
        }
    }
    let named = values.iter().find(|(name, ..)| *name == "kind");
    let kind = match (named, asked) {
        (Some((_, name, line)), asked) => {
            kind_named(name, asked).map_err(|what| vec![place(*line).fault("kind", what)])?
        }
        (None, Some(asked)) => asked,
        (None, None) => return Err(vec![place(first).fault("kind", RowFault::KindUnknown)]),
    };
    let mut fields = Map::new();
    for (name, value, line) in values.iter().filter(|(name, ..)| *name != "kind") {
        match field_named(kind, name).map(|field| (field, said_in_front(field, value))) {
            Some((field, Ok(value))) => {
                fields.insert(field.name.to_owned(), value);
            }
            Some((_, Err(what))) => errors.push(place(*line).fault(name, what)),
            // The draft objects to it, and says which there are.
            None => {
                fields.insert((*name).to_owned(), Value::from(*value));
            }
        }
    }
    let body = rest.trim_matches('\n');
    let long = own_fields(kind)
        .find(|field| matches!(field.shape, Shape::Paragraphs { .. } | Shape::Markdown));
    if let Some(long) = long.filter(|_| !body.is_empty()) {
        let text = match long.shape {
            Shape::Markdown => format!("{body}\n"),
            _ => body.to_owned(),
        };
        fields.insert(long.name.to_owned(), text.into());
    }
    match errors.is_empty() {
        true => Ok(super::Record {
            id: None,
            kind,
            fields: fields.into_iter().collect(),
            row: first,
            line: first,
        }),
        false => Err(errors),
    }
}

fn field_named(kind: &Kind, name: &str) -> Option<&'static Field> {
    own_fields(kind).find(|field| field.name == name || super::csv::heading(field) == name)
}

/// Reads what stands behind a name; quotes around it are left out.
fn said_in_front(field: &Field, text: &str) -> Result<Value, RowFault> {
    let quoted = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    let value = super::csv::value(field, quoted.unwrap_or(text))?;
    Ok(value.unwrap_or(Value::Null))
}
