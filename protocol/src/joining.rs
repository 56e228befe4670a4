//! Joining: what a household that holds an invitation asks of the inviter's node, and the chain
//! of statements that shows a stranger that a device belongs to a member (rule R21).
//!
//! Expiry and remaining uses are judged by the inviter's node alone, which knows its clock and its
//! own log; nothing here does.

use minicbor::{Decode, Encode};
use thiserror::Error;

use crate::id::{DeviceId, InvitationId, MemberId, SpaceId};
use crate::key::{PublicKey, Purpose, SecretKey, Signature};
use crate::limits;
use crate::roster::{ChainError, Entered, Roster, StatementEntry};
use crate::segment::{self, InvalidFrame, InvalidSegment};
use crate::statement::{Act, Admission, Certificate, InvitationUse, MemberKind};

/// Who asks to be admitted.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Joiner {
    /// A member, with its first device.
    #[n(0)]
    Member(#[n(0)] Certificate),
    /// A relay.
    #[n(1)]
    Relay(#[n(0)] DeviceId),
}

impl Joiner {
    /// Returns the joining device.
    pub fn device(&self) -> DeviceId {
        match self {
            Self::Member(certificate) => certificate.device,
            Self::Relay(device) => *device,
        }
    }

    /// Returns the member that the device will write for.
    pub fn member(&self) -> Option<MemberId> {
        match self {
            Self::Member(certificate) => Some(certificate.member),
            Self::Relay(_) => None,
        }
    }

    fn digest(&self, space: SpaceId) -> [u8; 32] {
        InvitationUse::digest(space, self.member().unwrap_or_default(), self.device())
    }
}

/// A request to be admitted.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct JoinRequest {
    /// The invitation's one-time key.
    #[n(0)]
    pub invitation: InvitationId,
    /// Who joins: a member with its first device, or a relay.
    #[n(1)]
    pub joiner: Joiner,
    /// Its name.
    #[n(2)]
    pub name: String,
    /// Its building.
    #[n(3)]
    pub building: Option<String>,
    /// The one-time key's signature over space, member and device.
    #[n(4)]
    pub signature: Signature,
}

impl JoinRequest {
    /// Makes a request with the invitation's one-time key.
    pub fn new(
        space: SpaceId,
        one_time: &SecretKey,
        joiner: Joiner,
        name: String,
        building: Option<String>,
    ) -> Self {
        Self {
            invitation: InvitationId(one_time.public()),
            signature: one_time.sign(Purpose::InvitationUse, &joiner.digest(space)),
            joiner,
            name,
            building,
        }
    }

    /// Tells whether certificate, one-time signature and lengths hold.
    pub fn verifies(&self, space: SpaceId) -> bool {
        let lengths = !self.name.is_empty()
            && self.name.len() <= limits::NAME_BYTES_MAX
            && self
                .building
                .as_ref()
                .is_none_or(|building| building.len() <= limits::NAME_BYTES_MAX);
        let keys = match &self.joiner {
            Joiner::Member(certificate) => certificate.verifies(),
            Joiner::Relay(device) => PublicKey::parse(&device.0).is_ok(),
        };
        lengths
            && keys
            && PublicKey::parse(&self.invitation.0).is_ok_and(|key| {
                let digest = self.joiner.digest(space);
                key.verifies(Purpose::InvitationUse, &digest, &self.signature)
            })
    }

    /// Returns the act that grants the request as use `number` of `uses`.
    pub fn act(&self, kind: MemberKind, number: u32, uses: u32) -> Act {
        match &self.joiner {
            Joiner::Member(certificate) => Act::Admit(Admission {
                kind,
                certificate: certificate.clone(),
                name: self.name.clone(),
                building: self.building.clone(),
                invitation: Some(InvitationUse {
                    invitation: self.invitation,
                    number,
                    uses,
                    signature: self.signature,
                }),
                successor_of: None,
            }),
            Joiner::Relay(device) => Act::CertifyRelay {
                device: *device,
                name: self.name.clone(),
                building: self.building.clone(),
            },
        }
    }
}

/// Why an admission chain does not introduce its device.
#[derive(Debug, Error)]
pub enum InvalidChain {
    /// It is longer than 64 KiB.
    #[error(
        "the admission chain is longer than {} bytes",
        limits::ADMISSION_CHAIN_BYTES_MAX
    )]
    Length,
    /// It cannot be read.
    #[error("the admission chain cannot be read")]
    Unreadable(#[from] InvalidFrame),
    /// A run of it does not verify.
    #[error("a run of the admission chain does not verify")]
    Segment(#[from] InvalidSegment),
    /// What it says gives the device no place here.
    #[error(transparent)]
    Roster(#[from] ChainError),
}

/// Checks a peer's admission chain: runs that together hold every statement from the founding to
/// the one that certifies the device, in an order in which each is shown before it is used. The
/// payloads of other entries of a run may be left out; a statement may be shown again.
///
/// The chain shows that the device was admitted by those who had the right, as far as the roster
/// knows nothing else; not that it was not removed since, which everything held tells after sync.
///
/// # Errors
///
/// [`InvalidChain`] names the first thing that does not hold.
pub fn verify_chain(
    roster: &Roster,
    bytes: &[u8],
    device: DeviceId,
    member: Option<MemberId>,
) -> Result<(), InvalidChain> {
    if bytes.len() > limits::ADMISSION_CHAIN_BYTES_MAX {
        return Err(InvalidChain::Length);
    }
    let space = roster.space();
    let mut chain = Vec::new();
    for segment in segment::read_segments(space, bytes)? {
        let author = segment.entries.first().ok_or(InvalidSegment::Length)?;
        let key = PublicKey::parse_unenrolled(&author.header.device.0)
            .map_err(|_| InvalidSegment::Signature)?;
        let (entries, mut statements) = segment.verify(space, &key)?.into_parts();
        chain.extend(entries.into_iter().filter_map(|entry| {
            let statement = statements.remove(&entry.id)?;
            let entered = Entered::default();
            Some(StatementEntry::new(
                entry.id,
                entry.header,
                Some(statement),
                entered,
            ))
        }));
    }
    Ok(roster.introduces(&chain, member, device)?)
}
