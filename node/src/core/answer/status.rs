//! What this node holds and how it fares: its status and the doctor's findings.

use protocol::api::{Answer, Status};
use tui::language::Language;

use super::{Outcome, hex};
use crate::core::worker::{Worker, WorkerError};
use crate::refusal::{self, Finding};
use crate::store::{Extent, Filter};

impl Worker {
    pub(super) fn status(&mut self, language: Language) -> Outcome {
        let (device, member) = (self.parts.replica.device(), self.parts.replica.member());
        let waiting: usize = self.waiting.len() + self.parts.replica.roster().missing().len();
        let own = self.parts.replica.head_seq(&device);
        let unprojected = self.parts.store.dirty_total()?;
        let view_digest = match unprojected {
            0 => Some(hex(&self.view_digest()?)),
            _ => None,
        };
        let declined = self.parts.replica.declined_members().into_iter();
        let status = Status {
            neighbourhood: self.neighbourhood(),
            space: self.parts.replica.space(),
            member: member.map(|member| self.member_ref(member)),
            me: self.own_standing(),
            device,
            mode: if self.parts.relay { "relay" } else { "home" }.to_owned(),
            pending: self.parts.joining.is_some(),
            join_refused: self.refusal().map(|refusal| refusal.told(language)),
            peers: u32::try_from(self.meetings.devices_met()).unwrap_or(u32::MAX),
            memory_is_short: self.memory_is_short,
            listening: self.listening.iter().cloned().collect(),
            frontier_digest: hex(&self.parts.replica.frontier_digest()),
            view_digest,
            entries: self.parts.store.entries_total()?,
            documents: self.parts.store.count(&Filter {
                hidden: true,
                ..Filter::default()
            })?,
            unsent: own.saturating_sub(self.held_seq),
            unprojected,
            waiting: waiting as u64,
            store_bytes: self.parts.store.store_bytes(),
            declined: declined.map(|member| self.member_ref(member)).collect(),
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

    pub(super) fn doctor(&mut self, language: Language) -> Outcome {
        let report = self.parts.store.integrity_check(Extent::Full)?;
        let key_in_home = self.parts.keys.keystore.protection().is_in_the_home();
        let checks = [
            Finding::EntriesChecked {
                entries: report.entries_checked,
            },
            Finding::FormChecked,
            Finding::Sealed { key_in_home },
        ];
        let advice: &[&str] = match report.problems.is_empty() {
            true => &[],
            false => &refusal::ways_out(language),
        };
        let mut findings: Vec<Finding> = report.problems.into_iter().map(Finding::Store).collect();
        if self.retire {
            findings.push(Finding::KeyReused);
        }
        let told = |finding: &Finding| refusal::finding(language, finding);
        Ok(Ok(Answer::Doctor {
            findings: findings.iter().map(told).collect(),
            checks: checks.iter().map(told).collect(),
            advice: advice.iter().map(ToString::to_string).collect(),
        }))
    }
}
