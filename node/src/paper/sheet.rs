//! What stands on a sheet, from top to bottom.

use tui::qr::Squares;

/// A sheet of paper, or as many as it takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// What the file is called by programs that show it, and what stands first.
    pub title: String,
    /// The language, as in `zh`.
    pub language: String,
    /// What stands below the title.
    pub blocks: Vec<Block>,
    /// What stands at the foot of every page, beside its number.
    pub foot: String,
}

/// A part of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// What is read from across a stairwell: a level, an advice.
    Banner(String),
    /// The title of a section.
    Heading(String),
    /// Text with its line ends.
    Text(String),
    /// Text that explains: smaller.
    Note(String),
    /// What is named, and what it is.
    Fields(Vec<(String, String)>),
    /// Rows and columns.
    Table(Table),
    /// A QR code and what it is for.
    Code(Squares, String),
    /// Lines to write on, as many.
    Lines(usize),
}

/// Rows and columns; what a row has too little is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What stands on top.
    pub name: String,
    /// How much of the width it takes, beside the others.
    pub share: usize,
}

impl Table {
    /// Makes a table without rows of names and shares.
    pub fn of(columns: impl IntoIterator<Item = (String, usize)>) -> Self {
        let columns = columns.into_iter();
        Self {
            columns: columns
                .map(|(name, share)| Column { name, share })
                .collect(),
            rows: Vec::new(),
        }
    }

    /// How many shares all columns have.
    pub(super) fn shares(&self) -> usize {
        let shares = self.columns.iter().map(|column| column.share.max(1));
        shares.sum::<usize>().max(1)
    }

    /// Returns what stands in a row's columns, each once.
    pub(super) fn cells<'a>(
        &'a self,
        row: &'a [String],
    ) -> impl Iterator<Item = (&'a Column, &'a str)> {
        let columns = self.columns.iter().enumerate();
        columns.map(|(at, column)| (column, row.get(at).map_or("", String::as_str)))
    }
}
