//! What fields of one and of several lines have in common: a text within a limit, a cursor, and
//! what is taken in of what is typed and pasted. It deliberately knows no lines and no history.

use std::ops::Range;

use protocol::text::Text;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use zeroize::Zeroize;

use super::change::Change;
use super::edit::Refusal;
use super::motion;

/// Room that is taken at once for a passphrase, in bytes.
const SECRET_BYTES_MAX: usize = 4_096;

/// Which text a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// One line.
    Line,
    /// Several lines.
    Lines,
    /// A passphrase: as it is typed, wiped in the end.
    Secret,
}

/// A text that is being written.
#[derive(Clone)]
pub(super) struct Writing {
    pub text: String,
    /// In bytes, between two grapheme clusters.
    pub cursor: usize,
    pub chars_max: usize,
    pub form: Form,
}

/// A change that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Done {
    pub at: usize,
    pub removed: String,
    pub inserted: String,
}

impl Writing {
    pub fn new(chars_max: usize, form: Form) -> Self {
        // A secret's room is taken at once: growing would leave copies behind in memory.
        let capacity = match form {
            Form::Secret => chars_max.saturating_mul(4).min(SECRET_BYTES_MAX),
            Form::Line | Form::Lines => 0,
        };
        Self {
            text: String::with_capacity(capacity),
            cursor: 0,
            chars_max,
            form,
        }
    }

    pub fn chars(&self) -> usize {
        self.text.chars().count()
    }

    /// Inserts a character that was typed.
    pub fn type_char(&mut self, character: char) -> Result<Done, Refusal> {
        let mut bytes = [0; 4];
        let typed = character.encode_utf8(&mut bytes);
        if self.form == Form::Secret {
            let taken = if character.is_control() { "" } else { typed };
            return self.insert(taken);
        }
        if attaches(character) {
            let has_base = self.text[..self.cursor]
                .chars()
                .next_back()
                .is_some_and(|last| !last.is_whitespace());
            return self.insert(if has_base { typed } else { "" });
        }
        let taken = self.clean(typed);
        if taken == "\u{FFFD}" && character != char::REPLACEMENT_CHARACTER {
            return Err(Refusal::NothingToInsert);
        }
        self.insert(&taken)
    }

    /// Inserts text of any origin.
    pub fn paste(&mut self, raw: &str) -> Result<Done, Refusal> {
        if self.form == Form::Secret {
            let mut taken = String::with_capacity(raw.len());
            // A byte order mark is none of a passphrase's signs: editors put it before what they save.
            let signs = raw.strip_prefix('\u{FEFF}').unwrap_or(raw).chars();
            taken.extend(signs.filter(|character| !character.is_control()));
            let result = self.insert(&taken);
            taken.zeroize();
            return result;
        }
        let taken = self.clean(raw);
        self.insert(&taken)
    }

    fn clean(&self, raw: &str) -> String {
        let text = Text::paragraphs(raw, usize::MAX).into_string();
        match self.form {
            Form::Lines => text,
            Form::Line | Form::Secret => text
                .strip_suffix('\n')
                .unwrap_or(&text)
                .replace(['\n', '\t'], " "),
        }
    }

    fn insert(&mut self, taken: &str) -> Result<Done, Refusal> {
        if taken.is_empty() {
            return Err(Refusal::NothingToInsert);
        }
        self.splice(self.cursor..self.cursor, taken)
    }

    /// Replaces a range and keeps the text in NFC: what comes together can compose, a letter and a
    /// mark or the parts of a syllable.
    fn splice(&mut self, range: Range<usize>, taken: &str) -> Result<Done, Refusal> {
        let cursor = range.start + taken.len();
        if self.form == Form::Secret {
            return self.replace(range, taken, cursor);
        }
        let start = motion::before(&self.text, range.start).unwrap_or(0);
        let end = motion::after(&self.text, range.end).unwrap_or(self.text.len());
        let left = &self.text[start..range.start];
        let right = &self.text[range.end..end];
        let whole = [left, taken, right].concat();
        let composed: String = whole.nfc().collect();
        if composed == whole {
            return self.replace(range, taken, cursor);
        }
        let until_cursor = left.chars().chain(taken.chars()).nfc().collect::<String>();
        let cursor = start + until_cursor.len().min(composed.len());
        self.replace(start..end, &composed, cursor)
    }

    /// Replaces a range and puts the cursor at a place of the text that comes.
    fn replace(&mut self, range: Range<usize>, with: &str, cursor: usize) -> Result<Done, Refusal> {
        let chars_removed = self.text[range.clone()].chars().count();
        let chars_inserted = with.chars().count();
        let chars_after = self.chars() - chars_removed + chars_inserted;
        if chars_after > self.chars_max && chars_inserted > chars_removed {
            return Err(Refusal::TooLong {
                chars_max: self.chars_max,
                chars_over: chars_after - self.chars_max,
            });
        }
        let removed = match self.form {
            Form::Secret => String::new(),
            Form::Line | Form::Lines => self.text[range.clone()].to_owned(),
        };
        let done = Done {
            at: range.start,
            removed,
            inserted: match self.form {
                Form::Secret => String::new(),
                Form::Line | Form::Lines => with.to_owned(),
            },
        };
        self.text.replace_range(range, with);
        self.cursor = motion::snap(&self.text, cursor);
        Ok(done)
    }

    /// Deletes from the cursor to another place.
    pub fn delete_to(&mut self, place: usize) -> Option<Done> {
        let range = self.cursor.min(place)..self.cursor.max(place);
        if range.is_empty() {
            return None;
        }
        self.splice(range, "").ok()
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if self.form == Form::Secret {
            self.text.zeroize();
        }
    }
}

impl Done {
    /// The change that takes this one back.
    pub fn inverse(&self) -> Change {
        Change {
            range: self.at..self.at + self.inserted.len(),
            with: self.removed.clone(),
        }
    }

    /// The change that was carried out.
    pub fn change(&self) -> Change {
        Change {
            range: self.at..self.at + self.removed.len(),
            with: self.inserted.clone(),
        }
    }
}

/// Marks, joiners and selectors belong to the character before them. Typed one by one, they wait
/// for what follows; [`protocol::text`] removes what stays without it.
fn attaches(character: char) -> bool {
    is_combining_mark(character)
        || matches!(character, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}
