//! The first run: from a folder in which nothing is to a home, one question at a time.

use std::collections::BTreeMap;

use tests::process::Home;

use crate::neighbourhood::Neighbourhood;
use crate::tmux::Window;

/// Letters that stand nowhere else: if one of them is ever written, the passphrase was shown.
const PASSPHRASE: &str = "жёлтый ключ";

/// The recovery words as they stand on the screen, by their numbers.
fn words(screen: &str) -> BTreeMap<usize, String> {
    let mut words = BTreeMap::new();
    let mut parts = screen.split_whitespace().peekable();
    while let Some(part) = parts.next() {
        if let (Ok(number @ 1..=24), Some(word)) = (part.parse(), parts.peek()) {
            // What is explained above them has numbers as well; the words come after it.
            words.insert(number, (*word).to_owned());
        }
    }
    words
}

/// The numbers of the words that are asked for: of lines such as `第 3 个词` or `Word 3`.
fn asked(screen: &str) -> Vec<usize> {
    let lines = screen.lines().map(str::trim);
    let lines = lines.filter(|line| {
        line.starts_with("Word ") || (line.starts_with('第') && line.contains("个词"))
    });
    let numbers = lines.map(|line| line.split(' ').nth(1).and_then(|text| text.parse().ok()));
    numbers.map(|number| number.expect("a number")).collect()
}

/// Reads the words off the screen, and types the two that are asked for.
pub fn copy_words(window: &Window<'_>, shown: &str, check: &str) {
    // A terminal is drawn line by line: all of them are waited for.
    let screen = window.until("24 words", |screen| {
        screen.contains(shown) && words(screen).len() == 24
    });
    let words = words(&screen);
    window.press(&["Enter"]);
    let screen = window.until("two words are asked for", |screen| {
        screen.contains(check) && asked(screen).len() == 2
    });
    let asked = asked(&screen);
    for number in asked {
        window.write(&words[&number]).press(&["Enter"]);
    }
}

/// Answers in Chinese up to how the key is protected.
fn begin(window: &Window<'_>) {
    window.shows("Welcome to Linli.");
    window.press(&["Up", "Enter"]);
    window.shows("第 2 步，共 8 步");
    window.press(&["Enter"]);
    window.shows("小区叫什么名字？");
    window.write("梧桐里").press(&["Enter"]);
    window.shows("怎么称呼您家？");
    window.write("林家").press(&["Enter"]);
    window.write("3").press(&["Enter"]);
    window.shows("您的钥匙在这台机器上怎么保管？");
}

#[cfg_attr(
    not(feature = "foreign-tests"),
    ignore = "needs tmux: cargo test -p tests --features foreign-tests --test terminal"
)]
#[test]
fn a_household_founds_in_chinese_and_opens_with_its_passphrase() {
    let nowhere = Neighbourhood::nowhere();
    let lin = nowhere.lin();
    let window = nowhere.tmux.front_end(lin.path(), (80, 24), &[]);
    let record = nowhere.folder().join("record");
    window.record(&record);
    begin(&window);
    window.press(&["Enter"]);
    window.shows("请设一个口令");
    window.write(PASSPHRASE).press(&["Enter"]);
    window.write("другой").press(&["Enter"]);
    window.shows("两次输入不一样");
    window.write(PASSPHRASE).press(&["Enter"]);
    copy_words(&window, "请把这 24 个词", "为了确认抄对了");
    window.until("the page of today", |screen| {
        let parts = ["欢迎！小区建好了。", "没有等着您的事", "梧桐里 ∙ 林家"];
        parts.iter().all(|part| screen.contains(part))
    });
    assert!(lin.path().join("linli.db").exists());
    window.press(&["q"]);
    assert_eq!(window.ended(), 0);
    check_unseen(&record);

    let window = nowhere.tmux.front_end(lin.path(), (80, 24), &[]);
    window.record(&record);
    window.shows("口令");
    window.write("не то").press(&["Enter"]);
    // All of what went wrong, over several lines.
    window.until("that it is the wrong one", |screen| {
        screen.contains("什么都没有改动") && screen.contains("输入法")
    });
    window.write(PASSPHRASE).press(&["Enter"]);
    window.shows("梧桐里 ∙ 林家");
    check_unseen(&record);
}

/// Nothing of what was typed into a field for passphrases was ever written to the terminal.
fn check_unseen(record: &std::path::Path) {
    let written = std::fs::read(record).expect("what was written");
    let written = String::from_utf8_lossy(&written);
    assert!(written.contains('*'), "something was typed");
    let seen: String = written
        .chars()
        .filter(|one| ('а'..='ё').contains(one))
        .collect();
    assert_eq!(seen, "");
}

#[cfg_attr(
    not(feature = "foreign-tests"),
    ignore = "needs tmux: cargo test -p tests --features foreign-tests --test terminal"
)]
#[test]
fn leaving_half_way_leaves_nothing() {
    let nowhere = Neighbourhood::nowhere();
    let left = |steps: &dyn Fn(&Window<'_>), end: &dyn Fn(&Window<'_>)| {
        let home = Home::new(nowhere.folder(), "lin");
        let window = nowhere.tmux.front_end(home.path(), (80, 24), &[]);
        begin(&window);
        steps(&window);
        end(&window);
        assert_eq!(window.ended(), 0);
        assert!(!home.path().exists());
    };
    let to_the_words = |window: &Window<'_>| {
        window.press(&["Down", "Enter"]);
        window.shows("请把这 24 个词");
        window.press(&["Enter"]);
        window.shows("为了确认抄对了");
    };
    left(&|_| (), &|window| {
        window.press(&["C-c"]);
    });
    left(&to_the_words, &|window| {
        window.press(&["F10"]);
    });
}

#[cfg_attr(
    not(feature = "foreign-tests"),
    ignore = "needs tmux: cargo test -p tests --features foreign-tests --test terminal"
)]
#[test]
fn each_step_goes_back_and_keeps_what_was_typed_in_a_small_window() {
    let nowhere = Neighbourhood::nowhere();
    let lin = nowhere.lin();
    let window = nowhere.tmux.front_end(lin.path(), (40, 15), &[]);
    begin(&window);
    window.press(&["Escape"]);
    window.shows("林家");
    window.press(&["Escape"]);
    window.shows("梧桐里");
    // One step on is not enough: the household's fields still have their focus to pass.
    window.press(&["Enter"]);
    window.shows("林家");
    window.press(&["Enter", "Enter"]);
    window.shows("您的钥匙");
    window.press(&["Down", "Enter"]);
    copy_words(&window, "请按顺序把这 24 个词", "为了确认抄对了");
    window.shows("欢迎！小区建好了。");
    assert!(lin.path().join("device.key").exists());
}
