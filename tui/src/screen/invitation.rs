//! An invitation, or a code for a further device, that was made: its text to be copied, until when it
//! holds, and what to do with it. Where the window has room it stands there as a QR code, too.

use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use crate::app::{Action, Binding, Canvas, Context, Input, Key, Screen, Step};
use crate::qr::Squares;
use crate::text::AmbiguousWidth;
use crate::text::styled::StyledText;
use crate::widget::Paragraph;

use super::scrolled::{self, Scrolled};

const KEYS: &[Binding] = &[
    Binding::new(
        &[Key::code(KeyCode::Enter), Key::code(KeyCode::Left)],
        Action::Left,
        "do-back",
    ),
    Binding::new(&[Key::code(KeyCode::Tab)], Action::Next, "do-show-code"),
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
    code: Option<Squares>,
    /// Whether the QR code is shown in place of the text.
    shows_code: bool,
    scrolled: Scrolled,
}

/// Where a QR code has room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    /// Nowhere: this terminal draws none.
    Never,
    /// In a window of so many columns and lines.
    Larger(usize, usize),
    /// In place of the text.
    Alone,
    /// Below the text.
    Below,
}

impl ShowInvitation {
    /// Makes the screen for an invitation.
    pub fn new(text: String, expires_ms: i64) -> Self {
        let code = Squares::of_checked_text(&text);
        Self {
            title: "invite-title",
            explained: "invite-explained",
            text,
            expires_ms,
            code,
            shows_code: false,
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

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        match input {
            Input::Action(Action::Next) => {
                self.shows_code = !self.shows_code;
                match self.code.is_some() && draws_codes(context) {
                    true => Step::stay(),
                    false => Step::stay().remark(context.words.text("code-never")),
                }
            }
            Input::Action(action) => self.scrolled.act(action),
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        let (theme, words) = (context.theme, context.words);
        canvas.fill(area, theme.text);
        let deadline = context.clock.deadline(words, self.expires_ms);
        let mut blocks = vec![
            StyledText::plain(words.text(self.explained)),
            StyledText::new().with(&deadline, theme.important),
        ];
        let text = [
            StyledText::plain(""),
            StyledText::new().with(&self.text, theme.heading),
        ];
        let rows = |blocks: &[StyledText]| -> usize {
            let rows = blocks.iter().map(|block| {
                let rows = Paragraph::new(block).rows(area.width, context.look());
                rows.max(1)
            });
            rows.sum()
        };
        let used = rows(&blocks) + rows(&text);
        let hint = match self.room(used, area, context) {
            Room::Below => {
                let place = Rect {
                    y: area.y + u16::try_from(used + 1).unwrap_or(area.height),
                    ..area
                };
                self.draw_code(canvas, place, context);
                None
            }
            Room::Alone if self.shows_code => return self.draw_code(canvas, area, context),
            Room::Alone => Some(words.text("code-alone")),
            Room::Larger(columns, lines) => {
                let values = [("columns", columns.into()), ("lines", lines.into())];
                Some(words.with("code-larger", &values))
            }
            Room::Never => None,
        };
        blocks.extend(hint.map(|hint| StyledText::new().with(&hint, theme.dim)));
        blocks.extend(text);
        // The text begins at the edge and fills whole lines, so that it can be copied as it is. With
        // the code below it, nothing is to be covered.
        let place = match blocks.len() {
            4 => Rect {
                height: area.height.min(u16::try_from(used).unwrap_or(u16::MAX)),
                ..area
            },
            _ => area,
        };
        self.scrolled
            .draw_within(0, canvas, place, &blocks, context);
    }
}

/// Tells whether half blocks look as they should.
fn draws_codes(context: &Context<'_>) -> bool {
    let look = context.look();
    !look.ascii && look.ambiguous == AmbiguousWidth::Narrow
}

impl ShowInvitation {
    /// Where the QR code has room beside so many lines.
    fn room(&self, used: usize, area: Rect, context: &Context<'_>) -> Room {
        let Some(code) = self.code.as_ref().filter(|_| draws_codes(context)) else {
            return Room::Never;
        };
        let (columns, lines) = (code.columns(), code.columns().div_ceil(2));
        let has =
            |lines: usize| columns <= usize::from(area.width) && lines <= usize::from(area.height);
        if has(used + 1 + lines) {
            return Room::Below;
        }
        if has(lines) {
            return Room::Alone;
        }
        let around = usize::from(context.height.saturating_sub(area.height));
        Room::Larger(columns, lines + around)
    }

    /// Draws the code from the top of an area on.
    fn draw_code(&self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        let lines = self.code.iter().flat_map(Squares::lines);
        for (y, line) in (area.y..area.bottom()).zip(lines) {
            let place = Rect {
                y,
                height: 1,
                ..area
            };
            canvas.line(place, &line, context.theme.code, context.look());
        }
    }
}
