//! Fork proofs: two signed heads of one device with header chains to their first difference
//! (rule R8).
//!
//! A proof convicts by itself: whoever holds it needs neither branch's payloads. What a fork
//! suspends is decided in `roster`.

use minicbor::{Decode, Encode};
use thiserror::Error;

use crate::codec;
use crate::entry::Header;
use crate::id::{DeviceId, EntryId, SpaceId};
use crate::key::{PublicKey, Purpose, Signature};
use crate::limits;

/// One side of a fork: headers from the first difference to a signed head, ascending.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Side {
    /// The headers.
    #[n(0)]
    pub headers: Vec<Header>,
    /// The signature of the last one.
    #[n(1)]
    pub signature: Signature,
}

impl Side {
    fn first(&self) -> Option<EntryId> {
        self.headers.first().map(Header::id)
    }
}

/// A proof that a device signed two continuations of one log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ForkProof {
    /// The two sides, that with the lower first entry first.
    #[n(0)]
    pub sides: [Side; 2],
}

/// Why a fork proof proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidProof {
    /// A side is empty, too long, or has headers that do not follow each other.
    #[error("the headers of a side do not form a chain")]
    Chain,
    /// The sides are of different logs or places, are the same, or stand in the wrong order.
    #[error("the two sides do not contradict each other")]
    NoContradiction,
    /// A head is not signed by the device.
    #[error("a head's signature does not hold")]
    Signature,
}

impl ForkProof {
    /// Puts two sides in order.
    pub fn new(one: Side, other: Side) -> Self {
        if one.first() <= other.first() {
            Self {
                sides: [one, other],
            }
        } else {
            Self {
                sides: [other, one],
            }
        }
    }

    /// Returns the device that forked; none for an empty proof, which does not verify.
    pub fn device(&self) -> Option<DeviceId> {
        self.sides[0].headers.first().map(|header| header.device)
    }

    /// Returns the lowest seq at which the sides differ.
    pub fn seq(&self) -> Option<u64> {
        self.sides[0].headers.first().map(|header| header.seq)
    }

    /// Returns whether the proof is of the same device and of as low a place or a lower one: then it
    /// says all that the other does.
    pub fn covers(&self, other: &Self) -> bool {
        self.device() == other.device() && self.seq() <= other.seq()
    }

    /// Checks the proof.
    ///
    /// # Errors
    ///
    /// [`InvalidProof`] says what does not hold.
    pub fn verify(&self, space: SpaceId) -> Result<(), InvalidProof> {
        let [one, other] = &self.sides;
        for side in [one, other] {
            verify_side(side, space)?;
        }
        if self.to_bytes().len() > limits::FORK_PROOF_BYTES_MAX {
            return Err(InvalidProof::Chain);
        }
        let (a, b) = (&one.headers[0], &other.headers[0]);
        let contradict = a.device == b.device
            && a.seq == b.seq
            && a.backlink == b.backlink
            && one.first() < other.first();
        if contradict {
            Ok(())
        } else {
            Err(InvalidProof::NoContradiction)
        }
    }

    /// Encodes the proof.
    pub fn to_bytes(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// Decodes a proof; it proves nothing before [`ForkProof::verify`].
    ///
    /// # Errors
    ///
    /// [`codec::DecodeError`] when the bytes are something else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, codec::DecodeError> {
        codec::decode(bytes)
    }
}

fn verify_side(side: &Side, space: SpaceId) -> Result<(), InvalidProof> {
    if side.headers.is_empty() || side.headers.len() > limits::SEGMENT_ENTRIES_MAX {
        return Err(InvalidProof::Chain);
    }
    let mut before: Option<(EntryId, &Header)> = None;
    for header in &side.headers {
        header.check().map_err(|_| InvalidProof::Chain)?;
        if header.space != space {
            return Err(InvalidProof::Chain);
        }
        if let Some((id, earlier)) = before {
            let follows = header.backlink == Some(id)
                && header.seq == earlier.seq + 1
                && header.device == earlier.device;
            if !follows {
                return Err(InvalidProof::Chain);
            }
        }
        before = Some((header.id(), header));
    }
    let (head, header) = before.expect("a side is not empty");
    let signed = PublicKey::parse(&header.device.0)
        .is_ok_and(|key| key.verifies(Purpose::Head, &head.0, &side.signature));
    if signed {
        Ok(())
    } else {
        Err(InvalidProof::Signature)
    }
}
