//! A household joins with the invitation that another one made on its screen.

use crate::first_run::copy_words;
use crate::neighbourhood::Neighbourhood;
use crate::tmux::Window;

/// The invitation as it can be marked and copied: whole lines, from where it begins.
fn copied(window: &Window<'_>) -> String {
    let screen = window.shows("linli1");
    let lines = screen
        .lines()
        .skip_while(|line| !line.starts_with("linli1"));
    let lines: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    lines.join("\n")
}

#[cfg_attr(
    not(feature = "foreign-tests"),
    ignore = "needs tmux: cargo test -p tests --features foreign-tests --test terminal"
)]
#[test]
fn an_invitation_is_copied_from_one_screen_to_the_other() {
    let neighbourhood = Neighbourhood::found();
    let lin = neighbourhood.lin_opens((80, 24));
    lin.press(&["2", "n"]);
    lin.shows("写一条公告");
    lin.write("明早停水").press(&["F5"]);
    lin.shows("已发布");
    lin.press(&["5"]);
    lin.shows("小区创建人");
    lin.press(&["i"]);
    lin.shows("一户邻居");
    lin.press(&["Enter"]);
    let invitation = copied(&lin);
    assert!(invitation.contains('\n'), "it is longer than a line");

    let home = neighbourhood.chen();
    let chen = neighbourhood.tmux.front_end(home.path(), (120, 40), &[]);
    chen.shows("Welcome to Linli.");
    chen.press(&["Enter"]);
    chen.shows("Join by invitation or code");
    chen.press(&["Down", "Enter"]);
    chen.shows("Paste the invitation");
    chen.write("linli1nonsense").press(&["Enter"]);
    chen.shows("Nothing was made");
    chen.press(&["C-u"]).paste(&invitation).press(&["Enter"]);
    chen.shows("An invitation to 梧桐里");
    chen.write("The Chens").press(&["Enter"]);
    chen.write("5").press(&["Enter"]);
    chen.shows("How should your key be protected");
    chen.press(&["Down", "Enter"]);
    copy_words(&chen, "Write these 24 words", "type two of the words");
    chen.shows("明早停水");
    chen.press(&["2", "Enter"]);
    chen.until("the notice", |screen| {
        screen.contains("明早停水") && screen.contains("林家")
    });

    lin.press(&["5"]);
    lin.shows("The Chens");
}
