//! Answers: what the core does for each request of the local interface.
//!
//! A refusal says what happened, what was kept and what to do next. Everything that was written is
//! durable before the answer is given.

mod acknowledging;
mod documents;
mod drafts;
mod duplicates;
mod exporting;
mod history;
mod importing;
mod moderating;
mod peers;
mod reading;
mod settings;
mod standing;
mod status;
mod today;
mod writing;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use protocol::api::{Answer, Request};
use protocol::id::EntryId;
use protocol::session::frame::RefusedReason;
use tui::language::Language;

use super::worker::{Worker, WorkerError};
use crate::refusal::Refusal;

/// Documents that one list holds at most.
const LIST_MAX: usize = 500;

/// An answer, or why there is none.
pub(super) type Outcome = Result<Result<Answer, Refusal>, WorkerError>;

impl Worker {
    /// Answers one request; what an answer says in words it says in the language.
    pub(super) fn answer(&mut self, request: Request, language: Language) -> Outcome {
        let mut outcome = self.carry_out_request(request, language)?;
        match &mut outcome {
            // Whoever was let in once does not wait for it.
            Err(refusal @ Refusal::Pending) if self.knows_it_was_removed() => {
                *refusal = Refusal::Join(RefusedReason::Removed);
            }
            // What nobody takes is not on its way.
            Ok(Answer::Written { warnings, .. }) => {
                let unserved = self.refusal().map(|refusal| refusal.told(language));
                warnings.extend(unserved.map(|refusal| refusal.message));
            }
            _ => {}
        }
        Ok(outcome)
    }

    fn carry_out_request(&mut self, request: Request, language: Language) -> Outcome {
        match request {
            Request::Status => self.status(language),
            Request::Post(draft) => self.post(&draft, language),
            Request::Edit {
                document,
                fields,
                base,
            } => self.edit(document, &fields, &base, language),
            Request::History { document } => self.history(document),
            Request::Restore { document, entry } => self.restore(document, entry),
            Request::Details { document } => self.details(document),
            Request::PutDetails { document, text } => self.put_details(document, &text),
            Request::EraseDetails { document } => self.erase_details(document),
            Request::Doors => self.doors(),
            Request::PutDoor { text } => self.put_door(&text),
            Request::EraseDoor => self.erase_door(),
            Request::Erase { document } => self.erase(document),
            Request::Drafts => self.drafts(),
            Request::PutDraft { id, draft } => self.put_draft(id, &draft),
            Request::RemoveDraft { id } => self.remove_draft(&id),
            Request::MarkRead {
                documents,
                everything,
            } => self.mark_read(&documents, everything),
            Request::MarkUnread { documents } => self.mark_unread(&documents),
            Request::Counts => self.counts(),
            Request::Today => self.today(),
            Request::Settings => Ok(self.settings()),
            Request::PutSettings(settings) => Ok(self.put_settings(settings)),
            Request::List(query) => self.list(&query),
            Request::Show { document } => self.show(document, false),
            Request::ShowHidden { document } => self.show(document, true),
            Request::Acknowledgements { document } => self.acknowledgements(document),
            Request::Moderations => self.moderations(),
            Request::Moderate(act) => self.moderate(act, language),
            Request::Appeal { moderation, body } => self.appeal(moderation, &body),
            Request::Decide {
                moderation,
                outcome,
                reason,
            } => self.decide(moderation, outcome, &reason),
            Request::LiftModeration { moderation, reason } => {
                self.lift_moderation(moderation, &reason)
            }
            Request::Agreement => self.agreement(),
            Request::SignAgreement { agreement } => self.sign_agreement(agreement),
            Request::Blocks => self.blocks(),
            Request::Block { member } => self.block(member, true),
            Request::Unblock { member } => self.block(member, false),
            Request::Search { words, limit } => self.search(&words, limit),
            Request::Roster => Ok(Ok(Answer::Roster(Box::new(self.roster_view())))),
            Request::Invite {
                uses,
                lifetime_ms,
                invited_as,
                addresses,
                successor_of,
            } => self.invite((uses, lifetime_ms), invited_as, addresses, successor_of),
            Request::AddDevice {
                lifetime_ms,
                addresses,
            } => self.add_device(lifetime_ms, addresses),
            Request::EnrolmentCodes => self.open_codes(),
            Request::CancelCode { code } => self.cancel_code(code),
            Request::Leave => self.leave(),
            Request::Backup { lock } => self.back_up(&lock),
            Request::Appoint {
                member,
                role,
                office,
                building,
            } => self.appoint(member, &role, office, building),
            Request::Promote { member } => self.promote(member),
            Request::AddOffice { name, spokespeople } => self.add_office(name, &spokespeople),
            Request::RecordHousehold {
                name,
                building,
                proxies,
                consent,
            } => self.record_household(name, building, &proxies, consent),
            Request::AddProxies {
                record,
                proxies,
                consent,
            } => self.add_proxies(record, &proxies, consent),
            Request::EndRecord {
                record,
                proxy,
                reason,
            } => self.end_record(record, proxy, reason),
            Request::Motions => self.motions(),
            Request::Move(motion) => self.move_act(motion),
            Request::CoSign { motion } => self.co_sign(motion),
            Request::Enact { motion } => self.enact(motion),
            Request::Cut {
                target,
                reason,
                from,
            } => self.cut(target, reason, from),
            Request::CutLoss { target, from } => self.cut_loss(target, from, language),
            Request::Peers => self.peers(),
            Request::Dial { address } => self.dial(address),
            Request::ImportDocuments {
                file,
                kind,
                preview,
            } => self.import_documents(&file, kind.as_deref(), preview, language),
            Request::ImportRequests { file, preview } => self.import(&file, preview, language),
            Request::ImportBundle { file } => self.import_bundle(&file),
            Request::ExportBundle => {
                let base64 = BASE64.encode(self.export_bundle()?);
                Ok(Ok(Answer::Bundle { base64 }))
            }
            Request::ExportSpace => self.export_space(),
            Request::ExportAutomerge { document } => self.export_automerge(document),
            Request::Doctor => self.doctor(language),
        }
    }
}

fn hex(bytes: &[u8; 32]) -> String {
    EntryId(*bytes).to_string()
}
