//! Finds commands by what a resident types: words of either language, or pinyin, whole or by its
//! first letters ("gg" finds 公告, "fqz" finds 发求助).
//!
//! Both languages are always searched, whichever is shown. It draws nothing and runs nothing.

mod spelling;

use std::cmp::Reverse;

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32String};

use crate::language::Language;
use crate::words::Words;
use spelling::Spelling;

/// What a match in the other language, or in a keyword, counts less than one that can be seen.
const UNSEEN_PENALTY: u32 = 12;

/// Names under which something is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// Its name in Chinese.
    pub chinese: String,
    /// Its name in English.
    pub english: String,
    /// More words for it, in either language, with spaces between.
    pub keywords: String,
}

impl Names {
    /// Reads the names of a command: its message in both languages, and what their `keywords`
    /// attributes say, where they have one.
    pub fn of_message(key: &str, chinese: &Words, english: &Words) -> Self {
        let keywords = format!("{key}.keywords");
        let having = [chinese, english].into_iter();
        let having = having.filter(|words| words.has(&keywords));
        let keywords: Vec<String> = having.map(|words| words.text(&keywords)).collect();
        Self {
            chinese: chinese.text(key),
            english: english.text(key),
            keywords: keywords.join(" "),
        }
    }
}

/// Things that can be found, in the order in which they were added.
#[derive(Clone, Debug)]
pub struct Palette<T> {
    candidates: Vec<Candidate<T>>,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<'p, T> {
    /// What was found.
    pub id: &'p T,
    /// Its name in the language that is shown.
    pub name: &'p str,
    /// Which graphemes of the name the query matched, rising; none when it matched words that are
    /// not shown.
    pub marked: Vec<u32>,
}

#[derive(Clone, Debug)]
struct Candidate<T> {
    id: T,
    chinese: Name,
    english: Name,
    keywords: Vec<Name>,
}

#[derive(Clone, Debug)]
struct Name {
    text: String,
    letters: Utf32String,
    spellings: Vec<Spelling>,
}

/// How well one word of a query matches, and where in the name that is shown.
struct Hit {
    score: u32,
    marked: Vec<u32>,
}

impl<T> Palette<T> {
    /// Makes a palette of things and their names.
    pub fn new(things: impl IntoIterator<Item = (T, Names)>) -> Self {
        let candidates = things.into_iter().map(|(id, names)| Candidate {
            id,
            chinese: Name::new(&names.chinese),
            english: Name::new(&names.english),
            keywords: names.keywords.split_whitespace().map(Name::new).collect(),
        });
        Self {
            candidates: candidates.collect(),
        }
    }

    /// Returns what a query finds, the best first; equals in the order in which they were added.
    /// Every word of the query must match. A blank query finds everything.
    pub fn rank(&self, query: &str, shown: Language) -> Vec<Found<'_, T>> {
        let mut matcher = Matcher::new(Config::DEFAULT);
        let words: Vec<[Atom; 2]> = query.split_whitespace().map(atoms).collect();
        let mut found: Vec<(u32, Found<'_, T>)> = self
            .candidates
            .iter()
            .filter_map(|candidate| candidate.find(&words, shown, &mut matcher))
            .collect();
        // The sort is stable: equals stay as they were added.
        found.sort_by_key(|(score, _)| Reverse(*score));
        found.into_iter().map(|(_, found)| found).collect()
    }
}

/// A word of a query, as letters that may lie apart, and as the beginning of a keyword.
fn atoms(word: &str) -> [Atom; 2] {
    [AtomKind::Fuzzy, AtomKind::Prefix].map(|kind| {
        Atom::new(
            word,
            CaseMatching::Ignore,
            Normalization::Smart,
            kind,
            false,
        )
    })
}

impl<T> Candidate<T> {
    fn find(
        &self,
        words: &[[Atom; 2]],
        shown: Language,
        matcher: &mut Matcher,
    ) -> Option<(u32, Found<'_, T>)> {
        let (seen, unseen) = match shown {
            Language::Chinese => (&self.chinese, &self.english),
            Language::English => (&self.english, &self.chinese),
        };
        let mut score = 0_u32;
        let mut marked = Vec::new();
        for [fuzzy, prefix] in words {
            let hidden = unseen.hit(fuzzy, fuzzy, matcher);
            let keywords = self.keywords.iter();
            let keywords = keywords.filter_map(|name| name.hit(prefix, fuzzy, matcher));
            let hidden = keywords.chain(hidden).map(|hit| Hit {
                score: hit.score.saturating_sub(UNSEEN_PENALTY),
                marked: Vec::new(),
            });
            let hidden: Vec<Hit> = hidden.collect();
            let hits = seen.hit(fuzzy, fuzzy, matcher).into_iter().chain(hidden);
            // Of equals the first is kept: that which can be seen.
            let best = hits.min_by_key(|hit| Reverse(hit.score))?;
            score = score.saturating_add(best.score);
            marked.extend(best.marked);
        }
        marked.sort_unstable();
        marked.dedup();
        let found = Found {
            id: &self.id,
            name: &seen.text,
            marked,
        };
        Some((score, found))
    }
}

impl Name {
    fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            letters: Utf32String::from(text),
            spellings: Spelling::all(text),
        }
    }

    /// Matches a word with the name as it is written, or as it is spelt.
    fn hit(&self, written: &Atom, spelt: &Atom, matcher: &mut Matcher) -> Option<Hit> {
        let mut marked = Vec::new();
        let score = written.indices(self.letters.slice(..), matcher, &mut marked);
        let written = score.map(|score| Hit {
            score: score.into(),
            marked,
        });
        let spelt = self.spellings.iter().filter_map(|spelling| {
            let (score, marked) = spelling.find(spelt, matcher)?;
            Some(Hit { score, marked })
        });
        written.into_iter().chain(spelt).max_by_key(|hit| hit.score)
    }
}

#[cfg(test)]
mod tests;
