//! Documents as lines of JSON, one a line, as lists and exports print them.

use protocol::id::DocumentId;
use protocol::kind::Kind;
use serde_json::{Map, Value};

use super::{Place, ReadOne, Record, kind_named, own_fields};
use crate::import::requests::RowFault;

/// Reads lines; blank ones are passed over.
pub(super) fn read(text: &str, asked: Option<&'static Kind>) -> Vec<ReadOne> {
    let lines = text.trim_start_matches('\u{feff}').lines().zip(1..);
    let lines = lines.filter(|(line, _)| !line.trim().is_empty());
    lines
        .map(|(text, line)| record(text, Place { row: line, line }, asked))
        .collect()
}

/// Reads one document: as a list prints it, or with its comments as `show` does, which stay behind.
pub(super) fn record(text: &str, place: Place, asked: Option<&'static Kind>) -> ReadOne {
    let fault = |column: &str, what| Err(vec![place.fault(column, what)]);
    let Ok(Value::Object(mut object)) = serde_json::from_str::<Value>(text) else {
        return fault("", RowFault::NotJson);
    };
    if let Some(Value::Object(document)) = object.remove("document") {
        object = document;
    }
    let id = match object.get("id") {
        None | Some(Value::Null) => None,
        Some(id) => match serde_json::from_value::<DocumentId>(id.clone()) {
            Ok(id) => Some(id),
            Err(_) => return fault("id", RowFault::NameUnclear),
        },
    };
    let name = object.get("kind").and_then(Value::as_str);
    let kind = match name.map_or(Err(RowFault::KindUnknown), |name| kind_named(name, asked)) {
        Ok(kind) => kind,
        Err(what) => return fault("kind", what),
    };
    let Some(Value::Object(said)) = object.remove("fields") else {
        return fault("fields", RowFault::NotJson);
    };
    Ok(Record {
        id,
        kind,
        fields: own(kind, said),
        row: place.row,
        line: place.line,
    })
}

/// Leaves out what others said and what means nothing elsewhere. A field that no document has stays,
/// for the draft to object to.
fn own(kind: &'static Kind, said: Map<String, Value>) -> std::collections::BTreeMap<String, Value> {
    let goes = |name: &str| match (kind.field(name), kind.list(name)) {
        (Some(_), _) => own_fields(kind).any(|field| field.name == name),
        (None, Some(_)) => false,
        // What a corrected document said first.
        (None, None) => name != "original",
    };
    said.into_iter()
        .filter(|(name, value)| goes(name) && !value.is_null())
        .collect()
}
