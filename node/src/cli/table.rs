//! Columns for people: aligned by what a terminal shows, where a Chinese character takes two
//! places. It neutralises nothing; whoever fills it does.

use unicode_width::UnicodeWidthStr;

/// Places between two columns.
const GAP: usize = 2;

/// Lays rows out in columns; the last one is not padded.
pub fn columns(rows: &[Vec<String>]) -> Vec<String> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.width()).max().unwrap_or(0)
        })
        .collect();
    rows.iter().map(|row| line(row, &widths)).collect()
}

fn line(row: &[String], widths: &[usize]) -> String {
    let mut text = String::new();
    for (cell, width) in row.iter().zip(widths) {
        text.push_str(cell);
        text.push_str(&" ".repeat(width + GAP - cell.width()));
    }
    text.truncate(text.trim_end().len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_begin_at_the_same_place_whatever_the_script() {
        let rows = [
            vec!["ab".to_owned(), "谁有梯子？".to_owned(), "x".to_owned()],
            vec!["林家".to_owned(), "ladder".to_owned(), "y".to_owned()],
            vec!["c".to_owned(), String::new(), String::new()],
        ];
        assert_eq!(
            columns(&rows),
            ["ab    谁有梯子？  x", "林家  ladder      y", "c"]
        );
    }
}
