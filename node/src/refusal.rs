//! Refusals: why the node does not do what it was asked, with typed fields, and the words for it
//! in each language.
//!
//! Codes and fields are for programs and the same in every language; the words are chosen where a
//! refusal leaves the node, in the language of whoever asked.

mod en;
mod moderating;
mod zh;

use protocol::api;
use protocol::bundle::InvalidBundle;
use protocol::invitation::WriteInvitationError;
use protocol::kind::{DraftError, Warning};
use protocol::replica::AppendError;
use protocol::roster;
use protocol::session::SessionError;
use protocol::session::frame::RefusedReason;
use tui::language::Language;

pub use moderating::ModerationRefusal;

use crate::import::requests::{ImportError, RowFault};
use crate::settings::SettingsError;
use crate::store::{Problem, QueryError, StoreFault};

/// Why the node does not do what it was asked.
#[derive(Debug)]
pub enum Refusal {
    /// A relay writes no documents.
    RelayWrites,
    /// A relay invites nobody.
    RelayInvites,
    /// A relay changes nothing in the roster.
    RelayRoster,
    /// The household has not been admitted yet.
    Pending,
    /// The device does not belong to the household.
    NotCertified,
    /// The act needs co-signatures.
    NeedsMotion {
        /// The command that moves it.
        command: &'static str,
    },
    /// The founder still decides alone about the act.
    FounderDecides {
        /// What the founding household is called.
        founder: String,
    },
    /// A relay writes nothing that could count no longer.
    NothingOfRelay,
    /// The entry from which on nothing is to count is not here, or not in a log that is cut.
    NotOfIt,
    /// Only stewards move and co-sign.
    NotSteward,
    /// No such motion is here.
    NoMotion,
    /// The motion has lapsed.
    MotionLapsed,
    /// Too few offices have signed the motion.
    MotionIncomplete {
        /// How many have.
        signed: usize,
        /// How many have to.
        needed: usize,
    },
    /// Not even the quorum could do this.
    MotionVoid(roster::Reason),
    /// The member has been removed.
    RemovedAlready,
    /// The member has not been removed.
    NotRemoved,
    /// The member is no guest.
    NotGuest,
    /// A household needs a name.
    NoName,
    /// Nobody says how the household consented.
    NoConsent,
    /// What is said about the consent is too long.
    ConsentTooLong {
        /// Bytes it may have.
        bytes_max: usize,
    },
    /// Too many members would act for a household.
    Proxies {
        /// How many may be named at once.
        max: usize,
    },
    /// No such household without a device is recorded.
    NoRecord,
    /// The record has ended.
    RecordEnded,
    /// The member does not act for the household.
    NotActing,
    /// No right of the household's allows the act.
    NoRight(roster::Reason),
    /// This device's key was used elsewhere.
    KeyReused,
    /// The household's key, which the act needs, is not on this device.
    NoHouseholdKey,
    /// A code for a further device would hold too short or too long.
    CodeLifetime,
    /// No such code for a further device can be used.
    NoCode,
    /// The name of a code in a path names nothing.
    CodeName {
        /// What the reader of names says.
        detail: String,
    },
    /// An invitation of a successor is for one household.
    OneSuccessor,
    /// What is to open a backup is empty or no key.
    BackupLock,
    /// Neighbours take this device for one that was removed.
    NotServed,
    /// There is too little memory to stretch a passphrase.
    Memory,
    /// There is more than a backup holds.
    BackupTooLarge {
        /// Bytes that it may have.
        bytes_max: usize,
    },
    /// No such document is here.
    NoDocument,
    /// The document is no notice.
    NoNotice,
    /// The household neither issued the notice nor knocks at the door of whom it names.
    NotKnocking,
    /// What is to be told in confidence is blank.
    NoDetails,
    /// What is to be told in confidence is too long.
    DetailsTooLong {
        /// Bytes it has.
        bytes: usize,
        /// Bytes it may have.
        bytes_max: usize,
    },
    /// The own household told nothing about the document in confidence.
    NothingToErase,
    /// Moderation and the agreement do not allow it.
    Moderation(ModerationRefusal),
    /// The roster has no such member.
    NoMember,
    /// The roster has no such appointment.
    NoAppointment,
    /// The household has no such device.
    NoDevice,
    /// The draft of a document is not acceptable.
    Draft(DraftError),
    /// What was to be written does not fit into one entry.
    Entry(AppendError),
    /// There is no kind of document with this name.
    NoKind {
        /// The name.
        name: String,
    },
    /// A place in a list is none.
    Cursor,
    /// The beginning of a name is none.
    Prefix,
    /// The words to search for are not acceptable.
    Search(QueryError),
    /// An address is none.
    Address,
    /// An invitation has too few or too many uses.
    Uses {
        /// Uses it may have.
        max: u32,
    },
    /// The addresses do not fit into an invitation.
    Addresses(WriteInvitationError),
    /// The document does not hold what an edit began from.
    Base,
    /// The document has no such entry.
    NoEntry,
    /// A name of a draft has characters that a path cannot have, or too many.
    DraftName,
    /// A draft is too large.
    DraftTooLarge {
        /// Bytes it may have.
        bytes_max: usize,
    },
    /// There are too many drafts.
    Drafts {
        /// How many there may be.
        max: usize,
    },
    /// Too many documents are marked at once.
    Marks {
        /// How many may be.
        max: usize,
    },
    /// The home's settings cannot be read.
    SettingsUnreadable(SettingsError),
    /// The home's settings cannot be written.
    SettingsUnwritable,
    /// There is no such role.
    NoRole,
    /// A role lacks its office.
    NoOffice {
        /// The role.
        role: String,
    },
    /// A building lead lacks a building.
    NoBuilding,
    /// A reason is too long.
    ReasonTooLong {
        /// Bytes it may have.
        bytes_max: usize,
    },
    /// A file holds no table of help requests.
    Table(ImportError),
    /// A file is no bundle, or breaks off.
    Bundle(InvalidBundle),
    /// A bundle holds entries that do not verify.
    BundleEntries(SessionError),
    /// The inviter's node refused.
    Join(RefusedReason),
    /// The system gave no random bytes.
    Random,
    /// The disk is full; the node stops.
    DiskFull,
    /// The store failed; the node stops.
    Storage,
    /// The node stops.
    Stopping,
    /// The core takes no more requests.
    Busy,
    /// Too many programs are connected.
    Connections,
    /// Too many programs listen.
    Listeners {
        /// How many may.
        max: usize,
    },
    /// A body is not the JSON that is expected.
    Json {
        /// What the reader of JSON says.
        detail: String,
    },
    /// A query is not understood.
    Query {
        /// What the reader of queries says.
        detail: String,
    },
    /// The name in a path names nothing.
    DocumentName {
        /// What the reader of names says.
        detail: String,
    },
    /// The name of a member in a path names nothing.
    MemberName {
        /// What the reader of names says.
        detail: String,
    },
    /// The name of a statement in a path names nothing.
    EntryName {
        /// What the reader of names says.
        detail: String,
    },
    /// A body is too large.
    TooLarge {
        /// Bytes it may have.
        bytes_max: usize,
    },
    /// A body broke off.
    BrokenOff,
    /// A body did not arrive in time.
    TooSlow,
    /// There is no such path.
    NoPath,
    /// The path knows another method.
    NoMethod,
}

impl Refusal {
    /// Returns the stable word for programs: one of the local interface's codes.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::RelayWrites
            | Self::RelayInvites
            | Self::RelayRoster
            | Self::NotCertified
            | Self::NeedsMotion { .. }
            | Self::FounderDecides { .. }
            | Self::NotSteward
            | Self::NotKnocking
            | Self::NoRight(_)
            | Self::KeyReused
            | Self::NotServed
            | Self::NoHouseholdKey => "not-allowed",
            Self::Pending => "pending",
            Self::Moderation(refusal) => refusal.code(),
            Self::NoDocument
            | Self::NoNotice
            | Self::NothingToErase
            | Self::NoMember
            | Self::NoAppointment
            | Self::NoRecord
            | Self::NoDevice
            | Self::NoMotion
            | Self::NoCode
            | Self::NoPath => "not-found",
            Self::Draft(_)
            | Self::Entry(_)
            | Self::NoDetails
            | Self::DetailsTooLong { .. }
            | Self::NoKind { .. }
            | Self::Cursor
            | Self::Prefix
            | Self::Search(_)
            | Self::Address
            | Self::Uses { .. }
            | Self::Addresses(_)
            | Self::Base
            | Self::NoEntry
            | Self::DraftName
            | Self::Drafts { .. }
            | Self::Marks { .. }
            | Self::NoRole
            | Self::NoOffice { .. }
            | Self::NoBuilding
            | Self::ReasonTooLong { .. }
            | Self::MotionLapsed
            | Self::MotionIncomplete { .. }
            | Self::MotionVoid(_)
            | Self::RemovedAlready
            | Self::NotRemoved
            | Self::NotGuest
            | Self::NoName
            | Self::NoConsent
            | Self::ConsentTooLong { .. }
            | Self::Proxies { .. }
            | Self::RecordEnded
            | Self::NotActing
            | Self::Table(_)
            | Self::Bundle(_)
            | Self::BundleEntries(_)
            | Self::Json { .. }
            | Self::Query { .. }
            | Self::DocumentName { .. }
            | Self::EntryName { .. }
            | Self::MemberName { .. }
            | Self::CodeLifetime
            | Self::CodeName { .. }
            | Self::OneSuccessor
            | Self::NothingOfRelay
            | Self::NotOfIt
            | Self::BackupLock
            | Self::BrokenOff
            | Self::NoMethod => "invalid",
            Self::Join(reason) => join_code(*reason),
            Self::Random | Self::Memory => "internal",
            Self::DiskFull => "disk-full",
            Self::Storage | Self::SettingsUnreadable(_) | Self::SettingsUnwritable => "storage",
            Self::Stopping => "stopping",
            Self::Busy | Self::Connections | Self::Listeners { .. } => "busy",
            Self::TooLarge { .. } | Self::DraftTooLarge { .. } | Self::BackupTooLarge { .. } => {
                "too-large"
            }
            Self::TooSlow => "too-slow",
        }
    }

    /// Returns the field at fault.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Draft(error) => Some(&error.field),
            Self::Moderation(refusal) => refusal.field(),
            Self::NoKind { .. } => Some("kind"),
            Self::Cursor => Some("after"),
            Self::Prefix => Some("prefix"),
            Self::Search(_) => Some("words"),
            Self::Address => Some("address"),
            Self::Uses { .. } => Some("uses"),
            Self::Addresses(_) => Some("addresses"),
            Self::Base => Some("base"),
            Self::NoEntry => Some("entry"),
            Self::DraftName => Some("id"),
            Self::DraftTooLarge { .. } => Some("draft"),
            Self::Marks { .. } => Some("documents"),
            Self::NoRole => Some("role"),
            Self::NoOffice { .. } => Some("office"),
            Self::NoBuilding => Some("building"),
            Self::ReasonTooLong { .. } => Some("reason"),
            Self::NoName => Some("name"),
            Self::NoConsent | Self::ConsentTooLong { .. } => Some("consent"),
            Self::Proxies { .. } => Some("proxies"),
            Self::NoRecord | Self::RecordEnded => Some("household"),
            Self::NotActing => Some("proxy"),
            Self::Table(_) | Self::Bundle(_) | Self::BundleEntries(_) => Some("file"),
            Self::DocumentName { .. } => Some("document"),
            Self::EntryName { .. } | Self::NoMotion => Some("motion"),
            Self::CodeLifetime => Some("lifetime_ms"),
            Self::CodeName { .. } | Self::NoCode => Some("code"),
            Self::OneSuccessor => Some("successor_of"),
            Self::NothingOfRelay | Self::NotOfIt => Some("from"),
            Self::BackupLock => Some("lock"),
            Self::MemberName { .. } | Self::NotGuest => Some("member"),
            _ => None,
        }
    }

    /// Puts the refusal into words: what happened, what was kept, what to do next.
    pub fn told(&self, language: Language) -> api::Refusal {
        let message = match language {
            Language::Chinese => zh::refusal(self),
            Language::English => en::refusal(self),
        };
        api::Refusal {
            code: self.code().to_owned(),
            message,
            field: self.field().map(str::to_owned),
        }
    }
}

/// What the author of a draft should look at again, in words.
pub fn warning(language: Language, warning: &Warning) -> String {
    match language {
        Language::Chinese => zh::warning(warning),
        Language::English => warning.to_string(),
    }
}

/// What is wrong with a row of an imported file.
#[derive(Clone, Debug)]
pub enum RowRefusal {
    /// Its form.
    Form(RowFault),
    /// The document that it would become.
    Draft(DraftError),
}

/// What is wrong with a row, in words.
pub fn row(language: Language, fault: &RowRefusal) -> String {
    match (language, fault) {
        (Language::Chinese, RowRefusal::Form(fault)) => zh::row_fault(*fault),
        (Language::English, RowRefusal::Form(fault)) => fault.to_string(),
        (Language::Chinese, RowRefusal::Draft(error)) => zh::draft(error),
        (Language::English, RowRefusal::Draft(error)) => error.to_string(),
    }
}

/// A finding or check of the doctor.
#[derive(Debug)]
pub enum Finding {
    /// A fault of the store.
    Store(Problem),
    /// The store does not open, though no page of it is damaged.
    NotOpened {
        /// Why, in words.
        why: String,
    },
    /// How much of a damaged store can be read.
    Readable {
        /// Entries that are as they were written.
        entries: u64,
        /// Pages of the file that are as they were sealed.
        pages_whole: u64,
        /// Pages of the file.
        pages: u64,
    },
    /// This device's key was used elsewhere.
    KeyReused,
    /// Entries and their names were checked.
    EntriesChecked {
        /// How many.
        entries: u64,
    },
    /// The form of the store was checked.
    FormChecked,
    /// Every page in use opened with the store's key.
    Sealed {
        /// Whether what opens the key lies in the home as well: the resident chose no passphrase
        /// and no key file elsewhere.
        key_in_home: bool,
    },
}

/// A finding or check of the doctor, in words.
pub fn finding(language: Language, finding: &Finding) -> String {
    match language {
        Language::Chinese => zh::finding(finding),
        Language::English => en::finding(finding),
    }
}

/// What is wrong with the store, in words.
pub fn store_fault(language: Language, fault: &StoreFault) -> String {
    match language {
        Language::Chinese => zh::store_fault(fault),
        Language::English => format!("{fault}."),
    }
}

/// Where damage of the store was met, in words.
pub fn damage(language: Language, what: &str) -> String {
    match language {
        Language::Chinese => zh::damage(what),
        Language::English => what.to_owned(),
    }
}

/// What is left to do when a store is lost: a sentence each, with commands that make the home again
/// in another folder.
pub const fn ways_out(language: Language) -> [&'static str; 5] {
    match language {
        Language::Chinese => zh::WAYS_OUT,
        Language::English => en::WAYS_OUT,
    }
}

const fn join_code(reason: RefusedReason) -> &'static str {
    match reason {
        RefusedReason::InvitationExpired => "expired",
        RefusedReason::InvitationUsedUp => "used-up",
        RefusedReason::InvitationUnknown => "unknown-invitation",
        RefusedReason::Version => "invalid",
        RefusedReason::Removed
        | RefusedReason::NotAdmitted
        | RefusedReason::InvalidRequest
        | RefusedReason::Unable => "not-allowed",
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
pub use tests::samples;
