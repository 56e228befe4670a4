//! How a node is, which peers it knows, and what its household may do.

use serde::{Deserialize, Serialize};

use super::{MemberRef, RecordedRef, Refusal};
use crate::id::{DeviceId, EntryId, SpaceId};
use crate::invitation::InvitedAs;

/// How a node is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Status {
    /// The neighbourhood's name.
    pub neighbourhood: String,
    /// The space; none while joining is pending.
    pub space: SpaceId,
    /// The member this node acts for; none for a relay.
    pub member: Option<MemberRef>,
    /// What the own household may do; none for a relay and while admission is pending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub me: Option<Standing>,
    /// This device.
    pub device: DeviceId,
    /// `home` or `relay`.
    pub mode: String,
    /// Whether admission is not complete yet.
    pub pending: bool,
    /// Why nobody serves this node, when it was refused: while admission is pending by the inviter
    /// (`expired`, `used-up`, `not-allowed`, …), afterwards by neighbours who take it for removed
    /// (`not-allowed`). None once one of them serves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join_refused: Option<Refusal>,
    /// Peers connected and authenticated now.
    pub peers: u32,
    /// Addresses on which the node listens.
    pub listening: Vec<String>,
    /// Whether the node takes no connections of others because its process holds too much memory.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub memory_is_short: bool,
    /// Digest of the frontier: equal on nodes that hold the same entries.
    pub frontier_digest: String,
    /// Digest of what is shown: equal on nodes that hold the same entries. None while documents
    /// are not projected yet; ask with `settled=true` to wait for it.
    pub view_digest: Option<String>,
    /// Entries held.
    pub entries: u64,
    /// Documents held.
    pub documents: u64,
    /// Own entries that no peer is known to hold yet.
    pub unsent: u64,
    /// Documents not yet projected.
    pub unprojected: u64,
    /// Entries that wait for others they refer to.
    pub waiting: u64,
    /// Bytes of the store on disk.
    pub store_bytes: u64,
    /// Members who have written more than this node takes of one: nothing more of them is taken at
    /// present (rule R12).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declined: Vec<MemberRef>,
}

/// A peer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PeerView {
    /// Its device, once known.
    pub device: Option<DeviceId>,
    /// Its member, once known.
    pub member: Option<MemberRef>,
    /// Its address.
    pub address: String,
    /// Whether it is connected now.
    pub connected: bool,
    /// Whether its frontier equals ours, as far as is known.
    pub in_step: bool,
    /// When it was last seen.
    pub seen_ms: Option<i64>,
    /// `home` or `relay`, once known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// What a relay is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The building of its household, or that it serves as a relay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<String>,
    /// When its frontier last equalled ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub synced_ms: Option<i64>,
}

/// What a household may do, by the roster as it stands. It is for showing: what counts is judged
/// where an entry is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Standing {
    /// `household`, `guest` or `office`.
    pub kind: String,
    /// Whether it founded the neighbourhood.
    pub founder: bool,
    /// The roles in which it may act, those that let it be urgent first.
    pub capacities: Vec<Capacity>,
    /// Kinds of documents that it may create.
    pub creates: Vec<String>,
    /// Levels of the notices that it may post, the least first.
    pub notice_levels: Vec<String>,
    /// As what it may admit those whom it invites; empty when it may not invite.
    pub invites_as: Vec<InvitedAs>,
    /// Roles that it may give by itself.
    pub appoints: Vec<String>,
    /// Whether it may add an office by itself.
    pub adds_offices: bool,
    /// Whether it may record households without a device, and who acts for them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub records_households: bool,
    /// Households without a device for which it acts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acts_for: Vec<RecordedRef>,
    /// Whether it may hide documents and mute members, and take such acts back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub moderates: bool,
    /// Whether it may decide appeals against what others did.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub decides_appeals: bool,
}

/// A role in which somebody acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Capacity {
    /// The statement that gave it: the value of a field `capacity`.
    pub appointment: EntryId,
    /// `steward`, `moderator`, `building-lead` or `spokesperson`.
    pub role: String,
    /// The office that a steward or spokesperson acts for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<MemberRef>,
    /// The building of a building lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<String>,
    /// Whether it lets a notice be urgent.
    pub urgent: bool,
}
