//! Standing: what the own household may do, for forms that offer no more than that.
//!
//! It is asked of the roster with acts that are never written, and kept until the roster changes.
//! What counts is judged where an entry is written.

use protocol::api::{Capacity, Standing};
use protocol::id::{EntryId, MemberId};
use protocol::invitation::{InvitationSecret, InvitedAs};
use protocol::key::SecretKey;
use protocol::kind::{self, Acting, Presence, Shape};
use protocol::statement::{Act, MemberKind, Role};

use crate::core::worker::Worker;

/// The kind whose levels are told, and the level that needs a role.
const NOTICE: &str = "notice";
const URGENT: &str = "urgent";

impl Worker {
    /// Returns what the own household may do; none for a relay and before its admission.
    pub(super) fn own_standing(&mut self) -> Option<Standing> {
        if self.standing.is_none() {
            self.standing = self.find_standing();
        }
        self.standing.clone()
    }

    fn find_standing(&mut self) -> Option<Standing> {
        let member = self.parts.replica.member()?;
        let roster = self.parts.replica.roster();
        let standing = roster.standing_now(&member)?;
        let founding = roster.founding();
        let founder = founding.is_some_and(|founding| founding.certificate.member == member);
        let mut capacities: Vec<Capacity> = standing
            .roles
            .iter()
            .map(|(role, appointment)| self.capacity(role, *appointment))
            .collect();
        capacities.sort_by_key(|capacity| !capacity.urgent);
        let editor = kind::Editor {
            member,
            standing: Some(&standing),
            time_ms: 0,
            creates: true,
        };
        let kinds = self.parts.replica.kinds().posted();
        // Where a capacity has to be declared, who holds none creates nothing.
        let holds = |kind: &&kind::Kind| {
            kind.fields.iter().all(|field| {
                field.shape != Shape::Capacity
                    || field.presence != Presence::Required
                    || field.acting.of(&editor).is_some()
            })
        };
        let creates = kinds.filter(|kind| kind.creators.includes(&editor, member) && holds(kind));
        let creates: Vec<String> = creates.map(|kind| kind.name.to_owned()).collect();
        let moderates = Acting::Moderator.of(&editor).is_some();
        let decides_appeals = Acting::Steward.of(&editor).is_some();
        let urgent = capacities.iter().any(|capacity| capacity.urgent);
        Some(Standing {
            kind: match standing.kind {
                MemberKind::Household => "household",
                MemberKind::Guest => "guest",
                MemberKind::Office => "office",
            }
            .to_owned(),
            founder,
            notice_levels: match creates.iter().any(|kind| kind == NOTICE) {
                true => self.levels(urgent),
                false => Vec::new(),
            },
            capacities,
            creates,
            invites_as: self.invites_as(),
            appoints: self.appoints(member),
            adds_offices: self.may(&Act::AddOffice {
                office: nobody(),
                name: "x".to_owned(),
            }),
            records_households: self.may(&Act::RecordHousehold {
                name: "x".to_owned(),
                building: None,
                proxies: Vec::new(),
                consent: "x".to_owned(),
            }),
            acts_for: standing
                .acts_for
                .iter()
                .map(|recorded| self.recorded_ref(*recorded))
                .collect(),
            moderates,
            decides_appeals,
        })
    }

    fn capacity(&self, role: &Role, appointment: EntryId) -> Capacity {
        let (word, office, building) = match role {
            Role::Steward { office } => ("steward", Some(*office), None),
            Role::Moderator => ("moderator", None, None),
            Role::BuildingLead { building } => ("building-lead", None, Some(building.clone())),
            Role::Spokesperson { office } => ("spokesperson", Some(*office), None),
        };
        Capacity {
            appointment,
            role: word.to_owned(),
            office: office.map(|office| self.member_ref(office)),
            building,
            urgent: kind::may_be_urgent(role),
        }
    }

    fn levels(&self, urgent: bool) -> Vec<String> {
        let notice = self.parts.replica.kinds().by_name(NOTICE);
        let level = notice.and_then(|notice| notice.field("level"));
        let Some(Shape::Choice(levels)) = level.map(|level| level.shape) else {
            return Vec::new();
        };
        let levels = levels.iter().filter(|level| urgent || **level != URGENT);
        levels.map(|level| (*level).to_owned()).collect()
    }

    fn invites_as(&mut self) -> Vec<InvitedAs> {
        let all = [InvitedAs::Household, InvitedAs::Guest, InvitedAs::Relay];
        let secret = InvitationSecret([0; 16]);
        let may = |invited_as: &InvitedAs| self.may_invite(&secret, *invited_as).is_ok();
        all.into_iter().filter(may).collect()
    }

    /// Returns the roles that the household may give by itself.
    fn appoints(&mut self, member: MemberId) -> Vec<String> {
        let offices = self.parts.replica.roster().offices();
        let office = offices.first().map(|office| office.id);
        let building = self.own_building().unwrap_or_else(|| "x".to_owned());
        let roles = [
            ("steward", office.map(|office| Role::Steward { office })),
            ("moderator", Some(Role::Moderator)),
            ("building-lead", Some(Role::BuildingLead { building })),
            (
                "spokesperson",
                office.map(|office| Role::Spokesperson { office }),
            ),
        ];
        let mut appoints = Vec::new();
        for (word, role) in roles {
            if role.is_some_and(|role| self.may(&Act::Appoint { member, role })) {
                appoints.push(word.to_owned());
            }
        }
        appoints
    }

    fn may(&mut self, act: &Act) -> bool {
        self.authority(act).is_ok()
    }
}

/// A member that stands in acts which are never written.
fn nobody() -> MemberId {
    MemberId(SecretKey::from_seed(&[1; 32]).public())
}
