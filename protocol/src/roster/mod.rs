//! The roster: who may do what, folded from statements (rules R5 to R9, R11, R19, R21).
//!
//! The roster takes statements in any order and answers three questions: does a statement count, does
//! an entry of a document count, and what do members, offices, roles and relays look like. Every
//! answer is a function of the set of statements held (and, for cuts of logs, of the chains held),
//! never of the order of arrival. It keeps no document and no log, checks no head's signature, and
//! knows no clock.
//!
//! A log's owner follows each log with a [`Track`], which says what the roster needs to know about
//! an entry's place. See `docs/decisions/0004-roster-fold.md` for why the fold is as it is.

mod admission_chain;
mod authority;
mod capacity;
mod changes;
mod cut;
mod digest;
mod facts;
mod fold;
mod founding;
mod graph;
mod heads;
mod judge;
mod members;
mod motions;
mod origin;
mod past;
mod powers;
mod quorum;
mod records;
mod rights;
mod tips;
mod track;
mod verdict;

use thiserror::Error;

pub use admission_chain::ChainError;
pub use authority::{Denied, Governance};
pub use capacity::{Capacity, Power};
pub use changes::Changes;
pub(crate) use facts::tips_of;
pub use heads::NextSeen;
pub use members::{Closing, Device, Member, Office, Relay, Retirement, RoleHeld};
pub use motions::{Motion, MotionState};
pub use origin::{Origin, Right};
pub use records::{Proxy, Recorded};
pub use tips::TipsList;
pub use track::{Entered, Track, is_roster_entry};
pub use verdict::{Chains, DocumentAuthor, Standing, Verdict};

use crate::entry::Header;
use crate::id::{EntryId, SpaceId};
use crate::limits;
use crate::statement::{Statement, Tip};
use crate::switches::Switches;
use fold::Fold;
use graph::Graph;

/// Offices that need stewards before a quorum succeeds the founder (rule R6).
const OFFICES_FOR_QUORUM: usize = 3;

/// A statement, or a join of statements, as it enters the roster.
#[derive(Clone, Debug)]
pub struct StatementEntry {
    /// The entry's name.
    pub id: EntryId,
    /// The entry's header.
    pub header: Header,
    /// What it says; `None` for an entry about nothing, which joins statements.
    pub statement: Option<Statement>,
    /// The log's last statement or join before the entry: [`Entered::previous`].
    pub previous: Option<EntryId>,
    /// What the log had seen since then: [`Entered::steps`].
    pub steps: Vec<Vec<EntryId>>,
    /// Whether signatures and keys inside the statement are sound, where that was found out before
    /// ([`Roster::is_sound`]); `None` has them checked.
    pub sound: Option<bool>,
}

impl StatementEntry {
    /// Puts an entry together from what its log's track says.
    pub fn new(
        id: EntryId,
        header: Header,
        statement: Option<Statement>,
        entered: Entered,
    ) -> Self {
        Self {
            id,
            header,
            statement,
            previous: entered.previous,
            steps: entered.steps,
            sound: None,
        }
    }
}

/// Why a statement, or an entry of a document, does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum Reason {
    /// The log had gone backwards in what it has seen.
    #[error("its log went backwards in what it had seen of the roster")]
    SeenBackwards,
    /// The log claims to have seen something that is no statement.
    #[error("its log names as seen what is no statement")]
    SeenNoStatement,
    /// A signature or key inside the statement is not sound.
    #[error("a signature or key inside the statement does not hold")]
    Unsound,
    /// A field breaks a limit.
    #[error("{what} breaks the limits of a statement")]
    Limit {
        /// The field.
        what: &'static str,
    },
    /// The author writes for no member.
    #[error("its author writes for no member")]
    NoMember,
    /// The author's device was not certified for its member where it stood.
    #[error("its device was not certified by its member where it stood")]
    NotCertified,
    /// The author's member was not admitted where it stood.
    #[error("its member was not admitted where it stood")]
    NotAdmitted,
    /// The author had not seen the statement by whose right it acts.
    #[error("its author had not seen the statement by whose right it acts")]
    RightUnknown,
    /// The statement by whose right it acts does not count.
    #[error("the statement by whose right it acts does not count")]
    RightExcluded {
        /// That statement.
        right: EntryId,
    },
    /// The right does not allow the act.
    #[error("the right does not allow this")]
    NoRight,
    /// The act needs co-signatures.
    #[error("this needs a motion that stewards of different offices co-sign")]
    NeedsQuorum,
    /// The author does not rank over the role.
    #[error("its author does not rank over what it takes away")]
    NotSenior,
    /// The statement that it refers to is not of the right kind, or was not seen.
    #[error("what it refers to is not there or of another kind")]
    WrongTarget,
    /// The member had been removed.
    #[error("the member had been removed")]
    Removed,
    /// The right depends on a statement of a later version (rule R19).
    #[error("it depends on a statement of a later version")]
    Suspended,
    /// The entry lies beyond a cut.
    #[error("it lies beyond the last entry that a cut lets count")]
    BeyondCut {
        /// The statement that cut.
        cut: EntryId,
    },
    /// The chain of a cut's tip is not held yet.
    #[error("the log's entries up to a cut are not held yet")]
    ChainMissing {
        /// The entry that is missing.
        tip: EntryId,
    },
    /// The cut lies lower than what its author had seen.
    #[error("it cuts below what its author had seen")]
    LowCut,
    /// A list of tips is not in order or not complete.
    #[error("its list of last entries is not in order or not complete")]
    TipsMalformed,
    /// The invitation does not allow the admission.
    #[error(transparent)]
    Invitation(#[from] InvitationFault),
    /// Another enactment with the same number stands.
    #[error("another enactment with the same number stands")]
    Outdone {
        /// It.
        by: EntryId,
    },
    /// The enactment does not follow the one that stands.
    #[error("it does not follow the enactment that stands")]
    ChainBroken,
    /// Too few offices have signed.
    #[error("{signed} of {of} offices have signed")]
    NotEnoughOffices {
        /// Offices whose stewards have signed.
        signed: usize,
        /// Offices with stewards.
        of: usize,
    },
    /// The device's log forks at or before the entry (rule R8).
    #[error("its device has signed two entries with one number")]
    Forked,
    /// Relays write no documents.
    #[error("a relay writes no documents")]
    Relay,
}

/// What is wrong with the use of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum InvitationFault {
    /// Guests of a household need one.
    #[error("the admission needs an invitation")]
    None,
    /// It claims another number of uses than before, none, or too many.
    #[error("the invitation's number of uses is not what it was")]
    Uses,
    /// Its number is beyond its uses.
    #[error("the invitation has been used up")]
    Overused,
    /// Its number has been used in this log.
    #[error("this use of the invitation has been made before")]
    Repeated,
}

/// Why a statement was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InsertError {
    /// The roster is full: its owner stops pulling the logs that fill it (rule R12).
    #[error("the roster holds {max} statements already")]
    Full {
        /// The greatest number of statements.
        max: usize,
    },
    /// The entry is of another neighbourhood.
    #[error("the statement belongs to another neighbourhood")]
    Space,
}

/// Who may do what in one neighbourhood.
#[derive(Clone, Debug)]
pub struct Roster {
    graph: Graph,
    switches: Switches,
    fold: Fold,
}

impl Roster {
    /// Makes the roster of a neighbourhood of which no statement is held yet.
    pub fn new(space: SpaceId) -> Self {
        Self::with_switches(space, Switches::NONE)
    }

    /// Makes a roster that ignores rules which the switches turn off.
    pub fn with_switches(space: SpaceId, switches: Switches) -> Self {
        Self {
            graph: Graph::new(space, switches),
            switches,
            fold: Fold::default(),
        }
    }

    /// Returns the neighbourhood.
    pub fn space(&self) -> SpaceId {
        self.graph.space()
    }

    /// Takes statements and joins, in any order. Hand over many at once where there are many: a
    /// statement that ends a right makes the roster fold everything again, once a call.
    ///
    /// Nothing is taken twice. A statement whose past is not wholly held waits; see
    /// [`Roster::missing`].
    pub fn insert(&mut self, entries: impl IntoIterator<Item = StatementEntry>) -> Changes {
        self.change(|roster, changes| {
            let mut stale = false;
            for entry in entries {
                let id = entry.id;
                if let Err(error) = roster.admits(&entry) {
                    changes.refused.push((id, error));
                    continue;
                }
                let entered = roster.graph.insert(entry);
                stale |= roster.take_in(&entered, stale, changes);
            }
            stale
        })
    }

    /// Notes that names which statements wait for belong to entries that are no statements: who
    /// claims to have seen them counts nothing.
    pub fn refuse(&mut self, names: impl IntoIterator<Item = EntryId>) -> Changes {
        self.change(|roster, changes| {
            let mut stale = false;
            for name in names {
                let entered = roster.graph.refuse(name);
                stale |= roster.take_in(&entered, stale, changes);
            }
            stale
        })
    }

    /// Notes for tips that cuts name which statement or join comes last at or before them in their
    /// log: [`Track::previous`] after the tip's entry. See [`Roster::unresolved`].
    pub fn resolve(&mut self, tips: impl IntoIterator<Item = (Tip, Option<EntryId>)>) -> Changes {
        self.change(|roster, _| {
            let mut stale = false;
            for (tip, last) in tips {
                stale |= roster.graph.resolve(tip, last);
            }
            stale
        })
    }

    /// Returns the names that statements held here depend on and that are not held.
    pub fn missing(&self) -> Vec<EntryId> {
        self.graph.missing().collect()
    }

    /// Returns tips that cuts name and of which it is not known which statement comes before them,
    /// counting cuts or not: see [`Roster::resolve`]. A tip that is a statement itself resolves
    /// itself.
    pub fn unresolved(&self) -> Vec<Tip> {
        self.graph.unresolved().collect()
    }

    /// Tells whether a statement or join is held, waiting or not.
    pub fn holds(&self, id: &EntryId) -> bool {
        self.graph.holds(id)
    }

    /// Tells whether the signatures and keys inside a statement are sound: a fact that its owner
    /// may store and hand back in [`StatementEntry::sound`]. `None` while it waits.
    pub fn is_sound(&self, id: &EntryId) -> Option<bool> {
        self.graph.find(id).map(|ix| self.graph.node(ix).sound)
    }

    /// Tells whether a statement counts; `None` while its past is not wholly held.
    pub fn judgement(&self, id: &EntryId) -> Option<Result<(), Reason>> {
        let ix = self.graph.find(id)?;
        *self.fold.judgements.get(ix)?
    }

    /// Returns how many statements and joins are held, waiting ones included.
    pub fn held(&self) -> usize {
        self.graph.held()
    }

    fn admits(&self, entry: &StatementEntry) -> Result<(), InsertError> {
        if entry.header.space != self.graph.space() {
            return Err(InsertError::Space);
        }
        if self.graph.held() >= limits::STATEMENTS_MAX && !self.graph.holds(&entry.id) {
            return Err(InsertError::Full {
                max: limits::STATEMENTS_MAX,
            });
        }
        Ok(())
    }

    fn take_in(&mut self, entered: &[graph::Ix], stale: bool, changes: &mut Changes) -> bool {
        let mut stale = stale;
        for &ix in entered {
            changes.arrived.push(self.graph.node(ix).id);
            stale = stale || self.fold.add(&self.graph, self.switches, ix);
        }
        stale
    }
}

#[cfg(test)]
mod tests;
