//! Documents of one kind as a table: a column for each field, then what the household is called for
//! which each was written, who wrote it and how it stands.
//!
//! The table has headings that a program relies on, so they are the same in every language.

use jiff::Timestamp;
use protocol::api::DocumentView;
use protocol::kind::{FOR_HOUSEHOLD, Field, Kind, Shape};
use serde_json::Value;

use super::{Place, ReadOne, Record, cell, kind_named, own_fields};
use crate::import::requests::{ImportError, RowError, RowFault};
use crate::import::table::{RowFault as TableFault, Table};

/// The column with the name of a document.
const ID: &str = "id";
/// The column with its kind.
const KIND: &str = "kind";
/// What a household without a device is called whose name in digits stands in a field; nobody imports it.
const HOUSEHOLD_CALLED: &str = "for_household_name";
/// Columns for reading, which nobody imports.
const TOLD: [&str; 3] = ["state", "author", "created"];
/// Signs between cells: spreadsheets write others than they read.
const DELIMITERS: [u8; 3] = *b",\t;";
/// Without it, spreadsheets read Chinese in another encoding.
const MARK: char = '\u{feff}';

/// Writes documents of a kind as a table.
pub fn table(kind: &Kind, views: &[DocumentView]) -> String {
    let mut text = String::from(MARK);
    let headings = [ID, KIND].into_iter().map(str::to_owned);
    let headings = headings.chain(own_fields(kind).map(|field| heading(field).to_owned()));
    let is_for_others = kind.field(FOR_HOUSEHOLD.name).is_some();
    let called = is_for_others.then(|| HOUSEHOLD_CALLED.to_owned());
    let headings = headings.chain(called).chain(TOLD.map(str::to_owned));
    write_row(headings, &mut text);
    for view in views {
        let value = |field: &Field| view.fields.get(field.name).map(|value| said(field, value));
        let fields = own_fields(kind).map(|field| value(field).unwrap_or_default());
        let called = view.for_household.as_ref();
        let called = called.map_or_else(String::new, |household| household.name.clone());
        let called = is_for_others.then_some(called);
        let told = [
            view.state.clone().unwrap_or_default(),
            match view.author.name.is_empty() {
                true => view.author.id.to_string(),
                false => view.author.name.clone(),
            },
            moment(view.created_ms),
        ];
        let named = [view.id.to_string(), view.kind.clone()];
        let cells = named.into_iter().chain(fields);
        write_row(cells.chain(called).chain(told), &mut text);
    }
    text
}

/// Names the column of a field: a time is written as a date, so it has no unit.
pub(super) fn heading(field: &Field) -> &'static str {
    field.name.trim_end_matches("_ms")
}

fn write_row(cells: impl Iterator<Item = String>, text: &mut String) {
    for (number, said) in cells.enumerate() {
        if number > 0 {
            text.push(',');
        }
        let guarded = cell::guarded(&said);
        let is_plain =
            !guarded.contains(['"', ',', ';', '\t', '\n', '\r']) && guarded.trim() == guarded;
        match is_plain {
            true => text.push_str(&guarded),
            false => {
                text.push('"');
                text.push_str(&guarded.replace('"', "\"\""));
                text.push('"');
            }
        }
    }
    text.push('\n');
}

fn said(field: &Field, value: &Value) -> String {
    match (field.shape, value) {
        (Shape::TimeMs, value) => value.as_i64().map_or_else(String::new, moment),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Bool(true)) => "yes".to_owned(),
        (_, Value::Bool(false)) => "no".to_owned(),
        (_, value) => value.to_string(),
    }
}

fn moment(time_ms: i64) -> String {
    let moment = Timestamp::from_millisecond(time_ms);
    moment.map_or_else(|_| time_ms.to_string(), |moment| moment.to_string())
}

/// Reads a table; nothing when no column names documents and their kind.
pub(super) fn read(
    text: &str,
    asked: Option<&'static Kind>,
) -> Result<Option<Vec<ReadOne>>, ImportError> {
    for delimiter in DELIMITERS {
        let mut table = Table::new(text, delimiter);
        let Some(Ok(headings)) = table.next_row()?.map(|row| row.cells) else {
            continue;
        };
        let headings: Vec<String> = headings
            .iter()
            .map(|heading| heading.trim().to_lowercase())
            .collect();
        let names = |name: &str| headings.iter().any(|heading| heading == name);
        if names(ID) && names(KIND) {
            return rows(&mut table, &headings, asked).map(Some);
        }
    }
    Ok(None)
}

fn rows(
    table: &mut Table<'_>,
    headings: &[String],
    asked: Option<&'static Kind>,
) -> Result<Vec<ReadOne>, ImportError> {
    let mut read = Vec::new();
    while let Some(row) = table.next_row()? {
        let place = Place {
            row: row.number,
            line: row.line,
        };
        let expected = headings.len();
        let name = |index: usize| headings.get(index).map_or("", String::as_str);
        let fault = |index, what| Err(vec![place.fault(name(index), what)]);
        read.push(match row.cells {
            Ok(cells) if cells.iter().all(|cell| cell.trim().is_empty()) => continue,
            Ok(cells) if cells.len() == expected => record(headings, &cells, place, asked),
            Ok(cells) if cells.len() < expected => {
                let found = cells.len();
                fault(found, RowFault::CellsMissing { found, expected })
            }
            Ok(_) | Err(TableFault::TooManyCells) => {
                fault(expected - 1, RowFault::CellsExtra { expected })
            }
            Err(TableFault::TextAfterQuote(index)) => fault(index, RowFault::TextAfterQuote),
        });
    }
    Ok(read)
}

fn record(
    headings: &[String],
    cells: &[String],
    place: Place,
    asked: Option<&'static Kind>,
) -> ReadOne {
    let cell = |name: &str| {
        let index = headings.iter().position(|heading| heading == name);
        let cell = index.and_then(|index| cells.get(index));
        cell::unguarded(cell.map_or("", String::as_str))
    };
    let mut errors: Vec<RowError> = Vec::new();
    let id = match cell(ID).trim() {
        "" => None,
        name => name.parse().map(Some).unwrap_or_else(|_| {
            errors.push(place.fault(ID, RowFault::NameUnclear));
            None
        }),
    };
    let kind = match kind_named(cell(KIND).trim(), asked) {
        Ok(kind) => kind,
        Err(what) => {
            errors.push(place.fault(KIND, what));
            return Err(errors);
        }
    };
    let mut record = Record {
        id,
        kind,
        fields: std::collections::BTreeMap::new(),
        row: place.row,
        line: place.line,
    };
    for field in own_fields(kind) {
        match value(field, &cell(heading(field))) {
            Ok(None) => {}
            Ok(Some(value)) => {
                record.fields.insert(field.name.to_owned(), value);
            }
            Err(what) => errors.push(place.fault(heading(field), what)),
        }
    }
    match errors.is_empty() {
        true => Ok(record),
        false => Err(errors),
    }
}

/// Reads a cell as the value of a field; none when it is empty.
pub(super) fn value(field: &Field, cell: &str) -> Result<Option<Value>, RowFault> {
    if cell.is_empty() {
        return Ok(None);
    }
    let word = cell.trim();
    Ok(Some(match field.shape {
        Shape::Flag => match word.to_lowercase().as_str() {
            "yes" | "true" | "1" | "是" => Value::Bool(true),
            "no" | "false" | "0" | "否" => Value::Bool(false),
            _ => return Err(RowFault::UrgentUnclear),
        },
        Shape::TimeMs => {
            let moment = word.parse::<Timestamp>();
            let moment = moment.map_err(|_| RowFault::ExpiresUnclear)?;
            moment.as_millisecond().into()
        }
        Shape::Number { .. } => {
            let number = word.parse::<i64>();
            number.map_err(|_| RowFault::NumberUnclear)?.into()
        }
        Shape::Recorded if word.is_empty() => return Ok(None),
        Shape::Choice(_) | Shape::Recorded => word.into(),
        _ => cell.into(),
    }))
}
