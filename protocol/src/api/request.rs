//! Requests: everything that a node can be asked.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    BackupLock, BegunDraft, Confidential, CutFrom, CutTarget, Draft, ListQuery, ModerationOutcome,
    NewModeration, NewMotion, Settings,
};
use crate::id::{DocumentId, EntryId, InvitationId, MemberId};
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
    /// Lists the doors that the own household may read: its own, and those of the buildings it leads.
    Doors,
    /// Tells the leads of the own building where to knock, in place of what was told before.
    PutDoor {
        /// The door, and how else to be reached.
        text: Confidential,
    },
    /// Erases what the own household told the leads of its building.
    EraseDoor,
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
    /// Notes that documents are unread again: what came last in or about each of them. What one wrote
    /// oneself is never unread.
    MarkUnread {
        /// The documents; a comment stands for what it is about.
        documents: Vec<DocumentId>,
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
    /// Shows one document with its comments, and of it what moderation has taken out of view.
    ShowHidden {
        /// The document.
        document: DocumentId,
    },
    /// Tells who has acknowledged a notice, and who has not.
    Acknowledgements {
        /// The notice.
        document: DocumentId,
    },
    /// Lists acts of moderation.
    Moderations,
    /// Takes a document, or what a member writes from now on, out of view.
    Moderate(NewModeration),
    /// Appeals against an act of moderation about what the own household wrote, or about itself.
    Appeal {
        /// The act.
        moderation: DocumentId,
        /// Why it is wrong.
        body: String,
    },
    /// Decides an appeal.
    Decide {
        /// The act.
        moderation: DocumentId,
        /// What is decided.
        outcome: ModerationOutcome,
        /// Why.
        reason: String,
    },
    /// Takes an act of moderation back.
    LiftModeration {
        /// The act.
        moderation: DocumentId,
        /// Why.
        reason: String,
    },
    /// Shows the agreement in force.
    Agreement,
    /// Signs the agreement in force.
    SignAgreement {
        /// The agreement, so that nobody signs another than was read.
        agreement: DocumentId,
    },
    /// Lists the members that the own household blocks.
    Blocks,
    /// Blocks a member on this node.
    Block {
        /// The member.
        member: MemberId,
    },
    /// No longer blocks a member.
    Unblock {
        /// The member.
        member: MemberId,
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
        /// The household whose place those invited take.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        successor_of: Option<MemberId>,
    },
    /// Makes a code for one further device of the own household.
    AddDevice {
        /// How long it holds, in milliseconds; a day at most.
        lifetime_ms: i64,
        /// Addresses under which this node can be reached; those it listens on when empty.
        addresses: Vec<String>,
    },
    /// Lists codes that can still be used.
    EnrolmentCodes,
    /// Takes a code back.
    CancelCode {
        /// The code, by what names it.
        code: InvitationId,
    },
    /// Ends all devices of the own household, which moves out.
    Leave,
    /// Makes a backup: one encrypted file, in base 64.
    Backup {
        /// What is to open it.
        lock: BackupLock,
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
    /// Records a household that has no device, and who acts for it with its consent.
    RecordHousehold {
        /// What it is called.
        name: String,
        /// Its building.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        building: Option<String>,
        /// Members that act for it.
        proxies: Vec<MemberId>,
        /// How it consented, and where that is kept.
        consent: String,
    },
    /// Names further members that act for a household without a device.
    AddProxies {
        /// The statement that recorded it.
        record: EntryId,
        /// The members.
        proxies: Vec<MemberId>,
        /// How it consented, and where that is kept.
        consent: String,
    },
    /// Ends the record of a household without a device, or what one member does for it.
    EndRecord {
        /// The statement that recorded it.
        record: EntryId,
        /// The member that no longer acts for it; none ends the record.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proxy: Option<MemberId>,
        /// Why.
        reason: String,
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
        /// From where on what was written does not count; where the logs stand here when none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<CutFrom>,
    },
    /// Tells what a cut would undo; nothing is changed.
    CutLoss {
        /// What would be cut.
        target: CutTarget,
        /// From where on what was written does not count; where the logs stand here when none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<CutFrom>,
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
    /// Imports documents from a file that an export made, or from a page of Markdown, all or none.
    ImportDocuments {
        /// The file's bytes.
        file: Vec<u8>,
        /// The kind that they have to be of; any when none.
        kind: Option<String>,
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
