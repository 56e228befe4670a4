//! Recovery words: the 32 secret bytes of a member's key as 24 words of BIP 39.
//!
//! 24, not 12: the words *are* the key's seed (BIP 39's entropy, without its stretching), so the
//! Chinese and the English words of one key recover the same key. Making the random bytes and
//! keeping the words are other people's business; nothing here prints them by accident.

use std::fmt;

use bip39::{Language, Mnemonic};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::key::SecretKey;

/// How many words a key has.
pub const WORDS: usize = 24;

/// Candidates that an error names at most.
pub const CANDIDATES_MAX: usize = 8;

/// Letters of a mistyped word that an error repeats at most.
const SHOWN_CHARACTERS_MAX: usize = 16;

/// A list of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordList {
    /// 2,048 simplified Chinese characters.
    Chinese,
    /// 2,048 English words.
    English,
}

impl WordList {
    const ALL: [Self; 2] = [Self::Chinese, Self::English];

    const fn language(self) -> Language {
        match self {
            Self::Chinese => Language::SimplifiedChinese,
            Self::English => Language::English,
        }
    }
}

/// Why words recover no key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WordsError {
    /// Another number of words than [`WORDS`].
    #[error("expected {WORDS} words, found {found}")]
    Count {
        /// How many were found.
        found: usize,
    },
    /// A word is not in the list to which the others belong.
    #[error("word {position} is not in the list")]
    Unknown {
        /// Its position, from 1.
        position: usize,
        /// The word, shortened and without control characters.
        word: String,
        /// Words of the list that may be meant, the likeliest first; at most [`CANDIDATES_MAX`].
        candidates: Vec<&'static str>,
    },
    /// Every word is in the list, but they do not fit together: one is wrong, or two are swapped.
    #[error("the words do not fit together")]
    Checksum,
}

/// The words of a member's key. They are wiped from memory when dropped and never printed by
/// `Debug`.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct RecoveryWords {
    seed: [u8; 32],
}

impl fmt::Debug for RecoveryWords {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RecoveryWords(…)")
    }
}

impl RecoveryWords {
    /// Takes the 32 secret bytes of a key.
    pub const fn from_seed(seed: [u8; 32]) -> Self {
        Self { seed }
    }

    /// Returns the 32 secret bytes.
    pub const fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    /// Returns the key.
    pub fn key(&self) -> SecretKey {
        SecretKey::from_seed(&self.seed)
    }

    /// Returns the words, in order.
    pub fn words(&self, list: WordList) -> Vec<&'static str> {
        self.mnemonic(list).words().collect()
    }

    /// Returns the words in one line.
    pub fn phrase(&self, list: WordList) -> Zeroizing<String> {
        Zeroizing::new(self.words(list).join(" "))
    }

    /// Reads words of either list. Case, width, numbering such as `3.` and the kind and amount of
    /// white space do not matter; Chinese characters need no space between them.
    ///
    /// # Errors
    ///
    /// [`WordsError`], which names the first wrong word.
    pub fn parse(text: &str) -> Result<Self, WordsError> {
        let words = split(text);
        let list = likeliest_list(&words);
        let places: Zeroizing<Vec<Option<u16>>> = Zeroizing::new(places(list, &words));
        if let Some(index) = places.iter().position(Option::is_none) {
            return Err(unknown(list, &words[index], index, &places));
        }
        let places: Zeroizing<Vec<u16>> =
            Zeroizing::new(places.iter().flatten().copied().collect());
        match <&[u16; WORDS]>::try_from(places.as_slice()) {
            Ok(places) => Self::join(places).ok_or(WordsError::Checksum),
            Err(_) => Err(WordsError::Count { found: words.len() }),
        }
    }

    /// Counts the words of a text, whether they are known or not.
    pub fn count(text: &str) -> usize {
        split(text).len()
    }

    /// Joins the places of words in their list, when their checksum is right.
    fn join(places: &[u16; WORDS]) -> Option<Self> {
        // 24 times 11 bits: 256 of the seed, 8 of the checksum.
        let mut bits = Zeroizing::new([0u8; 33]);
        for (index, place) in places.iter().enumerate() {
            for bit in (0..11).filter(|bit| place >> (10 - bit) & 1 == 1) {
                let position = index * 11 + bit;
                bits[position / 8] |= 0x80 >> (position % 8);
            }
        }
        let mut words = Self { seed: [0; 32] };
        words.seed.copy_from_slice(&bits[..32]);
        let last = words.mnemonic(WordList::English).word_indices().last();
        (last == Some(usize::from(places[WORDS - 1]))).then_some(words)
    }

    fn mnemonic(&self, list: WordList) -> Mnemonic {
        Mnemonic::from_entropy_in(list.language(), &self.seed)
            .expect("32 bytes are an entropy of BIP 39")
    }
}

/// Splits a text into words: at white space and punctuation, and around every Chinese character.
fn split(text: &str) -> Vec<Zeroizing<String>> {
    let text: Zeroizing<String> = Zeroizing::new(text.nfkc().collect());
    let mut words = Vec::new();
    let mut word = Zeroizing::new(String::new());
    for character in text.chars() {
        // One more than any list's longest word tells a wrong word from a right one; the rest of
        // an endless one is not kept.
        const WORD_CHARACTERS_MAX: usize = 64;
        if character.is_alphabetic() && !is_han(character) {
            if word.len() < WORD_CHARACTERS_MAX {
                word.extend(character.to_lowercase());
            }
            continue;
        }
        if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if is_han(character) {
            words.push(Zeroizing::new(character.to_string()));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Tells whether a character is a Chinese one, of any block.
fn is_han(character: char) -> bool {
    matches!(u32::from(character), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

/// The list that holds most of the words.
fn likeliest_list(words: &[Zeroizing<String>]) -> WordList {
    let known = |list: &WordList| {
        let language = list.language();
        words
            .iter()
            .filter(|word| language.find_word(word).is_some())
            .count()
    };
    let [chinese, english] = WordList::ALL;
    if known(&chinese) > known(&english) {
        return chinese;
    }
    // No word is known in either: the script decides which candidates are worth naming.
    let is_chinese = |word: &Zeroizing<String>| word.chars().all(is_han);
    if known(&english) == 0 && words.first().is_some_and(is_chinese) {
        return chinese;
    }
    english
}

/// The place of every word in the list.
fn places(list: WordList, words: &[Zeroizing<String>]) -> Vec<Option<u16>> {
    let language = list.language();
    words.iter().map(|word| language.find_word(word)).collect()
}

fn unknown(list: WordList, word: &str, index: usize, places: &[Option<u16>]) -> WordsError {
    let fitting = words_that_fit(list, index, places);
    WordsError::Unknown {
        position: index + 1,
        word: word.chars().take(SHOWN_CHARACTERS_MAX).collect(),
        candidates: candidates(list, word, &fitting),
    }
}

/// The words that make the checksum right in the place of the only unknown one: about one in 256.
fn words_that_fit(list: WordList, index: usize, places: &[Option<u16>]) -> Vec<&'static str> {
    let is_only_one = places.iter().filter(|place| place.is_none()).count() == 1;
    let filled = places.iter().map(|place| place.unwrap_or_default());
    let filled: Zeroizing<Vec<u16>> = Zeroizing::new(filled.collect());
    let Ok(filled) = <[u16; WORDS]>::try_from(filled.as_slice()) else {
        return Vec::new();
    };
    let mut trial = Zeroizing::new(filled);
    let mut fits = |place: u16| {
        trial[index] = place;
        is_only_one && RecoveryWords::join(&trial).is_some()
    };
    let all = list.language().word_list().iter().copied().zip(0..);
    all.filter(|(_, place)| fits(*place))
        .map(|(word, _)| word)
        .collect()
}

/// Words near to a mistyped one, those that fit the checksum first.
fn candidates(list: WordList, word: &str, fitting: &[&'static str]) -> Vec<&'static str> {
    let mut near: Vec<(bool, usize, &'static str)> = match list {
        WordList::English => {
            const DISTANCE_MAX: usize = 2;
            let all = list.language().word_list().iter().copied();
            all.map(|candidate| (distance(word, candidate), candidate))
                .filter(|(distance, _)| *distance <= DISTANCE_MAX)
                .map(|(distance, candidate)| (!fitting.contains(&candidate), distance, candidate))
                .collect()
        }
        WordList::Chinese => {
            // The two Chinese lists stand side by side, so a traditional character names its
            // simplified one. Shapes are not compared: what fits the checksum is a shorter list.
            let simplified = traditional_to_simplified(word);
            let fits = fitting.iter().copied().map(|fitting| (true, 1, fitting));
            simplified
                .map(|word| (false, 0, word))
                .into_iter()
                .chain(fits)
                .collect()
        }
    };
    near.sort();
    near.dedup_by_key(|(_, _, word)| *word);
    let mut words: Vec<&'static str> = near.into_iter().map(|(_, _, word)| word).collect();
    words.truncate(CANDIDATES_MAX);
    words
}

fn traditional_to_simplified(word: &str) -> Option<&'static str> {
    let index = Language::TraditionalChinese.find_word(word)?;
    Some(Language::SimplifiedChinese.word_list()[usize::from(index)])
}

/// How many letters must be added, dropped, changed or swapped with their neighbour
/// (Damerau's distance, restricted).
fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    let mut rows = vec![vec![0; right.len() + 1]; left.len() + 1];
    rows[0] = (0..=right.len()).collect();
    for (i, &a) in left.iter().enumerate() {
        rows[i + 1][0] = i + 1;
        for (j, &b) in right.iter().enumerate() {
            let changed = rows[i][j] + usize::from(a != b);
            let mut least = changed.min(rows[i][j + 1] + 1).min(rows[i + 1][j] + 1);
            if i > 0 && j > 0 && a == right[j - 1] && left[i - 1] == b {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            rows[i + 1][j + 1] = least;
        }
    }
    rows[left.len()][right.len()]
}
