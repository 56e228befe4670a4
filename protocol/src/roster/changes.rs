//! Changes: what the roster's owner has to look at again after statements arrived.
//!
//! It compares results, not causes, and never says more than that something may differ.

use std::collections::{BTreeMap, BTreeSet};

use super::fold::Fold;
use super::graph::Ix;
use super::powers::Ground;
use super::{InsertError, Roster};
use crate::id::{DocumentId, EntryId, MemberId};
use crate::statement::Act;

/// What a change of the roster has brought about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Statements and joins whose pasts are held now: whatever was pending on them can be asked
    /// about again.
    pub arrived: Vec<EntryId>,
    /// Members about whom earlier answers may have changed: verdicts on their entries, standings.
    pub members: BTreeSet<MemberId>,
    /// Documents whose closings or retirements have changed.
    pub documents: BTreeSet<DocumentId>,
    /// Statements that were not taken.
    pub refused: Vec<(EntryId, InsertError)>,
}

impl Roster {
    /// Carries out a change; folds everything again when it says that the fold is stale.
    pub(super) fn change(&mut self, act: impl FnOnce(&mut Self, &mut Changes) -> bool) -> Changes {
        let mut changes = Changes::default();
        let stale = act(self, &mut changes);
        if stale {
            let fold = Fold::full(&self.graph, self.switches);
            let before = std::mem::replace(&mut self.fold, fold);
            self.compare(&before, &mut changes);
        }
        self.note_arrivals(&mut changes);
        changes
    }

    /// Returns what has to be looked at again when this roster takes the place of another, or
    /// another takes its place: everybody and everything.
    pub(crate) fn everything(&self) -> Changes {
        let (powers, shown) = (&self.fold.powers, &self.fold.shown);
        let members = powers.admissions.keys().chain(powers.appointments.keys());
        let records = powers.records.made.iter();
        let proxies = records.flat_map(|record| powers.records.named_by(&self.graph, *record));
        Changes {
            members: members.copied().chain(proxies).collect(),
            documents: (shown.closings.keys().chain(shown.retirements.keys()))
                .copied()
                .collect(),
            ..Changes::default()
        }
    }

    fn note_arrivals(&self, changes: &mut Changes) {
        for id in &changes.arrived {
            let act = self.graph.find(id).and_then(|ix| self.graph.node(ix).act());
            match act {
                Some(Act::CutDevice(cut)) => {
                    changes.members.insert(cut.member);
                }
                Some(Act::EndRecord { record, .. }) => {
                    changes.members.extend(self.touched_by_end(record));
                }
                Some(Act::Close { document, .. }) => {
                    changes.documents.insert(*document);
                }
                Some(Act::Retire { documents }) => changes.documents.extend(documents),
                _ => {}
            }
        }
    }

    fn compare(&self, before: &Fold, changes: &mut Changes) {
        let (old, new) = (&before.powers, &self.fold.powers);
        let members = &mut changes.members;
        members.extend(different(&old.admissions, &new.admissions, sorted));
        members.extend(different(&old.appointments, &new.appointments, sorted));
        members.extend(different(&old.removals, &new.removals, |cuts| {
            sorted_by(cuts, |cut| cut.id)
        }));
        let ground = Ground {
            graph: &self.graph,
            chain: &self.fold.chain.links,
        };
        let cut = different(&old.role_cuts, &new.role_cuts, |cuts| {
            sorted_by(cuts, |cut| cut.id)
        });
        members.extend(
            cut.filter_map(|appointment| ground.appoints(appointment))
                .map(|of| *of.0),
        );
        let (old, new) = (&old.records, &new.records);
        members.extend(different(&old.grants, &new.grants, sorted));
        let ended = different(&old.ends, &new.ends, |ends| {
            sorted_by(ends, |end| end.cut.id)
        });
        members.extend(ended.flat_map(|record| new.named_by(&self.graph, record)));
        // Whom others named falls and returns with the record, too.
        for record in old.made.symmetric_difference(&new.made) {
            members.extend(old.named_by(&self.graph, *record));
            members.extend(new.named_by(&self.graph, *record));
        }
        let (old, new) = (&before.shown, &self.fold.shown);
        let documents = &mut changes.documents;
        documents.extend(different(&old.closings, &new.closings, sorted));
        documents.extend(different(&old.retirements, &new.retirements, sorted));
    }
}

fn sorted(list: &[Ix]) -> Vec<Ix> {
    let mut list = list.to_vec();
    list.sort_unstable();
    list
}

fn sorted_by<T, K: Ord>(list: &[T], key: impl Fn(&T) -> K) -> Vec<K> {
    let mut keys: Vec<K> = list.iter().map(key).collect();
    keys.sort_unstable();
    keys
}

/// Keys whose values differ, where a missing one is empty.
fn different<'a, K: Ord + Copy, T, S: PartialEq>(
    old: &'a BTreeMap<K, Vec<T>>,
    new: &'a BTreeMap<K, Vec<T>>,
    sorted: impl Fn(&[T]) -> S + 'a,
) -> impl Iterator<Item = K> + 'a {
    let value = |map: &'a BTreeMap<K, Vec<T>>, key: &K| map.get(key).map_or(&[][..], Vec::as_slice);
    let keys: BTreeSet<K> = old.keys().chain(new.keys()).copied().collect();
    keys.into_iter()
        .filter(move |key| sorted(value(old, key)) != sorted(value(new, key)))
}
