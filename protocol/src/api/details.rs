//! Details: what is told about a document in confidence (rule R17).

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use super::MemberRef;
use crate::id::DocumentId;

/// Text that is not for everyone. It is wiped from memory when dropped and never printed by
/// accident.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Confidential(String);

impl Confidential {
    /// Takes text over.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Returns the text, to be sealed or shown to whom it is for.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Confidential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Confidential(…)")
    }
}

impl Drop for Confidential {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// What one member told about a document in confidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DetailView {
    /// The document that holds it.
    pub id: DocumentId,
    /// Who told it.
    pub by: MemberRef,
    /// When, by that member's own account.
    pub time_ms: i64,
    /// The text; none where it is not for this device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Confidential>,
    /// Households that can read it, beside the one that told it. What they have read cannot be
    /// taken back.
    pub readers: Vec<MemberRef>,
}

/// Where to knock, as a household told the leads of its building.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DoorView {
    /// The household.
    pub household: MemberRef,
    /// What it told: its door, and how else to reach it.
    pub door: Confidential,
    /// Since when, by the household's own account; milliseconds since 1970.
    pub since_ms: i64,
    /// Households that can read it, beside the one that told it. What they have read cannot be
    /// taken back.
    pub readers: Vec<MemberRef>,
}
