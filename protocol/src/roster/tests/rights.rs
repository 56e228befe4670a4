//! Who may admit, appoint, promote, certify and describe.

use super::world::{FOUNDER, World};
use crate::roster::{InvitationFault, Reason, Roster, StatementEntry};
use crate::statement::{Act, Authority, MemberKind, Role, Tips};

impl World {
    /// The right of a log's member by its newest admission.
    pub fn membership(&self, log: usize) -> Authority {
        let member = self.member(log);
        let admission = |entry: &&StatementEntry| match &entry.statement {
            Some(crate::statement::Statement::Known { act, .. }) => match act {
                Act::Found(founding) => founding.certificate.member == member,
                Act::Admit(admission) => admission.certificate.member == member,
                Act::Promote { member: of } => *of == member,
                Act::AddOffice { office, .. } => *office == member,
                _ => false,
            },
            _ => false,
        };
        let found = self.statements.iter().rev().find(admission);
        Authority::Member {
            admission: found.expect("somebody admitted the member").id,
        }
    }

    pub fn guest_of(
        &mut self,
        host: usize,
        seed: u8,
        number: u32,
        uses: u32,
    ) -> (usize, crate::id::EntryId) {
        let guest = self.stranger();
        let mut admission = self.admission(guest, MemberKind::Guest);
        admission.invitation = Some(self.invitation(seed, number, uses, guest));
        let id = self.state(host, self.membership(host), Act::Admit(admission));
        self.receive(guest, host);
        (guest, id)
    }
}

#[test]
fn the_founder_admits_households_and_they_are_members() {
    let mut world = World::new();
    let bo = world.household();
    let roster = world.roster();
    assert_eq!(roster.members().len(), 2);
    let member = roster.member(&world.member(bo)).expect("admitted");
    assert_eq!(member.kind, MemberKind::Household);
    assert_eq!(member.admitted_by, Some(world.member(FOUNDER)));
}

#[test]
fn a_copied_founding_statement_founds_nothing() {
    let mut world = World::new();
    let thief = world.stranger();
    let founding = world.statements[0].statement.clone();
    let copy = world.write_seeing(thief, founding, None);
    world.fails(copy, Reason::Unsound);
    let friend = world.stranger();
    let admitted = world.admit(thief, Authority::Founder, friend, MemberKind::Household);
    world.fails(admitted, Reason::RightUnknown);
}

#[test]
fn nobody_else_acts_as_the_founder() {
    let mut world = World::new();
    let bo = world.household();
    let friend = world.stranger();
    let admitted = world.admit(bo, Authority::Founder, friend, MemberKind::Household);
    world.fails(admitted, Reason::NoRight);
}

#[test]
fn a_household_invites_guests_and_nobody_else() {
    let mut world = World::new();
    let bo = world.household();
    let (_, guest) = world.guest_of(bo, 1, 1, 1);
    world.counts(guest);
    let own = world.membership(bo);
    let neighbour = world.stranger();
    let household = world.admit(bo, own, neighbour, MemberKind::Household);
    world.fails(household, Reason::NoRight);
    let uninvited = world.stranger();
    let uninvited = world.admit(bo, own, uninvited, MemberKind::Guest);
    world.fails(uninvited, Reason::Invitation(InvitationFault::None));
}

#[test]
fn a_guest_admits_nobody() {
    let mut world = World::new();
    let bo = world.household();
    let (guest, _) = world.guest_of(bo, 1, 1, 1);
    let (_, friend) = world.guest_of(guest, 2, 1, 1);
    world.fails(friend, Reason::NoRight);
}

#[test]
fn a_right_is_the_right_of_whom_it_was_given_to() {
    let mut world = World::new();
    let bo = world.household();
    let cai = world.household();
    let role = Role::BuildingLead {
        building: "3".into(),
    };
    let (_, lead) = world.appoint(FOUNDER, Authority::Founder, bo, role);
    world.receive(cai, bo);
    let friend = world.stranger();
    let by_cai = world.admit(cai, lead, friend, MemberKind::Household);
    world.fails(by_cai, Reason::NoRight);
    let by_bo = world.admit(bo, lead, friend, MemberKind::Household);
    world.counts(by_bo);
}

#[test]
fn a_building_lead_admits_and_promotes_in_its_own_building() {
    let mut world = World::new();
    let bo = world.household();
    let role = Role::BuildingLead {
        building: "3".into(),
    };
    let (_, lead) = world.appoint(FOUNDER, Authority::Founder, bo, role);
    let other = world.stranger();
    let mut admission = world.admission(other, MemberKind::Household);
    admission.building = Some("4".into());
    let elsewhere = world.state(bo, lead, Act::Admit(admission));
    world.fails(elsewhere, Reason::NoRight);

    let (guest, _) = world.guest_of(bo, 1, 1, 1);
    let member = world.member(guest);
    let promoted = world.state(bo, lead, Act::Promote { member });
    world.counts(promoted);
    assert_eq!(
        world.roster().member(&member).map(|member| member.kind),
        Some(MemberKind::Household)
    );
    let cai = world.household();
    let role = Role::BuildingLead {
        building: "4".into(),
    };
    let (_, lead_4) = world.appoint(FOUNDER, Authority::Founder, cai, role);
    world.receive(cai, bo);
    let foreign = world.state(cai, lead_4, Act::Promote { member });
    world.fails(foreign, Reason::NoRight);
}

#[test]
fn nobody_is_promoted_whom_nobody_admitted() {
    let mut world = World::new();
    let member = world.person();
    let promoted = world.state(FOUNDER, Authority::Founder, Act::Promote { member });
    world.fails(promoted, Reason::WrongTarget);
}

#[test]
fn a_promoted_guest_invites_by_the_promotion_and_not_by_the_admission() {
    let mut world = World::new();
    let bo = world.household();
    let (guest, admission) = world.guest_of(bo, 1, 1, 1);
    world.receive(FOUNDER, guest);
    let member = world.member(guest);
    world.state(FOUNDER, Authority::Founder, Act::Promote { member });
    world.receive(guest, FOUNDER);
    let (_, by_promotion) = world.guest_of(guest, 2, 1, 1);
    world.counts(by_promotion);
    let friend = world.stranger();
    let mut act = world.admission(friend, MemberKind::Guest);
    act.invitation = Some(world.invitation(3, 1, 1, friend));
    let by_admission = world.state(guest, Authority::Member { admission }, Act::Admit(act));
    world.fails(by_admission, Reason::NoRight);
}

#[test]
fn a_steward_appoints_for_its_own_office_but_no_stewards() {
    let mut world = World::new();
    let (bo, steward, office) = world.steward();
    let other_office = world.office();
    world.receive(bo, FOUNDER);
    let cai = world.household();
    world.receive(bo, cai);
    let appoint = |world: &mut World, role| world.appoint(bo, steward, cai, role).0;
    let lead = Role::BuildingLead {
        building: "4".into(),
    };
    for role in [lead, Role::Moderator, Role::Spokesperson { office }] {
        let appointment = appoint(&mut world, role);
        world.counts(appointment);
    }
    let foreign = appoint(
        &mut world,
        Role::Spokesperson {
            office: other_office,
        },
    );
    world.fails(foreign, Reason::NoRight);
    let steward = appoint(&mut world, Role::Steward { office });
    world.fails(steward, Reason::NeedsQuorum);
}

#[test]
fn a_role_of_an_office_needs_the_office() {
    let mut world = World::new();
    let office = world.person();
    let bo = world.household();
    let role = Role::Steward { office };
    let (appointment, _) = world.appoint(FOUNDER, Authority::Founder, bo, role);
    world.fails(appointment, Reason::WrongTarget);
}

#[test]
fn an_office_is_added_and_not_admitted() {
    let mut world = World::new();
    let office = world.stranger();
    let admitted = world.admit(FOUNDER, Authority::Founder, office, MemberKind::Office);
    world.fails(admitted, Reason::WrongTarget);
}

#[test]
fn a_device_acts_once_its_member_has_certified_it() {
    let mut world = World::new();
    let bo = world.household();
    let own = world.membership(bo);
    let phone = world.device(world.member(bo));
    world.receive(phone, bo);
    let describe = Act::Describe {
        name: "Bo".into(),
        building: None,
    };
    let early = world.state(phone, own, describe.clone());
    world.fails(early, Reason::NotCertified);
    let certificate = world.certificate(phone);
    world.state(bo, own, Act::Enrol { certificate });
    world.check(early, Err(Reason::NotCertified));
    world.receive(phone, bo);
    let late = world.state(phone, own, describe);
    world.counts(late);
}

#[test]
fn a_certificate_travels_in_anybodys_log() {
    let mut world = World::new();
    let bo = world.household();
    let own = world.membership(bo);
    let phone = world.device(world.member(bo));
    let relay = world.relay();
    let certificate = world.certificate(phone);
    let carried = world.state(relay, Authority::Founder, Act::Enrol { certificate });
    world.counts(carried);
    world.receive(phone, bo);
    world.receive(phone, relay);
    let describe = Act::Describe {
        name: "Bo".into(),
        building: None,
    };
    let described = world.state(phone, own, describe);
    world.counts(described);
}

#[test]
fn a_certificate_that_the_member_did_not_sign_certifies_nothing() {
    let mut world = World::new();
    let bo = world.household();
    let thief = world.device(world.member(bo));
    let mut certificate = world.certificate(thief);
    certificate.signature = world.certificate(bo).signature;
    let enrolled = world.state(FOUNDER, Authority::Founder, Act::Enrol { certificate });
    world.fails(enrolled, Reason::Unsound);
    world.receive(thief, FOUNDER);
    let own = world.membership(bo);
    let describe = Act::Describe {
        name: "thief".into(),
        building: None,
    };
    let described = world.state(thief, own, describe);
    world.fails(described, Reason::NotCertified);
}

#[test]
fn an_admission_whose_author_had_not_seen_the_right_does_not_count() {
    let mut world = World::new();
    let bo = world.household();
    let role = Role::BuildingLead {
        building: "3".into(),
    };
    let member = world.member(bo);
    let act = Act::Appoint { member, role };
    let appointment = world.state(FOUNDER, Authority::Founder, act);
    let friend = world.stranger();
    let early = world.admit(
        bo,
        Authority::Grant { appointment },
        friend,
        MemberKind::Household,
    );
    world.fails(early, Reason::RightUnknown);
}

#[test]
fn relays_are_certified_and_ended_by_who_keeps_them() {
    let mut world = World::new();
    let (steward, by_steward, _) = world.steward();
    let bo = world.household();
    let role = Role::BuildingLead {
        building: "3".into(),
    };
    let (_, lead) = world.appoint(FOUNDER, Authority::Founder, bo, role.clone());
    let relay = world.relay();
    let device = world.id(relay);
    let certify = |building: &str| Act::CertifyRelay {
        device,
        name: "stairwell".into(),
        building: Some(building.into()),
    };
    let elsewhere = world.state(bo, lead, certify("4"));
    world.fails(elsewhere, Reason::NoRight);
    let certified = world.state(steward, by_steward, certify("3"));
    world.counts(certified);
    assert_eq!(world.roster().relays().len(), 1);

    world.receive(bo, steward);
    let cut = Act::CutRelay {
        device,
        reason: "noise".into(),
    };
    let cai = world.household();
    let (_, lead_4) = world.appoint(FOUNDER, Authority::Founder, cai, role);
    world.receive(cai, steward);
    let by_lead = world.state(cai, lead_4, cut.clone());
    world.fails(by_lead, Reason::NotSenior);
    // A lead ends what it has certified itself, and no more.
    world.state(bo, lead, certify("3"));
    let by_lead = world.state(bo, lead, cut.clone());
    world.counts(by_lead);
    assert_eq!(world.roster().relays().len(), 1);
    let own = world.membership(bo);
    let by_member = world.state(bo, own, cut.clone());
    world.fails(by_member, Reason::NoRight);
    let by_steward = world.state(steward, by_steward, cut);
    world.counts(by_steward);
    assert_eq!(world.roster().relays(), []);
}

#[test]
fn a_lead_ends_the_relay_that_it_certified() {
    let mut world = World::new();
    let bo = world.household();
    let role = Role::BuildingLead {
        building: "3".into(),
    };
    let (_, lead) = world.appoint(FOUNDER, Authority::Founder, bo, role);
    let relay = world.relay();
    let device = world.id(relay);
    let certify = Act::CertifyRelay {
        device,
        name: "stairwell".into(),
        building: Some("3".into()),
    };
    world.state(bo, lead, certify.clone());
    let reason = "moved".to_owned();
    let cut = world.state(bo, lead, Act::CutRelay { device, reason });
    world.counts(cut);
    assert_eq!(world.roster().relays(), []);
    world.state(bo, lead, certify);
    assert_eq!(world.roster().relays().len(), 1, "certified again later");
}

#[test]
fn uses_of_an_invitation_rise_up_to_its_number() {
    let mut world = World::new();
    let bo = world.household();
    let (_, first) = world.guest_of(bo, 1, 1, 2);
    let (_, repeated) = world.guest_of(bo, 1, 1, 2);
    let (_, second) = world.guest_of(bo, 1, 2, 2);
    let (_, third) = world.guest_of(bo, 1, 3, 2);
    let (_, stretched) = world.guest_of(bo, 1, 3, 9);
    let (_, stretched_again) = world.guest_of(bo, 1, 4, 9);
    let (_, other) = world.guest_of(bo, 2, 1, 1);
    world.counts(first);
    world.fails(repeated, Reason::Invitation(InvitationFault::Repeated));
    world.counts(second);
    world.fails(third, Reason::Invitation(InvitationFault::Overused));
    world.fails(stretched, Reason::Invitation(InvitationFault::Repeated));
    world.fails(stretched_again, Reason::Invitation(InvitationFault::Uses));
    world.counts(other);
}

#[test]
fn on_a_fork_both_uses_of_an_invitation_stand() {
    let mut world = World::new();
    let bo = world.household();
    let fork = world.fork(bo);
    let (_, one) = world.guest_of(bo, 1, 1, 1);
    let (_, other) = world.guest_of(fork, 1, 1, 1);
    world.counts(one);
    world.counts(other);
}

#[test]
fn an_invitation_whose_number_of_uses_changed_on_a_branch_is_spent_there_in_every_order() {
    let mut world = World::new();
    let bo = world.household();
    world.guest_of(bo, 1, 1, 2);
    let shared = world.statements.len();
    let fork = world.fork(bo);
    world.guest_of(bo, 1, 2, 2);
    let own = world.statements.len();
    world.guest_of(fork, 1, 1, 3);
    let (_, after) = world.guest_of(fork, 1, 2, 2);
    let (shared, branches) = world.statements.split_at(shared);
    let (one, other) = branches.split_at(own - shared.len());
    for order in [[one, other], [other, one]] {
        let mut roster = Roster::new(world.space);
        roster.insert(shared.iter().chain(order.concat().iter()).cloned());
        assert_eq!(
            roster.judgement(&after),
            Some(Err(Reason::Invitation(InvitationFault::Uses)))
        );
    }
}

#[test]
fn a_second_device_goes_on_counting_what_it_has_seen() {
    let mut world = World::new();
    let bo = world.household();
    let phone = world.second_device(bo);
    world.guest_of(bo, 1, 1, 1);
    world.receive(phone, bo);
    let (_, again) = world.guest_of(phone, 1, 1, 1);
    world.fails(again, Reason::Invitation(InvitationFault::Repeated));
}

#[test]
fn an_invitation_admits_only_whom_its_key_signed_for() {
    let mut world = World::new();
    let bo = world.household();
    let invited = world.stranger();
    let other = world.stranger();
    let mut admission = world.admission(other, MemberKind::Guest);
    admission.invitation = Some(world.invitation(1, 1, 1, invited));
    let own = world.membership(bo);
    let admitted = world.state(bo, own, Act::Admit(admission));
    world.fails(admitted, Reason::Unsound);
}

#[test]
fn names_and_reasons_are_bounded() {
    let mut world = World::new();
    let bo = world.household();
    let own = world.membership(bo);
    let describe = |bytes| Act::Describe {
        name: "x".repeat(bytes),
        building: None,
    };
    let long = world.state(bo, own, describe(97));
    world.fails(long, Reason::Limit { what: "name" });
    let fits = world.state(bo, own, describe(96));
    world.counts(fits);
    let cut = Act::CutRelay {
        device: world.id(bo),
        reason: "x".repeat(1_025),
    };
    let cut = world.state(FOUNDER, Authority::Founder, cut);
    world.fails(cut, Reason::Limit { what: "reason" });
}

#[test]
fn what_hangs_on_an_unknown_statement_is_suspended() {
    let mut world = World::new();
    let bo = world.household();
    let unknown = crate::statement::Statement::Unknown;
    let unknown = world.write(FOUNDER, Some(unknown));
    world.receive(bo, FOUNDER);
    let friend = world.stranger();
    let by_unknown = Authority::Grant {
        appointment: unknown,
    };
    let admitted = world.admit(bo, by_unknown, friend, MemberKind::Household);
    world.fails(unknown, Reason::Suspended);
    world.fails(admitted, Reason::Suspended);
    let (_, next) = {
        let own = Authority::Member {
            admission: admitted,
        };
        let guest = world.stranger();
        let mut act = world.admission(guest, MemberKind::Guest);
        act.invitation = Some(world.invitation(1, 1, 1, guest));
        (guest, world.state(friend, own, Act::Admit(act)))
    };
    world.fails(next, Reason::Suspended);
    let document = world.document(friend);
    let roster = world.roster();
    assert_eq!(
        world.verdict(&roster, &document),
        crate::roster::Verdict::Excluded(Reason::Suspended)
    );
}

#[test]
fn who_refers_to_an_unknown_statement_is_suspended() {
    let mut world = World::new();
    let (steward, role, _) = world.steward();
    let unknown = world.write(FOUNDER, Some(crate::statement::Statement::Unknown));
    world.receive(steward, FOUNDER);
    let cosigned = world.state(steward, role, Act::CoSign { motion: unknown });
    let enacted = Act::Enact {
        motion: unknown,
        cosignatures: vec![cosigned],
        founder_tips: Some(Tips::default()),
    };
    let enacted = world.state(steward, role, enacted);
    let unknown = Authority::Grant {
        appointment: unknown,
    };
    let cut = world.cut_role(FOUNDER, Authority::Founder, unknown, Tips::default());
    for statement in [cosigned, enacted, cut] {
        world.fails(statement, Reason::Suspended);
    }
}

#[test]
fn a_log_that_goes_backwards_ends_there() {
    let mut world = World::new();
    let bo = world.household();
    let own = world.membership(bo);
    let describe = |name: &str| Act::Describe {
        name: name.into(),
        building: None,
    };
    let Authority::Member { admission } = own else {
        unreachable!("membership is an admission");
    };
    let first = world.document(bo);
    world.household();
    world.receive(bo, FOUNDER);
    let second = world.document(bo);
    assert_ne!(first.standpoint, second.standpoint);
    // A document that has seen less than the one before it, and a statement after that.
    world.document_seeing(bo, Some(vec![admission]));
    let after = world.state(bo, own, describe("Bo"));
    let later = world.state(bo, own, describe("Bo again"));
    world.fails(after, Reason::SeenBackwards);
    world.fails(later, Reason::SeenBackwards);
}

#[test]
fn a_statement_after_a_document_that_named_no_statement_does_not_count() {
    let mut world = World::new();
    let bo = world.household();
    let own = world.membership(bo);
    let document = world.document(FOUNDER);
    let seen = world.heads(bo);
    world.document_seeing(bo, Some(vec![document.id]));
    let describe = Act::Describe {
        name: "Bo".into(),
        building: None,
    };
    let statement = crate::statement::Statement::new(own, describe);
    let after = world.write_seeing(bo, Some(statement), Some(seen));
    let mut roster = world.roster();
    assert_eq!(roster.judgement(&after), Some(Err(Reason::SeenBackwards)));
    // The same once it is known what was named.
    roster.refuse([document.id]);
    let mut known_before = Roster::new(world.space);
    known_before.refuse([document.id]);
    known_before.insert(world.statements.iter().cloned());
    for roster in [roster, known_before] {
        assert_eq!(roster.judgement(&after), Some(Err(Reason::SeenBackwards)));
    }
}

#[test]
fn seen_names_statements_only() {
    let mut world = World::new();
    let bo = world.household();
    let own = world.membership(bo);
    let document = world.document(FOUNDER);
    let describe = Act::Describe {
        name: "Bo".into(),
        building: None,
    };
    let mut seen = world.heads(bo);
    seen.push(document.id);
    seen.sort();
    let statement = crate::statement::Statement::new(own, describe.clone());
    let naming = world.write_seeing(bo, Some(statement), Some(seen));
    let after = world.state(bo, own, describe);
    let mut roster = world.roster();
    assert_eq!(roster.judgement(&naming), None, "it waits");
    assert_eq!(roster.missing(), [document.id]);
    let changes = roster.refuse([document.id]);
    assert_eq!(changes.arrived, [naming, after]);
    for statement in [naming, after] {
        assert_eq!(
            roster.judgement(&statement),
            Some(Err(Reason::SeenNoStatement))
        );
    }
    assert!(roster.missing().is_empty());
}
