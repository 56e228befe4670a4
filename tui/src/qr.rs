//! QR codes as squares, and as half blocks for terminals: one drawing for screens, the command line
//! and paper. Colours are whoever draws it's.

use fast_qr::{ECL, QRBuilder};

/// Squares of the quiet zone around a code, on a terminal.
const QUIET: usize = 2;

/// A QR code as squares.
#[derive(Clone, Debug, PartialEq, Eq)]
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

    /// Encodes the text of an invitation or a code, which needs less room in capitals and reads the
    /// same.
    pub fn of_checked_text(text: &str) -> Option<Self> {
        Self::of(&text.to_uppercase())
    }

    /// Tells whether a square is dark; what lies outside is not.
    pub fn is_dark(&self, row: usize, column: usize) -> bool {
        let inside = row < self.size && column < self.size;
        inside && self.dark[row * self.size + column]
    }

    /// How many columns a terminal needs for it.
    pub fn columns(&self) -> usize {
        self.size + 2 * QUIET
    }

    /// Returns lines for a terminal, two squares in each letter. They are to be drawn white on black:
    /// what is light is drawn.
    pub fn lines(&self) -> Vec<String> {
        let side = self.columns();
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
            letters.collect()
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
        assert_eq!(lines.len(), code.columns().div_ceil(2));
        assert!(code.columns() <= 80, "{}", code.size);
        assert!(Squares::of(&"x".repeat(10_000)).is_none());
    }

    #[test]
    fn every_square_is_in_the_lines() {
        let code = Squares::of_checked_text("linli1qpzry9x8gf2tvdw0").expect("it fits");
        let lines: Vec<Vec<char>> = code.lines().iter().map(|l| l.chars().collect()).collect();
        for row in 0..code.size {
            for column in 0..code.size {
                let letter = lines[(row + QUIET) / 2][column + QUIET];
                let is_light = match (row + QUIET) % 2 {
                    0 => matches!(letter, '█' | '▀'),
                    _ => matches!(letter, '█' | '▄'),
                };
                assert_eq!(is_light, !code.is_dark(row, column), "{row} {column}");
            }
        }
    }
}
