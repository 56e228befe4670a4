//! Frames: what two replicas say to each other in a session, as canonical CBOR.
//!
//! Lengths are checked before anything is kept; what a frame means is decided in `session`.

use std::fmt;

use minicbor::{Decode, Encode};

use crate::codec::{self, DecodeError};
use crate::enrolment::Enrolment;
use crate::fork::ForkProof;
use crate::frontier::Row;
use crate::id::{DeviceId, EntryId, MemberId, SpaceId};
use crate::joining::JoinRequest;
use crate::key::Signature;
use crate::limits;
use crate::receipt::Receipt;

/// The version of the sessions of this protocol.
pub const VERSION: u8 = 1;

/// A device's proof that it speaks over this very connection.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct DeviceProof {
    /// The device.
    #[n(0)]
    pub device: DeviceId,
    /// The member that it writes for; a relay writes for none.
    #[n(1)]
    pub member: Option<MemberId>,
    /// The device's signature over the connection's binding.
    #[n(2)]
    pub signature: Signature,
}

/// One message of a session.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Frame {
    /// The opener shows that it knows the space's secret.
    #[n(0)]
    Greet {
        /// Version of the session protocol.
        #[n(0)]
        version: u8,
        /// Tag over the connection, keyed by the space's secret.
        #[n(1)]
        tag: [u8; 32],
    },
    /// The answer: the same from the other side, and who it is.
    #[n(1)]
    Answer {
        /// Tag over the connection, keyed by the space's secret.
        #[n(0)]
        tag: [u8; 32],
        /// Who answers.
        #[n(1)]
        proof: DeviceProof,
    },
    /// Who opened.
    #[n(2)]
    Introduce {
        /// Who opened.
        #[n(0)]
        proof: DeviceProof,
    },
    /// The opener is no member yet and asks to be admitted.
    #[n(3)]
    Join {
        /// The request.
        #[n(0)]
        request: JoinRequest,
        /// Who opened: the device that is to be admitted. A request alone could have been heard
        /// by another.
        #[n(1)]
        proof: DeviceProof,
    },
    /// The device is not known here: its admission chain is wanted.
    #[n(4)]
    ChainWanted,
    /// The sender's admission chain.
    #[n(5)]
    Chain {
        /// Segments, at most 64 KiB.
        #[n(0)]
        #[cbor(with = "minicbor::bytes")]
        segments: Vec<u8>,
    },
    /// The peer is who it should be: sync may begin.
    #[n(6)]
    Welcome,
    /// The peer is not served, in a stable word.
    #[n(7)]
    Refused {
        /// Why.
        #[n(0)]
        reason: RefusedReason,
    },
    /// Opens a round: the digest of what the sender holds.
    #[n(8)]
    Summary {
        /// Digest of frontier and fork proofs.
        #[n(0)]
        digest: [u8; 32],
        /// How many entries of the receiver's own log the sender holds durably.
        #[n(1)]
        yours: u64,
    },
    /// Digests differ: hashes of all buckets.
    #[n(9)]
    Buckets {
        /// 256 hashes of 16 bytes.
        #[n(0)]
        #[cbor(with = "minicbor::bytes")]
        hashes: Vec<u8>,
    },
    /// The rows of buckets.
    #[n(10)]
    Rows {
        /// Which buckets.
        #[n(0)]
        #[cbor(with = "minicbor::bytes")]
        buckets: [u8; 32],
        /// Their rows, by device.
        #[n(1)]
        rows: Vec<Row>,
        /// Whether more rows follow in another frame.
        #[n(2)]
        more: bool,
        /// Whether the sender wants the same buckets' rows in return.
        #[n(3)]
        reply: bool,
    },
    /// Segments.
    #[n(11)]
    Entries {
        /// As `segment` writes them.
        #[n(0)]
        #[cbor(with = "minicbor::bytes")]
        segments: Vec<u8>,
    },
    /// A segment did not attach: the run that ends in an entry is wanted.
    #[n(12)]
    Fetch {
        /// The log.
        #[n(0)]
        device: DeviceId,
        /// The last entry wanted.
        #[n(1)]
        entry: EntryId,
        /// How many entries before it are wanted too.
        #[n(2)]
        count: u64,
    },
    /// Entries of the receiver's own log have become durable at the sender.
    #[n(14)]
    Held {
        /// How many entries of the receiver's own log the sender holds durably.
        #[n(0)]
        yours: u64,
    },
    /// Who holds what, and how far the receiver's receipts were taken.
    #[n(15)]
    Receipts {
        /// The receiver's receipts are durable at the sender up to this number of the receiver's.
        #[n(0)]
        kept: u64,
        /// The sender's number up to which the receiver has been given all it wants before these.
        #[n(1)]
        after: u64,
        /// The sender's number of the last of these receipts; 0 when there is none.
        #[n(2)]
        number: u64,
        /// The receipts, by the sender's number.
        #[n(3)]
        receipts: Vec<Receipt>,
    },
    /// Fork proofs.
    #[n(13)]
    Proofs {
        /// The proofs.
        #[n(0)]
        proofs: Vec<ForkProof>,
    },
    /// The opener is a further device of a member.
    #[n(16)]
    Enrol {
        /// What it asks for.
        #[n(0)]
        enrolment: Enrolment,
        /// Who opened: the device that is to be enrolled.
        #[n(1)]
        proof: DeviceProof,
    },
    /// The opener has shown a member's key, and knew nothing but an address.
    #[n(17)]
    Found(#[n(0)] Whereabouts),
}

/// Where a neighbourhood is to be found, for a member that knows it no more.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Whereabouts {
    /// The space.
    #[n(0)]
    pub space: SpaceId,
    /// The space's secret.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub secret: [u8; 32],
    /// The maximal statements that the answerer has seen, ascending.
    #[n(2)]
    pub heads: Vec<EntryId>,
    /// The neighbourhood's name; hostile text like any other.
    #[n(3)]
    pub neighbourhood: String,
}

impl fmt::Debug for Whereabouts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Whereabouts")
            .field("space", &self.space)
            .finish_non_exhaustive()
    }
}

/// The greatest code of a frame that this version knows.
const CODE_MAX: u64 = 17;

/// Tells whether bytes begin as a frame of a later version does: with a code that is not known
/// here.
pub fn is_of_later_version(bytes: &[u8]) -> bool {
    let mut decoder = minicbor::Decoder::new(bytes);
    bytes.len() <= limits::FRAME_BYTES_MAX + 64
        && matches!(decoder.array(), Ok(Some(1..)))
        && decoder.u64().is_ok_and(|code| code > CODE_MAX)
}

/// Why a peer is not served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum RefusedReason {
    /// It speaks another version.
    #[n(0)]
    Version,
    /// It was removed, or its device cut.
    #[n(1)]
    Removed,
    /// Its admission chain does not hold.
    #[n(2)]
    NotAdmitted,
    /// The invitation ended.
    #[n(3)]
    InvitationExpired,
    /// The invitation was used as often as it may be.
    #[n(4)]
    InvitationUsedUp,
    /// This node did not make the invitation.
    #[n(5)]
    InvitationUnknown,
    /// The request to join is invalid.
    #[n(6)]
    InvalidRequest,
    /// This node cannot admit anyone at present.
    #[n(7)]
    Unable,
}

impl Frame {
    /// Encodes the frame.
    pub fn to_bytes(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// Decodes a frame.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the bytes are too long or no canonical frame.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > limits::FRAME_BYTES_MAX + 64 {
            return Err(DecodeError::NotCanonical);
        }
        codec::decode(bytes)
    }
}
