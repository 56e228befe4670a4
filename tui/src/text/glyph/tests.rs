use super::*;

fn drawn_as(text: &str) -> Vec<(String, u16)> {
    glyphs(text, AmbiguousWidth::Narrow)
        .map(|glyph| (glyph.symbol.into_owned(), glyph.columns))
        .collect()
}

fn check(text: &str, expect: &[(&str, u16)]) {
    let expect: Vec<(String, u16)> = expect
        .iter()
        .map(|(symbol, columns)| ((*symbol).to_owned(), *columns))
        .collect();
    assert_eq!(drawn_as(text), expect, "{text:?}");
}

#[test]
fn each_cluster_is_one_glyph() {
    check("aé中", &[("a", 1), ("é", 1), ("中", 2)]);
    check("👨‍👩‍👧", &[("👨‍👩‍👧", 2)]);
    check("🇨🇳", &[("🇨🇳", 2)]);
    check("❤\u{FE0F}", &[("❤\u{FE0F}", 2)]);
    check("\u{3000}", &[("\u{3000}", 2)]);
}

#[test]
fn what_a_terminal_obeys_is_not_drawn() {
    check(
        "\u{1B}[31m",
        &[("", 0), ("[", 1), ("3", 1), ("1", 1), ("m", 1)],
    );
    check("\u{202E}a", &[("", 0), ("a", 1)]);
    check("\u{9B}", &[("", 0)]);
    check("\u{E000}", &[("\u{FFFD}", 1)]);
    check("a\nb", &[("a", 1), ("", 0), ("b", 1)]);
    check("\t", &[(" ", TAB_COLUMNS)]);
    check("\u{A0}", &[(" ", 1)]);
}

#[test]
fn nothing_is_drawn_that_joins_the_next_cell() {
    // Half a flag, a mark without a letter, a joiner that joins nothing, a vowel part.
    check("\u{1F1E8}", &[("C", 1)]);
    check("\u{301}", &[("", 0)]);
    check("👨\u{200D}", &[("👨", 2)]);
    check("\u{1161}", &[("\u{FFFD}", 1)]);
}

#[test]
fn a_tower_of_marks_is_cut() {
    let low = format!("a{}", "\u{323}".repeat(9));
    let [(symbol, 1)] = &drawn_as(&low)[..] else {
        panic!("one glyph of one column");
    };
    assert!(symbol.chars().count() <= 9, "{symbol:?}");
    let high = format!("a{}", "\u{323}".repeat(100));
    check(&high, &[("\u{FFFD}", 1)]);
}

#[test]
fn ranges_follow_each_other_through_the_source() {
    let text = "a\u{1B}\r\n中e\u{301}\u{200B}🇨🇳🇨";
    let mut end = 0;
    for glyph in glyphs(text, AmbiguousWidth::Wide) {
        assert_eq!(glyph.range.start, end);
        end = glyph.range.end;
    }
    assert_eq!(end, text.len());
}

#[test]
fn harmless_text_stays_and_other_loses_its_power() {
    assert_eq!(harmless("plain ~"), "plain ~");
    assert_eq!(harmless("你好，世界"), "你好，世界");
    assert_eq!(harmless("a\u{1B}[2J\u{202E}\tb\r\nc"), "a[2J    b c");
}
