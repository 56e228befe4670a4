//! Text from others, made harmless where it enters (rule R20).
//!
//! [`Text`] is the one way from a string of unknown origin to a screen, a page or an export. It
//! removes what a terminal would obey (control characters, escape sequences), what changes the
//! order of what is read (bidi controls) and what cannot be seen, and it bounds the length. It
//! deliberately knows no language and refuses nothing: hostile text comes out as plain text.
//! The ranges are pinned in `classes`, not taken from the newest Unicode tables, and no verdict
//! about an entry may depend on them (rule R2).

mod alike;
mod classes;
mod confusable;
mod phone;

use std::fmt;

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

pub use alike::shared_words;
pub use confusable::skeleton;
pub use phone::looks_like_phone_number;

use classes::Class;

/// Combining marks in a row that are shown; more pile up over the neighbouring lines.
const MARKS_MAX: usize = 8;
/// Stands where something unreadable stood.
const REPLACEMENT: char = '\u{FFFD}';
/// Stands where text was cut short.
const ELLIPSIS: char = '…';

/// Text that is harmless to show, in Unicode's form NFC.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Text(String);

/// How the text is laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Line,
    Paragraphs,
}

impl Text {
    /// Makes one line: every run of white space is one space, none at either end. Longer text ends
    /// in an ellipsis; `chars_max` counts Unicode scalar values, the ellipsis included.
    pub fn line(raw: &str, chars_max: usize) -> Self {
        Self(neutralise(raw, Form::Line, chars_max))
    }

    /// Makes lines: line feeds, tabs, spaces and ideographic spaces stay as they are.
    pub fn paragraphs(raw: &str, chars_max: usize) -> Self {
        Self(neutralise(raw, Form::Paragraphs, chars_max))
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Takes the text out.
    pub fn into_string(self) -> String {
        self.0
    }

    /// Tells whether nothing is left to show.
    pub fn is_blank(&self) -> bool {
        self.0.chars().all(char::is_whitespace)
    }

    /// Returns how many Unicode scalar values the text has.
    pub fn chars(&self) -> usize {
        self.0.chars().count()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn neutralise(raw: &str, form: Form, chars_max: usize) -> String {
    if is_plain(raw, form, chars_max) {
        return raw.to_owned();
    }
    let mut text = pass(raw, form, chars_max);
    // Cutting can leave a joiner behind and removing can bring letters and marks together, so the
    // result is passed until it stays. A pass over clean text only removes, hence this ends.
    loop {
        let again = pass(&text, form, chars_max);
        if again == text {
            return text;
        }
        text = again;
    }
}

/// Tells whether text is clean at first sight: what nearly all text is.
fn is_plain(raw: &str, form: Form, chars_max: usize) -> bool {
    let mut count = 0;
    let mut previous = ' ';
    for character in raw.chars() {
        count += 1;
        let plain = match character {
            ' ' => form == Form::Paragraphs || previous != ' ',
            '\n' => form == Form::Paragraphs,
            '!'..='~' | '\u{4E00}'..='\u{9FFF}' | '\u{FF01}'..='\u{FF5E}' => true,
            '、' | '。' | '《' | '》' | '「' | '」' | '“' | '”' | '—' | '…' | '·' => {
                true
            }
            _ => false,
        };
        if !plain || count > chars_max {
            return false;
        }
        previous = character;
    }
    form == Form::Paragraphs || count == 0 || previous != ' '
}

fn pass(raw: &str, form: Form, chars_max: usize) -> String {
    let visible = Unescaped { rest: raw };
    let kept = keep_in_context(visible, form);
    let text: String = kept.nfc().collect();
    cut(text, form, chars_max)
}

/// Characters without escape sequences.
struct Unescaped<'a> {
    rest: &'a str,
}

impl Iterator for Unescaped<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        loop {
            let mut characters = self.rest.chars();
            let character = characters.next()?;
            self.rest = characters.as_str();
            match character {
                '\u{1B}' => self.rest = after_escape(self.rest),
                '\u{9B}' => self.rest = after_control_sequence(self.rest),
                '\u{90}' | '\u{98}' | '\u{9D}'..='\u{9F}' => {
                    self.rest = after_control_string(self.rest);
                }
                // CR LF and a lone CR are line ends; the LF of a pair follows by itself.
                '\r' if self.rest.starts_with('\n') => {}
                '\r' => return Some('\n'),
                _ => return Some(character),
            }
        }
    }
}

fn after_escape(rest: &str) -> &str {
    let mut characters = rest.chars();
    match characters.next() {
        Some('[') => after_control_sequence(characters.as_str()),
        Some(']' | 'P' | 'X' | '^' | '_') => after_control_string(characters.as_str()),
        Some(' '..='/') => {
            let rest = rest.trim_start_matches(|character| matches!(character, ' '..='/'));
            skip_one(rest, '0', '~')
        }
        Some('0'..='~') => characters.as_str(),
        _ => rest,
    }
}

/// Skips parameters, intermediates and the final character of a control sequence.
fn after_control_sequence(rest: &str) -> &str {
    let rest = rest.trim_start_matches(|character| matches!(character, '0'..='?'));
    let rest = rest.trim_start_matches(|character| matches!(character, ' '..='/'));
    skip_one(rest, '@', '~')
}

/// Skips a control string up to its terminator. One without a terminator would swallow what
/// follows: then only its introduction goes.
fn after_control_string(rest: &str) -> &str {
    for (position, character) in rest.char_indices() {
        let next = &rest[position + character.len_utf8()..];
        match character {
            '\u{07}' | '\u{9C}' => return next,
            '\u{1B}' => return next.strip_prefix('\\').unwrap_or(rest),
            '\n' | '\u{80}'..='\u{9F}' => return rest,
            _ => {}
        }
    }
    rest
}

fn skip_one(rest: &str, first: char, last: char) -> &str {
    rest.strip_prefix(|character| (first..=last).contains(&character))
        .unwrap_or(rest)
}

/// Keeps characters by their class and, for joiners, selectors and marks, by their neighbours.
fn keep_in_context(characters: impl Iterator<Item = char>, form: Form) -> std::vec::IntoIter<char> {
    let mut kept: Vec<char> = Vec::new();
    let mut characters = characters.peekable();
    let mut marks = 0;
    while let Some(character) = characters.next() {
        let last = kept.last().copied();
        let class = classes::of(character);
        match class {
            Class::Visible if is_combining_mark(character) => {
                let at_start = last.is_none_or(|last| matches!(last, ' ' | '\n' | '\t'));
                if !at_start && marks < MARKS_MAX {
                    marks += 1;
                    kept.push(character);
                }
                continue;
            }
            Class::Visible => kept.push(character),
            Class::Unreadable => kept.push(REPLACEMENT),
            Class::Invisible => continue,
            Class::Joiner | Class::Selector => {
                // What follows is looked at with escapes removed, but not yet judged itself: a
                // mark that is one too many holds no joiner.
                let next = characters.peek().copied().filter(|next| {
                    classes::of(*next) == Class::Visible
                        && (marks < MARKS_MAX || !is_combining_mark(*next))
                });
                let fits = match class {
                    Class::Joiner => classes::joiner_fits(character, last, next),
                    _ => classes::selector_fits(character, last, next),
                };
                if fits {
                    kept.push(character);
                }
                continue;
            }
            Class::LineEnd if form == Form::Paragraphs => kept.push('\n'),
            Class::Tab if form == Form::Paragraphs => kept.push('\t'),
            Class::WideSpace if form == Form::Paragraphs => kept.push(character),
            Class::Space if form == Form::Paragraphs => kept.push(' '),
            Class::LineEnd | Class::Tab | Class::WideSpace | Class::Space => {
                if last.is_some_and(|last| last != ' ') {
                    kept.push(' ');
                }
            }
        }
        marks = 0;
    }
    kept.into_iter()
}

fn cut(mut text: String, form: Form, chars_max: usize) -> String {
    if form == Form::Line {
        text.truncate(text.trim_end_matches(' ').len());
    }
    if text.chars().nth(chars_max).is_none() {
        return text;
    }
    let Some(chars_kept) = chars_max.checked_sub(1) else {
        return String::new();
    };
    if let Some((position, _)) = text.char_indices().nth(chars_kept) {
        text.truncate(position);
    }
    text.truncate(text.trim_end_matches(' ').len());
    text.push(ELLIPSIS);
    text
}

#[cfg(test)]
mod tests;
