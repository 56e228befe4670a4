//! How many columns a text takes, and cutting and filling it to a number of columns.
//!
//! It deliberately agrees with what [`crate::widget`] draws, not with any one terminal: the widths
//! are ratatui's own, and the person says how ambiguous signs are shown.

use std::borrow::Cow;

use super::glyph::glyphs;

/// Stands where text was cut short.
const ELLIPSIS: &str = "…";

/// How wide a terminal draws signs whose width Unicode leaves open, such as “ ” … — and the letters
/// of Greek and Cyrillic, which terminals set up for Chinese often draw two columns wide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AmbiguousWidth {
    /// One column.
    #[default]
    Narrow,
    /// Two columns.
    Wide,
}

/// Where a text stands in a wider room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Alignment {
    /// At the left.
    #[default]
    Left,
    /// In the middle; an odd column stays free at the right.
    Centre,
    /// At the right.
    Right,
}

/// Returns how many columns a text takes on one line.
pub fn columns(text: &str, ambiguous: AmbiguousWidth) -> usize {
    glyphs(text, ambiguous)
        .map(|glyph| usize::from(glyph.columns))
        .sum()
}

/// Cuts a text that takes more columns than there are: at the end of a grapheme cluster, with an
/// ellipsis where there is room for one.
pub fn truncate(text: &str, columns_max: usize, ambiguous: AmbiguousWidth) -> Cow<'_, str> {
    let ellipsis_columns = columns(ELLIPSIS, ambiguous);
    let mut used = 0;
    let mut kept = 0;
    for glyph in glyphs(text, ambiguous) {
        used += usize::from(glyph.columns);
        if used > columns_max {
            let ellipsis = if ellipsis_columns <= columns_max {
                ELLIPSIS
            } else {
                ""
            };
            return Cow::Owned(format!("{}{ellipsis}", text[..kept].trim_end()));
        }
        if used + ellipsis_columns <= columns_max {
            kept = glyph.range.end;
        }
    }
    Cow::Borrowed(text)
}

/// Cuts or fills a text so that it takes exactly this many columns.
pub fn fit(
    text: &str,
    columns_wanted: usize,
    alignment: Alignment,
    ambiguous: AmbiguousWidth,
) -> String {
    let text = truncate(text, columns_wanted, ambiguous);
    let free = columns_wanted.saturating_sub(columns(&text, ambiguous));
    let before = match alignment {
        Alignment::Left => 0,
        Alignment::Centre => free / 2,
        Alignment::Right => free,
    };
    format!("{}{text}{}", " ".repeat(before), " ".repeat(free - before))
}

#[cfg(test)]
mod tests;
