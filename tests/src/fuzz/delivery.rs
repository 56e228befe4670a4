//! Delivery: runs of entries go over the wire into replicas, in two orders, and what comes of them
//! is held against the oracle.

use std::collections::BTreeSet;

use protocol::entry::Subject;
use protocol::id::EntryId;
use protocol::kind::Kinds;
use protocol::replica::{Identity, Received, Replica};
use protocol::segment::{self, Segment};
use protocol::statement::Statement;
use protocol::switches::Switches;

use super::choices::Choices;
use super::village::{self, Emphasis, Run, Village};
use crate::oracle::checks::history_of;
use crate::oracle::compare::{Model, View, view_against_model};
use crate::oracle::stores::{Signatures, bounded, nothing_unverified};
use crate::seeds;
use crate::sim::memory::Memory;

/// One replica with its storage.
#[derive(Debug)]
pub struct Place {
    /// The replica.
    pub replica: Replica,
    /// What it has stored.
    pub memory: Memory,
}

impl Place {
    /// Opens an empty replica for a member's device, by the numbers of their keys.
    pub fn empty((member, device): (u8, u8)) -> Self {
        let memory = Memory::default();
        let identity = Identity {
            key: village::key(device),
            member: Some(seeds::member(member)),
        };
        let kinds = Kinds::standard();
        let replica = Replica::open(village::space(), identity, kinds, Switches::NONE, &memory);
        Self {
            replica: replica.expect("memory can be read"),
            memory,
        }
    }

    /// Stores what was received.
    pub fn commit(&mut self, mut received: Received) {
        self.memory.apply(&received.batch);
        let looked = self.replica.committed(&self.memory, &mut received);
        looked.expect("memory can be read");
    }

    /// Takes segments, if they verify.
    pub fn take(&mut self, segments: Vec<Segment>) {
        if let Ok(received) = self.replica.receive(&self.memory, segments) {
            self.commit(received);
        }
    }

    /// Takes what was delivered until it brings nothing more: what came too early is sent again.
    fn take_all(&mut self, delivered: &[Vec<Segment>]) {
        let mut held = usize::MAX;
        while held != self.memory.entries().len() {
            held = self.memory.entries().len();
            for segments in delivered {
                self.take(segments.clone());
            }
        }
    }

    /// Checks what is stored, whatever is shown of it.
    ///
    /// # Panics
    ///
    /// When something unverified or beyond a limit was stored.
    pub fn check_store(&self) {
        let mut failures = Vec::new();
        let mut signatures = Signatures::default();
        nothing_unverified(0, &self.memory, &mut signatures, &mut failures);
        bounded(0, &self.memory, &mut failures);
        assert!(failures.is_empty(), "{failures:?}");
    }

    fn holds(&self) -> BTreeSet<EntryId> {
        let entries = self.memory.entries().iter();
        entries.map(|stored| stored.entry.id).collect()
    }
}

/// A village's entries go to two replicas in different orders: nothing unverified is stored, and
/// where both hold the same they show the same, which is what the oracle makes of it.
pub fn deliver(bytes: &[u8], emphasis: Emphasis) {
    let mut choices = Choices::new(bytes);
    let is_damaged = choices.rarely(40);
    let mixing = usize::from(choices.byte());
    let mut village = Village::founded();
    village.live(&mut choices, emphasis);
    let mut delivered = Vec::new();
    for run in &village.runs {
        delivered.extend(over_the_wire(run, is_damaged, &mut choices));
    }
    let mut one = Place::empty(village::HOUSEHOLD);
    one.take_all(&delivered);
    let mut other = Place::empty(village::STRANGER);
    delivered.reverse();
    let middle = mixing % delivered.len().max(1);
    delivered.rotate_left(middle);
    other.take_all(&delivered);
    one.check_store();
    other.check_store();
    if one.holds() == other.holds() {
        compare(&mut one, &mut other);
    }
}

/// Writes and reads a run as a session does. What is not damaged arrives as it was.
fn over_the_wire(run: &Run, is_damaged: bool, choices: &mut Choices<'_>) -> Option<Vec<Segment>> {
    let mut bytes = segment::write_segments(std::slice::from_ref(run));
    if is_damaged && choices.rarely(60) {
        choices.damage(&mut bytes);
    }
    segment::read_segments(village::space(), &bytes).ok()
}

/// Holds two replicas with equal entries against each other and against the oracle.
fn compare(one: &mut Place, other: &mut Place) {
    let mut found = Vec::new();
    let digests = [&mut *one, &mut *other].map(|place| place.replica.frontier_digest());
    if digests[0] != digests[1] {
        found.push("equal entries, unequal frontiers".to_owned());
    }
    let history = history_of(&one.memory);
    let model = Model::new(&history, village::space());
    let views = [("one", &mut *one), ("other", other)].map(|(name, place)| {
        let view = View::read(&mut place.replica, &place.memory);
        let mut failures = Vec::new();
        view_against_model(&place.replica, &view, &model, &mut failures);
        found.extend(
            failures
                .into_iter()
                .map(|failure| format!("{name}: {}", failure.detail)),
        );
        view
    });
    if let Some(difference) = views[0].difference(&views[1]) {
        found.push(format!("{difference} is shown differently"));
    }
    assert!(found.is_empty(), "{}\n{}", found.join("\n"), told(one));
}

/// Tells every entry of a store in a line, for whoever looks into what was found.
fn told(place: &Place) -> String {
    let short = |ids: &[EntryId]| {
        let ids: Vec<String> = ids.iter().map(EntryId::short).collect();
        ids.join(" ")
    };
    let lines = place.memory.entries().iter().map(|stored| {
        let header = &stored.entry.header;
        let payload = stored.entry.payload.as_deref().unwrap_or_default();
        let says = match header.subject {
            Subject::Roster => format!("{:?}", Statement::from_bytes(payload)),
            subject => format!("{subject:?}"),
        };
        format!(
            "{} {}:{} after {:?}, seen {:?}, deps {}, {} bytes: {says:.400}",
            stored.entry.id.short(),
            header.device.short(),
            header.seq,
            header.backlink.map(|id| id.short()),
            header.seen.as_deref().map(short),
            short(&header.deps),
            payload.len(),
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}
