use ratatui::style::{Modifier, Style};

use super::*;

const PROGRAMME: &str = "Before\n\n| Time | 节目 | Who |\n| ---: | --- | :-: |\n| 6:00 | 合唱 | all |\n| 18:40 | Quiz |\n\nAfter";

fn laid_out(text: &str, columns_max: u16) -> StyledText {
    let layout = Layout {
        columns_max,
        ambiguous: AmbiguousWidth::Narrow,
        heading: Style::new().add_modifier(Modifier::BOLD),
        text: Style::new(),
        name: &|name| format!("{name}: "),
    };
    let mut out = StyledText::new();
    for part in parts(text) {
        match part {
            Part::Prose(prose) => {
                out.push(prose, layout.text);
            }
            Part::Table(table) => table.draw(&mut out, layout),
        }
    }
    out
}

fn check(text: &str, columns_max: u16, expected: &str) {
    assert_eq!(laid_out(text, columns_max).text(), expected, "{text}");
}

#[test]
fn a_table_that_fits_is_aligned_by_columns() {
    check(
        PROGRAMME,
        20,
        "Before\n\n Time  节目  Who\n-----  ----  ---\n 6:00  合唱  all\n18:40  Quiz\n\nAfter",
    );
}

#[test]
fn a_table_that_does_not_fit_becomes_lists_without_empty_cells() {
    check(
        PROGRAMME,
        15,
        "Before\n\nTime: 6:00\n节目: 合唱\nWho: all\n\nTime: 18:40\n节目: Quiz\n\nAfter",
    );
}

#[test]
fn names_are_stressed_either_way() {
    for columns_max in [20, 15] {
        let text = laid_out(PROGRAMME, columns_max);
        for (name, is_name) in [("Time", true), ("合唱", false), ("After", false)] {
            let place = text.text().find(name).expect("it stands there");
            let style = text.style_at(place, Style::new());
            assert_eq!(
                style.add_modifier.contains(Modifier::BOLD),
                is_name,
                "{name}"
            );
        }
    }
}

#[test]
fn only_tables_are_changed() {
    for text in [
        "",
        "\n",
        "one | two\nthree | four",
        "| a | b |\n| --- |\n| 1 | 2 |",
        "| a |\n| -x- |",
        "a list:\n\n---\n\n- one\n- two\n",
        "```\n| a | b |\n| --- | --- |\n```\nafter",
    ] {
        check(text, 40, text);
    }
}

#[test]
fn cells_may_hold_strokes_and_more_than_were_named() {
    check(
        "a|b\n-|-\n1 \\| 2|3|4|\n5",
        40,
        "a      b\n-----  -----\n1 | 2  3 | 4\n5",
    );
}

#[test]
fn a_table_without_rows_and_one_of_nothing_have_a_form() {
    check("| a | b |\n| - | - |", 40, "a  b\n-  -");
    check("| a | b |\n| - | - |", 3, "a\nb");
    check("|\n|-", 40, "\n");
}
