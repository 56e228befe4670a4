//! Cells that no spreadsheet takes for a formula. A program that opens a table runs what begins with
//! `=` and some other signs; an apostrophe before it makes it text (OWASP, "CSV injection").

/// Signs with which a formula begins, those of full width too, and those that some programs skip
/// before they look.
const FORMULA_SIGNS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Tells whether a program might take a text, or what follows its apostrophes, for a formula.
fn is_dangerous(text: &str) -> bool {
    let behind = text.trim_start_matches('\'');
    behind.starts_with(FORMULA_SIGNS)
}

/// Writes a text as a cell that is shown as it is.
pub fn guarded(text: &str) -> String {
    match is_dangerous(text) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

/// Reads a cell as it was before [`guarded`].
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if is_dangerous(text) => text,
        _ => cell,
    }
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
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("\n=1", "'\n=1"),
            ("＝1", "'＝1"),
            ("'=1", "''=1"),
            ("''-", "'''-"),
            ("'s Gravenhage", "'s Gravenhage"),
            ("谁有梯子？", "谁有梯子？"),
            ("a=1", "a=1"),
            ("", ""),
        ];
        for (text, cell) in cases {
            assert_eq!(guarded(text), cell);
            assert_eq!(unguarded(cell), text);
        }
    }
}
