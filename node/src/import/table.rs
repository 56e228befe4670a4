//! A table of comma-separated values as a spreadsheet sees it: rows with numbers, cells with text.
//!
//! The csv parser never complains: it reads a quote that nobody closed to the end of the file, drops
//! blank lines, and joins what follows a closing quote to the cell. Here rows keep the numbers that
//! a spreadsheet shows, and both faults are reported. What the columns mean is not known here.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};
use thiserror::Error;

/// Columns of a table.
pub const COLUMNS_MAX: usize = 64;

/// A quote was opened and never closed, so nothing behind it can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a quote in row {row} (line {line}) is never closed")]
pub struct UnclosedQuote {
    /// The row, from 1.
    pub row: u64,
    /// The line on which the row begins, from 1.
    pub line: u64,
}

/// A row that is not blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number in a spreadsheet, from 1, blank lines counted.
    pub number: u64,
    /// The line of the file on which it begins, from 1.
    pub line: u64,
    /// Its cells, or how it is faulty.
    pub cells: Result<Vec<String>, RowFault>,
}

/// Why a row has no cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFault {
    /// It has more than [`COLUMNS_MAX`].
    TooManyCells,
    /// Text follows the closing quote of the cell with this index.
    TextAfterQuote(usize),
}

/// A text that is read row by row.
pub struct Table<'t> {
    rest: &'t str,
    delimiter: u8,
    row: u64,
    line: u64,
    blank_rows: u64,
    reader: Reader,
    output: Vec<u8>,
}

impl<'t> Table<'t> {
    /// Begins a text whose lines end in line feeds, the last one too.
    pub fn new(text: &'t str, delimiter: u8) -> Self {
        debug_assert!(text.is_empty() || text.ends_with('\n'));
        Self {
            // The parser would swallow such a mark, and the line feed behind it.
            rest: text.trim_start_matches('\u{feff}'),
            delimiter,
            row: 1,
            line: 1,
            blank_rows: 0,
            reader: ReaderBuilder::new()
                .delimiter(delimiter)
                .terminator(Terminator::Any(b'\n'))
                .build(),
            // Cells are never longer than the text that they come from.
            output: vec![0; text.len()],
        }
    }

    /// How many blank lines stood before rows read so far.
    pub fn blank_rows(&self) -> u64 {
        self.blank_rows
    }

    /// Reads the next row that is not a blank line; none at the end.
    ///
    /// # Errors
    ///
    /// [`UnclosedQuote`], after which there is nothing more to read.
    pub fn next_row(&mut self) -> Result<Option<Row>, UnclosedQuote> {
        let text = self.rest.trim_start_matches('\n');
        if text.is_empty() {
            return Ok(None);
        }
        let blank = (self.rest.len() - text.len()) as u64;
        self.blank_rows += blank;
        let (row, line) = (self.row + blank, self.line + blank);

        let Some((bytes, ends)) = self.read_record(text.as_bytes()) else {
            self.rest = "";
            return Err(UnclosedQuote { row, line });
        };
        let (raw, rest) = text.split_at(bytes);
        self.rest = rest;
        self.row = row + 1;
        self.line = line + raw.bytes().filter(|byte| *byte == b'\n').count() as u64;
        let cells = match (ends, text_after_quote(raw, self.delimiter)) {
            (None, _) => Err(RowFault::TooManyCells),
            (Some(_), Some(cell)) => Err(RowFault::TextAfterQuote(cell)),
            (Some(ends), None) => Ok(self.cells(&ends)),
        };
        Ok(Some(Row {
            number: row,
            line,
            cells,
        }))
    }

    /// Parses one record into `output`. Returns its length in the text and the ends of its cells,
    /// without those if it has too many; nothing if the text ends within it.
    fn read_record(&mut self, text: &[u8]) -> Option<(usize, Option<Vec<usize>>)> {
        let mut ends = [0; COLUMNS_MAX];
        let (mut read, mut too_many) = (0, false);
        loop {
            let (result, read_more, _, filled) =
                self.reader
                    .read_record(&text[read..], &mut self.output, &mut ends);
            read += read_more;
            match result {
                ReadRecordResult::Record => {
                    let ends = (!too_many).then(|| ends[..filled].to_vec());
                    return Some((read, ends));
                }
                // The cells are given up; the record is read on to find where it ends.
                ReadRecordResult::OutputEndsFull => too_many = true,
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return None,
                ReadRecordResult::OutputFull => {
                    unreachable!("a record's cells are shorter than the text")
                }
            }
        }
    }

    fn cells(&self, ends: &[usize]) -> Vec<String> {
        let mut start = 0;
        ends.iter()
            .map(|&end| {
                let cell = std::str::from_utf8(&self.output[start..end])
                    .expect("delimiters and quotes are ASCII, so a text's cells are text");
                start = end;
                cell.to_owned()
            })
            .collect()
    }
}

/// Returns the index of the first cell whose closing quote is followed by text.
fn text_after_quote(raw: &str, delimiter: u8) -> Option<usize> {
    let mut cell = 0;
    let mut bytes = raw.bytes().peekable();
    loop {
        if bytes.next_if_eq(&b'"').is_some() {
            // A doubled quote is a quote in the cell.
            while bytes.next()? != b'"' || bytes.next_if_eq(&b'"').is_some() {}
            if !matches!(bytes.peek(), Some(&next) if next == delimiter || next == b'\n') {
                return Some(cell);
            }
        }
        bytes.find(|byte| *byte == delimiter)?;
        cell += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Result<Vec<Row>, UnclosedQuote> {
        let mut table = Table::new(text, b',');
        let mut rows = Vec::new();
        while let Some(row) = table.next_row()? {
            rows.push(row);
        }
        Ok(rows)
    }

    fn row(number: u64, line: u64, cells: &[&str]) -> Row {
        Row {
            number,
            line,
            cells: Ok(cells.iter().map(|&cell| cell.to_owned()).collect()),
        }
    }

    #[test]
    fn rows_and_lines_are_counted_as_a_spreadsheet_and_an_editor_do() {
        let text = "a,b\n\n\"1\n2\n3\",x\n,\n\n\nlast,\"\"\n\n";
        assert_eq!(
            rows(text),
            Ok(vec![
                row(1, 1, &["a", "b"]),
                row(3, 3, &["1\n2\n3", "x"]),
                row(4, 6, &["", ""]),
                row(7, 9, &["last", ""]),
            ])
        );
    }

    #[test]
    fn a_second_mark_does_not_shift_the_rows() {
        assert_eq!(
            rows("\u{feff}\na\n\u{feff}\nb\n"),
            Ok(vec![
                row(2, 2, &["a"]),
                row(3, 3, &["\u{feff}"]),
                row(4, 4, &["b"])
            ])
        );
    }

    #[test]
    fn quotes_are_read_as_written() {
        assert_eq!(
            rows("\"say \"\"hi\"\", ok\",3\" pipe\n"),
            Ok(vec![row(1, 1, &["say \"hi\", ok", "3\" pipe"])])
        );
    }

    #[test]
    fn a_quote_that_is_never_closed_ends_the_table() {
        assert_eq!(
            rows("a,b\n\nc,\"d\ne,f\n"),
            Err(UnclosedQuote { row: 3, line: 3 })
        );
        assert_eq!(rows("\"\n"), Err(UnclosedQuote { row: 1, line: 1 }));
        assert_eq!(rows("a,\"\"\"\n"), Err(UnclosedQuote { row: 1, line: 1 }));
    }

    #[test]
    fn text_after_a_closing_quote_is_named_by_its_cell() {
        let fault = |text: &str| rows(text).expect("closed")[0].cells.clone().err();
        assert_eq!(
            fault("a,\"急需 \"3M\" 口罩\",b\n"),
            Some(RowFault::TextAfterQuote(1))
        );
        assert_eq!(
            fault("\"a\" ,b\n"),
            Some(RowFault::TextAfterQuote(0)),
            "a blank is text"
        );
        assert_eq!(
            fault("a,\"x\ny\",\"z\"z\n"),
            Some(RowFault::TextAfterQuote(2))
        );
        assert_eq!(fault("\"a\",\"\",\"\"\"\"\n"), None);
    }

    #[test]
    fn a_row_of_a_million_cells_is_one_fault_and_the_next_row_is_read() {
        let wide = ",".repeat(1_000_000);
        let rows = rows(&format!("a,b\n{wide}\nc,d\n")).expect("closed");
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[1].cells, Err(RowFault::TooManyCells));
        assert_eq!(rows[2], row(3, 3, &["c", "d"]));
    }

    #[test]
    fn as_many_columns_as_are_allowed_are_read() {
        let text = |commas: usize| ",".repeat(commas) + "\n";
        assert_eq!(
            rows(&text(COLUMNS_MAX - 1)).expect("closed")[0]
                .cells
                .as_ref()
                .map(Vec::len),
            Ok(COLUMNS_MAX)
        );
        assert_eq!(
            rows(&text(COLUMNS_MAX)).expect("closed")[0].cells,
            Err(RowFault::TooManyCells)
        );
    }
}
