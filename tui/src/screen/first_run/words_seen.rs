//! Which of the recovery words were on the screen: on a small one not all have room at once.

/// What was on the screen so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct WordsSeen {
    scroll: u16,
    /// Rows in all, and of those that have room.
    rows: u16,
    shown: u16,
    /// Rows from the first one on that were on the screen.
    seen: u16,
}

impl WordsSeen {
    /// Takes the rows that there are and that have room, and returns how many are left out above.
    pub fn window(&mut self, rows: u16, shown: u16) -> u16 {
        if rows != self.rows {
            // Other rows hold other words.
            *self = Self::default();
        }
        (self.rows, self.shown) = (rows, shown);
        self.scroll = self.scroll.min(rows.saturating_sub(shown));
        self.seen = self.seen.max(self.scroll.saturating_add(shown));
        self.scroll
    }

    /// Whether a row was never on the screen.
    pub const fn has_more(self) -> bool {
        self.seen < self.rows
    }

    /// Goes a line down or up.
    pub fn line(&mut self, down: bool) {
        self.by(1, down);
    }

    /// Goes a page down or up.
    pub fn page(&mut self, down: bool) {
        self.by(self.shown.max(1), down);
    }

    /// Leaves out no row that was never on the screen.
    fn by(&mut self, rows: u16, down: bool) {
        self.scroll = match down {
            true => self.scroll.saturating_add(rows).min(self.seen),
            false => self.scroll.saturating_sub(rows),
        };
    }
}
