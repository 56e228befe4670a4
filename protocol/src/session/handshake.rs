//! The handshake: both ends show that they know the space's secret, then that a device of a member
//! stands behind the transport's passing key. A stranger learns nothing: no name is sent before
//! the other end has shown the secret (rule R21).

use crate::id::{DeviceId, MemberId};
use crate::joining;
use crate::key::{self, PublicKey, Purpose as Signed};
use crate::replica::{PeerStanding, Replica};
use crate::segment;
use crate::storage::Storage;
use crate::switches::Rule;

use super::frame::{self, DeviceProof, Frame, RefusedReason};
use super::{Output, Purpose, Session, SessionError, Side, State};

/// Binds the two ends of a connection and the space's secret together.
pub fn binding(side: Side, secret: &[u8; 32], local: &[u8], remote: &[u8]) -> [u8; 32] {
    let (opener, answerer) = match side {
        Side::Opener => (local, remote),
        Side::Answerer => (remote, local),
    };
    let length = (opener.len() as u64).to_le_bytes();
    key::hash(b"linli meeting  1", &[secret, &length, opener, answerer])
}

/// Returns the tag by which an end shows that it knows the space's secret.
pub fn tag(binding: &[u8; 32], side: Side) -> [u8; 32] {
    match side {
        Side::Opener => key::hash(b"linli opener   1", &[binding]),
        Side::Answerer => key::hash(b"linli answerer 1", &[binding]),
    }
}

/// Returns what a device signs to show that it stands behind an end of the connection.
pub fn proof_digest(
    binding: &[u8; 32],
    side: Side,
    device: DeviceId,
    member: Option<MemberId>,
) -> [u8; 32] {
    let member = member.map_or([0; 32], |member| member.0);
    key::hash(
        b"linli proof    1",
        &[&tag(binding, side), &device.0, &member],
    )
}

impl Session {
    pub(super) fn greeting(&self) -> Frame {
        Frame::Greet {
            version: frame::VERSION,
            tag: tag(&self.binding, Side::Opener),
        }
    }

    pub(super) fn handle_handshake<S: Storage>(
        &mut self,
        frame: Frame,
        replica: &mut Replica,
        storage: &S,
    ) -> Result<Vec<Output>, SessionError> {
        match (self.side, self.state, frame) {
            (Side::Answerer, State::Greeting, Frame::Greet { version, tag }) => {
                self.greeted(version, tag, replica)
            }
            (Side::Opener, State::Greeting, Frame::Answer { tag: theirs, proof }) => {
                if theirs != tag(&self.binding, Side::Answerer) {
                    return Err(SessionError::Stranger);
                }
                self.meet(&proof, Side::Answerer)?;
                self.is_whom_to_ask()?;
                self.state = State::Meeting;
                self.introduce(replica)
            }
            (Side::Answerer, State::Answered, Frame::Enrol { enrolment, proof }) => {
                self.meet(&proof, Side::Opener)?;
                self.asked_to_enrol(enrolment, replica)
            }
            // Who greeted by a code or a member's name has nothing else to ask for.
            (Side::Answerer, State::Answered, _) if self.greeted_by.is_some() => {
                Err(SessionError::OutOfTurn { frame: "handshake" })
            }
            (Side::Answerer, State::Answered, Frame::Introduce { proof }) => {
                self.meet(&proof, Side::Opener)?;
                self.state = State::Meeting;
                self.judge_peer(replica)
            }
            (Side::Answerer, State::Answered, Frame::Join { request, proof }) => {
                self.meet(&proof, Side::Opener)?;
                self.asked_to_join(request, replica)
            }
            (_, State::Meeting, Frame::ChainWanted) => self.show_chain(replica, storage),
            (_, State::Meeting, Frame::Chain { segments }) if !self.welcomed => {
                let (device, member) = self.peer.expect("a meeting has a peer");
                joining::verify_chain(replica.roster(), &segments, device, member)?;
                Ok(self.welcome_peer(replica))
            }
            (_, State::Meeting, Frame::Welcome) if !self.welcome => {
                self.welcome = true;
                Ok(self.begin_sync(replica))
            }
            (_, _, Frame::Refused { reason }) => {
                self.state = State::Closed;
                Ok(vec![Output::Refused(reason)])
            }
            _ => Err(SessionError::OutOfTurn { frame: "handshake" }),
        }
    }

    fn greeted(
        &mut self,
        version: u8,
        theirs: [u8; 32],
        replica: &Replica,
    ) -> Result<Vec<Output>, SessionError> {
        if theirs != tag(&self.binding, Side::Opener) && !self.is_greeted_otherwise(theirs, replica)
        {
            return Err(SessionError::Stranger);
        }
        if version != frame::VERSION {
            return Ok(self.refuse(RefusedReason::Version));
        }
        self.state = State::Answered;
        Ok(vec![Output::Send(Frame::Answer {
            tag: tag(&self.binding, Side::Answerer),
            proof: self.prove(replica),
        })])
    }

    /// Who joins judges its peer like anybody else, by the admission chain: what it has received
    /// so far is not for strangers who know the secret.
    fn introduce(&mut self, replica: &mut Replica) -> Result<Vec<Output>, SessionError> {
        let proof = self.prove(replica);
        let introduction = match &self.purpose {
            Purpose::Meet => Frame::Introduce { proof },
            Purpose::Join(request) => Frame::Join {
                request: (**request).clone(),
                proof,
            },
            Purpose::Enrol { enrolment, .. } => Frame::Enrol {
                enrolment: (**enrolment).clone(),
                proof,
            },
        };
        let mut outputs = vec![Output::Send(introduction)];
        outputs.extend(self.judge_peer(replica)?);
        Ok(outputs)
    }

    fn prove(&self, replica: &Replica) -> DeviceProof {
        let (device, member) = (replica.device(), replica.member());
        let digest = proof_digest(&self.binding, self.side, device, member);
        DeviceProof {
            device,
            member,
            signature: replica.sign(Signed::Handshake, &digest),
        }
    }

    pub(super) fn meet(&mut self, proof: &DeviceProof, side: Side) -> Result<(), SessionError> {
        let digest = proof_digest(&self.binding, side, proof.device, proof.member);
        let holds = PublicKey::parse(&proof.device.0)
            .is_ok_and(|key| key.verifies(Signed::Handshake, &digest, &proof.signature));
        if !holds {
            return Err(SessionError::Proof);
        }
        self.peer = Some((proof.device, proof.member));
        Ok(())
    }

    fn judge_peer(&mut self, replica: &mut Replica) -> Result<Vec<Output>, SessionError> {
        let (device, member) = self.peer.expect("a meeting has a peer");
        match replica.peer_standing(device, member) {
            PeerStanding::Admitted => Ok(self.welcome_peer(replica)),
            PeerStanding::Unknown if !replica.holds(Rule::R21) => Ok(self.welcome_peer(replica)),
            PeerStanding::Unknown => Ok(vec![Output::Send(Frame::ChainWanted)]),
            PeerStanding::Removed => Ok(self.refuse(RefusedReason::Removed)),
        }
    }

    fn asked_to_join(
        &mut self,
        request: crate::joining::JoinRequest,
        replica: &Replica,
    ) -> Result<Vec<Output>, SessionError> {
        let joiner = (request.joiner.device(), request.joiner.member());
        if self.peer != Some(joiner) || !request.verifies(replica.space()) {
            return Ok(self.refuse(RefusedReason::InvalidRequest));
        }
        self.state = State::Meeting;
        self.applies = true;
        Ok(vec![Output::JoinRequested(Box::new(request))])
    }

    fn show_chain<S: Storage>(
        &mut self,
        replica: &mut Replica,
        storage: &S,
    ) -> Result<Vec<Output>, SessionError> {
        let runs = replica
            .admission_chain(storage)
            .map_err(SessionError::Storage)?;
        Ok(vec![Output::Send(Frame::Chain {
            segments: segment::write_segments(&runs),
        })])
    }

    pub(super) fn welcome_peer(&mut self, replica: &mut Replica) -> Vec<Output> {
        self.welcomed = true;
        let (device, member) = self.peer.expect("only a met peer is welcomed");
        let mut outputs = vec![Output::Met { device, member }, Output::Send(Frame::Welcome)];
        outputs.extend(self.begin_sync(replica));
        outputs
    }

    fn begin_sync(&mut self, replica: &mut Replica) -> Vec<Output> {
        if !(self.welcomed && self.welcome) {
            return Vec::new();
        }
        self.state = State::Syncing;
        match self.side {
            Side::Opener => vec![Output::Send(self.summary(replica))],
            Side::Answerer => Vec::new(),
        }
    }
}
