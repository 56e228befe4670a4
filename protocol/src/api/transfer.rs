//! What goes into a space from a file, and out into one.

use serde::{Deserialize, Serialize};

use super::{DocumentView, RosterView};
use crate::id::SpaceId;

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportReport {
    /// How many were, or would be, imported.
    pub imported: u32,
    /// How many were there already.
    pub skipped: u32,
    /// The encoding that was found.
    pub encoding: String,
    /// Errors by row and column; when there are any, nothing was imported.
    pub errors: Vec<ImportRowError>,
    /// Titles, for a preview.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub titles: Vec<String>,
}

/// An error in a file to import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportRowError {
    /// The row, from 1, the headings included.
    pub row: u64,
    /// The line of the file on which the row begins.
    pub line: u64,
    /// The column's heading.
    pub column: String,
    /// What is wrong and what to do.
    pub what: String,
}

/// The space as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SpaceExport {
    /// The format: `linli-space-1`.
    pub format: String,
    /// The space.
    pub space: SpaceId,
    /// The neighbourhood's name.
    pub neighbourhood: String,
    /// Digest of the frontier at the export.
    pub frontier_digest: String,
    /// Digest of what is shown.
    pub view_digest: String,
    /// The roster.
    pub roster: RosterView,
    /// Every document, comments included.
    pub documents: Vec<DocumentView>,
}
