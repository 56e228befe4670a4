//! Publishing: what is written becomes a request to the node, and what the node says to it.

use std::collections::BTreeMap;

use protocol::api::{Answer, Confidential, Draft, Refusal, Request};
use protocol::id::DocumentId;
use serde_json::{Value, json};

use super::{Composer, Purpose, TAG_PUBLISHED, TAG_REMOVED, correcting};
use crate::app::{Context, Go, Step};
use crate::screen::acts::undo_of_fact;

impl Composer {
    pub(super) fn publish(&mut self, context: &Context<'_>) -> Step {
        let Some(form) = self.form.as_mut().filter(|_| !self.publishing) else {
            return Step::stay();
        };
        self.failure = None;
        let changed_only = matches!(self.purpose, Purpose::Edit(_));
        let values = match form.values(changed_only, context) {
            Ok(values) => values,
            Err(()) => return Step::stay(),
        };
        let values = match changed_only {
            true => correcting::as_facts(self.kind, &self.fields, values),
            false => values,
        };
        if values.is_empty() && changed_only {
            return Step::stay().remark(context.words.text("nothing-changed"));
        }
        if let Purpose::Roster {
            asked,
            is_moved: false,
        } = &self.purpose
            && let Some(question) = asked.question().filter(|_| !self.is_asked)
        {
            self.is_asked = true;
            return self.fail(context.words.text(question));
        }
        if !self.is_asked && form.holds_phone_number() {
            self.is_asked = true;
            let warning = match form.asks_for_contact() {
                true => "phone-number-to-move",
                false => "phone-number-in-public",
            };
            return self.fail(context.words.text(warning));
        }
        let request = match &self.purpose {
            Purpose::Roster { asked, is_moved } => asked.request(*is_moved, &values),
            Purpose::Create => Request::Post(Draft {
                kind: self.kind.to_owned(),
                fields: values,
            }),
            Purpose::Comment(about) => {
                let mut fields = values;
                fields.insert("about".to_owned(), json!(about));
                Request::Post(Draft {
                    kind: self.kind.to_owned(),
                    fields,
                })
            }
            Purpose::Edit(document) => Request::Edit {
                document: *document,
                fields: values,
                base: self.base.clone(),
            },
            Purpose::Contact { .. } | Purpose::Door => {
                let Some(text) = form.contact() else {
                    form.refuse_contact(context.words.text("field-missing"));
                    return Step::stay();
                };
                match &self.purpose {
                    Purpose::Contact { document, .. } => Request::PutDetails {
                        document: *document,
                        text,
                    },
                    _ => Request::PutDoor { text },
                }
            }
            Purpose::Moderate(deed) => deed.request(&values),
            Purpose::Fact {
                document,
                list,
                fixed,
            } => {
                let fact = fixed.clone().into_iter().chain(values);
                let fact = Value::Object(fact.collect());
                Request::Edit {
                    document: *document,
                    fields: BTreeMap::from([(list.name.to_owned(), fact)]),
                    base: Vec::new(),
                }
            }
        };
        self.publishing = true;
        Step::stay().ask(TAG_PUBLISHED, request)
    }

    pub(super) fn published(&mut self, answer: &Answer, context: &Context<'_>) -> Step {
        self.publishing = false;
        self.is_asked = false;
        self.unsaved_since_ms = None;
        if let Purpose::Roster { asked, .. } = &self.purpose {
            return asked.written(answer, context);
        }
        let mut step = Step::stay();
        if let Some(id) = self.draft_id.clone() {
            step = step.keep_contact(id.clone(), Confidential::default());
            step = step.ask(TAG_REMOVED, Request::RemoveDraft { id });
        }
        if let (Purpose::Create, Answer::Written { id, .. }) = (&self.purpose, answer)
            && let Some(request) = self.begin_to_seal(DocumentId(id.0))
        {
            return step.ask(TAG_PUBLISHED, request);
        }
        if let (true, Answer::Written { heads, texts, .. }) = (self.stays, answer) {
            if !heads.is_empty() {
                self.base.clone_from(heads);
            }
            if let Some(form) = &mut self.form {
                form.published(texts);
            }
            return step
                .remark(context.words.text("text-published"))
                .done_for_good();
        }
        let remark = match self.purpose {
            Purpose::Contact { is_new: false, .. } | Purpose::Door => "contact-sealed",
            Purpose::Moderate(_) => "act-written",
            _ => "published",
        };
        let undo = match &self.purpose {
            Purpose::Fact { document, list, .. } => undo_of_fact(*document, list.name, None),
            _ => None,
        };
        let mut step = match undo {
            Some((undo, remark)) => step.remark(context.words.text(remark)).undo_by(undo),
            None => step.remark(context.words.text(remark)).done_for_good(),
        };
        step.go = Some(match (&self.purpose, answer) {
            (
                Purpose::Contact {
                    document,
                    is_new: true,
                },
                _,
            ) => Go::Posted {
                kind: self.kind,
                document: *document,
            },
            // A document is named by the entry that created it.
            (Purpose::Create | Purpose::Comment(_), Answer::Written { id, .. }) => Go::Posted {
                kind: self.kind,
                document: DocumentId(id.0),
            },
            _ => Go::Back,
        });
        step
    }

    pub(super) fn refused(&mut self, refusal: &Refusal, context: &Context<'_>) -> Step {
        self.publishing = false;
        let shown = self
            .form
            .as_mut()
            .is_some_and(|form| form.refuse(refusal.field.as_deref(), &refusal.message));
        match shown {
            true => Step::stay(),
            false => self.not_published(refusal.message.clone(), context),
        }
    }

    /// Says what went wrong: beside the button, and in the status line, for the button may be off
    /// screen.
    pub(super) fn fail(&mut self, what: String) -> Step {
        self.failure = Some(what.clone());
        Step::stay().remark(what)
    }
}
