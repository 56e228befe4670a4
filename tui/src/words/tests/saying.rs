//! What residents read.

use protocol::api::Completeness;

use super::super::{Part, Words};
use crate::language::Language;

fn both() -> (Words, Words) {
    (Words::new(Language::Chinese), Words::new(Language::English))
}

#[track_caller]
fn says(say: impl Fn(&Words) -> String, chinese: &str, english: &str) {
    let (zh, en) = both();
    assert_eq!((say(&zh).as_str(), say(&en).as_str()), (chinese, english));
}

#[test]
fn a_missing_key_is_shown_and_stops_nobody() {
    says(|words| words.text("no-such"), "no-such", "no-such");
    says(|words| words.text("unread.no"), "unread.no", "unread.no");
    says(|words| words.text(""), "", "");
    assert!(!both().0.has("no-such"));
}

#[test]
fn a_missing_value_is_shown_as_its_name() {
    says(
        |words| words.text("unread"),
        "{$count} 条未读",
        "{$count} unread",
    );
}

#[test]
fn plurals_follow_the_language() {
    let counted = |kind: &'static str, count| move |words: &Words| words.counted(kind, count);
    says(counted("notice", 0), "0 条公告", "0 notices");
    says(counted("notice", 1), "1 条公告", "1 notice");
    says(counted("notice", 2), "2 条公告", "2 notices");
    says(counted("request", 21), "21 条求助", "21 help requests");
    says(
        counted("unknown-9", 1),
        "1 份新种类的内容",
        "1 thing of a new kind",
    );
}

#[test]
fn numbers_and_text_are_shown_as_given() {
    says(|words| words.unread(12345), "12345 条未读", "12345 unread");
    says(|words| words.unread(0), "", "");
    // No marks around values, and no markup in them.
    let capacity = |words: &Words| words.capacity("steward", Some("居委会 { $of }"));
    says(
        capacity,
        "居委会 { $of }的管理员",
        "steward of 居委会 { $of }",
    );
}

#[test]
fn delivery_leaves_out_what_is_not_known() {
    says(|words| words.delivery(0, 0), "已保存在本机", "saved here");
    says(
        |words| words.delivery(1, 0),
        "已保存在本机，1 个中继收到",
        "saved here, at 1 relay",
    );
    says(
        |words| words.delivery(0, 2),
        "已保存在本机，2 户收到",
        "saved here, in 2 homes",
    );
    says(
        |words| words.delivery(2, 1),
        "已保存在本机，2 个中继、1 户收到",
        "saved here, at 2 relays, in 1 home",
    );
}

#[test]
fn kinds_say_things_their_own_way() {
    says(
        |words| words.field("notice", "expires_ms"),
        "有效期到",
        "Stands until",
    );
    says(
        |words| words.field("request", "expires_ms"),
        "求助有效到",
        "Asked until",
    );
    says(
        |words| words.field("request", "offers.body"),
        "想说的话",
        "A word with it",
    );
    says(
        |words| words.field("plan", "steps.to"),
        "进到哪一步",
        "Next step",
    );
    says(|words| words.field("plan", "later"), "later", "later");
    says(
        |words| words.list("request", "check_ins"),
        "确认时间",
        "Times confirmed",
    );
    says(|words| words.fact("request", "offer"), "响应", "offer");
    says(|words| words.choice("level", "urgent"), "紧急", "urgent");
    says(|words| words.choice("level", "later"), "later", "later");
}

#[test]
fn names_of_newer_versions_have_words() {
    says(
        |words| words.kind("unknown-9"),
        "新种类的内容",
        "something of a new kind",
    );
    says(
        |words| words.state("request", "later"),
        "新版本里的状态",
        "a state of a newer version",
    );
    says(
        |words| words.role("later"),
        "新版本里的角色",
        "a role of a newer version",
    );
    says(|words| words.member_kind("later"), "成员", "member");
    says(
        |words| words.refusal("later"),
        "节点内部出错",
        "The node has a fault",
    );
    says(|words| words.next("request", "later", Part::Other), "", "");
}

#[test]
fn who_acts_next_depends_on_the_reader() {
    let next = |part| move |words: &Words| words.next("request", "offered", part);
    says(next(Part::Creator), "请您选一位", "you choose who helps");
    says(
        next(Part::Other),
        "等求助人选定",
        "the requester chooses who helps",
    );
    says(
        |words| words.next("request", "matched", Part::Helper),
        "请您确认时间",
        "you confirm the time",
    );
    says(
        |words| words.next("request", "confirmed", Part::Creator),
        "",
        "",
    );
}

#[test]
fn completeness_and_capacity_are_told() {
    says(|words| words.completeness(Completeness::Complete), "", "");
    says(
        |words| words.completeness(Completeness::Erased),
        "内容已清除",
        "the content was erased",
    );
    says(
        |words| words.capacity("moderator", None),
        "版主",
        "moderator",
    );
    // A moderator is one of nothing in particular.
    says(
        |words| words.capacity("moderator", Some("3")),
        "版主",
        "moderator",
    );
    says(
        |words| words.capacity("building-lead", Some("3")),
        "楼长（3）",
        "building lead (3)",
    );
    says(|words| words.flag(true), "是", "yes");
    says(|words| words.key("enter"), "回车", "Enter");
    says(|words| words.key("n"), "n", "n");
}

#[test]
fn the_pseudo_language_marks_what_a_catalogue_says_and_nothing_else() {
    let words = Words::pseudo();
    assert_eq!(words.text("moment-just-now"), "⟦ɉụṣṭ ṇọẉ⟧");
    let capacity = words.capacity("steward", Some("Lin"));
    assert_eq!(capacity, "⟦ṣṭẹẉạṛḍ ọḟ Lin⟧");
    assert_eq!(words.text("no-such"), "no-such");
}

#[test]
fn words_go_between_threads() {
    fn check<T: Send + Sync + Clone>() {}
    check::<Words>();
}

/// The glossary decides what a state is called.
#[test]
fn states_are_called_what_the_glossary_says() {
    let glossary = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/GLOSSARY.md");
    let glossary = std::fs::read_to_string(glossary).expect("the glossary is there");
    let (_, states) = glossary.split_once("## States").expect("it names states");
    let rows: Vec<Vec<&str>> = states
        .lines()
        .filter(|line| line.starts_with("| "))
        .skip(2)
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let (chinese, english) = (Words::new(Language::Chinese), Words::new(Language::English));
    for row in &rows {
        let [kind, name, on_screen, in_chinese] = row[..] else {
            panic!("{row:?} has another form");
        };
        let said = (english.state(kind, name), chinese.state(kind, name));
        assert_eq!(said, (on_screen.to_owned(), in_chinese.to_owned()));
    }
    let all = super::catalogues::english().into_keys();
    let all = all.filter(|key| key.starts_with("state-") && key != "state-unknown");
    assert_eq!(rows.len(), all.count(), "the glossary names every state");
}
