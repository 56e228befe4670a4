//! The roster as a reader sees it.

use serde::{Deserialize, Serialize};

use crate::id::{DeviceId, EntryId, MemberId};

/// The roster as a reader sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterView {
    /// Members, by name.
    pub members: Vec<RosterMember>,
    /// Relays.
    pub relays: Vec<RosterRelay>,
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
    /// Whether it founded the neighbourhood.
    pub founder: bool,
    /// Whether it was removed.
    pub removed: bool,
    /// Who admitted it.
    pub admitted_by: Option<MemberId>,
    /// Its devices.
    pub devices: Vec<RosterDevice>,
    /// Its roles.
    pub roles: Vec<RosterRole>,
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
    /// Whether it was cut.
    pub cut: bool,
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
    /// Whether it was ended.
    pub cut: bool,
}

/// A statement that does not count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExcludedStatement {
    /// The statement.
    pub id: EntryId,
    /// Its author.
    pub member: Option<MemberId>,
    /// Why, in a word that is stable: `no-right`, `cut`, `unknown-authority`, …
    pub reason: String,
}
