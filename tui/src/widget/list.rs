//! A list of items of any height, of which only those on screen are measured and drawn. What is
//! selected is an item and not a place, so what others add moves no selection. It deliberately
//! does not hold the items.

mod state;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::Look;

pub use state::ListState;

/// How the parts of a list look.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListStyles {
    /// Under the selected item.
    pub selected: Style,
    /// Of the line above the items that have been read.
    pub unread_line: Style,
    /// Of "3 new ↑".
    pub marker: Style,
    /// Of the scroll bar.
    pub scrollbar: Style,
}

/// A list to draw, in the order of the screen.
pub struct List<'a, Id> {
    /// The items.
    pub ids: &'a [Id],
    /// Returns how many rows an item takes in so many columns; 0 counts as 1. In large type an
    /// empty row is added below each item.
    pub rows: &'a dyn Fn(usize, u16) -> u16,
    /// Draws an item: place in `ids`, area, whether it is selected. The area has the item's rows,
    /// even if the screen shows only some of them.
    pub draw_item: &'a dyn Fn(usize, Rect, &mut Buffer, bool),
    /// Tells whether an item is unread; counted for the marker above the first one on screen.
    pub is_unread: &'a dyn Fn(usize) -> bool,
    /// Returns the marker's words for so many unread items: "3 new ↑".
    pub marker: &'a dyn Fn(usize) -> String,
    /// The item above which the unread line stands, and the line's words.
    pub unread_line: Option<(Id, &'a str)>,
    /// Colours.
    pub styles: ListStyles,
}

impl<Id: Clone + PartialEq> List<'_, Id> {
    /// Keeps the state good for these items and this area: after every change of either, and after
    /// the selection was moved. A selected item that has gone gives way to its neighbour; the
    /// first item on screen stays the first unless the selected one would be outside.
    pub fn follow(&self, _state: &mut ListState<Id>, _area: Rect, _look: Look) {
        todo!()
    }

    /// Selects the item about one screen further down, or up.
    pub fn page(&self, _state: &mut ListState<Id>, _down: bool, _area: Rect, _look: Look) {
        todo!()
    }

    /// Draws the items that fit. Where the state has not followed yet, the selected item is
    /// brought on screen.
    pub fn draw(&self, _state: &ListState<Id>, _area: Rect, _buffer: &mut Buffer, _look: Look) {
        todo!()
    }
}
