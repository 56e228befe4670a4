//! What a node tells and is told over its local interface: the types of requests and answers,
//! shared by the node's server, the command line and the front end.
//!
//! They are plain serialisable values. Names of members and titles have been through
//! [`crate::text`] before they stand here. Times are milliseconds since 1970.
//!
//! What a form needs to know of a kind is no request: front end and node share the table
//! [`Kinds::standard`](crate::kind::Kinds::standard).

mod acknowledging;
mod answer;
pub mod body;
mod cut;
mod details;
mod device;
mod document;
mod draft;
mod emergency;
mod event;
mod history;
mod language;
mod moderation;
mod motion;
mod request;
mod roster;
mod settings;
mod status;
mod today;
mod transfer;

pub use acknowledging::{
    Acknowledged, AcknowledgedFor, Acknowledgements, Edition, OutstandingRecorded, is_meant,
};
pub use answer::{Answer, Refusal};
pub use cut::{CutFrom, CutLoss, CutTarget, LogEnd, LostAnswers, LostDocument};
pub use details::{Confidential, DetailView, DoorView};
pub use device::{BackupLock, OpenCode};
pub use document::{
    Completeness, Delivery, DocumentView, Draft, ListOrder, ListQuery, MemberRef, NextAct,
    NextActor, NextStep, RecordedRef,
};
pub use draft::{BegunDraft, SavedDraft};
pub use emergency::{BadNumbers, EmergencyNumbers};
pub use event::Event;
pub use history::{
    ChangeStatus, ChangeView, FactAdded, FieldChange, History, Piece, PieceKind, Run, TextChange,
};
pub use language::{Language, UnknownLanguage};
pub use moderation::{
    AgreementView, AppealView, Clause, DecisionView, ModerationOutcome, ModerationView,
    NewModeration,
};
pub use motion::{MotionSignature, MotionStands, MotionView, MovedAct, NewMotion};
pub use request::Request;
pub use roster::{
    ActedAs, CapacityPowers, ExcludedStatement, GovernanceView, RosterDevice, RosterMember,
    RosterOffice, RosterProxy, RosterRecorded, RosterRelay, RosterRole, RosterView, StatementRef,
};
pub use settings::{AmbiguousWidth, Settings, Theme};
pub use status::{Capacity, PeerView, Standing, Status};
pub use today::{Counts, KindCount, Today, Waiting, WaitingReason};
pub use transfer::{ImportReport, ImportRowError, SpaceExport};

/// Version of the interface; it stands in every path.
pub const VERSION: &str = "v1";
