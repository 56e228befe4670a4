//! Requests: everything that a node can be asked.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{BegunDraft, Confidential, Draft, ListQuery, NewMotion, Settings};
use crate::id::{DeviceId, DocumentId, EntryId, MemberId};
use crate::invitation::InvitedAs;

/// A request over the local interface.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "kebab-case")]
pub enum Request {
    /// Asks how the node is.
    Status,
    /// Creates a document from fields.
    Post(Draft),
    /// Changes fields of a document.
    Edit {
        /// The document.
        document: DocumentId,
        /// The new values; collaborative text is compared with what stood at the base and merged.
        fields: BTreeMap<String, Value>,
        /// The document's heads when its author began, as [`DocumentView::heads`] gave them; what
        /// stands when empty.
        ///
        /// [`DocumentView::heads`]: super::DocumentView::heads
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        base: Vec<EntryId>,
    },
    /// Tells what was changed in a document, by whom, and who wrote what of its text.
    History {
        /// The document.
        document: DocumentId,
    },
    /// Puts back what one entry deleted from a document's collaborative text.
    Restore {
        /// The document.
        document: DocumentId,
        /// The entry that deleted.
        entry: EntryId,
    },
    /// Tells what was told about a document in confidence.
    Details {
        /// The document.
        document: DocumentId,
    },
    /// Tells something about a document in confidence, in place of what the own household told
    /// about it before.
    PutDetails {
        /// The document.
        document: DocumentId,
        /// The text.
        text: Confidential,
    },
    /// Erases what the own household told about a document in confidence.
    EraseDetails {
        /// The document.
        document: DocumentId,
    },
    /// Erases a document, here and wherever it is held (rule R18).
    Erase {
        /// The document.
        document: DocumentId,
    },
    /// Lists what was begun and not published.
    Drafts,
    /// Saves something begun, in place of what was saved under its name.
    PutDraft {
        /// A name that the front end chose: 1 to 96 letters, digits, `-` and `_`.
        id: String,
        /// What was begun.
        draft: BegunDraft,
    },
    /// Throws something begun away.
    RemoveDraft {
        /// Its name.
        id: String,
    },
    /// Notes that documents were read, with the comments about them.
    MarkRead {
        /// The documents.
        documents: Vec<DocumentId>,
        /// Whether everything that is here was read.
        everything: bool,
    },
    /// Counts documents by kind.
    Counts,
    /// Tells what is new and what waits for the own household.
    Today,
    /// Tells the settings.
    Settings,
    /// Changes the settings.
    PutSettings(Settings),
    /// Lists documents.
    List(ListQuery),
    /// Shows one document with its comments.
    Show {
        /// The document.
        document: DocumentId,
    },
    /// Searches titles and texts.
    Search {
        /// The words.
        words: String,
        /// How many results at most.
        limit: u32,
    },
    /// Shows the roster.
    Roster,
    /// Makes an invitation.
    Invite {
        /// How many may use it.
        uses: u32,
        /// How long it holds, in milliseconds.
        lifetime_ms: i64,
        /// As what those invited are admitted.
        invited_as: InvitedAs,
        /// Addresses under which this node can be reached.
        addresses: Vec<String>,
    },
    /// Gives a role.
    Appoint {
        /// Who gets it.
        member: MemberId,
        /// `steward`, `moderator`, `building-lead` or `spokesperson`.
        role: String,
        /// The office of a steward or spokesperson.
        office: Option<MemberId>,
        /// The building of a building lead.
        building: Option<String>,
    },
    /// Makes a guest a household.
    Promote {
        /// The guest.
        member: MemberId,
    },
    /// Adds an office.
    AddOffice {
        /// Its name.
        name: String,
        /// Households that are to speak for it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        spokespeople: Vec<MemberId>,
    },
    /// Lists motions.
    Motions,
    /// Does a dangerous act: at once while the founder decides alone, or else moves it.
    Move(NewMotion),
    /// Co-signs a motion, and puts it in force when enough offices have signed.
    CoSign {
        /// The motion.
        motion: EntryId,
    },
    /// Puts a motion in force for which enough offices have signed.
    Enact {
        /// The motion.
        motion: EntryId,
    },
    /// Takes a right away.
    Cut {
        /// What is cut.
        target: CutTarget,
        /// Why.
        reason: String,
    },
    /// Lists known peers.
    Peers,
    /// Dials an address, and remembers it.
    Dial {
        /// A multiaddress.
        address: String,
    },
    /// Imports help requests from a CSV file's bytes, all or none.
    ImportRequests {
        /// The file's bytes.
        file: Vec<u8>,
        /// Whether only to show what would be imported.
        preview: bool,
    },
    /// Takes the entries of a bundle.
    ImportBundle {
        /// The file's bytes.
        file: Vec<u8>,
    },
    /// Exports all entries as a bundle, in base 64.
    ExportBundle,
    /// Exports the space.
    ExportSpace,
    /// Exports one document's Automerge form, in base 64.
    ExportAutomerge {
        /// The document.
        document: DocumentId,
    },
    /// Checks the store.
    Doctor,
}

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
