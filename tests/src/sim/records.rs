//! Records: what people in a run know of each other outside the program, as neighbours do: who
//! was admitted, who was given what, what was posted.
//!
//! A person acts on a record only when the own replica holds the entry. Whether it counts is never
//! read here.

use std::collections::BTreeSet;

use protocol::id::{DeviceId, DocumentId, EntryId, MemberId};
use protocol::statement::{MemberKind, Role};

use super::host::HostId;

/// A member that was admitted.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// The member.
    pub member: MemberId,
    /// The statement.
    pub id: EntryId,
    /// As what.
    pub kind: MemberKind,
}

/// A role that was given.
#[derive(Clone, Debug)]
pub struct Appointed {
    /// To whom.
    pub member: MemberId,
    /// What.
    pub role: Role,
    /// The statement.
    pub id: EntryId,
    /// Who gave it.
    pub by: HostId,
}

/// A household without a device that was recorded.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Those who were to act for it, in the end.
    pub proxies: Vec<MemberId>,
    /// The statement.
    pub id: EntryId,
}

/// A document that was posted.
#[derive(Clone, Debug)]
pub struct Posted {
    /// The document.
    pub document: DocumentId,
    /// Code of its kind.
    pub kind: u16,
    /// Who posted it.
    pub by: HostId,
}

/// What was told in confidence.
#[derive(Clone, Debug)]
pub struct Told {
    /// The document that holds it.
    pub document: DocumentId,
    /// What it says.
    pub text: String,
    /// The devices with which its author shared it at first.
    pub first: BTreeSet<DeviceId>,
    /// Every device with which somebody shared it.
    pub devices: BTreeSet<DeviceId>,
}

/// All records of a run.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// Members.
    pub admissions: Vec<Admitted>,
    /// Roles.
    pub appointments: Vec<Appointed>,
    /// Organisations.
    pub offices: Vec<(MemberId, EntryId)>,
    /// Households without a device.
    pub recorded: Vec<Recorded>,
    /// Documents.
    pub documents: Vec<Posted>,
    /// What was told in confidence.
    pub told: Vec<Told>,
    /// The founder.
    pub founder: Option<MemberId>,
}

impl Records {
    /// Notes an admission.
    pub fn admitted(&mut self, member: MemberId, id: EntryId, kind: MemberKind) {
        self.admissions.push(Admitted { member, id, kind });
    }
}
