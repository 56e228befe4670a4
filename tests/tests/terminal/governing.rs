//! Stewards of two offices remove a household by a motion, on their screens.

use tests::process::{Home, until};

use crate::neighbourhood::{Neighbourhood, address};
use crate::tmux::Window;

/// Lets a further household join while the node of 林家 runs; its own does not.
fn wang_joins(neighbourhood: &Neighbourhood) {
    let lin = neighbourhood.lin();
    let invited = lin.json(&["invite", "--uses", "1"]);
    let invitation = invited["invitation"].as_str().expect("an invitation");
    let names = ["--household", "Grandma Wang", "--building", "1"];
    let dial = ["--dial", &address(&lin)];
    let join = ["join", invitation, "--lang", "en"];
    let wang = Home::new(neighbourhood.folder(), "wang");
    wang.json(&[&join[..], &names, &dial].concat());
}

/// Three offices with a steward each: from then on nobody decides alone.
fn offices_are_added(lin: &Home) {
    let stewards = [
        ("物业", "林家"),
        ("业委会", "The Chens"),
        ("居委会", "Grandma Wang"),
    ];
    for (office, household) in stewards {
        lin.json(&["office", "add", office]);
        lin.json(&["appoint", household, "steward", "--office", office]);
    }
}

/// Goes down a list until the line with a name is selected.
fn select(window: &Window<'_>, name: &str) {
    let marked = format!("▸ {name}");
    let mut screen = window.shows("▸");
    while !screen.contains(&marked) {
        window.press(&["Down"]);
        let before = screen;
        screen = window.until("another line", |screen| screen != before);
    }
}

fn is_removed(home: &Home, name: &str) -> bool {
    let roster = home.json(&["roster"]);
    let mut members = roster["members"].as_array().into_iter().flatten();
    members.any(|member| member["name"] == name && member["removed"] == true)
}

#[cfg_attr(
    not(feature = "foreign-tests"),
    ignore = "needs tmux: cargo test -p tests --features foreign-tests --test terminal"
)]
#[test]
fn a_motion_is_moved_on_one_screen_and_co_signed_on_the_other() {
    let neighbourhood = Neighbourhood::found();
    let lin = neighbourhood.lin_opens((80, 24));
    neighbourhood.chen_joins();
    wang_joins(&neighbourhood);
    offices_are_added(&neighbourhood.lin());
    let chen = neighbourhood.chen_opens((80, 24));
    // The roster has come when the rule has.
    chen.press(&["M"]);
    chen.shows("2 of 3 offices have to sign");
    chen.press(&["5"]);
    chen.shows("steward of 居委会");

    select(&chen, "Grandma Wang");
    // The last act is to remove.
    chen.press(&["a"]);
    chen.shows("What I can do");
    chen.press(&["End", "Enter"]);
    chen.shows("Motion: remove: Grandma Wang");
    chen.write("floods the board").press(&["F5"]);
    chen.shows("Moved: 1 of 2 offices have signed.");

    lin.shows("等您联署");
    lin.press(&["Enter"]);
    lin.shows("floods the board");
    lin.shows("The Chens（5号楼） ∙ 业委会的管理员");
    lin.press(&["a", "Enter"]);
    lin.shows("收不回来");
    assert!(!is_removed(&neighbourhood.lin(), "Grandma Wang"));
    lin.press(&["Down", "Enter"]);
    lin.shows("已生效");
    chen.press(&["M"]);
    chen.shows("in force");
    for home in [neighbourhood.lin(), neighbourhood.chen()] {
        until("it is in force", || is_removed(&home, "Grandma Wang"));
    }
    // Nothing waits any more.
    lin.press(&["1"]);
    lin.until("nothing that waits", |screen| !screen.contains("等您联署"));
}
