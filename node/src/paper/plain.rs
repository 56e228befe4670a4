//! A sheet as plain text of 76 columns, for printers that print nothing else, and for letters.

use tui::qr::Squares;
use tui::text::{Alignment, AmbiguousWidth, columns, fit, wrap};

use super::sheet::{Block, Sheet, Table};

/// Columns of a line: what fits on A4 at ten letters an inch, with margins.
const COLUMNS: u16 = 76;
const NARROW: AmbiguousWidth = AmbiguousWidth::Narrow;

/// Returns a sheet as text; every line ends.
pub fn plain(sheet: &Sheet) -> String {
    let mut lines = Vec::new();
    if !sheet.title.is_empty() {
        lines.extend(broken(&sheet.title, COLUMNS));
        lines.push("=".repeat(usize::from(COLUMNS)));
    }
    for block in &sheet.blocks {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        tell(block, &mut lines);
    }
    if !sheet.foot.is_empty() {
        lines.push(String::new());
        lines.extend(broken(&sheet.foot, COLUMNS));
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

fn tell(block: &Block, lines: &mut Vec<String>) {
    match block {
        Block::Banner(text) => {
            lines.extend(
                broken(text, COLUMNS - 4)
                    .iter()
                    .map(|line| format!("** {line}")),
            );
        }
        Block::Heading(text) => {
            lines.extend(broken(text, COLUMNS));
            lines.push("-".repeat(columns(text, NARROW).min(usize::from(COLUMNS))));
        }
        Block::Text(text) | Block::Note(text) => lines.extend(broken(text, COLUMNS)),
        Block::Fields(fields) => {
            for (name, value) in fields {
                lines.extend(broken(&format!("{name}  {value}"), COLUMNS));
            }
        }
        Block::Table(table) => tell_table(table, lines),
        Block::Code(squares, caption) => {
            lines.extend(drawn(squares));
            lines.extend(broken(caption, COLUMNS));
        }
        Block::Lines(count) => {
            let line = "_".repeat(usize::from(COLUMNS));
            lines.extend((0..*count).flat_map(|_| [String::new(), line.clone()]));
        }
    }
}

fn broken(text: &str, columns_max: u16) -> Vec<String> {
    let lines = wrap(text, columns_max, NARROW).into_iter();
    lines.map(|line| text[line.range].to_owned()).collect()
}

fn tell_table(table: &Table, lines: &mut Vec<String>) {
    let names: Vec<String> = table
        .columns
        .iter()
        .map(|column| column.name.clone())
        .collect();
    lines.extend(row(table, &names));
    lines.push("-".repeat(usize::from(COLUMNS)));
    for cells in &table.rows {
        lines.extend(row(table, cells));
    }
}

fn row(table: &Table, cells: &[String]) -> Vec<String> {
    let between = 2 * table.columns.len().saturating_sub(1);
    let room = usize::from(COLUMNS).saturating_sub(between);
    let columns: Vec<(u16, Vec<String>)> = table
        .cells(cells)
        .map(|(column, text)| {
            let width = (room * column.share.max(1) / table.shares()).max(1);
            let width = u16::try_from(width).unwrap_or(COLUMNS);
            (width, broken(text, width))
        })
        .collect();
    let is_blank = table.cells(cells).all(|(_, text)| text.is_empty());
    let height = columns.iter().map(|(_, lines)| lines.len()).max();
    let line = |at: usize| {
        let cells = columns.iter().map(|(width, lines)| {
            let width = usize::from(*width);
            match lines.get(at).map_or("", String::as_str) {
                // An empty row is there to be written on.
                "" if is_blank => "_".repeat(width),
                text => fit(text, width, Alignment::Left, NARROW),
            }
        });
        let cells: Vec<String> = cells.collect();
        cells.join("  ").trim_end().to_owned()
    };
    (0..height.unwrap_or(0)).map(line).collect()
}

/// Draws dark squares as ink, two rows in each line.
fn drawn(squares: &Squares) -> Vec<String> {
    let dark = |row, column| squares.is_dark(row, column);
    let line = |row: usize| -> String {
        let signs =
            (0..squares.size).map(|column| match (dark(row, column), dark(row + 1, column)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
        format!("  {}", signs.collect::<String>().trim_end())
    };
    (0..squares.size).step_by(2).map(line).collect()
}
