//! Faults: what a run injects, counted by name.
//!
//! Counting only: where and when a fault strikes is decided by `world`, `mischief` and `scenario`.

use std::collections::BTreeMap;

/// Every fault that can be injected, with the name under which it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// A frame took far longer than usual.
    Delay,
    /// A frame of a session, or a hint, was lost.
    Drop,
    /// A frame came twice.
    Duplicate,
    /// Two frames of a session changed places.
    Reorder,
    /// The network fell into two parts.
    Partition,
    /// A replica lost power, and with it what was not durable.
    Crash,
    /// A replica was restored from a copy of its disk.
    RestoredBackup,
    /// A replica's clock is wrong by more than a year.
    ClockSkew,
    /// Devices whose logs forked, as found in the end.
    Fork,
    /// Statements that end a right and count, as found in the end.
    Cut,
    /// Entries that a cut, a fork or a closing excludes, as found in the end.
    Exclusion,
    /// A hostile device signed two entries with one number.
    Equivocate,
    /// A hostile device claimed an earlier time, or to have seen less than it had.
    Backdate,
    /// A hostile device kept entries back and showed them later.
    Withhold,
    /// A hostile replica sent what it had received before.
    Replay,
    /// An entry named deps of another document, or stale ones.
    ForeignDep,
    /// An entry named a document or deps that nobody has written.
    Squat,
    /// An entry or frame broke a limit.
    Overflow,
    /// A hostile device wrote very many entries.
    Flood,
    /// An inviter admitted more than an invitation allows.
    OverusedInvitation,
    /// A role was given and taken away at the same time.
    GrantRemove,
    /// Bytes that are no frame.
    Garbage,
    /// A frame that ends in its middle.
    HalfFrame,
    /// A segment whose last entries are not covered by a signature.
    UnsignedTail,
    /// A segment signed by another key.
    WrongSignature,
    /// Intents that no document allows.
    InvalidIntent,
    /// A statement or entry whose author has no right to it.
    WithoutRight,
    /// A statement, intent or kind of a later version.
    Unknown,
    /// A hostile replica gave receipts that are false, or not its own.
    FalseReceipt,
    /// A device that is no member's asked to be served.
    Stranger,
}

impl Fault {
    const ALL: [Self; 30] = [
        Self::Delay,
        Self::Drop,
        Self::Duplicate,
        Self::Reorder,
        Self::Partition,
        Self::Crash,
        Self::RestoredBackup,
        Self::ClockSkew,
        Self::Fork,
        Self::Cut,
        Self::Exclusion,
        Self::Equivocate,
        Self::Backdate,
        Self::Withhold,
        Self::Replay,
        Self::ForeignDep,
        Self::Squat,
        Self::Overflow,
        Self::Flood,
        Self::OverusedInvitation,
        Self::GrantRemove,
        Self::Garbage,
        Self::HalfFrame,
        Self::UnsignedTail,
        Self::WrongSignature,
        Self::InvalidIntent,
        Self::WithoutRight,
        Self::Unknown,
        Self::FalseReceipt,
        Self::Stranger,
    ];

    /// Returns the name under which the fault is counted.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delay => "delay",
            Self::Drop => "drop",
            Self::Duplicate => "duplicate",
            Self::Reorder => "reorder",
            Self::Partition => "partition",
            Self::Crash => "crash",
            Self::RestoredBackup => "restored_backup",
            Self::ClockSkew => "clock_skew",
            Self::Fork => "fork",
            Self::Cut => "cut",
            Self::Exclusion => "exclusion",
            Self::Equivocate => "equivocate",
            Self::Backdate => "backdate",
            Self::Withhold => "withhold",
            Self::Replay => "replay",
            Self::ForeignDep => "foreign_dep",
            Self::Squat => "squat",
            Self::Overflow => "overflow",
            Self::Flood => "flood",
            Self::OverusedInvitation => "overused_invitation",
            Self::GrantRemove => "grant_remove",
            Self::Garbage => "garbage",
            Self::HalfFrame => "half_frame",
            Self::UnsignedTail => "unsigned_tail",
            Self::WrongSignature => "wrong_signature",
            Self::InvalidIntent => "invalid_intent",
            Self::WithoutRight => "without_right",
            Self::Unknown => "unknown",
            Self::FalseReceipt => "false_receipt",
            Self::Stranger => "stranger",
        }
    }
}

/// How often each fault was injected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(BTreeMap<Fault, u64>);

impl Faults {
    /// Counts one more.
    pub fn count(&mut self, fault: Fault) {
        self.add(fault, 1);
    }

    /// Counts several more.
    pub fn add(&mut self, fault: Fault, more: u64) {
        *self.0.entry(fault).or_default() += more;
    }

    /// Returns how often a fault was injected.
    pub fn of(&self, fault: Fault) -> u64 {
        self.0.get(&fault).copied().unwrap_or(0)
    }

    /// Adds another run's counts.
    pub fn merge(&mut self, other: &Self) {
        for (fault, more) in &other.0 {
            self.add(*fault, *more);
        }
    }

    /// Returns all counts by name, those of 0 included.
    pub fn by_name(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        Fault::ALL
            .iter()
            .map(|fault| (fault.name(), self.of(*fault)))
    }
}
