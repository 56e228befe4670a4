//! Facts that need no judging: what statements in the graph carry, whoever made them, and whether
//! the signatures inside them hold.
//!
//! Facts only ever grow. Who may rely on one is asked elsewhere, by whether it lies in a past.

use super::StatementEntry;
use super::graph::{Content, Graph, Ix, Node};
use crate::id::SpaceId;
use crate::key::PublicKey;
use crate::limits;
use crate::statement::{Act, Admission, Authority, Certificate, DeviceCut, Statement, Tip};
use crate::switches::{Rule, Switches};

/// A cut of a device that its own member has signed.
#[derive(Clone, Copy, Debug)]
pub(super) struct DeviceLimit {
    /// `None` when nothing of the device counts.
    pub(super) tip: Option<Tip>,
    /// The statement that carries the cut.
    pub(super) carrier: Ix,
}

/// One use of an invitation in a lane.
#[derive(Clone, Copy, Debug)]
pub(super) struct InvitationCount {
    /// Position in the lane.
    pub(super) index: u32,
    /// The greatest number used up to here.
    pub(super) greatest: u32,
    /// The least and the most uses that a statement up to here claims the invitation to have. They
    /// are equal in an honest log; which of several stands first in a lane is not asked, because
    /// lanes of a forked log begin where arrival has it.
    pub(super) least_uses: u32,
    pub(super) most_uses: u32,
}

impl Graph {
    pub(super) fn note_facts(&mut self, ix: Ix, right: Option<Ix>) {
        let node = self.nodes[ix].clone();
        if matches!(node.content, Content::Unknown) && !self.is_implied(&self.unknown, &node) {
            self.unknown.push(ix);
        }
        let Content::Known { authority, act } = &node.content else {
            return;
        };
        let tips = tips_of(act);
        self.placing.extend(tips.iter().map(|tip| tip.entry));
        self.tips.extend(tips);
        if let Some(right) = right {
            self.acting_under.entry(right).or_default().push(ix);
        }
        if *authority == Authority::Founder && !matches!(**act, Act::Found(_)) {
            self.founder_acts.push(ix);
        }
        if !node.sound {
            return;
        }
        match &**act {
            Act::Found(founding) => {
                self.founding.push(ix);
                self.founder = Some(founding.certificate.member);
                self.note_certificate(ix, &founding.certificate);
            }
            Act::Admit(admission) => {
                self.note_admission(ix, admission);
                self.note_use(&node, admission);
            }
            Act::Enrol { certificate } => self.note_certificate(ix, certificate),
            Act::CutDevice(cut) => self.note_device_cut(ix, &node, cut),
            Act::Remove { member, .. } => {
                self.removals_of.insert(*member);
            }
            Act::Enact { .. } => self.enactments.push(ix),
            Act::CertifyRelay { device, .. } => {
                self.relays.entry(*device).or_default().push(ix);
            }
            Act::Move { act, .. } => match &**act {
                Act::Admit(admission) => self.note_admission(ix, admission),
                Act::Remove { member, .. } => {
                    self.removals_of.insert(*member);
                }
                _ => {}
            },
            _ => {}
        }
    }

    fn note_admission(&mut self, ix: Ix, admission: &Admission) {
        let member = admission.certificate.member;
        self.admissions_of.entry(member).or_default().push(ix);
        self.note_certificate(ix, &admission.certificate);
    }

    fn note_certificate(&mut self, ix: Ix, certificate: &Certificate) {
        let key = (certificate.device, certificate.member);
        let carriers = self.certificates.get(&key).map_or(&[][..], Vec::as_slice);
        if !self.is_implied(carriers, &self.nodes[ix]) {
            self.certificates.entry(key).or_default().push(ix);
        }
    }

    fn note_device_cut(&mut self, ix: Ix, node: &Node, cut: &DeviceCut) {
        let cuts = self
            .device_cuts
            .entry((cut.device, cut.member))
            .or_default();
        let same = cuts.iter().filter(|earlier| earlier.tip == cut.tip);
        let carriers: Vec<Ix> = same.map(|earlier| earlier.carrier).collect();
        cuts.push(DeviceLimit {
            tip: cut.tip,
            carrier: ix,
        });
        if self.is_implied(&carriers, node)
            && let Some(cuts) = self.device_cuts.get_mut(&(cut.device, cut.member))
        {
            cuts.pop();
        }
    }

    /// Whether whoever has seen the statement has seen one of the others too. Facts that anybody
    /// can repeat are kept once for each past that they add to, or repeating them would slow
    /// everybody down.
    fn is_implied(&self, others: &[Ix], node: &Node) -> bool {
        others.iter().any(|&ix| self.lies_in(ix, &node.closure))
    }

    fn note_use(&mut self, node: &Node, admission: &Admission) {
        let (Some(inviter), Some(used)) = (node.member, &admission.invitation) else {
            return;
        };
        let uses = self
            .invitations
            .entry((inviter, used.invitation))
            .or_default()
            .entry(node.lane)
            .or_default();
        let last = uses.last().copied();
        uses.push(InvitationCount {
            index: node.index,
            greatest: last.map_or(0, |last| last.greatest).max(used.number),
            least_uses: last.map_or(u32::MAX, |last| last.least_uses).min(used.uses),
            most_uses: last.map_or(0, |last| last.most_uses).max(used.uses),
        });
    }

    /// Tells whether a statement is the first in its past to carry a cut of a device.
    pub(super) fn is_new_cut(&self, ix: Ix, cut: &DeviceCut) -> bool {
        let cuts = self.device_cuts.get(&(cut.device, cut.member));
        cuts.is_some_and(|cuts| cuts.iter().any(|cut| cut.carrier == ix))
    }
}

/// Tips on which it may hang whether statements count.
pub(crate) fn tips_of(act: &Act) -> Vec<Tip> {
    match act {
        Act::CutRole { tips, .. } | Act::Remove { tips, .. } => tips.named.clone(),
        Act::Enact { founder_tips, .. } => {
            let named = founder_tips.as_ref().map(|tips| tips.named.clone());
            named.unwrap_or_default()
        }
        Act::CutDevice(cut) => cut.tip.into_iter().collect(),
        Act::Tips { tips } => tips.clone(),
        Act::Move { act, .. } => tips_of(act),
        _ => Vec::new(),
    }
}

/// Checks signatures and keys inside a statement: facts that cost far more than the rest.
pub(super) fn is_sound(space: SpaceId, switches: Switches, entry: &StatementEntry) -> bool {
    let Some(Statement::Known { authority, act }) = &entry.statement else {
        return true;
    };
    if let Act::Found(founding) = act {
        // Anybody can copy a founding statement; it founds as its founder's first word only.
        let Certificate { device, member, .. } = founding.certificate;
        let own = entry.header.device == device && entry.header.member == Some(member);
        let first = entry.header.seq == 1 && entry.steps.iter().all(Vec::is_empty);
        let named = [Some(&founding.neighbourhood), Some(&founding.name)];
        let bounded = named
            .into_iter()
            .chain([founding.building.as_ref()])
            .flatten()
            .all(|name| name.len() <= limits::NAME_BYTES_MAX);
        if !own || !first || !bounded || *authority != Authority::Founder {
            return false;
        }
    }
    act_is_sound(space, switches, act)
}

fn act_is_sound(space: SpaceId, switches: Switches, act: &Act) -> bool {
    match act {
        Act::Found(founding) => founding.space() == space && founding.certificate.verifies(),
        Act::Admit(admission) => {
            let certificate = &admission.certificate;
            certificate.verifies()
                && (!switches.holds(Rule::R21)
                    || admission.invitation.as_ref().is_none_or(|used| {
                        used.verifies(space, certificate.member, certificate.device)
                    }))
        }
        Act::Enrol { certificate } => certificate.verifies(),
        Act::CutDevice(cut) => {
            cut.space == space
                && cut.tip.is_none_or(|tip| tip.device == cut.device)
                && cut.verifies()
        }
        Act::AddOffice { office, .. } => PublicKey::parse(&office.0).is_ok(),
        Act::CertifyRelay { device, .. } => PublicKey::parse(&device.0).is_ok(),
        Act::Move { act, .. } => act_is_sound(space, switches, act),
        _ => true,
    }
}
