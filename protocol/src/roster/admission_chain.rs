//! Admission chains: what a member's device or a relay shows to somebody who does not know it yet
//! (rule R21).
//!
//! The chain holds the statements from the founding to the device's own certificate, without what
//! their authors had seen besides. It proves that somebody with the right admitted the member; it
//! does not prove that nobody removed it since, which only the whole roster tells. Nor does it prove
//! that acts of the quorum were: it shows that stewards say so, who could admit on their own.

use std::collections::BTreeSet;

use thiserror::Error;

use super::fold::Fold;
use super::graph::{Graph, Ix, Node};
use super::judge::{Judgement, speaks_for_itself};
use super::powers::Ground;
use super::{Reason, Roster, StatementEntry};
use crate::id::{DeviceId, EntryId, MemberId};
use crate::statement::Act;

/// Why an admission chain does not introduce a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ChainError {
    /// The chain does not make the device one of a member.
    #[error("the admission chain does not admit the device")]
    NotAdmitted,
    /// The member has been removed, or the device cut, as is known here.
    #[error("the device or its household has been removed")]
    Removed,
}

impl Roster {
    /// Returns the statements that introduce a member's device, the founding first. `None` when
    /// the device is not certified or the member not admitted.
    pub fn admission_chain(&self, member: &MemberId, device: DeviceId) -> Option<Vec<EntryId>> {
        let admissions = self.fold.powers.admissions.get(member)?.iter().copied();
        let standing = admissions
            .filter(|&ix| {
                self.fold
                    .powers
                    .stands(self.ground(), member, ix, self.now())
            })
            .min_by_key(|&ix| self.order(ix))?;
        Some(self.chain_to(vec![standing, self.certificate(device, member, None)?]))
    }

    /// Returns the statements that introduce a relay, the founding first. `None` when it is not in
    /// service.
    pub fn relay_chain(&self, device: DeviceId) -> Option<Vec<EntryId>> {
        let relay = self.relays().into_iter().find(|relay| relay.id == device)?;
        Some(self.chain_to(vec![self.graph.find(&relay.certificate)?]))
    }

    /// Returns statements with all that is needed to judge them, each after what it needs.
    fn chain_to(&self, mut queue: Vec<Ix>) -> Vec<EntryId> {
        let mut needed = BTreeSet::new();
        queue.extend(self.graph.founding.first());
        while let Some(ix) = queue.pop() {
            if needed.insert((self.graph.node(ix).generation, ix)) {
                queue.extend(self.chain_needs(ix));
            }
        }
        let chain = needed.into_iter();
        chain.map(|(_, ix)| self.graph.node(ix).id).collect()
    }

    /// Judges the admission chain of a member's device, or of a relay, that is not known here.
    /// Statements that are held are judged with everything that is held; the others by the chain
    /// alone, as if each had seen those before it, and not beyond cuts that are held. Acts of the
    /// quorum that are not held are believed when stewards moved and enacted them.
    ///
    /// Of each statement only name, header and content are looked at. That the headers are signed
    /// is the caller's business.
    ///
    /// # Errors
    ///
    /// [`ChainError`] says why the device stays a stranger.
    pub fn introduces(
        &self,
        chain: &[StatementEntry],
        member: Option<MemberId>,
        device: DeviceId,
    ) -> Result<(), ChainError> {
        let mut graph = Graph::new(self.space(), self.switches);
        let mut earlier: Option<EntryId> = None;
        for entry in chain {
            if graph.holds(&entry.id) {
                continue;
            }
            graph.insert(StatementEntry {
                previous: None,
                steps: vec![earlier.into_iter().collect()],
                sound: self.is_sound(&entry.id),
                ..entry.clone()
            });
            earlier = Some(entry.id);
        }
        let held = |node: &Node| self.judgement(&node.id).or_else(|| self.known_cut(node));
        let fold = Fold::believing(&graph, self.switches, held);
        let Some(member) = member else {
            return self.introduces_relay(&fold, device);
        };
        let ground = Ground {
            graph: &graph,
            chain: &[],
        };
        let certified = graph.certificates.contains_key(&(device, member));
        let mut admissions = fold.powers.admissions.get(&member).into_iter().flatten();
        let admitted =
            admissions.any(|&ix| fold.powers.stands(ground, &member, ix, graph.everything()));
        if !certified || !admitted {
            return Err(ChainError::NotAdmitted);
        }
        let removed = self.member(&member).is_some_and(|of| of.removed.is_some());
        let cut = self
            .device(device, &member)
            .is_some_and(|of| of.cut.is_some());
        if removed || cut {
            return Err(ChainError::Removed);
        }
        Ok(())
    }

    /// Whether a statement that is not held lies beyond a cut that is: who has lost a right does
    /// not introduce anybody by it any more.
    fn known_cut(&self, node: &Node) -> Option<Judgement> {
        // What a member's own key signed speaks for itself, whoever carries it.
        if node.act().is_none_or(speaks_for_itself) {
            return None;
        }
        let limit = self
            .judge()
            .limit(node.device, node.member.as_ref()?, node.authority()?)?;
        let beyond = limit.tip.is_none_or(|tip| node.seq > tip.seq);
        beyond.then_some(Err(Reason::BeyondCut { cut: limit.cut }))
    }

    fn introduces_relay(&self, chain: &Fold, device: DeviceId) -> Result<(), ChainError> {
        if !chain.shown.relays.contains_key(&device) {
            return Err(ChainError::NotAdmitted);
        }
        let in_service = self.relays().iter().any(|relay| relay.id == device);
        let known = self.fold.shown.relays.contains_key(&device);
        if known && !in_service {
            return Err(ChainError::Removed);
        }
        Ok(())
    }

    fn certificate(&self, device: DeviceId, member: &MemberId, seen_by: Option<Ix>) -> Option<Ix> {
        let carriers = self.graph.certificates.get(&(device, *member))?;
        let carriers = carriers.iter().copied().filter(|&ix| {
            seen_by.is_none_or(|by| self.graph.lies_in(ix, &self.graph.node(by).closure))
        });
        carriers.min_by_key(|&ix| (self.graph.node(ix).generation, self.graph.node(ix).id))
    }

    /// Statements without which a statement of the chain cannot be judged.
    fn chain_needs(&self, ix: Ix) -> Vec<Ix> {
        let node = self.graph.node(ix);
        let mut needs: Vec<Ix> = Vec::new();
        match node.act() {
            Some(Act::Found(_)) | None => return needs,
            Some(Act::Enrol { certificate }) => {
                let admissions = self.fold.powers.admissions.get(&certificate.member);
                let admissions = admissions.into_iter().flatten().copied();
                return admissions
                    .min_by_key(|&ix| self.order(ix))
                    .into_iter()
                    .collect();
            }
            Some(Act::Enact { motion, .. }) => needs.extend(self.graph.find(motion)),
            Some(Act::Promote { member }) => {
                needs.extend(self.admission_seen_by(ix, member));
            }
            Some(Act::Appoint { .. }) => {
                if let Some((_, role)) = self.ground().appoints(ix) {
                    needs.extend(self.office_of(ix, role));
                }
            }
            _ => {}
        }
        needs.extend(self.graph.right_of(node));
        if let Some(member) = &node.member {
            needs.extend(self.certificate(node.device, member, Some(ix)));
        }
        needs
    }

    fn admission_seen_by(&self, ix: Ix, member: &MemberId) -> Option<Ix> {
        let admissions = self.graph.admissions_of.get(member)?.iter().copied();
        admissions
            .filter(|&of| self.graph.lies_in(of, &self.graph.node(ix).closure))
            .min_by_key(|&ix| self.order(ix))
    }

    fn office_of(&self, ix: Ix, role: &crate::statement::Role) -> Option<Ix> {
        use crate::statement::Role;
        let (Role::Steward { office } | Role::Spokesperson { office }) = role else {
            return None;
        };
        let added = self.fold.powers.admissions.get(office)?.iter().copied();
        added
            .filter(|&of| self.ground().seen(of, &self.graph.node(ix).closure))
            .min_by_key(|&ix| self.order(ix))
    }
}
