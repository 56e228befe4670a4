//! Receipts between replicas: how own entries are counted as they travel, who counts, what lies
//! amount to, and what all of it costs.

mod village;

use protocol::api::Delivery;
use protocol::frontier::Head;
use protocol::id::{DeviceId, EntryId};
use protocol::receipt::Receipt;
use protocol::session::SessionError;
use protocol::session::frame::Frame;
use protocol::statement::{Act, Authority};

use village::{Meeting, Village};

fn delivery(relays: u32, homes: u32) -> Delivery {
    Delivery { relays, homes }
}

/// The founder and a household that only reach a relay; the relay's number.
fn around_a_relay(households: usize) -> (Village, usize) {
    let mut village = Village::new(households);
    let relay = village.relay();
    (village, relay)
}

#[test]
fn a_post_is_counted_step_by_step_on_its_way_through_a_relay() {
    let (mut village, relay) = around_a_relay(2);
    village.nodes[0].post();
    assert_eq!(village.nodes[0].delivery(), delivery(0, 0));
    village.meet(0, relay, true);
    assert_eq!(village.nodes[0].delivery(), delivery(1, 0));
    village.meet(1, relay, true);
    assert_eq!(village.nodes[0].delivery(), delivery(1, 0), "not told yet");
    village.meet(0, relay, true);
    assert_eq!(village.nodes[0].delivery(), delivery(1, 1));
    village.meet(2, relay, true);
    village.meet(0, relay, true);
    assert_eq!(village.nodes[0].delivery(), delivery(1, 2));
    // What is written afterwards begins anew.
    village.nodes[0].post();
    assert_eq!(village.nodes[0].delivery(), delivery(0, 0));
}

#[test]
fn without_a_relay_only_those_who_are_met_are_counted() {
    let mut village = Village::new(2);
    village.nodes[1].post();
    village.meet(1, 0, true);
    assert_eq!(village.nodes[1].delivery(), delivery(0, 1));
    village.meet(2, 0, true);
    village.meet(1, 0, true);
    assert_eq!(village.nodes[1].delivery(), delivery(0, 1));
    village.meet(2, 1, true);
    assert_eq!(village.nodes[1].delivery(), delivery(0, 2));
}

#[test]
fn two_relays_give_receipts_on_to_each_other() {
    let (mut village, one) = around_a_relay(1);
    let other = village.relay();
    village.nodes[0].post();
    village.meet(0, one, true);
    village.meet(one, other, true);
    village.meet(1, other, true);
    village.meet(one, other, true);
    village.meet(0, one, true);
    assert_eq!(village.nodes[0].delivery(), delivery(2, 1));
    // And not round and round.
    village.meet(one, other, true);
    assert_eq!(village.meet(one, other, true).receipts(), 0);
}

#[test]
fn a_household_counts_once_with_all_its_devices_and_its_author_never() {
    let (mut village, relay) = around_a_relay(1);
    let second = village.second_device(1);
    let own_second = village.second_device(0);
    village.nodes[0].post();
    for round in 0..2 {
        for node in [0, 1, second, own_second] {
            village.meet(node, relay, true);
        }
        let expected = delivery(1, round);
        assert_eq!(village.nodes[0].delivery(), expected, "round {round}");
    }
    // The household's other device shows the same of what was written on the first.
    let log = village.nodes[0].device();
    let reader = &village.nodes[own_second];
    let mut logs = reader.replica.logs().of_device(&log);
    let log = logs.next().expect("it was replicated");
    let deliveries = reader.replica.deliveries(&reader.memory);
    let deliveries = deliveries.expect("memory can be read");
    let place = (log.number, log.head_seq);
    assert_eq!(deliveries.of(reader.replica.logs(), place), delivery(1, 1));
}

#[test]
fn who_was_removed_or_cut_no_longer_counts() {
    let (mut village, relay) = around_a_relay(2);
    village.nodes[0].post();
    for _ in 0..2 {
        for node in 0..3 {
            village.meet(node, relay, true);
        }
    }
    assert_eq!(village.nodes[0].delivery(), delivery(1, 2));
    let removal = village.removal(1);
    village.nodes[0].state(Authority::Founder, removal);
    let own = village.nodes[0].device();
    let log = village.nodes[0].replica.logs().of_device(&own).next();
    let (number, seq) = log
        .map(|log| (log.number, log.head_seq))
        .expect("an own log");
    let before = |village: &Village| {
        let node = &village.nodes[0];
        let deliveries = node.replica.deliveries(&node.memory);
        let deliveries = deliveries.expect("memory can be read");
        deliveries.of(node.replica.logs(), (number, seq - 1))
    };
    assert_eq!(before(&village), delivery(1, 1));
    let device = village.nodes[relay].device();
    let reason = "broken".to_owned();
    village.nodes[0].state(Authority::Founder, Act::CutRelay { device, reason });
    assert_eq!(before(&village), delivery(0, 1));
}

#[test]
fn counts_outlast_restarts_on_every_side() {
    let (mut village, relay) = around_a_relay(1);
    village.nodes[0].post();
    for _ in 0..2 {
        for node in [0, 1] {
            village.meet(node, relay, true);
            village.nodes[relay].restart();
            village.nodes[node].restart();
        }
    }
    assert_eq!(village.nodes[0].delivery(), delivery(1, 1));
    let said = village.meet(0, relay, true);
    assert_eq!(said.receipts(), 0, "nothing is told twice");
}

#[test]
fn who_lost_its_memory_is_told_again_and_tells_again() {
    let (mut village, relay) = around_a_relay(1);
    village.nodes[1].post();
    for _ in 0..2 {
        for node in [0, 1] {
            village.meet(node, relay, true);
        }
    }
    assert_eq!(village.nodes[1].delivery(), delivery(1, 1));
    // The relay comes back with an empty disk and the same key.
    village.nodes[relay].memory = tests::sim::memory::Memory::default();
    village.nodes[relay].restart();
    village.nodes[1].post();
    for _ in 0..2 {
        for node in [0, 1] {
            village.meet(node, relay, true);
        }
    }
    assert_eq!(village.nodes[1].delivery(), delivery(1, 1));
}

#[test]
fn one_receipt_stands_for_a_burst_and_a_short_session_has_none() {
    let (mut village, relay) = around_a_relay(1);
    for _ in 0..300 {
        village.nodes[0].post();
    }
    let said = village.meet(0, relay, false);
    assert_eq!(said.receipts(), 0);
    let quiet = village.meet(0, relay, true);
    // The relay signs for the founder's log; the founder for none but its own.
    assert_eq!(quiet.receipts(), 1);
    // With nothing new, each end says how far it is and no more.
    let short = village.meet(0, relay, false);
    let long = village.meet(0, relay, true);
    assert_eq!(long.receipts(), 0);
    let more = long.bytes - short.bytes;
    assert!(more <= 32, "{more} bytes with nothing new");
}

/// What becomes of a receipt that a household gives the founder.
fn given(village: &mut Village, receipts: Vec<Receipt>) -> Result<Delivery, SessionError> {
    let mut meeting = Meeting::new(village, 1, 0);
    meeting.talk(village)?;
    let frame = Frame::Receipts {
        kept: 0,
        after: 0,
        number: 1,
        receipts,
    };
    meeting.hear(village, 1, &frame.to_bytes())?;
    Ok(village.nodes[0].delivery())
}

#[test]
fn lies_are_worth_nothing_beyond_the_liar() {
    let mut village = Village::new(2);
    village.nodes[0].post();
    village.spread();
    let space = village.space;
    let log = village.nodes[0].device();
    let stored = village.nodes[0].replica.logs().of_device(&log).next();
    let (seq, entry) = stored.map(|log| (log.head_seq, log.head)).expect("a log");
    let head = Head { seq, entry };
    let key = village.nodes[1].key.clone();
    let (own, other) = (village.nodes[1].member(), village.nodes[2].member());
    let true_one = Receipt::issue(space, &key, Some(own), log, head);

    let mut in_anothers_name = Receipt::issue(space, &key, Some(other), log, head);
    in_anothers_name.device = village.nodes[2].device();
    let mut spoilt = true_one;
    spoilt.signature.0[9] ^= 1;
    for forged in [in_anothers_name, spoilt] {
        // The true one beside it is not taken either: nothing of such a frame is.
        let ended = given(&mut village, vec![true_one, forged]);
        assert!(matches!(ended, Err(SessionError::Receipt)), "{ended:?}");
        assert_eq!(village.nodes[0].delivery(), delivery(0, 0));
    }
    let beyond = Head {
        seq: seq + 9,
        entry,
    };
    let elsewhere = Head {
        seq: seq - 1,
        entry,
    };
    let invented = Head {
        seq,
        entry: EntryId([9; 32]),
    };
    let issue = |member, log, head| Receipt::issue(space, &key, member, log, head);
    let stranger = protocol::key::SecretKey::from_seed(&[200; 32]);
    for (what, lie) in [
        ("another's member", issue(Some(other), log, head)),
        ("a relay's", issue(None, log, head)),
        (
            "a log that is not",
            issue(Some(own), DeviceId([8; 32]), head),
        ),
        ("a place that is not", issue(Some(own), log, beyond)),
        ("another place", issue(Some(own), log, elsewhere)),
        ("an entry that is not", issue(Some(own), log, invented)),
        (
            "a stranger's",
            Receipt::issue(space, &stranger, Some(own), log, head),
        ),
        (
            "one for a third's log",
            Receipt::issue(space, &key, Some(own), village.nodes[2].device(), head),
        ),
    ] {
        let counted = given(&mut village, vec![lie]).expect("no end of the session");
        assert_eq!(counted, delivery(0, 0), "{what}");
    }
    let counted = given(&mut village, vec![true_one]).expect("no end of the session");
    assert_eq!(counted, delivery(0, 1));
    // A receipt never takes back what was said.
    let first = village.nodes[0].replica.logs().of_device(&log).next();
    let first = first.map(|log| log.number).expect("a log");
    use protocol::storage::Storage;
    let entry = village.nodes[0].memory.entry_at(first, 1);
    let entry = entry.expect("memory can be read").expect("a first entry");
    let backwards = issue(Some(own), log, Head { seq: 1, entry });
    let counted = given(&mut village, vec![backwards]).expect("no end of the session");
    assert_eq!(counted, delivery(0, 1));
}

#[test]
fn a_receipt_that_comes_before_its_entry_is_given_again() {
    let (mut village, relay) = around_a_relay(1);
    village.nodes[1].post();
    village.meet(1, 0, false);
    // The founder signs for what the relay does not hold yet.
    let (log, own) = (village.nodes[1].device(), village.nodes[0].member());
    let stored = village.nodes[0].replica.logs().of_device(&log).next();
    let (seq, entry) = stored.map(|log| (log.head_seq, log.head)).expect("a log");
    let key = village.nodes[0].key.clone();
    let head = Head { seq, entry };
    let early = Receipt::issue(village.space, &key, Some(own), log, head);
    let from = village.nodes[0].device();
    let node = &mut village.nodes[relay];
    let taken = node
        .replica
        .take_receipts(&node.memory, from, Some(5), &[early])
        .expect("no lie");
    assert!(taken.receipts_early && taken.batch.is_empty());
    assert_eq!(node.replica.receipt_cursor(&from), 0);
    village.meet(0, relay, true);
    village.meet(1, relay, true);
    assert_eq!(village.nodes[1].delivery(), delivery(1, 1));
}

#[test]
fn what_was_lost_on_the_way_is_given_again() {
    let (mut village, relay) = around_a_relay(2);
    for node in [1, 2] {
        village.nodes[node].post();
        village.meet(node, relay, false);
    }
    village.meet(1, 0, false);
    let mut meeting = Meeting::new(&mut village, 0, relay);
    meeting.talk(&mut village).expect("honest ends");
    village.meet(2, 0, false);
    meeting.settle(&mut village);
    // Both say how far they are; the founder's receipt for the first log is lost.
    meeting.talk_losing(&mut village, |frame| match frame {
        Frame::Receipts { receipts, .. } => !receipts.is_empty(),
        _ => false,
    });
    village.nodes[2].post();
    village.meet(2, relay, false);
    village.meet(2, 0, false);
    meeting.settle(&mut village);
    meeting.talk(&mut village).expect("honest ends");

    village.meet(0, relay, true);
    village.meet(1, relay, true);
    assert_eq!(village.nodes[1].delivery(), delivery(1, 1));
}

#[test]
fn receipts_of_a_relay_that_was_ended_are_told_once() {
    let (mut village, ended) = around_a_relay(1);
    let other = village.relay();
    village.nodes[1].post();
    village.meet(1, 0, false);
    village.meet(0, ended, false);
    village.meet(ended, other, true);
    let device = village.nodes[ended].device();
    let reason = "broken".to_owned();
    village.nodes[0].state(Authority::Founder, Act::CutRelay { device, reason });
    for node in [1, other] {
        village.meet(node, 0, false);
    }
    village.meet(1, other, true);
    let said = village.meet(1, other, true);
    assert_eq!(said.receipts(), 0, "told again");
    assert_eq!(village.nodes[1].delivery(), delivery(1, 0));
}

#[test]
fn a_frame_of_a_later_version_is_left_alone_once_both_have_met() {
    // [18, 1] and [4000000000, "x"].
    let later: [&[u8]; 2] = [
        &[0x82, 0x12, 0x01],
        &[0x82, 0x1a, 0xee, 0x6b, 0x28, 0x00, 0x61, 0x78],
    ];
    let mut village = Village::new(1);
    for bytes in later {
        let mut meeting = Meeting::new(&mut village, 1, 0);
        let early = meeting.hear(&mut village, 1, bytes);
        assert!(matches!(early, Err(SessionError::Frame(_))), "{early:?}");
        let mut meeting = Meeting::new(&mut village, 1, 0);
        meeting.talk(&mut village).expect("honest ends");
        meeting.hear(&mut village, 1, bytes).expect("left alone");
        let nonsense = meeting.hear(&mut village, 1, &[0x82, 0x0f, 0x01]);
        assert!(matches!(nonsense, Err(SessionError::Frame(_))));
    }
}
