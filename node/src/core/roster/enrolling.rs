//! Further devices of a household: codes for them, and letting in who comes with one or with a
//! member's own key (decision 0012).

use protocol::api::{Answer, OpenCode};
use protocol::enrolment::{Enrolment, EnrolmentCode, EnrolmentSecret};
use protocol::id::{DeviceId, InvitationId, MemberId};
use protocol::replica::{Body, PeerStanding};
use protocol::session::frame::RefusedReason;
use protocol::statement::{Act, Authority, Certificate, Statement};

use crate::core::answer::Outcome;
use crate::core::worker::{Worker, WorkerError};
use crate::refusal::Refusal;
use crate::store::{Alongside, IssuedInvitation, UseError};

/// What the store writes as the role of those who use a code.
const ROLE: &str = "device";
/// The longest that a code holds, in milliseconds.
const LIFETIME_MS_MAX: i64 = 24 * 60 * 60 * 1_000;
/// How long an ended code is remembered, so that whoever shows it hears what is wrong with it.
const REMEMBERED_MS: i64 = 30 * LIFETIME_MS_MAX;
/// Codes that a greeting is compared with at most.
const CODES_MAX: usize = 32;
/// Devices of a household up to which its own key has this node write down another.
const DEVICES_MAX: usize = 64;

impl Worker {
    /// Makes a code for one further device of the own household.
    pub(in crate::core) fn add_device(
        &mut self,
        lifetime_ms: i64,
        addresses: Vec<String>,
    ) -> Outcome {
        let Some(household) = &self.parts.household else {
            return Ok(Err(Refusal::NoHouseholdKey));
        };
        let member = MemberId(household.public());
        if !(1..=LIFETIME_MS_MAX).contains(&lifetime_ms) {
            return Ok(Err(Refusal::CodeLifetime));
        }
        if let Err(refusal) = self.may_enrol(household.public()) {
            return Ok(Err(refusal));
        }
        let mut secret = [0; 16];
        if getrandom::fill(&mut secret).is_err() {
            return Ok(Err(Refusal::Random));
        }
        let now_ms = crate::core::now_ms();
        let ends_ms = now_ms.saturating_add(lifetime_ms);
        let code = EnrolmentCode {
            space: self.parts.replica.space(),
            member,
            device: self.parts.replica.device(),
            secret: EnrolmentSecret(secret),
            heads: self.invitation_heads(),
            expires_s: u64::try_from(ends_ms / 1_000).unwrap_or(0),
            neighbourhood: self.neighbourhood(),
            addresses: if addresses.is_empty() {
                self.reachable()
            } else {
                addresses
            },
        };
        let text = match code.to_text() {
            Ok(text) => text,
            Err(error) => return Ok(Err(Refusal::Addresses(error))),
        };
        let id = code.secret.id();
        let forgotten = now_ms.saturating_sub(REMEMBERED_MS);
        self.parts.store.forget_expired_invitations(forgotten)?;
        self.parts.store.put_invitation(&IssuedInvitation {
            id,
            uses: 1,
            used: 0,
            expires_ms: ends_ms,
            role: ROLE.to_owned(),
        })?;
        Ok(Ok(Answer::EnrolmentCode {
            code: text,
            id,
            expires_ms: ends_ms,
        }))
    }

    /// Lists the codes that were made here and can still be used.
    pub(in crate::core) fn open_codes(&self) -> Outcome {
        let now_ms = crate::core::now_ms();
        let codes = self.issued_codes()?.into_iter();
        let codes = codes.filter(|code| code.used < code.uses && now_ms < code.expires_ms);
        Ok(Ok(Answer::EnrolmentCodes {
            codes: codes
                .map(|code| OpenCode {
                    id: code.id,
                    expires_ms: code.expires_ms,
                })
                .collect(),
        }))
    }

    /// Takes a code back: it has ended.
    pub(in crate::core) fn cancel_code(&mut self, id: InvitationId) -> Outcome {
        let codes = self.issued_codes()?;
        let Some(code) = codes.into_iter().find(|code| code.id == id) else {
            return Ok(Err(Refusal::NoCode));
        };
        let now_ms = crate::core::now_ms();
        self.parts.store.put_invitation(&IssuedInvitation {
            expires_ms: code.expires_ms.min(now_ms),
            ..code
        })?;
        self.open_codes()
    }

    /// Returns the names of codes that were made here, ended ones among them.
    pub(in crate::core) fn codes(&self) -> Result<Vec<InvitationId>, WorkerError> {
        let codes = self.issued_codes()?.into_iter();
        Ok(codes.map(|code| code.id).take(CODES_MAX).collect())
    }

    /// Judges the request of a further device of a member, and grants it by a statement.
    pub(in crate::core) fn enrol(
        &mut self,
        enrolment: &Enrolment,
    ) -> Result<Result<(), RefusedReason>, WorkerError> {
        let (device, member) = (enrolment.device(), enrolment.member());
        match self.parts.replica.peer_standing(device, Some(member)) {
            // It may ask again when it did not hear the first answer.
            PeerStanding::Admitted => return Ok(Ok(())),
            PeerStanding::Removed => return Ok(Err(RefusedReason::Removed)),
            PeerStanding::Unknown => {}
        }
        match enrolment {
            Enrolment::ByCode { code, .. } => self.enrol_by_code(enrolment, *code),
            Enrolment::ByKey(certificate) => self.enrol_by_key(certificate),
        }
    }

    fn enrol_by_code(
        &mut self,
        enrolment: &Enrolment,
        code: InvitationId,
    ) -> Result<Result<(), RefusedReason>, WorkerError> {
        let number = match self.parts.store.next_use(code, crate::core::now_ms()) {
            Ok(number) => number,
            Err(UseError::Unknown) => return Ok(Err(RefusedReason::InvitationUnknown)),
            Err(UseError::Expired) => return Ok(Err(RefusedReason::InvitationExpired)),
            Err(UseError::UsedUp { .. }) => return Ok(Err(RefusedReason::InvitationUsedUp)),
            Err(UseError::Fault(fault)) => return Err(fault.into()),
        };
        let issued = self.parts.store.invitation(code)?;
        if issued.is_none_or(|issued| issued.role != ROLE) {
            return Ok(Err(RefusedReason::InvitationUnknown));
        }
        let Some(household) = &self.parts.household else {
            return Ok(Err(RefusedReason::Unable));
        };
        if enrolment.member() != MemberId(household.public()) {
            return Ok(Err(RefusedReason::InvalidRequest));
        }
        let certificate = Certificate::issue(household, enrolment.device());
        let used = [(code, number)];
        let alongside = Alongside {
            invitations_used: &used,
            ..Alongside::default()
        };
        match self.act(&Act::Enrol { certificate }, &alongside)? {
            Ok(_) => {
                tracing::info!(device = %enrolment.device().short(), "a device was enrolled");
                Ok(Ok(()))
            }
            Err(_) => Ok(Err(RefusedReason::Unable)),
        }
    }

    /// A member's own key speaks for itself, so any node may write its word down.
    fn enrol_by_key(
        &mut self,
        certificate: &Certificate,
    ) -> Result<Result<(), RefusedReason>, WorkerError> {
        let roster = self.parts.replica.roster();
        match roster.member(&certificate.member) {
            None => return Ok(Err(RefusedReason::NotAdmitted)),
            Some(member) if member.removed.is_some() => return Ok(Err(RefusedReason::Removed)),
            Some(_) => {}
        }
        let devices = roster.devices().into_iter();
        let own = devices.filter(|device| device.member == certificate.member);
        if own.count() >= DEVICES_MAX {
            return Ok(Err(RefusedReason::Unable));
        }
        let certificate = certificate.clone();
        let (device, member) = (certificate.device, certificate.member);
        let statement = Statement::new(Authority::Founder, Act::Enrol { certificate });
        let body = Body::Statement(statement);
        match self.append(&body, &Alongside::default())? {
            // It may have been cut before this node heard of it.
            Ok(_) if self.is_removed(device, member) => Ok(Err(RefusedReason::Removed)),
            Ok(_) => {
                tracing::info!(device = %device.short(), "a device came with its household's key");
                Ok(Ok(()))
            }
            Err(_) => Ok(Err(RefusedReason::Unable)),
        }
    }

    /// Asks the roster whether a further device could be certified, with a key that stands for its
    /// own.
    fn may_enrol(&self, member: [u8; 32]) -> Result<(), Refusal> {
        let roster = self.parts.replica.roster();
        match roster.member(&MemberId(member)) {
            None => Err(Refusal::Pending),
            Some(member) if member.removed.is_some() => Err(Refusal::Join(RefusedReason::Removed)),
            Some(_) => Ok(()),
        }
    }

    fn is_removed(&self, device: DeviceId, member: MemberId) -> bool {
        let standing = self.parts.replica.peer_standing(device, Some(member));
        standing == PeerStanding::Removed
    }

    fn issued_codes(&self) -> Result<Vec<IssuedInvitation>, WorkerError> {
        let issued = self.parts.store.invitations()?.into_iter();
        Ok(issued.filter(|issued| issued.role == ROLE).collect())
    }
}
