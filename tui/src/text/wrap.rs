//! Breaks text into lines of a number of columns.
//!
//! Where a line may end is UAX #14's answer, with Chinese quotation marks as brackets and with
//! the signs that never begin or end a line in Chinese. It deliberately returns places in the
//! source, so that a cursor, a style or a selection can be found on a line again.

mod kinsoku;

use std::ops::Range;

use icu_segmenter::LineSegmenter;
use icu_segmenter::options::LineBreakOptions;
use unicode_segmentation::UnicodeSegmentation;

use super::glyph::{self, Glyph, glyphs};
use super::width::AmbiguousWidth;
use kinsoku::Place;

/// One line on screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrappedLine {
    /// What is drawn, in bytes of the source: without spaces at the end and without a line end.
    pub range: Range<usize>,
    /// Where the next line starts, in bytes of the source; lines follow each other without gaps.
    pub next: usize,
    /// Columns of `range`; more than there are only where one sign alone is too wide.
    pub columns: usize,
    /// Whether the line ends because the text does, or at a line end in it.
    pub hard: bool,
}

/// Breaks a text into lines of at most this many columns; 0 counts as 1. There is always a line,
/// and one more after a line end at the end of the text.
pub fn wrap(text: &str, columns_max: u16, ambiguous: AmbiguousWidth) -> Vec<WrappedLine> {
    let columns_max = usize::from(columns_max.max(1));
    let measure = |glyph: &Glyph<'_>| usize::from(glyph.columns);
    wrap_measured(text, columns_max, ambiguous, &measure)
}

/// Breaks a text by the same rules where signs have widths of their own, as on paper: what stands
/// for columns in the lines is whatever unit `measure` answers in.
pub fn wrap_by(text: &str, width_max: usize, measure: impl Fn(&str) -> usize) -> Vec<WrappedLine> {
    let measure = |glyph: &Glyph<'_>| measure(&glyph.symbol);
    wrap_measured(text, width_max.max(1), AmbiguousWidth::Narrow, &measure)
}

/// How wide a sign is.
type Measure<'a> = &'a dyn Fn(&Glyph<'_>) -> usize;

fn wrap_measured(
    text: &str,
    columns_max: usize,
    ambiguous: AmbiguousWidth,
    measure: Measure<'_>,
) -> Vec<WrappedLine> {
    let mut lines = Vec::new();
    let mut start = 0;
    for (position, cluster) in text.grapheme_indices(true) {
        if glyph::is_line_end(cluster) {
            let next = position + cluster.len();
            wrap_paragraph(
                text,
                start..position,
                next,
                columns_max,
                (ambiguous, measure),
                &mut lines,
            );
            start = next;
        }
    }
    wrap_paragraph(
        text,
        start..text.len(),
        text.len(),
        columns_max,
        (ambiguous, measure),
        &mut lines,
    );
    lines
}

fn wrap_paragraph(
    text: &str,
    range: Range<usize>,
    next: usize,
    columns_max: usize,
    widths: (AmbiguousWidth, Measure<'_>),
    lines: &mut Vec<WrappedLine>,
) {
    let source = &text[range.clone()];
    let pieces = pieces(source, widths);
    let mut first = 0;
    loop {
        let end = line_end(&pieces, source, first, columns_max);
        let visible = pieces[first..end]
            .iter()
            .rposition(|piece| !piece.hangs)
            .map_or(first, |last| first + last + 1);
        let start_byte = pieces.get(first).map_or(source.len(), |piece| piece.start);
        let end_byte = pieces[first..visible]
            .last()
            .map_or(start_byte, |piece| piece.end);
        let last = end == pieces.len();
        let next_byte = pieces
            .get(end)
            .map_or(next, |piece| range.start + piece.start);
        lines.push(WrappedLine {
            range: range.start + start_byte..range.start + end_byte,
            next: next_byte,
            columns: pieces[first..visible]
                .iter()
                .map(|piece| piece.columns)
                .sum(),
            hard: last,
        });
        if last {
            return;
        }
        first = end;
    }
}

/// A grapheme cluster and whether a line may end before it.
struct Piece {
    start: usize,
    end: usize,
    columns: usize,
    /// A space: may stand beyond the last column.
    hangs: bool,
    /// UAX #14 and the Chinese rules allow a break before it.
    breaks: bool,
}

fn pieces(source: &str, (ambiguous, measure): (AmbiguousWidth, Measure<'_>)) -> Vec<Piece> {
    let brackets = kinsoku::with_quotes_as_brackets(source);
    let segmenter = LineSegmenter::new_for_non_complex_scripts(LineBreakOptions::default());
    let mut opportunities = segmenter
        .segment_str(brackets.as_deref().unwrap_or(source))
        .peekable();
    let mut before = "";
    glyphs(source, ambiguous)
        .map(|glyph: Glyph<'_>| {
            let Range { start, end } = glyph.range.clone();
            let cluster = &source[start..end];
            while opportunities.next_if(|place| *place < start).is_some() {}
            let breaks = start > 0
                && opportunities.peek() == Some(&start)
                && kinsoku::allows(before, cluster, Place::Opportunity);
            let hangs = matches!(cluster, " " | "\t" | "\u{3000}");
            if !hangs {
                before = cluster;
            }
            Piece {
                start,
                end,
                columns: measure(&glyph),
                hangs,
                breaks: breaks && !hangs,
            }
        })
        .collect()
}

/// Returns the first piece of the next line.
fn line_end(pieces: &[Piece], source: &str, first: usize, columns_max: usize) -> usize {
    let mut used = 0;
    let mut last_break = None;
    for (at, piece) in pieces.iter().enumerate().skip(first) {
        if at > first && piece.breaks {
            last_break = Some(at);
        }
        used += piece.columns;
        if used > columns_max && at > first && !piece.hangs {
            return last_break.unwrap_or_else(|| emergency_end(pieces, source, first, at));
        }
    }
    pieces.len()
}

/// Finds where a line ends that has no good end: as late as it can without a sign in the wrong
/// place, else where it is full.
fn emergency_end(pieces: &[Piece], source: &str, first: usize, full: usize) -> usize {
    let cluster = |piece: &Piece| &source[piece.start..piece.end];
    (first + 1..=full)
        .rev()
        .find(|at| {
            let before = pieces[first..*at].iter().rfind(|piece| !piece.hangs);
            let (before, after) = (before.map_or("", cluster), &pieces[*at]);
            !after.hangs && kinsoku::allows(before, cluster(after), Place::Emergency)
        })
        .unwrap_or(full)
}

#[cfg(test)]
mod tests;
