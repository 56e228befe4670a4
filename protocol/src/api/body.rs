//! Bodies and queries of the local interface: what of a [`Request`](super::Request) does not stand
//! in its path. Server and clients share them, so they cannot disagree.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{BackupLock, Confidential, CutFrom, CutTarget, ModerationOutcome};
use crate::id::{DocumentId, EntryId, MemberId};
use crate::invitation::InvitedAs;

/// Changes of a document's fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Changes {
    /// The new values by field name; collaborative text is compared with what stood at the base
    /// and merged.
    pub fields: BTreeMap<String, Value>,
    /// The document's heads when its author began; what stands when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub base: Vec<EntryId>,
}

/// What is told about a document in confidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewDetails {
    /// The text.
    pub text: Confidential,
}

/// Documents that were read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// The documents.
    #[serde(default)]
    pub documents: Vec<DocumentId>,
    /// Whether everything that is here was read.
    #[serde(default)]
    pub everything: bool,
}

/// Documents that are unread again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UnreadAgain {
    /// The documents; a comment stands for what it is about.
    pub documents: Vec<DocumentId>,
}

/// What is to be put back into a document's collaborative text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewRestoration {
    /// The entry that deleted it.
    pub entry: EntryId,
}

/// The query of a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct SearchQuery {
    /// The words to look for in titles and texts.
    pub words: String,
    /// How many results at most.
    #[serde(default = "SearchQuery::limit_default")]
    pub limit: u32,
}

impl SearchQuery {
    /// Results of a search that names no limit.
    pub const fn limit_default() -> u32 {
        50
    }
}

/// An invitation to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    /// How many may use it.
    pub uses: u32,
    /// How long it holds, in milliseconds.
    pub lifetime_ms: i64,
    /// As what those invited are admitted.
    #[serde(default)]
    pub invited_as: InvitedAs,
    /// Addresses under which this node can be reached; those it listens on when empty.
    #[serde(default)]
    pub addresses: Vec<String>,
    /// The household whose place those invited take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor_of: Option<MemberId>,
}

/// A code to be made for one further device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewCode {
    /// How long it holds, in milliseconds; a day at most.
    pub lifetime_ms: i64,
    /// Addresses under which this node can be reached; those it listens on when empty.
    #[serde(default)]
    pub addresses: Vec<String>,
}

/// A backup to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewBackup {
    /// What is to open it.
    pub lock: BackupLock,
}

/// A role to be given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAppointment {
    /// Who gets it.
    pub member: MemberId,
    /// `steward`, `moderator`, `building-lead` or `spokesperson`.
    pub role: String,
    /// The office of a steward or spokesperson.
    #[serde(default)]
    pub office: Option<MemberId>,
    /// The building of a building lead.
    #[serde(default)]
    pub building: Option<String>,
}

/// An office to be added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewOffice {
    /// Its name.
    pub name: String,
    /// Households that are to speak for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spokespeople: Vec<MemberId>,
}

/// A household without a device to be recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewRecord {
    /// What it is called.
    pub name: String,
    /// Its building.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<String>,
    /// Members that act for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proxies: Vec<MemberId>,
    /// How it consented, and where that is kept.
    pub consent: String,
}

/// Members that are to act for a household without a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewProxies {
    /// The members.
    pub proxies: Vec<MemberId>,
    /// How it consented, and where that is kept.
    pub consent: String,
}

/// An end of a record, or of what one member does by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordEnd {
    /// The member that no longer acts for it; none ends the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy: Option<MemberId>,
    /// Why.
    pub reason: String,
}

/// A right to be taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewCut {
    /// What is cut.
    pub target: CutTarget,
    /// Why.
    pub reason: String,
    /// From where on what was written does not count; where the logs stand here when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<CutFrom>,
}

/// A cut to look at before it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ThoughtOfCut {
    /// What would be cut.
    pub target: CutTarget,
    /// From where on what was written would not count; where the logs stand here when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<CutFrom>,
}

/// An appeal against an act of moderation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAppeal {
    /// Why the act is wrong.
    pub body: String,
}

/// What is decided about an appeal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewDecision {
    /// What is decided.
    pub outcome: ModerationOutcome,
    /// Why.
    pub reason: String,
}

/// An act of moderation that is taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewLifting {
    /// Why.
    pub reason: String,
}

/// A signature under an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewSignature {
    /// The agreement, so that nobody signs another than was read.
    pub agreement: DocumentId,
}

/// A peer to be dialled and remembered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPeer {
    /// A multiaddress.
    pub address: String,
}

/// The query of an import of documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct ImportDocumentsQuery {
    /// The kind that they have to be of; any when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Whether only to show what would be imported.
    #[serde(default)]
    pub preview: bool,
}

/// The query of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    /// Whether only to show what would be imported.
    #[serde(default)]
    pub preview: bool,
}
