//! What a node tells and is told over its local interface: the types of requests and answers,
//! shared by the node's server, the command line and the front end.
//!
//! They are plain serialisable values. Names of members and titles have been through
//! [`crate::text`] before they stand here. Times are milliseconds since 1970.

pub mod body;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::id::{DeviceId, DocumentId, EntryId, MemberId, SpaceId};
use crate::invitation::InvitedAs;

/// Version of the interface; it stands in every path.
pub const VERSION: &str = "v1";

/// A document as a reader sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DocumentView {
    /// The document.
    pub id: DocumentId,
    /// Name of its kind: `notice`, `request`, `plan`, `comment`, or `unknown-N`.
    pub kind: String,
    /// The member that created it.
    pub author: MemberRef,
    /// Claimed time of its creation.
    pub created_ms: i64,
    /// Claimed time of its newest counting change.
    pub updated_ms: i64,
    /// Values by field name: text, number, flag, or a list of objects with `id`, `by`, `time_ms`
    /// and their own fields.
    pub fields: BTreeMap<String, Value>,
    /// Fields that several people set at once, with every value that stands, the shown one first.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub conflicts: BTreeMap<String, Vec<Value>>,
    /// The state that its facts amount to; for kinds that have states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The document that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<DocumentId>,
    /// How many comments are about it.
    #[serde(default)]
    pub comments: u32,
    /// What the reader must know about how whole it is.
    pub completeness: Completeness,
    /// Whether the claimed time of creation lies ahead of the reader's clock.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub time_ahead: bool,
    /// How far the newest entry that the reader's own household wrote in it has come; none when it
    /// wrote nothing in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
}

/// How far an own entry has come, beyond this node where it is saved: who has signed that it holds
/// it durably. Nothing here says that anybody saw or read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delivery {
    /// How many relays hold it.
    pub relays: u32,
    /// How many other members, not devices, hold it.
    pub homes: u32,
}

/// How whole a document is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Completeness {
    /// All that its author and editors meant.
    Complete,
    /// Entries are missing that others refer to; they are being asked for.
    Incomplete,
    /// Its payloads were dropped after a retirement.
    Erased,
    /// It holds something that this version cannot read; it can be read but not edited.
    ReadOnly,
}

/// A member as it is shown beside what it wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberRef {
    /// The member.
    pub id: MemberId,
    /// Its name, empty when it is not known yet.
    pub name: String,
    /// Its building.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<String>,
}

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
        /// The new values; collaborative text is compared with what stands and merged.
        fields: BTreeMap<String, Value>,
    },
    /// Lists documents, newest first.
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
    /// Adds an office.
    AddOffice {
        /// Its name.
        name: String,
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

/// A new document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Draft {
    /// Name of the kind.
    pub kind: String,
    /// Values by field name.
    pub fields: BTreeMap<String, Value>,
}

/// Which documents a list holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct ListQuery {
    /// Name of the kind; every kind but comments when none.
    #[serde(default)]
    pub kind: Option<String>,
    /// Only documents about this one.
    #[serde(default)]
    pub about: Option<DocumentId>,
    /// Only those of one state.
    #[serde(default)]
    pub state: Option<String>,
    /// How many at most; the node has a limit of its own.
    #[serde(default)]
    pub limit: Option<u32>,
    /// Where the last list ended.
    #[serde(default)]
    pub after: Option<String>,
    /// Only those whose name begins so, in hexadecimal digits; of every kind, comments too.
    #[serde(default)]
    pub prefix: Option<String>,
}

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
    },
    /// Documents.
    Documents {
        /// The documents.
        items: Vec<DocumentView>,
        /// Where the next list begins; none at the end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<String>,
    },
    /// One document with its comments, oldest first.
    Document {
        /// The document.
        document: Box<DocumentView>,
        /// Its comments.
        comments: Vec<DocumentView>,
    },
    /// The roster.
    Roster(Box<RosterView>),
    /// An invitation.
    Invitation {
        /// To be given to those invited: `linli1…`.
        invitation: String,
        /// How many may use it.
        uses: u32,
        /// When it ends.
        expires_ms: i64,
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
    },
}

/// How a node is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Status {
    /// The neighbourhood's name.
    pub neighbourhood: String,
    /// The space; none while joining is pending.
    pub space: SpaceId,
    /// The member this node acts for; none for a relay.
    pub member: Option<MemberRef>,
    /// This device.
    pub device: DeviceId,
    /// `home` or `relay`.
    pub mode: String,
    /// Whether admission is not complete yet.
    pub pending: bool,
    /// Why the inviter refused, when it did: `expired`, `used-up`, `not-allowed`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join_refused: Option<Refusal>,
    /// Peers connected and authenticated now.
    pub peers: u32,
    /// Addresses on which the node listens.
    pub listening: Vec<String>,
    /// Digest of the frontier: equal on nodes that hold the same entries.
    pub frontier_digest: String,
    /// Digest of what is shown: equal on nodes that hold the same entries.
    pub view_digest: String,
    /// Entries held.
    pub entries: u64,
    /// Documents held.
    pub documents: u64,
    /// Own entries that no peer is known to hold yet.
    pub unsent: u64,
    /// Documents not yet projected.
    pub unprojected: u64,
    /// Entries that wait for others they refer to.
    pub waiting: u64,
    /// Bytes of the store on disk.
    pub store_bytes: u64,
}

/// A peer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PeerView {
    /// Its device, once known.
    pub device: Option<DeviceId>,
    /// Its member, once known.
    pub member: Option<MemberRef>,
    /// Its address.
    pub address: String,
    /// Whether it is connected now.
    pub connected: bool,
    /// Whether its frontier equals ours, as far as is known.
    pub in_step: bool,
    /// When it was last seen.
    pub seen_ms: Option<i64>,
}

/// The roster as a reader sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterView {
    /// Members, by name.
    pub members: Vec<RosterMember>,
    /// Relays.
    pub relays: Vec<RosterRelay>,
    /// Statements that do not count, and why.
    pub excluded: Vec<ExcludedStatement>,
}

/// A member of the roster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterMember {
    /// The member.
    pub id: MemberId,
    /// Its name.
    pub name: String,
    /// `household`, `guest` or `office`.
    pub kind: String,
    /// Its building.
    pub building: Option<String>,
    /// Whether it founded the neighbourhood.
    pub founder: bool,
    /// Whether it was removed.
    pub removed: bool,
    /// Who admitted it.
    pub admitted_by: Option<MemberId>,
    /// Its devices.
    pub devices: Vec<RosterDevice>,
    /// Its roles.
    pub roles: Vec<RosterRole>,
}

/// A device of a member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterDevice {
    /// The device.
    pub id: DeviceId,
    /// Whether it was cut.
    pub cut: bool,
    /// Whether it forked its log.
    pub forked: bool,
}

/// A role of a member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterRole {
    /// `steward`, `moderator`, `building-lead` or `spokesperson`.
    pub role: String,
    /// The office.
    pub office: Option<MemberId>,
    /// The building.
    pub building: Option<String>,
    /// The statement that gave it.
    pub appointment: EntryId,
    /// Who gave it; none for the quorum.
    pub appointed_by: Option<MemberId>,
    /// Whether it was cut.
    pub cut: bool,
}

/// A relay of the roster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterRelay {
    /// Its device.
    pub device: DeviceId,
    /// Its name.
    pub name: String,
    /// The building it serves.
    pub building: Option<String>,
    /// Whether it was ended.
    pub cut: bool,
}

/// A statement that does not count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExcludedStatement {
    /// The statement.
    pub id: EntryId,
    /// Its author.
    pub member: Option<MemberId>,
    /// Why, in a word that is stable: `no-right`, `cut`, `unknown-authority`, …
    pub reason: String,
}

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
