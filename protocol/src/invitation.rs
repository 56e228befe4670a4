//! Invitations (rule R21): what a joiner must know to find a neighbourhood and be let in, as one
//! word that survives paper, chat and a QR code: `linli1…`.
//!
//! Whether an invitation still holds is never judged here: only the inviter's node judges expiry
//! and uses. The text is a secret; whoever holds it may join.

use std::fmt;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::checked_text;
use crate::codec;
use crate::id::{DeviceId, EntryId, InvitationId, MemberId, SpaceId};
use crate::key::{self, SecretKey};
use crate::limits;

/// The version of the format that this protocol writes.
pub const VERSION: u8 = 1;

/// What every invitation begins with, before the separator `1`.
pub const PREFIX: &str = "linli";

pub use crate::checked_text::TEXT_CHARACTERS_MAX;

/// Addresses in an invitation at most.
pub const ADDRESSES_MAX: usize = 8;

/// Bytes of one address: a DNS name of 253 and its protocols.
pub const ADDRESS_BYTES_MAX: usize = 288;

/// As what those who use an invitation are admitted.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    Serialize,
    Deserialize,
)]
#[cbor(index_only)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum InvitedAs {
    /// A household: the inviter must be allowed to admit voters.
    #[n(0)]
    #[default]
    Household,
    /// A guest.
    #[n(1)]
    Guest,
    /// A relay: the inviter must be allowed to certify relays.
    #[n(2)]
    Relay,
}

/// The secret of an invitation, from which its one-time key derives. 128 bits: it is guessed
/// against a running node or a signature, never against a stored hash of something weaker.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop, Encode, Decode)]
#[cbor(transparent)]
pub struct InvitationSecret(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 16]);

impl fmt::Debug for InvitationSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("InvitationSecret(…)")
    }
}

impl InvitationSecret {
    /// Returns the one-time key.
    pub fn key(&self) -> SecretKey {
        SecretKey::from_seed(&key::hash(b"linli invit key1", &[&self.0]))
    }

    /// Returns the one-time key's public half, which names the invitation.
    pub fn id(&self) -> InvitationId {
        InvitationId(self.key().public())
    }
}

/// An invitation.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Invitation {
    /// The neighbourhood.
    #[n(0)]
    pub space: SpaceId,
    /// The neighbourhood's secret.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub space_secret: [u8; 32],
    /// The inviting member.
    #[n(2)]
    pub inviter: MemberId,
    /// The inviter's device: the one that admits.
    #[n(3)]
    pub device: DeviceId,
    /// The one-time key's secret.
    #[n(4)]
    pub secret: InvitationSecret,
    /// The maximal statements that the inviter had seen, ascending: a joiner is pending until it
    /// has verified everything from the founding to these.
    #[n(5)]
    pub heads: Vec<EntryId>,
    /// When it ends, in seconds since 1970; for display, since only the inviter judges it.
    #[n(6)]
    pub expires_s: u64,
    /// As what its users are admitted.
    #[n(7)]
    pub invited_as: InvitedAs,
    /// The neighbourhood's name, as the inviter knows it; hostile text like any other.
    #[n(8)]
    pub neighbourhood: String,
    /// Multiaddresses to dial, the likeliest first.
    #[n(9)]
    pub addresses: Vec<String>,
}

impl fmt::Debug for Invitation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Invitation")
            .field("space", &self.space)
            .field("inviter", &self.inviter)
            .field("device", &self.device)
            .field("invited_as", &self.invited_as)
            .field("addresses", &self.addresses)
            .finish_non_exhaustive()
    }
}

/// Why an invitation cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WriteInvitationError {
    /// A field breaks its limit.
    #[error("{what} breaks the limits of an invitation")]
    Limit {
        /// The field.
        what: &'static str,
    },
    /// The text would be longer than its checksum can guard: give fewer or shorter addresses.
    #[error("the invitation would have {characters} characters, more than {TEXT_CHARACTERS_MAX}")]
    TooLong {
        /// How many characters it would have.
        characters: usize,
    },
}

/// Why a text is no invitation. Positions count from 1 and leave white space out.
#[derive(Debug, Error)]
pub enum InvitationError {
    /// It does not begin with `linli1`.
    #[error("an invitation begins with {PREFIX}1")]
    Prefix,
    /// It mixes capital and small letters.
    #[error("capital and small letters are mixed")]
    MixedCase,
    /// It holds a character that no invitation holds.
    #[error("character {position} does not occur in invitations")]
    Character {
        /// Where.
        position: usize,
        /// The character.
        character: char,
    },
    /// Its end is missing.
    #[error("the end is missing")]
    Truncated,
    /// It is longer than any invitation.
    #[error("it is longer than {TEXT_CHARACTERS_MAX} characters")]
    TooLong,
    /// At least one character is wrong.
    #[error("at least one character is wrong")]
    Checksum {
        /// The wrong character, when it is certain to be the only one.
        position: Option<usize>,
    },
    /// It was written by a version of the program that this one does not know.
    #[error("version {found} of the format is not known here")]
    Version {
        /// The version found.
        found: u8,
    },
    /// Its characters are intact, but its content has another shape.
    #[error("the content has another shape")]
    Content(#[from] codec::DecodeError),
    /// A field breaks its limit.
    #[error("{what} breaks the limits of an invitation")]
    Limit {
        /// The field.
        what: &'static str,
    },
}

impl Invitation {
    /// Writes the invitation as text, in small letters; capitals are the same invitation, and
    /// shorter in a QR code.
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

    /// Reads an invitation. White space anywhere in it is left out, for it comes from line breaks.
    ///
    /// # Errors
    ///
    /// [`InvitationError`], which says what is wrong and where.
    pub fn parse(text: &str) -> Result<Self, InvitationError> {
        let bytes = checked_text::read(PREFIX, text)?;
        require_version(&bytes, VERSION)?;
        let (_, invitation): (u8, Self) = codec::decode(&bytes)?;
        match invitation.broken_limit() {
            Some(what) => Err(InvitationError::Limit { what }),
            None => Ok(invitation),
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

/// Writes bytes as a checked text that is short enough to be checked well.
pub(crate) fn write_within(prefix: &str, bytes: &[u8]) -> Result<String, WriteInvitationError> {
    let characters = checked_text::characters(prefix, bytes);
    if characters > TEXT_CHARACTERS_MAX {
        return Err(WriteInvitationError::TooLong { characters });
    }
    Ok(checked_text::write(prefix, bytes))
}

/// Reads the version before anything else: what follows may look different in another one.
pub(crate) fn require_version(bytes: &[u8], version: u8) -> Result<(), InvitationError> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let shape = |error| InvitationError::Content(codec::DecodeError::Shape(error));
    decoder.array().map_err(shape)?;
    match decoder.u8().map_err(shape)? {
        found if found == version => Ok(()),
        found => Err(InvitationError::Version { found }),
    }
}

/// What a neighbourhood is found by, in an invitation as in the code of a new device.
pub(crate) struct Finding<'a> {
    pub(crate) heads: &'a [EntryId],
    pub(crate) neighbourhood: &'a str,
    pub(crate) addresses: &'a [String],
    pub(crate) expires_s: u64,
}

impl Finding<'_> {
    /// Returns the first field that breaks its limit.
    pub(crate) fn broken_limit(&self) -> Option<&'static str> {
        let heads_ascend = self.heads.windows(2).all(|pair| pair[0] < pair[1]);
        if self.heads.is_empty() || self.heads.len() > limits::SEEN_MAX || !heads_ascend {
            return Some("heads");
        }
        let name_bytes = self.neighbourhood.len();
        if name_bytes == 0 || name_bytes > limits::NAME_BYTES_MAX {
            return Some("neighbourhood");
        }
        let is_long = |address: &String| address.len() > ADDRESS_BYTES_MAX;
        if self.addresses.len() > ADDRESSES_MAX || self.addresses.iter().any(is_long) {
            return Some("addresses");
        }
        if self.expires_s > limits::TIME_MS_MAX.unsigned_abs() / 1_000 {
            return Some("expiry");
        }
        None
    }
}
