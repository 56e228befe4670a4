//! Cells that no spreadsheet takes for a formula. A program that opens a table runs what begins with
//! `=` and some other signs; an apostrophe before it makes it text (OWASP, "CSV injection"). A program
//! that takes another sign for the one between cells begins a cell amid the text, so the same holds
//! behind such a sign.

use std::borrow::Cow;

/// Signs with which a formula begins, those of full width too.
const FORMULA_SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// Signs that begin a cell or a row for some program; before a formula, some skip them.
const SEPARATORS: [char; 4] = [';', '\t', '\n', '\r'];

/// Tells whether a program might take a text, or what follows its apostrophes, for a formula.
fn is_dangerous(text: &str, is_whole: bool) -> bool {
    let behind = text.trim_start_matches('\'');
    behind.starts_with(FORMULA_SIGNS) || is_whole && behind.starts_with(&SEPARATORS[1..])
}

/// Returns the pieces of a text, each with the sign that ends it.
fn pieces(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let piece = rest.split_inclusive(SEPARATORS).next()?;
        let is_whole = rest.len() == text.len();
        rest = &rest[piece.len()..];
        Some((piece, is_whole))
    })
}

/// Writes a text as a cell that is shown as it is.
pub fn guarded(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    for (piece, is_whole) in pieces(text) {
        if is_dangerous(piece, is_whole) {
            cell.push('\'');
        }
        cell.push_str(piece);
    }
    cell
}

/// Reads a cell as it was before [`guarded`].
pub fn unguarded(cell: &str) -> Cow<'_, str> {
    let bare = |piece: &'_ str, is_whole| {
        let behind = piece.strip_prefix('\'');
        behind.is_some_and(|text| is_dangerous(text, is_whole))
    };
    if !pieces(cell).any(|(piece, is_whole)| bare(piece, is_whole)) {
        return Cow::Borrowed(cell);
    }
    let kept = pieces(cell).map(|(piece, is_whole)| match bare(piece, is_whole) {
        true => &piece[1..],
        false => piece,
    });
    Cow::Owned(kept.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_a_formula_is_shown_as_text_and_read_back() {
        let cases = [
            ("=1+1", "'=1+1"),
            ("+86", "'+86"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t'=1"),
            ("\r=1", "'\r'=1"),
            ("\n=1", "'\n'=1"),
            ("＝1", "'＝1"),
            ("'=1", "''=1"),
            ("''-", "'''-"),
            ("'s Gravenhage", "'s Gravenhage"),
            ("谁有梯子？", "谁有梯子？"),
            ("a=1", "a=1"),
            ("a;=1;b", "a;'=1;b"),
            ("a;'=1", "a;''=1"),
            ("a\t+1", "a\t'+1"),
            ("a\n\n- b", "a\n\n'- b"),
            ("a;b;", "a;b;"),
            ("a\n\n'b", "a\n\n'b"),
            ("", ""),
        ];
        for (text, cell) in cases {
            assert_eq!(guarded(text), cell);
            assert_eq!(unguarded(cell), text);
        }
    }
}
