//! Events: what a listener is told.

use serde::{Deserialize, Serialize};

use super::PeerView;
use crate::id::DocumentId;

/// Something that happened, as a listener is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// Documents are new or changed, and can be listed and shown.
    Documents {
        /// The documents.
        documents: Vec<DocumentId>,
    },
    /// Own documents have come further, or less far, than was told: their
    /// [`DocumentView::delivery`] is another.
    ///
    /// [`DocumentView::delivery`]: super::DocumentView::delivery
    Delivery {
        /// The documents.
        documents: Vec<DocumentId>,
    },
    /// The roster changed.
    Roster,
    /// A peer came, went, or is in step.
    Peer(Box<PeerView>),
    /// The listener was too slow and missed events; it should read anew.
    Missed,
}
