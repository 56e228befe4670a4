//! A popup that asks for one line and hands it to the screen below.

use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::field_styles;
use crate::app::{Action, Binding, Canvas, Context, Go, Input, Key, Layer, Screen, Step, edit_of};
use crate::text::edit::Edit;
use crate::text::line_input::LineInput;
use crate::widget::field::{Field, Input as FieldInput};

const KEYS: &[Binding] =
    &[Binding::new(&[Key::code(KeyCode::Enter)], Action::Open, "do-go-on").hinted()];

/// The popup.
#[derive(Debug)]
pub struct Ask {
    title: &'static str,
    label: &'static str,
    placeholder: &'static str,
    line: LineInput,
}

impl Ask {
    /// Asks for a line of so many Unicode scalar values; title and label are names of words.
    pub fn new(
        title: &'static str,
        label: &'static str,
        placeholder: &'static str,
        chars_max: usize,
    ) -> Self {
        Self {
            title,
            label,
            placeholder,
            line: LineInput::new(chars_max),
        }
    }
}

impl Ask {
    /// Lets a text stand in the line from the beginning.
    #[must_use]
    pub(crate) fn with_text(mut self, text: &str) -> Self {
        self.line = self.line.with_text(text);
        self
    }

    fn hand_over(&self) -> Step {
        let text = self.line.text().trim().to_owned();
        match text.is_empty() {
            true => Step::go(Go::Back),
            false => Step::go(Go::BackWith(text)),
        }
    }
}

impl Screen for Ask {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text(self.title)
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn is_typing(&self) -> bool {
        true
    }

    fn layer(&self) -> Layer {
        Layer::Popup {
            width: 62,
            height: 6,
        }
    }

    fn update(&mut self, input: Input<'_>, _context: &Context<'_>) -> Step {
        match input {
            Input::Action(Action::Open) => self.hand_over(),
            Input::Key(event) if event.code == KeyCode::Enter => self.hand_over(),
            Input::Key(event) => {
                if let Some(edit) = edit_of(event) {
                    self.line.apply(edit);
                }
                Step::stay()
            }
            Input::Paste(text) => {
                self.line.apply(Edit::Paste(text.to_owned()));
                Step::stay()
            }
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        let label = context.words.text(self.label);
        let field = Field {
            label: &label,
            input: FieldInput::Line(&self.line),
            placeholder: self.placeholder,
            error: None,
            focused: true,
            styles: field_styles(context),
        };
        let place = Rect {
            y: area.y + u16::from(area.height > 2),
            height: area.height.min(Field::rows_of_line(false, context.look())),
            ..area
        };
        canvas.cursor = field.draw(place, canvas.buffer, context.look());
    }
}
