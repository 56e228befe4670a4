//! What is in a backup, and whether all of it holds: every signature, hash and backlink.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};
use protocol::bundle::{self, InvalidBundle};
use protocol::codec::{self, DecodeError};
use protocol::id::{DeviceId, EntryId, MemberId, SpaceId};
use protocol::key::{PublicKey, SecretKey};
use protocol::segment::InvalidSegment;
use protocol::statement::{Act, Founding, Statement};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::keystore::Seed;

/// The version of what is inside.
const VERSION: u8 = 1;

/// What is in a backup.
#[derive(Debug, Encode, Decode)]
#[cbor(array)]
pub struct Contents {
    /// The version: 1.
    #[n(0)]
    pub version: u8,
    /// When it was made, milliseconds since 1970.
    #[n(1)]
    pub made_ms: i64,
    /// The household's key.
    #[n(2)]
    pub household: Seed,
    /// The space.
    #[n(3)]
    pub space: SpaceId,
    /// The device that made it: its key is not inside.
    #[n(4)]
    pub device: DeviceId,
    /// What was begun and not published.
    #[n(5)]
    pub drafts: Vec<Draft>,
    /// The front end's settings, as the local interface writes them.
    #[n(6)]
    pub settings: String,
    /// Addresses of peers, those that answered last first.
    #[n(7)]
    pub peers: Vec<String>,
    /// All entries, as a bundle.
    #[n(8)]
    #[cbor(with = "minicbor::bytes")]
    pub bundle: Vec<u8>,
}

/// Something begun.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Draft {
    /// The name that the front end chose.
    #[n(0)]
    pub id: String,
    /// When it last changed, milliseconds since 1970.
    #[n(1)]
    pub changed_ms: i64,
    /// What it says, as the front end wrote it.
    #[n(2)]
    pub json: String,
}

/// What was found when a backup's contents were checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inside {
    /// The neighbourhood's name; hostile text like any other.
    pub neighbourhood: String,
    /// The household.
    pub member: MemberId,
    /// How many entries there are.
    pub entries: u64,
    /// Of how many devices.
    pub devices: usize,
    /// The founding, from which the space's secret derives.
    pub founding: Founding,
}

/// Why a backup that opens is of no use.
#[derive(Debug, Error)]
pub enum InvalidContents {
    /// A later version of the program wrote it.
    #[error("version {found} of its contents is not known here")]
    Newer {
        /// The version found.
        found: u8,
    },
    /// It holds something else.
    #[error("what is inside is no backup")]
    Shape(#[from] DecodeError),
    /// Its entries cannot be read.
    #[error("its entries cannot be read")]
    Bundle(#[from] InvalidBundle),
    /// An entry does not verify.
    #[error("entries after the first {entries} do not verify")]
    Segment {
        /// Entries that do.
        entries: u64,
        /// Why.
        source: InvalidSegment,
    },
    /// An entry's log has a gap before it.
    #[error("the entry before {entry} is missing")]
    Gap {
        /// The entry.
        entry: EntryId,
    },
    /// The founding is not among its entries.
    #[error("the founding is not inside")]
    NoFounding,
    /// The household whose key is inside does not occur among its entries.
    #[error("the household is no member of the neighbourhood inside")]
    NoMember,
}

impl Contents {
    /// The version that this program writes.
    pub const VERSION: u8 = VERSION;

    /// Returns what is to be sealed.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(codec::encode(self))
    }

    /// Reads what was sealed.
    ///
    /// # Errors
    ///
    /// [`InvalidContents::Newer`] and [`InvalidContents::Shape`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvalidContents> {
        let mut decoder = minicbor::Decoder::new(bytes);
        let shape = |error| InvalidContents::Shape(DecodeError::Shape(error));
        decoder.array().map_err(shape)?;
        let found = decoder.u8().map_err(shape)?;
        if found != VERSION {
            return Err(InvalidContents::Newer { found });
        }
        Ok(codec::decode(bytes)?)
    }

    /// Returns the household.
    pub fn member(&self) -> MemberId {
        MemberId(SecretKey::from_seed(self.household.expose()).public())
    }

    /// Checks every signature, hash and backlink, and that founding and household are there.
    ///
    /// # Errors
    ///
    /// [`InvalidContents`] names the first thing that does not hold.
    pub fn check(&self) -> Result<Inside, InvalidContents> {
        let member = self.member();
        let (mut held, mut devices) = (BTreeSet::new(), BTreeSet::new());
        let (mut founding, mut is_member) = (None, false);
        for frame in bundle::read(self.space, &self.bundle)? {
            for segment in frame? {
                let invalid = |source| InvalidContents::Segment {
                    entries: held.len() as u64,
                    source,
                };
                let first = segment.entries.first();
                let author = first.ok_or_else(|| invalid(InvalidSegment::Length))?;
                let device = author.header.device;
                let key = PublicKey::parse_unenrolled(&device.0)
                    .map_err(|_| invalid(InvalidSegment::Signature))?;
                let verified = segment.verify(self.space, &key).map_err(invalid)?;
                let (entries, statements) = verified.into_parts();
                devices.insert(device);
                for entry in entries {
                    let backlink = entry.header.backlink;
                    if backlink.is_some_and(|before| !held.contains(&before)) {
                        return Err(InvalidContents::Gap { entry: entry.id });
                    }
                    held.insert(entry.id);
                }
                for statement in statements.into_values() {
                    let Statement::Known { act, .. } = statement else {
                        continue;
                    };
                    is_member |= admits(&act, member);
                    if let Act::Found(found) = act
                        && found.space() == self.space
                    {
                        founding = Some(found);
                    }
                }
            }
        }
        let founding = founding.ok_or(InvalidContents::NoFounding)?;
        if !is_member {
            return Err(InvalidContents::NoMember);
        }
        Ok(Inside {
            neighbourhood: founding.neighbourhood.clone(),
            member,
            entries: held.len() as u64,
            devices: devices.len(),
            founding,
        })
    }
}

fn admits(act: &Act, member: MemberId) -> bool {
    match act {
        Act::Found(founding) => founding.certificate.member == member,
        Act::Admit(admission) => admission.certificate.member == member,
        Act::Move { act, .. } => admits(act, member),
        _ => false,
    }
}
