//! The line mode on a terminal: a question with the cursor behind it, and numbers that open things.

use serde_json::json;

use crate::neighbourhood::{Neighbourhood, post};

#[cfg_attr(
    not(feature = "foreign-tests"),
    ignore = "needs tmux: cargo test -p tests --features foreign-tests --test terminal"
)]
#[test]
fn a_number_opens_a_thing() {
    let neighbourhood = Neighbourhood::found();
    let mut home = neighbourhood.lin();
    home.start(&[]);
    post(
        &home,
        "request",
        json!({"title": "谁有梯子？", "body": "换灯泡"}),
    );
    home.kill();
    for (language, menu, list) in [
        ("zh", "想做什么？", "求助：选哪个编号？"),
        (
            "en",
            "What would you like to do?",
            "help requests: which number?",
        ),
    ] {
        let arguments = ["--plain", "--lang", language];
        let window = neighbourhood
            .tmux
            .front_end(home.path(), (80, 24), &arguments);
        window.shows(menu);
        window.cursor_after(&format!("{menu} "));
        assert!(!window.is_taken_over());
        window.write("3").press(&["Enter"]);
        window.shows(list);
        window.write("1").press(&["Enter"]);
        window.shows("换灯泡");
        window.write("q").press(&["Enter"]);
        assert_eq!(window.ended(), 0);
    }
}
