//! Origins: who made a statement, by which right, and what it says. It judges nothing: a statement
//! that does not count has an origin, too.

use super::graph::Node;
use super::{Reason, Roster};
use crate::id::{DeviceId, EntryId, MemberId};
use crate::statement::{Act, Authority, Certificate, MemberKind, Role};

/// Who made a statement, and the right that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The author's device.
    pub device: DeviceId,
    /// The author.
    pub member: Option<MemberId>,
    /// By which right it says that it was made.
    pub right: Right,
}

/// A right that a statement names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Right {
    /// The founder's.
    Founder,
    /// That of being a member.
    Member(MemberKind),
    /// That of a role.
    Role {
        /// The role.
        role: Role,
        /// The statement that gave it.
        appointment: EntryId,
    },
    /// The quorum's: the statement enacts a motion.
    Quorum {
        /// The motion.
        motion: EntryId,
    },
    /// One that its author had not, or that this version does not know.
    Unknown,
}

impl Roster {
    /// Returns who made a statement, counting or not; `None` while its past is not wholly held.
    pub fn origin(&self, id: &EntryId) -> Option<Origin> {
        let node = self.graph.node(self.graph.find(id)?);
        Some(Origin {
            device: node.device,
            member: node.member,
            right: self.named_right(node),
        })
    }

    fn named_right(&self, node: &Node) -> Right {
        if let Some(Act::Enact { motion, .. }) = node.act() {
            return Right::Quorum { motion: *motion };
        }
        let source = self.graph.right_of(node);
        let (ground, member) = (self.ground(), node.member);
        let found = match node.authority() {
            Some(Authority::Founder) => Some(Right::Founder),
            Some(Authority::Member { .. }) => source
                .zip(member)
                .and_then(|(source, member)| ground.admits(source, &member))
                .map(Right::Member),
            Some(Authority::Grant { appointment }) => source
                .and_then(|source| ground.appoints(source))
                .filter(|(holder, _)| member == Some(**holder))
                .map(|(_, role)| Right::Role {
                    role: role.clone(),
                    appointment: *appointment,
                }),
            None => None,
        };
        found.unwrap_or(Right::Unknown)
    }

    /// Returns what a statement says, counting or not; `None` for a join, for a statement of a later
    /// version, and while its past is not wholly held.
    pub fn act(&self, id: &EntryId) -> Option<&Act> {
        self.graph.node(self.graph.find(id)?).act()
    }

    /// Returns the right that a capacity is, as documents name it: by the statement that gave the
    /// role, or by the founding.
    pub fn capacity_named(&self, id: &EntryId) -> Right {
        let Some(ix) = self.graph.find(id) else {
            return Right::Unknown;
        };
        if self.graph.founding.contains(&ix) {
            return Right::Founder;
        }
        let role = self.ground().appoints(ix);
        role.map_or(Right::Unknown, |(_, role)| Right::Role {
            role: role.clone(),
            appointment: *id,
        })
    }

    /// Returns a member's word that a device is its own, as a statement carries it.
    pub fn certificate_of(&self, device: DeviceId, member: &MemberId) -> Option<&Certificate> {
        let carriers = self.graph.certificates.get(&(device, *member))?;
        carriers
            .iter()
            .filter_map(|&ix| carried(self.graph.node(ix).act()?))
            .find(|certificate| (certificate.device, certificate.member) == (device, *member))
    }
}

fn carried(act: &Act) -> Option<&Certificate> {
    match act {
        Act::Found(founding) => Some(&founding.certificate),
        Act::Admit(admission) => Some(&admission.certificate),
        Act::Enrol { certificate } => Some(certificate),
        Act::Move { act, .. } => carried(act),
        _ => None,
    }
}

impl Act {
    /// Returns a stable word for what a statement does.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Found(_) => "found",
            Self::Admit(_) => "admit",
            Self::Promote { .. } => "promote",
            Self::Enrol { .. } => "enrol",
            Self::CutDevice(_) => "cut-device",
            Self::Appoint { .. } => "appoint",
            Self::CutRole { .. } => "cut-role",
            Self::Remove { .. } => "remove-household",
            Self::AddOffice { .. } => "add-office",
            Self::CertifyRelay { .. } => "certify-relay",
            Self::CutRelay { .. } => "cut-relay",
            Self::Move { .. } => "move",
            Self::CoSign { .. } => "co-sign",
            Self::Enact { .. } => "enact",
            Self::Close { .. } => "close",
            Self::Retire { .. } => "erase",
            Self::Tips { .. } => "tips",
            Self::Describe { .. } => "describe",
            Self::RecordHousehold { .. } => "record-household",
            Self::AddProxies { .. } => "add-proxies",
            Self::EndRecord { .. } => "end-record",
        }
    }

    /// Returns the reason that a statement gives.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::CutRole { reason, .. }
            | Self::Remove { reason, .. }
            | Self::CutRelay { reason, .. }
            | Self::EndRecord { reason, .. } => Some(reason),
            Self::CutDevice(cut) => cut.reason.as_deref(),
            Self::Move { act, .. } => act.reason(),
            _ => None,
        }
    }
}

impl Reason {
    /// Returns a stable word for the reason.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::SeenBackwards => "seen-backwards",
            Self::SeenNoStatement => "seen-no-statement",
            Self::Unsound => "unsound",
            Self::Limit { .. } => "limit",
            Self::NoMember => "no-member",
            Self::NotCertified => "not-certified",
            Self::NotAdmitted => "not-admitted",
            Self::RightUnknown => "right-unknown",
            Self::RightExcluded { .. } => "right-excluded",
            Self::NoRight => "no-right",
            Self::NeedsQuorum => "needs-quorum",
            Self::NotSenior => "not-senior",
            Self::WrongTarget => "wrong-target",
            Self::Removed => "removed",
            Self::Suspended => "suspended",
            Self::BeyondCut { .. } => "beyond-cut",
            Self::ChainMissing { .. } => "chain-missing",
            Self::LowCut => "low-cut",
            Self::TipsMalformed => "tips-malformed",
            Self::Invitation(_) => "invitation",
            Self::Outdone { .. } => "outdone",
            Self::ChainBroken => "chain-broken",
            Self::NotEnoughOffices { .. } => "not-enough-offices",
            Self::Forked => "forked",
            Self::Relay => "relay",
        }
    }

    /// Every word that [`Reason::word`] returns.
    pub const WORDS: &'static [&'static str] = &[
        "seen-backwards",
        "seen-no-statement",
        "unsound",
        "limit",
        "no-member",
        "not-certified",
        "not-admitted",
        "right-unknown",
        "right-excluded",
        "no-right",
        "needs-quorum",
        "not-senior",
        "wrong-target",
        "removed",
        "suspended",
        "beyond-cut",
        "chain-missing",
        "low-cut",
        "tips-malformed",
        "invitation",
        "outdone",
        "chain-broken",
        "not-enough-offices",
        "forked",
        "relay",
    ];
}
