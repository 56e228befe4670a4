//! Today: what is new, what waits for the own household, and how much there is of each kind.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{DocumentView, RecordedRef, SavedDraft};

/// What a household should look at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Today {
    /// What waits for the own household, what is most pressing first.
    pub waiting: Vec<Waiting>,
    /// Unread documents, those changed or commented on last first; at most 100.
    pub news: Vec<DocumentView>,
    /// How many documents are unread in all.
    pub news_total: u64,
    /// What was begun and not published, what changed last first.
    pub drafts: Vec<SavedDraft>,
    /// When something was last marked as read here; none when nothing ever was.
    pub since_ms: Option<i64>,
}

/// Something that waits for the own household.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Waiting {
    /// The document.
    pub document: DocumentView,
    /// Why it waits.
    pub why: WaitingReason,
    /// Until when it waits, where the clock ends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_ms: Option<i64>,
    /// The household without a device for which it is to be done; none where it is for the own one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_household: Option<RecordedRef>,
}

/// Why something waits for a household; what is most pressing first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum WaitingReason {
    /// An urgent notice is unread.
    UrgentNotice,
    /// More offers were accepted than the own request has places: choose.
    DoubleBooked,
    /// A neighbour of the own building asks urgently, and nobody has offered.
    UrgentNearby,
    /// Nobody has answered an urgent request: stewards are asked.
    UrgentUnanswered,
    /// Nobody has answered an urgent request for longer: every building is asked.
    UrgentWidened,
    /// The own offer was accepted: confirm the time.
    ConfirmTime,
    /// The time of the own request has come, and the helper has not confirmed it.
    CheckInMissed,
    /// A place is free again at a request for which the own household stood by.
    StandbyAgain,
    /// Somebody says that the own household did not come: it may reply.
    AnswerNoShow,
    /// The own request has offers to choose from.
    ChooseOffer,
    /// The own household helps: say that it is done.
    SayDone,
    /// The own request is done and waits for confirmation.
    ConfirmCompletion,
    /// The other side says how long help took, or would show its thanks to everybody: agree.
    Assent,
    /// What the own household wrote expires within a day: a request, a standing offer, a notice.
    ExpiresSoon,
    /// A member appeals against an act of moderation: a steward other than who acted decides.
    DecideAppeal,
    /// Something of the own household was taken out of view: it may appeal.
    HiddenOwn,
    /// The own appeal was decided.
    AppealDecided,
    /// The agreement in force is not signed by the own household.
    SignAgreement,
    /// A notice asks for an acknowledgement that the own household has not given, or that one has
    /// not for which it acts.
    Acknowledge,
    /// An important notice is unread.
    ImportantNotice,
}

/// How many documents there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Counts {
    /// Counts of each kind but comments.
    pub kinds: Vec<KindCount>,
    /// How many drafts are kept.
    pub drafts: u64,
}

/// How many documents there are of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KindCount {
    /// Name of the kind.
    pub kind: String,
    /// All that are shown.
    pub total: u64,
    /// Those that are unread.
    pub unread: u64,
    /// Those that the own household wrote or made a fact in.
    pub mine: u64,
    /// All that are shown, by state at the reader's clock.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub states: BTreeMap<String, u64>,
}
