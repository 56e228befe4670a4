//! A household tells the lead of its building where to knock, on its screen, and takes that back.

use crate::neighbourhood::Neighbourhood;

#[cfg_attr(
    not(feature = "foreign-tests"),
    ignore = "needs tmux: cargo test -p tests --features foreign-tests --test terminal"
)]
#[test]
fn a_door_is_told_on_one_screen_and_read_by_the_lead_on_the_other() {
    let neighbourhood = Neighbourhood::found();
    let lin = neighbourhood.lin_opens((80, 24));
    neighbourhood.chen_joins();
    let lead = ["appoint", "林家", "building-lead", "--building", "5"];
    neighbourhood.lin().json(&lead);
    let chen = neighbourhood.chen_opens((80, 24));
    lin.press(&["5"]);
    lin.shows("The Chens");
    lin.press(&["D"]);
    lin.shows("还没有哪户把门牌告诉您家");

    chen.press(&["5"]);
    chen.shows("building lead (building 5)");
    chen.press(&["Enter"]);
    chen.shows("If you tell it, 林家 can read it");
    chen.press(&["a"]);
    chen.shows("Tell the leads where to knock");
    chen.press(&["Down", "Enter"]);
    chen.shows("only the leads of your building");
    chen.write("5-1201, ring twice").press(&["F5"]);
    chen.shows("Sealed and saved here.");
    chen.shows("only your household and 林家");
    lin.shows("5-1201, ring twice");

    chen.press(&["a"]);
    chen.shows("Change where to knock");
    chen.press(&["Down", "Down", "Enter"]);
    chen.shows("Leave it");
    chen.press(&["Down", "Enter"]);
    chen.shows("Not told.");
    lin.shows("还没有哪户把门牌告诉您家");
}
