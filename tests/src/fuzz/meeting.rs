//! A meeting made of choices: an honest replica and a peer that shakes hands as it should, while
//! the frames of the peer are damaged, doubled, dropped or replaced by others of the right shape.

use std::collections::VecDeque;

use protocol::entry::Subject;
use protocol::fork::{ForkProof, Side as Branch};
use protocol::frontier::{Head, Row};
use protocol::id::{DeviceId, EntryId};
use protocol::limits;
use protocol::segment::{self, Segment};
use protocol::session::frame::{Frame, RefusedReason};
use protocol::session::{Output, Purpose, Session, Side};

use super::choices::Choices;
use super::delivery::Place;
use super::village::{self, Emphasis, Village};
use crate::seeds;

/// Frames that a meeting takes at most, both ways.
const FRAMES_MAX: usize = 60;
/// Frames that are polled for at once.
const POLLED_MAX: usize = 4;

struct End {
    place: Place,
    session: Session,
    inbox: VecDeque<Vec<u8>>,
}

impl End {
    fn new(author: (u8, u8), side: Side, names: [&[u8]; 2]) -> Self {
        let secret = seeds::founding().secret();
        Self {
            place: Place::empty(author),
            session: Session::new(side, Purpose::Meet, &secret, names[0], names[1]),
            inbox: VecDeque::new(),
        }
    }

    /// Carries outputs out. Returns what goes to the other end.
    fn carry_out(&mut self, outputs: Vec<Output>) -> Vec<Frame> {
        let mut sent = Vec::new();
        let mut waiting: VecDeque<Output> = outputs.into();
        while let Some(output) = waiting.pop_front() {
            match output {
                Output::Send(frame) => sent.push(frame),
                Output::Commit(received) => self.place.commit(*received),
                Output::JoinRequested(_) | Output::EnrolmentRequested(_) => {
                    let reason = RefusedReason::InvitationUnknown;
                    waiting.extend(self.session.refuse(reason));
                }
                _ => {}
            }
        }
        for _ in 0..POLLED_MAX {
            let place = &mut self.place;
            let polled = self.session.poll(&mut place.replica, &place.memory);
            match polled.expect("memory can be read") {
                Some(frame) => sent.push(frame),
                None => break,
            }
        }
        sent
    }

    /// Takes the next frame. Returns what goes to the other end; none when the session is over.
    fn take(&mut self) -> Option<Vec<Frame>> {
        let bytes = self.inbox.pop_front()?;
        let place = &mut self.place;
        let outputs = self
            .session
            .handle(&bytes, &mut place.replica, &place.memory);
        Some(self.carry_out(outputs.ok()?))
    }
}

/// Lets two replicas of one village meet, one of them or the wire between them hostile. What the
/// honest one stores is sound, and nothing it sends is larger than a frame may be.
pub fn meet(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let names: [&[u8]; 2] = [b"opener", b"answerer"];
    let hostile = choices.one_of([village::HOUSEHOLD, village::HOUSEHOLD, village::STRANGER]);
    let mut honest = End::new((1, 2), Side::Answerer, [names[1], names[0]]);
    let mut peer = End::new(hostile, Side::Opener, names);
    let mut village = Village::founded();
    for end in [&mut honest, &mut peer] {
        for run in &village.runs {
            let entries = run.clone();
            end.place.take(vec![Segment { entries }]);
        }
    }
    let mut written = choices.clone();
    let founded = village.runs.len();
    village.live(&mut written, Emphasis::Documents);
    for (number, run) in village.runs.iter().enumerate().skip(founded) {
        let end = match number % 3 {
            0 => &mut honest,
            _ => &mut peer,
        };
        let entries = run.clone();
        end.place.take(vec![Segment { entries }]);
    }
    let opened = peer.session.open();
    let opened = peer.carry_out(opened);
    honest.inbox.extend(opened.iter().map(Frame::to_bytes));
    for _ in 0..FRAMES_MAX {
        let Some(answers) = honest.take() else {
            if honest.inbox.is_empty() {
                break;
            }
            // The session is over: whatever still comes is refused.
            continue;
        };
        for frame in answers {
            let bytes = frame.to_bytes();
            assert!(bytes.len() <= limits::FRAME_BYTES_MAX, "a frame too large");
            let read = Frame::from_bytes(&bytes).expect("a frame can be read");
            assert_eq!(read, frame);
            peer.inbox.push_back(bytes);
        }
        while !peer.inbox.is_empty() {
            let frames = peer.take().unwrap_or_default();
            for frame in frames {
                honest.inbox.extend(tamper(&frame, &village, &mut choices));
            }
        }
        if honest.inbox.is_empty() && !choices.is_over() {
            let frame = invented(&village, &mut choices);
            honest.inbox.push_back(frame.to_bytes());
        }
    }
    honest.place.check_store();
}

/// What the honest end gets instead of a frame of its peer.
fn tamper(frame: &Frame, village: &Village, choices: &mut Choices<'_>) -> Vec<Vec<u8>> {
    let mut bytes = frame.to_bytes();
    // One decision for each frame: mostly it passes, or the handshake would never end.
    match choices.byte() {
        0..=199 => vec![bytes],
        200..=214 => {
            choices.damage(&mut bytes);
            vec![bytes]
        }
        215..=224 => vec![bytes.clone(), bytes],
        225..=229 => Vec::new(),
        230..=242 => vec![invented(village, choices).to_bytes(), bytes],
        _ => vec![invented(village, choices).to_bytes()],
    }
}

fn invented(village: &Village, choices: &mut Choices<'_>) -> Frame {
    let run = choices.pick(&village.runs).unwrap_or_default();
    let entry = choices.pick(&run).expect("a run has entries");
    let device = entry.header.device;
    match choices.below(12) {
        0 => Frame::Summary {
            digest: [choices.byte(); 32],
            yours: u64::try_from(choices.number()).unwrap_or(u64::MAX),
        },
        1 => Frame::Buckets {
            hashes: vec![choices.byte(); choices.one_of([256 * 16, 256 * 16, 16, 0])],
        },
        2..=4 => Frame::Rows {
            buckets: [choices.one_of([255, 0, 1]); 32],
            rows: rows(village, choices),
            more: choices.rarely(60),
            reply: choices.rarely(128),
        },
        5 => Frame::Entries {
            segments: segment::write_segments(&[run]),
        },
        6 => Frame::Entries {
            segments: segment::write_segments(&[Vec::new()]),
        },
        7 | 8 => Frame::Fetch {
            device: match choices.rarely(60) {
                true => DeviceId([7; 32]),
                false => device,
            },
            entry: match choices.rarely(60) {
                true => EntryId([7; 32]),
                false => entry.id,
            },
            count: u64::try_from(choices.number()).unwrap_or(u64::MAX),
        },
        9 => Frame::Held {
            yours: u64::try_from(choices.number()).unwrap_or(u64::MAX),
        },
        10 => Frame::Proofs {
            proofs: proofs(village, choices),
        },
        _ => choices.one_of([
            Frame::ChainWanted,
            Frame::Welcome,
            Frame::Chain {
                segments: segment::write_segments(&village.runs[..1]),
            },
            Frame::Refused {
                reason: RefusedReason::Removed,
            },
        ]),
    }
}

fn rows(village: &Village, choices: &mut Choices<'_>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for _ in 0..choices.below(5) {
        let run = choices.pick(&village.runs).unwrap_or_default();
        let Some(head) = choices.pick(&run) else {
            continue;
        };
        let seq = match choices.rarely(60) {
            true => u64::try_from(choices.number()).unwrap_or(u64::MAX),
            false => head.header.seq,
        };
        let heads = vec![Head {
            seq,
            entry: head.id,
        }];
        let device = head.header.device;
        rows.push(Row { device, heads });
    }
    if !choices.rarely(30) {
        rows.sort_by_key(|row| row.device);
        rows.dedup_by_key(|row| row.device);
    }
    rows
}

/// Proofs of the village's forks, and of none.
fn proofs(village: &Village, choices: &mut Choices<'_>) -> Vec<ForkProof> {
    let mut sides = (0..2).filter_map(|_| {
        let run = choices.pick(&village.runs)?;
        let signature = run.last()?.signature?;
        let headers = run.iter().map(|entry| entry.header.clone()).collect();
        Some(Branch { headers, signature })
    });
    match (sides.next(), sides.next()) {
        (Some(one), Some(other)) => vec![ForkProof::new(one, other)],
        _ => Vec::new(),
    }
}

/// Shows the founder's node an admission chain made of choices: whoever is welcomed was admitted
/// by somebody who may, as the whole village's roster tells.
pub fn introduce(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let shower = choices.one_of([(11, 13), village::STRANGER, (3, 12)]);
    let knows_all = choices.rarely(60);
    let mut village = Village::founded();
    let founded = village.runs.len();
    village.live(&mut choices.clone(), Emphasis::Roster);
    let names: [&[u8]; 2] = [b"opener", b"answerer"];
    let mut honest = End::new((1, 2), Side::Answerer, [names[1], names[0]]);
    let mut peer = End::new(shower, Side::Opener, names);
    for (number, run) in village.runs.iter().enumerate() {
        if number < founded || knows_all {
            let entries = run.clone();
            honest.place.take(vec![Segment { entries }]);
        }
    }
    let opened = peer.session.open();
    let opened = peer.carry_out(opened);
    honest.inbox.extend(opened.iter().map(Frame::to_bytes));
    let mut chain = chain(&village, &mut choices);
    if choices.rarely(20) {
        choices.damage(&mut chain);
    }
    let mut shown = Some(Frame::Chain { segments: chain });
    for _ in 0..8 {
        let Some(answers) = honest.take() else {
            break;
        };
        for frame in answers {
            if let (Frame::ChainWanted, Some(chain)) = (&frame, shown.take()) {
                honest.inbox.push_back(chain.to_bytes());
                continue;
            }
            peer.inbox.push_back(frame.to_bytes());
        }
        while !peer.inbox.is_empty() {
            let frames = peer.take().unwrap_or_default();
            let frames = frames.into_iter();
            // The chain that is shown is the chosen one alone.
            let frames = frames.filter(|frame| !matches!(frame, Frame::Chain { .. }));
            honest.inbox.extend(frames.map(|frame| frame.to_bytes()));
        }
    }
    if honest.session.is_syncing() && !knows_all {
        was_admitted(&village, shower);
    }
    honest.place.check_store();
}

/// Statements of the village, some left out or out of order.
fn chain(village: &Village, choices: &mut Choices<'_>) -> Vec<u8> {
    let mut runs: Vec<_> = village
        .runs
        .iter()
        .filter(|run| {
            run.iter()
                .any(|entry| entry.header.subject == Subject::Roster)
        })
        .filter(|_| !choices.rarely(16))
        .cloned()
        .collect();
    if choices.rarely(30) {
        let middle = choices.below(runs.len() + 1);
        runs.rotate_left(middle);
    }
    segment::write_segments(&runs)
}

/// Some statement of the village names the device, and its certificate is signed by its member.
fn was_admitted(village: &Village, (member, device): (u8, u8)) {
    use protocol::statement::{Act, Statement};
    let wanted = (seeds::member(member), seeds::device(device));
    let certified = village.runs.iter().flatten().any(|entry| {
        let payload = entry.payload.as_deref().unwrap_or_default();
        let Ok(Statement::Known { act, .. }) = Statement::from_bytes(payload) else {
            return false;
        };
        let mut act = &act;
        while let Act::Move { act: moved, .. } = act {
            act = moved;
        }
        match act {
            Act::Admit(admission) => {
                let certificate = &admission.certificate;
                (certificate.member, certificate.device) == wanted
            }
            Act::Enrol { certificate } => (certificate.member, certificate.device) == wanted,
            _ => false,
        }
    });
    assert!(certified, "a device was welcomed that nobody certified");
}
