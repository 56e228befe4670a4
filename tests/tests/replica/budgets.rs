//! Floods are taken up to a budget, and nobody is kept from what others name (rules R9, R12).

use protocol::api::Completeness;
use protocol::budget::{Amount, Budget};
use protocol::entry::Entry;
use protocol::id::DocumentId;
use protocol::segment::read_segments;
use protocol::session::Purpose;
use protocol::session::frame::Frame;
use protocol::statement::{Act, Authority};

use crate::erasing::shown;
use crate::forgetting::{edit, village};
use crate::home::Home;
use crate::meeting::{meet, meet_as_members};

const HOUR_MS: i64 = 60 * 60 * 1_000;

/// Twenty entries of a member, ten of strangers, and one more each hour.
fn small() -> Budget {
    let entries = |entries| Amount {
        bytes: u64::MAX / 64,
        entries,
        statements: u64::MAX / 64,
    };
    Budget {
        member: entries(20),
        relay: entries(20),
        unknown: entries(10),
        hourly: entries(1),
        devices: 3,
        devices_unknown: 5,
    }
}

/// Offers a log a few entries at a time, as they come live.
fn offer(home: &mut Home, from: &Home) {
    let logs = from.runs().into_iter();
    for log in logs.filter(|log| log[0].header.device == from.id()) {
        for run in log.chunks(5) {
            home.take(&[run.to_vec()]).expect("nobody is rejected");
        }
    }
}

fn held_of(home: &Home, of: &Home) -> usize {
    let entries = home.memory.entries().iter();
    let of = |entry: &Entry| entry.header.device == of.id();
    entries.filter(|stored| of(&stored.entry)).count()
}

fn flood(home: &mut Home, count: usize) -> Vec<DocumentId> {
    let write = |number| home.document(&format!("flood {number}"));
    (0..count).map(write).collect()
}

#[test]
fn all_devices_of_a_flooding_household_share_its_budget_and_others_have_their_own() {
    let mut founder = Home::found();
    let (mut bo, mut carol) = village(&mut founder);
    let admission = founder.memory.entries()[1].entry.id;
    let mut second = Home::of_household(2, 70, founder.replica.space());
    let certificate = second.certificate();
    bo.state(Authority::Member { admission }, Act::Enrol { certificate });
    second.take(&bo.runs()).expect("honest");
    flood(&mut bo, 12);
    flood(&mut second, 60);
    flood(&mut carol, 15);
    founder.replica.limit(small());
    for from in [&bo, &second, &carol, &bo] {
        offer(&mut founder, from);
    }
    let of_household = |founder: &Home| held_of(founder, &bo) + held_of(founder, &second);
    assert!((20..25).contains(&of_household(&founder)));
    assert_eq!(held_of(&founder, &carol), held_of(&carol, &carol));
    // A day later it goes on, and after some days all is there.
    for day in 0..5 {
        founder.replica.pass_time(day * 24 * HOUR_MS);
        let before = of_household(&founder);
        offer(&mut founder, &second);
        let taken = of_household(&founder) - before;
        assert!(day > 0 || taken == 0, "{taken} at once");
        assert!(taken < 24 + 5, "{taken} in a day");
    }
    assert_eq!(held_of(&founder, &second), held_of(&second, &second));
}

#[test]
fn what_is_declined_is_not_sent_again_and_keeps_nobody_from_being_in_step() {
    let mut founder = Home::found();
    let (mut bo, mut carol) = village(&mut founder);
    flood(&mut bo, 60);
    founder.replica.limit(small());
    offer(&mut founder, &bo);
    carol.take(&bo.runs()).expect("honest");
    assert!(held_of(&founder, &bo) < 25);
    carol.document("news");
    let count = |founder: &mut Home, carol: &mut Home| {
        let mut entries = 0;
        let space = founder.replica.space();
        let met = meet(founder, carol, Purpose::Meet, |frame| {
            if let Frame::Entries { segments } = &frame {
                let segments = read_segments(space, segments).expect("honest");
                entries += segments.iter().map(|one| one.entries.len()).sum::<usize>();
            }
            frame
        });
        met.expect("honest");
        entries
    };
    assert_eq!(count(&mut founder, &mut carol), 1, "her news");
    assert_eq!(count(&mut founder, &mut carol), 0);
    // The budget grows: the rest comes by itself.
    for day in 0..4 {
        founder.replica.pass_time(day * 24 * HOUR_MS);
        let _ = count(&mut founder, &mut carol);
    }
    assert_eq!(held_of(&founder, &bo), held_of(&bo, &bo));
}

#[test]
fn what_somebody_else_names_is_taken_beyond_the_budget_and_no_more() {
    let mut founder = Home::found();
    let (mut bo, mut carol) = village(&mut founder);
    let documents = flood(&mut bo, 60);
    offer(&mut carol, &bo);
    founder.replica.limit(small());
    offer(&mut founder, &bo);
    let named = documents[35];
    edit(&mut carol, named, "an honest neighbour answers");
    for _ in 0..3 {
        meet_as_members(&mut founder, &mut carol).expect("honest");
        let read = founder.replica.read_document(&founder.memory, named);
        let _ = read.expect("memory can be read");
    }
    assert_eq!(shown(&mut founder, named), shown(&mut carol, named));
    assert_eq!(shown(&mut founder, named).1, Completeness::Complete);
    assert!(!founder.memory.holds(&documents[45].into()));
    // As much again is taken, and then nothing more.
    edit(&mut carol, documents[55], "and again");
    for _ in 0..3 {
        meet_as_members(&mut founder, &mut carol).expect("honest");
        let read = founder
            .replica
            .read_document(&founder.memory, documents[55]);
        let _ = read.expect("memory can be read");
    }
    assert!(held_of(&founder, &bo) < 20 + 20 + 5);
}

#[test]
fn devices_that_nobody_certified_fill_no_place_and_no_budget_of_others() {
    let mut founder = Home::found();
    let (mut bo, _) = village(&mut founder);
    founder.replica.limit(small());
    for seed in 100..160 {
        // They claim to be Bo's.
        let mut made_up = Home::of_household(2, seed, founder.replica.space());
        if made_up.id() == bo.id() {
            continue;
        }
        made_up.document("made up");
        offer(&mut founder, &made_up);
    }
    let devices = founder.memory.entries().iter();
    let devices: std::collections::BTreeSet<_> =
        devices.map(|stored| stored.entry.header.device).collect();
    assert!(devices.len() <= 1 + 5, "{} devices", devices.len());
    flood(&mut bo, 10);
    offer(&mut founder, &bo);
    assert_eq!(held_of(&founder, &bo), held_of(&bo, &bo));
    // What comes before its certificate waits for it.
    let admission = founder.memory.entries()[1].entry.id;
    let mut second = Home::of_household(2, 70, founder.replica.space());
    second.document("hello");
    offer(&mut founder, &second);
    assert_eq!(held_of(&founder, &second), 0);
    let certificate = second.certificate();
    bo.state(Authority::Member { admission }, Act::Enrol { certificate });
    offer(&mut founder, &bo);
    offer(&mut founder, &second);
    assert_eq!(held_of(&founder, &second), 1);
}
