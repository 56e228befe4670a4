//! Tables of Markdown, laid out in a number of columns: aligned where a table fits, else one list
//! of names and values for each row. All other Markdown is [`super::markdown`]'s.

use std::ops::Range;

use ratatui::style::Style;

use super::styled::StyledText;
use super::width::{Alignment, AmbiguousWidth, columns, fit};

/// What stands between two columns.
const GAP: &str = "  ";

/// How Markdown is laid out.
#[derive(Clone, Copy)]
pub struct Layout<'a> {
    /// Columns that there are.
    pub columns_max: u16,
    /// How wide the terminal draws ambiguous signs.
    pub ambiguous: AmbiguousWidth,
    /// Of headings, and of names of columns.
    pub heading: Style,
    /// Of all else.
    pub text: Style,
    /// Makes of a column's name what stands before a value: "Time: ".
    pub name: &'a dyn Fn(&str) -> String,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    names: Vec<String>,
    alignments: Vec<Alignment>,
    rows: Vec<Vec<String>>,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// A table.
    Table(Table),
    /// Everything up to the next table.
    Prose(&'a str),
}

/// Cuts a text at its tables.
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut done = 0;
    for (range, table) in tables(text) {
        parts.push(Part::Prose(&text[done..range.start]));
        parts.push(Part::Table(table));
        done = range.end;
    }
    parts.push(Part::Prose(&text[done..]));
    parts
}

/// Finds the tables of a text, without the line end of their last row.
fn tables(text: &str) -> Vec<(Range<usize>, Table)> {
    let lines = lines(text);
    let mut tables = Vec::new();
    let mut fenced = false;
    let mut at = 0;
    while at < lines.len() {
        let line = &text[lines[at].clone()];
        fenced ^= is_fence(line);
        let head = lines
            .get(at + 1)
            .filter(|_| !fenced)
            .and_then(|next| head(line, &text[next.clone()]));
        let Some((names, alignments)) = head else {
            at += 1;
            continue;
        };
        let first = at;
        at += 2;
        let mut rows = Vec::new();
        while let Some(row) = lines.get(at).map(|range| &text[range.clone()])
            && row.contains('|')
        {
            rows.push(row_of(row, names.len()));
            at += 1;
        }
        let range = lines[first].start..lines[at - 1].end;
        tables.push((
            range,
            Table {
                names,
                alignments,
                rows,
            },
        ));
    }
    tables
}

/// Where each line stands, without its end.
pub(super) fn lines(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut lines = Vec::new();
    for line in text.split('\n') {
        lines.push(start..start + line.len());
        start += line.len() + 1;
    }
    lines
}

fn is_fence(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("```") || line.starts_with("~~~")
}

/// Reads two lines as the head of a table: the names, and the line that says how they stand.
fn head(names: &str, delimiters: &str) -> Option<(Vec<String>, Vec<Alignment>)> {
    if !names.contains('|') || !delimiters.contains('-') {
        return None;
    }
    let names = cells(names);
    let alignments: Option<Vec<Alignment>> =
        cells(delimiters).iter().map(|cell| aligned(cell)).collect();
    let alignments = alignments?;
    (alignments.len() == names.len()).then_some((names, alignments))
}

fn aligned(delimiter: &str) -> Option<Alignment> {
    let left = delimiter.starts_with(':');
    let right = delimiter.len() > 1 && delimiter.ends_with(':');
    let dashes = &delimiter[usize::from(left)..delimiter.len() - usize::from(right)];
    if dashes.is_empty() || !dashes.bytes().all(|byte| byte == b'-') {
        return None;
    }
    Some(match (left, right) {
        (true, true) => Alignment::Centre,
        (false, true) => Alignment::Right,
        (_, false) => Alignment::Left,
    })
}

/// Splits a line into cells; a backslash takes a stroke its meaning.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut signs = line.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' if signs.next_if_eq(&'|').is_some() => push(&mut cells, '|'),
            '|' if signs.peek().is_none() => break,
            '|' => cells.push(String::new()),
            sign => push(&mut cells, sign),
        }
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

fn push(cells: &mut [String], sign: char) {
    if let Some(cell) = cells.last_mut() {
        cell.push(sign);
    }
}

/// Reads a row of so many cells. Cells that nobody named stay in the last one: somebody wrote them.
fn row_of(line: &str, count: usize) -> Vec<String> {
    let mut row = cells(line);
    if row.len() > count {
        let more = row.split_off(count);
        if let Some(last) = row.last_mut() {
            for cell in more.iter().filter(|cell| !cell.is_empty()) {
                last.push_str(" | ");
                last.push_str(cell);
            }
        }
    }
    row.resize(count, String::new());
    row
}

impl Table {
    /// Makes the same table of what each name and cell says.
    #[must_use]
    pub fn map(&self, said: &dyn Fn(&str) -> String) -> Self {
        let all = |cells: &Vec<String>| cells.iter().map(|cell| said(cell)).collect();
        Self {
            names: all(&self.names),
            alignments: self.alignments.clone(),
            rows: self.rows.iter().map(all).collect(),
        }
    }

    /// Adds it to a text.
    pub fn draw(&self, text: &mut StyledText, layout: Layout<'_>) {
        let widths = self.widths(layout.ambiguous);
        let gaps = GAP.len() * widths.len().saturating_sub(1);
        match widths.iter().sum::<usize>() + gaps <= usize::from(layout.columns_max) {
            true => self.draw_aligned(&widths, text, layout),
            false => self.draw_lists(text, layout),
        }
    }

    fn widths(&self, ambiguous: AmbiguousWidth) -> Vec<usize> {
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| &row[column]);
            let cells = cells.chain([&self.names[column]]);
            cells.map(|cell| columns(cell, ambiguous)).max()
        };
        let widths = (0..self.names.len()).map(|column| width(column).unwrap_or(0));
        widths.collect()
    }

    fn draw_aligned(&self, widths: &[usize], text: &mut StyledText, layout: Layout<'_>) {
        let line = |cells: &[String]| {
            let cells = cells.iter().zip(widths).zip(&self.alignments);
            let cells = cells
                .map(|((cell, width), alignment)| fit(cell, *width, *alignment, layout.ambiguous));
            let line = cells.collect::<Vec<String>>().join(GAP);
            line.trim_end().to_owned()
        };
        let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
        text.push(&line(&self.names), layout.heading);
        text.push(&format!("\n{}", rule.join(GAP)), layout.text);
        for row in &self.rows {
            text.push(&format!("\n{}", line(row)), layout.text);
        }
    }

    /// A table without rows still has its names.
    fn draw_lists(&self, text: &mut StyledText, layout: Layout<'_>) {
        let mut between = "";
        if self.rows.is_empty() {
            text.push(&self.names.join("\n"), layout.heading);
        }
        for row in &self.rows {
            for (name, value) in self.names.iter().zip(row) {
                if value.is_empty() {
                    continue;
                }
                text.push(between, layout.text);
                if !name.is_empty() {
                    text.push(&(layout.name)(name), layout.heading);
                }
                text.push(value, layout.text);
                between = "\n";
            }
            between = "\n\n";
        }
    }
}

#[cfg(test)]
mod tests;
