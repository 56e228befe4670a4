//! A text's lines on screen, and where a cursor stands in them. It deliberately holds no state:
//! lines are found anew whenever they are needed.

use crate::text::glyph::{LINE_ENDS, glyphs};
use crate::text::width::AmbiguousWidth;
use crate::text::wrap::{WrappedLine, wrap};

/// Where a cursor stands. The end of a full line and the start of the next are the same place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub place: usize,
    pub at_line_end: bool,
}

/// The lines of a text in a field of some columns.
pub(super) struct Lines<'a> {
    text: &'a str,
    lines: Vec<WrappedLine>,
    columns: u16,
    ambiguous: AmbiguousWidth,
}

impl<'a> Lines<'a> {
    pub fn new(text: &'a str, columns: u16, ambiguous: AmbiguousWidth) -> Self {
        let columns = columns.max(1);
        Self {
            text,
            // The last column stays free for the cursor.
            lines: wrap(text, columns - 1, ambiguous),
            columns,
            ambiguous,
        }
    }

    pub fn into_lines(self) -> Vec<WrappedLine> {
        self.lines
    }

    /// Returns the number of the last line.
    pub fn last(&self) -> usize {
        self.lines.len() - 1
    }

    pub fn line_of(&self, spot: Spot) -> usize {
        let line = self.lines.partition_point(|line| {
            line.next < spot.place || (line.next == spot.place && !spot.at_line_end)
        });
        line.min(self.last())
    }

    /// Returns the column in which a cursor is drawn; spaces that hang beyond the last column are
    /// all drawn in it.
    pub fn column_of(&self, spot: Spot) -> usize {
        let line = &self.lines[self.line_of(spot)];
        let before = &self.text[line.range.start..spot.place.max(line.range.start)];
        let columns: usize = glyphs(before, self.ambiguous)
            .map(|glyph| usize::from(glyph.columns))
            .sum();
        columns.min(usize::from(self.columns) - 1)
    }

    pub fn start_of(&self, line: usize) -> Spot {
        Spot {
            place: self.lines[line].range.start,
            at_line_end: false,
        }
    }

    pub fn end_of(&self, line: usize) -> Spot {
        let WrappedLine {
            range, next, hard, ..
        } = &self.lines[line];
        if *hard {
            let place = range.end
                + self.text[range.end..*next]
                    .trim_end_matches(LINE_ENDS)
                    .len();
            return Spot {
                place,
                at_line_end: false,
            };
        }
        Spot {
            place: range.end,
            at_line_end: range.end == *next,
        }
    }

    /// Returns the spot of a line that is nearest to a column from the left.
    pub fn spot_at(&self, line: usize, column: usize) -> Spot {
        let end = self.end_of(line);
        let start = self.lines[line].range.start;
        let mut used = 0;
        for glyph in glyphs(&self.text[start..end.place], self.ambiguous) {
            used += usize::from(glyph.columns);
            if used > column {
                return Spot {
                    place: start + glyph.range.start,
                    at_line_end: false,
                };
            }
        }
        end
    }

    /// Returns the first line to show: the one that holds a place, or as near to it as the cursor
    /// lets it be.
    pub fn top(&self, place: usize, cursor: Spot, rows: u16) -> usize {
        let wanted = self.line_of(Spot {
            place,
            at_line_end: false,
        });
        let cursor_line = self.line_of(cursor);
        let rows = usize::from(rows.max(1));
        // No empty rows at the end while there are lines above.
        let top_max = self.lines.len().saturating_sub(rows);
        wanted
            .min(top_max)
            .clamp((cursor_line + 1).saturating_sub(rows), cursor_line)
    }
}
