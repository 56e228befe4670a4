//! A further device of a household: made by the code of another one, and the code itself.

use protocol::api::{AmbiguousWidth, Event, Language, Request, Settings};

use super::fixtures::{DEVICE_CODE, INVITATION, refusal};
use super::{Session, settings};
use crate::host::{HomeState, HostOrder, NewHome, Protection, Way};
use crate::qr::Squares;

const SIZE: (u16, u16) = (80, 24);
/// Up to the step that asks for an invitation or a code.
const ASKED: &str = "<Enter><Down><Enter>";

fn first_run() -> Session {
    Session::begin_with(settings(Language::English), HomeState::Absent, SIZE)
}

fn made(session: &Session) -> Vec<NewHome> {
    let orders = session.node.ordered.iter();
    let made = orders.filter_map(|order| match order {
        HostOrder::Make(home) => Some(home.clone()),
        _ => None,
    });
    made.collect()
}

#[test]
fn a_code_leads_past_name_and_words_to_a_device() {
    let mut session = first_run();
    session.press(ASKED);
    assert!(
        session.shows("code of your household's other device"),
        "{}",
        session.screen()
    );
    session.press("LINLIDEV1 abc<Enter>");
    assert!(session.shows("Step 4 of 5"), "{}", session.screen());
    assert!(
        session.shows("a further device of household 01010101 in 梧桐里, until today 10:09"),
        "{}",
        session.screen()
    );
    session.press("<Enter>secret<Enter>other<Enter>");
    assert!(session.shows("not the same"), "{}", session.screen());
    assert_eq!(made(&session), []);
    session.press("secret<Enter>");
    let made = made(&session);
    assert_eq!(made.len(), 1, "{}", session.screen());
    let code = "LINLIDEV1 abc".to_owned();
    assert_eq!(made[0].way, Way::Enrol { code });
    assert_eq!(made[0].household, "");
    assert!(matches!(made[0].protection, Protection::Passphrase(_)));
    let mut orders = session.node.ordered.iter();
    assert!(!orders.any(|order| matches!(order, HostOrder::Words(_))));
    assert!(session.shows("Waiting for you"), "{}", session.screen());
}

#[test]
fn every_step_of_a_device_goes_back_and_another_way_is_free() {
    let mut session = first_run();
    session
        .press(ASKED)
        .press("linlidev1abc<Enter><Enter>secret");
    assert!(session.shows("Choose a passphrase"), "{}", session.screen());
    session.press("<Esc>");
    assert!(session.shows("Step 4 of 5"), "{}", session.screen());
    session.press("<Esc>");
    assert!(session.shows("linlidev1abc"), "{}", session.screen());
    // With an invitation the household is asked for again.
    session.press("<C-u>linli1abc<Enter>");
    assert!(session.shows("Step 4 of 8"), "{}", session.screen());
    session.press("The Lins<Enter><Enter>");
    session.press("<Esc><Esc><C-u>linlidev1abc<Enter><Down><Enter>");
    let made = made(&session);
    assert_eq!(made.len(), 1, "{}", session.screen());
    assert_eq!(made[0].household, "", "the name is the household's");
    assert_eq!(made[0].protection, Protection::KeyFile);
}

#[test]
fn what_is_wrong_with_a_code_is_said_and_another_can_be_given() {
    let mut session = first_run();
    session.press(ASKED).press("linlidev1wrong<Enter>");
    assert!(
        session.shows("The node says invitation."),
        "{}",
        session.screen()
    );
    session.press("<C-u>linlidev1over<Enter>");
    assert!(
        session.shows("This device code ended today 09:59."),
        "{}",
        session.screen()
    );
    // That it was used is known only to the device that made it.
    session.press("<C-u>linlidev1used<Enter><Down><Enter>");
    assert!(
        session.shows("The node says used-up."),
        "{}",
        session.screen()
    );
    session.press("<Esc><C-u>linlidev1abc<Enter><Enter>");
    assert_eq!(made(&session).len(), 2);
    assert!(session.shows("Waiting for you"), "{}", session.screen());
}

#[test]
fn a_file_with_a_code_is_read_as_one_with_an_invitation() {
    let mut session = first_run();
    session.press(ASKED).press("linlidev.txt<Enter>");
    let read = HostOrder::ReadInvitationFile("linlidev.txt".into());
    assert!(session.node.ordered.contains(&read));
}

#[test]
fn the_own_household_makes_a_code_on_its_page() {
    for keys in ["5a<Down><Enter>", "5<Enter>a<Down><Enter>"] {
        let mut session = Session::begin(Language::English, SIZE);
        session.press(keys);
        for expected in [
            "serves once",
            "Keep Linli running here",
            "until today 10:10",
        ] {
            assert!(session.shows(expected), "{keys}:\n{}", session.screen());
        }
        assert!(session.shows(DEVICE_CODE), "{keys}:\n{}", session.screen());
        let asked = session.node.written.iter().any(|request| {
            matches!(request, Request::AddDevice { lifetime_ms: 600_000, addresses } if addresses.is_empty())
        });
        assert!(asked, "{keys}");
    }
    let mut neighbour = Session::begin(Language::English, SIZE);
    neighbour.press("5<Down><Down><Down>a");
    assert!(!neighbour.shows("Add a device"), "{}", neighbour.screen());
}

#[test]
fn the_end_of_a_code_is_reached_in_a_small_window() {
    let mut session = Session::begin(Language::English, (40, 15));
    session.press("5a<Down><Enter>");
    let end = &DEVICE_CODE[DEVICE_CODE.len() - 20..];
    assert!(!session.shows(end), "{}", session.screen());
    session.press("<End>");
    assert!(session.shows(end), "{}", session.screen());
    session.press("<Enter>");
    assert!(session.shows("Grandma Wang"), "{}", session.screen());
}

#[test]
fn a_device_without_the_households_key_hears_why_there_is_no_code() {
    let mut session = Session::begin(Language::English, SIZE);
    session.node.refuses = Some(refusal("not-allowed", None));
    session.press("5a<Down><Enter>");
    assert!(
        session.shows("The node says not-allowed."),
        "{}",
        session.screen()
    );
}

#[test]
fn a_home_that_waits_says_when_it_was_refused() {
    let mut session = Session::begin(Language::English, SIZE);
    session.node.status.pending = true;
    session.event(Event::Missed).press("1");
    assert!(
        session.shows("Waiting to be let in"),
        "{}",
        session.screen()
    );
    session.node.status.join_refused = Some(refusal("used-up", None));
    session.event(Event::Missed);
    assert!(
        session.shows("The node says used-up."),
        "{}",
        session.screen()
    );
}

#[test]
fn a_device_that_neighbours_do_not_take_is_told_before_anything_else() {
    let told = [
        (Language::English, "what you write stays here"),
        (Language::Chinese, "您写的只留在本机"),
    ];
    for (language, told) in told {
        let mut session = Session::begin(language, SIZE);
        session.node.status.join_refused = Some(refusal("not-allowed", None));
        session.event(Event::Missed);
        assert!(session.shows(told), "{}", session.screen());
        session.node.status.join_refused = None;
        session.event(Event::Missed);
        assert!(!session.shows(told), "{}", session.screen());
    }
}

/// The half blocks of a screen, line by line.
fn half_blocks(session: &mut Session) -> Vec<String> {
    let screen = session.screen();
    let lines = screen.lines().filter(|line| line.contains(['█', '▀', '▄']));
    lines.map(str::to_owned).collect()
}

#[test]
fn a_qr_code_stands_below_the_text_where_the_window_has_room() {
    for (keys, text) in [("5i<Enter>", INVITATION), ("5a<Down><Enter>", DEVICE_CODE)] {
        let mut session = Session::begin(Language::English, (120, 60));
        session.press(keys);
        let code = Squares::of_checked_text(text).expect("it fits");
        let drawn: Vec<String> = code
            .lines()
            .iter()
            .map(|l| l.trim_end().to_owned())
            .collect();
        assert_eq!(half_blocks(&mut session), drawn, "{}", session.screen());
        let screen: String = session.screen().split_whitespace().collect();
        assert!(screen.contains(text), "{}", session.screen());
    }
}

#[test]
fn a_qr_code_that_has_room_alone_is_a_key_away_and_a_larger_one_says_so() {
    let mut session = Session::begin(Language::English, (80, 24));
    session.press("5i<Enter>");
    assert_eq!(half_blocks(&mut session), [""; 0], "{}", session.screen());
    assert!(
        session.shows("Tab shows it as a QR code"),
        "{}",
        session.screen()
    );
    session.press("<Tab>");
    let code = Squares::of_checked_text(INVITATION).expect("it fits");
    assert_eq!(half_blocks(&mut session).len(), code.lines().len());
    session.press("<Tab>");
    assert!(session.shows(INVITATION), "{}", session.screen());
    session.press("<Esc>a<Down><Enter>");
    let code = Squares::of_checked_text(DEVICE_CODE).expect("it fits");
    let window = format!("A window of {} columns", code.columns());
    assert!(session.shows(&window), "{}", session.screen());
    session.press("<Tab>");
    assert_eq!(half_blocks(&mut session), [""; 0], "{}", session.screen());
}

#[test]
fn plain_terminals_get_the_text_only() {
    let plain = Settings {
        ascii_borders: true,
        ..settings(Language::English)
    };
    let wide = Settings {
        ambiguous_width: AmbiguousWidth::Wide,
        ..settings(Language::English)
    };
    for settings in [plain, wide] {
        let home = HomeState::Running("/nowhere".into());
        let mut session = Session::begin_with(settings, home, (120, 60));
        session.press("5i<Enter>");
        assert_eq!(half_blocks(&mut session), [""; 0], "{}", session.screen());
        assert!(session.shows(INVITATION));
        assert!(!session.shows("A window of"), "{}", session.screen());
        session.press("<Tab>");
        assert!(session.shows("draws no QR codes"), "{}", session.screen());
    }
}
