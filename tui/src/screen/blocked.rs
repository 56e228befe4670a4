//! Whom the household blocks: nobody else learns of it. From here one shows somebody again.

use protocol::api::{Answer, MemberRef, Request};
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::acts::blocking;
use super::choices::{self, Choices, Chose};
use super::message;
use crate::app::{Action, Binding, Canvas, Context, Failure, Input, Key, Screen, Step};
use crate::text::styled::StyledText;
use crate::widget::Paragraph;

const TAG_READ: u32 = 1;
const TAG_UNBLOCKED: u32 = 2;

const KEYS: &[Binding] = &[
    Binding::new(&[Key::code(KeyCode::Enter)], Action::Open, "do-unblock").hinted(),
    Binding::new(
        &[Key::code(KeyCode::Left), Key::char('h')],
        Action::Left,
        "do-back",
    ),
    choices::KEYS[1],
    choices::KEYS[2],
    choices::KEYS[3],
    choices::KEYS[4],
    choices::KEYS[5],
    choices::KEYS[6],
];

/// The screen.
#[derive(Debug, Default)]
pub struct Blocked {
    members: Option<Vec<MemberRef>>,
    choices: Choices,
    /// Who is shown again, until the node has answered.
    unblocked: Option<MemberRef>,
}

impl Blocked {
    /// Makes the screen.
    pub fn new() -> Self {
        Self::default()
    }

    fn members(&self) -> &[MemberRef] {
        self.members.as_deref().unwrap_or_default()
    }

    fn unblock(&mut self, place: usize) -> Step {
        let member = self.members().get(place).cloned();
        match member.filter(|_| self.unblocked.is_none()) {
            Some(member) => {
                let request = blocking(member.id, false);
                self.unblocked = Some(member);
                Step::stay().ask(TAG_UNBLOCKED, request)
            }
            None => Step::stay(),
        }
    }
}

impl Screen for Blocked {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text("setting-blocked")
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        match input {
            Input::Shown => return Step::stay().ask(TAG_READ, Request::Blocks),
            Input::Action(Action::Left) => return Step::stay().and_back(),
            Input::Answered { tag, outcome } => {
                let unblocked = match tag {
                    TAG_UNBLOCKED => self.unblocked.take(),
                    _ => None,
                };
                return match (outcome, unblocked) {
                    (Ok(Answer::Blocks { members }), unblocked) => {
                        self.members = Some(members.clone());
                        match unblocked {
                            Some(member) => Step::stay()
                                .remark(context.words.text("unblocked-here"))
                                .undo(blocking(member.id, true)),
                            None => Step::stay(),
                        }
                    }
                    (Err(Failure::Refused(refusal)), _) => {
                        Step::stay().remark(refusal.message.clone())
                    }
                    _ => Step::stay(),
                };
            }
            _ => {}
        }
        match self.choices.update(input, self.members().len()) {
            Chose::Nothing => Step::ignored(),
            Chose::Moved => Step::stay(),
            Chose::One(place) => self.unblock(place),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        canvas.fill(area, context.theme.text);
        let words = context.words;
        if self.members().is_empty() {
            let key = match self.members {
                Some(_) => "blocked-none",
                None => "loading",
            };
            return message::draw(canvas, area, &words.text(key), context);
        }
        let explained = words.text("blocked-explained");
        let explained = StyledText::new().with(&explained, context.theme.dim);
        let place = Rect {
            x: area.x + 1,
            width: area.width - 2,
            ..area
        };
        let paragraph = Paragraph::new(&explained);
        let rows = paragraph.draw(place, canvas.buffer, context.look());
        let rows = u16::try_from(rows + 1).unwrap_or(u16::MAX);
        let rows = rows.min(place.height - 1);
        let list = Rect {
            y: place.y + rows,
            height: place.height - rows,
            ..place
        };
        let names = self.members().iter();
        let names: Vec<String> = names.map(|member| words.member(member)).collect();
        self.choices.draw(canvas, list, &names, context);
    }
}
