//! Documents in files that leave and come back as they were: tables for spreadsheets, lines of JSON,
//! and pages of Markdown.
//!
//! What a document says of itself goes both ways: its own fields. Who wrote it, how it stands and
//! what others said is for reading; whoever imports a document posts it as its own, or for the
//! household without a device that it names. People's own tables of requests are read elsewhere
//! ([`crate::import::requests`]).

pub mod cell;
mod csv;
mod json;
mod markdown;

use std::collections::BTreeMap;

use protocol::id::DocumentId;
use protocol::kind::{Field, Kind, Kinds, Shape};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use crate::import::requests::{ImportError, ROWS_MAX, RowError, RowFault};
use crate::import::{Encoding, FILE_BYTES_MAX, decode_text};

pub use self::csv::table;
pub use self::markdown::with_record;

/// Domain of the keys by which a document is known that was imported before.
const KEY_CONTEXT: &str = "linli import 1: key of a document";

/// A document as a file gives it.
#[derive(Clone, Debug)]
pub struct Record {
    /// The name that it had where it was exported.
    pub id: Option<DocumentId>,
    /// Its kind.
    pub kind: &'static Kind,
    /// What it says, by field.
    pub fields: BTreeMap<String, Value>,
    /// The row as a spreadsheet counts, from 1.
    pub row: u64,
    /// The line of the file on which it begins, from 1.
    pub line: u64,
}

/// What a file holds.
#[derive(Clone, Debug)]
pub struct Records {
    /// Its encoding.
    pub encoding: Encoding,
    /// The documents without a fault, in order.
    pub records: Vec<Record>,
    /// What is wrong with the others, in order.
    pub errors: Vec<RowError>,
}

impl Record {
    /// Returns a hash of all that it says: the same document has the same key in every form of file.
    pub fn key(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_derive_key(KEY_CONTEXT);
        let mut add = |text: &str| {
            // Characters that are written in several ways in Unicode count as the same.
            let normal: String = text.nfc().collect();
            hasher.update(&(normal.len() as u64).to_be_bytes());
            hasher.update(normal.as_bytes());
        };
        add(self.kind.name);
        for (name, value) in &self.fields {
            add(name);
            add(&value.to_string());
        }
        *hasher.finalize().as_bytes()
    }
}

/// Reads a file of documents of one kind, or of any kind where none is named; nothing when it is a
/// table of people's own, in which no column names documents.
///
/// # Errors
///
/// [`ImportError`] where the file as a whole is none; faults of single documents are in the answer.
pub fn read(bytes: &[u8], kind: Option<&'static Kind>) -> Result<Option<Records>, ImportError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(ImportError::TooLarge { bytes: bytes.len() });
    }
    let (encoding, text) = decode_text(bytes)?;
    let begins = text.trim_start_matches(['\u{feff}', '\n', ' ']);
    let read = if begins.starts_with('{') {
        Some(json::read(&text, kind))
    } else if markdown::is_page(begins) {
        Some(markdown::read(&text, kind))
    } else {
        csv::read(&text, kind)?
    };
    let Some(read) = read else {
        return Ok(None);
    };
    if read.len() > ROWS_MAX {
        return Err(ImportError::TooManyRows);
    }
    let mut records = Records {
        encoding,
        records: Vec::new(),
        errors: Vec::new(),
    };
    for one in read {
        match one {
            Ok(record) => records.records.push(record),
            Err(errors) => records.errors.extend(errors),
        }
    }
    Ok(Some(records))
}

/// A document, or all that is wrong with it.
type ReadOne = Result<Record, Vec<RowError>>;

/// Where a document stands in a file.
#[derive(Clone, Copy)]
struct Place {
    row: u64,
    line: u64,
}

impl Place {
    fn fault(self, column: &str, what: RowFault) -> RowError {
        RowError {
            row: self.row,
            line: self.line,
            column: column.to_owned(),
            what,
        }
    }
}

/// Finds a kind by its name, as long as it is the one that is asked for.
fn kind_named(name: &str, asked: Option<&'static Kind>) -> Result<&'static Kind, RowFault> {
    let kinds = Kinds::standard();
    let mut posted = kinds.posted();
    let kind = posted.find(|kind| kind.name == name);
    match (kind, asked) {
        (None, _) => Err(RowFault::KindUnknown),
        (Some(kind), Some(asked)) if kind.code != asked.code => Err(RowFault::OtherKind),
        (Some(kind), _) => Ok(kind),
    }
}

/// The fields that go both ways: what a document says in words, numbers and times, and for whom it
/// was written, lest an import takes it for the importer's own. Names of members and roles mean
/// nothing elsewhere.
fn own_fields(kind: &Kind) -> impl Iterator<Item = &'static Field> + use<> {
    kind.fields.iter().filter(|field| {
        matches!(
            field.shape,
            Shape::Line { .. }
                | Shape::Paragraphs { .. }
                | Shape::Markdown
                | Shape::Choice(_)
                | Shape::TimeMs
                | Shape::Number { .. }
                | Shape::Flag
                | Shape::Recorded
        )
    })
}

#[cfg(test)]
mod tests;
