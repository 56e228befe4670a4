//! Keeping the household: a backup that is checked at once, the recovery sheet, and moving out.

use insta::assert_snapshot;
use protocol::api::Language;

use super::Session;
use super::fixtures::refusal;
use crate::app::Task;
use crate::host::{HostOrder, Passphrase, Protection};

const SIZE: (u16, u16) = (80, 24);
/// To the backup, the sheet and moving out, below five settings, the emergency numbers and the blocked households.
const BACKUP: &str = "7<Down><Down><Down><Down><Down><Down><Down><Enter>";
const SHEET: &str = "7<Down><Down><Down><Down><Down><Down><Down><Down><Enter>";
const LEAVE: &str = "7<Down><Down><Down><Down><Down><Down><Down><Down><Down><Enter>";

/// Steps of keeping the household: the way to them, and the keys that lead on.
pub const OF_KEEPING: [(&str, &str, &str); 8] = [
    ("backup-place", BACKUP, ""),
    ("backup-protection", BACKUP, "<Enter>"),
    (
        "backup-passphrase",
        BACKUP,
        "<Enter><Enter>secret<Enter>other<Enter>",
    ),
    ("backup-made", BACKUP, "<Enter><Down><Enter>"),
    ("backup-holds", BACKUP, "<Enter><Down><Enter><Enter>"),
    ("sheet-written", SHEET, "<Enter>"),
    ("leave-name", LEAVE, "<Enter>"),
    ("left", LEAVE, "<Enter>林家<Enter>"),
];

fn session() -> Session {
    Session::begin(Language::English, SIZE)
}

fn passphrase(typed: &str) -> Protection {
    Protection::Passphrase(Passphrase::new(typed.to_owned()))
}

#[test]
fn a_backup_is_made_where_one_says_and_checked_at_once() {
    let mut session = session();
    session.press(BACKUP);
    for said in [
        "Reading marks and open invitations are not in it",
        "~/linli-2026-02-14.linlibak",
    ] {
        assert!(session.shows(said), "{said}:\n{}", session.screen());
    }
    session.press("<C-u>/stick/b<Enter><Enter>secret<Enter>secrets<Enter>");
    assert!(session.shows("not the same"), "{}", session.screen());
    assert_eq!(session.node.ordered, []);
    session.press("secret<Enter>");
    let file = || "/stick/b".into();
    let made = HostOrder::BackUp {
        file: file(),
        protection: passphrase("secret"),
    };
    assert_eq!(session.node.ordered, [made]);
    assert!(
        session.shows("The backup is /stick/b (99 kB)"),
        "{}",
        session.screen()
    );
    assert!(!session.shows("opens it"));
    session.press("<Enter>");
    let checked = HostOrder::CheckBackup {
        file: file(),
        protection: passphrase("secret"),
    };
    assert_eq!(session.node.ordered.last(), Some(&checked));
    assert!(
        session.shows("entries: 128, devices: 5"),
        "{}",
        session.screen()
    );
    session.press("<Enter>");
    assert!(session.shows("Recovery sheet"), "{}", session.screen());
}

#[test]
fn a_backup_without_a_passphrase_names_its_key_file() {
    let mut session = session();
    session
        .press(BACKUP)
        .press("<C-u>/stick/b<Enter><Down><Enter>");
    assert!(
        session.shows("/stick/b.key opens it"),
        "{}",
        session.screen()
    );
}

#[test]
fn what_is_refused_is_said_and_another_place_can_be_named() {
    let mut session = session();
    session.press(BACKUP);
    session.node.host_refuses = Some(refusal("exists", None));
    session.press("<C-u>/stick/b<Enter><Down><Enter>");
    assert!(
        session.shows("The node says exists."),
        "{}",
        session.screen()
    );
    assert!(session.shows("/stick/b"), "{}", session.screen());
    session.press("2<Enter><Down><Enter>");
    assert!(
        session.shows("The backup is /stick/b2"),
        "{}",
        session.screen()
    );
}

#[test]
fn the_sheet_takes_the_passphrase_where_the_home_has_one() {
    let mut session = session();
    session.press(SHEET).press("<Enter>");
    assert!(
        session.shows("/home/lin/linli-recovery.html"),
        "{}",
        session.screen()
    );

    let mut session = self::session();
    session.node.is_locked = true;
    session.press(SHEET).press("<Enter>");
    assert!(session.shows("Passphrase"), "{}", session.screen());
    session.press("wrong<Enter>");
    assert!(
        session.shows("The node says keystore."),
        "{}",
        session.screen()
    );
    session.press("right<Enter>");
    assert!(
        session.shows("then remove the file"),
        "{}",
        session.screen()
    );
}

#[test]
fn moving_out_exports_first_and_takes_the_households_name() {
    let mut session = session();
    session.press(LEAVE).press("<C-u>/stick/all<Enter>");
    assert_eq!(
        session.node.ordered,
        [HostOrder::Export("/stick/all".into())]
    );
    for said in [
        "42 files",
        "stays with your neighbours",
        "You founded",
        "type the name 林家",
    ] {
        assert!(session.shows(said), "{said}:\n{}", session.screen());
    }
    for typed in ["<Enter>", "yes<Enter>", "<C-u>林<Enter>"] {
        session.press(typed);
        assert!(
            session.shows("not your household's name"),
            "{}",
            session.screen()
        );
    }
    assert_eq!(session.node.ordered.len(), 1);
    session.press("家<Enter>");
    assert_eq!(
        session.node.ordered.last(),
        Some(&HostOrder::Leave("/stick/all".into()))
    );
    assert!(session.shows("has moved out"), "{}", session.screen());
    assert_eq!(session.others, []);
    session.press("<Esc>");
    assert_eq!(session.others, [Task::Quit]);
}

#[test]
fn whoever_goes_back_stays() {
    let mut session = session();
    session.press(LEAVE).press("<Enter><Esc>");
    assert!(
        session.shows("Your household stays"),
        "{}",
        session.screen()
    );
    assert!(session.shows("Plain borders"), "{}", session.screen());
    let mut orders = session.node.ordered.iter();
    assert!(!orders.any(|order| matches!(order, HostOrder::Leave(_))));
}

#[test]
fn the_demonstration_has_nothing_to_keep_or_to_leave() {
    for keys in [BACKUP, SHEET, LEAVE] {
        let mut session = Session::begin_on_stage(Language::English, SIZE);
        session.press(keys);
        assert!(session.shows("as long as it does"), "{}", session.screen());
    }
}

#[test]
fn who_has_moved_out_is_told_of_no_node_any_more() {
    let mut session = Session::begin(Language::English, (80, 24));
    session.press(LEAVE).press("<Enter>");
    assert!(session.shows("neighbours in reach"), "{}", session.screen());
    session.press("林家<Enter>");
    assert!(session.shows("has moved out"), "{}", session.screen());
    for said in ["neighbours in reach", "/ search"] {
        assert!(!session.shows(said), "{said}:\n{}", session.screen());
    }
    session.press("1");
    assert!(session.shows("has moved out"), "{}", session.screen());
}

#[test]
fn every_step_at_every_size_in_both_languages() {
    for language in [Language::Chinese, Language::English] {
        for size in [(40, 15), (80, 24), (120, 40)] {
            for (name, way, keys) in OF_KEEPING {
                let mut session = Session::begin(language, size);
                session.press(way).press(keys);
                let name = format!("{name}-{}-{}x{}", language.code(), size.0, size.1);
                assert_snapshot!(name, session.screen());
            }
        }
    }
}
