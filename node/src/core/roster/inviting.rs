//! Invitations: making them, and admitting those who come with one.

use protocol::api::{Answer, Refusal};
use protocol::id::{DeviceId, EntryId};
use protocol::invitation::{Invitation, InvitationSecret, InvitedAs};
use protocol::joining::{JoinRequest, Joiner};
use protocol::key::SecretKey;
use protocol::limits;
use protocol::session::frame::RefusedReason;
use protocol::statement::MemberKind;

use crate::core::answer::{Outcome, invalid, not_allowed, refusal};
use crate::core::worker::{Worker, WorkerError};
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

    pub(in crate::core) fn invite(
        &mut self,
        uses: u32,
        expires_ms: i64,
        invited_as: InvitedAs,
        addresses: Vec<String>,
    ) -> Outcome {
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
    pub(in crate::core) fn may_invite(
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

fn role_of(invited_as: InvitedAs) -> &'static str {
    match invited_as {
        InvitedAs::Household => "household",
        InvitedAs::Guest => "guest",
        InvitedAs::Relay => "relay",
    }
}
