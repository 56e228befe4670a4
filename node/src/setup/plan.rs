//! What a pending home remembers of how it becomes a member's: by an invitation, by a code of another
//! device, or by the household's own key.

use minicbor::{Decode, Encode};
use protocol::codec;
use protocol::enrolment::{self, Enrolment, EnrolmentCode};
use protocol::id::{DeviceId, EntryId, MemberId, SpaceId};
use protocol::invitation::Invitation;
use protocol::joining::{JoinRequest, Joiner};
use protocol::key::SecretKey;
use protocol::session::Purpose;
use protocol::statement::Certificate;

use crate::keystore::{PendingJoin, Secrets};

/// What a pending home remembers.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Plan {
    /// A household, guest or relay joins by an invitation.
    Join(JoinPlan),
    /// A further device of a household is enrolled.
    Enrol(EnrolPlan),
}

/// How a home joins by an invitation.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(crate) struct JoinPlan {
    /// The invitation.
    #[n(0)]
    pub invitation: Invitation,
    /// The name under which it joins.
    #[n(1)]
    pub name: String,
    /// Its building.
    #[n(2)]
    pub building: Option<String>,
    /// Whether it is a relay.
    #[n(3)]
    pub relay: bool,
}

/// How a home becomes a further device's.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(crate) struct EnrolPlan {
    /// The neighbourhood.
    #[n(0)]
    pub space: SpaceId,
    /// The statements up to which everything has to be verified (rule R21).
    #[n(1)]
    pub heads: Vec<EntryId>,
    /// The code of another device; without one the household's own key certifies.
    #[n(2)]
    pub code: Option<EnrolmentCode>,
}

impl Plan {
    /// Reads the plan of a home that is or was pending.
    pub(crate) fn of(secrets: &Secrets) -> Option<Self> {
        Self::read(secrets.pending_joins.first()?)
    }

    fn read(pending: &PendingJoin) -> Option<Self> {
        let bytes = &pending.invitation;
        let join = codec::decode(bytes).map(Self::Join);
        join.or_else(|_| codec::decode(bytes).map(Self::Enrol)).ok()
    }

    /// Returns the member for which a home writes: it holds the household's key, or was enrolled by
    /// a device that does. A relay writes for none.
    pub(crate) fn member_of(secrets: &Secrets) -> Option<MemberId> {
        if let Some(household) = &secrets.household {
            return Some(MemberId(SecretKey::from_seed(household.expose()).public()));
        }
        match Self::of(secrets)? {
            Self::Enrol(plan) => plan.code.map(|code| code.member),
            Self::Join(_) => None,
        }
    }

    /// Tells whether a home that waits may take another plan: it stays the same member's.
    pub(super) fn can_follow(secrets: &Secrets, next: &PendingJoin) -> bool {
        match Self::read(next) {
            Some(Self::Enrol(EnrolPlan {
                code: Some(code), ..
            })) => Self::member_of(secrets) == Some(code.member),
            Some(Self::Join(plan)) => plan.relay || secrets.household.is_some(),
            Some(Self::Enrol(_)) => secrets.household.is_some(),
            None => false,
        }
    }

    /// Returns the neighbourhood.
    pub(crate) fn space(&self) -> SpaceId {
        match self {
            Self::Join(plan) => plan.invitation.space,
            Self::Enrol(plan) => plan.space,
        }
    }

    /// Returns the statements up to which everything has to be verified (rule R21).
    pub(crate) fn heads(&self) -> &[EntryId] {
        match self {
            Self::Join(plan) => &plan.invitation.heads,
            Self::Enrol(plan) => &plan.heads,
        }
    }

    /// Returns what the greeting is keyed by until the space's own secret is known.
    pub(crate) fn greeting(&self) -> Option<[u8; 32]> {
        match self {
            Self::Enrol(plan) => {
                let code = plan.code.as_ref()?;
                Some(enrolment::greeting(code.secret.id()))
            }
            Self::Join(_) => None,
        }
    }

    /// Returns what the home's device asks of whom it meets.
    pub(crate) fn purpose(&self, secrets: &Secrets) -> Option<Purpose> {
        let device = DeviceId(SecretKey::from_seed(secrets.device.expose()).public());
        match self {
            Self::Join(plan) => plan.request(secrets, device),
            Self::Enrol(plan) => plan.enrolment(secrets, device),
        }
    }
}

impl JoinPlan {
    fn request(&self, secrets: &Secrets, device: DeviceId) -> Option<Purpose> {
        let joiner = match (&secrets.household, self.relay) {
            (Some(household), false) => {
                let member = SecretKey::from_seed(household.expose());
                Joiner::Member(Certificate::issue(&member, device))
            }
            (None, true) => Joiner::Relay(device),
            _ => return None,
        };
        Some(Purpose::Join(Box::new(JoinRequest::new(
            self.invitation.space,
            &self.invitation.secret.key(),
            joiner,
            self.name.clone(),
            self.building.clone(),
        ))))
    }
}

impl EnrolPlan {
    fn enrolment(&self, secrets: &Secrets, device: DeviceId) -> Option<Purpose> {
        let (enrolment, of) = match &self.code {
            Some(code) => (Enrolment::by_code(code, device), Some(code.device)),
            None => {
                let household = SecretKey::from_seed(secrets.household.as_ref()?.expose());
                let certificate = Certificate::issue(&household, device);
                (Enrolment::ByKey(certificate), None)
            }
        };
        Some(Purpose::Enrol {
            enrolment: Box::new(enrolment),
            of,
        })
    }
}
