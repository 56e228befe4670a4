//! Devices that sign more branches than are taken as they come: neighbours hold different ones and
//! show the same (rules R8, R9, R12).

use protocol::entry::{Entry, Subject};
use protocol::id::EntryId;
use protocol::limits;
use protocol::roster::Reason;
use protocol::statement::{Act, Authority, Statement, Tip, Tips};
use tests::oracle::checks::history_of;
use tests::oracle::compare::{Model, View, view_against_model};

use crate::forgetting::village;
use crate::home::Home;
use crate::meeting::meet_as_members;

/// A founder and Carol, who hold what Bo wrote before it forked, and Bo.
pub fn before_the_fork() -> (Home, Home, Home) {
    let mut founder = Home::found();
    let (mut bo, mut carol) = village(&mut founder);
    for number in 0..4 {
        bo.document(&format!("before it forked {number}"));
    }
    for home in [&mut founder, &mut carol] {
        home.take(&bo.runs()).expect("honest");
    }
    (founder, carol, bo)
}

/// Branches of a log that a device signed after one and the same entry.
pub fn branches(of: &Home, count: usize) -> Vec<Entry> {
    let admission = of.memory.entries()[1].entry.id;
    let authority = Authority::Member { admission };
    let describe = |number: usize| {
        let (name, building) = (format!("name {number}"), None);
        let statement = Statement::new(authority, Act::Describe { name, building });
        let payload = statement.to_bytes().expect("known");
        of.forge(Subject::Roster, 0, payload)
    };
    (0..count).map(describe).collect()
}

pub fn take<'a>(home: &mut Home, branches: impl Iterator<Item = &'a Entry>) {
    for branch in branches {
        home.take(&[vec![branch.clone()]]).expect("kept or not");
    }
}

fn meet(one: &mut Home, other: &mut Home) {
    for _ in 0..3 {
        meet_as_members(one, other).expect("honest");
    }
}

fn judged(home: &Home, id: &EntryId) -> Option<Result<(), Reason>> {
    home.replica.roster().judgement(id)
}

/// Homes show the same, the model agrees, and opened anew they show it again.
fn show_the_same(homes: [&mut Home; 2]) {
    let views = homes.map(|home| {
        let view = View::read(&mut home.replica, &home.memory);
        let history = history_of(&home.memory);
        let model = Model::new(&history, home.replica.space());
        let mut failures = Vec::new();
        view_against_model(&home.replica, &view, &model, &mut failures);
        assert_eq!(failures, []);
        home.reopen();
        let reopened = View::read(&mut home.replica, &home.memory);
        assert_eq!(reopened.difference(&view), None);
        view
    });
    assert_eq!(views[0].difference(&views[1]), None);
}

#[test]
fn whose_branches_differ_from_home_to_home_is_not_heard_from_there_on() {
    let (mut founder, mut carol, bo) = before_the_fork();
    let branches = branches(&bo, 90);
    take(&mut founder, branches.iter());
    let half = founder.replica.roster().members();
    take(&mut carol, branches.iter().rev());
    meet(&mut carol, &mut founder);
    let first = &branches[0].id;
    assert!(founder.memory.holds(first) && !carol.memory.holds(first));
    let name = |home: &Home| {
        let member = home.replica.roster().member(&bo.member());
        member.expect("it is a member").name
    };
    assert_eq!(name(&founder), "household 2");
    assert_eq!(name(&carol), "household 2");
    assert_eq!(founder.replica.roster().members(), half);
    show_the_same([&mut founder, &mut carol]);
}

#[test]
fn what_a_neighbour_has_built_on_counts_everywhere() {
    let (mut founder, mut carol, bo) = before_the_fork();
    let branches = branches(&bo, 90);
    // Carol writes when there are two, and hears of the others afterwards.
    take(&mut carol, branches[88..].iter());
    let written = carol.document("she has seen what Bo is called");
    take(&mut carol, branches[..88].iter().rev());
    take(&mut founder, branches.iter());
    assert!(!founder.memory.holds(&branches[89].id));
    for _ in 0..3 {
        meet(&mut carol, &mut founder);
        let read = founder.replica.read_document(&founder.memory, written);
        read.expect("memory can be read");
    }
    for home in [&founder, &carol] {
        for branch in &branches[88..] {
            assert_eq!(judged(home, &branch.id), Some(Ok(())));
        }
        for branch in &branches[..88] {
            assert_eq!(judged(home, &branch.id), None);
        }
    }
    let read = founder.replica.read_document(&founder.memory, written);
    let read = read.expect("memory can be read").expect("it is held");
    assert!(read.counts && read.missing.is_empty());
    show_the_same([&mut founder, &mut carol]);
}

#[test]
fn the_branch_that_a_cut_names_is_taken_however_many_came_before() {
    let (mut founder, mut carol, bo) = before_the_fork();
    let branches = branches(&bo, 90);
    take(&mut founder, branches.iter());
    take(&mut carol, branches.iter().rev());
    let named = &branches[0];
    assert!(founder.memory.holds(&named.id) && !carol.memory.holds(&named.id));
    assert!(!founder.memory.holds(&branches[89].id));
    let tips = Tips {
        named: vec![Tip {
            device: bo.id(),
            seq: named.header.seq,
            entry: named.id,
        }],
        parts: Vec::new(),
        digest: None,
    };
    let reason = "forked".into();
    let member = bo.member();
    founder.state(
        Authority::Founder,
        Act::Remove {
            member,
            tips,
            reason,
        },
    );
    meet(&mut founder, &mut carol);
    assert!(carol.memory.holds(&named.id));
    for home in [&founder, &carol] {
        for branch in &branches {
            let expected = (branch.id == named.id).then_some(Ok(()));
            assert_eq!(judged(home, &branch.id), expected);
        }
    }
    let rows = carol.replica.frontier().heads(&bo.id()).count();
    assert!(rows <= limits::BRANCHES_MAX, "{rows} branches");
    show_the_same([&mut founder, &mut carol]);
}
