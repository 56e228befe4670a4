//! A sheet as Markdown. What people wrote is text: nothing of it becomes a heading, a link or HTML.

use super::sheet::{Block, Sheet, Table};

/// Returns a sheet as Markdown; a QR code, which is for paper, is left out with its caption.
pub fn markdown(sheet: &Sheet) -> String {
    let mut parts = Vec::new();
    if !sheet.title.is_empty() {
        parts.push(format!("# {}", escaped(&sheet.title)));
    }
    parts.extend(sheet.blocks.iter().filter_map(block));
    if !sheet.foot.is_empty() {
        parts.push(format!("---\n\n{}", escaped(&sheet.foot)));
    }
    let mut page = parts.join("\n\n");
    page.push('\n');
    page
}

/// Escapes every character that Markdown could obey.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if character.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

fn block(block: &Block) -> Option<String> {
    match block {
        Block::Banner(text) => Some(format!("**{}**", escaped(text))),
        Block::Heading(text) => Some(format!("## {}", escaped(text))),
        Block::Text(text) | Block::Note(text) => Some(lines(text)),
        Block::Fields(fields) => {
            let fields = fields
                .iter()
                .map(|(name, value)| format!("- {}: {}", escaped(name), in_a_line(value)));
            Some(fields.collect::<Vec<_>>().join("\n"))
        }
        Block::Table(table) => Some(rows(table)),
        Block::Code(..) | Block::Lines(_) => None,
    }
}

/// A line end inside a paragraph is a line end.
fn lines(text: &str) -> String {
    let lines = text.lines().map(escaped);
    lines.collect::<Vec<_>>().join("  \n")
}

fn in_a_line(text: &str) -> String {
    escaped(&text.lines().collect::<Vec<_>>().join(" "))
}

fn rows(table: &Table) -> String {
    let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let names = table.columns.iter().map(|column| in_a_line(&column.name));
    let mut lines = vec![row(names.collect())];
    lines.push(row(table
        .columns
        .iter()
        .map(|_| "---".to_owned())
        .collect()));
    for cells in &table.rows {
        let cells = table.cells(cells).map(|(_, text)| in_a_line(text));
        lines.push(row(cells.collect()));
    }
    lines.join("\n")
}
