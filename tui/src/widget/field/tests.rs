use ratatui::style::Color;

use super::*;
use crate::text::{AmbiguousWidth, Edit};

fn rows(buffer: &Buffer) -> Vec<String> {
    let width = usize::from(buffer.area.width);
    buffer
        .content()
        .chunks(width)
        .map(|cells| {
            let row: String = cells.iter().map(|cell| cell.symbol()).collect();
            row.trim_end().to_owned()
        })
        .collect()
}

fn field(input: Input<'_>) -> Field<'_> {
    Field {
        label: "Title",
        input,
        placeholder: "what is it?",
        error: None,
        focused: true,
        styles: FieldStyles {
            fresh: Style::new().fg(Color::Green),
            ..FieldStyles::default()
        },
    }
}

fn draw(field: Field<'_>, columns: u16, height: u16) -> (Vec<String>, Option<(u16, u16)>) {
    let mut buffer = Buffer::empty(Rect::new(0, 0, columns, height));
    let cursor = field.draw(buffer.area, &mut buffer, Look::default());
    (rows(&buffer), cursor.map(|cursor| (cursor.x, cursor.y)))
}

#[test]
fn a_line_has_label_counter_text_and_error() {
    let line = LineInput::new(80).with_text("停水");
    let mut field = field(Input::Line(&line));
    field.error = Some("too short");
    let (shown, cursor) = draw(field, 20, 4);
    assert_eq!(shown, ["Title           2/80", "停 水", "too short", ""]);
    assert_eq!(cursor, Some((4, 1)));
    assert_eq!(draw(field, 20, 2).0, ["too short", "停 水"]);
    assert_eq!(draw(field, 20, 1), (vec!["停 水".into()], Some((4, 0))));
    field.focused = false;
    assert_eq!(draw(field, 20, 4).1, None);
}

#[test]
fn a_placeholder_gives_way_to_text() {
    let empty = LineInput::new(80);
    let (shown, cursor) = draw(field(Input::Line(&empty)), 20, 2);
    assert_eq!(shown[1], "what is it?");
    assert_eq!(cursor, Some((0, 1)));
    let full = LineInput::new(80).with_text("a");
    assert_eq!(draw(field(Input::Line(&full)), 20, 2).0[1], "a");
}

#[test]
fn a_passphrase_shows_neither_signs_nor_their_number() {
    let mut secret = LineInput::masked(80);
    secret.apply(Edit::Paste("密码 one".to_owned()));
    let (shown, cursor) = draw(field(Input::Line(&secret)), 20, 2);
    assert_eq!(shown, ["Title", "******"]);
    assert_eq!(cursor, Some((6, 1)));
    assert!(!format!("{secret:?}").contains("one"));
}

#[test]
fn a_text_shows_the_rows_around_its_cursor_and_what_is_fresh() {
    let mut editor = Editor::new("one\ntwo", 3_000);
    editor.resize(10, 2, AmbiguousWidth::Narrow);
    editor.apply(Edit::Finish);
    editor.merge_remote("one\nmore\ntwo");
    let field = field(Input::Text(&editor));
    let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 3));
    let cursor = field.draw(buffer.area, &mut buffer, Look::default());
    assert_eq!(rows(&buffer)[1..], ["more", "two"]);
    assert_eq!(cursor, Some(Position::new(3, 2)));
    assert_eq!(buffer[(0, 1)].fg, Color::Green);
    assert_eq!(buffer[(0, 2)].fg, Color::Reset);
    assert_eq!(field.text_size(buffer.area, Look::default()), (10, 2));
}

#[test]
fn large_type_puts_room_above_the_text_and_between_its_lines() {
    let look = Look {
        large: true,
        ..Look::default()
    };
    let draw = |field: Field<'_>, height: u16| {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 20, height));
        let cursor = field.draw(buffer.area, &mut buffer, look);
        (rows(&buffer), cursor.map(|cursor| (cursor.x, cursor.y)))
    };
    let line = LineInput::new(80).with_text("停水");
    let mut one = field(Input::Line(&line));
    one.error = Some("too short");
    let (shown, cursor) = draw(one, Field::rows_of_line(true, look));
    assert_eq!(shown, ["Title           2/80", "", "停 水", "too short"]);
    assert_eq!(cursor, Some((4, 2)));
    // Where there is no room, nothing is left out for it.
    let (shown, cursor) = draw(one, 3);
    assert_eq!(shown, ["Title           2/80", "停 水", "too short"]);
    assert_eq!(cursor, Some((4, 1)));

    let mut editor = Editor::new("one\ntwo\nthree", 3_000);
    let several = field(Input::Text(&editor));
    let (columns, lines) = several.text_size(Rect::new(0, 0, 20, 5), look);
    assert_eq!((columns, lines), (20, 2));
    editor.resize(columns, lines, AmbiguousWidth::Narrow);
    editor.apply(Edit::Finish);
    let (shown, cursor) = draw(field(Input::Text(&editor)), 5);
    assert_eq!(shown[1..], ["", "two", "", "three"]);
    assert_eq!(cursor, Some((5, 4)));
}
