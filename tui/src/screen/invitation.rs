//! An invitation that was made: its text to be copied, and until when it holds.

use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use crate::app::{Action, Binding, Canvas, Context, Go, Input, Key, Screen, Step};
use crate::text::styled::StyledText;

use super::reader::draw_blocks;

const KEYS: &[Binding] = &[Binding::new(
    &[Key::code(KeyCode::Enter), Key::code(KeyCode::Left)],
    Action::Left,
    "do-back",
)];

/// Shows the invitation.
#[derive(Debug)]
pub struct ShowInvitation {
    text: String,
    expires_ms: i64,
    scroll: usize,
}

impl ShowInvitation {
    /// Makes the screen for an invitation.
    pub fn new(text: String, expires_ms: i64) -> Self {
        Self {
            text,
            expires_ms,
            scroll: 0,
        }
    }
}

impl Screen for ShowInvitation {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text("invite-title")
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn shows_tabs(&self) -> bool {
        false
    }

    fn update(&mut self, input: Input<'_>, _context: &Context<'_>) -> Step {
        match input {
            Input::Action(Action::Left) => Step::go(Go::Back),
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        let theme = context.theme;
        canvas.fill(area, theme.text);
        let deadline = context.clock.deadline(context.words, self.expires_ms);
        let blocks = vec![
            StyledText::plain(context.words.text("invite-explained")),
            StyledText::new().with(&deadline, theme.important),
            StyledText::plain(""),
            StyledText::new().with(&self.text, theme.heading),
        ];
        // The text begins at the edge and fills whole lines, so that it can be copied as it is.
        draw_blocks(canvas, area, &blocks, &mut self.scroll, context);
    }
}
