//! Joining: what a household that holds an invitation asks of the inviter's node, and the chain
//! of statements that shows a stranger that a device belongs to a member (rule R21).
//!
//! Expiry and remaining uses are judged by the inviter's node alone, which knows its clock and its
//! own log; nothing here does.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};
use thiserror::Error;

use crate::entry::Header;
use crate::id::{DeviceId, EntryId, InvitationId, MemberId, SpaceId};
use crate::key::{PublicKey, Purpose, SecretKey, Signature};
use crate::limits;
use crate::segment::{self, VerifiedSegment};
use crate::statement::{
    Act, Admission, Authority, Certificate, InvitationUse, MemberKind, Statement,
};

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

/// Why an admission chain does not show that a device belongs to a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidChain {
    /// It is longer than 64 KiB, or cannot be read.
    #[error("the admission chain cannot be read")]
    Unreadable,
    /// A signature or chain inside it does not hold.
    #[error("a signature in the admission chain does not hold")]
    Signature,
    /// It does not begin with the founding statement of the space.
    #[error("the admission chain does not begin with the founding")]
    Founding,
    /// The device is not certified by its end.
    #[error("the admission chain does not reach the device")]
    Device,
}

/// Checks a peer's admission chain: segments that together hold every statement from the founding
/// to the one that certifies the device, in an order in which each is shown before it is used.
///
/// The chain shows that the device was admitted, not that it was not removed since: that is the
/// roster's verdict, after sync.
///
/// # Errors
///
/// [`InvalidChain`] names the first thing that does not hold.
pub fn verify_chain(
    space: SpaceId,
    bytes: &[u8],
    device: DeviceId,
    member: Option<MemberId>,
) -> Result<(), InvalidChain> {
    if bytes.len() > limits::ADMISSION_CHAIN_BYTES_MAX {
        return Err(InvalidChain::Unreadable);
    }
    let segments = segment::read_segments(space, bytes).map_err(|_| InvalidChain::Unreadable)?;
    let mut shown = Shown::default();
    for segment in segments {
        let author = segment
            .entries
            .first()
            .ok_or(InvalidChain::Unreadable)?
            .header
            .device;
        let key = PublicKey::parse_unenrolled(&author.0).map_err(|_| InvalidChain::Signature)?;
        let verified = segment
            .verify(space, &key)
            .map_err(|_| InvalidChain::Signature)?;
        shown.take(space, verified)?;
    }
    if shown.certified.contains(&(device, member)) {
        Ok(())
    } else {
        Err(InvalidChain::Device)
    }
}

/// What the statements of a chain have shown so far.
#[derive(Default)]
struct Shown {
    certified: BTreeSet<(DeviceId, Option<MemberId>)>,
    members: BTreeSet<MemberId>,
    admissions: BTreeMap<EntryId, MemberId>,
    grants: BTreeMap<EntryId, MemberId>,
    motions: BTreeMap<EntryId, Act>,
    founder: Option<MemberId>,
}

impl Shown {
    fn take(&mut self, space: SpaceId, segment: VerifiedSegment) -> Result<(), InvalidChain> {
        let (entries, statements) = segment.into_parts();
        for entry in entries {
            if let Some(Statement::Known { authority, act }) = statements.get(&entry.id) {
                self.statement(space, entry.id, &entry.header, *authority, act)?;
            }
        }
        Ok(())
    }

    fn statement(
        &mut self,
        space: SpaceId,
        id: EntryId,
        header: &Header,
        authority: Authority,
        act: &Act,
    ) -> Result<(), InvalidChain> {
        if let Act::Found(founding) = act {
            let certificate = &founding.certificate;
            let sound = founding.space() == space
                && certificate.verifies()
                && certificate.device == header.device
                && header.member == Some(certificate.member);
            if !sound {
                return Err(InvalidChain::Founding);
            }
            self.founder = Some(certificate.member);
            self.admit(id, certificate);
            return Ok(());
        }
        if self.founder.is_none() {
            return Err(InvalidChain::Founding);
        }
        if let Act::Enrol { certificate } = act {
            if self.members.contains(&certificate.member) && certificate.verifies() {
                self.certified
                    .insert((certificate.device, Some(certificate.member)));
            }
            return Ok(());
        }
        let holds = match authority {
            Authority::Founder => header.member == self.founder,
            Authority::Member { admission } => {
                header.member.is_some() && self.admissions.get(&admission) == header.member.as_ref()
            }
            Authority::Grant { appointment } => {
                header.member.is_some() && self.grants.get(&appointment) == header.member.as_ref()
            }
        };
        // A run may hold further statements, for which nothing is shown here: they add nothing.
        if !holds || !self.certified.contains(&(header.device, header.member)) {
            return Ok(());
        }
        self.act(id, act)
    }

    fn act(&mut self, id: EntryId, act: &Act) -> Result<(), InvalidChain> {
        match act {
            Act::Admit(admission) => {
                if !admission.certificate.verifies() {
                    return Err(InvalidChain::Signature);
                }
                self.admit(id, &admission.certificate);
            }
            Act::Promote { member } => {
                self.members.insert(*member);
                self.admissions.insert(id, *member);
            }
            Act::AddOffice { office, .. } => {
                self.members.insert(*office);
                self.admissions.insert(id, *office);
            }
            Act::Appoint { member, .. } => {
                self.grants.insert(id, *member);
            }
            Act::CertifyRelay { device, .. } => {
                self.certified.insert((*device, None));
            }
            Act::Move { act, .. } => {
                self.motions.insert(id, (**act).clone());
            }
            Act::Enact { motion, .. } => {
                if let Some(act) = self.motions.get(motion).cloned() {
                    return self.act(id, &act);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn admit(&mut self, id: EntryId, certificate: &Certificate) {
        self.members.insert(certificate.member);
        self.admissions.insert(id, certificate.member);
        self.certified
            .insert((certificate.device, Some(certificate.member)));
    }
}
