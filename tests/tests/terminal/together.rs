//! Two households write in one text at once.

use serde_json::json;
use tests::process::until;

use crate::neighbourhood::{Neighbourhood, field, post};

#[cfg_attr(
    not(feature = "foreign-tests"),
    ignore = "needs tmux: cargo test -p tests --features foreign-tests --test terminal"
)]
#[test]
fn two_write_in_one_plan_and_neither_is_disturbed() {
    let neighbourhood = Neighbourhood::found();
    let lin = neighbourhood.lin_opens((80, 24));
    neighbourhood.chen_joins();
    let chen = neighbourhood.chen_opens((80, 24));
    let fields = json!({"title": "中秋赏月会", "text": "安排\n分工\n"});
    let plan = post(&neighbourhood.lin(), "plan", fields);

    chen.press(&["4"]);
    chen.shows("中秋赏月会");
    chen.press(&["Enter", "e"]);
    chen.shows("Edit: festival plan");
    lin.press(&["4"]);
    lin.shows("中秋赏月会");
    lin.press(&["Enter", "e"]);
    lin.shows("修改节庆策划");

    // The Chens write at the end and have not finished.
    chen.until("the text", |screen| screen.contains("分工"));
    chen.press(&["C-End"]).write("The Chens bring");
    chen.cursor_after("The Chens bring");
    // 林家 write above and save: it appears where the Chens write, without moving their cursor.
    lin.until("the text", |screen| screen.contains("分工"));
    // Before the text stands what only those who began the plan may change.
    lin.press(&["BTab", "BTab", "C-Home"]);
    lin.write("七点在花园").press(&["Enter"]).press(&["F5"]);
    lin.shows("已保存");
    chen.shows("七点在花园");
    chen.cursor_after("The Chens bring");
    chen.write(" mooncakes");
    chen.cursor_after("The Chens bring mooncakes");
    // Both save at the same moment, each with something new.
    lin.write("带凳子，");
    lin.cursor_after("带凳子，");
    lin.press(&["F5"]);
    chen.press(&["F5"]);
    for window in [&lin, &chen] {
        window.shows("The Chens bring mooncakes");
        window.shows("带凳子，");
    }
    lin.cursor_after("带凳子，");
    chen.cursor_after("The Chens bring mooncakes");
    let both = json!("七点在花园\n带凳子，安排\n分工\nThe Chens bring mooncakes");
    for home in [neighbourhood.lin(), neighbourhood.chen()] {
        until("both texts are there", || {
            field(&home, &plan, "text") == both
        });
    }
}
