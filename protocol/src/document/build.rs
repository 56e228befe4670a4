//! Building: documents from entries in any order.
//!
//! Entries whose deps are not here are held back, and named (rule R9). It deliberately stores
//! nothing and fetches nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::{DocumentId, EntryId};

use super::{Document, DocumentEntry, Touch, Verdict};

/// A document built from entries.
#[derive(Clone, Debug)]
pub struct Built {
    /// The document.
    pub document: Document,
    /// What could not be added.
    pub held_back: HeldBack,
}

/// Entries that wait for others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldBack {
    /// The entries that wait.
    pub waiting: BTreeSet<EntryId>,
    /// Deps that none of the entries is.
    pub wanted: BTreeSet<EntryId>,
}

impl Document {
    /// Builds a document from entries in any order.
    ///
    /// `cut` names entries that are known from their headers not to count. The judge is not asked
    /// about them, and those that nothing else depends on are not even looked at, so that one cut
    /// removes a flood.
    pub fn build(
        id: DocumentId,
        entries: Vec<DocumentEntry>,
        cut: &BTreeSet<EntryId>,
        judge: impl FnMut(&Self, &DocumentEntry, &[Touch<'_>]) -> Verdict,
    ) -> Built {
        let mut document = Self::new(id);
        let held_back = document.add_all(entries, cut, judge);
        Built {
            document,
            held_back,
        }
    }

    /// Adds entries in any order; see [`Document::build`]. Entries that are held already are passed
    /// over; those that were left out or held back before are to be among them again.
    pub fn add_all(
        &mut self,
        entries: Vec<DocumentEntry>,
        cut: &BTreeSet<EntryId>,
        mut judge: impl FnMut(&Self, &DocumentEntry, &[Touch<'_>]) -> Verdict,
    ) -> HeldBack {
        let mut pending = Pending::new(self, entries);
        pending.leave_out(cut);
        let mut held_back = HeldBack::default();
        while let Some(entry) = pending.next() {
            let id = entry.id;
            let added = self.add(entry, |document, entry, touches| {
                if cut.contains(&entry.id) {
                    Verdict::Excluded
                } else {
                    judge(document, entry, touches)
                }
            });
            match added {
                Ok(_) => pending.release(&id),
                Err(_) => {
                    held_back.waiting.insert(id);
                }
            }
        }
        pending.report(&mut held_back);
        held_back
    }
}

/// Returns the entries that a document is built from, of those given with their deps: all that are
/// not cut, and what they depend on.
pub fn needed<'a>(
    entries: impl Iterator<Item = (EntryId, &'a [EntryId])>,
    cut: &BTreeSet<EntryId>,
) -> BTreeSet<EntryId> {
    let deps: BTreeMap<EntryId, &[EntryId]> = entries.collect();
    let standing = deps.keys().filter(|entry| !cut.contains(entry));
    let mut open: Vec<EntryId> = standing.copied().collect();
    let mut needed = BTreeSet::new();
    while let Some(entry) = open.pop() {
        if let Some(deps) = deps.get(&entry)
            && needed.insert(entry)
        {
            open.extend(*deps);
        }
    }
    needed
}

/// Entries not added yet.
struct Pending {
    entries: Vec<Option<DocumentEntry>>,
    numbers: BTreeMap<EntryId, usize>,
    /// By entry, those that name it.
    followers: Vec<Vec<usize>>,
    /// By entry, how many of its deps are still to come.
    open_deps: Vec<usize>,
    missing: BTreeMap<usize, Vec<EntryId>>,
    /// Entries without open deps; the last is taken next, so that chains stay together.
    ready: Vec<usize>,
}

impl Pending {
    fn new(document: &Document, mut entries: Vec<DocumentEntry>) -> Self {
        entries.sort_unstable_by_key(|entry| entry.id);
        entries.dedup_by_key(|entry| entry.id);
        entries.retain(|entry| !document.holds(&entry.id));
        let ids = entries.iter().map(|entry| entry.id).zip(0..);
        let numbers: BTreeMap<EntryId, usize> = ids.collect();
        let mut followers = vec![Vec::new(); entries.len()];
        let mut open_deps = vec![0; entries.len()];
        let mut missing: BTreeMap<usize, Vec<EntryId>> = BTreeMap::new();
        for (number, entry) in entries.iter().enumerate() {
            for dep in &entry.deps {
                if document.holds(dep) {
                    continue;
                }
                open_deps[number] += 1;
                match numbers.get(dep) {
                    Some(dep) => followers[*dep].push(number),
                    None => missing.entry(number).or_default().push(*dep),
                }
            }
        }
        let ready = (0..entries.len()).rev();
        Self {
            ready: ready.filter(|number| open_deps[*number] == 0).collect(),
            entries: entries.into_iter().map(Some).collect(),
            numbers,
            followers,
            open_deps,
            missing,
        }
    }

    /// Drops cut entries that no other entry depends on.
    fn leave_out(&mut self, cut: &BTreeSet<EntryId>) {
        if cut.is_empty() {
            return;
        }
        let entries = self.entries.iter().flatten();
        let needed = needed(entries.map(|entry| (entry.id, &*entry.deps)), cut);
        for entry in &mut self.entries {
            entry.take_if(|entry| !needed.contains(&entry.id));
        }
    }

    fn next(&mut self) -> Option<DocumentEntry> {
        while let Some(number) = self.ready.pop() {
            if let Some(entry) = self.entries[number].take() {
                return Some(entry);
            }
        }
        None
    }

    /// Makes ready what waited for an added entry only.
    fn release(&mut self, added: &EntryId) {
        let number = self.numbers[added];
        for follower in std::mem::take(&mut self.followers[number])
            .into_iter()
            .rev()
        {
            self.open_deps[follower] -= 1;
            if self.open_deps[follower] == 0 {
                self.ready.push(follower);
            }
        }
    }

    fn report(self, held_back: &mut HeldBack) {
        for (number, entry) in self.entries.iter().enumerate() {
            if let Some(entry) = entry {
                held_back.waiting.insert(entry.id);
                held_back
                    .wanted
                    .extend(self.missing.get(&number).into_iter().flatten());
            }
        }
    }
}
