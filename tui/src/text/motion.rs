//! Places in a text that a cursor goes to: between grapheme clusters and at words. It deliberately
//! knows no lines on screen.

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// Returns the place one grapheme cluster before, if there is one.
pub(super) fn before(text: &str, place: usize) -> Option<usize> {
    // Inside a whole text a grapheme cursor never asks for more context.
    GraphemeCursor::new(place, text.len(), true)
        .prev_boundary(text, 0)
        .ok()
        .flatten()
}

/// Returns the place one grapheme cluster further on, if there is one.
pub(super) fn after(text: &str, place: usize) -> Option<usize> {
    GraphemeCursor::new(place, text.len(), true)
        .next_boundary(text, 0)
        .ok()
        .flatten()
}

/// Returns this place, or the end of the grapheme cluster that it cuts.
pub(super) fn snap(text: &str, place: usize) -> usize {
    let mut place = place.min(text.len());
    while !text.is_char_boundary(place) {
        place += 1;
    }
    match GraphemeCursor::new(place, text.len(), true).is_boundary(text, 0) {
        Ok(true) => place,
        _ => after(text, place).unwrap_or(text.len()),
    }
}

/// Returns the start of the word at or before a place, else the start of the text.
pub(super) fn word_start(text: &str, place: usize) -> usize {
    text.split_word_bound_indices()
        .take_while(|(start, _)| *start < place)
        .filter(|(_, piece)| is_word(piece))
        .last()
        .map_or(0, |(start, _)| snap(text, start).min(place))
}

/// Returns the end of the word at or after a place, else the end of the text.
pub(super) fn word_end(text: &str, place: usize) -> usize {
    text.split_word_bound_indices()
        .map(|(start, piece)| (start + piece.len(), piece))
        .find(|(end, piece)| *end > place && is_word(piece))
        .map_or(text.len(), |(end, _)| snap(text, end))
}

fn is_word(piece: &str) -> bool {
    piece.contains(char::is_alphanumeric)
}
