//! Invitations: making them, and admitting those who come with one.

use protocol::api::Answer;
use protocol::id::{DeviceId, EntryId, MemberId};
use protocol::invitation::{Invitation, InvitationSecret, InvitedAs};
use protocol::joining::{JoinRequest, Joiner};
use protocol::key::SecretKey;
use protocol::limits;
use protocol::session::frame::RefusedReason;
use protocol::statement::{Act, MemberKind};

use crate::core::answer::Outcome;
use crate::core::worker::{Worker, WorkerError};
use crate::refusal::Refusal;
use crate::store::{Alongside, IssuedInvitation, UseError};

impl Worker {
    /// Judges a request to join by clock and remaining uses, and grants it if both allow.
    pub(in crate::core) fn admit(
        &mut self,
        request: &JoinRequest,
    ) -> Result<Result<(), RefusedReason>, WorkerError> {
        let now_ms = crate::core::now_ms();
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
        let (role, successor_of) = read_role(&issued.role);
        let kind = match (role, &request.joiner) {
            ("household", Joiner::Member(_)) => MemberKind::Household,
            ("guest", Joiner::Member(_)) => MemberKind::Guest,
            ("relay", Joiner::Relay(_)) => MemberKind::Household,
            _ => return Ok(Err(RefusedReason::InvalidRequest)),
        };
        let mut act = request.act(kind, number, issued.uses);
        take_place_of(&mut act, successor_of);
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

    pub(in crate::core) fn invite(
        &mut self,
        (uses, expires_ms): (u32, i64),
        invited_as: InvitedAs,
        addresses: Vec<String>,
        successor_of: Option<MemberId>,
    ) -> Outcome {
        if let Some(of) = successor_of {
            if self.parts.replica.roster().member(&of).is_none() {
                return Ok(Err(Refusal::NoMember));
            }
            if uses != 1 || invited_as != InvitedAs::Household {
                return Ok(Err(Refusal::OneSuccessor));
            }
        }
        if uses == 0 || uses > limits::INVITATION_USES_MAX {
            return Ok(Err(Refusal::Uses {
                max: limits::INVITATION_USES_MAX,
            }));
        }
        let Some(member) = self.parts.replica.member() else {
            return Ok(Err(Refusal::RelayInvites));
        };
        let mut secret = [0; 16];
        if getrandom::fill(&mut secret).is_err() {
            return Ok(Err(Refusal::Random));
        }
        let secret = InvitationSecret(secret);
        if let Err(refusal) = self.may_invite_for(&secret, invited_as, successor_of) {
            return Ok(Err(refusal));
        }
        let ends_ms = crate::core::now_ms().saturating_add(expires_ms);
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
            Err(error) => return Ok(Err(Refusal::Addresses(error))),
        };
        self.parts.store.put_invitation(&IssuedInvitation {
            id: invitation.secret.id(),
            uses,
            used: 0,
            expires_ms: ends_ms,
            role: written_role(invited_as, successor_of),
        })?;
        Ok(Ok(Answer::Invitation {
            invitation: text,
            uses,
            expires_ms: ends_ms,
        }))
    }

    /// Asks the roster whether those invited could be admitted, with keys that stand for theirs.
    pub(in crate::core) fn may_invite(
        &mut self,
        secret: &InvitationSecret,
        invited_as: InvitedAs,
    ) -> Result<(), Refusal> {
        self.may_invite_for(secret, invited_as, None)
    }

    fn may_invite_for(
        &mut self,
        secret: &InvitationSecret,
        invited_as: InvitedAs,
        successor_of: Option<MemberId>,
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
        let mut act = request.act(kind, 1, 1);
        take_place_of(&mut act, successor_of);
        self.authority(&act).map(|_| ())
    }

    pub(in crate::core) fn own_building(&mut self) -> Option<String> {
        let member = self.parts.replica.member()?;
        self.parts.replica.roster().member(&member)?.building
    }

    pub(in crate::core) fn invitation_heads(&mut self) -> Vec<EntryId> {
        let mut heads = self.parts.replica.roster().heads();
        heads.truncate(2);
        heads
    }

    pub(in crate::core) fn reachable(&self) -> Vec<String> {
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
}

fn member_joiner(member: &SecretKey, device: DeviceId) -> Joiner {
    Joiner::Member(protocol::statement::Certificate::issue(member, device))
}

/// What an invitation's role is followed by where those invited take another household's place.
const SUCCESSOR: &str = " successor of ";

fn written_role(invited_as: InvitedAs, successor_of: Option<MemberId>) -> String {
    match successor_of {
        Some(of) => format!("{}{SUCCESSOR}{of}", role_of(invited_as)),
        None => role_of(invited_as).to_owned(),
    }
}

fn read_role(written: &str) -> (&str, Option<MemberId>) {
    match written.split_once(SUCCESSOR) {
        Some((role, of)) => (role, of.parse().ok()),
        None => (written, None),
    }
}

fn take_place_of(act: &mut Act, of: Option<MemberId>) {
    if let Act::Admit(admission) = act {
        admission.successor_of = of;
    }
}

fn role_of(invited_as: InvitedAs) -> &'static str {
    match invited_as {
        InvitedAs::Household => "household",
        InvitedAs::Guest => "guest",
        InvitedAs::Relay => "relay",
    }
}
