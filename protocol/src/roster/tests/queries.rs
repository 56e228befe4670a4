//! What the roster shows and tells a node that wants to write.

use super::governance::{Council, remove};
use super::seniority::lead;
use super::world::{FOUNDER, World};
use crate::id::{DocumentId, EntryId};
use crate::roster::{ChainError, Denied, NextSeen, Reason, Roster, StatementEntry, TipsList};
use crate::statement::{Act, Admission, Authority, MemberKind, Role, Statement, Tips};

impl World {
    fn entries(&self, ids: &[EntryId]) -> Vec<StatementEntry> {
        let find = |id: &EntryId| self.statements.iter().find(|entry| entry.id == *id);
        ids.iter()
            .map(|id| find(id).expect("the world has it").clone())
            .collect()
    }

    /// Does what a node does before it writes: names what it has to name, joins first.
    fn write_as_told(&mut self, log: usize, roster: &mut Roster, statement: &Statement) -> usize {
        let mut joins = 0;
        loop {
            let (seen, last) = match roster.next_seen(&self.logs[log].track) {
                NextSeen::Unchanged => (None, true),
                NextSeen::Seen(seen) => (Some(seen), true),
                NextSeen::JoinFirst(seen) => (seen, false),
                NextSeen::Waiting => panic!("all is held that the log has seen"),
            };
            let statement = last.then(|| statement.clone());
            self.write_seeing(log, statement, seen);
            let entry = self.statements.last().expect("just written").clone();
            assert!(entry.header.check().is_ok(), "no header breaks a limit");
            roster.insert([entry]);
            if last {
                return joins;
            }
            joins += 1;
        }
    }
}

#[test]
fn who_has_seen_more_than_fits_joins_first() {
    let mut world = World::new();
    let households: Vec<usize> = (0..20).map(|_| world.household()).collect();
    for &log in &households {
        let own = world.membership(log);
        let name = format!("household {log}");
        let building = None;
        world.state(log, own, Act::Describe { name, building });
    }
    let mut roster = world.roster();
    assert_eq!(roster.heads().len(), 20);
    let writer = households[0];
    let own = world.membership(writer);
    let describe = Act::Describe {
        name: "Bo".into(),
        building: None,
    };
    // A document has seen some of them, and that may not be forgotten.
    let some = world.heads(households[1]);
    world.document_seeing(writer, Some(some));
    let statement = Statement::new(own, describe);
    let joins = world.write_as_told(writer, &mut roster, &statement);
    assert_eq!(joins, 3, "one for what was seen, two of eight");
    let written = world.statements.last().expect("just written").id;
    assert_eq!(roster.judgement(&written), Some(Ok(())));
    assert_eq!(roster.heads(), [written]);
    assert_eq!(
        roster.next_seen(&world.logs[writer].track),
        NextSeen::Unchanged
    );
}

#[test]
fn a_log_keeps_naming_what_it_has_seen_when_that_is_cut() {
    let mut world = World::new();
    let bo = world.household();
    let cai = world.household();
    world.receive(bo, cai);
    let own = world.membership(bo);
    let describe = Act::Describe {
        name: "Bo".into(),
        building: None,
    };
    let by_bo = world.state(bo, own, describe.clone());
    world.receive(cai, bo);
    // Cai's log names Bo's statement; then Bo is removed from before it.
    world.document(cai);
    let act = remove(&world, bo, Tips::default());
    world.state(FOUNDER, Authority::Founder, act);
    let mut roster = world.roster();
    assert!(
        !roster.heads().contains(&by_bo),
        "a dead statement is no head"
    );
    let own = world.membership(cai);
    let statement = Statement::new(own, describe);
    world.write_as_told(cai, &mut roster, &statement);
    let written = world.statements.last().expect("just written").id;
    assert_eq!(roster.judgement(&written), Some(Ok(())));
}

#[test]
fn what_only_a_dead_statement_had_seen_is_still_a_head() {
    let mut world = World::new();
    let bo = world.household();
    let cai = world.household();
    world.receive(bo, cai);
    let own = world.membership(cai);
    let describe = Act::Describe {
        name: "Cai".into(),
        building: None,
    };
    let by_cai = world.state(cai, own, describe.clone());
    world.receive(bo, cai);
    let own = world.membership(bo);
    let dead = world.state(bo, own, describe);
    let act = remove(&world, bo, Tips::default());
    let removed = world.state(FOUNDER, Authority::Founder, act);
    let mut expected = vec![by_cai, removed];
    expected.sort();
    assert_eq!(world.roster().heads(), expected);
    assert_ne!(world.roster().judgement(&dead), Some(Ok(())));
}

#[test]
fn a_document_is_closed_by_its_creator_or_a_steward() {
    let mut world = World::new();
    let (steward, by_steward, _) = world.steward();
    let bo = world.household();
    let cai = world.household();
    world.receive(steward, cai);
    let document = world.document(bo);
    let id = DocumentId::from(document.id);
    let creator = Some(world.member(bo));
    let close = |world: &mut World, log: usize, right, logs: &[usize]| {
        let tips = world.tips(logs);
        world.state(log, right, Act::Close { document: id, tips })
    };
    let own = world.membership(cai);
    let by_cai = close(&mut world, cai, own, &[]);
    world.counts(by_cai);
    assert_eq!(world.roster().closings(&id, creator), []);

    let own = world.membership(bo);
    let by_bo = close(&mut world, bo, own, &[bo]);
    let tip = world.logs[bo].tip();
    let roster = world.roster();
    let closings = roster.closings(&id, creator);
    assert_eq!(closings.len(), 1);
    assert_eq!(closings[0].id, by_bo);
    let device = world.id(bo);
    let closed = roster.closing_tip(&closings, &device).flatten();
    assert_eq!(closed.map(|tip| tip.entry), Some(document.id));
    assert_eq!(roster.closing_tip(&closings, &world.id(cai)), Some(None));
    assert_eq!(roster.closing_tip(&[], &device), None);

    // The creator's own closing is senior to a steward's; without knowing the creator only the
    // steward's is seen to be right.
    world.document(bo);
    close(&mut world, steward, by_steward, &[bo, cai]);
    let roster = world.roster();
    let closings = roster.closings(&id, creator);
    assert_eq!(closings.len(), 2);
    let closed = roster.closing_tip(&closings, &device).flatten();
    assert_eq!(closed.map(|tip| tip.entry), Some(document.id));
    let closings = roster.closings(&id, None);
    assert_eq!(closings.len(), 1);
    let closed = roster.closing_tip(&closings, &device).flatten();
    assert!(closed.is_some_and(|closed| closed.seq > tip.seq));
}

#[test]
fn documents_are_retired_by_their_creator_or_a_steward() {
    let mut world = World::new();
    let bo = world.household();
    let cai = world.household();
    let document = DocumentId::from(world.document(bo).id);
    let creator = Some(world.member(bo));
    let retire = Act::Retire {
        documents: vec![document],
    };
    let own = world.membership(cai);
    world.state(cai, own, retire.clone());
    assert_eq!(world.roster().retirements(&document, creator), []);
    let own = world.membership(bo);
    let by_bo = world.state(bo, own, retire.clone());
    let retirements = world.roster().retirements(&document, creator);
    assert_eq!(retirements.len(), 1);
    assert_eq!(retirements[0].id, by_bo);
    world.state(FOUNDER, Authority::Founder, retire);
    assert_eq!(world.roster().retirements(&document, None).len(), 1);
    let known: Vec<DocumentId> = world.roster().closed_or_retired().collect();
    assert_eq!(known, [document]);
}

#[test]
fn the_latest_description_is_shown() {
    let mut world = World::new();
    let bo = world.household();
    let member = world.member(bo);
    let shown = |world: &World| world.roster().member(&member).expect("a member").name;
    assert_eq!(shown(&world), "household 1");
    let own = world.membership(bo);
    for name in ["Bo", "Bo and Cai"] {
        let building = None;
        let name = name.to_owned();
        world.state(bo, own, Act::Describe { name, building });
    }
    assert_eq!(shown(&world), "Bo and Cai");
}

#[test]
fn a_member_admitted_twice_shows_its_most_senior_admission() {
    let mut world = World::new();
    let (steward, by_steward, _) = world.steward();
    let bo = world.household();
    world.receive(steward, bo);
    let admission = Admission {
        name: "another name".into(),
        ..world.admission(bo, MemberKind::Guest)
    };
    let again = world.state(steward, by_steward, Act::Admit(admission));
    world.counts(again);
    let member = world.roster().member(&world.member(bo)).expect("a member");
    assert_eq!(member.kind, MemberKind::Household);
    assert_ne!(member.name, "another name");
}

#[test]
fn devices_show_where_they_were_cut() {
    let mut world = World::new();
    let bo = world.household();
    let phone = world.second_device(bo);
    world.document(phone);
    let tip = world.logs[phone].tip();
    let cut = world.cut_device(bo, phone, Some(tip));
    let roster = world.roster();
    let member = world.member(bo);
    let shown = roster.device(world.id(phone), &member).expect("a device");
    assert_eq!(shown.cut, Some((cut, Some(tip))));
    let shown = roster.device(world.id(bo), &member).expect("a device");
    assert_eq!(shown.cut, None);
    assert_eq!(roster.members_of(world.id(phone)), [member]);
    assert_eq!(roster.devices().len(), 3);
}

#[test]
fn a_node_finds_the_right_by_which_it_may_act_or_why_not() {
    let mut world = World::new();
    let bo = world.household();
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, bo, lead());
    let friend = world.stranger();
    let admit = Act::Admit(world.admission(friend, MemberKind::Household));
    let own = world.membership(bo);
    let (member, device) = (world.member(bo), world.id(bo));
    let asks = |world: &World, act: &Act| world.roster().authority_for(&member, device, act, None);
    assert_eq!(asks(&world, &admit), Ok(role));
    let mut guest = world.admission(friend, MemberKind::Guest);
    guest.invitation = Some(world.invitation(1, 1, 1, friend));
    assert_eq!(asks(&world, &Act::Admit(guest)), Ok(own));
    let office = world.person();
    let name = "office".to_owned();
    let add_office = Act::AddOffice { office, name };
    assert_eq!(asks(&world, &add_office), Err(Denied::NeedsMotion));
    let (founder, founders) = (world.member(FOUNDER), world.id(FOUNDER));
    assert_eq!(
        world
            .roster()
            .authority_for(&founder, founders, &add_office, None),
        Ok(Authority::Founder)
    );

    let document = DocumentId::from(world.document(bo).id);
    let close = Act::Close {
        document,
        tips: Tips::default(),
    };
    let closes = |world: &World, creator| {
        world
            .roster()
            .authority_for(&member, device, &close, creator)
    };
    assert_eq!(closes(&world, Some(member)), Ok(own));
    assert_eq!(
        closes(&world, Some(founder)),
        Err(Denied::NoRight(Reason::NoRight))
    );
    let strange = world.relay();
    let strange = world.id(strange);
    assert_eq!(
        world.roster().authority_for(&member, strange, &admit, None),
        Err(Denied::NotCertified)
    );
    let stranger = world.person();
    assert_eq!(
        world
            .roster()
            .authority_for(&stranger, device, &admit, None),
        Err(Denied::NotAdmitted)
    );
    let tips = world.tips(&[bo]);
    world.cut_role(FOUNDER, Authority::Founder, role, tips);
    assert_eq!(
        asks(&world, &admit),
        Err(Denied::NoRight(Reason::NoRight)),
        "only the membership is left"
    );
}

#[test]
fn what_a_node_is_told_it_may_do_counts() {
    let mut council = Council::new();
    let (log, ..) = council.stewards[0];
    let bo = council.world.household();
    council.world.meet();
    let (member, device) = (council.world.member(log), council.world.id(log));
    let roster = council.world.roster();
    let friend = council.world.stranger();
    let acts = [
        Act::Admit(council.world.admission(friend, MemberKind::Household)),
        Act::Appoint {
            member: council.world.member(bo),
            role: Role::Moderator,
        },
        Act::Move {
            number: 1,
            previous: None,
            act: Box::new(remove(&council.world, bo, Tips::default())),
        },
        Act::Describe {
            name: "x".into(),
            building: None,
        },
    ];
    for act in acts {
        let right = roster.authority_for(&member, device, &act, None);
        let written = council.world.state(log, right.expect("may"), act);
        council.world.counts(written);
    }
    let denied = roster.authority_for(
        &member,
        device,
        &remove(&council.world, bo, Tips::default()),
        None,
    );
    assert_eq!(denied, Err(Denied::NeedsMotion));
    let governance = roster.governance();
    assert!(!governance.founder_alone);
    assert_eq!((governance.next_number, governance.previous), (1, None));
    assert_eq!(governance.offices.len(), 3);
}

#[test]
fn an_admission_chain_introduces_a_device_to_who_knows_only_the_founding() {
    let mut world = World::new();
    let (steward, by_steward, _) = world.steward();
    for _ in 0..5 {
        world.household();
    }
    let bo = world.household();
    world.receive(steward, bo);
    let (_, role) = world.appoint(steward, by_steward, bo, lead());
    let laptop = world.second_device(bo);
    let (friend, _) = world.admit_someone(laptop, role);
    let phone = world.second_device(friend);
    let roster = world.roster();
    let (member, device) = (world.member(friend), world.id(phone));
    let chain = roster.admission_chain(&member, device).expect("admitted");
    // Founding, office, the steward's admission and role, the lead's admission, role and laptop,
    // the friend, the phone.
    assert_eq!(chain.len(), 9);
    let admission = world.membership(bo);
    let chain = world.entries(&chain);
    let mut knows_little = Roster::new(world.space);
    knows_little.insert(world.entries(&[world.founding]));
    assert_eq!(
        knows_little.introduces(&chain, Some(member), device),
        Ok(())
    );
    for gone in 0..chain.len() {
        let mut short = chain.clone();
        let admission = Authority::Member {
            admission: short.remove(gone).id,
        } == admission;
        if admission {
            // The laptop's certificate speaks for itself here; others may want to see the member.
            continue;
        }
        assert_eq!(
            knows_little.introduces(&short, Some(member), device),
            Err(ChainError::NotAdmitted),
            "without statement {gone}"
        );
    }
    let other = world.id(laptop);
    assert_eq!(
        knows_little.introduces(&chain, Some(member), other),
        Err(ChainError::NotAdmitted)
    );
}

#[test]
fn an_admission_chain_without_the_right_to_admit_introduces_nobody() {
    let mut world = World::new();
    let bo = world.household();
    let own = world.membership(bo);
    let (friend, admission) = world.admit_someone(bo, own);
    let chain = world.entries(&[
        world.founding,
        super::seniority::admission_of(own),
        admission,
    ]);
    let mut knows_little = Roster::new(world.space);
    knows_little.insert(world.entries(&[world.founding]));
    assert_eq!(
        knows_little.introduces(&chain, Some(world.member(friend)), world.id(friend)),
        Err(ChainError::NotAdmitted)
    );
}

#[test]
fn acts_of_the_quorum_introduce_whom_stewards_say_they_admitted() {
    let mut council = Council::new();
    let bo = council.world.household();
    council.world.meet();
    let member = council.world.member(bo);
    let role = lead();
    let appointment = council.pass(1, None, Act::Appoint { member, role }, &[0, 1]);
    let steward = council.stewards[0].0;
    let world = &mut council.world;
    world.receive(bo, steward);
    let role = Authority::Grant { appointment };
    let (friend, _) = world.admit_someone(bo, role);
    let (member, device) = (world.member(friend), world.id(friend));
    let chain = world.roster().admission_chain(&member, device);
    let chain = world.entries(&chain.expect("admitted"));
    let mut knows_little = Roster::new(world.space);
    knows_little.insert(world.entries(&[world.founding]));
    let judged = |chain: &[_]| knows_little.introduces(chain, Some(member), device);
    assert_eq!(judged(&chain), Ok(()));
    let is_motion = |entry: &StatementEntry| {
        matches!(&entry.statement, Some(Statement::Known { act, .. })
            if matches!(act, Act::Move { .. }))
    };
    let without: Vec<_> = chain
        .into_iter()
        .filter(|entry| !is_motion(entry))
        .collect();
    assert_eq!(judged(&without), Err(ChainError::NotAdmitted));
}

#[test]
fn a_relay_that_the_quorum_certified_is_introduced() {
    let mut council = Council::new();
    let relay = council.world.relay();
    let device = council.world.id(relay);
    let certify = Act::CertifyRelay {
        device,
        name: "gate".into(),
        building: None,
    };
    council.pass(1, None, certify, &[0, 1]);
    let world = &council.world;
    let chain = world.roster().relay_chain(device).expect("in service");
    let mut knows_little = Roster::new(world.space);
    knows_little.insert(world.entries(&[world.founding]));
    let chain = world.entries(&chain);
    assert_eq!(knows_little.introduces(&chain, None, device), Ok(()));
}

#[test]
fn who_is_no_steward_does_not_pass_for_a_quorum() {
    let mut world = World::new();
    let bo = world.household();
    let own = world.membership(bo);
    let friend = world.stranger();
    let admission = world.admission(friend, MemberKind::Household);
    let motion = world.state(
        bo,
        own,
        Act::Move {
            number: 1,
            previous: None,
            act: Box::new(Act::Admit(admission)),
        },
    );
    let enact = Act::Enact {
        motion,
        cosignatures: Vec::new(),
        founder_tips: Some(Tips::default()),
    };
    let enactment = world.state(bo, own, enact);
    let admitted = super::seniority::admission_of(own);
    let chain = world.entries(&[world.founding, admitted, motion, enactment]);
    let mut knows_little = Roster::new(world.space);
    knows_little.insert(world.entries(&[world.founding]));
    assert_eq!(
        knows_little.introduces(&chain, Some(world.member(friend)), world.id(friend)),
        Err(ChainError::NotAdmitted)
    );
}

#[test]
fn who_introduces_beyond_a_known_cut_introduces_nobody() {
    let mut world = World::new();
    let bo = world.household();
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, bo, lead());
    let (early, _) = world.admit_someone(bo, role);
    let tips = world.tips(&[bo]);
    let own = world.membership(bo);
    let documents = Vec::new();
    world.state(bo, own, Act::Retire { documents });
    let (late, admission) = world.admit_someone(bo, role);
    let chain = |world: &World, log| {
        let (member, device) = (world.member(log), world.id(log));
        let chain = world.roster().admission_chain(&member, device);
        (world.entries(&chain.expect("admitted")), member, device)
    };
    let of_early = chain(&world, early);
    let of_late = chain(&world, late);
    world.cut_role(FOUNDER, Authority::Founder, role, tips);
    // The admissions themselves are not held, only the cut is.
    let not_held = [
        admission,
        super::seniority::admission_of(world.membership(early)),
    ];
    let mut knows = Roster::new(world.space);
    let held = world.statements.iter();
    knows.insert(held.filter(|entry| !not_held.contains(&entry.id)).cloned());
    world.resolve(&mut knows);
    let judged =
        |(chain, member, device): &(Vec<_>, _, _)| knows.introduces(chain, Some(*member), *device);
    assert_eq!(judged(&of_early), Ok(()));
    assert_eq!(judged(&of_late), Err(ChainError::NotAdmitted));
}

#[test]
fn a_long_list_of_tips_is_asked_about_whole_and_counts_in_parts() {
    let mut world = World::new();
    let (steward, right, _) = world.steward();
    let bo = world.household();
    world.receive(steward, bo);
    let (_, role) = world.appoint(steward, right, bo, lead());
    let mut devices = vec![bo];
    for _ in 0..crate::limits::TIPS_MAX + 1 {
        devices.push(world.second_device(bo));
    }
    for &device in &devices {
        world.receive(device, bo);
        let documents = Vec::new();
        world.state(device, role, Act::Retire { documents });
        world.receive(steward, device);
    }
    let list = TipsList::new(devices.iter().map(|&log| world.logs[log].tip()));
    let (member, device) = (world.member(steward), world.id(steward));
    let cut = |tips| Act::CutRole {
        appointment: super::seniority::grant_of(role),
        tips,
        reason: "gone".into(),
    };
    let asked = |world: &World, tips| {
        let roster = world.roster();
        roster.authority_for(&member, device, &cut(tips), None)
    };
    assert_eq!(asked(&world, list.whole()), Ok(right));
    assert!(
        asked(&world, list.finish(Vec::new())).is_err(),
        "some logs are not named"
    );
    let parts: Vec<_> = list.parts().collect();
    let parts = parts
        .into_iter()
        .map(|tips| world.state(steward, right, Act::Tips { tips }));
    let parts = parts.collect();
    let whole = world.state(steward, right, cut(list.whole()));
    let in_parts = world.state(steward, right, cut(list.finish(parts)));
    world.fails(whole, Reason::Limit { what: "tips" });
    world.counts(in_parts);
}

#[test]
fn a_relay_is_introduced_by_who_certified_it() {
    let mut world = World::new();
    let bo = world.household();
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, bo, lead());
    let relay = world.relay();
    let device = world.id(relay);
    let certify = Act::CertifyRelay {
        device,
        name: "stairwell".into(),
        building: Some("3".into()),
    };
    world.state(bo, role, certify);
    let chain = world.roster().relay_chain(device).expect("certified");
    let chain = world.entries(&chain);
    let mut knows_little = Roster::new(world.space);
    knows_little.insert(world.entries(&[world.founding]));
    assert_eq!(knows_little.introduces(&chain, None, device), Ok(()));
    let short = &chain[..chain.len() - 1];
    assert_eq!(
        knows_little.introduces(short, None, device),
        Err(ChainError::NotAdmitted)
    );
    let reason = "gone".to_owned();
    world.state(bo, role, Act::CutRelay { device, reason });
    assert_eq!(
        world.roster().introduces(&chain, None, device),
        Err(ChainError::Removed)
    );
    assert_eq!(world.roster().relay_chain(device), None);
}

#[test]
fn an_admission_chain_does_not_help_who_is_known_to_be_removed() {
    let mut world = World::new();
    let bo = world.household();
    let (member, device) = (world.member(bo), world.id(bo));
    let chain = world.roster().admission_chain(&member, device);
    let chain = world.entries(&chain.expect("admitted"));
    assert_eq!(
        world.roster().introduces(&chain, Some(member), device),
        Ok(())
    );
    let cut = world.cut_device(bo, bo, None);
    let roster = world.roster();
    assert_eq!(
        roster.introduces(&chain, Some(member), device),
        Err(ChainError::Removed)
    );
    world.statements.retain(|entry| entry.id != cut);
    world.logs[FOUNDER].known.remove(&cut);
    let act = remove(&world, bo, Tips::default());
    world.state(FOUNDER, Authority::Founder, act);
    assert_eq!(
        world.roster().introduces(&chain, Some(member), device),
        Err(ChainError::Removed)
    );
    assert_eq!(world.roster().admission_chain(&member, device), None);
}

#[test]
fn an_admission_chain_that_a_known_cut_excludes_introduces_nobody() {
    let mut world = World::new();
    let bo = world.household();
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, bo, lead());
    let (friend, _) = world.admit_someone(bo, role);
    let (member, device) = (world.member(friend), world.id(friend));
    let chain = world.roster().admission_chain(&member, device);
    let chain = world.entries(&chain.expect("admitted"));
    world.cut_role(FOUNDER, Authority::Founder, role, Tips::default());
    assert_eq!(
        world.roster().introduces(&chain, Some(member), device),
        Err(ChainError::NotAdmitted)
    );
}

#[test]
fn changes_say_whom_a_cut_concerns() {
    let mut world = World::new();
    let bo = world.household();
    let (_, role) = world.appoint(FOUNDER, Authority::Founder, bo, lead());
    let (friend, _) = world.admit_someone(bo, role);
    let mut roster = world.roster();
    world.cut_role(FOUNDER, Authority::Founder, role, Tips::default());
    let cut = world.statements.last().expect("just written").clone();
    let id = cut.id;
    let changes = roster.insert([cut.clone()]);
    assert_eq!(changes.arrived, [id]);
    let expected = [world.member(bo), world.member(friend)].into();
    assert_eq!(changes.members, expected);
    assert_eq!(roster.insert([cut]), super::super::Changes::default());
    let document = DocumentId::from(world.document(bo).id);
    let own = world.membership(bo);
    let tips = Tips::default();
    world.state(bo, own, Act::Close { document, tips });
    let changes = roster.insert(world.statements.iter().cloned());
    assert_eq!(changes.documents, [document].into());
}

#[test]
fn a_statement_of_another_neighbourhood_is_refused() {
    let mut world = World::new();
    world.household();
    let other = crate::id::SpaceId([9; 32]);
    let mut roster = Roster::new(other);
    let changes = roster.insert(world.statements.iter().cloned());
    assert_eq!(changes.refused.len(), 2);
    assert!(changes.arrived.is_empty());
}
