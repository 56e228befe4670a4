//! A page of blocks that is read from top to bottom: what pages of one thing share.

use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::reader::draw_blocks;
use crate::app::{Action, Binding, Canvas, Click, Context, Key, Step};
use crate::text::styled::StyledText;
use crate::text::width::columns;

/// The keys of a page.
pub(super) const KEYS: [Binding; 7] = [
    Binding::new(
        &[Key::code(KeyCode::Left), Key::char('h')],
        Action::Left,
        "do-back",
    ),
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
    Binding::new(&[Key::code(KeyCode::PageUp)], Action::PageUp, "do-page-up"),
    Binding::new(
        &[Key::code(KeyCode::PageDown), Key::char(' ')],
        Action::PageDown,
        "do-page-down",
    ),
    Binding::new(
        &[Key::code(KeyCode::Home), Key::char('g')],
        Action::First,
        "do-first",
    ),
    Binding::new(
        &[Key::code(KeyCode::End), Key::char('G')],
        Action::Last,
        "do-last",
    ),
];

/// How far a page is scrolled.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scrolled {
    scroll: usize,
    /// Lines of the whole page, and of the part that was shown last.
    rows: usize,
    shown: usize,
}

impl Scrolled {
    /// Moves, or goes back; ignores what is none of a page's.
    pub(super) fn act(&mut self, action: Action) -> Step {
        let page = self.shown.saturating_sub(1).max(1);
        let line = match action {
            Action::Up => self.scroll.saturating_sub(1),
            Action::Down => self.scroll + 1,
            Action::PageUp => self.scroll.saturating_sub(page),
            Action::PageDown => self.scroll + page,
            Action::First => 0,
            Action::Last => usize::MAX,
            Action::Left => return Step::stay().and_back(),
            _ => return Step::ignored(),
        };
        self.scroll = line.min(self.rows.saturating_sub(self.shown));
        Step::stay()
    }

    /// Draws the page, and says where it goes on below.
    pub(super) fn draw(
        &mut self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        blocks: &[StyledText],
        context: &Context<'_>,
    ) {
        let margin = u16::from(area.width > 60) * 2 + 1;
        self.draw_within(margin, canvas, area, blocks, context);
    }

    /// Draws the page without free columns at its sides, with something else to stand below it.
    /// Returns how many lines of the area it takes.
    pub(super) fn draw_above(
        &mut self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        blocks: &[StyledText],
        context: &Context<'_>,
    ) -> u16 {
        self.draw_within(0, canvas, area, blocks, context);
        u16::try_from(self.rows.min(self.shown)).unwrap_or(area.height)
    }

    /// Draws the page with free columns at its sides.
    pub(super) fn draw_within(
        &mut self,
        margin: u16,
        canvas: &mut Canvas<'_>,
        area: Rect,
        blocks: &[StyledText],
        context: &Context<'_>,
    ) {
        let place = Rect {
            x: area.x + margin,
            width: area.width - 2 * margin,
            ..area
        };
        self.shown = usize::from(area.height);
        self.rows = draw_blocks(canvas, place, blocks, &mut self.scroll, context);
        if self.rows <= self.scroll + self.shown {
            return;
        }
        say_more(canvas, area, context);
    }
}

/// Says in the last line of an area that there is more below.
pub(super) fn say_more(canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
    // A column stays free between it and what it covers.
    let more = format!(" {}", context.words.text("more-below"));
    let width = u16::try_from(columns(&more, context.look().ambiguous));
    let width = width.unwrap_or(area.width).min(area.width);
    let corner = Rect {
        x: area.right() - width,
        y: area.bottom() - 1,
        width,
        height: 1,
    };
    canvas.fill(corner, context.theme.text);
    canvas.line(corner, &more, context.theme.dim, context.look());
    canvas.click(corner, Click::Action(Action::PageDown));
}
