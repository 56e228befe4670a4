//! A request is published, and a neighbour's comment comes to it.

use serde_json::json;
use tests::process::until;

use crate::neighbourhood::{Neighbourhood, field};

#[cfg_attr(
    not(feature = "foreign-tests"),
    ignore = "needs tmux: cargo test -p tests --features foreign-tests --test terminal"
)]
#[test]
fn a_comment_arrives_while_nobody_presses_a_key() {
    let neighbourhood = Neighbourhood::found();
    let lin = neighbourhood.lin_opens((80, 24));
    neighbourhood.chen_joins();
    let chen = neighbourhood.chen_opens((40, 15));

    lin.press(&["n"]);
    lin.shows("写一条求助");
    lin.write("谁有梯子？").press(&["Tab"]);
    lin.write("换灯泡，").press(&["Enter"]);
    lin.write("周六上午").press(&["F5"]);
    // It is published, listed and selected.
    lin.until("the request in its list", |screen| {
        screen.contains("已发布，保存在本机") && screen.contains("▸  谁有梯子？")
    });
    lin.press(&["Enter"]);
    lin.shows("周六上午");

    chen.press(&["3"]);
    // Today shows it too, and its own list comes after the page.
    chen.until("the requests with theirs", |screen| {
        screen.contains("3 Requests") && screen.contains("谁有梯子？")
    });
    chen.press(&["Enter"]);
    chen.shows("换灯泡");
    chen.press(&["c"]);
    chen.shows("New: comment");
    chen.write("We have one, 两米的").press(&["F5"]);
    chen.shows("1 comment");

    let screen = lin.shows("We have one, 两米的");
    assert!(screen.contains("1 条评论"), "{screen}");
    assert!(screen.contains("The Chens"), "{screen}");
    // The household that wrote it has it by now, and says so.
    lin.shows("1 户收到");
}

#[cfg_attr(
    not(feature = "foreign-tests"),
    ignore = "needs tmux: cargo test -p tests --features foreign-tests --test terminal"
)]
#[test]
fn a_form_that_lacks_something_says_so_and_keeps_the_rest() {
    let neighbourhood = Neighbourhood::found();
    let lin = neighbourhood.lin_opens((40, 15));
    lin.press(&["3", "n"]);
    lin.shows("写一条求助");
    // Pasted lines are text, and no keys: nothing is published by them.
    lin.press(&["Tab"]).paste("换灯泡\n周六上午\n");
    lin.shows("周六上午");
    lin.press(&["F5"]);
    lin.shows("请填写这一项");
    lin.write("谁有梯子？").press(&["F5"]);
    lin.shows("已发布");
    let home = neighbourhood.lin();
    let listed = home.lines(&["list", "requests"]);
    let id = listed[0]["id"].as_str().expect("a name");
    until("it has what was typed first", || {
        field(&home, id, "body") == json!("换灯泡\n周六上午\n")
    });
}
