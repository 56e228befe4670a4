//! The history of a document: what was changed, by whom, and who wrote what of its text.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::MemberRef;
use crate::id::{DocumentId, EntryId};

/// The history of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct History {
    /// The document.
    pub document: DocumentId,
    /// Its changes, causes before effects, the oldest first; the creation is the first of them.
    pub changes: Vec<ChangeView>,
    /// How many older changes were left out of the list.
    #[serde(default)]
    pub omitted: u64,
    /// Its collaborative text as it stands, by field, cut where the writer changes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<String, Vec<Run>>,
}

/// One change of a document: one entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeView {
    /// The entry.
    pub entry: EntryId,
    /// Who wrote it.
    pub by: MemberRef,
    /// Claimed time.
    pub time_ms: i64,
    /// Whether it counts.
    pub status: ChangeStatus,
    /// Fields that were set or emptied, of the document and of facts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
    /// Facts that were added.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<FactAdded>,
    /// What was written into collaborative text and taken out of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<TextChange>,
}

/// Whether a change counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ChangeStatus {
    /// It counts.
    Counts,
    /// It does not: its author had no right to it.
    Excluded,
    /// Its payload was dropped or is not understood by this version.
    Unreadable,
}

/// A field that was set or emptied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldChange {
    /// The field.
    pub field: String,
    /// The fact that it belongs to; none for a field of the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<String>,
    /// What the author saw there; none where nothing stood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// What stands there by this change; none where it was emptied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
}

/// A fact that was added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FactAdded {
    /// Its name.
    pub id: String,
    /// The list that it belongs to: `offers`, `acceptances`, …
    pub list: String,
    /// What it said when it was added, by field.
    #[serde(default)]
    pub fields: BTreeMap<String, Value>,
}

/// What was written into a collaborative text and taken out of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TextChange {
    /// The field.
    pub field: String,
    /// The pieces, in the order of the text.
    pub pieces: Vec<Piece>,
}

/// A piece of text that was inserted or deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Piece {
    /// Which of both.
    pub kind: PieceKind,
    /// The text.
    pub text: String,
    /// Who had written a deleted piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<MemberRef>,
}

/// What was done to a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PieceKind {
    /// It was written.
    Inserted,
    /// It was taken out.
    Deleted,
}

/// A piece of a text that one entry wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Run {
    /// The text.
    pub text: String,
    /// Who wrote it.
    pub by: MemberRef,
    /// The entry that wrote it.
    pub entry: EntryId,
}
