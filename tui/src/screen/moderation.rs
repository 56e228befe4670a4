//! The agreement in force, and every act of moderation with what became of it: the public log. Below
//! it stands whom this household blocks, which nobody else knows.

use protocol::api::{AgreementView, Answer, Event, MemberRef, ModerationView, Request};
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::reader::Reader;
use super::reader::moderated;
use super::scrolled::{self, Scrolled};
use crate::app::{Action, Binding, Canvas, Context, Input, Key, Screen, Step};
use crate::text::styled::StyledText;

const TAG_READ: u32 = 1;

static KEYS: [Binding; 8] = [
    Binding::new(
        &[Key::code(KeyCode::Enter)],
        Action::Open,
        "do-open-agreement",
    )
    .hinted(),
    scrolled::KEYS[0],
    scrolled::KEYS[1],
    scrolled::KEYS[2],
    scrolled::KEYS[3],
    scrolled::KEYS[4],
    scrolled::KEYS[5],
    scrolled::KEYS[6],
];

/// The screen.
#[derive(Debug, Default)]
pub struct Moderation {
    agreement: Option<Box<AgreementView>>,
    acts: Vec<ModerationView>,
    blocked: Vec<MemberRef>,
    scrolled: Scrolled,
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
        &KEYS
    }

    fn shows_tabs(&self) -> bool {
        false
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        match input {
            Input::Shown
            | Input::Event(Event::Documents { .. } | Event::Roster | Event::Missed) => Self::read(),
            Input::Action(Action::Open) => match &self.agreement {
                Some(agreement) => Step::open(Reader::new(agreement.document.clone())),
                None => Step::stay().remark(context.words.text("agreement-none")),
            },
            Input::Action(action) => self.scrolled.act(action),
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
        let blocks = self.blocks(context);
        self.scrolled.draw_within(1, canvas, area, &blocks, context);
    }
}
