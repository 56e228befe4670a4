//! Tells text that looks like a phone number, so that its author is asked to move it out of public
//! view (rule R17).
//!
//! It prompts and never refuses: it may be wrong both ways, and nothing else depends on it.

/// Separators between digits that still make one number.
const SEPARATORS_MAX: usize = 2;
/// Digits of the longest number, its country's code included.
const DIGITS_MAX: usize = 17;
/// Words that make a short number a phone number, in lower case.
const WORDS: [&str; 9] = [
    "电话", "電話", "手机", "手機", "座机", "热线", "tel", "phone", "call",
];
/// Characters before a short number in which such a word counts.
const WORD_CHARS_MAX: usize = 12;

/// Tells whether text contains what looks like a phone number: a Chinese mobile or landline
/// number, a 400 number, or one that begins with `+`; with spaces, dashes or full-width digits.
pub fn looks_like_phone_number(text: &str) -> bool {
    runs(text).iter().any(Run::is_phone_number)
}

/// Digits with nothing but separators between them.
#[derive(Default)]
struct Run {
    /// Whether a plus stands before it.
    plus: bool,
    /// Whether a word for a phone stands before it.
    named: bool,
    /// The digits between separators.
    groups: Vec<String>,
}

impl Run {
    fn is_phone_number(&self) -> bool {
        (0..self.groups.len()).any(|first| self.is_phone_number_from(first))
    }

    /// Tells whether a number begins with a group, and ends with it or a later one.
    fn is_phone_number_from(&self, first: usize) -> bool {
        let plus = self.plus && first == 0;
        let first_group = &self.groups[first];
        let mut digits = String::new();
        for group in &self.groups[first..] {
            digits.push_str(group);
            if digits.len() > DIGITS_MAX {
                return false;
            }
            let whole = digits.len() == first_group.len();
            if is_number(&digits, first_group, whole, plus) || (self.named && is_local(&digits)) {
                return true;
            }
        }
        false
    }
}

fn is_number(digits: &str, first_group: &str, whole: bool, plus: bool) -> bool {
    if plus && (8..=15).contains(&digits.len()) {
        return true;
    }
    let national = ["0086", "86"]
        .iter()
        .find_map(|code| digits.strip_prefix(code));
    let with_country =
        national.is_some_and(|rest| is_mobile(rest) || is_landline(&format!("0{rest}")));
    let grouped = whole || area_code_len(first_group) == Some(first_group.len());
    with_country || is_mobile(digits) || is_service(digits) || (grouped && is_landline(digits))
}

fn is_mobile(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    bytes.len() == 11 && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1])
}

fn is_service(digits: &str) -> bool {
    digits.len() == 10 && (digits.starts_with("400") || digits.starts_with("800"))
}

/// An area code and seven or eight digits.
fn is_landline(digits: &str) -> bool {
    area_code_len(digits).is_some_and(|code| is_local(&digits[code..]))
}

fn is_local(digits: &str) -> bool {
    (7..=8).contains(&digits.len()) && !digits.starts_with(['0', '1', '9'])
}

/// Length of the area code that digits begin with: 010, 02x, or 0 and three more.
fn area_code_len(digits: &str) -> Option<usize> {
    let bytes = digits.as_bytes();
    match (bytes.first()?, bytes.get(1)?) {
        (b'0', b'1') => (bytes.get(2) == Some(&b'0')).then_some(3),
        (b'0', b'2') => (bytes.len() >= 3).then_some(3),
        (b'0', b'3'..=b'9') => (bytes.len() >= 4).then_some(4),
        _ => None,
    }
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut open = false;
    let mut separators = 0;
    let mut plus = false;
    let mut before = Vec::new();
    for character in text.chars() {
        if let Some(digit) = digit(character) {
            if !open {
                let named = named(&before);
                runs.push(Run {
                    plus,
                    named,
                    groups: vec![String::new()],
                });
                open = true;
            } else if separators > 0
                && let Some(run) = runs.last_mut()
            {
                run.groups.push(String::new());
            }
            if let Some(group) = runs.last_mut().and_then(|run| run.groups.last_mut()) {
                group.push(digit);
            }
            separators = 0;
            plus = false;
            continue;
        }
        if is_unseen(character) {
            continue;
        }
        separators += 1;
        if !is_separator(character) || separators > SEPARATORS_MAX {
            open = false;
        }
        plus = matches!(character, '+' | '＋');
        if plus {
            open = false;
        }
        before.push(character);
    }
    runs
}

fn named(before: &[char]) -> bool {
    let start = before.len().saturating_sub(WORD_CHARS_MAX);
    let near: String = before[start..]
        .iter()
        .flat_map(|c| c.to_lowercase())
        .collect();
    WORDS.iter().any(|word| near.contains(word)) || near.contains(['☎', '📞', '📱'])
}

fn digit(character: char) -> Option<char> {
    match character {
        '0'..='9' => Some(character),
        '０'..='９' => char::from_digit(u32::from(character) - u32::from('０'), 10),
        _ => None,
    }
}

fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '-' | '_'
                | '.'
                | '·'
                | '('
                | ')'
                | '（'
                | '）'
                | '－'
                | '—'
                | '–'
                | '‐'
                | '‑'
                | '―'
                | '−'
        )
}

fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}'
    )
}
