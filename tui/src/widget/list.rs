//! A list of items of any height, of which only those on screen are measured and drawn. What is
//! selected is an item and not a place, so what others add moves no selection. It deliberately
//! does not hold the items.

mod state;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Look, cells};
use crate::text::{self, Alignment, truncate};

pub use state::ListState;

/// Rows of one item at most; nobody scrolls through more.
const ITEM_ROWS_MAX: u16 = 2_000;

/// How the parts of a list look.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListStyles {
    /// Under everything.
    pub ground: Style,
    /// Under the selected item.
    pub selected: Style,
    /// Of the lines that divide the items.
    pub line: Style,
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
    /// Lines that divide the items: the item above which each stands, and its words. Of several
    /// above one item the first is drawn.
    pub lines: &'a [(Id, &'a str)],
    /// Colours.
    pub styles: ListStyles,
}

/// What is on screen of a list.
struct Window {
    /// The first item.
    top: usize,
    /// Its rows that are above the screen.
    rows_above: usize,
}

impl<Id: Clone + PartialEq> List<'_, Id> {
    /// Keeps the state good for these items and this area: after every change of either, and after
    /// the selection was moved. A selected item that has gone gives way to its neighbour; the
    /// first item on screen stays the first unless the selected one would be outside.
    pub fn follow(&self, state: &mut ListState<Id>, area: Rect, look: Look) {
        if let Some(place) = state.selected_place(self.ids) {
            state.selected = self.ids.get(place).map(|id| (id.clone(), place));
        } else {
            state.selected = None;
        }
        let window = self.window(state, area, look);
        state.top = self.ids.get(window.top).map(|id| (id.clone(), window.top));
        state.rows_above = window.rows_above;
    }

    /// Selects the item about one screen further down, or up.
    pub fn page(&self, state: &mut ListState<Id>, down: bool, area: Rect, look: Look) {
        let Some(mut place) = state.selected_place(self.ids) else {
            state.select_first(self.ids);
            return;
        };
        let columns = item_columns(area);
        let mut rows_left = usize::from(area.height);
        loop {
            let next = if down {
                Some(place + 1).filter(|next| *next < self.ids.len())
            } else {
                place.checked_sub(1)
            };
            let Some(next) = next else { break };
            let rows = self.rows_of(next, columns, look);
            let moved = rows_left < usize::from(area.height);
            if rows > rows_left && moved {
                break;
            }
            place = next;
            rows_left = rows_left.saturating_sub(rows);
        }
        state.selected = self.ids.get(place).map(|id| (id.clone(), place));
    }

    /// Draws the items that fit. Where the state has not followed yet, the selected item is
    /// brought on screen.
    pub fn draw(&self, state: &ListState<Id>, area: Rect, buffer: &mut Buffer, look: Look) {
        let area = area.intersection(buffer.area);
        if area.is_empty() || self.ids.is_empty() {
            return;
        }
        let window = self.window(state, area, look);
        let columns = item_columns(area);
        let selected = state.selected_place(self.ids);
        let mut skipped = window.rows_above;
        let mut y = area.top();
        let mut last = window.top;
        for place in window.top..self.ids.len() {
            if y >= area.bottom() {
                break;
            }
            last = place;
            let canvas = self.item(place, columns, selected == Some(place), look);
            let shown = copy_rows(&canvas, skipped, area, y, buffer);
            skipped = skipped.saturating_sub(usize::from(canvas.area.height));
            y = y.saturating_add(shown);
        }
        let is_cut = window.top > 0 || window.rows_above > 0 || last + 1 < self.ids.len() || {
            y >= area.bottom()
                && self.rows_between(window.top, last + 1, columns, look) > usize::from(area.height)
        };
        if is_cut && area.width > columns {
            self.draw_scrollbar(&window, last, area, buffer, look);
        }
        self.draw_marker(window.top, area, columns, buffer, look);
    }

    /// Draws an item on a buffer of its own, so that one that is only partly on screen does not
    /// need to know.
    fn item(&self, place: usize, columns: u16, is_selected: bool, look: Look) -> Buffer {
        let rows = self.rows_of(place, columns, look);
        let height = u16::try_from(rows).unwrap_or(u16::MAX);
        let mut canvas = Buffer::empty(Rect::new(0, 0, columns, height));
        canvas.set_style(canvas.area, self.styles.ground);
        let head = self.head_rows(place);
        if let Some(words) = self.line_above(place) {
            self.draw_line(words, &mut canvas, look);
        }
        let area = Rect {
            x: 0,
            y: head,
            width: columns,
            height: self.own_rows(place, columns).min(height - head),
        };
        if is_selected {
            canvas.set_style(area, self.styles.selected);
        }
        (self.draw_item)(place, area, &mut canvas, is_selected);
        canvas
    }

    fn draw_line(&self, words: &str, canvas: &mut Buffer, look: Look) {
        let area = Rect {
            height: 1,
            ..canvas.area
        };
        let rule = if look.draws_ascii() { "-" } else { "─" };
        let style = self.styles.line;
        let line = rule.repeat(usize::from(area.width));
        cells::write(canvas, area, &line, style, look);
        let words = format!(" {words} ");
        cells::label(canvas, area, &words, Alignment::Centre, style, look);
    }

    /// The bar's length and place are those of the items, whose rows are not known.
    fn draw_scrollbar(
        &self,
        window: &Window,
        last: usize,
        area: Rect,
        buffer: &mut Buffer,
        look: Look,
    ) {
        let [track, thumb] = if look.draws_ascii() {
            ["|", "#"]
        } else {
            ["│", "█"]
        };
        let height = usize::from(area.height);
        let count = self.ids.len();
        let shown = last + 1 - window.top;
        let length = (shown * height / count).clamp(1, height);
        let hidden = count - shown;
        let free = height - length;
        let start = if hidden == 0 {
            0
        } else {
            (window.top * free).div_ceil(hidden).min(free)
        };
        let x = area.right() - 1;
        for (row, y) in (area.top()..area.bottom()).enumerate() {
            let symbol = if (start..start + length).contains(&row) {
                thumb
            } else {
                track
            };
            let cell = Rect::new(x, y, 1, 1);
            cells::write(buffer, cell, symbol, self.styles.scrollbar, look);
        }
    }

    /// Says at the right of the first row how many unread items are above.
    fn draw_marker(&self, top: usize, area: Rect, columns: u16, buffer: &mut Buffer, look: Look) {
        let unread = (0..top).filter(|place| (self.is_unread)(*place)).count();
        if unread == 0 {
            return;
        }
        let words = (self.marker)(unread);
        let words = truncate(&words, usize::from(columns), look.ambiguous);
        let used = text::columns(&words, look.ambiguous);
        let used = u16::try_from(used).unwrap_or(columns).min(columns);
        let marker = Rect {
            x: area.x + columns - used,
            width: used,
            height: 1,
            ..area
        };
        cells::clear(buffer, marker, self.styles.marker);
        cells::write(buffer, marker, &words, self.styles.marker, look);
    }

    fn window(&self, state: &ListState<Id>, area: Rect, look: Look) -> Window {
        let columns = item_columns(area);
        let height = usize::from(area.height);
        let mut window = Window {
            top: state.top_place(self.ids),
            rows_above: state.rows_above,
        };
        let rows_top = self.rows_of(window.top, columns, look);
        window.rows_above = window.rows_above.min(rows_top.saturating_sub(1));
        let Some(selected) = state.selected_place(self.ids) else {
            return self.without_gap(window, columns, height, look);
        };
        let selected_rows = self.rows_of(selected, columns, look);
        if selected < window.top || (selected == window.top && selected_rows <= height) {
            window = Window {
                top: selected,
                rows_above: 0,
            };
        } else if !self.ends_within(&window, selected, columns, height, look) {
            window = self.ending_with(selected, columns, height, look);
        }
        self.without_gap(window, columns, height, look)
    }

    /// Tells whether an item at or below the first one on screen ends on screen. Looks at no more
    /// items than fit.
    fn ends_within(
        &self,
        window: &Window,
        selected: usize,
        columns: u16,
        height: usize,
        look: Look,
    ) -> bool {
        let mut rows = 0;
        for place in window.top..=selected {
            rows += self.rows_of(place, columns, look);
            if rows > height + window.rows_above {
                // One that is higher than the screen can only begin on it.
                return place == selected && selected == window.top;
            }
        }
        true
    }

    /// The window at whose end an item stands; at whose start if it is higher than the window.
    fn ending_with(&self, last: usize, columns: u16, height: usize, look: Look) -> Window {
        let mut rows = self.rows_of(last, columns, look);
        let mut top = last;
        while rows < height && top > 0 {
            top -= 1;
            rows += self.rows_of(top, columns, look);
        }
        let rows_above = if top == last {
            0
        } else {
            rows.saturating_sub(height)
        };
        Window { top, rows_above }
    }

    /// Moves a window up where the items end before it does.
    fn without_gap(&self, window: Window, columns: u16, height: usize, look: Look) -> Window {
        let Some(last) = self.ids.len().checked_sub(1) else {
            return Window {
                top: 0,
                rows_above: 0,
            };
        };
        let mut rows = 0;
        for place in window.top..=last {
            rows += self.rows_of(place, columns, look);
            if rows >= height + window.rows_above {
                return window;
            }
        }
        if window.top == 0 && rows <= height {
            return Window {
                top: 0,
                rows_above: 0,
            };
        }
        self.ending_with(last, columns, height, look)
    }

    fn rows_between(&self, first: usize, end: usize, columns: u16, look: Look) -> usize {
        (first..end)
            .map(|place| self.rows_of(place, columns, look))
            .sum()
    }

    /// Rows of an item with what belongs to it: the line above, the empty row below.
    fn rows_of(&self, place: usize, columns: u16, look: Look) -> usize {
        if place >= self.ids.len() {
            return 0;
        }
        usize::from(self.head_rows(place))
            + usize::from(self.own_rows(place, columns))
            + usize::from(look.large)
    }

    fn own_rows(&self, place: usize, columns: u16) -> u16 {
        (self.rows)(place, columns).clamp(1, ITEM_ROWS_MAX)
    }

    fn head_rows(&self, place: usize) -> u16 {
        u16::from(self.line_above(place).is_some())
    }

    /// The words of the line above an item.
    fn line_above(&self, place: usize) -> Option<&str> {
        let id = self.ids.get(place)?;
        let mut lines = self.lines.iter();
        let line = lines.find(|(above, _)| above == id);
        line.map(|(_, words)| *words)
    }
}

impl<Id: Clone + PartialEq> List<'_, Id> {
    /// Returns where on screen each item stands, for clicks.
    pub fn places(&self, state: &ListState<Id>, area: Rect, look: Look) -> Vec<(usize, Rect)> {
        let mut places = Vec::new();
        if area.is_empty() || self.ids.is_empty() {
            return places;
        }
        let window = self.window(state, area, look);
        let columns = item_columns(area);
        let mut skipped = window.rows_above;
        let mut y = area.top();
        for place in window.top..self.ids.len() {
            if y >= area.bottom() {
                break;
            }
            let rows = self.rows_of(place, columns, look).saturating_sub(skipped);
            let rows = u16::try_from(rows)
                .unwrap_or(u16::MAX)
                .min(area.bottom() - y);
            let item = Rect {
                y,
                height: rows,
                width: columns,
                ..area
            };
            places.push((place, item));
            y += rows;
            skipped = 0;
        }
        places
    }
}

/// Columns that items are drawn in: the last one is the scroll bar's, if there is room for both.
fn item_columns(area: Rect) -> u16 {
    if area.width > 2 {
        area.width - 1
    } else {
        area.width
    }
}

/// Copies what is on screen of an item and returns how many rows that is.
fn copy_rows(canvas: &Buffer, skipped: usize, area: Rect, y: u16, buffer: &mut Buffer) -> u16 {
    let skipped = u16::try_from(skipped)
        .unwrap_or(u16::MAX)
        .min(canvas.area.height);
    let rows = (canvas.area.height - skipped).min(area.bottom() - y);
    for row in 0..rows {
        for column in 0..canvas.area.width.min(area.width) {
            buffer[(area.x + column, y + row)] = canvas[(column, skipped + row)].clone();
        }
    }
    rows
}

#[cfg(test)]
mod tests;
