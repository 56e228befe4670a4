//! What the reader may do with a document beside reading it: offer help, accept, confirm, withdraw,
//! acknowledge, take a plan a step on, tell in confidence how one can be reached, erase. A popup to
//! choose from.
//!
//! It only knows what is worth offering; whether an act counts is the node's to say.

mod act;
mod confirm;
mod moderating;
mod occasion;

use protocol::api::DocumentView;
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

pub use act::{Act, facts, name_of};
pub(crate) use act::{Confirmed, Doing};
pub use occasion::possible;

use crate::app::{
    Action, Binding, Canvas, Click, Context, Failure, Go, Input, Key, Layer, Screen, Step,
};
use crate::text::width::truncate;
use confirm::Confirm;

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
        match act.doing(&self.view) {
            Doing::Form(composer) => Step::go(Go::Replace(composer)),
            Doing::Confirmed(confirmed) => Step::go(Go::Replace(Box::new(Confirm::new(confirmed)))),
            Doing::Request(request) => {
                self.writing = true;
                Step::stay().ask(TAG_WRITTEN, request)
            }
        }
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
