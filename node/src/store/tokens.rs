//! Cutting text into what a search finds: words, and every Chinese, Japanese or Korean character
//! and every symbol by itself.
//!
//! Texts and queries go through the same cut, so the database's own tokenizer only splits at
//! spaces, and nothing that a person types reaches it as syntax. No dictionary of words is used.

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// Characters of a query: longer ones are pasted by mistake.
pub const QUERY_CHARS_MAX: usize = 200;
/// Characters of a word after which a new one begins: longer ones are not language.
const WORD_CHARS_MAX: usize = 64;
/// Separates title and body where both stand in one text; no token contains it.
const SEPARATOR: char = '\n';

/// Why a query is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum QueryError {
    /// It has too many characters.
    #[error("a search has at most {QUERY_CHARS_MAX} characters, this one has {found}")]
    TooLong {
        /// How many it has.
        found: usize,
    },
}

/// What a person searches for: every phrase must be found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    phrases: Vec<Phrase>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Phrase {
    tokens: Vec<String>,
    /// Whether the last token may be the beginning of a longer word.
    open: bool,
}

impl Query {
    /// Reads a query: phrases between spaces.
    ///
    /// # Errors
    ///
    /// [`QueryError`] when it is too long. A query without a word or symbol is empty.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let found = text.chars().count();
        if found > QUERY_CHARS_MAX {
            return Err(QueryError::TooLong { found });
        }
        let phrases = text.split_whitespace().filter_map(|part| {
            let tokens = cut(part);
            let open = tokens.last()?.chars().all(char::is_alphanumeric);
            Some(Phrase { tokens, open })
        });
        Ok(Self {
            phrases: phrases.collect(),
        })
    }

    /// Tells whether there is nothing to search for.
    pub fn is_empty(&self) -> bool {
        self.phrases.is_empty()
    }

    /// Tells whether a searchable text, as [`searchable`] makes it, is found.
    pub(super) fn finds(&self, searchable: &str) -> bool {
        self.phrases.iter().all(|phrase| {
            let mut pattern = String::from(" ");
            pattern.push_str(&phrase.tokens.join(" "));
            if !phrase.open {
                pattern.push(' ');
            }
            searchable.contains(&pattern)
        })
    }

    /// Writes the query for the database's full-text search.
    pub(super) fn to_match(&self) -> String {
        let phrases = self.phrases.iter().map(|phrase| {
            let open = if phrase.open { " *" } else { "" };
            // Tokens have no quotes in them.
            format!("\"{}\"{open}", phrase.tokens.join(" "))
        });
        phrases.collect::<Vec<_>>().join(" AND ")
    }
}

/// Returns the tokens of a title and a body, each with a space on both sides.
pub(super) fn searchable(title: &str, body: &str) -> String {
    let mut searchable = String::with_capacity((title.len() + body.len()) * 4 / 3 + 8);
    searchable.push(' ');
    push_tokens(&mut searchable, title);
    searchable.push(SEPARATOR);
    searchable.push(' ');
    push_tokens(&mut searchable, body);
    searchable
}

/// Takes a searchable text apart into the tokens of title and body.
pub(super) fn title_and_body(searchable: &str) -> (&str, &str) {
    searchable.split_once(SEPARATOR).unwrap_or((searchable, ""))
}

fn cut(text: &str) -> Vec<String> {
    let mut tokens = String::new();
    push_tokens(&mut tokens, text);
    tokens.split_terminator(' ').map(str::to_owned).collect()
}

/// Appends the tokens of a text, a space after each.
fn push_tokens(out: &mut String, text: &str) {
    let mut word = 0;
    let push = |character: char| match class(character) {
        Class::Word if word < WORD_CHARS_MAX => {
            out.push(character);
            word += 1;
        }
        Class::Word => {
            out.push(' ');
            out.push(character);
            word = 1;
        }
        Class::Single => {
            if word > 0 {
                out.push(' ');
            }
            word = 0;
            out.push(character);
            out.push(' ');
        }
        Class::Gap => {
            if word > 0 {
                out.push(' ');
            }
            word = 0;
        }
    };
    fold(text, push);
    if word > 0 {
        out.push(' ');
    }
}

/// Makes forms of one character equal: full and half width, case, accents.
fn fold(text: &str, push: impl FnMut(char)) {
    if text.chars().all(is_plain) {
        text.chars().map(fold_plain).for_each(push);
    } else {
        fold_any(text, push);
    }
}

/// Tells whether a character is folded by itself, whatever stands beside it: ASCII, ideographs, and
/// the punctuation of Chinese texts, which is most of what is written here.
fn is_plain(character: char) -> bool {
    matches!(
        character,
        '\0'..='\x7f'
            | '\u{2013}'..='\u{2026}'
            | '\u{3001}'..='\u{3003}'
            | '\u{3008}'..='\u{3011}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{ff01}'..='\u{ff5e}'
    )
}

fn fold_plain(character: char) -> char {
    let narrow = match character {
        // Full-width forms stand in the order of ASCII.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0),
        _ => Some(character),
    };
    narrow.unwrap_or(character).to_ascii_lowercase()
}

fn fold_any(text: &str, push: impl FnMut(char)) {
    let is_accent = |character: &char| matches!(character, '\u{300}'..='\u{36f}');
    text.nfkd()
        .flat_map(char::to_lowercase)
        .filter(|character| !is_accent(character))
        .nfc()
        .for_each(push);
}

enum Class {
    /// A letter or digit of a word.
    Word,
    /// A token by itself.
    Single,
    /// Neither: what stands between tokens.
    Gap,
}

fn class(character: char) -> Class {
    match character {
        '\0'..='\x7f' if character.is_ascii_alphanumeric() => Class::Word,
        '\0'..='\x7f' => Class::Gap,
        // Hangul Jamo; radicals; the letters among CJK symbols; kana without their punctuation;
        // Bopomofo and compatibility Jamo; kana extensions; Extension A.
        '\u{1100}'..='\u{11ff}'
        | '\u{2e80}'..='\u{2fdf}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3021}'..='\u{3029}'
        | '\u{3031}'..='\u{3035}'
        | '\u{3038}'..='\u{303c}'
        | '\u{3041}'..='\u{309f}'
        | '\u{30a1}'..='\u{30fa}'
        | '\u{30fc}'..='\u{31bf}'
        | '\u{31f0}'..='\u{4dbf}'
        // Unified ideographs, Yi, Jamo extensions, Hangul, compatibility ideographs.
        | '\u{4e00}'..='\u{a4cf}'
        | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}'
        // Tangut and Khitan, kana supplements, and the planes of further ideographs.
        | '\u{16fe0}'..='\u{18dff}'
        | '\u{1aff0}'..='\u{1b2ff}'
        | '\u{20000}'..='\u{3ffff}'
        // Arrows, technical and other symbols, emoji.
        | '\u{2190}'..='\u{2bff}'
        | '\u{1f000}'..='\u{1faff}' => Class::Single,
        _ if character.is_alphanumeric() => Class::Word,
        _ => Class::Gap,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left for the cut: gaps are equal however many characters they have.
    fn folded(fold: impl Fn(&str, &mut dyn FnMut(char)), text: &str) -> String {
        let mut left = String::new();
        fold(text, &mut |character| match class(character) {
            Class::Gap if left.ends_with(' ') => {}
            Class::Gap => left.push(' '),
            Class::Word | Class::Single => left.push(character),
        });
        left
    }

    #[test]
    fn plain_characters_fold_alone_as_they_fold_among_others() {
        let plain = ('\0'..=char::MAX).filter(|character| is_plain(*character));
        let mut seen = 0;
        for character in plain {
            let text = format!("x{character}Y");
            let alone = folded(
                |text, push| text.chars().map(fold_plain).for_each(push),
                &text,
            );
            let among = folded(|text, push| fold_any(text, push), &text);
            assert_eq!(alone, among, "{character:?}");
            seen += 1;
        }
        assert!(seen > 20_000, "{seen}");
    }
}
