//! The agreement in force, and every act of moderation with what became of it: the public log. Below
//! it stands whom this household blocks, which nobody else knows.

use protocol::api::{AgreementView, Answer, Event, MemberRef, ModerationView, Request};
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::reader::moderated;
use super::reader::{Reader, draw_blocks};
use crate::app::{Action, Binding, Canvas, Context, Input, Key, Screen, Step};
use crate::text::styled::StyledText;

const TAG_READ: u32 = 1;

const KEYS: &[Binding] = &[
    Binding::new(
        &[Key::code(KeyCode::Enter)],
        Action::Open,
        "do-open-agreement",
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
    Binding::new(&[Key::code(KeyCode::PageUp)], Action::PageUp, "do-page-up"),
    Binding::new(
        &[Key::code(KeyCode::PageDown), Key::char(' ')],
        Action::PageDown,
        "do-page-down",
    ),
];

/// The screen.
#[derive(Debug, Default)]
pub struct Moderation {
    agreement: Option<Box<AgreementView>>,
    acts: Vec<ModerationView>,
    blocked: Vec<MemberRef>,
    scroll: usize,
    shown: usize,
}

impl Moderation {
    /// Makes the screen.
    pub fn new() -> Self {
        Self::default()
    }

    /// What it asks the node.
    pub(crate) fn questions() -> [Request; 3] {
        [Request::Agreement, Request::Moderations, Request::Blocks]
    }

    /// Takes an answer over.
    pub(crate) fn take(&mut self, answer: &Answer) {
        match answer {
            Answer::Agreement { agreement } => self.agreement.clone_from(agreement),
            Answer::Moderations { moderations } => self.acts.clone_from(moderations),
            Answer::Blocks { members } => self.blocked.clone_from(members),
            _ => {}
        }
    }

    /// The agreement in force.
    pub(crate) fn agreement(&self) -> Option<&AgreementView> {
        self.agreement.as_deref()
    }

    /// The acts, the newest first.
    pub(crate) fn acts(&self) -> &[ModerationView] {
        &self.acts
    }

    fn read() -> Step {
        let questions = Self::questions().into_iter();
        questions.fold(Step::stay(), |step, request| step.ask(TAG_READ, request))
    }

    /// Which agreement is in force, and who has signed it.
    pub(crate) fn agreement_lines(&self, context: &Context<'_>) -> Vec<StyledText> {
        let (words, theme) = (context.words, context.theme);
        let Some(agreement) = &self.agreement else {
            return vec![StyledText::new().with(&words.text("agreement-none"), theme.dim)];
        };
        let title = agreement.document.fields.get("title");
        let title = title.and_then(|title| title.as_str()).unwrap_or_default();
        let line = words.with(
            "agreement-line",
            &[
                ("title", title.into()),
                ("version", agreement.version.into()),
                ("rules", agreement.clauses.len().into()),
                ("signed", agreement.signed.len().into()),
                ("unsigned", agreement.unsigned.len().into()),
            ],
        );
        let (own, style) = match agreement.is_signed {
            true => ("agreement-signed", theme.good),
            false => ("agreement-unsigned", theme.awaited),
        };
        vec![
            StyledText::new().with(&line, theme.text),
            StyledText::new().with(&words.text(own), style),
        ]
    }

    /// Whom the own household blocks; nothing when nobody.
    pub(crate) fn blocked_line(&self, context: &Context<'_>) -> Option<String> {
        if self.blocked.is_empty() {
            return None;
        }
        let names = self.blocked.iter();
        let names: Vec<String> = names.map(|member| context.words.member(member)).collect();
        let names = names.join(&context.words.text("between-names"));
        Some(
            context
                .words
                .with("blocks-line", &[("names", (&names).into())]),
        )
    }

    fn blocks(&self, context: &Context<'_>) -> Vec<StyledText> {
        let (words, theme) = (context.words, context.theme);
        let heading = |key: &str| StyledText::new().with(&words.text(key), theme.heading);
        let mut blocks = vec![heading("agreement-heading")];
        blocks.extend(self.agreement_lines(context));
        blocks.push(StyledText::plain(""));
        blocks.push(heading("moderation-heading"));
        if self.acts.is_empty() {
            blocks.push(StyledText::new().with(&words.text("moderation-none"), theme.dim));
        }
        for act in &self.acts {
            blocks.extend(moderated::lines(act, context));
            blocks.push(StyledText::plain(""));
        }
        let blocked = self.blocked_line(context);
        blocks.extend(blocked.map(|line| StyledText::new().with(&line, theme.dim)));
        blocks
    }
}

impl Screen for Moderation {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text("moderation-title")
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        let page = self.shown.saturating_sub(1).max(1);
        match input {
            Input::Shown
            | Input::Event(Event::Documents { .. } | Event::Roster | Event::Missed) => Self::read(),
            Input::Action(action) => {
                match action {
                    Action::Up => self.scroll = self.scroll.saturating_sub(1),
                    Action::Down => self.scroll += 1,
                    Action::PageUp => self.scroll = self.scroll.saturating_sub(page),
                    Action::PageDown => self.scroll += page,
                    Action::Open => {
                        return match &self.agreement {
                            Some(agreement) => Step::open(Reader::new(agreement.document.clone())),
                            None => Step::stay().remark(context.words.text("agreement-none")),
                        };
                    }
                    _ => return Step::ignored(),
                }
                Step::stay()
            }
            Input::Answered {
                outcome: Ok(answer),
                ..
            } => {
                self.take(answer);
                Step::stay()
            }
            Input::Answered { .. } => Step::stay(),
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        canvas.fill(area, context.theme.text);
        self.shown = usize::from(area.height);
        let place = Rect {
            x: area.x + 1,
            width: area.width.saturating_sub(2),
            ..area
        };
        let blocks = self.blocks(context);
        draw_blocks(canvas, place, &blocks, &mut self.scroll, context);
    }
}
