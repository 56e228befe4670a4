//! The judge of one statement: is the author who it says, did the right it names exist where it
//! stood, does it lie within every limit of its log?
//!
//! What each right allows is the table in `rights`. The judge reads powers that stronger statements
//! have built; who builds them in which order is the business of `fold` and `quorum`.

use super::cut::{Cut, Limit, Rank, Side, deciding, side};
use super::graph::{Broken, Content, Ix, Node};
use super::past::Past;
use super::powers::{Ground, Powers, offices};
use super::{OFFICES_FOR_QUORUM, Reason};
use crate::id::{DeviceId, EntryId, MemberId};
use crate::statement::{Act, Authority, MemberKind, Role};
use crate::switches::{Rule, Switches};

/// Whether a statement counts, and why not.
pub(super) type Judgement = Result<(), Reason>;

/// Where a statement stands: in its log, and among the statements that its author had seen.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// `None` for a statement that is not written yet.
    pub(super) node: Option<Ix>,
    pub(super) device: DeviceId,
    pub(super) member: Option<MemberId>,
    pub(super) seq: u64,
    pub(super) lane: Option<u32>,
    pub(super) past: &'a Past,
}

impl<'a> Place<'a> {
    pub(super) fn of(ix: Ix, node: &'a Node) -> Self {
        Self {
            node: Some(ix),
            device: node.device,
            member: node.member,
            seq: node.seq,
            lane: Some(node.lane),
            past: &node.closure,
        }
    }
}

/// In which capacity a statement is made.
#[derive(Clone, Copy)]
pub(super) enum Issuer<'a> {
    Quorum,
    Founder,
    Member(MemberKind),
    Holder { appointment: Ix, role: &'a Role },
}

/// Everything that a judgement reads.
#[derive(Clone, Copy)]
pub(super) struct Judge<'a> {
    pub(super) ground: Ground<'a>,
    pub(super) switches: Switches,
    pub(super) powers: &'a Powers,
    /// Judgements so far; a statement's right is always judged before the statement.
    pub(super) judgements: &'a [Option<Judgement>],
    /// The past to which cuts of devices are confined; `None` for all that are held.
    pub(super) view: Option<&'a Past>,
}

impl<'a> Judge<'a> {
    /// Judges a statement of the graph, enactments excepted.
    pub(super) fn statement(&self, ix: Ix) -> Judgement {
        let node = self.ground.graph.node(ix);
        match &node.content {
            Content::Join => self.is_whole(node),
            Content::Unknown => Err(Reason::Suspended),
            // Signed with a member's own key: it speaks for itself, whoever carries it.
            Content::Known { act, .. } if speaks_for_itself(act) && node.sound => Ok(()),
            Content::Known { authority, act } => {
                self.is_whole(node)?;
                if matches!(**act, Act::Found(_)) {
                    return Ok(());
                }
                self.act(&Place::of(ix, node), authority, act)
            }
        }
    }

    /// Checks what needs no other statement.
    pub(super) fn is_whole(&self, node: &Node) -> Judgement {
        match node.broken {
            Some(Broken::Retreat) => Err(Reason::SeenBackwards),
            Some(Broken::NoStatement) => Err(Reason::SeenNoStatement),
            None if !node.sound => Err(Reason::Unsound),
            None => Ok(()),
        }
    }

    /// Judges an act at a place by the right it claims.
    pub(super) fn act(&self, place: &Place<'_>, authority: &Authority, act: &Act) -> Judgement {
        if speaks_for_itself(act) {
            return Ok(());
        }
        let member = place.member.ok_or(Reason::NoMember)?;
        let issuer = self.issuer(place, &member, authority)?;
        self.is_certified(place, &member)?;
        self.is_within(place, self.limit(place.device, &member, authority))?;
        self.may(place, issuer, act)
    }

    /// Finds the capacity that an authority gives to a member at a place.
    fn issuer(
        &self,
        place: &Place<'_>,
        member: &MemberId,
        authority: &Authority,
    ) -> Result<Issuer<'a>, Reason> {
        match authority {
            Authority::Founder => {
                let graph = self.ground.graph;
                let founded = graph.founding.iter().any(|&ix| self.seen(ix, place.past));
                match (founded, graph.founder == Some(*member)) {
                    (true, true) => Ok(Issuer::Founder),
                    (true, false) => Err(Reason::NoRight),
                    (false, _) => Err(Reason::RightUnknown),
                }
            }
            Authority::Member { admission } => {
                let source = self.source(place, admission)?;
                let kind = self.ground.admits(source, member);
                kind.map(Issuer::Member).ok_or(Reason::NoRight)
            }
            Authority::Grant { appointment } => {
                let source = self.source(place, appointment)?;
                match self.ground.appoints(source) {
                    Some((holder, role)) if holder == member => Ok(Issuer::Holder {
                        appointment: source,
                        role,
                    }),
                    _ => Err(Reason::NoRight),
                }
            }
        }
    }

    /// Finds the counting statement in the author's past that gave the right.
    fn source(&self, place: &Place<'_>, id: &EntryId) -> Result<Ix, Reason> {
        let ix = self.ground.graph.find(id).ok_or(Reason::RightUnknown)?;
        if !self.seen(ix, place.past) {
            return Err(Reason::RightUnknown);
        }
        match self.judgements.get(ix).and_then(Option::as_ref) {
            Some(Ok(())) => Ok(ix),
            Some(Err(Reason::Suspended)) => Err(Reason::Suspended),
            Some(Err(_)) | None => Err(Reason::RightExcluded { right: *id }),
        }
    }

    pub(super) fn is_certified(&self, place: &Place<'_>, member: &MemberId) -> Judgement {
        let certificates = &self.ground.graph.certificates;
        certificates
            .get(&(place.device, *member))
            .is_some_and(|of| of.iter().any(|&ix| self.seen(ix, place.past)))
            .then_some(())
            .ok_or(Reason::NotCertified)
    }

    /// Finds the limit of a log that decides about statements made by a right.
    pub(super) fn limit(
        &self,
        device: DeviceId,
        member: &MemberId,
        authority: &Authority,
    ) -> Option<Limit> {
        let source = match authority {
            // Once the quorum has succeeded the founder, it alone has said where the founder's own
            // right ends; the founder's household cannot take back what stewards stand on.
            Authority::Founder => match self.founder_cut() {
                Some(cut) => return Some(cut.limit(&device)),
                None => return deciding(self.switches, self.device_cuts(device, member)),
            },
            Authority::Member { admission: source }
            | Authority::Grant {
                appointment: source,
            } => self.ground.graph.find(source),
        };
        let role_cuts = source.and_then(|source| {
            let appointment = self.ground.canonical(source);
            self.powers.role_cuts.get(&appointment)
        });
        let cuts = self
            .powers
            .removals_of(self.ground, member, source)
            .chain(role_cuts.into_iter().flatten())
            .map(|cut| cut.limit(&device));
        deciding(self.switches, cuts.chain(self.device_cuts(device, member)))
    }

    pub(super) fn founder_cut(&self) -> Option<&'a Cut> {
        self.ground.chain.first()?.founder_cut.as_ref()
    }

    /// Limits that the member itself has set to the device.
    pub(super) fn device_cuts(
        &self,
        device: DeviceId,
        member: &MemberId,
    ) -> impl Iterator<Item = Limit> {
        let graph = self.ground.graph;
        let cuts = graph.device_cuts.get(&(device, *member));
        cuts.into_iter()
            .flatten()
            .filter(move |cut| {
                self.view
                    .is_none_or(|view| graph.lies_in(cut.carrier, view))
            })
            .map(move |cut| Limit {
                rank: Rank::Own,
                cut: graph.node(cut.carrier).id,
                node: cut.carrier,
                tip: cut.tip,
                spares_past: false,
            })
    }

    fn is_within(&self, place: &Place<'_>, limit: Option<Limit>) -> Judgement {
        let Some(limit) = limit else {
            return Ok(());
        };
        if !self.switches.holds(Rule::R7) {
            return Err(Reason::BeyondCut { cut: limit.cut });
        }
        match side(self.ground.graph, &limit, place.node, place.seq) {
            Side::Within => Ok(()),
            Side::Beyond => Err(Reason::BeyondCut { cut: limit.cut }),
            Side::ChainMissing(tip) => Err(Reason::ChainMissing { tip }),
        }
    }

    /// Tells whether the founder still acts alone at a past.
    pub(super) fn founder_is_alone(&self, past: &Past) -> bool {
        offices(&self.powers.seats(self.ground, past)).len() < OFFICES_FOR_QUORUM
    }

    /// Judges whether a statement speaks as a steward, for the quorum.
    pub(super) fn as_steward(&self, ix: Ix) -> Result<MemberId, Reason> {
        let node = self.ground.graph.node(ix);
        self.is_whole(node)?;
        let place = Place::of(ix, node);
        let member = node.member.ok_or(Reason::NoMember)?;
        let Some(authority @ Authority::Grant { appointment }) = node.authority() else {
            return Err(Reason::NoRight);
        };
        let graph = self.ground.graph;
        let source = graph.find(appointment).ok_or(Reason::RightUnknown)?;
        if !self.seen(source, place.past) {
            return Err(Reason::RightUnknown);
        }
        if !self
            .powers
            .stewards
            .contains(&self.ground.canonical(source))
        {
            return Err(Reason::RightExcluded {
                right: *appointment,
            });
        }
        let (holder, _) = self.ground.appoints(source).ok_or(Reason::NoRight)?;
        if *holder != member {
            return Err(Reason::NoRight);
        }
        self.is_certified(&place, &member)?;
        self.is_within(&place, self.limit(node.device, &member, authority))?;
        Ok(member)
    }

    pub(super) fn seen(&self, ix: Ix, past: &Past) -> bool {
        !self.switches.holds(Rule::R7) || self.ground.seen(ix, past)
    }
}

/// Whether an act is signed with a member's own key, so that it does not matter who carries it.
pub(super) fn speaks_for_itself(act: &Act) -> bool {
    matches!(act, Act::Enrol { .. } | Act::CutDevice(_))
}
