//! Acts of moderation and the agreement, as a reader sees them.

use serde::{Deserialize, Serialize};

use super::{ActedAs, DocumentView, MemberRef};
use crate::id::{DocumentId, MemberId};

/// An act of moderation that is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum NewModeration {
    /// Takes a document out of view.
    Hide {
        /// The document.
        document: DocumentId,
        /// The number of the agreement's clause that it breaks.
        rule: u32,
        /// Why.
        reason: String,
    },
    /// Takes what a member writes from now on out of view.
    Mute {
        /// The member.
        member: MemberId,
        /// The number of the agreement's clause that it breaks.
        rule: u32,
        /// Why.
        reason: String,
    },
}

/// What is decided about an appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ModerationOutcome {
    /// The act stands.
    Upheld,
    /// What was hidden is in view again.
    Lifted,
}

impl ModerationOutcome {
    /// Returns its stable word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::Lifted => "lifted",
        }
    }
}

/// An act of moderation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModerationView {
    /// The document that holds it.
    pub id: DocumentId,
    /// `hide` or `mute`.
    pub act: String,
    /// The document that it hides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<DocumentId>,
    /// Who wrote what it hides, or who is muted.
    pub member: MemberRef,
    /// Who acted.
    pub by: MemberRef,
    /// In which capacity.
    pub acted_as: ActedAs,
    /// When, as its author claims; milliseconds since 1970.
    pub time_ms: i64,
    /// The number of the clause that it names.
    pub rule: u32,
    /// What that clause says, where the agreement is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// The agreement that was in force where it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<DocumentId>,
    /// Why.
    pub reason: String,
    /// `hidden`, `muted`, `appealed`, `upheld` or `lifted`.
    pub state: String,
    /// Whether it takes anything out of view.
    pub stands: bool,
    /// The member's appeal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal: Option<AppealView>,
    /// Every decision about it and who took it back, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<DecisionView>,
}

/// An appeal against an act of moderation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AppealView {
    /// Who appeals.
    pub by: MemberRef,
    /// When, as its author claims; milliseconds since 1970.
    pub time_ms: i64,
    /// Why the act is wrong.
    pub body: String,
}

/// What somebody decided about an act of moderation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DecisionView {
    /// Who decided.
    pub by: MemberRef,
    /// In which capacity.
    pub acted_as: ActedAs,
    /// When, as its author claims; milliseconds since 1970.
    pub time_ms: i64,
    /// `upheld`, `lifted`, or `restored` where it was taken back without an appeal's decision.
    pub outcome: String,
    /// Why.
    pub reason: String,
}

/// One clause of an agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Clause {
    /// Its number, by which acts of moderation name it.
    pub rule: u32,
    /// What it says.
    pub text: String,
}

/// The agreement in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgreementView {
    /// The document.
    pub document: DocumentView,
    /// In which capacity its author published it.
    pub acted_as: ActedAs,
    /// Its version.
    pub version: u32,
    /// Its clauses, in order.
    pub clauses: Vec<Clause>,
    /// Members that have signed it, by name.
    pub signed: Vec<MemberRef>,
    /// Households and guests that have not, by name.
    pub unsigned: Vec<MemberRef>,
    /// Whether the own household has.
    pub is_signed: bool,
}
