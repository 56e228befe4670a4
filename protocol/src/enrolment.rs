//! Enrolment: how a further device becomes one of a household that is a member already.
//!
//! Either another device of the household has made a code and certifies whoever shows it first, or
//! the new device holds the household's key, from its recovery words, and certifies itself. The
//! household's key never travels (decision 0012). Expiry and use of a code are judged by the node
//! that made it; nothing here does.

use std::fmt;

use minicbor::{Decode, Encode};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::checked_text;
use crate::codec;
use crate::id::{DeviceId, EntryId, InvitationId, MemberId, SpaceId};
use crate::invitation::{
    Finding, InvitationError, WriteInvitationError, require_version, write_within,
};
use crate::key::{self, PublicKey, Purpose, SecretKey, Signature};
use crate::statement::Certificate;

/// The version of the format that this protocol writes.
pub const VERSION: u8 = 1;

/// What every code begins with, before the separator `1`.
pub const PREFIX: &str = "linlidev";

/// The secret of a code, from which its one-time key derives.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop, Encode, Decode)]
#[cbor(transparent)]
pub struct EnrolmentSecret(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 16]);

impl fmt::Debug for EnrolmentSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("EnrolmentSecret(…)")
    }
}

impl EnrolmentSecret {
    /// Returns the one-time key.
    pub fn key(&self) -> SecretKey {
        SecretKey::from_seed(&key::hash(b"linli enrol key1", &[&self.0]))
    }

    /// Returns the one-time key's public half, which names the code.
    pub fn id(&self) -> InvitationId {
        InvitationId(self.key().public())
    }
}

/// Returns what keys the greeting between the two ends of an enrolment by a code. Only they know
/// the name of a code: it stands in no entry.
pub fn greeting(code: InvitationId) -> [u8; 32] {
    key::hash(b"linli enrol sec1", &[&code.0])
}

/// A code by which one further device is enrolled. It holds no secret of the space: whoever finds it
/// when it was used, or has ended, can do nothing with it.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct EnrolmentCode {
    /// The neighbourhood.
    #[n(0)]
    pub space: SpaceId,
    /// The household.
    #[n(1)]
    pub member: MemberId,
    /// The device that certifies.
    #[n(2)]
    pub device: DeviceId,
    /// The one-time key's secret.
    #[n(3)]
    pub secret: EnrolmentSecret,
    /// The maximal statements that the certifying device had seen, ascending: the new device is
    /// pending until it has verified everything from the founding to these.
    #[n(4)]
    pub heads: Vec<EntryId>,
    /// When it ends, in seconds since 1970; for display.
    #[n(5)]
    pub expires_s: u64,
    /// The neighbourhood's name; hostile text like any other.
    #[n(6)]
    pub neighbourhood: String,
    /// Multiaddresses to dial, the likeliest first.
    #[n(7)]
    pub addresses: Vec<String>,
}

impl fmt::Debug for EnrolmentCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("EnrolmentCode")
            .field("space", &self.space)
            .field("member", &self.member)
            .field("device", &self.device)
            .field("addresses", &self.addresses)
            .finish_non_exhaustive()
    }
}

impl EnrolmentCode {
    /// Tells whether a text is meant to be a code, whether it is right or not.
    pub fn is_meant_by(text: &str) -> bool {
        checked_text::begins_with(PREFIX, text)
    }

    /// Writes the code as text, in small letters; capitals are the same code.
    ///
    /// # Errors
    ///
    /// [`WriteInvitationError`] when a field or the whole is too long.
    pub fn to_text(&self) -> Result<String, WriteInvitationError> {
        if let Some(what) = self.broken_limit() {
            return Err(WriteInvitationError::Limit { what });
        }
        write_within(PREFIX, &codec::encode(&(VERSION, self)))
    }

    /// Reads a code. White space anywhere in it is left out.
    ///
    /// # Errors
    ///
    /// [`InvitationError`], which says what is wrong and where.
    pub fn parse(text: &str) -> Result<Self, InvitationError> {
        let bytes = checked_text::read(PREFIX, text)?;
        require_version(&bytes, VERSION)?;
        let (_, code): (u8, Self) = codec::decode(&bytes)?;
        match code.broken_limit() {
            Some(what) => Err(InvitationError::Limit { what }),
            None => Ok(code),
        }
    }

    fn broken_limit(&self) -> Option<&'static str> {
        let finding = Finding {
            heads: &self.heads,
            neighbourhood: &self.neighbourhood,
            addresses: &self.addresses,
            expires_s: self.expires_s,
        };
        finding.broken_limit()
    }
}

/// What a new device asks for.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Enrolment {
    /// To be certified, for it holds a code.
    #[n(0)]
    ByCode {
        /// The code's one-time key.
        #[n(0)]
        code: InvitationId,
        /// The household.
        #[n(1)]
        member: MemberId,
        /// The new device.
        #[n(2)]
        device: DeviceId,
        /// The one-time key's signature over space, household and device.
        #[n(3)]
        signature: Signature,
    },
    /// To be known, for its household's own key has certified it.
    #[n(1)]
    ByKey(#[n(0)] Certificate),
}

impl Enrolment {
    /// Asks with a code.
    pub fn by_code(code: &EnrolmentCode, device: DeviceId) -> Self {
        let digest = Self::digest(code.space, code.member, device);
        Self::ByCode {
            code: code.secret.id(),
            member: code.member,
            device,
            signature: code.secret.key().sign(Purpose::InvitationUse, &digest),
        }
    }

    /// Returns the new device.
    pub fn device(&self) -> DeviceId {
        match self {
            Self::ByCode { device, .. } => *device,
            Self::ByKey(certificate) => certificate.device,
        }
    }

    /// Returns the household.
    pub fn member(&self) -> MemberId {
        match self {
            Self::ByCode { member, .. } => *member,
            Self::ByKey(certificate) => certificate.member,
        }
    }

    /// Returns the name of the code, where it is by one.
    pub fn code(&self) -> Option<InvitationId> {
        match self {
            Self::ByCode { code, .. } => Some(*code),
            Self::ByKey(_) => None,
        }
    }

    /// Tells whether the keys are sound and the signature holds.
    pub fn verifies(&self, space: SpaceId) -> bool {
        match self {
            Self::ByCode {
                code,
                member,
                device,
                signature,
            } => {
                let digest = Self::digest(space, *member, *device);
                PublicKey::parse(&device.0).is_ok()
                    && PublicKey::parse(&code.0)
                        .is_ok_and(|key| key.verifies(Purpose::InvitationUse, &digest, signature))
            }
            Self::ByKey(certificate) => certificate.verifies(),
        }
    }

    fn digest(space: SpaceId, member: MemberId, device: DeviceId) -> [u8; 32] {
        key::hash(b"linli enrol use1", &[&space.0, &member.0, &device.0])
    }
}
