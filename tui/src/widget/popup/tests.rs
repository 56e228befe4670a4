use super::*;
use crate::text::{AmbiguousWidth, StyledText};
use crate::widget::Paragraph;

fn rows(buffer: &Buffer) -> Vec<String> {
    let width = usize::from(buffer.area.width);
    buffer
        .content()
        .chunks(width)
        .map(|cells| cells.iter().map(|cell| cell.symbol()).collect())
        .collect()
}

fn over_wide_text(left: u16, look: Look) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 3));
    let text = StyledText::plain("水水水水水水\n".repeat(3));
    Paragraph::new(&text).draw(buffer.area, &mut buffer, look);
    let popup = Popup {
        title: "",
        ..Popup::default()
    };
    let inner = popup.draw(Rect::new(left, 0, 5, 3), &mut buffer, look);
    assert_eq!(inner, Rect::new(left + 1, 1, 3, 1));
    buffer
}

#[test]
fn a_border_is_whole_over_wide_text() {
    // The cell before the border is blank: a sign would have covered the border.
    let buffer = over_wide_text(5, Look::default());
    let expect = ["水 水  ┌───┐水 ", "水 水  │   │水 ", "水 水  └───┘水 "];
    assert_eq!(rows(&buffer), expect);
}

#[test]
fn a_sign_cut_by_the_right_edge_leaves_a_blank() {
    let buffer = over_wide_text(4, Look::default());
    assert_eq!(
        rows(&buffer),
        ["水 水 ┌───┐ 水 ", "水 水 │   │ 水 ", "水 水 └───┘ 水 "]
    );
}

#[test]
fn a_border_is_ascii_where_line_signs_may_be_wide() {
    let wide = Look {
        ambiguous: AmbiguousWidth::Wide,
        ..Look::default()
    };
    let ascii = Look {
        ascii: true,
        ..Look::default()
    };
    for look in [wide, ascii] {
        let buffer = over_wide_text(4, look);
        assert_eq!(
            rows(&buffer),
            ["水 水 +---+ 水 ", "水 水 |   | 水 ", "水 水 +---+ 水 "]
        );
    }
}

#[test]
fn a_title_is_cut_inside_the_border() {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 9, 3));
    let popup = Popup {
        title: "停水通知",
        ..Popup::default()
    };
    popup.draw(buffer.area, &mut buffer, Look::default());
    assert_eq!(rows(&buffer)[0], "┌ 停 水 …─┐");
}

#[test]
fn a_centred_area_fits() {
    let within = Rect::new(10, 5, 20, 6);
    assert_eq!(centred(within, 10, 2), Rect::new(15, 7, 10, 2));
    assert_eq!(centred(within, 90, 90), within);
}
