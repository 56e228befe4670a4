//! Help requests from a table that people have, exactly as they have it.
//!
//! It makes a preview: the requests, and by row and column whatever is wrong. It posts nothing and
//! knows nothing of what was imported before; each row has a key by which its importer can tell.

mod columns;
mod composition;

use thiserror::Error;

use self::columns::Columns;
use super::encoding::{self, Encoding};
use super::source::FILE_BYTES_MAX;
use super::table::{COLUMNS_MAX, Row, RowFault as TableFault, Table, UnclosedQuote};

/// Rows of a file: more requests than a neighbourhood has at once.
pub const ROWS_MAX: usize = 10_000;
/// Characters of a title.
pub const TITLE_CHARACTERS_MAX: usize = 120;
/// Bytes of a request's words.
pub const BODY_BYTES_MAX: usize = 8 * 1024;
/// Characters of a category or a building.
pub const SHORT_CHARACTERS_MAX: usize = 64;

/// Signs between cells beside the comma: spreadsheets write tabs into what they save as Unicode
/// text, and semicolons where a comma divides decimals.
const OTHER_DELIMITERS: [u8; 2] = [b'\t', b';'];

/// Why a file holds no table of help requests.
#[derive(Debug, Error)]
pub enum ImportError {
    /// It is larger than a file to import may be.
    #[error(
        "the file has {bytes} bytes and may have {FILE_BYTES_MAX}; check that it is the right one, or split it"
    )]
    TooLarge {
        /// Its bytes.
        bytes: usize,
    },
    /// It is in no encoding that is known.
    #[error(
        "the file is no text: byte {offset} is not valid in {encoding}; save it as CSV in UTF-8 and try again"
    )]
    Encoding {
        /// The encoding that it seems to have.
        encoding: Encoding,
        /// Position of the first byte at fault, from 0.
        offset: usize,
    },
    /// It has zeros in it, as no text has.
    #[error(
        "the file is no text: there is a zero in line {line}; save it as CSV in UTF-8 and try again"
    )]
    Binary {
        /// The line, from 1.
        line: u64,
    },
    /// There is nothing in it.
    #[error("the file is empty; its first row names the columns, for example: title,body,category")]
    Empty,
    /// A quote is never closed, so that it is unclear where cells end.
    #[error(
        "a quote in row {row} (line {line}) is never closed; close it, or double it if it belongs to the text"
    )]
    UnclosedQuote {
        /// The row, from 1.
        row: u64,
        /// The line on which the row begins, from 1.
        line: u64,
    },
    /// The row with the headings cannot be read.
    #[error(
        "text follows a closing quote in the headings (line {line}); double the quotes that belong to the text"
    )]
    Headings {
        /// The line, from 1.
        line: u64,
    },
    /// It has more columns than such a table can have.
    #[error(
        "the first row has more than {COLUMNS_MAX} columns; remove those that are no part of the requests"
    )]
    TooManyColumns,
    /// No column holds titles.
    #[error(
        "no column is called title, name, 标题 or 名称; name one so in the first row. It has: {}",
        .found.join(", ")
    )]
    NoTitle {
        /// The headings that were found, neutralised.
        found: Vec<String>,
    },
    /// Two columns mean the same.
    #[error("the columns {first} and {second} mean the same; rename or remove one")]
    ColumnTwice {
        /// The heading of the first, neutralised.
        first: String,
        /// The heading of the second, neutralised.
        second: String,
    },
    /// Nothing in it names documents and their kind.
    #[error(
        "no columns are called id and kind, as in a table that was exported; export one to see how it looks"
    )]
    NoDocuments,
    /// It has more rows than are imported at once.
    #[error("the file has more than {ROWS_MAX} rows; split it")]
    TooManyRows,
}

/// What is wrong with a cell or a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RowFault {
    /// The row has fewer cells than there are columns; this column's is the first that is missing.
    #[error("the row has {found} of {expected} cells; add the commas that are missing")]
    CellsMissing {
        /// How many it has.
        found: usize,
        /// How many columns there are.
        expected: usize,
    },
    /// The row has more cells than there are columns; this column's is the first too many.
    #[error("the row has more than {expected} cells; put cells that have commas in them in quotes")]
    CellsExtra {
        /// How many columns there are.
        expected: usize,
    },
    /// Text follows the closing quote.
    #[error("text follows the closing quote; double the quotes that belong to the text")]
    TextAfterQuote,
    /// There is no title.
    #[error("the title is missing; every request needs one")]
    TitleMissing,
    /// The title is too long.
    #[error(
        "the title has {characters} characters and may have {TITLE_CHARACTERS_MAX}; move some into the text"
    )]
    TitleTooLong {
        /// How many it has.
        characters: usize,
    },
    /// The words are too long; this column has most of them.
    #[error(
        "the text has {bytes} bytes with all its columns and may have {BODY_BYTES_MAX}; shorten it, or make two requests of it"
    )]
    BodyTooLong {
        /// How many they have.
        bytes: usize,
    },
    /// A category or building is too long.
    #[error("it has {characters} characters and may have {SHORT_CHARACTERS_MAX}; shorten it")]
    TooLong {
        /// How many it has.
        characters: usize,
    },
    /// The urgency is neither yes nor no.
    #[error("write yes or no (是 or 否)")]
    UrgentUnclear,
    /// A number is none.
    #[error("write a whole number such as 2")]
    NumberUnclear,
    /// The name of a document is none.
    #[error("it is no name of a document; leave it empty, or write its 64 digits")]
    NameUnclear,
    /// The kind is none that can be posted.
    #[error("write a kind: request, notice, plan or standing-offer")]
    KindUnknown,
    /// The kind is another than the command names.
    #[error("it is of another kind than the command names; import it by its own, or as documents")]
    OtherKind,
    /// A line is no document in JSON.
    #[error(
        "the line is no document in JSON; each is an object on a line of its own, with kind and fields"
    )]
    NotJson,
    /// A page does not say what it is.
    #[error("the page does not say what it is; begin it with ---, lines such as title: …, and ---")]
    NoFrontMatter,
    /// The end is neither a day nor a moment.
    #[error("write a day such as 2026-03-01, or a moment such as 2026-03-01T18:00:00+08:00")]
    ExpiresUnclear,
    /// No household without a device is recorded here by these digits or this name.
    #[error(
        "no household without a device is recorded here by these digits or this name; have a steward record it and write what it is called, or leave it empty to ask for your own household"
    )]
    HouseholdUnknown,
    /// Several households without a device are called so.
    #[error(
        "several households without a device are called so; write the 64 digits that linli household list --json prints"
    )]
    HouseholdUnclear,
    /// The household that imports does not act for it.
    #[error(
        "your household does not act for this household without a device; have a steward name yours with its consent, or leave it empty to ask for your own household"
    )]
    NotItsProxy,
}

/// Something wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// The row as a spreadsheet counts, from 1, headings and blank rows included.
    pub row: u64,
    /// The line of the file on which the row begins, from 1.
    pub line: u64,
    /// The column's heading, neutralised, or its letter where it has none.
    pub column: String,
    /// What is wrong and what to do.
    pub what: RowFault,
}

/// A help request as a row gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRow {
    /// Its title: one line, never empty.
    pub title: String,
    /// Its words, line feeds between lines; may be empty.
    pub body: String,
    /// Its category as the row names it; empty when it names none.
    pub category: String,
    /// Whether the row says that it is urgent.
    pub urgent: bool,
    /// Its building; empty when the row names none.
    pub building: String,
    /// Until when it stands, in milliseconds of Unix time, if the row says.
    pub expires_ms: Option<i64>,
    /// A hash of all of the above: the same request has the same key in every encoding, file and
    /// language of headings. Two equal rows of one file have the same.
    pub key: [u8; 32],
    /// The row as a spreadsheet counts, from 1.
    pub row: u64,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The encoding of the file.
    pub encoding: Encoding,
    /// The requests of all rows without a fault, in order.
    pub rows: Vec<RequestRow>,
    /// What is wrong with the others, in order.
    pub errors: Vec<RowError>,
    /// How many rows hold nothing and were passed over; those at the end of the file are no rows.
    pub skipped_empty: u64,
    /// Columns that mean nothing here and were not read, neutralised.
    pub ignored_columns: Vec<String>,
}

impl Preview {
    /// Whether everything in the file can be imported.
    pub fn is_clean(&self) -> bool {
        self.errors.is_empty()
    }
}

/// Reads a file's bytes. Every text that comes out has passed through `clean`, line by line, which
/// neutralises control characters, escape sequences and whatever else is hostile on a screen.
///
/// # Errors
///
/// [`ImportError`] where the file as a whole is none; faults of rows are in the preview.
pub fn read(bytes: &[u8], clean: fn(&str) -> String) -> Result<Preview, ImportError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(ImportError::TooLarge { bytes: bytes.len() });
    }
    let (encoding, text) = decode_text(bytes)?;
    let (mut table, columns) = begin(&text, clean)?;
    let mut preview = Preview {
        encoding,
        rows: Vec::new(),
        errors: Vec::new(),
        skipped_empty: 0,
        ignored_columns: columns.ignored(),
    };
    let mut rows = 0;
    while let Some(row) = table.next_row()? {
        if is_empty(&row) {
            preview.skipped_empty += 1;
            continue;
        }
        rows += 1;
        if rows > ROWS_MAX {
            return Err(ImportError::TooManyRows);
        }
        match read_row(&columns, row, clean) {
            Ok(request) => preview.rows.push(request),
            Err(errors) => preview.errors.extend(errors),
        }
    }
    preview.skipped_empty += table.blank_rows();
    Ok(preview)
}

/// Returns a file's encoding and its text, every line of which ends in a line feed alone.
///
/// # Errors
///
/// [`ImportError::Encoding`] and [`ImportError::Binary`].
pub(crate) fn decode_text(bytes: &[u8]) -> Result<(Encoding, String), ImportError> {
    let (encoding, text) = encoding::decode(bytes).map_err(|fault| ImportError::Encoding {
        encoding: fault.encoding,
        offset: fault.offset,
    })?;
    let text = with_line_feeds(text);
    if let Some(position) = text.find('\0') {
        let line = text[..position].matches('\n').count() as u64 + 1;
        return Err(ImportError::Binary { line });
    }
    Ok((encoding, text))
}

impl From<UnclosedQuote> for ImportError {
    fn from(UnclosedQuote { row, line }: UnclosedQuote) -> Self {
        Self::UnclosedQuote { row, line }
    }
}

/// Ends every line, the last one too, in a line feed alone.
fn with_line_feeds(mut text: String) -> String {
    if text.contains('\r') {
        text = text.replace("\r\n", "\n").replace('\r', "\n");
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// Reads the headings, with whichever delimiter shows a column of titles; if none does, what is
/// wrong is told as of a table with commas.
fn begin(text: &str, clean: fn(&str) -> String) -> Result<(Table<'_>, Columns), ImportError> {
    begin_with(text, b',', clean).or_else(|fault| {
        OTHER_DELIMITERS
            .into_iter()
            .find_map(|delimiter| begin_with(text, delimiter, clean).ok())
            .ok_or(fault)
    })
}

fn begin_with(
    text: &str,
    delimiter: u8,
    clean: fn(&str) -> String,
) -> Result<(Table<'_>, Columns), ImportError> {
    let mut table = Table::new(text, delimiter);
    let row = table.next_row()?.ok_or(ImportError::Empty)?;
    let cells = row.cells.map_err(|fault| match fault {
        TableFault::TooManyCells => ImportError::TooManyColumns,
        TableFault::TextAfterQuote(_) => ImportError::Headings { line: row.line },
    })?;
    let columns = Columns::parse(&cells, clean)?;
    Ok((table, columns))
}

fn is_empty(row: &Row) -> bool {
    row.cells
        .as_ref()
        .is_ok_and(|cells| cells.iter().all(|cell| cell.trim().is_empty()))
}

fn read_row(
    columns: &Columns,
    row: Row,
    clean: fn(&str) -> String,
) -> Result<RequestRow, Vec<RowError>> {
    let expected = columns.count();
    let (index, what) = match &row.cells {
        Ok(cells) if cells.len() == expected => {
            return composition::compose(columns, cells, (row.number, row.line), clean);
        }
        Ok(cells) if cells.len() < expected => {
            let found = cells.len();
            (found, RowFault::CellsMissing { found, expected })
        }
        Ok(_) | Err(TableFault::TooManyCells) => (expected, RowFault::CellsExtra { expected }),
        Err(TableFault::TextAfterQuote(index)) => (*index, RowFault::TextAfterQuote),
    };
    Err(vec![RowError {
        row: row.number,
        line: row.line,
        column: columns.name(index),
        what,
    }])
}

#[cfg(test)]
mod tests;
