//! The window gets another size while something is written.

use crate::neighbourhood::Neighbourhood;
use crate::tmux::{Size, Window};

/// Waits until the form fills a window of this size: its title above, its hints below, what was
/// typed and the cursor behind it.
fn fills(window: &Window<'_>, (width, height): Size, title: &str, hint: &str, typed: &str) {
    window.until(&format!("the form in {width}x{height}"), |screen| {
        let lines: Vec<&str> = screen.lines().collect();
        lines.len() == usize::from(height)
            && lines[0].trim() == title
            && lines[lines.len() - 1].contains(hint)
            && screen.contains(typed)
    });
    window.cursor_after(typed);
}

#[cfg_attr(
    not(feature = "foreign-tests"),
    ignore = "needs tmux: cargo test -p tests --features foreign-tests --test terminal"
)]
#[test]
fn what_was_typed_and_the_cursor_outlast_every_size() {
    let neighbourhood = Neighbourhood::found();
    let window = neighbourhood.lin_opens((120, 40));
    window.press(&["n"]);
    window.shows("写一条求助");
    window.write("谁有梯子？").press(&["Tab"]);
    // Longer than a line of the small window, and more lines than it has.
    let begin = "客厅的灯坏了，要换灯泡，家里没有那么高的梯子，借一架两米的，用完就还。";
    window.write(begin);
    for number in 1..=12 {
        window.press(&["Enter"]).write(&format!("第{number}行"));
    }
    for size in [(120, 40), (40, 15), (80, 24), (30, 10), (40, 15), (120, 40)] {
        window.resize(size);
        if size.0 < 40 {
            window.shows("请把窗口放大一些");
        } else {
            fills(&window, size, "写一条求助", "Tab 下一项", "第12行");
        }
    }
    window.resize((40, 15));
    fills(&window, (40, 15), "写一条求助", "Tab 下一项", "第12行");
    window.write("完");
    window.cursor_after("第12行完");
    window.press(&["BTab"]);
    window.cursor_after("谁有梯子？");
    window.press(&["F5"]);
    window.shows("▸  谁有梯子？");
    window.resize((80, 24));
    window.press(&["Enter"]);
    window.until("the whole text", |screen| {
        screen.contains("客厅的灯坏了") && screen.contains("第12行完")
    });
}
