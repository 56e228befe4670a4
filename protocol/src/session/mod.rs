//! Sessions: one exchange between two replicas about one space, from the handshake to live push
//! (rules R13, R15, R16, R21). Without IO: frames come in, outputs go out.
//!
//! A session serves nothing before both sides have shown that they know the space's secret and
//! that they are, or are being made, members. It never decides whether an entry counts.

mod enrolling;
mod finding;
pub mod frame;
mod handshake;
mod outgoing;
mod proofs;
mod receipts;
mod sync;

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use crate::codec::DecodeError;
use crate::enrolment::Enrolment;
use crate::id::{DeviceId, EntryId, InvitationId, MemberId};
use crate::joining::{InvalidChain, JoinRequest};
use crate::replica::{Received, Replica};
use crate::segment::{InvalidFrame, InvalidSegment};
use crate::storage::{Storage, StorageError};

pub use finding::{Finder, Found};
pub use handshake::{binding, proof_digest, tag};
pub use outgoing::pack;

use frame::{Frame, RefusedReason};
use outgoing::Outgoing;
use receipts::Exchange;
use sync::Round;

/// Which side of a connection a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The one that opened the stream.
    Opener,
    /// The other one.
    Answerer,
}

/// What a session is made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A member's or relay's replica meets another.
    Meet,
    /// A household asks to be admitted.
    Join(Box<JoinRequest>),
    /// A further device of a member asks to be taken in.
    Enrol {
        /// What it asks for.
        enrolment: Box<Enrolment>,
        /// The only device that it asks: the one that made its code.
        of: Option<DeviceId>,
    },
}

/// What the owner of a session has to do, in order.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a handful of outputs is made and carried out at once"
)]
pub enum Output {
    /// Send a frame.
    Send(Frame),
    /// Make what was received durable before anything that follows is carried out (rule R3).
    Commit(Box<Received>),
    /// Judge a request to join by clock and remaining uses; then [`Session::admit`] or
    /// [`Session::refuse`].
    JoinRequested(Box<JoinRequest>),
    /// Judge the request of a further device of a member; then [`Session::admit`] or
    /// [`Session::refuse`].
    EnrolmentRequested(Box<Enrolment>),
    /// The peer is who it says: it is a member's or relay's device.
    Met {
        /// Its device.
        device: DeviceId,
        /// Its member.
        member: Option<MemberId>,
    },
    /// The peer holds exactly what is held here.
    InStep,
    /// The peer has told how many entries of the own log it holds durably.
    Held {
        /// How many.
        seq: u64,
    },
    /// The peer does not serve this replica.
    Refused(RefusedReason),
}

/// Why a session ended. A peer's fault is an outcome; only [`SessionError::Storage`] is ours.
#[derive(Debug, Error)]
pub enum SessionError {
    /// The peer's frame cannot be read.
    #[error("the peer sent a frame that cannot be read")]
    Frame(#[from] DecodeError),
    /// The peer's segments cannot be read.
    #[error("the peer sent segments that cannot be read")]
    Segments(#[from] InvalidFrame),
    /// The peer sent a segment that does not verify.
    #[error("the peer sent a segment that does not verify")]
    Segment(#[from] InvalidSegment),
    /// The peer does not know the space's secret.
    #[error("the peer does not belong to this neighbourhood")]
    Stranger,
    /// The peer gave a receipt that its device did not sign.
    #[error("the peer gave a receipt that does not verify")]
    Receipt,
    /// The peer's device did not sign for this connection.
    #[error("the peer's device did not sign for this connection")]
    Proof,
    /// The peer's admission chain does not hold.
    #[error("the peer was not admitted: {0}")]
    Chain(#[from] InvalidChain),
    /// A frame came that has no place here.
    #[error("the peer sent a {frame} out of turn")]
    OutOfTurn {
        /// What kind of frame.
        frame: &'static str,
    },
    /// The peer has no right to be served.
    #[error("the peer is not served: {0:?}")]
    NotServed(RefusedReason),
    /// The store cannot be read.
    #[error("the store cannot be read")]
    Storage(#[source] StorageError),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Opener: has greeted or will; answerer: waits to be greeted.
    Greeting,
    /// Answerer: has answered, waits for the introduction.
    Answered,
    /// Both know who the other is; each may still be checking.
    Meeting,
    /// Both have welcomed each other.
    Syncing,
    /// Over.
    Closed,
}

/// By what an opener that does not know the space's secret has greeted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum GreetedBy {
    /// A code for a further device.
    Code(InvitationId),
    /// The name of a member that knows nothing but an address.
    Member(MemberId),
}

/// One session.
#[derive(Debug)]
pub struct Session {
    side: Side,
    purpose: Purpose,
    binding: [u8; 32],
    state: State,
    peer: Option<(DeviceId, Option<MemberId>)>,
    welcomed: bool,
    welcome: bool,
    /// Whether the peer asked to be let in, and no answer was given yet.
    applies: bool,
    /// The transport's names of the own end and of the other one.
    ends: [Vec<u8>; 2],
    /// Codes that this node made for further devices.
    codes: Vec<InvitationId>,
    /// By what else than the space's secret the opener greeted.
    greeted_by: Option<GreetedBy>,
    round: Round,
    outgoing: Option<Outgoing>,
    /// Everything that arrived here up to this number is held by the peer, or is in `outgoing`.
    covered_to: Option<u64>,
    /// Arrivals that came from this peer: first to last.
    from_peer: BTreeMap<u64, u64>,
    fetches: BTreeMap<DeviceId, u64>,
    /// Devices of whose logs something was refused here.
    declined: BTreeSet<DeviceId>,
    /// Devices of whose logs the peer takes nothing more at present.
    unwanted: BTreeSet<DeviceId>,
    /// Entries whose payloads the peer was asked for.
    asked: BTreeSet<EntryId>,
    /// Forks that the peer was told of while logs differed for good, by the seq of the proof.
    proofs_told: BTreeMap<DeviceId, u64>,
    /// Those of them that the peer has not answered.
    open_questions: BTreeSet<EntryId>,
    held_told: u64,
    in_step: bool,
    exchange: Exchange,
}

impl Session {
    /// Makes a session. `local` and `remote` are the transport's authenticated names of the two
    /// ends, `secret` the space's.
    pub fn new(
        side: Side,
        purpose: Purpose,
        secret: &[u8; 32],
        local: &[u8],
        remote: &[u8],
    ) -> Self {
        Self {
            side,
            purpose,
            binding: handshake::binding(side, secret, local, remote),
            state: State::Greeting,
            peer: None,
            welcomed: false,
            welcome: false,
            applies: false,
            ends: [local.to_vec(), remote.to_vec()],
            codes: Vec::new(),
            greeted_by: None,
            round: Round::default(),
            outgoing: None,
            covered_to: None,
            from_peer: BTreeMap::new(),
            fetches: BTreeMap::new(),
            declined: BTreeSet::new(),
            unwanted: BTreeSet::new(),
            asked: BTreeSet::new(),
            proofs_told: BTreeMap::new(),
            open_questions: BTreeSet::new(),
            held_told: 0,
            in_step: false,
            exchange: Exchange::default(),
        }
    }

    /// Lets an answerer also be greeted by codes that its node made for further devices of its
    /// household, used and ended ones among them: whoever shows one is told what is wrong with it.
    pub fn with_codes(mut self, codes: Vec<InvitationId>) -> Self {
        self.codes = codes;
        self
    }

    /// Returns what an opener sends first.
    pub fn open(&mut self) -> Vec<Output> {
        match (self.side, self.state) {
            (Side::Opener, State::Greeting) => vec![Output::Send(self.greeting())],
            _ => Vec::new(),
        }
    }

    /// Returns the peer's device and member, once proven.
    pub fn peer(&self) -> Option<(DeviceId, Option<MemberId>)> {
        self.peer
    }

    /// Tells whether the handshake is over and entries flow.
    pub fn is_syncing(&self) -> bool {
        self.state == State::Syncing
    }

    /// Tells whether the peer was last known to hold exactly what is held here.
    pub fn is_in_step(&self) -> bool {
        self.in_step
    }

    /// Takes one frame's bytes.
    ///
    /// # Errors
    ///
    /// [`SessionError`] ends the session: the owner closes the stream. What was committed stays.
    pub fn handle<S: Storage>(
        &mut self,
        bytes: &[u8],
        replica: &mut Replica,
        storage: &S,
    ) -> Result<Vec<Output>, SessionError> {
        let frame = match Frame::from_bytes(bytes) {
            Ok(frame) => frame,
            // What a later version says on top of this one is not for this replica (rule R19).
            Err(_) if self.state == State::Syncing && frame::is_of_later_version(bytes) => {
                return Ok(Vec::new());
            }
            Err(error) => return Err(error.into()),
        };
        let result = match self.state {
            State::Closed => Err(SessionError::OutOfTurn { frame: "frame" }),
            State::Syncing => self.handle_sync(frame, replica, storage),
            _ => self.handle_handshake(frame, replica, storage),
        };
        if result.is_err() {
            self.state = State::Closed;
        }
        result
    }

    /// Returns the next frame that the peer lacks, of entries before receipts, or none when there is
    /// nothing to send. The owner calls it whenever the stream can take a frame.
    ///
    /// # Errors
    ///
    /// [`SessionError::Storage`] when the storage cannot be read.
    pub fn poll<S: Storage>(
        &mut self,
        replica: &mut Replica,
        storage: &S,
    ) -> Result<Option<Frame>, SessionError> {
        if self.state != State::Syncing {
            return Ok(None);
        }
        let entries = self
            .next_entries(replica, storage)
            .map_err(SessionError::Storage)?;
        Ok(entries.or_else(|| self.next_receipts(replica)))
    }

    /// Opens a round: asks whether the peer holds the same.
    pub fn check(&mut self, replica: &mut Replica) -> Vec<Output> {
        match self.state {
            State::Syncing => vec![Output::Send(self.summary(replica))],
            _ => Vec::new(),
        }
    }

    /// Welcomes the device whose request was granted and made durable.
    pub fn admit(&mut self, replica: &mut Replica) -> Vec<Output> {
        match std::mem::take(&mut self.applies) {
            true => self.welcome_peer(replica),
            false => Vec::new(),
        }
    }

    /// Refuses the request and ends the session.
    pub fn refuse(&mut self, reason: RefusedReason) -> Vec<Output> {
        self.state = State::Closed;
        vec![Output::Send(Frame::Refused { reason })]
    }
}
