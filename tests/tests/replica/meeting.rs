//! Meetings of two homes: who is let in by its admission chain, and until when who joins is
//! pending (rule R21).

use std::collections::VecDeque;

use protocol::id::EntryId;
use protocol::joining::{InvalidChain, JoinRequest, Joiner};
use protocol::key::SecretKey;
use protocol::limits;
use protocol::roster::ChainError;
use protocol::segment::write_segments;
use protocol::session::frame::Frame;
use protocol::session::{Output, Purpose, Session, SessionError, Side};
use protocol::statement::{Act, Authority, MemberKind};

use crate::home::{Home, SECRET, certificate};

/// Lets two homes meet until neither has anything to say. The answerer's frames go through
/// `answers`, and it grants whoever asks to join.
pub fn meet(
    opener: &mut Home,
    answerer: &mut Home,
    purpose: Purpose,
    mut answers: impl FnMut(Frame) -> Frame,
) -> Result<(), SessionError> {
    let mut sessions = [
        Session::new(Side::Opener, purpose, &SECRET, b"one", b"other"),
        Session::new(Side::Answerer, Purpose::Meet, &SECRET, b"other", b"one"),
    ];
    let homes = [opener, answerer];
    let mut frames: VecDeque<(usize, Frame)> = VecDeque::new();
    let mut outputs: VecDeque<(usize, Output)> = VecDeque::new();
    outputs.extend(sessions[0].open().into_iter().map(|output| (0, output)));
    loop {
        while let Some((end, output)) = outputs.pop_front() {
            let home = &mut *homes[end];
            match output {
                Output::Send(frame) if end == 1 => frames.push_back((0, answers(frame))),
                Output::Send(frame) => frames.push_back((1, frame)),
                Output::Commit(mut received) => home.commit(&mut received),
                Output::JoinRequested(request) => {
                    let act = request.act(MemberKind::Household, 1, 1);
                    home.state(Authority::Founder, act);
                    let admitted = sessions[end].admit(&mut home.replica);
                    outputs.extend(admitted.into_iter().map(|output| (end, output)));
                }
                _ => {}
            }
        }
        if frames.is_empty() {
            for end in [0, 1] {
                let home = &mut *homes[end];
                if let Some(frame) = sessions[end].poll(&mut home.replica, &home.memory)? {
                    outputs.push_back((end, Output::Send(frame)));
                }
            }
            if outputs.is_empty() {
                return Ok(());
            }
            continue;
        }
        let (end, frame) = frames.pop_front().expect("there is a frame");
        let home = &mut *homes[end];
        let bytes = frame.to_bytes();
        let done = sessions[end].handle(&bytes, &mut home.replica, &home.memory)?;
        outputs.extend(done.into_iter().map(|output| (end, output)));
    }
}

/// Lets two members' homes meet.
pub fn meet_as_members(opener: &mut Home, answerer: &mut Home) -> Result<(), SessionError> {
    meet(opener, answerer, Purpose::Meet, |frame| frame)
}

/// A founder, a household and a third home that nobody has admitted.
fn neighbours() -> (Home, Home, Home) {
    let mut founder = Home::found();
    let space = founder.replica.space();
    founder.admit(2, Authority::Founder);
    let mut bo = Home::new(2, space);
    bo.take(&founder.runs()).expect("honest");
    (founder, bo, Home::new(3, space))
}

#[test]
fn who_was_let_in_by_a_household_without_the_right_is_not_served() {
    let (mut founder, mut bo, mut friend) = neighbours();
    let admission = bo.memory.entries()[1].entry.id;
    bo.admit(3, Authority::Member { admission });
    friend.take(&bo.runs()).expect("honest");
    let chain = write_segments(&bo.runs());
    let outcome = meet(
        &mut founder,
        &mut friend,
        Purpose::Meet,
        |frame| match frame {
            Frame::Chain { .. } => Frame::Chain {
                segments: chain.clone(),
            },
            frame => frame,
        },
    );
    assert!(
        matches!(
            outcome,
            Err(SessionError::Chain(InvalidChain::Roster(
                ChainError::NotAdmitted
            )))
        ),
        "{outcome:?}"
    );
    assert_eq!(founder.memory.entries().len(), 2, "nothing was taken");
}

#[test]
fn a_chain_through_long_logs_fits_and_introduces_to_who_knows_little() {
    let (mut founder, mut bo, mut friend) = neighbours();
    founder.admit(9, Authority::Founder);
    let mut knows_little = Home::new(9, founder.replica.space());
    knows_little.take(&founder.runs()[..1]).expect("honest");
    for number in 0..100 {
        founder.document(&format!("{number} {}", "x".repeat(900)));
    }
    let lead = founder.appoint_lead(bo.member());
    for number in 0..100 {
        founder.document(&format!("{number} {}", "y".repeat(900)));
    }
    // Only the newest signature of the founder's log is left on the way.
    bo.take(&founder.runs()).expect("honest");
    bo.admit(3, lead);
    friend.take(&bo.runs()).expect("honest");
    let runs = friend.replica.admission_chain(&friend.memory);
    let length = write_segments(&runs.expect("memory can be read")).len();
    assert!(
        length <= limits::ADMISSION_CHAIN_BYTES_MAX,
        "{length} bytes"
    );
    meet(&mut knows_little, &mut friend, Purpose::Meet, |frame| frame).expect("introduced");
    let held = |home: &Home| home.memory.entries().len();
    assert_eq!(held(&knows_little), held(&friend));
}

fn request(joiner: &Home, seed: u8) -> Purpose {
    let one_time = SecretKey::from_seed(&[77; 32]);
    let request = JoinRequest::new(
        joiner.replica.space(),
        &one_time,
        Joiner::Member(certificate(seed)),
        "household".into(),
        None,
    );
    Purpose::Join(Box::new(request))
}

#[test]
fn who_joins_is_pending_until_it_holds_what_the_inviter_had_seen() {
    let (mut founder, _, mut joiner) = neighbours();
    let heads = founder.replica.roster().heads();
    let purpose = request(&joiner, 3);
    assert!(!joiner.replica.is_admitted_after(&heads));
    meet(&mut joiner, &mut founder, purpose, |frame| frame).expect("granted");
    assert!(joiner.replica.is_admitted_after(&heads));
    let unseen = [EntryId([1; 32])];
    assert!(!joiner.replica.is_admitted_after(&unseen));
}

#[test]
fn who_joins_serves_no_stranger_that_knows_the_secret() {
    let (founder, _, mut joiner) = neighbours();
    joiner.take(&founder.runs()).expect("honest");
    let mut stranger = Home::new(8, founder.replica.space());
    let purpose = request(&joiner, 3);
    // The stranger grants the request by no right, and has no chain to show.
    let outcome = meet(&mut joiner, &mut stranger, purpose, |frame| frame);
    assert!(
        matches!(outcome, Err(SessionError::Chain(_))),
        "{outcome:?}"
    );
    let statements = stranger.memory.entries().iter();
    let taken = statements.filter(|stored| stored.entry.header.device != stranger.id());
    assert_eq!(taken.count(), 0, "nothing was served");
}

#[test]
fn a_cut_lead_introduces_nobody_to_who_knows_of_the_cut() {
    let (mut founder, mut bo, mut friend) = neighbours();
    let lead = founder.appoint_lead(bo.member());
    bo.take(&founder.runs()).expect("honest");
    let Authority::Grant { appointment } = lead else {
        unreachable!("a lead is appointed");
    };
    founder.state(
        Authority::Founder,
        Act::CutRole {
            appointment,
            tips: Default::default(),
            reason: "moved away".into(),
        },
    );
    bo.admit(3, lead);
    friend.take(&bo.runs()).expect("honest");
    let outcome = meet(&mut founder, &mut friend, Purpose::Meet, |frame| frame);
    assert!(
        matches!(outcome, Err(SessionError::Chain(_))),
        "{outcome:?}"
    );
}
