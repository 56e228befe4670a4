//! The founder alone, the quorum that succeeds it, and removals.

use super::seniority::lead;
use super::world::{Document, FOUNDER, World};
use crate::id::{EntryId, MemberId};
use crate::roster::{MotionState, Reason, Verdict};
use crate::statement::{Act, Authority, MemberKind, Role, Tips};

/// A neighbourhood with stewards of three offices.
pub struct Council {
    pub world: World,
    /// Log, right and office of each steward.
    pub stewards: Vec<(usize, Authority, MemberId)>,
}

impl Council {
    pub fn new() -> Self {
        let mut world = World::new();
        let stewards = (0..3).map(|_| world.steward()).collect();
        world.meet();
        Self { world, stewards }
    }

    pub fn act(&mut self, steward: usize, act: Act) -> EntryId {
        let (log, right, _) = self.stewards[steward];
        self.world.state(log, right, act)
    }

    pub fn founder_tips(&self) -> Option<Tips> {
        Some(self.world.tips(&[FOUNDER]))
    }

    /// Moves an act, has it co-signed, and enacts it by the mover. All meet before each step.
    pub fn pass(
        &mut self,
        number: u64,
        previous: Option<EntryId>,
        act: Act,
        by: &[usize],
    ) -> EntryId {
        let motion = self.motion(number, previous, act);
        let cosignatures = self.cosign(motion, &by[1..]);
        let tips = (number == 1).then(|| self.founder_tips()).flatten();
        self.enact(by[0], motion, cosignatures, tips)
    }

    pub fn motion(&mut self, number: u64, previous: Option<EntryId>, act: Act) -> EntryId {
        self.world.meet();
        let act = Box::new(act);
        let motion = self.act(
            0,
            Act::Move {
                number,
                previous,
                act,
            },
        );
        self.world.meet();
        motion
    }

    pub fn cosign(&mut self, motion: EntryId, by: &[usize]) -> Vec<EntryId> {
        let mut cosignatures: Vec<EntryId> = by
            .iter()
            .map(|&steward| self.act(steward, Act::CoSign { motion }))
            .collect();
        cosignatures.sort();
        self.world.meet();
        cosignatures
    }

    pub fn enact(
        &mut self,
        by: usize,
        motion: EntryId,
        cosignatures: Vec<EntryId>,
        founder_tips: Option<Tips>,
    ) -> EntryId {
        self.act(
            by,
            Act::Enact {
                motion,
                cosignatures,
                founder_tips,
            },
        )
    }
}

pub fn remove(world: &World, log: usize, tips: Tips) -> Act {
    Act::Remove {
        member: world.member(log),
        tips,
        reason: "moved away".into(),
    }
}

#[track_caller]
fn shows(world: &World, document: &Document, expected: Verdict) {
    assert_eq!(world.verdict(&world.roster(), document), expected);
}

#[test]
fn the_founder_removes_alone_until_three_offices_have_stewards() {
    let mut world = World::new();
    world.steward();
    world.steward();
    let bo = world.household();
    let removed = world.state(
        FOUNDER,
        Authority::Founder,
        remove(&world, bo, Tips::default()),
    );
    world.counts(removed);
    world.steward();
    let cai = world.household();
    let late = world.state(
        FOUNDER,
        Authority::Founder,
        remove(&world, cai, Tips::default()),
    );
    world.fails(late, Reason::NeedsQuorum);
    let office = world.person();
    let name = "fourth".into();
    let added = world.state(FOUNDER, Authority::Founder, Act::AddOffice { office, name });
    world.fails(added, Reason::NeedsQuorum);
}

#[test]
fn three_appointments_of_one_household_are_one_seat() {
    let mut world = World::new();
    let (bo, ..) = world.steward();
    for _ in 0..2 {
        let office = world.office();
        world.appoint(FOUNDER, Authority::Founder, bo, Role::Steward { office });
    }
    let cai = world.household();
    let removed = world.state(
        FOUNDER,
        Authority::Founder,
        remove(&world, cai, Tips::default()),
    );
    world.counts(removed);
    assert!(world.roster().governance().founder_alone);
}

#[test]
fn the_founder_removes_everybody_but_itself() {
    let mut world = World::new();
    let act = remove(&world, FOUNDER, Tips::default());
    let removed = world.state(FOUNDER, Authority::Founder, act);
    world.fails(removed, Reason::NotSenior);
}

#[test]
fn a_motion_is_in_force_when_stewards_of_more_than_half_of_the_offices_signed() {
    let mut council = Council::new();
    let bo = council.world.household();
    let act = remove(&council.world, bo, Tips::default());
    let one = council.pass(1, None, act.clone(), &[0]);
    council
        .world
        .fails(one, Reason::NotEnoughOffices { signed: 1, of: 3 });
    let motions = council.world.roster().motions();
    assert_eq!(motions[0].state, MotionState::Open);
    assert_eq!((motions[0].signed.len(), motions[0].offices), (1, 3));
    assert!(!motions[0].can_be_enacted());

    let two = council.pass(1, None, act, &[0, 1]);
    council.world.counts(two);
    let roster = council.world.roster();
    let member = roster.member(&council.world.member(bo)).expect("a member");
    assert_eq!(member.removed, Some(two));
    let states: Vec<_> = roster
        .motions()
        .into_iter()
        .map(|motion| motion.state)
        .collect();
    assert!(states.contains(&MotionState::InForce { enactment: two }));
    assert!(
        states.contains(&MotionState::Lapsed),
        "the other took its number"
    );
}

#[test]
fn who_is_no_steward_signs_nothing() {
    let mut council = Council::new();
    let bo = council.world.household();
    let act = remove(&council.world, bo, Tips::default());
    let motion = council.motion(1, None, act);
    // The same steward again, another device of it, and a household with a steward's right.
    let phone = council.world.second_device(council.stewards[0].0);
    let right = council.stewards[0].1;
    let twice = council.act(0, Act::CoSign { motion });
    let by_phone = council.world.state(phone, right, Act::CoSign { motion });
    let foreign = council
        .world
        .state(bo, council.stewards[1].1, Act::CoSign { motion });
    council.world.meet();
    let mut cosignatures = vec![twice, by_phone, foreign];
    cosignatures.sort();
    let tips = council.founder_tips();
    let enacted = council.enact(0, motion, cosignatures, tips);
    council
        .world
        .fails(enacted, Reason::NotEnoughOffices { signed: 1, of: 3 });
}

#[test]
fn signatures_are_those_of_the_motion_that_is_enacted_by_a_steward() {
    let mut council = Council::new();
    let bo = council.world.household();
    let act = remove(&council.world, bo, Tips::default());
    let motion = council.motion(1, None, act.clone());
    let other = council.motion(1, None, act);
    let signed = council.cosign(motion, &[1]);
    let foreign = council.cosign(other, &[1]);
    let tips = council.founder_tips();
    let enacted = council.enact(0, motion, foreign, tips.clone());
    council.world.fails(enacted, Reason::WrongTarget);
    let own = council.world.membership(bo);
    let enact = Act::Enact {
        motion,
        cosignatures: signed.clone(),
        founder_tips: tips.clone(),
    };
    let by_household = council.world.state(bo, own, enact.clone());
    council.world.fails(by_household, Reason::NoRight);
    let by_anothers_right = council.world.state(bo, council.stewards[0].1, enact);
    council.world.fails(by_anothers_right, Reason::NoRight);
    let enacted = council.enact(2, motion, signed, tips);
    council.world.counts(enacted);
}

#[test]
fn an_enactment_of_what_cannot_be_is_void() {
    let mut council = Council::new();
    let bo = council.world.household();
    let member = council.world.member(bo);
    let office = council.world.person();
    let role = Role::Steward { office };
    let enacted = council.pass(1, None, Act::Appoint { member, role }, &[0, 1]);
    council.world.fails(enacted, Reason::WrongTarget);
}

#[test]
fn a_steward_who_was_cut_in_the_enactments_past_signs_nothing() {
    let mut council = Council::new();
    let bo = council.world.household();
    let office = council.stewards[2].2;
    let cut = Act::CutRole {
        appointment: super::seniority::grant_of(council.stewards[2].1),
        tips: council.world.tips(&[council.stewards[2].0]),
        reason: "left".into(),
    };
    let first = council.pass(1, None, cut, &[0, 1]);
    council.world.counts(first);
    let act = remove(&council.world, bo, Tips::default());
    let second = council.pass(2, Some(first), act.clone(), &[0, 2]);
    council
        .world
        .fails(second, Reason::NotEnoughOffices { signed: 1, of: 2 });
    let second = council.pass(2, Some(first), act, &[0, 1]);
    council.world.counts(second);
    assert!(
        !council
            .world
            .roster()
            .governance()
            .offices
            .contains(&office)
    );
}

#[test]
fn of_two_enactments_with_one_number_the_lower_hash_stands() {
    let mut council = Council::new();
    let bo = council.world.household();
    let cai = council.world.household();
    let remove_bo = remove(&council.world, bo, Tips::default());
    let remove_cai = remove(&council.world, cai, Tips::default());
    let first = council.motion(1, None, remove_bo);
    let other = council.motion(1, None, remove_cai);
    let first_signed = council.cosign(first, &[1]);
    let other_signed = council.cosign(other, &[2]);
    let tips = council.founder_tips();
    let first = council.enact(1, first, first_signed, tips.clone());
    let other = council.enact(2, other, other_signed, tips);
    let (stands, falls) = if first < other {
        (first, other)
    } else {
        (other, first)
    };
    council.world.counts(stands);
    council.world.fails(falls, Reason::Outdone { by: stands });
    // What follows names the one that stands.
    let act = remove(&council.world, bo, Tips::default());
    let on_fallen = council.pass(2, Some(falls), act.clone(), &[0, 1]);
    council.world.fails(on_fallen, Reason::ChainBroken);
    let next = council.pass(2, Some(stands), act, &[0, 1]);
    council.world.counts(next);
    assert_eq!(council.world.roster().enactment(2), Some(next));
}

#[test]
fn two_enactments_of_one_motion_are_one_act() {
    let mut council = Council::new();
    let bo = council.world.household();
    let act = remove(&council.world, bo, Tips::default());
    let motion = council.motion(1, None, act);
    let signed = council.cosign(motion, &[1]);
    let tips = council.founder_tips();
    let one = council.enact(0, motion, signed.clone(), tips.clone());
    let other = council.enact(1, motion, signed, tips);
    council.world.counts(one);
    council.world.counts(other);
    // A motion may follow either, even the one that does not represent the number.
    let act = remove(&council.world, bo, Tips::default());
    let next = council.pass(2, Some(one.max(other)), act, &[0, 1]);
    council.world.counts(next);
}

#[test]
fn whom_an_enactment_appoints_acts_by_any_enactment_of_the_motion() {
    let mut council = Council::new();
    let bo = council.world.household();
    let member = council.world.member(bo);
    let motion = council.motion(
        1,
        None,
        Act::Appoint {
            member,
            role: lead(),
        },
    );
    let signed = council.cosign(motion, &[1]);
    let tips = council.founder_tips();
    let one = council.enact(0, motion, signed.clone(), tips.clone());
    let other = council.enact(1, motion, signed, tips);
    // Bo knows only the one that does not represent the motion.
    let (by, appointment) = if one < other { (1, other) } else { (0, one) };
    council.world.receive(bo, council.stewards[by].0);
    let role = Authority::Grant { appointment };
    let (_, admitted) = council.world.admit_someone(bo, role);
    council.world.counts(admitted);
    // A cut of either appointment cuts the role.
    council.world.meet();
    let cut = Act::CutRole {
        appointment: one.min(other),
        tips: Tips::default(),
        reason: "fraud".into(),
    };
    let cut = council.pass(2, Some(one), cut, &[0, 1]);
    council.world.fails(admitted, Reason::BeyondCut { cut });
}

#[test]
fn who_enacts_an_appointment_does_not_rank_over_it() {
    let mut council = Council::new();
    let bo = council.world.household();
    let member = council.world.member(bo);
    let appointment = council.pass(
        1,
        None,
        Act::Appoint {
            member,
            role: lead(),
        },
        &[0, 1],
    );
    let tips = council.world.tips(&[bo]);
    let (log, own, _) = council.stewards[0];
    let role = Authority::Grant { appointment };
    let cut = council.world.cut_role(log, own, role, tips);
    council.world.fails(cut, Reason::NotSenior);
}

#[test]
fn there_is_no_quorum_before_three_offices_have_stewards() {
    let mut world = World::new();
    let stewards = (0..2).map(|_| world.steward()).collect();
    let mut council = Council { world, stewards };
    let bo = council.world.household();
    let act = remove(&council.world, bo, Tips::default());
    let enacted = council.pass(1, None, act, &[0, 1]);
    council
        .world
        .fails(enacted, Reason::NotEnoughOffices { signed: 2, of: 2 });
    let motions = council.world.roster().motions();
    assert!(!motions[0].can_be_enacted());
}

#[test]
fn numbers_of_the_chain_are_not_skipped() {
    let mut council = Council::new();
    let bo = council.world.household();
    let act = remove(&council.world, bo, Tips::default());
    let first = council.pass(1, None, act.clone(), &[0, 1]);
    let third = council.pass(3, Some(first), act, &[0, 1]);
    council.world.fails(third, Reason::ChainBroken);
}

#[test]
fn the_first_enactment_ends_the_founders_own_right_for_good() {
    let mut council = Council::new();
    let bo = council.world.household();
    let act = remove(&council.world, bo, Tips::default());
    let enacted = council.pass(1, None, act, &[0, 1]);
    council.world.counts(enacted);
    // In another partition, with an old view, the founder goes on.
    let (_, late) = council.world.admit_someone(FOUNDER, Authority::Founder);
    council
        .world
        .fails(late, Reason::BeyondCut { cut: enacted });
    let (_, guest) = council.world.guest_of(FOUNDER, 1, 1, 1);
    council.world.counts(guest);
}

#[test]
fn the_first_enactment_says_where_the_founder_ends_and_not_below_what_it_saw() {
    let mut council = Council::new();
    let bo = council.world.household();
    let act = remove(&council.world, bo, Tips::default());
    let motion = council.motion(1, None, act);
    let signed = council.cosign(motion, &[1]);
    let none = council.enact(0, motion, signed.clone(), None);
    council.world.fails(none, Reason::TipsMalformed);
    let low = council.enact(0, motion, signed, Some(Tips::default()));
    council.world.fails(low, Reason::LowCut);
}

#[test]
fn a_steward_cannot_undo_an_enactment_by_cutting_its_own_device() {
    let mut council = Council::new();
    let bo = council.world.household();
    let act = remove(&council.world, bo, Tips::default());
    let enacted = council.pass(1, None, act, &[0, 1]);
    for steward in 0..2 {
        let log = council.stewards[steward].0;
        council.world.cut_device(log, log, None);
    }
    council.world.counts(enacted);
    // Nor does the founder's household, which gave the stewards their roles.
    council.world.cut_device(FOUNDER, FOUNDER, None);
    council.world.counts(enacted);
    let roster = council.world.roster();
    let roles = roster.roles();
    assert_eq!(roles.len(), 3, "the founder's appointments stand");
}

#[test]
fn a_steward_whose_device_had_been_cut_signs_nothing() {
    let mut council = Council::new();
    let bo = council.world.household();
    let log = council.stewards[1].0;
    let motion = council.motion(1, None, remove(&council.world, bo, Tips::default()));
    let signed = council.cosign(motion, &[1]);
    council.world.cut_device(log, log, None);
    council.world.meet();
    let tips = council.founder_tips();
    let enacted = council.enact(0, motion, signed, tips);
    council
        .world
        .fails(enacted, Reason::NotEnoughOffices { signed: 1, of: 3 });
}

#[test]
fn the_quorum_cuts_as_low_as_it_wants_and_over_all() {
    let mut council = Council::new();
    let bo = council.world.household();
    let (_, role) = council
        .world
        .appoint(FOUNDER, Authority::Founder, bo, lead());
    let (_, admitted) = council.world.admit_someone(bo, role);
    let act = Act::CutRole {
        appointment: super::seniority::grant_of(role),
        tips: Tips::default(),
        reason: "fraud".into(),
    };
    let enacted = council.pass(1, None, act, &[0, 1]);
    council.world.counts(enacted);
    council
        .world
        .fails(admitted, Reason::BeyondCut { cut: enacted });
}

#[test]
fn the_quorum_appoints_stewards_who_act_by_the_enactment() {
    let mut council = Council::new();
    let bo = council.world.household();
    let member = council.world.member(bo);
    let office = council.stewards[2].2;
    let role = Role::Steward { office };
    let appointment = council.pass(1, None, Act::Appoint { member, role }, &[0, 1]);
    council.world.receive(bo, council.stewards[0].0);
    let right = Authority::Grant { appointment };
    let (_, admitted) = council.world.admit_someone(bo, right);
    council.world.counts(admitted);
    // One steward alone cannot take that away again.
    let tips = council.world.tips(&[bo]);
    let (log, own, _) = council.stewards[0];
    let cut = council.world.cut_role(log, own, right, tips);
    council.world.fails(cut, Reason::NeedsQuorum);
}

#[test]
fn motions_are_about_dangerous_acts() {
    let mut council = Council::new();
    let act = Act::Describe {
        name: "x".into(),
        building: None,
    };
    let motion = council.motion(1, None, act);
    council.world.fails(motion, Reason::WrongTarget);
}

#[test]
fn what_a_removed_household_wrote_within_the_tips_stays() {
    let mut world = World::new();
    let bo = world.household();
    let before = world.document(bo);
    let (_, guest_before) = world.guest_of(bo, 1, 1, 1);
    world.receive(FOUNDER, bo);
    let tips = world.tips(&[bo]);
    let act = remove(&world, bo, tips);
    let cut = world.state(FOUNDER, Authority::Founder, act);
    let after = world.document(bo);
    let (_, guest_after) = world.guest_of(bo, 1, 1, 1);
    shows(&world, &before, Verdict::Counts);
    world.counts(guest_before);
    let beyond = Reason::BeyondCut { cut };
    shows(&world, &after, Verdict::Excluded(beyond));
    world.fails(guest_after, beyond);
}

#[test]
fn a_removed_household_comes_back_by_who_could_remove_it() {
    let mut council = Council::new();
    let bo = council.world.household();
    let act = remove(&council.world, bo, council.world.tips(&[bo]));
    let removed = council.pass(1, None, act, &[0, 1]);
    council.world.meet();
    let (log, steward, _) = council.stewards[0];
    let again = council.world.admit(log, steward, bo, MemberKind::Household);
    council.world.fails(again, Reason::NeedsQuorum);
    let member = council.world.member(bo);
    let promoted = council.world.state(log, steward, Act::Promote { member });
    council.world.fails(promoted, Reason::NeedsQuorum);
    let (appointed, _) = council.world.appoint(log, steward, bo, lead());
    council.world.fails(appointed, Reason::Removed);
    let lost = council.world.document(bo);
    shows(
        &council.world,
        &lost,
        Verdict::Excluded(Reason::BeyondCut { cut: removed }),
    );

    let admission = council.world.admission(bo, MemberKind::Household);
    let readmitted = council.pass(2, Some(removed), Act::Admit(admission), &[0, 1]);
    council.world.counts(readmitted);
    let still = council.world.document(bo);
    council.world.receive(bo, log);
    let back = council.world.document(bo);
    shows(
        &council.world,
        &still,
        Verdict::Excluded(Reason::BeyondCut { cut: removed }),
    );
    shows(&council.world, &back, Verdict::Counts);
    let member = council.world.roster().member(&member).expect("a member");
    assert_eq!((member.removed, member.admission), (None, readmitted));
}

#[test]
fn an_admission_that_had_not_seen_the_removal_lifts_nothing() {
    let mut world = World::new();
    let (steward, by_steward, _) = world.steward();
    let bo = world.household();
    world.receive(steward, bo);
    let cut = world.state(
        FOUNDER,
        Authority::Founder,
        remove(&world, bo, Tips::default()),
    );
    let again = world.admit(steward, by_steward, bo, MemberKind::Household);
    world.counts(again);
    let document = world.document(bo);
    shows(
        &world,
        &document,
        Verdict::Excluded(Reason::BeyondCut { cut }),
    );
    assert_eq!(world.roster().standing_now(&world.member(bo)), None);
}

#[test]
fn roles_end_with_the_removal_and_do_not_come_back() {
    let mut world = World::new();
    let bo = world.household();
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, bo, lead());
    let tips = world.tips(&[bo]);
    let cut = world.state(FOUNDER, Authority::Founder, remove(&world, bo, tips));
    assert_eq!(world.roster().roles(), []);
    world.admit(FOUNDER, Authority::Founder, bo, MemberKind::Household);
    let (_, by_old_role) = world.admit_someone(bo, role);
    world.fails(by_old_role, Reason::BeyondCut { cut });
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, bo, lead());
    let (_, by_new_role) = world.admit_someone(bo, role);
    world.counts(by_new_role);
}

#[test]
fn a_successor_household_needs_the_quorum() {
    let mut council = Council::new();
    let bo = council.world.household();
    let new = council.world.stranger();
    let mut admission = council.world.admission(new, MemberKind::Household);
    admission.successor_of = Some(council.world.member(bo));
    council.world.meet();
    let by_steward = council.act(0, Act::Admit(admission.clone()));
    council.world.fails(by_steward, Reason::NeedsQuorum);
    let enacted = council.pass(1, None, Act::Admit(admission), &[0, 1]);
    council.world.counts(enacted);
    let roster = council.world.roster();
    let member = roster.member(&council.world.member(new)).expect("admitted");
    assert_eq!(member.successor_of, Some(council.world.member(bo)));
}

#[test]
fn a_removed_office_has_no_seat() {
    let mut council = Council::new();
    let act = Act::Remove {
        member: council.stewards[2].2,
        tips: Tips::default(),
        reason: "dissolved".into(),
    };
    council.pass(1, None, act, &[0, 1]);
    assert_eq!(council.world.roster().governance().offices.len(), 2);
}
