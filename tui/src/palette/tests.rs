//! Queries and what they find.

use super::{Names, Palette};
use crate::language::Language::{self, Chinese, English};

fn palette() -> Palette<&'static str> {
    let commands = [
        ("notices", "公告", "Notices", "通知 bulletin"),
        ("requests", "求助", "Help requests", ""),
        ("post-notice", "发公告", "Post a notice", "写 write"),
        (
            "post-request",
            "发求助",
            "Ask for help",
            "帮忙 梯子 request",
        ),
        ("plans", "节庆策划", "Festival plans", "家园日 重阳 春节"),
        ("people", "邻居名册", "People", "成员 roster members"),
        ("invite", "邀请邻居", "Invite a neighbour", "加入 qr"),
        ("search", "搜索", "Search", "找 find"),
        ("settings", "设置", "Settings", "主题 语言 language theme"),
        ("hide", "隐藏已读的", "Hide what was read", ""),
        ("green", "绿色", "Green", ""),
        ("quit", "退出", "Quit", "关闭 exit"),
    ];
    Palette::new(commands.map(|(id, chinese, english, keywords)| {
        let names = Names {
            chinese: chinese.to_owned(),
            english: english.to_owned(),
            keywords: keywords.to_owned(),
        };
        (id, names)
    }))
}

fn ids(query: &str, shown: Language) -> Vec<&'static str> {
    let palette = palette();
    let found = palette.rank(query, shown);
    found.iter().map(|found| *found.id).collect()
}

/// What a query finds first, whichever language is shown.
#[test]
fn queries_find_what_was_meant() {
    let cases = [
        // First letters.
        ("gg", "notices"),
        ("fgg", "post-notice"),
        ("fqz", "post-request"),
        ("jqch", "plans"),
        // Whole and half syllables.
        ("gonggao", "notices"),
        ("gong gao", "notices"),
        ("faqiuzhu", "post-request"),
        ("faqz", "post-request"),
        ("fqiuzh", "post-request"),
        ("sousuo", "search"),
        ("GG", "notices"),
        // ü as it is typed.
        ("lv", "green"),
        ("lvse", "green"),
        // A reading that is not the first: 重 is zhong or chong, 藏 is cang or zang.
        ("chongyang", "plans"),
        ("yincang", "hide"),
        // Chinese.
        ("公告", "notices"),
        ("发求", "post-request"),
        ("梯子", "post-request"),
        // English, whole, in part and with letters left out.
        ("notice", "notices"),
        ("ask", "post-request"),
        ("invite", "invite"),
        ("stngs", "settings"),
        ("QUIT", "quit"),
        // Keywords by their beginnings, pinyin too.
        ("roster", "people"),
        ("lang", "settings"),
        ("bangmang", "post-request"),
        ("tizi", "post-request"),
        ("zhuti", "settings"),
        // Several words, in any order and language.
        ("help ask", "post-request"),
        ("公告 fa", "post-notice"),
        ("  gg  ", "notices"),
    ];
    for (query, expected) in cases {
        for shown in [Chinese, English] {
            let found = ids(query, shown);
            assert_eq!(
                found.first(),
                Some(&expected),
                "{query} {shown:?}: {found:?}"
            );
        }
    }
}

#[test]
fn nothing_is_found_where_nothing_fits() {
    for query in ["xyzxyz", "公园", "gg xyz", "🦀"] {
        assert_eq!(ids(query, Chinese), Vec::<&str>::new(), "{query}");
    }
    // Letters inside syllables spell nothing: 公告 is no "oo".
    assert!(!ids("oo", Chinese).contains(&"notices"));
    assert!(!ids("onga", Chinese).contains(&"notices"));
}

#[test]
fn a_blank_query_finds_everything_as_it_was_added() {
    for query in ["", "  "] {
        let found = ids(query, English);
        assert_eq!(found.len(), 12);
        assert_eq!(found[..3], ["notices", "requests", "post-notice"]);
    }
}

#[test]
fn the_same_query_finds_the_same_in_the_same_order() {
    for query in ["e", "s", "fa"] {
        assert_eq!(ids(query, English), ids(query, English));
    }
}

#[test]
fn what_was_matched_is_marked_in_the_name_that_is_shown() {
    let palette = palette();
    let cases: [(&str, Language, &str, &[u32]); 7] = [
        ("fqz", Chinese, "发求助", &[0, 1, 2]),
        ("qiuzhu", Chinese, "求助", &[0, 1]),
        ("助", Chinese, "求助", &[1]),
        ("公告", Chinese, "公告", &[0, 1]),
        ("not", English, "Notices", &[0, 1, 2]),
        // Found by what is not on screen.
        ("fqz", English, "Ask for help", &[]),
        ("roster", Chinese, "邻居名册", &[]),
    ];
    for (query, shown, name, marked) in cases {
        let found = palette.rank(query, shown);
        let first = found.first().expect("it is found");
        assert_eq!(
            (first.name, first.marked.as_slice()),
            (name, marked),
            "{query}"
        );
    }
}

#[test]
fn what_can_be_seen_goes_before_what_cannot() {
    let names = |chinese: &str, english: &str, keywords: &str| Names {
        chinese: chinese.to_owned(),
        english: english.to_owned(),
        keywords: keywords.to_owned(),
    };
    let palette = Palette::new([
        ("keyword", names("揭开", "Reveal", "show")),
        ("seen", names("显示", "Show", "")),
        ("other language", names("show", "Display", "")),
    ]);
    let found = palette.rank("show", English);
    let ids: Vec<&str> = found.iter().map(|found| *found.id).collect();
    assert_eq!(ids, ["seen", "keyword", "other language"]);
    assert_eq!(*palette.rank("show", Chinese)[0].id, "other language");
}

#[test]
fn any_text_can_be_asked() {
    let palette = palette();
    let long = "gong ".repeat(1_000);
    for query in [
        "\u{0}",
        "'",
        "^a$",
        "!gg",
        "\\ ",
        "é",
        "ｇｇ",
        long.as_str(),
    ] {
        palette.rank(query, Chinese);
    }
}

#[test]
fn a_name_of_many_readings_stays_small() {
    let names = Names {
        chinese: "重".repeat(200),
        english: String::new(),
        keywords: String::new(),
    };
    let palette = Palette::new([((), names)]);
    assert_eq!(palette.rank("zhong", Chinese).len(), 1);
}
