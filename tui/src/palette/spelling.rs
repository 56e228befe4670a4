//! How Chinese text is spelt in pinyin, and what of a spelling a query may match.

use nucleo_matcher::pattern::Atom;
use nucleo_matcher::{Matcher, Utf32String};
use pinyin::ToPinyinMulti;

/// Spellings of one text at most. Characters have several readings, and their combinations grow
/// fast; the readings that are left out are the rare ones.
const SPELLINGS_MAX: usize = 16;

/// One way to spell a text: its syllables, and its first letters.
#[derive(Clone, Debug)]
pub(super) struct Spelling {
    syllables: Utf32String,
    /// Where in `syllables` each syllable begins, and which grapheme of the text it spells.
    starts: Vec<(u32, u32)>,
    initials: Utf32String,
}

impl Spelling {
    /// Spells a text in all ways, the most usual first; text without Chinese in none.
    pub(super) fn all(text: &str) -> Vec<Self> {
        let mut ways: Vec<Vec<(u32, String)>> = vec![Vec::new()];
        for (place, readings) in text.to_pinyin_multi().enumerate() {
            let Some(readings) = readings else { continue };
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            let mut plain: Vec<String> = Vec::new();
            for reading in readings {
                for typed in typed(reading.plain()) {
                    if !plain.contains(&typed) {
                        plain.push(typed);
                    }
                }
            }
            plain.truncate((SPELLINGS_MAX / ways.len()).max(1));
            let longer = plain.iter().flat_map(|reading| {
                ways.iter().map(|way| {
                    let mut way = way.clone();
                    way.push((place, reading.clone()));
                    way
                })
            });
            ways = longer.collect();
        }
        ways.retain(|way| !way.is_empty());
        ways.iter().map(|way| Self::new(way)).collect()
    }

    fn new(way: &[(u32, String)]) -> Self {
        let mut syllables = String::new();
        let mut starts = Vec::with_capacity(way.len());
        let mut initials = String::with_capacity(way.len());
        for (place, reading) in way {
            if !syllables.is_empty() {
                syllables.push(' ');
            }
            // All letters are ASCII, so bytes are places.
            starts.push((u32::try_from(syllables.len()).unwrap_or(u32::MAX), *place));
            syllables.push_str(reading);
            initials.extend(reading.chars().next());
        }
        Self {
            syllables: syllables.into(),
            starts,
            initials: initials.into(),
        }
    }

    /// Matches a word of a query; returns its score and the graphemes of the text that it spells.
    /// Letters must begin a syllable or follow each other: "fqz" and "faqiu" spell 发求助, "az" does
    /// not.
    pub(super) fn find(&self, word: &Atom, matcher: &mut Matcher) -> Option<(u32, Vec<u32>)> {
        let mut places = Vec::new();
        let initials = word.indices(self.initials.slice(..), matcher, &mut places);
        let initials = initials.map(|score| {
            let starts = places.iter().filter_map(|place| {
                let place = usize::try_from(*place).ok()?;
                self.starts.get(place).map(|(_, grapheme)| *grapheme)
            });
            (u32::from(score), starts.collect())
        });
        let mut places = Vec::new();
        let whole = word.indices(self.syllables.slice(..), matcher, &mut places);
        let whole = whole.and_then(|score| Some((u32::from(score), self.spelt(&places)?)));
        initials
            .into_iter()
            .chain(whole)
            .max_by_key(|(score, _)| *score)
    }

    /// Returns the graphemes that letters spell, if each begins a syllable or follows another.
    fn spelt(&self, places: &[u32]) -> Option<Vec<u32>> {
        let mut graphemes = Vec::new();
        let mut before = None;
        for place in places {
            let start = self.starts.iter().find(|(start, _)| start == place);
            match start {
                Some((_, grapheme)) => graphemes.push(*grapheme),
                None if before.is_some_and(|before| before + 1 == *place) => {}
                None => return None,
            }
            before = Some(*place);
        }
        Some(graphemes)
    }
}

/// Spells a reading as it is typed, with ASCII letters alone: keyboards have no ü.
fn typed(reading: &str) -> Vec<String> {
    let ascii = |umlaut: &str| {
        let letters = reading.replace('ü', umlaut);
        letters.chars().filter(char::is_ascii_lowercase).collect()
    };
    let ways: [String; 2] = ["v", "u"].map(ascii);
    ways.into_iter().filter(|way| !way.is_empty()).collect()
}
