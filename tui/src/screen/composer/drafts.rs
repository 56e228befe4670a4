//! Drafts: what is written is kept on this node until it is published or thrown away.

use protocol::api::{BegunDraft, Request, SavedDraft};

use super::{Composer, Purpose, TAG_REMOVED, TAG_SAVED};
use crate::app::{Context, Step};

impl Composer {
    /// Takes over a draft of the same name, if there is one.
    pub(super) fn take_drafts(&mut self, drafts: &[SavedDraft], context: &Context<'_>) -> Step {
        if self.form.is_none() {
            let own = drafts
                .iter()
                .find(|draft| Some(&draft.id) == self.draft_id.as_ref());
            let resumed = own.is_some();
            self.kept = own.map(|draft| draft.draft.fields.clone());
            self.open(context);
            if resumed {
                return Step::stay().remark(context.words.text("draft-resumed"));
            }
        }
        Step::stay()
    }

    /// The draft as it is kept.
    fn draft(&self, context: &Context<'_>) -> Option<BegunDraft> {
        let form = self.form.as_ref()?;
        let (about, document) = match self.purpose {
            Purpose::Create => (None, None),
            Purpose::Comment(about) => (Some(about), None),
            Purpose::Edit(document) => (None, Some(document)),
            // A fact is a few words; it is written in one go.
            Purpose::Fact { .. } | Purpose::Moderate(_) | Purpose::Roster { .. } => return None,
            // What is to be sealed is stored nowhere in clear.
            Purpose::Contact { .. } | Purpose::Door => return None,
        };
        Some(BegunDraft {
            kind: self.kind.to_owned(),
            about,
            document,
            fields: form.written(context),
            base: self.base.clone(),
        })
    }

    pub(super) fn save(&mut self, context: &Context<'_>) -> Step {
        if self.unsaved_since_ms.take().is_none() {
            return Step::stay();
        }
        let Some(draft) = self.draft(context) else {
            return Step::stay();
        };
        let id = match self.draft_id.take() {
            Some(id) => id,
            None => self.new_draft_id(context),
        };
        self.draft_id = Some(id.clone());
        let step = self.keep_contact(Step::stay(), id.clone());
        step.ask(TAG_SAVED, Request::PutDraft { id, draft })
    }

    /// Leaves; what is written is kept.
    pub(super) fn leave(&mut self, context: &Context<'_>) -> Step {
        if self.is_sealing() {
            return Step::stay().remark(context.words.text("publishing"));
        }
        if let Purpose::Contact {
            document,
            is_new: true,
        } = self.purpose
        {
            return self.leave_half_done(document, context);
        }
        let step = self.save(context).and_back();
        match self.draft_id.is_some() && !step.questions.is_empty() {
            true => step.remark(context.words.text("draft-kept")),
            false => step,
        }
    }

    pub(super) fn throw_away(&mut self, context: &Context<'_>) -> Step {
        if !self.has_draft() || self.is_sealing() {
            return self.leave(context);
        }
        let is_untouched = self.draft_id.is_none() && self.unsaved_since_ms.is_none();
        let Some(draft) = self.draft(context).filter(|_| !is_untouched) else {
            return self.leave(context);
        };
        let id = match &self.draft_id {
            Some(id) => id.clone(),
            None => self.new_draft_id(context),
        };
        let undo = Request::PutDraft {
            id: id.clone(),
            draft,
        };
        Step::stay()
            .and_back()
            .remark(context.words.text("draft-thrown-away"))
            .ask(TAG_REMOVED, Request::RemoveDraft { id })
            .undo(undo)
    }

    fn new_draft_id(&self, context: &Context<'_>) -> String {
        format!("{}-{}", self.kind, context.clock.now_ms)
    }
}
