//! The named checks of a run, and how a failed one is told.

use std::fmt;

/// One check of the oracle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// Honest replicas have equal frontiers after healing.
    SameFrontier,
    /// Honest replicas that hold the same entries show the same.
    SameView,
    /// What a replica shows is what the reference model makes of its entries.
    ViewMatchesModel,
    /// What was acknowledged to a user and counts is shown after healing.
    NothingLost,
    /// What an honest host wrote counts, unless a cut, a fork or a closing says otherwise.
    HonestEntriesStand,
    /// An honest device never signs one seq twice.
    NoSeqSignedTwice,
    /// An entry is durable at its author before anyone else has it.
    StoredBeforeSent,
    /// Every entry of an honest store is covered by a valid signature.
    NothingUnverified,
    /// From a fork on, a device's document entries are inert until a cut names the tip.
    SuspendedForks,
    /// Every store keeps the protocol's limits.
    Bounded,
    /// Who was not admitted gets nothing.
    NoUnadmittedServed,
    /// Healing ends within a bounded number of rounds.
    Converges,
    /// A replica opened anew stands where the running one stood.
    ReopensAlike,
    /// What was retired is held by no honest host, and nothing else was dropped.
    Forgotten,
    /// What was told in confidence is read by those with whom it was shared, and by nobody else.
    Confidential,
    /// A receipt never claims more than its device holds durably.
    ReceiptsHonest,
    /// After healing everybody's newest entry counts as held by all other honest members.
    DeliveryCounted,
    /// The program panicked.
    NoPanic,
}

impl Check {
    /// Every check.
    pub const ALL: [Self; 18] = [
        Self::SameFrontier,
        Self::SameView,
        Self::ViewMatchesModel,
        Self::NothingLost,
        Self::HonestEntriesStand,
        Self::NoSeqSignedTwice,
        Self::StoredBeforeSent,
        Self::NothingUnverified,
        Self::SuspendedForks,
        Self::Bounded,
        Self::NoUnadmittedServed,
        Self::Converges,
        Self::ReopensAlike,
        Self::Forgotten,
        Self::Confidential,
        Self::ReceiptsHonest,
        Self::DeliveryCounted,
        Self::NoPanic,
    ];

    /// Returns the check's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SameFrontier => "same_frontier",
            Self::SameView => "same_view",
            Self::ViewMatchesModel => "view_matches_model",
            Self::NothingLost => "nothing_lost",
            Self::HonestEntriesStand => "honest_entries_stand",
            Self::NoSeqSignedTwice => "no_seq_signed_twice",
            Self::StoredBeforeSent => "stored_before_sent",
            Self::NothingUnverified => "nothing_unverified",
            Self::SuspendedForks => "suspended_forks",
            Self::Bounded => "bounded",
            Self::NoUnadmittedServed => "no_unadmitted_served",
            Self::Converges => "converges",
            Self::ReopensAlike => "reopens_alike",
            Self::Forgotten => "forgotten",
            Self::Confidential => "confidential",
            Self::ReceiptsHonest => "receipts_honest",
            Self::DeliveryCounted => "delivery_counted",
            Self::NoPanic => "no_panic",
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A check that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The check.
    pub check: Check,
    /// What was seen.
    pub detail: String,
}

impl Failure {
    /// Makes a failure.
    pub fn new(check: Check, detail: String) -> Self {
        Self { check, detail }
    }
}
