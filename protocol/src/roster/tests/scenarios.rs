//! Stories that neighbours would tell: what became of somebody's rights, and what is shown. The table
//! in docs/THREATS.md has all of them, with the tests of the others.

use super::governance::{Council, remove};
use super::seniority::{grant_of, lead};
use super::world::{FOUNDER, World};
use crate::roster::{InvitationFault, Reason, Verdict};
use crate::statement::{Act, Authority, MemberKind, Role, Tips};

#[test]
fn of_two_stewards_who_have_each_other_removed_in_two_partitions_one_stays() {
    let mut council = Council::new();
    council.world.meet();
    let logs: Vec<usize> = council.stewards.iter().map(|(log, ..)| *log).collect();
    let mut enacted = Vec::new();
    // The third steward signs for both, from a device in either partition.
    let phone = council.world.second_device(logs[2]);
    council.world.meet();
    for (mover, target, witness) in [(0, 1, logs[2]), (1, 0, phone)] {
        let tips = council.world.tips(&[logs[target]]);
        let act = Box::new(remove(&council.world, logs[target], tips));
        let motion = Act::Move {
            number: 1,
            previous: None,
            act,
        };
        let motion = council.act(mover, motion);
        council.world.receive(witness, logs[mover]);
        let right = council.stewards[2].1;
        let cosigned = council.world.state(witness, right, Act::CoSign { motion });
        council.world.receive(logs[mover], witness);
        let tips = council.founder_tips();
        enacted.push(council.enact(mover, motion, vec![cosigned], tips));
    }
    council.world.meet();
    let lower = *enacted.iter().min().expect("two");
    let higher = *enacted.iter().max().expect("two");
    council.world.counts(lower);
    council.world.fails(higher, Reason::Outdone { by: lower });
    let roster = council.world.roster();
    let is_removed = |steward: usize| {
        let member = roster.member(&council.world.member(logs[steward]));
        member.expect("a member").removed.is_some()
    };
    assert_eq!(is_removed(1), lower == enacted[0]);
    assert_eq!(is_removed(0), lower == enacted[1]);
}

#[test]
fn whom_a_removed_lead_admits_in_another_partition_is_no_member_anywhere() {
    let mut world = World::new();
    let bo = world.household();
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, bo, lead());
    let (early, before) = world.admit_someone(bo, role);
    world.meet();
    let tips = world.tips(&[bo]);
    let cut = world.state(FOUNDER, Authority::Founder, remove(&world, bo, tips));
    // It has not heard, and goes on.
    let (late, after) = world.admit_someone(bo, role);
    let by_late = world.document(late);
    world.meet();
    world.counts(before);
    world.fails(after, Reason::BeyondCut { cut });
    let roster = world.roster();
    assert!(roster.member(&world.member(early)).is_some());
    assert!(roster.member(&world.member(late)).is_none());
    let verdict = world.verdict(&roster, &by_late);
    assert!(matches!(verdict, Verdict::Excluded(_)), "{verdict:?}");
}

#[test]
fn a_fork_years_back_by_a_dismissed_steward_brings_nobody_in_and_takes_nothing_away() {
    let mut council = Council::new();
    let (log, right, _) = council.stewards[2];
    // The old key goes on from an old copy of its log.
    let old = council.world.fork(log);
    let (whom, honest) = council.world.admit_someone(log, right);
    let honest_document = council.world.document(log);
    council.world.meet();
    let dismissed = Act::CutRole {
        appointment: grant_of(right),
        tips: council.world.tips(&[log]),
        reason: "moved away".into(),
    };
    let dismissed = council.pass(1, None, dismissed, &[0, 1]);
    let (stranger, forged) = council.world.admit_someone(old, right);
    let (given, _) = council.world.appoint(old, right, stranger, lead());
    let tips = Tips::default();
    let act = remove(&council.world, whom, tips);
    let moved = Act::Move {
        number: 2,
        previous: Some(dismissed),
        act: Box::new(act),
    };
    let moved = council.world.state(old, right, moved);
    let forged_document = council.world.document(old);
    council.world.meet();
    council.world.counts(honest);
    for statement in [forged, given, moved] {
        let cut = dismissed;
        council.world.fails(statement, Reason::BeyondCut { cut });
    }
    let roster = council.world.roster();
    assert!(roster.member(&council.world.member(stranger)).is_none());
    let honest = roster.member(&council.world.member(whom));
    assert_eq!(honest.and_then(|member| member.removed), None);
    // A fork suspends the device's documents until its household names the branch.
    for document in [&honest_document, &forged_document] {
        let verdict = council.world.verdict(&roster, document);
        assert!(!matches!(verdict, Verdict::Counts), "{verdict:?}");
    }
    let tip = council.world.logs[log].tip();
    let named = council.world.cut_device(FOUNDER, log, Some(tip));
    council.world.counts(named);
    let roster = council.world.roster();
    let shown = council.world.verdict(&roster, &honest_document);
    assert!(matches!(shown, Verdict::Counts), "{shown:?}");
    let verdict = council.world.verdict(&roster, &forged_document);
    assert!(matches!(verdict, Verdict::Excluded(_)), "{verdict:?}");
}

#[test]
fn a_device_that_was_lost_and_found_stays_ended_and_its_successor_counts() {
    let mut world = World::new();
    let bo = world.household();
    let phone = world.second_device(bo);
    world.meet();
    let before = world.document(phone);
    let tip = world.logs[phone].tip();
    world.cut_device(bo, phone, Some(tip));
    // Whoever found it writes without having heard; the household enrols the same key again.
    let found = world.document(phone);
    let certificate = world.certificate(phone);
    world.state(bo, Authority::Founder, Act::Enrol { certificate });
    world.receive(phone, bo);
    let again = world.document(phone);
    let new = world.second_device(bo);
    let by_new = world.document(new);
    let roster = world.roster();
    for (document, counts) in [
        (before, true),
        (found, false),
        (again, false),
        (by_new, true),
    ] {
        let verdict = world.verdict(&roster, &document);
        assert_eq!(matches!(verdict, Verdict::Counts), counts, "{verdict:?}");
    }
}

#[test]
fn an_invitation_used_on_both_sides_of_a_partition_admits_both() {
    let mut world = World::new();
    let bo = world.household();
    let phone = world.second_device(bo);
    let (one, by_one) = world.guest_of(bo, 1, 1, 1);
    let (other, by_other) = world.guest_of(phone, 1, 1, 1);
    world.meet();
    for (guest, admitted) in [(one, by_one), (other, by_other)] {
        world.counts(admitted);
        assert!(world.roster().member(&world.member(guest)).is_some());
    }
    // Whoever has heard of it admits no third.
    let (_, third) = world.guest_of(phone, 1, 2, 1);
    world.fails(third, Reason::Invitation(InvitationFault::Overused));
}

#[test]
fn without_the_founder_stewards_of_three_offices_go_on_and_before_that_nobody_decides() {
    let mut world = World::new();
    let (first, by_first, _) = world.steward();
    world.steward();
    let bo = world.household();
    world.meet();
    // Two offices are no quorum: their stewards admit and appoint, and remove nobody.
    let (_, admitted) = world.admit_someone(first, by_first);
    world.counts(admitted);
    let act = remove(&world, bo, Tips::default());
    let removed = world.state(first, by_first, act);
    world.fails(removed, Reason::NeedsQuorum);

    // Of a founder who is gone, and whose device somebody ended, nothing is needed any more.
    let mut council = Council::new();
    let bo = council.world.household();
    council.world.meet();
    let tip = council.world.logs[FOUNDER].tip();
    council.world.cut_device(FOUNDER, FOUNDER, Some(tip));
    let act = remove(&council.world, bo, Tips::default());
    let enacted = council.pass(1, None, act, &[0, 1]);
    council.world.counts(enacted);
    let founder = remove(&council.world, FOUNDER, council.world.tips(&[FOUNDER]));
    let without = council.pass(2, Some(enacted), founder, &[1, 2]);
    council.world.counts(without);
    assert_eq!(council.world.roster().governance().offices.len(), 3);
}

#[test]
fn an_office_that_changes_hands_is_one_seat_all_along_and_its_past_stays() {
    let mut council = Council::new();
    let (log, right, office) = council.stewards[2];
    let (_, by_former) = council.world.admit_someone(log, right);
    let next = council.world.household();
    council.world.meet();
    let member = council.world.member(next);
    let role = Role::Steward { office };
    let given = council.pass(1, None, Act::Appoint { member, role }, &[0, 2]);
    council.world.counts(given);
    let offices = |council: &Council| council.world.roster().governance().offices.len();
    assert_eq!(offices(&council), 3, "two hands of one office are one seat");
    let ended = Act::CutRole {
        appointment: grant_of(right),
        tips: council.world.tips(&[log]),
        reason: "handed over".into(),
    };
    let ended = council.pass(2, Some(given), ended, &[0, 1]);
    council.world.counts(ended);
    assert_eq!(offices(&council), 3);
    council.world.counts(by_former);
    let (_, late) = council.world.admit_someone(log, right);
    council.world.fails(late, Reason::BeyondCut { cut: ended });
    let by_next = Authority::Grant { appointment: given };
    council.world.meet();
    let stranger = council.world.stranger();
    let admitted = council
        .world
        .admit(next, by_next, stranger, MemberKind::Household);
    council.world.counts(admitted);
}
