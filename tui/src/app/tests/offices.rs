//! Who is who, what can be done with the roster, and motions: keys in, screens and requests out.

use insta::assert_snapshot;
use protocol::api::{CutTarget, Event, Language, NewMotion, Request};
use protocol::id::{DeviceId, EntryId, MemberId};

use super::{Session, fixtures, governing, looks, settings};
use crate::host::HomeState;

fn session() -> Session {
    Session::begin(Language::English, (80, 24))
}

/// A session of a household that is a steward.
pub fn steward(language: Language, size: (u16, u16)) -> Session {
    let mut session = Session::begin(language, size);
    session.node.status = governing::status();
    session.press("1").wait(6_000);
    session
}

/// A session of the founder, who decides alone.
fn founder() -> Session {
    let mut session = session();
    session.node.roster = governing::roster_of_founder();
    session.node.motions.clear();
    session
}

/// What was to be written, reading marks left out.
fn written(session: &Session) -> Vec<Request> {
    let written = session.node.written.iter();
    let written = written.filter(|request| !matches!(request, Request::MarkRead { .. }));
    written.cloned().collect()
}

fn member(byte: u8) -> MemberId {
    MemberId([byte; 32])
}

#[test]
fn keys_lead_to_who_is_who() {
    let cases = [
        ("5", "Households and guests"),
        ("5", "stewards: 林家"),
        ("5<Enter>", "steward of 梧桐里物业"),
        ("5<Enter>", "co-sign motions"),
        ("5<Enter>", "this one"),
        ("5<Enter><End>", "appointed ∙ 林家 ∙ founder"),
        ("5<Down><Down><Down><Enter>", "building lead (building 5)"),
        (
            "5<Down><Down><Down><Enter>",
            "appointed ∙ 林家 ∙ steward of 梧桐里物业",
        ),
        ("5<Down><Down><Down><Down><Enter>", "刷屏，劝了三次"),
        (
            "5<Down><Down><Down><Down><Enter>",
            "the right does not allow this",
        ),
        (
            "5<Down><Down><Down><Down><Down><Enter>",
            "Stewards: sign for the office",
        ),
        ("5<End><Enter>", "certified"),
        ("5a", "Revoke the device a1a1a1a1"),
        ("5<Down><Down><Down>a", "Make moderator"),
        ("5<Down><Down><Down>a", "Motion: Make steward of 梧桐里物业"),
        (
            "5<Down><Down><Down>a",
            "Take back: building lead (building 5)",
        ),
        ("5<Down><Down><Down>a", "Motion: Remove"),
        ("5<Down><Down>a", "make a guest a household"),
        ("5<Down><Down><Down><Down>a", "Motion: readmit"),
        ("5o", "What the office is called"),
        ("M", "2 of 3 offices have to sign"),
        ("5M", "2 of 3 offices have to sign"),
        ("M<Enter>", "remove: Ben (building 5)"),
        ("M<Enter>", "1 signed, 1 more office needed"),
        ("M<Enter>", "陈家 (building 5) ∙ steward of 业委会"),
        ("M<End><Enter>", "another motion took its place"),
        ("M<End><Enter>", "In force is  remove: 吵吵家"),
        ("Mn", "Motion: add an office"),
        (
            "Mn<Down><Enter>",
            "Grandma Wang (building 1) ∙ steward of 业委会",
        ),
        (":motion<Enter>", "2 of 3 offices have to sign"),
        (":dy<Enter>", "2 of 3 offices have to sign"),
        (":动议<Enter>", "2 of 3 offices have to sign"),
    ];
    for (keys, expected) in cases {
        let mut session = Session::begin(Language::English, (100, 60));
        session.press(keys);
        assert!(
            session.shows(expected),
            "{keys} should show {expected:?}:\n{}",
            session.screen()
        );
    }
}

#[test]
fn a_household_that_moved_out_is_told_from_residents() {
    for (language, said) in [
        (Language::English, "moved out"),
        (Language::Chinese, "已搬出"),
    ] {
        let mut session = Session::begin(language, (80, 24));
        session.press("5");
        assert!(!session.shows(said), "{}", session.screen());
        let members = session.node.roster.members.iter_mut();
        let mut members = members.filter(|one| one.id == member(2));
        members.next().expect("a household").moved_out = true;
        session.event(Event::Roster);
        assert!(session.shows(said), "{}", session.screen());
    }
}

#[test]
fn help_knows_the_new_keys() {
    for (keys, expected) in [
        ("5?", "add an office"),
        ("5?", "motions"),
        ("M?", "move something"),
        ("5<Enter>?", "what I can do"),
        ("1?", "motions"),
    ] {
        let mut session = Session::begin(Language::English, (100, 60));
        session.press(keys);
        assert!(session.shows(expected), "{keys}:\n{}", session.screen());
    }
}

#[test]
fn a_role_is_given_at_once_and_taken_back_with_one_key() {
    let mut session = session();
    session.press("5<Down><Down><Down>a<Enter>");
    let given = Request::Appoint {
        member: member(2),
        role: "moderator".to_owned(),
        office: None,
        building: None,
    };
    assert_eq!(written(&session), [given]);
    assert!(session.shows("u takes it back"), "{}", session.screen());
    session.press("u");
    let taken = Request::Cut {
        target: CutTarget::Appointment(EntryId([9; 32])),
        reason: String::new(),
        from: None,
    };
    assert_eq!(written(&session).last(), Some(&taken));
}

#[test]
fn what_needs_others_is_moved_and_what_the_founder_decides_is_done_at_once() {
    // The third line makes a steward of the first office.
    let keys = "5<Down><Down><Down>a<Down><Down><Enter>";
    let mut moved = session();
    moved.press(keys);
    let motion = NewMotion::Appoint {
        member: member(2),
        role: "steward".to_owned(),
        office: Some(member(4)),
        building: None,
    };
    assert_eq!(written(&moved), [Request::Move(motion)]);
    assert!(
        moved.shows("Moved: 1 of 2 offices have signed."),
        "{}",
        moved.screen()
    );
    let mut alone = founder();
    alone.press("5<Down><Down><Down>a<Down><Down><Enter>");
    let given = Request::Appoint {
        member: member(2),
        role: "steward".to_owned(),
        office: Some(member(4)),
        building: None,
    };
    assert_eq!(written(&alone), [given]);
}

#[test]
fn a_removal_asks_why_and_is_moved_or_asked_about_once_more() {
    let keys = "5<Down><Down>a<End><Enter>";
    let removal = |reason: &str| {
        Request::Move(NewMotion::RemoveHousehold {
            member: member(7),
            reason: reason.to_owned(),
            from: None,
        })
    };
    let mut moved = session();
    moved.press(keys).press("<F5>");
    assert!(moved.shows("Please fill this in"), "{}", moved.screen());
    moved.press("flood<F5>");
    assert_eq!(written(&moved), [removal("flood")]);
    assert!(moved.shows("Moved: 1 of 2"), "{}", moved.screen());
    let mut alone = founder();
    alone.press(keys).press("flood<F5>");
    assert_eq!(written(&alone), [], "it is asked about first");
    assert!(alone.shows("Again to remove it"), "{}", alone.screen());
    alone.press("<F5>");
    assert_eq!(written(&alone), [removal("flood")]);
    assert!(alone.shows("It is in force."), "{}", alone.screen());
    // Whoever writes on has not said that it is meant.
    let mut again = founder();
    again.press(keys).press("flood<F5>!<F5>");
    assert_eq!(written(&again), []);
}

#[test]
fn a_role_is_taken_back_with_a_reason_and_given_back_with_one_key() {
    let mut session = Session::begin(Language::English, (80, 40));
    session.press("5<Down><Down><Down>a");
    let place = session.screen();
    let lines: Vec<&str> = place.lines().collect();
    let line = |text: &str| lines.iter().position(|line| line.contains(text));
    let first = line("Make moderator").expect("the first act");
    let wanted = line("Take back: building lead").expect("the role");
    session
        .press(&"<Down>".repeat(wanted - first))
        .press("<Enter>");
    session.press("moved away<F5>");
    let cut = Request::Cut {
        target: CutTarget::Appointment(EntryId([0xe2; 32])),
        reason: "moved away".to_owned(),
        from: None,
    };
    assert_eq!(written(&session), [cut], "{}", session.screen());
    session.press("u");
    let given = Request::Appoint {
        member: member(2),
        role: "building-lead".to_owned(),
        office: None,
        building: Some("5".to_owned()),
    };
    assert_eq!(written(&session).last(), Some(&given));
}

#[test]
fn what_cannot_be_undone_is_asked_about_first() {
    let revoke = Request::Cut {
        target: CutTarget::Device(DeviceId([0xa1; 32])),
        reason: String::new(),
        from: None,
    };
    let promote = Request::Promote { member: member(7) };
    let end = Request::Cut {
        target: CutTarget::Relay(DeviceId([0xd9; 32])),
        reason: String::new(),
        from: None,
    };
    for (keys, question, request) in [
        ("5a<Enter>", "For a device that is lost", revoke),
        (
            "5<Down><Down>a<Enter>",
            "A household posts, invites guests",
            promote,
        ),
        ("5<End>a<Enter>", "Other homes exchange nothing", end),
    ] {
        let mut session = session();
        session.press(keys);
        assert!(session.shows(question), "{}", session.screen());
        // To leave it is what Enter alone does.
        session.press("<Enter>");
        assert_eq!(written(&session), []);
        session.press(&keys[1..].replace("<Down>", "").replace("<End>", ""));
        session.press("<Down><Enter>");
        assert_eq!(written(&session), [request], "{}", session.screen());
    }
}

#[test]
fn nobody_is_offered_what_it_may_not_do() {
    let mut session = session();
    let me = &mut session.node.roster.members[0];
    me.may.clear();
    me.roles.clear();
    for (keys, expected) in [
        // What a household leaves out of its own screens is everybody's to say.
        ("5<Down><Down><Down>a", "Block, on this node alone"),
        ("5<End>a", "nothing that you may do here"),
        ("5<Down><Down><Down><Enter>a", "Block, on this node alone"),
        ("5o", "You may not add offices"),
        ("Mn", "Only stewards of offices move"),
        ("M<Enter>a", "Nothing here waits for your signature"),
    ] {
        session.press(keys);
        assert!(session.shows(expected), "{keys}:\n{}", session.screen());
        for act in ["Remove", "Make ", "Take back", "Name a"] {
            let offered = session.screen().contains(&format!(" {act}"));
            assert!(!offered, "{keys}: {act}:\n{}", session.screen());
        }
        session.press("<Esc><Esc><Esc>");
    }
    // Not even a steward removes its own household.
    let mut steward = self::session();
    steward.press("5a");
    assert!(!steward.shows("Remove"), "{}", steward.screen());
    // One's own lost device may always be given up.
    session.press("5a");
    assert!(
        session.shows("Revoke the device a1a1a1a1"),
        "{}",
        session.screen()
    );
}

#[test]
fn a_motion_that_waits_stands_under_today_until_it_is_signed() {
    let mut session = steward(Language::English, (80, 24));
    session.press("1");
    assert!(
        session.shows("remove: Ben (building 5)"),
        "{}",
        session.screen()
    );
    assert!(
        session.shows("waits for your signature"),
        "{}",
        session.screen()
    );
    // What one moved oneself waits for others.
    assert!(
        !session.shows("appoint: Grandma Wang"),
        "{}",
        session.screen()
    );
    session.press("<Down><Down><Down><Enter>a<Enter>");
    assert!(
        session.shows("You sign as steward of your office"),
        "{}",
        session.screen()
    );
    session.press("<Down><Enter>");
    let motion = EntryId([0xb3; 32]);
    assert_eq!(written(&session), [Request::CoSign { motion }]);
    assert!(session.shows("It is in force."), "{}", session.screen());
    session.press("<Esc>");
    assert!(
        !session.shows("waits for your signature"),
        "{}",
        session.screen()
    );
}

#[test]
fn a_motion_that_waits_stands_in_the_digest_of_today_and_of_no_other_day() {
    let mut session = steward(Language::English, (80, 24));
    session.press("1d");
    assert!(
        session.shows("waits for your signature"),
        "{}",
        session.screen()
    );
    session.press("<Left>");
    assert!(
        !session.shows("waits for your signature"),
        "{}",
        session.screen()
    );
}

#[test]
fn today_asks_again_when_the_roster_changes() {
    let mut session = steward(Language::English, (80, 24));
    let motions = std::mem::take(&mut session.node.motions);
    session.press("1");
    assert!(!session.shows("waits for your signature"));
    session.node.motions = motions;
    session.event(Event::Roster);
    assert!(
        session.shows("waits for your signature"),
        "{}",
        session.screen()
    );
}

#[test]
fn a_motion_that_waits_is_known_as_soon_as_the_capacities_are() {
    let mut session = Session::begin(Language::English, (80, 24));
    session.node.status = governing::status();
    assert!(!session.shows("waits for your signature"));
    session.wait(6_000).wait(1_000);
    assert!(
        session.shows("waits for your signature"),
        "{}",
        session.screen()
    );
}

#[test]
fn a_second_signature_of_one_office_is_not_asked_for() {
    let mut session = steward(Language::English, (80, 24));
    session.node.motions[0].signed = vec![fixtures::named(4)];
    session.press("1");
    assert!(
        !session.shows("waits for your signature"),
        "{}",
        session.screen()
    );
    // With enough signatures any steward puts it in force.
    session.node.motions[0].complete = true;
    session.press("M<Enter>a");
    assert!(session.shows("Put it in force"), "{}", session.screen());
    session.press("<Enter><Down><Enter>");
    let motion = EntryId([0xb3; 32]);
    assert_eq!(written(&session), [Request::Enact { motion }]);
}

#[test]
fn a_refusal_is_shown_where_it_was_tried_and_nothing_is_lost() {
    let mut session = session();
    session.node.refuses = Some(fixtures::refusal("not-allowed", None));
    session.press("5<Down><Down><Down>a<Enter>");
    assert!(
        session.shows("The node says not-allowed."),
        "{}",
        session.screen()
    );
    session.press("<Enter>");
    assert_eq!(written(&session).len(), 1, "{}", session.screen());
    let mut form = self::session();
    form.node.refuses = Some(fixtures::refusal("not-allowed", Some("reason")));
    form.press("5<Down><Down>a<End><Enter>flood<F5>");
    assert!(
        form.shows("The node says not-allowed."),
        "{}",
        form.screen()
    );
    assert!(form.shows("flood"), "{}", form.screen());
}

#[test]
fn every_document_and_change_says_in_which_capacity_it_was_made() {
    let cases = [
        ("2<Enter>", "梧桐里物业 as spokesperson of 梧桐里物业"),
        (
            "3<Down><Down><Enter>",
            "Grandma Wang (building 1) ∙ household",
        ),
        ("4<Enter>v<Home>", "林家 (building 3) ∙ household"),
    ];
    for (keys, expected) in cases {
        let mut session = session();
        session.press(keys);
        assert!(session.shows(expected), "{keys}:\n{}", session.screen());
    }
    let mut session = session();
    let document = session.node.documents[0].id;
    let mut history = fixtures::history(document);
    let appointment = fixtures::id(0xe1);
    let capacity = serde_json::json!({ "field": "capacity", "new": appointment });
    let capacity = serde_json::from_value(capacity).expect("a change");
    history.changes[0].fields.push(capacity);
    session.node.history = Some(history);
    session.press("2<Enter>v<Home>");
    assert!(
        session.shows("林家 (building 3) ∙ spokesperson of 梧桐里物业"),
        "{}",
        session.screen()
    );
}

#[test]
fn hostile_names_and_reasons_command_nothing() {
    let hostile = "Mal\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}lory";
    for keys in [
        "5",
        "5<Enter>",
        "5<Down><Down><Down>a",
        "5<Down><Down><Down><Down><Enter>",
        "5<Down><Down><Down><Down><Down><Enter>",
        "5<Down><Down>a<End><Enter>",
        "5<End><Enter>",
        "M",
        "M<Enter>",
        "M<End><Enter>",
        "Mn<Down><Enter>",
        "1",
    ] {
        let mut session = steward(Language::English, (80, 40));
        for member in &mut session.node.roster.members {
            member.name = hostile.to_owned();
            member.building = Some(hostile.to_owned());
            if let Some(removal) = &mut member.removal {
                removal.reason = Some(hostile.to_owned());
            }
        }
        for relay in &mut session.node.roster.relays {
            relay.name = hostile.to_owned();
        }
        for statement in &mut session.node.roster.excluded {
            statement.reason = hostile.to_owned();
        }
        for motion in &mut session.node.motions {
            motion.by.name = hostile.to_owned();
            motion.reason = Some(hostile.to_owned());
            motion.why = Some(hostile.to_owned());
        }
        session.press(keys);
        assert!(session.shows("Mal"), "{keys}:\n{}", session.screen());
        let screen = session.screen();
        let obeyed = screen
            .chars()
            .find(|sign| sign.is_control() && *sign != '\n' || *sign == '\u{202e}');
        assert_eq!(obeyed, None, "{keys}: {screen:?}");
    }
}

/// What a steward alone sees.
pub const OF_STEWARDS: [(&str, &str); 4] = [
    ("today-motion", "1<Down><Down><Down>"),
    ("motions-waiting", "M"),
    ("motion-waiting", "M<Enter>"),
    ("cosign", "M<Enter>a<Enter>"),
];

#[test]
fn what_stewards_see_at_every_size_in_both_languages() {
    for language in [Language::Chinese, Language::English] {
        for size in [(40, 15), (80, 24), (120, 40)] {
            for (name, keys) in OF_STEWARDS {
                let mut session = steward(language, size);
                session.press(keys);
                let name = format!("{name}-{}-{}x{}", language.code(), size.0, size.1);
                assert_snapshot!(name, session.screen());
            }
        }
    }
}

#[test]
fn styles_of_what_stewards_see_in_two_themes() {
    for (name, keys) in OF_STEWARDS {
        let mut text = String::new();
        for theme in [protocol::api::Theme::Terminal, protocol::api::Theme::Dark] {
            let settings = protocol::api::Settings {
                theme,
                ..settings(Language::English)
            };
            let home = HomeState::Running("/nowhere".into());
            let mut session = Session::begin_with(settings, home, (80, 24));
            session.node.status = governing::status();
            session.press("1").wait(6_000).press(keys);
            text.push_str(&format!("{theme:?}\n{}", looks::styles(&session.buffer())));
        }
        assert_snapshot!(format!("styles-{name}"), text);
    }
}
