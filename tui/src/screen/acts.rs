//! What the reader may do with a document beside reading it: offer help, accept, confirm, withdraw,
//! acknowledge, take a plan a step on. A popup to choose from.
//!
//! It only knows what is worth offering; whether an act counts is the node's to say.

mod occasion;

use std::collections::BTreeMap;

use protocol::api::{DocumentView, Request};
use protocol::kind::{List as FactList, Shape};
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;
use serde_json::{Map, Value, json};

pub use occasion::possible;

use super::composer::Composer;
use crate::app::{
    Action, Binding, Canvas, Click, Context, Failure, Go, Input, Key, Layer, Screen, Step,
};
use crate::text::width::truncate;

const TAG_WRITTEN: u32 = 1;

const KEYS: &[Binding] = &[
    Binding::new(
        &[
            Key::code(KeyCode::Enter),
            Key::code(KeyCode::Right),
            Key::char('l'),
        ],
        Action::Open,
        "do-choose",
    )
    .hinted(),
    Binding::new(
        &[Key::code(KeyCode::Up), Key::char('k')],
        Action::Up,
        "do-up",
    ),
    Binding::new(
        &[Key::code(KeyCode::Down), Key::char('j')],
        Action::Down,
        "do-down",
    ),
];

/// One thing that can be done.
#[derive(Clone, Debug)]
pub struct Act {
    list: &'static FactList,
    /// The offer it names.
    offer: Option<String>,
    /// Who made that offer, for the label.
    offered_by: Option<String>,
}

/// The facts of a list of a document.
pub fn facts<'v>(
    view: &'v DocumentView,
    list: &str,
) -> impl Iterator<Item = &'v Map<String, Value>> {
    let items = view.fields.get(list).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(Value::as_object)
}

fn is_own(fact: &Map<String, Value>, context: &Context<'_>) -> bool {
    let by = fact.get("by").and_then(|by| by.get("id"));
    let by = by.and_then(Value::as_str);
    context
        .known
        .me()
        .is_some_and(|me| by == Some(me.to_string().as_str()))
}

/// Who wrote a fact, with the building.
pub fn name_of(fact: &Map<String, Value>, context: &Context<'_>) -> String {
    let by = fact.get("by").cloned().unwrap_or_default();
    match serde_json::from_value(by) {
        Ok(by) => context.words.member(&by),
        Err(_) => context.words.text("somebody-unknown"),
    }
}

impl Act {
    /// What it is called.
    pub(crate) fn label(&self, kind: &str, context: &Context<'_>) -> String {
        let item = self.list.item.replace('_', "-");
        let key = format!("act-{kind}-{item}");
        match &self.offered_by {
            Some(by) => context
                .words
                .with(&format!("{key}.of"), &[("name", by.into())]),
            None => context.words.text(&key),
        }
    }

    /// Whether something is to be said with it.
    pub(crate) fn asks(&self) -> bool {
        self.list.fields.iter().any(|field| {
            field.shape != Shape::Item
                && field.name != "way"
                && !matches!(field.shape, Shape::Member)
        })
    }

    fn fixed(&self) -> BTreeMap<String, Value> {
        let offer = self.offer.iter();
        offer
            .map(|offer| ("offer".to_owned(), json!(offer)))
            .collect()
    }

    /// The form that asks for what is said with it.
    pub(crate) fn composer(&self, view: &DocumentView) -> Composer {
        Composer::fact(view, self.list, self.fixed())
    }

    /// Writes it as it is.
    pub(crate) fn request(&self, view: &DocumentView) -> Request {
        let fact = Value::Object(self.fixed().into_iter().collect());
        Request::Edit {
            document: view.id,
            fields: BTreeMap::from([(self.list.name.to_owned(), fact)]),
            base: Vec::new(),
        }
    }
}

/// The popup.
#[derive(Debug)]
pub struct Acts {
    view: DocumentView,
    acts: Vec<Act>,
    selected: usize,
    refusal: Option<String>,
    writing: bool,
}

impl Acts {
    /// Makes the popup for a document.
    pub fn new(view: DocumentView, acts: Vec<Act>) -> Self {
        Self {
            view,
            acts,
            selected: 0,
            refusal: None,
            writing: false,
        }
    }

    fn choose(&mut self) -> Step {
        let Some(act) = self.acts.get(self.selected).filter(|_| !self.writing) else {
            return Step::stay();
        };
        if act.asks() {
            return Step::go(Go::Replace(Box::new(act.composer(&self.view))));
        }
        let request = act.request(&self.view);
        self.writing = true;
        Step::stay().ask(TAG_WRITTEN, request)
    }
}

impl Screen for Acts {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text("acts-title")
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn layer(&self) -> Layer {
        let rows = u16::try_from(self.acts.len()).unwrap_or(u16::MAX);
        Layer::Popup {
            width: 56,
            height: rows.saturating_add(4),
        }
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        match input {
            Input::Action(Action::Up) => {
                self.selected = self.selected.saturating_sub(1);
                Step::stay()
            }
            Input::Action(Action::Down) => {
                self.selected = (self.selected + 1).min(self.acts.len().saturating_sub(1));
                Step::stay()
            }
            Input::Action(Action::Open) => self.choose(),
            Input::Clicked(place) => {
                self.selected = (place as usize).min(self.acts.len().saturating_sub(1));
                self.choose()
            }
            Input::Answered {
                tag: TAG_WRITTEN,
                outcome,
            } => {
                self.writing = false;
                match outcome {
                    Ok(_) => Step::stay()
                        .remark(context.words.text("act-written"))
                        .and_back(),
                    Err(Failure::Refused(refusal)) => {
                        self.refusal = Some(refusal.message.clone());
                        Step::stay()
                    }
                    Err(Failure::Unreachable) => {
                        self.refusal = Some(context.words.text("status-no-node"));
                        Step::stay()
                    }
                }
            }
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        let (theme, look) = (context.theme, context.look());
        for (row, (place, act)) in (area.y..area.bottom()).zip(self.acts.iter().enumerate()) {
            let line = Rect {
                y: row,
                height: 1,
                ..area
            };
            let is_selected = place == self.selected;
            let style = if is_selected {
                theme.selected
            } else {
                theme.text
            };
            canvas.fill(line, style);
            let lead = if is_selected {
                theme.marks.selected
            } else {
                " "
            };
            let text = format!("{lead} {}", act.label(&self.view.kind, context));
            let text = truncate(&text, usize::from(line.width), look.ambiguous);
            canvas.line(line, &text, style, look);
            canvas.click(line, Click::Place(u32::try_from(place).unwrap_or(u32::MAX)));
        }
        if let Some(refusal) = &self.refusal
            && area.height > 1
        {
            let line = Rect {
                y: area.bottom() - 1,
                height: 1,
                ..area
            };
            canvas.line(line, refusal, theme.bad, look);
        }
    }
}
