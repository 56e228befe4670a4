//! A language that nobody speaks: English with a dot under or over each letter, between brackets.
//!
//! What a screen shows without dots and was not written by a resident is not translated. Letters
//! are chosen for a width of one everywhere, so that a screen's layout is the English one.

use std::borrow::Cow;

/// The letters from a to z, capital and small.
const LETTERS: &[char; 52] = &[
    'Ạ', 'Ḅ', 'Ḉ', 'Ḍ', 'Ẹ', 'Ḟ', 'Ḡ', 'Ḥ', 'Ị', 'Ɉ', 'Ḳ', 'Ḷ', 'Ṃ', 'Ṇ', 'Ọ', 'Ṗ', 'Ɋ', 'Ṛ', 'Ṣ',
    'Ṭ', 'Ụ', 'Ṿ', 'Ẉ', 'Ẋ', 'Ỵ', 'Ẓ', 'ạ', 'ḅ', 'ḉ', 'ḍ', 'ẹ', 'ḟ', 'ḡ', 'ḥ', 'ị', 'ɉ', 'ḳ', 'ḷ',
    'ṃ', 'ṇ', 'ọ', 'ṗ', 'ɋ', 'ṛ', 'ṣ', 'ṭ', 'ụ', 'ṿ', 'ẉ', 'ẋ', 'ỵ', 'ẓ',
];

/// Replaces every letter.
pub(super) fn dotted(text: &str) -> Cow<'_, str> {
    Cow::Owned(text.chars().map(dot).collect())
}

/// Puts a message between brackets, so that a cut one can be seen.
pub(super) fn framed(message: &str) -> String {
    format!("⟦{message}⟧")
}

fn dot(letter: char) -> char {
    let place = match letter {
        'A'..='Z' => u32::from(letter) - u32::from('A'),
        'a'..='z' => u32::from(letter) - u32::from('a') + 26,
        _ => return letter,
    };
    usize::try_from(place)
        .ok()
        .and_then(|place| LETTERS.get(place))
        .copied()
        .unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthChar;

    use super::*;

    #[test]
    fn every_letter_has_another_form_of_the_same_width() {
        for letter in ('A'..='Z').chain('a'..='z') {
            let dotted = dot(letter);
            assert!(!dotted.is_ascii(), "{letter}");
            assert_eq!(
                (dotted.width(), dotted.width_cjk()),
                (Some(1), Some(1)),
                "{letter}"
            );
        }
        assert_eq!(dotted("Ok, 3!"), "Ọḳ, 3!");
    }
}
