//! The roster as a reader sees it.

use serde::{Deserialize, Serialize};

use super::{MemberRef, RecordedRef};
use crate::id::{DeviceId, EntryId, MemberId};

/// The roster as a reader sees it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterView {
    /// Members, by name.
    pub members: Vec<RosterMember>,
    /// Offices, with those who act and speak for them.
    #[serde(default)]
    pub offices: Vec<RosterOffice>,
    /// Households without a device, ended records included.
    #[serde(default)]
    pub recorded: Vec<RosterRecorded>,
    /// Relays.
    pub relays: Vec<RosterRelay>,
    /// What may be done in each capacity.
    #[serde(default)]
    pub powers: Vec<CapacityPowers>,
    /// Who decides about dangerous acts.
    #[serde(default)]
    pub governance: GovernanceView,
    /// Statements that do not count, and why.
    pub excluded: Vec<ExcludedStatement>,
}

/// A member of the roster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterMember {
    /// The member.
    pub id: MemberId,
    /// Its name.
    pub name: String,
    /// `household`, `guest` or `office`.
    pub kind: String,
    /// Its building.
    pub building: Option<String>,
    /// Members for which it can be mistaken by its name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resembles: Vec<MemberId>,
    /// Whether it founded the neighbourhood.
    pub founder: bool,
    /// Whether it was removed.
    pub removed: bool,
    /// Whether it moved out: it was not removed, and has ended all its devices.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub moved_out: bool,
    /// Who admitted it.
    pub admitted_by: Option<MemberId>,
    /// The statement that admitted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admission: Option<StatementRef>,
    /// The statement that removed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removal: Option<StatementRef>,
    /// The household whose place it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor_of: Option<MemberId>,
    /// What it may do in all its capacities, in stable words.
    #[serde(default)]
    pub may: Vec<String>,
    /// Its devices.
    pub devices: Vec<RosterDevice>,
    /// Its roles.
    pub roles: Vec<RosterRole>,
}

impl RosterMember {
    /// Returns the name as it is shown: see [`MemberRef::told_apart`].
    pub fn shown_name(&self) -> String {
        MemberRef::told_apart(self.id, self.name.clone(), !self.resembles.is_empty())
    }
}

/// A device of a member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterDevice {
    /// The device.
    pub id: DeviceId,
    /// Whether it was cut.
    pub cut: bool,
    /// Whether it forked its log.
    pub forked: bool,
    /// The statement that cut it: a cut of the device, or the removal of its member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<StatementRef>,
}

/// A role of a member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterRole {
    /// `steward`, `moderator`, `building-lead` or `spokesperson`.
    pub role: String,
    /// The office.
    pub office: Option<MemberId>,
    /// The building.
    pub building: Option<String>,
    /// The statement that gave it.
    pub appointment: EntryId,
    /// Who gave it; none for the quorum.
    pub appointed_by: Option<MemberId>,
    /// The statement that gave it, with the right by which that was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointed: Option<StatementRef>,
    /// Whether it was cut.
    pub cut: bool,
}

/// A household without a device. It is no member: it has no key and no vote, and others act for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterRecorded {
    /// Its name among households: the statement that recorded it.
    pub id: EntryId,
    /// What it is called.
    pub name: String,
    /// Its building.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<String>,
    /// How it consented.
    pub consent: String,
    /// The statement that recorded it.
    pub recorded: StatementRef,
    /// Those who act for it, or did.
    pub proxies: Vec<RosterProxy>,
    /// The statement that ended the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<StatementRef>,
}

impl RosterRecorded {
    /// Returns those who act for it now.
    pub fn acting(&self) -> impl Iterator<Item = &RosterProxy> {
        self.proxies.iter().filter(|proxy| proxy.ended.is_none())
    }

    /// Returns it as it is shown beside what others wrote for it.
    pub fn shown(&self) -> RecordedRef {
        RecordedRef {
            id: self.id,
            name: self.name.clone(),
            building: self.building.clone(),
        }
    }
}

/// A member that acts for a household without a device, or did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterProxy {
    /// The member.
    pub member: MemberRef,
    /// How the household consented to it.
    pub consent: String,
    /// The statement that named it.
    pub named: StatementRef,
    /// The statement that ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<StatementRef>,
}

/// A relay of the roster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterRelay {
    /// Its device.
    pub device: DeviceId,
    /// Its name.
    pub name: String,
    /// The building it serves.
    pub building: Option<String>,
    /// The statement that certified it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certified: Option<StatementRef>,
    /// Whether it was ended.
    pub cut: bool,
}

/// An office of the roster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterOffice {
    /// The office.
    pub id: MemberId,
    /// Its name.
    pub name: String,
    /// The statement that added it.
    pub added: StatementRef,
    /// Households that act for it.
    pub stewards: Vec<MemberId>,
    /// Households that speak for it.
    pub spokespeople: Vec<MemberId>,
}

/// What may be done in a capacity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CapacityPowers {
    /// `founder`, `quorum`, `steward`, `building-lead`, `moderator`, `spokesperson`, `household`,
    /// `office` or `guest`.
    pub capacity: String,
    /// Stable words: `admit-households`, `remove-households`, …
    pub may: Vec<String>,
}

/// Who decides about dangerous acts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GovernanceView {
    /// Whether the founder still decides alone.
    pub founder_alone: bool,
    /// Offices that have stewards.
    pub offices: Vec<MemberId>,
    /// How many of them have to sign a motion.
    pub needed: u32,
    /// The number of the next motion.
    pub next_number: u64,
}

/// A statement, by whom and by which right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatementRef {
    /// The statement.
    pub id: EntryId,
    /// Its author; none for the quorum.
    pub by: Option<MemberId>,
    /// By which right it was made.
    pub acted_as: ActedAs,
    /// When, as its author claims; milliseconds since 1970. Admissions leave it out: there is one for
    /// every member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_ms: Option<i64>,
    /// Why, where a reason is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The right by which something was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActedAs {
    /// `founder`, `quorum`, `steward`, `building-lead`, `moderator`, `spokesperson`, `household`,
    /// `office`, `guest`, or `unknown` where the right named is none that is known.
    pub capacity: String,
    /// The office of a steward or spokesperson.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<MemberRef>,
    /// The building of a building lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<String>,
    /// The statement that gave the role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment: Option<EntryId>,
    /// The motion that the quorum put in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub motion: Option<EntryId>,
}

/// A statement that does not count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExcludedStatement {
    /// The statement.
    pub id: EntryId,
    /// Its author.
    pub member: Option<MemberId>,
    /// The right that it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acted_as: Option<ActedAs>,
    /// What it would do, in a stable word: `remove-household`, `appoint`, `admit`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<String>,
    /// Why, in a word that is stable: `no-right`, `needs-quorum`, `beyond-cut`, …
    pub reason: String,
}
