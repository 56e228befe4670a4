//! Doors: told, changed and withdrawn on the own household's page, and read by whoever leads the
//! building.

use insta::assert_snapshot;
use protocol::api::{Confidential, DoorView, Event, Language, MemberRef, Request, RosterView};

use super::fixtures::named;
use super::stand_in::StandIn;
use super::{NOW_MS, Session};

const SIZE: (u16, u16) = (80, 24);
const HOUR_MS: i64 = 60 * 60 * 1_000;
/// From the people to the acts on the own household, behind the devices.
const TELL: &str = "5a<Down><Down><Enter>";
const WITHDRAW: &str = "5a<Down><Down><Down><Enter>";

/// Screens about doors, by the keys that lead there.
pub const OF_DOORS: [(&str, &str); 6] = [
    ("doors", "5D"),
    ("door-own", "5<Enter>"),
    ("door-acts", "5a"),
    ("door-composer", TELL),
    ("door-withdraw", WITHDRAW),
    ("door-people-help", "5?"),
];

/// Households that lead building 3, beside the reader's own.
pub fn leads(roster: &RosterView) -> Vec<MemberRef> {
    let others = roster.members.iter().skip(1);
    let leads = others.filter(|member| {
        let mut roles = member.roles.iter();
        roles.any(|role| role.building.as_deref() == Some("3"))
    });
    let leads = leads.map(|member| MemberRef {
        id: member.id,
        name: member.shown_name(),
        building: member.building.clone(),
    });
    leads.collect()
}

/// Lets Chen lead building 3, where the reader lives.
pub fn let_chen_lead(node: &mut StandIn) {
    node.roster.members[1].roles[0].building = Some("3".to_owned());
}

/// Doors as a lead reads them: of another household, and the own.
pub fn doors() -> Vec<DoorView> {
    let door = |byte: u8, door: &str, readers: &[u8]| DoorView {
        household: named(byte),
        door: Confidential::new(door.to_owned()),
        since_ms: NOW_MS - i64::from(byte) * 30 * HOUR_MS,
        readers: readers.iter().map(|byte| named(*byte)).collect(),
    };
    vec![
        door(3, "102，门铃坏了，请敲窗\n她耳朵不好，多敲几下", &[1]),
        door(1, "3-502", &[2]),
    ]
}

/// A session of somebody who reads two doors.
pub fn lead(language: Language, size: (u16, u16)) -> Session {
    let mut session = Session::begin(language, size);
    let_chen_lead(&mut session.node);
    session.node.doors = doors();
    session.press("1").wait(6_000);
    session
}

fn written(session: &Session) -> Vec<Request> {
    let written = session.node.written.iter();
    let written = written.filter(|request| !matches!(request, Request::MarkRead { .. }));
    written.cloned().collect()
}

#[test]
fn a_resident_tells_changes_and_withdraws_its_door_and_sees_who_reads_it() {
    let mut session = Session::begin(Language::English, SIZE);
    let_chen_lead(&mut session.node);
    session.press("5<Enter>");
    assert!(
        session.shows("If you tell it, 陈家 can read it"),
        "{}",
        session.screen()
    );
    session.press("<Esc>").press(TELL).press("3-502<F5>");
    session.press("<Enter>");
    assert!(session.shows("3-502"), "{}", session.screen());
    assert!(
        session.shows("only your household and 陈家"),
        "{}",
        session.screen()
    );
    // What stands is there to be changed.
    session.press("<Esc>").press(TELL);
    assert!(session.shows("3-502"), "{}", session.screen());
    session.press(", ring twice<F5>");
    session.press(WITHDRAW);
    assert!(
        session.shows("a lead may keep what it"),
        "{}",
        session.screen()
    );
    // The first choice leaves it.
    session
        .press("<Enter>")
        .press(WITHDRAW)
        .press("<Down><Enter>");
    session.press("<Enter>");
    assert!(session.shows("Not told."), "{}", session.screen());
    let put = |text: &str| Request::PutDoor {
        text: Confidential::new(text.to_owned()),
    };
    let written = written(&session);
    assert!(
        matches!(&written[..], [first, Request::PutDoor { text }, Request::EraseDoor]
            if *first == put("3-502") && text.expose().contains("ring twice")),
        "{written:?}"
    );
}

#[test]
fn nothing_of_a_door_is_kept_in_a_draft() {
    let mut session = Session::begin(Language::English, SIZE);
    session.press(TELL).press("3-502").wait(5_000);
    session.press("<Esc>");
    assert_eq!(written(&session), []);
    assert!(session.node.drafts.is_empty());
}

#[test]
fn an_empty_door_is_not_told() {
    let mut session = Session::begin(Language::English, SIZE);
    session.press(TELL).press("  <F5>");
    assert_eq!(written(&session), []);
}

#[test]
fn a_lead_who_cannot_read_it_yet_is_named() {
    let mut session = Session::begin(Language::English, SIZE);
    session.node.doors = vec![DoorView {
        readers: Vec::new(),
        ..doors().remove(1)
    }];
    session.press("5<Enter>");
    assert!(session.shows("no other household"), "{}", session.screen());
    assert!(
        !session.shows("cannot read it yet:"),
        "{}",
        session.screen()
    );
    let_chen_lead(&mut session.node);
    session.event(Event::Roster);
    assert!(
        session.shows("cannot read it yet: 陈家"),
        "{}",
        session.screen()
    );
    session.node.doors = vec![doors().remove(1)];
    session.event(Event::Documents {
        documents: Vec::new(),
    });
    assert!(
        !session.shows("cannot read it yet:"),
        "{}",
        session.screen()
    );
}

#[test]
fn another_household_is_told_nothing_on_its_page() {
    let mut session = lead(Language::English, SIZE);
    session.press("5<Down><Down><Down><Enter>");
    assert!(!session.shows("Where to knock"), "{}", session.screen());
    session.press("a");
    assert!(!session.shows("where to knock"), "{}", session.screen());
}

#[test]
fn a_lead_reads_the_doors_of_its_building_and_hears_of_new_ones() {
    let mut session = Session::begin(Language::English, SIZE);
    session.press("5D");
    assert!(session.shows("No door is told"), "{}", session.screen());
    session.node.doors = doors();
    session.event(Event::Documents {
        documents: Vec::new(),
    });
    for said in ["Grandma Wang", "门铃坏了", "多敲几下", "3-502"] {
        assert!(session.shows(said), "{said}:\n{}", session.screen());
    }
    session.press("<Esc>");
    assert!(
        session.shows("Households and guests"),
        "{}",
        session.screen()
    );
}

#[test]
fn whatever_a_door_says_the_terminal_gets_signs_alone() {
    let hostile = "5-1\u{1b}]0;owned\u{7}\u{9b}31m\rline\u{202e}\n\u{1b}[2Jend";
    for (_, keys) in OF_DOORS {
        let mut session = lead(Language::English, (120, 40));
        for door in &mut session.node.doors {
            door.door = Confidential::new(hostile.to_owned());
            door.household.name = "Mallory\u{1b}[2J\u{202e}".to_owned();
        }
        session.press(keys);
        let drawn = session.screen();
        let obeyed = drawn
            .chars()
            .find(|sign| (sign.is_control() && *sign != '\n') || *sign == '\u{202e}');
        assert_eq!(obeyed, None, "{keys}: {drawn}");
    }
    let mut session = lead(Language::English, (120, 40));
    session.node.doors[0].door = Confidential::new(hostile.to_owned());
    session.press("5D");
    assert!(session.shows("5-1"), "{}", session.screen());
}

#[test]
fn doors_at_every_size_in_both_languages() {
    for language in [Language::Chinese, Language::English] {
        for size in [(40, 15), (80, 24), (120, 40)] {
            for (name, keys) in OF_DOORS {
                let mut session = lead(language, size);
                session.press(keys);
                let name = format!("{name}-{}-{}x{}", language.code(), size.0, size.1);
                assert_snapshot!(name, session.screen());
            }
        }
    }
}
