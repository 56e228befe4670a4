//! Capacities, and what each may do: the table of rights in words, for whoever reads the roster.
//!
//! It decides nothing: `rights` does, and a test asks it about every word that stands here.

use super::Governance;
use crate::statement::{MemberKind, Role};

/// In which capacity somebody acts, without saying for whom or where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Capacity {
    /// The founder, beside being a household.
    Founder,
    /// Stewards of more than half of the offices, by a motion.
    Quorum,
    /// A steward of an office.
    Steward,
    /// A building lead, for its building.
    BuildingLead,
    /// A moderator.
    Moderator,
    /// A spokesperson of an office.
    Spokesperson,
    /// A household.
    Household,
    /// An office as a member.
    Office,
    /// A guest.
    Guest,
}

/// Something that a capacity may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Power {
    /// Posts notices, requests and plans.
    Post,
    /// Comments.
    Comment,
    /// Posts urgent notices in this capacity.
    PostUrgentNotices,
    /// Says and revokes which devices are its own.
    KeepOwnDevices,
    /// Changes its name and building in the roster.
    DescribeItself,
    /// Closes and erases what it posted.
    EndOwnDocuments,
    /// Closes and erases what others posted.
    EndDocuments,
    /// Hides what others wrote and mutes members, under a rule of the agreement.
    Moderate,
    /// Decides appeals against what somebody else moderated.
    DecideAppeals,
    /// Invites guests.
    InviteGuests,
    /// Admits households, and makes households of guests.
    AdmitHouseholds,
    /// Makes moderators.
    AppointModerators,
    /// Makes building leads.
    AppointBuildingLeads,
    /// Makes spokespeople: a steward of its own office.
    AppointSpokespeople,
    /// Takes roles back that were given by its right; the quorum any.
    CutRoles,
    /// Records households without a device, and who acts for them.
    RecordHouseholds,
    /// Certifies and ends relays.
    KeepRelays,
    /// Moves dangerous acts.
    Move,
    /// Co-signs and enacts motions.
    CoSign,
    /// Makes and dismisses stewards.
    AppointStewards,
    /// Adds offices.
    AddOffices,
    /// Removes members.
    RemoveHouseholds,
    /// Takes removed members back, and says which household follows another.
    Readmit,
}

use Power::{
    AddOffices, AdmitHouseholds, AppointBuildingLeads, AppointModerators, AppointSpokespeople,
    AppointStewards, CoSign, Comment, CutRoles, DecideAppeals, DescribeItself, EndDocuments,
    EndOwnDocuments, InviteGuests, KeepOwnDevices, KeepRelays, Moderate, Move, Post,
    PostUrgentNotices, Readmit, RecordHouseholds, RemoveHouseholds,
};

const GUEST: &[Power] = &[Comment, KeepOwnDevices, DescribeItself, EndOwnDocuments];
const OFFICE: &[Power] = &[
    Post,
    Comment,
    KeepOwnDevices,
    DescribeItself,
    EndOwnDocuments,
];
const HOUSEHOLD: &[Power] = &[
    Post,
    Comment,
    KeepOwnDevices,
    DescribeItself,
    EndOwnDocuments,
    InviteGuests,
];
const SPOKESPERSON: &[Power] = &[PostUrgentNotices];
const MODERATOR: &[Power] = &[Moderate];
const BUILDING_LEAD: &[Power] = &[PostUrgentNotices, AdmitHouseholds, KeepRelays];
const STEWARD: &[Power] = &[
    PostUrgentNotices,
    EndDocuments,
    Moderate,
    DecideAppeals,
    AdmitHouseholds,
    RecordHouseholds,
    AppointModerators,
    AppointBuildingLeads,
    AppointSpokespeople,
    CutRoles,
    KeepRelays,
    Move,
    CoSign,
];
const FOUNDER: &[Power] = &[
    EndDocuments,
    AdmitHouseholds,
    RecordHouseholds,
    AppointModerators,
    AppointBuildingLeads,
    AppointSpokespeople,
    CutRoles,
    KeepRelays,
];
const FOUNDER_ALONE: &[Power] = &[
    EndDocuments,
    Moderate,
    DecideAppeals,
    AdmitHouseholds,
    RecordHouseholds,
    AppointModerators,
    AppointBuildingLeads,
    AppointSpokespeople,
    CutRoles,
    KeepRelays,
    AppointStewards,
    AddOffices,
    RemoveHouseholds,
    Readmit,
];
const QUORUM: &[Power] = &[
    AdmitHouseholds,
    AppointModerators,
    AppointBuildingLeads,
    AppointSpokespeople,
    CutRoles,
    KeepRelays,
    AppointStewards,
    AddOffices,
    RemoveHouseholds,
    Readmit,
];

impl Capacity {
    /// Every capacity.
    pub const ALL: [Self; 9] = [
        Self::Founder,
        Self::Quorum,
        Self::Steward,
        Self::BuildingLead,
        Self::Moderator,
        Self::Spokesperson,
        Self::Household,
        Self::Office,
        Self::Guest,
    ];

    /// Returns a stable word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Founder => "founder",
            Self::Quorum => "quorum",
            Self::Steward => "steward",
            Self::BuildingLead => "building-lead",
            Self::Moderator => "moderator",
            Self::Spokesperson => "spokesperson",
            Self::Household => "household",
            Self::Office => "office",
            Self::Guest => "guest",
        }
    }

    /// Returns the capacity of a kind of member.
    pub const fn of_member(kind: MemberKind) -> Self {
        match kind {
            MemberKind::Household => Self::Household,
            MemberKind::Guest => Self::Guest,
            MemberKind::Office => Self::Office,
        }
    }

    /// Returns the capacity of a role.
    pub const fn of_role(role: &Role) -> Self {
        match role {
            Role::Steward { .. } => Self::Steward,
            Role::Moderator => Self::Moderator,
            Role::BuildingLead { .. } => Self::BuildingLead,
            Role::Spokesperson { .. } => Self::Spokesperson,
        }
    }

    /// Returns what the capacity may do, as the neighbourhood is governed.
    pub fn powers(self, governance: &Governance) -> &'static [Power] {
        let succeeded = governance.next_number > 1;
        match self {
            Self::Founder if governance.founder_alone => FOUNDER_ALONE,
            Self::Founder if succeeded => &[],
            Self::Founder => FOUNDER,
            Self::Quorum if governance.founder_alone => &[],
            Self::Quorum => QUORUM,
            Self::Steward => STEWARD,
            Self::BuildingLead => BUILDING_LEAD,
            Self::Moderator => MODERATOR,
            Self::Spokesperson => SPOKESPERSON,
            Self::Household => HOUSEHOLD,
            Self::Office => OFFICE,
            Self::Guest => GUEST,
        }
    }
}

impl Power {
    /// Every power, in the order in which they are told.
    pub const ALL: [Self; 23] = [
        Post,
        Comment,
        PostUrgentNotices,
        KeepOwnDevices,
        DescribeItself,
        EndOwnDocuments,
        EndDocuments,
        Moderate,
        DecideAppeals,
        InviteGuests,
        AdmitHouseholds,
        RecordHouseholds,
        AppointModerators,
        AppointBuildingLeads,
        AppointSpokespeople,
        CutRoles,
        KeepRelays,
        Move,
        CoSign,
        AppointStewards,
        AddOffices,
        RemoveHouseholds,
        Readmit,
    ];

    /// Returns a stable word.
    pub const fn word(self) -> &'static str {
        match self {
            Post => "post",
            Comment => "comment",
            PostUrgentNotices => "post-urgent-notices",
            KeepOwnDevices => "keep-own-devices",
            DescribeItself => "describe-itself",
            EndOwnDocuments => "end-own-documents",
            EndDocuments => "end-documents",
            Moderate => "moderate",
            DecideAppeals => "decide-appeals",
            InviteGuests => "invite-guests",
            AdmitHouseholds => "admit-households",
            RecordHouseholds => "record-households",
            AppointModerators => "appoint-moderators",
            AppointBuildingLeads => "appoint-building-leads",
            AppointSpokespeople => "appoint-spokespeople",
            CutRoles => "cut-roles",
            KeepRelays => "keep-relays",
            Move => "move",
            CoSign => "co-sign",
            AppointStewards => "appoint-stewards",
            AddOffices => "add-offices",
            RemoveHouseholds => "remove-households",
            Readmit => "readmit",
        }
    }
}
