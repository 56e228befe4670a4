//! Motions as a reader sees them, and dangerous acts that are to be moved.

use serde::{Deserialize, Serialize};

use super::{ActedAs, CutFrom, MemberRef};
use crate::id::{DeviceId, EntryId, MemberId};

/// A dangerous act that is to be done: by the founder while it decides alone, by a motion from then
/// on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum NewMotion {
    /// Removes a member: a household, a guest or an office.
    RemoveHousehold {
        /// The member.
        member: MemberId,
        /// Why.
        reason: String,
        /// From where on what was written does not count; where the logs stand here when none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<CutFrom>,
    },
    /// Gives a role.
    Appoint {
        /// Who gets it.
        member: MemberId,
        /// `steward`, `moderator`, `building-lead` or `spokesperson`.
        role: String,
        /// The office of a steward or spokesperson.
        #[serde(default)]
        office: Option<MemberId>,
        /// The building of a building lead.
        #[serde(default)]
        building: Option<String>,
    },
    /// Takes a role away.
    CutRole {
        /// The statement that gave it.
        appointment: EntryId,
        /// Why.
        reason: String,
        /// From where on what was written does not count; where the logs stand here when none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<CutFrom>,
    },
    /// Takes a removed member back, or says that a member takes the place of another.
    Readmit {
        /// The member.
        member: MemberId,
        /// The household whose place it takes.
        #[serde(default)]
        successor_of: Option<MemberId>,
    },
    /// Adds an office.
    AddOffice {
        /// Its name.
        name: String,
    },
}

/// What a motion would do, or has done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum MovedAct {
    /// Removes a member.
    RemoveHousehold {
        /// The member.
        member: MemberRef,
    },
    /// Gives a role.
    Appoint {
        /// Who gets it.
        member: MemberRef,
        /// The role, with its office or building.
        role: ActedAs,
    },
    /// Takes a role away.
    CutRole {
        /// Who holds it, where that is known.
        member: Option<MemberRef>,
        /// The role, with its office or building.
        role: Option<ActedAs>,
        /// The statement that gave it.
        appointment: EntryId,
    },
    /// Admits a member, again or in the place of another.
    Readmit {
        /// The member.
        member: MemberRef,
        /// The household whose place it takes.
        successor_of: Option<MemberRef>,
    },
    /// Makes a guest a household.
    Promote {
        /// The guest.
        member: MemberRef,
    },
    /// Adds an office.
    AddOffice {
        /// The office.
        office: MemberId,
        /// Its name.
        name: String,
    },
    /// Certifies a relay.
    CertifyRelay {
        /// Its device.
        device: DeviceId,
        /// Its name.
        name: String,
        /// The building it serves.
        building: Option<String>,
    },
    /// Ends a relay.
    CutRelay {
        /// Its device.
        device: DeviceId,
    },
    /// Something that cannot be moved.
    Other,
}

/// A signature under a motion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MotionSignature {
    /// The statement.
    pub id: EntryId,
    /// Who signed.
    pub by: MemberRef,
    /// By which right, with the office.
    pub acted_as: ActedAs,
    /// When, as its author claims; milliseconds since 1970.
    pub time_ms: i64,
}

/// A motion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MotionView {
    /// The statement that moved it.
    pub id: EntryId,
    /// Its number: of two motions with one number only one comes into force.
    pub number: u64,
    /// What is moved.
    pub moved: MovedAct,
    /// Why, where a reason is given.
    pub reason: Option<String>,
    /// Who moved it.
    pub by: MemberRef,
    /// By which right, with the office.
    pub acted_as: ActedAs,
    /// When, as its author claims; milliseconds since 1970.
    pub time_ms: i64,
    /// Who has co-signed; the mover has signed by moving.
    pub cosignatures: Vec<MotionSignature>,
    /// Offices whose stewards have signed, as the roster stands.
    pub signed: Vec<MemberRef>,
    /// Offices that have stewards, as the roster stands.
    pub offices: u32,
    /// How many of them have to sign.
    pub needed: u32,
    /// Of a removal: entries held here that would count no longer, or do not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<u64>,
    /// Whether enough have signed, so that any steward's `enact` puts it in force.
    pub complete: bool,
    /// `open`, `in-force`, `lapsed` or `excluded`.
    pub state: String,
    /// Why it lapsed or does not count, in a stable word: `overtaken`, `not-next`, `no-right`,
    /// `beyond-cut`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The statement that put it in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enactment: Option<EntryId>,
    /// The motion with its number that is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overtaken_by: Option<EntryId>,
}

/// Where a dangerous act stands after somebody did something about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MotionStands {
    /// The motion; where the founder decided alone, the act itself.
    pub id: EntryId,
    /// Whether the founder decided alone, so that there is no motion.
    pub alone: bool,
    /// `open` or `in-force`.
    pub state: String,
    /// How many offices have signed.
    pub signed: u32,
    /// How many have to.
    pub needed: u32,
    /// The statement that put it in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enactment: Option<EntryId>,
}
