//! Cuts: what is taken away, from where on what was written does not count, and what that undoes.

use serde::{Deserialize, Serialize};

use super::{MemberRef, Refusal};
use crate::id::{DeviceId, DocumentId, EntryId, MemberId};

/// What `cut` takes away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CutTarget {
    /// A device of the own household.
    Device(DeviceId),
    /// A role, by the statement that gave it.
    Appointment(EntryId),
    /// A member as a whole.
    Member(MemberId),
    /// A relay.
    Relay(DeviceId),
}

/// From where on the logs that a cut ends do not count, where that is lower than they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CutFrom {
    /// In each log from the first entry on that claims this time or a later one; milliseconds since
    /// 1970.
    Time(i64),
    /// In its own log from this entry on, such as a document's creation; in the other logs from the
    /// first entry on that claims its time or a later one.
    Entry(EntryId),
    /// From the first entry on: nothing counts.
    Beginning,
}

/// What would count no longer, as far as it is held here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CutLoss {
    /// Entries.
    pub entries: u64,
    /// Statements of the roster among them.
    pub statements: u64,
    /// Documents that would be shown no longer, comments among them.
    pub documents: u64,
    /// The first of them.
    pub first: Vec<LostDocument>,
    /// Who wrote in those documents or about them, who wrote most first: what they wrote there would
    /// be shown no longer, or stand alone.
    pub answers: Vec<LostAnswers>,
    /// Documents of others in which something would count no longer.
    pub elsewhere: u64,
    /// Members whose admission is among the statements.
    pub admitted: Vec<MemberRef>,
    /// Where each log would end.
    pub logs: Vec<LogEnd>,
    /// Why this household may not make the cut itself, and what to do instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refusal>,
}

/// A document that would be shown no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LostDocument {
    /// The document.
    pub id: DocumentId,
    /// Its kind.
    pub kind: String,
    /// Its title, where it has one.
    pub title: String,
    /// When it was created, as its author claims; milliseconds since 1970.
    pub created_ms: i64,
}

/// What somebody else wrote in documents that would be shown no longer, or about them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LostAnswers {
    /// Who.
    pub by: MemberRef,
    /// How many entries and comments.
    pub count: u64,
}

/// Where a log would end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogEnd {
    /// The device.
    pub device: DeviceId,
    /// How many of its entries are held.
    pub held: u64,
    /// How many of them would count.
    pub counting: u64,
}
