//! The terminal is given back whenever the program goes, and what was begun is kept.

use serde_json::json;

use crate::neighbourhood::{Neighbourhood, post};
use crate::tmux::Window;

/// The shell has its terminal back, as it was: lines are echoed, and nothing of the program is left.
fn check_usable(window: &Window<'_>) {
    window.until("the shell", |screen| screen.trim_end().ends_with("prompt>"));
    window.write("echo $((6 * 7)) and $(stty -a | grep -cw -e '-echo' -e '-icanon')");
    window.shows("echo $((6 * 7))");
    window.press(&["Enter"]);
    window.shows("42 and 0");
    assert!(!window.is_taken_over());
    assert!(window.cursor().is_some());
}

#[cfg_attr(
    not(feature = "foreign-tests"),
    ignore = "needs tmux: cargo test -p tests --features foreign-tests --test terminal"
)]
#[test]
fn control_z_gives_the_terminal_back_and_fg_brings_the_screen_back() {
    let neighbourhood = Neighbourhood::found();
    let window = neighbourhood
        .tmux
        .shell(neighbourhood.lin().path(), (80, 24));
    window.write("linli").press(&["Enter"]);
    window.shows("1 今天");
    window.press(&["3", "n"]);
    window.shows("写一条求助");
    window.write("谁有梯");
    window.cursor_after("谁有梯");
    // The second time the window gets another size meanwhile.
    for size in [(80, 24), (40, 15)] {
        assert!(window.is_taken_over());
        window.press(&["C-z"]);
        window.shows("prompt>");
        check_usable(&window);
        window.resize(size);
        window.write("fg").press(&["Enter"]);
        window.until("the form in this size", |screen| {
            let first = screen.lines().next().unwrap_or_default();
            let last = screen.lines().last().unwrap_or_default();
            screen.lines().count() == usize::from(size.1)
                && first.trim() == "写一条求助"
                && last.contains("Tab 下一项")
        });
        window.cursor_after("谁有梯");
    }
    window.write("子？").press(&["F5"]);
    window.shows("▸  谁有梯子？");
    window.press(&["q"]);
    check_usable(&window);
}

#[cfg_attr(
    not(feature = "foreign-tests"),
    ignore = "needs tmux: cargo test -p tests --features foreign-tests --test terminal"
)]
#[test]
fn a_terminal_that_goes_away_leaves_the_draft() {
    let neighbourhood = Neighbourhood::found();
    let home = neighbourhood.lin();
    let window = neighbourhood.lin_opens((80, 24));
    window.press(&["3", "n"]);
    window.shows("写一条求助");
    window.write("谁有梯子？");
    window.cursor_after("谁有梯子？");
    window.close();
    window.ended_without_it();

    let window = neighbourhood.tmux.shell(home.path(), (80, 24));
    window.write("linli").press(&["Enter"]);
    window.shows("写了一半的");
    window.shows("谁有梯子？");
    window.press(&["Enter"]);
    window.shows("写一条求助");
    window.cursor_after("谁有梯子？");
    window.press(&["Tab"]).write("换灯泡");
    window.cursor_after("换灯泡");
    window.signal("HUP");
    check_usable(&window);
    assert!(!window.is_running());

    window.write("clear; linli").press(&["Enter"]);
    window.shows("写了一半的");
    window.press(&["Enter"]);
    window.shows("换灯泡");
    window.press(&["F5"]);
    window.shows("▸  谁有梯子？");
    window.press(&["1"]);
    window.until("a day without drafts", |screen| {
        !screen.contains("写了一半的")
    });
}

#[cfg_attr(
    not(feature = "foreign-tests"),
    ignore = "needs tmux: cargo test -p tests --features foreign-tests --test terminal"
)]
#[test]
fn a_terminal_that_goes_without_a_signal_leaves_the_draft() {
    let neighbourhood = Neighbourhood::found();
    let home = neighbourhood.lin();
    // In a session of its own, the program finds out when it next draws.
    let by = ["setsid", "-w"];
    let tmux = &neighbourhood.tmux;
    let window = tmux.front_end_by(&by, home.path(), (80, 24), &[]);
    window.shows("1 今天");
    window.press(&["3", "n"]);
    window.shows("写一条求助");
    window.write("谁有梯子？");
    window.cursor_after("谁有梯子？");
    window.close();
    post(&home, "request", json!({"title": "借钻头"}));
    window.ended_without_it();
    let window = neighbourhood.lin_opens((80, 24));
    window.shows("写了一半的");
    window.shows("谁有梯子？");
}

#[cfg_attr(
    not(feature = "foreign-tests"),
    ignore = "needs tmux: cargo test -p tests --features foreign-tests --test terminal"
)]
#[test]
fn signals_that_end_the_program_restore_the_terminal() {
    let neighbourhood = Neighbourhood::found();
    let home = neighbourhood.lin();
    let window = neighbourhood.tmux.shell(home.path(), (40, 15));
    for name in ["TERM", "INT"] {
        window.write("clear; linli").press(&["Enter"]);
        window.shows("今天");
        assert!(window.is_taken_over());
        window.signal(name);
        check_usable(&window);
    }
}
