//! Tells names that look alike (rule R20).
//!
//! A skeleton is only for comparing and never shown. Traditional and simplified characters stay
//! apart: they are different names to those who bear them.

use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection;

use super::Text;

/// Characters of a name that count; a longer name is compared by its beginning.
const NAME_CHARS_MAX: usize = 256;

/// Reduces a name to what it looks like: two names with one skeleton can be mistaken for each
/// other. Case, width, compatibility forms, accents set apart, and lookalikes of Latin, Cyrillic,
/// Greek and others (Unicode Technical Standard 39) are folded.
pub fn skeleton(name: &str) -> String {
    let clean = Text::line(name, NAME_CHARS_MAX).into_string();
    // The standard's skeleton tells cases apart, and which letters look alike depends on their
    // case: so it is taken before the case is folded, and again of the small letters.
    let alike: String = confusable_detection::skeleton(&clean.nfkc().collect::<String>())
        .flat_map(char::to_lowercase)
        .map(enlarged)
        .collect();
    confusable_detection::skeleton(&alike)
        .filter_map(fold_last)
        .collect()
}

/// Maps small capitals, the standard's name for Cyrillic and Greek small letters, to letters.
fn enlarged(character: char) -> char {
    match character {
        'ʙ' => 'b',
        'ɢ' => 'g',
        'ʜ' => 'h',
        'ɪ' => 'i',
        'ᴋ' | 'ĸ' => 'k',
        'ʟ' => 'l',
        'ᴍ' => 'm',
        'ɴ' => 'n',
        'ʀ' => 'r',
        'ᴛ' | 'τ' => 't',
        'ʏ' => 'y',
        _ => character,
    }
}

/// Folds what differs too little to be seen in a name, and drops what separates its parts.
fn fold_last(character: char) -> Option<char> {
    match character {
        ' ' | '·' | '・' | '-' | '_' | '.' | '\'' | '’' => None,
        'i' | 'ı' | '1' | '|' | '!' => Some('l'),
        '0' => Some('o'),
        _ => Some(character),
    }
}
