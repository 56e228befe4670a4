//! Ten thousand requests: every key is answered.

use std::fmt::Write;

use serde_json::{Value, json};
use tests::process::{Home, until};

use crate::neighbourhood::{Neighbourhood, post};

/// How many requests there are.
const COUNT: usize = 10_000;

#[cfg_attr(
    not(feature = "foreign-tests"),
    ignore = "needs tmux: cargo test -p tests --features foreign-tests --test terminal"
)]
#[test]
fn ten_thousand_requests_are_listed_to_the_last_and_searched() {
    let neighbourhood = Neighbourhood::found();
    let mut home = neighbourhood.lin();
    let mut table = "title,body\n".to_owned();
    for number in 1..=COUNT {
        writeln!(table, "第{number}号求助,请送口罩到{number}号").expect("a string");
    }
    let file = neighbourhood.folder().join("requests.csv");
    std::fs::write(&file, table).expect("a file");
    let imported = home.json(&["import", "requests", file.to_str().expect("UTF-8")]);
    assert_eq!(imported["imported"], COUNT);

    home.start(&["--listen", "/ip4/127.0.0.1/tcp/0"]);
    show_all(&home);
    home.kill();

    let window = neighbourhood.lin_opens((80, 24));
    // As the node lists them; they were all written within a few moments.
    let titles = titles(&home);
    assert_eq!(titles.len(), COUNT);
    let shows_selected = |title: &str| {
        let line = format!("▸  {title} ");
        window.until(&line, |screen| screen.contains(&line))
    };
    window.press(&["3"]);
    shows_selected(&titles[0]);
    window.press(&["Down"]);
    shows_selected(&titles[1]);
    window.press(&["PageDown"]);
    window.until("the next page", |screen| !screen.contains(&titles[1]));
    window.press(&["End"]);
    shows_selected(&titles[COUNT - 1]);
    window.press(&["Up"]);
    shows_selected(&titles[COUNT - 2]);
    // What comes meanwhile moves nothing: far up, another request is published.
    post(&home, "request", json!({"title": "借梯子"}));
    window.shows("3 求助");
    window.press(&["Up"]);
    shows_selected(&titles[COUNT - 3]);
    window.until("what came meanwhile", |screen| {
        window.press(&["Home"]);
        screen.contains("▸  借梯子 ")
    });

    window.press(&["/"]);
    window.shows("输入一个词");
    window.write("第7321号");
    window.shows("▸  第7321号求助");
    window.press(&["Enter"]);
    window.shows("请送口罩到7321号");
    window.press(&["q"]);
    assert_eq!(window.ended(), 0);
}

/// Waits until everything is projected: as long as there is something that goes on.
fn show_all(home: &Home) {
    let mut left = u64::MAX;
    while left > 0 {
        until("more is projected", || {
            // A node that is busy may say nothing for a while.
            let status = match home.request("GET", "/v1/status", None) {
                Ok((200, status)) => status,
                _ => return false,
            };
            let now = status["unprojected"].as_u64().expect("a number");
            let goes_on = now < left;
            left = left.min(now);
            goes_on
        });
    }
}

/// The titles of all requests, the newest first.
fn titles(home: &Home) -> Vec<String> {
    let mut titles = Vec::new();
    let mut after = String::new();
    loop {
        let path = format!("/v1/documents?kind=request&settled=true&limit=500{after}");
        let (code, page) = home.request("GET", &path, None).expect("an answer");
        assert_eq!(code, 200, "{page}");
        let items = page["items"].as_array().expect("documents");
        let title = |item: &Value| item["fields"]["title"].as_str().map(str::to_owned);
        titles.extend(items.iter().filter_map(title));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return titles,
        }
    }
}
