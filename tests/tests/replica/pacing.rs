//! A sender that runs ahead of its peer: what is under way counts as sent.

use std::collections::{BTreeMap, VecDeque};

use protocol::id::EntryId;
use protocol::limits;
use protocol::segment::read_segments;
use protocol::session::frame::Frame;
use protocol::session::{Output, Purpose, Session, Side};
use protocol::statement::Authority;

use crate::home::{Home, SECRET};

/// Frames that are under way in each direction at most.
const UNDER_WAY: usize = 4;

#[test]
fn nothing_is_sent_twice_while_frames_are_under_way() {
    let mut founder = Home::found();
    founder.admit(2, Authority::Founder);
    let mut bo = Home::new(2, founder.replica.space());
    bo.take(&founder.runs()).expect("honest");
    for _ in 0..300 {
        founder.document(&"停".repeat(limits::BODY_CHARS_MAX));
    }
    let lacking = founder.memory.entries().len() - bo.memory.entries().len();
    let space = founder.replica.space();

    let mut sessions = [
        Session::new(Side::Opener, Purpose::Meet, &SECRET, b"one", b"other"),
        Session::new(Side::Answerer, Purpose::Meet, &SECRET, b"other", b"one"),
    ];
    let homes = [&mut founder, &mut bo];
    let mut under_way: [VecDeque<Frame>; 2] = [VecDeque::new(), VecDeque::new()];
    let mut sent: BTreeMap<EntryId, usize> = BTreeMap::new();
    let mut outputs: Vec<(usize, Output)> = Vec::new();
    outputs.extend(sessions[0].open().into_iter().map(|output| (0, output)));
    loop {
        for (end, output) in std::mem::take(&mut outputs) {
            match output {
                Output::Send(frame) => under_way[end].push_back(frame),
                Output::Commit(mut received) => homes[end].commit(&mut received),
                _ => {}
            }
        }
        for end in [0, 1] {
            while under_way[end].len() < UNDER_WAY {
                let home = &mut *homes[end];
                let polled = sessions[end].poll(&mut home.replica, &home.memory);
                let Some(frame) = polled.expect("memory can be read") else {
                    break;
                };
                under_way[end].push_back(frame);
            }
        }
        let mut is_quiet = true;
        for end in [0, 1] {
            let Some(frame) = under_way[end].pop_front() else {
                continue;
            };
            is_quiet = false;
            if let Frame::Entries { segments } = &frame {
                for segment in read_segments(space, segments).expect("honest") {
                    for entry in segment.entries {
                        *sent.entry(entry.id).or_default() += 1;
                    }
                }
            }
            let to = 1 - end;
            let home = &mut *homes[to];
            let done = sessions[to].handle(&frame.to_bytes(), &mut home.replica, &home.memory);
            let done = done.expect("honest");
            outputs.extend(done.into_iter().map(|output| (to, output)));
        }
        if is_quiet && outputs.is_empty() {
            break;
        }
    }
    assert_eq!(
        bo.replica.frontier_digest(),
        founder.replica.frontier_digest()
    );
    assert_eq!(sent.len(), lacking);
    let twice = sent.values().filter(|times| **times > 1).count();
    assert_eq!(twice, 0, "entries that were sent more than once");
    assert!(sessions.iter().all(Session::is_in_step));
}
