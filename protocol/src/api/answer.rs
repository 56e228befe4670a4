//! Answers: one for each kind of request, and the refusal.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Acknowledgements, AgreementView, Counts, CutLoss, DetailView, DocumentView, DoorView, History,
    ImportReport, MemberRef, ModerationView, MotionStands, MotionView, OpenCode, PeerView,
    RosterView, SavedDraft, Settings, SpaceExport, Status, Today,
};
use crate::id::{EntryId, InvitationId};

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Answer {
    /// How the node is.
    Status(Box<Status>),
    /// Something was written and is durable.
    Written {
        /// The document, or the statement's entry.
        id: EntryId,
        /// Whether text that looks like a phone number stands in a public field.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        warnings: Vec<String>,
        /// The document's heads after an edit, which a further edit takes as its base.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        heads: Vec<EntryId>,
        /// Collaborative text as it stands after an edit, by field: what others wrote since the
        /// base is in it.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        texts: BTreeMap<String, String>,
    },
    /// Documents.
    Documents {
        /// The documents.
        items: Vec<DocumentView>,
        /// Where the next list begins; none at the end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<String>,
        /// Documents that are not projected yet, so that some may be missing here or shown as
        /// they were; ask with `settled=true` to wait for them.
        #[serde(default, skip_serializing_if = "is_zero")]
        unprojected: u64,
    },
    /// One document with its comments, oldest first.
    Document {
        /// The document.
        document: Box<DocumentView>,
        /// Its comments.
        comments: Vec<DocumentView>,
    },
    /// Who has acknowledged a notice.
    Acknowledgements(Box<Acknowledgements>),
    /// Acts of moderation, the newest first.
    Moderations {
        /// The acts.
        moderations: Vec<ModerationView>,
    },
    /// The agreement in force.
    Agreement {
        /// The agreement; none while there is none.
        agreement: Option<Box<AgreementView>>,
    },
    /// The members that this node's household blocks.
    Blocks {
        /// The members.
        members: Vec<MemberRef>,
    },
    /// What was told about a document in confidence, the newest first.
    Details {
        /// One for each member that told something.
        details: Vec<DetailView>,
    },
    /// Doors, by building and name.
    Doors {
        /// One for each household that told its own.
        doors: Vec<DoorView>,
    },
    /// What was changed in a document.
    History(Box<History>),
    /// Everything begun, what changed last first.
    Drafts {
        /// The drafts.
        drafts: Vec<SavedDraft>,
    },
    /// How many documents there are.
    Counts(Counts),
    /// What is new and what waits.
    Today(Box<Today>),
    /// The settings.
    Settings(Settings),
    /// The roster.
    Roster(Box<RosterView>),
    /// Motions, the newest number first.
    Motions {
        /// The motions.
        motions: Vec<MotionView>,
        /// What the founder decided alone and is in force: no motions, and nobody needs to sign them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        alone: Vec<EntryId>,
    },
    /// Where a dangerous act stands.
    Motion(MotionStands),
    /// What a cut would undo.
    CutLoss(CutLoss),
    /// An invitation.
    Invitation {
        /// To be given to those invited: `linli1…`.
        invitation: String,
        /// How many may use it.
        uses: u32,
        /// When it ends.
        expires_ms: i64,
    },
    /// A code for one further device.
    EnrolmentCode {
        /// To be given to the new device alone: `linlidev1…`.
        code: String,
        /// What names it.
        id: InvitationId,
        /// When it ends.
        expires_ms: i64,
    },
    /// Codes that can still be used, the one that ends last first.
    EnrolmentCodes {
        /// The codes.
        codes: Vec<OpenCode>,
    },
    /// A backup, in base 64: encrypted as it is.
    Backup {
        /// The bytes.
        base64: String,
    },
    /// Peers.
    Peers {
        /// The peers.
        peers: Vec<PeerView>,
    },
    /// What an import did, or would do.
    Import(ImportReport),
    /// How many entries of a bundle were new.
    Taken {
        /// How many.
        entries: u64,
    },
    /// All entries as a bundle, in base 64.
    Bundle {
        /// The bytes.
        base64: String,
    },
    /// The space.
    Space(Box<SpaceExport>),
    /// A document in Automerge's own form, in base 64.
    Automerge {
        /// The bytes.
        base64: String,
    },
    /// What the doctor found.
    Doctor {
        /// Findings, one sentence each; empty when all is well.
        findings: Vec<String>,
        /// What was checked.
        checks: Vec<String>,
        /// What to do about damage of the store, a sentence each; empty when there is none.
        #[serde(default)]
        advice: Vec<String>,
    },
}

/// A request that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refusal {
    /// A stable word: `not-found`, `invalid`, `not-allowed`, `pending`, `storage`, `internal`, …
    pub code: String,
    /// What happened, what was kept, what to do next.
    pub message: String,
    /// The field at fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl Answer {
    /// Says that a statement was written, which has no text of its own.
    pub fn written(id: EntryId) -> Self {
        Self::Written {
            id,
            warnings: Vec::new(),
            heads: Vec::new(),
            texts: BTreeMap::new(),
        }
    }
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}
