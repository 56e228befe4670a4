//! Text of which stretches have styles of their own. It deliberately holds the text unbroken:
//! where lines end is found when it is drawn.

use std::ops::Range;

use ratatui::style::Style;

/// Text and its styles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StyledText {
    text: String,
    styles: Vec<(Range<usize>, Style)>,
}

impl StyledText {
    /// Makes an empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a text without styles.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            styles: Vec::new(),
        }
    }

    /// Adds a stretch at the end.
    pub fn push(&mut self, text: &str, style: Style) -> &mut Self {
        let start = self.text.len();
        self.text.push_str(text);
        match self.styles.last_mut() {
            // One stretch, however it was put together.
            Some((range, last)) if range.end == start && *last == style => {
                range.end = self.text.len();
            }
            _ => self.styles.push((start..self.text.len(), style)),
        }
        self
    }

    /// Adds a stretch at the end, for chains.
    #[must_use]
    pub fn with(mut self, text: &str, style: Style) -> Self {
        self.push(text, style);
        self
    }

    /// Adds a part of another text at the end, with its styles.
    pub fn push_part(&mut self, other: &Self, part: Range<usize>) -> &mut Self {
        let start = self.text.len();
        self.text.push_str(&other.text[part.clone()]);
        for (range, style) in &other.styles {
            let (from, to) = (range.start.max(part.start), range.end.min(part.end));
            if from < to {
                let range = start + from - part.start..start + to - part.start;
                self.styles.push((range, *style));
            }
        }
        self
    }

    /// Patches the style of a range of bytes; later patches go over earlier ones.
    pub fn highlight(&mut self, range: Range<usize>, style: Style) -> &mut Self {
        self.styles.push((range, style));
        self
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the style of the byte at a position, over a ground style.
    pub fn style_at(&self, position: usize, ground: Style) -> Style {
        self.styles
            .iter()
            .filter(|(range, _)| range.contains(&position))
            .fold(ground, |style, (_, patch)| style.patch(*patch))
    }
}

impl From<&str> for StyledText {
    fn from(text: &str) -> Self {
        Self::plain(text)
    }
}

impl From<String> for StyledText {
    fn from(text: String) -> Self {
        Self::plain(text)
    }
}
