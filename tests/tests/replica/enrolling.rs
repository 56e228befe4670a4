//! Further devices at the door of a session (decision 0012): what a code or a member's key opens,
//! and what it does not.

use protocol::enrolment::{Enrolment, EnrolmentCode, EnrolmentSecret, greeting};
use protocol::id::{DeviceId, InvitationId};
use protocol::session::frame::{Frame, RefusedReason, Whereabouts};
use protocol::session::{Finder, Found, Output, Purpose, Session, SessionError, Side};
use protocol::statement::{Act, Authority, Certificate};

use super::home::{Home, SECRET};

const NAMES: [&[u8]; 2] = [b"opener", b"answerer"];

fn code_of(founder: &mut Home) -> EnrolmentCode {
    EnrolmentCode {
        space: founder.replica.space(),
        member: founder.member(),
        device: founder.replica.device(),
        secret: EnrolmentSecret([5; 16]),
        heads: founder.replica.roster().heads(),
        expires_s: 0,
        neighbourhood: "Parasol Court".to_owned(),
        addresses: Vec::new(),
    }
}

fn answerer(codes: &[InvitationId]) -> Session {
    let [opener, answerer] = NAMES;
    Session::new(Side::Answerer, Purpose::Meet, &SECRET, answerer, opener)
        .with_codes(codes.to_vec())
}

fn opener(purpose: Purpose, secret: &[u8; 32]) -> Session {
    let [opener, answerer] = NAMES;
    Session::new(Side::Opener, purpose, secret, opener, answerer)
}

fn by_code(code: &EnrolmentCode, device: DeviceId) -> Purpose {
    Purpose::Enrol {
        enrolment: Box::new(Enrolment::by_code(code, device)),
        of: Some(code.device),
    }
}

/// Hands frames to and fro until nothing more is sent. Returns what the ends told beside.
fn exchange(
    [opener, answerer]: [&mut Session; 2],
    [one, other]: [&mut Home; 2],
) -> Result<Vec<Output>, SessionError> {
    let mut told = Vec::new();
    let mut for_answerer = opener.open();
    let mut for_opener = Vec::new();
    while !(for_answerer.is_empty() && for_opener.is_empty()) {
        for output in std::mem::take(&mut for_answerer) {
            match output {
                Output::Send(frame) => {
                    let bytes = frame.to_bytes();
                    let (replica, memory) = (&mut other.replica, &other.memory);
                    match answerer.handle(&bytes, replica, memory) {
                        Ok(outputs) => for_opener.extend(outputs),
                        // It has refused, and what was under way comes to nothing.
                        Err(SessionError::OutOfTurn { frame: "frame" }) => {}
                        Err(error) => return Err(error),
                    }
                }
                output => told.push(output),
            }
        }
        for output in std::mem::take(&mut for_opener) {
            match output {
                Output::Send(frame) => {
                    let bytes = frame.to_bytes();
                    let (replica, memory) = (&mut one.replica, &one.memory);
                    for_answerer.extend(opener.handle(&bytes, replica, memory)?);
                }
                output => told.push(output),
            }
        }
    }
    Ok(told)
}

fn is_asked(told: &[Output]) -> bool {
    told.iter()
        .any(|output| matches!(output, Output::EnrolmentRequested(_)))
}

fn refused(told: &[Output]) -> Option<RefusedReason> {
    told.iter().find_map(|output| match output {
        Output::Refused(reason) => Some(*reason),
        _ => None,
    })
}

/// A founder, and the home of a device that is to become its second.
fn household() -> (Home, Home, EnrolmentCode) {
    let mut founder = Home::found();
    let second = Home::of_household(1, 70, founder.replica.space());
    let code = code_of(&mut founder);
    (founder, second, code)
}

#[test]
fn who_shows_a_code_is_judged_and_is_served_once_it_is_certified() {
    let (mut founder, mut second, code) = household();
    let id = code.secret.id();
    let purpose = by_code(&code, second.replica.device());
    let (mut opens, mut answers) = (opener(purpose, &greeting(id)), answerer(&[id]));
    let told = exchange([&mut opens, &mut answers], [&mut second, &mut founder]);
    assert!(is_asked(&told.expect("an honest exchange")));
    assert!(!opens.is_syncing(), "nobody has certified it yet");

    let certificate = Certificate::issue(&founder.household, second.replica.device());
    founder.state(Authority::Founder, Act::Enrol { certificate });
    let mut for_opener = answers.admit(&mut founder.replica);
    while !for_opener.is_empty() {
        let mut for_answerer = Vec::new();
        for output in std::mem::take(&mut for_opener) {
            if let Output::Send(frame) = output {
                let (replica, memory) = (&mut second.replica, &second.memory);
                let outputs = opens.handle(&frame.to_bytes(), replica, memory);
                for_answerer.extend(outputs.expect("honest"));
            }
        }
        for output in for_answerer {
            if let Output::Send(frame) = output {
                let (replica, memory) = (&mut founder.replica, &founder.memory);
                let outputs = answers.handle(&frame.to_bytes(), replica, memory);
                for_opener.extend(outputs.expect("honest"));
            }
        }
    }
    assert!(opens.is_syncing() && answers.is_syncing());
}

#[test]
fn a_code_that_this_node_does_not_know_opens_nothing() {
    let (mut founder, mut second, code) = household();
    let purpose = by_code(&code, second.replica.device());
    let greeted = greeting(code.secret.id());
    let (mut opens, mut answers) = (opener(purpose, &greeted), answerer(&[]));
    let told = exchange([&mut opens, &mut answers], [&mut second, &mut founder]);
    assert!(matches!(told, Err(SessionError::Stranger)), "{told:?}");
}

#[test]
fn a_code_serves_for_nothing_but_to_ask() {
    let (mut founder, mut second, code) = household();
    let id = code.secret.id();
    // The code's greeting, and then an introduction as if the device were known.
    let (mut opens, mut answers) = (opener(Purpose::Meet, &greeting(id)), answerer(&[id]));
    let told = exchange([&mut opens, &mut answers], [&mut second, &mut founder]);
    assert!(
        matches!(told, Err(SessionError::OutOfTurn { .. })),
        "{told:?}"
    );
    // The space's secret, and then a request by the code: it came another way than codes come.
    let purpose = by_code(&code, second.replica.device());
    let (mut opens, mut answers) = (opener(purpose, &SECRET), answerer(&[id]));
    let told = exchange([&mut opens, &mut answers], [&mut second, &mut founder]);
    let told = told.expect("it is answered");
    assert_eq!(refused(&told), Some(RefusedReason::InvalidRequest));
    // One code's greeting, and a request by another.
    let other = EnrolmentCode {
        secret: EnrolmentSecret([6; 16]),
        ..code
    };
    let purpose = by_code(&other, second.replica.device());
    let (mut opens, mut answers) = (opener(purpose, &greeting(id)), answerer(&[id]));
    let told = exchange([&mut opens, &mut answers], [&mut second, &mut founder]);
    let told = told.expect("it is answered");
    assert_eq!(refused(&told), Some(RefusedReason::InvalidRequest));
    assert!(!is_asked(&told));
}

#[test]
fn a_request_that_another_has_heard_is_not_its_own() {
    let (mut founder, second, code) = household();
    let id = code.secret.id();
    let mut thief = Home::of_household(1, 71, founder.replica.space());
    let heard = by_code(&code, second.replica.device());
    let (mut opens, mut answers) = (opener(heard, &greeting(id)), answerer(&[id]));
    let told = exchange([&mut opens, &mut answers], [&mut thief, &mut founder]);
    let told = told.expect("it is answered");
    assert_eq!(refused(&told), Some(RefusedReason::InvalidRequest));
}

#[test]
fn a_new_device_asks_no_other_than_the_one_that_made_its_code() {
    let (mut founder, mut second, code) = household();
    let (id, device) = (code.secret.id(), second.replica.device());
    let elsewhere = EnrolmentCode {
        device: DeviceId([9; 32]),
        ..code
    };
    let purpose = by_code(&elsewhere, device);
    let (mut opens, mut answers) = (opener(purpose, &greeting(id)), answerer(&[id]));
    let told = exchange([&mut opens, &mut answers], [&mut second, &mut founder]);
    assert!(matches!(told, Err(SessionError::Stranger)), "{told:?}");
}

fn find(founder: &mut Home, household: u8) -> Result<Whereabouts, SessionError> {
    let lost = Home::of_household(household, 72, founder.replica.space());
    let [one, other] = NAMES;
    let (mut finder, mut frame) = Finder::new(&lost.household, lost.device.clone(), one, other);
    let mut answers = answerer(&[]);
    loop {
        let (replica, memory) = (&mut founder.replica, &founder.memory);
        let outputs = answers.handle(&frame.to_bytes(), replica, memory)?;
        assert_eq!(outputs.len(), 1, "{outputs:?}");
        let Some(Output::Send(answer)) = outputs.into_iter().next() else {
            panic!("a frame for each frame");
        };
        match finder.handle(&answer.to_bytes())? {
            Found::Ask(next) => frame = next,
            Found::Here(whereabouts) => return Ok(whereabouts),
            Found::Refused(reason) => return Err(SessionError::NotServed(reason)),
        }
    }
}

#[test]
fn a_member_finds_its_neighbourhood_by_its_key_and_nobody_else_does() {
    let (mut founder, _, code) = household();
    founder.admit(2, Authority::Founder);
    for household in [1, 2] {
        let found = find(&mut founder, household).expect("it is told");
        assert_eq!(found.space, code.space);
        assert_eq!(found.neighbourhood, "Parasol Court");
        let founding = founder.replica.roster().founding().expect("a founding");
        assert_eq!(found.secret, founding.secret());
    }
    let stranger = find(&mut founder, 3);
    assert!(
        matches!(stranger, Err(SessionError::Stranger)),
        "{stranger:?}"
    );
}

#[test]
fn the_name_of_a_member_alone_is_told_nothing() {
    let (mut founder, mut second, _) = household();
    // Whoever knows a member's name can greet by it; then it takes the member's key.
    let secret = protocol::key::hash(b"linli recov sec1", &[&founder.member().0]);
    let thief = protocol::key::SecretKey::from_seed(&[66; 32]);
    let forged = Certificate {
        member: founder.member(),
        ..Certificate::issue(&thief, second.replica.device())
    };
    let purpose = Purpose::Enrol {
        enrolment: Box::new(Enrolment::ByKey(forged)),
        of: None,
    };
    let (mut opens, mut answers) = (opener(purpose, &secret), answerer(&[]));
    let told = exchange([&mut opens, &mut answers], [&mut second, &mut founder]);
    let told = told.expect("it is answered");
    assert_eq!(refused(&told), Some(RefusedReason::InvalidRequest));
    let told = exchange(
        [&mut opener(Purpose::Meet, &secret), &mut answerer(&[])],
        [&mut second, &mut founder],
    );
    assert!(
        matches!(told, Err(SessionError::OutOfTurn { .. })),
        "{told:?}"
    );
}

#[test]
fn frames_of_enrolment_have_no_place_in_a_sync() {
    let (mut founder, mut second, code) = household();
    let certificate = Certificate::issue(&founder.household, second.replica.device());
    founder.state(Authority::Founder, Act::Enrol { certificate });
    second.take(&founder.runs()).expect("honest");
    let (mut opens, mut answers) = (opener(Purpose::Meet, &SECRET), answerer(&[]));
    let told = exchange([&mut opens, &mut answers], [&mut second, &mut founder]);
    told.expect("two devices of one household meet");
    assert!(answers.is_syncing());
    let found = Frame::Found(Whereabouts {
        space: code.space,
        secret: SECRET,
        heads: code.heads,
        neighbourhood: String::new(),
    });
    let (replica, memory) = (&mut founder.replica, &founder.memory);
    let outcome = answers.handle(&found.to_bytes(), replica, memory);
    assert!(
        matches!(outcome, Err(SessionError::OutOfTurn { .. })),
        "{outcome:?}"
    );
}
