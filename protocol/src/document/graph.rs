//! The graph of a document's entries: who stands in whose past, and where ops begin.
//!
//! Entries are known here by local numbers, deps before those that name them. It deliberately knows
//! nothing about what entries say.

use std::collections::BTreeMap;

use crate::id::EntryId;

use super::past::Past;

/// Spans kept beside an entry; the past of an entry with more is computed anew when it is needed,
/// so that a flood of concurrent entries costs time rather than memory.
const SPANS_KEPT_MAX: usize = 64;

/// An entry's place in its document's graph.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// The entry.
    pub(super) id: EntryId,
    /// Local numbers of its deps.
    pub(super) deps: Vec<u32>,
    /// Counter of its first op: one more than the greatest end of its deps.
    pub(super) start: u64,
    /// Number of its atoms.
    pub(super) atoms: u32,
    own: Sums,
    past: Option<Past>,
}

impl Node {
    /// Returns the counter after the entry's last op.
    pub(super) fn end(&self) -> u64 {
        self.start + u64::from(self.atoms)
    }
}

/// Where an entry goes in the graph, before it is added.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Local numbers of the deps.
    pub(super) deps: Vec<u32>,
    /// The causal past, the entry itself left out.
    pub(super) past: Past,
    /// Counter of the first op.
    pub(super) start: u64,
    /// What its author's own entries in the past amount to.
    pub(super) before: Sums,
}

/// What some entries amount to together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    /// Their atoms.
    pub(super) atoms: u64,
    /// The bytes that they count for.
    pub(super) bytes: u64,
}

impl Sums {
    const NO_SHARE_LEFT: Self = Self {
        atoms: u64::MAX,
        bytes: u64::MAX,
    };

    /// What they amount to with one entry more.
    pub(super) fn with(self, atoms: u32, bytes: u32) -> Self {
        Self {
            atoms: self.atoms.saturating_add(atoms.into()),
            bytes: self.bytes.saturating_add(bytes.into()),
        }
    }
}

/// The graph of a document's entries.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    nodes: Vec<Node>,
    numbers: BTreeMap<EntryId, u32>,
}

impl Graph {
    /// Returns the number of entries, which is also the next entry's local number.
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.nodes.len()).expect("a document has fewer than 2^32 entries")
    }

    /// Returns an entry's local number.
    pub(super) fn number(&self, id: &EntryId) -> Option<u32> {
        self.numbers.get(id).copied()
    }

    /// Returns an entry's place.
    pub(super) fn node(&self, entry: u32) -> &Node {
        &self.nodes[entry as usize]
    }

    /// Returns all places, by local number; deps stand before those that name them.
    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Computes where an entry goes that has some deps and follows its author's previous one.
    ///
    /// # Errors
    ///
    /// The deps that are not here.
    pub(super) fn place(
        &self,
        deps: &[EntryId],
        previous: Option<EntryId>,
    ) -> Result<Place, Vec<EntryId>> {
        let mut numbers = Vec::with_capacity(deps.len());
        let mut missing = Vec::new();
        for dep in deps {
            match self.number(dep) {
                Some(number) => numbers.push(number),
                None => missing.push(*dep),
            }
        }
        if !missing.is_empty() {
            return Err(missing);
        }
        let past = self.past_through(&numbers);
        let start = numbers.iter().map(|dep| self.node(*dep).end()).max();
        Ok(Place {
            before: previous.map_or_else(Sums::default, |previous| self.own_of(&previous, &past)),
            start: start.unwrap_or(1),
            deps: numbers,
            past,
        })
    }

    /// Adds an entry where [`Graph::place`] put it.
    pub(super) fn add(&mut self, id: EntryId, atoms: u32, bytes: u32, place: Place) -> u32 {
        let number = self.len();
        self.numbers.insert(id, number);
        self.nodes.push(Node {
            id,
            deps: place.deps,
            start: place.start,
            atoms,
            own: place.before.with(atoms, bytes),
            past: Some(place.past).filter(|past| past.spans().len() <= SPANS_KEPT_MAX),
        });
        number
    }

    /// Returns an entry's past where it is kept.
    pub(super) fn kept_past(&self, entry: u32) -> Option<&Past> {
        self.node(entry).past.as_ref()
    }

    /// Returns an entry's past.
    pub(super) fn past_of(&self, entry: u32) -> Past {
        match &self.node(entry).past {
            Some(past) => past.clone(),
            None => self.past_through(&self.node(entry).deps),
        }
    }

    /// Tells whether one entry is in another's past.
    pub(super) fn precedes(&self, one: u32, other: u32) -> bool {
        match &self.node(other).past {
            Some(past) => past.contains(one),
            None => self.past_of(other).contains(one),
        }
    }

    /// Chooses at most `most` entries to name as deps, so that everything needed is in their past
    /// or among them: heads, the newest first. Returns `None` where that does not go.
    pub(super) fn choose_deps(
        &self,
        mut heads: Vec<u32>,
        needed: &[u32],
        most: usize,
    ) -> Option<Vec<u32>> {
        heads.sort_by_key(|head| std::cmp::Reverse(self.node(*head).end()));
        let mut chosen = Vec::new();
        if heads.len() <= most {
            chosen.append(&mut heads);
        }
        let covers = |chosen: &[u32], entry: u32| {
            let mut chosen = chosen.iter();
            chosen.any(|dep| *dep == entry || self.precedes(entry, *dep))
        };
        for entry in needed {
            if covers(&chosen, *entry) {
                continue;
            }
            let mut covering = heads.iter().filter(|head| covers(&[**head], *entry));
            chosen.push(covering.next().copied().unwrap_or(*entry));
            if chosen.len() > most {
                return None;
            }
        }
        let room = most - chosen.len();
        heads.retain(|head| !chosen.contains(head));
        chosen.extend(heads.into_iter().take(room));
        Some(chosen)
    }

    /// Returns some entries and everything in their pasts.
    pub(super) fn past_through(&self, entries: &[u32]) -> Past {
        let kept: Option<Vec<&Past>> = entries
            .iter()
            .map(|entry| self.node(*entry).past.as_ref())
            .collect();
        let Some(kept) = kept else {
            return self.walk(entries);
        };
        let mut past = Past::default();
        for (entry, its) in entries.iter().zip(kept) {
            past.add(its);
            past.insert(*entry);
        }
        past
    }

    /// Does what `past_through` does by walking back, where pasts were not kept.
    fn walk(&self, entries: &[u32]) -> Past {
        let mut reached = vec![false; self.nodes.len()];
        let mut open = entries.to_vec();
        while let Some(entry) = open.pop() {
            if std::mem::replace(&mut reached[entry as usize], true) {
                continue;
            }
            match &self.node(entry).past {
                Some(past) => {
                    for (start, end) in past.spans() {
                        reached[start as usize..end as usize].fill(true);
                    }
                }
                None => open.extend_from_slice(&self.node(entry).deps),
            }
        }
        let reached = (0u32..).zip(reached).filter(|(_, reached)| *reached);
        reached.map(|(entry, _)| entry).collect()
    }

    /// What an author's entries amount to up to its previous one. Who leaves it out of the past, and
    /// could so count from nothing again, has no share left.
    fn own_of(&self, previous: &EntryId, past: &Past) -> Sums {
        let number = self.number(previous);
        let number = number.filter(|number| past.contains(*number));
        number.map_or(Sums::NO_SHARE_LEFT, |number| self.node(number).own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u32) -> EntryId {
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(&number.to_be_bytes());
        EntryId(bytes)
    }

    /// Two chains that never see each other, added in turns: every second entry is in a past.
    fn braid(length: u32) -> Graph {
        let mut graph = Graph::default();
        for number in 0..length {
            let deps = match number {
                0 => vec![],
                1 => vec![id(0)],
                _ => vec![id(number - 2)],
            };
            let previous = deps.last().copied();
            let place = graph.place(&deps, previous).expect("deps stand before");
            graph.add(id(number), 2, 300, place);
        }
        graph
    }

    #[test]
    fn a_past_holds_exactly_what_can_be_reached() {
        let graph = braid(400);
        let odd = graph.past_of(399);
        let even = graph.past_of(398);
        for entry in 1..399 {
            assert_eq!(odd.contains(entry), entry % 2 == 1, "{entry}");
        }
        for entry in 1..398 {
            assert_eq!(even.contains(entry), entry % 2 == 0, "{entry}");
        }
        assert!(odd.contains(0) && even.contains(0));
        assert!(graph.node(399).past.is_none(), "too many spans to keep");
        let both = graph.place(&[id(398), id(399)], Some(id(399)));
        let both = both.expect("both are here");
        assert_eq!(both.past.spans().collect::<Vec<_>>(), [(0, 400)]);
        // The odd ones, and the first.
        let own = Sums {
            atoms: 402,
            bytes: 60_300,
        };
        assert_eq!(both.before, own);
        let even = graph.place(&[id(398)], Some(id(399)));
        let without = even.expect("it is here").before;
        assert_eq!(without, Sums::NO_SHARE_LEFT, "not in the past");
    }

    #[test]
    fn ops_begin_after_those_of_every_dep() {
        let graph = braid(6);
        assert_eq!(graph.node(0).start, 1);
        assert_eq!(graph.node(1).start, 3);
        assert_eq!(graph.node(2).start, 3);
        assert_eq!(graph.node(5).start, 7);
        let place = graph.place(&[id(1), id(4)], None).expect("both are here");
        assert_eq!(place.start, 7);
        assert_eq!(
            graph.place(&[id(1), id(77)], None).expect_err("missing"),
            [id(77)]
        );
    }
}
