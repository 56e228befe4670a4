//! QR codes: on a terminal, and as squares for paper.

use fast_qr::{ECL, QRBuilder};

/// Modules of the quiet zone around a code, on a terminal.
const QUIET: usize = 2;

/// A QR code as squares.
#[derive(Debug)]
pub struct Squares {
    /// How many squares a side has.
    pub size: usize,
    dark: Vec<bool>,
}

impl Squares {
    /// Encodes a text; none where it is too long.
    pub fn of(text: &str) -> Option<Self> {
        let code = QRBuilder::new(text).ecl(ECL::L).build().ok()?;
        let rows = 0..code.size;
        let dark = rows.flat_map(|row| code[row].iter().map(|module| module.value()));
        Some(Self {
            size: code.size,
            dark: dark.collect(),
        })
    }

    /// Tells whether a square is dark; what lies outside is not.
    pub fn is_dark(&self, row: usize, column: usize) -> bool {
        let inside = row < self.size && column < self.size;
        inside && self.dark[row * self.size + column]
    }

    /// Returns lines for a terminal, two squares in each letter, white on black whatever its colours.
    pub fn lines(&self) -> Vec<String> {
        let side = self.size + 2 * QUIET;
        let dark =
            |row: usize, column: usize| match (row.checked_sub(QUIET), column.checked_sub(QUIET)) {
                (Some(row), Some(column)) => self.is_dark(row, column),
                _ => false,
            };
        let line = |row: usize| -> String {
            let letters = (0..side).map(|column| {
                let below = row + 1 >= side || dark(row + 1, column);
                match (dark(row, column), below) {
                    (false, false) => '█',
                    (false, true) => '▀',
                    (true, false) => '▄',
                    (true, true) => ' ',
                }
            });
            format!("\u{1b}[97;40m{}\u{1b}[0m", letters.collect::<String>())
        };
        (0..side).step_by(2).map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_finders_and_fits_a_terminal() {
        let code = Squares::of(&"LINLIDEV1QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L".repeat(12));
        let code = code.expect("it fits");
        let last = code.size - 7;
        for (row, column) in [(0, 0), (0, last), (last, 0)] {
            for along in 0..7 {
                assert!(code.is_dark(row, column + along) && code.is_dark(row + along, column));
            }
            assert!(!code.is_dark(row + 1, column + 1) && code.is_dark(row + 3, column + 3));
        }
        assert!(!code.is_dark(code.size, 0));
        let lines = code.lines();
        assert_eq!(lines.len(), (code.size + 2 * QUIET).div_ceil(2));
        assert!(code.size + 2 * QUIET <= 80, "{}", code.size);
        assert!(Squares::of(&"x".repeat(10_000)).is_none());
    }
}
