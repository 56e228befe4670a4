//! The composer: a form made from a kind's own fields, for a new document, a comment, a fact such
//! as an offer, or an edit.
//!
//! What is written is saved as a draft on this node while one writes, and stays until it is
//! published or thrown away. Collaborative text takes in what others write meanwhile. How the author
//! can be reached is in no draft: it is sealed once the document is there.

mod asked;
mod contact;
mod correcting;
mod drafts;
pub(crate) mod entry;
pub(crate) mod form;
mod keys;
mod lines;
mod moderating;
mod publishing;

use std::collections::BTreeMap;

use protocol::api::{Answer, Confidential, DocumentView, Event, Request, SavedDraft};
use protocol::id::{DocumentId, EntryId};
use protocol::kind::{Field, Kinds, List as FactList, Shape, Who};
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;
use serde_json::Value;

use crate::app::{Action, Binding, Canvas, Context, Failure, FieldSort, Input, Screen, Step};
pub(crate) use asked::Asked;
use entry::Entry;
pub(crate) use entry::acted_for;
use form::Form;
pub use moderating::Deed;

/// Pause in writing after which the draft is saved.
const SAVE_AFTER_MS: i64 = 800;

const TAG_DRAFTS: u32 = 1;
const TAG_SAVED: u32 = 2;
const TAG_PUBLISHED: u32 = 3;
const TAG_SHOWN: u32 = 4;
const TAG_REMOVED: u32 = 5;

/// What is being written.
#[derive(Clone, Debug)]
enum Purpose {
    /// A new document.
    Create,
    /// A comment about a document.
    Comment(DocumentId),
    /// A change of a document.
    Edit(DocumentId),
    /// How the author of a document can be reached.
    Contact {
        document: DocumentId,
        /// Whether the document was published from here a moment ago.
        is_new: bool,
    },
    /// Where the leads of the building are to knock.
    Door,
    /// Words that go with something that moderation does.
    Moderate(Deed),
    /// An act on the roster.
    Roster {
        asked: Box<Asked>,
        /// Whether others have to sign it.
        is_moved: bool,
    },
    /// A fact of a document's list, with values that are not asked for.
    Fact {
        document: DocumentId,
        list: &'static FactList,
        fixed: BTreeMap<String, Value>,
    },
}

/// The composer.
#[derive(Debug)]
pub struct Composer {
    kind: &'static str,
    purpose: Purpose,
    fields: Vec<&'static Field>,
    /// What stands in the edited document.
    stands: BTreeMap<String, Value>,
    /// How the author was to be reached so far.
    contact: Confidential,
    base: Vec<EntryId>,
    draft_id: Option<String>,
    kept: Option<BTreeMap<String, Value>>,
    form: Option<Form>,
    /// When something was written that is not saved yet.
    unsaved_since_ms: Option<i64>,
    publishing: bool,
    /// Whether the writer has been asked whether this is meant: about a phone number, or what cannot
    /// be undone.
    is_asked: bool,
    failure: Option<String>,
    /// Whether what is written is to stay open after publishing: collaborative text.
    stays: bool,
    merging: bool,
    /// Whether others wrote something that was not taken in yet.
    outdated: bool,
    /// What was typed before it was known what stands in the form.
    typed_ahead: Vec<Typed>,
}

/// What somebody did to the form.
#[derive(Debug)]
enum Typed {
    Key(KeyEvent),
    Pasted(String),
}

impl Composer {
    fn new(kind: &'static str, purpose: Purpose, fields: Vec<&'static Field>) -> Self {
        Self {
            kind,
            purpose,
            fields,
            stands: BTreeMap::new(),
            contact: Confidential::default(),
            base: Vec::new(),
            draft_id: None,
            kept: None,
            form: None,
            unsaved_since_ms: None,
            publishing: false,
            is_asked: false,
            failure: None,
            stays: false,
            merging: false,
            outdated: false,
            typed_ahead: Vec::new(),
        }
    }

    /// Begins a new document.
    pub fn create(kind: &'static str) -> Self {
        Self::new(kind, Purpose::Create, fields_of(kind).to_vec())
    }

    /// Begins a comment, or goes on with the one that was begun. Beside a comment it is about the
    /// same document.
    pub fn comment(about: &DocumentView) -> Self {
        let about = match about.kind.as_str() {
            "comment" => about.about.unwrap_or(about.id),
            _ => about.id,
        };
        let mut composer = Self::new("comment", Purpose::Comment(about), fields_of("comment"));
        composer.draft_id = Some(format!("comment-{about}"));
        composer
    }

    /// Begins a fact of a document's list.
    pub fn fact(
        view: &DocumentView,
        list: &'static FactList,
        fixed: BTreeMap<String, Value>,
    ) -> Self {
        let fields = list.fields.iter();
        let fields = fields
            .filter(|field| !fixed.contains_key(field.name))
            .collect();
        let purpose = Purpose::Fact {
            document: view.id,
            list,
            fixed,
        };
        Self::new(kind_name(&view.kind), purpose, fields)
    }

    /// The fields of a document that are the reader's to change.
    fn fields_to_edit(view: &DocumentView, context: &Context<'_>) -> Vec<&'static Field> {
        let own = context.known.me() == Some(view.author.id);
        let guest = context.known.is_guest();
        let may = |field: &&'static Field| match field.setters {
            Who::Nobody => own && field.corrected_by.is_some(),
            Who::Creator => own,
            Who::Others => !own && !guest,
            Who::Members => !guest,
            Who::Everyone => true,
        };
        fields_of(&view.kind).into_iter().filter(may).collect()
    }

    /// Whether something in a document is the reader's to change.
    pub fn may_edit(view: &DocumentView, context: &Context<'_>) -> bool {
        !Self::fields_to_edit(view, context).is_empty()
    }

    /// Begins a change of a document; none when nothing in it is the reader's to change.
    pub fn edit(view: &DocumentView, context: &Context<'_>) -> Option<Self> {
        let fields = Self::fields_to_edit(view, context);
        if fields.is_empty() {
            return None;
        }
        let fields = correcting::with_correction(&view.kind, fields);
        let mut composer = Self::new(kind_name(&view.kind), Purpose::Edit(view.id), fields);
        composer.stands.clone_from(&view.fields);
        composer.base.clone_from(&view.heads);
        composer.draft_id = Some(format!("edit-{}", view.id));
        composer.stays = composer.is_collaborative();
        Some(composer)
    }

    /// Goes on with what was begun.
    pub fn resume(saved: SavedDraft) -> Self {
        let draft = saved.draft;
        let kind = kind_name(&draft.kind);
        let (purpose, fields) = match (draft.document, draft.about) {
            (Some(document), _) => (Purpose::Edit(document), fields_of(kind)),
            (None, Some(about)) => (Purpose::Comment(about), fields_of(kind)),
            (None, None) => (Purpose::Create, fields_of(kind)),
        };
        let kept = draft.fields;
        let fields = match purpose {
            Purpose::Edit(_) => correcting::with_correction(kind, fields)
                .into_iter()
                .filter(|field| kept.contains_key(field.name))
                .collect(),
            _ => fields,
        };
        let mut composer = Self::new(kind, purpose, fields);
        composer.base = draft.base;
        composer.draft_id = Some(saved.id);
        composer.stays = composer.is_collaborative();
        composer.kept = Some(kept);
        composer
    }

    fn is_collaborative(&self) -> bool {
        matches!(self.purpose, Purpose::Edit(_))
            && self
                .fields
                .iter()
                .any(|field| field.shape == Shape::Markdown)
    }

    /// Makes the form once it is known what stands in it.
    fn open(&mut self, context: &Context<'_>) {
        let entries = self
            .fields
            .iter()
            .filter_map(|field| Entry::new(field, self.stands.get(field.name), context));
        let entries = entries.chain(self.contact_entry(context));
        let mut form = Form::new(entries.collect());
        if let Some(kept) = self.kept.take() {
            form.resume(&kept);
        }
        let mut changed = false;
        for typed in std::mem::take(&mut self.typed_ahead) {
            changed |= match typed {
                Typed::Key(key) => form.on_key(&key, context),
                Typed::Pasted(text) => form.paste(&text, context),
            };
        }
        self.form = Some(form);
        self.note_change(changed, context);
    }

    fn shown(&mut self, context: &Context<'_>) -> Step {
        if self.form.is_some() {
            return Step::stay();
        }
        match (&self.purpose, self.kept.is_some()) {
            // What stands is read anew: the draft may be old.
            (Purpose::Edit(document), true) => {
                let document = *document;
                Step::stay().ask(TAG_SHOWN, Request::Show { document })
            }
            (_, false) if self.draft_id.is_some() => Step::stay().ask(TAG_DRAFTS, Request::Drafts),
            _ => {
                self.open(context);
                Step::stay()
            }
        }
    }

    /// Takes over what the document says by now.
    fn take_document(&mut self, view: &DocumentView, context: &Context<'_>) {
        self.merging = false;
        if self.form.is_none() {
            self.stands.clone_from(&view.fields);
            if self.base.is_empty() {
                self.base.clone_from(&view.heads);
            }
            self.open(context);
            return;
        }
        self.base.clone_from(&view.heads);
        if let Some(form) = &mut self.form {
            form.merge_remote(&view.fields);
        }
    }

    fn on_key(&mut self, event: &KeyEvent, context: &Context<'_>) -> Step {
        let Some(form) = &mut self.form else {
            self.typed_ahead.push(Typed::Key(*event));
            return Step::stay();
        };
        let publishes = form.on_button() && event.code == KeyCode::Enter;
        if publishes {
            return self.publish(context);
        }
        let changed = form.on_key(event, context);
        self.note_change(changed, context)
    }

    fn note_change(&mut self, changed: bool, context: &Context<'_>) -> Step {
        if changed {
            self.unsaved_since_ms = Some(context.clock.now_ms);
            self.is_asked = false;
            self.failure = None;
        }
        Step::stay()
    }

    fn on_event(&mut self, event: &Event) -> Step {
        let Purpose::Edit(document) = self.purpose else {
            return Step::stay();
        };
        let concerned = match event {
            Event::Documents { documents } => documents.contains(&document),
            Event::Missed => true,
            _ => false,
        };
        self.outdated |= concerned && self.stays;
        self.take_in(Step::stay())
    }

    /// Reads what others wrote, as soon as no answer is awaited that may be older.
    fn take_in(&mut self, step: Step) -> Step {
        let Purpose::Edit(document) = self.purpose else {
            return step;
        };
        if !self.outdated || self.merging || self.publishing {
            return step;
        }
        self.outdated = false;
        self.merging = true;
        step.ask(TAG_SHOWN, Request::Show { document })
    }
}

impl Screen for Composer {
    fn title(&self, context: &Context<'_>) -> String {
        let words = context.words;
        let kind = words.kind(self.kind);
        match &self.purpose {
            Purpose::Create | Purpose::Comment(_) => {
                words.with("composer-new", &[("kind", (&kind).into())])
            }
            Purpose::Edit(_) => words.with("composer-edit", &[("kind", (&kind).into())]),
            Purpose::Contact { .. } => words.text("field-contact"),
            Purpose::Door => words.text("door-title"),
            Purpose::Moderate(deed) => words.text(deed.label()),
            Purpose::Fact { list, .. } => words.fact(self.kind, list.item),
            Purpose::Roster { asked, is_moved } => match is_moved {
                true => words.with("roster-moved", &[("act", asked.title(context).into())]),
                false => asked.title(context),
            },
        }
    }

    fn keys(&self) -> &'static [Binding] {
        match &self.form {
            Some(form) if form.on_button() => keys::OF_BUTTON,
            _ => keys::of(self.field()),
        }
    }

    fn is_typing(&self) -> bool {
        true
    }

    fn field(&self) -> FieldSort {
        let form = self.form.as_ref();
        form.map_or(FieldSort::Line, Form::field)
    }

    fn shows_tabs(&self) -> bool {
        false
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        match input {
            Input::Shown => self.shown(context),
            Input::Action(Action::Next) => {
                if let Some(form) = &mut self.form {
                    form.focus_by(1);
                }
                Step::stay()
            }
            Input::Action(Action::Previous) => {
                if let Some(form) = &mut self.form {
                    form.focus_by(-1);
                }
                Step::stay()
            }
            Input::Action(Action::Save) => self.publish(context),
            Input::Action(Action::Remove) => self.throw_away(context),
            Input::Action(Action::Back) => self.leave(context),
            Input::Action(Action::Quit) => Step::ignored(),
            Input::Key(event) => self.on_key(event, context),
            // The wheel goes where the keys go, and so does the palette.
            Input::Action(Action::Up) => self.on_key(&KeyCode::Up.into(), context),
            Input::Action(Action::Down) => self.on_key(&KeyCode::Down.into(), context),
            Input::Action(Action::Left) => self.on_key(&KeyCode::Left.into(), context),
            Input::Action(Action::Right) => self.on_key(&KeyCode::Right.into(), context),
            Input::Paste(text) => {
                let Some(form) = &mut self.form else {
                    self.typed_ahead.push(Typed::Pasted(text.to_owned()));
                    return Step::stay();
                };
                let changed = form.paste(text, context);
                self.note_change(changed, context)
            }
            Input::Clicked(place) => {
                let on_button = match &mut self.form {
                    Some(form) => form.click(place as usize),
                    None => false,
                };
                match on_button {
                    true => self.publish(context),
                    false => Step::stay(),
                }
            }
            Input::Tick => {
                let due = self
                    .unsaved_since_ms
                    .is_some_and(|since| context.clock.now_ms - since >= SAVE_AFTER_MS);
                let step = match due {
                    true => self.save(context),
                    false => Step::stay(),
                };
                self.take_in(step)
            }
            Input::HangUp => self.save(context),
            Input::Event(event) => self.on_event(event),
            Input::Answered { tag, outcome } => match (tag, outcome) {
                (TAG_DRAFTS, Ok(Answer::Drafts { drafts })) => self.take_drafts(drafts, context),
                (TAG_SHOWN, Ok(Answer::Document { document, .. })) => {
                    self.take_document(document, context);
                    self.take_in(Step::stay())
                }
                (TAG_PUBLISHED, Ok(answer)) => self.published(answer, context),
                (TAG_PUBLISHED, Err(Failure::Refused(refusal))) => self.refused(refusal, context),
                (TAG_PUBLISHED, Err(Failure::Unreachable)) => {
                    self.not_published(context.words.text("status-no-node"), context)
                }
                (TAG_SAVED, Err(_)) => {
                    // The next pause tries again.
                    self.unsaved_since_ms.get_or_insert(context.clock.now_ms);
                    Step::stay()
                }
                (TAG_DRAFTS | TAG_SHOWN, Err(_)) => {
                    self.merging = false;
                    if self.form.is_none() {
                        self.open(context);
                    }
                    Step::stay()
                }
                _ => Step::stay(),
            },
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        canvas.fill(area, context.theme.text);
        let label = match self.publishing {
            true => context.words.text("publishing"),
            false => context.words.text(self.button()),
        };
        let failure = self.failure.clone();
        let kind = self.field_kind();
        match &mut self.form {
            Some(form) => form.draw(canvas, area, &kind, &label, failure.as_deref(), context),
            None => {
                let text = context.words.text("loading");
                super::message::draw(canvas, area, &text, context);
            }
        }
    }
}

/// The fields of a kind that somebody can type.
fn fields_of(kind: &str) -> Vec<&'static Field> {
    let kinds = Kinds::standard();
    let kind = kinds.by_name(kind);
    kind.map_or_else(Vec::new, |kind| kind.fields.iter().collect())
}

/// The kind's own name; a kind that is not known has no form.
fn kind_name(name: &str) -> &'static str {
    let kinds = Kinds::standard();
    kinds.by_name(name).map_or("unknown", |kind| kind.name)
}
