//! Ten thousand requests: every key is answered.

use std::fmt::Write;

use crate::neighbourhood::Neighbourhood;

/// How many requests there are.
const COUNT: usize = 10_000;

#[cfg_attr(
    not(feature = "foreign-tests"),
    ignore = "needs tmux: cargo test -p tests --features foreign-tests --test terminal"
)]
#[test]
fn ten_thousand_requests_are_listed_to_the_last_and_searched() {
    let neighbourhood = Neighbourhood::found();
    let home = neighbourhood.lin();
    let mut table = "title,body\n".to_owned();
    for number in 1..=COUNT {
        writeln!(table, "第{number}号求助,请送口罩到{number}号").expect("a string");
    }
    let file = neighbourhood.folder().join("requests.csv");
    std::fs::write(&file, table).expect("a file");
    let imported = home.json(&["import", "requests", file.to_str().expect("UTF-8")]);
    assert_eq!(imported["imported"], COUNT);

    let window = neighbourhood.lin_opens((80, 24));
    window.press(&["3"]);
    let first = window.shows("▸  第");
    window.press(&["Down"]);
    window.until("the next one", |screen| {
        selected(screen) != selected(&first)
    });
    window.press(&["PageDown"]);
    window.until("the next page", |screen| {
        !screen.contains(&selected(&first))
    });
    // The list begins with the newest, which is the one imported last.
    window.press(&["End"]);
    window.shows("▸  第1号求助");
    window.press(&["Up"]);
    window.shows("▸  第2号求助");
    window.press(&["Home"]);
    window.shows(&selected(&first));

    window.press(&["/"]);
    window.shows("输入一个词");
    window.write("第7321号");
    window.until("what is searched alone", |screen| {
        screen.contains("▸  第7321号求助") && !screen.contains("第7322号求助")
    });
    window.press(&["Enter"]);
    window.shows("请送口罩到7321号");
}

/// The selected line, without the marks and the time around its title.
fn selected(screen: &str) -> String {
    let line = screen.lines().find(|line| line.starts_with('▸'));
    let line = line.unwrap_or_default().trim_end_matches('█').trim_end();
    line.split("  ").nth(1).unwrap_or_default().to_owned()
}
