//! The words about rights are true: the roster itself is asked about every power of every capacity.

use std::collections::BTreeSet;

use super::governance::{Council, remove};
use super::seniority::{grant_of, lead};
use super::world::{FOUNDER, World};
use crate::id::{DocumentId, MemberId};
use crate::kind::{Acting, Editor};
use crate::roster::{Capacity, Governance, MotionState, Power, Reason, Right};
use crate::statement::{Act, Authority, MemberKind, Role, Tips};

/// Somebody in each capacity beside the stewards, and roles that a steward and the founder gave.
struct People {
    council: Council,
    lead: usize,
    moderator: usize,
    spokesperson: usize,
    guest: usize,
    /// By the founder, and by steward 0.
    given: [crate::id::EntryId; 2],
    other: usize,
}

fn people(offices: usize) -> People {
    let mut world = World::new();
    let stewards = (0..offices).map(|_| world.steward()).collect();
    let mut council = Council { world, stewards };
    let world = &mut council.world;
    world.meet();
    let office = council.stewards[0].2;
    let [lead_log, moderator, spokesperson, other] = [(); 4].map(|()| world.household());
    let (by_founder, _) = world.appoint(FOUNDER, Authority::Founder, lead_log, lead());
    world.appoint(FOUNDER, Authority::Founder, moderator, Role::Moderator);
    let speaks = Role::Spokesperson { office };
    world.appoint(FOUNDER, Authority::Founder, spokesperson, speaks);
    let (guest, _) = world.guest_of(other, 1, 1, 1);
    world.meet();
    let (log, right, _) = council.stewards[0];
    let (by_steward, _) = world.appoint(log, right, other, Role::Moderator);
    world.meet();
    People {
        council,
        lead: lead_log,
        moderator,
        spokesperson,
        guest,
        given: [by_founder, by_steward],
        other,
    }
}

impl People {
    /// Acts by each of which a power shows; none for what no statement does.
    fn acts(&mut self, power: Power) -> Vec<Act> {
        let office = self.council.stewards[0].2;
        let steward_role = grant_of(self.council.stewards[0].1);
        let (other, guest) = (self.other, self.guest);
        let world = &mut self.council.world;
        let member = world.member(other);
        let cut = |appointment| Act::CutRole {
            appointment,
            tips: Tips::default(),
            reason: "over".into(),
        };
        let appoint = |role| Act::Appoint { member, role };
        let joining = world.stranger();
        match power {
            Power::InviteGuests => {
                let mut admission = world.admission(joining, MemberKind::Guest);
                admission.invitation = Some(world.invitation(7, 1, 1, joining));
                vec![Act::Admit(admission)]
            }
            Power::AdmitHouseholds => vec![
                Act::Admit(world.admission(joining, MemberKind::Household)),
                Act::Promote {
                    member: world.member(guest),
                },
            ],
            Power::RecordHouseholds => vec![super::records::record(&[member])],
            Power::AppointModerators => vec![appoint(Role::Moderator)],
            Power::AppointBuildingLeads => vec![appoint(lead())],
            Power::AppointSpokespeople => vec![appoint(Role::Spokesperson { office })],
            Power::AppointStewards => {
                let tips = world.tips(&[self.council.stewards[0].0]);
                let dismissed = Act::CutRole {
                    appointment: steward_role,
                    tips,
                    reason: "over".into(),
                };
                vec![appoint(Role::Steward { office }), dismissed]
            }
            Power::CutRoles => self.given.map(cut).to_vec(),
            Power::KeepRelays => {
                let relay = world.relay();
                vec![Act::CertifyRelay {
                    device: world.id(relay),
                    name: "relay".into(),
                    building: Some("3".into()),
                }]
            }
            Power::EndDocuments => vec![Act::Retire {
                documents: vec![DocumentId([7; 32])],
            }],
            Power::Move => vec![Act::Move {
                number: 1,
                previous: None,
                act: Box::new(remove(world, other, Tips::default())),
            }],
            Power::AddOffices => vec![Act::AddOffice {
                office: world.person(),
                name: "office".into(),
            }],
            Power::RemoveHouseholds => vec![remove(world, other, Tips::default())],
            Power::Readmit => {
                let mut admission = world.admission(joining, MemberKind::Household);
                admission.successor_of = Some(member);
                vec![Act::Admit(admission)]
            }
            _ => Vec::new(),
        }
    }

    /// Whether a log's member may do one of the acts (a role may have been given by another right),
    /// by any of its rights.
    fn may(&self, log: usize, acts: &[Act]) -> bool {
        let world = &self.council.world;
        let (roster, creator) = (world.roster(), Some(world.member(FOUNDER)));
        let creator = creator.filter(|creator| *creator != world.member(log));
        acts.iter().any(|act| {
            let asked = roster.authority_for(&world.member(log), world.id(log), act, creator);
            asked.is_ok()
        })
    }

    /// Whether a log's member may do what no statement does, as the policy of documents has it.
    fn may_act(&self, log: usize, acting: Acting) -> bool {
        let world = &self.council.world;
        let member = world.member(log);
        let standing = world.roster().standing_now(&member);
        let editor = Editor {
            member,
            standing: standing.as_ref(),
            time_ms: 0,
            creates: true,
        };
        acting.of(&editor).is_some()
    }

    fn check_moderating(&self) {
        let governance = self.council.world.roster().governance();
        for (log, capacity) in [
            (FOUNDER, Capacity::Founder),
            (self.lead, Capacity::BuildingLead),
            (self.moderator, Capacity::Moderator),
            (self.spokesperson, Capacity::Spokesperson),
            (self.council.stewards[0].0, Capacity::Steward),
            (self.guest, Capacity::Guest),
        ] {
            for (power, acting) in [
                (Power::Moderate, Acting::Moderator),
                (Power::DecideAppeals, Acting::Steward),
            ] {
                let told = capacity.powers(&governance).contains(&power);
                let found = self.may_act(log, acting);
                assert_eq!(found, told, "{capacity:?} {power:?} {governance:?}");
            }
        }
    }

    fn check(&mut self) {
        self.check_moderating();
        let governance = self.council.world.roster().governance();
        let households = [
            (FOUNDER, Capacity::Founder),
            (self.lead, Capacity::BuildingLead),
            (self.moderator, Capacity::Moderator),
            (self.spokesperson, Capacity::Spokesperson),
            (self.council.stewards[0].0, Capacity::Steward),
        ];
        for power in Power::ALL {
            let acts = self.acts(power);
            if acts.is_empty() {
                continue;
            }
            let mut cases = households.to_vec();
            cases.push((self.guest, Capacity::Guest));
            for (log, capacity) in cases {
                let basis = match capacity {
                    Capacity::Guest => Capacity::Guest,
                    _ => Capacity::Household,
                };
                let told = capacity.powers(&governance).contains(&power)
                    || basis.powers(&governance).contains(&power);
                let found = self.may(log, &acts);
                assert_eq!(found, told, "{capacity:?} {power:?} {governance:?}");
            }
            let (roster, world) = (self.council.world.roster(), &self.council.world);
            let device = world.id(self.council.stewards[0].0);
            let told = Capacity::Quorum.powers(&governance).contains(&power);
            let by_quorum = acts
                .iter()
                .all(|act| roster.quorum_may(device, act).is_ok());
            // A guest is everybody's to invite, and needs no motion.
            if !governance.founder_alone && power != Power::InviteGuests {
                assert_eq!(by_quorum, told, "the quorum {power:?}");
            }
        }
    }
}

#[test]
fn what_each_capacity_may_do_is_what_the_roster_allows() {
    // While the founder acts alone, when stewards of three offices could act, and when they have.
    people(2).check();
    people(3).check();
    let mut people = people(3);
    let bo = people.council.world.household();
    let act = remove(&people.council.world, bo, Tips::default());
    let enacted = people.council.pass(1, None, act, &[0, 1]);
    people.council.world.counts(enacted);
    people.council.world.meet();
    people.check();
}

#[test]
fn a_motion_needs_more_than_half_of_the_offices_and_of_three_at_least_for_the_first() {
    let cases = [
        (1, 0, 2),
        (1, 2, 2),
        (1, 3, 2),
        (1, 4, 3),
        (1, 5, 3),
        (2, 1, 1),
        (2, 2, 2),
        (9, 4, 3),
    ];
    for (next_number, offices, needed) in cases {
        let governance = Governance {
            founder_alone: next_number == 1 && offices < 3,
            offices: vec![MemberId([1; 32]); offices],
            next_number,
            previous: None,
        };
        assert_eq!(governance.needed(), needed, "{offices} offices");
    }
}

#[test]
fn a_statement_says_by_which_right_it_was_made_whether_it_counts_or_not() {
    let mut council = Council::new();
    let bo = council.world.household();
    let act = remove(&council.world, bo, Tips::default());
    let by_steward = council.act(0, act.clone());
    council.world.fails(by_steward, Reason::NeedsQuorum);
    let motion = council.motion(1, None, act);
    let signed = council.cosign(motion, &[1]);
    let tips = council.founder_tips();
    let enacted = council.enact(1, motion, signed.clone(), tips);
    let roster = council.world.roster();
    let right = |id| roster.origin(id).map(|origin| origin.right);
    let office = |steward: usize| Right::Role {
        role: Role::Steward {
            office: council.stewards[steward].2,
        },
        appointment: grant_of(council.stewards[steward].1),
    };
    assert_eq!(right(&by_steward), Some(office(0)));
    assert_eq!(right(&signed[0]), Some(office(1)));
    assert_eq!(right(&enacted), Some(Right::Quorum { motion }));
    let member = roster.member(&council.world.member(bo)).expect("a member");
    assert_eq!(right(&member.admission), Some(Right::Founder));
    let by = roster.origin(&by_steward).and_then(|origin| origin.member);
    assert_eq!(by, Some(council.world.member(council.stewards[0].0)));
    assert!(matches!(roster.act(&motion), Some(Act::Move { .. })));
    let reason = roster.act(&motion).and_then(Act::reason);
    assert_eq!(reason, Some("moved away"));
}

#[test]
fn a_certificate_is_found_in_whatever_carries_it() {
    let mut world = World::new();
    let bo = world.household();
    let second = world.second_device(bo);
    let roster = world.roster();
    let member = world.member(bo);
    for log in [bo, second] {
        let found = roster.certificate_of(world.id(log), &member);
        assert_eq!(found, Some(&world.certificate(log)));
    }
    assert_eq!(roster.certificate_of(world.id(FOUNDER), &member), None);
}

#[test]
fn a_removed_household_is_taken_back_with_the_certificate_that_is_held() {
    let mut council = Council::new();
    let bo = council.world.household();
    let act = remove(&council.world, bo, Tips::default());
    let removed = council.pass(1, None, act, &[0, 1]);
    council.world.meet();
    let admission = council.world.admission(bo, MemberKind::Household);
    let back = council.pass(2, Some(removed), Act::Admit(admission), &[0, 2]);
    council.world.counts(back);
    let roster = council.world.roster();
    let member = roster.member(&council.world.member(bo)).expect("a member");
    assert_eq!(member.removed, None);
    let states: Vec<MotionState> = roster
        .motions()
        .into_iter()
        .map(|motion| motion.state)
        .collect();
    let in_force = |enactment| MotionState::InForce { enactment };
    assert_eq!(states, [in_force(removed), in_force(back)]);
}

#[test]
fn the_quorum_is_told_what_would_be_void() {
    let mut council = Council::new();
    let bo = council.world.household();
    council.world.meet();
    let member = council.world.member(bo);
    let office = council.world.person();
    let device = council.world.id(council.stewards[0].0);
    let appoint = |office| Act::Appoint {
        member,
        role: Role::Steward { office },
    };
    let roster = council.world.roster();
    let asked = roster.quorum_may(device, &appoint(office));
    assert_eq!(asked, Err(Reason::WrongTarget));
    let asked = roster.quorum_may(device, &appoint(council.stewards[0].2));
    assert_eq!(asked, Ok(()));
    let describe = Act::Describe {
        name: "x".into(),
        building: None,
    };
    let asked = roster.quorum_may(device, &describe);
    assert_eq!(asked, Err(Reason::WrongTarget));
}

#[test]
fn every_word_is_one_of_its_own() {
    let powers: BTreeSet<&str> = Power::ALL.iter().map(|power| power.word()).collect();
    assert_eq!(powers.len(), Power::ALL.len());
    let capacities: BTreeSet<&str> = Capacity::ALL.iter().map(|one| one.word()).collect();
    assert_eq!(capacities.len(), Capacity::ALL.len());
    let reasons: BTreeSet<&str> = Reason::WORDS.iter().copied().collect();
    assert_eq!(reasons.len(), Reason::WORDS.len());
}
