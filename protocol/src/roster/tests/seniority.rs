//! Cuts: who ranks over whom, what a cut ends, and which of several decides.

use super::world::{FOUNDER, World};
use crate::id::EntryId;
use crate::roster::Reason;
use crate::statement::{Act, Authority, DeviceCut, MemberKind, Role, Tip, Tips};

pub fn lead() -> Role {
    Role::BuildingLead {
        building: "3".into(),
    }
}

pub fn grant_of(authority: Authority) -> EntryId {
    match authority {
        Authority::Grant { appointment } => appointment,
        _ => unreachable!("the authority is a role"),
    }
}

pub fn admission_of(authority: Authority) -> EntryId {
    match authority {
        Authority::Member { admission } => admission,
        _ => unreachable!("the authority is a membership"),
    }
}

impl World {
    pub fn cut_role(&mut self, by: usize, right: Authority, cut: Authority, tips: Tips) -> EntryId {
        let act = Act::CutRole {
            appointment: grant_of(cut),
            tips,
            reason: "gone".into(),
        };
        self.state(by, right, act)
    }

    pub fn cut_device(&mut self, carrier: usize, log: usize, tip: Option<Tip>) -> EntryId {
        let key = &self.keys[&self.member(log)];
        let cut = DeviceCut::issue(key, self.space, self.id(log), tip);
        self.state(carrier, Authority::Founder, Act::CutDevice(cut))
    }

    pub fn admit_someone(&mut self, by: usize, right: Authority) -> (usize, EntryId) {
        let log = self.stranger();
        let id = self.admit(by, right, log, MemberKind::Household);
        (log, id)
    }
}

#[test]
fn what_lies_beyond_a_cut_of_a_role_is_excluded_whenever_it_arrives() {
    let mut world = World::new();
    let bo = world.household();
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, bo, lead());
    let (_, before) = world.admit_someone(bo, role);
    world.receive(FOUNDER, bo);
    let tips = world.tips(&[bo]);
    let cut = world.cut_role(FOUNDER, Authority::Founder, role, tips);
    // Written in another partition, with an old view of the roster.
    let (friend, after) = world.admit_someone(bo, role);
    let (_, guest) = world.guest_of(friend, 1, 1, 1);
    world.counts(cut);
    world.counts(before);
    world.fails(after, Reason::BeyondCut { cut });
    world.fails(guest, Reason::RightExcluded { right: after });
}

#[test]
fn a_log_that_a_cut_does_not_name_counts_nothing() {
    let mut world = World::new();
    let bo = world.household();
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, bo, lead());
    let phone = world.second_device(bo);
    let (_, hidden) = world.admit_someone(phone, role);
    let tips = world.tips(&[bo]);
    let cut = world.cut_role(FOUNDER, Authority::Founder, role, tips);
    world.counts(cut);
    world.fails(hidden, Reason::BeyondCut { cut });
}

#[test]
fn a_cut_below_what_its_author_had_seen_is_void_unless_the_founder_is_alone() {
    let mut world = World::new();
    let (steward, by_steward, _) = world.steward();
    let bo = world.household();
    world.receive(steward, bo);
    let (_, role) = world.appoint(steward, by_steward, bo, lead());
    let (_, first) = world.admit_someone(bo, role);
    let low = world.tips(&[bo]);
    let (_, second) = world.admit_someone(bo, role);
    world.receive(steward, bo);
    let cut = world.cut_role(steward, by_steward, role, low.clone());
    world.fails(cut, Reason::LowCut);
    world.counts(second);
    let cut = world.cut_role(steward, by_steward, role, Tips::default());
    world.fails(cut, Reason::LowCut);

    world.receive(FOUNDER, steward);
    let cut = world.cut_role(FOUNDER, Authority::Founder, role, low);
    world.counts(cut);
    world.counts(first);
    world.fails(second, Reason::BeyondCut { cut });
}

#[test]
fn nobody_cuts_a_role_that_does_not_descend_from_an_own_one() {
    let mut world = World::new();
    let (one, by_one, _) = world.steward();
    let (other, by_other, _) = world.steward();
    world.meet();
    let bo = world.household();
    world.meet();
    let (_, role) = world.appoint(one, by_one, bo, lead());
    world.meet();
    let tips = world.tips(&[bo]);
    let by_other = world.cut_role(other, by_other, role, tips.clone());
    world.fails(by_other, Reason::NotSenior);
    let by_itself = world.cut_role(bo, role, role, tips.clone());
    world.fails(by_itself, Reason::NotSenior);
    let own = world.membership(one);
    let as_member = world.cut_role(one, own, role, tips.clone());
    world.fails(as_member, Reason::NotSenior);
    let by_appointer = world.cut_role(one, by_one, role, tips);
    world.counts(by_appointer);
}

#[test]
fn two_who_cut_each_other_at_the_same_time_do_as_seniority_says() {
    let mut world = World::new();
    let (steward, by_steward, _) = world.steward();
    let bo = world.household();
    world.receive(steward, FOUNDER);
    let (_, role) = world.appoint(steward, by_steward, bo, lead());
    let steward_tips = world.tips(&[steward]);
    let up = world.cut_role(bo, role, by_steward, steward_tips);
    let lead_tips = world.tips(&[bo]);
    let down = world.cut_role(steward, by_steward, role, lead_tips);
    world.fails(up, Reason::NeedsQuorum);
    world.counts(down);
    assert_eq!(world.roster().roles().len(), 1, "the steward's remains");
}

#[test]
fn a_cut_falls_with_the_right_by_which_it_was_made() {
    let mut world = World::new();
    let (steward, by_steward, _) = world.steward();
    let bo = world.household();
    world.receive(steward, FOUNDER);
    let (_, role) = world.appoint(steward, by_steward, bo, lead());
    world.receive(FOUNDER, steward);
    let tips = world.tips(&[steward]);
    let cut = world.cut_role(FOUNDER, Authority::Founder, by_steward, tips);
    let tips = world.tips(&[bo]);
    let late = world.cut_role(steward, by_steward, role, tips);
    world.fails(late, Reason::BeyondCut { cut });
    let (_, admitted) = world.admit_someone(bo, role);
    world.counts(admitted);
}

#[test]
fn an_appointment_beyond_a_cut_gives_no_right() {
    let mut world = World::new();
    let (steward, by_steward, _) = world.steward();
    let bo = world.household();
    world.receive(steward, FOUNDER);
    let tips = world.tips(&[steward]);
    let cut = world.cut_role(FOUNDER, Authority::Founder, by_steward, tips);
    let (appointment, role) = world.appoint(steward, by_steward, bo, lead());
    let (_, admitted) = world.admit_someone(bo, role);
    world.fails(appointment, Reason::BeyondCut { cut });
    world.fails(admitted, Reason::RightExcluded { right: appointment });
}

#[test]
fn of_two_cuts_the_more_senior_issuers_decides() {
    let mut world = World::new();
    let (steward, by_steward, _) = world.steward();
    let bo = world.household();
    world.receive(steward, FOUNDER);
    let (_, role) = world.appoint(steward, by_steward, bo, lead());
    let low = world.tips(&[bo]);
    let early = world.cut_role(steward, by_steward, role, low.clone());
    world.receive(FOUNDER, bo);
    let (_, admitted) = world.admit_someone(bo, role);
    world.fails(admitted, Reason::BeyondCut { cut: early });
    // The founder, in another partition, lets the admission count.
    world.receive(FOUNDER, bo);
    let high = world.tips(&[bo]);
    world.cut_role(FOUNDER, Authority::Founder, role, high);
    world.counts(admitted);
    // The household's own word about its device is senior to the steward's, not to the founder's.
    let tip = low.named.first().copied();
    world.cut_device(bo, bo, tip);
    world.counts(admitted);
}

#[test]
fn the_households_own_cut_of_a_device_is_senior_to_a_stewards() {
    let mut world = World::new();
    let (steward, by_steward, _) = world.steward();
    let bo = world.household();
    world.receive(steward, FOUNDER);
    let (_, role) = world.appoint(steward, by_steward, bo, lead());
    let phone = world.second_device(bo);
    let (_, first) = world.admit_someone(phone, role);
    let tip = world.logs[phone].tip();
    let (_, second) = world.admit_someone(phone, role);
    world.receive(steward, phone);
    let high = world.tips(&[bo, phone]);
    let by_steward = world.cut_role(steward, by_steward, role, high);
    world.counts(by_steward);
    world.counts(second);
    let own = world.cut_device(bo, phone, Some(tip));
    world.counts(first);
    world.fails(second, Reason::BeyondCut { cut: own });
}

#[test]
fn of_two_cuts_by_one_issuer_the_lower_decides() {
    let mut world = World::new();
    let bo = world.household();
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, bo, lead());
    let laptop = world.second_device(FOUNDER);
    world.receive(laptop, bo);
    let (_, first) = world.admit_someone(bo, role);
    let low = world.tips(&[bo]);
    let (_, second) = world.admit_someone(bo, role);
    let high = world.tips(&[bo]);
    let high = world.cut_role(FOUNDER, Authority::Founder, role, high);
    let low = world.cut_role(laptop, Authority::Founder, role, low);
    world.counts(high);
    world.counts(low);
    world.counts(first);
    world.fails(second, Reason::BeyondCut { cut: low });
}

#[test]
fn of_two_cuts_at_one_height_the_lower_hash_decides() {
    let mut world = World::new();
    let bo = world.household();
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, bo, lead());
    let laptop = world.second_device(FOUNDER);
    world.receive(laptop, bo);
    let fork = world.fork(bo);
    let (_, one) = world.admit_someone(bo, role);
    let (_, other) = world.admit_someone(fork, role);
    let (one_tips, other_tips) = (world.tips(&[bo]), world.tips(&[fork]));
    world.cut_role(FOUNDER, Authority::Founder, role, one_tips);
    world.cut_role(laptop, Authority::Founder, role, other_tips);
    let (stands, falls) = if one < other {
        (one, other)
    } else {
        (other, one)
    };
    let roster = world.roster();
    assert_eq!(roster.judgement(&stands), Some(Ok(())));
    assert!(matches!(
        roster.judgement(&falls),
        Some(Err(Reason::BeyondCut { .. }))
    ));
}

#[test]
fn statements_of_a_forked_device_stand_on_both_branches_until_a_cut_names_one() {
    let mut world = World::new();
    let (steward, by_steward, _) = world.steward();
    let bo = world.household();
    world.receive(steward, FOUNDER);
    let (_, role) = world.appoint(steward, by_steward, bo, lead());
    let fork = world.fork(bo);
    let (_, one) = world.admit_someone(bo, role);
    let (_, other) = world.admit_someone(fork, role);
    let (_, later) = world.admit_someone(fork, role);
    for admitted in [one, other, later] {
        world.counts(admitted);
    }
    // The cut names one branch; that its author had seen the other makes it no low cut.
    world.receive(steward, bo);
    world.receive(steward, fork);
    let tips = world.tips(&[bo]);
    let cut = world.cut_role(steward, by_steward, role, tips);
    world.counts(cut);
    world.counts(one);
    world.fails(other, Reason::BeyondCut { cut });
    world.fails(later, Reason::BeyondCut { cut });
}

#[test]
fn what_a_cutter_had_seen_counts_before_the_chain_of_its_tip_is_held() {
    let mut world = World::new();
    let (steward, by_steward, _) = world.steward();
    let bo = world.household();
    world.receive(steward, FOUNDER);
    let (_, role) = world.appoint(steward, by_steward, bo, lead());
    let (_, seen) = world.admit_someone(bo, role);
    world.receive(steward, bo);
    let (_, unseen) = world.admit_someone(bo, role);
    world.document(bo);
    let tip = world.logs[bo].tip();
    let tips = world.tips(&[bo]);
    world.cut_role(steward, by_steward, role, tips);
    let mut roster = super::super::Roster::new(world.space);
    roster.insert(world.statements.iter().cloned());
    assert_eq!(roster.judgement(&seen), Some(Ok(())));
    let missing = Reason::ChainMissing { tip: tip.entry };
    assert_eq!(roster.judgement(&unseen), Some(Err(missing)));
}

#[test]
fn a_cut_whose_chain_is_not_held_leaves_statements_pending() {
    let mut world = World::new();
    let bo = world.household();
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, bo, lead());
    let laptop = world.second_device(FOUNDER);
    let (_, admitted) = world.admit_someone(bo, role);
    world.document(bo);
    let tip = world.logs[bo].tip();
    let tips = world.tips(&[bo]);
    world.cut_role(laptop, Authority::Founder, role, tips);
    let mut roster = super::super::Roster::new(world.space);
    roster.insert(world.statements.iter().cloned());
    assert_eq!(roster.unresolved(), [tip]);
    let missing = Reason::ChainMissing { tip: tip.entry };
    assert_eq!(roster.judgement(&admitted), Some(Err(missing)));
    let changes = roster.resolve([(tip, Some(admitted))]);
    assert_eq!(roster.judgement(&admitted), Some(Ok(())));
    assert!(roster.unresolved().is_empty());
    assert_eq!(changes.members.len(), 1, "the admitted household");
}

#[test]
fn a_member_cuts_its_device_in_anybodys_log() {
    let mut world = World::new();
    let bo = world.household();
    let cai = world.household();
    let phone = world.second_device(bo);
    let (_, guest) = world.guest_of(phone, 1, 1, 1);
    let cut = world.cut_device(cai, phone, None);
    world.counts(cut);
    world.fails(guest, Reason::BeyondCut { cut });
    // The other device goes on.
    let (_, guest) = world.guest_of(bo, 2, 1, 1);
    world.counts(guest);
}

#[test]
fn nobody_cuts_the_device_of_another_member() {
    let mut world = World::new();
    let bo = world.household();
    let cai = world.household();
    let cut = DeviceCut::issue(
        &world.keys[&world.member(cai)],
        world.space,
        world.id(bo),
        None,
    );
    world.state(cai, Authority::Founder, Act::CutDevice(cut.clone()));
    let mut forged = cut;
    forged.member = world.member(bo);
    let forged = world.state(cai, Authority::Founder, Act::CutDevice(forged));
    world.fails(forged, Reason::Unsound);
    let (_, guest) = world.guest_of(bo, 1, 1, 1);
    world.counts(guest);
}

#[test]
fn a_cut_of_a_device_is_for_one_device_and_one_neighbourhood() {
    let mut world = World::new();
    let bo = world.household();
    let phone = world.second_device(bo);
    world.document(phone);
    let key = world.keys[&world.member(bo)].clone();
    let tip = world.logs[phone].tip();
    let mixed = DeviceCut::issue(&key, world.space, world.id(bo), Some(tip));
    let mixed = world.state(bo, Authority::Founder, Act::CutDevice(mixed));
    world.fails(mixed, Reason::Unsound);
    let elsewhere = crate::id::SpaceId([9; 32]);
    let foreign = DeviceCut::issue(&key, elsewhere, world.id(bo), None);
    let foreign = world.state(bo, Authority::Founder, Act::CutDevice(foreign));
    world.fails(foreign, Reason::Unsound);
    let (_, guest) = world.guest_of(bo, 1, 1, 1);
    world.counts(guest);
}

#[test]
fn a_tip_is_placed_whenever_the_statement_before_it_arrives() {
    let mut world = World::new();
    let bo = world.household();
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, bo, lead());
    let laptop = world.second_device(FOUNDER);
    let (_, first) = world.admit_someone(bo, role);
    let (_, second) = world.admit_someone(bo, role);
    let late = world.statements.last().expect("just written").clone();
    assert_eq!(late.id, second);
    let at_statement = world.tips(&[bo]);
    world.document(bo);
    let at_document = world.tips(&[bo]);
    let tip = at_document.named[0];
    for tips in [at_statement, at_document] {
        let mut world = world.clone();
        world.cut_role(laptop, Authority::Founder, role, tips);
        let mut roster = super::super::Roster::new(world.space);
        let others = world.statements.iter().filter(|entry| entry.id != second);
        roster.insert(others.cloned());
        roster.resolve([(tip, Some(second))]);
        assert!(matches!(
            roster.judgement(&first),
            Some(Err(Reason::ChainMissing { .. }))
        ));
        roster.insert([late.clone()]);
        assert_eq!(roster.judgement(&first), Some(Ok(())));
        assert_eq!(roster.judgement(&second), Some(Ok(())));
    }
}

#[test]
fn a_membership_is_no_role_that_an_appointer_could_cut() {
    let mut world = World::new();
    let bo = world.household();
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, bo, lead());
    let (friend, admission) = world.admit_someone(bo, role);
    let membership = Authority::Grant {
        appointment: admission,
    };
    let tips = world.tips(&[friend]);
    let cut = world.cut_role(bo, role, membership, tips);
    world.fails(cut, Reason::WrongTarget);
}

#[test]
fn a_long_list_of_tips_counts_when_it_is_whole() {
    let mut world = World::new();
    let bo = world.household();
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, bo, lead());
    let mut all = Vec::new();
    for seq in 1..=200u64 {
        let key = crate::key::hash(b"linli test key 2", &[&seq.to_be_bytes()]);
        all.push(Tip {
            device: crate::id::DeviceId(key),
            seq,
            entry: EntryId(key),
        });
    }
    let (_, admitted) = world.admit_someone(bo, role);
    all.push(world.logs[bo].tip());
    let list = super::super::TipsList::new(all);
    let parts: Vec<EntryId> = list
        .parts()
        .map(|tips| world.state(FOUNDER, Authority::Founder, Act::Tips { tips }))
        .collect();
    assert_eq!(parts.len(), 1);
    let mut broken = list.finish(parts.clone());
    broken.digest = Some([0; 32]);
    let broken = world.cut_role(FOUNDER, Authority::Founder, role, broken);
    world.fails(broken, Reason::TipsMalformed);
    let mut short = list.finish(parts.clone());
    short.parts.clear();
    let short = world.cut_role(FOUNDER, Authority::Founder, role, short);
    world.fails(short, Reason::TipsMalformed);
    let cut = world.cut_role(FOUNDER, Authority::Founder, role, list.finish(parts));
    world.counts(cut);
    world.counts(admitted);
    let (_, beyond) = world.admit_someone(bo, role);
    world.fails(beyond, Reason::BeyondCut { cut });
}
