//! Households without a device: who records them, who acts for them, and where that ends.

use super::governance::{Council, remove};
use super::seniority::lead;
use super::world::{FOUNDER, World};
use crate::id::{EntryId, MemberId};
use crate::limits;
use crate::roster::Reason;
use crate::statement::{Act, Authority, MemberKind, Role, Tips};

/// The record of 王奶奶, for whom members act.
pub fn record(proxies: &[MemberId]) -> Act {
    Act::RecordHousehold {
        name: "王奶奶".into(),
        building: Some("3".into()),
        proxies: proxies.to_vec(),
        consent: "paper of 3 December in the lead's folder".into(),
    }
}

/// More members act for a household.
pub fn add(record: EntryId, proxies: &[MemberId]) -> Act {
    Act::AddProxies {
        record,
        proxies: proxies.to_vec(),
        consent: "said so at the door".into(),
    }
}

/// A record ends, or what one member does by it.
pub fn end(record: EntryId, proxy: Option<MemberId>, tips: Tips) -> Act {
    Act::EndRecord {
        record,
        proxy,
        tips,
        reason: "moved to her son's".into(),
    }
}

/// Two stewards, and two neighbours of whom the first acts for 王奶奶 by the first steward's word.
struct Stairwell {
    world: World,
    stewards: [(usize, Authority); 2],
    bo: usize,
    chen: usize,
    wang: EntryId,
}

impl Stairwell {
    fn new() -> Self {
        let mut world = World::new();
        let stewards = [(); 2].map(|()| {
            let (log, right, _) = world.steward();
            (log, right)
        });
        let (bo, chen) = (world.household(), world.household());
        world.meet();
        let (log, right) = stewards[0];
        let act = record(&[world.member(bo)]);
        let wang = world.state(log, right, act);
        world.receive(bo, log);
        Self {
            world,
            stewards,
            bo,
            chen,
            wang,
        }
    }

    fn by(&mut self, steward: usize, act: Act) -> EntryId {
        let (log, right) = self.stewards[steward];
        self.world.state(log, right, act)
    }

    /// For whom a member acts as the roster stands.
    fn now(&self, log: usize) -> Vec<EntryId> {
        let standing = self
            .world
            .roster()
            .standing_now(&self.world.member(log))
            .expect("a member");
        standing.acts_for
    }
}

#[test]
fn a_steward_records_a_household_and_its_proxy_acts_for_it_where_it_has_heard_of_it() {
    let mut stairwell = Stairwell::new();
    let (bo, chen, wang) = (stairwell.bo, stairwell.chen, stairwell.wang);
    let world = &mut stairwell.world;
    world.counts(wang);
    let heard = world.document(bo);
    let act = record(&[world.member(chen)]);
    let (log, right) = stairwell.stewards[1];
    let unheard_of = world.state(log, right, act);
    let unheard = world.document(chen);
    let roster = world.roster();
    assert_eq!(world.acted_for(&roster, &heard), [wang]);
    assert_eq!(world.acted_for(&roster, &unheard), []);
    assert_eq!(stairwell.now(chen), [unheard_of]);
    let recorded = roster.recorded_as(&wang).expect("it is recorded");
    assert_eq!(recorded.name, "王奶奶");
    assert_eq!(recorded.building.as_deref(), Some("3"));
    let steward = stairwell.world.member(stairwell.stewards[0].0);
    assert_eq!(recorded.recorded_by, Some(steward));
    let acting: Vec<MemberId> = recorded.acting().map(|proxy| proxy.member).collect();
    assert_eq!(acting, [stairwell.world.member(bo)]);
    assert_eq!(roster.recorded().len(), 2);
    // It is no member: it votes nowhere and nobody counts it as one.
    assert_eq!(roster.member(&MemberId(wang.0)), None);
}

#[test]
fn only_stewards_and_the_founder_record_households() {
    let mut stairwell = Stairwell::new();
    let (bo, wang) = (stairwell.bo, stairwell.wang);
    let world = &mut stairwell.world;
    let member = world.member(bo);
    let (_, as_lead) = world.appoint(FOUNDER, Authority::Founder, bo, lead());
    let (_, as_moderator) = world.appoint(FOUNDER, Authority::Founder, bo, Role::Moderator);
    let membership = world.membership(bo);
    world.meet();
    for right in [as_lead, as_moderator, membership] {
        for act in [
            record(&[member]),
            add(wang, &[member]),
            end(wang, None, Tips::default()),
        ] {
            let id = world.state(bo, right, act);
            world.fails(id, Reason::NoRight);
        }
    }
    let id = world.state(FOUNDER, Authority::Founder, record(&[member]));
    world.counts(id);
    assert_eq!(stairwell.now(bo).len(), 2);
}

#[test]
fn a_record_is_bounded_and_says_on_what_consent() {
    let mut stairwell = Stairwell::new();
    let member = stairwell.world.member(stairwell.bo);
    let limit = |what| Reason::Limit { what };
    let many: Vec<MemberId> = (0..=limits::PROXIES_MAX)
        .map(|number| MemberId([u8::try_from(number).expect("few"); 32]))
        .collect();
    let silent = Act::RecordHousehold {
        name: "王奶奶".into(),
        building: None,
        proxies: vec![member],
        consent: String::new(),
    };
    let wang = stairwell.wang;
    let cases = [
        (record(&many), limit("proxies")),
        (add(wang, &many), limit("proxies")),
        (record(&[member, member]), limit("order")),
        (silent, limit("consent")),
        (add(EntryId([9; 32]), &[member]), Reason::WrongTarget),
        (
            end(EntryId([9; 32]), None, Tips::default()),
            Reason::WrongTarget,
        ),
        (
            add(stairwell.world.founding, &[member]),
            Reason::WrongTarget,
        ),
    ];
    for (act, reason) in cases {
        let id = stairwell.by(0, act);
        stairwell.world.fails(id, reason);
    }
}

#[test]
fn an_end_holds_from_its_tip_on_whatever_the_proxy_says_it_has_heard() {
    let mut stairwell = Stairwell::new();
    let (bo, wang) = (stairwell.bo, stairwell.wang);
    let spared = stairwell.world.document(bo);
    let tips = stairwell.world.tips(&[bo]);
    let before = stairwell.world.roster();
    let member = stairwell.world.member(bo);
    let [(first, _), (second, _)] = stairwell.stewards;
    stairwell.world.receive(second, first);
    let ended = stairwell.by(1, end(wang, Some(member), tips));
    stairwell.world.counts(ended);
    // The device goes on as if it had not heard.
    let beyond = stairwell.world.document(bo);
    let world = &stairwell.world;
    let roster = world.roster();
    assert_eq!(world.acted_for(&roster, &spared), [wang]);
    assert_eq!(world.acted_for(&roster, &beyond), []);
    assert_eq!(world.acted_for(&before, &beyond), [wang]);
    assert_eq!(stairwell.now(bo), []);
    let recorded = roster.recorded_as(&wang).expect("it is recorded");
    assert_eq!(recorded.ended, None, "the household is recorded still");
    assert_eq!(recorded.proxies[0].ended, Some(ended));
    // Whoever holds the documents has to ask about them again.
    let mut roster = before;
    let statements = world.statements.iter();
    let new = statements.filter(|entry| entry.id == ended).cloned();
    let changes = roster.insert(new);
    assert!(changes.members.contains(&member), "{changes:?}");
}

#[test]
fn an_end_spares_the_branch_that_it_names_and_no_other() {
    let mut stairwell = Stairwell::new();
    let (bo, wang) = (stairwell.bo, stairwell.wang);
    let world = &mut stairwell.world;
    let branch = world.fork(bo);
    let spared = [world.document(bo), world.document(bo)];
    let tips = world.tips(&[bo]);
    let beside = world.document(branch);
    let member = world.member(bo);
    let [(first, _), (second, _)] = stairwell.stewards;
    world.receive(second, first);
    assert!(beside.seq < spared[1].seq, "no number tells them apart");
    let before = world.roster();
    assert_eq!(world.acted_for(&before, &beside), [wang]);
    stairwell.by(1, end(wang, Some(member), tips));
    let world = &stairwell.world;
    let roster = world.roster();
    assert_eq!(world.acted_for(&roster, &beside), []);
    for document in &spared {
        assert_eq!(world.acted_for(&roster, document), [wang]);
    }
}

#[test]
fn whoever_knew_of_an_end_may_name_the_member_again_and_nobody_revives_a_record() {
    let mut stairwell = Stairwell::new();
    let (bo, chen, wang) = (stairwell.bo, stairwell.chen, stairwell.wang);
    let member = stairwell.world.member(bo);
    stairwell.world.meet();
    // Named again and ended at the same time, apart: the end holds.
    let again = stairwell.by(0, add(wang, &[member]));
    let tips = stairwell.world.tips(&[bo]);
    let ended = stairwell.by(1, end(wang, Some(member), tips));
    stairwell.world.counts(again);
    stairwell.world.counts(ended);
    assert_eq!(stairwell.now(bo), []);
    // Named again with the end before the steward's eyes: it acts again.
    stairwell.world.meet();
    stairwell.by(0, add(wang, &[member]));
    assert_eq!(stairwell.now(bo), [wang]);
    stairwell.world.meet();
    let late = stairwell.world.document(bo);
    let roster = stairwell.world.roster();
    assert_eq!(stairwell.world.acted_for(&roster, &late), [wang]);
    // What has ended as a whole stays so; consent given anew is recorded anew.
    let tips = stairwell.world.tips(&[bo]);
    let whole = stairwell.by(0, end(wang, None, tips));
    stairwell.world.meet();
    let other = stairwell.world.member(chen);
    stairwell.by(1, add(wang, &[other]));
    assert_eq!(stairwell.now(bo), []);
    assert_eq!(stairwell.now(chen), []);
    let recorded = stairwell.world.roster().recorded_as(&wang);
    assert_eq!(recorded.expect("it was recorded").ended, Some(whole));
}

#[test]
fn what_was_written_between_an_end_and_being_named_again_is_for_nobody() {
    let mut stairwell = Stairwell::new();
    let (bo, wang) = (stairwell.bo, stairwell.wang);
    let member = stairwell.world.member(bo);
    let tips = stairwell.world.tips(&[bo]);
    stairwell.world.meet();
    // The device claims not to have heard of the end, and is named again afterwards.
    let between = stairwell.world.document(bo);
    stairwell.by(0, end(wang, Some(member), tips));
    stairwell.by(0, add(wang, &[member]));
    let unheard = stairwell.world.document(bo);
    stairwell.world.meet();
    let after = stairwell.world.document(bo);
    let world = &stairwell.world;
    let roster = world.roster();
    assert_eq!(world.acted_for(&roster, &between), []);
    assert_eq!(world.acted_for(&roster, &unheard), []);
    assert_eq!(world.acted_for(&roster, &after), [wang]);
}

#[test]
fn a_record_falls_with_the_right_of_the_steward_who_made_it() {
    let mut stairwell = Stairwell::new();
    let (bo, wang) = (stairwell.bo, stairwell.wang);
    let document = stairwell.world.document(bo);
    let member = stairwell.world.member(bo);
    let added = stairwell.by(1, record(&[member]));
    // Whom another steward named acts by the record, too.
    let carol = stairwell.world.member(stairwell.chen);
    let (log, _) = stairwell.stewards[1];
    stairwell.world.receive(log, stairwell.stewards[0].0);
    stairwell.by(1, add(wang, &[carol]));
    let before = stairwell.world.roster();
    assert_eq!(stairwell.now(bo).len(), 2);
    // The founder decides alone and may cut as low as it likes.
    let right = stairwell.stewards[0].1;
    let world = &mut stairwell.world;
    let cut = world.cut_role(FOUNDER, Authority::Founder, right, Tips::default());
    world.counts(cut);
    world.fails(wang, Reason::BeyondCut { cut });
    let roster = world.roster();
    assert_eq!(world.acted_for(&roster, &document), []);
    assert_eq!(roster.recorded_as(&wang), None);
    assert_eq!(stairwell.now(bo), [added]);
    let mut roster = before;
    let statements = stairwell.world.statements.iter();
    let new = statements.filter(|entry| entry.id == cut).cloned();
    let changes = roster.insert(new);
    assert!(changes.members.contains(&member), "{changes:?}");
    assert!(changes.members.contains(&carol), "{changes:?}");
    // A cut where the steward's log stands spares what it did in its office.
    let (log, right) = stairwell.stewards[1];
    let tips = stairwell.world.tips(&[log]);
    let world = &mut stairwell.world;
    world.cut_role(FOUNDER, Authority::Founder, right, tips);
    world.counts(added);
}

#[test]
fn an_end_falls_with_the_right_of_the_steward_who_made_it() {
    let mut stairwell = Stairwell::new();
    let (bo, wang) = (stairwell.bo, stairwell.wang);
    stairwell.world.meet();
    let ended = stairwell.by(1, end(wang, None, Tips::default()));
    let document = stairwell.world.document(bo);
    let world = &mut stairwell.world;
    let roster = world.roster();
    assert_eq!(world.acted_for(&roster, &document), []);
    let right = stairwell.stewards[1].1;
    let cut = world.cut_role(FOUNDER, Authority::Founder, right, Tips::default());
    world.fails(ended, Reason::BeyondCut { cut });
    let roster = world.roster();
    assert_eq!(world.acted_for(&roster, &document), [wang]);
    assert_eq!(stairwell.now(bo), [wang]);
}

#[test]
fn of_several_ends_the_founders_decides_and_then_the_lowest() {
    let mut stairwell = Stairwell::new();
    let (bo, wang) = (stairwell.bo, stairwell.wang);
    let first = stairwell.world.document(bo);
    let low = stairwell.world.tips(&[bo]);
    let second = stairwell.world.document(bo);
    let high = stairwell.world.tips(&[bo]);
    let third = stairwell.world.document(bo);
    let of_both = |stairwell: &Stairwell| {
        let world = &stairwell.world;
        let roster = world.roster();
        [&first, &second, &third].map(|document| world.acted_for(&roster, document).len())
    };
    stairwell.world.meet();
    stairwell.by(0, end(wang, None, high.clone()));
    assert_eq!(of_both(&stairwell), [1, 1, 0]);
    stairwell.by(1, end(wang, None, low));
    assert_eq!(of_both(&stairwell), [1, 0, 0]);
    let world = &mut stairwell.world;
    world.state(FOUNDER, Authority::Founder, end(wang, None, high));
    assert_eq!(of_both(&stairwell), [1, 1, 0]);
}

#[test]
fn whoever_is_removed_acts_for_nobody_even_when_it_comes_back() {
    let mut world = World::new();
    let bo = world.household();
    let member = world.member(bo);
    let wang = world.state(FOUNDER, Authority::Founder, record(&[member]));
    world.receive(bo, FOUNDER);
    let tips = world.tips(&[bo]);
    let removal = remove(&world, bo, tips);
    world.state(FOUNDER, Authority::Founder, removal);
    let admission = world.admission(bo, MemberKind::Household);
    world.state(FOUNDER, Authority::Founder, Act::Admit(admission));
    world.receive(bo, FOUNDER);
    let roster = world.roster();
    let standing = roster.standing_now(&member).expect("it is back");
    assert_eq!(standing.acts_for, []);
    let recorded = roster.recorded_as(&wang).expect("it is recorded");
    assert_eq!(recorded.acting().count(), 0);
    world.state(FOUNDER, Authority::Founder, add(wang, &[member]));
    let standing = world.roster().standing_now(&member).expect("it is back");
    assert_eq!(standing.acts_for, [wang]);
}

#[test]
fn the_founders_own_right_to_record_ends_with_its_succession_and_no_motion_records() {
    let mut council = Council::new();
    let bo = council.world.household();
    council.world.meet();
    let member = council.world.member(bo);
    let early = council
        .world
        .state(FOUNDER, Authority::Founder, record(&[member]));
    council.world.meet();
    let chen = council.world.household();
    council.world.meet();
    let act = remove(&council.world, chen, Tips::default());
    let enacted = council.pass(1, None, act, &[0, 1]);
    council.world.counts(enacted);
    council.world.counts(early);
    let late = council
        .world
        .state(FOUNDER, Authority::Founder, record(&[member]));
    council
        .world
        .fails(late, Reason::BeyondCut { cut: enacted });
    let device = council.world.id(council.stewards[0].0);
    let asked = council
        .world
        .roster()
        .quorum_may(device, &record(&[member]));
    assert_eq!(asked, Err(Reason::WrongTarget));
    let (log, right, _) = council.stewards[0];
    let by_steward = council.world.state(log, right, record(&[member]));
    council.world.counts(by_steward);
}
