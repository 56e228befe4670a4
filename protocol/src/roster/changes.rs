//! Changes: what the roster's owner has to look at again after statements arrived.
//!
//! It compares results, not causes, and never says more than that something may differ.

use std::collections::BTreeSet;

use super::fold::Fold;
use super::graph::{Graph, Ix};
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

/// What answers about members and documents rest on, by the names of statements: a set of which
/// two can be compared, whatever graphs they were read from.
#[derive(Debug, Default, PartialEq, Eq)]
struct Grounds {
    members: BTreeSet<(MemberId, What, EntryId)>,
    documents: BTreeSet<(DocumentId, What, EntryId)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Certificate,
    DeviceCut,
    Admission,
    Appointment,
    RoleCut,
    Removal,
    Grant,
    End,
    Record,
    Closing,
    Retirement,
}

impl Grounds {
    fn of(graph: &Graph, fold: &Fold) -> Self {
        let mut grounds = Self::default();
        let id = |ix: &Ix| graph.node(*ix).id;
        let (powers, shown) = (&fold.powers, &fold.shown);
        for ((_, member), carriers) in &graph.certificates {
            grounds.add(*member, What::Certificate, carriers.iter().map(id));
        }
        for ((_, member), cuts) in &graph.device_cuts {
            let carriers = cuts.iter().map(|cut| id(&cut.carrier));
            grounds.add(*member, What::DeviceCut, carriers);
        }
        for (member, list) in &powers.admissions {
            grounds.add(*member, What::Admission, list.iter().map(id));
        }
        for (member, list) in &powers.appointments {
            grounds.add(*member, What::Appointment, list.iter().map(id));
        }
        for (member, cuts) in &powers.removals {
            grounds.add(*member, What::Removal, cuts.iter().map(|cut| cut.id));
        }
        let ground = Ground {
            graph,
            chain: &fold.chain.links,
        };
        for (&appointment, cuts) in &powers.role_cuts {
            if let Some((member, _)) = ground.appoints(appointment) {
                grounds.add(*member, What::RoleCut, cuts.iter().map(|cut| cut.id));
            }
        }
        for (member, list) in &powers.records.grants {
            grounds.add(*member, What::Grant, list.iter().map(id));
        }
        // Whom others named falls and returns with the record, too.
        for &record in &powers.records.made {
            let ends = powers.records.ends.get(&record);
            let ends = ends.map_or(&[][..], Vec::as_slice);
            for member in powers.records.named_by(graph, record) {
                grounds.add(member, What::Record, [id(&record)]);
                grounds.add(member, What::End, ends.iter().map(|end| end.cut.id));
            }
        }
        let documents = &mut grounds.documents;
        for (document, list) in &shown.closings {
            documents.extend(list.iter().map(|ix| (*document, What::Closing, id(ix))));
        }
        for (document, list) in &shown.retirements {
            documents.extend(list.iter().map(|ix| (*document, What::Retirement, id(ix))));
        }
        grounds
    }

    fn add(&mut self, member: MemberId, what: What, ids: impl IntoIterator<Item = EntryId>) {
        let ids = ids.into_iter();
        self.members.extend(ids.map(|id| (member, what, id)));
    }

    /// Notes whom and what the differences to other grounds concern.
    fn compare(&self, other: &Self, changes: &mut Changes) {
        let members = self.members.symmetric_difference(&other.members);
        changes.members.extend(members.map(|ground| ground.0));
        let documents = self.documents.symmetric_difference(&other.documents);
        changes.documents.extend(documents.map(|ground| ground.0));
    }
}

impl Roster {
    /// Carries out a change; folds everything again when it says that the fold is stale.
    pub(super) fn change(&mut self, act: impl FnOnce(&mut Self, &mut Changes) -> bool) -> Changes {
        let mut changes = Changes::default();
        let stale = act(self, &mut changes);
        if stale {
            let before = Grounds::of(&self.graph, &self.fold);
            self.fold = Fold::full(&self.graph, self.switches);
            Grounds::of(&self.graph, &self.fold).compare(&before, &mut changes);
        }
        self.note_arrivals(&mut changes);
        changes
    }

    /// Returns what has to be looked at again when this roster takes the place of another.
    pub(crate) fn compared_with(&self, before: &Self) -> Changes {
        let mut changes = Changes::default();
        let before = Grounds::of(&before.graph, &before.fold);
        Grounds::of(&self.graph, &self.fold).compare(&before, &mut changes);
        changes
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
}
