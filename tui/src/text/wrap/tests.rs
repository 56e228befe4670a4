use proptest::prelude::*;

use super::*;

fn lines_of(text: &str, columns_max: u16) -> Vec<&str> {
    wrap(text, columns_max, AmbiguousWidth::Narrow)
        .into_iter()
        .map(|line| &text[line.range])
        .collect()
}

fn check(text: &str, columns_max: u16, expect: &[&str]) {
    assert_eq!(
        lines_of(text, columns_max),
        expect,
        "{text:?} in {columns_max}"
    );
}

#[test]
fn latin_words_stay_whole_and_spaces_hang() {
    check("mutual aid network", 10, &["mutual aid", "network"]);
    check("mutual   aid", 6, &["mutual", "aid"]);
    check("  indented", 8, &["", "indented"]);
    check("  indent", 8, &["  indent"]);
    check("abcdefghij kl", 4, &["abcd", "efgh", "ij", "kl"]);
}

#[test]
fn line_ends_end_lines() {
    check("", 4, &[""]);
    check("a\n", 4, &["a", ""]);
    check("a\r\nb\n\nc", 4, &["a", "b", "", "c"]);
}

#[test]
fn chinese_breaks_anywhere_but_at_its_punctuation() {
    check("今晚停水", 4, &["今晚", "停水"]);
    check("今晚停水。", 8, &["今晚停", "水。"]);
    check("通知（今晚）停水", 6, &["通知", "（今", "晚）停", "水"]);
    check("他说“停水”吗", 6, &["他说", "“停水”", "吗"]);
    check("他说“停水”吗", 5, &["他说", "“停", "水”吗"]);
    check("停水……明天", 5, &["停", "水……", "明天"]);
    check("停水——明天", 5, &["停", "水——", "明天"]);
    check("卡尔·马克思", 4, &["卡", "尔·", "马克", "思"]);
    check("停水 。好", 5, &["停", "水 。", "好"]);
}

#[test]
fn quotation_marks_are_judged_by_their_neighbours() {
    check("don’t stop", 6, &["don’t", "stop"]);
    check("读“水”和“电”", 9, &["读“水”和", "“电”"]);
}

#[test]
fn long_words_break_without_stranding_punctuation() {
    check("abcd,efgh", 4, &["abc", "d,ef", "gh"]);
    check("(abcdefg)", 4, &["(abc", "def", "g)"]);
    check("。。。。。。", 4, &["。。", "。。", "。。"]);
}

#[test]
fn a_wide_sign_never_straddles_the_edge() {
    check("水水水", 3, &["水", "水", "水"]);
    check("a水", 1, &["a", "水"]);
    check("👨‍👩‍👧👨‍👩‍👧", 3, &["👨‍👩‍👧", "👨‍👩‍👧"]);
}

#[test]
fn ambiguous_signs_take_their_columns() {
    let lines = wrap("水…水", 4, AmbiguousWidth::Wide);
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0].columns, 4);
}

/// Text of the signs that wrapping distinguishes.
fn any_text() -> impl Strategy<Value = String> {
    let sign = prop_oneof![
        Just("水"),
        Just("邻"),
        Just("a"),
        Just("Linli"),
        Just(" "),
        Just("  "),
        Just("\u{3000}"),
        Just("\n"),
        Just("\r\n"),
        Just("\t"),
        Just("。"),
        Just("，"),
        Just("（"),
        Just("）"),
        Just("“"),
        Just("”"),
        Just("…"),
        Just("—"),
        Just("-"),
        Just("/"),
        Just("1,000"),
        Just("👨‍👩‍👧"),
        Just("🇨🇳"),
        Just("e\u{301}"),
        Just("\u{200B}"),
        Just("\u{301}"),
        Just("\u{1B}"),
        Just("ไทย"),
        Just("한글"),
        Just("\u{2028}"),
    ];
    proptest::collection::vec(sign, 0..40).prop_map(|signs| signs.concat())
}

/// Chinese and Latin words between which each sign of punctuation stands alone.
fn decent_text() -> impl Strategy<Value = String> {
    let word = prop_oneof![Just("停水"), Just("邻里互助"), Just("ab"), Just("notice")];
    let sign = prop_oneof![
        Just("。"),
        Just("，"),
        Just("、"),
        Just("；"),
        Just("："),
        Just("！"),
        Just("？"),
        Just("）"),
        Just("」"),
        Just("”"),
        Just("…"),
        Just("—"),
        Just("（"),
        Just("「"),
        Just("“"),
        Just("《"),
        Just(" "),
        Just("\n"),
    ];
    proptest::collection::vec((word, sign), 0..20).prop_map(|pairs| {
        pairs
            .iter()
            .map(|(word, sign)| format!("{word}{sign}"))
            .collect()
    })
}

fn is_hanging(text: &str) -> bool {
    let rest = text.trim_end_matches(['\n', '\r', '\u{2028}']);
    rest.chars()
        .all(|character| matches!(character, ' ' | '\t' | '\u{3000}'))
}

proptest! {
    #[test]
    fn lines_are_the_source_and_fit(text in any_text(), columns_max in 1_u16..24, wide: bool) {
        let ambiguous = if wide { AmbiguousWidth::Wide } else { AmbiguousWidth::Narrow };
        let lines = wrap(&text, columns_max, ambiguous);
        let mut place = 0;
        for line in &lines {
            prop_assert_eq!(line.range.start, place);
            prop_assert!(line.range.end <= line.next);
            prop_assert!(is_hanging(&text[line.range.end..line.next]));
            let visible = &text[line.range.clone()];
            prop_assert_eq!(line.columns, crate::text::columns(visible, ambiguous));
            let alone = glyphs(visible, ambiguous).filter(|glyph| glyph.columns > 0).count() <= 1;
            prop_assert!(line.columns <= usize::from(columns_max) || alone);
            prop_assert!(line.next > place || line.hard);
            place = line.next;
        }
        prop_assert_eq!(place, text.len());
    }

    #[test]
    fn punctuation_is_never_stranded(text in decent_text(), columns_max in 4_u16..24) {
        let lines = wrap(&text, columns_max, AmbiguousWidth::Narrow);
        for pair in lines.windows(2).filter(|pair| !pair[0].hard) {
            let above = text[pair[0].range.clone()].trim_end();
            let below = &text[pair[1].range.clone()];
            prop_assert!(!below.starts_with(['。', '，', '、', '；', '：', '！', '？', '）', '」', '”', '…', '—']), "{above}|{below}");
            prop_assert!(!above.ends_with(['（', '「', '“', '《']), "{above}|{below}");
        }
    }

    #[test]
    fn words_that_fit_are_whole(text in decent_text(), columns_max in 10_u16..24) {
        // Between Latin letters a quotation mark joins words.
        let text = text.replace(['“', '”'], " ");
        for line in lines_of(&text, columns_max) {
            // "notice" has six columns, with an opening sign before it and another behind nine.
            let starts_inside = ["otice", "tice", "ice", "ce", "e"].iter().any(|rest| {
                line.strip_prefix(rest).is_some_and(|after| !after.starts_with(char::is_alphabetic))
            });
            prop_assert!(!starts_inside, "{line}");
        }
    }
}
