//! Statements: the payloads that change the roster (rules R6, R7, R18, R21).
//!
//! A statement is read here and judged in `roster`. Signatures by a member's own key inside a
//! statement are checked here, for they are immutable facts.

use minicbor::{Decode, Encode};

use crate::codec::{self, DecodeError};
use crate::id::{DeviceId, DocumentId, EntryId, InvitationId, MemberId, SpaceId};
use crate::key::{self, PublicKey, Purpose, SecretKey, Signature};
use crate::limits;

/// What a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum MemberKind {
    /// A household: the only voter.
    #[n(0)]
    Household,
    /// A guest: reads, and may comment.
    #[n(1)]
    Guest,
    /// An organisation: devices and spokespeople, no building, no ballot.
    #[n(2)]
    Office,
}

/// A role that an appointer gives to a member.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(flat)]
pub enum Role {
    /// Acts for the neighbourhood on behalf of an office.
    #[n(0)]
    Steward {
        /// The office that the steward belongs to.
        #[n(0)]
        office: MemberId,
    },
    /// Hides and restores.
    #[n(1)]
    Moderator,
    /// 楼长: admits households of a building and keeps its relay.
    #[n(2)]
    BuildingLead {
        /// The building.
        #[n(0)]
        building: String,
    },
    /// Speaks for an office.
    #[n(3)]
    Spokesperson {
        /// The office.
        #[n(0)]
        office: MemberId,
    },
}

/// By which right a statement is made. It names the act that gave the right, so that seniority is
/// an immutable tree that ends in the founding statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(flat)]
pub enum Authority {
    /// The founder's own.
    #[n(0)]
    Founder,
    /// That of being a member, through the statement that admitted it.
    #[n(1)]
    Member {
        /// The founding or admitting statement.
        #[n(0)]
        admission: EntryId,
    },
    /// That of a role, through the statement that appointed it.
    #[n(2)]
    Grant {
        /// The appointing statement.
        #[n(0)]
        appointment: EntryId,
    },
}

/// A member's word that a device is its own.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Certificate {
    /// The member.
    #[n(0)]
    pub member: MemberId,
    /// Its device.
    #[n(1)]
    pub device: DeviceId,
    /// The member's signature.
    #[n(2)]
    pub signature: Signature,
}

impl Certificate {
    /// Certifies a device. A certificate is not bound to a space: the space's founding statement,
    /// which names the space, contains one.
    pub fn issue(member: &SecretKey, device: DeviceId) -> Self {
        let id = MemberId(member.public());
        Self {
            member: id,
            device,
            signature: member.sign(Purpose::Certificate, &Self::digest(id, device)),
        }
    }

    /// Tells whether the member signed and both keys are sound.
    pub fn verifies(&self) -> bool {
        PublicKey::parse(&self.device.0).is_ok()
            && PublicKey::parse(&self.member.0).is_ok_and(|member| {
                let digest = Self::digest(self.member, self.device);
                member.verifies(Purpose::Certificate, &digest, &self.signature)
            })
    }

    fn digest(member: MemberId, device: DeviceId) -> [u8; 32] {
        key::hash(b"linli certify  1", &[&member.0, &device.0])
    }
}

/// The proof that an admitted member held an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct InvitationUse {
    /// The invitation's one-time key.
    #[n(0)]
    pub invitation: InvitationId,
    /// Which use this is, from 1, in the inviter's own log.
    #[n(1)]
    pub number: u32,
    /// How many uses the invitation has.
    #[n(2)]
    pub uses: u32,
    /// The one-time key's signature over space, member and device.
    #[n(3)]
    pub signature: Signature,
}

impl InvitationUse {
    /// Returns what the one-time key signs.
    pub fn digest(space: SpaceId, member: MemberId, device: DeviceId) -> [u8; 32] {
        key::hash(b"linli inv use  1", &[&space.0, &member.0, &device.0])
    }

    /// Tells whether the one-time key signed for this member and device.
    pub fn verifies(&self, space: SpaceId, member: MemberId, device: DeviceId) -> bool {
        PublicKey::parse(&self.invitation.0).is_ok_and(|invitation| {
            let digest = Self::digest(space, member, device);
            invitation.verifies(Purpose::InvitationUse, &digest, &self.signature)
        })
    }
}

/// A place in a log: its counting tip when a cut or closing names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(array)]
pub struct Tip {
    /// The log.
    #[n(0)]
    pub device: DeviceId,
    /// The last counting seq.
    #[n(1)]
    pub seq: u64,
    /// The name of the entry there.
    #[n(2)]
    pub entry: EntryId,
}

/// The last counting entry of each log that a statement ends; a log that is not named counts
/// nothing (rule R7).
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Tips {
    /// Tips named here, ascending by device.
    #[n(0)]
    pub named: Vec<Tip>,
    /// Earlier [`Act::Tips`] statements of the same log that continue the list.
    #[n(1)]
    pub parts: Vec<EntryId>,
    /// Hash of the whole list when it has parts: see [`Tips::digest`].
    #[n(2)]
    pub digest: Option<[u8; 32]>,
}

impl Tips {
    /// Hashes a whole list of tips, ascending by device.
    pub fn digest(all: &[Tip]) -> [u8; 32] {
        let encoded = codec::encode(&all.to_vec());
        key::hash(b"linli tips     1", &[&encoded])
    }
}

/// A cut of one device by its own member, signed with the member's key: it travels in any log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct DeviceCut {
    /// The neighbourhood.
    #[n(0)]
    pub space: SpaceId,
    /// The member.
    #[n(1)]
    pub member: MemberId,
    /// The device that is cut.
    #[n(2)]
    pub device: DeviceId,
    /// Its last counting entry; none when nothing of it counts.
    #[n(3)]
    pub tip: Option<Tip>,
    /// The member's signature.
    #[n(4)]
    pub signature: Signature,
    /// Why, where the member says so.
    #[n(5)]
    pub reason: Option<String>,
}

impl DeviceCut {
    /// Cuts a device of the member, without a reason.
    pub fn issue(member: &SecretKey, space: SpaceId, device: DeviceId, tip: Option<Tip>) -> Self {
        Self::issue_because(member, space, device, tip, None)
    }

    /// Cuts a device of the member, and says why.
    pub fn issue_because(
        member: &SecretKey,
        space: SpaceId,
        device: DeviceId,
        tip: Option<Tip>,
        reason: Option<String>,
    ) -> Self {
        let mut cut = Self {
            space,
            member: MemberId(member.public()),
            device,
            tip,
            signature: Signature([0; 64]),
            reason,
        };
        cut.signature = member.sign(Purpose::DeviceCut, &cut.digest());
        cut
    }

    /// Tells whether the member signed, and a reason is neither empty nor too long.
    pub fn verifies(&self) -> bool {
        let reason = self.reason.as_ref();
        reason.is_none_or(|reason| (1..=limits::REASON_BYTES_MAX).contains(&reason.len()))
            && PublicKey::parse(&self.member.0).is_ok_and(|member| {
                member.verifies(Purpose::DeviceCut, &self.digest(), &self.signature)
            })
    }

    fn digest(&self) -> [u8; 32] {
        let tip = codec::encode(&self.tip);
        let reason = self.reason.as_ref();
        let reason = reason.map_or(&[][..], |reason| reason.as_bytes());
        let parts = [
            &self.space.0[..],
            &self.member.0,
            &self.device.0,
            &tip,
            reason,
        ];
        key::hash(b"linli cut dev  1", &parts)
    }
}

/// The founding statement. Its hash names the space.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Founding {
    /// The neighbourhood's name.
    #[n(0)]
    pub neighbourhood: String,
    /// Random bytes that make the space's name and secret its own.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub nonce: [u8; 32],
    /// The founding household's first device.
    #[n(2)]
    pub certificate: Certificate,
    /// The founding household's name.
    #[n(3)]
    pub name: String,
    /// Its building.
    #[n(4)]
    pub building: Option<String>,
}

impl Founding {
    /// Returns the space that the statement founds.
    pub fn space(&self) -> SpaceId {
        SpaceId(key::hash(b"linli space id 1", &[&codec::encode(self)]))
    }

    /// Returns the space's secret, which members know and strangers do not: gossip topics derive
    /// from it.
    pub fn secret(&self) -> [u8; 32] {
        key::hash(b"linli space sec1", &[&codec::encode(self)])
    }
}

/// The admission of a member.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Admission {
    /// What the member is admitted as.
    #[n(0)]
    pub kind: MemberKind,
    /// Its first device.
    #[n(1)]
    pub certificate: Certificate,
    /// Its name.
    #[n(2)]
    pub name: String,
    /// Its building; offices have none.
    #[n(3)]
    pub building: Option<String>,
    /// The invitation it held; none when an admitting member vouches face to face.
    #[n(4)]
    pub invitation: Option<InvitationUse>,
    /// The household whose place it takes: a dangerous act.
    #[n(5)]
    pub successor_of: Option<MemberId>,
}

/// What a statement does.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Act {
    /// Founds the space: the first entry of the founder's first device.
    #[n(0)]
    Found(#[n(0)] Founding),
    /// Admits a member.
    #[n(1)]
    Admit(#[n(0)] Admission),
    /// Makes a guest a household.
    #[n(2)]
    Promote {
        /// The guest.
        #[n(0)]
        member: MemberId,
    },
    /// Adds a device to a member; the certificate speaks for itself.
    #[n(3)]
    Enrol {
        /// The certificate.
        #[n(0)]
        certificate: Certificate,
    },
    /// Cuts a device; the member's signature speaks for itself.
    #[n(4)]
    CutDevice(#[n(0)] DeviceCut),
    /// Gives a role.
    #[n(5)]
    Appoint {
        /// Who gets it.
        #[n(0)]
        member: MemberId,
        /// The role.
        #[n(1)]
        role: Role,
    },
    /// Takes a role away.
    #[n(6)]
    CutRole {
        /// The statement that gave it.
        #[n(0)]
        appointment: EntryId,
        /// The last counting entries of its holder's logs.
        #[n(1)]
        tips: Tips,
        /// Why.
        #[n(2)]
        reason: String,
    },
    /// Removes a member: a dangerous act.
    #[n(7)]
    Remove {
        /// The member.
        #[n(0)]
        member: MemberId,
        /// The last counting entries of its logs.
        #[n(1)]
        tips: Tips,
        /// Why.
        #[n(2)]
        reason: String,
    },
    /// Adds an office: a change of powers.
    #[n(8)]
    AddOffice {
        /// The office's key.
        #[n(0)]
        office: MemberId,
        /// Its name.
        #[n(1)]
        name: String,
    },
    /// Certifies a relay.
    #[n(9)]
    CertifyRelay {
        /// The relay's device.
        #[n(0)]
        device: DeviceId,
        /// Its name.
        #[n(1)]
        name: String,
        /// The building it serves.
        #[n(2)]
        building: Option<String>,
    },
    /// Ends a relay.
    #[n(10)]
    CutRelay {
        /// The relay's device.
        #[n(0)]
        device: DeviceId,
        /// Why.
        #[n(1)]
        reason: String,
    },
    /// Moves a dangerous act.
    #[n(11)]
    Move {
        /// Number in the quorum's chain, from 1.
        #[n(0)]
        number: u64,
        /// The enactment with the number before; none for the first.
        #[n(1)]
        previous: Option<EntryId>,
        /// The act.
        #[n(2)]
        act: Box<Act>,
    },
    /// Co-signs a motion.
    #[n(12)]
    CoSign {
        /// The motion.
        #[n(0)]
        motion: EntryId,
    },
    /// Puts a motion in force.
    #[n(13)]
    Enact {
        /// The motion.
        #[n(0)]
        motion: EntryId,
        /// The co-signing statements, ascending.
        #[n(1)]
        cosignatures: Vec<EntryId>,
        /// With number 1, where the founder's own authority ends.
        #[n(2)]
        founder_tips: Option<Tips>,
    },
    /// Closes a document: a ballot, a deadline, a freeze.
    #[n(14)]
    Close {
        /// The document.
        #[n(0)]
        document: DocumentId,
        /// The last counting entry of each log.
        #[n(1)]
        tips: Tips,
    },
    /// Allows the payloads of documents to be dropped.
    #[n(15)]
    Retire {
        /// The documents, ascending.
        #[n(0)]
        documents: Vec<DocumentId>,
    },
    /// A part of a long list of tips.
    #[n(16)]
    Tips {
        /// The tips, ascending by device.
        #[n(0)]
        tips: Vec<Tip>,
    },
    /// Changes what the roster shows of the author's own member.
    #[n(17)]
    Describe {
        /// The name.
        #[n(0)]
        name: String,
        /// The building.
        #[n(1)]
        building: Option<String>,
    },
    /// Records a household that has no device, and who acts for it with its consent. The statement's
    /// name is the household's: it is no member, has no key and no vote.
    #[n(18)]
    RecordHousehold {
        /// Its name.
        #[n(0)]
        name: String,
        /// Its building.
        #[n(1)]
        building: Option<String>,
        /// Members that act for it, ascending.
        #[n(2)]
        proxies: Vec<MemberId>,
        /// How it consented, and where that is kept.
        #[n(3)]
        consent: String,
    },
    /// Adds members that act for a household without a device.
    #[n(19)]
    AddProxies {
        /// The statement that recorded it.
        #[n(0)]
        record: EntryId,
        /// The members, ascending.
        #[n(1)]
        proxies: Vec<MemberId>,
        /// How it consented, and where that is kept.
        #[n(2)]
        consent: String,
    },
    /// Ends the record of a household without a device, or what one member does for it.
    #[n(20)]
    EndRecord {
        /// The statement that recorded it.
        #[n(0)]
        record: EntryId,
        /// The member that no longer acts for it; none ends the record.
        #[n(1)]
        proxy: Option<MemberId>,
        /// The last entries in the logs of those who acted for it that count as done for it.
        #[n(2)]
        tips: Tips,
        /// Why.
        #[n(3)]
        reason: String,
    },
}

/// A statement as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every statement is known; where many payloads are kept it is boxed"
)]
pub enum Statement {
    /// One that this version knows.
    Known {
        /// By which right.
        authority: Authority,
        /// What it does.
        act: Act,
    },
    /// One of a later version, which has an authority, an act, a role or another code that this
    /// one does not know: kept, relayed, and whatever depends on it is suspended (rule R19).
    Unknown,
}

impl Statement {
    /// Makes a statement.
    pub fn new(authority: Authority, act: Act) -> Self {
        Self::Known { authority, act }
    }

    /// Encodes a known statement as a payload.
    ///
    /// Returns `None` for an unknown one: its bytes are kept as they came.
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        match self {
            Self::Known { authority, act } => Some(codec::encode(&(authority, act))),
            Self::Unknown => None,
        }
    }

    /// Decodes a payload.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the bytes are not the canonical form of a statement, and not those of
    /// a later version either.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        nesting_is_bounded(bytes)?;
        let read = codec::decode_known(bytes)?;
        Ok(read.map_or(Self::Unknown, |(authority, act)| Self::Known {
            authority,
            act,
        }))
    }
}

/// Refuses motions inside motions before a recursive decoder meets them.
fn nesting_is_bounded(bytes: &[u8]) -> Result<(), DecodeError> {
    const MOVE: i64 = 11;
    let mut decoder = minicbor::Decoder::new(bytes);
    decoder.array()?;
    decoder.skip()?;
    decoder.array()?;
    if decoder.i64()? != MOVE {
        return Ok(());
    }
    decoder.skip()?;
    decoder.skip()?;
    decoder.array()?;
    match decoder.i64()? {
        MOVE => Err(DecodeError::NotCanonical),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use minicbor::Encoder;

    use super::*;

    /// Encodes `[authority, act]` from what writes the two.
    fn payload(
        authority: impl FnOnce(&mut Encoder<&mut Vec<u8>>),
        act: impl FnOnce(&mut Encoder<&mut Vec<u8>>),
    ) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes);
        encoder.array(2).expect("a vector grows");
        authority(&mut encoder);
        act(&mut encoder);
        bytes
    }

    fn put<T: minicbor::Encode<()>>(encoder: &mut Encoder<&mut Vec<u8>>, value: T) {
        encoder.encode(value).expect("a vector grows");
    }

    fn founder(encoder: &mut Encoder<&mut Vec<u8>>) {
        put(encoder, Authority::Founder);
    }

    const MEMBER: MemberId = MemberId([7; 32]);

    #[test]
    fn codes_of_a_later_version_are_kept_unread_wherever_they_stand() {
        let described = Act::Describe {
            name: "x".into(),
            building: None,
        };
        let role = |encoder: &mut Encoder<&mut Vec<u8>>| {
            put(encoder, (5, MEMBER, [4_u8, 9]));
        };
        let later = [
            ("act", payload(founder, |encoder| put(encoder, [99_u8]))),
            (
                "authority",
                payload(
                    |encoder| put(encoder, [3_u8, 1]),
                    |encoder| put(encoder, described),
                ),
            ),
            ("role", payload(founder, role)),
            (
                "kind of member",
                payload(founder, |encoder| put(encoder, (1, [3_u8, 1, 1, 1, 1, 1]))),
            ),
            (
                "moved act",
                payload(founder, |encoder| {
                    put(encoder, (11, 1, None::<u8>, [99_u8, 1]))
                }),
            ),
            (
                "moved role",
                payload(founder, |encoder| {
                    put(encoder, (11, 1, None::<u8>, (5, MEMBER, [4_u8])));
                }),
            ),
        ];
        for (code, bytes) in later {
            let read = Statement::from_bytes(&bytes);
            assert!(matches!(read, Ok(Statement::Unknown)), "{code}: {read:?}");
            let cut_off = Statement::from_bytes(&bytes[..bytes.len() - 1]);
            assert!(cut_off.is_err(), "{code}, cut off");
            let longer = [&bytes[..], &[0]].concat();
            assert!(Statement::from_bytes(&longer).is_err(), "{code}, longer");
        }
    }

    #[test]
    fn what_no_version_writes_is_refused() {
        let found = payload(founder, |encoder| put(encoder, (5, [1_u8], [1_u8])));
        assert!(
            Statement::from_bytes(&found).is_err(),
            "a member of one byte"
        );
        let inner = (11, 2, None::<u8>, [99_u8]);
        let nested = payload(founder, |encoder| put(encoder, (11, 1, None::<u8>, inner)));
        assert!(
            Statement::from_bytes(&nested).is_err(),
            "a motion of a motion"
        );
        let long = [0x82, 0x81, 0x18, 0x00, 0x82, 0x0c, 0x18];
        assert!(Statement::from_bytes(&long).is_err(), "a code in two bytes");
    }
}
