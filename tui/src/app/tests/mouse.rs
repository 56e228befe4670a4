//! The mouse: whatever a key does on screen, a click does too, and the wheel goes up and down.

use protocol::api::{Language, Request};
use ratatui::crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::{Session, symbols};
use crate::app::{Message, Task};

fn session() -> Session {
    Session::begin(Language::English, (80, 24))
}

/// Clicks on the first sign of a text on screen.
fn click(session: &mut Session, text: &str) {
    let (column, row) = place(session, text);
    send(
        session,
        MouseEventKind::Down(MouseButton::Left),
        column,
        row,
    );
}

fn wheel(session: &mut Session, kind: MouseEventKind, times: usize) {
    for _ in 0..times {
        send(session, kind, 10, 10);
    }
}

fn send(session: &mut Session, kind: MouseEventKind, column: u16, row: u16) {
    session.send(Message::Mouse(MouseEvent {
        kind,
        column,
        row,
        modifiers: KeyModifiers::NONE,
    }));
}

/// Where a text stands.
fn place(session: &mut Session, text: &str) -> (u16, u16) {
    let buffer = session.buffer();
    for y in 0..buffer.area.height {
        let row: Vec<(u16, &str)> = symbols(&buffer, y).collect();
        for first in 0..row.len() {
            let rest: String = row[first..].iter().map(|(_, symbol)| *symbol).collect();
            if rest.starts_with(text) {
                return (row[first].0, y);
            }
        }
    }
    panic!("{text:?} is not on screen:\n{}", session.screen());
}

fn selected(session: &mut Session) -> String {
    let screen = session.screen();
    let line = screen.lines().find(|line| line.contains('▸'));
    line.unwrap_or_default().to_owned()
}

#[test]
fn a_click_selects_and_a_second_one_opens() {
    let cases = [
        ("1", "谁有梯子", "有梯子", "三米的"),
        ("3", "Fetch medicine", "edicine", "I have a fever"),
        ("/o<Tab>", "Fetch medicine", "edicine", "I have a fever"),
    ];
    for (keys, item, again, opened) in cases {
        let mut session = session();
        session.press(keys);
        click(&mut session, item);
        assert!(selected(&mut session).contains(item), "{keys}: {item}");
        assert!(!session.shows(opened), "{keys}: one click opens nothing");
        click(&mut session, again);
        assert!(session.shows(opened), "{keys}:\n{}", session.screen());
    }
    let mut session = session();
    session.press("5");
    click(&mut session, "Grandma Wang");
    assert!(selected(&mut session).contains("Grandma Wang"));
}

#[test]
fn a_click_on_a_main_screens_name_opens_it() {
    let cases = [
        ("2 Notices", "Keys found by the gate"),
        ("4 Plans", "元宵灯会"),
        ("6 Network", "Neighbours' nodes"),
        ("7 Settings", "Large type"),
    ];
    for (name, expected) in cases {
        let mut session = session();
        session.press("3");
        click(&mut session, name);
        assert!(session.shows(expected), "{name}:\n{}", session.screen());
    }
}

#[test]
fn a_click_on_a_hint_does_what_its_key_does() {
    let mut session = session();
    session.press("3");
    click(&mut session, "n new");
    assert!(session.shows("New: help request"), "{}", session.screen());
    click(&mut session, "Esc back");
    click(&mut session, "q leave");
    assert!(session.others.contains(&Task::Quit));
}

#[test]
fn under_a_popup_nothing_is_clicked() {
    let mut session = session();
    session.press("3<Enter>a");
    let (column, row) = place(&mut session, "2 Notices");
    send(
        &mut session,
        MouseEventKind::Down(MouseButton::Left),
        column,
        row,
    );
    assert!(session.shows("What I can do"), "{}", session.screen());
    click(&mut session, "Accept 陈家");
    let accepted = session.node.written.iter().any(
        |request| matches!(request, Request::Edit { fields, .. } if fields.contains_key("acceptances")),
    );
    assert!(accepted, "a click in the popup chooses");
}

#[test]
fn a_click_gives_a_field_the_focus_and_a_setting_another_value() {
    let mut session = session();
    session.press("3n");
    click(&mut session, "Tell a little more");
    session.press("Saturday");
    assert!(session.shows("8/3000"), "{}", session.screen());
    session.press("<Esc>7");
    click(&mut session, "Large type");
    click(&mut session, "Large type");
    assert!(session.app.settings.large_type);
}

#[test]
fn the_wheel_goes_up_and_down() {
    // A place, what stands there after the wheel went down, and after it went up again.
    let cases = [
        ("3", "▸◔ 帮忙搬", "▸◉ 谁有梯子？"),
        ("1", "▸◔ 帮忙搬", "▸! 今晚停水"),
        ("7", "▸ Colours", "▸ Language"),
        (":", "▸ ask for help", "▸ open"),
        ("5i", "▸ a guest", "▸ a household"),
        ("3n", "▸ Tell a little more", "▸ Title"),
    ];
    for (keys, down, up) in cases {
        let mut session = session();
        session.press(keys);
        wheel(&mut session, MouseEventKind::ScrollDown, 1);
        assert!(session.shows(down), "{keys}:\n{}", session.screen());
        wheel(&mut session, MouseEventKind::ScrollUp, 1);
        assert!(session.shows(up), "{keys}:\n{}", session.screen());
    }
}

#[test]
fn the_wheel_scrolls_what_is_longer_than_the_screen() {
    for keys in ["3<Enter>", "3?", "6", "2<Enter>"] {
        let mut session = Session::begin(Language::English, (40, 15));
        session.press(keys);
        let before = session.screen();
        wheel(&mut session, MouseEventKind::ScrollDown, 3);
        assert_ne!(session.screen(), before, "{keys}");
        wheel(&mut session, MouseEventKind::ScrollUp, 3);
        assert_eq!(session.screen(), before, "{keys}");
    }
}
