//! What a line means where numbers and letters answer. Full-width signs, as Chinese input methods
//! write them, mean the same.

use unicode_normalization::UnicodeNormalization;

/// A line as an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command<'a> {
    /// Nothing but the Enter key.
    Nothing,
    /// A number of the list.
    Number(usize),
    /// A letter or sign, in lower case, with the number behind it.
    Letter(char, Option<usize>),
    /// Anything else, as it was typed.
    Other(&'a str),
}

impl<'a> Command<'a> {
    /// Reads a line.
    pub fn of(line: &'a str) -> Self {
        let line = line.trim();
        let plain: String = line.nfkc().collect::<String>().to_lowercase();
        if plain.is_empty() {
            return Self::Nothing;
        }
        if let Ok(number) = plain.parse() {
            return Self::Number(number);
        }
        let mut signs = plain.chars();
        let first = signs.next().unwrap_or_default();
        let behind = signs.as_str().trim();
        if behind.is_empty() {
            return Self::Letter(first, None);
        }
        match behind.parse() {
            Ok(number) if !first.is_ascii_digit() => Self::Letter(first, Some(number)),
            _ => Self::Other(line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_numbers_letters_or_words() {
        let cases = [
            ("", Command::Nothing),
            ("  12 ", Command::Number(12)),
            ("１２", Command::Number(12)),
            ("？", Command::Letter('?', None)),
            ("Q", Command::Letter('q', None)),
            ("r 3", Command::Letter('r', Some(3))),
            ("r3", Command::Letter('r', Some(3))),
            ("/梯子", Command::Other("/梯子")),
            ("梯子", Command::Other("梯子")),
            ("-1", Command::Letter('-', Some(1))),
            (
                "99999999999999999999999",
                Command::Other("99999999999999999999999"),
            ),
        ];
        for (line, command) in cases {
            assert_eq!(Command::of(line), command, "{line:?}");
        }
    }
}
