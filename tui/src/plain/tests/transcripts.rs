//! Whole dialogues in both languages, as a screen reader reads them.

use insta::assert_snapshot;
use protocol::api::Language;

use super::Dialogue;
use crate::host::{HomeState, HostOrder};

const LANGUAGES: [Language; 2] = [Language::Chinese, Language::English];

/// Dialogues by the answers that are given, one a line.
const DIALOGUES: [(&str, &str); 31] = [
    ("menu-and-help", "?\nsomething\n99\nb"),
    ("today", "1\n?\n3\nb\nm"),
    ("notices", "2\nf\nf\nf\n1\n1"),
    ("request-accept", "3\n1\n1"),
    (
        "request-offer",
        "3\n3\n1\nI can go\nthis evening\n.\nnow\np",
    ),
    (
        "request-post",
        "n\n谁有梯子？\n换灯泡\n周六上午\n.\n3-502\n.\n3\n2\n4\n2\n5\n腿脚不便\n7\ntomorrow\n2026-02-15 09:00\n12\n3\np",
    ),
    ("request-contact-change", "3\n1\n4\n1\n3-503\nb\np"),
    ("request-contact-read", "3\n2"),
    ("request-erase", "3\n1\n6\n?\n\n6\n1"),
    ("comment", "2\n1\nc\nIs it on now?\n.\np"),
    (
        "plan-edit",
        "4\n1\ne\n6\n3\n- 猜灯谜（林家出题）\nd 4\na\n谢谢大家\n.\nb\np",
    ),
    ("history", "4\n1\nv\nr 1\nr 2\nr 9"),
    ("search", "/\n梯\n1\nb\n/ nothing\n"),
    ("people", "5\ni\n1\n4\n1\nb\n?"),
    ("person-own", "5\n1\n1\n?\n2\n1\n1"),
    ("device-code", "5\n1\n2\nb"),
    ("person-removed", "5\n5\n1"),
    ("office", "5\n8\n?\nb\no\nRepair Café\np"),
    ("motions", "9\n?\n1\nb\n4\nb\nn\n4\n3\nflood\np"),
    ("network", "6\nn\n/ip4/10.0.0.1/tcp/4101"),
    ("settings", "7\n2\n3\n1"),
    (
        "backup",
        "7\n8\n/stick/b\n1\nsecret\nsecrets\nsecret\n?\n1\n1",
    ),
    ("recovery-sheet", "7\n9\n\n9\n/stick/sheet.html\n1"),
    ("leave", "7\n10\n/stick/all\nyes\n\n10\n/stick/all\n林家\n1"),
    ("blocked", "5\n3\n2\nu\n2\nb\nb\n7\n7\n1\nu\nb"),
    ("comment-opened", "3\n1\no1\n1\nb\no9"),
    (
        "acknowledgements",
        "2\n1\nw\n?\n1\n3\n1\n3\np\n2\n/stick/knock.txt\n1\nb\nb",
    ),
    (
        "digest",
        "1\nd\n?\ne\ne\n1\nb\nn\nn\nn\np\n3\n/stick/day.md\n1",
    ),
    (
        "requests-paper",
        "3\n?\np\n1\n/stick/stairs.pdf\n1\nt\n?\nb",
    ),
    ("emergency", "7\n6\nask the lead\n6\n112, 119\n6\n\nb\n3\n3"),
    ("draft", "3\nn\nLadder\n.\n.\nb\nb\n1\n4\nt\nu"),
];

#[test]
fn dialogues_in_both_languages() {
    for language in LANGUAGES {
        for (name, answers) in DIALOGUES {
            let mut dialogue = Dialogue::begin(language);
            dialogue.answer(answers.split('\n'));
            let name = format!("{name}-{}", language.code());
            assert_snapshot!(name, dialogue.text());
        }
    }
}

#[test]
fn the_first_run_in_both_languages() {
    let ways = [
        (
            "found",
            "1\n梧桐里\n\n梧桐里\n林家\n3\n1\nsecret\nsecrets\nsecret\nsecret\n",
        ),
        ("join", "2\nlinli1wrong\nlinli1abc\n林家\n\n2\n"),
    ];
    for (code, language) in [("1", Language::Chinese), ("2", Language::English)] {
        for (name, answers) in ways {
            // It begins in the other language, and goes on in the one that is chosen.
            let mut dialogue = Dialogue::begin_in(language.other(), HomeState::Absent);
            dialogue.answer([code]).answer(answers.split('\n'));
            dialogue.answer(["wrong", ""]).answer([""]);
            for _ in 0..2 {
                let question = dialogue.plain.question().expect("a word is asked for");
                let number: String = question.text.chars().filter(char::is_ascii_digit).collect();
                dialogue.answer([format!("word{number}").as_str()]);
            }
            let name = format!("first-run-{name}-{}", language.code());
            assert_snapshot!(name, dialogue.text());
        }
    }
}

#[test]
fn the_first_run_of_a_further_device_in_both_languages() {
    let answers = [
        "2",
        "linlidev1wrong",
        "linlidev1over",
        "linlidev1used",
        "2",
        "",
        "b",
        "linlidev1abc",
        "1",
        "secret",
        "secrets",
        "secret",
        "secret",
    ];
    for (code, language) in [("1", Language::Chinese), ("2", Language::English)] {
        let mut dialogue = Dialogue::begin_in(language.other(), HomeState::Absent);
        dialogue.answer([code]).answer(answers);
        let made = dialogue.node.ordered.iter();
        let made = made.filter(|order| matches!(order, HostOrder::Make(_)));
        assert_eq!(made.count(), 2, "one was used up:\n{}", dialogue.text());
        let name = format!("first-run-device-{}", language.code());
        assert_snapshot!(name, dialogue.text());
    }
}

#[test]
fn the_door_in_both_languages() {
    for language in LANGUAGES {
        let mut dialogue = Dialogue::begin_in(language, HomeState::Locked);
        dialogue.answer(["", "wrong", "right"]);
        let name = format!("door-{}", language.code());
        assert_snapshot!(name, dialogue.text());
    }
}
