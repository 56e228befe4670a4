//! Documents: from entries of intents to the state that they amount to, and to an Automerge
//! document of the same content (rules R4 and R10).
//!
//! A document is derived from the entries held and from which of them count, and from nothing
//! else: not from the order of arrival, nor from what Automerge makes of it. Whether an entry may
//! do what it does is asked of a judge (see `kind` and `roster`); nothing here reads payload
//! bytes.

mod atom;
mod base;
mod build;
mod change;
mod contents;
mod draft;
mod graph;
mod history;
mod invalid;
mod link;
mod past;
mod reading;
mod resolve;
mod table;
mod touch;
mod value;

use std::collections::BTreeSet;
use std::sync::Arc;

use thiserror::Error;

pub use atom::AtomId;
pub use base::UnknownBase;
pub use build::{Built, HeldBack, needed};
pub use draft::{Draft, DraftError, Drafted, Finished, Handle};
pub use history::{CellEdit, Deed, PieceEdit, TextEdit};
pub use invalid::Invalid;
pub use touch::{Action, Touch};
pub use value::{Alternative, Cell, Element, ListValue, MapValue, Run, TextValue, Value};

use crate::id::{DeviceId, DocumentId, EntryId};
use crate::intent::Intents;
use crate::limits;

use atom::Spot;
use contents::{Contents, Effect, Said};
use graph::{Graph, Place};
use resolve::{Parts, Unresolved, resolve};
use table::Table;

/// An entry of a document, as far as the document needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentEntry {
    /// The entry.
    pub id: EntryId,
    /// Its author's device.
    pub device: DeviceId,
    /// The entry of the same log, or branch, that was the author's last one in this document.
    pub previous: Option<EntryId>,
    /// The document's heads that the author had; none for the creating entry.
    pub deps: Vec<EntryId>,
    /// Claimed time, milliseconds since 1970.
    pub time_ms: i64,
    /// Number of atoms, from the signed header.
    pub atoms: u32,
    /// Bytes that the entry counts for, from the signed header.
    pub bytes: u32,
    /// What the entry says.
    pub body: Body,
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Intents.
    Intents(Intents),
    /// Nothing that can be read here: the payload was dropped, is missing, or holds an intent of
    /// a later version (rules R18 and R19).
    Unreadable,
}

/// What a judge says about an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It counts.
    Counts,
    /// It does not count; the roster as it becomes known may change that.
    Excluded,
    /// It is invalid for ever, by immutable facts alone: nothing can refer to it.
    Invalid,
}

/// What an entry is in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It counts.
    Counts,
    /// It does not count (rule R10).
    Excluded,
    /// It can be nothing.
    Invalid(Invalid),
    /// It cannot be read here, or refers to what cannot, so the document is incomplete.
    Unreadable,
}

/// Why an entry could not be added.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AddError {
    /// It is here already.
    #[error("the entry is here already")]
    Held,
    /// It has no deps and did not create the document, or the reverse: it belongs elsewhere.
    #[error("the entry does not belong to the document")]
    Foreign,
    /// Deps are not here. They are to be added first.
    #[error("{} deps are not here", missing.len())]
    Missing {
        /// The deps.
        missing: Vec<EntryId>,
    },
}

/// Why an entry would not have an effect.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InspectError {
    /// It could not be added.
    #[error(transparent)]
    Add(#[from] AddError),
    /// It is invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Its own payload, or that of an entry that it refers to, cannot be read here.
    #[error("the entry or one that it refers to cannot be read here")]
    Unreadable,
}

/// Whose name the ops of a change carry in Automerge.
///
/// Production uses [`ActorMode::Entry`]; see decision 0002.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorMode {
    /// The entry's: a fork is no case of its own.
    Entry,
    /// The device's, as Automerge itself does. Right for logs without forks only; it exists so that
    /// tests can compare changes with those that Automerge makes.
    Device,
}

/// What is known of an entry beside its graph and contents.
#[derive(Clone, Debug)]
struct Facts {
    device: DeviceId,
    time_ms: i64,
    actor: [u8; 32],
    seq: u64,
}

/// A document: its entries and the state that they amount to.
#[derive(Clone, Debug)]
pub struct Document {
    id: DocumentId,
    mode: ActorMode,
    graph: Graph,
    facts: Vec<Facts>,
    statuses: Vec<Status>,
    table: Table,
}

/// An entry of a document, as it stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryInfo {
    /// The entry.
    pub id: EntryId,
    /// Its author's device.
    pub device: DeviceId,
    /// Claimed time, milliseconds since 1970.
    pub time_ms: i64,
    /// What it is.
    pub status: Status,
}

impl Document {
    /// Makes a document that has no entries yet.
    pub fn new(id: DocumentId) -> Self {
        Self::with_actors(id, ActorMode::Entry)
    }

    /// Makes a document whose changes carry other actors than production's.
    pub fn with_actors(id: DocumentId, mode: ActorMode) -> Self {
        Self {
            id,
            mode,
            graph: Graph::default(),
            facts: Vec::new(),
            statuses: Vec::new(),
            table: Table::new(),
        }
    }

    /// Returns the document's name.
    pub fn id(&self) -> DocumentId {
        self.id
    }

    /// Tells whether an entry was added.
    pub fn holds(&self, entry: &EntryId) -> bool {
        self.graph.number(entry).is_some()
    }

    /// Returns how an entry stands in the document.
    pub fn entry(&self, entry: &EntryId) -> Option<EntryInfo> {
        self.graph.number(entry).map(|number| self.info(number))
    }

    /// Returns all entries, deps before those that name them; otherwise their order means nothing.
    pub fn entries(&self) -> impl Iterator<Item = EntryInfo> + '_ {
        (0..self.graph.len()).map(|number| self.info(number))
    }

    /// Tells what an entry would touch, and checks every immutable fact about it.
    ///
    /// # Errors
    ///
    /// [`InspectError`] when it would have no effect.
    pub fn inspect<'a>(&'a self, entry: &'a DocumentEntry) -> Result<Vec<Touch<'a>>, InspectError> {
        let place = self.place(entry)?;
        match resolve(self, entry, &place) {
            Ok(resolved) => Ok(resolved.touches),
            Err(Unresolved::Invalid(invalid)) => Err(invalid.into()),
            Err(_) => Err(InspectError::Unreadable),
        }
    }

    /// Adds an entry as the judge wants it. The judge is asked unless the entry is invalid anyway;
    /// for an unreadable entry there are no touches.
    ///
    /// # Errors
    ///
    /// [`AddError`] when the entry is here or a dep is not; nothing is changed then.
    pub fn add(
        &mut self,
        entry: DocumentEntry,
        judge: impl FnOnce(&Self, &DocumentEntry, &[Touch<'_>]) -> Verdict,
    ) -> Result<Status, AddError> {
        let place = self.place(&entry)?;
        let (status, effect, parts) = match resolve(self, &entry, &place) {
            Err(Unresolved::Invalid(invalid)) => (Status::Invalid(invalid), Effect::Void, None),
            Err(_) => match judge(self, &entry, &[]) {
                Verdict::Counts => (Status::Unreadable, Effect::Unread, None),
                Verdict::Excluded => (Status::Excluded, Effect::Unread, None),
                Verdict::Invalid => (Status::Invalid(Invalid::Judged), Effect::Void, None),
            },
            Ok(resolved) => match judge(self, &entry, &resolved.touches) {
                Verdict::Counts => (Status::Counts, Effect::Counts, Some(resolved.parts)),
                Verdict::Excluded => (Status::Excluded, Effect::Excluded, Some(resolved.parts)),
                Verdict::Invalid => (Status::Invalid(Invalid::Judged), Effect::Void, None),
            },
        };
        self.keep(entry, place, status, effect, parts.unwrap_or_default());
        Ok(status)
    }

    /// Lets every entry count except those named and those that are invalid. What follows is
    /// exactly what a document built with these exclusions from the start is.
    pub fn set_excluded(&mut self, excluded: &BTreeSet<EntryId>) {
        let mut changed = false;
        let contents = self.table.contents.iter_mut();
        for ((node, status), contents) in self
            .graph
            .nodes()
            .iter()
            .zip(&mut self.statuses)
            .zip(contents)
        {
            let out = excluded.contains(&node.id);
            let next = match (contents.effect, out) {
                (Effect::Void, _) => continue,
                (_, true) => Status::Excluded,
                (Effect::Unread, false) => Status::Unreadable,
                (_, false) => Status::Counts,
            };
            changed |= std::mem::replace(status, next) != next;
            contents.effect = match (contents.effect, out) {
                (Effect::Unread, _) => Effect::Unread,
                (_, true) => Effect::Excluded,
                (_, false) => Effect::Counts,
            };
        }
        if changed {
            self.table.link_all(&self.graph);
        }
    }

    /// Returns the newest counting entries: what the next entry names as deps, as far as it may
    /// name so many. Ascending.
    pub fn heads(&self) -> Vec<EntryId> {
        let kept = self.kept();
        let mut heads = kept.clone();
        for (node, _) in self
            .graph
            .nodes()
            .iter()
            .zip(kept)
            .filter(|(_, kept)| *kept)
        {
            for dep in &node.deps {
                heads[*dep as usize] = false;
            }
        }
        let nodes = self.graph.nodes().iter().zip(heads);
        let heads = nodes.filter(|(_, head)| *head).map(|(node, _)| node.id);
        let heads: BTreeSet<EntryId> = heads.collect();
        heads.into_iter().collect()
    }

    /// Tells by local number which entries the document's state is made of: those that count, and
    /// what they depend on. The others are left out (rule R10).
    fn kept(&self) -> Vec<bool> {
        let counts = |status: &Status| matches!(status, Status::Counts | Status::Unreadable);
        let mut kept: Vec<bool> = self.statuses.iter().map(counts).collect();
        for (number, node) in self.graph.nodes().iter().enumerate().rev() {
            if kept[number] {
                for dep in &node.deps {
                    kept[*dep as usize] = true;
                }
            }
        }
        kept
    }

    /// Orders two atoms so that what others could have seen of comes first, wherever in a list they
    /// were put: as Automerge orders their ops. Atoms that the document does not hold come first.
    pub fn order_of_atoms(&self, one: AtomId, other: AtomId) -> std::cmp::Ordering {
        let spot = |atom: AtomId| {
            let entry = self.graph.number(&atom.entry)?;
            let atom = atom.atom;
            Some(Spot { entry, atom })
        };
        match (spot(one), spot(other)) {
            (Some(one), Some(other)) => self.op_order(one, other),
            (one, other) => one.is_some().cmp(&other.is_some()),
        }
    }

    /// Tells whether one entry is in another's causal past.
    pub fn precedes(&self, one: &EntryId, other: &EntryId) -> bool {
        let numbers = self.graph.number(one).zip(self.graph.number(other));
        numbers.is_some_and(|(one, other)| self.graph.precedes(one, other))
    }

    fn place(&self, entry: &DocumentEntry) -> Result<Place, AddError> {
        if self.holds(&entry.id) {
            return Err(AddError::Held);
        }
        if entry.deps.is_empty() != (entry.id == self.id.into()) {
            return Err(AddError::Foreign);
        }
        let place = self.graph.place(&entry.deps, entry.previous);
        place.map_err(|missing| AddError::Missing { missing })
    }

    /// Checks a draft of one's own, which has no name yet.
    fn check(&self, entry: &DocumentEntry) -> Result<(), Invalid> {
        let deps = self.graph.place(&entry.deps, entry.previous);
        let place = deps.map_err(|_| Invalid::Deps)?;
        match resolve(self, entry, &place) {
            Ok(_) => Ok(()),
            Err(Unresolved::Invalid(invalid)) => Err(invalid),
            Err(Unresolved::Unreadable) => Err(Invalid::Judged),
        }
    }

    fn keep(
        &mut self,
        entry: DocumentEntry,
        place: Place,
        status: Status,
        effect: Effect,
        parts: Parts,
    ) {
        let (actor, seq) = match self.mode {
            ActorMode::Entry => (entry.id.0, 1),
            ActorMode::Device => {
                let previous = entry
                    .previous
                    .and_then(|previous| self.graph.number(&previous));
                let seq = previous.map_or(0, |previous| self.facts[previous as usize].seq);
                (entry.device.0, seq + 1)
            }
        };
        self.facts.push(Facts {
            device: entry.device,
            time_ms: entry.time_ms,
            actor,
            seq,
        });
        self.statuses.push(status);
        let intents = match (effect, entry.body) {
            (Effect::Counts | Effect::Excluded, Body::Intents(intents)) => intents,
            _ => Intents::default(),
        };
        let contents = Contents {
            effect,
            said: Arc::new(Said {
                intents,
                steps: parts.steps,
            }),
            written: parts.written,
            predecessors: Vec::new(),
        };
        self.table
            .add(contents, parts.objects, &place.past, &self.graph);
        // A header that claims more is refused before it gets here; nothing grows with its claim.
        let atoms = entry.atoms.min(limits::ATOMS_MAX);
        let bytes = entry.bytes.min(limits::ENTRY_BYTES_MAX as u32);
        self.graph.add(entry.id, atoms, bytes, place);
    }

    fn info(&self, number: u32) -> EntryInfo {
        let facts = &self.facts[number as usize];
        EntryInfo {
            id: self.graph.node(number).id,
            device: facts.device,
            time_ms: facts.time_ms,
            status: self.statuses[number as usize],
        }
    }

    /// Returns an atom's name.
    fn atom_id(&self, spot: Spot) -> AtomId {
        AtomId {
            entry: self.graph.node(spot.entry).id,
            atom: spot.atom,
        }
    }

    /// Orders atoms as Automerge orders their ops: by counter, then by actor.
    fn op_order(&self, one: Spot, other: Spot) -> std::cmp::Ordering {
        let counter = |spot: Spot| self.graph.node(spot.entry).start + u64::from(spot.atom);
        let actor = |spot: Spot| &self.facts[spot.entry as usize].actor;
        let order = counter(one).cmp(&counter(other));
        order.then_with(|| actor(one).cmp(actor(other)))
    }
}
