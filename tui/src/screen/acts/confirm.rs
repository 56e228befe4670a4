//! A popup that asks before something that cannot be undone, and does it. To leave things as they
//! are is the choice that stands first.

use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::act::Confirmed;
use crate::app::{
    Action, Binding, Canvas, Click, Context, Failure, Input, Key, Layer, Screen, Step,
};
use crate::text::styled::StyledText;
use crate::widget::Paragraph;

const TAG_WRITTEN: u32 = 1;

/// What can be chosen, by the names of words.
const CHOICES: [&str; 2] = ["erase-not", "erase-indeed"];
/// The place of the choice to go on.
const GO_ON: usize = 1;

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
    selected: usize,
    refusal: Option<String>,
    writing: bool,
}

impl Confirm {
    /// Asks about something.
    pub fn new(confirmed: Confirmed) -> Self {
        Self {
            confirmed,
            selected: 0,
            refusal: None,
            writing: false,
        }
    }

    fn choose(&mut self) -> Step {
        if self.writing {
            return Step::stay();
        }
        if self.selected != GO_ON {
            return Step::stay().and_back();
        }
        self.writing = true;
        Step::stay().ask(TAG_WRITTEN, self.confirmed.request.clone())
    }
}

impl Screen for Confirm {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text("erase-title")
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
        match input {
            Input::Action(Action::Up) => {
                self.selected = self.selected.saturating_sub(1);
                Step::stay()
            }
            Input::Action(Action::Down) => {
                self.selected = (self.selected + 1).min(GO_ON);
                Step::stay()
            }
            Input::Action(Action::Open) => self.choose(),
            Input::Clicked(place) => {
                self.selected = (place as usize).min(GO_ON);
                self.choose()
            }
            Input::Answered {
                tag: TAG_WRITTEN,
                outcome,
            } => {
                self.writing = false;
                self.refusal = match outcome {
                    Ok(_) => {
                        let erased = context.words.text("erased");
                        return Step::stay().remark(erased).and_back();
                    }
                    Err(Failure::Refused(refusal)) => Some(refusal.message.clone()),
                    Err(Failure::Unreachable) => Some(context.words.text("status-no-node")),
                };
                Step::stay()
            }
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        let (theme, look) = (context.theme, context.look());
        let (text, style) = match &self.refusal {
            Some(refusal) => (refusal.clone(), theme.bad),
            None => (context.words.text(self.confirmed.question), theme.text),
        };
        let rows = u16::try_from(CHOICES.len()).unwrap_or(u16::MAX);
        let question = Rect {
            height: area.height.saturating_sub(rows),
            ..area
        };
        let text = StyledText::new().with(&text, style);
        Paragraph::new(&text).draw(question, canvas.buffer, look);
        let lines = question.bottom()..area.bottom();
        for (row, (place, choice)) in lines.zip((0_u32..).zip(CHOICES)) {
            let line = Rect {
                y: row,
                height: 1,
                ..area
            };
            let is_selected = place as usize == self.selected;
            let (style, lead) = match is_selected {
                true => (theme.selected, theme.marks.selected),
                false => (theme.text, " "),
            };
            canvas.fill(line, style);
            let text = format!("{lead} {}", context.words.text(choice));
            canvas.line(line, &text, style, look);
            canvas.click(line, Click::Place(place));
        }
    }
}
