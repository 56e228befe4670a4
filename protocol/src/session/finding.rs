//! Finding a neighbourhood again with nothing but a member's key and an address: one question and
//! one answer, before there is a replica (decision 0012).
//!
//! The opener greets by the member's name, which keeps what it says from strangers, and then shows
//! the member's key. Only whoever knows the member in its roster answers.

use crate::enrolment::Enrolment;
use crate::id::{DeviceId, MemberId};
use crate::key::{self, PublicKey, Purpose, SecretKey};
use crate::limits;
use crate::statement::Certificate;

use super::frame::{self, DeviceProof, Frame, RefusedReason, Whereabouts};
use super::handshake::{binding, proof_digest, tag};
use super::{SessionError, Side};

/// Heads that are told: enough to notice that somebody shows a shorter past.
pub(super) const HEADS_MAX: usize = 2;

/// Returns what keys the greeting of a member that does not know the space's secret.
pub fn greeting(member: MemberId) -> [u8; 32] {
    key::hash(b"linli recov sec1", &[&member.0])
}

/// The one who looks.
#[derive(Debug)]
pub struct Finder {
    binding: [u8; 32],
    device: SecretKey,
    certificate: Certificate,
    answered: bool,
}

/// What came of a frame.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "it is made and carried out, one at a time"
)]
pub enum Found {
    /// Send a frame and wait for the next.
    Ask(Frame),
    /// The neighbourhood was found.
    Here(Whereabouts),
    /// The peer does not tell.
    Refused(RefusedReason),
}

impl Finder {
    /// Makes the one who looks, and its first frame. The device's key is for this question alone.
    pub fn new(
        member: &SecretKey,
        device: SecretKey,
        local: &[u8],
        remote: &[u8],
    ) -> (Self, Frame) {
        let certificate = Certificate::issue(member, DeviceId(device.public()));
        let secret = greeting(certificate.member);
        let binding = binding(Side::Opener, &secret, local, remote);
        let greet = Frame::Greet {
            version: frame::VERSION,
            tag: tag(&binding, Side::Opener),
        };
        let finder = Self {
            binding,
            device,
            certificate,
            answered: false,
        };
        (finder, greet)
    }

    /// Takes one frame's bytes.
    ///
    /// # Errors
    ///
    /// [`SessionError`] when the peer does not know the member, or says what has no place here.
    pub fn handle(&mut self, bytes: &[u8]) -> Result<Found, SessionError> {
        match (Frame::from_bytes(bytes)?, self.answered) {
            (Frame::Answer { tag: theirs, proof }, false) => {
                if theirs != tag(&self.binding, Side::Answerer) {
                    return Err(SessionError::Stranger);
                }
                if !self.is_signed(&proof) {
                    return Err(SessionError::Proof);
                }
                self.answered = true;
                Ok(Found::Ask(self.question()))
            }
            (Frame::Found(whereabouts), true) if is_bounded(&whereabouts) => {
                Ok(Found::Here(whereabouts))
            }
            (Frame::Refused { reason }, _) => Ok(Found::Refused(reason)),
            _ => Err(SessionError::OutOfTurn { frame: "answer" }),
        }
    }

    fn is_signed(&self, proof: &DeviceProof) -> bool {
        let digest = proof_digest(&self.binding, Side::Answerer, proof.device, proof.member);
        PublicKey::parse(&proof.device.0)
            .is_ok_and(|key| key.verifies(Purpose::Handshake, &digest, &proof.signature))
    }

    fn question(&self) -> Frame {
        let (device, member) = (self.certificate.device, Some(self.certificate.member));
        let digest = proof_digest(&self.binding, Side::Opener, device, member);
        Frame::Enrol {
            enrolment: Enrolment::ByKey(self.certificate.clone()),
            proof: DeviceProof {
                device,
                member,
                signature: self.device.sign(Purpose::Handshake, &digest),
            },
        }
    }
}

fn is_bounded(whereabouts: &Whereabouts) -> bool {
    let ascend = whereabouts.heads.windows(2).all(|pair| pair[0] < pair[1]);
    ascend
        && (1..=limits::SEEN_MAX).contains(&whereabouts.heads.len())
        && whereabouts.neighbourhood.len() <= limits::NAME_BYTES_MAX
}
