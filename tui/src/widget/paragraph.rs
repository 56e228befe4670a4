//! Draws wrapped text with styles. It deliberately does not scroll by itself: the first line that
//! is shown is given.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::Look;
use crate::text::{Alignment, StyledText};

/// A text to draw.
#[derive(Clone, Copy, Debug)]
pub struct Paragraph<'a> {
    /// What is drawn.
    pub text: &'a StyledText,
    /// Under the text's own styles.
    pub style: Style,
    /// How many lines are left out at the top.
    pub scroll_lines: usize,
    /// Where each line stands.
    pub alignment: Alignment,
}

impl<'a> Paragraph<'a> {
    /// Makes a paragraph at the left, from its first line.
    pub fn new(text: &'a StyledText) -> Self {
        Self {
            text,
            style: Style::new(),
            scroll_lines: 0,
            alignment: Alignment::Left,
        }
    }

    /// Returns how many rows the whole text takes in so many columns.
    pub fn rows(&self, _columns: u16, _look: Look) -> usize {
        todo!()
    }

    /// Draws the lines that fit and returns how many the text has; the greatest useful scroll is
    /// that less the lines shown.
    pub fn draw(&self, _area: Rect, _buffer: &mut Buffer, _look: Look) -> usize {
        todo!()
    }
}
