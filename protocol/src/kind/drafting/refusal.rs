//! Why a draft was refused and what its author should look at again: the field, what is wrong, and
//! what to do.

use std::fmt;

use thiserror::Error;

use crate::document::Invalid;
use crate::id::DocumentId;

use super::super::RuleBreach;
use super::super::field::{List, Who};

/// Why nothing was drafted. Its text is for a person; `field` and `fault` are for a program that
/// says it in another language.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{field}: {fault}; {}", self.advice())]
pub struct DraftError {
    /// The field, list, or field of a list (`offers.body`).
    pub field: String,
    /// What is wrong.
    #[source]
    pub fault: Fault,
}

impl DraftError {
    pub(super) fn at(field: &str, fault: Fault) -> Self {
        let field = field.to_owned();
        Self { field, fault }
    }

    /// Names a list's field by the list too.
    pub(super) fn within(mut self, list: &List) -> Self {
        self.field = format!("{}.{}", list.name, self.field);
        self
    }

    /// Says what to do.
    pub fn advice(&self) -> String {
        match &self.fault {
            Fault::Kind { known } | Fault::Unknown { known } => {
                format!("use one of: {}", known.join(", "))
            }
            Fault::Choice { words } => format!("use one of: {}", words.join(", ")),
            Fault::Missing => "give it".to_owned(),
            Fault::Text => "give text".to_owned(),
            Fault::Flag => "give true or false".to_owned(),
            Fault::Number { min, max } => format!("give a whole number from {min} to {max}"),
            Fault::Name => "copy the name as the program shows it".to_owned(),
            Fault::NoSuchFact => "look at the document again and copy the fact's id".to_owned(),
            Fault::Capacity => {
                "name the appointment of one of your own roles, or leave it out".to_owned()
            }
            Fault::Proxy => {
                "ask a steward to name you, with the household's consent, or leave it out"
                    .to_owned()
            }
            Fault::Fact => "give an object of fields, or a list of such objects".to_owned(),
            Fault::Chars { .. } | Fault::Bytes { .. } => {
                "shorten it, or move a part into a comment".to_owned()
            }
            Fault::NotAllowed { who } => match who {
                Who::Nobody => "write a comment, or a new document".to_owned(),
                Who::Creator => "ask its author, or write a comment".to_owned(),
                Who::Members => "ask a household or an office to do it".to_owned(),
                Who::Others => "ask another one to do it".to_owned(),
                Who::Everyone => "join the neighbourhood first".to_owned(),
            },
            Fault::ReadOnly => "upgrade the program, or wait until it is complete".to_owned(),
            Fault::Rule { breach } => breach.advice.to_owned(),
            Fault::Untimely { why } => why.advice().to_owned(),
            Fault::Full => "go on in a document of its own".to_owned(),
            Fault::Draft { .. } => "change less at a time".to_owned(),
        }
    }
}

/// What is wrong with a draft.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// There is no such kind.
    #[error("there is no such kind of document")]
    Kind {
        /// The kinds.
        known: Vec<&'static str>,
    },
    /// There is no such field.
    #[error("there is no such field")]
    Unknown {
        /// The fields and lists.
        known: Vec<&'static str>,
    },
    /// It is missing or blank.
    #[error("it is missing")]
    Missing,
    /// It is no text.
    #[error("it is no text")]
    Text,
    /// It is too long.
    #[error("it has {chars} characters and may have {chars_max}")]
    Chars {
        /// Unicode scalar values it has.
        chars: usize,
        /// Unicode scalar values it may have.
        chars_max: usize,
    },
    /// All of it is too long for one entry.
    #[error("together with the rest it takes {bytes} bytes and may take {max}")]
    Bytes {
        /// Bytes it takes.
        bytes: usize,
        /// Bytes it may take.
        max: usize,
    },
    /// It is no word of the list.
    #[error("it is none of the words that may stand here")]
    Choice {
        /// The words.
        words: &'static [&'static str],
    },
    /// It is no number, or too small or too great.
    #[error("it is no number from {min} to {max}")]
    Number {
        /// The least.
        min: i64,
        /// The greatest.
        max: i64,
    },
    /// It is neither yes nor no.
    #[error("it is neither true nor false")]
    Flag,
    /// It is the name of nothing.
    #[error("it is not the name of anything")]
    Name,
    /// The document has no such fact.
    #[error("the document has no such fact")]
    NoSuchFact,
    /// It is no role of the author's.
    #[error("it is no role that you hold")]
    Capacity,
    /// It is no household for which the author acts.
    #[error("it is no household without a device for which you act")]
    Proxy,
    /// It is no fact.
    #[error("it is no fact of the list")]
    Fact,
    /// The author may not.
    #[error("{}", not_allowed(*who))]
    NotAllowed {
        /// Who may.
        who: Who,
    },
    /// The document cannot be read whole here.
    #[error("the document cannot be changed here")]
    ReadOnly,
    /// The kind's own rule.
    #[error("{}", breach.what)]
    Rule {
        /// The rule.
        breach: RuleBreach,
    },
    /// It would change nothing as the document stands.
    #[error("{why}")]
    Untimely {
        /// Why.
        why: Untimely,
    },
    /// The author, or all devices of its household together, wrote as much as one may.
    #[error("as much was written here as one household may write into one document")]
    Full,
    /// It does not fit in one entry.
    #[error("it does not fit in one entry")]
    Draft {
        /// Why.
        source: crate::document::DraftError,
    },
}

impl From<crate::document::DraftError> for Fault {
    fn from(source: crate::document::DraftError) -> Self {
        match source {
            crate::document::DraftError::Invalid(Invalid::Share) => Self::Full,
            source => Self::Draft { source },
        }
    }
}

/// Why a fact would change nothing as the document stands. It keeps its author from saying something
/// in vain and decides nothing about what others write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Untimely {
    /// The request has no such offer.
    #[error("the request has no such offer")]
    NoSuchOffer,
    /// The offer is another helper's.
    #[error("the offer is another helper's")]
    NotYourOffer,
    /// The request is the author's own.
    #[error("the request is your own")]
    OwnRequest,
    /// It has expired.
    #[error("it has expired")]
    Expired,
    /// It is over.
    #[error("it is over")]
    Over,
    /// Nothing has ended yet.
    #[error("it is still open")]
    StillOpen,
    /// All places are taken.
    #[error("as many helpers as are wanted were accepted")]
    Full,
    /// The offer was accepted.
    #[error("the offer was accepted before")]
    Accepted,
    /// The offer was not accepted.
    #[error("the offer was not accepted")]
    NotAccepted,
    /// The offer was withdrawn, or its helper did not come.
    #[error("the offer stands no longer")]
    Withdrawn,
    /// The helper has confirmed the time.
    #[error("the time was confirmed before")]
    UnderWay,
    /// The helper has done it.
    #[error("it is done")]
    Done,
    /// Nobody has done it.
    #[error("it is not done yet")]
    NotDone,
    /// Nothing is to be handed over.
    #[error("only things change hands without matching")]
    NoGoods,
    /// It has been over for too long.
    #[error("it was over more than 14 days ago")]
    TooLateToReopen,
    /// Nothing of the author's is named to answer.
    #[error("nothing that is said to you is named")]
    NothingToAnswer,
}

impl Untimely {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::NoSuchOffer,
        Self::NotYourOffer,
        Self::OwnRequest,
        Self::Expired,
        Self::Over,
        Self::StillOpen,
        Self::Full,
        Self::Accepted,
        Self::NotAccepted,
        Self::Withdrawn,
        Self::UnderWay,
        Self::Done,
        Self::NotDone,
        Self::NoGoods,
        Self::TooLateToReopen,
        Self::NothingToAnswer,
    ];

    /// Says what to do.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::NoSuchOffer => "look at the request again and copy the offer's id",
            Self::NotYourOffer => "ask the helper or the requester to do it",
            Self::OwnRequest => "wait for a neighbour, or cancel it",
            Self::Expired => "its requester can renew it",
            Self::Over => "its requester can open it again for 14 days, or posts a new one",
            Self::StillOpen => "change it, or cancel it first",
            Self::Full => "release a helper first, or ask for more helpers",
            Self::Accepted => "wait until the helper confirms the time",
            Self::NotAccepted => "accept the offer first; only the requester can",
            Self::Withdrawn => "its helper can offer again",
            Self::UnderWay => "say that it is done, once it is",
            Self::Done => "the requester confirms it",
            Self::NotDone => "say first that it is done",
            Self::NoGoods => "accept the offer instead",
            Self::TooLateToReopen => "post a new request",
            Self::NothingToAnswer => "look at the request again and copy the id",
        }
    }
}

fn not_allowed(who: Who) -> &'static str {
    match who {
        Who::Nobody => "nobody may change it once it is written",
        Who::Creator => "only the member it belongs to may do it",
        Who::Members => "only households and offices may do it",
        Who::Others => "who created it may not do it, nor may a guest",
        Who::Everyone => "only members may do it",
    }
}

/// What a draft's author should look at again. It refuses nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// Text that everyone reads looks as if it held a phone number (rule R17).
    PhoneNumber {
        /// The field.
        field: String,
    },
    /// The same household seems to ask for the same elsewhere.
    LikelyDuplicate {
        /// The earlier document.
        of: DocumentId,
        /// Its title.
        title: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PhoneNumber { field } => write!(
                formatter,
                "{field}: this looks like a phone number, and everyone can read it; take it out \
                 and give it to your helper only"
            ),
            Self::LikelyDuplicate { of, title } => write!(
                formatter,
                "you seem to ask for the same in “{title}” ({}); if so, merge one into the other, \
                 both stay readable",
                of.short()
            ),
        }
    }
}
