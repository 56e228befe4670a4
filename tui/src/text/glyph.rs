//! The one way from a string to a cell: what is drawn of each grapheme cluster, and how many
//! columns that takes.
//!
//! What is removed and what is replaced follows [`protocol::text`]; on top of that nothing reaches
//! a cell that has no width of its own, that is too wide to be one sign, or that a terminal would
//! join with the cell beside it. It deliberately removes nothing from the text itself, so that
//! positions in it stay good.

use std::borrow::Cow;
use std::ops::Range;

use icu_properties::CodePointMapData;
use icu_properties::props::EastAsianWidth;
use protocol::text::Text;
use ratatui::buffer::CellWidth;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::width::AmbiguousWidth;

/// Columns that a tab takes, wherever it stands.
pub const TAB_COLUMNS: u16 = 4;
/// Scalar values of one grapheme cluster that is drawn; the longest emoji sequences have 10.
const GLYPH_CHARS_MAX: usize = 24;
/// Columns of one grapheme cluster that is drawn; Indic conjuncts have up to 5.
const GLYPH_COLUMNS_MAX: u16 = 6;
/// Stands for what cannot be drawn.
const REPLACEMENT: &str = "\u{FFFD}";

/// What ends a line, wherever it stands; CR LF is one cluster.
pub(crate) const LINE_ENDS: [char; 7] = [
    '\n', '\r', '\u{0B}', '\u{0C}', '\u{85}', '\u{2028}', '\u{2029}',
];

/// What is drawn of one grapheme cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glyph<'a> {
    /// Where the cluster stands in the source, in bytes.
    pub range: Range<usize>,
    /// What is drawn; nothing for a line end or what is invisible. A tab's symbol is one space.
    pub symbol: Cow<'a, str>,
    /// Columns that it takes.
    pub columns: u16,
}

/// Goes through a text's grapheme clusters.
pub fn glyphs(text: &str, ambiguous: AmbiguousWidth) -> impl Iterator<Item = Glyph<'_>> {
    text.grapheme_indices(true).map(move |(start, cluster)| {
        let (symbol, columns) = drawn(cluster, ambiguous);
        Glyph {
            range: start..start + cluster.len(),
            symbol,
            columns,
        }
    })
}

/// Returns a text as it would be drawn, for code that writes it to a terminal by other means than
/// a glyph at a time. Line ends become spaces.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let mut harmless = String::with_capacity(text.len());
    for cluster in text.graphemes(true) {
        if is_line_end(cluster) {
            harmless.push(' ');
        } else {
            let (symbol, columns) = drawn(cluster, AmbiguousWidth::Narrow);
            let times = if cluster == "\t" { columns } else { 1 };
            (0..times).for_each(|_| harmless.push_str(&symbol));
        }
    }
    Cow::Owned(harmless)
}

/// Tells whether a grapheme cluster ends a line.
pub(crate) fn is_line_end(cluster: &str) -> bool {
    cluster.starts_with(LINE_ENDS)
}

fn drawn(cluster: &str, ambiguous: AmbiguousWidth) -> (Cow<'_, str>, u16) {
    let mut characters = cluster.chars();
    let (Some(first), rest) = (characters.next(), characters.as_str()) else {
        return (Cow::Borrowed(""), 0);
    };
    if rest.is_empty() {
        match first {
            ' '..='~' => return (Cow::Borrowed(cluster), 1),
            '\u{4E00}'..='\u{9FFF}' | '\u{3000}' => return (Cow::Borrowed(cluster), 2),
            '\t' => return (Cow::Borrowed(" "), TAB_COLUMNS),
            _ => {}
        }
    }
    if is_line_end(cluster) {
        return (Cow::Borrowed(""), 0);
    }
    let symbol = symbol(cluster, first, rest);
    if symbol.is_empty() {
        return (symbol, 0);
    }
    let columns = symbol_columns(&symbol, ambiguous);
    if (1..=GLYPH_COLUMNS_MAX).contains(&columns) {
        (symbol, columns)
    } else {
        let columns = symbol_columns(REPLACEMENT, ambiguous);
        (Cow::Borrowed(REPLACEMENT), columns)
    }
}

fn symbol<'a>(cluster: &'a str, first: char, rest: &str) -> Cow<'a, str> {
    if first == '\u{3000}' {
        return Cow::Borrowed("\u{3000}");
    }
    if first.is_whitespace() || first == '\u{2800}' {
        return Cow::Borrowed(" ");
    }
    // A regional indicator without its partner would make a flag with the one in the next cell.
    if let ('\u{1F1E6}'..='\u{1F1FF}', true) = (first, rest.is_empty()) {
        let place = u32::from(first) - 0x1F1E6;
        let letter = char::from_u32(u32::from('A') + place).unwrap_or(char::REPLACEMENT_CHARACTER);
        return Cow::Owned(letter.to_string());
    }
    if cluster.chars().nth(GLYPH_CHARS_MAX).is_some() {
        return Cow::Borrowed(REPLACEMENT);
    }
    let text = Text::line(cluster, GLYPH_CHARS_MAX);
    if text.as_str() == cluster {
        Cow::Borrowed(cluster)
    } else {
        Cow::Owned(text.into_string())
    }
}

fn symbol_columns(symbol: &str, ambiguous: AmbiguousWidth) -> u16 {
    let narrow = symbol.cell_width();
    match ambiguous {
        AmbiguousWidth::Narrow => narrow,
        AmbiguousWidth::Wide => {
            let wide = u16::try_from(symbol.width_cjk()).unwrap_or(u16::MAX);
            // Letters that may be wide stay narrow there, and no such terminal agrees.
            let letter = symbol.chars().next().filter(|letter| is_ambiguous(*letter));
            narrow.max(wide).max(if letter.is_some() { 2 } else { 0 })
        }
    }
}

fn is_ambiguous(sign: char) -> bool {
    CodePointMapData::<EastAsianWidth>::new().get(sign) == EastAsianWidth::Ambiguous
}

#[cfg(test)]
mod tests;
