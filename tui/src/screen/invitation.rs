//! An invitation, or a code for a further device, that was made: its text to be copied, until when it
//! holds, and what to do with it.

use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use crate::app::{Action, Binding, Canvas, Context, Input, Key, Screen, Step};
use crate::text::styled::StyledText;

use super::scrolled::{self, Scrolled};

const KEYS: &[Binding] = &[
    Binding::new(
        &[Key::code(KeyCode::Enter), Key::code(KeyCode::Left)],
        Action::Left,
        "do-back",
    ),
    scrolled::KEYS[1],
    scrolled::KEYS[2],
    scrolled::KEYS[3],
    scrolled::KEYS[4],
    scrolled::KEYS[5],
    scrolled::KEYS[6],
];

/// Shows the invitation or the code.
#[derive(Debug)]
pub struct ShowInvitation {
    title: &'static str,
    explained: &'static str,
    text: String,
    expires_ms: i64,
    scrolled: Scrolled,
}

impl ShowInvitation {
    /// Makes the screen for an invitation.
    pub fn new(text: String, expires_ms: i64) -> Self {
        Self {
            title: "invite-title",
            explained: "invite-explained",
            text,
            expires_ms,
            scrolled: Scrolled::default(),
        }
    }

    /// Makes the screen for a device's code.
    pub fn of_device(code: String, expires_ms: i64) -> Self {
        Self {
            title: "device-code-title",
            explained: "device-code-explained",
            ..Self::new(code, expires_ms)
        }
    }
}

impl Screen for ShowInvitation {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text(self.title)
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn shows_tabs(&self) -> bool {
        false
    }

    fn update(&mut self, input: Input<'_>, _context: &Context<'_>) -> Step {
        match input {
            Input::Action(action) => self.scrolled.act(action),
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        let theme = context.theme;
        canvas.fill(area, theme.text);
        let deadline = context.clock.deadline(context.words, self.expires_ms);
        let blocks = vec![
            StyledText::plain(context.words.text(self.explained)),
            StyledText::new().with(&deadline, theme.important),
            StyledText::plain(""),
            StyledText::new().with(&self.text, theme.heading),
        ];
        // The text begins at the edge and fills whole lines, so that it can be copied as it is.
        self.scrolled.draw_within(0, canvas, area, &blocks, context);
    }
}
