//! What this node holds and how it fares: its status and the doctor's findings.

use protocol::api::{Answer, Refusal, Status};
use protocol::session::frame::RefusedReason;

use super::{LIST_MAX, Outcome, hex, refusal};
use crate::core::worker::{Worker, WorkerError};
use crate::store::{Extent, Filter};

impl Worker {
    pub(super) fn status(&mut self) -> Outcome {
        let (device, member) = (self.parts.replica.device(), self.parts.replica.member());
        let waiting: usize = self.waiting.len() + self.parts.replica.roster().missing().len();
        let own = self.parts.replica.head_seq(&device);
        self.project_all()?;
        let status = Status {
            neighbourhood: self.neighbourhood(),
            space: self.parts.replica.space(),
            member: member.map(|member| self.member_ref(member)),
            device,
            mode: if self.parts.relay { "relay" } else { "home" }.to_owned(),
            pending: self.parts.joining.is_some(),
            join_refused: self.refused.map(join_refusal),
            peers: u32::try_from(self.meetings.devices_met()).unwrap_or(u32::MAX),
            listening: self.listening.iter().cloned().collect(),
            frontier_digest: hex(&self.parts.replica.frontier_digest()),
            view_digest: hex(&self.view_digest()?),
            entries: self.parts.store.entries_total()?,
            documents: self.parts.store.count(&Filter {
                hidden: true,
                ..Filter::default()
            })?,
            unsent: own.saturating_sub(self.held_seq),
            unprojected: self.parts.store.dirty(LIST_MAX)?.len() as u64,
            waiting: waiting as u64,
            store_bytes: self.parts.store.store_bytes(),
        };
        Ok(Ok(Answer::Status(Box::new(status))))
    }

    /// Hashes everything that is shown: documents and roster (rule R2).
    pub(super) fn view_digest(&mut self) -> Result<[u8; 32], WorkerError> {
        let documents = self.parts.store.view_digest()?;
        let roster = self.parts.replica.roster().digest();
        Ok(protocol::key::hash(
            b"linli view     1",
            &[&documents, &roster],
        ))
    }

    pub(super) fn doctor(&mut self) -> Outcome {
        let report = self.parts.store.integrity_check(Extent::Full)?;
        let checks = vec![
            format!("{} entries and their names", report.entries_checked),
            "pages, indexes and sums of the store".to_owned(),
        ];
        let mut findings = report.problems;
        if self.retire {
            findings
                .push("This device's key was used elsewhere: cut it and enrol another.".to_owned());
        }
        Ok(Ok(Answer::Doctor { findings, checks }))
    }
}

/// Says why the inviter's node refused.
fn join_refusal(reason: RefusedReason) -> Refusal {
    let (code, message) = match reason {
        RefusedReason::InvitationExpired => (
            "expired",
            "The invitation has expired. Your keys were kept; ask for another one and join again.",
        ),
        RefusedReason::InvitationUsedUp => (
            "used-up",
            "The invitation was used by all whom it was made for. Your keys were kept; ask for \
             another one and join again.",
        ),
        RefusedReason::InvitationUnknown => (
            "unknown-invitation",
            "The node that answered did not make this invitation. Your keys were kept; connect to \
             the household that invited you.",
        ),
        RefusedReason::Removed => (
            "not-allowed",
            "Your household or this device was removed from the neighbourhood. What is stored here \
             was kept; talk to a steward.",
        ),
        RefusedReason::Version => (
            "invalid",
            "The other node speaks another version. Nothing was changed; update the older one.",
        ),
        RefusedReason::NotAdmitted | RefusedReason::InvalidRequest | RefusedReason::Unable => (
            "not-allowed",
            "The other node could not admit you. Your keys were kept; ask for another invitation \
             and join again.",
        ),
    };
    refusal(code, message)
}
