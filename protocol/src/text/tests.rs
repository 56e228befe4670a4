//! Hostile strings and what is left of them.

use proptest::prelude::*;
use unicode_normalization::is_nfc;

use super::*;

#[track_caller]
fn check_line(raw: &str, expect: &str) {
    assert_eq!(Text::line(raw, 40).as_str(), expect, "line of {raw:?}");
}

#[track_caller]
fn check_paragraphs(raw: &str, expect: &str) {
    assert_eq!(
        Text::paragraphs(raw, 40).as_str(),
        expect,
        "paragraphs of {raw:?}"
    );
}

#[test]
fn ordinary_text_stays() {
    for text in [
        "谁有梯子？",
        "换灯泡，周六上午 9:30–11:00",
        "Chen's ladder (3 m)",
        "𠮷野家，㐂",
        "Đặng Thị Huyền",
        "ὀδυσσεύς",
        "क्षेत्र",
        "می\u{200C}خواهم",
        "র\u{200D}্য",
        "ᠮᠣᠩᠭᠣᠯ\u{180B}",
        "葛\u{E0100}",
        "👩\u{200D}👩\u{200D}👧\u{200D}👦 ❤\u{FE0F}\u{200D}🔥",
        "1\u{FE0F}\u{20E3} ☂\u{FE0E} 👋🏽 🇨🇳",
    ] {
        check_line(text, text);
        check_paragraphs(text, text);
    }
}

#[test]
fn escape_sequences_go_whole() {
    for (raw, expect) in [
        ("\u{1B}[31mred\u{1B}[0m", "red"),
        ("a\u{9B}2Jb", "ab"),
        ("\u{1B}]0;title\u{07}x", "x"),
        (
            "\u{1B}]8;;http://e.vil\u{1B}\\click\u{1B}]8;;\u{1B}\\",
            "click",
        ),
        ("\u{9D}0;title\u{9C}x", "x"),
        ("\u{1B}Pq#0\u{1B}\\x", "x"),
        ("\u{1B}]never ends", "never ends"),
        ("\u{1B}]0;a\u{1B}[31mb", "0;ab"),
        ("\u{1B}cx\u{1B}(Bx\u{1B} Fx", "xxx"),
        ("\u{1B}\u{1B}[1mx\u{1B}", "x"),
        ("\u{1B}[", ""),
        ("\u{1B}[999999;999999Hhome", "home"),
    ] {
        check_line(raw, expect);
    }
}

#[test]
fn controls_and_line_ends() {
    check_line("a\0b\u{8}c\u{7}d\u{7F}e\u{80}f", "abcdef");
    check_line(
        " a\t b\r\nc\u{2028}d\u{2029}e\u{85}f\u{B}g\u{C}h \n",
        "a b c d e f g h",
    );
    check_paragraphs("a\r\nb\rc\u{2028}d\u{85}e\n\n\tf", "a\nb\nc\nd\ne\n\n\tf");
    check_line("張\u{3000}三\u{A0}\u{2003}李", "張 三 李");
    check_paragraphs("\u{3000}\u{3000}首行\u{A0}x", "\u{3000}\u{3000}首行 x");
}

#[test]
fn what_reorders_or_hides_goes() {
    check_line("\u{202E}gpj.exe\u{202C}", "gpj.exe");
    check_line("a\u{2066}b\u{2069}\u{200F}\u{200E}\u{61C}c", "abc");
    check_line("li\u{200B}n\u{2060}jia\u{FEFF}\u{AD}", "linjia");
    check_line("\u{3164}\u{FFA0}\u{115F}\u{2800} ", "");
    check_line("x\u{E0041}\u{E0042}\u{E007F}y", "xy");
    check_line("a\u{200D}b\u{200C}c\u{FE0F}d", "abcd");
    check_line("林\u{200D}家\u{FE0F}", "林家");
    check_line("👩\u{200D}", "👩");
    check_line("\u{200D}👩\u{200D}\u{200D}👧", "👩\u{200D}👧");
    check_line("❤\u{FE0F}\u{FE0F}", "❤\u{FE0F}");
    check_line("1\u{FE0F}2", "12");
    check_line("a\u{FFF9}b\u{FFFA}c\u{FFFB}", "abc");
}

#[test]
fn what_cannot_be_read_is_replaced() {
    check_line("a\u{E000}b\u{FDD0}c\u{FFFF}d\u{FFFC}", "a�b�c�d�");
    check_line("\u{10FFFF}\u{F0000}\u{50000}\u{1FFFE}", "����");
}

#[test]
fn marks_do_not_pile_up() {
    let tower = format!("Z{}x", "\u{0336}".repeat(300));
    check_line(&tower, &format!("Z{}x", "\u{0336}".repeat(MARKS_MAX)));
    check_line("\u{0301}a \u{0301}b", "a b");
    check_line("a\u{200B}\u{0301}", "á");
}

#[test]
fn length_is_bounded() {
    assert_eq!(Text::line("一二三四五", 5).as_str(), "一二三四五");
    assert_eq!(Text::line("一二三四五六", 5).as_str(), "一二三四…");
    assert_eq!(Text::line("abc  d e", 5).as_str(), "abc…");
    assert_eq!(Text::line("👩\u{200D}👧👦", 3).as_str(), "👩…");
    assert_eq!(Text::line("ab", 1).as_str(), "…");
    assert_eq!(Text::line("ab", 0).as_str(), "");
    assert_eq!(Text::paragraphs("a\nb\nc", 4).as_str(), "a\nb…");
}

#[test]
fn compatibility_forms_take_one_form() {
    check_line("e\u{301}", "é");
    check_line("\u{2126}\u{F900}", "Ω\u{8C48}");
}

#[test]
fn a_long_hostile_string_takes_one_look() {
    let raw = "\u{1B}]".repeat(200_000);
    check_line(&raw, "");
    assert!(!looks_like_phone_number(&"1 ".repeat(200_000)));
    let raw = "র\u{200D}\u{FE0F}".repeat(100_000);
    assert_eq!(Text::paragraphs(&raw, usize::MAX).chars(), 100_000);
}

#[track_caller]
fn alike(one: &str, other: &str) {
    assert_eq!(skeleton(one), skeleton(other), "{one:?} and {other:?}");
}

#[track_caller]
fn apart(one: &str, other: &str) {
    assert_ne!(skeleton(one), skeleton(other), "{one:?} and {other:?}");
}

#[test]
fn lookalikes_have_one_skeleton() {
    alike("Chen", "chen");
    alike("Chen", "Ｃｈｅｎ");
    alike("Chen", "\u{421}h\u{435}n"); // Cyrillic С and е
    alike("chen", "\u{441}h\u{435}n");
    alike("Tony", "\u{3A4}\u{3BF}n\u{443}"); // Greek Τ and ο, Cyrillic у
    alike("Bob", "\u{412}ob"); // Cyrillic В
    alike(
        "\u{412}\u{435}\u{440}\u{430}",
        "\u{432}\u{435}\u{440}\u{430}",
    );
    alike("Paul", "PauI");
    alike("Paul", "Pau1");
    alike("Lin 10", "Lin lO");
    alike("Li n", "Li\u{200B}n");
    alike("modern", "modem");
    alike("林家", " 林\u{2003}家 ");
    alike("林家", "\u{F9F4}家");
    alike("é", "e\u{301}");
    alike("𝕷𝖎𝖓", "Lin");
    alike("PAUL", "paul");
}

#[test]
fn different_names_stay_apart() {
    apart("Chen", "Cheng");
    apart("陈", "陳");
    apart("刘家", "劉家");
    apart("黄", "黃");
    apart("东", "東");
    apart("林家", "李家");
    apart("王", "玉");
    apart("3号楼", "5号楼");
}

#[test]
fn phone_numbers_are_noticed() {
    for text in [
        "13812345678",
        "请打138 1234 5678，谢谢",
        "138-1234-5678",
        "138.1234.5678",
        "１３８１２３４５６７８",
        "１３８－１２３４－５６７８",
        "微信13812345678",
        "+8613812345678",
        "+86 138 1234 5678",
        "0086-13812345678",
        "(86)13812345678",
        "1\u{200B}3812345678",
        "027-87654321",
        "（010）6505 1234",
        "02787654321",
        "0713-8654321",
        "86-27-87654321",
        "400-820-8820",
        "电话：87654321",
        "Tel 8765 4321",
        "call +44 20 7946 0958",
        "13812345678 13987654321",
        "3号楼 13812345678",
    ] {
        assert!(looks_like_phone_number(text), "{text}");
    }
}

#[test]
fn other_numbers_are_not_phone_numbers() {
    for text in [
        "",
        "周六上午 9:30-11:00",
        "2024-05-01 13:00",
        "20240501",
        "01.05.2024 12.30",
        "3号楼2单元1201",
        "￥1,380.00",
        "N95口罩 2000 个，防护服 300 套",
        "12812345678",
        "1381234567",
        "138123456789",
        "42010619900307123X",
        "87654321",
        "1 2 3 4 5 6 7 8 9 10 11",
        "订单 202405011380013800099",
    ] {
        assert!(!looks_like_phone_number(text), "{text}");
    }
}

/// Characters that matter here, often enough to meet.
fn hostile() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        4 => any::<char>(),
        4 => prop::sample::select(vec![
            '\u{1B}', '[', ']', '\\', '\u{7}', '\u{9B}', 'm', '3', ' ', '\n', '\r', '\t', 'a', 'é',
            '\u{301}', '\u{200D}', '\u{200C}', '\u{FE0F}', '\u{FE00}', '\u{20E3}', '👩', '❤', '1',
            'র', '্', 'য', 'م', '林', '\u{F900}', '\u{E0100}', '\u{202E}', '\u{3000}', '\u{AC00}',
            '\u{1100}', '\u{1161}', '\u{11A8}', '\u{3099}', 'か', '\u{180B}', '\u{1820}',
        ]),
        1 => prop::char::range('\u{300}', '\u{36F}'),
    ];
    prop::collection::vec(character, 0..40).prop_map(|characters| characters.into_iter().collect())
}

fn is_harmless(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{E000}'..='\u{F8FF}' | '\u{FEFF}')
}

proptest! {
    #[test]
    fn neutral_text_is_neutral(raw in hostile(), chars_max in 0usize..60) {
        let line = Text::line(&raw, chars_max);
        prop_assert_eq!(&Text::line(line.as_str(), chars_max), &line);
        prop_assert!(line.chars() <= chars_max);
        prop_assert!(is_nfc(line.as_str()));
        prop_assert!(line.as_str().chars().all(is_harmless), "{:?}", line);
        prop_assert_eq!(line.as_str().trim(), line.as_str());

        let paragraphs = Text::paragraphs(&raw, chars_max);
        prop_assert_eq!(&Text::paragraphs(paragraphs.as_str(), chars_max), &paragraphs);
        prop_assert!(paragraphs.chars() <= chars_max);
        prop_assert!(is_nfc(paragraphs.as_str()));
        prop_assert!(paragraphs.as_str().chars().all(|c| is_harmless(c) || c == '\n' || c == '\t'));
    }

    #[test]
    fn skeletons_and_phones_survive_anything(raw in hostile()) {
        let clean = Text::line(&raw, 256);
        prop_assert_eq!(skeleton(&raw), skeleton(clean.as_str()));
        looks_like_phone_number(&raw);
    }
}
