//! The core's acts on the roster: invitations, admissions, roles, offices and cuts.
//!
//! By which right an act may be done is asked of the roster before anything is written, so that a
//! refusal says why; whether it counts is every replica's own verdict.

use protocol::api::{
    Answer, CutTarget, ExcludedStatement, Refusal, RosterDevice, RosterMember, RosterRelay,
    RosterRole, RosterView,
};
use protocol::id::{DeviceId, EntryId, MemberId};
use protocol::invitation::{Invitation, InvitationSecret, InvitedAs};
use protocol::joining::{JoinRequest, Joiner};
use protocol::key::SecretKey;
use protocol::limits;
use protocol::replica::{AppendError, Body};
use protocol::roster::{Denied, TipsList};
use protocol::session::frame::RefusedReason;
use protocol::statement::{Act, DeviceCut, MemberKind, Role, Statement, Tip};

use super::answer::{invalid, not_allowed, refusal};
use super::worker::{Worker, WorkerError};
use crate::store::{Alongside, IssuedInvitation, UseError};

/// What came of an act: the statement, or why there is none.
type Acted = Result<Result<EntryId, Refusal>, WorkerError>;

impl Worker {
    /// Judges a request to join by clock and remaining uses, and grants it if both allow.
    pub(super) fn admit(
        &mut self,
        request: &JoinRequest,
    ) -> Result<Result<(), RefusedReason>, WorkerError> {
        let now_ms = super::now_ms();
        let standing = self
            .parts
            .replica
            .peer_standing(request.joiner.device(), request.joiner.member());
        if standing == protocol::replica::PeerStanding::Admitted {
            return Ok(Ok(()));
        }
        let number = match self.parts.store.next_use(request.invitation, now_ms) {
            Ok(number) => number,
            Err(UseError::Unknown) => return Ok(Err(RefusedReason::InvitationUnknown)),
            Err(UseError::Expired) => return Ok(Err(RefusedReason::InvitationExpired)),
            Err(UseError::UsedUp { .. }) => return Ok(Err(RefusedReason::InvitationUsedUp)),
            Err(UseError::Fault(fault)) => return Err(fault.into()),
        };
        let Some(issued) = self.parts.store.invitation(request.invitation)? else {
            return Ok(Err(RefusedReason::InvitationUnknown));
        };
        let kind = match (issued.role.as_str(), &request.joiner) {
            ("household", Joiner::Member(_)) => MemberKind::Household,
            ("guest", Joiner::Member(_)) => MemberKind::Guest,
            ("relay", Joiner::Relay(_)) => MemberKind::Household,
            _ => return Ok(Err(RefusedReason::InvalidRequest)),
        };
        let act = request.act(kind, number, issued.uses);
        let used = [(request.invitation, number)];
        let alongside = Alongside {
            invitations_used: &used,
            ..Alongside::default()
        };
        match self.act(&act, &alongside)? {
            Ok(_) => Ok(Ok(())),
            Err(_) => Ok(Err(RefusedReason::Unable)),
        }
    }

    pub(super) fn invite(
        &mut self,
        uses: u32,
        expires_ms: i64,
        invited_as: InvitedAs,
        addresses: Vec<String>,
    ) -> Result<Result<Answer, Refusal>, WorkerError> {
        if uses == 0 || uses > limits::INVITATION_USES_MAX {
            return Ok(Err(invalid(
                "uses",
                format!(
                    "An invitation has 1 to {} uses.",
                    limits::INVITATION_USES_MAX
                ),
            )));
        }
        let Some(member) = self.parts.replica.member() else {
            return Ok(Err(not_allowed("A relay invites nobody.")));
        };
        let mut secret = [0; 16];
        if getrandom::fill(&mut secret).is_err() {
            return Ok(Err(refusal(
                "internal",
                "The system gave no random bytes. Nothing was changed; try again.",
            )));
        }
        let secret = InvitationSecret(secret);
        if let Err(refusal) = self.may_invite(&secret, invited_as) {
            return Ok(Err(refusal));
        }
        let ends_ms = super::now_ms().saturating_add(expires_ms);
        let invitation = Invitation {
            space: self.parts.replica.space(),
            space_secret: self.parts.secret,
            inviter: member,
            device: self.parts.replica.device(),
            heads: self.invitation_heads(),
            expires_s: u64::try_from(ends_ms / 1_000).unwrap_or(0),
            invited_as,
            neighbourhood: self.neighbourhood(),
            addresses: if addresses.is_empty() {
                self.reachable()
            } else {
                addresses
            },
            secret,
        };
        let text = match invitation.to_text() {
            Ok(text) => text,
            Err(error) => return Ok(Err(invalid("addresses", error.to_string()))),
        };
        self.parts.store.put_invitation(&IssuedInvitation {
            id: invitation.secret.id(),
            uses,
            used: 0,
            expires_ms: ends_ms,
            role: role_of(invited_as).to_owned(),
        })?;
        Ok(Ok(Answer::Invitation {
            invitation: text,
            uses,
            expires_ms: ends_ms,
        }))
    }

    /// Asks the roster whether those invited could be admitted, with keys that stand for theirs.
    fn may_invite(
        &mut self,
        secret: &InvitationSecret,
        invited_as: InvitedAs,
    ) -> Result<(), Refusal> {
        let joining = SecretKey::from_seed(&[1; 32]);
        let device = DeviceId(SecretKey::from_seed(&[2; 32]).public());
        let (joiner, kind) = match invited_as {
            InvitedAs::Relay => (Joiner::Relay(device), MemberKind::Household),
            InvitedAs::Guest => (member_joiner(&joining, device), MemberKind::Guest),
            InvitedAs::Household => (member_joiner(&joining, device), MemberKind::Household),
        };
        let space = self.parts.replica.space();
        let building = self.own_building();
        let request = JoinRequest::new(space, &secret.key(), joiner, "x".to_owned(), building);
        let act = request.act(kind, 1, 1);
        self.authority(&act).map(|_| ())
    }

    fn own_building(&mut self) -> Option<String> {
        let member = self.parts.replica.member()?;
        self.parts.replica.roster().member(&member)?.building
    }

    fn invitation_heads(&mut self) -> Vec<EntryId> {
        let mut heads = self.parts.replica.roster().heads();
        heads.truncate(2);
        heads
    }

    fn reachable(&self) -> Vec<String> {
        let mut addresses: Vec<String> = self
            .listening
            .iter()
            .filter(|address| !address.contains("/127.0.0.1/") && !address.contains("/ip6/::1/"))
            .cloned()
            .collect();
        if addresses.is_empty() {
            addresses.extend(self.listening.iter().cloned());
        }
        addresses.truncate(2);
        addresses
    }

    pub(super) fn neighbourhood(&self) -> String {
        self.parts
            .replica
            .roster()
            .founding()
            .map(|founding| founding.neighbourhood.clone())
            .unwrap_or_default()
    }

    pub(super) fn appoint(
        &mut self,
        member: MemberId,
        role: &str,
        office: Option<MemberId>,
        building: Option<String>,
    ) -> Result<Result<Answer, Refusal>, WorkerError> {
        let role = match (role, office, building) {
            ("steward", Some(office), _) => Role::Steward { office },
            ("spokesperson", Some(office), _) => Role::Spokesperson { office },
            ("steward" | "spokesperson", None, _) => {
                return Ok(Err(invalid(
                    "office",
                    format!("A {role} belongs to an office: name it with --office."),
                )));
            }
            ("moderator", _, _) => Role::Moderator,
            ("building-lead", _, Some(building)) => Role::BuildingLead { building },
            ("building-lead", _, None) => {
                return Ok(Err(invalid(
                    "building",
                    "A building lead has a building: name it with --building.".to_owned(),
                )));
            }
            _ => {
                return Ok(Err(invalid(
                    "role",
                    "Roles are steward, moderator, building-lead and spokesperson.".to_owned(),
                )));
            }
        };
        if self.parts.replica.roster().member(&member).is_none() {
            return Ok(Err(refusal(
                "not-found",
                "The roster has no such member. See `linli roster`.",
            )));
        }
        self.written(&Act::Appoint { member, role })
    }

    pub(super) fn add_office(
        &mut self,
        name: String,
    ) -> Result<Result<Answer, Refusal>, WorkerError> {
        let mut seed = [0; 32];
        if getrandom::fill(&mut seed).is_err() {
            return Ok(Err(refusal(
                "internal",
                "The system gave no random bytes. Nothing was changed; try again.",
            )));
        }
        // An office that has no device of its own acts through households; nobody needs its key.
        let office = MemberId(SecretKey::from_seed(&seed).public());
        match self.act(&Act::AddOffice { office, name }, &Alongside::default())? {
            Ok(_) => Ok(Ok(Answer::Written {
                id: EntryId(office.0),
                warnings: Vec::new(),
            })),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    pub(super) fn cut(
        &mut self,
        target: CutTarget,
        reason: String,
    ) -> Result<Result<Answer, Refusal>, WorkerError> {
        if reason.len() > limits::REASON_BYTES_MAX {
            return Ok(Err(invalid(
                "reason",
                format!("A reason has at most {} bytes.", limits::REASON_BYTES_MAX),
            )));
        }
        match target {
            CutTarget::Device(device) => self.cut_device(device),
            CutTarget::Relay(device) => self.written(&Act::CutRelay { device, reason }),
            CutTarget::Appointment(appointment) => {
                let roles = self.parts.replica.roster().roles();
                let Some(held) = roles.iter().find(|held| held.appointment == appointment) else {
                    return Ok(Err(refusal(
                        "not-found",
                        "The roster has no such appointment. See `linli roster`.",
                    )));
                };
                let tips = self.tips_of(held.member);
                self.with_tips(tips, |tips| Act::CutRole {
                    appointment,
                    tips,
                    reason,
                })
            }
            CutTarget::Member(member) => {
                if self.parts.replica.roster().member(&member).is_none() {
                    return Ok(Err(refusal(
                        "not-found",
                        "The roster has no such member. See `linli roster`.",
                    )));
                }
                let tips = self.tips_of(member);
                self.with_tips(tips, |tips| Act::Remove {
                    member,
                    tips,
                    reason,
                })
            }
        }
    }

    /// The household's own key cuts one of its devices where its log stands here.
    fn cut_device(&mut self, device: DeviceId) -> Result<Result<Answer, Refusal>, WorkerError> {
        let Some(household) = self.parts.household.clone() else {
            return Ok(Err(not_allowed(
                "This device does not hold the household's key, which alone cuts a device.",
            )));
        };
        let member = MemberId(household.public());
        if self
            .parts
            .replica
            .roster()
            .device(device, &member)
            .is_none()
        {
            return Ok(Err(refusal(
                "not-found",
                "Your household has no such device. See `linli roster`.",
            )));
        }
        let tip = self.tip_of(device);
        let cut = DeviceCut::issue(&household, self.parts.replica.space(), device, tip);
        self.written(&Act::CutDevice(cut))
    }

    pub(super) fn tip_of(&self, device: DeviceId) -> Option<Tip> {
        let logs = self.parts.replica.logs().of_device(&device);
        let head = logs.max_by_key(|log| log.head_seq)?;
        Some(Tip {
            device,
            seq: head.head_seq,
            entry: head.head,
        })
    }

    fn tips_of(&self, member: MemberId) -> TipsList {
        let devices = self.parts.replica.roster().devices();
        TipsList::new(
            devices
                .iter()
                .filter(|device| device.member == member)
                .filter_map(|device| self.tip_of(device.id)),
        )
    }

    fn with_tips(
        &mut self,
        list: TipsList,
        act: impl FnOnce(protocol::statement::Tips) -> Act,
    ) -> Result<Result<Answer, Refusal>, WorkerError> {
        let probe = act(list.whole());
        if let Err(refusal) = self.authority(&probe) {
            return Ok(Err(refusal));
        }
        let mut parts = Vec::new();
        for tips in list.parts() {
            match self.act(&Act::Tips { tips }, &Alongside::default())? {
                Ok(id) => parts.push(id),
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        let whole = list.finish(parts);
        let act = match probe {
            Act::CutRole {
                appointment,
                reason,
                ..
            } => Act::CutRole {
                appointment,
                tips: whole,
                reason,
            },
            Act::Remove { member, reason, .. } => Act::Remove {
                member,
                tips: whole,
                reason,
            },
            other => other,
        };
        self.written(&act)
    }

    fn written(&mut self, act: &Act) -> Result<Result<Answer, Refusal>, WorkerError> {
        Ok(self
            .act(act, &Alongside::default())?
            .map(|id| Answer::Written {
                id,
                warnings: Vec::new(),
            }))
    }

    /// Writes a statement by the right that the roster gives.
    fn act(&mut self, act: &Act, alongside: &Alongside<'_>) -> Acted {
        let authority = match self.authority(act) {
            Ok(authority) => authority,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let body = Body::Statement(Statement::new(authority, act.clone()));
        self.append(&body, alongside)
    }

    fn authority(&mut self, act: &Act) -> Result<protocol::statement::Authority, Refusal> {
        let Some(member) = self.parts.replica.member() else {
            return Err(not_allowed("A relay changes nothing in the roster."));
        };
        let device = self.parts.replica.device();
        self.parts
            .replica
            .roster()
            .authority_for(&member, device, act, None)
            .map_err(|denied| denial(&denied))
    }

    /// Appends to the own log and makes it durable.
    pub(super) fn append(&mut self, body: &Body, alongside: &Alongside<'_>) -> Acted {
        if self.retire {
            return Ok(Err(refusal(
                "not-allowed",
                "This device's key was used elsewhere, and must be replaced. Nothing was written.",
            )));
        }
        let appended = self
            .parts
            .replica
            .append(&self.parts.store, super::now_ms(), body);
        match appended {
            Ok(mut appended) => {
                self.commit_with(&mut appended.received, alongside)?;
                Ok(Ok(appended.id))
            }
            Err(AppendError::Storage(error)) => Err(WorkerError::Storage(error)),
            Err(AppendError::Forked) => Ok(Err(refusal(
                "not-allowed",
                "This device's key was used elsewhere, and must be replaced. Nothing was written.",
            ))),
            Err(error) => Ok(Err(refusal(
                "invalid",
                &format!(
                    "This does not fit into one entry: {error}. Nothing was written; shorten it."
                ),
            ))),
        }
    }

    pub(super) fn roster_view(&mut self) -> RosterView {
        let roster = self.parts.replica.roster();
        let devices = roster.devices();
        let roles = roster.roles();
        let founder = roster
            .founding()
            .map(|founding| founding.certificate.member);
        let members = roster
            .members()
            .into_iter()
            .map(|member| RosterMember {
                founder: founder == Some(member.id),
                removed: member.removed.is_some(),
                admitted_by: member.admitted_by,
                kind: match member.kind {
                    MemberKind::Household => "household",
                    MemberKind::Guest => "guest",
                    MemberKind::Office => "office",
                }
                .to_owned(),
                devices: devices
                    .iter()
                    .filter(|device| device.member == member.id)
                    .map(|device| RosterDevice {
                        id: device.id,
                        cut: device.cut.is_some(),
                        forked: self.parts.replica.logs().known_fork(&device.id).is_some(),
                    })
                    .collect(),
                roles: roles
                    .iter()
                    .filter(|held| held.member == member.id)
                    .map(role_view)
                    .collect(),
                id: member.id,
                name: member.name,
                building: member.building,
            })
            .collect();
        RosterView {
            members,
            relays: roster
                .relays()
                .into_iter()
                .map(|relay| RosterRelay {
                    device: relay.id,
                    name: relay.name,
                    building: relay.building,
                    cut: false,
                })
                .collect(),
            excluded: roster
                .excluded()
                .into_iter()
                .map(|(id, reason)| ExcludedStatement {
                    id,
                    member: None,
                    reason: reason.to_string(),
                })
                .collect(),
        }
    }
}

fn member_joiner(member: &SecretKey, device: DeviceId) -> Joiner {
    Joiner::Member(protocol::statement::Certificate::issue(member, device))
}

fn role_of(invited_as: InvitedAs) -> &'static str {
    match invited_as {
        InvitedAs::Household => "household",
        InvitedAs::Guest => "guest",
        InvitedAs::Relay => "relay",
    }
}

fn role_view(held: &protocol::roster::RoleHeld) -> RosterRole {
    let (role, office, building) = match &held.role {
        Role::Steward { office } => ("steward", Some(*office), None),
        Role::Moderator => ("moderator", None, None),
        Role::BuildingLead { building } => ("building-lead", None, Some(building.clone())),
        Role::Spokesperson { office } => ("spokesperson", Some(*office), None),
    };
    RosterRole {
        role: role.to_owned(),
        office,
        building,
        appointment: held.appointment,
        appointed_by: None,
        cut: false,
    }
}

fn denial(denied: &Denied) -> Refusal {
    match denied {
        Denied::NotAdmitted => refusal(
            "pending",
            "Your household has not been admitted yet. Nothing was written; keep this node \
             connected to the neighbour who invited you.",
        ),
        Denied::NotCertified => not_allowed(
            "This device does not belong to your household any more. Nothing was written.",
        ),
        Denied::NeedsMotion => not_allowed(
            "This needs a motion that stewards of different offices co-sign. Nothing was written.",
        ),
        Denied::NoRight(reason) => not_allowed(&format!(
            "Your household may not do this: {reason}. Nothing was written."
        )),
    }
}
