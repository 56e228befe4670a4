//! The door: a passphrase opens the home, and its node starts.

use protocol::api::Refusal;
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::field_styles;
use crate::app::{
    Action, Binding, Canvas, Context, FieldSort, Go, Input, Key, Screen, Step, edit_of,
};
use crate::host::{HostAnswer, HostOrder, Passphrase};
use crate::text::edit::Edit;
use crate::text::line_input::LineInput;
use crate::text::styled::StyledText;
use crate::widget::Paragraph;
use crate::widget::field::{Field, Input as FieldInput};

/// Unicode scalar values of a passphrase at most.
pub const PASSPHRASE_CHARS_MAX: usize = 256;

const KEYS: &[Binding] = &[
    Binding::new(&[Key::code(KeyCode::Enter)], Action::Open, "do-open").hinted(),
    Binding::new(&[Key::code(KeyCode::F(10))], Action::Quit, "do-quit").hinted(),
    Binding::new(&[Key::code(KeyCode::F(4))], Action::Language, "do-language").hinted(),
];

/// Asks for the passphrase.
#[derive(Debug)]
pub struct Unlock {
    passphrase: LineInput,
    opening: bool,
    refusal: Option<String>,
}

impl Unlock {
    /// Makes the door.
    pub fn new() -> Self {
        Self {
            passphrase: LineInput::masked(PASSPHRASE_CHARS_MAX),
            opening: false,
            refusal: None,
        }
    }

    fn open(&mut self) -> Step {
        if self.opening || self.passphrase.is_empty() {
            return Step::stay();
        }
        self.opening = true;
        self.refusal = None;
        let typed = Passphrase::new(self.passphrase.take());
        Step::stay().order(0, HostOrder::Unlock(typed))
    }

    fn opened(&mut self, outcome: &Result<HostAnswer, Refusal>) -> Step {
        self.opening = false;
        match outcome {
            Ok(_) => Step::go(Go::Begin),
            Err(refusal) => {
                self.refusal = Some(refusal.message.clone());
                Step::stay()
            }
        }
    }
}

impl Default for Unlock {
    fn default() -> Self {
        Self::new()
    }
}

impl Screen for Unlock {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text("unlock-title")
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn is_typing(&self) -> bool {
        true
    }

    fn field(&self) -> FieldSort {
        FieldSort::Secret
    }

    fn shows_tabs(&self) -> bool {
        false
    }

    fn update(&mut self, input: Input<'_>, _context: &Context<'_>) -> Step {
        match input {
            Input::Action(Action::Open) => self.open(),
            Input::Key(event) if event.code == KeyCode::Enter => self.open(),
            Input::Key(event) => {
                if let Some(edit) = edit_of(event) {
                    self.passphrase.apply(edit);
                }
                Step::stay()
            }
            Input::Paste(text) => {
                self.passphrase.apply(Edit::Paste(text.to_owned()));
                Step::stay()
            }
            Input::Hosted { outcome, .. } => self.opened(outcome),
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        let look = context.look();
        canvas.fill(area, context.theme.text);
        let explained = StyledText::plain(context.words.text("unlock-explained"));
        let margin = (area.width / 8).min(10);
        let place = Rect {
            x: area.x + margin,
            y: area.y + 2,
            width: area.width - 2 * margin,
            height: area.height.saturating_sub(2),
        };
        let paragraph = Paragraph::new(&explained);
        let rows = u16::try_from(paragraph.draw(place, canvas.buffer, look)).unwrap_or(u16::MAX);
        let label = context.words.text("unlock-label");
        let field = Field {
            label: &label,
            input: FieldInput::Line(&self.passphrase),
            placeholder: "",
            error: None,
            focused: !self.opening,
            styles: field_styles(context),
        };
        let below = Rect {
            y: (place.y + rows + 1).min(place.bottom()),
            height: place
                .height
                .saturating_sub(rows + 1)
                .min(Field::rows_of_line(false, look)),
            ..place
        };
        canvas.cursor = field.draw(below, canvas.buffer, look);
        let (text, style) = match (self.opening, &self.refusal) {
            (true, _) => (context.words.text("unlock-opening"), context.theme.dim),
            (false, Some(refusal)) => (refusal.clone(), context.theme.bad),
            (false, None) => return,
        };
        let said = StyledText::new().with(&text, style);
        let rest = Rect {
            y: below.bottom(),
            height: place.bottom() - below.bottom(),
            ..place
        };
        Paragraph::new(&said).draw(rest, canvas.buffer, look);
    }
}
