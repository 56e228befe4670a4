use proptest::prelude::*;
use ratatui::style::{Modifier, Style};

use super::*;
use crate::text::AmbiguousWidth;

fn laid_out(text: &str, columns_max: u16) -> StyledText {
    let layout = table::Layout {
        columns_max,
        ambiguous: AmbiguousWidth::Narrow,
        heading: Style::new().add_modifier(Modifier::BOLD),
        text: Style::new(),
        name: &|name| format!("{name}: "),
    };
    lay_out(text, layout)
}

fn check(text: &str, columns_max: u16, expected: &str) {
    assert_eq!(laid_out(text, columns_max).text(), expected, "{text}");
}

#[test]
fn signs_become_layout() {
    let cases = [
        ("# 节目\n\n- 猜灯谜\n- 合唱", "节目\n\n- 猜灯谜\n- 合唱"),
        (
            "before\n## Still missing\nafter",
            "before\n\nStill missing\nafter",
        ),
        ("**by four**, and *quietly*", "by four, and quietly"),
        (
            "1. one\n2. two\n   * in\n   * it\n3. three",
            "1. one\n2. two\n   - in\n   - it\n3. three",
        ),
        ("7) seven\n8) eight", "7. seven\n8. eight"),
        ("- [ ] chairs\n- [x] 灯笼", "- [ ] chairs\n- [x] 灯笼"),
        ("- one\n\n- two", "- one\n\n- two"),
        ("-\n- two", "- \n- two"),
        ("> said\n> she\n>\n> again", "> said\n> she\n>\n> again"),
        ("use `ls -l` here", "use ls -l here"),
        (
            "```sh\necho *hi*\n\nls\n```\nafter",
            "    sh\n    echo *hi*\n    \n    ls\nafter",
        ),
        (
            "above\n\n***\n\nbelow",
            "above\n\n----------------------------------------\n\nbelow",
        ),
        ("one\ntwo  \nthree\n\n\n\nfour", "one\ntwo\nthree\n\nfour"),
        ("中文一行\n中文两行", "中文一行\n中文两行"),
        ("3 < 4 & 5 > 4, #5, 2*3", "3 < 4 & 5 > 4, #5, 2*3"),
        ("", ""),
    ];
    for (text, expected) in cases {
        check(text, 60, expected);
    }
}

#[test]
fn nothing_that_was_written_is_hidden() {
    let cases = [
        ("[here](http://a.example/x)", "here (http://a.example/x)"),
        (
            "[your bank](http://evil.example \"really\")",
            "your bank (http://evil.example, really)",
        ),
        ("<http://a.example>", "http://a.example"),
        ("![the lake](lake.png)", "the lake (lake.png)"),
        ("[](http://a.example)", "http://a.example"),
        ("<b>bold</b> <!-- aside -->", "<b>bold</b> <!-- aside -->"),
        ("<div>\ninside\n</div>", "<div>\ninside\n</div>"),
        (
            "[note]: bring-chairs\n\nand [note]",
            "[note]: bring-chairs\n\nand [note]",
        ),
        ("`[a]: b` and\n\n    [c]: d", "[a]: b and\n\n    [c]: d"),
        ("~~not~~ today[^1]", "~~not~~ today[^1]"),
    ];
    for (text, expected) in cases {
        check(text, 60, expected);
    }
}

#[test]
fn what_is_stressed_needs_no_colour() {
    let text = laid_out("# Head\n\na **strong** and *soft* `code`", 40);
    let cases = [
        ("Head", Modifier::BOLD),
        ("strong", Modifier::BOLD),
        ("soft", Modifier::ITALIC),
        ("code", Modifier::UNDERLINED),
    ];
    for (word, modifier) in cases {
        let place = text.text().find(word).expect("it stands there");
        let style = text.style_at(place, Style::new());
        assert!(style.add_modifier.contains(modifier), "{word}: {style:?}");
        assert_eq!((style.fg, style.bg), (None, None), "{word}");
    }
}

#[test]
fn lines_hang_beside_what_leads_them() {
    check("- one two three\n  four", 11, "- one two\n  three\n  four");
    check("> 中文，很长的一句。", 12, "> 中文，很长\n> 的一句。");
    // Closing signs never begin a line.
    check("- 中文中文，中文", 10, "- 中文中\n  文，中文");
    check("10. one two", 8, "10. one\n    two");
    // For reading aloud nothing is wrapped.
    check(
        "- one two three four five six\n- seven",
        0,
        "- one two three four five six\n- seven",
    );
}

#[test]
fn tables_stand_among_the_rest_and_their_cells_have_no_signs() {
    let text = "# Day\n\n| When | **What** |\n| --- | --- |\n| 18:00 | *song* `x` |\n\n- end";
    check(
        text,
        40,
        "Day\n\nWhen   What\n-----  ------\n18:00  song x\n\n- end",
    );
}

#[test]
fn a_sign_written_as_a_number_commands_nothing() {
    let text = laid_out("a&#27;[31m&#x202E;b&#10;c [x](http://a&#27;b) `&#27;`", 60);
    let is_harmless = |sign: char| !sign.is_control() && sign != '\u{202E}' || sign == '\n';
    assert!(text.text().chars().all(is_harmless), "{:?}", text.text());
    assert!(text.text().contains("&#27;"), "code is as it was written");
}

#[test]
fn depth_ends_nowhere_but_leaves_room() {
    let deep = format!("{}end\nagain\n", "> ".repeat(2_000));
    let text = laid_out(&deep, 40);
    assert!(text.text().ends_with("again"), "{}", text.text().len());
    let deep = format!("{}end", "- ".repeat(2_000));
    assert!(laid_out(&deep, 40).text().ends_with("end"));
}

proptest! {
    /// Words stay, in their order, whatever signs stand between them.
    #[test]
    fn words_stay(
        text in "([a-z]{1,6}|中文|[ \n]|\n\n|[*_`#>|~<!:-]|- |[0-9]\\. |\\[|\\]|\\(|\\)){0,60}",
        columns_max in 0_u16..50,
    ) {
        let letters = |text: &str| -> String {
            text.chars().filter(|sign| sign.is_alphabetic()).collect()
        };
        let shown = laid_out(&text, columns_max);
        prop_assert_eq!(letters(shown.text()), letters(&text), "{:?}", text);
        if columns_max >= 20 {
            let columns_max = usize::from(columns_max);
            let widest = shown.text().lines().map(|line| columns(line, AmbiguousWidth::Narrow)).max();
            prop_assert!(widest.unwrap_or(0) <= columns_max + 20, "{:?}", shown.text());
        }
    }
}
