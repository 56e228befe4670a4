//! How the author of a request can be reached: asked for with a new request, sealed once that is
//! there, and changed later; and where to knock, which is sealed to the leads of the building.
//!
//! The text goes to the node and nowhere else. A draft is stored in clear, so what is begun is kept
//! beside it for as long as the program runs.

use protocol::api::{Confidential, DocumentView, Request};
use protocol::id::DocumentId;

use super::entry::Entry;
use super::{Composer, Purpose, kind_name};
use crate::app::{Context, Go, Step};

impl Composer {
    /// Begins to tell how the author of a document can be reached, with what stands.
    pub fn contact(view: &DocumentView, stands: Confidential) -> Self {
        let purpose = Purpose::Contact {
            document: view.id,
            is_new: false,
        };
        let mut composer = Self::new(kind_name(&view.kind), purpose, Vec::new());
        composer.contact = stands;
        composer
    }

    /// Begins to tell the leads of the own building where to knock, with what stands.
    pub fn door(stands: Confidential) -> Self {
        let mut composer = Self::new("door", Purpose::Door, Vec::new());
        composer.contact = stands;
        composer
    }

    /// The field for it, where the form asks for it.
    pub(super) fn contact_entry(&self, context: &Context<'_>) -> Option<Entry> {
        match self.purpose {
            Purpose::Contact { .. } => Some(Entry::contact(&self.contact)),
            Purpose::Door => Some(Entry::door(&self.contact)),
            Purpose::Create if self.kind == "request" => {
                let draft = self.draft_id.as_deref();
                let begun = draft.and_then(|draft| context.known.contact(draft));
                Some(Entry::contact(begun.unwrap_or(&self.contact)))
            }
            _ => None,
        }
    }

    /// Whether the document was published and its contact was not sealed yet.
    pub(crate) fn is_half_done(&self) -> bool {
        matches!(self.purpose, Purpose::Contact { is_new: true, .. })
    }

    /// Lets the contact of a draft outlive this form.
    pub(super) fn keep_contact(&self, step: Step, draft: String) -> Step {
        let form = self.form.as_ref().filter(|form| form.asks_for_contact());
        match form {
            Some(form) => step.keep_contact(draft, form.contact().unwrap_or_default()),
            None => step,
        }
    }

    /// Goes on with the contact after its document was published, if there is one.
    pub(super) fn begin_to_seal(&mut self, document: DocumentId) -> Option<Request> {
        let form = self.form.as_mut()?;
        let text = form.contact()?;
        form.leave_contact();
        self.purpose = Purpose::Contact {
            document,
            is_new: true,
        };
        // The draft was of the document.
        self.draft_id = None;
        self.publishing = true;
        Some(Request::PutDetails { document, text })
    }

    /// Says why something was not published; of a contact, that its document was.
    pub(super) fn not_published(&mut self, why: String, context: &Context<'_>) -> Step {
        self.publishing = false;
        if !self.is_half_done() {
            return self.fail(why);
        }
        if let Some(form) = &mut self.form {
            form.refuse_contact(why);
        }
        self.fail(context.words.text("contact-not-sealed"))
    }

    /// Leaves without the contact; the document is published.
    pub(super) fn leave_half_done(&self, document: DocumentId, context: &Context<'_>) -> Step {
        let posted = Go::Posted {
            kind: self.kind,
            document,
        };
        Step::go(posted).remark(context.words.text("contact-left-out"))
    }

    /// Whether the node is about to be told a contact: leaving would lose it.
    pub(super) fn is_sealing(&self) -> bool {
        let form = self.form.as_ref().filter(|_| self.publishing);
        form.is_some_and(|form| form.contact().is_some())
    }
}
