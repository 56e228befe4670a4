//! Verdicts on entries of documents: who stood where, forks, cuts, and what is not held yet.

use super::seniority::lead;
use super::world::{Document, FOUNDER, World};
use crate::id::{DeviceId, EntryId};
use crate::roster::{Chains, Reason, Roster, Verdict};
use crate::statement::{Authority, MemberKind, Role, Tip, Tips};

#[track_caller]
fn shows(world: &World, document: &Document, expected: Verdict) {
    assert_eq!(world.verdict(&world.roster(), document), expected);
}

#[test]
fn a_member_writes_once_it_knows_its_own_admission() {
    let mut world = World::new();
    let bo = world.stranger();
    let early = world.document(bo);
    world.admit(FOUNDER, Authority::Founder, bo, MemberKind::Household);
    let late = world.document(bo);
    shows(&world, &early, Verdict::Excluded(Reason::NotCertified));
    shows(&world, &late, Verdict::Counts);
    let founder = world.document(FOUNDER);
    shows(&world, &founder, Verdict::Counts);
}

#[test]
fn strangers_relays_and_strange_devices_write_nothing() {
    let mut world = World::new();
    let bo = world.household();
    let stranger = world.stranger();
    let certificate = world.certificate(stranger);
    world.state(
        FOUNDER,
        Authority::Founder,
        crate::statement::Act::Enrol { certificate },
    );
    world.receive(stranger, FOUNDER);
    let document = world.document(stranger);
    shows(&world, &document, Verdict::Excluded(Reason::NotAdmitted));
    let strange = world.device(world.member(bo));
    world.receive(strange, bo);
    let document = world.document(strange);
    shows(&world, &document, Verdict::Excluded(Reason::NotCertified));
    let relay = world.relay();
    world.receive(relay, bo);
    let document = world.document(relay);
    shows(&world, &document, Verdict::Excluded(Reason::Relay));
}

#[test]
fn a_verdict_waits_for_the_statements_that_the_author_had_seen() {
    let mut world = World::new();
    let bo = world.household();
    let document = world.document(bo);
    let Authority::Member { admission } = world.membership(bo) else {
        unreachable!("a membership is an admission");
    };
    let mut roster = Roster::new(world.space);
    let [founding, admitting] = &world.statements[..] else {
        unreachable!("the world has two statements");
    };
    assert_eq!(
        world.verdict(&roster, &document),
        Verdict::Pending(vec![admission])
    );
    roster.insert([admitting.clone()]);
    assert_eq!(
        world.verdict(&roster, &document),
        Verdict::Pending(vec![world.founding]),
        "the admission waits itself"
    );
    roster.insert([founding.clone()]);
    assert_eq!(world.verdict(&roster, &document), Verdict::Counts);
}

#[test]
fn what_a_forked_device_wrote_after_the_fork_waits_for_a_cut() {
    let mut world = World::new();
    let bo = world.household();
    let shared = world.document(bo);
    let fork = world.fork(bo);
    let one = world.document(bo);
    let other = world.document_seeing(fork, None);
    let phone = world.second_device(bo);
    shows(&world, &shared, Verdict::Counts);
    shows(&world, &one, Verdict::Excluded(Reason::Forked));
    shows(&world, &other, Verdict::Excluded(Reason::Forked));
    // The household names the entry that counts.
    let tip = Tip {
        device: one.device,
        seq: one.seq,
        entry: one.id,
    };
    let cut = world.cut_device(phone, bo, Some(tip));
    shows(&world, &shared, Verdict::Counts);
    shows(&world, &one, Verdict::Counts);
    shows(&world, &other, Verdict::Excluded(Reason::BeyondCut { cut }));
}

#[test]
fn a_cut_of_a_role_does_not_lift_a_forks_suspension() {
    let mut world = World::new();
    let bo = world.household();
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, bo, lead());
    world.fork(bo);
    let document = world.document(bo);
    let tips = world.tips(&[bo]);
    let cut = world.cut_role(FOUNDER, Authority::Founder, role, tips);
    world.counts(cut);
    shows(&world, &document, Verdict::Excluded(Reason::Forked));
}

#[test]
fn a_cut_whose_chain_is_not_held_leaves_documents_pending() {
    struct Nothing;
    impl Chains for Nothing {
        fn on_chain(&self, _: DeviceId, _: u64, _: EntryId, _: &Tip) -> Option<bool> {
            None
        }
    }
    let mut world = World::new();
    let bo = world.household();
    let first = world.document(bo);
    let second = world.document(bo);
    let tip = world.logs[bo].tip();
    world.cut_device(FOUNDER, bo, Some(tip));
    let roster = world.roster();
    let author = |document: &Document| {
        let author = super::super::DocumentAuthor {
            device: document.device,
            member: document.member,
            seq: document.seq,
            id: document.id,
            standpoint: &document.standpoint,
            forked_at: None,
            retreated_at: None,
        };
        roster.verdict(&author, &Nothing)
    };
    assert_eq!(author(&first), Verdict::Pending(vec![tip.entry]));
    assert_eq!(author(&second), Verdict::Counts, "the tip itself");
}

#[test]
fn a_device_cut_without_tip_counts_nothing() {
    let mut world = World::new();
    let bo = world.household();
    let document = world.document(bo);
    let cut = world.cut_device(bo, bo, None);
    shows(
        &world,
        &document,
        Verdict::Excluded(Reason::BeyondCut { cut }),
    );
}

#[test]
fn nothing_counts_from_where_a_log_went_backwards() {
    let mut world = World::new();
    let bo = world.household();
    let Authority::Member { admission } = world.membership(bo) else {
        unreachable!("a membership is an admission");
    };
    let first = world.document(bo);
    world.household();
    world.receive(bo, FOUNDER);
    world.document(bo);
    let mut back = world.document_seeing(bo, Some(vec![admission]));
    let roster = world.roster();
    roster.settle(&mut world.logs[bo].track);
    let retreated_at = world.logs[bo].track.retreated_at();
    assert_eq!(retreated_at, Some(back.seq));
    back.retreated_at = retreated_at;
    let mut first = first;
    first.retreated_at = retreated_at;
    shows(&world, &first, Verdict::Counts);
    shows(&world, &back, Verdict::Excluded(Reason::SeenBackwards));
    // A document after a statement that went backwards.
    world.state(
        bo,
        Authority::Member { admission },
        crate::statement::Act::Describe {
            name: "Bo".into(),
            building: None,
        },
    );
    let after = world.document(bo);
    shows(&world, &after, Verdict::Excluded(Reason::SeenBackwards));
}

#[test]
fn a_step_that_is_not_held_hides_no_later_retreat() {
    let mut world = World::new();
    let bo = world.household();
    let admission = super::seniority::admission_of(world.membership(bo));
    world.document(bo);
    world.document_seeing(bo, Some(vec![EntryId([9; 32])]));
    let back = world.document_seeing(bo, Some(vec![admission]));
    let roster = world.roster();
    roster.settle(&mut world.logs[bo].track);
    assert_eq!(world.logs[bo].track.retreated_at(), Some(back.seq));
}

#[test]
fn a_log_that_names_what_is_no_statement_ends_there() {
    let mut world = World::new();
    let bo = world.household();
    let admission = super::seniority::admission_of(world.membership(bo));
    let first = world.document(bo);
    let mut seen = vec![first.id, admission];
    seen.sort();
    let naming = world.document_seeing(bo, Some(seen));
    let mut after = world.document_seeing(bo, Some(vec![admission]));
    let mut roster = world.roster();
    roster.refuse([first.id]);
    assert_eq!(
        world.verdict(&roster, &naming),
        Verdict::Excluded(Reason::SeenNoStatement)
    );
    roster.settle(&mut world.logs[bo].track);
    after.retreated_at = world.logs[bo].track.retreated_at();
    assert_eq!(after.retreated_at, Some(after.seq));
    assert_eq!(
        world.verdict(&roster, &after),
        Verdict::Excluded(Reason::SeenBackwards)
    );
}

#[test]
fn an_honest_track_settles_to_one_step() {
    let mut world = World::new();
    let bo = world.household();
    for _ in 0..4 {
        world.household();
        world.receive(bo, FOUNDER);
        world.document(bo);
    }
    let roster = world.roster();
    let before = world.logs[bo].track.standpoint();
    let mut track = world.logs[bo].track.clone();
    roster.settle(&mut track);
    assert_eq!(track.standpoint(), before);
    assert_eq!(track.retreated_at(), None);
    // What has been compared is forgotten: an old view after it still goes backwards.
    world.logs[bo].track = track;
    let back = world.document_seeing(bo, Some(vec![world.founding]));
    roster.settle(&mut world.logs[bo].track);
    assert_eq!(world.logs[bo].track.retreated_at(), Some(back.seq));
}

#[test]
fn standings_are_those_of_the_place_and_not_of_today() {
    let mut world = World::new();
    let bo = world.household();
    let (guest, _) = world.guest_of(bo, 1, 1, 1);
    let member = world.member(guest);
    let as_guest = world.document(guest);
    world.receive(FOUNDER, guest);
    let promote = crate::statement::Act::Promote { member };
    world.state(FOUNDER, Authority::Founder, promote);
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, guest, Role::Moderator);
    let as_moderator = world.document(guest);
    let tips = world.tips(&[guest]);
    world.cut_role(FOUNDER, Authority::Founder, role, tips);
    world.receive(guest, FOUNDER);
    let as_household = world.document(guest);
    let roster = world.roster();
    let at = |document: &Document| {
        let standing = roster.standing_at(&document.standpoint, &member);
        let standing = standing.expect("a member");
        let roles: Vec<Role> = standing.roles.into_iter().map(|(role, _)| role).collect();
        (standing.kind, roles)
    };
    assert_eq!(at(&as_guest), (MemberKind::Guest, vec![]));
    assert_eq!(
        at(&as_moderator),
        (MemberKind::Household, vec![Role::Moderator])
    );
    assert_eq!(at(&as_household), (MemberKind::Household, vec![]));
    let stranger = world.person();
    assert_eq!(
        roster.standing_at(&as_household.standpoint, &stranger),
        None
    );
}

#[test]
fn a_role_ends_where_its_cut_ends_it_whatever_its_holder_says_it_has_heard() {
    let mut world = World::new();
    let bo = world.household();
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, bo, Role::Moderator);
    let spared = world.document(bo);
    let tips = world.tips(&[bo]);
    let before = world.roster();
    world.cut_role(FOUNDER, Authority::Founder, role, tips);
    // The device goes on as if it had not heard.
    let beyond = world.document(bo);
    let roster = world.roster();
    assert_eq!(world.roles_of(&roster, &spared), [Role::Moderator]);
    assert_eq!(world.roles_of(&roster, &beyond), []);
    // Where the cut is not held yet, nobody knows better.
    assert_eq!(world.roles_of(&before, &beyond), [Role::Moderator]);
    assert_eq!(world.verdict(&roster, &beyond), Verdict::Counts);
}

#[test]
fn the_founder_alone_acts_as_such_until_a_quorum_succeeds_it() {
    let mut world = World::new();
    let founder = world.member(FOUNDER);
    let bo = world.household();
    let alone = |world: &World| {
        let standing = world.roster().standing_now(&founder).expect("a member");
        standing.founding
    };
    assert_eq!(alone(&world), Some(world.founding));
    let other = world.roster().standing_now(&world.member(bo));
    assert_eq!(other.expect("a member").founding, None);
    let early = world.document(FOUNDER);
    for _ in 0..3 {
        world.steward();
    }
    assert_eq!(alone(&world), None);
    // It is asked where the founder stood.
    let then = world.roster().standing_at(&early.standpoint, &founder);
    assert_eq!(then.expect("a member").founding, Some(world.founding));
}

#[test]
fn an_admission_that_falls_takes_the_documents_with_it() {
    let mut world = World::new();
    let bo = world.household();
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, bo, lead());
    let (friend, _) = world.admit_someone(bo, role);
    let document = world.document(friend);
    shows(&world, &document, Verdict::Counts);
    world.cut_role(FOUNDER, Authority::Founder, role, Tips::default());
    shows(&world, &document, Verdict::Excluded(Reason::NotAdmitted));
}
