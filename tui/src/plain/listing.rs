//! A long list, said some items at a time. Numbers count through the whole list.

use super::page::Out;
use crate::app::Context;

/// Items that are said at once.
pub const ITEMS_SHOWN: usize = 10;

/// How far a list was said.
#[derive(Clone, Copy, Debug, Default)]
pub struct Listing {
    /// Where the items that were said last begin.
    from: usize,
    said: usize,
    /// Whether something was opened from it: on the way back the same items are said.
    is_left: bool,
}

impl Listing {
    /// Begins from the first item again.
    pub fn restart(&mut self) {
        *self = Self::default();
    }

    /// Notes that something was opened from it.
    pub fn leave(&mut self) {
        self.is_left = true;
    }

    /// Takes the way back: tells whether it comes from what was opened, and goes to where it was.
    pub fn comes_back(&mut self) -> bool {
        if self.is_left {
            self.said = self.from;
        }
        std::mem::take(&mut self.is_left)
    }

    /// A page is on top again, or more is to be said: tells whether the list goes on as it was read.
    /// Otherwise it is to be read anew, from the first item where all were said.
    pub fn goes_on(&mut self, count: usize) -> bool {
        let goes_on = !self.comes_back() && self.has_more(count);
        if !self.has_more(count) {
            self.restart();
        }
        goes_on
    }

    /// Tells whether there are items that were not said.
    pub fn has_more(&self, count: usize) -> bool {
        self.said < count
    }

    /// Says the next items, each with its number, and that there are more.
    pub fn say(
        &mut self,
        count: usize,
        out: &mut Out,
        context: &Context<'_>,
        mut item: impl FnMut(usize, &mut Out) -> String,
    ) {
        // What lay behind may be gone.
        self.from = if self.said < count { self.said } else { 0 };
        let end = (self.from + ITEMS_SHOWN).min(count);
        for place in self.from..end {
            let text = item(place, out);
            out.say(format!("{}. {text}", place + 1));
        }
        self.said = end;
        if end < count {
            let values = [("shown", end.into()), ("count", count.into())];
            out.say(context.words.with("plain-more", &values));
        }
    }
}
