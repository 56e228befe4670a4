//! Whom to call in an emergency: numbers that are checked once, where they enter.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::limits::{EMERGENCY_NUMBER_CHARS_MAX, EMERGENCY_NUMBERS_MAX};

/// Bytes of all numbers with what stands between them.
const TEXT_BYTES_MAX: usize =
    EMERGENCY_NUMBERS_MAX * (EMERGENCY_NUMBER_CHARS_MAX + BETWEEN.len()) - BETWEEN.len();
/// What stands between two numbers.
const BETWEEN: &str = ", ";
/// Characters of a number at least.
const NUMBER_CHARS_MIN: usize = 2;
/// Police, fire and ambulance in China.
const USUAL: &str = "110, 119, 120";

/// Whom to call in an emergency, in the order in which the numbers are shown. Written as one text
/// with commas between them.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmergencyNumbers {
    text: [u8; TEXT_BYTES_MAX],
    bytes: usize,
}

/// Why a text is no list of emergency numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadNumbers {
    /// There is none.
    #[error("there is no emergency number; write at least one, as in {USUAL}")]
    None,
    /// There are too many.
    #[error("there are more than {EMERGENCY_NUMBERS_MAX} emergency numbers")]
    TooMany,
    /// One is none, or is too long.
    #[error(
        "an emergency number has {NUMBER_CHARS_MIN} to {EMERGENCY_NUMBER_CHARS_MAX} digits, a + before \
         them and - between them at most; write them as in {USUAL}"
    )]
    Form,
}

impl EmergencyNumbers {
    /// Police, fire and ambulance in China.
    pub const USUAL: Self = Self::of_text(USUAL);

    /// Takes a text that is known to be good.
    const fn of_text(text: &str) -> Self {
        let from = text.as_bytes();
        let mut bytes = [0; TEXT_BYTES_MAX];
        let mut place = 0;
        while place < from.len() {
            bytes[place] = from[place];
            place += 1;
        }
        Self {
            text: bytes,
            bytes: from.len(),
        }
    }

    /// Reads numbers with commas, semicolons, slashes or blanks between them, also full-width ones.
    ///
    /// # Errors
    ///
    /// [`BadNumbers`].
    pub fn parse(text: &str) -> Result<Self, BadNumbers> {
        let is_between = |sign: char| {
            matches!(sign, ',' | '，' | '、' | ';' | '；' | '/') || sign.is_whitespace()
        };
        let mut numbers = Vec::new();
        for number in text.split(is_between).filter(|number| !number.is_empty()) {
            if numbers.len() == EMERGENCY_NUMBERS_MAX {
                return Err(BadNumbers::TooMany);
            }
            if !is_number(number) {
                return Err(BadNumbers::Form);
            }
            numbers.push(number);
        }
        match numbers.is_empty() {
            true => Err(BadNumbers::None),
            false => Ok(Self::of_text(&numbers.join(BETWEEN))),
        }
    }

    /// Returns the numbers, one after the other.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.as_str().split(BETWEEN)
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text[..self.bytes]).expect("only ASCII is taken")
    }
}

/// Tells whether a text is a number that can be dialled.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let is_sound = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-')
        && !digits.starts_with('-')
        && !digits.ends_with('-');
    is_sound && (NUMBER_CHARS_MIN..=EMERGENCY_NUMBER_CHARS_MAX).contains(&text.len())
}

impl Default for EmergencyNumbers {
    fn default() -> Self {
        Self::USUAL
    }
}

impl fmt::Display for EmergencyNumbers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for EmergencyNumbers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "EmergencyNumbers({self})")
    }
}

impl TryFrom<String> for EmergencyNumbers {
    type Error = BadNumbers;

    fn try_from(text: String) -> Result<Self, BadNumbers> {
        Self::parse(&text)
    }
}

impl From<EmergencyNumbers> for String {
    fn from(numbers: EmergencyNumbers) -> Self {
        numbers.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them_and_nothing_else_is() {
        let longest = ["1234567890123456"; 6].join(" ");
        let cases = [
            ("110, 119, 120", Ok("110, 119, 120")),
            (" 112 ", Ok("112")),
            ("110、119；120", Ok("110, 119, 120")),
            ("+86-21-110/999", Ok("+86-21-110, 999")),
            (
                longest.as_str(),
                Ok(
                    "1234567890123456, 1234567890123456, 1234567890123456, 1234567890123456, 1234567890123456, 1234567890123456",
                ),
            ),
            ("", Err(BadNumbers::None)),
            (" , ", Err(BadNumbers::None)),
            ("1 2 3", Err(BadNumbers::Form)),
            ("call 110", Err(BadNumbers::Form)),
            ("110\u{1b}[2J", Err(BadNumbers::Form)),
            ("１１０", Err(BadNumbers::Form)),
            ("-110", Err(BadNumbers::Form)),
            ("12345678901234567", Err(BadNumbers::Form)),
            ("10 11 12 13 14 15 16", Err(BadNumbers::TooMany)),
        ];
        for (text, expected) in cases {
            let read = EmergencyNumbers::parse(text).map(|numbers| numbers.to_string());
            assert_eq!(read, expected.map(str::to_owned), "{text}");
        }
    }

    #[test]
    fn the_interface_tells_them_as_one_text() {
        let usual = EmergencyNumbers::default();
        let told = serde_json::to_string(&usual).expect("JSON");
        assert_eq!(told, "\"110, 119, 120\"");
        assert_eq!(
            serde_json::from_str::<EmergencyNumbers>(&told).ok(),
            Some(usual)
        );
        assert!(serde_json::from_str::<EmergencyNumbers>("\"x\"").is_err());
        assert_eq!(usual.iter().collect::<Vec<_>>(), ["110", "119", "120"]);
    }
}
