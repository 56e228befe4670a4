//! Drafts: what a person has begun to write and not published. They never leave their node.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::id::{DocumentId, EntryId};

/// Something begun. The node keeps it and judges none of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BegunDraft {
    /// Name of the kind.
    pub kind: String,
    /// The document that a comment is to be about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<DocumentId>,
    /// The document that is being edited; none for one to be created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentId>,
    /// Values by field name, as far as they are written.
    #[serde(default)]
    pub fields: BTreeMap<String, Value>,
    /// The heads of the edited document when its author began.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub base: Vec<EntryId>,
}

/// Something begun, as it was saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SavedDraft {
    /// The name that the front end chose.
    pub id: String,
    /// When it was saved.
    pub changed_ms: i64,
    /// What was begun.
    pub draft: BegunDraft,
}
