//! A popup that asks before something that cannot be undone, and does it. To leave things as they
//! are is the choice that stands first.

use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::super::choices::{Choices, Chose};
use super::act::Confirmed;
use super::done;
use crate::app::{Action, Binding, Canvas, Context, Failure, Input, Key, Layer, Screen, Step};
use crate::text::styled::StyledText;
use crate::widget::Paragraph;

const TAG_WRITTEN: u32 = 1;

/// The place of the choice to go on.
const GO_ON: usize = 1;
/// How many choices there are.
const CHOICES: u16 = 2;

/// Fewer than other lists have: what cannot be undone is not done by a key that elsewhere moves on.
const KEYS: &[Binding] = &[
    Binding::new(&[Key::code(KeyCode::Enter)], Action::Open, "do-choose").hinted(),
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
pub struct Confirm {
    confirmed: Confirmed,
    choices: Choices,
    refusal: Option<String>,
    writing: bool,
}

impl Confirm {
    /// Asks about something.
    pub fn new(confirmed: Confirmed) -> Self {
        Self {
            confirmed,
            choices: Choices::default(),
            refusal: None,
            writing: false,
        }
    }

    fn choose(&mut self, place: usize) -> Step {
        if self.writing {
            return Step::stay();
        }
        if place != GO_ON {
            return Step::stay().and_back();
        }
        self.writing = true;
        Step::stay().ask(TAG_WRITTEN, self.confirmed.request.clone())
    }
}

impl Screen for Confirm {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text(self.confirmed.asks.title)
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn layer(&self) -> Layer {
        Layer::Popup {
            width: 56,
            height: 11,
        }
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        if let Input::Answered {
            tag: TAG_WRITTEN,
            outcome,
        } = input
        {
            self.writing = false;
            self.refusal = match outcome {
                Ok(answer) => {
                    let said = done(answer, self.confirmed.asks.done, context);
                    return Step::stay().remark(said).done_for_good().and_back();
                }
                Err(Failure::Refused(refusal)) => Some(refusal.message.clone()),
                Err(Failure::Unreachable) => Some(context.words.text("status-no-node")),
            };
            return Step::stay();
        }
        match self.choices.update(input, usize::from(CHOICES)) {
            Chose::Nothing => Step::ignored(),
            Chose::Moved => Step::stay(),
            Chose::One(place) => self.choose(place),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        let (theme, look) = (context.theme, context.look());
        let (text, style) = match &self.refusal {
            Some(refusal) => (refusal.clone(), theme.bad),
            None => (context.words.text(self.confirmed.question), theme.text),
        };
        let question = Rect {
            height: area.height.saturating_sub(CHOICES),
            ..area
        };
        let text = StyledText::new().with(&text, style);
        Paragraph::new(&text).draw(question, canvas.buffer, look);
        let rest = Rect {
            y: question.bottom(),
            height: area.height - question.height,
            ..area
        };
        let asks = self.confirmed.asks;
        let names = [asks.keep, asks.go_on].map(|key| context.words.text(key));
        self.choices.draw(canvas, rest, &names, context);
    }
}
