//! What draws into a buffer. Nothing here holds state, reads keys or writes to a terminal; every
//! sign goes through [`cells`], so that nothing else than harmless glyphs reaches a cell.

pub mod cells;
pub mod field;
pub mod list;
pub mod paragraph;
pub mod popup;

use crate::text::AmbiguousWidth;

pub use field::Field;
pub use list::{List, ListState};
pub use paragraph::Paragraph;

/// How this terminal is drawn on: what the person chose, not what a widget decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// How wide the terminal draws ambiguous signs.
    pub ambiguous: AmbiguousWidth,
    /// Borders and marks of ASCII only.
    pub ascii: bool,
    /// Large type: an empty line between lines.
    pub large: bool,
}

impl Look {
    /// Tells whether lines are drawn with ASCII: on request, and where box drawing signs may be
    /// two columns wide.
    pub fn draws_ascii(self) -> bool {
        self.ascii || self.ambiguous == AmbiguousWidth::Wide
    }
}

#[cfg(test)]
mod hostile_tests;
