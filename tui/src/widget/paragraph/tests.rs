use ratatui::style::Color;

use super::*;

fn rows(buffer: &Buffer) -> Vec<String> {
    let width = usize::from(buffer.area.width);
    buffer
        .content()
        .chunks(width)
        .map(|cells| {
            let row: String = cells.iter().map(|cell| cell.symbol()).collect();
            row.replace("水 ", "水")
        })
        .collect()
}

fn draw(paragraph: Paragraph<'_>, columns: u16, height: u16, look: Look) -> (Vec<String>, usize) {
    let mut buffer = Buffer::empty(Rect::new(0, 0, columns, height));
    let lines = paragraph.draw(buffer.area, &mut buffer, look);
    (rows(&buffer), lines)
}

#[test]
fn text_wraps_scrolls_and_aligns() {
    let text = StyledText::plain("one two 水水水");
    let paragraph = Paragraph::new(&text);
    let (shown, lines) = draw(paragraph, 5, 2, Look::default());
    assert_eq!((shown, lines), (vec!["one  ".into(), "two  ".into()], 4));
    let scrolled = Paragraph {
        scroll_rows: 2,
        alignment: Alignment::Right,
        ..paragraph
    };
    assert_eq!(draw(scrolled, 5, 2, Look::default()).0, [" 水水", "   水"]);
    let beyond = Paragraph {
        scroll_rows: 9,
        ..paragraph
    };
    assert_eq!(draw(beyond, 5, 1, Look::default()).0, ["     "]);
}

#[test]
fn large_type_leaves_a_row_between_lines() {
    let look = Look {
        large: true,
        ..Look::default()
    };
    let text = StyledText::plain("one two");
    let paragraph = Paragraph::new(&text);
    assert_eq!(paragraph.rows(3, look), 3);
    assert_eq!(draw(paragraph, 3, 3, look).0, ["one", "   ", "two"]);
    // It is scrolled by rows, as it is measured.
    for (scroll_rows, expected) in [(1, ["   ", "two"]), (2, ["two", "   "])] {
        let scrolled = Paragraph {
            scroll_rows,
            ..paragraph
        };
        assert_eq!(draw(scrolled, 3, 2, look).0, expected);
    }
}

#[test]
fn styles_follow_their_text_onto_the_next_line() {
    let red = Style::new().fg(Color::Red);
    let text = StyledText::new()
        .with("one ", Style::new())
        .with("two six", red);
    let mut buffer = Buffer::empty(Rect::new(0, 0, 7, 2));
    Paragraph::new(&text).draw(buffer.area, &mut buffer, Look::default());
    assert_eq!(buffer[(2, 0)].fg, Color::Reset);
    assert_eq!(buffer[(4, 0)].fg, Color::Red);
    assert_eq!(buffer[(2, 1)].fg, Color::Red);
}
