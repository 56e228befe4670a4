use super::*;
use crate::text::AmbiguousWidth;

const WIDE: Look = Look {
    ambiguous: AmbiguousWidth::Wide,
    ascii: false,
    large: false,
};

fn row(buffer: &Buffer) -> String {
    buffer.content().iter().map(|cell| cell.symbol()).collect()
}

/// What a terminal shows of one row, that draws ambiguous signs two columns wide.
fn shown_by_wide_terminal(before: &Buffer, after: &Buffer) -> Vec<(u16, String)> {
    before
        .diff_iter(after)
        .map(|(x, _, cell)| (x, cell.symbol().to_owned()))
        .collect()
}

#[test]
fn text_stops_before_a_sign_that_does_not_fit() {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 1));
    let used = write(
        &mut buffer,
        Rect::new(1, 0, 4, 1),
        "a水水b",
        Style::new(),
        Look::default(),
    );
    assert_eq!(used, 3);
    assert_eq!(row(&buffer), " a水   ");
}

#[test]
fn the_cell_behind_an_ambiguous_sign_is_skipped_where_it_is_covered() {
    let area = Rect::new(0, 0, 4, 1);
    let blank = Buffer::empty(area);
    let mut before = blank.clone();
    write(&mut before, area, "abcd", Style::new(), WIDE);
    let mut after = blank;
    let used = write(&mut after, area, "…d", Style::new(), WIDE);
    assert_eq!(used, 3);
    let shown = shown_by_wide_terminal(&before, &after);
    let expect = [(0, "…"), (2, "d"), (3, " ")].map(|(x, symbol)| (x, symbol.to_owned()));
    assert_eq!(shown, expect);
}

#[test]
fn clearing_takes_cut_signs_whole() {
    for (left, columns, expect) in [
        (1, 2, "a  水d"),
        (2, 2, "a    d"),
        (3, 1, "a水  d"),
        (3, 2, "a水  d"),
        (0, 2, "   水d"),
    ] {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 1));
        write(
            &mut buffer,
            Rect::new(0, 0, 6, 1),
            "a水水d",
            Style::new(),
            Look::default(),
        );
        clear(&mut buffer, Rect::new(left, 0, columns, 1), Style::new());
        // A wide sign's second cell is blank in the buffer and not on the screen.
        let shown: String = row(&buffer).replace("水 ", "水");
        assert_eq!(shown, expect, "{left} {columns}");
    }
}
