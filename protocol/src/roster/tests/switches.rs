//! Each switch takes away what its rule protects, so that the simulator's checks have something to
//! notice.

use super::seniority::lead;
use super::world::{FOUNDER, World};
use crate::roster::{Reason, Roster, Verdict};
use crate::statement::{Authority, Tips};
use crate::switches::{Rule, Switches};

impl World {
    fn without(&self, rule: Rule) -> Roster {
        let mut roster = Roster::with_switches(self.space, Switches::without(rule));
        roster.insert(self.statements.iter().cloned());
        self.resolve(&mut roster);
        roster
    }
}

#[test]
fn without_seniority_the_greatest_hash_decides() {
    // By the rules both the founder's word and the order of hashes are known, so one of the two
    // neighbourhoods shows the difference.
    let mut differs = false;
    for describe in 0..4 {
        let mut world = World::new();
        let (steward, by_steward, _) = world.steward();
        let bo = world.household();
        world.receive(steward, FOUNDER);
        let (_, role) = world.appoint(steward, by_steward, bo, lead());
        let low = world.tips(&[bo]);
        for _ in 0..describe {
            world.document(steward);
        }
        world.cut_role(steward, by_steward, role, low);
        world.receive(FOUNDER, bo);
        let (_, admitted) = world.admit_someone(bo, role);
        world.receive(FOUNDER, bo);
        let high = world.tips(&[bo]);
        world.cut_role(FOUNDER, Authority::Founder, role, high);
        world.counts(admitted);
        differs |= world.without(Rule::R6).judgement(&admitted) != Some(Ok(()));
    }
    assert!(differs);
}

#[test]
fn without_seniority_any_role_cuts_any_other() {
    let mut world = World::new();
    let (_, by_steward, _) = world.steward();
    let bo = world.household();
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, bo, lead());
    let cai = world.household();
    let (_, other) = world.appoint(FOUNDER, Authority::Founder, cai, lead());
    let tips = world.tips(&[bo]);
    let cut = world.cut_role(cai, other, role, tips);
    world.fails(cut, Reason::NotSenior);
    assert_eq!(world.without(Rule::R6).judgement(&cut), Some(Ok(())));
    assert_ne!(by_steward, other);
}

#[test]
fn without_places_what_was_right_then_is_wrong_now() {
    let mut world = World::new();
    let bo = world.household();
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, bo, lead());
    let (_, admitted) = world.admit_someone(bo, role);
    let document = world.document(bo);
    world.receive(FOUNDER, bo);
    let tips = world.tips(&[bo]);
    world.cut_role(FOUNDER, Authority::Founder, role, tips.clone());
    let act = super::governance::remove(&world, bo, tips);
    world.state(FOUNDER, Authority::Founder, act);
    world.counts(admitted);
    assert_eq!(world.verdict(&world.roster(), &document), Verdict::Counts);
    let roster = world.without(Rule::R7);
    assert_ne!(roster.judgement(&admitted), Some(Ok(())));
    assert_ne!(world.verdict(&roster, &document), Verdict::Counts);
}

#[test]
fn without_places_a_member_writes_before_it_is_admitted() {
    let mut world = World::new();
    let bo = world.stranger();
    let early = world.document(bo);
    world.admit(
        FOUNDER,
        Authority::Founder,
        bo,
        crate::statement::MemberKind::Household,
    );
    assert_ne!(world.verdict(&world.roster(), &early), Verdict::Counts);
    let roster = world.without(Rule::R7);
    assert_eq!(world.verdict(&roster, &early), Verdict::Counts);
}

#[test]
fn without_suspension_both_branches_of_a_fork_count() {
    let mut world = World::new();
    let bo = world.household();
    world.fork(bo);
    let document = world.document(bo);
    let forked = Verdict::Excluded(Reason::Forked);
    assert_eq!(world.verdict(&world.roster(), &document), forked);
    let roster = world.without(Rule::R8);
    assert_eq!(world.verdict(&roster, &document), Verdict::Counts);
}

#[test]
fn without_judged_invitations_one_admits_any_number() {
    let mut world = World::new();
    let bo = world.household();
    world.guest_of(bo, 1, 1, 1);
    let (_, again) = world.guest_of(bo, 1, 1, 1);
    assert_ne!(world.roster().judgement(&again), Some(Ok(())));
    assert_eq!(world.without(Rule::R21).judgement(&again), Some(Ok(())));
}

#[test]
fn with_all_rules_a_roster_with_switches_is_the_roster() {
    let mut world = World::new();
    let bo = world.household();
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, bo, lead());
    world.admit_someone(bo, role);
    world.cut_role(FOUNDER, Authority::Founder, role, Tips::default());
    let mut roster = Roster::with_switches(world.space, Switches::NONE);
    roster.insert(world.statements.iter().cloned());
    assert_eq!(roster.digest(), world.roster().digest());
}
