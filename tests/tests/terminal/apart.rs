//! What is written without a network goes out later, and the screen tells how far it has come.

use crate::neighbourhood::Neighbourhood;

#[cfg_attr(
    not(feature = "foreign-tests"),
    ignore = "needs tmux: cargo test -p tests --features foreign-tests --test terminal"
)]
#[test]
fn what_is_written_while_the_neighbour_is_away_is_unsent_until_it_is_back() {
    let neighbourhood = Neighbourhood::found();
    let lin = neighbourhood.lin_opens((80, 24));
    neighbourhood.chen_joins();
    let mut chen = neighbourhood.chen();
    chen.start(&["--listen", "/ip4/127.0.0.1/tcp/0"]);
    lin.shows("连着 1 家 ∙ 全部已送出");
    chen.kill();
    lin.shows("现在连不上任何邻居");
    for title in ["借梯子", "借钻头"] {
        lin.press(&["3", "n"]);
        lin.shows("写一条求助");
        lin.write(title).press(&["F5"]);
        lin.shows(&format!("▸  {title}"));
    }
    lin.shows("2 条还没送出");
    lin.press(&["Enter"]);
    let screen = lin.shows("已保存在本机");
    assert!(!screen.contains("收到"), "{screen}");

    chen.start(&["--listen", "/ip4/127.0.0.1/tcp/0"]);
    lin.shows("已保存在本机，1 户收到");
    lin.shows("连着 1 家 ∙ 全部已送出");
}

#[cfg_attr(
    not(feature = "foreign-tests"),
    ignore = "needs tmux: cargo test -p tests --features foreign-tests --test terminal"
)]
#[test]
fn the_demonstration_cuts_and_heals_a_household() {
    let nowhere = Neighbourhood::nowhere();
    let program = tests::process::program().to_str().expect("UTF-8");
    let environment = [("TMPDIR", nowhere.folder().to_str().expect("UTF-8"))];
    let command = [program, "demo", "--lang", "en"];
    let window = nowhere.tmux.window((120, 40), &environment, &command);
    window.shows_once_set_up("You are The Okafors");
    window.press(&["N"]);
    window.shows("The network is cut.");
    window.press(&["3", "n"]);
    window.shows("New: help request");
    window.write("Written while cut").press(&["F5"]);
    window.shows("▸  Written while cut");
    window.shows("Network cut (demonstration) ∙ 1 change unsent");
    // The next household has not heard of it, and writes as well.
    window.press(&["H"]);
    window.until("the next household", |screen| {
        screen.contains("You are Dan") && screen.contains("neighbour in reach")
    });
    window.press(&["3", "n"]);
    window.shows("New: help request");
    window.write("Written meanwhile").press(&["F5"]);
    let screen = window.shows("▸  Written meanwhile");
    assert!(!screen.contains("Written while cut"), "{screen}");
    for household in [
        "You are Mrs Whitfield",
        "You are The Novaks",
        "You are The Okafors",
    ] {
        window.press(&["H"]);
        window.shows(household);
    }
    let screen = window.shows("Written while cut");
    assert!(!screen.contains("Written meanwhile"), "{screen}");
    window.press(&["N"]);
    window.shows("The network is back");
    window.until("what both sides wrote", |screen| {
        screen.contains("Written meanwhile") && screen.contains("Written while cut")
    });
    window.press(&["q"]);
    assert_eq!(window.ended(), 0);
    let left = std::fs::read_dir(nowhere.folder()).expect("the folder");
    assert_eq!(left.count(), 0, "nothing of it is left");
}
