//! What the line mode needs of the composer: its form, and what it is called.

use super::{Composer, Purpose};
use crate::app::Context;

use super::form::Form;

impl Composer {
    /// The form, once it is known what stands in it.
    pub(crate) fn form(&self) -> Option<&Form> {
        self.form.as_ref()
    }

    /// The form, to be written in.
    pub(crate) fn form_mut(&mut self) -> Option<&mut Form> {
        self.form.as_mut()
    }

    /// Notes that something was written in the form.
    pub(crate) fn wrote(&mut self, context: &Context<'_>) {
        self.note_change(true, context);
    }

    /// What its fields belong to: a kind, or a list of one, as `request.offers`.
    pub(crate) fn field_kind(&self) -> String {
        match &self.purpose {
            Purpose::Fact { list, .. } => format!("{}.{}", self.kind, list.name),
            Purpose::Moderate(deed) => deed.field_kind(),
            _ => self.kind.to_owned(),
        }
    }

    /// Whether its form is a few words, of which each is asked for: a fact, or an act on the roster.
    pub(crate) fn is_short(&self) -> bool {
        matches!(self.purpose, Purpose::Fact { .. } | Purpose::Roster { .. })
    }

    /// Whether it changes what stands already.
    pub(crate) fn is_edit(&self) -> bool {
        matches!(self.purpose, Purpose::Edit(_))
    }

    /// The name of the words on its button.
    pub(crate) fn button(&self) -> &'static str {
        match &self.purpose {
            Purpose::Edit(_) => "button-save",
            Purpose::Contact { .. } | Purpose::Door => "button-seal",
            Purpose::Roster { is_moved: true, .. } => "button-move",
            Purpose::Roster { asked, .. } => asked.button(),
            _ => "button-publish",
        }
    }

    /// Whether what is written is kept in a draft that can be thrown away.
    pub(crate) fn has_draft(&self) -> bool {
        matches!(
            self.purpose,
            Purpose::Create | Purpose::Comment(_) | Purpose::Edit(_)
        )
    }

    /// Closes when it has published, also where more could be written.
    #[must_use]
    pub(crate) fn closing(mut self) -> Self {
        self.stays = false;
        self
    }
}
